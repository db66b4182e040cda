using AutoDiff.Optimization;

namespace AutoDiff.Tests.Optimization;

/// <summary>What programs of every kind end with: infeasible, unbounded, without constraints, fixed, redundant, not finite; multipliers; progress and cancellation; errors of use.</summary>
public class NonlinearProgramTests
{
    private static readonly InteriorPoint<double> Method = new();

    public static TheoryData<string> Infeasible => [.. InfeasiblePrograms.Keys];

    private static Dictionary<string, (NonlinearProgram<double> Program, double[] Start, double Violation)> InfeasiblePrograms => new()
    {
        ["a half plane and a disc"] = (new(Square) { Constraints = [new(x => x.Sum()) { Lower = 1.0 }, new(Square) { Upper = 0.1 }] }, [1, 1], 0.4),
        ["a square that is negative"] = (new(Square) { Constraints = [new(Square) { EqualTo = -1.0 }] }, [1, 1], 1),
        ["parallel lines"] = (new(Square) { Constraints = [new(x => Tensor.Stack<double>([x.Sum(), x.Sum()])) { EqualTo = Tensor.Create([1.0, 2.0]) }] }, [1, 1], 1),
        ["bounds and a line"] = (new(Square) { Upper = 1.0, Constraints = [new(x => x.Sum()) { EqualTo = 5.0 }] }, [1, 1], 3),
        ["fixed variables"] = (new(Square) { Lower = 1.0, Upper = 1.0, Constraints = [new(x => x.Sum()) { EqualTo = 5.0 }] }, [1, 1], 3),
    };

    [Theory]
    [MemberData(nameof(Infeasible))]
    public void What_cannot_be_satisfied_is_infeasible(string name)
    {
        (NonlinearProgram<double> program, double[] start, double violation) = InfeasiblePrograms[name];
        NonlinearProgramResult<double> result = Method.Minimize(program, Tensor.Create<double>(start));
        result.Status.Should().Be(NonlinearProgramStatus.Infeasible);
        result.Converged.Should().BeFalse();
        result.Infeasibility.Should().BeInRange(violation * 0.499, violation * 1.001);
        result.Message.Should().Contain("constraint ").And.Contain("To go on");
    }

    [Fact]
    public void What_falls_without_bound_is_unbounded()
    {
        Method.Minimize(new(x => -Square(x)), Tensor.Create([1.0, 2.0])).Status.Should().Be(NonlinearProgramStatus.Unbounded);
        var line = new NonlinearProgram<double>(x => x.Sum()) { Constraints = [new(x => x[0] - x[1]) { EqualTo = 0.0 }] };
        Method.Minimize(line, Tensor.Create([1.0, 2.0])).Status.Should().Be(NonlinearProgramStatus.Unbounded);
    }

    [Fact]
    public void No_constraints_and_empty_constraints_are_none()
    {
        Tensor<double> F(Tensor<double> x) => (x - 3).Square().Sum();
        Method.Minimize(new(F), Tensor.Create([1.0, 2.0])).Point.ToArray().Should().Equal(3, 3);
        NonlinearProgramResult<double> result = Method.Minimize(new(F) { Constraints = [new(x => x[..0]) { EqualTo = 0.0 }] }, Tensor.Create([1.0, 2.0]));
        result.Status.Should().Be(NonlinearProgramStatus.Optimal);
        result.Multipliers.Single().Length.Should().Be(0);
        NonlinearProgramResult<double> nothing = Method.Minimize(new(x => x.Sum() + 1), Tensor.Zeros<double>(0));
        (nothing.Status, nothing.Value).Should().Be((NonlinearProgramStatus.Optimal, 1));
    }

