using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace AutoDiff.Analyzers.Tests;

/// <summary>A program of a user, looked through by all analyzers of the package.</summary>
internal sealed class Analyzed
{
    /// <summary>Every analyzer and every fix of the two assemblies, as the compiler and an editor find them.</summary>
    public static readonly ImmutableArray<DiagnosticAnalyzer> Analyzers = [.. Make<DiagnosticAnalyzer>(typeof(NumberAnalyzer).Assembly)];
    public static readonly ImmutableArray<CodeFixProvider> Fixes = [.. Make<CodeFixProvider>(typeof(Fix).Assembly)];

    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using AutoDiff;
        global using AutoDiff.Optimization;
        """;

    /// <summary>What the tests themselves run with, the library included.</summary>
    private static readonly ImmutableArray<MetadataReference> References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    private static readonly AdhocWorkspace Workspace = new();

    private readonly Document document;
    private readonly string program;

    private Analyzed(Document document, string program, ImmutableArray<Diagnostic> found) => (this.document, this.program, Found) = (document, program, found);

    /// <summary>What the analyzers report, by place.</summary>
    public ImmutableArray<Diagnostic> Found { get; }

    public IEnumerable<string> Ids => Found.Select(diagnostic => diagnostic.Id);

    /// <summary>The reported parts of the source.</summary>
    public IEnumerable<string> Places => Found.Select(diagnostic => program.Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length));

    /// <summary>Statements after the declaration of the vectors <c>a</c> and <c>b</c>.</summary>
    public static Task<Analyzed> Statements(string statements) => Program($$"""
        Tensor<double> a = Tensor.Create([1.0, 2.0]), b = Tensor.Create([3.0, 4.0]);
        Console.WriteLine(a + b);
        {{statements}}
        """);

    /// <summary>A file with statements at the top level, or with types.</summary>
    public static async Task<Analyzed> Program(string program)
    {
        Project project = Workspace.CurrentSolution.AddProject("Analyzed", "Analyzed", LanguageNames.CSharp)
            .WithMetadataReferences(References)
            .WithParseOptions(new CSharpParseOptions(LanguageVersion.Latest))
            .WithCompilationOptions(new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        project = project.AddDocument("Usings.cs", SourceText.From(Usings)).Project;
        return await Analyze(project.AddDocument("Program.cs", SourceText.From(program)));
    }

    /// <summary>The program after the first fix that the fixers have for the first finding, looked through again; null if they have none.</summary>
    public async Task<(Analyzed After, string Program)?> Mended()
    {
        Diagnostic first = Found[0];
        var actions = new List<CodeAction>();
        foreach (CodeFixProvider fix in Fixes.Where(fix => fix.FixableDiagnosticIds.Contains(first.Id)))
        {
            await fix.RegisterCodeFixesAsync(new CodeFixContext(document, first, (action, _) => actions.Add(action), CancellationToken.None));
        }

        if (actions.Count == 0)
        {
            return null;
        }

        ImmutableArray<CodeActionOperation> operations = await actions[0].GetOperationsAsync(CancellationToken.None);
        Document mended = operations.OfType<ApplyChangesOperation>().Single().ChangedSolution.GetDocument(document.Id)!;
        return (await Analyze(mended), (await mended.GetTextAsync()).ToString());
    }

    private static async Task<Analyzed> Analyze(Document document)
    {
        Compilation compilation = (await document.Project.GetCompilationAsync())!;
        compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Should().BeEmpty("the program is to compile:\n{0}", await document.GetTextAsync());
        var failures = new List<string>();
        var options = new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), (exception, _, _) => failures.Add(exception.ToString()), concurrentAnalysis: false, logAnalyzerExecutionTime: false);
        ImmutableArray<Diagnostic> found = await compilation.WithAnalyzers(Analyzers, options).GetAnalyzerDiagnosticsAsync();
        failures.Should().BeEmpty();
        return new Analyzed(document, (await document.GetTextAsync()).ToString(), [.. found.OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)]);
    }

    private static IEnumerable<T> Make<T>(Assembly assembly) =>
        assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(T)) && !type.IsAbstract).OrderBy(type => type.Name, StringComparer.Ordinal).Select(type => (T)Activator.CreateInstance(type)!);
}
