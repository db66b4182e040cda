using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace AutoDiff;

/// <content>What a number type of generic math has besides its functions, by the numbers of the scenarios: constants, comparisons, conversions, text, bits. What asks for one truth or one number, where scenarios
/// disagree, parts them.</content>
public readonly partial struct Lane<T>
{
    /// <summary>0, a constant.</summary>
    public static Lane<T> Zero => new(T.Zero);

    /// <summary>1, a constant.</summary>
    public static Lane<T> One => new(T.One);

    /// <summary>-1, a constant.</summary>
    public static Lane<T> NegativeOne => new(T.NegativeOne);

    /// <summary>-0, a constant.</summary>
    public static Lane<T> NegativeZero => new(T.NegativeZero);

    /// <summary>The base of the natural logarithm, a constant.</summary>
    public static Lane<T> E => new(T.E);

    /// <summary>π, a constant.</summary>
    public static Lane<T> Pi => new(T.Pi);

    /// <summary>2π, a constant.</summary>
    public static Lane<T> Tau => new(T.Tau);

    /// <summary>The smallest positive number, a constant.</summary>
    public static Lane<T> Epsilon => new(T.Epsilon);

    /// <summary>Not a number, a constant.</summary>
    public static Lane<T> NaN => new(T.NaN);

    /// <summary>∞, a constant.</summary>
    public static Lane<T> PositiveInfinity => new(T.PositiveInfinity);

    /// <summary>-∞, a constant.</summary>
    public static Lane<T> NegativeInfinity => new(T.NegativeInfinity);

    static Lane<T> IAdditiveIdentity<Lane<T>, Lane<T>>.AdditiveIdentity => Zero;

    static Lane<T> IMultiplicativeIdentity<Lane<T>, Lane<T>>.MultiplicativeIdentity => One;

    static int INumberBase<Lane<T>>.Radix => T.Radix;

    /// <summary>Whether x == y: one answer for all scenarios. Those that disagree go on in groups, each by its own answer.</summary>
    /// <param name="left">The first number.</param>
    /// <param name="right">The second number.</param>
    /// <returns>Whether it holds.</returns>
    public static bool operator ==(Lane<T> left, Lane<T> right) => AreNumbers(left, right) ? left.number == right.number : Decide(left.AsTensor().EqualTo(right.AsTensor()));

    /// <summary>Whether x != y: one answer for all scenarios. Those that disagree go on in groups, each by its own answer.</summary>
    /// <param name="left">The first number.</param>
    /// <param name="right">The second number.</param>
    /// <returns>Whether it holds.</returns>
    public static bool operator !=(Lane<T> left, Lane<T> right) => AreNumbers(left, right) ? left.number != right.number : Decide(left.AsTensor().NotEqualTo(right.AsTensor()));

    /// <summary>Whether x &lt; y: one answer for all scenarios. Those that disagree go on in groups, each by its own answer.</summary>
    /// <param name="left">The first number.</param>
    /// <param name="right">The second number.</param>
    /// <returns>Whether it holds.</returns>
    public static bool operator <(Lane<T> left, Lane<T> right) => AreNumbers(left, right) ? left.number < right.number : Decide(left.AsTensor() < right.AsTensor());

    /// <summary>Whether x > y: one answer for all scenarios. Those that disagree go on in groups, each by its own answer.</summary>
    /// <param name="left">The first number.</param>
    /// <param name="right">The second number.</param>
    /// <returns>Whether it holds.</returns>
    public static bool operator >(Lane<T> left, Lane<T> right) => AreNumbers(left, right) ? left.number > right.number : Decide(left.AsTensor() > right.AsTensor());

    /// <summary>Whether x &lt;= y: one answer for all scenarios. Those that disagree go on in groups, each by its own answer.</summary>
    /// <param name="left">The first number.</param>
    /// <param name="right">The second number.</param>
    /// <returns>Whether it holds.</returns>
    public static bool operator <=(Lane<T> left, Lane<T> right) => AreNumbers(left, right) ? left.number <= right.number : Decide(left.AsTensor() <= right.AsTensor());

    /// <summary>Whether x >= y: one answer for all scenarios. Those that disagree go on in groups, each by its own answer.</summary>
    /// <param name="left">The first number.</param>
    /// <param name="right">The second number.</param>
    /// <returns>Whether it holds.</returns>
    public static bool operator >=(Lane<T> left, Lane<T> right) => AreNumbers(left, right) ? left.number >= right.number : Decide(left.AsTensor() >= right.AsTensor());

    /// <summary>Compares the numbers, NaN being equal to NaN.</summary>
    /// <param name="other">The other number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public bool Equals(Lane<T> other) => AreNumbers(this, other) ? number.Equals(other.number)
        : Decide(Tensor<T>.Pairwise(static (x, y) => x.Equals(y) ? T.One : T.Zero, AsTensor(), other.AsTensor(), nameof(Equals)));

    /// <summary>Whether the object is a number of the same type with an equal value, NaN being equal to NaN.</summary>
    /// <param name="obj">The object.</param>
    /// <returns>True if so, otherwise false.</returns>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Lane<T> other && Equals(other);

    /// <summary>The hash code of the number.</summary>
    /// <returns>A hash code.</returns>
    public override int GetHashCode() => Value.GetHashCode();

    /// <summary>Compares the numbers.</summary>
    /// <param name="other">The other number.</param>
    /// <returns>A negative number, 0 or a positive number, as this number is smaller, equal or larger.</returns>
    public int CompareTo(Lane<T> other) => AreNumbers(this, other) ? number.CompareTo(other.number)
        : int.CreateTruncating(Common(Tensor<T>.Pairwise(static (x, y) => T.CreateTruncating(Math.Sign(x.CompareTo(y))), AsTensor(), other.AsTensor(), nameof(CompareTo))));

    /// <summary>Compares the numbers.</summary>
    /// <param name="obj">The other number.</param>
    /// <returns>A negative number, 0 or a positive number, as this number is smaller, equal or larger.</returns>
    /// <exception cref="ArgumentException">The other object is no such number.</exception>
    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        Lane<T> other => CompareTo(other),
        _ => throw Errors.Argument(nameof(CompareTo), nameof(obj), $"the number is compared with an object of type {obj.GetType().Name}", "a number of the same type", "convert it first"),
    };

    /// <summary>Whether the number is NaN.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsNaN(Lane<T> value) => value.tensor is { } t ? Decide(t.Pointwise(static x => T.IsNaN(x) ? T.One : T.Zero, name: nameof(IsNaN))) : T.IsNaN(value.number);

    /// <summary>Whether the number is neither infinite nor NaN.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsFinite(Lane<T> value) => value.tensor is { } t ? Decide(t.Pointwise(static x => T.IsFinite(x) ? T.One : T.Zero, name: nameof(IsFinite))) : T.IsFinite(value.number);

    /// <summary>Whether the number is ∞ or -∞.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsInfinity(Lane<T> value) => value.tensor is { } t ? Decide(t.Pointwise(static x => T.IsInfinity(x) ? T.One : T.Zero, name: nameof(IsInfinity))) : T.IsInfinity(value.number);

    /// <summary>Whether the number is ∞.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsPositiveInfinity(Lane<T> value) => value.tensor is { } t ? Decide(t.Pointwise(static x => T.IsPositiveInfinity(x) ? T.One : T.Zero, name: nameof(IsPositiveInfinity))) : T.IsPositiveInfinity(value.number);

    /// <summary>Whether the number is -∞.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsNegativeInfinity(Lane<T> value) => value.tensor is { } t ? Decide(t.Pointwise(static x => T.IsNegativeInfinity(x) ? T.One : T.Zero, name: nameof(IsNegativeInfinity))) : T.IsNegativeInfinity(value.number);

    /// <summary>Whether the number is negative, or -0.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsNegative(Lane<T> value) => value.tensor is { } t ? Decide(t.Pointwise(static x => T.IsNegative(x) ? T.One : T.Zero, name: nameof(IsNegative))) : T.IsNegative(value.number);

    /// <summary>Whether the number is positive, or 0 without a sign.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsPositive(Lane<T> value) => value.tensor is { } t ? Decide(t.Pointwise(static x => T.IsPositive(x) ? T.One : T.Zero, name: nameof(IsPositive))) : T.IsPositive(value.number);

    /// <summary>Whether the number is an integer.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsInteger(Lane<T> value) => value.tensor is { } t ? Decide(t.Pointwise(static x => T.IsInteger(x) ? T.One : T.Zero, name: nameof(IsInteger))) : T.IsInteger(value.number);

    /// <summary>Whether the number is an even integer.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsEvenInteger(Lane<T> value) => value.tensor is { } t ? Decide(t.Pointwise(static x => T.IsEvenInteger(x) ? T.One : T.Zero, name: nameof(IsEvenInteger))) : T.IsEvenInteger(value.number);

    /// <summary>Whether the number is an odd integer.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsOddInteger(Lane<T> value) => value.tensor is { } t ? Decide(t.Pointwise(static x => T.IsOddInteger(x) ? T.One : T.Zero, name: nameof(IsOddInteger))) : T.IsOddInteger(value.number);

    /// <summary>Whether the number is finite, and neither 0 nor subnormal.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsNormal(Lane<T> value) => value.tensor is { } t ? Decide(t.Pointwise(static x => T.IsNormal(x) ? T.One : T.Zero, name: nameof(IsNormal))) : T.IsNormal(value.number);

    /// <summary>Whether the number is subnormal: so near to 0 that it has fewer digits.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsSubnormal(Lane<T> value) => value.tensor is { } t ? Decide(t.Pointwise(static x => T.IsSubnormal(x) ? T.One : T.Zero, name: nameof(IsSubnormal))) : T.IsSubnormal(value.number);

    /// <summary>Whether the number is anything but NaN.</summary>
    /// <param name="value">The number.</param>
    /// <returns>True if so, otherwise false.</returns>
    public static bool IsRealNumber(Lane<T> value) => value.tensor is { } t ? Decide(t.Pointwise(static x => T.IsRealNumber(x) ? T.One : T.Zero, name: nameof(IsRealNumber))) : T.IsRealNumber(value.number);

    static bool INumberBase<Lane<T>>.IsCanonical(Lane<T> value) => value.tensor is { } t ? Decide(t.Pointwise(static x => T.IsCanonical(x) ? T.One : T.Zero, name: "IsCanonical")) : T.IsCanonical(value.number);

    static bool INumberBase<Lane<T>>.IsComplexNumber(Lane<T> value) => value.tensor is { } t ? Decide(t.Pointwise(static x => T.IsComplexNumber(x) ? T.One : T.Zero, name: "IsComplexNumber")) : T.IsComplexNumber(value.number);

    static bool INumberBase<Lane<T>>.IsImaginaryNumber(Lane<T> value) => value.tensor is { } t ? Decide(t.Pointwise(static x => T.IsImaginaryNumber(x) ? T.One : T.Zero, name: "IsImaginaryNumber")) : T.IsImaginaryNumber(value.number);

    static bool INumberBase<Lane<T>>.IsZero(Lane<T> value) => value.tensor is { } t ? Decide(t.Pointwise(static x => T.IsZero(x) ? T.One : T.Zero, name: "IsZero")) : T.IsZero(value.number);

    /// <summary>Reads a number, a constant, from text.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">What reads the text, such as a culture.</param>
    /// <returns>The number.</returns>
    /// <exception cref="FormatException">The text is no number.</exception>
    public static Lane<T> Parse(string s, IFormatProvider? provider) => new(T.Parse(s, provider));

    /// <summary>Reads a number, a constant, from text.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">What reads the text, such as a culture.</param>
    /// <returns>The number.</returns>
    /// <exception cref="FormatException">The text is no number.</exception>
    public static Lane<T> Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => new(T.Parse(s, provider));

    /// <summary>Reads a number, a constant, from text.</summary>
    /// <param name="s">The text.</param>
    /// <param name="style">What the text may contain.</param>
    /// <param name="provider">What reads the text, such as a culture.</param>
    /// <returns>The number.</returns>
    /// <exception cref="FormatException">The text is no number.</exception>
    public static Lane<T> Parse(string s, NumberStyles style, IFormatProvider? provider) => new(T.Parse(s, style, provider));

    /// <summary>Reads a number, a constant, from text.</summary>
    /// <param name="s">The text.</param>
    /// <param name="style">What the text may contain.</param>
    /// <param name="provider">What reads the text, such as a culture.</param>
    /// <returns>The number.</returns>
    /// <exception cref="FormatException">The text is no number.</exception>
    public static Lane<T> Parse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider) => new(T.Parse(s, style, provider));

    /// <summary>Reads a number, a constant, from text.</summary>
    /// <param name="utf8Text">The text.</param>
    /// <param name="provider">What reads the text, such as a culture.</param>
    /// <returns>The number.</returns>
    /// <exception cref="FormatException">The text is no number.</exception>
    public static Lane<T> Parse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider) => new(T.Parse(utf8Text, provider));

    /// <summary>Reads a number, a constant, from text.</summary>
    /// <param name="utf8Text">The text.</param>
    /// <param name="style">What the text may contain.</param>
    /// <param name="provider">What reads the text, such as a culture.</param>
    /// <returns>The number.</returns>
    /// <exception cref="FormatException">The text is no number.</exception>
    public static Lane<T> Parse(ReadOnlySpan<byte> utf8Text, NumberStyles style, IFormatProvider? provider) => new(T.Parse(utf8Text, style, provider));

    /// <summary>Reads a number, a constant, from text, if it is one.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">What reads the text, such as a culture.</param>
    /// <param name="result">The number.</param>
    /// <returns>Whether the text is a number.</returns>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out Lane<T> result)
    {
        bool isNumber = T.TryParse(s, provider, out T number);
        result = isNumber ? new(number) : default;
        return isNumber;
    }

    /// <summary>Reads a number, a constant, from text, if it is one.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">What reads the text, such as a culture.</param>
    /// <param name="result">The number.</param>
    /// <returns>Whether the text is a number.</returns>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, [MaybeNullWhen(false)] out Lane<T> result)
    {
        bool isNumber = T.TryParse(s, provider, out T number);
        result = isNumber ? new(number) : default;
        return isNumber;
    }

    /// <summary>Reads a number, a constant, from text, if it is one.</summary>
    /// <param name="s">The text.</param>
    /// <param name="style">What the text may contain.</param>
    /// <param name="provider">What reads the text, such as a culture.</param>
    /// <param name="result">The number.</param>
    /// <returns>Whether the text is a number.</returns>
    public static bool TryParse([NotNullWhen(true)] string? s, NumberStyles style, IFormatProvider? provider, [MaybeNullWhen(false)] out Lane<T> result)
    {
        bool isNumber = T.TryParse(s, style, provider, out T number);
        result = isNumber ? new(number) : default;
        return isNumber;
    }

    /// <summary>Reads a number, a constant, from text, if it is one.</summary>
    /// <param name="s">The text.</param>
    /// <param name="style">What the text may contain.</param>
    /// <param name="provider">What reads the text, such as a culture.</param>
    /// <param name="result">The number.</param>
    /// <returns>Whether the text is a number.</returns>
    public static bool TryParse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, [MaybeNullWhen(false)] out Lane<T> result)
    {
        bool isNumber = T.TryParse(s, style, provider, out T number);
        result = isNumber ? new(number) : default;
        return isNumber;
    }

    /// <summary>Reads a number, a constant, from text, if it is one.</summary>
    /// <param name="utf8Text">The text.</param>
    /// <param name="provider">What reads the text, such as a culture.</param>
    /// <param name="result">The number.</param>
    /// <returns>Whether the text is a number.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider, [MaybeNullWhen(false)] out Lane<T> result)
    {
        bool isNumber = T.TryParse(utf8Text, provider, out T number);
        result = isNumber ? new(number) : default;
        return isNumber;
    }

    /// <summary>Reads a number, a constant, from text, if it is one.</summary>
    /// <param name="utf8Text">The text.</param>
    /// <param name="style">What the text may contain.</param>
    /// <param name="provider">What reads the text, such as a culture.</param>
    /// <param name="result">The number.</param>
    /// <returns>Whether the text is a number.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8Text, NumberStyles style, IFormatProvider? provider, [MaybeNullWhen(false)] out Lane<T> result)
    {
        bool isNumber = T.TryParse(utf8Text, style, provider, out T number);
        result = isNumber ? new(number) : default;
        return isNumber;
    }

    /// <summary>The value as text.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => tensor is { } t ? t.ToString() : number.ToString() ?? "";

    /// <summary>The value as text.</summary>
    /// <param name="format">A format of numbers.</param>
    /// <param name="formatProvider">What writes the number, such as a culture.</param>
    /// <returns>The text.</returns>
    public string ToString(string? format, IFormatProvider? formatProvider) => tensor is { } t ? t.ToString(format, formatProvider) : number.ToString(format, formatProvider);

    /// <summary>Writes the value as text, where there is room.</summary>
    /// <param name="destination">Where to write.</param>
    /// <param name="charsWritten">How much was written.</param>
    /// <param name="format">A format of numbers.</param>
    /// <param name="provider">What writes the number, such as a culture.</param>
    /// <returns>Whether there was room.</returns>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        tensor is { } t ? t.TryFormat(destination, out charsWritten, format, provider) : number.TryFormat(destination, out charsWritten, format, provider);

    /// <summary>Writes the value as text, where there is room.</summary>
    /// <param name="utf8Destination">Where to write.</param>
    /// <param name="bytesWritten">How much was written.</param>
    /// <param name="format">A format of numbers.</param>
    /// <param name="provider">What writes the number, such as a culture.</param>
    /// <returns>Whether there was room.</returns>
    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider) => Value.TryFormat(utf8Destination, out bytesWritten, format, provider);

    static bool INumberBase<Lane<T>>.TryConvertFromChecked<TOther>(TOther value, out Lane<T> result)
    {
        bool converted = Conversion<T>.TryChecked(value, out T number);
        result = converted ? new(number) : default;
        return converted;
    }

    static bool INumberBase<Lane<T>>.TryConvertFromSaturating<TOther>(TOther value, out Lane<T> result)
    {
        bool converted = Conversion<T>.TrySaturating(value, out T number);
        result = converted ? new(number) : default;
        return converted;
    }

    static bool INumberBase<Lane<T>>.TryConvertFromTruncating<TOther>(TOther value, out Lane<T> result)
    {
        bool converted = Conversion<T>.TryTruncating(value, out T number);
        result = converted ? new(number) : default;
        return converted;
    }

    static bool INumberBase<Lane<T>>.TryConvertToChecked<TOther>(Lane<T> value, [MaybeNullWhen(false)] out TOther result) => Conversion<TOther>.TryChecked(value.Value, out result);

    static bool INumberBase<Lane<T>>.TryConvertToSaturating<TOther>(Lane<T> value, [MaybeNullWhen(false)] out TOther result) => Conversion<TOther>.TrySaturating(value.Value, out result);

    static bool INumberBase<Lane<T>>.TryConvertToTruncating<TOther>(Lane<T> value, [MaybeNullWhen(false)] out TOther result) => Conversion<TOther>.TryTruncating(value.Value, out result);

    int IFloatingPoint<Lane<T>>.GetExponentByteCount() => Value.GetExponentByteCount();

    int IFloatingPoint<Lane<T>>.GetExponentShortestBitLength() => Value.GetExponentShortestBitLength();

    int IFloatingPoint<Lane<T>>.GetSignificandBitLength() => Value.GetSignificandBitLength();

    int IFloatingPoint<Lane<T>>.GetSignificandByteCount() => Value.GetSignificandByteCount();

    bool IFloatingPoint<Lane<T>>.TryWriteExponentBigEndian(Span<byte> destination, out int bytesWritten) => Value.TryWriteExponentBigEndian(destination, out bytesWritten);

    bool IFloatingPoint<Lane<T>>.TryWriteExponentLittleEndian(Span<byte> destination, out int bytesWritten) => Value.TryWriteExponentLittleEndian(destination, out bytesWritten);

    bool IFloatingPoint<Lane<T>>.TryWriteSignificandBigEndian(Span<byte> destination, out int bytesWritten) => Value.TryWriteSignificandBigEndian(destination, out bytesWritten);

    bool IFloatingPoint<Lane<T>>.TryWriteSignificandLittleEndian(Span<byte> destination, out int bytesWritten) => Value.TryWriteSignificandLittleEndian(destination, out bytesWritten);
}
