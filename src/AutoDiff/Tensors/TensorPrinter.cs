using System.Globalization;
using System.Numerics;
using System.Text;

namespace AutoDiff;

/// <summary>Writes a tensor as nested brackets, each column as wide as its widest number, shortened in the middle of long axes.</summary>
internal static class TensorPrinter
{
    /// <summary>Beyond this many elements, long axes show only their ends.</summary>
    private const int SummarizeAbove = 1000;

    private const int EdgeItems = 3;

    public static string Print<T>(ReadOnlySpan<T> values, ReadOnlySpan<int> shape, string? format = null, IFormatProvider? provider = null) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var numbers = new Numbers<T>(format, provider);
        if (shape.Length == 0)
        {
            return numbers.Format(values[0]);
        }

        if (values.IsEmpty)
        {
            return shape.Length == 1 ? "[]" : $"[] (shape {Shapes.Format(shape)})";
        }

        bool summarize = values.Length > SummarizeAbove;
        var widths = new int[summarize ? Math.Min(shape[^1], 2 * EdgeItems) : shape[^1]];
        Walk(values, shape, numbers, summarize, new StringBuilder(), widths, measure: true, indent: 0);
        var text = new StringBuilder();
        Walk(values, shape, numbers, summarize, text, widths, measure: false, indent: 0);
        return text.ToString();
    }

    private static void Walk<T>(ReadOnlySpan<T> values, ReadOnlySpan<int> shape, Numbers<T> numbers, bool summarize, StringBuilder text, int[] widths, bool measure, int indent)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = shape[0];
        int stride = values.Length / Math.Max(n, 1);
        text.Append('[');
        for (int i = 0; i < n; i++)
        {
            if (summarize && n > 2 * EdgeItems && i == EdgeItems)
            {
                Separate(text, shape, indent, first: false).Append("...");
                i = n - EdgeItems;
            }

            Separate(text, shape, indent, first: i == 0);
            if (shape.Length > 1)
            {
                Walk(values.Slice(i * stride, stride), shape[1..], numbers, summarize, text, widths, measure, indent + 1);
            }
            else
            {
                // The columns that are shown: the first ones, and the last ones counted from the end.
                ref int width = ref widths[i < EdgeItems ? i : widths.Length - (n - i)];
                string number = numbers.Format(values[i]);
                width = measure ? Math.Max(width, number.Length) : width;
                text.Append(number.PadLeft(width));
            }
        }

        text.Append(']');
    }

    /// <summary>A comma within a row; a line break, and a blank line more for each further axis, between rows.</summary>
    private static StringBuilder Separate(StringBuilder text, ReadOnlySpan<int> shape, int indent, bool first) => first ? text
        : shape.Length == 1 ? text.Append(", ")
        : text.Append(',').Append('\n', shape.Length - 1).Append(' ', indent + 1);

    /// <summary>How numbers are written: in a format of theirs, or with up to eight decimals.</summary>
    private readonly record struct Numbers<T>(string? Own, IFormatProvider? Provider) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public string Format(T value)
        {
            string text = value.ToString(string.IsNullOrEmpty(Own) ? Standard(value) : Own, Provider ?? CultureInfo.InvariantCulture);
            return T.IsFinite(value) ? text : T.IsNaN(value) ? "nan" : value > T.Zero ? "inf" : "-inf";
        }

        private static string Standard(T value) => T.Abs(value) is var a && a > T.Zero && (a < T.CreateSaturating(1e-4) || a >= T.CreateSaturating(1e16)) ? "0.######e+00" : "0.########";
    }
}
