namespace AutoDiff;

/// <summary>Elementwise operations as C# expressions of their operands, which are names or numbers; null for what is not written.</summary>
internal static class ScalarCode
{
    private const string SlopeSuffix = "Slope";

    public static string? Unary(string name, object? parameters, string x, CSharpHelpers helpers) => (name, parameters) switch
    {
        ("Add", double c) => $"{x} + {N(c)}",
        ("Subtract", double c) => $"{x} - {N(c)}",
        ("Subtract", Left<double> c) => $"{N(c.Value)} - {x}",
        ("Multiply" or "DegreesToRadians" or "RadiansToDegrees", double c) => $"{x} * {N(c)}",
        ("Divide", double c) => $"{x} / {N(c)}",
        ("Divide", Left<double> c) => $"{N(c.Value)} / {x}",
        ("Negate", null) => $"-{x}",
        ("Reciprocal", null) => $"1.0 / {x}",
        ("Square", null) => $"{x} * {x}",
        ("Cube", null) => $"{x} * {x} * {x}",
        ("Sqrt", null) => $"Math.Sqrt({x})",
        ("Rsqrt", null) => $"1.0 / Math.Sqrt({x} + 0.0)",
        ("HalfReciprocal", null) => $"0.5 / Math.Abs({x})",
        ("Abs", null) => $"Math.Abs({x})",
        ("Sign", null) => Sign(x),
        ("Floor", null) => $"Math.Floor({x})",
        ("Ceiling", null) => $"Math.Ceiling({x})",
        ("Round", null) => $"Math.Round({x})",
        ("Truncate", null) => $"Math.Truncate({x})",
        ("Frac", null) => $"{x} - Math.Truncate({x})",
        ("Pow", double p) => Power(x, p, helpers),
        ("Exp" or "Exp2" or "Expm1" or "Sigmoid" or "SigmoidSlope" or "Log" or "Log2" or "Log10" or "Log1p" or "Softplus" or "LogSigmoid" or "Sin" or "Cos" or "Tan" or "Sinh" or "Cosh" or "Tanh"
            or "SechSquared" or "Asinh" or "Acosh" or "Atanh" or "Asin" or "Acos" or "Atan" or "Cbrt" or "Erf" or "Erfc", null) => $"{helpers.Use(name)}({x})",
        ("Silu", 0) => $"{helpers.Use("LogisticGate")}({x})",
        ("Silu", 1) => $"{helpers.Use("LogisticGateSlope")}({x})",
        ("Exp10" or "SinPi" or "CosPi", null) => $"double.{name}({x})",
        ("InverseCircle", null) => $"1.0 / Math.Sqrt((1.0 - {x}) * (1.0 + {x}))",
        ("InverseHypotenuse", null) => $"1.0 / double.Hypot(1.0, {x})",
        ("OverHypotenuse", null) => $"double.IsInfinity({x}) ? Math.CopySign(1.0, {x}) : {x} / double.Hypot(1.0, {x})",
        ("InverseHyperbola", null) => $"1.0 / (Math.Sqrt({x} - 1.0) * Math.Sqrt({x} + 1.0))",
        _ => Piecewise(name, parameters, x, helpers),
    };

    private static string? Piecewise(string name, object? parameters, string x, CSharpHelpers helpers) => (name, parameters) switch
    {
        ("Relu", null) => $"Math.Max({x}, 0.0)",
        ("Clamp", (double min, double max)) => $"Math.Min(Math.Max({x}, {N(min)}), {N(max)})",
        ("Clamp", LowerBound<double> min) => $"Math.Max({x}, {N(min.Value)})",
        ("Clamp", UpperBound<double> max) => $"Math.Min({x}, {N(max.Value)})",
        ("Maximum", double c) => $"Math.Max({x}, {N(c)})",
        ("Minimum", double c) => $"Math.Min({x}, {N(c)})",
        ("IsAbove", double c) => OrNaN($"{x} > {N(c)}", x),
        ("IsBelow", double c) => OrNaN($"{x} < {N(c)}", x),
        ("IsInside", (double min, double max)) => OrNaN($"{x} > {N(min)} && {x} < {N(max)}", x),
        ("IsBeyond", double c) => OrNaN($"Math.Abs({x}) > {N(c)}", x),
        ("IsNotAbove", double c) => OrNaN($"!({x} > {N(c)})", x),
        ("LeakyRelu", double slope) => $"{x} > 0.0 ? {x} : {N(slope)} * {x}",
        ("Slope", double slope) => $"double.IsNaN({x}) ? {x} : {x} > 0.0 ? 1.0 : {N(slope)}",
        ("NegativePart", null) => $"{x} > 0.0 ? 0.0 : {x}",
        ("Threshold", (double threshold, double value)) => $"{x} <= {N(threshold)} ? {N(value)} : {x}",
        ("Softshrink", double c) => $"Math.Abs({x}) <= {N(c)} ? 0.0 : {x} > 0.0 ? {x} - {N(c)} : {x} + {N(c)}",
        ("Hardshrink", double c) => $"Math.Abs({x}) <= {N(c)} ? 0.0 : {x}",
        ("Hardsigmoid", null) => $"Math.Clamp(({x} + 3.0) / 6.0, 0.0, 1.0)",
        ("Softsign", null) => $"double.IsInfinity({x}) ? Math.CopySign(1.0, {x}) : {x} / (1.0 + Math.Abs({x}))",
        ("ReciprocalAbove", null) => $"1.0 / (1.0 + Math.Abs({x}))",
        ("Elu" or "Selu" or "Celu", (double slope, double amplitude, double scale)) =>
            $"{x} > 0.0 ? {N(slope)} * {x} : {N(amplitude)} * {helpers.Use("Expm1")}(Math.Min({x}, 0.0) / {N(scale)})",
        ("ExponentialStep", (double slope, double amplitude, double scale)) => $"{x} > 0.0 ? {N(slope)} : {N(amplitude)} * {helpers.Use("Exp")}(Math.Min({x}, 0.0) / {N(scale)})",
        ("Quantile", double q) => $"{x} > 0.0 ? {N(q)} * {x} : ({N(q)} - 1.0) * {x}",
        ("QuantileSlope", double q) => $"{x} > 0.0 ? {N(q)} : {x} < 0.0 ? {N(q)} - 1.0 : 0.0",
        ("IsNonzero", null) => $"{x} == 0.0 ? 0.0 : 1.0",
        ("Not", null) => $"{x} == 0.0 ? 1.0 : 0.0",
        ("IsNaN", null) => $"double.IsNaN({x}) ? 1.0 : 0.0",
        ("IsInfinity", null) => $"double.IsInfinity({x}) ? 1.0 : 0.0",
        ("IsFinite", null) => $"double.IsFinite({x}) ? 1.0 : 0.0",
        _ => null,
    };

