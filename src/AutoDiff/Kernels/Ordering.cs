using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>Chooses elements of a line of numbers: writes the places of the chosen ones, in order.</summary>
internal delegate void LineChoice<T>(ReadOnlySpan<T> line, Span<int> chosen);

/// <summary>Orders along lines of numbers. NaN counts as larger than every number; equal elements keep their order.</summary>
internal static class Ordering
{
    /// <summary>The places of the elements in sorted order, by a stable merge sort: order[k] is the place of the k-th element.</summary>
    public static void Sort<T>(ReadOnlySpan<T> x, Span<int> order, bool descending = false) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        using Scratch<int> rented = new(order.Length);
        Span<int> merged = rented.Span;
        for (int width = 1; width < order.Length; width *= 2)
        {
            for (int start = 0; start < order.Length; start += 2 * width)
            {
                int middle = Math.Min(start + width, order.Length);
                int end = Math.Min(middle + width, order.Length);
                int left = start;
                int right = middle;
                for (int k = start; k < end; k++)
                {
                    bool takeRight = left == middle
                        || (right < end && (descending ? IsLess(x[order[left]], x[order[right]]) : IsLess(x[order[right]], x[order[left]])));
                    merged[k] = order[takeRight ? right++ : left++];
                }
            }

            merged.CopyTo(order);
        }
    }

    /// <summary>The place of the first NaN, or else of the first largest element.</summary>
    public static int FirstLargest<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int best = 0;
        for (int i = 1; i < x.Length && !T.IsNaN(x[best]); i++)
        {
            best = x[i] > x[best] || T.IsNaN(x[i]) ? i : best;
        }

        return best;
    }

    /// <summary>The place of the first NaN, or else of the first smallest element.</summary>
    public static int FirstSmallest<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int best = 0;
        for (int i = 1; i < x.Length && !T.IsNaN(x[best]); i++)
        {
            best = x[i] < x[best] || T.IsNaN(x[i]) ? i : best;
        }

        return best;
    }

    /// <summary>For each element, the place of the extremum so far: the last of equal ones; from a NaN on, the NaN.</summary>
    public static void RunningExtremum<T>(ReadOnlySpan<T> x, Span<int> places, bool largest) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int best = 0;
        for (int i = 0; i < x.Length; i++)
        {
            best = T.IsNaN(x[best]) ? best : T.IsNaN(x[i]) || (largest ? x[i] >= x[best] : x[i] <= x[best]) ? i : best;
            places[i] = best;
        }
    }

    /// <summary>The place of the median, of an even number of elements the lower one of the middle; that of the first NaN where there is one, unless they are ignored.</summary>
    public static int Median<T>(ReadOnlySpan<T> x, bool ignoreNaN) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int numbers = CountNumbers(x);
        if (numbers < x.Length && !(ignoreNaN && numbers > 0))
        {
            return FirstNaN(x);
        }

        return Kth(x, (numbers - 1) / 2);
    }

    /// <summary>The place of the k-th element, counted from 0, of a stable sort that puts NaN last. Without the sort: a few passes over the line.</summary>
    public static int Kth<T>(ReadOnlySpan<T> x, int k) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] rented = Pool<T>.Shared.Rent(x.Length);
        int numbers = 0;
        foreach (T value in x)
        {
            if (!T.IsNaN(value))
            {
                rented[numbers++] = value;
            }
        }

        bool isNumber = k < numbers;
        T chosen = isNumber ? SelectValue(rented.AsSpan(0, numbers), k) : T.NaN;
        Pool<T>.Shared.Return(rented);

        // Of equal elements the one of that many smaller elements, and of equal ones further to the front.
        int left = k;
        foreach (T value in x)
        {
            left -= isNumber ? (value < chosen ? 1 : 0) : T.IsNaN(value) ? 0 : 1;
        }

        int place = 0;
        while (!(isNumber ? x[place] == chosen : T.IsNaN(x[place])) || left-- > 0)
        {
            place++;
        }

        return place;
    }

    /// <summary>The k-th smallest of some numbers, which are put in another order (Hoare, "Algorithm 65: Find", 1961); where the pivots are bad again and again, by sorting what is left.</summary>
    private static T SelectValue<T>(Span<T> x, int k) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int bad = 0; x.Length > 16 && bad < 8;)
        {
            T pivot = Middle(x[0], x[x.Length / 2], x[^1]);
            int i = 0;
            int j = x.Length - 1;
            while (i <= j)
            {
                while (x[i] < pivot)
                {
                    i++;
                }

                while (x[j] > pivot)
                {
                    j--;
                }

                if (i <= j)
                {
                    (x[i], x[j]) = (x[j], x[i]);
                    i++;
                    j--;
                }
            }

            // Up to j all are at most the pivot, from i on at least; between them all are equal to it.
            if (k > j && k < i)
            {
                return pivot;
            }

            int before = x.Length;
            if (k <= j)
            {
                x = x[..(j + 1)];
            }
            else
            {
                x = x[i..];
                k -= i;
            }

            bad += x.Length > before - (before / 8) ? 1 : 0;
        }

        x.Sort();
        return x[k];
    }

    private static T Middle<T>(T a, T b, T c) where T : unmanaged, IBinaryFloatingPointIeee754<T> => a < b ? (b < c ? b : a < c ? c : a) : a < c ? a : b < c ? c : b;

    /// <summary>The place of the first NaN, or -1.</summary>
    public static int FirstNaN<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < x.Length; i++)
        {
            if (T.IsNaN(x[i]))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>How many elements are not NaN.</summary>
    public static int CountNumbers<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int count = 0;
        foreach (T value in x)
        {
            count += T.IsNaN(value) ? 0 : 1;
        }

        return count;
    }

    /// <summary>Among the elements that occur most often the smallest; of its occurrences the last.</summary>
    public static int Mode<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Scratch<int> rented = new(x.Length);
        Span<int> order = rented.Span;
        Sort(x, order);
        int best = order[0];
        int most = 0;
        int run = 0;
        for (int i = 0; i < order.Length; i++)
        {
            run = i > 0 && x[order[i]] == x[order[i - 1]] ? run + 1 : 1;
            if (run >= most && (run > most || x[order[i]] == x[best]))
            {
                (most, best) = (run, order[i]);
            }
        }

        return best;
    }

    /// <summary>The first place in a sorted line at which x may be put: before (or after) the elements that equal it.</summary>
    public static int Bound<T>(ReadOnlySpan<T> sorted, T x, bool after) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int from = 0;
        int to = sorted.Length;
        while (from < to)
        {
            int middle = (from + to) >>> 1;
            bool goesRight = after ? !IsLess(x, sorted[middle]) : IsLess(sorted[middle], x);
            (from, to) = goesRight ? (middle + 1, to) : (from, middle);
        }

        return from;
    }

    private static bool IsLess<T>(T x, T y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => x < y || (T.IsNaN(y) && !T.IsNaN(x));
}
