using System.Runtime.CompilerServices;
using AutoDiff.Kernels;

namespace AutoDiff.Tests.Kernels;

[Collection(nameof(ThreadCount))]
public sealed class ThreadingTests : IDisposable
{
    private readonly int _before = Threading.MaxThreads;

    public void Dispose() => Threading.MaxThreads = _before;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Every_chunk_runs_once(int threads)
    {
        Threading.MaxThreads = threads;
        for (int chunks = 0; chunks < 50; chunks++)
        {
            int[] runs = new int[chunks];
            Threading.For(chunks, chunk => Interlocked.Increment(ref runs[chunk]));
            runs.Should().Equal(Enumerable.Repeat(1, chunks));
        }
    }

    [Fact]
    public void Two_chunks_run_at_the_same_time()
    {
        Threading.MaxThreads = 2;
        using Barrier barrier = new(2);
        bool[] met = new bool[2];
        Threading.For(2, chunk => met[chunk] = barrier.SignalAndWait(TimeSpan.FromSeconds(20)));
        met.Should().Equal(true, true);
    }

    [Fact]
    public void Calls_may_nest()
    {
        Threading.MaxThreads = 3;
        int runs = 0;
        Threading.For(8, _ => Threading.For(8, _ => Threading.For(8, _ => Interlocked.Increment(ref runs))));
        runs.Should().Be(512);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void An_exception_arrives_as_it_was_and_later_calls_work(int threads)
    {
        Threading.MaxThreads = threads;
        FluentActions.Invoking(() => Threading.For(20, chunk =>
        {
            if (chunk == 11)
                throw new InvalidTimeZoneException("eleven");
        })).Should().Throw<InvalidTimeZoneException>().WithMessage("eleven");
        int runs = 0;
        Threading.For(20, _ => Interlocked.Increment(ref runs));
        runs.Should().Be(20);
    }

    [Fact]
    public void What_a_call_worked_on_is_let_go_of_although_helpers_come_late()
    {
        Threading.MaxThreads = 5;
        TaskCompletionSource gate = new();
        for (int i = 0; i < 2 * (ThreadPool.ThreadCount + 32); i++)
            ThreadPool.QueueUserWorkItem(_ => gate.Task.Wait());
        try
        {
            WeakReference used = Work();
            GC.Collect();
            used.IsAlive.Should().BeFalse();
        }
        finally
        {
            gate.SetResult();
            SpinWait.SpinUntil(static () => ThreadPool.PendingWorkItemCount == 0);
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Work()
        {
            int[] runs = new int[50];
            Threading.For(50, runs, static (chunk, runs) => Interlocked.Increment(ref runs[chunk]));
            runs.Should().OnlyContain(static count => count == 1);
            return new WeakReference(runs);
        }
    }

    [Fact]
    public void Small_work_has_one_thread_and_large_work_no_more_than_the_maximum()
    {
        Threading.MaxThreads = 4;
        Threading.ThreadsFor(0, 2).Should().Be(1);
        Threading.ThreadsFor(3, 2).Should().Be(1);
        Threading.ThreadsFor(4, 2).Should().Be(2);
        Threading.ThreadsFor(long.MaxValue, 2).Should().Be(4);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void The_maximum_is_at_least_one(int threads) =>
        FluentActions.Invoking(() => Threading.MaxThreads = threads).Should().Throw<ArgumentOutOfRangeException>();
}
