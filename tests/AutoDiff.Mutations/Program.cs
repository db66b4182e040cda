using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using AutoDiff.Mutations;

// Makes the mistakes of mutations.txt, one at a time, and says which the tests do not notice.
//
//   dotnet run -c Release --project tests/AutoDiff.Mutations [-- <numbers>]
//
// All mutations are woven into one copy of the sources, which is built once; a switch makes one of them the active one. For each, the tests that its line names run until one fails.
if (args is ["worker", var assembly, var list, var unfit, ..])
{
    return Worker.Run(assembly, list, unfit, args[4..]);
}

if (args is ["check", var checkedAssembly, var test])
{
    return Worker.Check(checkedAssembly, test);
}

string root = FindRoot();
string mutationList = Path.Combine(root, "tests", "AutoDiff.Mutations", "mutations.txt");
Mutation[] mutations = Mutation.Read(mutationList);
Mutation[] stale = [.. mutations.Where(mutation => mutation.Fault(root) is not null)];
foreach (Mutation mutation in stale)
{
    Console.WriteLine($"NOT APPLIED, {mutation.Fault(root)}: {mutation}");
}

Mutation[] chosen = [.. mutations.Except(stale).Where(mutation => args.Length == 0 || args.Contains(Text(mutation.Number)))];
string work = Path.Combine(Path.GetTempPath(), $"AutoDiff.Mutations.{Environment.UserName}");
string tests = Build(root, work, [.. mutations.Except(stale)]);
Console.WriteLine($"{chosen.Length} mutations");

var killed = new Dictionary<int, string>();
var survived = new List<int>();
var unfit = new HashSet<string>();
var left = new Queue<Mutation>(chosen);
while (left.Count > 0)
{
    RunWorker();
}

foreach (Mutation mutation in chosen.Where(mutation => survived.Contains(mutation.Number)))
{
    Console.WriteLine($"SURVIVED {mutation}");
}

Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{killed.Count} of {chosen.Length} mutations killed ({100.0 * killed.Count / Math.Max(1, chosen.Length):F1} %), {survived.Count} survived, {stale.Length} not applied"));
return survived.Count + stale.Length == 0 ? 0 : 1;

// One process works through the mutations that are left, until it has done, hangs or crashes: the last two kill the mutation that was active.
void RunWorker()
{
    using Process worker = Start(["worker", tests, mutationList, string.Join('\n', unfit), .. left.Select(mutation => Text(mutation.Number))]);
    while (left.Count > 0)
    {
        Task<string?> line = worker.StandardOutput.ReadLineAsync();
        if (!line.Wait(TimeSpan.FromMinutes(5)) || line.Result is not { } message)
        {
            Note(left.Dequeue().Number, line.IsCompleted ? "the process ended" : "it went on for ever");
            break;
        }

        string[] parts = message.Split(' ', 3);
        if (parts[0] == "UNCLEAN")
        {
            // The test fails without the mistake too: because of what the mistake left behind in the process, unless it cannot run in such a process at all.
            using Process check = Start(["check", tests, parts[2]]);
            check.WaitForExit();
            if (check.ExitCode == 0)
            {
                Note(left.Dequeue().Number, parts[2]);
            }
            else
            {
                unfit.Add(parts[2]);
            }

            break;
        }

        if (parts[0] == "MUTATION")
        {
            Note(left.Dequeue().Number, parts.Length == 3 ? parts[2] : null);
        }
    }

    if (!worker.HasExited)
    {
        worker.Kill(entireProcessTree: true);
    }
}

static Process Start(string[] arguments) => Process.Start(new ProcessStartInfo(Path.ChangeExtension(Assembly.GetExecutingAssembly().Location, OperatingSystem.IsWindows() ? ".exe" : null), arguments)
{
    RedirectStandardOutput = true,
})!;

void Note(int number, string? failure)
{
    if (failure is null)
    {
        survived.Add(number);
        Console.WriteLine($"{number}: SURVIVED");
    }
    else
    {
        killed[number] = failure;
        Console.WriteLine($"{number}: killed by {failure}");
    }
}

