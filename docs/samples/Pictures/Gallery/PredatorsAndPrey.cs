using AutoDiff;
using AutoDiff.Optimization;
using Pictures.Drawing;

namespace Pictures.Gallery;

/// <summary>A differential equation fitted to counts of hares and lynxes.</summary>
internal static class PredatorsAndPrey
{
    public static string Draw()
    {
        double[] times = [.. Enumerable.Range(0, 41).Select(i => 0.5 * i)], fine = [.. Enumerable.Range(0, 401).Select(i => 0.05 * i)];
        static Tensor<double> Slope(double t, Tensor<double> y, Tensor<double>[] p) =>
            Tensor.Stack([(p[0][0] * y[0]) - (p[0][1] * y[0] * y[1]), (p[0][2] * y[0] * y[1]) - (p[0][3] * y[1])]);
        Tensor<double> Solve(Tensor<double> p, double[] at) => Ode.Solve(Slope, p[4..], [p], at);

        Tensor<double> exact = Solve(Tensor.Create(1.1, 0.4, 0.1, 0.4, 10, 5), times);
        Tensor<double> counts = exact * (1 + (0.05 * new RandomKey(3).Normal(times.Length, 2)));
        Tensor<double> start = Tensor.Create(0.9, 0.3, 0.08, 0.5, 9, 6);
        Tensor<double> found = new LevenbergMarquardt<double>().Minimize(logs => ((Solve(logs.Exp(), times) / counts) - 1).Flatten(), start.Log()).Point.Exp();

        var plot = new Plot("Hares and lynxes: counts, and the equation fitted to them", "years", "thousands") { Up = (0, 16) };
        (Tensor<double> first, Tensor<double> fitted) = (Solve(start, fine), Solve(found, fine));
        string[] names = ["hares", "lynxes"];
        for (int i = 0; i < 2; i++)
        {
            int species = i;
            plot.Line(fine.Select((t, k) => (t, first.At(k, species))), species, i == 0 ? "where the fit starts" : null, dashed: true, width: 1.2)
                .Line(fine.Select((t, k) => (t, fitted.At(k, species))), species, names[i])
                .Points(times.Select((t, k) => (t, counts.At(k, species))), species);
        }

        return Figure.Of("A differential equation fitted to data", "Noisy counts of two species lie on the curves of the fitted equation; the curves from which the fit starts lie elsewhere.", 380, plot);
    }
}
