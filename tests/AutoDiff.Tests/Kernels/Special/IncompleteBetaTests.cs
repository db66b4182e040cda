using AutoDiff.Kernels;

namespace AutoDiff.Tests.Kernels.Special;

/// <summary>Reference values made with mpmath at 40 to 110 digits.</summary>
public class IncompleteBetaTests
{
    // x^a (1 - x)^b / (a mpmath.beta(a, b)) * sum(mpmath.rf(a + b, k) / mpmath.rf(a + 1, k) x^k), or 1 less its mirror image
    private static readonly double[] ValueTable =
    [
        0.001, 80, 0.01, 0.9996885835578645, 0.1, 0.001, 0.7, 0.010626372168240188, 0.5, 0.5, 0.5, 0.5, 1, 1, 0.3, 0.3, 2, 3, 1e-10, 5.9999999992e-20,
        3.3, 2.5, 0.7, 0.7255117185993003, 13, 0.001, 0.95, 0.0004187334180810771, 13, 80, 1e-10, 2.2327852504970062e-115,
        13, 12.5, 0.5, 0.45991194015286796, 40, 1000, 0.03, 0.06899759130623523, 300, 80, 0.8, 0.6861590272916389, 5000, 3, 0.999, 0.12435737403741322,
        10000, 20000, 0.33, 0.11020551912741972,
    ];

    [Fact]
    public void Value_matches_the_reference() => Reference.Check(ValueTable, IncompleteBeta.Value, 5e-14);

    // central differences with steps of 1e-12 a and 1e-12 b of the series above, at 110 digits
    private static readonly double[] ShapeDerivativeTable =
    [
        1, 0, 0.5, 0.5, 0.5, -0.5831218080616376, 1, 0, 1, 1, 0.3, -0.3611918412977808, 1, 0, 2, 3, 0.1, -0.0911752003635886,
        1, 0, 3.3, 2.5, 0.7, -0.11123228686372721, 1, 0, 13, 12.5, 0.5, -0.07910193343643787, 1, 0, 40, 1000, 0.03, -0.02158180037773861,
        1, 0, 300, 80, 0.8, -0.009222660517972707, 0, 1, 0.5, 0.5, 0.5, 0.5831218080616376, 0, 1, 1, 1, 0.3, 0.24967246075711266,
        0, 1, 2, 3, 0.1, 0.02695016068892199, 0, 1, 3.3, 2.5, 0.7, 0.19567827136637947, 0, 1, 13, 12.5, 0.5, 0.08072049960309087,
        0, 1, 40, 1000, 0.03, 0.0007580238782851413, 0, 1, 300, 80, 0.8, 0.0357696572282107, 2, 0, 0.5, 0.5, 0.5, 0.9442959579270792,
        2, 0, 1, 1, 0.3, 0.4348651540669376, 2, 0, 2, 3, 0.1, 0.15068804323786855, 2, 0, 3.3, 2.5, 0.7, -0.001581188034135566,
        2, 0, 13, 12.5, 0.5, 0.004742809547408486, 2, 0, 40, 1000, 0.03, 0.0053949319850647975, 2, 0, 300, 80, 0.8, -9.785655700740867e-05,
        1, 1, 0.5, 0.5, 0.5, -1.2636198092906133e-86, 1, 1, 1, 1, 0.3, -0.1332481427617063, 1, 1, 2, 3, 0.1, -0.036049572742326216,
        1, 1, 3.3, 2.5, 0.7, 0.0372798755671524, 1, 1, 13, 12.5, 0.5, -0.0016353391770790547, 1, 1, 40, 1000, 0.03, -0.00017955450219051745,
        1, 1, 300, 80, 0.8, 0.0004396172439190546, 0, 2, 0.5, 0.5, 0.5, -0.9442959579270792, 0, 2, 1, 1, 0.3, -0.08905191094358851,
        0, 2, 2, 3, 0.1, 0.004841298764209438, 0, 2, 3.3, 2.5, 0.7, -0.11142379568426937, 0, 2, 13, 12.5, 0.5, -0.0016680885963250066,
        0, 2, 40, 1000, 0.03, 5.912224590430237e-06, 0, 2, 300, 80, 0.8, -0.0019310311121094892, 3, 0, 0.5, 0.5, 0.5, -2.3192699753267054,
        3, 0, 1, 1, 0.3, -0.5235658190456011, 3, 0, 2, 3, 0.1, -0.2291934008269687, 3, 0, 3.3, 2.5, 0.7, 0.010264969308718293,
        3, 0, 13, 12.5, 0.5, 0.0025735433864822904, 3, 0, 40, 1000, 0.03, -0.0008291296082773691, 3, 0, 300, 80, 0.8, 5.3700794338672235e-06,
        2, 1, 0.5, 0.5, 0.5, -1.4916183116832327, 2, 1, 1, 1, 0.3, -0.13749234959728038, 2, 1, 2, 3, 0.1, 0.03739485119863022,
        2, 1, 3.3, 2.5, 0.7, -0.022660020827821103, 2, 1, 13, 12.5, 0.5, -0.003138761135293567, 2, 1, 40, 1000, 0.03, 2.4071462530731997e-05,
        2, 1, 300, 80, 0.8, -1.9671098483880053e-05, 1, 2, 0.5, 0.5, 0.5, 1.4916183116832327, 1, 2, 1, 1, 0.3, 0.26375409172819636,
        1, 2, 2, 3, 0.1, 0.0002628912286258668, 1, 2, 3.3, 2.5, 0.7, 0.019434301960862387, 1, 2, 13, 12.5, 0.5, 0.003338137416888903,
        1, 2, 40, 1000, 0.03, -6.708662001567248e-07, 1, 2, 300, 80, 0.8, 7.072263694470787e-05, 0, 3, 0.5, 0.5, 0.5, 2.3192699753267054,
        0, 3, 1, 1, 0.3, 0.03176258534344142, 0, 3, 2, 3, 0.1, -0.0013193328433815988, 0, 3, 3.3, 2.5, 0.7, 0.028045004609326355,
        0, 3, 13, 12.5, 0.5, -0.003132150406823909, 0, 3, 40, 1000, 0.03, 1.765916509837687e-08, 0, 3, 300, 80, 0.8, -0.0002487491820232717,
    ];

