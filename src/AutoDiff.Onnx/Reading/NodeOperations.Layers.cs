namespace AutoDiff.Onnx;

/// <content>Products and layers of networks.</content>
internal static partial class NodeOperations<T>
{
    private static void AddLayers()
    {
        One("MatMul", static c => c.X.MatMul(c.Y));
        One("Gemm", static c => Gemm(c));
        One("Det", static c => c.X.Determinant());
        One("Einsum", static c => Einsum(c));
        One("Softmax", static c => c.Opset >= 13 ? c.X.Softmax((int)c.Integer("axis", -1)) : c.X.Softmax([.. Enumerable.Range(c.Axis(c.Integer("axis", 1), c.X.Rank), c.X.Rank - c.Axis(c.Integer("axis", 1), c.X.Rank))]));
        One("LogSoftmax", static c => c.Opset >= 13 ? c.X.LogSoftmax((int)c.Integer("axis", -1)) : c.X.LogSoftmax([.. Enumerable.Range(c.Axis(c.Integer("axis", 1), c.X.Rank), c.X.Rank - c.Axis(c.Integer("axis", 1), c.X.Rank))]));
        One("Conv", static c => Conv(c));
        One("ConvTranspose", static c => ConvTranspose(c));
        One("MaxPool", static c => Pool(c, largest: true));
        One("AveragePool", static c => Pool(c, largest: false));
        One("GlobalAveragePool", static c => c.X.Mean([.. Enumerable.Range(2, c.X.Rank - 2)], keepDims: true));
        One("GlobalMaxPool", static c => c.X.Max([.. Enumerable.Range(2, c.X.Rank - 2)], keepDims: true));
        One("BatchNormalization", static c => c.Integer("training_mode") == 0 ? c.X.BatchNorm(c.Y, c.Numbers(2), c.Numbers(3), c.Numbers(4), c.Number("epsilon", 1e-5)) : throw c.Unsupported("training"));
        One("LayerNormalization", static c => LayerNorm(c));
        One("InstanceNormalization", static c => c.X.InstanceNorm(c.Y, c.Numbers(2), c.Number("epsilon", 1e-5)));
    }

    private static Tensor<T> Gemm(NodeContext<T> c)
    {
        Tensor<T> x = c.Integer("transA") == 1 ? c.X.Permute(1, 0) : c.X;
        Tensor<T> y = c.Integer("transB") == 1 ? c.Y.Permute(1, 0) : c.Y;
        Tensor<T> product = x.MatMul(y);
        product = c.Number("alpha", 1) is var alpha and not 1 ? product * N(alpha) : product;
        return c.Optional(2) is not { } addend ? product : product + (c.Number("beta", 1) is var beta and not 1 ? addend * N(beta) : addend);
    }

    private static Tensor<T> Einsum(NodeContext<T> c)
    {
        var operands = new Tensor<T>[c.Count];
        for (int i = 0; i < operands.Length; i++)
        {
            operands[i] = c.Numbers(i);
        }

        return Tensor.Einsum(c.Text("equation", "").Replace(" ", "", StringComparison.Ordinal), operands);
    }

    private static Tensor<T> LayerNorm(NodeContext<T> c)
    {
        int axis = c.Axis(c.Integer("axis", -1), c.X.Rank);
        Tensor<T> normalized = c.X.LayerNorm(axes: c.X.Rank - axis, epsilon: c.Number("epsilon", 1e-5)) * c.Y;
        return c.Optional(2) is { } bias ? normalized + bias : normalized;
    }

    private static Tensor<T> Conv(NodeContext<T> c)
    {
        int axes = c.X.Rank - 2;
        int[] window = c.List("kernel_shape") ?? c.Y.Dimensions[2..];
        (int[] stride, int[] dilation) = (c.List("strides") ?? Ones(axes), c.List("dilations") ?? Ones(axes));
        (Tensor<T> x, PerAxis padding) = Padded(c, c.X, window, stride, dilation, T.Zero, out _);
        int groups = (int)c.Integer("group", 1);
        return axes switch
        {
            1 => x.Conv1D(c.Y, c.Optional(2), Each(stride), padding, Each(dilation), groups),
            2 => x.Conv2D(c.Y, c.Optional(2), Each(stride), padding, Each(dilation), groups),
            3 => x.Conv3D(c.Y, c.Optional(2), Each(stride), padding, Each(dilation), groups),
            _ => throw c.Unsupported($"a convolution over {axes} axes"),
        };
    }

