using AutoDiff.Kernels;

namespace AutoDiff;

// Spectral decompositions. Where eigenvalues or singular values coincide (to rounding), the vectors are not functions of the matrix; see the remarks of Eigh.
public sealed partial class Tensor<T>
{
    /// <summary>
    /// The eigenvalues w and eigenvectors V of a symmetric matrix, A = V diag(w) Vᵀ. With M = Vᵀ dA V: dw = diag(M), dV = V (F ∘ M), F_ij = 1 / (w_j - w_i); the cotangent is
    /// V (diag(g_w) + F ∘ Vᵀ G_V) Vᵀ, symmetrized (Magnus, "On differentiating eigenvalues and eigenvectors", 1985; Giles 2008, section 3.1).
    /// </summary>
    /// <returns>The eigenvalues [.., n] in ascending order, and the eigenvectors as the columns of [.., n, n]. The signs of the vectors are arbitrary: results should not depend on them.</returns>
    /// <remarks>
    /// <para>A is taken as (A + Aᵀ) / 2. Functions of the eigenvalues alone have their gradient at repeated eigenvalues too, for the vectors are then left out of the sum.</para>
    /// <para>Functions of the vectors alone have their gradient at repeated eigenvalues if they depend only on the subspace that belongs to these. All else there gives NaN, never a wrong number:
    /// functions that depend on the choice of vectors, functions of vectors and values together (their derivative depends on how the eigenvalues part, which the cotangents do not tell), and tangents
    /// of the vectors in directions in which the eigenvalues part. <see cref="MatrixExp"/>, <see cref="MatrixSqrt"/>, <see cref="MatrixPower"/> and <see cref="Inverse"/> have no such points.</para>
    /// </remarks>
    /// <exception cref="TensorShapeException">The matrix is not square.</exception>
    /// <exception cref="FactorizationException">The matrix is not finite, or the iteration does not converge.</exception>
    /// <example>
    /// <code>
    /// (Tensor&lt;double> values, _) = Tensor.Create([[2.0, 1.0], [1.0, 2.0]]).Eigh();
    /// Console.WriteLine($"{values:0.000}"); // => [1.000, 3.000]
    /// </code>
    /// </example>
    public (Tensor<T> Values, Tensor<T> Vectors) Eigh()
    {
        int n = CheckSquare(nameof(Eigh)).shape[^1];
        Tensor<T> packed = PackedEigh();
        var pieces = (packed.Piece(0, n), packed.Piece(n, n, n));
        packed.GiveBack();
        return pieces;
    }

    /// <summary>The eigenvalues, and after them the vectors.</summary>
    private Tensor<T> PackedEigh() => General(nameof(Eigh), [this], [.. BatchAxes, shape[^1] * (shape[^1] + 1)],
        value: static (inputs, output) =>
        {
            if (SpectralOperations.Eigh(inputs[0].Values, inputs[0].shape[^1], output.Writable).Matrix is >= 0 and var q)
            {
                throw NotDecomposed(nameof(Eigh), q, "eigenvalues");
            }
        },
        vjp: EighVjp, jvp: EighJvp, axes: BatchOf(Rank), slices: static (reads, _, _) => reads[0].PackedEigh(),
        method: static (inputs, _) => new(nameof(SpectralOperations), nameof(SpectralOperations.Eigh), inputs[0].shape[^1]) { Failure = "is not finite", IsLarge = inputs[0].shape[^1] >= Blocked.Smallest });

    /// <summary>The eigenvalues of a symmetric matrix. dw_i = v_iᵀ dA v_i; the cotangent is V diag(g) Vᵀ.</summary>
    /// <returns>The eigenvalues [.., n] in ascending order.</returns>
    /// <remarks>A is taken as (A + Aᵀ) / 2. Symmetric functions of the eigenvalues have their gradient at repeated eigenvalues too.</remarks>
    /// <exception cref="TensorShapeException">The matrix is not square.</exception>
    /// <exception cref="FactorizationException">The matrix is not finite, or the iteration does not converge.</exception>
    public Tensor<T> EigenvaluesSymmetric()
    {
        CheckSquare(nameof(EigenvaluesSymmetric));
        if (TapeOf(this, nameof(EigenvaluesSymmetric)) is not null)
        {
            return Eigh().Values;
        }

        // The same numbers without the vectors, which only the derivative needs.
        int n = shape[^1];
        Tensor<T> values = Allocate([.. BatchAxes, n]);
        using Kernels.Scratch<T> matrix = new(n * n);
        for (int q = 0; q < MatrixCount; q++)
        {
            SymmetricPart.Lower(MatrixAt(q), n, matrix.Span);
            if (!SymmetricEigen.Eigenvalues<T>(matrix.Span, n, values.Writable.Slice(q * n, n)))
            {
                throw NotDecomposed(nameof(Eigh), q, "eigenvalues");
            }
        }

        return values;
    }

