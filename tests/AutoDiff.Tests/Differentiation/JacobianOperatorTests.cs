namespace AutoDiff.Tests.Differentiation;

public class JacobianOperatorTests
{
    private static readonly Func<Tensor<double>, Tensor<double>> F = x => Tensor.Concat([x.Sin(), (x[0] * x[1]).Reshape(1)]);
    private static readonly Func<Tensor<double>, Tensor<double>> G = y => (y.Reshape(2, 2).MatMul(y.Reshape(2, 2).Transpose()).Exp() * 0.5)[0];

    [Fact]
    public void Composition_is_the_chain_rule()
    {
        Tensor<double> x = Tensor.Create([0.3, -0.2, 0.7]);
        using JacobianOperator<double> f = JacobianOperator<double>.Create(F, x);
        using JacobianOperator<double> g = JacobianOperator<double>.Create(G, f.Value);
        LinearOperator<double> chain = g * f;
        Tensor<double> expected = Differentiate.Jacobian(x => G(F(x)), x);
        (chain.Rows, chain.Columns).Should().Be((2, 3));
        SparseJacobianTests.Near(chain.ToMatrix(), expected);
        SparseJacobianTests.Near(g.ToMatrix().MatMul(f.ToMatrix()), expected);
        SparseJacobianTests.Near(chain.Transpose().ToMatrix(), expected.Transpose());
        chain.Transpose().Transpose().Should().BeSameAs(chain);

        Tensor<double> v = Tensor.Create([1.0, -2, 0.5]);
        Tensor<double> u = Tensor.Create([0.4, -0.6]);
        SparseJacobianTests.Near(chain.Apply(v), expected.MatMul(v));
        SparseJacobianTests.Near(chain.ApplyTransposed(u), u.MatMul(expected));
        chain.Apply(v).Dot(u).ToScalar().Should().BeApproximately(v.Dot(chain.ApplyTransposed(u)).ToScalar(), 1e-14);
    }

    [Fact]
    public void Vectors_may_come_in_batches()
    {
        using JacobianOperator<double> f = JacobianOperator<double>.Create(x => x.Square().Sum(1), Tensor.Create([1.0, 2, 3, 4], 2, 2));
        f.Apply(Tensor.Ones<double>(5, 2, 2)).Shape.ToArray().Should().Equal(5, 2);
        f.ToMatrix().ToArray().Should().Equal(2, 4, 0, 0, 0, 0, 6, 8);
        f.InvokingOperator(o => o.Apply(Tensor.Ones<double>(3))).Should().Throw<TensorShapeException>().WithMessage("Apply*3*2, 2*");
        f.InvokingOperator(o => o.ApplyTransposed(Tensor.Ones<double>(3))).Should().Throw<TensorShapeException>();
    }

    /// <summary>A product is linear in its vector: the derivative by it is the matrix, in both modes, for batches and composed operators, and a gradient does not come out as 0.</summary>
    [Fact]
    public void Derivatives_flow_to_the_vector_of_a_product()
    {
        using var a = JacobianOperator<double>.Create(x => x.Exp().CumSum(0)[..2] * x[0], Tensor.Create([0.3, -0.6, 1.1]));
        Tensor<double> matrix = a.ToMatrix();
        Tensor<double> v = Tensor.Create([1.0, 2.0, -0.5]);
        Tensor<double> u = Tensor.Create([0.5, -2.0]);
        foreach (JacobianMode mode in Enum.GetValues<JacobianMode>().Where(static mode => mode != JacobianMode.Sparse))
        {
            Differentiate.Jacobian(a.Apply, v, new() { Mode = mode }).ToArray().Should().Equal(matrix.ToArray());
            Differentiate.Jacobian(a.ApplyTransposed, u, new() { Mode = mode }).ToArray().Should().Equal(matrix.Transpose().ToArray());
        }

        Tensor<double> batch = new RandomKey(1).Normal(4, 3);
        Tensor<double> g = new RandomKey(2).Normal(4, 2);
        (Differentiate.Vjp(a.Apply, batch, g) - g.MatMul(matrix)).Abs().Max().ToScalar().Should().BeLessThan(1e-14);
        Tensor<double> hessian = Differentiate.Hessian(x => (a.Transpose() * a).Apply(x).Dot(x), v);
        (hessian - (2 * matrix.Transpose().MatMul(matrix))).Abs().Max().ToScalar().Should().BeLessThan(1e-13);
    }

    [Fact]
    public void Operators_that_do_not_chain()
    {
        using JacobianOperator<double> f = JacobianOperator<double>.Create(F, Tensor.Ones<double>(3));
        FluentActions.Invoking(() => f * f).Should().Throw<TensorShapeException>().WithMessage("Compose*4*3*");
    }

    [Fact]
    public void Of_a_constant_it_is_zero()
    {
        using JacobianOperator<double> f = JacobianOperator<double>.Create(_ => Tensor.Create([1.0, 2]), Tensor.Ones<double>(3));
        f.Value.ToArray().Should().Equal(1, 2);
        f.ToMatrix().ToArray().Should().OnlyContain(value => value == 0).And.HaveCount(6);
    }

    [Fact]
    public void Several_threads_may_share_it()
    {
        Tensor<double> x = Tensor.LinearSpace(-1.0, 1.0, 40);
        using JacobianOperator<double> f = JacobianOperator<double>.Create(x => (x.Outer(x) * 0.3).Sin().Sum(1), x);
        double[] expected = f.Apply(x).ToArray();
        Parallel.For(0, 50, _ => f.Apply(x).ToArray().Should().Equal(expected));
    }

    [Fact]
    public void Compositions_may_be_as_long_as_a_program_likes()
    {
        LinearOperator<double> left = new Times(2, 0), right = new Times(2, 0);
        for (int i = 1; i < 20_000; i++)
        {
            left *= new Times(i % 2 == 0 ? 2 : 0.5, i);
            right = new Times(i % 2 == 0 ? 2 : 0.5, i) * right.Transpose().Transpose();
        }

        Tensor<double> v = Tensor.Scalar(3.0);
        left.Apply(v).ToScalar().Should().Be(3);
        left.ApplyTransposed(v).ToScalar().Should().Be(3);
        right.Apply(v).ToScalar().Should().Be(3);
        right.Transpose().Apply(v).ToScalar().Should().Be(3);

        // First the inner one: x + 1, then 2 x.
        (new Times(2, 0) * new Shift()).Apply(v).ToScalar().Should().Be(8);
        (new Times(2, 0) * new Shift()).Transpose().Apply(v).ToScalar().Should().Be(7);
    }

    private sealed class Times(double factor, int number) : LinearOperator<double>([], [])
    {
        public int Number => number;

        public override Tensor<double> Apply(Tensor<double> v) => v * factor;

        public override Tensor<double> ApplyTransposed(Tensor<double> u) => u * factor;
    }

    /// <summary>No linear map: it tells in which order maps are applied.</summary>
    private sealed class Shift() : LinearOperator<double>([], [])
    {
        public override Tensor<double> Apply(Tensor<double> v) => v + 1.0;

        public override Tensor<double> ApplyTransposed(Tensor<double> u) => u + 1.0;
    }
}

internal static class OperatorAssertions
{
    public static Action InvokingOperator(this JacobianOperator<double> jacobian, Func<JacobianOperator<double>, Tensor<double>> call) => () => call(jacobian);
}
