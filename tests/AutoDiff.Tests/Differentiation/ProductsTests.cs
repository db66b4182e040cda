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

    private static readonly Tensor<double> Weights = new RandomKey(3).Normal(4, 4);

    /// <summary>Scalar functions of 40 numbers or more, by what their Hessians look like.</summary>
    private static readonly Dictionary<string, Func<Tensor<double>, Tensor<double>>> Patterns = new()
    {
        ["diagonal"] = x => (x.Sin() * x).Sum(),
        ["chain"] = x => (x[1..] * x[..^1].Exp()).Sum() + x.Square().Square().Sum(),
        ["blocks"] = x => x.Reshape(-1, 4).MatMul(Weights).Tanh().Square().Sum(),
        ["dense"] = x => x.Square().Sum().Square(),
        ["arrow"] = x => (x * x[0]).Square().Sum(),
        ["nothing"] = x => x.Sum(),
        ["singular"] = x => (x * (x > 0.5)).Pow(1.5).Sum() + (x[1..] * x[..^1]).Sum(),
    };

    public static TheoryData<string> PatternNames => new(Patterns.Keys);

    [Theory]
    [MemberData(nameof(PatternNames))]
    public void The_diagonal_by_colors_is_bit_for_bit_the_one_by_unit_vectors(string pattern)
    {
        Func<Tensor<double>, Tensor<double>> f = Patterns[pattern];
        foreach (Tensor<double> x in new[] { new RandomKey(1).Uniform(40), new RandomKey(2).Uniform(8, 25) })
        {
            Func<Tensor<double>, Tensor<double>> flat = z => f(z.Flatten());
            double[] plain = Differentiate.HessianDiagonal(flat, x, new JacobianOptions { Mode = JacobianMode.Forward }).ToArray();
            foreach (JacobianMode mode in new[] { JacobianMode.Auto, JacobianMode.Sparse })
            {
                foreach (long bound in new[] { 1L, 1L << 12, 1L << 26 })
                {
                    Tensor<double> diagonal = Differentiate.HessianDiagonal(flat, x, new JacobianOptions { Mode = mode, MemoryBound = bound });
                    diagonal.Shape.ToArray().Should().Equal(x.Shape.ToArray());
                    diagonal.ToArray().Should().Equal(plain, "{0} within {1} bytes", mode, bound);
                }
            }

            // As one operation of a function that is differentiated again.
            Tensor<double> third = Differentiate.Gradient(z => Differentiate.HessianDiagonal(flat, z, new JacobianOptions { Mode = JacobianMode.Forward }).Sum(), x);
            Differentiate.Gradient(z => Differentiate.Laplacian(flat, z), x).AllClose(third, 1e-12, 1e-12, equalNaN: true).Should().BeTrue();
        }
    }

    [Theory]
    [InlineData("diagonal", 1)]
    [InlineData("chain", 2)]
    [InlineData("blocks", 4)]
    public void The_diagonal_takes_as_many_vectors_as_variables_that_meet(string pattern, int vectors)
    {
        int most = 0;
        var counted = new CustomOperation<double>("Counted", xs => xs[0] * 1.0, vjp: (g, _, _) => [g], jvp: (ts, _, _) =>
        {
            most = Math.Max(most, ts[0].Rank == 1 ? 1 : ts[0].Shape[0]);
            return ts[0];
        }, batched: true, axes: _ => [0]);
        Differentiate.HessianDiagonal(x => Patterns[pattern](counted.Apply(x)), new RandomKey(1).Uniform(400));
        most.Should().Be(vectors);
    }

    [Fact]
    public void The_divergence_takes_colors_too_where_the_pattern_is_not_symmetric()
    {
        Tensor<double> x = new RandomKey(5).Uniform(100);
        Tensor<double> field(Tensor<double> z) => z * z.Roll(1, 0) * z.Roll(2, 0).Exp();
        Tensor<double> jacobian = Differentiate.Jacobian(field, x);
        Differentiate.Divergence(field, x).ToScalar().Should().BeApproximately(jacobian.Trace().ToScalar(), 1e-12);
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
    public void The_Jacobian_of_a_matrix_times_a_vector_is_the_matrix_bit_by_bit_whatever_is_in_it_but_for_the_sign_of_a_zero(JacobianMode mode)
    {
        Tensor<double> a = Tensor.Create([double.PositiveInfinity, 1.5, -0.0, double.NaN, 2.0, 3e-310]).Reshape(3, 2);
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([1.0, 2.0]));

        Tensor<double> jacobian = tape.Jacobian(a.MatMul(x), x, new JacobianOptions { Mode = mode });

        jacobian.ToArray().Select(BitConverter.DoubleToInt64Bits).Should().Equal(a.ToArray().Select(value => BitConverter.DoubleToInt64Bits(value + 0.0)));
        double.IsNegative(a.At(1, 0)).Should().BeTrue("the matrix stays as it is");
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
    public void The_diagonal_of_a_sparse_Hessian_takes_a_vector_for_each_color()
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
        columns.Should().BeLessThan(12, "a tridiagonal Hessian has two or three colors");
        Tensor<double> full = Differentiate.Hessian(chained, x);
        for (int i = 0; i < x.Length; i++)
        {
            diagonal[i].ToScalar().Should().BeApproximately(full[i, i].ToScalar(), 1e-12);
        }

        // Every column meets every other one: as many colors as columns, so the plain way is taken.
        Tensor<double> y = new RandomKey(9).Normal<double>(40);
        Tensor<double> dense = Differentiate.HessianDiagonal(v => v.Sum().Pow(4) + v.Square().Sum(), y);
        dense.ToArray().Should().Equal(Enumerable.Repeat((12 * y.Sum().Square().ToScalar()) + 2, 40), (a, b) => Math.Abs(a - b) < 1e-9 * (1 + Math.Abs(b)));
    }
}
