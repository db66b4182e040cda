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

// Order along an axis. The program chooses elements by their values; the chosen ones are taken by a linear map, so the derivative goes to exactly those. NaN counts as the largest number.
public sealed partial class Tensor<T>
{
    /// <summary>The elements sorted along an axis, and where each was. The derivative goes back to its place.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="descending">Whether the largest comes first.</param>
    /// <returns>The sorted tensor, and for each of its elements, row-major, the index on the axis from which it came. The sort is stable; NaN counts as largest.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public (Tensor<T> Values, int[] Indices) Sort(int axis = -1, bool descending = false)
    {
        int a = Shapes.Axis(axis, Rank, nameof(Sort));
        int[] indices = ChooseAlong(a, shape[a], (line, chosen) => Kernels.Ordering.Sort(line, chosen, descending));
        return (PickAlong(a, shape[a], indices, nameof(Sort)), indices);
    }

    /// <summary>For each place of the sorted order along an axis, the index of the element that belongs there. It has no derivative.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="descending">Whether the largest comes first.</param>
    /// <returns>The indices, row-major in the shape of the tensor, ready for <see cref="Gather"/>. The sort is stable; NaN counts as largest.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public int[] ArgSort(int axis = -1, bool descending = false)
    {
        int a = Shapes.Axis(axis, Rank, nameof(ArgSort));
        return ChooseAlong(a, shape[a], (line, chosen) => Kernels.Ordering.Sort(line, chosen, descending));
    }

    /// <summary>The k largest (or smallest) elements along an axis, in order, and where they were. The derivative goes to exactly those.</summary>
    /// <param name="k">How many.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="largest">Whether the largest are meant, else the smallest.</param>
    /// <returns>The values, with k elements on the axis, and their indices on it, row-major. Of equal elements the first come first; NaN counts as largest.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or k is negative or more than its length.</exception>
    public (Tensor<T> Values, int[] Indices) TopK(int k, int axis = -1, bool largest = true)
    {
        int a = Shapes.Axis(axis, Rank, nameof(TopK));
        if ((uint)k > (uint)shape[a])
        {
            throw Errors.Argument(nameof(TopK), nameof(k), $"k is {k} and the axis has {shape[a]} elements", $"a k from 0 to {shape[a]}", "ask for fewer");
        }

        var order = new int[shape[a]];
        int[] indices = ChooseAlong(a, k, (line, chosen) =>
        {
            Kernels.Ordering.Sort(line, order, descending: largest);
            order.AsSpan(0, chosen.Length).CopyTo(chosen);
        });
        return (PickAlong(a, k, indices, nameof(TopK)), indices);
    }

    /// <summary>The largest element along an axis, and where it is. The derivative goes to that element alone (that of <see cref="Max(ReadOnlySpan{int})"/> is shared by equal ones).</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <returns>The values, and for each its index on the axis: the first of equal ones; the first NaN where there is one.</returns>
    /// <exception cref="TensorShapeException">There is nothing to take the maximum of.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public (Tensor<T> Values, int[] Indices) MaxWithIndices(int axis, bool keepDims = false) =>
        PickOne(axis, keepDims, nameof(MaxWithIndices), static (line, chosen) => chosen[0] = Kernels.Ordering.FirstLargest(line));

    /// <summary>The smallest element along an axis, and where it is. The derivative goes to that element alone (that of <see cref="Min(ReadOnlySpan{int})"/> is shared by equal ones).</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <returns>The values, and for each its index on the axis: the first of equal ones; the first NaN where there is one.</returns>
    /// <exception cref="TensorShapeException">There is nothing to take the minimum of.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public (Tensor<T> Values, int[] Indices) MinWithIndices(int axis, bool keepDims = false) =>
        PickOne(axis, keepDims, nameof(MinWithIndices), static (line, chosen) => chosen[0] = Kernels.Ordering.FirstSmallest(line));

