using System.Text;

namespace AutoDiff;

/// <summary>Arithmetic of shapes: lengths, axes, strides, broadcasting. A shape is never changed once a tensor holds it, so tensors share the arrays.</summary>
internal static class Shapes
{
    /// <summary>The number of elements, checked: a shape with a negative extent or more than <see cref="int.MaxValue"/> elements is an error.</summary>
    public static int Length(ReadOnlySpan<int> shape, string operation)
    {
        long length = 1;
        bool empty = false;
        foreach (int extent in shape)
        {
            if (extent < 0)
            {
                throw Errors.Shape(operation, $"the shape {Format(shape)} has a negative extent", "extents of 0 or more", "give every axis its length");
            }

            empty |= extent == 0;
            length = empty ? 0 : length * extent;
            if (length > Array.MaxLength)
            {
                throw Errors.Shape(operation, $"the shape {Format(shape)} has more than {Array.MaxLength} elements", "a shape that fits one array",
                    "split the work into smaller tensors");
            }
        }

        return empty ? 0 : (int)length;
    }

    /// <summary>The number of elements of a shape that is known to be valid.</summary>
    public static int Length(ReadOnlySpan<int> shape)
    {
        int length = 1;
        foreach (int extent in shape)
        {
            length *= extent;
        }

        return length;
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
    public static int Axis(int axis, int rank, string operation)
    {
        int result = axis < 0 ? axis + rank : axis;
        return (uint)result < (uint)rank
            ? result
            : throw Errors.Argument(operation, nameof(axis), $"axis {axis} does not exist in a tensor of rank {rank}",
                rank == 0 ? "no axis: a scalar has none" : $"an axis from {-rank} to {rank - 1}", "count axes from 0, or from the end with -1");
    }

    /// <summary>Marks the given axes; no axis given means all of them. An axis may be named once.</summary>
    public static bool[] Mark(ReadOnlySpan<int> axes, int rank, string operation)
    {
        var marked = new bool[rank];
        if (axes.IsEmpty)
        {
            Array.Fill(marked, true);
            return marked;
        }

        foreach (int axis in axes)
        {
            int a = Axis(axis, rank, operation);
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
            z[^i] = a == b || b == 1 ? a : a == 1 ? b
                : throw Errors.Shape(operation, $"the shapes {Format(x)} and {Format(y)} do not broadcast: axis {-i} has lengths {a} and {b}",
                    "equal lengths, or a length of 1, on every axis counted from the end", "reshape one operand, or insert an axis of length 1");
        }

        return z.AsSpan().SequenceEqual(x) ? x : z.AsSpan().SequenceEqual(y) ? y : z;
    }

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
            text.Append(axis == 0 ? "" : ", ").Append(System.Globalization.CultureInfo.InvariantCulture, $"{shape[axis]}");
        }

        return text.Append(']').ToString();
    }
}
