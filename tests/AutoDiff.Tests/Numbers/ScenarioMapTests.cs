using System.Runtime.InteropServices;
using AutoDiff.Tests.Kernels;

namespace AutoDiff.Tests.Numbers;

/// <summary>Map compiled and on several threads: the bits of the plain run, whatever the scenarios do.</summary>
[Collection(nameof(ThreadCount))]
public sealed class ScenarioMapTests : IDisposable
{
    private const int Block = 1024;

    private static readonly ScenarioOptions[] Options =
        [new(), new() { Compiled = true }, new() { Concurrent = true }, new() { Compiled = true, Concurrent = true }];

    private static readonly CustomOperation<double> BranchInRule = new("twice", static xs => xs[0] * 2.0, static (g, xs, _) => [new Lane<double>(xs[0]) > 0.0 ? g * 2.0 : g * 3.0]);

    internal static readonly Dictionary<string, Func<Lane<double>[], Lane<double>[], Lane<double>>> Functions = new()
    {
        ["without a branch"] = (x, p) => Lane<double>.Exp(x[1] * p[1]) / (p[0] + (x[2] * x[2])) + Lane<double>.Max(x[0], p[0]),
        ["a branch on what is shared"] = (x, p) => p[0] > 0.0 ? x[0] * x[1] * p[1] : x[2],
        ["a branch on which all agree"] = (x, p) => x[0] > -100.0 ? Lane<double>.Sin(x[0] * p[0]) : x[2],
        ["a branch on which all blocks part"] = (x, p) => x[0] > p[0] ? Lane<double>.Exp(x[1] * p[1]) : x[2] / (p[1] + (x[1] * x[1])),
        ["blocks of several courses"] = (x, p) => x[3] > 2500.0 ? Lane<double>.Exp(x[1] * p[1]) : x[3] > 1024.0 ? x[2] * p[0] : x[0] - p[1],
        ["the first block parts"] = (x, p) => x[3] < 7.0 ? p[0] * x[0] : Lane<double>.Sqrt(x[3]) * p[1],
        ["a number is read"] = (x, p) => x[0] * int.CreateChecked(Lane<double>.Round((0.0 * x[0]) + p[0] + 3.0)),
        ["the sign of a zero is read"] = (x, p) => x[0] * (double.IsNegative(double.CreateTruncating(0.0 * x[0])) ? p[0] : p[1]),
        ["a loop of several lengths"] = Halve,
        ["a constant"] = (x, p) => 7.0,
        ["only what is shared"] = (x, p) => p[0] * p[1],
        ["a slope of -0 by what is shared"] = (x, p) => p[0] * -0.0,
        ["negative zeros"] = (x, p) => p[0] * (x[0] * -0.0),
        ["NaN and infinities"] = (x, p) => Lane<double>.Log(x[0]) / (x[1] - x[1]) * p[0],
        ["a tape of its own"] = OwnTape,
        ["a branch in a checkpoint"] = (x, p) => new Lane<double>(Differentiate.Checkpoint(static t => new Lane<double>(t) > 0.1 ? t * t : t.Exp(), x[0].Tensor)) * p[0],
        ["a branch in a rule"] = (x, p) => new Lane<double>(BranchInRule.Apply(x[0].Tensor)) * p[0],
    };

    private readonly int _before = Parallelism.MaxThreads;

    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (string name in Functions.Keys)
            {
                foreach (int count in (int[])[0, 1, Block, 2 * Block, (5 * Block) + 300])
                {
                    cases.Add(name, count);
                }
            }

