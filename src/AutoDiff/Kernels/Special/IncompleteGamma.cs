namespace AutoDiff.Kernels;

/// <summary>The regularized incomplete gamma functions, their inverses, and their derivatives with respect to the shape (DLMF chapter 8).</summary>
internal static class IncompleteGamma
{
    private const double Large = 20;
    private const double TwoOverRootPi = 1.1283791670955126;

    // Taylor coefficients of η / (λ - 1) where η²/2 = λ - 1 - log λ, by inverting that series with mpmath at 60 digits.
    private static ReadOnlySpan<double> TemmeSeries =>
    [
        1, -0.3333333333333333, 0.08333333333333333, -0.014814814814814815,
        0.0011574074074074073, 0.0003527336860670194, -0.0001787551440329218, 3.919263178522438e-05,
        -2.185448510679992e-06, -1.85406221071516e-06, 8.296711340953087e-07, -1.7665952736826078e-07,
        6.707853543401498e-09, 1.0261809784240309e-08, -4.382036018453353e-09, 9.14769958223679e-10,
        -2.5514193994946248e-11, -5.830772132550426e-11, 2.4361948020667415e-11, -5.0276692801141755e-12,
        1.1004392031956135e-13, 3.371763262400985e-13, -1.392388722418162e-13, 2.8534893807047445e-14,
        -5.139111834242572e-16, -1.9752288294349442e-15, 8.099521156704561e-16, -1.6522531216398162e-16,
    ];

    /// <summary>
    /// P(a, x) = γ(a, x) / Γ(a), a and x not negative. ∂P/∂x = x^(a-1) exp(-x) / Γ(a) (DLMF 8.8.13), which is <see cref="Density"/>;
    /// ∂P/∂a is <see cref="ShapeDerivative"/>.
    /// </summary>
    public static double P(double a, double x) =>
        Edge(a, x) ?? Lower(Ratio(new TaylorValue(a), x, out bool upper), upper).Value;

    /// <summary>Q(a, x) = 1 - P(a, x), without cancellation where it is small.</summary>
    public static double Q(double a, double x)
    {
        if (Edge(a, x) is double p)
        {
            return 1 - p;
        }

        if (a <= 0.5 && x < 1)
        {
            return SmallShapeQ(a, x);
        }

        return Lower(Ratio(new TaylorValue(a), x, out bool upper), !upper).Value;
    }

    /// <summary>∂ⁿP/∂aⁿ for n = 0 to 3, by carrying Taylor coefficients in a through the expansions of P; those of Q are its negatives.</summary>
    public static double ShapeDerivative(int n, double a, double x)
    {
        if (Edge(a, x) is double p)
        {
            // From the right at a = 0: 1 / Γ(a) is nearly a, and what it multiplies E₁(x).
            return n == 0 ? p : double.IsNaN(p) || (a == 0 && (n > 1 || x == 0)) ? double.NaN : a == 0 ? -ExponentialIntegrals.E1(x) : 0;
        }

        return n == 1 ? Lower(Ratio(TaylorLinear.Variable(a), x, out bool upper), upper).C1 : Lower(Ratio(TaylorCubic.Variable(a), x, out upper), upper).Derivative(n);
    }

    /// <summary>The density x^(a-1) exp(-x) / Γ(a) of the gamma distribution; a and x not negative. For a = 0 all of the probability is at 0.</summary>
    public static double Density(double a, double x)
    {
        if (!(a > 0 && x > 0) || double.IsInfinity(a) || double.IsInfinity(x))
        {
            return !(a >= 0 && x >= 0) ? double.NaN : x == 0 ? a < 1 ? double.PositiveInfinity : a == 1 ? 1 : 0 : 0;
        }

        double density = Prefix(new TaylorValue(a), x).Value * (a / x);
        return double.IsFinite(density) ? density : Math.Exp(((a - 1) * Math.Log(x)) - x - GammaFunctions.LogGamma(a));
    }

    /// <summary>
    /// dx/da of a gamma sample x at a fixed probability: -(∂P/∂a) / density (Figurnov, Mohamed and Mnih, Implicit reparameterization gradients, 2018).
    /// </summary>
    public static double SampleDerivative(double a, double x)
    {
        if (!(a > 0 && x > 0) || double.IsInfinity(a) || double.IsInfinity(x))
        {
            return x == 0 && a > 0 ? 0 : double.NaN;
        }

        TaylorLinear shape = TaylorLinear.Variable(a);
        if (IsNear(a, x))
        {
            return -Lower(Uniform(shape, x, out bool upper), upper).C1 / Density(a, x);
        }

        // The prefix's value cancels in the quotient, so that it cannot underflow.
        TaylorLinear prefix = PrefixShape(shape, x, 1);
        return x < Split(a)
            ? -(x / a) * (prefix * LowerSeries(shape, x)).C1
            : x / a * (prefix * shape * UpperFraction(shape, x)).C1;
    }

