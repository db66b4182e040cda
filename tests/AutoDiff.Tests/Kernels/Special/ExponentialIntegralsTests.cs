using AutoDiff.Kernels;

namespace AutoDiff.Tests.Kernels.Special;

/// <summary>Reference values made with mpmath at 50 digits.</summary>
public class ExponentialIntegralsTests
{
    // mpmath.e1(x)
    private static readonly double[] E1Table =
    [
        1e-300, 690.1983122333122, 1e-10, 22.448635265138925, 0.1, 1.8229239584193906, 0.5, 0.5597735947761608, 1, 0.21938393439552029,
        1.9, 0.05620437817453486, 2, 0.04890051070806112, 2.1, 0.04261434150851506, 4, 0.0037793524098489067, 8, 3.76656228439249e-05,
        8.1, 3.369951045538392e-05, 15, 1.918627892147867e-08, 39, 2.888779301522701e-19, 41, 3.723166776459978e-20, 100, 3.683597761682032e-46,
        500, 1.4220767822536383e-220, 700, 1.406518766234033e-307,
    ];

    [Fact]
    public void E1_matches_the_reference() => Reference.Check(E1Table, ExponentialIntegrals.E1, 1e-14);

    // mpmath.ei(x)
    private static readonly double[] EiTable =
    [
        1e-300, -690.1983122333122, 1e-10, -22.448635264938925, 0.1, -1.6228128139692766, 0.5, 0.4542199048631736, 1, 1.8951178163559368,
        1.9, 4.593713686953585, 2, 4.95423435600189, 2.1, 5.333235359655903, 4, 19.63087447005622, 8, 440.3798995348383, 8.1, 479.32172207958024,
        15, 234955.8524907683, 39, 2280446200301902.5, 41, 1.6006649143245042e+16, 100, 2.71555274485388e+41, 500, 2.8128213978862945e+214,
        0.3725074107813666, -5.1196989365556847e-17, 0.3725, -2.8874183188745963e-05, 0.37, -0.009790148500068083, 0.3, -0.30266853926582593,
        0.46, 0.3194974829524647, 700, 1.4509787360525608e+301, -0.5, -0.5597735947761608, -3, -0.013048381094197037, -50, -3.783264029550459e-24,
    ];

    [Fact]
    public void Ei_matches_the_reference() => Reference.Check(EiTable, ExponentialIntegrals.Ei, 1e-14);

    // mpmath.expint(n, x)
    private static readonly double[] EnTable =
    [
        0, 1e-05, 99999.00000499998, 0, 0.3, 2.4693940689390597, 0, 0.999, 0.3686161207343973, 0, 1, 0.36787944117144233, 0, 2.5, 0.03283399944955952,
        0, 20, 1.0305768112192789e-10, 0, 300, 1.7160667408040047e-133, 1, 1e-05, 10.935719800043696, 1, 0.3, 0.9056766516758468,
        1, 0.999, 0.21975218202294455, 1, 1, 0.21938393439552029, 1, 2.5, 0.024914917870269736, 1, 20, 9.835525290649882e-11,
        1, 300, 1.71038427680451e-133, 2, 1e-05, 0.9998806428519994, 2, 0.3, 0.46911522517896387, 2, 0.999, 0.14871507477274132,
        2, 1, 0.14849550677592205, 2, 2.5, 0.019797703948224457, 2, 20, 9.404856430858148e-11, 2, 300, 1.7047391998483434e-133,
        3, 1e-05, 0.49999000062178567, 3, 0.3, 0.30004182656401435, 3, 0.999, 0.10984057245784717, 3, 1, 0.10969196719776014,
        3, 2.5, 0.01629536937666883, 3, 20, 9.009116813346401e-11, 3, 300, 1.6991311433491792e-133, 7, 1e-05, 0.1666646666791666,
        7, 0.3, 0.11656832448019365, 7, 0.999, 0.05145858702045865, 7, 1, 0.051399066738249656, 7, 2.5, 0.009321120682479927,
        7, 20, 7.704060203641328e-11, 7, 300, 1.6770619552580335e-133, 40, 1e-05, 0.02564076248448225, 40, 0.3, 0.018846581660573444,
        40, 0.999, 0.009200533513908036, 40, 1, 0.009191102220599899, 40, 2.5, 0.0019750231716680424, 40, 20, 3.473418564046944e-11,
        40, 300, 1.514697951740062e-133,
    ];

    [Fact]
    public void En_matches_the_reference() => Reference.Check(EnTable, (a, b) => ExponentialIntegrals.En((int)a, b), 1e-14);

