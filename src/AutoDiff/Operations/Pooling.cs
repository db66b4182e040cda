using AutoDiff.Kernels;

namespace AutoDiff;

// Pooling: one number from each window of the last axes. All other axes are channels and samples.
public sealed partial class Tensor<T>
{
    /// <summary>The largest element of each window over one spatial axis. dy = dx at the largest element.</summary>
    /// <param name="window">The lengths of the window.</param>
    /// <param name="stride">The steps between windows; the lengths of the window by default.</param>
    /// <param name="padding">How many places that never win (-∞) are put before and after each axis, at most half a window; 0 by default.</param>
    /// <param name="dilation">The steps within a window; 1 by default.</param>
    /// <param name="ceilMode">Whether a last window that begins inside may hang over the end.</param>
    /// <returns>For x of shape [..., L] a tensor with the numbers of windows in place of the last axes.</returns>
    /// <remarks>At a tie the first element wins, alone. A window with a NaN gives NaN.</remarks>
    /// <exception cref="TensorShapeException">There are too few axes, or the window is larger than the padded input.</exception>
    /// <exception cref="ArgumentException">An option is out of its range, or does not have one number for each axis.</exception>
    public Tensor<T> MaxPool1D(PerAxis window, PerAxis stride = default, PerAxis padding = default, PerAxis dilation = default, bool ceilMode = false) =>
        MaxPool(1, nameof(MaxPool1D), window, stride, padding, dilation, ceilMode).Values;

    /// <summary>The largest element of each window over one spatial axis, as <see cref="MaxPool1D"/> gives it, and its place.</summary>
    /// <param name="window">The lengths of the window.</param>
    /// <param name="stride">The steps between windows; the lengths of the window by default.</param>
    /// <param name="padding">How many places that never win are put before and after each axis; 0 by default.</param>
    /// <param name="dilation">The steps within a window; 1 by default.</param>
    /// <param name="ceilMode">Whether a last window that begins inside may hang over the end.</param>
    /// <returns>The values, and for each its place in the flattened spatial axes, as <see cref="MaxUnpool"/> takes it.</returns>
    /// <exception cref="TensorShapeException">There are too few axes, or the window is larger than the padded input.</exception>
    /// <exception cref="ArgumentException">An option is out of its range, or does not have one number for each axis.</exception>
    public (Tensor<T> Values, Indices<T> Indices) MaxPool1DWithIndices(PerAxis window, PerAxis stride = default, PerAxis padding = default, PerAxis dilation = default, bool ceilMode = false)
    {
        (Tensor<T> values, Tensor<T> winners) = MaxPool(1, nameof(MaxPool1DWithIndices), window, stride, padding, dilation, ceilMode);
        return (values, Winners(values, winners));
    }

    /// <summary>The largest element of each window over two spatial axes. dy = dx at the largest element.</summary>
    /// <param name="window">The lengths of the window.</param>
    /// <param name="stride">The steps between windows; the lengths of the window by default.</param>
    /// <param name="padding">How many places that never win (-∞) are put before and after each axis, at most half a window; 0 by default.</param>
    /// <param name="dilation">The steps within a window; 1 by default.</param>
    /// <param name="ceilMode">Whether a last window that begins inside may hang over the end.</param>
    /// <returns>For x of shape [..., H, W] a tensor with the numbers of windows in place of the last axes.</returns>
    /// <remarks>At a tie the first element wins, alone. A window with a NaN gives NaN.</remarks>
    /// <exception cref="TensorShapeException">There are too few axes, or the window is larger than the padded input.</exception>
    /// <exception cref="ArgumentException">An option is out of its range, or does not have one number for each axis.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Range(16).Reshape(1, 4, 4).MaxPool2D(2)[0]); // => [[5, 7], [13, 15]]
    /// </code>
    /// </example>
    public Tensor<T> MaxPool2D(PerAxis window, PerAxis stride = default, PerAxis padding = default, PerAxis dilation = default, bool ceilMode = false) =>
        MaxPool(2, nameof(MaxPool2D), window, stride, padding, dilation, ceilMode).Values;

