using AutoDiff.Kernels;

namespace AutoDiff.Tests.Kernels.Special;

/// <summary>Reference values made with mpmath at 80 to 250 digits; x stands for the first argument.</summary>
public class GammaFunctionsTests
{
    // mpmath.gamma(x)
    private static readonly double[] GammaTable =
    [
        1e-300, 9.999999999999999e+299, 1e-20, 1e+20, 1e-05, 99999.42279422555, 0.1, 9.51350769866873, 0.5, 1.772453850905516,
        0.999, 1.0005782056293586, 1, 1, 1.0000001, 0.9999999422784434, 1.4616321449683622, 0.8856031944108887, 1.5, 0.886226925452758,
        1.9999999, 0.9999999577215706, 2, 1, 2.5, 1.329340388179137, 3.7, 4.170651783796604, 7, 720, 11.99, 38953748.92880896, 12, 39916800,
        25.3, 1.6227771176708765e+24, 50, 6.082818640342675e+62, 100.1, 1.478454494651475e+156, 150.7, 1.269878477586582e+262,
        171, 7.257415615307999e+306, 171.6, 1.5858969096672565e+308, -1e-200, -1e+200, -1e-10, -10000000000.577215, -0.25, -4.901666809860711,
        -0.5, -3.544907701811032, -0.75, -4.834146544295877, -1.0000001, 9999999.571377134, -1.5, 2.363271801207355, -2.999999, -166666.87599669705,
        -10.5, -2.640121820547716e-07, -50.3, -3.933159831930715e-65, -100.7, -1.6467012169218231e-159, -160.2, -4.105118553580133e-285,
        -170.4, -5.824624534443871e-308, -175.3, 7.32586e-319,
    ];

    [Fact]
    public void Gamma_matches_the_reference() => Reference.Check(GammaTable, GammaFunctions.Gamma, 3e-14);

    // mpmath.loggamma(x)
    private static readonly double[] LogGammaTable =
    [
        1e-300, 690.7755278982137, 1e-20, 46.051701859880914, 1e-05, 11.512919692895826, 0.1, 2.252712651734206, 0.5, 0.5723649429247001,
        0.999, 0.0005780385328913802, 1, 0, 1.0000001, -5.772155829918507e-08, 1.4616321449683622, -0.12148629053584961, 1.5, -0.12078223763524522,
        1.9999999, -4.2278430309861296e-08, 2, 0, 2.5, 0.2846828704729192, 3.7, 1.428072326665388, 7, 6.579251212010101, 11.99, 17.477885575426185,
        12, 17.502307845873887, 25.3, 55.74618118358459, 50, 144.5657439463449, 100.1, 359.59427178885676, 150.7, 603.5162155733925,
        171, 706.5730622457874, 171.6, 709.6573587630563, 200, 857.9336698258575, 100000, 1051287.7089736569, 1000000000000000, 3.3538776394910668e+16,
        1e+300, 6.897755278982137e+302, 1.0000000001, -5.772157125783244e-11, 1.999999999999, -4.2282192087173953e-13,
    ];

    [Fact]
    public void LogGamma_matches_the_reference() => Reference.Check(LogGammaTable, GammaFunctions.LogGamma, 2e-15);

    // mpmath.loggamma(x).real
    private static readonly double[] LogGammaNegativeTable =
    [
        -1e-200, 460.51701859880916, -1e-10, 23.025850929998178, -0.25, 1.589575312551186, -0.5, 1.2655121234846454, -0.75, 1.5757045971498584,
        -1.0000001, 16.11809560809603, -1.5, 0.860047015376481, -2.999999, 12.023752344715612, -10.5, -15.147270590717842, -50.3, -148.29858791330844,
        -100.7, -365.61225576180533, -160.2, -654.8245168805282, -170.4, -707.434114102398, -175.3, -732.5332362876859, -1234.5, -7556.52459250083,
        -1000000.25, -12815520.347232489,
    ];

    [Fact]
    public void LogGammaNegative_matches_the_reference() => Reference.Check(LogGammaNegativeTable, GammaFunctions.LogGamma, 3e-15);