// Copies the sources with the mutations woven in, and builds the tests on them.
static string Build(string root, string work, Mutation[] mutations)
{
    foreach (string file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Where(file => IsSource(Path.GetRelativePath(root, file))))
    {
        string name = Path.GetRelativePath(root, file).Replace('\\', '/');
        string target = Path.Combine(work, name);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        Mutation[] own = [.. mutations.Where(mutation => mutation.File == name)];
        if (own.Length == 0)
        {
            if (!File.Exists(target) || File.GetLastWriteTimeUtc(target) != File.GetLastWriteTimeUtc(file) || new FileInfo(target).Length != new FileInfo(file).Length)
            {
                File.Copy(file, target, overwrite: true);
            }

            continue;
        }

        string woven = own.Aggregate(File.ReadAllText(file), (text, mutation) => mutation.Weave(text));
        if (!File.Exists(target) || File.ReadAllText(target) != woven)
        {
            File.WriteAllText(target, woven);
        }
    }

    File.WriteAllText(Path.Combine(work, "src", "AutoDiff", "Mutant.cs"), """
        #pragma warning disable
        namespace AutoDiff;

        /// <summary>Which mistake is made.</summary>
        public static class Mutant
        {
            public static int Active;

            public static bool Is(int number) => Active == number;
        }
        """);
    using Process build = Process.Start("dotnet", ["build", Path.Combine(work, "tests", "AutoDiff.Tests"), "-c", "Release", "-p:RunAnalyzers=false", "-p:TreatWarningsAsErrors=false", "-v", "q", "-nologo", "-clp:ErrorsOnly"]);
    build.WaitForExit();
    return build.ExitCode == 0 ? Path.Combine(work, "tests", "AutoDiff.Tests", "bin", "Release", "net10.0", "AutoDiff.Tests.dll") : throw new InvalidOperationException("The mutated sources do not compile.");
}

static bool IsSource(string name)
{
    string[] parts = name.Split(Path.DirectorySeparatorChar);
    return !parts.Contains("bin") && !parts.Contains("obj") && parts[0] is not (".git" or "artifacts" or "shared") && parts is not ["tests", "AutoDiff.Mutations", ..];
}

static string FindRoot()
{
    string folder = AppContext.BaseDirectory;
    while (!File.Exists(Path.Combine(folder, "AutoDiff.sln")))
    {
        folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Run it inside the repository.");
    }

    return folder;
}

static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

/// <summary>The process that makes the mistakes and runs the tests.</summary>
internal static class Worker
{
    public static int Run(string assembly, string list, string unfit, string[] numbers)
    {
        TextWriter output = Console.Out;
        (Assembly tests, FieldInfo active) = Load(assembly);
        Dictionary<int, Mutation> mutations = Mutation.Read(list).ToDictionary(mutation => mutation.Number);
        string[] leftOut = unfit.Split('\n');
        foreach (string number in numbers)
        {
            Mutation mutation = mutations[int.Parse(number, CultureInfo.InvariantCulture)];
            TestCase[] cases = [.. TestCase.All(tests, mutation.Tests).Where(test => !leftOut.Contains(test.Name))];
            active.SetValue(null, mutation.Number);
            (TestCase Test, Exception Failure)? killer = null;
            foreach (TestCase test in cases)
            {
                if (test.Run() is { } failure)
                {
                    killer = (test, failure);
                    break;
                }
            }

            active.SetValue(null, 0);
            bool unclean = killer?.Test.Run() is not null;
            output.WriteLine(killer is null ? $"MUTATION {number}" : unclean ? $"UNCLEAN {number} {killer.Value.Test.Name}"
                : $"MUTATION {number} {killer.Value.Test.Name}: {killer.Value.Failure.Message.Split('\n')[0]}");
            output.Flush();
            if (unclean)
            {
                return 1;
            }
        }

        return 0;
    }

    /// <summary>Whether a test passes where no mistake was ever made.</summary>
    public static int Check(string assembly, string name)
    {
        (Assembly tests, _) = Load(assembly);
        return TestCase.All(tests, new Regex($"^{Regex.Escape(name)}$", RegexOptions.CultureInvariant)).All(test => test.Run() is null) ? 0 : 1;
    }

    private static (Assembly Tests, FieldInfo Active) Load(string assembly)
    {
        Console.SetOut(TextWriter.Null);
        var context = new TestContext(assembly);
        Assembly tests = context.LoadFromAssemblyPath(assembly);
        FieldInfo active = context.LoadFromAssemblyName(new AssemblyName("AutoDiff")).GetType("AutoDiff.Mutant", throwOnError: true)!.GetField("Active")!;
        System.Runtime.CompilerServices.RuntimeHelpers.RunModuleConstructor(tests.ManifestModule.ModuleHandle);
        return (tests, active);
    }

    /// <summary>Loads the tests and what they need from their own folder; xunit's attributes are shared with the runner.</summary>
    private sealed class TestContext(string assembly) : AssemblyLoadContext("tests")
    {
        private readonly AssemblyDependencyResolver resolver = new(assembly);

        protected override Assembly? Load(AssemblyName name) =>
            name.Name!.StartsWith("xunit", StringComparison.Ordinal) ? null : resolver.ResolveAssemblyToPath(name) is { } path ? LoadFromAssemblyPath(path) : null;
    }
}
