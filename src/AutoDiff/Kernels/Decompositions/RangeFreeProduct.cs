using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>
/// A product mantissa · 2^exponent of many factors, whose intermediate values neither overflow nor underflow. A finite mantissa is zero or of magnitude 1
/// to 2^60, so that the product of two of them stays within range for float too.
/// </summary>
internal readonly struct RangeFreeProduct<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Guard = 60;

    public RangeFreeProduct(T value)
    {
        bool scalable = value != T.Zero && T.IsFinite(value);
        Exponent = scalable ? T.ILogB(value) : 0;
        Mantissa = scalable ? T.ScaleB(value, -Exponent) : value;
    }

    private RangeFreeProduct(T mantissa, int exponent)
    {
        Mantissa = mantissa;
        Exponent = exponent;
    }

    public static RangeFreeProduct<T> One { get; } = new(T.One, 0);

    public T Mantissa { get; }

    public int Exponent { get; }

    public static RangeFreeProduct<T> operator *(RangeFreeProduct<T> x, RangeFreeProduct<T> y)
    {
        T mantissa = x.Mantissa * y.Mantissa;
        int exponent = x.Exponent + y.Exponent;
        return T.Abs(mantissa) > T.CreateTruncating(1L << Guard)
            ? new(mantissa / T.CreateTruncating(1L << Guard), exponent + Guard)
            : new(mantissa, exponent);
    }

    /// <summary>The product divided by 2^<paramref name="exponent"/>, as a plain number.</summary>
    public T Value(int exponent = 0) => T.ScaleB(Mantissa, Exponent - exponent);
}