    [Fact]
    public void Fixed_variables_stay_and_have_multipliers()
    {
        var program = new NonlinearProgram<double>(x => (x - 3).Square().Sum())
        {
            Lower = Tensor.Create([1.0, -5.0]), Upper = Tensor.Create([1.0, 5.0]), Constraints = [new(x => x.Sum()) { Upper = 2.5 }],
        };
        NonlinearProgramResult<double> result = Method.Minimize(program, Tensor.Create([7.0, 2.0]));
        result.Status.Should().Be(NonlinearProgramStatus.Optimal);
        result.Point.At(0).Should().Be(1);
        result.Point.At(1).Should().BeApproximately(1.5, 1e-7);
        result.Multipliers[0].ToScalar().Should().BeApproximately(3, 1e-6);
        result.UpperMultipliers.At(0).Should().BeApproximately(1, 1e-6);
        Conditions.Check(program, result, "fixed");
        NonlinearProgramResult<double> all = Method.Minimize(new(Square) { Lower = 2.0, Upper = 2.0 }, Tensor.Create([7.0, 2.0]));
        (all.Status, all.Value, all.LowerMultipliers.At(0)).Should().Be((NonlinearProgramStatus.Optimal, 8, 4));
    }

    [Fact]
    public void Equations_that_say_the_same_do_no_harm()
    {
        var program = new NonlinearProgram<double>(x => x.Sum()) { Constraints = [new(Square) { EqualTo = 1.0 }, new(Square) { EqualTo = 1.0 }, new(x => 3 * Square(x)) { EqualTo = 3.0 }] };
        NonlinearProgramResult<double> result = Method.Minimize(program, Tensor.Create([3.0, 1.0]));
        result.Status.Should().Be(NonlinearProgramStatus.Optimal);
        result.Value.Should().BeApproximately(-Math.Sqrt(2), 1e-7);
        Conditions.Check(program, result, "redundant");
        NonlinearProgramResult<double> square = Method.Minimize(
            new(Square) { Constraints = [new(x => Tensor.Stack<double>([x[0], x[1], x[0] + x[1]])) { EqualTo = Tensor.Create([1.0, 2.0, 3.0]) }] }, Tensor.Create([0.0, 0.0]));
        square.Status.Should().Be(NonlinearProgramStatus.Optimal);
        square.Value.Should().BeApproximately(5, 1e-7);
    }

    /// <summary>The least value falls by y e where a bound grows by e, so that the difference of two runs tells the sign and the size.</summary>
    [Fact]
    public void Multipliers_are_the_prices_of_the_bounds()
    {
        NonlinearProgram<double> With(double lower, double upper, double target) => new(x => (x[0] - 4).Square() + x[1].Square() + (x[2] + 3).Square() + (x[0] * x[2]))
        {
            Constraints = [new(x => x[0] + x[1]) { EqualTo = target }, new(x => x[2]) { Lower = lower }, new(x => x[0].Square()) { Upper = upper }],
        };
        Tensor<double> start = Tensor.Create([1.0, 1.0, 1.0]);
        NonlinearProgramResult<double> result = Method.Minimize(With(-1, 4, 1), start);
        const double E = 1e-4;
        (Method.Minimize(With(-1, 4, 1 + E), start).Value - result.Value).Should().BeApproximately(-result.Multipliers[0].ToScalar() * E, 1e-6);
        (Method.Minimize(With(-1 + E, 4, 1), start).Value - result.Value).Should().BeApproximately(-result.Multipliers[1].ToScalar() * E, 1e-6);
        (Method.Minimize(With(-1, 4 + E, 1), start).Value - result.Value).Should().BeApproximately(-result.Multipliers[2].ToScalar() * E, 1e-6);
        result.Multipliers[1].ToScalar().Should().BeLessThan(-0.1);
        result.Multipliers[2].ToScalar().Should().BeGreaterThan(0.1);
    }

