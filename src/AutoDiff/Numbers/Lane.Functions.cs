using System.Numerics;

namespace AutoDiff;

/// <content>The functions of generic math: the tensor operations of the same names, for all scenarios together.</content>
public readonly partial struct Lane<T>
{
    /// <summary>|x|. dy = sign(x) dx.</summary>
    /// <param name="x">The number.</param>
    /// <remarks>At 0 the derivative is 0, the subgradient of least norm.</remarks>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Abs(Lane<T> x) => x.tensor is { } t ? t.Abs() : T.Abs(x.number);

    /// <summary>e^x. dy = y dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Exp(Lane<T> x) => x.tensor is { } t ? t.Exp() : T.Exp(x.number);

    /// <summary>e^x - 1, without cancellation near 0. dy = e^x dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> ExpM1(Lane<T> x) => x.tensor is { } t ? t.Expm1() : T.ExpM1(x.number);

    /// <summary>2^x. dy = y log(2) dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Exp2(Lane<T> x) => x.tensor is { } t ? t.Exp2() : T.Exp2(x.number);

    /// <summary>2^x - 1, without cancellation near 0. dy = 2^x log(2) dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Exp2M1(Lane<T> x) => x.tensor is { } t ? t.Exp2M1() : T.Exp2M1(x.number);

    /// <summary>10^x. dy = y log(10) dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Exp10(Lane<T> x) => x.tensor is { } t ? t.Exp10() : T.Exp10(x.number);

    /// <summary>10^x - 1, without cancellation near 0. dy = 10^x log(10) dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Exp10M1(Lane<T> x) => x.tensor is { } t ? t.Exp10M1() : T.Exp10M1(x.number);

    /// <summary>The natural logarithm. dy = dx / x.</summary>
    /// <param name="x">The number.</param>
    /// <remarks>At 0 the value is -∞ and the derivative ∞; below 0 the value is NaN.</remarks>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Log(Lane<T> x) => x.tensor is { } t ? t.Log() : T.Log(x.number);

    /// <summary>log(1 + x), without cancellation near 0. dy = dx / (1 + x).</summary>
    /// <param name="x">The number.</param>
    /// <remarks>At -1 the value is -∞ and the derivative ∞; below -1 the value is NaN.</remarks>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> LogP1(Lane<T> x) => x.tensor is { } t ? t.Log1p() : T.LogP1(x.number);

    /// <summary>The logarithm to base 2. dy = dx / (x log(2)).</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Log2(Lane<T> x) => x.tensor is { } t ? t.Log2() : Rules.Log2(x.number).Value;

    /// <summary>The logarithm of 1 + x to base 2. dy = dx / ((1 + x) log(2)).</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Log2P1(Lane<T> x) => x.tensor is { } t ? t.Log2P1() : T.Log2P1(x.number);

    /// <summary>The logarithm to base 10. dy = dx / (x log(10)).</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Log10(Lane<T> x) => x.tensor is { } t ? t.Log10() : T.Log10(x.number);

    /// <summary>The logarithm of 1 + x to base 10. dy = dx / ((1 + x) log(10)).</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Log10P1(Lane<T> x) => x.tensor is { } t ? t.Log10P1() : T.Log10P1(x.number);

    /// <summary>√x. dy = dx / (2 y).</summary>
    /// <param name="x">The number.</param>
    /// <remarks>At 0 the derivative is ∞; below 0 the value is NaN.</remarks>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Sqrt(Lane<T> x) => x.tensor is { } t ? t.Sqrt() : T.Sqrt(x.number);

    /// <summary>The real cube root. dy = dx / (3 y²).</summary>
    /// <param name="x">The number.</param>
    /// <remarks>At 0 the derivative is ∞.</remarks>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Cbrt(Lane<T> x) => x.tensor is { } t ? t.Cbrt() : T.Cbrt(x.number);

    /// <summary>1 / x, to all digits, as every machine gives it. dy = -dx / x².</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> ReciprocalEstimate(Lane<T> x) => x.tensor is { } t ? t.Reciprocal() : T.One / x.number;

    /// <summary>1 / √x, to all digits, as every machine gives it. dy = -dx / (2 x √x).</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> ReciprocalSqrtEstimate(Lane<T> x) => x.tensor is { } t ? t.Rsqrt() : T.One / T.Sqrt(x.number);

    /// <summary>The sine. dy = cos(x) dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Sin(Lane<T> x) => x.tensor is { } t ? t.Sin() : T.Sin(x.number);

    /// <summary>The cosine. dy = -sin(x) dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Cos(Lane<T> x) => x.tensor is { } t ? t.Cos() : T.Cos(x.number);

    /// <summary>The trigonometric tangent, sin(x) / cos(x). dy = (1 + y²) dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Tan(Lane<T> x) => x.tensor is { } t ? t.Tan() : T.Tan(x.number);

    /// <summary>sin(πx). dy = π cos(πx) dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> SinPi(Lane<T> x) => x.tensor is { } t ? t.SinPi() : T.SinPi(x.number);

    /// <summary>cos(πx). dy = -π sin(πx) dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> CosPi(Lane<T> x) => x.tensor is { } t ? t.CosPi() : T.CosPi(x.number);

    /// <summary>tan(πx). dy = π (1 + y²) dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> TanPi(Lane<T> x) => x.tensor is { } t ? t.TanPi() : T.TanPi(x.number);

    /// <summary>The inverse sine. dy = dx / √(1 - x²).</summary>
    /// <param name="x">The number.</param>
    /// <remarks>At ±1 the derivative is ∞; beyond, value and derivative are NaN.</remarks>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Asin(Lane<T> x) => x.tensor is { } t ? t.Asin() : T.Asin(x.number);

    /// <summary>The inverse sine, divided by π. dy = dx / (π √(1 - x²)).</summary>
    /// <param name="x">The number.</param>
    /// <remarks>At ±1 the derivative is ∞; beyond, value and derivative are NaN.</remarks>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> AsinPi(Lane<T> x) => x.tensor is { } t ? t.AsinPi() : T.AsinPi(x.number);

    /// <summary>The inverse cosine. dy = -dx / √(1 - x²).</summary>
    /// <param name="x">The number.</param>
    /// <remarks>At ±1 the derivative is -∞; beyond, value and derivative are NaN.</remarks>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Acos(Lane<T> x) => x.tensor is { } t ? t.Acos() : T.Acos(x.number);

    /// <summary>The inverse cosine, divided by π. dy = -dx / (π √(1 - x²)).</summary>
    /// <param name="x">The number.</param>
    /// <remarks>At ±1 the derivative is -∞; beyond, value and derivative are NaN.</remarks>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> AcosPi(Lane<T> x) => x.tensor is { } t ? t.AcosPi() : T.AcosPi(x.number);

    /// <summary>The inverse tangent. dy = dx / (1 + x²), without overflow.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Atan(Lane<T> x) => x.tensor is { } t ? t.Atan() : T.Atan(x.number);

    /// <summary>The inverse tangent, divided by π. dy = dx / (π (1 + x²)), without overflow.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> AtanPi(Lane<T> x) => x.tensor is { } t ? t.AtanPi() : T.AtanPi(x.number);

    /// <summary>The hyperbolic sine. dy = cosh(x) dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Sinh(Lane<T> x) => x.tensor is { } t ? t.Sinh() : T.Sinh(x.number);

    /// <summary>The hyperbolic cosine. dy = sinh(x) dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Cosh(Lane<T> x) => x.tensor is { } t ? t.Cosh() : T.Cosh(x.number);

    /// <summary>The hyperbolic tangent. dy = dx / cosh²(x), computed from x, so that it keeps its digits where y rounds to ±1.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Tanh(Lane<T> x) => x.tensor is { } t ? t.Tanh() : T.Tanh(x.number);

    /// <summary>The inverse hyperbolic sine. dy = dx / √(1 + x²), without overflow.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Asinh(Lane<T> x) => x.tensor is { } t ? t.Asinh() : T.Asinh(x.number);

    /// <summary>The inverse hyperbolic cosine. dy = dx / √(x² - 1), without overflow.</summary>
    /// <param name="x">The number.</param>
    /// <remarks>At 1 the derivative is ∞; below, value and derivative are NaN.</remarks>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Acosh(Lane<T> x) => x.tensor is { } t ? t.Acosh() : T.Acosh(x.number);

    /// <summary>The inverse hyperbolic tangent. dy = dx / (1 - x²).</summary>
    /// <param name="x">The number.</param>
    /// <remarks>At ±1 the value is ±∞ and the derivative ∞; beyond, value and derivative are NaN.</remarks>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Atanh(Lane<T> x) => x.tensor is { } t ? t.Atanh() : T.Atanh(x.number);

    /// <summary>The largest integer not above x. The derivative is 0.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Floor(Lane<T> x) => x.tensor is { } t ? t.Floor() : T.Floor(x.number);

    /// <summary>The smallest integer not below x. The derivative is 0.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Ceiling(Lane<T> x) => x.tensor is { } t ? t.Ceiling() : T.Ceiling(x.number);

    /// <summary>The nearest integer, the even one of two. The derivative is 0.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Round(Lane<T> x) => x.tensor is { } t ? t.Round() : T.Round(x.number);

    /// <summary>The integer part of x. The derivative is 0.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Truncate(Lane<T> x) => x.tensor is { } t ? t.Truncate() : T.Truncate(x.number);

    /// <summary>The smallest number above x that the type has. The derivative is 0.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> BitIncrement(Lane<T> x) => x.tensor is { } t ? t.BitIncrement() : T.BitIncrement(x.number);

    /// <summary>The largest number below x that the type has. The derivative is 0.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> BitDecrement(Lane<T> x) => x.tensor is { } t ? t.BitDecrement() : T.BitDecrement(x.number);

    /// <summary>x rounded to a number of digits. The derivative is 0.</summary>
    /// <param name="x">The number.</param>
    /// <param name="digits">The number of digits behind the point.</param>
    /// <param name="mode">How halves are rounded.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Round(Lane<T> x, int digits, MidpointRounding mode) => x.tensor is { } t ? t.Round(digits, mode) : T.Round(x.number, digits, mode);

    /// <summary>The root of order n of x, x^(1/n). dy = dx / (n y^(n-1)).</summary>
    /// <param name="x">The number.</param>
    /// <param name="n">The order.</param>
    /// <remarks>At 0 the derivative of a root of order above 1 is ∞.</remarks>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> RootN(Lane<T> x, int n) => x.tensor is { } t ? t.RootN(n) : T.RootN(x.number, n);

    /// <summary>x 2^n, without overflow of the power. dy = 2^n dx.</summary>
    /// <param name="x">The number.</param>
    /// <param name="n">The exponent.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> ScaleB(Lane<T> x, int n) => x.tensor is { } t ? t.ScaleB(n) : T.ScaleB(x.number, n);

    /// <summary>Degrees as radians: x π / 180. dy = π / 180 dx.</summary>
    /// <param name="degrees">The number of degrees.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> DegreesToRadians(Lane<T> degrees) => degrees.tensor is { } t ? t.DegreesToRadians() : T.DegreesToRadians(degrees.number);

    /// <summary>Radians as degrees: x 180 / π. dy = 180 / π dx.</summary>
    /// <param name="radians">The number of radians.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> RadiansToDegrees(Lane<T> radians) => radians.tensor is { } t ? t.RadiansToDegrees() : T.RadiansToDegrees(radians.number);

    /// <summary>The sine and the cosine of x at once. dsin = cos(x) dx, dcos = -sin(x) dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>Both, each with its derivative.</returns>
    public static (Lane<T> Sin, Lane<T> Cos) SinCos(Lane<T> x) => (Sin(x), Cos(x));

    /// <summary>sin(πx) and cos(πx) at once. dsin = π cos(πx) dx, dcos = -π sin(πx) dx.</summary>
    /// <param name="x">The number.</param>
    /// <returns>Both, each with its derivative.</returns>
    public static (Lane<T> SinPi, Lane<T> CosPi) SinCosPi(Lane<T> x) => (SinPi(x), CosPi(x));

    /// <summary>x^y, as IEEE 754 pow. dz = y x^(y-1) dx + x^y log(x) dy; the second part only where the exponent is no constant.</summary>
    /// <param name="x">The base.</param>
    /// <param name="y">The exponent.</param>
    /// <remarks>For y = 0 the value is 1 and the derivative by x is 0, whatever x is. At x = 0 the derivative by y is 0 for y ≥ 0 and -∞ for y &lt; 0; for x &lt; 0 it is NaN.</remarks>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Pow(Lane<T> x, Lane<T> y) => (x.tensor, y.tensor) switch
    {
        (null, null) => T.Pow(x.number, y.number),
        ({ } t, null) => t.Pow(y.number),
        _ => x.AsTensor().Pow(y.AsTensor()),
    };

    /// <summary>The logarithm of x to a base b, z = log(x) / log(b). dz = dx / (x log(b)) - z / (b log(b)) db.</summary>
    /// <param name="x">The argument.</param>
    /// <param name="newBase">The base b.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Log(Lane<T> x, Lane<T> newBase) => AreNumbers(x, newBase) ? T.Log(x.number, newBase.number) : Log(x) / Log(newBase);

    /// <summary>√(x² + y²) without overflow. dz = (x dx + y dy) / z.</summary>
    /// <param name="x">The first side.</param>
    /// <param name="y">The second side.</param>
    /// <remarks>At (0, 0) the derivative is 0, the subgradient of least norm.</remarks>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Hypot(Lane<T> x, Lane<T> y) => AreNumbers(x, y) ? T.Hypot(x.number, y.number) : x.AsTensor().Hypot(y.AsTensor());

    /// <summary>The angle of the point (x, y), in [-π, π]. dz = (x dy - y dx) / (x² + y²), without overflow.</summary>
    /// <param name="y">The ordinate.</param>
    /// <param name="x">The abscissa.</param>
    /// <remarks>At (0, 0) the derivative is 0.</remarks>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Atan2(Lane<T> y, Lane<T> x) => AreNumbers(y, x) ? T.Atan2(y.number, x.number) : y.AsTensor().Atan2(x.AsTensor());

    /// <summary>The angle of the point (x, y), divided by π. dz = (x dy - y dx) / (π (x² + y²)), without overflow.</summary>
    /// <param name="y">The ordinate.</param>
    /// <param name="x">The abscissa.</param>
    /// <remarks>At (0, 0) the derivative is 0.</remarks>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Atan2Pi(Lane<T> y, Lane<T> x) => AreNumbers(y, x) ? T.Atan2Pi(y.number, x.number) : y.AsTensor().Atan2Pi(x.AsTensor());

    /// <summary>The larger of two numbers; NaN where either is NaN. dz = dx or dy, that of the larger one.</summary>
    /// <param name="x">The first number.</param>
    /// <param name="y">The second number.</param>
    /// <remarks>At a tie each gets one half.</remarks>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Max(Lane<T> x, Lane<T> y) => AreNumbers(x, y) ? T.Max(x.number, y.number) : x.AsTensor().Maximum(y.AsTensor());

    /// <summary>The smaller of two numbers; NaN where either is NaN. dz = dx or dy, that of the smaller one.</summary>
    /// <param name="x">The first number.</param>
    /// <param name="y">The second number.</param>
    /// <remarks>At a tie each gets one half.</remarks>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Min(Lane<T> x, Lane<T> y) => AreNumbers(x, y) ? T.Min(x.number, y.number) : x.AsTensor().Minimum(y.AsTensor());

    /// <summary>The larger of two numbers, where a NaN counts as missing. dz = dx or dy, that of the number that was taken; of equal ones the first.</summary>
    /// <param name="x">The first number.</param>
    /// <param name="y">The second number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> MaxNumber(Lane<T> x, Lane<T> y) => AreNumbers(x, y) ? T.MaxNumber(x.number, y.number) : x.AsTensor().FMax(y.AsTensor());

    /// <summary>The smaller of two numbers, where a NaN counts as missing. dz = dx or dy, that of the number that was taken; of equal ones the first.</summary>
    /// <param name="x">The first number.</param>
    /// <param name="y">The second number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> MinNumber(Lane<T> x, Lane<T> y) => AreNumbers(x, y) ? T.MinNumber(x.number, y.number) : x.AsTensor().FMin(y.AsTensor());

    /// <summary>The number with the larger magnitude; NaN where either is NaN. dz = dx or dy, that of the number that was taken.</summary>
    /// <param name="x">The first number.</param>
    /// <param name="y">The second number.</param>
    /// <remarks>For equal numbers each gets one half.</remarks>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> MaxMagnitude(Lane<T> x, Lane<T> y) => AreNumbers(x, y) ? T.MaxMagnitude(x.number, y.number) : x.AsTensor().MaxMagnitude(y.AsTensor());

    /// <summary>The number with the smaller magnitude; NaN where either is NaN. dz = dx or dy, that of the number that was taken.</summary>
    /// <param name="x">The first number.</param>
    /// <param name="y">The second number.</param>
    /// <remarks>For equal numbers each gets one half.</remarks>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> MinMagnitude(Lane<T> x, Lane<T> y) => AreNumbers(x, y) ? T.MinMagnitude(x.number, y.number) : x.AsTensor().MinMagnitude(y.AsTensor());

    /// <summary>The number with the larger magnitude, where a NaN counts as missing. dz = dx or dy, that of the number that was taken; of equal ones the first.</summary>
    /// <param name="x">The first number.</param>
    /// <param name="y">The second number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> MaxMagnitudeNumber(Lane<T> x, Lane<T> y) => AreNumbers(x, y) ? T.MaxMagnitudeNumber(x.number, y.number) : x.AsTensor().MaxMagnitudeNumber(y.AsTensor());

    /// <summary>The number with the smaller magnitude, where a NaN counts as missing. dz = dx or dy, that of the number that was taken; of equal ones the first.</summary>
    /// <param name="x">The first number.</param>
    /// <param name="y">The second number.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> MinMagnitudeNumber(Lane<T> x, Lane<T> y) => AreNumbers(x, y) ? T.MinMagnitudeNumber(x.number, y.number) : x.AsTensor().MinMagnitudeNumber(y.AsTensor());

    /// <summary>What is left of x by y: x - y n, with n the integer nearest to x / y, the even one of two. dz = dx - n dy.</summary>
    /// <param name="left">The dividend x.</param>
    /// <param name="right">The divisor y.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Ieee754Remainder(Lane<T> left, Lane<T> right) => AreNumbers(left, right) ? T.Ieee754Remainder(left.number, right.number) : left.AsTensor().Ieee754Remainder(right.AsTensor());

    static Lane<T> INumber<Lane<T>>.MaxNative(Lane<T> x, Lane<T> y) => Max(x, y);

    static Lane<T> INumber<Lane<T>>.MinNative(Lane<T> x, Lane<T> y) => Min(x, y);

    static Lane<T> INumber<Lane<T>>.ClampNative(Lane<T> value, Lane<T> min, Lane<T> max) => Clamp(value, min, max);

    /// <summary>The magnitude of a number x with the sign of another, that of -0 too: x or -x. dy = dx where the signs agree, -dx where they do not.</summary>
    /// <param name="value">The number x.</param>
    /// <param name="sign">The number whose sign is taken; no derivative flows through it.</param>
    /// <remarks>At x = 0 the derivative is 0.</remarks>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> CopySign(Lane<T> value, Lane<T> sign) => AreNumbers(value, sign) ? T.CopySign(value.number, sign.number) : value.AsTensor().CopySign(sign.AsTensor());

    /// <summary>The number x limited to the interval from min to max. dz = dx between the bounds, dmin below and dmax above them.</summary>
    /// <param name="value">The number x.</param>
    /// <param name="min">The lower bound.</param>
    /// <param name="max">The upper bound.</param>
    /// <remarks>At a bound that is a number the derivative by x is 0; at a bound of each scenario's own, x and the bound get one half each. NaN stays NaN, with derivative NaN.</remarks>
    /// <returns>The result for each scenario.</returns>
    /// <exception cref="ArgumentException">The lower bound is above the upper one.</exception>
    public static Lane<T> Clamp(Lane<T> value, Lane<T> min, Lane<T> max)
    {
        if (min > max)
        {
            throw Errors.Argument(nameof(Clamp), nameof(min), $"the lower bound is {min} and the upper one {max}", "a lower bound that is not above the upper one", "exchange them");
        }

        return (value.tensor, min.tensor, max.tensor) switch
        {
            (null, null, null) => T.Clamp(value.number, min.number, max.number),
            ({ } t, null, null) => t.Clamp(min.number, max.number),
            _ => value.AsTensor().Clamp(min.AsTensor(), max.AsTensor()),
        };
    }

    /// <summary>x y + z, rounded once. dw = y dx + x dy + dz.</summary>
    /// <param name="left">The first factor x.</param>
    /// <param name="right">The second factor y.</param>
    /// <param name="addend">The addend z.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> FusedMultiplyAdd(Lane<T> left, Lane<T> right, Lane<T> addend) => AreNumbers(left, right) && addend.tensor is null
        ? T.FusedMultiplyAdd(left.number, right.number, addend.number) : left.AsTensor().FusedMultiplyAdd(right.AsTensor(), addend.AsTensor());

    /// <summary>x y + z, rounded once. dw = y dx + x dy + dz.</summary>
    /// <param name="left">The first factor x.</param>
    /// <param name="right">The second factor y.</param>
    /// <param name="addend">The addend z.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> MultiplyAddEstimate(Lane<T> left, Lane<T> right, Lane<T> addend) => AreNumbers(left, right) && addend.tensor is null
        ? T.MultiplyAddEstimate(left.number, right.number, addend.number) : left.AsTensor().FusedMultiplyAdd(right.AsTensor(), addend.AsTensor());

    /// <summary>The number on the way from x to y, at the part w of it: (1 - w) x + w y. dz = (1 - w) dx + w dy + (y - x) dw.</summary>
    /// <param name="value1">The number x at w = 0.</param>
    /// <param name="value2">The number y at w = 1.</param>
    /// <param name="amount">The weight w.</param>
    /// <returns>The result for each scenario.</returns>
    public static Lane<T> Lerp(Lane<T> value1, Lane<T> value2, Lane<T> amount) => AreNumbers(value1, value2) && amount.tensor is null
        ? T.Lerp(value1.number, value2.number, amount.number) : value1.AsTensor().Lerp(value2.AsTensor(), amount.AsTensor());

    /// <summary>The exponent of x as an integer: ⌊log2 |x|⌋. It has no derivative; scenarios that disagree go on in groups, each by its own answer.</summary>
    /// <param name="x">The number.</param>
    /// <returns>An integer.</returns>
    public static int ILogB(Lane<T> x) => x.tensor is { } t ? int.CreateTruncating(Common(t.Pointwise(static x => T.CreateTruncating(T.ILogB(x)), name: nameof(ILogB)))) : T.ILogB(x.number);

    /// <summary>-1, 0 or 1 with the sign of x. It has no derivative; scenarios that disagree go on in groups, each by its own answer.</summary>
    /// <param name="value">The number.</param>
    /// <returns>An integer.</returns>
    public static int Sign(Lane<T> value) => value.tensor is { } t ? T.Sign(Common(t.Sign())) : T.Sign(value.number);
}
