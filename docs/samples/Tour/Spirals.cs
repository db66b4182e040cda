using AutoDiff;
using AutoDiff.Optimization;
using Samples;

namespace Tour;

/// <summary>Part 4: a small network learns to tell two spirals apart; its training is stopped, written to a file, and resumed.</summary>
internal static class Spirals
{
    private const int PointsPerSpiral = 200;
    public const int Hidden = 24;
    public const int Steps = 1200;

    public static void Show(string page)
    {
        Terminal.Heading("4  A network learns two spirals");
        var key = new RandomKey(1);
        (Tensor<double> points, Tensor<double> labels) = MakeSpirals(key.Derive(0));
        Parameters<double> parameters = Network.RandomParameters(key.Derive(1), 2, Hidden, Hidden, 1);
        Terminal.Line($"{points.Shape[0]} points, layers 2-{Hidden}-{Hidden}-1, {Steps} steps of Adam. The parameters have names:");
        Terminal.Table(["parameter", "shape", "numbers"], parameters.Select(p => new[] { p.Key, string.Join(" × ", p.Value.Shape.ToArray()), $"{p.Value.Length}" }));
        Terminal.Code("(Tensor<double> loss, Parameters<double> gradients) = Differentiate.ValueAndGradient(Objective, parameters);");
        Terminal.Code("parameters = optimizer.Step(parameters, gradients);");

        // Half of the training, a checkpoint, and the other half twice: going on, and resumed from the file.
        Adam<double> optimizer = MakeOptimizer();
        var losses = new List<double>(Steps);
        string checkpoint = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Parameters<double> resumed = parameters;
        Terminal.Progress("training", report =>
        {
            for (int step = 1; step <= Steps; step++)
            {
                (parameters, double loss) = TrainingStep(parameters, optimizer, points, labels);
                losses.Add(loss);
                report((double)step / Steps, $"loss {loss:0.00000}");
                if (step == Steps / 2)
                {
                    TrainingCheckpoint.Write(checkpoint, parameters, optimizer, key);
                }
            }
        });

        double accuracy = (Network.Apply(parameters, points) > 0.0).EqualTo(labels).Mean().ToScalar();
        int[] shown = [1, Steps / 8, Steps / 4, Steps / 2, Steps];
        Terminal.Table(["step", "loss"], shown.Select(step => new[] { $"{step}", $"{losses[step - 1]:0.000000}" }));
        Terminal.Check("the loss has fallen below 0.01", losses[^1] < 0.01);
        Terminal.Check($"{accuracy:P1} of the points are classified right, at least 99 %", accuracy >= 0.99);

        Terminal.Line();
        Terminal.Line($"Resumed from the checkpoint of step {Steps / 2}: parameters, what Adam remembers, and the random key.");
        Terminal.Code("TrainingCheckpoint.Write(path, parameters, optimizer, key); ... TrainingCheckpoint.Read(path, parameters, optimizer)");
        Adam<double> another = MakeOptimizer();
        resumed = TrainingCheckpoint.Read(checkpoint, resumed, another).Parameters;
        File.Delete(checkpoint);
        for (int step = Steps / 2; step < Steps; step++)
        {
            (resumed, _) = TrainingStep(resumed, another, points, labels);
        }

        Terminal.Check("the resumed training ends at the same bits", parameters.Flatten().AsSpan().SequenceEqual(resumed.Flatten().AsSpan()));

        Page.Write(page, losses, points, labels, at => Network.Apply(parameters, at).Sigmoid());
        Terminal.Line($"Loss curve and decision boundary: {page}");
    }

    public static Adam<double> MakeOptimizer() => new(0.01);

    /// <summary>One step: the loss and the gradients of all parameters, and the parameters that follow. Tensors are immutable, so the old ones stay what they were.</summary>
    public static (Parameters<double> Next, double Loss) TrainingStep(Parameters<double> parameters, Adam<double> optimizer, Tensor<double> points, Tensor<double> labels)
    {
        Tensor<double> Objective(Parameters<double> p) => Loss.BinaryCrossEntropyWithLogits(Network.Apply(p, points), labels);
        (Tensor<double> loss, Parameters<double> gradients) = Differentiate.ValueAndGradient(Objective, parameters);
        return (optimizer.Step(parameters, gradients), loss.ToScalar());
    }

    /// <summary>Two arms that wind around each other, with a little noise: points [n, 2] and labels [n] of 0 and 1.</summary>
    public static (Tensor<double> Points, Tensor<double> Labels) MakeSpirals(RandomKey key)
    {
        Tensor<double> along = Tensor.Range(PointsPerSpiral).RepeatInterleave(2, axis: 0) / (PointsPerSpiral - 1.0), labels = Tensor.Create(0, 1).Tile(PointsPerSpiral);
        Tensor<double> radius = 0.08 + (0.87 * along), angle = Math.PI * ((3 * along) + labels);
        Tensor<double> points = Tensor.Stack([radius * angle.Cos(), radius * angle.Sin()], 1);
        return (points + (0.02 * key.Normal(labels.Length, 2)), labels);
    }
}
