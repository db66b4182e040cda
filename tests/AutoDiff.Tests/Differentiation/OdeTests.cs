namespace AutoDiff.Tests.Differentiation;

public class OdeTests
{
    private static readonly double[] Times = [0, 0.5, 3];

    /// <summary>
    /// Problems of Hairer and Wanner, "Solving Ordinary Differential Equations II", section IV.10, with the solutions at the end that the Test Set for IVP Solvers (Mazzia and Magherini, release 2.4)
    /// publishes.
    /// </summary>
    private static readonly Dictionary<string, (Func<Tensor<double>, Tensor<double>[], Tensor<double>> F, double[] Start, double[] Parameters, double End, double[] Published, double Absolute)> Stiff = new()
    {
        ["Robertson"] = (Robertson, [1, 0, 0], [0.04, 1e4, 3e7], 1e11, [0.2083340149701255e-7, 0.8333360770334713e-13, 0.9999999791665050], 1e-18),
        ["van der Pol"] = (VanDerPol, [2, 0], [1000], 2000, [0.1706167732170483e1, -0.8928097010247975e-3], 1e-8),
        ["Oregonator"] = (Oregonator, [1, 2, 3], [77.27, 8.375e-6, 0.161], 360, [0.1000814870318523e1, 0.1228178521549917e4, 0.1320554942846706e3], 1e-8),
        ["HIRES"] = (Hires, [1, 0, 0, 0, 0, 0, 0, 0.0057], [280], 321.8122,
            [
                0.7371312573325668e-3, 0.1442485726316185e-3, 0.5888729740967575e-4, 0.1175651343283149e-2, 0.2386356198831331e-2, 0.6238968252742796e-2, 0.2849998395185769e-2, 0.2850001604814231e-2,
            ], 1e-11),
    };

    public static TheoryData<string> Problems => new(Stiff.Keys);

    public static TheoryData<OdeMethod> Methods => [OdeMethod.DormandPrince, OdeMethod.Radau];

    [Theory]
    [MemberData(nameof(Problems))]
    public void Stiff_problems_end_where_they_are_known_to(string name)
    {
        var (f, start, parameters, end, published, absolute) = Stiff[name];
        var options = new OdeOptions { Method = OdeMethod.Radau, RelativeTolerance = 1e-7, AbsoluteTolerance = absolute };
        double[] y = Ode.Solve((_, y, p) => f(y, p), Tensor.Create<double>(start), [Tensor.Create<double>(parameters)], [0, end], options)[^1].ToArray();
        y.Should().Equal(published, (own, right) => Math.Abs(own - right) <= 1e-5 * Math.Abs(right));
    }

    /// <summary>The gradient of one element of the solution by parameters and start, along one direction, against the central difference of a much tighter solution.</summary>
    [Theory]
    [InlineData("Robertson", 0.4, 1e-10)]
    [InlineData("Robertson", 40, 1e-10)]
    [InlineData("van der Pol", 100, 1e-7)]
    [InlineData("Oregonator", 2, 1e-7)]
    [InlineData("HIRES", 5, 1e-9)]
    public void Gradients_of_stiff_problems_are_those_of_the_solution(string name, double end, double absolute)
    {
        var (f, start, parameters, _, _, _) = Stiff[name];
        parameters = name == "van der Pol" ? [100] : parameters;
        Tensor<double> Solve(Tensor<double> y0, Tensor<double> p, double factor) =>
            Ode.Solve((_, y, p) => f(y, p), y0, [p], [0, end], new() { Method = OdeMethod.Radau, RelativeTolerance = 1e-7 * factor, AbsoluteTolerance = absolute * factor })[^1, 0];

        Tensor<double>[] at = [Tensor.Create<double>(start), Tensor.Create<double>(parameters)];
        Tensor<double>[] v = [at[0] * Tensor.LinearSpace(1.0, 0.5, start.Length), at[1] * Tensor.LinearSpace(-0.7, 1, parameters.Length)];
        double Along(Tensor<double>[] gradient) => ((gradient[0] * v[0]).Sum() + (gradient[1] * v[1]).Sum()).ToScalar();
        double slope = Along(Differentiate.Gradient(x => Solve(x[0], x[1], 1), at));
        double Moved(double h) => Solve(at[0] + (h * v[0]), at[1] + (h * v[1]), 1e-3).ToScalar();
        double difference = (Moved(1e-4) - Moved(-1e-4)) / 2e-4;
        slope.Should().BeApproximately(difference, 2e-4 * Math.Abs(difference));
    }

