using AutoDiff.Tests.Operations;

namespace AutoDiff.Tests.Stress;

/// <summary>
/// What random programs are made of: a list of operations that take any three tensors and a number that chooses, and every row of the table of operations. Results stay of moderate size, and where
/// results have kinks, random arguments stay off them with near certainty.
/// </summary>
internal static class RandomOperations
{
    private delegate Tensor<double> Operation(Tensor<double> x, Tensor<double> y, Tensor<double> z, int choice);

    /// <summary>Longer results are cut: programs do not grow without bound.</summary>
    private const int MostElements = 20_000;

    private static readonly (string Name, Operation Apply)[] Elementwise =
    [
        ("Sin", (x, _, _, _) => x.Sin()),
        ("Tanh", (x, _, _, _) => x.Tanh()),
        ("Softplus", (x, _, _, _) => x.Softplus()),
        ("Sigmoid", (x, _, _, _) => x.Sigmoid()),
        ("Bell", (x, _, _, _) => (-x.Square()).Exp()),
        ("Root", (x, _, _, _) => (x.Square() + 0.1).Sqrt()),
        ("Abs", (x, _, _, _) => x.Abs()),
        ("Relu", (x, _, _, _) => x.Relu() - 0.1),
        ("Gelu", (x, _, _, _) => x.Gelu()),
        ("Affine", (x, _, _, c) => (x * Constant(c)) + Constant(c + 1)),
        ("Mirror", (x, _, _, _) => 1.0 - x),
        ("Clamp", (x, _, _, c) => x.Clamp(-1.5, 0.5 + (c % 7 * 0.2))),
        ("Add", (x, y, _, _) => Bounded(x + Fit(y, x.Shape))),
        ("Subtract", (x, y, _, _) => Bounded(Fit(y, x.Shape) - x)),
        ("Multiply", (x, y, _, _) => Bounded(x * Fit(y, x.Shape))),
        ("Divide", (x, y, _, _) => x / (Fit(y, x.Shape).Square() + 1.0)),
        ("Twice", (x, _, _, _) => Bounded(x + x)),
        ("Square", (x, _, _, _) => Bounded(x * x)),
        ("FanOut", (x, y, _, _) => Bounded((x.Sin() * x) + (x.Cos() * Fit(y, x.Shape)) + x)),
        ("Maximum", (x, y, _, _) => x.Maximum(Fit(y, x.Shape) * 0.7)),
        ("Minimum", (x, y, _, _) => Fit(y, x.Shape).Minimum(x + 0.3)),
        ("Where", (x, y, z, _) => Tensor.Where(Fit(y, x.Shape) > 0.1, x, Fit(z, x.Shape))),
        ("Constant", (x, _, _, c) => x * RandomProgram.Numbers(new Random(c), x.Shape)),
        ("Detached", (x, y, _, _) => x.Detach() * Fit(y, x.Shape)),
        ("Unary", (x, _, _, c) => (c % 4) switch { 0 => x.Atan(), 1 => x.Cube().Asinh(), 2 => x.Erf(), _ => x.Expm1().Asinh() }),
    ];

