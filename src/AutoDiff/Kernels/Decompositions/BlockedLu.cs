using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff.Kernels;

/// <summary>
/// P A = L U of large matrices with the pivots of <see cref="LuDecomposition"/>, by halves of the columns (Toledo, "Locality of reference in LU decomposition with partial pivoting", SIAM J. Matrix Anal.
/// Appl. 18, 1997).
/// </summary>
internal static unsafe class BlockedLu
{
    /// <summary>So many columns are factored row operation by row operation.</summary>
    private const int Narrow = 8;

    /// <summary>So many columns are copied together: the pivots of a column are looked for in neighboring memory.</summary>
    private const int Panel = 64;

    /// <summary>As <see cref="LuDecomposition.Factor"/>.</summary>
    public static (int Sign, int FirstZeroPivot) Factor<T>(Span<T> a, int m, int n, Span<int> pivots)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int k = Math.Min(m, n);
        int firstZeroPivot = -1;
        fixed (T* start = a)
        {
            Factor(start, n, m, k, pivots, ref firstZeroPivot);
            if (n > k)
            {
                // The columns beyond the square: P and L^-1 are all that comes to them.
                Exchange(start + k, n, n - k, pivots[..k]);
                Blocked.SolveTriangular(new MatrixView<T>(start, n, 1), k, start + k, n, n - k, lower: true, unitDiagonal: true);
            }
        }
        int sign = 1;
        for (int i = 0; i < k; i++)
        {
            sign = pivots[i] == i ? sign : -sign;
        }
        return (sign, firstZeroPivot);
    }

    /// <summary>Factors m rows of <paramref name="width"/> columns, m of width at least; pivots count from the first of these rows.</summary>
    private static void Factor<T>(T* a, nint stride, int m, int width, Span<int> pivots, ref int firstZeroPivot)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (width <= Narrow)
        {
            FactorNarrow(a, stride, m, width, pivots, ref firstZeroPivot);
            return;
        }
        if (width <= Panel && stride > Panel)
        {
            using Scratch<T> scratch = new(m * width);
            fixed (T* copy = scratch.Span)
            {
                Copy(a, stride, copy, width, m, width);
                Factor(copy, width, m, width, pivots, ref firstZeroPivot);
                Copy(copy, width, a, stride, m, width);
            }
            return;
        }
        int half = width > Panel ? (width / 2 + Panel - 1) / Panel * Panel : (width / 2 + Narrow - 1) / Narrow * Narrow;
        int rest = width - half;
        T* right = a + half;
        Factor(a, stride, m, half, pivots[..half], ref firstZeroPivot);
        Exchange(right, stride, rest, pivots[..half]);
        Blocked.SolveTriangular(new MatrixView<T>(a, stride, 1), half, right, stride, rest, lower: true, unitDiagonal: true);
        T* below = right + half * stride;
        Blocked.SubtractProduct(m - half, rest, half, new MatrixView<T>(a + half * stride, stride, 1), new MatrixView<T>(right, stride, 1), below, stride);
        int zero = -1;
        Factor(below, stride, m - half, rest, pivots[half..width], ref zero);
        firstZeroPivot = firstZeroPivot < 0 && zero >= 0 ? half + zero : firstZeroPivot;
        Exchange(a + half * stride, stride, half, pivots[half..width]);
        for (int i = half; i < width; i++)
        {
            pivots[i] += half;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FactorNarrow<T>(T* a, nint stride, int m, int width, Span<int> pivots, ref int firstZeroPivot)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int k = 0; k < width; k++)
        {
            int best = k;
            T largest = T.Abs(a[k * stride + k]);
            for (int i = k + 1; i < m; i++)
            {
                T candidate = T.Abs(a[i * stride + k]);
                // A NaN counts as largest: it must not hide behind a pivot of zero.
                if (candidate > largest || (T.IsNaN(candidate) && !T.IsNaN(largest)))
                {
                    (best, largest) = (i, candidate);
                }
            }
            pivots[k] = best;
            T* top = a + k * stride;
            if (best != k)
            {
                Rows.Swap(new Span<T>(top, width), new Span<T>(a + best * stride, width));
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
                T* row = a + i * stride;
                T multiplier = row[k] / pivot;
                row[k] = multiplier;
                for (int j = k + 1; j < width; j++)
                {
                    row[j] -= multiplier * top[j];
                }
            }
        }
    }

    /// <summary>Exchanges rows, as the pivots tell.</summary>
    private static void Exchange<T>(T* a, nint stride, int width, ReadOnlySpan<int> pivots)
        where T : unmanaged
    {
        for (int i = 0; i < pivots.Length; i++)
        {
            if (pivots[i] != i)
            {
                Rows.Swap(new Span<T>(a + i * stride, width), new Span<T>(a + pivots[i] * stride, width));
            }
        }
    }

    private static void Copy<T>(T* source, nint sourceStride, T* target, nint targetStride, int rows, int columns)
        where T : unmanaged
    {
        for (int i = 0; i < rows; i++)
        {
            new ReadOnlySpan<T>(source + i * sourceStride, columns).CopyTo(new Span<T>(target + i * targetStride, columns));
        }
    }
}
