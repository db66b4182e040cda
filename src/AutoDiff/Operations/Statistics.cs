using AutoDiff.Kernels;

namespace AutoDiff;

// Moments, and reductions that leave NaN out.
public sealed partial class Tensor<T>
{
    /// <summary>The variance over axes, Σ (x - mean)² / (n - 1). dy = 2 Σ (x - mean) / (n - 1) dx.</summary>
    /// <param name="axes">The axes; none given means all.</param>
    /// <returns>The variances, without the reduced axes; NaN, with a derivative of NaN, where there are fewer than two elements.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create(1, 2, 3, 4, 5).Variance()); // => 2.5
    /// </code>
    /// </example>
    public Tensor<T> Variance(params ReadOnlySpan<int> axes) => Variance(axes, correction: 1);

    /// <summary>The variance along an axis, which stays with length 1 if asked for: Σ (x - mean)² / (n - correction). dy = 2 Σ (x - mean) / (n - correction) dx.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <param name="correction">What is taken off the number of elements: 1 for a sample (Bessel's correction), 0 for a whole population.</param>
    /// <returns>The variances; NaN, with a derivative of NaN, where there are not more elements than the correction.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> Variance(int axis, bool keepDims = false, int correction = 1) => Variance([Shapes.CheckAxis(axis, Rank, nameof(Variance))], correction, keepDims);

    /// <summary>The variance over axes, Σ (x - mean)² / (n - correction), in two passes: first the mean, then the squares. dy = 2 Σ (x - mean) / (n - correction) dx.</summary>
    /// <param name="axes">The axes; none given means all.</param>
    /// <param name="correction">What is taken off the number of elements: 1 for a sample (Bessel's correction), 0 for a whole population.</param>
    /// <param name="keepDims">Whether the reduced axes stay, with length 1.</param>
    /// <returns>The variances; NaN, with a derivative of NaN, where there are not more elements than the correction.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> Variance(ReadOnlySpan<int> axes = default, int correction = 1, bool keepDims = false)
    {
        T freedom = Freedom(axes, correction, nameof(Variance));
        return ReduceRows(axes, keepDims, nameof(Variance),
            (x, rows, columns, y) => Spread(x, rows, columns, y, freedom, static (deviations, freedom) =>
            {
                VectorMath.Square<T>(deviations, deviations);
                return Kernels.Reductions.Sum<T>(deviations) / freedom;
            }),
            (x, _) => (x - x.Mean([-1], keepDims: true)) * (T.CreateChecked(2) / freedom), freedom);
    }

    /// <summary>The standard deviation over axes, √(Σ (x - mean)² / (n - 1)). dy = Σ (x - mean) / ((n - 1) y) dx.</summary>
    /// <param name="axes">The axes; none given means all.</param>
    /// <returns>The deviations, without the reduced axes; NaN, with a derivative of NaN, where there are fewer than two elements.</returns>
    /// <remarks>Where all elements are equal the derivative is 0, the subgradient of least norm.</remarks>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> StandardDeviation(params ReadOnlySpan<int> axes) => StandardDeviation(axes, correction: 1);

    /// <summary>The standard deviation along an axis, which stays with length 1 if asked for: √(Σ (x - mean)² / (n - correction)). dy = Σ (x - mean) / ((n - correction) y) dx.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <param name="correction">What is taken off the number of elements: 1 for a sample (Bessel's correction), 0 for a whole population.</param>
    /// <returns>The deviations; NaN, with a derivative of NaN, where there are not more elements than the correction.</returns>
    /// <remarks>Where all elements are equal the derivative is 0, the subgradient of least norm.</remarks>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create(1, 3).StandardDeviation(0, correction: 0)); // => 1
    /// </code>
    /// </example>
    public Tensor<T> StandardDeviation(int axis, bool keepDims = false, int correction = 1) => StandardDeviation([Shapes.CheckAxis(axis, Rank, nameof(StandardDeviation))], correction, keepDims);

    /// <summary>The standard deviation over axes, √(Σ (x - mean)² / (n - correction)), in two passes and without overflow. dy = Σ (x - mean) / ((n - correction) y) dx.</summary>
    /// <param name="axes">The axes; none given means all.</param>
    /// <param name="correction">What is taken off the number of elements: 1 for a sample, 0 for a whole population.</param>
    /// <param name="keepDims">Whether the reduced axes stay, with length 1.</param>
    /// <returns>The deviations; NaN, with a derivative of NaN, where there are not more elements than the correction.</returns>
    /// <remarks>Where all elements are equal the derivative is 0, the subgradient of least norm.</remarks>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> StandardDeviation(ReadOnlySpan<int> axes = default, int correction = 1, bool keepDims = false)
    {
        T freedom = Freedom(axes, correction, nameof(StandardDeviation));
        return ReduceRows(axes, keepDims, nameof(StandardDeviation),
            (x, rows, columns, y) => Spread(x, rows, columns, y, freedom, static (deviations, freedom) => Norms.Norm<T>(deviations, T.CreateChecked(2)) / T.Sqrt(freedom)),
            (x, y) => ((x - x.Mean([-1], keepDims: true)) / (y * freedom)).SelectWhere(Pieces.Map<Pieces.SecondIsNonzero, T>, x, y, "IsRightNonzero"), freedom);
    }

