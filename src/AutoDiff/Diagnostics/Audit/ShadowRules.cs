using System.Numerics;

namespace AutoDiff;

/// <summary>
/// Operations in double-double, by the name and the kind of their record: arithmetic, powers, elementary functions and what sweeps multiply by their derivatives, sums and everything that moves, products of
/// matrices. Fused operations are followed through their composition.
/// </summary>
internal static class ShadowRules<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly Dictionary<string, Func<DoubleDouble, DoubleDouble>> Unary = new()
    {
        ["Abs"] = DoubleDouble.Abs,
        ["Atan"] = DoubleDouble.Atan,
        ["Cbrt"] = DoubleDouble.Cbrt,
        ["Cos"] = DoubleDouble.Cos,
        ["Cosh"] = DoubleDouble.Cosh,
        ["Cube"] = static x => x * x * x,
        ["Exp"] = DoubleDouble.Exp,
        ["Exp2"] = DoubleDouble.Exp2,
        ["Expm1"] = DoubleDouble.Expm1,
        ["HalfReciprocal"] = static x => (DoubleDouble)0.5 / x,
        ["Log"] = DoubleDouble.Log,
        ["Log10"] = DoubleDouble.Log10,
        ["Log1p"] = DoubleDouble.Log1p,
        ["Log2"] = DoubleDouble.Log2,
        ["LogSigmoid"] = static x => -DoubleDouble.Softplus(-x),
        ["Negate"] = static x => -x,
        ["Reciprocal"] = static x => DoubleDouble.One / x,
        ["Relu"] = static x => DoubleDouble.Max(x, 0),
        ["Rsqrt"] = static x => DoubleDouble.One / DoubleDouble.Sqrt(x),
        ["SechSquared"] = DoubleDouble.SechSquared,
        ["Sigmoid"] = DoubleDouble.Sigmoid,
        ["SigmoidSlope"] = static x => DoubleDouble.Sigmoid(x) * DoubleDouble.Sigmoid(-x),
        ["Sin"] = DoubleDouble.Sin,
        ["Sinh"] = DoubleDouble.Sinh,
        ["Softplus"] = DoubleDouble.Softplus,
        ["Sqrt"] = DoubleDouble.Sqrt,
        ["Square"] = static x => x * x,
        ["Tan"] = DoubleDouble.Tan,
        ["Tanh"] = DoubleDouble.Tanh,
    };

    private static readonly Dictionary<string, Func<DoubleDouble, DoubleDouble, DoubleDouble>> Binary = new()
    {
        ["Add"] = static (x, y) => x + y,
        ["Divide"] = static (x, y) => x / y,
        ["Maximum"] = DoubleDouble.Max,
        ["Minimum"] = DoubleDouble.Min,
        ["Multiply"] = static (x, y) => x * y,
        ["Pow"] = DoubleDouble.Pow,
        ["Subtract"] = static (x, y) => x - y,

        // A vector times a derivative that is computed on the way, of the input (of Sqrt, the output).
        ["CosSlope"] = static (v, x) => -(v * DoubleDouble.Sin(x)),
        ["Expm1Slope"] = static (v, x) => v * DoubleDouble.Exp(x),
        ["LogSlope"] = static (v, x) => v / x,
        ["SigmoidSlope"] = static (v, x) => v * DoubleDouble.Sigmoid(x) * DoubleDouble.Sigmoid(-x),
        ["SinSlope"] = static (v, x) => v * DoubleDouble.Cos(x),
        ["SoftplusSlope"] = static (v, x) => v * DoubleDouble.Sigmoid(x),
        ["SqrtSlope"] = static (v, y) => v * 0.5 / y,
        ["SquareSlope"] = static (v, x) => v * x * 2,
        ["TanhSlope"] = static (v, x) => v * DoubleDouble.SechSquared(x),
    };

    /// <summary>Operations on the rows of a matrix: each row gives one number, or a row.</summary>
    private static readonly Dictionary<string, Func<DoubleDouble[], DoubleDouble[]>> Rows = new()
    {
        ["LogSoftmax"] = static row => LogSumExp(row) is var sum ? Array.ConvertAll(row, x => x - sum) : [],
        ["LogSumExp"] = static row => [LogSumExp(row)],
        ["Max"] = static row => [row.Aggregate(DoubleDouble.Max)],
        ["Min"] = static row => [row.Aggregate(DoubleDouble.Min)],
        ["Softmax"] = static row => LogSumExp(row) is var sum ? Array.ConvertAll(row, x => DoubleDouble.Exp(x - sum)) : [],
    };

    /// <summary>The output of a record for inputs in double-double; null where there is no rule.</summary>
    public static DoubleDouble[]? Apply(Record<T> record, DoubleDouble[][] xs) => record switch
    {
        LinearRecord<T> linear when Sums(linear.Map) => Through(linear.Map, linear.Batch, xs[0], new DoubleDouble[record.Output.Length]),
        AssembleRecord<T> assemble when Array.TrueForAll(assemble.Pieces, static piece => Sums(piece.Map)) => Assembled(assemble, xs),
        GeneralRecord<T> { Name: "MatMul", Parameters: Transposition transposition } => Product(record, transposition, xs[0], xs[1]),
        GeneralRecord<T> { Parameters: null } when record.Input(0) is { Rank: 2, Length: > 0 } x && Rows.TryGetValue(record.Name, out Func<DoubleDouble[], DoubleDouble[]>? f) => [.. xs[0].Chunk(x.Shape[1]).SelectMany(f)],
        BinaryRecord<T> { Parameters: null } when Binary.TryGetValue(record.Name, out Func<DoubleDouble, DoubleDouble, DoubleDouble>? f) => Pairwise(record, f, xs[0], xs[1]),
        ElementwiseRecord<T> { Parameters: null } when Unary.TryGetValue(record.Name, out Func<DoubleDouble, DoubleDouble>? f) => Array.ConvertAll(xs[0], x => f(x)),
        { IsElementwise: true, InputCount: 1, Parameters: T or Left<T> } => WithNumber(record.Name, record.Parameters) is { } f ? Array.ConvertAll(xs[0], x => f(x)) : null,
        _ => null,
    };

    /// <summary>For each element of a shape, the element of an operand that broadcasts to it.</summary>
    public static int[] Places(ReadOnlySpan<int> operand, ReadOnlySpan<int> shape)
    {
        int[] places = [0];
        int lead = shape.Length - operand.Length;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            int n = shape[axis], own = axis < lead ? 1 : operand[axis - lead];
            var next = new int[places.Length * n];
            for (int i = 0; i < next.Length; i++)
            {
                next[i] = (places[i / n] * own) + (own == 1 ? 0 : i % n);
            }

            places = next;
        }

        return places;
    }

    private static Func<DoubleDouble, DoubleDouble>? WithNumber(string name, object? parameter)
    {
        bool left = parameter is Left<T>;
        DoubleDouble c = double.CreateChecked(parameter is Left<T> number ? number.Value : (T)parameter!);
        return (name, left) switch
        {
            ("Add", false) => x => x + c,
            ("Subtract", false) => x => x - c,
            ("Subtract", true) => x => c - x,
            ("Multiply", false) => x => x * c,
            ("Divide", false) => x => x / c,
            ("Divide", true) => x => c / x,
            ("Pow", false) => x => DoubleDouble.Pow(x, c),
            _ => null,
        };
    }

    private static DoubleDouble[] Pairwise(Record<T> record, Func<DoubleDouble, DoubleDouble, DoubleDouble> f, DoubleDouble[] x, DoubleDouble[] y)
    {
        int[] left = Places(record.Input(0).Shape, record.Output.Shape), right = Places(record.Input(1).Shape, record.Output.Shape);
        var z = new DoubleDouble[left.Length];
        for (int i = 0; i < z.Length; i++)
        {
            z[i] = f(x[left[i]], y[right[i]]);
        }

        return z;
    }

    private static DoubleDouble LogSumExp(DoubleDouble[] row)
    {
        DoubleDouble largest = row.Aggregate(DoubleDouble.Max), sum = 0;
        foreach (DoubleDouble x in row)
        {
            sum += DoubleDouble.Exp(x - largest);
        }

        return largest + DoubleDouble.Log(sum);
    }

    /// <summary>Whether all coefficients of a map are 1.</summary>
    private static bool Sums(LinearMap<T> map) =>
        map is ReshapeMap<T> or RunMap<T> or StridedMap<T> or SumMap<T> or RepeatMap<T> or TakeMap<T> or PutMap<T> or PickMap<T> or SelectMap<T> or CumulativeSumMap<T>;

    private static DoubleDouble[] Through(LinearMap<T> map, int batch, DoubleDouble[] x, DoubleDouble[] sum)
    {
        Tensor<T>? mask = map is SelectMap<T> ? map.Operand : null;
        (int from, int to) = (Shapes.Length(map.From), Shapes.Length(map.To));
        map.VisitNonzeros((y, place) =>
        {
            for (int b = 0; b < batch && (mask is null || mask.Values[y] != T.Zero); b++)
            {
                ref DoubleDouble target = ref sum[(b * to) + y];
                target = target == default ? x[(b * from) + place] : target + x[(b * from) + place];
            }
        });
        return sum;
    }

    private static DoubleDouble[] Assembled(AssembleRecord<T> record, DoubleDouble[][] xs)
    {
        var sum = new DoubleDouble[record.Output.Length];
        for (int i = 0; i < xs.Length; i++)
        {
            LinearMap<T> map = record.Pieces[i].Map;
            Through(map, Shapes.Length(record.Input(i).Shape[..^map.From.Length]), xs[i], sum);
        }

        return sum;
    }

    private static DoubleDouble[] Product(Record<T> record, Transposition transposition, DoubleDouble[] x, DoubleDouble[] y)
    {
        ReadOnlySpan<int> left = record.Input(0).Shape, right = record.Input(1).Shape, shape = record.Output.Shape;
        (int m, int n, int k) = (shape[^2], shape[^1], transposition.OfX ? left[^2] : left[^1]);
        int[] lefts = Places(left[..^2], shape[..^2]), rights = Places(right[..^2], shape[..^2]);
        var z = new DoubleDouble[record.Output.Length];
        for (int e = 0; e < z.Length; e++)
        {
            (int b, int i, int j) = (e / (m * n), e / n % m, e % n);
            DoubleDouble sum = 0;
            for (int l = 0; l < k; l++)
            {
                sum += x[(lefts[b] * m * k) + (transposition.OfX ? (l * m) + i : (i * k) + l)] * y[(rights[b] * k * n) + (transposition.OfY ? (j * k) + l : (l * n) + j)];
            }

            z[e] = sum;
        }

        return z;
    }
}
