namespace AutoDiff.Tests.Operations;

// Inputs of a cell or layer: x, states (hidden, and cell of an LSTM), weights of the input and of the hidden state, and the two biases.
internal static partial class OperationTable<T>
{
    private static OperationRow<T>[] Recurrent =>
    [
        new("RnnCell", 6, x => x[0].RnnCell(x[1], x[2], x[3], x[4], x[5])) { Shapes = "3x1 3x2 2x1 2x2 2 2 | 0x1 0x2 2x1 2x2 2 2", Domain = (-1, 1), Reference = xs => Steps(xs, 1, false).Hidden, Bad = [.. BadCell(1, (x, h, w, u, b) => x.RnnCell(h, w, u, b)), Throws<ArgumentNullException>(on => on(1, 2).RnnCell(null!, on(3, 2), on(3, 3)))] },
        new("RnnCell: relu", 4, x => x[0].RnnCell(x[1], x[2], x[3], relu: true)) { Shapes = "3x2 3x2 2x2 2x2", Domain = (0.1, 1), Composed = x => (x[0].MatMul(x[2].Transpose()) + x[1].MatMul(x[3].Transpose())).Relu() },
        new("GruCell", 6, x => x[0].GruCell(x[1], x[2], x[3], x[4], x[5])) { Shapes = "2x1 2x2 6x1 6x2 6 6 | 0x1 0x2 6x1 6x2 6 6", Domain = (-1, 1), Reference = xs => Steps(xs, 3, false).Hidden, Bad = BadCell(3, (x, h, w, u, b) => x.GruCell(h, w, u, b)) },
        new("LstmCell", 7, x => Both(x[0].LstmCell(x[1], x[2], x[3], x[4], x[5], x[6]))) { Shapes = "2x1 2x2 2x2 8x1 8x2 8 8 | 0x1 0x2 0x2 8x1 8x2 8 8", Domain = (-1, 1), Reference = xs => Steps(xs, 4, false) is var (h, c, _) ? new([.. h.Values, .. c.Values], [2, .. h.Shape]) : null!, Bad = [.. BadCell(4, (x, h, w, u, b) => x.LstmCell(h, h, w, u, b).Hidden), Throws<TensorShapeException>(on => on(1, 2).LstmCell(on(1, 3), on(2, 3), on(12, 2), on(12, 3)).Cell)] },
        new("Rnn", 6, x => x[0].Rnn(x[2], x[3], x[4], x[5], x[1]).Output) { Shapes = "3x2x1 2x2 2x1 2x2 2 2", Domain = (-1, 1), Reference = xs => Steps(xs, 1, true).Output, Bad = BadLayer(1, (x, w, u, h) => x.Rnn(w, u, hidden: h).Output) },
        new("Rnn: zero state", (x, w, u) => x.Rnn(w, u).Hidden) { Shapes = "3x2x1 2x1 2x2", Domain = (-1, 1), Composed = x => x[0].Rnn(x[1], x[2], hidden: Tensor.Zeros<T>(2, 2)).Output[^1] },
        new("Gru", 6, x => x[0].Gru(x[2], x[3], x[4], x[5], x[1]).Output) { Shapes = "3x2x1 2x2 6x1 6x2 6 6", Domain = (-1, 1), Reference = xs => Steps(xs, 3, true).Output, Bad = BadLayer(3, (x, w, u, h) => x.Gru(w, u, hidden: h).Output) },
        new("Lstm", 7, x => x[0].Lstm(x[3], x[4], x[5], x[6], x[1], x[2]).Output) { Shapes = "3x2x1 2x2 2x2 8x1 8x2 8 8", Domain = (-1, 1), Reference = xs => Steps(xs, 4, true).Output, Bad = [.. BadLayer(4, (x, w, u, h) => x.Lstm(w, u, hidden: h).Output), Throws<TensorShapeException>(on => on(2, 1, 2).Lstm(on(12, 2), on(12, 3), cell: on(2, 3)).Cell)] },
        new("Lstm: last states", 7, x => x[0].Lstm(x[3], x[4], x[5], x[6], x[1], x[2]) is var (_, h, c) ? Both((h, c)) : null!) { Shapes = "3x2x1 2x2 2x2 8x1 8x2 8 8", Domain = (-1, 1), Reference = xs => Steps(xs, 4, true) is var (h, c, _) ? new([.. h.Values, .. c.Values], [2, .. h.Shape]) : null! },
        new("ScaledDotProductAttention", (q, k, v) => q.ScaledDotProductAttention(k, v)) { Shapes = "3x2 4x2 4x3 | 2x3x2 2x4x2 2x4x1 | 2x1x3x2 3x4x2 3x4x2 | 70x2 5x2 5x1 | 0x2 3x2 3x1", Composed = x => Attend(x[0], x[1], x[2], null, null), Bad = [Throws<TensorShapeException>(on => on(3, 2).ScaledDotProductAttention(on(4, 3), on(4, 2))), Throws<TensorShapeException>(on => on(3, 2).ScaledDotProductAttention(on(4, 2), on(3, 2))), Throws<TensorShapeException>(on => on(2).ScaledDotProductAttention(on(4, 2), on(4, 2))), Throws<TensorShapeException>(on => on(2, 3, 2).ScaledDotProductAttention(on(3, 4, 2), on(4, 2))), Throws<TensorShapeException>(on => on(3, 2).ScaledDotProductAttention(on(4, 2), on(4, 2), mask: on(3, 3))), Throws<TensorShapeException>(on => on(3, 2).ScaledDotProductAttention(on(4, 2), on(4, 2), bias: on(2, 3, 4))), Throws<ArgumentNullException>(on => on(3, 2).ScaledDotProductAttention(null!, on(4, 2)))] },
        new("ScaledDotProductAttention: causal, scale", (q, k, v) => q.ScaledDotProductAttention(k, v, causal: true, scale: 0.3)) { Shapes = "3x2 4x2 4x3 | 2x4x2 2x2x2 2x2x1", Composed = x => Attend(x[0], x[1], x[2], Triangle(x[0].Shape[^2], x[1].Shape[^2]), null, 0.3) },
        new("ScaledDotProductAttention: a masked row", (q, k, v) => q.ScaledDotProductAttention(k, v, mask: Tensor.Create([N(1), N(0), N(1), N(0), N(0), N(0), N(0), N(1), N(1)], 3, 3))) { Shapes = "3x2 3x2 3x1 | 2x3x2 3x2 3x1", Composed = x => Attend(x[0], x[1], x[2], Tensor.Create([N(1), N(0), N(1), N(1), N(1), N(1), N(0), N(1), N(1)], 3, 3), null) * Tensor.Create([N(1), N(0), N(1)], 3, 1) },
        new("ScaledDotProductAttention: bias", (q, kv, b) => q.ScaledDotProductAttention(kv, kv, bias: b)) { Shapes = "3x2 4x2 3x4 | 2x3x2 4x2 4 | 2x3x2 4x2 2x1x4", Composed = x => Attend(x[0], x[1], x[1], null, x[2]) },
        new("ScaledDotProductAttention: bias, mask by sample", (q, kv, b) => q.ScaledDotProductAttention(kv, kv, mask: Tensor.Create([N(1), N(1), N(0), N(0), N(1), N(1)], 2, 1, 3), bias: b, causal: true)) { Shapes = "2x3x2 2x3x2 3x3", Composed = x => Attend(x[0], x[1], x[1], Triangle(3, 3) * Tensor.Create([N(1), N(1), N(0), N(0), N(1), N(1)], 2, 1, 3), x[2]) },
        new("RotaryEmbedding", x => x.RotaryEmbedding()) { Shapes = "3x4 | 2x2x2 | 0x2", Exact = true, Reference = xs => Turned(xs[0], 10000, 0, true), Bad = [Throws<TensorShapeException>(on => on(3, 3).RotaryEmbedding()), Throws<TensorShapeException>(on => on(4).RotaryEmbedding())] },
        new("RotaryEmbedding: halves", x => x.RotaryEmbedding(100, 5, interleaved: false)) { Shapes = "3x4 | 2x2x6", Exact = true, Reference = xs => Turned(xs[0], 100, 5, false) },
    ];

