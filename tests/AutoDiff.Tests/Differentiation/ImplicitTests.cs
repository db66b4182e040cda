namespace AutoDiff.Tests.Differentiation;

public class ImplicitTests
{
    private static readonly Tensor<double> P = Tensor.Create([0.7, 1.3]);

    // y0³ + p0 y0 + y1 = 2, y1³ + p1 y1 - y0 = 1.
    private static Tensor<double> Cubic(Tensor<double> y, Tensor<double> p) =>
        y.Pow(3.0) + (p * y) + Tensor.Stack([y[1], -y[0]]) - Tensor.Create([2.0, 1.0]);

    [Fact]
    public void A_search_that_leaves_the_domain_says_so_at_once()
    {
        int calls = 0;
        Action search = () => Implicit.Root((y, p) =>
        {
            calls++;
            return y.Log() + p;
        }, Tensor.Create([-3.0]), Tensor.Create([1.0]));
        search.Should().Throw<ConvergenceException>().WithMessage("Root: after * steps the residual is not a number: the function left its domain.*");
        calls.Should().BeLessThan(10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_root_is_differentiated_to_third_order_in_both_modes(bool matrixFree)
    {
        var options = new ImplicitOptions(1e-14, MatrixFree: matrixFree);
        ImplicitSolution<double> solution = Implicit.Root(Cubic, Tensor.Create([1.0, 1.0]), P, options);
        Cubic(solution.Value, P).Norm().ToScalar().Should().BeLessThan(1e-13);
        GradientCheck.Check(p => Implicit.Root(Cubic, Tensor.Create([1.0, 1.0]), p, options).Value, P, order: matrixFree ? 2 : 3);
        Tensor<double> expected = Differentiate.Jacobian(y => Cubic(y, P), solution.Value).Solve(-Differentiate.Jacobian(p => Cubic(solution.Value, p), P));
        Tensor<double> jacobian = Differentiate.Jacobian(p => Implicit.Root(Cubic, Tensor.Create([1.0, 1.0]), p, options).Value, P);
        (jacobian - expected).Norm().ToScalar().Should().BeLessThan(1e-11);
        (double.IsNaN(solution.Condition) == matrixFree).Should().BeTrue();
    }

    [Fact]
    public void A_fixed_point_has_the_derivative_of_its_equation()
    {
        Tensor<double> F(Tensor<double> p) => Implicit.FixedPoint((y, q) => (y * q).Cos(), Tensor.Ones<double>(2) * 0.5, p).Value;
        Tensor<double> y = F(P);
        ((y * P).Cos() - y).Norm().ToScalar().Should().BeLessThan(1e-11);
        Tensor<double> s = (y * P).Sin();
        ((Differentiate.Jacobian(F, P) * Tensor.Identity<double>(2)).Sum(1) - (-(y * s) / (1.0 + (P * s)))).Norm().ToScalar().Should().BeLessThan(1e-11);
        GradientCheck.Check(F, P, order: 2);
    }

    [Fact]
    public void A_minimiser_has_the_derivative_of_its_condition()
    {
        Tensor<double> Energy(Tensor<double> y, Tensor<double> p) => (y.Pow(4.0) * 0.25).Sum() + (y.Square() * p).Sum() - y.Sum();
        GradientCheck.Check(p => Implicit.Minimum(Energy, Tensor.Ones<double>(2), p).Value, P, order: 2);
        Implicit.Minimum(Energy, Tensor.Ones<double>(2), P).Residual.Should().BeLessThan(1e-11);
    }

    [Fact]
    public void What_is_no_solution_is_an_error()
    {
        Action noRoot = () => Implicit.Root((y, p) => y.Square() + p, Tensor.Create([1.0]), Tensor.Create([1.0]));
        noRoot.Should().Throw<ConvergenceException>().WithMessage("Root:*residual*");
        Action saddle = () => Implicit.Minimum((y, p) => (y * p).Sum() * 0.0 - y.Square().Sum(), Tensor.Create([0.0]), Tensor.Create([1.0]));
        saddle.Should().Throw<ConvergenceException>().WithMessage("Minimum:*not positive definite*");
        Action diverges = () => Implicit.FixedPoint((y, p) => y * p + 1.0, Tensor.Create([1.0]), Tensor.Create([2.0]), new ImplicitOptions(MaxIterations: 50));
        diverges.Should().Throw<ConvergenceException>();
        Action shape = () => Implicit.Root((y, p) => y.Sum(), Tensor.Create([1.0, 2.0]), P);
        shape.Should().Throw<TensorShapeException>();
        using var tape = new Tape<double>();
        Tensor<double> captured = tape.Variable(P);
        Action capture = () => Implicit.Root((y, p) => y - (captured * p), P, P);
        capture.Should().Throw<TapeException>();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_system_solved_by_products_equals_the_direct_solution_in_value_and_derivatives(bool symmetric)
    {
        Tensor<double> a = Tensor.Create([4.0, 1, 0.5, 1, 3, symmetric ? 0.2 : -0.7, 0.5, 0.2, 5], 3, 3);
        Tensor<double> b = Tensor.Create([1.0, -2, 0.5]);
        Tensor<double> Free(Tensor<double>[] x) => Implicit.LinearSolve((v, p) => (symmetric ? (p[0] + p[0].Transpose()) * 0.5 : p[0]).MatMul(v), x[1], [x[0]], symmetric, 1e-14);
        Tensor<double> Direct(Tensor<double>[] x) => (symmetric ? (x[0] + x[0].Transpose()) * 0.5 : x[0]).Solve(x[1]);
        (Free([a, b]) - Direct([a, b])).Norm().ToScalar().Should().BeLessThan(1e-12);
        Tensor<double> u = Tensor.Create([0.3, -1.0, 2.0]);
        for (int i = 0; i < 2; i++)
        {
            (Differentiate.Vjp(Free, [a, b], u)[i] - Differentiate.Vjp(Direct, [a, b], u)[i]).Norm().ToScalar().Should().BeLessThan(1e-11);
        }

        GradientCheck.Check(Free, [a, b], order: 2);
    }

    [Fact]
    public void An_oscillator_is_solved_and_differentiated_by_state_and_frequency()
    {
        double[] times = [0, 0.5, 2, 3];
        Tensor<double> Solve(Tensor<double>[] x) => Ode.Solve((_, y, p) => Tensor.Stack([y[1], -(p[0].Square() * y[0])]), x[0], [x[1]], times, 1e-10);
        Tensor<double> y0 = Tensor.Create([1.0, 0.0]);
        Tensor<double> w = Tensor.Scalar(1.3);
        Tensor<double> y = Solve([y0, w]);
        Tensor<double> byFrequency = Differentiate.Jacobian(p => Solve([y0, p]), w);
        for (int k = 0; k < times.Length; k++)
        {
            y.At(k, 0).Should().BeApproximately(Math.Cos(1.3 * times[k]), 1e-8);
            y.At(k, 1).Should().BeApproximately(-1.3 * Math.Sin(1.3 * times[k]), 1e-8);
            byFrequency.At(k, 0).Should().BeApproximately(-times[k] * Math.Sin(1.3 * times[k]), 1e-7);
        }

        Tensor<double> byState = Differentiate.Vjp(s => Solve([s, w])[^1], y0, Tensor.Create([1.0, 0.0]));
        byState.At(0).Should().BeApproximately(Math.Cos(3.9), 1e-8);
        byState.At(1).Should().BeApproximately(Math.Sin(3.9) / 1.3, 1e-8);
    }

    [Fact]
    public void A_solver_of_differential_equations_says_what_is_wrong()
    {
        Tensor<double> y0 = Tensor.Create([1.0]);
        Action explodes = () => Ode.Solve((_, y, _) => y.Square(), y0, [], [0.0, 2.0], maxSteps: 500);
        explodes.Should().Throw<ConvergenceException>().WithMessage("Ode:*");
        Action order = () => Ode.Solve((_, y, _) => y, y0, [], [0.0, 1.0, 0.5]);
        order.Should().Throw<ArgumentException>();
        Action shape = () => Ode.Solve((_, y, _) => y.Sum(), y0, [], [0.0, 1.0]);
        shape.Should().Throw<TensorShapeException>();
    }
}