    // mpmath.si(x)
    private static readonly double[] SiTable =
    [
        1e-300, 1e-300, 1e-10, 1e-10, 0.1, 0.09994446110827696, 0.5, 0.4931074180430667, 1, 0.946083070367183, 1.9, 1.5577753137488184,
        2, 1.6054129768026948, 2.1, 1.648698636244419, 4, 1.7582031389490531, 8, 1.5741868217069421, 8.1, 1.586366622463643, 15, 1.6181944437083688,
        39, 1.5633370576963705, 41, 1.5949433514421951, 100, 1.5622254668890563, 500, 1.5725658822431687, -2.5, -1.7785201734438267,
        -30, -1.5667565400303511,
    ];

    [Fact]
    public void Si_matches_the_reference() => Reference.Check(SiTable, ExponentialIntegrals.Si, 2e-15);

    // mpmath.ci(x)
    private static readonly double[] CiTable =
    [
        1e-300, -690.1983122333122, 1e-10, -22.448635265038924, 0.1, -1.7278683866572966, 0.5, -0.1777840788066129, 1, 0.33740392290096816,
        1.9, 0.44194034968159884, 2, 0.422980828774865, 2.1, 0.40051198784439634, 4, -0.1409816978869304, 8, 0.12243388253200956,
        8.1, 0.12001667326059658, 15, 0.04627867767436044, 39, 0.024505833417995327, 41, -0.0032789946012720724, 100, -0.005148825142610492,
        500, -0.0009320008144042902,
    ];

    [Fact]
    public void Ci_matches_the_reference() => Reference.Check(CiTable, ExponentialIntegrals.Ci, 1e-13, 2e-16);

    // mpmath.shi(x)
    private static readonly double[] ShiTable =
    [
        1e-300, 1e-300, 1e-10, 1e-10, 0.1, 0.100055572225057, 0.5, 0.5069967498196672, 1, 1.0572508753757286, 1.9, 2.32495903256406,
        2, 2.5015674333549756, 2.1, 2.6879248505822084, 4, 9.817326911233035, 8, 220.18996860023054, 8.1, 239.66087788954536, 15, 117477.92624539374,
        39, 1140223100150951.2, 41, 8003324571622521, 100, 1.35777637242694e+41, 500, 1.4064106989431473e+214, -2.5, -3.5493404062244354,
        -0.3, -0.3015040562050104,
    ];

    [Fact]
    public void Shi_matches_the_reference() => Reference.Check(ShiTable, ExponentialIntegrals.Shi, 5e-15);

    // mpmath.chi(x)
    private static readonly double[] ChiTable =
    [
        1e-300, -690.1983122333122, 1e-10, -22.448635265038924, 0.1, -1.7228683861943337, 0.5, -0.05277684495649362, 1, 0.8378669409802082,
        1.9, 2.268754654389525, 2, 2.4526669226469147, 2.1, 2.6453105090736937, 4, 9.813547558823185, 8, 220.1899309346077, 8.1, 239.6608441900349,
        15, 117477.92624537456, 39, 1140223100150951.2, 41, 8003324571622521, 100, 1.35777637242694e+41, 500, 1.4064106989431473e+214,
    ];

    [Fact]
    public void Chi_matches_the_reference() => Reference.Check(ChiTable, ExponentialIntegrals.Chi, 1e-14, 2e-16);

    [Fact]
    public void Limits()
    {
        ExponentialIntegrals.E1(0).Should().Be(double.PositiveInfinity);
        ExponentialIntegrals.E1(-1).Should().Be(double.NaN);
        ExponentialIntegrals.E1(double.PositiveInfinity).Should().Be(0);
        ExponentialIntegrals.Ei(0).Should().Be(double.NegativeInfinity);
        ExponentialIntegrals.Ei(double.NegativeInfinity).Should().Be(0);
        ExponentialIntegrals.Ei(double.PositiveInfinity).Should().Be(double.PositiveInfinity);
        ExponentialIntegrals.Ei(double.NaN).Should().Be(double.NaN);
        ExponentialIntegrals.En(3, 0).Should().Be(0.5);
        ExponentialIntegrals.En(1, 0).Should().Be(double.PositiveInfinity);
        ExponentialIntegrals.En(3, -1).Should().Be(double.NaN);
        ExponentialIntegrals.Si(double.NegativeInfinity).Should().Be(-Math.PI / 2);
        ExponentialIntegrals.Ci(0).Should().Be(double.NegativeInfinity);
        ExponentialIntegrals.Ci(double.PositiveInfinity).Should().Be(0);
        ExponentialIntegrals.Ci(-1).Should().Be(double.NaN);
    }

    [Theory]
    [InlineData(1, 0.7)]
    [InlineData(4, 2.5)]
    public void Derivative_of_En_is_the_one_before(int n, double x) =>
        Reference.CheckDerivative(x, t => ExponentialIntegrals.En(n, t), -ExponentialIntegrals.En(n - 1, x));
}
