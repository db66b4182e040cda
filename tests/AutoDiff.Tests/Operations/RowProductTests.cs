namespace AutoDiff.Tests.Operations;

/// <summary>Products with Jacobians that are fused operations, on operands of several blocks, against the compositions that they stand for.</summary>
public class RowProductTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Attention_of_several_blocks_has_the_gradients_of_its_composition(bool causal, bool biased)
    {
        Tensor<double> q = Numbers(1, 2, 150, 5), k = Numbers(2, 2, 140, 5), v = Numbers(3, 2, 140, 4), bias = Numbers(4, 150, 140), g = Numbers(5, 2, 150, 4);
        Tensor<double> mask = causal ? Tensor.Create<double>([.. Enumerable.Range(0, 150 * 140).Select(i => i % 140 <= i / 140 ? 1.0 : 0.0)], [150, 140]) : Tensor.Ones<double>(150, 140);
        Tensor<double>[] fused = Gradients(x => x[0].ScaledDotProductAttention(x[1], x[2], bias: biased ? x[3] : null, causal: causal) * g + (0.0 * x[3].Sum()), q, k, v, bias);
        Tensor<double>[] composed = Gradients(x =>
        {
            Tensor<double> scores = (x[0].MatMul(x[1].Transpose()) / Math.Sqrt(5)) + (biased ? x[3] : 0.0 * x[3]);
            return Tensor.Where(mask, scores, double.NegativeInfinity).Softmax(-1).MatMul(x[2]) * g;
        }, q, k, v, bias);
        for (int i = 0; i < fused.Length; i++)
        {
            Close(fused[i], composed[i]);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Standardized_rows_have_the_gradient_of_their_composition(bool centered)
    {
        Tensor<double> x = Numbers(6, 37, 19), g = Numbers(7, 37, 19);
        Tensor<double> fused = Gradients(x => (centered ? x[0].LayerNorm(epsilon: 0.01) : x[0].RmsNorm(epsilon: 0.01)) * g, x)[0];
        Tensor<double> composed = Gradients(x =>
        {
            Tensor<double> d = centered ? x[0] - x[0].Mean([-1], keepDims: true) : x[0];
            return d / (d.Square().Mean([-1], keepDims: true) + 0.01).Sqrt() * g;
        }, x)[0];
        Close(fused, composed);
    }

    [Fact]
    public void Softmax_and_its_logarithm_have_the_gradients_of_their_compositions()
    {
        Tensor<double> x = Numbers(8, 41, 23), g = Numbers(9, 41, 23);
        Close(Gradients(x => x[0].Softmax(-1) * g, x)[0], Gradients(x => x[0].Exp() / x[0].Exp().Sum([-1], keepDims: true) * g, x)[0]);
        Close(Gradients(x => x[0].LogSoftmax(-1) * g, x)[0], Gradients(x => (x[0] - x[0].Exp().Sum([-1], keepDims: true).Log()) * g, x)[0]);
    }

    private static Tensor<double>[] Gradients(Func<Tensor<double>[], Tensor<double>> f, params ReadOnlySpan<Tensor<double>> xs)
    {
        using var tape = new Tape<double>();
        var variables = new Tensor<double>[xs.Length];
        for (int i = 0; i < xs.Length; i++)
        {
            variables[i] = tape.Variable(xs[i]);
        }

        return tape.Gradient(f(variables).Sum(), variables);
    }

    private static void Close(Tensor<double> actual, Tensor<double> expected)
    {
        actual.Shape.ToArray().Should().Equal(expected.Shape.ToArray());
        double[] x = actual.ToArray(), y = expected.ToArray();
        double largest = y.Max(Math.Abs);
        for (int i = 0; i < x.Length; i++)
        {
            Agreement.Within(x[i], y[i], 1e-12 * largest).Should().BeTrue("element {0} is close to {1}, not {2}", i, y[i], x[i]);
        }
    }

    private static Tensor<double> Numbers(int seed, params int[] shape)
    {
        Random random = new(seed);
        return Tensor.Create<double>([.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => (2 * random.NextDouble()) - 1)], shape);
    }
}
