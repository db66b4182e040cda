using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace AutoDiff.Kernels;

/// <summary>
/// A SIMD register of floats, for the functions that pay for code of their own in this precision: twice the lanes of <see cref="ILanes{V}"/>, and nothing to convert.
/// Each operation is exact or correctly rounded lane by lane, so the width never changes a result.
/// </summary>
/// <remarks>Masks are registers whose lanes are all ones or all zeros. Machines without fused multiply-add compute floats on <see cref="ILanes{V}"/>.</remarks>
internal interface IFloatLanes<V> where V : struct, IFloatLanes<V>
{
    static abstract int Count { get; }

    static abstract V Create(float value);
    static abstract V FromBits(int bits);

    static abstract V Load(ref readonly float source);
    static abstract void Store(V value, ref float destination);

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
    static abstract V Abs(V a);

    /// <summary>The larger of a limit and a; NaN where a is NaN.</summary>
    static abstract V AtLeast(V a, float limit);
    /// <summary>The smaller of a limit and a; NaN where a is NaN.</summary>
    static abstract V AtMost(V a, float limit);

    static abstract V Equal(V a, V b);
    static abstract V Less(V a, V b);
    static abstract V Select(V mask, V a, V b);
    static abstract bool Any(V mask);
    /// <summary>Whether surely no lane is set. (Lanes that stand for any number cannot say so.)</summary>
    static abstract bool None(V mask);

    /// <summary>Adds the bit patterns as 32-bit integers.</summary>
    static abstract V AddBits(V a, V b);
    static abstract V ShiftLeft(V a, int count);
    static abstract V ShiftRight(V a, int count);
    /// <summary>A mask of the lanes in which the given bit is set.</summary>
    static abstract V TestBit(V a, int bit);

    /// <summary>a * 2^n for an integer n of at most 252 in magnitude, rounded once (also into the subnormals).</summary>
    static abstract V Scale(V a, V n);
}

/// <summary>What the register widths have in common.</summary>
internal static class FloatLanes
{
    /// <summary>Whether this machine multiplies and adds with one rounding.</summary>
    public static bool IsSupported => Fma.IsSupported || AdvSimd.IsSupported;

    /// <summary>a * 2^n as two products: the first is exact, since a is near one, and the second rounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ScaleInTwoSteps<V>(V a, V n) where V : struct, IFloatLanes<V>
    {
        V half = Round(V.Create(0.5f) * n);
        return a * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    /// <summary>2^n for an integer n in [-126, 127].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V PowerOfTwo<V>(V n) where V : struct, IFloatLanes<V>
        // n + 127 in the low bits of a float of exponent 23, moved to where the exponent belongs.
        => V.ShiftLeft(n + V.Create(8388608f + 127f), 23);

    /// <summary>The integer nearest to x (ties to even), for |x| below 2^22.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Round<V>(V x) where V : struct, IFloatLanes<V> => x + V.Create(Magic) - V.Create(Magic);

    /// <summary>1.5 * 2^23, where the spacing of the floats is one: adding it rounds to an integer, whose low bits are those of the sum.</summary>
    public const float Magic = 12582912f;
}
