using AutoDiff.Kernels;

namespace AutoDiff;

// Convolutions over one, two and three spatial axes, their transposes, and the windows under them. The derivatives of a convolution are convolutions of the same form.
public sealed partial class Tensor<T>
{
    /// <summary>The convolution over one spatial axis, y[n, o, p] = b_o + Σ_ck w[o, c, k] x[n, c, p · stride - padding + k · dilation]. dy = w * dx + dw * x + db.</summary>
    /// <param name="kernel">The weights w, [O, C / groups, K]. They are not flipped.</param>
    /// <param name="bias">The numbers b, [O], or null for none.</param>
    /// <param name="stride">The steps between windows; 1 by default.</param>
    /// <param name="padding">How many zeros are put before and after each axis; 0 by default. <see cref="Padding.Same"/> keeps the length; <see cref="Pad(ReadOnlySpan{ValueTuple{int, int}}, T)"/> puts different numbers.</param>
    /// <param name="dilation">The steps within a window; 1 by default.</param>
    /// <param name="groups">How many groups channels are split into; group g of the output sees group g of the input only.</param>
    /// <returns>For x of shape [N, C, L] a tensor [N, O, L'] with extents ⌊(L + 2 padding - dilation (K - 1) - 1) / stride⌋ + 1. The axis N may be missing in both.</returns>
    /// <exception cref="TensorShapeException">The shapes do not fit, or the window is larger than the padded input.</exception>
    /// <exception cref="ArgumentException">An option is out of its range, or does not have one number for each axis.</exception>
    public Tensor<T> Conv1D(Tensor<T> kernel, Tensor<T>? bias = null, PerAxis stride = default, PerAxis padding = default, PerAxis dilation = default, int groups = 1) =>
        Convolve(1, nameof(Conv1D), kernel, bias, stride, padding, dilation, groups);

    /// <summary>The convolution over two spatial axes, y[n, o, p] = b_o + Σ_ck w[o, c, k] x[n, c, p · stride - padding + k · dilation]. dy = w * dx + dw * x + db.</summary>
    /// <param name="kernel">The weights w, [O, C / groups, KH, KW]. They are not flipped.</param>
    /// <param name="bias">The numbers b, [O], or null for none.</param>
    /// <param name="stride">The steps between windows; 1 by default.</param>
    /// <param name="padding">How many zeros are put before and after each axis; 0 by default. <see cref="Padding.Same"/> keeps the length; <see cref="Pad(ReadOnlySpan{ValueTuple{int, int}}, T)"/> puts different numbers.</param>
    /// <param name="dilation">The steps within a window; 1 by default.</param>
    /// <param name="groups">How many groups channels are split into; group g of the output sees group g of the input only.</param>
    /// <returns>For x of shape [N, C, H, W] a tensor [N, O, H', W'] with extents ⌊(L + 2 padding - dilation (K - 1) - 1) / stride⌋ + 1. The axis N may be missing in both.</returns>
    /// <exception cref="TensorShapeException">The shapes do not fit, or the window is larger than the padded input.</exception>
    /// <exception cref="ArgumentException">An option is out of its range, or does not have one number for each axis.</exception>
    /// <example>
    /// <code>
    /// Tensor&lt;double> image = Tensor.Ones(1, 4, 4), kernel = Tensor.Ones(1, 1, 3, 3);
    /// Console.WriteLine(image.Conv2D(kernel)[0]); // => [[9, 9], [9, 9]]
    /// </code>
    /// </example>
    public Tensor<T> Conv2D(Tensor<T> kernel, Tensor<T>? bias = null, PerAxis stride = default, PerAxis padding = default, PerAxis dilation = default, int groups = 1) =>
        Convolve(2, nameof(Conv2D), kernel, bias, stride, padding, dilation, groups);

