using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff.Kernels;

/// <content>Powers and roots.</content>
internal static partial class VectorMath
{
    /// <summary>y = the real cube root of x.</summary>
    public static void Cbrt<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map<CbrtFunction, T>(x, y);

    /// <summary>z = x^y, element by element; the edges are those of IEEE 754's pow.</summary>
    public static void Pow<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map<PowFunction, T>(x, y, z);

    /// <summary>z = x^y for one exponent; small integers and 1/2 take a shorter way, at least as accurate.</summary>
    public static void Pow<T>(ReadOnlySpan<T> x, T y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (double.CreateTruncating(y))
        {
            case 0.0:
                z.Fill(T.One);
                break;
            case 1.0:
                x.CopyTo(z);
                break;
            case 2.0:
                Square(x, z);
                break;
            case 3.0:
                Map<CubeFunction, T>(x, z);
                break;
            case -1.0:
                Reciprocal(x, z);
                break;
            case 0.5:
                Map<HalfPowerFunction, T>(x, z);
                break;
            default:
                Map<PowFunction, T>(x, y, z);
                break;
        }
    }

    /// <summary>
    /// z = x^(y - k) for k = 1, 2, ...: one is taken from the exponent as often as that is exact, and x divides the power as often as it is not. Where x is far from 1, a difference that is rounded
    /// changes the power by many roundings.
    /// </summary>
    public static void ReducedPow<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, int k, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Chunks.IsLong(x.Length, Chunks.LongForFunctions))
        {
            RunLong(x, y, k, z);
            return;
        }

        const int Block = 128;
        Span<T> powers = stackalloc T[Block];
        Span<int> divisions = stackalloc int[Block];
        for (int start = 0; start < x.Length; start += Block)
        {
            int count = Math.Min(Block, x.Length - start);
            ReadOnlySpan<T> bases = x.Slice(start, count);
            for (int i = 0; i < count; i++)
            {
                (powers[i], divisions[i]) = Reduce(y[start + i], k, bases[i] > T.Zero && T.IsFinite(bases[i]));
            }

            Pow(bases, powers[..count], powers[..count]);
            for (int i = 0; i < count; i++)
            {
                T power = powers[i];
                for (int j = divisions[i]; j > 0; j--)
                {
                    power /= bases[i];
                }

                z[start + i] = power;
            }
        }
    }

    private static void RunLong<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, int k, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Chunks.Run((x, y, z) => ReducedPow(x, y, k, z), x, y, z, Chunks.LongForFunctions);

    /// <summary>y minus k, or as much of it as is exact, and what is left of k.</summary>
    private static (T Exponent, int Left) Reduce<T>(T y, int k, bool mayDivide) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!mayDivide)
        {
            return (y - T.CreateChecked(k), 0);
        }

        // The difference is exact where adding one gives y again: what is below 1/2 has digits that a number beyond it does not.
        for (; k > 0 && (y - T.One + T.One == y || !T.IsFinite(y)); k--)
        {
            y -= T.One;
        }

        return (y, k);
    }

    internal readonly struct CbrtFunction : IUnaryFunction
    {
        public static bool InPairs => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
        {
            V a = V.Abs(x);
            V subnormal = V.Less(a, V.Create(SmallestNormal));
            V bits = V.None(subnormal) ? a : V.Select(subnormal, a * V.Create(TwoTo54), a);
            V k = (V.ShiftRight(bits, 52) | V.Create(4503599627370496.0)) - V.Create(4503599627370496.0 + 1023.0);
            V m = (bits & V.FromBits(MantissaMask)) | V.FromBits(OneBits);

            // k = 3 q + remainder
            V third = V.Create(1.0 / 3.0);
            V q = Round(V.MultiplyAdd(k, third, -third), out _);
            V remainder = V.MultiplyAdd(V.Create(-3.0), q, k);
            V isOne = V.Equal(remainder, V.Create(1.0));
            V isTwo = V.Equal(remainder, V.Create(2.0));
            V one = V.Create(1.0);
            V root = V.Select(isTwo, V.Create(1.5874010519681996), V.Select(isOne, V.Create(1.2599210498948732), one));
            m *= V.Select(isTwo, V.Create(4.0), V.Select(isOne, V.Create(2.0), one));
            V fraction = (bits & V.FromBits(MantissaMask)) | V.FromBits(OneBits);

            // the cube root on [1, 2], to 1.2e-6
            V p;
            p = V.Create(0.005348287625190433);
            p = Horner(p, fraction, -0.050384521667614424);
            p = Horner(p, fraction, 0.2027710527365093);
            p = Horner(p, fraction, -0.4692194024289012);
            p = Horner(p, fraction, 0.8381531162831928);
            p = Horner(p, fraction, 0.47333269969556724);
            p *= root;

            // One step of Halley's iteration, which cubes the error; the residual m - p^3 in doubled precision.
            V square = p * p;
            V cube = square * p;
            V cubeLow = V.Fma(square, p, -cube) + V.Fma(p, p, -square) * p;
            V y = p + p * (m - cube - cubeLow) / (cube + cube + m);

            y *= Lanes.PowerOfTwo(q - (V.Create(18.0) & subnormal));
            V ordinary = V.Less(V.Create(0.0), a) & V.Less(a, V.Create(double.PositiveInfinity));
            return V.Select(ordinary, WithSignOf(y, x), x);
        }
    }

    internal readonly struct PowFunction : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x, V y) where V : struct, ILanes<V>
        {
            V zero = V.Create(0.0);
            V one = V.Create(1.0);
            V infinity = V.Create(double.PositiveInfinity);
            V a = V.Abs(x);

            LogWithLowPart<V, T>(a, out V log, out V logLow);
            V ordinary = V.Less(zero, a) & V.Less(a, infinity);
            V all = V.FromBits(-1);
            if (!V.None(ordinary ^ all))
            {
                log = V.Select(V.Equal(a, zero), V.Create(double.NegativeInfinity), V.Select(V.Less(a, infinity), log, a));
            }

            V exponent = y * log;
            V exponentLow = V.Fma(y, log, -exponent) + y * logLow;
            // Far beyond the range the low part is meaningless, and with infinities NaN.
            V meaningful = V.Less(V.Abs(exponent), V.Create(1000.0)) & ordinary;
            if (!V.None(meaningful ^ all))
            {
                exponentLow &= meaningful;
            }

            exponent = V.AtMost(V.AtLeast(exponent, -750.0), 710.0);
            V n = Round(exponent * V.Create(Log2E), out _);
            V r = ReduceByLn2(exponent, n) + exponentLow;
            V power = V.Scale(one + ExpMinusOneReduced<V, T>(r), n);

            // Signs, and the edges of IEEE 754: a negative base needs an integer exponent, 1^y = x^0 = 1 even for NaN, (-1)^+-infinity = 1.
            V truncated = V.Truncate(y);
            V half = V.Create(0.5) * y;
            V isInteger = V.Equal(truncated, y);
            V isEven = V.Equal(V.Truncate(half), half);
            power = V.Select(isInteger, V.Select(isEven, power, power | (x & V.Create(-0.0))), power);
            V invalid = V.Less(x, zero) & V.Less(a, infinity) & V.Less(V.Abs(y), infinity);
            power = V.Select(invalid, V.Select(isInteger, power, V.Create(double.NaN)), power);
            V isOne = V.Equal(x, one) | V.Equal(y, zero) | (V.Equal(a, one) & V.Equal(V.Abs(y), infinity));
            return V.Select(isOne, one, power);
        }
    }

    private readonly struct CubeFunction : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V> => x * x * x;
    }

    private readonly struct HalfPowerFunction : IUnaryFunction
    {
        // Unlike the square root's, the edges are (-0)^(1/2) = 0 and (-infinity)^(1/2) = infinity.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
            => V.Sqrt(V.Select(V.Equal(x, V.Create(double.NegativeInfinity)), -x, x + V.Create(0.0)));
    }

    /// <summary>
    /// ln x = high + low for a positive, finite x, to 2^-65 in double: the exponential of its multiples loses as many bits as the exponent has.
    /// With s = f / (2 + f), ln(1 + f) = 2 s + 2/3 s^3 + s^5 q(s^2), the first two terms in doubled precision.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LogWithLowPart<V, T>(V x, out V high, out V low) where V : struct, ILanes<V>
    {
        if (typeof(T) == typeof(float))
        {
            LogParts<V, T>(x, out V power, out V h, out V l);
            high = V.MultiplyAdd(power, V.Create(Ln2), h + l);
            low = V.Create(0.0);
            return;
        }

        DecomposeAny(x, out V k, out V m);
        V one = V.Create(1.0);
        V f = m - one;
        V sum = m + one;
        V sumLow = m - (sum - one);
        V s = f / sum;
        // The remainder of the division, times 1 / (2 + f) = (1 - s) / 2.
        V sLow = (V.Fma(-s, sum, f) - s * sumLow) * V.MultiplyAdd(V.Create(-0.5), s, V.Create(0.5));
        V z = s * s;
        V zLow = V.Fma(s, s, -z) + V.Create(2.0) * s * sLow;
        V cube = z * s;
        V cubeLow = V.Fma(z, s, -cube) + V.MultiplyAdd(z, sLow, zLow * s);
        V twoThirds = V.Create(0.6666666666666666);
        V third = twoThirds * cube;
        V thirdLow = V.Fma(twoThirds, cube, -third) + V.MultiplyAdd(twoThirds, cubeLow, V.Create(3.700743415417188e-17) * cube);
        // (ln((1 + s) / (1 - s)) - 2 s - 2/3 s^3) / s^5
        V q;
        q = V.Create(0.1319635383611494);
        q = Horner(q, z, 0.1325681482562792);
        q = Horner(q, z, 0.15386757464845896);
        q = Horner(q, z, 0.18181784364100967);
        q = Horner(q, z, 0.2222222251995743);
        q = Horner(q, z, 0.285714285700994);
        q = Horner(q, z, 0.40000000000002256);
        V twice = s + s;
        V reduced = twice + third;
        V reducedLow = twice - reduced + third + (V.Create(2.0) * sLow + V.MultiplyAdd(cube * z, q, thirdLow));

        // ln 2 in two parts; the first has 40 bits, so that its product with k is exact.
        V whole = k * V.Create(0.6931471805592082);
        V total = whole + reduced;
        V totalLow = whole - total + reduced + V.MultiplyAdd(k, V.Create(7.371002565167799e-13), reducedLow);
        high = total + totalLow;
        low = total - high + totalLow;
    }
}
