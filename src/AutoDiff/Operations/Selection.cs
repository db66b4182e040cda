using System.Numerics;
using AutoDiff.Kernels;
using System.Runtime.CompilerServices;

namespace AutoDiff;

// Comparisons, masks, and what chooses between operands.
public sealed partial class Tensor<T>
{
    /// <summary>The larger of two operands, element by element, with broadcasting. The derivative goes to the larger one.</summary>
    /// <param name="other">The other operand.</param>
    /// <returns>The maxima, in the common shape; NaN where either is NaN.</returns>
    /// <remarks>At a tie each operand gets one half.</remarks>
    /// <exception cref="ArgumentNullException">other is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create(1, 5).Maximum(Tensor.Create(3, 3))); // => [3, 5]
    /// </code>
    /// </example>
    public Tensor<T> Maximum(Tensor<T> other) => Binary(VectorMath.Maximum, this, other, nameof(Maximum),
        dx: static (x, y, _) => Share(x, y), dy: static (x, y, _) => Share(y, x));

    /// <summary>The smaller of two operands, element by element, with broadcasting. The derivative goes to the smaller one.</summary>
    /// <param name="other">The other operand.</param>
    /// <returns>The minima, in the common shape; NaN where either is NaN.</returns>
    /// <remarks>At a tie each operand gets one half.</remarks>
    /// <exception cref="ArgumentNullException">other is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> Minimum(Tensor<T> other) => Binary(VectorMath.Minimum, this, other, nameof(Minimum),
        dx: static (x, y, _) => Share(y, x), dy: static (x, y, _) => Share(x, y));

    /// <summary>1 where x > y, else 0: a mask for <see cref="Tensor.Where{T}(Tensor{T}, Tensor{T}, Tensor{T})"/>. It has no derivative, and is a constant.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    /// <returns>The mask.</returns>
    /// <exception cref="ArgumentNullException">x or y is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public static Tensor<T> operator >(Tensor<T> x, Tensor<T> y) => Compare(x, y, "GreaterThan", Pieces.Map<Pieces.IsGreater, T>);

    /// <summary>1 where x &lt; y, else 0. It has no derivative, and is a constant.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    /// <returns>The mask.</returns>
    /// <exception cref="ArgumentNullException">x or y is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public static Tensor<T> operator <(Tensor<T> x, Tensor<T> y) => Compare(x, y, "LessThan", static (x, y, z) => Pieces.Map<Pieces.IsGreater, T>(y, x, z));

    /// <summary>1 where x ≥ y, else 0. It has no derivative, and is a constant.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    /// <returns>The mask.</returns>
    /// <exception cref="ArgumentNullException">x or y is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public static Tensor<T> operator >=(Tensor<T> x, Tensor<T> y) => Compare(x, y, "GreaterThanOrEqual", Pieces.Map<Pieces.IsAtLeast, T>);

    /// <summary>1 where x ≤ y, else 0. It has no derivative, and is a constant.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    /// <returns>The mask.</returns>
    /// <exception cref="ArgumentNullException">x or y is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public static Tensor<T> operator <=(Tensor<T> x, Tensor<T> y) => Compare(x, y, "LessThanOrEqual", static (x, y, z) => Pieces.Map<Pieces.IsAtLeast, T>(y, x, z));

    /// <summary>1 where x > c, else 0. It has no derivative, and is a constant.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="c">The number.</param>
    /// <returns>The mask.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    public static Tensor<T> operator >(Tensor<T> x, T c) => x > Tensor.Scalar(c);

    /// <summary>1 where x &lt; c, else 0. It has no derivative, and is a constant.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="c">The number.</param>
    /// <returns>The mask.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    public static Tensor<T> operator <(Tensor<T> x, T c) => x < Tensor.Scalar(c);

    /// <summary>1 where x ≥ c, else 0. It has no derivative, and is a constant.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="c">The number.</param>
    /// <returns>The mask.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    public static Tensor<T> operator >=(Tensor<T> x, T c) => x >= Tensor.Scalar(c);

    /// <summary>1 where x ≤ c, else 0. It has no derivative, and is a constant.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="c">The number.</param>
    /// <returns>The mask.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    public static Tensor<T> operator <=(Tensor<T> x, T c) => x <= Tensor.Scalar(c);

    /// <summary>1 where c > x, else 0. It has no derivative, and is a constant.</summary>
    /// <param name="c">The number.</param>
    /// <param name="x">The tensor.</param>
    /// <returns>The mask.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    public static Tensor<T> operator >(T c, Tensor<T> x) => x < c;

    /// <summary>1 where c &lt; x, else 0. It has no derivative, and is a constant.</summary>
    /// <param name="c">The number.</param>
    /// <param name="x">The tensor.</param>
    /// <returns>The mask.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    public static Tensor<T> operator <(T c, Tensor<T> x) => x > c;

    /// <summary>1 where c ≥ x, else 0. It has no derivative, and is a constant.</summary>
    /// <param name="c">The number.</param>
    /// <param name="x">The tensor.</param>
    /// <returns>The mask.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    public static Tensor<T> operator >=(T c, Tensor<T> x) => x <= c;

    /// <summary>1 where c ≤ x, else 0. It has no derivative, and is a constant.</summary>
    /// <param name="c">The number.</param>
    /// <param name="x">The tensor.</param>
    /// <returns>The mask.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    public static Tensor<T> operator <=(T c, Tensor<T> x) => x >= c;

    /// <summary>1 where the values are equal, else 0, with broadcasting. It has no derivative, and is a constant. (The operator == compares references.)</summary>
    /// <param name="other">The other operand.</param>
    /// <returns>A mask of the broadcast shape.</returns>
    /// <exception cref="ArgumentNullException">other is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create(1, 2).EqualTo(Tensor.Create(1, 3))); // => [1, 0]
    /// </code>
    /// </example>
    public Tensor<T> EqualTo(Tensor<T> other) => Compare(this, other, nameof(EqualTo), Pieces.Map<Pieces.IsEqual, T>);

    /// <summary>1 where the values are a number, else 0. It has no derivative, and is a constant.</summary>
    /// <param name="number">The number.</param>
    /// <returns>A mask of the same shape.</returns>
    public Tensor<T> EqualTo(T number) => EqualTo(Tensor.Scalar(number));

    /// <summary>1 where the values differ, else 0, with broadcasting. It has no derivative, and is a constant.</summary>
    /// <param name="other">The other operand.</param>
    /// <returns>A mask of the broadcast shape.</returns>
    /// <exception cref="ArgumentNullException">other is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> NotEqualTo(Tensor<T> other) => Compare(this, other, nameof(NotEqualTo), Pieces.Map<Pieces.IsDifferent, T>);

    /// <summary>1 where the values differ from a number, else 0. It has no derivative, and is a constant.</summary>
    /// <param name="number">The number.</param>
    /// <returns>A mask of the same shape.</returns>
    public Tensor<T> NotEqualTo(T number) => NotEqualTo(Tensor.Scalar(number));

    /// <summary>A mask in terms of two operands. It is recorded like any operation (a replay computes it anew), with a derivative of zero.</summary>
    internal static Tensor<T> Mask(Tensor<T> x, Tensor<T> y, string name, Func<T, T, bool> holds) => Binary(
        (x, y, z) =>
        {
            for (int i = 0; i < z.Length; i++)
            {
                z[i] = holds(x[i], y[i]) ? T.One : T.Zero;
            }
        }, x, y, name);

    /// <summary>The same values where the mask is not zero; elsewhere a structural zero, through which no derivative flows in any order. The mask has the shape of the last axes.</summary>
    internal Tensor<T> Select(Tensor<T> mask) => Linear(new SelectMap<T>(mask), nameof(Select));

    /// <summary>The same values, but a structural zero where a condition on two operands holds.</summary>
    internal Tensor<T> SelectUnless(Func<T, T, bool> condition, Tensor<T> x, Tensor<T> y, string name)
    {
        Tensor<T> mask = Mask(x, y, name, (a, b) => !condition(a, b));
        return mask.tape is null && !mask.Values.Contains(T.Zero) ? this : Select(mask);
    }

    /// <summary>The same values, but a structural zero where a mask of two operands is 0.</summary>
    internal Tensor<T> SelectWhere(BinaryKernel<T> mask, Tensor<T> x, Tensor<T> y, string name)
    {
        Tensor<T> kept = Binary(mask, x, y, name);
        return kept.tape is null && !kept.Values.Contains(T.Zero) ? this : Select(kept);
    }

    /// <summary>The share of the derivative of max(x, y) that goes to x: 1, 1/2 at a tie, or 0.</summary>
    private static Tensor<T> Share(Tensor<T> x, Tensor<T> y) => Binary(Pieces.Map<Pieces.Share, T>, x, y, "IsLarger");

    /// <summary>A public comparison. It is recorded like any operation, so that a program that runs again compares again; its derivative is zero.</summary>
    private static Tensor<T> Compare(Tensor<T> x, Tensor<T> y, string name, BinaryKernel<T> holds,
        [CallerArgumentExpression(nameof(x))] string first = "", [CallerArgumentExpression(nameof(y))] string second = "") =>
        Binary(holds, x, y, name, first: first, second: second);
}

