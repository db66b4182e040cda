using AutoDiff.Kernels;

namespace AutoDiff.Tests.Kernels;

public class ReductionsTests
{
    private static double[] Numbers(int count)
    {
        Random random = new(3);
        return [.. Enumerable.Range(0, count).Select(_ => 2.0 * random.NextDouble() - 0.5)];
    }

    /// <summary>The sum in decimal, exact to 27 digits.</summary>
    private static double Exact(IEnumerable<double> x) => (double)x.Sum(value => (decimal)value);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(1000)]
    [InlineData(2048)]
    [InlineData(2049)]
    [InlineData(100_003)]
    public void Sums_are_those_of_the_definition(int count)
    {
        double[] x = Numbers(count), y = [.. Numbers(count).Reverse()];
        Reductions.Sum<double>(x).Should().BeApproximately(Exact(x), 1e-14 * count);
        Reductions.SumOfSquares<double>(x).Should().BeApproximately(x.Sum(value => value * value), 1e-13 * count);
        Reductions.Dot<double>(x, y).Should().BeApproximately(x.Zip(y, (a, b) => a * b).Sum(), 1e-13 * count);
        Reductions.Sum<float>([.. x.Select(value => (float)value)]).Should().BeApproximately((float)Exact(x), 2e-7f * count);
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.1)]
    [InlineData(1.0)]
    [InlineData(30.0)]
    public void The_logarithm_of_a_mean_is_that_of_the_definition(double spread)
    {
        double[] x = [.. Numbers(50).Select(value => spread * value)];
        Reductions.LogMeanExp<double>(x).Should().BeApproximately(Math.Log(x.Sum(Math.Exp) / x.Length), 1e-14 * Math.Max(1, spread));
    }

    [Fact]
    public void A_zero_is_found_wherever_it_is()
    {
        for (int length = 0; length < 40; length++)
        {
            float[] x = [.. Enumerable.Repeat(float.Epsilon, length)];
            Reductions.AnyZero<float>(x).Should().BeFalse();
            for (int i = 0; i < length; i++)
            {
                x[i] = i % 2 == 0 ? 0f : -0f;
                Reductions.AnyZero<float>(x).Should().BeTrue("one of {0} is at {1}", length, i);
                x[i] = float.NaN;
            }
        }
    }

    [Fact]
    public void Ten_million_tenths_in_float_are_a_million()
    {
        float[] x = new float[10_000_000];
        Array.Fill(x, 0.1f);
        (Reductions.Sum<float>(x) / 1e6).Should().BeApproximately(1.0, 1e-6);
    }

    [Fact]
    public void A_sum_does_not_depend_on_where_its_span_begins()
    {
        double[] x = Numbers(5000);
        double expected = Reductions.Sum<double>(x);
        double[] room = new double[5016];
        for (int offset = 0; offset < 16; offset++)
        {
            x.CopyTo(room, offset);
            Reductions.Sum<double>(room.AsSpan(offset, 5000)).Should().Be(expected);
        }
    }

    [Fact]
    public void A_sum_is_its_tree()
    {
        // Blocks of 2048, 32 partial sums in each, added by halves; then the blocks in pairs.
        double[] x = Numbers(2048 * 3 + 100);
        double[] blocks = new double[4];
        for (int block = 0; block < 4; block++)
        {
            double[] partial = new double[32];
            for (int i = block * 2048; i < Math.Min(x.Length, block * 2048 + 2048); i++)
            {
                partial[i % 32] += x[i];
            }
            for (int half = 16; half > 0; half /= 2)
            {
                for (int i = 0; i < half; i++)
                {
                    partial[i] += partial[i + half];
                }
            }
            blocks[block] = partial[0];
        }
        Reductions.Sum<double>(x).Should().Be(blocks[0] + blocks[1] + (blocks[2] + blocks[3]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(32)]
    [InlineData(63)]
    [InlineData(512)]
    [InlineData(2048)]
    [InlineData(2049)]
    [InlineData(70_001)]
    public void Two_sums_at_a_time_have_the_bits_of_each_alone(int count)
    {
        double[] x = Numbers(count), y = [.. Numbers(count).Select((value, i) => i % 3 == 0 ? 1e-30 * value : 1 - value)];
        Check<double>(x, y, 0.3, -0.7);
        Check<float>([.. x.Select(value => (float)value)], [.. y.Select(value => (float)value)], 0.3f, -0.7f);

        static void Check<T>(T[] x, T[] y, T a, T b) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            Reductions.SumsOfTwo<T>(x, y).Should().Be((Reductions.Sum<T>(x), Reductions.Sum<T>(y)));
            Reductions.DotAndSum<T>(x, y).Should().Be((Reductions.Dot<T>(x, y), Reductions.Sum<T>(x)));
            Reductions.SumsOfSquaredDeviations<T>(x, a, y, b).Should().Be((Reductions.SumOfSquaredDeviations<T>(x, a), Reductions.SumOfSquaredDeviations<T>(y, b)));
        }
    }

    [Theory]
    [InlineData(7)]
    [InlineData(40)]
    [InlineData(600)]
    public void Deviations_of_floats_are_floats(int count)
    {
        // From the smallest numbers to the largest whose squares a double holds, on both sides of the mean.
        Random random = new(4);
        float[] x = [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-149, 100))))];
        foreach (float mean in (float[])[0f, 1e-45f, 0.1f, -3e5f, 1e30f])
        {
            float[] deviations = [.. x.Select(value => value - mean)];
            Reductions.SumOfSquaredDeviations(x, mean).Should().Be(Reductions.SumOfSquares<float>(deviations));
        }
    }

    [Fact]
    public void NaN_and_infinity_pass_through()
    {
        double[] x = Numbers(100);
        x[77] = double.PositiveInfinity;
        Reductions.Sum<double>(x).Should().Be(double.PositiveInfinity);
        Reductions.Max<double>(x).Should().Be(double.PositiveInfinity);
        x[50] = double.NaN;
        double.IsNaN(Reductions.Sum<double>(x)).Should().BeTrue();
        double.IsNaN(Reductions.Max<double>(x)).Should().BeTrue();
        double.IsNaN(Reductions.Min<double>(x)).Should().BeTrue();
        double.IsNaN(Reductions.LogSumExp<double>(x)).Should().BeTrue();
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    [InlineData(33, 3)]
    [InlineData(100, 64)]
    [InlineData(70, 131)]
    [InlineData(1000, 41)]
    [InlineData(0, 4)]
    [InlineData(4, 0)]
    public void Rows_and_columns_are_those_of_the_definition(int rows, int columns)
    {
        double[] x = Numbers(rows * columns);
        float[] f = [.. x.Select(value => (float)value)];
        double[] rowSums = new double[rows], columnSums = new double[columns];
        float[] floatSums = new float[columns];
        Reductions.SumRows<double>(x, rows, columns, rowSums);
        Reductions.SumColumns<double>(x, rows, columns, columnSums);
        Reductions.SumColumns<float>(f, rows, columns, floatSums);
        for (int i = 0; i < rows; i++)
        {
            rowSums[i].Should().BeApproximately(Exact(x.Skip(i * columns).Take(columns)), 1e-14 * columns);
        }
        for (int j = 0; j < columns; j++)
        {
            double expected = Exact(Enumerable.Range(0, rows).Select(i => x[i * columns + j]));
            columnSums[j].Should().BeApproximately(expected, 1e-14 * rows);
            floatSums[j].Should().BeApproximately((float)expected, 2e-7f * rows);
        }
    }

    [Fact]
    public void A_column_sum_does_not_depend_on_the_other_columns()
    {
        const int rows = 150;
        double[] x = Numbers(rows * 45), all = new double[45], one = new double[1], column = new double[rows];
        Reductions.SumColumns<double>(x, rows, 45, all);
        for (int j = 0; j < 45; j++)
        {
            for (int i = 0; i < rows; i++)
            {
                column[i] = x[i * 45 + j];
            }
            Reductions.SumColumns<double>(column, rows, 1, one);
            one[0].Should().Be(all[j]);
        }
    }

    [Fact]
    public void LogSumExp_neither_overflows_nor_loses_the_edges()
    {
        const double infinity = double.PositiveInfinity;
        Reductions.LogSumExp<double>([1000.0, 1001.0, 1002.0]).Should().BeApproximately(1002.4076059644444, 1e-12);
        Reductions.LogSumExp<double>([-1000.0, -1001.0]).Should().BeApproximately(-999.6867383124818, 1e-12);
        Reductions.LogSumExp<float>([1000f, 1001f, 1002f]).Should().BeApproximately(1002.4076f, 1e-4f);
        Reductions.LogSumExp<double>([]).Should().Be(-infinity);
        Reductions.LogSumExp<double>([-infinity, -infinity]).Should().Be(-infinity);
        Reductions.LogSumExp<double>([1.0, infinity, -infinity]).Should().Be(infinity);
        Reductions.LogSumExp<double>([-infinity, 3.0]).Should().Be(3.0);
        double[] equal = new double[5000];
        Reductions.LogSumExp<double>(equal).Should().BeApproximately(Math.Log(5000.0), 1e-14);
    }

    [Fact]
    public void Softmax_is_that_of_the_definition()
    {
        const int rows = 5, columns = 37;
        double[] x = [.. Numbers(rows * columns).Select(value => 10.0 * value + 1000.0)];
        double[] soft = new double[x.Length], logarithm = new double[x.Length];
        Reductions.SoftmaxRows<double>(x, columns, soft);
        Reductions.LogSoftmaxRows<double>(x, columns, logarithm);
        for (int i = 0; i < rows; i++)
        {
            double[] exponentials = [.. x.Skip(i * columns).Take(columns).Select(value => Math.Exp(value - 1000.0))];
            double sum = exponentials.Sum();
            for (int j = 0; j < columns; j++)
            {
                double expected = exponentials[j] / sum;
                soft[i * columns + j].Should().BeApproximately(expected, 1e-13 * expected);
                logarithm[i * columns + j].Should().BeApproximately(Math.Log(expected), 1e-12);
            }
        }

        float[] floats = [.. x.Select(value => (float)value)];
        Reductions.SoftmaxRows<float>(floats, columns, floats);
        floats.Take(columns).Sum().Should().BeApproximately(1f, 1e-6f);
        double[] masked = [double.NegativeInfinity, 0.0, 0.0];
        Reductions.SoftmaxRows<double>(masked, 3, masked);
        masked.Should().Equal(0.0, 0.5, 0.5);
    }
}
