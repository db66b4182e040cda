using AutoDiff.Kernels;

namespace AutoDiff;

// Exponential, sine and elliptic integrals, the dilogarithm, and the hypergeometric functions (DLMF chapters 6, 8, 13, 15, 19 and 25).
public sealed partial class Tensor<T>
{
    /// <summary>The exponential integral Eₙ(x) = ∫ exp(-x t) / tⁿ dt from 1. dy = -Eₙ₋₁(x) dx; E₀ = exp(-x)/x.</summary>
    /// <param name="order">The order n, 0 or more; 1 is the exponential integral E₁.</param>
    /// <remarks>At 0 it is 1/(n - 1), ∞ for n below 2; NaN for negative x (DLMF 8.19).</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">The order is negative.</exception>
    public Tensor<T> ExpIntegralE(int order)
    {
        CheckOrder(0, order, nameof(ExpIntegralE), nameof(order));
        return Special(x => order == 1 ? ExponentialIntegrals.E1(x) : ExponentialIntegrals.En(order, x),
            x => order > 0 ? -x.ExpIntegralE(order - 1) : (-x).ExpQuotientDerivative(1), parameters: order);
    }

    /// <summary>The exponential integral Ei(x), the principal value of ∫ exp(t)/t dt from -∞ to x. dy = exp(x)/x dx.</summary>
    /// <remarks>-∞ at 0 (DLMF 6.2.5).</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> ExpIntegralEi() => Special(ExponentialIntegrals.Ei, static x => x.ExpQuotientDerivative(0));

    /// <summary>The derivative of some order of e^x / x.</summary>
    private Tensor<T> ExpQuotientDerivative(int order) => Special(x => SineQuotients.Exponential(order, x), x => x.ExpQuotientDerivative(order + 1), parameters: order);

    /// <summary>The sine integral ∫ sin t / t dt from 0 to x. dy = sin(x)/x dx.</summary>
    /// <remarks>Derivatives of every order are computed without cancellation near 0 (DLMF 6.2.9).</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> SinIntegral() => Special(ExponentialIntegrals.Si, static x => x.SineQuotientDerivative(0));

    private Tensor<T> SineQuotientDerivative(int order) => Special(x => SineQuotients.Circular(order, x), x => x.SineQuotientDerivative(order + 1), parameters: order);

    /// <summary>The cosine integral -∫ cos t / t dt from x. dy = cos(x)/x dx.</summary>
    /// <remarks>-∞ at 0, NaN for negative x (DLMF 6.2.11).</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> CosIntegral() => Special(ExponentialIntegrals.Ci, static x => x.CosQuotientDerivative(0));

    /// <summary>The derivative of some order of cos(x) / x.</summary>
    private Tensor<T> CosQuotientDerivative(int order) => Special(x => SineQuotients.Cosine(order, x), x => x.CosQuotientDerivative(order + 1), parameters: order);

    /// <summary>The hyperbolic sine integral ∫ sinh t / t dt from 0 to x. dy = sinh(x)/x dx.</summary>
    /// <remarks>Derivatives of every order are computed without cancellation near 0 (DLMF 6.2.15).</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> SinhIntegral() => Special(ExponentialIntegrals.Shi, static x => x.SinhQuotientDerivative(0));

    private Tensor<T> SinhQuotientDerivative(int order) => Special(x => SineQuotients.Hyperbolic(order, x), x => x.SinhQuotientDerivative(order + 1), parameters: order);

    /// <summary>The hyperbolic cosine integral γ + log x + ∫ (cosh t - 1)/t dt from 0 to x. dy = cosh(x)/x dx.</summary>
    /// <remarks>-∞ at 0, NaN for negative x (DLMF 6.2.16).</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> CoshIntegral() => Special(ExponentialIntegrals.Chi, static x => x.CoshQuotientDerivative(0));

    /// <summary>The derivative of some order of cosh(x) / x.</summary>
    private Tensor<T> CoshQuotientDerivative(int order) => Special(x => SineQuotients.HyperbolicCosine(order, x), x => x.CoshQuotientDerivative(order + 1), parameters: order);

    /// <summary>Euler's dilogarithm Li₂(x), x up to 1. dy = -log(1 - x)/x dx.</summary>
    /// <remarks>NaN for x above 1; at 1 the derivative is ∞ (DLMF 25.12.2). Derivatives up to order 4.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="NotSupportedException">In a sweep: the fifth derivative is asked for.</exception>
    public Tensor<T> Dilogarithm() => Special(Kernels.Dilogarithm.Li2, static x => -(T.One - x).SpenceDerivative(1, nameof(Dilogarithm)));