    private static Tensor<T>? EighVjp(Tensor<T> g, int i, Operands<T> operands)
    {
        int n = operands[0].shape[^1];
        Tensor<T> w = operands.Output.Piece(0, n);
        Tensor<T> v = operands.Output.Piece(n, n, n);
        (bool ofValues, bool ofVectors) = (operands.Reaches(0, n), operands.Reaches(n, n * n));
        Tensor<T>? part = ofValues ? Recompose(operands[0], operands.Output, g.Piece(0, n)) : null;
        if (ofVectors)
        {
            Tensor<T> inner = Product(v, g.Piece(n, n, n), true, false);
            Tensor<T> apart = Apart(w);
            Tensor<T> rotated = Product(Product(v, inner * Gaps(w, apart), false, false), v, false, true) + NotANumberWhere(apart, inner, always: ofValues);
            rotated = rotated.Symmetrize();
            part = part is null ? rotated : part + rotated;
        }

        return part;
    }

    /// <summary>
    /// V diag(g) Vᵀ, with the eigenvectors V of A: the cotangent of the eigenvalues. With M = Vᵀ dA V it changes by V (D ∘ M + diag(dg)) Vᵀ, D_ij = (g_j - g_i) / (w_j - w_i) (Daleckii and Krein): a
    /// record of its own, for where eigenvalues and their g coincide this is right though the vectors have no derivative. What dg has to say of such a pair it cannot say, so that a g that is not
    /// constant gives NaN in directions in which the eigenvalues part.
    /// </summary>
    private static Tensor<T> Recompose(Tensor<T> a, Tensor<T> packed, Tensor<T> g)
    {
        bool constant = g.tape is null;
        return General(nameof(Eigh), [a, packed, g], [.. g.shape, g.shape[^1]],
            value: static (inputs, output) => SpectralOperations.Recompose(inputs[1].Values, inputs[2].Values, output.shape[^1], output.Writable),
            vjp: (cotangent, i, operands) => i switch
            {
                0 => RecomposeByMatrix(cotangent, operands, constant).SumToShape(operands[0].shape, operands[2].Rank + 1),
                1 => null,
                _ => InFrame(cotangent, operands).Diagonals(),
            },
            jvp: (t, i, operands) =>
            {
                int n = operands[0].shape[^1];
                Tensor<T> v = operands[1].Piece(n, n, n);
                return i switch
                {
                    0 => RecomposeByMatrix(AlongBatch(t, operands[0], operands.Output), operands, constant),
                    1 => null,
                    _ => Product(v * t.ExpandDims(-2), v, false, true),
                };
            },
            axes: i => i switch { 0 => BatchesOf(g.Rank + 1, a.Rank)(0), 1 => null, _ => [.. Enumerable.Range(0, g.Rank - 1), -1] },
            slices: static (reads, record, slices) => Slices<T>.Batches(reads, record, slices, largest: 2, [2, 1, 1, 2], static xs => Recompose(xs[0], xs[1], xs[2])),
            method: static (_, output) => new(nameof(SpectralOperations), nameof(SpectralOperations.Recompose), output.shape[^1]) { Inputs = [1, 2] });
    }

    /// <summary>E ↦ V (D ∘ (Vᵀ E V)) Vᵀ for symmetric E: its own transpose.</summary>
    private static Tensor<T> RecomposeByMatrix(Tensor<T> e, Operands<T> operands, bool constant)
    {
        int n = operands[0].shape[^1];
        (Tensor<T> w, Tensor<T> v, Tensor<T> g) = (operands[1].Piece(0, n), operands[1].Piece(n, n, n), operands[2]);
        Tensor<T> m = InFrame(e, operands);
        Tensor<T> apart = Apart(w);
        Tensor<T> change = m * (g.ExpandDims(-2) - g.ExpandDims(-1));
        Tensor<T> unsettled = NotANumberWhere(apart, (constant ? change : m).SelectTriangle(upper: true, 1), always: false);
        return Product(Product(v, change * Gaps(w, apart), false, false), v, false, true) + unsettled;
    }

