using AutoDiff.Kernels;

namespace AutoDiff;

// Logic of masks. A number that is not zero counts as true; masks are constants.
public sealed partial class Tensor<T>
{
    /// <summary>1 where both are not zero, else 0, with broadcasting. It has no derivative, and is a constant.</summary>
    /// <param name="x">A mask.</param>
    /// <param name="y">Another mask.</param>
    /// <exception cref="ArgumentNullException">x or y is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    /// <returns>The mask.</returns>
    public static Tensor<T> operator &(Tensor<T> x, Tensor<T> y) => Compare(x, y, "And", Pieces.Map<Pieces.Both, T>);

    /// <summary>1 where at least one is not zero, else 0, with broadcasting. It has no derivative, and is a constant.</summary>
    /// <param name="x">A mask.</param>
    /// <param name="y">Another mask.</param>
    /// <exception cref="ArgumentNullException">x or y is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    /// <returns>The mask.</returns>
    public static Tensor<T> operator |(Tensor<T> x, Tensor<T> y) => Compare(x, y, "Or", Pieces.Map<Pieces.Either, T>);

    /// <summary>1 where exactly one is not zero, else 0, with broadcasting. It has no derivative, and is a constant.</summary>
    /// <param name="x">A mask.</param>
    /// <param name="y">Another mask.</param>
    /// <exception cref="ArgumentNullException">x or y is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    /// <returns>The mask.</returns>
    public static Tensor<T> operator ^(Tensor<T> x, Tensor<T> y) => Compare(x, y, "ExclusiveOr", Pieces.Map<Pieces.OneOfTwo, T>);

    /// <summary>1 where the mask is zero, else 0. It has no derivative, and is a constant.</summary>
    /// <param name="x">A mask.</param>
    /// <returns>The mask.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    public static Tensor<T> operator !(Tensor<T> x) => Operand(x, "Not").Elementwise(static (x, y) => Pieces.Map<Pieces.IsEqual, T>(x, T.Zero, T.Zero, y), name: "Not");

    /// <summary>The values, but a number where the mask is not zero, with broadcasting. dy = dx where the mask is zero.</summary>
    /// <param name="mask">The mask; a constant for differentiation.</param>
    /// <param name="value">The number.</param>
    /// <returns>The values, in the common shape.</returns>
    /// <remarks>A filled element contributes exactly 0 to the derivative, whatever its value and its local derivative are.</remarks>
    /// <exception cref="ArgumentNullException">mask or value is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    /// <example>
    /// <code>
    /// Tensor&lt;double> x = Tensor.Create(1, double.NaN);
    /// Console.WriteLine(x.MaskedFill(Tensor.Create([false, true]), 0)); // => [1, 0]
    /// </code>
    /// </example>
    public Tensor<T> MaskedFill(Tensor<T> mask, T value) => MaskedFill(mask, Tensor.Scalar(value));

    /// <summary>The values, but those of another tensor where the mask is not zero, with broadcasting. The derivative goes to what was taken.</summary>
    /// <param name="mask">The mask; a constant for differentiation.</param>
    /// <param name="value">The values to fill in, often a scalar.</param>
    /// <returns>The values, in the common shape.</returns>
    /// <exception cref="ArgumentNullException">mask or value is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> MaskedFill(Tensor<T> mask, Tensor<T> value)
    {
        int[] common = CommonShape(nameof(MaskedFill), mask, value);
        return value.StretchTo(common).Choose(mask.Flat().StretchTo(common), StretchTo(common));
    }
}
