using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AutoDiff.Kernels;

/// <summary>Eight doubles in a <see cref="Vector512{T}"/>.</summary>
internal readonly struct Lanes512(Vector512<double> value) : ILanes<Lanes512>
{
    private readonly Vector512<double> value = value;

    public static int Count => 8;

    public static Lanes512 Create(double value) => new(Vector512.Create(value));
    public static Lanes512 FromBits(long bits) => new(Vector512.Create(bits).AsDouble());

    public static Lanes512 Load(ref readonly double source) => new(Vector512.LoadUnsafe(in source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(ref readonly float source) => Widen(Vector256.LoadUnsafe(in source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LoadDifference(ref readonly float x, float y) => Widen(Vector256.LoadUnsafe(in x) - Vector256.Create(y));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LoadProduct(ref readonly float x, ref readonly float y) => Widen(Vector256.LoadUnsafe(in x) * Vector256.LoadUnsafe(in y));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes512 Widen(Vector256<float> narrow)
    {
        if (Avx512F.IsSupported)
        {
            return new(Avx512F.ConvertToVector512Double(narrow));
        }
        (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(narrow);
        return new(Vector512.Create(lower, upper));
    }

    public static void Store(Lanes512 value, ref double destination) => value.value.StoreUnsafe(ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes512 value, ref float destination) => Narrow(value).StoreUnsafe(ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Narrow(Lanes512 a) =>
        Avx512F.IsSupported ? Avx512F.ConvertToVector256Single(a.value) : Vector256.Narrow(a.value.GetLower(), a.value.GetUpper());

    public static double ToScalar(Lanes512 value) => value.value.ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double SumOfHalves(Lanes512 a) => Lanes256.SumOfHalves(new Lanes256(a.value.GetLower() + a.value.GetUpper()));

    public static Lanes512 operator +(Lanes512 a, Lanes512 b) => new(a.value + b.value);
    public static Lanes512 operator -(Lanes512 a, Lanes512 b) => new(a.value - b.value);
    public static Lanes512 operator -(Lanes512 a) => new(-a.value);
    public static Lanes512 operator *(Lanes512 a, Lanes512 b) => new(a.value * b.value);
    public static Lanes512 operator /(Lanes512 a, Lanes512 b) => new(a.value / b.value);
    public static Lanes512 operator &(Lanes512 a, Lanes512 b) => new(a.value & b.value);
    public static Lanes512 operator |(Lanes512 a, Lanes512 b) => new(a.value | b.value);
    public static Lanes512 operator ^(Lanes512 a, Lanes512 b) => new(a.value ^ b.value);

    public static Lanes512 Fma(Lanes512 a, Lanes512 b, Lanes512 c) => new(Vector512.FusedMultiplyAdd(a.value, b.value, c.value));
    public static Lanes512 MultiplyAdd(Lanes512 a, Lanes512 b, Lanes512 c) => Fma(a, b, c);
    public static Lanes512 Sqrt(Lanes512 a) => new(Vector512.Sqrt(a.value));
    public static Lanes512 Abs(Lanes512 a) => new(Vector512.Abs(a.value));
    public static Lanes512 Truncate(Lanes512 a) => new(Vector512.Truncate(a.value));

    public static Lanes512 AtLeast(Lanes512 a, double limit) => new(Vector512.Max(a.value, Vector512.Create(limit)));
    public static Lanes512 AtMost(Lanes512 a, double limit) => new(Vector512.Min(a.value, Vector512.Create(limit)));

    public static Lanes512 Equal(Lanes512 a, Lanes512 b) => new(Vector512.Equals(a.value, b.value));
    public static Lanes512 Less(Lanes512 a, Lanes512 b) => new(Vector512.LessThan(a.value, b.value));
    public static Lanes512 LessOrEqual(Lanes512 a, Lanes512 b) => new(Vector512.LessThanOrEqual(a.value, b.value));
    public static Lanes512 Select(Lanes512 mask, Lanes512 a, Lanes512 b) => new(Vector512.ConditionalSelect(mask.value, a.value, b.value));
    public static bool Any(Lanes512 mask) => mask.value.AsInt64() != Vector512<long>.Zero;
    public static bool None(Lanes512 mask) => mask.value.AsInt64() == Vector512<long>.Zero;

    public static Lanes512 AddBits(Lanes512 a, Lanes512 b) => new((a.value.AsInt64() + b.value.AsInt64()).AsDouble());
    public static Lanes512 ShiftLeft(Lanes512 a, int count) => new((a.value.AsInt64() << count).AsDouble());
    public static Lanes512 ShiftRight(Lanes512 a, int count) => new((a.value.AsInt64() >>> count).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 TestBit(Lanes512 a, int bit)
    {
        Vector512<long> single = Vector512.Create(1L << bit);
        return new(Vector512.Equals(a.value.AsInt64() & single, single).AsDouble());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Scale(Lanes512 a, Lanes512 n) => Avx512F.IsSupported ? new(Avx512F.Scale(a.value, n.value)) : Lanes.ScaleInTwoSteps(a, n);
}
