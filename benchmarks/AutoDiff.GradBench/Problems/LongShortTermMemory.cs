namespace AutoDiff.GradBench.Problems;

/// <summary>
/// The negative log-likelihood of a sequence of characters under a diagonal LSTM, as in ADBench. A layer needs nothing of the layers above it, so each is run over the whole sequence before the
/// next: what does not depend on the layer's own state is then computed for all characters at once.
/// </summary>
internal sealed class LongShortTermMemory(Tensor<double> state, Tensor<double> sequence)
{
    /// <summary>The objective in terms of the layers' parameters [2 l, 4 b] (weights and biases of forget gate, input gate, output gate and change) and of [3, b]: input and output weights and output biases.</summary>
    /// <param name="main">The parameters of the layers.</param>
    /// <param name="extra">The other parameters.</param>
    /// <param name="byRows">Whether the sequence is run by ScanRows, and not by a loop that is recorded step by step.</param>
    public Tensor<double> Objective(Tensor<double> main, Tensor<double> extra, bool byRows = false)
    {
        (int steps, int b) = (sequence.Shape[0] - 1, sequence.Shape[1]);
        Tensor<double> x = sequence[..steps] * extra[0];
        for (int layer = 0; layer < main.Shape[0] / 2; layer++)
        {
            Tensor<double> w = main[2 * layer].Reshape(4, b);
            Tensor<double> bias = main[(2 * layer) + 1].Reshape(4, b);
            Tensor<double> forget = ((x * w[0]) + bias[0]).Sigmoid();
            Tensor<double> output = ((x * w[2]) + bias[2]).Sigmoid();
            Tensor<double>[] weights = [w[1], bias[1], w[3], bias[3]];
            Tensor<double> before = state[(2 * layer)..((2 * layer) + 2)];
            x = byRows
                ? Differentiate.ScanRows((s, row, p) => Step(s[0], s[1], row[0], row[1], p) is var (h, c) ? Tensor.Stack<double>([h, c]) : s, before, Tensor.Stack<double>([forget, output], 1), weights)[.., 0]
                : Loop(before[0], before[1], forget, output, weights);
        }

        Tensor<double> y = (x * extra[1]) + extra[2];
        Tensor<double> normalization = (y.Exp().Sum([1], keepDims: true) + 2.0).Log();
        return (sequence[1..] * (y - normalization)).Sum() / (-steps * (double)b);
    }

    /// <summary>The value and the gradients by both groups of parameters.</summary>
    public (Tensor<double> Value, Tensor<double>[] Gradients) Gradient(Tensor<double> main, Tensor<double> extra, bool byRows = false) =>
        Differentiate.ValueAndGradient(p => Objective(p[0], p[1], byRows), [main, extra]);

    private static Tensor<double> Loop(Tensor<double> h, Tensor<double> c, Tensor<double> forget, Tensor<double> output, Tensor<double>[] weights)
    {
        var hidden = new Tensor<double>[forget.Shape[0]];
        for (int t = 0; t < hidden.Length; t++)
        {
            (h, c) = Step(h, c, forget[t], output[t], weights);
            hidden[t] = h;
        }

        return Tensor.Stack<double>(hidden);
    }

    private static (Tensor<double> H, Tensor<double> C) Step(Tensor<double> h, Tensor<double> c, Tensor<double> forget, Tensor<double> output, Tensor<double>[] weights)
    {
        Tensor<double> gate = ((h * weights[0]) + weights[1]).Sigmoid();
        Tensor<double> change = ((h * weights[2]) + weights[3]).Tanh();
        c = (c * forget) + (gate * change);
        return (output * c.Tanh(), c);
    }
}
