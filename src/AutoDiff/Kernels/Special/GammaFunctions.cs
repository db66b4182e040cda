namespace AutoDiff.Kernels;

/// <summary>The gamma function, its logarithm, and the logarithm's derivatives (DLMF chapter 5).</summary>
internal static class GammaFunctions
{
    /// <summary>From here on Stirling's series with eight terms is exact to the last bit.</summary>
    private const double StirlingFrom = 12;

    private const double HalfLogTwoPi = 0.91893853320467274;
    private const double OneMinusEuler = 0.42278433509846714;

    // Coefficients of 1/Γ(3/2 + t) in powers of t, |t| at most 1/2; from a fit in Chebyshev polynomials with mpmath at 60 digits.
    private static ReadOnlySpan<double> ReciprocalGamma =>
    [
        1.1283791670955126, -0.0411745264452831, -0.5266544355255447, 0.17510202604393435,
        0.0509668602477232, -0.04215516936852383, 0.00661289782627482, 0.002120731442277257,
        -0.0011107302459330316, 0.00015235762470520615, 2.5355130626661337e-05, -1.389683544823172e-05,
        2.1565575284250995e-06, 5.80703265961005e-08, -9.002232748879092e-08, 1.681337201347965e-08,
    ];

    // The positive zero of digamma, in two parts.
    private const double DigammaRoot = 1.4616321449683622;
    private const double DigammaRootTail = 9.549995429965697e-17;

    // B(2k) / (2k (2k - 1)), k = 1..8: DLMF 5.11.1.
    private static ReadOnlySpan<double> StirlingSeries =>
    [
        0.08333333333333333, -0.002777777777777778, 0.0007936507936507937, -0.0005952380952380953,
        0.0008417508417508417, -0.0019175269175269176, 0.00641025641025641, -0.029550653594771242,
    ];

    // (-1)^k (zeta(k) - 1) / k, k = 2..28: DLMF 5.7.3.
    private static ReadOnlySpan<double> ZetaMinusOneOverK =>
    [
        0.3224670334241132, -0.0673523010531981, 0.020580808427784546, -0.007385551028673986,
        0.0028905103307415234, -0.001192753911703261, 0.0005096695247430425, -0.00022315475845357939,
        9.945751278180853e-05, -4.492623673813314e-05, 2.050721277567069e-05, -9.439488275268397e-06,
        4.374866789907488e-06, -2.039215753801366e-06, 9.55141213040742e-07, -4.492469198764566e-07,
        2.1207184805554665e-07, -1.0043224823968099e-07, 4.7698101693639804e-08, -2.2711094608943164e-08,
        1.0838659214896955e-08, -5.183475041970047e-09, 2.4836745438024785e-09, -1.1921401405860912e-09,
        5.731367241678862e-10, -2.7595228851242334e-10, 1.330476437424449e-10,
    ];

    // B(2k) / 2k, k = 1..8: DLMF 5.11.2.
    internal static ReadOnlySpan<double> DigammaSeries =>
    [
        0.08333333333333333, -0.008333333333333333, 0.003968253968253968, -0.004166666666666667,
        0.007575757575757576, -0.021092796092796094, 0.08333333333333333, -0.4432598039215686,
    ];

    // Chebyshev coefficients of digamma(x) / (x - root) in 2x - 3, x in [1, 2]; fitted with mpmath at 60 digits.
    private static ReadOnlySpan<double> DigammaOverRoot =>
    [
        0.983570260441567, -0.2270640863346444, 0.03336889902393011, -0.005320077271596548,
        0.0008788656937820505, -0.00014773492650606044, 2.5060543468359146e-05, -4.2721034029993324e-06,
        7.302769272465923e-07, -1.2502886813559594e-07, 2.1425009322359472e-08, -3.673295918565179e-09,
        6.299717236108931e-10, -1.080593028883266e-10, 1.853735192053638e-11, -3.18023536582553e-12,
        5.456147570322795e-13, -9.360993131036438e-14, 1.606064636295075e-14, -2.7555431377438815e-15,
        4.727736178601912e-16, -8.11148420346509e-17, 1.391707769474154e-17, -2.3877901082188625e-18,
    ];

    private static readonly double[] Factorials = MakeFactorials();

