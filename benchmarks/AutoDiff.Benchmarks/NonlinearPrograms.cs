using System.Diagnostics;
using System.Globalization;
using AutoDiff.Optimization;
using AutoDiff.Tests.Optimization;

namespace AutoDiff.Benchmarks;

/// <summary>Sparse nonlinear programs of a given number of variables: optimal control by collocation, a hanging chain, a chain of equations. Whole runs, the analysis of the patterns included.</summary>
internal static class NonlinearPrograms
{
    public static void Print(int n)
    {
        Solve("warm-up", SparsePrograms.Rocket(20));
        Console.WriteLine("| program | variables | constraints | status | iterations | value | violation | seconds |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        Console.WriteLine(Solve("Goddard's rocket", SparsePrograms.Rocket(n / 4)));
        Console.WriteLine(Solve("hanging chain", SparsePrograms.HangingChain(n / 2)));
        Console.WriteLine(Solve("chained Rosenbrock, trigonometric-exponential", SparsePrograms.Chain(n)));
    }

    private static string Solve(string name, (NonlinearProgram<double> Program, Tensor<double> Start) problem)
    {
        var watch = Stopwatch.StartNew();
        NonlinearProgramResult<double> result = new InteriorPoint<double>().Minimize(problem.Program, problem.Start);
        double seconds = watch.Elapsed.TotalSeconds;
        int constraints = result.Multipliers.Sum(y => y.Length);
        return string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {problem.Start.Length} | {constraints} | {result.Status} | {result.Iterations} | {result.Value:F8} | {result.Infeasibility:E1} | {seconds:F2} |");
    }
}