    private static Tensor<T> Both((Tensor<T> Hidden, Tensor<T> Cell) states) => Tensor.Stack([states.Hidden, states.Cell]);

    private static Tensor<T> Triangle(int rows, int columns) => Tensor.Create<T>([.. Enumerable.Range(0, rows * columns).Select(i => N(i % columns <= i / columns ? 1 : 0))], rows, columns);

    /// <summary>Attention by the operations that it fuses; every row of the mask must see something, but for rows that it makes up to zeros.</summary>
    private static Tensor<T> Attend(Tensor<T> q, Tensor<T> k, Tensor<T> v, Tensor<T>? mask, Tensor<T>? bias, double? scale = null)
    {
        Tensor<T> scores = q.MatMul(k.Transpose()) * N(scale ?? 1 / Math.Sqrt(q.Shape[^1]));
        scores = bias is null ? scores : scores + bias;
        if (mask is null)
        {
            return scores.Softmax(-1).MatMul(v);
        }

        Tensor<T> any = mask.Sum([-1], keepDims: true);
        return (Tensor.Where(Tensor.Where(any, mask, T.One), scores, N(-1e4)).Softmax(-1) * Tensor.Where(any, T.One, Tensor.Scalar(T.Zero))).MatMul(v);
    }

    private static Plain Turned(Plain x, double frequencyBase, int offset, bool interleaved) => Plain.Build(x.Shape, at =>
    {
        int width = x.Shape[^1];
        int pair = interleaved ? at[^1] / 2 : at[^1] % (width / 2);
        (int first, int second) = interleaved ? (2 * pair, (2 * pair) + 1) : (pair, pair + (width / 2));
        double angle = (at[^2] + offset) / Math.Pow(frequencyBase, 2.0 * pair / width);
        (double a, double b) = (x[[.. at[..^1], first]], x[[.. at[..^1], second]]);
        return at[^1] == first ? (a * Math.Cos(angle)) - (b * Math.Sin(angle)) : (a * Math.Sin(angle)) + (b * Math.Cos(angle));
    });

