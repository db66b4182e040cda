using System.Runtime.InteropServices;
using AutoDiff.Kernels;

namespace AutoDiff;

// Linear systems.
public sealed partial class Tensor<T>
{
    /// <summary>The solution X of A X = B, or of X A = B, for this square matrix A. dX = A⁻¹ (dB - dA X); the cotangents are Λ = A⁻ᵀ G for B and -Λ Xᵀ for A (Giles 2008, section 2.3.1).</summary>
    /// <param name="b">
    /// The right-hand sides: a matrix [.., n, k], or a vector [n]. A tensor whose shape is that of A without its last axis is a batch of vectors. Batches broadcast.
    /// </param>
    /// <param name="left">Whether A stands on the left. On the right B is [.., k, n], and vectors are rows.</param>
    /// <returns>The solutions, in the shape of B with the common batch.</returns>
    /// <remarks>A is factored once; all derivatives use the same factors.</remarks>
    /// <exception cref="ArgumentNullException">b is null.</exception>
    /// <exception cref="TensorShapeException">A is not square, or B does not fit.</exception>
    /// <exception cref="FactorizationException">A is singular.</exception>
    /// <example>
    /// <code>
    /// Tensor&lt;double> a = Tensor.Create([[2.0, 0.0], [0.0, 4.0]]);
    /// Console.WriteLine(a.Solve(Tensor.Create(2, 2))); // => [1, 0.5]
    /// </code>
    /// </example>
    public Tensor<T> Solve(Tensor<T> b, bool left = true)
    {
        CheckSquare(nameof(Solve));
        return OverColumns(b, left, nameof(Solve), static (a, columns, transposed) => SolveCore(a, columns, transposed, LuFactors(a, nameof(Solve))));
    }

    /// <summary>The solution X of op(A) X = B, or of X op(A) = B, for this triangular matrix A; op(A) is A or its transpose. The cotangents are those of <see cref="Solve"/>, masked to the triangle.</summary>
    /// <param name="b">The right-hand sides, as for <see cref="Solve"/>.</param>
    /// <param name="upper">Whether A is upper triangular; the other half is not read, and its derivative is 0.</param>
    /// <param name="transposed">Whether op(A) is Aᵀ.</param>
    /// <param name="unitDiagonal">Whether the diagonal counts as ones; it is then not read either.</param>
    /// <param name="left">Whether A stands on the left.</param>
    /// <returns>The solutions, in the shape of B with the common batch; infinite or NaN where the diagonal has a zero, as in a division.</returns>
    /// <exception cref="ArgumentNullException">b is null.</exception>
    /// <exception cref="TensorShapeException">A is not square, or B does not fit.</exception>
    public Tensor<T> TriangularSolve(Tensor<T> b, bool upper = false, bool transposed = false, bool unitDiagonal = false, bool left = true)
    {
        CheckSquare(nameof(TriangularSolve));
        return OverColumns(b, left, nameof(TriangularSolve), (a, columns, flip) => TriangularCore(a, columns, upper, transposed != flip, unitDiagonal));
    }

    /// <summary>The solution X of A X = B for A = L Lᵀ, where this is the Cholesky factor L: two triangular solves.</summary>
    /// <param name="b">The right-hand sides, as for <see cref="Solve"/>.</param>
    /// <param name="upper">Whether this is the upper factor U, with A = Uᵀ U.</param>
    /// <returns>The solutions, in the shape of B with the common batch.</returns>
    /// <exception cref="ArgumentNullException">b is null.</exception>
    /// <exception cref="TensorShapeException">L is not square, or B does not fit.</exception>
    public Tensor<T> CholeskySolve(Tensor<T> b, bool upper = false)
    {
        CheckSquare(nameof(CholeskySolve));
        return OverColumns(b, left: true, nameof(CholeskySolve), (l, columns, _) =>
            TriangularCore(l, TriangularCore(l, columns, upper, transposed: upper, false), upper, transposed: !upper, false));
    }

    /// <summary>The inverse of A = L Lᵀ, where this is the Cholesky factor L.</summary>
    /// <param name="upper">Whether this is the upper factor U, with A = Uᵀ U.</param>
    /// <returns>The matrices, of the same shape.</returns>
    /// <exception cref="TensorShapeException">L is not square.</exception>
    public Tensor<T> CholeskyInverse(bool upper = false) => CheckSquare(nameof(CholeskyInverse)).CholeskySolve(Tensor.Identity<T>(shape[^1]).BroadcastTo(shape), upper);

