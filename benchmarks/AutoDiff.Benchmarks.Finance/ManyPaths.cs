using System.Diagnostics;

namespace AutoDiff.Benchmarks;

/// <summary>
/// An average of the prices along a path, by many long paths: the value and the gradient by spot, volatility and rate, compiled, in the memory of a block for each thread. The normal numbers of a path are drawn where
/// they are used, and drawn again for the way back; nothing is as long as all paths.
/// </summary>
internal static class ManyPaths
{
    private static readonly string[] s_columns = ["paths", "steps", "threads", "seconds", "ns a step", "working set before, MB", "highest, MB", "allocated by a run, KB", "value", "by spot", "by volatility", "by rate"];

    public static void Print(int paths, int steps, bool save)
    {
        Tensor<double>[] market = [Tensor.Scalar(100.0), Tensor.Scalar(0.2), Tensor.Scalar(0.03)];
        RowSource<double>[] normals = [RowSource.Normal<double>(new RandomKey(7), paths, steps)];
        CompiledSum<double> sum = Differentiate.CompileSum((p, rows) => Payoffs(p, rows[0], steps).Sum(), market, normals);
        RowSource<double>[] few = [RowSource.Normal<double>(new RandomKey(7), 20_000, steps)];
        for (int i = 0; i < 5; i++)
        {
            sum.ValueAndGradient(market, few);
        }

        var rows = new List<string[]>();
        foreach (int threads in (int[])[1, 2])
        {
            Parallelism.MaxThreads = threads;
            sum.ValueAndGradient(market, few);
            long before = Environment.WorkingSet, highest = before, bytes = GC.GetTotalAllocatedBytes();
            using var watch = new Timer(_ => highest = Math.Max(highest, Environment.WorkingSet), null, 0, 20);
            long start = Stopwatch.GetTimestamp();
            (double value, Tensor<double>[] g) = sum.ValueAndGradient(market, normals);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            bytes = GC.GetTotalAllocatedBytes() - bytes;
            rows.Add(
            [
                Text($"{paths:N0}"), Text($"{steps}"), Text($"{threads}"), Text($"{seconds:0.0}"), Text($"{seconds * 1e9 / paths / steps:0.0}"), Text($"{before / 1e6:0}"), Text($"{highest / 1e6:0}"), Text($"{bytes / 1e3:N0}"),
                Text($"{value / paths:0.0000}"), .. g.Select(part => Text($"{part.ToScalar() / paths:0.0000}")),
            ]);
            Console.WriteLine(string.Join(", ", s_columns.Zip(rows[^1], static (column, cell) => $"{column}: {cell}")));
        }

        if (save)
        {
            ResultFile.Here("dotnet run -c Release --project benchmarks/AutoDiff.Benchmarks.Finance -- million --save", s_columns, rows).Save("million-paths");
        }

        static string Text(FormattableString text) => FormattableString.Invariant(text);
    }

    /// <summary>The discounted payoffs of a call on the average: the logarithms of the prices along the paths are a running sum.</summary>
    private static Tensor<double> Payoffs(Tensor<double>[] p, Tensor<double> normals, int steps)
    {
        double h = 1.0 / steps;
        Tensor<double> moves = (normals * (p[1] * Math.Sqrt(h))) + ((p[2] - (0.5 * p[1].Square())) * h);
        Tensor<double> average = p[0] * moves.CumSum(1).Exp().Mean([1]);
        return (average - 100.0).Relu() * (-p[2]).Exp();
    }
}
