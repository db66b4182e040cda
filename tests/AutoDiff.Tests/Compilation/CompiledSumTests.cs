namespace AutoDiff.Tests.Compilation;

public class CompiledSumTests
{
    private static readonly RandomKey Key = new(21);

    private static Tensor<double> Loss(Tensor<double>[] p, Tensor<double>[] rows)
    {
        Tensor<double> z = rows[0].MatMul(p[0]) + p[1];
        return (z.Softplus() - (z * rows[1])).Sum();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(5_000)]
    [InlineData(40_001)]
    public void A_sum_over_rows_agrees_with_the_plain_one_and_has_the_same_bits_for_any_number_of_threads(int n)
    {
        Tensor<double> x = Key.Normal<double>(n, 5);
        Tensor<double> y = Key.Derive(1).Bernoulli(Tensor.Full(0.5, n));
        Tensor<double>[] p = [Key.Derive(2).Normal<double>(5), Tensor.Scalar(0.3)];
        CompiledSum<double> sum = Differentiate.CompileSum<double>(Loss, [Tensor.Zeros<double>(5), Tensor.Scalar(0.0)], [Key.Derive(3).Normal<double>(100, 5), Tensor.Zeros<double>(100)]);
        (Tensor<double> value, Tensor<double>[] gradients) = Differentiate.ValueAndGradient(q => Loss(q, [x, y]), p);
        int threads = Parallelism.MaxThreads;
        (double Value, Tensor<double>[] Gradients)? one = null;
        try
        {
            foreach (int count in (int[])[1, 2, 5])
            {
                Parallelism.MaxThreads = count;
                (double v, Tensor<double>[] g) = sum.ValueAndGradient(p, [x, y]);
                v.Should().BeApproximately(value.ToScalar(), 1e-12 * Math.Abs(value.ToScalar()));
                for (int i = 0; i < p.Length; i++)
                {
                    g[i].Shape.ToArray().Should().Equal(p[i].Shape.ToArray());
                    (g[i] - gradients[i]).Norm().ToScalar().Should().BeLessThan(1e-11 * n);
                    (one is null || one.Value.Gradients[i].ToArray().SequenceEqual(g[i].ToArray())).Should().BeTrue();
                }

                one ??= (v, g);
                v.Should().Be(one.Value.Value);
            }
        }
        finally
        {
            Parallelism.MaxThreads = threads;
        }
    }

    [Fact]
    public void Rows_that_are_read_count_as_memory_of_a_block()
    {
        Tensor<double> x = new RandomKey(5).Normal<double>(64, 500), w = new RandomKey(6).Normal<double>(500);
        CompiledSum<double> sum = Differentiate.CompileSum((p, r) => r[0].MatMul(p[0]).Square().Sum(), [w], [x]);
        sum.BlockLength.Should().BeLessThanOrEqualTo(128, "512 KB hold 131 rows of 500 doubles");
    }

    [Fact]
    public void Drawn_rows_are_the_same_whatever_the_block()
    {
        static Tensor<double> Payoff(Tensor<double>[] p, Tensor<double>[] rows) => ((p[0] * (p[1] * rows[0].Sum(1)).Exp()) - 1.0).Relu().Sum();
        Tensor<double>[] p = [Tensor.Scalar(1.0), Tensor.Scalar(0.1)];
        CompiledSum<double> sum = Differentiate.CompileSum<double>(Payoff, p, [RowSource.Normal<double>(Key, 10, 3)]);
        (double all, _) = sum.ValueAndGradient(p, [RowSource.Normal<double>(Key, 50_000, 3)]);
        (all / 50_000).Should().BeInRange(0.05, 0.12);

        // The wider function has shorter blocks; it sees the same numbers.
        static Tensor<double> Wide(Tensor<double>[] p, Tensor<double>[] rows) => Payoff(p, rows) + (rows[0].ExpandDims(2) * Tensor.Ones<double>(200)).Sin().Cos().MatMul(Tensor.Zeros<double>(200)).Sum();
        CompiledSum<double> wide = Differentiate.CompileSum<double>(Wide, p, [RowSource.Normal<double>(Key, 10, 3)]);
        wide.BlockLength.Should().BeLessThan(sum.BlockLength);
        wide.ValueAndGradient(p, [RowSource.Normal<double>(Key, 50_000, 3)]).Value.Should().BeApproximately(all, 1e-9 * all);
    }

    [Fact]
    public void Normal_rows_have_the_moments_of_the_normal_distribution()
    {
        Tensor<double>[] one = [Tensor.Scalar(1.0)];
        const int n = 100_000;
        double Moment(int k) => Differentiate.CompileSum<double>((p, rows) => (p[0] * rows[0].Pow(k)).Sum(), one, [RowSource.Normal<double>(Key, 8, 5)])
            .ValueAndGradient(one, [RowSource.Normal<double>(Key, n, 5)]).Value / (5 * n);
        Moment(1).Should().BeApproximately(0, 0.01);
        Moment(2).Should().BeApproximately(1, 0.01);
        Moment(4).Should().BeApproximately(3, 0.05);
    }

    [Fact]
    public void The_sum_of_no_rows_is_zero()
    {
        CompiledSum<double> sum = Differentiate.CompileSum<double>(Loss, [Tensor.Zeros<double>(5), Tensor.Scalar(0.0)], [Tensor.Zeros<double>(3, 5), Tensor.Zeros<double>(3)]);
        (double value, Tensor<double>[] gradients) = sum.ValueAndGradient([Tensor.Ones<double>(5), Tensor.Scalar(1.0)], [Tensor.Zeros<double>(0, 5), Tensor.Zeros<double>(0)]);
        value.Should().Be(0);
        gradients[0].ToArray().Should().Equal(new double[5]);
    }

