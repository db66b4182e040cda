using AutoDiff.Optimization;

namespace AutoDiff.Tests.Optimization;

/// <summary>Every minimizer of the package ends on every function, says why, keeps the best point, and heeds the caller who wants it to stop.</summary>
public class EveryMinimizerTests
{
    private static readonly Tensor<double> Start = Tensor.Create([3.0, 2.0, 1.0]);

    private static readonly StoppingCriteria Stopping = new() { MaxIterations = 300 };

    private static readonly Dictionary<string, Func<Minimizer<double>>> OfValues = new()
    {
        ["LBfgs"] = () => new LBfgs<double> { Stopping = Stopping },
        ["LBfgsB"] = () => new LBfgsB<double> { Stopping = Stopping },
        ["LBfgsB, one variable bounded"] = () => new LBfgsB<double> { Stopping = Stopping, Lower = [Tensor.Create([double.NegativeInfinity, double.NegativeInfinity, 0.75])] },
        ["NewtonCG"] = () => new NewtonCG<double> { Stopping = Stopping },
        ["GradientDescent"] = () => new GradientDescent<double>(0.1) { Stopping = Stopping },
        ["Adam"] = () => new Adam<double>(0.1) { Stopping = Stopping },
        ["AdamW"] = () => new AdamW<double>(0.1) { Stopping = Stopping },
        ["RmsProp"] = () => new RmsProp<double>(0.1) { Stopping = Stopping },
    };

    private static readonly Dictionary<string, Func<Minimizer<double>>> OfResiduals = new()
    {
        ["GaussNewton"] = () => new GaussNewton<double> { Stopping = Stopping },
        ["GaussNewton, sparse"] = () => new GaussNewton<double> { Stopping = Stopping, Sparse = true },
        ["LevenbergMarquardt"] = () => new LevenbergMarquardt<double> { Stopping = Stopping },
        ["LevenbergMarquardt, sparse"] = () => new LevenbergMarquardt<double> { Stopping = Stopping, Sparse = true },
    };

    /// <summary>Functions, and the reason to expect: of methods that search for a step, of plain gradient descent, and of methods whose steps have the length of the rate.</summary>
    private static readonly Dictionary<string, (Func<Tensor<double>, Tensor<double>> F, StoppingReason Searching, StoppingReason Descending, StoppingReason Stepping)> Functions = new()
    {
        ["a downward parabola"] = (x => -x.Square().Sum(), StoppingReason.Unbounded, StoppingReason.Unbounded, StoppingReason.IterationLimit),
        ["a plane"] = (x => x.Sum(), StoppingReason.Unbounded, StoppingReason.IterationLimit, StoppingReason.IterationLimit),
        ["a steep plane"] = (x => 1e6 * x.Sum(), StoppingReason.Unbounded, StoppingReason.IterationLimit, StoppingReason.IterationLimit),
        ["a falling exponential"] = (x => -x.Exp().Sum(), StoppingReason.Unbounded, StoppingReason.Unbounded, StoppingReason.Unbounded),
        ["no number at the start"] = (x => (-x).Log().Sum(), StoppingReason.NotFinite, StoppingReason.NotFinite, StoppingReason.NotFinite),
        ["infinite at the start"] = (x => (1 / (x - 3).Square()).Sum(), StoppingReason.NotFinite, StoppingReason.NotFinite, StoppingReason.NotFinite),
        ["no number on the way"] = (x => Tensor.Where(x > 0.5, x.Square(), Tensor.Scalar(double.NaN)).Sum(), StoppingReason.NotFinite, StoppingReason.NotFinite, StoppingReason.NotFinite),
        ["a wall"] = (x => Tensor.Where(x > 0.5, x.Square(), Tensor.Scalar(double.PositiveInfinity)).Sum(), StoppingReason.NoProgress, StoppingReason.NotFinite, StoppingReason.NotFinite),
        ["steps"] = (x => x.Floor().Sum(), StoppingReason.GradientTolerance, StoppingReason.GradientTolerance, StoppingReason.GradientTolerance),
        ["a constant"] = (_ => Tensor.Scalar(2.0), StoppingReason.GradientTolerance, StoppingReason.GradientTolerance, StoppingReason.GradientTolerance),
    };

