namespace AutoDiff.Kernels;

/// <summary>The regularized incomplete beta function, its inverse, and its derivatives with respect to the shapes (DLMF 8.17).</summary>
internal static class IncompleteBeta
{
    private const double Large = 12;
    private const int MostSteps = 20000;

    /// <summary>
    /// I_x(a, b), a and b positive, x in [0, 1]. ∂I/∂x = x^(a-1) (1 - x)^(b-1) / B(a, b) (DLMF 8.17.1), which is <see cref="Density"/>; the derivatives
    /// with respect to a and b are <see cref="ShapeDerivative"/>. The complement is I_(1-x)(b, a) (DLMF 8.17.4).
    /// </summary>
    public static double Value(double a, double b, double x) =>
        Edge(a, b, x) ?? Regularised(new TaylorValue(a), new TaylorValue(b), x).Value;

    /// <summary>∂^(m+n) I / ∂aᵐ ∂bⁿ for m + n up to 3; mixed ones from the derivatives along (1, 1) and (1, -1) by polarization.</summary>
    public static double ShapeDerivative(int m, int n, double a, double b, double x)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(m);
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(m + n, 3);
        if (Edge(a, b, x) is double edge)
        {
            return m + n == 0 || double.IsNaN(edge) ? edge : 0;
        }

        int order = m + n;
        if (order == 1)
        {
            return Regularised(TaylorLinear.Variable(a, m), TaylorLinear.Variable(b, n), x).C1;
        }

        if (m == 0 || n == 0)
        {
            return Along(n == 0 ? 1 : 0, n == 0 ? 0 : 1).Derivative(order);
        }

        double sum = Along(1, 1).Derivative(order), difference = Along(1, -1).Derivative(order);
        return (m, n) switch
        {
            (1, 1) => (sum - difference) / 4,
            (2, 1) => ((sum - difference) / 6) - (Along(0, 1).Derivative(3) / 3),
            _ => ((sum + difference) / 6) - (Along(1, 0).Derivative(3) / 3),
        };