    private static Tensor<T> InFrame(Tensor<T> e, Operands<T> operands)
    {
        int n = operands[0].shape[^1];
        Tensor<T> v = operands[1].Piece(n, n, n);
        return Product(Product(v, e.Symmetrize(), true, false), v, false, false);
    }

    private static Tensor<T>? EighJvp(Tensor<T> t, int i, Operands<T> operands)
    {
        int n = operands[0].shape[^1];
        Tensor<T> w = operands.Output.Piece(0, n);
        Tensor<T> v = operands.Output.Piece(n, n, n);
        Tensor<T> m = Product(Product(v, t.Symmetrize(), true, false), v, false, false);
        Tensor<T> apart = Apart(w);
        return Pack((m.Diagonals(), 1), (Product(v, m * Gaps(w, apart), false, false) + NotANumberColumns(apart, m), 2));
    }

    /// <summary>
    /// The reduced singular value decomposition A = U diag(s) Vᵀ of a matrix [m, n]. With P = Uᵀ dA V = σ + α, its symmetric and antisymmetric parts, E_ij = 1 / (s_j - s_i), H_ij = 1 / (s_i + s_j):
    /// ds = diag(P), dU = U (σ ∘ E + α ∘ H) + (I - U Uᵀ) dA V S⁻¹, dV = V (σ ∘ E - α ∘ H) + (I - V Vᵀ) dAᵀ U S⁻¹ (Townsend, "Differentiating the singular value decomposition", 2016, in sums and
    /// differences of s in place of squares).
    /// </summary>
    /// <returns>U [.., m, k], s [.., k] in descending order, and Vᵀ [.., k, n], with k = min(m, n). The signs of the vectors are arbitrary: results should not depend on them.</returns>
    /// <remarks>
    /// At repeated singular values the derivative is that of <see cref="Eigh"/>: functions of the values alone, and of the vectors alone if they depend only on subspaces or on U Vᵀ, have their
    /// gradient; all else gives NaN. At a singular value of zero the vectors of a matrix that is not square, and of two such values in any matrix, have none either.
    /// </remarks>
    /// <exception cref="TensorShapeException">The operand is not a matrix.</exception>
    /// <exception cref="FactorizationException">The matrix is not finite, or the iteration does not converge.</exception>
    /// <example>
    /// <code>
    /// (_, Tensor&lt;double> s, _) = Tensor.Create([[3.0, 0.0], [0.0, 4.0]]).Svd();
    /// Console.WriteLine($"{s:0.000}"); // => [4.000, 3.000]
    /// </code>
    /// </example>
    public (Tensor<T> U, Tensor<T> S, Tensor<T> Vh) Svd()
    {
        (int m, int n) = (CheckMatrix(nameof(Svd)).shape[^2], shape[^1]);
        int k = Math.Min(m, n);
        Tensor<T> packed = PackedSvd();
        var pieces = (packed.Piece(0, m, k), packed.Piece(m * k, k), packed.Piece((m * k) + k, k, n));
        packed.GiveBack();
        return pieces;
    }

    /// <summary>The left vectors, the values, and the right vectors.</summary>
    private Tensor<T> PackedSvd() => General(nameof(Svd), [this], [.. BatchAxes, Math.Min(shape[^2], shape[^1]) * (shape[^2] + 1 + shape[^1])],
        value: static (inputs, output) =>
        {
            if (SpectralOperations.Svd(inputs[0].Values, inputs[0].shape[^2], inputs[0].shape[^1], output.Writable).Matrix is >= 0 and var q)
            {
                throw NotDecomposed(nameof(Svd), q, "singular values");
            }
        },
        vjp: SvdVjp, jvp: SvdJvp, axes: BatchOf(Rank), slices: static (reads, _, _) => reads[0].PackedSvd(),
        method: static (inputs, _) => new(nameof(SpectralOperations), nameof(SpectralOperations.Svd), inputs[0].shape[^2], inputs[0].shape[^1])
        {
            Failure = "is not finite", IsLarge = Math.Min(inputs[0].shape[^2], inputs[0].shape[^1]) >= Kernels.SingularValues.SmallestReduced,
        });

