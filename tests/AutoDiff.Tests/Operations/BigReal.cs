using System.Numerics;

namespace AutoDiff.Tests.Operations;

/// <summary>A real number of some hundred bits, mantissa · 2^exponent, with the elementary functions: an arithmetic that shares nothing with the library's, to hold it to.</summary>
internal readonly struct BigReal
{
    /// <summary>The bits of a rounded mantissa.</summary>
    private const int Bits = 900;

    private readonly BigInteger mantissa;
    private readonly int exponent;

    private BigReal(BigInteger mantissa, int exponent)
    {
        int excess = (int)mantissa.GetBitLength() - Bits;
        (this.mantissa, this.exponent) = excess > 0 ? (mantissa >> excess, exponent + excess) : (mantissa, exponent);
    }

    public static BigReal Pi { get; } = 4 * ((4 * AtanSeries(1 / (BigReal)5)) - AtanSeries(1 / (BigReal)239));

    private static BigReal LogOf2 { get; } = 2 * AtanhSeries(1 / (BigReal)3);

    public int Sign => mantissa.Sign;

    /// <summary>The number k with 2^(k-1) ≤ |x| &lt; 2^k.</summary>
    private int Magnitude => mantissa.IsZero ? int.MinValue / 2 : (int)BigInteger.Abs(mantissa).GetBitLength() + exponent;

    public static implicit operator BigReal(int value) => new(value, 0);

    /// <summary>The number that a double is, exactly.</summary>
    public static implicit operator BigReal(double value)
    {
        if (value == 0)
        {
            return default;
        }

        int exponent = Math.ILogB(value) - 52;
        return new((BigInteger)Math.ScaleB(Math.ScaleB(value, -exponent / 2), -exponent - (-exponent / 2)), exponent);
    }

    /// <summary>The nearest double, but for a last rounding of numbers below the normal ones.</summary>
    public static explicit operator double(BigReal x)
    {
        int excess = (int)BigInteger.Abs(x.mantissa).GetBitLength() - 64;
        double leading = (double)(excess > 0 ? x.mantissa >> excess : x.mantissa);
        int exponent = x.exponent + Math.Max(excess, 0);
        return Math.ScaleB(Math.ScaleB(leading, exponent / 2), exponent - (exponent / 2));
    }

    public static BigReal operator +(BigReal x, BigReal y)
    {
        if (x.mantissa.IsZero || y.mantissa.IsZero)
        {
            return x.mantissa.IsZero ? y : x;
        }

        // What lies below the last bit of the larger one is left out.
        int lowest = Math.Max(Math.Min(x.exponent, y.exponent), Math.Max(x.Magnitude, y.Magnitude) - Bits - 32);
        return new(Shift(x, lowest) + Shift(y, lowest), lowest);

        static BigInteger Shift(BigReal x, int lowest) => x.exponent >= lowest ? x.mantissa << (x.exponent - lowest) : x.mantissa >> (lowest - x.exponent);
    }

    public static BigReal operator -(BigReal x) => new(-x.mantissa, x.exponent);

    public static BigReal operator -(BigReal x, BigReal y) => x + -y;

    public static BigReal operator *(BigReal x, BigReal y) => new(x.mantissa * y.mantissa, x.exponent + y.exponent);

    public static BigReal operator /(BigReal x, BigReal y)
    {
        int shift = Math.Max(0, Bits + 32 + (int)y.mantissa.GetBitLength() - (int)x.mantissa.GetBitLength());
        return new((x.mantissa << shift) / y.mantissa, x.exponent - shift - y.exponent);
    }

    public static bool operator <(BigReal x, BigReal y) => (x - y).Sign < 0;

    public static bool operator >(BigReal x, BigReal y) => (x - y).Sign > 0;

    public static BigReal Abs(BigReal x) => x.Sign < 0 ? -x : x;

    /// <summary>x · 2^k.</summary>
    public static BigReal Scale(BigReal x, int k) => new(x.mantissa, x.exponent + k);

    public static BigReal Sqrt(BigReal x)
    {
        if (x.Sign == 0)
        {
            return x;
        }

        // Newton's iteration for 1 / √x, from the leading bits; each step doubles the digits.
        int half = (x.Magnitude - (x.Magnitude & 1)) / 2;
        BigReal scaled = Scale(x, -2 * half), root = 1 / Math.Sqrt((double)scaled);
        for (int i = 0; i < 6; i++)
        {
            root += root * (1 - (scaled * root * root)) * 0.5;
        }

        return Scale(scaled * root, half);
    }

    public static BigReal Exp(BigReal x)
    {
        int power = (int)Math.Round((double)(x / LogOf2));
        BigReal r = Scale(x - (power * LogOf2), -16), term = 1, sum = 1;
        for (int k = 1; term.Magnitude > -Bits - 32; k++)
        {
            term = term * r / k;
            sum += term;
        }

        for (int i = 0; i < 16; i++)
        {
            sum *= sum;
        }

        return Scale(sum, power);
    }

    /// <summary>The natural logarithm, by Halley's iteration on the exponential.</summary>
    public static BigReal Log(BigReal x)
    {
        int power = x.Magnitude;
        BigReal scaled = Scale(x, -power), y = Math.Log((double)scaled);
        for (int i = 0; i < 4; i++)
        {
            BigReal e = Exp(y);
            y += 2 * (scaled - e) / (scaled + e);
        }

        return y + (power * LogOf2);
    }

    public static (BigReal Sin, BigReal Cos) SinCos(BigReal x)
    {
        BigReal quarter = Scale(Pi, -1), turns = x / quarter;
        BigInteger n = turns.exponent >= 0 ? turns.mantissa << turns.exponent : turns.mantissa >> -turns.exponent;
        BigReal r = x - (new BigReal(n, 0) * quarter), square = r * r, sine = r, cosine = 1, term = 1;
        for (int k = 1; term.Magnitude > -Bits - 32; k++)
        {
            term = -term * square / ((2 * k) - 1) / (2 * k);
            cosine += term;
            sine += term * r / ((2 * k) + 1);
        }

        return (int)(n & 3) switch { 0 => (sine, cosine), 1 => (cosine, -sine), 2 => (-sine, -cosine), _ => (-cosine, sine) };
    }

    public static BigReal Atan(BigReal x)
    {
        // Four halvings of the angle bring the argument below 1/16.
        for (int i = 0; i < 4; i++)
        {
            x /= 1 + Sqrt(1 + (x * x));
        }

        return 16 * AtanSeries(x);
    }

    /// <summary>The error function, by its power series (DLMF 7.6.2), whose terms have one sign.</summary>
    public static BigReal Erf(BigReal x)
    {
        BigReal square = x * x, term = x, sum = x;
        for (int k = 1; term.Magnitude > sum.Magnitude - Bits - 32; k++)
        {
            term = term * 2 * square / ((2 * k) + 1);
            sum += term;
        }

        return 2 * sum * Exp(-square) / Sqrt(Pi);
    }

    private static BigReal AtanSeries(BigReal x) => Odd(x, -(x * x));

    private static BigReal AtanhSeries(BigReal x) => Odd(x, x * x);

    /// <summary>Σ x ratio^k / (2k + 1).</summary>
    private static BigReal Odd(BigReal x, BigReal ratio)
    {
        BigReal power = x, sum = x;
        for (int k = 1; power.Magnitude > sum.Magnitude - Bits - 32; k++)
        {
            power *= ratio;
            sum += power / ((2 * k) + 1);
        }

        return sum;
    }
}
