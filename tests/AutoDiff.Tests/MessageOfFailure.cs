using System.Runtime.CompilerServices;

namespace AutoDiff.Tests;

/// <summary>A message that is put together only if what it explains has failed: checks of every number, with the number in the message, would spend their time on text that nobody reads.</summary>
[InterpolatedStringHandler]
public ref struct MessageOfFailure
{
    private DefaultInterpolatedStringHandler text;

    public MessageOfFailure(int literalLength, int formattedCount, bool condition, out bool needed)
    {
        needed = !condition;
        text = needed ? new DefaultInterpolatedStringHandler(literalLength, formattedCount, System.Globalization.CultureInfo.InvariantCulture) : default;
    }

    public string Text => text.ToStringAndClear();

    public void AppendLiteral(string value) => text.AppendLiteral(value);

    public void AppendFormatted<TValue>(TValue value) => text.AppendFormatted(value);

    public void AppendFormatted<TValue>(TValue value, string? format) => text.AppendFormatted(value, format);
}
