using AutoDiff.Kernels;

namespace AutoDiff;

// The regularized incomplete gamma and beta functions and their inverses (DLMF 8.2, 8.17): the distribution functions and quantiles of the gamma and the beta distribution, with derivatives by
// all arguments. Those by the shapes come from kernels that carry Taylor coefficients, up to order 3; those by x lead to the densities.
public sealed partial class Tensor<T>
{
    /// <summary>P(a, x) = γ(a, x) / Γ(a) of the shape a (this) and x, with broadcasting. ∂P/∂x = x^(a-1) exp(-x) / Γ(a); ∂P/∂a is computed too, by differentiated expansions.</summary>
    /// <param name="x">The upper limit of the integral, 0 or more.</param>
    /// <remarks>NaN for negative arguments (DLMF 8.2.4). Derivatives by a up to order 3.</remarks>
    /// <returns>A tensor of the broadcast shape.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="NotSupportedException">In a sweep: the fourth derivative by a is asked for.</exception>
    public Tensor<T> RegularizedGammaP(Tensor<T> x) => Special(IncompleteGamma.P, this, x, nameof(RegularizedGammaP),
        dx: static (a, x, _) => GammaShapeDerivative(1, a, x), dy: static (a, x, _) => GammaDensity(a, x));

    /// <summary>Q(a, x) = Γ(a, x) / Γ(a) = 1 - P(a, x) of the shape a (this) and x, with broadcasting, without cancellation where it is small. ∂Q/∂x = -x^(a-1) exp(-x) / Γ(a), ∂Q/∂a = -∂P/∂a.</summary>
    /// <param name="x">The lower limit of the integral, 0 or more.</param>
    /// <remarks>NaN for negative arguments (DLMF 8.2.4). Derivatives by a up to order 3.</remarks>
    /// <returns>A tensor of the broadcast shape.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="NotSupportedException">In a sweep: the fourth derivative by a is asked for.</exception>
    public Tensor<T> RegularizedGammaQ(Tensor<T> x) => Special(IncompleteGamma.Q, this, x, nameof(RegularizedGammaQ),
        dx: static (a, x, _) => -GammaShapeDerivative(1, a, x), dy: static (a, x, _) => -GammaDensity(a, x));

    /// <summary>The x with P(a, x) = p, for the shape a (this) and p in [0, 1], with broadcasting: the quantile of the gamma distribution. ∂x/∂p = 1 / (∂P/∂x), ∂x/∂a = -(∂P/∂a) / (∂P/∂x).</summary>
    /// <param name="p">The probability.</param>
    /// <remarks>Figurnov, Mohamed and Mnih, Implicit reparameterization gradients, 2018. Derivatives by a up to order 3.</remarks>
    /// <returns>A tensor of the broadcast shape.</returns>
    /// <exception cref="ArgumentNullException">p is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="NotSupportedException">In a sweep: the fourth derivative by a is asked for.</exception>
    public Tensor<T> InverseRegularizedGammaP(Tensor<T> p) => Special(IncompleteGamma.InverseP, this, p, nameof(InverseRegularizedGammaP),
        dx: static (a, _, x) => GammaSampleDerivative(a, x), dy: static (a, _, x) => GammaDensity(a, x).Reciprocal());

    /// <summary>The x with Q(a, x) = q, for the shape a (this) and q in [0, 1], with broadcasting. ∂x/∂q = -1 / (∂P/∂x), ∂x/∂a = -(∂P/∂a) / (∂P/∂x).</summary>
    /// <param name="q">The probability of a larger value.</param>
    /// <remarks>As <see cref="InverseRegularizedGammaP"/>, but exact for small q. Derivatives by a up to order 3.</remarks>
    /// <returns>A tensor of the broadcast shape.</returns>
    /// <exception cref="ArgumentNullException">q is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="NotSupportedException">In a sweep: the fourth derivative by a is asked for.</exception>
    public Tensor<T> InverseRegularizedGammaQ(Tensor<T> q) => Special(IncompleteGamma.InverseQ, this, q, nameof(InverseRegularizedGammaQ),
        dx: static (a, _, x) => GammaSampleDerivative(a, x), dy: static (a, _, x) => -GammaDensity(a, x).Reciprocal());

