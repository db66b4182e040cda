using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>Scans along lines, one element after the other.</summary>
internal static class Recurrences
{
    /// <summary>y_t = y_(t-1) + x_t along the middle axis of [outer, n, inner], from the start or from the end.</summary>
    public static void CumulativeSum<T>(ReadOnlySpan<T> x, int outer, int n, int inner, bool reverse, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int o = 0; o < outer; o++)
        {
            for (int k = 0; k < n; k++)
            {
                int t = ((o * n) + (reverse ? n - 1 - k : k)) * inner;
                if (k == 0)
                {
                    x.Slice(t, inner).CopyTo(y[t..]);
                }
                else
                {
                    VectorMath.Add(y.Slice(reverse ? t + inner : t - inner, inner), x.Slice(t, inner), y.Slice(t, inner));
                }
            }
        }
    }

    /// <summary>y_t = a_t y_(t-1) + b_t along rows, starting with y = b: the first factor of a row (the last, in reverse) is not used.</summary>
    public static void Linear<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, int columns, bool reverse, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int start = 0; start < y.Length; start += columns)
        {
            T state = T.Zero;
            for (int k = 0; k < columns; k++)
            {
                int t = start + (reverse ? columns - 1 - k : k);
                state = k == 0 ? b[t] : (a[t] * state) + b[t];
                y[t] = state;
            }
        }
    }

    /// <summary>y_t = log(e^y_(t-1) + e^x_t) along rows, and its derivatives: the factors by y_(t-1), e^(y_(t-1) - y_t), and the weights by x_t, e^(x_t - y_t).</summary>
    /// <remarks>The derivatives are formed from the sums, since y, where it is large, has lost the digits of their exponents. Where y is -∞ they are 0.</remarks>
    public static void LogSumExp<T>(ReadOnlySpan<T> x, int columns, bool reverse, Span<T> y, Span<T> factors, Span<T> weights) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int start = 0; start < y.Length; start += columns)
        {
            // The others relative to the largest element so far: adding logarithms step by step would round at every step.
            T largest = T.NegativeInfinity;
            T others = T.Zero;
            for (int k = 0; k < columns; k++)
            {
                int t = start + (reverse ? columns - 1 - k : k);
                T before = others;
                T added = T.Zero;
                bool grows = x[t] > largest || T.IsNaN(x[t]);
                if (grows)
                {
                    others = T.IsInfinity(largest) || T.IsInfinity(x[t]) ? T.Zero : (others + T.One) * T.Exp(largest - x[t]);
                    largest = x[t];
                }
                else if (!T.IsInfinity(largest) && !T.IsNegativeInfinity(x[t]))
                {
                    added = T.Exp(x[t] - largest);
                    others += added;
                }

                T sum = T.IsPositiveInfinity(largest) ? T.NaN : others + T.One;
                bool empty = T.IsNegativeInfinity(largest);
                factors[t] = empty ? T.Zero : (grows ? others : before + T.One) / sum;
                weights[t] = empty ? T.Zero : (grows ? T.One : added) / sum;
                y[t] = T.IsInfinity(largest) ? largest : largest + T.CreateChecked(ElementaryPieces.Log1p(double.CreateChecked(others)));
            }
        }
    }
}
