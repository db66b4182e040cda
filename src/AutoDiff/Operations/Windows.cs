using System.Numerics;

namespace AutoDiff;

/// <summary>What lies beyond the border of a tensor that is padded with its own values.</summary>
public enum PadMode
{
    /// <summary>The mirror image, without the border element: c b | a b c | b a.</summary>
    Reflect,

    /// <summary>The mirror image, with the border element: b a | a b c | c b.</summary>
    Symmetric,

    /// <summary>The border element: a a | a b c | c c.</summary>
    Replicate,

    /// <summary>The tensor again, as on a ring: b c | a b c | a b.</summary>
    Circular,
}

// Diagonals, triangles, windows and padding: walks with strides, whose transposes add up what they meet more than once.
public sealed partial class Tensor<T>
{
    /// <summary>The tensor padded with its own values. The cotangents of the copies are added.</summary>
    /// <param name="widths">For each axis, how many to put before and after; negative widths cut, before anything is put.</param>
    /// <param name="mode">Which values.</param>
    /// <returns>The padded tensor.</returns>
    /// <exception cref="TensorShapeException">There is not one pair for each axis, or an axis has too few elements for the widths.</exception>
    public Tensor<T> Pad(ReadOnlySpan<(int Before, int After)> widths, PadMode mode)
    {
        if (widths.Length != Rank)
        {
            throw Errors.Shape(nameof(Pad), $"{widths.Length} pairs of widths were given for a tensor of shape {Shapes.Format(shape)}", $"{Rank} pairs", "give (0, 0) for axes that stay");
        }

        var target = new int[Rank];
        for (int axis = 0; axis < Rank; axis++)
        {
            (int before, int after) = widths[axis];
            int n = shape[axis];
            long most = mode switch
            {
                PadMode.Reflect => n - 1,
                PadMode.Replicate => n > 0 ? int.MaxValue : 0,
                PadMode.Symmetric => n,
                _ => n + (long)Math.Min(before, 0) + Math.Min(after, 0),
            };
            (long first, long last, long total) = (-(long)before, n - 1L + after, (long)n + before + after);
            if (Math.Max(before, after) > Math.Max(most, 0) || total < 0 || (total > 0 && (first > n - 1 + most || last < -most)))
            {
                throw Errors.Shape(nameof(Pad), $"the widths ({before}, {after}) do not go with axis {axis} of shape {Shapes.Format(shape)}",
                    $"widths of at most {Math.Max(most, 0)} in the mode {mode}, and a length of at least 0", "pad less, or in steps");
            }

            target[axis] = Shapes.Extent(total, nameof(Pad), shape);
        }

        Shapes.Length(target, nameof(Pad), this);
        Tensor<T> result = this;
        for (int axis = 0; axis < Rank; axis++)
        {
            (int before, int after) = widths[axis];
            if (before != 0 || after != 0)
            {
                int n = shape[axis];
                (long begin, long end) = (Math.Max(-(long)before, 0), n + (long)Math.Min(after, 0));
                result = result.Take([.. Enumerable.Range(0, target[axis]).Select(i => mode == PadMode.Circular ? Wrapped(i - (long)before, begin, end) : Inside(i - (long)before, n, mode))], axis);
            }
        }

        return result;

        static int Inside(long i, long n, PadMode mode) => (int)(mode switch
        {
            PadMode.Reflect => i < 0 ? -i : i >= n ? (2 * n) - 2 - i : i,
            PadMode.Symmetric => i < 0 ? -1 - i : i >= n ? (2 * n) - 1 - i : i,
            _ => Math.Clamp(i, 0, n - 1),
        });

        // What is cut off does not come round again.
        static int Wrapped(long i, long begin, long end) => (int)(begin + ((((i - begin) % (end - begin)) + end - begin) % (end - begin)));
    }

