using AutoDiff.Kernels;

namespace AutoDiff.Tests.Kernels.Special;

/// <summary>Reference values made with mpmath at 80 to 250 digits.</summary>
public class ZetaFunctionsTests
{
    // mpmath.zeta(x)
    private static readonly double[] ZetaTable =
    [
        -250.5, 1.3106450149434267e+293, -200.5, -2.320000663352899e+215, -170.3, 5.758102122574805e+170, -50.7, 4.59719289074076e+24,
        -21, -281.46014492753625, -11.3, 0.022619086832770495, -5, -0.003968253968253968, -4, 0, -3.1, 0.007729233455695131,
        -2.0000001, 3.044845372038631e-09, -1, -0.08333333333333333, -0.6, -0.17459571193801338, -0.5, -0.20788622497735457, -0.4, -0.24716546083171484,
        -1e-08, -0.49999999081061475, 0, -0.5, 1e-20, -0.5, 0.25, -0.8132784052618917, 0.5, -1.4603545088095868, 0.9, -9.430114019402255,
        0.9999999999, -9999999172.019142, 1.0000000001, 9999999173.173574, 1.1, 10.584448464950801, 1.5, 2.612375348685488, 2, 1.6449340668482264,
        3, 1.2020569031595942, 10.5, 1.000700842641736, 30, 1.0000000009313275, 59, 1, 61, 1, 100, 1,
    ];

    [Fact]
    public void Zeta_matches_the_reference() => Reference.Check(ZetaTable, ZetaFunctions.Zeta, 1e-13);

    // mpmath.zeta(s, q)
    private static readonly double[] HurwitzZetaTable =
    [
        1.00000001, 0.001, 100001001.18338811, 1.00000001, 0.5, 100000002.57125714, 1.00000001, 1, 100000001.18496276,
        1.00000001, 3.3, 99999999.57292461, 1.00000001, 20, 99999997.63722315, 1.00000001, 10000, 99999991.39745715, 1.1, 0.001, 2005.8450485611702,
        1.1, 0.5, 12.103813495683747, 1.1, 1, 10.584448464950801, 1.1, 3.3, 9.016458754757206, 1.1, 20, 7.430042649595584,
        1.1, 10000, 3.981091611258425, 2, 0.001, 1000001.6425331958, 2, 0.5, 4.934802200544679, 2, 1, 1.6449340668482264, 2, 3.3, 0.3535015418410618,
        2, 20, 0.05127082293520312, 2, 10000, 0.00010000500016666666, 3.7, 0.001, 125892541180.51929, 3.7, 0.5, 13.271076161581906,
        3.7, 1, 1.1062882414646793, 3.7, 3.3, 0.02186263870547793, 3.7, 20, 0.00012163766877415453, 3.7, 10000, 5.870767282356773e-12,
        10, 0.001, 9.999999999999997e+29, 10, 0.5, 1024.017450355758, 10, 1, 1.000994575127818, 10, 3.3, 7.062565318109673e-06,
        10, 20, 2.698888836254023e-13, 10, 10000, 1.1116111944444427e-37, 50, 0.001, 9.999999999999989e+149, 50, 0.5, 1125899906842624,
        50, 1, 1.0000000000000009, 50, 3.3, 1.1865984657828489e-26, 50, 20, 9.741288743603644e-66, 50, 10000, 2.045820493195437e-198,
        2, -0.5, 8.934802200544679, 3, -3.25, -61.97760551971101, 4, -10.7, 128.16991606802006,
    ];

    [Fact]
    public void HurwitzZeta_matches_the_reference() => Reference.Check(HurwitzZetaTable, ZetaFunctions.HurwitzZeta, 2e-14);

