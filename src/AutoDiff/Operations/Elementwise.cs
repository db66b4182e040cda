using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

// Elementwise functions of one tensor: each is its kernel and its derivative. The derivative is taken in terms of the input where the output has lost the digits it needs (tails), of the
// output where that is exact and saves work.
public sealed partial class Tensor<T>
{
    /// <summary>e^x. dy = y dx.</summary>
    /// <returns>A tensor of the same shape.</returns>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create(0, 1).Exp()); // => [1, 2.71828183]
    /// </code>
    /// </example>
    public Tensor<T> Exp() => Elementwise(VectorMath.Exp, ofOutput: static y => y);

    /// <summary>e^x - 1, without cancellation near 0. dy = e^x dx.</summary>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Expm1() => Elementwise(VectorMath.Expm1, ofInput: static x => x.Exp(), times: VectorMath.TimesExp);

    /// <summary>The natural logarithm. dy = dx / x.</summary>
    /// <remarks>At 0 the value is -∞ and the derivative ∞; below 0 the value is NaN.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <example>
    /// <code>
    /// Console.WriteLine(Differentiate.Derivative(x => x.Log(), 4)); // => 0.25
    /// </code>
    /// </example>
    public Tensor<T> Log() => Elementwise(VectorMath.Log, ofInput: static x => x.Reciprocal(), times: VectorMath.TimesReciprocal);

    /// <summary>log(1 + x), without cancellation near 0. dy = dx / (1 + x).</summary>
    /// <remarks>At -1 the value is -∞ and the derivative ∞; below -1 the value is NaN.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Log1p() => Elementwise(VectorMath.Log1p, ofInput: static x => (x + T.One).Reciprocal());

    /// <summary>√x. dy = dx / (2 y).</summary>
    /// <remarks>At 0 the derivative is ∞; below 0 the value is NaN. <see cref="Norm(T, ReadOnlySpan{int})"/> is free of this at the zero vector.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create(4, 9).Sqrt()); // => [2, 3]
    /// </code>
    /// </example>
    public Tensor<T> Sqrt() => Elementwise(VectorMath.Sqrt, ofOutput: static y => y.HalfReciprocal(), times: VectorMath.TimesHalfReciprocal);

    /// <summary>1 / (2 |y|), for y not below 0, so that -0 is as 0. dh = -2 h² dy.</summary>
    private Tensor<T> HalfReciprocal() => Elementwise(VectorMath.HalfReciprocal, ofOutput: static h => h.Square() * T.CreateChecked(-2));

    /// <summary>|x|. dy = sign(x) dx.</summary>
    /// <remarks>At 0 the derivative is 0, the subgradient of least norm.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <example>
    /// <code>
    /// Console.WriteLine(Differentiate.Gradient(x => x.Abs().Sum(), [-2.0, 0.0, 3.0])); // => [-1, 0, 1]
    /// </code>
    /// </example>
    public Tensor<T> Abs() => Elementwise(VectorMath.Abs, ofInput: static x => x.Sign(), times: VectorMath.TimesSign);

    /// <summary>-1, 0 or 1 with the sign of x. The derivative is 0.</summary>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Sign() => Elementwise(static (x, y) => Pieces.Map<Pieces.Sign, T>(x, T.Zero, T.Zero, y));

    /// <summary>The sine. dy = cos(x) dx.</summary>
    /// <returns>A tensor of the same shape.</returns>
    /// <example>
    /// <code>
    /// Console.WriteLine(Differentiate.Derivative(x => x.Sin(), 0)); // => 1
    /// </code>
    /// </example>
    public Tensor<T> Sin() => Elementwise(VectorMath.Sin, ofInput: static x => x.Cos(), times: VectorMath.TimesCos,
        withSlope: VectorMath.SinWithSlope);

