namespace AutoDiff.Kernels;

/// <summary>
/// The derivatives of the complete elliptic integrals with respect to the parameter m. Near 0 their formulas in terms of K and E cancel: there they are
/// hypergeometric series (DLMF 19.5.1, 19.5.2, 15.5.2); elsewhere Legendre's equations (DLMF 19.4.8, 19.4.9, in m) lead from each derivative to the next.
/// </summary>
internal static class EllipticDerivatives
{
    /// <summary>The k-th derivative of K(m).</summary>
    public static double K(int k, double m)
    {
        if (k == 0)
        {
            return EllipticIntegrals.K(m);
        }

        if (m < -1e300)
        {
            // All derivatives vanish to the left, as powers of m between 0 and -1 and their derivatives do.
            return 0.0;
        }

        if (Math.Abs(m) <= 0.5)
        {
            double factor = Math.PI / 2;
            for (int j = 0; j < k; j++)
            {
                factor *= (j + 0.5) * (j + 0.5) / (j + 1);
            }

            return factor * HypergeometricFunctions.Gauss(k + 0.5, k + 0.5, k + 1, m);
        }

        if (m >= 1)
        {
            return m == 1 ? double.PositiveInfinity : double.NaN;
        }

        // m (1 - m) K⁽ʲ⁺²⁾ + (j + 1) (1 - 2m) K⁽ʲ⁺¹⁾ = (j + 1/2)² K⁽ʲ⁾.
        double before = EllipticIntegrals.K(m), value = (before - EllipticIntegrals.D(m)) / (2 * (1 - m));
        for (int j = 0; j < k - 1; j++)
        {
            (before, value) = (value, (((j + 0.5) * (j + 0.5) * before) - ((j + 1) * (1 - (2 * m)) * value)) / (m * (1 - m)));
        }

        return value;
    }

    /// <summary>The k-th derivative of E(m).</summary>
    public static double E(int k, double m)
    {
        if (k == 0)
        {
            return EllipticIntegrals.E(m);
        }

        if (m < -1e300)
        {
            // All derivatives vanish to the left, as powers of m between 0 and -1 and their derivatives do.
            return k == 1 ? -0.5 / Math.Sqrt(-m) : 0.0;
        }

        if (Math.Abs(m) <= 0.5)
        {
            double factor = Math.PI / 2;
            for (int j = 0; j < k; j++)
            {
                factor *= (j - 0.5) * (j + 0.5) / (j + 1);
            }

            return factor * HypergeometricFunctions.Gauss(k - 0.5, k + 0.5, k + 1, m);
        }

        if (m >= 1)
        {
            return m == 1 ? double.NegativeInfinity : double.NaN;
        }

        // m (1 - m) E⁽ʲ⁺²⁾ + (j (1 - 2m) + 1 - m) E⁽ʲ⁺¹⁾ = (j² - 1/4) E⁽ʲ⁾.
        double before = EllipticIntegrals.E(m), value = -0.5 * EllipticIntegrals.D(m);
        for (int j = 0; j < k - 1; j++)
        {
            (before, value) = (value, ((((j * j) - 0.25) * before) - (((j * (1 - (2 * m))) + 1 - m) * value)) / (m * (1 - m)));
        }

        return value;
    }
}
