using AutoDiff;

namespace Tour;

/// <summary>A network of dense layers with tanh between them: a function of its inputs and its parameters. The parameters are plain tensors; what to differentiate is up to the caller.</summary>
internal static class Network
{
    /// <summary>Random parameters: for each layer in turn a weight matrix [in, out], normal with variance 1 / in, and a bias [out] of zeros.</summary>
    public static Tensor<double>[] RandomParameters(RandomKey key, params int[] widths) =>
    [
        .. Enumerable.Range(0, widths.Length - 1).SelectMany(layer => new[]
        {
            key.Derive(layer).Normal(widths[layer], widths[layer + 1]) / Math.Sqrt(widths[layer]),
            Tensor.Zeros<double>(widths[layer + 1]),
        }),
    ];

    /// <summary>The outputs [n] for inputs [n, 2].</summary>
    public static Tensor<double> Apply(Tensor<double>[] parameters, Tensor<double> inputs)
    {
        Tensor<double> x = inputs.MatMul(parameters[0]) + parameters[1];
        for (int i = 2; i < parameters.Length; i += 2)
        {
            x = x.Tanh().MatMul(parameters[i]) + parameters[i + 1];
        }

        return x[.., 0];
    }
}
