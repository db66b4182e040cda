namespace AutoDiff.Kernels;

/// <summary>The error function and its relatives (DLMF chapter 7).</summary>
internal static class ErrorFunctions
{
    private const double TwoOverRootPi = 1.1283791670955126;
    private const double HalfRootPi = 0.88622692545275801;

    // 2/√π (-1)^k / (k! (2k + 1)): DLMF 7.6.1.
    private static ReadOnlySpan<double> ErfSeries =>
    [
        1.1283791670955126, -0.37612638903183754, 0.11283791670955126, -0.026866170645131252,
        0.005223977625442188, -0.0008548327023450853, 0.00012055332981789664, -1.492565035840625e-05,
        1.6462114365889248e-06, -1.6365844691234924e-07, 1.4807192815879218e-08, -1.2290555301717928e-09,
        9.422759064650411e-11, -6.7113668551641105e-12, 4.4632242632864775e-13, -2.7835162072109215e-14,
        1.6342614095367152e-15, -9.063970842808673e-17, 4.763348040515068e-18,
    ];

    // Chebyshev coefficients of (1 + 2x) erfcx(x) in (x - 15/4) / (x + 15/4), the variables of Shepherd and Laframboise,
    // Chebyshev approximation of (1 + 2x) exp(x²) erfc x in 0 ≤ x < ∞, 1981; fitted with mpmath at 60 digits.
    private static ReadOnlySpan<double> ErfcxFit =>
    [
        1.1775789345674017, -0.004590054580646478, -0.08424913336651792, 0.05920993999819189,
        -0.026658668435305753, 0.009074997670705265, -0.002413163540417608, 0.0004907758365258086,
        -6.916973302501207e-05, 4.13902798607301e-06, 7.74038306619849e-07, -2.1886401049234397e-07,
        1.076499946567091e-08, 4.521959811218287e-09, -7.754400208831351e-10, -6.318088340886684e-11,
        2.86879501093067e-11, 1.945586854577734e-13, -9.65469674843344e-13, 3.25254814814874e-14,
        3.3478119482868094e-14, -1.864562880419233e-15, -1.250795053068745e-15, 7.418235256639868e-17,
        5.068148904815689e-17, -2.2370566592040324e-18, -2.187342944036446e-18,
    ];

    // Chebyshev coefficients of -(1 + 2x)² erfcx'(x) in the same variable.
    private static ReadOnlySpan<double> ErfcxSlopeFit =>
    [
        2.220602224347926, 0.3381491578548434, -0.4780647072401491, 0.22991599476375216, -0.058506716560431084,
        0.00017975876764081186, 0.0073446428848319605, -0.003827223400331194, 0.0011722202970178507,
        -0.00023037555021512273, 2.2114134929734502e-05, 2.1859658381137526e-06, -1.049150448053633e-06,
        9.04530806168121e-08, 2.2177778414245705e-08, -5.516129335919508e-09, -2.433302233708413e-10,
        2.1693995513380136e-10, -5.366283225603341e-12, -7.954006687162879e-12, 5.362131784689535e-13,
        3.028340588750968e-13, -2.7807253862696932e-14, -1.2497160929799849e-14, 1.1897640812263567e-15,
        5.617171355125805e-16, -4.3130464605649346e-17, -2.6922363729620375e-17,
    ];

    // Chebyshev coefficients of erfinv(x) / x in 8x² - 1, for |x| up to 1/2.
    private static ReadOnlySpan<double> ErfinvFit =>
    [
        0.9187256117350144, 0.03375857560006542, 0.0013206742781165998, 6.404076996787596e-05, 3.441212150449627e-06,
        1.9639319431763806e-07, 1.1660992270753084e-08, 7.120387036722737e-10, 4.4393783156625655e-11,
        2.8127938621948305e-12, 1.8051946908097276e-13, 1.1707093852711806e-14, 7.658493022440133e-16,
        5.046812059932414e-17, 3.3466401083134628e-18,
    ];

    // Chebyshev coefficients of erfcinv(x) / s, s = √(-log x), for x up to 1/2, in (s - 3) / (s + 3), which lies between these bounds.
    private const double ErfcinvLow = (0.8325 - 3) / (0.8325 + 3), ErfcinvHigh = (27.4 - 3) / (27.4 + 3);

