using AutoDiff.Optimization;

namespace AutoDiff.Tests.Optimization;

/// <summary>What programs of every kind end with under Ipopt; multipliers, progress, cancellation, exceptions, options, patterns that grow.</summary>
public class IpoptTests
{
    private static readonly Ipopt<double> Method = new();

    [NeedsIpoptFact]
    public void Multipliers_have_the_signs_and_sizes_of_our_own_method()
    {
        var program = new NonlinearProgram<double>(x => (x[0] - 4).Square() + x[1].Square() + (x[2] + 3).Square() + (x[0] * x[2]))
        {
            Lower = Tensor.Create([double.NegativeInfinity, -0.5, double.NegativeInfinity]),
            Constraints = [new(x => x[0] + x[1]) { EqualTo = 1.0 }, new(x => x[2]) { Lower = -1.0 }, new(x => x[0].Square()) { Upper = 4.0 }],
        };
        Tensor<double> start = Tensor.Create([1.0, 1.0, 1.0]);
        NonlinearProgramResult<double> result = Method.Minimize(program, start);
        NonlinearProgramResult<double> own = new InteriorPoint<double>().Minimize(program, start);
        Conditions.Check(program, result, result.ToString());
        for (int k = 0; k < 3; k++)
        {
            result.Multipliers[k].ToScalar().Should().BeApproximately(own.Multipliers[k].ToScalar(), 1e-5);
        }

        result.LowerMultipliers.At(1).Should().BeApproximately(own.LowerMultipliers.At(1), 1e-5).And.BeGreaterThan(0.1);
        result.Point.ToArray().Should().Equal(own.Point.ToArray(), (x, y) => Math.Abs(x - y) < 1e-6);
    }

    [NeedsIpoptFact]
    public void Every_end_is_told_as_it_is()
    {
        Tensor<double> start = Tensor.Create([1.0, 2.0]);
        Method.Minimize(new(x => x.Sum()) { Constraints = [new(x => x[0] - x[1]) { EqualTo = 0.0 }] }, start).Status.Should().Be(NonlinearProgramStatus.Unbounded);
        NonlinearProgramResult<double> none = Method.Minimize(new(Square) { Constraints = [new(Square) { EqualTo = -1.0 }] }, start);
        (none.Status, none.Converged).Should().Be((NonlinearProgramStatus.Infeasible, false));
        none.Message.Should().Contain("element 0 of constraint 0");
        new Ipopt<double> { MaxIterations = 1 }.Minimize(HockSchittkowski.Get(71).Program(), Tensor.Create([1.0, 5, 5, 1])).Status.Should().Be(NonlinearProgramStatus.IterationLimit);
        NonlinearProgramResult<double> notFinite = Method.Minimize(new(x => x.Log().Sum()), Tensor.Create([-1.0, 1.0]));
        notFinite.Status.Should().Be(NonlinearProgramStatus.NotFinite);
        notFinite.Message.Should().Contain("the objective is NaN");
        NonlinearProgramResult<double> dependent = Method.Minimize(
            new(Square) { Constraints = [new(x => Tensor.Stack<double>([x[0], x[1], x[0] + x[1]])) { EqualTo = Tensor.Create([1.0, 2.0, 3.0]) }] }, start);
        dependent.Message.Should().Contain(dependent.Converged ? "A local minimum" : "more equations than variables");
    }

    [NeedsIpoptFact]
    public void As_many_equations_as_variables_are_solved()
    {
        var program = new NonlinearProgram<double>(x => x[0]) { Constraints = [new(x => Tensor.Stack<double>([x[0] + x[1], x[0].Square() - x[1]])) { EqualTo = Tensor.Create([3.0, -1.0]) }] };
        NonlinearProgramResult<double> result = Method.Minimize(program, Tensor.Create([2.0, 1.0]));
        result.Status.Should().Be(NonlinearProgramStatus.Optimal, result.Message);
        result.Point.ToArray().Should().Equal([1, 2], (x, y) => Math.Abs(x - y) < 1e-7);
        Conditions.Check(program, result, "square");
    }

