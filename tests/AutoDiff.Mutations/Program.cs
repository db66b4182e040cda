using System.Globalization;
using System.Runtime.InteropServices;
using AutoDiff.Mutations;

// Makes the mistakes of mutations.txt, one at a time, and says which of them the tests do not notice.
//
//   dotnet run -c Release --project tests/AutoDiff.Mutations [-- [words and numbers]]
//
// The libraries are built once, with all mistakes in them; a switch makes one the active one. First all tests run without any: nothing is counted until they pass. Then, for each, the tests
// that its line names run, and, where they notice nothing, all but the slow ones. A test that notices something runs once more without the mistake, and has to pass. Those that change no result ("=" in the list) are left out unless they are asked for by number. Words: "resume" goes on from a run that was interrupted, "again" looks once more at what survived it; "built" does without building anything;
// "named" does with the tests named; "for:90" begins nothing new after 90 seconds.
if (args is ["worker", var assembly])
{
    Worker.Serve(assembly);
    return 0;
}

string root = FindRoot();
string folder = Directory.CreateDirectory(Path.Combine(root, "artifacts", "mutations")).FullName;
bool build = !args.Contains("built");
string list = Path.Combine(folder, "mutations.txt");
if (build)
{
    File.Copy(Path.Combine(root, "tests", "AutoDiff.Mutations", "mutations.txt"), list, overwrite: true);
}

Mutation[] mutations = Mutation.Read(list);
Mutation[] chosen = [.. mutations.Where(mutation => args.Contains(Text(mutation.Number)))];
chosen = chosen.Length > 0 ? chosen : [.. mutations.Where(static mutation => mutation.Equivalent is null)];
var results = new Results(Path.Combine(folder, "results.json"), args.Contains("resume") || args.Contains("again"));
long end = args.FirstOrDefault(static arg => arg.StartsWith("for:", StringComparison.Ordinal)) is { } limit
    ? Environment.TickCount64 + (long)(1000 * double.Parse(limit["for:".Length..], CultureInfo.InvariantCulture)) : long.MaxValue;
using var workshop = new Workshop(root);
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
int unfit = 0;
try
{
    if (build)
    {
        (Mutation, string)[] stale = [.. mutations.Select(mutation => (mutation, mutation.Fault(root)!)).Where(static place => place.Item2 is not null)];
        results.NoteUnfit([.. stale, .. workshop.Build([.. mutations.Except(stale.Select(static place => place.Item1))])]);
    }

    bool onlyNamed = args.Contains("named");
    if (!results.IsSound(onlyNamed))
    {
        string[] failing = workshop.Failing(chosen, onlyNamed);
        if (failing.Length > 0)
        {
            Console.WriteLine($"{failing.Length} tests fail without a mistake, so that nothing can be said:\n{string.Join('\n', failing)}");
            return 2;
        }

        results.NoteSound(onlyNamed);
        Console.WriteLine($"{DateTime.Now:T} all {(onlyNamed ? "named " : "")}tests pass without a mistake");
    }

    foreach (Mutation mutation in chosen)
    {
        if (results.Unfit(mutation) is { } reason)
        {
            unfit++;
            Console.WriteLine($"NOT APPLIED, {reason}: {mutation}");
            continue;
        }

        if (!results.Knows(mutation, out string? killer) || (killer is null && args.Contains("again")))
        {
            long start = Environment.TickCount64;
            if (start > end)
            {
                continue;
            }

            try
            {
                killer = workshop.Try(mutation, onlyNamed);
            }
            catch (InvalidOperationException missing)
            {
                unfit++;
                Console.WriteLine($"NOT LOOKED AT, {missing.Message}: {mutation}");
                continue;
            }

            results.Note(mutation, killer);
            Console.WriteLine($"{DateTime.Now:T} {mutation.Number}: {(killer is null ? "SURVIVED" : $"killed by {killer}")} ({(Environment.TickCount64 - start) / 1000} s)");
        }
    }
}
catch (OperationCanceledException)
{
    Console.WriteLine("interrupted; \"resume\" goes on from here");
}

Mutation[] known = [.. chosen.Where(mutation => results.Unfit(mutation) is null && results.Knows(mutation, out _))];
Mutation[] survived = [.. known.Where(mutation => results.Knows(mutation, out string? killer) && killer is null)];
foreach (Mutation mutation in survived)
{
    Console.WriteLine($"SURVIVED {mutation}");
}

int looked = known.Length;
int killed = looked - survived.Length;
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"{killed} of {looked} mutations killed ({100.0 * killed / Math.Max(1, looked):F1} %), {survived.Length} survived, {chosen.Length - unfit - looked} not looked at, {unfit} not applied"));
return killed == chosen.Length ? 0 : 1;

void Interrupt(PosixSignalContext context)
{
    context.Cancel = true;
    workshop.Stop();
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
