using AutoDiff.Optimization;

namespace AutoDiff.Tests.Optimization;

/// <summary>Residuals and Jacobians of the problems of Moré, Garbow and Hillstrom against MINPACK's, and their optima against the paper.</summary>
public class MoreGarbowHillstromTests
{
    public static TheoryData<int> Points => [.. Enumerable.Range(0, MoreGarbowHillstrom.Samples.Count)];

    /// <summary>The standard starts, and the optima that the paper gives.</summary>
    public static TheoryData<int> Starts =>
        [.. Enumerable.Range(0, MoreGarbowHillstrom.Samples.Count).Where(i => MoreGarbowHillstrom.Samples[i] is { Factor: 1 } s && MoreGarbowHillstrom.Optimum(s.Problem, s.M, s.N) is not null)];

    [Theory]
    [MemberData(nameof(Points))]
    public void Residuals_and_jacobian_are_those_of_MINPACK(int index)
    {
        MoreGarbowHillstrom.Sample sample = MoreGarbowHillstrom.Samples[index];
        Func<Tensor<double>, Tensor<double>> f = MoreGarbowHillstrom.Residuals(sample.Problem, sample.M, sample.N);
        Tensor<double> x = Tensor.Create<double>(sample.X);
        Difference(f(x).ToArray(), sample.F).Should().BeLessThan(1e-12);
        Difference(Differentiate.Jacobian(f, x).ToArray(), [.. sample.J.SelectMany(row => row)]).Should().BeLessThan(1e-12, $"problem {sample.Problem} at {sample.Factor} times the start");
    }

    [Fact]
    public void Every_problem_has_points() =>
        MoreGarbowHillstrom.Samples.Select(sample => sample.Problem).Distinct().Order().Should().Equal(Enumerable.Range(1, 18));

    [Theory]
    [MemberData(nameof(Starts))]
    public void LevenbergMarquardt_reaches_the_optimum(int index) => Reach(index, new LevenbergMarquardt<double> { Stopping = new() { GradientTolerance = 1e-12 } });

    [Theory]
    [MemberData(nameof(Starts))]
    public void LevenbergMarquardt_reaches_the_optimum_with_the_sparse_Jacobian(int index)
    {
        // Conjugate gradients on the normal equations square the condition number: the problems of the largest are left to the orthogonal decomposition.
        if (MoreGarbowHillstrom.Samples[index].Problem is not (2 or 3 or 10 or 11 or 18))
        {
            Reach(index, new LevenbergMarquardt<double> { Sparse = true, Stopping = new() { GradientTolerance = 1e-12 } });
        }
    }

    [Theory]
    [MemberData(nameof(Starts))]
    public void LBfgs_reaches_the_optimum(int index) => ReachByValue(index, new LBfgs<double> { Stopping = new() { MaxIterations = 5000, GradientTolerance = 1e-9 } });

    [Theory]
    [MemberData(nameof(Starts))]
    public void LBfgsB_without_bounds_reaches_the_optimum(int index) => ReachByValue(index, new LBfgsB<double> { Stopping = new() { MaxIterations = 5000, GradientTolerance = 1e-9 } });

    [Theory]
    [MemberData(nameof(Starts))]
    public void NewtonCG_reaches_the_optimum(int index) => ReachByValue(index, new NewtonCG<double> { Stopping = new() { MaxIterations = 5000, GradientTolerance = 1e-9 } });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(17)]
    public void GaussNewton_reaches_the_optimum_of_problems_with_small_residuals(int problem)
    {
        int index = MoreGarbowHillstrom.Samples.ToList().FindIndex(sample => sample.Problem == problem && sample.Factor == 1);
        Reach(index, new GaussNewton<double> { Stopping = new() { GradientTolerance = 1e-12 } });
    }

    /// <summary>Runs a least-squares method.</summary>
    private static void Reach(int index, Minimizer<double> method)
    {
        MoreGarbowHillstrom.Sample sample = MoreGarbowHillstrom.Samples[index];
        Judge(sample, method, MoreGarbowHillstrom.Residuals(sample.Problem, sample.M, sample.N), 2);
    }

    /// <summary>Runs a method for one value on the sum of squares. Meyer's problem, whose condition number is above 1e10 squared, is beyond those.</summary>
    private static void ReachByValue(int index, Minimizer<double> method)
    {
        MoreGarbowHillstrom.Sample sample = MoreGarbowHillstrom.Samples[index];
        Func<Tensor<double>, Tensor<double>> f = MoreGarbowHillstrom.Residuals(sample.Problem, sample.M, sample.N);
        if (sample.Problem != 10)
        {
            // The Hessian of Watson's problem with twelve variables has a condition number of about 1e13: a gradient of 1e-9 leaves the value 1e-8 above the optimum.
            Judge(sample, method, x => f(x).Square().Sum(), 1, (sample.Problem, sample.N) is (11, 12) ? 1e-8 : 1e-11);
        }
    }

    private static void Judge(MoreGarbowHillstrom.Sample sample, Minimizer<double> method, Func<Tensor<double>, Tensor<double>> f, double factor, double tolerance = 1e-11)
    {
        OptimizationResult<Tensor<double>> result = method.Minimize(f, Tensor.Create<double>(sample.X));
        double best = MoreGarbowHillstrom.Optimum(sample.Problem, sample.M, sample.N)!.Value;
        double value = factor * result.Value;

        // The paper gives six digits. Problem 16 has a second solution with the value 1, and problem 7 a second with 0.
        double[] optima = sample.Problem switch { 16 => [best, 1], 7 => [best, 0], _ => [best] };
        optima.Min(optimum => Math.Abs(value - optimum) - (3e-6 * optimum)).Should().BeLessThan(tolerance, $"problem {sample.Problem}, n = {sample.N}: {value} after {result}");
    }

    private static double Difference(double[] x, double[] y)
    {
        double difference = Math.Sqrt(x.Zip(y).Sum(pair => (pair.First - pair.Second) * (pair.First - pair.Second)));
        return difference == 0 ? 0 : difference / Math.Sqrt(y.Sum(value => value * value));
    }
}