    /// <summary>A diagonal of each matrix over two axes: y_k = x_(k, k + offset).</summary>
    /// <param name="offset">Which diagonal: 0 the main one, above it for positive numbers.</param>
    /// <param name="rows">The axis of the rows; negative ones count from the end.</param>
    /// <param name="columns">The axis of the columns.</param>
    /// <returns>The tensor without the two axes, with the diagonal as a new last axis; empty where the diagonal lies outside.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or both are the same.</exception>
    public Tensor<T> Diagonal(int offset = 0, int rows = -2, int columns = -1) => Linear(DiagonalMap(offset, rows, columns, nameof(Diagonal)), nameof(Diagonal));

    /// <summary>Matrices with the given diagonal, and zeros elsewhere. The cotangent is its diagonal.</summary>
    /// <param name="offset">Which diagonal: 0 the main one, above it for positive numbers.</param>
    /// <returns>For a last axis of length n, square matrices of order n + |offset| on the last two axes.</returns>
    /// <exception cref="TensorShapeException">The tensor is a scalar.</exception>
    public Tensor<T> DiagonalEmbed(int offset = 0)
    {
        if (Rank == 0)
        {
            throw Errors.Shape(nameof(DiagonalEmbed), "the tensor is a scalar", "a vector, or a batch of vectors", "reshape the tensor");
        }

        int n = Shapes.Extent(shape[^1] + Math.Abs((long)offset), nameof(DiagonalEmbed), shape);
        int[] target = [.. shape[..^1], n, n];
        Shapes.Length(target, nameof(DiagonalEmbed), this);
        return Linear(DiagonalMap(target, offset, Rank - 1, Rank).Transposed, nameof(DiagonalEmbed));
    }

    /// <summary>The tensor with a diagonal replaced. The cotangent of what was replaced is zero.</summary>
    /// <param name="source">The new diagonal, in the shape that <see cref="Diagonal"/> gives.</param>
    /// <param name="offset">Which diagonal.</param>
    /// <param name="rows">The axis of the rows; negative ones count from the end.</param>
    /// <param name="columns">The axis of the columns.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="TensorShapeException">The source does not have the shape of the diagonal.</exception>
    /// <exception cref="ArgumentException">There is no such axis, or both are the same.</exception>
    public Tensor<T> DiagonalScatter(Tensor<T> source, int offset = 0, int rows = -2, int columns = -1) =>
        Replace(DiagonalMap(offset, rows, columns, nameof(DiagonalScatter)), source, nameof(DiagonalScatter));

    /// <summary>The tensor with a part replaced. The cotangent of what was replaced is zero.</summary>
    /// <param name="source">The new part, in the shape that the index gives.</param>
    /// <param name="indices">The part, as in an index in brackets.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="TensorShapeException">The source does not have the shape of the part, or there are more indices than axes.</exception>
    /// <exception cref="ArgumentException">An index or a range is outside its axis.</exception>
    public Tensor<T> SliceScatter(Tensor<T> source, params ReadOnlySpan<TensorIndex> indices) => Replace(SliceMap(indices, nameof(SliceScatter)), source, nameof(SliceScatter));

    /// <summary>The tensor with each element of a part replaced by one number. The cotangent of what was replaced is zero.</summary>
    /// <param name="value">The number.</param>
    /// <param name="indices">The part, as in an index in brackets.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="TensorShapeException">There are more indices than axes.</exception>
    /// <exception cref="ArgumentException">An index or a range is outside its axis.</exception>
    public Tensor<T> SliceScatter(T value, params ReadOnlySpan<TensorIndex> indices)
    {
        LinearMap<T> part = SliceMap(indices, nameof(SliceScatter));
        return Replace(part, Tensor.Full(value, part.To), nameof(SliceScatter));
    }

    /// <summary>The lower triangle of each matrix: zeros above a diagonal.</summary>
    /// <param name="offset">The last diagonal that is kept: 0 the main one, above it for positive numbers.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="TensorShapeException">The rank is below 2.</exception>
    public Tensor<T> Tril(int offset = 0) => CheckMatrix(nameof(Tril)).SelectTriangle(upper: false, offset);

    /// <summary>The upper triangle of each matrix: zeros below a diagonal.</summary>
    /// <param name="offset">The first diagonal that is kept: 0 the main one, above it for positive numbers.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="TensorShapeException">The rank is below 2.</exception>
    public Tensor<T> Triu(int offset = 0) => CheckMatrix(nameof(Triu)).SelectTriangle(upper: true, offset);

