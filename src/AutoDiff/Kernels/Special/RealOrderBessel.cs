using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>
/// The Bessel functions of real order (DLMF chapter 10). C(v)' = (C(v - 1) - C(v + 1)) / 2 for J and Y (DLMF 10.6.1),
/// I(v)' = (I(v - 1) + I(v + 1)) / 2, K(v)' = -(K(v - 1) + K(v + 1)) / 2 (DLMF 10.29.1). Orders above a million are NaN, except where an
/// argument far above or below them decides the value.
/// </summary>
internal static class RealOrderBessel
{
    // Taylor coefficients of Temme's gamma functions (1/Γ(1 - μ) - 1/Γ(1 + μ)) / 2μ and (1/Γ(1 - μ) + 1/Γ(1 + μ)) / 2 in μ² (DLMF 5.7.1), with mpmath.
    private static ReadOnlySpan<double> ReciprocalGammaOdd =>
    [
        -0.5772156649015329, 0.04200263503409524, 0.04219773455554433, -0.0072189432466631,
        0.00021524167411495098, 2.013485478078824e-05, -1.133027231981696e-06, -6.116095104481416e-09,
        1.18127457048702e-09, -7.782263439905071e-12, -5.100370287454476e-13, 5.348122539423018e-15,
        1.1812593016974588e-16,
    ];

    private static ReadOnlySpan<double> ReciprocalGammaEven =>
    [
        1, -0.6558780715202539, 0.16653861138229148, -0.009621971527876973,
        -0.0011651675918590652, 0.0001280502823881162, -1.2504934821426706e-06, -2.056338416977607e-07,
        5.002007644469223e-09, 1.0434267116911005e-10, -3.696805618642206e-12, -2.0583260535665066e-14,
        1.2267786282382608e-15,
    ];

    public const double LargestOrder = 1e6;

    /// <summary>J of order v at x. Negative x asks for an integer order.</summary>
    public static double J(double v, double x)
    {
        if (x < 0)
        {
            return v == Math.Floor(v) ? double.IsEvenInteger(v) ? J(v, -x) : -J(v, -x) : double.NaN;
        }

        if (v >= 0)
        {
            return Pair(v, x).J;
        }

        // DLMF 10.4.7; 10.4.1 at integers.
        if (v == Math.Floor(v))
        {
            return double.IsEvenInteger(v) ? J(-v, x) : -J(-v, x);
        }

        if (v + 0.5 == Math.Floor(v + 0.5))
        {
            return -double.SinPi(-v) * Pair(-v, x).Y;
        }

        (double j, double y) = Pair(-v, x);
        return (double.CosPi(v) * j) - (double.SinPi(-v) * y);
    }

    /// <summary>Y of order v at positive x; -∞ at 0 for v of at least 0.</summary>
    public static double Y(double v, double x)
    {
        if (v >= 0)
        {
            return Pair(v, x).Y;
        }

        (double j, double y) = Pair(-v, x);
        double cosine = double.CosPi(v), sine = double.SinPi(-v);
        return (cosine == 0 ? 0 : cosine * y) + (sine == 0 ? 0 : sine * j);
    }

    /// <summary>I of order v at x of at least 0.</summary>
    public static double I(double v, double x)
    {
        double half = Math.Exp(x / 2);
        return double.IsPositiveInfinity(x) ? x : Ie(v, x) * half * half;
    }

    /// <summary>exp(-x) I of order v at x of at least 0.</summary>
    public static double Ie(double v, double x)
    {
        if (double.IsNaN(v) || !(x >= 0))
        {
            return double.NaN;
        }

        if (v < 0)
        {
            // DLMF 10.27.2.
            double sine = double.SinPi(-v), positive = Ie(-v, x);
            return sine == 0 ? positive : positive + (2 / Math.PI * sine * Ke(-v, x) * Math.Exp(-2 * x));
        }

        if (x == 0 || double.IsInfinity(x))
        {
            return v == 0 && x == 0 ? 1 : 0;
        }

        return x > Math.Max(30, v * v / 2) ? HankelSum(v, x) / Math.Sqrt(2 * Math.PI * x)
            : x > LargestOrder ? double.NaN : PowerSeries(v, x, 1, x);
    }

