namespace AutoDiff.Kernels;

/// <summary>Elementary functions whose plain form cancels.</summary>
internal static class ElementaryPieces
{
    /// <summary>log(1 + x), accurate near 0 (Higham, Accuracy and Stability of Numerical Algorithms, 2002, problem 1.5).</summary>
    public static double Log1p(double x)
    {
        double u = 1 + x;
        return u == 1 || double.IsInfinity(u) ? x : Math.Log(u) * (x / (u - 1));
    }

    /// <summary>exp(x) - 1, accurate near 0.</summary>
    public static double Expm1(double x)
    {
        if (Math.Abs(x) >= 0.5)
        {
            return Math.Exp(x) - 1;
        }

        // (u - 1) x / log u, whose two roundings cancel (Higham 2002, section 1.14.1).
        double u = Math.Exp(x);
        return u == 1 ? x : (u - 1) * (x / Math.Log(u));
    }

    /// <summary>exp(scale · x²) for a scale that is a power of two, with the rounding of x² made good.</summary>
    public static double ExpOfSquare(double x, double scale)
    {
        double square = x * x, value = Math.Exp(scale * square);
        return value == 0 || !double.IsFinite(value) ? value : value * (1 + (scale * Math.FusedMultiplyAdd(x, x, -square)));
    }

    /// <summary>x - log(1 + x), accurate near 0.</summary>
    public static double XMinusLog1p(double x) => Math.Abs(x) > 0.4 ? x - Log1p(x) : x * x / 2 * LogRatio(x);

    /// <summary>2 (x - log(1 + x)) / x² by its power series, |x| at most 0.4.</summary>
    private static double LogRatio(double x)
    {
        // log(1 + x) = 2 artanh(r), r = x / (2 + x); x = 2r + xr; so x - log(1 + x) = xr - 2 (r³/3 + r⁵/5 + ...).
        double r = x / (2 + x), square = r * r, sum = 0;
        for (int k = 20; k >= 1; k--)
        {
            sum = (sum * square) + (1.0 / ((2 * k) + 1));
        }

        return 2 * ((1 / (2 + x)) - (2 * r * sum / ((2 + x) * (2 + x))));
    }
}
