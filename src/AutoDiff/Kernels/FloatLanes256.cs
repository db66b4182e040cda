using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AutoDiff.Kernels;

/// <summary>Eight floats in a <see cref="Vector256{T}"/>.</summary>
internal readonly struct FloatLanes256(Vector256<float> value) : IFloatLanes<FloatLanes256>
{
    private readonly Vector256<float> value = value;

    public static int Count => 8;

    public static FloatLanes256 Create(float value) => new(Vector256.Create(value));
    public static FloatLanes256 FromBits(int bits) => new(Vector256.Create(bits).AsSingle());

    public static FloatLanes256 Load(ref readonly float source) => new(Vector256.LoadUnsafe(in source));
    public static void Store(FloatLanes256 value, ref float destination) => value.value.StoreUnsafe(ref destination);

    public static FloatLanes256 operator +(FloatLanes256 a, FloatLanes256 b) => new(a.value + b.value);
    public static FloatLanes256 operator -(FloatLanes256 a, FloatLanes256 b) => new(a.value - b.value);
    public static FloatLanes256 operator -(FloatLanes256 a) => new(-a.value);
    public static FloatLanes256 operator *(FloatLanes256 a, FloatLanes256 b) => new(a.value * b.value);
    public static FloatLanes256 operator /(FloatLanes256 a, FloatLanes256 b) => new(a.value / b.value);
    public static FloatLanes256 operator &(FloatLanes256 a, FloatLanes256 b) => new(a.value & b.value);
    public static FloatLanes256 operator |(FloatLanes256 a, FloatLanes256 b) => new(a.value | b.value);
    public static FloatLanes256 operator ^(FloatLanes256 a, FloatLanes256 b) => new(a.value ^ b.value);

    public static FloatLanes256 Fma(FloatLanes256 a, FloatLanes256 b, FloatLanes256 c) => new(Vector256.FusedMultiplyAdd(a.value, b.value, c.value));
    public static FloatLanes256 Abs(FloatLanes256 a) => new(Vector256.Abs(a.value));

    public static FloatLanes256 AtLeast(FloatLanes256 a, float limit) => new(Vector256.Max(a.value, Vector256.Create(limit)));
    public static FloatLanes256 AtMost(FloatLanes256 a, float limit) => new(Vector256.Min(a.value, Vector256.Create(limit)));

    public static FloatLanes256 Equal(FloatLanes256 a, FloatLanes256 b) => new(Vector256.Equals(a.value, b.value));
    public static FloatLanes256 Less(FloatLanes256 a, FloatLanes256 b) => new(Vector256.LessThan(a.value, b.value));
    public static FloatLanes256 Select(FloatLanes256 mask, FloatLanes256 a, FloatLanes256 b) => new(Vector256.ConditionalSelect(mask.value, a.value, b.value));
    public static bool Any(FloatLanes256 mask) => mask.value.AsInt32() != Vector256<int>.Zero;
    public static bool None(FloatLanes256 mask) => mask.value.AsInt32() == Vector256<int>.Zero;

    public static FloatLanes256 AddBits(FloatLanes256 a, FloatLanes256 b) => new((a.value.AsInt32() + b.value.AsInt32()).AsSingle());
    public static FloatLanes256 ShiftLeft(FloatLanes256 a, int count) => new((a.value.AsInt32() << count).AsSingle());
    public static FloatLanes256 ShiftRight(FloatLanes256 a, int count) => new((a.value.AsInt32() >>> count).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256 TestBit(FloatLanes256 a, int bit)
    {
        Vector256<int> single = Vector256.Create(1 << bit);
        return new(Vector256.Equals(a.value.AsInt32() & single, single).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256 Scale(FloatLanes256 a, FloatLanes256 n) => Avx512F.VL.IsSupported ? new(Avx512F.VL.Scale(a.value, n.value)) : FloatLanes.ScaleInTwoSteps(a, n);
}
