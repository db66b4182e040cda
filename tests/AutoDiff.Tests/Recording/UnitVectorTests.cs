namespace AutoDiff.Tests.Recording;

/// <summary>Row i of a Jacobian is the gradient of f_i: the zeros of unit vectors are structural, and whatever stands in the other lanes contributes nothing. All modes agree.</summary>
public class UnitVectorTests
{
    private static readonly JacobianMode[] Modes = [JacobianMode.Auto, JacobianMode.Forward, JacobianMode.Reverse, JacobianMode.Sparse];

    /// <summary>What a row of a Jacobian does not depend on contributes nothing to the derivatives of that row either, however infinite the cotangents of other rows are.</summary>
    [Theory]
    [InlineData(JacobianMode.Forward, false)]
    [InlineData(JacobianMode.Forward, true)]
    [InlineData(JacobianMode.Reverse, false)]
    [InlineData(JacobianMode.Reverse, true)]
    public void Derivatives_of_rows_are_apart(JacobianMode mode, bool compiled)
    {
        var options = new JacobianOptions { Mode = mode };
        Tensor<double> zero = Tensor.Zeros<double>(2), w = Tensor.Create([0.0, 4, 4, 9], 2, 2);
        Func<Tensor<double>, Tensor<double>> roots = w => Differentiate.Gradient(w => Differentiate.Jacobian(x => w.MatMul(x.Sinh()), zero, options).Sqrt().Sum(), w);
        Func<Tensor<double>, Tensor<double>> weighted = w => Differentiate.Gradient(
            w => (Differentiate.Jacobian(x => w.MatMul(x.Sinh()), zero, options) * Tensor.Create([double.PositiveInfinity, 1, 1, 1], 2, 2)).Sum(), w);
        Tensor<double> At(Func<Tensor<double>, Tensor<double>> f) => compiled ? Differentiate.Compile(f, w).Invoke(w) : f(w);
        At(roots).ToArray().Should().Equal(double.PositiveInfinity, 0.25, 0.25, 0.5 / 3);
        At(weighted).ToArray().Should().Equal(double.PositiveInfinity, 1, 1, 1);
    }

    /// <summary>Directions that reach different elements go through a product of small factors together, in a compiled function too.</summary>
    [Fact]
    public void Directions_go_through_small_products_together()
    {
        Tensor<double> x = Tensor.Create([0.5, -1, 2, 0.25, 3, 1], 3, 2);
        CompiledFunction<double> jacobian = Differentiate.Compile(x => Differentiate.Jacobian(x => x.Sin().Transpose().MatMul(x.Exp()), x, new JacobianOptions { Mode = JacobianMode.Forward }), x);
        jacobian.Invoke(x).ToArray().Should().Equal(Differentiate.Jacobian(x => x.Sin().Transpose().MatMul(x.Exp()), x, new JacobianOptions { Mode = JacobianMode.Forward }).ToArray());
        jacobian.Explain().ToString().Split('\n').Count(line => line.Contains("MatMul")).Should().Be(2);
    }

    public static TheoryData<string, Func<Tensor<double>, Tensor<double>>, double[], int[]> Functions => new()
    {
        { "roots", x => x.Sqrt(), [0, 4, 9], [3] },
        { "roots of sums", x => (x[..^1] + x[1..]).Sqrt(), [0, 0, 4, 9], [4] },
        { "more rows than columns", x => Tensor.Concat([x.Sqrt(), x.Log(), x * x]), [0, 4], [2] },
        { "fewer rows than columns", x => x.Sqrt().Reshape(2, 2)[.., 1] * x[..2], [0, 4, 1, 9], [4] },
        { "a product after roots", x => x.Sqrt().MatMul(Tensor.Create([1.0, 2, 0, 3], 2, 2)), [4, 9], [2] },
        { "roots of a product", x => x.MatMul(Tensor.Create([1.0, 0, 1, 0, 1, 1], 2, 3)).Sqrt(), [0, 4], [2] },
        { "roots of a product from the left", x => Tensor.Create([1.0, 0, 0, 1, 1, 1], 3, 2).MatMul(x).Sqrt(), [0, 4], [2] },
        { "a product of a part beside the whole", x => PartBesideWhole(x.Sqrt()), [1, 4, 9, 0], [4] },
        { "rows", x => x.Reshape(2, 2).Norm(2.0, 1).Log(), [0, 0, 3, 4], [4] },
        { "a convolution", x => x.Reshape(1, 1, 4).Conv1D(Tensor.Create([1.0, 0.0], 1, 1, 2)).Sqrt(), [0, 4, 9, 1], [4] },
    };

