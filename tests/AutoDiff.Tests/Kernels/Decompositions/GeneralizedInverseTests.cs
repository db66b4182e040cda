using System.Numerics;
using AutoDiff.Kernels;
using MathNet.Numerics.LinearAlgebra;

namespace AutoDiff.Tests.Kernels.Decompositions;

/// <summary>The inverse of full rank fulfils Penrose's conditions; near a matrix of lower rank it leaves the work to the singular values.</summary>
public class GeneralizedInverseTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 5)]
    [InlineData(40, 7)]
    [InlineData(7, 40)]
    [InlineData(150, 120)]
    public void Penrose_conditions_hold(int m, int n)
    {
        Check<double>(1e-11);
        Check<float>(1e-3);

        void Check<T>(double tolerance) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            T[] a = Matrices.Random<T>(m, n, m + n), x = new T[n * m];
            for (int i = 0; i < Math.Min(m, n); i++)
            {
                // Well-conditioned.
                a[(i * n) + i] += T.CreateChecked(2 * Math.Sqrt(Math.Max(m, n)));
            }

            GeneralizedInverse.OfFullRank(a, m, n, T.Zero, x).Should().BeTrue();
            (Matrix<double> b, Matrix<double> y) = (Matrices.Dense<T>(a, m, n), Matrices.Dense<T>(x, n, m));
            ((b * y * b) - b).FrobeniusNorm().Should().BeLessThan(tolerance * b.FrobeniusNorm());
            ((y * b * y) - y).FrobeniusNorm().Should().BeLessThan(tolerance * y.FrobeniusNorm());
            ((b * y) - (b * y).Transpose()).FrobeniusNorm().Should().BeLessThan(tolerance);
            ((y * b) - (y * b).Transpose()).FrobeniusNorm().Should().BeLessThan(tolerance);
        }
    }

    [Fact]
    public void Lower_ranks_ill_conditions_and_numbers_that_are_none_are_left_to_the_singular_values()
    {
        var x = new double[36];
        GeneralizedInverse.OfFullRank(Matrices.OfRank<double>(6, 6, 5, 3), 6, 6, 0, x).Should().BeFalse();
        GeneralizedInverse.OfFullRank(Matrices.Hilbert<double>(6), 6, 6, 0, x).Should().BeFalse();
        GeneralizedInverse.OfFullRank([1, 0, 0, 1e-3], 2, 2, 1e-2, x).Should().BeFalse("the second singular value counts as zero");
        GeneralizedInverse.OfFullRank([1, double.NaN, 0, 1], 2, 2, 0, x).Should().BeFalse();
        GeneralizedInverse.OfFullRank([1, double.PositiveInfinity, 0, 1], 2, 2, 0, x).Should().BeFalse();
        GeneralizedInverse.OfFullRank(new double[6], 2, 3, 0, x).Should().BeFalse();
        GeneralizedInverse.OfFullRank<double>([], 0, 3, 0, x).Should().BeFalse();
    }
}