    private static readonly (string Name, Operation Apply)[] Structure =
    [
        ("Flatten", (x, _, _, _) => x.Flatten()),
        ("Matrix", (x, _, _, c) => Matrix(x, c)),
        ("Transpose", (x, _, _, c) => Matrix(x, c).Transpose()),
        ("Permute", (x, _, _, c) => Fit(x, [2, Math.Max(1, x.Length / 6), 3]).Permute((c % 3) switch { 0 => [2, 0, 1], 1 => [1, 2, 0], _ => [0, 2, 1] })),
        ("Tail", (x, _, _, c) => x.Flatten()[(c % x.Length)..]),
        ("Head", (x, _, _, c) => x.Flatten()[..(1 + (c % x.Length))]),
        ("Element", (x, y, _, c) => Bounded((x.Flatten()[c % x.Length] * 5.0) + y)),
        ("ElementOfItself", (x, _, _, c) => Bounded((x.Flatten()[c % x.Length] * 0.5) + x + (x.Flatten()[c / 7 % x.Length] * x))),
        ("Row", (x, _, _, c) => Matrix(x, c) is var m ? m[c % m.Shape[0]] : x),
        ("Column", (x, _, _, c) => Matrix(x, c) is var m ? m[.., c % m.Shape[1]] : x),
        ("EverySecond", (x, _, _, c) => x.Flatten()[TensorIndex.Every((c % Math.Max(1, x.Length / 2)).., 2)]),
        ("Backward", (x, _, _, c) => c % 2 == 0 ? x.Flatten().Flip(0) : Matrix(x, c).Flip(1)),
        ("Roll", (x, _, _, c) => x.Flatten().Roll(c % 11, 0)),
        ("Turn", (x, _, _, c) => x.Flatten() is var v ? Tensor.Concat([v[(c % v.Length)..], v[..(c % v.Length)], v[..1]]) : x),
        ("Pad", (x, _, _, c) => x.Flatten().Pad([(c % 3, c % 2)], 0.25)),
        ("Take", (x, _, _, c) => x.Flatten().Take(Indices(c, 1 + (c % 9), x.Length))),
        ("TakeRows", (x, _, _, c) => Matrix(x, c) is var m ? m.Take(Indices(c, 3, m.Shape[0])) : x),
        ("ScatterAdd", (x, y, _, c) => Bounded(x.Flatten().ScatterAdd(Indices(c, 4, x.Length), Fit(y, [4])))),
        ("SliceScatter", (x, y, _, c) => x.Flatten() is var v ? v.SliceScatter(Fit(y, [v.Length - (c % v.Length)]), (c % v.Length)..) : x),
        ("Concat", (x, y, z, _) => Tensor.Concat([x.Flatten(), y.Flatten(), z.Flatten()[..1]])),
        ("Stack", (x, y, _, c) => Tensor.Stack([x.Flatten(), Fit(y, [x.Length])], c % 2)),
        ("Split", (x, _, _, c) => Matrix(x, c) is var m && m.Split([m.Shape[0] / 2, m.Shape[0] - (m.Shape[0] / 2)], 0) is var parts ? Tensor.Concat([parts[1], parts[0], parts[1]]) : x),
        ("Spread", (x, y, _, c) => Matrix(x, c) is var m ? Bounded(m + Fit(y, [m.Shape[1]])) : x),
        ("SpreadColumn", (x, y, _, c) => Matrix(x, c) is var m ? m * Fit(y, [m.Shape[0], 1]).Tanh() : x),
        ("SpreadBoth", (x, y, _, c) => Fit(x, [2 + (c % 5), 1]) - Fit(y, [1, 3 + (c % 4)])),
        ("BroadcastTo", (x, _, _, c) => x.Flatten()[..Math.Min(x.Length, 700)].BroadcastTo(2 + (c % 3), Math.Min(x.Length, 700))),
        ("Tril", (x, _, _, c) => Matrix(x, c).Tril((c % 3) - 1)),
    ];

