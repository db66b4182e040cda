namespace AutoDiff.GradBench.Problems;

/// <summary>
/// The log-posterior of a Gaussian mixture with a Wishart prior: Srajer, Kukelova, Fitzgibbon, "A benchmark of selected algorithmic differentiation tools on some problems in computer vision and
/// machine learning" (2018), section 4.1. The inverse covariance factor Q_k is lower triangular, with e^q on the diagonal and l below it, column by column.
/// </summary>
internal sealed class GaussianMixture
{
    /// <summary>The constant that the published objective has for π; it matters in the 12th digit.</summary>
    private const double Pi = 3.14159265359;

    private readonly Tensor<double> points;
    private readonly int[] places;
    private readonly double gamma;
    private readonly int m;
    private readonly int priorSign;
    private readonly double constant;

    /// <summary>Prepares the data.</summary>
    /// <param name="x">The points, [n, d].</param>
    /// <param name="k">The number of components.</param>
    /// <param name="gamma">The scale of the prior.</param>
    /// <param name="m">The degrees of freedom of the prior beyond d + 1.</param>
    /// <param name="correctPrior">False for the sign that ADBench gives the prior, true for the right one, as in GradBench.</param>
    public GaussianMixture(Tensor<double> x, int k, double gamma, int m, bool correctPrior)
    {
        (int n, int d) = (x.Shape[0], x.Shape[1]);
        points = Tensor.Concat([x.Transpose(), Tensor.Ones<double>(1, n)]);
        (this.gamma, this.m, priorSign) = (gamma, m, correctPrior ? -1 : 1);
        double nu = d + m + 1;
        double logGamma = d * (d - 1) / 4.0 * Math.Log(Pi) + Enumerable.Range(1, d).Sum(j => LogGammaOfHalf((int)nu + 1 - j));
        double c = (nu * d * (Math.Log(gamma) - (0.5 * Math.Log(2)))) - logGamma;
        constant = (-n * d * 0.5 * Math.Log(2 * Pi)) - (priorSign * k * c);

        places = new int[d * (d + 1) / 2];
        int next = d;
        for (int column = 0; column < d; column++)
        {
            places[column] = column * (d + 1);
            for (int row = column + 1; row < d; row++)
            {
                places[next++] = (row * d) + column;
            }
        }
    }

    /// <summary>The objective in terms of α [k], μ [k, d], q [k, d] and l [k, d (d - 1) / 2].</summary>
    public Tensor<double> Objective(Tensor<double> alpha, Tensor<double> mu, Tensor<double> q, Tensor<double> l)
    {
        (int k, int d, int n) = (mu.Shape[0], mu.Shape[1], points.Shape[1]);
        Tensor<double> diagonal = q.Exp();
        Tensor<double> factors = Tensor.Zeros<double>(k, d * d).ScatterAdd(places, Tensor.Concat([diagonal, l], 1), 1).Reshape(k, d, d);

        // Q (x - μ) for all components and points is one product: [Q, -Q μ] [x; 1].
        Tensor<double> affine = Tensor.Concat([factors, -factors.MatMul(mu.Reshape(k, d, 1))], 2);
        Tensor<double> z = affine.Reshape(k * d, d + 1).MatMul(points).Reshape(k, d, n);
        Tensor<double> exponents = (alpha + q.Sum(1)).Reshape(k, 1) - (z.Square().Sum(1) * 0.5);
        Tensor<double> prior = ((diagonal.Square().Sum() + l.Square().Sum()) * (0.5 * gamma * gamma)) - (q.Sum() * m);
        return exponents.LogSumExp(0).Sum() - (alpha.LogSumExp() * n) + (prior * priorSign) + constant;
    }

    /// <summary>The value and the gradients by α, μ, q and l.</summary>
    public (Tensor<double> Value, Tensor<double>[] Gradients) Gradient(Tensor<double>[] parameters) =>
        Differentiate.ValueAndGradient(p => Objective(p[0], p[1], p[2], p[3]), parameters);

    /// <summary>log Γ(j / 2) by the recurrence from Γ(1/2) = √π and Γ(1) = 1.</summary>
    private static double LogGammaOfHalf(int j)
    {
        double log = j % 2 == 0 ? 0 : 0.5 * Math.Log(Math.PI);
        for (int i = j - 2; i > 0; i -= 2)
        {
            log += Math.Log(i / 2.0);
        }

        return log;
    }
}