    /// <summary>The largest element of each window over two spatial axes, as <see cref="MaxPool2D"/> gives it, and its place.</summary>
    /// <param name="window">The lengths of the window.</param>
    /// <param name="stride">The steps between windows; the lengths of the window by default.</param>
    /// <param name="padding">How many places that never win are put before and after each axis; 0 by default.</param>
    /// <param name="dilation">The steps within a window; 1 by default.</param>
    /// <param name="ceilMode">Whether a last window that begins inside may hang over the end.</param>
    /// <returns>The values, and for each its place in the flattened spatial axes, as <see cref="MaxUnpool"/> takes it.</returns>
    /// <exception cref="TensorShapeException">There are too few axes, or the window is larger than the padded input.</exception>
    /// <exception cref="ArgumentException">An option is out of its range, or does not have one number for each axis.</exception>
    public (Tensor<T> Values, Indices<T> Indices) MaxPool2DWithIndices(PerAxis window, PerAxis stride = default, PerAxis padding = default, PerAxis dilation = default, bool ceilMode = false)
    {
        (Tensor<T> values, Tensor<T> winners) = MaxPool(2, nameof(MaxPool2DWithIndices), window, stride, padding, dilation, ceilMode);
        return (values, Winners(values, winners));
    }

    /// <summary>The largest element of each window over three spatial axes. dy = dx at the largest element.</summary>
    /// <param name="window">The lengths of the window.</param>
    /// <param name="stride">The steps between windows; the lengths of the window by default.</param>
    /// <param name="padding">How many places that never win (-∞) are put before and after each axis, at most half a window; 0 by default.</param>
    /// <param name="dilation">The steps within a window; 1 by default.</param>
    /// <param name="ceilMode">Whether a last window that begins inside may hang over the end.</param>
    /// <returns>For x of shape [..., D, H, W] a tensor with the numbers of windows in place of the last axes.</returns>
    /// <remarks>At a tie the first element wins, alone. A window with a NaN gives NaN.</remarks>
    /// <exception cref="TensorShapeException">There are too few axes, or the window is larger than the padded input.</exception>
    /// <exception cref="ArgumentException">An option is out of its range, or does not have one number for each axis.</exception>
    public Tensor<T> MaxPool3D(PerAxis window, PerAxis stride = default, PerAxis padding = default, PerAxis dilation = default, bool ceilMode = false) =>
        MaxPool(3, nameof(MaxPool3D), window, stride, padding, dilation, ceilMode).Values;

    /// <summary>The largest element of each window over three spatial axes, as <see cref="MaxPool3D"/> gives it, and its place.</summary>
    /// <param name="window">The lengths of the window.</param>
    /// <param name="stride">The steps between windows; the lengths of the window by default.</param>
    /// <param name="padding">How many places that never win are put before and after each axis; 0 by default.</param>
    /// <param name="dilation">The steps within a window; 1 by default.</param>
    /// <param name="ceilMode">Whether a last window that begins inside may hang over the end.</param>
    /// <returns>The values, and for each its place in the flattened spatial axes, as <see cref="MaxUnpool"/> takes it.</returns>
    /// <exception cref="TensorShapeException">There are too few axes, or the window is larger than the padded input.</exception>
    /// <exception cref="ArgumentException">An option is out of its range, or does not have one number for each axis.</exception>
    public (Tensor<T> Values, Indices<T> Indices) MaxPool3DWithIndices(PerAxis window, PerAxis stride = default, PerAxis padding = default, PerAxis dilation = default, bool ceilMode = false)
    {
        (Tensor<T> values, Tensor<T> winners) = MaxPool(3, nameof(MaxPool3DWithIndices), window, stride, padding, dilation, ceilMode);
        return (values, Winners(values, winners));
    }

    /// <summary>The mean of each window over one spatial axis. dy = the mean of dx.</summary>
    /// <param name="window">The lengths of the window.</param>
    /// <param name="stride">The steps between windows; the lengths of the window by default.</param>
    /// <param name="padding">How many zeros are put before and after each axis, at most half a window; 0 by default.</param>
    /// <param name="ceilMode">Whether a last window that begins inside may hang over the end; what hangs over the padding is not counted.</param>
    /// <param name="countIncludePad">Whether the zeros of the padding count in the mean.</param>
    /// <param name="divisor">A number to divide the sums by instead of the counts.</param>
    /// <returns>For x of shape [..., L] a tensor with the numbers of windows in place of the last axes.</returns>
    /// <exception cref="TensorShapeException">There are too few axes, or the window is larger than the padded input.</exception>
    /// <exception cref="ArgumentException">An option is out of its range, or does not have one number for each axis.</exception>
    public Tensor<T> AvgPool1D(PerAxis window, PerAxis stride = default, PerAxis padding = default, bool ceilMode = false, bool countIncludePad = true, int? divisor = null) =>
        AvgPool(1, nameof(AvgPool1D), window, stride, padding, ceilMode, countIncludePad, divisor);

