namespace AutoDiff.Tests.Operations;

/// <summary>Operations that have nothing to do: no steps, no factors, empty axes, a shape that is there already. Of a recorded tensor they give a recorded tensor all the same.</summary>
public class DegenerateOperationTests
{
    private static readonly Tensor<double> Vector = Tensor.Create([0.3, -0.7, 1.2]);
    private static readonly Tensor<double> Matrix = Tensor.Create([2.0, 0.5, 0.3, 1.5], 2, 2);
    private static readonly Tensor<double> Weight = Tensor.Create([0.1, 0.2, 0.3, 0.4], 2, 2);

    /// <summary>Functions with the points at which each of their inputs, alone, is recorded.</summary>
    private static readonly (string Name, Tensor<double>[] At, Func<Tensor<double>[], Tensor<double>> F)[] Cases =
    [
        ("Pow 0", [Vector], x => x[0].Pow(0.0)), ("Pow 1", [Vector], x => x[0].Pow(1.0)), ("MatrixPower 0", [Matrix], x => x[0].MatrixPower(0)), ("MatrixPower 1", [Matrix], x => x[0].MatrixPower(1)),
        ("Clamp", [Vector], x => x[0].Clamp(double.NegativeInfinity, double.PositiveInfinity)), ("times 1", [Vector], x => x[0] * 1.0), ("times 0", [Vector], x => x[0] * 0.0), ("plus 0", [Vector], x => x[0] + 0.0),
        ("Reshape", [Vector], x => x[0].Reshape(3)), ("Flatten", [Vector], x => x[0].Flatten()), ("Squeeze", [Vector], x => x[0].Squeeze()), ("BroadcastTo", [Vector], x => x[0].BroadcastTo(3)),
        ("Permute", [Vector], x => x[0].Permute(0)), ("Transpose", [Matrix], x => x[0].Transpose(1, 1)), ("Concat of one", [Vector], x => Tensor.Concat([x[0]])), ("Stack of one", [Vector], x => Tensor.Stack([x[0]])),
        ("slice of all", [Vector], x => x[0][..]), ("slice of none", [Vector], x => x[0][1..1]), ("Take none", [Vector], x => x[0].Take([])), ("Pad by nothing", [Vector], x => x[0].Pad([(0, 0)])),
        ("Pad away", [Vector], x => x[0].Pad([(-3, 0)])), ("Concat with nothing", [Vector, Tensor.Zeros<double>(0)], x => Tensor.Concat(x)), ("times nothing", [Vector[..1], Tensor.Zeros<double>(0)], x => x[0] * x[1]),
        ("Sum of nothing", [Tensor.Zeros<double>(0)], x => x[0].Sum()), ("Prod of nothing", [Tensor.Zeros<double>(0)], x => x[0].Prod()), ("Sum over an empty axis", [Tensor.Zeros<double>(2, 0)], x => x[0].Sum(1)),
        ("MatMul over an empty axis", [Tensor.Zeros<double>(2, 0), Tensor.Zeros<double>(0, 3)], x => x[0].MatMul(x[1])), ("Einsum over an empty axis", [Tensor.Zeros<double>(0), Tensor.Zeros<double>(0)], x => Tensor.Einsum("i,i->", x[0], x[1])),
        ("CumSum of nothing", [Tensor.Zeros<double>(0)], x => x[0].CumSum(0)), ("Softmax of nothing", [Tensor.Zeros<double>(0)], x => x[0].Softmax()), ("Sort of nothing", [Tensor.Zeros<double>(0)], x => x[0].Sort().Values),
        ("LogSumExp of one", [Vector[..1]], x => x[0].LogSumExp()), ("Max of one", [Vector[..1]], x => x[0].Max()), ("Roll by 0", [Vector], x => x[0].Roll(0, 0)), ("Diff 0", [Vector], x => x[0].Diff(0)),
        ("Dropout 0", [Vector], x => x[0].Dropout(0.0, new RandomKey(1))), ("Dropout 1", [Vector], x => x[0].Dropout(1.0, new RandomKey(1))), ("Where all", [Vector, Vector], x => Tensor.Where(Tensor.Ones<double>(3), x[0], x[1])),
        ("Det of nothing", [Tensor.Zeros<double>(0, 0)], x => x[0].Determinant()), ("Inverse of nothing", [Tensor.Zeros<double>(0, 0)], x => x[0].Inverse()), ("Trace of nothing", [Tensor.Zeros<double>(0, 0)], x => x[0].Trace()),
        ("HouseholderProduct of none", [Matrix, Tensor.Zeros<double>(0)], x => x[0].HouseholderProduct(x[1])), ("Vander of no column", [Vector], x => x[0].Vander(0)), ("Vander of one column", [Vector], x => x[0].Vander(1)),
        ("Rnn over no step", [Tensor.Zeros<double>(0, 1, 2), Weight, Weight, Weight[0], Weight[1], Weight[..1]], x => x[0].Rnn(x[1], x[2], x[3], x[4], x[5]).Output),
        ("Rnn over no step: state", [Tensor.Zeros<double>(0, 1, 2), Weight, Weight, Weight[0], Weight[1], Weight[..1]], x => x[0].Rnn(x[1], x[2], x[3], x[4], x[5]).Hidden),
        ("Rnn over no step, no state", [Tensor.Zeros<double>(0, 1, 2), Weight, Weight], x => x[0].Rnn(x[1], x[2]).Hidden),
        ("Gru over no step", [Tensor.Zeros<double>(0, 1, 2), Weight.Tile(3, 1), Weight.Tile(3, 1), Weight[..1]], x => x[0].Gru(x[1], x[2], hidden: x[3]).Hidden),
        ("Lstm over no step", [Tensor.Zeros<double>(0, 1, 2), Weight.Tile(4, 1), Weight.Tile(4, 1), Weight[..1], Weight[1..]], x => x[0].Lstm(x[1], x[2], hidden: x[3], cell: x[4]).Output),
        ("Lstm over no step: state", [Tensor.Zeros<double>(0, 1, 2), Weight.Tile(4, 1), Weight.Tile(4, 1), Weight[..1], Weight[1..]], x => x[0].Lstm(x[1], x[2], hidden: x[3], cell: x[4]).Hidden),
        ("Lstm over no step: cell", [Tensor.Zeros<double>(0, 1, 2), Weight.Tile(4, 1), Weight.Tile(4, 1), Weight[..1], Weight[1..]], x => x[0].Lstm(x[1], x[2], hidden: x[3], cell: x[4]).Cell),
        ("Scan over no step", [Vector, Vector], x => Differentiate.Scan((s, p, _) => s * p[0], x[0], [x[1]], 0)),
        ("ScanRows over no row", [Vector, Vector], x => Differentiate.ScanRows((s, row, p) => s * row * p[0], x[0], Tensor.Zeros<double>(0), [x[1]])),
        ("Scan that ignores its input", [Vector, Vector], x => Differentiate.Scan((_, _, _) => Vector, x[0], [x[1]], 2)),
        ("Checkpoint that ignores its input", [Vector], x => Differentiate.Checkpoint(_ => Vector, x[0])),
        ("custom operation that ignores its input", [Vector], x => new CustomOperation<double>("f", _ => Vector, vjp: (g, _, _) => [null]).Apply(x[0])),
        ("derivative of a constant", [Vector], x => Differentiate.Gradient(_ => Tensor.Scalar(1.0), x[0])), ("derivative of a linear function", [Vector], x => Differentiate.Gradient(z => z.Sum(), x[0])),
        ("product with a constant's Jacobian", [Vector, Vector], x => Differentiate.Jvp(_ => Vector, x[0], x[1])), ("Hessian of a linear function", [Vector], x => Differentiate.Hessian(z => z.Sum(), x[0])),
        ("value of a constant", [Vector], x => Differentiate.ValueAndGradient(_ => Tensor.Scalar(1.0), x[0]).Value), ("Jacobian of a constant", [Vector], x => Differentiate.Jacobian(_ => Vector, x[0])),
        ("Parameters of one", [Vector], x => new Parameters<double>(("a", x[0])).Flatten()), ("BlockDiagonal of one", [Matrix], x => Tensor.BlockDiagonal([x[0]])), ("ChainMatMul of one", [Matrix], x => Tensor.ChainMatMul([x[0]])),
        ("Meshgrid of one", [Vector], x => Tensor.Meshgrid([x[0]])[0]),
    ];

