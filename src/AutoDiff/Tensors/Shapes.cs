using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace AutoDiff;

/// <summary>Arithmetic of shapes: lengths, axes, strides, broadcasting. A shape is never changed once a tensor holds it, so tensors share the arrays.</summary>
internal static class Shapes
{
    /// <summary>The most axes of a tensor. Walks over a box keep a number for each axis on the stack.</summary>
    public const int MaxRank = 64;

    /// <summary>The most elements of a tensor: somewhat fewer than the longest array has, so that loops may step over the end, and rounding up to whole blocks stays in the range of int.</summary>
    public const int MaxLength = int.MaxValue - (1 << 20);

    /// <summary>
    /// The number of elements. There is no other way to count them: a negative extent, too many axes and too many elements are errors wherever a shape is made. Extents of 0 are left out of the
    /// bound (as NumPy has it), so that the product of any of a shape's extents fits as well.
    /// </summary>
    public static int Length(ReadOnlySpan<int> shape, [CallerMemberName] string operation = "") => TryLength(shape, out int length) ? length : throw NoTensor(shape, operation);

    /// <summary>The number of elements of the result of an operation; the error names the operands' shapes too.</summary>
    public static int Length<T>(ReadOnlySpan<int> shape, string operation, params ReadOnlySpan<Tensor<T>> operands) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (TryLength(shape, out int length))
        {
            return length;
        }

        var shapes = new int[operands.Length][];
        for (int i = 0; i < shapes.Length; i++)
        {
            shapes[i] = operands[i].Dimensions;
        }

