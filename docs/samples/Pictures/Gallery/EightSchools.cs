using AutoDiff;
using BayesianInference;
using Pictures.Drawing;

namespace Pictures.Gallery;

/// <summary>Bayesian inference: draws of the No-U-Turn sampler from the posterior of the eight schools.</summary>
internal static class EightSchools
{
    public static string Draw()
    {
        Posterior posterior = Posteriors.EightSchools();
        CompiledFunction<double> gradient = Differentiate.Compile(xs =>
        {
            (Tensor<double> value, Tensor<double> slope) = Differentiate.ValueAndGradient(posterior.LogDensity, xs[0]);
            return [value, slope];
        }, [Tensor.Zeros(posterior.Dimension)]);
        using var sampler = new NoUTurnSampler(gradient, posterior.Dimension, new RandomKey(2014));
        double[][] draws = [.. sampler.Sample(1000, 2000, static _ => { }).Select(posterior.Report)];

        double[][] sorted = [.. Enumerable.Range(0, 8).Select(i => draws.Select(draw => draw[i]).Order().ToArray())];
        var effects = new Plot("The effect in each school", "school", "points") { Names = ["", .. Enumerable.Range(1, 8).Select(i => $"{i}"), ""], Across = (0.3, 8.7) };
        for (int i = 0; i < 8; i++)
        {
            double[] all = sorted[i];
            effects.Line([(i + 1, all[100]), (i + 1, all[1899])], 0, i == 0 ? "90 % of the draws" : null, width: 2).Line([(i + 1, all[500]), (i + 1, all[1499])], 1, i == 0 ? "half of them" : null, width: 6);
        }

        effects.Points(sorted.Select((all, i) => (i + 1.0, all.Average())), 4, "mean", radius: 4);
        var funnel = new Plot("2,000 draws: a funnel", "effect in school 1", "spread between schools (log τ)").Points(draws.Select(draw => (draw[0], Math.Log(draw[9]))), 3, radius: 2, opacity: 0.5);
        return Figure.Of("Eight schools", "Intervals of the effects in eight schools, and draws of one effect against the logarithm of the spread, which form a funnel.", 420, effects, funnel);
    }
}