    /// <summary>Sliding windows along an axis. The cotangents of windows that overlap are added. (<c>Unfold</c> takes the windows of an image as columns.)</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="size">The length of a window.</param>
    /// <param name="step">The distance from one window to the next.</param>
    /// <returns>A tensor whose axis numbers the windows, with the elements of each window on a new last axis.</returns>
    /// <exception cref="ArgumentException">There is no such axis, the size is negative or more than its length, or the step is not above 0.</exception>
    public Tensor<T> SlidingWindows(int axis, int size, int step = 1)
    {
        int a = Shapes.Axis(axis, Rank, nameof(SlidingWindows));
        if (size < 0 || size > shape[a] || step < 1)
        {
            throw Errors.Argument(nameof(SlidingWindows), nameof(size), $"windows of size {size} at a distance of {step} do not go into an axis of length {shape[a]}",
                $"a size from 0 to {shape[a]}, and a step above 0", "pad the tensor, or make the windows smaller");
        }

        int[] strides = Shapes.Strides(shape);
        int[] target = [.. shape, size];
        target[a] = ((shape[a] - size) / step) + 1;
        Shapes.Length(target, nameof(SlidingWindows), this);
        int[] xs = [.. strides, strides[a]];
        xs[a] *= step;
        bool covers = step <= size && (shape[a] - size) % step == 0;
        return Linear(new StridedMap<T>(shape, target, target, xs, 0, Shapes.Strides(target), 0, fillsSource: covers, fillsTarget: true, overlaps: step < size), nameof(SlidingWindows));
    }

    /// <summary>A walk through the values, row-major, with strides of its own: y_i = x[offset + Σ i_k strides_k]. The cotangents of elements met more than once are added.</summary>
    /// <param name="newShape">The shape of the result.</param>
    /// <param name="strides">For each axis of the result, the distance from one element to the next; 0 repeats.</param>
    /// <param name="offset">The place of the first element.</param>
    /// <returns>A tensor of the new shape.</returns>
    /// <exception cref="TensorShapeException">There is not one stride for each axis.</exception>
    /// <exception cref="ArgumentException">The walk leaves the tensor.</exception>
    public Tensor<T> Strided(ReadOnlySpan<int> newShape, ReadOnlySpan<int> strides, int offset = 0)
    {
        if (newShape.Length != strides.Length)
        {
            throw Errors.Shape(nameof(Strided), $"{strides.Length} strides were given for the shape {Shapes.Format(newShape)}", $"{newShape.Length} strides", "give one for each axis");
        }

        int n = Shapes.Length(newShape, nameof(Strided));
        (long lowest, long highest) = (offset, offset);
        for (int axis = 0; axis < strides.Length; axis++)
        {
            long reach = (long)strides[axis] * (newShape[axis] - 1);
            (lowest, highest) = (lowest + Math.Min(reach, 0), highest + Math.Max(reach, 0));
        }

        if (n > 0 && (lowest < 0 || highest >= length))
        {
            throw Errors.Argument(nameof(Strided), nameof(strides), $"the walk goes from element {lowest} to element {highest} of {length}", "a walk inside the tensor", "check offset and strides");
        }

        int[] target = newShape.ToArray();
        return Linear(new StridedMap<T>(shape, target, target, strides, offset, Shapes.Strides(target), 0, fillsSource: false, fillsTarget: true, overlaps: true), nameof(Strided));
    }

    private StridedMap<T> DiagonalMap(int offset, int rows, int columns, string operation)
    {
        if (Rank < 2)
        {
            throw Errors.Shape(operation, $"the tensor has shape {Shapes.Format(shape)}", "a rank of at least 2", "give a matrix; DiagonalEmbed makes one of a vector");
        }

        (int first, int second) = Shapes.TwoAxes(rows, columns, Rank, operation);
        return DiagonalMap(shape, offset, first, second);
    }