public static partial class Tensor
{
    /// <summary>x where the mask is not zero, y where it is, with broadcasting. The derivative goes to the operand that was chosen.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="mask">The mask, of zeros and other numbers; a constant for differentiation.</param>
    /// <param name="x">The values where the mask is not zero.</param>
    /// <param name="y">The values where the mask is zero.</param>
    /// <returns>The chosen values, in the common shape.</returns>
    /// <remarks>A lane that was not chosen contributes exactly 0 to the derivative, whatever its value and its local derivative are (infinite, NaN), in every order.</remarks>
    /// <exception cref="ArgumentNullException">mask, x or y is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    /// <example>
    /// <code>
    /// Tensor&lt;double> x = Tensor.Create(-1, 4);
    /// Console.WriteLine(Tensor.Where(x > 0, x.Sqrt(), -x)); // => [1, 2]
    /// </code>
    /// </example>
    public static Tensor<T> Where<T>(Tensor<T> mask, Tensor<T> x, Tensor<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(mask, nameof(Where), nameof(mask));
        Errors.NotNull(x, nameof(Where), nameof(x));
        Errors.NotNull(y, nameof(Where), nameof(y));
        int[] shape = Shapes.Broadcast(Shapes.Broadcast(x.Dimensions, y.Dimensions, nameof(Where)), mask.Dimensions, nameof(Where));
        Tensor<T>.TapeOf([mask, x, y], nameof(Where));
        Tensor<T> chosen = mask.Flat().StretchTo(shape);
        return x.StretchTo(shape).Choose(chosen, y.StretchTo(shape));
    }