    // mpmath.digamma(x)
    private static readonly double[] DigammaTable =
    [
        1e-300, -9.999999999999999e+299, 1e-20, -1e+20, 1e-05, -100000.57719921567, 0.1, -10.423754940411076, 0.5, -1.9635100260214235,
        0.999, -0.5788618021086455, 1, -0.5772156649015329, 1.0000001, -0.5772155004081381, 1.4616321449683622, -9.241265521729427e-17,
        1.5, 0.03648997397857652, 1.9999999, 0.4227842706050584, 2, 0.42278433509846713, 2.5, 0.7031566406452432, 3.7, 1.1671535393615113,
        7, 1.8727843350984672, 11.99, 2.441792283668335, 12, 2.442661679975812, 25.3, 3.210911380182536, 50, 3.901989673427892,
        100.1, 4.601166364717534, 150.7, 5.011969586239148, 171, 5.138736730024483, 171.6, 5.1422496041643715, 1.46, -0.0015805619870834522,
        1.47, 0.008066489011364869, 9.99, 2.250700372831201, 10, 2.251752589066721, 10000000000, 23.025850929890456, 1e+300, 690.7755278982137,
        -1e-200, 1e+200, -1e-10, 9999999999.422785, -0.25, 2.9141391202135276, -0.5, 0.03648997397857652, -0.75, -2.894120200042932,
        -1.0000001, 10000000.4169454, -1.5, 0.7031566406452432, -2.999999, -999998.7437395476, -10.5, 2.3982391295357814, -50.3, 6.210413167857633,
        -100.7, 2.334602156719901, -160.2, 9.403572216074457, -170.4, 6.161845347412788, -175.3, 7.451849001935207,
    ];

    [Fact]
    public void Digamma_matches_the_reference() => Reference.Check(DigammaTable, GammaFunctions.Digamma, 4e-15);

    // mpmath.polygamma(n, x)
    private static readonly double[] PolygammaTable =
    [
        1, 1e-10, 1e+20, 1, 0.3, 12.245364546107732, 1, 1, 1.6449340668482264, 1, 2.5, 0.49035775610023485, 1, 9, 0.11751201469403143,
        1, 40, 0.02531510384129103, 1, 1000000, 1.0000005000001667e-06, 2, 1e-10, -1.9999999999999998e+30, 2, 0.3, -75.27253658872604,
        2, 1, -2.4041138063191885, 2, 2.5, -0.2362040516417274, 2, 9, -0.013793319195767774, 2, 40, -0.0006408202718352986,
        2, 1000000, -1.0000010000005e-12, 3, 1e-10, 5.999999999999999e+40, 3, 0.3, 743.1417646550498, 3, 1, 6.493939402266829,
        3, 2.5, 0.22390584881725206, 3, 9, 0.0032343960459451037, 3, 40, 3.24414001515635e-05, 3, 1000000, 2.000003000002e-18,
        4, 1e-10, -2.3999999999999995e+51, 4, 0.3, -9883.46855549699, 4, 1, -24.88626612344088, 4, 2.5, -0.3137559995067314,
        4, 9, -0.0011363732756376134, 4, 40, -2.463377839277213e-06, 4, 1000000, -6.00001200001e-24, 10, 1e-10, -3.6287999999999984e+116,
        10, 0.3, -2048468424178.0745, 10, 1, -3630593.311606629, 10, 2.5, -156.229596593233, 10, 9, -0.00017331259753197383,
        10, 40, -3.9130747998980846e-11, 10, 1000000, -3.628818144033264e-55, 20, 0.5, -5.10216531273943e+24, 50, 3, -1.4121832832993648e+40,
        150, 20, -2.002804262779509e+66, 1, -1e-05, 10000000001.644957, 1, -0.3, 13.945160267805722, 1, -2.4, 10.570024863646124,
        1, -10.25, 19.646252424622652, 2, -1e-05, 1999999999999997, 2, -0.3, 67.63908119988317, 2, -2.4, 22.160707362543427,
        2, -10.25, 124.0164720214871, 3, -1e-05, 5.999999999999999e+20, 3, -0.3, 766.6198904191685, 3, -2.4, 283.5247351822411,
        3, -10.25, 1558.543853536406, 6, -1e-05, 7.199999999999996e+37, 6, -0.3, 3283420.02651577, 6, -2.4, 413774.99935034156,
        6, -10.25, 11791224.761163997,
    ];

    [Fact]
    public void Polygamma_matches_the_reference() => Reference.Check(PolygammaTable, (a, b) => GammaFunctions.Polygamma((int)a, b), 3e-14);

    // p (p - 1) / 4 log pi + sum(mpmath.loggamma(x - i / 2) for i in range(p))
    private static readonly double[] MultivariateLogGammaTable =
    [
        1, 3.1, 0.7873750832738625, 1, 4, 1.791759469228055, 1, 11.5, 16.292000476567242, 1, 10000, 82099.71749644238, 2, 3.1, 1.7171518897475424,
        2, 4, 3.565098014499829, 2, 11.5, 31.968777992567457, 2, 10000, 164195.40222514293, 3, 3.1, 2.907319514141428, 3, 4, 5.402975080909175,
        3, 11.5, 47.05413309782062, 3, 10000, 246287.0542111042, 7, 3.1, 15.698370789632873, 7, 4, 15.86944468639145, 7, 11.5, 102.00173313139021,
        7, 10000, 574613.3352276498,
    ];

    [Fact]
    public void MultivariateLogGamma_matches_the_reference() => Reference.Check(MultivariateLogGammaTable, (a, b) => GammaFunctions.MultivariateLogGamma((int)a, b), 2e-15);

