using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>Scans along lines, one element after the other. What they carry is in double, for floats too.</summary>
internal static class Recurrences
{
    /// <summary>y_t = y_(t-1) + x_t along the middle axis of [outer, n, inner], from the start or from the end.</summary>
    public static void CumulativeSum<T>(ReadOnlySpan<T> x, int outer, int n, int inner, bool reverse, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int start, int step) = reverse ? ((n - 1) * inner, -inner) : (0, inner);
        using var first = new Scratch<T>(inner);
        for (int o = 0; o < outer && n > 0 && inner > 0; o++, start += n * inner)
        {
            if (inner == 1)
            {
                double sum = 0.0;
                for (int k = 0, t = start; k < n; k++, t += step)
                {
                    sum = k == 0 ? double.CreateTruncating(x[t]) : sum + double.CreateTruncating(x[t]);
                    y[t] = T.CreateTruncating(sum);
                }

                continue;
            }

            x.Slice(start, inner).CopyTo(first.Span);
            using var sums = new Accumulators<T>(first.Span);
            sums.Read(y.Slice(start, inner));
            for (int k = 1, t = start + step; k < n; k++, t += step)
            {
                sums.Add(x.Slice(t, inner));
                sums.Read(y.Slice(t, inner));
            }
        }
    }

    /// <summary>y_t = a_t y_(t-1) + b_t along rows, starting with y = b: the first factor of a row (the last, in reverse) is not used.</summary>
    public static void Linear<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, int columns, bool reverse, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int start = 0; start < y.Length; start += columns)
        {
            double state = 0.0;
            for (int k = 0; k < columns; k++)
            {
                int t = start + (reverse ? columns - 1 - k : k);
                state = k == 0 ? double.CreateTruncating(b[t]) : (double.CreateTruncating(a[t]) * state) + double.CreateTruncating(b[t]);
                y[t] = T.CreateTruncating(state);
            }
        }
    }

    /// <summary>y_t = log(e^y_(t-1) + e^x_t) along rows, and its derivatives: the factors by y_(t-1), e^(y_(t-1) - y_t), and the weights by x_t, e^(x_t - y_t).</summary>
    /// <remarks>The derivatives are formed from the sums, since y, where it is large, has lost the digits of their exponents. Where y is -∞ they are 0.</remarks>
    public static void LogSumExp<T>(ReadOnlySpan<T> x, int columns, bool reverse, Span<T> y, Span<T> factors, Span<T> weights) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int start = 0; start < y.Length; start += columns)
        {
            // The others relative to the largest element so far: adding logarithms step by step would round at every step. Infinite ones outweigh all else, and share evenly.
            T largest = T.NegativeInfinity;
            double others = 0.0;
            for (int k = 0; k < columns; k++)
            {
                int t = start + (reverse ? columns - 1 - k : k);
                double before = others;
                double added = 0.0;
                bool grows = x[t] > largest || T.IsNaN(x[t]);
                if (grows)
                {
                    others = T.IsNaN(x[t]) ? double.NaN : T.IsInfinity(largest) || T.IsInfinity(x[t]) ? 0.0 : (others + 1.0) * Math.Exp(double.CreateTruncating(largest) - double.CreateTruncating(x[t]));
                    largest = x[t];
                }
                else if (!T.IsNegativeInfinity(x[t]))
                {
                    added = T.IsInfinity(largest) ? (x[t] == largest ? 1.0 : 0.0) : Math.Exp(double.CreateTruncating(x[t]) - double.CreateTruncating(largest));
                    others += added;
                }

                double sum = others + 1.0;
                bool empty = T.IsNegativeInfinity(largest);
                factors[t] = empty ? T.Zero : T.CreateTruncating((grows ? others : before + 1.0) / sum);
                weights[t] = empty ? T.Zero : T.CreateTruncating((grows ? 1.0 : added) / sum);
                y[t] = T.IsInfinity(largest) ? largest : T.CreateTruncating(double.CreateTruncating(largest) + ElementaryPieces.Log1p(others));
            }
        }
    }
}