    /// <summary>The x with P(a, x) = p. ∂x/∂p = 1 / density, ∂x/∂a is <see cref="SampleDerivative"/>.</summary>
    public static double InverseP(double a, double p) => p <= 0.5 ? Inverse(a, p, false) : Inverse(a, 1 - p, true);

    /// <summary>The x with Q(a, x) = q.</summary>
    public static double InverseQ(double a, double q) => q <= 0.5 ? Inverse(a, q, true) : Inverse(a, 1 - q, false);

    private static double? Edge(double a, double x)
    {
        if (!(a >= 0 && x >= 0) || (a == 0 && x == 0) || (double.IsInfinity(a) && double.IsInfinity(x)))
        {
            return double.NaN;
        }

        return x == 0 || double.IsInfinity(a) ? 0 : a == 0 || double.IsInfinity(x) ? 1 : null;
    }

    private static bool IsNear(double a, double x) => a >= Large && Math.Abs(x - a) < 0.35 * a;

    private static double Split(double a) => Math.Max(1, a);

    private static T Lower<T>(T value, bool complement)
        where T : struct, ITaylor<T> => complement ? T.Constant(1) - value : value;

    /// <summary>P, or Q where upper says so: the one that the expansion yields.</summary>
    private static T Ratio<T>(T a, double x, out bool upper)
        where T : struct, ITaylor<T>
    {
        if (IsNear(a.Value, x))
        {
            return Uniform(a, x, out upper);
        }

        T prefix = Prefix(a, x);
        upper = x >= Split(a.Value);
        return prefix.Value == 0 ? T.Constant(0) : upper ? prefix * a * UpperFraction(a, x) : prefix * LowerSeries(a, x);
    }

    /// <summary>x^a exp(-x) / Γ(a + 1).</summary>
    private static T Prefix<T>(T a, double x)
        where T : struct, ITaylor<T>
    {
        double shape = a.Value, value;
        if (shape < Large)
        {
            double half = Math.Exp(-x / 2);
            value = Math.Pow(x, shape) * half / GammaFunctions.Gamma(shape + 1) * half;
        }
        else
        {
            // Stirling's formula for Γ (DLMF 5.11.3) leaves exp(-a (μ - log(1 + μ))), μ = x/a - 1.
            double mu = (x - shape) / shape;
            double exponent = x < shape / 2 ? mu - Math.Log(x / shape) : ElementaryPieces.XMinusLog1p(mu);
            value = Math.Exp((-shape * exponent) - GammaFunctions.StirlingCorrection(shape)) / Math.Sqrt(2 * Math.PI * shape);
        }

        return PrefixShape(a, x, value);
    }

    private static T PrefixShape<T>(T a, double x, double value)
        where T : struct, ITaylor<T>
    {
        if (T.Order == 0)
        {
            return T.Constant(value);
        }

        // The logarithm's derivatives are log x - ψ(a + 1), -ψ'(a + 1), ...
        double shape = a.Value;
        double slope = shape < Large
            ? Math.Log(x) - GammaFunctions.Digamma(shape + 1)
            : GammaFunctions.LogMinusDigamma(shape) - (1 / shape)
                + (x < shape / 2 ? Math.Log(x / shape) : ElementaryPieces.Log1p((x - shape) / shape));
        T log = T.Order == 1 ? T.Compose(a, 0, slope, 0, 0) : T.Compose(a, 0, slope, -GammaFunctions.Polygamma(1, shape + 1), -GammaFunctions.Polygamma(2, shape + 1));
        return Taylor.Exp(log) * value;
    }

    /// <summary>Σ xᵏ / ((a + 1)...(a + k)) (DLMF 8.7.1).</summary>
    private static T LowerSeries<T>(T a, double x)
        where T : struct, ITaylor<T>
    {
        T sum = T.Constant(1), term = sum, divisor = a;
        double shape = a.Value;
        for (int k = 1; k < 10000; k++)
        {
            divisor += 1.0;
            term = term * x / divisor;
            sum += term;
            if (shape + k > x && term.Value < sum.Value * 1e-18)
            {
                break;
            }
        }

        return sum;
    }

    /// <summary>
    /// exp(x) x^-a Γ(a, x) = 1/(x + 1 - a - 1(1 - a)/(x + 3 - a - 2(2 - a)/(...))) (DLMF 8.9.2) for x of at least 1, from the far end: from where, over x to 1000 and a from -200 to x, neither the value nor its
    /// derivative changes by 2e-17 any more.
    /// </summary>
    public static T UpperFraction<T>(T a, double x)
        where T : struct, ITaylor<T>
    {
        int depth = 16 + (int)(100 / x) + (int)Math.Min(1000, 3 * Math.Sqrt(Math.Abs(a.Value)));
        T fraction = -a + (x + (2 * depth) + 1);
        for (int k = depth; k > 0; k--)
        {
            fraction = (-a + (x + (2 * k) - 1)) + (((a + -(double)k) * k) / fraction);
        }

        return T.Constant(1) / fraction;
    }