    public static IEnumerable<object[]> Names => Cases.Select(c => new object[] { c.Name });

    [Theory, MemberData(nameof(Names))]
    public void What_is_made_of_a_recorded_tensor_is_recorded(string name)
    {
        (_, Tensor<double>[] at, Func<Tensor<double>[], Tensor<double>> f) = Array.Find(Cases, c => c.Name == name);
        for (int i = 0; i < at.Length; i++)
        {
            using var tape = new Tape<double>();
            Tensor<double>[] x = [.. at];
            x[i] = tape.Variable(at[i]);
            Tensor<double> y = f(x);
            y.Tape.Should().BeSameAs(tape, "input {0} is recorded", i);
            y.ToArray().Should().Equal(f(at).ToArray());
            Tensor<double> g = tape.Vjp(y, Tensor.Ones<double>(y.Shape), x[i], record: true);
            g.Tape.Should().BeSameAs(tape);
            g.Shape.ToArray().Should().Equal(at[i].Shape.ToArray());
            tape.Jvp(g, x[i], at[i]).Shape.ToArray().Should().Equal(at[i].Shape.ToArray());
            tape.Jvp(y, x[i], at[i], record: true).Tape.Should().BeSameAs(tape);
            Differentiate.Jvp(z => f([.. x[..i], z, .. x[(i + 1)..]]), at[i], at[i]).Shape.ToArray().Should().Equal(y.Shape.ToArray());
        }

        Array.ForEach(at, constant => constant.Tape.Should().BeNull());
        (Vector.Tape ?? Weight.Tape).Should().BeNull("a constant of the user's is not put on the tape");
    }
}
