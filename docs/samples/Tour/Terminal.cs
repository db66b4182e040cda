using System.Diagnostics;
using System.Text;
using AutoDiff;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Tour;

/// <summary>What the tour prints, by Spectre.Console: rules, code, tables, a progress bar, and checks. The tour succeeds only if every check holds.</summary>
internal static class Terminal
{
    private static readonly Stopwatch Clock = Stopwatch.StartNew();
    private static int passed;
    private static int failed;

    static Terminal()
    {
        Console.OutputEncoding = Encoding.UTF8;
        if (Console.IsOutputRedirected)
        {
            // A file has no width of its own.
            AnsiConsole.Profile.Width = 140;
        }
    }

    public static void Heading(string text)
    {
        AnsiConsole.WriteLine();
        AnsiConsole.Write(new Rule($"[bold]{Markup.Escape(text)}[/]").LeftJustified());
    }

    public static void Line(string text = "") => AnsiConsole.WriteLine(text);

    /// <summary>Prints the line of code that gives the numbers that follow.</summary>
    public static void Code(string code) => AnsiConsole.Write(new Padder(new Text(code, new Style(Color.Teal)), new Spectre.Console.Padding(2, 0, 0, 0)));

    /// <summary>Prints rows under their headings: the first column to the left, the others to the right.</summary>
    public static void Table(string[] headings, IEnumerable<string[]> rows)
    {
        Table table = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey);
        for (int i = 0; i < headings.Length; i++)
        {
            var column = new TableColumn($"[bold]{Markup.Escape(headings[i])}[/]");
            table.AddColumn(i == 0 ? column.LeftAligned().NoWrap() : column.RightAligned().NoWrap());
        }

        foreach (string[] row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell)).ToArray<IRenderable>());
        }

        AnsiConsole.Write(table);
    }

    /// <summary>Prints blocks of several lines, such as matrices, side by side.</summary>
    public static void SideBySide(params string[] blocks)
    {
        var grid = new Grid();
        foreach (string _ in blocks)
        {
            grid.AddColumn(new GridColumn().NoWrap());
        }

        AnsiConsole.Write(grid.AddRow(blocks.Select(block => new Text(block)).ToArray<IRenderable>()));
    }

    /// <summary>Runs steps under a progress bar; each says how it went. Where the output goes to a file or a pipe there is no bar.</summary>
    public static void Progress(int steps, Func<int, string> step)
    {
        if (Console.IsOutputRedirected)
        {
            for (int i = 1; i <= steps; i++)
            {
                step(i);
            }

            return;
        }

        AnsiConsole.Progress().Columns(new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new TaskDescriptionColumn()).Start(context =>
        {
            ProgressTask task = context.AddTask("training", maxValue: steps);
            for (int i = 1; i <= steps; i++)
            {
                string said = step(i);
                if (i % 20 == 0 || i == steps)
                {
                    task.Description = said;
                    task.Value = i;
                }
            }
        });
    }

    /// <summary>Prints the numbers of a derivative beside the expected ones, and checks that they agree to the last digits.</summary>
    public static void Compare(string[] names, Tensor<double> derivative, double[] expected, string other = "by hand", double tolerance = 1e-14)
    {
        double[] values = derivative.ToArray();
        Table(["", "AutoDiff", other, "difference"],
            names.Select((name, i) => new[] { name, $"{values[i]:0.000000000000}", $"{expected[i]:0.000000000000}", $"{values[i] - expected[i]:0.0e+00}" }));
        double bound = tolerance * expected.Max(Math.Abs);
        Check("the derivatives agree", values.Zip(expected).All(pair => Math.Abs(pair.First - pair.Second) <= bound));
        Line();
    }

    /// <summary>Prints whether something that should hold does hold.</summary>
    public static void Check(string what, bool holds)
    {
        AnsiConsole.MarkupLine(holds ? $"[green]✓[/] {Markup.Escape(what)}" : $"[bold red]✗ FAILED:[/] {Markup.Escape(what)}");
        _ = holds ? passed++ : failed++;
    }

    /// <summary>Prints the summary. Returns the exit code: 0 if every check held.</summary>
    public static int Finish()
    {
        AnsiConsole.WriteLine();
        AnsiConsole.Write(new Rule());
        AnsiConsole.MarkupLine($"[bold {(failed == 0 ? "green" : "red")}]{passed} checks hold, {failed} do not.[/] {Clock.Elapsed.TotalSeconds:0.0} s.");
        return failed == 0 ? 0 : 1;
    }
}
