using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff;

// Operations that move values and compute nothing: linear maps, whose transposes are of the same kind.
public sealed partial class Tensor<T>
{
    /// <summary>The same values, row-major, under another shape. No copy is made.</summary>
    /// <param name="newShape">The new shape, of the same length. One extent may be -1: it takes what the others leave.</param>
    /// <returns>A tensor of the new shape.</returns>
    /// <exception cref="TensorShapeException">The lengths differ.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Range(6).Reshape(2, -1)); // => [[0, 1, 2], [3, 4, 5]]
    /// </code>
    /// </example>
    public Tensor<T> Reshape(params ReadOnlySpan<int> newShape)
    {
        int[] target = newShape.ToArray();
        int open = Array.IndexOf(target, -1);
        if (open >= 0 && Array.LastIndexOf(target, -1) != open)
        {
            throw Errors.Shape(nameof(Reshape), $"the shape {Shapes.Format(newShape)} leaves more than one extent open", "one -1 at most", "give the other extents their lengths");
        }

        if (open >= 0)
        {
            target[open] = 1;
            int rest = Shapes.Length(target, nameof(Reshape));
            target[open] = rest == 0 || length % rest != 0 ? -1 : length / rest;
        }

        if (open >= 0 && target[open] < 0 || Shapes.Length(target, nameof(Reshape)) != length)
        {
            throw Errors.Shape(nameof(Reshape), $"a tensor of shape {Shapes.Format(shape)} has {length} elements, which the shape {Shapes.Format(newShape)} does not hold",
                $"a shape of {length} elements", "check the extents; one of them may be -1");
        }

        return shape.AsSpan().SequenceEqual(target) ? this : Linear(new ReshapeMap<T>(shape, target), nameof(Reshape));
    }

    /// <summary>All values as a vector, row-major. No copy is made.</summary>
    /// <returns>A vector.</returns>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Identity(2).Flatten()); // => [1, 0, 0, 1]
    /// </code>
    /// </example>
    public Tensor<T> Flatten() => Reshape(length);

    /// <summary>Neighboring axes as one: <c>x.Flatten(1)</c> makes one row of each sample of a batch. No copy is made.</summary>
    /// <param name="first">The first of the axes; negative ones count from the end.</param>
    /// <param name="last">The last of them; negative ones count from the end.</param>
    /// <returns>A tensor with one axis in place of these.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or the last one stands before the first.</exception>
    public Tensor<T> Flatten(int first, int last = -1)
    {
        int from = Shapes.Axis(first, Rank, nameof(Flatten));
        int to = Shapes.Axis(last, Rank, nameof(Flatten));
        return from <= to ? Reshape([.. shape.AsSpan(0, from), Shapes.Length(shape.AsSpan(from..(to + 1))), .. shape.AsSpan(to + 1)])
            : throw Errors.Argument(nameof(Flatten), nameof(last), $"the last axis, {last}, stands before the first, {first}, in the shape {Shapes.Format(shape)}", "a last axis that is not before the first", "swap them");
    }

    /// <summary>A new axis of length 1 at a place.</summary>
    /// <param name="axis">The place of the new axis in the result; negative ones count from the end.</param>
    /// <returns>A tensor with one more axis.</returns>
    /// <exception cref="ArgumentException">There is no such place.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create(1, 2).ExpandDims(1)); // => [[1], [2]]
    /// </code>
    /// </example>
    public Tensor<T> ExpandDims(int axis)
    {
        int place = Shapes.Axis(axis, Rank + 1, nameof(ExpandDims));
        return Reshape([.. shape.AsSpan(0, place), 1, .. shape.AsSpan(place)]);
    }

