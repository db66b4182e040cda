using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

// What is counted and searched has no derivative: these operations give constants, or plain integers. That the program looked at values is noted.
public sealed partial class Tensor<T>
{
    /// <summary>How many elements differ from 0, over axes. It has no derivative, and is a constant.</summary>
    /// <param name="axes">The axes; none given means all.</param>
    /// <returns>The counts, without the reduced axes. NaN differs from 0.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> CountNonzero(params ReadOnlySpan<int> axes) => CountNonzero(axes, keepDims: false);

    /// <summary>How many elements differ from 0, along an axis, which stays with length 1 if asked for. It has no derivative, and is a constant.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <returns>The counts. NaN differs from 0.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> CountNonzero(int axis, bool keepDims = false) => CountNonzero([Shapes.CheckAxis(axis, Rank, nameof(CountNonzero))], keepDims);

    /// <summary>How many elements differ from 0, over axes, which stay with length 1 if asked for. It has no derivative, and is a constant.</summary>
    /// <param name="axes">The axes; none given means all.</param>
    /// <param name="keepDims">Whether the reduced axes stay, with length 1.</param>
    /// <returns>The counts. NaN differs from 0.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> CountNonzero(ReadOnlySpan<int> axes = default, bool keepDims = false)
    {
        Shapes.Mark(axes, Rank, nameof(CountNonzero));
        return Flat().Sum(axes, keepDims);
    }

    /// <summary>1 where any element over axes differs from 0, else 0. It has no derivative, and is a constant.</summary>
    /// <param name="axes">The axes; none given means all. Of nothing, none is.</param>
    /// <returns>A mask without those axes.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> Any(params ReadOnlySpan<int> axes) => Any(axes, keepDims: false);

    /// <summary>1 where any element along an axis differs from 0, else 0; the axis stays with length 1 if asked for. It has no derivative, and is a constant.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <returns>A mask.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> Any(int axis, bool keepDims = false) => Any([Shapes.CheckAxis(axis, Rank, nameof(Any))], keepDims);

    /// <summary>1 where any element over axes differs from 0, else 0; the axes stay with length 1 if asked for. It has no derivative, and is a constant.</summary>
    /// <param name="axes">The axes; none given means all. Of nothing, none is.</param>
    /// <param name="keepDims">Whether the reduced axes stay, with length 1.</param>
    /// <returns>A mask.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> Any(ReadOnlySpan<int> axes = default, bool keepDims = false)
    {
        Shapes.Mark(axes, Rank, nameof(Any));
        return CountNonzero(axes, keepDims).Flat();
    }

    /// <summary>1 where all elements over axes differ from 0, else 0. It has no derivative, and is a constant.</summary>
    /// <param name="axes">The axes; none given means all. Of nothing, all are.</param>
    /// <returns>A mask without those axes.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> All(params ReadOnlySpan<int> axes) => All(axes, keepDims: false);

    /// <summary>1 where all elements along an axis differ from 0, else 0; the axis stays with length 1 if asked for. It has no derivative, and is a constant.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Whether the axis stays, with length 1.</param>
    /// <returns>A mask.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> All(int axis, bool keepDims = false) => All([Shapes.CheckAxis(axis, Rank, nameof(All))], keepDims);

    /// <summary>1 where all elements over axes differ from 0, else 0; the axes stay with length 1 if asked for. It has no derivative, and is a constant.</summary>
    /// <param name="axes">The axes; none given means all. Of nothing, all are.</param>
    /// <param name="keepDims">Whether the reduced axes stay, with length 1.</param>
    /// <returns>A mask.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> All(ReadOnlySpan<int> axes = default, bool keepDims = false)
    {
        Shapes.Mark(axes, Rank, nameof(All));
        return T.One - (T.One - Flat()).Sum(axes, keepDims).Flat();
    }

