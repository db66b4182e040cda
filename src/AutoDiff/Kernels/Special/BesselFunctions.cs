namespace AutoDiff.Kernels;

/// <summary>
/// The Bessel functions J and Y of integer order (DLMF chapter 10). C' = (C(n - 1) - C(n + 1)) / 2 for both (DLMF 10.6.1), so
/// J0' = -J1 and Y0' = -Y1. Near their zeros they are accurate relative to the envelope √(2/πx).
/// </summary>
internal static class BesselFunctions
{
    private const double RootHalf = 0.70710678118654752;
    private const double TwoOverPi = 0.63661977236758134;

    // Chebyshev coefficients in x²/32 - 1, x in [0, 8], fitted with mpmath at 50 digits: of J0 and J1/x, and of the regular parts
    // Y0 - 2/π log x J0 and (Y1 - 2/π (log x J1 - 1/x))/x (DLMF 10.8.1).
    private static ReadOnlySpan<double> SmallJ0 =>
    [
        0.15772797147489012, -0.008723442352852221, 0.2651786132033368, -0.37009499387264977,
        0.15806710233209725, -0.034893769411408884, 0.004819180069467605, -0.00046062616620627504,
        3.246032882100508e-05, -1.7619469077621507e-06, 7.608163592418782e-08, -2.679253530557673e-09,
        7.848696314479465e-11, -1.9438346867370164e-12, 4.125320595634374e-14, -7.588508125447546e-16,
        1.2218515873961411e-17,
    ];

    private static ReadOnlySpan<double> SmallJ1 =>
    [
        0.08104484632565812, -0.1489751450676521, 0.1609992623572097, -0.08268049176681791,
        0.022213639654966037, -0.003646940600769276, 0.0004050337728354822, -3.255554866857259e-05,
        1.9858774049915165e-06, -9.521984756750436e-08, 3.687133759097148e-09, -1.178026622695885e-10,
        3.160154580348003e-12, -7.221755239651773e-14, 1.4232144003513942e-15, -2.4441972916190464e-17,
    ];

    private static ReadOnlySpan<double> SmallY0 =>
    [
        -0.03314611320328494, -0.2744743055297453, 0.17903431407718265, 0.26156734625504663,
        -0.17730201278114358, 0.04719668959576339, -0.007287962479552079, 0.0007531135932577742,
        -5.632079141056987e-05, 3.206532537654801e-06, -1.44072332740187e-07, 5.248794787330516e-09,
        -1.5837552541812015e-10, 4.02633081830612e-12, -8.747341203310769e-14, 1.6434898714919468e-15,
        -2.6977881152566837e-17,
    ];

    private static ReadOnlySpan<double> SmallY1 =>
    [
        0.0025380132357417816, -0.01608717304766875, -0.09591204536083074, 0.08445197259652346,
        -0.028328123944594365, 0.005289897544167113, -0.0006414551451326356, 5.505982873338744e-05,
        -3.53808001868935e-06, 1.7707804556154404e-07, -7.11055004989928e-09, 2.344337905911516e-10,
        -6.4651518414115946e-12, 1.51429151205002e-13, -3.0511859694473254e-15, 5.34668038572867e-17,
    ];

    // Chebyshev coefficients in 128/x² - 1, x from 8 on, fitted likewise: of P and x Q in √(πx/2) (J + iY) = (P + iQ) exp(i(x - nπ/2 - π/4))
    // (DLMF 10.17.5).
    private static ReadOnlySpan<double> LargeP0 =>
    [
        0.9994603493475187, -0.0005365220468132117, 3.0751847875194745e-06, -5.1705945376060975e-08,
        1.6306464635151382e-09, -7.86409137723707e-11, 5.168262387349193e-12, -4.3045788699253914e-13,
        4.3265957431549404e-14, -5.069034095935236e-15, 6.748072215733873e-16, -1.0011513723467786e-16,
        1.6305919233744186e-17,
    ];