    /// <summary>The mean of each window over two spatial axes. dy = the mean of dx.</summary>
    /// <param name="window">The lengths of the window.</param>
    /// <param name="stride">The steps between windows; the lengths of the window by default.</param>
    /// <param name="padding">How many zeros are put before and after each axis, at most half a window; 0 by default.</param>
    /// <param name="ceilMode">Whether a last window that begins inside may hang over the end; what hangs over the padding is not counted.</param>
    /// <param name="countIncludePad">Whether the zeros of the padding count in the mean.</param>
    /// <param name="divisor">A number to divide the sums by instead of the counts.</param>
    /// <returns>For x of shape [..., H, W] a tensor with the numbers of windows in place of the last axes.</returns>
    /// <exception cref="TensorShapeException">There are too few axes, or the window is larger than the padded input.</exception>
    /// <exception cref="ArgumentException">An option is out of its range, or does not have one number for each axis.</exception>
    public Tensor<T> AvgPool2D(PerAxis window, PerAxis stride = default, PerAxis padding = default, bool ceilMode = false, bool countIncludePad = true, int? divisor = null) =>
        AvgPool(2, nameof(AvgPool2D), window, stride, padding, ceilMode, countIncludePad, divisor);

    /// <summary>The mean of each window over three spatial axes. dy = the mean of dx.</summary>
    /// <param name="window">The lengths of the window.</param>
    /// <param name="stride">The steps between windows; the lengths of the window by default.</param>
    /// <param name="padding">How many zeros are put before and after each axis, at most half a window; 0 by default.</param>
    /// <param name="ceilMode">Whether a last window that begins inside may hang over the end; what hangs over the padding is not counted.</param>
    /// <param name="countIncludePad">Whether the zeros of the padding count in the mean.</param>
    /// <param name="divisor">A number to divide the sums by instead of the counts.</param>
    /// <returns>For x of shape [..., D, H, W] a tensor with the numbers of windows in place of the last axes.</returns>
    /// <exception cref="TensorShapeException">There are too few axes, or the window is larger than the padded input.</exception>
    /// <exception cref="ArgumentException">An option is out of its range, or does not have one number for each axis.</exception>
    public Tensor<T> AvgPool3D(PerAxis window, PerAxis stride = default, PerAxis padding = default, bool ceilMode = false, bool countIncludePad = true, int? divisor = null) =>
        AvgPool(3, nameof(AvgPool3D), window, stride, padding, ceilMode, countIncludePad, divisor);

    /// <summary>Means over one spatial axis, of windows that divide each axis of length L into a given number m of parts: from ⌊i L / m⌋ to ⌈(i + 1) L / m⌉. dy = the mean of dx.</summary>
    /// <param name="outputSize">The number of windows along each axis.</param>
    /// <returns>For x of shape [..., L] a tensor with the output size in place of the last axes.</returns>
    /// <exception cref="TensorShapeException">There are too few axes, or a spatial axis is empty.</exception>
    /// <exception cref="ArgumentException">A size is below 1, or there is not one for each axis.</exception>
    public Tensor<T> AdaptiveAvgPool1D(PerAxis outputSize) => AdaptiveAvgPool(outputSize.For(1, null, 1, nameof(AdaptiveAvgPool1D), nameof(outputSize)), nameof(AdaptiveAvgPool1D));

    /// <summary>Maxima over one spatial axis, of the windows of <see cref="AdaptiveAvgPool1D"/>. dy = dx at the largest element.</summary>
    /// <param name="outputSize">The number of windows along each axis.</param>
    /// <returns>For x of shape [..., L] a tensor with the output size in place of the last axes.</returns>
    /// <remarks>At a tie the first element wins, alone. A window with a NaN gives NaN.</remarks>
    /// <exception cref="TensorShapeException">There are too few axes, or a spatial axis is empty.</exception>
    /// <exception cref="ArgumentException">A size is below 1, or there is not one for each axis.</exception>
    public Tensor<T> AdaptiveMaxPool1D(PerAxis outputSize) => AdaptiveMaxPool(1, nameof(AdaptiveMaxPool1D), outputSize).Values;

