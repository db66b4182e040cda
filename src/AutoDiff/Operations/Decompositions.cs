using AutoDiff.Kernels;

namespace AutoDiff;

// Triangular decompositions: Cholesky, LU, QR.
public sealed partial class Tensor<T>
{
    /// <summary>
    /// The lower triangular factor of a symmetric positive definite matrix, A = L Lᵀ. dL = L Φ(L⁻¹ dA L⁻ᵀ), where Φ takes the lower triangle and halves the diagonal; the cotangent is
    /// L⁻ᵀ Φ(Lᵀ G) L⁻¹, symmetrized (Murray, "Differentiation of the Cholesky decomposition", 2016).
    /// </summary>
    /// <param name="upper">Whether to give the upper factor, U = Lᵀ with A = Uᵀ U, in its place.</param>
    /// <returns>L, with zeros above the diagonal and positive numbers on it; or U.</returns>
    /// <remarks>A is taken as (A + Aᵀ) / 2, so the derivative is symmetric.</remarks>
    /// <exception cref="TensorShapeException">The matrix is not square.</exception>
    /// <exception cref="FactorizationException">The matrix is not positive definite.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create([[4.0, 2.0], [2.0, 5.0]]).Cholesky()); // => [[2, 0], [1, 2]]
    /// </code>
    /// </example>
    public Tensor<T> Cholesky(bool upper = false)
    {
        Tensor<T> lower = LowerCholesky();
        if (!upper)
        {
            return lower;
        }

        Tensor<T> transposed = lower.Transpose();
        lower.GiveBack();
        return transposed;
    }

    private Tensor<T> LowerCholesky()
    {
        CheckSquare(nameof(Cholesky));
        return General(nameof(Cholesky), [this], shape,
            value: static (inputs, output) =>
            {
                (int q, int pivot) = FactorOperations.Cholesky(inputs[0].Values, output.shape[^1], output.Writable);
                if (q >= 0)
                {
                    throw Errors.Factorization(nameof(Cholesky), q, $"is not positive definite: its leading minor of order {pivot + 1} (pivot {pivot}) is not positive", "a symmetric positive definite matrix",
                        "check the matrix, or add a small multiple of the identity");
                }
            },
            vjp: static (g, _, operands) =>
            {
                Tensor<T> l = operands.Output;
                Tensor<T> inner = Product(l, g, true, false) * LowerWeights(l.shape[^1]);
                return TriangularCore(l, TriangularCore(l, inner, false, true, false).Transpose(), false, true, false).Symmetrize();
            },
            jvp: static (t, _, operands) =>
            {
                Tensor<T> l = operands.Output;
                Tensor<T> inner = TriangularCore(l, TriangularCore(l, t.Symmetrize(), false, false, false).Transpose(), false, false, false).Transpose();
                return Product(l, inner * LowerWeights(l.shape[^1]), false, false);
            },
            axes: BatchOf(Rank), slices: static (reads, _, _) => reads[0].LowerCholesky(),
            method: static (_, output) => new(nameof(FactorOperations), nameof(FactorOperations.Cholesky), output.shape[^1]) { Failure = "is not positive definite", IsLarge = output.shape[^1] >= Blocked.Smallest });
    }

    /// <summary>Φ: 1 below the diagonal, 1/2 on it.</summary>
    private static Tensor<T> LowerWeights(int n)
    {
        Tensor<T> weights = Allocate([n, n]);
        weights.Writable.Clear();
        for (int i = 0; i < n; i++)
        {
            weights.Writable.Slice(i * n, i).Fill(T.One);
            weights.Writable[(i * n) + i] = T.ScaleB(T.One, -1);
        }

        return weights;
    }