    /// <summary>The convolution over three spatial axes, y[n, o, p] = b_o + Σ_ck w[o, c, k] x[n, c, p · stride - padding + k · dilation]. dy = w * dx + dw * x + db.</summary>
    /// <param name="kernel">The weights w, [O, C / groups, KD, KH, KW]. They are not flipped.</param>
    /// <param name="bias">The numbers b, [O], or null for none.</param>
    /// <param name="stride">The steps between windows; 1 by default.</param>
    /// <param name="padding">How many zeros are put before and after each axis; 0 by default. <see cref="Padding.Same"/> keeps the length; <see cref="Pad(ReadOnlySpan{ValueTuple{int, int}}, T)"/> puts different numbers.</param>
    /// <param name="dilation">The steps within a window; 1 by default.</param>
    /// <param name="groups">How many groups channels are split into; group g of the output sees group g of the input only.</param>
    /// <returns>For x of shape [N, C, D, H, W] a tensor [N, O, D', H', W'] with extents ⌊(L + 2 padding - dilation (K - 1) - 1) / stride⌋ + 1. The axis N may be missing in both.</returns>
    /// <exception cref="TensorShapeException">The shapes do not fit, or the window is larger than the padded input.</exception>
    /// <exception cref="ArgumentException">An option is out of its range, or does not have one number for each axis.</exception>
    public Tensor<T> Conv3D(Tensor<T> kernel, Tensor<T>? bias = null, PerAxis stride = default, PerAxis padding = default, PerAxis dilation = default, int groups = 1) =>
        Convolve(3, nameof(Conv3D), kernel, bias, stride, padding, dilation, groups);

    /// <summary>The transposed convolution over one spatial axis: the derivative of <see cref="Conv1D"/> with respect to its input, as an operation of its own. dy = wᵀ * dx + dwᵀ * x + db.</summary>
    /// <param name="kernel">The weights w, [C, O / groups, K].</param>
    /// <param name="bias">One number for each output channel, [O], or null for none.</param>
    /// <param name="stride">The stride of the convolution; 1 by default.</param>
    /// <param name="padding">The padding of the convolution; 0 by default. It makes the result smaller.</param>
    /// <param name="outputPadding">How much longer the result is at the end; 0 by default. With a stride, several input lengths lead to one output length: this chooses among them.</param>
    /// <param name="dilation">The dilation of the convolution; 1 by default.</param>
    /// <param name="groups">How many groups channels are split into.</param>
    /// <returns>For x of shape [N, C, L] a tensor [N, O, L'] with extents (L - 1) stride - 2 padding + dilation (K - 1) + outputPadding + 1. The axis N may be missing in both.</returns>
    /// <exception cref="TensorShapeException">The shapes do not fit, or the result would be empty.</exception>
    /// <exception cref="ArgumentException">An option is out of its range, or does not have one number for each axis.</exception>
    public Tensor<T> ConvTranspose1D(Tensor<T> kernel, Tensor<T>? bias = null, PerAxis stride = default, PerAxis padding = default, PerAxis outputPadding = default,
        PerAxis dilation = default, int groups = 1) => ConvolveTransposed(1, nameof(ConvTranspose1D), kernel, bias, stride, padding, outputPadding, dilation, groups);

    /// <summary>The transposed convolution over two spatial axes: the derivative of <see cref="Conv2D"/> with respect to its input, as an operation of its own. dy = wᵀ * dx + dwᵀ * x + db.</summary>
    /// <param name="kernel">The weights w, [C, O / groups, KH, KW].</param>
    /// <param name="bias">One number for each output channel, [O], or null for none.</param>
    /// <param name="stride">The stride of the convolution; 1 by default.</param>
    /// <param name="padding">The padding of the convolution; 0 by default. It makes the result smaller.</param>
    /// <param name="outputPadding">How much longer the result is at the end; 0 by default. With a stride, several input lengths lead to one output length: this chooses among them.</param>
    /// <param name="dilation">The dilation of the convolution; 1 by default.</param>
    /// <param name="groups">How many groups channels are split into.</param>
    /// <returns>For x of shape [N, C, H, W] a tensor [N, O, H', W'] with extents (L - 1) stride - 2 padding + dilation (K - 1) + outputPadding + 1. The axis N may be missing in both.</returns>
    /// <exception cref="TensorShapeException">The shapes do not fit, or the result would be empty.</exception>
    /// <exception cref="ArgumentException">An option is out of its range, or does not have one number for each axis.</exception>
    public Tensor<T> ConvTranspose2D(Tensor<T> kernel, Tensor<T>? bias = null, PerAxis stride = default, PerAxis padding = default, PerAxis outputPadding = default,
        PerAxis dilation = default, int groups = 1) => ConvolveTransposed(2, nameof(ConvTranspose2D), kernel, bias, stride, padding, outputPadding, dilation, groups);

