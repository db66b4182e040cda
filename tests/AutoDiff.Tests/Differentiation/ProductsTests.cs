namespace AutoDiff.Tests.Differentiation;

public class ProductsTests
{
    private static readonly Tensor<double> X = Tensor.Create([0.3, -0.8, 1.1, 0.5]);

    private static Tensor<double> F(Tensor<double> x) => ((x * x.Flip()).Sin() * x.Exp()).Sum();

    [Fact]
    public void Diagonal_and_trace_are_those_of_the_Hessian()
    {
        Tensor<double> hessian = Differentiate.Hessian(F, X);
        foreach (JacobianMode mode in new[] { JacobianMode.Auto, JacobianMode.Sparse })
        {
            // One vector at a time, and all at once.
            foreach (long bound in new[] { 1L, 1L << 20 })
            {
                Tensor<double> diagonal = Differentiate.HessianDiagonal(F, X, new JacobianOptions { Mode = mode, MemoryBound = bound });
                for (int i = 0; i < 4; i++)
                {
                    diagonal.At(i).Should().BeApproximately(hessian.At(i, i), 1e-14);
                }
            }
        }

        Differentiate.Laplacian(F, X).ToScalar().Should().BeApproximately(Enumerable.Range(0, 4).Sum(i => hessian.At(i, i)), 1e-13);
    }

    [Fact]
    public void The_divergence_is_the_trace_of_the_Jacobian()
    {
        Tensor<double> jacobian = Differentiate.Jacobian(x => x * x.Sum(), X);
        Differentiate.Divergence(x => x * x.Sum(), X).ToScalar().Should().BeApproximately(Enumerable.Range(0, 4).Sum(i => jacobian.At(i, i)), 1e-13);
        Action wrong = () => Differentiate.Divergence(x => x.Sum(), X);
        wrong.Should().Throw<TensorShapeException>().WithMessage("Divergence:*");
    }

    [Fact]
    public void Gradients_of_samples_are_the_rows_of_the_Jacobian()
    {
        Tensor<double> data = Tensor.Create([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3], 3, 4);
        Tensor<double> Losses(Tensor<double> w) => (data.MatMul(w) - 1.0).Square();
        Tensor<double> rows = Differentiate.PerSampleGradients(Losses, X);
        for (int i = 0; i < 3; i++)
        {
            Tensor<double> own = Differentiate.Gradient(w => Losses(w)[i], X);
            (rows[i] - own).Norm().ToScalar().Should().BeLessThan(1e-12);
        }

        Action wrong = () => Differentiate.PerSampleGradients(w => Losses(w).Sum(), X);
        wrong.Should().Throw<TensorShapeException>();
    }

    [Fact]
    public void The_Gauss_Newton_product_leaves_out_the_curvature_of_the_model()
    {
        Tensor<double> Model(Tensor<double> x) => Tensor.Stack([x[0] * x[1], x[2].Sin(), x[3].Exp() * x[0]]);
        Tensor<double> Loss(Tensor<double> y) => y.Pow(4.0).Sum();
        Tensor<double> v = Tensor.Create([1.0, -0.5, 0.25, 2.0]);
        Tensor<double> j = Differentiate.Jacobian(Model, X);
        Tensor<double> h = Differentiate.Hessian(Loss, Model(X));
        Tensor<double> expected = j.Transpose().MatMul(h.MatMul(j.MatMul(v)));
        (Differentiate.GaussNewtonProduct(Model, Loss, X, v) - expected).Norm().ToScalar().Should().BeLessThan(1e-13);
    }

    [Fact]
    public void Value_and_Jacobian_come_together()
    {
        (Tensor<double> value, Tensor<double> jacobian) = Differentiate.ValueAndJacobian(x => x.Square(), X);
        value.ToArray().Should().Equal(X.Square().ToArray());
        jacobian.Tape.Should().BeNull();
        jacobian.ToArray().Should().Equal(Differentiate.Jacobian(x => x.Square(), X).ToArray());
    }

    [Theory]
    [InlineData(JacobianMode.Forward)]
    [InlineData(JacobianMode.Reverse)]
    public void The_Jacobian_of_a_matrix_times_a_vector_is_the_matrix_bit_by_bit_whatever_is_in_it(JacobianMode mode)
    {
        Tensor<double> a = Tensor.Create([double.PositiveInfinity, 1.5, -0.0, double.NaN, 2.0, 3e-310]).Reshape(3, 2);
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([1.0, 2.0]));

        Tensor<double> jacobian = tape.Jacobian(a.MatMul(x), x, new JacobianOptions { Mode = mode });

        jacobian.ToArray().Select(BitConverter.DoubleToInt64Bits).Should().Equal(a.ToArray().Select(BitConverter.DoubleToInt64Bits));
    }

    [Fact]
    public void The_Jacobian_of_a_product_can_be_differentiated_by_the_matrix()
    {
        Tensor<double> x = Tensor.Create([1.0, 2.0]);
        Tensor<double> a = Tensor.Create([0.5, -1.0, 0.25, 2.0]).Reshape(2, 2);

        // J = diag(cos(A x)) A, so the sum of its elements changes with A_ij by cos(y_i) - sin(y_i) x_j Σ_k A_ik.
        Tensor<double> gradient = Differentiate.Gradient(a => Differentiate.Jacobian(x => a.MatMul(x).Sin(), x).Sum(), a);

        Tensor<double> y = a.MatMul(x);
        Tensor<double> expected = y.Cos().ExpandDims(1) - (y.Sin() * a.Sum(1)).Outer(x);
        gradient.ToArray().Should().Equal(expected.ToArray(), (actual, wanted) => Math.Abs(actual - wanted) < 1e-14);
    }

    [Fact]
    public void The_diagonal_of_a_sparse_Hessian_takes_a_vector_for_each_colour()
    {
        int columns = 0;
        var sine = new CustomOperation<double>("Sine", xs => xs[0].Sin(), (g, xs, _) => [g * xs[0].Cos()], (ts, xs, _) =>
        {
            columns += ts[0].Rank > 1 ? ts[0].Shape[0] : 1;
            return ts[0] * xs[0].Cos();
        }, batched: true, axes: _ => [0]);
        Func<Tensor<double>, Tensor<double>> chained = x => (sine.Apply(x)[1..] - x[..^1].Square()).Square().Sum();
        Tensor<double> x = new RandomKey(8).Normal<double>(200);
        Tensor<double> diagonal = Differentiate.HessianDiagonal(chained, x);
        columns.Should().BeLessThan(12, "a tridiagonal Hessian has two or three colours");
        Tensor<double> full = Differentiate.Hessian(chained, x);
        for (int i = 0; i < x.Length; i++)
        {
            diagonal[i].ToScalar().Should().BeApproximately(full[i, i].ToScalar(), 1e-12);
        }

        // Every column meets every other one: as many colours as columns, so the plain way is taken.
        Tensor<double> y = new RandomKey(9).Normal<double>(40);
        Tensor<double> dense = Differentiate.HessianDiagonal(v => v.Sum().Pow(4) + v.Square().Sum(), y);
        dense.ToArray().Should().Equal(Enumerable.Repeat((12 * y.Sum().Square().ToScalar()) + 2, 40), (a, b) => Math.Abs(a - b) < 1e-9 * (1 + Math.Abs(b)));
    }
}