    /// <summary>∂y₁/∂k₁ of Robertson's problem at a loose tolerance, against what the same method gives at 1e-10.</summary>
    [Theory]
    [InlineData(0.4, -0.3559525659828564)]
    [InlineData(40, -4.247558771705764)]
    public void The_gradient_of_Robertsons_problem(double end, double expected)
    {
        var options = new OdeOptions { Method = OdeMethod.Radau, RelativeTolerance = 1e-6, AbsoluteTolerance = 1e-12 };
        double slope = Differentiate.Gradient(p => Ode.Solve((_, y, p) => Robertson(y, p), Tensor.Create([1.0, 0, 0]), [p], [0, end], options)[^1, 0], Tensor.Create([0.04, 1e4, 3e7])).At(0);
        slope.Should().BeApproximately(expected, 1e-6);
    }

    [Theory]
    [InlineData("Robertson", 0.4, 1e-6)]
    [InlineData("Robertson", 40, 1e-6)]
    [InlineData("van der Pol", 100, 1e-8)]
    [InlineData("van der Pol", 100, 1e-6)]
    [InlineData("Oregonator", 360, 1e-6)]
    [InlineData("HIRES", 321.8122, 1e-6)]
    public void The_explicit_method_says_that_a_problem_is_stiff(string name, double end, double tolerance)
    {
        var (f, start, parameters, _, _, _) = Stiff[name];
        parameters = name == "van der Pol" ? [100] : parameters;
        Action solve = () => Ode.Solve((_, y, p) => f(y, p), Tensor.Create<double>(start), [Tensor.Create<double>(parameters)], [0, end], Both(tolerance));
        solve.Should().Throw<ConvergenceException>().WithMessage("Ode: the problem is stiff near t = *OdeMethod.Radau*");
    }

    /// <summary>y = cos(ω t): value, first and second derivatives by state and frequency, at several times.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void An_oscillator_is_solved_and_differentiated_twice(OdeMethod method)
    {
        Tensor<double> Solve(Tensor<double> y0, Tensor<double> w) => Ode.Solve(Oscillator, y0, [w], Times, Both(method == OdeMethod.Radau ? 1e-9 : 1e-10, method));
        Tensor<double> y0 = Tensor.Create([1.0, 0.0]);
        Tensor<double> w = Tensor.Scalar(1.3);
        Tensor<double> y = Solve(y0, w);
        Tensor<double> byFrequency = Differentiate.Jacobian(p => Solve(y0, p), w);
        Tensor<double> forward = Differentiate.Jvp(p => Solve(y0, p), w, Tensor.Scalar(1.0));
        for (int k = 0; k < Times.Length; k++)
        {
            double t = Times[k];
            y.At(k, 0).Should().BeApproximately(Math.Cos(1.3 * t), 1e-7);
            y.At(k, 1).Should().BeApproximately(-1.3 * Math.Sin(1.3 * t), 1e-7);
            byFrequency.At(k, 0).Should().BeApproximately(-t * Math.Sin(1.3 * t), 1e-6);
        }

        (forward - byFrequency).Norm().ToScalar().Should().BeLessThan(1e-11);
        Tensor<double> byState = Differentiate.Vjp(s => Solve(s, w)[^1], y0, Tensor.Create([1.0, 0.0]));
        byState.At(0).Should().BeApproximately(Math.Cos(3.9), 1e-7);
        byState.At(1).Should().BeApproximately(Math.Sin(3.9) / 1.3, 1e-7);
        double second = Differentiate.Derivative(q => Differentiate.Derivative(p => Solve(y0, p)[^1, 0], q), w).ToScalar();
        second.Should().BeApproximately(-9 * Math.Cos(3.9), 1e-6);
    }