    /// <summary>The transposed convolution over three spatial axes: the derivative of <see cref="Conv3D"/> with respect to its input, as an operation of its own. dy = wᵀ * dx + dwᵀ * x + db.</summary>
    /// <param name="kernel">The weights w, [C, O / groups, KD, KH, KW].</param>
    /// <param name="bias">One number for each output channel, [O], or null for none.</param>
    /// <param name="stride">The stride of the convolution; 1 by default.</param>
    /// <param name="padding">The padding of the convolution; 0 by default. It makes the result smaller.</param>
    /// <param name="outputPadding">How much longer the result is at the end; 0 by default. With a stride, several input lengths lead to one output length: this chooses among them.</param>
    /// <param name="dilation">The dilation of the convolution; 1 by default.</param>
    /// <param name="groups">How many groups channels are split into.</param>
    /// <returns>For x of shape [N, C, D, H, W] a tensor [N, O, D', H', W'] with extents (L - 1) stride - 2 padding + dilation (K - 1) + outputPadding + 1. The axis N may be missing in both.</returns>
    /// <exception cref="TensorShapeException">The shapes do not fit, or the result would be empty.</exception>
    /// <exception cref="ArgumentException">An option is out of its range, or does not have one number for each axis.</exception>
    public Tensor<T> ConvTranspose3D(Tensor<T> kernel, Tensor<T>? bias = null, PerAxis stride = default, PerAxis padding = default, PerAxis outputPadding = default,
        PerAxis dilation = default, int groups = 1) => ConvolveTransposed(3, nameof(ConvTranspose3D), kernel, bias, stride, padding, outputPadding, dilation, groups);

    /// <summary>All windows of the spatial axes as columns (im2col): y[n, c · k, p] = x[n, c, p · stride - padding + k · dilation], 0 in the padding. dy = the windows of dx.</summary>
    /// <param name="window">The lengths of the window.</param>
    /// <param name="stride">The steps between windows; 1 by default.</param>
    /// <param name="padding">How many zeros are put before and after each axis; 0 by default.</param>
    /// <param name="dilation">The steps within a window; 1 by default.</param>
    /// <returns>For x of shape [N, C, ...] with one to three spatial axes, a tensor [N, C · places of the window, number of windows]. Cotangents of windows that overlap add up.</returns>
    /// <exception cref="TensorShapeException">There is no spatial axis, or more than three, or the window is larger than the padded input.</exception>
    /// <exception cref="ArgumentException">An option is out of its range, or does not have one number for each axis.</exception>
    public Tensor<T> Unfold(PerAxis window, PerAxis stride = default, PerAxis padding = default, PerAxis dilation = default)
    {
        int axes = SpatialAxes(nameof(Unfold));
        var options = new WindowOptions(axes, window, 1, stride, padding, dilation, nameof(Unfold));
        int[] counts = options.Counts(shape.AsSpan(2), nameof(Unfold));
        int[] target = [shape[0], Shapes.Extent((long)shape[1] * Shapes.Length(options.Window), nameof(Unfold), shape), Shapes.Length(counts)];
        Shapes.Length(target, nameof(Unfold), this);
        Tensor<T> padded = PadSpatial(options.Padding);
        return padded.Linear(WindowMap(padded.shape, target, options, counts), nameof(Unfold));
    }

    /// <summary>Windows added back into their places (col2im), the transpose of <c>Unfold</c>: places that several windows cover hold the sum. dy = the sum of dx.</summary>
    /// <param name="outputSize">The lengths of the spatial axes of the result, one to three.</param>
    /// <param name="window">The lengths of the window.</param>
    /// <param name="stride">The steps between windows; 1 by default.</param>
    /// <param name="padding">How many places before and after each axis are cut off; 0 by default.</param>
    /// <param name="dilation">The steps within a window; 1 by default.</param>
    /// <returns>For x of shape [N, C · places of the window, number of windows], a tensor [N, C, ..outputSize].</returns>
    /// <exception cref="TensorShapeException">The shape is not that of the windows of such a tensor.</exception>
    /// <exception cref="ArgumentException">An option is out of its range, or does not have one number for each axis.</exception>
    public Tensor<T> Fold(ReadOnlySpan<int> outputSize, PerAxis window, PerAxis stride = default, PerAxis padding = default, PerAxis dilation = default)
    {
        if (outputSize.Length is < 1 or > 3)
        {
            throw Errors.Argument(nameof(Fold), nameof(outputSize), $"{outputSize.Length} spatial axes are asked for", "one to three", "give the length of each spatial axis");
        }

        Shapes.Length(outputSize, nameof(Fold));
        var options = new WindowOptions(outputSize.Length, window, 1, stride, padding, dilation, nameof(Fold));
        int[] counts = options.Counts(outputSize, nameof(Fold));
        int places = Shapes.Length(options.Window);
        if (Rank != 3 || shape[1] % places != 0 || shape[2] != Shapes.Length(counts))
        {
            throw Errors.Shape(nameof(Fold), $"the tensor has shape {Shapes.Format(shape)}", $"[N, C · {places}, {Shapes.Length(counts)}] for these windows",
                "check the output size and the options against those of Unfold");
        }

        int[] padded = [shape[0], shape[1] / places, .. outputSize];
        for (int axis = 0; axis < outputSize.Length; axis++)
        {
            padded[axis + 2] = Shapes.Extent(outputSize[axis] + (2L * options.Padding[axis]), nameof(Fold), shape);
        }

        Shapes.Length(padded, nameof(Fold));
        return Linear(WindowMap(padded, shape, options, counts).Transposed, nameof(Fold)).PadSpatial(Array.ConvertAll(options.Padding, p => -p));
    }

