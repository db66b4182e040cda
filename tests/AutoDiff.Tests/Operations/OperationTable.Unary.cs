namespace AutoDiff.Tests.Operations;

internal static partial class OperationTable<T>
{
    private static double[] Integers => [-3, -2, -1, 0, 1, 2, 3];

    private static OperationRow<T>[] Exponentials =>
    [
        new("Exp2", x => x.Exp2(), x => Math.Pow(2, x)) { Points = [(0, 1, Math.Log(2)), (-Inf, 0, 0), (Inf, Inf, Inf), (1024.2, Inf, 1.4313538816446261e308), (3, 8, 5.545177444479562)] },
        new("Exp10", x => x.Exp10(), x => Math.Pow(10, x)) { Domain = (-1, 1), Points = [(0, 1, Math.Log(10)), (2, 100, 230.25850929940457), (-Inf, 0, 0)] },
        new("Log2", x => x.Log2(), Math.Log2) { Domain = (0.3, 3), Avoid = [1], Points = [(8, 3, 0.18033688011112042), (0, -Inf, Inf), (-2, NaN, -0.7213475204444817)] },
        new("Log10", x => x.Log10(), Math.Log10) { Domain = (0.3, 3), Avoid = [1], Points = [(100, 2, 0.004342944819032518), (0, -Inf, Inf), (4e-309, -308.397940008672, 1.0857362047581302e308), (-2, NaN, -0.21714724095162588)] },
        new("Log1mExp", x => x.Log1mExp(), x => Math.Log(1 - Math.Exp(x)))
        {
            Domain = (-3, -0.2), Points = [(0, -Inf, -Inf), (-1e-10, -23.025850929990457, -9999999999.5), (-50, -1.9287498479639178e-22, -1.9287498479639178e-22), (-Inf, 0, 0), (1, NaN, 1.5819767068693265)],
        },
        new("Cbrt", x => x.Cbrt(), Math.Cbrt) { Domain = (0.3, 3), Points = [(0, 0, Inf), (-8, -2, 1 / 12.0), (27, 3, 1 / 27.0)] },
        new("Rsqrt", x => x.Rsqrt(), x => 1 / Math.Sqrt(x)) { Domain = (0.3, 3), Points = [(0, Inf, -Inf), (-0.0, Inf, -Inf), (4, 0.5, -0.0625), (-1, NaN, NaN), (Inf, 0, 0)] },
        new("Cube", x => x.Cube(), x => x * x * x) { Points = [(0, 0, 0), (-2, -8, 12)] },
        new("LogSigmoid", x => x.LogSigmoid(), x => -Math.Log(1 + Math.Exp(-x))) { Points = [(0, -0.6931471805599453, 0.5), (-1000, -1000, 1), (40, -4.248354255291589e-18, 4.248354255291589e-18), (-40, -40, 1), (1000, 0, 0), (-Inf, -Inf, 1), (Inf, 0, 0)] },
        new("Logit", x => x.Logit(), x => Math.Log(x / (1 - x))) { Domain = (0.1, 0.9), Avoid = [0.5], Points = [(0, -Inf, Inf), (1, Inf, Inf), (0.5, 0, 4), (2, NaN, NaN), (-1, NaN, NaN)] },
        new("Logit: eps", x => x.Logit(N(0.25)), x => Math.Clamp(x, 0.25, 0.75) is var p ? Math.Log(p / (1 - p)) : 0)
        {
            Domain = (0.05, 0.95), Avoid = [0.25, 0.5, 0.75], Points = [(0.25, -1.0986122886681098, 0), (0, -1.0986122886681098, 0), (0.5, 0, 4), (2, 1.0986122886681098, 0)],
            Bad = [Throws<ArgumentException>(on => on(2).Logit(N(-0.5))), Throws<ArgumentException>(on => on(2).Logit(N(0.75)))],
        },
        new("Erf", x => x.Erf(), Erf) { Points = [(0, 0, 1.1283791670955126), (Inf, 1, 0), (-Inf, -1, 0), (1, 0.8427007929497149, 0.41510749742059470), (10, 1, 4.1976562313544169e-44)] },
        new("Erfc", x => x.Erfc(), x => 1 - Erf(x)) { Points = [(0, 1, -1.1283791670955126), (Inf, 0, 0), (-Inf, 2, 0), (5, 1.5374597944280349e-12, -1.5670866531017335e-11)] },
    ];

