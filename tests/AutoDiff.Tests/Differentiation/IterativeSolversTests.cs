using MathNet.Numerics.LinearAlgebra;

namespace AutoDiff.Tests.Differentiation;

public class IterativeSolversTests
{
    [Fact]
    public void Conjugate_gradients_solve_positive_definite_systems()
    {
        (Matrix<double> a, Tensor<double> tensor) = Random(30, 30, 1);
        Matrix<double> symmetric = (a.Transpose() * a) + (Matrix<double>.Build.DenseIdentity(30) * 0.5);
        Tensor<double> b = Tensor.LinearSpace(-1.0, 2.0, 30);
        Func<Tensor<double>, Tensor<double>> gradient = x => x.MatMul(tensor.Transpose()).MatMul(tensor) + (x * 0.5);
        using JacobianOperator<double> hessian = JacobianOperator<double>.Create(gradient, Tensor.Zeros<double>(30));
        LinearSolution<double> solution = IterativeSolvers.ConjugateGradient(hessian, b, tolerance: 1e-13);
        solution.Converged.Should().BeTrue();
        solution.Residual.Should().BeLessThan(1e-12);
        Near(solution.Solution, symmetric.Solve(Vector<double>.Build.DenseOfArray(b.ToArray())), 1e-10);
    }

    [Fact]
    public void Conjugate_gradients_say_when_they_fail()
    {
        using JacobianOperator<double> indefinite = JacobianOperator<double>.Create(x => x * Tensor.Create([1.0, -1]), Tensor.Zeros<double>(2));
        IterativeSolvers.ConjugateGradient(indefinite, Tensor.Create([1.0, 1])).Converged.Should().BeFalse();
        using JacobianOperator<double> hard = JacobianOperator<double>.Create(x => x * Tensor.LinearSpace(1.0, 1e6, 50), Tensor.Zeros<double>(50));
        LinearSolution<double> stopped = IterativeSolvers.ConjugateGradient(hard, Tensor.Ones<double>(50), maxIterations: 3);
        (stopped.Converged, stopped.Iterations).Should().Be((false, 3));
        using JacobianOperator<double> wide = JacobianOperator<double>.Create(x => x[..1], Tensor.Zeros<double>(2));
        FluentActions.Invoking(() => IterativeSolvers.ConjugateGradient(wide, Tensor.Ones<double>(1))).Should().Throw<TensorShapeException>().WithMessage("*LeastSquares*");
        FluentActions.Invoking(() => IterativeSolvers.ConjugateGradient(indefinite, Tensor.Ones<double>(3))).Should().Throw<TensorShapeException>();
        IterativeSolvers.ConjugateGradient(indefinite, Tensor.Zeros<double>(2)).Solution.ToArray().Should().Equal(0, 0);
    }

    [Theory]
    [InlineData(40, 12, 0.0)]
    [InlineData(40, 12, 0.7)]
    [InlineData(12, 12, 0.0)]
    [InlineData(12, 40, 0.3)]
    public void Least_squares(int rows, int columns, double damping)
    {
        (Matrix<double> a, Tensor<double> tensor) = Random(rows, columns, 2);
        Tensor<double> b = Tensor.LinearSpace(-1.0, 2.0, rows).Sin();
        using JacobianOperator<double> jacobian = JacobianOperator<double>.Create(x => tensor.MatMul(x), Tensor.Zeros<double>(columns));
        LinearSolution<double> solution = IterativeSolvers.LeastSquares(jacobian, b, damping, tolerance: 1e-14, maxIterations: 1000);
        Matrix<double> normal = (a.Transpose() * a) + (Matrix<double>.Build.DenseIdentity(columns) * (damping * damping));
        Near(solution.Solution, normal.Solve(a.Transpose() * Vector<double>.Build.DenseOfArray(b.ToArray())), 1e-8);
    }

    /// <summary>Of the many solutions of a wide system the one of least norm.</summary>
    [Fact]
    public void Least_squares_of_least_norm()
    {
        (Matrix<double> a, Tensor<double> tensor) = Random(5, 20, 3);
        Tensor<double> b = Tensor.LinearSpace(1.0, 2.0, 5);
        using JacobianOperator<double> jacobian = JacobianOperator<double>.Create(x => tensor.MatMul(x), Tensor.Zeros<double>(20));
        LinearSolution<double> solution = IterativeSolvers.LeastSquares(jacobian, b, tolerance: 1e-13);
        solution.Converged.Should().BeTrue();
        Near(solution.Solution, a.PseudoInverse() * Vector<double>.Build.DenseOfArray(b.ToArray()), 1e-10);
    }

    private static (Matrix<double>, Tensor<double>) Random(int rows, int columns, int seed)
    {
        var random = new Random(seed);
        double[] values = [.. Enumerable.Range(0, rows * columns).Select(_ => (2 * random.NextDouble()) - 1)];
        return (Matrix<double>.Build.DenseOfRowMajor(rows, columns, values), Tensor.Create<double>(values, rows, columns));
    }

    private static void Near(Tensor<double> actual, Vector<double> expected, double tolerance)
    {
        double size = expected.L2Norm();
        double.IsFinite(size).Should().BeTrue("a distance from numbers that are not finite says nothing");
        (Vector<double>.Build.DenseOfArray(actual.ToArray()) - expected).L2Norm().Should().BeLessThanOrEqualTo(tolerance * size);
    }
}
