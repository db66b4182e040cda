namespace AutoDiff.Tests.Differentiation;

/// <summary>Derivatives with their values beside them, what else a function gives, and functions of slices.</summary>
public class ValuesTests
{
    private static readonly Tensor<double> X = Tensor.Create([0.5, -1.0, 2.0]);

    private static Tensor<double> F(Tensor<double> x) => x * x.Sin();

    private static Tensor<double> S(Tensor<double> x) => (x * x * x.Exp()).Sum();

    [Fact]
    public void The_value_and_the_derivative_are_those_of_two_calls()
    {
        Tensor<double> v = Tensor.Create([1.0, 2, 3]);
        (Tensor<double> value, Tensor<double> product) = Differentiate.ValueAndVjp(F, X, v);
        value.ToArray().Should().Equal(F(X).ToArray());
        product.ToArray().Should().Equal(Differentiate.Vjp(F, X, v).ToArray());
        (value, product) = Differentiate.ValueAndVjp(F, X, y => y * 2.0);
        product.ToArray().Should().Equal(Differentiate.Vjp(F, X, value * 2.0).ToArray());
        (value, product) = Differentiate.ValueAndJvp(F, X, v);
        value.ToArray().Should().Equal(F(X).ToArray());
        product.ToArray().Should().Equal(Differentiate.Jvp(F, X, v).ToArray());
        (value, Tensor<double> gradient, Tensor<double> hessian) = Differentiate.ValueAndHessian(S, X);
        value.ToScalar().Should().Be(S(X).ToScalar());
        gradient.ToArray().Should().Equal(Differentiate.Gradient(S, X).ToArray());
        hessian.ToArray().Should().Equal(Differentiate.Hessian(S, X).ToArray());
    }

    [Fact]
    public void They_nest()
    {
        GradientCheck.Check(x => Differentiate.ValueAndVjp(F, x, X) is var (y, g) ? (y * g).Sum() : y, X, order: 2);
        GradientCheck.Check(x => Differentiate.ValueAndJvp(F, x, X) is var (y, t) ? (y * t).Sum() : y, X, order: 2);
        GradientCheck.Check(x => Differentiate.ValueAndHessian(S, x) is var (y, g, h) ? y + g.Sum() + (h * h).Sum() : y, X);
        GradientCheck.Check(x => Differentiate.ValueAndGradient(z => (S(z), z.Exp()), x) is var (y, g, a) ? (y * g * a).Sum() : y, X);
    }

    [Fact]
    public void What_comes_beside_the_value_outlives_the_call()
    {
        (Tensor<double> value, Tensor<double> gradient, Tensor<double> beside) = Differentiate.ValueAndGradient(x => (S(x), x.Exp()), X);
        (value.ToScalar(), beside.Tape).Should().Be((S(X).ToScalar(), null));
        gradient.ToArray().Should().Equal(Differentiate.Gradient(S, X).ToArray());
        beside.ToArray().Should().Equal(X.Exp().ToArray());

        (_, Tensor<double>[] gradients, Tensor<double>[] several) = Differentiate.ValueAndGradient(xs => ((xs[0] * xs[1]).Sum(), new[] { xs[0] + xs[1] }), [X, X]);
        gradients[1].ToArray().Should().Equal(X.ToArray());
        several[0].ToArray().Should().Equal(1, -2, 4);

        var named = new Parameters<double>(("w", X));
        (_, Parameters<double> byName, (double Largest, int Count) numbers) = Differentiate.ValueAndGradient(p => (S(p["w"]), (p["w"].Max().ToScalar(), p.Count)), named);
        byName.Keys.Should().Equal("w");
        numbers.Should().Be((2.0, 1));
        (_, _, Parameters<double> parts) = Differentiate.ValueAndGradient(p => (S(p["w"]), p * 2.0), named);
        parts["w"].ToArray().Should().Equal(1, -2, 4);
    }

