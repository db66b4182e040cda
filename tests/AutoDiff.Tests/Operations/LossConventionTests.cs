namespace AutoDiff.Tests.Operations;

/// <summary>Losses of nothing, of samples that are left out, and of targets that cannot be.</summary>
public class LossConventionTests
{
    private static readonly Tensor<double> Nothing = Tensor.Zeros<double>(0);

    [Fact]
    public void The_mean_of_nothing_is_NaN_and_the_sum_is_0()
    {
        Loss.MeanSquaredError(Nothing, Nothing).ToScalar().Should().Be(double.NaN);
        Loss.MeanSquaredError(Nothing, Nothing, Reduction.Sum).ToScalar().Should().Be(0);
        Loss.CrossEntropy(Tensor.Zeros<double>(0, 3), ReadOnlySpan<int>.Empty).ToScalar().Should().Be(double.NaN);
        Loss.NegativeLogLikelihood(Tensor.Zeros<double>(0, 3), []).ToScalar().Should().Be(double.NaN);
    }

    [Fact]
    public void With_all_samples_left_out_the_mean_is_NaN_and_its_gradient_0()
    {
        Tensor<double> x = Tensor.Create([0.0, 1, double.NegativeInfinity, double.NegativeInfinity], 2, 2);
        foreach (Func<Tensor<double>, Tensor<double>> loss in new Func<Tensor<double>, Tensor<double>>[] { x => Loss.CrossEntropy(x, [-100, -100], ignoreIndex: -100), x => Loss.NegativeLogLikelihood(x, [-100, -100], ignoreIndex: -100) })
        {
            (Tensor<double> value, Tensor<double> gradient) = Differentiate.ValueAndGradient(loss, x);
            value.ToScalar().Should().Be(double.NaN);
            gradient.ToArray().Should().Equal(0, 0, 0, 0);
        }
    }

    [Fact]
    public void A_sample_that_is_left_out_has_no_part_in_the_derivative_whatever_its_scores()
    {
        Tensor<double> x = Tensor.Create([0.0, 0, double.NaN, double.NegativeInfinity], 2, 2);
        Differentiate.Gradient(x => Loss.CrossEntropy(x, [0, -100], ignoreIndex: -100), x).ToArray().Should().Equal(-0.5, 0.5, 0, 0);
    }

    [Fact]
    public void Weights_enter_the_mean_of_the_cross_entropy()
    {
        Tensor<double> x = Tensor.Create([0.0, 1, 2, 0], 2, 2);
        (Tensor<double> value, Tensor<double> gradient) = Differentiate.ValueAndGradient(x => Loss.CrossEntropy(x, [1, 0], Tensor.Create([1.0, 3])), x);
        value.ToScalar().Should().BeApproximately(0.26667826839941033, 1e-15);
        double[] expected = [0.20170606602749633, -0.20170606602749633, -0.02980073050552942, 0.029800730505529383];
        gradient.ToArray().Zip(expected, (a, b) => Math.Abs(a - b)).Max().Should().BeLessThan(1e-15);
    }

    [Fact]
    public void A_target_that_cannot_be_spelled_costs_infinitely_much_or_nothing()
    {
        // Two equal symbols need a blank between them: three steps.
        Tensor<double> x = Tensor.Create([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], 2, 1, 3);
        (Tensor<double> value, Tensor<double> gradient) = Differentiate.ValueAndGradient(x => Loss.Ctc(x.LogSoftmax(-1), [1, 1], [2]), x);
        value.ToScalar().Should().Be(double.PositiveInfinity);
        gradient.ToArray().Should().OnlyContain(g => g == 0);
        (value, gradient) = Differentiate.ValueAndGradient(x => Loss.Ctc(x.LogSoftmax(-1), [1, 1], [2], zeroInfinity: true), x);
        value.ToScalar().Should().Be(0);
        gradient.ToArray().Should().OnlyContain(g => g == 0);
    }

    [Fact]
    public void The_empty_target_is_spelled_by_blanks()
    {
        Tensor<double> x = Tensor.Create([-0.5, -1, -2, -0.25, -1, -3], 2, 1, 3);
        Loss.Ctc(x, [], [0]).ToScalar().Should().BeApproximately(0.75, 1e-15);
    }

    [Fact]
    public void A_margin_that_is_just_kept_and_a_zero_vector_have_the_derivative_0()
    {
        Tensor<double> zero = Tensor.Zeros<double>(1, 3);
        Differentiate.Gradient(x => Loss.CosineEmbedding(x, Tensor.Ones<double>(1, 3), Tensor.Create([1.0])), zero).ToArray().Should().Equal(0, 0, 0);
        Differentiate.Gradient(x => Loss.TripletMargin(x, zero, Tensor.Ones<double>(1, 3), eps: 0.0, margin: Math.Sqrt(3)), zero).ToArray().Should().Equal(0, 0, 0);
        Differentiate.Gradient(x => Loss.MultiMargin(x, [0]), Tensor.Create([1.0, 0])).ToArray().Should().Equal(0, 0);
        Differentiate.Gradient(x => Loss.MultiLabelMargin(x, [0, -1]), Tensor.Create([1.0, 0])).ToArray().Should().Equal(0, 0);
        Differentiate.Gradient(x => Loss.Huber(x, Tensor.Zeros<double>(2)), Tensor.Create([1.0, 0])).ToArray().Should().Equal(0.5, 0);
    }

    [Fact]
    public void LogSumExp_of_nothing_but_minus_infinity_has_second_derivatives_0()
    {
        Tensor<double> x = Tensor.Create([double.NegativeInfinity, double.NegativeInfinity, 1, 1], 2, 2);
        double[] hessian = Differentiate.Hessian(x => x.LogSumExp(1).Sum(), x).ToArray();
        hessian.Should().Equal(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.25, -0.25, 0, 0, -0.25, 0.25);
    }
}
