using System.Numerics;
using AutoDiff.Kernels;
using MathNet.Numerics.LinearAlgebra;

namespace AutoDiff.Tests.Kernels.Decompositions;

public class ConditionEstimateTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(30)]
    public void Estimates_lie_between_the_truth_and_three_times_it(int n)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            Between(Matrices.Random<double>(n, n, seed), n);
            Between(Matrices.Random<float>(n, n, seed), n);
        }
    }

    [Fact]
    public void Hilbert_matrices_are_known_as_ill_conditioned() => Between(Matrices.Hilbert<double>(8), 8);

    [Fact]
    public void Singular_empty_and_NaN_matrices_have_their_conventional_values()
    {
        Reciprocal<double>([1, 2, 2, 4], 2).Should().Be(0);
        Reciprocal<double>([1, 0, 0, 1e-320], 2).Should().Be(0);
        Reciprocal<double>([], 0).Should().Be(1);
        Reciprocal<double>([1, double.NaN, 0, 1], 2).Should().Be(double.NaN);
        Reciprocal<double>([3, 0, 0, 3], 2).Should().BeApproximately(1, 1e-15);
    }

    private static void Between<T>(T[] a, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Matrix<double> dense = Matrices.Dense(a, n, n);
        double truth = 1 / (dense.L1Norm() * dense.Inverse().L1Norm());
        (double.CreateChecked(Reciprocal(a, n)) / truth).Should().BeInRange(1 - 1e-3, 3);
    }

    private static T Reciprocal<T>(T[] a, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] factors = [.. a];
        int[] pivots = new int[n];
        LuDecomposition.Factor<T>(factors, n, n, pivots);
        return ConditionEstimate.Reciprocal<T>(factors, n, pivots, Rows.OneNorm<T>(a, n, n));
    }
}
