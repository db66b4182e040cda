namespace AutoDiff;

// Linear systems and inverses of tensors: matrices whose rows and columns are numbered by several indices.
public sealed partial class Tensor<T>
{
    /// <summary>
    /// The tensor X that this tensor, as a matrix whose columns are numbered by the last axes, maps to B: <c>A.TensorDot(X, X.Rank)</c> is B. The derivative is that of <see cref="Solve"/>.
    /// </summary>
    /// <param name="b">The right-hand side B, whose shape is that of the first axes of A.</param>
    /// <param name="axes">Axes of A to be moved behind the others first, in this order; none unless given.</param>
    /// <returns>X, in the shape of the other axes.</returns>
    /// <exception cref="TensorShapeException">The first axes are not those of B, or do not hold as many elements as the others.</exception>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    /// <exception cref="FactorizationException">The matrix is singular.</exception>
    public Tensor<T> TensorSolve(Tensor<T> b, ReadOnlySpan<int> axes = default)
    {
        Errors.NotNull(b, nameof(TensorSolve), nameof(b));
        int[] order = axes.IsEmpty ? [.. Enumerable.Range(0, Rank)] : MovedToTheEnd(axes, nameof(TensorSolve));
        int[] ordered = Array.ConvertAll(order, axis => shape[axis]);
        int[] unknown = ordered[Math.Min(b.Rank, Rank)..];
        if (!ordered.AsSpan(0, Math.Min(b.Rank, Rank)).SequenceEqual(b.shape) || Shapes.Length(unknown) != b.length)
        {
            throw Errors.Shape(nameof(TensorSolve), $"the tensor has shape {Shapes.Format(ordered)} and the right-hand side {Shapes.Format(b.shape)}",
                $"the axes of the right-hand side, then axes that hold {b.length} elements too", "check the order of the axes");
        }

        return AllOrNothing(nameof(TensorSolve), [this, b], () =>
        {
            Tensor<T> matrix = PermuteAs(order, nameof(TensorSolve)).Reshape(b.length, b.length);
            return SolveCore(matrix, b.Reshape(b.length, 1), transposed: false, LuFactors(matrix, nameof(TensorSolve)), nameof(TensorSolve)).Reshape(unknown);
        });
    }

    /// <summary>The inverse of this tensor as a matrix whose rows are numbered by the first axes and whose columns by the others. The derivative is that of <see cref="Inverse"/>.</summary>
    /// <param name="count">How many axes number the rows.</param>
    /// <returns>The inverse, whose rows are numbered by the other axes: <c>A.TensorInverse(count).TensorDot(B, count)</c> is the solution of <see cref="TensorSolve"/>.</returns>
    /// <exception cref="ArgumentException">The count is not from 1 to the rank.</exception>
    /// <exception cref="TensorShapeException">The first axes do not hold as many elements as the others.</exception>
    /// <exception cref="FactorizationException">The matrix is singular.</exception>
    public Tensor<T> TensorInverse(int count = 2)
    {
        if (count < 1 || count > Rank)
        {
            throw Errors.Argument(nameof(TensorInverse), nameof(count), $"{count} axes are to number the rows of a tensor of shape {Shapes.Format(shape)}", $"1 to {Rank} axes", "check the count");
        }

        (int rows, int columns) = (Shapes.Length(shape.AsSpan(0, count)), Shapes.Length(shape.AsSpan(count)));
        if (rows != columns)
        {
            throw Errors.Shape(nameof(TensorInverse), $"the first {count} axes of shape {Shapes.Format(shape)} hold {rows} elements, the others {columns}", "as many on both sides", "check the count and the shape");
        }

        return AllOrNothing(nameof(TensorInverse), [this], () => Reshape(rows, rows).InverseCore(throws: true, nameof(TensorInverse)).Reshape([.. shape.AsSpan(count), .. shape.AsSpan(0, count)]));
    }

    /// <summary>All axes, the given ones last and in their order.</summary>
    private int[] MovedToTheEnd(ReadOnlySpan<int> axes, string operation)
    {
        bool[] moved = Shapes.Mark(axes, Rank, operation);
        List<int> order = [.. Enumerable.Range(0, Rank).Where(axis => !moved[axis])];
        foreach (int axis in axes)
        {
            order.Add(Shapes.Axis(axis, Rank, operation, nameof(axes)));
        }

        return order.ToArray();
    }
}
