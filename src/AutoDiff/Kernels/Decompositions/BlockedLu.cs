using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff.Kernels;

/// <summary>
/// P A = L U of large matrices with the pivots of <see cref="LuDecomposition"/>, by halves of the columns (Toledo, "Locality of reference in LU decomposition with partial pivoting", SIAM J. Matrix Anal.
/// Appl. 18, 1997).
/// </summary>
internal static unsafe class BlockedLu
{
    /// <summary>So many columns are factored column operation by column operation.</summary>
    private const int Narrow = 8;

    /// <summary>So many columns are copied together, so that each of them lies in neighboring memory: pivots are looked for, and columns subtracted, by runs.</summary>
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
        if (width <= Panel)
        {
            using Scratch<T> scratch = new(m * width);
            fixed (T* columns = scratch.Span)
            {
                TransposedCopy.Run(a, stride, m, width, columns, m);
                FactorColumns(columns, m, m, width, pivots, ref firstZeroPivot);
                TransposedCopy.Run(columns, m, width, m, a, stride);
            }
            return;
        }
        int half = (width / 2 + Panel - 1) / Panel * Panel;
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
        CountFrom(half, pivots[half..width]);
    }

    /// <summary>As <see cref="Factor{T}(T*, nint, int, int, Span{int}, ref int)"/>, of columns that lie as rows, <paramref name="stride"/> apart.</summary>
    private static void FactorColumns<T>(T* columns, nint stride, int m, int width, Span<int> pivots, ref int firstZeroPivot)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (width <= Narrow)
        {
            FactorNarrow(columns, stride, m, width, pivots, ref firstZeroPivot);
            return;
        }
        int half = (width / 2 + Narrow - 1) / Narrow * Narrow;
        int rest = width - half;
        T* right = columns + half * stride;
        FactorColumns(columns, stride, m, half, pivots[..half], ref firstZeroPivot);
        ExchangeInColumns(right, stride, rest, pivots[..half]);
        Blocked.SubstituteRows(new MatrixView<T>(columns, 1, stride), half, right, stride, rest, unitDiagonal: true);
        T* below = right + half;
        Blocked.SubtractProduct(rest, m - half, half, new MatrixView<T>(right, stride, 1), new MatrixView<T>(columns + half, stride, 1), below, stride);
        int zero = -1;
        FactorColumns(below, stride, m - half, rest, pivots[half..width], ref zero);
        firstZeroPivot = firstZeroPivot < 0 && zero >= 0 ? half + zero : firstZeroPivot;
        ExchangeInColumns(columns + half, stride, half, pivots[half..width]);
        CountFrom(half, pivots[half..width]);
    }

    /// <summary>Column by column: what the columns before it make of one is taken off it while it is in registers, and then its pivot is chosen.</summary>
    private static void FactorNarrow<T>(T* columns, nint stride, int m, int width, Span<int> pivots, ref int firstZeroPivot)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int k = 0; k < width; k++)
        {
            T* column = columns + k * stride;
            SubtractColumns(columns, stride, m, k, column);
            int best = k + Rows.IndexOfMaxMagnitude(new ReadOnlySpan<T>(column + k, m - k));
            pivots[k] = best;
            for (int j = 0; best != k && j < width; j++)
            {
                T* other = columns + j * stride;
                (other[k], other[best]) = (other[best], other[k]);
            }
            if (column[k] == T.Zero)
            {
                // The whole column is zero, its multipliers are so already.
                firstZeroPivot = firstZeroPivot < 0 ? k : firstZeroPivot;
                continue;
            }
            Rows.Divide(new Span<T>(column + k + 1, m - k - 1), column[k]);
        }
    }

    /// <summary>Solves with the unit lower triangle of the first <paramref name="k"/> columns for the upper k numbers of a column, and takes off the others what these columns, times those, make.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SubtractColumns<T>(T* columns, nint stride, int m, int k, T* column)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int width = Vector<T>.Count;
        int i = 1;
        for (; i < k; i++)
        {
            One(i, i);
        }
        for (; i <= m - 4 * width; i += 4 * width)
        {
            T* row = column + i, other = columns + i;
            Vector<T> x0 = Vector.Load(row), x1 = Vector.Load(row + width), x2 = Vector.Load(row + 2 * width), x3 = Vector.Load(row + 3 * width);
            for (int j = 0; j < k; j++, other += stride)
            {
                Vector<T> factor = new(column[j]);
                x0 -= factor * Vector.Load(other);
                x1 -= factor * Vector.Load(other + width);
                x2 -= factor * Vector.Load(other + 2 * width);
                x3 -= factor * Vector.Load(other + 3 * width);
            }
            x0.Store(row);
            x1.Store(row + width);
            x2.Store(row + 2 * width);
            x3.Store(row + 3 * width);
        }
        for (; i < m; i++)
        {
            One(i, k);
        }

        void One(int i, int count)
        {
            for (int j = 0; j < count; j++)
            {
                column[i] -= column[j] * columns[j * stride + i];
            }
        }
    }

    /// <summary>Exchanges elements of columns that lie as rows.</summary>
    private static void ExchangeInColumns<T>(T* columns, nint stride, int width, ReadOnlySpan<int> pivots)
        where T : unmanaged
    {
        for (int j = 0; j < width; j++)
        {
            T* column = columns + j * stride;
            for (int i = 0; i < pivots.Length; i++)
            {
                (column[i], column[pivots[i]]) = (column[pivots[i]], column[i]);
            }
        }
    }

    /// <summary>Pivots that count from a row of their own count from the first one.</summary>
    private static void CountFrom(int first, Span<int> pivots)
    {
        for (int i = 0; i < pivots.Length; i++)
        {
            pivots[i] += first;
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
}
