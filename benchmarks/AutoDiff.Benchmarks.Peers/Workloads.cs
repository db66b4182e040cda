using System.Numerics;
using TorchSharp;

namespace AutoDiff.Benchmarks.Peers;

/// <summary>What is computed. Each side is written as its users would write it; gradients are returned, not accumulated.</summary>
internal static partial class Workloads
{
    public static IEnumerable<Workload> All => [.. Elementwise(), .. Reductions(), .. Networks(), .. Training(), .. Matrices(), .. HigherOrder()];

    /// <summary>Value and gradients with TorchSharp.</summary>
    private static torch.Tensor[] Gradients(torch.Tensor y, params torch.Tensor[] xs) => [y, .. torch.autograd.grad([y], xs)];

    private static IEnumerable<Workload> Elementwise()
    {
        Input<double> ten = Input<double>.Variable(1, -1, 1, 10);
        yield return Workload.OfGradients("(x·x + x).sin().sum(), 10 doubles", 0.03, 0.008, v => ((v[0] * v[0]) + v[0]).Sin().Sum(), [ten.Ours],
            () => Gradients((ten.Theirs * ten.Theirs + ten.Theirs).sin().sum(), ten.Theirs));

        foreach ((int n, double wanted, double compiled) in ((int, double, double)[])[(1_000, 0.25, 0.06), (100_000, 0.8, 0.2), (1_000_000, 0.6, 0.2)])
        {
            Input<float> x = Input<float>.Variable(2, -1, 1, n), w = Input<float>.Variable(3, -1, 1, n);
            yield return Workload.OfGradients($"tanh(sin(x)·w + exp(x)).sum(), n = {n:N0}", wanted, compiled, v => ((v[0].Sin() * v[1]) + v[0].Exp()).Tanh().Sum(), [x.Ours, w.Ours],
                () => Gradients((x.Theirs.sin() * w.Theirs + x.Theirs.exp()).tanh().sum(), x.Theirs, w.Theirs));
        }

        Input<float> wide = Input<float>.Variable(4, -2, 4, 1_000_000), positive = Input<float>.Variable(5, 0.01, 6, 1_000_000);
        yield return Workload.OfGradients("exp(x).sum(), n = 1,000,000", null, null, v => v[0].Exp().Sum(), [wide.Ours], () => Gradients(wide.Theirs.exp().sum(), wide.Theirs));
        yield return Workload.OfGradients("tanh(x).sum(), n = 1,000,000", null, null, v => v[0].Tanh().Sum(), [wide.Ours], () => Gradients(wide.Theirs.tanh().sum(), wide.Theirs));
        yield return Workload.OfGradients("log(x).sum(), n = 1,000,000", null, null, v => v[0].Log().Sum(), [positive.Ours], () => Gradients(positive.Theirs.log().sum(), positive.Theirs));
    }

    private static IEnumerable<Workload> Reductions()
    {
        Input<float> x = Input<float>.Constant(6, 0, 1, 1_000_000);
        yield return Workload.Of<float>("x.sum(), n = 1,000,000, value alone", null, () => [x.Ours.Sum()], () => [x.Theirs.sum()]);

        Input<float> rows = Input<float>.Variable(7, -3, 3, 1024, 512), weights = Input<float>.Constant(8, 0, 1, 1024, 512);
        yield return Workload.OfGradients("(softmax(x)·w).sum(), 1024 × 512", null, 0.9, v => (v[0].Softmax(-1) * weights.Ours).Sum(), [rows.Ours],
            () => Gradients((rows.Theirs.softmax(-1) * weights.Theirs).sum(), rows.Theirs));

        Input<float> scale = Input<float>.Variable(9, 0.5, 1.5, 512), shift = Input<float>.Variable(10, -1, 1, 512);
        yield return Workload.OfGradients("layer norm 1024 × 512 with scale and shift, sum of squares; three gradients", null, 0.9,
            v => v[0].LayerNorm(v[1], v[2]).Square().Sum(), [rows.Ours, scale.Ours, shift.Ours],
            () => Gradients(torch.nn.functional.layer_norm(rows.Theirs, [512], scale.Theirs, shift.Theirs).square().sum(), rows.Theirs, scale.Theirs, shift.Theirs));
    }
}
