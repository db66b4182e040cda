using System.Globalization;

namespace AutoDiff.Tests.Operations;

/// <summary>Rows of the table of operations that keep the same bounds of error; docs/conventions.md lists them.</summary>
/// <param name="Title">What they have in common, as the page says it.</param>
/// <param name="IsForward">Whether the value is near the exact one, rather than that of operands nearby.</param>
/// <param name="Value">The bound of the value in double, in spacings of the numbers; where <paramref name="IsForward"/> is false, in spacings and in what a rounding of the operands changes.</param>
/// <param name="Slope">The bound of the slopes, in spacings and in what a rounding of the operands changes.</param>
/// <param name="FloatValue">The same for values of floats.</param>
/// <param name="FloatSlope">The same for slopes of floats.</param>
/// <param name="Rows">The rows.</param>
internal sealed record ErrorClass(string Title, bool IsForward, double Value, double Slope, double FloatValue, double FloatSlope, string[] Rows)
{
    public static ErrorClass[] All { get; } =
    [
        new("products, quotients, square roots", true, 0.51, 1.5, 0.51, 1.5, ["Multiply", "Division", "Square", "Reciprocal", "Sqrt"]),
        new("powers with one exponent, roots, `Hypot`", true, 1.5, 2, 1, 1, ["Cube", "Rsqrt", "Cbrt", "Pow: number", "Pow: 3", "Pow: -2", "Hypot"]),
        new("`Pow` with a tensor of exponents", true, 1.5, 700, 1, 100, ["Pow"]),
        new("exponentials and logarithms", true, 1.5, 2, 1.5, 2, ["Exp", "Exp2", "Exp10", "Expm1", "Log", "Log2", "Log10", "Log1p", "Log1mExp", "Logit", "Entropy", "XLogY", "XLog1pY", "RelativeEntropy"]),
        new("circular and hyperbolic functions", true, 2.5, 2.5, 1.5, 2, ["Sin", "Cos", "Tan", "Sec", "Csc", "Cot", "SinPi", "CosPi", "Sinc", "Asin", "Acos", "Atan", "Atan2", "Sinh", "Cosh", "Tanh", "Asinh", "Acosh", "Atanh"]),
        new("logarithms of sums, gates", false, 2, 3, 2, 2.5,
        [
            "LogAddExp", "LogAddExp2", "LogSubExp", "Sigmoid", "LogSigmoid", "Softplus", "Softplus: beta", "Silu", "Mish", "Gelu", "GeluTanh", "Elu", "Softsign", "Squareplus", "Tanhshrink",
        ]),
        new("error functions and the normal distribution", false, 3, 4, 0.6, 1, ["Erf", "Erfc", "Erfcx", "Erfinv", "Erfcinv", "Ndtr", "LogNdtr", "Ndtri", "Dawson", "OwenT"]),
        new("gamma, beta and zeta functions", false, 12, 8, 0.6, 1,
            ["Gamma", "LogGamma", "Digamma", "Polygamma: 1", "Polygamma: 3", "Factorial", "Zeta: of Riemann", "Zeta: of Hurwitz", "Beta", "LogBeta", "Binomial", "LogBinomial", "Pochhammer"]),
        new("incomplete gamma functions", false, 32, 16, 0.6, 1, ["RegularizedGammaP", "RegularizedGammaQ"]),
        new("Bessel functions of integer order, Airy functions", false, 8, 12, 0.6, 1,
        [
            "BesselJ: order 0", "BesselJ: order 1", "BesselJ: order 4", "BesselY: order 0", "BesselY: order 1", "BesselY: order 3", "BesselI: order 0", "BesselI: order 1", "BesselI: order 3", "BesselIe: order 0",
            "BesselIe: order 1", "BesselIe: order 3", "BesselK: order 0", "BesselK: order 1", "BesselK: order 3", "BesselKe: order 0", "BesselKe: order 1", "SphericalBesselJ: order 0", "SphericalBesselJ: order 2",
            "AiryAi", "AiryBi", "AiryAiPrime", "AiryBiPrime",
        ]),
        new("Bessel functions of real order", false, 10, 256, 0.6, 1,
            ["BesselJ: order 0.5", "BesselY: order 1.5", "BesselI: order 2.5", "BesselIe: order 2.5", "BesselK: order 1.5", "BesselKe: order 2.5", "BesselK: tensor of orders", "BesselKe: tensor of orders"]),
        new("integrals and hypergeometric functions", false, 8, 6, 0.6, 2,
        [
            "ExpIntegralE: order 0", "ExpIntegralE: order 1", "ExpIntegralE: order 2", "ExpIntegralE: order 5", "ExpIntegralEi", "SinIntegral", "CosIntegral", "SinhIntegral", "CoshIntegral", "Dilogarithm", "Spence", "EllipticK",
            "EllipticE: complete", "EllipticE: incomplete", "EllipticF", "Hypergeometric1F1", "Hypergeometric2F1",
        ]),
        new("orthogonal polynomials", false, 2, 2, 0.6, 1,
            ["Legendre: degree 5", "ChebyshevT: degree 5", "ChebyshevU: degree 5", "HermiteH: degree 5", "HermiteHe: degree 5", "Laguerre", "Laguerre: associated", "Gegenbauer"]),
    ];

    /// <summary>The row of the table in docs/conventions.md.</summary>
    public string Line => string.Create(CultureInfo.InvariantCulture, $"| {Title} | {Value}{(IsForward ? "" : " *")} | {Slope} * | {FloatValue}{(IsForward ? "" : " *")} | {FloatSlope} * |");
}
