using System.Numerics;

namespace AutoDiff.Onnx;

/// <summary>The operations of ONNX in those of the library, by their types (onnx.ai/onnx/operators).</summary>
internal static partial class NodeOperations<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private delegate Item<T>[] Operation(NodeContext<T> context);

    private delegate Item<T> Single(NodeContext<T> context);

    private static readonly Dictionary<string, Operation> Known = [];

    static NodeOperations()
    {
        AddElementwise();
        AddShapes();
        AddLayers();
    }

    public static bool IsKnown(string type) => Known.ContainsKey(type);

    public static Item<T>[] Run(NodeContext<T> context) => Known[context.Type](context);

    private static void One(string type, Single operation) => Known[type] = context => [operation(context)];

    private static T N(double value) => T.CreateTruncating(value);

    private static void AddElementwise()
    {
        void Unary(string type, Func<Tensor<T>, Tensor<T>> f) => One(type, c => f(c.X));
        Unary("Abs", static x => x.Abs());
        Unary("Acos", static x => x.Acos());
        Unary("Acosh", static x => x.Acosh());
        Unary("Asin", static x => x.Asin());
        Unary("Asinh", static x => x.Asinh());
        Unary("Atan", static x => x.Atan());
        Unary("Atanh", static x => x.Atanh());
        Unary("Ceil", static x => x.Ceiling());
        Unary("Cos", static x => x.Cos());
        Unary("Cosh", static x => x.Cosh());
        Unary("Erf", static x => x.Erf());
        Unary("Exp", static x => x.Exp());
        Unary("Floor", static x => x.Floor());
        Unary("HardSwish", static x => x.Hardswish());
        Unary("Log", static x => x.Log());
        Unary("Mish", static x => x.Mish());
        Unary("Neg", static x => -x);
        Unary("Not", static x => !x);
        Unary("IsNaN", static x => x.IsNaN());
        Unary("IsInf", static x => x.IsInfinity());
        Unary("Reciprocal", static x => x.Reciprocal());
        Unary("Relu", static x => x.Relu());
        Unary("Round", static x => x.Round());
        Unary("Sigmoid", static x => x.Sigmoid());
        Unary("Sign", static x => x.Sign());
        Unary("Sin", static x => x.Sin());
        Unary("Sinh", static x => x.Sinh());
        Unary("Softplus", static x => x.Softplus());
        Unary("Softsign", static x => x.Softsign());
        Unary("Sqrt", static x => x.Sqrt());
        Unary("Tan", static x => x.Tan());
        Unary("Tanh", static x => x.Tanh());
        One("Identity", static c => c[0]);
        Known["Dropout"] = static c => [c[0], Tensor.Ones<T>(c[0].Shape)];
        One("Elu", static c => c.X.Elu(N(c.Number("alpha", 1))));
        One("Celu", static c => c.X.Celu(N(c.Number("alpha", 1))));
        One("LeakyRelu", static c => c.X.LeakyRelu(N(c.Number("alpha", 0.01))));
        One("ThresholdedRelu", static c => c.X.Threshold(N(c.Number("alpha", 1)), T.Zero));
        One("HardSigmoid", static c => ((c.X * N(c.Number("alpha", 0.2))) + N(c.Number("beta", 0.5))).Clamp(T.Zero, T.One));
        One("Selu", static c => c.Node["alpha"] is null && c.Node["gamma"] is null ? c.X.Selu() : Selu(c.X, N(c.Number("alpha", 1.67326319217681884765625)), N(c.Number("gamma", 1.05070102214813232421875))));
        One("Gelu", static c => c.Text("approximate", "none") == "tanh" ? c.X.GeluTanh() : c.X.Gelu());
        One("PRelu", static c => Tensor.Where(c.X > T.Zero, c.X, c.X * c.Y));
        One("Clip", static c => Clip(c));
        One("Cast", static c => Cast(c));

        Arithmetic("Add", static (x, y) => x + y, static (x, y) => x + y);
        Arithmetic("Sub", static (x, y) => x - y, static (x, y) => x - y);
        Arithmetic("Mul", static (x, y) => x * y, static (x, y) => x * y);
        Arithmetic("Div", static (x, y) => x / y, static (x, y) => x / y);
        void Binary(string type, Func<Tensor<T>, Tensor<T>, Tensor<T>> f) => One(type, c => f(c.X, c.Y));
        Binary("Greater", static (x, y) => x > y);
        Binary("Less", static (x, y) => x < y);
        Binary("GreaterOrEqual", static (x, y) => x >= y);
        Binary("LessOrEqual", static (x, y) => x <= y);
        Binary("Equal", static (x, y) => x.EqualTo(y));
        Binary("And", static (x, y) => x & y);
        Binary("Or", static (x, y) => x | y);
        Binary("Xor", static (x, y) => x ^ y);
        Binary("Pow", static (x, y) => y is { Rank: 0, RecordedOn: null } ? x.Pow(y.ToScalar()) : x.Pow(y));
        One("Mod", static c => c.Integer("fmod") == 1 ? c.X.Fmod(c.Y) : c.X.Remainder(c.Y));
        One("Where", static c => Tensor.Where(c.X, c.Y, c.Numbers(2)));
        One("Max", static c => Folded(c, static (x, y) => x.Maximum(y)));
        One("Min", static c => Folded(c, static (x, y) => x.Minimum(y)));
        One("Sum", static c => Folded(c, static (x, y) => x + y));
        One("Mean", static c => Folded(c, static (x, y) => x + y) / T.CreateChecked(c.Count));
    }

    /// <summary>An operation on numbers, or on integers, which shapes are computed with.</summary>
    private static void Arithmetic(string type, Func<Tensor<T>, Tensor<T>, Tensor<T>> f, Func<long, long, long> ofIntegers) => One(type, c =>
    {
        if (c[0].Integers is not { } x || c[1].Integers is not { } y)
        {
            return f(c.X, c.Y);
        }

        int[] shape = Shapes.Broadcast(x.Shape, y.Shape, type);
        var values = new long[Length(shape)];
        for (int i = 0; i < values.Length; i++)
        {
            (long a, long b) = (x.Values[PlaceIn(x.Shape, shape, i)], y.Values[PlaceIn(y.Shape, shape, i)]);
            values[i] = type == "Div" && b == 0 ? throw c.Wrong("an integer is divided by 0") : ofIntegers(a, b);
        }

        return new IntegerArray(values, shape);
    });

    /// <summary>The place in an operand that broadcasts, of an element of the result.</summary>
    private static int PlaceIn(int[] operand, int[] result, int element)
    {
        int place = 0;
        for (int axis = result.Length - 1, stride = 1; axis >= result.Length - operand.Length; axis--)
        {
            int own = operand[axis - result.Length + operand.Length];
            place += own == 1 ? 0 : element % result[axis] * stride;
            element /= result[axis];
            stride *= own;
        }

        return place;
    }

    private static Tensor<T> Folded(NodeContext<T> c, Func<Tensor<T>, Tensor<T>, Tensor<T>> f)
    {
        Tensor<T> result = c.X;
        for (int i = 1; i < c.Count; i++)
        {
            result = f(result, c.Numbers(i));
        }

        return result;
    }

    private static Tensor<T> Selu(Tensor<T> x, T alpha, T gamma) => Tensor.Where(x > T.Zero, x * gamma, x.Minimum(T.Zero).Expm1() * (alpha * gamma));

    private static Tensor<T> Clip(NodeContext<T> c)
    {
        if (c.Node["min"] is float || c.Node["max"] is float)
        {
            return c.X.Clamp(N(c.Number("min", double.NegativeInfinity)), N(c.Number("max", double.PositiveInfinity)));
        }

        Tensor<T> x = c.X;
        x = c.Optional(1) is { } min ? x.Maximum(min) : x;
        return c.Optional(2) is { } max ? x.Minimum(max) : x;
    }

    private static Item<T> Cast(NodeContext<T> c) => ((OnnxType)c.Integer("to"), c[0]) switch
    {
        (OnnxType.Float or OnnxType.Double, _) => c.X,
        (OnnxType.Bool, _) => c.X.NotEqualTo(Tensor.Scalar(T.Zero)),
        (OnnxType.Int64 or OnnxType.Int32, { Integers: { } integers }) => integers,
        (OnnxType.Int64 or OnnxType.Int32, { Numbers: { } numbers }) => new IntegerArray([.. numbers.ToArray().Select(long.CreateTruncating)], numbers.Dimensions),
        (var type, _) => throw c.Unsupported($"a conversion to type {(int)type}"),
    };
}