    [NeedsIpoptFact]
    public void No_constraints_no_variables_and_fixed_variables_are_taken()
    {
        Method.Minimize(new(x => (x - 3).Square().Sum()), Tensor.Create([1.0, 2.0])).Point.ToArray().Should().Equal([3, 3], (x, y) => Math.Abs(x - y) < 1e-6);
        (Method.Minimize(new(x => x.Sum() + 1), Tensor.Zeros<double>(0)) is { Status: NonlinearProgramStatus.Optimal, Value: 1 }).Should().BeTrue();
        var program = new NonlinearProgram<double>(x => (x - 3).Square().Sum())
        {
            Lower = Tensor.Create([1.0, -5.0]), Upper = Tensor.Create([1.0, 5.0]), Constraints = [new(x => x.Sum()) { Upper = 2.5 }],
        };
        NonlinearProgramResult<double> result = Method.Minimize(program, Tensor.Create([7.0, 2.0]));
        result.Point.At(0).Should().Be(1);
        Conditions.Check(program, result, "fixed");
        NonlinearProgramResult<double> all = Method.Minimize(new(Square) { Lower = 2.0, Upper = 2.0 }, Tensor.Create([7.0, 2.0]));
        (all.Status, all.Value, all.LowerMultipliers.At(0)).Should().Be((NonlinearProgramStatus.Optimal, 8, 4));
    }

    [NeedsIpoptFact]
    public void A_program_of_float_is_solved_to_its_rounding()
    {
        var program = new NonlinearProgram<float>(x => (x[0] * x[3] * (x[0] + x[1] + x[2])) + x[2])
        {
            Lower = 1f, Upper = 5f, Constraints = [new(x => x.Prod()) { Lower = 25f }, new(x => x.Square().Sum()) { EqualTo = 40f }],
        };
        NonlinearProgramResult<float> result = new Ipopt<float>().Minimize(program, Tensor.Create([1f, 5f, 5f, 1f]));
        result.Converged.Should().BeTrue(result.ToString());
        result.Value.Should().BeApproximately(17.0140173, 1e-3);
    }

    /// <summary>What is thrown in a call from Ipopt comes out as itself, from whichever function, at whichever call; and the next run is as good as the first.</summary>
    [NeedsIpoptFact]
    public void Exceptions_come_out_as_themselves()
    {
        for (int call = 0; call < 40; call++)
        {
            int calls = 0;
            var thrown = new InvalidTimeZoneException();
            Tensor<double> Counted(Tensor<double> x) => calls++ == call ? throw thrown : x;
            HockSchittkowski.Example example = HockSchittkowski.Get(71);
            NonlinearProgram<double> whole = example.Program();
            var program = new NonlinearProgram<double>(x => whole.Objective(Counted(x)))
            {
                Lower = 1.0, Upper = 5.0, Constraints = [.. whole.Constraints.Select(c => new Constraint<double>(x => c.Function(Counted(x))) { EqualTo = c.EqualTo, Lower = c.Lower })],
            };
            Action run = () => Method.Minimize(program, Tensor.Create<double>(example.Start));
            run.Should().Throw<InvalidTimeZoneException>().Which.Should().BeSameAs(thrown);
        }

        Action report = () => Method.Minimize(new(Square), Tensor.Create([1.0, 2.0]), new Log(_ => throw new InvalidTimeZoneException()));
        report.Should().Throw<InvalidTimeZoneException>();
        Method.Minimize(new(Square), Tensor.Create([1.0, 2.0])).Status.Should().Be(NonlinearProgramStatus.Optimal);
    }

