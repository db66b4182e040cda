using System.Numerics;

namespace AutoDiff;

/// <summary>
/// What a tape keeps of one operation: its inputs, its output, and its rule. The rule's two faces are linear maps: <see cref="Vjp"/> pulls a cotangent of the output back to one input
/// (g ↦ g · J_i), <see cref="Jvp"/> pushes a tangent of one input forward to the output (t ↦ J_i · t).
/// </summary>
/// <remarks>
/// Both are written in the library's own operations. In a recorded sweep what the rule computes is itself recorded and can be differentiated again; otherwise nothing is. A cotangent or tangent may carry leading batch axes: rules count axes from the end.
/// </remarks>
internal abstract class Record<T>(string name, Tensor<T> output) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The name of the operation, as in the public API.</summary>
    public string Name => name;

    public Tensor<T> Output => output;

    /// <summary>The scope that was open when the operation was recorded.</summary>
    public TapeScope? Scope { get; set; }

    public abstract int InputCount { get; }

    /// <summary>How many tensors <see cref="Compute"/> reads: the inputs, and after them what the rule takes as given, such as the mask of a choice.</summary>
    public virtual int ReadCount => InputCount;

    /// <summary>The tensors that <see cref="Compute"/> reads.</summary>
    public virtual Tensor<T> Read(int i) => Input(i);

    public abstract Tensor<T> Input(int i);

    /// <summary>g ↦ g · J_i, in the shape [batch, input], or null for a structural zero.</summary>
    public abstract Tensor<T>? Vjp(Tensor<T> g, int i, Operands<T> operands);

    /// <summary>The cotangents of all inputs at once, where a rule computes them together; null where it gives them one by one.</summary>
    public virtual Tensor<T>?[]? VjpOfAll(Tensor<T> g, Operands<T> operands) => null;

    /// <summary>Whether what <see cref="Vjp"/> gives, unless it is g or a view of it, is new and nobody else's, so that the sweep may add to it in place.</summary>
    public virtual bool GivesNewCotangents => false;

    /// <summary>t ↦ J_i · t, in the shape [batch, output], or null for a structural zero.</summary>
    public abstract Tensor<T>? Jvp(Tensor<T> t, int i, Operands<T> operands);

    /// <summary>The tangent of the output: the sum of J_i · t_i over the inputs that have a tangent.</summary>
    public virtual Tensor<T>? PushForward(ReadOnlySpan<Tensor<T>?> tangents, Operands<T> operands)
    {
        Tensor<T>? sum = null;
        for (int i = 0; i < tangents.Length; i++)
        {
            if (tangents[i] is { } t && Jvp(t, i, operands) is { } part)
            {
                sum = sum is null ? part : Cotangent<T>.Sum(sum, part);
            }
        }

        return sum;
    }

    /// <summary>The transposed map, where the operation is linear and its cotangent can be added into its place; otherwise null.</summary>
    public virtual LinearMap<T>? TransposedMap => null;

    /// <summary>
    /// The structure of the Jacobian by input i: for each axis of the input the axis of the output with which it runs in step, or -1 where every element of the output depends on all along it.
    /// Null where the derivative is zero everywhere. (Linear operations have their map instead.)
    /// </summary>
    public virtual int[]? MatchingAxes(int i) => [.. Enumerable.Repeat(-1, Input(i).Rank)];

    /// <summary>
    /// Of an elementwise operation: its value and its partial derivative by input i, as they would be if that input were <paramref name="x"/>, a constant of the output's shape.
    /// The slope is null where it is zero everywhere. Null for operations that are not elementwise.
    /// </summary>
    public virtual (Tensor<T> Value, Tensor<T>? Slope)? Probe(int i, Tensor<T> x) => null;

    /// <summary>Whether element i of the output depends on element i of each operand, spread by broadcasting, alone; then <see cref="ComputeBlock"/> computes any part of it.</summary>
    public virtual bool IsElementwise => false;

    /// <summary>Whether what the operation computes is known to its code alone (a user's): it cannot be told whether it would give the same a second time, or somewhere else.</summary>
    public virtual bool IsOpaque => false;

    /// <summary>Of an elementwise operation: computes elements from those of up to three operands. The output may be written where an operand is read.</summary>
    public virtual void ComputeBlock(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, Span<T> output) => throw new NotSupportedException(Name);

    /// <summary>Whether another record of the same name, with the same operands, computes the same.</summary>
    public virtual bool IsSameOperation(Record<T> other) => false;

    /// <summary>
    /// Computes the operation for other values: from what it reads and into an output, all in the shapes of the recorded ones. The record itself is not changed, so that several threads may run it at once.
    /// </summary>
    public abstract void Compute(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output);
}

/// <summary>
/// The operands as a rule sees them. In a recorded sweep what the rule computes of them is recorded. In any other, nothing is (<see cref="Scratch{T}.Current"/>), so the recorded tensors serve as
/// they are; code that may record something of its own gets constants.
/// </summary>
internal readonly struct Operands<T>(Record<T> record, bool recorded) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Tensor<T> this[int i] => See(record.Input(i));

    public Tensor<T> Output => See(record.Output);

    private Tensor<T> See(Tensor<T> x) => recorded || x.RecordedOn is null || Scratch<T>.Current is not null ? x : x.View(x.Dimensions);
}

/// <summary>The record of a variable: the start of the tape's derivatives.</summary>
internal class VariableRecord<T>(Tensor<T> output) : Record<T>("Variable", output) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override int InputCount => 0;

    public override Tensor<T> Input(int i) => throw new ArgumentOutOfRangeException(nameof(i));

    public override Tensor<T>? Vjp(Tensor<T> g, int i, Operands<T> operands) => null;

    public override Tensor<T>? Jvp(Tensor<T> t, int i, Operands<T> operands) => null;

    public override void Compute(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
    }
}