    private static readonly (string Name, Operation Apply)[] Joints =
    [
        ("Sum", (x, _, _, _) => x.Sum().Asinh()),
        ("Mean", (x, _, _, _) => x.Mean()),
        ("SumOfRows", (x, _, _, c) => Bounded(Matrix(x, c).Sum(c % 2))),
        ("Center", (x, _, _, c) => Matrix(x, c) is var m ? m - m.Mean([1], keepDims: true) : x),
        ("MaxOfRows", (x, y, _, c) => Matrix(x, c) is var m ? m.Max([1], keepDims: true) * Fit(y, [m.Shape[0], 1]) : x),
        ("MinOfColumns", (x, _, _, c) => Matrix(x, c).Min(0)),
        ("LogSumExp", (x, _, _, c) => Matrix(x, c).LogSumExp(c % 2)),
        ("Softmax", (x, _, _, c) => Matrix(x, c).Softmax(1 - (c % 2)) * 3.0),
        ("LogSoftmax", (x, _, _, c) => Bounded(Matrix(x, c).LogSoftmax(1))),
        ("Norm", (x, y, _, _) => x / (y.Norm() + 1.0)),
        ("Prod", (x, _, _, c) => Bounded(Fit(x, [3, 2 + (c % 3)]).Prod(1))),
        ("CumSum", (x, _, _, c) => Bounded(Matrix(x, c).CumSum(c % 2, reverse: c % 3 == 0))),
        ("CumProd", (x, _, _, _) => Fit(x, [2, 5]).Sin().CumProd(1)),
        ("Sort", (x, _, _, _) => Fit(x, [Math.Min(x.Length, 300)]).Sort().Values),
        ("LayerNorm", (x, _, _, c) => Fit(x, [2 + (c % 3), 6]).LayerNorm()),
        ("MatMul", (x, y, _, c) => Product(x, y, c)),
        ("MatMulOfItself", (x, _, _, c) => Fit(x, [3 + (c % 3), 4]) is var m ? m.MatMul(m.Transpose()).Asinh() : x),
        ("MatVec", (x, y, _, c) => Fit(x, [1 + (c % 6), 5]).MatMul(Fit(y, [5])) * 0.4),
        ("VecMat", (x, y, _, c) => Fit(x, [5]).MatMul(Fit(y, [5, 1 + (c % 6)])) * 0.4),
        ("BatchMatMul", (x, y, _, c) => Fit(x, [2, 3, 4]).MatMul(Fit(y, c % 2 == 0 ? [2, 4, 2] : [4, 2])) * 0.5),
        ("LargeMatMul", (x, y, _, c) => x.Length < 400 ? Product(x, y, c) : Fit(x, [40, x.Length / 40]).MatMul(Fit(y, [x.Length / 40, 30])) * (1.0 / Math.Sqrt(x.Length))),
        ("Outer", (x, y, _, _) => Fit(x, [4]).Outer(Fit(y, [3]))),
        ("Einsum", (x, y, _, _) => Tensor.Einsum("ij,kj->ik", Fit(x, [3, 4]), Fit(y, [2, 4])) * 0.5),
        ("Conv1D", (x, y, _, c) => Fit(x, [2, 2, 9]).Conv1D(Fit(y, [3, 2, 3]), padding: c % 2) * 0.5),
        ("Solve", (x, y, _, _) => ((Tensor.Identity<double>(3) * 4.0) + Fit(x, [3, 3]).Tanh()).Solve(Fit(y, [3, 2]))),
        ("Checkpoint", (x, y, _, _) => Differentiate.Checkpoint(p => (p[0] * p[1].Cos()).Tanh() + (p[0] * 0.5), [x, Fit(y, x.Shape)])),
        ("NestedGradient", (x, y, _, _) => Fit(y, x.Shape) is var w ? Bounded(x + Differentiate.Gradient(v => (v.Sin() * w * v).Sum(), x)) : x),
        ("NestedJvp", (x, y, _, _) => Fit(y, x.Shape) is var w ? Bounded(x * Differentiate.Jvp(v => v.Tanh() * w, x, w)) : x),
    ];

    /// <summary>Two functions of the same shape, one of which runs.</summary>
    private static readonly (string Name, Operation Apply)[] Branches =
    [
        ("If", (x, y, _, c) => x.Sum().ToScalar() > Constant(c) ? x.Sin() : Bounded(x * Fit(y, x.Shape))),
        ("IfElement", (x, _, _, c) => x.Flatten().At(c % x.Length) > 0 ? x * 0.5 : x.Tanh() + 0.1),
        ("Loop", (x, y, _, _) => Enumerable.Range(0, y.Flatten().At(0) > 0 ? 3 : 1).Aggregate(x, (v, i) => (v * 0.8).Sin() + (0.1 * i))),
        ("IfSpan", (x, y, _, _) => y.AsSpan()[^1] < 0.2 ? Fit(y, x.Shape) + x : x - 0.2),
    ];

    private static readonly (string Name, Operation Apply)[] All = [.. Elementwise, .. Structure, .. Joints, .. Branches];

    /// <summary>The number of operations besides the rows; the branches stand last.</summary>
    public static int Count => All.Length;

    public static int CountWithoutBranches => All.Length - Branches.Length;