    /// <summary>The inverse Y of a square matrix. dY = -Y dA Y; the cotangent is -Yᵀ G Yᵀ (Giles 2008, section 2.2.3).</summary>
    /// <returns>The matrices, of the same shape.</returns>
    /// <exception cref="TensorShapeException">The matrix is not square.</exception>
    /// <exception cref="FactorizationException">The matrix is singular.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create([[2.0, 0.0], [0.0, 4.0]]).Inverse()); // => [[0.5, 0], [0, 0.25]]
    /// </code>
    /// </example>
    public Tensor<T> Inverse() => CheckSquare(nameof(Inverse)).InverseCore(throws: true);

    /// <summary>The inverse. Where <paramref name="throws"/> is not set, a singular matrix gives its transposed cofactors divided by its determinant, a zero with a sign: what a derivative that needs the inverse tends to.</summary>
    private Tensor<T> InverseCore(bool throws, string name = nameof(Inverse)) => General(name, [this], shape,
        value: (inputs, output) =>
        {
            (int q, int zero) = SystemOperations.Invert(inputs[0].Values, output.shape[^1], !throws, output.Writable);
            if (q >= 0)
            {
                throw Errors.Factorization(name, q, $"is singular: pivot {zero} is zero", "a nonsingular matrix", "check the matrix, or use PseudoInverse");
            }
        },
        vjp: static (g, _, operands) => -Product(Product(operands.Output, g, true, false), operands.Output, false, true),
        jvp: static (t, _, operands) => -Product(Product(operands.Output, t, false, false), operands.Output, false, false), axes: BatchOf(Rank),
        slices: (reads, _, _) => reads[0].InverseCore(throws, name),
        method: (_, output) => new(nameof(SystemOperations), nameof(SystemOperations.Invert), output.shape[^1], !throws) { Failure = "is singular", IsLarge = output.shape[^1] >= Blocked.Smallest });

    /// <summary>Brings the right-hand sides of a system into the form op(A) X = B of matrices with a common batch, and the result back.</summary>
    private Tensor<T> OverColumns(Tensor<T> b, bool left, string operation, Func<Tensor<T>, Tensor<T>, bool, Tensor<T>> solve)
    {
        Errors.NotNull(b, operation, nameof(b));
        bool vector = b.Rank == 1 || b.shape.AsSpan().SequenceEqual(shape.AsSpan(0, Rank - 1));
        int length = b.Rank == 0 ? -1 : vector || !left ? b.shape[^1] : b.shape[^2];
        if (length != shape[^1])
        {
            throw Errors.Shape(operation, $"the right-hand side has shape {Shapes.Format(b.shape)}, the matrix {Shapes.Format(shape)}",
                $"{shape[^1]} {(left ? "rows" : "columns")}, or a vector of that length", "transpose or reshape the right-hand side");
        }

        return AllOrNothing(operation, [this, b], () =>
        {
            (Tensor<T> a, Tensor<T> columns) = AlignBatches(this, vector ? b.ExpandDims(-1) : left ? b : b.Transpose(), operation);
            Tensor<T> x = solve(a, columns, !left);
            return vector ? x.Reshape(x.shape.AsSpan(0, x.Rank - 1)) : left ? x : x.Transpose();
        });
    }

    /// <summary>The LU factors of matrices, each followed by a row of pivots, as integers: an operation without a derivative, which a solve and all solves of its derivatives share.</summary>
    private static Tensor<T> LuFactors(Tensor<T> a, string name) => General($"{name}Factors", [a], [.. a.BatchAxes, a.shape[^1] + 1, a.shape[^1]],
        value: (inputs, output) =>
        {
            (int q, int zero) = SystemOperations.Factors(inputs[0].Values, output.shape[^1], output.Writable);
            if (q >= 0)
            {
                throw Errors.Factorization(name, q, $"is singular: pivot {zero} is zero", "a nonsingular matrix", "check the matrix, or use LeastSquares or PseudoInverse, which take singular ones");
            }
        },
        vjp: static (_, _, _) => null, jvp: static (_, _, _) => null, axes: static _ => null, slices: (reads, _, _) => LuFactors(reads[0], name),
        method: static (_, output) => new(nameof(SystemOperations), nameof(SystemOperations.Factors), output.shape[^1]) { Failure = "is singular", IsLarge = output.shape[^1] >= Blocked.Smallest });