    /// <summary>Steps of fixed lengths are a plain function of their inputs: both modes agree to rounding, to second order.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void Both_modes_give_the_derivative_of_the_steps(OdeMethod method)
    {
        Tensor<double> Solve(Tensor<double>[] x) => Ode.Solve((t, y, p) => (t * p[0] * y.Flip()) - y.Pow(3), x[0], [x[1]], [1.0, 0.4, 0.0], Both(1e-4, method));
        Tensor<double>[] at = [Tensor.Create([0.5, -0.3]), Tensor.Scalar(0.7)];
        Tensor<double>[] v = [Tensor.Create([0.2, -1.0]), Tensor.Scalar(0.4)];
        Tensor<double> u = Tensor.Create([[0.1, 0.2], [-0.3, 0.5], [1.0, 0.7]]);
        Tensor<double>[] backward = Differentiate.Vjp(Solve, at, u);
        double right = ((backward[0] * v[0]).Sum() + (backward[1] * v[1]).Sum()).ToScalar();
        (Differentiate.Jvp(Solve, at, v) * u).Sum().ToScalar().Should().BeApproximately(right, 1e-12);
        Tensor<double> Gradient(Tensor<double>[] x) => Tensor.Concat([.. Differentiate.Vjp(Solve, x, u).Select(g => g.Flatten())]);
        Tensor<double> c = Tensor.Create([0.3, 0.9, -0.4]);
        Tensor<double>[] twice = Differentiate.Vjp(Gradient, at, c);
        (Differentiate.Jvp(Gradient, at, v) * c).Sum().ToScalar().Should().BeApproximately(((twice[0] * v[0]).Sum() + (twice[1] * v[1]).Sum()).ToScalar(), 1e-11);
    }

    /// <summary>y' = -t y: y(b) = y(a) exp((a² - b²) / 2).</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void Derivatives_flow_to_the_times(OdeMethod method)
    {
        Tensor<double> Solve(Tensor<double> times) => Ode.Solve((t, y, _) => -t * y, Tensor.Create([1.0]), [], times, Both(1e-9, method))[.., 0];
        Tensor<double> times = Tensor.Create([1.0, 1.5, 2.0]);
        double end = Math.Exp(-1.5);
        Solve(times)[^1].ToScalar().Should().BeApproximately(end, 1e-7);
        Tensor<double> jacobian = Differentiate.Jacobian(Solve, times);
        double middle = Math.Exp(-0.625);
        Tensor<double> expected = Tensor.Create([[0, 0, 0], [middle, -1.5 * middle, 0], [end, 0, -2 * end]]);
        (jacobian - expected).Abs().Max().ToScalar().Should().BeLessThan(1e-6);
        Tensor<double> hessian = Differentiate.Hessian(at => Solve(at)[^1], times);
        Tensor<double> exact = Tensor.Create([[2 * end, 0, -2 * end], [0, 0, 0], [-2 * end, 0, 3 * end]]);
        (hessian - exact).Abs().Max().ToScalar().Should().BeLessThan(1e-5);
        (Differentiate.Gradient(at => Solve(at)[^1], Tensor.Create([2.0, 1.0])) - (Math.Exp(1.5) * Tensor.Create([2.0, -1.0]))).Norm().ToScalar().Should().BeLessThan(1e-6);
    }