    private static Tensor<T> ConvTranspose(NodeContext<T> c)
    {
        int axes = c.X.Rank - 2;
        (int[] stride, int[] dilation) = (c.List("strides") ?? Ones(axes), c.List("dilations") ?? Ones(axes));
        int[] pads = c.List("pads") ?? new int[2 * axes], more = c.List("output_padding") ?? new int[axes];
        if (c.Text("auto_pad", "NOTSET") != "NOTSET" || c.Node["output_shape"] is not null)
        {
            throw c.Unsupported("padding that is inferred");
        }

        // Without padding, and what is padded cut off.
        int groups = (int)c.Integer("group", 1);
        Tensor<T> y = axes switch
        {
            1 => c.X.ConvTranspose1D(c.Y, null, Each(stride), 0, Each(more), Each(dilation), groups),
            2 => c.X.ConvTranspose2D(c.Y, null, Each(stride), 0, Each(more), Each(dilation), groups),
            3 => c.X.ConvTranspose3D(c.Y, null, Each(stride), 0, Each(more), Each(dilation), groups),
            _ => throw c.Unsupported($"a convolution over {axes} axes"),
        };
        y = pads.All(static p => p == 0) ? y : y.Pad([(0, 0), (0, 0), .. Enumerable.Range(0, axes).Select(i => (-pads[i], -pads[axes + i]))]);
        return c.Optional(2) is { } bias ? y + bias.Reshape([bias.Length, .. Ones(axes)]) : y;
    }

    private static Tensor<T> Pool(NodeContext<T> c, bool largest)
    {
        int axes = c.X.Rank - 2;
        int[] window = c.List("kernel_shape") ?? throw c.Wrong("there is no window");
        (int[] stride, int[] dilation) = (c.List("strides") ?? Ones(axes), c.List("dilations") ?? Ones(axes));
        bool ceil = c.Integer("ceil_mode") == 1, counted = c.Integer("count_include_pad") == 1;
        (Tensor<T> x, PerAxis padding) = Padded(c, c.X, window, stride, dilation, largest ? T.NegativeInfinity : T.Zero, out bool changed);
        if (!largest && ((changed && !counted) || dilation.Any(static d => d != 1)))
        {
            throw c.Unsupported("an average over windows with gaps, or with unequal padding that does not count,");
        }

        (PerAxis size, PerAxis step, PerAxis gap) = (Each(window), Each(stride), Each(dilation));
        return (axes, largest) switch
        {
            (1, true) => x.MaxPool1D(size, step, padding, gap, ceil),
            (2, true) => x.MaxPool2D(size, step, padding, gap, ceil),
            (3, true) => x.MaxPool3D(size, step, padding, gap, ceil),
            (1, false) => x.AvgPool1D(size, step, padding, ceil, counted),
            (2, false) => x.AvgPool2D(size, step, padding, ceil, counted),
            (3, false) => x.AvgPool3D(size, step, padding, ceil, counted),
            _ => throw c.Unsupported($"windows over {axes} axes"),
        };
    }

    /// <summary>The padding of an operation on windows: equal on both sides it stays a number, otherwise the tensor is padded.</summary>
    private static (Tensor<T> X, PerAxis Padding) Padded(NodeContext<T> c, Tensor<T> x, int[] window, int[] stride, int[] dilation, T value, out bool changed)
    {
        int axes = window.Length;
        int[] pads = c.List("pads") ?? new int[2 * axes];
        string how = c.Text("auto_pad", "NOTSET");
        if (how is "SAME_UPPER" or "SAME_LOWER")
        {
            pads = new int[2 * axes];
            for (int i = 0; i < axes; i++)
            {
                int n = x.Shape[i + 2];
                int total = Math.Max(0, ((((n + stride[i] - 1) / stride[i]) - 1) * stride[i]) + ((window[i] - 1) * dilation[i]) + 1 - n);
                int less = total / 2;
                (pads[i], pads[axes + i]) = how == "SAME_UPPER" ? (less, total - less) : (total - less, less);
            }
        }

        changed = !pads.AsSpan(0, axes).SequenceEqual(pads.AsSpan(axes));
        return changed ? (x.Pad([(0, 0), (0, 0), .. Enumerable.Range(0, axes).Select(i => (pads[i], pads[axes + i]))], value), 0) : (x, Each(pads[..axes]));
    }

    private static PerAxis Each(int[] values) => values switch { [var a] => a, [var a, var b] => (a, b), [var a, var b, var c] => (a, b, c), _ => 0 };

    private static int[] Ones(int count) => [.. Enumerable.Repeat(1, count)];
}
