using AutoDiff.Kernels;

namespace AutoDiff.Tests.Kernels;

[Collection(nameof(ThreadCount))]
public sealed class RowPartsTests : IDisposable
{
    private readonly int before = Threading.MaxThreads;

    public void Dispose() => Threading.MaxThreads = before;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Every_row_is_computed_once_from_its_own_operands(int threads)
    {
        Threading.MaxThreads = threads;
        for (int rows = 0; rows < 30; rows++)
        {
            double[] x = [.. Enumerable.Range(0, 3 * rows)], y = [.. Enumerable.Range(0, rows)], z = new double[2 * rows];
            RowParts.Run<double, double>(rows, 100 * RowParts.Grain, x, y, z, 0.5, static (x, y, z, rows, half) =>
            {
                for (int i = 0; i < rows; i++)
                {
                    z[2 * i] += x[(3 * i) + 1];
                    z[(2 * i) + 1] += y[i] + half;
                }
            });
            z.Should().Equal(Enumerable.Range(0, rows).SelectMany(i => new[] { (3 * i) + 1.0, i + 0.5 }));
        }
    }
}