    /// <summary>The index of the largest element along an axis. It has no derivative.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>The indices, row-major in the shape without the axis: the first of equal ones; the first NaN where there is one.</returns>
    /// <exception cref="TensorShapeException">There is nothing to take the maximum of.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public int[] ArgMax(int axis)
    {
        if (IsAxisOfScalar(axis))
        {
            return [0];
        }

        int a = NonemptyAxis(axis, nameof(ArgMax));
        return ChooseAlong(a, 1, static (line, chosen) => chosen[0] = Kernels.Ordering.FirstLargest(line));
    }

    /// <summary>The index of the smallest element along an axis. It has no derivative.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>The indices, row-major in the shape without the axis: the first of equal ones; the first NaN where there is one.</returns>
    /// <exception cref="TensorShapeException">There is nothing to take the minimum of.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public int[] ArgMin(int axis)
    {
        if (IsAxisOfScalar(axis))
        {
            return [0];
        }

        int a = NonemptyAxis(axis, nameof(ArgMin));
        return ChooseAlong(a, 1, static (line, chosen) => chosen[0] = Kernels.Ordering.FirstSmallest(line));
    }

    /// <summary>The k-th smallest element along an axis. The derivative goes to that element alone: of equal ones, as a stable sort orders them.</summary>
    /// <param name="k">The number of the element, from 1.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <returns>The values, without the axis; NaN counts as largest.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or it has no k-th element.</exception>
    public Tensor<T> KthValue(int k, int axis = -1, bool keepDims = false) => Kth(k, axis, keepDims, nameof(KthValue)).Values;

    /// <summary>The k-th smallest element along an axis, and where it is. The derivative goes to that element alone: of equal ones, as a stable sort orders them.</summary>
    /// <param name="k">The number of the element, from 1.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <returns>The values, and for each its index on the axis; NaN counts as largest.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or it has no k-th element.</exception>
    public (Tensor<T> Values, int[] Indices) KthValueWithIndices(int k, int axis = -1, bool keepDims = false) => Kth(k, axis, keepDims, nameof(KthValueWithIndices));

    private (Tensor<T> Values, int[] Indices) Kth(int k, int axis, bool keepDims, string name)
    {
        int n = IsAxisOfScalar(axis) ? 1 : shape[Shapes.Axis(axis, Rank, name)];
        if (k < 1 || k > n)
        {
            throw Errors.Argument(name, nameof(k), $"k is {k} and the axis has {n} elements", $"a k from 1 to {n}", "count from 1");
        }

        var order = new int[n];
        return PickOne(axis, keepDims, name, (line, chosen) =>
        {
            Kernels.Ordering.Sort(line, order);
            chosen[0] = order[k - 1];
        });
    }

    /// <summary>The element that occurs most often along an axis, of several the smallest. The derivative goes to the last of its occurrences alone.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <exception cref="TensorShapeException">There are no elements.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> Mode(int axis = -1, bool keepDims = false) =>
        PickOne(axis, keepDims, nameof(Mode), static (line, chosen) => chosen[0] = Kernels.Ordering.Mode(line)).Values;

    /// <summary>The element that occurs most often along an axis, of several the smallest, and where it is. The derivative goes to the last of its occurrences alone.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <returns>The values, and for each the index of its last occurrence on the axis.</returns>
    /// <exception cref="TensorShapeException">There are no elements.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public (Tensor<T> Values, int[] Indices) ModeWithIndices(int axis = -1, bool keepDims = false) =>
        PickOne(axis, keepDims, nameof(ModeWithIndices), static (line, chosen) => chosen[0] = Kernels.Ordering.Mode(line));

    /// <summary>The median along an axis, of an even number of elements the lower one of the middle, and where it is. The derivative goes to that element alone.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <returns>The values, and for each its index on the axis: of equal elements the one that a stable sort puts in the middle; the first NaN where there is one.</returns>
    /// <exception cref="TensorShapeException">There is nothing to take the median of.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public (Tensor<T> Values, int[] Indices) MedianWithIndices(int axis = -1, bool keepDims = false) =>
        PickOne(axis, keepDims, nameof(MedianWithIndices), static (line, chosen) => chosen[0] = Kernels.Ordering.Median(line, new int[line.Length], ignoreNaN: false));

