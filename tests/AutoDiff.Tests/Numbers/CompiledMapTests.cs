using AutoDiff.Tests.Kernels;
using static AutoDiff.Tests.Numbers.ScenarioMapTests;

namespace AutoDiff.Tests.Numbers;

/// <summary>A compiled map that is kept: the bits of Map at every run, whatever was run before.</summary>
[Collection(nameof(ThreadCount))]
public sealed class CompiledMapTests : IDisposable
{
    private const int Block = 1024;

    private readonly int _before = Parallelism.MaxThreads;

    public static TheoryData<string> Names => [.. Functions.Keys];

    public void Dispose() => Parallelism.MaxThreads = _before;

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_run_has_the_bits_of_Map(string name)
    {
        CompiledMap<double> map = Differentiate.CompileMap(Functions[name], Scenarios(5), Tensor.Create([0.1, 0.7]));
        foreach (int threads in (int[])[1, 2, 5])
        {
            Parallelism.MaxThreads = threads;
            foreach (int count in (int[])[0, 1, 7, 32, 33, 500, Block - 1, Block, Block + 1, (5 * Block) + 300, 3])
            {
                foreach (double[] shared in (double[][])[[0.1, 0.7], [-0.2, 1.5]])
                {
                    RunsAsMap(map, Functions[name], Scenarios(count), Tensor.Create(shared), $"{count} scenarios, {threads} threads");
                }
            }
        }
    }

    /// <summary>A call that is knocked out at the first of 12 dates at which it is below the barrier: 13 courses.</summary>
    [Fact]
    public void A_barrier_is_recorded_once_for_each_course()
    {
        int calls = 0;
        Lane<double> Counted(Lane<double>[] z, Lane<double>[] p)
        {
            calls++;
            return DownAndOut(z, p);
        }

        (Tensor<double> z, Tensor<double> shared) = (new RandomKey(3).Normal<double>(3000, 12), Tensor.Create([100.0, 0.3, 90]));
        CompiledMap<double> map = Differentiate.CompileMap(Counted, z[..1], shared);
        RunsAsMap(map, DownAndOut, z, shared, "the first run");
        map.Recordings.Should().BeInRange(13 * 2, (14 * 2) + 2, "each course, with and without derivatives, and before that for a few scenarios");
        int recordings = calls;
        for (int i = 0; i < 3; i++)
        {
            RunsAsMap(map, DownAndOut, new RandomKey(4 + (ulong)i).Normal<double>(3000, 12), Tensor.Create([100.0 - i, 0.3, 91]), "another run");
        }

        calls.Should().BeLessThanOrEqualTo(recordings + 2, "all courses are known, but for one that no scenario may have taken");
        map.Recordings.Should().Be(calls);
    }

    [Fact]
    public void The_values_and_derivatives_are_those_of_the_program_path_by_path()
    {
        (Tensor<double> z, Tensor<double> shared) = (new RandomKey(3).Normal<double>(300, 12), Tensor.Create([100.0, 0.3, 90]));
        ScenarioResult<double> result = Differentiate.CompileMap(DownAndOut, z, shared).Run(z, shared);
        var sum = new double[3];
        using var tape = new ActiveTape<double>();
        for (int i = 0; i < 300; i++)
        {
            tape.Rewind(0);
            Active<double>[] p = tape.Variables(shared.ToArray()), own = tape.Variables(z[i].ToArray());
            Active<double> y = DownAndOut(own, p);
            result.Values.At(i).Should().BeApproximately(y.Value, 1e-10);
            double[] g = tape.Gradient(y, [.. p, .. own]);
            sum = [.. sum.Zip(g, (s, g) => s + g)];
            for (int j = 0; j < 12; j++)
            {
                result.Gradients.At(i, j).Should().BeApproximately(g[3 + j], 1e-9);
            }
        }

        for (int j = 0; j < 3; j++)
        {
            result.SharedGradient.At(j).Should().BeApproximately(sum[j], 1e-8);
        }
    }

    [Fact]
    public void More_courses_than_are_kept_run_by_calling()
    {
        (Tensor<double> z, Tensor<double> shared) = (new RandomKey(3).Normal<double>(2 * Block, 12), Tensor.Create([100.0, 0.3, 90]));
        var options = new CompileOptions { MaxPrograms = 3 };
        CompiledMap<double> map = Differentiate.CompileMap(DownAndOut, z, shared, options);
        for (int i = 0; i < 4; i++)
        {
            RunsAsMap(map, DownAndOut, z, shared, "13 courses, and 3 are kept");
            map.Recordings.Should().BeInRange(8, 10, "courses that every run takes stay");
        }

        map.Explain().ToString().Should().Contain("3 programs kept");
    }

