using AutoDiff.Kernels;

namespace AutoDiff;

// Reductions over axes. Every reduction but the sum works on the rows of a matrix: the axes to reduce are moved to the end and flattened.
public sealed partial class Tensor<T>
{
    /// <summary>The sum over axes. dy = Σ dx.</summary>
    /// <param name="axes">The axes; none given means all. Negative ones count from the end.</param>
    /// <returns>The sums, without the reduced axes. The sum of nothing is 0.</returns>
    /// <remarks>Sums are pairwise, and the same for any number of threads.</remarks>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    /// <example>
    /// <code>
    /// Tensor&lt;double> x = Tensor.Create([[1.0, 2.0], [3.0, 4.0]]);
    /// Console.WriteLine(x.Sum()); // => 10
    /// Console.WriteLine(x.Sum(0)); // => [4, 6]
    /// </code>
    /// </example>
    public Tensor<T> Sum(params ReadOnlySpan<int> axes) => Sum(axes, keepDims: false);

    /// <summary>The sum along an axis, which stays with length 1 if asked for. dy = Σ dx.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <returns>The sums. The sum of nothing is 0.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    /// <example>
    /// <code>
    /// Tensor&lt;double> x = Tensor.Create([[1.0, 2.0], [3.0, 4.0]]);
    /// Console.WriteLine(x.Sum(1, keepDims: true)); // => [[3], [7]]
    /// </code>
    /// </example>
    public Tensor<T> Sum(int axis, bool keepDims = false) => Sum([Shapes.CheckAxis(axis, Rank, nameof(Sum))], keepDims);

    /// <summary>The sum over axes, which stay with length 1 if asked for. dy = Σ dx.</summary>
    /// <param name="axes">The axes; none given means all.</param>
    /// <param name="keepDims">Whether the reduced axes stay, with length 1.</param>
    /// <returns>The reduced tensor. Its axes have length 1 if <paramref name="keepDims"/> is true; otherwise they are gone.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> Sum(ReadOnlySpan<int> axes = default, bool keepDims = false)
    {
        if (axes.IsEmpty && Rank > 0 && !keepDims)
        {
            return Linear(new SumMap<T>(shape, [], 1, length, 1), nameof(Sum));
        }

        bool[] marked = Shapes.Mark(axes, Rank, nameof(Sum));
        int[] target = Reduced(marked, keepDims);
        Tensor<T> result = this;
        for (int end = Rank; end > 0;)
        {
            int begin = end;
            while (begin > 0 && marked[begin - 1])
            {
                begin--;
            }

            if (begin == end)
            {
                end--;
                continue;
            }

            // The last group of axes (the first of the shape) leads to the final shape at once.
            bool last = !marked.AsSpan(0, begin).Contains(true);
            int[] current = result.shape;
            int[] to = last ? target : [.. current.AsSpan(0, begin), .. Enumerable.Repeat(1, end - begin), .. current.AsSpan(end)];
            var map = new SumMap<T>(current, to, Shapes.Length(current.AsSpan(0, begin)), Shapes.Length(current.AsSpan(begin, end - begin)), Shapes.Length(current.AsSpan(end)));
            result = result.Linear(map, nameof(Sum));
            end = begin;
        }

        return result.Reshape(target);
    }

    /// <summary>The mean over axes. dy = Σ dx / n.</summary>
    /// <param name="axes">The axes; none given means all.</param>
    /// <returns>The means, without the reduced axes. The mean of nothing is NaN.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create(1, 2, 6).Mean()); // => 3
    /// </code>
    /// </example>
    public Tensor<T> Mean(params ReadOnlySpan<int> axes) => Mean(axes, keepDims: false);

    /// <summary>The mean along an axis, which stays with length 1 if asked for. dy = Σ dx / n.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <returns>The means. The mean of nothing is NaN.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> Mean(int axis, bool keepDims = false) => Mean([Shapes.CheckAxis(axis, Rank, nameof(Mean))], keepDims);

