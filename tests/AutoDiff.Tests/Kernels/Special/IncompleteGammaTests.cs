using AutoDiff.Kernels;

namespace AutoDiff.Tests.Kernels.Special;

/// <summary>Reference values made with mpmath at 40 to 200 digits.</summary>
public class IncompleteGammaTests
{
    // x^a exp(-x) / mpmath.gamma(a + 1) * sum(x^k / mpmath.rf(a + 1, k)), enough digits that the complement loses none
    private static readonly double[] PTable =
    [
        1e-08, 0.3, 0.9999999909432334, 0.0001, 2, 0.999995109185046, 0.01, 1e-10, 0.7988610914336052, 0.3, 0.999, 0.9155510795678052,
        0.5, 0.2, 0.4729107431344619, 0.5, 30, 0.9999999999999906, 1, 1, 0.6321205588285577, 2.5, 0.1, 0.0008861387888124426, 5, 12, 0.992399609318933,
        12, 11, 0.42073323707828797, 19.9, 20, 0.5386999975329412, 20, 13.1, 0.04544828101598298, 20, 27.1, 0.9336708830770801,
        60, 60, 0.5171692726293873, 60, 45, 0.01865113464857545, 100, 10, 5.398589728139581e-63, 100, 130, 0.9972495916326934, 100, 300, 1,
        1000, 990, 0.3795213785379639, 10000, 10100, 0.8413487504471796,
    ];

    [Fact]
    public void P_matches_the_reference() => Reference.Check(PTable, IncompleteGamma.P, 5e-14);

    // 1 less x^a exp(-x) / mpmath.gamma(a + 1) * sum(x^k / mpmath.rf(a + 1, k)), enough digits that the complement loses none
    private static readonly double[] QTable =
    [
        1e-08, 0.3, 9.056766532959496e-09, 0.0001, 2, 4.890814953987252e-06, 0.01, 1e-10, 0.2011389085663948, 0.3, 0.999, 0.08444892043219475,
        0.5, 0.2, 0.5270892568655381, 0.5, 30, 9.485737571073848e-15, 1, 1, 0.36787944117144233, 2.5, 0.1, 0.9991138612111875,
        5, 12, 0.007600390681066996, 12, 11, 0.5792667629217121, 19.9, 20, 0.46130000246705877, 20, 13.1, 0.954551718984017,
        20, 27.1, 0.06632911692291985, 60, 60, 0.4828307273706128, 60, 45, 0.9813488653514245, 100, 10, 1, 100, 130, 0.002750408367306526,
        100, 300, 1.4110215102111522e-41, 1000, 990, 0.620478621462036, 10000, 10100, 0.15865124955282037,
    ];

    [Fact]
    public void Q_matches_the_reference() => Reference.Check(QTable, IncompleteGamma.Q, 5e-14);

    // five-point central difference with a step of 1e-15 a of x^a exp(-x) / mpmath.gamma(a + 1) * sum(x^k / mpmath.rf(a + 1, k)), at 110 digits
    private static readonly double[] ShapeDerivative1Table =
    [
        1, 1e-08, 0.3, -0.9056766549160524, 1, 0.0001, 2, -0.04891578858071385, 1, 0.01, 1e-10, -17.94638683611583, 1, 0.3, 0.999, -0.33675082287302893,
        1, 0.5, 0.2, -0.8201614064863388, 1, 0.5, 30, -5.118991143389857e-14, 1, 1, 1, -0.4317297106348987, 1, 2.5, 0.1, -0.0030252729366812103,
        1, 5, 12, -0.008232769172088636, 1, 12, 11, -0.11585825461690918, 1, 19.9, 20, -0.08955857135501662, 1, 20, 13.1, -0.023029480892756474,
        1, 20, 27.1, -0.0275331153649644, 1, 60, 60, -0.05157484677693716, 1, 60, 45, -0.006187285426152265, 1, 100, 10, -1.2463513810630725e-62,
        1, 100, 130, -0.00081013002856229, 1, 100, 300, -1.564184763107338e-41,
    ];

    [Fact]
    public void ShapeDerivative1_matches_the_reference() => Reference.Check(ShapeDerivative1Table, (a, b, c) => IncompleteGamma.ShapeDerivative((int)a, b, c), 5e-13);

    // five-point central difference with a step of 1e-15 a of x^a exp(-x) / mpmath.gamma(a + 1) * sum(x^k / mpmath.rf(a + 1, k)), at 110 digits
    private static readonly double[] ShapeDerivative2Table =
    [
        2, 1e-08, 0.3, -0.32402055136380176, 2, 0.0001, 2, -0.15278499723069847, 2, 0.01, 1e-10, 401.86983621502486,
        2, 0.3, 0.999, -0.32056162267431054, 2, 0.5, 0.2, 1.0339378610953087, 2, 0.5, 30, -2.2944585712327425e-13, 2, 1, 1, 0.033618035299959194,
        2, 2.5, 0.1, 0.010039697343806126, 2, 5, 12, -0.0073017579721867155, 2, 12, 11, 0.010219490746073132, 2, 19.9, 20, -0.00043181656075862537,
        2, 20, 13.1, 0.009789740388687743, 2, 20, 27.1, -0.008393870976313186, 2, 60, 60, 1.1970912590633707e-06, 2, 60, 45, 0.0017825880290697458,
        2, 100, 10, 2.8720433819428173e-62, 2, 100, 130, -0.00021271959135303796, 2, 100, 300, -1.719826312443267e-41,
    ];

