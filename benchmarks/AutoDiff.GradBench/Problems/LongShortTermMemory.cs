namespace AutoDiff.GradBench.Problems;

/// <summary>
/// The negative log-likelihood of a sequence of characters under a diagonal LSTM, as in ADBench. A layer needs nothing of the layers above it, so each is run over the whole sequence before the
/// next: what does not depend on the layer's own state is then computed for all characters at once.
/// </summary>
internal sealed class LongShortTermMemory(Tensor<double> state, Tensor<double> sequence)
{
    /// <summary>The objective in terms of the layers' parameters [2 l, 4 b] (weights and biases of forget gate, input gate, output gate and change) and of [3, b]: input and output weights and output biases.</summary>
    public Tensor<double> Objective(Tensor<double> main, Tensor<double> extra)
    {
        (int steps, int b) = (sequence.Shape[0] - 1, sequence.Shape[1]);
        Tensor<double> x = sequence[..steps] * extra[0];
        for (int layer = 0; layer < main.Shape[0] / 2; layer++)
        {
            Tensor<double> w = main[2 * layer].Reshape(4, b);
            Tensor<double> bias = main[(2 * layer) + 1].Reshape(4, b);
            Tensor<double> forget = ((x * w[0]) + bias[0]).Sigmoid();
            Tensor<double> output = ((x * w[2]) + bias[2]).Sigmoid();
            (Tensor<double> gateWeight, Tensor<double> gateBias, Tensor<double> changeWeight, Tensor<double> changeBias) = (w[1], bias[1], w[3], bias[3]);
            (Tensor<double> h, Tensor<double> c) = (state[2 * layer], state[(2 * layer) + 1]);
            var hidden = new Tensor<double>[steps];
            for (int t = 0; t < steps; t++)
            {
                Tensor<double> gate = ((h * gateWeight) + gateBias).Sigmoid();
                Tensor<double> change = ((h * changeWeight) + changeBias).Tanh();
                c = (c * forget[t]) + (gate * change);
                hidden[t] = h = output[t] * c.Tanh();
            }

            x = Tensor.Stack<double>(hidden);
        }

        Tensor<double> y = (x * extra[1]) + extra[2];
        Tensor<double> normalization = (y.Exp().Sum([1], keepDims: true) + 2.0).Log();
        return (sequence[1..] * (y - normalization)).Sum() / (-steps * (double)b);
    }

    /// <summary>The value and the gradients by both groups of parameters.</summary>
    public (Tensor<double> Value, Tensor<double>[] Gradients) Gradient(Tensor<double> main, Tensor<double> extra) =>
        Differentiate.ValueAndGradient(p => Objective(p[0], p[1]), [main, extra]);
}