    [NeedsIpoptFact]
    public void A_run_reports_its_progress_and_can_be_stopped()
    {
        HockSchittkowski.Example example = HockSchittkowski.Get(104);
        var log = new Log();
        NonlinearProgramResult<double> result = Method.Minimize(example.Program(), Tensor.Create<double>(example.Start), log);
        log.States.Select(state => state.Iteration).Should().Equal(Enumerable.Range(0, result.Iterations + 1));
        log.States[^1].Value.Should().BeApproximately(result.Value, 1e-9);
        log.States[^1].Barrier.Should().BeLessThan(1e-6);

        using var source = new CancellationTokenSource();
        var stop = new Log(state =>
        {
            if (state.Iteration == 3)
            {
                source.Cancel();
            }
        });
        NonlinearProgramResult<double> stopped = Method.Minimize(example.Program(), Tensor.Create<double>(example.Start), stop, source.Token);
        (stopped.Status, stopped.Iterations).Should().Be((NonlinearProgramStatus.Canceled, 3));
        stopped.Value.Should().BeApproximately(log.States[3].Value, 1e-9);
        Method.Minimize(example.Program(), Tensor.Create<double>(example.Start), null, new CancellationToken(true)).Status.Should().Be(NonlinearProgramStatus.Canceled);
    }

    [NeedsIpoptFact]
    public void Runs_repeat_bit_for_bit_on_any_thread()
    {
        HockSchittkowski.Example example = HockSchittkowski.Get(113);
        NonlinearProgramResult<double> first = Method.Minimize(example.Program(), Tensor.Create<double>(example.Start));
        var again = new NonlinearProgramResult<double>[4];
        Parallel.For(0, again.Length, i => again[i] = Method.Minimize(example.Program(), Tensor.Create<double>(example.Start)));
        foreach (NonlinearProgramResult<double> result in again)
        {
            result.Point.ToArray().Should().Equal(first.Point.ToArray());
            result.Multipliers[0].ToArray().Should().Equal(first.Multipliers[0].ToArray());
        }
    }

    /// <summary>Options go through to Ipopt, and a file of options in the current folder changes nothing.</summary>
    [NeedsIpoptFact]
    public void Options_are_those_that_are_given()
    {
        HockSchittkowski.Example example = HockSchittkowski.Get(71);
        NonlinearProgramResult<double> With(params (string Name, IpoptOption Value)[] options) =>
            new Ipopt<double> { Options = options.ToDictionary(option => option.Name, option => option.Value) }.Minimize(example.Program(), Tensor.Create<double>(example.Start));
        With(("max_iter", 2)).Status.Should().Be(NonlinearProgramStatus.IterationLimit);
        With(("mu_strategy", "adaptive"), ("mu_init", 1e-3), ("bound_push", 1), ("max_soc", 2.0)).Status.Should().Be(NonlinearProgramStatus.Optimal);
        NonlinearProgramResult<double> approximate = With(("hessian_approximation", "limited-memory"));
        (approximate.Status, approximate.Iterations).Should().NotBe((NonlinearProgramStatus.Optimal, With().Iterations));
        Action unknown = () => With(("mu_strateg", "adaptive"));
        unknown.Should().Throw<ArgumentException>().WithMessage("Ipopt: the option mu_strateg is not to be set to adaptive*");
        Action wrong = () => With(("tol", -1.5));
        wrong.Should().Throw<ArgumentException>().WithMessage("*tol is not to be set to -1.5*");
        Action none = () => _ = new Ipopt<double> { Options = null! };
        none.Should().Throw<ArgumentNullException>();

        File.WriteAllText("ipopt.opt", "max_iter 1\n");
        try
        {
            With().Status.Should().Be(NonlinearProgramStatus.Optimal);
        }
        finally
        {
            File.Delete("ipopt.opt");
        }
    }

    /// <summary>Places of derivatives that appear on the way, where a function takes another branch, are not lost.</summary>
    [NeedsIpoptFact]
    public void A_pattern_that_grows_on_the_way_is_followed()
    {
        var program = new NonlinearProgram<double>(x => (x[0] + 2).Square() + (x[1] - 1).Square() + (x[0].ToScalar() < 0 ? x[0] * x[1] * 0.5 : x[0] * 0))
        {
            Constraints = [new(x => x[0].ToScalar() < 0.5 ? x[0] - (x[1] * 0.25) : x[0]) { Lower = -1.0 }],
        };
        NonlinearProgramResult<double> result = Method.Minimize(program, Tensor.Create([3.0, 3.0]));
        result.Status.Should().Be(NonlinearProgramStatus.Optimal, result.Message);
        Conditions.Check(program, result, "branches");
        result.Multipliers[0].ToScalar().Should().BeLessThan(-0.1);
    }

