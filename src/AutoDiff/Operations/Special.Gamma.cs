using AutoDiff.Kernels;

namespace AutoDiff;

// The gamma function and what is built from it (DLMF chapters 5 and 25).
public sealed partial class Tensor<T>
{
    /// <summary>The gamma function Γ(x). dy = Γ(x) ψ(x) dx.</summary>
    /// <remarks>NaN at the negative integers, ±∞ at ±0 (DLMF 5.2).</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Gamma() => Special(GammaFunctions.Gamma, static x => x.GammaDerivative(1));

    private Tensor<T> GammaDerivative(int order) => Special(x => GammaFunctions.GammaDerivative(order, x), x => x.GammaDerivative(order + 1), parameters: order);

    /// <summary>The logarithm of |Γ(x)|. dy = ψ(x) dx.</summary>
    /// <remarks>∞ at 0 and the negative integers, where the derivative is infinite and NaN (DLMF 5.2).</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> LogGamma() => Special(GammaFunctions.LogGamma, static x => x.Digamma());

    /// <summary>The digamma function ψ(x) = Γ'(x) / Γ(x). dy = ψ'(x) dx.</summary>
    /// <remarks>∓∞ at ±0, NaN at the negative integers (DLMF 5.2.2).</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Digamma() => Special(GammaFunctions.Digamma, static x => x.Polygamma(1));

    /// <summary>The polygamma function, the derivative of order n of ψ. dy = ψ⁽ⁿ⁺¹⁾(x) dx.</summary>
    /// <param name="order">The order n of the derivative, 0 or more; 0 gives <see cref="Digamma"/>.</param>
    /// <remarks>DLMF 5.15.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">The order is negative.</exception>
    public Tensor<T> Polygamma(int order)
    {
        AtLeast(0, order, nameof(Polygamma), nameof(order));
        return Special(x => GammaFunctions.Polygamma(order, x), x => x.Polygamma(order + 1), parameters: order);
    }

    /// <summary>The logarithm of the multivariate gamma function, p (p - 1)/4 log π + Σ log Γ(x - (i - 1)/2), i = 1..p. dy = Σ ψ(x - (i - 1)/2) dx.</summary>
    /// <param name="dimension">The dimension p, 1 or more.</param>
    /// <remarks>Defined for x above (p - 1)/2 (DLMF 35.3.4).</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">The dimension is below 1.</exception>
    public Tensor<T> MultivariateLogGamma(int dimension)
    {
        CheckOrder(1, dimension, nameof(MultivariateLogGamma), nameof(dimension));
        return Special(x => GammaFunctions.MultivariateLogGamma(dimension, x), x => x.MultivariatePolygamma(0, dimension), parameters: dimension);
    }

    private Tensor<T> MultivariatePolygamma(int order, int dimension) =>
        Special(x => GammaDifferences.MultivariatePolygamma(order, dimension, x), x => x.MultivariatePolygamma(order + 1, dimension), parameters: (order, dimension));

    /// <summary>The factorial x! = Γ(x + 1) of a real number. dy = x! ψ(x + 1) dx.</summary>
    /// <remarks>NaN at the negative integers below -1 (DLMF 5.4.1).</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Factorial() => Special(GammaFunctions.Factorial, static x => x.FactorialDerivative(1));

    private Tensor<T> FactorialDerivative(int order) => Special(x => GammaFunctions.GammaDerivative(order, x + 1), x => x.FactorialDerivative(order + 1), parameters: order);

