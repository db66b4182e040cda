using System.Numerics;

namespace AutoDiff.Onnx;

/// <summary>
/// The elementwise operations of one operand, by name and parameters: an operation of ONNX where there is one, a formula elsewhere. Null for what has neither.
/// </summary>
internal static class ElementwiseFormulas<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly double Ln2 = Math.Log(2);
    private static readonly double Ln10 = Math.Log(10);

    public static Expression? Write(string name, object? parameters, Expression x) => (name, parameters) switch
    {
        ("Add", T c) => x + N(c),
        ("Subtract", T c) => x - N(c),
        ("Subtract", Left<T> c) => N(c.Value) - x,
        ("Multiply" or "DegreesToRadians" or "RadiansToDegrees", T c) => x * N(c),
        ("Divide", T c) => x / N(c),
        ("Divide", Left<T> c) => N(c.Value) / x,
        ("Negate", null) => -x,
        ("Reciprocal", null) => x.Call("Reciprocal"),
        ("Square", null) => x * x,
        ("Cube", null) => x * x * x,
        ("Pow", T p) => x.With("Pow", x.Number(N(p))),
        ("Sqrt", null) => x.Call("Sqrt"),
        ("Rsqrt", null) => x.Call("Sqrt").Call("Reciprocal"),
        ("Cbrt", null) => x.Call("Sign") * x.Call("Abs").With("Pow", x.Number(1.0 / 3)),
        ("HalfReciprocal", null) => 0.5 / x.Call("Abs"),
        ("Abs", null) => x.Call("Abs"),
        ("Sign", null) => x.Call("Sign"),
        ("Floor", null) => x.Call("Floor"),
        ("Ceiling", null) => x.Call("Ceil"),
        ("Round", null) => x.Call("Round"),
        ("Round", (int decimals, T scale)) => decimals >= 0 ? (x * N(scale)).Call("Round") / N(scale) : (x / N(scale)).Call("Round") * N(scale),
        ("Truncate", null) => Truncate(x),
        ("Frac", null) => x - Truncate(x),
        ("Heaviside", T atZero) => (x > 0).Choose(1, (x < 0).Choose(0, x.EqualTo(0).Choose(N(atZero), x))),
        _ => Exponential(name, parameters, x) ?? Trigonometric(name, parameters, x) ?? Piecewise(name, parameters, x) ?? Smooth(name, parameters, x) ?? Masks(name, parameters, x),
    };

    private static Expression? Exponential(string name, object? parameters, Expression x) => (name, parameters) switch
    {
        ("Exp", null) => x.Call("Exp"),
        ("Expm1", null) => Expm1(x),
        ("Exp2", null) => (x * Ln2).Call("Exp"),
        ("ScaledExp2", T c) => (x * Ln2).Call("Exp") * N(c),
        ("Exp10", null) => (x * Ln10).Call("Exp"),
        ("Log", null) => x.Call("Log"),
        ("Log1p", null) => Log1p(x),
        ("Log2", null) => x.Call("Log") / Ln2,
        ("Log10", null) => x.Call("Log") / Ln10,
        ("Log1mExp", null) => Log1p(-x.Call("Exp")),
        ("ReciprocalExpm1", null) => 1 / Expm1(-x),
        ("Sigmoid", null) => x.Call("Sigmoid"),
        ("SigmoidSlope", null) => x.Call("Sigmoid") * (-x).Call("Sigmoid"),
        ("LogSigmoid", null) => -Softplus(-x),
        ("Logit", null) => (x / (1 - x)).Call("Log"),
        ("LogitSlope", null) => 1 / (x * (1 - x)),
        ("Entropy", null) => x.EqualTo(0).Choose(0, -(x * x.Call("Log"))),
        ("Erf", null) => x.Call("Erf"),
        ("Erfc", null) => 1 - x.Call("Erf"),
        ("GaussianDerivative", 0) => (-(x * x)).Call("Exp"),
        ("GaussianDerivative", 1) => (-(x * x)).Call("Exp") * (-2 * x),
        ("Ndtr", null) => Ndtr(x),
        ("NormalMass", null) => 0.5 * (x * Math.Sqrt(0.5)).Call("Erf"),
        ("LogNdtr", null) => Ndtr(x).Call("Log"),
        ("NormalDensityDerivative", 0) => Density(x),
        ("NormalDensityDerivative", 1) => -(x * Density(x)),
        _ => null,
    };

    private static Expression? Trigonometric(string name, object? parameters, Expression x) => (name, parameters) switch
    {
        ("Sin" or "Cos" or "Tan" or "Asin" or "Acos" or "Atan" or "Sinh" or "Cosh" or "Tanh" or "Asinh" or "Acosh" or "Atanh", null) => x.Call(name),
        ("Sec", null) => 1 / x.Call("Cos"),
        ("Csc", null) => 1 / x.Call("Sin"),
        ("Cot", null) => x.Call("Cos") / x.Call("Sin"),
        ("SinPi", null) => (x * Math.PI).Call("Sin"),
        ("CosPi", null) => (x * Math.PI).Call("Cos"),
        ("Sinc", 0) => x.EqualTo(0).Choose(1, (x * Math.PI).Call("Sin") / (x * Math.PI)),
        ("SechSquared", null) => SechSquared(x),
        ("InverseCircle", null) => ((1 - x) * (1 + x)).Call("Sqrt").Call("Reciprocal"),
        ("InverseHypotenuse", null) => (x * x + 1).Call("Sqrt").Call("Reciprocal"),
        ("OverHypotenuse", null) => x / (x * x + 1).Call("Sqrt"),
        ("InverseHyperbola", null) => 1 / ((x - 1).Call("Sqrt") * (x + 1).Call("Sqrt")),
        ("OverHyperbola", null) => x / (x - 1).Call("Sqrt") / (x + 1).Call("Sqrt"),
        _ => null,
    };

    private static Expression? Piecewise(string name, object? parameters, Expression x) => (name, parameters) switch
    {
        ("Relu", null) => x.Call("Relu"),
        ("Clamp", (T min, T max)) => x.With("Max", x.Number(N(min))).With("Min", x.Number(N(max))),
        ("Clamp", LowerBound<T> min) => x.With("Max", x.Number(N(min.Value))),
        ("Clamp", UpperBound<T> max) => x.With("Min", x.Number(N(max.Value))),
        ("Maximum", T c) => x.With("Max", x.Number(N(c))),
        ("Minimum", T c) => x.With("Min", x.Number(N(c))),
        ("IsAbove", T c) => (x > N(c)).AsNumbers(),
        ("IsBelow", T c) => (x < N(c)).AsNumbers(),
        ("IsInside", (T min, T max)) => ((x > N(min)) & (x < N(max))).AsNumbers(),
        ("IsBeyond", T c) => (x.Call("Abs") > N(c)).AsNumbers(),
        ("IsNotAbove", T c) => (x <= N(c)).AsNumbers(),
        ("LeakyRelu", T slope) => (x > 0).Choose(x, x * N(slope)),
        ("Slope", T slope) => (x > 0).Choose(1, N(slope)),
        ("NegativePart", null) => (x > 0).Choose(0, x),
        ("Threshold", (T threshold, T value)) => (x <= N(threshold)).Choose(N(value), x),
        ("Softshrink", T c) => (x > N(c)).Choose(x - N(c), (x < -N(c)).Choose(x + N(c), 0)),
        ("Hardshrink", T c) => (x.Call("Abs") <= N(c)).Choose(0, x),
        ("Hardsigmoid", null) => ((x + 3) / 6).With("Max", x.Number(0)).With("Min", x.Number(1)),
        ("HardsigmoidSlope", null) => (x.Call("Abs") < 3).Choose(1.0 / 6, 0),
        ("Hardswish", null) => x * ((x + 3) / 6).With("Max", x.Number(0)).With("Min", x.Number(1)),
        ("HardswishSlope", null) => (x >= 3).Choose(1, (x <= -3).Choose(0, (2 * x + 3) / 6)),
        ("HardswishCurvature", null) => (x.Call("Abs") < 3).Choose(1.0 / 3, 0),
        ("Softsign", null) => x / (1 + x.Call("Abs")),
        ("ReciprocalAbove", null) => 1 / (1 + x.Call("Abs")),
        ("Quantile", T q) => (x > 0).Choose(N(q) * x, (N(q) - 1) * x),
        ("QuantileSlope", T q) => (x > 0).Choose(N(q), (x < 0).Choose(N(q) - 1, 0)),
        ("HuberLoss" or "SmoothL1Loss" or "Huber" or "SmoothL1", T delta) => (x.Call("Abs") <= N(delta)).Choose(x * x * 0.5, (x.Call("Abs") - (N(delta) * 0.5)) * N(delta)),
        _ => null,
    };

    private static Expression? Smooth(string name, object? parameters, Expression x) => (name, parameters) switch
    {
        ("Softplus", null) => Softplus(x),
        ("Softplus", T beta) => Softplus(x * N(beta)) / N(beta),
        ("IsCurved", (T beta, T threshold)) => (x * N(beta) <= N(threshold)).AsNumbers(),
        ("IsCurved", null) => (x.Call("Abs") <= 24).AsNumbers(),
        ("Gelu", 0) => x * Ndtr(x),
        ("Gelu", 1) => Ndtr(x) + (x * Density(x)),
        ("Silu", 0) => x * x.Call("Sigmoid"),
        ("Silu", 1) => x.Call("Sigmoid") * (1 + (x * (-x).Call("Sigmoid"))),
        ("Mish", null) => x * Softplus(x).Call("Tanh"),
        ("MishGate", null) => Softplus(x).Call("Tanh"),
        ("MishGateComplement", null) => SechSquared(Softplus(x)),
        ("Squareplus", T b) => (x + (x * x + N(b)).Call("Sqrt")) * 0.5,
        ("SquareplusSlope", T b) => (1 + (x / (x * x + N(b)).Call("Sqrt"))) * 0.5,
        ("Tanhshrink", null) => x - x.Call("Tanh"),
        ("Elu" or "Selu" or "Celu", (T slope, T amplitude, T scale)) => (x > 0).Choose(x * N(slope), Expm1((x / N(scale)).With("Min", x.Number(0))) * N(amplitude)),
        ("ExponentialStep", (T slope, T amplitude, T scale)) => (x > 0).Choose(N(slope), (x / N(scale)).With("Min", x.Number(0)).Call("Exp") * N(amplitude)),
        _ => null,
    };

    private static Expression? Masks(string name, object? parameters, Expression x) => (name, parameters) switch
    {
        ("IsNonzero", null) => x.Truth(),
        ("Not", null) => !x,
        ("IsNaN", null) => x.IsNaN(),
        ("IsInfinity", null) => (x.Call("Abs") > double.MaxValue),
        ("IsFinite", null) => x.Call("Abs") <= (x.Graph.NumberType == OnnxType.Float ? float.MaxValue : double.MaxValue),
        ("IsPositive", null) => x > 0,
        ("IsPossible", null) => !(x > double.MaxValue),
        _ => null,
    };

    /// <summary>e^x - 1. Below 1/2 in magnitude by its relation to the hyperbolic tangent, which does not cancel.</summary>
    private static Expression Expm1(Expression x)
    {
        Expression t = (x * 0.5).Call("Tanh");
        return (x.Call("Abs") < 0.5).Choose(2 * t / (1 - t), x.Call("Exp") - 1);
    }

    /// <summary>log(1 + x), with what 1 + x loses in rounding put back (Kahan): x log(u) / (u - 1) with u = 1 + x.</summary>
    private static Expression Log1p(Expression x)
    {
        Expression u = x + 1;
        return u.EqualTo(1).Choose(x, (x.Call("Abs") < 0.5).Choose(u.Call("Log") * (x / (u - 1)), u.Call("Log")));
    }

    /// <summary>max(x, 0) + log(1 + e^-|x|).</summary>
    private static Expression Softplus(Expression x) => x.Call("Relu") + Log1p((-x.Call("Abs")).Call("Exp"));

    private static Expression SechSquared(Expression x)
    {
        Expression e = (-2 * x.Call("Abs")).Call("Exp");
        return 4 * e / ((1 + e) * (1 + e));
    }

    private static Expression Ndtr(Expression x) => 0.5 * (1 + (x * Math.Sqrt(0.5)).Call("Erf"));

    private static Expression Density(Expression x) => (x * x * -0.5).Call("Exp") * 0.3989422804014327;

    private static Expression Truncate(Expression x) => (x < 0).Choose(x.Call("Ceil"), x.Call("Floor"));

    private static double N(T c) => double.CreateTruncating(c);
}
