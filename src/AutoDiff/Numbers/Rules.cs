using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff;

/// <summary>
/// The value and the local derivative of every function of one number, stated once: <see cref="Dual{T}"/> multiplies the derivative by a tangent, <see cref="Active{T}"/> puts it on its tape. Both may
/// be the T of another, so that the same rules give every order. The derivatives, and what they are at kinks and edges, are those of the tensor operations of the same names.
/// </summary>
internal static partial class Rules
{
    public static (T Value, T Slope) Abs<T>(T x) where T : IFloatingPointIeee754<T> => (T.Abs(x), x > T.Zero ? T.One : x < T.Zero ? -T.One : T.IsNaN(x) ? T.NaN : T.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Value, T Slope) Exp<T>(T x) where T : IFloatingPointIeee754<T>
    {
        T y = T.Exp(x);
        return (y, y);
    }

    public static (T Value, T Slope) ExpM1<T>(T x) where T : IFloatingPointIeee754<T> => (T.ExpM1(x), T.Exp(x));

    public static (T Value, T Slope) Exp2<T>(T x) where T : IFloatingPointIeee754<T> => (T.Exp2(x), SlopeFunctions.ScaledExp2(x, Number<T>.LogOf2));

    public static (T Value, T Slope) Exp2M1<T>(T x) where T : IFloatingPointIeee754<T> => (T.Exp2M1(x), SlopeFunctions.ScaledExp2(x, Number<T>.LogOf2));

    public static (T Value, T Slope) ScaledExp2<T>(T x, T c) where T : IFloatingPointIeee754<T> => (SlopeFunctions.ScaledExp2(x, c), SlopeFunctions.ScaledExp2(x, c * Number<T>.LogOf2));

    public static (T Value, T Slope) Exp10<T>(T x) where T : IFloatingPointIeee754<T>
    {
        T y = T.Exp10(x);
        return (y, y * Number<T>.LogOf10);
    }

