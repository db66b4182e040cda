using System.Numerics;

namespace AutoDiff.Plain;

// The lower half of (A + A^T) / 2.
internal static class SymmetricPart
{
    public static void Lower<T>(ReadOnlySpan<T> a, int n, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T half = T.ScaleB(T.One, -1);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                T lower = a[i * n + j], upper = a[j * n + i];
                y[i * n + j] = lower == upper ? lower : (half * lower) + (half * upper);
            }
        }
    }
}
