namespace AutoDiff.Tests.Differentiation;

/// <summary>Functions of functions: each against its formula, and its errors.</summary>
public class DifferentiateTests
{
    private static readonly Tensor<double> X = Tensor.Create([0.5, -1.2, 2.0]);

    [Fact]
    public void Derivative_of_a_number() => Differentiate.Derivative(x => x.Sin() * x, 0.7).ToScalar().Should().BeApproximately((Math.Cos(0.7) * 0.7) + Math.Sin(0.7), 1e-14);

    [Fact]
    public void Derivative_of_a_curve_is_a_column()
    {
        Tensor<double> velocity = Differentiate.Derivative(t => Tensor.Stack([t.Cos(), t.Sin(), t]), 0.0);
        velocity.Shape.ToArray().Should().Equal(3);
        velocity.ToArray().Should().Equal(0, 1, 1);
        Differentiate.Derivative(t => t * Tensor.Ones<double>(2), Tensor.Create([3.0])).ToArray().Should().Equal(1, 1);
    }

    [Fact]
    public void Gradient_and_value()
    {
        (Tensor<double> value, Tensor<double> gradient) = Differentiate.ValueAndGradient(x => x.Square().Sum(), X);
        value.ToScalar().Should().BeApproximately(0.25 + 1.44 + 4, 1e-14);
        gradient.ToArray().Should().Equal(1, -2.4, 4);
        (value.Tape, gradient.Tape).Should().Be((null, null));
        Tensor<double>[] gradients = Differentiate.Gradient(xs => (xs[0] * xs[1]).Sum(), [X, Tensor.Scalar(2.0)]);
        gradients[0].ToArray().Should().Equal(2, 2, 2);
        gradients[1].ToScalar().Should().BeApproximately(1.3, 1e-15);
    }

    [Fact]
    public void Jacobian_is_the_matrix_of_rows_and_the_chain_rule_multiplies_them()
    {
        Func<Tensor<double>, Tensor<double>> f = x => Tensor.Stack([x[0] * x[1], x[2].Exp()]);
        Func<Tensor<double>, Tensor<double>> g = y => Tensor.Stack([y[0] + y[1], y[0] * y[1], y[1].Sin(), y[0]]);
        Tensor<double> jf = Differentiate.Jacobian(f, X);
        jf.Shape.ToArray().Should().Equal(2, 3);
        jf.ToArray().Should().Equal(-1.2, 0.5, 0, 0, 0, X[2].Exp().ToScalar());
        Tensor<double> jg = Differentiate.Jacobian(g, f(X));
        Tensor<double> composed = Differentiate.Jacobian(x => g(f(x)), X);
        composed.Shape.ToArray().Should().Equal(4, 3);
        (composed - jg.MatMul(jf)).Norm().ToScalar().Should().BeLessThan(1e-13);
        Differentiate.Jacobian(xs => xs[0].Outer(xs[1]), [X, Tensor.Ones<double>(2)])[1].Shape.ToArray().Should().Equal(3, 2, 2);
    }

    [Fact]
    public void Hessian_is_the_jacobian_of_the_gradient()
    {
        Func<Tensor<double>, Tensor<double>> f = x => (x[0].Square() * x[1]) + (x[1] * x[2].Exp());
        Tensor<double> h = Differentiate.Hessian(f, X);
        double e = X[2].Exp().ToScalar();
        h.ToArray().Should().Equal([2 * -1.2, 2 * 0.5, 0, 2 * 0.5, 0, e, 0, e, -1.2 * e]);
        Differentiate.Jacobian(x => Differentiate.Gradient(f, x), X).ToArray().Should().Equal(h.ToArray());
        Tensor<double> v = Tensor.Create([1.0, 2, 3]);
        (Differentiate.Hvp(f, X, v) - h.MatMul(v)).Norm().ToScalar().Should().BeLessThan(1e-14);
        Tensor<double>[][] blocks = Differentiate.Hessian(xs => (xs[0] * xs[1]).Sum() * xs[1], [X, Tensor.Scalar(2.0)]);
        blocks[0][1].ToArray().Should().Equal(4, 4, 4);
        blocks[1][0].ToArray().Should().Equal(4, 4, 4);
        blocks[1][1].ToScalar().Should().BeApproximately(2 * 1.3, 1e-15);
        blocks[0][0].ToArray().Should().OnlyContain(value => value == 0);
    }

