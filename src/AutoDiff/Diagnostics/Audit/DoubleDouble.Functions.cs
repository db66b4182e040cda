namespace AutoDiff;

// Elementary functions: the argument is reduced, and a series does the rest. Each keeps its relative accuracy near the zeros of the function.
internal readonly partial record struct DoubleDouble
{
    private static readonly DoubleDouble LogOf2 = new(0.6931471805599453, 2.3190468138462996e-17);
    private static readonly DoubleDouble LogOf10 = new(2.302585092994046, -2.1707562233822494e-16);

    /// <summary>ln 2 and π/2 to three doubles, so that a multiple of them can be taken off without loss.</summary>
    private static readonly double[] LogOf2Parts = [0.6931471805599453, 2.3190468138462996e-17, 5.707708438416212e-34], HalfPiParts = [1.5707963267948966, 6.123233995736766e-17, -1.4973849048591698e-33];

    public static DoubleDouble Exp(DoubleDouble x)
    {
        if (Math.Abs(x.High) > 750)
        {
            return Math.Exp(x.High);
        }

        int n = (int)Math.Round(x.High / LogOf2.High);
        return ScaleB(ReducedExpm1(Without(x, n, LogOf2Parts)) + One, n);
    }

    public static DoubleDouble Exp2(DoubleDouble x) => Exp(x * LogOf2);

    public static DoubleDouble Expm1(DoubleDouble x) => Math.Abs(x.High) < 0.4 ? ReducedExpm1(x) : Exp(x) - One;

    public static DoubleDouble Log(DoubleDouble x)
    {
        if (!(x.High > 0) || !double.IsFinite(x.High))
        {
            return Math.Log(x.High);
        }

        if (Math.Abs(x.High - 1) < 0.1)
        {
            return Log1p(x - One);
        }

        // One step of Newton's method for exp(y) = x, of the third order.
        int n = double.ILogB(x.High);
        DoubleDouble scaled = ScaleB(x, -n);
        double guess = Math.Log(scaled.High);
        DoubleDouble rest = (scaled * Exp(-guess)) - One;
        return (LogOf2 * n) + guess + (rest - (rest * rest * 0.5));
    }

    public static DoubleDouble Log2(DoubleDouble x) => Log(x) / LogOf2;

    public static DoubleDouble Log10(DoubleDouble x) => Log(x) / LogOf10;

    /// <summary>log(1 + x) = 2 artanh(x / (2 + x)).</summary>
    public static DoubleDouble Log1p(DoubleDouble x)
    {
        if (!(Math.Abs(x.High) < 0.11))
        {
            return Log(x + One);
        }

        DoubleDouble z = x / (x + 2), square = z * z, sum = 0;
        for (int k = 27; k >= 1; k -= 2)
        {
            sum = (sum * square) + (One / k);
        }

        return z * sum * 2;
    }

    public static DoubleDouble Sin(DoubleDouble x) => SinCos(x).Sin;

    public static DoubleDouble Cos(DoubleDouble x) => SinCos(x).Cos;

    public static DoubleDouble Tan(DoubleDouble x) => SinCos(x) is var (sin, cos) ? sin / cos : default;

    /// <summary>atan(x) = y + atan((x - tan y) / (1 + x tan y)) for a y close by.</summary>
    public static DoubleDouble Atan(DoubleDouble x)
    {
        double guess = Math.Atan(x.High);
        (DoubleDouble sin, DoubleDouble cos) = SinCos(guess);
        return ((x * cos) - sin) / (cos + (x * sin)) + guess;
    }

    public static DoubleDouble Sinh(DoubleDouble x)
    {
        DoubleDouble e = Expm1(Abs(x)), half = (e + (e / (e + One))) * 0.5;
        return x.IsNegative ? -half : half;
    }

    public static DoubleDouble Cosh(DoubleDouble x) => (Exp(x) + Exp(-x)) * 0.5;

    public static DoubleDouble Tanh(DoubleDouble x)
    {
        if (Math.Abs(x.High) > 300)
        {
            return Math.Sign(x.High);
        }

        DoubleDouble e = Expm1(Abs(x) * 2), y = e / (e + 2);
        return x.IsNegative ? -y : y;
    }

    /// <summary>1 / cosh² x.</summary>
    public static DoubleDouble SechSquared(DoubleDouble x) => Exp(Abs(x) * -2) is var e ? e * 4 / ((e + One) * (e + One)) : default;

    public static DoubleDouble Sigmoid(DoubleDouble x) => Exp(-Abs(x)) is var e && x.IsNegative ? e / (e + One) : One / (e + One);

    public static DoubleDouble Softplus(DoubleDouble x) => (x.IsNegative ? 0 : x) + Log1p(Exp(-Abs(x)));

    /// <summary>x^p; of a negative x for whole p. Where it is no ordinary number, as IEEE 754 has it.</summary>
    public static DoubleDouble Pow(DoubleDouble x, DoubleDouble p)
    {
        if (x.High == 0 || p.High == 0 || !x.IsFinite || !p.IsFinite || (x.IsNegative && (p.Low != 0 || p.High != Math.Floor(p.High))))
        {
            return Math.Pow(x.High, p.High);
        }

        DoubleDouble y = Exp(p * Log(Abs(x)));
        return x.IsNegative && Math.IEEERemainder(p.High, 2) != 0 ? -y : y;
    }

    /// <summary>e^x - 1 for a small x: a series at x / 256, and e^2x - 1 = 2 s + s² with s = e^x - 1 eight times.</summary>
    private static DoubleDouble ReducedExpm1(DoubleDouble x)
    {
        DoubleDouble r = ScaleB(x, -8), sum = 0;
        for (int k = 12; k >= 1; k--)
        {
            sum = (sum + One) * r / k;
        }

        for (int i = 0; i < 8; i++)
        {
            sum = (sum * 2) + (sum * sum);
        }

        return sum;
    }

    private static (DoubleDouble Sin, DoubleDouble Cos) SinCos(DoubleDouble x)
    {
        if (!(Math.Abs(x.High) < 1e15))
        {
            // A double tells the angle no better than this; what the second one adds is of the first order.
            (double s, double c) = Math.SinCos(x.High);
            return (TwoSum(s, c * x.Low), TwoSum(c, -s * x.Low));
        }

        double n = Math.Round(x.High / HalfPiParts[0]);
        DoubleDouble r = Without(x, n, HalfPiParts), square = -(r * r), sin = 0, cos = 0;
        for (int k = 28; k >= 2; k -= 2)
        {
            cos = (cos + One) * square / (k * (k - 1));
            sin = (sin + One) * square / (k * (k + 1));
        }

        (sin, cos) = ((sin + One) * r, cos + One);
        return ((long)n & 3) switch
        {
            0 => (sin, cos),
            1 => (cos, -sin),
            2 => (-sin, -cos),
            _ => (-cos, sin),
        };
    }

    /// <summary>x - n c for a constant of three parts.</summary>
    private static DoubleDouble Without(DoubleDouble x, double n, double[] c) => x - TwoProduct(n, c[0]) - TwoProduct(n, c[1]) - TwoProduct(n, c[2]);
}