    /// <summary>
    /// The factors A = P L U of a matrix [m, n] with partial pivoting. For a square matrix, with F = L⁻¹ Pᵀ dA U⁻¹: dL = L tril₋₁(F), dU = triu(F) U
    /// (de Hoog, Anderssen and Lukas, "Differentiation of matrix functionals using triangular factorization", 2011). The rest of a wide or tall matrix follows by triangular solves.
    /// </summary>
    /// <returns>
    /// The permutation matrix P [m, m], which is piecewise constant, L [m, k] with a unit diagonal, and U [k, n], with k = min(m, n). The derivative is infinite or NaN where the leading block of U is singular.
    /// </returns>
    /// <exception cref="TensorShapeException">The operand is not a matrix.</exception>
    public (Tensor<T> P, Tensor<T> L, Tensor<T> U) Lu()
    {
        (int m, int n) = (CheckMatrix(nameof(Lu)).shape[^2], shape[^1]);
        if (m == n)
        {
            Tensor<T> both = LuCore(this), rows = both.Piece(n * n, n);
            var factors = (PermutationMatrix(rows), LuFactor(both, n, upper: false), LuFactor(both, n, upper: true));
            rows.GiveBack();
            both.GiveBack();
            return factors;
        }

        int k = Math.Min(m, n);
        Tensor<T> order = LuOrder();
        Tensor<T> a = InOrder(this, order, back: false);
        Tensor<T> packed = LuCore(a[TensorIndex.Ellipsis, ..k, ..k]).Piece(0, k, k);

        // A rests in rows below, L₂ U = A₂, or in columns to the right, L U₂ = A₂.
        Tensor<T> l = m == k ? packed.UnitLower()
            : Tensor.Concat<T>([packed.UnitLower(), TriangularCore(packed, a[TensorIndex.Ellipsis, k.., ..].Transpose(), upper: true, transposed: true, unitDiagonal: false).Transpose()], -2);
        Tensor<T> u = n == k ? packed.SelectTriangle(upper: true, 0)
            : Tensor.Concat<T>([packed.SelectTriangle(upper: true, 0), TriangularCore(packed, a[TensorIndex.Ellipsis, .., k..], upper: false, transposed: false, unitDiagonal: true)], -1);
        return (PermutationMatrix(order), l, u);
    }

    /// <summary>One of the factors of a square matrix from both.</summary>
    private static Tensor<T> LuFactor(Tensor<T> both, int n, bool upper) => General(nameof(Lu), [both], [.. both.shape[..^1], n, n],
        value: (inputs, output) => FactorOperations.LuFactor(inputs[0].Values, n, upper, output.Writable),
        vjp: (g, _, _) => Pack((g.SelectTriangle(upper, upper ? 0 : -1), 2), (Tensor.Zeros<T>([.. g.shape[..^2], n]), 1)),
        jvp: (t, _, _) => t.Piece(0, n, n).SelectTriangle(upper, upper ? 0 : -1),
        axes: _ => [.. Enumerable.Range(0, both.Rank - 1), -1], parameters: upper, slices: (reads, _, _) => LuFactor(reads[0], n, upper),
        method: (_, output) => new(nameof(FactorOperations), nameof(FactorOperations.LuFactor), output.shape[^1], upper));

    private Tensor<T> UnitLower() => SelectTriangle(upper: false, -1) + Tensor.Identity<T>(shape[^1]);

    /// <summary>The order in which partial pivoting takes the rows, as numbers. Its derivative is zero.</summary>
    private Tensor<T> LuOrder() => General(nameof(Lu), [this], [.. BatchAxes, shape[^2]],
        value: static (inputs, output) => FactorOperations.LuOrder(inputs[0].Values, inputs[0].shape[^2], inputs[0].shape[^1], output.Writable),
        vjp: static (_, _, _) => null, jvp: static (_, _, _) => null, slices: static (reads, _, _) => reads[0].LuOrder(),
        method: static (inputs, _) => new(nameof(FactorOperations), nameof(FactorOperations.LuOrder), inputs[0].shape[^2], inputs[0].shape[^1])
        {
            IsLarge = Math.Min(inputs[0].shape[^2], inputs[0].shape[^1]) >= Blocked.Smallest,
        });