    [Fact]
    public void Drawn_rows_after_given_ones_are_not_written_into_those()
    {
        Tensor<double>[] p = [Tensor.Scalar(2.0)];
        Tensor<double> x = Key.Normal<double>(3000, 4);
        double[] before = x.ToArray();
        CompiledSum<double> sum = Differentiate.CompileSum<double>((p, rows) => (p[0] * rows[0]).Sum(), p, [x]);
        double given = sum.ValueAndGradient(p, [x]).Value;
        double drawn = sum.ValueAndGradient(p, [RowSource.Normal<double>(Key, 3000, 4)]).Value;
        x.ToArray().Should().Equal(before);
        sum.ValueAndGradient(p, [RowSource.Uniform<double>(Key, 3000, 4)]).Value.Should().NotBe(drawn);
        sum.ValueAndGradient(p, [RowSource.Normal<double>(Key, 3000, 4)]).Value.Should().Be(drawn);
        sum.ValueAndGradient(p, [x]).Value.Should().Be(given);
        x.ToArray().Should().Equal(before);
    }

    [Fact]
    public void Threads_share_a_sum_and_an_error_in_a_block_is_that_of_the_function()
    {
        Tensor<double>[] p = [Tensor.Scalar(2.0)];
        Tensor<double> x = Key.Normal<double>(5000, 2);
        int failing = 0;
        var operation = new CustomOperation<double>("may fail", xs => Volatile.Read(ref failing) == 1 ? throw new FormatException("mine") : xs[0] * 1.0, vjp: (g, _, _) => [g]);
        CompiledSum<double> sum = Differentiate.CompileSum<double>((p, rows) => (operation.Apply(p[0] * rows[0]) * rows[0]).Sum(), p, [x]);
        (double value, Tensor<double>[] gradients) = sum.ValueAndGradient(p, [x]);
        Parallel.For(0, 16, i =>
        {
            (double again, Tensor<double>[] others) = sum.ValueAndGradient(p, [x]);
            (again, others[0].ToScalar()).Should().Be((value, gradients[0].ToScalar()));
        });
        failing = 1;
        FluentActions.Invoking(() => sum.ValueAndGradient(p, [x])).Should().Throw<FormatException>();
        failing = 0;
        sum.ValueAndGradient(p, [x]).Value.Should().Be(value);
        x.Dispose();
        FluentActions.Invoking(() => sum.ValueAndGradient(p, [x])).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void A_caller_may_stop_it_between_blocks()
    {
        Tensor<double>[] p = [Tensor.Scalar(2.0)];
        using var stop = new CancellationTokenSource();
        (int calls, int last) = (0, int.MaxValue);
        var operation = new CustomOperation<double>("stops", xs =>
        {
            if (Interlocked.Increment(ref calls) == last)
            {
                stop.Cancel();
            }

            return xs[0] * 1.0;
        }, vjp: (g, _, _) => [g]);
        CompiledSum<double> sum = Differentiate.CompileSum<double>((p, rows) => (operation.Apply(p[0] * rows[0]) * rows[0]).Sum(), p, [Tensor.Ones<double>(3)]);
        const int blocks = 64;
        Tensor<double> x = Tensor.Ones<double>(blocks * sum.BlockLength);
        double value = sum.ValueAndGradient(p, [x], stop.Token).Value;
        (calls, last) = (0, 3);
        FluentActions.Invoking(() => sum.ValueAndGradient(p, [x], stop.Token)).Should().Throw<OperationCanceledException>();
        calls.Should().BeLessThan(blocks);
        sum.ValueAndGradient(p, [x]).Value.Should().Be(value);
    }

    [Fact]
    public void Misuse_is_told()
    {
        Tensor<double>[] p = [Tensor.Zeros<double>(5), Tensor.Scalar(0.0)];
        CompiledSum<double> sum = Differentiate.CompileSum<double>(Loss, p, [Tensor.Zeros<double>(3, 5), Tensor.Zeros<double>(3)]);
        FluentActions.Invoking(() => sum.ValueAndGradient(p, [Tensor.Zeros<double>(3, 5), Tensor.Zeros<double>(4)])).Should().Throw<TensorShapeException>().WithMessage("*3 rows*4*");
        FluentActions.Invoking(() => sum.ValueAndGradient(p, [Tensor.Zeros<double>(3, 6), Tensor.Zeros<double>(3)])).Should().Throw<TensorShapeException>().WithMessage("*[6]*[5]*");
        FluentActions.Invoking(() => sum.ValueAndGradient([p[0]], [Tensor.Zeros<double>(3, 5), Tensor.Zeros<double>(3)])).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => Differentiate.CompileSum<double>(Loss, p, [Tensor.Zeros<double>(0, 5), Tensor.Zeros<double>(0)])).Should().Throw<TensorShapeException>();
        FluentActions.Invoking(() => Differentiate.CompileSum<double>((_, rows) => rows[0], p, [Tensor.Zeros<double>(2, 5)])).Should().Throw<TensorShapeException>();
        FluentActions.Invoking(() => RowSource.Of(Tensor.Scalar(1.0))).Should().Throw<TensorShapeException>();
    }
}
