using System.Numerics;
using AutoDiff.Kernels;
using MathNet.Numerics.LinearAlgebra;

namespace AutoDiff.Tests.Kernels.Decompositions;

public class SymmetricEigenTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(41)]
    [InlineData(120)]
    public void Eigenvectors_diagonalise_the_matrix(int n)
    {
        Check(Matrices.RandomSymmetric<double>(n, n), n);
        Check(Matrices.RandomSymmetric<float>(n, n), n);
    }

    [Fact]
    public void Repeated_eigenvalues_have_orthonormal_vectors()
    {
        Check(Matrices.Fill<double>(7, 7, (i, j) => i == j ? 3 : 0), 7);
        Check(new double[25], 5);
        Check(Matrices.Fill<double>(9, 9, (_, _) => 1), 9);
        Check(Matrices.From<double>(WithEigenvalues([1, 1, 1, 2, 2, -4, -4, -4, -4])), 9);
        // Wilkinson's matrix: pairs of eigenvalues that agree to working precision.
        Check(Matrices.Fill<double>(21, 21, (i, j) => i == j ? Math.Abs(i - 10) : Math.Abs(i - j) == 1 ? 1 : 0), 21);
    }

    [Fact]
    public void Rank_deficient_ill_conditioned_and_extreme_matrices_diagonalise()
    {
        Check(Matrices.Hilbert<double>(16), 16);
        Matrix<double> b = Matrices.Dense(Matrices.OfRank<double>(12, 4, 4, 1), 12, 4);
        Check(Matrices.From<double>(b * b.Transpose()), 12);
        Check(Array.ConvertAll(Matrices.RandomSymmetric<double>(8, 1), x => x * 1e300), 8, 1e-300);
        Check(Array.ConvertAll(Matrices.RandomSymmetric<double>(8, 1), x => x * 1e-290), 8, 1e290);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Graded_tridiagonal_matrices_keep_small_eigenvalues(bool smallFirst)
    {
        // Diagonally dominant in every leading block: the eigenvalues are near the diagonal relatively, and the determinant knows the smallest.
        const int n = 6;
        double Grade(int i) => Math.Pow(10, -3 * (smallFirst ? n - 1 - i : i));
        double[] a = Matrices.Fill<double>(n, n, (i, j) => i == j ? Grade(i) : Math.Abs(i - j) == 1 ? 0.1 * Math.Min(Grade(i), Grade(j)) : 0);
        double[] w = new double[n];
        SymmetricEigen.Eigenvalues<double>(a, n, w).Should().BeTrue();
        double[] factor = [.. a];
        CholeskyDecomposition.Factor<double>(factor, n).Should().Be(-1);
        double determinant = 1, product = 1;
        for (int i = 0; i < n; i++)
        {
            determinant *= factor[i * n + i] * factor[i * n + i];
            product *= w[i];
        }
        (product / determinant).Should().BeApproximately(1, 1e-13);
    }

    [Fact]
    public void Eigenvalues_agree_with_those_known_in_closed_form()
    {
        // The second difference matrix: 2 - 2 cos(j pi / (n + 1)).
        const int n = 50;
        double[] w = new double[n];
        SymmetricEigen.Eigenvalues<double>(Matrices.Fill<double>(n, n, (i, j) => i == j ? 2 : Math.Abs(i - j) == 1 ? -1 : 0), n, w).Should().BeTrue();
        for (int j = 0; j < n; j++)
        {
            w[j].Should().BeApproximately(4 * Math.Pow(Math.Sin((j + 1) * Math.PI / (2 * (n + 1))), 2), 1e-14);
        }
    }

    [Fact]
    public void Only_the_lower_half_is_read()
    {
        double[] w = new double[2], v = new double[4];
        SymmetricEigen.Decompose<double>([2, double.NaN, 1, 2], 2, w, v).Should().BeTrue();
        w[0].Should().BeApproximately(1, 1e-15);
        w[1].Should().BeApproximately(3, 1e-15);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void NaN_and_infinity_are_reported(double bad)
    {
        double[] w = new double[2], v = new double[4];
        SymmetricEigen.Decompose<double>([1, 0, bad, 1], 2, w, v).Should().BeFalse();
        w.Should().OnlyContain(x => double.IsNaN(x));
        v.Should().OnlyContain(x => double.IsNaN(x));
        SymmetricEigen.Eigenvalues<double>([bad], 1, w).Should().BeFalse();
    }

    [Fact]
    public void Empty_matrices_have_no_eigenvalues() => SymmetricEigen.Decompose<double>([], 0, [], []).Should().BeTrue();

    private static Matrix<double> WithEigenvalues(double[] w)
    {
        int n = w.Length;
        double[] q = new double[n * n];
        QrDecomposition.Factor<double>(Matrices.Random<double>(n, n, 8), n, n, q, new double[n * n]);
        Matrix<double> v = Matrices.Dense(q, n, n), a = v * Matrix<double>.Build.DenseOfDiagonalArray(w) * v.Transpose();
        return (a + a.Transpose()) / 2;
    }

    private static void Check<T>(T[] a, int n, double unscale = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] w = new T[n], v = new T[n * n], alone = new T[n];
        SymmetricEigen.Decompose<T>(a, n, w, v).Should().BeTrue();
        SymmetricEigen.Eigenvalues<T>(a, n, alone).Should().BeTrue();
        alone.Should().Equal(w);
        w.Should().BeInAscendingOrder();
        Matrix<double> vectors = Matrices.Dense(v, n, n), values = Matrix<double>.Build.DenseOfDiagonalVector(Matrices.Dense(w, n, 1).Column(0)) * unscale;
        Matrix<double> matrix = Matrices.Dense(a, n, n) * unscale;
        Matrices.RelativeError<T>(vectors * values * vectors.Transpose(), matrix).Should().BeLessThan(10 + n);
        Matrices.OrthogonalityError<T>(vectors).Should().BeLessThan(10 + 2 * n);
        MathNet.Numerics.LinearAlgebra.Vector<double> expected = matrix.Evd(Symmetricity.Symmetric).EigenValues.Map(x => x.Real);
        double largest = Math.Max(expected.AbsoluteMaximum(), 1e-300);
        ((values.Diagonal() - expected).AbsoluteMaximum() / largest / Matrices.Epsilon<T>()).Should().BeLessThan(10 + n);
    }
}
