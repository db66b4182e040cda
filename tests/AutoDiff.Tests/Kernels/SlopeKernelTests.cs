using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff.Tests.Kernels;

/// <summary>A function together with its derivative has the bits that each has by itself.</summary>
public class SlopeKernelTests
{
    public static TheoryData<string> Names => [.. Of<double>.Kernels.Keys];

    [Theory, MemberData(nameof(Names))]
    public void A_function_with_its_slope_has_the_bits_of_both(string name)
    {
        Check<double>(name, static x => BitConverter.DoubleToInt64Bits(x));
        if (VectorMath.HasSlopes<float>())
        {
            Check<float>(name, static x => BitConverter.SingleToInt32Bits(x));
        }
    }

    private static void Check<T>(string name, Func<T, long> bits) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (UnaryKernel<T> function, BinaryKernel<T> times, KernelWithSlope<T> withSlope) = Of<T>.Kernels[name];
        T[] all = [.. Points().Select(T.CreateSaturating)];

        // Whole registers, and every length of a rest.
        foreach (int length in (int[])[0, 1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 33, all.Length])
        {
            T[] x = all[^length..], y = new T[length], slope = new T[length], expected = new T[length], product = new T[length], twos = [.. Enumerable.Repeat(T.CreateChecked(-2), length)];
            withSlope(x, y, slope);
            function(x, expected);
            times(twos, x, product);
            y.Select(bits).Should().Equal(expected.Select(bits));
            slope.Select(s => bits(s * T.CreateChecked(-2))).Should().Equal(product.Select(bits));
        }
    }

    private static IEnumerable<double> Points()
    {
        var random = new Random(7);
        double[] special = [0, -0.0, 1, -1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, 1e-310, float.Epsilon, 1e-40, 1e-20, 0.54930615, 20, 22.5, 44, 52, 88.5, 104, 373, 745,
            131072, 131073, 1e6, 1073741824, 1e10, 1e22, 1e300, double.MaxValue, Math.PI, Math.PI / 2, Math.PI / 4];
        return [.. special, .. special.Select(static x => -x), .. Enumerable.Range(0, 3000).Select(_ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-4, 4)))];
    }

    private static class Of<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static readonly Dictionary<string, (UnaryKernel<T> Function, BinaryKernel<T> Times, KernelWithSlope<T> WithSlope)> Kernels = new()
        {
            ["Sin"] = (VectorMath.Sin, VectorMath.TimesCos, VectorMath.SinWithSlope),
            ["Cos"] = (VectorMath.Cos, VectorMath.TimesNegatedSin, VectorMath.CosWithSlope),
            ["Tanh"] = (VectorMath.Tanh, VectorMath.TimesSechSquared, VectorMath.TanhWithSlope),
            ["Sigmoid"] = (VectorMath.Sigmoid, VectorMath.TimesSigmoidSlope, VectorMath.SigmoidWithSlope),
            ["Softplus"] = (VectorMath.Softplus, VectorMath.TimesSigmoid, VectorMath.SoftplusWithSlope),
        };
    }
}