    // mpmath.zeta(s, q, n)
    private static readonly double[] HurwitzZetaOrderDerivative1Table =
    [
        1, 1.01, 0.01, -9517.713689952581, 1, 1.01, 0.5, -9998.636818226487, 1, 1.01, 1, -9999.927281160435, 1, 1.01, 1.5, -10000.032755027429,
        1, 1.01, 7, -9998.269024340949, 1, 1.01, 30, -9994.400431220129, 1, 1.5, 0.01, 4601.2305426586, 1, 1.5, 0.5, -2.0682093782329916,
        1, 1.5, 1, -3.9322397374311016, 1, 1.5, 1.5, -4.028725665170086, 1, 1.5, 7, -3.036594079741605, 1, 1.5, 30, -1.9826572755491316,
        1, 2, 0.01, 46050.75649917457, 1, 2, 0.5, 1.7480808796238798, 1, 2, 1, -0.9375482543158438, 1, 2, 1.5, -1.0245078426159016,
        1, 2, 7, -0.44140141666681987, 1, 2, 30, -0.14861403893808434, 1, 3.7, 0.01, 115676644.94885217, 1, 3.7, 0.5, 8.859519009560223,
        1, 3.7, 1, -0.0922063233533904, 1, 3.7, 1.5, -0.1486483254379193, 1, 3.7, 7, -0.00526519325705796, 1, 3.7, 30, -0.00014946064930772984,
        1, 10, 0.01, 4.60517018598809e+20, 1, 10, 0.5, 709.7755803584237, 1, 10, 1, -0.0006970330081713937, 1, 10, 1.5, -0.007132534960330993,
        1, 10, 7, -9.856884669450201e-09, 1, 10, 30, -2.286199975875772e-14,
    ];

    [Fact]
    public void HurwitzZetaOrderDerivative1_matches_the_reference() => Reference.Check(HurwitzZetaOrderDerivative1Table, (a, b, c) => ZetaFunctions.HurwitzZetaOrderDerivative((int)a, b, c), 1e-13);

    // mpmath.zeta(s, q, n)
    private static readonly double[] HurwitzZetaOrderDerivative2Table =
    [
        2, 1.01, 0.01, 2002220.696781633, 2, 1.01, 0.5, 2000000.9755617436, 2, 1.01, 1, 1999999.9902892092, 2, 1.01, 1.5, 2000000.0079720858,
        2, 1.01, 7, 1999997.8446107218, 2, 1.01, 30, 1999987.4016579902, 2, 1.5, 0.01, 21223.58110277858, 2, 1.5, 0.5, 17.367324145816404,
        2, 1.5, 1, 15.989556371225687, 2, 1.5, 1.5, 16.008397809084105, 2, 1.5, 7, 14.897063832539011, 2, 1.5, 30, 12.148421595870825,
        2, 2, 0.01, 212077.91295735087, 2, 2, 0.5, 3.930223390409116, 2, 2, 1, 1.989280234298901, 2, 2, 1.5, 2.0084113347363104,
        2, 2, 7, 1.4221588382800707, 2, 2, 30, 0.6854950993356859, 2, 3.7, 0.01, 532710637.0901216, 2, 3.7, 0.5, 6.352191487011223,
        2, 3.7, 1, 0.0921773819068274, 2, 3.7, 1.5, 0.10820569674506418, 2, 3.7, 7, 0.01215486433589191, 2, 3.7, 30, 0.0005666907751152652,
        2, 10, 0.01, 2.1207592441913588e+21, 2, 10, 0.5, 491.98683177632574, 2, 10, 1, 0.000491803075822081, 2, 10, 1.5, 0.00294552408749088,
        2, 10, 7, 1.977007174409512e-08, 2, 10, 30, 8.001497571452344e-14,
    ];

    [Fact]
    public void HurwitzZetaOrderDerivative2_matches_the_reference() => Reference.Check(HurwitzZetaOrderDerivative2Table, (a, b, c) => ZetaFunctions.HurwitzZetaOrderDerivative((int)a, b, c), 1e-13);

