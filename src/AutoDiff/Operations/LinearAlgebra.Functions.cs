using AutoDiff.Kernels;

namespace AutoDiff;

// Functions of matrices: powers, exponential, square root, generalized inverse, and the solutions of matrix equations.
public sealed partial class Tensor<T>
{
    /// <summary>The power Aᵏ of a square matrix by repeated squaring; a negative one is a power of the inverse, and the power 0 is the identity, with derivative 0.</summary>
    /// <param name="exponent">The exponent k.</param>
    /// <returns>The matrices, of the same shape.</returns>
    /// <exception cref="TensorShapeException">The matrix is not square.</exception>
    /// <exception cref="FactorizationException">The exponent is negative and the matrix is singular.</exception>
    public Tensor<T> MatrixPower(int exponent)
    {
        CheckSquare(nameof(MatrixPower));
        if (exponent == 0)
        {
            return General(nameof(MatrixPower), [this], shape,
                value: static (_, output) => FunctionOperations.Identities(output.shape[^1], output.Writable),
                vjp: static (_, _, _) => null, jvp: static (_, _, _) => null, slices: static (reads, _, _) => reads[0].MatrixPower(0),
                method: static (_, output) => new(nameof(FunctionOperations), nameof(FunctionOperations.Identities), output.shape[^1]) { Inputs = [] });
        }

        Tensor<T> square = exponent < 0 ? InverseCore(throws: true, nameof(MatrixPower)) : this;
        Tensor<T>? power = null;
        for (uint rest = (uint)Math.Abs((long)exponent); ; square = Product(square, square, false, false))
        {
            if ((rest & 1) != 0)
            {
                power = power is null ? square : Product(power, square, false, false);
            }

            if ((rest >>= 1) == 0)
            {
                return power!;
            }
        }
    }

    /// <summary>
    /// The exponential of a square matrix. Its derivative in a direction dA is the Fréchet derivative L(A, dA), and the cotangent L(Aᵀ, G), both by the scaling and squaring of the value, differentiated
    /// (Al-Mohy and Higham, "Computing the Fréchet derivative of the matrix exponential", 2009): right for every matrix, and in every order.
    /// </summary>
    /// <returns>exp A; NaN where A is not finite.</returns>
    /// <exception cref="TensorShapeException">The matrix is not square.</exception>
    public Tensor<T> MatrixExp() => MatrixFunction(CheckSquare(nameof(MatrixExp)), [], isRoot: false);

    /// <summary>
    /// The principal square root S of a square matrix without eigenvalues on the closed negative real axis: S S = A. S dS + dS S = dA; computed, as for <see cref="MatrixExp"/>, by the iteration of the
    /// value, differentiated.
    /// </summary>
    /// <returns>The matrices, of the same shape.</returns>
    /// <exception cref="TensorShapeException">The matrix is not square.</exception>
    /// <exception cref="FactorizationException">No principal root is found: the matrix is singular, has a negative eigenvalue, or is not finite.</exception>
    public Tensor<T> MatrixSqrt() => MatrixFunction(CheckSquare(nameof(MatrixSqrt)), [], isRoot: true);