    [Fact]
    public void A_program_of_float_is_solved_to_its_rounding()
    {
        var program = new NonlinearProgram<float>(x => (x[0] * x[3] * (x[0] + x[1] + x[2])) + x[2])
        {
            Lower = 1f, Upper = 5f, Constraints = [new(x => x.Prod()) { Lower = 25f }, new(x => x.Square().Sum()) { EqualTo = 40f }],
        };
        NonlinearProgramResult<float> result = new InteriorPoint<float>().Minimize(program, Tensor.Create([1f, 5f, 5f, 1f]));
        result.Converged.Should().BeTrue(result.ToString());
        result.Value.Should().BeApproximately(17.0140173, 1e-3);
    }

    [Fact]
    public void Numbers_that_are_not_finite_at_the_start_are_named()
    {
        NonlinearProgramResult<double> result = Method.Minimize(new(x => x.Log().Sum()), Tensor.Create([-1.0, 1.0]));
        result.Status.Should().Be(NonlinearProgramStatus.NotFinite);
        result.Message.Should().Contain("the objective is NaN");
        result = Method.Minimize(new(Square) { Constraints = [new(x => x.Sum()) { Upper = 9.0 }, new(x => x.Sqrt()) { Lower = 1.0 }] }, Tensor.Create([1.0, -1.0]));
        result.Status.Should().Be(NonlinearProgramStatus.NotFinite);
        result.Message.Should().Contain("element 1 of constraint 1 is NaN");
    }

    [Fact]
    public void Steps_stay_where_functions_are_finite()
    {
        NonlinearProgramResult<double> result = Method.Minimize(new(x => (x - x.Log()).Sum()), Tensor.Create([5.0, 0.1]));
        result.Status.Should().Be(NonlinearProgramStatus.Optimal);
        result.Point.ToArray().Should().AllSatisfy(x => x.Should().BeApproximately(1, 1e-6));
        int calls = 0;
        NonlinearProgramResult<double> never = Method.Minimize(new(x => calls++ < 3 ? Square(x) : double.NaN * x.Sum()), Tensor.Create([1.0, 1.0]));
        never.Status.Should().BeOneOf(NonlinearProgramStatus.NotFinite, NonlinearProgramStatus.NoProgress);
    }

    [Fact]
    public void What_the_functions_throw_goes_through()
    {
        int calls = 0;
        Action run = () => Method.Minimize(new(Square) { Constraints = [new(x => ++calls > 4 ? throw new FormatException("mine") : x.Sum()) { Lower = 5.0 }] }, Tensor.Create([1.0, 1.0]));
        run.Should().Throw<FormatException>().WithMessage("mine");
    }

    [Fact]
    public void A_run_can_be_canceled_and_limited_and_tells_its_progress()
    {
        var program = new NonlinearProgram<double>(x => ((100 * (x[1..] - x[..^1].Square()).Square()) + (1 - x[..^1]).Square()).Sum()) { Upper = 0.5 };
        using var source = new CancellationTokenSource();
        var log = new Log(state =>
        {
            if (state.Iteration == 3)
            {
                source.Cancel();
            }
        });
        NonlinearProgramResult<double> result = Method.Minimize(program, Tensor.Create([-1.2, -1.0]), log, source.Token);
        (result.Status, result.Iterations).Should().Be((NonlinearProgramStatus.Canceled, 3));
        log.States.Select(state => state.Iteration).Should().Equal(0, 1, 2, 3);
        log.States[^1].Value.Should().BeApproximately(result.Value, 1e-12);
        Method.Minimize(program, Tensor.Create([-1.2, -1.0]), null, new CancellationToken(true)).Status.Should().Be(NonlinearProgramStatus.Canceled);
        NonlinearProgramResult<double> limited = new InteriorPoint<double> { MaxIterations = 2 }.Minimize(program, Tensor.Create([-1.2, -1.0]));
        (limited.Status, limited.Iterations).Should().Be((NonlinearProgramStatus.IterationLimit, 2));
        Method.Minimize(program, Tensor.Create([-1.2, -1.0])).Status.Should().Be(NonlinearProgramStatus.Optimal);
    }

