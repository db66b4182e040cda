using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>Tridiagonal systems by elimination with partial pivoting, which fills one more diagonal above (Golub and Van Loan, "Matrix Computations", 4th ed., section 4.3.4).</summary>
internal static class TridiagonalSolve
{
    /// <summary>
    /// Solves A X = B for A with the given diagonals, of lengths n - 1, n and n - 1; B (n×k) is overwritten with X. Returns -1, or the index of the first pivot that is zero.
    /// </summary>
    public static int Solve<T>(ReadOnlySpan<T> lower, ReadOnlySpan<T> diagonal, ReadOnlySpan<T> upper, Span<T> b, int k)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = diagonal.Length;
        using Scratch<T> pivots = new(n), first = new(n), second = new(n);
        Span<T> d = pivots.Span, u = first.Span, v = second.Span;
        diagonal.CopyTo(d);
        u.Clear();
        v.Clear();
        upper.CopyTo(u);
        for (int i = 0; i < n - 1; i++)
        {
            Span<T> row = b.Slice(i * k, k), next = b.Slice((i + 1) * k, k);
            T below = lower[i];
            if (T.Abs(below) > T.Abs(d[i]))
            {
                Rows.Swap(row, next);
                (d[i], below) = (below, d[i]);
                (u[i], d[i + 1]) = (d[i + 1], u[i]);
                (v[i], u[i + 1]) = (u[i + 1], T.Zero);
            }
            if (d[i] == T.Zero)
            {
                return i;
            }
            T factor = below / d[i];
            d[i + 1] -= factor * u[i];
            u[i + 1] -= factor * v[i];
            Rows.AddScaled(next, -factor, row);
        }
        if (d[n - 1] == T.Zero)
        {
            return n - 1;
        }
        for (int i = n - 1; i >= 0; i--)
        {
            Span<T> row = b.Slice(i * k, k);
            if (i + 1 < n)
            {
                Rows.AddScaled(row, -u[i], b.Slice((i + 1) * k, k));
            }
            if (i + 2 < n)
            {
                Rows.AddScaled(row, -v[i], b.Slice((i + 2) * k, k));
            }
            Rows.Divide(row, d[i]);
        }
        return -1;
    }
}
