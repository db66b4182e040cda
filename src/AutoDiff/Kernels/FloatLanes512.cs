using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AutoDiff.Kernels;

/// <summary>Sixteen floats in a <see cref="Vector512{T}"/>.</summary>
internal readonly struct FloatLanes512(Vector512<float> value) : IFloatLanes<FloatLanes512>
{
    private readonly Vector512<float> value = value;

    public static int Count => 16;

    public static FloatLanes512 Create(float value) => new(Vector512.Create(value));
    public static FloatLanes512 FromBits(int bits) => new(Vector512.Create(bits).AsSingle());

    public static FloatLanes512 Load(ref readonly float source) => new(Vector512.LoadUnsafe(in source));
    public static void Store(FloatLanes512 value, ref float destination) => value.value.StoreUnsafe(ref destination);

    public static FloatLanes512 operator +(FloatLanes512 a, FloatLanes512 b) => new(a.value + b.value);
    public static FloatLanes512 operator -(FloatLanes512 a, FloatLanes512 b) => new(a.value - b.value);
    public static FloatLanes512 operator -(FloatLanes512 a) => new(-a.value);
    public static FloatLanes512 operator *(FloatLanes512 a, FloatLanes512 b) => new(a.value * b.value);
    public static FloatLanes512 operator /(FloatLanes512 a, FloatLanes512 b) => new(a.value / b.value);
    public static FloatLanes512 operator &(FloatLanes512 a, FloatLanes512 b) => new(a.value & b.value);
    public static FloatLanes512 operator |(FloatLanes512 a, FloatLanes512 b) => new(a.value | b.value);
    public static FloatLanes512 operator ^(FloatLanes512 a, FloatLanes512 b) => new(a.value ^ b.value);

    public static FloatLanes512 Fma(FloatLanes512 a, FloatLanes512 b, FloatLanes512 c) => new(Vector512.FusedMultiplyAdd(a.value, b.value, c.value));
    public static FloatLanes512 Abs(FloatLanes512 a) => new(Vector512.Abs(a.value));

    public static FloatLanes512 AtLeast(FloatLanes512 a, float limit) => new(Vector512.Max(a.value, Vector512.Create(limit)));
    public static FloatLanes512 AtMost(FloatLanes512 a, float limit) => new(Vector512.Min(a.value, Vector512.Create(limit)));

    public static FloatLanes512 Equal(FloatLanes512 a, FloatLanes512 b) => new(Vector512.Equals(a.value, b.value));
    public static FloatLanes512 Less(FloatLanes512 a, FloatLanes512 b) => new(Vector512.LessThan(a.value, b.value));
    public static FloatLanes512 Select(FloatLanes512 mask, FloatLanes512 a, FloatLanes512 b) => new(Vector512.ConditionalSelect(mask.value, a.value, b.value));
    public static bool Any(FloatLanes512 mask) => mask.value.AsInt32() != Vector512<int>.Zero;
    public static bool None(FloatLanes512 mask) => mask.value.AsInt32() == Vector512<int>.Zero;

    public static FloatLanes512 AddBits(FloatLanes512 a, FloatLanes512 b) => new((a.value.AsInt32() + b.value.AsInt32()).AsSingle());
    public static FloatLanes512 ShiftLeft(FloatLanes512 a, int count) => new((a.value.AsInt32() << count).AsSingle());
    public static FloatLanes512 ShiftRight(FloatLanes512 a, int count) => new((a.value.AsInt32() >>> count).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512 TestBit(FloatLanes512 a, int bit)
    {
        Vector512<int> single = Vector512.Create(1 << bit);
        return new(Vector512.Equals(a.value.AsInt32() & single, single).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512 Scale(FloatLanes512 a, FloatLanes512 n) => Avx512F.IsSupported ? new(Avx512F.Scale(a.value, n.value)) : FloatLanes.ScaleInTwoSteps(a, n);
}
