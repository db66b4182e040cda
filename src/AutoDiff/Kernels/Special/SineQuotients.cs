namespace AutoDiff.Kernels;

/// <summary>The derivatives of sin y / y and sinh y / y: those of the sine integrals.</summary>
internal static class SineQuotients
{
    /// <summary>The k-th derivative of sin y / y.</summary>
    public static double Circular(int k, double y)
    {
        if (Math.Abs(y) < 3 + (0.6 * k))
        {
            return PowerSeries(k, y, -1);
        }

        return double.IsInfinity(y) ? 0 : Leibniz(k, y, Math.Sin(y), Math.Cos(y), -1);
    }

    /// <summary>The k-th derivative of sinh y / y.</summary>
    public static double Hyperbolic(int k, double y)
    {
        double magnitude = Math.Abs(y);
        if (magnitude < 3 + (0.6 * k))
        {
            return PowerSeries(k, y, 1);
        }

        if (magnitude < 40)
        {
            return Leibniz(k, y, Math.Sinh(y), Math.Cosh(y), 1);
        }

        // Without exp |y|, which overflows before the quotient does.
        double half = Math.Exp(magnitude / 2);
        return double.IsInfinity(half) ? (y < 0 && int.IsOddInteger(k) ? -half : half) : Leibniz(k, y, Math.CopySign(0.5, y), 0.5, 1) * half * half;
    }

    /// <summary>Σ signᵐ y^(2m-k) / ((2m + 1) (2m - k)!), from the first power that is not negative.</summary>
    private static double PowerSeries(int k, double y, int sign)
    {
        int first = (k + 1) / 2;
        double term = int.IsOddInteger(k) ? y : 1, sum = 0;
        term = int.IsOddInteger(first) ? sign * term : term;
        for (int m = first; m < first + 30; m++)
        {
            sum += term / ((2 * m) + 1);
            int power = (2 * m) - k;
            term *= sign * y * y / (power + 1) / (power + 2);
        }

        return sum;
    }

    /// <summary>y s⁽ᵏ⁾ + k s⁽ᵏ⁻¹⁾ = sin⁽ᵏ⁾ y, Leibniz's rule for y s = sin y.</summary>
    private static double Leibniz(int k, double y, double sine, double cosine, int sign)
    {
        double value = sine / y;
        for (int j = 1; j <= k; j++)
        {
            (sine, cosine) = (cosine, sign * sine);
            value = (sine - (j * value)) / y;
        }

        return value;
    }

    /// <summary>The derivative of order k of e^x / x: e^x g, with g the sum of (-1)^j k! / (k - j)! x^-(j + 1), by x g⁽ⁿ⁾ + n g⁽ⁿ⁻¹⁾ = 1.</summary>
    public static double Exponential(int k, double x)
    {
        if (double.IsInfinity(x))
        {
            return x > 0 ? x : 0;
        }

        // e^x may overflow where the quotient does not.
        double half = Math.Exp(0.5 * x), factor = 1 / x;
        for (int n = 1; n <= k; n++)
        {
            factor = (1 - (n * factor)) / x;
        }

        return factor * half * half;
    }

    /// <summary>The derivative of order k of cos(x) / x, by x f⁽ⁿ⁾ + n f⁽ⁿ⁻¹⁾ = cos⁽ⁿ⁾(x).</summary>
    public static double Cosine(int k, double x)
    {
        if (double.IsInfinity(x))
        {
            return 0;
        }

        (double sine, double cosine) = Math.SinCos(x);
        double value = cosine / x;
        for (int n = 1; n <= k; n++)
        {
            value = (((n & 3) switch { 0 => cosine, 1 => -sine, 2 => -cosine, _ => sine }) - (n * value)) / x;
        }

        return value;
    }

    /// <summary>The derivative of order k of cosh(x) / x, half the difference of e^x / x and its mirror image.</summary>
    public static double HyperbolicCosine(int k, double x) => 0.5 * (Exponential(k, x) - (int.IsOddInteger(k) ? -Exponential(k, -x) : Exponential(k, -x)));
}
