using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>Sums of slices that meet at places by number.</summary>
internal static class Grouping
{
    /// <summary>The numbers 0, 1, ... in the order of their indices, those of one index in their own order; nothing if no index repeats.</summary>
    public static int[] Order(ReadOnlySpan<int> indices, int extent)
    {
        bool dense = extent <= 4L * indices.Length;
        return dense ? OrderByCounts(indices, extent) : OrderBySorting(indices);
    }

    /// <summary>y[o, indices[i], :] += x[o, i, :], in the order of the indices, with sums in double for floats.</summary>
    /// <param name="x">The slices.</param>
    /// <param name="indices">The place of each.</param>
    /// <param name="order">What <see cref="Order"/> gives for the indices; it is not used for doubles.</param>
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
        for (int i = 0; i < indices.Length; i++)
        {
            if (inner == 1)
            {
                y[indices[i]] += x[i];
            }
            else
            {
                Span<T> sum = y.Slice(indices[i] * inner, inner);
                VectorMath.Add(sum, x.Slice(i * inner, inner), sum);
            }
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

    private static int[] OrderByCounts(ReadOnlySpan<int> indices, int extent)
    {
        var next = new int[extent];
        bool repeats = false;
        foreach (int index in indices)
        {
            repeats |= next[index]++ > 0;
        }

        if (!repeats)
        {
            return [];
        }

        int start = 0;
        foreach (ref int place in next.AsSpan())
        {
            (place, start) = (start, start + place);
        }

        var order = new int[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            order[next[indices[i]]++] = i;
        }

        return order;
    }

    private static int[] OrderBySorting(ReadOnlySpan<int> indices)
    {
        var keys = new long[indices.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = ((long)indices[i] << 32) | (uint)i;
        }

        Array.Sort(keys);
        bool repeats = false;
        for (int i = 1; i < keys.Length; i++)
        {
            repeats |= keys[i] >> 32 == keys[i - 1] >> 32;
        }

        return repeats ? Array.ConvertAll(keys, key => (int)key) : [];
    }
}
