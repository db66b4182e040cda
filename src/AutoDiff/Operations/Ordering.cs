using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>What a quantile is between two elements.</summary>
public enum QuantileInterpolation
{
    /// <summary>The point between them, in proportion.</summary>
    Linear,

    /// <summary>The lower element.</summary>
    Lower,

    /// <summary>The higher element.</summary>
    Higher,

    /// <summary>The nearer element; of two that are equally near the one with the even number.</summary>
    Nearest,

    /// <summary>Their mean.</summary>
    Midpoint,
}

// Order along an axis. An operation without a derivative finds the places of the chosen elements, as integers; a linear map takes them from there, so the derivative goes to exactly those.
// NaN counts as the largest number.
public sealed partial class Tensor<T>
{
    /// <summary>The elements sorted along an axis, and where each was. The derivative goes back to its place.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="descending">Whether the largest comes first.</param>
    /// <returns>The sorted tensor, and for each of its elements, row-major, the index on the axis from which it came. The sort is stable; NaN counts as largest.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    /// <example>
    /// <code>
    /// (Tensor&lt;double> sorted, Indices&lt;double> places) = Tensor.Create(3, 1, 2).Sort();
    /// Console.WriteLine(sorted); // => [1, 2, 3]
    /// Console.WriteLine(places); // => [1, 2, 0]
    /// </code>
    /// </example>
    public (Tensor<T> Values, Indices<T> Indices) Sort(int axis = -1, bool descending = false)
    {
        if (IsAxisOfScalar(axis))
        {
            return (Reshape(1).Sort(0, descending).Values.Reshape(), FirstOfScalar);
        }

        int a = Shapes.Axis(axis, Rank, nameof(Sort));
        Tensor<T> places = ChooseAlong(a, shape[a], nameof(Sort), (line, chosen) => Kernels.Ordering.Sort(line, chosen, descending), new LineOrder(a, LineChoiceKind.InOrder, descending));
        return (Picked(places, nameof(Sort), isPermutation: true), IndicesAlong(a, places, shape));
    }

    /// <summary>For each place of the sorted order along an axis, the index of the element that belongs there. It has no derivative.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="descending">Whether the largest comes first.</param>
    /// <returns>The indices, row-major in the shape of the tensor, ready for <see cref="Gather(Indices{T}, int)"/>. The sort is stable; NaN counts as largest.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Indices<T> ArgSort(int axis = -1, bool descending = false)
    {
        if (IsAxisOfScalar(axis))
        {
            return FirstOfScalar;
        }

        int a = Shapes.Axis(axis, Rank, nameof(ArgSort));
        return IndicesAlong(a, ChooseAlong(a, shape[a], nameof(ArgSort), (line, chosen) => Kernels.Ordering.Sort(line, chosen, descending), new LineOrder(a, LineChoiceKind.InOrder, descending)), shape);
    }

    /// <summary>The k largest (or smallest) elements along an axis, in order, and where they were. The derivative goes to exactly those.</summary>
    /// <param name="k">How many.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="largest">Whether the largest are meant, else the smallest.</param>
    /// <returns>The values, with k elements on the axis, and their indices on it, row-major. Of equal elements the first come first; NaN counts as largest.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or k is negative or more than its length.</exception>
    /// <example>
    /// <code>
    /// (Tensor&lt;double> best, _) = Tensor.Create(3, 1, 2).TopK(2);
    /// Console.WriteLine(best); // => [3, 2]
    /// </code>
    /// </example>
    public (Tensor<T> Values, Indices<T> Indices) TopK(int k, int axis = -1, bool largest = true)
    {
        if (IsAxisOfScalar(axis) && k == 1)
        {
            return (Reshape(1).TopK(1, 0, largest).Values.Reshape(), FirstOfScalar);
        }

        int a = Shapes.Axis(axis, Rank, nameof(TopK));
        if ((uint)k > (uint)shape[a])
        {
            throw Errors.Argument(nameof(TopK), nameof(k), $"k is {k} and the axis has {shape[a]} elements", $"a k from 0 to {shape[a]}", "ask for fewer");
        }

        Tensor<T> places = ChooseAlong(a, k, nameof(TopK), (line, chosen) =>
        {
            using Kernels.Scratch<int> order = new(line.Length);
            Kernels.Ordering.Sort(line, order.Span, descending: largest);
            order.Span[..chosen.Length].CopyTo(chosen);
        }, new LineOrder(a, LineChoiceKind.InOrder, largest));
        return (Picked(places, nameof(TopK)), IndicesAlong(a, places, places.shape));
    }