    /// <summary>K of order v at positive x.</summary>
    public static double K(double v, double x)
    {
        if (double.IsPositiveInfinity(x))
        {
            return 0;
        }

        double half = Math.Exp(-x / 2);
        return Ke(v, x) * half * half;
    }

    /// <summary>exp(x) K of order v at positive x.</summary>
    public static double Ke(double v, double x) => KEdge(v, x) ?? KIntegral(new TaylorValue(Math.Abs(v)), 0, x).Value;

    /// <summary>The derivative of exp(x) K of order 0 to 3 with respect to the order v, and of any order k with respect to x, from the integral (DLMF 10.38).</summary>
    public static double KeDerivative(int n, int k, double v, double x) =>
        KEdge(v, x) is double edge ? n > 0 ? double.NaN : int.IsOddInteger(k) ? -edge : edge
        : n == 0 ? KIntegral(new TaylorValue(Math.Abs(v)), k, x).Value
        : KIntegral(TaylorCubic.Variable(v), k, x).Derivative(n);

    /// <summary>
    /// exp(-scale) (x/2)^v Σ (sign x²/4)^k / (k! Γ(v + k + 1)): I for sign 1 (DLMF 10.25.2), J for -1 (DLMF 10.2.2), v not a negative integer.
    /// </summary>
    public static double PowerSeries(double v, double x, int sign, double scale = 0)
    {
        double sum = 1, term = 1, square = sign * x * x / 4, shift = 0;
        for (int k = 1; ; k++)
        {
            term *= square / k / (v + k);
            sum += term;
            if (sum > 1e250)
            {
                sum *= 1e-250;
                term *= 1e-250;
                shift += 250;
            }

            if (Math.Abs(term) < Math.Abs(sum) * 1e-18 && k > v * -2)
            {
                break;
            }
        }

        double power = Math.Pow(x / 2, v), gamma = GammaFunctions.Gamma(v + 1);
        bool inRange = power is > 1e-250 and < 1e290 && Math.Abs(gamma) is > 1e-300 and < 1e290 && scale < 600 && shift == 0;
        return inRange
            ? power / gamma * Math.Exp(-scale) * sum
            : GammaFunctions.GammaSign(v + 1) * Math.Exp((v * Math.Log(x / 2)) - GammaFunctions.LogGamma(v + 1) - scale + Math.Log(Math.Abs(sum)) + (shift * Math.Log(10))) * Math.Sign(sum);
    }

    private static double? KEdge(double v, double x) => double.IsNaN(v) || !(x >= 0) ? double.NaN
        : x == 0 ? double.PositiveInfinity : double.IsPositiveInfinity(x) ? 0
        : Math.Abs(v) <= LargestOrder ? null : x * x < Math.Abs(v) ? double.PositiveInfinity : double.NaN;

    /// <summary>
    /// ∫ (1 - cosh t)ᵏ exp(-x (cosh t - 1)) cosh vt dt from 0 (DLMF 10.32.9, differentiated k times) by the trapezoidal rule, whose error falls as
    /// exp(-π²/h) (DLMF 3.5(i)). For each k all terms have one sign.
    /// </summary>
    private static T KIntegral<T>(T v, int k, double x)
        where T : struct, ITaylor<T>
    {
        double order = Math.Abs(v.Value) + k, width = Math.Sqrt(x + order);
        double h = Math.Min(0.2, 0.6 / width), peak = Math.Min(Math.Asinh(order / x), 750);
        T sum = T.Constant(k == 0 ? 0.5 : 0);
        double highest = 0;
        for (int j = 1; ; j++)
        {
            double t = j * h, sinh = Math.Sinh(t / 2), fall = -2 * sinh * sinh, exponent = x * fall;
            T up = Exponential(v, t, exponent), down = Exponential(-v, t, exponent);
            sum += (up + down) * (k == 0 ? 0.5 : 0.5 * Math.Pow(fall, k));
            highest = Math.Max(highest, (order * t) + exponent);
            if (t > peak && (order * t) + exponent < highest - 42)
            {
                return sum * h;
            }
        }
    }

