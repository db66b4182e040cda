using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff.Tests.Kernels;

public class NormalizationTests
{
    public static TheoryData<int, string> Rows()
    {
        TheoryData<int, string> rows = [];
        foreach (int columns in (int[])[1, 2, 3, 15, 16, 17, 31, 32, 33, 63, 100, 512, 2047, 2048, 2049, 5000])
        {
            foreach (string kind in (string[])["ordinary", "far from 0", "tiny", "huge", "equal", "with an infinity", "with a NaN"])
            {
                rows.Add(columns, kind);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_fused_passes_give_the_bits_of_the_steps_one_by_one(int columns, string kind)
    {
        Check<float>(columns, kind, 1e-30f, 1e30f);
        Check<double>(columns, kind, 1e-170, 1e170);
    }

    private static void Check<T>(int columns, string kind, T tiny, T huge) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int rows = 3;
        T[] x = Numbers(rows * columns, 1), v = Numbers(rows * columns, 2);
        x = Array.ConvertAll(x, number => kind switch
        {
            "far from 0" => number + T.CreateChecked(4096),
            "tiny" => number * tiny,
            "huge" => number * huge,
            "equal" => T.CreateChecked(0.3),
            _ => number,
        });
        x[columns - 1] = kind switch { "with an infinity" => T.PositiveInfinity, "with a NaN" => T.NaN, _ => x[columns - 1] };
        T epsilon = T.CreateChecked(kind == "tiny" ? 0.0 : 1e-5), n = T.CreateChecked(columns);
        foreach (bool centered in (bool[])[true, false])
        {
            T[] y = new T[x.Length], z = new T[x.Length], r = new T[rows];
            Normalization.Standardize<T>(x, columns, epsilon, centered, y);
            Normalization.Product<T>(v, x, columns, epsilon, centered, z);
            Normalization.InverseDeviations<T>(x, rows, columns, epsilon, centered, r);
            for (int row = 0; row < rows; row++)
            {
                Range at = (row * columns)..((row + 1) * columns);
                T mean = centered ? Reductions.Sum<T>(x[at]) / n : T.Zero;
                T[] deviations = Array.ConvertAll(x[at], number => number - mean);
                T square = Reductions.SumOfSquares<T>(deviations) / n;
                if (T.IsNormal(square))
                {
                    Bits(r[row]).Should().Be(Bits(T.One / T.Sqrt(square + epsilon)));
                }

                T[] expected = Array.ConvertAll(deviations, deviation => deviation * r[row]);
                Array.ConvertAll(y[at], Bits).Should().Equal(Array.ConvertAll(expected, Bits));
                T slope = Reductions.Dot<T>(v[at], expected) / n, level = centered ? Reductions.Sum<T>(v[at]) / n : T.Zero;
                T[] product = [.. v[at].Zip(expected, (v, y) => (v - (y * slope) - level) * r[row])];
                Array.ConvertAll(z[at], Bits).Should().Equal(Array.ConvertAll(product, Bits));
            }
        }

        T[] weights = Numbers(rows * columns, 3), w = new T[x.Length];
        SoftmaxProducts.Softmax<T>(x, weights, columns, w);
        for (int row = 0; row < rows; row++)
        {
            Range at = (row * columns)..((row + 1) * columns);
            T dot = Reductions.Dot<T>(x[at], weights[at]);
            Array.ConvertAll(w[at], Bits).Should().Equal([.. x[at].Zip(weights[at], (v, y) => Bits((v - dot) * y))]);
        }

        static T[] Numbers(int count, int seed)
        {
            Random random = new(seed);
            return [.. Enumerable.Range(0, count).Select(_ => T.CreateChecked((4 * random.NextDouble()) - 1.5))];
        }

        // All NaN are alike.
        static long Bits(T number) => T.IsNaN(number) ? long.MaxValue : BitConverter.DoubleToInt64Bits(double.CreateChecked(number));
    }

    [Fact]
    public void The_exponentials_of_float_rows_are_right_down_to_zero()
    {
        float[] x = [0f, -1e-30f, .. Enumerable.Range(1, 1100).Select(i => -0.73f * i), float.MinValue, float.NegativeInfinity];
        float[] y = new float[x.Length];
        Reductions.SoftmaxRows<float>(x, x.Length, y);
        double sum = x.Sum(number => Math.Exp(number));
        for (int i = 0; i < x.Length; i++)
        {
            double expected = Math.Exp(x[i]) / sum;
            ((double)y[i]).Should().BeApproximately(expected, (expected * 2e-7) + 1.5e-45, "element {0} is {1}", i, x[i]);
        }

        y[^1].Should().Be(0f);
        Reductions.LogSumExp<float>(x).Should().BeApproximately((float)Math.Log(sum), 1e-7f);
        x[5] = float.NaN;
        Reductions.SoftmaxRows<float>(x, x.Length, y);
        y.Should().OnlyContain(number => float.IsNaN(number));
    }
}
