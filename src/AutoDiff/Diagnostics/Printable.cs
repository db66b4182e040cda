using System.Globalization;
using System.Text;

namespace AutoDiff;

/// <summary>How reports write names, numbers and tables: the same in every culture.</summary>
internal static class Printable
{
    private static readonly string[] Steps = ["", "k", "M", "G", "T", "P", "E"];

    /// <summary>A name on one line: control characters, line separators and marks that turn the direction of writing become blanks.</summary>
    public static string Line(string text) => string.Create(text.Length, text, static (line, text) =>
    {
        for (int i = 0; i < line.Length; i++)
        {
            line[i] = char.GetUnicodeCategory(text[i]) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Format ? ' ' : text[i];
        }
    });

    public static string Count(long n) => n.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>Three digits and a decimal prefix, as in "1.05 M".</summary>
    public static string Amount(double n) => Scaled(n, 1000, Steps);

    /// <summary>Floating-point operations, as in "1.05 MFLOP".</summary>
    public static string Flops(long n) => Scaled(n, 1000, ["FLOP", "kFLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP", "EFLOP"]);

    /// <summary>Bytes with a binary prefix, as in "4.00 KiB".</summary>
    public static string Bytes(long n) => Scaled(n, 1024, ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]);

    /// <summary>A value to the digits that help: the shortest text that gives back the number where it is short, else six digits.</summary>
    public static string Number(double x) => x switch
    {
        double.PositiveInfinity => "inf",
        double.NegativeInfinity => "-inf",
        _ when double.IsNaN(x) => "nan",
        _ when x.ToString("R", CultureInfo.InvariantCulture) is { Length: <= 8 } text => text,
        _ => x.ToString("G6", CultureInfo.InvariantCulture),
    };

    /// <summary>Rows under a heading in aligned columns: the first to the left, numbers (as marked) to the right.</summary>
    public static string Table(string[] heading, bool[] right, IEnumerable<string[]> rows)
    {
        string[][] all = [heading, .. rows];
        int[] widths = [.. Enumerable.Range(0, heading.Length).Select(c => all.Max(row => row[c].Length))];
        var text = new StringBuilder();
        foreach (string[] row in all)
        {
            var line = new StringBuilder();
            for (int c = 0; c < row.Length; c++)
            {
                line.Append(c == 0 ? "" : "  ").Append(right[c] ? row[c].PadLeft(widths[c]) : row[c].PadRight(widths[c]));
            }

            text.Append(line.ToString().TrimEnd()).Append('\n');
        }

        return text.ToString();
    }

    private static string Scaled(double n, double step, string[] units)
    {
        int unit = 0;
        while (n >= step * 0.9995 && unit < units.Length - 1)
        {
            n /= step;
            unit++;
        }

        string digits = unit == 0 ? n.ToString("0", CultureInfo.InvariantCulture) : n.ToString(n < 9.995 ? "0.00" : n < 99.95 ? "0.0" : "0", CultureInfo.InvariantCulture);
        return units[unit].Length == 0 ? digits : $"{digits} {units[unit]}";
    }
}
