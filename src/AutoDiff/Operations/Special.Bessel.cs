using AutoDiff.Kernels;

namespace AutoDiff;

// Bessel functions (DLMF chapter 10) and Airy functions (chapter 9). Orders are numbers: the functions are differentiated by x. K, whose derivative by the order is known, takes a tensor too.
public sealed partial class Tensor<T>
{
    /// <summary>The Bessel function of the first kind J of order v. dy = (J(v - 1) - J(v + 1))/2 dx.</summary>
    /// <param name="order">The order v, any real number; for order 0 the derivative is -J of order 1.</param>
    /// <remarks>For negative x NaN unless v is an integer (DLMF 10.2, 10.6.1).</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> BesselJ(T order) => Special(x => AnyOrderBessel.J(double.CreateChecked(order), x),
        x => order == T.Zero ? -x.BesselJ(T.One) : NeighborsDifference(order, x.BesselJ(order - T.One), x.BesselJ(order + T.One)) * Real(0.5), parameters: order);

    /// <summary>The Bessel function of the second kind Y of order v. dy = (Y(v - 1) - Y(v + 1))/2 dx.</summary>
    /// <param name="order">The order v, any real number; for order 0 the derivative is -Y of order 1.</param>
    /// <remarks>-∞ at 0, NaN for negative x (DLMF 10.2, 10.6.1).</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> BesselY(T order) => Special(x => AnyOrderBessel.Y(double.CreateChecked(order), x),
        x => order == T.Zero ? -x.BesselY(T.One) : NeighborsDifference(order, x.BesselY(order - T.One), x.BesselY(order + T.One)) * Real(0.5), parameters: order);

    /// <summary>The function of the order below minus that of the order above; where both are infinite, the one of the larger magnitude of order outweighs the other.</summary>
    private static Tensor<T> NeighborsDifference(T order, Tensor<T> below, Tensor<T> above) => Pairwise(
        (x, y) => T.IsInfinity(x) && T.IsInfinity(y) ? (order > T.Zero ? -y : x) : x - y, below, above, order > T.Zero ? "DifferenceWithLargerAbove" : "DifferenceWithLargerBelow",
        dx: static (_, _, _) => One, dy: static (_, _, _) => MinusOne);

    /// <summary>The modified Bessel function of the first kind I of order v. dy = (I(v - 1) + I(v + 1))/2 dx.</summary>
    /// <param name="order">The order v, any real number.</param>
    /// <remarks>For negative x NaN unless v is an integer (DLMF 10.25, 10.29.1).</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> BesselI(T order) => Special(x => AnyOrderBessel.I(double.CreateChecked(order), x),
        x => order == T.Zero ? x.BesselI(T.One) : (x.BesselI(order - T.One) + x.BesselI(order + T.One)) * Real(0.5), parameters: order);

    /// <summary>exp(-|x|) I of order v, which does not overflow. dy = ((I(v - 1) + I(v + 1)) exp(-|x|)/2 - sign(x) y) dx.</summary>
    /// <param name="order">The order v, any real number.</param>
    /// <remarks>
    /// Derivatives of every order are computed without the cancellation of this formula for large x. At 0, where |x| has its kink, they are the means of those from either side
    /// (the derivative is 0 for order 0). For negative x NaN unless v is an integer (DLMF 10.25, 10.32.4).
    /// </remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> BesselIe(T order) => BesselIeDerivative(0, order, nameof(BesselIe));

    private Tensor<T> BesselIeDerivative(int k, T order, string name = nameof(BesselIeDerivative)) =>
        Special(x => AnyOrderBessel.IeDerivative(k, double.CreateChecked(order), x), x => x.BesselIeDerivative(k + 1, order), name, (k, order));

    /// <summary>The modified Bessel function of the second kind K of order v. dy = -(K(v - 1) + K(v + 1))/2 dx.</summary>
    /// <param name="order">The order v, any real number.</param>
    /// <remarks>∞ at 0, NaN for negative x (DLMF 10.25, 10.29.1).</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentNullException">order is null.</exception>
    public Tensor<T> BesselK(T order) => Special(x => AnyOrderBessel.K(double.CreateChecked(order), x),
        x => order == T.Zero ? -x.BesselK(T.One) : (x.BesselK(order - T.One) + x.BesselK(order + T.One)) * Real(-0.5), parameters: order);

    /// <summary>exp(x) K of order v, which does not underflow. dy = (y - (K(v - 1) + K(v + 1)) exp(x)/2) dx.</summary>
    /// <param name="order">The order v, any real number.</param>
    /// <remarks>Derivatives of every order are computed without the cancellation of this formula for large x. ∞ at 0, NaN for negative x (DLMF 10.25, 10.32.9).</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentNullException">order is null.</exception>
    public Tensor<T> BesselKe(T order) => BesselKeDerivative(0, order, nameof(BesselKe));

    private Tensor<T> BesselKeDerivative(int k, T order, string name = nameof(BesselKeDerivative)) =>
        Special(x => AnyOrderBessel.KeDerivative(0, k, double.CreateChecked(order), x), x => x.BesselKeDerivative(k + 1, order), name, (k, order));

    /// <summary>K of order v at x (this), with broadcasting, differentiable in both. ∂K/∂x = -(K(v - 1) + K(v + 1))/2; ∂K/∂v is computed from the integral ∫ exp(-x cosh t) t sinh vt dt from 0.</summary>
    /// <param name="order">The orders v, any real numbers.</param>
    /// <remarks>∞ at 0, NaN for negative x (DLMF 10.32.9, 10.38). It is recorded as <see cref="BesselKe(Tensor{T})"/> times exp(-x), none of whose derivatives cancel.</remarks>
    /// <returns>A tensor of the broadcast shape.</returns>
    /// <exception cref="ArgumentNullException">order is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="NotSupportedException">In a sweep: the fourth derivative by the order is asked for.</exception>
    public Tensor<T> BesselK(Tensor<T> order)
    {
        Shapes.Broadcast(shape, Errors.NotNull(order, nameof(BesselK), nameof(order)).shape, nameof(BesselK));
        TapeOf(this, order, nameof(BesselK));
        return BesselKeDerivative(0, 0, order, this, nameof(BesselK)) * (-this).Exp();
    }

    /// <summary>exp(x) K of order v at x (this), with broadcasting, differentiable in both: the integral ∫ exp(-x (cosh t - 1)) cosh vt dt from 0, and its derivatives under the integral sign.</summary>
    /// <param name="order">The orders v, any real numbers.</param>
    /// <remarks>∞ at 0, NaN for negative x (DLMF 10.32.9, 10.38).</remarks>
    /// <returns>A tensor of the broadcast shape.</returns>
    /// <exception cref="ArgumentNullException">order is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="NotSupportedException">In a sweep: the fourth derivative by the order is asked for.</exception>
    public Tensor<T> BesselKe(Tensor<T> order) => BesselKeDerivative(0, 0, Errors.NotNull(order, nameof(BesselKe), nameof(order)), this, nameof(BesselKe));

    private static Tensor<T> BesselKeDerivative(int m, int k, Tensor<T> order, Tensor<T> x, string name = nameof(BesselKeDerivative)) => Special(
        (v, x) => AnyOrderBessel.KeDerivative(m, k, v, x), order, x, name,
        dx: (v, x, _) => m < 3 ? BesselKeDerivative(m + 1, k, v, x) : throw NotSoOften(nameof(BesselK), "the order", 4),
        dy: (v, x, _) => BesselKeDerivative(m, k + 1, v, x), parameters: (m, k));

    /// <summary>The spherical Bessel function of the first kind j of order n. dy = (n j(n - 1) - (n + 1) j(n + 1)) / (2n + 1) dx.</summary>
    /// <param name="order">The order n, 0 or more.</param>
    /// <remarks>DLMF 10.47.3, 10.51.2.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">The order is negative.</exception>
    public Tensor<T> SphericalBesselJ(int order)
    {
        CheckOrder(0, order, nameof(SphericalBesselJ), nameof(order));
        return SphericalBessel(order, nameof(SphericalBesselJ));
    }

    private Tensor<T> SphericalBessel(int order, string name) => Special(x => BesselFunctions.SphericalJ(order, x), x => order == 0 ? -x.SphericalBessel(1, name)
        : (x.SphericalBessel(order - 1, name) * Real(order / ((2.0 * order) + 1))) - (x.SphericalBessel(order + 1, name) * Real((order + 1) / ((2.0 * order) + 1))), name, order);

    /// <summary>The Airy function Ai(x). dy = Ai'(x) dx.</summary>
    /// <remarks>DLMF 9.2.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> AiryAi() => Special(AiryFunctions.Ai, static x => x.AiryAiPrime());

    /// <summary>The derivative Ai'(x) of the Airy function. dy = x Ai(x) dx.</summary>
    /// <remarks>DLMF 9.2.1.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> AiryAiPrime() => Special(AiryFunctions.AiPrime, static x => x.TimesVanishing(x.AiryAi()));

    /// <summary>The Airy function Bi(x). dy = Bi'(x) dx.</summary>
    /// <remarks>DLMF 9.2.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> AiryBi() => Special(AiryFunctions.Bi, static x => x.AiryBiPrime());

    /// <summary>The derivative Bi'(x) of the Airy function. dy = x Bi(x) dx.</summary>
    /// <remarks>DLMF 9.2.1.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> AiryBiPrime() => Special(AiryFunctions.BiPrime, static x => x * x.AiryBi());
}
