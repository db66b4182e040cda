using System.Runtime.CompilerServices;

namespace AutoDiff;

// Special functions have scalar kernels on doubles, which the methods here lift to tensors; other element types are converted at each element. Where the derivatives of a function by
// the textbook's recurrence would cancel, a private family of operations numbered by the order of the derivative stands in its place: the derivative of one is the next.
public sealed partial class Tensor<T>
{
    private Tensor<T> Special(Func<double, double> f, Func<Tensor<T>, Tensor<T>> derivative, [CallerMemberName] string name = "", object? parameters = null) => Elementwise(
        (x, y) =>
        {
            for (int i = 0; i < y.Length; i++)
            {
                y[i] = T.CreateChecked(f(double.CreateChecked(x[i])));
            }
        },
        ofInput: derivative, name: name, parameters: parameters);

    private static Tensor<T> Special(Func<double, double, double> f, Tensor<T> x, Tensor<T> y, string name, Partial<T> dx, Partial<T> dy,
        object? parameters = null, [CallerArgumentExpression(nameof(x))] string first = "", [CallerArgumentExpression(nameof(y))] string second = "") => Binary(
        (x, y, z) =>
        {
            for (int i = 0; i < z.Length; i++)
            {
                z[i] = T.CreateChecked(f(double.CreateChecked(x[i]), double.CreateChecked(y[i])));
            }
        },
        x, y, name, dx, dy, parameters, first, second);

    /// <summary>A function of three operands, with its three partial derivatives as functions of the operands and the output. The operands are stretched to their common shape first.</summary>
    private static Tensor<T> Special(Func<double, double, double, double> f, Tensor<T> x, Tensor<T> y, Tensor<T> z, string name, object? parameters,
        params Func<Operands<T>, Tensor<T>>[] partials)
    {
        int[] shape = Shapes.Broadcast(Shapes.Broadcast(x.shape, y.shape, name), z.shape, name);
        TapeOf([x, y, z], name);
        return General(name, [x.StretchTo(shape), y.StretchTo(shape), z.StretchTo(shape)], shape,
            value: (inputs, output) =>
            {
                ReadOnlySpan<T> x = inputs[0].Values;
                ReadOnlySpan<T> y = inputs[1].Values;
                ReadOnlySpan<T> z = inputs[2].Values;
                Span<T> value = output.Writable;
                for (int i = 0; i < value.Length; i++)
                {
                    value[i] = T.CreateChecked(f(double.CreateChecked(x[i]), double.CreateChecked(y[i]), double.CreateChecked(z[i])));
                }
            },
            vjp: (g, i, operands) => g.TimesLocal(partials[i](operands)), jvp: (t, i, operands) => t.TimesLocal(partials[i](operands)), axes: _ => [.. Enumerable.Range(0, shape.Length)], parameters: parameters,
            slices: (reads, record, slices) => record.Spread(reads, slices) is [var x, var y, var z] ? Special(f, x, y, z, name, parameters, partials) : null);
    }

    private static T Real(double value) => T.CreateChecked(value);

    private static NotSupportedException NotSoOften(string operation, string argument, int order) =>
        new($"{operation}: a derivative of total order {order} that involves {argument} is asked for. Expected order {order - 1} at most. To fix it, lower the order of differentiation or detach {argument}.");

    /// <summary>The largest order of a function that is computed by a recurrence from order to order: beyond, a single number would take long.</summary>
    private const int LargestOrder = 1 << 20;

    private static void CheckOrder(int bound, int value, string operation, string argument)
    {
        if (value < bound || value > LargestOrder)
        {
            throw Errors.Argument(operation, argument, $"{argument} is {value}", $"an integer from {bound} to {LargestOrder}", "give one");
        }
    }

    private static int AtLeast(int bound, int value, string operation, string argument) => value >= bound ? value
        : throw Errors.Argument(operation, argument, $"{argument} is {value}", $"an integer of at least {bound}", "give one");
}