    [Fact]
    public void Jacobians_of_samples()
    {
        Tensor<double> w = Tensor.Create([1.0, -0.5, 0.25, 2.0, 0.5, 1.0], 3, 2);
        Tensor<double> x = Tensor.LinearSpace(-1.0, 1.0, 12).Reshape(4, 3);
        Tensor<double> Layer(Tensor<double> rows) => rows.MatMul(w).Tanh();
        Tensor<double> jacobians = Differentiate.PerSampleJacobians(Layer, x);
        jacobians.Shape.ToArray().Should().Equal(4, 2, 3);
        for (int i = 0; i < 4; i++)
        {
            SparseJacobianTests.Near(jacobians[i], Differentiate.Jacobian(Layer, x[i]));
        }

        GradientCheck.Check(z => Differentiate.PerSampleJacobians(Layer, z).Square().Sum(), x);
        Differentiate.PerSampleJacobians(rows => rows.Sum(1), x).ToArray().Should().AllBeEquivalentTo(1.0);
        FluentActions.Invoking(() => Differentiate.PerSampleJacobians(rows => rows.Sum(0), x)).Should().Throw<TensorShapeException>().WithMessage("*number of samples*");
    }

    [Fact]
    public void A_function_of_a_slice_is_applied_to_all()
    {
        Tensor<double> x = Tensor.LinearSpace(-1.0, 1.0, 6).Reshape(2, 3);
        static Tensor<double> Branching(Tensor<double> v) => v.At(0) < 0 ? v.Sum() : (v * v).Sum();
        Differentiate.MapSlices(Branching, x).ToArray().Should().Equal(x[0].Sum().ToScalar(), x[1].Square().Sum().ToScalar());
        Differentiate.MapSlices(column => column * 2.0, x, axis: -1).ToArray().Should().Equal((x.Transpose() * 2.0).ToArray());
        Differentiate.MapSlices((a, b) => a.Dot(b), x, x).ToArray().Should().Equal(x.Square().Sum(1).ToArray());
        GradientCheck.Check(z => Differentiate.MapSlices(v => v.Outer(v).Sin(), z), x, order: 2);
        Differentiate.MapSlices(v => Differentiate.Gradient(S, v), x)[1].ToArray().Should().Equal(Differentiate.Gradient(S, x[1]).ToArray());
        FluentActions.Invoking(() => Differentiate.MapSlices((a, b) => a, x, x[..1])).Should().Throw<TensorShapeException>();
        FluentActions.Invoking(() => Differentiate.MapSlices(a => a, Tensor.Zeros<double>(0, 2))).Should().Throw<TensorShapeException>();
    }

    [Fact]
    public void Using_a_tensor_gives_its_memory_back()
    {
        Tensor<double> kept;
        using (Tensor<double> x = Tensor.Ones<double>(3))
        {
            kept = x;
        }

        FluentActions.Invoking(() => kept.ToArray()).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void Everything_long_can_be_canceled()
    {
        var canceled = new CancellationToken(canceled: true);
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(X);
        Tensor<double> y = (x * x).Sin();
        Action[] actions =
        [
            () => tape.Explain(canceled), () => tape.FindKinks(cancellationToken: canceled), () => tape.FindNonFinite(y, cancellationToken: canceled),
            () => tape.Jacobian(y, x, JacobianOptions.Default, cancellationToken: canceled), () => tape.PlanJacobian(y, x, new() { Mode = JacobianMode.Sparse }, canceled),
            () => Differentiate.Jacobian(F, X, JacobianOptions.Default, canceled), () => Differentiate.HessianDiagonal(S, X, cancellationToken: canceled),
            () => new SparseJacobian<double>(F).Evaluate(X, canceled), () => new SparseHessian<double>(S).Evaluate(X, canceled),
        ];
        foreach (Action action in actions)
        {
            action.Should().Throw<OperationCanceledException>();
        }

        tape.Count.Should().Be(3);
    }

    [Fact]
    public void Options_refuse_what_means_nothing()
    {
        Action[] wrong =
        [
            () => _ = new ImplicitOptions { Tolerance = double.NaN }, () => _ = new ImplicitOptions { Tolerance = -1 }, () => _ = new ImplicitOptions { MaxIterations = -1 },
            () => _ = new JacobianOptions { Mode = (JacobianMode)9 }, () => _ = new OdeOptions { FirstStep = 0 },
            () => IterativeSolvers.LeastSquares(JacobianOperator<double>.Create(x => x * 2.0, X), X, maxIterations: -1),
        ];
        foreach (Action action in wrong)
        {
            action.Should().Throw<ArgumentOutOfRangeException>().Which.ParamName.Should().NotBeNullOrEmpty();
        }
    }
}
