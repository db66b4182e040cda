namespace AutoDiff.Tests.Operations;

public class SobolSequenceTests
{
    [Fact]
    public void The_first_points_are_those_that_Joe_and_Kuo_print()
    {
        double[] expected =
        [
            0, 0, 0, 0.5, 0.5, 0.5, 0.75, 0.25, 0.25, 0.25, 0.75, 0.75, 0.375, 0.375, 0.625, 0.875, 0.875, 0.125, 0.625, 0.125, 0.875, 0.125, 0.625, 0.375,
        ];
        new SobolSequence(3).Points(8).ToArray().Should().Equal(expected);
        new SobolSequence(3).Points<float>(8).ToArray().Should().Equal(expected.Select(x => (float)x));
        new SobolSequence(3).Points(3, start: 5).ToArray().Should().Equal(expected[15..]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Each_binary_interval_of_each_of_all_coordinates_is_hit_once(bool scrambled)
    {
        const int N = 256;
        Tensor<double> points = new SobolSequence(SobolSequence.MaxDimension, scrambled ? new RandomKey(7) : null).Points(N);
        for (int d = 0; d < SobolSequence.MaxDimension; d++)
        {
            points[.., d].ToArray().Select(x => (int)(x * N)).Distinct().Should().HaveCount(N, "of coordinate {0}", d);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_first_two_coordinates_hit_every_elementary_interval_once(bool scrambled)
    {
        // They are a (0, 2)-sequence: every box 2^-j by 2^-(k - j) has one of 2^k points, from any multiple of 2^k on.
        const int K = 8;
        double[] points = new SobolSequence(2, scrambled ? new RandomKey(3) : null).Points(1 << K, start: 5 << K).ToArray();
        for (int j = 0; j <= K; j++)
        {
            Enumerable.Range(0, 1 << K).Select(i => ((int)(points[2 * i] * (1 << j)), (int)(points[(2 * i) + 1] * (1 << (K - j))))).Distinct().Should().HaveCount(1 << K);
        }
    }

    [Fact]
    public void Means_of_smooth_functions_are_off_by_far_less_than_those_of_random_points()
    {
        // ∫ Π (1 + (x_i - 1/2) / (i + 1)²) = 1.
        Tensor<double> weights = Tensor.Create([.. Enumerable.Range(1, 50).Select(i => 1.0 / (i * i))]);
        double mean(Tensor<double> x) => (((x - 0.5) * weights) + 1.0).Prod(1).Mean().ToScalar();
        Math.Abs(mean(new SobolSequence(50).Points(1 << 12)) - 1).Should().BeLessThan(1e-3);
        double[] scrambled = [.. Enumerable.Range(0, 16).Select(k => mean(new SobolSequence(50, new RandomKey((ulong)k)).Points(1 << 12)) - 1)];
        double[] random = [.. Enumerable.Range(0, 16).Select(k => mean(new RandomKey((ulong)k).Uniform(1 << 12, 50)) - 1)];
        Deviation(scrambled).Should().BeLessThan(Deviation(random) / 4);

        static double Deviation(double[] errors) => Math.Sqrt(errors.Average(e => e * e));
    }

    [Fact]
    public void A_key_always_gives_the_same_points_and_another_one_others()
    {
        Tensor<double> points(ulong seed) => new SobolSequence(4, new RandomKey(seed)).Points(16);
        points(1).ToArray().Should().Equal(points(1).ToArray());
        points(1).ToArray().Should().NotEqual(points(2).ToArray());
        Tensor<float> singles = new SobolSequence(4, new RandomKey(1)).Points<float>(1 << 12);
        singles.ToArray().Should().OnlyContain(x => x > 0 && x < 1);
        points(3).ToArray().Should().OnlyContain(x => x > 0 && x < 1);
    }

    [Fact]
    public void Quantiles_of_points_carry_derivatives()
    {
        // E max(S e^(σ z - σ²/2) - K, 0) and its derivative by S (Black and Scholes 1973, no interest, one year).
        const double K = 100, Sigma = 0.2;
        Tensor<double> z = new SobolSequence(1, new RandomKey(1)).Points(1 << 12).Flatten().Ndtri();
        (Tensor<double> price, Tensor<double> delta) = Differentiate.ValueAndGradient(s => ((s * ((z * Sigma) - (Sigma * Sigma / 2)).Exp()) - K).Relu().Mean(), Tensor.Scalar(105.0));
        Tensor<double> d = Tensor.Create([(Math.Log(105 / K) / Sigma) + (Sigma / 2), (Math.Log(105 / K) / Sigma) - (Sigma / 2)]).Ndtr();
        price.ToScalar().Should().BeApproximately((105 * d.At(0)) - (K * d.At(1)), 2e-2);
        delta.ToScalar().Should().BeApproximately(d.At(0), 5e-3);
    }

    [Fact]
    public void What_there_is_not_is_refused()
    {
        FluentActions.Invoking(() => new SobolSequence(0)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new SobolSequence(SobolSequence.MaxDimension + 1)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*1112*1111*");
        FluentActions.Invoking(() => new SobolSequence(2).Points(-1)).Should().Throw<TensorShapeException>();
        FluentActions.Invoking(() => new SobolSequence(2).Points(2, start: (1L << 32) - 1)).Should().Throw<ArgumentOutOfRangeException>();
        new SobolSequence(1).Points(1, start: (1L << 32) - 1).Length.Should().Be(1);
        new SobolSequence(1).Points(0).Length.Should().Be(0);
    }
}