    /// <summary>f(a, x) = x^(a-1) exp(-x) / Γ(a). ∂f/∂a = f (log x - ψ(a)), ∂f/∂x = f ((a - 1)/x - 1).</summary>
    private static Tensor<T> GammaDensity(Tensor<T> a, Tensor<T> x) => Special(IncompleteGamma.Density, a, x, nameof(GammaDensity),
        dx: static (a, x, f) => f * (x.Log() - a.Digamma()), dy: static (a, x, f) => f * (((a - T.One) / x) - T.One));

    /// <summary>∂ⁿP/∂aⁿ, n = 1 to 3. Its derivative by x is ∂ⁿf/∂aⁿ = f · (the n-th complete Bell polynomial of log x - ψ(a) and its derivatives).</summary>
    private static Tensor<T> GammaShapeDerivative(int n, Tensor<T> a, Tensor<T> x) => Special((a, x) => IncompleteGamma.ShapeDerivative(n, a, x), a, x, nameof(GammaShapeDerivative),
        dx: (a, x, _) => n < 3 ? GammaShapeDerivative(n + 1, a, x) : throw NotSoOften("RegularizedGamma", "a", 4),
        dy: (a, x, _) =>
        {
            Tensor<T> slope = x.Log() - a.Digamma();
            return GammaDensity(a, x) * (n == 1 ? slope : n == 2 ? slope.Square() - a.Polygamma(1) : (slope * (slope.Square() - (a.Polygamma(1) * Real(3)))) - a.Polygamma(2));
        }, parameters: n);

    /// <summary>s = -(∂P/∂a) / f. With L = log x - ψ(a) = ∂ log f / ∂a: ∂s/∂a = -(∂²P/∂a²) / f - s L, ∂s/∂x = -L - s ∂ log f / ∂x.</summary>
    private static Tensor<T> GammaSampleDerivative(Tensor<T> a, Tensor<T> x) => Special(IncompleteGamma.SampleDerivative, a, x, nameof(GammaSampleDerivative),
        dx: static (a, x, s) => -(GammaShapeDerivative(2, a, x) / GammaDensity(a, x)) - (s * (x.Log() - a.Digamma())),
        dy: static (a, x, s) => a.Digamma() - x.Log() - (s * (((a - T.One) / x) - T.One)));

    /// <summary>I_x(a, b), the regularized incomplete beta function of x (this) in [0, 1] and the shapes a and b, with broadcasting. ∂I/∂x = x^(a-1) (1 - x)^(b-1) / B(a, b); ∂I/∂a and ∂I/∂b are computed too.</summary>
    /// <param name="a">The first shape, positive.</param>
    /// <param name="b">The second shape, positive.</param>
    /// <remarks>NaN outside its domain (DLMF 8.17.2). Derivatives by the shapes up to order 3.</remarks>
    /// <returns>A tensor of the broadcast shape.</returns>
    /// <exception cref="ArgumentNullException">a or b is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="NotSupportedException">In a sweep: the fourth derivative by the shapes is asked for.</exception>
    public Tensor<T> RegularizedBeta(Tensor<T> a, Tensor<T> b) =>
        BetaShapeDerivative(0, 0, this, Errors.NotNull(a, nameof(RegularizedBeta), nameof(a)), Errors.NotNull(b, nameof(RegularizedBeta), nameof(b)), nameof(RegularizedBeta));

