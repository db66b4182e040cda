using System.Diagnostics;
using AutoDiff;
using BayesianInference;
using Samples;

// Bayesian inference: four chains of the No-U-Turn sampler on compiled gradients, for three posteriors whose moments are published.
const int chains = 4, warmup = 1000, draws = 1000;

// The autocorrelations of x' = a x + noise are the powers of a, so that its effective samples are (1 - a) / (1 + a) of all.
double[][] series = [.. new RandomKey(1).Split(chains).Select(key => AutoRegression(0.6, key.Normal(20_000).ToArray()))];
double share = Convergence.Of(series).EffectiveSamples / (chains * 20_000);
Terminal.Check($"effective samples of an autoregressive series: {share:P1} of all (exactly {0.25:P1})", Math.Abs(share - 0.25) < 0.015);

foreach (Posterior posterior in new[] { Posteriors.EightSchools(), Posteriors.GermanCredit(), Posteriors.GaussianProcess() })
{
    Terminal.Heading($"{posterior.Name}: {posterior.Dimension} unknowns, {chains} chains of {draws} draws after {warmup} of adaptation");
    CompiledFunction<double> gradient = Differentiate.Compile(xs =>
    {
        (Tensor<double> value, Tensor<double> slope) = Differentiate.ValueAndGradient(posterior.LogDensity, xs[0]);
        return [value, slope];
    }, [Tensor.Zeros<double>(posterior.Dimension)]);
    RandomKey[] keys = new RandomKey(2014).Split(chains);
    var samples = new double[chains][][];
    var (divergences, gradients) = (new int[chains], new long[chains]);
    var clock = Stopwatch.StartNew();
    Terminal.Progress("sampling", report => Parallel.For(0, chains, c =>
    {
        using var sampler = new NoUTurnSampler(gradient, posterior.Dimension, keys[c]);

        // The first chain speaks for all.
        samples[c] = sampler.Sample(warmup, draws, done => (c == 0 ? report : (_, _) => { })((double)done / (warmup + draws), ""));
        (divergences[c], gradients[c]) = (sampler.Divergences, sampler.Gradients);
    }));
    clock.Stop();
    double[][][] reported = [.. samples.Select(chain => Array.ConvertAll(chain, position => posterior.Report(position)))];
    Convergence Of(Func<double[], double> quantity) => Convergence.Of(reported.Select(chain => Array.ConvertAll(chain, values => quantity(values))));

    var rows = new List<string[]>();
    double worst = 0, rHat = 0, fewest = double.PositiveInfinity;
    for (int i = 0; i < posterior.References.Length; i++)
    {
        int at = i;
        Reference reference = posterior.References[i];
        Convergence mean = Of(values => values[at]), square = Of(values => values[at] * values[at]);
        rows.Add([reference.Name, .. ((double[])[mean.Mean, reference.Mean, mean.Error, Math.Sqrt(mean.Variance), mean.RHat]).Select(x => $"{x:0.0000}"), $"{mean.EffectiveSamples:0}"]);
        worst = Math.Max(worst, Deviation(mean, reference.Mean, reference.MeanError));
        worst = Math.Max(worst, Deviation(square, reference.Square, reference.SquareError));
        rHat = Math.Max(rHat, Math.Max(mean.RHat, square.RHat));
        fewest = Math.Min(fewest, Math.Min(mean.EffectiveSamples, square.EffectiveSamples));
    }

    Terminal.Table(["", "mean", "reference", "error", "deviation", "R-hat", "effective"], rows);
    double seconds = clock.Elapsed.TotalSeconds;
    Terminal.Line($"{seconds:0.00} s, {gradients.Sum() / seconds:#,0} gradients and at least {fewest / seconds:#,0} effective samples a second, adaptation included");
    Terminal.Check($"means and mean squares agree with the references to 4 standard errors (largest {worst:0.0})", worst < 4);
    Terminal.Check($"R-hat is below 1.01 (largest {rHat:0.0000})", rHat < 1.01);
    Terminal.Check($"at least 400 effective samples of everything (fewest {fewest:0})", fewest >= 400);
    Terminal.Check($"few divergences ({divergences.Sum()})", divergences.Sum() <= 0.002 * chains * draws);
}

return Terminal.Finish();

static double Deviation(Convergence found, double reference, double error) => Math.Abs(found.Mean - reference) / Math.Sqrt((found.Error * found.Error) + (error * error));

static double[] AutoRegression(double a, double[] noise)
{
    for (int i = 1; i < noise.Length; i++)
    {
        noise[i] += a * noise[i - 1];
    }

    return noise;
}
