namespace AutoDiff;

/// <summary>The options of an operation on windows, one number for each spatial axis, and the arithmetic of their extents.</summary>
internal sealed class WindowOptions
{
    /// <param name="axes">The number of spatial axes.</param>
    /// <param name="window">The lengths of the window.</param>
    /// <param name="standardStride">The stride where none is given; null for the length of the window.</param>
    /// <param name="stride">The steps between windows.</param>
    /// <param name="padding">The padding before and after each axis.</param>
    /// <param name="dilation">The steps within a window.</param>
    /// <param name="operation">The operation, for errors.</param>
    public WindowOptions(int axes, PerAxis window, int? standardStride, PerAxis stride, PerAxis padding, PerAxis dilation, string operation)
        : this(window.For(axes, null, 1, operation, nameof(window)), standardStride, stride, padding, dilation, operation)
    {
    }

    /// <param name="window">The lengths of the window.</param>
    /// <param name="standardStride">The stride where none is given; null for the length of the window.</param>
    /// <param name="stride">The steps between windows.</param>
    /// <param name="padding">The padding before and after each axis.</param>
    /// <param name="dilation">The steps within a window.</param>
    /// <param name="operation">The operation, for errors.</param>
    public WindowOptions(ReadOnlySpan<int> window, int? standardStride, PerAxis stride, PerAxis padding, PerAxis dilation, string operation)
    {
        int axes = window.Length;
        Window = window.ToArray();
        Stride = stride == default && standardStride is null ? Window : stride.For(axes, standardStride, 1, operation, nameof(stride));
        Padding = padding.For(axes, 0, 0, operation, nameof(padding));
        Dilation = dilation.For(axes, 1, 1, operation, nameof(dilation));
        if (window.Contains(0))
        {
            throw Errors.Shape(operation, $"the window {Shapes.Format(window)} is empty", "a length of at least 1 on every axis", "check the shape of the kernel");
        }
    }

    public int[] Window { get; }

    public int[] Stride { get; }

    public int[] Padding { get; }

    public int[] Dilation { get; }

    /// <summary>
    /// The zeros before and after each axis with which there are ⌈n / stride⌉ windows: (count - 1) stride + reach - n in all, of which the smaller half stands before (as in TensorFlow and JAX; with a
    /// stride of 1 as in PyTorch).
    /// </summary>
    public (int Before, int After)[] SamePadding(ReadOnlySpan<int> extents)
    {
        var widths = new (int, int)[extents.Length];
        for (int axis = 0; axis < widths.Length; axis++)
        {
            int count = (int)((extents[axis] + (long)Stride[axis] - 1) / Stride[axis]);
            int all = (int)Math.Clamp(((count - 1L) * Stride[axis]) + Reach(axis) - extents[axis], 0, int.MaxValue);
            widths[axis] = (all / 2, all - (all / 2));
        }

        return widths;
    }

    /// <summary>How many places a window spans.</summary>
    public long Reach(int axis) => ((long)Dilation[axis] * (Window[axis] - 1)) + 1;

    /// <summary>The extents with their padding, which some kernels make room for.</summary>
    public int[] PaddedExtents(ReadOnlySpan<int> extents, string operation)
    {
        var padded = new int[extents.Length];
        for (int axis = 0; axis < padded.Length; axis++)
        {
            padded[axis] = Shapes.Extent(extents[axis] + (2L * Padding[axis]), operation, extents.ToArray());
        }

        return padded;
    }

    /// <summary>The numbers of windows that fit the padded extents. With <paramref name="ceiling"/>, a last window that begins inside may hang over the end.</summary>
    public int[] Counts(ReadOnlySpan<int> extents, string operation, bool ceiling = false)
    {
        var counts = new int[extents.Length];
        for (int axis = 0; axis < counts.Length; axis++)
        {
            long room = extents[axis] + (2L * Padding[axis]) - Reach(axis);
            if (room < 0)
            {
                throw Errors.Shape(operation, $"a window that spans {Reach(axis)} places does not fit spatial axis {axis} of length {extents[axis]} with padding {Padding[axis]}",
                    "a window not longer than the padded axis", "use a smaller window or dilation, or more padding");
            }

            long stride = Stride[axis];
            long count = ((room + (ceiling ? stride - 1 : 0)) / stride) + 1;

            // The last window must begin inside the axis or the padding before it.
            counts[axis] = Shapes.Extent(ceiling && (count - 1) * stride >= (long)extents[axis] + Padding[axis] ? count - 1 : count, operation, extents.ToArray());
        }

        return counts;
    }

    /// <summary>The extents whose windows are so many: the smallest, and <paramref name="more"/>.</summary>
    public int[] TransposedExtents(ReadOnlySpan<int> counts, int[] more, string operation)
    {
        var extents = new int[counts.Length];
        for (int axis = 0; axis < extents.Length; axis++)
        {
            if (more[axis] >= Math.Max(Stride[axis], Dilation[axis]))
            {
                throw Errors.Argument(operation, "outputPadding", $"outputPadding is {more[axis]} on spatial axis {axis}",
                    $"less than the stride {Stride[axis]} or the dilation {Dilation[axis]}", "use Pad to make the result longer");
            }

            long extent = ((counts[axis] - 1L) * Stride[axis]) - (2L * Padding[axis]) + Reach(axis) + more[axis];
            extents[axis] = extent >= 1 && extent <= Shapes.MaxLength && counts[axis] > 0
                ? (int)extent
                : throw Errors.Shape(operation, $"spatial axis {axis} of length {counts[axis]} would become {extent} long", $"a length from 1 to {Shapes.MaxLength}", "use less padding, or a larger window or stride");
        }

        return extents;
    }
}