    private Tensor<T> Convolve(int axes, string name, Tensor<T> kernel, Tensor<T>? bias, PerAxis stride, PerAxis padding, PerAxis dilation, int groups)
    {
        CheckChannels(axes, name, kernel, groups);
        int[] k = kernel.shape;
        int channels = shape[^(axes + 1)];
        if ((long)k[1] * groups != channels || k[0] % groups != 0)
        {
            throw Errors.Shape(name, $"an input with {channels} channels meets a kernel of shape {Shapes.Format(k)} in {groups} {(groups == 1 ? "group" : "groups")}",
                "a kernel [O, C / groups, ...] where groups divides O and C", "check the order of the kernel's axes and the number of groups");
        }

        CheckBias(bias, k[0], name);
        ReadOnlySpan<int> extents = shape.AsSpan(Rank - axes);
        if (padding.IsSame)
        {
            (int Before, int After)[] widths = new WindowOptions(k.AsSpan(2), 1, stride, 0, dilation, name).SamePadding(extents);
            TapeOf([this, kernel, bias], name);
            return AllOrNothing(name, [this, kernel, bias ?? kernel], () =>
                Pad([.. Enumerable.Repeat((0, 0), Rank - axes), .. widths.Select(width => (0, width.After - width.Before))])
                    .Convolve(axes, name, kernel, bias, stride, PerAxis.Of(Array.ConvertAll(widths, width => width.Before)), dilation, groups));
        }

        var options = new WindowOptions(k.AsSpan(2), 1, stride, padding, dilation, name);
        int[] counts = options.Counts(extents, name);
        Shapes.Length([Rank == axes + 1 ? 1 : shape[0], k[0], .. counts], name, this, kernel);
        Shapes.Length([channels / groups, .. options.PaddedExtents(extents, name)], name);
        TapeOf([this, kernel, bias], name);
        Tensor<T> x = Rank == axes + 1 ? ExpandDims(0) : this;
        int samples = x.shape[0];
        int[] output = [samples, k[0], .. counts];
        var form = new ConvolutionForm<T>([name, $"ConvTranspose{axes}D", $"{name}Kernel"], output, x.shape, k,
            new Convolution(new Windows(extents, options.Window, counts, options.Stride, options.Dilation, options.Padding), samples, groups, channels / groups, k[0] / groups));
        return AddBias(Contract(form, 0, x, kernel), bias, axes);
    }

    private Tensor<T> ConvolveTransposed(int axes, string name, Tensor<T> kernel, Tensor<T>? bias, PerAxis stride, PerAxis padding, PerAxis outputPadding, PerAxis dilation, int groups)
    {
        CheckChannels(axes, name, kernel, groups);
        int[] k = kernel.shape;
        int channels = shape[^(axes + 1)];
        if (k[0] != channels || k[0] % groups != 0)
        {
            throw Errors.Shape(name, $"an input with {channels} channels meets a kernel of shape {Shapes.Format(k)} in {groups} {(groups == 1 ? "group" : "groups")}",
                "a kernel [C, O / groups, ...] where groups divides C", "check the order of the kernel's axes: the input's channels come first here");
        }

        int channelsOut = Shapes.Extent((long)k[1] * groups, name, shape, k);
        CheckBias(bias, channelsOut, name);
        var options = new WindowOptions(k.AsSpan(2), 1, stride, padding, dilation, name);
        int[] more = outputPadding.For(axes, 0, 0, name, nameof(outputPadding));
        int[] counts = shape[^axes..];
        int[] extents = options.TransposedExtents(counts, more, name);
        Shapes.Length([Rank == axes + 1 ? 1 : shape[0], channelsOut, .. extents], name, this, kernel);
        Shapes.Length([k[1], .. options.PaddedExtents(extents, name)], name);
        TapeOf([this, kernel, bias], name);
        Tensor<T> y = Rank == axes + 1 ? ExpandDims(0) : this;
        int samples = y.shape[0];
        int[] input = [samples, channelsOut, .. extents];
        var form = new ConvolutionForm<T>([$"Conv{axes}D", name, $"{name}Kernel"], y.shape, input, k,
            new Convolution(new Windows(extents, options.Window, counts, options.Stride, options.Dilation, options.Padding), samples, groups, k[1], k[0] / groups));
        return AddBias(Contract(form, 1, kernel, y), bias, axes);
    }