    private static readonly Dictionary<string, (Func<Tensor<double>, Tensor<double>> F, StoppingReason Reason)> Residuals = new()
    {
        ["no numbers at the start"] = (x => (-x).Log(), StoppingReason.NotFinite),
        ["infinite at the start"] = (x => 1 / (x - 3), StoppingReason.NotFinite),
        ["squares that overflow"] = (x => 1e200 * x, StoppingReason.NotFinite),
        ["no numbers on the way"] = (x => Tensor.Where(x > 0.5, x, Tensor.Scalar(double.NaN)), StoppingReason.NotFinite),
        ["a wall"] = (x => Tensor.Where(x > 0.5, x, Tensor.Scalar(double.PositiveInfinity)), StoppingReason.NoProgress),
        ["zeros"] = (x => 0 * x, StoppingReason.GradientTolerance),
        ["constants"] = (_ => Tensor.Create([1.0, 2.0]), StoppingReason.GradientTolerance),
        ["none"] = (x => x[..0], StoppingReason.GradientTolerance),
        ["steps"] = (x => x.Floor(), StoppingReason.GradientTolerance),
        ["equal columns, and one of zeros"] = (x => Tensor.Stack([x[0] + x[1] - 1, x[0] + x[1] - 2, 0 * x[2] + 0]), StoppingReason.GradientTolerance),
        ["fewer than unknowns"] = (x => (x[..1] * x[1..2]) - 3, StoppingReason.GradientTolerance),
    };

    public static TheoryData<string, string> ValueCases => Pairs(OfValues.Keys, Functions.Keys);

    public static TheoryData<string, string> ResidualCases => Pairs(OfResiduals.Keys, Residuals.Keys);

    public static TheoryData<string> All => [.. OfValues.Keys, .. OfResiduals.Keys];