    /// <summary>The largest element along an axis, and where it is. The derivative goes to that element alone (that of <see cref="Max(ReadOnlySpan{int})"/> is shared by equal ones).</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <returns>The values, and for each its index on the axis: the first of equal ones; the first NaN where there is one.</returns>
    /// <exception cref="TensorShapeException">There is nothing to take the maximum of.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public (Tensor<T> Values, Indices<T> Indices) MaxWithIndices(int axis, bool keepDims = false) =>
        PickOneWithIndices(axis, keepDims, nameof(MaxWithIndices), static (line, chosen) => chosen[0] = Kernels.Ordering.FirstLargest(line), isLargest: true);

    /// <summary>The smallest element along an axis, and where it is. The derivative goes to that element alone (that of <see cref="Min(ReadOnlySpan{int})"/> is shared by equal ones).</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <returns>The values, and for each its index on the axis: the first of equal ones; the first NaN where there is one.</returns>
    /// <exception cref="TensorShapeException">There is nothing to take the minimum of.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public (Tensor<T> Values, Indices<T> Indices) MinWithIndices(int axis, bool keepDims = false) =>
        PickOneWithIndices(axis, keepDims, nameof(MinWithIndices), static (line, chosen) => chosen[0] = Kernels.Ordering.FirstSmallest(line), isLargest: false);

    /// <summary>The index of the largest element along an axis. It has no derivative.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays in the shape of the indices, with length 1.</param>
    /// <returns>The indices, row-major in the shape without the axis: the first of equal ones; the first NaN where there is one.</returns>
    /// <exception cref="TensorShapeException">There is nothing to take the maximum of.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create([[1.0, 5.0], [4.0, 3.0]]).ArgMax(1)); // => [1, 0]
    /// </code>
    /// </example>
    public Indices<T> ArgMax(int axis, bool keepDims = false)
    {
        if (IsAxisOfScalar(axis))
        {
            return FirstOfScalar;
        }

        int a = NonemptyAxis(axis, nameof(ArgMax));
        return IndicesAlong(a, ChooseAlong(a, 1, nameof(ArgMax), static (line, chosen) => chosen[0] = Kernels.Ordering.FirstLargest(line), new LineOrder(a, LineChoiceKind.First, true)), keepDims ? With(a, 1) : Without(a));
    }

    /// <summary>The index of the smallest element along an axis. It has no derivative.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays in the shape of the indices, with length 1.</param>
    /// <returns>The indices, row-major in the shape without the axis: the first of equal ones; the first NaN where there is one.</returns>
    /// <exception cref="TensorShapeException">There is nothing to take the minimum of.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Indices<T> ArgMin(int axis, bool keepDims = false)
    {
        if (IsAxisOfScalar(axis))
        {
            return FirstOfScalar;
        }

        int a = NonemptyAxis(axis, nameof(ArgMin));
        return IndicesAlong(a, ChooseAlong(a, 1, nameof(ArgMin), static (line, chosen) => chosen[0] = Kernels.Ordering.FirstSmallest(line), new LineOrder(a, LineChoiceKind.First, false)), keepDims ? With(a, 1) : Without(a));
    }

    /// <summary>The k-th smallest element along an axis. The derivative goes to that element alone: of equal ones, as a stable sort orders them.</summary>
    /// <param name="k">The number of the element, from 1.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <returns>The values, without the axis; NaN counts as largest.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or it has no k-th element.</exception>
    public Tensor<T> KthValue(int k, int axis = -1, bool keepDims = false) => PickOne(axis, keepDims, nameof(KthValue), Kth(k, axis, nameof(KthValue)), new(0, LineRankKind.Kth, k - 1, false));

    /// <summary>The k-th smallest element along an axis, and where it is. The derivative goes to that element alone: of equal ones, as a stable sort orders them.</summary>
    /// <param name="k">The number of the element, from 1.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <returns>The values, and for each its index on the axis; NaN counts as largest.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or it has no k-th element.</exception>
    public (Tensor<T> Values, Indices<T> Indices) KthValueWithIndices(int k, int axis = -1, bool keepDims = false) =>
        PickOneWithIndices(axis, keepDims, nameof(KthValueWithIndices), Kth(k, axis, nameof(KthValueWithIndices)), rank: new(0, LineRankKind.Kth, k - 1, false));

