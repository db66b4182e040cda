using System.Numerics;
using AutoDiff.Kernels;
using MathNet.Numerics.LinearAlgebra;

namespace AutoDiff.Tests.Kernels.Decompositions;

public class LuDecompositionTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 5)]
    [InlineData(60, 60)]
    [InlineData(3, 8)]
    [InlineData(9, 4)]
    [InlineData(1, 6)]
    [InlineData(6, 1)]
    public void Factors_reconstruct_the_permuted_matrix(int m, int n)
    {
        Reconstructs(Matrices.Random<double>(m, n, m + n), m, n, -1);
        Reconstructs(Matrices.Random<float>(m, n, m + n), m, n, -1);
    }

    [Fact]
    public void Singular_matrices_reconstruct_and_name_the_first_zero_pivot()
    {
        Reconstructs<double>(new double[9], 3, 3, 0);
        Reconstructs<double>([1, 2, 3, 2, 4, 6, 1, 1, 1], 3, 3, 2);
        Reconstructs<double>([0, 2, 3, 0, 4, 6, 0, 1, 1], 3, 3, 0);
        Reconstructs<double>([1, 0, 3, 2, 0, 6, 1, 0, 1], 3, 3, 1);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(12, 1)]
    [InlineData(12, 5)]
    public void Solve_satisfies_the_system_and_the_transposed_one(int n, int k)
    {
        Solves<double>(n, k);
        Solves<float>(n, k);
    }

    [Fact]
    public void Sign_is_the_determinant_of_the_permutation()
    {
        for (int seed = 0; seed < 10; seed++)
        {
            double[] a = Matrices.Random<double>(6, 6, seed);
            double expected = Matrices.Dense(a, 6, 6).Determinant();
            int[] pivots = new int[6];
            double determinant = LuDecomposition.Factor<double>(a, 6, 6, pivots).Sign;
            for (int i = 0; i < 6; i++)
            {
                determinant *= a[i * 7];
            }
            determinant.Should().BeApproximately(expected, 1e-13);
        }
    }

    [Fact]
    public void A_NaN_does_not_hide_behind_a_zero_pivot()
    {
        double[] a = [0, 1, double.NaN, 1];
        LuDecomposition.Factor<double>(a, 2, 2, new int[2]).FirstZeroPivot.Should().Be(-1);
        a.Should().Contain(double.NaN);
    }

    [Fact]
    public void Empty_matrices_have_empty_factors()
    {
        LuDecomposition.Factor<double>([], 0, 0, []).Should().Be((1, -1));
        LuDecomposition.Factor<double>([], 0, 4, []).Should().Be((1, -1));
        LuDecomposition.Factor<double>([], 4, 0, []).Should().Be((1, -1));
        LuDecomposition.Solve<double>([], 0, [], [], 2);
    }

    private static void Reconstructs<T>(T[] a, int m, int n, int firstZeroPivot)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int k = Math.Min(m, n);
        T[] factors = [.. a], lower = new T[m * k], upper = new T[k * n], permuted = [.. a], back;
        int[] pivots = new int[k], permutation = new int[m];
        LuDecomposition.Factor<T>(factors, m, n, pivots).FirstZeroPivot.Should().Be(firstZeroPivot);
        Matrices.Unpack<T>(factors, m, n, lower, upper);
        LuDecomposition.Permute<T>(permuted, n, pivots);
        Matrices.RelativeError<T>(Matrices.Dense(lower, m, k) * Matrices.Dense(upper, k, n), Matrices.Dense(permuted, m, n)).Should().BeLessThan(10);
        lower.Max(l => Math.Abs(double.CreateChecked(l))).Should().BeLessThanOrEqualTo(1);

        LuDecomposition.Permutation(pivots, permutation);
        permuted.Should().Equal(Matrices.Fill<T>(m, n, (i, j) => double.CreateChecked(a[permutation[i] * n + j])));
        back = [.. permuted];
        LuDecomposition.PermuteBack<T>(back, n, pivots);
        back.Should().Equal(a);
    }

    private static void Solves<T>(int n, int k)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] a = Matrices.Random<T>(n, n, n), b = Matrices.Random<T>(n, k, k), factors = [.. a];
        int[] pivots = new int[n];
        LuDecomposition.Factor<T>(factors, n, n, pivots);
        Matrix<double> dense = Matrices.Dense(a, n, n), right = Matrices.Dense(b, n, k);
        T[] x = [.. b];
        LuDecomposition.Solve<T>(factors, n, pivots, x, k);
        Matrices.RelativeError<T>(dense * Matrices.Dense(x, n, k), right).Should().BeLessThan(100);
        x = [.. b];
        LuDecomposition.Solve<T>(factors, n, pivots, x, k, transposed: true);
        Matrices.RelativeError<T>(dense.Transpose() * Matrices.Dense(x, n, k), right).Should().BeLessThan(100);
    }
}
