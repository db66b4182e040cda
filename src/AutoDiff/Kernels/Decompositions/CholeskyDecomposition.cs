using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>A = L L^T of a symmetric positive definite matrix, row by row (Golub and Van Loan, "Matrix Computations", 4th ed., section 4.2).</summary>
internal static class CholeskyDecomposition
{
    /// <summary>
    /// Overwrites <paramref name="a"/> (n×n) with its lower factor, the upper half with zeros. The matrix is taken to be symmetric: only its lower half is
    /// read. Returns -1, or the index of the first pivot that is not a positive finite number; the contents of <paramref name="a"/> are then unspecified.
    /// </summary>
    public static int Factor<T>(Span<T> a, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
#if !SMALL
        if (n >= Blocked.Smallest)
        {
            return BlockedCholesky.Factor(a, n);
        }
#endif
        for (int i = 0; i < n; i++)
        {
            Span<T> row = a.Slice(i * n, n);
            for (int j = 0; j < i; j++)
            {
                ReadOnlySpan<T> above = a.Slice(j * n, j + 1);
                row[j] = (row[j] - Rows.Dot(above[..j], row)) / above[j];
            }
            T pivot = row[i] - Rows.Dot<T>(row[..i], row);
            if (!(pivot > T.Zero) || !T.IsFinite(pivot))
            {
                return i;
            }
            row[i] = T.Sqrt(pivot);
            row[(i + 1)..].Clear();
        }
        return -1;
    }
}