    private LineChoice<T> Kth(int k, int axis, string name)
    {
        int n = IsAxisOfScalar(axis) ? 1 : shape[Shapes.Axis(axis, Rank, name)];
        return k >= 1 && k <= n ? (line, chosen) => chosen[0] = Kernels.Ordering.Kth(line, k - 1)
            : throw Errors.Argument(name, nameof(k), $"k is {k} and the axis has {n} elements", $"a k from 1 to {n}", "count from 1");
    }

    /// <summary>The element that occurs most often along an axis, of several the smallest. The derivative goes to the last of its occurrences alone.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <returns>The reduced tensor. Its axes have length 1 if <paramref name="keepDims"/> is true; otherwise they are gone.</returns>
    /// <exception cref="TensorShapeException">There are no elements.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> Mode(int axis = -1, bool keepDims = false) =>
        PickOne(axis, keepDims, nameof(Mode), static (line, chosen) => chosen[0] = Kernels.Ordering.Mode(line), new(0, LineRankKind.Mode, 0, false));

    /// <summary>The element that occurs most often along an axis, of several the smallest, and where it is. The derivative goes to the last of its occurrences alone.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <returns>The values, and for each the index of its last occurrence on the axis.</returns>
    /// <exception cref="TensorShapeException">There are no elements.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public (Tensor<T> Values, Indices<T> Indices) ModeWithIndices(int axis = -1, bool keepDims = false) =>
        PickOneWithIndices(axis, keepDims, nameof(ModeWithIndices), static (line, chosen) => chosen[0] = Kernels.Ordering.Mode(line), rank: new(0, LineRankKind.Mode, 0, false));

    /// <summary>The median along an axis, of an even number of elements the lower one of the middle, and where it is. The derivative goes to that element alone.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <returns>The values, and for each its index on the axis: of equal elements the one that a stable sort puts in the middle; the first NaN where there is one.</returns>
    /// <exception cref="TensorShapeException">There is nothing to take the median of.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public (Tensor<T> Values, Indices<T> Indices) MedianWithIndices(int axis = -1, bool keepDims = false) =>
        PickOneWithIndices(axis, keepDims, nameof(MedianWithIndices), static (line, chosen) => chosen[0] = Kernels.Ordering.Median(line, ignoreNaN: false), rank: new(0, LineRankKind.Median, 0, false));

    /// <summary>The median over axes: of an even number of elements the lower one of the middle. The derivative goes to that element alone.</summary>
    /// <param name="axes">The axes; none given means all.</param>
    /// <returns>The medians, without the reduced axes; NaN where there is a NaN.</returns>
    /// <remarks>Of equal elements it is the one that a stable sort puts in the middle. <see cref="Quantile(T, int, QuantileInterpolation, bool)"/> at 1/2 gives the mean of the two middle elements.</remarks>
    /// <exception cref="TensorShapeException">There is nothing to take the median of.</exception>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create(3, 1, 2).Median()); // => 2
    /// </code>
    /// </example>
    public Tensor<T> Median(params ReadOnlySpan<int> axes) => Median(axes, keepDims: false);

    /// <summary>The median along an axis, which stays with length 1 if asked for: of an even number of elements the lower one of the middle. The derivative goes to that element alone.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <returns>The medians; NaN where there is a NaN.</returns>
    /// <exception cref="TensorShapeException">There is nothing to take the median of.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> Median(int axis, bool keepDims = false) => Median([Shapes.CheckAxis(axis, Rank, nameof(Median))], keepDims);

    /// <summary>The median over axes, which stay with length 1 if asked for.</summary>
    /// <param name="axes">The axes; none given means all.</param>
    /// <param name="keepDims">Whether the reduced axes stay, with length 1.</param>
    /// <returns>The reduced tensor. Its axes have length 1 if <paramref name="keepDims"/> is true; otherwise they are gone.</returns>
    /// <exception cref="TensorShapeException">There is nothing to take the median of.</exception>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> Median(ReadOnlySpan<int> axes = default, bool keepDims = false) =>
        OverNonemptyRows(axes, keepDims, nameof(Median), static rows => rows.MiddleOfRows(nameof(Median), ignoreNaN: false));

    /// <summary>The median of the elements that are not NaN, over axes. The derivative goes to that element alone.</summary>
    /// <param name="axes">The axes; none given means all.</param>
    /// <returns>The medians, without the reduced axes; NaN where there is nothing else.</returns>
    /// <exception cref="TensorShapeException">There is nothing to take the median of.</exception>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> NanMedian(params ReadOnlySpan<int> axes) => NanMedian(axes, keepDims: false);

