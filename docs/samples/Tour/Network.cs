using AutoDiff;

namespace Tour;

/// <summary>A network of dense layers with tanh between them: a function of its inputs and its parameters, which are tensors with names.</summary>
internal static class Network
{
    /// <summary>Random parameters: for each layer in turn a weight matrix [in, out], normal with variance 1 / in, and a bias [out] of zeros.</summary>
    public static Parameters<double> RandomParameters(RandomKey key, params int[] widths) => new(
    [
        .. Enumerable.Range(0, widths.Length - 1).SelectMany(layer => new[]
        {
            ($"{layer}.weight", key.Derive(layer).Normal(widths[layer], widths[layer + 1]) / Math.Sqrt(widths[layer])),
            ($"{layer}.bias", Tensor.Zeros(widths[layer + 1])),
        }),
    ]);

    /// <summary>The outputs [n] for inputs [n, 2].</summary>
    public static Tensor<double> Apply(Parameters<double> parameters, Tensor<double> inputs)
    {
        Tensor<double> x = inputs.MatMul(parameters["0.weight"]) + parameters["0.bias"];
        for (int layer = 1; layer < parameters.Count / 2; layer++)
        {
            x = x.Tanh().MatMul(parameters[$"{layer}.weight"]) + parameters[$"{layer}.bias"];
        }

        return x[.., 0];
    }
}
