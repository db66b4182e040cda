using System.Numerics;

namespace AutoDiff;

/// <summary>
/// The functions beyond those of generic math in which slopes are written. A number type that is differentiated has them with a rule of their own, so that derivatives of every order neither overflow
/// nor cancel, and have no kinks where the function has none.
/// </summary>
internal interface ISlopeFunctions<TSelf>
{
    TSelf SechSquared();

    TSelf InverseCircle();

    TSelf InverseHypotenuse();

    TSelf OverHypotenuse();

    TSelf InverseHyperbola();

    TSelf OverHyperbola();

    TSelf ScaledExp2(TSelf c);

    TSelf NearPower(TSelf p, TSelf rest);

    TSelf DirectionCosine(TSelf y);

    /// <summary>Whether the number and all its derivatives are zero.</summary>
    bool IsZeroThroughout { get; }

    /// <summary>Whether the number or one of its derivatives is NaN.</summary>
    bool HasNaN { get; }
}

/// <summary>The same functions of any number: those of a type that is differentiated are its own, of others the formula is computed. The tensor operations of the same names have the same formulas.</summary>
internal static class SlopeFunctions
{
    /// <summary>1 / cosh²(x) = 4 e / (1 + e)² with e = e^(-2|x|), the derivative of tanh.</summary>
    public static T SechSquared<T>(T x) where T : IFloatingPointIeee754<T>
    {
        if (x is ISlopeFunctions<T>)
        {
            return ((ISlopeFunctions<T>)x).SechSquared();
        }

        T e = T.Exp(Number<T>.MinusTwo * T.Abs(x));
        return Number<T>.Four * e / ((e * (e + Number<T>.Two)) + T.One);
    }

    /// <summary>1 / √(1 - x²).</summary>
    public static T InverseCircle<T>(T x) where T : IFloatingPointIeee754<T> =>
        x is ISlopeFunctions<T> ? ((ISlopeFunctions<T>)x).InverseCircle() : T.One / T.Sqrt((T.One - x) * (T.One + x));

    /// <summary>1 / √(1 + x²).</summary>
    public static T InverseHypotenuse<T>(T x) where T : IFloatingPointIeee754<T> => x is ISlopeFunctions<T> ? ((ISlopeFunctions<T>)x).InverseHypotenuse() : T.One / T.Hypot(T.One, x);

    /// <summary>x / √(1 + x²), ±1 at ±∞.</summary>
    public static T OverHypotenuse<T>(T x) where T : IFloatingPointIeee754<T> =>
        x is ISlopeFunctions<T> ? ((ISlopeFunctions<T>)x).OverHypotenuse() : T.IsInfinity(x) ? T.CopySign(T.One, x) : x / T.Hypot(T.One, x);

    /// <summary>1 / √(x² - 1) for x ≥ 1.</summary>
    public static T InverseHyperbola<T>(T x) where T : IFloatingPointIeee754<T> =>
        x is ISlopeFunctions<T> ? ((ISlopeFunctions<T>)x).InverseHyperbola() : T.One / (T.Sqrt(x - T.One) * T.Sqrt(x + T.One));

    /// <summary>x / √(x² - 1) for x ≥ 1, 1 at ∞.</summary>
    public static T OverHyperbola<T>(T x) where T : IFloatingPointIeee754<T> =>
        x is ISlopeFunctions<T> ? ((ISlopeFunctions<T>)x).OverHyperbola() : T.IsPositiveInfinity(x) ? T.One : x / T.Sqrt(x - T.One) / T.Sqrt(x + T.One);

    /// <summary>c 2^x for a constant c in [0, 1], which may be in the range of the numbers where 2^x is not.</summary>
    public static T ScaledExp2<T>(T x, T c) where T : IFloatingPointIeee754<T>
    {
        if (x is ISlopeFunctions<T>)
        {
            return ((ISlopeFunctions<T>)x).ScaledExp2(c);
        }

        T y = T.Exp2(x);
        return T.IsPositiveInfinity(y) ? T.Exp2(x - T.One) * (c + c) : y * c;
    }

    /// <summary>x^(p + rest) for constants, with a rest below the digits of p: x^p (1 + rest log x).</summary>
    public static T NearPower<T>(T x, T p, T rest) where T : IFloatingPointIeee754<T>
    {
        if (x is ISlopeFunctions<T>)
        {
            return ((ISlopeFunctions<T>)x).NearPower(p, rest);
        }

        T y = T.Pow(x, p);
        return rest != T.Zero && x > T.Zero && T.IsFinite(x) && T.IsFinite(y) ? y * (T.One + (rest * T.Log(x))) : y;
    }

    /// <summary>x / √(x² + y²), 0 at the origin.</summary>
    public static T DirectionCosine<T>(T x, T y) where T : IFloatingPointIeee754<T>
    {
        if (x is ISlopeFunctions<T>)
        {
            return ((ISlopeFunctions<T>)x).DirectionCosine(y);
        }

        (T a, T b) = (T.Abs(x), T.Abs(y));
        if (a == b)
        {
            return a == T.Zero ? T.Zero : T.CopySign(T.Sqrt(Number<T>.Half), x);
        }

        T t = a > b ? b / a : a / b;
        return T.CopySign((a > b ? T.One : t) / T.Sqrt((t * t) + T.One), x);
    }

    /// <summary>Whether a number and all its derivatives are zero.</summary>
    public static bool IsZeroThroughout<T>(T x) where T : IFloatingPointIeee754<T> => x is ISlopeFunctions<T> ? ((ISlopeFunctions<T>)x).IsZeroThroughout : x == T.Zero;

    /// <summary>Whether a number or one of its derivatives is NaN.</summary>
    public static bool HasNaN<T>(T x) where T : IFloatingPointIeee754<T> => x is ISlopeFunctions<T> ? ((ISlopeFunctions<T>)x).HasNaN : T.IsNaN(x);
}

/// <summary>Numbers of a type, made once.</summary>
internal static class Number<T> where T : IFloatingPointIeee754<T>
{
    public static readonly T Half = T.CreateChecked(0.5);
    public static readonly T Two = T.CreateChecked(2);
    public static readonly T MinusTwo = T.CreateChecked(-2);
    public static readonly T Three = T.CreateChecked(3);
    public static readonly T Four = T.CreateChecked(4);
    public static readonly T Third = T.One / Three;
    public static readonly T LogOf2 = T.CreateChecked(0.69314718055994530942);
    public static readonly T LogOf10 = T.CreateChecked(2.30258509299404568402);
    public static readonly T OverLogOf2 = T.One / LogOf2;
    public static readonly T OverLogOf10 = T.One / LogOf10;
    public static readonly T OverPi = T.One / T.Pi;
    public static readonly T Degree = T.CreateChecked(0.01745329251994329577);
    public static readonly T Radian = T.CreateChecked(57.2957795130823208768);
}
