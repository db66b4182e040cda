using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Text.RegularExpressions;
using AutoDiff.Tests.Docs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace AutoDiff.Tests.Compilation;

/// <summary>A generated program.</summary>
internal delegate void Generated<T>(T[][] xs, T[][] ys);

/// <summary>A generated program over rows.</summary>
internal delegate void GeneratedRows<T>(int rows, T[][] xs, T[][] ys);

/// <summary>Generated C#, compiled without any reference to the library.</summary>
internal static partial class GeneratedPrograms
{
    private static readonly Lazy<PortableExecutableReference[]> References = new(static () =>
    {
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return [.. DocumentProgram.References.Where(reference => reference.FilePath!.StartsWith(runtime, StringComparison.Ordinal))];
    });

    /// <summary>The first element with other bits; of NaN it is enough to be one.</summary>
    public static int? Differs<T>(T[] expected, T[] actual) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < expected.Length; i++)
        {
            // Of two numbers that are equal only zeros may differ, by their sign.
            if (!expected[i].Equals(actual[i]) || T.IsNegative(expected[i]) != T.IsNegative(actual[i]))
            {
                if (!(T.IsNaN(expected[i]) && T.IsNaN(actual[i])))
                {
                    return i;
                }
            }
        }

        return null;
    }

    /// <summary>Methods by which a test calls Invoke, and InvokeRows where there is one.</summary>
    public static string Adapter(string name, int inputs, int results, string? number = null, bool overRows = false, string type = "double")
    {
        string arguments = string.Join(", ", [.. Enumerable.Range(0, inputs).Select(i => $"xs[{i}]"), .. Enumerable.Range(0, results).Select(i => $"ys[{i}]")]);
        string rows = overRows ? $" public static void RunRows(int rows, {type}[][] xs, {type}[][] ys) => {name}.InvokeRows(rows, {arguments});" : "";
        return $"public static class Run{number ?? name} {{ public static void Run({type}[][] xs, {type}[][] ys) => {name}.Invoke({arguments});{rows} }}\n";
    }

    public static GeneratedRows<double> RowsOf(Assembly assembly, int number) => RowsOf<double>(assembly, number);

    public static GeneratedRows<T> RowsOf<T>(Assembly assembly, int number) => assembly.GetType($"RunC{number}")!.GetMethod("RunRows")!.CreateDelegate<GeneratedRows<T>>();

    /// <summary>What results over rows have other bits than those of each row.</summary>
    public static IEnumerable<string> DifferencesOverRows<T>(GeneratedRows<T> generated, (T[][] Xs, T[][] Ys)[] rows) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[][] xs = [.. Enumerable.Range(0, rows[0].Xs.Length).Select(i => Columns([.. rows.Select(row => row.Xs[i])]))];
        T[][] expected = [.. Enumerable.Range(0, rows[0].Ys.Length).Select(i => Columns([.. rows.Select(row => row.Ys[i])]))];
        T[][] actual = [.. expected.Select(y => new T[y.Length])];
        generated(rows.Length, xs, actual);
        for (int i = 0; i < expected.Length; i++)
        {
            if (Differs(expected[i], actual[i]) is { } place)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"over rows: element {place / rows.Length} of result {i} in row {place % rows.Length} is {actual[i][place]} instead of {expected[i][place]}");
            }
        }
    }

    /// <summary>The elements of rows, column by column.</summary>
    public static T[] Columns<T>(T[][] rows) => [.. Enumerable.Range(0, rows[0].Length).SelectMany(i => rows.Select(row => row[i]))];

    /// <summary>Each source in a file of its own, without any reference to the library.</summary>
    public static Generated<double>[] Compile(List<string> sources, int count) => Compile(sources, count, out _);

    public static Generated<double>[] Compile(List<string> sources, int count, out Assembly assembly) => Compile<double>(sources, count, out assembly);

    public static Generated<T>[] Compile<T>(List<string> sources, int count, out Assembly assembly)
    {
        CSharpCompilation compilation = CSharpCompilation.Create("Generated", sources.Select(source => CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.CSharp12))), References.Value,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release,
                allowUnsafe: sources.Exists(static source => source.Contains("<AllowUnsafeBlocks>", StringComparison.Ordinal))));
        using var image = new MemoryStream();
        Diagnostic[] problems = [.. compilation.Emit(image).Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning)];
        string.Join('\n', problems.Take(10).Select(p => $"{p}\n{p.Location.SourceTree?.GetText().Lines[p.Location.GetLineSpan().StartLinePosition.Line]}")).Should().BeEmpty();
        Assembly loaded = assembly = Assembly.Load(image.ToArray());
        return [.. Enumerable.Range(0, count).Select(k => loaded.GetType($"RunC{k}")!.GetMethod("Run")!.CreateDelegate<Generated<T>>())];
    }

    /// <summary>
    /// Many programs in one assembly, in which a method of the kernels that many of them contain is compiled once: what a file has beside its own methods and tables goes into a class that all of them use.
    /// That a file compiles as it stands is for the tests of single programs.
    /// </summary>
    public static Generated<T>[] CompileTogether<T>(List<string> sources, int count, out Assembly assembly)
    {
        var shared = new SortedSet<string>(StringComparer.Ordinal);
        var files = new List<string>();
        foreach (string source in sources)
        {
            int body = source.IndexOf("\n{\n", StringComparison.Ordinal) + 3, end = source.IndexOf("\n}\n", StringComparison.Ordinal) + 1;
            var own = new List<string>();
            foreach (string member in Members().Split(source[body..end]))
            {
                if (OwnMember().IsMatch(member))
                {
                    own.Add(member);
                }
                else
                {
                    shared.Add(PrivateMember().Replace(member.Trim('\n'), "    internal ") + "\n");
                }
            }

            files.Add(source[..body].Replace("using System;\n", "using System;\nusing static Shared;\n", StringComparison.Ordinal) + string.Join("\n\n", own) + source[end..]);
        }

        files.Add($"#pragma warning disable CS0219, CS1718\nusing System;\nusing System.Collections.Generic;\nusing System.Numerics;\nusing System.Runtime.CompilerServices;\nusing System.Runtime.InteropServices;\npublic static class Shared\n{{\n{string.Join('\n', shared)}}}\n");
        return Compile<T>(files, count, out assembly);
    }

    /// <summary>Between two members of a class.</summary>
    [GeneratedRegex(@"\n\n(?=    [^ \n])")]
    private static partial Regex Members();

    [GeneratedRegex(@"^    private ", RegexOptions.Multiline)]
    private static partial Regex PrivateMember();

    /// <summary>A member that only this program has.</summary>
    [GeneratedRegex(@"^    (public|private) static [^(=\n]*\b(Invoke|InvokeRows|Part\d+|Places\d+|Numbers\d+|RowOffsets|ColumnIndices)( =>|\()", RegexOptions.Multiline)]
    private static partial Regex OwnMember();
}