    private static T Exponential<T>(T v, double t, double exponent)
        where T : struct, ITaylor<T>
    {
        double value = Math.Exp((v.Value * t) + exponent);
        return T.Compose(v, value, value * t, value * t * t, value * t * t * t);
    }

    /// <summary>Σ (-1)^k a_k(v) / x^k (DLMF 10.40.1).</summary>
    private static double HankelSum(double v, double x)
    {
        double term = 1, sum = 0;
        for (int k = 1; Math.Abs(term) > Math.Abs(sum) * 1e-18 && k < 100; k++)
        {
            sum += term;
            double odd = (2 * k) - 1;
            term *= -((4 * v * v) - (odd * odd)) / (8 * k * x);
        }

        return sum;
    }

    /// <summary>J and Y for v and x of at least 0.</summary>
    private static (double J, double Y) Pair(double v, double x)
    {
        if (!(x >= 0) || double.IsNaN(v))
        {
            return (double.NaN, double.NaN);
        }

        if (x == 0 || double.IsInfinity(x))
        {
            return x > 0 ? (0, 0) : (v == 0 ? 1 : 0, double.NegativeInfinity);
        }

        if (x > Math.Max(30, v * v / 2))
        {
            return HankelPair(v, x);
        }

        if (v > LargestOrder)
        {
            return x * x < v ? (0, double.NegativeInfinity) : (double.NaN, double.NaN);
        }

        return x < 2 ? (PowerSeries(v, x, -1), TemmeY(v, x)) : SteedPair(v, x);
    }

    /// <summary>Hankel's expansions (DLMF 10.17.3, 10.17.4); the phase (v/2 + 1/4) π is split off x.</summary>
    private static (double J, double Y) HankelPair(double v, double x)
    {
        double p = 0, q = 0, term = 1;
        for (int k = 0; Math.Abs(term) > 1e-18 && k < 100; k++)
        {
            double signed = (k & 2) == 0 ? term : -term;
            if (int.IsEvenInteger(k))
            {
                p += signed;
            }
            else
            {
                q += signed;
            }

            double odd = (2 * k) + 1;
            term *= ((4 * v * v) - (odd * odd)) / (8 * (k + 1) * x);
        }

        (double sin, double cos) = Math.SinCos(x);
        double turn = (0.5 * v) + 0.25, turnSin = double.SinPi(turn), turnCos = double.CosPi(turn);
        double cosine = (cos * turnCos) + (sin * turnSin), sine = (sin * turnCos) - (cos * turnSin);
        double modulus = Math.Sqrt(2 / (Math.PI * x));
        return (modulus * ((p * cosine) - (q * sine)), modulus * ((p * sine) + (q * cosine)));
    }

    /// <summary>Y for x below 2: Temme, On the numerical evaluation of the ordinary Bessel function of the second kind, 1976, and upward.</summary>
    private static double TemmeY(double v, double x)
    {
        int steps = (int)(v + 0.5);
        double mu = v - steps, square = mu * mu, log = Math.Log(2 / x), e = mu * log, pimu = Math.PI * mu;
        double hyperbolic = Math.Abs(e) < 1e-9 ? 1 : Math.Sinh(e) / e, circular = Math.Abs(pimu) < 1e-9 ? 1 : pimu / Math.Sin(pimu);
        double gamma1 = Series.Powers(ReciprocalGammaOdd, square), gamma2 = Series.Powers(ReciprocalGammaEven, square);
        double f = 2 / Math.PI * circular * ((gamma1 * Math.Cosh(e)) + (gamma2 * hyperbolic * log));

        // 1/Γ(1 ± μ) = gamma2 ∓ μ gamma1.
        double p = Math.Exp(e) / ((gamma2 - (mu * gamma1)) * Math.PI), q = Math.Exp(-e) / ((gamma2 + (mu * gamma1)) * Math.PI);
        double half = Math.Abs(pimu) < 1e-9 ? 1 : Math.Sin(pimu / 2) / (pimu / 2), r = Math.PI * pimu / 2 * half * half;
        double c = 1, sum = f + (r * q), sum1 = p;
        for (int k = 1; k < 100; k++)
        {
            f = ((k * f) + p + q) / ((k * k) - square);
            c *= -x * x / 4 / k;
            p /= k - mu;
            q /= k + mu;
            double term = c * (f + (r * q));
            sum += term;
            sum1 += (c * p) - (k * term);
            if (Math.Abs(term) < Math.Abs(sum) * 1e-18)
            {
                break;
            }
        }

        return Upwards(mu, x, steps, -sum, -sum1 * 2 / x);
    }

