using System.Reflection;
using System.Runtime.Loader;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace AutoDiff.Mutations;

/// <summary>The process that runs tests: one for each mistake, so that none is left with what another did.</summary>
internal static class Worker
{
    /// <summary>Runs the tests of an assembly that terms name, and writes a line for each that fails.</summary>
    /// <param name="path">The assembly.</param>
    /// <param name="stopAtFirst">Whether to stop at the first that fails.</param>
    /// <param name="terms">See <see cref="Mutation.Tests"/>; with "!", names of those to leave out.</param>
    /// <returns>0 where none fails, 1 where some do, 2 where there are none.</returns>
    public static int Run(string path, bool stopAtFirst, string[] terms)
    {
        string folder = Path.GetDirectoryName(path)!;
        AssemblyLoadContext.Default.Resolving += (context, name) => Path.Combine(folder, $"{name.Name}.dll") is var file && File.Exists(file) ? context.LoadFromAssemblyPath(file) : null;
        Assembly tests = AssemblyLoadContext.Default.LoadFromAssemblyPath(path);
        TextWriter output = Console.Out;
        Console.SetOut(TextWriter.Null);
        var options = new Options();
        using var framework = new XunitTestFramework(new Sink(static _ => true));
        ITestCase[] cases = Discover(framework, tests, terms, options);
        int failed = 0;
        using var finished = new ManualResetEventSlim();
        var sink = new Sink(message =>
        {
            if (message is ITestFailed failure && Interlocked.Increment(ref failed) > 0)
            {
                lock (output)
                {
                    output.WriteLine($"FAILED {failure.Test.DisplayName.ReplaceLineEndings(" ")}");
                    output.WriteLine($"    {string.Join(" ", failure.Messages).ReplaceLineEndings(" ")}");
                    output.Flush();
                }
            }
            else if (message is ITestAssemblyFinished)
            {
                finished.Set();
            }

            return !stopAtFirst || Volatile.Read(ref failed) == 0;
        });
        using ITestFrameworkExecutor executor = framework.GetExecutor(tests.GetName());
        executor.RunTests(cases, sink, options);
        finished.Wait();
        return cases.Length == 0 ? 2 : failed > 0 ? 1 : 0;
    }

    private static ITestCase[] Discover(XunitTestFramework framework, Assembly tests, string[] terms, Options options)
    {
        string[] excluded = [.. terms.Where(static term => term[0] == '!').Select(static term => term[1..])];
        string[][] wanted = [.. terms.Where(static term => term[0] != '!').Select(static term => term.Split(':'))];
        var cases = new List<ITestCase>();
        using ITestFrameworkDiscoverer discoverer = framework.GetDiscoverer(Reflector.Wrap(tests));
        foreach (Type type in tests.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false, FullName: not null } && type.GetMethods().Any(method => Matches(type.FullName, method.Name, null))))
        {
            using var finished = new ManualResetEventSlim();
            discoverer.Find(type.FullName!, includeSourceInformation: false, new Sink(message =>
            {
                if (message is ITestCaseDiscoveryMessage { TestCase: var test } && Matches(type.FullName!, test.TestMethod.Method.Name, test.DisplayName))
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

        return [.. cases];

        bool Matches(string type, string method, string? display)
        {
            string name = $"{type}.{method}";
            return !excluded.Any(name.Contains)
                && (wanted.Length == 0 || wanted.Any(term => name.Contains(term[0]) && (display is null || term.Length == 1 || term[1].Split(',').Any(row => display.Contains($"\"{row}")))));
        }
    }

    private sealed class Sink(Func<IMessageSinkMessage, bool> receive) : IMessageSink
    {
        public bool OnMessage(IMessageSinkMessage message) => receive(message);
    }

    /// <summary>The usual options, and theories row by row.</summary>
    private sealed class Options : ITestFrameworkDiscoveryOptions, ITestFrameworkExecutionOptions
    {
        private readonly Dictionary<string, object?> values = new() { ["xunit.discovery.PreEnumerateTheories"] = true };

        public TValue GetValue<TValue>(string name) => values.TryGetValue(name, out object? value) ? (TValue)value! : default!;

        public void SetValue<TValue>(string name, TValue value) => values[name] = value;
    }
}
