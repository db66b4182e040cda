using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff.Kernels;

/// <summary>The symmetric part of a square matrix, (A + A^T) / 2.</summary>
internal static class SymmetricPart
{
    private const int Tile = 32;

    /// <summary>Fills <paramref name="y"/> (n×n) with its lower half: the same numbers as in <paramref name="a"/>, bit by bit, where A is symmetric. The rest of y stays as it was.</summary>
    [SkipLocalsInit]
    public static unsafe void Lower<T>(ReadOnlySpan<T> a, int n, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // By tiles: half of what is read lies along columns.
        T* mirrored = stackalloc T[Tile * Tile];
        fixed (T* source = a[..(n * n)], target = y[..(n * n)])
        {
            for (int first = 0; first < n; first += Tile)
            {
                int rows = Math.Min(Tile, n - first);
                for (int left = 0; left <= first; left += Tile)
                {
                    int columns = Math.Min(Tile, n - left);
                    TransposedCopy.Run(source + ((nint)left * n) + first, n, columns, rows, mirrored, Tile);
                    for (int i = 0; i < rows; i++)
                    {
                        nint at = ((nint)(first + i) * n) + left;
                        Mean(source + at, mirrored + (i * Tile), target + at, Math.Min(columns, first + i + 1 - left));
                    }
                }
            }
        }
    }

    private static unsafe void Mean<T>(T* lower, T* upper, T* y, int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T half = T.ScaleB(T.One, -1);
        Vector<T> halves = new(half);
        int j = 0;
        for (; j <= length - Vector<T>.Count; j += Vector<T>.Count)
        {
            (Vector<T> a, Vector<T> b) = (Vector.Load(lower + j), Vector.Load(upper + j));
            Vector.ConditionalSelect(Vector.Equals(a, b), a, (halves * a) + (halves * b)).Store(y + j);
        }

        for (; j < length; j++)
        {
            y[j] = lower[j] == upper[j] ? lower[j] : (half * lower[j]) + (half * upper[j]);
        }
    }
}