    /// <summary>The matrix P of an order of rows: row i of Pᵀ A is row order[i] of A.</summary>
    private static Tensor<T> PermutationMatrix(Tensor<T> order) => General(nameof(Lu), [order], [.. order.shape, order.shape[^1]],
        value: static (inputs, output) => FactorOperations.Permutation(inputs[0].Values, output.shape[^1], output.Writable),
        vjp: static (_, _, _) => null, jvp: static (_, _, _) => null, slices: static (reads, _, _) => PermutationMatrix(reads[0]),
        method: static (_, output) => new(nameof(FactorOperations), nameof(FactorOperations.Permutation), output.shape[^1]));

    /// <summary>Pᵀ A for an order of rows, or P A. The batch axes of the order are the last of those of A.</summary>
    private static Tensor<T> InOrder(Tensor<T> a, Tensor<T> order, bool back) => General(nameof(Lu), [a, order], a.shape,
        value: (inputs, output) => FactorOperations.InOrder(inputs[0].Values, inputs[1].Values, output.shape[^2], output.shape[^1], back, output.Writable),
        vjp: (g, i, operands) => i == 0 ? InOrder(g, operands[1], !back) : null,
        jvp: (t, i, operands) => i == 0 ? InOrder(t, operands[1], back) : null,
        axes: i => i == 0 ? BatchOf(a.Rank)(0) : null, parameters: back,
        slices: (reads, record, slices) => Slices<T>.Batches(reads, record, slices, largest: 0, [2, 1, 2], xs => InOrder(xs[0], xs[1], back)),
        method: (_, output) => new(nameof(FactorOperations), nameof(FactorOperations.InOrder), output.shape[^2], output.shape[^1], back));

    /// <summary>The factors of a square matrix, L below the diagonal and U from it on, and after them the order of its rows.</summary>
    private static Tensor<T> LuCore(Tensor<T> a) => General(nameof(Lu), [a], [.. a.BatchAxes, a.shape[^1] * (a.shape[^1] + 1)],
        value: static (inputs, output) => FactorOperations.Lu(inputs[0].Values, inputs[0].shape[^1], output.Writable),
        vjp: static (cotangent, _, operands) =>
        {
            int n = operands[0].shape[^1];
            (Tensor<T> packed, Tensor<T> g) = (operands.Output.Piece(0, n, n), cotangent.Piece(0, n, n));
            Tensor<T> inner = Product(packed.UnitLower(), g.SelectTriangle(upper: false, -1), true, false).SelectTriangle(upper: false, -1)
                + Product(g.SelectTriangle(upper: true, 0), packed.SelectTriangle(upper: true, 0), false, true).SelectTriangle(upper: true, 0);
            Tensor<T> right = TriangularCore(packed, inner.Transpose(), upper: true, transposed: false, unitDiagonal: false).Transpose();
            return InOrder(TriangularCore(packed, right, upper: false, transposed: true, unitDiagonal: true), operands.Output.Piece(n * n, n), back: true);
        },
        jvp: static (tangent, _, operands) =>
        {
            int n = operands[0].shape[^1];
            (Tensor<T> packed, Tensor<T> order) = (operands.Output.Piece(0, n, n), operands.Output.Piece(n * n, n));
            Tensor<T> t = InOrder(tangent, order, back: false);
            Tensor<T> left = TriangularCore(packed, t, upper: false, transposed: false, unitDiagonal: true);
            Tensor<T> f = TriangularCore(packed, left.Transpose(), upper: true, transposed: true, unitDiagonal: false).Transpose();
            Tensor<T> factors = Product(packed.UnitLower(), f.SelectTriangle(upper: false, -1), false, false)
                + Product(f.SelectTriangle(upper: true, 0), packed.SelectTriangle(upper: true, 0), false, false);
            return Pack((factors, 2), (Tensor.Zeros<T>([.. factors.shape[..^2], n]), 1));
        },
        axes: BatchOf(a.Rank), slices: static (reads, _, _) => LuCore(reads[0]),
        method: static (inputs, _) => new(nameof(FactorOperations), nameof(FactorOperations.Lu), inputs[0].shape[^1]) { IsLarge = inputs[0].shape[^1] >= Blocked.Smallest });

