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
            return Math.Min(a, b) > Large || double.IsInfinity(Math.Max(a, b)) ? Math.Exp(LogBeta(a, b)) : GammaFunctions.Gamma(Math.Min(a, b)) * Math.Exp(LogGammaRatio(Math.Min(a, b), Math.Max(a, b)));
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
        return Quotient(small, large);
    }

    /// <summary>Γ(small) Γ(large) / Γ(small + large). What the rounding of the sum loses is made good along ψ, which is nearly log - 1/2x where that rounding matters.</summary>
    private static double Quotient(double small, double large)
    {
        double sum = small + large, rest = small - (sum - large);
        double quotient = GammaFunctions.Gamma(large) / GammaFunctions.Gamma(sum) * GammaFunctions.Gamma(small);
        return rest == 0 || sum < 1 ? quotient : quotient - (quotient * rest * (Math.Log(sum) - (0.5 / sum)));
    }

    /// <summary>∂B/∂a = B (ψ(a) - ψ(a + b)). Where a + b is a pole of Γ, so that B is 0, Γ(a) Γ(b) times the derivative (-1)^m m! of 1/Γ at -m (DLMF 5.7.1, 5.5.1).</summary>
    public static double Slope(double a, double b)
    {
        double sum = a + b;
        if (!IsPole(sum) || IsPole(a) || IsPole(b))
        {
            return Times(-Beta(a, b), GammaDifferences.Polygamma(0, a, b));
        }

        return GammaFunctions.Gamma(b) * ZeroSlope(sum, a, 1);
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

            if (small <= Large)
            {
                return GammaFunctions.LogGamma(small) + LogGammaRatio(small, large);
            }

            double correction = GammaFunctions.StirlingCorrection(large) - GammaFunctions.StirlingCorrection(small + large);
            double logLarge = (large - 0.5) * ElementaryPieces.Log1p(-small / (small + large));
            return HalfLogTwoPi - (0.5 * Math.Log(small + large)) + GammaFunctions.StirlingCorrection(small) + correction
                + ((small - 0.5) * Math.Log(small / (small + large))) + logLarge;
        }

        return small > 0
            ? Math.Log(Quotient(small, large))
            : GammaFunctions.LogGamma(small) + (GammaFunctions.LogGamma(large) - GammaFunctions.LogGamma(small + large));
    }

    /// <summary>log Γ(large) - log Γ(small + large) for a large number above 12 and a small one above 0 (DLMF 5.11.1 for each).</summary>
    private static double LogGammaRatio(double small, double large) =>
        GammaFunctions.StirlingCorrection(large) - GammaFunctions.StirlingCorrection(small + large) + small
            - (small * Math.Log(small + large)) + ((large - 0.5) * ElementaryPieces.Log1p(-small / (small + large)));

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

    /// <summary>∂/∂n of the binomial coefficient, binomial · (ψ(n + 1) - ψ(n - k + 1)), with its limit where n - k + 1 is a pole of Γ, so that the coefficient is 0.</summary>
    public static double BinomialSlopeByN(double n, double k)
    {
        double rest = n - k + 1;
        return IsPole(rest) && !IsPole(n + 1) && !IsPole(k + 1) ? ZeroSlope(rest, n + 1, k + 1) : Times(Binomial(n, k), GammaDifferences.Polygamma(0, rest, k));
    }

    /// <summary>∂/∂k of the binomial coefficient, binomial · (ψ(n - k + 1) - ψ(k + 1)), with its limit where the coefficient is 0.</summary>
    public static double BinomialSlopeByK(double n, double k)
    {
        double rest = n - k + 1;
        return IsPole(n + 1) || IsPole(rest) == IsPole(k + 1) ? Times(Binomial(n, k), GammaDifferences.Polygamma(0, k + 1, n - (2 * k)))
            : IsPole(rest) ? -ZeroSlope(rest, n + 1, k + 1) : ZeroSlope(k + 1, n + 1, rest);
    }

    /// <summary>∂/∂a of Pochhammer's symbol, symbol · (ψ(a + n) - ψ(a)), with its limit where a is a pole of Γ and a + n is not, so that the symbol is 0.</summary>
    public static double PochhammerSlope(double a, double n) => IsPole(a) && !IsPole(a + n) ? ZeroSlope(a, a + n, 1) : Times(Pochhammer(a, n), GammaDifferences.Polygamma(0, a, n));

    /// <summary>A value times the slope of its logarithm: a value that has underflowed vanishes faster than that grows.</summary>
    private static double Times(double value, double slope) => value == 0 && double.IsInfinity(slope) ? 0 : value * slope;

    /// <summary>Γ(a) / Γ(b) times the derivative (-1)^m m! of 1/Γ at its zero -m (DLMF 5.7.1, 5.5.1).</summary>
    private static double ZeroSlope(double zero, double a, double b)
    {
        double factorial = 1 - zero;
        double magnitude = Math.Max(factorial, Math.Max(Math.Abs(a), Math.Abs(b))) < 80
            ? Math.Abs(GammaFunctions.Gamma(a) / GammaFunctions.Gamma(b) * GammaFunctions.Gamma(factorial))
            : Math.Exp(GammaFunctions.LogGamma(factorial) + (GammaFunctions.LogGamma(a) - GammaFunctions.LogGamma(b)));
        return GammaFunctions.GammaSign(a) * GammaFunctions.GammaSign(b) * (double.IsEvenInteger(zero) ? magnitude : -magnitude);
    }

    /// <summary>log |binomial(n, k)|. ∂/∂n = ψ(n + 1) - ψ(n - k + 1), ∂/∂k = ψ(n - k + 1) - ψ(k + 1).</summary>
    public static double LogBinomial(double n, double k)
    {
        double rest = n - k, small = Math.Abs(k) <= Math.Abs(rest) ? k : rest, size = Math.Abs(small);
        bool isNear = size <= 0.25 || (size <= 0.5 && size <= 0.25 * (n - small + 1));
        return !isNear || !(n > -0.25 && double.IsFinite(n)) ? -Math.Log(Math.Abs(n + 1)) - LogBeta(rest + 1, k + 1)
            : n < 0.25 ? GammaFunctions.LogGammaExcess(k, rest)
            : GammaDifferences.LogGamma(n - small + 1, small) - GammaFunctions.LogGammaOfOnePlus(small);
    }

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
