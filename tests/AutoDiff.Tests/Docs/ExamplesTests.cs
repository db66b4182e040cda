using System.Xml.Linq;

namespace AutoDiff.Tests.Docs;

/// <summary>The examples in the XML comments compile, run, and print what they say.</summary>
public class ExamplesTests
{
    private static readonly (string Id, string[] Lines)[] Examples =
    [
        .. from package in ReferencePage.Packages
           from member in Comments.Of(package.Assembly)
           from code in member.Value.Elements("example").Elements("code")
           select (member.Key, Lines(code)),
    ];

    /// <summary>What an example may use without saying so.</summary>
    private static readonly string[] Usings = ["using System.Numerics;", "using AutoDiff;", "using AutoDiff.Optimization;"];

    [Fact]
    public void The_members_that_are_used_most_have_examples() => Examples.Length.Should().BeGreaterThan(100);

    [Fact]
    public void Examples_print_what_they_say()
    {
        string[] document = [.. Examples.SelectMany(example => (string[])[$"## {example.Id}", "```csharp", .. Usings, .. example.Lines, "```"])];
        var program = new DocumentProgram("comments", document);
        Dictionary<int, string> printed = program.Run();
        string Member(int line) => document.Take(line).Last(text => text.StartsWith("## ", StringComparison.Ordinal))[3..];
        program.Expected.Keys.Select(Member).Distinct().Should().HaveCount(Examples.Length, "each example prints something");
        program.Expected.Keys.Union(printed.Keys).Order()
            .Where(line => DocumentProgram.Normalize(program.Expected.GetValueOrDefault(line, "")) != DocumentProgram.Normalize(printed.GetValueOrDefault(line, "")))
            .Select(line => $"{Member(line)}: {document[line - 1]} It prints '{printed.GetValueOrDefault(line, "nothing")}'.").Should().BeEmpty();
    }

    private static string[] Lines(XElement code) => [.. code.Value.Trim().Split('\n').Select(line => line.TrimEnd())];
}
