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
        new("products, quotients, square roots", true, 0.51, 1.5, 0.51, 1.5, 
        [
            "Multiply", "Multiply: number on the left", "Division", "Division: number on the left", "Division: number on the right", "Square", "Pow: 2", "Pow: 1/2", "Reciprocal", "Sqrt",
        ]),
        new("sums of products, in one operation", false, 2, 2, 0.6, 1, ["Lerp", "Lerp: number", "AddProduct", "AddQuotient", "FusedMultiplyAdd", "Hardsigmoid", "Hardswish", "DegreesToRadians", "RadiansToDegrees"]),
        new("powers, roots, `Hypot`", true, 1.5, 2, 1, 1.5, ["Pow", "Pow: of a number", "Ldexp", "Cube", "Rsqrt", "Cbrt", "Pow: number", "Pow: 3", "Pow: -2", "Hypot"]),
        new("exponentials and logarithms", true, 1.5, 2, 1.5, 2, ["Exp", "Exp2", "Exp10", "Expm1", "Log", "Log2", "Log10", "Log1p", "Log1mExp", "Logit", "Logit: eps", "Entropy", "XLogY", "XLog1pY", "RelativeEntropy"]),
        new("circular and hyperbolic functions", true, 2.5, 3, 1.5, 2, ["Sin", "Cos", "Tan", "Sec", "Csc", "Cot", "SinPi", "CosPi", "Sinc", "Asin", "Acos", "Atan", "Atan2", "Sinh", "Cosh", "Tanh", "Asinh", "Acosh", "Atanh"]),
        new("logarithms of sums, gates", false, 2, 3, 2, 3.5,
        [
            "LogAddExp", "LogAddExp2", "LogSubExp", "Sigmoid", "LogSigmoid", "Softplus", "Softplus: beta", "Silu", "Mish", "Gelu", "GeluTanh", "Elu", "Elu: alpha", "Selu",
            "Celu", "Celu: plain", "Softplus: threshold", "Softsign", "Squareplus", "Tanhshrink",
        ]),
        new("error functions and the normal distribution", false, 3, 4, 0.6, 1, ["Erf", "Erfc", "Erfcx", "Erfinv", "Erfcinv", "Ndtr", "LogNdtr", "Ndtri", "Dawson", "OwenT"]),
        new("gamma, beta and zeta functions", false, 4, 4, 0.6, 1,
        [
            "Gamma", "Gamma: negative", "LogGamma", "MultivariateLogGamma", "Digamma", "Polygamma: 0", "Polygamma: 1", "Polygamma: 3", "Factorial", "Zeta: of Riemann", "Zeta: of Hurwitz", "Beta", "LogBeta", "Binomial",
            "LogBinomial", "Pochhammer",
        ]),
        new("incomplete gamma and beta functions, their inverses", false, 4, 8, 0.6, 1,
            ["RegularizedGammaP", "RegularizedGammaQ", "InverseRegularizedGammaP", "InverseRegularizedGammaQ", "RegularizedBeta", "InverseRegularizedBeta"]),
        new("Bessel functions of integer order, Airy functions", false, 6, 8, 0.6, 1.5,
        [
            "BesselJ: order 0", "BesselJ: order 1", "BesselJ: order 4", "BesselY: order 0", "BesselY: order 1", "BesselY: order 3", "BesselI: order 0", "BesselI: order 1", "BesselI: order 3", "BesselIe: order 0",
            "BesselIe: large", "BesselIe: order 1", "BesselIe: order 3", "BesselK: order 0", "BesselK: order 1", "BesselK: order 3", "BesselKe: order 0", "BesselKe: order 1", "SphericalBesselJ: order 0", "SphericalBesselJ: order 2",
            "AiryAi", "AiryBi", "AiryAiPrime", "AiryBiPrime",
        ]),
        new("Bessel functions of real order", false, 6, 6, 0.6, 1,
            ["BesselJ: order 0.5", "BesselJ: order -1.25", "BesselY: order 1.5", "BesselI: order 2.5", "BesselIe: order 2.5", "BesselK: order 1.5", "BesselKe: order 2.5", "BesselK: tensor of orders", "BesselKe: tensor of orders"]),
        new("integrals and hypergeometric functions", false, 8, 6, 0.6, 2,
        [
            "ExpIntegralE: order 0", "ExpIntegralE: order 1", "ExpIntegralE: order 2", "ExpIntegralE: order 5", "ExpIntegralEi", "SinIntegral", "CosIntegral", "SinhIntegral", "CoshIntegral", "Dilogarithm", "Spence", "EllipticK",
            "EllipticE: complete", "EllipticE: incomplete", "EllipticF", "Hypergeometric1F1", "Hypergeometric2F1",
        ]),
        new("orthogonal polynomials", false, 2.5, 2, 0.6, 1,
            ["Legendre: degree 5", "ChebyshevT: degree 5", "ChebyshevU: degree 5", "ChebyshevV: degree 5", "ChebyshevW: degree 5", "HermiteH: degree 5", "HermiteHe: degree 5", "Laguerre", "Laguerre: associated", "Gegenbauer"]),
    ];

    /// <summary>The elementwise rows without a bound, by the reason for it. Comparisons, whose results are constants, need none.</summary>
    public static (string Reason, string[] Rows)[] Without { get; } =
    [
        ("sums and differences of two numbers, which are rounded once; their slopes are 1 and -1",
        [
            "Addition", "Subtraction", "UnaryNegation", "Addition: number on the right", "Addition: number on the left", "Subtraction: number on the right", "Subtraction: number on the left",
        ]),
        ("one of the operands, a bound, or a product with a number, which is rounded once; their slopes are such numbers",
        [
            "Abs", "CopySign", "Relu", "Relu6", "LeakyRelu", "LeakyRelu: standard slope", "PRelu: one weight", "Hardtanh", "Hardtanh: bounds", "Threshold", "Hardshrink", "Hardshrink: threshold 0", "Softshrink",
            "Softshrink: threshold 0", "Clamp", "Clamp: lower bound", "Clamp: upper bound", "Clamp: crossed bounds", "Clamp: lower tensor", "Clamp: upper tensor", "Clamp: tensors", "Maximum", "Maximum: number",
            "Maximum: with itself", "Minimum", "Minimum: number", "FMax", "FMin", "Where: by its own sign", "NanToNum", "NanToNum: of a logarithm", "Multiply: number on the right", "Multiply: by itself", "Pow: 0", "Pow: 1",
        ]),
        ("whole numbers, and what is left of a number beside them; their slopes are whole numbers",
            ["Sign", "Heaviside", "Floor", "Ceiling", "Round", "Round: decimals", "Round: one decimal", "Truncate", "Frac", "Remainder", "Fmod", "FloorDivide"]),
        ("their operand itself; the slope is the user's", ["OnCotangent", "StraightThrough"]),
        ("a number, or the first degree", ["Legendre: degree 0", "Legendre: degree 1", "ChebyshevT: degree 1", "ChebyshevU: degree 1", "ChebyshevV: degree 1", "ChebyshevW: degree 1", "HermiteH: degree 1", "HermiteHe: degree 1"]),
    ];

    /// <summary>The lines of docs/conventions.md that say what has no bound.</summary>
    public static string[] LinesWithout { get; } =
        [.. Without.Select(static entry => $"- {string.Join(", ", entry.Rows.Select(static row => $"`{Name(row)}`").Distinct())}: {entry.Reason}.")];

    /// <summary>The operation of a row, with the case where others have a bound.</summary>
    private static string Name(string row) => row.Split(':')[0] is var operation && All.Any(entry => entry.Rows.Any(other => other.Split(':')[0] == operation)) ? row : operation;

    /// <summary>The row of the table in docs/conventions.md.</summary>
    public string Line => string.Create(CultureInfo.InvariantCulture, $"| {Title} | {Value}{(IsForward ? "" : " *")} | {Slope} * | {FloatValue}{(IsForward ? "" : " *")} | {FloatSlope} * |");
}
