using AutoDiff.Optimization;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace AutoDiff.Benchmarks.Peers;

// Steps of training as users write them: the loss of a batch, its gradients, the update by Adam. The parameters move on from call to call.
internal static partial class Workloads
{
    private const float Rate = 1e-3f;

    private static IEnumerable<Workload> Training() =>
    [
        Train(Network.Perceptron(32, 64, 64, 10), "batch 32", Input<float>.Constant(80, 0, 1, 32, 32), null, 0.15),
        Train(Network.Perceptron(784, 128, 64, 10), "batch 64", Input<float>.Constant(80, 0, 1, 64, 784), 0.7, null),
        Train(Network.Convolutional(), "batch 64 of 28 × 28", Input<float>.Constant(81, 0, 1, 64, 1, 28, 28), 0.9, null),
        Train(new Transformer()),
    ];

    private static Workload Train(Network network, string batch, Input<float> x, double? wanted, double? compiledWanted)
    {
        Random random = new(82);
        int[] classes = [.. Enumerable.Range(0, x.Ours.Shape[0]).Select(_ => random.Next(10))];
        torch.Tensor theirClasses = torch.tensor(classes, torch.int64);
        return Train($"{network.Name}, {batch}", network.Start(), wanted, compiledWanted,
            p => Loss.CrossEntropy(network.Ours(x.Ours, p), classes), p => cross_entropy(network.Theirs(x.Theirs, p), theirClasses));
    }

    private static Workload Train(Transformer model) => Train($"{Transformer.Name}, {Transformer.BatchName}", Transformer.Start(), 0.9, null, model.Objective, model.Objective);

    private static Workload Train(string name, Input<float>[] start, double? wanted, double? compiledWanted, Func<Tensor<float>[], Tensor<float>> ourLoss, Func<torch.Tensor[], torch.Tensor> theirLoss)
    {
        Tensor<float>[] ourStart = [.. start.Select(p => p.Ours)];
        torch.Tensor[] theirStart = [.. start.Select(p => p.Theirs)];
        Tensor<float>[] parameters = ourStart;
        var adam = new Adam<float>(Rate);
        Lazy<CompiledTraining<float>> compiled = new(() => new Adam<float>(Rate).Compile((p, _) => ourLoss(p), ourStart, []));
        TorchSharp.Modules.Parameter[] theirParameters = [.. start.Select(p => new TorchSharp.Modules.Parameter(p.Theirs.detach().clone()))];
        torch.optim.Optimizer theirAdam = torch.optim.Adam(theirParameters, Rate);
        return Workload.OfGradients($"a step of Adam, {name}", null, null, ourLoss, ourStart, () => Gradients(theirLoss(theirStart), theirStart)) with
        {
            Forms =
            [
                new Form("left", wanted, () =>
                {
                    (_, Tensor<float>[] gradients) = Differentiate.ValueAndGradient(ourLoss, parameters);
                    parameters = adam.Step(parameters, gradients);
                }),
                new Form("compiled", compiledWanted, () => compiled.Value.Step()),
            ],
            Theirs = () =>
            {
                using DisposeScope scope = torch.NewDisposeScope();
                theirAdam.zero_grad();
                theirLoss(theirParameters).backward();
                theirAdam.step();
            },
        };
    }
}
