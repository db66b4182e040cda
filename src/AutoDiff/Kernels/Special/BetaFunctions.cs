namespace AutoDiff.Kernels;

/// <summary>The beta function and the counts built from it (DLMF 5.12, 26.3).</summary>
internal static class BetaFunctions
{
    private const double Large = 12;
    private const double HalfLogTwoPi = 0.91893853320467274;

    /// <summary>B(a, b) = Γ(a) Γ(b) / Γ(a + b). ∂B/∂a = B (ψ(a) - ψ(a + b)) (DLMF 5.12.1, 5.2.2).</summary>
    public static double Beta(double a, double b)
    {
        if (Math.Min(a, b) > 0 && Math.Max(a, b) > Large)
        {
            return Math.Exp(LogBeta(a, b));
        }

        double sum = a + b;
        if (sum <= 0 && sum == Math.Floor(sum) && !IsPole(a) && !IsPole(b))
        {
            return 0;
        }

        if (Math.Max(Math.Abs(a), Math.Abs(b)) > 160)
        {
            return GammaFunctions.GammaSign(a) * GammaFunctions.GammaSign(b) * GammaFunctions.GammaSign(sum) * Math.Exp(LogBeta(a, b));
        }

        double small = Math.Abs(a) < Math.Abs(b) ? a : b, large = Math.Abs(a) < Math.Abs(b) ? b : a;
        return GammaFunctions.Gamma(large) / GammaFunctions.Gamma(sum) * GammaFunctions.Gamma(small);
    }

    /// <summary>log |B(a, b)|. ∂/∂a = ψ(a) - ψ(a + b). Large arguments do not cancel (DLMF 5.11.1 for each gamma function).</summary>
    public static double LogBeta(double a, double b)
    {
        double small = Math.Min(a, b), large = Math.Max(a, b);
        if (small > 0 && large > Large)
        {
            if (double.IsInfinity(large))
            {
                return double.NegativeInfinity;
            }

            double correction = GammaFunctions.StirlingCorrection(large) - GammaFunctions.StirlingCorrection(small + large);
            double logLarge = (large - 0.5) * ElementaryPieces.Log1p(-small / (small + large));
            if (small > Large)
            {
                return HalfLogTwoPi - (0.5 * Math.Log(small + large)) + GammaFunctions.StirlingCorrection(small) + correction
                    + ((small - 0.5) * Math.Log(small / (small + large))) + logLarge;
            }

            return GammaFunctions.LogGamma(small) + correction + small - (small * Math.Log(small + large)) + logLarge;
        }

        return small > 0
            ? Math.Log(GammaFunctions.Gamma(large) / GammaFunctions.Gamma(small + large) * GammaFunctions.Gamma(small))
            : GammaFunctions.LogGamma(small) + (GammaFunctions.LogGamma(large) - GammaFunctions.LogGamma(small + large));
    }

    /// <summary>The binomial coefficient Γ(n + 1) / (Γ(k + 1) Γ(n - k + 1)). ∂/∂n = binomial · (ψ(n + 1) - ψ(n - k + 1)).</summary>
    public static double Binomial(double n, double k)
    {
        if (double.IsNaN(n))
        {
            return n;
        }

        if (k == Math.Floor(k) && Math.Abs(k) <= 40)
        {
            double product = k < 0 ? 0 : 1;
            for (int i = 1; i <= k; i++)
            {
                product *= (n - k + i) / i;
            }

            return n == Math.Floor(n) ? Math.Round(product) : product;
        }

        double rest = n - k;
        if (rest == Math.Floor(rest) && Math.Abs(rest) <= 40 && n >= 0)
        {
            return Binomial(n, rest);
        }

        return 1 / ((n + 1) * Beta(rest + 1, k + 1));
    }

    /// <summary>log |binomial(n, k)|. ∂/∂n = ψ(n + 1) - ψ(n - k + 1), ∂/∂k = ψ(n - k + 1) - ψ(k + 1).</summary>
    public static double LogBinomial(double n, double k) => -Math.Log(Math.Abs(n + 1)) - LogBeta(n - k + 1, k + 1);

    /// <summary>Pochhammer's symbol Γ(a + n) / Γ(a) (DLMF 5.2.5). ∂/∂a = symbol · (ψ(a + n) - ψ(a)), ∂/∂n = symbol · ψ(a + n).</summary>
    public static double Pochhammer(double a, double n)
    {
        if (double.IsNaN(a) || double.IsNaN(n))
        {
            return double.NaN;
        }

        if (n == Math.Floor(n) && n >= 0 && n <= 60)
        {
            double product = 1;
            for (int i = 0; i < n; i++)
            {
                product *= a + i;
            }

            return product;
        }

        double sum = a + n;
        if (IsPole(a))
        {
            return IsPole(sum) ? double.NaN : 0;
        }

        if (a > 0 && n > 0 && Math.Max(a, n) > Large)
        {
            return n > 100 && a > 1e-300 && a < 1 ? GammaFunctions.Gamma(sum) / GammaFunctions.Gamma(a) : Math.Exp(LogPochhammer(a, n));
        }

        return GammaFunctions.Gamma(sum) / GammaFunctions.Gamma(a);
    }

    /// <summary>log of Pochhammer's symbol for positive a and a + n.</summary>
    public static double LogPochhammer(double a, double n) => n > 0
        ? GammaFunctions.LogGamma(n) - LogBeta(a, n)
        : GammaFunctions.LogGamma(a + n) - GammaFunctions.LogGamma(a);

    private static bool IsPole(double x) => x <= 0 && x == Math.Floor(x);
}
