using System.Globalization;
using AutoDiff;

namespace BayesianInference;

/// <summary>What is known of a quantity from elsewhere: its mean and its mean square, with the standard errors of both.</summary>
internal sealed record Reference(string Name, double Mean, double MeanError, double Square, double SquareError);

/// <summary>A density over all of R^n, up to a factor; what is reported of a point; and references for that.</summary>
internal sealed record Posterior(string Name, int Dimension, Func<Tensor<double>, Tensor<double>> LogDensity, Func<double[], double[]> Report, Reference[] References);

internal static class Posteriors
{
    /// <summary>
    /// The effects of coaching in eight schools (Rubin 1981), non-centered: θ = μ + τ z with normal z, μ ~ normal(0, 5), τ ~ Cauchy+(0, 5), effects ~ normal(θ, deviations). The point is z, μ, log τ.
    /// References: posteriordb, eight_schools-eight_schools_noncentered.
    /// </summary>
    public static Posterior EightSchools()
    {
        Tensor<double> effects = Tensor.Create([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0]);
        Tensor<double> deviations = Tensor.Create([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0]);
        return new Posterior("Eight schools", 10, LogDensity, x => [.. x[..8].Select(z => x[8] + (Math.Exp(x[9]) * z)), x[8], Math.Exp(x[9])],
        [
            new("theta 1", 6.15050229334425, 0.0557375282295219, 69.36345, 1.1692102), new("theta 2", 4.9395811407422, 0.0462293788624847, 45.9787, 0.6346494),
            new("theta 3", 3.90590609001582, 0.0542313705632124, 43.13923, 0.6539418), new("theta 4", 4.79601675138494, 0.0474935816762281, 45.76135, 0.6193689),
            new("theta 5", 3.6144363246799, 0.0461450610244603, 34.35767, 0.4550489), new("theta 6", 4.0511475789675, 0.0485195392528031, 39.4135, 0.5390213),
            new("theta 7", 6.31716975886893, 0.0498766794075794, 64.93269, 0.9216132), new("theta 8", 4.88399694353288, 0.0542511606560972, 52.12845, 0.9024748),
            new("mu", 4.41051833695493, 0.0330374705950917, 30.40302, 0.3351356), new("tau", 3.60205952364059, 0.0318615135640706, 23.20407, 0.4848872),
        ]);

        Tensor<double> LogDensity(Tensor<double> x)
        {
            (Tensor<double> z, Tensor<double> mu, Tensor<double> tau) = (x[..8], x[8], x[9].Exp());
            Tensor<double> residuals = (effects - mu - (tau * z)) / deviations;
            return x[9] - (tau / 5.0).Square().Log1p() - (0.5 * ((mu / 5.0).Square() + z.Square().Sum() + residuals.Square().Sum()));
        }
    }

