using TorchSharp;

namespace AutoDiff.Benchmarks.Peers;

/// <summary>Compares and times workloads, and prints the figures as a table in Markdown.</summary>
internal static class Table
{
    /// <exception cref="DifferentResultsException">The libraries computed different results.</exception>
    public static void Print(IEnumerable<Workload> workloads, int[] threadCounts, int rounds)
    {
        Console.WriteLine("| workload | threads | AutoDiff | TorchSharp | ratio | wanted |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach (Workload workload in workloads)
        {
            foreach (int threads in threadCounts)
            {
                Parallelism.MaxThreads = threads;
                torch.set_num_threads(threads);
                workload.Compare();
                (double ours, double theirs) = Clock.Medians(workload.Ours, workload.Theirs, rounds);
                Console.WriteLine($"| {workload.Name} | {threads} | {Figure(ours, workload)} | {Figure(theirs, workload)} | {ours / theirs:0.000} | {Wanted(workload)} |");
            }
        }
    }

    private static string Figure(double seconds, Workload workload) =>
        workload.Operations is { } operations ? $"{operations / seconds / 1e9:0.0} GFLOP/s" : seconds switch
        {
            < 1e-6 => $"{seconds * 1e9:0} ns",
            < 1e-4 => $"{seconds * 1e6:0.0} µs",
            < 1e-3 => $"{seconds * 1e6:0} µs",
            < 1e-2 => $"{seconds * 1e3:0.00} ms",
            _ => $"{seconds * 1e3:0.0} ms",
        };

    private static string Wanted(Workload workload) => workload.Wanted is { } wanted ? $"≤ {wanted:0.##}" : "";
}