    /// <summary>The median over axes: of an even number of elements the lower one of the middle. The derivative goes to that element alone.</summary>
    /// <param name="axes">The axes; none given means all.</param>
    /// <returns>The medians, without the reduced axes; NaN where there is a NaN.</returns>
    /// <remarks>Of equal elements it is the one that a stable sort puts in the middle. <see cref="Quantile"/> at 1/2 gives the mean of the two middle elements.</remarks>
    /// <exception cref="TensorShapeException">There is nothing to take the median of.</exception>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> Median(params ReadOnlySpan<int> axes) => Median(axes, keepDims: false);

    /// <summary>The median over axes, which stay with length 1 if asked for.</summary>
    /// <param name="axes">The axes; none given means all.</param>
    /// <param name="keepDims">Whether the reduced axes stay, with length 1.</param>
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

    /// <summary>The median of the elements that are not NaN, over axes, which stay with length 1 if asked for.</summary>
    /// <param name="axes">The axes; none given means all.</param>
    /// <param name="keepDims">Whether the reduced axes stay, with length 1.</param>
    /// <exception cref="TensorShapeException">There is nothing to take the median of.</exception>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> NanMedian(ReadOnlySpan<int> axes = default, bool keepDims = false) =>
        OverNonemptyRows(axes, keepDims, nameof(NanMedian), static rows => rows.MiddleOfRows(nameof(NanMedian), ignoreNaN: true));

    /// <summary>The q-quantile over axes: the element at place q (n - 1) of the sorted ones, counted from 0, or what the interpolation makes of its two neighbours.</summary>
    /// <param name="q">The fraction, from 0 to 1.</param>
    /// <param name="axes">The axes; none given means all.</param>
    /// <param name="interpolation">What lies between two elements.</param>
    /// <param name="keepDims">Whether the reduced axes stay, with length 1.</param>
    /// <returns>The quantiles, without the reduced axes; NaN where there is a NaN.</returns>
    /// <remarks>The derivative goes to the one or two elements, with the weights of the interpolation.</remarks>
    /// <exception cref="TensorShapeException">There is nothing to take the quantile of.</exception>
    /// <exception cref="ArgumentException">q is outside [0, 1], there is no such axis, or one is named twice.</exception>
    public Tensor<T> Quantile(T q, ReadOnlySpan<int> axes = default, QuantileInterpolation interpolation = QuantileInterpolation.Linear, bool keepDims = false)
    {
        CheckFraction(q, nameof(Quantile));
        return OverNonemptyRows(axes, keepDims, nameof(Quantile), rows => rows.QuantileOfRows(q, interpolation, nameof(Quantile), ignoreNaN: false));
    }

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

    private static void CheckFraction(T q, string operation)
    {
        if (!(q >= T.Zero && q <= T.One))
        {
            throw Errors.Argument(operation, nameof(q), $"q is {q}", "a number from 0 to 1", "divide percentages by 100");
        }
    }

    private Tensor<T> MiddleOfRows(string name, bool ignoreNaN)
    {
        var order = new int[shape[1]];
        return PickAlong(1, 1, ChooseAlong(1, 1, (line, chosen) => chosen[0] = Kernels.Ordering.Median(line, order, ignoreNaN)), name);
    }

