using AutoDiff.Kernels;

namespace AutoDiff.Tests.Kernels.Special;

/// <summary>Reference values made with mpmath at 50 digits.</summary>
public class NormalFunctionsTests
{
    // mpmath.ncdf(x)
    private static readonly double[] NdtrTable =
    [
        -38, 2.88542835e-316, -37.5, 4.605353009581955e-308, -20, 2.7536241186062337e-89, -8, 6.220960574271784e-16, -3, 0.0013498980316300946,
        -1.01, 0.1562476450212546, -1, 0.15865525393145705, -0.3, 0.3820885778110474, 0, 0.5, 1e-10, 0.5000000000398942, 0.5, 0.6914624612740131,
        1, 0.8413447460685429, 2, 0.9772498680518208, 5, 0.9999997133484281, 8, 0.9999999999999993,
    ];

    [Fact]
    public void Ndtr_matches_the_reference() => Reference.Check(NdtrTable, NormalFunctions.Ndtr, 2e-15);

    // -sqrt(2) erfcinv(2 x)
    private static readonly double[] NdtriTable =
    [
        1e-320, -38.26912534303265, 1e-200, -30.20559417957964, 1e-10, -6.361340902404057, 0.01, -2.326347874040841, 0.2, -0.8416212335729142,
        0.3, -0.5244005127080408, 0.4, -0.2533471031357997, 0.45, -0.12566134685507402, 0.7, 0.5244005127080407, 0.9, 1.2815515655446006,
        0.999, 3.090232306167813, 0.999999999999, 7.0344869100478356,
    ];

    [Fact]
    public void Ndtri_matches_the_reference() => Reference.Check(NdtriTable, NormalFunctions.Ndtri, 2e-15);

    // mpmath.log(mpmath.ncdf(x)); mpmath.log1p(-mpmath.ncdf(-x)) for positive x
    private static readonly double[] LogNdtrTable =
    [
        -1000, -500007.82669481216, -100, -5005.524208694205, -38, -726.5572160188201, -10, -53.23128515051247, -3, -6.607726221510349,
        -1, -1.8410216450092636, -0.999, -1.839496910164778, -1e-05, -0.6931551594373844, 0, -0.6931471805599453, 0.5, -0.3689464152886564,
        1, -0.17275377902344988, 3, -0.0013508099647481938, 10, -7.619853024160525e-24, 38, -2.88542835e-316,
    ];

    [Fact]
    public void LogNdtr_matches_the_reference() => Reference.Check(LogNdtrTable, NormalFunctions.LogNdtr, 2e-15);

    // derivatives of log ncdf from h = npdf(x) / ncdf(x), h1 = -h (x + h), ..., at 150 digits
    private static readonly double[] LogNdtrDerivativeTable =
    [
        1, -100, 100.00999800099926, 1, -30, 30.033259667433676, 1, -8, 8.121368112236112, 1, -2, 2.373215532822841, 1, -1, 1.525135276160981,
        1, -0.3, 0.9981659688584833, 1, 1e-05, 0.7978781946160424, 1, 0.6, 0.45914713661428674, 1, 2, 0.055247862678989956, 1, 6, 6.075882855817676e-09,
        1, 20, 5.520948362159764e-88, 2, -100, -0.9999000599500517, 2, -30, -0.9988962284881099, 2, -8, -0.9856751165566591, 2, -2, -0.8857208995859187,
        2, -1, -0.8009023344296512, 2, -0.3, -0.6968855107296497, 2, 1e-05, -0.6366175922257014, 2, 0.6, -0.48630437502967055,
        2, 2, -0.11354805168857644, 2, 6, -3.645529717182241e-08, 2, 20, -1.1041896724319527e-86, 3, -100, 1.997602995862343e-06,
        3, -30, 7.309993015784438e-05, 3, -8, 0.0032918765663441357, 3, -2, 0.059355861291565816, 3, -1, 0.11693119540604884,
        3, -0.3, 0.18398317992442131, 3, 1e-05, 0.2180147618515888, 3, 0.6, 0.2792060110392625, 3, 2, 0.1843948150324776, 3, 6, 2.1265590061811303e-07,
        3, 20, 2.2028583965017455e-85, 4, -100, 5.988020962773754e-08, 4, -30, 7.245937210980342e-06, 4, -8, 0.0011052920954551628,
        4, -2, 0.03942199386594682, 4, -1, 0.07917498368074563, 4, -0.3, 0.11037564722092703, 4, 1e-05, 0.11477063766970126,
        4, 0.6, 0.07570797210143804, 4, 2, -0.1878546856116097, 4, 6, -1.2030248146071553e-06, 4, 20, -4.383632999554852e-84,
    ];

    [Fact]
    public void LogNdtrDerivative_matches_the_reference() => Reference.Check(LogNdtrDerivativeTable, (a, b) => NormalFunctions.LogNdtrDerivative((int)a, b), 5e-14);

    [Fact]
    public void Limits()
    {
        NormalFunctions.Ndtr(double.NegativeInfinity).Should().Be(0);
        NormalFunctions.Ndtr(double.PositiveInfinity).Should().Be(1);
        NormalFunctions.Ndtr(double.NaN).Should().Be(double.NaN);
        NormalFunctions.Ndtri(0).Should().Be(double.NegativeInfinity);
        NormalFunctions.Ndtri(1).Should().Be(double.PositiveInfinity);
        NormalFunctions.Ndtri(0.5).Should().Be(0);
        NormalFunctions.LogNdtr(double.NegativeInfinity).Should().Be(double.NegativeInfinity);
        NormalFunctions.LogNdtr(double.PositiveInfinity).Should().Be(0);
        NormalFunctions.LogNdtrDerivative(1, -1e10).Should().Be(1e10);
        NormalFunctions.LogNdtrDerivative(2, -1e10).Should().Be(-1);
        NormalFunctions.LogNdtrDerivative(3, 1e10).Should().Be(0);
    }
}
