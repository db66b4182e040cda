using AutoDiff;

namespace Tour;

/// <summary>Part 3: a small network learns to tell two spirals apart, by gradient descent with momentum in the form of Adam.</summary>
internal static class Spirals
{
    private const int PointsPerSpiral = 200;
    public const int Hidden = 24;
    public const int Steps = 1200;

    public static void Show(string page)
    {
        Terminal.Heading("3  A network learns two spirals");
        var key = new RandomKey(1);
        (Tensor<double> points, Tensor<double> labels) = MakeSpirals(key.Derive(0));
        Tensor<double>[] parameters = Network.RandomParameters(key.Derive(1), 2, Hidden, Hidden, 1);
        var optimizer = new Adam(parameters, rate: 0.01);
        Terminal.Line($"{points.Shape[0]} points, layers 2-{Hidden}-{Hidden}-1 ({parameters.Sum(p => p.Length)} parameters), {Steps} steps of gradient descent (Adam).");

        var losses = new List<double>(Steps);
        for (int step = 1; step <= Steps; step++)
        {
            losses.Add(TrainingStep(parameters, optimizer, points, labels));
            if (step % 20 == 0)
            {
                Terminal.Progress((double)step / Steps, $"loss {losses[^1]:0.00000}");
            }
        }

        double accuracy = Accuracy(parameters, points, labels);
        int[] shown = [1, Steps / 8, Steps / 4, Steps / 2, Steps];
        Terminal.Table(["step", "loss"], shown.Select(step => new[] { $"{step}", $"{losses[step - 1]:0.000000}" }));
        Terminal.Check("the loss has fallen below 0.01", losses[^1] < 0.01);
        Terminal.Check($"{accuracy:P1} of the points are classified right, at least 99 %", accuracy >= 0.99);

        Page.Write(page, losses, points, labels, at => Network.Apply(parameters, at).Sigmoid());
        Terminal.Line($"  Loss curve and decision boundary: {page}");
    }

    /// <summary>One step: record the loss on a tape, sweep back for the gradients of all parameters at once, update. Returns the loss.</summary>
    public static double TrainingStep(Tensor<double>[] parameters, Adam optimizer, Tensor<double> points, Tensor<double> labels)
    {
        using var tape = new Tape<double>();
        Tensor<double>[] variables = [.. parameters.Select(tape.Variable)];
        Tensor<double> loss = CrossEntropy(Network.Apply(variables, points), labels);
        optimizer.Update(parameters, tape.Gradient(loss, variables));
        return loss.ToScalar();
    }

    /// <summary>-log of the probability given to the right class, on average. In terms of z = logit(p) it is softplus(z) - y z, which cannot overflow.</summary>
    private static Tensor<double> CrossEntropy(Tensor<double> logits, Tensor<double> labels) => (logits.Softplus() - (labels * logits)).Mean();

    private static double Accuracy(Tensor<double>[] parameters, Tensor<double> points, Tensor<double> labels) =>
        (Network.Apply(parameters, points) > 0.0).EqualTo(labels).Mean().ToScalar();

    /// <summary>Two arms that wind around each other, with a little noise: points [n, 2] and labels [n] of 0 and 1.</summary>
    public static (Tensor<double> Points, Tensor<double> Labels) MakeSpirals(RandomKey key)
    {
        Tensor<double> along = Tensor.Range(PointsPerSpiral).RepeatInterleave(2, axis: 0) / (PointsPerSpiral - 1.0), labels = Tensor.Create(0, 1).Tile(PointsPerSpiral);
        Tensor<double> radius = 0.08 + (0.87 * along), angle = Math.PI * ((3 * along) + labels);
        Tensor<double> points = Tensor.Stack([radius * angle.Cos(), radius * angle.Sin()], 1);
        return (points + (0.02 * key.Normal(labels.Length, 2)), labels);
    }
}
