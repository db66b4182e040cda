namespace AutoDiff;

// Recurrent cells and layers. Their gates are the rows of one matrix each for inputs and hidden states, in the order of PyTorch and cuDNN.
public sealed partial class Tensor<T>
{
    /// <summary>One step of a plain recurrent cell: h' = tanh(x Wᵀ + b + h Uᵀ + c), or max(·, 0).</summary>
    /// <param name="hidden">The hidden state h, [N, H].</param>
    /// <param name="inputWeight">W, [H, I].</param>
    /// <param name="hiddenWeight">U, [H, H].</param>
    /// <param name="inputBias">b, [H], or null for none.</param>
    /// <param name="hiddenBias">c, [H], or null for none.</param>
    /// <param name="relu">Whether the nonlinearity is max(·, 0) instead of tanh.</param>
    /// <returns>For x of shape [N, I] the next hidden state, [N, H].</returns>
    /// <exception cref="ArgumentNullException">hidden, inputWeight or hiddenWeight is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not fit.</exception>
    public Tensor<T> RnnCell(Tensor<T> hidden, Tensor<T> inputWeight, Tensor<T> hiddenWeight, Tensor<T>? inputBias = null, Tensor<T>? hiddenBias = null, bool relu = false)
    {
        CheckCell(nameof(RnnCell), 1, 2, hidden, inputWeight, hiddenWeight, inputBias, hiddenBias);
        return RnnStep(Gates(this, inputWeight, inputBias), hidden, hiddenWeight, hiddenBias, relu);
    }

    /// <summary>One step of a gated recurrent unit (Cho et al. 2014), in the form of cuDNN: r, z = σ(·), n = tanh(x Wₙᵀ + bₙ + r (h Uₙᵀ + cₙ)), h' = (1 - z) n + z h.</summary>
    /// <param name="hidden">The hidden state h, [N, H].</param>
    /// <param name="inputWeight">The weights of the input, [3 H, I]: reset r, update z, new n.</param>
    /// <param name="hiddenWeight">The weights of the hidden state, [3 H, H].</param>
    /// <param name="inputBias">[3 H], or null for none.</param>
    /// <param name="hiddenBias">[3 H], or null for none.</param>
    /// <returns>For x of shape [N, I] the next hidden state, [N, H].</returns>
    /// <exception cref="ArgumentNullException">hidden, inputWeight or hiddenWeight is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not fit.</exception>
    public Tensor<T> GruCell(Tensor<T> hidden, Tensor<T> inputWeight, Tensor<T> hiddenWeight, Tensor<T>? inputBias = null, Tensor<T>? hiddenBias = null)
    {
        CheckCell(nameof(GruCell), 3, 2, hidden, inputWeight, hiddenWeight, inputBias, hiddenBias);
        return GruStep(Gates(this, inputWeight, inputBias), hidden, hiddenWeight, hiddenBias);
    }

    /// <summary>One step of a long short-term memory (Hochreiter, Schmidhuber 1997; Gers et al. 2000): i, f, o = σ(·), g = tanh(·), c' = f c + i g, h' = o tanh(c').</summary>
    /// <param name="hidden">The hidden state h, [N, H].</param>
    /// <param name="cell">The cell state c, [N, H].</param>
    /// <param name="inputWeight">The weights of the input, [4 H, I]: input gate i, forget gate f, new g, output gate o.</param>
    /// <param name="hiddenWeight">The weights of the hidden state, [4 H, H].</param>
    /// <param name="inputBias">[4 H], or null for none.</param>
    /// <param name="hiddenBias">[4 H], or null for none.</param>
    /// <returns>For x of shape [N, I] the next hidden and cell states, [N, H] each.</returns>
    /// <exception cref="ArgumentNullException">hidden, cell, inputWeight or hiddenWeight is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not fit.</exception>
    public (Tensor<T> Hidden, Tensor<T> Cell) LstmCell(Tensor<T> hidden, Tensor<T> cell, Tensor<T> inputWeight, Tensor<T> hiddenWeight, Tensor<T>? inputBias = null, Tensor<T>? hiddenBias = null)
    {
        CheckCell(nameof(LstmCell), 4, 2, hidden, inputWeight, hiddenWeight, inputBias, hiddenBias, Errors.NotNull(cell, nameof(LstmCell), nameof(cell)));
        return LstmStep(Gates(this, inputWeight, inputBias), hidden, cell, hiddenWeight, hiddenBias);
    }

