using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace AutoDiff.Benchmarks.Peers;

/// <summary>A network as a function of its input and its parameters, in both libraries.</summary>
/// <param name="Name">Its kind and its widths.</param>
/// <param name="Shapes">The shape of each parameter, and the number of inputs that it sums, which tells how large the numbers are at the start.</param>
/// <param name="Ours">With AutoDiff.</param>
/// <param name="Theirs">With TorchSharp.</param>
internal sealed record Network(string Name, (int[] Shape, int Inputs)[] Shapes, Func<Tensor<float>, Tensor<float>[], Tensor<float>> Ours, Func<torch.Tensor, torch.Tensor[], torch.Tensor> Theirs)
{
    /// <summary>Two hidden layers with relu.</summary>
    public static Network Perceptron(params int[] widths) => new($"MLP {string.Join('-', widths)}",
        [([widths[0], widths[1]], widths[0]), ([widths[1]], widths[0]), ([widths[1], widths[2]], widths[1]), ([widths[2]], widths[1]), ([widths[2], widths[3]], widths[2]), ([widths[3]], widths[2])],
        static (x, p) => ((x.MatMul(p[0]) + p[1]).Relu().MatMul(p[2]) + p[3]).Relu().MatMul(p[4]) + p[5],
        static (x, p) => torch.addmm(p[5], torch.addmm(p[3], torch.addmm(p[1], x, p[0], 1, 1).relu(), p[2], 1, 1).relu(), p[4], 1, 1));

    /// <summary>Two convolutions with pooling, then a dense layer, for digits of 28 × 28.</summary>
    public static Network Convolutional() => new("CNN of two convolutions 3×3 with 16 and 32 kernels, pooling, dense 10",
        [([16, 1, 3, 3], 9), ([16, 1, 1], 9), ([32, 16, 3, 3], 144), ([32, 1, 1], 144), ([32 * 7 * 7, 10], 1568), ([10], 1568)],
        static (x, p) =>
        {
            Tensor<float> first = (x.Conv2D(p[0], padding: 1) + p[1]).Relu().MaxPool2D(2);
            Tensor<float> second = (first.Conv2D(p[2], padding: 1) + p[3]).Relu().MaxPool2D(2);
            return second.Reshape(x.Shape[0], -1).MatMul(p[4]) + p[5];
        },
        static (x, p) =>
        {
            torch.Tensor first = max_pool2d(conv2d(x, p[0], p[1].flatten(), padding: [1, 1]).relu(), 2);
            torch.Tensor second = max_pool2d(conv2d(first, p[2], p[3].flatten(), padding: [1, 1]).relu(), 2);
            return torch.addmm(p[5], second.reshape(x.shape[0], -1), p[4], 1, 1);
        });

    /// <summary>Parameters to start from, the same numbers for both.</summary>
    public Input<float>[] Start() => [.. Shapes.Select(static (s, i) => Input<float>.Variable(83 + i, -Math.Sqrt(3.0 / s.Inputs), Math.Sqrt(3.0 / s.Inputs), s.Shape))];
}
