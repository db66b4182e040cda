using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AutoDiff.Kernels;

/// <content>A cotangent times a local derivative, g · f'(x), in one pass over memory: the derivative is in a register when the product needs it, and rounded as if it were stored.</content>
internal static partial class VectorMath
{
    /// <summary>z = g cos x.</summary>
    public static void TimesCos<T>(ReadOnlySpan<T> g, ReadOnlySpan<T> x, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Times<CosFunction, T>(g, x, z);

    /// <summary>z = -g sin x.</summary>
    public static void TimesNegatedSin<T>(ReadOnlySpan<T> g, ReadOnlySpan<T> x, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Times<NegatedSinFunction, T>(g, x, z);

    /// <summary>z = g / cosh^2 x.</summary>
    public static void TimesSechSquared<T>(ReadOnlySpan<T> g, ReadOnlySpan<T> x, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Times<SechSquaredFunction, T>(g, x, z);

    /// <summary>z = g s(x) s(-x) with the logistic function s.</summary>
    public static void TimesSigmoidSlope<T>(ReadOnlySpan<T> g, ReadOnlySpan<T> x, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Times<SigmoidSlopeFunction, T>(g, x, z);

    /// <summary>z = g s(x) with the logistic function s.</summary>
    public static void TimesSigmoid<T>(ReadOnlySpan<T> g, ReadOnlySpan<T> x, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Times<SigmoidFunction, T>(g, x, z);

    /// <summary>z = g e^x.</summary>
    public static void TimesExp<T>(ReadOnlySpan<T> g, ReadOnlySpan<T> x, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Times<ExpFunction, T>(g, x, z);

    /// <summary>z = 2 g x.</summary>
    public static void TimesTwice<T>(ReadOnlySpan<T> g, ReadOnlySpan<T> x, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Times<TwiceFunction, T>(g, x, z);

    /// <summary>y = 1 / (2 |x|).</summary>
    public static void HalfReciprocal<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => MapOwn<HalfReciprocalFunction, T>(x, y);

    /// <summary>z = g / (2 |y|).</summary>
    public static void TimesHalfReciprocal<T>(ReadOnlySpan<T> g, ReadOnlySpan<T> y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Times<HalfReciprocalFunction, T>(g, y, z);

    /// <summary>z = g / x.</summary>
    public static void TimesReciprocal<T>(ReadOnlySpan<T> g, ReadOnlySpan<T> x, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Times<ReciprocalFunction, T>(g, x, z);

    /// <summary>z = g times the sign of x, which is x itself where that is 0 or NaN.</summary>
    public static void TimesSign<T>(ReadOnlySpan<T> g, ReadOnlySpan<T> x, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Times<SignFunction, T>(g, x, z);

    /// <summary>y = 1 / cosh^2 x = 4 e / (1 + e)^2 with e = e^(-2|x|), the derivative of tanh.</summary>
    public static void SechSquared<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => MapOwn<SechSquaredFunction, T>(x, y);

    /// <summary>y = s(x) s(-x) = e / (1 + e)^2 with e = e^(-|x|), the derivative of the logistic function s.</summary>
    public static void SigmoidSlope<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => MapOwn<SigmoidSlopeFunction, T>(x, y);

    internal readonly struct SechSquaredFunction : IFloatFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
        {
            V e = ExpFunction.Invoke<V, T>(V.Create(-2.0) * V.Abs(x));
            return V.Create(4.0) * e / V.MultiplyAdd(e, e + V.Create(2.0), V.Create(1.0));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x) where V : struct, IFloatLanes<V> => OfExp(ExpOfNegative(V.Create(-2f) * V.Abs(x)));

        /// <summary>From e = e^(-2|x|).</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V OfExp<V>(V e) where V : struct, IFloatLanes<V> => V.Create(4f) * e / V.Fma(e, e + V.Create(2f), V.Create(1f));
    }

    internal readonly struct SigmoidSlopeFunction : IFloatFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V> => OfExp<V, T>(ExpFunction.Invoke<V, T>(-V.Abs(x)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x) where V : struct, IFloatLanes<V> => OfExp(ExpOfNegative(-V.Abs(x)));

        /// <summary>From e = e^(-|x|).</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V OfExp<V, T>(V e) where V : struct, ILanes<V> => e / V.MultiplyAdd(e, e + V.Create(2.0), V.Create(1.0));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V OfExp<V>(V e) where V : struct, IFloatLanes<V> => e / V.Fma(e, e + V.Create(2f), V.Create(1f));
    }

    private readonly struct NegatedSinFunction : IFloatFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V> => -SinFunction.Invoke<V, T>(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x) where V : struct, IFloatLanes<V> => -SinFunction.Invoke(x);
    }

    private readonly struct TwiceFunction : IFloatFunction
    {
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V> => x + x;

        public static V Invoke<V>(V x) where V : struct, IFloatLanes<V> => x + x;
    }

    private readonly struct HalfReciprocalFunction : IFloatFunction
    {
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V> => V.Create(0.5) / V.Abs(x);

        public static V Invoke<V>(V x) where V : struct, IFloatLanes<V> => V.Create(0.5f) / V.Abs(x);
    }

    private readonly struct ReciprocalFunction : IFloatFunction
    {
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V> => V.Create(1.0) / x;

        public static V Invoke<V>(V x) where V : struct, IFloatLanes<V> => V.Create(1f) / x;
    }

    private readonly struct SignFunction : IFloatFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
        {
            V zero = V.Create(0.0);
            return V.Select(V.Less(zero, x), V.Create(1.0), V.Select(V.Less(x, zero), V.Create(-1.0), x));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x) where V : struct, IFloatLanes<V>
        {
            V zero = V.Create(0f);
            return V.Select(V.Less(zero, x), V.Create(1f), V.Select(V.Less(x, zero), V.Create(-1f), x));
        }
    }

    /// <summary>g F(x) as a function of two variables.</summary>
    private readonly struct ProductWith<F> : IBinaryFunction where F : struct, IFloatFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x, V y) where V : struct, ILanes<V> => x * F.Invoke<V, T>(y);
    }

    /// <summary>z = g F(x), element by element, with the widest registers of this machine, and on several threads where the spans are long.</summary>
    private static void Times<F, T>(ReadOnlySpan<T> g, ReadOnlySpan<T> x, Span<T> z)
        where F : struct, IFloatFunction
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(x.Length, g.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(z.Length, g.Length);
        if (typeof(T) != typeof(float) || !FloatLanes.IsSupported)
        {
            Map<ProductWith<F>, T>(g, x, z);
            return;
        }

        if (Chunks.IsLong(g.Length, Chunks.LongForFunctions))
        {
            Chunks.Run(Times<F, T>, g, x, z, Chunks.LongForFunctions);
            return;
        }

        ReadOnlySpan<float> first = MemoryMarshal.Cast<T, float>(g), second = MemoryMarshal.Cast<T, float>(x);
        Span<float> destination = MemoryMarshal.Cast<T, float>(z);
        if (Vector512.IsHardwareAccelerated)
        {
            TimesFloats<F, FloatLanes512>(first, second, destination);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            TimesFloats<F, FloatLanes256>(first, second, destination);
        }
        else
        {
            TimesFloats<F, FloatLanes128>(first, second, destination);
        }
    }

    /// <summary>z = g F(x) with registers of the given width; the last, incomplete registers are padded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void TimesFloats<F, V>(ReadOnlySpan<float> g, ReadOnlySpan<float> x, Span<float> z)
        where F : struct, IFloatFunction
        where V : struct, IFloatLanes<V>
    {
        ref float first = ref MemoryMarshal.GetReference(g);
        ref float second = ref MemoryMarshal.GetReference(x);
        ref float destination = ref MemoryMarshal.GetReference(z);
        int whole = g.Length - g.Length % V.Count;
        for (int i = 0; i < whole; i += V.Count)
        {
            V.Store(V.Load(in Unsafe.Add(ref first, i)) * F.Invoke(V.Load(in Unsafe.Add(ref second, i))), ref Unsafe.Add(ref destination, i));
        }

        if (whole < g.Length)
        {
            Padded<float> firstPad = default, secondPad = default;
            Span<float> rest = ((Span<float>)firstPad)[..V.Count], otherRest = ((Span<float>)secondPad)[..V.Count];
            g[whole..].CopyTo(rest);
            x[whole..].CopyTo(otherRest);
            TimesFloats<F, V>(rest, otherRest, rest);
            rest[..(g.Length - whole)].CopyTo(z[whole..]);
        }
    }
}
