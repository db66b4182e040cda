using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>
/// The slot of one record in a backward sweep: the sum of the cotangents that reached it so far. An empty slot is a structural zero: it stands for no path, and nothing is computed for it.
/// </summary>
internal struct Cotangent<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether the caller asked for this cotangent, so that it is kept.</summary>
    public bool Wanted;

    private Tensor<T>? value;
    private Tensor<T>? lanes;
    private int firstUnit;

    /// <summary>Where the cotangent is the same number everywhere and has not been written down yet: its shape, and the number.</summary>
    private int[]? spread;
    private T number;

    /// <summary>Whether the values belong to this slot alone, and may be added to in place; likewise their lanes.</summary>
    private bool owned;
    private bool ownedLanes;

    /// <summary>In a recorded sweep, from the first contribution on that fills a part of the slot only: all contributions in their order, put together at once when the slot is taken.</summary>
    private List<(LinearMap<T> Map, SweepVector<T> G)>? pieces;

    /// <summary>The map of a contribution that fills the slot.</summary>
    private static readonly LinearMap<T> Whole = new ReshapeMap<T>([], []);

    public readonly bool IsEmpty => value is null && pieces is null && spread is null;

    /// <summary>The number that the cotangent is everywhere, as a scalar; null where it has been written down.</summary>
    public readonly Tensor<T>? Number => spread is null ? null : Tensor.Scalar(number);

    /// <summary>Begins with a cotangent that is the same number everywhere.</summary>
    public void AddNumber(T everywhere, int[] shape) => (spread, number) = (shape, everywhere);

    /// <summary>Adds a contribution. In a sweep that is not recorded, sums are accumulated in place: in what the slot owns, or in the contribution if that is new.</summary>
    public void Add(SweepVector<T> part, bool recorded, bool isNew = false)
    {
        WriteDown();
        if (pieces is not null)
        {
            pieces.Add((Whole, part));
            return;
        }

        if (value is null)
        {
            Hold(part.Values, owned: isNew && !recorded);
            HoldLanes(part.Lanes, owned: false);
            firstUnit = part.FirstUnit;
            return;
        }

        firstUnit = -1;
        if (recorded)
        {
            Hold(value + part.Values, owned: false);
        }
        else
        {
            Tensor<T> sum = owned ? value : isNew ? part.Values : Tensor<T>.Allocate(value.Dimensions);
            Chunks.Run(VectorMath.Add, value.Values, part.Values.Values, sum.Writable);
            Hold(sum, owned: true);
        }

        HoldLanes(Lanes<T>.Union(lanes, part.Lanes), owned: false);
    }

    /// <summary>Adds a contribution through a linear map that fills a part of the slot only (from a slice or a gather): into its place, without a tensor of zeros for each.</summary>
    public void Add(LinearMap<T> map, SweepVector<T> g, bool recorded)
    {
        if (recorded)
        {
            pieces ??= value is null ? [] : [(Whole, new(value, lanes))];
            pieces.Add((map, g));
            return;
        }

        WriteDown();
        firstUnit = -1;
        int batch = Shapes.Length(g.Values.Shape[..(g.Values.Rank - map.From.Length)]);
        if (value is null)
        {
            Hold(Tensor<T>.AllocateZeros(Shapes.Join(g.Values.Shape[..(g.Values.Rank - map.From.Length)], map.To)), owned: true);
            HoldLanes(Tensor<T>.AllocateZeros(map.To), owned: true);
        }
        else if (!owned)
        {
            Hold(value.Copy(), owned: true);
        }

        map.Add(g.Values.Values, value!.Writable, batch);
        if (lanes is not null)
        {
            Mark(map, g.Lanes);
        }
    }

    /// <summary>The finished cotangent. Of a recorded sweep, the pieces are put together by one recorded operation.</summary>
    public SweepVector<T> Take()
    {
        WriteDown();
        if (pieces is not null)
        {
            SweepVector<T> assembled = Tensor<T>.Assemble(pieces, "Assemble");
            pieces = null;
            firstUnit = -1;
            Hold(assembled.Values, owned: false);
            HoldLanes(assembled.Lanes, owned: false);
        }
        else if (ownedLanes && Lanes<T>.Settled(lanes) is null)
        {
            // The pieces have filled the whole: nothing is structurally zero any more, and nothing need be masked from here on.
            HoldLanes(null, owned: false);
        }

        return new(value!, lanes, firstUnit);
    }

    /// <summary>The values of the finished cotangent, if nobody else has them, to be given away as they are; otherwise null. No rule may have seen them.</summary>
    public Tensor<T>? TakeOwn()
    {
        Tensor<T>? own = owned ? value : null;
        own?.KeepBuffer();
        owned = false;
        return own;
    }

    /// <summary>Lets go of the cotangent, which has been used.</summary>
    public void Release()
    {
        value?.Buffer?.Release();
        lanes?.Buffer?.Release();
        value = lanes = null;
        pieces = null;
        spread = null;
    }

    private void WriteDown()
    {
        if (spread is not null)
        {
            Tensor<T> whole = Tensor<T>.Allocate(spread);
            whole.Writable.Fill(number);
            spread = null;
            firstUnit = -1;
            Hold(whole, owned: true);
        }
    }

    /// <summary>Adds the lanes that a map reaches: in place, where the map reaches them for all vectors alike.</summary>
    private void Mark(LinearMap<T> map, Tensor<T>? from)
    {
        int own = map.To.Length;
        if (lanes!.Rank < own)
        {
            HoldLanes(lanes.BroadcastTo(map.To), owned: true);
        }

        if (from is not null && (from.Rank > map.From.Length || lanes!.Rank > own))
        {
            HoldLanes(Lanes<T>.Union(lanes, Lanes<T>.On(map.From, from).Linear(map.Pattern, "Lanes")), owned: false);
            return;
        }

        if (!ownedLanes)
        {
            HoldLanes(lanes!.Copy(), owned: true);
        }

        if (from is null)
        {
            map.Mark(lanes!.Writable, Shapes.Length(lanes.Shape[..(lanes.Rank - own)]));
        }
        else
        {
            map.Pattern.Add(Lanes<T>.On(map.From, from).Values, lanes!.Writable, 1);
        }
    }

    /// <summary>The slot's hold on a buffer goes beyond the rule that made it: the scratch of the rule lets go of everything else.</summary>
    private void Hold(Tensor<T> tensor, bool owned)
    {
        Exchange(ref value, tensor);
        this.owned = owned;
    }

    /// <summary>The lanes outlive the rule that made them as long as the values do.</summary>
    private void HoldLanes(Tensor<T>? tensor, bool owned)
    {
        Exchange(ref lanes, tensor);
        ownedLanes = owned;
    }

    private static void Exchange(ref Tensor<T>? held, Tensor<T>? tensor)
    {
        if (!ReferenceEquals(held, tensor))
        {
            tensor?.KeepBuffer();
            held?.Buffer?.Release();
            held = tensor;
        }
    }
}