    private static ReadOnlySpan<double> ErfcinvFit =>
    [
        0.8625662036397966, 0.19346065628416584, -0.07406452638754828, 0.01861837481225974, -0.0035156586784344203,
        0.00028868458960230317, 0.00011191950341596902, -7.357844743680559e-05, 2.5171837368993755e-05,
        -6.148662144518846e-06, 8.367474411673229e-07, 9.81819729779257e-08, -1.253730724319575e-07,
        5.166314374945198e-08, -1.532617149176899e-08, 2.789868820686255e-09, -1.1626854310435308e-10,
        -2.3575500807633676e-10, 1.1526535686068249e-10, -4.311862497253985e-11, 8.813681289576599e-12,
        -1.482546757632471e-12, -4.859325359652379e-13, 2.2051272516503144e-13, -1.3903787583826103e-13,
        2.1176525673056732e-14, -1.0142248951663471e-14, -2.054692463472092e-15, -1.8921809310012524e-16,
        -6.574769673878979e-16, -4.660888193848912e-17, -8.688085544091286e-17, -2.5502414268017952e-17,
        -1.0761497703271314e-17, -6.000601586879972e-18,
    ];

    /// <summary>erf x. erf' x = 2/√π exp(-x²) (DLMF 7.10.1).</summary>
    public static double Erf(double x)
    {
        double magnitude = Math.Abs(x);
        return magnitude < 1
            ? x * Series.Powers(ErfSeries, x * x)
            : Math.CopySign(1 - Erfc(magnitude), x);
    }

    /// <summary>erfc x = 1 - erf x. erfc' x = -2/√π exp(-x²) (DLMF 7.10.1).</summary>
    public static double Erfc(double x) => x < 0.5
        ? x < -1 ? 2 - Erfc(-x) : 1 - Erf(x)
        : x > 28 ? 0 : ElementaryPieces.ExpOfSquare(x, -1) * Erfcx(x);

    /// <summary>The scaled complement exp(x²) erfc x. Its derivatives are <see cref="ErfcxDerivative"/>.</summary>
    public static double Erfcx(double x) => x switch
    {
        < -27 => double.PositiveInfinity,
        < 0 => (2 * ElementaryPieces.ExpOfSquare(x, 1)) - Erfcx(-x),
        > 1e8 => TwoOverRootPi / 2 / x,
        _ => Series.Chebyshev(ErfcxFit, (x - 3.75) / (x + 3.75)) / (1 + (2 * x)),
    };

    /// <summary>The n-th derivative of erfcx: (-2)ⁿ n! exp(x²) iⁿerfc(x) (DLMF 7.18.5), in which nothing cancels.</summary>
    public static double ErfcxDerivative(int n, double x)
    {
        if (n == 1)
        {
            // Below 0 nothing cancels in 2x erfcx(x) - 2/√π.
            double above = 1 + (2 * x);
            return x < 0 ? (2 * x * Erfcx(x)) - TwoOverRootPi : -Series.Chebyshev(ErfcxSlopeFit, x < 1e9 ? (x - 3.75) / (x + 3.75) : 1) / above / above;
        }

        double factor = 1;
        for (int k = 1; k <= n; k++)
        {
            factor *= -2 * k;
        }

        return factor * ScaledRepeatedIntegral(n, x);
    }