    /// <summary>Spence's function Li₂(1 - z), z of 0 or more. dy = log(z)/(1 - z) dz.</summary>
    /// <remarks>NaN for negative z; at 0 the derivative is -∞ (DLMF 25.12). Derivatives up to order 4, without cancellation near z = 1.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="NotSupportedException">In a sweep: the fifth derivative is asked for.</exception>
    public Tensor<T> Spence() => Special(Kernels.Dilogarithm.Spence, static z => z.SpenceDerivative(1, nameof(Spence)));

    private Tensor<T> SpenceDerivative(int order, string operation) => Special(z => Kernels.Dilogarithm.SpenceDerivative(order, z),
        z => order < 4 ? z.SpenceDerivative(order + 1, operation) : throw NotSoOften(operation, "its argument", 5), parameters: order);

    /// <summary>The complete elliptic integral of the first kind K(m) of the parameter m = k². dy = (E(m) - (1 - m) K(m)) / (2 m (1 - m)) dm.</summary>
    /// <remarks>∞ at 1, NaN beyond (DLMF 19.2.8). Derivatives of every order are computed without the cancellation of this formula near 0.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> EllipticK() => EllipticKDerivative(0, nameof(EllipticK));

    private Tensor<T> EllipticKDerivative(int order, string name = nameof(EllipticKDerivative)) => Special(m => EllipticDerivatives.K(order, m), m => m.EllipticKDerivative(order + 1), name, order);

    /// <summary>The complete elliptic integral of the second kind E(m) of the parameter m = k². dy = (E(m) - K(m)) / (2m) dm.</summary>
    /// <remarks>1 at 1, with infinite derivative; NaN beyond (DLMF 19.2.8). Derivatives of every order are computed without the cancellation of this formula near 0.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> EllipticE() => EllipticEDerivative(0, nameof(EllipticE));

    private Tensor<T> EllipticEDerivative(int order, string name = nameof(EllipticEDerivative)) => Special(m => EllipticDerivatives.E(order, m), m => m.EllipticEDerivative(order + 1), name, order);

    /// <summary>The incomplete elliptic integral of the first kind F(φ, m) = ∫ (1 - m sin²t)^(-1/2) dt from 0 to φ (this), for one parameter m = k². dy = (1 - m sin²φ)^(-1/2) dφ.</summary>
    /// <param name="m">The parameter.</param>
    /// <remarks>It asks for m sin²φ below 1 (DLMF 19.2.4).</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> EllipticF(T m) => Special(phi => EllipticIntegrals.IncompleteF(phi, double.CreateChecked(m)), phi => phi.EllipticDelta(m).Reciprocal(), parameters: m);

    /// <summary>The incomplete elliptic integral of the second kind E(φ, m) = ∫ (1 - m sin²t)^(1/2) dt from 0 to φ (this), for one parameter m = k². dy = (1 - m sin²φ)^(1/2) dφ.</summary>
    /// <param name="m">The parameter.</param>
    /// <remarks>It asks for m sin²φ up to 1 (DLMF 19.2.5).</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> EllipticE(T m) => Special(phi => EllipticIntegrals.IncompleteE(phi, double.CreateChecked(m)), phi => phi.EllipticDelta(m), parameters: m);

    /// <summary>(1 - m sin²φ)^(1/2).</summary>
    private Tensor<T> EllipticDelta(T m) => (T.One - (Sin().Square() * m)).Sqrt();

    /// <summary>Kummer's confluent hypergeometric function M(a, b, x) = 1F1(a; b; x). dy = a/b M(a + 1, b + 1, x) dx.</summary>
    /// <param name="a">The upper parameter.</param>
    /// <param name="b">The lower parameter, not 0 or a negative integer.</param>
    /// <remarks>Accurate where a, b (and b - a for negative x) are positive; else up to the cancellation of the series (DLMF 13.2.2, 13.3.15).</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Hypergeometric1F1(T a, T b) => Special(x => HypergeometricFunctions.Kummer(double.CreateChecked(a), double.CreateChecked(b), x),
        x => x.Hypergeometric1F1(a + T.One, b + T.One) * (a / b), parameters: (a, b));

    /// <summary>Gauss's hypergeometric function F(a, b; c; x) = 2F1(a, b; c; x), x up to 1. dy = a b/c F(a + 1, b + 1; c + 1; x) dx.</summary>
    /// <param name="a">The first upper parameter.</param>
    /// <param name="b">The second upper parameter.</param>
    /// <param name="c">The lower parameter, not 0 or a negative integer.</param>
    /// <remarks>Accurate for positive parameters and x in [-1, 0.9]; else up to the cancellation of the series and, close to 1, of the transformation. NaN above 1 (DLMF 15.2.1, 15.5.1).</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Hypergeometric2F1(T a, T b, T c) => Special(x => HypergeometricFunctions.Gauss(double.CreateChecked(a), double.CreateChecked(b), double.CreateChecked(c), x),
        x => x.Hypergeometric2F1(a + T.One, b + T.One, c + T.One) * (a * b / c), parameters: (a, b, c));
}