    private static ReadOnlySpan<double> LargeQ0 =>
    [
        -0.12444683684269607, 0.0005470815954089319, -5.9315987288485175e-06, 1.4377965798375193e-07,
        -5.817532749493056e-09, 3.376097523734991e-10, -2.565397936797308e-11, 2.404916100281365e-12,
        -2.6690625482579414e-13, 3.4041800321963686e-14, -4.87994410531204e-15, 7.729703176242605e-16,
        -1.3348852171502517e-16, 2.4865952389390515e-17, -4.952892629886516e-18,
    ];

    private static ReadOnlySpan<double> LargeP1 =>
    [
        1.0009030408600137, 0.0008989898330859408, -3.987284300488908e-06, 6.177633960644299e-08,
        -1.8718907491063067e-09, 8.816898659582339e-11, -5.704863640395645e-12, 4.699195515230542e-13,
        -4.6842237839904895e-14, 5.452674896044717e-15, -7.221180842274018e-16, 1.0667689114335412e-16,
        -1.7312313216116335e-17, 3.0492991197665872e-18,
    ];

    private static ReadOnlySpan<double> LargeQ1 =>
    [
        0.3742222965562826, -0.0007702178839325664, 7.3108922063643636e-06, -1.676782510726674e-07,
        6.583354662120443e-09, -3.749090950541556e-10, 2.8121750359748866e-11, -2.61145253946232e-12,
        2.8774212663332235e-13, -3.649001916061838e-14, 5.206626366226707e-15, -8.215318025458595e-16,
        1.4141084390211833e-16, -2.626761589838529e-17, 5.2192649196714085e-18,
    ];

    /// <summary>J₀(x). J₀' = -J₁ (DLMF 10.6.3).</summary>
    public static double J0(double x)
    {
        x = Math.Abs(x);
        return x <= 8 ? Series.Chebyshev(SmallJ0, (x * x / 32) - 1) : Large(x, LargeP0, LargeQ0, 0, false);
    }

    /// <summary>J₁(x). J₁' = (J₀ - J₂)/2 (DLMF 10.6.1).</summary>
    public static double J1(double x) => Math.Abs(x) <= 8
        ? x * Series.Chebyshev(SmallJ1, (x * x / 32) - 1)
        : Math.CopySign(1, x) * Large(Math.Abs(x), LargeP1, LargeQ1, 1, false);

    /// <summary>Y₀(x); -∞ at 0, NaN below. Y₀' = -Y₁ (DLMF 10.6.3).</summary>
    public static double Y0(double x) => x switch
    {
        < 0 => double.NaN,
        0 => double.NegativeInfinity,
        <= 8 => (TwoOverPi * Math.Log(x) * J0(x)) + Series.Chebyshev(SmallY0, (x * x / 32) - 1),
        _ => Large(x, LargeP0, LargeQ0, 0, true),
    };

    /// <summary>Y₁(x); -∞ at 0, NaN below. Y₁' = (Y₀ - Y₂)/2 (DLMF 10.6.1).</summary>
    public static double Y1(double x) => x switch
    {
        < 0 => double.NaN,
        0 => double.NegativeInfinity,
        <= 8 => (TwoOverPi * ((Math.Log(x) * J1(x)) - (1 / x))) + (x * Series.Chebyshev(SmallY1, (x * x / 32) - 1)),
        _ => Large(x, LargeP1, LargeQ1, 1, true),
    };

    /// <summary>Jₙ(x). Jₙ' = (Jₙ₋₁ - Jₙ₊₁)/2 (DLMF 10.6.1).</summary>
    public static double J(int n, double x)
    {
        double magnitude = Math.Abs(x);
        int order = Math.Abs(n);
        bool negative = int.IsOddInteger(order) && (x < 0) != (n < 0);
        double value = order switch
        {
            0 => J0(magnitude),
            1 => J1(magnitude),
            _ when double.IsInfinity(x) => 0,
            _ when order < magnitude => Upwards(order, magnitude, J0(magnitude), J1(magnitude)),
            _ when magnitude * magnitude < 2 * (order + 1.0) => RealOrderBessel.PowerSeries(order, magnitude, -1),
            _ => Downwards(order, magnitude),
        };
        return negative ? -value : value;
    }

