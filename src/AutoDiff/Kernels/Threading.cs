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
    public static void For(int chunks, Action<int> body) => For(chunks, body, static (chunk, body) => body(chunk));

    /// <summary>Likewise, with what the body needs as an argument: a static lambda takes it, so that a kernel that runs again and again allocates nothing.</summary>
    public static void For<TState>(int chunks, TState state, Action<int, TState> body)
    {
        int threads = Math.Min(chunks, s_maxThreads);
        if (threads <= 1)
        {
            for (int chunk = 0; chunk < chunks; chunk++)
                body(chunk, state);
            return;
        }

        Fork<TState> fork = Fork<TState>.Take(chunks, state, body, threads);
        try
        {
            for (int helper = 1; helper < threads; helper++)
                ThreadPool.UnsafeQueueUserWorkItem(fork, preferLocal: false);
            fork.Work();
            fork.Join();
        }
        finally
        {
            fork.Release();
        }
    }

    private static int Default()
    {
        string? setting = Environment.GetEnvironmentVariable("AUTODIFF_THREADS");
        return int.TryParse(setting, NumberStyles.None, CultureInfo.InvariantCulture, out int threads) && threads > 0
            ? threads
            : Environment.ProcessorCount;
    }

    /// <summary>Chunks that several threads take one after another; a helper that comes when all are taken leaves at once. When the last one has left, the object is kept for the next call.</summary>
    private sealed class Fork<TState> : IThreadPoolWorkItem
    {
        private static Fork<TState>? s_idle;

        private TState _state = default!;
        private Action<int, TState>? _body;
        private int _chunks;
        private int _taken;
        private int _done;
        private int _holders;
        private ExceptionDispatchInfo? _failure;

        /// <summary>Chunks for so many threads, each of which lets go of them once.</summary>
        public static Fork<TState> Take(int chunks, TState state, Action<int, TState> body, int threads)
        {
            Fork<TState> fork = Interlocked.Exchange(ref s_idle, null) ?? new Fork<TState>();
            (fork._chunks, fork._state, fork._body, fork._holders) = (chunks, state, body, threads);
            (fork._taken, fork._done, fork._failure) = (0, 0, null);
            return fork;
        }

        void IThreadPoolWorkItem.Execute()
        {
            Work();
            Release();
        }

        public void Release()
        {
            if (Interlocked.Decrement(ref _holders) == 0)
            {
                (_state, _body, _failure) = (default!, null, null);
                Volatile.Write(ref s_idle, this);
            }
        }

        public void Work()
        {
            int chunk;
            while ((chunk = Interlocked.Increment(ref _taken) - 1) < _chunks)
            {
                try
                {
                    if (Volatile.Read(ref _failure) is null)
                        _body!(chunk, _state);
                }
#pragma warning disable CA1031 // Any exception of the body is carried to the calling thread.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
                }

                if (Interlocked.Increment(ref _done) == _chunks)
                {
                    lock (this)
                        Monitor.PulseAll(this);
                }
            }
        }

        public void Join()
        {
            if (Volatile.Read(ref _done) < _chunks)
            {
                lock (this)
                {
                    while (Volatile.Read(ref _done) < _chunks)
                        Monitor.Wait(this);
                }
            }

            // A helper that comes now finds no chunk. It may come late, and would keep alive till then what the call worked on.
            (_state, _body) = (default!, null);
            _failure?.Throw();
        }
    }
}
