using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff.Kernels;

/// <content>The exponential function and its relatives.</content>
internal static partial class VectorMath
{
    private const double Log2E = 1.4426950408889634;
    private const double Ln2 = 0.6931471805599453;
    private const double Ln2Low = 2.3190468138462996e-17;

    /// <summary>y = e^x.</summary>
    public static void Exp<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => MapOwn<ExpFunction, T>(x, y);

    /// <summary>y = 2^x.</summary>
    public static void Exp2<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map<Exp2Function, T>(x, y);

    /// <summary>y = e^x - 1, accurate near 0.</summary>
    public static void Expm1<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => MapOwn<Expm1Function, T>(x, y);

    /// <summary>y = 1 / (1 + e^-x).</summary>
    public static void Sigmoid<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => MapOwn<SigmoidFunction, T>(x, y);

    internal readonly struct ExpFunction : IFloatFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
        {
            // Beyond these limits the result is 0 or infinity in any case.
            x = V.AtMost(V.AtLeast(x, -746.0), 710.0);
            V n = Round(x * V.Create(Log2E), out _);
            return V.Scale(V.Create(1.0) + ExpMinusOneReduced<V, T>(ReduceByLn2(x, n)), n);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x) where V : struct, IFloatLanes<V>
        {
            // Beyond these limits the result is 0 or infinity in any case.
            ExpParts(V.AtMost(V.AtLeast(x, -105f), 89f), out V n, out V p);
            return V.Scale(V.Create(1f) + p, n);
        }
    }

    /// <summary>e^x for x up to 0, -infinity and NaN included, to the precision of T.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V ExpOfNegative<V, T>(V x) where V : struct, ILanes<V>
    {
        if (typeof(T) != typeof(float))
        {
            return ExpFunction.Invoke<V, T>(x);
        }

        // What is below is 0 as a float, and above it 2^n (1 + p) is a normal double: n is added to the exponent. A NaN that was a float has no bits so low that they would reach it.
        x = V.AtLeast(x, -700.0);
        V power = Round(x * V.Create(Log2E), out V shifted);
        return V.AddBits(V.Create(1.0) + ExpMinusOneReduced<V, T>(ReduceByLn2(x, power)), V.ShiftLeft(shifted, 52));
    }

    internal readonly struct Exp2Function : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
        {
            x = V.AtMost(V.AtLeast(x, -1076.0), 1025.0);
            V n = Round(x, out _);
            V fraction = x - n;
            V r = fraction * V.Create(Ln2);
            V error = V.Fma(fraction, V.Create(Ln2), -r) + fraction * V.Create(Ln2Low);
            return V.Scale(V.Create(1.0) + (ExpMinusOneReduced<V, T>(r) + error), n);
        }
    }

    internal readonly struct Expm1Function : IFloatFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
        {
            V clamped = V.AtMost(V.AtLeast(x, -50.0), 710.0);
            V n = Round(clamped * V.Create(Log2E), out _);
            V p = ExpMinusOneReduced<V, T>(ReduceByLn2(clamped, n));
            // 2^n (1 + p) - 1, halved so that n = 1024 does not overflow too early.
            V half = Lanes.PowerOfTwo(n - V.Create(1.0));
            V y = V.MultiplyAdd(half, p, half - V.Create(0.5));
            return V.Select(V.Less(V.Abs(x), V.Create(TwoToMinus54)), x, y + y);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x) where V : struct, IFloatLanes<V>
        {
            ExpParts(V.AtMost(V.AtLeast(x, -20f), 89f), out V n, out V p);
            // 2^n (1 + p) - 1, halved so that n = 128 does not overflow too early.
            V half = FloatLanes.PowerOfTwo(n - V.Create(1f));
            V y = V.Fma(half, p, half - V.Create(0.5f));
            return V.Select(V.Less(V.Abs(x), V.Create(2.9802322e-08f)), x, y + y);
        }
    }

    internal readonly struct SigmoidFunction : IFloatFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V> => OfExp<V, T>(x, ExpFunction.Invoke<V, T>(-V.Abs(x)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x) where V : struct, IFloatLanes<V> => OfExp(x, ExpOfNegative(-V.Abs(x)));

        /// <summary>From e = e^(-|x|).</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V OfExp<V, T>(V x, V e) where V : struct, ILanes<V>
        {
            V one = V.Create(1.0);
            return V.Select(V.Less(x, V.Create(0.0)), e, one) / (one + e);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V OfExp<V>(V x, V e) where V : struct, IFloatLanes<V>
        {
            V one = V.Create(1f);
            return V.Select(V.Less(x, V.Create(0f)), e, one) / (one + e);
        }
    }

    /// <summary>x - n ln 2, for n the integer nearest to x / ln 2: the first step is exact, by cancellation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ReduceByLn2<V>(V x, V n) where V : struct, ILanes<V> => V.MultiplyAdd(n, V.Create(-Ln2Low), V.Fma(n, V.Create(-Ln2), x));

    /// <summary>e^r - 1 for |r| up to ln(2) / 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpMinusOneReduced<V, T>(V r) where V : struct, ILanes<V>
    {
        // (e^r - 1 - r) / r^2
        V q;
        if (typeof(T) == typeof(float))
        {
            q = V.Create(0.0013814481647740388);
            q = Horner(q, r, 0.00836871409464711);
            q = Horner(q, r, 0.04166839021426029);
            q = Horner(q, r, 0.16666520652658534);
            q = Horner(q, r, 0.49999993437703594);
        }
        else
        {
            q = V.Create(2.4999819220118453e-08);
            q = Horner(q, r, 2.7630243168120484e-07);
            q = Horner(q, r, 2.755758711908504e-06);
            q = Horner(q, r, 2.4801493113952942e-05);
            q = Horner(q, r, 0.00019841269505785063);
            q = Horner(q, r, 0.0013888888943615002);
            q = Horner(q, r, 0.008333333333494794);
            q = Horner(q, r, 0.04166666666653022);
            q = Horner(q, r, 0.16666666666666413);
            q = Horner(q, r, 0.5000000000000011);
        }
        return V.MultiplyAdd(r * r, q, r);
    }
}
