using System.Diagnostics;
using System.Text;

namespace Tour;

/// <summary>What the tour prints: headings, aligned tables, a progress bar, and checks. The tour succeeds only if every check holds.</summary>
internal static class Terminal
{
    private static readonly Stopwatch Clock = Stopwatch.StartNew();
    private static int passed;
    private static int failed;

    static Terminal() => Console.OutputEncoding = Encoding.UTF8;

    public static void Heading(string text)
    {
        Console.WriteLine();
        Console.WriteLine(text);
        Console.WriteLine(new string('─', text.Length));
    }

    public static void Line(string text = "") => Console.WriteLine(text);

    /// <summary>Prints rows under their headings, every column as wide as its longest cell: the first to the left, the others to the right.</summary>
    public static void Table(string[] headings, IEnumerable<string[]> rows)
    {
        string[][] lines = [headings, .. rows];
        int[] widths = [.. headings.Select((_, column) => lines.Max(line => line[column].Length))];
        foreach (string[] line in lines)
        {
            IEnumerable<string> cells = line.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            Console.WriteLine("  " + string.Join("   ", cells).TrimEnd());
        }
    }

    /// <summary>Prints blocks of several lines, such as matrices, side by side.</summary>
    public static void SideBySide(params string[] blocks)
    {
        string[][] columns = [.. blocks.Select(block => block.Split('\n'))];
        int height = columns.Max(column => column.Length);
        for (int row = 0; row < height; row++)
        {
            IEnumerable<string> cells = columns.Select(column => (row < column.Length ? column[row] : "").PadRight(column.Max(line => line.Length)));
            Console.WriteLine("  " + string.Join(" ", cells).TrimEnd());
        }
    }

    /// <summary>Redraws a progress bar in its line. Draws nothing where the output goes to a file or a pipe.</summary>
    public static void Progress(double fraction, string text)
    {
        if (Console.IsOutputRedirected)
        {
            return;
        }

        const int width = 40;
        int done = (int)(fraction * width);
        Console.Write($"\r  {new string('█', done)}{new string('░', width - done)} {fraction,5:P0}  {text}   ");
        if (fraction >= 1)
        {
            Console.WriteLine();
        }
    }

    /// <summary>Prints whether something that should hold does hold.</summary>
    public static void Check(string what, bool holds)
    {
        Console.WriteLine($"  {(holds ? "✓" : "✗ FAILED:")} {what}");
        _ = holds ? passed++ : failed++;
    }

    /// <summary>Prints the summary. Returns the exit code: 0 if every check held.</summary>
    public static int Finish()
    {
        Console.WriteLine();
        Console.WriteLine($"{passed} checks hold, {failed} do not. {Clock.Elapsed.TotalSeconds:0.0} s.");
        return failed == 0 ? 0 : 1;
    }
}
