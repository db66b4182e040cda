using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AutoDiff.Kernels;

/// <summary>A function and its derivative, which have a good part of their work in common, with the bits that each has by itself.</summary>
internal interface IFunctionWithSlope
{
    /// <summary>The function's values at x and its slope there, to the precision of T.</summary>
    static abstract void Invoke<V, T>(V x, out V y, out V slope) where V : struct, ILanes<V>;

    /// <summary>Likewise in floats throughout.</summary>
    static abstract void Invoke<V>(V x, out V y, out V slope) where V : struct, IFloatLanes<V>;
}

/// <content>Functions together with their derivatives, for programs that need both.</content>
internal static partial class VectorMath
{
    /// <summary>
    /// Whether a product with a slope that was stored has the bits of the product in one pass (<see cref="TimesCos"/> and its like): machines without fused multiply-add take those of floats through doubles.
    /// </summary>
    public static bool HasSlopes<T>() where T : unmanaged => typeof(T) == typeof(double) || FloatLanes.IsSupported;

    /// <summary>y = sin x and its slope cos x.</summary>
    public static void SinWithSlope<T>(ReadOnlySpan<T> x, Span<T> y, Span<T> slope) where T : unmanaged => WithSlope<SinWithCos, T>(x, y, slope);

    /// <summary>y = cos x and its slope -sin x.</summary>
    public static void CosWithSlope<T>(ReadOnlySpan<T> x, Span<T> y, Span<T> slope) where T : unmanaged => WithSlope<CosWithNegatedSin, T>(x, y, slope);

    /// <summary>y = tanh x and its slope 1 / cosh^2 x.</summary>
    public static void TanhWithSlope<T>(ReadOnlySpan<T> x, Span<T> y, Span<T> slope) where T : unmanaged => WithSlope<TanhWithSechSquared, T>(x, y, slope);

    /// <summary>The logistic function y = s(x) and its slope s(x) s(-x).</summary>
    public static void SigmoidWithSlope<T>(ReadOnlySpan<T> x, Span<T> y, Span<T> slope) where T : unmanaged => WithSlope<SigmoidWithItsSlope, T>(x, y, slope);

    /// <summary>y = log(1 + e^x) and its slope s(x).</summary>
    public static void SoftplusWithSlope<T>(ReadOnlySpan<T> x, Span<T> y, Span<T> slope) where T : unmanaged => WithSlope<SoftplusWithSigmoid, T>(x, y, slope);

