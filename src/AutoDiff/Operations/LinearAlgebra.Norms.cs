namespace AutoDiff;

/// <summary>The norms of matrices.</summary>
public enum MatrixNormKind
{
    /// <summary>The root of the sum of the squares of all elements.</summary>
    Frobenius,

    /// <summary>The sum of the singular values.</summary>
    Nuclear,

    /// <summary>The largest singular value.</summary>
    Two,

    /// <summary>The smallest singular value: not a norm, but the reciprocal of the 2-norm of the inverse.</summary>
    MinusTwo,

    /// <summary>The largest sum of magnitudes of a column.</summary>
    One,

    /// <summary>The smallest sum of magnitudes of a column.</summary>
    MinusOne,

    /// <summary>The largest sum of magnitudes of a row.</summary>
    Infinity,

    /// <summary>The smallest sum of magnitudes of a row.</summary>
    MinusInfinity,
}

// Norms, condition and rank of matrices.
public sealed partial class Tensor<T>
{
    /// <summary>A norm of each matrix. The gradient is A / |A| (Frobenius), U Vᵀ (nuclear), u vᵀ of the singular value (2, -2), the signs in the column or row that counts (1, ∞ and their negatives).</summary>
    /// <param name="kind">The norm.</param>
    /// <param name="keepDims">Whether the last two axes stay, with length 1.</param>
    /// <remarks>At a kink the derivative is a subgradient: 0 for singular values and elements that are zero, even shares where several singular values, columns or rows tie.</remarks>
    /// <returns>The reduced tensor. Its axes have length 1 if <paramref name="keepDims"/> is true; otherwise they are gone.</returns>
    /// <exception cref="TensorShapeException">The operand is not a matrix, or an extremum is asked for of a matrix without elements.</exception>
    /// <exception cref="ArgumentException">There is no such norm.</exception>
    /// <exception cref="FactorizationException">Singular values are needed, and the matrix is not finite.</exception>
    public Tensor<T> MatrixNorm(MatrixNormKind kind = MatrixNormKind.Frobenius, bool keepDims = false)
    {
        CheckMatrix(nameof(MatrixNorm));
        Tensor<T> norm = kind switch
        {
            MatrixNormKind.Frobenius => Norm(T.CreateChecked(2), -2, -1),
            MatrixNormKind.Nuclear => SingularValues().Sum([-1], keepDims: false),
            MatrixNormKind.Two => SingularValues().Max([-1], keepDims: false),
            MatrixNormKind.MinusTwo => SingularValues().Min([-1], keepDims: false),
            MatrixNormKind.One => Abs().Sum([-2], keepDims: false).Max([-1], keepDims: false),
            MatrixNormKind.MinusOne => Abs().Sum([-2], keepDims: false).Min([-1], keepDims: false),
            MatrixNormKind.Infinity => Abs().Sum([-1], keepDims: false).Max([-1], keepDims: false),
            MatrixNormKind.MinusInfinity => Abs().Sum([-1], keepDims: false).Min([-1], keepDims: false),
            _ => throw Errors.Argument(nameof(MatrixNorm), nameof(kind), $"there is no norm {(int)kind}", "a member of MatrixNormKind", "name the norm"),
        };
        return keepDims ? norm.AsFactor() : norm;
    }

    /// <summary>The condition number |A| |A⁻¹| of each matrix; for the 2-norm the largest singular value over the smallest, of matrices of any shape.</summary>
    /// <param name="kind">The norm.</param>
    /// <returns>One number for each matrix.</returns>
    /// <exception cref="TensorShapeException">The operand is not a matrix, or not square for another norm than 2 or -2.</exception>
    /// <exception cref="FactorizationException">The matrix is singular and the norm another than 2 or -2, or the matrix is not finite.</exception>
    /// <exception cref="ArgumentException">There is no such norm.</exception>
    public Tensor<T> ConditionNumber(MatrixNormKind kind = MatrixNormKind.Two)
    {
        if (kind is not (MatrixNormKind.Two or MatrixNormKind.MinusTwo))
        {
            return CheckSquare(nameof(ConditionNumber)).InverseCore(throws: true, nameof(ConditionNumber)).MatrixNorm(kind) * MatrixNorm(kind);
        }

        Tensor<T> s = CheckMatrix(nameof(ConditionNumber)).SingularValues();
        Tensor<T> condition = s.Max([-1], keepDims: false) / s.Min([-1], keepDims: false);
        return kind == MatrixNormKind.Two ? condition : condition.Reciprocal();
    }

    /// <summary>The number of singular values of each matrix that are not negligible. It has no derivative, and is a constant.</summary>
    /// <param name="tolerance">Singular values up to this fraction of the largest count as zero; if not given, max(m, n) times the spacing of the numbers at 1.</param>
    /// <returns>One number for each matrix.</returns>
    /// <exception cref="TensorShapeException">The operand is not a matrix.</exception>
    /// <exception cref="FactorizationException">The matrix is not finite.</exception>
    public Tensor<T> MatrixRank(T? tolerance = null)
    {
        Tensor<T> s = CheckMatrix(nameof(MatrixRank)).Detach().Svd().S;
        return s.shape[^1] == 0 ? s.Sum([-1], keepDims: false) : (s > s.Max([-1], keepDims: true) * (tolerance ?? DefaultTolerance)).Sum([-1], keepDims: false);
    }
}