        throw NoTensor(shape, operation, shapes);
    }

    /// <summary>An extent that was computed in more bits than it may take.</summary>
    public static int Extent(Int128 extent, string operation, params ReadOnlySpan<int[]> operands) => extent >= 0 && extent <= MaxLength
        ? (int)extent
        : throw Errors.Shape(operation, $"an axis of {extent} elements would be needed{(operands.IsEmpty ? "" : " for the result" + Of(operands))}", $"from 0 to {MaxLength}", "ask for fewer elements, or split the work into smaller tensors");

    /// <summary>Counts the elements where the shape is one that a tensor can have.</summary>
    public static bool TryLength(ReadOnlySpan<int> shape, out int length)
    {
        long product = 1;
        bool empty = false;
        foreach (int extent in shape)
        {
            empty |= extent == 0;
            product *= extent == 0 ? 1 : extent;
            if ((ulong)product > MaxLength)
            {
                length = 0;
                return false;
            }
        }

        length = empty ? 0 : (int)product;
        return shape.Length <= MaxRank;
    }

    /// <summary>The error for a shape that no tensor can have.</summary>
    public static TensorShapeException NoTensor(ReadOnlySpan<int> shape, string operation, params ReadOnlySpan<int[]> operands)
    {
        string result = operands.IsEmpty ? "the shape" : $"the result{Of(operands)} would have the shape";
        return shape.Length > MaxRank
            ? Errors.Shape(operation, $"{(operands.IsEmpty ? "the shape" : "the result" + Of(operands))} would have {shape.Length} axes", $"at most {MaxRank} axes",
                "merge axes with Reshape")
            : shape.ContainsAnyExceptInRange(0, int.MaxValue)
            ? Errors.Shape(operation, $"{result} {Format(shape)}, with a negative extent", "extents of 0 or more", "give every axis its length")
            : Errors.Shape(operation, $"{result} {Format(shape)}, with more than {MaxLength} elements", "a shape that fits one array", "split the work into smaller tensors");
    }

    private static string Of(ReadOnlySpan<int[]> operands)
    {
        if (operands.IsEmpty)
        {
            return "";
        }

        // Of many operands a few say enough.
        const int Most = 4;
        var text = new StringBuilder(operands.Length == 1 ? " of an operand of shape " : " of operands of shapes ");
        for (int i = 0; i < Math.Min(operands.Length, Most); i++)
        {
            text.Append(i == 0 ? "" : i == operands.Length - 1 ? " and " : ", ").Append(Format(operands[i]));
        }

        return text.Append(operands.Length > Most ? ", ..." : "").ToString();
    }

    /// <summary>The row-major strides of a shape.</summary>
    public static int[] Strides(ReadOnlySpan<int> shape)
    {
        var strides = new int[shape.Length];
        int stride = 1;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }

        return strides;
    }

    /// <summary>An axis counted from the front; negative axes count from the end.</summary>
    public static int Axis(int axis, int rank, string operation, [CallerArgumentExpression(nameof(axis))] string argument = "")
    {
        int result = axis < 0 ? axis + rank : axis;
        return (uint)result < (uint)rank
            ? result
            : throw Errors.Argument(operation, Errors.Root(argument), $"axis {axis} does not exist in a tensor of rank {rank}",
                rank == 0 ? "no axis: a scalar has none" : Text.Of($"an axis from {-rank} to {rank - 1}"), "count axes from 0, or from the end with -1");
    }

    /// <summary>Checks an axis of an operation for which a scalar passes for a vector of one number, and gives it back as it is.</summary>
    public static int CheckAxis(int axis, int rank, string operation, [CallerArgumentExpression(nameof(axis))] string argument = "")
    {
        if (rank > 0 || axis is not (0 or -1))
        {
            Axis(axis, rank, operation, argument);
        }

        return axis;
    }

    /// <summary>Two axes, counted from the front, that have to differ.</summary>
    public static (int First, int Second) TwoAxes(int first, int second, int rank, string operation,
        [CallerArgumentExpression(nameof(first))] string argument = "", [CallerArgumentExpression(nameof(second))] string other = "")
    {
        (int a, int b) = (Axis(first, rank, operation, argument), Axis(second, rank, operation, other));
        return a != b ? (a, b) : throw Errors.Argument(operation, other, $"axis {second} is named twice in [{first}, {second}]", "two axes", "name another one");
    }

    /// <summary>Marks the given axes; no axis given means all of them. An axis may be named once. A scalar passes for a vector of one number: axis 0, or -1, may be named, and marks nothing.</summary>
    public static bool[] Mark(ReadOnlySpan<int> axes, int rank, string operation)
    {
        var marked = new bool[rank];
        if (axes.IsEmpty)
        {
            Array.Fill(marked, true);
            return marked;
        }

        if (rank == 0 && axes is [0 or -1])
        {
            return marked;
        }

        foreach (int axis in axes)
        {
            int a = Axis(axis, rank, operation, nameof(axes));
            if (marked[a])
            {
                throw Errors.Argument(operation, nameof(axes), $"axis {axis} is named twice in {Format(axes)}", "each axis at most once", "remove the repetition");
            }

            marked[a] = true;
        }

        return marked;
    }

    /// <summary>The common shape of two operands: axes are matched from the end, and an axis of length 1 (or a missing one) stretches.</summary>
    public static int[] Broadcast(int[] x, int[] y, string operation)
    {
        if (ReferenceEquals(x, y) || x.AsSpan().SequenceEqual(y))
        {
            return x;
        }

        var z = new int[Math.Max(x.Length, y.Length)];
        for (int i = 1; i <= z.Length; i++)
        {
            int a = i <= x.Length ? x[^i] : 1;
            int b = i <= y.Length ? y[^i] : 1;
            z[^i] = a == b || b == 1 ? a : a == 1 ? b : throw NoBroadcast(x, y, i, operation);
        }

        return z.AsSpan().SequenceEqual(x) ? x : z.AsSpan().SequenceEqual(y) ? y : TryLength(z, out _) ? z : throw NoTensor(z, operation, x, y);
    }

    private static TensorShapeException NoBroadcast(int[] x, int[] y, int axis, string operation) =>
        Errors.Shape(operation, $"the shapes {Format(x)} and {Format(y)} do not broadcast: axis {-axis} has lengths {x[^axis]} and {y[^axis]}",
            "equal lengths, or a length of 1, on every axis counted from the end", "reshape one operand, or insert an axis of length 1");

    /// <summary>Whether a tensor of shape <paramref name="x"/> stretches to <paramref name="y"/>.</summary>
    public static bool BroadcastsTo(ReadOnlySpan<int> x, ReadOnlySpan<int> y)
    {
        if (x.Length > y.Length)
        {
            return false;
        }

        for (int i = 1; i <= x.Length; i++)
        {
            if (x[^i] != y[^i] && x[^i] != 1)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The axes of <paramref name="lead"/> followed by those of <paramref name="shape"/>.</summary>
    public static int[] Join(ReadOnlySpan<int> lead, int[] shape) => lead.IsEmpty ? shape : [.. lead, .. shape];

    /// <summary>A shape as text: [2, 3].</summary>
    public static string Format(ReadOnlySpan<int> shape)
    {
        var text = new StringBuilder("[");
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (axis == MaxRank)
            {
                return text.Append(", ...]").ToString();
            }

            text.Append(axis == 0 ? "" : ", ").Append(System.Globalization.CultureInfo.InvariantCulture, $"{shape[axis]}");
        }

        return text.Append(']').ToString();
    }
}