    /// <summary>
    /// Temme's uniform expansion, its coefficients by the backward recurrence of Gil, Segura and Temme, Efficient and accurate algorithms for
    /// the computation and inversion of the incomplete gamma function ratios, 2012, section 2.4 (DLMF 8.12).
    /// </summary>
    private static T Uniform<T>(T a, double x, out bool upper)
        where T : struct, ITaylor<T>
    {
        T mu = (T.Constant(x) - a) / a;

        // η = μ √(2 (μ - log(1 + μ)) / μ²).
        T ratio = T.Constant(0);
        for (int k = 36; k >= 0; k--)
        {
            ratio = (ratio * mu) + ((int.IsEvenInteger(k) ? 2.0 : -2.0) / (k + 2));
        }

        T eta = mu * Taylor.Sqrt(ratio), inverse = T.Constant(1) / a;
        T next = T.Constant(TemmeSeries[^1]), current = T.Constant(TemmeSeries[^2]), sum = (next * eta) + current;
        for (int n = TemmeSeries.Length - 2; n >= 1; n--)
        {
            (current, next) = ((next * inverse * (n + 1)) + TemmeSeries[n], current);
            sum = (sum * eta) + current;
        }

        // The last pair is β₀, β₁.
        T z = eta * Taylor.Sqrt(a * 0.5), gauss = Taylor.Exp(-(z * z));
        T rest = gauss * sum / (Taylor.Sqrt(a * (2 * Math.PI)) * ((next * inverse) + 1));
        upper = z.Value > 0;
        double sign = upper ? 1 : -1, point = sign * z.Value, slope = -TwoOverRootPi * Math.Exp(-point * point);
        T tail = T.Compose(z * sign, ErrorFunctions.Erfc(point), slope, -2 * point * slope, ((4 * point * point) - 2) * slope);
        return (tail * 0.5) + (rest * sign);
    }

    /// <summary>Q for small a and x, where P is near 1 (Gautschi, A computational procedure for incomplete gamma functions, 1979).</summary>
    private static double SmallShapeQ(double a, double x)
    {
        double log = (a * Math.Log(x)) - GammaFunctions.LogGammaOfOnePlus(a), sum = 0, term = 1;
        for (int k = 1; k < 25; k++)
        {
            term *= -x / k;
            sum += term / (a + k);
        }

        return -ElementaryPieces.Expm1(log) - (Math.Exp(log) * a * sum);
    }

    /// <summary>
    /// Newton for log P in log x, or for log Q in x: the first is concave, and the second too (for a below 1 convex), so that the steps settle on
    /// one side of the root.
    /// </summary>
    private static double Inverse(double a, double target, bool upper)
    {
        if (!(a > 0 && target >= 0))
        {
            return double.NaN;
        }

        if (target == 0 || double.IsInfinity(a))
        {
            return upper || double.IsInfinity(a) ? double.PositiveInfinity : 0;
        }

        double x = FirstGuess(a, target, upper);
        for (int step = 0; step < 100 && x > 0; step++)
        {
            double value = upper ? Q(a, x) : P(a, x), log = Math.Log(value / target), change;
            if (upper)
            {
                double slope = Density(a, x) / value;
                change = log / slope;
                double moved = x + change;
                x = moved > 0 && value > 0 ? moved : x / 2;
            }
            else
            {
                change = value > 0 ? Math.Clamp(-log * value / Density(a, x), -40 * x, 40 * x) : x;
                double relative = Math.Clamp(change / x, -20, 20);
                x *= Math.Exp(relative);
            }

            if (Math.Abs(change) <= 4e-16 * x)
            {
                break;
            }
        }

        return x;
    }

    private static double FirstGuess(double a, double target, bool upper)
    {
        // Wilson and Hilferty, The distribution of chi-square, 1931; the first term of the series where x is small.
        double z = NormalFunctions.Ndtri(target), root = 1 - (1 / (9 * a)) + ((upper ? -z : z) / (3 * Math.Sqrt(a)));
        double p = upper ? 1 - target : target;
        double power = Math.Exp((Math.Log(p) + GammaFunctions.LogGamma(a + 1)) / a);
        return a < 1 ? upper && target < 0.1 ? Math.Max(power, -Math.Log(target)) : Math.Max(power, double.Epsilon)
            : root > 0.3 ? a * root * root * root : power;
    }
}
