using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff.Tests.Kernels.Decompositions;

public class DeterminantTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(20)]
    public void Values_agree_with_MathNet(int n)
    {
        double[] a = Matrices.Random<double>(n, n, n);
        double expected = Matrices.Dense(a, n, n).Determinant();
        (double value, double sign, double log) = Compute(a, n);
        (value / expected).Should().BeApproximately(1, 1e-12);
        sign.Should().Be(Math.Sign(expected));
        log.Should().BeApproximately(Math.Log(Math.Abs(expected)), 1e-12);
    }

    [Fact]
    public void Intermediate_products_neither_overflow_nor_underflow()
    {
        double[] diagonal = [1e300, 1e300, -1e-300, 1e-300, 2];
        (double value, double sign, double log) = Compute(Matrices.Fill<double>(5, 5, (i, j) => i == j ? diagonal[i] : 0), 5);
        value.Should().BeApproximately(-2, 1e-14);
        sign.Should().Be(-1);
        log.Should().BeApproximately(Math.Log(2), 1e-14);

        (float value, float sign, float log) single = Compute(Matrices.Fill<float>(6, 6, (i, j) => i == j ? (i % 2 == 0 ? 1e30 : 1e-30) : 0), 6);
        single.value.Should().BeApproximately(1, 1e-5f);
        single.log.Should().BeApproximately(0, 1e-5f);
    }

    [Fact]
    public void The_logarithm_reaches_beyond_the_range()
    {
        (double value, double sign, double log) = Compute(Matrices.Fill<double>(400, 400, (i, j) => i == j ? -1e-3 : 0), 400);
        value.Should().Be(0);
        sign.Should().Be(1);
        log.Should().BeApproximately(400 * Math.Log(1e-3), 1e-11);
        (value, sign, log) = Compute(Matrices.Fill<double>(401, 401, (i, j) => i == j ? -1e3 : 0), 401);
        value.Should().Be(double.NegativeInfinity);
        sign.Should().Be(-1);
        log.Should().BeApproximately(401 * Math.Log(1e3), 1e-11);
    }

    [Fact]
    public void The_logarithm_is_accurate_near_one()
    {
        Compute([1 - 1e-9], 1).Log.Should().BeApproximately(Math.Log(1 - 1e-9), 1e-24);
        Compute<double>([0.5, 0, 0, 2], 2).Log.Should().Be(0);
    }

    [Fact]
    public void Singular_empty_and_NaN_matrices_have_their_conventional_values()
    {
        Compute<double>([1, 2, 2, 4], 2).Should().Be((0, 0, double.NegativeInfinity));
        Compute<double>([], 0).Should().Be((1, 1, 0));
        (double value, double sign, double log) = Compute<double>([1, double.NaN, 2, 1], 2);
        value.Should().Be(double.NaN);
        sign.Should().Be(double.NaN);
        log.Should().Be(double.NaN);
    }

    private static (T Value, T Sign, T Log) Compute<T>(T[] a, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] factors = [.. a];
        int permutation = LuDecomposition.Factor<T>(factors, n, n, new int[n]).Sign;
        (T sign, T log) = Determinant.LogFromLu<T>(factors, n, permutation);
        return (Determinant.FromLu<T>(factors, n, permutation), sign, log);
    }
}
