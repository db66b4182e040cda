using AutoDiff.Kernels;

namespace AutoDiff;

// Matrices given by fewer numbers than they have elements.
public sealed partial class Tensor<T>
{
    /// <summary>
    /// The first n columns of the product H₀ H₁ ⋯ of reflections H_i = I - τ_i v_i v_iᵀ, where v_i is column i of this matrix [m, n] below the diagonal, with a one on it and zeros above: the Q of a QR
    /// decomposition in LAPACK's form.
    /// </summary>
    /// <param name="tau">The factors τ [.., k], k ≤ n ≤ m, with the same batch.</param>
    /// <returns>The columns, [.., m, n]. Elements on and above the diagonal of the operand are not read, and have derivative 0.</returns>
    /// <exception cref="ArgumentNullException">tau is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not fit.</exception>
    public Tensor<T> HouseholderProduct(Tensor<T> tau)
    {
        (int m, int n) = (CheckMatrix(nameof(HouseholderProduct)).shape[^2], shape[^1]);
        Errors.NotNull(tau, nameof(HouseholderProduct), nameof(tau));
        if (n > m || tau.Rank != Rank - 1 || !tau.shape.AsSpan(0, Rank - 2).SequenceEqual(BatchAxes) || tau.shape[^1] > n)
        {
            throw Errors.Shape(nameof(HouseholderProduct), $"the vectors have shape {Shapes.Format(shape)}, the factors {Shapes.Format(tau.shape)}", "[.., m, n] and [.., k], with k ≤ n ≤ m and the same batch",
                "give one factor for each reflection");
        }

        return AllOrNothing(nameof(HouseholderProduct), [this, tau], () =>
        {
            Tensor<T> unit = MatrixOf(m, n, static (i, j) => i == j ? T.One : T.Zero);
            Tensor<T> vectors = SelectTriangle(upper: false, -1) + unit;
            Tensor<T> product = unit.BroadcastTo(shape);
            for (int i = tau.shape[^1] - 1; i >= 0; i--)
            {
                Tensor<T> v = vectors[TensorIndex.Ellipsis, i..(i + 1)];
                Tensor<T> factor = tau[TensorIndex.Ellipsis, i..(i + 1)].ExpandDims(-1);
                product -= Product(factor * v, Product(v, product, true, false), false, false);
            }

            return Independent(nameof(HouseholderProduct), product, this, tau);
        });
    }

    /// <summary>The Vandermonde matrix of each vector: rows 1, x_i, x_i², …</summary>
    /// <param name="columns">The number of columns; if not given, as many as the vector is long.</param>
    /// <param name="increasing">Whether the powers grow from left to right.</param>
    /// <returns>A matrix [.., n, columns].</returns>
    /// <exception cref="TensorShapeException">The operand is a scalar.</exception>
    /// <exception cref="ArgumentException">The number of columns is negative.</exception>
    public Tensor<T> Vander(int? columns = null, bool increasing = true)
    {
        if (Rank == 0)
        {
            throw Errors.Shape(nameof(Vander), "the operand is a scalar", "a vector, or a batch of vectors", "make a vector with ExpandDims");
        }

        int n = columns ?? shape[^1];
        if (n < 0)
        {
            throw Errors.OutOfRange(nameof(Vander), nameof(columns), $"{n} columns are asked for", "0 or more", "check the number");
        }

        Shapes.Length([.. shape, n], nameof(Vander), this);
        Tensor<T> exponents = Tensor.Range<T>(n);
        return ExpandDims(-1).Pow(increasing ? exponents : exponents.Flip());
    }

