using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>
/// The Fréchet derivative of a matrix function from the function itself: f([A E; 0 A]) = [f(A) L(A, E); 0 f(A)]
/// (Higham, "Functions of Matrices", 2008, section 3.2).
/// </summary>
internal static class BlockFunction
{
    /// <summary>
    /// Fills <paramref name="block"/> (2n×2n) with [A 2^-k E; 0 A] and returns k. L is linear in E: scaled to the size of A (but clear of subnormal
    /// numbers), it can neither hide A nor be lost beside it.
    /// </summary>
    public static int Fill<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> e, int n, Span<T> block)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T normA = Rows.OneNorm(a, n, n), normE = Rows.OneNorm(e, n, n);
        bool scalable = normA > T.Zero && normE > T.Zero && T.IsFinite(normA) && T.IsFinite(normE);
        int lowest = T.ILogB(Rows.SmallestNormal<T>()) + 60;
        int exponent = scalable ? T.ILogB(normE) - Math.Max(T.ILogB(normA), lowest) : 0;
        block.Clear();
        for (int i = 0; i < n; i++)
        {
            Span<T> upper = block.Slice(i * 2 * n, 2 * n), lower = block.Slice((n + i) * 2 * n, 2 * n);
            a.Slice(i * n, n).CopyTo(upper);
            e.Slice(i * n, n).CopyTo(upper[n..]);
            a.Slice(i * n, n).CopyTo(lower[n..]);
            Rows.ScaleByPowerOfTwo(upper[n..], -exponent);
        }
        return exponent;
    }

    /// <summary>result (n×n) := 2^exponent times the upper right block.</summary>
    public static void Extract<T>(ReadOnlySpan<T> block, int n, int exponent, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < n; i++)
        {
            block.Slice(i * 2 * n + n, n).CopyTo(result.Slice(i * n, n));
        }
        Rows.ScaleByPowerOfTwo(result[..(n * n)], exponent);
    }
}
