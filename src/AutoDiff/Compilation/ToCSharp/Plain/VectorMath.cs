using System.Numerics;

namespace AutoDiff.Plain;

internal static class VectorMath
{
    public static void Multiply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < x.Length; i++)
        {
            z[i] = x[i] * y[i];
        }
    }
#if !SMALL

    public static void Multiply<T>(ReadOnlySpan<T> x, T factor, Span<T> z)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < x.Length; i++)
        {
            z[i] = x[i] * factor;
        }
    }

    public static void Square<T>(ReadOnlySpan<T> x, Span<T> z)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Multiply(x, x, z);

    public static void Negate<T>(ReadOnlySpan<T> x, Span<T> z)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < x.Length; i++)
        {
            z[i] = -x[i];
        }
    }
#endif
}