    /// <summary>The x with I_x(a, b) = p, for p (this) in [0, 1] and the shapes a and b, with broadcasting: the quantile of the beta distribution. ∂x/∂p = 1 / (∂I/∂x), ∂x/∂a = -(∂I/∂a) / (∂I/∂x), and likewise for b.</summary>
    /// <param name="a">The first shape, positive.</param>
    /// <param name="b">The second shape, positive.</param>
    /// <remarks>Derivatives by the shapes up to order 3.</remarks>
    /// <returns>A tensor of the broadcast shape.</returns>
    /// <exception cref="ArgumentNullException">a or b is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="NotSupportedException">In a sweep: the fourth derivative by the shapes is asked for.</exception>
    public Tensor<T> InverseRegularizedBeta(Tensor<T> a, Tensor<T> b) => Special(static (p, a, b) => IncompleteBeta.Inverse(a, b, p),
        this, Errors.NotNull(a, nameof(InverseRegularizedBeta), nameof(a)), Errors.NotNull(b, nameof(InverseRegularizedBeta), nameof(b)), nameof(InverseRegularizedBeta), null,
        static o => BetaDensity(o.Output, o[1], o[2]).Reciprocal(),
        static o => -(BetaShapeDerivative(1, 0, o.Output, o[1], o[2]) / BetaDensity(o.Output, o[1], o[2])),
        static o => -(BetaShapeDerivative(0, 1, o.Output, o[1], o[2]) / BetaDensity(o.Output, o[1], o[2])));

    /// <summary>f = x^(a-1) (1 - x)^(b-1) / B(a, b). ∂f/∂x = f ((a - 1)/x - (b - 1)/(1 - x)), ∂f/∂a = f (log x + ψ(a + b) - ψ(a)), ∂f/∂b = f (log(1 - x) + ψ(a + b) - ψ(b)).</summary>
    private static Tensor<T> BetaDensity(Tensor<T> x, Tensor<T> a, Tensor<T> b) => Special(static (x, a, b) => IncompleteBeta.Density(a, b, x), x, a, b, nameof(BetaDensity), null,
        static o => o.Output * (((o[1] - T.One) / o[0]) - ((o[2] - T.One) / (T.One - o[0]))),
        static o => o.Output * LogSlope(o[0].Log(), o[1], o[2]),
        static o => o.Output * LogSlope((-o[0]).Log1p(), o[2], o[1]));

    /// <summary>∂^(m+n) I / ∂aᵐ ∂bⁿ, m + n = 0 to 3. Its derivative by x is ∂^(m+n) f / ∂aᵐ ∂bⁿ, by the derivatives of log f.</summary>
    private static Tensor<T> BetaShapeDerivative(int m, int n, Tensor<T> x, Tensor<T> a, Tensor<T> b, string name = nameof(BetaShapeDerivative)) => Special(
        m + n == 0 ? static (x, a, b) => IncompleteBeta.Value(a, b, x) : (x, a, b) => IncompleteBeta.ShapeDerivative(m, n, a, b, x), x, a, b, name, (m, n),
        o => m + n == 0 ? BetaDensity(o[0], o[1], o[2]) : BetaDensity(o[0], o[1], o[2]) * RelativeDerivative(m, n, o[0], o[1], o[2]),
        o => m + n < 3 ? BetaShapeDerivative(m + 1, n, o[0], o[1], o[2]) : throw NotSoOften(nameof(RegularizedBeta), "a or b", 4),
        o => m + n < 3 ? BetaShapeDerivative(m, n + 1, o[0], o[1], o[2]) : throw NotSoOften(nameof(RegularizedBeta), "a or b", 4));

    /// <summary>(∂^(m+n) f / ∂aᵐ ∂bⁿ) / f, m + n of 1 or 2. (That of order 3 belongs to a fourth derivative.)</summary>
    private static Tensor<T> RelativeDerivative(int m, int n, Tensor<T> x, Tensor<T> a, Tensor<T> b)
    {
        Tensor<T> ByA() => LogSlope(x.Log(), a, b);
        Tensor<T> ByB() => LogSlope((-x).Log1p(), b, a);
        return (m, n) switch
        {
            (1, 0) => ByA(),
            (0, 1) => ByB(),
            (2, 0) => ByA().Square() + PolygammaDifference(1, a, b),
            (0, 2) => ByB().Square() + PolygammaDifference(1, b, a),
            (1, 1) => (ByA() * ByB()) + (a + b).Polygamma(1),
            _ => throw NotSoOften(nameof(RegularizedBeta), "a or b", 4),
        };
    }

    /// <summary>log x + ψ(a + b) - ψ(a).</summary>
    private static Tensor<T> LogSlope(Tensor<T> log, Tensor<T> a, Tensor<T> b) => log + PolygammaDifference(0, a, b);
}
