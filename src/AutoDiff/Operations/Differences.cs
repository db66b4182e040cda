namespace AutoDiff;

// Differences and integrals of sampled functions, along an axis.
public sealed partial class Tensor<T>
{
    /// <summary>The differences of neighbors along an axis, y_t = x_(t+1) - x_t, as often as asked for.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="order">How often to take differences; each time makes the axis shorter by one.</param>
    /// <returns>The differences: along the axis one element fewer for each order.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or the order is negative or more than the axis has elements.</exception>
    public Tensor<T> Diff(int axis = -1, int order = 1)
    {
        int a = Shapes.Axis(axis, Rank, nameof(Diff));
        if (order < 0 || order > shape[a])
        {
            throw Errors.Argument(nameof(Diff), nameof(order), $"the order is {order} and the axis has {shape[a]} elements", $"an order from 0 to {shape[a]}", "lower the order");
        }

        Tensor<T> y = this;
        for (int i = 0; i < order; i++)
        {
            y = y.Along(a, 1..) - y.Along(a, ..^1);
        }

        return y;
    }

    /// <summary>The derivative of a sampled function by finite differences: central ones inside, of second order, one-sided ones at the ends.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="edgeOrder">The order at the ends: 1 for the slope of the line through two points, 2 for that of the parabola through three.</param>
    /// <returns>A tensor of the same shape, for points at a distance of 1.</returns>
    /// <exception cref="TensorShapeException">There are fewer points than two, or three for the second order.</exception>
    /// <exception cref="ArgumentException">There is no such axis, or the order at the ends is neither 1 nor 2.</exception>
    public Tensor<T> FiniteDifferences(int axis = -1, int edgeOrder = 1) => FiniteDifferences(T.One, axis, edgeOrder);

    /// <summary>The derivative of a sampled function by finite differences, for points at a given distance.</summary>
    /// <param name="spacing">The distance of the points.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="edgeOrder">The order at the ends: 1 for the slope of the line through two points, 2 for that of the parabola through three.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="TensorShapeException">There are fewer points than two, or three for the second order.</exception>
    /// <exception cref="ArgumentException">There is no such axis, or the order at the ends is neither 1 nor 2.</exception>
    public Tensor<T> FiniteDifferences(T spacing, int axis = -1, int edgeOrder = 1)
    {
        int a = PointsAxis(axis, edgeOrder, nameof(FiniteDifferences));
        Tensor<T> slopes = Diff(a) / spacing;
        Tensor<T> inner = (Along(a, 2..) - Along(a, ..^2)) / (spacing + spacing);
        return WithEnds(slopes, inner, null, a, edgeOrder);
    }

    /// <summary>The derivative of a sampled function by finite differences, for points anywhere on the line. Inside it is that of the parabola through three points.</summary>
    /// <param name="points">The points, a vector with one number for each sample, in order.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="edgeOrder">The order at the ends: 1 for the slope of the line through two points, 2 for that of the parabola through three.</param>
    /// <returns>A tensor of the same shape. It is differentiable in the points too.</returns>
    /// <exception cref="TensorShapeException">There are fewer points than two, or three for the second order, or not one for each sample.</exception>
    /// <exception cref="ArgumentException">There is no such axis, or the order at the ends is neither 1 nor 2.</exception>
    public Tensor<T> FiniteDifferences(Tensor<T> points, int axis = -1, int edgeOrder = 1)
    {
        int a = PointsAxis(axis, edgeOrder, nameof(FiniteDifferences));
        Tensor<T> h = Steps(points, a, nameof(FiniteDifferences));
        Tensor<T> slopes = Diff(a) / h;
        int along = a - Rank;
        (Tensor<T> before, Tensor<T> after) = (h.Along(along, ..^1), h.Along(along, 1..));
        Tensor<T> inner = ((slopes.Along(a, ..^1) * after) + (slopes.Along(a, 1..) * before)) / (before + after);
        return WithEnds(slopes, inner, h, a, edgeOrder);
    }

    /// <summary>
    /// The derivatives inside with those at the ends. By the parabola, the slope at an end is s + (s - s') h / (h + h'), from the slopes s and s' of the last two lines and their lengths h and h', which
    /// are equal where no lengths are given.
    /// </summary>
    private static Tensor<T> WithEnds(Tensor<T> slopes, Tensor<T> inner, Tensor<T>? lengths, int a, int order)
    {
        (Tensor<T> first, Tensor<T> last) = (slopes.Along(a, ..1), slopes.Along(a, ^1..));
        if (order == 2)
        {
            int along = a - slopes.Rank;
            Tensor<T> Bend(Tensor<T> slope, Range next, Range own) => lengths is null ? (slope - slopes.Along(a, next)) * Half
                : (slope - slopes.Along(a, next)) * lengths.Along(along, own) / (lengths.Along(along, own) + lengths.Along(along, next));
            (first, last) = (first + Bend(first, 1..2, ..1), last + Bend(last, ^2..^1, ^1..));
        }

        return Tensor.Concat([first, inner, last], a);
    }