    private static OperationRow<T>[] Trigonometry =>
    [
        new("Sec", x => x.Sec(), x => 1 / Math.Cos(x)) { Domain = (-1.1, 1.1), Points = [(0, 1, 0)] },
        new("Csc", x => x.Csc(), x => 1 / Math.Sin(x)) { Domain = (0.5, 2.6), Points = [(0, Inf, -Inf)] },
        new("Cot", x => x.Cot(), x => 1 / Math.Tan(x)) { Domain = (0.5, 2.6), Avoid = [1.5707963267948966], Points = [(0, Inf, -Inf)] },
        new("SinPi", x => x.SinPi(), x => Math.Sin(Math.PI * x)) { Tolerance = 10, Points = [(0, 0, Math.PI), (1, 0, -Math.PI), (0.5, 1, 0), (1e6, 0, Math.PI)] },
        new("CosPi", x => x.CosPi(), x => Math.Cos(Math.PI * x)) { Tolerance = 10, Points = [(0, 1, 0), (0.5, 0, -Math.PI), (1, -1, 0)] },
        new("Asin", x => x.Asin(), Math.Asin) { Domain = (-0.8, 0.8), Points = [(0, 0, 1), (1, Math.PI / 2, Inf), (-1, -Math.PI / 2, Inf), (0.5, 0.5235987755982989, 1.1547005383792515), (1.5, NaN, NaN)] },
        new("Acos", x => x.Acos(), Math.Acos) { Domain = (-0.8, 0.8), Points = [(1, 0, -Inf), (-1, Math.PI, -Inf), (0.5, 1.0471975511965979, -1.1547005383792515), (1.5, NaN, NaN)] },
        new("Atan", x => x.Atan(), Math.Atan) { Points = [(0, 0, 1), (1e8, 1.5707963167948966, 1e-16), (1e200, Math.PI / 2, 0), (Inf, Math.PI / 2, 0), (-Inf, -Math.PI / 2, 0)] },
        new("Sinh", x => x.Sinh(), Math.Sinh) { Points = [(0, 0, 1), (1e-10, 1e-10, 1), (-Inf, -Inf, Inf)] },
        new("Cosh", x => x.Cosh(), Math.Cosh) { Points = [(0, 1, 0), (-Inf, Inf, -Inf)] },
        new("Asinh", x => x.Asinh(), Math.Asinh) { Points = [(0, 0, 1), (1e200, 461.2101657793691, 1e-200), (Inf, Inf, 0), (1e-10, 1e-10, 1)] },
        new("Acosh", x => x.Acosh(), Math.Acosh) { Domain = (1.5, 4), Points = [(1, 0, Inf), (1e200, 461.2101657793691, 1e-200), (0.5, NaN, NaN), (Inf, Inf, 0)] },
        new("Atanh", x => x.Atanh(), Math.Atanh) { Domain = (-0.8, 0.8), Points = [(0, 0, 1), (1, Inf, Inf), (-1, -Inf, Inf), (0.5, 0.5493061443340548, 4 / 3.0), (2, NaN, NaN)] },
        new("Sinc", x => x.Sinc(), x => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x)) { Tolerance = 10, Points = [(0, 1, 0), (1, 0, -1), (1e-3, 0.9999983550667449, -0.0032898648867278963), (2, 0, 0.5), (Inf, 0, 0)] },
    ];

    private static OperationRow<T>[] Rounding =>
    [
        new("Floor", x => x.Floor(), Math.Floor) { Avoid = Integers, Points = [(1.5, 1, 0), (-1.5, -2, 0), (2, 2, 0)] },
        new("Ceiling", x => x.Ceiling(), Math.Ceiling) { Avoid = Integers, Points = [(1.5, 2, 0), (-1.5, -1, 0), (2, 2, 0)] },
        new("Round", x => x.Round(), x => Math.Round(x)) { Avoid = [-1.5, -0.5, 0.5, 1.5], Points = [(0.5, 0, 0), (1.5, 2, 0), (2.5, 2, 0), (-0.5, 0, 0)] },
        new("Round: decimals", x => (x * N(100)).Round(-1), x => Math.Round(x * 10) * 10) { Shapes = "() | 5", Domain = (-0.49, -0.46), Points = [(1.234, 120, 0), (1.26, 130, 0)] },
        new("Round: one decimal", x => x.Round(1), x => Math.Round(x * 10) / 10) { Shapes = "() | 5", Domain = (0.06, 0.13), Points = [(0.25, 0.2, 0), (1.75, 1.8, 0), (Inf, Inf, 0)] },
        new("Truncate", x => x.Truncate(), Math.Truncate) { Avoid = Integers, Points = [(1.5, 1, 0), (-1.5, -1, 0)] },
        new("Frac", x => x.Frac(), x => x - Math.Truncate(x)) { Avoid = Integers, Points = [(1.5, 0.5, 1), (-1.5, -0.5, 1)] },
        new("Heaviside", x => x.Heaviside(N(0.5)), x => x > 0 ? 1 : 0) { Avoid = [0], Points = [(0, 0.5, 0), (-1, 0, 0), (NaN, NaN, 0)] },
        new("DegreesToRadians", x => x.DegreesToRadians(), x => x * Math.PI / 180) { Exact = true, Points = [(180, Math.PI, Math.PI / 180)] },
        new("RadiansToDegrees", x => x.RadiansToDegrees(), x => x * 180 / Math.PI) { Exact = true, Points = [(Math.PI, 180, 180 / Math.PI)] },
        new("NanToNum", x => x.NanToNum(N(7), N(9), N(-9)), x => x) { Exact = true, Points = [(NaN, 7, 0), (Inf, 9, 0), (-Inf, -9, 0), (2, 2, 1)] },
        new("NanToNum: of a logarithm", x => x.Log().NanToNum(N(7), N(9), N(-9)), Math.Log) { Domain = (0.3, 3), Avoid = [1], Points = [(0, -9, 0), (-1, 7, 0), (1, 0, 1)] },
        new("IsNaN", x => x.IsNaN(), x => 0) { Constant = true, Points = [(NaN, 1, 0), (Inf, 0, 0)] },
        new("IsFinite", x => x.IsFinite(), x => 1) { Constant = true, Points = [(NaN, 0, 0), (Inf, 0, 0), (3, 1, 0)] },
        new("IsInfinity", x => x.IsInfinity(), x => 0) { Constant = true, Points = [(NaN, 0, 0), (-Inf, 1, 0)] },
        new("Maximum: number", x => x.Maximum(N(0.5)), x => Math.Max(x, 0.5)) { Avoid = [0.5], Points = [(0.5, 0.5, 0.5), (1, 1, 1), (NaN, NaN, NaN)] },
        new("Minimum: number", x => x.Minimum(N(0.5)), x => Math.Min(x, 0.5)) { Avoid = [0.5], Points = [(0.5, 0.5, 0.5), (0, 0, 1), (NaN, NaN, NaN)] },
        new("Pow: of a number", x => Tensor.Pow(N(2), x), x => Math.Pow(2, x)) { Points = [(3, 8, 5.545177444479562), (-1, 0.5, 0.34657359027997264)], Bad = [Throws<ArgumentNullException>(_ => Tensor.Pow(N(2), null!))] },
        new("Entropy", x => x.Entropy(), x => -x * Math.Log(x)) { Domain = (0.2, 2), Avoid = [1], Points = [(0, 0, Inf), (0.5, 0.34657359027997264, -0.3068528194400547), (1, 0, -1), (-1, -Inf, NaN)] },
        new("LogicalNot", x => !(x > N(0)), x => x > 0 ? 0 : 1) { Constant = true, Avoid = [0] },
    ];

    /// <summary>The error function by its power series (DLMF 7.6.1).</summary>
    private static double Erf(double x)
    {
        double term = x;
        double sum = x;
        for (int n = 1; n < 80; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }

    private static double Gelu(double x) => x * (1 + Erf(x / Math.Sqrt(2))) / 2;

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
