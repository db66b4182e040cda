using System.Diagnostics;
using AutoDiff.Optimization;
using AutoDiff.Tests.Optimization;

namespace AutoDiff.Benchmarks;

/// <summary>Sparse nonlinear programs of a given number of variables: optimal control by collocation, a hanging chain, a chain of equations. Whole runs, the analysis of the patterns included.</summary>
internal static class NonlinearPrograms
{
    private static readonly string[] s_columns = ["program", "variables", "constraints", "status", "iterations", "value", "violation", "seconds"];

    public static void Print(int n, bool save)
    {
        Solve("warm-up", SparsePrograms.Rocket(20));
        var rows = new List<string[]>();
        Report("Goddard's rocket (COPS), trapezoidal collocation", SparsePrograms.Rocket(n / 4));
        Report("hanging chain (COPS)", SparsePrograms.HangingChain(n / 2));
        Report("chained Rosenbrock with trigonometric-exponential constraints", SparsePrograms.Chain(n));
        if (save)
        {
            ResultFile.Here($"dotnet run -c Release --project benchmarks/AutoDiff.Benchmarks -- programs {n} --save", s_columns, rows).Save("programs");
        }

        void Report(string name, (NonlinearProgram<double> Program, Tensor<double> Start) problem)
        {
            rows.Add(Solve(name, problem));
            Console.WriteLine(string.Join(", ", rows[^1]));
        }
    }

    private static string[] Solve(string name, (NonlinearProgram<double> Program, Tensor<double> Start) problem)
    {
        var watch = Stopwatch.StartNew();
        NonlinearProgramResult<double> result = new InteriorPoint<double>().Minimize(problem.Program, problem.Start);
        double seconds = watch.Elapsed.TotalSeconds;
        int constraints = result.Multipliers.Sum(y => y.Length);
        return
        [
            name, Text($"{problem.Start.Length}"), Text($"{constraints}"), Text($"{result.Status}"), Text($"{result.Iterations}"), Text($"{result.Value:F8}"), Text($"{result.Infeasibility:E1}"), Text($"{seconds:F2}"),
        ];

        static string Text(FormattableString text) => FormattableString.Invariant(text);
    }
}
