using System.Diagnostics;
using System.Globalization;
using AutoDiff.Optimization;
using AutoDiff.Tests.Optimization;

namespace AutoDiff.Benchmarks;

/// <summary>
/// Nonlinear programs by our own interior-point method and by the Ipopt of the machine, with the same derivatives: the problems of Hock and Schittkowski, and sparse programs of a given number of variables.
/// Whole runs, patterns and orderings included; of the small problems the best of some runs, of the large ones one run after another, in turns.
/// </summary>
internal static class BesideIpopt
{
    public static void Print(int n)
    {
        if (!IpoptLibrary.IsInstalled)
        {
            Console.WriteLine("Ipopt is not installed (on Debian and Ubuntu: apt-get install coinor-libipopt1v5).");
            return;
        }

        Console.WriteLine("| problem | variables | equations, inequalities | steps | of Ipopt | ms | of Ipopt | ratio | value | of Ipopt |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        var small = new List<Row>();
        foreach (HockSchittkowski.Example example in HockSchittkowski.All)
        {
            small.Add(Compare(string.Create(CultureInfo.InvariantCulture, $"{example.Number}"), example.Program(), Tensor.Create<double>(example.Start), 7, compiled: false));
        }

        Row[] converged = [.. small.Where(row => row.Own.Converged && row.Others.Converged)];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{small.Count} problems, {converged.Length} solved by both: {converged.Sum(row => row.Own.Iterations)} steps, of Ipopt {converged.Sum(row => row.Others.Iterations)}; ")
            + string.Create(CultureInfo.InvariantCulture, $"times {Math.Exp(converged.Average(row => Math.Log(row.Milliseconds / row.MillisecondsOfOthers))):F2} of Ipopt's (geometric mean), ")
            + string.Create(CultureInfo.InvariantCulture, $"{converged.Sum(row => row.Milliseconds):F0} ms beside {converged.Sum(row => row.MillisecondsOfOthers):F0} ms in all"));
        foreach (bool compiled in (bool[])[false, true])
        {
            Console.WriteLine(compiled ? "compiled:" : "recorded at every point:");
            foreach ((string name, (NonlinearProgram<double> program, Tensor<double> start)) in ((string, (NonlinearProgram<double>, Tensor<double>))[])
                [("Goddard's rocket", SparsePrograms.Rocket(n / 4)), ("hanging chain", SparsePrograms.HangingChain(n / 2)), ("chained Rosenbrock", SparsePrograms.Chain(n))])
            {
                Compare(name, program, start, 2, compiled);
            }
        }
    }

    private static Row Compare(string name, NonlinearProgram<double> program, Tensor<double> start, int runs, bool compiled)
    {
        // The slight widening of bounds is Ipopt's own default.
        var ipopt = new Ipopt<double> { Compiled = compiled, Options = new Dictionary<string, IpoptOption> { ["bound_relax_factor"] = 1e-8 } };
        var own = new InteriorPoint<double> { Compiled = compiled };
        var row = new Row(own.Minimize(program, start), ipopt.Minimize(program, start), double.MaxValue, double.MaxValue);
        for (int run = 0; run < runs; run++)
        {
            row = row with
            {
                Milliseconds = Math.Min(row.Milliseconds, Milliseconds(() => own.Minimize(program, start))),
                MillisecondsOfOthers = Math.Min(row.MillisecondsOfOthers, Milliseconds(() => ipopt.Minimize(program, start))),
            };
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {start.Length} | {row.Own.Multipliers.Sum(y => y.Length)} | {Steps(row.Own)} | {Steps(row.Others)} | {row.Milliseconds:F2} | {row.MillisecondsOfOthers:F2} | ")
            + string.Create(CultureInfo.InvariantCulture, $"{row.Milliseconds / row.MillisecondsOfOthers:F2} | {row.Own.Value:G9} | {row.Others.Value:G9} |"));
        return row;
    }

    private static string Steps(NonlinearProgramResult<double> result) => string.Create(CultureInfo.InvariantCulture, $"{result.Iterations}{(result.Converged ? "" : " " + result.Status)}");

    private static double Milliseconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private sealed record Row(NonlinearProgramResult<double> Own, NonlinearProgramResult<double> Others, double Milliseconds, double MillisecondsOfOthers);
}
