using AutoDiff.Kernels;

namespace AutoDiff;

// Products of vectors, matrices and batches of matrices.
public sealed partial class Tensor<T>
{
    /// <summary>The matrix product x y. dz = dx y + x dy; the cotangents are g yᵀ and xᵀ g.</summary>
    /// <param name="other">The right factor y.</param>
    /// <returns>
    /// For two matrices [m, k] and [k, n] the matrix [m, n]. Axes in front of the last two are a batch, and broadcast. A vector on the left counts as a row, a vector on the right as a column,
    /// and its axis is dropped from the result.
    /// </returns>
    /// <exception cref="ArgumentNullException">other is null.</exception>
    /// <exception cref="TensorShapeException">An operand is a scalar, the inner lengths differ, or the batches do not broadcast.</exception>
    /// <example>
    /// <code>
    /// Tensor&lt;double> a = Tensor.Create([[1.0, 2.0], [3.0, 4.0]]);
    /// Console.WriteLine(a.MatMul(Tensor.Create(1, 1))); // => [3, 7]
    /// </code>
    /// </example>
    public Tensor<T> MatMul(Tensor<T> other)
    {
        Errors.NotNull(other, nameof(MatMul), nameof(other));
        CheckChain(other, nameof(MatMul));
        TapeOf(this, other, nameof(MatMul));
        if (length == 0 || (long)length * other.length > Shapes.MaxLength)
        {
            // Only then may the result be too long: it is refused before anything is recorded.
            int[] batch = Shapes.Broadcast(shape[..^Math.Min(Rank, 2)], other.shape[..^Math.Min(other.Rank, 2)], nameof(MatMul));
            Shapes.Length([.. batch, .. Rank == 1 ? [] : shape[^2..^1], .. other.Rank == 1 ? [] : other.shape[^1..]], nameof(MatMul), this, other);
        }

        Tensor<T> x = Rank == 1 ? ExpandDims(0) : this;
        Tensor<T> y = other.Rank == 1 ? other.ExpandDims(1) : other;

        // Many rows against one matrix are one tall product.
        bool tall = y.Rank == 2 && x.Rank > 2;
        Tensor<T> z = Product(tall ? x.Reshape(Shapes.Length(x.shape.AsSpan(0, x.Rank - 1)), x.shape[^1]) : x, y, false, false);
        List<int> target = [.. tall ? x.shape.AsSpan(0, x.Rank - 1) : z.shape.AsSpan(0, z.Rank - 1), z.shape[^1]];
        if (Rank == 1)
        {
            target.RemoveAt(target.Count - 2);
        }

        if (other.Rank == 1)
        {
            target.RemoveAt(target.Count - 1);
        }

        return z.Reshape(target.ToArray());
    }

    /// <summary>β C + α A B, where this is C, as gemm of BLAS. Its derivative is β dC + α (dA B + A dB).</summary>
    /// <param name="a">The left factor A, as in <see cref="MatMul"/>.</param>
    /// <param name="b">The right factor B.</param>
    /// <param name="alpha">The factor α of the product; 1 unless given.</param>
    /// <param name="beta">The factor β of this tensor; 1 unless given. With 0, this tensor is not read: a NaN in it does no harm.</param>
    /// <returns>A tensor of the shape of the product, to which this one broadcasts.</returns>
    /// <exception cref="ArgumentNullException">a or b is null.</exception>
    /// <exception cref="TensorShapeException">The factors do not chain, or this tensor does not broadcast to their product.</exception>
    public Tensor<T> AddMatMul(Tensor<T> a, Tensor<T> b, T? alpha = null, T? beta = null)
    {
        Errors.NotNull(a, nameof(AddMatMul), nameof(a));
        Errors.NotNull(b, nameof(AddMatMul), nameof(b));
        a.CheckChain(b, nameof(AddMatMul));
        int[] batch = Shapes.Broadcast(a.shape[..Math.Max(a.Rank - 2, 0)], b.shape[..Math.Max(b.Rank - 2, 0)], nameof(AddMatMul));
        int[] target = [.. batch, .. a.Rank > 1 ? a.shape[^2..^1] : [], .. b.Rank > 1 ? b.shape[^1..] : []];
        if (!Shapes.BroadcastsTo(shape, target))
        {
            throw Errors.Shape(nameof(AddMatMul), $"a tensor of shape {Shapes.Format(shape)} is to be added to a product of shape {Shapes.Format(target)}", "a shape that broadcasts to that of the product",
                "reshape the tensor");
        }

        TapeOf([this, a, b], nameof(AddMatMul));
        Tensor<T> product = a.MatMul(b);
        product = alpha is { } factor && factor != T.One ? product * factor : product;
        T own = beta ?? T.One;
        return own == T.One ? this + product
            : own == T.Zero ? Tensor.Where(Tensor.Scalar(T.Zero), this, product) // recorded, with a derivative of zero
            : (this * own) + product;
    }

