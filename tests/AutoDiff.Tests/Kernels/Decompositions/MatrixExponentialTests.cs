using System.Numerics;
using AutoDiff.Kernels;
using MathNet.Numerics.LinearAlgebra;

namespace AutoDiff.Tests.Kernels.Decompositions;

public class MatrixExponentialTests
{
    [Theory]
    [InlineData(1e-8)]
    [InlineData(0.01)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(3)]
    [InlineData(20)]
    [InlineData(300)]
    public void Symmetric_matrices_agree_with_their_eigenvalues(double norm)
    {
        Check<double>(norm);
        Check<float>(Math.Min(norm, 20));
    }

    [Fact]
    public void Closed_forms_are_met()
    {
        Compute<double>([0, 0, 0, 0], 2).Should().Equal(1, 0, 0, 1);
        Compute<double>([0, 1, 2, 0, 0, 3, 0, 0, 0], 3).Should().Equal(1, 1, 3.5, 0, 1, 3, 0, 0, 1);
        foreach (double x in new[] { -700, -3.0, 1e-300, 0.7, 5, 100, 700 })
        {
            (Compute([x], 1)[0] / Math.Exp(x)).Should().BeApproximately(1, 1e-15 * (10 + Math.Abs(x)));
        }
        foreach (double angle in new[] { 1e-5, 0.4, 2, 30, 1000 })
        {
            Matrix<double> rotation = Matrices.Dense<double>([Math.Cos(angle), -Math.Sin(angle), Math.Sin(angle), Math.Cos(angle)], 2, 2);
            Matrices.RelativeError<double>(Matrices.Dense(Compute([0, -angle, angle, 0], 2), 2, 2), rotation).Should().BeLessThan(10 + angle);
        }
        // Moler and Van Loan's example, eigenvalues -1 and -17, vectors (1, 2) and (3, 4): the Taylor series loses every digit.
        double p = Math.Exp(-1), q = Math.Exp(-17);
        Matrix<double> expected = Matrices.Dense<double>([-2 * p + 3 * q, 1.5 * p - 1.5 * q, -4 * p + 4 * q, 3 * p - 2 * q], 2, 2);
        Matrices.RelativeError<double>(Matrices.Dense(Compute<double>([-49, 24, -64, 31], 2), 2, 2), expected).Should().BeLessThan(500);
    }

    [Fact]
    public void Extreme_arguments_end()
    {
        Compute<double>([-1e300, 0, 0, -2e300], 2).Should().Equal(0, 0, 0, 0);
        Compute([1e5], 1).Should().Equal(double.PositiveInfinity);
        Compute<double>([1, double.NaN, 0, 1], 2).Should().OnlyContain(x => double.IsNaN(x));
        Compute([double.NegativeInfinity], 1).Should().OnlyContain(x => double.IsNaN(x));
        Compute<double>([], 0).Should().BeEmpty();
        double[] derivative = new double[4];
        MatrixExponential.Derivative<double>([1, 0, double.NaN, 1], [1, 0, 0, 1], 2, derivative);
        derivative.Should().OnlyContain(x => double.IsNaN(x));
        MatrixExponential.Derivative<double>([], [], 0, []);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1e-200)]
    [InlineData(1e200)]
    public void Derivative_agrees_with_its_power_series(double directionScale)
    {
        const int n = 5;
        double[] a = Matrices.Random<double>(n, n, 1), e = Matrices.Random<double>(n, n, 2), result = new double[n * n];
        MatrixExponential.Derivative<double>(a, Array.ConvertAll(e, x => x * directionScale), n, result);
        // d(A^k) = A d(A^(k-1)) + E A^(k-1).
        Matrix<double> matrix = Matrices.Dense(a, n, n), direction = Matrices.Dense(e, n, n);
        Matrix<double> power = Matrices.Identity(n), change = power * 0, sum = power * 0;
        for (int k = 1; k < 60; k++)
        {
            change = (matrix * change + direction * power) / k;
            power = matrix * power / k;
            sum += change;
        }
        Matrices.RelativeError<double>(Matrices.Dense(result, n, n) / directionScale, sum).Should().BeLessThan(50);
    }

    /// <summary>The words of k letters A in which p letters are replaced by the directions, each once, over k!.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Derivatives_of_higher_order_agree_with_their_power_series(int order)
    {
        const int n = 5;
        double[] a = Matrices.Random<double>(n, n, 1), result = new double[n * n];
        double[][] directions = [.. Enumerable.Range(0, order).Select(i => Matrices.Random<double>(n, n, 10 + i))];
        MatrixExponential.Derivative<double>(a, directions.SelectMany(static e => e).ToArray(), n, result);
        Matrix<double> matrix = Matrices.Dense(a, n, n);
        Matrix<double>[] words = [.. Enumerable.Range(0, 1 << order).Select(s => Matrices.Identity(n) * (s == 0 ? 1 : 0))];
        Matrix<double> sum = matrix * 0;
        for (int k = 1; k < 60; k++)
        {
            // A word ends in A or in one of its directions.
            words = [.. Enumerable.Range(0, 1 << order).Select(s => Enumerable.Range(0, order).Where(i => (s >> i & 1) != 0)
                .Aggregate(words[s] * matrix, (total, i) => total + (words[s ^ (1 << i)] * Matrices.Dense(directions[i], n, n))) / k)];
            sum += words[^1];
        }

        Matrices.RelativeError<double>(Matrices.Dense(result, n, n), sum).Should().BeLessThan(100);
    }

    [Fact]
    public void Adjoint_of_the_derivative_is_the_derivative_at_the_transpose()
    {
        const int n = 6;
        double[] a = Array.ConvertAll(Matrices.Random<double>(n, n, 1), x => 5 * x), e = Matrices.Random<double>(n, n, 2), g = Matrices.Random<double>(n, n, 3);
        double[] transposed = Matrices.From<double>(Matrices.Dense(a, n, n).Transpose()), forward = new double[n * n], backward = new double[n * n];
        MatrixExponential.Derivative<double>(a, e, n, forward);
        MatrixExponential.Derivative<double>(transposed, g, n, backward);
        double left = forward.Zip(g, (x, y) => x * y).Sum(), right = backward.Zip(e, (x, y) => x * y).Sum();
        (left / right).Should().BeApproximately(1, 1e-12);
    }

    private static void Check<T>(double norm)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int n = 12;
        T[] a = Array.ConvertAll(Matrices.RandomSymmetric<T>(n, 4), x => x * T.CreateChecked(norm / 12));
        Matrix<double> dense = Matrices.Dense(a, n, n);
        MathNet.Numerics.LinearAlgebra.Factorization.Evd<double> eigen = dense.Evd(Symmetricity.Symmetric);
        Matrix<double> expected = eigen.EigenVectors * Matrix<double>.Build.DenseOfDiagonalVector(eigen.EigenValues.Map(x => Math.Exp(x.Real)))
            * eigen.EigenVectors.Transpose();
        Matrices.RelativeError<T>(Matrices.Dense(Compute(a, n), n, n), expected).Should().BeLessThan(10 + 5 * norm);
    }

    private static T[] Compute<T>(T[] a, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] result = new T[n * n];
        MatrixExponential.Compute<T>(a, n, result);
        return result;
    }
}
