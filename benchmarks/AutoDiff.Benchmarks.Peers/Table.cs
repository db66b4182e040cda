using TorchSharp;

namespace AutoDiff.Benchmarks.Peers;

/// <summary>Compares and times workloads, and prints the figures as a table in Markdown.</summary>
internal static class Table
{
    public static readonly string[] Columns = ["workload", "form", "threads", "AutoDiff", "TorchSharp", "ratio", "spread", "wanted"];

    /// <exception cref="DifferentResultsException">The libraries computed different results.</exception>
    public static List<string[]> Print(IEnumerable<Workload> workloads, int[] threadCounts, int rounds)
    {
        var rows = new List<string[]>();
        Console.WriteLine($"| {string.Join(" | ", Columns)} |");
        Console.WriteLine($"| {string.Join(" | ", Columns.Select(static _ => "---"))} |");
        foreach (Workload workload in workloads)
        {
            foreach (int threads in threadCounts)
            {
                Parallelism.MaxThreads = threads;
                torch.set_num_threads(threads);
                workload.Compare();
                foreach (Form form in workload.Forms)
                {
                    (Timing ours, Timing theirs) = Clock.InTurns(form.Run, workload.Theirs, rounds);
                    rows.Add(
                    [
                        workload.Name, form.Name, $"{threads}", Figure(ours.Median, workload), Figure(theirs.Median, workload), $"{ours.Median / theirs.Median:0.000}",
                        $"{ours.LowerQuartile / theirs.UpperQuartile:0.000} to {ours.UpperQuartile / theirs.LowerQuartile:0.000}", Wanted(form),
                    ]);
                    Console.WriteLine($"| {string.Join(" | ", rows[^1])} |");
                }
            }
        }

        return rows;
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

    private static string Wanted(Form form) => form.Wanted is { } wanted ? $"≤ {wanted:0.###}" : "";
}
