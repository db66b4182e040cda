using AutoDiff.Kernels;

namespace AutoDiff.Tests.Kernels.Decompositions;

public class TridiagonalSolveTests
{
    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(10), InlineData(100)]
    public void Residual_is_small_whatever_the_pivots(int n)
    {
        var random = new Random(n);
        for (int kind = 0; kind < 3; kind++)
        {
            // A dominant diagonal, none, and (for even orders) a diagonal of zeros: exchanges of every pair.
            double size = kind switch { 0 => 4, 1 => 1, _ => n % 2 == 0 ? 0 : 1 };
            double[] lower = Numbers(n - 1, 1), diagonal = Numbers(n, size), upper = Numbers(n - 1, 1), b = Numbers(2 * n, 1);
            var x = (double[])b.Clone();
            TridiagonalSolve.Solve<double>(lower, diagonal, upper, x, 2).Should().Be(-1);
            double largest = x.Max(Math.Abs);
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < 2; j++)
                {
                    double sum = (diagonal[i] * x[(2 * i) + j]) + (i > 0 ? lower[i - 1] * x[(2 * i) - 2 + j] : 0) + (i < n - 1 ? upper[i] * x[(2 * i) + 2 + j] : 0);
                    sum.Should().BeApproximately(b[(2 * i) + j], 1e-13 * Math.Max(1, largest) * 10);
                }
            }
        }

        double[] Numbers(int count, double factor) => Enumerable.Range(0, count).Select(_ => factor * ((random.NextDouble() / 2) + 0.5) * (random.Next(2) == 0 ? 1 : -1)).ToArray();
    }

    [Fact]
    public void Singular_matrix_is_reported_with_its_pivot()
    {
        TridiagonalSolve.Solve([0.0], [0, 1], [1], [1.0, 1], 1).Should().Be(0);
        TridiagonalSolve.Solve([1.0], [1, 1], [1], [1.0, 1], 1).Should().Be(1);
        TridiagonalSolve.Solve([1f, 0], [2, 1, 0], [1, 1], [1f, 1, 1], 1).Should().Be(2);
    }
}
