using AutoDiff.Kernels;

namespace AutoDiff.Tests.Kernels.Special;

/// <summary>Reference values made with mpmath at 50 digits.</summary>
public class EllipticIntegralsTests
{
    // mpmath.ellipk(x)
    private static readonly double[] KTable =
    [
        -1000000, 0.00829404781659062, -10, 0.7908718902387385, -1, 1.3110287771460598, -0.01, 1.5668912730681963, 0, 1.5707963267948966,
        1e-10, 1.5707963268341665, 0.1, 1.6124413487202194, 0.5, 1.8540746773013719, 0.9, 2.5780921133481733, 0.999, 4.841132560550297,
        0.9999999999, 12.899219785017415,
    ];

    [Fact]
    public void K_matches_the_reference() => Reference.Check(KTable, EllipticIntegrals.K, 2e-15);

    // mpmath.ellipe(x)
    private static readonly double[] ETable =
    [
        -10, 3.639138038417768, -1, 1.910098894513856, -0.01, 1.5747159850169885, 0, 1.5707963267948966, 1e-10, 1.5707963267556266,
        0.1, 1.5307576368977631, 0.5, 1.3506438810476755, 0.9, 1.1047747327040733, 0.999, 1.0021707908344453, 0.9999999999, 1.000000000619961, 1, 1,
    ];

    [Fact]
    public void E_matches_the_reference() => Reference.Check(ETable, EllipticIntegrals.E, 1e-14);

    // mpmath.ellipf(phi, m)
    private static readonly double[] IncompleteFTable =
    [
        1e-08, -2, 1e-08, 1e-08, 0, 1e-08, 1e-08, 0.3, 1e-08, 1e-08, 0.9, 1e-08, 0.3, -2, 0.2917938881179512, 0.3, 0, 0.3, 0.3, 0.3, 0.301341871608097,
        0.3, 0.9, 0.30412616230154565, 1, -2, 0.8295608857883413, 1, 0, 1, 1, 0.3, 1.0457364440164778, 1, 0.9, 1.1885008994681587,
        1.5, -2, 1.1305230314318393, 1.5, 0, 1.5, 1.5, 0.3, 1.6293018873244831, 1.5, 0.9, 2.355862738359449, -0.7, -2, -0.6233562995274334,
        -0.7, 0, -0.7, -0.7, 0.3, -0.7165177159853932, -0.7, 0.9, -0.7572025472958656, 2.5, -2, 1.7633549050839243, 2.5, 0, 2.5,
        2.5, 0.3, 2.77338117755762, 2.5, 0.9, 4.471319666996252, 10, -2, 7.556383748300227, 10, 0, 10, 10, 0.3, 10.867848645988321,
        10, 0.9, 16.074404237583046,
    ];

    [Fact]
    public void IncompleteF_matches_the_reference() => Reference.Check(IncompleteFTable, EllipticIntegrals.IncompleteF, 1e-14);

    // mpmath.ellipe(phi, m)
    private static readonly double[] IncompleteETable =
    [
        1e-08, -2, 1e-08, 1e-08, 0, 1e-08, 1e-08, 0.3, 1e-08, 1e-08, 0.9, 1e-08, 0.3, -2, 0.3086200176350736, 0.3, 0, 0.3, 0.3, 0.3, 0.2986688049249556,
        0.3, 0.9, 0.29597375552175414, 1, -2, 1.2303948166988863, 1, 0, 1, 1, 0.3, 0.9575796642096005, 1, 0.9, 0.8601912677655396,
        1.5, -2, 2.0618835624405603, 1.5, 0, 1.5, 1.5, 0.3, 1.386109430089347, 1.5, 0.9, 1.0822199401249235, -0.7, -2, -0.7932278265284021,
        -0.7, 0, -0.7, -0.7, 0.3, -0.6841406078067003, -0.7, 0.9, -0.6502171629260443, 2.5, -2, 3.653415270833631, 2.5, 0, 2.5,
        2.5, 0.3, 2.261502532164161, 2.5, 0.9, 1.6064977856187792, 10, -2, 13.736746862266907, 10, 0, 10, 10, 0.3, 9.238369147061688,
        10, 0.9, 7.17594169760903,
    ];

    [Fact]
    public void IncompleteE_matches_the_reference() => Reference.Check(IncompleteETable, EllipticIntegrals.IncompleteE, 1e-14);

    // mpmath.elliprf(x, y, z)
    private static readonly double[] CarlsonFTable =
    [
        0, 1, 2, 1.3110287771460598, 1, 2, 3, 0.7269459354689082, 1e-10, 1, 1, 1.5707863268734357, 5, 5, 5, 0.4472135954999579,
        0.001, 1000, 1, 0.15210557322291396,
    ];

    [Fact]
    public void CarlsonF_matches_the_reference() => Reference.Check(CarlsonFTable, EllipticIntegrals.CarlsonF, 2e-15);

    // mpmath.elliprd(x, y, z)
    private static readonly double[] CarlsonDTable =
    [
        0, 1, 2, 1.0679379896673957, 1, 2, 3, 0.29046028102899063, 1e-10, 1, 1, 2.35616449054577, 5, 5, 5, 0.08944271909999159,
        0.001, 1000, 1, 0.09180169163773792,
    ];

    [Fact]
    public void CarlsonD_matches_the_reference() => Reference.Check(CarlsonDTable, EllipticIntegrals.CarlsonD, 5e-15);

    [Fact]
    public void Limits()
    {
        EllipticIntegrals.K(1).Should().Be(double.PositiveInfinity);
        EllipticIntegrals.K(1.1).Should().Be(double.NaN);
        EllipticIntegrals.E(double.NaN).Should().Be(double.NaN);
        EllipticIntegrals.IncompleteF(0, 0.5).Should().Be(0);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(-1.5)]
    public void Derivatives_of_the_complete_integrals(double m)
    {
        double k = EllipticIntegrals.K(m), d = EllipticIntegrals.D(m);
        Reference.CheckDerivative(m, EllipticIntegrals.K, (k - d) / (2 * (1 - m)));
        Reference.CheckDerivative(m, EllipticIntegrals.E, -d / 2);
        Reference.CheckDerivative(m, EllipticIntegrals.D, (k - d - ((1 - m) * d)) / (2 * m * (1 - m)));
    }
}
