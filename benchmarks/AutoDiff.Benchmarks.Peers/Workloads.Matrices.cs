using TorchSharp;

namespace AutoDiff.Benchmarks.Peers;

internal static partial class Workloads
{
    private static IEnumerable<Workload> Matrices()
    {
        foreach (int n in (int[])[64, 256, 1024])
        {
            Input<float> a = Input<float>.Constant(60, -1, 1, n, n), b = Input<float>.Constant(61, -1, 1, n, n);
            yield return Workload.Of<float>($"matrix product {n}", 1 / 0.9, () => [a.Ours.MatMul(b.Ours)], () => [a.Theirs.mm(b.Theirs)]) with { Operations = 2.0 * n * n * n };
        }
    }

    private static IEnumerable<Workload> HigherOrder()
    {
        const int n = 256;
        Input<float> w1 = Input<float>.Constant(70, -0.1, 0.1, n, n), w2 = Input<float>.Constant(71, -0.1, 0.1, n, n), x = Input<float>.Variable(72, -1, 1, n);
        torch.Tensor[] units = torch.eye(n).unbind();
        yield return Workload.Of<float>("Jacobian 256 × 256 of W2 tanh(W1 x)", 0.05,
            () =>
            {
                using var tape = new Tape<float>();
                Tensor<float> v = tape.Variable(x.Ours);
                return [tape.Jacobian(w2.Ours.MatMul(w1.Ours.MatMul(v).Tanh()), v)];
            },
            () => [Rows(w2.Theirs.mv(w1.Theirs.mv(x.Theirs).tanh()), x.Theirs, units)]);

        Input<double> p = Input<double>.Variable(73, -1, 1, 100);
        torch.Tensor[] unitsOfPoint = torch.eye(100, dtype: torch.float64).unbind();
        yield return Workload.Of<double>("Hessian of Rosenbrock's function of 100 doubles", null,
            () => [Differentiate.Hessian(v => (((v[1..] - v[..^1].Square()).Square() * 100.0) + (1.0 - v[..^1]).Square()).Sum(), p.Ours)],
            () =>
            {
                torch.Tensor head = p.Theirs.narrow(0, 0, 99), tail = p.Theirs.narrow(0, 1, 99);
                torch.Tensor y = ((tail - head.square()).square() * 100 + (1 - head).square()).sum();
                return [Rows(torch.autograd.grad([y], [p.Theirs], retain_graph: true, create_graph: true)[0], p.Theirs, unitsOfPoint)];
            });

        Input<double> rows = Input<double>.Constant(74, -1, 1, 32, 4), targets = Input<double>.Constant(75, -1, 1, 32, 1), parameters = Input<double>.Variable(76, -1, 1, 49);
        torch.Tensor[] unitsOfParameters = torch.eye(49, dtype: torch.float64).unbind();
        yield return Workload.Of<double>("Hessian of a network 4-8-1, tanh, 32 rows, all 49 parameters, double", null,
            () => [Differentiate.Hessian(v =>
            {
                Tensor<double> hidden = (rows.Ours.MatMul(v[..32].Reshape(4, 8)) + v[32..40]).Tanh();
                return (hidden.MatMul(v[40..48].Reshape(8, 1)) + v[48..] - targets.Ours).Square().Mean();
            }, parameters.Ours)],
            () =>
            {
                torch.Tensor v = parameters.Theirs;
                torch.Tensor hidden = torch.addmm(v.narrow(0, 32, 8), rows.Theirs, v.narrow(0, 0, 32).view(4, 8), 1, 1).tanh();
                torch.Tensor y = (torch.addmm(v.narrow(0, 48, 1), hidden, v.narrow(0, 40, 8).view(8, 1), 1, 1) - targets.Theirs).square().mean();
                return [Rows(torch.autograd.grad([y], [v], retain_graph: true, create_graph: true)[0], v, unitsOfParameters)];
            });
    }

    /// <summary>The Jacobian with TorchSharp, which has one sweep for each row.</summary>
    private static torch.Tensor Rows(torch.Tensor y, torch.Tensor x, torch.Tensor[] units)
    {
        torch.Tensor[] rows = new torch.Tensor[units.Length];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = torch.autograd.grad([y], [x], [units[i]], retain_graph: true)[0];
        return torch.stack(rows);
    }
}
