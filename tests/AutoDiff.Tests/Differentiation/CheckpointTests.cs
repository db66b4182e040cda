namespace AutoDiff.Tests.Differentiation;

public class CheckpointTests
{
    private static readonly Func<Tensor<double>[], Tensor<double>> Region = xs => (xs[0].Sin() * xs[1]).Exp() - (xs[0] * xs[1].Square());

    private static Tensor<double>[] Point => [Tensor.Create([0.4, -0.3]), Tensor.Create([0.9, 0.2])];

    [Fact]
    public void A_checkpoint_changes_no_derivative_up_to_the_third()
    {
        Func<Tensor<double>, Tensor<double>> plain = x => (Region([x, x * 0.5]) * x.Cos()).Sum();
        Func<Tensor<double>, Tensor<double>> checkpointed = x => (Differentiate.Checkpoint(Region, [x, x * 0.5]) * x.Cos()).Sum();
        Tensor<double> x = Point[0];
        checkpointed(x).ToScalar().Should().Be(plain(x).ToScalar());
        SparseJacobianTests.Near(Differentiate.Gradient(checkpointed, x), Differentiate.Gradient(plain, x));
        SparseJacobianTests.Near(Differentiate.Jvp(checkpointed, x, Point[1]), Differentiate.Jvp(plain, x, Point[1]));
        SparseJacobianTests.Near(Differentiate.Hessian(checkpointed, x), Differentiate.Hessian(plain, x));
        SparseJacobianTests.Near(Differentiate.Jacobian(x => Differentiate.Hessian(checkpointed, x), x), Differentiate.Jacobian(x => Differentiate.Hessian(plain, x), x));
        GradientCheck.Check(xs => Differentiate.Checkpoint(Region, xs), Point, order: 3);
    }

