using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>Exact scaling by powers of two, which keeps the squares and products inside a decomposition within range.</summary>
internal static class Scaling
{
    /// <summary>
    /// Scales <paramref name="a"/> so that its largest magnitude lies in [1, 2) where it was so large or so small that intermediate results might leave the
    /// range; returns the exponent of the power of two by which the results have to be multiplied, 0 where nothing was done. NaN and infinities stay.
    /// </summary>
    public static int Normalize<T>(Span<T> a)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T largest = Rows.MaxMagnitude<T>(a);
        if (largest == T.Zero || !T.IsFinite(largest))
        {
            return 0;
        }
        int exponent = T.ILogB(largest);
        if (Math.Abs(exponent) <= (typeof(T) == typeof(float) ? 20 : 200))
        {
            return 0;
        }
        Rows.ScaleByPowerOfTwo(a, -exponent);
        return exponent;
    }
}