    /// <summary>Solves op(A) X = B with the factors of A. The batch axes of A are the last of those of B: in front, B may have more, for which A is the same.</summary>
    private static Tensor<T> SolveCore(Tensor<T> a, Tensor<T> b, bool transposed, Tensor<T> factors, string name = nameof(Solve)) => General(name, [a, b, factors], b.shape,
        value: (inputs, output) => SystemOperations.Solve(inputs[1].Values, inputs[2].Values, output.shape[^2], output.shape[^1], transposed, output.Writable),
        vjp: (g, i, operands) => i < 2 ? SolveVjp(SolveCore(operands[0], g, !transposed, operands[2], name), i, transposed, operands) : null,
        jvp: (t, i, operands) =>
        {
            (Tensor<T> a, Tensor<T> factors) = (operands[0], operands[2]);
            return i == 2 ? null
                : i == 1 ? SolveCore(a, t, transposed, factors, name)
                : -SolveCore(a, Product(t.AlignAxes(a.Rank, operands[1].Rank), operands.Output, transposed, false), transposed, factors, name);
        },
        axes: i => i == 2 ? null : MatrixAndColumns(a.Rank, b.Rank)(i), parameters: transposed,
        slices: (reads, record, slices) => Slices<T>.Batches(reads, record, slices, largest: 1, [2, 2, 2, 2], xs => SolveCore(xs[0], xs[1], transposed, xs[2], name)),
        method: (_, output) => new(nameof(SystemOperations), nameof(SystemOperations.Solve), output.shape[^2], output.shape[^1], transposed)
        {
            Inputs = [1, 2], IsLarge = output.shape[^2] >= Blocked.Smallest,
        });

    private static Tensor<T> TriangularCore(Tensor<T> a, Tensor<T> b, bool upper, bool transposed, bool unitDiagonal) => General(nameof(TriangularSolve), [a, b], b.shape,
        value: (inputs, output) => SystemOperations.SolveTriangles(inputs[0].Values, inputs[1].Values, output.shape[^2], output.shape[^1], upper, transposed, unitDiagonal, output.Writable),
        vjp: (g, i, operands) => SolveVjp(TriangularCore(operands[0], g, upper, !transposed, unitDiagonal), i, transposed, operands),
        jvp: (t, i, operands) =>
        {
            Tensor<T> a = operands[0];
            if (i == 1)
            {
                return TriangularCore(a, t, upper, transposed, unitDiagonal);
            }

            return -TriangularCore(a, Product(t.AlignAxes(a.Rank, operands[1].Rank), operands.Output, transposed, false), upper, transposed, unitDiagonal);
        },
        axes: MatrixAndColumns(a.Rank, b.Rank),
        flow: (i, operands) => i == 0 ? TriangleMask(operands[0].shape, upper, unitDiagonal ? (upper ? 1 : -1) : 0) : null, parameters: (upper, transposed, unitDiagonal),
        slices: (reads, record, slices) => Slices<T>.Batches(reads, record, slices, largest: 1, [2, 2, 2], xs => TriangularCore(xs[0], xs[1], upper, transposed, unitDiagonal)),
        method: (_, output) => new(nameof(SystemOperations), nameof(SystemOperations.SolveTriangles), output.shape[^2], output.shape[^1], upper, transposed, unitDiagonal) { IsLarge = output.shape[^2] >= Blocked.Smallest });

    /// <summary>The axes of a system's matrix and right-hand sides that run in step with its solution: those of the batch, and the columns.</summary>
    private static AxesOf MatrixAndColumns(int a, int b) => i => i == 0
        ? [.. Enumerable.Range(b - a, a - 2), -1, -1]
        : [.. Enumerable.Range(0, b - 2), -1, b - 1];

    /// <summary>The axes of matrices that run in step with the result: those of the batch.</summary>
    private static AxesOf BatchOf(int rank) => _ => [.. Enumerable.Range(0, rank - 2), -1, -1];

    /// <summary>The cotangents of op(A) X = B, given Λ = op(A)⁻ᵀ G: Λ for B, and -Λ Xᵀ for A, transposed if op does so.</summary>
    private static Tensor<T> SolveVjp(Tensor<T> adjoint, int i, bool transposed, Operands<T> operands)
    {
        if (i == 1)
        {
            return adjoint;
        }

        Tensor<T> x = operands.Output;
        Tensor<T> outer = transposed ? Product(x, adjoint, false, true) : Product(adjoint, x, false, true);
        return -outer.SumToShape(operands[0].shape, operands[1].Rank);
    }
}
