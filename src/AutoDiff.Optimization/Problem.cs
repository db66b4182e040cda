using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>What is minimized, seen as a function of one flat vector of double; the watch hears of every evaluation.</summary>
internal sealed class Problem<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Func<Tensor<T>[], Tensor<T>> f;
    private readonly int[][] shapes;
    private Workspace<T>? gradients;
    private Workspace<T>? residuals;
    private Workspace<T>? jacobians;
    private Workspace<T>? products;

    public Problem(Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] start, Watch watch, bool compiled = false)
    {
        this.f = f;
        Compiled = compiled;
        Watch = watch;
        shapes = Array.ConvertAll(start, tensor => tensor.Shape.ToArray());
        Start = [.. start.SelectMany(tensor => tensor.ToArray()).Select(double.CreateChecked)];
    }

    public double[] Start { get; }

    /// <summary>Whether f is recorded once, with its derivatives, and run from the record.</summary>
    public bool Compiled { get; }

    public Watch Watch { get; }

    /// <summary>The distance from 1 to the next number of the element type.</summary>
    public static double Rounding => double.CreateChecked(T.BitIncrement(T.One) - T.One);

    /// <summary>The function of the flat vector, for the library to differentiate.</summary>
    public Tensor<T> Function(Tensor<T> x) =>
        f(Split(x)) ?? throw new InvalidOperationException("Minimize: the function gave null. Expected a tensor. To fix it, return the value, or the residuals of least squares.");

    /// <summary>Rounds a vector to numbers of the element type, so that the point is the one at which the function is evaluated.</summary>
    public static double[] Round(double[] x)
    {
        if (typeof(T) != typeof(double))
        {
            for (int i = 0; i < x.Length; i++)
            {
                x[i] = double.CreateChecked(T.CreateSaturating(x[i]));
            }
        }

        return x;
    }

    /// <summary>A flat vector as a tensor.</summary>
    public static Tensor<T> Flat(ReadOnlySpan<double> x)
    {
        var values = new T[x.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = T.CreateSaturating(x[i]);
        }

        return Tensor.Create<T>(values);
    }

    /// <summary>A tensor as a flat vector.</summary>
    public static double[] ToVector(Tensor<T> x) => ToVector(x.AsSpan());

    public static double[] ToVector(ReadOnlySpan<T> x)
    {
        var values = new double[x.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = double.CreateChecked(x[i]);
        }

        return values;
    }

    /// <summary>A flat vector in the shapes of the start.</summary>
    public Tensor<T>[] Point(ReadOnlySpan<double> x) => Split(Flat(x));

    /// <summary>The value and the gradient at a point.</summary>
    public (double Value, double[] Gradient) ValueAndGradient(double[] x)
    {
        Watch.ThrowIfCanceled();
        Results results = Call(ref gradients, GradientProgram, [Flat(x)]);
        (double value, double[] gradient) = (double.CreateChecked(results[0][0]), ToVector(results[1]));
        Watch.Evaluated(x, value, gradient);
        return (value, gradient);
    }

    /// <summary>The Hessian at a point, as products: the gradient is recorded once, and each product is one sweep; or each is a compiled run.</summary>
    public HessianProducts<T> Hessian(ReadOnlySpan<double> x)
    {
        Watch.ThrowIfCanceled();
        Watch.EvaluatedHessian();
        return Compiled ? new HessianProducts<T>(this, Flat(x)) : new HessianProducts<T>(JacobianOperator<T>.Create(at => Differentiate.Gradient<T>(Function, at), Flat(x)));
    }

    /// <summary>The product of the Hessian with a vector, compiled.</summary>
    public double[] HessianProduct(Tensor<T> x, Tensor<T> v)
    {
        products ??= Differentiate.Compile(xs => [Differentiate.Jvp<T>(at => Differentiate.Gradient<T>(Function, at), xs[0], xs[1])], [x, v]).CreateWorkspace();
        products.Run(x, v);
        return ToVector(products.Output(0));
    }

    /// <summary>The Jacobian of the residuals at a point.</summary>
    public Tensor<T> Jacobian(Tensor<T> x)
    {
        Watch.ThrowIfCanceled();
        if (!Compiled || x.Length == 0)
        {
            return JacobianProgram([x])[0];
        }

        ReadOnlySpan<T> jacobian = Call(ref jacobians, JacobianProgram, [x])[0];
        return Tensor.Create(jacobian, jacobian.Length / x.Length, x.Length);
    }

    /// <summary>The residuals at a point.</summary>
    public double[] Residuals(double[] x)
    {
        Watch.ThrowIfCanceled();
        double[] values = ToVector(Call(ref residuals, ResidualProgram, [Flat(x)])[0]);
        Watch.Evaluated(x, Vectors.Dot(values, values));
        return values;
    }

    /// <summary>Lets go of the memory of compiled runs.</summary>
    public void Dispose()
    {
        gradients?.Dispose();
        residuals?.Dispose();
        jacobians?.Dispose();
        products?.Dispose();
    }

    private Tensor<T>[] GradientProgram(Tensor<T>[] xs)
    {
        (Tensor<T> value, Tensor<T> gradient) = Differentiate.ValueAndGradient<T>(Function, xs[0]);
        return [value, gradient];
    }

    private Tensor<T>[] JacobianProgram(Tensor<T>[] xs) => [Differentiate.Jacobian<T>(at => Function(at).Flatten(), xs[0])];

    private Tensor<T>[] ResidualProgram(Tensor<T>[] xs)
    {
        Tensor<T> y = Function(xs[0]);
        return y.Rank > 0 || xs[0].Length == 1
            ? [y]
            : throw new TensorShapeException($"The function gives one number for {xs[0].Length} unknowns. Expected the residuals, whose squares are summed here. To fix it, leave out the Sum().");
    }

    /// <summary>Calls a program, or runs what it was compiled to.</summary>
    private Results Call(ref Workspace<T>? workspace, Func<Tensor<T>[], Tensor<T>[]> program, Tensor<T>[] xs)
    {
        if (!Compiled)
        {
            return new Results(program(xs), null);
        }

        workspace ??= Differentiate.Compile(program, xs).CreateWorkspace();
        workspace.Run(xs);
        return new Results(null, workspace);
    }

    /// <summary>Bounds on the variables, as a flat vector.</summary>
    /// <exception cref="ArgumentException">There are more or fewer bounds than tensors, or one does not broadcast to its tensor.</exception>
    public double[] FlatBounds(Bounds<T>? bounds, double none, string name)
    {
        if (bounds is null)
        {
            var flat = new double[Start.Length];
            Array.Fill(flat, none);
            return flat;
        }

        Tensor<T>[] entries = [.. bounds.Select(static entry => entry.ToTensor())];
        entries = bounds.ForAll ? [.. Enumerable.Repeat(entries[0], shapes.Length)] : entries;
        if (entries.Length != shapes.Length)
        {
            throw new ArgumentException($"LBfgsB: {entries.Length} tensors of bounds were given in {name} for a start of {shapes.Length} tensors. "
                + "Expected one for each. To fix it, give a tensor or a number for each tensor of the start, or one number for all.");
        }

        for (int i = 0; i < shapes.Length; i++)
        {
            int[] bound = entries[i].Shape.ToArray();
            bool fits = bound.Length <= shapes[i].Length;
            for (int axis = 1; fits && axis <= bound.Length; axis++)
            {
                fits = bound[^axis] == 1 || bound[^axis] == shapes[i][^axis];
            }

            if (!fits)
            {
                throw new TensorShapeException($"LBfgsB: {name} holds a bound of shape [{string.Join(", ", bound)}] for tensor {i} of the start, which has shape [{string.Join(", ", shapes[i])}]. "
                    + "Expected a shape that broadcasts to that of the tensor. To fix it, give a bound of the same shape, or a scalar.");
            }
        }

        return ToVector(Tensor.Concat<T>([.. entries.Select((bound, i) => bound.BroadcastTo(shapes[i]).Flatten())]));
    }

    private Tensor<T>[] Split(Tensor<T> x)
    {
        if (shapes.Length == 1)
        {
            return [x.Reshape(shapes[0])];
        }

        var parts = new Tensor<T>[shapes.Length];
        int first = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            int end = first + shapes[i].Aggregate(1, static (product, extent) => product * extent);
            parts[i] = x[first..end].Reshape(shapes[i]);
            first = end;
        }

        return parts;
    }

    /// <summary>The results of a call, or of a compiled run.</summary>
    private readonly struct Results(Tensor<T>[]? tensors, Workspace<T>? workspace)
    {
        public ReadOnlySpan<T> this[int i] => tensors is null ? workspace!.Output(i) : tensors[i].AsSpan();
    }
}