    /// <summary>The covariances of variables: C_ij = Σ_k w_k (x_ik - m_i)(x_jk - m_j) / c, with the weighted means m.</summary>
    /// <param name="correction">What is taken off the number of observations: 1 for a sample, 0 for a whole population.</param>
    /// <param name="frequencies">How often each observation counts; once each where null.</param>
    /// <param name="weights">The weight of each observation; 1 each where null.</param>
    /// <returns>For a matrix whose rows are variables and whose columns are observations, a symmetric matrix; for a vector, one variable, its variance.</returns>
    /// <remarks>
    /// With w = frequencies · weights, c = Σ w - correction · Σ w · weights / Σ w, as NumPy has it; NaN where c is not above 0. It is differentiable in the weights too.
    /// </remarks>
    /// <exception cref="TensorShapeException">The tensor is not a vector or a matrix, or there is not one weight for each observation.</exception>
    public Tensor<T> Covariance(int correction = 1, Tensor<T>? frequencies = null, Tensor<T>? weights = null)
    {
        if (Rank is not (1 or 2))
        {
            throw NoVariables(nameof(Covariance));
        }

        int n = shape[^1];
        if ((frequencies ?? weights) is not null && !(Fits(frequencies) && Fits(weights)))
        {
            throw Errors.Shape(nameof(Covariance), $"weights of shape {Shapes.Format((frequencies ?? weights)!.shape)} were given for {n} observations", $"the shape [{n}]",
                "give one weight for each column");
        }

        TapeOf([this, frequencies ?? this, weights ?? this], nameof(Covariance));
        Tensor<T> x = Rank == 1 ? ExpandDims(0) : this;
        Tensor<T> w = frequencies is null ? weights ?? Tensor.Ones<T>(n) : weights is null ? frequencies : frequencies * weights;
        Tensor<T> total = w.Sum();
        Tensor<T> freedom = total - (weights is null ? Tensor.Scalar(T.One) : (w * weights).Sum() / total) * T.CreateChecked(correction);
        Tensor<T> centered = x - ((x * w).Sum([1], keepDims: true) / total);
        Tensor<T> positive = Mask(freedom, freedom, "IsPositive", static (c, _) => c > T.Zero);
        Tensor<T> scatter = Product(centered * w, centered, false, true) / Tensor.Where(positive, freedom, T.NaN);
        return Rank == 1 ? scatter.Reshape() : scatter;

        bool Fits(Tensor<T>? given) => given is null || (given.Rank == 1 && given.length == n);
    }

    /// <summary>The correlations of variables: R_ij = Σ_k (x_ik - m_i)(x_jk - m_j) / (s_i s_j), the cosines of the angles between the centered rows.</summary>
    /// <returns>For a matrix whose rows are variables and whose columns are observations, a symmetric matrix; for a vector, 1. NaN for a variable that is constant.</returns>
    /// <exception cref="TensorShapeException">The tensor is not a vector or a matrix.</exception>
    public Tensor<T> Correlation()
    {
        Tensor<T> x = Rank switch { 1 => ExpandDims(0), 2 => this, _ => throw NoVariables(nameof(Correlation)) };
        Tensor<T> centered = x - x.Mean([1], keepDims: true);
        Tensor<T> unit = centered / centered.Norm(T.CreateChecked(2), [1], keepDims: true);
        Tensor<T> cosines = Product(unit, unit, false, true);
        return Rank == 1 ? cosines.Reshape() : cosines;
    }

    /// <summary>The sum over axes of the elements that are not NaN. dy = Σ dx over those.</summary>
    /// <param name="axes">The axes; none given means all.</param>
    /// <returns>The reduced tensor, without those axes.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> NanSum(params ReadOnlySpan<int> axes) => NanSum(axes, keepDims: false);

    /// <summary>The sum of the elements that are not NaN along an axis, which stays with length 1 if asked for. dy = Σ dx over those.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <returns>The sums. The sum of nothing is 0.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> NanSum(int axis, bool keepDims = false) => NanSum([Shapes.CheckAxis(axis, Rank, nameof(NanSum))], keepDims);

    /// <summary>The sum of the elements that are not NaN, over axes, which stay with length 1 if asked for.</summary>
    /// <param name="axes">The axes; none given means all.</param>
    /// <param name="keepDims">Whether the reduced axes stay, with length 1.</param>
    /// <returns>The reduced tensor. Its axes have length 1 if <paramref name="keepDims"/> is true; otherwise they are gone.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> NanSum(ReadOnlySpan<int> axes = default, bool keepDims = false)
    {
        Shapes.Mark(axes, Rank, nameof(NanSum));
        return Linear(new SelectMap<T>(IsNumber()), nameof(NanSum)).Sum(axes, keepDims);
    }

