using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>Interim.</summary>
internal static class MatrixProduct
{
    public static void MultiplyBatch<T>(int batch, int m, int n, int k, ReadOnlySpan<T> a, int strideA, bool transposeA, ReadOnlySpan<T> b, int strideB, bool transposeB, Span<T> c, bool accumulate = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int q = 0; q < batch; q++)
        {
            for (int i = 0; i < m; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    T s = accumulate ? c[(q * m * n) + (i * n) + j] : T.Zero;
                    for (int p = 0; p < k; p++)
                    {
                        s += a[(q * strideA) + (transposeA ? (p * m) + i : (i * k) + p)] * b[(q * strideB) + (transposeB ? (j * k) + p : (p * n) + j)];
                    }

                    c[(q * m * n) + (i * n) + j] = s;
                }
            }
        }
    }
}
