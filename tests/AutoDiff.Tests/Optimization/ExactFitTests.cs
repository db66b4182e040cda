using AutoDiff.Optimization;

namespace AutoDiff.Tests.Optimization;

/// <summary>Data that can be met exactly: a run ends where the residuals are rounding, and not before.</summary>
public class ExactFitTests
{
    public static TheoryData<bool> Forms => [false, true];

    /// <summary>A matrix of rank 2 as a product of its factors, which are not determined: a step from where nothing but rounding is left would go along what the data do not say.</summary>
    [Theory]
    [MemberData(nameof(Forms))]
    public void No_step_is_taken_from_where_the_residuals_are_rounding(bool sparse)
    {
        (int n, int m) = (40, 25);
        int[] left = [.. Enumerable.Range(0, n * m).Select(i => i / m)];
        int[] right = [.. Enumerable.Range(0, n * m).Select(i => i % m)];
        Tensor<double> truth = new RandomKey(3).Uniform<double>((n + m) * 2) + 0.5;
        Tensor<double> data = Products(truth);
        var values = new List<double>();
        OptimizationResult<Tensor<double>> result = new LevenbergMarquardt<double> { Sparse = sparse }
            .Minimize(x => Products(x) - data, truth * ((new RandomKey(4).Normal<double>(truth.Length) * 1e-2) + 1.0), new Reports(progress => values.Add(progress.Value)));
        result.Converged.Should().BeTrue(result.Reason.ToString());
        values.Count(static value => value < 1e-26).Should().Be(1);

        Tensor<double> Products(Tensor<double> x) => (x[..(n * 2)].Reshape(n, 2).Take(left) * x[(n * 2)..].Reshape(m, 2).Take(right)).Sum(1);
    }

    /// <summary>The second residual is far below the rounding of the first, and is met all the same.</summary>
    [Theory]
    [MemberData(nameof(Forms))]
    public void Units_of_residuals_do_not_end_a_run_early(bool sparse)
    {
        OptimizationResult<Tensor<double>> result = new LevenbergMarquardt<double> { Sparse = sparse }
            .Minimize(x => Tensor.Stack([1e6 * (x[0] - 1.0), 1e-6 * (x[1].Square() - 2.0)]), Tensor.Create(1.0, 1.2));
        result.Point.At(1).Should().BeApproximately(Math.Sqrt(2), 1e-12, result.Reason.ToString());
    }

    /// <summary>Where the data are met exactly, what is left is rounding, whose direction says nothing: sums of two exponentials whose rates are close, from many starts.</summary>
    [Theory]
    [MemberData(nameof(Forms))]
    public void Data_that_are_met_exactly_are_a_stationary_point(bool sparse)
    {
        var random = new Random(5);
        Tensor<double> t = Tensor.LinearSpace(0.0, 5.0, 50);
        Tensor<double> Model(Tensor<double> p) => (p[0] * (-p[1] * t).Exp()) + (p[2] * (-p[3] * t).Exp());
        for (int k = 0; k < 30; k++)
        {
            double[] truth = [1 + random.NextDouble(), 0.5 + random.NextDouble(), 1 + random.NextDouble(), 2 + random.NextDouble()];
            Tensor<double> data = Model(Tensor.Create(truth)), start = Tensor.Create([.. truth.Select(p => p * (0.8 + (0.4 * random.NextDouble())))]);
            OptimizationResult<Tensor<double>> result = new LevenbergMarquardt<double> { Sparse = sparse }.Minimize(p => Model(p) - data, start);
            result.Reason.Should().Be(StoppingReason.GradientTolerance, "{0} at {1}", result, k);
            result.Value.Should().BeLessThan(1e-28);
        }
    }

    private sealed class Reports(Action<OptimizationProgress> report) : IProgress<OptimizationProgress>
    {
        public void Report(OptimizationProgress value) => report(value);
    }
}
