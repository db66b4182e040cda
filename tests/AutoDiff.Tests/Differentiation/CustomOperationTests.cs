namespace AutoDiff.Tests.Differentiation;

/// <summary>z = x y² with x of shape [3] and y a scalar, declared by a user in every way.</summary>
public class CustomOperationTests
{
    private static readonly Func<Tensor<double>[], Tensor<double>> Value = xs => xs[0] * xs[1].Square();

    private static readonly CustomVjp<double> Vjp = (g, xs, _) => [g * xs[1].Square(), (g * xs[0] * xs[1] * 2.0).Sum(-1)];

    private static readonly CustomJvp<double> Jvp = (ts, xs, _) => (ts[0] * xs[1].Square()) + (ts[1].Reshape([.. ts[1].Shape, 1]) * xs[0] * xs[1] * 2.0);

    public static TheoryData<bool, bool, bool> Kinds => new() { { true, false, false }, { true, false, true }, { false, true, false }, { false, true, true }, { true, true, false }, { true, true, true } };

    private static Tensor<double>[] Point => [Tensor.Create([0.7, -1.2, 0.4]), Tensor.Scalar(1.3)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Is_like_an_operation_of_the_library(bool vjp, bool jvp, bool batched)
    {
        int calls = 0;
        var operation = new CustomOperation<double>("Scaled", Value,
            vjp ? (g, xs, y) =>
            {
                calls++;
                return Vjp(g, xs, y);
            }
            : null,
            jvp ? Jvp : null, batched);
        Func<Tensor<double>[], Tensor<double>> custom = xs => operation.Apply(xs[0], xs[1]).Sin();
        Func<Tensor<double>[], Tensor<double>> plain = xs => Value(xs).Sin();
        GradientCheck.Check(custom, Point, order: 2);
        custom(Point).ToArray().Should().Equal(plain(Point).ToArray());

        (Tensor<double>[] actual, Tensor<double>[] expected) = (Differentiate.Jacobian(custom, Point), Differentiate.Jacobian(plain, Point));
        SparseJacobianTests.Near(actual[0], expected[0]);
        SparseJacobianTests.Near(actual[1], expected[1]);

        Func<Tensor<double>[], Tensor<double>> loss = xs => custom(xs).Square().Sum();
        Func<Tensor<double>[], Tensor<double>> plainLoss = xs => plain(xs).Square().Sum();
        Tensor<double>[][] hessian = Differentiate.Hessian(loss, Point);
        Tensor<double>[][] plainHessian = Differentiate.Hessian(plainLoss, Point);
        for (int i = 0; i < 4; i++)
        {
            SparseJacobianTests.Near(hessian[i / 2][i % 2], plainHessian[i / 2][i % 2]);
        }

        if (vjp)
        {
            // Three cotangents at once: in one call where the rule takes batches.
            using var tape = new Tape<double>();
            Tensor<double> x = tape.Variable(Point[0]);
            Tensor<double> z = operation.Apply(x, Point[1]);
            calls = 0;
            tape.Vjp(z, Tensor.Identity<double>(3), x).ToArray().Should().Equal(1.3 * 1.3, 0, 0, 0, 1.3 * 1.3, 0, 0, 0, 1.3 * 1.3);
            calls.Should().Be(batched ? 1 : 3);
        }
    }

    [Fact]
    public void Values_may_be_computed_on_spans()
    {
        var cube = new CustomOperation<double>("Cube", xs => Tensor.Create<double>(Array.ConvertAll(xs[0].ToArray(), v => v * v * v), xs[0].Shape), vjp: (g, xs, _) => [g * xs[0].Square() * 3.0], batched: true);
        GradientCheck.Check(x => cube.Apply(x), Tensor.Create([0.3, -0.8], 2, 1), order: 2);
        SparseJacobianTests.Near(Differentiate.Hessian(x => cube.Apply(x).Sum(), Tensor.Create([1.0, 2])), Tensor.Create([6.0, 0, 0, 12], 2, 2));
    }

    [Fact]
    public void A_rule_that_ignores_an_input()
    {
        var first = new CustomOperation<double>("First", xs => xs[0] * 2.0, vjp: (g, _, _) => [g * 2.0, null]);
        Tensor<double>[] gradients = Differentiate.Gradient(xs => first.Apply(xs[0], xs[1]).Sum(), [Tensor.Create([1.0, 2]), Tensor.Create([3.0, 4])]);
        gradients[0].ToArray().Should().Equal(2, 2);
        gradients[1].ToArray().Should().Equal(0, 0);
        Differentiate.Jacobian(xs => first.Apply(xs[0], xs[1]), [Tensor.Create([1.0, 2]), Tensor.Create([3.0, 4])])[1].ToArray().Should().Equal(0, 0, 0, 0);
    }

    [Fact]
    public void Errors_name_the_operation()
    {
        Tensor<double> x = Tensor.Create([1.0, 2]);
        Throws<TensorShapeException>(vjp: (g, _, _) => [g, g]).WithMessage("Wrong*2 cotangents for 1 inputs*");
        Throws<TensorShapeException>(vjp: (g, _, _) => [g.Sum()]).WithMessage("Wrong*shape *input 0*2*, that of the input*");
        Throws<ArgumentNullException>(vjp: (_, _, _) => null!).WithMessage("Wrong*");
        Throws<TensorShapeException>(jvp: (ts, _, _) => ts[0].Sum()).WithMessage("Wrong*JVP*");
        Throws<ArgumentNullException>(jvp: (_, _, _) => null!).WithMessage("Wrong*");
        FluentActions.Invoking(() => new CustomOperation<double>("Neither", xs => xs[0])).Should().Throw<ArgumentException>().WithMessage("Neither*VJP*JVP*");
        FluentActions.Invoking(() => new CustomOperation<double>("Null", _ => null!, (g, _, _) => [g]).Apply(x)).Should().Throw<ArgumentNullException>().WithMessage("Null*");
        FluentActions.Invoking(() => new CustomOperation<double>("Captured", xs => xs[0], (g, _, _) => [g]).Apply(x, null!)).Should().Throw<ArgumentNullException>().WithMessage("Captured*");

        using var tape = new Tape<double>();
        Tensor<double> outer = tape.Variable(x);
        FluentActions.Invoking(() => new CustomOperation<double>("Captures", xs => xs[0] * outer, (g, _, _) => [g]).Apply(x)).Should().Throw<TapeException>().WithMessage("Captures*");

        FluentAssertions.Specialized.ExceptionAssertions<TException> Throws<TException>(CustomVjp<double>? vjp = null, CustomJvp<double>? jvp = null) where TException : Exception
        {
            var operation = new CustomOperation<double>("Wrong", xs => xs[0] * 1.0, vjp, jvp);
            return FluentActions.Invoking(() => Differentiate.Gradient(x => operation.Apply(x).Sum(), x)).Should().Throw<TException>();
        }
    }

    [Fact]
    public void A_wrong_rule_is_caught()
    {
        var wrong = new CustomOperation<double>("Wrong", xs => xs[0].Square(), vjp: (g, xs, _) => [g * xs[0]], batched: true);
        FluentActions.Invoking(() => GradientCheck.Check(x => wrong.Apply(x), Tensor.Create([1.0, 2]))).Should().Throw<GradientCheckException>();
    }

    /// <summary>Right values, but the rule reads a number, so that its own derivative is lost: order 2 tells.</summary>
    [Fact]
    public void A_rule_that_cannot_be_differentiated_is_caught()
    {
        var once = new CustomOperation<double>("Once", xs => xs[0].Square(), vjp: (g, xs, _) => [g * xs[0].Detach() * 2.0], batched: true);
        GradientCheck.Check(x => once.Apply(x), Tensor.Create([1.0, 2]), order: 1);
        FluentActions.Invoking(() => GradientCheck.Check(x => once.Apply(x), Tensor.Create([1.0, 2]), order: 2)).Should().Throw<GradientCheckException>();
    }

    /// <summary>The inverse of a matrix by conjugate gradients inside of an operation: its derivative is another solution, by the same operation.</summary>
    [Fact]
    public void A_linear_solver_inside_of_a_Hessian()
    {
        CustomOperation<double> solve = null!;
        solve = new CustomOperation<double>("Solve",
            xs =>
            {
                using JacobianOperator<double> a = JacobianOperator<double>.Create(v => xs[0].MatMul(v), Tensor.Zeros<double>(3));
                LinearSolution<double> solution = IterativeSolvers.ConjugateGradient(a, xs[1], tolerance: 1e-14);
                return solution.Solution;
            },
            vjp: (g, xs, y) =>
            {
                Tensor<double> u = solve.Apply(xs[0], g);
                return [-u.Outer(y), u];
            });

        Tensor<double> basis = Tensor.Create([0.2, -0.1, 0.4, 0.3, 0.5, -0.2, 0.1, 0.6, 0.2], 3, 3);
        Tensor<double> b = Tensor.Create([1.0, -1, 0.5]);
        Func<Tensor<double>, Tensor<double>> f = theta =>
        {
            Tensor<double> root = basis * theta;
            Tensor<double> matrix = root.MatMul(root.Transpose()) + Tensor.Identity<double>(3);
            return solve.Apply(matrix, b * theta.Sum()).Square().Sum();
        };
        Tensor<double> theta = Tensor.Create([0.8, 1.1, -0.6]);
        GradientCheck.Check(f, theta, order: 2);

        // The same with the inverse by cofactors, in operations of the library.
        Func<Tensor<double>, Tensor<double>> explicitly = theta =>
        {
            Tensor<double> root = basis * theta;
            Tensor<double> m = root.MatMul(root.Transpose()) + Tensor.Identity<double>(3);
            Tensor<double> Cross(Tensor<double> u, Tensor<double> v) => (u.Take([1, 2, 0]) * v.Take([2, 0, 1])) - (u.Take([2, 0, 1]) * v.Take([1, 2, 0]));
            Tensor<double> adjugate = Tensor.Stack([Cross(m[1], m[2]), Cross(m[2], m[0]), Cross(m[0], m[1])], 1);
            return (adjugate.MatMul(b * theta.Sum()) / m[0].Dot(Cross(m[1], m[2]))).Square().Sum();
        };
        SparseJacobianTests.Near(Differentiate.Hessian(f, theta), Differentiate.Hessian(explicitly, theta));
    }
}