    /// <summary>The cosine. dy = -sin(x) dx.</summary>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Cos() => Elementwise(VectorMath.Cos, ofInput: static x => -x.Sin(), times: VectorMath.TimesNegatedSin,
        withSlope: VectorMath.CosWithSlope);

    /// <summary>The trigonometric tangent, sin(x) / cos(x). dy = (1 + y²) dx.</summary>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Tan() => Elementwise(VectorMath.Tan, ofOutput: static y => y.Square() + T.One);

    /// <summary>The hyperbolic tangent. dy = sech²(x) dx.</summary>
    /// <remarks>The derivative is computed from x, not as (1 - y)(1 + y), so that it keeps its digits where y rounds to ±1.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <example>
    /// <code>
    /// Console.WriteLine($"{Tensor.Create(-1, 0, 1).Tanh():0.000}"); // => [-0.762, 0.000, 0.762]
    /// </code>
    /// </example>
    public Tensor<T> Tanh() => Elementwise(VectorMath.Tanh, ofInput: static x => x.SechSquared(), times: VectorMath.TimesSechSquared,
        withSlope: VectorMath.TanhWithSlope);

    /// <summary>The logistic function 1 / (1 + e^-x). dy = σ(x) σ(-x) dx.</summary>
    /// <remarks>The derivative is computed from x, not as y (1 - y), so that it keeps its digits where y rounds to 1.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Scalar(0.0).Sigmoid()); // => 0.5
    /// </code>
    /// </example>
    public Tensor<T> Sigmoid() => Elementwise(VectorMath.Sigmoid, ofInput: static x => x.SigmoidSlope(), times: VectorMath.TimesSigmoidSlope,
        withSlope: VectorMath.SigmoidWithSlope);

    /// <summary>max(x, 0). dy = dx where x > 0.</summary>
    /// <remarks>At 0 the derivative is 0, the subgradient of least norm. NaN stays NaN, with derivative NaN.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create(-1, 0, 2).Relu()); // => [0, 0, 2]
    /// </code>
    /// </example>
    public Tensor<T> Relu() => Elementwise(VectorMath.Relu, ofOutput: static y => y.Sign(), times: VectorMath.TimesSign);

    /// <summary>log(1 + e^x), linear for large x. dy = σ(x) dx.</summary>
    /// <returns>A tensor of the same shape.</returns>
    /// <example>
    /// <code>
    /// Console.WriteLine($"{Tensor.Create(0, 1000).Softplus():0.000}"); // => [0.693, 1000.000]
    /// </code>
    /// </example>
    public Tensor<T> Softplus() => Elementwise(VectorMath.Softplus, ofInput: static x => x.Sigmoid(), times: VectorMath.TimesSigmoid,
        withSlope: VectorMath.SoftplusWithSlope);

    /// <summary>x limited to [min, max], or on one side. dy = dx strictly inside.</summary>
    /// <param name="min">The lower bound; none unless given.</param>
    /// <param name="max">The upper bound; none unless given. Where it is below <paramref name="min"/>, every value becomes <paramref name="max"/>.</param>
    /// <remarks>At a bound the derivative is 0, as that of <see cref="Relu"/>. NaN stays NaN, with derivative NaN.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">No bound is given.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create(-5, 0.5, 5).Clamp(-1, 1)); // => [-1, 0.5, 1]
    /// </code>
    /// </example>
    public Tensor<T> Clamp(T? min = null, T? max = null) => (min, max) switch
    {
        ({ } a, { } b) => Between(a, b),
        ({ } a, null) => Elementwise(new LowerBound<T>(a), static (x, a, y) => VectorMath.Maximum(x, a.Value, y),
            ofInput: static (x, a) => x.Elementwise(a.Value, static (x, a, y) => Pieces.Map<Pieces.IsAbove, T>(x, a, T.Zero, y), name: "IsAbove")),
        (null, { } b) => Elementwise(new UpperBound<T>(b), static (x, b, y) => VectorMath.Minimum(x, b.Value, y),
            ofInput: static (x, b) => x.Elementwise(b.Value, static (x, b, y) => Pieces.Map<Pieces.IsBelow, T>(x, b, T.Zero, y), name: "IsBelow")),
        _ => throw Errors.Argument(nameof(Clamp), nameof(min), "no bound is given", "a lower bound, an upper bound, or both", "give one"),
    };

    private Tensor<T> Between(T min, T max) => Elementwise((min, max),
        static (x, bounds, y) =>
        {
            if (bounds.max != T.Zero && (bounds.min != T.Zero || T.IsPositive(bounds.min)))
            {
                Pieces.Map<Pieces.Clamped, T>(x, bounds.min, bounds.max, y);
                return;
            }

            // At a bound of zero the sign of zero is looked at.
            VectorMath.Maximum(x, bounds.min, y);
            VectorMath.Minimum(y, bounds.max, y);
        },
        ofInput: static (x, bounds) => x.Elementwise(bounds, static (x, bounds, y) => Pieces.Map<Pieces.IsInside, T>(x, bounds.min, bounds.max, y), name: "IsInside"), name: nameof(Clamp));

    /// <summary>1 / cosh²(x) = 4 e / (1 + e)² with e = e^(-2|x|), the derivative of tanh. dy = -2 tanh(x) y dx.</summary>
    private Tensor<T> SechSquared() => Elementwise(VectorMath.SechSquared,
        ofInput: static x => x.Tanh() * x.SechSquared() * T.CreateChecked(-2));

    /// <summary>σ(x) σ(-x) = e / (1 + e)² with e = e^(-|x|), the derivative of the logistic function. dy = -tanh(x / 2) y dx.</summary>
    private Tensor<T> SigmoidSlope() => Elementwise(VectorMath.SigmoidSlope,
        ofInput: static x => -((x * T.CreateChecked(0.5)).Tanh() * x.SigmoidSlope()));
}