    /// <summary>Compiled steps have the bits of steps that call f, in every derivative, where f branches on what it sees, inside a compiled function, and on two threads.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void Compiled_steps_have_the_same_bits(OdeMethod method)
    {
        Tensor<double> F(Tensor<double> t, Tensor<double> y, Tensor<double>[] p)
        {
            Tensor<double> fall = (t.Sin() * p[0] * y.Flip()) - y.Pow(3);
            return (y[0] > 0.0).ToScalar() == 1 ? fall : fall + p[1].Sum();
        }

        Tensor<double> Solve(Tensor<double>[] x, bool compiled) => Ode.Solve(F, x[0], x[1..3], x[3], Both(1e-6, method) with { Compiled = compiled });
        Tensor<double>[] at = [Tensor.Create([0.5, -0.3]), Tensor.Scalar(-2.5), Tensor.Create([0.1, 0.2]), Tensor.Create([0.0, 0.7, 2.0, 2.5])];
        Tensor<double>[] ts = [Tensor.Create([0.2, -1.0]), Tensor.Scalar(0.4), Tensor.Create([-0.5, 0.3]), Tensor.Create([0.1, 0.0, -0.2, 0.3])];
        Tensor<double> g = new RandomKey(3).Normal(4, 2);
        Tensor<double>[] All(bool compiled)
        {
            Tensor<double> F(Tensor<double>[] x) => Solve(x, compiled);
            Tensor<double> Squares(Tensor<double>[] x) => F(x).Square().Sum();
            return
            [
                F(at), .. Differentiate.Vjp(F, at, g), .. Differentiate.Jacobian(F, at), Differentiate.Jvp(F, at, ts), Differentiate.Jvp(x => F([at[0], x, .. at[2..]]), at[1], ts[1]),
                Differentiate.Jvp(x => F([.. at[..3], x]), at[3], ts[3]), .. Differentiate.Hvp(Squares, at, ts), Differentiate.Jacobian(x => F([.. at[..3], x]), at[3], new() { Mode = JacobianMode.Forward }),
            ];
        }

        Tensor<double>[] expected = All(compiled: false);
        Tensor<double>[][] found = new Tensor<double>[2][];
        Parallel.For(0, 2, i => found[i] = All(compiled: true));
        CompiledFunction<double> inside = Differentiate.Compile(x => [Solve(x, compiled: true), .. Differentiate.Vjp(y => Solve(y, compiled: true), x, g)], at);
        found = [.. found, inside.Invoke(at)];
        foreach (Tensor<double>[] results in found)
        {
            for (int i = 0; i < results.Length; i++)
            {
                // Derivatives by the times are summed in another order.
                if (i > 0 && method == OdeMethod.DormandPrince)
                {
                    (results[i] - expected[i]).Abs().Max().ToScalar().Should().BeLessThan(1e-13);
                }
                else
                {
                    results[i].ToArray().Should().Equal(expected[i].ToArray(), "of result {0}", i);
                }
            }
        }

        Tensor<float> Floats(bool compiled) => Ode.Solve((t, y, p) => t.Cos() * y * p[0], Tensor.Create([1f, 2f]), [Tensor.Scalar(0.5f)], Tensor.Create([0f, 2f]), Both(1e-5, method) with { Compiled = compiled });
        (Floats(true) - Floats(false)).Abs().Max().ToScalar().Should().BeLessThan(1e-5f);
    }

    [Fact]
    public void A_time_that_is_a_number_is_not_compiled()
    {
        Action number = () => Ode.Solve((_, y, _) => y, Tensor.Create([1.0]), [], [0.0, 1.0], new() { Compiled = true });
        number.Should().Throw<ArgumentException>().WithMessage("Ode: *a number*Expected*To fix it, give the times as a tensor*");
        using var tape = new Tape<double>();
        Tensor<double> captured = tape.Variable([1.0]);
        foreach (double? first in (double?[])[null, 0.1])
        {
            Action capture = () => Ode.Solve((_, y, _) => y * captured, Tensor.Create([1.0]), [], Tensor.Create([0.0, 1.0]), new() { Compiled = true, FirstStep = first });
            capture.Should().Throw<TapeException>();
        }

        Action shape = () => Ode.Solve((_, y, _) => y.Sum(), Tensor.Create([1.0]), [], Tensor.Create([0.0, 1.0]), new() { Compiled = true });
        shape.Should().Throw<TensorShapeException>();
        tape.Count.Should().Be(1);
    }

    /// <summary>The last slope of a step is the first of the next, and a sweep takes each step once.</summary>
    [Fact]
    public void The_slope_is_asked_for_six_times_a_step()
    {
        int calls = 0;
        Tensor<double> F(double t, Tensor<double> y, Tensor<double>[] p)
        {
            calls++;
            return Oscillator(t, y, p);
        }

        Tensor<double> y0 = Tensor.Create([1.0, 0.0]);
        Tensor<double> w = Tensor.Scalar(1.3);
        var options = new OdeOptions { FirstStep = 0.05 };
        Ode.Solve(F, y0, [w], [0, 30], options);
        int value = calls;
        ((value - 1) % 6).Should().BeLessThanOrEqualTo(1, "two slopes at the start, six a step");
        Differentiate.Gradient(p => Ode.Solve(F, y0, [p], [0, 30], options)[^1, 0], w);
        (calls - value).Should().BeLessThanOrEqualTo(2 * value);
        value.Should().BeLessThan(2500);
    }

