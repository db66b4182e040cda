using AutoDiff.Kernels;

namespace AutoDiff;

// Determinants and their logarithms.
public sealed partial class Tensor<T>
{
    /// <summary>
    /// The determinant of a square matrix. d det = Σ cof(A) dA: the gradient is the matrix of cofactors, exact for singular matrices too, and so are the next two derivatives
    /// (Stewart, "On the adjugate matrix", 1998).
    /// </summary>
    /// <returns>One number for each matrix; 1 for an empty one.</returns>
    /// <remarks>From the fourth order on, the derivative at a singular matrix of order 4 or more is NaN.</remarks>
    /// <exception cref="TensorShapeException">The matrix is not square.</exception>
    /// <example>
    /// <code>
    /// Tensor&lt;double> a = Tensor.Create([[1.0, 2.0], [3.0, 4.0]]);
    /// Console.WriteLine(Differentiate.Gradient(x => x.Determinant(), a)); // => [[4, -3], [-2, 1]]
    /// </code>
    /// </example>
    public Tensor<T> Determinant() => General(nameof(Determinant), [CheckSquare(nameof(Determinant))], BatchAxes,
        value: static (inputs, output) => DeterminantOperations.Determinants(inputs[0].Values, inputs[0].shape[^1], output.Writable),
        vjp: static (g, _, operands) => g.AsFactor() * CofactorMatrix(operands[0]),
        jvp: static (t, _, operands) => (t * CofactorMatrix(operands[0])).Sum(-2, -1), axes: BatchOf(Rank),
        slices: static (reads, _, _) => reads[0].Determinant(), method: static (inputs, _) => OfDeterminants(nameof(DeterminantOperations.Determinants), inputs[0].shape[^1]));

    /// <summary>The sign of the determinant and the logarithm of its magnitude, without overflow. d log|det A| = Σ A⁻ᵀ dA.</summary>
    /// <returns>For each matrix the sign (1, -1, or 0 if the matrix is singular), whose derivative is 0, and the logarithm (-∞ if it is singular; the derivative is then infinite or NaN).</returns>
    /// <exception cref="TensorShapeException">The matrix is not square.</exception>
    public (Tensor<T> Sign, Tensor<T> LogAbs) SlogDet()
    {
        Tensor<T> packed = PackedSlogDet();
        return (packed.Piece(0), packed.Piece(1));
    }

    /// <summary>The sign and the logarithm.</summary>
    private Tensor<T> PackedSlogDet() => General(nameof(SlogDet), [CheckSquare(nameof(SlogDet))], [.. BatchAxes, 2],
        value: static (inputs, output) => DeterminantOperations.SignsAndLogarithms(inputs[0].Values, inputs[0].shape[^1], output.Writable),
        vjp: static (g, _, operands) => operands.Reaches(1, 1) ? g.Piece(1).AsFactor() * operands[0].InverseCore(throws: false).Transpose() : null,
        jvp: static (t, _, operands) =>
        {
            Tensor<T> log = (t * operands[0].InverseCore(throws: false).Transpose()).Sum([-2, -1], keepDims: false);
            return Pack((Tensor.Zeros<T>(log.shape), 0), (log, 0));
        },
        axes: BatchOf(Rank), slices: static (reads, _, _) => reads[0].PackedSlogDet(), method: static (inputs, _) => OfDeterminants(nameof(DeterminantOperations.SignsAndLogarithms), inputs[0].shape[^1]));

    /// <summary>The logarithm of the determinant, without overflow. The gradient is A⁻ᵀ.</summary>
    /// <returns>One number for each matrix; -∞ for a singular one, NaN where the determinant is negative.</returns>
    /// <exception cref="TensorShapeException">The matrix is not square.</exception>
    public Tensor<T> LogDet() => General(nameof(LogDet), [CheckSquare(nameof(LogDet))], BatchAxes,
        value: static (inputs, output) => DeterminantOperations.Logarithms(inputs[0].Values, inputs[0].shape[^1], output.Writable),
        vjp: static (g, _, operands) => g.AsFactor() * operands[0].InverseCore(throws: false).Transpose(),
        jvp: static (t, _, operands) => (t * operands[0].InverseCore(throws: false).Transpose()).Sum(-2, -1), axes: BatchOf(Rank),
        slices: static (reads, _, _) => reads[0].LogDet(), method: static (inputs, _) => OfDeterminants(nameof(DeterminantOperations.Logarithms), inputs[0].shape[^1]));

