using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace AutoDiff.Mutations;

/// <summary>A copy of the built tests, and libraries with all mistakes beside them, so that work in the repository may go on meanwhile.</summary>
/// <param name="root">The root of the repository.</param>
internal sealed class Workshop(string root) : IDisposable
{
    /// <summary>
    /// What takes long and says little about single mistakes: documents, published problems, threads that meet by chance, references at thousands of points. Only mistakes for which they are named meet them.
    /// </summary>
    private static readonly string[] Slow =
        ["Tests.Docs.", "BrowserTests", "GradBenchTests", "HostileInterleavingTests", "NestedDerivativesTests.Particle", "NestedDerivativesTests.Saddle", "SlopeReferenceTests", "WindowTests"];

    private static readonly string[] Libraries = ["AutoDiff", "AutoDiff.Optimization"];

    private readonly string tests = Path.Combine(root, "artifacts", "mutations", "tests");
    private readonly CancellationTokenSource stop = new();

    /// <summary>All tests but the slow ones.</summary>
    private static string[] Suite => [.. Slow.Select(static name => $"!{name}")];

    /// <summary>The tests that fail without a mistake, and say nothing.</summary>
    public string[]? Failing { get; set; }

    /// <summary>Ends what runs at the moment; it throws then.</summary>
    public void Stop() => stop.Cancel();

    public void Dispose() => stop.Dispose();

    /// <summary>Builds the tests and, with all mistakes in them, the libraries. Gives what could not be made a part of them, and why.</summary>
    /// <param name="mutations">The mistakes.</param>
    public List<(Mutation Mutation, string Reason)> Build(IReadOnlyList<Mutation> mutations)
    {
        string project = Path.Combine(root, "tests", "AutoDiff.Tests");
        (int code, string output) = Run("dotnet", ["build", project, "-c", "Release", "-v", "q", "-nologo", "-clp:ErrorsOnly"], null, Timeout.InfiniteTimeSpan);
        if (code != 0)
        {
            throw new InvalidOperationException($"The tests do not compile: {output}");
        }

        Copy(Path.Combine(project, "bin", "Release", "net10.0"), tests);
        return [.. Libraries.SelectMany(library => Weaving.Build(root, library, mutations, tests))];
    }

    /// <summary>Finds out which tests fail without a mistake, unless that is known.</summary>
    public void TryWithout() => Failing ??= Test(null, Suite, stopAtFirst: false).Failed;

    /// <summary>Makes a mistake. Gives the test that notices it, or null where none does.</summary>
    /// <param name="mutation">The mistake.</param>
    /// <param name="onlyNamed">Whether the tests that are named for it are the only ones to run.</param>
    /// <exception cref="InvalidOperationException">There are no such tests.</exception>
    public string? Try(Mutation mutation, bool onlyNamed) => Noticed(mutation, mutation.Tests) ?? (onlyNamed ? null : Noticed(mutation, Suite));

    private string? Noticed(Mutation mutation, string[] terms)
    {
        (int code, string[] failed) = Test(mutation, terms, stopAtFirst: Failing is not { Length: > 0 });
        return failed.FirstOrDefault(name => Failing?.Contains(name) != true) ?? (code is 0 or 1 ? null
            : code == 2 ? throw new InvalidOperationException($"there are no tests {string.Join(' ', terms)}")
            : "the process, which ended or went on for ever");
    }

    private (int Code, string[] Failed) Test(Mutation? mutation, string[] terms, bool stopAtFirst)
    {
        string self = Path.ChangeExtension(Assembly.GetExecutingAssembly().Location, OperatingSystem.IsWindows() ? ".exe" : null);
        (int code, string output) = Run(self, ["worker", Path.Combine(tests, "AutoDiff.Tests.dll"), stopAtFirst ? "first" : "all", .. terms], mutation, TimeSpan.FromMinutes(terms[0][0] == '!' ? 20 : 5));
        return (code, [.. output.Split('\n').Where(static line => line.StartsWith("FAILED ", StringComparison.Ordinal)).Select(static line => line["FAILED ".Length..].Trim())]);
    }

    private (int Code, string Output) Run(string command, string[] arguments, Mutation? mutation, TimeSpan limit)
    {
        stop.Token.ThrowIfCancellationRequested();
        var start = new ProcessStartInfo(command, arguments) { WorkingDirectory = root, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[Weaving.Variable] = mutation?.Number.ToString(CultureInfo.InvariantCulture);
        using Process process = Process.Start(start)!;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        end.CancelAfter(limit);
        using CancellationTokenRegistration registration = end.Token.Register(() => process.Kill(entireProcessTree: true));
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        stop.Token.ThrowIfCancellationRequested();
        return (process.ExitCode, output);
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}