    [Fact]
    public void The_table_holds_all_minimizers()
    {
        string[] names = [.. typeof(Minimizer<>).Assembly.GetExportedTypes().Where(type => !type.IsAbstract && IsMinimizer(type)).Select(type => type.Name.Split('`')[0]).Order(StringComparer.Ordinal)];
        OfValues.Keys.Concat(OfResiduals.Keys).Select(name => name.Split(',')[0]).Distinct().Order(StringComparer.Ordinal).Should().Equal(names);

        static bool IsMinimizer(Type? type) => type is not null && ((type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Minimizer<>)) || IsMinimizer(type.BaseType));
    }

    [Theory]
    [MemberData(nameof(ValueCases))]
    public void A_run_ends_and_says_why(string method, string function)
    {
        (Func<Tensor<double>, Tensor<double>> f, StoppingReason searching, StoppingReason descending, StoppingReason stepping) = Functions[function];
        OptimizationResult<Tensor<double>> result = OfValues[method]().Minimize(f, Start);
        StoppingReason expected = OfValues[method]() is not GradientOptimizer<double> ? searching : method == "GradientDescent" ? descending : stepping;
        result.Reason.Should().Be(expected, result.ToString());
        Judge(result, f, f(Start).ToScalar());
    }

    [Theory]
    [MemberData(nameof(ResidualCases))]
    public void A_run_on_residuals_ends_and_says_why(string method, string residuals)
    {
        (Func<Tensor<double>, Tensor<double>> f, StoppingReason reason) = Residuals[residuals];
        OptimizationResult<Tensor<double>> result = OfResiduals[method]().Minimize(f, Start);
        (reason == StoppingReason.GradientTolerance ? result.Converged : result.Reason == reason).Should().BeTrue(result.ToString());
        Judge(result, x => 0.5 * f(x).Square().Sum(), 0.5 * f(Start).Square().Sum().ToScalar());
        if (residuals == "equal columns, and one of zeros")
        {
            result.Value.Should().BeApproximately(0.25, 1e-12);
        }
    }

    /// <summary>The request comes in the middle of an evaluation: none is begun after it, but that the first point is finished with its derivative.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void A_run_heeds_cancellation_at_once(string method)
    {
        for (int last = 1; last <= 6; last++)
        {
            using var cancellation = new CancellationTokenSource();
            int calls = 0;
            Tensor<double> F(Tensor<double> x)
            {
                if (++calls == last)
                {
                    cancellation.Cancel();
                }

                Tensor<double> r = 0.1 * Tensor.Concat([x[1..] - x[..^1].Square(), 1 - x[..^1]]);
                return OfResiduals.ContainsKey(method) ? r : r.Square().Sum();
            }

            OptimizationResult<Tensor<double>> result = Make(method).Minimize(F, Start, cancellationToken: cancellation.Token);
            result.Reason.Should().Be(StoppingReason.Canceled, result.ToString());
            calls.Should().BeLessThanOrEqualTo(Math.Max(last, 2));
            result.Value.Should().BeLessThan(1);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void An_exception_of_the_function_goes_through(string method)
    {
        for (int last = 1; last <= 5; last++)
        {
            int calls = 0;
            var thrown = new InvalidTimeZoneException();
            Tensor<double> F(Tensor<double> x) => ++calls < last ? (OfResiduals.ContainsKey(method) ? x - x.Square() : Rosenbrock(x)) : throw thrown;
            FluentActions.Invoking(() => Make(method).Minimize(F, Start)).Should().Throw<InvalidTimeZoneException>().Which.Should().BeSameAs(thrown);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_function_that_gives_null_is_an_error(string method) =>
        FluentActions.Invoking(() => Make(method).Minimize(_ => null!, Start)).Should().Throw<InvalidOperationException>().WithMessage("Minimize: the function gave null.*Expected*To fix it*");

    /// <summary>A rate that is too large throws the point about: the best one counts, not the last.</summary>
    [Fact]
    public void The_best_point_is_kept_where_values_rise()
    {
        double lowest = double.PositiveInfinity;
        var method = new GradientDescent<double>(1.2) { Stopping = new() { MaxIterations = 40 } };
        Tensor<double> F(Tensor<double> x)
        {
            Tensor<double> y = (x.Square() + (0.1 * (20 * x).Cos())).Sum();
            lowest = Math.Min(lowest, y.ToScalar());
            return y;
        }

        OptimizationResult<Tensor<double>> result = method.Minimize(F, Tensor.Create([0.3]));
        (result.Reason, result.Value).Should().Be((StoppingReason.IterationLimit, lowest));
        result.GradientNorm.Should().Be(Differentiate.Gradient(F, result.Point).Abs().Max().ToScalar());
    }

    [Fact]
    public void Thousands_of_variables_in_a_chain_end()
    {
        OptimizationResult<Tensor<double>> result = new LBfgs<double> { Stopping = new() { MaxIterations = 60 } }.Minimize(Rosenbrock, Tensor.Full(-1.2, 10_000));
        (result.Reason, result.Value < 1e5, result.Evaluations < 200).Should().Be((StoppingReason.IterationLimit, true, true), result.Reason.ToString());
    }

    private static Minimizer<double> Make(string method) => OfValues.TryGetValue(method, out Func<Minimizer<double>>? make) ? make() : OfResiduals[method]();

    private static Tensor<double> Rosenbrock(Tensor<double> x) => (100 * (x[1..] - x[..^1].Square()).Square()).Sum() + (1 - x[..^1]).Square().Sum();

    /// <summary>The result is that of its point, which is no worse than the start.</summary>
    private static void Judge(OptimizationResult<Tensor<double>> result, Func<Tensor<double>, Tensor<double>> f, double first)
    {
        f(result.Point).ToScalar().Should().Be(result.Value);
        result.Evaluations.Should().BeLessThan(20_000);
        if (double.IsFinite(first))
        {
            result.Value.Should().BeLessThanOrEqualTo(first);
            double.IsFinite(result.Value).Should().BeTrue();
            double.IsFinite(result.GradientNorm).Should().BeTrue();
        }
        else
        {
            (result.Evaluations, result.Iterations).Should().Be((1, 0));
        }
    }

    private static TheoryData<string, string> Pairs(IEnumerable<string> methods, IEnumerable<string> cases)
    {
        var data = new TheoryData<string, string>();
        foreach (string method in methods)
        {
            foreach (string name in cases)
            {
                data.Add(method, name);
            }
        }

        return data;
    }
}
