using AutoDiff.Optimization;
using MathNet.Numerics.LinearAlgebra;

namespace AutoDiff.Tests.Optimization;

/// <summary>Dense least squares of many unknowns: steps by Cholesky's factor of the Gram matrix against those of the orthogonal decomposition.</summary>
public class GramLinearizationTests
{
    private const int Rows = 300;
    private const int Columns = 150;

    [Theory]
    [InlineData(1e2, 0.0, 1e-10)]
    [InlineData(1e2, 0.1, 1e-10)]
    [InlineData(1e6, 0.0, 1e-8)]
    [InlineData(1e6, 1e-3, 1e-9)]
    [InlineData(1e10, 0.0, 1e-4)]
    public void Steps_are_those_of_the_orthogonal_decomposition(double condition, double damping, double tolerance)
    {
        Tensor<double> matrix = Matrix(condition);
        Problem<double> problem = Linear(matrix);
        double[] x = new double[Columns];
        double[] r = problem.Residuals(x);
        double[] d = [.. Enumerable.Repeat(damping, Columns)];
        double[] target = [.. d.Select((value, i) => value * Math.Cos(i))];
        Linearization<double> gram = Linearization<double>.Of(problem, false);
        gram.Should().BeOfType<GramLinearization<double>>();
        var orthogonal = new DenseLinearization<double>(problem);
        gram.MoveTo(Problem<double>.Flat(x));
        orthogonal.MoveTo(Problem<double>.Flat(x));
        double[] expected = orthogonal.Solve(r, d, target);
        double[] step = gram.Solve(r, d, target);
        Vectors.Norm(Vectors.Add(step, -1, expected)).Should().BeLessThan(tolerance * Vectors.Norm(expected));
        gram.ColumnNorms().Should().Equal(orthogonal.ColumnNorms(), (a, b) => Math.Abs(a - b) < 1e-12 * b);
        gram.Multiply(step).Should().Equal(orthogonal.Multiply(step), (a, b) => Math.Abs(a - b) < 1e-12 * Vectors.Norm(step));
        gram.MultiplyTransposed(r).Should().Equal(orthogonal.MultiplyTransposed(r), (a, b) => Math.Abs(a - b) < 1e-9);
    }

    [Fact]
    public void Columns_of_zeros_and_equal_columns_are_no_obstacle()
    {
        Tensor<double> part = Matrix(10)[.., ..50];
        Problem<double> problem = Linear(Tensor.Concat([part, part, Tensor.Zeros<double>(Rows, 50)], 1));
        double[] x = new double[Columns];
        double[] r = problem.Residuals(x);
        (Linearization<double> gram, var orthogonal) = (Linearization<double>.Of(problem, false), new DenseLinearization<double>(problem));
        gram.MoveTo(Problem<double>.Flat(x));
        orthogonal.MoveTo(Problem<double>.Flat(x));
        double[] step = gram.Solve(r, x, x);
        step[100..].Should().OnlyContain(static value => value == 0);
        double least = Vectors.Norm(Vectors.Add(r, 1, orthogonal.Multiply(orthogonal.Solve(r, x, x))));
        Vectors.Norm(Vectors.Add(r, 1, gram.Multiply(step))).Should().BeApproximately(least, 1e-10 * least);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(200)]
    public void The_factor_solves_systems_with_the_same_bits_on_any_number_of_threads(int n)
    {
        var random = new Random(n);
        Matrix<double> b = Matrix<double>.Build.Dense(n + 5, n, (_, _) => random.NextDouble() - 0.5);
        double[] damping = [.. Enumerable.Range(0, n).Select(i => 0.1 + (0.01 * i))];
        Matrix<double> a = b.TransposeThisAndMultiply(b);
        double[] expected = [.. Enumerable.Range(0, n).Select(static i => Math.Sin(i + 1))];
        double[] side = ((a + Matrix<double>.Build.DenseOfDiagonalArray([.. damping.Select(static d => d * d)])) * Vector<double>.Build.DenseOfArray(expected)).ToArray();
        int before = Parallelism.MaxThreads;
        double[][] results = [.. new[] { 1, 3 }.Select(threads =>
        {
            Parallelism.MaxThreads = threads;
            var cholesky = new DenseCholesky(n);
            cholesky.Factor(a.ToRowMajorArray(), damping);
            double[] x = [.. side];
            cholesky.Solve(x);
            return x;
        })];
        Parallelism.MaxThreads = before;
        results[0].Should().Equal(expected, (x, y) => Math.Abs(x - y) < 1e-9);
        results[1].Should().Equal(results[0]);
    }

    [Fact]
    public void Levenberg_Marquardt_with_many_unknowns_reaches_a_known_minimum()
    {
        Tensor<double> matrix = Matrix(50);
        Tensor<double> truth = Tensor.LinearSpace(-1.0, 1.0, Columns);
        Tensor<double> F(Tensor<double> x) => matrix.MatMul(x + (0.3 * x.Pow(3)));
        Tensor<double> data = F(truth);
        OptimizationResult<Tensor<double>> result = new LevenbergMarquardt<double>().Minimize(x => F(x) - data, Tensor.Zeros<double>(Columns));
        result.Converged.Should().BeTrue(result.Reason.ToString());
        (result.Point - truth).Abs().Max().ToScalar().Should().BeLessThan(1e-10);
    }

    private static Problem<double> Linear(Tensor<double> matrix) => new(xs => matrix.MatMul(xs[0]) - Tensor.LinearSpace(1.0, 2.0, Rows), [Tensor.Zeros<double>(Columns)],
        new Watch(new StoppingCriteria(), 1e-16, null, default));

    /// <summary>A matrix of singular values from 1 to 1 / condition.</summary>
    private static Tensor<double> Matrix(double condition)
    {
        (Tensor<double> u, _) = new RandomKey(1).Normal<double>(Rows, Columns).Qr();
        (Tensor<double> v, _) = new RandomKey(2).Normal<double>(Columns, Columns).Qr();
        Tensor<double> s = (Tensor.LinearSpace(0.0, -Math.Log(condition), Columns)).Exp();
        return (u * s).MatMul(v.Transpose());
    }
}