    /// <summary>Maxima as <see cref="AdaptiveMaxPool1D"/> gives them, and their places.</summary>
    /// <param name="outputSize">The number of windows along each axis.</param>
    /// <returns>The values, and for each its place in the flattened spatial axes.</returns>
    /// <exception cref="TensorShapeException">There are too few axes, or a spatial axis is empty.</exception>
    /// <exception cref="ArgumentException">A size is below 1, or there is not one for each axis.</exception>
    public (Tensor<T> Values, Indices<T> Indices) AdaptiveMaxPool1DWithIndices(PerAxis outputSize)
    {
        (Tensor<T> values, Tensor<T> winners) = AdaptiveMaxPool(1, nameof(AdaptiveMaxPool1DWithIndices), outputSize);
        return (values, Winners(values, winners));
    }

    /// <summary>Means over two spatial axes, of windows that divide each axis of length L into a given number m of parts: from ⌊i L / m⌋ to ⌈(i + 1) L / m⌉. dy = the mean of dx.</summary>
    /// <param name="outputSize">The number of windows along each axis.</param>
    /// <returns>For x of shape [..., H, W] a tensor with the output size in place of the last axes.</returns>
    /// <exception cref="TensorShapeException">There are too few axes, or a spatial axis is empty.</exception>
    /// <exception cref="ArgumentException">A size is below 1, or there is not one for each axis.</exception>
    public Tensor<T> AdaptiveAvgPool2D(PerAxis outputSize) => AdaptiveAvgPool(outputSize.For(2, null, 1, nameof(AdaptiveAvgPool2D), nameof(outputSize)), nameof(AdaptiveAvgPool2D));

    /// <summary>Maxima over two spatial axes, of the windows of <see cref="AdaptiveAvgPool2D"/>. dy = dx at the largest element.</summary>
    /// <param name="outputSize">The number of windows along each axis.</param>
    /// <returns>For x of shape [..., H, W] a tensor with the output size in place of the last axes.</returns>
    /// <remarks>At a tie the first element wins, alone. A window with a NaN gives NaN.</remarks>
    /// <exception cref="TensorShapeException">There are too few axes, or a spatial axis is empty.</exception>
    /// <exception cref="ArgumentException">A size is below 1, or there is not one for each axis.</exception>
    public Tensor<T> AdaptiveMaxPool2D(PerAxis outputSize) => AdaptiveMaxPool(2, nameof(AdaptiveMaxPool2D), outputSize).Values;

    /// <summary>Maxima as <see cref="AdaptiveMaxPool2D"/> gives them, and their places.</summary>
    /// <param name="outputSize">The number of windows along each axis.</param>
    /// <returns>The values, and for each its place in the flattened spatial axes.</returns>
    /// <exception cref="TensorShapeException">There are too few axes, or a spatial axis is empty.</exception>
    /// <exception cref="ArgumentException">A size is below 1, or there is not one for each axis.</exception>
    public (Tensor<T> Values, Indices<T> Indices) AdaptiveMaxPool2DWithIndices(PerAxis outputSize)
    {
        (Tensor<T> values, Tensor<T> winners) = AdaptiveMaxPool(2, nameof(AdaptiveMaxPool2DWithIndices), outputSize);
        return (values, Winners(values, winners));
    }

    /// <summary>Means over three spatial axes, of windows that divide each axis of length L into a given number m of parts: from ⌊i L / m⌋ to ⌈(i + 1) L / m⌉. dy = the mean of dx.</summary>
    /// <param name="outputSize">The number of windows along each axis.</param>
    /// <returns>For x of shape [..., D, H, W] a tensor with the output size in place of the last axes.</returns>
    /// <exception cref="TensorShapeException">There are too few axes, or a spatial axis is empty.</exception>
    /// <exception cref="ArgumentException">A size is below 1, or there is not one for each axis.</exception>
    public Tensor<T> AdaptiveAvgPool3D(PerAxis outputSize) => AdaptiveAvgPool(outputSize.For(3, null, 1, nameof(AdaptiveAvgPool3D), nameof(outputSize)), nameof(AdaptiveAvgPool3D));

    /// <summary>Maxima over three spatial axes, of the windows of <see cref="AdaptiveAvgPool3D"/>. dy = dx at the largest element.</summary>
    /// <param name="outputSize">The number of windows along each axis.</param>
    /// <returns>For x of shape [..., D, H, W] a tensor with the output size in place of the last axes.</returns>
    /// <remarks>At a tie the first element wins, alone. A window with a NaN gives NaN.</remarks>
    /// <exception cref="TensorShapeException">There are too few axes, or a spatial axis is empty.</exception>
    /// <exception cref="ArgumentException">A size is below 1, or there is not one for each axis.</exception>
    public Tensor<T> AdaptiveMaxPool3D(PerAxis outputSize) => AdaptiveMaxPool(3, nameof(AdaptiveMaxPool3D), outputSize).Values;

