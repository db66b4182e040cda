namespace AutoDiff;

// Bessel, Airy and zeta functions, by series and integrals that keep eighteen digits or more, and that give no number where they do not (equations are those of the NIST Digital Library).
internal readonly partial record struct DoubleDouble
{
    /// <summary>From here on asymptotic series give 26 digits; below, power series keep 18 of them.</summary>
    private const double FarOfBessel = 30;

    /// <summary>J of order v (10.2.2, 10.17.3).</summary>
    public static DoubleDouble BesselJ(DoubleDouble v, DoubleDouble x)
    {
        DoubleDouble own = Abs(x), y = IsWhole(v) && v.IsNegative ? BesselJ(-v, own) * Parity(v) : own.High < FarOfBessel ? PowerSeries(v, own, alternates: true) : Oscillating(v, own).J;
        return !x.IsNegative ? y : IsWhole(v) ? y * Parity(v) : double.NaN;
    }

    /// <summary>Y of order v (10.2.3, 10.8.1, 10.17.4).</summary>
    public static DoubleDouble BesselY(DoubleDouble v, DoubleDouble x) => !(x.High > 0) ? double.NaN : x.High >= FarOfBessel ? Oscillating(v, x).Y
        : !IsWhole(v) ? ((PowerSeries(v, x, alternates: true) * CosPi(v)) - PowerSeries(-v, x, alternates: true)) / SinPi(v)
        : v.IsNegative ? WholeY(-(int)v.High, x) * Parity(v) : WholeY((int)v.High, x);

    /// <summary>I of order v, whose terms have one sign (10.25.2).</summary>
    public static DoubleDouble BesselI(DoubleDouble v, DoubleDouble x)
    {
        DoubleDouble y = PowerSeries(IsWhole(v) ? Abs(v) : v, Abs(x), alternates: false);
        return !x.IsNegative ? y : IsWhole(v) ? y * Parity(v) : double.NaN;
    }

    public static DoubleDouble BesselK(DoubleDouble v, DoubleDouble x) => BesselKe(0, 0, v, x) * Exp(-x);

    /// <summary>
    /// The derivative of order m by v and k by x of e^x K_v(x) = ∫ exp(-x (cosh t - 1)) cosh vt dt from 0 (10.32.9), by the trapezoidal rule, which converges faster than any power of its step.
    /// </summary>
    public static DoubleDouble BesselKe(int m, int k, DoubleDouble v, DoubleDouble x)
    {
        if (!(x.High > 1e-6) || Math.Abs(v.High) > 50)
        {
            return double.NaN;
        }

        // A power of two, at most a sixteenth, and half the width of the peak.
        double step = Math.ScaleB(1, -Math.Max(4, 1 + (int)Math.Ceiling(Math.Log2(x.High) / 2)));
        DoubleDouble sum = m > 0 || k > 0 ? 0 : 0.5;
        for (int i = 1; i < 5000; i++)
        {
            DoubleDouble t = i * step, half = Sinh(t * 0.5), less = half * half * 2;
            DoubleDouble term = Exp(-(x * less)) * (m % 2 == 0 ? Cosh(t * v) : Sinh(t * v)) * Power(t, m) * Power(-less, k);
            sum += term;
            if (x.High * less.High > 80 && Math.Abs(term.High) < 1e-34 * Math.Abs(sum.High))
            {
                break;
            }
        }

        return sum * step;
    }

    /// <summary>The spherical J of order n (10.47.3).</summary>
    public static DoubleDouble SphericalBesselJ(int n, DoubleDouble x) => x.High > 0 ? Sqrt(Pi / (x * 2)) * BesselJ(n + 0.5, x) : double.NaN;

    /// <summary>Ai (9.6.2, 9.6.6), by its power series near 0 (9.4.1).</summary>
    public static DoubleDouble AiryAi(DoubleDouble x) => Math.Abs(x.High) <= 1 ? AirySeries(x).Ai
        : x.IsNegative ? Sqrt(-x) / 3 * (BesselJ(Third, Phase(x)) + BesselJ(-Third, Phase(x))) : Sqrt(x / 3) / Pi * BesselK(Third, Phase(x));

    /// <summary>Ai' (9.6.4, 9.6.8).</summary>
    public static DoubleDouble AiryAiPrime(DoubleDouble x) => Math.Abs(x.High) <= 1 ? AirySlopes(x).Ai
        : x.IsNegative ? -x / 3 * (BesselJ(Third * 2, Phase(x)) - BesselJ(-Third * 2, Phase(x))) : -(x / (Pi * Sqrt(3))) * BesselK(Third * 2, Phase(x));

    /// <summary>Bi (9.6.8); the terms of its power series are positive for positive x.</summary>
    public static DoubleDouble AiryBi(DoubleDouble x) => x.High >= -1 ? AirySeries(x).Bi : Sqrt(-x / 3) * (BesselJ(-Third, Phase(x)) - BesselJ(Third, Phase(x)));

    /// <summary>Bi' (9.6.9).</summary>
    public static DoubleDouble AiryBiPrime(DoubleDouble x) => x.High >= -1 ? AirySlopes(x).Bi : -x / Sqrt(3) * (BesselJ(-Third * 2, Phase(x)) + BesselJ(Third * 2, Phase(x)));

    /// <summary>The derivative of order 0 or 1 by s of ζ(s, q) for positive q, by the formula of Euler and Maclaurin (25.11.5); not a number for other orders. Of ζ(s) below -5 the reflection (25.4.1).</summary>
    public static DoubleDouble Zeta(int order, DoubleDouble s, DoubleDouble q)
    {
        if (!(q.High > 0) || order > 1 || (s.High < -5 && (order > 0 || q != One)))
        {
            return double.NaN;
        }

        if (s.High < -5)
        {
            return Exp((s - 1) * Log(Pi * 2)) * SinPi(s * 0.5) * Gamma(One - s) * Zeta(0, One - s, One) * 2;
        }

        DoubleDouble sum = 0;
        for (; q.High < Far; q += One)
        {
            sum += Exp(-(s * Log(q))) * (order == 0 ? One : -Log(q));
        }

        // The rest is q^-s times a sum of terms, each with its derivative by s.
        DoubleDouble log = Log(q), terms = (q / (s - 1)) + 0.5, slopes = -(q / ((s - 1) * (s - 1))), rising = s, slope = One, power = One / q, factorial = 2;
        for (int k = 1; k <= Bernoulli.Length; k++)
        {
            terms += Bernoulli[k - 1] / factorial * rising * power;
            slopes += Bernoulli[k - 1] / factorial * slope * power;
            DoubleDouble first = s + ((2 * k) - 1), second = s + (2 * k);
            (rising, slope) = (rising * first * second, (slope * first * second) + (rising * (first + second)));
            power /= q * q;
            factorial *= ((2 * k) + 1) * ((2 * k) + 2);
        }

        return sum + (Exp(-(s * log)) * (order == 0 ? terms : slopes - (log * terms)));
    }

    private static DoubleDouble Third => One / 3;

    /// <summary>(2/3) |x|^(3/2).</summary>
    private static DoubleDouble Phase(DoubleDouble x) => Abs(x) is var z ? z * Sqrt(z) * 2 / 3 : default;

    private static bool IsWhole(DoubleDouble v) => v.Low == 0 && v.High == Math.Floor(v.High);

    /// <summary>1 for even numbers, -1 for odd ones.</summary>
    private static DoubleDouble Parity(DoubleDouble v) => v.High % 2 == 0 ? 1 : -1;

    /// <summary>Σ (±x²/4)ᵏ (x/2)ᵛ / (k! Γ(v + k + 1)).</summary>
    private static DoubleDouble PowerSeries(DoubleDouble v, DoubleDouble x, bool alternates)
    {
        if (x == default)
        {
            return v == default ? One : v.IsNegative ? double.NaN : 0;
        }

        DoubleDouble square = x * x * (alternates ? -0.25 : 0.25), term = Exp((v * Log(x * 0.5)) - LogGamma(v + 1)), sum;
        term = (v + 1).IsNegative && Math.IEEERemainder(Math.Floor((v + 1).High), 2) != 0 ? -term : term;
        sum = term;
        for (int k = 1; k < 3000; k++)
        {
            term *= square / ((v + k) * k);
            sum += term;
            if (k > x.High && Math.Abs(term.High) <= 1e-34 * Math.Abs(sum.High))
            {
                break;
            }
        }

        return sum;
    }

    /// <summary>Y of a whole order n that is not negative (10.8.1).</summary>
    private static DoubleDouble WholeY(int n, DoubleDouble x)
    {
        DoubleDouble half = x * 0.5, square = half * half, factor = One, below = 0, sum = 0;
        for (int k = n - 1; k >= 1; k--)
        {
            factor *= k;
        }

        // (n - k - 1)! / k! (x/2)²ᵏ
        for (int k = 0; k < n; k++)
        {
            below += factor;
            factor *= k + 1 < n ? square / ((DoubleDouble)(n - k - 1) * (k + 1)) : One;
        }

        // ψ(k + 1) + ψ(n + k + 1), from k to the next.
        DoubleDouble term = Exp(-LogGamma((DoubleDouble)n + 1)), power = Power(half, n), digammas = Digamma(1) + Digamma((DoubleDouble)n + 1);
        for (int k = 0; k < 1000; k++)
        {
            sum += digammas * term;
            digammas += (One / (k + 1)) + (One / (n + k + 1));
            term *= -square / ((DoubleDouble)(k + 1) * (n + k + 1));
            if (k > x.High && Math.Abs(term.High) <= 1e-36)
            {
                break;
            }
        }

        return ((Log(half) * 2 * PowerSeries(n, x, alternates: true)) - (n == 0 ? default : below / power) - (power * sum)) / Pi;
    }

    /// <summary>Both functions far from 0 (10.17.3, 10.17.4); not numbers where the series does not come to the last digits.</summary>
    private static (DoubleDouble J, DoubleDouble Y) Oscillating(DoubleDouble v, DoubleDouble x)
    {
        DoubleDouble phase = x - ((v + 0.5) * Pi * 0.5), even = One, odd = 0, term = One, square = v * v * 4;
        for (int k = 1; Math.Abs(term.High) > 1e-33; k++)
        {
            DoubleDouble next = term * (square - ((2.0 * k) - 1) * ((2.0 * k) - 1)) / (x * (8.0 * k));
            if (Math.Abs(next.High) > Math.Abs(term.High) && k > Math.Abs(v.High))
            {
                if (Math.Abs(term.High) > 1e-22)
                {
                    return (double.NaN, double.NaN);
                }

                break;
            }

            term = next;
            (even, odd) = k % 2 == 0 ? (even + (k % 4 == 0 ? term : -term), odd) : (even, odd + (k % 4 == 1 ? term : -term));
        }

        (DoubleDouble sin, DoubleDouble cos, DoubleDouble size) = (Sin(phase), Cos(phase), Sqrt((DoubleDouble)2 / (Pi * x)));
        return (size * ((cos * even) - (sin * odd)), size * ((sin * even) + (cos * odd)));
    }

    /// <summary>Ai and Bi by the two series that solve Airy's equation (9.4.1, 9.4.3).</summary>
    private static (DoubleDouble Ai, DoubleDouble Bi) AirySeries(DoubleDouble x) => Combined(Series(One, x, 2, 3), Series(x, x, 3, 4));

    /// <summary>Ai' and Bi' likewise (9.4.2, 9.4.4).</summary>
    private static (DoubleDouble Ai, DoubleDouble Bi) AirySlopes(DoubleDouble x) => Combined(Series(x * x * 0.5, x, 3, 5), Series(One, x, 1, 3));

    private static (DoubleDouble Ai, DoubleDouble Bi) Combined(DoubleDouble f, DoubleDouble g)
    {
        DoubleDouble first = f * Exp(-(LogGamma(Third * 2) + (Log(3) * Third * 2))), second = g * Exp(-(LogGamma(Third) + (Log(3) * Third)));
        return (first - second, (first + second) * Sqrt(3));
    }

    /// <summary>The sum of terms that begin with one, each of which is x³ / (a b) of that before it, with a and b that grow by 3.</summary>
    private static DoubleDouble Series(DoubleDouble term, DoubleDouble x, int a, int b)
    {
        DoubleDouble cube = x * x * x, sum = term;
        for (int k = 0; k < 3000 && Math.Abs(term.High) > 1e-34 * Math.Abs(sum.High); k++)
        {
            term *= cube / (((double)a + (3 * k)) * (b + (3 * k)));
            sum += term;
        }

        return sum;
    }
}
