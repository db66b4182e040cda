using System.Numerics;

namespace AutoDiff.Plain;

// Products of matrices. Every number is a chain of multiply-adds for each 256 of the inner axis, and these are added one after another to what is there.
internal static class MatrixProduct
{
    private const int Part = 256;

    public static void Multiply<T>(int m, int n, int k, ReadOnlySpan<T> a, bool transposeA, ReadOnlySpan<T> b, bool transposeB, Span<T> c, bool accumulate = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int rowA, int columnA, int rowB, int columnB) = (transposeA ? 1 : k, transposeA ? m : 1, transposeB ? 1 : n, transposeB ? k : 1);
        if (!accumulate)
        {
            c[..(m * n)].Clear();
        }
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                for (int start = 0; start < k; start += Part)
                {
                    T sum = T.Zero;
                    for (int p = start; p < Math.Min(start + Part, k); p++)
                    {
                        sum = T.FusedMultiplyAdd(a[i * rowA + p * columnA], b[p * rowB + j * columnB], sum);
                    }
                    c[i * n + j] = start == 0 && !accumulate ? sum : c[i * n + j] + sum;
                }
            }
        }
    }
#if !SMALL

    public static unsafe void Multiply<T>(int m, int n, int k, MatrixView<T> a, MatrixView<T> b, T* c, nint strideC, bool accumulate = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                T* target = c + i * strideC + j;
                *target = accumulate ? *target : T.Zero;
                for (int start = 0; start < k; start += Part)
                {
                    T sum = Chain(a.From(i, start), b.From(start, j), Math.Min(Part, k - start));
                    *target = start == 0 && !accumulate ? sum : *target + sum;
                }
            }
        }
    }

    // What lies beyond column i + reach of row i is left as it is.
    public static unsafe void Subtract<T>(int m, int n, int k, MatrixView<T> a, MatrixView<T> b, T* c, nint strideC, long reach = long.MaxValue / 2)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < Math.Min(n, i + reach + 1); j++)
            {
                T* target = c + i * strideC + j;
                for (int start = 0; start < k; start += Part)
                {
                    *target += Chain(a.From(i, start), b.From(start, j), Math.Min(Part, k - start), negative: true);
                }
            }
        }
    }

    private static unsafe T Chain<T>(MatrixView<T> a, MatrixView<T> b, int count, bool negative = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T sum = T.Zero;
        T* x = a.Start, y = b.Start;
        for (int p = 0; p < count; p++, x += a.ColumnStride, y += b.RowStride)
        {
            sum = T.FusedMultiplyAdd(negative ? -*x : *x, *y, sum);
        }
        return sum;
    }
#endif
}
