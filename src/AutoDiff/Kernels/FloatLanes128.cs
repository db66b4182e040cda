using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AutoDiff.Kernels;

/// <summary>Four floats in a <see cref="Vector128{T}"/>.</summary>
internal readonly struct FloatLanes128(Vector128<float> value) : IFloatLanes<FloatLanes128>
{
    private readonly Vector128<float> value = value;

    public static int Count => 4;

    public static FloatLanes128 Create(float value) => new(Vector128.Create(value));
    public static FloatLanes128 FromBits(int bits) => new(Vector128.Create(bits).AsSingle());

    public static FloatLanes128 Load(ref readonly float source) => new(Vector128.LoadUnsafe(in source));
    public static void Store(FloatLanes128 value, ref float destination) => value.value.StoreUnsafe(ref destination);

    public static FloatLanes128 operator +(FloatLanes128 a, FloatLanes128 b) => new(a.value + b.value);
    public static FloatLanes128 operator -(FloatLanes128 a, FloatLanes128 b) => new(a.value - b.value);
    public static FloatLanes128 operator -(FloatLanes128 a) => new(-a.value);
    public static FloatLanes128 operator *(FloatLanes128 a, FloatLanes128 b) => new(a.value * b.value);
    public static FloatLanes128 operator /(FloatLanes128 a, FloatLanes128 b) => new(a.value / b.value);
    public static FloatLanes128 operator &(FloatLanes128 a, FloatLanes128 b) => new(a.value & b.value);
    public static FloatLanes128 operator |(FloatLanes128 a, FloatLanes128 b) => new(a.value | b.value);
    public static FloatLanes128 operator ^(FloatLanes128 a, FloatLanes128 b) => new(a.value ^ b.value);

    public static FloatLanes128 Fma(FloatLanes128 a, FloatLanes128 b, FloatLanes128 c) => new(Vector128.FusedMultiplyAdd(a.value, b.value, c.value));
    public static FloatLanes128 Abs(FloatLanes128 a) => new(Vector128.Abs(a.value));

    public static FloatLanes128 AtLeast(FloatLanes128 a, float limit) => new(Vector128.Max(a.value, Vector128.Create(limit)));
    public static FloatLanes128 AtMost(FloatLanes128 a, float limit) => new(Vector128.Min(a.value, Vector128.Create(limit)));

    public static FloatLanes128 Equal(FloatLanes128 a, FloatLanes128 b) => new(Vector128.Equals(a.value, b.value));
    public static FloatLanes128 Less(FloatLanes128 a, FloatLanes128 b) => new(Vector128.LessThan(a.value, b.value));
    public static FloatLanes128 Select(FloatLanes128 mask, FloatLanes128 a, FloatLanes128 b) => new(Vector128.ConditionalSelect(mask.value, a.value, b.value));
    public static bool Any(FloatLanes128 mask) => mask.value.AsInt32() != Vector128<int>.Zero;
    public static bool None(FloatLanes128 mask) => mask.value.AsInt32() == Vector128<int>.Zero;

    public static FloatLanes128 AddBits(FloatLanes128 a, FloatLanes128 b) => new((a.value.AsInt32() + b.value.AsInt32()).AsSingle());
    public static FloatLanes128 ShiftLeft(FloatLanes128 a, int count) => new((a.value.AsInt32() << count).AsSingle());
    public static FloatLanes128 ShiftRight(FloatLanes128 a, int count) => new((a.value.AsInt32() >>> count).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128 TestBit(FloatLanes128 a, int bit)
    {
        Vector128<int> single = Vector128.Create(1 << bit);
        return new(Vector128.Equals(a.value.AsInt32() & single, single).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128 Scale(FloatLanes128 a, FloatLanes128 n) => Avx512F.VL.IsSupported ? new(Avx512F.VL.Scale(a.value, n.value)) : FloatLanes.ScaleInTwoSteps(a, n);
}