    /// <summary>Whether an operation leaves out a part of the derivative on purpose, so that finite differences see another.</summary>
    public static bool Detaches(int operation) => operation < Count && All[operation].Name == "Detached";

    /// <summary>The rows of the table of operations that take any numbers of an interval.</summary>
    public static IReadOnlyList<OperationRow<double>> Rows { get; } =
        [.. OperationTable<double>.Rows.Values.Where(row => !row.Constant && row.Order >= 2 && row.Prepare is null && !row.Symmetric).OrderBy(row => row.Name, StringComparer.Ordinal)];

    public static string Name(int operation) => operation < Count ? All[operation].Name : $"row '{Rows[operation - Count]}'";

    public static Tensor<double> Apply(int operation, Tensor<double> x, Tensor<double> y, Tensor<double> z, int choice)
    {
        Tensor<double> result = operation < Count ? All[operation].Apply(x, y, z, choice) : ApplyRow(Rows[operation - Count], [x, y, z], choice);
        return result.Length > MostElements ? result.Flatten()[..MostElements] : result.Length == 0 ? x : result;
    }

    /// <summary>A row on the values, brought to one of its lists of shapes and into its domain.</summary>
    private static Tensor<double> ApplyRow(OperationRow<double> row, Tensor<double>[] values, int choice)
    {
        int[][][] cases = [.. row.ShapeCases().Where(shapes => shapes.All(shape => !shape.Contains(0)))];
        int[][] shapes = cases[choice % cases.Length];
        var inputs = new Tensor<double>[row.Inputs];
        for (int i = 0; i < inputs.Length; i++)
        {
            (double from, double to) = Smooth(row, i);
            inputs[i] = (Fit(values[i % values.Length], shapes[i]).Tanh() * (0.45 * (to - from))) + (0.5 * (from + to));
        }

        return Bounded(row.F(inputs));
    }

    /// <summary>The largest interval of an input's domain without a point to avoid.</summary>
    private static (double From, double To) Smooth(OperationRow<double> row, int input)
    {
        (double from, double to) = row.Domains is null ? row.Domain : row.Domains[input];
        double[] ends = [from, .. row.Avoid.Where(point => point > from && point < to).Order(), to];
        return ends.Zip(ends.Skip(1)).MaxBy(interval => interval.Second - interval.First);
    }

    /// <summary>The elements of a tensor in another shape: as many as there are; where that is too few, from the first on again, each moved by another constant, for equal ones would be ties.</summary>
    private static Tensor<double> Fit(Tensor<double> x, ReadOnlySpan<int> shape)
    {
        int[] target = shape.ToArray();
        int length = Plain.Count(target);
        return x.Length == length ? x.Shape.SequenceEqual(target) ? x : x.Reshape(target)
            : x.Length == 1 ? x.Reshape().BroadcastTo(target) + Offsets(target)
            : x.Length > length ? x.Flatten()[..length].Reshape(target)
            : x.Flatten().Take([.. Enumerable.Range(0, length).Select(i => i % x.Length)]).Reshape(target) + Offsets(target);

        static Tensor<double> Offsets(int[] target) => RandomProgram.Numbers(new Random(7), target) * 0.2;
    }

    /// <summary>A view as a matrix whose number of rows is a divisor of the length.</summary>
    private static Tensor<double> Matrix(Tensor<double> x, int choice)
    {
        int rows = 1 + (choice % Math.Min(x.Length, 12));
        while (x.Length % rows != 0)
        {
            rows--;
        }

        return x.Reshape(rows, x.Length / rows);
    }

    private static Tensor<double> Product(Tensor<double> x, Tensor<double> y, int c)
    {
        (int m, int k, int n) = (1 + (c % 5), 1 + (c / 5 % 7), 1 + (c / 35 % 5));
        return Fit(x, [m, k]).MatMul(Fit(y, [k, n])) * (1.0 / Math.Sqrt(k));
    }

    private static Tensor<double> Bounded(Tensor<double> x) => x.Asinh();

    private static double Constant(int choice) => ((choice % 19) - 9) * 0.11;

    private static int[] Indices(int choice, int count, int length) => [.. Enumerable.Range(0, count).Select(i => (choice + (i * i * 3)) % length)];
}
