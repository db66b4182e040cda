using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace AutoDiff.Mutations;

/// <summary>
/// The process that runs tests: requests come in and results go out, a line each. It stays for many mistakes, because starting takes longer than most tests; a test that notices one is run once more without it.
/// </summary>
internal sealed class Worker : IDisposable
{
    private readonly Assembly tests;
    private readonly FieldInfo[] switches;
    private readonly XunitTestFramework framework = new(new Sink(static _ => true));
    private readonly Dictionary<Type, List<ITestCase>> known = [];
    private readonly Options options = new();
    private readonly TextWriter output = Console.Out;
    private TimeSpan limit = TimeSpan.MaxValue;

    /// <param name="path">The assembly of the tests, with the libraries beside it.</param>
    private Worker(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        AssemblyLoadContext.Default.Resolving += (context, name) => Path.Combine(folder, $"{name.Name}.dll") is var file && File.Exists(file) ? context.LoadFromAssemblyPath(file) : null;
        tests = AssemblyLoadContext.Default.LoadFromAssemblyPath(path);
        switches = [.. Workshop.Libraries.Select(name => Assembly.Load(name).GetType(Weaving.Switch)!.GetField(Weaving.Active, BindingFlags.Static | BindingFlags.Public)!)];
        new Thread(Watch) { IsBackground = true }.Start();
    }

    /// <summary>Serves requests until there are no more.</summary>
    /// <param name="path">The assembly of the tests.</param>
    public static void Serve(string path)
    {
        using var worker = new Worker(path);
        Console.SetOut(TextWriter.Null);
        while (Console.ReadLine() is { } line)
        {
            Request request = JsonSerializer.Deserialize<Request>(line)!;
            worker.limit = Environment.CpuUsage.TotalTime + TimeSpan.FromSeconds(request.Seconds);
            int code = worker.Run(request);
            worker.output.WriteLine($"DONE {code}");
            worker.output.Flush();
        }
    }

    public void Dispose() => framework.Dispose();

    /// <summary>Runs the tests that terms name, and writes a line for each that fails. Gives 0 where none fails, 1 where some do, 2 where there are none.</summary>
    private int Run(Request request)
    {
        ITestCase[] cases = Discover(request.Terms);
        Activate(request.Mutation);
        string[] failed = Run(cases, request.StopAtFirst);
        Activate(0);

        // What fails without the mistake as well was left behind by it, or by another: then the process has to go, and its successor is asked.
        bool isSpoilt = request.Mutation != 0 && failed.Length > 0 && Run([.. cases.Where(test => failed.Contains(test.DisplayName))], stopAtFirst: true).Length > 0;
        foreach (string name in failed)
        {
            output.WriteLine($"{(isSpoilt ? "SPOILT" : "FAILED")} {name.ReplaceLineEndings(" ")}");
        }

        return cases.Length == 0 ? 2 : failed.Length > 0 ? 1 : 0;
    }

    private void Activate(int mutation) => Array.ForEach(switches, field => field.SetValue(null, mutation));

    private string[] Run(ITestCase[] cases, bool stopAtFirst)
    {
        var failed = new List<string>();
        using var finished = new ManualResetEventSlim();
        var sink = new Sink(message =>
        {
            lock (failed)
            {
                if (message is ITestFailed failure)
                {
                    failed.Add(failure.TestCase.DisplayName);
                }
                else if (message is ITestAssemblyFinished)
                {
                    finished.Set();
                }

                return !stopAtFirst || failed.Count == 0;
            }
        });
        using ITestFrameworkExecutor executor = framework.GetExecutor(tests.GetName());
        executor.RunTests(cases, sink, options);
        finished.Wait();
        return [.. failed.Distinct()];
    }

    /// <summary>Ends the process when a request has used up its time of the processor, which a busy machine does not take from it, or waits for ever, which is known by using none.</summary>
    private void Watch()
    {
        (TimeSpan used, long since) = (TimeSpan.Zero, Environment.TickCount64);
        while (used < limit && (limit == TimeSpan.MaxValue || Environment.TickCount64 - since < 600_000))
        {
            Thread.Sleep(500);
            if (Environment.CpuUsage.TotalTime is var now && now - used > TimeSpan.FromSeconds(1))
            {
                (used, since) = (now, Environment.TickCount64);
            }
        }

        Process.GetCurrentProcess().Kill();
    }

    private ITestCase[] Discover(string[] terms)
    {
        string[] excluded = [.. terms.Where(static term => term[0] == '!').Select(static term => term[1..])];
        string[][] wanted = [.. terms.Where(static term => term[0] != '!').Select(static term => term.Split(':'))];
        return [.. tests.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false, FullName: not null } && type.GetMethods().Any(method => Matches(type.FullName, method.Name, null)))
            .SelectMany(type => CasesOf(type).Where(test => Matches(type.FullName!, test.TestMethod.Method.Name, test.DisplayName)))];

        bool Matches(string type, string method, string? display)
        {
            string name = $"{type}.{method}";
            return !excluded.Any(name.Contains)
                && (wanted.Length == 0 || wanted.Any(term => name.Contains(term[0]) && (display is null || term.Length == 1 || term[1].Split(',').Any(row => display.Contains($"\"{row}")))));
        }
    }

    private List<ITestCase> CasesOf(Type type)
    {
        if (!known.TryGetValue(type, out List<ITestCase>? cases))
        {
            known[type] = cases = [];
            using ITestFrameworkDiscoverer discoverer = framework.GetDiscoverer(Reflector.Wrap(tests));
            using var finished = new ManualResetEventSlim();
            discoverer.Find(type.FullName!, includeSourceInformation: false, new Sink(message =>
            {
                if (message is ITestCaseDiscoveryMessage { TestCase: var test })
                {
                    cases.Add(test);
                }
                else if (message is IDiscoveryCompleteMessage)
                {
                    finished.Set();
                }

                return true;
            }), options);
            finished.Wait();
        }

        return cases;
    }

    /// <summary>What to run.</summary>
    /// <param name="Mutation">The number of the active mistake; 0 for none.</param>
    /// <param name="StopAtFirst">Whether to stop at the first test that fails.</param>
    /// <param name="Seconds">How much time of the processor it may take.</param>
    /// <param name="Terms">See <see cref="Mutations.Mutation.Tests"/>; with "!", names of tests to leave out.</param>
    public sealed record Request(int Mutation, bool StopAtFirst, double Seconds, string[] Terms);

    private sealed class Sink(Func<IMessageSinkMessage, bool> receive) : Xunit.LongLivedMarshalByRefObject, IMessageSink
    {
        public bool OnMessage(IMessageSinkMessage message) => receive(message);
    }

    /// <summary>Theories row by row, and one test after another: where several run at once, xunit ends the process when it is told to stop.</summary>
    private sealed class Options : ITestFrameworkDiscoveryOptions, ITestFrameworkExecutionOptions
    {
        private readonly Dictionary<string, object?> values = new() { ["xunit.discovery.PreEnumerateTheories"] = true, ["xunit.execution.DisableParallelization"] = true };

        public TValue GetValue<TValue>(string name) => values.TryGetValue(name, out object? value) ? (TValue)value! : default!;

        public void SetValue<TValue>(string name, TValue value) => values[name] = value;
    }
}
