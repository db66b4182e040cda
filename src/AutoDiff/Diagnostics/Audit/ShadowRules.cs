using System.Numerics;

namespace AutoDiff;

/// <summary>
/// Operations in double-double, by the name and the kind of their record: arithmetic, powers, elementary functions and what sweeps multiply by their derivatives, sums and everything that moves, products of
/// matrices, convolutions, pooling, decompositions and systems, gamma, error, Bessel, Airy and zeta functions. Fused operations are followed through their composition.
/// </summary>
internal static class ShadowRules<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly Dictionary<string, Func<DoubleDouble, DoubleDouble>> Unary = new()
    {
        ["Abs"] = DoubleDouble.Abs,
        ["AiryAi"] = DoubleDouble.AiryAi,
        ["AiryAiPrime"] = DoubleDouble.AiryAiPrime,
        ["AiryBi"] = DoubleDouble.AiryBi,
        ["AiryBiPrime"] = DoubleDouble.AiryBiPrime,
        ["Acos"] = DoubleDouble.Acos,
        ["Acosh"] = DoubleDouble.Acosh,
        ["Asin"] = DoubleDouble.Asin,
        ["Asinh"] = DoubleDouble.Asinh,
        ["Atan"] = DoubleDouble.Atan,
        ["Atanh"] = DoubleDouble.Atanh,
        ["Cbrt"] = DoubleDouble.Cbrt,
        ["Cos"] = DoubleDouble.Cos,
        ["Cosh"] = DoubleDouble.Cosh,
        ["CosPi"] = DoubleDouble.CosPi,
        ["Cot"] = static x => DoubleDouble.One / DoubleDouble.Tan(x),
        ["Csc"] = static x => DoubleDouble.One / DoubleDouble.Sin(x),
        ["Cube"] = static x => x * x * x,
        ["Digamma"] = DoubleDouble.Digamma,
        ["Entropy"] = static x => -(x * DoubleDouble.Log(x)),
        ["Erf"] = DoubleDouble.Erf,
        ["Erfc"] = DoubleDouble.Erfc,
        ["Exp"] = DoubleDouble.Exp,
        ["Exp10"] = DoubleDouble.Exp10,
        ["Exp2"] = DoubleDouble.Exp2,
        ["Expm1"] = DoubleDouble.Expm1,
        ["Factorial"] = static x => DoubleDouble.Gamma(x + 1),
        ["Gamma"] = DoubleDouble.Gamma,
        ["HalfReciprocal"] = static x => (DoubleDouble)0.5 / x,
        ["InverseCircle"] = static x => DoubleDouble.One / DoubleDouble.Sqrt((DoubleDouble.One - x) * (x + 1)),
        ["InverseHyperbola"] = static x => DoubleDouble.One / DoubleDouble.Sqrt((x - 1) * (x + 1)),
        ["InverseHypotenuse"] = static x => DoubleDouble.One / DoubleDouble.Sqrt((x * x) + 1),
        ["Log"] = DoubleDouble.Log,
        ["Log10"] = DoubleDouble.Log10,
        ["Log1p"] = DoubleDouble.Log1p,
        ["Log2"] = DoubleDouble.Log2,
        ["LogGamma"] = DoubleDouble.LogGamma,
        ["Logit"] = static x => DoubleDouble.Log(x) - DoubleDouble.Log1p(-x),
        ["LogNdtr"] = DoubleDouble.LogNdtr,
        ["LogSigmoid"] = static x => -DoubleDouble.Softplus(-x),
        ["Ndtr"] = DoubleDouble.Ndtr,
        ["Negate"] = static x => -x,
        ["NormalMass"] = static x => DoubleDouble.Erf(x / DoubleDouble.Sqrt(2)) * 0.5,
        ["OverHyperbola"] = static x => x / DoubleDouble.Sqrt((x - 1) * (x + 1)),
        ["OverHypotenuse"] = static x => x / DoubleDouble.Sqrt((x * x) + 1),
        ["Reciprocal"] = static x => DoubleDouble.One / x,
        ["Relu"] = static x => DoubleDouble.Max(x, 0),
        ["Rsqrt"] = static x => DoubleDouble.One / DoubleDouble.Sqrt(x),
        ["Sec"] = static x => DoubleDouble.One / DoubleDouble.Cos(x),
        ["SechSquared"] = DoubleDouble.SechSquared,
        ["Sigmoid"] = DoubleDouble.Sigmoid,
        ["SigmoidSlope"] = static x => DoubleDouble.Sigmoid(x) * DoubleDouble.Sigmoid(-x),
        ["Sin"] = DoubleDouble.Sin,
        ["Sinh"] = DoubleDouble.Sinh,
        ["SinPi"] = DoubleDouble.SinPi,
        ["Softplus"] = DoubleDouble.Softplus,
        ["Softsign"] = static x => x / (DoubleDouble.Abs(x) + 1),
        ["Sqrt"] = DoubleDouble.Sqrt,
        ["Square"] = static x => x * x,
        ["Tan"] = DoubleDouble.Tan,
        ["Tanh"] = DoubleDouble.Tanh,
    };

    private static readonly Dictionary<string, Func<DoubleDouble, DoubleDouble, DoubleDouble>> Binary = new()
    {
        ["Add"] = static (x, y) => x + y,
        ["DifferenceWithLargerAbove"] = static (x, y) => x - y,
        ["DifferenceWithLargerBelow"] = static (x, y) => x - y,
        ["Beta"] = static (x, y) => DoubleDouble.Exp(LogBeta(x, y)),
        ["Divide"] = static (x, y) => x / y,
        ["Hypot"] = static (x, y) => DoubleDouble.Sqrt((x * x) + (y * y)),
        ["LogAddExp"] = static (x, y) => DoubleDouble.Max(x, y) + DoubleDouble.Log1p(DoubleDouble.Exp(-DoubleDouble.Abs(x - y))),
        ["LogBeta"] = LogBeta,
        ["Maximum"] = DoubleDouble.Max,
        ["Minimum"] = DoubleDouble.Min,
        ["Multiply"] = static (x, y) => x * y,
        ["Pow"] = DoubleDouble.Pow,
        ["Subtract"] = static (x, y) => x - y,
        ["XLog1pY"] = static (x, y) => x == default ? 0 : x * DoubleDouble.Log1p(y),
        ["XLogY"] = static (x, y) => x == default ? 0 : x * DoubleDouble.Log(y),

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

    /// <summary>Functions of one number, and a number that tells which: an order, a degree.</summary>
    private static readonly Dictionary<string, Func<int, DoubleDouble, DoubleDouble>> OfOrder = new()
    {
        ["Erfcx"] = static (order, x) => order == 0 ? DoubleDouble.Erfcx(x) : double.NaN,
        ["GaussianDerivative"] = DoubleDouble.GaussianDerivative,
        ["NormalDensityDerivative"] = DoubleDouble.NormalDensityDerivative,
        ["Gelu"] = static (order, x) => order switch
        {
            0 => x * DoubleDouble.Ndtr(x),
            1 => DoubleDouble.Ndtr(x) + (x * DoubleDouble.NormalDensity(x)),
            2 => (DoubleDouble.One + 1 - (x * x)) * DoubleDouble.NormalDensity(x),
            _ => double.NaN,
        },
        ["GammaDerivative"] = static (order, x) => order == 1 ? DoubleDouble.Gamma(x) * DoubleDouble.Digamma(x)
            : order == 2 ? DoubleDouble.Gamma(x) * ((DoubleDouble.Digamma(x) * DoubleDouble.Digamma(x)) + DoubleDouble.Polygamma(1, x)) : double.NaN,
        ["Polygamma"] = DoubleDouble.Polygamma,
        ["SphericalBesselJ"] = DoubleDouble.SphericalBesselJ,
        ["Zeta"] = static (order, s) => DoubleDouble.Zeta(order, s, DoubleDouble.One),
        ["ZetaDerivative"] = static (order, s) => DoubleDouble.Zeta(order, s, DoubleDouble.One),
        ["Silu"] = static (order, x) => order switch
        {
            0 => x * DoubleDouble.Sigmoid(x),
            1 => DoubleDouble.Sigmoid(x) * (DoubleDouble.One + (x * DoubleDouble.Sigmoid(-x))),
            _ => double.NaN,
        },
    };

    /// <summary>Bessel functions, by their orders.</summary>
    private static readonly Dictionary<string, Func<DoubleDouble, DoubleDouble, DoubleDouble>> Bessel = new()
    {
        ["BesselI"] = DoubleDouble.BesselI,
        ["BesselIe"] = static (v, x) => DoubleDouble.BesselI(v, x) * DoubleDouble.Exp(-DoubleDouble.Abs(x)),
        ["BesselJ"] = DoubleDouble.BesselJ,
        ["BesselK"] = DoubleDouble.BesselK,
        ["BesselY"] = DoubleDouble.BesselY,
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
        LinearRecord<T> { Map: SeparableMap<T> separable, Batch: var batch } => Weighed(separable, batch, xs[0]),
        AssembleRecord<T> assemble when Array.TrueForAll(assemble.Pieces, static piece => Sums(piece.Map)) => Assembled(assemble, xs),
        GeneralRecord<T> { Parameters: OpenSlot<T> { Form: ConvolutionForm<T> form, Slot: var open } } => ShadowConvolutions<T>.Apply(form, open, xs[0], xs[1]),
        GeneralRecord<T> { Name: "MatMul", Parameters: Transposition transposition } => Product(record, transposition, xs[0], xs[1]),
        GeneralRecord<T> { Parameters: null } when record.Input(0) is { Rank: 2, Length: > 0 } x && Rows.TryGetValue(record.Name, out Func<DoubleDouble[], DoubleDouble[]>? f) => [.. xs[0].Chunk(x.Shape[1]).SelectMany(f)],
        BinaryRecord<T> { Name: "Zeta" or "ZetaDerivative", Parameters: int m } => Known(Pairwise(record, (s, q) => DoubleDouble.Zeta(m, s, q), xs[0], xs[1])),
        BinaryRecord<T> { Name: "BesselK" or "BesselKe" or "BesselKeDerivative", Parameters: (int m, int k) } => Known(Pairwise(record, (v, x) => DoubleDouble.BesselKe(m, k, v, x), xs[0], xs[1])),
        { IsElementwise: true, InputCount: 1, Parameters: T v } when Bessel.TryGetValue(record.Name, out Func<DoubleDouble, DoubleDouble, DoubleDouble>? f) => Known(Array.ConvertAll(xs[0], x => f(double.CreateChecked(v), x))),
        { Name: "BesselIe", Parameters: (int and 0, T v) } => Known(Array.ConvertAll(xs[0], x => Bessel["BesselIe"](double.CreateChecked(v), x))),
        { Name: "BesselKe" or "BesselKeDerivative", InputCount: 1, Parameters: (int k, T v) } => Known(Array.ConvertAll(xs[0], x => DoubleDouble.BesselKe(0, k, double.CreateChecked(v), x))),
        GeneralRecord<T> { Parameters: PlacesUse use } => Places(record, use, xs),
        BinaryRecord<T> { Name: "ReducedPow", Parameters: int k } => Pairwise(record, (x, y) => DoubleDouble.Pow(x, y - k), xs[0], xs[1]),
        BinaryRecord<T> { Parameters: null } when Binary.TryGetValue(record.Name, out Func<DoubleDouble, DoubleDouble, DoubleDouble>? f) => Pairwise(record, f, xs[0], xs[1]),
        ElementwiseRecord<T> { Parameters: null } when Unary.TryGetValue(record.Name, out Func<DoubleDouble, DoubleDouble>? f) => Array.ConvertAll(xs[0], x => f(x)),
        { IsElementwise: true, InputCount: 1, Parameters: int order } when OfOrder.TryGetValue(record.Name, out Func<int, DoubleDouble, DoubleDouble>? f) => Known(Array.ConvertAll(xs[0], x => f(order, x))),
        { IsElementwise: true, InputCount: 1, Parameters: T or Left<T> } => WithNumber(record.Name, record.Parameters) is { } f ? Array.ConvertAll(xs[0], x => f(x)) : null,
        _ => ShadowMatrices<T>.Apply(record, xs),
    };

    /// <summary>Elements at places that are known, counted from 1, of each row, or put there.</summary>
    private static DoubleDouble[] Places(Record<T> record, PlacesUse use, DoubleDouble[][] xs)
    {
        Tensor<T> places = record.Input(1);
        (int rows, int count, int from, int to) = (places.Shape[0], places.Shape[1], record.Input(0).Shape[^1], record.Output.Shape[^1]);
        var y = new DoubleDouble[record.Output.Length];
        for (int i = 0; count > 0 && i < Math.Max(xs[0].Length / Math.Max(from, 1), y.Length / Math.Max(to, 1)); i++)
        {
            for (int k = 0; k < count; k++)
            {
                int place = places.Integers[(i % rows * count) + k] - 1;
                if (use == PlacesUse.Put)
                {
                    y[(i * to) + Math.Max(place, 0)] += place < 0 ? 0 : xs[0][(i * from) + k];
                }
                else
                {
                    y[(i * to) + k] = place >= 0 ? xs[0][(i * from) + place] : use == PlacesUse.Pick ? double.NegativeInfinity : 0;
                }
            }
        }

        return y;
    }

    /// <summary>Null where a rule does not tell an element.</summary>
    private static DoubleDouble[]? Known(DoubleDouble[] y) => Array.Exists(y, static element => double.IsNaN(element.High)) ? null : y;

    private static DoubleDouble LogBeta(DoubleDouble x, DoubleDouble y) => DoubleDouble.LogGamma(x) + DoubleDouble.LogGamma(y) - DoubleDouble.LogGamma(x + y);

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

    /// <summary>Means of windows and the like, axis by axis; the weights are those of the operation.</summary>
    private static DoubleDouble[] Weighed(SeparableMap<T> map, int batch, DoubleDouble[] x)
    {
        int[] shape = [.. map.From];
        int lead = shape.Length - map.Axes.Length;
        foreach (int k in map.Order)
        {
            AxisWeights<T> axis = map.Axes[k];
            int outer = batch * Shapes.Length(shape.AsSpan(0, lead + k)), inner = Shapes.Length(shape.AsSpan(lead + k + 1));
            var y = new DoubleDouble[outer * axis.To * inner];
            for (int row = 0; row < axis.To; row++)
            {
                foreach ((int column, T weight) in axis.Row(row).ToArray().Zip(axis.WeightsOf(row).ToArray()))
                {
                    for (int i = 0; i < outer * inner; i++)
                    {
                        (int o, int e) = (i / inner, i % inner);
                        y[(((o * axis.To) + row) * inner) + e] += x[(((o * axis.From) + column) * inner) + e] * double.CreateChecked(weight);
                    }
                }
            }

            (shape[lead + k], x) = (axis.To, y);
        }

        return x;
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