    public static (T Value, T Slope) Exp10M1<T>(T x) where T : IFloatingPointIeee754<T> => (T.Exp10M1(x), T.Exp10(x) * Number<T>.LogOf10);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Value, T Slope) Log<T>(T x) where T : IFloatingPointIeee754<T> => (T.Log(x), T.One / x);

    public static (T Value, T Slope) LogP1<T>(T x) where T : IFloatingPointIeee754<T> => (T.LogP1(x), T.One / (x + T.One));

    public static (T Value, T Slope) Log2<T>(T x) where T : IFloatingPointIeee754<T> => (T.Log2(x), Number<T>.OverLogOf2 / x);

    public static (T Value, T Slope) Log2P1<T>(T x) where T : IFloatingPointIeee754<T> => (T.Log2P1(x), Number<T>.OverLogOf2 / (x + T.One));

    public static (T Value, T Slope) Log10<T>(T x) where T : IFloatingPointIeee754<T> => (T.Log10(x), Number<T>.OverLogOf10 / x);

    public static (T Value, T Slope) Log10P1<T>(T x) where T : IFloatingPointIeee754<T> => (T.Log10P1(x), Number<T>.OverLogOf10 / (x + T.One));

    /// <summary>1 / (2 y), where adding 0 makes 0 of -0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Value, T Slope) Sqrt<T>(T x) where T : IFloatingPointIeee754<T>
    {
        T y = T.Sqrt(x);
        return (y, Number<T>.Half / (y + T.Zero));
    }

    public static (T Value, T Slope) Cbrt<T>(T x) where T : IFloatingPointIeee754<T>
    {
        T y = T.Cbrt(x), inverse = T.One / y;
        return (y, inverse * inverse * Number<T>.Third);
    }

    /// <summary>y^(1 - n) / n, which is right at 0 and ∞ too, in every order.</summary>
    public static (T Value, T Slope) RootN<T>(T x, int n) where T : IFloatingPointIeee754<T>
    {
        T y = T.RootN(x, n);
        return (y, T.Pow(y, T.CreateChecked(1L - n)) / T.CreateChecked(n));
    }

    // Processors estimate to 11 bits, 14 or all. Here a program gives the same on every machine, and what it gives is what its derivative belongs to.
    public static (T Value, T Slope) ReciprocalEstimate<T>(T x) where T : IFloatingPointIeee754<T> => (T.One / x, -(T.One / x / x));

    public static (T Value, T Slope) ReciprocalSqrtEstimate<T>(T x) where T : IFloatingPointIeee754<T>
    {
        T y = T.One / T.Sqrt(x + T.Zero);
        return (T.One / T.Sqrt(x), y * y * y * -Number<T>.Half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Value, T Slope) Sin<T>(T x) where T : IFloatingPointIeee754<T> => T.SinCos(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Value, T Slope) Cos<T>(T x) where T : IFloatingPointIeee754<T>
    {
        (T sine, T cosine) = T.SinCos(x);
        return (cosine, -sine);
    }

    public static (T Value, T Slope) Tan<T>(T x) where T : IFloatingPointIeee754<T>
    {
        T y = T.Tan(x);
        return (y, (y * y) + T.One);
    }

    public static (T Value, T Slope) SinPi<T>(T x) where T : IFloatingPointIeee754<T> => (T.SinPi(x), T.CosPi(x) * T.Pi);

    public static (T Value, T Slope) CosPi<T>(T x) where T : IFloatingPointIeee754<T> => (T.CosPi(x), T.SinPi(x) * -T.Pi);

    public static (T Value, T Slope) TanPi<T>(T x) where T : IFloatingPointIeee754<T>
    {
        T y = T.TanPi(x);
        return (y, ((y * y) + T.One) * T.Pi);
    }

    public static (T Value, T Slope) Asin<T>(T x) where T : IFloatingPointIeee754<T> => (T.Asin(x), SlopeFunctions.InverseCircle(x));

    public static (T Value, T Slope) AsinPi<T>(T x) where T : IFloatingPointIeee754<T> => (T.AsinPi(x), SlopeFunctions.InverseCircle(x) * Number<T>.OverPi);

    public static (T Value, T Slope) Acos<T>(T x) where T : IFloatingPointIeee754<T> => (T.Acos(x), -SlopeFunctions.InverseCircle(x));

    public static (T Value, T Slope) AcosPi<T>(T x) where T : IFloatingPointIeee754<T> => (T.AcosPi(x), SlopeFunctions.InverseCircle(x) * -Number<T>.OverPi);

    public static (T Value, T Slope) Atan<T>(T x) where T : IFloatingPointIeee754<T> => (T.Atan(x), Square(SlopeFunctions.InverseHypotenuse(x)));

    public static (T Value, T Slope) AtanPi<T>(T x) where T : IFloatingPointIeee754<T> => (T.AtanPi(x), Square(SlopeFunctions.InverseHypotenuse(x)) * Number<T>.OverPi);

    public static (T Value, T Slope) Sinh<T>(T x) where T : IFloatingPointIeee754<T> => (T.Sinh(x), T.Cosh(x));

    public static (T Value, T Slope) Cosh<T>(T x) where T : IFloatingPointIeee754<T> => (T.Cosh(x), T.Sinh(x));

    public static (T Value, T Slope) Tanh<T>(T x) where T : IFloatingPointIeee754<T> => (T.Tanh(x), SlopeFunctions.SechSquared(x));

    public static (T Value, T Slope) SechSquared<T>(T x) where T : IFloatingPointIeee754<T>
    {
        T y = SlopeFunctions.SechSquared(x);
        return (y, T.Tanh(x) * y * Number<T>.MinusTwo);
    }

    public static (T Value, T Slope) Asinh<T>(T x) where T : IFloatingPointIeee754<T> => (T.Asinh(x), SlopeFunctions.InverseHypotenuse(x));

    public static (T Value, T Slope) Acosh<T>(T x) where T : IFloatingPointIeee754<T> => (T.Acosh(x), SlopeFunctions.InverseHyperbola(x));

    public static (T Value, T Slope) Atanh<T>(T x) where T : IFloatingPointIeee754<T> => (T.Atanh(x), Square(SlopeFunctions.InverseCircle(x)));

    public static (T Value, T Slope) InverseCircle<T>(T x) where T : IFloatingPointIeee754<T>
    {
        T y = SlopeFunctions.InverseCircle(x);
        return (y, x * Cube(y));
    }

    public static (T Value, T Slope) InverseHypotenuse<T>(T x) where T : IFloatingPointIeee754<T>
    {
        T y = SlopeFunctions.InverseHypotenuse(x);
        return (y, -(SlopeFunctions.OverHypotenuse(x) * Square(y)));
    }

    public static (T Value, T Slope) OverHypotenuse<T>(T x) where T : IFloatingPointIeee754<T> => (SlopeFunctions.OverHypotenuse(x), Cube(SlopeFunctions.InverseHypotenuse(x)));

    public static (T Value, T Slope) InverseHyperbola<T>(T x) where T : IFloatingPointIeee754<T>
    {
        T y = SlopeFunctions.InverseHyperbola(x);
        return (y, -(SlopeFunctions.OverHyperbola(x) * Square(y)));
    }

    public static (T Value, T Slope) OverHyperbola<T>(T x) where T : IFloatingPointIeee754<T> => (SlopeFunctions.OverHyperbola(x), -Cube(SlopeFunctions.InverseHyperbola(x)));

    /// <summary>x^p for a constant p: p x^(p - 1), with the digits that p - 1 loses in rounding, which show where x is far from 1.</summary>
    public static (T Value, T Slope) Power<T>(T x, T p) where T : IFloatingPointIeee754<T>
    {
        T value = T.Pow(x, p);
        if (p == T.Zero || p == T.One)
        {
            return (value, p == T.Zero ? T.Zero : T.One);
        }

        if (T.IsInfinity(p))
        {
            return (value, VanishesFaster(x, p) ? T.Zero : value * p);
        }

        T rest = Lost(p);
        return (value, (rest == T.Zero ? T.Pow(x, p - T.One) : SlopeFunctions.NearPower(x, p - T.One, rest)) * p);
    }

    public static (T Value, T Slope) NearPower<T>(T x, T p, T rest) where T : IFloatingPointIeee754<T> =>
        (SlopeFunctions.NearPower(x, p, rest), SlopeFunctions.NearPower(x, p - T.One, rest + Lost(p)) * p);

    /// <summary>What p - 1 loses in rounding: the error of a sum, whichever term is larger (Knuth, The Art of Computer Programming, volume 2, 4.2.2).</summary>
    private static T Lost<T>(T p) where T : IFloatingPointIeee754<T>
    {
        T rounded = p - T.One, difference = rounded - p;
        return p - (rounded - difference) + (-T.One - difference);
    }

    /// <summary>Whether x^p is 0 so strongly, at an infinite exponent, that no factor p makes more of it.</summary>
    private static bool VanishesFaster<T>(T x, T p) where T : IFloatingPointIeee754<T> => T.IsInfinity(p) && (p > T.Zero ? T.Abs(x) < T.One : T.Abs(x) > T.One);

    private static T Square<T>(T x) where T : IFloatingPointIeee754<T> => x * x;

    private static T Cube<T>(T x) where T : IFloatingPointIeee754<T> => x * x * x;
}