    /// <summary>The mean over axes of the elements that are not NaN. dy = Σ dx / n over those.</summary>
    /// <param name="axes">The axes; none given means all.</param>
    /// <returns>The means, without the reduced axes; NaN where there is nothing but NaN.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> NanMean(params ReadOnlySpan<int> axes) => NanMean(axes, keepDims: false);

    /// <summary>The mean of the elements that are not NaN along an axis, which stays with length 1 if asked for. dy = Σ dx / n over those.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <returns>The means; NaN where there is nothing but NaN.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> NanMean(int axis, bool keepDims = false) => NanMean([Shapes.CheckAxis(axis, Rank, nameof(NanMean))], keepDims);

    /// <summary>The mean of the elements that are not NaN, over axes, which stay with length 1 if asked for.</summary>
    /// <param name="axes">The axes; none given means all.</param>
    /// <param name="keepDims">Whether the reduced axes stay, with length 1.</param>
    /// <returns>The reduced tensor. Its axes have length 1 if <paramref name="keepDims"/> is true; otherwise they are gone.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> NanMean(ReadOnlySpan<int> axes = default, bool keepDims = false)
    {
        Shapes.Mark(axes, Rank, nameof(NanMean));
        Tensor<T> numbers = IsNumber();
        return Linear(new SelectMap<T>(numbers), nameof(NanMean)).Sum(axes, keepDims) / numbers.Sum(axes, keepDims);
    }

    /// <summary>log of the mean of e^x over axes, without overflow. dy = Σ e^(x - y) / n dx.</summary>
    /// <param name="axes">The axes; none given means all.</param>
    /// <returns>The values, without the reduced axes; -∞ where there is nothing but -∞, NaN where there is nothing.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> LogMeanExp(params ReadOnlySpan<int> axes) => LogMeanExp(axes, keepDims: false);

    /// <summary>log of the mean of e^x along an axis, which stays with length 1 if asked for, without overflow. dy = Σ e^(x - y) / n dx.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <returns>The values; -∞ where there is nothing but -∞, NaN where there is nothing.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> LogMeanExp(int axis, bool keepDims = false) => LogMeanExp([Shapes.CheckAxis(axis, Rank, nameof(LogMeanExp))], keepDims);

    /// <summary>log of the mean of e^x over axes, which stay with length 1 if asked for.</summary>
    /// <param name="axes">The axes; none given means all.</param>
    /// <param name="keepDims">Whether the reduced axes stay, with length 1.</param>
    /// <returns>The reduced tensor. Its axes have length 1 if <paramref name="keepDims"/> is true; otherwise they are gone.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> LogMeanExp(ReadOnlySpan<int> axes = default, bool keepDims = false) =>
        ReduceRows(axes, keepDims, nameof(LogMeanExp),
            static (x, rows, columns, y) =>
            {
                for (int i = 0; i < rows; i++)
                {
                    y[i] = Kernels.Reductions.LogMeanExp(x.Slice(i * columns, columns));
                }
            },
            SharesOfExponentials);

    /// <summary>The sum of the diagonal of a matrix, or of each matrix of a batch. dy = Σ dx_ii.</summary>
    /// <returns>One number for each matrix.</returns>
    /// <exception cref="TensorShapeException">The rank is below 2.</exception>
    public Tensor<T> Trace() => Rank >= 2 ? Diagonal().Sum(-1)
        : throw Errors.Shape(nameof(Trace), $"the tensor has shape {Shapes.Format(shape)}", "a rank of at least 2", "give a matrix");

    /// <summary>Ones where there is a number, zeros where there is NaN.</summary>
    private Tensor<T> IsNumber() => Mask(this, this, nameof(IsNumber), static (x, _) => !T.IsNaN(x));

    private TensorShapeException NoVariables(string operation) =>
        Errors.Shape(operation, $"the tensor has shape {Shapes.Format(shape)}", "a vector, or a matrix with a row for each variable", "reshape the tensor");

    /// <summary>The number of elements less a correction; NaN where that is not above 0.</summary>
    private T Freedom(ReadOnlySpan<int> axes, int correction, string operation)
    {
        long freedom = (long)ReducedLength(axes, operation) - correction;
        return freedom > 0 ? T.CreateChecked(freedom) : T.NaN;
    }

    /// <summary>For each row, a number from the deviations from its mean.</summary>
    private static void Spread(ReadOnlySpan<T> x, int rows, int columns, Span<T> y, T freedom, Func<Span<T>, T, T> measure)
    {
        using Kernels.Scratch<T> deviations = new(columns);
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<T> row = x.Slice(i * columns, columns);
            VectorMath.Subtract(row, Kernels.Reductions.Sum(row) / T.CreateChecked(columns), deviations.Span);
            y[i] = measure(deviations.Span, freedom);
        }
    }
}