    /// <summary>Yₙ(x); -∞ at 0 for n of at least 0, NaN for negative x. Yₙ' = (Yₙ₋₁ - Yₙ₊₁)/2 (DLMF 10.6.1).</summary>
    public static double Y(int n, double x)
    {
        int order = Math.Abs(n);
        double value = order == 0 ? Y0(x) : order == 1 || !(x > 0) || double.IsInfinity(x) ? Y1(x) : Upwards(order, x, Y0(x), Y1(x));
        return n < 0 && int.IsOddInteger(order) ? -value : value;
    }

    /// <summary>
    /// The spherical Bessel function jₙ(x), n of at least 0: √(π/2x) J(n + 1/2, x). jₙ' = jₙ₋₁ - (n + 1)/x jₙ = n/x jₙ - jₙ₊₁ (DLMF 10.51.2).
    /// </summary>
    public static double SphericalJ(int n, double x)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        if (double.IsInfinity(x))
        {
            return 0;
        }

        double magnitude = Math.Abs(x), sign = x < 0 && int.IsOddInteger(n) ? -1 : 1;
        if (magnitude * magnitude < (2 * n) + 3)
        {
            // DLMF 10.53.1.
            double term = 1, sum = 0;
            for (int k = 1; k <= n; k++)
            {
                term *= magnitude / ((2 * k) + 1);
            }

            for (int k = 1; Math.Abs(term) > Math.Abs(sum) * 1e-18; k++)
            {
                sum += term;
                term *= -magnitude * magnitude / (2 * k) / ((2 * (n + k)) + 1);
            }

            return sign * sum;
        }

        double j0 = Math.Sin(magnitude) / magnitude, j1 = (j0 - Math.Cos(magnitude)) / magnitude;
        if (n <= magnitude)
        {
            for (int k = 1; k <= n; k++)
            {
                (j0, j1) = (j1, (((2 * k) + 1) / magnitude * j1) - j0);
            }

            return sign * j0;
        }

        return sign * Minimal(n, 1, magnitude, j0, j1);
    }

    private static double Upwards(int n, double x, double previous, double current)
    {
        for (int k = 1; k < n && !double.IsInfinity(current); k++)
        {
            (previous, current) = (current, (2 * k / x * current) - previous);
        }

        return current;
    }

    private static double Downwards(int n, double x) => Minimal(n, 0, x, J0(x), J1(x));

    /// <summary>Miller's algorithm (DLMF 3.6(iii)) for f(k - 1) = (2k + shift) / x f(k) - f(k + 1), normalized by the larger of f(0) and f(1).</summary>
    private static double Minimal(int n, int shift, double x, double f0, double f1)
    {
        double next = 0, current = 1, wanted = 0;
        for (int k = n + 20 + (int)Math.Sqrt(200.0 * n); k > 0; k--)
        {
            if (k == n)
            {
                wanted = current;
            }

            (current, next) = ((((2 * k) + shift) / x * current) - next, current);
            if (Math.Abs(current) > 1e200)
            {
                current *= 1e-200;
                next *= 1e-200;
                wanted *= 1e-200;
            }
        }

        return Math.Abs(f0) > Math.Abs(f1) ? wanted * (f0 / current) : wanted * (f1 / next);
    }

    private static double Large(double x, ReadOnlySpan<double> p, ReadOnlySpan<double> q, int order, bool second)
    {
        if (double.IsInfinity(x))
        {
            return 0;
        }

        // Sine and cosine of x - π/4, and of x - 3π/4: a quarter turn.
        double sine = (Math.Sin(x) - Math.Cos(x)) * RootHalf, cosine = (Math.Sin(x) + Math.Cos(x)) * RootHalf;
        if (order == 1)
        {
            (sine, cosine) = (-cosine, sine);
        }

        double t = (128 / x / x) - 1, modulus = Series.Chebyshev(p, t), phase = Series.Chebyshev(q, t) / x;
        return Math.Sqrt(TwoOverPi / x) * (second ? (modulus * sine) + (phase * cosine) : (modulus * cosine) - (phase * sine));
    }
}
