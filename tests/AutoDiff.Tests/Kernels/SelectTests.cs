using AutoDiff.Kernels;

namespace AutoDiff.Tests.Kernels;

/// <summary>The k-th element of a line without sorting it: at the place where a stable sort finds it, with ties, NaN and zeros of both signs.</summary>
public class SelectTests
{
    public static TheoryData<string> Lines => ["random", "ties", "constant", "ascending", "descending", "organ pipe", "NaN", "nothing but NaN", "zeros", "infinities", "one"];

    [Theory]
    [MemberData(nameof(Lines))]
    public void The_place_is_that_of_a_stable_sort(string name)
    {
        double[] x = Make(name);
        var order = new int[x.Length];
        Ordering.Sort<double>(x, order);
        for (int k = 0; k < x.Length; k++)
        {
            Ordering.Kth<double>(x, k).Should().Be(order[k], $"{name}, element {k}");
        }
    }

    /// <summary>However the pivots fall, the time grows no faster than that of a sort.</summary>
    [Theory]
    [InlineData("organ pipe")]
    [InlineData("ties")]
    [InlineData("constant")]
    public void Long_lines_end(string name)
    {
        double[] part = Make(name);
        float[] x = [.. Enumerable.Range(0, 2000).SelectMany(_ => part).Select(static value => (float)value)];
        int place = Ordering.Kth<float>(x, x.Length / 2);
        float chosen = x[place];
        int below = x.Count(value => value < chosen);
        int equal = x.Count(value => value == chosen);
        (x.Length / 2).Should().BeInRange(below, below + equal - 1);
    }

    private static double[] Make(string name)
    {
        var random = new Random(6);
        return name switch
        {
            "random" => [.. Enumerable.Range(0, 333).Select(_ => random.NextDouble())],
            "ties" => [.. Enumerable.Range(0, 333).Select(_ => (double)random.Next(5))],
            "constant" => [.. Enumerable.Repeat(2.5, 100)],
            "ascending" => [.. Enumerable.Range(0, 200).Select(static i => (double)i)],
            "descending" => [.. Enumerable.Range(0, 200).Select(static i => -(double)i)],
            "organ pipe" => [.. Enumerable.Range(0, 201).Select(static i => (double)Math.Min(i, 200 - i))],
            "NaN" => [.. Enumerable.Range(0, 100).Select(i => i % 3 == 0 ? double.NaN : random.Next(10))],
            "nothing but NaN" => [double.NaN, double.NaN, double.NaN],
            "zeros" => [0.0, -0.0, 1, -0.0, 0.0, -1],
            "infinities" => [1, double.PositiveInfinity, double.NegativeInfinity, double.PositiveInfinity, 0, double.NaN],
            _ => [3],
        };
    }
}
