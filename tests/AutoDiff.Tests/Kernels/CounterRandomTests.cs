using AutoDiff.Kernels;

namespace AutoDiff.Tests.Kernels;

public class CounterRandomTests
{
    /// <summary>The known answers that the authors of the generator publish with it (Random123, kat_vectors, philox4x32-10).</summary>
    [Theory]
    [InlineData(0UL, 0UL, 0UL, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x299f31d0a4093822UL, 0x85a308d3243f6a88UL, 0x0370734413198a2eUL, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Philox_gives_the_known_answers(ulong key, ulong low, ulong high, uint a, uint b, uint c, uint d) => CounterRandom.Words(key, low, high).Should().Be((a, b, c, d));

    [Fact]
    public void A_number_depends_on_its_place_alone()
    {
        var few = new double[7];
        var many = new double[100];
        CounterRandom.Uniform<double>(5, few);
        CounterRandom.Uniform<double>(5, many);
        many[..7].Should().Equal(few);
    }

    [Fact]
    public void Single_precision_follows_the_same_bits()
    {
        var wide = new double[1000];
        var narrow = new float[1000];
        CounterRandom.Uniform<double>(9, wide);
        CounterRandom.Uniform<float>(9, narrow);
        for (int i = 0; i < wide.Length; i++)
        {
            narrow[i].Should().BeApproximately((float)wide[i], 1.2e-7f).And.BeInRange(float.Epsilon, 1 - 5e-8f);
        }
    }

    [Fact]
    public void Truncated_normal_quantiles_solve_their_equation()
    {
        foreach ((double a, double b) in new[] { (-1.0, 2.0), (0.5, 0.75), (-3, double.PositiveInfinity), (double.NegativeInfinity, -2), (-7.5, -6), (4, 9) })
        {
            foreach (double u in new[] { 1e-9, 0.1, 0.5, 0.9, 1 - 1e-9 })
            {
                double z = TruncatedNormal.Quantile(a, b, u);
                (double low, double high, double middle) = a > 0 ? (NormalFunctions.Ndtr(-b), NormalFunctions.Ndtr(-a), NormalFunctions.Ndtr(-z)) : (NormalFunctions.Ndtr(a), NormalFunctions.Ndtr(b), NormalFunctions.Ndtr(z));
                double level = a > 0 ? 1 - u : u;
                middle.Should().BeApproximately(((1 - level) * low) + (level * high), 1e-13 * high, "z = {0} is the {1}-quantile between {2} and {3}", z, u, a, b);
            }
        }
    }

    /// <summary>Beyond 38 deviations Φ underflows. Reference: mpmath with 50 digits, the root of Φ(z) = (1 - u) Φ(a) + u Φ(b).</summary>
    [Theory]
    [InlineData(40, double.PositiveInfinity, 0.5, 40.017314126764651)]
    [InlineData(-101, -100, 0.25, -100.01386059734374)]
    public void Truncated_normal_quantiles_are_right_far_out(double a, double b, double u, double expected) => TruncatedNormal.Quantile(a, b, u).Should().BeApproximately(expected, 4e-15 * Math.Abs(expected));
}
