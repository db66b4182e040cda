using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

// Losses of probabilities of yes and no, of distributions, and of overlaps.
public static partial class Loss
{
    /// <summary>How far probabilities are from targets of 0 or 1: the cross-entropy -(t log(p) + (1 - t) log(1 - p)), where logarithms below -100 count as -100. dL = (p - t) / (p (1 - p)) dp + (log(1 - p) - log(p)) dt.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="prediction">The probabilities p.</param>
    /// <param name="target">The targets t, from 0 to 1, in the same shape.</param>
    /// <param name="reduction">What becomes of the elements' losses.</param>
    /// <remarks>In the derivative, p (1 - p) counts as 1e-12 at least, so that it stays finite at 0 and 1. <see cref="BinaryCrossEntropyWithLogits"/> is accurate without such bounds.</remarks>
    /// <returns>The loss: a scalar, or one value for each element or sample if nothing is reduced.</returns>
    /// <exception cref="ArgumentNullException">prediction or target is null.</exception>
    /// <exception cref="TensorShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">There is no such reduction.</exception>
    public static Tensor<T> BinaryCrossEntropy<T>(Tensor<T> prediction, Tensor<T> target, Reduction reduction = Reduction.Mean) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(nameof(BinaryCrossEntropy), reduction, prediction, target);
        return Reduce(Tensor<T>.Binary(Likelihoods.BinaryCrossEntropy, prediction, target, nameof(BinaryCrossEntropy),
            dx: static (p, t, _) => Slope(p, t), dy: static (p, _, _) => LogOdds(p)), reduction);

        // (p - t) R with R = 1 / max(p (1 - p), 1e-12). Where the bound does not hold its derivative by p is t / p² + (1 - t) / (1 - p)², else R.
        static Tensor<T> Slope(Tensor<T> p, Tensor<T> t) => Tensor<T>.Pairwise(static (p, t) => (p - t) * Likelihoods.ReciprocalVariance(p), p, t, "BinaryCrossEntropySlope",
            dx: static (p, t, _) =>
            {
                Tensor<T> q = T.One - p;
                return ((t / p / p) + ((T.One - t) / q / q)).Choose(IsInside(p, t), Variance(p));
            },
            dy: static (p, _, _) => -Variance(p));

        static Tensor<T> IsInside(Tensor<T> p, Tensor<T> t) => Tensor<T>.Mask(p, t, "IsInside", static (p, _) => Likelihoods.IsInside(p));

        static Tensor<T> Variance(Tensor<T> p) => p.Pointwise(Likelihoods.ReciprocalVariance,
            ofInput: static p => (((p * Number<T>(2)) - T.One) * Variance(p).Square()).SelectUnless(static (p, _) => !Likelihoods.IsInside(p), p, p, "IsInside"), name: "ReciprocalVariance");

