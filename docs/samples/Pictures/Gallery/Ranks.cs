using AutoDiff;
using AutoDiff.Distributed;
using AutoDiff.Optimization;
using Pictures.Drawing;

namespace Pictures.Gallery;

/// <summary>Data-parallel training: the same bits on one, two and three ranks.</summary>
internal static class Ranks
{
    private const int Steps = 100;

    public static string Draw()
    {
        var plot = new Plot("Training on 1, 2 and 3 ranks gives the same bits", "step of Adam", "loss");
        (int Count, int Color, double Width)[] runs = [(1, 0, 9), (2, 1, 5), (3, 2, 1.5)];
        double[][] losses = [.. runs.Select(run => Communicator.InProcess(run.Count, Train)[0])];
        if (!losses.All(run => run.SequenceEqual(losses[0])))
        {
            throw new InvalidOperationException("The ranks disagree.");
        }

        foreach (((int count, int color, double width), double[] run) in runs.Zip(losses))
        {
            plot.Line(run.Select((loss, i) => (i + 1.0, loss)), color, count == 1 ? "1 rank" : $"{count} ranks", width: width);
        }

        return Figure.Of("Data-parallel training", "Three curves of the loss, for one, two and three ranks, lie exactly on each other.", 340, plot);
    }

    private static double[] Train(Communicator communicator)
    {
        const int batch = 256;
        static Tensor<double> Network(Tensor<double>[] p, Tensor<double> x) => ((x.MatMul(p[0]) + p[1]).Tanh().MatMul(p[2]) + p[3]).Tanh().MatMul(p[4]) + p[5];
        static Tensor<double> Loss(Tensor<double>[] p, Tensor<double>[] rows) => (Network(p, rows[0]).Softplus() - (Network(p, rows[0]) * rows[1])).Sum();
        RandomKey[] keys = new RandomKey(1).Split(4);
        Tensor<double>[] p =
        [
            3.0 * keys[0].Normal(2, 32), Tensor.Zeros(32), keys[1].Normal(32, 32) / Math.Sqrt(32), Tensor.Zeros(32), keys[2].Normal(32) / Math.Sqrt(32), Tensor.Scalar(0.0),
        ];
        var adam = new Adam<double>(Schedule.Cosine(0.02, Steps));
        var losses = new double[Steps];
        for (int step = 0; step < Steps; step++)
        {
            RandomKey[] draws = keys[3].Derive(step).Split(2);
            Tensor<double> radius = draws[0].Uniform(batch).Sqrt(), label = draws[1].Uniform(batch) > 0.5, angle = (2.5 * Math.PI * radius) + (Math.PI * label);
            (double value, Tensor<double>[] gradients) = DataParallel.ValueAndGradient(communicator, Loss, p, [Tensor.Stack([radius * angle.Cos(), radius * angle.Sin()], 1), label]);
            p = adam.Step(p, Array.ConvertAll(gradients, g => g / batch));
            losses[step] = value / batch;
        }

        return losses;
    }
}