    /// <summary>One step of a cell, or all steps of a layer, by loops over single numbers.</summary>
    private static (Plain Hidden, Plain Cell, Plain Output) Steps(Plain[] xs, int gates, bool sequence)
    {
        Plain x = sequence ? xs[0] : new(xs[0].Values, [1, .. xs[0].Shape]);
        int k = gates == 4 ? 3 : 2;
        (Plain w, Plain u, Plain b, Plain d) = (xs[k], xs[k + 1], xs[k + 2], xs[k + 3]);
        (int steps, int samples, int width, int inputs) = (x.Shape[0], x.Shape[1], u.Shape[1], x.Shape[2]);
        var h = new double[samples, width];
        var c = new double[samples, width];
        var outputs = new List<double>();
        for (int n = 0; n < samples; n++)
        {
            for (int j = 0; j < width; j++)
            {
                h[n, j] = xs[1][n, j];
                c[n, j] = gates == 4 ? xs[2][n, j] : 0;
            }
        }

        for (int t = 0; t < steps; t++)
        {
            var next = new double[samples, width];
            for (int n = 0; n < samples; n++)
            {
                double Input(int gate, int j) => b[(gate * width) + j] + Enumerable.Range(0, inputs).Sum(i => w[(gate * width) + j, i] * x[t, n, i]);
                double Own(int gate, int j) => d[(gate * width) + j] + Enumerable.Range(0, width).Sum(i => u[(gate * width) + j, i] * h[n, i]);
                double Gate(int gate, int j) => 1 / (1 + Math.Exp(-Input(gate, j) - Own(gate, j)));
                for (int j = 0; j < width; j++)
                {
                    if (gates == 4)
                    {
                        c[n, j] = (Gate(1, j) * c[n, j]) + (Gate(0, j) * Math.Tanh(Input(2, j) + Own(2, j)));
                        next[n, j] = Gate(3, j) * Math.Tanh(c[n, j]);
                    }
                    else
                    {
                        next[n, j] = gates == 1 ? Math.Tanh(Input(0, j) + Own(0, j))
                            : ((1 - Gate(1, j)) * Math.Tanh(Input(2, j) + (Gate(0, j) * Own(2, j)))) + (Gate(1, j) * h[n, j]);
                    }
                }
            }

            h = next;
            outputs.AddRange(h.Cast<double>());
        }

        return (new([.. h.Cast<double>()], [samples, width]), new([.. c.Cast<double>()], [samples, width]), new([.. outputs], [steps, samples, width]));
    }

    private static BadInput<T>[] BadCell(int gates, Func<Tensor<T>, Tensor<T>, Tensor<T>, Tensor<T>, Tensor<T>?, Tensor<T>> f) =>
    [
        Throws<TensorShapeException>(on => f(on(1, 2), on(1, 3), on(gates * 3, 1), on(gates * 3, 3), null)), Throws<TensorShapeException>(on => f(on(1, 2), on(2, 3), on(gates * 3, 2), on(gates * 3, 3), null)),
        Throws<TensorShapeException>(on => f(on(1, 2), on(1, 3), on(gates * 3, 2), on((gates * 3) + 1, 3), null)), Throws<TensorShapeException>(on => f(on(1, 2), on(1, 3), on(gates * 3, 2), on(gates * 3, 3), on(2))),
        Throws<TensorShapeException>(on => f(on(2), on(1, 3), on(gates * 3, 2), on(gates * 3, 3), null)), Throws<ArgumentNullException>(on => f(on(1, 2), on(1, 3), null!, on(gates * 3, 3), null)),
    ];

    private static BadInput<T>[] BadLayer(int gates, Func<Tensor<T>, Tensor<T>, Tensor<T>, Tensor<T>?, Tensor<T>> f) =>
    [
        Throws<TensorShapeException>(on => f(on(1, 2), on(gates * 3, 2), on(gates * 3, 3), null)), Throws<TensorShapeException>(on => f(on(2, 1, 2), on(gates * 3, 2), on(gates * 3, 3), on(2, 3))),
        Throws<ArgumentNullException>(on => f(on(2, 1, 2), on(gates * 3, 2), null!, null)),
    ];
}
