namespace AutoDiff.Tests.Kernels.Decompositions;

/// <summary>What decompositions make on their way to several results goes back to the pool once these are disposed.</summary>
public class GivenBackTests
{
    private const int N = 96, Count = 100;

    public static TheoryData<string> Names => [.. Calls.Keys];

    private static Dictionary<string, Func<Tensor<double>, IDisposable[]>> Calls { get; } = new()
    {
        ["Lu"] = static a => a.Lu() is var (p, l, u) ? [p, l, u] : [],
        ["Qr"] = static a => a.Qr() is var (q, r) ? [q, r] : [],
        ["Svd"] = static a => a.Svd() is var (u, s, vh) ? [u, s, vh] : [],
        ["Eigh"] = static a => a.Eigh() is var (values, vectors) ? [values, vectors] : [],
        ["Cholesky"] = static a => [a.Cholesky(upper: true)],
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void No_matrices_are_allocated_when_all_results_are_disposed(string name)
    {
        double[] identity = [.. Tensor.Identity<double>(N).ToArray().Select(static (x, i) => (2 * x) + (0.001 / (1 + (i % N) + (i / N))))];
        Tensor<double> a = Tensor.Create(identity, N, N);
        Array.ForEach(Calls[name](a), static x => x.Dispose());
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Count; i++)
        {
            Array.ForEach(Calls[name](a), static x => x.Dispose());
        }

        // Other tests may have left arrays in the pool, or taken some.
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(Count / 2 * N * N * sizeof(double));
    }
}