    /// <summary>A plain recurrent layer over a sequence, by the steps of <see cref="RnnCell"/>.</summary>
    /// <param name="inputWeight">[H, I].</param>
    /// <param name="hiddenWeight">[H, H].</param>
    /// <param name="inputBias">[H], or null for none.</param>
    /// <param name="hiddenBias">[H], or null for none.</param>
    /// <param name="hidden">The first hidden state, [N, H], or null for zeros.</param>
    /// <param name="relu">Whether the nonlinearity is max(·, 0) instead of tanh.</param>
    /// <returns>For x of shape [L, N, I] the hidden states of all steps, [L, N, H], and the last one.</returns>
    /// <exception cref="ArgumentNullException">inputWeight or hiddenWeight is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not fit.</exception>
    public (Tensor<T> Output, Tensor<T> Hidden) Rnn(Tensor<T> inputWeight, Tensor<T> hiddenWeight, Tensor<T>? inputBias = null, Tensor<T>? hiddenBias = null, Tensor<T>? hidden = null, bool relu = false)
    {
        Tensor<T> h = Start(nameof(Rnn), 1, inputWeight, hiddenWeight, inputBias, hiddenBias, hidden);
        return OverSteps(nameof(Rnn), Gates(this, inputWeight, inputBias), h, hiddenWeight, hiddenBias, (gates, h) => RnnStep(gates, h, hiddenWeight, hiddenBias, relu));
    }

    /// <summary>A layer of gated recurrent units over a sequence, by the steps of <see cref="GruCell"/>.</summary>
    /// <param name="inputWeight">[3 H, I].</param>
    /// <param name="hiddenWeight">[3 H, H].</param>
    /// <param name="inputBias">[3 H], or null for none.</param>
    /// <param name="hiddenBias">[3 H], or null for none.</param>
    /// <param name="hidden">The first hidden state, [N, H], or null for zeros.</param>
    /// <returns>For x of shape [L, N, I] the hidden states of all steps, [L, N, H], and the last one.</returns>
    /// <exception cref="ArgumentNullException">inputWeight or hiddenWeight is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not fit.</exception>
    public (Tensor<T> Output, Tensor<T> Hidden) Gru(Tensor<T> inputWeight, Tensor<T> hiddenWeight, Tensor<T>? inputBias = null, Tensor<T>? hiddenBias = null, Tensor<T>? hidden = null)
    {
        Tensor<T> h = Start(nameof(Gru), 3, inputWeight, hiddenWeight, inputBias, hiddenBias, hidden);
        return OverSteps(nameof(Gru), Gates(this, inputWeight, inputBias), h, hiddenWeight, hiddenBias, (gates, h) => GruStep(gates, h, hiddenWeight, hiddenBias));
    }

    /// <summary>A layer of long short-term memory over a sequence, by the steps of <see cref="LstmCell"/>.</summary>
    /// <param name="inputWeight">[4 H, I].</param>
    /// <param name="hiddenWeight">[4 H, H].</param>
    /// <param name="inputBias">[4 H], or null for none.</param>
    /// <param name="hiddenBias">[4 H], or null for none.</param>
    /// <param name="hidden">The first hidden state, [N, H], or null for zeros.</param>
    /// <param name="cell">The first cell state, [N, H], or null for zeros.</param>
    /// <returns>For x of shape [L, N, I] the hidden states of all steps, [L, N, H], and the last hidden and cell states.</returns>
    /// <exception cref="ArgumentNullException">inputWeight or hiddenWeight is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not fit.</exception>
    public (Tensor<T> Output, Tensor<T> Hidden, Tensor<T> Cell) Lstm(Tensor<T> inputWeight, Tensor<T> hiddenWeight, Tensor<T>? inputBias = null, Tensor<T>? hiddenBias = null,
        Tensor<T>? hidden = null, Tensor<T>? cell = null)
    {
        Tensor<T> h = Start(nameof(Lstm), 4, inputWeight, hiddenWeight, inputBias, hiddenBias, hidden, cell);
        Tensor<T> c = cell ?? Tensor.Zeros<T>(h.shape);
        Tensor<T> allGates = Gates(this, inputWeight, inputBias);
        (Tensor<T> output, Tensor<T> last) = OverSteps(nameof(Lstm), allGates, h, hiddenWeight, hiddenBias, (gates, h) =>
        {
            (h, c) = LstmStep(gates, h, c, hiddenWeight, hiddenBias);
            return h;
        });
        return (Independent(nameof(Lstm), output, c), Independent(nameof(Lstm), last, c), Independent(nameof(Lstm), c, allGates, h, hiddenWeight, hiddenBias));
    }

    private static Tensor<T> RnnStep(Tensor<T> gates, Tensor<T> h, Tensor<T> weight, Tensor<T>? bias, bool relu)
    {
        Tensor<T> sum = gates + Gates(h, weight, bias);
        return relu ? sum.Relu() : sum.Tanh();
    }

    private static Tensor<T> GruStep(Tensor<T> gates, Tensor<T> h, Tensor<T> weight, Tensor<T>? bias)
    {
        int n = h.shape[1];
        Tensor<T> own = Gates(h, weight, bias);
        Tensor<T> both = (gates[.., ..(2 * n)] + own[.., ..(2 * n)]).Sigmoid();
        Tensor<T> update = both[.., n..];
        Tensor<T> next = (gates[.., (2 * n)..] + (both[.., ..n] * own[.., (2 * n)..])).Tanh();
        return next + (update * (h - next));
    }

