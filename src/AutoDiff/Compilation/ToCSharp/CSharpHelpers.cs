using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>The methods that generated code calls, each written out once: functions that the kernels write down themselves, and sums along the kernels' trees.</summary>
internal sealed partial class CSharpHelpers
{
    private static Dictionary<string, Func<string, string>> Functions => new()
    {
        ["Exp"] = Unary<VectorMath.ExpFunction>,
        ["Exp2"] = Unary<VectorMath.Exp2Function>,
        ["Expm1"] = Unary<VectorMath.Expm1Function>,
        ["Sigmoid"] = Unary<VectorMath.SigmoidFunction>,
        ["SigmoidSlope"] = Unary<VectorMath.SigmoidSlopeFunction>,
        ["Log"] = Unary<VectorMath.LogFunction>,
        ["Log2"] = Unary<VectorMath.Log2Function>,
        ["Log10"] = Unary<VectorMath.Log10Function>,
        ["Log1p"] = Unary<VectorMath.Log1pFunction>,
        ["Softplus"] = Unary<VectorMath.SoftplusFunction>,
        ["LogSigmoid"] = Unary<VectorMath.LogSigmoidFunction>,
        ["Sin"] = name => Reduced<VectorMath.SinFunction>(name),
        ["Cos"] = name => Reduced<VectorMath.CosFunction>(name),
        ["Tan"] = name => Reduced<VectorMath.TanFunction>(name),
        ["Sinh"] = Unary<VectorMath.SinhFunction>,
        ["Cosh"] = Unary<VectorMath.CoshFunction>,
        ["Tanh"] = Unary<VectorMath.TanhFunction>,
        ["SechSquared"] = Unary<VectorMath.SechSquaredFunction>,
        ["Asinh"] = Unary<VectorMath.AsinhFunction>,
        ["Acosh"] = Unary<VectorMath.AcoshFunction>,
        ["Atanh"] = Unary<VectorMath.AtanhFunction>,
        ["Asin"] = Unary<VectorMath.AsinFunction>,
        ["Acos"] = Unary<VectorMath.AcosFunction>,
        ["Atan"] = Unary<VectorMath.AtanFunction>,
        ["Cbrt"] = Unary<VectorMath.CbrtFunction>,
        ["Erf"] = Unary<VectorMath.ErfFunction>,
        ["Erfc"] = Unary<VectorMath.ErfcFunction>,
        ["LogisticGate"] = Unary<VectorMath.LogisticGateFunction>,
        ["LogisticGateSlope"] = Unary<VectorMath.LogisticGateSlopeFunction>,
        ["Pow"] = Binary<VectorMath.PowFunction>,
        ["Atan2"] = Binary<VectorMath.Atan2Function>,
    };

    private static readonly Dictionary<string, Func<string, string>> All = new([.. Functions, .. ElementwiseFunctions, .. RowFunctions, .. MatrixFunctions]);

    private readonly SortedDictionary<string, string> used = new(StringComparer.Ordinal);

    /// <summary>Whether there is a method or a class of this name.</summary>
    public static bool IsKnown(string name) => All.ContainsKey(name) || CSharpSources.IsKnown(name);

    /// <summary>Whether a method or a class of this name is written out.</summary>
    public bool IsUsed(string name) => used.ContainsKey(name) || CSharpSources.IsKnown(name);

    /// <summary>The text of all methods that were asked for, and of the classes that these and the statements of a program call.</summary>
    public IEnumerable<string> Texts(IEnumerable<string> statements) => [.. used.Values, .. CSharpSources.UsedBy([.. used.Values, .. statements])];

    /// <summary>The name of a method, which is written out then, with all that it calls.</summary>
    public string Use(string name)
    {
        if (used.TryAdd(name, ""))
        {
            string text = used[name] = All[name](name);
            foreach ((string call, _) in CSharpText.Names(text))
            {
                if (All.ContainsKey(call) && call != name)
                {
                    Use(call);
                }
            }
        }

        return name;
    }

    /// <summary>A method that returns a number.</summary>
    private static Func<string, string> Text(string parameters, string body) => Text("double", parameters, body);

    private static Func<string, string> Text(string type, string parameters, string body) => name =>
        $"    private static {type} {name}({parameters})\n    {{\n{string.Concat(body.Split('\n').Select(static line => line.Length == 0 ? "\n" : $"        {line}\n"))}    }}\n";

    private static string Unary<F>(string name) where F : struct, IUnaryFunction => F.Invoke<SourceLanes, double>(new(SourceNode.Parameter("x"))).Node.ToMethod(name, "x");

    private static string Binary<F>(string name) where F : struct, IBinaryFunction =>
        F.Invoke<SourceLanes, double>(new(SourceNode.Parameter("x")), new(SourceNode.Parameter("y"))).Node.ToMethod(name, "x", "y");

    /// <summary>A function whose argument is reduced by the base library where it is large.</summary>
    private static string Reduced<F>(string name) where F : struct, IUnaryFunction
    {
        string method = Unary<F>(name);
        int body = method.IndexOf("{\n", StringComparison.Ordinal) + 2;
        return method.Insert(body, $"        if (Math.Abs(x) > {CSharpText.Literal(VectorMath.ReductionLimit)})\n        {{\n            return Math.{name}(x);\n        }}\n\n");
    }
}