    /// <summary>
    /// A function of a matrix, or its Fréchet derivative in some directions: the coefficient of ε_1 … ε_p in f(A + Σ ε_i E_i). It is linear in each direction; in all that it depends on its adjoint is the
    /// derivative at Aᵀ in the transposed other directions and that of the cotangent. The batch axes of each operand are the last of those of the next.
    /// </summary>
    private static Tensor<T> MatrixFunction(Tensor<T> a, Tensor<T>[] directions, bool isRoot)
    {
        Tensor<T>[] inputs = [a, .. directions];
        string name = isRoot ? nameof(MatrixSqrt) : nameof(MatrixExp);
        Tensor<T> Derivative(Tensor<T> a, IEnumerable<Tensor<T>> directions) => MatrixFunction(a, [.. directions], isRoot);
        return General(name, inputs, inputs[^1].shape,
            value: (inputs, output) =>
            {
                int n = output.shape[^1], size = n * n, own = size * (inputs.Length - 1), count = output.MatrixCount;
                using Kernels.Scratch<T> ends = new(own * count);
                for (int q = 0; q < count; q++)
                {
                    for (int i = 1; i < inputs.Length; i++)
                    {
                        inputs[i].MatrixAt(q).CopyTo(ends.Span[((q * own) + ((i - 1) * size))..]);
                    }
                }

                if (!isRoot)
                {
                    FunctionOperations.Exponential(inputs[0].Values, ends.Span, n, output.Writable);
                }
                else if (FunctionOperations.SquareRoot(inputs[0].Values, ends.Span, n, output.Writable).Matrix is >= 0 and var q)
                {
                    throw Errors.Factorization(name, q, "has no principal square root", "no eigenvalue that is zero or a negative number", "check the matrix, or add a small multiple of the identity");
                }
            },
            vjp: (g, i, operands) =>
            {
                Tensor<T>[] transposed = [.. Enumerable.Range(1, inputs.Length - 1).Where(k => k != i).Select(k => operands[k].Transpose()), g];
                Tensor<T> part = Derivative(operands[0].Transpose(), transposed);
                return i == inputs.Length - 1 ? part : part.SumToShape(operands[i].shape, operands.Output.Rank);
            },
            jvp: (t, i, operands) =>
            {
                Tensor<T> direction = i == inputs.Length - 1 ? t : AlongBatch(t, operands[i], operands.Output);
                return Derivative(operands[0], [.. Enumerable.Range(1, inputs.Length - 1).Where(k => k != i).Select(k => operands[k]), direction]);
            },
            axes: BatchesOf(inputs[^1].Rank, [.. inputs.Select(static x => x.Rank)]),
            slices: (reads, record, slices) =>
                Slices<T>.Batches(reads, record, slices, largest: reads.Length - 1, [.. Enumerable.Repeat(2, reads.Length + 1)], xs => MatrixFunction(xs[0], xs[1..], isRoot)),
            method: (_, output) => new(nameof(FunctionOperations), isRoot ? nameof(FunctionOperations.SquareRoot) : nameof(FunctionOperations.Exponential), output.shape[^1])
            {
                TakesDirections = true, Failure = isRoot ? "has no principal square root" : null, IsLarge = output.shape[^1] >= Blocked.Smallest,
            });
    }

    /// <summary>
    /// The Moore-Penrose inverse Y of a matrix [m, n]. dY = -Y dA Y + Y Yᵀ dAᵀ (I - A Y) + (I - Y A) dAᵀ Yᵀ Y (Golub and Pereyra, "The differentiation of pseudo-inverses and nonlinear least squares
    /// problems whose variables separate", 1973).
    /// </summary>
    /// <param name="tolerance">Singular values up to this fraction of the largest count as zero; if not given, max(m, n) times the spacing of the numbers at 1.</param>
    /// <param name="symmetric">Whether the matrix counts as symmetric: A is taken as (A + Aᵀ) / 2, and value and derivative are symmetric.</param>
    /// <returns>Y [.., n, m].</returns>
    /// <remarks>The inverse jumps where the rank changes; the derivative is that of matrices of constant rank.</remarks>
    /// <exception cref="TensorShapeException">The operand is not a matrix, or is to be symmetric and is not square.</exception>
    /// <exception cref="FactorizationException">The matrix is not finite, or the iteration does not converge.</exception>
    public Tensor<T> PseudoInverse(T? tolerance = null, bool symmetric = false)
    {
        if (symmetric)
        {
            CheckSquare(nameof(PseudoInverse));
            return AllOrNothing(nameof(PseudoInverse), [this], () => Symmetrize().PseudoInverse(tolerance).Symmetrize());
        }

        CheckMatrix(nameof(PseudoInverse));
        T relative = tolerance ?? DefaultTolerance;
        return General(nameof(PseudoInverse), [this], [.. BatchAxes, shape[^1], shape[^2]],
            value: (inputs, output) =>
            {
                if (SpectralOperations.PseudoInverse(inputs[0].Values, inputs[0].shape[^2], inputs[0].shape[^1], relative, output.Writable).Matrix is >= 0 and var q)
                {
                    throw NotDecomposed(nameof(PseudoInverse), q, "singular values");
                }
            },
            vjp: static (g, _, operands) =>
            {
                (Tensor<T> a, Tensor<T> y) = (operands[0], operands.Output);
                Tensor<T> left = Product(Product(y, y, true, false), g, false, true);
                Tensor<T> right = Product(Product(g, y, true, false), y, false, true);
                return left - Product(Product(left, y, false, false), a, false, false) + right - Product(a, Product(y, right, false, false), false, false)
                    - Product(Product(y, g, true, false), y, false, true);
            },
            jvp: static (t, _, operands) =>
            {
                (Tensor<T> a, Tensor<T> y) = (operands[0], operands.Output);
                Tensor<T> left = Product(Product(y, y, false, true), t, false, true);
                Tensor<T> right = Product(Product(t, y, true, true), y, false, false);
                return left - Product(Product(left, a, false, false), y, false, false) + right - Product(y, Product(a, right, false, false), false, false)
                    - Product(Product(y, t, false, false), y, false, false);
            },
            axes: BatchOf(Rank), parameters: relative, slices: (reads, _, _) => reads[0].PseudoInverse(relative),
            method: (inputs, _) => new(nameof(SpectralOperations), nameof(SpectralOperations.PseudoInverse), inputs[0].shape[^2], inputs[0].shape[^1], relative)
            {
                Failure = "is not finite", IsLarge = Math.Min(inputs[0].shape[^2], inputs[0].shape[^1]) >= Kernels.SingularValues.SmallestReduced,
            });
    }

