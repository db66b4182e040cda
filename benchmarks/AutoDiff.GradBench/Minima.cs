using System.Diagnostics;
using AutoDiff.Benchmarks;
using AutoDiff.GradBench.Problems;
using AutoDiff.GradBench.Suites;
using AutoDiff.Optimization;

namespace AutoDiff.GradBench;

/// <summary>
/// Whole runs of minimizers at scale: the chained function of Rosenbrock of 10,000 variables by L-BFGS, and the scenes of ADBench by sparse Levenberg-Marquardt, from the published start with every number
/// moved by up to a thousandth.
/// </summary>
internal static class Minima
{
    private static readonly string[] s_columns = ["problem", "variables", "residuals", "method", "iterations", "evaluations", "value at the start", "value", "reason", "seconds"];

    /// <summary>Runs every problem whose name contains a word.</summary>
    /// <param name="suites">The folder that holds the inputs of ADBench.</param>
    /// <param name="word">The word; empty for all.</param>
    /// <param name="save">Whether the rows are kept in benchmarks/results.</param>
    public static void Print(string suites, string word, bool save)
    {
        var rows = new List<string[]>();
        Console.WriteLine(string.Join(", ", s_columns));
        Tensor<double> rosenbrock = Tensor.Create([.. Enumerable.Range(0, 10_000).Select(static i => i % 2 == 0 ? -1.2 : 1.0)]);
        foreach (int iterations in "chained Rosenbrock".Contains(word, StringComparison.Ordinal) ? (int[])[1_000, 100_000] : [])
        {
            Report("chained Rosenbrock", 0, "L-BFGS", Rosenbrock, rosenbrock, new LBfgs<double> { Stopping = new() { MaxIterations = iterations } }, static value => value);
        }

        foreach (string file in Directory.EnumerateFiles(Path.Combine(suites, "adbench", "ba"), "ba*.txt").Order(StringComparer.Ordinal).Where(file => Name(file).Contains(word, StringComparison.Ordinal)))
        {
            (BundleAdjustment problem, Tensor<double> start) = AdBenchFiles.Bundle(File.ReadAllText(file));
            start *= (new RandomKey(5).Uniform<double>(start.Length) * 2e-3) + (1 - 1e-3);
            Report(Name(file), 3 * problem.Observations, "sparse Levenberg-Marquardt", problem.Residuals, start,
                new LevenbergMarquardt<double> { Sparse = true }, static r => r.Square().Sum() * 0.5);
        }

        if (save)
        {
            var file = ResultFile.Here("dotnet run -c Release --project benchmarks/AutoDiff.GradBench -- minima FOLDER --save", s_columns, rows);
            if (word.Length == 0)
            {
                file.Save("minima");
            }
            else
            {
                file.SaveInto("minima");
            }
        }

        static string Name(string file) => Path.GetFileNameWithoutExtension(file).Split('_')[0];

        void Report(string name, int residuals, string method, Func<Tensor<double>, Tensor<double>> f, Tensor<double> start, Minimizer<double> minimizer, Func<Tensor<double>, Tensor<double>> value)
        {
            var clock = Stopwatch.StartNew();
            OptimizationResult<Tensor<double>> result = minimizer.Minimize(f, start);
            double seconds = clock.Elapsed.TotalSeconds;
            rows.Add(
            [
                name, Text($"{start.Length}"), residuals > 0 ? Text($"{residuals}") : "", method, Text($"{result.Iterations}"), Text($"{result.Evaluations}"), Text($"{value(f(start)).ToScalar():G4}"),
                Text($"{result.Value:G4}"), Text($"{result.Reason}"), Text($"{seconds:0.0}"),
            ]);
            Console.WriteLine(string.Join(", ", rows[^1]));
        }

        static string Text(FormattableString text) => FormattableString.Invariant(text);
    }

    private static Tensor<double> Rosenbrock(Tensor<double> x) => ((x[1..] - x[..^1].Square()).Square() * 100.0).Sum() + (1.0 - x[..^1]).Square().Sum();
}
