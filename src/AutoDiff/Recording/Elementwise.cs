using System.Numerics;
using System.Runtime.CompilerServices;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>
/// The elementwise kind of rule: y_i depends on x_i alone, so the Jacobian is diagonal and its own transpose. The local derivative is stated once, in terms of the input or of the output,
/// and serves both modes: g · d and d · t.
/// </summary>
internal sealed class ElementwiseRecord<T>(string name, Tensor<T> x, Tensor<T> y, UnaryKernel<T> kernel, Func<Tensor<T>, Tensor<T>>? derivative, bool ofOutput,
    BinaryKernel<T>? times, object? parameters = null, KernelWithSlope<T>? withSlope = null)
    : Record<T>(name, y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override int InputCount => 1;

    public override bool GivesNewCotangents => true;

    public override Tensor<T> Input(int i) => x;

    public override SweepVector<T> Vjp(SweepVector<T> g, int i, Operands<T> operands)
    {
        if (derivative is null)
        {
            return default;
        }

        Tensor<T> operand = ofOutput ? operands.Output : operands[0];
        return times is null ? g.TimesLocal(derivative(operand)) : g.TimesLocal(times, derivative, operand, Name);
    }

    public override bool TakesNumber => derivative is not null;

    public override SweepVector<T> VjpOfNumber(Tensor<T> number, int i, Operands<T> operands)
    {
        Tensor<T> operand = ofOutput ? operands.Output : operands[0];
        return times is null ? number.SpreadTimesLocal(derivative!(operand), Output.Dimensions) : new(number.SpreadTimesLocal(times, operand));
    }

    public override SweepVector<T> Jvp(SweepVector<T> t, int i, Operands<T> operands) => Vjp(t, i, operands);

    public override int[]? MatchingAxes(int i) => derivative is null ? null : [.. Enumerable.Range(0, x.Rank)];

    public override (Tensor<T> Value, Tensor<T>? Slope)? Probe(int i, Tensor<T> x)
    {
        Tensor<T> y = Tensor<T>.Allocate(x.Dimensions);
        Chunks.Run(kernel, x.Values, y.Writable);
        return (y, derivative?.Invoke(ofOutput ? y : x));
    }

    public override bool IsElementwise => true;

    public override void ComputeBlock(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, Span<T> output) => kernel(x, output);

    public override bool IsSameOperation(Record<T> other) => other is ElementwiseRecord<T> same && same.Kernel == kernel;

    public override object? Parameters => parameters;

    private UnaryKernel<T> Kernel => kernel;

    /// <summary>The value and the derivative in one pass, where they have a good part of their work in common.</summary>
    public KernelWithSlope<T>? WithSlope => withSlope;

    /// <summary>What multiplies by the derivative in one pass.</summary>
    public BinaryKernel<T>? Times => times;

    public override void Compute(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) => Chunks.Run(kernel, inputs[0].Values, output.Writable);

    public override Tensor<T> Again(Tensor<T>[] reads) => reads[0].Elementwise(kernel, ofOutput ? null : derivative, ofOutput ? derivative : null, Name, times, parameters, withSlope);

    public override Tensor<T> OverSlices(Tensor<T>[] reads, int slices) => Again(reads);
}

/// <summary>The elementwise kind of rule for an operation with parameters (an exponent, bounds): static lambdas take them, so that recording makes no closures.</summary>
internal sealed class ElementwiseRecord<T, TParameters>(string name, Tensor<T> x, Tensor<T> y, TParameters parameters, UnaryKernel<T, TParameters> kernel,
    Func<Tensor<T>, TParameters, Tensor<T>>? derivative, bool ofOutput)
    : Record<T>(name, y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override int InputCount => 1;

    public override bool GivesNewCotangents => true;

    public override Tensor<T> Input(int i) => x;

    public override SweepVector<T> Vjp(SweepVector<T> g, int i, Operands<T> operands) =>
        derivative is null ? default : g.TimesLocal(derivative(ofOutput ? operands.Output : operands[0], parameters));

    public override bool TakesNumber => derivative is not null;

    public override SweepVector<T> VjpOfNumber(Tensor<T> number, int i, Operands<T> operands) =>
        number.SpreadTimesLocal(derivative!(ofOutput ? operands.Output : operands[0], parameters), Output.Dimensions);

    public override SweepVector<T> Jvp(SweepVector<T> t, int i, Operands<T> operands) => Vjp(t, i, operands);

    public override int[]? MatchingAxes(int i) => derivative is null ? null : [.. Enumerable.Range(0, x.Rank)];

    public override (Tensor<T> Value, Tensor<T>? Slope)? Probe(int i, Tensor<T> x)
    {
        Tensor<T> y = Tensor<T>.Allocate(x.Dimensions);
        Chunks.Run(kernel, x.Values, parameters, y.Writable);
        return (y, derivative?.Invoke(ofOutput ? y : x, parameters));
    }

    public override bool IsElementwise => true;

    public override void ComputeBlock(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, Span<T> output) => kernel(x, parameters, output);

    public override bool IsSameOperation(Record<T> other) =>
        other is ElementwiseRecord<T, TParameters> same && same.Kernel == kernel && EqualityComparer<TParameters>.Default.Equals(same.Settings, parameters);

    private UnaryKernel<T, TParameters> Kernel => kernel;

    private TParameters Settings => parameters;

    public override object? Parameters => parameters;

    public override void Compute(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) => Chunks.Run(kernel, inputs[0].Values, parameters, output.Writable);

    public override Tensor<T> Again(Tensor<T>[] reads) => reads[0].Elementwise(parameters, kernel, ofOutput ? null : derivative, ofOutput ? derivative : null, Name);

    public override Tensor<T> OverSlices(Tensor<T>[] reads, int slices) => Again(reads);
}