    /// <summary>The fraction of the largest singular value up to which others count as zero.</summary>
    private T DefaultTolerance => T.CreateChecked(Math.Max(shape[^1], shape[^2])) * Rows.Epsilon<T>();

    /// <summary>
    /// The least-squares solution X of A X ≈ B, of least norm where that leaves a choice: X = A⁺ B. The derivative is that of <see cref="PseudoInverse"/>, for matrices of constant rank.
    /// </summary>
    /// <param name="b">The right-hand sides: a matrix [.., m, k], or a vector [m]. A tensor whose shape is that of A without its last axis is a batch of vectors. Batches broadcast.</param>
    /// <param name="tolerance">Singular values up to this fraction of the largest count as zero; if not given, max(m, n) times the spacing of the numbers at 1.</param>
    /// <returns>The solutions [.., n, k], or [.., n] for vectors.</returns>
    /// <exception cref="ArgumentNullException">b is null.</exception>
    /// <exception cref="TensorShapeException">B does not fit.</exception>
    /// <exception cref="FactorizationException">The matrix is not finite, or the iteration does not converge.</exception>
    public Tensor<T> LeastSquares(Tensor<T> b, T? tolerance = null)
    {
        CheckMatrix(nameof(LeastSquares));
        Errors.NotNull(b, nameof(LeastSquares), nameof(b));
        bool vector = b.Rank == 1 || b.shape.AsSpan().SequenceEqual(shape.AsSpan(0, Rank - 1));
        if (b.Rank == 0 || b.shape[vector ? ^1 : ^2] != shape[^2])
        {
            throw Errors.Shape(nameof(LeastSquares), $"the right-hand side has shape {Shapes.Format(b.shape)}, the matrix {Shapes.Format(shape)}", $"{shape[^2]} rows, or a vector of that length",
                "transpose or reshape the right-hand side");
        }

        Shapes.Broadcast(BatchAxes, vector ? b.shape[..^1] : b.BatchAxes, nameof(LeastSquares));
        return AllOrNothing(nameof(LeastSquares), [this, b], () =>
        {
            Tensor<T> x = Product(PseudoInverse(tolerance), vector ? b.ExpandDims(-1) : b, false, false);
            return vector ? x.Reshape(x.shape.AsSpan(0, x.Rank - 1)) : x;
        });
    }

    /// <summary>
    /// The solution X of Sylvester's equation A X + X B = C, for this matrix A. A dX + dX B = dC - dA X - X dB; the cotangents are Λ with Aᵀ Λ + Λ Bᵀ = G for C, -Λ Xᵀ for A and -Xᵀ Λ for B.
    /// </summary>
    /// <param name="b">The matrix B [.., n, n].</param>
    /// <param name="c">The matrix C [.., m, n].</param>
    /// <returns>X, in the shape of C with the common batch.</returns>
    /// <remarks>Symmetric A and B are diagonalized; others are solved as one system of m·n unknowns, which costs much for large matrices.</remarks>
    /// <exception cref="ArgumentNullException">b or c is null.</exception>
    /// <exception cref="TensorShapeException">The matrices do not fit, or A or B is not symmetric and the system of m·n unknowns has a matrix of more elements than a tensor can have.</exception>
    /// <exception cref="FactorizationException">The equation is singular: A and -B share an eigenvalue.</exception>
    public Tensor<T> SolveSylvester(Tensor<T> b, Tensor<T> c)
    {
        CheckSquare(nameof(SolveSylvester));
        Errors.NotNull(b, nameof(SolveSylvester), nameof(b)).CheckSquare(nameof(SolveSylvester));
        return SylvesterOf(b, Errors.NotNull(c, nameof(SolveSylvester), nameof(c)), nameof(SolveSylvester));
    }

