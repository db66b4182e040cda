using AutoDiff.Kernels;

namespace AutoDiff.Tests.Kernels.Decompositions;

public class SylvesterTests
{
    [Theory]
    [InlineData(1, 1, false, false), InlineData(3, 2, false, false), InlineData(2, 4, false, true), InlineData(5, 5, true, false), InlineData(4, 3, true, true), InlineData(0, 2, false, false)]
    public void Residual_is_small(int m, int n, bool symmetric, bool transposed)
    {
        var random = new Random(m + (10 * n));
        double[] a = Matrix(m), b = Matrix(n), c = Enumerable.Range(0, m * n).Select(_ => random.NextDouble() - 0.5).ToArray();
        var x = (double[])c.Clone();
        Sylvester.Solve<double>(a, m, b, n, x, transposed).Should().BeTrue();
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double left = Enumerable.Range(0, m).Sum(k => (transposed ? a[(k * m) + i] : a[(i * m) + k]) * x[(k * n) + j]);
                double right = Enumerable.Range(0, n).Sum(k => x[(i * n) + k] * (transposed ? b[(j * n) + k] : b[(k * n) + j]));
                (left + right).Should().BeApproximately(c[(i * n) + j], 1e-14);
            }
        }

        double[] Matrix(int size)
        {
            var matrix = new double[size * size];
            for (int i = 0; i < size; i++)
            {
                for (int j = 0; j < size; j++)
                {
                    matrix[(i * size) + j] = symmetric && j < i ? matrix[(j * size) + i] : (random.NextDouble() - 0.5) + (i == j ? 2 : 0);
                }
            }

            return matrix;
        }
    }

    [Fact]
    public void Shared_eigenvalues_are_reported()
    {
        Sylvester.Solve([1.0, 0, 0, 2], 2, [-2.0], 1, [1.0, 1], false).Should().BeFalse();
        Sylvester.Solve([1.0, 1, 0, 2], 2, [-2.0], 1, [1.0, 1], false).Should().BeFalse();
    }
}
