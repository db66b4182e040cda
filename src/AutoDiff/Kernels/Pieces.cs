using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AutoDiff.Kernels;

/// <summary>A function of up to three numbers made of comparisons, choices and plain arithmetic, for a register of numbers at a time.</summary>
internal interface IPieces
{
    static abstract Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z);
}

/// <summary>Loops over functions made of pieces: masks, slopes at kinks, choices. A register has no branches, so that it takes as long for random signs as for equal ones.</summary>
/// <remarks>Every operation is exact or correctly rounded, so that a number's result depends neither on its place nor on the width of the registers.</remarks>
internal static class Pieces
{
    /// <summary>result = F(x, a, b), element by element; it may be the same memory as x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Map<F, T>(ReadOnlySpan<T> x, T a, T b, Span<T> result)
        where F : struct, IPieces
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(result.Length, x.Length);
        ref T source = ref MemoryMarshal.GetReference(x);
        ref T target = ref MemoryMarshal.GetReference(result);
        var (y, z) = (new Vector<T>(a), new Vector<T>(b));
        int whole = x.Length - (x.Length % Vector<T>.Count);
        for (int i = 0; i < whole; i += Vector<T>.Count)
        {
            F.Invoke(Vector.LoadUnsafe(ref source, (nuint)i), y, z).StoreUnsafe(ref target, (nuint)i);
        }

