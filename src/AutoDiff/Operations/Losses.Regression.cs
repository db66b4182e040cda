using System.Numerics;

namespace AutoDiff;

// Losses of numbers: differences, quantiles, and likelihoods of counts and of normal variables.
public static partial class Loss
{
    /// <summary>The squares of the differences, (x - t)². dL = 2 (x - t) (dx - dt).</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="prediction">The predictions x.</param>
    /// <param name="target">The targets t, in the same shape.</param>
    /// <param name="reduction">What becomes of the elements' losses.</param>
    /// <returns>The loss: a scalar, or one value for each element or sample if nothing is reduced.</returns>
    /// <exception cref="ArgumentNullException">prediction or target is null.</exception>
    /// <exception cref="TensorShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">There is no such reduction.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Loss.MeanSquaredError(Tensor.Create(1, 2), Tensor.Create(1, 4))); // => 2
    /// </code>
    /// </example>
    public static Tensor<T> MeanSquaredError<T>(Tensor<T> prediction, Tensor<T> target, Reduction reduction = Reduction.Mean) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(nameof(MeanSquaredError), reduction, prediction, target);
        return Reduce((prediction - target).Square(), reduction);
    }

    /// <summary>The magnitudes of the differences, |x - t|. dL = sign(x - t) (dx - dt).</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="prediction">The predictions x.</param>
    /// <param name="target">The targets t, in the same shape.</param>
    /// <param name="reduction">What becomes of the elements' losses.</param>
    /// <remarks>Where x = t the derivative is 0.</remarks>
    /// <returns>The loss: a scalar, or one value for each element or sample if nothing is reduced.</returns>
    /// <exception cref="ArgumentNullException">prediction or target is null.</exception>
    /// <exception cref="TensorShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">There is no such reduction.</exception>
    public static Tensor<T> MeanAbsoluteError<T>(Tensor<T> prediction, Tensor<T> target, Reduction reduction = Reduction.Mean) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(nameof(MeanAbsoluteError), reduction, prediction, target);
        return Reduce((prediction - target).Abs(), reduction);
    }

    /// <summary>Squares of small differences and magnitudes of large ones, so that outliers count less: d² / 2 for |d| ≤ δ, δ (|d| - δ / 2) beyond, with d = x - t. dL = d limited to [-δ, δ].</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="prediction">The predictions x.</param>
    /// <param name="target">The targets t, in the same shape.</param>
    /// <param name="delta">Where the parabola meets the straight lines, δ; 1 unless given.</param>
    /// <param name="reduction">What becomes of the elements' losses.</param>
    /// <remarks>Huber, "Robust estimation of a location parameter" (1964). The second derivative at |d| = δ is 0.</remarks>
    /// <returns>The loss: a scalar, or one value for each element or sample if nothing is reduced.</returns>
    /// <exception cref="TensorShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">δ is not positive.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Loss.Huber(Tensor.Create(0.0, 0.0), Tensor.Create(0.5, 10))); // => 4.8125
    /// </code>
    /// </example>
    public static Tensor<T> Huber<T>(Tensor<T> prediction, Tensor<T> target, T? delta = null, Reduction reduction = Reduction.Mean) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(nameof(Huber), reduction, prediction, target);
        T d = delta ?? T.One;
        return d > T.Zero ? Reduce(HuberOf(prediction - target, d, nameof(Huber)), reduction) : throw Positive(nameof(Huber), nameof(delta), d);
    }

    /// <summary>Magnitudes of differences, rounded off at 0: d² / (2β) for |d| &lt; β, |d| - β / 2 beyond, with d = x - t: <see cref="Huber"/> divided by β.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="prediction">The predictions x.</param>
    /// <param name="target">The targets t, in the same shape.</param>
    /// <param name="beta">Where the parabola meets the straight lines, β; 1 unless given. For 0 the loss is |d|.</param>
    /// <param name="reduction">What becomes of the elements' losses.</param>
    /// <returns>The loss: a scalar, or one value for each element or sample if nothing is reduced.</returns>
    /// <exception cref="TensorShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">β is negative.</exception>
    public static Tensor<T> SmoothL1<T>(Tensor<T> prediction, Tensor<T> target, T? beta = null, Reduction reduction = Reduction.Mean) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(nameof(SmoothL1), reduction, prediction, target);
        T b = beta ?? T.One;
        return b > T.Zero ? Reduce(HuberOf(prediction - target, b, nameof(SmoothL1)) / b, reduction)
            : b == T.Zero ? Reduce((prediction - target).Abs(), reduction)
            : throw Positive(nameof(SmoothL1), nameof(beta), b);
    }

    /// <summary>Magnitudes of differences, of which small ones count more: w log(1 + |d| / ε) for |d| &lt; w, |d| - c beyond, where c joins the pieces, with d = x - t. dL = sign(d) w / (ε + |d|), or sign(d).</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="prediction">The predictions x.</param>
    /// <param name="target">The targets t, in the same shape.</param>
    /// <param name="width">Where the logarithm ends, w; 10 unless given.</param>
    /// <param name="curvature">The curvature ε; 2 unless given.</param>
    /// <param name="reduction">What becomes of the elements' losses.</param>
    /// <remarks>Feng et al., "Wing loss for robust facial landmark localization" (2018). Where x = t the derivative is 0.</remarks>
    /// <returns>The loss: a scalar, or one value for each element or sample if nothing is reduced.</returns>
    /// <exception cref="TensorShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">width or curvature is not positive.</exception>
    public static Tensor<T> Wing<T>(Tensor<T> prediction, Tensor<T> target, T? width = null, T? curvature = null, Reduction reduction = Reduction.Mean)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(nameof(Wing), reduction, prediction, target);
        (T w, T e) = (width ?? Number<T>(10), curvature ?? Number<T>(2));
        if (!(w > T.Zero && e > T.Zero))
        {
            throw w > T.Zero ? Positive(nameof(Wing), nameof(curvature), e) : Positive(nameof(Wing), nameof(width), w);
        }

        Tensor<T> d = (prediction - target).Abs();
        Tensor<T> near = (d / e).Log1p() * w;
        return Reduce(near.Choose(d.Pointwise(w, static (d, w) => d < w ? T.One : T.Zero, name: "IsNear"), d - (w - (w * T.Log(T.One + (w / e))))), reduction);
    }

    /// <summary>Differences that count more on one side, least at a quantile of the targets: τ d for d > 0, (τ - 1) d for d &lt; 0, with d = t - x. dL = -τ dx, or (1 - τ) dx.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="prediction">The predictions x.</param>
    /// <param name="target">The targets t, in the same shape.</param>
    /// <param name="quantile">The quantile τ, from 0 to 1.</param>
    /// <param name="reduction">What becomes of the elements' losses.</param>
    /// <remarks>Koenker and Bassett, "Regression quantiles" (1978). Where x = t the derivative is 0.</remarks>
    /// <returns>The loss: a scalar, or one value for each element or sample if nothing is reduced.</returns>
    /// <exception cref="TensorShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">τ is outside [0, 1].</exception>
    public static Tensor<T> Quantile<T>(Tensor<T> prediction, Tensor<T> target, T quantile, Reduction reduction = Reduction.Mean) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(nameof(Quantile), reduction, prediction, target);
        if (!(quantile >= T.Zero && quantile <= T.One))
        {
            throw Errors.Argument(nameof(Quantile), nameof(quantile), $"the quantile is {quantile}", "a number from 0 to 1", "give 0.5 for the median");
        }

        return Reduce(
            (target - prediction).Pointwise(quantile, static (d, q) => d > T.Zero ? q * d : (q - T.One) * d,
                ofInput: static (d, q) => d.Pointwise(q, static (d, q) => d > T.Zero ? q : d < T.Zero ? q - T.One : T.Zero, name: "QuantileSlope"), name: nameof(Quantile)),
            reduction);
    }

    /// <summary>The negative log-likelihood of counts t: e^x - t x for the logarithm x of the rate, or x - t log(x + ε) for the rate x itself.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="prediction">The logarithms of the rates, or the rates.</param>
    /// <param name="target">The counts t, in the same shape.</param>
    /// <param name="logInput">Whether the predictions are logarithms.</param>
    /// <param name="full">Whether to add Stirling's approximation t log(t) - t + log(2πt) / 2 of log(t!), for t > 1.</param>
    /// <param name="eps">What keeps the logarithm away from 0, ε; 1e-8 unless given.</param>
    /// <param name="reduction">What becomes of the elements' losses.</param>
    /// <returns>The loss: a scalar, or one value for each element or sample if nothing is reduced.</returns>
    /// <exception cref="ArgumentNullException">prediction or target is null.</exception>
    /// <exception cref="TensorShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">There is no such reduction.</exception>
    public static Tensor<T> PoissonNegativeLogLikelihood<T>(Tensor<T> prediction, Tensor<T> target, bool logInput = true, bool full = false, T? eps = null, Reduction reduction = Reduction.Mean)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(nameof(PoissonNegativeLogLikelihood), reduction, prediction, target);
        Tensor<T> losses = logInput ? prediction.Exp() - (target * prediction) : prediction - (target * (prediction + (eps ?? Number<T>(1e-8))).Log());
        if (full)
        {
            Tensor<T> logarithm = target.Log();
            Tensor<T> stirling = (target * logarithm) - target + ((logarithm + T.Log(T.Tau)) * Number<T>(0.5));
            losses += stirling.SelectUnless(static (t, _) => t <= T.One, target, target, "IsNotUpToOne");
        }

        return Reduce(losses, reduction);
    }

    /// <summary>The negative log-likelihood of a normal variable: (log(v) + (x - t)² / v) / 2, with the variance v kept at ε or more.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="prediction">The means x.</param>
    /// <param name="target">The observed values t, in the same shape.</param>
    /// <param name="variance">The variances v, in the same shape or one that stretches to it.</param>
    /// <param name="full">Whether to add the constant log(2π) / 2.</param>
    /// <param name="eps">The least variance ε; 1e-6 unless given. At it and below, the derivative by v is 0.</param>
    /// <param name="reduction">What becomes of the elements' losses.</param>
    /// <returns>The loss: a scalar, or one value for each element or sample if nothing is reduced.</returns>
    /// <exception cref="ArgumentNullException">variance is null.</exception>
    /// <exception cref="TensorShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">There is no such reduction.</exception>
    public static Tensor<T> GaussianNegativeLogLikelihood<T>(Tensor<T> prediction, Tensor<T> target, Tensor<T> variance, bool full = false, T? eps = null, Reduction reduction = Reduction.Mean)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(nameof(GaussianNegativeLogLikelihood), reduction, prediction, target);
        Errors.NotNull(variance, nameof(GaussianNegativeLogLikelihood), nameof(variance));
        if (!Shapes.BroadcastsTo(variance.Shape, prediction.Shape))
        {
            throw Errors.Shape(nameof(GaussianNegativeLogLikelihood), $"the variance has shape {Shapes.Format(variance.Shape)}", $"one that stretches to {Shapes.Format(prediction.Shape)}",
                "reshape the variance");
        }

        Tensor<T>.TapeOf([prediction, target, variance], nameof(GaussianNegativeLogLikelihood));
        Tensor<T> v = variance.Clamp(eps ?? Number<T>(1e-6), T.PositiveInfinity);
        Tensor<T> losses = (v.Log() + ((prediction - target).Square() / v)) * Number<T>(0.5);
        return Reduce(full ? losses + (T.Log(T.Tau) * Number<T>(0.5)) : losses, reduction);
    }

    /// <summary>The Huber function of d. Its derivative is d limited to [-δ, δ].</summary>
    private static Tensor<T> HuberOf<T>(Tensor<T> d, T delta, string name) where T : unmanaged, IBinaryFloatingPointIeee754<T> => d.Pointwise(delta,
        static (d, delta) => T.Abs(d) <= delta ? d * d * Number<T>(0.5) : delta * (T.Abs(d) - (delta * Number<T>(0.5))), ofInput: static (d, delta) => d.Clamp(-delta, delta), name: name);
}