    /// <summary>Maxima as <see cref="AdaptiveMaxPool3D"/> gives them, and their places.</summary>
    /// <param name="outputSize">The number of windows along each axis.</param>
    /// <returns>The values, and for each its place in the flattened spatial axes.</returns>
    /// <exception cref="TensorShapeException">There are too few axes, or a spatial axis is empty.</exception>
    /// <exception cref="ArgumentException">A size is below 1, or there is not one for each axis.</exception>
    public (Tensor<T> Values, Indices<T> Indices) AdaptiveMaxPool3DWithIndices(PerAxis outputSize)
    {
        (Tensor<T> values, Tensor<T> winners) = AdaptiveMaxPool(3, nameof(AdaptiveMaxPool3DWithIndices), outputSize);
        return (values, Winners(values, winners));
    }

    /// <summary>The norm (Σ |x|^p)^(1/p) of each window over one spatial axis, without overflow. The derivative is that of <see cref="Norm(T, ReadOnlySpan{int})"/>: 0 at a window of zeros.</summary>
    /// <param name="order">The order p.</param>
    /// <param name="window">The lengths of the window.</param>
    /// <param name="stride">The steps between windows; the lengths of the window by default.</param>
    /// <param name="ceilMode">Whether a last window that begins inside may hang over the end.</param>
    /// <returns>For x of shape [..., L] a tensor with the numbers of windows in place of the last axes.</returns>
    /// <exception cref="TensorShapeException">There are too few axes, or the window is larger than the padded input.</exception>
    /// <exception cref="ArgumentException">An option is out of its range, or does not have one number for each axis.</exception>
    public Tensor<T> LpPool1D(T order, PerAxis window, PerAxis stride = default, bool ceilMode = false) => LpPool(1, nameof(LpPool1D), order, window, stride, ceilMode);

    /// <summary>The norm (Σ |x|^p)^(1/p) of each window over two spatial axes, without overflow. The derivative is that of <see cref="Norm(T, ReadOnlySpan{int})"/>: 0 at a window of zeros.</summary>
    /// <param name="order">The order p.</param>
    /// <param name="window">The lengths of the window.</param>
    /// <param name="stride">The steps between windows; the lengths of the window by default.</param>
    /// <param name="ceilMode">Whether a last window that begins inside may hang over the end.</param>
    /// <returns>For x of shape [..., H, W] a tensor with the numbers of windows in place of the last axes.</returns>
    /// <exception cref="TensorShapeException">There are too few axes, or the window is larger than the padded input.</exception>
    /// <exception cref="ArgumentException">An option is out of its range, or does not have one number for each axis.</exception>
    public Tensor<T> LpPool2D(T order, PerAxis window, PerAxis stride = default, bool ceilMode = false) => LpPool(2, nameof(LpPool2D), order, window, stride, ceilMode);

    /// <summary>The norm (Σ |x|^p)^(1/p) of each window over three spatial axes, without overflow. The derivative is that of <see cref="Norm(T, ReadOnlySpan{int})"/>: 0 at a window of zeros.</summary>
    /// <param name="order">The order p.</param>
    /// <param name="window">The lengths of the window.</param>
    /// <param name="stride">The steps between windows; the lengths of the window by default.</param>
    /// <param name="ceilMode">Whether a last window that begins inside may hang over the end.</param>
    /// <returns>For x of shape [..., D, H, W] a tensor with the numbers of windows in place of the last axes.</returns>
    /// <exception cref="TensorShapeException">There are too few axes, or the window is larger than the padded input.</exception>
    /// <exception cref="ArgumentException">An option is out of its range, or does not have one number for each axis.</exception>
    public Tensor<T> LpPool3D(T order, PerAxis window, PerAxis stride = default, bool ceilMode = false) => LpPool(3, nameof(LpPool3D), order, window, stride, ceilMode);