    /// <summary>The median of the elements that are not NaN along an axis, which stays with length 1 if asked for. The derivative goes to that element alone.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <returns>The medians; NaN where there is nothing else.</returns>
    /// <exception cref="TensorShapeException">There is nothing to take the median of.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> NanMedian(int axis, bool keepDims = false) => NanMedian([Shapes.CheckAxis(axis, Rank, nameof(NanMedian))], keepDims);

    /// <summary>The median of the elements that are not NaN, over axes, which stay with length 1 if asked for.</summary>
    /// <param name="axes">The axes; none given means all.</param>
    /// <param name="keepDims">Whether the reduced axes stay, with length 1.</param>
    /// <returns>The reduced tensor. Its axes have length 1 if <paramref name="keepDims"/> is true; otherwise they are gone.</returns>
    /// <exception cref="TensorShapeException">There is nothing to take the median of.</exception>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> NanMedian(ReadOnlySpan<int> axes = default, bool keepDims = false) =>
        OverNonemptyRows(axes, keepDims, nameof(NanMedian), static rows => rows.MiddleOfRows(nameof(NanMedian), ignoreNaN: true));

    /// <summary>The q-quantile over axes: the element at place q (n - 1) of the sorted ones, counted from 0, or what the interpolation makes of its two neighbors.</summary>
    /// <param name="q">The fraction, from 0 to 1.</param>
    /// <param name="axes">The axes; none given means all.</param>
    /// <param name="interpolation">What lies between two elements.</param>
    /// <param name="keepDims">Whether the reduced axes stay, with length 1.</param>
    /// <returns>The quantiles, without the reduced axes; NaN where there is a NaN.</returns>
    /// <remarks>The derivative goes to the one or two elements, with the weights of the interpolation.</remarks>
    /// <exception cref="TensorShapeException">There is nothing to take the quantile of.</exception>
    /// <exception cref="ArgumentException">q is outside [0, 1], there is no such axis, or one is named twice.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create(0, 10).Quantile(0.25)); // => 2.5
    /// </code>
    /// </example>
    public Tensor<T> Quantile(T q, ReadOnlySpan<int> axes = default, QuantileInterpolation interpolation = QuantileInterpolation.Linear, bool keepDims = false)
    {
        CheckFraction(q, nameof(Quantile));
        return OverNonemptyRows(axes, keepDims, nameof(Quantile), rows => rows.QuantileOfRows(q, interpolation, nameof(Quantile), ignoreNaN: false));
    }

    /// <summary>The q-quantile along an axis: the element at place q (n - 1) of the sorted ones, counted from 0, or what the interpolation makes of its two neighbors.</summary>
    /// <param name="q">The fraction, from 0 to 1.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="interpolation">What lies between two elements.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <returns>The quantiles; NaN where there is a NaN.</returns>
    /// <remarks>The derivative goes to the one or two elements, with the weights of the interpolation.</remarks>
    /// <exception cref="TensorShapeException">There is nothing to take the quantile of.</exception>
    /// <exception cref="ArgumentException">q is outside [0, 1], or there is no such axis.</exception>
    public Tensor<T> Quantile(T q, int axis, QuantileInterpolation interpolation = QuantileInterpolation.Linear, bool keepDims = false) =>
        Quantile(q, [Shapes.CheckAxis(axis, Rank, nameof(Quantile))], interpolation, keepDims);

    /// <summary>The q-quantile of the elements that are not NaN, over axes.</summary>
    /// <param name="q">The fraction, from 0 to 1.</param>
    /// <param name="axes">The axes; none given means all.</param>
    /// <param name="interpolation">What lies between two elements.</param>
    /// <param name="keepDims">Whether the reduced axes stay, with length 1.</param>
    /// <returns>The quantiles, without the reduced axes; NaN where there is nothing else.</returns>
    /// <exception cref="TensorShapeException">There is nothing to take the quantile of.</exception>
    /// <exception cref="ArgumentException">q is outside [0, 1], there is no such axis, or one is named twice.</exception>
    public Tensor<T> NanQuantile(T q, ReadOnlySpan<int> axes = default, QuantileInterpolation interpolation = QuantileInterpolation.Linear, bool keepDims = false)
    {
        CheckFraction(q, nameof(NanQuantile));
        return OverNonemptyRows(axes, keepDims, nameof(NanQuantile), rows => rows.QuantileOfRows(q, interpolation, nameof(NanQuantile), ignoreNaN: true));
    }

