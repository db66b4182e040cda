using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AutoDiff.Kernels;

/// <summary>
/// Sixteen doubles in two <see cref="Vector512{T}"/>, with each operation done on both: of two chains of operations in turns a processor finds one to go on
/// with where the other has to wait.
/// </summary>
/// <remarks>Written on the registers: as a pair of <see cref="Lanes512"/> the compiler does not keep them there, and functions take up to four times as long.</remarks>
internal readonly struct Lanes1024(Vector512<double> first, Vector512<double> second) : ILanes<Lanes1024>
{
    private readonly Vector512<double> first = first;
    private readonly Vector512<double> second = second;

    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 Create(double value) => new(Vector512.Create(value), Vector512.Create(value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 FromBits(long bits) => new(Vector512.Create(bits).AsDouble(), Vector512.Create(bits).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 Load(ref readonly double source) => new(Vector512.LoadUnsafe(in source), Vector512.LoadUnsafe(in source, 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 Load(ref readonly float source) => new(Widen(Vector256.LoadUnsafe(in source)), Widen(Vector256.LoadUnsafe(in source, 8)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 LoadDifference(ref readonly float x, float y) =>
        new(Widen(Vector256.LoadUnsafe(in x) - Vector256.Create(y)), Widen(Vector256.LoadUnsafe(in x, 8) - Vector256.Create(y)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 LoadProduct(ref readonly float x, ref readonly float y) =>
        new(Widen(Vector256.LoadUnsafe(in x) * Vector256.LoadUnsafe(in y)), Widen(Vector256.LoadUnsafe(in x, 8) * Vector256.LoadUnsafe(in y, 8)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Widen(Vector256<float> narrow)
    {
        if (Avx512F.IsSupported)
        {
            return Avx512F.ConvertToVector512Double(narrow);
        }

        (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(narrow);
        return Vector512.Create(lower, upper);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Narrow(Vector512<double> wide) =>
        Avx512F.IsSupported ? Avx512F.ConvertToVector256Single(wide) : Vector256.Narrow(wide.GetLower(), wide.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes1024 value, ref double destination)
    {
        value.first.StoreUnsafe(ref destination);
        value.second.StoreUnsafe(ref destination, 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes1024 value, ref float destination)
    {
        Narrow(value.first).StoreUnsafe(ref destination);
        Narrow(value.second).StoreUnsafe(ref destination, 8);
    }

    public static double ToScalar(Lanes1024 value) => value.first.ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double SumOfHalves(Lanes1024 a) => Lanes512.SumOfHalves(new Lanes512(a.first + a.second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 operator +(Lanes1024 a, Lanes1024 b) => new(a.first + b.first, a.second + b.second);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 operator -(Lanes1024 a, Lanes1024 b) => new(a.first - b.first, a.second - b.second);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 operator -(Lanes1024 a) => new(-a.first, -a.second);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 operator *(Lanes1024 a, Lanes1024 b) => new(a.first * b.first, a.second * b.second);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 operator /(Lanes1024 a, Lanes1024 b) => new(a.first / b.first, a.second / b.second);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 operator &(Lanes1024 a, Lanes1024 b) => new(a.first & b.first, a.second & b.second);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 operator |(Lanes1024 a, Lanes1024 b) => new(a.first | b.first, a.second | b.second);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 operator ^(Lanes1024 a, Lanes1024 b) => new(a.first ^ b.first, a.second ^ b.second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 Fma(Lanes1024 a, Lanes1024 b, Lanes1024 c) =>
        new(Vector512.FusedMultiplyAdd(a.first, b.first, c.first), Vector512.FusedMultiplyAdd(a.second, b.second, c.second));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 MultiplyAdd(Lanes1024 a, Lanes1024 b, Lanes1024 c) =>
        new(Vector512.FusedMultiplyAdd(a.first, b.first, c.first), Vector512.FusedMultiplyAdd(a.second, b.second, c.second));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 Sqrt(Lanes1024 a) => new(Vector512.Sqrt(a.first), Vector512.Sqrt(a.second));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 Abs(Lanes1024 a) => new(Vector512.Abs(a.first), Vector512.Abs(a.second));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 Truncate(Lanes1024 a) => new(Vector512.Truncate(a.first), Vector512.Truncate(a.second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 AtLeast(Lanes1024 a, double limit) =>
        new(Vector512.Max(a.first, Vector512.Create(limit)), Vector512.Max(a.second, Vector512.Create(limit)));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 AtMost(Lanes1024 a, double limit) =>
        new(Vector512.Min(a.first, Vector512.Create(limit)), Vector512.Min(a.second, Vector512.Create(limit)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 Equal(Lanes1024 a, Lanes1024 b) => new(Vector512.Equals(a.first, b.first), Vector512.Equals(a.second, b.second));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 Less(Lanes1024 a, Lanes1024 b) => new(Vector512.LessThan(a.first, b.first), Vector512.LessThan(a.second, b.second));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 LessOrEqual(Lanes1024 a, Lanes1024 b) =>
        new(Vector512.LessThanOrEqual(a.first, b.first), Vector512.LessThanOrEqual(a.second, b.second));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 Select(Lanes1024 mask, Lanes1024 a, Lanes1024 b) =>
        new(Vector512.ConditionalSelect(mask.first, a.first, b.first), Vector512.ConditionalSelect(mask.second, a.second, b.second));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Lanes1024 mask) => (mask.first | mask.second).AsInt64() != Vector512<long>.Zero;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool None(Lanes1024 mask) => (mask.first | mask.second).AsInt64() == Vector512<long>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 AddBits(Lanes1024 a, Lanes1024 b) =>
        new((a.first.AsInt64() + b.first.AsInt64()).AsDouble(), (a.second.AsInt64() + b.second.AsInt64()).AsDouble());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 ShiftLeft(Lanes1024 a, int count) => new((a.first.AsInt64() << count).AsDouble(), (a.second.AsInt64() << count).AsDouble());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 ShiftRight(Lanes1024 a, int count) => new((a.first.AsInt64() >>> count).AsDouble(), (a.second.AsInt64() >>> count).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 TestBit(Lanes1024 a, int bit)
    {
        Vector512<long> single = Vector512.Create(1L << bit);
        return new(Vector512.Equals(a.first.AsInt64() & single, single).AsDouble(), Vector512.Equals(a.second.AsInt64() & single, single).AsDouble());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 Scale(Lanes1024 a, Lanes1024 n) =>
        Avx512F.IsSupported ? new(Avx512F.Scale(a.first, n.first), Avx512F.Scale(a.second, n.second)) : Lanes.ScaleInTwoSteps(a, n);
}
