using System.Numerics;
using System.Runtime.CompilerServices;

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
            return FactorColumns(a, stride, n);
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

    /// <summary>A block that stays in the nearest cache, column by column, which lie as rows meanwhile: what a column makes of the others is taken off them at once, by whole registers.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FactorColumns<T>(T* a, nint stride, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int width = Vector<T>.Count;
        T* columns = stackalloc T[Base * Base];
        TransposedCopy.Run(a, stride, n, n, columns, Base);
        for (int k = 0; k < n; k++)
        {
            T* column = columns + k * Base;
            T pivot = column[k];
            if (!(pivot > T.Zero) || !T.IsFinite(pivot))
            {
                return k;
            }
            T root = T.Sqrt(pivot);
            Rows.Divide(new Span<T>(column + k, n - k), root);
            column[k] = root;
            for (int j = k + 1; j < n; j++)
            {
                Vector<T> factor = new(column[j]);
                T* other = columns + j * Base;
                // What is computed above the diagonal, and beyond the last row, is dropped.
                for (int i = j / width * width; i < n; i += width)
                {
                    (Vector.Load(other + i) - factor * Vector.Load(column + i)).Store(other + i);
                }
            }
        }
        TransposedCopy.Run(columns, Base, n, n, a, stride);
        return -1;
    }
}
