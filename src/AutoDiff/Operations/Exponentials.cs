using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

// Exponentials, logarithms, roots and the functions of probabilities that are made of them.
public sealed partial class Tensor<T>
{
    private static readonly T Half = T.CreateChecked(0.5);
    private static readonly T Two = T.CreateChecked(2);
    private static readonly T LogOf2 = T.CreateChecked(0.69314718055994530942);
    private static readonly T LogOf10 = T.CreateChecked(2.30258509299404568402);

    /// <summary>2^x. dy = y log(2) dx.</summary>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Exp2() => Elementwise(VectorMath.Exp2, ofInput: static x => x.ScaledExp2(LogOf2));

    /// <summary>c 2^x for c in [0, 1], which may be in the range of the numbers where 2^x is not. dy = log(2) y dx.</summary>
    private Tensor<T> ScaledExp2(T c) => Elementwise(c, Exponentials.ScaledExp2, ofInput: static (x, c) => x.ScaledExp2(c * LogOf2));

    /// <summary>10^x. dy = y log(10) dx.</summary>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Exp10() => Pointwise(T.Exp10, ofOutput: static y => y * LogOf10);

    /// <summary>The logarithm to base 2. dy = dx / (x log(2)).</summary>
    /// <remarks>At 0 the value is -∞ and the derivative ∞; below 0 the value is NaN.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Log2() => Elementwise(VectorMath.Log2, ofInput: static x => (T.One / LogOf2) / x);

    /// <summary>The logarithm to base 10. dy = dx / (x log(10)).</summary>
    /// <remarks>At 0 the value is -∞ and the derivative ∞; below 0 the value is NaN.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Log10() => Elementwise(VectorMath.Log10, ofInput: static x => (T.One / LogOf10) / x);

    /// <summary>log(1 - e^x) for x ≤ 0, without cancellation near 0 and in the tail. dy = -dx / (e^-x - 1).</summary>
    /// <remarks>At 0 the value is -∞ and the derivative -∞; above 0 the value is NaN. The two branches and where they meet: Mächler, "Accurately computing log(1 - exp(-|a|))" (2012).</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Log1mExp() => Elementwise(Exponentials.Log1mExp, ofInput: static x => -x.ReciprocalExpm1());

    /// <summary>1 / (e^-x - 1). dy = (y + y²) dx, a sum of positive terms for x below 0.</summary>
    private Tensor<T> ReciprocalExpm1() => Elementwise(Exponentials.ReciprocalExpm1, ofOutput: static y => y + y.Square());

    /// <summary>The real cube root. dy = dx / (3 y²).</summary>
    /// <remarks>At 0 the derivative is ∞.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Cbrt() => Elementwise(VectorMath.Cbrt, ofOutput: static y => y.Reciprocal().Square() * (T.One / T.CreateChecked(3)));

    /// <summary>1 / √x. dy = -y³ / 2 dx.</summary>
    /// <remarks>At 0 the value is ∞ and the derivative -∞; below 0 the value is NaN.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Rsqrt() => Elementwise(static (x, y) => Pieces.Map<Pieces.Rsqrt, T>(x, T.Zero, T.Zero, y), ofOutput: static y => y.Cube() * -Half);

    /// <summary>x³. dy = 3 x² dx.</summary>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Cube() => Elementwise(static (x, y) => Pieces.Map<Pieces.Cube, T>(x, T.Zero, T.Zero, y), ofInput: static x => x.Square() * T.CreateChecked(3));

    /// <summary>The logarithm of the logistic function, log(1 / (1 + e^-x)), linear for large negative x. dy = σ(-x) dx.</summary>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> LogSigmoid() => Elementwise(VectorMath.LogSigmoid, ofInput: static x => (-x).Sigmoid());

    /// <summary>log(x / (1 - x)), the inverse of the logistic function. dy = dx / (x (1 - x)).</summary>
    /// <remarks>At 0 and 1 the value is -∞ and ∞ and the derivative ∞; outside [0, 1] both are NaN.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Logit() => Elementwise(Exponentials.Logit, ofInput: static x => x.LogitSlope());

    /// <summary>log(p / (1 - p)) of p = x limited to [eps, 1 - eps]. dy = dx / (x (1 - x)) strictly inside, 0 elsewhere.</summary>
    /// <param name="eps">How far to keep away from 0 and 1.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">eps is negative, or above 1/2.</exception>
    public Tensor<T> Logit(T eps)
    {
        if (!(eps >= T.Zero && eps <= Half))
        {
            throw Errors.Argument(nameof(Logit), nameof(eps), $"eps is {eps}", "a number from 0 to 1/2", "give a small positive number");
        }

        return Clamp(eps, T.One - eps).Logit();
    }

    /// <summary>1 / (x (1 - x)) on [0, 1]. dy = (2x - 1) y² dx.</summary>
    private Tensor<T> LogitSlope() => Elementwise(static (x, y) => Pieces.Map<Pieces.LogitSlope, T>(x, T.NaN, T.Zero, y),
        ofInput: static x => ((x * Two) - T.One) * x.LogitSlope().Square());

    /// <summary>The error function 2/√π ∫ e^(-t²) dt from 0 to x. dy = 2/√π e^(-x²) dx.</summary>
    /// <remarks>DLMF 7.2.1.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Erf() => Elementwise(VectorMath.Erf, ofInput: static x => x.GaussianDerivative(0) * TwoOverRootPi);

    /// <summary>The complementary error function 1 - erf(x), without cancellation for large x. dy = -2/√π e^(-x²) dx.</summary>
    /// <remarks>DLMF 7.2.2.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Erfc() => Elementwise(VectorMath.Erfc, ofInput: static x => x.GaussianDerivative(0) * -TwoOverRootPi);

    private static readonly T TwoOverRootPi = T.CreateChecked(1.12837916709551257390);

    /// <summary>The derivative of order n of e^(-x²): (-1)^n H_n(x) e^(-x²) with the Hermite polynomials (DLMF 18.5.5). Its derivative is that of order n + 1.</summary>
    private Tensor<T> GaussianDerivative(int n) => Elementwise(n, Exponentials.GaussianDerivative, ofInput: static (x, n) => x.GaussianDerivative(n + 1));
}