        static Tensor<T> LogOdds(Tensor<T> p) => p.Elementwise(Likelihoods.NegativeLogOdds, ofInput: static p => -Variance(p), name: "LogOdds");
    }

    /// <summary>How far the probabilities σ(x) are from targets of 0 or 1, without overflow or cancellation: the cross-entropy t w log(1 + e^-x) + (1 - t) log(1 + e^x). dL = ((1 - t) σ(x) - t w σ(-x)) dx, and -x dt for w = 1.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="prediction">The logits x.</param>
    /// <param name="target">The targets t, from 0 to 1, in the same shape.</param>
    /// <param name="positiveWeight">The weight w of positive targets, in a shape that stretches to that of the logits; 1 unless given.</param>
    /// <param name="reduction">What becomes of the elements' losses.</param>
    /// <returns>The loss: a scalar, or one value for each element or sample if nothing is reduced.</returns>
    /// <exception cref="ArgumentNullException">prediction or target is null.</exception>
    /// <exception cref="TensorShapeException">The shapes differ, or the weight does not stretch to them.</exception>
    /// <exception cref="ArgumentException">There is no such reduction.</exception>
    /// <example>
    /// <code>
    /// Tensor&lt;double> logits = Tensor.Create(0, 0), labels = Tensor.Create(0, 1);
    /// Console.WriteLine($"{Loss.BinaryCrossEntropyWithLogits(logits, labels):0.0000}"); // => 0.6931
    /// </code>
    /// </example>
    public static Tensor<T> BinaryCrossEntropyWithLogits<T>(Tensor<T> prediction, Tensor<T> target, Tensor<T>? positiveWeight = null, Reduction reduction = Reduction.Mean)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(nameof(BinaryCrossEntropyWithLogits), reduction, prediction, target);
        CheckWeight(nameof(BinaryCrossEntropyWithLogits), positiveWeight, prediction);
        return Reduce(LogitsLoss(prediction, target, positiveWeight), reduction);
    }

    /// <summary>How far a distribution is from another one, an element's part of it: t (log(t) - x), for the logarithm x of the predicted probability.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="prediction">The logarithms x of the predicted probabilities.</param>
    /// <param name="target">The probabilities t, or their logarithms, in the same shape.</param>
    /// <param name="logTarget">Whether the targets are logarithms.</param>
    /// <param name="reduction">What becomes of the elements' losses. The divergence itself is the sum, and <see cref="Reduction.BatchMean"/> the mean of the divergences of samples.</param>
    /// <remarks>Where t is 0 the loss is 0, and the derivative by x too.</remarks>
    /// <returns>The loss: a scalar, or one value for each element or sample if nothing is reduced.</returns>
    /// <exception cref="ArgumentNullException">prediction or target is null.</exception>
    /// <exception cref="TensorShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">There is no such reduction.</exception>
    public static Tensor<T> KullbackLeiblerDivergence<T>(Tensor<T> prediction, Tensor<T> target, bool logTarget = false, Reduction reduction = Reduction.Mean)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(nameof(KullbackLeiblerDivergence), reduction, prediction, target);
        if (logTarget)
        {
            return Reduce((target - prediction).TimesVanishing(target.Exp()), reduction);
        }

        Tensor<T> cross = (target * prediction).SelectUnless(static (t, x) => t == T.Zero && T.IsNegativeInfinity(x), target, prediction, "IsPossible");
        return Reduce(-(target.Entropy() + cross), reduction);
    }

    /// <summary>The cross-entropy of σ(x), in which what is easy counts less: it is multiplied by (1 - q)^γ, where q is the probability given to the target.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="prediction">The logits x.</param>
    /// <param name="target">The targets t, from 0 to 1, in the same shape.</param>
    /// <param name="gamma">The exponent γ; 2 unless given.</param>
    /// <param name="alpha">The weight of positive targets, that of negative ones being 1 - α; none unless given.</param>
    /// <param name="reduction">What becomes of the elements' losses.</param>
    /// <remarks>Lin et al., "Focal loss for dense object detection" (2017).</remarks>
    /// <returns>The loss: a scalar, or one value for each element or sample if nothing is reduced.</returns>
    /// <exception cref="ArgumentNullException">prediction or target is null.</exception>
    /// <exception cref="TensorShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">There is no such reduction.</exception>
    public static Tensor<T> Focal<T>(Tensor<T> prediction, Tensor<T> target, T? gamma = null, T? alpha = null, Reduction reduction = Reduction.Mean)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(nameof(Focal), reduction, prediction, target);
        Tensor<T> rest = T.One - target;
        Tensor<T> missed = (prediction.Sigmoid() * rest) + ((-prediction).Sigmoid() * target);
        Tensor<T> losses = LogitsLoss(prediction, target, null) * missed.Pow(gamma ?? Number<T>(2));
        return Reduce(alpha is { } a ? losses * ((target * a) + (rest * (T.One - a))) : losses, reduction);
    }

    /// <summary>How little prediction and target overlap, one number for each sample: 1 - (2 Σ p t + s) / (Σ p + Σ t + s).</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="prediction">The probabilities p: a batch of samples along the first axis, or one sample of rank 1 or 0.</param>
    /// <param name="target">The targets t, from 0 to 1, in the same shape.</param>
    /// <param name="smooth">The number s that keeps the quotient defined where nothing is there; 1 unless given.</param>
    /// <param name="reduction">What becomes of the samples' losses.</param>
    /// <remarks>Milletari, Navab and Ahmadi, "V-Net" (2016), with plain sums in the denominator.</remarks>
    /// <returns>The loss: a scalar, or one value for each element or sample if nothing is reduced.</returns>
    /// <exception cref="ArgumentNullException">prediction or target is null.</exception>
    /// <exception cref="TensorShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">There is no such reduction.</exception>
    public static Tensor<T> Dice<T>(Tensor<T> prediction, Tensor<T> target, T? smooth = null, Reduction reduction = Reduction.Mean) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(nameof(Dice), reduction, prediction, target);
        T s = smooth ?? T.One;
        int[] axes = prediction.Rank < 2 ? [] : [.. Enumerable.Range(1, prediction.Rank - 1)];
        Tensor<T> overlap = ((prediction * target).Sum(axes) * Number<T>(2)) + s;
        return Reduce(T.One - (overlap / (prediction.Sum(axes) + target.Sum(axes) + s)), reduction);
    }

    /// <summary>The cross-entropy of the logistic function, as a sum of terms that are not negative.</summary>
    private static Tensor<T> LogitsLoss<T>(Tensor<T> x, Tensor<T> t, Tensor<T>? positiveWeight) where T : unmanaged, IBinaryFloatingPointIeee754<T> => positiveWeight is not null
        ? ((-x).Softplus() * t * positiveWeight) + (x.Softplus() * (T.One - t))
        : Tensor<T>.Binary(Likelihoods.BinaryCrossEntropyWithLogits, x, t, nameof(BinaryCrossEntropyWithLogits),
            dx: static (x, t, _) => (x.Sigmoid() * (T.One - t)) - ((-x).Sigmoid() * t), dy: static (x, _, _) => -x);

    private static void CheckWeight<T>(string operation, Tensor<T>? weight, Tensor<T> prediction) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (weight is not null && !Shapes.BroadcastsTo(weight.Shape, prediction.Shape))
        {
            throw Errors.Shape(operation, $"the weight has shape {Shapes.Format(weight.Shape)}", $"one that stretches to {Shapes.Format(prediction.Shape)}", "reshape the weight");
        }

        Tensor<T>.TapeOf([prediction, weight ?? prediction], operation);
    }
}
