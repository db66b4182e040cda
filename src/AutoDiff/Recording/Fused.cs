using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>A function composed of the library's own operations.</summary>
internal delegate Tensor<T> Composition<T>(Tensor<T>[] xs) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>The cotangents of those operands that vary, by operations faster than those of the composition; null for the others.</summary>
internal delegate Tensor<T>?[] CotangentsOf<T>(Tensor<T> g, Tensor<T>[] xs, Func<int, bool> varies) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>
/// The fused kind of rule: the value by a kernel, the derivative by differentiating a composition that gives the same value. The composition is run only where a derivative is asked for:
/// in a recorded sweep on the tape itself, otherwise on a small tape of its own. A rule for cotangents may stand beside it; it knows nothing of structural zeros.
/// </summary>
internal sealed class FusedRecord<T>(string name, Tensor<T>[] inputs, Tensor<T> output, ValueOf<T>? kernel, Composition<T> composition, AxesOf? axes, object? parameters, CotangentsOf<T>? cotangents,
    SlicesOf<T>? slices, KernelOfRows<T>? rows)
    : Record<T>(name, output) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Operations of the library that give the same value.</summary>
    public Composition<T> Composition => composition;

    public override object? Parameters => parameters;

    public override int InputCount => inputs.Length;

    public override Tensor<T> Input(int i) => inputs[i];

    public override SweepVector<T>[] VjpOfAll(SweepVector<T> g, Operands<T> operands) => cotangents is null || g.Lanes is not null
        ? Composed<T>.Vjp(Name, composition, See(operands), Varies, g)
        : Array.ConvertAll(cotangents(g.Values, See(operands), Varies), static part => part is null ? default : new SweepVector<T>(part));

    public override SweepVector<T> Vjp(SweepVector<T> g, int i, Operands<T> operands) => VjpOfAll(g, operands)[i];

    public override SweepVector<T> Jvp(SweepVector<T> t, int i, Operands<T> operands)
    {
        var ts = new SweepVector<T>[inputs.Length];
        ts[i] = t;
        return PushForward(ts, operands);
    }

    public override SweepVector<T> PushForward(ReadOnlySpan<SweepVector<T>> tangents, Operands<T> operands) => Composed<T>.Jvp(Name, composition, See(operands), tangents);

    public override int[]? MatchingAxes(int i) => axes is null ? base.MatchingAxes(i) : axes(i);

    public override void Compute(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) => Tensor<T>.Compute(kernel, rows, inputs, output);

    public override int RowLength => rows is null ? 0 : inputs[^1].Dimensions[^1];

    public override void ComputeBlock(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, Span<T> output) => rows!(x, y, z, RowLength, output);

    public override Tensor<T> Again(Tensor<T>[] reads) => Again(reads, Output.Dimensions);

    public override Tensor<T> Again(Tensor<T>[] reads, int[] shape) => Tensor<T>.Fused(Name, reads, shape, kernel, composition, axes, parameters, cotangents, slices, rows);

    public override Tensor<T>? OverSlices(Tensor<T>[] reads, int count) => slices?.Invoke(reads, this, count);

    private bool Varies(int i) => inputs[i].RecordedOn is not null;

    private Tensor<T>[] See(Operands<T> operands)
    {
        var xs = new Tensor<T>[inputs.Length];
        for (int i = 0; i < xs.Length; i++)
        {
            xs[i] = operands[i];
        }

        return xs;
    }
}

