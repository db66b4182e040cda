using AutoDiff.Kernels;

namespace AutoDiff.Tests.Kernels.Special;

/// <summary>Reference values made with mpmath at 80 to 250 digits.</summary>
public class BetaFunctionsTests
{
    // mpmath.beta(a, b)
    private static readonly double[] BetaTable =
    [
        1e-05, 1e-05, 199999.9999671018, 1e-05, 100000, 99987.91060292121, 0.5, 0.5, 3.141592653589793, 1, 1, 1, 1, 7, 0.14285714285714285,
        0.3, 11.9, 1.4357784881821565, 2.5, 12.1, 0.0022533014705345415, 5, 1000, 2.3761551640638336e-14, 13, 14, 7.396023010506791e-09,
        60, 200, 3.7122277144914545e-62, 250, 420, 1.2058573340648255e-193, 1000, 0.01, 92.79634711761626, 100000, 0.001, 987.9834680983448,
        10000000000, 0.5, 1.7724538509276716e-05, -1.5, 2.25, 2.1850479619101, -0.5, 0.25, 2.6220575542921196, -3.3, 100.25, 1638449.9314852178,
        -1.5, -2.25, -15.3761330124401, -3.5, 1.5, 0, -200.25, 10.5, -9.950360994861383e-19,
    ];

    [Fact]
    public void Beta_matches_the_reference() => Reference.Check(BetaTable, BetaFunctions.Beta, 1e-13);

    // mpmath.log(abs(mpmath.beta(a, b)))
    private static readonly double[] LogBetaTable =
    [
        1e-05, 1e-05, 12.206072645365683, 1e-05, 100000, 11.512804563691175, 0.5, 0.5, 1.1447298858494002, 1, 1, 0, 1, 7, -1.9459101490553132,
        0.3, 11.9, 0.3617072025867708, 2.5, 12.1, -6.095358817990671, 5, 1000, -31.370707597807833, 13, 14, -18.722323412216692,
        60, 200, -141.44864360708965, 250, 420, -444.2117321533388, 1000, 0.01, 4.530407276060692, 100000, 0.001, 6.895665964913892,
        10000000000, 0.5, -10.940560522033028, 1000000000000000, 1000000000000000, -1386294361119906.5, 1e+100, 3, -690.0823807176538,
        -1.5, 2.25, 0.7816377788375822,
    ];

    [Fact]
    public void LogBeta_matches_the_reference() => Reference.Check(LogBetaTable, BetaFunctions.LogBeta, 3e-15);

    // mpmath.binomial(n, k)
    private static readonly double[] BinomialTable =
    [
        0, 0, 1, 5, 2, 10, 5, 6, 0, 10, 5, 252, 52, 5, 2598960, 100, 50, 1.008913445455642e+29, 1000, 3, 166167000, 1000, 500, 2.7028824094543655e+299,
        5.5, 2.2, 13.411817031137321, -2.5, 3, -6.5625, 100.5, 50.5, 1.4215313693905316e+29, 7, -1, 0,
    ];

    [Fact]
    public void Binomial_matches_the_reference() => Reference.Check(BinomialTable, BetaFunctions.Binomial, 1e-13);

    // mpmath.log(mpmath.binomial(n, k))
    private static readonly double[] LogBinomialTable =
    [
        5, 2, 2.302585092994046, 100, 50, 66.78384165201743, 1000000, 3, 39.654769204662266, 1000000, 500000, 693140.0470130637,
        5.5, 2.2, 2.5961361863350634, 1000000000000000, 10, 330.2833513760313,
    ];

    [Fact]
    public void LogBinomial_matches_the_reference() => Reference.Check(LogBinomialTable, BetaFunctions.LogBinomial, 1e-14);

    // mpmath.rf(a, n)
    private static readonly double[] PochhammerTable =
    [
        1e-05, 0.5, 1.7724292799395916e-05, 0.5, 0, 1, 0.5, 3, 1.875, 1, 0.5, 0.886226925452758, 3.3, 20.7, 9.63391838867624e+21,
        20, 60, 7.354330014703528e+99, 20, 100, 4.5826636193913363e+179, 1000, 0.5, 31.618824001815913, 1000000, 0.5, 999.9998750000078,
        -2.5, 3, -1.875, -2, 3, 0, -2.5, 1.25, -4.14820403421776, 0.5, 150.5, 3.223431715035619e+262,
    ];

    [Fact]
    public void Pochhammer_matches_the_reference() => Reference.Check(PochhammerTable, BetaFunctions.Pochhammer, 3e-14);

    [Theory]
    [InlineData(0.7, 2.5)]
    [InlineData(20.0, 3.0)]
    public void Logarithmic_derivative_is_a_difference_of_digammas(double a, double b) =>
        Reference.CheckDerivative(a, t => BetaFunctions.LogBeta(t, b), GammaFunctions.Digamma(a) - GammaFunctions.Digamma(a + b));

    [Fact]
    public void Limits()
    {
        BetaFunctions.Beta(0, 1).Should().Be(double.PositiveInfinity);
        BetaFunctions.Beta(-0.5, -0.5).Should().Be(0);
        BetaFunctions.Beta(double.NaN, 1).Should().Be(double.NaN);
        BetaFunctions.LogBeta(double.PositiveInfinity, 2).Should().Be(double.NegativeInfinity);
        BetaFunctions.Pochhammer(-3, 5).Should().Be(0);
    }
}
