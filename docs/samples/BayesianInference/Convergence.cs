namespace BayesianInference;

/// <summary>What several chains say of one quantity (Vehtari, Gelman, Simpson, Carpenter and Bürkner, Bayesian Analysis 16, 2021, without the ranks).</summary>
internal sealed record Convergence(double Mean, double Variance, double RHat, double EffectiveSamples)
{
    /// <summary>The Monte Carlo standard error of the mean.</summary>
    public double Error => Math.Sqrt(Variance / EffectiveSamples);

    /// <summary>Of chains of one even length, each cut into halves.</summary>
    public static Convergence Of(IEnumerable<double[]> chains)
    {
        double[][] halves = [.. chains.SelectMany(chain => new[] { chain[..(chain.Length / 2)], chain[(chain.Length / 2)..] })];
        int n = halves[0].Length, m = halves.Length;
        double[] means = [.. halves.Select(half => half.Average())];
        double mean = means.Average();
        double within = Enumerable.Range(0, m).Average(c => Covariance(c, 0)) * n / (n - 1.0);
        double between = n * means.Sum(x => (x - mean) * (x - mean)) / (m - 1);
        double variance = ((n - 1.0) / n * within) + (between / n);

        // The autocorrelations are summed in pairs as long as the pairs are positive, and made to fall (Geyer 1992).
        double time = -1, last = double.PositiveInfinity;
        for (int lag = 0; lag + 1 < n; lag += 2)
        {
            double pair = Math.Min(Correlation(lag) + Correlation(lag + 1), last);
            if (pair <= 0)
            {
                break;
            }

            time += 2 * pair;
            last = pair;
        }

        double samples = n * m;
        return new Convergence(mean, variance, Math.Sqrt(variance / within), samples / Math.Max(time, 1 / Math.Log10(samples)));

        double Correlation(int lag) => lag == 0 ? 1 : 1 - ((within - Enumerable.Range(0, m).Average(c => Covariance(c, lag))) / variance);

        double Covariance(int c, int lag)
        {
            double sum = 0;
            for (int i = lag; i < n; i++)
            {
                sum += (halves[c][i] - means[c]) * (halves[c][i - lag] - means[c]);
            }

            return sum / n;
        }
    }
}
