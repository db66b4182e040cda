using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff.Kernels;

/// <content>The logarithms and what is built on them.</content>
internal static partial class VectorMath
{
    private const long SqrtHalfBits = 0x3FE6A09E667F3BCD;
    private const long OneBits = 0x3FF0000000000000;
    private const long MantissaMask = 0x000FFFFFFFFFFFFF;
    private const double SmallestNormal = 2.2250738585072014e-308;
    private const double TwoTo54 = 18014398509481984.0;
    private const double TwoToMinus54 = 5.551115123125783e-17;

    /// <summary>y = ln x; -infinity at 0, NaN below.</summary>
    public static void Log<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => MapOwn<LogFunction, T>(x, y);

    /// <summary>y = log2 x, exact at powers of two.</summary>
    public static void Log2<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map<Log2Function, T>(x, y);

    /// <summary>y = log10 x.</summary>
    public static void Log10<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map<Log10Function, T>(x, y);

    /// <summary>y = ln(1 + x), accurate near 0.</summary>
    public static void Log1p<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => MapOwn<Log1pFunction, T>(x, y);

    /// <summary>y = ln(1 + e^x): x for large x, e^x for very negative x.</summary>
    public static void Softplus<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => MapOwn<SoftplusFunction, T>(x, y);

    /// <summary>y = ln(1 / (1 + e^-x)) = -softplus(-x).</summary>
    public static void LogSigmoid<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => MapOwn<LogSigmoidFunction, T>(x, y);