    private Tensor<T> QuantileOfRows(T q, QuantileInterpolation interpolation, string name, bool ignoreNaN)
    {
        var order = new int[shape[1]];
        var weights = new T[shape[0]];
        int row = 0;
        int[] neighbours = ChooseAlong(1, 2, (line, chosen) =>
        {
            int numbers = Kernels.Ordering.CountNumbers(line);
            T weight = T.Zero;
            if (numbers < line.Length && (!ignoreNaN || numbers == 0))
            {
                chosen.Fill(Kernels.Ordering.FirstNaN(line));
            }
            else
            {
                Kernels.Ordering.Sort(line, order);
                T place = q * T.CreateChecked(numbers - 1);
                T lower = T.Floor(place);
                weight = interpolation switch
                {
                    QuantileInterpolation.Linear => place - lower,
                    QuantileInterpolation.Lower => T.Zero,
                    QuantileInterpolation.Higher => place == lower ? T.Zero : T.One,
                    QuantileInterpolation.Nearest => T.Round(place) - lower,
                    _ => place == lower ? T.Zero : T.CreateChecked(0.5),
                };
                int index = int.CreateChecked(lower);
                chosen[0] = order[index];
                chosen[1] = order[Math.Min(index + 1, numbers - 1)];
            }

            weights[row++] = weight;
        });
        Tensor<T> pair = PickAlong(1, 2, neighbours, name);
        Tensor<T> share = Tensor.Create<T>(weights, shape[0], 1);

        // A neighbour without weight is left out, so that an infinite one does no harm.
        Tensor<T> both = Tensor.Concat([T.One - share, share], 1);
        return (pair.Linear(new SelectMap<T>(both), name) * both).Sum([1], keepDims: true);
    }

    /// <summary>Chooses <paramref name="count"/> elements of each line along an axis: their indices on it, row-major in the shape of the result. That values were read is noted.</summary>
    private int[] ChooseAlong(int axis, int count, LineChoice<T> choose)
    {
        tape?.NoteRead(this, 0, length);
        ReadOnlySpan<T> x = Values;
        (int outer, int n, int inner) = Around(axis);
        var indices = new int[outer * count * inner];
        var line = new T[n];
        var chosen = new int[count];
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < inner; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    line[j] = x[(((o * n) + j) * inner) + i];
                }

                choose(line, chosen);
                for (int k = 0; k < count; k++)
                {
                    indices[(((o * count) + k) * inner) + i] = chosen[k];
                }
            }
        }

        return indices;
    }

    /// <summary>The elements with the given indices along an axis, <paramref name="count"/> for each line.</summary>
    private Tensor<T> PickAlong(int axis, int count, int[] indices, string name)
    {
        (int outer, int n, int inner) = Around(axis);
        var places = new int[indices.Length];
        for (int k = 0; k < places.Length; k++)
        {
            places[k] = (((k / (count * inner) * n) + indices[k]) * inner) + (k % inner);
        }

        int[] target = [.. shape];
        target[axis] = count;
        return Linear(new TakeMap<T>(shape, target, 1, length, 1, places), name);
    }

    private (Tensor<T> Values, int[] Indices) PickOne(int axis, bool keepDims, string name, LineChoice<T> choose)
    {
        if (IsAxisOfScalar(axis))
        {
            return Reshape(1).PickOne(0, keepDims: false, name, choose);
        }

        int a = NonemptyAxis(axis, name);
        int[] indices = ChooseAlong(a, 1, choose);
        Tensor<T> values = PickAlong(a, 1, indices, name);
        return (keepDims ? values : values.Squeeze(a), indices);
    }

    /// <summary>Applies a reduction of rows to a column over axes that must hold something.</summary>
    private Tensor<T> OverNonemptyRows(ReadOnlySpan<int> axes, bool keepDims, string name, Func<Tensor<T>, Tensor<T>> operation)
    {
        RequireElements(axes, name);
        bool[] marked = Shapes.Mark(axes, Rank, name);
        return operation(ToRows(marked)).Reshape(Reduced(marked, keepDims));
    }

    /// <summary>Whether this is a scalar, which passes for a vector of one number in a reduction along an axis.</summary>
    private bool IsAxisOfScalar(int axis) => Rank == 0 && axis is 0 or -1;

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
