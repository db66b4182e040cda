using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AutoDiff.Kernels;

/// <summary>A vector register of numbers, so that one micro-kernel serves every register width.</summary>
/// <remarks>
/// The JIT compiles a kernel once for every struct that implements this and sees only the intrinsic within.
/// <see cref="MultiplyAdd"/> rounds once where the machine has a fused instruction and twice where it has not.
/// </remarks>
internal unsafe interface IRegister<TSelf, T>
    where TSelf : unmanaged, IRegister<TSelf, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How many numbers a register holds.</summary>
    static abstract int Count { get; }

    /// <summary>How many rows of two registers a block of accumulators may have before the registers run out.</summary>
    static abstract int BlockRows { get; }

    static abstract TSelf Load(T* source);

    /// <summary>The first numbers of <paramref name="source"/>, those that <paramref name="mask"/> selects; zero elsewhere. Nothing else is read.</summary>
    static abstract TSelf Load(T* source, TSelf mask);

    static abstract TSelf Broadcast(T value);

    /// <summary>A mask that selects the first <paramref name="count"/> numbers; none if it is negative, all if it is large.</summary>
    static abstract TSelf Mask(int count);

    /// <summary>left · right + addend.</summary>
    static abstract TSelf MultiplyAdd(TSelf left, TSelf right, TSelf addend);

    static abstract TSelf operator +(TSelf left, TSelf right);

    void Store(T* target);

    /// <summary>Writes the numbers that <paramref name="mask"/> selects and nothing else.</summary>
    void Store(T* target, TSelf mask);
}

