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
        _ => Special(name, parameters, x, helpers) ?? Piecewise(name, parameters, x, helpers) ?? (OfClasses(name, parameters, helpers.Wide(x)) is { } wide ? helpers.Narrow(wide) : null),
    };

    /// <summary>Functions that have a method of their own.</summary>
    private static string? Special(string name, object? parameters, string x, CSharpHelpers helpers) => (name, parameters) switch
    {
        ("Sec", null) => $"1.0 / {helpers.Use("Cos")}({x})",
        ("Csc", null) => $"1.0 / {helpers.Use("Sin")}({x})",
        ("Cot", null) => $"1.0 / {helpers.Use("Tan")}({x})",
        ("OverHyperbola", null) => $"double.IsPositiveInfinity({x}) ? 1.0 : {x} / Math.Sqrt({x} - 1.0) / Math.Sqrt({x} + 1.0)",
        ("Log1mExp" or "ReciprocalExpm1" or "Logit" or "LogitSlope" or "Entropy" or "Mish" or "Tanhshrink" or "LogOdds" or "ReciprocalVariance", null) => $"{helpers.Use(name)}({x})",
        ("MishGate", null) => $"{helpers.Use("MishGate")}({x}, false)",
        ("MishGateComplement", null) => $"{helpers.Use("MishGate")}({x}, true)",
        ("Softplus", double beta) => $"{helpers.Use("SoftplusBeta")}({x}, {N(beta)})",
        ("Squareplus" or "SquareplusSlope" or "ScaledExp2", double b) => $"{helpers.Use(name)}({x}, {N(b)})",
        ("Gelu", 0) when helpers.IsSingle => $"{helpers.Use("NormalGate")}({x})",
        ("Gelu", 1) when helpers.IsSingle => $"{helpers.Use("NormalGateSlope")}({x})",
        ("Gelu" or "Sinc" or "GaussianDerivative" or "NormalDensityDerivative", int order) => $"{helpers.Use(name)}({x}, {order})",
        ("NearPower", (double p, double rest)) => $"{helpers.Use(name)}({x}, {Power(x, p, helpers)}, {N(rest)})",
        ("Round", (int decimals, double scale)) => $"{helpers.Use("RoundTo")}({x}, {decimals}, {N(scale)})",
        _ => null,
    };

    /// <summary>Functions that come as classes of this library, which compute in double.</summary>
    private static string? OfClasses(string name, object? parameters, string x) => (name, parameters) switch
    {
        ("Ndtr" or "Ndtri" or "LogNdtr", null) => $"NormalFunctions.{name}({x})",
        ("LogNdtrDerivative", int order) => $"NormalFunctions.{name}({order}, {x})",
        ("NormalMass", null) => $"0.5 * ErrorFunctions.Erf({x} * 0.70710678118654752440)",
        ("Erfcx", 0) => $"ErrorFunctions.Erfcx({x})",
        ("ErfcxDerivative", int order) => $"ErrorFunctions.{name}({order}, {x})",
        ("Dawson" or "DawsonDerivative", int order) => $"ErrorFunctions.DawsonDerivative({order}, {x})",
        ("Erfinv" or "Erfcinv", null) => $"ErrorFunctions.{name}({x})",
        ("ErfinvSlope" or "ErfcinvSlope" or "NdtriSlope", null) => $"InverseSlopes.{name[..^SlopeSuffix.Length]}({x})",
        ("Gamma" or "LogGamma" or "Digamma" or "Factorial", null) => $"GammaFunctions.{name}({x})",
        ("GammaDerivative" or "Polygamma", int order) => $"GammaFunctions.{name}({order}, {x})",
        ("FactorialDerivative", int order) => $"GammaFunctions.GammaDerivative({order}, {x} + 1)",
        ("MultivariateLogGamma", int dimension) => $"GammaFunctions.{name}({dimension}, {x})",
        ("Legendre" or "ChebyshevT" or "ChebyshevU" or "ChebyshevV" or "ChebyshevW" or "HermiteH" or "HermiteHe", int degree) => $"OrthogonalPolynomials.{name}({degree}, {x})",
        ("Laguerre" or "Gegenbauer", (int degree, double order)) => $"OrthogonalPolynomials.{name}({degree}, {N(order)}, {x})",
        ("GegenbauerStep", (int degree, double order, int sign)) => degree == 0 ? $"OrthogonalPolynomials.Gegenbauer(0, {N(order)}, {x}) + 0"
            : $"OrthogonalPolynomials.Gegenbauer({degree}, {N(order)}, {x}) + {sign} * OrthogonalPolynomials.Gegenbauer({degree - 1}, {N(order)}, {x})",
        ("EllipticF", double m) => $"EllipticIntegrals.IncompleteF({x}, {N(m)})",
        ("EllipticE", double m) => $"EllipticIntegrals.IncompleteE({x}, {N(m)})",
        ("Dilogarithm", null) => $"Dilogarithm.Li2({x})",
        ("Spence", null) => $"Dilogarithm.Spence({x})",
        ("SpenceDerivative", int order) => $"Dilogarithm.SpenceDerivative({order}, {x})",
        ("MultivariatePolygamma", (int order, int dimension)) => $"GammaDifferences.{name}({order}, {dimension}, {x})",
        ("BesselJ" or "BesselY" or "BesselI" or "BesselK", double order) => $"AnyOrderBessel.{name[^1]}({N(order)}, {x})",
        ("BesselIe" or "BesselIeDerivative", (int k, double order)) => $"AnyOrderBessel.IeDerivative({k}, {N(order)}, {x})",
        ("BesselKe" or "BesselKeDerivative", (int k, double order)) => $"AnyOrderBessel.KeDerivative(0, {k}, {N(order)}, {x})",
        ("SphericalBesselJ", int order) => $"BesselFunctions.SphericalJ({order}, {x})",
        ("AiryAi" or "AiryAiPrime" or "AiryBi" or "AiryBiPrime", null) => $"AiryFunctions.{name["Airy".Length..]}({x})",
        ("ExpIntegralE", int order) => order == 1 ? $"ExponentialIntegrals.E1({x})" : $"ExponentialIntegrals.En({order}, {x})",
        ("ExpIntegralEi", null) => $"ExponentialIntegrals.Ei({x})",
        ("SinIntegral", null) => $"ExponentialIntegrals.Si({x})",
        ("CosIntegral", null) => $"ExponentialIntegrals.Ci({x})",
        ("SinhIntegral", null) => $"ExponentialIntegrals.Shi({x})",
        ("CoshIntegral", null) => $"ExponentialIntegrals.Chi({x})",
        ("ExpQuotientDerivative", int order) => $"SineQuotients.Exponential({order}, {x})",
        ("SineQuotientDerivative", int order) => $"SineQuotients.Circular({order}, {x})",
        ("CosQuotientDerivative", int order) => $"SineQuotients.Cosine({order}, {x})",
        ("SinhQuotientDerivative", int order) => $"SineQuotients.Hyperbolic({order}, {x})",
        ("CoshQuotientDerivative", int order) => $"SineQuotients.HyperbolicCosine({order}, {x})",
        ("EllipticK" or "EllipticKDerivative", int order) => $"EllipticDerivatives.K({order}, {x})",
        ("EllipticE" or "EllipticEDerivative", int order) => $"EllipticDerivatives.E({order}, {x})",
        ("Hypergeometric1F1", (double a, double b)) => $"HypergeometricFunctions.Kummer({N(a)}, {N(b)}, {x})",
        ("Hypergeometric2F1", (double a, double b, double c)) => $"HypergeometricFunctions.Gauss({N(a)}, {N(b)}, {N(c)}, {x})",
        ("Zeta" or "ZetaDerivative", int order) => $"ZetaFunctions.ZetaDerivative({order}, {x})",
        _ => null,
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
        ("Heaviside", double atZero) => $"double.IsNaN({x}) ? {x} : {x} == 0.0 ? {N(atZero)} : {x} > 0.0 ? 1.0 : 0.0",
        ("Hardswish", null) => $"{x} >= 3.0 ? {x} : {x} <= -3.0 ? 0.0 : {x} * ({x} + 3.0) / 6.0",
        ("HardswishSlope", null) => $"{x} >= 3.0 ? 1.0 : {x} <= -3.0 ? 0.0 : ((2.0 * {x}) + 3.0) / 6.0",
        ("HardswishCurvature", null) => $"double.IsNaN({x}) ? {x} : Math.Abs({x}) < 3.0 ? {N(2.0 / 6.0)} : 0.0",
        ("HardsigmoidSlope", null) => $"double.IsNaN({x}) ? {x} : Math.Abs({x}) < 3.0 ? {N(1.0 / 6.0)} : 0.0",
        ("IsCurved", null) => $"Math.Abs({x}) > 24.0 ? 0.0 : 1.0",
        ("IsCurved", (double beta, double threshold)) => $"{x} * {N(beta)} > {N(threshold)} ? 0.0 : 1.0",
        ("IsNear", double width) => $"{x} < {N(width)} ? 1.0 : 0.0",
        ("Huber" or "SmoothL1", double delta) => $"Math.Abs({x}) <= {N(delta)} ? {x} * {x} * 0.5 : {N(delta)} * (Math.Abs({x}) - ({N(delta)} * 0.5))",
        ("FractionAbove", null) => $"{x} - Math.Floor({x})",
        ("Detach", null) => x,
        ("IsNonzero", null) => $"{x} == 0.0 ? 0.0 : 1.0",
        ("Not", null) => $"{x} == 0.0 ? 1.0 : 0.0",
        ("IsPossible", null) => $"double.IsPositiveInfinity({x}) ? 0.0 : 1.0",
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
        "LogitOfShare" => $"{x} == {y} ? (double.IsNegativeInfinity({x}) ? {x} : 0.0) : {x} - {y}",
        "Maximum" => $"Math.Max({x}, {y})",
        "Minimum" => $"Math.Min({x}, {y})",
        "Pow" or "Atan2" => $"{helpers.Use(name)}({x}, {y})",
        "ReducedPow" when parameters is int k => $"{helpers.Use(name)}({x}, {y}, {k})",
        "Hypot" or "Turning" or "DirectionCosine" or "Remainder" or "FloorDivide" or "Ldexp" or "LogSubExp" or "XLogY" or "XLog1pY" or "LogRatio" or "RelativeEntropy" or "BinaryCrossEntropy"
            or "BinaryCrossEntropyWithLogits" => $"{helpers.Use(name)}({x}, {y})",
        "LogAddExp" => $"{helpers.Use(name)}({x}, {y}, 1.0)",
        "LogAddExp2" => $"{helpers.Use("LogAddExp")}({x}, {y}, 0.69314718055994530942)",
        "BinaryCrossEntropySlope" => $"({x} - {y}) * {helpers.Use("ReciprocalVariance")}({x})",
        "IsInside" => Choice($"{x} * (1.0 - {x}) > (double)1e-12f"),
        "TruncatedQuotient" => $"-Math.Round(({x} - {x} % {y}) / {y})",
        "VanishingProduct" => $"{x} == 0.0 && double.IsInfinity({y}) || double.IsInfinity({x}) && {y} == 0.0 ? 0.0 : {x} * {y}",
        "StraightThrough" => y,
        "Agreement" => $"double.IsNaN({x}) ? {x} : {x} == 0.0 ? 0.0 : Math.CopySign(1.0, {x}) * Math.CopySign(1.0, {y})",
        "IsTakenAsLarger" => Choice($"{x} >= {y} || double.IsNaN({y})"),
        "IsLeftAsSmaller" => Choice($"!({x} >= {y} || double.IsNaN({y}))"),
        "IsTakenAsSmaller" => Choice($"{x} <= {y} || double.IsNaN({y})"),
        "IsLeftAsLarger" => Choice($"!({x} <= {y} || double.IsNaN({y}))"),
        "IsPossible" => Choice($"!({x} == 0.0 && double.IsNegativeInfinity({y}))"),
        "IsNotUpToOne" => Choice($"!({x} <= 1.0)"),
        "IsRightNonzero" => Choice($"{y} != 0.0"),
        "IsLeftNonzero" => Choice($"{x} != 0.0"),
        "IsEitherNonzero" => Choice($"{x} != 0.0 || {y} != 0.0"),
        "IsAboveMinusInfinity" => Choice($"{y} != double.NegativeInfinity"),
        "IsNumber" => Choice($"!double.IsNaN({x})"),
        "IsPositive" => Choice($"{x} > 0.0"),
        "IsNotBelowOneInSize" => Choice($"!(Math.Abs({x}) < 1.0)"),
        "IsNotAboveOneInSize" => Choice($"!(Math.Abs({x}) > 1.0)"),
        "IsSteepByBase" => Choice($"!({y} == 0.0 ? !double.IsFinite(1.0 / {x}) : double.IsInfinity({y}) && ({y} > 0.0 ? Math.Abs({x}) < 1.0 : Math.Abs({x}) > 1.0))"),
        "IsSteepByExponent" => Choice($"!({x} == 0.0 && {y} >= 0.0 || double.IsPositiveInfinity({x}) && {y} < 0.0)"),
        "HasLogarithm" => Choice($"!({x} == 0.0 && {y} <= 0.0)"),
        "HasLogarithmAbove" => Choice($"!({x} == 0.0 && {y} <= -1.0)"),
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
        "DifferenceWithLargerAbove" => $"double.IsInfinity({x}) && double.IsInfinity({y}) ? -{y} : {x} - {y}",
        "DifferenceWithLargerBelow" => $"double.IsInfinity({x}) && double.IsInfinity({y}) ? {x} : {x} - {y}",
        "Lerp" when parameters is double w => $"({x} * (1.0 - {N(w)})) + ({y} * {N(w)})",
        _ when OfClasses(name, parameters, helpers.Wide(x), helpers.Wide(y)) is { } wide => helpers.Narrow(wide),
        _ when name.EndsWith(SlopeSuffix, StringComparison.Ordinal) => Slope(name[..^SlopeSuffix.Length], y, helpers) is { } slope ? $"{x} * ({slope})" : null,
        _ => null,
    };

    private static string? OfClasses(string name, object? parameters, string x, string y) => (name, parameters) switch
    {
        ("Beta" or "LogBeta" or "Binomial" or "BinomialSlopeByN" or "BinomialSlopeByK" or "LogBinomial" or "Pochhammer" or "PochhammerSlope", null) => $"BetaFunctions.{name}({x}, {y})",
        ("BetaSlope", null) => $"BetaFunctions.Slope({x}, {y})",
        ("PolygammaDifference", int order) => $"GammaDifferences.Polygamma({order}, {x}, {y})",
        ("OwenT", null) => $"ErrorFunctions.OwenT({x}, {y})",
        ("BesselK" or "BesselKe" or "BesselKeDerivative", (int m, int k)) => $"AnyOrderBessel.KeDerivative({m}, {k}, {x}, {y})",
        ("Zeta" or "ZetaDerivative", int order) => $"ZetaFunctions.HurwitzZetaOrderDerivative({order}, {x}, {y})",
        ("RegularizedGammaP" or "RegularizedGammaQ", null) => $"IncompleteGamma.{name[^1]}({x}, {y})",
        ("InverseRegularizedGammaP" or "InverseRegularizedGammaQ", null) => $"IncompleteGamma.Inverse{name[^1]}({x}, {y})",
        ("GammaDensity", null) => $"IncompleteGamma.Density({x}, {y})",
        ("GammaShapeDerivative", int order) => $"IncompleteGamma.ShapeDerivative({order}, {x}, {y})",
        ("GammaSampleDerivative", null) => $"IncompleteGamma.SampleDerivative({x}, {y})",
        _ => null,
    };

    /// <summary>Functions of three numbers.</summary>
    public static string? Ternary(string name, object? parameters, string x, string y, string z, CSharpHelpers helpers)
    {
        (x, y, z) = (helpers.Wide(x), helpers.Wide(y), helpers.Wide(z));
        return (name, parameters) switch
        {
            ("RegularizedBeta" or "BetaShapeDerivative", (0, 0)) => helpers.Narrow($"IncompleteBeta.Value({y}, {z}, {x})"),
            ("RegularizedBeta" or "BetaShapeDerivative", (int m, int n)) => helpers.Narrow($"IncompleteBeta.ShapeDerivative({m}, {n}, {y}, {z}, {x})"),
            ("InverseRegularizedBeta", null) => helpers.Narrow($"IncompleteBeta.Inverse({y}, {z}, {x})"),
            ("BetaDensity", null) => helpers.Narrow($"IncompleteBeta.Density({y}, {z}, {x})"),
            _ => null,
        };
    }

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
        3.0 => helpers.IsSingle ? $"{helpers.Use("Power3")}({x})" : $"{x} * {x} * {x}",
        -1.0 => $"1.0 / {x}",
        0.5 => $"Math.Sqrt(double.IsNegativeInfinity({x}) ? -{x} : {x} + 0.0)",
        _ => $"{helpers.Use("Pow")}({x}, {N(p)})",
    };

    private static string Sign(string x) => $"{x} > 0.0 ? 1.0 : {x} < 0.0 ? -1.0 : {x}";

    private static string Choice(string condition) => $"{condition} ? 1.0 : 0.0";

    private static string OrNaN(string condition, string x) => $"double.IsNaN({x}) ? {x} : {condition} ? 1.0 : 0.0";

    /// <summary>A number as an operand.</summary>
    public static string N(double value) => CSharpText.Literal(value) is var text && text.StartsWith('-') ? $"({text})" : CSharpText.Literal(value);
}
