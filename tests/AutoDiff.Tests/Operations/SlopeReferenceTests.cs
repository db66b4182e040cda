using System.Numerics;

namespace AutoDiff.Tests.Operations;

/// <summary>
/// The slopes of elementwise functions, of order 1 and 2, at numbers of all sizes and in tails, against differences in an arithmetic of 900 bits. An error counts in roundings of the slope, and in what a
/// rounding of x does to it: that is all that a function near a zero of its slope, or one that oscillates, can be asked for.
/// </summary>
public sealed class SlopeReferenceTests
{
    public static TheoryData<string> Names => [.. SlopeReferences.Functions.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Slopes_are_within_a_few_roundings(string name)
    {
        (Func<BigReal, BigReal> f, double from, double to) = SlopeReferences.Functions[name];
        double[] x = SlopeReferences.Places(from, to, seed: name.Length);
        (double First, double Second, double Third)[] expected = Array.ConvertAll(x, x => SlopeReferences.At(f, x));
        Check<double>(name, x, expected, roundings: 24);
        int[] single = [.. Enumerable.Range(0, x.Length).Where(i => x[i] == (float)x[i])];
        Check<float>(name, Array.ConvertAll(single, i => x[i]), Array.ConvertAll(single, i => expected[i]), roundings: 24);
    }

    private static void Check<T>(string name, double[] x, (double First, double Second, double Third)[] expected, double roundings) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Func<Tensor<T>, Tensor<T>> f = name switch
        {
            "Pow: 1/3" => x => x.Pow(T.CreateTruncating(1.0 / 3)),
            "Pow: -0.7" => x => x.Pow(T.CreateTruncating(-0.7)),
            _ => x => OperationTable<T>.Rows[name].F([x]),
        };
        if (typeof(T) == typeof(float) && name is "Pow: 1/3" or "Pow: -0.7")
        {
            return; // in float these are other functions
        }

        double epsilon = typeof(T) == typeof(float) ? 5.97e-8 : 1.11e-16, smallest = typeof(T) == typeof(float) ? 1e-30 : 1e-280, largest = typeof(T) == typeof(float) ? 1e38 : 1e308;
        Tensor<T> place = Tensor.Create<T>(Array.ConvertAll(x, T.CreateTruncating));
        Tensor<T> Slope(Tensor<T> x) => Differentiate.Gradient(x => f(x).Sum(), x);
        T[] first = Slope(place).ToArray(), second = Differentiate.Gradient(x => Slope(x).Sum(), place).ToArray();
        for (int i = 0; i < x.Length; i++)
        {
            Compare(1, first[i], expected[i].First, expected[i].Second);
            Compare(2, second[i], expected[i].Second, expected[i].Third);

            void Compare(int order, T actual, double expected, double next)
            {
                double size = Math.Abs(expected) + Math.Abs(x[i] * next);
                if (Math.Abs(expected) < largest && size < largest && size > smallest)
                {
                    double error = Math.Abs(double.CreateTruncating(actual) - expected);
                    error.Should().BeLessThanOrEqualTo(roundings * epsilon * size, "the derivative of order {0} of {1} at {2:R} is {3:R}, not {4}, in {5}", order, name, x[i], expected, actual, typeof(T).Name);
                }
            }
        }
    }
}
