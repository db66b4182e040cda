using System.Runtime.CompilerServices;

namespace AutoDiff.Kernels;

/// <summary>
/// A SIMD register of doubles, as the functions of <see cref="VectorMath"/> see it. A function is written once over this interface and runs at every register width;
/// each operation is exact or correctly rounded lane by lane, so the width never changes a result (only a machine without fused multiply-add may differ in last bits).
/// </summary>
/// <remarks>
/// Masks are registers whose lanes are all ones or all zeros. Floats are widened on load and rounded once on store: their functions are the same code with
/// shorter polynomials, accurate to a hair more than half a unit in the last place.
/// </remarks>
internal interface ILanes<V> where V : struct, ILanes<V>
{
    static abstract int Count { get; }

    static abstract V Create(double value);
    static abstract V FromBits(long bits);

    static abstract V Load(ref readonly double source);
    static abstract V Load(ref readonly float source);

    /// <summary>x - y, rounded to floats and widened.</summary>
    static abstract V LoadDifference(ref readonly float x, float y);

    /// <summary>x y, rounded to floats and widened.</summary>
    static abstract V LoadProduct(ref readonly float x, ref readonly float y);

    static abstract void Store(V value, ref double destination);
    static abstract void Store(V value, ref float destination);

    /// <summary>The first lane.</summary>
    static abstract double ToScalar(V value);

    /// <summary>The sum of all lanes: the upper half is added to the lower one, and so on.</summary>
    static abstract double SumOfHalves(V a);

    static abstract V operator +(V a, V b);
    static abstract V operator -(V a, V b);
    static abstract V operator -(V a);
    static abstract V operator *(V a, V b);
    static abstract V operator /(V a, V b);
    static abstract V operator &(V a, V b);
    static abstract V operator |(V a, V b);
    static abstract V operator ^(V a, V b);

    /// <summary>a * b + c, rounded once.</summary>
    static abstract V Fma(V a, V b, V c);
    /// <summary>a * b + c, rounded once where the machine can, else twice.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);
    static abstract V Sqrt(V a);
    static abstract V Abs(V a);
    static abstract V Truncate(V a);

    /// <summary>The larger of a limit and a; NaN where a is NaN.</summary>
    static abstract V AtLeast(V a, double limit);
    /// <summary>The smaller of a limit and a; NaN where a is NaN.</summary>
    static abstract V AtMost(V a, double limit);

    static abstract V Equal(V a, V b);
    static abstract V Less(V a, V b);
    static abstract V LessOrEqual(V a, V b);
    static abstract V Select(V mask, V a, V b);
    static abstract bool Any(V mask);
    /// <summary>Whether surely no lane is set. (Lanes that stand for any number cannot say so.)</summary>
    static abstract bool None(V mask);

    /// <summary>Adds the bit patterns as 64-bit integers.</summary>
    static abstract V AddBits(V a, V b);
    static abstract V ShiftLeft(V a, int count);
    static abstract V ShiftRight(V a, int count);
    /// <summary>A mask of the lanes in which the given bit is set.</summary>
    static abstract V TestBit(V a, int bit);

    /// <summary>a * 2^n for an integer n of at most 2046 in magnitude, rounded once (also into the subnormals).</summary>
    static abstract V Scale(V a, V n);
}

/// <summary>What the register widths have in common.</summary>
internal static class Lanes
{
    /// <summary>a * 2^n as two products: the first is exact, since a is near one, and the second rounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ScaleInTwoSteps<V>(V a, V n) where V : struct, ILanes<V>
    {
        V half = VectorMath.Round(V.Create(0.5) * n, out _);
        return a * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    /// <summary>2^n for an integer n in [-1022, 1023].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V PowerOfTwo<V>(V n) where V : struct, ILanes<V>
        // n + 1023 in the low bits of a double of exponent 52, moved to where the exponent belongs.
        => V.ShiftLeft(n + V.Create(4503599627370496.0 + 1023.0), 52);

    /// <summary>a * b + c from plain products and sums (T. J. Dekker, Numerische Mathematik 18 (1971), 224-242): all but correctly rounded.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static V MultiplyAddWithoutFusing<V>(V a, V b, V c) where V : struct, ILanes<V>
    {
        Split(a, out V aHigh, out V aLow);
        Split(b, out V bHigh, out V bLow);
        V product = a * b;
        V productLow = aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
        V sum = product + c;
        V part = sum - product;
        V sumLow = product - (sum - part) + (c - part);
        V y = sum + (sumLow + productLow);
        // Huge numbers cannot be split, and infinities have no low part.
        return V.Select(V.Equal(y, y), y, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Split<V>(V x, out V high, out V low) where V : struct, ILanes<V>
    {
        V scaled = x * V.Create(134217729.0);
        high = scaled - (scaled - x);
        low = x - high;
    }
}
