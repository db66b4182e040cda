namespace AutoDiff;

// Distances and angles, composed of norms: their derivatives are 0, never NaN, where two points coincide.
public sealed partial class Tensor<T>
{
    /// <summary>The distance of two tensors, the p-norm of all elements of x - y, with broadcasting.</summary>
    /// <param name="other">The other tensor y.</param>
    /// <returns>A scalar. Where the operands coincide the derivative is 0.</returns>
    /// <exception cref="ArgumentNullException">other is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> Distance(Tensor<T> other) => Distance(other, T.CreateChecked(2));

    /// <summary>The distance of two tensors in the p-norm.</summary>
    /// <param name="other">The other tensor y.</param>
    /// <param name="order">The order p, as of <see cref="Norm(T, ReadOnlySpan{int})"/>.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentNullException">other is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> Distance(Tensor<T> other, T order)
    {
        Shapes.Broadcast(shape, Errors.NotNull(other, nameof(Distance), nameof(other)).shape, nameof(Distance));
        return (this - other).Norm(order);
    }

    /// <summary>The Euclidean distances of all pairs of points: z_ij = ‖x_i - y_j‖.</summary>
    /// <param name="other">The other points y.</param>
    /// <returns>For points [m, d] and [n, d], a matrix [m, n]. Axes in front are a batch, and broadcast. For points that coincide the derivative is 0.</returns>
    /// <exception cref="ArgumentNullException">other is null.</exception>
    /// <exception cref="TensorShapeException">An operand has a rank below 2, the points have different dimensions, or the batches do not broadcast.</exception>
    public Tensor<T> PairwiseDistances(Tensor<T> other) => PairwiseDistances(other, T.CreateChecked(2));

    /// <summary>The distances of all pairs of points in the p-norm.</summary>
    /// <param name="other">The other points y.</param>
    /// <param name="order">The order p, as of <see cref="Norm(T, ReadOnlySpan{int})"/>.</param>
    /// <remarks>The differences are formed: the matrix product |x|² + |y|² - 2 x·y would lose the digits of close points, and their derivatives.</remarks>
    /// <returns>The distances, of shape [..., m, n].</returns>
    /// <exception cref="ArgumentNullException">other is null.</exception>
    /// <exception cref="TensorShapeException">An operand has a rank below 2, the points have different dimensions, or the batches do not broadcast.</exception>
    public Tensor<T> PairwiseDistances(Tensor<T> other, T order)
    {
        Errors.NotNull(other, nameof(PairwiseDistances), nameof(other));
        if (Rank < 2 || other.Rank < 2 || shape[^1] != other.shape[^1])
        {
            throw Errors.Shape(nameof(PairwiseDistances), $"the shapes are {Shapes.Format(shape)} and {Shapes.Format(other.shape)}", "points [m, d] and [n, d], of one dimension d",
                "put the coordinates on the last axis");
        }

        Shapes.Broadcast(shape[..^2], other.shape[..^2], nameof(PairwiseDistances));
        TapeOf(this, other, nameof(PairwiseDistances));
        return (ExpandDims(-2) - other.ExpandDims(-3)).Norm(order, -1);
    }

    /// <summary>x divided by its Euclidean norm along an axis: x / max(‖x‖, ε) with ε = 1e-12.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> Normalize(int axis = -1) => Normalize(T.CreateChecked(2), axis, T.CreateChecked(1e-12));

    /// <summary>x divided by its p-norm along an axis: x / max(‖x‖, ε).</summary>
    /// <param name="order">The order p.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="epsilon">The least divisor: a vector shorter than this is divided by it, so that the zero vector stays zero.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> Normalize(T order, int axis, T epsilon)
    {
        Shapes.CheckAxis(axis, Rank, nameof(Normalize));
        return this / Norm(order, [axis], keepDims: true).Maximum(Tensor.Scalar(epsilon));
    }

    /// <summary>The cosine of the angle between vectors along an axis: Σ x y / (max(‖x‖, ε) max(‖y‖, ε)) with ε = 1e-8.</summary>
    /// <param name="other">The other tensor y.</param>
    /// <param name="axis">The axis of the common shape; negative ones count from the end.</param>
    /// <returns>The cosines, of the broadcast shape without the axis.</returns>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> CosineSimilarity(Tensor<T> other, int axis = -1) => CosineSimilarity(other, axis, T.CreateChecked(1e-8));

    /// <summary>The cosine of the angle between vectors along an axis: Σ x y / (max(‖x‖, ε) max(‖y‖, ε)).</summary>
    /// <param name="other">The other tensor y.</param>
    /// <param name="axis">The axis of the common shape; negative ones count from the end.</param>
    /// <param name="epsilon">The least divisor, so that the cosine with the zero vector is 0.</param>
    /// <returns>The cosines, of the broadcast shape without the axis.</returns>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> CosineSimilarity(Tensor<T> other, int axis, T epsilon)
    {
        Errors.NotNull(other, nameof(CosineSimilarity), nameof(other));
        int[] common = Shapes.Broadcast(shape, other.shape, nameof(CosineSimilarity));
        int fromEnd = Shapes.Axis(axis, common.Length, nameof(CosineSimilarity)) - common.Length;
        TapeOf(this, other, nameof(CosineSimilarity));
        return (BroadcastTo(common).Normalize(T.CreateChecked(2), fromEnd, epsilon) * other.BroadcastTo(common).Normalize(T.CreateChecked(2), fromEnd, epsilon)).Sum(fromEnd);
    }

    /// <summary>Each slice along an axis, scaled down to a p-norm of at most a bound: x min(1, bound / ‖x‖).</summary>
    /// <param name="order">The order p.</param>
    /// <param name="axis">The axis that numbers the slices; negative ones count from the end.</param>
    /// <param name="bound">The largest norm that a slice may have, above 0.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or the bound is not above 0.</exception>
    public Tensor<T> Renorm(T order, int axis, T bound)
    {
        int a = Shapes.Axis(axis, Rank, nameof(Renorm));
        if (!(bound > T.Zero))
        {
            throw Errors.Argument(nameof(Renorm), nameof(bound), $"the bound is {bound}", "a bound above 0", "multiply by zero to make zeros");
        }

        Tensor<T> slices = ExpandDims(a + 1);
        int[] rest = [.. Enumerable.Range(0, Rank + 1).Where(k => k != a)];
        return this * (bound / slices.Norm(order, rest, keepDims: true).Maximum(Tensor.Scalar(bound))).Squeeze(a + 1);
    }
}