    [Theory, MemberData(nameof(Functions))]
    public void Rows_are_gradients(string name, Func<Tensor<double>, Tensor<double>> f, double[] point, int[] shape)
    {
        Tensor<double> x = Tensor.Create(point, shape);
        double[] rows = [.. Enumerable.Range(0, f(x).Length).SelectMany(i => Differentiate.Gradient(v => f(v).Flatten()[i], x).ToArray())];
        foreach (JacobianMode mode in Modes)
        {
            double[] jacobian = Differentiate.Jacobian(f, x, new JacobianOptions { Mode = mode }).ToArray();
            Agree(jacobian, rows, $"{name}, {mode}");
        }

        // The same in a recorded sweep.
        using var tape = new Tape<double>();
        Tensor<double> variable = tape.Variable(x);
        Tensor<double> y = f(variable);
        foreach (JacobianMode mode in Modes[1..3])
        {
            Agree(tape.Jacobian(y, variable, new JacobianOptions { Mode = mode }, record: true).ToArray(), rows, $"{name}, {mode}, recorded");
        }

        rows.Should().Contain(g => double.IsFinite(g) && g != 0);
    }

    [Fact]
    public void A_Jacobian_in_chunks_is_the_same()
    {
        Tensor<double> w = Tensor.LinearSpace(-1.0, 1.0, 15).Reshape(5, 3);
        Tensor<double> z = Tensor.LinearSpace(1.0, 2.0, 5);
        Tensor<double> F(Tensor<double> x) => x.Sin() + x.CumSum(0);
        double[] whole = [.. Enumerable.Range(0, 5).SelectMany(i => Differentiate.Gradient(x => F(x)[i], z).ToArray())];
        foreach (JacobianMode mode in Modes[1..3])
        {
            for (int bound = 1; bound < 400; bound += 60)
            {
                Differentiate.Jacobian(z => z.MatMul(w), z, new JacobianOptions { Mode = mode, MemoryBound = bound }).ToArray().Should().Equal(w.Transpose().ToArray());
                Differentiate.Jacobian(z => w.Transpose().MatMul(z), z, new JacobianOptions { Mode = mode, MemoryBound = bound }).ToArray().Should().Equal(w.Transpose().ToArray());
                Differentiate.Jacobian(F, z, new JacobianOptions { Mode = mode, MemoryBound = bound }).ToArray().Should().Equal(whole, "{0} within {1} bytes", mode, bound);
            }
        }
    }

    [Fact]
    public void A_Hessian_at_a_singular_point_is_symmetric()
    {
        Tensor<double> x = Tensor.Create([0.0, 4.0]);
        Func<Tensor<double>, Tensor<double>> f = x => x.Pow(1.5).Sum();
        double inf = double.PositiveInfinity;
        Differentiate.Hessian(f, x).ToArray().Should().Equal(inf, 0, 0, 0.375);
        Differentiate.HessianDiagonal(f, x).ToArray().Should().Equal(inf, 0.375);
        Differentiate.HessianDiagonal(f, x, new JacobianOptions { Mode = JacobianMode.Sparse }).ToArray().Should().Equal(inf, 0.375);
        Differentiate.Jacobian(v => Differentiate.Gradient(f, v), x).ToArray().Should().Equal(inf, 0, 0, 0.375);
    }

    [Fact]
    public void A_sample_at_a_singular_point_leaves_the_others_alone()
    {
        Tensor<double> samples = Tensor.Create([0.0, 0.0, 3.0, 4.0, 1.0, 0.0], 3, 2);
        Tensor<double> w = Tensor.Create([1.0, 1.0]);
        double[] g = Differentiate.PerSampleGradients(w => (samples * w).Norm(0.5, 1).Log(), w).ToArray();
        double[] expected = Differentiate.Gradient(w => (samples[1] * w).Norm(0.5).Log(), w).ToArray();
        g[2..4].Should().Equal(expected);

        double[] infinite = Differentiate.PerSampleGradients(w => Tensor.Create([double.NaN, 1, 2, 3], 2, 2).MatMul(w).Sqrt(), w).ToArray();
        infinite[2..].Should().Equal(Differentiate.Gradient(w => Tensor.Create([2.0, 3]).Dot(w).Sqrt(), w).ToArray());
    }

    [Fact]
    public void A_zero_by_arithmetic_follows_the_standard()
    {
        Tensor<double> x = Tensor.Create([0.0, 4.0]);
        double[] jacobian = Differentiate.Jacobian(x => x.Sqrt().Square(), x).ToArray();
        jacobian.Should().Equal(double.NaN, 0, 0, 1);
    }

    /// <summary>The part reaches the same lanes for all unit vectors, the whole another one for each.</summary>
    private static Tensor<double> PartBesideWhole(Tensor<double> x)
    {
        Tensor<double> product = Tensor.LinearSpace(1.0, 8.0, 8).Reshape(4, 2).MatMul(x[1..][..2].Sin());
        return product + x.Exp();
    }

    private static void Agree(double[] actual, double[] expected, string because)
    {
        actual.Should().HaveSameCount(expected, because);
        for (int i = 0; i < expected.Length; i++)
        {
            Agreement.Within(actual[i], expected[i], 1e-14 * Math.Abs(expected[i])).Should().BeTrue("{0}: element {1} is {2} and should be {3}", because, i, actual[i], expected[i]);
        }
    }
}