    /// <summary>Whether this can be multiplied by another factor on the right.</summary>
    private void CheckChain(Tensor<T> other, string operation)
    {
        if (Rank == 0 || other.Rank == 0 || shape[^1] != other.shape[Math.Max(other.Rank - 2, 0)])
        {
            throw Errors.Shape(operation, $"the shapes {Shapes.Format(shape)} and {Shapes.Format(other.shape)} do not chain",
                "the last axis of the left factor as long as the next-to-last of the right one (the only axis of a vector)",
                Rank == 0 || other.Rank == 0 ? "multiply by a scalar with *" : "transpose or reshape a factor");
        }
    }

    /// <summary>The inner product of two vectors, Σ x_i y_i. dz = y · dx + x · dy.</summary>
    /// <param name="other">The other vector, of the same length.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentNullException">other is null.</exception>
    /// <exception cref="TensorShapeException">The operands are not two vectors of the same length.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create(1, 2, 3).Dot(Tensor.Create(4, 5, 6))); // => 32
    /// </code>
    /// </example>
    public Tensor<T> Dot(Tensor<T> other)
    {
        Errors.NotNull(other, nameof(Dot), nameof(other));
        return Rank == 1 && other.Rank == 1 && length == other.length
            ? MatMul(other)
            : throw Errors.Shape(nameof(Dot), $"the shapes are {Shapes.Format(shape)} and {Shapes.Format(other.shape)}", "two vectors of the same length", "use MatMul, or (x * y).Sum()");
    }

    /// <summary>The outer product of two vectors, z_ij = x_i y_j. dz = dx yᵀ + x dyᵀ.</summary>
    /// <param name="other">The other vector.</param>
    /// <returns>A matrix.</returns>
    /// <exception cref="ArgumentNullException">other is null.</exception>
    /// <exception cref="TensorShapeException">An operand is not a vector.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create(1, 2).Outer(Tensor.Create(3, 4))); // => [[3, 4], [6, 8]]
    /// </code>
    /// </example>
    public Tensor<T> Outer(Tensor<T> other)
    {
        Errors.NotNull(other, nameof(Outer), nameof(other));
        if (Rank != 1 || other.Rank != 1)
        {
            throw Errors.Shape(nameof(Outer), $"the shapes are {Shapes.Format(shape)} and {Shapes.Format(other.shape)}", "two vectors", "flatten the operands");
        }

        Shapes.Length([length, other.length], nameof(Outer), this, other);
        TapeOf(this, other, nameof(Outer));
        return Product(ExpandDims(1), other.ExpandDims(0), false, false);
    }

