using AutoDiff.Optimization;

namespace AutoDiff.Tests.Optimization;

/// <summary>What all minimizers share: shapes, names, progress, cancellation, reasons, determinism, float; and bounds.</summary>
public class MinimizerTests
{
    private static readonly Tensor<double> Start = Tensor.Create([-1.2, 1.0]);

    public static TheoryData<string> Methods => ["LBfgs", "LBfgsB", "NewtonCG", "Adam", "GradientDescent"];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Several_shapes_are_minimized_together_and_keep_names(string method)
    {
        Tensor<double> goal = Tensor.Create([1.0, 2, 3, 4, 5, 6], 2, 3);
        var start = new Parameters<double>(("matrix", Tensor.Zeros<double>(2, 3)), ("scalar", Tensor.Scalar(3.0)), ("empty", Tensor.Zeros<double>(0)));
        OptimizationResult<Parameters<double>> result = Make<double>(method).Minimize(p => (p["matrix"] - goal).Square().Sum() + (p["scalar"] - 2).Square(), start);
        (result.Point["matrix"] - goal).Norm().ToScalar().Should().BeLessThan(1e-6);
        result.Point["scalar"].ToScalar().Should().BeApproximately(2, 1e-6);
        result.Point["scalar"].Rank.Should().Be(0);
        result.Point.Keys.Should().Equal("matrix", "scalar", "empty");
        result.Converged.Should().BeTrue(result.ToString());
        result.GradientNorm.Should().BeLessThan(1e-6);
    }

