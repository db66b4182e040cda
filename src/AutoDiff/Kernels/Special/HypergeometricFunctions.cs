namespace AutoDiff.Kernels;

/// <summary>The hypergeometric functions of Kummer and Gauss for real arguments, in their main regions (DLMF chapters 13 and 15).</summary>
internal static class HypergeometricFunctions
{
    private const int MostTerms = 20000;

    /// <summary>
    /// Kummer's M(a, b, z), b no pole. ∂M/∂z = a/b M(a + 1, b + 1, z) (DLMF 13.3.15). Accurate to rounding where a, b (and b - a for negative z) are
    /// positive; else up to the cancellation of the series. NaN where the series does not settle.
    /// </summary>
    public static double Kummer(double a, double b, double z) =>
        double.IsNaN(a + b + z) ? double.NaN : z < 0 ? LargeNegative(a, b, z) ?? (Math.Exp(z) * KummerSeries(b - a, b, -z)) : KummerSeries(a, b, z);

    /// <summary>
    /// Gauss's F(a, b; c; x), x up to 1, c no pole. ∂F/∂x = ab/c F(a + 1, b + 1; c + 1; x) (DLMF 15.5.1). Accurate to rounding for positive parameters and
    /// x in [-1, 0.9]; else up to the cancellation of the series and, close to 1, of the transformation. NaN where the series does not settle.
    /// </summary>
    public static double Gauss(double a, double b, double c, double x)
    {
        if (x > 1 || double.IsNaN(a + b + c + x))
        {
            return double.NaN;
        }

        if (x < 0)
        {
            // Pfaff (DLMF 15.8.1), with the parameters that keep the terms positive.
            return b <= c || a > c
                ? Math.Pow(1 - x, -a) * Gauss(a, c - b, c, x / (x - 1))
                : Math.Pow(1 - x, -b) * Gauss(c - a, b, c, x / (x - 1));
        }

        double excess = c - a - b;
        if (x == 1)
        {
            // DLMF 15.4.20.
            return excess > 0 ? Ratio(c, excess, c - a, c - b) : double.PositiveInfinity;
        }

        if (x > 0.9 && Math.Abs(excess - Math.Round(excess)) > 0.05)
        {
            // DLMF 15.8.4.
            double first = Ratio(c, excess, c - a, c - b) * GaussSeries(a, b, 1 - excess, 1 - x);
            return first + (Math.Pow(1 - x, excess) * Ratio(c, -excess, a, b) * GaussSeries(c - a, c - b, 1 + excess, 1 - x));
        }

        return GaussSeries(a, b, c, x);
    }

    private static double KummerSeries(double a, double b, double z)
    {
        double sum = 1, term = 1;
        for (int k = 0; k < MostTerms; k++)
        {
            term *= (a + k) / (b + k) * z / (k + 1);
            sum += term;
            if (Math.Abs(term) <= Math.Abs(sum) * 1e-17 && k > -a)
            {
                return sum;
            }
        }

        return double.NaN;
    }

    private static double GaussSeries(double a, double b, double c, double x)
    {
        double sum = 1, term = 1;
        for (int k = 0; k < MostTerms; k++)
        {
            term *= (a + k) / (c + k) * ((b + k) / (k + 1)) * x;
            sum += term;
            if (Math.Abs(term) <= Math.Abs(sum) * 1e-17 * (1 - x) && k > -Math.Min(a, b))
            {
                return sum;
            }
        }

        return double.NaN;
    }

    /// <summary>DLMF 13.7.2 for z far below 0, where the exponential of Kummer's transformation underflows.</summary>
    private static double? LargeNegative(double a, double b, double z)
    {
        // Where 1/Γ(b - a) is 0, the exponential part is all there is.
        if (Reciprocal(b - a) == 0 || -z < 50 + (4 * (Math.Abs(a) + 1) * (Math.Abs(a - b) + 1)))
        {
            return null;
        }

        double sum = 0, term = 1;
        for (int k = 0; k < 60 && Math.Abs(term) > 1e-18 * Math.Abs(sum); k++)
        {
            sum += term;
            term *= (a + k) / (k + 1) * (a - b + 1 + k) / -z;
        }

        return GammaFunctions.Gamma(b) * Reciprocal(b - a) * Math.Pow(-z, -a) * sum;
    }

    private static double Ratio(double a, double b, double c, double d) =>
        GammaFunctions.Gamma(a) * Reciprocal(c) * (GammaFunctions.Gamma(b) * Reciprocal(d));

    private static double Reciprocal(double x) => x <= 0 && x == Math.Floor(x) ? 0 : 1 / GammaFunctions.Gamma(x);
}
