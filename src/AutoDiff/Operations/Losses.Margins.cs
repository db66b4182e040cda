using System.Numerics;

namespace AutoDiff;

// Losses of margins: of signs, of rankings, of angles and of distances. Where a margin is just kept, the derivative is 0.
public static partial class Loss
{
    /// <summary>How far apart similar things are, and how much is lacking to a margin between others: x where y > 0, max(0, m - x) elsewhere, for a distance x and a label y of 1 or -1.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="prediction">The distances x.</param>
    /// <param name="label">The labels y, 1 or -1, in the same shape; constants for differentiation.</param>
    /// <param name="margin">The margin m; 1 unless given.</param>
    /// <param name="reduction">What becomes of the elements' losses.</param>
    /// <returns>The loss: a scalar, or one value for each element or sample if nothing is reduced.</returns>
    /// <exception cref="ArgumentNullException">prediction or label is null.</exception>
    /// <exception cref="TensorShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">There is no such reduction.</exception>
    public static Tensor<T> HingeEmbedding<T>(Tensor<T> prediction, Tensor<T> label, T? margin = null, Reduction reduction = Reduction.Mean) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(nameof(HingeEmbedding), reduction, prediction, label);
        return Reduce(prediction.Choose(IsPositive(label), ((margin ?? T.One) - prediction).Relu()), reduction);
    }

    /// <summary>How wrong the sign of a score is: log(1 + e^(-y x)), for a label y of 1 or -1. dL = -σ(-y x) (y dx + x dy).</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="prediction">The scores x.</param>
    /// <param name="label">The labels y, 1 or -1, in the same shape.</param>
    /// <param name="reduction">What becomes of the elements' losses.</param>
    /// <returns>The loss: a scalar, or one value for each element or sample if nothing is reduced.</returns>
    /// <exception cref="ArgumentNullException">prediction or label is null.</exception>
    /// <exception cref="TensorShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">There is no such reduction.</exception>
    public static Tensor<T> SoftMargin<T>(Tensor<T> prediction, Tensor<T> label, Reduction reduction = Reduction.Mean) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(nameof(SoftMargin), reduction, prediction, label);
        return Reduce((-(label * prediction)).Softplus(), reduction);
    }

    /// <summary>How far two scores are from the order that is wanted: max(0, m - y (a - b)). A label y of 1 wants a ranked above b, -1 below.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="first">The scores a.</param>
    /// <param name="second">The scores b, in the same shape.</param>
    /// <param name="label">The labels y, 1 or -1, in the same shape.</param>
    /// <param name="margin">The margin m; 0 unless given.</param>
    /// <param name="reduction">What becomes of the elements' losses.</param>
    /// <returns>The loss: a scalar, or one value for each element or sample if nothing is reduced.</returns>
    /// <exception cref="ArgumentNullException">first, second or label is null.</exception>
    /// <exception cref="TensorShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">There is no such reduction.</exception>
    public static Tensor<T> MarginRanking<T>(Tensor<T> first, Tensor<T> second, Tensor<T> label, T margin = default, Reduction reduction = Reduction.Mean)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(nameof(MarginRanking), reduction, first, second, label);
        return Reduce((margin - (label * (first - second))).Relu(), reduction);
    }

    /// <summary>How far apart similar vectors point, and how near to each other others: 1 - cos(a, b) where y > 0, max(0, cos(a, b) - m) elsewhere, with the angle between vectors along the last axis.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="first">The vectors a, along the last axis.</param>
    /// <param name="second">The vectors b, in the same shape.</param>
    /// <param name="label">The labels y, 1 or -1, one for each pair of vectors; constants for differentiation.</param>
    /// <param name="margin">The margin m; 0 unless given.</param>
    /// <param name="reduction">What becomes of the pairs' losses.</param>
    /// <remarks>The cosine with a zero vector counts as 0, and its derivative too.</remarks>
    /// <returns>The loss: a scalar, or one value for each element or sample if nothing is reduced.</returns>
    /// <exception cref="ArgumentNullException">label is null.</exception>
    /// <exception cref="TensorShapeException">The shapes differ, the vectors are scalars, or the labels do not have the shape without the last axis.</exception>
    /// <exception cref="ArgumentException">There is no such reduction.</exception>
    public static Tensor<T> CosineEmbedding<T>(Tensor<T> first, Tensor<T> second, Tensor<T> label, T margin = default, Reduction reduction = Reduction.Mean)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(nameof(CosineEmbedding), reduction, first, second);
        Errors.NotNull(label, nameof(CosineEmbedding), nameof(label));
        if (first.Rank == 0 || !label.Shape.SequenceEqual(first.Shape[..^1]))
        {
            throw Errors.Shape(nameof(CosineEmbedding), $"the labels have shape {Shapes.Format(label.Shape)} for vectors of shape {Shapes.Format(first.Shape)}",
                "one label for each vector along the last axis", "give a batch of vectors, and a label for each");
        }

        Tensor<T>.TapeOf([first, second, label], nameof(CosineEmbedding));
        Tensor<T> cosine = (Unit(first) * Unit(second)).Sum(-1);
        return Reduce((T.One - cosine).Choose(IsPositive(label), (cosine - margin).Relu()), reduction);

        static Tensor<T> Unit(Tensor<T> x)
        {
            Tensor<T> length = x.Norm(Number<T>(2), [-1], keepDims: true);
            return (x / length).SelectUnless(static (_, length) => length == T.Zero, x, length, "IsRightNonzero");
        }
    }

    /// <summary>How much is lacking to a margin between the distance of what is alike and that of what is not: max(0, ‖a - p + ε‖ - ‖a - n + ε‖ + m), with norms of order k along the last axis: the positive p is to be nearer to the anchor a than the negative n.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="anchor">The anchors a, vectors along the last axis.</param>
    /// <param name="positive">The positives p, in the same shape.</param>
    /// <param name="negative">The negatives n, in the same shape.</param>
    /// <param name="margin">The margin m; 1 unless given.</param>
    /// <param name="order">The order k of the norm; 2 unless given.</param>
    /// <param name="eps">What is added to the differences, ε; 1e-6 unless given. 0 is no harm: the derivative of a norm at 0 is 0.</param>
    /// <param name="swap">Whether the negative may be nearer to the positive than to the anchor: then that distance counts.</param>
    /// <param name="reduction">What becomes of the samples' losses.</param>
    /// <remarks>The swap: Balntas et al., "Learning local feature descriptors with triplets and shallow convolutional neural networks" (2016).</remarks>
    /// <returns>The loss: a scalar, or one value for each element or sample if nothing is reduced.</returns>
    /// <exception cref="ArgumentNullException">anchor, positive or negative is null.</exception>
    /// <exception cref="TensorShapeException">The shapes differ, or the vectors are scalars.</exception>
    /// <exception cref="ArgumentException">There is no such reduction.</exception>
    public static Tensor<T> TripletMargin<T>(Tensor<T> anchor, Tensor<T> positive, Tensor<T> negative, T? margin = null, T? order = null, T? eps = null, bool swap = false,
        Reduction reduction = Reduction.Mean) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(nameof(TripletMargin), reduction, anchor, positive, negative);
        if (anchor.Rank == 0)
        {
            throw Errors.Shape(nameof(TripletMargin), "the vectors are scalars", "vectors along the last axis", "give a batch of vectors");
        }

        (T k, T e) = (order ?? Number<T>(2), eps ?? Number<T>(1e-6));
        Tensor<T> near = (anchor - positive + e).Norm(k, -1);
        Tensor<T> far = (anchor - negative + e).Norm(k, -1);
        far = swap ? far.Minimum((positive - negative + e).Norm(k, -1)) : far;
        return Reduce((near - far + (margin ?? T.One)).Relu(), reduction);
    }

    private static Tensor<T> IsPositive<T>(Tensor<T> label) where T : unmanaged, IBinaryFloatingPointIeee754<T> => label.Pointwise(static y => y > T.Zero ? T.One : T.Zero);
}