    /// <summary>The Toeplitz matrix with the first column c, and the first row r: constant along every diagonal.</summary>
    /// <param name="row">The first row r [.., n]; its first element is not read. If not given, the matrix is symmetric.</param>
    /// <returns>A matrix [.., m, n] for c of [.., m].</returns>
    /// <exception cref="TensorShapeException">An operand is a scalar or empty, or the batches differ.</exception>
    public Tensor<T> Toeplitz(Tensor<T>? row = null)
    {
        row ??= this;
        if (Rank == 0 || row.Rank != Rank || length == 0 || row.length == 0 || !row.shape.AsSpan(0, Rank - 1).SequenceEqual(shape.AsSpan(0, Rank - 1)))
        {
            throw Errors.Shape(nameof(Toeplitz), $"the first column has shape {Shapes.Format(shape)}, the first row {Shapes.Format(row.shape)}", "two vectors with elements, or batches of them with the same batch axes",
                "reshape the operands");
        }

        (int m, int n) = (shape[^1], row.shape[^1]);
        int[] target = [.. shape.AsSpan(0, Rank - 1), m, n];
        Shapes.Length(target, nameof(Toeplitz), this, row);
        int[] places = new int[m * n];
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = m - 1 - (i / n) + (i % n);
        }

        // The diagonals from the lower left on are c reversed, then r without its first element.
        return AllOrNothing(nameof(Toeplitz), [this, row], () =>
            Tensor.Concat<T>([Flip(-1), row[TensorIndex.Ellipsis, 1..]], -1).Take(places, -1).Reshape(target));
    }

    /// <summary>
    /// The solution X of A X = B for the tridiagonal matrix A with this diagonal, in time that is linear in its order. The cotangents are Λ = A⁻ᵀ G for B, and the three diagonals of -Λ Xᵀ.
    /// </summary>
    /// <param name="lower">The diagonal below, [.., n - 1].</param>
    /// <param name="upper">The diagonal above, [.., n - 1].</param>
    /// <param name="b">The right-hand sides: a matrix [.., n, k], or a vector [n]. A tensor whose shape is that of the diagonal is a batch of vectors. Batches broadcast.</param>
    /// <returns>The solutions, in the shape of B with the common batch.</returns>
    /// <exception cref="ArgumentNullException">lower, upper or b is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not fit.</exception>
    /// <exception cref="FactorizationException">The matrix is singular.</exception>
    public Tensor<T> TridiagonalSolve(Tensor<T> lower, Tensor<T> upper, Tensor<T> b)
    {
        Errors.NotNull(lower, nameof(TridiagonalSolve), nameof(lower));
        Errors.NotNull(upper, nameof(TridiagonalSolve), nameof(upper));
        Errors.NotNull(b, nameof(TridiagonalSolve), nameof(b));
        int n = Rank == 0 ? 0 : shape[^1];
        bool vector = b.Rank == 1 || b.shape.AsSpan().SequenceEqual(shape);
        if (n == 0 || lower.Rank == 0 || upper.Rank == 0 || lower.shape[^1] != n - 1 || upper.shape[^1] != n - 1 || b.Rank == 0 || b.shape[vector ? ^1 : ^2] != n)
        {
            throw Errors.Shape(nameof(TridiagonalSolve), $"the diagonals have shapes {Shapes.Format(lower.shape)}, {Shapes.Format(shape)} and {Shapes.Format(upper.shape)}, the right-hand side {Shapes.Format(b.shape)}",
                "[.., n - 1], [.., n], [.., n - 1], and n rows, n ≥ 1", "check the lengths");
        }

        int[] batch = vector ? b.shape[..^1] : b.BatchAxes;
        foreach (Tensor<T> diagonal in (ReadOnlySpan<Tensor<T>>)[lower, this, upper])
        {
            batch = Shapes.Broadcast(batch, diagonal.shape[..^1], nameof(TridiagonalSolve));
        }

        Tensor<T> Stretch(Tensor<T> x, int own) => x.BroadcastTo([.. batch, .. x.shape.AsSpan(x.Rank - own)]);
        return AllOrNothing(nameof(TridiagonalSolve), [this, lower, upper, b], () =>
        {
            Tensor<T> x = TridiagonalCore(Stretch(lower, 1), Stretch(this, 1), Stretch(upper, 1), Stretch(vector ? b.ExpandDims(-1) : b, 2), transposed: false);
            return vector ? x.Reshape(x.shape.AsSpan(0, x.Rank - 1)) : x;
        });
    }

    /// <summary>Solves op(A) X = B. The diagonals have the same batch axes, the last of those of B.</summary>
    private static Tensor<T> TridiagonalCore(Tensor<T> lower, Tensor<T> diagonal, Tensor<T> upper, Tensor<T> b, bool transposed) => General(nameof(TridiagonalSolve), [lower, diagonal, upper, b], b.shape,
        value: (inputs, output) =>
        {
            (int q, int pivot) = SystemOperations.SolveDiagonals(inputs[0].Values, inputs[1].Values, inputs[2].Values, inputs[3].Values, output.shape[^2], output.shape[^1], transposed, output.Writable);
            if (q >= 0)
            {
                throw Errors.Factorization(nameof(TridiagonalSolve), q, $"is singular: pivot {pivot} is zero", "a nonsingular matrix", "check the diagonals");
            }
        },
        vjp: (g, i, operands) =>
        {
            Tensor<T> x = operands.Output;
            Tensor<T> adjoint = TridiagonalCore(operands[0], operands[1], operands[2], g, !transposed);
            if (i == 3)
            {
                return adjoint;
            }

            // Element (r, c) of -Λ Xᵀ, or of its transpose, along the diagonal.
            (Tensor<T> rows, Tensor<T> columns) = transposed ? (x, adjoint) : (adjoint, x);
            return -AlongDiagonal(rows, columns, i - 1).SumToShape(operands[i].shape, x.Rank - 1);
        },
        jvp: (t, i, operands) =>
        {
            Tensor<T> x = operands.Output;
            if (i == 3)
            {
                return TridiagonalCore(operands[0], operands[1], operands[2], t, transposed);
            }

            Tensor<T> aligned = t.AlignAxes(operands[i].Rank, x.Rank - 1).ExpandDims(-1);
            int place = transposed ? 1 - i : i - 1;
            Tensor<T> moved = place == 0 ? x : place < 0 ? x[TensorIndex.Ellipsis, ..^1, ..] : x[TensorIndex.Ellipsis, 1.., ..];
            Tensor<T> product = aligned * moved;
            var widths = new (int, int)[product.Rank];
            widths[^2] = (place < 0 ? 1 : 0, place > 0 ? 1 : 0);
            return -TridiagonalCore(operands[0], operands[1], operands[2], product.Pad(widths), transposed);
        },
        axes: i => i == 3 ? [.. Enumerable.Range(0, b.Rank - 2), -1, b.Rank - 1] : [.. Enumerable.Range(b.Rank - 1 - diagonal.Rank, diagonal.Rank - 1), -1], parameters: transposed,
        slices: (reads, record, slices) => Slices<T>.Batches(reads, record, slices, largest: 3, [1, 1, 1, 2, 2], xs => TridiagonalCore(xs[0], xs[1], xs[2], xs[3], transposed)),
        method: (_, output) => new(nameof(SystemOperations), nameof(SystemOperations.SolveDiagonals), output.shape[^2], output.shape[^1], transposed) { Failure = "is singular" });

    /// <summary>Elements (r, r + offset) of the product of the rows of one matrix with the rows of another.</summary>
    private static Tensor<T> AlongDiagonal(Tensor<T> rows, Tensor<T> columns, int offset)
    {
        (Tensor<T> r, Tensor<T> c) = offset switch
        {
            0 => (rows, columns),
            < 0 => (rows[TensorIndex.Ellipsis, 1.., ..], columns[TensorIndex.Ellipsis, ..^1, ..]),
            _ => (rows[TensorIndex.Ellipsis, ..^1, ..], columns[TensorIndex.Ellipsis, 1.., ..]),
        };
        return (r * c).Sum([-1], keepDims: false);
    }
}