    /// <summary>Whether all values are close to those of another tensor: |x - y| ≤ absolute + relative · |y|. It looks at the values, and returns a bool.</summary>
    /// <param name="other">The other tensor y, which broadcasts with this one.</param>
    /// <param name="relative">The relative tolerance.</param>
    /// <param name="absolute">The absolute tolerance.</param>
    /// <param name="equalNaN">Whether NaN is close to NaN.</param>
    /// <returns>True if all are, and if there is nothing to compare. Equal infinities are close; an infinity is close to nothing else.</returns>
    /// <exception cref="ArgumentNullException">other is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create(1, 2).AllClose(Tensor.Create(1, 2 + 1e-12))); // => True
    /// </code>
    /// </example>
    public bool AllClose(Tensor<T> other, double relative = 1e-5, double absolute = 1e-8, bool equalNaN = false)
    {
        int[] common = Shapes.Broadcast(shape, Errors.NotNull(other, nameof(AllClose), nameof(other)).shape, nameof(AllClose));
        ReadOnlySpan<T> x = Detach().BroadcastTo(common).AsSpan();
        ReadOnlySpan<T> y = other.Detach().BroadcastTo(common).AsSpan();
        for (int i = 0; i < x.Length; i++)
        {
            (double a, double b) = (double.CreateChecked(x[i]), double.CreateChecked(y[i]));
            bool close = a == b || (double.IsFinite(a) && double.IsFinite(b) && Math.Abs(a - b) <= absolute + (relative * Math.Abs(b))) || (equalNaN && double.IsNaN(a) && double.IsNaN(b));
            if (!close)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether all values are close to a number c: |x - c| ≤ absolute + relative · |c|. It looks at the values, and returns a bool.</summary>
    /// <param name="number">The number c.</param>
    /// <param name="relative">The relative tolerance.</param>
    /// <param name="absolute">The absolute tolerance.</param>
    /// <param name="equalNaN">Whether NaN is close to NaN.</param>
    /// <returns>True if all are, and if there is nothing to compare.</returns>
    public bool AllClose(T number, double relative = 1e-5, double absolute = 1e-8, bool equalNaN = false) => AllClose(Tensor.Scalar(number), relative, absolute, equalNaN);

    /// <summary>The places of the elements that differ from 0, in row-major order. It has no derivative.</summary>
    /// <returns>For each axis an array with the index of each such element, ready for <see cref="TakeAt"/>.</returns>
    public int[][] NonZero()
    {
        tape?.NoteRead(this, 0, length);
        List<int> places = [];
        ReadOnlySpan<T> x = Values;
        for (int i = 0; i < x.Length; i++)
        {
            if (x[i] != T.Zero)
            {
                places.Add(i);
            }
        }

        int[] strides = Shapes.Strides(shape);
        return [.. Enumerable.Range(0, Rank).Select(axis => places.Select(place => place / strides[axis] % shape[axis]).ToArray())];
    }

    /// <summary>Where values would have to be put into this sorted sequence to keep it sorted. It has no derivative.</summary>
    /// <param name="values">The values, in any shape.</param>
    /// <param name="after">Whether a value goes after the elements that equal it, else before them.</param>
    /// <returns>For each value, row-major, how many elements are below it (or not above it). NaN counts as largest.</returns>
    /// <exception cref="ArgumentNullException">values is null.</exception>
    /// <exception cref="TensorShapeException">This tensor is not a vector.</exception>
    public Indices<T> SearchSorted(Tensor<T> values, bool after = false)
    {
        Errors.NotNull(values, nameof(SearchSorted), nameof(values));
        if (Rank != 1)
        {
            throw Errors.Shape(nameof(SearchSorted), $"the sorted sequence has shape {Shapes.Format(shape)}", "a vector", "search in each row by itself");
        }

        Tensor<T> places = Integral(nameof(SearchSorted), [this, values], values.shape, (inputs, places) =>
        {
            ReadOnlySpan<T> sorted = inputs[0].Values;
            ReadOnlySpan<T> sought = inputs[1].Values;
            for (int i = 0; i < places.Length; i++)
            {
                places[i] = Kernels.Ordering.Bound(sorted, sought[i], after);
            }
        });
        return ReadIndices("Indices", places, values.shape, static (inputs, indices) => inputs[0].Integers.CopyTo(indices));
    }

    /// <summary>The distinct values in ascending order. It has no derivative: the values are a constant.</summary>
    /// <returns>The values, a vector; for each element of this tensor, row-major, the index of its value; and how often each value occurs. Every NaN counts as a value of its own.</returns>
    public (Tensor<T> Values, int[] Inverse, int[] Counts) Unique()
    {
        ReadOnlySpan<T> x = AsSpan();
        var order = new int[x.Length];
        Kernels.Ordering.Sort(x, order);
        var inverse = new int[x.Length];
        List<T> values = [];
        List<int> counts = [];
        foreach (int place in order)
        {
            if (values.Count == 0 || values[^1] != x[place])
            {
                values.Add(x[place]);
                counts.Add(0);
            }

            inverse[place] = values.Count - 1;
            counts[^1]++;
        }

        return (Tensor.Create<T>(values.ToArray()), inverse, counts.ToArray());
    }

    /// <summary>How many elements fall into each of a number of equal bins. It has no derivative, and is a constant.</summary>
    /// <param name="bins">The number of bins.</param>
    /// <param name="from">The lower edge of the first bin.</param>
    /// <param name="to">The upper edge of the last bin, which belongs to it.</param>
    /// <returns>A vector of counts. Elements outside the edges, and NaN, are not counted.</returns>
    /// <exception cref="ArgumentException">There is no bin, or the edges are not finite and in order.</exception>
    public Tensor<T> Histogram(int bins, T from, T to)
    {
        if (bins < 1 || !(from < to) || !T.IsFinite(to - from))
        {
            throw Errors.Argument(nameof(Histogram), nameof(bins), $"{bins} bins from {from} to {to} were asked for", "at least one bin, between finite edges in order", "check the arguments");
        }

        Tensor<T> edges = Tensor.LinearSpace(from, to, Shapes.Extent(bins + 1L, nameof(Histogram)));
        return General(nameof(Histogram), [this], [bins],
            value: (inputs, y) =>
            {
                // Integers go on where floats stop at 2²⁴.
                using Kernels.Scratch<int> counts = new(bins);
                counts.Span.Clear();
                foreach (T x in inputs[0].Values)
                {
                    if (x >= from && x <= to)
                    {
                        counts.Span[Math.Min(Kernels.Ordering.Bound(edges.Values, x, after: true) - 1, bins - 1)]++;
                    }
                }

                for (int i = 0; i < bins; i++)
                {
                    y.Writable[i] = T.CreateTruncating(counts.Span[i]);
                }
            },
            vjp: static (_, _, _) => null, jvp: static (_, _, _) => null, axes: static _ => null);
    }
}

public static partial class Tensor
{
    /// <summary>How often each of the numbers 0, 1, ..., count - 1 occurs. The counts are a constant.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="indices">The numbers.</param>
    /// <param name="count">How many numbers to count.</param>
    /// <returns>A vector of the counts.</returns>
    /// <exception cref="ArgumentException">An index is negative or not below the count.</exception>
    /// <exception cref="TensorShapeException">The count is negative, or larger than a tensor.</exception>
    public static Tensor<T> BinCount<T>(ReadOnlySpan<int> indices, int count) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Length([count], nameof(BinCount));
        CheckClasses(indices, count, nameof(BinCount));
        var counts = new int[count];
        foreach (int index in indices)
        {
            counts[index]++;
        }

        return Create<T>(Array.ConvertAll(counts, T.CreateTruncating));
    }

    /// <summary>How often each of the numbers 0, 1, ..., count - 1 occurs, as doubles. The counts are a constant.</summary>
    /// <inheritdoc cref="BinCount{T}(ReadOnlySpan{int}, int)"/>
    public static Tensor<double> BinCount(ReadOnlySpan<int> indices, int count) => BinCount<double>(indices, count);

    /// <summary>For each index a row with a 1 at that place and zeros elsewhere, of doubles. The rows are a constant.</summary>
    /// <param name="indices">The indices, n of them.</param>
    /// <param name="count">The length of a row.</param>
    /// <returns>A matrix [n, count].</returns>
    /// <exception cref="ArgumentException">An index is negative or not below the count.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.OneHot([1, 0], 3)); // => [[0, 1, 0], [1, 0, 0]]
    /// </code>
    /// </example>
    public static Tensor<double> OneHot(ReadOnlySpan<int> indices, int count) => OneHot<double>(indices, count);

    /// <summary>For each index a row with a 1 at that place and zeros elsewhere. The rows are a constant.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="indices">The indices, n of them.</param>
    /// <param name="count">The length of a row.</param>
    /// <returns>A matrix [n, count].</returns>
    /// <exception cref="ArgumentException">An index is negative or not below the count.</exception>
    public static Tensor<T> OneHot<T>(ReadOnlySpan<int> indices, int count) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckClasses(indices, count, nameof(OneHot));
        Tensor<T> rows = Zeros<T>(indices.Length, count);
        for (int i = 0; i < indices.Length; i++)
        {
            rows.Writable[(i * count) + indices[i]] = T.One;
        }

        return rows;
    }

