using System.Numerics;

namespace AutoDiff;

/// <summary>
/// A trilinear form Σ M_ijk a_i b_j c_k. Leaving one slot open and filling the two others gives an operation that is linear in each operand, and its derivatives are the operations of the
/// same form with another slot open. So one declaration is closed under differentiation: convolution, its two gradients, and theirs.
/// </summary>
/// <param name="names">The names of the operations, by the slot that is left open.</param>
/// <param name="shapes">The shapes of the three slots, without batch axes.</param>
internal abstract class TrilinearForm<T>(string[] names, int[][] shapes) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public string Name(int slot) => names[slot];

    public int[] Shape(int slot) => shapes[slot];

    /// <summary>Whether another form is of the same kind and shapes.</summary>
    public bool IsLike(TrilinearForm<T> other) =>
        GetType() == other.GetType() && Enumerable.Range(0, 3).All(slot => Name(slot) == other.Name(slot) && Shape(slot).AsSpan().SequenceEqual(other.Shape(slot)));

    /// <summary>The axis of slot <paramref name="other"/> with which an axis of a slot runs in step: coefficients are zero where the two differ. -1 where there is none.</summary>
    public abstract int Matching(int slot, int axis, int other);

    /// <summary>Fills the open slot from the two that follow it (cyclically), for a batch. An operand that is the same for the whole batch is given once.</summary>
    public abstract void Contract(int open, int batch, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> context, Span<T> z);
}

public sealed partial class Tensor<T>
{
    /// <summary>Declares the operation of a trilinear form that leaves one slot open. The operands are those of the two slots that follow it; axes in front are a batch, and broadcast.</summary>
    /// <param name="form">The form.</param>
    /// <param name="open">The slot that the result fills.</param>
    /// <param name="x">The operand of the next slot.</param>
    /// <param name="y">The operand of the slot after that.</param>
    /// <param name="context">What else the coefficients of the form depend on; no derivative flows through it.</param>
    internal static Tensor<T> Contract(TrilinearForm<T> form, int open, Tensor<T> x, Tensor<T> y, Tensor<T>? context = null)
    {
        int[] own = form.Shape(open);
        int[] xOwn = form.Shape((open + 1) % 3);
        int[] yOwn = form.Shape((open + 2) % 3);
        int[] xBatch = x.shape[..^xOwn.Length];
        int[] yBatch = y.shape[..^yOwn.Length];
        int[] batch = Shapes.Broadcast(xBatch, yBatch, form.Name(open));
        int count = Shapes.Length(batch);

        // An operand that is stretched along only a part of the batch is repeated; one that is the same for all, or different for each, is not.
        x = Shapes.Length(xBatch) == 1 || Shapes.Length(xBatch) == count ? x : x.BroadcastTo([.. batch, .. xOwn]);
        y = Shapes.Length(yBatch) == 1 || Shapes.Length(yBatch) == count ? y : y.BroadcastTo([.. batch, .. yOwn]);
        return General(form.Name(open), context is null ? [x, y] : [x, y, context], Shapes.Join(batch, own),
            value: (inputs, z) => form.Contract(open, count, inputs[0].Values, inputs[1].Values, inputs.Length > 2 ? inputs[2].Values : [], z.Writable),
            vjp: (g, i, operands) =>
            {
                Tensor<T>? c = context is null ? null : operands[2];
                return i switch
                {
                    0 => Contract(form, (open + 1) % 3, operands[1], g, c).SumToShape(operands[0].shape, batch.Length + xOwn.Length),
                    1 => Contract(form, (open + 2) % 3, g, operands[0], c).SumToShape(operands[1].shape, batch.Length + yOwn.Length),
                    _ => null,
                };
            },
            jvp: (t, i, operands) =>
            {
                if (i == 2)
                {
                    return null;
                }

                Tensor<T>? c = context is null ? null : operands[2];
                Tensor<T> aligned = t.AlignAxes(operands[i].Rank, batch.Length + (i == 0 ? xOwn : yOwn).Length);
                Tensor<T> part = i == 0 ? Contract(form, open, aligned, operands[1], c) : Contract(form, open, operands[0], aligned, c);
                return part.StretchTo([.. t.shape.AsSpan(0, t.Rank - operands[i].Rank), .. batch, .. own]);
            },
            axes: i =>
            {
                if (i == 2)
                {
                    return null;
                }

                int slot = (open + 1 + i) % 3;
                int lead = (i == 0 ? x : y).Rank - form.Shape(slot).Length;
                return [.. Enumerable.Range(batch.Length - lead, lead),
                    .. Enumerable.Range(0, form.Shape(slot).Length).Select(axis => form.Matching(slot, axis, open) is var match && match >= 0 ? batch.Length + match : -1)];
            },
            reach: (from, lanes, to) =>
            {
                // What meets a lane is what the form gives where the third operand is ones.
                (int source, int target) = ((open + 1 + from) % 3, (open + 1 + to) % 3);
                int[] SourceShape(int operand) => operand < 0 ? Shapes.Join(batch, own) : (operand == 0 ? x : y).shape;
                lanes = Lanes<T>.On(SourceShape(from), lanes).AlignAxes(SourceShape(from).Length, batch.Length + form.Shape(source).Length);
                Tensor<T> ones = Tensor.Ones<T>(form.Shape(3 - source - target));
                Tensor<T> met = (target + 1) % 3 == source ? Contract(form, target, lanes, ones, context) : Contract(form, target, ones, lanes, context);
                int[] shape = SourceShape(to);
                int[] full = Shapes.Join(batch, form.Shape(target));
                met = met.StretchTo([.. met.shape.AsSpan(0, Math.Max(met.Rank - full.Length, 0)), .. full]);
                return to < 0 ? met.Flat() : met.SumToShape(shape, full.Length).Flat();
            },
            multilinear: true, parameters: new OpenSlot<T>(form, open),
            slices: (reads, record, _) => reads.Length > 2 && record.IsSliced(reads, 2) ? null
                : Contract(form, open, reads[0].AlignAxes(x.Rank, batch.Length + xOwn.Length), reads[1].AlignAxes(y.Rank, batch.Length + yOwn.Length), reads.Length > 2 ? reads[2] : null));
    }
}