/// <summary>Registers of 512 bits.</summary>
internal readonly unsafe struct Register512<T>(Vector512<T> value) : IRegister<Register512<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector512<T> _value = value;

    public static int Count => Vector512<T>.Count;

    public static int BlockRows => 12;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register512<T> Load(T* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register512<T> Load(T* source, Register512<T> mask)
    {
        if (Avx512F.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? new(Avx512F.MaskLoad((float*)source, mask._value.AsSingle(), Vector512<float>.Zero).As<float, T>())
                : new(Avx512F.MaskLoad((double*)source, mask._value.AsDouble(), Vector512<double>.Zero).As<double, T>());
        }

        return PartialRegister.Load<Register512<T>, T>(source, mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register512<T> Broadcast(T value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register512<T> Mask(int count) => typeof(T) == typeof(float)
        ? new(Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).As<int, T>())
        : new(Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)count)).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register512<T> MultiplyAdd(Register512<T> left, Register512<T> right, Register512<T> addend) => typeof(T) == typeof(float)
        ? new(Vector512.MultiplyAddEstimate(left._value.AsSingle(), right._value.AsSingle(), addend._value.AsSingle()).As<float, T>())
        : new(Vector512.MultiplyAddEstimate(left._value.AsDouble(), right._value.AsDouble(), addend._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register512<T> operator +(Register512<T> left, Register512<T> right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(T* target) => _value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(T* target, Register512<T> mask)
    {
        if (!Avx512F.IsSupported)
            PartialRegister.Store<Register512<T>, T>(target, this, mask);
        else if (typeof(T) == typeof(float))
            Avx512F.MaskStore((float*)target, mask._value.AsSingle(), _value.AsSingle());
        else
            Avx512F.MaskStore((double*)target, mask._value.AsDouble(), _value.AsDouble());
    }
}

/// <summary>Registers of 256 bits.</summary>
internal readonly unsafe struct Register256<T>(Vector256<T> value) : IRegister<Register256<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector256<T> _value = value;

    public static int Count => Vector256<T>.Count;

    public static int BlockRows => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register256<T> Load(T* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register256<T> Load(T* source, Register256<T> mask)
    {
        if (Avx.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? new(Avx.MaskLoad((float*)source, mask._value.AsSingle()).As<float, T>())
                : new(Avx.MaskLoad((double*)source, mask._value.AsDouble()).As<double, T>());
        }

        return PartialRegister.Load<Register256<T>, T>(source, mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register256<T> Broadcast(T value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register256<T> Mask(int count) => typeof(T) == typeof(float)
        ? new(Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).As<int, T>())
        : new(Vector256.LessThan(Vector256<long>.Indices, Vector256.Create((long)count)).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register256<T> MultiplyAdd(Register256<T> left, Register256<T> right, Register256<T> addend) => typeof(T) == typeof(float)
        ? new(Vector256.MultiplyAddEstimate(left._value.AsSingle(), right._value.AsSingle(), addend._value.AsSingle()).As<float, T>())
        : new(Vector256.MultiplyAddEstimate(left._value.AsDouble(), right._value.AsDouble(), addend._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register256<T> operator +(Register256<T> left, Register256<T> right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(T* target) => _value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(T* target, Register256<T> mask)
    {
        if (!Avx.IsSupported)
            PartialRegister.Store<Register256<T>, T>(target, this, mask);
        else if (typeof(T) == typeof(float))
            Avx.MaskStore((float*)target, mask._value.AsSingle(), _value.AsSingle());
        else
            Avx.MaskStore((double*)target, mask._value.AsDouble(), _value.AsDouble());
    }
}

/// <summary>Registers of 128 bits; without vector hardware the runtime does the same with plain numbers.</summary>
internal readonly unsafe struct Register128<T>(Vector128<T> value) : IRegister<Register128<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector128<T> _value = value;

    public static int Count => Vector128<T>.Count;

    public static int BlockRows => System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported ? 12 : 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register128<T> Load(T* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register128<T> Load(T* source, Register128<T> mask)
    {
        if (Avx.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? new(Avx.MaskLoad((float*)source, mask._value.AsSingle()).As<float, T>())
                : new(Avx.MaskLoad((double*)source, mask._value.AsDouble()).As<double, T>());
        }

        return PartialRegister.Load<Register128<T>, T>(source, mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register128<T> Broadcast(T value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register128<T> Mask(int count) => typeof(T) == typeof(float)
        ? new(Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count)).As<int, T>())
        : new(Vector128.LessThan(Vector128<long>.Indices, Vector128.Create((long)count)).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register128<T> MultiplyAdd(Register128<T> left, Register128<T> right, Register128<T> addend) => typeof(T) == typeof(float)
        ? new(Vector128.MultiplyAddEstimate(left._value.AsSingle(), right._value.AsSingle(), addend._value.AsSingle()).As<float, T>())
        : new(Vector128.MultiplyAddEstimate(left._value.AsDouble(), right._value.AsDouble(), addend._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register128<T> operator +(Register128<T> left, Register128<T> right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(T* target) => _value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(T* target, Register128<T> mask)
    {
        if (!Avx.IsSupported)
            PartialRegister.Store<Register128<T>, T>(target, this, mask);
        else if (typeof(T) == typeof(float))
            Avx.MaskStore((float*)target, mask._value.AsSingle(), _value.AsSingle());
        else
            Avx.MaskStore((double*)target, mask._value.AsDouble(), _value.AsDouble());
    }
}

/// <summary>Masked loads and stores for machines without the instruction, number by number.</summary>
internal static unsafe class PartialRegister
{
    public static TRegister Load<TRegister, T>(T* source, TRegister mask)
        where TRegister : unmanaged, IRegister<TRegister, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TRegister result = default;
        for (int i = 0; i < TRegister.Count && IsSelected<TRegister, T>(mask, i); i++)
            ((T*)&result)[i] = source[i];
        return result;
    }

    public static void Store<TRegister, T>(T* target, TRegister value, TRegister mask)
        where TRegister : unmanaged, IRegister<TRegister, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < TRegister.Count && IsSelected<TRegister, T>(mask, i); i++)
            target[i] = ((T*)&value)[i];
    }

    // A selected number has all its bits set: as a number it is NaN.
    private static bool IsSelected<TRegister, T>(TRegister mask, int i)
        where TRegister : unmanaged, IRegister<TRegister, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.IsNaN(((T*)&mask)[i]);
}
