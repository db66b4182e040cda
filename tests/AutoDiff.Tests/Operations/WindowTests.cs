using AutoDiff.Kernels;

namespace AutoDiff.Tests.Operations;

/// <summary>What the operation table does not show of windows: long inputs in blocks, threads, places, and structural zeros.</summary>
public class WindowTests
{
    private static Tensor<double> Random(int seed, params int[] shape)
    {
        var random = new Random(seed);
        return Tensor.Create<double>(Enumerable.Range(0, Plain.Count(shape)).Select(_ => random.NextDouble() - 0.5).ToArray(), shape);
    }

    [Fact]
    public void A_convolution_in_several_blocks_is_that_of_plain_loops()
    {
        // 40 channels of 9 places by 48 columns of a row: a block holds a few rows only.
        Tensor<double> x = Random(1, 1, 40, 30, 48);
        Tensor<double> w = Random(2, 3, 40, 3, 3);
        Tensor<double> u = Random(3, 1, 3, 30, 48);
        Plain expected = PlainWindows.Convolve(2, padding: [1])([new(x.ToArray(), [1, 40, 30, 48]), new(w.ToArray(), [3, 40, 3, 3])]);
        Tensor<double> y = x.Conv2D(w, padding: 1);
        (y - Tensor.Create<double>(expected.Values, expected.Shape)).Norm().ToScalar().Should().BeLessThan(1e-11);

        // The form is trilinear: all three contractions give the same number.
        Tensor<double>[] gradients = Differentiate.Vjp(xs => xs[0].Conv2D(xs[1], padding: 1), [x, w], u);
        double value = (y * u).Sum().ToScalar();
        (gradients[0] * x).Sum().ToScalar().Should().BeApproximately(value, 1e-9);
        (gradients[1] * w).Sum().ToScalar().Should().BeApproximately(value, 1e-9);
        Tensor<double> transposed = PlainGradient(w, u, x.Shape.ToArray());
        (gradients[0] - transposed).Norm().ToScalar().Should().BeLessThan(1e-11);
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        Tensor<double> x = Random(1, 8, 16, 20, 20);
        Tensor<double> w = Random(2, 24, 16, 3, 3);
        Tensor<double> q = Random(3, 6, 150, 32);
        int before = Threading.MaxThreads;
        try
        {
            List<double[]> results = [];
            foreach (int threads in (int[])[1, 3])
            {
                Threading.MaxThreads = threads;
                (Tensor<double> value, Tensor<double>[] gradients) = Differentiate.ValueAndGradient(xs => xs[0].Conv2D(xs[1], padding: 1).Square().Sum(), [x, w]);
                (Tensor<double> attended, Tensor<double> ofQ) = Differentiate.ValueAndGradient(q => q.ScaledDotProductAttention(q, q).Square().Sum(), q);
                Tensor<double> rows = x.Reshape(80, 640);
                double[] ofRows = [.. Differentiate.Gradient(x => (x.Softmax(-1) * x.LogSoftmax(-1) * x.LayerNorm()).Sum(), rows).ToArray()];
                results.Add([.. value.ToArray(), .. gradients[0].ToArray(), .. gradients[1].ToArray(), .. attended.ToArray(), .. ofQ.ToArray(), .. ofRows]);
            }

            results[1].Should().Equal(results[0]);
        }
        finally
        {
            Threading.MaxThreads = before;
        }
    }

    [Fact]
    public void Pooling_returns_the_first_place_of_each_maximum()
    {
        Tensor<double> x = Tensor.Create([1.0, 3, 3, 2, 0, double.NaN, double.NaN, 1], 1, 2, 4);
        (Tensor<double> values, int[] indices) = x.MaxPool1DWithIndices(3, stride: 1);
        values.ToArray().Should().Equal(3, 3, double.NaN, double.NaN);
        indices.Should().Equal(1, 1, 1, 1);
        Tensor<double> y = Tensor.Create([1.0, 2, 3, 4, 5, 9, 7, 8, 6], 1, 3, 3);
        (values, indices) = y.AdaptiveMaxPool2DWithIndices(2);
        indices.Should().Equal(4, 5, 7, 5);
        values.MaxUnpool(indices, [3, 3]).ToArray().Should().Equal(0, 0, 0, 0, 5, 9, 0, 8, 0);
    }

    [Fact]
    public void Places_that_no_window_and_no_weight_reaches_are_structural_zeros()
    {
        Tensor<double> x = Tensor.Create([0.0, 4, 0, 9, 0], 1, 1, 5);
        Differentiate.Gradient(x => x.Sqrt()[.., .., 1..].Unfold(1, stride: 2).Sum(), x).ToArray().Should().Equal(0, 0.25, 0, 1 / 6.0, 0);
        Differentiate.Gradient(x => x.Sqrt()[.., .., 1..4].AvgPool1D(1, stride: 2).Sum(), x).ToArray().Should().Equal(0, 0.25, 0, 1 / 6.0, 0);
        Differentiate.Gradient(x => x.Sqrt()[.., .., 1..4].Interpolate([2], Interpolation.Linear, alignCorners: true).Sum(), x).ToArray().Should().Equal(0, 0.25, 0, 1 / 6.0, 0);
    }

    [Fact]
    public void Standardizing_huge_and_tiny_rows_neither_overflows_nor_vanishes()
    {
        Tensor<double> row = Tensor.Create([1.0, 2, 4]);
        double[] expected = row.LayerNorm(epsilon: 0).ToArray();
        foreach (double scale in (double[])[Math.ScaleB(1, 900), Math.ScaleB(1, -900)])
        {
            double[] scaled = (row * scale).LayerNorm(epsilon: 0).ToArray();
            for (int i = 0; i < 3; i++)
            {
                scaled[i].Should().BeApproximately(expected[i], 1e-14);
            }
        }

        Differentiate.Gradient(x => x.LayerNorm(epsilon: 0).Norm(), Tensor.Create([3.0, 3])).ToArray().Should().Equal(0, 0);
    }

    private static Tensor<double> PlainGradient(Tensor<double> w, Tensor<double> u, int[] shape)
    {
        Plain x = PlainWindows.ConvolveTransposed(2, padding: [1])([new(u.ToArray(), u.Shape.ToArray()), new(w.ToArray(), w.Shape.ToArray())]);
        return Tensor.Create<double>(x.Values, shape);
    }
}
