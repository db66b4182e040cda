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
        {
            V twice = ErfcFunction.Invoke<V, T>(x * V.Create(-RootOfHalf));
            return V.Select(V.Less(x, V.Create(-20.0)), V.Create(0.0), V.Create(0.5) * x * twice);
        }
    }

    internal readonly struct NormalGateSlopeFunction : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
        {
            // From 20 on the density, e^-200 there, is 0 in floats.
            x = V.AtMost(V.AtLeast(x, -20.0), 20.0);
            V half = V.Create(0.5);
            V density = V.Create(0.3989422804014327) * ExpFunction.Invoke<V, T>(-half * x * x);
            return V.MultiplyAdd(x, density, half * ErfcFunction.Invoke<V, T>(x * V.Create(-RootOfHalf)));
        }
    }

    private const double RootOfHalf = 0.7071067811865476;
}