        TaylorCubic Along(double da, double db) => Regularised(TaylorCubic.Variable(a, da), TaylorCubic.Variable(b, db), x);
    }

    /// <summary>The density x^(a-1) (1 - x)^(b-1) / B(a, b) of the beta distribution; a and b positive, x in [0, 1].</summary>
    public static double Density(double a, double b, double x)
    {
        if (!(a > 0 && b > 0 && x >= 0 && x <= 1))
        {
            return double.NaN;
        }

        if (x is 0 or 1)
        {
            double shape = x == 0 ? a : b;
            return shape < 1 ? double.PositiveInfinity : shape > 1 ? 0 : x == 0 ? b : a;
        }

        return Prefix(new TaylorValue(a), new TaylorValue(b), x).Value * (a / x) * (b / (1 - x)) / (a + b);
    }

    /// <summary>The x with I_x(a, b) = p. ∂x/∂p = 1 / density, ∂x/∂a = -(∂I/∂a) / density.</summary>
    public static double Inverse(double a, double b, double p)
    {
        if (!(a > 0 && b > 0 && p >= 0 && p <= 1))
        {
            return double.NaN;
        }

        return p <= Value(a, b, 0.5) ? LowerInverse(a, b, p, 1 - p) : 1 - LowerInverse(b, a, 1 - p, p);
    }

    private static double? Edge(double a, double b, double x) => !(a > 0 && b > 0 && x >= 0 && x <= 1)
        || double.IsInfinity(a) || double.IsInfinity(b) ? double.NaN : x is 0 or 1 ? x : null;

    private static T Regularised<T>(T a, T b, double x)
        where T : struct, ITaylor<T>
    {
        // Where the fraction that converges fast gives a value near 1, the other one keeps the digits of the small rest.
        const double NearOne = 0.9, Slow = 0.999;
        if (x <= (a.Value + 1) / (a.Value + b.Value + 2))
        {
            T value = Lower(a, b, x);
            return value.Value > NearOne && 1 - x < Slow ? -Lower(b, a, 1 - x) + 1.0 : value;
        }

        T rest = Lower(b, a, 1 - x);
        return rest.Value > NearOne && x < Slow ? Lower(a, b, x) : -rest + 1.0;
    }

    /// <summary>
    /// The even part of the continued fraction of DLMF 8.17.22, forward by Lentz's algorithm (DLMF 3.10(iii)). In this form, of Didonato and Morris,
    /// Significant digit computation of the incomplete beta function ratios, 1992, the distance a - (a + b) x from the mean enters as a whole.
    /// </summary>
    private static T Lower<T>(T a, T b, double x)
        where T : struct, ITaylor<T>
    {
        T prefix = Prefix(a, b, x) * b / (a + b), one = T.Constant(1), total = a + b;
        T distance = (a * (1 - x)) - (b * x) + 1.0;
        T fraction = distance / (a + 1.0), c = fraction, d = T.Constant(0);
        int end = int.MaxValue;
        for (int m = 1; m <= end; m++)
        {
            // The factor a of the first numerator is in the prefix.
            T divisor = a + ((2 * m) - 1.0), step = (b + -(double)m) * (m * x) / divisor;
            T numerator = (m == 1 ? total : (a + (m - 1.0)) * (total + (m - 1.0))) * step * x / divisor;
            T denominator = step + (double)m + ((a + (double)m) * (distance + (m * (2 - x))) / (divisor + 2.0));
            d = one / (denominator + (numerator * d));
            c = denominator + (numerator / c);
            T factor = c * d;
            fraction *= factor;
            if (end == int.MaxValue && ((factor + -1.0).Size < (T.Order > 0 ? 4e-15 : 3e-16) || m >= MostSteps))
            {
                // The derivatives converge as fast, a few steps behind.
                end = T.Order > 0 ? m + (m / 2) + 4 : m;
            }
        }

        // Out of reach: shapes beyond some 1e8 near the mean.
        return end > MostSteps * 0.9 ? T.Constant(double.NaN) : prefix / fraction;
    }

    /// <summary>x^a (1 - x)^b Γ(a + b + 1) / (Γ(a + 1) Γ(b + 1)), whose derivatives stay regular as a or b goes to 0.</summary>
    private static T Prefix<T>(T a, T b, double x)
        where T : struct, ITaylor<T>
    {
        double p = a.Value, q = b.Value, sum = p + q, value, logX = Math.Log(x), logY = ElementaryPieces.Log1p(-x);
        if (Math.Min(p, q) < Large)
        {
            double beta = BetaFunctions.Beta(p, q);
            double powers = Math.Pow(x, p) * Math.Exp(q * logY);
            value = beta > 1e-250 && powers > 1e-280
                ? powers / beta * (sum / p / q)
                : Math.Exp((p * logX) + (q * logY) - BetaFunctions.LogBeta(p, q)) * (sum / p / q);
        }
        else
        {
            // Stirling's formula for each Γ leaves the distances from the mode, in which nothing cancels.
            double distance = p <= q ? p - (sum * x) : (sum * (1 - x)) - q;
            double exponent = (p * Excess(-distance / p, sum * x / p)) + (q * Excess(distance / q, sum * (1 - x) / q));
            double correction = GammaFunctions.StirlingCorrection(sum) - GammaFunctions.StirlingCorrection(p) - GammaFunctions.StirlingCorrection(q);
            value = Math.Exp(correction - exponent) * Math.Sqrt(sum / (2 * Math.PI * p * q));
        }

        if (T.Order == 0)
        {
            return T.Constant(value);
        }

        T log = LogRatio(a, a + b, logX) + LogRatio(b, a + b, logY);
        T total = a + b;
        if (Math.Min(p, q) >= Large)
        {
            log = Centered(a, total, x) + Centered(b, total, 1 - x);
        }

        return Taylor.Exp(log) * value;
    }

    /// <summary>μ - log(1 + μ), 1 + μ being given too since μ near -1 has lost it.</summary>
    private static double Excess(double mu, double onePlus) => mu < -0.5 ? mu - Math.Log(onePlus) : ElementaryPieces.XMinusLog1p(mu);

    /// <summary>Without its value, s log x - log Γ(s + 1), and half of log Γ(total + 1) shared by the change of s.</summary>
    private static T LogRatio<T>(T s, T total, double log)
        where T : struct, ITaylor<T>
    {
        double v = s.Value, w = total.Value;
        return WithSlope(s, total, log + GammaFunctions.Digamma(w + 1) - GammaFunctions.Digamma(v + 1));
    }

    /// <summary>As <see cref="LogRatio"/> for large shapes: log x + ψ(total + 1) - ψ(s + 1) as the logarithm of x total / s.</summary>
    private static T Centered<T>(T s, T total, double x)
        where T : struct, ITaylor<T>
    {
        double v = s.Value, w = total.Value;
        double ratio = w * x / v;
        double slope = (ratio < 0.5 ? Math.Log(ratio) : ElementaryPieces.Log1p(((w * x) - v) / v)) + GammaFunctions.LogMinusDigamma(v) - (1 / v) - GammaFunctions.LogMinusDigamma(w) + (1 / w);
        return WithSlope(s, total, slope);
    }

    /// <summary>What the two have in common: the first derivative by s, and those of higher order from -ψ(s + 1) and half of ψ(total + 1).</summary>
    private static T WithSlope<T>(T s, T total, double slope)
        where T : struct, ITaylor<T>
    {
        if (T.Order == 1)
        {
            return T.Compose(s, 0, slope, 0, 0);
        }

        double v = s.Value + 1, w = total.Value + 1;
        return T.Compose(s, 0, slope, -GammaFunctions.Polygamma(1, v), -GammaFunctions.Polygamma(2, v))
            + T.Compose(total, 0, 0, GammaFunctions.Polygamma(1, w) / 2, GammaFunctions.Polygamma(2, w) / 2);
    }

    /// <summary>
    /// Newton in log x, kept between bounds, for the logarithm of I or of its complement: of the smaller one, where x is not too small to tell 1 - x
    /// from 1. The root is at most 1/2.
    /// </summary>
    private static double LowerInverse(double a, double b, double p, double q)
    {
        if (p == 0)
        {
            return 0;
        }

        double low = double.NegativeInfinity, high = Math.Log(0.5);
        double log = Math.Min(high, (Math.Log(p) + Math.Log(a) + BetaFunctions.LogBeta(a, b)) / a);
        double x = Math.Exp(log);
        for (int step = 0; step < 200 && x > 0; step++)
        {
            bool complement = q < p && x > 1e-5;
            double value = complement ? Value(b, a, 1 - x) : Value(a, b, x);
            double distance = complement ? -Math.Log(value / q) : Math.Log(value / p);
            if (distance > 0)
            {
                high = Math.Min(high, log);
            }
            else
            {
                low = Math.Max(low, log);
            }

            double change = -distance * value / (x * Density(a, b, x));
            if (Math.Abs(change) < 1e-9)
            {
                // Newton squares the error: this step ends it.
                return x * (1 + change);
            }

            double moved = log + change;
            if (!(moved > low && moved < high))
            {
                moved = double.IsInfinity(low) ? high - 1 : (low + high) / 2;
            }

            log = moved;
            x = Math.Exp(log);
        }

        return x;
    }
}