    /// <summary>Drops axes of length 1.</summary>
    /// <param name="axes">The axes to drop; none given means all of length 1.</param>
    /// <returns>A tensor without those axes.</returns>
    /// <exception cref="TensorShapeException">A given axis has another length than 1.</exception>
    /// <exception cref="ArgumentException">An axis does not exist, or is named twice.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Zeros(1, 3, 1).Squeeze().Rank); // => 1
    /// </code>
    /// </example>
    public Tensor<T> Squeeze(params ReadOnlySpan<int> axes)
    {
        bool[] marked = Shapes.Mark(axes, Rank, nameof(Squeeze));
        var kept = new List<int>(Rank);
        for (int axis = 0; axis < Rank; axis++)
        {
            if (!marked[axis] || (axes.IsEmpty && shape[axis] != 1))
            {
                kept.Add(shape[axis]);
            }
            else if (shape[axis] != 1)
            {
                throw Errors.Shape(nameof(Squeeze), $"axis {axis} of shape {Shapes.Format(shape)} has length {shape[axis]}", "axes of length 1", "name other axes, or reduce the axis first");
            }
        }

        return Reshape(kept.ToArray());
    }

    /// <summary>The last two axes exchanged: the transpose of a matrix, or of each matrix of a batch.</summary>
    /// <returns>A tensor with the two axes exchanged.</returns>
    /// <exception cref="TensorShapeException">The rank is below 2.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Range(6).Reshape(2, 3).Transpose()); // => [[0, 3], [1, 4], [2, 5]]
    /// </code>
    /// </example>
    public Tensor<T> Transpose() => Rank >= 2 ? Transpose(-2, -1)
        : throw Errors.Shape(nameof(Transpose), $"the tensor has shape {Shapes.Format(shape)}", "a rank of at least 2", "make a row or a column of a vector with ExpandDims");

    /// <summary>Two axes exchanged.</summary>
    /// <param name="first">An axis; negative ones count from the end.</param>
    /// <param name="second">Another axis.</param>
    /// <returns>A tensor with the two axes exchanged.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> Transpose(int first, int second)
    {
        int[] axes = [.. Enumerable.Range(0, Rank)];
        (int a, int b) = (Shapes.Axis(first, Rank, nameof(Transpose)), Shapes.Axis(second, Rank, nameof(Transpose)));
        (axes[a], axes[b]) = (axes[b], axes[a]);
        return PermuteAs(axes, nameof(Transpose));
    }

    /// <summary>The axes in another order.</summary>
    /// <param name="axes">For each axis of the result, the axis of this tensor that it is: a permutation of all axes.</param>
    /// <returns>A tensor with the axes in that order.</returns>
    /// <exception cref="ArgumentException">The axes are not a permutation.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(string.Join(" ", Tensor.Zeros(2, 3, 4).Permute(2, 0, 1).Shape.ToArray())); // => 4 2 3
    /// </code>
    /// </example>
    public Tensor<T> Permute(params ReadOnlySpan<int> axes)
    {
        if (axes.Length != Rank)
        {
            throw Errors.Shape(nameof(Permute), $"{axes.Length} axes were given for a tensor of shape {Shapes.Format(shape)}", $"a permutation of {Rank} axes", "name every axis once");
        }

        Shapes.Mark(axes, Rank, nameof(Permute));
        var normalized = new int[Rank];
        for (int i = 0; i < Rank; i++)
        {
            normalized[i] = Shapes.Axis(axes[i], Rank, nameof(Permute));
        }

        return PermuteAs(normalized, nameof(Permute));
    }

    private Tensor<T> PermuteAs(int[] axes, string name)
    {
        int[] strides = Shapes.Strides(shape);
        var target = new int[Rank];
        var xs = new int[Rank];
        bool moved = false;
        for (int i = 0; i < Rank; i++)
        {
            (target[i], xs[i]) = (shape[axes[i]], strides[axes[i]]);
            moved |= axes[i] != i;
        }

        return moved ? Linear(new StridedMap<T>(shape, target, target, xs, 0, Shapes.Strides(target), 0, fillsSource: true, fillsTarget: true), name) : this;
    }

