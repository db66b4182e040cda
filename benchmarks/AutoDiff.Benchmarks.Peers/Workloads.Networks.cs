using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace AutoDiff.Benchmarks.Peers;

internal static partial class Workloads
{
    private static IEnumerable<Workload> Networks() =>
    [
        Perceptron(32, [64, 64, 64, 10], 0.3), Perceptron(128, [784, 512, 512, 10], 1), Perceptron(256, [1024, 1024, 1024, 10], 1),
        Convolution(), DeepConvolution(), Attention(), FusedAttention(),
    ];

    /// <summary>Three layers with ReLU between, and cross-entropy; the gradients of all weights and biases.</summary>
    private static Workload Perceptron(int batch, int[] widths, double wanted)
    {
        Input<float> x = Input<float>.Constant(20, -1, 1, batch, widths[0]);
        Random random = new(21);
        int[] classes = [.. Enumerable.Range(0, batch).Select(_ => random.Next(widths[^1]))];
        torch.Tensor theirClasses = torch.tensor(classes, torch.int64);
        List<Input<float>> parameters = [];
        for (int layer = 1; layer < widths.Length; layer++)
        {
            double bound = Math.Sqrt(6.0 / widths[layer - 1]);
            parameters.Add(Input<float>.Variable(22 + layer, -bound, bound, widths[layer - 1], widths[layer]));
            parameters.Add(Input<float>.Variable(32 + layer, -0.1, 0.1, widths[layer]));
        }

        Tensor<float>[] ours = [.. parameters.Select(p => p.Ours)];
        torch.Tensor[] p = [.. parameters.Select(p => p.Theirs)];
        return Workload.OfGradients($"3-layer MLP + cross-entropy, batch {batch}, {string.Join('-', widths)}", wanted, null,
            v =>
            {
                Tensor<float> first = (x.Ours.MatMul(v[0]) + v[1]).Relu();
                Tensor<float> second = (first.MatMul(v[2]) + v[3]).Relu();
                return Loss.CrossEntropy(second.MatMul(v[4]) + v[5], classes);
            }, ours,
            () =>
            {
                torch.Tensor first = torch.addmm(p[1], x.Theirs, p[0], 1, 1).relu();
                torch.Tensor second = torch.addmm(p[3], first, p[2], 1, 1).relu();
                return Gradients(cross_entropy(torch.addmm(p[5], second, p[4], 1, 1), theirClasses), p);
            });
    }

    private static Workload Convolution()
    {
        Input<float> x = Input<float>.Constant(40, -1, 1, 16, 16, 32, 32), w = Input<float>.Variable(41, -0.1, 0.1, 32, 16, 3, 3);
        return Workload.OfGradients("conv2d 16×16×32×32, 32 kernels 3×3, padding 1, relu, sum; gradient of the kernels", 1, null, v => x.Ours.Conv2D(v[0], padding: 1).Relu().Sum(), [w.Ours],
            () => Gradients(conv2d(x.Theirs, w.Theirs, padding: [1, 1]).relu().sum(), w.Theirs));
    }

    private static Workload DeepConvolution()
    {
        Input<float> x = Input<float>.Variable(42, -1, 1, 4, 256, 14, 14), w = Input<float>.Variable(43, -0.1, 0.1, 256, 256, 3, 3);
        return Workload.OfGradients("conv2d 4×256×14×14, 256 kernels 3×3, padding 1, relu, sum; two gradients", 1, null, v => v[0].Conv2D(v[1], padding: 1).Relu().Sum(), [x.Ours, w.Ours],
            () => Gradients(conv2d(x.Theirs, w.Theirs, padding: [1, 1]).relu().sum(), x.Theirs, w.Theirs));
    }

    private static Workload Attention()
    {
        (Input<float> q, Input<float> k, Input<float> v) = AttentionInputs();
        return Workload.OfGradients("attention, batch 8, 128 × 64, softmax(q kᵀ/8) v, sum of squares; three gradients", 1, null,
            x => (x[0].MatMul(x[1].Transpose()) * 0.125f).Softmax(-1).MatMul(x[2]).Square().Sum(), [q.Ours, k.Ours, v.Ours],
            () => Gradients((q.Theirs.bmm(k.Theirs.transpose(1, 2)) * 0.125f).softmax(-1).bmm(v.Theirs).square().sum(), q.Theirs, k.Theirs, v.Theirs));
    }

    private static Workload FusedAttention()
    {
        (Input<float> q, Input<float> k, Input<float> v) = AttentionInputs();
        return Workload.OfGradients("the same attention by each library's scaled dot-product attention", 1, null,
            x => x[0].ScaledDotProductAttention(x[1], x[2]).Square().Sum(), [q.Ours, k.Ours, v.Ours],
            () => Gradients(scaled_dot_product_attention(q.Theirs, k.Theirs, v.Theirs).square().sum(), q.Theirs, k.Theirs, v.Theirs));
    }

    private static (Input<float> Q, Input<float> K, Input<float> V) AttentionInputs() =>
        (Input<float>.Variable(50, -2, 2, 8, 128, 64), Input<float>.Variable(51, -2, 2, 8, 128, 64), Input<float>.Variable(52, -2, 2, 8, 128, 64));
}
