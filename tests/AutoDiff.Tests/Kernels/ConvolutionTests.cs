using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff.Tests.Kernels;

/// <summary>Convolutions large enough to be cut into blocks of windows and of channels.</summary>
[Collection(nameof(ThreadCount))]
public class ConvolutionTests
{
    /// <param name="Extents">The lengths of the spatial axes.</param>
    public record Sizes(int[] Extents, int[] Window, int[] Stride, int[] Dilation, int[] Padding, int Samples, int Groups, int Channels, int Outputs)
    {
        public int[] Counts => [.. Extents.Select((n, a) => ((n + (2 * Padding[a]) - (Dilation[a] * (Window[a] - 1)) - 1) / Stride[a]) + 1)];

        public override string ToString() => $"{string.Join('x', Extents)} window {string.Join('x', Window)} groups {Groups} channels {Channels} outputs {Outputs}";
    }

    public static TheoryData<Sizes> Cases => new()
    {
        new Sizes([9, 10], [3, 3], [1, 1], [1, 1], [1, 1], 2, 1, 150, 5),
        new Sizes([40, 33], [3, 2], [1, 1], [1, 2], [1, 0], 3, 2, 3, 17),
        new Sizes([25, 70], [5, 3], [2, 3], [1, 1], [2, 1], 1, 1, 40, 3),
        new Sizes([300], [4], [2], [3], [5], 2, 1, 6, 4),
        new Sizes([5, 12, 13], [2, 3, 2], [1, 2, 1], [2, 1, 1], [1, 0, 2], 2, 1, 9, 2),
        new Sizes([11, 12], [1, 1], [1, 1], [1, 1], [0, 0], 2, 2, 4, 3),
        new Sizes([3, 3], [3, 3], [1, 1], [1, 1], [0, 0], 4, 1, 1300, 2),
        new Sizes([13, 7], [3, 4], [1, 3], [2, 1], [3, 2], 2, 2, 9, 5),
        new Sizes([150, 61], [2, 3], [1, 1], [1, 9], [1, 20], 1, 1, 8, 12),

        // Rows and windows that are cut themselves.
        new Sizes([3000], [1500], [1], [1], [0], 1, 1, 1, 2),
        new Sizes([3000], [700], [2], [3], [50], 1, 2, 2, 1),
        new Sizes([70, 80], [60, 50], [1, 1], [1, 1], [3, 0], 1, 1, 2, 1),
        new Sizes([3, 700], [2, 200], [1, 1], [1, 2], [1, 50], 1, 1, 3, 2),

        // Gradients that are convolutions, with dilation and groups, and threads that share the outputs of a large kernel, by lines and by columns.
        new Sizes([21, 18], [3, 4], [1, 1], [2, 1], [4, 2], 2, 2, 9, 64),
        LargeKernel,
        LargeKernel with { Stride = [2, 1] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_three_products_are_those_of_the_definition_for_any_number_of_threads(Sizes c)
    {
        int channels = c.Channels * c.Groups, outputs = c.Outputs * c.Groups;
        double[] x = Numbers(1, c.Samples * channels * Product(c.Extents)), w = Numbers(2, outputs * c.Channels * Product(c.Window)), y = Numbers(3, c.Samples * outputs * Product(c.Counts));
        var (sumY, sumX, sumW) = (new double[y.Length], new double[x.Length], new double[w.Length]);
        Walk(c, (iy, ix, iw) =>
        {
            sumY[iy] += w[iw] * x[ix];
            sumX[ix] += w[iw] * y[iy];
            sumW[iw] += y[iy] * x[ix];
        });

        var convolution = new Convolution(new Windows(c.Extents, c.Window, c.Counts, c.Stride, c.Dilation, c.Padding), c.Samples, c.Groups, c.Channels, c.Outputs);
        (double[] ofY, double[] ofX, double[] ofW) = Products(1);
        Close(ofY, sumY);
        Close(ofX, sumX);
        Close(ofW, sumW);

        (double[] threadedY, double[] threadedX, double[] threadedW) = Products(3);
        threadedY.Should().Equal(ofY);
        threadedX.Should().Equal(ofX);
        threadedW.Should().Equal(ofW);

        (double[], double[], double[]) Products(int threads)
        {
            int before = Threading.MaxThreads;
            Threading.MaxThreads = threads;
            try
            {
                var (resultY, resultX, resultW) = (new double[y.Length], new double[x.Length], new double[w.Length]);
                convolution.Forward<double>(x, w, resultY, 1);
                convolution.InputGradient<double>(y, w, resultX, 1);
                convolution.KernelGradient<double>(x, y, resultW);
                return (resultY, resultX, resultW);
            }
            finally
            {
                Threading.MaxThreads = before;
            }
        }
    }

    /// <summary>Lines of one band, of several, with groups and dilation, with blocks that are not full, with more places than a chain has, of a deep layer.</summary>
    public static TheoryData<Sizes> CasesOfLines => new()
    {
        new Sizes([32, 32], [3, 3], [1, 1], [1, 1], [1, 1], 2, 1, 16, 32),
        new Sizes([14, 14], [3, 3], [1, 1], [1, 1], [1, 1], 3, 1, 16, 16),
        new Sizes([28, 27], [5, 5], [1, 1], [1, 1], [2, 2], 2, 2, 2, 7),
        new Sizes([200, 90], [3, 3], [1, 2], [2, 1], [0, 3], 1, 1, 24, 20),
        new Sizes([9, 11], [3, 2], [1, 1], [1, 2], [4, 5], 2, 1, 60, 3),
        new Sizes([6, 5], [4, 1], [1, 1], [1, 1], [1, 0], 2, 3, 12, 1),
        new Sizes([28, 28], [3, 3], [1, 1], [1, 1], [1, 1], 1, 1, 140, 20),
        LargeKernel,
    };

    /// <summary>Of so many numbers that threads share the outputs in the place of the samples.</summary>
    private static Sizes LargeKernel => new([7, 6], [3, 3], [1, 1], [1, 1], [1, 1], 2, 1, 174, 170);

    [Theory]
    [MemberData(nameof(CasesOfLines))]
    public void Lines_give_the_bits_that_columns_give(Sizes c)
    {
        Compare<float>(c);
        Compare<double>(c);
    }

    private static void Compare<T>(Sizes c) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int channels = c.Channels * c.Groups, outputs = c.Outputs * c.Groups;
        T[] x = As<T>(Numbers(1, c.Samples * channels * Product(c.Extents))), w = As<T>(Numbers(2, outputs * c.Channels * Product(c.Window)));
        T[] y = As<T>(Numbers(3, c.Samples * outputs * Product(c.Counts)));
        (T[] Y, T[] W) byLines = Products(false), byColumns = Products(true);
        byLines.Y.Should().Equal(byColumns.Y);
        byLines.W.Should().Equal(byColumns.W);

        (T[], T[]) Products(bool columns)
        {
            var convolution = new Convolution(new Windows(c.Extents, c.Window, c.Counts, c.Stride, c.Dilation, c.Padding), c.Samples, c.Groups, c.Channels, c.Outputs) { UsesColumnsOnly = columns };
            var (resultY, resultW) = (new T[y.Length], new T[w.Length]);
            convolution.Forward<T>(x, w, resultY, 1);
            convolution.KernelGradient<T>(x, y, resultW);
            return (resultY, resultW);
        }
    }

    private static T[] As<T>(double[] numbers) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Array.ConvertAll(numbers, T.CreateChecked);

    private static void Close(double[] actual, double[] expected)
    {
        double scale = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
        {
            Agreement.Within(actual[i], expected[i], 1e-13 * scale).Should().BeTrue("element {0} is a sum of products: {1}, not {2}", i, expected[i], actual[i]);
        }
    }

    /// <summary>Calls an action with the places in y, x and w of every product.</summary>
    private static void Walk(Sizes c, Action<int, int, int> product)
    {
        int[] windows = c.Counts;
        (int counts, int places, int length) = (Product(windows), Product(c.Extents), Product(c.Window));
        for (int o = 0; o < counts; o++)
        {
            for (int k = 0; k < length; k++)
            {
                (int place, bool inside) = (0, true);
                for (int a = 0; a < windows.Length; a++)
                {
                    int i = (At(o, windows, a) * c.Stride[a]) - c.Padding[a] + (At(k, c.Window, a) * c.Dilation[a]);
                    inside &= i >= 0 && i < c.Extents[a];
                    place = (place * c.Extents[a]) + i;
                }

                for (int n = 0; inside && n < c.Samples * c.Groups * c.Outputs * c.Channels; n++)
                {
                    (int sample, int g, int output, int channel) = (n / c.Channels / c.Outputs / c.Groups, n / c.Channels / c.Outputs % c.Groups, n / c.Channels % c.Outputs, n % c.Channels);
                    product((((((sample * c.Groups) + g) * c.Outputs) + output) * counts) + o, (((((sample * c.Groups) + g) * c.Channels) + channel) * places) + place,
                        (((((g * c.Outputs) + output) * c.Channels) + channel) * length) + k);
                }
            }
        }
    }

    private static int At(int index, int[] shape, int axis) => index / Product(shape[(axis + 1)..]) % shape[axis];

    private static int Product(int[] lengths) => lengths.Aggregate(1, (a, b) => a * b);

    private static double[] Numbers(int seed, int count)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() - 0.5)];
    }
}