    /// <summary>The q-quantile of the elements that are not NaN, along an axis.</summary>
    /// <param name="q">The fraction, from 0 to 1.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="interpolation">What lies between two elements.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <returns>The quantiles; NaN where there is nothing else.</returns>
    /// <remarks>The derivative goes to the one or two elements, with the weights of the interpolation.</remarks>
    /// <exception cref="TensorShapeException">There is nothing to take the quantile of.</exception>
    /// <exception cref="ArgumentException">q is outside [0, 1], or there is no such axis.</exception>
    public Tensor<T> NanQuantile(T q, int axis, QuantileInterpolation interpolation = QuantileInterpolation.Linear, bool keepDims = false) =>
        NanQuantile(q, [Shapes.CheckAxis(axis, Rank, nameof(NanQuantile))], interpolation, keepDims);

    private static void CheckFraction(T q, string operation)
    {
        if (!(q >= T.Zero && q <= T.One))
        {
            throw Errors.Argument(operation, nameof(q), $"q is {q}", "a number from 0 to 1", "divide percentages by 100");
        }
    }

    private Tensor<T> MiddleOfRows(string name, bool ignoreNaN) =>
        Picked(ChooseAlong(1, 1, name, (line, chosen) => chosen[0] = Kernels.Ordering.Median(line, ignoreNaN), new LineRank(1, LineRankKind.Median, 0, ignoreNaN)), name);

    private Tensor<T> QuantileOfRows(T q, QuantileInterpolation interpolation, string name, bool ignoreNaN)
    {
        Tensor<T> pair = Picked(ChooseAlong(1, 2, name, (line, chosen) =>
        {
            int numbers = Counted(line);
            if (numbers == 0)
            {
                chosen.Fill(Kernels.Ordering.FirstNaN(line));
                return;
            }

            using Kernels.Scratch<int> order = new(line.Length);
            Kernels.Ordering.Sort(line, order.Span);
            int lower = int.CreateChecked(T.Floor(q * T.CreateChecked(numbers - 1)));
            chosen[0] = order.Span[lower];
            chosen[1] = order.Span[Math.Min(lower + 1, numbers - 1)];
        }, new LineRank(1, LineRankKind.Quantile, double.CreateTruncating(q), ignoreNaN)), name);

        // The weights depend on how many numbers there are.
        Tensor<T> weights = General($"{name}Weights", [this], [shape[0], 2],
            value: (inputs, y) =>
            {
                (int rows, int columns) = (inputs[0].shape[0], inputs[0].shape[1]);
                for (int row = 0; row < rows; row++)
                {
                    int numbers = Counted(inputs[0].Values.Slice(row * columns, columns));
                    T share = numbers == 0 ? T.Zero : ShareOfHigher(q * T.CreateChecked(numbers - 1), interpolation);
                    (y.Writable[2 * row], y.Writable[(2 * row) + 1]) = (T.One - share, share);
                }
            },
            vjp: static (_, _, _) => null, jvp: static (_, _, _) => null, axes: static _ => null, parameters: new QuantileShares(double.CreateTruncating(q), interpolation, ignoreNaN));

        // A neighbor without weight is left out, so that an infinite one does no harm.
        return (pair.Linear(new SelectMap<T>(weights), name) * weights).Sum([1], keepDims: true);

        // The elements that take part; none where a NaN decides.
        int Counted(ReadOnlySpan<T> line) => Kernels.Ordering.CountNumbers(line) is var numbers && (ignoreNaN || numbers == line.Length) ? numbers : 0;
    }

    /// <summary>The share of the higher neighbor of a place between two elements.</summary>
    private static T ShareOfHigher(T place, QuantileInterpolation interpolation)
    {
        T lower = T.Floor(place);
        return interpolation switch
        {
            QuantileInterpolation.Linear => place - lower,
            QuantileInterpolation.Lower => T.Zero,
            QuantileInterpolation.Higher => place == lower ? T.Zero : T.One,
            QuantileInterpolation.Nearest => T.Round(place) - lower,
            _ => place == lower ? T.Zero : T.CreateChecked(0.5),
        };
    }