    [Fact]
    public void ShapeDerivative2_matches_the_reference() => Reference.Check(ShapeDerivative2Table, (a, b, c) => IncompleteGamma.ShapeDerivative((int)a, b, c), 5e-13);

    // five-point central difference with a step of 1e-15 a of x^a exp(-x) / mpmath.gamma(a + 1) * sum(x^k / mpmath.rf(a + 1, k)), at 110 digits
    private static readonly double[] ShapeDerivative3Table =
    [
        3, 1e-08, 0.3, 3.4436641022721366, 3, 0.0001, 2, -0.12540627971108695, 3, 0.01, 1e-10, -8967.932491196827, 3, 0.3, 0.999, 0.5137683141774136,
        3, 0.5, 0.2, -0.15586690575274142, 3, 0.5, 30, -8.927151830686146e-13, 3, 1, 1, 0.40356539791166174, 3, 2.5, 0.1, -0.03221281448950535,
        3, 5, 12, -0.004788210352225387, 3, 12, 11, 0.008803739019080738, 3, 19.9, 20, 0.004515493347084966, 3, 20, 13.1, -0.0030078626366737042,
        3, 20, 27.1, -0.0011753970880009565, 3, 60, 60, 0.0008607372531848924, 3, 60, 45, -0.0004103543885828779, 3, 100, 10, -6.605775065835705e-62,
        3, 100, 130, -4.774508928444726e-05, 3, 100, 300, -1.8752867135649885e-41,
    ];

    [Fact]
    public void ShapeDerivative3_matches_the_reference() => Reference.Check(ShapeDerivative3Table, (a, b, c) => IncompleteGamma.ShapeDerivative((int)a, b, c), 5e-13);

    // the first derivative above over -x^(a - 1) exp(-x) / mpmath.gamma(a)
    private static readonly double[] SampleDerivativeTable =
    [
        1e-08, 0.3, 36676068.513502054, 0.0001, 2, 7227.911912978637, 0.01, 1e-10, 2.2464965474394065e-07, 0.3, 0.999, 2.733780977536642,
        0.5, 0.2, 0.7940505663308434, 0.5, 30, 5.310732160958596, 1, 1, 1.1735630272247268, 2.5, 0.1, 0.1405497929736699, 5, 12, 1.5508363766251059,
        12, 11, 0.9705154732419585, 19.9, 20, 1.0109456418403078, 20, 13.1, 0.8099941183659436, 20, 27.1, 1.1692675810533038,
        60, 60, 1.0027823630448114, 60, 45, 0.8654403163783926, 100, 10, 0.25620580938445775, 100, 130, 1.1388044458372277,
        100, 300, 1.6505628252819493,
    ];

    [Fact]
    public void SampleDerivative_matches_the_reference() => Reference.Check(SampleDerivativeTable, IncompleteGamma.SampleDerivative, 1e-14);

    [Fact]
    public void Limits()
    {
        IncompleteGamma.P(2, 0).Should().Be(0);
        IncompleteGamma.P(2, double.PositiveInfinity).Should().Be(1);
        IncompleteGamma.P(0, 2).Should().Be(1);
        IncompleteGamma.P(0, 0).Should().Be(double.NaN);
        IncompleteGamma.P(-1, 2).Should().Be(double.NaN);
        IncompleteGamma.P(1, -2).Should().Be(double.NaN);
        IncompleteGamma.P(double.NaN, 2).Should().Be(double.NaN);
        IncompleteGamma.Q(2, 0).Should().Be(1);
        IncompleteGamma.Q(2, 1e5).Should().Be(0);
        IncompleteGamma.Q(double.PositiveInfinity, 2).Should().Be(1);
        IncompleteGamma.ShapeDerivative(1, 2, 0).Should().Be(0);
        IncompleteGamma.InverseP(2, 0).Should().Be(0);
        IncompleteGamma.InverseP(2, 1).Should().Be(double.PositiveInfinity);
        IncompleteGamma.InverseP(2, 1.1).Should().Be(double.NaN);
        IncompleteGamma.InverseQ(2, 1).Should().Be(0);
    }

    [Fact]
    public void Inverses_undo_the_functions()
    {
        foreach (double a in new[] { 0.1, 0.5, 1, 2.5, 10, 30, 200, 5e3 })
        {
            foreach (double p in new[] { 1e-200, 1e-10, 1e-3, 0.1, 0.5, 0.9, 0.999 })
            {
                double x = IncompleteGamma.InverseP(a, p);
                if (x > 1e-290)
                {
                    IncompleteGamma.P(a, x).Should().BeApproximately(p, 2e-13 * p * Math.Max(1, -Math.Log(p)));
                }

                x = IncompleteGamma.InverseQ(a, p);
                if (x > 1e-290)
                {
                    IncompleteGamma.Q(a, x).Should().BeApproximately(p, 2e-13 * p * Math.Max(1, -Math.Log(p)));
                }
            }
        }
    }

    [Theory]
    [InlineData(0.5, 0.3)]
    [InlineData(4.0, 7.0)]
    [InlineData(50.0, 52.0)]
    public void Density_is_the_derivative_of_P(double a, double x) =>
        Reference.CheckDerivative(x, t => IncompleteGamma.P(a, t), IncompleteGamma.Density(a, x));
}