    private readonly struct SinWithCos : IFunctionWithSlope
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Invoke<V, T>(V x, out V y, out V slope) where V : struct, ILanes<V> => SinAndCos<V, T>(x, out y, out slope);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Invoke<V>(V x, out V y, out V slope) where V : struct, IFloatLanes<V> => SinAndCos(x, out y, out slope);
    }

    private readonly struct CosWithNegatedSin : IFunctionWithSlope
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Invoke<V, T>(V x, out V y, out V slope) where V : struct, ILanes<V>
        {
            SinAndCos<V, T>(x, out V sin, out y);
            slope = -sin;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Invoke<V>(V x, out V y, out V slope) where V : struct, IFloatLanes<V>
        {
            SinAndCos(x, out V sin, out y);
            slope = -sin;
        }
    }

    private readonly struct TanhWithSechSquared : IFunctionWithSlope
    {
        // In doubles the two have nothing in common; but the processor computes one while the other waits.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Invoke<V, T>(V x, out V y, out V slope) where V : struct, ILanes<V> =>
            (y, slope) = (TanhFunction.Invoke<V, T>(x), SechSquaredFunction.Invoke<V, T>(x));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Invoke<V>(V x, out V y, out V slope) where V : struct, IFloatLanes<V>
        {
            V e = ExpOfNegative(V.Create(-2f) * V.Abs(x));
            (y, slope) = (TanhFunction.OfExp(x, e), SechSquaredFunction.OfExp(e));
        }
    }

    private readonly struct SigmoidWithItsSlope : IFunctionWithSlope
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Invoke<V, T>(V x, out V y, out V slope) where V : struct, ILanes<V>
        {
            V e = ExpFunction.Invoke<V, T>(-V.Abs(x));
            (y, slope) = (SigmoidFunction.OfExp<V, T>(x, e), SigmoidSlopeFunction.OfExp<V, T>(e));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Invoke<V>(V x, out V y, out V slope) where V : struct, IFloatLanes<V>
        {
            V e = ExpOfNegative(-V.Abs(x));
            (y, slope) = (SigmoidFunction.OfExp(x, e), SigmoidSlopeFunction.OfExp(e));
        }
    }

    private readonly struct SoftplusWithSigmoid : IFunctionWithSlope
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Invoke<V, T>(V x, out V y, out V slope) where V : struct, ILanes<V>
        {
            V e = ExpFunction.Invoke<V, T>(-V.Abs(x));
            (y, slope) = (SoftplusFunction.OfExp<V, T>(x, e), SigmoidFunction.OfExp<V, T>(x, e));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Invoke<V>(V x, out V y, out V slope) where V : struct, IFloatLanes<V>
        {
            V e = ExpOfNegative(-V.Abs(x));
            (y, slope) = (SoftplusFunction.OfExp(x, e), SigmoidFunction.OfExp(x, e));
        }
    }

    /// <summary>y = F(x) and its slope, element by element, with the widest registers of this machine, on one thread: of a block. Neither lies where x is.</summary>
    private static void WithSlope<F, T>(ReadOnlySpan<T> x, Span<T> y, Span<T> slope)
        where F : struct, IFunctionWithSlope
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(slope.Length, x.Length);
        bool floats = typeof(T) == typeof(float);
        if (Vector512.IsHardwareAccelerated)
        {
            if (floats)
            {
                WithSlopeOfFloats<F, FloatLanes512>(MemoryMarshal.Cast<T, float>(x), MemoryMarshal.Cast<T, float>(y), MemoryMarshal.Cast<T, float>(slope));
            }
            else
            {
                WithSlope<F, Lanes512, T>(x, y, slope);
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            if (floats)
            {
                WithSlopeOfFloats<F, FloatLanes256>(MemoryMarshal.Cast<T, float>(x), MemoryMarshal.Cast<T, float>(y), MemoryMarshal.Cast<T, float>(slope));
            }
            else
            {
                WithSlope<F, Lanes256, T>(x, y, slope);
            }
        }
        else if (floats)
        {
            WithSlopeOfFloats<F, FloatLanes128>(MemoryMarshal.Cast<T, float>(x), MemoryMarshal.Cast<T, float>(y), MemoryMarshal.Cast<T, float>(slope));
        }
        else
        {
            WithSlope<F, Lanes128, T>(x, y, slope);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void WithSlope<F, V, T>(ReadOnlySpan<T> x, Span<T> y, Span<T> slope)
        where F : struct, IFunctionWithSlope
        where V : struct, ILanes<V>
        where T : unmanaged
    {
        ref T source = ref MemoryMarshal.GetReference(x);
        ref T value = ref MemoryMarshal.GetReference(y);
        ref T derivative = ref MemoryMarshal.GetReference(slope);
        int whole = x.Length - x.Length % V.Count;
        for (int i = 0; i < whole; i += V.Count)
        {
            F.Invoke<V, T>(Load<V, T>(ref Unsafe.Add(ref source, i)), out V first, out V second);
            Store(first, ref Unsafe.Add(ref value, i));
            Store(second, ref Unsafe.Add(ref derivative, i));
        }

        if (whole < x.Length)
        {
            Padded<T> pad = default, valuePad = default, slopePad = default;
            Span<T> rest = ((Span<T>)pad)[..V.Count], values = ((Span<T>)valuePad)[..V.Count], slopes = ((Span<T>)slopePad)[..V.Count];
            x[whole..].CopyTo(rest);
            WithSlope<F, V, T>(rest, values, slopes);
            values[..(x.Length - whole)].CopyTo(y[whole..]);
            slopes[..(x.Length - whole)].CopyTo(slope[whole..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void WithSlopeOfFloats<F, V>(ReadOnlySpan<float> x, Span<float> y, Span<float> slope)
        where F : struct, IFunctionWithSlope
        where V : struct, IFloatLanes<V>
    {
        ref float source = ref MemoryMarshal.GetReference(x);
        ref float value = ref MemoryMarshal.GetReference(y);
        ref float derivative = ref MemoryMarshal.GetReference(slope);
        int whole = x.Length - x.Length % V.Count;
        for (int i = 0; i < whole; i += V.Count)
        {
            F.Invoke(V.Load(in Unsafe.Add(ref source, i)), out V first, out V second);
            V.Store(first, ref Unsafe.Add(ref value, i));
            V.Store(second, ref Unsafe.Add(ref derivative, i));
        }

        if (whole < x.Length)
        {
            Padded<float> pad = default, valuePad = default, slopePad = default;
            Span<float> rest = ((Span<float>)pad)[..V.Count], values = ((Span<float>)valuePad)[..V.Count], slopes = ((Span<float>)slopePad)[..V.Count];
            x[whole..].CopyTo(rest);
            WithSlopeOfFloats<F, V>(rest, values, slopes);
            values[..(x.Length - whole)].CopyTo(y[whole..]);
            slopes[..(x.Length - whole)].CopyTo(slope[whole..]);
        }
    }
}