    [Fact]
    public void A_course_that_is_not_taken_any_more_makes_room()
    {
        static Lane<double> Powers(Lane<double>[] x, Lane<double>[] p)
        {
            Lane<double> y = x[0];
            for (int i = 0; i < p[0]; i++)
            {
                y *= p[1] + x[0];
            }

            return y;
        }

        Tensor<double> x = new RandomKey(1).Normal<double>(100);
        CompiledMap<double> map = Differentiate.CompileMap(Powers, x, Tensor.Create([0.0, 1.0]), new CompileOptions { MaxPrograms = 2 });
        for (int i = 0; i < 8; i++)
        {
            int before = map.Recordings;
            RunsAsMap(map, Powers, x, Tensor.Create([i / 2, 1.0]), $"{i / 2} factors");
            (map.Recordings > before).Should().Be(i % 2 == 0 && (i > 0 || before > 0), "the same number of factors is known");
        }
    }

    [Fact]
    public void A_function_that_never_takes_a_course_again_is_called()
    {
        static Lane<double> Reads(Lane<double>[] x, Lane<double>[] p) => x[0] * double.CreateChecked(p[0]);

        Tensor<double> x = new RandomKey(1).Normal<double>(50);
        CompiledMap<double> map = Differentiate.CompileMap(Reads, x, Tensor.Create([0.0]), new CompileOptions { MaxPrograms = 4 });
        for (int i = 1; i <= 60; i++)
        {
            RunsAsMap(map, Reads, x, Tensor.Create([1.0 * i]), "a number that is read");
        }

        map.Explain().ToString().Should().Contain("called as it is").And.Contain("no later run took");
        map.Recordings.Should().Be(2 * 36);
    }

    [Fact]
    public void What_the_function_captures_is_a_constant()
    {
        double rate = 2;
        var options = new CompileOptions { VerifyEvery = 3 };
        (Tensor<double> x, Tensor<double> shared) = (Tensor.Create([1.0, 2.0]), Tensor.Create([3.0]));
        CompiledMap<double> map = Differentiate.CompileMap((x, p) => x[0] * rate + p[0], x, shared, options);
        map.Run(x, shared).Values.ToArray().Should().Equal(5, 7);
        rate = 10;
        map.Run(x, shared).Values.ToArray().Should().Equal(5, 7);
        FluentActions.Invoking(() => map.Run(x, shared)).Should().Throw<CompiledFunctionException>().WithMessage("*element 0 of result 0 is 13, in the program 5*");
        map.Run(Tensor.Create([4.0]), Tensor.Create([-1.0])).Values.ToArray().Should().Equal([7.0], "what is no capture is an input");
        rate = 2;
        for (int i = 0; i < 6; i++)
        {
            map.Run(x, shared).Values.ToArray().Should().Equal(5, 7);
        }
    }

    [Fact]
    public void Results_are_tensors_of_their_own()
    {
        CompiledMap<double> map = Differentiate.CompileMap(Functions["without a branch"], Scenarios(2000), Tensor.Create([0.1, 0.7]));
        ScenarioResult<double> first = map.Run(Scenarios(2000), Tensor.Create([0.1, 0.7]));
        double[][] before = [first.Values.ToArray(), first.Gradients.ToArray(), first.SharedGradient.ToArray()];
        map.Run(Scenarios(2000) * 2.0, Tensor.Create([0.3, 0.2]));
        first.Values.ToArray().Should().Equal(before[0]);
        first.Gradients.ToArray().Should().Equal(before[1]);
        first.SharedGradient.ToArray().Should().Equal(before[2]);
    }

    [Fact]
    public void Vectors_of_floats_and_nothing_shared()
    {
        static Lane<float> F(Lane<float>[] x, Lane<float>[] p) => x[0] > 0.5f ? Lane<float>.Exp(x[0]) : x[0] * x[0];

        CompiledMap<float> map = Differentiate.CompileMap(F, Tensor.Zeros<float>(0), Tensor.Zeros<float>(0));
        map.Recordings.Should().Be(0, "there was no scenario");
        RunsAsMap(map, F, new RandomKey(5).Normal<float>(3000), Tensor.Zeros<float>(0), "floats");
        RunsAsMap(Differentiate.CompileMap<double>((x, p) => p[0] * p[0], Tensor.Zeros(7, 0), Tensor.Create([3.0])), (x, p) => p[0] * p[0], Tensor.Zeros(1500, 0), Tensor.Create([2.0]), "no numbers of their own");
        RunsAsMap(Differentiate.CompileMap<double>((x, p) => 2.5, Tensor.Zeros(7, 0), Tensor.Zeros(0)), (x, p) => 2.5, Tensor.Zeros(1500, 0), Tensor.Zeros(0), "no numbers at all");
    }