    public static string? Binary(string name, object? parameters, string x, string y, CSharpHelpers helpers) => name switch
    {
        "Add" => $"{x} + {y}",
        "Subtract" => $"{x} - {y}",
        "Multiply" => $"{x} * {y}",
        "Divide" => $"{x} / {y}",
        "Difference" => $"{x} == {y} ? 0.0 : {x} - {y}",
        "Maximum" => $"Math.Max({x}, {y})",
        "Minimum" => $"Math.Min({x}, {y})",
        "Pow" or "Atan2" => $"{helpers.Use(name)}({x}, {y})",
        "Hypot" => $"double.Hypot({x}, {y})",
        "CopySign" => $"Math.CopySign({x}, {y})",
        "Fmod" => $"{x} % {y}",
        "FMax" => $"{x} >= {y} || double.IsNaN({y}) ? {x} : {y}",
        "FMin" => $"{x} <= {y} || double.IsNaN({y}) ? {x} : {y}",
        "IsLarger" => $"double.IsNaN({y}) ? {y} : double.IsNaN({x}) ? {x} : {x} > {y} ? 1.0 : {x} == {y} ? 0.5 : 0.0",
        "GreaterThan" => Choice($"{x} > {y}"),
        "LessThan" => Choice($"{x} < {y}"),
        "GreaterThanOrEqual" => Choice($"{x} >= {y}"),
        "LessThanOrEqual" => Choice($"{x} <= {y}"),
        "EqualTo" or "IsExtremum" => Choice($"{x} == {y}"),
        "NotEqualTo" => Choice($"{x} != {y}"),
        "And" => Choice($"{x} != 0.0 && {y} != 0.0"),
        "Or" => Choice($"{x} != 0.0 || {y} != 0.0"),
        "ExclusiveOr" => Choice($"({x} != 0.0) != ({y} != 0.0)"),
        "PRelu" => $"{x} > 0.0 ? {x} : {y} * {x}",
        "Slope" => $"double.IsNaN({x}) ? {x} : {x} > 0.0 ? 1.0 : {y}",
        "Lerp" when parameters is double w => $"({x} * (1.0 - {N(w)})) + ({y} * {N(w)})",
        _ when name.EndsWith(SlopeSuffix, StringComparison.Ordinal) => Slope(name[..^SlopeSuffix.Length], y, helpers) is { } slope ? $"{x} * ({slope})" : null,
        _ => null,
    };

    private static string? Slope(string name, string x, CSharpHelpers helpers) => name switch
    {
        "Square" => $"{x} + {x}",
        "Expm1" => $"{helpers.Use("Exp")}({x})",
        "Log" => $"1.0 / {x}",
        "Sqrt" => $"0.5 / Math.Abs({x})",
        "Abs" or "Relu" => Sign(x),
        "Sin" => $"{helpers.Use("Cos")}({x})",
        "Cos" => $"-{helpers.Use("Sin")}({x})",
        "Tanh" => $"{helpers.Use("SechSquared")}({x})",
        "Sigmoid" => $"{helpers.Use("SigmoidSlope")}({x})",
        "Softplus" => $"{helpers.Use("Sigmoid")}({x})",
        _ => null,
    };

    /// <summary>The shorter ways of the kernel for some exponents.</summary>
    private static string Power(string x, double p, CSharpHelpers helpers) => p switch
    {
        0.0 => "1.0",
        1.0 => x,
        2.0 => $"{x} * {x}",
        3.0 => $"{x} * {x} * {x}",
        -1.0 => $"1.0 / {x}",
        0.5 => $"Math.Sqrt(double.IsNegativeInfinity({x}) ? -{x} : {x} + 0.0)",
        _ => $"{helpers.Use("Pow")}({x}, {N(p)})",
    };

    private static string Sign(string x) => $"{x} > 0.0 ? 1.0 : {x} < 0.0 ? -1.0 : {x}";

    private static string Choice(string condition) => $"{condition} ? 1.0 : 0.0";

    private static string OrNaN(string condition, string x) => $"double.IsNaN({x}) ? {x} : {condition} ? 1.0 : 0.0";

    private static string N(double value) => CSharpText.Literal(value) is var text && text.StartsWith('-') ? $"({text})" : CSharpText.Literal(value);
}