    /// <summary>Values put back to the places that a maximum was taken from, and zeros elsewhere. dy = dx, moved.</summary>
    /// <param name="indices">For each element its place in the flattened spatial axes of the result. Where several name one place, the last one stands.</param>
    /// <param name="outputSize">The lengths of the spatial axes of the result; as many axes of this tensor, counted from the end, are spatial.</param>
    /// <returns>A tensor with the output size in place of the last axes.</returns>
    /// <exception cref="TensorShapeException">There is not one index for each element, or there are fewer axes than spatial ones.</exception>
    /// <exception cref="ArgumentException">An index is outside the output.</exception>
    public Tensor<T> MaxUnpool(ReadOnlySpan<int> indices, ReadOnlySpan<int> outputSize)
    {
        int places = Shapes.Length(outputSize, nameof(MaxUnpool));
        if (indices.Length != length || outputSize.IsEmpty || Rank < outputSize.Length)
        {
            throw Errors.Shape(nameof(MaxUnpool), $"{indices.Length} indices and {outputSize.Length} spatial axes were given for a tensor of shape {Shapes.Format(shape)}",
                $"{length} indices, and one to {Rank} axes", "give the indices that the pooling returned, and the shape it began with");
        }

        int[] target = [.. shape.AsSpan(0, Rank - outputSize.Length), .. outputSize];
        int all = Shapes.Length(target, nameof(MaxUnpool));
        int[] own = Places(indices, places, nameof(MaxUnpool));
        int count = Shapes.Length(shape.AsSpan(Rank - outputSize.Length));
        var last = new Dictionary<int, int>(own.Length);
        for (int i = 0; i < own.Length; i++)
        {
            last[(i / count * places) + own[i]] = i;
        }

        int[] sources = [.. last.Values];
        Tensor<T> kept = sources.Length == length ? Flatten() : Flatten().Linear(new TakeMap<T>([length], [sources.Length], 1, length, 1, sources), nameof(MaxUnpool));
        return kept.Linear(new PutMap<T>([sources.Length], target, 1, all, 1, [.. last.Keys]), nameof(MaxUnpool));
    }

    private (Tensor<T> Values, Tensor<T> Winners) MaxPool(int axes, string name, PerAxis window, PerAxis stride, PerAxis padding, PerAxis dilation, bool ceilMode)
    {
        (WindowOptions options, int[] counts) = PoolWindows(axes, name, window, stride, padding, dilation, ceilMode);
        var windows = new AxisWindows[axes];
        for (int axis = 0; axis < axes; axis++)
        {
            int extent = shape[Rank - axes + axis];
            (int[] begin, int[] end) = (new int[counts[axis]], new int[counts[axis]]);
            long step = options.Dilation[axis];
            for (int i = 0; i < begin.Length; i++)
            {
                long start = ((long)i * options.Stride[axis]) - options.Padding[axis];
                begin[i] = (int)Math.Min(start < 0 ? start + ((-start + step - 1) / step * step) : start, extent);
                end[i] = (int)Math.Min(start + options.Reach(axis), extent);
            }

            windows[axis] = new AxisWindows(extent, begin, end, (int)Math.Min(step, extent));
        }

        return MaxOf(windows, name);
    }

    private (Tensor<T> Values, Tensor<T> Winners) AdaptiveMaxPool(int axes, string name, PerAxis outputSize) =>
        MaxOf(AdaptiveWindows(outputSize.For(axes, null, 1, name, nameof(outputSize)), name), name);

    /// <summary>The maxima of windows. Their places are an operation of their own, without a derivative; the maxima are then picked, and picking is linear.</summary>
    private (Tensor<T> Values, Tensor<T> Winners) MaxOf(AxisWindows[] windows, string name)
    {
        int lead = Rank - windows.Length;
        int rows = Shapes.Length(shape.AsSpan(0, lead));
        int places = Shapes.Length(shape.AsSpan(lead));
        AxisWindows[] three = [.. Enumerable.Repeat(AxisWindows.None, 3 - windows.Length), .. windows];
        int count = Shapes.Length([three[0].Count, three[1].Count, three[2].Count]);
        int[] target = [.. shape.AsSpan(0, lead), .. windows.Select(w => w.Count)];
        Tensor<T> x = Reshape(rows, places);
        Tensor<T> winners = Integral($"{name}Indices", [x], [rows, count], (inputs, winners) => Pooling.Winners(inputs[0].Values, rows, three, winners), three);
        return (Pick(x, winners, T.NegativeInfinity, Array.TrueForAll(windows, static w => w.AreApart), name).Reshape(target), winners);
    }