    /// <summary>x where the mask is not zero, a number elsewhere.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="mask">The mask; a constant for differentiation.</param>
    /// <param name="x">The values where the mask is not zero.</param>
    /// <param name="c">The number where the mask is zero.</param>
    /// <returns>A tensor of the broadcast shape.</returns>
    /// <exception cref="ArgumentNullException">mask or x is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public static Tensor<T> Where<T>(Tensor<T> mask, Tensor<T> x, T c) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Where(mask, x, Scalar(c));

    /// <summary>One number where the mask is not zero, another elsewhere.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="mask">The mask; a constant for differentiation.</param>
    /// <param name="a">The number where the mask is not zero.</param>
    /// <param name="b">The number where the mask is zero.</param>
    /// <returns>The numbers, in the shape of the mask.</returns>
    /// <exception cref="ArgumentNullException">mask is null.</exception>
    public static Tensor<T> Where<T>(Tensor<T> mask, T a, T b) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Where(mask, Scalar(a), Scalar(b));

    /// <summary>A number where the mask is not zero, y elsewhere.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="mask">The mask; a constant for differentiation.</param>
    /// <param name="c">The number where the mask is not zero.</param>
    /// <param name="y">The values where the mask is zero.</param>
    /// <returns>A tensor of the broadcast shape.</returns>
    /// <exception cref="ArgumentNullException">mask or y is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public static Tensor<T> Where<T>(Tensor<T> mask, T c, Tensor<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Where(mask, Scalar(c), y);
}

public sealed partial class Tensor<T>
{
    /// <summary>Zeros and ones: whether the values differ from zero. The derivative is zero.</summary>
    internal Tensor<T> Flat() => Elementwise(static (x, y) => Pieces.Map<Pieces.IsNonzero, T>(x, T.Zero, T.Zero, y), name: "IsNonzero");

    /// <summary>This where the mask is one, the other where it is zero; all three have the same shape.</summary>
    internal Tensor<T> Choose(Tensor<T> mask, Tensor<T> other) => General("Where", [this, other, mask], shape,
        value: static (inputs, output) => Pieces.Map<Pieces.Chosen, T>(inputs[0].Values, inputs[1].Values, inputs[2].Values, output.Writable),
        vjp: static (g, i, _) => i == 2 ? null : g, jvp: static (t, i, _) => i == 2 ? null : t, axes: i => i == 2 ? null : [.. Enumerable.Range(0, Rank)],
        flow: static (i, operands) => i == 0 ? operands[2] : i == 1 ? T.One - operands[2] : null,
        slices: static (reads, record, slices) => record.Spread(reads, slices) is [var x, var other, var mask] ? x.Choose(mask, other) : null);
}
