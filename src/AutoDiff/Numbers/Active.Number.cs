using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff;

/// <content>What a number type of generic math has besides its functions, by the value: constants, comparisons, conversions, text, bits.</content>
public readonly partial struct Active<T>
{
    /// <summary>0, a constant.</summary>
    public static Active<T> Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(T.Zero);
    }

    /// <summary>1, a constant.</summary>
    public static Active<T> One
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(T.One);
    }

    /// <summary>-1, a constant.</summary>
    public static Active<T> NegativeOne
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(T.NegativeOne);
    }

    /// <summary>-0, a constant.</summary>
    public static Active<T> NegativeZero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(T.NegativeZero);
    }

    /// <summary>The base of the natural logarithm, a constant.</summary>
    public static Active<T> E
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(T.E);
    }

    /// <summary>π, a constant.</summary>
    public static Active<T> Pi
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(T.Pi);
    }

    /// <summary>2π, a constant.</summary>
    public static Active<T> Tau
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(T.Tau);
    }

    /// <summary>The smallest positive number, a constant.</summary>
    public static Active<T> Epsilon
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(T.Epsilon);
    }

    /// <summary>Not a number, a constant.</summary>
    public static Active<T> NaN
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(T.NaN);
    }

    /// <summary>∞, a constant.</summary>
    public static Active<T> PositiveInfinity
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(T.PositiveInfinity);
    }

    /// <summary>-∞, a constant.</summary>
    public static Active<T> NegativeInfinity
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(T.NegativeInfinity);
    }

    static Active<T> IAdditiveIdentity<Active<T>, Active<T>>.AdditiveIdentity => Zero;

    static Active<T> IMultiplicativeIdentity<Active<T>, Active<T>>.MultiplicativeIdentity => One;

    static int INumberBase<Active<T>>.Radix => T.Radix;

    /// <summary>Compares the values: x == y.</summary>
    /// <param name="left">The first number.</param>
    /// <param name="right">The second number.</param>
    /// <returns>Whether it holds.</returns>
    public static bool operator ==(Active<T> left, Active<T> right) => left.value == right.value;

    /// <summary>Compares the values: x != y.</summary>
    /// <param name="left">The first number.</param>
    /// <param name="right">The second number.</param>
    /// <returns>Whether it holds.</returns>
    public static bool operator !=(Active<T> left, Active<T> right) => left.value != right.value;

    /// <summary>Compares the values: x &lt; y.</summary>
    /// <param name="left">The first number.</param>
    /// <param name="right">The second number.</param>
    /// <returns>Whether it holds.</returns>
    public static bool operator <(Active<T> left, Active<T> right) => left.value < right.value;

    /// <summary>Compares the values: x > y.</summary>
    /// <param name="left">The first number.</param>
    /// <param name="right">The second number.</param>
    /// <returns>Whether it holds.</returns>
    public static bool operator >(Active<T> left, Active<T> right) => left.value > right.value;

    /// <summary>Compares the values: x &lt;= y.</summary>
    /// <param name="left">The first number.</param>
    /// <param name="right">The second number.</param>
    /// <returns>Whether it holds.</returns>
    public static bool operator <=(Active<T> left, Active<T> right) => left.value <= right.value;

    /// <summary>Compares the values: x >= y.</summary>
    /// <param name="left">The first number.</param>
    /// <param name="right">The second number.</param>
    /// <returns>Whether it holds.</returns>
    public static bool operator >=(Active<T> left, Active<T> right) => left.value >= right.value;

    /// <summary>Compares the values, NaN being equal to NaN.</summary>
    /// <param name="other">The other number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public bool Equals(Active<T> other) => value.Equals(other.value);

    /// <summary>Whether the object is a number of the same type with an equal value, NaN being equal to NaN.</summary>
    /// <param name="obj">The object.</param>
    /// <returns>True if so, otherwise false.</returns>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Active<T> other && Equals(other);

    /// <summary>That of the value.</summary>
    /// <returns>A hash code.</returns>
    public override int GetHashCode() => value.GetHashCode();

    /// <summary>Compares the values.</summary>
    /// <param name="other">The other number.</param>
    /// <returns>A negative number, 0 or a positive number, as this number is smaller, equal or larger.</returns>
    public int CompareTo(Active<T> other) => value.CompareTo(other.value);

    /// <summary>Compares the values.</summary>
    /// <param name="obj">The other number.</param>
    /// <returns>A negative number, 0 or a positive number, as this number is smaller, equal or larger.</returns>
    /// <exception cref="ArgumentException">The other object is no such number.</exception>
    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        Active<T> other => CompareTo(other),
        _ => throw Errors.Argument(nameof(CompareTo), nameof(obj), $"the number is compared with an object of type {obj.GetType().Name}", "a number of the same type", "convert it first"),
    };

    /// <summary>Whether the value is NaN.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsNaN(Active<T> value) => T.IsNaN(value.value);

    /// <summary>Whether the value is neither infinite nor NaN.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsFinite(Active<T> value) => T.IsFinite(value.value);

    /// <summary>Whether the value is ∞ or -∞.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsInfinity(Active<T> value) => T.IsInfinity(value.value);

    /// <summary>Whether the value is ∞.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsPositiveInfinity(Active<T> value) => T.IsPositiveInfinity(value.value);

    /// <summary>Whether the value is -∞.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsNegativeInfinity(Active<T> value) => T.IsNegativeInfinity(value.value);

    /// <summary>Whether the value is negative, or -0.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsNegative(Active<T> value) => T.IsNegative(value.value);

    /// <summary>Whether the value is positive, or 0 without a sign.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsPositive(Active<T> value) => T.IsPositive(value.value);

    /// <summary>Whether the value is an integer.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsInteger(Active<T> value) => T.IsInteger(value.value);

    /// <summary>Whether the value is an even integer.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsEvenInteger(Active<T> value) => T.IsEvenInteger(value.value);

    /// <summary>Whether the value is an odd integer.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsOddInteger(Active<T> value) => T.IsOddInteger(value.value);

    /// <summary>Whether the value is finite with all its digits.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsNormal(Active<T> value) => T.IsNormal(value.value);

    /// <summary>Whether the value is so small that it has fewer digits.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsSubnormal(Active<T> value) => T.IsSubnormal(value.value);

    /// <summary>Whether the value is a real number, or infinite.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsRealNumber(Active<T> value) => T.IsRealNumber(value.value);

    static bool INumberBase<Active<T>>.IsCanonical(Active<T> value) => T.IsCanonical(value.value);

    static bool INumberBase<Active<T>>.IsComplexNumber(Active<T> value) => T.IsComplexNumber(value.value);

    static bool INumberBase<Active<T>>.IsImaginaryNumber(Active<T> value) => T.IsImaginaryNumber(value.value);

    static bool INumberBase<Active<T>>.IsZero(Active<T> value) => T.IsZero(value.value);

    /// <summary>Reads a number, a constant, from text.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">What reads the text, such as a culture.</param>
    /// <returns>The number.</returns>
    /// <exception cref="FormatException">The text is no number.</exception>
    public static Active<T> Parse(string s, IFormatProvider? provider) => new(T.Parse(s, provider));

    /// <summary>Reads a number, a constant, from text.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">What reads the text, such as a culture.</param>
    /// <returns>The number.</returns>
    /// <exception cref="FormatException">The text is no number.</exception>
    public static Active<T> Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => new(T.Parse(s, provider));

    /// <summary>Reads a number, a constant, from text.</summary>
    /// <param name="s">The text.</param>
    /// <param name="style">What the text may contain.</param>
    /// <param name="provider">What reads the text, such as a culture.</param>
    /// <returns>The number.</returns>
    /// <exception cref="FormatException">The text is no number.</exception>
    public static Active<T> Parse(string s, NumberStyles style, IFormatProvider? provider) => new(T.Parse(s, style, provider));

    /// <summary>Reads a number, a constant, from text.</summary>
    /// <param name="s">The text.</param>
    /// <param name="style">What the text may contain.</param>
    /// <param name="provider">What reads the text, such as a culture.</param>
    /// <returns>The number.</returns>
    /// <exception cref="FormatException">The text is no number.</exception>
    public static Active<T> Parse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider) => new(T.Parse(s, style, provider));

    /// <summary>Reads a number, a constant, from text.</summary>
    /// <param name="utf8Text">The text.</param>
    /// <param name="provider">What reads the text, such as a culture.</param>
    /// <returns>The number.</returns>
    /// <exception cref="FormatException">The text is no number.</exception>
    public static Active<T> Parse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider) => new(T.Parse(utf8Text, provider));

    /// <summary>Reads a number, a constant, from text.</summary>
    /// <param name="utf8Text">The text.</param>
    /// <param name="style">What the text may contain.</param>
    /// <param name="provider">What reads the text, such as a culture.</param>
    /// <returns>The number.</returns>
    /// <exception cref="FormatException">The text is no number.</exception>
    public static Active<T> Parse(ReadOnlySpan<byte> utf8Text, NumberStyles style, IFormatProvider? provider) => new(T.Parse(utf8Text, style, provider));

    /// <summary>Reads a number, a constant, from text, if it is one.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">What reads the text, such as a culture.</param>
    /// <param name="result">The number.</param>
    /// <returns>Whether the text is a number.</returns>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out Active<T> result)
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
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, [MaybeNullWhen(false)] out Active<T> result)
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
    public static bool TryParse([NotNullWhen(true)] string? s, NumberStyles style, IFormatProvider? provider, [MaybeNullWhen(false)] out Active<T> result)
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
    public static bool TryParse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, [MaybeNullWhen(false)] out Active<T> result)
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
    public static bool TryParse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider, [MaybeNullWhen(false)] out Active<T> result)
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
    public static bool TryParse(ReadOnlySpan<byte> utf8Text, NumberStyles style, IFormatProvider? provider, [MaybeNullWhen(false)] out Active<T> result)
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
    static Active<T> INumberBase<Active<T>>.CreateChecked<TOther>(TOther value) => value is Active<T> number ? number : new(T.CreateChecked(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Active<T> INumberBase<Active<T>>.CreateSaturating<TOther>(TOther value) => value is Active<T> number ? number : new(T.CreateSaturating(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Active<T> INumberBase<Active<T>>.CreateTruncating<TOther>(TOther value) => value is Active<T> number ? number : new(T.CreateTruncating(value));

    static bool INumberBase<Active<T>>.TryConvertFromChecked<TOther>(TOther value, out Active<T> result)
    {
        bool converted = Conversion<T>.TryChecked(value, out T? number);
        result = converted ? new(number!) : default;
        return converted;
    }

    static bool INumberBase<Active<T>>.TryConvertFromSaturating<TOther>(TOther value, out Active<T> result)
    {
        bool converted = Conversion<T>.TrySaturating(value, out T? number);
        result = converted ? new(number!) : default;
        return converted;
    }

    static bool INumberBase<Active<T>>.TryConvertFromTruncating<TOther>(TOther value, out Active<T> result)
    {
        bool converted = Conversion<T>.TryTruncating(value, out T? number);
        result = converted ? new(number!) : default;
        return converted;
    }

    static bool INumberBase<Active<T>>.TryConvertToChecked<TOther>(Active<T> value, [MaybeNullWhen(false)] out TOther result) => Conversion<TOther>.TryChecked(value.value, out result);

    static bool INumberBase<Active<T>>.TryConvertToSaturating<TOther>(Active<T> value, [MaybeNullWhen(false)] out TOther result) => Conversion<TOther>.TrySaturating(value.value, out result);

    static bool INumberBase<Active<T>>.TryConvertToTruncating<TOther>(Active<T> value, [MaybeNullWhen(false)] out TOther result) => Conversion<TOther>.TryTruncating(value.value, out result);

    int IFloatingPoint<Active<T>>.GetExponentByteCount() => value.GetExponentByteCount();

    int IFloatingPoint<Active<T>>.GetExponentShortestBitLength() => value.GetExponentShortestBitLength();

    int IFloatingPoint<Active<T>>.GetSignificandBitLength() => value.GetSignificandBitLength();

    int IFloatingPoint<Active<T>>.GetSignificandByteCount() => value.GetSignificandByteCount();

    bool IFloatingPoint<Active<T>>.TryWriteExponentBigEndian(Span<byte> destination, out int bytesWritten) => value.TryWriteExponentBigEndian(destination, out bytesWritten);

    bool IFloatingPoint<Active<T>>.TryWriteExponentLittleEndian(Span<byte> destination, out int bytesWritten) => value.TryWriteExponentLittleEndian(destination, out bytesWritten);

    bool IFloatingPoint<Active<T>>.TryWriteSignificandBigEndian(Span<byte> destination, out int bytesWritten) => value.TryWriteSignificandBigEndian(destination, out bytesWritten);

    bool IFloatingPoint<Active<T>>.TryWriteSignificandLittleEndian(Span<byte> destination, out int bytesWritten) => value.TryWriteSignificandLittleEndian(destination, out bytesWritten);
}