    /// <summary>Where few states may be kept, the others are computed again; where the inputs have changed, the steps are chosen again.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void Memory_is_bounded_and_old_steps_are_not_taken_for_new_ones(OdeMethod method)
    {
        var problem = new OdeProblem<double>((_, t, y, p) => Oscillator(t, y, p), [0.0, 3.0], [3.0, 12.0], (_, _) => 1, Both(1e-6, method), default);
        Tensor<double>[] xs = [Tensor.Create([1.0, 0.0]), Tensor.Scalar(1.3)];
        Tensor<double>[] others = [Tensor.Create([0.0, 2.0]), Tensor.Scalar(0.7)];
        Tensor<double> g = Tensor.Create([[0.1, 0.2], [0.3, -1.0], [0.7, 0.4]]);
        Tensor<double>[] ts = [Tensor.Create([0.4, 0.6]), Tensor.Scalar(-0.2)];
        var full = new OdeSolution<double>(problem);
        var thin = new OdeSolution<double>(problem, budget: 20);
        foreach (Tensor<double>[] at in new[] { xs, others, xs })
        {
            foreach (OdeSolution<double> other in new[] { full, thin })
            {
                var fresh = new OdeSolution<double>(problem);
                foreach ((Tensor<double> own, Tensor<double> right) in Differentiate.Vjp(other.Of, at, g).Zip(Differentiate.Vjp(fresh.Of, at, g)))
                {
                    (own - right).Norm().ToScalar().Should().BeLessThan(1e-7);
                }

                (Differentiate.Jvp(other.Of, at, ts) - Differentiate.Jvp(fresh.Of, at, ts)).Norm().ToScalar().Should().BeLessThan(1e-7);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Single_precision_and_other_shapes(OdeMethod method)
    {
        Tensor<float> y0 = Tensor.Create([1f, 2f, 3f, 4f], 2, 2);
        Tensor<float> Solve(Tensor<float>[] x) => Ode.Solve((_, y, p) => -p[0] * y, x[0], [x[1]], [0, 1, 2], Both(1e-5, method));
        Tensor<float> rate = Tensor.Create([0.5f, 1f]);
        Tensor<float> y = Solve([y0, rate]);
        y.Shape.ToArray().Should().Equal(3, 2, 2);
        (y[^1] - (y0 * (-2 * rate).Exp())).Norm().ToScalar().Should().BeLessThan(1e-4f);
        (Differentiate.Gradient(x => Solve(x)[^1].Sum(), [y0, rate])[1] - (-2 * y0.Sum(0) * (-2 * rate).Exp())).Norm().ToScalar().Should().BeLessThan(1e-3f);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Cancellation_is_heeded_in_the_solution_and_in_the_sweep(OdeMethod method)
    {
        using var cancellation = new CancellationTokenSource();
        int calls = 0;
        int last = 20;
        Tensor<double> F(double t, Tensor<double> y, Tensor<double>[] p)
        {
            if (++calls == last)
            {
                cancellation.Cancel();
            }

            return Oscillator(t, y, p);
        }

        Tensor<double> y0 = Tensor.Create([1.0, 0.0]);
        Action solve = () => Ode.Solve(F, y0, [Tensor.Scalar(1.3)], [0, 100], Both(1e-8, method), cancellation.Token);
        solve.Should().Throw<OperationCanceledException>();
        calls.Should().BeLessThan(60);

        using var other = new CancellationTokenSource();
        last = -1;
        using var tape = new Tape<double>();
        Tensor<double> w = tape.Variable(1.3);
        Tensor<double> y = Ode.Solve(F, y0, [w], [0, 1], Both(1e-8, method), other.Token)[^1, 0];
        other.Cancel();
        FluentActions.Invoking(() => tape.Gradient(y, w)).Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public void A_solver_of_differential_equations_says_what_is_wrong()
    {
        Tensor<double> y0 = Tensor.Create([1.0]);
        foreach (OdeMethod method in Enum.GetValues<OdeMethod>())
        {
            Action explodes = () => Ode.Solve((_, y, _) => y.Square(), y0, [], [0.0, 2.0], new() { MaxSteps = 500, Method = method });
            explodes.Should().Throw<ConvergenceException>().WithMessage("Ode: stopped*");
            Action nothing = () => Ode.Solve((_, y, _) => (y - 2).Sqrt(), y0, [], [0.0, 2.0], new() { Method = method });
            nothing.Should().Throw<ConvergenceException>().WithMessage("Ode: stopped*the slope is not finite*");
            Action few = () => Ode.Solve((_, y, _) => y.Cos(), y0, [], [0.0, 200.0], new() { MaxSteps = 5, Method = method });
            few.Should().Throw<ConvergenceException>().WithMessage("*largest number of steps*");
            Action shape = () => Ode.Solve((_, y, _) => y.Sum(), y0, [], [0.0, 1.0], new() { Method = method });
            shape.Should().Throw<TensorShapeException>();
            using var tape = new Tape<double>();
            Tensor<double> captured = tape.Variable(y0);
            Action capture = () => Ode.Solve((_, y, _) => y * captured, y0, [], [0.0, 1.0], new() { Method = method });
            capture.Should().Throw<TapeException>();
        }

        Action order = () => Ode.Solve((_, y, _) => y, y0, [], [0.0, 1.0, 0.5]);
        order.Should().Throw<ArgumentException>();
        Action matrix = () => Ode.Solve((t, y, _) => y, y0, [], Tensor.Zeros<double>(2, 2));
        matrix.Should().Throw<TensorShapeException>().WithMessage("*a vector*");
        foreach (Action setting in new Action[]
        {
            () => _ = new OdeOptions { RelativeTolerance = -1 }, () => _ = new OdeOptions { AbsoluteTolerance = 0 }, () => _ = new OdeOptions { MaxSteps = 0 },
            () => _ = new OdeOptions { FirstStep = double.NaN }, () => _ = new OdeOptions { Method = (OdeMethod)7 },
        })
        {
            setting.Should().Throw<ArgumentOutOfRangeException>().WithMessage("OdeOptions: *Expected*To fix it*");
        }
    }

    private static OdeOptions Both(double tolerance, OdeMethod method = OdeMethod.DormandPrince) => new() { RelativeTolerance = tolerance, AbsoluteTolerance = tolerance, Method = method };

    private static Tensor<double> Oscillator(double t, Tensor<double> y, Tensor<double>[] p) => Tensor.Stack([y[1], -(p[0].Square() * y[0])]);

    private static Tensor<double> Robertson(Tensor<double> y, Tensor<double>[] p)
    {
        (Tensor<double> a, Tensor<double> b, Tensor<double> c) = (p[0][0] * y[0], p[0][1] * y[1] * y[2], p[0][2] * y[1].Square());
        return Tensor.Stack([b - a, a - b - c, c]);
    }

    private static Tensor<double> VanDerPol(Tensor<double> y, Tensor<double>[] p) => Tensor.Stack([y[1], (p[0][0] * (1 - y[0].Square()) * y[1]) - y[0]]);

    private static Tensor<double> Oregonator(Tensor<double> y, Tensor<double>[] p) =>
        Tensor.Stack([p[0][0] * (y[1] + (y[0] * (1 - (p[0][1] * y[0]) - y[1]))), (y[2] - ((1 + y[0]) * y[1])) / p[0][0], p[0][2] * (y[0] - y[2])]);

    private static Tensor<double> Hires(Tensor<double> y, Tensor<double>[] p)
    {
        Tensor<double> meeting = p[0][0] * y[5] * y[7];
        return Tensor.Stack(
        [
            (-1.71 * y[0]) + (0.43 * y[1]) + (8.32 * y[2]) + 0.0007, (1.71 * y[0]) - (8.75 * y[1]), (-10.03 * y[2]) + (0.43 * y[3]) + (0.035 * y[4]), (8.32 * y[1]) + (1.71 * y[2]) - (1.12 * y[3]),
            (-1.745 * y[4]) + (0.43 * y[5]) + (0.43 * y[6]), -meeting + (0.69 * y[3]) + (1.71 * y[4]) - (0.43 * y[5]) + (0.69 * y[6]), meeting - (1.81 * y[6]), (1.81 * y[6]) - meeting,
        ]);
    }
}
