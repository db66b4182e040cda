using AutoDiff.Optimization;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace AutoDiff.Benchmarks.Peers;

// Steps of training as users write them: the loss of a batch, its gradients, the update by Adam. The parameters move on from call to call.
internal static partial class Workloads
{
    private const float Rate = 1e-3f;

    private static IEnumerable<Workload> Training() => [TrainPerceptron(32, [32, 64, 64, 10], null, 0.15), TrainPerceptron(64, [784, 128, 64, 10], 0.7, null), TrainConvolutional()];

    private static Workload TrainPerceptron(int batch, int[] widths, double? wanted, double? compiledWanted) => Train(
        $"a step of Adam, MLP {string.Join('-', widths)}, batch {batch}", wanted, compiledWanted, Input<float>.Constant(80, 0, 1, batch, widths[0]),
        [([widths[0], widths[1]], widths[0]), ([widths[1]], widths[0]), ([widths[1], widths[2]], widths[1]), ([widths[2]], widths[1]), ([widths[2], widths[3]], widths[2]), ([widths[3]], widths[2])],
        (x, p) => ((x.MatMul(p[0]) + p[1]).Relu().MatMul(p[2]) + p[3]).Relu().MatMul(p[4]) + p[5],
        (x, p) => torch.addmm(p[5], torch.addmm(p[3], torch.addmm(p[1], x, p[0], 1, 1).relu(), p[2], 1, 1).relu(), p[4], 1, 1));

    /// <summary>Two convolutions with pooling, then a dense layer, for digits of 28 × 28.</summary>
    private static Workload TrainConvolutional() => Train("a step of Adam, CNN of two convolutions 3×3 with 16 and 32 kernels, pooling, dense 10, batch 64 of 28 × 28", 0.9, null,
        Input<float>.Constant(81, 0, 1, 64, 1, 28, 28),
        [([16, 1, 3, 3], 9), ([16, 1, 1], 9), ([32, 16, 3, 3], 144), ([32, 1, 1], 144), ([32 * 7 * 7, 10], 1568), ([10], 1568)],
        (x, p) =>
        {
            Tensor<float> first = (x.Conv2D(p[0], padding: 1) + p[1]).Relu().MaxPool2D(2);
            Tensor<float> second = (first.Conv2D(p[2], padding: 1) + p[3]).Relu().MaxPool2D(2);
            return second.Reshape(64, -1).MatMul(p[4]) + p[5];
        },
        (x, p) =>
        {
            torch.Tensor first = max_pool2d(conv2d(x, p[0], p[1].flatten(), padding: [1, 1]).relu(), 2);
            torch.Tensor second = max_pool2d(conv2d(first, p[2], p[3].flatten(), padding: [1, 1]).relu(), 2);
            return torch.addmm(p[5], second.reshape(64, -1), p[4], 1, 1);
        });

    private static Workload Train(string name, double? wanted, double? compiledWanted, Input<float> x, (int[] Shape, int Inputs)[] shapes, Func<Tensor<float>, Tensor<float>[], Tensor<float>> ours,
        Func<torch.Tensor, torch.Tensor[], torch.Tensor> theirs)
    {
        Random random = new(82);
        int[] classes = [.. Enumerable.Range(0, x.Ours.Shape[0]).Select(_ => random.Next(10))];
        torch.Tensor theirClasses = torch.tensor(classes, torch.int64);
        Input<float>[] start = [.. shapes.Select((s, i) => Input<float>.Variable(83 + i, -Math.Sqrt(3.0 / s.Inputs), Math.Sqrt(3.0 / s.Inputs), s.Shape))];

        Tensor<float>[] ourStart = [.. start.Select(p => p.Ours)];
        torch.Tensor[] theirStart = [.. start.Select(p => p.Theirs)];
        Tensor<float> OurLoss(Tensor<float>[] p) => Loss.CrossEntropy(ours(x.Ours, p), classes);
        torch.Tensor TheirLoss(torch.Tensor[] p) => cross_entropy(theirs(x.Theirs, p), theirClasses);

        Tensor<float>[] parameters = ourStart;
        var adam = new Adam<float>(Rate);
        Lazy<CompiledTraining<float>> compiled = new(() => new Adam<float>(Rate).Compile((p, _) => OurLoss(p), ourStart, []));
        TorchSharp.Modules.Parameter[] theirParameters = [.. start.Select(p => new TorchSharp.Modules.Parameter(p.Theirs.detach().clone()))];
        torch.optim.Optimizer theirAdam = torch.optim.Adam(theirParameters, Rate);
        return Workload.OfGradients(name, null, null, OurLoss, ourStart, () => Gradients(TheirLoss(theirStart), theirStart)) with
        {
            Forms =
            [
                new Form("left", wanted, () =>
                {
                    (_, Tensor<float>[] gradients) = Differentiate.ValueAndGradient(OurLoss, parameters);
                    parameters = adam.Step(parameters, gradients);
                }),
                new Form("compiled", compiledWanted, () => compiled.Value.Step()),
            ],
            Theirs = () =>
            {
                using DisposeScope scope = torch.NewDisposeScope();
                theirAdam.zero_grad();
                TheirLoss(theirParameters).backward();
                theirAdam.step();
            },
        };
    }
}