    /// <summary>The mean over axes, which stay with length 1 if asked for.</summary>
    /// <param name="axes">The axes; none given means all.</param>
    /// <param name="keepDims">Whether the reduced axes stay, with length 1.</param>
    /// <returns>The reduced tensor. Its axes have length 1 if <paramref name="keepDims"/> is true; otherwise they are gone.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> Mean(ReadOnlySpan<int> axes = default, bool keepDims = false)
    {
        T count = T.CreateChecked(ReducedLength(axes, nameof(Mean)));
        return Sum(axes, keepDims) / count;
    }

    /// <summary>The largest value over axes. The derivative goes to the largest element.</summary>
    /// <param name="axes">The axes; none given means all.</param>
    /// <returns>The maxima, without the reduced axes; NaN where there is a NaN.</returns>
    /// <remarks>Elements that tie share the derivative evenly.</remarks>
    /// <exception cref="TensorShapeException">There is nothing to take the maximum of.</exception>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create(1, 3, 2).Max()); // => 3
    /// </code>
    /// </example>
    public Tensor<T> Max(params ReadOnlySpan<int> axes) => Max(axes, keepDims: false);

    /// <summary>The largest value along an axis, which stays with length 1 if asked for. The derivative goes to the largest element.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <returns>The maxima; NaN where there is a NaN.</returns>
    /// <remarks>Elements that tie share the derivative evenly.</remarks>
    /// <exception cref="TensorShapeException">There is nothing to take the maximum of.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> Max(int axis, bool keepDims = false) => Max([Shapes.CheckAxis(axis, Rank, nameof(Max))], keepDims);