    [Fact]
    public void ShapeDerivative_matches_the_reference() => Reference.Check(ShapeDerivativeTable, (a, b, c, d, e) => IncompleteBeta.ShapeDerivative((int)a, (int)b, c, d, e), 1e-12, 1e-15);

    [Fact]
    public void Limits()
    {
        IncompleteBeta.Value(2, 3, 0).Should().Be(0);
        IncompleteBeta.Value(2, 3, 1).Should().Be(1);
        IncompleteBeta.Value(2, 3, 1.5).Should().Be(double.NaN);
        IncompleteBeta.Value(0, 3, 0.5).Should().Be(double.NaN);
        IncompleteBeta.Value(2, 3, double.NaN).Should().Be(double.NaN);
        IncompleteBeta.Density(1, 3, 0).Should().Be(3);
        IncompleteBeta.Density(0.5, 3, 0).Should().Be(double.PositiveInfinity);
        IncompleteBeta.ShapeDerivative(1, 0, 2, 3, 1).Should().Be(0);
        IncompleteBeta.Inverse(2, 3, 0).Should().Be(0);
        IncompleteBeta.Inverse(2, 3, 1).Should().Be(1);
        IncompleteBeta.Inverse(2, 3, -0.1).Should().Be(double.NaN);
    }

    [Fact]
    public void Inverse_undoes_the_function()
    {
        foreach (double a in new[] { 0.3, 1, 5, 50, 400 })
        {
            foreach (double b in new[] { 0.5, 2, 20, 300 })
            {
                foreach (double p in new[] { 1e-50, 1e-8, 0.01, 0.3, 0.5, 0.7, 0.99 })
                {
                    double x = IncompleteBeta.Inverse(a, b, p), slope = IncompleteBeta.Density(a, b, x);
                    if (x < 1)
                    {
                        IncompleteBeta.Value(a, b, x).Should().BeApproximately(p, (1e-12 * p) + (2e-16 * slope), "a = {0}, b = {1}, x = {2}", a, b, x);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(0.5, 1.5, 0.3)]
    [InlineData(4.0, 7.0, 0.5)]
    public void Density_is_the_derivative(double a, double b, double x) =>
        Reference.CheckDerivative(x, t => IncompleteBeta.Value(a, b, t), IncompleteBeta.Density(a, b, x));

    [Theory]
    [InlineData(0.7, 2.5, 0.2)]
    [InlineData(30.0, 20.0, 0.55)]
    public void Mirror_image_is_the_complement(double a, double b, double x) =>
        (IncompleteBeta.Value(a, b, x) + IncompleteBeta.Value(b, a, 1 - x)).Should().BeApproximately(1, 1e-15);
}
