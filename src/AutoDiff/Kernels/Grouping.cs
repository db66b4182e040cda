using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>Sums of slices that meet at places by number.</summary>
internal static class Grouping
{
    /// <summary>The numbers 0, 1, ... in the order of their indices, those of one index in their own order; nothing if no index repeats.</summary>
    public static int[] Order(ReadOnlySpan<int> indices, int extent)
    {
        var order = new int[indices.Length];
        return Order(indices, extent, order) == 0 ? [] : order;
    }

    /// <summary>Likewise, into memory of the caller, as long as the indices. Returns their number, or 0 if no index repeats.</summary>
    public static int Order(ReadOnlySpan<int> indices, int extent, Span<int> order)
    {
        bool dense = extent <= 4L * indices.Length;
        return (dense ? OrderByCounts(indices, extent, order) : OrderBySorting(indices, order)) ? indices.Length : 0;
    }

    /// <summary>y[o, indices[i], :] += x[o, i, :], in the order of the indices, with sums in double for floats.</summary>
    /// <param name="x">The slices.</param>
    /// <param name="indices">The place of each.</param>
    /// <param name="order">What <see cref="Order(ReadOnlySpan{int}, int)"/> gives for the indices; it is not used for doubles.</param>
    /// <param name="outer">How many times the indices are gone through.</param>
    /// <param name="extent">The number of places.</param>
    /// <param name="inner">The length of a slice.</param>
    /// <param name="y">The sums.</param>
    public static void Add<T>(ReadOnlySpan<T> x, ReadOnlySpan<int> indices, ReadOnlySpan<int> order, int outer, int extent, int inner, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int block = indices.Length * inner;
        for (int o = 0; o < outer; o++)
        {
            ReadOnlySpan<T> source = x.Slice(o * block, block);
            Span<T> target = y.Slice(o * extent * inner, extent * inner);
            if (order.IsEmpty)
            {
                AddOneByOne(source, indices, inner, target);
            }
            else
            {
                AddGroups(source, indices, order, inner, target);
            }
        }
    }

    private static void AddOneByOne<T>(ReadOnlySpan<T> x, ReadOnlySpan<int> indices, int inner, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (inner == 1)
        {
            for (int i = 0; i < indices.Length && i < x.Length; i++)
            {
                y[indices[i]] += x[i];
            }

            return;
        }

        for (int i = 0; i < indices.Length; i++)
        {
            Span<T> sum = y.Slice(indices[i] * inner, inner);
            VectorMath.Add(sum, x.Slice(i * inner, inner), sum);
        }
    }

    private static void AddGroups<T>(ReadOnlySpan<T> x, ReadOnlySpan<int> indices, ReadOnlySpan<int> order, int inner, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int start = 0, end; start < order.Length; start = end)
        {
            int index = indices[order[start]];
            for (end = start + 1; end < order.Length && indices[order[end]] == index; end++)
            {
            }

            if (inner == 1)
            {
                double sum = double.CreateTruncating(y[index]);
                foreach (int i in order[start..end])
                {
                    sum += double.CreateTruncating(x[i]);
                }

                y[index] = T.CreateTruncating(sum);
                continue;
            }

            using var sums = new Accumulators<T>(y.Slice(index * inner, inner));
            foreach (int i in order[start..end])
            {
                sums.Add(x.Slice(i * inner, inner));
            }
        }
    }

    /// <summary>Whether an index repeats; only then the order is filled in.</summary>
    private static bool OrderByCounts(ReadOnlySpan<int> indices, int extent, Span<int> order)
    {
        using Scratch<int> rented = new(extent);
        Span<int> next = rented.Span;
        next.Clear();
        bool repeats = false;
        foreach (int index in indices)
        {
            repeats |= next[index]++ > 0;
        }

        if (!repeats)
        {
            return false;
        }

        int start = 0;
        foreach (ref int place in next)
        {
            (place, start) = (start, start + place);
        }

        for (int i = 0; i < indices.Length; i++)
        {
            order[next[indices[i]]++] = i;
        }

        return true;
    }

    private static bool OrderBySorting(ReadOnlySpan<int> indices, Span<int> order)
    {
        using Scratch<long> rented = new(indices.Length);
        Span<long> keys = rented.Span;
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = ((long)indices[i] << 32) | (uint)i;
        }

        keys.Sort();
        bool repeats = false;
        for (int i = 0; i < keys.Length; i++)
        {
            order[i] = (int)keys[i];
            repeats |= i > 0 && keys[i] >> 32 == keys[i - 1] >> 32;
        }

        return repeats;
    }
}
