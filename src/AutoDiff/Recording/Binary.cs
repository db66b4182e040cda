using System.Numerics;
using AutoDiff.Kernels;
using System.Runtime.CompilerServices;

namespace AutoDiff;

/// <summary>The partial derivative of z = f(x, y) with respect to one operand, elementwise, in the operations of the library.</summary>
internal delegate Tensor<T> Partial<T>(Tensor<T> x, Tensor<T> y, Tensor<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>
/// The elementwise kind of rule for two operands that broadcast. Broadcasting is undone here, and nowhere else: the cotangent is summed over the axes along which an operand was stretched.
/// </summary>
/// <remarks>A partial derivative that is given as null is zero everywhere.</remarks>
internal sealed class BinaryRecord<T>(string name, Tensor<T> x, Tensor<T> y, Tensor<T> z, BinaryKernel<T> kernel, Partial<T>? dx, Partial<T>? dy, object? parameters = null)
    : Record<T>(name, z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override int InputCount => 2;

    public override bool GivesNewCotangents => true;

    public override Tensor<T> Input(int i) => i == 0 ? x : y;

    public override SweepVector<T> Vjp(SweepVector<T> g, int i, Operands<T> operands) => (i == 0 ? dx : dy) is { } partial
        ? g.TimesLocal(partial(operands[0], operands[1], operands.Output)).SumToShape(Input(i).Dimensions, Output.Rank)
        : default;

    public override bool TakesNumber => true;

    public override SweepVector<T> VjpOfNumber(Tensor<T> number, int i, Operands<T> operands) =>
        (i == 0 ? dx : dy) is { } partial && number.SpreadTimesLocal(partial(operands[0], operands[1], operands.Output), Output.Dimensions) is { IsZero: false } product
            ? product.SumToShape(Input(i).Dimensions, Output.Rank)
            : default;

    public override SweepVector<T> Jvp(SweepVector<T> t, int i, Operands<T> operands)
    {
        if ((i == 0 ? dx : dy) is not { } partial)
        {
            return default;
        }

        // The batch axes of the tangent stay in front: the axes that broadcasting would add go between them and the operand's own.
        SweepVector<T> part = t.AlignAxes(Input(i).Rank, Output.Rank).TimesLocal(partial(operands[0], operands[1], operands.Output));
        return part.StretchTo(Shapes.Join(t.Values.Shape[..(t.Values.Rank - Input(i).Rank)], Output.Dimensions));
    }

    public override int[]? MatchingAxes(int i) => (i == 0 ? dx : dy) is null ? null : [.. Enumerable.Range(Output.Rank - Input(i).Rank, Input(i).Rank)];

    public override (Tensor<T> Value, Tensor<T>? Slope)? Probe(int i, Tensor<T> x)
    {
        Tensor<T> other = Input(1 - i);
        other = other.View(other.Dimensions).BroadcastTo(x.Shape);
        (Tensor<T> left, Tensor<T> right) = i == 0 ? (x, other) : (other, x);
        Tensor<T> value = Tensor<T>.Allocate(x.Dimensions);
        Broadcasting.Apply(kernel, left.Values, left.Dimensions, right.Values, right.Dimensions, value.Writable, value.Dimensions);
        return (value, (i == 0 ? dx : dy)?.Invoke(left, right, value));
    }

    public override bool IsElementwise => true;

    public override void ComputeBlock(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, Span<T> output) => kernel(x, y, output);

    public override bool IsSameOperation(Record<T> other) => other is BinaryRecord<T> same && same.Kernel == kernel;

    /// <summary>Whether it is the product of the operands.</summary>
    public bool IsProduct => Name == "Multiply";

    public override object? Parameters => parameters;

    public BinaryKernel<T> Kernel => kernel;

    /// <summary>The product of such operands, of a record that multiplies by a function of the second: where that has been computed.</summary>
    public BinaryRecord<T> AsProduct() => new("Multiply", x, y, Output, VectorMath.Multiply, null, null);

    public override void Compute(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) =>
        Broadcasting.Apply(kernel, inputs[0].Values, inputs[0].Dimensions, inputs[1].Values, inputs[1].Dimensions, output.Writable, output.Dimensions);

    public override Tensor<T> Again(Tensor<T>[] reads) => Tensor<T>.Binary(kernel, reads[0], reads[1], Name, dx, dy, parameters);

    public override Tensor<T> OverSlices(Tensor<T>[] reads, int slices) => Again([reads[0].AlignAxes(x.Rank, Output.Rank), reads[1].AlignAxes(y.Rank, Output.Rank)]);
}

public sealed partial class Tensor<T>
{
    /// <summary>Declares an elementwise operation of two operands: its kernel and its two partial derivatives; null where that is zero everywhere.</summary>
    internal static Tensor<T> Binary(BinaryKernel<T> kernel, Tensor<T> x, Tensor<T> y, string name, Partial<T>? dx = null, Partial<T>? dy = null, object? parameters = null,
        [CallerArgumentExpression(nameof(x))] string first = "", [CallerArgumentExpression(nameof(y))] string second = "")
    {
        Tape<T>? tape = TapeOf(Errors.NotNull(x, name, first), Errors.NotNull(y, name, second), name);
        int[] shape = Shapes.Broadcast(x.shape, y.shape, name);
        Tensor<T> z = ReferenceEquals(shape, x.shape) ? Allocate(shape, x.length) : Allocate(shape);
        Broadcasting.Apply(kernel, x.Values, x.shape, y.Values, y.shape, z.Writable, z.shape);
        return tape is null ? z : tape.Append(new BinaryRecord<T>(name, x, y, z, kernel, dx, dy, parameters));
    }

    /// <summary>Sums a cotangent [batch, z] to [batch, x] over the axes along which x was stretched to z (of rank <paramref name="rank"/>).</summary>
    internal Tensor<T> SumToShape(int[] target, int rank)
    {
        int batch = Rank - rank;
        if (target.Length == rank && shape.AsSpan(batch).SequenceEqual(target))
        {
            return this;
        }

        var axes = new List<int>(rank);
        for (int axis = 0; axis < rank; axis++)
        {
            int own = axis - (rank - target.Length);
            if (own < 0 || (target[own] == 1 && shape[batch + axis] != 1))
            {
                axes.Add(batch + axis);
            }
        }

        Tensor<T> sum = axes.Count == 0 ? this : Sum(axes.ToArray());
        return sum.Reshape(Shapes.Join(shape.AsSpan(0, batch), target));
    }

    /// <summary>Inserts axes of length 1 between the batch axes and the last <paramref name="own"/> axes, until there are <paramref name="rank"/> after the batch.</summary>
    internal Tensor<T> AlignAxes(int own, int rank)
    {
        if (own == rank || Rank == own)
        {
            return this;
        }

        return Reshape([.. shape.AsSpan(0, Rank - own), .. Enumerable.Repeat(1, rank - own), .. shape.AsSpan(Rank - own)]);
    }

    /// <summary>The tensor broadcast to a shape, itself if it has that.</summary>
    internal Tensor<T> StretchTo(int[] target) => shape.AsSpan().SequenceEqual(target) ? this : BroadcastTo(target);
}
