using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace AutoDiff.Tests.Docs;

/// <summary>
/// The C# code of a Markdown document as one program. The blocks under one heading of level 2 share their variables. A line that prints ends with a comment that says what:
/// <c>Console.WriteLine(x); // => 1</c>; long output follows as comments on lines of their own.
/// </summary>
/// <remarks>
/// A block marked <c>csharp library</c> is a file of the library: the document is then compiled together with the library's own sources, that file included.
/// </remarks>
internal sealed partial class DocumentProgram
{
    private const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    /// <summary>Takes the place of System.Console, and notes what each line of the document prints.</summary>
    private const string RecordingConsole = """
        internal static class Console
        {
            public static readonly Dictionary<int, string> Printed = [];

            public static void WriteLine(object value, [System.Runtime.CompilerServices.CallerLineNumber] int line = 0) =>
                Printed[line] = Printed.TryGetValue(line, out string? earlier) ? earlier + "\n" + value : value.ToString()!;
        }
        """;

    /// <summary>What the tests themselves run with, the library included.</summary>
    public static readonly PortableExecutableReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    private readonly string document;
    private readonly HashSet<string> usings = [];
    private readonly StringBuilder program = new();
    private readonly List<string> libraryFiles = [];

    public DocumentProgram(string document, string[] lines)
    {
        this.document = document;
        Read(lines);
    }

    /// <summary>How many blocks of code the document has.</summary>
    public int BlockCount { get; private set; }

    /// <summary>What each line has to print, by its number.</summary>
    public Dictionary<int, string> Expected { get; } = [];

    /// <summary>Compiles and runs the document. Returns what each line printed, by its number.</summary>
    public Dictionary<int, string> Run()
    {
        using var image = new MemoryStream();
        using var symbols = new MemoryStream();
        EmitResult result = Compile().Emit(image, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb));
        string[] problems = [.. result.Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning).Select(Describe)];
        if (problems.Length > 0)
        {
            throw new InvalidOperationException("The code does not compile without warnings:\n" + string.Join('\n', problems));
        }

        Assembly assembly = Assembly.Load(image.ToArray(), symbols.ToArray());
        try
        {
            assembly.EntryPoint!.Invoke(null, [Array.Empty<string>()]);
        }
        catch (TargetInvocationException thrown)
        {
            throw new InvalidOperationException("The code throws:\n" + thrown.InnerException, thrown.InnerException);
        }

        return (Dictionary<int, string>)assembly.GetType("Console")!.GetField("Printed")!.GetValue(null)!;
    }

    /// <summary>The same text without white space, which aligns output in many ways.</summary>
    public static string Normalize(string text) => WhiteSpace().Replace(text, "");

    private void Read(string[] lines)
    {
        bool open = false;
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("## ", StringComparison.Ordinal) && open)
            {
                program.AppendLine("}");
                open = false;
            }

            if (lines[i] is not ("```csharp" or "```csharp library"))
            {
                i = lines[i].StartsWith("```", StringComparison.Ordinal) ? Array.IndexOf(lines, "```", i + 1) : i;
                continue;
            }

            int end = Array.IndexOf(lines, "```", i + 1);
            if (lines[i] == "```csharp library")
            {
                libraryFiles.Add(Line(i + 2) + string.Join('\n', lines[(i + 1)..end]));
            }
            else
            {
                program.AppendLine(open ? "" : "{");
                open = true;
                ReadBlock(lines, i + 1, end);
            }

            BlockCount++;
            i = end;
        }

        program.AppendLine(open ? "}" : "");
    }

    private void ReadBlock(string[] lines, int start, int end)
    {
        program.Append(Line(start + 1));
        int last = 0;
        for (int i = start; i < end; i++)
        {
            // A line such as #:package is one for "dotnet run file.cs".
            bool isUsing = UsingDirective().IsMatch(lines[i]);
            program.AppendLine(isUsing || lines[i].StartsWith("#:", StringComparison.Ordinal) ? "" : lines[i]);
            if (isUsing)
            {
                usings.Add("global " + lines[i]);
            }

            int arrow = lines[i].IndexOf("// => ", StringComparison.Ordinal);
            if (arrow >= 0)
            {
                // On a line of its own, the comment belongs to the line above.
                last = lines[i].AsSpan(0, arrow).IsWhiteSpace() ? i : i + 1;
                Expected[last] = lines[i][(arrow + 6)..];
            }
            else if (last > 0 && lines[i].TrimStart().StartsWith("//", StringComparison.Ordinal))
            {
                Expected[last] += "\n" + lines[i].TrimStart()[2..];
            }
            else
            {
                last = 0;
            }
        }
    }

    private string Line(int number) => $"#line {number} \"{document}\"\n";

    /// <summary>Whether the library's project compiles a file: there are files, of generated code, that it embeds as texts.</summary>
    private static bool IsCompiled(string path) => !path.Replace('\\', '/').Contains("/obj/") && !path.Replace('\\', '/').Contains("/ToCSharp/Plain/");

    /// <summary>What the project compiles of a file: two of them it writes again, under other names.</summary>
    private static string[] Texts(string path)
    {
        string text = File.ReadAllText(path);
        string[] names = Path.GetFileName(path) switch { "Dual.Functions.cs" => ["Dual", "DualChunk"], "Dual.Number.cs" => ["Dual", "DualChunk", "Active"], _ => ["Dual"] };
        return Array.ConvertAll(names, name => text.Replace("Dual<", $"{name}<", StringComparison.Ordinal));
    }

    private CSharpCompilation Compile()
    {
        bool withLibrary = libraryFiles.Count > 0;
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        SyntaxTree Parse(string text, string path = "") => CSharpSyntaxTree.ParseText(text, options, path, Encoding.UTF8);
        IEnumerable<string> library = withLibrary ? Directory.EnumerateFiles(Path.Combine(Documents.Root, "src", "AutoDiff"), "*.cs", SearchOption.AllDirectories)
            .Where(IsCompiled).SelectMany(Texts) : [];
        return CSharpCompilation.Create(
            "Document" + Guid.NewGuid().ToString("N"),
            [Parse(GlobalUsings + "\n" + string.Join('\n', usings)), Parse(RecordingConsole), Parse(program.ToString()), .. library.Concat(libraryFiles).Select(text => Parse(text))],
            References.Where(reference => !withLibrary || Path.GetFileName(reference.FilePath) != "AutoDiff.dll"),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: withLibrary));
    }

    private static string Describe(Diagnostic problem)
    {
        FileLinePositionSpan place = problem.Location.GetMappedLineSpan();
        return $"{place.Path}({place.StartLinePosition.Line + 1}): {problem.Id}: {problem.GetMessage()}";
    }

    [GeneratedRegex(@"^using (\w+ = [\w.<>(), ]+|[\w.<>]+);$")]
    private static partial Regex UsingDirective();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