public sealed partial class Tensor<T>
{
    /// <summary>
    /// Declares an elementwise operation: its kernel, and its derivative in terms of the input or of the output. Neither: the derivative is zero almost everywhere.
    /// <paramref name="times"/> computes a product with the derivative in one pass, from the vector and what the derivative is a function of; <paramref name="parameters"/> are what a kernel has captured.
    /// <paramref name="withSlope"/> computes the value and the derivative (of the input) together, with the bits that they have by themselves.
    /// </summary>
    internal Tensor<T> Elementwise(UnaryKernel<T> kernel, Func<Tensor<T>, Tensor<T>>? ofInput = null, Func<Tensor<T>, Tensor<T>>? ofOutput = null,
        [CallerMemberName] string name = "", BinaryKernel<T>? times = null, object? parameters = null, KernelWithSlope<T>? withSlope = null)
    {
        Tape<T>? tape = TapeOf(this, name);
        ReadOnlySpan<T> x = Values;
        Tensor<T> y = Allocate(shape, length);
        Chunks.Run(kernel, x, y.Writable);
        return tape is null ? y : tape.Append(new ElementwiseRecord<T>(name, this, y, kernel, ofInput ?? ofOutput, ofOutput is not null, times, parameters, withSlope));
    }

    /// <summary>Declares an elementwise operation with parameters.</summary>
    internal Tensor<T> Elementwise<TParameters>(TParameters parameters, UnaryKernel<T, TParameters> kernel, Func<Tensor<T>, TParameters, Tensor<T>>? ofInput = null,
        Func<Tensor<T>, TParameters, Tensor<T>>? ofOutput = null, [CallerMemberName] string name = "")
    {
        Tape<T>? tape = TapeOf(this, name);
        ReadOnlySpan<T> x = Values;
        Tensor<T> y = Allocate(shape, length);
        Chunks.Run(kernel, x, parameters, y.Writable);
        return tape is null
            ? y
            : tape.Append(new ElementwiseRecord<T, TParameters>(name, this, y, parameters, kernel, ofInput ?? ofOutput, ofOutput is not null));
    }

    /// <summary>A cotangent or tangent times a local derivative.</summary>
    internal Tensor<T> TimesLocal(Tensor<T> derivative) => derivative.Rank > 0 || derivative.tape is not null ? this * derivative
        : derivative.Values[0] is var factor && factor == T.One ? this
        : this * factor;

    /// <summary>A cotangent that is this number everywhere in a shape, times a local derivative; the default where that has another shape.</summary>
    /// <remarks>A product with 1 is the derivative itself, bit for bit: perhaps an operand of the record (the output of an exponential, the other factor of a product), whose memory it then shares.</remarks>
    internal SweepVector<T> SpreadTimesLocal(Tensor<T> derivative, int[] target) => !derivative.shape.AsSpan().SequenceEqual(target) ? default
        : new(Values[0] == T.One ? derivative.View(derivative.Dimensions) : Broadcast(VectorMath.Multiply, derivative));

    /// <summary>Likewise with a derivative that a kernel computes on the way, as a function of x.</summary>
    internal Tensor<T> SpreadTimesLocal(BinaryKernel<T> times, Tensor<T> x) => Broadcast(times, x);

    private Tensor<T> Broadcast(BinaryKernel<T> kernel, Tensor<T> x)
    {
        Tensor<T> product = Allocate(x.shape, x.length);
        Chunks.Run(WithNumber, x.Values, (kernel, Values[0]), product.Writable);
        return product;
    }

    private static void WithNumber(ReadOnlySpan<T> x, (BinaryKernel<T> Kernel, T Number) first, Span<T> z)
    {
        Span<T> numbers = stackalloc T[Math.Min(x.Length, 256)];
        numbers.Fill(first.Number);
        for (int i = 0; i < x.Length; i += numbers.Length)
        {
            int count = Math.Min(numbers.Length, x.Length - i);
            first.Kernel(numbers[..count], x.Slice(i, count), z.Slice(i, count));
        }
    }

    /// <summary>The local derivative of an operation that passes its operand on: a product with it is no work.</summary>
    internal static Tensor<T> One { get; } = new([T.One], 0, 1, [], null);

    /// <summary>The local derivative of an operation that passes its operand on with the opposite sign.</summary>
    internal static Tensor<T> MinusOne { get; } = new([-T.One], 0, 1, [], null);
}