    private static SpanMethod OfDeterminants(string method, int n) => new(nameof(DeterminantOperations), method, n) { IsLarge = n >= Blocked.Smallest };

    /// <summary>cof(A), the gradient of the determinant.</summary>
    private static Tensor<T> CofactorMatrix(Tensor<T> a) => General(nameof(Determinant), [a], a.shape,
        value: static (inputs, output) => DeterminantOperations.CofactorMatrices(inputs[0].Values, output.shape[^1], output.Writable),
        vjp: static (g, _, operands) => CofactorDerivative(operands[0], g), jvp: static (t, _, operands) => CofactorDerivative(operands[0], t), axes: BatchOf(a.Rank), slices: static (reads, _, _) => CofactorMatrix(reads[0]),
        method: static (inputs, _) => OfDeterminants(nameof(DeterminantOperations.CofactorMatrices), inputs[0].shape[^1]));

    /// <summary>The derivative of cof at A in the direction E, a symmetric map of E. The batch axes of A are the last of those of E.</summary>
    private static Tensor<T> CofactorDerivative(Tensor<T> a, Tensor<T> e) => General(nameof(Determinant), [a, e], e.shape,
        value: static (inputs, output) => DeterminantOperations.CofactorDerivatives(inputs[0].Values, inputs[1].Values, output.shape[^1], output.Writable),
        vjp: static (g, i, operands) => i == 1 ? CofactorDerivative(operands[0], g)
            : CofactorSecondDerivative(operands[0], operands[1], g).SumToShape(operands[0].shape, operands[1].Rank),
        jvp: static (t, i, operands) => i == 1 ? CofactorDerivative(operands[0], t)
            : CofactorSecondDerivative(operands[0], operands[1], AlongBatch(t, operands[0], operands[1])),
        axes: BatchesOf(e.Rank, a.Rank, e.Rank),
        slices: static (reads, record, slices) => Slices<T>.Batches(reads, record, slices, largest: 1, [2, 2, 2], static xs => CofactorDerivative(xs[0], xs[1])),
        method: static (inputs, _) => OfDeterminants(nameof(DeterminantOperations.CofactorDerivatives), inputs[0].shape[^1]));

    /// <summary>The second derivative of cof at A in the directions E and F, symmetric in all. The batch axes of A are the last of those of E, and these the last of those of F.</summary>
    private static Tensor<T> CofactorSecondDerivative(Tensor<T> a, Tensor<T> e, Tensor<T> f) => General(nameof(Determinant), [a, e, f], f.shape,
        value: static (inputs, output) => DeterminantOperations.CofactorSecondDerivatives(inputs[0].Values, inputs[1].Values, inputs[2].Values, output.shape[^1], output.Writable),
        vjp: static (g, i, operands) =>
        {
            (Tensor<T> a, Tensor<T> e, Tensor<T> f) = (operands[0], operands[1], operands[2]);
            return i switch
            {
                0 => CofactorThirdDerivative(a, e, f, g)?.SumToShape(a.shape, f.Rank),
                1 => CofactorSecondDerivative(a, f, g).SumToShape(e.shape, f.Rank),
                _ => CofactorSecondDerivative(a, e, g),
            };
        },
        jvp: static (t, i, operands) =>
        {
            (Tensor<T> a, Tensor<T> e, Tensor<T> f) = (operands[0], operands[1], operands[2]);
            return i switch
            {
                0 => CofactorThirdDerivative(a, e, f, AlongBatch(t, a, f)),
                1 => CofactorSecondDerivative(a, f, AlongBatch(t, e, f)),
                _ => CofactorSecondDerivative(a, e, t),
            };
        },
        axes: BatchesOf(f.Rank, a.Rank, e.Rank, f.Rank),
        slices: static (reads, record, slices) => Slices<T>.Batches(reads, record, slices, largest: 2, [2, 2, 2, 2], static xs => CofactorSecondDerivative(xs[0], xs[1], xs[2])),
        method: static (inputs, _) => OfDeterminants(nameof(DeterminantOperations.CofactorSecondDerivatives), inputs[0].shape[^1]));

