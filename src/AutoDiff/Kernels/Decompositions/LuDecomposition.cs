using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>
/// P A = L U with partial pivoting (Golub and Van Loan, "Matrix Computations", 4th ed., section 3.4): L (m×min(m, n)) has a unit diagonal,
/// U (min(m, n)×n) is upper triangular, both packed into one m×n matrix. P is held as exchanges: at step i rows i and pivots[i] were swapped.
/// </summary>
internal static class LuDecomposition
{
    /// <summary>
    /// Overwrites <paramref name="a"/> (m×n) with its packed factors and fills min(m, n) pivots. Returns the determinant of P (1 or -1) and the index of the
    /// first pivot that is zero, or -1; elimination goes on past a zero pivot, so that P A = L U holds for every matrix.
    /// </summary>
    public static (int Sign, int FirstZeroPivot) Factor<T>(Span<T> a, int m, int n, Span<int> pivots)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
#if !SMALL
        if (Math.Min(m, n) >= Blocked.Smallest)
        {
            return BlockedLu.Factor(a, m, n, pivots);
        }
#endif
        int sign = 1, firstZeroPivot = -1;
        for (int k = 0; k < Math.Min(m, n); k++)
        {
            int best = PivotRow<T>(a, m, n, k);
            pivots[k] = best;
            Span<T> top = a.Slice(k * n, n);
            if (best != k)
            {
                sign = -sign;
                Rows.Swap(top, a.Slice(best * n, n));
            }
            T pivot = top[k];
            if (pivot == T.Zero)
            {
                // The whole column is zero, its multipliers are so already.
                firstZeroPivot = firstZeroPivot < 0 ? k : firstZeroPivot;
                continue;
            }
            for (int i = k + 1; i < m; i++)
            {
                Span<T> row = a.Slice(i * n, n);
                T multiplier = row[k] / pivot;
                row[k] = multiplier;
                Rows.AddScaled(row[(k + 1)..], -multiplier, top[(k + 1)..]);
            }
        }
        return (sign, firstZeroPivot);
    }

    /// <summary>Solves A X = B, or A^T X = B, from the factors of a square matrix; B (n×k) is overwritten with X.</summary>
    public static void Solve<T>(ReadOnlySpan<T> factors, int n, ReadOnlySpan<int> pivots, Span<T> b, int k, bool transposed = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!transposed)
        {
            Permute(b, k, pivots);
            TriangularSolve.Solve(factors, n, b, k, Triangle.Lower, transposed: false, unitDiagonal: true);
            TriangularSolve.Solve(factors, n, b, k, Triangle.Upper, transposed: false, unitDiagonal: false);
        }
        else
        {
            TriangularSolve.Solve(factors, n, b, k, Triangle.Upper, transposed: true, unitDiagonal: false);
            TriangularSolve.Solve(factors, n, b, k, Triangle.Lower, transposed: true, unitDiagonal: true);
            PermuteBack(b, k, pivots);
        }
    }

    /// <summary>B := P B for B with <paramref name="k"/> columns.</summary>
    public static void Permute<T>(Span<T> b, int k, ReadOnlySpan<int> pivots)
        where T : unmanaged
    {
        for (int i = 0; i < pivots.Length; i++)
        {
            SwapRows(b, k, i, pivots[i]);
        }
    }

    /// <summary>B := P^T B for B with <paramref name="k"/> columns.</summary>
    public static void PermuteBack<T>(Span<T> b, int k, ReadOnlySpan<int> pivots)
        where T : unmanaged
    {
        for (int i = pivots.Length - 1; i >= 0; i--)
        {
            SwapRows(b, k, i, pivots[i]);
        }
    }

    /// <summary>Fills <paramref name="permutation"/> (length m) so that row i of P A is row permutation[i] of A.</summary>
    public static void Permutation(ReadOnlySpan<int> pivots, Span<int> permutation)
    {
        for (int i = 0; i < permutation.Length; i++)
        {
            permutation[i] = i;
        }
        Permute(permutation, 1, pivots);
    }

    private static int PivotRow<T>(ReadOnlySpan<T> a, int m, int n, int k)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int best = k;
        T largest = T.Abs(a[k * n + k]);
        for (int i = k + 1; i < m; i++)
        {
            T candidate = T.Abs(a[i * n + k]);
            // A NaN counts as largest: it must not hide behind a pivot of zero.
            if (candidate > largest || (T.IsNaN(candidate) && !T.IsNaN(largest)))
            {
                (best, largest) = (i, candidate);
            }
        }
        return best;
    }

    private static void SwapRows<T>(Span<T> b, int k, int i, int j)
        where T : unmanaged
    {
        if (i != j)
        {
            Rows.Swap(b.Slice(i * k, k), b.Slice(j * k, k));
        }
    }
}