    [NeedsIpoptFact]
    public void A_compiled_run_is_the_same_run()
    {
        HockSchittkowski.Example example = HockSchittkowski.Get(113);
        NonlinearProgramResult<double> plain = Method.Minimize(example.Program(), Tensor.Create<double>(example.Start));
        NonlinearProgramResult<double> compiled = new Ipopt<double> { Compiled = true }.Minimize(example.Program(), Tensor.Create<double>(example.Start));
        compiled.Point.ToArray().Should().Equal(plain.Point.ToArray());
        compiled.Iterations.Should().Be(plain.Iterations);
    }

    [NeedsIpoptFact]
    public void A_rocket_rises_as_high_as_it_can()
    {
        (NonlinearProgram<double> program, Tensor<double> start) = SparsePrograms.Rocket(200);
        NonlinearProgramResult<double> result = Method.Minimize(program, start);
        result.Status.Should().Be(NonlinearProgramStatus.Optimal, result.Message);
        result.Value.Should().BeApproximately(-1.01283, 1e-5);
        Conditions.Check(program, result, "rocket");
    }

    [NeedsIpoptFact]
    public void Functions_are_called_between_the_bounds_only()
    {
        var program = new NonlinearProgram<double>(x =>
        {
            x.Min().Detach().ToScalar().Should().BeGreaterThan(0);
            return (x * x.Log()).Sum() - x.Log()[0];
        })
        {
            Lower = 0.0, Constraints = [new(x => x.Sum()) { Upper = 1.0 }],
        };
        Method.Minimize(program, Tensor.Create([-1.0, 2.0])).Status.Should().Be(NonlinearProgramStatus.Optimal);
    }

    [NeedsIpoptFact]
    public void Errors_of_use_say_what_to_do()
    {
        Tensor<double> start = Tensor.Create([1.0, 2.0]);
        Refuse<TensorShapeException>(() => Method.Minimize(new(x => x), start), "Ipopt: *of shape*Sum()*");
        Refuse<ArgumentException>(() => Method.Minimize(new(Square) { Lower = 2.0, Upper = 1.0 }, start), "Ipopt: *2 below and 1 above*");
        Refuse<InvalidOperationException>(() => Method.Minimize(new(_ => null!), start), "Ipopt: the objective gave null*");
        Refuse<ArgumentNullException>(() => Method.Minimize(null!, start), "*");
        Refuse<ArgumentNullException>(() => Method.Minimize(new(Square), null!), "*");
        Refuse<ArgumentOutOfRangeException>(() => new Ipopt<double> { Tolerance = 0 }, "Ipopt: Tolerance is 0*");
        Refuse<ArgumentOutOfRangeException>(() => new Ipopt<double> { MaxIterations = -1 }, "Ipopt: MaxIterations is -1*");
        var unavailable = new Ipopt<double> { Options = new Dictionary<string, IpoptOption> { ["linear_solver"] = "custom" } };
        Refuse<IpoptException>(() => unavailable.Minimize(new(Square) { Constraints = [new(x => x[0]) { Upper = 1.0 }] }, start), "Ipopt: it ended with *linear_solver*");

        static void Refuse<TException>(Func<object> run, string text) where TException : Exception => run.Should().Throw<TException>().WithMessage(text);
    }

    [Fact]
    public void Where_no_library_is_found_the_error_says_how_to_install_one()
    {
        IpoptLibrary.Candidates(_ => "somewhere.so").Should().Equal("somewhere.so");
        IpoptLibrary.Candidates(_ => null).Should().HaveCountGreaterThan(1);
        IpoptLibrary.Search missing = IpoptLibrary.Search.Among(["no-such-library.so"]);
        missing.Name.Should().BeNull();
        missing.Problem.Should().Contain("no-such-library.so").And.Contain("apt-get install coinor-libipopt1v5").And.Contain("AUTODIFF_IPOPT");
        if (!IpoptLibrary.IsInstalled)
        {
            Action run = () => Method.Minimize(new(Square), Tensor.Create([1.0, 2.0]));
            run.Should().Throw<IpoptException>().WithMessage("*apt-get install*");
        }
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
