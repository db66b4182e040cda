using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff.Kernels;

/// <content>Sine, cosine and tangent.</content>
internal static partial class VectorMath
{
    private const double TwoOverPi = 0.6366197723675814;
    private const double PiOver2 = 1.5707963267948966;
    private const double PiOver2Middle = 6.123233995736766e-17;
    private const double PiOver2Low = -1.4973849048591698e-33;

    /// <summary>Beyond this, System.Math reduces the argument, lane by lane.</summary>
    internal const double ReductionLimit = 1073741824.0;

    /// <summary>Beyond this, floats are computed in doubles.</summary>
    private const float FloatReductionLimit = 131072f;

    /// <summary>y = sin x; NaN at +-infinity.</summary>
    public static void Sin<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => MapOwn<SinFunction, T>(x, y);

    /// <summary>y = cos x; NaN at +-infinity.</summary>
    public static void Cos<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => MapOwn<CosFunction, T>(x, y);

    /// <summary>y = tan x; NaN at +-infinity.</summary>
    public static void Tan<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map<TanFunction, T>(x, y);

    internal readonly struct SinFunction : IFloatFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
        {
            QuarterTurns<V, T>(x, out V quadrant, out V sin, out V cos);
            return WithFar<V, FarSin>(x, SinOf(quadrant, sin, cos));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x) where V : struct, IFloatLanes<V>
        {
            QuarterTurns(x, out V quadrant, out V sin, out V cos);
            return WithFarFloats<V, SinFunction>(x, SinOfFloats(quadrant, sin, cos));
        }
    }

    internal readonly struct CosFunction : IFloatFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
        {
            QuarterTurns<V, T>(x, out V quadrant, out V sin, out V cos);
            return WithFar<V, FarCos>(x, SinOf(V.AddBits(quadrant, V.FromBits(1)), sin, cos));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x) where V : struct, IFloatLanes<V>
        {
            QuarterTurns(x, out V quadrant, out V sin, out V cos);
            return WithFarFloats<V, CosFunction>(x, SinOfFloats(V.AddBits(quadrant, V.FromBits(1)), sin, cos));
        }
    }

    /// <summary>Both, by one reduction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SinAndCos<V, T>(V x, out V sin, out V cos) where V : struct, ILanes<V>
    {
        QuarterTurns<V, T>(x, out V quadrant, out V s, out V c);
        sin = WithFar<V, FarSin>(x, SinOf(quadrant, s, c));
        cos = WithFar<V, FarCos>(x, SinOf(V.AddBits(quadrant, V.FromBits(1)), s, c));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SinAndCos<V>(V x, out V sin, out V cos) where V : struct, IFloatLanes<V>
    {
        QuarterTurns(x, out V quadrant, out V s, out V c);
        sin = WithFarFloats<V, SinFunction>(x, SinOfFloats(quadrant, s, c));
        cos = WithFarFloats<V, CosFunction>(x, SinOfFloats(V.AddBits(quadrant, V.FromBits(1)), s, c));
    }

    /// <summary>The sine of an angle that is so many quarter turns and a rest beyond. The cosine is the sine a quarter turn further on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SinOf<V>(V quadrant, V sin, V cos) where V : struct, ILanes<V> => V.Select(V.TestBit(quadrant, 0), cos, sin) ^ (V.ShiftLeft(quadrant, 62) & V.Create(-0.0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SinOfFloats<V>(V quadrant, V sin, V cos) where V : struct, IFloatLanes<V> =>
        V.Select(V.TestBit(quadrant, 0), cos, sin) ^ (V.ShiftLeft(quadrant, 30) & V.Create(-0f));

    /// <summary>y, and F(x) where x is too large for the reduction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V WithFar<V, F>(V x, V y)
        where V : struct, ILanes<V>
        where F : struct, IScalarFunction
    {
        V far = IsBeyondReduction(x);
        return V.Any(far) ? PerLane<V, F>(far, x, y) : y;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V WithFarFloats<V, F>(V x, V y)
        where V : struct, IFloatLanes<V>
        where F : struct, IUnaryFunction
    {
        V far = V.Less(V.Create(FloatReductionLimit), V.Abs(x));
        return V.Any(far) ? ThroughDoubles<V, F>(far, x, y) : y;
    }

    internal readonly struct TanFunction : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
        {
            QuarterTurns<V, T>(x, out V quadrant, out V sin, out V cos);
            V odd = V.TestBit(quadrant, 0);
            V y = V.Select(odd, -cos, sin) / V.Select(odd, sin, cos);
            return WithFar<V, FarTan>(x, y);
        }
    }

    /// <summary>
    /// x = n pi/2 + r with |r| up to pi/4, the sine and cosine of r, and n modulo 4 in the low bits of <paramref name="quadrant"/>.
    /// Reduction in the manner of Cody and Waite: the three parts of pi/2 have 53 bits each, and the fused products lose none that matter.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void QuarterTurns<V, T>(V x, out V quadrant, out V sin, out V cos) where V : struct, ILanes<V>
    {
        V n = Round(x * V.Create(TwoOverPi), out quadrant);
        // Exact: it is a multiple of 2^-53 below 1.
        V near = V.Fma(-n, V.Create(PiOver2), x);
        V shift = n * V.Create(PiOver2Middle);
        V r = near - shift;
        V z = r * r;
        // (sin(r) - r) / r^3
        V s;
        if (typeof(T) == typeof(float))
        {
            s = V.Create(-0.00019517230857579688);
            s = Horner(s, z, 0.008332177620706586);
            s = Horner(s, z, -0.16666654934840616);
        }
        else
        {
            s = V.Create(1.589679865678471e-10);
            s = Horner(s, z, -2.5050758163182647e-08);
            s = Horner(s, z, 2.7557313692196665e-06);
            s = Horner(s, z, -0.0001984126982980852);
            s = Horner(s, z, 0.008333333333322415);
            s = Horner(s, z, -0.16666666666666632);
        }
        // (cos(r) - 1 + r^2/2) / r^4
        V c;
        if (typeof(T) == typeof(float))
        {
            c = V.Create(2.4433140896123803e-05);
            c = Horner(c, z, -0.0013887316182010197);
            c = Horner(c, z, 0.041666645683275653);
        }
        else
        {
            c = V.Create(-1.1358518244900432e-11);
            c = Horner(c, z, 2.087570050449947e-09);
            c = Horner(c, z, -2.7557314176942947e-07);
            c = Horner(c, z, 2.4801587288844064e-05);
            c = Horner(c, z, -0.0013888888888873045);
            c = Horner(c, z, 0.041666666666666595);
        }
        V one = V.Create(1.0);
        V halfSquare = V.Create(0.5) * z;
        cos = one - halfSquare;
        if (typeof(T) == typeof(float))
        {
            sin = V.MultiplyAdd(r * z, s, r);
            cos = V.MultiplyAdd(z * z, c, cos);
        }
        else
        {
            // What r lost enters by its first order, d sin = cos dr and d cos = -sin dr; so does what cos lost.
            V shiftLow = V.Fma(n, V.Create(PiOver2Middle), -shift) + n * V.Create(PiOver2Low);
            V rest = near - r - shift - shiftLow;
            sin = r + V.MultiplyAdd(r * z, s, rest * cos);
            cos += one - cos - halfSquare + V.MultiplyAdd(z * z, c, -(r * rest));
        }
        // Keeps the sign of zero, which the sums above lose.
        sin = V.Select(V.Equal(r, V.Create(0.0)), x, sin);
    }

    /// <summary>
    /// x = n pi/2 + r with |r| up to pi/4, the sine and cosine of r, and n modulo 4 in the low bits of <paramref name="quadrant"/>, for |x| up to <see cref="FloatReductionLimit"/>:
    /// the first of the three parts of pi/2 leaves an exact difference, a multiple of 2^-24 below 1.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void QuarterTurns<V>(V x, out V quadrant, out V sin, out V cos) where V : struct, IFloatLanes<V>
    {
        quadrant = V.Fma(x, V.Create(0.63661975f), V.Create(FloatLanes.Magic));
        V n = quadrant - V.Create(FloatLanes.Magic);
        V r = V.Fma(n, V.Create(-1.5707964f), x);
        r = V.Fma(n, V.Create(4.371139e-08f), r);
        r = V.Fma(n, V.Create(1.7151245e-15f), r);
        V z = r * r;
        // (sin(r) - r) / r^3
        V s = V.Create(-0.00019506847f);
        s = Horner(s, z, 0.008332102f);
        s = Horner(s, z, -0.16666654f);
        // Keeps the sign of zero, which the sums above lose.
        sin = V.Select(V.Equal(r, V.Create(0f)), x, V.Fma(r * z, s, r));
        // (cos(r) - 1 + r^2/2) / r^4
        V c = V.Create(2.4430085e-05f);
        c = Horner(c, z, -0.0013887298f);
        c = Horner(c, z, 0.041666646f);
        cos = V.Fma(z * z, c, V.Fma(z, V.Create(-0.5f), V.Create(1f)));
    }

    /// <summary>F(x), computed in doubles, in the lanes of the mask, y in the others.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static V ThroughDoubles<V, F>(V mask, V x, V y)
        where V : struct, IFloatLanes<V>
        where F : struct, IUnaryFunction
    {
        Padded<float> values = default;
        V.Store(x, ref values[0]);
        Map<F, float>(values, values);
        return V.Select(mask, V.Load(in values[0]), y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V IsBeyondReduction<V>(V x) where V : struct, ILanes<V> => V.Less(V.Create(ReductionLimit), V.Abs(x));

    /// <summary>A function of one number, for arguments too rare to deserve vector code.</summary>
    private interface IScalarFunction
    {
        static abstract double Invoke(double x);
    }

    private readonly struct FarSin : IScalarFunction
    {
        public static double Invoke(double x) => Math.Sin(x);
    }

    private readonly struct FarCos : IScalarFunction
    {
        public static double Invoke(double x) => Math.Cos(x);
    }

    private readonly struct FarTan : IScalarFunction
    {
        public static double Invoke(double x) => Math.Tan(x);
    }

    /// <summary>F(x) in the lanes of the mask, y in the others.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static V PerLane<V, F>(V mask, V x, V y)
        where V : struct, ILanes<V>
        where F : struct, IScalarFunction
    {
        Padded<double> values = default;
        V.Store(x, ref values[0]);
        for (int i = 0; i < V.Count; i++)
        {
            values[i] = F.Invoke(values[i]);
        }
        return V.Select(mask, V.Load(in values[0]), y);
    }
}