    /// <summary>Γ(x). Γ' = Γ ψ (DLMF 5.2.2). NaN at the negative integers, ±∞ at ±0.</summary>
    public static double Gamma(double x)
    {
        if (x >= 1 && x <= Factorials.Length && x == Math.Floor(x))
        {
            return Factorials[(int)x - 1];
        }

        if (x < -0.5)
        {
            return NegativeGamma(x);
        }

        double root = GammaRoot(x, out double rest);
        return x > 172 ? double.PositiveInfinity : root * rest * root;
    }

    /// <summary>Γ(x) = root² · rest for x above -1/2, in factors that overflow much later than their product.</summary>
    public static double GammaRoot(double x, out double rest)
    {
        if (x < StirlingFrom)
        {
            // Γ(x + 1) = x Γ(x) (DLMF 5.5.1), down to [1, 2] without rounding x.
            double product = 1, divisor = 1;
            while (x >= 2)
            {
                x--;
                product *= x;
            }

            while (x < 1)
            {
                divisor *= x;
                x++;
            }

            rest = product / (divisor * Series.Powers(ReciprocalGamma, x - 1.5));
            return 1;
        }

        // DLMF 5.11.3; x/2 is exact, which an exponent (x - 1/2)/2 would not be, and -x is, which the whole exponent would not be.
        rest = Math.Sqrt(2 * Math.PI / x) * Math.Exp(-x) * Math.Exp(StirlingCorrection(x));
        return Math.Pow(x, 0.5 * x);
    }

    /// <summary>The sign of Γ(x): 1 or -1; NaN at the negative integers.</summary>
    public static double GammaSign(double x)
    {
        if (x > 0 || (x == 0 && !double.IsNegative(x)))
        {
            return 1;
        }

        if (x == 0)
        {
            return -1;
        }

        double floor = Math.Floor(x);
        return floor == x || double.IsNaN(x) ? double.NaN : double.IsEvenInteger(floor) ? 1 : -1;
    }

    /// <summary>log |Γ(x)|. Its derivative is ψ(x) (DLMF 5.2.2). +∞ at 0 and the negative integers, and at ±∞.</summary>
    public static double LogGamma(double x)
    {
        if (x < -0.5)
        {
            // DLMF 5.5.3 with Γ(1 - x) = -x Γ(-x), which needs no rounding of 1 - x.
            return x == Math.Floor(x)
                ? double.PositiveInfinity
                : Math.Log(Math.PI / Math.Abs(x * double.SinPi(x))) - LogGamma(-x);
        }

        if (x < 0.5)
        {
            return LogGammaOfOnePlus(x) - Math.Log(Math.Abs(x));
        }

        if (x < 1.5)
        {
            // Exact: x - 1 loses nothing here.
            return LogGammaOfOnePlus(x - 1);
        }

        if (x >= StirlingFrom)
        {
            return double.IsPositiveInfinity(x) ? x : ((x - 0.5) * (Math.Log(x) - 1)) + (HalfLogTwoPi - 0.5) + StirlingCorrection(x);
        }

        double product = 1;
        while (x >= 2.5)
        {
            x--;
            product *= x;
        }

        return Math.Log(product) + LogGammaOfTwoPlus(x - 2);
    }

    /// <summary>log Γ(1 + x) for |x| at most 1/2, to full relative accuracy near 0 (DLMF 5.7.3).</summary>
    public static double LogGammaOfOnePlus(double x) => LogGammaOfTwoPlus(x) - ElementaryPieces.Log1p(x);

    /// <summary>
    /// log Γ(1 + x + y) - log Γ(1 + x) - log Γ(1 + y) for arguments of at most 1/2, which is nearly π²/6 x y. With the series of DLMF 5.7.3, the linear terms cancel before anything is computed:
    /// log(1 + x y / (1 + x + y)) + Σ (-1)^k (ζ(k) - 1) / k ((x + y)^k - x^k - y^k), where the last factor is p_k = (x + y) p_(k-1) + x y (x^(k-2) + y^(k-2)).
    /// </summary>
    public static double LogGammaExcess(double x, double y)
    {
        double sum = x + y, product = x * y, excess = 0, xPower = 1, yPower = 1, total = 0;
        foreach (double coefficient in ZetaMinusOneOverK)
        {
            excess = (sum * excess) + (product * (xPower + yPower));
            total += coefficient * excess;
            (xPower, yPower) = (xPower * x, yPower * y);
        }

        return ElementaryPieces.Log1p(product / (1 + sum)) + total;
    }

