using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff.Kernels;

/// <content>The hyperbolic functions and their inverses.</content>
internal static partial class VectorMath
{
    private const double TwoTo60 = 1152921504606846976.0;

    /// <summary>y = sinh x.</summary>
    public static void Sinh<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map<SinhFunction, T>(x, y);

    /// <summary>y = cosh x.</summary>
    public static void Cosh<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map<CoshFunction, T>(x, y);

    /// <summary>y = tanh x.</summary>
    public static void Tanh<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => MapOwn<TanhFunction, T>(x, y);

    /// <summary>y = arsinh x.</summary>
    public static void Asinh<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map<AsinhFunction, T>(x, y);

    /// <summary>y = arcosh x; NaN below 1.</summary>
    public static void Acosh<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map<AcoshFunction, T>(x, y);

    /// <summary>y = artanh x; NaN beyond +-1.</summary>
    public static void Atanh<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map<AtanhFunction, T>(x, y);

    internal readonly struct SinhFunction : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
        {
            HyperbolicParts<V, T>(V.AtMost(V.Abs(x), 711.5), out V n, out V sinh, out _, out _);
            return V.Select(V.Less(V.Abs(x), V.Create(TwoToMinus54)), x, WithSignOf(V.Scale(sinh, n - V.Create(1.0)), x));
        }
    }

    internal readonly struct CoshFunction : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
        {
            HyperbolicParts<V, T>(V.AtMost(V.Abs(x), 711.5), out V n, out _, out V cosh, out _);
            return V.Scale(cosh, n - V.Create(1.0));
        }
    }

    internal readonly struct TanhFunction : IFloatFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
        {
            // From 20 on, 1 - tanh x is below a quarter of the last place of 1.
            HyperbolicParts<V, T>(V.AtMost(V.Abs(x), 20.0), out V n, out V sinh, out V cosh, out V decay);
            // Where it is near one, as one minus the difference.
            V isNearOne = V.Less(V.Create(1.5), n);
            V quotient = V.Select(isNearOne, decay, sinh) / cosh;
            V y = V.Select(isNearOne, V.Create(1.0) - quotient, quotient);
            return V.Select(V.Less(V.Abs(x), V.Create(TwoToMinus54)), x, WithSignOf(y, x));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x) where V : struct, IFloatLanes<V> => OfExp(x, ExpOfNegative(V.Create(-2f) * V.Abs(x)));

        /// <summary>From e = e^(-2|x|).</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V OfExp<V>(V x, V e) where V : struct, IFloatLanes<V>
        {
            V z = x * x;
            // (tanh(x) - x) / x^3 for |x| up to ln(3) / 2, to 2^-29 of tanh x
            V q = V.Create(-0.0062966f);
            q = Horner(q, z, 0.021088714f);
            q = Horner(q, z, -0.05385689f);
            q = Horner(q, z, 0.13332637f);
            q = Horner(q, z, -0.3333332f);
            // Beyond, one minus what is missing, a half at most.
            V a = V.Abs(x);
            V one = V.Create(1f);
            return Signed(V.Select(V.Less(a, V.Create(0.54930615f)), V.Fma(a * z, q, a), one - (e + e) / (one + e)), x);
        }
    }

    internal readonly struct AsinhFunction : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
        {
            // ln(|x| + sqrt(x^2 + 1)), with the 1 split off; from 2^60 on, ln(2 |x|).
            V one = V.Create(1.0);
            V a = V.Abs(x);
            V large = V.Less(V.Create(TwoTo60), a);
            V bounded = V.AtMost(a, TwoTo60);
            V square = bounded * bounded;
            V excess = bounded + square / (one + V.Sqrt(one + square));
            V y = Log1pFunction.Invoke<V, T>(V.Select(large, a, excess)) + (large & V.Create(Ln2));
            return WithSignOf(y, x);
        }
    }

    internal readonly struct AcoshFunction : IUnaryFunction
    {
        public static bool InPairs => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
        {
            V excess = x - V.Create(1.0);
            V large = V.Less(V.Create(TwoTo60), x);
            V bounded = V.AtMost(excess, TwoTo60);
            V root = V.Sqrt(bounded * (bounded + V.Create(2.0)));
            V y = Log1pFunction.Invoke<V, T>(V.Select(large, x, bounded + root)) + (large & V.Create(Ln2));
            return V.Select(V.Less(x, V.Create(1.0)), V.Create(double.NaN), y);
        }
    }

    internal readonly struct AtanhFunction : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
        {
            V a = V.Abs(x);
            V y = V.Create(0.5) * Log1pFunction.Invoke<V, T>((a + a) / (V.Create(1.0) - a));
            return V.Select(V.Less(a, V.Create(TwoToMinus54)), x, WithSignOf(y, x));
        }
    }

    /// <summary>
    /// sinh x = 2^(n-1) sinh, cosh x = 2^(n-1) cosh, for x from 0 on. With x = n ln 2 + r, w = 4^-n and the series S of sinh r and C of cosh r:
    /// sinh x = 2^(n-1) (S (1 + w) + C (1 - w)) and cosh x = 2^(n-1) (C (1 + w) + S (1 - w)), neither of which cancels;
    /// e^-x = 2^(n-1) decay.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void HyperbolicParts<V, T>(V x, out V n, out V sinh, out V cosh, out V decay) where V : struct, ILanes<V>
    {
        V one = V.Create(1.0);
        n = Round(x * V.Create(Log2E), out _);
        V r = ReduceByLn2(x, n);
        V z = r * r;
        // (sinh(r) - r) / r^3
        V s;
        if (typeof(T) == typeof(float))
        {
            s = V.Create(0.00019904961829078988);
            s = Horner(s, z, 0.00833328895151892);
            s = Horner(s, z, 0.1666666675456552);
        }
        else
        {
            s = V.Create(2.510904451265461e-08);
            s = Horner(s, z, 2.7557244182400305e-06);
            s = Horner(s, z, 0.00019841269886158768);
            s = Horner(s, z, 0.008333333333321615);
            s = Horner(s, z, 0.16666666666666677);
        }
        s = V.MultiplyAdd(r * z, s, r);
        // (cosh(r) - 1) / r^2
        V c;
        if (typeof(T) == typeof(float))
        {
            c = V.Create(0.0013946231187749948);
            c = Horner(c, z, 0.04166626704597325);
            c = Horner(c, z, 0.5000000079151081);
        }
        else
        {
            c = V.Create(2.763134851985147e-07);
            c = Horner(c, z, 2.4801489725703663e-05);
            c = Horner(c, z, 0.0013888888947259314);
            c = Horner(c, z, 0.04166666666651429);
            c = Horner(c, z, 0.5000000000000013);
        }
        c *= z;
        V w = Lanes.PowerOfTwo(V.AtLeast(n * V.Create(-2.0), -1000.0));
        V sum = one + w;
        V difference = one - w;
        // C = 1 + c; the large terms, exact or nearly so, come last.
        sinh = difference + V.MultiplyAdd(s, sum, c * difference);
        cosh = sum + V.MultiplyAdd(c, sum, s * difference);
        decay = (w + w) * (one + (c - s));
    }
}
