using AutoDiff.Optimization;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace AutoDiff.Benchmarks.Peers;

// Steps of training as users write them: the loss of a batch, its gradients, the update by Adam. The parameters move on from call to call.
internal static partial class Workloads
{
    private const float Rate = 1e-3f;

    /// <summary>The steps whose losses are compared before the time is taken.</summary>
    private const int ComparedSteps = 4;

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
        Workload first = Workload.OfGradients($"a step of Adam, {name}", null, null, ourLoss, ourStart, () => Gradients(theirLoss(theirStart), theirStart));
        return first with
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
            Compare = () =>
            {
                first.Compare();
                Workload.CompareResults<float>($"{first.Name}, losses", () => [Losses(ourLoss, ourStart)], () => [Losses(theirLoss, theirStart)]);
                Workload.CompareResults<float>($"{first.Name}, losses, compiled", () => [CompiledLosses(ourLoss, ourStart)], () => [Losses(theirLoss, theirStart)]);
            },
        };
    }

    /// <summary>The losses of the first steps.</summary>
    private static Tensor<float> Losses(Func<Tensor<float>[], Tensor<float>> loss, Tensor<float>[] parameters)
    {
        var adam = new Adam<float>(Rate);
        var losses = new float[ComparedSteps];
        for (int i = 0; i < losses.Length; i++)
        {
            (Tensor<float> value, Tensor<float>[] gradients) = Differentiate.ValueAndGradient(loss, parameters);
            losses[i] = value.ToScalar();
            parameters = adam.Step(parameters, gradients);
        }

        return Tensor.Create(losses);
    }

    private static Tensor<float> CompiledLosses(Func<Tensor<float>[], Tensor<float>> loss, Tensor<float>[] start)
    {
        using CompiledTraining<float> training = new Adam<float>(Rate).Compile((p, _) => loss(p), start, []);
        var losses = new float[ComparedSteps];
        for (int i = 0; i < losses.Length; i++)
            losses[i] = training.Step();
        return Tensor.Create(losses);
    }

    private static torch.Tensor Losses(Func<torch.Tensor[], torch.Tensor> loss, torch.Tensor[] start)
    {
        TorchSharp.Modules.Parameter[] parameters = [.. start.Select(p => new TorchSharp.Modules.Parameter(p.detach().clone()))];
        torch.optim.Optimizer adam = torch.optim.Adam(parameters, Rate);
        var losses = new float[ComparedSteps];
        for (int i = 0; i < losses.Length; i++)
        {
            adam.zero_grad();
            torch.Tensor value = loss(parameters);
            losses[i] = value.item<float>();
            value.backward();
            adam.step();
        }

        return torch.tensor(losses);
    }
}
