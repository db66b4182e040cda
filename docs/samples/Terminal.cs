using System.Diagnostics;
using System.Text;
using AutoDiff;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Samples;

/// <summary>What the samples print, by Spectre.Console: headings, code, tables, a progress bar, and checks. A sample succeeds only if every check holds.</summary>
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

    /// <summary>Whether nothing is printed: of the ranks of a program, only the first prints.</summary>
    public static bool IsSilent { get; set; }

    public static void Heading(string text)
    {
        Line();
        Write(new Rule($"[bold]{Markup.Escape(text)}[/]").LeftJustified());
    }

    public static void Line(string text = "") => Write(new Text(text + "\n"));

    /// <summary>Prints the line of code that gives the numbers that follow.</summary>
    public static void Code(string code) => Write(new Padder(new Text(code, new Style(Color.Teal)), new Spectre.Console.Padding(2, 0, 0, 0)));

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

        Write(table);
    }

    /// <summary>Prints blocks of several lines, such as matrices, side by side.</summary>
    public static void SideBySide(params string[] blocks)
    {
        var grid = new Grid();
        foreach (string _ in blocks)
        {
            grid.AddColumn(new GridColumn().NoWrap());
        }

        Write(grid.AddRow(blocks.Select(block => new Text(block)).ToArray<IRenderable>()));
    }

    /// <summary>Does work under a progress bar; the work says how much of it is done, from 0 to 1, and how it goes. Where the output goes to a file or a pipe there is no bar.</summary>
    public static void Progress(string name, Action<Action<double, string>> work)
    {
        if (IsSilent || Console.IsOutputRedirected)
        {
            work((_, _) => { });
            return;
        }

        AnsiConsole.Progress().Columns(new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new TaskDescriptionColumn()).Start(context =>
        {
            ProgressTask task = context.AddTask(Markup.Escape(name), maxValue: 1);
            work((done, how) =>
            {
                if (done >= 1 || done - task.Value >= 0.01)
                {
                    (task.Value, task.Description) = (done, Markup.Escape($"{name} {how}"));
                }
            });
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
        Write(new Markup(holds ? $"[green]✓[/] {Markup.Escape(what)}\n" : $"[bold red]✗ FAILED:[/] {Markup.Escape(what)}\n"));
        _ = holds ? passed++ : failed++;
    }

    /// <summary>Prints the summary. Returns the exit code: 0 if every check held.</summary>
    public static int Finish()
    {
        Line();
        Write(new Rule());
        Write(new Markup($"[bold {(failed == 0 ? "green" : "red")}]{passed} of {passed + failed} checks hold.[/] {Clock.Elapsed.TotalSeconds:0.0} s.\n"));
        return failed == 0 ? 0 : 1;
    }

    private static void Write(IRenderable what)
    {
        if (!IsSilent)
        {
            AnsiConsole.Write(what);
        }
    }
}

/// <summary>Hands every report on at once, where <see cref="Progress{T}"/> would hand it to another thread.</summary>
internal sealed class Report<T>(Action<T> action) : IProgress<T>
{
    void IProgress<T>.Report(T value) => action(value);
}
