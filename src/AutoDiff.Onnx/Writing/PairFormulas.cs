using System.Numerics;

namespace AutoDiff.Onnx;

/// <summary>The elementwise operations of two operands that broadcast, by name. A product with the slope of an elementwise operation is one, too.</summary>
internal static class PairFormulas<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string SlopeSuffix = "Slope";

    public static Expression? Write(string name, object? parameters, Expression x, Expression y) => name switch
    {
        "Add" => x + y,
        "Subtract" => x - y,
        "Difference" => x.Test("Equal", y).Choose(0, x - y),
        "LogitOfShare" => x.Test("Equal", y).Choose(x.EqualTo(double.NegativeInfinity).Choose(x, 0), x - y),
        "Multiply" => x * y,
        "VanishingProduct" => x * y,
        "Divide" => x / y,
        "Pow" => x.With("Pow", y),
        "Maximum" => x.With("Max", y),
        "Minimum" => x.With("Min", y),
        "FMax" => ((x >= y) | y.IsNaN()).Choose(x, y),
        "FMin" => ((x <= y) | y.IsNaN()).Choose(x, y),
        "IsTakenAsLarger" => (x >= y) | y.IsNaN(),
        "IsLeftAsSmaller" => !((x >= y) | y.IsNaN()),
        "IsTakenAsSmaller" => (x <= y) | y.IsNaN(),
        "IsLeftAsLarger" => !((x <= y) | y.IsNaN()),
        "IsLarger" => (x > y).Choose(1, (x < y).Choose(0, 0.5)),
        "GreaterThan" => x > y,
        "LessThan" => x < y,
        "GreaterThanOrEqual" => x >= y,
        "LessThanOrEqual" => x <= y,
        "EqualTo" or "IsExtremum" => x.Test("Equal", y),
        "NotEqualTo" => !x.Test("Equal", y),
        "And" => x & y,
        "Or" => x | y,
        "ExclusiveOr" => new Expression(x.Graph, x.Graph.Add("Xor", [x.Truth().Name, y.Truth().Name]), true),
        "IsLeftNonzero" => !x.EqualTo(0) & OfShape(y),
        "IsRightNonzero" => !y.EqualTo(0) & OfShape(x),
        "IsAboveMinusInfinity" => !(y < -double.MaxValue) & OfShape(x),
        "PRelu" => (x > 0).Choose(x, x * y),
        "Slope" => (x > 0).Choose(x.Number(1), y),
        "Lerp" when parameters is T weight && double.CreateTruncating(weight) is var w => (x * (1 - w)) + (y * w),
        "Hypot" => Hypot(x, y),
        "DirectionCosine" => Hypot(x, y) is var length ? length.EqualTo(0).Choose(0, x / length) : null,
        "Turning" => (x * x) + (y * y) is var square ? square.EqualTo(0).Choose(0, x / square) : null,
        "IsEitherNonzero" => !(x.EqualTo(0) & y.EqualTo(0)),
        "Atan2" => Atan2(x, y),
        "CopySign" => (y < 0).Choose(-x.Call("Abs"), x.Call("Abs")),
        "Remainder" => x - (y * (x / y).Call("Floor")),
        "FloorDivide" => (x / y).Call("Floor"),
        "Fmod" => x.With("Mod", y, ("fmod", 1L)),
        "Ldexp" => x * (y * Math.Log(2)).Call("Exp"),
        "LogAddExp" => LogAddExp(x, y),
        "LogAddExp2" => LogAddExp(x * Math.Log(2), y * Math.Log(2)) / Math.Log(2),
        "LogSubExp" => x + (1 - (y - x).Call("Exp")).Call("Log"),
        "XLogY" => x.EqualTo(0).Choose(0, x * y.Call("Log")),
        "XLog1pY" => x.EqualTo(0).Choose(0, x * (y + 1).Call("Log")),
        "LogRatio" => (x / y).Call("Log"),
        "RelativeEntropy" => x.EqualTo(0).Choose(0, x * (x / y).Call("Log")),
        "BinaryCrossEntropy" => -((y * x.Call("Log").With("Max", x.Number(-100))) + ((1 - y) * (1 - x).Call("Log").With("Max", x.Number(-100)))),
        "BinaryCrossEntropyWithLogits" when parameters is null => x.Call("Relu") - (x * y) + (1 + (-x.Call("Abs")).Call("Exp")).Call("Log"),
        _ when name.EndsWith(SlopeSuffix, StringComparison.Ordinal) => Slope(name[..^SlopeSuffix.Length], y) is { } slope ? x * slope : null,
        _ => null,
    };

    /// <summary>The slope of an elementwise operation, in terms of its operand, or of its result where that says more.</summary>
    private static Expression? Slope(string name, Expression x) => name switch
    {
        "Square" => 2 * x,
        "Expm1" => x.Call("Exp"),
        "Log" => x.Call("Reciprocal"),
        "Sqrt" => ElementwiseFormulas<T>.Write("HalfReciprocal", null, x),
        "Abs" or "Relu" => x.Call("Sign"),
        "Sin" => x.Call("Cos"),
        "Cos" => -x.Call("Sin"),
        "Tanh" => ElementwiseFormulas<T>.Write("SechSquared", null, x),
        "Sigmoid" => ElementwiseFormulas<T>.Write("SigmoidSlope", null, x),
        "Softplus" => x.Call("Sigmoid"),
        _ => null,
    };

    /// <summary>√(x² + y²), scaled so that no square leaves the range.</summary>
    private static Expression Hypot(Expression x, Expression y)
    {
        Expression large = x.Call("Abs").With("Max", y.Call("Abs"));
        Expression small = x.Call("Abs").With("Min", y.Call("Abs"));
        Expression ratio = small / large.EqualTo(0).Choose(1, large);
        return large * (1 + (ratio * ratio)).Call("Sqrt");
    }

    /// <summary>True everywhere, in the shape of an operand.</summary>
    private static Expression OfShape(Expression x) => x.Test("Equal", x) | x.IsNaN();

    /// <summary>The angle of the point (x, y) from the quadrant of the quotient.</summary>
    private static Expression Atan2(Expression y, Expression x)
    {
        Expression half = (y < 0).Choose(-Math.PI / 2, (y > 0).Choose(Math.PI / 2, 0));
        Expression turn = (y < 0).Choose(-Math.PI, Math.PI);
        Expression angle = (y / x.EqualTo(0).Choose(1, x)).Call("Atan");
        return x.EqualTo(0).Choose(half, (x > 0).Choose(angle, angle + turn));
    }

    private static Expression LogAddExp(Expression x, Expression y) => x.With("Max", y) + (1 + (-(x - y).Call("Abs")).Call("Exp")).Call("Log");
}
