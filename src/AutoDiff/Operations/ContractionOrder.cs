namespace AutoDiff;

/// <summary>
/// Which pair of terms a contraction joins next: the one whose result adds least to what there is; of equal ones that with the fewest products, and of these the first. What a pair costs depends on the
/// labels alone, so terms of the same labels are looked at once: many operands have few kinds of them.
/// </summary>
internal sealed class ContractionOrder
{
    private readonly Dictionary<int, int> places = [];
    private readonly double[] extents;

    /// <summary>The number of terms that have a label; the result of the contraction counts as one.</summary>
    private readonly int[] holders;
    private readonly List<UInt128> terms = [];

    /// <param name="labels">The labels of the terms.</param>
    /// <param name="output">The labels of the result.</param>
    /// <param name="lengths">The length of the axes of each label. There are no more labels than two tensors have axes.</param>
    public ContractionOrder(IEnumerable<int[]> labels, int[] output, Dictionary<int, int> lengths)
    {
        extents = [.. lengths.Values.Select(length => (double)length)];
        foreach (int label in lengths.Keys)
        {
            places[label] = places.Count;
        }

        holders = new int[extents.Length];
        Count(Mask(output), 1);
        foreach (int[] own in labels)
        {
            Add(own);
        }
    }

    /// <summary>Adds a term behind the others.</summary>
    public void Add(int[] labels)
    {
        terms.Add(Mask(labels));
        Count(terms[^1], 1);
    }

    /// <summary>Takes a term away.</summary>
    public void RemoveAt(int index)
    {
        Count(terms[index], -1);
        terms.RemoveAt(index);
    }

    /// <summary>Whether a label that so many terms have is needed besides: by another term, or by the result.</summary>
    public bool IsKept(int label, int having) => holders[places[label]] > having;

    /// <summary>The pair to be joined next.</summary>
    public (int First, int Second) Next()
    {
        // Of each kind the first term, and the second.
        var kinds = new Dictionary<UInt128, (int First, int Second)>();
        for (int i = 0; i < terms.Count; i++)
        {
            if (!kinds.TryGetValue(terms[i], out (int First, int Second) known))
            {
                kinds[terms[i]] = (i, -1);
            }
            else if (known.Second < 0)
            {
                kinds[terms[i]] = (known.First, i);
            }
        }

        (UInt128 Mask, int First, int Second)[] all = [.. kinds.Select(kind => (kind.Key, kind.Value.First, kind.Value.Second))];
        (int, int) best = (0, 1);
        (double, double, int, int) least = (double.PositiveInfinity, 0, 0, 0);
        for (int a = 0; a < all.Length; a++)
        {
            if (all[a].Second >= 0)
            {
                Consider(all[a].First, all[a].Second);
            }

            for (int b = 0; b < a; b++)
            {
                Consider(Math.Min(all[a].First, all[b].First), Math.Max(all[a].First, all[b].First));
            }
        }

        return best;

        void Consider(int i, int j)
        {
            (double growth, double work) = Cost(terms[i], terms[j]);
            (double, double, int, int) cost = (growth, work, j, i);
            if (cost.CompareTo(least) < 0)
            {
                (best, least) = ((i, j), cost);
            }
        }
    }

    /// <summary>How much the result of a pair adds to what there is, and the number of its products.</summary>
    private (double Growth, double Work) Cost(UInt128 x, UInt128 y)
    {
        (double kept, double work, double ofX, double ofY) = (1, 1, 1, 1);
        for (UInt128 rest = x | y; rest != 0; rest &= rest - 1)
        {
            int place = (int)UInt128.TrailingZeroCount(rest);
            bool inX = (x >> place & 1) != 0, inY = (y >> place & 1) != 0;
            work *= extents[place];
            ofX *= inX ? extents[place] : 1;
            ofY *= inY ? extents[place] : 1;
            kept *= holders[place] > (inX ? 1 : 0) + (inY ? 1 : 0) ? extents[place] : 1;
        }

        return (kept - ofX - ofY, work);
    }

    private UInt128 Mask(int[] labels)
    {
        UInt128 mask = 0;
        foreach (int label in labels)
        {
            mask |= UInt128.One << places[label];
        }

        return mask;
    }

    private void Count(UInt128 mask, int by)
    {
        for (UInt128 rest = mask; rest != 0; rest &= rest - 1)
        {
            holders[(int)UInt128.TrailingZeroCount(rest)] += by;
        }
    }
}