/// <summary>Products with the derivatives of compositions. Where the operands are on a tape, what is computed is recorded there.</summary>
internal static class Composed<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The cotangents of the operands that vary, for that of the result; the default where no path leads there.</summary>
    public static SweepVector<T>[] Vjp(string name, Composition<T> f, Tensor<T>[] xs, Func<int, bool> varies, SweepVector<T> g)
    {
        SweepVector<T>[] found = Run(name, f, xs, varies, [g], static (tape, y, variables, vectors, recorded) => ReverseSweep<T>.Run(tape, [y], vectors, variables, recorded, keepLanes: true));
        var parts = new SweepVector<T>[xs.Length];
        for (int i = 0, next = 0; i < parts.Length && found.Length > 0; i++)
        {
            parts[i] = varies(i) ? found[next++] : default;
        }

        return parts;
    }

    /// <summary>The tangent of the result, for those of the operands.</summary>
    public static SweepVector<T> Jvp(string name, Composition<T> f, Tensor<T>[] xs, ReadOnlySpan<SweepVector<T>> ts)
    {
        SweepVector<T>[] tangents = ts.ToArray();
        return Run(name, f, xs, i => !tangents[i].IsZero, Array.FindAll(tangents, static v => !v.IsZero), static (tape, y, variables, vectors, recorded) =>
            ForwardSweep<T>.Run(tape, [y], variables, vectors, recorded, keepLanes: true)) is [var tangent] ? tangent : default;
    }

    /// <summary>The derivative of an elementwise function of one tensor, element by element; null where it is zero everywhere.</summary>
    public static Tensor<T>? Slope(string name, Func<Tensor<T>, Tensor<T>> f, Tensor<T> x) => Vjp(name, xs => f(xs[0]), [x], static _ => true, new(Tensor.Ones<T>(x.Shape)))[0].Values;

    /// <summary>
    /// Runs the composition on variables of their own, and a sweep, which stops there: of operands on a tape these are records at its end, whatever the operands depend on. Gives what the sweep found;
    /// nothing where the result depends on no variable.
    /// </summary>
    private static SweepVector<T>[] Run(string name, Composition<T> f, Tensor<T>[] xs, Func<int, bool> varies, SweepVector<T>[] vectors,
        Func<Tape<T>, Tensor<T>, Tensor<T>[], SweepVector<T>[], bool, SweepVector<T>[]> sweep)
    {
        Tape<T>? given = Tensor<T>.TapeOf([.. xs, .. Tape<T>.ValuesOf(vectors)], name);
        Context<T>.Around around = Context<T>.EnterOutside();
        Tape<T> tape = given ?? new Tape<T>();
        SweepVector<T>[] results = [];
        try
        {
            Tensor<T>[] operands = [.. xs];
            List<Tensor<T>> variables = [];
            for (int i = 0; i < xs.Length; i++)
            {
                if (varies(i))
                {
                    operands[i] = tape.Variable(given is null ? xs[i].View(xs[i].Dimensions) : xs[i]);
                    variables.Add(operands[i]);
                }
                else if (given is null && xs[i].RecordedOn is not null)
                {
                    operands[i] = xs[i].View(xs[i].Dimensions);
                }
            }

            Tensor<T> y = f(operands);
            results = y.RecordedOn is null ? [] : sweep(tape.Root, y, variables.ToArray(), vectors, given is not null);
        }
        finally
        {
            around.Dispose();
            if (given is null)
            {
                tape.Dispose();
            }
        }

        // What leaves the small tape is the scratch of the rule that asked.
        foreach (SweepVector<T> result in results)
        {
            if (given is null && around.Scratch is not null)
            {
                Lend(result.Values);
                Lend(result.Lanes);
            }
        }

        return results;

        void Lend(Tensor<T>? tensor)
        {
            if (tensor?.Buffer is { } buffer)
            {
                around.Scratch!.Add(buffer);
            }
        }
    }
}

public sealed partial class Tensor<T>
{
    /// <summary>Declares a fused operation: its value by a kernel, its derivatives of all orders by those of a composition of other operations. Everything about the inputs has been validated by the caller.</summary>
    internal static Tensor<T> Fused(string name, Tensor<T>[] inputs, int[] shape, ValueOf<T>? kernel, Composition<T> composition, AxesOf? axes = null, object? parameters = null,
        CotangentsOf<T>? cotangents = null, SlicesOf<T>? slices = null, KernelOfRows<T>? rows = null)
    {
        Tape<T>? tape = TapeOf(inputs, name);
        Tensor<T> output = Allocate(shape);
        Compute(kernel, rows, inputs, output);
        return tape is null ? output : tape.Append(new FusedRecord<T>(name, inputs, output, kernel, composition, axes, parameters, cotangents, slices, rows));
    }

    /// <summary>
    /// A cotangent or tangent times a local derivative, a function of x that the kernel computes on the way: no tensor is made for it.
    /// </summary>
    internal Tensor<T> TimesLocal(BinaryKernel<T> times, Func<Tensor<T>, Tensor<T>> derivative, Tensor<T> x, string name)
    {
        Tape<T>? tape = TapeOf(this, x, name);
        Tensor<T> product = Allocate(shape, length);
        Broadcasting.Apply(times, Values, shape, x.Values, x.shape, product.Writable, shape);
        return tape is null ? product : tape.Append(Slope(times, derivative, x, product, name));
    }

    private BinaryRecord<T> Slope(BinaryKernel<T> times, Func<Tensor<T>, Tensor<T>> derivative, Tensor<T> x, Tensor<T> product, string name) => new($"{name}Slope", this, x, product, times,
        dx: (_, x, _) => derivative(x), dy: (g, x, _) => Composed<T>.Slope(name, derivative, x) is { } slope ? g * slope : Zero);

    /// <summary>The local derivative of what is constant almost everywhere.</summary>
    internal static readonly Tensor<T> Zero = new([T.Zero], 0, 1, [], null);
}
