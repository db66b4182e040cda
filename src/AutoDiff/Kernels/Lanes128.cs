using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace AutoDiff.Kernels;

/// <summary>Two doubles in a <see cref="Vector128{T}"/>.</summary>
internal readonly struct Lanes128(Vector128<double> value) : ILanes<Lanes128>
{
    private readonly Vector128<double> value = value;

    public static int Count => 2;

    public static Lanes128 Create(double value) => new(Vector128.Create(value));
    public static Lanes128 FromBits(long bits) => new(Vector128.Create(bits).AsDouble());

    public static Lanes128 Load(ref readonly double source) => new(Vector128.LoadUnsafe(in source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(ref readonly float source) => new(Vector128.WidenLower(LoadTwo(in source)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LoadDifference(ref readonly float x, float y) => new(Vector128.WidenLower(LoadTwo(in x) - Vector128.Create(y)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LoadProduct(ref readonly float x, ref readonly float y) => new(Vector128.WidenLower(LoadTwo(in x) * LoadTwo(in y)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> LoadTwo(ref readonly float source) =>
        Vector128.CreateScalar(Unsafe.ReadUnaligned<double>(in Unsafe.As<float, byte>(ref Unsafe.AsRef(in source)))).AsSingle();

    public static void Store(Lanes128 value, ref double destination) => value.value.StoreUnsafe(ref destination);

    public static void Store(Lanes128 value, ref float destination)
        => Unsafe.WriteUnaligned(ref Unsafe.As<float, byte>(ref destination), Vector128.Narrow(value.value, value.value).AsDouble().ToScalar());

    public static double ToScalar(Lanes128 value) => value.value.ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double SumOfHalves(Lanes128 a) => a.value.ToScalar() + a.value.GetElement(1);

    public static Lanes128 operator +(Lanes128 a, Lanes128 b) => new(a.value + b.value);
    public static Lanes128 operator -(Lanes128 a, Lanes128 b) => new(a.value - b.value);
    public static Lanes128 operator -(Lanes128 a) => new(-a.value);
    public static Lanes128 operator *(Lanes128 a, Lanes128 b) => new(a.value * b.value);
    public static Lanes128 operator /(Lanes128 a, Lanes128 b) => new(a.value / b.value);
    public static Lanes128 operator &(Lanes128 a, Lanes128 b) => new(a.value & b.value);
    public static Lanes128 operator |(Lanes128 a, Lanes128 b) => new(a.value | b.value);
    public static Lanes128 operator ^(Lanes128 a, Lanes128 b) => new(a.value ^ b.value);

    /// <summary>Narrow registers may come without fused multiply-add, above all in programs compiled ahead of time for any x64 machine.</summary>
    private static bool CanFuse => System.Runtime.Intrinsics.X86.Fma.IsSupported || AdvSimd.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Fma(Lanes128 a, Lanes128 b, Lanes128 c)
        => CanFuse ? new(Vector128.FusedMultiplyAdd(a.value, b.value, c.value)) : Lanes.MultiplyAddWithoutFusing(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 MultiplyAdd(Lanes128 a, Lanes128 b, Lanes128 c)
        => new(CanFuse ? Vector128.FusedMultiplyAdd(a.value, b.value, c.value) : a.value * b.value + c.value);

    public static Lanes128 Sqrt(Lanes128 a) => new(Vector128.Sqrt(a.value));
    public static Lanes128 Abs(Lanes128 a) => new(Vector128.Abs(a.value));
    public static Lanes128 Truncate(Lanes128 a) => new(Vector128.Truncate(a.value));

    public static Lanes128 AtLeast(Lanes128 a, double limit) => new(Vector128.Max(a.value, Vector128.Create(limit)));
    public static Lanes128 AtMost(Lanes128 a, double limit) => new(Vector128.Min(a.value, Vector128.Create(limit)));

    public static Lanes128 Equal(Lanes128 a, Lanes128 b) => new(Vector128.Equals(a.value, b.value));
    public static Lanes128 Less(Lanes128 a, Lanes128 b) => new(Vector128.LessThan(a.value, b.value));
    public static Lanes128 LessOrEqual(Lanes128 a, Lanes128 b) => new(Vector128.LessThanOrEqual(a.value, b.value));
    public static Lanes128 Select(Lanes128 mask, Lanes128 a, Lanes128 b) => new(Vector128.ConditionalSelect(mask.value, a.value, b.value));
    public static bool Any(Lanes128 mask) => mask.value.AsInt64() != Vector128<long>.Zero;
    public static bool None(Lanes128 mask) => mask.value.AsInt64() == Vector128<long>.Zero;

    public static Lanes128 AddBits(Lanes128 a, Lanes128 b) => new((a.value.AsInt64() + b.value.AsInt64()).AsDouble());
    public static Lanes128 ShiftLeft(Lanes128 a, int count) => new((a.value.AsInt64() << count).AsDouble());
    public static Lanes128 ShiftRight(Lanes128 a, int count) => new((a.value.AsInt64() >>> count).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 TestBit(Lanes128 a, int bit)
    {
        Vector128<long> single = Vector128.Create(1L << bit);
        return new(Vector128.Equals(a.value.AsInt64() & single, single).AsDouble());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Scale(Lanes128 a, Lanes128 n) => Avx512F.VL.IsSupported ? new(Avx512F.VL.Scale(a.value, n.value)) : Lanes.ScaleInTwoSteps(a, n);
}
