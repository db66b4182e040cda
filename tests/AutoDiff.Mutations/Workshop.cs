using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

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

    private const int Ended = 3;

    private const string EndedOrEndless = "the process, which ended or went on for ever";

    /// <summary>The libraries with mistakes in them.</summary>
    public static readonly string[] Libraries = ["AutoDiff", "AutoDiff.Optimization"];

    private readonly string tests = Path.Combine(root, "artifacts", "mutations", "tests");
    private readonly CancellationTokenSource stop = new();
    private Process? worker;

    /// <summary>All tests but the slow ones.</summary>
    private static string[] Suite => [.. Slow.Select(static name => $"!{name}")];

    /// <summary>Ends what runs at the moment; it throws then.</summary>
    public void Stop()
    {
        stop.Cancel();
        worker?.Kill(entireProcessTree: true);
    }

    public void Dispose()
    {
        EndWorker();
        stop.Dispose();
    }

    /// <summary>Builds the tests and, with all mistakes in them, the libraries. Gives what could not be made a part of them, and why.</summary>
    /// <param name="mutations">The mistakes.</param>
    public List<(Mutation Mutation, string Reason)> Build(IReadOnlyList<Mutation> mutations)
    {
        string project = Path.Combine(root, "tests", "AutoDiff.Tests");
        (int code, string output) = Run("dotnet", ["build", project, "-c", "Release", "-v", "q", "-nologo", "-clp:ErrorsOnly"], root);
        if (code != 0)
        {
            throw new InvalidOperationException($"The tests do not compile: {output}");
        }

        Copy(Path.Combine(project, "bin", "Release", "net10.0"), tests);
        return [.. Libraries.SelectMany(library => Weaving.Build(root, library, mutations, tests))];
    }

    /// <summary>Runs all tests that will run for mistakes, without any. Gives what fails: as long as something does, nothing that fails says anything.</summary>
    /// <param name="mutations">The mistakes, with the tests that are named for them.</param>
    /// <param name="onlyNamed">Whether these are all that will run.</param>
    public string[] Failing(IEnumerable<Mutation> mutations, bool onlyNamed)
    {
        string[] named = [.. mutations.SelectMany(static mutation => mutation.Tests).Distinct()];
        return [.. Failed(named), .. onlyNamed ? [] : Failed(Suite)];

        string[] Failed(string[] terms) => Test(null, terms, stopAtFirst: false) is var (code, failed) && (code == 0 || failed.Length > 0) ? failed : [EndedOrEndless];
    }

    /// <summary>Makes a mistake. Gives the test that notices it, or null where none does.</summary>
    /// <param name="mutation">The mistake.</param>
    /// <param name="onlyNamed">Whether the tests that are named for it are the only ones to run.</param>
    /// <exception cref="InvalidOperationException">There are no such tests.</exception>
    public string? Try(Mutation mutation, bool onlyNamed) => Noticed(mutation, mutation.Tests) ?? (onlyNamed ? null : Noticed(mutation, Suite));

    private string? Noticed(Mutation mutation, string[] terms) => Test(mutation, terms, stopAtFirst: true) switch
    {
        (_, [string name, ..]) => name,
        (0 or 1, _) => null,
        (2, _) => throw new InvalidOperationException($"there are no tests {string.Join(' ', terms)}"),
        _ => EndedOrEndless,
    };

    private (int Code, string[] Failed) Test(Mutation? mutation, string[] terms, bool stopAtFirst)
    {
        TimeSpan limit = Array.TrueForAll(terms, static term => term[0] == '!') ? TimeSpan.FromMinutes(40) : TimeSpan.FromMinutes(mutation is null ? 20 : 4);
        var request = new Worker.Request(mutation?.Number ?? 0, stopAtFirst, limit.TotalSeconds, terms);
        while (true)
        {
            bool isFresh = worker is null;
            worker ??= StartWorker();
            var failed = new List<string>();
            bool isSpoilt = false;
            worker.StandardInput.WriteLine(JsonSerializer.Serialize(request));
            worker.StandardInput.Flush();
            while (true)
            {
                string? line = worker.StandardOutput.ReadLine();
                stop.Token.ThrowIfCancellationRequested();
                if (line is null)
                {
                    EndWorker();
                    return (Ended, []);
                }

                if (line.StartsWith("DONE ", StringComparison.Ordinal))
                {
                    if (!isSpoilt)
                    {
                        return (int.Parse(line["DONE ".Length..], CultureInfo.InvariantCulture), [.. failed]);
                    }

                    break;
                }

                isSpoilt |= line.StartsWith("SPOILT ", StringComparison.Ordinal);
                failed.Add(line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..].Trim());
            }

            EndWorker();
            if (isFresh)
            {
                // A process that knew no other mistake: this one spoils it, and what it spoils is noticed.
                return (1, [.. failed]);
            }
        }
    }

    private Process StartWorker()
    {
        string self = Path.ChangeExtension(Assembly.GetExecutingAssembly().Location, OperatingSystem.IsWindows() ? ".exe" : null);
        var start = new ProcessStartInfo(self, ["worker", Path.Combine(tests, "AutoDiff.Tests.dll")]) { WorkingDirectory = root, RedirectStandardInput = true, RedirectStandardOutput = true };
        return Process.Start(start)!;
    }

    private void EndWorker()
    {
        if (worker is not null)
        {
            worker.Kill(entireProcessTree: true);
            worker.WaitForExit();
            worker.Dispose();
            worker = null;
        }
    }

    private static (int Code, string Output) Run(string command, string[] arguments, string folder)
    {
        using Process process = Process.Start(new ProcessStartInfo(command, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
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
