namespace AutoDiff.Kernels;

/// <summary>The distribution function of the standard normal distribution, its logarithm and its inverse (DLMF 7.1, 7.20(iii)).</summary>
internal static class NormalFunctions
{
    private const double RootHalf = 0.70710678118654752;
    private const double RootTwo = 1.4142135623730951;
    private const double InverseRootTwoPi = 0.39894228040143268;

    /// <summary>Φ(x) = erfc(-x/√2) / 2. Φ' = exp(-x²/2) / √2π.</summary>
    public static double Ndtr(double x) => x switch
    {
        // The exponential of x² itself: rounding x/√2 first would cost x² ulps.
        < -39 => 0,
        < -1 => 0.5 * ElementaryPieces.ExpOfSquare(x, -0.5) * ErrorFunctions.Erfcx(-x * RootHalf),
        > 1 => 1 - Ndtr(-x),
        _ => 0.5 * ErrorFunctions.Erfc(-x * RootHalf),
    };

    /// <summary>The density exp(-x²/2) / √2π. Its derivative is -x times itself.</summary>
    public static double Density(double x) => Math.Abs(x) > 40 ? 0 : InverseRootTwoPi * ElementaryPieces.ExpOfSquare(x, -0.5);

    /// <summary>The inverse of Φ. Its derivative is √2π exp(y²/2) at y = Φ⁻¹(p). ±∞ at 0 and 1, NaN beyond.</summary>
    public static double Ndtri(double p) => -RootTwo * ErrorFunctions.Erfcinv(2 * p);

    /// <summary>log Φ(x), to full relative accuracy in both tails. Its derivatives are <see cref="LogNdtrDerivative"/>.</summary>
    public static double LogNdtr(double x) => x < -1
        ? Math.Log(ErrorFunctions.Erfcx(-x * RootHalf) / 2) - (0.5 * x * x)
        : ElementaryPieces.Log1p(-Ndtr(-x));

    /// <summary>
    /// The derivative of log Φ of order 1 to 4. In the lower tail log Φ(-u) + u²/2 is the logarithm of the Laplace transform of exp(-t²/2) on
    /// t > 0, whose derivatives are the cumulants of t, and these are sums of products of like size; the moments are repeated integrals of erfc
    /// (DLMF 7.18.2).
    /// </summary>
    public static double LogNdtrDerivative(int order, double x)
    {
        if (x > 0)
        {
            return UpperDerivative(order, x);
        }

        double z = -x * RootHalf;
        if (z > 1e8)
        {
            // The moments of exp(-ut).
            return order switch { 1 => -x, 2 => -1, 3 => -2 / x / x / x, _ => 6 / x / x / x / x };
        }

        double scale = 1 / ErrorFunctions.Erfcx(z);
        double m1 = RootTwo * ErrorFunctions.ScaledRepeatedIntegral(1, z) * scale;
        if (order == 1)
        {
            return m1 - x;
        }

        double m2 = 4 * ErrorFunctions.ScaledRepeatedIntegral(2, z) * scale;
        if (order == 2)
        {
            return m2 - (m1 * m1) - 1;
        }

        double m3 = 12 * RootTwo * ErrorFunctions.ScaledRepeatedIntegral(3, z) * scale;
        if (order == 3)
        {
            return m3 - (3 * m2 * m1) + (2 * m1 * m1 * m1);
        }

        ArgumentOutOfRangeException.ThrowIfNotEqual(order, 4);
        double m4 = 96 * ErrorFunctions.ScaledRepeatedIntegral(4, z) * scale, square = m1 * m1;
        return m4 - (4 * m3 * m1) - (3 * m2 * m2) + (12 * m2 * square) - (6 * square * square);
    }

    /// <summary>With h = φ/Φ and s = x + h: h' = -hs, s' = 1 - hs.</summary>
    private static double UpperDerivative(int order, double x)
    {
        double h = Density(x) / Ndtr(x), s = x + h;
        return h == 0 ? 0 : order switch
        {
            1 => h,
            2 => -h * s,
            3 => h * ((s * (s + h)) - 1),
            4 => h * (((1 - (h * s)) * ((2 * s) + h)) - (h * s * s) - (s * ((s * (s + h)) - 1))),
            _ => throw new ArgumentOutOfRangeException(nameof(order), order, "The order must be 1 to 4."),
        };
    }
}
