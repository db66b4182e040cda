using static AutoDiff.Tests.Operations.BigReal;

namespace AutoDiff.Tests.Operations;

/// <summary>
/// Elementwise functions in an arithmetic of their own, and their derivatives as differences with a step so small, and with so many bits, that these are exact to the last one of a double: what a rule that
/// serves both modes cannot agree with by being wrong twice.
/// </summary>
internal static class SlopeReferences
{
    /// <summary>By name: the function, and the interval in which to try it.</summary>
    public static Dictionary<string, (Func<BigReal, BigReal> F, double From, double To)> Functions { get; } = new()
    {
        ["Exp"] = (Exp, -740, 709), ["Expm1"] = (x => Exp(x) - 1, -300, 709), ["Exp2"] = (x => Exp(x * Log(2)), -1070, 1023), ["Exp10"] = (x => Exp(x * Log(10)), -300, 308),
        ["Log"] = (Log, 1e-300, 1e300), ["Log2"] = (x => Log(x) / Log(2), 1e-300, 1e300), ["Log10"] = (x => Log(x) / Log(10), 1e-300, 1e300), ["Log1p"] = (x => Log(1 + x), -0.999, 1e300),
        ["Sqrt"] = (Sqrt, 1e-300, 1e300), ["Rsqrt"] = (x => 1 / Sqrt(x), 1e-200, 1e200), ["Cbrt"] = (x => x.Sign < 0 ? -Exp(Log(-x) / 3) : Exp(Log(x) / 3), -1e200, 1e200),
        ["Reciprocal"] = (x => 1 / x, -1e150, 1e150), ["Square"] = (x => x * x, -1e150, 1e150), ["Cube"] = (x => x * x * x, -1e100, 1e100),
        ["Sin"] = (x => SinCos(x).Sin, -1e15, 1e15), ["Cos"] = (x => SinCos(x).Cos, -1e15, 1e15), ["Tan"] = (x => SinCos(x).Sin / SinCos(x).Cos, -1e6, 1e6), ["Sec"] = (x => 1 / SinCos(x).Cos, -1e6, 1e6),
        ["Csc"] = (x => 1 / SinCos(x).Sin, -1e6, 1e6), ["Cot"] = (x => SinCos(x).Cos / SinCos(x).Sin, -1e6, 1e6), ["Asin"] = (Asin, -0.9999999, 0.9999999), ["Acos"] = (x => (Pi / 2) - Asin(x), -0.9999999, 0.9999999),
        ["Atan"] = (Atan, -1e150, 1e150), ["Sinh"] = (Sinh, -709, 709), ["Cosh"] = (x => (Exp(x) + Exp(-x)) / 2, -709, 709), ["Tanh"] = (Tanh, -150, 150), ["Asinh"] = (x => x.Sign < 0 ? -Asinh(-x) : Asinh(x), -1e150, 1e150),
        ["Acosh"] = (x => Log(x + Sqrt((x * x) - 1)), 1.0000001, 1e150), ["Atanh"] = (x => Log((1 + x) / (1 - x)) / 2, -0.9999999, 0.9999999),
        ["SinPi"] = (x => SinCos(Pi * x).Sin, -1e9, 1e9), ["CosPi"] = (x => SinCos(Pi * x).Cos, -1e9, 1e9), ["Sinc"] = (x => SinCos(Pi * x).Sin / (Pi * x), -1e6, 1e6),
        ["Sigmoid"] = (Sigmoid, -300, 300), ["LogSigmoid"] = (x => -Log(1 + Exp(-x)), -1e6, 300), ["Softplus"] = (x => Log(1 + Exp(x)), -300, 1e6), ["Silu"] = (x => x * Sigmoid(x), -300, 300),
        ["Mish"] = (x => x * Tanh(Log(1 + Exp(x))), -300, 150), ["Gelu"] = (x => x * (1 + Erf(x / Sqrt(2))) / 2, -14, 14), ["GeluTanh"] = (x => x * Sigmoid(2 * Sqrt(2 / Pi) * (x + (0.044715 * x * x * x))), -16, 16),
        ["Erf"] = (Erf, -14, 14), ["Erfc"] = (x => 1 - Erf(x), -14, 14), ["Ndtr"] = (x => (1 + Erf(x / Sqrt(2))) / 2, -18, 18), ["LogNdtr"] = (x => Log((1 + Erf(x / Sqrt(2))) / 2), -18, 18),
        ["Erfcx"] = (x => Exp(x * x) * (1 - Erf(x)), -14, 14), ["Logit"] = (x => Log(x / (1 - x)), 1e-300, 0.9999999), ["Log1mExp"] = (x => Log(1 - Exp(x)), -300, -1e-30), ["Entropy"] = (x => -x * Log(x), 1e-300, 1e300),
        ["Squareplus"] = (x => (x + Sqrt((x * x) + 4)) / 2, -1e60, 1e60), ["Softsign"] = (x => x / (1 + BigReal.Abs(x)), -1e100, 1e100), ["Tanhshrink"] = (x => x - Tanh(x), -150, 150),
        ["Elu"] = (x => x.Sign > 0 ? x : Exp(x) - 1, -300, 1e6), ["Selu"] = (x => 1.0507009873554804934 * (x.Sign > 0 ? x : 1.6732632423543772848 * (Exp(x) - 1)), -300, 1e6),
        ["Pow: number"] = (x => x * x * Sqrt(x), 1e-100, 1e100), ["Pow: 1/3"] = (x => Exp(Log(x) * (1.0 / 3)), 1e-290, 1e290), ["Pow: -0.7"] = (x => Exp(Log(x) * -0.7), 1e-150, 1e150),
        ["Softplus: beta"] = (x => Log(1 + Exp(2 * x)) / 2, -150, 1e6),
    };

