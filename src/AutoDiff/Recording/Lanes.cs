using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>
/// Arithmetic of lanes: which elements of a cotangent or tangent a path reaches, as a tensor that is zero elsewhere. It is done by the library's own operations, so that lanes which come from a recorded
/// mask are recorded, and those which come from the structure alone are constants.
/// </summary>
internal static class Lanes<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The lanes of a sum.</summary>
    public static Tensor<T>? Union(Tensor<T>? x, Tensor<T>? y) => x is null || y is null ? null : ReferenceEquals(x, y) ? x : Settled(x.Maximum(y));

    /// <summary>The lanes with at least the given axes.</summary>
    public static Tensor<T> On(ReadOnlySpan<int> axes, Tensor<T>? lanes) => lanes is null ? Tensor.Ones<T>(axes) : lanes.Rank < axes.Length ? lanes.BroadcastTo(axes) : lanes;

    /// <summary>The lanes of A v, given those of v.</summary>
    public static Tensor<T>? Through(LinearMap<T> map, Tensor<T>? lanes)
    {
        if (lanes is null && map.FillsTarget)
        {
            return null;
        }

        return Settled(On(map.From, lanes).Linear(map.Pattern, "Lanes"));
    }

    /// <summary>The lanes of Σ A_i v_i. Those that are known now are marked in place, piece by piece, for there may be many of one element each.</summary>
    public static Tensor<T>? OfPieces(List<(LinearMap<T> Map, SweepVector<T> V)> pieces)
    {
        Tensor<T>? marks = null;
        Tensor<T>? union = null;
        foreach ((LinearMap<T> map, SweepVector<T> v) in pieces)
        {
            if (v.Lanes is null && map.FillsTarget)
            {
                return null;
            }

            if (v.Lanes is null && map.Operand?.RecordedOn is null)
            {
                map.Mark((marks ??= Tensor<T>.AllocateZeros(map.To)).Writable, 1);
            }
            else
            {
                Tensor<T> lanes = On(map.From, v.Lanes).Linear(map.Pattern, "Lanes");
                union = union is null ? lanes : union.Maximum(lanes);
            }
        }

        return Settled(marks is null ? union : union is null ? marks : union.Maximum(marks));
    }

    /// <summary>Null where every lane is reached, whatever the values of the program are: then nothing need be masked from here on.</summary>
    public static Tensor<T>? Settled(Tensor<T>? lanes) => lanes is null || (AreFixed(lanes) && !Reductions.AnyZero(lanes.Values)) ? null : lanes;

    /// <summary>Whether the lanes are known now: they come from the structure of the program, or the sweep is not recorded.</summary>
    public static bool AreFixed(Tensor<T> lanes) => lanes.RecordedOn is null || Context<T>.Current.Scratch is not null;

    /// <summary>
    /// The elements of a tensor that run in step with a lane of another one. <paramref name="match"/> has for each axis of the tensor the axis of the other with which it runs in step, or -1 where there is none.
    /// </summary>
    public static Tensor<T> InStep(Tensor<T> lanes, int[] from, int[] to, int[] match)
    {
        // An element that runs in step with one axis twice is taken to meet all along the second.
        match = [.. match.Select((axis, k) => Array.IndexOf(match, axis) < k ? -1 : axis)];
        lanes = On(from, lanes);
        int batch = lanes.Rank - from.Length;
        bool same = from.Length == to.Length;
        var united = new List<int>();
        for (int axis = 0; axis < from.Length; axis++)
        {
            int own = Array.IndexOf(match, axis);
            same &= own == axis && to[own] == from[axis];
            if (from[axis] != 1 && (own < 0 || to[own] != from[axis]))
            {
                united.Add(batch + axis);
            }
        }

        if (same)
        {
            return lanes;
        }

        Tensor<T> any = united.Count == 0 ? lanes : lanes.Sum(united.ToArray(), keepDims: true).Flat();

        // The axes in the order of the target; those that have no partner there have length 1 by now.
        int[] order = [.. Enumerable.Range(0, batch), .. match.Where(axis => axis >= 0).Select(axis => batch + axis), .. Enumerable.Range(0, from.Length).Except(match).Select(axis => batch + axis)];
        Tensor<T> ordered = order.AsSpan().SequenceEqual(Enumerable.Range(0, order.Length).ToArray()) ? any : any.Permute(order);
        int[] lead = lanes.Shape[..batch].ToArray();
        int[] aligned = [.. lead, .. match.Select(axis => axis < 0 ? 1 : any.Shape[batch + axis])];
        return ordered.Reshape(aligned).StretchTo([.. lead, .. to]);
    }

    /// <summary>The elements that any vector of a batch reaches.</summary>
    public static Tensor<T> OfAnyVector(Tensor<T> lanes, int rank) => lanes.Rank <= rank ? lanes : lanes.Sum([.. Enumerable.Range(0, lanes.Rank - rank)], keepDims: false).Flat();
}