    /// <summary>From each row of [rows, places], after batch axes, the elements whose places are marked; <paramref name="apart"/> says that none is marked twice.</summary>
    private static Tensor<T> Pick(Tensor<T> x, Tensor<T> winners, T fill, bool apart, string name)
    {
        int places = x.shape[^1];
        int rows = winners.shape[0];
        return General(name, [x, winners], [.. x.shape.AsSpan(0, x.Rank - 1), winners.shape[1]],
            value: (inputs, y) => Pooling.Pick(inputs[0].Values, rows == 0 ? 0 : inputs[0].Length / Math.Max(rows * places, 1), rows, places, inputs[1].Integers, fill, y.Writable),
            vjp: (g, i, operands) => i == 0 ? Put(g, operands[1], places, apart, name) : null,
            jvp: (t, i, operands) => i == 0 ? Pick(t, operands[1], T.Zero, apart, name) : null,
            axes: i => i == 0 ? [.. Enumerable.Range(0, x.Rank - 1), -1] : null, parameters: fill == T.Zero ? PlacesUse.PickOrZero : PlacesUse.Pick,
            slices: (reads, record, slices) => OfRows(reads, record, slices, (x, winners) => Pick(x, winners, fill, apart, name)));
    }

    /// <summary>The transpose of <see cref="Pick"/>.</summary>
    private static Tensor<T> Put(Tensor<T> y, Tensor<T> winners, int places, bool apart, string name)
    {
        (int rows, int count) = (winners.shape[0], winners.shape[1]);
        return General(name, [y, winners], [.. y.shape.AsSpan(0, y.Rank - 1), places],
            value: (inputs, x) => Pooling.Put(inputs[0].Values, rows == 0 ? 0 : inputs[0].Length / Math.Max(rows * count, 1), rows, places, inputs[1].Integers, apart, x.Writable),
            vjp: (g, i, operands) => i == 0 ? Pick(g, operands[1], T.Zero, apart, name) : null,
            jvp: (t, i, operands) => i == 0 ? Put(t, operands[1], places, apart, name) : null,
            axes: i => i == 0 ? [.. Enumerable.Range(0, y.Rank - 1), -1] : null, parameters: PlacesUse.Put,
            slices: (reads, record, slices) => OfRows(reads, record, slices, (y, winners) => Put(y, winners, places, apart, name)));
    }

    /// <summary>An operation that takes the places of each row, for all slices: their rows are the rows of one operand, unless the places are the same for all of them.</summary>
    private static Tensor<T>? OfRows(Tensor<T>[] reads, Record<T> record, int slices, Func<Tensor<T>, Tensor<T>, Tensor<T>> operation)
    {
        if (!record.IsSliced(reads, 1))
        {
            return operation(reads[0], reads[1]);
        }

        if (record.Input(0).Rank > 2)
        {
            return null;
        }

        Tensor<T>[] all = record.Spread(reads, slices);
        ReadOnlySpan<int> x = all[0].shape, winners = all[1].shape;
        return operation(all[0].Reshape(x[0] * x[1], x[2]), Slices<T>.Places(all[1], 1, 0).Reshape(winners[0] * winners[1], winners[2])).Reshape([slices, .. record.Output.shape]);
    }

    /// <summary>The places of the maxima, which the pooling kernels count from 1.</summary>
    private static Indices<T> Winners(Tensor<T> maxima, Tensor<T> winners) => ReadIndices("Indices", winners, maxima.shape, static (inputs, indices) =>
    {
        inputs[0].Integers.CopyTo(indices);
        foreach (ref int index in indices)
        {
            index--;
        }
    });

    private Tensor<T> AvgPool(int axes, string name, PerAxis window, PerAxis stride, PerAxis padding, bool ceilMode, bool countIncludePad, int? divisor)
    {
        if (divisor == 0)
        {
            throw Errors.Argument(name, nameof(divisor), "the divisor is 0", "another number", "leave it out to divide by the counts");
        }

        (WindowOptions options, int[] counts) = PoolWindows(axes, name, window, stride, padding, default, ceilMode);
        var maps = new AxisWeights<T>[axes];
        for (int axis = 0; axis < axes; axis++)
        {
            int extent = shape[Rank - axes + axis];
            (int[] begins, int[] ends, double[] weights) = (new int[counts[axis]], new int[counts[axis]], new double[counts[axis]]);
            for (int i = 0; i < begins.Length; i++)
            {
                long start = ((long)i * options.Stride[axis]) - options.Padding[axis];
                long end = Math.Min(start + options.Window[axis], (long)extent + options.Padding[axis]);
                (begins[i], ends[i]) = ((int)Math.Clamp(start, 0, extent), (int)Math.Clamp(end, 0, extent));
                weights[i] = divisor is { } d ? (axis == 0 ? 1.0 / d : 1) : 1.0 / (countIncludePad ? end - start : ends[i] - begins[i]);
            }

            maps[axis] = AxisWeights<T>.Windows(extent, begins, ends, weights);
        }

        return Separable(counts, name, maps);
    }