    [Fact]
    public void Exceptions_of_the_function_come_out_and_leave_the_map_as_it_was()
    {
        double from = 1e9;
        Lane<double> F(Lane<double>[] x, Lane<double>[] p) => x[3] > 2000.0 ? (from < 2000 ? throw new NotFiniteNumberException("too far") : p[0] * p[0]) : x[0] * p[0];

        CompiledMap<double> map = Differentiate.CompileMap(F, Scenarios(100), Tensor.Create([0.1]));
        from = 0;
        foreach (int threads in (int[])[1, 2])
        {
            Parallelism.MaxThreads = threads;
            RunsAsMap(map, F, Scenarios(2001), Tensor.Create([0.1]), "none is too far");
            FluentActions.Invoking(() => map.Run(Scenarios(2500), Tensor.Create([0.1]))).Should().Throw<NotFiniteNumberException>().WithMessage("too far");
            FluentActions.Invoking(() => map.Values(Scenarios(2500), Tensor.Create([0.1]))).Should().Throw<NotFiniteNumberException>().WithMessage("too far");
        }

        from = 1e9;
        RunsAsMap(map, F, Scenarios(2500), Tensor.Create([0.2]), "it does not throw any more");
        FluentActions.Invoking(() => Differentiate.CompileMap<double>((x, p) => throw new NotFiniteNumberException("at once"), Scenarios(3), Tensor.Create([0.1]))).Should().Throw<NotFiniteNumberException>();
        FluentActions.Invoking(() => Differentiate.CompileMap((x, p) => Tensor.Zeros<double>(3), Scenarios(8), Tensor.Create([0.1]))).Should().Throw<TensorShapeException>().WithMessage("Map: *3 numbers*");
    }

    [Fact]
    public void What_does_not_fit_the_example_is_an_error()
    {
        CompiledMap<double> map = Differentiate.CompileMap((x, p) => x[0] * p[0], Scenarios(3), Tensor.Create([0.1]));
        FluentActions.Invoking(() => map.Run(Tensor.Zeros(3, 2), Tensor.Create([0.1]))).Should().Throw<TensorShapeException>().WithMessage("Run: *2 numbers and 1*4 and 1*");
        FluentActions.Invoking(() => map.Values(Tensor.Zeros(3), Tensor.Create([0.1]))).Should().Throw<TensorShapeException>().WithMessage("Values: *");
        FluentActions.Invoking(() => map.Run(Scenarios(3), Tensor.Create([0.1, 0.2]))).Should().Throw<TensorShapeException>();
        FluentActions.Invoking(() => map.Run(Scenarios(3), Tensor.Scalar(0.1))).Should().Throw<TensorShapeException>();
        FluentActions.Invoking(() => map.Run(null!, Tensor.Create([0.1]))).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => Differentiate.CompileMap((x, p) => x[0], Scenarios(3), Tensor.Create([0.1]), new CompileOptions { MaxPrograms = 0 })).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void A_caller_may_stop_it()
    {
        CompiledMap<double> map = Differentiate.CompileMap((x, p) => x[0] * p[0], Tensor.Ones(3), Tensor.Ones(1));
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        FluentActions.Invoking(() => map.Run(Tensor.Ones(5000), Tensor.Ones(1), stop.Token)).Should().Throw<OperationCanceledException>();
        FluentActions.Invoking(() => map.Values(Tensor.Ones(5000), Tensor.Ones(1), stop.Token)).Should().Throw<OperationCanceledException>();
        map.Run(Tensor.Ones(5000), Tensor.Ones(1)).SharedGradient.At(0).Should().Be(5000);
    }

