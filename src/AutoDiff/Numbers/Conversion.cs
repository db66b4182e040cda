using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff;

/// <summary>Conversions to a number type that report failure, as the interfaces of generic math ask for: those that are public throw.</summary>
internal static class Conversion<T> where T : INumberBase<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryChecked<TOther>(TOther value, [MaybeNullWhen(false)] out T result) where TOther : INumberBase<TOther>
    {
        if (IsBuiltIn<T>() && IsBuiltIn<TOther>())
        {
            result = T.CreateChecked(value);
            return true;
        }

        return Try(static value => T.CreateChecked(value), value, out result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TrySaturating<TOther>(TOther value, [MaybeNullWhen(false)] out T result) where TOther : INumberBase<TOther>
    {
        if (IsBuiltIn<T>() && IsBuiltIn<TOther>())
        {
            result = T.CreateSaturating(value);
            return true;
        }

        return Try(static value => T.CreateSaturating(value), value, out result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryTruncating<TOther>(TOther value, [MaybeNullWhen(false)] out T result) where TOther : INumberBase<TOther>
    {
        if (IsBuiltIn<T>() && IsBuiltIn<TOther>())
        {
            result = T.CreateTruncating(value);
            return true;
        }

        return Try(static value => T.CreateTruncating(value), value, out result);
    }

    private static bool Try<TOther>(Func<TOther, T> convert, TOther value, [MaybeNullWhen(false)] out T result)
    {
        try
        {
            result = convert(value);
            return true;
        }
        catch (NotSupportedException)
        {
            result = default;
            return false;
        }
    }

    /// <summary>The types between which every conversion is known. Nothing is left of it in compiled code.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsBuiltIn<TNumber>() => typeof(TNumber) == typeof(double) || typeof(TNumber) == typeof(float) || typeof(TNumber) == typeof(int) || typeof(TNumber) == typeof(long)
        || typeof(TNumber) == typeof(uint) || typeof(TNumber) == typeof(ulong) || typeof(TNumber) == typeof(short) || typeof(TNumber) == typeof(ushort) || typeof(TNumber) == typeof(byte)
        || typeof(TNumber) == typeof(sbyte) || typeof(TNumber) == typeof(decimal) || typeof(TNumber) == typeof(Half) || typeof(TNumber) == typeof(char) || typeof(TNumber) == typeof(nint)
        || typeof(TNumber) == typeof(nuint) || typeof(TNumber) == typeof(Int128) || typeof(TNumber) == typeof(UInt128);
}