    [Fact]
    public void Products_with_vectors()
    {
        Func<Tensor<double>, Tensor<double>> f = x => x[..2] * x[2];
        Differentiate.Vjp(f, X, Tensor.Create([1.0, 10])).ToArray().Should().Equal(2, 20, 0.5 - 12);
        Differentiate.Jvp(f, X, Tensor.Create([1.0, 0, 1])).ToArray().Should().Equal(2.5, -1.2);
        Differentiate.Vjp(f, X, Tensor.Identity<double>(2)).ToArray().Should().Equal(Differentiate.Jacobian(f, X).ToArray());
        Differentiate.Jvp(xs => xs[0] * xs[1], [X, X], [Tensor.Ones<double>(3), Tensor.Zeros<double>(3)]).ToArray().Should().Equal(X.ToArray());
    }

    [Fact]
    public void What_a_function_does_not_use_has_zero_derivatives()
    {
        Differentiate.Gradient(x => Tensor.Scalar(3.0), X).ToArray().Should().Equal(0, 0, 0);
        Differentiate.Gradient(x => x.Detach().Sum(), X).ToArray().Should().Equal(0, 0, 0);
        Differentiate.Derivative(x => Tensor.Scalar(3.0), 1.0).ToScalar().Should().Be(0);
        Differentiate.Jacobian(x => Tensor.Ones<double>(2), X).Shape.ToArray().Should().Equal(2, 3);
        Differentiate.Hessian(x => x.Sum(), X).ToArray().Should().OnlyContain(value => value == 0);
        Differentiate.Hvp(x => Tensor.Scalar(3.0), X, X).ToArray().Should().Equal(0, 0, 0);
        Differentiate.Vjp(x => Tensor.Ones<double>(2), X, Tensor.Ones<double>(2)).ToArray().Should().Equal(0, 0, 0);
        Differentiate.Gradient(x => x, Tensor.Scalar(2.0)).ToScalar().Should().Be(1);
    }

