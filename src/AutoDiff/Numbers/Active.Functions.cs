using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff;

/// <content>The functions of generic math. Their values and derivatives are those of <see cref="Rules"/>.</content>
public readonly partial struct Active<T>
{
    /// <summary>|x|. dy = sign(x) dx.</summary>
    /// <param name="x">The number.</param>
    /// <remarks>At 0 the derivative is 0, the subgradient of least norm.</remarks>
    /// <returns>The result, recorded if an argument is.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Active<T> Abs(Active<T> x) => x.Chain(Rules.Abs(x.value));

    /// <summary>e^x. dy = y dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Active<T> Exp(Active<T> x) => x.Chain(Rules.Exp(x.value));

    /// <summary>e^x - 1, without cancellation near 0. dy = e^x dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> ExpM1(Active<T> x) => x.Chain(Rules.ExpM1(x.value));

    /// <summary>2^x. dy = y log(2) dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> Exp2(Active<T> x) => x.Chain(Rules.Exp2(x.value));

    /// <summary>2^x - 1, without cancellation near 0. dy = 2^x log(2) dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> Exp2M1(Active<T> x) => x.Chain(Rules.Exp2M1(x.value));

    /// <summary>10^x. dy = y log(10) dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> Exp10(Active<T> x) => x.Chain(Rules.Exp10(x.value));

    /// <summary>10^x - 1, without cancellation near 0. dy = 10^x log(10) dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> Exp10M1(Active<T> x) => x.Chain(Rules.Exp10M1(x.value));

    /// <summary>The natural logarithm. dy = dx / x.</summary>
    /// <param name="x">The number.</param>
    /// <remarks>At 0 the value is -∞ and the derivative ∞; below 0 the value is NaN.</remarks>
    /// <returns>The result, recorded if an argument is.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Active<T> Log(Active<T> x) => x.Chain(Rules.Log(x.value));

    /// <summary>log(1 + x), without cancellation near 0. dy = dx / (1 + x).</summary>
    /// <param name="x">The number.</param>
    /// <remarks>At -1 the value is -∞ and the derivative ∞; below -1 the value is NaN.</remarks>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> LogP1(Active<T> x) => x.Chain(Rules.LogP1(x.value));

    /// <summary>The logarithm to base 2. dy = dx / (x log(2)).</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> Log2(Active<T> x) => x.Chain(Rules.Log2(x.value));

    /// <summary>The logarithm of 1 + x to base 2. dy = dx / ((1 + x) log(2)).</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> Log2P1(Active<T> x) => x.Chain(Rules.Log2P1(x.value));

    /// <summary>The logarithm to base 10. dy = dx / (x log(10)).</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> Log10(Active<T> x) => x.Chain(Rules.Log10(x.value));

    /// <summary>The logarithm of 1 + x to base 10. dy = dx / ((1 + x) log(10)).</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> Log10P1(Active<T> x) => x.Chain(Rules.Log10P1(x.value));

    /// <summary>√x. dy = dx / (2 y).</summary>
    /// <param name="x">The number.</param>
    /// <remarks>At 0 the derivative is ∞; below 0 the value is NaN.</remarks>
    /// <returns>The result, recorded if an argument is.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Active<T> Sqrt(Active<T> x) => x.Chain(Rules.Sqrt(x.value));

    /// <summary>The real cube root. dy = dx / (3 y²).</summary>
    /// <param name="x">The number.</param>
    /// <remarks>At 0 the derivative is ∞.</remarks>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> Cbrt(Active<T> x) => x.Chain(Rules.Cbrt(x.value));

    /// <summary>1 / x, to all digits, as every machine gives it. dy = -dx / x².</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> ReciprocalEstimate(Active<T> x) => x.Chain(Rules.ReciprocalEstimate(x.value));

    /// <summary>1 / √x, to all digits, as every machine gives it. dy = -dx / (2 x √x).</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> ReciprocalSqrtEstimate(Active<T> x) => x.Chain(Rules.ReciprocalSqrtEstimate(x.value));

    /// <summary>The sine. dy = cos(x) dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Active<T> Sin(Active<T> x) => x.Chain(Rules.Sin(x.value));

    /// <summary>The cosine. dy = -sin(x) dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Active<T> Cos(Active<T> x) => x.Chain(Rules.Cos(x.value));

    /// <summary>The trigonometric tangent, sin(x) / cos(x). dy = (1 + y²) dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> Tan(Active<T> x) => x.Chain(Rules.Tan(x.value));

    /// <summary>sin(πx). dy = π cos(πx) dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> SinPi(Active<T> x) => x.Chain(Rules.SinPi(x.value));

    /// <summary>cos(πx). dy = -π sin(πx) dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> CosPi(Active<T> x) => x.Chain(Rules.CosPi(x.value));

    /// <summary>tan(πx). dy = π (1 + y²) dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> TanPi(Active<T> x) => x.Chain(Rules.TanPi(x.value));

    /// <summary>The inverse sine. dy = dx / √(1 - x²).</summary>
    /// <param name="x">The number.</param>
    /// <remarks>At ±1 the derivative is ∞; beyond, value and derivative are NaN.</remarks>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> Asin(Active<T> x) => x.Chain(Rules.Asin(x.value));

    /// <summary>The inverse sine, divided by π. dy = dx / (π √(1 - x²)).</summary>
    /// <param name="x">The number.</param>
    /// <remarks>At ±1 the derivative is ∞; beyond, value and derivative are NaN.</remarks>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> AsinPi(Active<T> x) => x.Chain(Rules.AsinPi(x.value));

    /// <summary>The inverse cosine. dy = -dx / √(1 - x²).</summary>
    /// <param name="x">The number.</param>
    /// <remarks>At ±1 the derivative is -∞; beyond, value and derivative are NaN.</remarks>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> Acos(Active<T> x) => x.Chain(Rules.Acos(x.value));

    /// <summary>The inverse cosine, divided by π. dy = -dx / (π √(1 - x²)).</summary>
    /// <param name="x">The number.</param>
    /// <remarks>At ±1 the derivative is -∞; beyond, value and derivative are NaN.</remarks>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> AcosPi(Active<T> x) => x.Chain(Rules.AcosPi(x.value));

    /// <summary>The inverse tangent. dy = dx / (1 + x²), without overflow.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> Atan(Active<T> x) => x.Chain(Rules.Atan(x.value));

    /// <summary>The inverse tangent, divided by π. dy = dx / (π (1 + x²)), without overflow.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> AtanPi(Active<T> x) => x.Chain(Rules.AtanPi(x.value));

    /// <summary>The hyperbolic sine. dy = cosh(x) dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> Sinh(Active<T> x) => x.Chain(Rules.Sinh(x.value));

    /// <summary>The hyperbolic cosine. dy = sinh(x) dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> Cosh(Active<T> x) => x.Chain(Rules.Cosh(x.value));

    /// <summary>The hyperbolic tangent. dy = dx / cosh²(x), computed from x, so that it keeps its digits where y rounds to ±1.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> Tanh(Active<T> x) => x.Chain(Rules.Tanh(x.value));

    /// <summary>The inverse hyperbolic sine. dy = dx / √(1 + x²), without overflow.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> Asinh(Active<T> x) => x.Chain(Rules.Asinh(x.value));

    /// <summary>The inverse hyperbolic cosine. dy = dx / √(x² - 1), without overflow.</summary>
    /// <param name="x">The number.</param>
    /// <remarks>At 1 the derivative is ∞; below, value and derivative are NaN.</remarks>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> Acosh(Active<T> x) => x.Chain(Rules.Acosh(x.value));

    /// <summary>The inverse hyperbolic tangent. dy = dx / (1 - x²).</summary>
    /// <param name="x">The number.</param>
    /// <remarks>At ±1 the value is ±∞ and the derivative ∞; beyond, value and derivative are NaN.</remarks>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> Atanh(Active<T> x) => x.Chain(Rules.Atanh(x.value));

    /// <summary>The root of order n of x, x^(1/n). dy = dx / (n y^(n-1)).</summary>
    /// <param name="x">The number.</param>
    /// <param name="n">The order.</param>
    /// <remarks>At 0 the derivative of a root of order above 1 is ∞.</remarks>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> RootN(Active<T> x, int n) => x.Chain(Rules.RootN(x.value, n));

    /// <summary>x 2^n, without overflow of the power. dy = 2^n dx.</summary>
    /// <param name="x">The number.</param>
    /// <param name="n">The exponent.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> ScaleB(Active<T> x, int n) => x.Chain(Rules.ScaleB(x.value, n));

    /// <summary>Degrees as radians: x π / 180. dy = π / 180 dx.</summary>
    /// <param name="degrees">The number of degrees.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> DegreesToRadians(Active<T> degrees) => degrees.Chain((T.DegreesToRadians(degrees.value), Number<T>.Degree));

    /// <summary>Radians as degrees: x 180 / π. dy = 180 / π dx.</summary>
    /// <param name="radians">The number of radians.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> RadiansToDegrees(Active<T> radians) => radians.Chain((T.RadiansToDegrees(radians.value), Number<T>.Radian));

    /// <summary>The sine and the cosine of x at once. dsin = cos(x) dx, dcos = -sin(x) dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>Both, each with its derivative.</returns>
    public static (Active<T> Sin, Active<T> Cos) SinCos(Active<T> x)
    {
        (T sine, T cosine) = T.SinCos(x.value);
        return (x.Chain((sine, cosine)), x.Chain((cosine, -sine)));
    }

    /// <summary>sin(πx) and cos(πx) at once. dsin = π cos(πx) dx, dcos = -π sin(πx) dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>Both, each with its derivative.</returns>
    public static (Active<T> SinPi, Active<T> CosPi) SinCosPi(Active<T> x) => (SinPi(x), CosPi(x));

    /// <summary>x^y, as IEEE 754 pow. dz = y x^(y-1) dx + x^y log(x) dy; the second part only where the exponent is no constant.</summary>
    /// <param name="x">The base.</param>
    /// <param name="y">The exponent.</param>
    /// <remarks>For y = 0 the value is 1 and the derivative by x is 0, whatever x is. At x = 0 the derivative by y is 0 for y ≥ 0 and -∞ for y &lt; 0; for x &lt; 0 it is NaN.</remarks>
    /// <returns>A constant.</returns>
    public static Active<T> Pow(Active<T> x, Active<T> y) => y.IsConstant ? x.Chain(Rules.Power(x.value, y.value)) : Chain(x, y, Rules.Pow(x.value, y.value));

    /// <summary>The logarithm of x to a base b, z = log(x) / log(b). dz = dx / (x log(b)) - z / (b log(b)) db.</summary>
    /// <param name="x">The argument.</param>
    /// <param name="newBase">The base b.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> Log(Active<T> x, Active<T> newBase) => Chain(x, newBase, Rules.Log(x.value, newBase.value));

    /// <summary>√(x² + y²) without overflow. dz = (x dx + y dy) / z.</summary>
    /// <param name="x">The first side.</param>
    /// <param name="y">The second side.</param>
    /// <remarks>At (0, 0) the derivative is 0, the subgradient of least norm.</remarks>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> Hypot(Active<T> x, Active<T> y) => Chain(x, y, Rules.Hypot(x.value, y.value));

    /// <summary>The angle of the point (x, y), in [-π, π]. dz = (x dy - y dx) / (x² + y²), without overflow.</summary>
    /// <param name="y">The ordinate.</param>
    /// <param name="x">The abscissa.</param>
    /// <remarks>At (0, 0) the derivative is 0.</remarks>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> Atan2(Active<T> y, Active<T> x) => Chain(y, x, Rules.Atan2(y.value, x.value));

    /// <summary>The angle of the point (x, y), divided by π. dz = (x dy - y dx) / (π (x² + y²)), without overflow.</summary>
    /// <param name="y">The ordinate.</param>
    /// <param name="x">The abscissa.</param>
    /// <remarks>At (0, 0) the derivative is 0.</remarks>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> Atan2Pi(Active<T> y, Active<T> x) => Chain(y, x, Rules.Atan2Pi(y.value, x.value));

    /// <summary>The larger of two numbers; NaN where either is NaN. dz = dx or dy, that of the larger one.</summary>
    /// <param name="x">The first number.</param>
    /// <param name="y">The second number.</param>
    /// <remarks>At a tie each gets one half.</remarks>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> Max(Active<T> x, Active<T> y) => Chain(x, y, Rules.Max(x.value, y.value));

    /// <summary>The smaller of two numbers; NaN where either is NaN. dz = dx or dy, that of the smaller one.</summary>
    /// <param name="x">The first number.</param>
    /// <param name="y">The second number.</param>
    /// <remarks>At a tie each gets one half.</remarks>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> Min(Active<T> x, Active<T> y) => Chain(x, y, Rules.Min(x.value, y.value));

    /// <summary>The larger of two numbers, where a NaN counts as missing. dz = dx or dy, that of the number that was taken; of equal ones the first.</summary>
    /// <param name="x">The first number.</param>
    /// <param name="y">The second number.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> MaxNumber(Active<T> x, Active<T> y) => Chain(x, y, Rules.MaxNumber(x.value, y.value));

    /// <summary>The smaller of two numbers, where a NaN counts as missing. dz = dx or dy, that of the number that was taken; of equal ones the first.</summary>
    /// <param name="x">The first number.</param>
    /// <param name="y">The second number.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> MinNumber(Active<T> x, Active<T> y) => Chain(x, y, Rules.MinNumber(x.value, y.value));

    /// <summary>The number with the larger magnitude; NaN where either is NaN. dz = dx or dy, that of the number that was taken.</summary>
    /// <param name="x">The first number.</param>
    /// <param name="y">The second number.</param>
    /// <remarks>For equal numbers each gets one half.</remarks>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> MaxMagnitude(Active<T> x, Active<T> y) => Chain(x, y, Rules.MaxMagnitude(x.value, y.value));

    /// <summary>The number with the smaller magnitude; NaN where either is NaN. dz = dx or dy, that of the number that was taken.</summary>
    /// <param name="x">The first number.</param>
    /// <param name="y">The second number.</param>
    /// <remarks>For equal numbers each gets one half.</remarks>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> MinMagnitude(Active<T> x, Active<T> y) => Chain(x, y, Rules.MinMagnitude(x.value, y.value));

    /// <summary>The number with the larger magnitude, where a NaN counts as missing. dz = dx or dy, that of the number that was taken; of equal ones the first.</summary>
    /// <param name="x">The first number.</param>
    /// <param name="y">The second number.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> MaxMagnitudeNumber(Active<T> x, Active<T> y) => Chain(x, y, Rules.MaxMagnitudeNumber(x.value, y.value));

    /// <summary>The number with the smaller magnitude, where a NaN counts as missing. dz = dx or dy, that of the number that was taken; of equal ones the first.</summary>
    /// <param name="x">The first number.</param>
    /// <param name="y">The second number.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> MinMagnitudeNumber(Active<T> x, Active<T> y) => Chain(x, y, Rules.MinMagnitudeNumber(x.value, y.value));

    /// <summary>What is left of x by y: x - y n, with n the integer nearest to x / y, the even one of two. dz = dx - n dy.</summary>
    /// <param name="left">The dividend x.</param>
    /// <param name="right">The divisor y.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> Ieee754Remainder(Active<T> left, Active<T> right) => Chain(left, right, Rules.Ieee754Remainder(left.value, right.value));

    /// <summary>The magnitude of a number x with the sign of another, that of -0 too: x or -x. dy = dx where the signs agree, -dx where they do not.</summary>
    /// <param name="value">The number x.</param>
    /// <param name="sign">The number whose sign is taken; no derivative flows through it.</param>
    /// <remarks>At x = 0 the derivative is 0.</remarks>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> CopySign(Active<T> value, Active<T> sign) => value.Chain(Rules.CopySign(value.value, sign.value));

    /// <summary>The number x limited to the interval from min to max. dz = dx between the bounds, dmin below and dmax above them.</summary>
    /// <param name="value">The number x.</param>
    /// <param name="min">The lower bound.</param>
    /// <param name="max">The upper bound.</param>
    /// <remarks>At a constant bound the derivative by x is 0; at a bound that is no constant, x and the bound get one half each. NaN stays NaN, with derivative NaN.</remarks>
    /// <returns>The result, recorded if an argument is.</returns>
    /// <exception cref="ArgumentException">The lower bound is above the upper one.</exception>
    public static Active<T> Clamp(Active<T> value, Active<T> min, Active<T> max)
    {
        if (min.IsConstant && max.IsConstant)
        {
            return value.Chain(Rules.Clamp(value.value, min.value, max.value));
        }

        // The bounds are checked.
        _ = T.Clamp(value.value, min.value, max.value);
        return Min(Max(value, min), max);
    }

    /// <summary>x y + z, rounded once. dw = y dx + x dy + dz.</summary>
    /// <param name="left">The first factor x.</param>
    /// <param name="right">The second factor y.</param>
    /// <param name="addend">The addend z.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> FusedMultiplyAdd(Active<T> left, Active<T> right, Active<T> addend) =>
        Chain(left, right, addend, (T.FusedMultiplyAdd(left.value, right.value, addend.value), right.value, left.value, T.One));

    /// <summary>x y + z, rounded once or twice. dw = y dx + x dy + dz.</summary>
    /// <param name="left">The first factor x.</param>
    /// <param name="right">The second factor y.</param>
    /// <param name="addend">The addend z.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> MultiplyAddEstimate(Active<T> left, Active<T> right, Active<T> addend) =>
        Chain(left, right, addend, (T.MultiplyAddEstimate(left.value, right.value, addend.value), right.value, left.value, T.One));

    /// <summary>The number on the way from x to y, at the part w of it: (1 - w) x + w y. dz = (1 - w) dx + w dy + (y - x) dw.</summary>
    /// <param name="value1">The number x at w = 0.</param>
    /// <param name="value2">The number y at w = 1.</param>
    /// <param name="amount">The weight w.</param>
    /// <returns>The result, recorded if an argument is.</returns>
    public static Active<T> Lerp(Active<T> value1, Active<T> value2, Active<T> amount) =>
        Chain(value1, value2, amount, (T.Lerp(value1.value, value2.value, amount.value), T.One - amount.value, amount.value, value2.value - value1.value));

    /// <summary>The largest integer not above x. A constant: the derivative is 0.</summary>
    /// <param name="x">The number.</param>
    /// <returns>A constant.</returns>
    public static Active<T> Floor(Active<T> x) => new(T.Floor(x.value));

    /// <summary>The smallest integer not below x. A constant: the derivative is 0.</summary>
    /// <param name="x">The number.</param>
    /// <returns>A constant.</returns>
    public static Active<T> Ceiling(Active<T> x) => new(T.Ceiling(x.value));

    /// <summary>The nearest integer, the even one of two. A constant: the derivative is 0.</summary>
    /// <param name="x">The number.</param>
    /// <returns>A constant.</returns>
    public static Active<T> Round(Active<T> x) => new(T.Round(x.value));

    /// <summary>The integer part of x. A constant: the derivative is 0.</summary>
    /// <param name="x">The number.</param>
    /// <returns>A constant.</returns>
    public static Active<T> Truncate(Active<T> x) => new(T.Truncate(x.value));

    /// <summary>x rounded to a number of digits. A constant: the derivative is 0.</summary>
    /// <param name="x">The number.</param>
    /// <param name="digits">The number of digits behind the point.</param>
    /// <param name="mode">How halves are rounded.</param>
    /// <returns>A constant.</returns>
    public static Active<T> Round(Active<T> x, int digits, MidpointRounding mode) => new(T.Round(x.value, digits, mode));

    /// <summary>The smallest number above x that the type has. A constant, without a derivative.</summary>
    /// <param name="x">The number.</param>
    /// <returns>A constant.</returns>
    public static Active<T> BitIncrement(Active<T> x) => new(T.BitIncrement(x.value));

    /// <summary>The largest number below x that the type has. A constant, without a derivative.</summary>
    /// <param name="x">The number.</param>
    /// <returns>A constant.</returns>
    public static Active<T> BitDecrement(Active<T> x) => new(T.BitDecrement(x.value));

    /// <summary>The exponent of x as an integer: ⌊log2 |x|⌋. It has no derivative.</summary>
    /// <param name="x">The number.</param>
    /// <returns>An integer.</returns>
    public static int ILogB(Active<T> x) => T.ILogB(x.value);

    /// <summary>-1, 0 or 1 with the sign of x. It has no derivative.</summary>
    /// <param name="value">The number.</param>
    /// <returns>An integer.</returns>
    public static int Sign(Active<T> value) => T.Sign(value.value);

    Active<T> ISlopeFunctions<Active<T>>.SechSquared() => Chain(Rules.SechSquared(value));

    Active<T> ISlopeFunctions<Active<T>>.InverseCircle() => Chain(Rules.InverseCircle(value));

    Active<T> ISlopeFunctions<Active<T>>.InverseHypotenuse() => Chain(Rules.InverseHypotenuse(value));

    Active<T> ISlopeFunctions<Active<T>>.OverHypotenuse() => Chain(Rules.OverHypotenuse(value));

    Active<T> ISlopeFunctions<Active<T>>.InverseHyperbola() => Chain(Rules.InverseHyperbola(value));

    Active<T> ISlopeFunctions<Active<T>>.OverHyperbola() => Chain(Rules.OverHyperbola(value));

    Active<T> ISlopeFunctions<Active<T>>.ScaledExp2(Active<T> c) => Chain(Rules.ScaledExp2(value, c.value));

    Active<T> ISlopeFunctions<Active<T>>.NearPower(Active<T> p, Active<T> rest) => Chain(Rules.NearPower(value, p.value, rest.value));

    Active<T> ISlopeFunctions<Active<T>>.DirectionCosine(Active<T> y) => Chain(this, y, Rules.DirectionCosine(value, y.value));
}