    /// <summary>The derivatives of order 1 to 3.</summary>
    public static (double First, double Second, double Third) At(Func<BigReal, BigReal> f, double x)
    {
        BigReal h = Scale(x, -100), above = f(x + h), value = f(x), below = f(x - h);
        return ((double)((above - below) / (2 * h)), (double)((above - value - (value - below)) / (h * h)), (double)((f(x + (2 * h)) - f(x - (2 * h)) - (2 * (above - below))) / (2 * h * h * h)));
    }

    /// <summary>Numbers on both sides of all sizes between the bounds, some round, most random.</summary>
    public static double[] Places(double from, double to, int seed)
    {
        double[] round = [1e-290, 1e-100, 1e-20, 1e-10, 1e-8, 1e-5, 1e-3, 0.01, 0.1, 0.3, 0.5, 0.9, 0.999999, 1, 1.000001, 1.5, 2, 3, 5, 8, 13, 20, 30, 40, 100, 300, 690, 1e4, 1e8, 1e12, 1e50, 1e140];
        var random = new Random(seed);
        IEnumerable<double> near = Enumerable.Range(0, 40).Select(_ => Math.Pow(10, (6 * random.NextDouble()) - 4)), far = Enumerable.Range(0, 12).Select(_ => Math.Pow(10, (280 * random.NextDouble()) - 140));
        return [.. round.Select(x => x is > 1e-37 and < 1e38 ? (float)x : x).Concat(near).Concat(far).SelectMany(x => new[] { x, -x }).Where(x => x >= from && x <= to && (from > 0 || Math.Abs(x) > 1e-20))];
    }

    private static BigReal Asin(BigReal x) => Atan(x / Sqrt(1 - (x * x)));

    private static BigReal Sinh(BigReal x) => (Exp(x) - Exp(-x)) / 2;

    private static BigReal Tanh(BigReal x) => Exp(2 * x) is var e ? (e - 1) / (e + 1) : x;

    private static BigReal Asinh(BigReal x) => Log(x + Sqrt((x * x) + 1));

    private static BigReal Sigmoid(BigReal x) => 1 / (1 + Exp(-x));
}
