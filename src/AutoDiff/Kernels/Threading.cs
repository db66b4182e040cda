using System.Globalization;
using System.Runtime.ExceptionServices;

namespace AutoDiff.Kernels;

/// <summary>The one place that decides how many threads a kernel uses, and the fork and join that runs its chunks on them.</summary>
internal static class Threading
{
    private static int s_maxThreads = Default();

    /// <summary>The largest number of threads, the calling one included, that work on one kernel at a time.</summary>
    /// <remarks>The default is the environment variable AUTODIFF_THREADS where that is a positive integer, else the number of processors.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public static int MaxThreads
    {
        get => s_maxThreads;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            s_maxThreads = value;
        }
    }

    /// <summary>An upper bound on the work that is not shared out between threads. Tests set it, to 2 or more, so that small tensors are shared out too.</summary>
    internal static int LargestGrain = int.MaxValue;

    /// <summary>The number of threads worth starting for so much work: one for every <paramref name="grain"/> of it, at most <see cref="MaxThreads"/>.</summary>
    public static int ThreadsFor(long work, long grain) => (int)Math.Clamp(work / Math.Min(grain, LargestGrain), 1, s_maxThreads);

    /// <summary>Runs <paramref name="body"/> for the chunks 0 … <paramref name="chunks"/> − 1, in any order, on up to <see cref="MaxThreads"/> threads.</summary>
    /// <remarks>
    /// The calling thread takes chunks too, so that the call ends even if the pool never lends a thread, and calls may nest.
    /// After an exception the chunks not yet begun are left out; the first exception is thrown again as it was, once no chunk runs any more.
    /// </remarks>
    public static void For(int chunks, Action<int> body)
    {
        int threads = Math.Min(chunks, s_maxThreads);
        if (threads <= 1)
        {
            for (int chunk = 0; chunk < chunks; chunk++)
                body(chunk);
            return;
        }

        Fork fork = new(chunks, body);
        for (int helper = 1; helper < threads; helper++)
            ThreadPool.UnsafeQueueUserWorkItem(fork, preferLocal: false);
        fork.Execute();
        fork.Join();
    }

    private static int Default()
    {
        string? setting = Environment.GetEnvironmentVariable("AUTODIFF_THREADS");
        return int.TryParse(setting, NumberStyles.None, CultureInfo.InvariantCulture, out int threads) && threads > 0
            ? threads
            : Environment.ProcessorCount;
    }

    /// <summary>Chunks that several threads take one after another; a helper that comes when all are taken leaves at once.</summary>
    private sealed class Fork(int chunks, Action<int> body) : IThreadPoolWorkItem
    {
        private int _taken;
        private int _done;
        private ExceptionDispatchInfo? _failure;

        public void Execute()
        {
            int chunk;
            while ((chunk = Interlocked.Increment(ref _taken) - 1) < chunks)
            {
                try
                {
                    if (Volatile.Read(ref _failure) is null)
                        body(chunk);
                }
#pragma warning disable CA1031 // Any exception of the body is carried to the calling thread.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
                }

                if (Interlocked.Increment(ref _done) == chunks)
                {
                    lock (this)
                        Monitor.PulseAll(this);
                }
            }
        }

        public void Join()
        {
            if (Volatile.Read(ref _done) < chunks)
            {
                lock (this)
                {
                    while (Volatile.Read(ref _done) < chunks)
                        Monitor.Wait(this);
                }
            }

            _failure?.Throw();
        }
    }
}