    /// <summary>exp(x²) iⁿerfc(x), n of at least -1. Its derivative is 2x times itself, less that of n - 1 (DLMF 7.18.3).</summary>
    public static double ScaledRepeatedIntegral(int n, double x)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, -1);
        double previous = TwoOverRootPi, current = Erfcx(x);
        if (n < 1)
        {
            return n == 0 ? current : previous;
        }

        if (x < 0.75)
        {
            // DLMF 7.18.7, upward.
            for (int k = 1; k <= n; k++)
            {
                (previous, current) = (current, ((previous / 2) - (x * current)) / k);
            }

            return current;
        }

        // The same recurrence downward, for the ratio of neighbors: the repeated integrals are its minimal solution (DLMF 7.22(iii)).
        double ratio = 0, product = current;
        for (int k = n + 20 + (int)(200 / (x * x)); k > 0; k--)
        {
            ratio = 0.5 / (x + ((k + 1) * ratio));
            if (k <= n)
            {
                product *= ratio;
            }
        }

        return product;
    }

    /// <summary>The inverse of erf. Its derivative is √π/2 exp(y²) at y = erfinv x (DLMF 7.17). ±∞ at ±1, NaN beyond.</summary>
    public static double Erfinv(double x)
    {
        double magnitude = Math.Abs(x);
        if (magnitude > 0.5)
        {
            return Math.CopySign(Erfcinv(1 - magnitude), x);
        }

        return x * Series.Chebyshev(ErfinvFit, (8 * x * x) - 1);
    }

    /// <summary>The inverse of erfc. Its derivative is -√π/2 exp(y²) at y = erfcinv x. ∞ at 0, -∞ at 2, NaN beyond.</summary>
    public static double Erfcinv(double x)
    {
        if (x >= 0.5)
        {
            return x <= 1.5 ? Erfinv(1 - x) : -Erfcinv(2 - x);
        }

        if (!(x > 0))
        {
            return x == 0 ? double.PositiveInfinity : double.NaN;
        }

        double s = Math.Sqrt(-Math.Log(x)), t = (s - 3) / (s + 3);
        return s * Series.Chebyshev(ErfcinvFit, ((2 * t) - (ErfcinvLow + ErfcinvHigh)) / (ErfcinvHigh - ErfcinvLow));
    }

    /// <summary>Dawson's integral F(x). F' = 1 - 2x F (DLMF 7.10.4); see <see cref="DawsonDerivative"/>.</summary>
    public static double Dawson(double x) => DawsonDerivative(0, x);

    /// <summary>The n-th derivative of Dawson's integral, without the cancellation of F⁽ⁿ⁺¹⁾ = -2x F⁽ⁿ⁾ - 2n F⁽ⁿ⁻¹⁾.</summary>
    public static double DawsonDerivative(int n, double x)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        return Math.Abs(x) < 7.5 ? DawsonSeries(n, x) : DawsonAsymptotic(n, x);
    }

    /// <summary>
    /// Owen's T(h, a) = 1/2π ∫ exp(-h² (1 + t²) / 2) / (1 + t²) dt from 0 to a. ∂T/∂h = -φ(h) (Φ(ah) - 1/2),
    /// ∂T/∂a = exp(-h² (1 + a²) / 2) / (2π (1 + a²)) (Owen, Tables for computing bivariate normal probabilities, 1956).
    /// </summary>
    public static double OwenT(double h, double a)
    {
        h = Math.Abs(h);
        double magnitude = Math.Abs(a);
        if (double.IsNaN(h) || double.IsNaN(a))
        {
            return double.NaN;
        }

        double value;
        if (double.IsInfinity(h))
        {
            value = 0;
        }
        else if (magnitude <= 1)
        {
            // Beyond 9/h the integrand is below 1e-17 of its start.
            double end = Math.Min(magnitude, 9 / h);
            value = ElementaryPieces.ExpOfSquare(h, -0.5) / (2 * Math.PI)
                * GaussLegendre.Integrate(static (t, h) => Math.Exp(-0.5 * h * h * t * t) / (1 + (t * t)), h, end);
        }
        else
        {
            // Owen's (2.3) and its mirror image, which leaves a below 1.
            double ah = h == 0 ? 0 : h * magnitude, q = NormalFunctions.Ndtr(-h), p = NormalFunctions.Ndtr(-ah);
            value = (0.5 * (q + p)) - (q * p) - OwenT(ah, 1 / magnitude);
        }

        return Math.CopySign(value, a);
    }

    /// <summary>
    /// exp(-x²) times a series whose terms, after the first ones, have one sign: exp(x²) F⁽ⁿ⁾(x) is, by repeated use of
    /// G(n+1) = G(n)' - 2x G(n) from DLMF 7.6.3, c(n) Σ x^(2k + 1 or 2k) / (k! (2k + 1)(2k - 1)...).
    /// </summary>
    private static double DawsonSeries(int n, double x)
    {
        bool odd = int.IsOddInteger(n);
        double factor = 1;
        for (int k = 1; k <= n; k++)
        {
            factor *= int.IsOddInteger(k) ? -k : -2 * k;
        }

        double square = x * x, power = odd ? 1 : x, sum = 0;
        for (int k = 0; ; k++)
        {
            double divisor = 1;
            for (int j = odd ? 1 : 0; j <= (n + 1) / 2; j++)
            {
                divisor *= (2 * k) + 1 - (2 * j);
            }

            double term = power / divisor;
            sum += term;
            if (k > square && Math.Abs(term) <= Math.Abs(sum) * 1e-18)
            {
                return factor * ElementaryPieces.ExpOfSquare(x, -1) * sum;
            }

            power *= square / (k + 1);
        }
    }

    /// <summary>The derivative of each term of DLMF 7.12(ii): (2k - 1)!! / (2^(k+1) x^(2k+1)).</summary>
    private static double DawsonAsymptotic(int n, double x)
    {
        double sum = 0, term = 1;
        for (int k = 1; k <= n; k++)
        {
            term *= -k / x;
        }

        for (int k = 0; k < 40 && Math.Abs(term) > Math.Abs(sum) * 1e-18; k++)
        {
            sum += term;

            // (2k + 1) / 2x² of the next term, (2k + n + 1)(2k + n + 2) / (2k + 1)(2k + 2) of its derivative.
            term *= ((2 * k) + n + 1.0) * ((2 * k) + n + 2.0) / (4 * (k + 1)) / x / x;
        }

        return sum / (2 * x);
    }
}
