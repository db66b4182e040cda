using System.Numerics;

namespace AutoDiff;

// Repetition, splitting and reordering: compositions of the linear maps that move values.
public sealed partial class Tensor<T>
{
    /// <summary>The tensor repeated as a whole along its axes. The cotangents of the copies are added.</summary>
    /// <param name="counts">How often along each axis, the last count for the last axis: where there are more counts than axes, new axes come in front; where there are fewer, the first axes stay.</param>
    /// <returns>The repeated tensor.</returns>
    /// <exception cref="TensorShapeException">There are fewer counts than axes, or a count is negative.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create(1, 2).Tile(2)); // => [1, 2, 1, 2]
    /// </code>
    /// </example>
    public Tensor<T> Tile(params ReadOnlySpan<int> counts)
    {
        Shapes.Length(counts, nameof(Tile));
        counts = counts.Length < Rank ? [.. Enumerable.Repeat(1, Rank - counts.Length), .. counts] : counts;
        int[] own = [.. Enumerable.Repeat(1, counts.Length - Rank), .. shape];
        var apart = new List<int>(2 * own.Length);
        var repeated = new List<int>(2 * own.Length);
        var target = new int[own.Length];
        for (int axis = 0; axis < own.Length; axis++)
        {
            target[axis] = Shapes.Extent((long)counts[axis] * own[axis], nameof(Tile), shape);
            if (counts[axis] != 1 && own[axis] != 1)
            {
                apart.Add(1);
                repeated.Add(counts[axis]);
            }

            apart.Add(own[axis]);
            repeated.Add(own[axis] == 1 ? counts[axis] : own[axis]);
        }

        Shapes.Length(target, nameof(Tile), this);
        return Reshape(apart.ToArray()).BroadcastTo(repeated.ToArray()).Reshape(target);
    }

    /// <summary>Each slice along an axis repeated. The cotangents of the copies are added.</summary>
    /// <param name="count">How often each slice is repeated.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>A tensor that is longer along the axis.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or the count is negative.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create(1, 2).RepeatInterleave(2, 0)); // => [1, 1, 2, 2]
    /// </code>
    /// </example>
    public Tensor<T> RepeatInterleave(int count, int axis)
    {
        int a = Shapes.Axis(axis, Rank, nameof(RepeatInterleave));
        if (count < 0)
        {
            throw Errors.Shape(nameof(RepeatInterleave), $"the count is {count}", "0 or more", "check the count");
        }

        int[] target = [.. shape];
        target[a] = Shapes.Extent((long)count * shape[a], nameof(RepeatInterleave), shape);
        Shapes.Length(target, nameof(RepeatInterleave), this);
        return ExpandDims(a + 1).BroadcastTo([.. shape.AsSpan(0, a + 1), count, .. shape.AsSpan(a + 1)]).Reshape(target);
    }

    /// <summary>Each slice along an axis repeated as often as its count says. The cotangents of the copies are added.</summary>
    /// <param name="counts">How often each slice is repeated, one count for each.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>A tensor that is longer along the axis.</returns>
    /// <exception cref="TensorShapeException">There is not one count for each slice.</exception>
    /// <exception cref="ArgumentException">There is no such axis, or a count is negative.</exception>
    public Tensor<T> RepeatInterleave(ReadOnlySpan<int> counts, int axis)
    {
        int a = Shapes.Axis(axis, Rank, nameof(RepeatInterleave));
        if (counts.Length != shape[a])
        {
            throw Errors.Shape(nameof(RepeatInterleave), $"{counts.Length} counts were given for axis {axis} of shape {Shapes.Format(shape)}", $"{shape[a]} counts",
                "give one count for each slice");
        }

        long total = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            total += counts[i] >= 0 ? counts[i]
                : throw Errors.Argument(nameof(RepeatInterleave), nameof(counts), $"count {counts[i]} (number {i}) is negative", "counts of 0 or more", "check the counts");
        }

