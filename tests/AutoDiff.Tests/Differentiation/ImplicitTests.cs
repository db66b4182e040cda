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
        var options = new ImplicitOptions { Tolerance = 1e-14, MatrixFree = matrixFree };
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
    public void A_minimizer_has_the_derivative_of_its_condition()
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
        Action diverges = () => Implicit.FixedPoint((y, p) => y * p + 1.0, Tensor.Create([1.0]), Tensor.Create([2.0]), new ImplicitOptions { MaxIterations = 50 });
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

    /// <summary>4,000 unknowns: a dense Jacobian would have 16 million elements, and its factorization take minutes.</summary>
    [Fact]
    public void Many_unknowns_are_found_and_differentiated_without_a_matrix()
    {
        // Broyden's tridiagonal function (Moré, Garbow and Hillstrom, ACM TOMS 7, 1981, problem 30), with a parameter for the quadratic part.
        const int n = 4000;
        Tensor<double> Broyden(Tensor<double> y, Tensor<double> p) => ((3 - (p[0] * y)) * y) - y.Pad([(1, 0)])[..^1] - (2 * y.Pad([(0, 1)])[1..]) + 1;

        var options = new ImplicitOptions { MatrixFree = true };
        Tensor<double> two = Tensor.Create([2.0]);
        ImplicitSolution<double> root = Implicit.Root(Broyden, Tensor.Full(-1.0, n), two, options);
        root.Residual.Should().BeLessThan(1e-9);
        double.IsNaN(root.Condition).Should().BeTrue();
        double Mean(double p) => Implicit.Root(Broyden, root.Value, Tensor.Create([p]), options).Value.Mean().ToScalar();
        double slope = Differentiate.Gradient(p => Implicit.Root(Broyden, root.Value, p, options).Value.Mean(), two).At(0);
        slope.Should().BeApproximately((Mean(2 + 1e-4) - Mean(2 - 1e-4)) / 2e-4, 1e-7);
    }

    [Fact]
    public void A_minimum_is_found_and_differentiated_without_a_matrix()
    {
        const int n = 300;
        Tensor<double> Energy(Tensor<double> y, Tensor<double> p) => (0.25 * (y[1..] - y[..^1]).Pow(4)).Sum() + (0.5 * (y - p).Square()).Sum() - (0.1 * y.Cos()).Sum();
        Tensor<double> p = Tensor.LinearSpace(-1.0, 1.0, n);
        var options = new ImplicitOptions { MatrixFree = true };
        ImplicitSolution<double> least = Implicit.Minimum(Energy, Tensor.Zeros<double>(n), p, options);
        Differentiate.Gradient(y => Energy(y, p), least.Value).Norm().ToScalar().Should().BeLessThan(1e-9);
        Tensor<double> v = Tensor.LinearSpace(0.0, 1.0, n).Sin();
        Tensor<double> moved = Differentiate.Jvp(q => Implicit.Minimum(Energy, least.Value, q, options).Value, p, v);
        Tensor<double> difference = (Implicit.Minimum(Energy, least.Value, p + (1e-4 * v), options).Value - Implicit.Minimum(Energy, least.Value, p - (1e-4 * v), options).Value) / 2e-4;
        (moved - difference).Norm().ToScalar().Should().BeLessThan(1e-6);
        Action saddle = () => Implicit.Minimum((y, q) => y[0].Square() - y[1].Square() + (0 * q.Sum()), Tensor.Zeros<double>(2), p, options);
        saddle.Should().Throw<ConvergenceException>().WithMessage("Minimum:*not positive definite*");
    }

    /// <summary>The condition number takes a Jacobian and its singular values: nobody pays who does not ask.</summary>
    [Fact]
    public void The_condition_is_computed_on_demand()
    {
        int calls = 0;
        Tensor<double> F(Tensor<double> y, Tensor<double> p)
        {
            calls++;
            return Cubic(y, p);
        }

        ImplicitSolution<double> solution = Implicit.Root(F, Tensor.Create([1.0, 1.0]), P);
        int before = calls;
        double condition = solution.Condition;
        (calls > before).Should().BeTrue();
        int after = calls;
        solution.Condition.Should().Be(condition);
        calls.Should().Be(after);
        Tensor<double> s = Differentiate.Jacobian(y => Cubic(y, P), solution.Value).SingularValues();
        condition.Should().BeApproximately(s.At(0) / s.At(1), 1e-10);
    }

    /// <summary>A product whose matrix is symmetric at the point, or not even there: value, gradient and Hessian are those of the symmetric part.</summary>
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    public void A_symmetric_system_is_that_of_the_symmetric_part(double skew)
    {
        Tensor<double> a = Tensor.Create([4.0, 1 + skew, 0.5, 1 - skew, 3, 0.2, 0.5, 0.2, 5], 3, 3);
        Tensor<double> b = Tensor.Create([1.0, -2, 0.5]);
        Tensor<double> weights = Tensor.Create([0.3, -1.0, 2.0]);
        Tensor<double> Free(Tensor<double> m) => (Implicit.LinearSolve((v, p) => p[0].MatMul(v), b, [m], symmetric: true, 1e-14) * weights).Sum();
        Tensor<double> Direct(Tensor<double> m) => (((m + m.Transpose()) * 0.5).Solve(b) * weights).Sum();
        Free(a).ToScalar().Should().BeApproximately(Direct(a).ToScalar(), 1e-12);
        (Differentiate.Gradient(Free, a) - Differentiate.Gradient(Direct, a)).Norm().ToScalar().Should().BeLessThan(1e-11);
        (Differentiate.Hessian(Free, a) - Differentiate.Hessian(Direct, a)).Norm().ToScalar().Should().BeLessThan(1e-10);
        GradientCheck.Check(Free, a, order: 2);
    }

    [Fact]
    public void A_good_guess_saves_products()
    {
        Tensor<double> d = Tensor.LinearSpace(1.0, 50.0, 40);
        Tensor<double> Product(Tensor<double> v, Tensor<double>[] p) => p[0] * v;
        Tensor<double> b = Tensor.Ones<double>(40);
        Tensor<double> x = Implicit.LinearSolve(Product, b, [d], symmetric: true);
        using JacobianOperator<double> a = JacobianOperator<double>.Create(v => d * v, b);
        foreach (bool symmetric in new[] { true, false })
        {
            LinearSolution<double> Run(Tensor<double>? guess) => symmetric ? IterativeSolvers.ConjugateGradient(a, b, 1e-8, guess: guess) : IterativeSolvers.LeastSquares(a, b, 0, 1e-8, 400, guess);
            (LinearSolution<double> cold, LinearSolution<double> warm) = (Run(null), Run(x + 1e-6));
            (cold.Converged, warm.Converged, warm.Iterations < cold.Iterations).Should().Be((true, true, true), $"{cold.Iterations} and {warm.Iterations}");
            (warm.Solution - x).Norm().ToScalar().Should().BeLessThan(1e-6);
            Run(x).Iterations.Should().BeLessThanOrEqualTo(1);
        }

        (Implicit.LinearSolve(Product, b, [d], symmetric: true, guess: x + 0.1) - x).Norm().ToScalar().Should().BeLessThan(1e-10);
        FluentActions.Invoking(() => IterativeSolvers.ConjugateGradient(a, b, guess: Tensor.Zeros<double>(3))).Should().Throw<TensorShapeException>().WithMessage("*the guess has shape [3]*");
    }

    [Fact]
    public void Every_iteration_heeds_cancellation()
    {
        using var cancellation = new CancellationTokenSource();
        CancellationToken token = cancellation.Token;
        int calls = 0;
        Tensor<double> Count(Tensor<double> y)
        {
            if (++calls == 3)
            {
                cancellation.Cancel();
            }

            return y;
        }

        Tensor<double> one = Tensor.Create([1.0]);
        Action[] actions =
        [
            () => Implicit.Root((y, p) => Count(y).Exp() - (1000 * p), one, one, null, token),
            () => Implicit.FixedPoint((y, p) => (p * Count(y)).Cos(), one, one, null, token),
            () => Implicit.Minimum((y, p) => (Count(y).Square() + (p * y).Exp()).Sum(), one, one, null, token),
            () => Implicit.LinearSolve((v, p) => p[0] * v, Tensor.Ones<double>(9), [Tensor.LinearSpace(1.0, 2, 9)], true, cancellationToken: token),
            () => IterativeSolvers.LeastSquares(JacobianOperator<double>.Create(v => v * 2, one), one, cancellationToken: token),
        ];
        foreach (Action action in actions)
        {
            action.Should().Throw<OperationCanceledException>();
        }
    }
}
