using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff.Kernels;

/// <content>Gates: x times a distribution function of x, and their derivatives. Where the density has vanished they are 0 on the left; on the right x, and 1.</content>
internal static partial class VectorMath
{
    /// <summary>y = x s(x) with the logistic function s.</summary>
    public static void LogisticGate<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => MapOwn<LogisticGateFunction, T>(x, y);

    /// <summary>y = s(x) + x s'(x) with the logistic function s.</summary>
    public static void LogisticGateSlope<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => MapOwn<LogisticGateSlopeFunction, T>(x, y);

    /// <summary>y = x P(x) with the normal distribution function P, in floats: in doubles they have digits to spare for what the tail loses.</summary>
    public static void NormalGate(ReadOnlySpan<float> x, Span<float> y) => Map<NormalGateFunction, float>(x, y);

    /// <summary>y = P(x) + x P'(x) with the normal distribution function P, in floats.</summary>
    public static void NormalGateSlope(ReadOnlySpan<float> x, Span<float> y) => Map<NormalGateSlopeFunction, float>(x, y);

    internal readonly struct LogisticGateFunction : IFloatFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
        {
            V gate = SigmoidFunction.Invoke<V, T>(x);
            return V.Select(V.Equal(gate, V.Create(0.0)), gate, x * gate);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x) where V : struct, IFloatLanes<V>
        {
            V gate = SigmoidFunction.Invoke(x);
            return V.Select(V.Equal(gate, V.Create(0f)), gate, x * gate);
        }
    }

    internal readonly struct LogisticGateSlopeFunction : IFloatFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
        {
            (V zero, V one) = (V.Create(0.0), V.Create(1.0));
            V e = ExpFunction.Invoke<V, T>(-V.Abs(x));
            V sum = one + e;
            V left = V.Less(x, zero);
            V gate = V.Select(left, e, one) / sum;
            return V.Select(V.Equal(e, zero), V.Select(left, zero, one), gate + x * (e / (sum * sum)));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x) where V : struct, IFloatLanes<V>
        {
            (V zero, V one) = (V.Create(0f), V.Create(1f));
            V e = ExpOfNegative(-V.Abs(x));
            V sum = one + e;
            V left = V.Less(x, zero);
            V gate = V.Select(left, e, one) / sum;
            return V.Select(V.Equal(e, zero), V.Select(left, zero, one), gate + x * (e / (sum * sum)));
        }
    }

    internal readonly struct NormalGateFunction : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
            => V.Select(V.Less(x, V.Create(-20.0)), V.Create(0.0), x * NormalDistribution(x, out _));
    }

    internal readonly struct NormalGateSlopeFunction : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
        {
            // From 20 on the density, e^-200 there, is 0 in floats.
            x = V.AtMost(V.AtLeast(x, -20.0), 20.0);
            V distribution = NormalDistribution(x, out V exponential);
            return V.MultiplyAdd(x, V.Create(0.3989422804014327) * exponential, distribution);
        }
    }

    /// <summary>The normal distribution function P of floats, whose square is exact, to 2^-28 of the smaller of P(x) and P(-x); and the e^(-x^2 / 2) that it is made of.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V NormalDistribution<V>(V x, out V exponential) where V : struct, ILanes<V>
    {
        // From 15 on the tail, times any float that it is multiplied by here, is 0 in floats.
        V size = V.AtMost(V.Abs(x), 15.0);
        exponential = ExpOfNegative<V, float>(V.Create(-0.5) * size * size);
        V inverse = V.Create(1.0) / (size + V.Create(3.75));
        V t = V.MultiplyAdd(inverse, V.Create(-7.5), V.Create(1.0));
        // (3.75 + x) e^(x^2 / 2) P(-x) for t = (x - 3.75) / (x + 3.75), by interpolation at Chebyshev's points
        V p = V.Create(-5.796528892324733e-05);
        p = Horner(p, t, -9.577899098966842e-05);
        p = Horner(p, t, 0.00046564845388085633);
        p = Horner(p, t, 0.0005991200855018693);
        p = Horner(p, t, -0.004162170206769191);
        p = Horner(p, t, 0.001170869091341114);
        p = Horner(p, t, 0.03748923120811078);
        p = Horner(p, t, -0.15151711498398987);
        p = Horner(p, t, 0.35293986712534287);
        p = Horner(p, t, -0.5881884107964488);
        p = Horner(p, t, 0.7502940720850636);
        V tail = p * inverse * exponential;
        return V.Select(V.Less(x, V.Create(0.0)), tail, V.Create(1.0) - tail);
    }
}
