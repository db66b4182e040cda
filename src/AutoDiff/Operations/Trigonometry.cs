using AutoDiff.Kernels;

namespace AutoDiff;

// Trigonometric and hyperbolic functions, their inverses, and the sampling function. The derivatives of the inverses close over four functions that neither overflow nor cancel.
public sealed partial class Tensor<T>
{
    /// <summary>1 / cos(x). dy = y tan(x) dx.</summary>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Sec() => Elementwise(
        static (x, y) =>
        {
            VectorMath.Cos(x, y);
            VectorMath.Reciprocal<T>(y, y);
        }, ofInput: static x => x.Sec() * x.Tan());

    /// <summary>1 / sin(x). dy = -y cot(x) dx.</summary>
    /// <remarks>At 0 the value is ∞ with the sign of x, and the derivative -∞.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Csc() => Elementwise(
        static (x, y) =>
        {
            VectorMath.Sin(x, y);
            VectorMath.Reciprocal<T>(y, y);
        }, ofInput: static x => -(x.Csc() * x.Cot()));

    /// <summary>1 / tan(x). dy = -(1 + y²) dx.</summary>
    /// <remarks>At 0 the value is ∞ with the sign of x, and the derivative -∞.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Cot() => Elementwise(
        static (x, y) =>
        {
            VectorMath.Tan(x, y);
            VectorMath.Reciprocal<T>(y, y);
        }, ofOutput: static y => -(y.Square() + T.One));

    /// <summary>sin(πx), exact at multiples of 1/2. dy = π cos(πx) dx.</summary>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> SinPi() => Pointwise(T.SinPi, ofInput: static x => x.CosPi() * T.Pi);

    /// <summary>cos(πx), exact at multiples of 1/2. dy = -π sin(πx) dx.</summary>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> CosPi() => Pointwise(T.CosPi, ofInput: static x => x.SinPi() * -T.Pi);

    /// <summary>The inverse sine. dy = dx / √(1 - x²).</summary>
    /// <remarks>At ±1 the derivative is ∞; beyond, value and derivative are NaN.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Asin() => Elementwise(VectorMath.Asin, ofInput: static x => x.InverseCircle());

    /// <summary>The inverse cosine. dy = -dx / √(1 - x²).</summary>
    /// <remarks>At ±1 the derivative is -∞; beyond, value and derivative are NaN.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Acos() => Elementwise(VectorMath.Acos, ofInput: static x => -x.InverseCircle());

    /// <summary>The inverse tangent. dy = dx / (1 + x²), without overflow.</summary>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Atan() => Elementwise(VectorMath.Atan, ofInput: static x => x.InverseHypotenuse().Square());

    /// <summary>The hyperbolic sine. dy = cosh(x) dx.</summary>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Sinh() => Elementwise(VectorMath.Sinh, ofInput: static x => x.Cosh());

    /// <summary>The hyperbolic cosine. dy = sinh(x) dx.</summary>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Cosh() => Elementwise(VectorMath.Cosh, ofInput: static x => x.Sinh());

    /// <summary>The inverse hyperbolic sine. dy = dx / √(1 + x²), without overflow.</summary>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Asinh() => Elementwise(VectorMath.Asinh, ofInput: static x => x.InverseHypotenuse());

    /// <summary>The inverse hyperbolic cosine. dy = dx / √(x² - 1), without overflow.</summary>
    /// <remarks>At 1 the derivative is ∞; below, value and derivative are NaN.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Acosh() => Elementwise(VectorMath.Acosh, ofInput: static x => x.InverseHyperbola());

    /// <summary>The inverse hyperbolic tangent. dy = dx / (1 - x²).</summary>
    /// <remarks>At ±1 the value is ±∞ and the derivative ∞; beyond, value and derivative are NaN.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Atanh() => Elementwise(VectorMath.Atanh, ofInput: static x => x.InverseCircle().Square());

    /// <summary>The sampling function sin(πx) / (πx), 1 at 0 and 0 at the other integers. dy = sinc'(x) dx.</summary>
    /// <remarks>The derivatives of every order are accurate near 0 too: there they are sums of their power series.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Sinc() => SincDerivative(0);

    /// <summary>The derivative of order n of the sampling function; its derivative is that of order n + 1.</summary>
    private Tensor<T> SincDerivative(int n) => Elementwise(n, SamplingFunction.Derivative, ofInput: static (x, n) => x.SincDerivative(n + 1), name: nameof(Sinc));

    /// <summary>1 / √(1 - x²). dy = x y³ dx.</summary>
    private Tensor<T> InverseCircle() => Pointwise(static x => T.One / T.Sqrt((T.One - x) * (T.One + x)), ofInput: static x => x * x.InverseCircle().Cube());

    /// <summary>1 / √(1 + x²). dy = -(x y) y² dx.</summary>
    private Tensor<T> InverseHypotenuse() => Pointwise(static x => T.One / T.Hypot(T.One, x), ofInput: static x => -(x.OverHypotenuse() * x.InverseHypotenuse().Square()));

    /// <summary>x / √(1 + x²), ±1 at ±∞. dy = dx / (1 + x²)^(3/2).</summary>
    private Tensor<T> OverHypotenuse() => Pointwise(static x => T.IsInfinity(x) ? T.CopySign(T.One, x) : x / T.Hypot(T.One, x), ofInput: static x => x.InverseHypotenuse().Cube());

    /// <summary>1 / √(x² - 1) for x ≥ 1. dy = -(x y) y² dx.</summary>
    private Tensor<T> InverseHyperbola() => Pointwise(static x => T.One / (T.Sqrt(x - T.One) * T.Sqrt(x + T.One)),
        ofInput: static x => -(x.OverHyperbola() * x.InverseHyperbola().Square()));

    /// <summary>x / √(x² - 1) for x ≥ 1, 1 at ∞. dy = -dx / (x² - 1)^(3/2).</summary>
    private Tensor<T> OverHyperbola() => Pointwise(static x => T.IsPositiveInfinity(x) ? T.One : x / T.Sqrt(x - T.One) / T.Sqrt(x + T.One), ofInput: static x => -x.InverseHyperbola().Cube());
}
