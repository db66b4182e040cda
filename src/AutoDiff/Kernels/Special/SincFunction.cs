namespace AutoDiff.Kernels;

/// <summary>The normalized cardinal sine.</summary>
internal static class SincFunction
{
    /// <summary>sin(πx) / (πx), 1 at 0. Its derivatives are <see cref="SincDerivative"/>.</summary>
    public static double Sinc(double x) => SincDerivative(0, x);

    /// <summary>
    /// The k-th derivative of sin(πx) / (πx), by the power series below a point that grows with k; above, with s(y) = sin y / y, by
    /// y s⁽ᵏ⁾ + k s⁽ᵏ⁻¹⁾ = sin⁽ᵏ⁾ y, Leibniz's rule for y s = sin y.
    /// </summary>
    public static double SincDerivative(int k, double x)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        if (double.IsInfinity(x))
        {
            return 0;
        }

        double y = Math.PI * x;
        double value;
        if (Math.Abs(x) < 1 + (0.2 * k))
        {
            // Σ (-1)ᵐ y^(2m-k) / ((2m + 1) (2m - k)!), from the first power that is not negative.
            int first = (k + 1) / 2;
            double term = int.IsOddInteger(k) ? y : 1, sum = 0;
            term = int.IsOddInteger(first) ? -term : term;
            for (int m = first; m < first + 40; m++)
            {
                sum += term / ((2 * m) + 1);
                int power = (2 * m) - k;
                term *= -y * y / (power + 1) / (power + 2);
            }

            value = sum;
        }
        else
        {
            double sine = double.SinPi(x), cosine = double.CosPi(x);
            value = sine / y;
            for (int j = 1; j <= k; j++)
            {
                (sine, cosine) = (cosine, -sine);
                value = (sine - (j * value)) / y;
            }
        }

        return Math.Pow(Math.PI, k) * value;
    }
}