    /// <summary>The axes of matrices that run in step with a result of a given rank, where the batch axes of each are the last of those of the result.</summary>
    private static AxesOf BatchesOf(int rank, params int[] ranks) => i => [.. Enumerable.Range(rank - ranks[i], ranks[i] - 2), -1, -1];

    /// <summary>
    /// The third derivative of cof at a regular matrix A. With X = E A⁻¹ and so on, the k-th derivative of det is det(A) times the sum over the permutations of the directions of their sign times the
    /// product over their cycles of the traces of the products; this is its gradient by the last direction.
    /// </summary>
    private static Tensor<T>? CofactorThirdDerivative(Tensor<T> a, Tensor<T> e, Tensor<T> f, Tensor<T> h)
    {
        int n = a.shape[^1];
        if (n < 4)
        {
            return null;
        }

        Tensor<T> inverse = a.InverseCore(throws: false);
        Tensor<T> x = Product(inverse, e, false, false);
        Tensor<T> y = Product(inverse, f, false, false);
        Tensor<T> z = Product(inverse, h, false, false);
        Tensor<T> Trace(Tensor<T> m) => m.Diagonals().Sum([-1], keepDims: false).AsFactor();
        (Tensor<T> xy, Tensor<T> yx) = (Product(x, y, false, false), Product(y, x, false, false));
        (Tensor<T> xz, Tensor<T> zx) = (Product(x, z, false, false), Product(z, x, false, false));
        (Tensor<T> yz, Tensor<T> zy) = (Product(y, z, false, false), Product(z, y, false, false));
        (Tensor<T> tx, Tensor<T> ty, Tensor<T> tz) = (Trace(x), Trace(y), Trace(z));
        (Tensor<T> txy, Tensor<T> txz, Tensor<T> tyz) = (Trace(xy), Trace(xz), Trace(yz));
        Tensor<T> three = (tx * ty * tz) - (tx * tyz) - (ty * txz) - (tz * txy) + Trace(Product(xy, z, false, false)) + Trace(Product(yx, z, false, false));
        Tensor<T> cyclic = Product(xy + yx, z, false, false) + Product(z, xy + yx, false, false) + Product(xz, y, false, false) + Product(yz, x, false, false);
        Tensor<T> sum = (three * Tensor.Identity<T>(n)) - (((ty * tz) - tyz) * x) - (((tx * tz) - txz) * y) - (((tx * ty) - txy) * z)
            + (tx * (yz + zy)) + (ty * (xz + zx)) + (tz * (xy + yx)) - cyclic;
        return a.Determinant().AsFactor() * Product(sum, inverse, false, false).Transpose();
    }

    /// <summary>A tangent of <paramref name="x"/>, stretched to the batch of another operand that x serves.</summary>
    private static Tensor<T> AlongBatch(Tensor<T> t, Tensor<T> x, Tensor<T> other) =>
        t.AlignAxes(x.Rank, other.Rank).StretchTo(Shapes.Join(t.shape.AsSpan(0, t.Rank - x.Rank), other.shape));

    /// <summary>The matrix number q of a batch that is repeated as often as needed.</summary>
    private ReadOnlySpan<T> MatrixAt(int q) => Values.Slice(q % MatrixCount * shape[^1] * shape[^2], shape[^1] * shape[^2]);
}