    /// <summary>The singular values of a matrix. ds_i = u_iᵀ dA v_i; the cotangent is U diag(g) Vᵀ.</summary>
    /// <returns>The singular values [.., min(m, n)] in descending order.</returns>
    /// <remarks>Right at repeated singular values. A singular value of zero is a kink, where the derivative is taken to be 0: the subgradient of least norm.</remarks>
    /// <exception cref="TensorShapeException">The operand is not a matrix.</exception>
    /// <exception cref="FactorizationException">The matrix is not finite, or the iteration does not converge.</exception>
    public Tensor<T> SingularValues()
    {
        CheckMatrix(nameof(SingularValues));
        if (TapeOf(this, nameof(SingularValues)) is not null)
        {
            Tensor<T> s = Svd().S;
            return s * s.Sign();
        }

        // The same numbers without the vectors, which only the derivative needs.
        (int m, int n) = (shape[^2], shape[^1]);
        int k = Math.Min(m, n);
        Tensor<T> values = Allocate([.. BatchAxes, k]);
        for (int q = 0; q < MatrixCount; q++)
        {
            if (!Kernels.SingularValues.Values(MatrixAt(q), m, n, values.Writable.Slice(q * k, k)))
            {
                throw NotDecomposed(nameof(Svd), q, "singular values");
            }
        }

        return values;
    }

    private static Tensor<T>? SvdVjp(Tensor<T> g, int i, Operands<T> operands)
    {
        (Tensor<T> u, Tensor<T> s, Tensor<T> vh) = SvdFactors(operands);
        (int m, int k, int n) = (u.shape[^2], s.shape[^1], vh.shape[^1]);
        bool ofValues = operands.Reaches(m * k, k);
        bool ofLeft = operands.Reaches(0, m * k);
        bool ofRight = operands.Reaches((m * k) + k, k * n);
        Tensor<T>? part = ofValues ? Product(u * g.Piece(m * k, k).ExpandDims(-2), vh, false, false) : null;
        if (!ofLeft && !ofRight)
        {
            return part;
        }

        // X = Uᵀ G_U and Y = Vᵀ G_V enter by their antisymmetric parts.
        Tensor<T> gu = g.Piece(0, m, k);
        Tensor<T> gvh = g.Piece((m * k) + k, k, n);
        Tensor<T> x = Product(u, gu, true, false);
        Tensor<T> y = Product(vh, gvh, false, true);
        Tensor<T> apart = Apart(s);
        Tensor<T> positive = SumsPositive(s);
        Tensor<T> sum = x + y;
        Tensor<T> difference = x - y;
        T half = T.ScaleB(T.One, -1);
        Tensor<T> inner = ((sum - sum.Transpose()) * Gaps(s, apart) + (difference - difference.Transpose()) * Sums(s, positive)) * half;
        Tensor<T> rotated = Product(Product(u, inner, false, false), vh, false, false)
            + NotANumberWhere(apart, sum, always: ofValues) + NotANumberWhere(positive, difference, always: false);
        if (m > k && ofLeft)
        {
            rotated += Product((gu - Product(u, x, false, false)) / s.ExpandDims(-2), vh, false, false);
        }

        if (n > k && ofRight)
        {
            rotated += Product(u, (gvh - Product(y, vh, true, false)) / s.ExpandDims(-1), false, false);
        }

        return part is null ? rotated : part + rotated;
    }

    private static Tensor<T>? SvdJvp(Tensor<T> t, int i, Operands<T> operands)
    {
        (Tensor<T> u, Tensor<T> s, Tensor<T> vh) = SvdFactors(operands);
        (int m, int k, int n) = (u.shape[^2], s.shape[^1], vh.shape[^1]);
        Tensor<T> left = Product(t, vh, false, true);
        Tensor<T> right = Product(u, t, true, false);
        Tensor<T> p = Product(u, left, true, false);
        Tensor<T> apart = Apart(s);
        Tensor<T> positive = SumsPositive(s);
        T half = T.ScaleB(T.One, -1);
        Tensor<T> even = (p + p.Transpose()) * half;
        Tensor<T> odd = (p - p.Transpose()) * half;
        Tensor<T> stretch = even * Gaps(s, apart);
        Tensor<T> turn = odd * Sums(s, positive);
        Tensor<T> unsettled = NotANumberColumns(apart, even) + NotANumberColumns(positive, odd);
        Tensor<T> du = Product(u, stretch + turn, false, false) + unsettled;
        Tensor<T> dvh = Product(stretch - turn, vh, true, false) + unsettled.Transpose();
        if (m > k)
        {
            du += (left - Product(u, p, false, false)) / s.ExpandDims(-2);
        }

        if (n > k)
        {
            dvh += (right - Product(p, vh, false, false)) / s.ExpandDims(-1);
        }

        return Pack((du, 2), (p.Diagonals(), 1), (dvh, 2));
    }