    [Fact]
    public void Misuse_is_named()
    {
        FluentActions.Invoking(() => Differentiate.Gradient(x => x * 2.0, X)).Should().Throw<TensorShapeException>().WithMessage("Gradient: *shape [3]*Expected*Sum()*Jacobian*");
        FluentActions.Invoking(() => Differentiate.Hessian(x => x * 2.0, X)).Should().Throw<TensorShapeException>().WithMessage("Hessian: *");
        FluentActions.Invoking(() => Differentiate.Hvp(x => x * 2.0, X, X)).Should().Throw<TensorShapeException>().WithMessage("Hvp: *");
        FluentActions.Invoking(() => Differentiate.Derivative(x => x, X)).Should().Throw<TensorShapeException>().WithMessage("Derivative: *shape [3]*Gradient*");
        FluentActions.Invoking(() => Differentiate.Vjp(x => x, X, Tensor.Scalar(1.0))).Should().Throw<TensorShapeException>().WithMessage("Vjp: *");
        FluentActions.Invoking(() => Differentiate.Jvp(x => x, X, Tensor.Scalar(1.0))).Should().Throw<TensorShapeException>().WithMessage("Jvp: *");
        FluentActions.Invoking(() => Differentiate.Gradient((Func<Tensor<double>, Tensor<double>>)null!, X)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => Differentiate.Gradient(x => x, (Tensor<double>)null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => Differentiate.Gradient(x => null!, X)).Should().Throw<ArgumentNullException>().WithMessage("*result of f*");
        FluentActions.Invoking(() => Differentiate.Vjp(x => x, X, null!)).Should().Throw<ArgumentNullException>();
    }

    [Fact]
    public void An_error_inside_a_function_leaves_no_trace()
    {
        FluentActions.Invoking(() => Differentiate.Gradient(x => throw new InvalidOperationException("mine"), X)).Should().Throw<InvalidOperationException>().WithMessage("mine");
        Context<double>.Current.Tape.Should().BeNull();
        Differentiate.Gradient(x => x.Sum(), X).ToArray().Should().Equal(1, 1, 1);
        Differentiate.Gradient(
            x =>
            {
                FluentActions.Invoking(() => Differentiate.Gradient(y => y, X)).Should().Throw<TensorShapeException>();
                return x.Sum();
            }, X).ToArray().Should().Equal(1, 1, 1);
    }

    [Fact]
    public void Jacobians_and_Hessians_of_several_inputs_take_one_sweep()
    {
        var products = new List<int>();
        var cube = new CustomOperation<double>("Cube", xs => xs[0].Square() * xs[0], (g, xs, _) =>
        {
            products.Add(g.Rank);
            return [g * xs[0].Square() * 3.0];
        }, (ts, xs, _) =>
        {
            products.Add(-ts[0].Rank);
            return ts[0] * xs[0].Square() * 3.0;
        }, batched: true);
        Tensor<double>[] point = [Tensor.Create([1.0, 2]), Tensor.Scalar(3.0), Tensor.Create([0.5, -1, 4])];
        Func<Tensor<double>[], Tensor<double>> f = x => cube.Apply((x[0].Sum() * x[1]) + x[2]);
        Func<Tensor<double>[], Tensor<double>> plain = x => ((x[0].Sum() * x[1]) + x[2]).Pow(3);

        Tensor<double>[] jacobians = Differentiate.Jacobian(f, point);
        products.Should().Equal([2], "one backward sweep with three rows serves the three inputs");
        jacobians.Zip(Differentiate.Jacobian(plain, point)).Should().AllSatisfy(pair => pair.First.ToArray().Should().Equal(pair.Second.ToArray(), (a, b) => Math.Abs(a - b) < 1e-12 * (1 + Math.Abs(b))));

        products.Clear();
        Tensor<double>[][] hessian = Differentiate.Hessian(x => f(x).Square().Sum(), point);
        products.Where(rank => rank < 0).Should().ContainSingle("one forward sweep with six columns serves all blocks");
        Tensor<double>[][] expected = Differentiate.Hessian(x => plain(x).Square().Sum(), point);
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                hessian[i][j].Shape.ToArray().Should().Equal(expected[i][j].Shape.ToArray());
                hessian[i][j].ToArray().Should().Equal(expected[i][j].ToArray(), (a, b) => Math.Abs(a - b) < 1e-11 * (1 + Math.Abs(b)));
            }
        }
    }

    [Fact]
    public void Inputs_without_elements_have_blocks_without_elements()
    {
        Tensor<double> empty = Tensor.Zeros<double>(0), one = Tensor.Create([2.0]);
        Differentiate.Hessian(x => x.Square().Sum(), empty).Shape.ToArray().Should().Equal(0, 0);
        Differentiate.Jacobian(x => x.Square(), empty, new JacobianOptions { Mode = JacobianMode.Forward }).Shape.ToArray().Should().Equal(0, 0);
        Tensor<double>[][] blocks = Differentiate.Hessian(x => x[0].Square().Sum() + x[1].Square().Sum() + x[2].Sum(), [empty, one, empty]);
        blocks[1][1].ToArray().Should().Equal(2.0);
        blocks[0][1].Shape.ToArray().Should().Equal(0, 1);
        blocks[2][0].Shape.ToArray().Should().Equal(0, 0);
        Differentiate.Hessian(x => x[0].Square().Sum() + x[1].Sum(), [empty, empty])[1][0].Shape.ToArray().Should().Equal(0, 0);
    }
}