    private static double Upwards(double mu, double x, int steps, double current, double next)
    {
        for (int k = 1; k <= steps && !double.IsInfinity(current); k++)
        {
            (current, next) = (next, (2 * (mu + k) / x * next) - current);
        }

        return current;
    }

    /// <summary>
    /// J'/J by one continued fraction (DLMF 10.10.1), (J' + iY')/(J + iY) by another (Thompson and Barnett, Coulomb and Bessel functions of complex
    /// arguments and order, 1986), and the Wronskian (DLMF 10.5.2), at an order mu near x; J downward and Y upward from there (Temme 1976).
    /// </summary>
    private static (double J, double Y) SteedPair(double v, double x)
    {
        int steps = Math.Max(0, (int)(v - x + 1.5));
        double mu = v - steps, slope = LogarithmicDerivative(v, x, out double sign);

        // From v down to mu: J(k - 1) = k/x J(k) + J'(k), J'(k - 1) = (k - 1)/x J(k - 1) - J(k).
        double j = sign, derivative = slope * sign, start = sign;
        for (double k = v; k > mu + 0.5; k--)
        {
            double lower = (k / x * j) + derivative;
            derivative = ((k - 1) / x * lower) - j;
            j = lower;
            if (Math.Abs(j) > 1e200)
            {
                j *= 1e-200;
                derivative *= 1e-200;
                start *= 1e-200;
            }
        }

        j = j == 0 ? 1e-300 : j;
        double f = derivative / j;
        Complex second = HankelDerivative(mu, x);
        double p = second.Real, q = second.Imaginary, gamma = (p - f) / q;
        double jMu = Math.CopySign(Math.Sqrt(2 / (Math.PI * x) / (((p - f) * gamma) + q)), j), yMu = jMu * gamma;
        double yDerivative = jMu * ((p * gamma) + q);
        return (start * (jMu / j), Upwards(mu, x, steps, yMu, (mu / x * yMu) - yDerivative));
    }

    private static double LogarithmicDerivative(double v, double x, out double sign)
    {
        const double Tiny = 1e-300;
        double h = Math.Max(v / x, Tiny), c = h, d = 0;
        sign = 1;
        for (int k = 1; k < 10_000_000; k++)
        {
            double b = 2 * (v + k) / x;
            d = b - d;
            d = 1 / (d == 0 ? Tiny : d);
            c = b - (1 / c);
            c = c == 0 ? Tiny : c;
            double factor = c * d;
            h *= factor;
            sign = d < 0 ? -sign : sign;
            if (Math.Abs(factor - 1) < 2e-16)
            {
                break;
            }
        }

        return h;
    }

    private static Complex HankelDerivative(double mu, double x)
    {
        // p + iq = -1/2x + i + i/x (1/4 - μ²)/(2(x + i) + (9/4 - μ²)/(2(x + 2i) + ...)).
        Complex b = new(2 * x, 2), c = b, d = Complex.Zero, fraction = b;
        for (int k = 2; k < 100_000; k++)
        {
            double a = ((k - 0.5) * (k - 0.5)) - (mu * mu);
            b = new Complex(2 * x, 2 * k);
            d = 1 / (b + (a * d));
            c = b + (a / c);
            Complex factor = c * d;
            fraction *= factor;
            if (Math.Abs(factor.Real - 1) + Math.Abs(factor.Imaginary) < 3e-16)
            {
                break;
            }
        }

        return new Complex(-0.5 / x, 1) + (new Complex(0, 1 / x) * (0.25 - (mu * mu)) / fraction);
    }
}