    private static StridedMap<T> DiagonalMap(int[] shape, int offset, int rows, int columns)
    {
        int[] strides = Shapes.Strides(shape);
        (long below, long above) = (Math.Max(-(long)offset, 0), Math.Max(offset, 0));
        int count = (int)Math.Max(0, Math.Min(shape[rows] - below, shape[columns] - above));
        int[] others = [.. Enumerable.Range(0, shape.Length).Where(axis => axis != rows && axis != columns)];
        int[] target = [.. others.Select(axis => shape[axis]), count];
        int start = count == 0 ? 0 : ((int)below * strides[rows]) + ((int)above * strides[columns]);
        return new StridedMap<T>(shape, target, target, [.. others.Select(axis => strides[axis]), strides[rows] + strides[columns]], start, Shapes.Strides(target), 0,
            fillsSource: shape[rows] == 1 && shape[columns] == 1 && count == 1, fillsTarget: true);
    }

    /// <summary>This tensor, but the source where a map takes its elements from.</summary>
    private Tensor<T> Replace(LinearMap<T> part, Tensor<T> source, string name)
    {
        Errors.NotNull(source, name, nameof(source));
        if (!source.shape.AsSpan().SequenceEqual(part.To))
        {
            throw Errors.Shape(name, $"the source has shape {Shapes.Format(source.shape)}", $"the shape {Shapes.Format(part.To)} of the part", "reshape or broadcast the source");
        }

        Tensor<T> rest = Allocate(shape);
        Tensor<T> replaced = AllocateZeros(shape);
        part.Transposed.Apply(Tensor.Ones<T>(part.To).Values, replaced.Writable, 1);
        for (int i = 0; i < length; i++)
        {
            rest.Writable[i] = replaced.Values[i] == T.Zero ? T.One : T.Zero;
        }

        return Assemble([(new SelectMap<T>(rest), this), (part.Transposed, source)], name);
    }
}

public static partial class Tensor
{
    /// <summary>Matrices one after the other along the diagonal, with zeros elsewhere.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="blocks">The matrices, at least one; a vector counts as a row, a scalar as a matrix of one element.</param>
    /// <returns>A matrix with the sums of the rows and of the columns.</returns>
    /// <exception cref="ArgumentNullException">blocks is null.</exception>
    /// <exception cref="TensorShapeException">An operand has a rank above 2, or none is given.</exception>
    public static Tensor<T> BlockDiagonal<T>(params ReadOnlySpan<Tensor<T>> blocks) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (blocks.IsEmpty)
        {
            throw Errors.Shape(nameof(BlockDiagonal), "no matrices were given", "at least one", "give the matrices in one list");
        }

        (long rows, long columns) = (0, 0);
        foreach (Tensor<T> block in blocks)
        {
            Errors.NotNull(block, nameof(BlockDiagonal), nameof(blocks));
            if (block.Rank > 2)
            {
                throw Errors.Shape(nameof(BlockDiagonal), $"an operand has shape {Shapes.Format(block.Shape)}", "matrices", "reshape the operands");
            }

            rows += block.Rank == 2 ? block.Shape[0] : 1;
            columns += block.Rank == 0 ? 1 : block.Shape[^1];
        }

        int[] target = [Shapes.Extent(rows, nameof(BlockDiagonal)), Shapes.Extent(columns, nameof(BlockDiagonal))];
        Shapes.Length(target, nameof(BlockDiagonal), blocks);
        var pieces = new List<(LinearMap<T>, Tensor<T>)>(blocks.Length);
        int start = 0;
        foreach (Tensor<T> block in blocks)
        {
            int[] box = [block.Rank == 2 ? block.Shape[0] : 1, block.Rank == 0 ? 1 : block.Shape[^1]];
            pieces.Add((new StridedMap<T>(block.Dimensions, target, box, Shapes.Strides(box), 0, Shapes.Strides(target), start, fillsSource: true, fillsTarget: blocks.Length == 1), block));
            start += (box[0] * target[1]) + box[1];
        }

        return Tensor<T>.Assemble([.. pieces], nameof(BlockDiagonal));
    }
}