    // mpmath.zeta(s, q, n)
    private static readonly double[] HurwitzZetaOrderDerivative3Table =
    [
        3, 1.01, 0.01, -599989773.265503, 3, 1.01, 0.5, -599999999.327962, 3, 1.01, 1, -600000000.0020285, 3, 1.01, 1.5, -599999999.9986441,
        3, 1.01, 7, -599999996.9804692, 3, 1.01, 30, -599999968.0763257, 3, 1.5, 0.01, 97568.57175485865, 3, 1.5, 0.5, -95.05764653001593,
        3, 1.5, 1, -96.00099400673554, 3, 1.5, 1.5, -95.99958248891058, 3, 1.5, 7, -94.53077345370001, 3, 1.5, 30, -87.16535062695107,
        3, 2, 0.01, 976639.7244488933, 3, 2, 0.5, -4.6682298126842925, 3, 2, 1, -6.000145802843045, 3, 2, 1.5, -6.0003284206400105,
        3, 2, 7, -5.276505739719812, 3, 2, 30, -3.3705662152393217, 3, 3.7, 0.01, 2453223143.151825, 3, 3.7, 0.5, 4.213597652776891,
        3, 3.7, 1, -0.1115586670973012, 3, 3.7, 1.5, -0.11440349320245892, 3, 3.7, 7, -0.0289909788366235, 3, 3.7, 30, -0.0021729817611844298,
        3, 10, 0.01, 9.766457243008684e+21, 3, 10, 0.5, 341.0159986016167, 3, 10, 1, -0.0003507773638371457, 3, 10, 1.5, -0.001245035047123406,
        3, 10, 7, -3.977135639523529e-08, 3, 10, 30, -2.8034306787778045e-13,
    ];

    [Fact]
    public void HurwitzZetaOrderDerivative3_matches_the_reference() => Reference.Check(HurwitzZetaOrderDerivative3Table, (a, b, c) => ZetaFunctions.HurwitzZetaOrderDerivative((int)a, b, c), 1e-13);

    [Fact]
    public void Poles_and_limits()
    {
        ZetaFunctions.Zeta(1).Should().Be(double.PositiveInfinity);
        ZetaFunctions.Zeta(double.PositiveInfinity).Should().Be(1);
        ZetaFunctions.Zeta(-2).Should().Be(0);
        ZetaFunctions.Zeta(-36).Should().Be(0);
        ZetaFunctions.Zeta(double.NaN).Should().Be(double.NaN);
        ZetaFunctions.ZetaDerivative(1, 1).Should().Be(double.NegativeInfinity);
        ZetaFunctions.ZetaDerivative(2, 1).Should().Be(double.NaN);
        ZetaFunctions.ZetaDerivative(1, double.PositiveInfinity).Should().Be(0);
        ZetaFunctions.ZetaDerivative(1, double.NegativeInfinity).Should().Be(double.NaN);
        ZetaFunctions.ZetaDerivative(3, double.NaN).Should().Be(double.NaN);
        ZetaFunctions.HurwitzZeta(1, 2).Should().Be(double.PositiveInfinity);
        ZetaFunctions.HurwitzZeta(0.5, 2).Should().Be(double.NaN);
        ZetaFunctions.HurwitzZeta(2, 0).Should().Be(double.PositiveInfinity);
        ZetaFunctions.HurwitzZeta(2, -3).Should().Be(double.PositiveInfinity);
        ZetaFunctions.HurwitzZeta(2.5, -3.5).Should().Be(double.NaN);
        ZetaFunctions.HurwitzZeta(3, double.PositiveInfinity).Should().Be(0);
        ZetaFunctions.HurwitzZeta(double.PositiveInfinity, 1).Should().Be(1);
        ZetaFunctions.HurwitzZeta(2, double.NaN).Should().Be(double.NaN);
    }

    [Theory]
    [InlineData(2.5, 0.7)]
    [InlineData(1.2, 3.0)]
    public void Derivative_with_respect_to_q_is_the_next_zeta(double s, double q) =>
        Reference.CheckDerivative(q, t => ZetaFunctions.HurwitzZeta(s, t), -s * ZetaFunctions.HurwitzZeta(s + 1, q));

    [Fact]
    public void Hurwitz_at_one_is_Riemann()
    {
        foreach (double s in new[] { 1.5, 2, 3, 7.25, 30 })
        {
            ZetaFunctions.HurwitzZeta(s, 1).Should().BeApproximately(ZetaFunctions.Zeta(s), 1e-15 * ZetaFunctions.Zeta(s));
        }
    }
}
