using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AutoDiff.Kernels;

/// <summary>A function of one variable, written once for every register width.</summary>
internal interface IUnaryFunction
{
    /// <summary>
    /// Whether it pays to take two registers at a time: where the operations form a long chain, of which the processor does not see enough to begin the next register
    /// meanwhile.
    /// </summary>
    static virtual bool InPairs => false;

    /// <summary>The function's values at x, to the precision of T.</summary>
    static abstract V Invoke<V, T>(V x) where V : struct, ILanes<V>;
}

/// <summary>A function of two variables, written once for every register width.</summary>
internal interface IBinaryFunction
{
    /// <summary>The function's values at (x, y), to the precision of T.</summary>
    static abstract V Invoke<V, T>(V x, V y) where V : struct, ILanes<V>;
}

/// <summary>
/// Elementwise functions over spans. A value's result depends on the value alone, not on its place in the span, the span's length or the width of the machine's registers.
/// The result may be written over an argument.
/// </summary>
/// <remarks>
/// The polynomials are minimax approximations of the functions named beside them, found with the Remez exchange algorithm in 50-digit arithmetic and rounded to double;
/// the short ones serve floats. The loops compile to full optimization at once, and on their own: a caller that took one in, as profiles suggest, would exhaust the
/// compiler's budget for inlining and leave calls in the middle of the arithmetic.
/// </remarks>
internal static partial class VectorMath
{
    /// <summary>y = F(x), element by element, with the widest registers of this machine, and on several threads where the spans are long.</summary>
    internal static void Map<F, T>(ReadOnlySpan<T> x, Span<T> y)
        where F : struct, IUnaryFunction
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length);
        if (Chunks.IsLong(x.Length, Chunks.LongForFunctions))
        {
            Chunks.Run(Map<F, T>, x, y, Chunks.LongForFunctions);
        }
        else if (Vector512.IsHardwareAccelerated)
        {
            int paired = F.InPairs ? x.Length - (x.Length % Lanes1024.Count) : 0;
            if (paired > 0)
            {
                Map<F, Lanes1024, T>(x[..paired], y[..paired]);
            }

            Map<F, Lanes512, T>(x[paired..], y[paired..]);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Map<F, Lanes256, T>(x, y);
        }
        else
        {
            Map<F, Lanes128, T>(x, y);
        }
    }

    /// <summary>z = F(x, y), element by element, with the widest registers of this machine, and on several threads where the spans are long.</summary>
    internal static void Map<F, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z)
        where F : struct, IBinaryFunction
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(z.Length, x.Length);
        if (Chunks.IsLong(x.Length, Chunks.LongForFunctions))
        {
            Chunks.Run(Map<F, T>, x, y, z, Chunks.LongForFunctions);
        }
        else if (Vector512.IsHardwareAccelerated)
        {
            Map<F, Lanes512, T>(x, y, z);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Map<F, Lanes256, T>(x, y, z);
        }
        else
        {
            Map<F, Lanes128, T>(x, y, z);
        }
    }

    /// <summary>z = F(x, y) for one y, element by element, with the widest registers of this machine.</summary>
    internal static void Map<F, T>(ReadOnlySpan<T> x, T y, Span<T> z)
        where F : struct, IBinaryFunction
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(z.Length, x.Length);
        if (Vector512.IsHardwareAccelerated)
        {
            Map<F, Lanes512, T>(x, y, z);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Map<F, Lanes256, T>(x, y, z);
        }
        else
        {
            Map<F, Lanes128, T>(x, y, z);
        }
    }

    /// <summary>y = F(x) with registers of the given width; the last, incomplete register is padded and sent through the same loop.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Map<F, V, T>(ReadOnlySpan<T> x, Span<T> y)
        where F : struct, IUnaryFunction
        where V : struct, ILanes<V>
        where T : unmanaged
    {
        ref T source = ref MemoryMarshal.GetReference(x);
        ref T destination = ref MemoryMarshal.GetReference(y);
        int whole = x.Length - x.Length % V.Count;
        for (int i = 0; i < whole; i += V.Count)
        {
            Store(F.Invoke<V, T>(Load<V, T>(ref Unsafe.Add(ref source, i))), ref Unsafe.Add(ref destination, i));
        }

        if (whole < x.Length)
        {
            Padded<T> pad = default;
            Span<T> rest = ((Span<T>)pad)[..V.Count];
            x[whole..].CopyTo(rest);
            Map<F, V, T>(rest, rest);
            rest[..(x.Length - whole)].CopyTo(y[whole..]);
        }
    }

    /// <summary>z = F(x, y) with registers of the given width; the last, incomplete registers are padded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Map<F, V, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z)
        where F : struct, IBinaryFunction
        where V : struct, ILanes<V>
        where T : unmanaged
    {
        ref T first = ref MemoryMarshal.GetReference(x);
        ref T second = ref MemoryMarshal.GetReference(y);
        ref T destination = ref MemoryMarshal.GetReference(z);
        int whole = x.Length - x.Length % V.Count;
        for (int i = 0; i < whole; i += V.Count)
        {
            Store(F.Invoke<V, T>(Load<V, T>(ref Unsafe.Add(ref first, i)), Load<V, T>(ref Unsafe.Add(ref second, i))), ref Unsafe.Add(ref destination, i));
        }

        if (whole < x.Length)
        {
            Padded<T> firstPad = default, secondPad = default;
            Span<T> rest = ((Span<T>)firstPad)[..V.Count], otherRest = ((Span<T>)secondPad)[..V.Count];
            x[whole..].CopyTo(rest);
            y[whole..].CopyTo(otherRest);
            Map<F, V, T>(rest, otherRest, rest);
            rest[..(x.Length - whole)].CopyTo(z[whole..]);
        }
    }

    /// <summary>z = F(x, y) for one y with registers of the given width; the last, incomplete register is padded and sent through the same loop.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Map<F, V, T>(ReadOnlySpan<T> x, T y, Span<T> z)
        where F : struct, IBinaryFunction
        where V : struct, ILanes<V>
        where T : unmanaged
    {
        ref T source = ref MemoryMarshal.GetReference(x);
        ref T destination = ref MemoryMarshal.GetReference(z);
        V second = V.Create(typeof(T) == typeof(double) ? Unsafe.As<T, double>(ref y) : Unsafe.As<T, float>(ref y));
        int whole = x.Length - x.Length % V.Count;
        for (int i = 0; i < whole; i += V.Count)
        {
            Store(F.Invoke<V, T>(Load<V, T>(ref Unsafe.Add(ref source, i)), second), ref Unsafe.Add(ref destination, i));
        }

        if (whole < x.Length)
        {
            Padded<T> pad = default;
            Span<T> rest = ((Span<T>)pad)[..V.Count];
            x[whole..].CopyTo(rest);
            Map<F, V, T>(rest, y, rest);
            rest[..(x.Length - whole)].CopyTo(z[whole..]);
        }
    }

    /// <summary>Room for the widest register.</summary>
    [InlineArray(16)]
    private struct Padded<T>
    {
        private T element;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Load<V, T>(ref T source) where V : struct, ILanes<V>
        => typeof(T) == typeof(double) ? V.Load(in Unsafe.As<T, double>(ref source)) : V.Load(in Unsafe.As<T, float>(ref source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<V, T>(V value, ref T destination) where V : struct, ILanes<V>
    {
        if (typeof(T) == typeof(double))
        {
            V.Store(value, ref Unsafe.As<T, double>(ref destination));
        }
        else
        {
            V.Store(value, ref Unsafe.As<T, float>(ref destination));
        }
    }

    /// <summary>The integer nearest to x (ties to even), for |x| below 2^51; its low bits, in two's complement, are also those of <paramref name="shifted"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Round<V>(V x, out V shifted) where V : struct, ILanes<V>
    {
        // At 1.5 * 2^52 the spacing of the doubles is one: the addition itself rounds.
        V magic = V.Create(6755399441055744.0);
        shifted = x + magic;
        return shifted - magic;
    }

    /// <summary>One step of Horner's rule: p * x + c.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Horner<V>(V p, V x, double c) where V : struct, ILanes<V> => V.MultiplyAdd(p, x, V.Create(c));

    /// <summary>|magnitude| with the sign of <paramref name="sign"/>, for a magnitude of positive sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V WithSignOf<V>(V magnitude, V sign) where V : struct, ILanes<V> => magnitude ^ (sign & V.Create(-0.0));
}
