using System.Numerics;
using AutoDiff.Kernels;
using MathNet.Numerics.LinearAlgebra;

namespace AutoDiff.Tests.Kernels.Decompositions;

public class MatrixSquareRootTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(30)]
    public void The_square_of_the_root_is_the_matrix(int n)
    {
        Check<double>(n);
        Check<float>(n);
    }

    [Fact]
    public void Closed_forms_are_met()
    {
        Root<double>([4, 1, 0, 4], 2, 0.25, [2, 0.25, 0, 2]);
        Root<double>([1e300, 0, 0, 1e290], 2, 1e-150, [1e150, 0, 0, 1e145]);
        Root<double>([1e-301, 0, 0, 4e-301], 2, 1e150, [Math.Sqrt(1e-301), 0, 0, Math.Sqrt(4e-301)]);
        foreach (int exponent in new[] { 300, 301, -300, -301 })
        {
            double large = Math.ScaleB(1, exponent), root = Math.Sqrt(large);
            Root<double>([large, 0, 0, 9 * large], 2, 1 / root, [root, 0, 0, 3 * root]);
        }
        // A rotation by 3 becomes one by 1.5: eigenvalues close to the negative axis.
        Root<double>([Math.Cos(3), -Math.Sin(3), Math.Sin(3), Math.Cos(3)], 2, 1, [Math.Cos(1.5), -Math.Sin(1.5), Math.Sin(1.5), Math.Cos(1.5)]);
    }

    [Fact]
    public void Matrices_without_a_principal_root_are_reported()
    {
        foreach (double[] a in new double[][] { [-1, 0, 0, 2], [0, 1, 0, 0], [1, double.NaN, 0, 1], [1, 0, 0, double.PositiveInfinity] })
        {
            double[] root = new double[4];
            MatrixSquareRoot.Compute<double>(a, 2, root).Should().BeFalse();
            root.Should().OnlyContain(x => double.IsNaN(x));
            MatrixSquareRoot.Derivative<double>(a, [1, 2, 3, 4], 2, root).Should().BeFalse();
            root.Should().OnlyContain(x => double.IsNaN(x));
        }
        MatrixSquareRoot.Compute<double>([], 0, []).Should().BeTrue();
        MatrixSquareRoot.Derivative<double>([], [], 0, []).Should().BeTrue();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1e-150)]
    [InlineData(1e150)]
    public void Derivative_solves_its_equation(double scale)
    {
        const int n = 7;
        double[] a = Matrices.RandomPositiveDefinite<double>(n, 1), e = Matrices.Random<double>(n, n, 2);
        double[] root = new double[n * n], derivative = new double[n * n];
        a[1] += 0.5;
        MatrixSquareRoot.Compute<double>(a, n, root).Should().BeTrue();
        MatrixSquareRoot.Derivative<double>(a, Array.ConvertAll(e, x => x * scale), n, derivative).Should().BeTrue();
        Matrix<double> s = Matrices.Dense(root, n, n), l = Matrices.Dense(derivative, n, n) / scale;
        Matrices.RelativeError<double>(s * l + l * s, Matrices.Dense(e, n, n)).Should().BeLessThan(500);
    }

    /// <summary>S² = A differentiated twice: S S'' + S'' S + S'_E S'_F + S'_F S'_E = 0.</summary>
    [Fact]
    public void Second_derivative_solves_its_equation()
    {
        const int n = 7;
        double[] a = Matrices.RandomPositiveDefinite<double>(n, 1), e = Matrices.Random<double>(n, n, 2), f = Matrices.Random<double>(n, n, 3);
        double[] root = new double[n * n], alongE = new double[n * n], alongF = new double[n * n], second = new double[n * n];
        a[1] += 0.5;
        MatrixSquareRoot.Compute<double>(a, n, root).Should().BeTrue();
        MatrixSquareRoot.Derivative<double>(a, e, n, alongE).Should().BeTrue();
        MatrixSquareRoot.Derivative<double>(a, f, n, alongF).Should().BeTrue();
        MatrixSquareRoot.Derivative<double>(a, [.. e, .. f], n, second).Should().BeTrue();
        Matrix<double> s = Matrices.Dense(root, n, n), le = Matrices.Dense(alongE, n, n), lf = Matrices.Dense(alongF, n, n), l = Matrices.Dense(second, n, n);
        Matrices.RelativeError<double>(-(s * l) - (l * s), (le * lf) + (lf * le)).Should().BeLessThan(5000);
    }

    private static void Root<T>(T[] a, int n, double unscale, T[] expected)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] root = new T[n * n];
        MatrixSquareRoot.Compute<T>(a, n, root).Should().BeTrue();
        Matrices.RelativeError<T>(Matrices.Dense(root, n, n) * unscale, Matrices.Dense(expected, n, n) * unscale).Should().BeLessThan(50);
    }

    private static void Check<T>(int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] a = Matrices.RandomPositiveDefinite<T>(n, n), root = new T[n * n];
        a[n - 1] += T.One;
        MatrixSquareRoot.Compute<T>(a, n, root).Should().BeTrue();
        Matrix<double> s = Matrices.Dense(root, n, n);
        Matrices.RelativeError<T>(s * s, Matrices.Dense(a, n, n)).Should().BeLessThan(100 * n);
    }
}
