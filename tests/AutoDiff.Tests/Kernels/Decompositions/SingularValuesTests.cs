using System.Numerics;
using AutoDiff.Kernels;
using MathNet.Numerics.LinearAlgebra;

namespace AutoDiff.Tests.Kernels.Decompositions;

public class SingularValuesTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(10, 10)]
    [InlineData(60, 60)]
    [InlineData(40, 7)]
    [InlineData(7, 40)]
    [InlineData(1, 6)]
    [InlineData(6, 1)]
    [InlineData(32, 32)]
    [InlineData(33, 200)]
    [InlineData(150, 90)]
    [InlineData(171, 171)]
    public void Factors_reconstruct_the_matrix(int m, int n)
    {
        Check(Matrices.Random<double>(m, n, m + n), m, n);
        Check(Matrices.Random<float>(m, n, m + n), m, n);
    }

    [Theory]
    [InlineData(6, 6, 3)]
    [InlineData(9, 5, 2)]
    [InlineData(5, 9, 4)]
    [InlineData(12, 12, 11)]
    [InlineData(4, 4, 0)]
    [InlineData(3, 5, 0)]
    [InlineData(5, 3, 0)]
    [InlineData(50, 50, 20)]
    [InlineData(70, 40, 39)]
    public void Rank_deficient_matrices_have_orthonormal_factors(int m, int n, int rank)
    {
        Check(Matrices.OfRank<double>(m, n, rank, 7), m, n);
        Check(Matrices.OfRank<float>(m, n, rank, 7), m, n);
    }

    [Fact]
    public void Exactly_singular_repeated_and_extreme_matrices_reconstruct()
    {
        Check(Matrices.Fill<double>(6, 6, (_, _) => 1), 6, 6);
        Check(Matrices.Fill<double>(5, 8, (i, j) => i == j && i < 3 ? 2 : 0), 5, 8);
        Check(Matrices.Fill<double>(5, 5, (i, j) => i == j ? -1 : 0), 5, 5);
        Check(Matrices.Hilbert<double>(20), 20, 20);
        Check(Array.ConvertAll(Matrices.Random<double>(8, 6, 1), x => x * 1e300), 8, 6, 1e-300);
        Check(Array.ConvertAll(Matrices.Random<double>(8, 6, 1), x => x * 1e-290), 8, 6, 1e290);
        Check(Matrices.Fill<double>(6, 6, (i, j) => Math.Pow(10, -40.0 * i) * Math.Cos(i * j + i + 2 * j)), 6, 6);
    }

    [Fact]
    public void Singular_values_of_a_Hilbert_matrix_multiply_to_its_determinant()
    {
        // Hilbert's matrix of order 8, scaled to integers so that its elements are exact; the inverse of its determinant is known.
        const int n = 8;
        const double scale = 360360;
        double[] s = new double[n];
        SingularValues.Values<double>(Matrices.Fill<double>(n, n, (i, j) => Math.Round(scale / (i + j + 1))), n, n, s).Should().BeTrue();
        double product = 1;
        foreach (double value in s)
        {
            product *= value / scale;
        }
        (product * 365356847125734485878112256000000.0).Should().BeApproximately(1, 1e-6);
    }

    /// <summary>Matrices of rows and columns of one size go by two diagonals: values that repeat, and a superdiagonal of zeros.</summary>
    [Fact]
    public void Repeated_values_of_even_matrices_reconstruct()
    {
        const int n = 64;
        Check(Matrices.Fill<double>(n, n, (i, j) => i == j ? 3 : 0), n, n);
        Check(Matrices.Fill<double>(n, n, (i, j) => i == (j + 1) % n ? (i % 2 == 0 ? -2 : 2) : 0), n, n);
        Check(Matrices.Fill<double>(n, n, (i, j) => (i == j ? 2 : 0) + (i == j + 1 ? -1 : 0) + (i == j - 1 ? 1 : 0)), n, n);
        double[] q = new double[n * n];
        QrDecomposition.Factor<double>(Matrices.Random<double>(n, n, 8), n, n, q, new double[n * n]);
        Check(q, n, n);
    }

    /// <summary>diag(d) and ones above it with a zero on the diagonal: one step without a shift brings the zero to the end.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(6)]
    public void A_zero_on_the_diagonal_is_a_singular_value(int zero)
    {
        const int n = 7;
        double[] d = [1, 2, 3, 4, 5, 6, 7], e = [1, -1, 1, 2, 1, 1];
        d[zero] = 0;
        Matrix<double> b = Matrix<double>.Build.Dense(n, n, (i, j) => i == j ? d[i] : j == i + 1 ? e[i] : 0);
        double[] left = Matrices.From<double>(Matrices.Identity(n)), right = [.. left];
        BidiagonalValues.Iterate<double>(d, e, n, left, right).Should().BeTrue();
        d.Should().OnlyContain(static s => s >= 0);
        (d.Min() / d.Max()).Should().BeLessThan(1e-15);
        Matrix<double> s = Matrices.Dense(left, n, n) * b * Matrices.Dense(right, n, n).Transpose();
        (s - Matrix<double>.Build.DenseOfDiagonalArray(d)).FrobeniusNorm().Should().BeLessThan(1e-13);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(40)]
    public void Column_scaling_costs_no_relative_accuracy(int n)
    {
        // A = B D with B well conditioned: one-sided Jacobi finds every singular value to a small multiple of epsilon. For orthogonal B they are the
        // elements of D.
        double[] q = new double[n * n], s = new double[n];
        QrDecomposition.Factor<double>(Matrices.Random<double>(n, n, 8), n, n, q, new double[n * n]);
        SingularValues.Values<double>(Matrices.Fill<double>(n, n, (i, j) => q[i * n + j] * Math.ScaleB(1, -20 * ((3 * j) % n))), n, n, s).Should().BeTrue();
        for (int i = 0; i < n; i++)
        {
            Math.ScaleB(s[i], 20 * i).Should().BeApproximately(1, 2e-15 * n);
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void NaN_and_infinity_are_reported(double bad)
    {
        double[] u = new double[4], s = new double[2], v = new double[4];
        SingularValues.Decompose<double>([1, 0, bad, 1], 2, 2, u, s, v).Should().BeFalse();
        u.Concat(s).Concat(v).Should().OnlyContain(x => double.IsNaN(x));
        SingularValues.Values<double>([bad, 1], 2, 1, s.AsSpan(0, 1)).Should().BeFalse();
    }

    [Fact]
    public void Empty_matrices_have_empty_factors()
    {
        SingularValues.Decompose<double>([], 0, 0, [], [], []).Should().BeTrue();
        SingularValues.Decompose<double>([], 0, 3, [], [], []).Should().BeTrue();
        SingularValues.Decompose<double>([], 3, 0, [], [], []).Should().BeTrue();
    }

    private static void Check<T>(T[] a, int m, int n, double unscale = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int k = Math.Min(m, n);
        T[] u = new T[m * k], s = new T[k], v = new T[k * n], alone = new T[k];
        SingularValues.Decompose<T>(a, m, n, u, s, v).Should().BeTrue();
        SingularValues.Values<T>(a, m, n, alone).Should().BeTrue();
        alone.Should().Equal(s);
        s.Should().BeInDescendingOrder();
        double.CreateChecked(s[k - 1]).Should().BeGreaterThanOrEqualTo(0);
        Matrix<double> left = Matrices.Dense(u, m, k), right = Matrices.Dense(v, k, n), matrix = Matrices.Dense(a, m, n) * unscale;
        Matrix<double> values = Matrix<double>.Build.DenseOfDiagonalVector(Matrices.Dense(s, k, 1).Column(0)) * unscale;
        Matrices.RelativeError<T>(left * values * right, matrix).Should().BeLessThan(20 + k);
        Matrices.OrthogonalityError<T>(left).Should().BeLessThan(10 + 2 * k);
        Matrices.OrthogonalityError<T>(right.Transpose()).Should().BeLessThan(10 + 2 * k);
        MathNet.Numerics.LinearAlgebra.Vector<double> expected = matrix.Svd(computeVectors: false).S;
        double largest = Math.Max(expected[0], 1e-300);
        ((values.Diagonal() - expected).AbsoluteMaximum() / largest / Matrices.Epsilon<T>()).Should().BeLessThan(10 + k);
    }
}
