using AutoDiff.Kernels;

namespace AutoDiff;

// The error function's relatives and the normal distribution (DLMF chapter 7).
public sealed partial class Tensor<T>
{
    /// <summary>The scaled complementary error function exp(x²) erfc(x). dy = (2 x y - 2/√π) dx.</summary>
    /// <remarks>Derivatives of every order are computed without the cancellation of this formula for large x (DLMF 7.18).</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Erfcx() => ErfcxDerivative(0, nameof(Erfcx));

    private Tensor<T> ErfcxDerivative(int order, string name = nameof(ErfcxDerivative)) =>
        Special(x => order == 0 ? ErrorFunctions.Erfcx(x) : ErrorFunctions.ErfcxDerivative(order, x), x => x.ErfcxDerivative(order + 1), name, order);

    /// <summary>The inverse of the error function. dy = √π/2 exp(y²) dx.</summary>
    /// <remarks>±∞ at ±1, with infinite derivative; NaN beyond (DLMF 7.17).</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Erfinv() => Special(ErrorFunctions.Erfinv, static x => x.ErfinvSlope());

    private Tensor<T> ErfinvSlope() => Special(InverseSlopes.Erfinv, static x => x.Erfinv() * x.ErfinvSlope().Square() * Real(2));

    /// <summary>The inverse of the complementary error function. dy = -√π/2 exp(y²) dx.</summary>
    /// <remarks>∞ at 0, -∞ at 2, with infinite derivative; NaN beyond (DLMF 7.17).</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Erfcinv() => Special(ErrorFunctions.Erfcinv, static x => x.ErfcinvSlope());

    private Tensor<T> ErfcinvSlope() => Special(InverseSlopes.Erfcinv, static x => x.Erfcinv() * x.ErfcinvSlope().Square() * Real(2));

    /// <summary>The distribution function Φ(x) of the standard normal distribution. dy = exp(-x²/2) / √(2π) dx.</summary>
    /// <remarks>Without cancellation in the lower tail (DLMF 7.1).</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <example>
    /// <code>
    /// Console.WriteLine($"{Tensor.Create(0, 1.96).Ndtr():0.000}"); // => [0.500, 0.975]
    /// </code>
    /// </example>
    public Tensor<T> Ndtr() => Special(NormalFunctions.Ndtr, static x => x.NormalDensityDerivative(0));

    /// <summary>The derivative of order n of the normal density: (-1)ⁿ Heₙ(x) times it (DLMF 18.5.5).</summary>
    private Tensor<T> NormalDensityDerivative(int order) => Special(
        x => NormalFunctions.Density(x) is var density && density == 0 ? 0 : OrthogonalPolynomials.HermiteHe(order, -x) * density, x => x.NormalDensityDerivative(order + 1), parameters: order);

    /// <summary>The inverse of <see cref="Ndtr"/>. dy = √(2π) exp(y²/2) dx.</summary>
    /// <remarks>-∞ at 0, ∞ at 1, with infinite derivative; NaN beyond.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Ndtri() => Special(NormalFunctions.Ndtri, static p => p.NdtriSlope());

    private Tensor<T> NdtriSlope() => Special(InverseSlopes.Ndtri, static p => p.Ndtri() * p.NdtriSlope().Square());

    /// <summary>log Φ(x), to full relative accuracy in both tails. dy = φ(x) / Φ(x) dx with the density φ.</summary>
    /// <remarks>Derivatives up to order 4.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="NotSupportedException">In a sweep: the fifth derivative is asked for.</exception>
    public Tensor<T> LogNdtr() => Special(NormalFunctions.LogNdtr, static x => x.LogNdtrDerivative(1));

    private Tensor<T> LogNdtrDerivative(int order) =>
        Special(x => NormalFunctions.LogNdtrDerivative(order, x), x => order < 4 ? x.LogNdtrDerivative(order + 1) : throw NotSoOften(nameof(LogNdtr), "x", 5), parameters: order);

    /// <summary>Dawson's integral F(x) = exp(-x²) ∫ exp(t²) dt from 0 to x. dy = (1 - 2 x y) dx.</summary>
    /// <remarks>Derivatives of every order are computed without the cancellation of this formula (DLMF 7.2.5).</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Dawson() => DawsonDerivative(0, nameof(Dawson));

    private Tensor<T> DawsonDerivative(int order, string name = nameof(DawsonDerivative)) => Special(x => ErrorFunctions.DawsonDerivative(order, x), x => x.DawsonDerivative(order + 1), name, order);

    /// <summary>Owen's function T(h, a) = 1/2π ∫ exp(-h² (1 + t²)/2) / (1 + t²) dt from 0 to a, of h (this) and a, with broadcasting. ∂T/∂h = -φ(h) (Φ(a h) - 1/2), ∂T/∂a = exp(-h² (1 + a²)/2) / (2π (1 + a²)).</summary>
    /// <param name="a">The upper limit.</param>
    /// <remarks>Owen, Tables for computing bivariate normal probabilities, 1956.</remarks>
    /// <returns>A tensor of the broadcast shape.</returns>
    /// <exception cref="ArgumentNullException">a is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> OwenT(Tensor<T> a) => Special(ErrorFunctions.OwenT, this, a, nameof(OwenT),
        dx: static (h, a, _) => -(h.NormalDensityDerivative(0) * VanishingProduct(a, h).NormalMass()),
        dy: static (h, a, _) => ((h.Square() + VanishingProduct(h, a).Square()) * Real(-0.5)).Exp() / ((a.Square() + T.One) * Real(2 * Math.PI)));

    /// <summary>x y, and 0 where one of them is 0 and the other infinite.</summary>
    private static Tensor<T> VanishingProduct(Tensor<T> x, Tensor<T> y) => Pairwise(static (x, y) => (x == T.Zero && T.IsInfinity(y)) || (T.IsInfinity(x) && y == T.Zero) ? T.Zero : x * y, x, y, "VanishingProduct",
        dx: static (_, y, _) => y, dy: static (x, _, _) => x);

    /// <summary>Φ(x) - 1/2.</summary>
    private Tensor<T> NormalMass() => Special(static x => 0.5 * ErrorFunctions.Erf(x * 0.70710678118654752440), static x => x.NormalDensityDerivative(0));
}
