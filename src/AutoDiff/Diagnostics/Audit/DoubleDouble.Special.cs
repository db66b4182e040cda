namespace AutoDiff;

// Inverse, gamma and error functions.
internal readonly partial record struct DoubleDouble
{
    // Static fields of other files may be set later: those of this one do not use them.
    private static readonly DoubleDouble Pi = new(3.141592653589793, 1.2246467991473532e-16), RootOfTwo = new(1.4142135623730951, -9.667293313452913e-17), RootOfPi = new(1.772453850905516, -7.666586499825799e-17), HalfLogOfTwoPi = new(0.9189385332046728, -3.8782941580672414e-17);

    /// <summary>B₂, B₄, ...: the Bernoulli numbers (NIST Digital Library of Mathematical Functions, table 24.2.1).</summary>
    private static readonly DoubleDouble[] Bernoulli =
    [
        (DoubleDouble)1 / 6, (DoubleDouble)(-1) / 30, (DoubleDouble)1 / 42, (DoubleDouble)(-1) / 30, (DoubleDouble)5 / 66, (DoubleDouble)(-691) / 2730, (DoubleDouble)7 / 6, (DoubleDouble)(-3617) / 510, (DoubleDouble)43867 / 798, (DoubleDouble)(-174611) / 330,
        (DoubleDouble)854513 / 138, (DoubleDouble)(-236364091) / 2730, (DoubleDouble)8553103 / 6, (DoubleDouble)(-23749461029) / 870, (DoubleDouble)8615841276005 / 14322,
    ];

    /// <summary>From here on the first Bernoulli numbers give 32 digits of the asymptotic series.</summary>
    private const double Far = 30;

    public static DoubleDouble Asin(DoubleDouble x) => Math.Abs(x.High) == 1 ? Pi * (0.5 * x.High) : Atan(x / Sqrt((One - x) * (One + x)));

    public static DoubleDouble Acos(DoubleDouble x) => x == -One ? Pi : Atan(Sqrt((One - x) / (One + x))) * 2;

    public static DoubleDouble Asinh(DoubleDouble x)
    {
        DoubleDouble y = Abs(x);
        y = Log1p(y + (y * y / (One + Sqrt(One + (y * y)))));
        return x.IsNegative ? -y : y;
    }

    public static DoubleDouble Acosh(DoubleDouble x) => Log1p(x - One + Sqrt((x - One) * (x + One)));

    public static DoubleDouble Atanh(DoubleDouble x) => Log1p(x * 2 / (One - x)) * 0.5;

    /// <summary>sin πx, with the argument reduced exactly.</summary>
    public static DoubleDouble SinPi(DoubleDouble x) => Sin((x - (2 * Math.Round(x.High / 2))) * Pi);

    public static DoubleDouble CosPi(DoubleDouble x) => Cos((x - (2 * Math.Round(x.High / 2))) * Pi);

    public static DoubleDouble Exp10(DoubleDouble x) => Exp(x * LogOf10);

    /// <summary>ln |Γ(x)|: Stirling's series beyond 30, the recurrence below, the reflection for negative numbers (NIST Digital Library of Mathematical Functions, 5.11.1, 5.5.1, 5.5.3).</summary>
    public static DoubleDouble LogGamma(DoubleDouble x)
    {
        if (x.High < 0.5)
        {
            return Log(Pi / Abs(SinPi(x))) - LogGamma(One - x);
        }

        DoubleDouble product = One;
        for (; x.High < Far; x += One)
        {
            product *= x;
        }

        DoubleDouble sum = 0, square = x * x;
        for (int k = Bernoulli.Length; k >= 1; k--)
        {
            sum = (sum / square) + (Bernoulli[k - 1] / (2.0 * k * ((2 * k) - 1)));
        }

        return ((x - 0.5) * Log(x)) - x + HalfLogOfTwoPi + (sum / x) - Log(product);
    }

    public static DoubleDouble Gamma(DoubleDouble x)
    {
        DoubleDouble y = Exp(LogGamma(x));
        return x.IsNegative && Math.IEEERemainder(Math.Floor(x.High), 2) != 0 ? -y : y;
    }

    /// <summary>ψ(x), the derivative of ln Γ (5.11.2, 5.5.2, 5.5.4).</summary>
    public static DoubleDouble Digamma(DoubleDouble x)
    {
        if (x.High < 0.5)
        {
            return Digamma(One - x) - (Pi * CosPi(x) / SinPi(x));
        }

        DoubleDouble below = 0;
        for (; x.High < Far; x += One)
        {
            below += One / x;
        }

        DoubleDouble sum = 0, square = x * x;
        for (int k = Bernoulli.Length; k >= 1; k--)
        {
            sum = (sum + (Bernoulli[k - 1] / (2.0 * k))) / square;
        }

        return Log(x) - ((DoubleDouble)0.5 / x) - sum - below;
    }

    /// <summary>The derivative of order n of ψ at a positive x (5.15.8, 5.15.5); not a number elsewhere.</summary>
    public static DoubleDouble Polygamma(int n, DoubleDouble x)
    {
        if (n == 0 || !(x.High > 0))
        {
            return n == 0 ? Digamma(x) : double.NaN;
        }

        DoubleDouble factorial = One, sum = 0;
        for (int k = 2; k <= n; k++)
        {
            factorial *= k;
        }

        DoubleDouble below = 0;
        for (; x.High < Far + n; x += One)
        {
            below += One / Power(x, n + 1);
        }

        // B₂ₖ (2k + n - 1)! / (2k)!, from the factor for k to the next.
        DoubleDouble factor = factorial / n, square = x * x, power = One;
        sum = factor + (factorial * 0.5 / x);
        for (int k = 1; k <= Bernoulli.Length; k++)
        {
            factor = factor * ((2 * k) + n - 2) * ((2 * k) + n - 1) / ((2 * k) - 1) / (2 * k);
            power /= square;
            sum += Bernoulli[k - 1] * factor * power;
        }

        DoubleDouble y = (sum / Power(x, n)) + (factorial * below);
        return n % 2 == 0 ? -y : y;
    }

    /// <summary>2/√π e^(-x²) Σ 2ᵏ x²ᵏ⁺¹ / (2k + 1)!!, whose terms are positive (7.6.2).</summary>
    public static DoubleDouble Erf(DoubleDouble x)
    {
        if (!(Math.Abs(x.High) < Tail))
        {
            return x.IsNegative ? Erfc(-x) - One : One - Erfc(x);
        }

        DoubleDouble term = x, sum = x, square = x * x * 2;
        for (int k = 1; Math.Abs(term.High) > 1e-34 * Math.Abs(sum.High); k++)
        {
            term *= square / ((2 * k) + 1);
            sum += term;
        }

        return sum * 2 * Exp(-(x * x)) / RootOfPi;
    }

    public static DoubleDouble Erfc(DoubleDouble x) => x.High < Tail ? One - Erf(x) : Exp(-(x * x)) * Erfcx(x);

    /// <summary>e^(x²) erfc x; for large x by the continued fraction (7.9.1).</summary>
    public static DoubleDouble Erfcx(DoubleDouble x)
    {
        if (x.High < Tail)
        {
            return Exp(x * x) * Erfc(x);
        }

        DoubleDouble fraction = x;
        for (int k = 400; k >= 1; k--)
        {
            fraction = x + ((DoubleDouble)(0.5 * k) / fraction);
        }

        return One / (fraction * RootOfPi);
    }

    /// <summary>The distribution function of the normal distribution.</summary>
    public static DoubleDouble Ndtr(DoubleDouble x) => Erfc(-x / RootOfTwo) * 0.5;

    public static DoubleDouble LogNdtr(DoubleDouble x)
    {
        DoubleDouble z = -x / RootOfTwo;
        return x.High > 0 ? Log1p(Erfc(-z) * -0.5) : z.High < Tail ? Log(Erfc(z) * 0.5) : Log(Erfcx(z) * 0.5) - (z * z);
    }

    /// <summary>The density of the normal distribution.</summary>
    public static DoubleDouble NormalDensity(DoubleDouble x) => Exp(x * x * -0.5) / (RootOfTwo * RootOfPi);

    /// <summary>The derivative of order n of e^(-x²), by the recurrence of Hermite's polynomials (18.9.1).</summary>
    public static DoubleDouble GaussianDerivative(int n, DoubleDouble x)
    {
        DoubleDouble previous = 0, current = One;
        for (int k = 0; k < n; k++)
        {
            (previous, current) = (current, -((previous * (2 * k)) + (x * 2 * current)));
        }

        return current * Exp(-(x * x));
    }

    /// <summary>The derivative of order n of the density of the normal distribution, likewise.</summary>
    public static DoubleDouble NormalDensityDerivative(int n, DoubleDouble x)
    {
        DoubleDouble previous = 0, current = One;
        for (int k = 0; k < n; k++)
        {
            (previous, current) = (current, -((previous * k) + (x * current)));
        }

        return current * NormalDensity(x);
    }

    /// <summary>From here on erfc is the continued fraction.</summary>
    private const double Tail = 2;

    private static DoubleDouble Power(DoubleDouble x, int n)
    {
        DoubleDouble power = One;
        for (int i = 0; i < n; i++)
        {
            power *= x;
        }

        return power;
    }
}
