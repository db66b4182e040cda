namespace AutoDiff.Kernels;

/// <summary>
/// A number that carries its Taylor coefficients in one parameter: an algorithm written over it yields the derivatives with respect to
/// the parameter along with the value (Griewank and Walther, Evaluating Derivatives, 2008, chapter 13).
/// </summary>
internal interface ITaylor<T>
    where T : struct, ITaylor<T>
{
    /// <summary>Up to which order derivatives are carried: what only higher ones need may be left out.</summary>
    static abstract int Order { get; }

    /// <summary>The coefficient of degree 0.</summary>
    double Value { get; }

    /// <summary>The sum of the coefficients' magnitudes.</summary>
    double Size { get; }

    static abstract T Constant(double value);

    static abstract T operator +(T left, T right);

    static abstract T operator +(T left, double right);

    static abstract T operator -(T left, T right);

    static abstract T operator -(T value);

    static abstract T operator *(T left, T right);

    static abstract T operator *(T left, double right);

    static abstract T operator /(T left, T right);

    /// <summary>f(x), from f and its first three derivatives at x's value.</summary>
    static abstract T Compose(T x, double f0, double f1, double f2, double f3);
}

/// <summary>The value alone.</summary>
internal readonly record struct TaylorValue(double Value) : ITaylor<TaylorValue>
{
    public static int Order => 0;

    public double Size => Math.Abs(Value);

    public static TaylorValue Constant(double value) => new(value);

    public static TaylorValue operator +(TaylorValue left, TaylorValue right) => new(left.Value + right.Value);

    public static TaylorValue operator +(TaylorValue left, double right) => new(left.Value + right);

    public static TaylorValue operator -(TaylorValue left, TaylorValue right) => new(left.Value - right.Value);

    public static TaylorValue operator -(TaylorValue value) => new(-value.Value);

    public static TaylorValue operator *(TaylorValue left, TaylorValue right) => new(left.Value * right.Value);

    public static TaylorValue operator *(TaylorValue left, double right) => new(left.Value * right);

    public static TaylorValue operator /(TaylorValue left, TaylorValue right) => new(left.Value / right.Value);

    public static TaylorValue Compose(TaylorValue x, double f0, double f1, double f2, double f3) => new(f0);
}

/// <summary>The value and the first derivative, C0 + C1 t.</summary>
internal readonly record struct TaylorLinear(double C0, double C1) : ITaylor<TaylorLinear>
{
    public static int Order => 1;

    public double Value => C0;

    public double Size => Math.Abs(C0) + Math.Abs(C1);

    public static TaylorLinear Constant(double value) => new(value, 0);

    /// <summary>The parameter itself: value + slope · t.</summary>
    public static TaylorLinear Variable(double value, double slope = 1) => new(value, slope);

    public static TaylorLinear operator +(TaylorLinear left, TaylorLinear right) => new(left.C0 + right.C0, left.C1 + right.C1);

    public static TaylorLinear operator +(TaylorLinear left, double right) => left with { C0 = left.C0 + right };

    public static TaylorLinear operator -(TaylorLinear left, TaylorLinear right) => new(left.C0 - right.C0, left.C1 - right.C1);

    public static TaylorLinear operator -(TaylorLinear value) => new(-value.C0, -value.C1);

    public static TaylorLinear operator *(TaylorLinear left, TaylorLinear right) => new(left.C0 * right.C0, (left.C0 * right.C1) + (left.C1 * right.C0));

    public static TaylorLinear operator *(TaylorLinear left, double right) => new(left.C0 * right, left.C1 * right);

    public static TaylorLinear operator /(TaylorLinear left, TaylorLinear right)
    {
        double quotient = left.C0 / right.C0;
        return new(quotient, (left.C1 - (quotient * right.C1)) / right.C0);
    }

    public static TaylorLinear Compose(TaylorLinear x, double f0, double f1, double f2, double f3) => new(f0, f1 * x.C1);
}

