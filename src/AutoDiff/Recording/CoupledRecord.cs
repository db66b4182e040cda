using System.Numerics;
using System.Numerics.Tensors;

namespace AutoDiff;

/// <summary>
/// A record whose rule computes with whole tensors and knows nothing of structural zeros. What is missing is done here, once for all such rules: the operands that only dead lanes read are given as zeros, for a
/// rule that sums over lanes must not meet a NaN in a dead one; and what no lane reaches is structurally zero in the result.
/// </summary>
internal abstract class CoupledRecord<T>(string name, Tensor<T>[] inputs, Tensor<T> output) : Record<T>(name, output) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>So many numbers of operands, one for each vector, are masked at once; with more, vectors are taken one by one.</summary>
    private const long MostMasked = 1 << 17;

    /// <summary>The number that stands for the output among the inputs 0, 1, ...</summary>
    public const int OfOutput = -1;

    public override int InputCount => inputs.Length;

    public override Tensor<T> Input(int i) => inputs[i];

    protected Tensor<T>[] Inputs => inputs;

    /// <summary>Whether the operation knows better than its axes tell which elements meet.</summary>
    protected virtual bool KnowsReach => false;

    /// <summary>Whether the operation is linear in each operand: then finite operands give exactly nothing in dead lanes.</summary>
    protected virtual bool IsMultilinear => false;

    /// <summary>
    /// Whether the rule takes operands of which each vector has its own, with the axis of the vectors in front and aligned with the output, and reads no operand for its own cotangent. Then vectors that
    /// differ in their lanes need not be taken one by one.
    /// </summary>
    protected virtual bool TakesOperandsOfEach => false;

    /// <summary>The elements of one of the inputs, or of the output, that meet a lane of another one.</summary>
    protected virtual Tensor<T> Reach(int from, Tensor<T> lanes, int to)
    {
        if (from == OfOutput)
        {
            return Lanes<T>.InStep(lanes, Output.Dimensions, Input(to).Dimensions, MatchingAxes(to)!);
        }

        int[] axes = MatchingAxes(from)!;
        int[] match = [.. Enumerable.Range(0, Output.Rank).Select(axis => Array.IndexOf(axes, axis))];
        return Lanes<T>.InStep(lanes, Input(from).Dimensions, Output.Dimensions, match);
    }

    /// <summary>The cotangents of some inputs by a rule that knows no lanes.</summary>
    protected SweepVector<T>[] PullBack(SweepVector<T> g, int[] wanted, Operands<T> operands, Func<Tensor<T>, Operands<T>, Tensor<T>?[]> rule)
    {
        if (g.Lanes is null)
        {
            return Array.ConvertAll(rule(g.Values, operands.Of(g)), static part => part is null ? default : new SweepVector<T>(part));
        }

        Tensor<T>?[] reached = Array.ConvertAll(wanted, i => MatchingAxes(i) is null ? null : Lanes<T>.Settled(Reach(OfOutput, g.Lanes, i)));
        bool Meets(int j) => KnowsReach ? j >= 0 && !(TakesOperandsOfEach && wanted.Contains(j)) && MustMask(j, operands)
            : wanted.Any(i => j >= 0 ? RunsApart(j, i) : Enumerable.Range(0, inputs.Length).Any(k => RunsApart(k, i)));
        Tensor<T>?[] parts = VectorByVector(g, Output.Rank, operands.Recorded, Meets, v => rule(v.Values, operands.Of(v, j => Meets(j) ? Needed(OfOutput, v.Lanes!, j) : null)));
        return [.. parts.Select((part, k) => Masked(part, g, reached[k]))];
    }

    /// <summary>The tangent of the output for one of input i, by a rule that knows no lanes.</summary>
    protected SweepVector<T> PushForward(SweepVector<T> t, int i, Operands<T> operands, Func<Tensor<T>, Operands<T>, Tensor<T>?> rule)
    {
        if (t.Lanes is null)
        {
            return rule(t.Values, operands.Of(t)) is { } product ? new(product) : default;
        }

        if (MatchingAxes(i) is null)
        {
            return default;
        }

        // What runs in step with dead lanes only is masked in the result. Of operands that meet a lane otherwise, only the operation itself can know.
        Tensor<T>? reached = Lanes<T>.Settled(Reach(i, t.Lanes, OfOutput));
        bool Meets(int j) => KnowsReach && j >= 0 && j != i && MustMask(j, operands);
        Tensor<T>?[] part = VectorByVector(t, Input(i).Rank, operands.Recorded, Meets, v => [rule(v.Values, operands.Of(v, j => Meets(j) ? Needed(i, v.Lanes!, j) : null))]);
        return Masked(part[0], t, reached);
    }

    private bool MustMask(int operand, Operands<T> operands) =>
        MatchingAxes(operand) is not null && !(IsMultilinear && (!operands.Recorded || Input(operand).RecordedOn is null) && TensorPrimitives.IsFiniteAll(Input(operand).Values));

    /// <summary>Whether an operand takes part in sums over lanes that input i receives: it runs in step with an axis of the output that i does not have.</summary>
    private bool RunsApart(int operand, int i) => MatchingAxes(operand) is { } axes && MatchingAxes(i) is { } own
        && axes.Where((axis, k) => axis >= 0 && Input(operand).Shape[k] != 1).Any(axis => !own.Contains(axis) || Input(i).Shape[Array.IndexOf(own, axis)] == 1);

    /// <summary>The elements of an operand, or of the output, that live lanes may read; null for all.</summary>
    private Tensor<T>? Needed(int from, Tensor<T> lanes, int operand)
    {
        if (operand != OfOutput)
        {
            if (MatchingAxes(operand) is null)
            {
                return null;
            }

            Tensor<T> reached = Reach(from, lanes, operand);
            int own = Input(operand).Rank;
            return TakesOperandsOfEach ? Lanes<T>.Settled(reached)?.AlignAxes(own, Output.Rank) : Lanes<T>.Settled(Lanes<T>.OfAnyVector(reached, own));
        }

        // Along axes on which no input runs in step, all.
        int[] shape = Output.Dimensions;
        int[] separate = [.. Enumerable.Range(0, shape.Length).Select(axis => Enumerable.Range(0, inputs.Length).Any(i => MatchingAxes(i)?.Contains(axis) == true) ? axis : -1)];
        return Lanes<T>.Settled(Lanes<T>.OfAnyVector(Lanes<T>.InStep(lanes, shape, shape, separate), shape.Length));
    }

    /// <summary>A rule for a batch whose vectors differ in their lanes: operands that meet lanes serve one vector at a time, with what is dead to it as zeros.</summary>
    private Tensor<T>?[] VectorByVector(SweepVector<T> v, int rank, bool recorded, Func<int, bool> meets, Func<SweepVector<T>, Tensor<T>?[]> rule)
    {
        int[] batch = v.Values.Shape[..^rank].ToArray();
        int[] own = v.Values.Shape[^rank..].ToArray();
        int count = Shapes.Length(batch);
        if (v.Lanes!.Rank <= rank || count == 0 || !Enumerable.Range(OfOutput, inputs.Length + 1).Any(meets))
        {
            return rule(v);
        }

        Tensor<T> vectors = v.Values.Reshape([count, .. own]);
        Tensor<T> lanes = v.Lanes.StretchTo(v.Values.Dimensions).Reshape([count, .. own]);
        if (TakesOperandsOfEach && v.FirstUnit < 0 && Enumerable.Range(0, inputs.Length).Where(meets).Sum(j => (long)inputs[j].Length) * count <= MostMasked)
        {
            return [.. rule(new(vectors, lanes)).Select(part => part?.Reshape([.. batch, .. part.Shape[1..]]))];
        }

        Tensor<T>?[][] each = [.. Enumerable.Range(0, count).Select(k => rule(new(vectors[k..(k + 1)], lanes[k], v.FirstUnit < 0 ? -1 : v.FirstUnit + k)))];
        return [.. each[0].Select((first, i) => first is null ? null : OneAfterTheOther([.. each.Select(parts => parts[i]!)], recorded).Reshape([.. batch, .. first.Shape[1..]]))];
    }

    /// <summary>The vectors as one tensor, bit by bit: a sum of pieces, which concatenation is, has no negative zeros.</summary>
    private static Tensor<T> OneAfterTheOther(Tensor<T>[] parts, bool recorded)
    {
        if (recorded)
        {
            return Tensor.Concat<T>(parts);
        }

        Tensor<T> all = Tensor<T>.Allocate([parts.Length, .. parts[0].Shape[1..]]);
        for (int k = 0; k < parts.Length; k++)
        {
            parts[k].Values.CopyTo(all.Writable[(k * parts[k].Length)..]);
        }

        return all;
    }

    /// <summary>A product as a vector; one that is the vector itself has its lanes.</summary>
    private static SweepVector<T> Masked(Tensor<T>? part, SweepVector<T> v, Tensor<T>? lanes) =>
        part is null ? default : ReferenceEquals(part, v.Values) ? v : lanes is null ? new(part) : new(part.Select(lanes.StretchTo([.. part.Shape[(part.Rank - lanes.Rank)..]])), lanes);
}