    [Fact]
    public void LevenbergMarquardt_trusts_what_it_predicts_rightly()
    {
        // The value of a linear problem falls as predicted, so that the radius doubles with each step: 1, 3, 7, 15, 31, 63, and then the rest.
        var points = new List<double>();
        new LevenbergMarquardt<double> { InitialRadius = 1 }.Minimize(p =>
        {
            points.Add(p.Detach().At(0));
            return p - 100.0;
        }, Tensor.Create([0.0]));
        points.Distinct().Should().Equal([0, 1, 3, 7, 15, 31, 63, 100], static (a, b) => Math.Abs(a - b) < 0.2 * (1 + b));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Runs_are_bitwise_the_same_and_report_every_iteration(string method)
    {
        Minimizer<double> minimizer = Make<double>(method);
        var reports = new Reports();
        OptimizationResult<Tensor<double>> first = minimizer.Minimize(Rosenbrock, Start, reports);
        OptimizationResult<Tensor<double>> second = minimizer.Minimize(Rosenbrock, Start);
        first.Point.ToArray().Should().Equal(second.Point.ToArray());
        (first.Iterations, first.Evaluations, first.Reason).Should().Be((second.Iterations, second.Evaluations, second.Reason));
        reports.Seen.Select(report => report.Iteration).Should().Equal(Enumerable.Range(0, first.Iterations + 1));
        reports.Seen[^1].Should().Be(new OptimizationProgress { Iteration = first.Iterations, Evaluations = first.Evaluations, Value = first.Value, GradientNorm = first.GradientNorm });
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Single_precision_gets_as_far_as_its_rounding(string method)
    {
        OptimizationResult<Tensor<float>> result = Make<float>(method).Minimize(x => (x - 3f).Square().Sum() + (x[0] * x[1]).Square(), Tensor.Create([0.5f, -2f]));
        Tensor<double> exact = new LBfgs<double>().Minimize(x => (x - 3).Square().Sum() + (x[0] * x[1]).Square(), result.Point.ConvertTo<double>()).Point;
        (result.Point.ConvertTo<double>() - exact).Norm().ToScalar().Should().BeLessThan(2e-3);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_run_can_be_canceled(string method)
    {
        using var cancellation = new CancellationTokenSource();
        var stop = new Reports { Then = report => { if (report.Iteration == 2) { cancellation.Cancel(); } } };
        OptimizationResult<Tensor<double>> result = Make<double>(method).Minimize(Rosenbrock, Start, stop, cancellation.Token);
        (result.Reason, result.Iterations, result.Converged).Should().Be((StoppingReason.Canceled, 2, false));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Values_that_are_not_finite_end_a_run(string method) =>
        Make<double>(method).Minimize(x => x.Log().Sum(), -Start.Square()).Reason.Should().Be(StoppingReason.NotFinite);

    [Fact]
    public void The_limit_of_iterations_is_kept()
    {
        OptimizationResult<Tensor<double>> result = new LBfgs<double> { Stopping = new() { MaxIterations = 3 } }.Minimize(Rosenbrock, Start);
        (result.Reason, result.Iterations).Should().Be((StoppingReason.IterationLimit, 3));
    }

    /// <summary>Where residuals of nothing but rounding are left, no angle to the Jacobian is small, and no step lowers the value: that is a solution all the same.</summary>
    [Fact]
    public void Data_that_are_met_exactly_count_as_converged()
    {
        Tensor<double> t = Tensor.Range<double>(4);
        for (int k = 0; k < 24; k++)
        {
            Minimizer<double> method = (k % 3) switch { 0 => new GaussNewton<double>(), 1 => new LevenbergMarquardt<double>(), _ => new LevenbergMarquardt<double> { Sparse = true } };
            (double a, double b) = (1 + (k / 3.0), 0.05 * (k + 1));
            Tensor<double> data = a * (-b * t).Exp();
            OptimizationResult<Tensor<double>> result = method.Minimize(p => (p[0] * (-p[1] * t).Exp()) - data, Tensor.Create([a + 0.5, b + 0.1]));
            result.Converged.Should().BeTrue("{0}: {1}", method, result);
            result.Point.ToArray().Should().Equal([a, b], (x, y) => Math.Abs(x - y) < 1e-13 * a);
        }
    }

    [Fact]
    public void Results_print_in_words_with_every_tensor()
    {
        StoppingCriteria none = new() { MaxIterations = 0 };
        var method = new LBfgs<double> { Stopping = none };
        Tensor<double> matrix = Tensor.Create([1.0, 2, 3, 4], 2, 2);
        method.Minimize(x => 0.5 * x.Square().Sum(), matrix).ToString().Should().Be("IterationLimit after 0 iterations, 1 evaluations: value 15, gradient 4, at\n[[1, 2],\n [3, 4]]");
        method.Minimize(xs => 0.5 * xs[0].Square().Sum() + xs[1], [matrix, Tensor.Scalar(0.5)]).ToString().Should().EndWith("at\n0: [[1, 2],\n    [3, 4]]\n1: 0.5");
        method.Minimize(p => p["w"].Square().Sum(), new Parameters<double>(("w", matrix))).ToString().Should().EndWith("at\nw [2, 2]");
    }

    [Fact]
    public void Missing_arguments_and_bounds_that_do_not_fit_are_errors()
    {
        var method = new LBfgs<double>();
        FluentActions.Invoking(() => method.Minimize((Func<Tensor<double>, Tensor<double>>)null!, Start)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => method.Minimize(x => x, Start)).Should().Throw<TensorShapeException>();
        FluentActions.Invoking(() => new LBfgsB<double> { Lower = [] }.Minimize(Rosenbrock, Start)).Should().Throw<ArgumentException>().WithMessage("*0 tensors of bounds*");
        FluentActions.Invoking(() => new LBfgsB<double> { Lower = [Tensor.Scalar(1.0)], Upper = [Tensor.Scalar(0.0)] }.Minimize(Rosenbrock, Start)).Should().Throw<ArgumentException>().WithMessage("*no larger than the upper*");
    }

    /// <summary>At the solution every free variable has a gradient of zero, and every bound pushes back: the conditions of Karush, Kuhn and Tucker.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(25)]
    public void LBfgsB_finds_points_that_satisfy_the_optimality_conditions(int n)
    {
        Tensor<double> lower = Tensor.LinearSpace(-1.0, 1.2, n);
        Tensor<double> upper = lower + 0.7;
        var method = new LBfgsB<double> { Lower = [lower], Upper = [upper], Stopping = new() { GradientTolerance = 1e-9 } };
        Func<Tensor<double>, Tensor<double>> f = x => (100 * (x[1..] - x[..^1].Square()).Square()).Sum() + (1 - x[..^1]).Square().Sum();
        OptimizationResult<Tensor<double>> result = method.Minimize(f, Tensor.Full(5.0, n));
        double[] gradient = Differentiate.Gradient(f, result.Point).ToArray();
        for (int i = 0; i < n; i++)
        {
            double x = result.Point.At(i);
            x.Should().BeInRange(lower.At(i), upper.At(i));
            (x == lower.At(i) ? Math.Min(gradient[i], 0) : x == upper.At(i) ? Math.Max(gradient[i], 0) : gradient[i]).Should().BeApproximately(0, 1e-6, $"variable {i} is {x}, {result}");
        }

        Enumerable.Range(0, n).Count(i => result.Point.At(i) == lower.At(i) || result.Point.At(i) == upper.At(i)).Should().BeGreaterThan(0);
    }

    [Fact]
    public void Bounds_are_a_number_a_tensor_or_a_list()
    {
        static double Distance(double x, double y) => Math.Abs(x - y);
        Tensor<double> low = Tensor.Create([0.5, -1.0]), start = Tensor.Create([3.0, 3.0]);
        Tensor<double> At(LBfgsB<double> method) => method.Minimize(x => (x + 2).Square().Sum(), start).Point;
        At(new() { Lower = 0.5 }).ToArray().Should().Equal(0.5, 0.5);
        At(new() { Lower = low }).ToArray().Should().Equal(0.5, -1);
        At(new() { Lower = [low], Upper = [5.0] }).ToArray().Should().Equal(0.5, -1);
        Tensor<double>? none = null;
        At(new() { Lower = none, Upper = new[] { low } }).ToArray().All(x => Distance(x, -2) < 1e-6).Should().BeTrue();

        // Of several tensors: a number for all of them, or an entry for each.
        Tensor<double>[] starts = [start, Tensor.Scalar(7.0)];
        Tensor<double>[] Of(Bounds<double>? lower) => new LBfgsB<double> { Lower = lower }.Minimize(xs => (xs[0] + 2).Square().Sum() + (xs[1] + 1).Square(), starts).Point;
        Of(0.25).SelectMany(x => x.ToArray()).Should().Equal(0.25, 0.25, 0.25);
        Of([low, 1.0]).SelectMany(x => x.ToArray()).Should().Equal(0.5, -1, 1);
        FluentActions.Invoking(() => Of(low)).Should().Throw<ArgumentException>().WithMessage("*1 tensors of bounds*2 tensors*one number for all*");
    }

    [Fact]
    public void LBfgsB_solves_a_bounded_quadratic_exactly()
    {
        OptimizationResult<Tensor<double>> result = new LBfgsB<double> { Lower = [Tensor.Create([0.5, -1.0])] }.Minimize(x => (x[0] + 1).Square() + (x[1] - 2 + (0.5 * x[0])).Square(), Tensor.Create([3.0, 3.0]));
        result.Point.At(0).Should().Be(0.5);
        result.Point.At(1).Should().BeApproximately(1.75, 1e-8);
    }

    [Fact]
    public void LBfgsB_sees_a_gradient_that_is_smaller_than_the_spacing_of_the_numbers_there()
    {
        OptimizationResult<Tensor<double>> result = new LBfgsB<double>().Minimize(x => (x - 1e10).Square().Sum() * 5e-7, Tensor.Create([1e10 + 1, 1e10 - 1]));
        result.Point.ToArray().Should().Equal(1e10, 1e10);
        new LBfgsB<double>().Minimize(x => -x.Sqrt().Sum(), Tensor.Create([1.0, 2.0])).GradientNorm.Should().BePositive();
    }

    [Fact]
    public void NewtonCG_leaves_saddle_points()
    {
        OptimizationResult<Tensor<double>> result = new NewtonCG<double>().Minimize(x => x[0].Square() - x[1].Square() + (0.25 * x[1].Pow(4)), Tensor.Create([1.0, 1e-3]));
        Math.Abs(result.Point.At(1)).Should().BeApproximately(Math.Sqrt(2), 1e-7);
    }

    private static Tensor<T> Rosenbrock<T>(Tensor<T> x) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
        (T.CreateChecked(100) * (x[1] - x[0].Square()).Square()) + (T.One - x[0]).Square();

    private static Minimizer<T> Make<T>(string method) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => method switch
    {
        "LBfgs" => new LBfgs<T>(),
        "LBfgsB" => new LBfgsB<T>(),
        "NewtonCG" => new NewtonCG<T>(),
        "Adam" => new Adam<T>(Schedule.Cosine(0.1, 1500)) { Stopping = new() { MaxIterations = 1600, GradientTolerance = 1e-7, StepTolerance = 1e-12 } },
        "GradientDescent" => new GradientDescent<T>(1e-3, 0.9) { Stopping = new() { MaxIterations = 3000, GradientTolerance = 1e-7 } },
        _ => throw new ArgumentOutOfRangeException(nameof(method)),
    };

    private sealed class Reports : IProgress<OptimizationProgress>
    {
        public List<OptimizationProgress> Seen { get; } = [];

        public Action<OptimizationProgress>? Then { get; init; }

        public void Report(OptimizationProgress value)
        {
            Seen.Add(value);
            Then?.Invoke(value);
        }
    }

    [Fact]
    public void Least_squares_of_a_sum_are_refused()
    {
        Func<Tensor<double>, Tensor<double>> sum = x => (x - 1.0).Square().Sum();
        foreach (Action minimize in new Action[] { () => new LevenbergMarquardt<double>().Minimize(sum, Tensor.Zeros<double>(3)), () => new GaussNewton<double>().Minimize(sum, Tensor.Zeros<double>(3)) })
        {
            minimize.Should().Throw<TensorShapeException>().WithMessage("*one number for 3 unknowns*Sum()*");
        }
    }
}