/// <summary>The coefficients C0 + C1 t + C2 t² + C3 t³ of a truncated Taylor series.</summary>
internal readonly record struct TaylorCubic(double C0, double C1, double C2, double C3) : ITaylor<TaylorCubic>
{
    public static int Order => 3;

    public double Value => C0;

    public double Size => Math.Abs(C0) + Math.Abs(C1) + Math.Abs(C2) + Math.Abs(C3);

    public static TaylorCubic Constant(double value) => new(value, 0, 0, 0);

    /// <summary>The parameter itself: value + slope · t.</summary>
    public static TaylorCubic Variable(double value, double slope = 1) => new(value, slope, 0, 0);

    /// <summary>The derivative of the given order, 0 to 3.</summary>
    public double Derivative(int order) => order switch
    {
        0 => C0,
        1 => C1,
        2 => 2 * C2,
        3 => 6 * C3,
        _ => throw new ArgumentOutOfRangeException(nameof(order), order, "The order of the derivative must be 0 to 3."),
    };

    /// <summary>The derivative, whose last coefficient is not known and 0.</summary>
    public TaylorCubic Slope => new(C1, 2 * C2, 3 * C3, 0);

    public static TaylorCubic operator +(TaylorCubic left, TaylorCubic right) =>
        new(left.C0 + right.C0, left.C1 + right.C1, left.C2 + right.C2, left.C3 + right.C3);

    public static TaylorCubic operator +(TaylorCubic left, double right) => left with { C0 = left.C0 + right };

    public static TaylorCubic operator -(TaylorCubic left, TaylorCubic right) =>
        new(left.C0 - right.C0, left.C1 - right.C1, left.C2 - right.C2, left.C3 - right.C3);

    public static TaylorCubic operator -(TaylorCubic value) => new(-value.C0, -value.C1, -value.C2, -value.C3);

    public static TaylorCubic operator *(TaylorCubic left, TaylorCubic right) => new(
        left.C0 * right.C0,
        (left.C0 * right.C1) + (left.C1 * right.C0),
        (left.C0 * right.C2) + (left.C1 * right.C1) + (left.C2 * right.C0),
        (left.C0 * right.C3) + (left.C1 * right.C2) + (left.C2 * right.C1) + (left.C3 * right.C0));

    public static TaylorCubic operator *(TaylorCubic left, double right) =>
        new(left.C0 * right, left.C1 * right, left.C2 * right, left.C3 * right);

    public static TaylorCubic operator /(TaylorCubic left, TaylorCubic right)
    {
        double q0 = left.C0 / right.C0;
        double q1 = (left.C1 - (q0 * right.C1)) / right.C0;
        double q2 = (left.C2 - (q0 * right.C2) - (q1 * right.C1)) / right.C0;
        double q3 = (left.C3 - (q0 * right.C3) - (q1 * right.C2) - (q2 * right.C1)) / right.C0;
        return new(q0, q1, q2, q3);
    }

    public static TaylorCubic Compose(TaylorCubic x, double f0, double f1, double f2, double f3) => new(
        f0,
        f1 * x.C1,
        (f1 * x.C2) + (f2 / 2 * x.C1 * x.C1),
        (f1 * x.C3) + (f2 * x.C1 * x.C2) + (f3 / 6 * x.C1 * x.C1 * x.C1));
}

/// <summary>Elementary functions of Taylor numbers.</summary>
internal static class Taylor
{
    public static T Exp<T>(T x)
        where T : struct, ITaylor<T>
    {
        double f = Math.Exp(x.Value);
        return T.Compose(x, f, f, f, f);
    }

    public static T Log<T>(T x)
        where T : struct, ITaylor<T>
    {
        double r = 1 / x.Value;
        return T.Compose(x, Math.Log(x.Value), r, -r * r, 2 * r * r * r);
    }

    public static T Sqrt<T>(T x)
        where T : struct, ITaylor<T>
    {
        double f = Math.Sqrt(x.Value), r = 1 / x.Value;
        return T.Compose(x, f, f * r / 2, -f * r * r / 4, 3 * f * r * r * r / 8);
    }

    /// <summary>x to a power that carries the parameter.</summary>
    public static T Pow<T>(double x, T exponent)
        where T : struct, ITaylor<T>
    {
        double f = Math.Pow(x, exponent.Value);
        if (T.Order == 0)
        {
            return T.Constant(f);
        }

        double log = Math.Log(x);
        return T.Compose(exponent, f, f * log, f * log * log, f * log * log * log);
    }
}