    /// <summary>The largest value over axes, which stay with length 1 if asked for.</summary>
    /// <param name="axes">The axes; none given means all.</param>
    /// <param name="keepDims">Whether the reduced axes stay, with length 1.</param>
    /// <returns>The reduced tensor. Its axes have length 1 if <paramref name="keepDims"/> is true; otherwise they are gone.</returns>
    /// <exception cref="TensorShapeException">There is nothing to take the maximum of.</exception>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> Max(ReadOnlySpan<int> axes = default, bool keepDims = false) => Extremum(axes, keepDims, nameof(Max), static (x, rows, columns, y) =>
    {
        for (int i = 0; i < rows; i++)
        {
            y[i] = Kernels.Reductions.Max(x.Slice(i * columns, columns));
        }
    });

    /// <summary>The smallest value over axes. The derivative goes to the smallest element.</summary>
    /// <param name="axes">The axes; none given means all.</param>
    /// <returns>The minima, without the reduced axes; NaN where there is a NaN.</returns>
    /// <remarks>Elements that tie share the derivative evenly.</remarks>
    /// <exception cref="TensorShapeException">There is nothing to take the minimum of.</exception>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create([[1.0, 2.0], [4.0, 3.0]]).Min(1)); // => [1, 3]
    /// </code>
    /// </example>
    public Tensor<T> Min(params ReadOnlySpan<int> axes) => Min(axes, keepDims: false);

    /// <summary>The smallest value along an axis, which stays with length 1 if asked for. The derivative goes to the smallest element.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <returns>The minima; NaN where there is a NaN.</returns>
    /// <remarks>Elements that tie share the derivative evenly.</remarks>
    /// <exception cref="TensorShapeException">There is nothing to take the minimum of.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> Min(int axis, bool keepDims = false) => Min([Shapes.CheckAxis(axis, Rank, nameof(Min))], keepDims);

    /// <summary>The smallest value over axes, which stay with length 1 if asked for.</summary>
    /// <param name="axes">The axes; none given means all.</param>
    /// <param name="keepDims">Whether the reduced axes stay, with length 1.</param>
    /// <returns>The reduced tensor. Its axes have length 1 if <paramref name="keepDims"/> is true; otherwise they are gone.</returns>
    /// <exception cref="TensorShapeException">There is nothing to take the minimum of.</exception>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> Min(ReadOnlySpan<int> axes = default, bool keepDims = false) => Extremum(axes, keepDims, nameof(Min), static (x, rows, columns, y) =>
    {
        for (int i = 0; i < rows; i++)
        {
            y[i] = Kernels.Reductions.Min(x.Slice(i * columns, columns));
        }
    });

    /// <summary>The product over axes. dy = Σ_i (Π_{j≠i} x_j) dx_i, exact at zeros too.</summary>
    /// <param name="axes">The axes; none given means all.</param>
    /// <returns>The products, without the reduced axes. The product of nothing is 1.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create(2, 3, 4).Prod()); // => 24
    /// </code>
    /// </example>
    public Tensor<T> Prod(params ReadOnlySpan<int> axes) => Prod(axes, keepDims: false);

    /// <summary>The product along an axis, which stays with length 1 if asked for. dy = Σ_i (Π_{j≠i} x_j) dx_i, exact at zeros too.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <returns>The products. The product of nothing is 1.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> Prod(int axis, bool keepDims = false) => Prod([Shapes.CheckAxis(axis, Rank, nameof(Prod))], keepDims);

    /// <summary>The product over axes, which stay with length 1 if asked for.</summary>
    /// <param name="axes">The axes; none given means all.</param>
    /// <param name="keepDims">Whether the reduced axes stay, with length 1.</param>
    /// <returns>The reduced tensor. Its axes have length 1 if <paramref name="keepDims"/> is true; otherwise they are gone.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> Prod(ReadOnlySpan<int> axes = default, bool keepDims = false)
    {
        // Multiplying halves never divides, so that zeros need no cases in any order of derivative; pairing small with large factors keeps the partial products in range.
        bool[] marked = Shapes.Mark(axes, Rank, nameof(Prod));
        Tensor<T> rows = ToRows(marked).OrderedByMagnitude();
        while (rows.shape[1] > 1)
        {
            int n = rows.shape[1];
            int half = n / 2;
            Tensor<T> product = rows[.., ..half] * rows[.., (n - half)..].Flip(1);
            rows = n % 2 == 0 ? product : Tensor.Concat([product, rows[.., half..(half + 1)]], 1).OrderedByMagnitude();
        }

        // The product of nothing is 1, and recorded like any other: its derivative is zero.
        return (rows.shape[1] == 0 ? rows.Sum([1], keepDims: true) + T.One : rows).Reshape(Reduced(marked, keepDims));
    }

    /// <summary>The norm (Σ |x|^p)^(1/p) over axes, without overflow. For p = 2, dy = Σ x / y dx.</summary>
    /// <param name="order">The order p: 0 counts the elements that are not 0, ∞ takes the largest magnitude, -∞ the smallest.</param>
    /// <param name="axes">The axes; none given means all.</param>
    /// <remarks>At the zero vector the derivative is 0, the subgradient of least norm. Elements that tie at order ±∞ share the derivative evenly.</remarks>
    /// <returns>The reduced tensor, without those axes.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> Norm(T order, params ReadOnlySpan<int> axes) => Norm(order, axes, keepDims: false);

    /// <summary>The norm (Σ |x|^p)^(1/p) along an axis, which stays with length 1 if asked for, without overflow. For p = 2, dy = Σ x / y dx.</summary>
    /// <param name="order">The order p: 0 counts the elements that are not 0, ∞ takes the largest magnitude, -∞ the smallest.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <remarks>At the zero vector the derivative is 0, the subgradient of least norm. Elements that tie at order ±∞ share the derivative evenly.</remarks>
    /// <returns>The norms.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> Norm(T order, int axis, bool keepDims = false) => Norm(order, [Shapes.CheckAxis(axis, Rank, nameof(Norm))], keepDims);

    /// <summary>The Euclidean norm over all axes, without overflow. dy = Σ x / y dx.</summary>
    /// <remarks>At the zero vector the derivative is 0, the subgradient of least norm.</remarks>
    /// <returns>A scalar.</returns>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create(3, 4).Norm()); // => 5
    /// </code>
    /// </example>
    public Tensor<T> Norm() => Norm(T.CreateChecked(2), [], keepDims: false);

    /// <summary>The norm over axes, which stay with length 1 if asked for.</summary>
    /// <param name="order">The order p; 2 unless given.</param>
    /// <param name="axes">The axes; none given means all.</param>
    /// <param name="keepDims">Whether the reduced axes stay, with length 1.</param>
    /// <returns>The reduced tensor. Its axes have length 1 if <paramref name="keepDims"/> is true; otherwise they are gone.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> Norm(T? order = null, ReadOnlySpan<int> axes = default, bool keepDims = false)
    {
        T p = order ?? Two;
        return ReduceRows(axes, keepDims, nameof(Norm),
            (x, rows, columns, y) =>
            {
                for (int i = 0; i < rows; i++)
                {
                    y[i] = Norms.Norm(x.Slice(i * columns, columns), p);
                }
            },
            (x, y) => NormGradient(x, y, p), p);
    }

    /// <summary>log Σ e^x over axes, without overflow. dy = Σ softmax(x) dx.</summary>
    /// <param name="axes">The axes; none given means all.</param>
    /// <returns>The values, without the reduced axes; -∞ where there is nothing, or nothing but -∞.</returns>
    /// <remarks>Where all elements are -∞ the derivative is 0.</remarks>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create(1000, 1000).LogSumExp() - 1000); // => 0.69314718
    /// </code>
    /// </example>
    public Tensor<T> LogSumExp(params ReadOnlySpan<int> axes) => LogSumExp(axes, keepDims: false);

    /// <summary>log Σ e^x along an axis, which stays with length 1 if asked for, without overflow. dy = Σ softmax(x) dx.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <returns>The values; -∞ where there is nothing, or nothing but -∞.</returns>
    /// <remarks>Where all elements are -∞ the derivative is 0.</remarks>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> LogSumExp(int axis, bool keepDims = false) => LogSumExp([Shapes.CheckAxis(axis, Rank, nameof(LogSumExp))], keepDims);

    /// <summary>log Σ e^x over axes, which stay with length 1 if asked for.</summary>
    /// <param name="axes">The axes; none given means all.</param>
    /// <param name="keepDims">Whether the reduced axes stay, with length 1.</param>
    /// <returns>The reduced tensor. Its axes have length 1 if <paramref name="keepDims"/> is true; otherwise they are gone.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> LogSumExp(ReadOnlySpan<int> axes = default, bool keepDims = false) => ReduceRows(axes, keepDims, nameof(LogSumExp),
        static (x, rows, columns, y) =>
        {
            for (int i = 0; i < rows; i++)
            {
                y[i] = Kernels.Reductions.LogSumExp(x.Slice(i * columns, columns));
            }
        },
        SharesOfExponentials);

    /// <summary>The share of each e^x in the sum of its row; 0 where that is 0. e^(x - y) would lose the digits that y, a large number, does not have.</summary>
    private static Tensor<T> SharesOfExponentials(Tensor<T> x, Tensor<T> y) => x.Softmax(-1).SelectWhere(Pieces.Map<Pieces.SecondIsAboveAll, T>, x, y, "IsAboveMinusInfinity");

    /// <summary>e^x / Σ e^x along an axis. dy = y (dx - Σ y dx).</summary>
    /// <param name="axis">The axis along which the result sums to 1; the last unless given.</param>
    /// <returns>A tensor of the same shape; NaN where all elements are -∞.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine($"{Tensor.Create(1, 2, 3).Softmax():0.000}"); // => [0.090, 0.245, 0.665]
    /// </code>
    /// </example>
    public Tensor<T> Softmax(int axis = -1)
    {
        Shapes.CheckAxis(axis, Rank, nameof(Softmax));
        return Softmax([axis]);
    }

    /// <summary>e^x / Σ e^x over axes. dy = y (dx - Σ y dx).</summary>
    /// <param name="axes">The axes over which the result sums to 1; an empty list means all.</param>
    /// <returns>A tensor of the same shape; NaN where all elements are -∞.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> Softmax(params ReadOnlySpan<int> axes) => OverRows(axes, nameof(Softmax), static (rows) => General(nameof(Softmax), [rows], rows.shape,
        value: null, rows: static (x, _, _, columns, y) => Kernels.Reductions.SoftmaxRows(x, columns, y),
        vjp: static (g, _, operands) => SoftmaxProduct(g, operands.Output),
        jvp: static (t, _, operands) => SoftmaxProduct(t, operands.Output),
        axes: static _ => [0, -1], slices: Slices<T>.Rows));

    /// <summary>x - log Σ e^x along an axis, without the cancellation of log(softmax). dy = dx - Σ e^y dx.</summary>
    /// <param name="axis">The axis along which e^y sums to 1; the last unless given.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine($"{Tensor.Create(0, 0).LogSoftmax():0.0000}"); // => [-0.6931, -0.6931]
    /// </code>
    /// </example>
    public Tensor<T> LogSoftmax(int axis = -1)
    {
        Shapes.CheckAxis(axis, Rank, nameof(LogSoftmax));
        return LogSoftmax([axis]);
    }

    /// <summary>x - log Σ e^x over axes, without the cancellation of log(softmax). dy = dx - Σ e^y dx.</summary>
    /// <param name="axes">The axes; an empty list means all.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> LogSoftmax(params ReadOnlySpan<int> axes) => OverRows(axes, nameof(LogSoftmax), static rows => General(nameof(LogSoftmax), [rows], rows.shape,
        value: null, rows: static (x, _, _, columns, y) => Kernels.Reductions.LogSoftmaxRows(x, columns, y),
        vjp: static (g, _, operands) => g.ByRows(operands.Output, "LogSoftmaxProduct", SoftmaxProducts.LogSoftmax, static (g, y) => g + g.SumRows().TimesLocal(-y.Exp())),
        jvp: static (t, _, operands) => t + t.TimesLocal(-operands.Output.Exp()).SumRows().StretchTo(t.shape),
        axes: static _ => [0, -1], slices: Slices<T>.Rows));

    /// <summary>The Jacobian of the softmax is symmetric, so both products are the same: y (v - Σ y v).</summary>
    private static Tensor<T> SoftmaxProduct(Tensor<T> v, Tensor<T> y) => v.ByRows(y, "SoftmaxProduct", SoftmaxProducts.Softmax, static (v, y) =>
    {
        Tensor<T> yv = v.TimesLocal(y);
        return yv + yv.SumRows().TimesLocal(-y);
    });

    /// <summary>
    /// A product of this, a cotangent or tangent that may have batch axes in front, with a Jacobian in terms of the input or the output x: by a kernel for rows, but composed of operations
    /// where the one stretches the other.
    /// </summary>
    private Tensor<T> ByRows(Tensor<T> x, string name, JacobianProductOfRows<T> kernel, Func<Tensor<T>, Tensor<T>, Tensor<T>> composition, object? parameters = null)
    {
        if (length == 0 || Rank < x.Rank || !shape.AsSpan(Rank - x.Rank).SequenceEqual(x.shape))
        {
            return composition(this, x);
        }

        int rank = Rank;
        return Fused(name, [this, x], shape, kernel: null, xs => composition(xs[0], xs[1]),
            axes: i => [.. Enumerable.Range(i == 0 ? 0 : rank - x.Rank, (i == 0 ? rank : x.Rank) - 1), -1], parameters, slices: rank == x.Rank ? Slices<T>.Rows : null,
            rows: (v, x, _, columns, z) => kernel(v, x, columns, z));
    }

    /// <summary>The sums of the rows of a cotangent or tangent, as a column.</summary>
    private Tensor<T> SumRows() => SumToShape([shape[^2], 1], 2);

    private Tensor<T> Extremum(ReadOnlySpan<int> axes, bool keepDims, string name, RowKernel<T> kernel)
    {
        RequireElements(axes, name);
        return ReduceRows(axes, keepDims, name, kernel, EvenShare);
    }

    /// <summary>An error where there is nothing on the axes to choose from.</summary>
    private void RequireElements(ReadOnlySpan<int> axes, string operation)
    {
        if (length == 0 && ReducedLength(axes, operation) == 0)
        {
            throw Errors.Shape(operation, $"a tensor of shape {Shapes.Format(shape)} has no elements on the reduced axes", "at least one element", "handle the empty case first");
        }
    }

    /// <summary>1 over the number of elements that equal the extremum, at each of them; 0 elsewhere.</summary>
    private static Tensor<T> EvenShare(Tensor<T> x, Tensor<T> y)
    {
        Tensor<T> mask = Binary(Pieces.Map<Pieces.IsEqual, T>, x, y, "IsExtremum");
        return mask / mask.Sum([-1], keepDims: true);
    }

    private static Tensor<T> NormGradient(Tensor<T> x, Tensor<T> y, T order)
    {
        if (order == T.Zero)
        {
            return x * T.Zero;
        }

        if (T.IsInfinity(order))
        {
            return x.Sign() * EvenShare(x.Abs(), y);
        }

        Tensor<T> gradient = order == T.One ? x.Sign()
            : order == T.CreateChecked(2) ? OverNorm(x, y, order)
            : x.Sign() * OverNorm(x, y, order).Abs().Pow(order - T.One);
        return order == T.One ? gradient
            : order < T.CreateChecked(2) ? gradient.SelectUnless(static (x, _) => x == T.Zero, x, y, "IsLeftNonzero")
            : gradient.SelectWhere(Pieces.Map<Pieces.SecondIsNonzero, T>, x, y, "IsRightNonzero");
    }

    /// <summary>x / y for the norms y of the rows of x, also where they leave the range of the numbers; infinite elements count as equal, and outweigh all others.</summary>
    private static Tensor<T> OverNorm(Tensor<T> x, Tensor<T> y, T order) => General("Divide", [x, y], x.shape,
        value: (inputs, output) => Norms.Normalize(inputs[0].Values, inputs[1].Values, order, output.Writable),
        vjp: static (g, i, operands) => i == 0 ? g.TimesLocal(operands[1].Reciprocal()) : g.TimesLocal(-(operands.Output / operands[1])).SumRows(),
        jvp: static (t, i, operands) => t.TimesLocal(i == 0 ? operands[1].Reciprocal() : -(operands.Output / operands[1])),
        axes: static _ => [0, -1], parameters: order, slices: Slices<T>.Rows);

    /// <summary>
    /// Declares a reduction of rows: its kernel, and the gradient of each row's number, as a tensor of the rows' shape in terms of the rows x and the results y (a column).
    /// </summary>
    private Tensor<T> ReduceRows(ReadOnlySpan<int> axes, bool keepDims, string name, RowKernel<T> kernel, Func<Tensor<T>, Tensor<T>, Tensor<T>> gradient,
        object? parameters = null)
    {
        bool[] marked = Shapes.Mark(axes, Rank, name);
        Tensor<T> rows = ToRows(marked);
        Tensor<T> column = General(name, [rows], [rows.shape[0], 1],
            value: null, rows: (x, _, _, columns, y) => kernel(x, y.Length, columns, y),
            vjp: (g, _, operands) => g.TimesLocal(gradient(operands[0], operands.Output)),
            jvp: (t, _, operands) => operands.Times(t, gradient(operands[0], operands.Output)).SumRows(),
            axes: static _ => [0, -1], parameters: parameters, slices: Slices<T>.Rows);
        return column.Reshape(Reduced(marked, keepDims));
    }

    /// <summary>Applies an operation on rows along axes, and puts the axes back.</summary>
    private Tensor<T> OverRows(ReadOnlySpan<int> axes, string name, Func<Tensor<T>, Tensor<T>> operation)
    {
        bool[] marked = Shapes.Mark(axes, Rank, name);
        int[] order = RowOrder(marked);
        Tensor<T> moved = PermuteAs(order, name);
        Tensor<T> rows = ToRows(marked);
        Tensor<T> result = (length == 0 ? rows : operation(rows)).Reshape(moved.shape);
        var back = new int[Rank];
        for (int i = 0; i < Rank; i++)
        {
            back[order[i]] = i;
        }

        return result.PermuteAs(back, name);
    }

    /// <summary>A matrix whose rows run over the marked axes.</summary>
    private Tensor<T> ToRows(bool[] marked)
    {
        int columns = 1;
        for (int axis = 0; axis < Rank; axis++)
        {
            columns *= marked[axis] ? shape[axis] : 1;
        }

        int rows = Shapes.Length(Reduced(marked, keepDims: false));
        return PermuteAs(RowOrder(marked), "Permute").Reshape(rows, columns);
    }

    /// <summary>The axes that stay, then the marked ones.</summary>
    private static int[] RowOrder(bool[] marked)
    {
        int[] axes = [.. Enumerable.Range(0, marked.Length)];
        return [.. axes.Where(a => !marked[a]), .. axes.Where(a => marked[a])];
    }

    /// <summary>The shape after a reduction of the marked axes.</summary>
    private int[] Reduced(bool[] marked, bool keepDims)
    {
        var kept = new List<int>(Rank);
        for (int axis = 0; axis < Rank; axis++)
        {
            if (!marked[axis])
            {
                kept.Add(shape[axis]);
            }
            else if (keepDims)
            {
                kept.Add(1);
            }
        }

        return kept.ToArray();
    }

    /// <summary>How many elements a reduction over axes takes together.</summary>
    private int ReducedLength(ReadOnlySpan<int> axes, string operation)
    {
        bool[] marked = Shapes.Mark(axes, Rank, operation);
        int n = 1;
        for (int axis = 0; axis < Rank; axis++)
        {
            n *= marked[axis] ? shape[axis] : 1;
        }

        return n;
    }

    /// <summary>
    /// Each row in the order of the elements' magnitudes, where the plain order would leave the range of the numbers; the same rows otherwise. Where the program is to run again the choice is an
    /// operation, for at other values it may fall otherwise.
    /// </summary>
    private Tensor<T> OrderedByMagnitude()
    {
        bool decided = tape?.Root.Reads is null;
        if (shape[1] < 3 || (decided && !LeavesRange(Values, shape[1])))
        {
            return this;
        }

        Tensor<T> places = Integral("ProdPlaces", [this], shape, static (inputs, places) =>
        {
            ReadOnlySpan<T> x = inputs[0].Values;
            int columns = inputs[0].shape[1];
            for (int i = 0; i < places.Length; i++)
            {
                places[i] = i;
            }

            if (!LeavesRange(x, columns))
            {
                return;
            }

            using Kernels.Scratch<T> keys = new(x.Length);
            VectorMath.Abs(x, keys.Span);
            for (int start = 0; start < x.Length; start += columns)
            {
                keys.Span.Slice(start, columns).Sort(places.Slice(start, columns));
            }
        });
        return Picked(places, nameof(Prod), isPermutation: true);
    }

    /// <summary>Whether products of some of a row may leave the range of the numbers on the way, though the product of all of them, or of all but a few, does not.</summary>
    private static bool LeavesRange(ReadOnlySpan<T> x, int columns)
    {
        int range = T.ILogB(Largest) - 1;
        int bound = range / Math.Max(columns, 1);
        bool risky = false;
        foreach (T value in x)
        {
            risky |= value != T.Zero && T.IsFinite(value) && Math.Abs(T.ILogB(value)) > bound;
        }

        for (int start = 0; risky && start < x.Length; start += columns)
        {
            if (LeavesRange(x.Slice(start, columns), (double)range))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The same for one row, by the logarithms of the factors above 1 and of those below.</summary>
    private static bool LeavesRange(ReadOnlySpan<T> row, double range)
    {
        // So many factors may be left out by derivatives, each of no more than the range.
        const int Few = 16;
        double above = 0;
        double below = 0;
        foreach (T value in row)
        {
            if (value != T.Zero && T.IsFinite(value))
            {
                double log = Math.Log2(Math.Abs(double.CreateChecked(value)));
                above += Math.Max(log, 0);
                below -= Math.Min(log, 0);
            }
        }

        // No product of any of them leaves the range at one end; and at the other end none does, or all do.
        double lost = (Few + 2) * 1.1 * range;
        bool stays = above < range && below < range;
        bool vanishes = above < range && below - above > lost;
        bool overflows = below < range && above - below > lost;
        return !(stays || vanishes || overflows);
    }
}
