namespace AutoDiff.Tests.Differentiation;

/// <summary>Programs from ℝ⁶ to ℝ⁶ that are put together at random from operations of every kind.</summary>
internal static class RandomPrograms
{
    /// <summary>The number of kinds of instructions.</summary>
    public const int Kinds = 24;

    private static readonly Tensor<double> Weights = Tensor.Create([0.3, -0.7, 0, 0.2, 0.5, -0.1, 0.9, 0, -0.4], 3, 3);

    /// <summary>A point that no operation has a kink at.</summary>
    public static Tensor<double> Point => Tensor.Create([0.31, -0.47, 0.83, 0.59, -0.23, 0.71]);

    /// <summary>Runs the instructions. Each takes the latest value and an earlier one, and its result becomes the latest.</summary>
    public static Tensor<double> Run(Tensor<double> x, (int Kind, int Operand)[] instructions)
    {
        List<Tensor<double>> values = [x];
        foreach ((int kind, int operand) in instructions)
        {
            Tensor<double> next = Apply(kind, values[^1], values[operand % values.Count]);
            values.Add(next.Reshape(6));
        }

        return values[^1];
    }

    // Exponentials are bounded: one of an exponential would leave derivatives nothing but rounding errors.
    private static Tensor<double> Apply(int kind, Tensor<double> x, Tensor<double> y) => kind switch
    {
        0 => x.Sin(),
        1 => x * y,
        2 => x / (y.Square() + 1.0),
        3 => Tensor.Concat([x[1..], y[..1]]),
        4 => (x.Reshape(2, 3) + y.Reshape(2, 3).Sum([1], keepDims: true)).Tanh(),
        5 => x.Take([5, 0, 0, 3, 2, 2]),
        6 => x.Reshape(2, 3).MatMul(Weights) + y.Reshape(2, 3),
        7 => Tensor.Where(Tensor.Create([1.0, 0, 0, 1, 1, 0]), x, y),
        8 => x.Flip(0),
        9 => x.Reshape(2, 3).Softmax(1),
        10 => Tensor.Concat([x.Reshape(3, 2).LogSumExp(0), y[2..]]),
        11 => x.ScatterAdd([1, 1, 4], y[..3]),
        12 => x.Reshape(3, 2).Transpose(),
        13 => x.Reshape(2, 3, 1).MatMul(y[..2].Reshape(2, 1, 1)).Tanh(),
        14 => x[..3].Pad([(2, 1)], 0.4),
        15 => x.Detach() * y,
        16 => x - y.Reshape(3, 2).Norm(2.0, [1], keepDims: true).BroadcastTo(3, 2).Reshape(6),
        17 => Tensor.Concat([x.Reshape(2, 3).Prod(1).Sin().Exp(), y[TensorIndex.Every(.., -1)][..4]]),
        18 => Tensor.Stack([x[..3], y[3..]], 1),
        19 => x.Maximum(y * 0.5),
        20 => x + y.Reshape(2, 3).Max([0], keepDims: true).BroadcastTo(2, 3).Reshape(6).Sin(),
        21 => Tensor.Create([1.0, 2, 3, 4, 5, 6]),
        22 => Differentiate.Checkpoint(p => p[0] * p[1].Cos(), [x, y]),
        _ => x.Sign() + (y * 2.0),
    };
}
