using System.Globalization;
using System.Reflection;
using AutoDiff.Tests.Docs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace AutoDiff.Tests.Compilation;

/// <summary>A generated program.</summary>
internal delegate void Generated(double[][] xs, double[][] ys);

/// <summary>A generated program over rows.</summary>
internal delegate void GeneratedRows(int rows, double[][] xs, double[][] ys);

/// <summary>Generated C#, compiled without any reference to the library.</summary>
internal static class GeneratedPrograms
{
    /// <summary>The first element with other bits; of NaN it is enough to be one.</summary>
    public static int? Differs(double[] expected, double[] actual)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            if (BitConverter.DoubleToInt64Bits(expected[i]) != BitConverter.DoubleToInt64Bits(actual[i]) && !(double.IsNaN(expected[i]) && double.IsNaN(actual[i])))
            {
                return i;
            }
        }

        return null;
    }

    /// <summary>Methods by which a test calls Invoke, and InvokeRows where there is one.</summary>
    public static string Adapter(string name, int inputs, int results, string? number = null, bool overRows = false)
    {
        string arguments = string.Join(", ", [.. Enumerable.Range(0, inputs).Select(i => $"xs[{i}]"), .. Enumerable.Range(0, results).Select(i => $"ys[{i}]")]);
        string rows = overRows ? $" public static void RunRows(int rows, double[][] xs, double[][] ys) => {name}.InvokeRows(rows, {arguments});" : "";
        return $"public static class Run{number ?? name} {{ public static void Run(double[][] xs, double[][] ys) => {name}.Invoke({arguments});{rows} }}\n";
    }

    public static GeneratedRows RowsOf(Assembly assembly, int number) => assembly.GetType($"RunC{number}")!.GetMethod("RunRows")!.CreateDelegate<GeneratedRows>();

    /// <summary>What results over rows have other bits than those of each row.</summary>
    public static IEnumerable<string> DifferencesOverRows(GeneratedRows generated, (double[][] Xs, double[][] Ys)[] rows)
    {
        double[][] xs = [.. Enumerable.Range(0, rows[0].Xs.Length).Select(i => Columns([.. rows.Select(row => row.Xs[i])]))];
        double[][] expected = [.. Enumerable.Range(0, rows[0].Ys.Length).Select(i => Columns([.. rows.Select(row => row.Ys[i])]))];
        double[][] actual = [.. expected.Select(y => new double[y.Length])];
        generated(rows.Length, xs, actual);
        for (int i = 0; i < expected.Length; i++)
        {
            if (Differs(expected[i], actual[i]) is { } place)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"over rows: element {place / rows.Length} of result {i} in row {place % rows.Length} is {actual[i][place]:R} instead of {expected[i][place]:R}");
            }
        }
    }

    /// <summary>The elements of rows, column by column.</summary>
    public static double[] Columns(double[][] rows) => [.. Enumerable.Range(0, rows[0].Length).SelectMany(i => rows.Select(row => row[i]))];

    /// <summary>Each source in a file of its own, without any reference to the library.</summary>
    public static Generated[] Compile(List<string> sources, int count) => Compile(sources, count, out _);

    public static Generated[] Compile(List<string> sources, int count, out Assembly assembly)
    {
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        PortableExecutableReference[] references = [.. DocumentProgram.References.Where(reference => reference.FilePath!.StartsWith(runtime, StringComparison.Ordinal))];
        CSharpCompilation compilation = CSharpCompilation.Create("Generated", sources.Select(source => CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.CSharp12))), references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        using var image = new MemoryStream();
        Diagnostic[] problems = [.. compilation.Emit(image).Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning)];
        string.Join('\n', problems.Take(10).Select(p => $"{p}\n{p.Location.SourceTree?.GetText().Lines[p.Location.GetLineSpan().StartLinePosition.Line]}")).Should().BeEmpty();
        Assembly loaded = assembly = Assembly.Load(image.ToArray());
        return [.. Enumerable.Range(0, count).Select(k => loaded.GetType($"RunC{k}")!.GetMethod("Run")!.CreateDelegate<Generated>())];
    }
}
