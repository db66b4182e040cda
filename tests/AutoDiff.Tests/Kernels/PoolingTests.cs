using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff.Tests.Kernels;

/// <summary>The largest elements of windows, in registers and one by one.</summary>
public class PoolingTests
{
    /// <summary>Rows, lengths of the axes, windows, strides, dilations, padding.</summary>
    public static TheoryData<int, int[], int, int, int, int> Cases => new()
    {
        { 3, [1, 28, 28], 2, 2, 1, 0 },
        { 2, [1, 14, 15], 2, 2, 1, 0 },
        { 1, [1, 9, 33], 3, 1, 1, 1 },
        { 2, [1, 17, 21], 3, 2, 1, 1 },
        { 1, [4, 6, 19], 2, 2, 1, 1 },
        { 1, [3, 5, 40], 3, 2, 2, 1 },
        { 2, [1, 12, 25], 3, 3, 1, 0 },
        { 5, [1, 1, 3], 2, 1, 1, 0 },
        { 1, [1, 1, 2], 2, 2, 1, 0 },
        { 7, [1, 2, 2], 2, 2, 1, 0 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_first_largest_element_wins_and_the_first_NaN_before_it(int rows, int[] extents, int window, int stride, int dilation, int padding)
    {
        Check<float>(rows, extents, window, stride, dilation, padding);
        Check<double>(rows, extents, window, stride, dilation, padding);
    }

    [Fact]
    public void Windows_of_several_lengths_have_their_winners_too()
    {
        // As adaptive pooling cuts 23 places in 9.
        AxisWindows[] axes = [AxisWindows.None, AxisWindows.None, new(23, [.. Enumerable.Range(0, 9).Select(i => i * 23 / 9)], [.. Enumerable.Range(0, 9).Select(i => (((i + 1) * 23) + 8) / 9)], 1)];
        Check<double>(4, axes);
    }

    [Fact]
    public void Cotangents_of_windows_that_do_not_overlap_are_put_as_sums_are()
    {
        float[] y = [1.5f, -0f, 3e38f, float.NaN, -2, 1e-45f];
        int[] winners = [2, 5, 8, 1, 0, 8];
        float[] sums = new float[16], put = new float[16];
        Pooling.Put<float>(y, 1, 2, 8, winners, apart: false, sums);
        Pooling.Put<float>(y, 1, 2, 8, winners, apart: true, put);
        put.Select(BitConverter.SingleToInt32Bits).Should().Equal(sums.Select(BitConverter.SingleToInt32Bits));
        sums.Should().Equal(0, 1.5f, 0, 0, 0, 0, 0, 3e38f, float.NaN, 0, 0, 0, 0, 0, 0, 1e-45f);
    }

    [Theory]
    [InlineData(2, 2, true)]
    [InlineData(2, 3, true)]
    [InlineData(3, 2, false)]
    public void Windows_are_apart_where_the_stride_is_as_long_as_they_are(int window, int stride, bool apart) => Along(20, window, stride, 1, 0).AreApart.Should().Be(apart);

    private static AxisWindows Along(int extent, int window, int stride, int dilation, int padding)
    {
        int reach = ((window - 1) * dilation) + 1, count = ((extent + (2 * padding) - reach) / stride) + 1;
        IEnumerable<int> starts = Enumerable.Range(0, count).Select(i => (i * stride) - padding);
        return new(extent, [.. starts.Select(s => s < 0 ? s + ((-s + dilation - 1) / dilation * dilation) : s)], [.. starts.Select(s => Math.Min(s + reach, extent))], dilation);
    }

    private static void Check<T>(int rows, int[] extents, int window, int stride, int dilation, int padding) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Check<T>(rows, [.. extents.Select(n => n == 1 ? AxisWindows.None : Along(n, window, stride, dilation, padding))]);

    private static void Check<T>(int rows, AxisWindows[] axes) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int places = axes[0].Extent * axes[1].Extent * axes[2].Extent, count = axes[0].Count * axes[1].Count * axes[2].Count;
        var random = new Random(places);

        // Few values, so that there are ties; NaN, zeros of both signs and infinities among them.
        T[] values = [T.NaN, T.NegativeInfinity, T.PositiveInfinity, T.NegativeZero, T.Zero, T.One, -T.One, T.CreateChecked(0.5), T.CreateChecked(2), T.CreateChecked(3)];
        T[] x = [.. Enumerable.Range(0, rows * places).Select(_ => values[random.Next(random.Next(4) == 0 ? 0 : 1, values.Length)])];
        int[] winners = new int[rows * count];
        Array.Fill(winners, -7);
        Pooling.Winners<T>(x, rows, axes, winners);

        int at = 0;
        for (int r = 0; r < rows; r++)
        {
            foreach (int[] own in WindowPlaces(axes))
            {
                IEnumerable<T> elements = own.Select(place => x[(r * places) + place]);
                int best = own.Length == 0 ? -1 : elements.Any(T.IsNaN) ? own[elements.TakeWhile(v => !T.IsNaN(v)).Count()] : own[elements.TakeWhile(v => v != elements.Max()).Count()];
                winners[at++].Should().Be(best + 1, $"window {at - 1} of row {r}");
            }
        }
    }

    private static IEnumerable<int[]> WindowPlaces(AxisWindows[] axes) =>
        from d in Enumerable.Range(0, axes[0].Count)
        from h in Enumerable.Range(0, axes[1].Count)
        from w in Enumerable.Range(0, axes[2].Count)
        select (from i in Steps(axes[0], d) from j in Steps(axes[1], h) from k in Steps(axes[2], w) select (((i * axes[1].Extent) + j) * axes[2].Extent) + k).ToArray();

    private static IEnumerable<int> Steps(AxisWindows axis, int o)
    {
        for (int place = axis.Begin[o]; place < axis.End[o]; place += axis.Step)
        {
            yield return place;
        }
    }
}
