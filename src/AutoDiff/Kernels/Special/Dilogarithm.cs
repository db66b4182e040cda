namespace AutoDiff.Kernels;

/// <summary>Euler's dilogarithm (DLMF 25.12).</summary>
internal static class Dilogarithm
{
    private const double PiSquaredOverSix = 1.6449340668482264;

    // B(2k) / (2k + 1)!, k = 1..12.
    private static ReadOnlySpan<double> BernoulliOverFactorialPlusOne =>
    [
        0.027777777777777776, -0.0002777777777777778, 4.72411186696901e-06, -9.185773074661964e-08,
        1.8978869988971e-09, -4.0647616451442256e-11, 8.921691020456452e-13, -1.9939295860721074e-14,
        4.518980029619918e-16, -1.0356517612181247e-17, 2.395218621026187e-19, -5.581785874325009e-21,
    ];

    /// <summary>Li₂(x) for x up to 1, NaN beyond. Its derivative is -log(1 - x)/x (DLMF 25.12.2).</summary>
    public static double Li2(double x) => x switch
    {
        > 1 => double.NaN,
        1 => PiSquaredOverSix,
        > 0.5 => PiSquaredOverSix - (Math.Log(x) * ElementaryPieces.Log1p(-x)) - Li2(1 - x),
        >= -1 => InLogarithm(-ElementaryPieces.Log1p(-x)),

        // DLMF 25.12.4.
        < -1 => -PiSquaredOverSix - (0.5 * Square(Math.Log(-x))) - Li2(1 / x),
        _ => double.NaN,
    };

    /// <summary>Spence's function Li₂(1 - z) for z of at least 0. Its derivatives are <see cref="SpenceDerivative"/>.</summary>
    public static double Spence(double z) => z switch
    {
        < 0 => double.NaN,
        0 => PiSquaredOverSix,
        < 0.5 => PiSquaredOverSix - (Math.Log(z) * ElementaryPieces.Log1p(-z)) - Li2(z),
        <= 2 => InLogarithm(-Math.Log(z)),
        _ => double.IsPositiveInfinity(z) ? double.NegativeInfinity : Li2(1 - z),
    };

    /// <summary>The derivative of Spence's function of order 1 to 4: log z / (1 - z) and its derivatives, by series near z = 1.</summary>
    public static double SpenceDerivative(int order, double z)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(order, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(order, 4);
        if (z == 0 || double.IsPositiveInfinity(z))
        {
            return z > 0 ? 0 : int.IsOddInteger(order) ? double.NegativeInfinity : double.PositiveInfinity;
        }

        double w = 1 - z;
        if (Math.Abs(w) < 0.5)
        {
            // log z / (1 - z) = -Σ wᵏ / (k + 1), and d/dz = -d/dw.
            double sum = 0, term = 1;
            for (int j = 2; j < order; j++)
            {
                term *= j;
            }

            for (int k = order - 1; k < 60; k++)
            {
                sum += term / (k + 1);
                term *= w * (k + 1) / (k + 2 - order);
            }

            return int.IsOddInteger(order) ? -sum : sum;
        }

        // With L = log z / (1 - z): (1 - z) L⁽ⁿ⁾ - n L⁽ⁿ⁻¹⁾ = (log z)⁽ⁿ⁾.
        double value = Math.Log(z) / w, logarithm = 1 / z;
        for (int n = 1; n < order; n++)
        {
            value = (logarithm + (n * value)) / w;
            logarithm *= -n / z;
        }

        return value;
    }

    /// <summary>Li₂(1 - exp(-u)) = u - u²/4 + Σ B(2k) u^(2k+1) / (2k + 1)!, from the generating function of the Bernoulli numbers (DLMF 24.2.1).</summary>
    private static double InLogarithm(double u) => (u - (0.25 * u * u)) + (u * u * u * Series.Powers(BernoulliOverFactorialPlusOne, u * u));

    private static double Square(double x) => x * x;
}
