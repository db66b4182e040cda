namespace AutoDiff.Tests.Docs;

/// <summary>The code in the documents compiles, runs, and prints what the documents say.</summary>
public class CodeInDocumentsTests
{
    private static readonly string[] WithCode =
        [.. Documents.All.Where(document => Documents.ReadLines(document).Any(line => line.StartsWith("```csharp", StringComparison.Ordinal)))];

    public static TheoryData<string> DocumentsWithCode => new(WithCode);

    [Theory]
    [MemberData(nameof(DocumentsWithCode))]
    public void Code_prints_what_the_document_says(string document)
    {
        var program = new DocumentProgram(document, Documents.ReadLines(document));
        Dictionary<int, string> printed = program.Run();
        program.Expected.Should().NotBeEmpty($"{document} has {program.BlockCount} blocks of code, whose results are to be checked");
        IEnumerable<string> differences = program.Expected.Keys.Union(printed.Keys).Order()
            .Where(line => DocumentProgram.Normalize(program.Expected.GetValueOrDefault(line, "")) != DocumentProgram.Normalize(printed.GetValueOrDefault(line, "")))
            .Select(line => $"{document}({line}): the document says '{program.Expected.GetValueOrDefault(line, "nothing")}', the code prints '{printed.GetValueOrDefault(line, "nothing")}'.");
        differences.Should().BeEmpty();
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/index.md")]
    [InlineData("docs/getting-started.md")]
    [InlineData("docs/guide.md")]
    [InlineData("docs/conventions.md")]
    [InlineData("docs/how-it-works.md")]
    [InlineData("docs/adding-an-operation.md")]
    public void The_document_exists_and_has_code(string document) => WithCode.Should().Contain(document);

    [Fact]
    public void A_wrong_result_is_noticed()
    {
        var program = new DocumentProgram("made-up.md", ["# Title", "```csharp", "using AutoDiff;", "Console.WriteLine(Tensor.Scalar(2.0) * 3.0); // => 7", "```"]);
        program.Run()[4].Should().Be("6");
        program.Expected[4].Should().Be("7");
    }

    [Fact]
    public void An_error_names_the_document_and_the_line()
    {
        var program = new DocumentProgram("made-up.md", ["```csharp", "int two = 2;", "```", "", "```csharp", "two = nonsense;", "```"]);
        program.Invoking(p => p.Run()).Should().Throw<InvalidOperationException>().WithMessage("*made-up.md(6): CS0103*nonsense*");
    }

    [Fact]
    public void An_exception_names_the_document_and_the_line()
    {
        var program = new DocumentProgram("made-up.md", ["```csharp", "using AutoDiff;", "", "_ = Tensor.Create([1.0], 2);", "```"]);
        program.Invoking(p => p.Run()).Should().Throw<InvalidOperationException>().WithMessage("*made-up.md:line 4*");
    }

    /// <summary>What the tests cannot compile is compiled and run by .ci/run: the program in F# is a file of tests/AutoDiff.FSharpSmoke.</summary>
    [Fact]
    public void The_program_in_FSharp_is_the_one_that_is_run()
    {
        string[] blocks = [.. Documents.All.SelectMany(document => string.Join('\n', Documents.ReadLines(document)).Split("```fsharp\n")[1..]).Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)])];
        string run = Words(string.Join('\n', Documents.ReadLines("tests/AutoDiff.FSharpSmoke/First.fs").Skip(3).Where(line => !line.StartsWith("let run", StringComparison.Ordinal))));
        blocks.Should().ContainSingle().Which.Should().Match(block => Words(block) == run);
    }

    private static string Words(string code) => string.Join(' ', code.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