    // mpmath.factorial(x)
    private static readonly double[] FactorialTable =
    [
        0, 1, 1e-20, 1, -1e-10, 1.0000000000577216, 0.1, 0.9513507698668732, 0.24, 0.9085210583399594, 0.5, 0.886226925452758, -0.3, 1.2980553326475577,
        3, 6, 10, 3628800, 20, 2.43290200817664e+18, 50.5, 2.1666837707377396e+65, 170, 7.257415615307999e+306,
    ];

    [Fact]
    public void Factorial_matches_the_reference() => Reference.Check(FactorialTable, GammaFunctions.Factorial, 1e-14);

    // mpmath.gamma(1 + x) - 1
    private static readonly double[] GammaOfOnePlusMinusOneTable =
    [
        -0.5, 0.772453850905516, -0.1, 0.06862870211931936, -1e-05, 5.77225555552235e-06, -1e-15, 5.772156649015339e-16, 1e-18, -5.772156649015329e-19,
        1e-08, -5.77215655010973e-09, 0.05, -0.026495734437224357, 0.3, -0.1025293036937228, 0.5, -0.11377307454724199,
    ];

    [Fact]
    public void GammaOfOnePlusMinusOne_matches_the_reference() => Reference.Check(GammaOfOnePlusMinusOneTable, x => ElementaryPieces.Expm1(GammaFunctions.LogGammaOfOnePlus(x)), 3e-15);

    [Fact]
    public void Factorials_are_exact_as_long_as_a_double_holds_them()
    {
        double factorial = 1;
        for (int n = 1; n <= 22; n++)
        {
            factorial *= n;
            GammaFunctions.Gamma(n + 1).Should().Be(factorial);
        }
    }

    [Fact]
    public void Poles_and_limits()
    {
        GammaFunctions.Gamma(0.0).Should().Be(double.PositiveInfinity);
        GammaFunctions.Gamma(-0.0).Should().Be(double.NegativeInfinity);
        GammaFunctions.Gamma(-3).Should().Be(double.NaN);
        GammaFunctions.Gamma(double.NegativeInfinity).Should().Be(double.NaN);
        GammaFunctions.Gamma(double.PositiveInfinity).Should().Be(double.PositiveInfinity);
        GammaFunctions.Gamma(172).Should().Be(double.PositiveInfinity);
        GammaFunctions.Gamma(-200.5).Should().Be(0);
        GammaFunctions.LogGamma(0).Should().Be(double.PositiveInfinity);
        GammaFunctions.LogGamma(-7).Should().Be(double.PositiveInfinity);
        GammaFunctions.LogGamma(double.NegativeInfinity).Should().Be(double.PositiveInfinity);
        GammaFunctions.LogGamma(double.PositiveInfinity).Should().Be(double.PositiveInfinity);
        GammaFunctions.LogGamma(1).Should().Be(0);
        GammaFunctions.LogGamma(2).Should().Be(0);
        GammaFunctions.Digamma(0.0).Should().Be(double.NegativeInfinity);
        GammaFunctions.Digamma(-0.0).Should().Be(double.PositiveInfinity);
        GammaFunctions.Digamma(-4).Should().Be(double.NaN);
        GammaFunctions.Digamma(double.PositiveInfinity).Should().Be(double.PositiveInfinity);
        GammaFunctions.Trigamma(0).Should().Be(double.PositiveInfinity);
        GammaFunctions.Trigamma(-2).Should().Be(double.PositiveInfinity);
        GammaFunctions.Trigamma(double.PositiveInfinity).Should().Be(0);
        foreach (Func<double, double> f in new Func<double, double>[]
        {
            GammaFunctions.Gamma, GammaFunctions.LogGamma, GammaFunctions.Digamma, GammaFunctions.Trigamma, GammaFunctions.GammaSign,
        })
        {
            f(double.NaN).Should().Be(double.NaN);
        }
    }

    [Theory]
    [InlineData(2.5, 1)]
    [InlineData(-0.5, -1)]
    [InlineData(-1.5, 1)]
    [InlineData(-2.5, -1)]
    public void GammaSign_is_the_sign_of_gamma(double x, double sign)
    {
        GammaFunctions.GammaSign(x).Should().Be(sign);
        Math.Sign(GammaFunctions.Gamma(x)).Should().Be((int)sign);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(1.7)]
    [InlineData(8.2)]
    [InlineData(-2.3)]
    public void Each_polygamma_is_the_derivative_of_the_one_before(double x)
    {
        Reference.CheckDerivative(x, GammaFunctions.LogGamma, GammaFunctions.Digamma(x));
        for (int n = 0; n < 4; n++)
        {
            Reference.CheckDerivative(x, t => GammaFunctions.Polygamma(n, t), GammaFunctions.Polygamma(n + 1, x), 1e-6);
        }
    }
}