    private static (Tensor<T> Hidden, Tensor<T> Cell) LstmStep(Tensor<T> gates, Tensor<T> h, Tensor<T> c, Tensor<T> weight, Tensor<T>? bias)
    {
        int n = h.shape[1];
        Tensor<T> sum = gates + Gates(h, weight, bias);
        Tensor<T> inputAndForget = sum[.., ..(2 * n)].Sigmoid();
        Tensor<T> cell = (inputAndForget[.., n..] * c) + (inputAndForget[.., ..n] * sum[.., (2 * n)..(3 * n)].Tanh());
        return (sum[.., (3 * n)..].Sigmoid() * cell.Tanh(), cell);
    }

    /// <summary>x Wᵀ + b for [..., I] and [G, I].</summary>
    private static Tensor<T> Gates(Tensor<T> x, Tensor<T> weight, Tensor<T>? bias)
    {
        Tensor<T> product = Product(x.Reshape(Shapes.Length(x.shape.AsSpan(0, x.Rank - 1)), x.shape[^1]), weight, false, true);
        product = bias is null ? product : product + bias;
        return product.Reshape([.. x.shape.AsSpan(0, x.Rank - 1), weight.shape[0]]);
    }

    private static (Tensor<T> Output, Tensor<T> Hidden) OverSteps(string name, Tensor<T> gates, Tensor<T> h, Tensor<T> weight, Tensor<T>? bias, Func<Tensor<T>, Tensor<T>, Tensor<T>> step)
    {
        int length = gates.shape[0];
        if (length == 0)
        {
            return (Independent(name, Tensor.Zeros<T>([0, .. h.Shape]), gates, h, weight, bias), Independent(name, h, gates, weight, bias));
        }

        var outputs = new Tensor<T>[length];
        for (int i = 0; i < length; i++)
        {
            outputs[i] = h = step(gates[i], h);
        }

        return (Tensor.Stack<T>(outputs), h);
    }

    private Tensor<T> Start(string name, int gates, Tensor<T> inputWeight, Tensor<T> hiddenWeight, Tensor<T>? inputBias, Tensor<T>? hiddenBias, Tensor<T>? hidden,
        Tensor<T>? cell = null)
    {
        CheckCell(name, gates, 3, hidden, inputWeight, hiddenWeight, inputBias, hiddenBias, cell);
        return hidden ?? Tensor.Zeros<T>(shape[1], hiddenWeight.shape[1]);
    }

    private void CheckCell(string name, int gates, int rank, Tensor<T>? hidden, Tensor<T> inputWeight, Tensor<T> hiddenWeight, Tensor<T>? inputBias, Tensor<T>? hiddenBias,
        Tensor<T>? cell = null)
    {
        Errors.NotNull(inputWeight, name, nameof(inputWeight));
        Errors.NotNull(hiddenWeight, name, nameof(hiddenWeight));
        if (rank == 2)
        {
            Errors.NotNull(hidden, name, nameof(hidden));
        }

        string layout = gates == 1 ? "H" : $"{gates} H";
        if (Rank != rank || inputWeight.Rank != 2 || hiddenWeight.Rank != 2 || inputWeight.shape[1] != shape[^1] || hiddenWeight.shape[0] != (long)gates * hiddenWeight.shape[1]
            || inputWeight.shape[0] != hiddenWeight.shape[0])
        {
            throw Errors.Shape(name, $"the input has shape {Shapes.Format(shape)}, its weight {Shapes.Format(inputWeight.shape)} and that of the hidden state {Shapes.Format(hiddenWeight.shape)}",
                $"{(rank == 2 ? "[N, I]" : "[L, N, I]")}, [{layout}, I] and [{layout}, H]", "give the weights gate after gate, rows for outputs");
        }

        foreach (Tensor<T>? bias in (ReadOnlySpan<Tensor<T>?>)[inputBias, hiddenBias])
        {
            if (bias is not null && (bias.Rank != 1 || bias.length != inputWeight.shape[0]))
            {
                throw Errors.Shape(name, $"a bias has shape {Shapes.Format(bias.shape)}", $"[{inputWeight.shape[0]}]", "give one number for each row of the weights");
            }
        }

        if (hidden is not null)
        {
            CheckState(name, nameof(hidden), hidden, shape[^2], hiddenWeight.shape[1]);
        }

        if (cell is not null)
        {
            CheckState(name, nameof(cell), cell, shape[^2], hiddenWeight.shape[1]);
        }

        TapeOf([this, hidden, cell, inputWeight, hiddenWeight, inputBias, hiddenBias], name);
    }

    private static void CheckState(string name, string argument, Tensor<T> state, int samples, int width)
    {
        Errors.NotNull(state, name, argument);
        if (state.Rank != 2 || state.shape[0] != samples || state.shape[1] != width)
        {
            throw Errors.Shape(name, $"the state '{argument}' has shape {Shapes.Format(state.shape)}", $"[{samples}, {width}]", "give one row for each sample");
        }
    }
}