    /// <summary>The beta function B(a, b) = Γ(a) Γ(b) / Γ(a + b) of a (this) and b, with broadcasting. ∂B/∂a = B (ψ(a) - ψ(a + b)), and likewise for b.</summary>
    /// <param name="b">The second argument.</param>
    /// <remarks>DLMF 5.12.1. Derivatives do not cancel where one argument is much smaller than the other.</remarks>
    /// <returns>A tensor of the broadcast shape.</returns>
    /// <exception cref="ArgumentNullException">b is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> Beta(Tensor<T> b) => Special(BetaFunctions.Beta, this, b, nameof(Beta),
        dx: static (a, b, _) => BetaSlope(a, b), dy: static (a, b, _) => BetaSlope(b, a));

    /// <summary>∂B/∂a = B (ψ(a) - ψ(a + b)), with its limit where B is 0. Its derivatives there are NaN.</summary>
    private static Tensor<T> BetaSlope(Tensor<T> a, Tensor<T> b) => Special(BetaFunctions.Slope, a, b, nameof(BetaSlope),
        dx: static (a, b, s) => -(s * PolygammaDifference(0, a, b)) - (a.Beta(b) * PolygammaDifference(1, a, b)),
        dy: static (a, b, _) => -(BetaSlope(b, a) * PolygammaDifference(0, a, b)) - (a.Beta(b) * (a + b).Polygamma(1)));

    /// <summary>The logarithm of |B(a, b)| of a (this) and b, with broadcasting. ∂/∂a = ψ(a) - ψ(a + b), and likewise for b.</summary>
    /// <param name="b">The second argument.</param>
    /// <remarks>DLMF 5.12.1. Neither the value nor the derivatives cancel for large arguments.</remarks>
    /// <returns>A tensor of the broadcast shape.</returns>
    /// <exception cref="ArgumentNullException">b is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> LogBeta(Tensor<T> b) => Special(BetaFunctions.LogBeta, this, b, nameof(LogBeta),
        dx: static (a, b, _) => -PolygammaDifference(0, a, b), dy: static (a, b, _) => -PolygammaDifference(0, b, a));

    /// <summary>The binomial coefficient Γ(n + 1) / (Γ(k + 1) Γ(n - k + 1)) of real n (this) and k, with broadcasting. With z for it, ∂z/∂n = z (ψ(n + 1) - ψ(n - k + 1)), ∂z/∂k = z (ψ(n - k + 1) - ψ(k + 1)).</summary>
    /// <param name="k">The number chosen.</param>
    /// <remarks>Where the value is 0 because k or n - k is a negative integer, the derivative is NaN (DLMF 1.2.6, 5.2.2).</remarks>
    /// <returns>A tensor of the broadcast shape.</returns>
    /// <exception cref="ArgumentNullException">k is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> Binomial(Tensor<T> k) => Special(BetaFunctions.Binomial, this, k, nameof(Binomial),
        dx: static (n, k, _) => BinomialSlopeByN(n, k), dy: static (n, k, _) => BinomialSlopeByK(n, k));

    /// <summary>∂/∂n of the binomial coefficient, with its limit where that is 0. Its derivatives there are NaN.</summary>
    private static Tensor<T> BinomialSlopeByN(Tensor<T> n, Tensor<T> k) => Special(BetaFunctions.BinomialSlopeByN, n, k, nameof(BinomialSlopeByN),
        dx: static (n, k, s) => (s * PolygammaDifference(0, n - k + T.One, k)) + (n.Binomial(k) * PolygammaDifference(1, n - k + T.One, k)),
        dy: static (n, k, _) => (BinomialSlopeByK(n, k) * PolygammaDifference(0, n - k + T.One, k)) + (n.Binomial(k) * (n - k + T.One).Polygamma(1)));

    /// <summary>∂/∂k of the binomial coefficient, with its limit where that is 0. Its derivatives there are NaN.</summary>
    private static Tensor<T> BinomialSlopeByK(Tensor<T> n, Tensor<T> k) => Special(BetaFunctions.BinomialSlopeByK, n, k, nameof(BinomialSlopeByK),
        dx: static (n, k, _) => (BinomialSlopeByN(n, k) * PolygammaDifference(0, k + T.One, n - (k * Real(2)))) + (n.Binomial(k) * (n - k + T.One).Polygamma(1)),
        dy: static (n, k, s) => (s * PolygammaDifference(0, k + T.One, n - (k * Real(2)))) - (n.Binomial(k) * ((n - k + T.One).Polygamma(1) + (k + T.One).Polygamma(1))));

    /// <summary>The logarithm of the magnitude of <see cref="Binomial"/>, which overflows much later. ∂/∂n = ψ(n + 1) - ψ(n - k + 1), ∂/∂k = ψ(n - k + 1) - ψ(k + 1).</summary>
    /// <param name="k">The number chosen.</param>
    /// <remarks>DLMF 1.2.6, 5.2.2.</remarks>
    /// <returns>A tensor of the broadcast shape.</returns>
    /// <exception cref="ArgumentNullException">k is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> LogBinomial(Tensor<T> k) => Special(BetaFunctions.LogBinomial, this, k, nameof(LogBinomial),
        dx: static (n, k, _) => PolygammaDifference(0, n - k + T.One, k), dy: static (n, k, _) => PolygammaDifference(0, k + T.One, n - (k * Real(2))));

    /// <summary>Pochhammer's symbol Γ(a + n) / Γ(a) of a (this) and n, with broadcasting. With z for it, ∂z/∂a = z (ψ(a + n) - ψ(a)), ∂z/∂n = z ψ(a + n).</summary>
    /// <param name="n">The number of factors, which need not be whole.</param>
    /// <remarks>Where a or a + n is 0 or a negative integer, the derivative is NaN or infinite (DLMF 5.2.5).</remarks>
    /// <returns>A tensor of the broadcast shape.</returns>
    /// <exception cref="ArgumentNullException">n is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> Pochhammer(Tensor<T> n) => Special(BetaFunctions.Pochhammer, this, n, nameof(Pochhammer),
        dx: static (a, n, _) => PochhammerSlope(a, n), dy: static (a, n, z) => z * (a + n).Digamma());

    /// <summary>∂/∂a of Pochhammer's symbol, with its limit where that is 0. Its derivatives there are NaN.</summary>
    private static Tensor<T> PochhammerSlope(Tensor<T> a, Tensor<T> n) => Special(BetaFunctions.PochhammerSlope, a, n, nameof(PochhammerSlope),
        dx: static (a, n, s) => (s * PolygammaDifference(0, a, n)) + (a.Pochhammer(n) * PolygammaDifference(1, a, n)),
        dy: static (a, n, s) => (s * (a + n).Digamma()) + (a.Pochhammer(n) * (a + n).Polygamma(1)));

    /// <summary>ψ⁽ⁿ⁾(a + h) - ψ⁽ⁿ⁾(a), without cancellation for small h.</summary>
    private static Tensor<T> PolygammaDifference(int n, Tensor<T> a, Tensor<T> h) => Special((a, h) => GammaDifferences.Polygamma(n, a, h), a, h, nameof(PolygammaDifference),
        dx: (a, h, _) => PolygammaDifference(n + 1, a, h), dy: (a, h, _) => (a + h).Polygamma(n + 1), parameters: n);

    /// <summary>Riemann's zeta function ζ(s). dy = ζ'(s) ds.</summary>
    /// <remarks>∞ at the pole 1, where the derivative is -∞. Derivatives are given up to order 3 (DLMF 25.2.3, 25.4.1).</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="NotSupportedException">In a sweep: the fourth derivative is asked for.</exception>
    public Tensor<T> Zeta() => ZetaDerivative(0, nameof(Zeta));

    private Tensor<T> ZetaDerivative(int order, string name = nameof(ZetaDerivative)) => Special(
        s => ZetaFunctions.ZetaDerivative(order, s),
        s => order < 3 ? s.ZetaDerivative(order + 1) : throw NotSoOften(nameof(Zeta), "s", 4), name, order);

    /// <summary>Hurwitz's zeta function ζ(s, q) = Σ (q + k)^-s, k = 0, 1, ..., of s (this) and q, with broadcasting. ∂ζ/∂q = -s ζ(s + 1, q), ∂ζ/∂s = -Σ (q + k)^-s log(q + k).</summary>
    /// <param name="q">The shift q.</param>
    /// <remarks>For s above 1: ∞ at 1, NaN below. At q = 0, -1, ... it is ∞; other negative q ask for an integer s. Derivatives by s ask for positive q, else they are NaN (DLMF 25.11).</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentNullException">q is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="NotSupportedException">In a sweep: the fourth derivative by the exponent (this) is asked for.</exception>
    public Tensor<T> Zeta(Tensor<T> q) => ZetaDerivative(0, this, q, nameof(Zeta));

    /// <summary>The m-th derivative of ζ(s, q) by s. Its derivative by q is the m-th derivative by s of -s ζ(s + 1, q).</summary>
    private static Tensor<T> ZetaDerivative(int m, Tensor<T> s, Tensor<T> q, string name = nameof(ZetaDerivative)) => Special(
        (s, q) => ZetaFunctions.HurwitzZetaOrderDerivative(m, s, q), s, q, name,
        dx: (s, q, _) => m < 3 ? ZetaDerivative(m + 1, s, q) : throw NotSoOften(nameof(Zeta), "s", 4),
        dy: (s, q, _) => m == 0 ? -(s * ZetaDerivative(0, s + T.One, q)) : -(s * ZetaDerivative(m, s + T.One, q)) - (ZetaDerivative(m - 1, s + T.One, q) * Real(m)), parameters: m);
}
