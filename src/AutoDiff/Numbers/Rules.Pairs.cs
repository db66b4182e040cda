using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff;

/// <content>Functions of two and three numbers: the value and the partial derivatives.</content>
internal static partial class Rules
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Value, T Dx, T Dy) Divide<T>(T x, T y) where T : IFloatingPointIeee754<T>
    {
        T z = x / y;
        return (z, T.One / y, -(z / y));
    }

    /// <summary>x - y trunc(x / y).</summary>
    public static (T Value, T Dx, T Dy) Remainder<T>(T x, T y) where T : IFloatingPointIeee754<T>
    {
        T z = x % y;
        return (z, T.One, -T.Round((x - z) / y));
    }

    /// <summary>x - y round(x / y).</summary>
    public static (T Value, T Dx, T Dy) Ieee754Remainder<T>(T x, T y) where T : IFloatingPointIeee754<T>
    {
        T z = T.Ieee754Remainder(x, y);
        return (z, T.One, -T.Round((x - z) / y));
    }

    /// <summary>At y = 0 the derivative by x is 0, even where x is 0 or NaN; at x = 0 the derivative by y is 0 for y ≥ 0 and -∞ for y &lt; 0; for x &lt; 0 it is NaN.</summary>
    public static (T Value, T Dx, T Dy) Pow<T>(T x, T y) where T : IFloatingPointIeee754<T>
    {
        T z = T.Pow(x, y);
        bool flatInX = y == T.Zero ? !T.IsFinite(T.One / x) : VanishesFaster(x, y);
        bool flatInY = (x == T.Zero && y >= T.Zero) || (T.IsPositiveInfinity(x) && y < T.Zero);

        // Below 1/2, y - 1 loses digits in rounding, which show where x is far from 1.
        bool divides = y < Number<T>.Half && x > T.Zero && T.IsFinite(x);
        T slope = !divides ? T.Pow(x, y - T.One) * y : x < T.One ? z * (y / x) : z / x * y;
        return (z, flatInX ? T.Zero : slope, flatInY ? T.Zero : T.Log(x) * z);
    }

    /// <summary>log(x) / log(b): dz = dx / (x log b) - z / (b log b) db.</summary>
    public static (T Value, T Dx, T Dy) Log<T>(T x, T b) where T : IFloatingPointIeee754<T>
    {
        T z = T.Log(x, b), log = T.Log(b);
        return (z, T.One / log / x, -(z / log / b));
    }

    public static (T Value, T Dx, T Dy) Hypot<T>(T x, T y) where T : IFloatingPointIeee754<T> => (T.Hypot(x, y), SlopeFunctions.DirectionCosine(x, y), SlopeFunctions.DirectionCosine(y, x));

    public static (T Value, T Dy, T Dx) Atan2<T>(T y, T x) where T : IFloatingPointIeee754<T> => (T.Atan2(y, x), Turning(x, y), -Turning(y, x));

    public static (T Value, T Dy, T Dx) Atan2Pi<T>(T y, T x) where T : IFloatingPointIeee754<T> => (T.Atan2Pi(y, x), Turning(x, y) * Number<T>.OverPi, Turning(y, x) * -Number<T>.OverPi);

    public static (T Value, T Dx, T Dy) DirectionCosine<T>(T x, T y) where T : IFloatingPointIeee754<T> =>
        (SlopeFunctions.DirectionCosine(x, y), Turning(y, x) * SlopeFunctions.DirectionCosine(y, x), -(Turning(x, y) * SlopeFunctions.DirectionCosine(y, x)));

    /// <summary>x / √(x² + y²)², 0 at the origin.</summary>
    private static T Turning<T>(T x, T y) where T : IFloatingPointIeee754<T> => x == T.Zero && y == T.Zero ? T.Zero : SlopeFunctions.DirectionCosine(x, y) / T.Hypot(x, y);

    public static (T Value, T Dx, T Dy) Max<T>(T x, T y) where T : IFloatingPointIeee754<T> => (T.Max(x, y), Share(x, y), Share(y, x));

    public static (T Value, T Dx, T Dy) Min<T>(T x, T y) where T : IFloatingPointIeee754<T> => (T.Min(x, y), Share(y, x), Share(x, y));

    /// <summary>The share of the derivative of max(x, y) that goes to x: 1, 1/2 at a tie, or 0.</summary>
    private static T Share<T>(T x, T y) where T : IFloatingPointIeee754<T> => x > y ? T.One : x < y ? T.Zero : x == y ? Number<T>.Half : T.NaN;

    /// <summary>A NaN counts as missing; at a tie the first is taken.</summary>
    public static (T Value, T Dx, T Dy) MaxNumber<T>(T x, T y) where T : IFloatingPointIeee754<T> => Taken(T.MaxNumber(x, y), x >= y || T.IsNaN(y));

    public static (T Value, T Dx, T Dy) MinNumber<T>(T x, T y) where T : IFloatingPointIeee754<T> => Taken(T.MinNumber(x, y), x <= y || T.IsNaN(y));

    public static (T Value, T Dx, T Dy) MaxMagnitude<T>(T x, T y) where T : IFloatingPointIeee754<T>
    {
        T z = T.MaxMagnitude(x, y);
        return T.IsNaN(z) ? (z, T.NaN, T.NaN) : x == y ? (z, Number<T>.Half, Number<T>.Half) : Taken(z, T.Abs(x) > T.Abs(y) || (T.Abs(x) == T.Abs(y) && x > y));
    }

    public static (T Value, T Dx, T Dy) MinMagnitude<T>(T x, T y) where T : IFloatingPointIeee754<T>
    {
        T z = T.MinMagnitude(x, y);
        return T.IsNaN(z) ? (z, T.NaN, T.NaN) : x == y ? (z, Number<T>.Half, Number<T>.Half) : Taken(z, T.Abs(x) < T.Abs(y) || (T.Abs(x) == T.Abs(y) && x < y));
    }

    public static (T Value, T Dx, T Dy) MaxMagnitudeNumber<T>(T x, T y) where T : IFloatingPointIeee754<T> =>
        Taken(T.MaxMagnitudeNumber(x, y), T.IsNaN(y) || T.Abs(x) > T.Abs(y) || (T.Abs(x) == T.Abs(y) && x >= y));

    public static (T Value, T Dx, T Dy) MinMagnitudeNumber<T>(T x, T y) where T : IFloatingPointIeee754<T> =>
        Taken(T.MinMagnitudeNumber(x, y), T.IsNaN(y) || T.Abs(x) < T.Abs(y) || (T.Abs(x) == T.Abs(y) && x <= y));

    private static (T Value, T Dx, T Dy) Taken<T>(T value, bool first) where T : IFloatingPointIeee754<T> => (value, first ? T.One : T.Zero, first ? T.Zero : T.One);

    /// <summary>±1 by whether the signs agree, and 0 at x = 0. The sign has no derivative.</summary>
    public static (T Value, T Slope) CopySign<T>(T x, T sign) where T : IFloatingPointIeee754<T> =>
        (T.CopySign(x, sign), x == T.Zero ? T.Zero : T.IsNaN(x) ? T.NaN : T.IsNegative(x) == T.IsNegative(sign) ? T.One : -T.One);

    /// <summary>The value limited by constant bounds: 1 strictly inside, 0 elsewhere.</summary>
    public static (T Value, T Slope) Clamp<T>(T x, T min, T max) where T : IFloatingPointIeee754<T> =>
        (T.Clamp(x, min, max), T.IsNaN(x) ? T.NaN : x > min && x < max ? T.One : T.Zero);

    public static (T Value, T Slope) ScaleB<T>(T x, int n) where T : IFloatingPointIeee754<T> => (T.ScaleB(x, n), T.ScaleB(T.One, n));
}
