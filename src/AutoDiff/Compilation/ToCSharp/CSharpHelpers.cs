using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>The methods that generated code calls, each written out once: functions that the kernels write down themselves, and sums along the kernels' trees.</summary>
/// <param name="isSingle">Whether the program is one of floats.</param>
internal sealed partial class CSharpHelpers(bool isSingle)
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
        ["SinCos"] = static name => Beyond(Pair<VectorMath.SinFunction, VectorMath.CosFunction>(name), "first = Math.Sin(x);", "second = Math.Cos(x);", "return;"),
        ["SinhCosh"] = Pair<VectorMath.SinhFunction, VectorMath.CoshFunction>,
        ["TanhSechSquared"] = Pair<VectorMath.TanhFunction, VectorMath.SechSquaredFunction>,
        ["SigmoidSigmoidSlope"] = Pair<VectorMath.SigmoidFunction, VectorMath.SigmoidSlopeFunction>,
        ["SoftplusSigmoid"] = Pair<VectorMath.SoftplusFunction, VectorMath.SigmoidFunction>,
    };

    /// <summary>Functions of one argument that have operations in common, as a function and its derivative do: where a program needs both, one method computes both.</summary>
    public static readonly (string First, string Second)[] Pairs =
    [
        ("Sin", "Cos"), ("Sinh", "Cosh"), ("Tanh", "SechSquared"), ("Sigmoid", "SigmoidSlope"), ("Softplus", "Sigmoid"),
    ];

    private static readonly Dictionary<string, Func<string, string>> All = new([.. Functions, .. ElementwiseFunctions, .. RowFunctions, .. PlaceFunctions, .. MatrixFunctions, .. WindowFunctions]);

    private static readonly Dictionary<string, Func<string, string>> OfSingle = new([.. SingleFunctions, .. SingleRows]);

    private readonly SortedDictionary<string, string> used = new(StringComparer.Ordinal);

    /// <summary>The methods that are written out, of a program of floats as code for doubles: before they are translated.</summary>
    private readonly Dictionary<string, string> drafts = [];

    /// <summary>Whether the program is one of floats.</summary>
    public bool IsSingle => isSingle;

    /// <summary>A number in double, as an operand.</summary>
    public string Wide(string x) => isSingle ? $"(double){x}" : x;

    /// <summary>An expression in double, whose value is rounded if the program is one of floats.</summary>
    public string Narrow(string expression) => isSingle ? CSharpSingle.Kept($"(float)({expression})") : expression;

    /// <summary>Whether there is a method or a class of this name.</summary>
    public static bool IsKnown(string name) => IsTotal(name) || All.ContainsKey(name) || OfSingle.ContainsKey(name) || IsOfMatrices(name) || CSharpSources.IsKnown(name);

    /// <summary>Whether a method or a class of this name is written out.</summary>
    public bool IsUsed(string name) => used.ContainsKey(name) || CSharpSources.IsKnown(name);

    /// <summary>The text of a method that is written out, as code for doubles; null if there is none.</summary>
    public string? Text(string name) => drafts.GetValueOrDefault(name);

    /// <summary>The text of the methods that the statements of a program call, of those that these call, and of the classes that any of them calls.</summary>
    /// <param name="statements">The statements of the program.</param>
    /// <param name="overloads">Methods over rows, which are written out, and call others.</param>
    public IEnumerable<string> Texts(IReadOnlyList<string> statements, string[] overloads)
    {
        var called = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var open = new Stack<string>(statements.Concat(overloads));
        while (open.TryPop(out string? text))
        {
            foreach ((string name, _) in CSharpText.Names(text))
            {
                if (used.TryGetValue(name, out string? method) && called.TryAdd(name, method))
                {
                    open.Push(method);
                }
            }
        }

        return [.. called.Values, .. overloads, .. CSharpSources.UsedBy([.. called.Values, .. overloads, .. statements], !HasLargeMatrices)];
    }

    /// <summary>The name of a method, which is written out then, with all that it calls.</summary>
    public string Use(string name)
    {
        if (used.TryAdd(name, ""))
        {
            string text = Add(name, (isSingle && OfSingle.TryGetValue(name, out Func<string, string>? own) ? own : All[name])(name));
            foreach ((string call, _) in CSharpText.Names(text))
            {
                if ((All.ContainsKey(call) || (isSingle && OfSingle.ContainsKey(call))) && call != name)
                {
                    Use(call);
                }
            }
        }

        return name;
    }

    private string Add(string name, string draft)
    {
        draft = drafts[name] = isSingle ? draft : CSharpSingle.Unmarked(draft);
        return used[name] = isSingle ? CSharpSingle.Translated(draft) : draft;
    }

    /// <summary>A method that returns a number.</summary>
    private static Func<string, string> Text(string parameters, string body) => Text("double", parameters, body);

    private static Func<string, string> Text(string type, string parameters, string body) => name =>
        $"    private static {type} {name}({parameters})\n    {{\n{string.Concat(body.Split('\n').Select(static line => line.Length == 0 ? "\n" : $"        {line}\n"))}    }}\n";

    private static string Unary<F>(string name) where F : struct, IUnaryFunction => F.Invoke<SourceLanes, double>(new(SourceNode.Parameter("x"))).Node.ToMethod(name, "x");

    private static string Binary<F>(string name) where F : struct, IBinaryFunction =>
        F.Invoke<SourceLanes, double>(new(SourceNode.Parameter("x")), new(SourceNode.Parameter("y"))).Node.ToMethod(name, "x", "y");

    private static string Pair<F, G>(string name) where F : struct, IUnaryFunction where G : struct, IUnaryFunction
    {
        SourceLanes x = new(SourceNode.Parameter("x"));
        return SourceNode.ToMethod(name, F.Invoke<SourceLanes, double>(x).Node, G.Invoke<SourceLanes, double>(x).Node);
    }

    /// <summary>A function whose argument is reduced by the base library where it is large.</summary>
    private static string Reduced<F>(string name) where F : struct, IUnaryFunction => Beyond(Unary<F>(name), $"return Math.{name}(x);");

    /// <summary>A method with other statements for large arguments.</summary>
    private static string Beyond(string method, params string[] statements)
    {
        int body = method.IndexOf("{\n", StringComparison.Ordinal) + 2;
        string other = string.Concat(statements.Select(static statement => $"            {statement}\n"));
        return method.Insert(body, $"        if (Math.Abs(x) > {CSharpText.Literal(VectorMath.ReductionLimit)})\n        {{\n{other}        }}\n\n");
    }
}