        int[] target = [.. shape];
        target[a] = Shapes.Extent(total, nameof(RepeatInterleave), shape);
        Shapes.Length(target, nameof(RepeatInterleave), this);
        var places = new int[target[a]];
        int start = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            places.AsSpan(start, counts[i]).Fill(i);
            start += counts[i];
        }

        return Take(places, a);
    }

    /// <summary>The tensor cut along an axis into parts of given sizes.</summary>
    /// <param name="sizes">The sizes of the parts, which add up to the axis.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>The parts, in order.</returns>
    /// <exception cref="TensorShapeException">The sizes do not add up to the length of the axis.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    /// <example>
    /// <code>
    /// Tensor&lt;double>[] parts = Tensor.Range(5).Split([2, 3]);
    /// Console.WriteLine(parts[1]); // => [2, 3, 4]
    /// </code>
    /// </example>
    public Tensor<T>[] Split(ReadOnlySpan<int> sizes, int axis = 0)
    {
        int a = Shapes.Axis(axis, Rank, nameof(Split));
        long total = 0;
        bool negative = false;
        foreach (int size in sizes)
        {
            total += size;
            negative |= size < 0;
        }

        if (total != shape[a] || negative)
        {
            throw Errors.Shape(nameof(Split), $"the sizes {Shapes.Format(sizes)} were given for axis {axis} of shape {Shapes.Format(shape)}", $"sizes that add up to {shape[a]}",
                "give the size of each part; Chunk makes parts of equal size");
        }

        var parts = new Tensor<T>[sizes.Length];
        int start = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = Along(a, start..(start + sizes[i]));
            start += sizes[i];
        }

        return parts;
    }

    /// <summary>The tensor cut along an axis into parts of a given size; the last may be smaller.</summary>
    /// <param name="size">The size of a part.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>⌈n / size⌉ parts for an axis of length n; one empty part for an empty axis. <see cref="Chunk"/> cuts into a given number of parts.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or the size is not above 0.</exception>
    public Tensor<T>[] Split(int size, int axis = 0)
    {
        int a = Shapes.Axis(axis, Rank, nameof(Split));
        return size > 0 ? Parts(size, a)
            : throw Errors.Argument(nameof(Split), nameof(size), $"the size is {size}", "a size above 0", "use Chunk for a number of parts");
    }

    /// <summary>The tensor cut along an axis into parts of equal size; the last may be smaller.</summary>
    /// <param name="count">How many parts at most: each has ⌈n / count⌉ slices.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>The parts, in order.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or the count is not above 0.</exception>
    public Tensor<T>[] Chunk(int count, int axis = 0)
    {
        int a = Shapes.Axis(axis, Rank, nameof(Chunk));
        if (count < 1)
        {
            throw Errors.Argument(nameof(Chunk), nameof(count), $"{count} parts were asked for", "at least one", "check the count");
        }

        return Parts((int)Math.Max(1, ((long)shape[a] + count - 1) / count), a);
    }

    /// <summary>The parts of a size along an axis, and what rests.</summary>
    private Tensor<T>[] Parts(int size, int axis)
    {
        int n = shape[axis];
        List<int> sizes = [];
        for (int rest = n; rest > 0; rest -= size)
        {
            sizes.Add(Math.Min(size, rest));
        }

        return Split(n == 0 ? [0] : sizes.ToArray(), axis);
    }

    /// <summary>All slices along an axis, without it.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>The slices, in order, each with one axis fewer.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    /// <example>
    /// <code>
    /// Tensor&lt;double>[] rows = Tensor.Identity(2).Unbind();
    /// Console.WriteLine(rows[1]); // => [0, 1]
    /// </code>
    /// </example>
    public Tensor<T>[] Unbind(int axis = 0)
    {
        int a = Shapes.Axis(axis, Rank, nameof(Unbind));
        return [.. Enumerable.Range(0, shape[a]).Select(i => Along(a, i..(i + 1)).Squeeze(a))];
    }

    /// <summary>An axis split into several: the opposite of flattening.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="sizes">The lengths of the new axes, whose product is the length of the axis. One may be -1: it takes what the others leave.</param>
    /// <returns>A tensor with the axis split.</returns>
    /// <exception cref="TensorShapeException">The lengths do not multiply to that of the axis.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> Unflatten(int axis, params ReadOnlySpan<int> sizes)
    {
        int a = Shapes.Axis(axis, Rank, nameof(Unflatten));
        int[] lengths = sizes.ToArray();
        int open = Array.IndexOf(lengths, -1);
        if (open >= 0)
        {
            lengths[open] = 1;
            int rest = Shapes.Length(lengths, nameof(Unflatten));
            lengths[open] = rest == 0 ? 0 : shape[a] / rest;
        }

        return Shapes.Length(lengths, nameof(Unflatten)) == shape[a] ? Reshape([.. shape.AsSpan(0, a), .. lengths, .. shape.AsSpan(a + 1)])
            : throw Errors.Shape(nameof(Unflatten), $"the lengths {Shapes.Format(sizes)} were given for axis {axis} of shape {Shapes.Format(shape)}", $"lengths whose product is {shape[a]}",
                "check the lengths; one of them may be -1");
    }

    /// <summary>An axis moved to another place; the others keep their order.</summary>
    /// <param name="source">The axis; negative ones count from the end.</param>
    /// <param name="destination">Its place in the result; negative ones count from the end.</param>
    /// <returns>A tensor with the axis moved.</returns>
    /// <exception cref="ArgumentException">There is no such axis or place.</exception>
    public Tensor<T> MoveAxis(int source, int destination)
    {
        int from = Shapes.Axis(source, Rank, nameof(MoveAxis));
        int to = Shapes.Axis(destination, Rank, nameof(MoveAxis));
        List<int> axes = [.. Enumerable.Range(0, Rank)];
        axes.RemoveAt(from);
        axes.Insert(to, from);
        return PermuteAs(axes.ToArray(), nameof(MoveAxis));
    }

    /// <summary>The elements moved along an axis; what leaves at one end comes in at the other.</summary>
    /// <param name="shift">By how many places, toward the end; negative numbers move toward the start.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> Roll(int shift, int axis)
    {
        if (IsAxisOfScalar(axis))
        {
            return this;
        }

        int a = Shapes.Axis(axis, Rank, nameof(Roll));
        int n = shape[a];
        int by = n == 0 ? 0 : (int)(((shift % n) + (long)n) % n);
        return by == 0 ? this : Tensor.Concat([Along(a, (n - by)..), Along(a, ..(n - by))], a);
    }

    /// <summary>The elements moved, as if the tensor were one row, row-major; what leaves at one end comes in at the other.</summary>
    /// <param name="shift">By how many places, toward the end; negative numbers move toward the start.</param>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Roll(int shift) => Flatten().Roll(shift, 0).Reshape(shape);

    /// <summary>The tensor turned by quarters in the plane of two axes, from the first toward the second.</summary>
    /// <param name="quarters">How many quarters; negative ones turn the other way.</param>
    /// <param name="first">An axis; negative ones count from the end.</param>
    /// <param name="second">Another axis.</param>
    /// <returns>The rotated tensor.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or both are the same.</exception>
    public Tensor<T> Rotate90(int quarters = 1, int first = 0, int second = 1)
    {
        Shapes.TwoAxes(first, second, Rank, nameof(Rotate90));
        return (quarters & 3) switch
        {
            0 => this,
            1 => Flip(second).Transpose(first, second),
            2 => Flip(first, second),
            _ => Transpose(first, second).Flip(second),
        };
    }

    /// <summary>Channels rearranged into pixels (Shi et al. 2016): [..., c r², h, w] becomes [..., c, h r, w r].</summary>
    /// <param name="factor">The factor r by which the image grows.</param>
    /// <returns>The rearranged tensor.</returns>
    /// <exception cref="TensorShapeException">The rank is below 3, or the channels are not a multiple of r².</exception>
    public Tensor<T> PixelShuffle(int factor)
    {
        long square = (long)factor * factor;
        if (factor < 1 || Rank < 3 || shape[^3] % square != 0)
        {
            throw Errors.Shape(nameof(PixelShuffle), $"the tensor has shape {Shapes.Format(shape)} and the factor is {factor}", "[..., channels, height, width] with a multiple of factor² channels",
                "check the order of the axes");
        }

        (int c, int h, int w) = ((int)(shape[^3] / square), shape[^2], shape[^1]);
        int lead = Rank - 3;
        int[] target = [.. shape[..lead], c, Shapes.Extent((long)h * factor, nameof(PixelShuffle), shape), Shapes.Extent((long)w * factor, nameof(PixelShuffle), shape)];
        Shapes.Length(target, nameof(PixelShuffle), this);
        return Reshape([.. shape[..lead], c, factor, factor, h, w])
            .Permute([.. Enumerable.Range(0, lead), lead, lead + 3, lead + 1, lead + 4, lead + 2])
            .Reshape(target);
    }

    /// <summary>Pixels rearranged into channels: [..., c, h r, w r] becomes [..., c r², h, w]. The opposite of <see cref="PixelShuffle"/>.</summary>
    /// <param name="factor">The factor r by which the image shrinks.</param>
    /// <returns>The rearranged tensor.</returns>
    /// <exception cref="TensorShapeException">The rank is below 3, or the height and width are not multiples of the factor.</exception>
    public Tensor<T> PixelUnshuffle(int factor)
    {
        if (factor < 1 || Rank < 3 || shape[^2] % factor != 0 || shape[^1] % factor != 0)
        {
            throw Errors.Shape(nameof(PixelUnshuffle), $"the tensor has shape {Shapes.Format(shape)} and the factor is {factor}", "[..., channels, height, width] in multiples of the factor",
                "check the order of the axes");
        }

        (int c, int h, int w) = (shape[^3], shape[^2] / factor, shape[^1] / factor);
        int lead = Rank - 3;
        int[] target = [.. shape[..lead], Shapes.Extent((Int128)c * factor * factor, nameof(PixelUnshuffle), shape), h, w];
        return Reshape([.. shape[..lead], c, h, factor, w, factor])
            .Permute([.. Enumerable.Range(0, lead), lead, lead + 2, lead + 4, lead + 1, lead + 3])
            .Reshape(target);
    }

    /// <summary>Channels of several groups dealt out in turn (Zhang et al. 2018).</summary>
    /// <param name="groups">The number of groups.</param>
    /// <param name="axis">The axis of the channels; negative ones count from the end.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="TensorShapeException">The channels are not a multiple of the groups.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> ChannelShuffle(int groups, int axis = 1)
    {
        int a = Shapes.Axis(axis, Rank, nameof(ChannelShuffle));
        return groups >= 1 && shape[a] % groups == 0
            ? Unflatten(a, groups, shape[a] / groups).Transpose(a, a + 1).Reshape(shape)
            : throw Errors.Shape(nameof(ChannelShuffle), $"axis {axis} of shape {Shapes.Format(shape)} cannot be cut into {groups} groups", "a multiple of the groups", "check the axis");
    }
}

