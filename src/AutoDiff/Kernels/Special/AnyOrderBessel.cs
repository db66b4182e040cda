namespace AutoDiff.Kernels;

/// <summary>The Bessel functions of any real order: integer orders by their own kernels, the others by those of real order.</summary>
internal static class AnyOrderBessel
{
    /// <summary>J of order v at x; negative x asks for an integer order.</summary>
    public static double J(double v, double x) => IsInteger(v) ? BesselFunctions.J((int)v, x) : RealOrderBessel.J(v, x);

    /// <summary>Y of order v at positive x.</summary>
    public static double Y(double v, double x) => IsInteger(v) ? BesselFunctions.Y((int)v, x) : RealOrderBessel.Y(v, x);

    /// <summary>I of order v at x; negative x asks for an integer order.</summary>
    public static double I(double v, double x) => IsInteger(v) ? ModifiedBessel.I((int)v, x) : RealOrderBessel.I(v, x);

    /// <summary>K of order v at positive x.</summary>
    public static double K(double v, double x) => IsInteger(v) ? ModifiedBessel.K((int)Math.Abs(v), x) : RealOrderBessel.K(v, x);

    /// <summary>
    /// The k-th derivative of exp(-|x|) I of order v. I' = (I(v - 1) + I(v + 1)) / 2 (DLMF 10.29.1) makes it 2^-k times the central difference of order 2k
    /// with respect to v, which cancels where x is not small. There it is 1/π ∫ (cos t - 1)ᵏ exp(x (cos t - 1)) cos vt dt from 0 to π (DLMF 10.32.4; the other part
    /// of that formula vanishes for integer v, and is below exp(-2x) for others), by the trapezoidal rule, whose error is of the order of I of order N for 2π/N as step;
    /// or, where that cancels, the function times what its logarithmic derivative tells, up to the fourth order.
    /// </summary>
    /// <remarks>At 0, where |x| has its kink, the mean of the derivatives from either side.</remarks>
    public static double IeDerivative(int k, double v, double x)
    {
        if (x < 0 || (x == 0 && k > 0))
        {
            if (x == 0 && v != Math.Floor(v))
            {
                return Differences(k, v, x);
            }

            bool isOdd = int.IsOddInteger(k) ^ double.IsOddInteger(v);
            return v != Math.Floor(v) ? double.NaN : x == 0 ? (isOdd ? 0 : Differences(k, v, 0)) : isOdd ? -IeDerivative(k, v, -x) : IeDerivative(k, v, -x);
        }

        bool cancels = x < v * v || x < (IsInteger(v) ? 1 : 20);
        return k == 0 ? Ie(v, x) : !cancels ? double.IsInfinity(x) ? 0 : Integral(k, v, x) : k > 4 || x < 0.5 || !(Math.Abs(v) <= RealOrderBessel.LargestOrder) ? Differences(k, v, x) : ByRatios(k, v, x);
    }

    /// <summary>The derivative of exp(x) K of order m with respect to the order v and k with respect to x.</summary>
    public static double KeDerivative(int m, int k, double v, double x) =>
        m == 0 && k == 0 && IsInteger(v) ? ModifiedBessel.Ke((int)Math.Abs(v), x) : RealOrderBessel.KeDerivative(m, k, v, x);

    private static double Differences(int k, double v, double x)
    {
        double sum = 0, binomial = 1;
        for (int j = 0; j <= 2 * k; j++)
        {
            sum += binomial * Ie(v + k - j, x);
            binomial *= -((2.0 * k) - j) / (j + 1);
        }

        return sum / (1 << k);
    }

    private static double Integral(int k, double v, double x)
    {
        double half = Math.Ceiling((6 * Math.Sqrt(x)) + Math.Abs(v) + 8), step = Math.PI / half;
        double sum = k == 0 ? 0.5 : 0;
        for (int j = 1; j <= half; j++)
        {
            double sine = Math.Sin(0.5 * j * step), fall = -2 * sine * sine;
            if (fall * x < -60)
            {
                break;
            }

            sum += Math.Pow(fall, k) * Math.Exp(fall * x) * Math.Cos(v * j * step) * (j == half ? 0.5 : 1);
        }

        return sum * step / Math.PI;
    }

    /// <summary>
    /// With I(-v) = I(v) + 2/π sin(πv) K(v) (DLMF 10.27.2) for v below 0, where derivatives of exp(-2x) exp(x) K have all the same sign.
    /// </summary>
    private static double ByRatios(int k, double v, double x)
    {
        double order = Math.Abs(v), value = Ie(order, x);
        double derivative = value * (k == 1 ? LogarithmicDerivative(order, new TaylorValue(x)).Value : Relative(k, LogarithmicDerivative(order, TaylorCubic.Variable(x))));
        double sine = v < 0 ? double.SinPi(order) : 0;
        if (sine == 0)
        {
            return derivative;
        }

        double sum = 0, binomial = 1;
        for (int j = 0; j <= k; j++)
        {
            sum += binomial * Math.Pow(-2, k - j) * KeDerivative(0, j, order, x);
            binomial *= (double)(k - j) / (j + 1);
        }

        return derivative + (2 / Math.PI * sine * Math.Exp(-2 * x) * sum);
    }

    /// <summary>The derivative of order 1 to 4 of a function over the function itself, from its logarithmic derivative w: w, w' + w², ...</summary>
    private static double Relative(int k, TaylorCubic w)
    {
        TaylorCubic product = w;
        for (int i = 1; i < k; i++)
        {
            product = product.Slope + (product * w);
        }

        return product.Value;
    }

    /// <summary>
    /// w = v/x + r(v) - 1, the logarithmic derivative of exp(-x) I, with r(v) = I(v + 1) / I(v) (DLMF 10.29.2) and r(v - 1) = 1 / (2v/x + r(v)) (DLMF 10.33.1), downward, where errors fade. The steps
    /// are those of x w: where x is large, w is of the order of 1/x, and v/x - 1 + r would cancel.
    /// </summary>
    private static T LogarithmicDerivative<T>(double v, T x) where T : struct, ITaylor<T>
    {
        int steps = 30 + (int)(9 * Math.Sqrt(Math.Max(v, x.Value)));
        T w = -x + (v + steps);
        for (int i = steps; i > 0; i--)
        {
            double n = v + i;
            w = (-x + (n * (n - 1)) + (w * (-x + (n - 1)))) / (w + x + n);
        }

        return w / x;
    }

    private static double Ie(double v, double x) => IsInteger(v) ? ModifiedBessel.Ie((int)v, x) : RealOrderBessel.Ie(v, x);

    /// <summary>Whether an order is one that a recurrence from order to order reaches in bounded time.</summary>
    private static bool IsInteger(double v) => v == Math.Floor(v) && Math.Abs(v) <= RealOrderBessel.LargestOrder;
}
