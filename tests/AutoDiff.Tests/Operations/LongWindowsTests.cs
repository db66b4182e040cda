namespace AutoDiff.Tests.Operations;

/// <summary>Means of windows that are long and overlap: their weights are not written out.</summary>
public class LongWindowsTests
{
    [Fact]
    public void Means_of_long_windows_take_little_memory_and_time()
    {
        const int Window = 1024, Length = 20_000;
        Tensor<double> x = Tensor.Range<double>(Length);
        long before = GC.GetAllocatedBytesForCurrentThread();
        using var tape = new Tape<double>();
        Tensor<double> v = tape.Variable(x);
        Tensor<double> y = v.AvgPool1D(Window, stride: 1);
        Tensor<double> g = tape.Gradient(y.Sum(), v);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(8 << 20, "the weights would take 230 MB");
        y.At(0).Should().BeApproximately((Window - 1) / 2.0, 1e-9);
        y.At(-1).Should().BeApproximately(Length - 1 - ((Window - 1) / 2.0), 1e-9);
        g.At(0).Should().Be(1.0 / Window);
        g.At(10).Should().BeApproximately(11.0 / Window, 1e-15);
        g.At(10_000).Should().BeApproximately(1, 1e-12);
        g.At(-1).Should().Be(1.0 / Window);
    }

    [Theory]
    [InlineData(7, 4, 2, 2, true, true, null)]
    [InlineData(7, 3, 2, 1, true, false, null)]
    [InlineData(9, 4, 1, 2, false, true, 5)]
    [InlineData(10, 3, 5, 1, false, false, null)]
    [InlineData(5, 2, 4, 0, true, true, -3)]
    public void A_map_of_windows_and_its_transpose_are_those_of_their_matrix(int length, int window, int stride, int padding, bool ceiling, bool countPadding, int? divisor)
    {
        Tensor<double> Pool(Tensor<double> x) => x.AvgPool1D(window, stride, padding, ceiling, countPadding, divisor);
        double[] columns = Differentiate.Jacobian(Pool, Tensor.Zeros<double>(length), new JacobianOptions { Mode = JacobianMode.Forward }).ToArray();
        double[] rows = Differentiate.Jacobian(Pool, Tensor.Zeros<double>(length), new JacobianOptions { Mode = JacobianMode.Reverse }).ToArray();
        double[] colors = Differentiate.Jacobian(Pool, Tensor.Zeros<double>(length), new JacobianOptions { Mode = JacobianMode.Sparse }).ToArray();
        int count = columns.Length / length;
        for (int i = 0; i < count; i++)
        {
            int start = (i * stride) - padding, end = Math.Min(start + window, length + padding);
            double weight = divisor is { } d ? 1.0 / d : 1.0 / (countPadding ? end - start : Math.Min(end, length) - Math.Max(start, 0));
            for (int j = 0; j < length; j++)
            {
                columns[(i * length) + j].Should().Be(j >= start && j < end ? weight : 0);
            }
        }

        rows.Should().Equal(columns);
        colors.Should().Equal(columns);
    }
}