    private void CheckChannels(int axes, string name, Tensor<T> kernel, int groups)
    {
        Errors.NotNull(kernel, name, nameof(kernel));
        if (Rank < axes + 1 || Rank > axes + 2 || kernel.Rank != axes + 2)
        {
            throw Errors.Shape(name, $"the input has shape {Shapes.Format(shape)} and the kernel {Shapes.Format(kernel.shape)}",
                $"an input of rank {axes + 2} (or {axes + 1} for one sample) and a kernel of rank {axes + 2}", "reshape the operands, or use the convolution for the number of their spatial axes");
        }

        if (groups < 1)
        {
            throw Errors.Argument(name, nameof(groups), $"groups is {groups}", "1 or more", "use 1 for an ordinary convolution, the number of channels for a depthwise one");
        }
    }

    private static void CheckBias(Tensor<T>? bias, int channels, string name)
    {
        if (bias is not null && (bias.Rank != 1 || bias.length != channels))
        {
            throw Errors.Shape(name, $"the bias has shape {Shapes.Format(bias.shape)}", $"[{channels}], one number for each output channel", "reshape the bias");
        }
    }

    /// <summary>Adds the bias, and drops the axis of the sample where the input had none.</summary>
    private Tensor<T> AddBias(Tensor<T> y, Tensor<T>? bias, int axes)
    {
        Tensor<T> sum = bias is null ? y : y + bias.Reshape([bias.length, .. Enumerable.Repeat(1, axes)]);
        return Rank == axes + 1 ? sum.Squeeze(0) : sum;
    }

    /// <summary>The number of spatial axes of a tensor [N, C, ...]: one to three.</summary>
    private int SpatialAxes(string name) => Rank is >= 3 and <= 5
        ? Rank - 2
        : throw Errors.Shape(name, $"the tensor has shape {Shapes.Format(shape)}", "[N, C, ...] with one to three spatial axes", "insert axes with ExpandDims, or flatten some with Reshape");

    /// <summary>The same padding before and after each of the last axes.</summary>
    private Tensor<T> PadSpatial(int[] padding) => padding.AsSpan().IndexOfAnyExcept(0) < 0
        ? this
        : Pad([.. Enumerable.Repeat((0, 0), Rank - padding.Length), .. padding.Select(p => (p, p))]);

    /// <summary>The map from a padded tensor [N, C, ...] to the columns of its windows.</summary>
    private static StridedMap<T> WindowMap(int[] from, int[] to, WindowOptions options, int[] counts)
    {
        int axes = counts.Length;
        int[] strides = Shapes.Strides(from);
        var inner = new int[axes];
        var outer = new int[axes];
        bool fills = true;
        bool overlaps = false;
        for (int axis = 0; axis < axes; axis++)
        {
            inner[axis] = options.Dilation[axis] * strides[axis + 2];
            outer[axis] = options.Stride[axis] * strides[axis + 2];
            long reach = options.Reach(axis);
            overlaps |= reach > options.Stride[axis];
            fills &= (options.Dilation[axis] == 1 || options.Window[axis] == 1) && options.Stride[axis] <= reach && ((counts[axis] - 1L) * options.Stride[axis]) + reach == from[axis + 2];
        }

        int[] box = [from[0], from[1], .. options.Window, .. counts];
        return new StridedMap<T>(from, to, box, [strides[0], strides[1], .. inner, .. outer], 0, Shapes.Strides(box), 0, fills, fillsTarget: true, overlaps);
    }
}
