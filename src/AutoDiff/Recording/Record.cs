using System.Collections;
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

    /// <summary>g ↦ g · J_i, in the shape [batch, input], or the default for a structural zero.</summary>
    public abstract SweepVector<T> Vjp(SweepVector<T> g, int i, Operands<T> operands);

    /// <summary>The cotangents of all inputs at once, where a rule computes them together; null where it gives them one by one.</summary>
    public virtual SweepVector<T>[]? VjpOfAll(SweepVector<T> g, Operands<T> operands) => null;

    /// <summary>
    /// Likewise for a cotangent that is the same number everywhere, as that of a sum's operand is, so that it need not be written down: in the shape of the input, new, or for 1 perhaps an operand.
    /// The default where the rule has to see a whole cotangent.
    /// </summary>
    public virtual SweepVector<T> VjpOfNumber(Tensor<T> number, int i, Operands<T> operands) => default;

    /// <summary>Whether <see cref="VjpOfNumber"/> is worth trying.</summary>
    public virtual bool TakesNumber => false;

    /// <summary>Whether what <see cref="Vjp"/> gives, unless it is g or a view of it, is new and nobody else's, so that the sweep may add to it in place.</summary>
    public virtual bool GivesNewCotangents => false;

    /// <summary>t ↦ J_i · t, in the shape [batch, output], or the default for a structural zero.</summary>
    public abstract SweepVector<T> Jvp(SweepVector<T> t, int i, Operands<T> operands);

    /// <summary>The tangent of the output: the sum of J_i · t_i over the inputs that have a tangent.</summary>
    public virtual SweepVector<T> PushForward(ReadOnlySpan<SweepVector<T>> tangents, Operands<T> operands)
    {
        SweepVector<T> sum = default;
        for (int i = 0; i < tangents.Length; i++)
        {
            if (!tangents[i].IsZero)
            {
                sum = SweepVector<T>.Sum(sum, Jvp(tangents[i], i, operands));
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

    /// <summary>
    /// Of an operation that computes each row of the output from the same row of its operands, or from an operand that is one row, the length of a row; then <see cref="ComputeBlock"/> computes any rows.
    /// Of the output, or of some operand, a row may be one number. Otherwise 0.
    /// </summary>
    public virtual int RowLength => 0;

    /// <summary>Of an elementwise operation: computes elements from those of up to three operands; of one by rows, rows. The output overlaps none of them: a kernel may go over its operands more than once.</summary>
    public virtual void ComputeBlock(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, Span<T> output) => throw new NotSupportedException(Name);

    /// <summary>
    /// What the operation is told besides its operands, for those who write a program down in another language: numbers, axes, settings. Together with the kind of record and the name it says what is
    /// computed. Null where that is nothing, or is known to the rule alone.
    /// </summary>
    public virtual object? Parameters => null;

    /// <summary>Whether another record of the same name, with the same operands, computes the same.</summary>
    public virtual bool IsSameOperation(Record<T> other) => false;

    /// <summary>Whether another record of the same type and name, of as many tensors, is told the same besides them, as far as can be seen.</summary>
    public virtual bool HasSameSettings(Record<T> other) => StructuralComparisons.StructuralEqualityComparer.Equals(Parameters, other.Parameters);

    /// <summary>
    /// Computes the operation for other values: from what it reads and into an output, all in the shapes of the recorded ones. The record itself is not changed, so that several threads may run it at once.
    /// </summary>
    public abstract void Compute(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output);

    /// <summary>The operation of other tensors, of the shapes of those that it read, recorded like any other.</summary>
    public abstract Tensor<T> Again(Tensor<T>[] reads);

    /// <summary>Likewise of tensors of other shapes, of an operation that takes its sizes from its operands, but for the shape of the result.</summary>
    public virtual Tensor<T> Again(Tensor<T>[] reads, int[] shape) => throw new NotSupportedException(Name);

    /// <summary>
    /// The operation of all slices at once, recorded like any other: of what it read, some have an axis of slices in front (see <see cref="IsSliced"/>), and the result has; the others are the same for all
    /// slices. The result is a new tensor. Null where the rule cannot take these together; then the slices are taken one by one.
    /// </summary>
    public virtual Tensor<T>? OverSlices(Tensor<T>[] reads, int slices) => null;

    /// <summary>Whether one of the tensors for <see cref="OverSlices"/> has the axis of slices.</summary>
    public bool IsSliced(Tensor<T>[] reads, int i) => reads[i].Rank > Read(i).Rank;

    /// <summary>What the operation reads with the axis of slices in front, repeated where it is the same for all of them.</summary>
    public Tensor<T>[] Spread(Tensor<T>[] reads, int slices) => [.. reads.Select((x, i) => IsSliced(reads, i) ? x : x.BroadcastTo([slices, .. x.Shape]))];
}

/// <summary>
/// What a rule is told besides its vector: the operands, and what is known of the vector. In a recorded sweep what the rule computes of the operands is recorded. In any other, nothing is
/// (<see cref="Context{T}.Scratch"/>), so the recorded tensors serve as they are; code that may record something of its own gets constants.
/// </summary>
internal readonly struct Operands<T>(Record<T> record, bool recorded) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly About? about;

    private Operands(Record<T> record, bool recorded, About? about) : this(record, recorded) => this.about = about;

    /// <summary>Whether what the rule computes is recorded.</summary>
    public bool Recorded => recorded;

    /// <summary>Of a cotangent or tangent that is a batch of unit vectors, the number of the first; otherwise -1.</summary>
    public int FirstUnit => about is null ? -1 : about.Vector.FirstUnit;

    public Tensor<T> this[int i] => See(record.Input(i), i);

    public Tensor<T> Output => See(record.Output, CoupledRecord<T>.OfOutput);

    /// <summary>The same operands for a vector; those that it does not need everywhere (see <paramref name="needed"/>, by number) are zero where it does not.</summary>
    public Operands<T> Of(SweepVector<T> vector, Func<int, Tensor<T>?>? needed = null) =>
        new(record, recorded, vector.Lanes is null && vector.FirstUnit < 0 && needed is null ? null : new About(vector, needed, record.InputCount));

    /// <summary>The rule's vector times a local derivative, of its shape: where the vector is structurally zero the product is 0, whatever the derivative is.</summary>
    public Tensor<T> Times(Tensor<T> v, Tensor<T> derivative) => about?.Vector.Lanes is not { } lanes ? v.TimesLocal(derivative) : new SweepVector<T>(v, lanes).TimesLocal(derivative).Values;

    /// <summary>Whether the rule's vector, packed from several pieces, may differ from zero anywhere in a part of its last axis; elsewhere it is structurally zero, and nothing need be computed for it.</summary>
    public bool Reaches(int start, int count)
    {
        if (about?.Vector.Lanes is not { Length: > 0 } support || count == 0 || !Lanes<T>.AreFixed(support))
        {
            return true;
        }

        ReadOnlySpan<T> lanes = support.Values;
        for (int row = start; row < lanes.Length; row += support.Shape[^1])
        {
            if (lanes.Slice(row, count).ContainsAnyExcept(T.Zero))
            {
                return true;
            }
        }

        return false;
    }

    private Tensor<T> See(Tensor<T> x, int number)
    {
        x = recorded || x.RecordedOn is null || Context<T>.Current.Scratch is not null ? x : x.View(x.Dimensions);
        return about?.Needed is not { } needed ? x : about.Masked[number + 1] ??= needed(number) is { } lanes ? x.StretchTo(lanes.Dimensions).Select(lanes) : x;
    }

    /// <summary>What is known of a vector that is not just numbers.</summary>
    private sealed class About(SweepVector<T> vector, Func<int, Tensor<T>?>? needed, int inputs)
    {
        public SweepVector<T> Vector => vector;

        public Func<int, Tensor<T>?>? Needed => needed;

        /// <summary>The operands that the vector does not need everywhere, from the output (-1) on, as far as they have been asked for.</summary>
        public Tensor<T>?[] Masked { get; } = needed is null ? [] : new Tensor<T>?[inputs + 1];
    }
}

/// <summary>The record of a variable: the start of the tape's derivatives.</summary>
/// <param name="output">The variable.</param>
/// <param name="name">The name that it was given, or null.</param>
/// <param name="expression">The expression in the program that gave its value, or null.</param>
internal class VariableRecord<T>(Tensor<T> output, string? name = null, string? expression = null) : Record<T>("Variable", output) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What reports call the variable: its name, or else the expression where that is one, such as <c>x</c>, <c>model.Weight</c> or <c>p["w"]</c>.</summary>
    public string? Label => name ?? (IsName(expression) ? expression : null);

    private static bool IsName(string? expression)
    {
        if (expression is not { Length: > 0 and <= 40 } || !(char.IsLetter(expression[0]) || expression[0] is '_' or '@'))
        {
            return false;
        }

        foreach (char c in expression)
        {
            if (!char.IsLetterOrDigit(c) && c is not ('_' or '@' or '.' or '[' or ']' or '"' or '^'))
            {
                return false;
            }
        }

        return true;
    }

    public override int InputCount => 0;

    public override Tensor<T> Input(int i) => throw new ArgumentOutOfRangeException(nameof(i));

    public override SweepVector<T> Vjp(SweepVector<T> g, int i, Operands<T> operands) => default;

    public override SweepVector<T> Jvp(SweepVector<T> t, int i, Operands<T> operands) => default;

    public override void Compute(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
    }

    /// <summary>The value, which no other tensor can change.</summary>
    public override Tensor<T> Again(Tensor<T>[] reads) => Output.View(Output.Dimensions);
}