    [Fact]
    public void A_checkpoint_keeps_its_input_and_its_output_only()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Point[0]);
        Differentiate.Checkpoint(x => x.Sin().Exp().Square().Tanh().Cos(), x);
        tape.Count.Should().Be(2);
    }

    [Fact]
    public void What_a_checkpoint_captures_must_be_constant()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Point[0]);
        FluentActions.Invoking(() => Differentiate.Checkpoint(y => x * y, Point[1])).Should().Throw<TapeException>().WithMessage("Checkpoint*");
        FluentActions.Invoking(() => Differentiate.Checkpoint(y => y * (x * 2.0).ToArray()[0], Point[1])).Should().Throw<TapeException>("what is recorded on the way counts, too").WithMessage("Checkpoint*");
        tape.Count.Should().Be(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(50)]
    public void A_scan_is_the_loop_up_to_the_third_derivative(int n)
    {
        Func<Tensor<double>, Tensor<double>[], int, Tensor<double>> step = (s, p, i) => s + ((s * p[0]).Sin() * (0.1 / (i + 1)));
        Func<Tensor<double>, Tensor<double>> plain = x =>
        {
            (Tensor<double> state, Tensor<double> rate) = (x[..2], x[2..]);
            for (int i = 0; i < n; i++)
            {
                state = step(state, [rate], i);
            }

            return state.Square().Sum();
        };
        Func<Tensor<double>, Tensor<double>> scanned = x => Differentiate.Scan(step, x[..2], [x[2..]], n, leaf: 4).Square().Sum();
        Tensor<double> x = Tensor.Create([0.4, -0.3, 1.2, 0.7]);
        scanned(x).ToScalar().Should().Be(plain(x).ToScalar());
        SparseJacobianTests.Near(Differentiate.Gradient(scanned, x), Differentiate.Gradient(plain, x));
        SparseJacobianTests.Near(Differentiate.Hessian(scanned, x), Differentiate.Hessian(plain, x));
        if (n <= 7)
        {
            SparseJacobianTests.Near(Differentiate.Jacobian(x => Differentiate.Hessian(scanned, x), x), Differentiate.Jacobian(x => Differentiate.Hessian(plain, x), x));
        }
    }

    /// <summary>Where the states at the beginnings of all parts fit, each step is computed once for its value and once for the sweep; never is more than one part recorded.</summary>
    [Theory]
    [InlineData(1_000)]
    [InlineData(8_000)]
    public void A_scan_whose_states_fit_computes_each_step_twice(int n)
    {
        const int leaf = 16;
        (int calls, int most, int count) = Sweep(n, leaf, 64L << 20);
        count.Should().Be(1 + ((n + leaf - 1) / leaf), "the variable and the parts");
        most.Should().BeLessThanOrEqualTo(1 + (3 * leaf), "a leaf is recorded as it is");
        calls.Should().Be(2 * n);
    }

    /// <summary>Where the states do not fit, parts are made of parts: fewer states, and each step once more.</summary>
    [Theory]
    [InlineData(1_000)]
    [InlineData(8_000)]
    public void A_scan_in_little_memory_takes_the_loop_once_more_for_each_level_of_parts(int n)
    {
        (int calls, int most, int count) = Sweep(n, 16, 800);
        count.Should().Be(1 + 50, "so many states of 16 bytes fit");
        most.Should().BeLessThanOrEqualTo(1 + (3 * 16));
        calls.Should().Be(3 * n);
    }

    /// <summary>Without a leaf what fits is recorded like the loop itself, and the rest in parts as long as what fitted.</summary>
    [Fact]
    public void A_scan_records_as_many_steps_as_its_memory_holds()
    {
        const int n = 300;
        (int calls, _, int count) = Sweep(n, null, 64L << 20);
        (calls, count).Should().Be((n, 1 + (3 * n)), "all of it fits: a plain loop");

        // Three records of two doubles a step: 100 steps take 4,800 bytes.
        (calls, int most, count) = Sweep(n, null, 4_799);
        calls.Should().Be(n + (n - 100));
        most.Should().BeLessThanOrEqualTo(1 + (3 * 100));
        count.Should().Be(1 + (3 * 100) + 2);
    }

    /// <summary>How often a step was called by value and sweep, the longest tape that it saw, and the records on the tape after the value.</summary>
    private static (int Calls, int Most, int Count) Sweep(int n, int? leaf, long memory)
    {
        int calls = 0;
        int most = 0;
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([0.4, -0.3]));
        Tensor<double> y = Differentiate.Scan((s, _, _) =>
        {
            calls++;
            Tensor<double> next = s + (s.Sin() * 0.001);
            most = Math.Max(most, next.Tape?.Count ?? 0);
            return next;
        }, x, [], n, leaf, memory);
        calls.Should().Be(n);
        int count = tape.Count;
        Tensor<double> gradient = tape.Gradient(y.Sum(), x);
        Tensor<double> plain = Differentiate.Gradient(s =>
        {
            for (int i = 0; i < n; i++)
            {
                s += s.Sin() * 0.001;
            }

            return s.Sum();
        }, Tensor.Create([0.4, -0.3]));
        SparseJacobianTests.Near(gradient, plain);
        return (calls, most, count);
    }

    /// <summary>Also where several inputs have tangents, each step is computed once for each halving, by a forward sweep as by a tangent without a tape.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_forward_sweep_over_a_scan_does_no_more_work_for_more_parameters(bool taped)
    {
        const int n = 1024;
        int calls = 0;
        Tensor<double>[] xs = [Tensor.Scalar(0.4), Tensor.Scalar(1.1), Tensor.Scalar(-0.7), Tensor.Scalar(0.2)];
        Tensor<double>[] vs = [Tensor.Scalar(1.0), Tensor.Scalar(2.0), Tensor.Scalar(-1.0), Tensor.Scalar(0.5)];
        Tensor<double> F(Tensor<double>[] xs, int leaf) => Differentiate.Scan((s, p, _) =>
        {
            calls++;
            return s + (((s * p[0]).Sin() + (p[1] * p[2])) * 0.001);
        }, xs[0], xs[1..], n, leaf);
        Tensor<double> plain = Differentiate.Jvp(xs => F(xs, n), xs, vs);
        calls = 0;

        using var tape = new Tape<double>();
        Tensor<double>[] variables = Array.ConvertAll(xs, tape.Variable);
        Tensor<double> jv = taped ? tape.Jvp([F(variables, 16)], variables, vs)[0] : Differentiate.Jvp(xs => F(xs, 16), xs, vs);

        jv.ToScalar().Should().BeApproximately(plain.ToScalar(), 1e-13);
        calls.Should().BeLessThanOrEqualTo(n * (6 + 2));
    }

    [Fact]
    public void A_scan_checks_its_arguments()
    {
        Func<Tensor<double>, Tensor<double>[], int, Tensor<double>> step = (s, _, _) => s;
        FluentActions.Invoking(() => Differentiate.Scan(step, Point[0], [], -1)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => Differentiate.Scan(step, Point[0], [], 3, leaf: 0)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => Differentiate.Scan(step, Point[0], [], 3, memory: 0)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => Differentiate.Scan(step, null!, [], 3)).Should().Throw<ArgumentNullException>();
    }
}
