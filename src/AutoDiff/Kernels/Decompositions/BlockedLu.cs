using System.Numerics;

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
        for (int j = 0; j < rest; j++)
        {
            Span<T> column = new(right + j * stride, half);
            for (int k = 0; k < half - 1; k++)
            {
                Rows.AddScaled(column[(k + 1)..], -column[k], new ReadOnlySpan<T>(columns + k * stride + k + 1, half - k - 1));
            }
        }
        T* below = right + half;
        Blocked.SubtractProduct(rest, m - half, half, new MatrixView<T>(right, stride, 1), new MatrixView<T>(columns + half, stride, 1), below, stride);
        int zero = -1;
        FactorColumns(below, stride, m - half, rest, pivots[half..width], ref zero);
        firstZeroPivot = firstZeroPivot < 0 && zero >= 0 ? half + zero : firstZeroPivot;
        ExchangeInColumns(columns + half, stride, half, pivots[half..width]);
        CountFrom(half, pivots[half..width]);
    }

    private static void FactorNarrow<T>(T* columns, nint stride, int m, int width, Span<int> pivots, ref int firstZeroPivot)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int k = 0; k < width; k++)
        {
            Span<T> column = new(columns + k * stride, m);
            int best = PivotRow<T>(column, k);
            pivots[k] = best;
            for (int j = 0; best != k && j < width; j++)
            {
                T* other = columns + j * stride;
                (other[k], other[best]) = (other[best], other[k]);
            }
            T pivot = column[k];
            if (pivot == T.Zero)
            {
                // The whole column is zero, its multipliers are so already.
                firstZeroPivot = firstZeroPivot < 0 ? k : firstZeroPivot;
                continue;
            }
            Span<T> multipliers = column[(k + 1)..];
            Rows.Divide(multipliers, pivot);
            for (int j = k + 1; j < width; j++)
            {
                Span<T> other = new(columns + j * stride, m);
                Rows.AddScaled(other[(k + 1)..], -other[k], multipliers);
            }
        }
    }

    private static int PivotRow<T>(ReadOnlySpan<T> column, int k)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int best = k;
        T largest = T.Abs(column[k]);
        for (int i = k + 1; i < column.Length; i++)
        {
            T candidate = T.Abs(column[i]);
            // A NaN counts as largest: it must not hide behind a pivot of zero.
            if (!(candidate <= largest) && !T.IsNaN(largest))
            {
                (best, largest) = (i, candidate);
            }
        }
        return best;
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