    [Fact]
    public void The_way_back_to_the_constraints_is_taken_and_found()
    {
        HockSchittkowski.Example example = HockSchittkowski.Get(65);
        var log = new Log();
        NonlinearProgramResult<double> result = Method.Minimize(example.Program(), Tensor.Create<double>(example.Start), log);
        log.States.Should().Contain(state => state.Restoring);
        log.States[^1].Restoring.Should().BeFalse();
        result.Status.Should().Be(NonlinearProgramStatus.Optimal);
        result.Value.Should().BeApproximately(example.Optimum, 1e-6);
    }

    /// <summary>
    /// The example of Wächter and Biegler, "Failure of global convergence for a class of interior point methods for nonlinear programming" (2000): methods without a way back to the constraints stop at a point
    /// that means nothing. From there the nearest point that violates them least is (-1, 0, 0), which solves nothing but is what there is.
    /// </summary>
    [Fact]
    public void Where_steps_fail_the_violation_is_least()
    {
        var program = new NonlinearProgram<double>(x => x[0])
        {
            Lower = Tensor.Create([double.NegativeInfinity, 0, 0]), Constraints = [new(x => x[0].Square() - x[1] - 1) { EqualTo = 0.0 }, new(x => x[0] - x[2] - 0.5) { EqualTo = 0.0 }],
        };
        NonlinearProgramResult<double> result = Method.Minimize(program, Tensor.Create([-2.0, 3.0, 1.0]));
        result.Status.Should().Be(NonlinearProgramStatus.Infeasible);
        result.Point.At(0).Should().BeApproximately(-1, 1e-6);
        result.Infeasibility.Should().BeApproximately(1.5, 1e-6);
        Method.Minimize(program, Tensor.Create([2.0, 3.0, 1.0])).Point.At(0).Should().BeApproximately(1, 1e-6);
    }

    [Fact]
    public void Runs_repeat_bit_for_bit()
    {
        HockSchittkowski.Example example = HockSchittkowski.Get(113);
        NonlinearProgramResult<double> first = Method.Minimize(example.Program(), Tensor.Create<double>(example.Start));
        NonlinearProgramResult<double> second = Method.Minimize(example.Program(), Tensor.Create<double>(example.Start));
        second.Point.ToArray().Should().Equal(first.Point.ToArray());
        second.Multipliers[0].ToArray().Should().Equal(first.Multipliers[0].ToArray());
    }

    /// <summary>Compiled functions give the bits of the plain ones: factor and multipliers change from step to step, and are no constants of the record.</summary>
    [Theory]
    [InlineData(18)]
    [InlineData(27)]
    [InlineData(65)]
    [InlineData(113)]
    public void A_compiled_run_is_the_same_run(int number)
    {
        HockSchittkowski.Example example = HockSchittkowski.Get(number);
        int calls = 0;
        NonlinearProgram<double> whole = example.Program();
        var counted = new NonlinearProgram<double>(x =>
        {
            calls++;
            return whole.Objective(x);
        })
        {
            Lower = whole.Lower, Upper = whole.Upper, Constraints = whole.Constraints,
        };
        NonlinearProgramResult<double> plain = Method.Minimize(counted, Tensor.Create<double>(example.Start));
        int plainCalls = calls;
        calls = 0;
        NonlinearProgramResult<double> compiled = new InteriorPoint<double> { Compiled = true }.Minimize(counted, Tensor.Create<double>(example.Start));
        calls.Should().BeLessThan(plainCalls / 2);
        (compiled.Status, compiled.Iterations, compiled.Evaluations).Should().Be((NonlinearProgramStatus.Optimal, plain.Iterations, plain.Evaluations));
        compiled.Point.ToArray().Should().Equal(plain.Point.ToArray());
        compiled.Multipliers.SelectMany(y => y.ToArray()).Should().Equal(plain.Multipliers.SelectMany(y => y.ToArray()));
    }

