namespace AutoDiff.Kernels;

/// <summary>Differences of the polygamma functions, as they occur in the derivatives of quotients of gamma functions.</summary>
internal static class GammaDifferences
{
    /// <summary>
    /// ψ⁽ⁿ⁾(a + h) - ψ⁽ⁿ⁾(a). Near arguments would cancel: there, for n above 0, the odd part of Taylor's series about the middle m, with d = h/2, is
    /// 2 (-1)ⁿ m^-(n+1) Σ (d/m)ʲ (n + j)!/j! m^(n+j+1) ζ(n + j + 1, m), j odd (DLMF 25.11.12), in which all terms have one sign.
    /// </summary>
    public static double Polygamma(int n, double a, double h)
    {
        double b = a + h, d = 0.5 * h, m = a + d;
        if (n == 0 && a <= 0 && b <= 0 && a == Math.Floor(a) && b == Math.Floor(b) && Math.Abs(h) < 1e4)
        {
            // Between two poles the infinite parts cancel: ψ(x + 1) - ψ(x) = 1/x (DLMF 5.5.2).
            double steps = 0;
            for (double x = Math.Min(a, b); x < Math.Max(a, b); x++)
            {
                steps += 1 / x;
            }

            return h < 0 ? -steps : steps;
        }

        if (n == 0 && a > 0 && b > 0 && double.IsFinite(m))
        {
            return h < 0 ? -Digamma(b, a, -h) : Digamma(a, b, h);
        }

        if (!(a > 0 && b > 0 && Math.Abs(d) <= 0.25 * m && double.IsFinite(m)))
        {
            return h == 0 ? 0 * a : GammaFunctions.Polygamma(n, b) - GammaFunctions.Polygamma(n, a);
        }

        double ratio = d / m, power = 2 * ratio, sum = 0;
        for (int j = 1; j <= n; j++)
        {
            power *= j + 1;
        }

        for (int j = 1; ; j += 2)
        {
            double term = power * ZetaFunctions.HurwitzZetaOverFirstTerm(n + j + 1, m);
            sum += term;
            if (Math.Abs(term) <= Math.Abs(sum) * 1e-17)
            {
                break;
            }

            // (n + j + 2)! / (j + 2)! from (n + j)! / j!.
            power *= ratio * ratio * (n + j + 1) / (j + 1) * (n + j + 2) / (j + 2);
        }

        return (int.IsOddInteger(n) ? -sum : sum) / Math.Pow(m, n + 1);
    }

    /// <summary>
    /// ψ(b) - ψ(a) for positive a and b = a + h, h not negative, in which nothing cancels: h / (a b) for each step up to 10 (DLMF 5.5.2), and from there on the difference of the expansion of DLMF 5.11.2 term by
    /// term. With u = 1/a and v = 1/b, u^2k - v^2k = u² (u^(2k-2) - v^(2k-2)) + v^(2k-2) (u² - v²).
    /// </summary>
    private static double Digamma(double a, double b, double h)
    {
        double sum = 0;
        for (; a < 10; a++, b++)
        {
            sum += h / a / b;
        }

        double u = 1 / a, v = 1 / b, first = h * u * v, square = first * (u + v), difference = 0, power = 1, series = 0;
        foreach (double coefficient in GammaFunctions.DigammaSeries)
        {
            difference = (u * u * difference) + (power * square);
            power *= v * v;
            series += coefficient * difference;
        }

        return sum + (ElementaryPieces.Log1p(h * u) + (0.5 * first) + series);
    }

    /// <summary>
    /// log Γ(a + h) - log Γ(a) for a above 1 and |h| of at most 1/4 of a: the odd part of Taylor's series about the middle m, with d = h/2, is 2 d ψ(m) + 2 Σ d^(2j+1) / (2j+1)! ψ⁽²ʲ⁾(m).
    /// </summary>
    public static double LogGamma(double a, double h)
    {
        double d = 0.5 * h, m = a + d, sum = GammaFunctions.Digamma(m), power = 1;
        for (int j = 1; j < 20; j++)
        {
            // d^2j / (2j+1)!, relative to d.
            power *= d / (2 * j) * (d / ((2 * j) + 1));
            double term = power * GammaFunctions.Polygamma(2 * j, m);
            sum += term;
            if (Math.Abs(term) <= Math.Abs(sum) * 1e-17)
            {
                break;
            }
        }

        return h * sum;
    }

    /// <summary>The n-th derivative of Σ ψ(x - (i - 1)/2), i = 1..p.</summary>
    public static double MultivariatePolygamma(int n, int p, double x)
    {
        double sum = 0;
        for (int i = 0; i < p; i++)
        {
            sum += GammaFunctions.Polygamma(n, x - (0.5 * i));
        }

        return sum;
    }
}
