using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AutoDiff.Kernels;

/// <summary>A function of one variable that has code of its own for floats.</summary>
internal interface IFloatFunction : IUnaryFunction
{
    /// <summary>The function's values at x, in floats throughout.</summary>
    static abstract V Invoke<V>(V x) where V : struct, IFloatLanes<V>;
}

/// <content>
/// The functions of most training steps in floats throughout, two to four times as fast as through doubles, and within two units in the last place.
/// The polynomials are minimax approximations of the functions named beside them, found by linear programming with the coefficients rounded to float one after the other, each before
/// the rest is fitted again.
/// </content>
internal static partial class VectorMath
{
    private const float Log2EFloat = 1.442695f;
    private const float Ln2Float = 0.6931472f;
    private const float Ln2LowFloat = -1.9046542e-09f;

    /// <summary>Where e^x is 0 in floats below. Softmax, which many scores of -∞ come to, does not compute it there: processors take hundreds of cycles to round into the subnormals.</summary>
    private const float Vanishing = -105f;

    /// <summary>y = F(x), element by element: floats in floats where the machine multiplies and adds with one rounding.</summary>
    private static void MapOwn<F, T>(ReadOnlySpan<T> x, Span<T> y)
        where F : struct, IFloatFunction
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length);
        if (typeof(T) != typeof(float) || !FloatLanes.IsSupported)
        {
            Map<F, T>(x, y);
            return;
        }

        if (Chunks.IsLong(x.Length, Chunks.LongForFunctions))
        {
            Chunks.Run(MapOwn<F, T>, x, y, Chunks.LongForFunctions);
            return;
        }

        ReadOnlySpan<float> source = MemoryMarshal.Cast<T, float>(x);
        Span<float> destination = MemoryMarshal.Cast<T, float>(y);
        if (Vector512.IsHardwareAccelerated)
        {
            MapFloats<F, FloatLanes512>(source, destination);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            MapFloats<F, FloatLanes256>(source, destination);
        }
        else
        {
            MapFloats<F, FloatLanes128>(source, destination);
        }
    }

    /// <summary>y = F(x) with registers of the given width; the last, incomplete register is padded and sent through the same loop.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void MapFloats<F, V>(ReadOnlySpan<float> x, Span<float> y)
        where F : struct, IFloatFunction
        where V : struct, IFloatLanes<V>
    {
        ref float source = ref MemoryMarshal.GetReference(x);
        ref float destination = ref MemoryMarshal.GetReference(y);
        int whole = x.Length - x.Length % V.Count;
        for (int i = 0; i < whole; i += V.Count)
        {
            V.Store(F.Invoke(V.Load(in Unsafe.Add(ref source, i))), ref Unsafe.Add(ref destination, i));
        }

        if (whole < x.Length)
        {
            Padded<float> pad = default;
            Span<float> rest = ((Span<float>)pad)[..V.Count];
            x[whole..].CopyTo(rest);
            MapFloats<F, V>(rest, rest);
            rest[..(x.Length - whole)].CopyTo(y[whole..]);
        }
    }

    /// <summary>One step of Horner's rule: p * x + c.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Horner<V>(V p, V x, float c) where V : struct, IFloatLanes<V> => V.Fma(p, x, V.Create(c));

    /// <summary>The sign of <paramref name="sign"/> on a magnitude of positive sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Signed<V>(V magnitude, V sign) where V : struct, IFloatLanes<V> => magnitude ^ (sign & V.Create(-0f));

    /// <summary>e^x = 2^n (1 + p), for |x| up to 1000.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ExpParts<V>(V x, out V n, out V p) where V : struct, IFloatLanes<V>
    {
        Reduce(x, out n, out V r);
        p = ExpMinusOneReduced(r);
    }

    /// <summary>x = n ln 2 + r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Reduce<V>(V x, out V n, out V r) where V : struct, IFloatLanes<V>
    {
        n = V.Fma(x, V.Create(Log2EFloat), V.Create(FloatLanes.Magic)) - V.Create(FloatLanes.Magic);
        // The first step is exact, by cancellation.
        r = V.Fma(n, V.Create(-Ln2LowFloat), V.Fma(n, V.Create(-Ln2Float), x));
    }

    /// <summary>e^r - 1 for |r| up to ln(2) / 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpMinusOneReduced<V>(V r) where V : struct, IFloatLanes<V>
    {
        // (e^r - 1 - r) / r^2 for |r| up to ln(2) / 2, to 2^-26 of e^r - 1
        V q = V.Create(0.0013870714f);
        q = Horner(q, r, 0.008366273f);
        q = Horner(q, r, 0.041667435f);
        q = Horner(q, r, 0.16666546f);
        q = Horner(q, r, 0.49999997f);
        return V.Fma(r * r, q, r);
    }

    /// <summary>e^(x - y) for x up to y. What the difference loses, a part of which e^(x - y) would feel |x - y| times over, is given back (Knuth's TwoSum).</summary>
    internal readonly struct ShiftedExpFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x, V y) where V : struct, IFloatLanes<V>
        {
            V difference = x - y;
            V subtracted = x - difference;
            V lost = x - (difference + subtracted) + (subtracted - y);
            V vanishes = V.Less(difference, V.Create(Vanishing));
            Reduce(V.Select(vanishes, V.Create(0f), difference), out V n, out V r);
            return V.Select(vanishes, V.Create(0f), V.Scale(V.Create(1f) + ExpMinusOneReduced(r + lost), n));
        }
    }

    /// <summary>z = e^(x - y), for a y that no x is above.</summary>
    public static void ShiftedExp<T>(ReadOnlySpan<T> x, T y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) != typeof(float) || !FloatLanes.IsSupported)
        {
            Map<ShiftedExpOfDoubles, T>(x, y, z);
            return;
        }

        ReadOnlySpan<float> source = MemoryMarshal.Cast<T, float>(x);
        Span<float> destination = MemoryMarshal.Cast<T, float>(z);
        float shift = float.CreateTruncating(y);
        if (Vector512.IsHardwareAccelerated)
        {
            ShiftedExpOfFloats<FloatLanes512>(source, shift, destination);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            ShiftedExpOfFloats<FloatLanes256>(source, shift, destination);
        }
        else
        {
            ShiftedExpOfFloats<FloatLanes128>(source, shift, destination);
        }
    }

    private readonly struct ShiftedExpOfDoubles : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x, V y) where V : struct, ILanes<V> => ExpOfNegative<V, T>(x - y);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void ShiftedExpOfFloats<V>(ReadOnlySpan<float> x, float shift, Span<float> z) where V : struct, IFloatLanes<V>
    {
        ref float source = ref MemoryMarshal.GetReference(x);
        ref float destination = ref MemoryMarshal.GetReference(z);
        V shifts = V.Create(shift);
        int whole = x.Length - x.Length % V.Count;
        for (int i = 0; i < whole; i += V.Count)
        {
            V.Store(ShiftedExpFunction.Invoke(V.Load(in Unsafe.Add(ref source, i)), shifts), ref Unsafe.Add(ref destination, i));
        }

        if (whole < x.Length)
        {
            Padded<float> pad = default;
            Span<float> rest = ((Span<float>)pad)[..V.Count];
            x[whole..].CopyTo(rest);
            ShiftedExpOfFloats<V>(rest, shift, rest);
            rest[..(x.Length - whole)].CopyTo(z[whole..]);
        }
    }

    /// <summary>e^x for x up to 0, -infinity and NaN included, for functions that are made of it: short, as the compiler takes in only so much.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpOfNegative<V>(V x) where V : struct, IFloatLanes<V>
    {
        ExpParts(V.AtLeast(x, Vanishing), out V n, out V p);
        return V.Scale(V.Create(1f) + p, n);
    }

    /// <summary>ln(1 + f) - f for 1 + f in [sqrt(1/2), sqrt(2)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogRest<V>(V f) where V : struct, IFloatLanes<V>
    {
        // (ln(1 + f) - f + f^2/2) / f^3, to 2^-30 of the logarithm
        V q = V.Create(0.06749294f);
        q = Horner(q, f, -0.11670111f);
        q = Horner(q, f, 0.11883548f);
        q = Horner(q, f, -0.12406233f);
        q = Horner(q, f, 0.14220358f);
        q = Horner(q, f, -0.16667989f);
        q = Horner(q, f, 0.20002072f);
        q = Horner(q, f, -0.2500001f);
        q = Horner(q, f, 0.33333313f);
        V square = f * f;
        return V.Fma(square * f, q, V.Create(-0.5f) * square);
    }

    /// <summary>x = 2^k m with m in [sqrt(1/2), sqrt(2)), for a positive and normal x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void DecomposeFloat<V>(V x, out V k, out V m) where V : struct, IFloatLanes<V>
    {
        const int sqrtHalf = 0x3F3504F3;
        V bits = V.AddBits(x, V.FromBits(0x3F800000 - sqrtHalf));
        // The exponent's bits as the low bits of a float of exponent 23: subtracting that float's base leaves k.
        k = (V.ShiftRight(bits, 23) | V.Create(8388608f)) - V.Create(8388608f + 127f);
        m = V.AddBits(bits & V.FromBits(0x007FFFFF), V.FromBits(sqrtHalf));
    }

    /// <summary>Likewise, for a subnormal x too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void DecomposeAnyFloat<V>(V x, out V k, out V m) where V : struct, IFloatLanes<V>
    {
        V subnormal = V.Less(x, V.Create(1.1754944e-38f));
        if (V.None(subnormal))
        {
            DecomposeFloat(x, out k, out m);
            return;
        }

        DecomposeFloat(V.Select(subnormal, x * V.Create(8388608f), x), out k, out m);
        k -= V.Create(23f) & subnormal;
    }

    /// <summary>ln(1 + x) for x from 0 to 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogOfOnePlusFraction<V>(V x) where V : struct, IFloatLanes<V>
    {
        // Beyond sqrt(2) - 1, ln(1 + x) = ln 2 + ln(1 + f) with f = (x - 1) / 2, both exact or nearly so.
        V isLarge = V.Less(V.Create(0.41421357f), x);
        V f = V.Select(isLarge, V.Fma(V.Create(0.5f), x, V.Create(-0.5f)), x);
        return (isLarge & V.Create(Ln2Float)) + (f + LogRest(f));
    }
}
