using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff.Kernels;

/// <content>The inverse trigonometric functions.</content>
internal static partial class VectorMath
{
    private const double PiOver4 = 0.7853981633974483;
    private const double PiOver4Low = 3.061616997868383e-17;
    private const double TanPiOver8 = 0.41421356237309503;

    /// <summary>y = arctan x.</summary>
    public static void Atan<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map<AtanFunction, T>(x, y);

    /// <summary>y = arcsin x; NaN beyond +-1.</summary>
    public static void Asin<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map<AsinFunction, T>(x, y);

    /// <summary>y = arccos x; NaN beyond +-1.</summary>
    public static void Acos<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map<AcosFunction, T>(x, y);

    /// <summary>z = the angle of the point (x, y), in [-pi, pi]; the edges are those of IEEE 754.</summary>
    public static void Atan2<T>(ReadOnlySpan<T> y, ReadOnlySpan<T> x, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map<Atan2Function, T>(y, x, z);

    internal readonly struct AtanFunction : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
        {
            // The arctangent of 2^60 is already pi/2 to the last bit.
            return WithSignOf(FirstQuadrantAngle<V, T>(V.AtMost(V.Abs(x), TwoTo60), V.Create(1.0), V.Create(0.0)), x);
        }
    }

    internal readonly struct Atan2Function : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V y, V x) where V : struct, ILanes<V>
        {
            V zero = V.Create(0.0);
            V one = V.Create(1.0);
            V infinity = V.Create(double.PositiveInfinity);
            V a = V.Abs(y);
            V b = V.Abs(x);
            V huge = V.Less(V.Create(1e250), a) | V.Less(V.Create(1e250), b);
            V tiny = V.Less(a, V.Create(1e-250)) & V.Less(b, V.Create(1e-250));
            if (!V.None(huge | tiny))
            {
                // Infinite points lie on the axes and the diagonals; the origin counts as a point of the x axis.
                V isFar = V.Equal(a, infinity) | V.Equal(b, infinity);
                a = V.Select(isFar, V.Equal(a, infinity) & one, a);
                b = V.Select(isFar, V.Equal(b, infinity) & one, b);
                b = V.Select(V.Equal(a, zero) & V.Equal(b, zero), one, b);
                if (typeof(T) == typeof(double))
                {
                    // Only the ratio counts: keep the sum from overflowing and the reciprocal normal.
                    V scale = V.Select(V.Less(V.Create(1e250), a) | V.Less(V.Create(1e250), b), V.Create(8.636168555094445e-78), one);
                    scale = V.Select(V.Less(a, V.Create(1e-250)) & V.Less(b, V.Create(1e-250)), V.Create(1.157920892373162e77), scale);
                    a *= scale;
                    b *= scale;
                }
            }

            V left = V.TestBit(x, 63);
            V angle = FirstQuadrantAngle<V, T>(a, b, left);
            V isNaN = V.Equal(x, x) & V.Equal(y, y);
            return V.Select(isNaN, WithSignOf(angle, y), x + y);
        }
    }

    internal readonly struct AsinFunction : IUnaryFunction
    {
        public static bool InPairs => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
        {
            V a = V.Abs(x);
            ArcsineParts<V, T>(a, out V large, out V high, out V low);
            // arcsin a = a + low, or pi/2 - 2 arcsin sqrt((1 - a) / 2)
            V y = V.Select(large, PiOver2Minus(high, low), high + low);
            return WithSignOf(y, x);
        }
    }

    internal readonly struct AcosFunction : IUnaryFunction
    {
        public static bool InPairs => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
        {
            ArcsineParts<V, T>(V.Abs(x), out V large, out V high, out V low);
            V negative = V.Less(x, V.Create(0.0));
            V sign = x & V.Create(-0.0);
            // pi/2 - arcsin x in the middle, 2 arcsin sqrt((1 - x) / 2) to the right, pi less that to the left
            V middle = PiOver2Minus(high ^ sign, low ^ sign);
            V pi = V.Create(2.0 * PiOver2);
            V difference = pi - high;
            V mirrored = difference + (pi - difference - high + (V.Create(2.0 * PiOver2Middle) - low));
            return V.Select(large, V.Select(negative, mirrored, high + low), middle);
        }
    }

    /// <summary>The angle of the point (b, a), for a, b from 0 on and not both 0; mirrored at the y axis in the lanes of <paramref name="left"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V FirstQuadrantAngle<V, T>(V a, V b, V left) where V : struct, ILanes<V>
    {
        // Mirror to below the diagonal, and turn by pi/4 what lies above pi/8: the angle is octants * pi/4 +- arctan t.
        V steep = V.Less(b, a);
        V small = V.Select(steep, b, a);
        V large = V.Select(steep, a, b);
        V turned = V.Less(large * V.Create(TanPiOver8), small);
        V difference = small - large;
        V sum = small + large;
        V numerator = V.Select(turned, difference, small);
        V denominator = V.Select(turned, sum, large);
        V t, rest;
        if (typeof(T) == typeof(float))
        {
            t = numerator / denominator;
            rest = V.Create(0.0);
        }
        else
        {
            // t with what it lost: the rounding of the difference, the sum and the quotient.
            V reciprocal = V.Create(1.0) / denominator;
            t = numerator * reciprocal;
            V lost = small - (difference + large) - t * (small - (sum - large));
            rest = reciprocal * (V.Fma(-t, denominator, numerator) + (lost & turned));
        }
        V z = t * t;
        // (arctan(t) - t) / t^3
        V q;
        if (typeof(T) == typeof(float))
        {
            q = V.Create(-0.060832962015627136);
            q = Horner(q, z, 0.10595946565774202);
            q = Horner(q, z, -0.14243842462249512);
            q = Horner(q, z, 0.19998489185941182);
            q = Horner(q, z, -0.33333315503567557);
        }
        else
        {
            q = V.Create(-0.017920849563801036);
            q = Horner(q, z, 0.038077055239618386);
            q = Horner(q, z, -0.05039797450000782);
            q = Horner(q, z, 0.0584799868866272);
            q = Horner(q, z, -0.06663119046451385);
            q = Horner(q, z, 0.07692061526242996);
            q = Horner(q, z, -0.09090897830646771);
            q = Horner(q, z, 0.11111110785952873);
            q = Horner(q, z, -0.14285714280245185);
            q = Horner(q, z, 0.19999999999954055);
            q = Horner(q, z, -0.333333333333332);
        }
        V angle = t + V.MultiplyAdd(t * z, q, rest);
        V octants = V.Create(1.0) & turned;
        V minus = V.Create(-0.0);
        octants = V.Select(steep, V.Create(2.0) - octants, octants);
        angle ^= minus & steep;
        octants = V.Select(left, V.Create(4.0) - octants, octants);
        angle ^= minus & left;
        return V.MultiplyAdd(octants, V.Create(PiOver4), V.MultiplyAdd(octants, V.Create(PiOver4Low), angle));
    }

    /// <summary>high + low = arcsin a up to 1/2, and 2 arcsin sqrt((1 - a) / 2) above, in the lanes of <paramref name="large"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ArcsineParts<V, T>(V a, out V large, out V high, out V low) where V : struct, ILanes<V>
    {
        V half = V.Create(0.5);
        large = V.Less(half, a);
        V z = V.Select(large, V.MultiplyAdd(-half, a, half), a * a);
        V root = V.Sqrt(z);
        V s = V.Select(large, root, a);
        // (arcsin(s) - s) / s^3
        V q;
        if (typeof(T) == typeof(float))
        {
            q = V.Create(0.03756526934697378);
            q = Horner(q, z, 0.014402543633939733);
            q = Horner(q, z, 0.03181762736423327);
            q = Horner(q, z, 0.044515719340971226);
            q = Horner(q, z, 0.07500510911460552);
            q = Horner(q, z, 0.16666659872087225);
        }
        else
        {
            q = V.Create(0.03195960287809948);
            q = Horner(q, z, -0.016295104475992934);
            q = Horner(q, z, 0.019574635573464554);
            q = Horner(q, z, 0.00651055674294003);
            q = Horner(q, z, 0.012173355880765188);
            q = Horner(q, z, 0.01388458538676788);
            q = Horner(q, z, 0.0173597726020145);
            q = Horner(q, z, 0.02237175341071564);
            q = Horner(q, z, 0.030381959336616936);
            q = Horner(q, z, 0.04464285682333284);
            q = Horner(q, z, 0.07500000000343256);
            q = Horner(q, z, 0.1666666666666538);
        }
        V tail = s * z * q;
        if (typeof(T) == typeof(double))
        {
            // What the root lost: (z - root^2) / (2 root).
            V lost = V.Fma(-root, root, z) * (half / root);
            tail += lost & large & V.Less(V.Create(0.0), root);
        }
        V factor = V.Select(large, V.Create(2.0), V.Create(1.0));
        high = s * factor;
        low = tail * factor;
    }

    /// <summary>pi/2 - (high + low), for |high| below pi/2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V PiOver2Minus<V>(V high, V low) where V : struct, ILanes<V>
    {
        V whole = V.Create(PiOver2);
        V difference = whole - high;
        return difference + (whole - difference - high + (V.Create(PiOver2Middle) - low));
    }
}