    internal readonly struct LogFunction : IFloatFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
        {
            LogParts<V, T>(x, out V k, out V high, out V low);
            V y = V.MultiplyAdd(k, V.Create(Ln2), high + V.MultiplyAdd(k, V.Create(Ln2Low), low));
            return WithLogEdges(x, y);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x) where V : struct, IFloatLanes<V>
        {
            DecomposeAnyFloat(x, out V k, out V m);
            V f = m - V.Create(1f);
            V y = V.Fma(k, V.Create(Ln2Float), f + V.Fma(k, V.Create(Ln2LowFloat), LogRest(f)));
            V zero = V.Create(0f);
            V ordinary = V.Less(zero, x) & V.Less(x, V.Create(float.PositiveInfinity));
            V edge = V.Select(V.Equal(x, zero), V.Create(float.NegativeInfinity), V.Select(V.Less(x, zero), V.Create(float.NaN), x));
            return V.Select(ordinary, y, edge);
        }
    }

    internal readonly struct Log2Function : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
        {
            LogParts<V, T>(x, out V k, out V high, out V low);
            ScaleLog(high, low, 1.4426950408889634, 2.0355273740931033e-17, out V scaled, out V error);
            // |k| is at least |scaled|, or 0: the sum's rounding error is exact.
            V sum = k + scaled;
            return WithLogEdges(x, sum + (k - sum + scaled + error));
        }
    }

    internal readonly struct Log10Function : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
        {
            LogParts<V, T>(x, out V k, out V high, out V low);
            ScaleLog(high, low, 0.4342944819032518, 1.098319650216765e-17, out V scaled, out V error);
            // log10(2) in two parts; the first has 40 bits, so that its product with k is exact.
            V whole = k * V.Create(0.30102999566361177);
            V sum = whole + scaled;
            return WithLogEdges(x, sum + (whole - sum + scaled + V.MultiplyAdd(k, V.Create(3.694239077158931e-13), error)));
        }
    }

    internal readonly struct Log1pFunction : IFloatFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
        {
            V y = LogOfOnePlus<V, T>(x);
            V ordinary = V.Less(V.Create(-1.0), x) & V.Less(x, V.Create(double.PositiveInfinity)) & V.LessOrEqual(V.Create(TwoToMinus54), V.Abs(x));
            V edge = V.Select(V.Equal(x, V.Create(-1.0)), V.Create(double.NegativeInfinity), V.Select(V.Less(x, V.Create(-1.0)), V.Create(double.NaN), x));
            return V.Select(ordinary, y, edge);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x) where V : struct, IFloatLanes<V>
        {
            V one = V.Create(1f);
            DecomposeFloat(one + x, out V k, out V m);
            // f = 2^-k (1 + x) - 1, rounded once; where the power is too small to matter, from what the sum left.
            V power = FloatLanes.PowerOfTwo(-k);
            V f = V.Select(V.Less(V.Create(16777216f), x), m - one, V.Fma(power, x, power - one));
            V y = V.Fma(k, V.Create(Ln2Float), f + V.Fma(k, V.Create(Ln2LowFloat), LogRest(f)));
            V ordinary = V.Less(-one, x) & V.Less(x, V.Create(float.PositiveInfinity)) & V.Less(V.Create(0f), V.Abs(x));
            V edge = V.Select(V.Equal(x, -one), V.Create(float.NegativeInfinity), V.Select(V.Less(x, -one), V.Create(float.NaN), x));
            return V.Select(ordinary, y, edge);
        }
    }

    internal readonly struct SoftplusFunction : IFloatFunction
    {
        public static bool InPairs => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V> => OfExp<V, T>(x, ExpFunction.Invoke<V, T>(-V.Abs(x)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x) where V : struct, IFloatLanes<V> => OfExp(x, ExpOfNegative(-V.Abs(x)));

        /// <summary>From e = e^(-|x|).</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V OfExp<V, T>(V x, V e) where V : struct, ILanes<V>
        {
            V zero = V.Create(0.0);
            return V.Select(V.Less(zero, x), x, zero) + LogOfOnePlusFraction<V, T>(e);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V OfExp<V>(V x, V e) where V : struct, IFloatLanes<V>
        {
            V zero = V.Create(0f);
            return V.Select(V.Less(zero, x), x, zero) + LogOfOnePlusFraction(e);
        }
    }

    internal readonly struct LogSigmoidFunction : IFloatFunction
    {
        public static bool InPairs => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
        {
            V zero = V.Create(0.0);
            return V.Select(V.Less(x, zero), x, zero) - LogOfOnePlusFraction<V, T>(ExpFunction.Invoke<V, T>(-V.Abs(x)));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x) where V : struct, IFloatLanes<V>
        {
            V zero = V.Create(0f);
            return V.Select(V.Less(x, zero), x, zero) - LogOfOnePlusFraction(ExpOfNegative(-V.Abs(x)));
        }
    }

    /// <summary>x = 2^k m with m in [sqrt(1/2), sqrt(2)), for a positive and normal x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Decompose<V>(V x, out V k, out V m) where V : struct, ILanes<V>
    {
        V bits = V.AddBits(x, V.FromBits(OneBits - SqrtHalfBits));
        // The exponent's bits as the low bits of a double of exponent 52: subtracting that double's base leaves k.
        k = (V.ShiftRight(bits, 52) | V.Create(4503599627370496.0)) - V.Create(4503599627370496.0 + 1023.0);
        m = V.AddBits(bits & V.FromBits(MantissaMask), V.FromBits(SqrtHalfBits));
    }

    /// <summary>Likewise, for a subnormal x too.</summary>
    /// <remarks>A mask at the head of a long chain of operations keeps some processors from beginning the next register before this one is done: three to five times the time of the logarithm.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void DecomposeAny<V>(V x, out V k, out V m) where V : struct, ILanes<V>
    {
        V subnormal = V.Less(x, V.Create(SmallestNormal));
        if (V.None(subnormal))
        {
            Decompose(x, out k, out m);
            return;
        }

        Decompose(V.Select(subnormal, x * V.Create(TwoTo54), x), out k, out m);
        k -= V.Create(54.0) & subnormal;
    }

    /// <summary>ln x = k ln 2 + high + low, for a positive, finite x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LogParts<V, T>(V x, out V k, out V high, out V low) where V : struct, ILanes<V>
    {
        if (typeof(T) == typeof(float))
        {
            // A subnormal float is a normal double.
            Decompose(x, out k, out V m);
            LogReduced<V, T>(m - V.Create(1.0), out high, out low);
        }
        else
        {
            DecomposeAny(x, out k, out V m);
            LogReduced<V, T>(m - V.Create(1.0), out high, out low);
        }
    }

    /// <summary>ln(1 + f) = high + low, for 1 + f in [sqrt(1/2), sqrt(2)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LogReduced<V, T>(V f, out V high, out V low) where V : struct, ILanes<V>
    {
        // With s = f / (2 + f): ln(1 + f) = 2 artanh(s) = 2 s + s^3 q(s^2), and 2 s = f - f^2/2 + s f^2/2.
        V s = f / (V.Create(2.0) + f);
        V z = s * s;
        V q;
        if (typeof(T) == typeof(float))
        {
            q = V.Create(0.23582297671594765);
            q = Horner(q, z, 0.285373005875354);
            q = Horner(q, z, 0.40000335323294905);
            q = Horner(q, z, 0.6666666564481709);
        }
        else
        {
            q = V.Create(0.14796062301664803);
            q = Horner(q, z, 0.15314039822991574);
            q = Horner(q, z, 0.18183564725961984);
            q = Horner(q, z, 0.2222219856584091);
            q = Horner(q, z, 0.2857142874245617);
            q = Horner(q, z, 0.3999999999941438);
            q = Horner(q, z, 0.6666666666666734);
        }
        V halfSquare = V.Create(0.5) * f * f;
        high = f - halfSquare;
        low = f - high - halfSquare + s * V.MultiplyAdd(z, q, halfSquare);
    }

    /// <summary>(high + low) * (factor + factorLow) = scaled + error.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ScaleLog<V>(V high, V low, double factor, double factorLow, out V scaled, out V error) where V : struct, ILanes<V>
    {
        V sum = high + low;
        V rest = low - (sum - high);
        scaled = sum * V.Create(factor);
        error = V.Fma(sum, V.Create(factor), -scaled) + V.MultiplyAdd(sum, V.Create(factorLow), rest * V.Create(factor));
    }

    /// <summary>ln(1 + x) for a finite x above -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogOfOnePlus<V, T>(V x) where V : struct, ILanes<V>
    {
        V one = V.Create(1.0);
        V u = one + x;
        Decompose(u, out V k, out V m);
        V unshifted = V.Equal(k, V.Create(0.0));
        // What 1 + x lost in rounding counts by its first order; without a shift, f = x has lost nothing.
        V lost = V.Select(V.Less(V.Create(0.0), k), one - (u - x), x - (u - one));
        V correction = V.Select(unshifted, V.Create(0.0), lost / u);
        LogReduced<V, T>(V.Select(unshifted, x, m - one), out V high, out V low);
        return V.MultiplyAdd(k, V.Create(Ln2), high + (V.MultiplyAdd(k, V.Create(Ln2Low), low) + correction));
    }

    /// <summary>ln(1 + x) for x from 0 to 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogOfOnePlusFraction<V, T>(V x) where V : struct, ILanes<V>
    {
        // Beyond sqrt(2) - 1, ln(1 + x) = ln 2 + ln(1 + f) with f = (x - 1) / 2. The difference is exact from 1/2 on; what it loses below counts by its first order,
        // and 1 / (2 (1 + f)) is near 0.686 there.
        V one = V.Create(1.0);
        V isLarge = V.Less(V.Create(0.41421356237309503), x);
        V difference = x - one;
        V lost = x - (difference + one);
        LogReduced<V, T>(V.Select(isLarge, V.Create(0.5) * difference, x), out V high, out V low);
        return (isLarge & V.Create(Ln2)) + (high + (low + (isLarge & V.MultiplyAdd(lost, V.Create(0.686), V.Create(Ln2Low)))));
    }

    /// <summary>y where x is positive and finite; the logarithm's limits elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V WithLogEdges<V>(V x, V y) where V : struct, ILanes<V>
    {
        V zero = V.Create(0.0);
        V ordinary = V.Less(zero, x) & V.Less(x, V.Create(double.PositiveInfinity));
        V edge = V.Select(V.Equal(x, zero), V.Create(double.NegativeInfinity), V.Select(V.Less(x, zero), V.Create(double.NaN), x));
        return V.Select(ordinary, y, edge);
    }
}