    /// <summary>The tensor repeated along new axes in front and along axes of length 1.</summary>
    /// <param name="newShape">The shape to stretch to. An extent of -1 is that of the tensor.</param>
    /// <returns>A tensor of the new shape.</returns>
    /// <exception cref="TensorShapeException">The tensor does not stretch to that shape.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create(1, 2).BroadcastTo(2, 2)); // => [[1, 2], [1, 2]]
    /// </code>
    /// </example>
    public Tensor<T> BroadcastTo(params ReadOnlySpan<int> newShape)
    {
        newShape = newShape.Contains(-1) ? WithOwnExtents(newShape) : newShape;
        Shapes.Length(newShape, nameof(BroadcastTo));
        if (!Shapes.BroadcastsTo(shape, newShape))
        {
            throw Errors.Shape(nameof(BroadcastTo), $"a tensor of shape {Shapes.Format(shape)} does not stretch to {Shapes.Format(newShape)}",
                "equal lengths, or a length of 1, on every axis counted from the end", "reshape the tensor, or insert axes of length 1");
        }

        // Groups of adjacent stretched axes, the innermost first, so that little is repeated often.
        int[] current = [.. Enumerable.Repeat(1, newShape.Length - Rank), .. shape];
        Tensor<T> result = this;
        int[] from = shape;
        for (int end = newShape.Length; end > 0;)
        {
            int begin = end;
            while (begin > 0 && current[begin - 1] != newShape[begin - 1])
            {
                begin--;
            }

            if (begin == end)
            {
                end--;
                continue;
            }

            int[] to = [.. current];
            newShape[begin..end].CopyTo(to.AsSpan(begin));
            int outer = Shapes.Length(current.AsSpan(0, begin));
            int inner = Shapes.Length(current.AsSpan(end));
            result = result.Linear(new RepeatMap<T>(from, to, outer, Shapes.Length(newShape[begin..end]), inner), nameof(BroadcastTo));
            (current, from, end) = (to, to, begin);
        }

        return result.Reshape(newShape);
    }

    /// <summary>A shape with the extents of the tensor, counted from the end, in the places of -1.</summary>
    private int[] WithOwnExtents(ReadOnlySpan<int> newShape)
    {
        int[] target = newShape.ToArray();
        for (int i = 1; i <= Math.Min(Rank, target.Length); i++)
        {
            target[^i] = target[^i] == -1 ? shape[^i] : target[^i];
        }

        return target;
    }

    /// <summary>The order of the values reversed along axes.</summary>
    /// <param name="axes">The axes; none given means all.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create(1, 2, 3).Flip(0)); // => [3, 2, 1]
    /// </code>
    /// </example>
    public Tensor<T> Flip(params ReadOnlySpan<int> axes)
    {
        bool[] marked = Shapes.Mark(axes, Rank, nameof(Flip));
        int[] ys = Shapes.Strides(shape);
        int[] xs = [.. ys];
        int start = 0;
        for (int axis = 0; axis < Rank; axis++)
        {
            if (marked[axis])
            {
                start += xs[axis] * Math.Max(shape[axis] - 1, 0);
                xs[axis] = -xs[axis];
            }
        }

        return Linear(new StridedMap<T>(shape, shape, shape, xs, start, ys, 0, fillsSource: true, fillsTarget: true), nameof(Flip));
    }