    /// <summary>The integral of a sampled function by the trapezoidal rule, for points at a distance of 1.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>The integrals, without the axis; 0 for fewer than two points.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> Trapezoid(int axis = -1) => Trapezoid(T.One, axis);

    /// <summary>The integral of a sampled function by the trapezoidal rule, for points at a given distance.</summary>
    /// <param name="spacing">The distance of the points.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>The integrals, without the axis.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> Trapezoid(T spacing, int axis = -1)
    {
        int a = Shapes.Axis(axis, Rank, nameof(Trapezoid));
        return Trapezoids(a).Sum(a) * spacing;
    }

    /// <summary>The integral of a sampled function by the trapezoidal rule, for points anywhere on the line.</summary>
    /// <param name="points">The points: a vector with one number for each sample, or a tensor that broadcasts with the samples.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>The integrals, without the axis.</returns>
    /// <exception cref="TensorShapeException">The points do not fit the samples.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> Trapezoid(Tensor<T> points, int axis = -1)
    {
        int a = Shapes.Axis(axis, Rank, nameof(Trapezoid));
        Tensor<T> steps = Steps(points, a, nameof(Trapezoid));
        return (steps * Trapezoids(a)).Sum(a - Rank);
    }

    /// <summary>The running integrals of a sampled function by the trapezoidal rule, for points at a distance of 1.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>A tensor whose axis is shorter by one.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> CumulativeTrapezoid(int axis = -1) => CumulativeTrapezoid(T.One, axis);

    /// <summary>The running integrals of a sampled function by the trapezoidal rule, for points at a given distance.</summary>
    /// <param name="spacing">The distance of the points.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>The running integrals, one element shorter along the axis.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> CumulativeTrapezoid(T spacing, int axis = -1)
    {
        int a = Shapes.Axis(axis, Rank, nameof(CumulativeTrapezoid));
        return Trapezoids(a).CumSum(a) * spacing;
    }

    /// <summary>The running integrals of a sampled function by the trapezoidal rule, for points anywhere on the line.</summary>
    /// <param name="points">The points: a vector with one number for each sample, or a tensor that broadcasts with the samples.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>The running integrals, one element shorter along the axis.</returns>
    /// <exception cref="TensorShapeException">The points do not fit the samples.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> CumulativeTrapezoid(Tensor<T> points, int axis = -1)
    {
        int a = Shapes.Axis(axis, Rank, nameof(CumulativeTrapezoid));
        Tensor<T> steps = Steps(points, a, nameof(CumulativeTrapezoid));
        return (steps * Trapezoids(a)).CumSum(a - Rank);
    }

    /// <summary>The mean heights of neighbors along an axis; none where there are fewer than two.</summary>
    private Tensor<T> Trapezoids(int a) => (Along(a, Math.Min(1, shape[a])..) + Along(a, ..Math.Max(0, shape[a] - 1))) * T.CreateChecked(0.5);

    /// <summary>The distances of points, shaped to go with samples along an axis.</summary>
    private Tensor<T> Steps(Tensor<T> points, int a, string operation)
    {
        Errors.NotNull(points, operation, nameof(points));
        int along = a - Rank;
        bool isVector = points.Rank == 1;
        if (points.Rank < (isVector ? 1 : -along) || points.shape[isVector ? 0 : points.Rank + along] != shape[a])
        {
            throw Errors.Shape(operation, $"points of shape {Shapes.Format(points.shape)} were given for samples of shape {Shapes.Format(shape)} along axis {a}",
                $"a vector of {shape[a]} points, or a shape that broadcasts with {shape[a]} points on that axis", "give one point for each sample");
        }

        TapeOf(this, points, operation);
        return isVector ? points.Diff(order: Math.Min(1, shape[a])).Reshape([-1, .. Enumerable.Repeat(1, -along - 1)]) : points.Diff(along, Math.Min(1, shape[a]));
    }

    /// <summary>A range of an axis.</summary>
    internal Tensor<T> Along(int axis, Range range)
    {
        int a = Shapes.Axis(axis, Rank, "Slice");
        var indices = new TensorIndex[a + 1];
        Array.Fill(indices, ..);
        indices[a] = range;
        return Slice(indices);
    }

    private int PointsAxis(int axis, int edgeOrder, string operation)
    {
        int a = Shapes.Axis(axis, Rank, operation);
        return edgeOrder is not (1 or 2) ? throw Errors.Argument(operation, nameof(edgeOrder), $"the order at the ends is {edgeOrder}", "1 or 2", "choose one of them")
            : shape[a] > edgeOrder ? a
            : throw Errors.Shape(operation, $"there are {shape[a]} points on axis {axis} of shape {Shapes.Format(shape)}", $"at least {edgeOrder + 1}", "sample the function at more points");
    }
}