    /// <summary>For each index a row with a 1 at that place and zeros elsewhere, for indices that may change from run to run of a compiled function. The rows have no derivative.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="indices">The indices, of any shape.</param>
    /// <param name="count">The length of a row.</param>
    /// <returns>A tensor with the axes of the indices, and one of length <paramref name="count"/> behind them.</returns>
    /// <exception cref="TensorShapeException">The count is negative.</exception>
    /// <exception cref="ArgumentException">An index is negative or not below the count, or not a whole number.</exception>
    public static Tensor<T> OneHot<T>(Indices<T> indices, int count) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] shape = [.. Errors.NotNull(indices, nameof(OneHot), nameof(indices)).Shape, count];
        return indices.Operation(nameof(OneHot), nameof(OneHot), shape, (numbers, _, y) =>
        {
            CheckClasses(numbers, count, nameof(OneHot));
            Span<T> rows = y.Writable;
            rows.Clear();
            for (int i = 0; i < numbers.Length; i++)
            {
                rows[(i * count) + numbers[i]] = T.One;
            }
        });
    }

    internal static void CheckClasses(ReadOnlySpan<int> indices, int count, string operation, string argument = "indices")
    {
        for (int i = 0; i < indices.Length; i++)
        {
            if ((uint)indices[i] >= (uint)Math.Max(count, 0))
            {
                throw Errors.Argument(operation, argument, $"index {indices[i]} (number {i}) is not one of {count}", $"indices from 0 to {count - 1}", "check the indices");
            }
        }
    }
}