    /// <summary>Zeros, or another number, put around the tensor; negative widths cut it.</summary>
    /// <param name="widths">For each axis, how many to put before and after.</param>
    /// <param name="value">The number to put.</param>
    /// <returns>The padded tensor.</returns>
    /// <exception cref="TensorShapeException">There is not one pair for each axis, or more is cut than there is.</exception>
    public Tensor<T> Pad(ReadOnlySpan<(int Before, int After)> widths, T value = default)
    {
        if (widths.Length != Rank)
        {
            throw Errors.Shape(nameof(Pad), $"{widths.Length} pairs of widths were given for a tensor of shape {Shapes.Format(shape)}", $"{Rank} pairs", "give (0, 0) for axes that stay");
        }

        int[] xs = Shapes.Strides(shape);
        var target = new int[Rank];
        var box = new int[Rank];
        int x0 = 0;
        bool cuts = false;
        for (int axis = 0; axis < Rank; axis++)
        {
            (long before, long after) = widths[axis];
            if (shape[axis] + before + after < 0)
            {
                throw Errors.Shape(nameof(Pad), $"the widths ({before}, {after}) cut more than axis {axis} of shape {Shapes.Format(shape)} has", "a length of at least 0", "cut less");
            }

            target[axis] = Shapes.Extent(shape[axis] + before + after, nameof(Pad), shape);
            box[axis] = (int)Math.Max(0, shape[axis] + Math.Min(before, 0) + Math.Min(after, 0));
            x0 += xs[axis] * (int)Math.Clamp(-before, 0, shape[axis]);
            cuts |= before < 0 || after < 0;
        }

        Shapes.Length(target, nameof(Pad), this);
        int[] ys = Shapes.Strides(target);
        int y0 = 0;
        for (int axis = 0; axis < Rank; axis++)
        {
            y0 += ys[axis] * Math.Clamp(widths[axis].Before, 0, target[axis]);
        }

        Tensor<T> padded = Linear(new StridedMap<T>(shape, target, box, xs, x0, ys, y0, fillsSource: !cuts, fillsTarget: false), nameof(Pad));
        if (value == T.Zero)
        {
            return padded;
        }

        Tensor<T> border = Tensor.Full(value, target);
        Kernels.Strided.Run(box, new int[Rank], ys, [T.Zero], 0, border.Writable, y0, accumulate: false);
        return padded + border;
    }

    /// <summary>The same tensor as a new record: the start of a nested function of functions.</summary>
    /// <param name="tape">The tape that records it, which may be another than that of the tensor.</param>
    internal Tensor<T> AgainOn(Tape<T> tape) => tape.Append(new LinearRecord<T>("Identity", this, View(shape), new ReshapeMap<T>(shape, shape), 1));
}

public static partial class Tensor
{
    /// <summary>Tensors one after the other along an axis that they have.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="tensors">The tensors, at least one; their shapes differ on that axis at most.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>The joined tensor.</returns>
    /// <exception cref="ArgumentNullException">tensors is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not fit, or no tensor is given.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Concat([Tensor.Create(1, 2), Tensor.Create(3, 4)])); // => [1, 2, 3, 4]
    /// </code>
    /// </example>
    public static Tensor<T> Concat<T>(ReadOnlySpan<Tensor<T>> tensors, int axis = 0) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Join(tensors, axis, nameof(Concat), stack: false);

    /// <summary>The tensors of a list or query one after the other along an axis that they have.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="tensors">The tensors, at least one; their shapes differ on that axis at most.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>The joined tensor.</returns>
    /// <exception cref="ArgumentNullException">tensors is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not fit, or no tensor is given.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    [OverloadResolutionPriority(-1)]
    public static Tensor<T> Concat<T>(IEnumerable<Tensor<T>> tensors, int axis = 0) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Concat<T>([.. Errors.NotNull(tensors, nameof(Concat), nameof(tensors))], axis);

    /// <summary>Tensors of one shape one after the other along a new axis.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="tensors">The tensors, at least one, all of the same shape.</param>
    /// <param name="axis">The place of the new axis in the result; negative ones count from the end.</param>
    /// <returns>A tensor with one more axis.</returns>
    /// <exception cref="ArgumentNullException">tensors is null.</exception>
    /// <exception cref="TensorShapeException">The shapes differ, or no tensor is given.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Stack([Tensor.Create(1, 2), Tensor.Create(3, 4)])); // => [[1, 2], [3, 4]]
    /// </code>
    /// </example>
    public static Tensor<T> Stack<T>(ReadOnlySpan<Tensor<T>> tensors, int axis = 0) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Join(tensors, axis, nameof(Stack), stack: true);

    /// <summary>The tensors of a list or query, all of one shape, one after the other along a new axis.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="tensors">The tensors, at least one, all of the same shape.</param>
    /// <param name="axis">The place of the new axis in the result; negative ones count from the end.</param>
    /// <returns>A tensor with one more axis.</returns>
    /// <exception cref="ArgumentNullException">tensors is null.</exception>
    /// <exception cref="TensorShapeException">The shapes differ, or no tensor is given.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    [OverloadResolutionPriority(-1)]
    public static Tensor<T> Stack<T>(IEnumerable<Tensor<T>> tensors, int axis = 0) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Stack<T>([.. Errors.NotNull(tensors, nameof(Stack), nameof(tensors))], axis);

