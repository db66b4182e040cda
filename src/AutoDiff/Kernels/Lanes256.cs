using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AutoDiff.Kernels;

/// <summary>Four doubles in a <see cref="Vector256{T}"/>.</summary>
internal readonly struct Lanes256(Vector256<double> value) : ILanes<Lanes256>
{
    private readonly Vector256<double> value = value;

    public static int Count => 4;

    public static Lanes256 Create(double value) => new(Vector256.Create(value));
    public static Lanes256 FromBits(long bits) => new(Vector256.Create(bits).AsDouble());

    public static Lanes256 Load(ref readonly double source) => new(Vector256.LoadUnsafe(in source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(ref readonly float source) => Widen(Vector128.LoadUnsafe(in source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LoadDifference(ref readonly float x, float y) => Widen(Vector128.LoadUnsafe(in x) - Vector128.Create(y));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LoadProduct(ref readonly float x, ref readonly float y) => Widen(Vector128.LoadUnsafe(in x) * Vector128.LoadUnsafe(in y));

    public static void Store(Lanes256 value, ref double destination) => value.value.StoreUnsafe(ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes256 value, ref float destination) => Narrow(value).StoreUnsafe(ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes256 Widen(Vector128<float> narrow) =>
        new(Avx.IsSupported ? Avx.ConvertToVector256Double(narrow) : Vector256.Create(Vector128.WidenLower(narrow), Vector128.WidenUpper(narrow)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Narrow(Lanes256 a) =>
        Avx.IsSupported ? Avx.ConvertToVector128Single(a.value) : Vector128.Narrow(a.value.GetLower(), a.value.GetUpper());

    public static double ToScalar(Lanes256 value) => value.value.ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double SumOfHalves(Lanes256 a) => Lanes128.SumOfHalves(new Lanes128(a.value.GetLower() + a.value.GetUpper()));

    public static Lanes256 operator +(Lanes256 a, Lanes256 b) => new(a.value + b.value);
    public static Lanes256 operator -(Lanes256 a, Lanes256 b) => new(a.value - b.value);
    public static Lanes256 operator -(Lanes256 a) => new(-a.value);
    public static Lanes256 operator *(Lanes256 a, Lanes256 b) => new(a.value * b.value);
    public static Lanes256 operator /(Lanes256 a, Lanes256 b) => new(a.value / b.value);
    public static Lanes256 operator &(Lanes256 a, Lanes256 b) => new(a.value & b.value);
    public static Lanes256 operator |(Lanes256 a, Lanes256 b) => new(a.value | b.value);
    public static Lanes256 operator ^(Lanes256 a, Lanes256 b) => new(a.value ^ b.value);

    public static Lanes256 Fma(Lanes256 a, Lanes256 b, Lanes256 c) => new(Vector256.FusedMultiplyAdd(a.value, b.value, c.value));
    public static Lanes256 MultiplyAdd(Lanes256 a, Lanes256 b, Lanes256 c) => Fma(a, b, c);
    public static Lanes256 Sqrt(Lanes256 a) => new(Vector256.Sqrt(a.value));
    public static Lanes256 Abs(Lanes256 a) => new(Vector256.Abs(a.value));
    public static Lanes256 Truncate(Lanes256 a) => new(Vector256.Truncate(a.value));

    public static Lanes256 AtLeast(Lanes256 a, double limit) => new(Vector256.Max(a.value, Vector256.Create(limit)));
    public static Lanes256 AtMost(Lanes256 a, double limit) => new(Vector256.Min(a.value, Vector256.Create(limit)));

    public static Lanes256 Equal(Lanes256 a, Lanes256 b) => new(Vector256.Equals(a.value, b.value));
    public static Lanes256 Less(Lanes256 a, Lanes256 b) => new(Vector256.LessThan(a.value, b.value));
    public static Lanes256 LessOrEqual(Lanes256 a, Lanes256 b) => new(Vector256.LessThanOrEqual(a.value, b.value));
    public static Lanes256 Select(Lanes256 mask, Lanes256 a, Lanes256 b) => new(Vector256.ConditionalSelect(mask.value, a.value, b.value));
    public static bool Any(Lanes256 mask) => mask.value.AsInt64() != Vector256<long>.Zero;
    public static bool None(Lanes256 mask) => mask.value.AsInt64() == Vector256<long>.Zero;

    public static Lanes256 AddBits(Lanes256 a, Lanes256 b) => new((a.value.AsInt64() + b.value.AsInt64()).AsDouble());
    public static Lanes256 ShiftLeft(Lanes256 a, int count) => new((a.value.AsInt64() << count).AsDouble());
    public static Lanes256 ShiftRight(Lanes256 a, int count) => new((a.value.AsInt64() >>> count).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 TestBit(Lanes256 a, int bit)
    {
        Vector256<long> single = Vector256.Create(1L << bit);
        return new(Vector256.Equals(a.value.AsInt64() & single, single).AsDouble());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Scale(Lanes256 a, Lanes256 n) => Avx512F.VL.IsSupported ? new(Avx512F.VL.Scale(a.value, n.value)) : Lanes.ScaleInTwoSteps(a, n);
}