    private static (Tensor<T> U, Tensor<T> S, Tensor<T> Vh) SvdFactors(Operands<T> operands)
    {
        (int m, int n) = (operands[0].shape[^2], operands[0].shape[^1]);
        int k = Math.Min(m, n);
        return (operands.Output.Piece(0, m, k), operands.Output.Piece(m * k, k), operands.Output.Piece((m * k) + k, k, n));
    }

    private static FactorizationException NotDecomposed(string operation, int matrix, string what) =>
        Errors.Factorization(operation, matrix, $"holds NaN or infinity, or the iteration for its {what} did not converge", "finite numbers", "look for the operation that made the first NaN");

    /// <summary>1 / (w_j - w_i) where the two are apart, and 0 where they are equal to rounding.</summary>
    private static Tensor<T> Gaps(Tensor<T> w, Tensor<T> apart) => apart / (w.ExpandDims(-2) - w.ExpandDims(-1) + (T.One - apart));

    /// <summary>1 / (s_i + s_j) where that is positive, and 0 elsewhere.</summary>
    private static Tensor<T> Sums(Tensor<T> s, Tensor<T> positive) => positive / (s.ExpandDims(-2) + s.ExpandDims(-1) + (T.One - positive));

    /// <summary>
    /// A mask of the pairs of values that differ by more than the rounding errors of the decomposition; closer gaps are noise. Its derivative is zero.
    /// </summary>
    private static Tensor<T> Apart(Tensor<T> w) => PairMask(w, ofSums: false);

    /// <summary>A mask of the pairs of values whose sum differs from zero by more than rounding errors. Its derivative is zero.</summary>
    private static Tensor<T> SumsPositive(Tensor<T> s) => PairMask(s, ofSums: true);

    private static Tensor<T> PairMask(Tensor<T> w, bool ofSums) => General("IsApart", [w], [.. w.shape, w.shape[^1]],
        value: (inputs, output) => SpectralOperations.PairsApart(inputs[0].Values, output.shape[^1], ofSums, output.Writable),
        vjp: static (_, _, _) => null, jvp: static (_, _, _) => null, slices: (reads, _, _) => PairMask(reads[0], ofSums),
        method: (_, output) => new(nameof(SpectralOperations), nameof(SpectralOperations.PairsApart), output.shape[^1], ofSums));

    /// <summary>
    /// For each matrix X of cotangents in the frame of the vectors 0, or NaN if it turns vectors that belong to one value into each other: if the antisymmetric part of X does not vanish for a pair
    /// that is not apart (or always, if there is such a pair). The derivative is zero.
    /// </summary>
    private static Tensor<T> NotANumberWhere(Tensor<T> apart, Tensor<T> x, bool always) => General("IsSettled", [apart, x], [.. x.BatchAxes, 1, 1],
        value: (inputs, output) => SpectralOperations.Unsettled(inputs[0].Values, inputs[1].Values, inputs[1].shape[^1], always, output.Writable),
        vjp: static (_, _, _) => null, jvp: static (_, _, _) => null,
        slices: (reads, record, slices) => Slices<T>.Batches(reads, record, slices, largest: 1, [2, 2, 2], xs => NotANumberWhere(xs[0], xs[1], always)),
        method: (inputs, _) => new(nameof(SpectralOperations), nameof(SpectralOperations.Unsettled), inputs[1].shape[^1], always));

    /// <summary>
    /// For each matrix M of tangents in the frame of the vectors a row of zeros, with NaN in the columns of vectors that M turns into others of the same value. The derivative is zero.
    /// </summary>
    private static Tensor<T> NotANumberColumns(Tensor<T> apart, Tensor<T> m) => General("IsSettled", [apart, m], [.. m.BatchAxes, 1, m.shape[^1]],
        value: static (inputs, output) => SpectralOperations.UnsettledColumns(inputs[0].Values, inputs[1].Values, inputs[1].shape[^1], output.Writable),
        vjp: static (_, _, _) => null, jvp: static (_, _, _) => null,
        slices: static (reads, record, slices) => Slices<T>.Batches(reads, record, slices, largest: 1, [2, 2, 2], static xs => NotANumberColumns(xs[0], xs[1])),
        method: static (inputs, _) => new(nameof(SpectralOperations), nameof(SpectralOperations.UnsettledColumns), inputs[1].shape[^1]));
}
