using System.Globalization;
using System.Runtime.CompilerServices;

namespace AutoDiff;

/// <summary>
/// A part of a message. What takes one takes an interpolated string, and writes its numbers the same in every culture: with a point, and with a hyphen for a minus. Whoever words an error need not
/// think of it.
/// </summary>
[InterpolatedStringHandler]
internal ref struct Text
{
    private DefaultInterpolatedStringHandler parts;
    private readonly string? whole;

    public Text(int literalLength, int formattedCount) => parts = new DefaultInterpolatedStringHandler(literalLength, formattedCount, CultureInfo.InvariantCulture);

    private Text(string whole) => this.whole = whole;

    public static implicit operator Text(string whole) => new(whole);

    /// <summary>A part by itself, where a string is asked for.</summary>
    public static string Of(Text text) => text.Take();

    public void AppendLiteral(string literal) => parts.AppendLiteral(literal);

    public void AppendFormatted<TValue>(TValue value)
    {
        // A name where there is one; a number that stands for none is written in the current culture, whatever the provider.
        if (value is Enum choice)
        {
            parts.AppendLiteral(Enum.GetName(choice.GetType(), choice) ?? Convert.ToInt64(choice, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture));
            return;
        }

        parts.AppendFormatted(value);
    }

    public void AppendFormatted<TValue>(TValue value, string? format) => parts.AppendFormatted(value, format);

    public void AppendFormatted(scoped ReadOnlySpan<char> value) => parts.AppendFormatted(value);

    /// <summary>The text; it is written once.</summary>
    public string Take() => whole ?? parts.ToStringAndClear();
}
