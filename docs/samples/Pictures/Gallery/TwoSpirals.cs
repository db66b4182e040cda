using AutoDiff;
using AutoDiff.Optimization;
using Pictures.Drawing;
using Tour;

namespace Pictures.Gallery;

/// <summary>The tour: a network learns to tell two spirals apart.</summary>
internal static class TwoSpirals
{
    public static string Draw()
    {
        var key = new RandomKey(1);
        (Tensor<double> points, Tensor<double> labels) = Spirals.MakeSpirals(key.Derive(0));
        Parameters<double> parameters = Network.RandomParameters(key.Derive(1), 2, Spirals.Hidden, Spirals.Hidden, 1);
        Adam<double> optimizer = Spirals.MakeOptimizer();
        var losses = new double[Spirals.Steps];
        for (int step = 0; step < losses.Length; step++)
        {
            (parameters, losses[step]) = Spirals.TrainingStep(parameters, optimizer, points, labels);
        }

        var loss = new Plot("Loss", "step", "cross-entropy") { LogUp = true }.Line(losses.Select((value, i) => (i + 1.0, value)), 0);
        var plane = new Plot("The two classes, and where the network divides them", "x", "y") { Across = (-1.15, 1.15), Up = (-1.15, 1.15) };
        Regions.Add(plane, -1.15, 1.15, 150, at => Network.Apply(parameters, at).Sigmoid());
        foreach (int label in (int[])[0, 1])
        {
            plane.Points(Enumerable.Range(0, labels.Length).Where(i => labels.At(i) == label).Select(i => (points.At(i, 0), points.At(i, 1))), label);
        }

        return Figure.Of("A network learns two spirals", "The loss over 1,200 steps falls below 0.01; the plane is divided between two spirals of points.", 440, loss, plane);
    }
}