    private Tensor<T> AdaptiveAvgPool(int[] size, string name)
    {
        AxisWindows[] windows = AdaptiveWindows(size, name);
        return Separable(size, name, Array.ConvertAll(windows, own => AxisWeights<T>.Windows(own.Extent, own.Begin, own.End, [.. own.Begin.Zip(own.End, (begin, end) => 1.0 / (end - begin))])));
    }

    private Tensor<T> LpPool(int axes, string name, T order, PerAxis window, PerAxis stride, bool ceilMode)
    {
        (WindowOptions options, int[] counts) = PoolWindows(axes, name, window, stride, default, default, ceilMode);
        int lead = Rank - axes;
        int rows = Shapes.Length(shape.AsSpan(0, lead));
        var widths = new (int, int)[axes + 2];
        int[] padded = [rows, 1, .. shape.AsSpan(lead)];
        for (int axis = 0; axis < axes; axis++)
        {
            int needed = Shapes.Extent(((counts[axis] - 1L) * options.Stride[axis]) + options.Window[axis], name, shape);
            widths[axis + 2] = (0, Math.Max(needed - padded[axis + 2], 0));
        }

        int[] apart = [rows, Shapes.Length(options.Window, name), Shapes.Length(counts, name)];
        Shapes.Length(apart, name, this);
        Tensor<T> x = Reshape(padded).Pad(widths);
        Tensor<T> windows = x.Linear(WindowMap(x.shape, apart, options, counts), name);
        return windows.Norm(order, 1).Reshape([.. shape.AsSpan(0, lead), .. counts]);
    }

    /// <summary>A linear map of each of the last axes, by the weights of each of its outputs.</summary>
    private Tensor<T> Separable(int axes, int[] counts, string name, Func<int, int, IEnumerable<(int Place, double Weight)>> weights)
    {
        int lead = Rank - axes;
        int[] target = [.. shape.AsSpan(0, lead), .. counts];
        Shapes.Length(target, name, this);
        var maps = new AxisWeights<T>[axes];
        for (int axis = 0; axis < axes; axis++)
        {
            int a = axis;
            maps[axis] = AxisWeights<T>.Create(shape[lead + axis], counts[axis], i => weights(a, i));
        }

        return Separable(counts, name, maps);
    }

    private Tensor<T> Separable(int[] counts, string name, AxisWeights<T>[] maps) => Linear(new SeparableMap<T>(shape, [.. shape.AsSpan(0, Rank - maps.Length), .. counts], maps), name);

    private (WindowOptions Options, int[] Counts) PoolWindows(int axes, string name, PerAxis window, PerAxis stride, PerAxis padding, PerAxis dilation, bool ceilMode)
    {
        CheckSpatial(axes, name);
        var options = new WindowOptions(axes, window, null, stride, padding, dilation, name);
        for (int axis = 0; axis < axes; axis++)
        {
            if (options.Padding[axis] > options.Reach(axis) / 2)
            {
                throw Errors.Argument(name, nameof(padding), $"padding is {options.Padding[axis]} for a window that spans {options.Reach(axis)} places", "at most half a window",
                    "use less padding: a window must not lie in the padding alone");
            }
        }

        int[] counts = options.Counts(shape.AsSpan(Rank - axes), name, ceilMode);
        Shapes.Length([.. shape.AsSpan(0, Rank - axes), .. counts], name, this);
        return (options, counts);
    }

    private AxisWindows[] AdaptiveWindows(int[] size, string name)
    {
        CheckSpatial(size.Length, name);
        Shapes.Length([.. shape.AsSpan(0, Rank - size.Length), .. size], name, this);
        var windows = new AxisWindows[size.Length];
        for (int axis = 0; axis < size.Length; axis++)
        {
            long extent = shape[Rank - size.Length + axis];
            int count = size[axis];
            windows[axis] = new AxisWindows((int)extent, [.. Enumerable.Range(0, count).Select(i => (int)(i * extent / count))],
                [.. Enumerable.Range(0, count).Select(i => (int)((((i + 1) * extent) + count - 1) / count))], 1);
        }

        return windows;
    }

    /// <summary>The last axes must be there, and not be empty.</summary>
    private void CheckSpatial(int axes, string name)
    {
        if (Rank < axes || shape.AsSpan(Math.Max(Rank - axes, 0)).Contains(0))
        {
            throw Errors.Shape(name, $"the tensor has shape {Shapes.Format(shape)}", $"{axes} spatial {(axes == 1 ? "axis" : "axes")} at the end, not empty", "reshape the tensor");
        }
    }
}
