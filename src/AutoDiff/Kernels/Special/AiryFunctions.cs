namespace AutoDiff.Kernels;

/// <summary>
/// The Airy functions Ai and Bi and their derivatives (DLMF chapter 9). w'' = x w for both (DLMF 9.2.1), from which all higher derivatives
/// follow. On the negative axis they are accurate relative to the envelope.
/// </summary>
internal static class AiryFunctions
{
    private const double Third = 1.0 / 3;
    private const double RootThree = 1.7320508075688772;

    // Ai(0), -Ai'(0): DLMF 9.2.3, 9.2.4.
    private const double AtZero = 0.35502805388781724;
    private const double SlopeAtZero = 0.25881940379280680;

    /// <summary>Ai(x). Its derivative is <see cref="AiPrime"/>.</summary>
    public static double Ai(double x) => x switch
    {
        < -2 => Oscillating(-x).Ai,
        <= 1 => (AtZero * First(x)) - (SlopeAtZero * Second(x)),
        _ => Decaying(x, Third, Math.Sqrt(x / 3) / Math.PI),
    };

    /// <summary>Ai'(x). Its derivative is x Ai(x).</summary>
    public static double AiPrime(double x) => x switch
    {
        < -2 => Oscillating(-x).AiPrime,
        <= 1 => (AtZero * FirstPrime(x)) - (SlopeAtZero * SecondPrime(x)),
        _ => -Decaying(x, 2 * Third, x / (Math.PI * RootThree)),
    };

    /// <summary>Bi(x). Its derivative is <see cref="BiPrime"/>.</summary>
    public static double Bi(double x) => x switch
    {
        < -2 => Oscillating(-x).Bi,
        < 105 => RootThree * ((AtZero * First(x)) + (SlopeAtZero * Second(x))),
        _ => double.IsNaN(x) ? x : double.PositiveInfinity,
    };

    /// <summary>Bi'(x). Its derivative is x Bi(x).</summary>
    public static double BiPrime(double x) => x switch
    {
        < -2 => Oscillating(-x).BiPrime,
        < 105 => RootThree * ((AtZero * FirstPrime(x)) + (SlopeAtZero * SecondPrime(x))),
        _ => double.IsNaN(x) ? x : double.PositiveInfinity,
    };

    // The Maclaurin series f, g of DLMF 9.4 and their derivatives: each term is x³ / (3k (3k + step)) times the last.
    private static double First(double x) => Maclaurin(x, 1, -1);

    private static double Second(double x) => Maclaurin(x, x, 1);

    private static double FirstPrime(double x) => Maclaurin(x, x * x / 2, 2);

    private static double SecondPrime(double x) => Maclaurin(x, 1, -2);

    /// <summary>The sum whose k-th term is x³ / (3k (3k + step)) times the last.</summary>
    private static double Maclaurin(double x, double term, int step)
    {
        double sum = 0, cube = x * x * x;
        for (int k = 1; Math.Abs(term) > Math.Abs(sum) * 1e-18; k++)
        {
            sum += term;
            term *= cube / (3.0 * k) / ((3.0 * k) + step);
        }

        return sum;
    }

    /// <summary>factor · K of the given order at ζ = 2/3 x^(3/2) (DLMF 9.6.2, 9.6.3).</summary>
    private static double Decaying(double x, double order, double factor)
    {
        if (x > 110)
        {
            return double.IsNaN(x) ? x : 0;
        }

        double zeta = Zeta(x, out double rest);
        double half = Math.Exp(-zeta / 2);
        return factor * RealOrderBessel.Ke(order, zeta) * half * (1 - rest) * half;
    }

    /// <summary>At -x by the Bessel functions of orders 1/3 and 2/3 (DLMF 9.6(i)), with the rounding of ζ made good along the derivative.</summary>
    private static (double Ai, double AiPrime, double Bi, double BiPrime) Oscillating(double x)
    {
        if (double.IsInfinity(x))
        {
            return (0, double.NaN, 0, double.NaN);
        }

        // J(-v) = J(v) cos vπ - Y(v) sin vπ (DLMF 10.4.7).
        double zeta = Zeta(x, out double rest), root = Math.Sqrt(x);
        double j = RealOrderBessel.J(Third, zeta), y = RealOrderBessel.Y(Third, zeta);
        double ai = root / 2 * (j - (y / RootThree)), bi = -root / 2 * ((j / RootThree) + y);
        j = RealOrderBessel.J(2 * Third, zeta);
        y = RealOrderBessel.Y(2 * Third, zeta);
        double aiPrime = x / 2 * (j + (y / RootThree)), biPrime = x / 2 * ((j / RootThree) - y);
        // In the asymptotic form (DLMF 9.7(ii)), pairs of circular functions of ζ, this is a rotation; rest exceeds 1 far out.
        (double sine, double cosine) = Math.SinCos(rest);
        return ((cosine * ai) - (sine * aiPrime / root), (cosine * aiPrime) + (sine * root * ai), (cosine * bi) - (sine * biPrime / root), (cosine * biPrime) + (sine * root * bi));
    }

    /// <summary>2/3 x^(3/2), and what its rounding left.</summary>
    private static double Zeta(double x, out double rest)
    {
        double root = Math.Sqrt(x), rootRest = Math.FusedMultiplyAdd(-root, root, x) / (2 * root);
        double product = 2 * x * root, productRest = Math.FusedMultiplyAdd(2 * x, root, -product) + (2 * x * rootRest);
        double zeta = product / 3;
        rest = (Math.FusedMultiplyAdd(-3, zeta, product) + productRest) / 3;
        return zeta;
    }
}