    /// <summary>Chooses <paramref name="count"/> elements of each line along an axis: an operation that gives their places in this tensor, row-major, in the shape of the result.</summary>
    private Tensor<T> ChooseAlong(int axis, int count, string name, LineChoice<T> choose, object? how = null)
    {
        (int outer, int n, int inner) = Around(axis);
        return Integral($"{name}Places", [this], With(axis, count), (inputs, places) =>
        {
            ReadOnlySpan<T> x = inputs[0].Values;
            using Kernels.Scratch<T> gathered = new(inner == 1 ? 0 : n);
            using Kernels.Scratch<int> chosen = new(count);
            for (int o = 0; o < outer; o++)
            {
                for (int i = 0; i < inner; i++)
                {
                    int start = (o * n * inner) + i;
                    ReadOnlySpan<T> line = inner == 1 ? x.Slice(start, n) : gathered.Span;
                    for (int j = 0; j < n && inner > 1; j++)
                    {
                        gathered.Span[j] = x[start + (j * inner)];
                    }

                    choose(line, chosen.Span);
                    for (int k = 0; k < count; k++)
                    {
                        places[(((o * count) + k) * inner) + i] = start + (chosen.Span[k] * inner);
                    }
                }
            }
        }, how);
    }

    /// <summary>The elements at places of this tensor.</summary>
    private Tensor<T> Picked(Tensor<T> places, string name, bool isPermutation = false) => Linear(new PickMap<T>(shape, places.shape, 1, length, 1, places, isPermutation), name);

    /// <summary>The indices on an axis of places in this tensor.</summary>
    private Indices<T> IndicesAlong(int axis, Tensor<T> places, int[] ofShape)
    {
        (_, int n, int inner) = Around(axis);
        return ReadIndices("Indices", places, ofShape, (inputs, indices) =>
        {
            ReadOnlySpan<int> flat = inputs[0].Integers;
            for (int k = 0; k < flat.Length; k++)
            {
                indices[k] = flat[k] / inner % n;
            }
        });
    }

    private Tensor<T> PickOne(int axis, bool keepDims, string name, LineChoice<T> choose, LineRank rank)
    {
        if (IsAxisOfScalar(axis))
        {
            return Reshape(1).PickOne(0, keepDims: false, name, choose, rank);
        }

        int a = NonemptyAxis(axis, name);
        Tensor<T> values = Picked(ChooseAlong(a, 1, name, choose, rank with { Axis = a }), name);
        return keepDims ? values : values.Squeeze(a);
    }

    private (Tensor<T> Values, Indices<T> Indices) PickOneWithIndices(int axis, bool keepDims, string name, LineChoice<T> choose, bool? isLargest = null, LineRank rank = default)
    {
        if (IsAxisOfScalar(axis))
        {
            return Reshape(1).PickOneWithIndices(0, keepDims: false, name, choose, isLargest, rank);
        }

        int a = NonemptyAxis(axis, name);
        Tensor<T> places = ChooseAlong(a, 1, name, choose, isLargest is { } largest ? (object)new LineOrder(a, LineChoiceKind.First, largest) : rank with { Axis = a });
        Tensor<T> values = Picked(places, name);
        return (keepDims ? values : values.Squeeze(a), IndicesAlong(a, places, keepDims ? places.shape : Without(a)));
    }

    /// <summary>The shape with another extent of an axis, and without the axis.</summary>
    private int[] With(int axis, int extent) => [.. shape.AsSpan(0, axis), extent, .. shape.AsSpan(axis + 1)];

    private int[] Without(int axis) => [.. shape.AsSpan(0, axis), .. shape.AsSpan(axis + 1)];

    /// <summary>Applies a reduction of rows to a column over axes that must hold something.</summary>
    private Tensor<T> OverNonemptyRows(ReadOnlySpan<int> axes, bool keepDims, string name, Func<Tensor<T>, Tensor<T>> operation)
    {
        RequireElements(axes, name);
        bool[] marked = Shapes.Mark(axes, Rank, name);
        return operation(ToRows(marked)).Reshape(Reduced(marked, keepDims));
    }

    /// <summary>Whether this is a scalar, which passes for a vector of one number in a reduction, a scan or an ordering along an axis.</summary>
    private bool IsAxisOfScalar(int axis) => Rank == 0 && axis is 0 or -1;

    /// <summary>The place of the only element of a scalar.</summary>
    private static Indices<T> FirstOfScalar => Indices<T>.OfNumbers(Tensor.Scalar(T.Zero));

    private int NonemptyAxis(int axis, string operation)
    {
        int a = Shapes.Axis(axis, Rank, operation);
        RequireElements([a], operation);
        return a;
    }

    /// <summary>How many lines there are before an axis, its length, and how many elements there are from one to the next.</summary>
    private (int Outer, int Extent, int Inner) Around(int axis) =>
        (Shapes.Length(shape.AsSpan(0, axis)), shape[axis], Shapes.Length(shape.AsSpan(axis + 1)));
}