    /// <summary>log Γ(x) - (x - 1/2) log x + x - log √2π for x at least 12 (DLMF 5.11.1).</summary>
    public static double StirlingCorrection(double x)
    {
        double r = 1 / x;
        return r * Series.Powers(StirlingSeries, r * r);
    }

    /// <summary>ψ(x) = Γ'(x) / Γ(x). Its derivatives are <see cref="Polygamma"/>. NaN at the negative integers, ∓∞ at ±0.</summary>
    public static double Digamma(double x)
    {
        if (x == 0)
        {
            return -1 / x;
        }

        if (x is < 0 and > -0.25)
        {
            // DLMF 5.5.2. The reflection would take two infinities from each other where 1/x overflows.
            return Digamma(x + 1) - (1 / x);
        }

        if (x < 0)
        {
            // DLMF 5.5.4 with ψ(1 - x) = ψ(-x) - 1/x.
            return x == Math.Floor(x) ? double.NaN : Digamma(-x) - (1 / x) - (Math.PI / double.TanPi(x));
        }

        if (x >= 10)
        {
            double r = 1 / x;
            return Math.Log(x) - (0.5 * r) - (r * r * Series.Powers(DigammaSeries, r * r));
        }

        double sum = 0;
        while (x > 2)
        {
            x--;
            sum += 1 / x;
        }

        if (x < 1)
        {
            sum -= 1 / x;
            x++;
        }

        return sum + ((x - DigammaRoot - DigammaRootTail) * Series.Chebyshev(DigammaOverRoot, (2 * x) - 3));
    }

    /// <summary>log x - ψ(x) for x of at least 12 (DLMF 5.11.2).</summary>
    public static double LogMinusDigamma(double x)
    {
        double r = 1 / x;
        return r * (0.5 + (r * Series.Powers(DigammaSeries, r * r)));
    }

    /// <summary>Γ⁽ⁿ⁾(x), by Γ' = Γ ψ and Leibniz's rule: Γ⁽ᵏ⁺¹⁾ = Σ binomial(k, j) Γ⁽ʲ⁾ ψ⁽ᵏ⁻ʲ⁾ (DLMF 5.2.2).</summary>
    public static double GammaDerivative(int n, double x)
    {
        Span<double> values = n < 32 ? stackalloc double[32] : new double[n + 1];
        values[0] = Gamma(x);
        for (int k = 0; k < n; k++)
        {
            if (x > 1 && double.IsPositiveInfinity(values[k]))
            {
                // To the right each derivative grows faster than the one before.
                return values[k];
            }

            double binomial = 1;
            for (int j = 0; j <= k; j++)
            {
                values[k + 1] += binomial * values[j] * Polygamma(k - j, x);
                binomial *= (double)(k - j) / (j + 1);
            }
        }

        return values[n];
    }

    /// <summary>ψ'(x). Its derivatives are <see cref="Polygamma"/> of higher order.</summary>
    public static double Trigamma(double x) => Polygamma(1, x);

    /// <summary>ψ⁽ⁿ⁾(x) = (-1)ⁿ⁺¹ n! ζ(n + 1, x) (DLMF 25.11.12). Its derivative is ψ⁽ⁿ⁺¹⁾(x).</summary>
    public static double Polygamma(int n, double x)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        if (n == 0)
        {
            return Digamma(x);
        }

        if (x >= 0.5 || x == 0 || double.IsNaN(x))
        {
            double zeta = ZetaFunctions.HurwitzZeta(n + 1, x);
            double value = n <= 20 ? Gamma(n + 1) * zeta : ScaledByFactorial(n, x, zeta);
            return int.IsOddInteger(n) ? value : -value;
        }

        if (double.IsNegativeInfinity(x) || x == Math.Floor(x))
        {
            return double.IsNegativeInfinity(x) || int.IsEvenInteger(n) ? double.NaN : double.PositiveInfinity;
        }