    /// <summary>A bound that is there only sometimes: null stands for none, also where it comes as a tensor.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_bound_may_be_null(bool bounded)
    {
        Tensor<double>? bound = bounded ? Tensor.Create([1.0, 2.0]) : null;
        var program = new NonlinearProgram<double>(Square)
        {
            Lower = bound, Upper = bounded ? null : Tensor.Scalar(5.0), Constraints = [new(x => x[0]) { Lower = bound?[0], Upper = 7.0, EqualTo = bounded ? null : bound }],
        };
        NonlinearProgramResult<double> result = Method.Minimize(program, Tensor.Create([3.0, 3.0]));
        result.Value.Should().BeApproximately(bounded ? 5 : 0, 1e-7);
    }

    [Fact]
    public void Points_and_constraints_have_any_shapes()
    {
        var program = new NonlinearProgram<double>(x => (x - 2).Square().Sum()) { Constraints = [new(x => x.Sum([1], keepDims: true)) { Upper = Tensor.Create([1.0, 2.0], 2, 1) }] };
        NonlinearProgramResult<double> result = Method.Minimize(program, Tensor.Zeros<double>(2, 3));
        result.Point.Shape.ToArray().Should().Equal(2, 3);
        result.Multipliers[0].Shape.ToArray().Should().Equal(2, 1);
        result.Point.At(1, 2).Should().BeApproximately(2.0 / 3, 1e-6);
        Conditions.Check(program, result, "shapes");
    }

    [Fact]
    public void Errors_of_use_say_what_to_do()
    {
        Tensor<double> start = Tensor.Create([1.0, 2.0]);
        Refuse<TensorShapeException>(() => Method.Minimize(new(x => x), start), "*of shape*Sum()*");
        Refuse<TensorShapeException>(() => Method.Minimize(new(Square) { Lower = Tensor.Zeros<double>(3) }, start), "*lower bound on x has shape*");
        Refuse<ArgumentException>(() => Method.Minimize(new(Square) { Lower = 2.0, Upper = 1.0 }, start), "*2 below and 1 above*");
        Refuse<ArgumentException>(() => Method.Minimize(new(Square) { Constraints = [new(x => x)] }, start), "*constraint 0 has neither*");
        Refuse<ArgumentException>(() => Method.Minimize(new(Square) { Constraints = [new(x => x) { EqualTo = 1.0, Lower = 0.0 }] }, start), "*constraint 0 has both*");
        Refuse<ArgumentException>(() => Method.Minimize(new(Square) { Constraints = [new(x => x) { Lower = double.NaN }] }, start), "*element 0 of constraint 0*");
        Refuse<InvalidOperationException>(() => Method.Minimize(new(_ => null!), start), "*objective gave null*");
        int calls = 0;
        Refuse<TensorShapeException>(() => Method.Minimize(new(Square) { Constraints = [new(x => calls++ < 2 ? x : x[..1]) { Lower = 0.0 }] }, start), "*constraint 0 gives*");
        Refuse<ArgumentNullException>(() => Method.Minimize(null!, start), "*");
        Refuse<ArgumentNullException>(() => Method.Minimize(new(Square), null!), "*");
        Refuse<ArgumentOutOfRangeException>(() => new InteriorPoint<double> { Tolerance = 0 }, "*Tolerance is 0*");
        Refuse<ArgumentOutOfRangeException>(() => new InteriorPoint<double> { MaxIterations = -1 }, "*MaxIterations is -1*");

        static void Refuse<TException>(Func<object> run, string text) where TException : Exception => run.Should().Throw<TException>().WithMessage(text);
    }

    private static Tensor<double> Square(Tensor<double> x) => x.Square().Sum();

    private sealed class Log(Action<NonlinearProgramProgress>? also = null) : IProgress<NonlinearProgramProgress>
    {
        public List<NonlinearProgramProgress> States { get; } = [];

        public void Report(NonlinearProgramProgress value)
        {
            States.Add(value);
            also?.Invoke(value);
        }
    }
}