    /// <summary>Tensors of one shape, and numbers, one after the other along a new axis: <c>Tensor.Stack([x[0], 1.0])</c>.</summary>
    /// <param name="entries">The tensors and numbers, at least one; a number stands for a constant of the shape of the tensors, or for a scalar where there are none.</param>
    /// <param name="axis">The place of the new axis in the result; negative ones count from the end.</param>
    /// <returns>A tensor with one more axis.</returns>
    /// <exception cref="TensorShapeException">The shapes differ, or nothing is given.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public static Tensor<double> Stack(ReadOnlySpan<TensorOrNumber<double>> entries, int axis = 0) => Join<double>(TensorOrNumber<double>.AsTensors(entries), axis, nameof(Stack), stack: true);

    /// <summary>Tensors of one shape, and numbers, one after the other along a new axis, in single precision.</summary>
    /// <param name="entries">The tensors and numbers, at least one; a number stands for a constant of the shape of the tensors, or for a scalar where there are none.</param>
    /// <param name="axis">The place of the new axis in the result; negative ones count from the end.</param>
    /// <returns>A tensor with one more axis.</returns>
    /// <exception cref="TensorShapeException">The shapes differ, or nothing is given.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public static Tensor<float> Stack(ReadOnlySpan<TensorOrNumber<float>> entries, int axis = 0) => Join<float>(TensorOrNumber<float>.AsTensors(entries), axis, nameof(Stack), stack: true);

    private static Tensor<T> Join<T>(ReadOnlySpan<Tensor<T>> tensors, int axis, string name, bool stack) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (tensors.IsEmpty)
        {
            throw Errors.Shape(name, "no tensors were given", "at least one", "give the tensors in one list");
        }

        int[] first = Errors.NotNull(tensors[0], name, nameof(tensors)).Dimensions;
        int place = Shapes.Axis(axis, first.Length + (stack ? 1 : 0), name);
        long total = 0;
        foreach (Tensor<T> x in tensors)
        {
            int[] own = Errors.NotNull(x, name, nameof(tensors)).Dimensions;
            bool fits = own.Length == first.Length;
            for (int i = 0; fits && i < own.Length; i++)
            {
                fits = own[i] == first[i] || (i == place && !stack);
            }

            if (!fits)
            {
                throw Errors.Shape(name, $"tensors of shapes {Shapes.Format(first)} and {Shapes.Format(own)} cannot be joined on axis {axis}",
                    stack ? "one shape" : "shapes that differ on that axis at most", "reshape or slice the tensors");
            }

            total += stack ? 1 : own[place];
        }

        int[] target = stack ? [.. first.AsSpan(0, place), 0, .. first.AsSpan(place)] : [.. first];
        target[place] = Shapes.Extent(total, name);
        Shapes.Length(target, name, tensors);
        int[] ys = Shapes.Strides(target);
        var pieces = new List<(LinearMap<T>, Tensor<T>)>(tensors.Length);
        int start = 0;
        bool runs = Shapes.Length(target.AsSpan(0, place)) == 1;
        foreach (Tensor<T> x in tensors)
        {
            int extent = stack ? 1 : x.Dimensions[place];
            pieces.Add((runs ? new RunMap<T>(x.Dimensions, target, 0, start * ys[place], x.Length) : Block(x, extent, start), x));
            start += extent;
        }

        return Tensor<T>.Assemble([.. pieces], name);

        StridedMap<T> Block(Tensor<T> x, int extent, int start)
        {
            int[] box = [.. target];
            box[place] = extent;
            return new StridedMap<T>(x.Dimensions, target, box, Shapes.Strides(box), 0, ys, start * ys[place], fillsSource: true, fillsTarget: total == extent);
        }
    }
}
