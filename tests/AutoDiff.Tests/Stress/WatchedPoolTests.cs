namespace AutoDiff.Tests.Stress;

/// <summary>The pool notices what it is there for.</summary>
public class WatchedPoolTests
{
    private readonly WatchedPool<double> pool = new(poisoned: true);

    [Fact]
    public void What_is_rented_and_what_came_back_is_poisoned()
    {
        double[] array = pool.Rent(5);
        array.Should().HaveCountGreaterThan(5).And.OnlyContain(x => double.IsNaN(x));
        Array.Clear(array);
        pool.Return(array);
        array.Should().OnlyContain(x => double.IsNaN(x));
        new WatchedPool<float>(poisoned: true).Rent(2).Should().OnlyContain(x => float.IsNaN(x));
    }

    [Fact]
    public void A_second_return_is_refused()
    {
        double[] array = pool.Rent(5);
        pool.Return(array);
        FluentActions.Invoking(() => pool.Return(array)).Should().Throw<PoolException>();
        FluentActions.Invoking(() => pool.Return(new double[5])).Should().Throw<PoolException>();
    }

    [Fact]
    public void A_write_after_the_return_is_noticed()
    {
        double[] array = pool.Rent(5);
        pool.Return(array);
        pool.CheckReturned();
        array[2] = 0;
        FluentActions.Invoking(pool.CheckReturned).Should().Throw<PoolException>();
        FluentActions.Invoking(WatchedPools.CheckReturned).Should().NotThrow("a pool that the library does not use is nobody else's affair");
        FluentActions.Invoking(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                pool.Return(pool.Rent(1));
            }
        }).Should().Throw<PoolException>();
    }

    [Fact]
    public void References_that_are_left_behind_are_noticed()
    {
        var objects = new WatchedPool<object?>(poisoned: true);
        object?[] array = objects.Rent(3);
        array[1] = this;
        FluentActions.Invoking(() => objects.Return(array)).Should().Throw<PoolException>();
    }

    [Fact]
    public void Rented_arrays_are_counted()
    {
        int before = WatchedPools.Outstanding;
        double[] array = pool.Rent(5);
        WatchedPools.Outstanding.Should().Be(before + 1);
        pool.Return(array);
        WatchedPools.Outstanding.Should().Be(before);
    }
}
