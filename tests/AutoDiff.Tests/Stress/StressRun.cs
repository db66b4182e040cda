using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using AutoDiff.Kernels;

namespace AutoDiff.Tests.Stress;

/// <summary>
/// How this process of tests treats the library, set before the first test. The environment variable AUTODIFF_STRESS lists what is to be harder than in daily use: "pool" (every buffer is pooled,
/// and poisoned when it comes back), "threads" (the smallest tensors are shared out between threads), "culture" (numbers have decimal commas, as in German).
/// </summary>
/// <remarks>A stress is set for a whole run, never for one test: tests run side by side, and the settings belong to the process.</remarks>
internal static class StressRun
{
    /// <summary>Whether every buffer is pooled, and poisoned when it comes back.</summary>
    public static bool Pool { get; } = Has("pool");

    /// <summary>Whether the smallest tensors are shared out between threads.</summary>
    public static bool Threads { get; } = Has("threads");

    /// <summary>The numbers of threads that give the same bits.</summary>
    public static IReadOnlyList<int> ThreadCounts { get; } = [1, 2, 5];

    /// <summary>The work that is not shared out in a run with threads: so little that nothing is left of the vectors in which one thread takes the elements.</summary>
    private const int Grain = 3;

#pragma warning disable CA2255 // The settings must stand before the first tensor of the process.
    [ModuleInitializer]
    internal static void Begin()
    {
        Pools.Substitute = new Substitute();
        if (Pool)
        {
            Pools.Threshold = 1;
        }

        if (Threads)
        {
            Threading.LargestGrain = Grain;
            Threading.MaxThreads = ThreadCounts[^1];
        }

        if (Has("culture"))
        {
            var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NumberGroupSeparator) = (",", ".");
            CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = culture;
        }
    }
#pragma warning restore CA2255

    private static bool Has(string stress) => Environment.GetEnvironmentVariable("AUTODIFF_STRESS")?.Split(',').Contains(stress) ?? false;

    private sealed class Substitute : Pools.ISubstitute
    {
        public ArrayPool<T> Of<T>()
        {
            var pool = new WatchedPool<T>(Pool);
            WatchedPools.Register(pool.CheckReturned, pool.LivingBytes);
            return pool;
        }
    }
}
