using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>
/// The slot of one record in a backward sweep: the sum of the cotangents that reached it so far. An empty slot is a structural zero: it stands for no path, and nothing is computed for it.
/// </summary>
internal struct Cotangent<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether the record depends on one of the inputs of the sweep.</summary>
    public bool Active;

    /// <summary>Whether the caller asked for this cotangent, so that it is kept.</summary>
    public bool Wanted;

    private Tensor<T>? value;
    private Tensor<T>? support;

    /// <summary>Whether the values belong to this slot alone, and may be added to in place; likewise their support.</summary>
    private bool owned;
    private bool ownedSupport;

    /// <summary>Whether a contribution has filled a part of the slot only.</summary>
    private bool inParts;

    /// <summary>In a recorded sweep, from the first contribution on that fills a part of the slot only: all contributions in their order, put together at once when the slot is taken.</summary>
    private List<(LinearMap<T> Map, Tensor<T> G)>? pieces;

    public readonly bool IsEmpty => value is null && pieces is null;

    /// <summary>Adds a contribution. In a sweep that is not recorded, sums are accumulated in place: in what the slot owns, or in the contribution if that is new.</summary>
    public void Add(Tensor<T> part, bool recorded, bool isNew = false)
    {
        if (pieces is not null)
        {
            pieces.Add((Whole, part));
        }
        else if (value is null)
        {
            Hold(part, owned: isNew && !recorded);
        }
        else if (recorded)
        {
            Hold(Sum(value, part), owned: false);
        }
        else
        {
            Tensor<T>? union = value.Support is { } s && part.Support is { } p ? Union(s, p) : null;
            Tensor<T> sum = owned ? value : isNew ? part : Tensor<T>.Allocate(value.Dimensions);
            Chunks.Run(VectorMath.Add, value.Values, part.Values, sum.Writable);
            Hold(sum, owned: true);
            HoldSupport(union, owned: union is not null && !ReferenceEquals(union, part.Support));
        }
    }

    /// <summary>Adds a contribution through a linear map that fills a part of the slot only (from a slice or a gather): into its place, without a tensor of zeros for each.</summary>
    public void Add(LinearMap<T> map, Tensor<T> g, bool recorded)
    {
        inParts = true;
        if (recorded)
        {
            pieces ??= value is null ? [] : [(Whole, value)];
            pieces.Add((map, g));
            return;
        }

        int[] full = Shapes.Join(g.Shape[..(g.Rank - map.From.Length)], map.To);
        if (value is null)
        {
            Hold(Tensor<T>.AllocateZeros(full), owned: true);
            HoldSupport(Tensor<T>.AllocateZeros(map.To), owned: true);
        }
        else if (!owned)
        {
            Tensor<T> copy = Tensor<T>.Allocate(full);
            copy.Support = value.Support;
            value.Values.CopyTo(copy.Writable);
            Hold(copy, owned: true);
        }

        if (support is not null && !ownedSupport)
        {
            HoldSupport(support.Copy(), owned: true);
        }

        map.Add(g.Values, value!.Writable, Shapes.Length(g.Shape[..(g.Rank - map.From.Length)]));
        if (support is not null)
        {
            HoldSupport(Mark(support, map, g), owned: true);
        }
    }

    /// <summary>The finished cotangent. Of a recorded sweep, the pieces are put together by one recorded operation.</summary>
    public Tensor<T> Take()
    {
        if (pieces is not null)
        {
            Hold(Tensor<T>.Assemble(pieces, "Assemble", inSweep: true), owned: false);
            pieces = null;
        }
        else if (inParts && ownedSupport && support is not null && !support.Values.Contains(T.Zero))
        {
            // The pieces have filled the whole: nothing is structurally zero any more, and nothing need be masked from here on.
            HoldSupport(null, owned: false);
        }

        return value!;
    }

    /// <summary>Lets go of the cotangent, which has been used.</summary>
    public void Release()
    {
        value?.Buffer?.Release();
        support?.Buffer?.Release();
        value = support = null;
        pieces = null;
    }

    /// <summary>The sum of two cotangents. A lane is structurally zero where it is so in both.</summary>
    public static Tensor<T> Sum(Tensor<T> x, Tensor<T> y)
    {
        Tensor<T> sum = x + y;
        sum.Support = x.Support is { } s && y.Support is { } p ? Union(s, p) : null;
        return sum;
    }

    /// <summary>Marks the lanes that A g reaches, of a support that gets more axes where it lacks some; the result is the support.</summary>
    public static Tensor<T> Mark(Tensor<T> support, LinearMap<T> map, Tensor<T> g)
    {
        if (support.Rank < map.To.Length)
        {
            support = support.BroadcastTo(map.To);
        }

        if (g.Support is null)
        {
            map.Mark(support.Writable, Shapes.Length(support.Shape[..(support.Rank - map.To.Length)]));
            return support;
        }

        // Either may have batch axes of the record itself that the other lacks: both get them.
        Tensor<T> from = g.SupportOn(map.From);
        ReadOnlySpan<int> lead = from.Shape[..(from.Rank - map.From.Length)];
        if (support.Rank < lead.Length + map.To.Length)
        {
            support = support.BroadcastTo(Shapes.Join(lead, map.To));
        }
        else if (support.Rank > lead.Length + map.To.Length)
        {
            lead = support.Shape[..(support.Rank - map.To.Length)];
            from = from.BroadcastTo(Shapes.Join(lead, map.From));
        }

        map.Pattern.Add(from.Values, support.Writable, Shapes.Length(lead));
        return support;
    }

    /// <summary>The map of a contribution that fills the slot.</summary>
    private static readonly LinearMap<T> Whole = new ReshapeMap<T>([], []);

    private static Tensor<T> Union(Tensor<T> x, Tensor<T> y)
    {
        if (ReferenceEquals(x, y))
        {
            return x;
        }

        if (!x.Shape.SequenceEqual(y.Shape))
        {
            return x.Maximum(y);
        }

        Tensor<T> union = Tensor<T>.Allocate(x.Dimensions);
        VectorMath.Maximum(x.Values, y.Values, union.Writable);
        return union;
    }

    /// <summary>The slot's hold on a buffer goes beyond the rule that made it: the scratch of the rule lets go of everything else.</summary>
    private void Hold(Tensor<T> tensor, bool owned)
    {
        if (!ReferenceEquals(value, tensor))
        {
            tensor.Buffer?.Keep();
            value?.Buffer?.Release();
            value = tensor;
            HoldSupport(tensor.Support, owned: false);
        }

        this.owned = owned;
    }

    /// <summary>The support outlives the rule that made it as long as the value does.</summary>
    private void HoldSupport(Tensor<T>? tensor, bool owned)
    {
        if (!ReferenceEquals(support, tensor))
        {
            tensor?.Buffer?.Keep();
            support?.Buffer?.Release();
            support = tensor;
        }

        if (!ReferenceEquals(value!.Support, tensor))
        {
            value.Support = tensor;
        }

        ownedSupport = owned;
    }
}
