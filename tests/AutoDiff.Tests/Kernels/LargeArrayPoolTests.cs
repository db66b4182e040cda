using AutoDiff.Kernels;

namespace AutoDiff.Tests.Kernels;

public class LargeArrayPoolTests
{
    private readonly LargeArrayPool<short> pool = new();

    [Fact]
    public void As_many_arrays_of_one_length_as_are_returned_are_there_again()
    {
        short[][] rented = [.. Enumerable.Range(0, 200).Select(_ => pool.Rent(50_000))];
        new HashSet<object>(rented, ReferenceEqualityComparer.Instance).Count.Should().Be(200);
        Array.ForEach(rented, array => pool.Return(array));
        short[][] again = [.. Enumerable.Range(0, 200).Select(_ => pool.Rent(50_000))];
        new HashSet<object>(rented, ReferenceEqualityComparer.Instance).SetEquals(again).Should().BeTrue();
        ReferenceEquals(again[0], rented[^1]).Should().BeTrue("that used last is the nearest");
    }

    [Fact]
    public void An_eighth_is_wasted_at_most_and_lengths_that_are_rounded_alike_share()
    {
        var random = new Random(3);
        for (int i = 0; i < 300; i++)
        {
            int length = random.Next(32_769, 3_000_000);
            short[] array = pool.Rent(length);
            array.Length.Should().BeInRange(length, length + (length / 8) + 1);
            pool.Return(array);
            ReferenceEquals(pool.Rent(array.Length), array).Should().BeTrue();
            pool.Return(array);
            ReferenceEquals(pool.Rent(length), array).Should().BeTrue();
        }
    }

    [Fact]
    public void Small_arrays_are_those_of_the_shared_pool()
    {
        for (int length = 0; length <= 32_768; length = (2 * length) + 1)
        {
            short[] array = pool.Rent(length);
            array.Length.Should().BeLessThanOrEqualTo(32_768);
            pool.Return(array);
        }
    }

    [Fact]
    public void What_is_given_up_is_not_there_again()
    {
        short[] array = pool.Rent(70_000);
        pool.Return(array);
        pool.GiveUp(Environment.TickCount64 - 60_000).Should().Be(0, "it was asked for a moment ago");
        pool.GiveUp(long.MaxValue).Should().Be(array.Length * sizeof(short));
        ReferenceEquals(pool.Rent(70_000), array).Should().BeFalse();
    }

    [Fact]
    public void Nothing_is_kept_beyond_the_bound()
    {
        long bound = TensorMemory.MaxKeptBytes;
        try
        {
            TensorMemory.MaxKeptBytes = 0;
            short[] array = pool.Rent(90_000);
            pool.Return(array);
            ReferenceEquals(pool.Rent(90_000), array).Should().BeFalse();
            FluentActions.Invoking(() => TensorMemory.MaxKeptBytes = -1).Should().Throw<ArgumentOutOfRangeException>();
        }
        finally
        {
            TensorMemory.MaxKeptBytes = bound;
        }
    }

    [Fact]
    public void Threads_never_get_the_same_array()
    {
        Parallel.For(0, 8, worker =>
        {
            for (int i = 0; i < 500; i++)
            {
                short[] array = pool.Rent(40_000 + (i % 7 * 10_000));
                array[0] = array[^1] = (short)worker;
                Thread.Yield();
                (array[0], array[^1]).Should().Be(((short)worker, (short)worker));
                pool.Return(array);
            }
        });
    }
}
