using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>Cholesky's decomposition of large matrices by halves: L11, then L21 = A21 L11^-T, then what is left, A22 - L21 L21^T (Gustavson, "Recursion leads to automatic variable blocking", 1997).</summary>
internal static unsafe class BlockedCholesky
{
    private const int Base = 64;

    /// <summary>As <see cref="CholeskyDecomposition.Factor"/>.</summary>
    public static int Factor<T>(Span<T> a, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (T* start = a)
        {
            int pivot = Factor(start, n, n);
            for (int i = 0; pivot < 0 && i < n; i++)
            {
                a.Slice(i * n + i + 1, n - i - 1).Clear();
            }
            return pivot;
        }
    }

    private static int Factor<T>(T* a, nint stride, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (n <= Base)
        {
            return FactorRows(a, stride, n);
        }
        int half = (n / 2 + Blocked.Base - 1) / Blocked.Base * Blocked.Base;
        int rest = n - half;
        int pivot = Factor(a, stride, half);
        if (pivot >= 0)
        {
            return pivot;
        }
        T* below = a + half * stride;
        Blocked.SolveRows(new MatrixView<T>(a, stride, 1), half, below, stride, rest);
        MatrixView<T> rows = new(below, stride, 1);
        Blocked.SubtractLowerProduct(rest, half, rows, rows.Transpose(), below + half, stride);
        pivot = Factor(below + half, stride, rest);
        return pivot < 0 ? pivot : half + pivot;
    }

    private static int FactorRows<T>(T* a, nint stride, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < n; i++)
        {
            Span<T> row = new(a + i * stride, i + 1);
            for (int j = 0; j < i; j++)
            {
                ReadOnlySpan<T> above = new(a + j * stride, j + 1);
                row[j] = (row[j] - Rows.Dot(above[..j], row)) / above[j];
            }
            T pivot = row[i] - Rows.Dot<T>(row[..i], row);
            if (!(pivot > T.Zero) || !T.IsFinite(pivot))
            {
                return i;
            }
            row[i] = T.Sqrt(pivot);
        }
        return -1;
    }
}
