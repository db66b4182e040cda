using System.Numerics;
using AutoDiff.Kernels;
using MathNet.Numerics.LinearAlgebra;

namespace AutoDiff.Tests.Kernels.Decompositions;

public class QrDecompositionTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 5)]
    [InlineData(60, 60)]
    [InlineData(40, 7)]
    [InlineData(7, 40)]
    [InlineData(1, 6)]
    [InlineData(6, 1)]
    public void Factors_reconstruct_the_matrix(int m, int n)
    {
        Check(Matrices.Random<double>(m, n, m + n), m, n);
        Check(Matrices.Random<float>(m, n, m + n), m, n);
    }

    [Fact]
    public void Hilbert_rank_deficient_and_zero_matrices_reconstruct()
    {
        Check(Matrices.Hilbert<double>(14), 14, 14);
        Check(Matrices.OfRank<double>(9, 6, 3, 1), 9, 6);
        Check(new double[12], 4, 3);
        Check(new double[12], 3, 4);
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(1e-300)]
    public void Matrices_near_the_ends_of_the_range_reconstruct(double scale) =>
        Check(Array.ConvertAll(Matrices.Random<double>(12, 5, 3), x => x * scale), 12, 5, 1 / scale);

    [Fact]
    public void Signs_are_those_of_LAPACK()
    {
        double[] q = new double[4], r = new double[4];
        QrDecomposition.Factor<double>([3, 1, 4, 2], 2, 2, q, r);
        Matrices.RelativeError<double>(Matrices.Dense(r, 2, 2), Matrices.Dense<double>([-5, -2.2, 0, 0.4], 2, 2)).Should().BeLessThan(4);
        // Nothing to eliminate: no reflection, no change of sign.
        QrDecomposition.Factor<double>([3, 1, 0, -2], 2, 2, q, r);
        r.Should().Equal(3, 1, 0, -2);
        q.Should().Equal(1, 0, 0, 1);
    }

    [Fact]
    public void Triangular_factor_agrees_with_MathNet_up_to_signs()
    {
        double[] a = Matrices.Random<double>(20, 8, 2), q = new double[160], r = new double[64];
        QrDecomposition.Factor<double>(a, 20, 8, q, r);
        Matrix<double> expected = Matrices.Dense(a, 20, 8).QR(MathNet.Numerics.LinearAlgebra.Factorization.QRMethod.Thin).R;
        Matrices.RelativeError<double>(Matrices.Dense(r, 8, 8).PointwiseAbs(), expected.PointwiseAbs()).Should().BeLessThan(50);
    }

    [Fact]
    public void Empty_matrices_have_empty_factors_and_an_identity_where_asked()
    {
        QrDecomposition.Factor<double>([], 0, 0, [], []);
        QrDecomposition.Factor<double>([], 0, 3, [], []);
        QrDecomposition.Factor<double>([], 2, 0, [], []);
        double[] q = new double[4];
        QrDecomposition.Factor<double>([], 2, 0, q, [], complete: true);
        q.Should().Equal(1, 0, 0, 1);
    }

    [Fact]
    public void NaN_goes_through()
    {
        double[] q = new double[4], r = new double[4];
        QrDecomposition.Factor<double>([1, double.NaN, 2, 3], 2, 2, q, r);
        r.Should().Contain(double.NaN);
    }

    private static void Check<T>(T[] a, int m, int n, double unscale = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (bool complete in new[] { false, true })
        {
            int k = complete ? m : Math.Min(m, n);
            T[] q = new T[m * k], r = new T[k * n];
            Array.Fill(r, T.NaN);
            QrDecomposition.Factor<T>(a, m, n, q, r, complete);
            Matrix<double> dense = Matrices.Dense(q, m, k), upper = Matrices.Dense(r, k, n);
            (upper - upper.UpperTriangle()).FrobeniusNorm().Should().Be(0);
            Matrices.RelativeError<T>(dense * (upper * unscale), Matrices.Dense(a, m, n) * unscale).Should().BeLessThan(20);
            Matrices.OrthogonalityError<T>(dense).Should().BeLessThan(5 * (1 + Math.Sqrt(m)));
        }
    }
}