public static partial class Tensor
{
    /// <summary>The grid over vectors: tensors of the shape of all lengths, of which the k-th repeats the k-th vector along its own axis.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="vectors">The vectors; scalars count as vectors of length 1.</param>
    /// <returns>As many tensors as there are vectors, with matrix indexing: the first vector runs along the first axis.</returns>
    /// <exception cref="ArgumentNullException">vectors is null.</exception>
    /// <exception cref="TensorShapeException">An operand has a rank above 1.</exception>
    /// <example>
    /// <code>
    /// Tensor&lt;double>[] grid = Tensor.Meshgrid(Tensor.Create(0, 1), Tensor.Create(5, 6, 7));
    /// Console.WriteLine(grid[1]); // => [[5, 6, 7], [5, 6, 7]]
    /// </code>
    /// </example>
    public static Tensor<T>[] Meshgrid<T>(params ReadOnlySpan<Tensor<T>> vectors) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var shape = new int[vectors.Length];
        for (int i = 0; i < shape.Length; i++)
        {
            Tensor<T> x = Errors.NotNull(vectors[i], nameof(Meshgrid), nameof(vectors));
            shape[i] = x.Rank <= 1 ? x.Length
                : throw Errors.Shape(nameof(Meshgrid), $"operand {i} has shape {Shapes.Format(x.Shape)}", "vectors", "flatten the operands");
        }

        Shapes.Length(shape, nameof(Meshgrid));
        Tensor<T>.TapeOf(vectors, nameof(Meshgrid));
        var grids = new Tensor<T>[shape.Length];
        for (int i = 0; i < shape.Length; i++)
        {
            grids[i] = vectors[i].Reshape([shape[i], .. Enumerable.Repeat(1, shape.Length - 1 - i)]).BroadcastTo(shape);
        }

        return grids;
    }

    /// <summary>All tuples with one element of each vector, the last running fastest.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="vectors">The vectors, at least one.</param>
    /// <returns>A matrix with a row for each tuple.</returns>
    /// <exception cref="ArgumentNullException">vectors is null.</exception>
    /// <exception cref="TensorShapeException">An operand has a rank above 1, or none is given.</exception>
    public static Tensor<T> CartesianProduct<T>(params ReadOnlySpan<Tensor<T>> vectors) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T>[] grids = Meshgrid(vectors);
        return grids.Length == 0
            ? throw Errors.Shape(nameof(CartesianProduct), "no vectors were given", "at least one", "give the vectors in one list")
            : Stack<T>([.. grids.Select(grid => grid.Flatten())], 1);
    }
}
