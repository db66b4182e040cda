using System.Numerics;
using AutoDiff.Kernels;
using MathNet.Numerics.LinearAlgebra;

namespace AutoDiff.Tests.Kernels.Decompositions;

public class CholeskyDecompositionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(33)]
    [InlineData(100)]
    public void Factors_reconstruct_the_matrix(int n)
    {
        Reconstructs(Matrices.RandomPositiveDefinite<double>(n, n), n);
        Reconstructs(Matrices.RandomPositiveDefinite<float>(n, n), n);
    }

    [Fact]
    public void Hilbert_matrices_reconstruct() => Reconstructs(Matrices.Hilbert<double>(12), 12);

    [Fact]
    public void The_factor_agrees_with_MathNet()
    {
        double[] a = Matrices.RandomPositiveDefinite<double>(20, 5);
        Matrix<double> expected = Matrices.Dense(a, 20, 20).Cholesky().Factor;
        CholeskyDecomposition.Factor<double>(a, 20).Should().Be(-1);
        Matrices.RelativeError<double>(Matrices.Dense(a, 20, 20), expected).Should().BeLessThan(500);
    }

    [Fact]
    public void Only_the_lower_half_is_read_and_the_upper_is_cleared()
    {
        double[] a = [4, double.NaN, 2, 5];
        CholeskyDecomposition.Factor<double>(a, 2).Should().Be(-1);
        a.Should().Equal(2, 0, 1, 2);
    }

    [Fact]
    public void The_failing_pivot_is_named()
    {
        CholeskyDecomposition.Factor<double>([0], 1).Should().Be(0);
        CholeskyDecomposition.Factor<double>([1, 1, 1, 1], 2).Should().Be(1);
        CholeskyDecomposition.Factor<double>([1, 0, 0, 0, 1, 0, 0, 0, -1], 3).Should().Be(2);
        CholeskyDecomposition.Factor<double>([1, 0, double.NaN, 1], 2).Should().Be(1);
        CholeskyDecomposition.Factor<double>([double.PositiveInfinity], 1).Should().Be(0);
        CholeskyDecomposition.Factor<double>([], 0).Should().Be(-1);
    }

    [Fact]
    public void Solve_satisfies_the_system()
    {
        const int n = 30, k = 4;
        double[] a = Matrices.RandomPositiveDefinite<double>(n, 3);
        double[] b = Matrices.Random<double>(n, k, 4);
        double[] factor = [.. a], x = [.. b];
        CholeskyDecomposition.Factor<double>(factor, n);
        TriangularSolve.Solve<double>(factor, n, x, k, Triangle.Lower, transposed: false, unitDiagonal: false);
        TriangularSolve.Solve<double>(factor, n, x, k, Triangle.Lower, transposed: true, unitDiagonal: false);
        Matrices.RelativeError<double>(Matrices.Dense(a, n, n) * Matrices.Dense(x, n, k), Matrices.Dense(b, n, k)).Should().BeLessThan(3000);
    }

    private static void Reconstructs<T>(T[] a, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] factor = [.. a];
        CholeskyDecomposition.Factor<T>(factor, n).Should().Be(-1);
        Matrix<double> l = Matrices.Dense(factor, n, n);
        l.StrictlyUpperTriangle().FrobeniusNorm().Should().Be(0);
        Matrices.RelativeError<T>(l * l.Transpose(), Matrices.Dense(a, n, n)).Should().BeLessThan(5);
    }
}
