using AutoDiff.Benchmarks;

namespace AutoDiff.Tests.Docs;

/// <summary>The tables of docs/performance.md are those of the files of benchmarks/results; <c>dotnet run -c Release --project benchmarks/AutoDiff.Benchmarks -- tables</c> writes them anew.</summary>
public class ResultTablesTests
{
    private static ResultFile Read(string name) => ResultFile.Parse(File.ReadAllText(ResultFile.PathOf(Documents.Root, name)));

    [Fact]
    public void Every_table_says_what_its_file_says()
    {
        string page = File.ReadAllText(Path.Combine(Documents.Root, "docs", "performance.md"));
        ResultFile.WithTables(page, Read).Should().Be(page);
    }

    [Fact]
    public void Every_table_has_a_file()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Documents.Root, "docs", "performance.md"));
        int tables = 0;
        for (int i = 1; i < lines.Length; i++)
        {
            if (lines[i].StartsWith('|') && !lines[i - 1].StartsWith('|'))
            {
                lines[i - 3].Should().StartWith("<!-- results: ", "the table of line {0} comes from a file", i + 1);
                tables++;
            }
        }

        tables.Should().BeGreaterThan(8);
    }

    [Fact]
    public void Every_file_reads_and_writes_the_same()
    {
        foreach (string path in Directory.EnumerateFiles(Path.Combine(Documents.Root, "benchmarks", "results"), "*.json"))
        {
            string text = File.ReadAllText(path);
            ResultFile file = ResultFile.Parse(text);
            file.ToString().Should().Be(text, path);
            file.Rows.Should().NotBeEmpty();
            file.Date.Should().MatchRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}$");
            file.Command.Should().Contain("dotnet run -c Release --project benchmarks/");
        }
    }

    [Fact]
    public void A_part_that_is_measured_again_takes_the_place_of_what_it_was()
    {
        var before = new ResultFile("a machine", "2026-01-02", "dotnet run all", ["what", "size"], [["this", "1"], ["that", "1"], ["that", "2"], ["last", "1"]]);
        var again = new ResultFile("another", "2026-01-03", "dotnet run that", ["what", "size"], [["that", "3"], ["new", "1"], ["that", "4"]]);
        ResultFile both = again.Over(before);
        (both.Machine, both.Date, both.Command).Should().Be(("another", "2026-01-03", "dotnet run all"));
        both.Rows.Select(static row => row[0] + row[1]).Should().Equal("this1", "that3", "that4", "last1", "new1");
    }

    [Fact]
    public void A_table_that_differs_is_written_anew_and_nothing_else()
    {
        var file = new ResultFile("a machine", "2026-01-02", "dotnet run", ["what", "time"], [["this", "1 ms"], ["that", "2 ms"]]);
        const string Right = "# Page\n\n<!-- results: one -->\n*a machine; 2026-01-02*\n\n| what | time |\n| --- | --- |\n| this | 1 ms |\n| that | 2 ms |\n\n**Bold** text.\n\n| other | table |\n";
        ResultFile.WithTables(Right, _ => file).Should().Be(Right);
        ResultFile.WithTables(Right.Replace("2 ms", "3 ms", StringComparison.Ordinal), _ => file).Should().Be(Right);
        ResultFile.WithTables(Right.Replace("*a machine; 2026-01-02*", "*another; 2025-01-02*", StringComparison.Ordinal), _ => file).Should().Be(Right);
        ResultFile.WithTables(Right.Replace("*a machine; 2026-01-02*\n\n", "", StringComparison.Ordinal).Replace("| this | 1 ms |\n", "", StringComparison.Ordinal), _ => file).Should().Be(Right);
        ResultFile.WithTables("<!-- results: one -->\n", _ => file).Should().Be(Right[Right.IndexOf("<!--", StringComparison.Ordinal)..(Right.IndexOf("2 ms |\n", StringComparison.Ordinal) + 7)]);
    }

    [Fact]
    public void Forms_of_a_workload_stand_side_by_side()
    {
        var file = new ResultFile("a machine", "2026-01-02", "dotnet run", ["workload", "form", "threads", "AutoDiff", "TorchSharp", "ratio"],
            [["sum", "disposed", "1", "1 ms", "2 ms", "0.500"], ["sum", "left", "1", "3 ms", "4 ms", "0.750"], ["sum", "disposed", "2", "1 ms", "1 ms", "1.000"]]);
        file.ToMarkdown().Should().Be("""
            | workload | threads | TorchSharp | disposed | left | compiled |
            | --- | --- | --- | --- | --- | --- |
            | sum | 1 | 2 ms / 4 ms | 0.500 | 0.750 |  |
            | sum | 2 | 1 ms | 1.000 |  |  |

            """);
        Action odd = () => ResultFile.Parse("""{"machine": "a", "date": "b", "command": "c", "columns": ["x", "y"], "rows": [["1"]]}""");
        odd.Should().Throw<FormatException>().WithMessage("*1 cells for 2 columns*");
    }
}
