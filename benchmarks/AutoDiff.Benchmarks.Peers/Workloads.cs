using System.Numerics;
using TorchSharp;

namespace AutoDiff.Benchmarks.Peers;

/// <summary>What is computed. Each side is written as its users would write it; memory is freed after every call, and gradients are returned, not accumulated.</summary>
internal static partial class Workloads
{
    public static IEnumerable<Workload> All => [.. Elementwise(), .. Reductions(), .. Networks(), .. Matrices(), .. HigherOrder()];

    /// <summary>Value and gradients with AutoDiff.</summary>
    private static Tensor<T>[] Gradients<T>(Func<Tensor<T>[], Tensor<T>> f, params ReadOnlySpan<Tensor<T>> xs) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var tape = new Tape<T>();
        Tensor<T>[] variables = new Tensor<T>[xs.Length];
        for (int i = 0; i < xs.Length; i++)
            variables[i] = tape.Variable(xs[i]);
        Tensor<T> y = f(variables);
        return [y.Detach(), .. tape.Gradient(y, variables)];
    }

    /// <summary>Value and gradients with TorchSharp.</summary>
    private static torch.Tensor[] Gradients(torch.Tensor y, params torch.Tensor[] xs) => [y, .. torch.autograd.grad([y], xs)];

    private static IEnumerable<Workload> Elementwise()
    {
        Input<double> ten = Input<double>.Variable(1, -1, 1, 10);
        yield return Workload.Of("(x·x + x).sin().sum(), 10 doubles", 0.03,
            () => Gradients(v => ((v[0] * v[0]) + v[0]).Sin().Sum(), ten.Ours),
            () => Gradients((ten.Theirs * ten.Theirs + ten.Theirs).sin().sum(), ten.Theirs));

        foreach ((int n, double wanted) in ((int, double)[])[(1_000, 0.25), (100_000, 0.8), (1_000_000, 0.6)])
        {
            Input<float> x = Input<float>.Variable(2, -1, 1, n), w = Input<float>.Variable(3, -1, 1, n);
            yield return Workload.Of($"tanh(sin(x)·w + exp(x)).sum(), n = {n:N0}", wanted,
                () => Gradients(v => ((v[0].Sin() * v[1]) + v[0].Exp()).Tanh().Sum(), x.Ours, w.Ours),
                () => Gradients((x.Theirs.sin() * w.Theirs + x.Theirs.exp()).tanh().sum(), x.Theirs, w.Theirs));
        }

        Input<float> wide = Input<float>.Variable(4, -2, 4, 1_000_000), positive = Input<float>.Variable(5, 0.01, 6, 1_000_000);
        yield return Workload.Of("exp(x).sum(), n = 1,000,000", null, () => Gradients(v => v[0].Exp().Sum(), wide.Ours), () => Gradients(wide.Theirs.exp().sum(), wide.Theirs));
        yield return Workload.Of("tanh(x).sum(), n = 1,000,000", null, () => Gradients(v => v[0].Tanh().Sum(), wide.Ours), () => Gradients(wide.Theirs.tanh().sum(), wide.Theirs));
        yield return Workload.Of("log(x).sum(), n = 1,000,000", null, () => Gradients(v => v[0].Log().Sum(), positive.Ours), () => Gradients(positive.Theirs.log().sum(), positive.Theirs));
    }

    private static IEnumerable<Workload> Reductions()
    {
        Input<float> x = Input<float>.Constant(6, 0, 1, 1_000_000);
        yield return Workload.Of<float>("x.sum(), n = 1,000,000, value alone", null, () => [x.Ours.Sum()], () => [x.Theirs.sum()]);

        Input<float> rows = Input<float>.Variable(7, -3, 3, 1024, 512), weights = Input<float>.Constant(8, 0, 1, 1024, 512);
        yield return Workload.Of("(softmax(x)·w).sum(), 1024 × 512", null,
            () => Gradients(v => (v[0].Softmax(-1) * weights.Ours).Sum(), rows.Ours),
            () => Gradients((rows.Theirs.softmax(-1) * weights.Theirs).sum(), rows.Theirs));

        Input<float> scale = Input<float>.Variable(9, 0.5, 1.5, 512), shift = Input<float>.Variable(10, -1, 1, 512);
        yield return Workload.Of("layer norm 1024 × 512 with scale and shift, sum of squares; three gradients", null,
            () => Gradients(v => v[0].LayerNorm(v[1], v[2]).Square().Sum(), rows.Ours, scale.Ours, shift.Ours),
            () => Gradients(torch.nn.functional.layer_norm(rows.Theirs, [512], scale.Theirs, shift.Theirs).square().sum(), rows.Theirs, scale.Theirs, shift.Theirs));
    }
}