        if (x > -0.5)
        {
            // ψ⁽ⁿ⁾(x) = ψ⁽ⁿ⁾(x + 1) - (-1)ⁿ n! / xⁿ⁺¹ (DLMF 5.15.5).
            double pole = n <= 100 ? Gamma(n + 1) / Math.Pow(x, n + 1) : Math.Exp(LogGamma(n + 1) - ((n + 1) * Math.Log(Math.Abs(x)))) * (x < 0 && int.IsEvenInteger(n) ? -1 : 1);
            return Polygamma(n, x + 1) + (int.IsOddInteger(n) ? pole : -pole);
        }

        // DLMF 5.15.6, again without rounding 1 - x.
        double reflected = Polygamma(n, -x) - (Gamma(n + 1) / Math.Pow(x, n + 1));
        return (int.IsOddInteger(n) ? -reflected : reflected) - CotangentDerivative(n, x);
    }

    /// <summary>log of the multivariate gamma function of dimension p (DLMF 35.3.4): its derivative is Σ ψ(x - (i - 1)/2), i = 1..p.</summary>
    public static double MultivariateLogGamma(int p, double x)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(p, 1);
        double sum = p * (p - 1.0) / 4 * Math.Log(Math.PI);
        for (int i = 0; i < p; i++)
        {
            sum += LogGamma(x - (0.5 * i));
        }

        return sum;
    }

    /// <summary>x! = Γ(x + 1). Its derivative is x! ψ(x + 1).</summary>
    public static double Factorial(double x) => Math.Abs(x) < 0.25 ? Math.Exp(LogGammaOfOnePlus(x)) : Gamma(x + 1);

    private static double LogGammaOfTwoPlus(double x) => x * (OneMinusEuler + (x * Series.Powers(ZetaMinusOneOverK, x)));

    private static double NegativeGamma(double x)
    {
        if (x == Math.Floor(x))
        {
            return double.NaN;
        }

        double sine = double.SinPi(x);
        if (x > -StirlingFrom)
        {
            return -Math.PI / (x * sine * Gamma(-x));
        }

        if (x < -190)
        {
            return sine > 0 ? 0.0 : -0.0;
        }

        // Γ(-x) may overflow where Γ(x) does not underflow: divide by its factors in turn.
        double root = GammaRoot(-x, out double rest);
        return -Math.PI / (x * sine * rest) / root / root;
    }

    private static double ScaledByFactorial(int n, double x, double zeta)
    {
        // n! overflows, or the power underflows, long before their product does.
        return x < 1e-3 || zeta == 0 || double.IsInfinity(zeta) || n > 170
            ? Math.Exp(LogGamma(n + 1) + LogHurwitzZeta(n + 1, x))
            : Gamma(n + 1) * zeta;
    }

    private static double LogHurwitzZeta(int s, double x)
    {
        // Powers relative to the first one.
        return (-s * Math.Log(x)) + Math.Log(ZetaFunctions.HurwitzZetaOverFirstTerm(s, x));
    }

    /// <summary>The n-th derivative of π cot(πx): πⁿ⁺¹ times a polynomial in c = cot(πx), since c' = -π (1 + c²).</summary>
    private static double CotangentDerivative(int n, double x)
    {
        double cotangent = 1 / double.TanPi(x);
        double[] p = new double[n + 2], q = new double[n + 2];
        p[1] = 1;
        for (int k = 1; k <= n; k++)
        {
            Array.Clear(q);
            for (int j = 1; j <= k; j++)
            {
                q[j - 1] -= j * p[j];
                q[j + 1] -= j * p[j];
            }

            (p, q) = (q, p);
        }

        return Math.Pow(Math.PI, n + 1) * Series.Powers(p, cotangent);
    }

    private static double[] MakeFactorials()
    {
        // Products in two parts, so that each factorial is rounded once.
        double[] values = new double[171];
        double high = 1, low = 0;
        values[0] = 1;
        for (int n = 1; n < values.Length; n++)
        {
            double product = high * n;
            low = Math.FusedMultiplyAdd(high, n, -product) + (low * n);
            high = product + low;
            low -= high - product;
            values[n] = high;
        }

        return values;
    }
}