    /// <summary>
    /// Logistic regression on 1,000 applicants for a credit, with 24 standardized attributes and a constant, and weights ~ normal(0, 1).
    /// References: Inference Gym, german_credit_numeric_logistic_regression.
    /// </summary>
    public static Posterior GermanCredit()
    {
        using var reader = new StreamReader(typeof(Posteriors).Assembly.GetManifestResourceStream("german-credit.csv")!);
        double[][] rows = [.. reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => Array.ConvertAll(line.Split(','), text => double.Parse(text, CultureInfo.InvariantCulture)))];
        Tensor<double> table = Tensor.Create<double>([.. rows.SelectMany(row => row)], rows.Length, 25);
        Tensor<double> attributes = table[.., ..24], centered = attributes - attributes.Mean(0);
        Tensor<double> x = Tensor.Concat([centered / centered.Square().Mean(0).Sqrt(), Tensor.Ones<double>(rows.Length, 1)], 1);
        Tensor<double> bad = table[.., 24] - 1.0;
        (double Mean, double Error, double Deviation)[] weights =
        [
            (-0.7351048553686668, 5.84e-05, 0.0898313720177512), (0.41854235448568405, 7.24e-05, 0.10433392890125515), (-0.4140361022849266, 6.29e-05, 0.09494358976312321),
            (0.12687262544490638, 7.59e-05, 0.10821559696336329), (-0.36453584119271787, 6.12e-05, 0.09451801286114327), (-0.1786990235929577, 6.02e-05, 0.09209986501802636),
            (-0.1528721119830067, 5.20e-05, 0.08194570882231808), (0.0130935930161775, 5.86e-05, 0.09096249386093944), (0.18071618213137836, 7.30e-05, 0.10427142118193244),
            (-0.11077840748059746, 6.49e-05, 0.09706664883314095), (-0.22434837978228872, 4.99e-05, 0.07886872456716118), (0.12239538160879522, 6.28e-05, 0.09415178440121623),
            (0.028775849958589513, 5.43e-05, 0.08568162266412561), (-0.13628208974727007, 6.41e-05, 0.094635647710843), (-0.29222110498210363, 7.89e-05, 0.11794843143366165),
            (0.2783575897857832, 5.31e-05, 0.08278578466826157), (-0.2996277708109526, 6.70e-05, 0.10338649406760281), (0.30372734184257766, 8.52e-05, 0.12112997506000497),
            (0.27038791575592425, 7.77e-05, 0.11129990766341216), (0.12251564641333557, 1.04e-04, 0.13748697192324197), (-0.062930540861664, 1.08e-04, 0.14311733514054628),
            (-0.09271734036278598, 6.24e-05, 0.09036915198426924), (-0.025386265018982113, 9.65e-05, 0.12757406812435373), (-0.022952091856998594, 9.49e-05, 0.12488837996746398),
            (-1.2033366774193333, 6.23e-05, 0.09189586059142167),
        ];

        // The errors of the squares are not published; they are far below those of some thousand draws.
        return new Posterior("Logistic regression", 25, LogDensity, w => w,
            [.. weights.Select((w, i) => new Reference(i < 24 ? $"weight {i + 1}" : "constant", w.Mean, w.Error, (w.Mean * w.Mean) + (w.Deviation * w.Deviation), 0))]);

        Tensor<double> LogDensity(Tensor<double> w)
        {
            Tensor<double> logits = x.MatMul(w);
            return ((bad * logits) - logits.Softplus()).Sum() - (0.5 * w.Square().Sum());
        }
    }

    /// <summary>
    /// A Gaussian process with covariance α² exp(-(s - t)² / 2ρ²), and σ more on the diagonal: ρ ~ gamma(25, 4), α ~ normal+(0, 2), σ ~ normal+(0, 1). The point is their logarithms.
    /// References: posteriordb, gp_pois_regr-gp_regr.
    /// </summary>
    public static Posterior GaussianProcess()
    {
        Tensor<double> times = Tensor.LinearSpace(-10.0, 10.0, 11);
        Tensor<double> values = Tensor.Create([4.75906, 1.59423, 2.99548, 5.27501, 1.66472, 2.24347, 2.8914, 4.08681, 4.60588, 0.802364, 3.92136]);
        Tensor<double> squares = (times.ExpandDims(1) - times).Square(), identity = Tensor.Identity<double>(11);
        return new Posterior("Gaussian process", 3, LogDensity, x => Array.ConvertAll(x, Math.Exp),
        [
            new("rho", 6.87434817782581, 0.0127649184133038, 48.85864, 0.18295535), new("alpha", 2.4423998398757, 0.00775729060630055, 6.576518, 0.04434399),
            new("sigma", 1.82873106572797, 0.00502769102294288, 3.599273, 0.02046443),
        ]);

        Tensor<double> LogDensity(Tensor<double> x)
        {
            Tensor<double> p = x.Exp();
            Tensor<double> covariance = (p[1].Square() * (-0.5 * squares / p[0].Square()).Exp()) + (p[2] * identity);
            Tensor<double> factor = covariance.Cholesky();
            Tensor<double> likelihood = (-0.5 * factor.TriangularSolve(values.ExpandDims(1)).Square().Sum()) - factor.Diagonal().Log().Sum();
            return likelihood + (24.0 * x[0]) - (4.0 * p[0]) - (p[1].Square() / 8.0) - (p[2].Square() / 2.0) + x.Sum();
        }
    }
}
