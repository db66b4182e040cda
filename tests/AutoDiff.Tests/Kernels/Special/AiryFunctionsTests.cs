using AutoDiff.Kernels;

namespace AutoDiff.Tests.Kernels.Special;

/// <summary>Reference values made with mpmath at 50 digits.</summary>
public class AiryFunctionsTests
{
    // mpmath.airyai(x)
    private static readonly double[] AiTable =
    [
        -10000, 0.02705738360464258, -123.4, -0.07296911980287758, -20, -0.1764061270779847, -5.5, 0.017781541276574976, -1.01, 0.5356356201822581,
        -1, 0.5355608832923521, -0.3, 0.43090309528558085, 0, 0.3550280538878172, 1e-05, 0.35502546569377935, 0.5, 0.23169360648083348,
        1, 0.13529241631288141, 1.01, 0.13370770246895858, 2, 0.03492413042327438, 5, 0.00010834442813607442, 20, 1.6916728686705404e-27,
        60, 2.7831487094969354e-136, 100, 2.6344821520881846e-291,
    ];

    [Fact]
    public void Ai_matches_the_reference() => Reference.Check(AiTable, AiryFunctions.Ai, 3e-14);

    // mpmath.airyai(x, 1)
    private static readonly double[] AiPrimeTable =
    [
        -10000, 4.950755017249123, -123.4, 1.696590445842066, -20, 0.8928628567364713, -5.5, 0.8641972177713984, -1.01, -0.004777758982710894,
        -1, -0.01016056711664521, -0.3, -0.2405451272581546, 0, -0.2588194037928068, 1e-05, -0.25881940377505547, 0.5, -0.2249105326646839,
        1, -0.1591474412967932, 1.01, -0.15779574022638146, 2, -0.05309038443365363, 5, -0.0002474138908684625, 20, -7.586391625748354e-27,
        60, -2.1569758112094737e-135, 100, -2.6351403616044097e-290,
    ];

    [Fact]
    public void AiPrime_matches_the_reference() => Reference.Check(AiPrimeTable, AiryFunctions.AiPrime, 3e-14);

    // mpmath.airybi(x)
    private static readonly double[] BiTable =
    [
        -10000, -0.049507543408137594, -123.4, -0.15274156676483744, -20, -0.20013930932265134, -5.5, -0.367813453915712, -1.01, 0.09806851529644176,
        -1, 0.1039973894969446, -0.3, 0.47797784010989297, 0, 0.6149266274460007, 1e-05, 0.6149311103295744, 0.5, 0.8542770431031554,
        1, 1.2074235949528713, 1.01, 1.2168086833947425, 2, 3.2980949999782148, 5, 657.7920441711711, 20, 2.103765049651104e+25,
        60, 7.382584191543099e+133, 100, 6.041223996670201e+288,
    ];

    [Fact]
    public void Bi_matches_the_reference() => Reference.Check(BiTable, AiryFunctions.Bi, 3e-14);

    // mpmath.airybi(x, 1)
    private static readonly double[] BiPrimeTable =
    [
        -10000, 2.7057371227760956, -123.4, -0.8108910109847043, -20, -0.7914290338395364, -5.5, 0.025111583073630928, -1.01, 0.5933909666906799,
        -1, 0.5923756264227924, -0.3, 0.4718802163006479, 0, 0.4482883573538264, 1e-05, 0.44828835738457284, 0.5, 0.5445725641405923,
        1, 0.9324359333927756, 1.01, 0.9446176767785754, 2, 4.10068204993289, 5, 1435.8190802179824, 20, 9.381839336133965e+25,
        60, 5.715444898335451e+134, 100, 6.039712745310603e+289,
    ];

    [Fact]
    public void BiPrime_matches_the_reference() => Reference.Check(BiPrimeTable, AiryFunctions.BiPrime, 3e-14);

    [Fact]
    public void Limits()
    {
        AiryFunctions.Ai(double.PositiveInfinity).Should().Be(0);
        AiryFunctions.Bi(double.PositiveInfinity).Should().Be(double.PositiveInfinity);
        AiryFunctions.Ai(double.NegativeInfinity).Should().Be(0);
        AiryFunctions.Ai(double.NaN).Should().Be(double.NaN);
        AiryFunctions.Bi(double.NaN).Should().Be(double.NaN);
    }

    [Theory]
    [InlineData(-4.2)]
    [InlineData(0.6)]
    [InlineData(3.4)]
    public void Derivatives_obey_the_equation(double x)
    {
        Reference.CheckDerivative(x, AiryFunctions.Ai, AiryFunctions.AiPrime(x));
        Reference.CheckDerivative(x, AiryFunctions.AiPrime, x * AiryFunctions.Ai(x));
        Reference.CheckDerivative(x, AiryFunctions.BiPrime, x * AiryFunctions.Bi(x));
    }
}
