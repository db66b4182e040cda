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
    public Tensor<T> Cholesky(bool upper = false) => upper ? LowerCholesky().Transpose() : LowerCholesky();

    private Tensor<T> LowerCholesky()
    {
        int order = CheckSquare(nameof(Cholesky)).shape[^1];
        Tensor<T> weights = MatrixOf(order, order, static (i, j) => i > j ? T.One : i == j ? T.ScaleB(T.One, -1) : T.Zero);
        return General(nameof(Cholesky), [this], shape,
            value: static (inputs, output) =>
            {
                int n = output.shape[^1];
                for (int q = 0; q < output.MatrixCount; q++)
                {
                    Span<T> factor = output.Writable.Slice(q * n * n, n * n);
                    LowerHalf(inputs[0].MatrixAt(q), n, factor);
                    int pivot = CholeskyDecomposition.Factor(factor, n);
                    if (pivot >= 0)
                    {
                        throw Errors.Factorization(nameof(Cholesky), q, $"is not positive definite: its leading minor of order {pivot + 1} (pivot {pivot}) is not positive", "a symmetric positive definite matrix",
                            "check the matrix, or add a small multiple of the identity");
                    }
                }
            },
            vjp: (g, _, operands) =>
            {
                Tensor<T> l = operands.Output;
                Tensor<T> inner = Product(l, g, true, false) * weights;
                return TriangularCore(l, TriangularCore(l, inner, false, true, false).Transpose(), false, true, false).Symmetrize();
            },
            jvp: (t, _, operands) =>
            {
                Tensor<T> l = operands.Output;
                Tensor<T> inner = TriangularCore(l, TriangularCore(l, t.Symmetrize(), false, false, false).Transpose(), false, false, false).Transpose();
                return Product(l, inner * weights, false, false);
            },
            axes: BatchOf(Rank));
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
        int k = Math.Min(m, n);
        Tensor<T> p = LuPermutation();
        Tensor<T> a = Product(p, this, true, false);
        Tensor<T> packed = LuCore(m == n ? a : a[TensorIndex.Ellipsis, ..k, ..k]);
        Tensor<T> lower = packed.SelectTriangle(upper: false, -1) + Tensor.Identity<T>(k);
        Tensor<T> upper = packed.SelectTriangle(upper: true, 0);

        // A rests in rows below, L₂ U = A₂, or in columns to the right, L U₂ = A₂.
        Tensor<T> l = m == k ? lower
            : Tensor.Concat<T>([lower, TriangularCore(packed, a[TensorIndex.Ellipsis, k.., ..].Transpose(), upper: true, transposed: true, unitDiagonal: false).Transpose()], -2);
        Tensor<T> u = n == k ? upper
            : Tensor.Concat<T>([upper, TriangularCore(packed, a[TensorIndex.Ellipsis, .., k..], upper: false, transposed: false, unitDiagonal: true)], -1);
        return (p, l, u);
    }

    /// <summary>The permutation of partial pivoting as a matrix P, with rows of Pᵀ A in the order of the pivots. Its derivative is zero.</summary>
    private Tensor<T> LuPermutation() => General(nameof(Lu), [this], [.. BatchAxes, shape[^2], shape[^2]],
        value: static (inputs, output) =>
        {
            (int m, int n) = (inputs[0].shape[^2], inputs[0].shape[^1]);
            using Kernels.Scratch<T> factors = new(m * n);
            using Kernels.Scratch<int> pivots = new(Math.Min(m, n)), permutation = new(m);
            output.Writable.Clear();
            for (int q = 0; q < output.MatrixCount; q++)
            {
                inputs[0].Values.Slice(q * m * n, m * n).CopyTo(factors.Span);
                LuDecomposition.Factor(factors.Span, m, n, pivots.Span);
                LuDecomposition.Permutation(pivots.Span, permutation.Span);
                for (int i = 0; i < m; i++)
                {
                    output.Writable[(q * m * m) + (permutation.Span[i] * m) + i] = T.One;
                }
            }
        },
        vjp: static (_, _, _) => null, jvp: static (_, _, _) => null);

    /// <summary>The factors of a square matrix whose rows are in the order of the pivots, L below the diagonal and U from it on.</summary>
    private static Tensor<T> LuCore(Tensor<T> a) => General(nameof(Lu), [a], a.shape,
        value: static (inputs, output) =>
        {
            int n = output.shape[^1];
            using Kernels.Scratch<int> pivots = new(n);
            inputs[0].Values.CopyTo(output.Writable);
            for (int q = 0; q < output.MatrixCount; q++)
            {
                LuDecomposition.Factor(output.Writable.Slice(q * n * n, n * n), n, n, pivots.Span);
            }
        },
        vjp: static (g, _, operands) =>
        {
            Tensor<T> packed = operands.Output;
            Tensor<T> l = packed.SelectTriangle(upper: false, -1) + Tensor.Identity<T>(packed.shape[^1]);
            Tensor<T> inner = Product(l, g.SelectTriangle(upper: false, -1), true, false).SelectTriangle(upper: false, -1)
                + Product(g.SelectTriangle(upper: true, 0), packed.SelectTriangle(upper: true, 0), false, true).SelectTriangle(upper: true, 0);
            Tensor<T> right = TriangularCore(packed, inner.Transpose(), upper: true, transposed: false, unitDiagonal: false).Transpose();
            return TriangularCore(packed, right, upper: false, transposed: true, unitDiagonal: true);
        },
        jvp: static (t, _, operands) =>
        {
            Tensor<T> packed = operands.Output;
            Tensor<T> l = packed.SelectTriangle(upper: false, -1) + Tensor.Identity<T>(packed.shape[^1]);
            Tensor<T> left = TriangularCore(packed, t, upper: false, transposed: false, unitDiagonal: true);
            Tensor<T> f = TriangularCore(packed, left.Transpose(), upper: true, transposed: true, unitDiagonal: false).Transpose();
            return Product(l, f.SelectTriangle(upper: false, -1), false, false) + Product(f.SelectTriangle(upper: true, 0), packed.SelectTriangle(upper: true, 0), false, false);
        },
        axes: BatchOf(a.Rank));

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

        Tensor<T> packed = General(nameof(Qr), [this], [.. BatchAxes, (m + n) * n],
            value: static (inputs, output) =>
            {
                (int m, int n) = (inputs[0].shape[^2], inputs[0].shape[^1]);
                for (int q = 0; q < inputs[0].MatrixCount; q++)
                {
                    Span<T> factors = output.Writable.Slice(q * (m + n) * n, (m + n) * n);
                    QrDecomposition.Factor(inputs[0].Values.Slice(q * m * n, m * n), m, n, factors[..(m * n)], factors[(m * n)..]);
                }
            },
            vjp: QrVjp, jvp: QrJvp, axes: BatchOf(Rank));
        return (packed.Piece(0, m, n), packed.Piece(m * n, n, n));
    }

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