    private Tensor<T> SylvesterOf(Tensor<T> b, Tensor<T> c, string operation)
    {
        c.CheckMatrix(operation);
        if (c.shape[^2] != shape[^1] || c.shape[^1] != b.shape[^1])
        {
            throw Errors.Shape(operation, $"A, B and C have shapes {Shapes.Format(shape)}, {Shapes.Format(b.shape)} and {Shapes.Format(c.shape)}", "C with as many rows as A and as many columns as B",
                "transpose or reshape C");
        }

        int[] batch = Shapes.Broadcast(Shapes.Broadcast(BatchAxes, b.BatchAxes, operation), c.BatchAxes, operation);
        Tensor<T> Stretch(Tensor<T> x) => x.BroadcastTo([.. batch, .. x.shape.AsSpan(x.Rank - 2)]);
        return AllOrNothing(operation, [this, b, c], () => SylvesterCore(Stretch(this), Stretch(b), Stretch(c), transposed: false, operation));
    }

    /// <summary>Solves op(A) X + X op(B) = C. A and B have the same batch axes, the last of those of C.</summary>
    private static Tensor<T> SylvesterCore(Tensor<T> a, Tensor<T> b, Tensor<T> c, bool transposed, string name) => General(name, [a, b, c], c.shape,
        value: (inputs, output) =>
        {
            (int m, int n) = (output.shape[^2], output.shape[^1]);
            bool fits = Shapes.TryLength([m * n, m * n], out _);
            for (int i = 0; i < output.MatrixCount && !fits; i++)
            {
                if (!Sylvester.IsSymmetric(inputs[0].MatrixAt(i), m) || !Sylvester.IsSymmetric(inputs[1].MatrixAt(i), n))
                {
                    Shapes.Length([m * n, m * n], name);
                }
            }

            if (SystemOperations.SolveSylvester(inputs[0].Values, inputs[1].Values, inputs[2].Values, m, n, transposed, output.Writable).Matrix is >= 0 and var q)
            {
                throw Errors.Factorization(name, q, "gives a singular equation: A and -B share an eigenvalue", "spectra of A and -B that are disjoint", "shift A by a multiple of the identity");
            }
        },
        vjp: (g, i, operands) =>
        {
            (Tensor<T> a, Tensor<T> x) = (operands[0], operands.Output);
            Tensor<T> adjoint = SylvesterCore(a, operands[1], g, !transposed, name);
            return i switch
            {
                0 => -(transposed ? Product(x, adjoint, false, true) : Product(adjoint, x, false, true)).SumToShape(a.shape, operands[2].Rank),
                1 => -(transposed ? Product(adjoint, x, true, false) : Product(x, adjoint, true, false)).SumToShape(operands[1].shape, operands[2].Rank),
                _ => adjoint,
            };
        },
        jvp: (t, i, operands) =>
        {
            (Tensor<T> a, Tensor<T> b, Tensor<T> x) = (operands[0], operands[1], operands.Output);
            Tensor<T> right = i switch
            {
                0 => -Product(t.AlignAxes(a.Rank, x.Rank), x, transposed, false),
                1 => -Product(x, t.AlignAxes(b.Rank, x.Rank), false, transposed),
                _ => t,
            };
            return SylvesterCore(a, b, right, transposed, name);
        },
        axes: BatchesOf(c.Rank, a.Rank, b.Rank, c.Rank), parameters: transposed,
        slices: (reads, record, slices) => Slices<T>.Batches(reads, record, slices, largest: 2, [2, 2, 2, 2], xs => SylvesterCore(xs[0], xs[1], xs[2], transposed, name)),
        method: (_, output) => new(nameof(SystemOperations), nameof(SystemOperations.SolveSylvester), output.shape[^2], output.shape[^1], transposed)
        {
            Failure = "gives a singular equation", IsLarge = (long)output.shape[^2] * output.shape[^1] >= Blocked.Smallest,
        });

    /// <summary>The solution X of Lyapunov's equation A X + X Aᵀ = C, for this matrix A: <see cref="SolveSylvester"/> with B = Aᵀ.</summary>
    /// <param name="c">The matrix C, usually symmetric.</param>
    /// <returns>X, in the shape of C with the common batch.</returns>
    /// <exception cref="ArgumentNullException">c is null.</exception>
    /// <exception cref="TensorShapeException">The matrices do not fit.</exception>
    /// <exception cref="FactorizationException">The equation is singular: two eigenvalues of A add up to zero.</exception>
    public Tensor<T> SolveLyapunov(Tensor<T> c)
    {
        CheckSquare(nameof(SolveLyapunov));
        return AllOrNothing(nameof(SolveLyapunov), [this, Errors.NotNull(c, nameof(SolveLyapunov), nameof(c))], () => SylvesterOf(Transpose(), c, nameof(SolveLyapunov)));
    }
}