    [Fact]
    public async Task Two_threads_may_run_it_at_once()
    {
        Parallelism.MaxThreads = 2;
        Tensor<double>[] z = [.. Enumerable.Range(0, 4).Select(i => new RandomKey((ulong)i).Normal<double>(2000 - (300 * i), 12))];
        Tensor<double>[] shared = [.. Enumerable.Range(0, 4).Select(i => Tensor.Create([100.0, 0.3, 88 + i]))];
        ScenarioResult<double>[] expected = [.. z.Zip(shared, (z, p) => Differentiate.Map(DownAndOut, z, p))];
        CompiledMap<double> map = Differentiate.CompileMap(DownAndOut, z[0][..2], shared[0]);
        IEnumerable<Task> threads = Enumerable.Range(0, 4).Select(t => Task.Factory.StartNew(
            () =>
            {
                for (int i = 0; i < 6; i++)
                {
                    int k = (t + i) % 4;
                    HasBitsOf(map.Run(z[k], shared[k]), expected[k], "at once");
                    SameBits(map.Values(z[k], shared[k]), expected[k].Values, "at once");
                }
            }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        await Task.WhenAll(threads);
    }

    [Fact]
    public void A_run_allocates_its_results()
    {
        Parallelism.MaxThreads = 1;
        foreach (int count in (int[])[100, 900])
        {
            (Tensor<double> z, Tensor<double> shared) = (new RandomKey(3).Normal<double>(count, 12), Tensor.Create([100.0, 0.3, 90]));
            CompiledMap<double> map = Differentiate.CompileMap(DownAndOut, z, shared);
            for (int i = 0; i < 5; i++)
            {
                map.Run(z, shared);
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            ScenarioResult<double> result = map.Run(z, shared);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            long numbers = sizeof(double) * (result.Values.Length + System.Numerics.BitOperations.RoundUpToPowerOf2((uint)result.Gradients.Length));
            allocated.Should().BeLessThan(numbers + 1500, "three tensors, and no more than what they are held by");
        }
    }

    /// <summary>What all rests on: the bits of a scenario are the same in whatever company, and in whatever place, it is.</summary>
    [Fact]
    public void Each_scenario_is_computed_by_itself()
    {
        double[] points = [0.3, -0.7, 0.95, 1.7, 2.5, -3.2, 17.25, 40, 0, -0.0, 1, -1, 0.5, -0.5, 2, 1e-300, 1e200, -1e200, 710.2, 1024.2, -1080, double.PositiveInfinity, double.NegativeInfinity, double.NaN];
        Check(points);
        Check(Array.ConvertAll(points, x => (float)x));

        static void Check<T>(T[] points) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            Tensor<T> x = Tensor.Create([.. points.SelectMany(x => points.SelectMany(y => (T[])[x, y]))], points.Length * points.Length, 2);
            Tensor<T> shared = Tensor.Create([T.CreateChecked(1.25)]);
            var functions = new List<(string Name, Func<Lane<T>[], Lane<T>[], Lane<T>> F)>();
            functions.AddRange(NumberFunctions.Unary.Select(name => (name, (Func<Lane<T>[], Lane<T>[], Lane<T>>)((x, p) => NumberFunctions.Apply(name, x[0]) * p[0]))));
            functions.AddRange(NumberFunctions.Binary.Select(name => (name, (Func<Lane<T>[], Lane<T>[], Lane<T>>)((x, p) => NumberFunctions.Apply(name, x[0], x[1] * p[0])))));
            foreach ((string name, Func<Lane<T>[], Lane<T>[], Lane<T>> f) in functions)
            {
                ScenarioResult<T> all = Differentiate.Map(f, x, shared);
                HasBitsOf(Differentiate.CompileMap(f, x[..1], shared).Run(x, shared), all, $"{name} of {typeof(T).Name}, compiled");
                foreach (int first in (int[])[1, 20, 39, 300, 570])
                {
                    foreach (int count in (int[])[1, 3, 6])
                    {
                        ScenarioResult<T> some = Differentiate.Map(f, x[first..(first + count)], shared);
                        SameBits(some.Values, all.Values[first..(first + count)], $"{name} of {typeof(T).Name}, {count} from {first}");
                        SameBits(some.Gradients, all.Gradients[first..(first + count)], $"slopes of {name} of {typeof(T).Name}, {count} from {first}");
                    }
                }
            }
        }
    }

    private static T DownAndOut<T>(T[] z, T[] p) where T : System.Numerics.IFloatingPointIeee754<T>
    {
        T spot = p[0], h = T.CreateChecked(1.0 / 12);
        T drift = T.CreateChecked(-0.5) * p[1] * p[1] * h, deviation = p[1] * T.Sqrt(h);
        foreach (T normal in z)
        {
            spot *= T.Exp(drift + (deviation * normal));
            if (spot < p[2])
            {
                return T.Zero;
            }
        }

        return T.Max(spot - T.CreateChecked(100), T.Zero);
    }

    private static void RunsAsMap<T>(CompiledMap<T> map, Func<Lane<T>[], Lane<T>[], Lane<T>> f, Tensor<T> scenarios, Tensor<T> shared, string because)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        ScenarioResult<T> expected = Differentiate.Map(f, scenarios, shared);
        HasBitsOf(map.Run(scenarios, shared), expected, because);
        SameBits(map.Values(scenarios, shared), expected.Values, because);
    }

    private static void HasBitsOf<T>(ScenarioResult<T> result, ScenarioResult<T> expected, string because) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        SameBits(result.Values, expected.Values, because);
        SameBits(result.Gradients, expected.Gradients, because);
        SameBits(result.SharedGradient, expected.SharedGradient, because);
        result.Groups.Should().Be(expected.Groups, because);
    }
}
