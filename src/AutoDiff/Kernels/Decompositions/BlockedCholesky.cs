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
        using Scratch<T> scratch = new(half * rest);
        fixed (T* columns = scratch.Span)
        {
            // L11 L21^T = A21^T.
            Blocked.Transpose(below, stride, rest, half, columns);
            Blocked.SolveTriangular(new MatrixView<T>(a, stride, 1), half, columns, rest, rest, lower: true, unitDiagonal: false);
            Blocked.TransposeBack(columns, rest, half, below, stride);
            SubtractSquare(below, stride, columns, rest, 0, rest, half, below + half);
        }
        pivot = Factor(below + half, stride, rest);
        return pivot < 0 ? pivot : half + pivot;
    }

    /// <summary>The lower half of C -= L21 L21^T, columns <paramref name="from"/> to <paramref name="to"/>, by halves as well.</summary>
    private static void SubtractSquare<T>(T* rows, nint stride, T* columns, int n, int from, int to, int k, T* c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (to - from <= Base)
        {
            Blocked.SubtractProduct(to - from, to - from, k, new MatrixView<T>(rows + from * stride, stride, 1), new MatrixView<T>(columns + from, n, 1), c + from * stride + from, stride);
            return;
        }
        int middle = from + ((to - from) / 2 + Blocked.Base - 1) / Blocked.Base * Blocked.Base;
        SubtractSquare(rows, stride, columns, n, from, middle, k, c);
        Blocked.SubtractProduct(to - middle, middle - from, k, new MatrixView<T>(rows + middle * stride, stride, 1), new MatrixView<T>(columns + from, n, 1), c + middle * stride + from, stride);
        SubtractSquare(rows, stride, columns, n, middle, to, k, c);
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
            T pivot = row[i] - Rows.Dot(row[..i], row);
            if (!(pivot > T.Zero) || !T.IsFinite(pivot))
            {
                return i;
            }
            row[i] = T.Sqrt(pivot);
        }
        return -1;
    }
}
