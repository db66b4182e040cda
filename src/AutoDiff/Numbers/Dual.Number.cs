using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff;

// The project compiles this file for DualChunk and Active too, under their names.

/// <content>What a number type of generic math has besides its functions, by the value: constants, comparisons, conversions, text, bits.</content>
public readonly partial struct Dual<T>
{
    /// <summary>0, a constant.</summary>
    public static Dual<T> Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(T.Zero);
    }

    /// <summary>1, a constant.</summary>
    public static Dual<T> One
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(T.One);
    }

    /// <summary>-1, a constant.</summary>
    public static Dual<T> NegativeOne
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(T.NegativeOne);
    }

    /// <summary>-0, a constant.</summary>
    public static Dual<T> NegativeZero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(T.NegativeZero);
    }

    /// <summary>The base of the natural logarithm, a constant.</summary>
    public static Dual<T> E
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(T.E);
    }

    /// <summary>π, a constant.</summary>
    public static Dual<T> Pi
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(T.Pi);
    }

    /// <summary>2π, a constant.</summary>
    public static Dual<T> Tau
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(T.Tau);
    }

    /// <summary>The smallest positive number, a constant.</summary>
    public static Dual<T> Epsilon
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(T.Epsilon);
    }

    /// <summary>Not a number, a constant.</summary>
    public static Dual<T> NaN
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(T.NaN);
    }

    /// <summary>∞, a constant.</summary>
    public static Dual<T> PositiveInfinity
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(T.PositiveInfinity);
    }

    /// <summary>-∞, a constant.</summary>
    public static Dual<T> NegativeInfinity
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(T.NegativeInfinity);
    }

    static Dual<T> IAdditiveIdentity<Dual<T>, Dual<T>>.AdditiveIdentity => Zero;

    static Dual<T> IMultiplicativeIdentity<Dual<T>, Dual<T>>.MultiplicativeIdentity => One;

    static int INumberBase<Dual<T>>.Radix => T.Radix;

    /// <summary>Whether x == y, by the values.</summary>
    /// <param name="left">The first number.</param>
    /// <param name="right">The second number.</param>
    /// <returns>Whether it holds.</returns>
    public static bool operator ==(Dual<T> left, Dual<T> right) => left.value == right.value;

    /// <summary>Whether x != y, by the values.</summary>
    /// <param name="left">The first number.</param>
    /// <param name="right">The second number.</param>
    /// <returns>Whether it holds.</returns>
    public static bool operator !=(Dual<T> left, Dual<T> right) => left.value != right.value;

    /// <summary>Whether x &lt; y, by the values.</summary>
    /// <param name="left">The first number.</param>
    /// <param name="right">The second number.</param>
    /// <returns>Whether it holds.</returns>
    public static bool operator <(Dual<T> left, Dual<T> right) => left.value < right.value;

    /// <summary>Whether x > y, by the values.</summary>
    /// <param name="left">The first number.</param>
    /// <param name="right">The second number.</param>
    /// <returns>Whether it holds.</returns>
    public static bool operator >(Dual<T> left, Dual<T> right) => left.value > right.value;

    /// <summary>Whether x &lt;= y, by the values.</summary>
    /// <param name="left">The first number.</param>
    /// <param name="right">The second number.</param>
    /// <returns>Whether it holds.</returns>
    public static bool operator <=(Dual<T> left, Dual<T> right) => left.value <= right.value;

    /// <summary>Whether x >= y, by the values.</summary>
    /// <param name="left">The first number.</param>
    /// <param name="right">The second number.</param>
    /// <returns>Whether it holds.</returns>
    public static bool operator >=(Dual<T> left, Dual<T> right) => left.value >= right.value;

    /// <summary>Compares the values, NaN being equal to NaN.</summary>
    /// <param name="other">The other number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public bool Equals(Dual<T> other) => value.Equals(other.value);

    /// <summary>Whether the object is a number of the same type with an equal value, NaN being equal to NaN.</summary>
    /// <param name="obj">The object.</param>
    /// <returns>True if so, otherwise false.</returns>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Dual<T> other && Equals(other);

    /// <summary>The hash code of the value.</summary>
    /// <returns>A hash code.</returns>
    public override int GetHashCode() => value.GetHashCode();

    /// <summary>Compares the values.</summary>
    /// <param name="other">The other number.</param>
    /// <returns>A negative number, 0 or a positive number, as this number is smaller, equal or larger.</returns>
    public int CompareTo(Dual<T> other) => value.CompareTo(other.value);

    /// <summary>Compares the values.</summary>
    /// <param name="obj">The other number.</param>
    /// <returns>A negative number, 0 or a positive number, as this number is smaller, equal or larger.</returns>
    /// <exception cref="ArgumentException">The other object is no such number.</exception>
    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        Dual<T> other => CompareTo(other),
        _ => throw Errors.Argument(nameof(CompareTo), nameof(obj), $"the number is compared with an object of type {obj.GetType().Name}", "a number of the same type", "convert it first"),
    };

    /// <summary>Whether the value is NaN.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsNaN(Dual<T> value) => T.IsNaN(value.value);

    /// <summary>Whether the value is neither infinite nor NaN.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsFinite(Dual<T> value) => T.IsFinite(value.value);

    /// <summary>Whether the value is ∞ or -∞.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsInfinity(Dual<T> value) => T.IsInfinity(value.value);

    /// <summary>Whether the value is ∞.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsPositiveInfinity(Dual<T> value) => T.IsPositiveInfinity(value.value);

    /// <summary>Whether the value is -∞.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsNegativeInfinity(Dual<T> value) => T.IsNegativeInfinity(value.value);

    /// <summary>Whether the value is negative, or -0.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsNegative(Dual<T> value) => T.IsNegative(value.value);

    /// <summary>Whether the value is positive, or 0 without a sign.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsPositive(Dual<T> value) => T.IsPositive(value.value);

    /// <summary>Whether the value is an integer.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsInteger(Dual<T> value) => T.IsInteger(value.value);

    /// <summary>Whether the value is an even integer.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsEvenInteger(Dual<T> value) => T.IsEvenInteger(value.value);

    /// <summary>Whether the value is an odd integer.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsOddInteger(Dual<T> value) => T.IsOddInteger(value.value);

    /// <summary>Whether the value is finite, and neither 0 nor subnormal.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsNormal(Dual<T> value) => T.IsNormal(value.value);

    /// <summary>Whether the value is subnormal: so near to 0 that it has fewer digits.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsSubnormal(Dual<T> value) => T.IsSubnormal(value.value);

    /// <summary>Whether the value is anything but NaN.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsRealNumber(Dual<T> value) => T.IsRealNumber(value.value);

    static bool INumberBase<Dual<T>>.IsCanonical(Dual<T> value) => T.IsCanonical(value.value);

    static bool INumberBase<Dual<T>>.IsComplexNumber(Dual<T> value) => T.IsComplexNumber(value.value);

    static bool INumberBase<Dual<T>>.IsImaginaryNumber(Dual<T> value) => T.IsImaginaryNumber(value.value);

    static bool INumberBase<Dual<T>>.IsZero(Dual<T> value) => T.IsZero(value.value);

    /// <summary>Reads a number, a constant, from text.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">What reads the text, such as a culture.</param>
    /// <returns>The number.</returns>
    /// <exception cref="FormatException">The text is no number.</exception>
    public static Dual<T> Parse(string s, IFormatProvider? provider) => new(T.Parse(s, provider));

    /// <summary>Reads a number, a constant, from text.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">What reads the text, such as a culture.</param>
    /// <returns>The number.</returns>
    /// <exception cref="FormatException">The text is no number.</exception>
    public static Dual<T> Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => new(T.Parse(s, provider));

    /// <summary>Reads a number, a constant, from text.</summary>
    /// <param name="s">The text.</param>
    /// <param name="style">What the text may contain.</param>
    /// <param name="provider">What reads the text, such as a culture.</param>
    /// <returns>The number.</returns>
    /// <exception cref="FormatException">The text is no number.</exception>
    public static Dual<T> Parse(string s, NumberStyles style, IFormatProvider? provider) => new(T.Parse(s, style, provider));

    /// <summary>Reads a number, a constant, from text.</summary>
    /// <param name="s">The text.</param>
    /// <param name="style">What the text may contain.</param>
    /// <param name="provider">What reads the text, such as a culture.</param>
    /// <returns>The number.</returns>
    /// <exception cref="FormatException">The text is no number.</exception>
    public static Dual<T> Parse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider) => new(T.Parse(s, style, provider));

    /// <summary>Reads a number, a constant, from text.</summary>
    /// <param name="utf8Text">The text.</param>
    /// <param name="provider">What reads the text, such as a culture.</param>
    /// <returns>The number.</returns>
    /// <exception cref="FormatException">The text is no number.</exception>
    public static Dual<T> Parse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider) => new(T.Parse(utf8Text, provider));

    /// <summary>Reads a number, a constant, from text.</summary>
    /// <param name="utf8Text">The text.</param>
    /// <param name="style">What the text may contain.</param>
    /// <param name="provider">What reads the text, such as a culture.</param>
    /// <returns>The number.</returns>
    /// <exception cref="FormatException">The text is no number.</exception>
    public static Dual<T> Parse(ReadOnlySpan<byte> utf8Text, NumberStyles style, IFormatProvider? provider) => new(T.Parse(utf8Text, style, provider));

    /// <summary>Reads a number, a constant, from text, if it is one.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">What reads the text, such as a culture.</param>
    /// <param name="result">The number.</param>
    /// <returns>Whether the text is a number.</returns>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out Dual<T> result)
    {
        bool isNumber = T.TryParse(s, provider, out T? number);
        result = isNumber ? new(number!) : default;
        return isNumber;
    }

    /// <summary>Reads a number, a constant, from text, if it is one.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">What reads the text, such as a culture.</param>
    /// <param name="result">The number.</param>
    /// <returns>Whether the text is a number.</returns>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, [MaybeNullWhen(false)] out Dual<T> result)
    {
        bool isNumber = T.TryParse(s, provider, out T? number);
        result = isNumber ? new(number!) : default;
        return isNumber;
    }

    /// <summary>Reads a number, a constant, from text, if it is one.</summary>
    /// <param name="s">The text.</param>
    /// <param name="style">What the text may contain.</param>
    /// <param name="provider">What reads the text, such as a culture.</param>
    /// <param name="result">The number.</param>
    /// <returns>Whether the text is a number.</returns>
    public static bool TryParse([NotNullWhen(true)] string? s, NumberStyles style, IFormatProvider? provider, [MaybeNullWhen(false)] out Dual<T> result)
    {
        bool isNumber = T.TryParse(s, style, provider, out T? number);
        result = isNumber ? new(number!) : default;
        return isNumber;
    }

    /// <summary>Reads a number, a constant, from text, if it is one.</summary>
    /// <param name="s">The text.</param>
    /// <param name="style">What the text may contain.</param>
    /// <param name="provider">What reads the text, such as a culture.</param>
    /// <param name="result">The number.</param>
    /// <returns>Whether the text is a number.</returns>
    public static bool TryParse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, [MaybeNullWhen(false)] out Dual<T> result)
    {
        bool isNumber = T.TryParse(s, style, provider, out T? number);
        result = isNumber ? new(number!) : default;
        return isNumber;
    }

    /// <summary>Reads a number, a constant, from text, if it is one.</summary>
    /// <param name="utf8Text">The text.</param>
    /// <param name="provider">What reads the text, such as a culture.</param>
    /// <param name="result">The number.</param>
    /// <returns>Whether the text is a number.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider, [MaybeNullWhen(false)] out Dual<T> result)
    {
        bool isNumber = T.TryParse(utf8Text, provider, out T? number);
        result = isNumber ? new(number!) : default;
        return isNumber;
    }

    /// <summary>Reads a number, a constant, from text, if it is one.</summary>
    /// <param name="utf8Text">The text.</param>
    /// <param name="style">What the text may contain.</param>
    /// <param name="provider">What reads the text, such as a culture.</param>
    /// <param name="result">The number.</param>
    /// <returns>Whether the text is a number.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8Text, NumberStyles style, IFormatProvider? provider, [MaybeNullWhen(false)] out Dual<T> result)
    {
        bool isNumber = T.TryParse(utf8Text, style, provider, out T? number);
        result = isNumber ? new(number!) : default;
        return isNumber;
    }

    /// <summary>The value as text.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => value.ToString() ?? "";

    /// <summary>The value as text.</summary>
    /// <param name="format">A format of numbers.</param>
    /// <param name="formatProvider">What writes the number, such as a culture.</param>
    /// <returns>The text.</returns>
    public string ToString(string? format, IFormatProvider? formatProvider) => value.ToString(format, formatProvider);

    /// <summary>Writes the value as text, where there is room.</summary>
    /// <param name="destination">Where to write.</param>
    /// <param name="charsWritten">How much was written.</param>
    /// <param name="format">A format of numbers.</param>
    /// <param name="provider">What writes the number, such as a culture.</param>
    /// <returns>Whether there was room.</returns>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) => value.TryFormat(destination, out charsWritten, format, provider);

    /// <summary>Writes the value as text, where there is room.</summary>
    /// <param name="utf8Destination">Where to write.</param>
    /// <param name="bytesWritten">How much was written.</param>
    /// <param name="format">A format of numbers.</param>
    /// <param name="provider">What writes the number, such as a culture.</param>
    /// <returns>Whether there was room.</returns>
    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider) => value.TryFormat(utf8Destination, out bytesWritten, format, provider);

    // As the interface has them, and without a question for a type whose conversion is known: they stand in the midst of formulas.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Dual<T> INumberBase<Dual<T>>.CreateChecked<TOther>(TOther value) => value is Dual<T> number ? number : new(T.CreateChecked(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Dual<T> INumberBase<Dual<T>>.CreateSaturating<TOther>(TOther value) => value is Dual<T> number ? number : new(T.CreateSaturating(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Dual<T> INumberBase<Dual<T>>.CreateTruncating<TOther>(TOther value) => value is Dual<T> number ? number : new(T.CreateTruncating(value));

    static bool INumberBase<Dual<T>>.TryConvertFromChecked<TOther>(TOther value, out Dual<T> result)
    {
        bool converted = Conversion<T>.TryChecked(value, out T? number);
        result = converted ? new(number!) : default;
        return converted;
    }

    static bool INumberBase<Dual<T>>.TryConvertFromSaturating<TOther>(TOther value, out Dual<T> result)
    {
        bool converted = Conversion<T>.TrySaturating(value, out T? number);
        result = converted ? new(number!) : default;
        return converted;
    }

    static bool INumberBase<Dual<T>>.TryConvertFromTruncating<TOther>(TOther value, out Dual<T> result)
    {
        bool converted = Conversion<T>.TryTruncating(value, out T? number);
        result = converted ? new(number!) : default;
        return converted;
    }

    static bool INumberBase<Dual<T>>.TryConvertToChecked<TOther>(Dual<T> value, [MaybeNullWhen(false)] out TOther result) => Conversion<TOther>.TryChecked(value.value, out result);

    static bool INumberBase<Dual<T>>.TryConvertToSaturating<TOther>(Dual<T> value, [MaybeNullWhen(false)] out TOther result) => Conversion<TOther>.TrySaturating(value.value, out result);

    static bool INumberBase<Dual<T>>.TryConvertToTruncating<TOther>(Dual<T> value, [MaybeNullWhen(false)] out TOther result) => Conversion<TOther>.TryTruncating(value.value, out result);

    int IFloatingPoint<Dual<T>>.GetExponentByteCount() => value.GetExponentByteCount();

    int IFloatingPoint<Dual<T>>.GetExponentShortestBitLength() => value.GetExponentShortestBitLength();

    int IFloatingPoint<Dual<T>>.GetSignificandBitLength() => value.GetSignificandBitLength();

    int IFloatingPoint<Dual<T>>.GetSignificandByteCount() => value.GetSignificandByteCount();

    bool IFloatingPoint<Dual<T>>.TryWriteExponentBigEndian(Span<byte> destination, out int bytesWritten) => value.TryWriteExponentBigEndian(destination, out bytesWritten);

    bool IFloatingPoint<Dual<T>>.TryWriteExponentLittleEndian(Span<byte> destination, out int bytesWritten) => value.TryWriteExponentLittleEndian(destination, out bytesWritten);

    bool IFloatingPoint<Dual<T>>.TryWriteSignificandBigEndian(Span<byte> destination, out int bytesWritten) => value.TryWriteSignificandBigEndian(destination, out bytesWritten);

    bool IFloatingPoint<Dual<T>>.TryWriteSignificandLittleEndian(Span<byte> destination, out int bytesWritten) => value.TryWriteSignificandLittleEndian(destination, out bytesWritten);
}