            return cases;
        }
    }

    public static TheoryData<string> Programs => [.. GenericPrograms.All.Select(program => program.Name)];

    public void Dispose() => Parallelism.MaxThreads = _before;

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_bits_are_those_of_the_plain_run(string name, int count) => HasOneResult(Functions[name], Scenarios(count), Tensor.Create([0.1, 0.7]));

    /// <summary>Programs from outside, whose scenarios lie so close that some blocks agree.</summary>
    [Theory]
    [MemberData(nameof(Programs))]
    public void Generic_programs_have_the_bits_of_the_plain_run(string name)
    {
        double[] at = GenericPrograms.All.Single(program => program.Name == name).At;
        int own = at.Length - 1, count = (3 * Block) + 5;
        double[] scenarios = [.. new RandomKey(1).Normal<double>(count, own).ToArray().Select((z, i) => at[i % own] * (1 + (i < 2 * Block * own ? 1e-9 : 0.05) * z))];
        HasOneResult((x, p) => GenericPrograms.Run(name, [.. x, .. p]), Tensor.Create(scenarios, count, own), Tensor.Create([at[^1]]));
    }

    [Fact]
    public void Nothing_shared_and_vectors_of_floats()
    {
        HasOneResult((x, p) => x[0] * x[1], Scenarios(3 * Block), Tensor.Zeros(0));
        Tensor<float> z = new RandomKey(5).Normal<float>(4 * Block);
        HasOneResult((x, p) => Lane<float>.Exp(x[0]) * p[0], z, Tensor.Create([1.5f]));
    }

    [Fact]
    public void A_compiled_function_is_called_for_a_record_and_for_blocks_that_take_another_course()
    {
        CallsOf("without a branch", 10 * Block).Should().Be((10, 2), "a record of a few shows how many may run at a time");
        CallsOf("without a branch", (10 * Block) + 1).Should().Be((11, 2));
        CallsOf("without a branch", 32).Should().Be((1, 1));
        CallsOf("a branch on which all blocks part", 10 * Block).Should().Be((20, 3), "two courses");
        CallsOf("blocks of several courses", 5 * Block).Should().Be((7, 4), "three courses");
        CallsOf("a tape of its own", 3 * Block).Should().Be((3, 4), "the record is tried once");

        (int Plain, int Compiled) CallsOf(string name, int count)
        {
            int calls = 0;
            Lane<double> Counted(Lane<double>[] x, Lane<double>[] p)
            {
                Interlocked.Increment(ref calls);
                return Functions[name](x, p);
            }

            _ = Differentiate.Map(Counted, Scenarios(count), Tensor.Create([0.1, 0.7]));
            int plain = calls;
            calls = 0;
            _ = Differentiate.Map(Counted, Scenarios(count), Tensor.Create([0.1, 0.7]), new ScenarioOptions { Compiled = true });
            return (plain, calls);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_function_is_called_on_the_calling_thread_unless_it_may_be_called_on_others(bool compiled)
    {
        Parallelism.MaxThreads = 5;
        int caller = Environment.CurrentManagedThreadId;
        foreach (string name in Functions.Keys)
        {
            _ = Differentiate.Map(
                (x, p) =>
                {
                    Environment.CurrentManagedThreadId.Should().Be(caller);
                    return Functions[name](x, p);
                }, Scenarios(6 * Block), Tensor.Create([0.1, 0.7]), new ScenarioOptions { Compiled = compiled });
        }
    }

    [Fact]
    public void A_concurrent_function_is_called_by_several_threads_at_once()
    {
        Parallelism.MaxThreads = 2;
        using var both = new CountdownEvent(2);
        _ = Differentiate.Map(
            (x, p) =>
            {
                if (!both.IsSet)
                {
                    both.Signal();
                    both.Wait(TimeSpan.FromMinutes(1)).Should().BeTrue("another thread calls it too");
                }

                return x[0] * p[0];
            }, Scenarios(2 * Block), Tensor.Create([0.1]), new ScenarioOptions { Concurrent = true });
    }

    [Fact]
    public void Exceptions_of_the_function_come_out_as_they_are()
    {
        foreach (int threads in (int[])[1, 2, 5])
        {
            Parallelism.MaxThreads = threads;
            foreach (ScenarioOptions options in Options)
            {
                foreach (double from in (double[])[-1, 100, 4000, 5500])
                {
                    FluentActions.Invoking(() => Differentiate.Map((x, p) => x[3] > from ? throw new NotFiniteNumberException("too far") : x[0] * p[0], Scenarios(6000), Tensor.Create([0.1]), options))
                        .Should().Throw<NotFiniteNumberException>().WithMessage("too far");
                }

                FluentActions.Invoking(() => Differentiate.Map((x, p) => Tensor.Zeros<double>(3), Scenarios(6000), Tensor.Create([0.1]), options)).Should().Throw<TensorShapeException>().WithMessage("Map: *3 numbers*");
                using var tape = new Tape<double>();
                Tensor<double> outside = tape.Variable(Tensor.Scalar(2.0));
                FluentActions.Invoking(() => Differentiate.Map((x, p) => x[0] * outside, Scenarios(6000), Tensor.Create([0.1]), options)).Should().Throw<TapeException>();
            }
        }

        HasOneResult(Functions["without a branch"], Scenarios(6000), Tensor.Create([0.1, 0.7]));
    }

    [Fact]
    public void A_caller_may_stop_it_between_blocks()
    {
        const int blocks = 20;
        using var stop = new CancellationTokenSource();
        int calls = 0;
        Lane<double> Stops(Lane<double>[] x, Lane<double>[] p)
        {
            if (Interlocked.Increment(ref calls) == 3)
            {
                stop.Cancel();
            }

            return x[0] * p[0];
        }

        FluentActions.Invoking(() => Differentiate.Map<double>(Stops, Tensor.Ones(blocks * 1024), Tensor.Ones(1), cancellationToken: stop.Token)).Should().Throw<OperationCanceledException>();
        calls.Should().Be(3);
        foreach (ScenarioOptions options in Options)
        {
            FluentActions.Invoking(() => Differentiate.Map<double>((x, p) => x[0] * p[0], Tensor.Ones(blocks * 1024), Tensor.Ones(1), options, stop.Token)).Should().Throw<OperationCanceledException>();
        }
    }

    [Fact]
    public void A_million_scenarios_run_in_the_memory_of_a_block_for_each_thread()
    {
        const int count = 1_000_000, steps = 100;
        Parallelism.MaxThreads = 2;
        Tensor<double> x = Tensor.LinearSpace(0.0, 1.0, count);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        ScenarioResult<double> result = Differentiate.Map(
            (x, p) =>
            {
                Lane<double> y = x[0];
                for (int i = 0; i < steps; i++)
                {
                    y += y * y * p[0];
                }

                return y;
            }, x, Tensor.Create([-0.01]), new ScenarioOptions { Compiled = true });
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        result.Groups.Should().Be(977);
        result.Values.At(count - 1).Should().BeInRange(0, 1);
        allocated.Should().BeLessThan((2L * count * sizeof(double)) + (64 << 20), $"the results take 16 MB, and all the numbers of {steps} steps would take a gigabyte and more");
    }

    internal static Tensor<double> Scenarios(int count)
    {
        Tensor<double> normals = new RandomKey(2).Normal<double>(Math.Max(count, 1), 3)[..count];
        return Tensor.Concat([normals, Tensor.Create([.. Enumerable.Range(0, count).Select(i => (double)i)], count, 1)], 1);
    }

    /// <summary>A loop whose length depends on the scenario; in the first blocks all take the same.</summary>
    private static Lane<double> Halve(Lane<double>[] x, Lane<double>[] p)
    {
        Lane<double> y = (x[3] > 4000.0 ? x[3] : 1024.0 + (x[0] / 100.0)) * p[1];
        while (y > 9.0)
        {
            y *= 0.5;
        }

        return y * p[0];
    }

    /// <summary>What another tape computes of the inputs cannot be recorded, so that the function is called as it is.</summary>
    private static Lane<double> OwnTape(Lane<double>[] x, Lane<double>[] p)
    {
        using var tape = new Tape<double>();
        Tensor<double> q = tape.Variable(p[0].Tensor.Detach());
        return x[0] * p[0] * tape.Gradient((q * q).Sum(), q);
    }

    private static void HasOneResult<T>(Func<Lane<T>[], Lane<T>[], Lane<T>> f, Tensor<T> scenarios, Tensor<T> shared) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        Parallelism.MaxThreads = 1;
        ScenarioResult<T> plain = Differentiate.Map(f, scenarios, shared);
        foreach (int threads in (int[])[1, 2, 5])
        {
            Parallelism.MaxThreads = threads;
            foreach (ScenarioOptions options in Options)
            {
                ScenarioResult<T> result = Differentiate.Map(f, scenarios, shared, options);
                string because = $"compiled {options.Compiled}, concurrent {options.Concurrent}, {threads} threads";
                SameBits(result.Values, plain.Values, because);
                SameBits(result.Gradients, plain.Gradients, because);
                SameBits(result.SharedGradient, plain.SharedGradient, because);
                result.Groups.Should().Be(plain.Groups, because);
            }
        }
    }

    internal static void SameBits<T>(Tensor<T> actual, Tensor<T> expected, string because) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        actual.Shape.ToArray().Should().Equal(expected.Shape.ToArray());
        MemoryMarshal.AsBytes(actual.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(expected.AsSpan())).Should().BeTrue(because);
    }
}