        if (whole < x.Length)
        {
            StorePart(F.Invoke(LoadPart(x[whole..]), y, z), result[whole..]);
        }
    }

    /// <summary>result = F(x, y, y), element by element; it may be the same memory as x or y.</summary>
    public static void Map<F, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result)
        where F : struct, IPieces
        where T : unmanaged => Map<F, T>(x, y, y, result);

    /// <summary>result = F(x, y, z), element by element; it may be the same memory as one of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Map<F, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, Span<T> result)
        where F : struct, IPieces
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(x.Length, result.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, result.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(z.Length, result.Length);
        ref T first = ref MemoryMarshal.GetReference(x);
        ref T second = ref MemoryMarshal.GetReference(y);
        ref T third = ref MemoryMarshal.GetReference(z);
        ref T target = ref MemoryMarshal.GetReference(result);
        int whole = result.Length - (result.Length % Vector<T>.Count);
        for (int i = 0; i < whole; i += Vector<T>.Count)
        {
            F.Invoke(Vector.LoadUnsafe(ref first, (nuint)i), Vector.LoadUnsafe(ref second, (nuint)i), Vector.LoadUnsafe(ref third, (nuint)i)).StoreUnsafe(ref target, (nuint)i);
        }

        if (whole < result.Length)
        {
            StorePart(F.Invoke(LoadPart(x[whole..]), LoadPart(y[whole..]), LoadPart(z[whole..])), result[whole..]);
        }
    }

    private static Vector<T> LoadPart<T>(ReadOnlySpan<T> source) where T : unmanaged
    {
        Vector<T> register = default;
        source.CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.As<Vector<T>, T>(ref register), Vector<T>.Count));
        return register;
    }

    private static void StorePart<T>(Vector<T> register, Span<T> target) where T : unmanaged =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<Vector<T>, T>(ref register), target.Length).CopyTo(target);

    /// <summary>1, -1, or x itself for zeros and NaN.</summary>
    public readonly struct Sign : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) =>
            Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), Vector<T>.One, Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), -Vector<T>.One, x));
    }

    /// <summary>1 where x is not 0.</summary>
    public readonly struct IsNonzero : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => Vector.AndNot(Vector<T>.One, Vector.Equals(x, Vector<T>.Zero));
    }

    /// <summary>What depends on x is NaN where x is.</summary>
    private static Vector<T> OrNaN<T>(Vector<T> result, Vector<T> x) => Vector.ConditionalSelect(Vector.Equals(x, x), result, x);

    /// <summary>1 where x is above 0, else y: the slope of <see cref="Leaky"/>.</summary>
    public readonly struct Slope : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => OrNaN(Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), Vector<T>.One, y), x);
    }

    /// <summary>x where it is above 0, else y x.</summary>
    public readonly struct Leaky : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), x, y * x);
    }

    /// <summary>x where it is not above y, else z.</summary>
    public readonly struct NotAbove : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => Vector.ConditionalSelect(Vector.GreaterThan(x, y), z, x);
    }

    /// <summary>x where it is not at most y, else z.</summary>
    public readonly struct NotAtMost : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => Vector.ConditionalSelect(Vector.LessThanOrEqual(x, y), z, x);
    }

    /// <summary>1 where x lies strictly between y and z: a slope.</summary>
    public readonly struct IsInside : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => OrNaN(Vector<T>.One & Vector.GreaterThan(x, y) & Vector.LessThan(x, z), x);
    }

    /// <summary>x, y where it is no larger, z where that is no smaller.</summary>
    public readonly struct Clamped : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z)
        {
            Vector<T> above = Vector.ConditionalSelect(Vector.LessThanOrEqual(x, y), y, x);
            return Vector.ConditionalSelect(Vector.GreaterThanOrEqual(above, z), z, above);
        }
    }

    /// <summary>x (x + y) / z between -y and y; x above, 0 below.</summary>
    public readonly struct Swish : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) =>
            Vector.ConditionalSelect(Vector.GreaterThanOrEqual(x, y), x, Vector.ConditionalSelect(Vector.LessThanOrEqual(x, -y), Vector<T>.Zero, x * (x + y) / z));
    }

    /// <summary>(2 x + y) / z between -y and y; 1 above, 0 below: a slope.</summary>
    public readonly struct SwishSlope : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) =>
            Vector.ConditionalSelect(Vector.GreaterThanOrEqual(x, y), Vector<T>.One, Vector.ConditionalSelect(Vector.LessThanOrEqual(x, -y), Vector<T>.Zero, (x + x + y) / z));
    }

    /// <summary>1 where x is below y: a slope.</summary>
    public readonly struct IsBelow : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => OrNaN(Vector<T>.One & Vector.LessThan(x, y), x);
    }

    /// <summary>1 where |x| is above y: a slope.</summary>
    public readonly struct IsBeyond : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => OrNaN(Vector<T>.One & Vector.GreaterThan(Vector.Abs(x), y), x);
    }

    /// <summary>x moved by y toward 0; 0 between -y and y.</summary>
    public readonly struct Shrunk : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z)
        {
            Vector<T> moved = Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), x - y, x + y);
            return Vector.AndNot(moved, Vector.LessThanOrEqual(Vector.Abs(x), y));
        }
    }

    /// <summary>x where |x| is not at most y, else 0.</summary>
    public readonly struct Kept : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => Vector.AndNot(x, Vector.LessThanOrEqual(Vector.Abs(x), y));
    }

    /// <summary>x where y is not 0, else 0.</summary>
    public readonly struct Selected : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => Vector.AndNot(x, Vector.Equals(y, Vector<T>.Zero));
    }

    /// <summary>z plus x where y is not 0.</summary>
    public readonly struct SelectedSum : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => Vector.ConditionalSelect(Vector.Equals(y, Vector<T>.Zero), z, z + x);
    }

    /// <summary>x where z is not 0, else y.</summary>
    public readonly struct Chosen : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => Vector.ConditionalSelect(Vector.Equals(z, Vector<T>.Zero), y, x);
    }

    /// <summary>1 where x is above y: the slope of <see cref="NotAtMost"/>.</summary>
    public readonly struct IsAbove : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => OrNaN(Vector<T>.One & Vector.GreaterThan(x, y), x);
    }

    /// <summary>1 where x is not above y: the slope of <see cref="NotAbove"/>.</summary>
    public readonly struct IsNotAbove : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => OrNaN(Vector.AndNot(Vector<T>.One, Vector.GreaterThan(x, y)), x);
    }

    /// <summary>The share of x in the derivative of max(x, y): 1, 1/2 at a tie, or 0; NaN where either is.</summary>
    public readonly struct Share : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z)
        {
            Vector<T> half = Vector<T>.One / (Vector<T>.One + Vector<T>.One);
            return OrNaN(OrNaN((Vector<T>.One & Vector.GreaterThan(x, y)) | (half & Vector.Equals(x, y)), x), y);
        }
    }

    /// <summary>x³.</summary>
    public readonly struct Cube : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => x * x * x;
    }

    /// <summary>1 / √x, ∞ at both zeros.</summary>
    public readonly struct Rsqrt : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => Vector<T>.One / Vector.SquareRoot(x + Vector<T>.Zero);
    }

    /// <summary>x / (1 + |x|); y is ∞.</summary>
    public readonly struct Softsign : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z)
        {
            Vector<T> size = Vector.Abs(x);
            return Vector.ConditionalSelect(Vector.Equals(size, y), Vector.CopySign(Vector<T>.One, x), x / (Vector<T>.One + size));
        }
    }

    /// <summary>1 / (1 + |x|).</summary>
    public readonly struct ReciprocalAbove : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => Vector<T>.One / (Vector<T>.One + Vector.Abs(x));
    }

    /// <summary>(x + y) / z, at least 0 and at most 1.</summary>
    public readonly struct Ramp : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z)
        {
            Vector<T> ramp = (x + y) / z;
            return Vector.ConditionalSelect(Vector.LessThan(ramp, Vector<T>.Zero), Vector<T>.Zero, Vector.ConditionalSelect(Vector.GreaterThan(ramp, Vector<T>.One), Vector<T>.One, ramp));
        }
    }

    /// <summary>z where |x| is below y, else 0: a slope.</summary>
    public readonly struct Within : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => OrNaN(z & Vector.LessThan(Vector.Abs(x), y), x);
    }

    /// <summary>1 / (x (1 - x)) between 0 and 1, else y.</summary>
    public readonly struct LogitSlope : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => Vector.ConditionalSelect(
            Vector.GreaterThanOrEqual(x, Vector<T>.Zero) & Vector.LessThanOrEqual(x, Vector<T>.One), Vector<T>.One / ((x + Vector<T>.Zero) * (Vector<T>.One - x)), y);
    }

    /// <summary>0 below 0, 1 above, y at 0.</summary>
    public readonly struct Step : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => OrNaN(Vector.ConditionalSelect(Vector.Equals(x, Vector<T>.Zero), y, Vector<T>.One & Vector.GreaterThan(x, Vector<T>.Zero)), x);
    }

    /// <summary>|x| with the sign of y.</summary>
    public readonly struct SignOf : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => Vector.CopySign(x, y);
    }

    /// <summary>1 where x and y have one sign, -1 where they have not, 0 where x is 0: the slope of <see cref="SignOf"/>.</summary>
    public readonly struct SignsAgree : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) =>
            OrNaN(Vector.AndNot(Vector.CopySign(Vector<T>.One, x) * Vector.CopySign(Vector<T>.One, y), Vector.Equals(x, Vector<T>.Zero)), x);
    }

    /// <summary>x / (x² + y²), 0 at the origin, by the ratio of the smaller side to the larger one: no square leaves the range.</summary>
    public readonly struct Turning : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z)
        {
            (Vector<T> a, Vector<T> b) = (Vector.Abs(x), Vector.Abs(y));
            Vector<T> wide = Vector.GreaterThan(a, b), even = Vector.Equals(a, b);
            (Vector<T> longer, Vector<T> shorter) = (Vector.ConditionalSelect(wide, a, b), Vector.ConditionalSelect(wide, b, a));
            Vector<T> ratio = Vector.ConditionalSelect(even, Vector<T>.One, shorter / longer);
            Vector<T> size = Vector.ConditionalSelect(wide, Vector<T>.One, ratio) / (Vector<T>.One + (ratio * ratio)) / longer;
            // NaN is neither wide nor narrow: it is the shorter one beside a 0.
            return Vector.AndNot(Vector.CopySign(size, x), Vector.Equals(longer, Vector<T>.Zero) & Vector.Equals(shorter, Vector<T>.Zero));
        }
    }

    /// <summary>1 unless both are 0.</summary>
    public readonly struct Either : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => Vector.AndNot(Vector<T>.One, Vector.Equals(x, Vector<T>.Zero) & Vector.Equals(y, Vector<T>.Zero));
    }

    /// <summary>1 where neither is 0.</summary>
    public readonly struct Both : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => Vector.AndNot(Vector<T>.One, Vector.Equals(x, Vector<T>.Zero) | Vector.Equals(y, Vector<T>.Zero));
    }

    /// <summary>1 where one of them is 0 and the other is not.</summary>
    public readonly struct OneOfTwo : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => Vector<T>.One & (Vector.Equals(x, Vector<T>.Zero) ^ Vector.Equals(y, Vector<T>.Zero));
    }

    /// <summary>1 where x is NaN.</summary>
    public readonly struct IsNaN : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => Vector.AndNot(Vector<T>.One, Vector.Equals(x, x));
    }

    /// <summary>1 where |x| is y.</summary>
    public readonly struct HasSize : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => Vector<T>.One & Vector.Equals(Vector.Abs(x), y);
    }

    /// <summary>1 where |x| is below y, which NaN is not.</summary>
    public readonly struct IsShorter : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => Vector<T>.One & Vector.LessThan(Vector.Abs(x), y);
    }

    /// <summary>√(x² + y²): plainly where the squares stay in range, else by the ratio of the shorter side to the longer one.</summary>
    public readonly struct Hypot : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z)
        {
            (Vector<T> a, Vector<T> b) = (Vector.Abs(x), Vector.Abs(y));
            Vector<T> squares = (a * a) + (b * b), wide = Vector.GreaterThan(a, b);
            Vector<T> longer = Vector.ConditionalSelect(wide, a, b), ratio = Vector.ConditionalSelect(wide, b, a) / longer;
            Vector<T> infinite = Number<T>(double.PositiveInfinity, float.PositiveInfinity);
            Vector<T> scaled = Vector.AndNot(longer * Vector.SquareRoot(Vector<T>.One + (ratio * ratio)), Vector.Equals(a + b, Vector<T>.Zero));
            Vector<T> plain = Vector.GreaterThan(squares, Number<T>(1e-290, 1e-30f)) & Vector.LessThan(squares, infinite);
            return Vector.ConditionalSelect(Vector.Equals(a, infinite) | Vector.Equals(b, infinite), infinite, Vector.ConditionalSelect(plain, Vector.SquareRoot(squares), scaled));
        }
    }

    /// <summary>x / √(x² + y²), 0 at the origin, √½ with the sign of x where both are as long.</summary>
    public readonly struct DirectionCosine : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z)
        {
            (Vector<T> a, Vector<T> b) = (Vector.Abs(x), Vector.Abs(y));
            Vector<T> wide = Vector.GreaterThan(a, b);
            Vector<T> ratio = Vector.ConditionalSelect(wide, b, a) / Vector.ConditionalSelect(wide, a, b);
            Vector<T> cosine = Vector.ConditionalSelect(wide, Vector<T>.One, ratio) / Vector.SquareRoot((ratio * ratio) + Vector<T>.One);
            Vector<T> diagonal = Vector.AndNot(Number<T>(0.70710678118654757, 0.70710678f), Vector.Equals(a, Vector<T>.Zero));
            return Vector.CopySign(Vector.ConditionalSelect(Vector.Equals(a, b), diagonal, cosine), x);
        }
    }

    /// <summary>x without its integer part.</summary>
    public readonly struct Fraction : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) =>
            x - (typeof(T) == typeof(double) ? Vector.As<double, T>(Vector.Truncate(Vector.As<T, double>(x))) : Vector.As<float, T>(Vector.Truncate(Vector.As<T, float>(x))));
    }

    /// <summary>1 where |x| is not above y.</summary>
    public readonly struct IsNotBeyond : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => Vector.AndNot(Vector<T>.One, Vector.GreaterThan(Vector.Abs(x), y));
    }

    /// <summary>1 where y is not 0.</summary>
    public readonly struct SecondIsNonzero : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => Vector.AndNot(Vector<T>.One, Vector.Equals(y, Vector<T>.Zero));
    }

    /// <summary>1 where y is not -∞.</summary>
    public readonly struct SecondIsAboveAll : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => Vector.AndNot(Vector<T>.One, Vector.Equals(y, Number<T>(double.NegativeInfinity, float.NegativeInfinity)));
    }

    /// <summary>A number in all places, as a double or as a float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Number<T>(double number, float single) => typeof(T) == typeof(double) ? Vector.As<double, T>(new Vector<double>(number)) : Vector.As<float, T>(new Vector<float>(single));

    public readonly struct IsGreater : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => Vector<T>.One & Vector.GreaterThan(x, y);
    }

    public readonly struct IsAtLeast : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => Vector<T>.One & Vector.GreaterThanOrEqual(x, y);
    }

    public readonly struct IsEqual : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => Vector<T>.One & Vector.Equals(x, y);
    }

    public readonly struct IsDifferent : IPieces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Invoke<T>(Vector<T> x, Vector<T> y, Vector<T> z) => Vector.AndNot(Vector<T>.One, Vector.Equals(x, y));
    }
}