    /// <summary>
    /// The reduced factors A = Q R of a matrix [m, n]. For m ≥ n, with C = Qᵀ dA R⁻¹ and Ω = tril₋₁(C) - tril₋₁(C)ᵀ: dQ = Q Ω + (I - Q Qᵀ) dA R⁻¹, dR = (C - Ω) R
    /// (Walter and Lehmann, "Algorithmic differentiation of linear algebra functions", 2018). For m &lt; n the leading square block gives Q, and R = Qᵀ A.
    /// </summary>
    /// <returns>Q [m, k] with orthonormal columns and the upper triangular R [k, n], k = min(m, n). The signs are those of Householder's reflections: the diagonal of R may be negative.</returns>
    /// <remarks>The derivative needs the first k columns of A to be independent; it is infinite or NaN where they are not.</remarks>
    /// <exception cref="TensorShapeException">The operand is not a matrix.</exception>
    public (Tensor<T> Q, Tensor<T> R) Qr()
    {
        (int m, int n) = (CheckMatrix(nameof(Qr)).shape[^2], shape[^1]);
        if (m < n)
        {
            (Tensor<T> square, Tensor<T> triangle) = this[TensorIndex.Ellipsis, .., ..m].Qr();
            return (square, Tensor.Concat<T>([triangle, Product(square, this[TensorIndex.Ellipsis, .., m..], true, false)], -1));
        }

        Tensor<T> packed = PackedQr();
        var factors = (packed.Piece(0, m, n), packed.Piece(m * n, n, n));
        packed.GiveBack();
        return factors;
    }

    /// <summary>Both factors of a matrix that is not wide, one after the other.</summary>
    private Tensor<T> PackedQr() => General(nameof(Qr), [this], [.. BatchAxes, (shape[^2] + shape[^1]) * shape[^1]],
        value: static (inputs, output) => FactorOperations.Qr(inputs[0].Values, inputs[0].shape[^2], inputs[0].shape[^1], output.Writable),
        vjp: QrVjp, jvp: QrJvp, axes: BatchOf(Rank), slices: static (reads, _, _) => reads[0].PackedQr(),
        method: static (inputs, _) => new(nameof(FactorOperations), nameof(FactorOperations.Qr), inputs[0].shape[^2], inputs[0].shape[^1]) { IsLarge = inputs[0].shape[^1] >= Blocked.Smallest });

    private static Tensor<T>? QrVjp(Tensor<T> g, int i, Operands<T> operands)
    {
        (Tensor<T> q, Tensor<T> r) = QrFactors(operands);
        (int m, int n) = (q.shape[^2], q.shape[^1]);
        Tensor<T> gq = g.Piece(0, m, n);
        Tensor<T> inner = Product(r, g.Piece(m * n, n, n), false, true) - Product(gq, q, true, false);
        Tensor<T> symmetric = inner.SelectTriangle(upper: false, 0) + inner.SelectTriangle(upper: false, -1).Transpose();

        // Times R⁻ᵀ on the right.
        return TriangularCore(r, (gq + Product(q, symmetric, false, false)).Transpose(), upper: true, transposed: false, unitDiagonal: false).Transpose();
    }

    private static Tensor<T>? QrJvp(Tensor<T> t, int i, Operands<T> operands)
    {
        (Tensor<T> q, Tensor<T> r) = QrFactors(operands);
        Tensor<T> change = TriangularCore(r, t.Transpose(), upper: true, transposed: true, unitDiagonal: false).Transpose();
        Tensor<T> c = Product(q, change, true, false);
        Tensor<T> below = c.SelectTriangle(upper: false, -1);
        Tensor<T> rotation = below - below.Transpose();
        Tensor<T> dq = Product(q, rotation - c, false, false) + change;
        return Pack((dq, 2), (Product((c - rotation).SelectTriangle(upper: true, 0), r, false, false), 2));
    }

    private static (Tensor<T> Q, Tensor<T> R) QrFactors(Operands<T> operands)
    {
        (int m, int n) = (operands[0].shape[^2], operands[0].shape[^1]);
        return (operands.Output.Piece(0, m, n), operands.Output.Piece(m * n, n, n));
    }
}
