using AutoDiff.Optimization;

namespace AutoDiff.Tests.Optimization;

/// <summary>Least squares with the sparse Jacobian: scenes of points and cameras with a known minimum, steps against those of the orthogonal decomposition, and inexact steps.</summary>
public class SparseLeastSquaresTests
{
    private const int Cameras = 8;
    private const int Points = 60;

    private static readonly (int Camera, int Point)[] Seen = [.. Enumerable.Range(0, Cameras * Points).Select(k => (k / Points, k % Points)).Where(pair => (pair.Item1 + pair.Item2) % 3 != 0)];

    [Fact]
    public void A_scene_of_exact_pictures_is_met_exactly()
    {
        (Func<Tensor<double>, Tensor<double>> residuals, Tensor<double> start) = Scene(0);
        OptimizationResult<Tensor<double>> result = new LevenbergMarquardt<double> { Sparse = true }.Minimize(residuals, start);
        result.Converged.Should().BeTrue(result.Reason.ToString());
        result.Value.Should().BeLessThan(1e-24);
        result.Iterations.Should().BeLessThan(30);
    }

    [Fact]
    public void A_scene_has_the_minimum_that_dense_steps_find()
    {
        (Func<Tensor<double>, Tensor<double>> residuals, Tensor<double> start) = Scene(1e-2);
        StoppingCriteria stopping = new() { GradientTolerance = 1e-10 };
        OptimizationResult<Tensor<double>> dense = new LevenbergMarquardt<double> { Stopping = stopping }.Minimize(residuals, start);
        OptimizationResult<Tensor<double>> sparse = new LevenbergMarquardt<double> { Sparse = true, Stopping = stopping }.Minimize(residuals, start);
        (dense.Converged, sparse.Converged).Should().Be((true, true));
        sparse.Value.Should().BeApproximately(dense.Value, 1e-11 * dense.Value);
        sparse.Iterations.Should().BeLessThan(dense.Iterations + 10);
    }

    [Theory]
    [InlineData(0.0, 1e-7)]
    [InlineData(0.1, 1e-10)]
    public void Steps_are_those_of_the_orthogonal_decomposition(double damping, double tolerance)
    {
        Problem<double> problem = Chain(out double[] x);
        double[] r = problem.Residuals(x);
        double[] d = [.. Enumerable.Repeat(damping, x.Length)];
        double[] target = [.. x.Select(value => damping * value)];
        (Linearization<double> sparse, Linearization<double> dense) = (Linearization<double>.Of(problem, true), Linearization<double>.Of(problem, false));
        sparse.MoveTo(Problem<double>.Flat(x));
        dense.MoveTo(Problem<double>.Flat(x));
        double[] expected = dense.Solve(r, d, target);
        double[] step = sparse.Solve(r, d, target);
        Vectors.Norm(Vectors.Add(step, -1, expected)).Should().BeLessThan(tolerance * Vectors.Norm(expected));
    }

    /// <summary>Where no factor is allowed the blocks of the diagonal precondition: a step leaves a part of the gradient, in the norm of the blocks.</summary>
    [Fact]
    public void Without_a_factor_steps_are_inexact()
    {
        Problem<double> problem = Chain(out double[] x);
        double[] r = problem.Residuals(x);
        double[] d = [.. Enumerable.Repeat(0.1, x.Length)];
        var inexact = new SparseLinearization<double>(problem, 0);
        Linearization<double> dense = Linearization<double>.Of(problem, false);
        inexact.MoveTo(Problem<double>.Flat(x));
        dense.MoveTo(Problem<double>.Flat(x));
        double[] expected = dense.Solve(r, d, new double[x.Length]);
        double[] step = inexact.Solve(r, d, new double[x.Length]);
        double error = Vectors.Norm(Vectors.Add(step, -1, expected)) / Vectors.Norm(expected);
        error.Should().BeInRange(1e-8, 0.2);
    }

    [Fact]
    public void A_chain_of_thousands_is_solved_in_few_steps()
    {
        const int n = 5000;
        OptimizationResult<Tensor<double>> result = new LevenbergMarquardt<double> { Sparse = true }.Minimize(Rosenbrock, Tensor.Full(0.5, n));
        result.Value.Should().BeLessThan(1e-20, result.Reason.ToString());
        (result.Point - 1.0).Abs().Max().ToScalar().Should().BeLessThan(1e-9);
    }

    private static Tensor<double> Rosenbrock(Tensor<double> x) => Tensor.Concat([10 * (x[1..] - x[..^1].Square()), 1 - x[..^1]]);

    private static Problem<double> Chain(out double[] x)
    {
        x = [.. Enumerable.Range(0, 40).Select(static i => 0.5 + (0.3 * Math.Sin(i)))];
        return new Problem<double>(xs => Rosenbrock(xs[0]), [Tensor.Create<double>(x)], new Watch(new StoppingCriteria(), 1e-16, null, default));
    }

    private static (Func<Tensor<double>, Tensor<double>> Residuals, Tensor<double> Start) Scene(double noise)
    {
        var random = new Random(11);
        double Noise(double size) => size * ((2 * random.NextDouble()) - 1);
        int[] cameraOf = [.. Seen.Select(static pair => pair.Camera)];
        int[] pointOf = [.. Seen.Select(static pair => pair.Point)];
        double[] cameras = [.. Enumerable.Range(0, Cameras).SelectMany(i => (double[])[Noise(0.2), (0.15 * i) - 0.4, Noise(0.2), Noise(0.5), Noise(0.5), 6 + Noise(0.5)])];
        double[] points = [.. Enumerable.Range(0, 3 * Points).Select(_ => Noise(2))];
        Tensor<double> truth = Tensor.Create<double>([.. cameras, .. points]);
        Tensor<double> Pictures(Tensor<double> x) => Project(x[..(6 * Cameras)].Reshape(Cameras, 6).Take(cameraOf), x[(6 * Cameras)..].Reshape(Points, 3).Take(pointOf)).Flatten();
        Tensor<double> pictures = Pictures(truth);
        pictures += Tensor.Create<double>([.. Enumerable.Range(0, pictures.Length).Select(_ => Noise(noise))]);
        Tensor<double> start = truth + Tensor.Create<double>([.. Enumerable.Range(0, truth.Length).Select(i => Noise(i < 6 * Cameras ? 0.05 : 0.3))]);
        return (x => Pictures(x) - pictures, start);
    }

    /// <summary>Small turns (sums of cross products, not rotations), a shift, and a division by the depth.</summary>
    private static Tensor<double> Project(Tensor<double> camera, Tensor<double> point)
    {
        Tensor<double> turned = point + Cross(camera[.., ..3], point) + (0.5 * Cross(camera[.., ..3], Cross(camera[.., ..3], point)));
        Tensor<double> moved = turned + camera[.., 3..];
        return moved[.., ..2] / moved[.., 2..];
    }

    private static Tensor<double> Cross(Tensor<double> u, Tensor<double> v) => Tensor.Stack<double>(
        [(u[.., 1] * v[.., 2]) - (u[.., 2] * v[.., 1]), (u[.., 2] * v[.., 0]) - (u[.., 0] * v[.., 2]), (u[.., 0] * v[.., 1]) - (u[.., 1] * v[.., 0])], 1);
}