    /// <summary>
    /// op(x) op(y) for matrices and batches, where op transposes if asked. It is closed under differentiation: both cotangents are products of the same kind, and no transpose is ever copied.
    /// </summary>
    internal static Tensor<T> Product(Tensor<T> x, Tensor<T> y, bool transposeX, bool transposeY, int firstUnitOfX = -1, int firstUnitOfY = -1)
    {
        (int m, int k) = transposeX ? (x.shape[^1], x.shape[^2]) : (x.shape[^2], x.shape[^1]);
        int n = transposeY ? y.shape[^2] : y.shape[^1];
        if (firstUnitOfY >= 0 && y.Rank == 3 && n == 1 && x.Rank == 2)
        {
            // A batch of unit vectors gives the columns of op(x) as they are; likewise the rows of op(y).
            return (transposeX ? x : x.Transpose())[firstUnitOfY..(firstUnitOfY + y.shape[0])].ExpandDims(2);
        }

        if (firstUnitOfX >= 0 && x.Rank == 3 && m == 1 && y.Rank == 2)
        {
            return (transposeY ? y.Transpose() : y)[firstUnitOfX..(firstUnitOfX + x.shape[0])].ExpandDims(1);
        }

        int[] xBatch = x.shape[..^2];
        int[] yBatch = y.shape[..^2];
        int[] batch = Shapes.Broadcast(xBatch, yBatch, nameof(MatMul));
        int count = Shapes.Length(batch);

        // A factor that is stretched along only a part of the batch is repeated; one that is the same for all, or different for each, is not.
        TapeOf(x, y, nameof(MatMul));
        x = xBatch.Length == 0 || Shapes.Length(xBatch) is 1 || Shapes.Length(xBatch) == count ? x : x.BroadcastTo([.. batch, .. x.shape[^2..]]);
        y = yBatch.Length == 0 || Shapes.Length(yBatch) is 1 || Shapes.Length(yBatch) == count ? y : y.BroadcastTo([.. batch, .. y.shape[^2..]]);
        int strideX = x.length == m * k && count != 1 ? 0 : m * k;
        int strideY = y.length == k * n && count != 1 ? 0 : k * n;

        return General(nameof(MatMul), [x, y], [.. batch, m, n],
            value: (inputs, z) => MatrixProduct.MultiplyBatch(count, m, n, k, inputs[0].Values, strideX, transposeX, inputs[1].Values, strideY, transposeY, z.Writable),
            vjp: (g, i, operands) => (i, transposeX, transposeY) switch
            {
                (0, false, _) => Product(g, operands[1], false, !transposeY, firstUnitOfX: operands.FirstUnit),
                (0, true, _) => Product(operands[1], g, transposeY, true),
                (_, _, false) => Product(operands[0], g, !transposeX, false, firstUnitOfY: operands.FirstUnit),
                (_, _, true) => Product(g, operands[0], true, transposeX),
            } is var part ? part.SumToShape(i == 0 ? operands[0].shape : operands[1].shape, batch.Length + 2) : null,
            jvp: (t, i, operands) =>
            {
                Tensor<T> aligned = t.AlignAxes(i == 0 ? operands[0].Rank : operands[1].Rank, batch.Length + 2);
                Tensor<T> part = i == 0
                    ? Product(aligned, operands[1], transposeX, transposeY, firstUnitOfX: transposeX ? -1 : operands.FirstUnit)
                    : Product(operands[0], aligned, transposeX, transposeY, firstUnitOfY: transposeY ? -1 : operands.FirstUnit);
                return part.StretchTo([.. t.shape.AsSpan(0, t.Rank - (i == 0 ? operands[0].Rank : operands[1].Rank)), .. batch, m, n]);
            },
            axes: i => Axes(i == 0 ? x : y, i, -1),
            reach: (from, lanes, to) =>
            {
                // The axes of the batch, the rows, the columns, and the inner ones that are summed.
                int[] shape = [.. batch, m, n, k];
                (int[] Shape, int[] Axes) Of(int operand) => operand < 0 ? ([.. batch, m, n], [.. Enumerable.Range(0, batch.Length + 2)]) : (operand == 0 ? x : y) is var factor
                    ? (factor.shape, Axes(factor, operand, batch.Length + 2)) : default;
                (int[] source, int[] at) = Of(from);
                (int[] target, int[] own) = Of(to);
                return Lanes<T>.InStep(lanes, source, target, [.. own.Select(axis => Array.IndexOf(at, axis))]);
            },
            multilinear: true, operandsOfEach: true, parameters: new Transposition(transposeX, transposeY),
            slices: static (reads, record, _) => record.Parameters is Transposition how && record.Output.Rank is var rank
                ? Product(reads[0].AlignAxes(record.Input(0).Rank, rank), reads[1].AlignAxes(record.Input(1).Rank, rank), how.OfX, how.OfY)
                : null);

        // For each axis of a factor the axis of the product with which it runs in step, and a number for the one that is summed.
        int[] Axes(Tensor<T> factor, int i, int summed)
        {
            int[] axes = [.. Enumerable.Range(batch.Length + 2 - factor.Rank, factor.Rank)];
            bool rowsFirst = i == 0 ? !transposeX : transposeY;
            axes[factor.Rank - (rowsFirst ? 2 : 1)] = batch.Length + i;
            axes[factor.Rank - (rowsFirst ? 1 : 2)] = summed;
            return axes;
        }
    }
}
