namespace AutoDiff;

/// <summary>
/// An unevaluated sum of two doubles, of which the second is at most half a unit in the last place of the first: about 32 digits. The arithmetic is that of Joldes, Muller and Popescu (Tight and
/// rigorous error bounds for basic building blocks of double-word arithmetic, ACM TOMS 44, 2017), after Dekker (1971) and Knuth; a sum keeps its relative accuracy under cancellation.
/// </summary>
internal readonly partial record struct DoubleDouble(double High, double Low)
{
    public static readonly DoubleDouble One = 1;

    public bool IsFinite => double.IsFinite(High) && double.IsFinite(Low);

    public bool IsNegative => High < 0;

    public static implicit operator DoubleDouble(double x) => new(x, 0);

    public static DoubleDouble operator -(DoubleDouble x) => new(-x.High, -x.Low);

    public static DoubleDouble operator +(DoubleDouble x, DoubleDouble y)
    {
        DoubleDouble high = TwoSum(x.High, y.High), low = TwoSum(x.Low, y.Low);
        DoubleDouble sum = FastTwoSum(high.High, high.Low + low.High);
        return FastTwoSum(sum.High, low.Low + sum.Low);
    }

    public static DoubleDouble operator -(DoubleDouble x, DoubleDouble y) => x + (-y);

    public static DoubleDouble operator *(DoubleDouble x, DoubleDouble y)
    {
        DoubleDouble product = TwoProduct(x.High, y.High);
        double cross = Math.FusedMultiplyAdd(x.Low, y.High, Math.FusedMultiplyAdd(x.High, y.Low, x.Low * y.Low));
        return FastTwoSum(product.High, product.Low + cross);
    }

    public static DoubleDouble operator /(DoubleDouble x, DoubleDouble y)
    {
        double quotient = x.High / y.High;
        DoubleDouble rest = x - (y * quotient);
        double correction = rest.High / y.High;
        rest -= y * correction;
        return FastTwoSum(quotient, correction) + (rest.High / y.High);
    }

    /// <summary>The exact sum.</summary>
    public static DoubleDouble TwoSum(double x, double y)
    {
        double sum = x + y, part = sum - x;
        return new(sum, (x - (sum - part)) + (y - part));
    }

    /// <summary>The exact product.</summary>
    public static DoubleDouble TwoProduct(double x, double y) => x * y is var product ? new(product, Math.FusedMultiplyAdd(x, y, -product)) : default;

    public static DoubleDouble Abs(DoubleDouble x) => x.IsNegative ? -x : x;

    public static DoubleDouble Max(DoubleDouble x, DoubleDouble y) => (x - y).IsNegative ? y : x;

    public static DoubleDouble Min(DoubleDouble x, DoubleDouble y) => (x - y).IsNegative ? x : y;

    /// <summary>By one step of Newton's method, in twice the precision of the start.</summary>
    public static DoubleDouble Sqrt(DoubleDouble x)
    {
        if (x.High == 0)
        {
            return x;
        }

        double root = Math.Sqrt(x.High);
        return FastTwoSum(root, (x - TwoProduct(root, root)).High / (2 * root));
    }

    public static DoubleDouble Cbrt(DoubleDouble x)
    {
        DoubleDouble y = Math.Cbrt(x.High);
        for (int i = 0; i < 2 && y.High != 0; i++)
        {
            y -= ((y * y * y) - x) / (y * y * 3);
        }

        return y;
    }

    /// <summary>x 2^n.</summary>
    public static DoubleDouble ScaleB(DoubleDouble x, int n) => new(Math.ScaleB(x.High, n), Math.ScaleB(x.Low, n));

    /// <summary>The exact sum of two numbers, the first of which is not the smaller one.</summary>
    private static DoubleDouble FastTwoSum(double x, double y) => x + y is var sum ? new(sum, y - (sum - x)) : default;
}
