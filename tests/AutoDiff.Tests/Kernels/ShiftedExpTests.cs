using AutoDiff.Kernels;

namespace AutoDiff.Tests.Kernels;

/// <summary>e^(x - y) of floats, by which softmax weighs: in floats, with what their difference loses.</summary>
public class ShiftedExpTests
{
    [Theory]
    [InlineData(0f)]
    [InlineData(-3f)]
    [InlineData(1.1f)]
    [InlineData(87.3f)]
    [InlineData(-12345.678f)]
    [InlineData(3e6f)]
    public void Every_weight_is_within_two_roundings(float largest)
    {
        float[] x = [.. Enumerable.Range(0, 20_000).Select(i => largest - (0.006f * i)), .. Enumerable.Range(1, 2_000).Select(i => MathF.BitIncrement(largest - (0.037f * i))), largest, MathF.BitDecrement(largest)];
        var y = new float[x.Length];
        VectorMath.ShiftedExp(x, largest, y);
        for (int i = 0; i < x.Length; i++)
        {
            double expected = Math.Exp((double)x[i] - largest);
            double unit = Math.Max(Math.BitIncrement(0.0), Math.Max(MathF.BitIncrement((float)expected) - (double)(float)expected, float.Epsilon));
            Math.Abs(y[i] - expected).Should().BeLessThan(1.5 * unit, "e^({0} - {1})", x[i], largest);
        }
    }

    [Fact]
    public void The_largest_weighs_one_and_infinities_nothing()
    {
        float[] x = [2.5f, float.NegativeInfinity, -1e30f, float.MinValue, float.NaN, 2.5f, -200f], y = new float[x.Length];
        VectorMath.ShiftedExp(x, 2.5f, y);
        y.Should().Equal(1f, 0f, 0f, 0f, float.NaN, 1f, 0f);
        VectorMath.ShiftedExp([float.NegativeInfinity], float.NegativeInfinity, y.AsSpan(0, 1));
        y[0].Should().Be(float.NaN);
    }

    [Fact]
    public void Every_width_and_every_length_gives_the_same_bits()
    {
        float[] x = [.. Enumerable.Range(0, 500).Select(i => (float)Math.Sin(i) * i), float.NegativeInfinity, float.NaN];
        float[] wide = new float[x.Length], medium = new float[x.Length], narrow = new float[x.Length], one = new float[1];
        VectorMath.ShiftedExpOfFloats<FloatLanes512>(x, 499f, wide);
        VectorMath.ShiftedExpOfFloats<FloatLanes256>(x, 499f, medium);
        VectorMath.ShiftedExpOfFloats<FloatLanes128>(x, 499f, narrow);
        medium.Select(BitConverter.SingleToInt32Bits).Should().Equal(wide.Select(BitConverter.SingleToInt32Bits));
        narrow.Select(BitConverter.SingleToInt32Bits).Should().Equal(wide.Select(BitConverter.SingleToInt32Bits));
        for (int i = 0; i < x.Length; i++)
        {
            VectorMath.ShiftedExpOfFloats<FloatLanes512>(x.AsSpan(i, 1), 499f, one);
            BitConverter.SingleToInt32Bits(one[0]).Should().Be(BitConverter.SingleToInt32Bits(wide[i]));
        }
    }
}
