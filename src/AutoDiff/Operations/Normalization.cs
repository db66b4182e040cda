using AutoDiff.Kernels;

namespace AutoDiff;

// Normalizations of a network's layers. All take their statistics in two passes: the mean, then the mean square of the deviations.
public sealed partial class Tensor<T>
{
    /// <summary>(x - mean) / √(variance + ε) over axes. dy = (dx - mean(dx) - y mean(y dx)) / √(variance + ε).</summary>
    /// <param name="axes">The axes over which mean and variance are taken; none given means all. The variance divides by n.</param>
    /// <param name="epsilon">The number ε.</param>
    /// <returns>A tensor of the same shape. Where the variance and ε are both 0, the value and the derivative are 0.</returns>
    /// <exception cref="ArgumentException">There is no such axis, one is named twice, or ε is negative.</exception>
    public Tensor<T> Standardize(ReadOnlySpan<int> axes = default, double epsilon = 1e-5)
    {
        T e = CheckEpsilon(epsilon, nameof(Standardize));
        return OverRows(axes, nameof(Standardize), rows => rows.StandardizeRows(e, centered: true, nameof(Standardize)));
    }

    /// <summary>Each sample's last axes standardized, then scaled and shifted: w (x - mean) / √(variance + ε) + b (Ba, Kiros, Hinton 2016).</summary>
    /// <param name="weight">The factors w, in the shape of the normalized axes, or null for ones.</param>
    /// <param name="bias">The numbers b, in the same shape, or null for zeros.</param>
    /// <param name="axes">How many of the last axes are normalized together.</param>
    /// <param name="epsilon">The number ε.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="TensorShapeException">There are fewer axes, or weight or bias do not have their shape.</exception>
    /// <exception cref="ArgumentException">The number of axes is below 1, or ε is negative.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine($"{Tensor.Create(1, 2, 3).LayerNorm():0.000}"); // => [-1.225, 0.000, 1.225]
    /// </code>
    /// </example>
    public Tensor<T> LayerNorm(Tensor<T>? weight = null, Tensor<T>? bias = null, int axes = 1, double epsilon = 1e-5)
    {
        (int rows, int columns) = LastAxes(axes, nameof(LayerNorm), weight, bias);
        T e = CheckEpsilon(epsilon, nameof(LayerNorm));
        TapeOf([this, weight, bias], nameof(LayerNorm));
        return weight is null || columns == 1
            ? Reshape(rows, columns).StandardizeRows(e, centered: true, nameof(LayerNorm)).Reshape(shape).ScaleAndShift(weight, bias)
            : Reshape(rows, columns).ScaledRows(weight.Reshape(columns), bias?.Reshape(columns), e, centered: true, nameof(LayerNorm)).Reshape(shape);
    }

    /// <summary>Each sample's last axes divided by their root mean square: w x / √(mean(x²) + ε) (Zhang, Sennrich 2019). dy = w (dx - y mean(y dx)) / √(mean(x²) + ε).</summary>
    /// <param name="weight">The factors w, in the shape of the normalized axes, or null for ones.</param>
    /// <param name="axes">How many of the last axes are normalized together.</param>
    /// <param name="epsilon">The number ε; by default the distance from 1 to the next number.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="TensorShapeException">There are fewer axes, or the weight does not have their shape.</exception>
    /// <exception cref="ArgumentException">The number of axes is below 1, or ε is negative.</exception>
    public Tensor<T> RmsNorm(Tensor<T>? weight = null, int axes = 1, double? epsilon = null)
    {
        (int rows, int columns) = LastAxes(axes, nameof(RmsNorm), weight, null);
        T e = epsilon is { } given ? CheckEpsilon(given, nameof(RmsNorm)) : T.BitIncrement(T.One) - T.One;
        TapeOf([this, weight], nameof(RmsNorm));
        return weight is null || columns == 1
            ? Reshape(rows, columns).StandardizeRows(e, centered: false, nameof(RmsNorm)).Reshape(shape).ScaleAndShift(weight, null)
            : Reshape(rows, columns).ScaledRows(weight.Reshape(columns), null, e, centered: false, nameof(RmsNorm)).Reshape(shape);
    }

    /// <summary>Each channel of [N, C, ...] standardized over samples and places, or by a given mean and variance, then scaled and shifted (Ioffe, Szegedy 2015).</summary>
    /// <param name="weight">One factor for each channel, or null for ones.</param>
    /// <param name="bias">One number for each channel, or null for zeros.</param>
    /// <param name="mean">The means to use (running statistics, say), or null for those of x: derivatives then flow through the statistics.</param>
    /// <param name="variance">The variances to use; given if and only if the means are.</param>
    /// <param name="epsilon">The number ε that is added to the variance.</param>
    /// <returns>A tensor of the same shape. Running statistics are the caller's: of detached tensors, with Mean and Var.</returns>
    /// <exception cref="TensorShapeException">There is no axis of channels, or a parameter does not have one number for each channel.</exception>
    /// <exception cref="ArgumentException">Only one of mean and variance is given, or ε is negative.</exception>
    public Tensor<T> BatchNorm(Tensor<T>? weight = null, Tensor<T>? bias = null, Tensor<T>? mean = null, Tensor<T>? variance = null, double epsilon = 1e-5)
    {
        const string name = nameof(BatchNorm);
        int axis = ChannelAxis(name, weight, bias, mean, variance);
        T e = CheckEpsilon(epsilon, name);
        if (mean is null != variance is null)
        {
            throw Errors.Argument(name, mean is null ? nameof(mean) : nameof(variance), $"the {(mean is null ? "variance" : "mean")} is given alone", "both mean and variance, or none",
                "give both, or leave both out to use those of the batch");
        }

        TapeOf([this, weight, bias, mean, variance], name);
        if (Rank == 1)
        {
            return ExpandDims(0).BatchNorm(weight, bias, mean, variance, epsilon).Squeeze(0);
        }

        Tensor<T> standardized = mean is null
            ? OverRows([.. Enumerable.Range(0, Rank).Where(a => a != axis)], name, rows => rows.StandardizeRows(e, centered: true, name))
            : (this - PerChannel(mean, axis)) * PerChannel((variance! + e).Pow(T.CreateChecked(-0.5)), axis);
        return standardized.ScaleAndShift(weight is null ? null : PerChannel(weight, axis), bias is null ? null : PerChannel(bias, axis));
    }

    /// <summary>Groups of channels of each sample of [N, C, ...] standardized, then scaled and shifted by channel (Wu, He 2018).</summary>
    /// <param name="groups">The number of groups, a divisor of C.</param>
    /// <param name="weight">One factor for each channel, or null for ones.</param>
    /// <param name="bias">One number for each channel, or null for zeros.</param>
    /// <param name="epsilon">The number ε that is added to the variance.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="TensorShapeException">There is no axis of channels, the groups do not divide it, or a parameter does not have one number for each channel.</exception>
    /// <exception cref="ArgumentException">ε is negative.</exception>
    public Tensor<T> GroupNorm(int groups, Tensor<T>? weight = null, Tensor<T>? bias = null, double epsilon = 1e-5) => GroupNorm(groups, weight, bias, epsilon, nameof(GroupNorm));

    /// <summary>Each channel of each sample of [N, C, ...] standardized, then scaled and shifted by channel (Ulyanov, Vedaldi, Lempitsky 2016).</summary>
    /// <param name="weight">One factor for each channel, or null for ones.</param>
    /// <param name="bias">One number for each channel, or null for zeros.</param>
    /// <param name="epsilon">The number ε that is added to the variance.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="TensorShapeException">There is no axis of channels, or a parameter does not have one number for each channel.</exception>
    /// <exception cref="ArgumentException">ε is negative.</exception>
    public Tensor<T> InstanceNorm(Tensor<T>? weight = null, Tensor<T>? bias = null, double epsilon = 1e-5) =>
        GroupNorm(Rank < 2 ? 1 : Math.Max(shape[1], 1), weight, bias, epsilon, nameof(InstanceNorm));

    /// <summary>x / (k + α/n Σ x²)^β, where the sum is over n neighboring channels of [N, C, ...] (Krizhevsky, Sutskever, Hinton 2012). Channels beyond the ends count as 0.</summary>
    /// <param name="size">The number n of channels: ⌊n/2⌋ before the own one, the rest from it on.</param>
    /// <param name="alpha">The factor α.</param>
    /// <param name="beta">The exponent β.</param>
    /// <param name="k">The number k.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="TensorShapeException">There is no axis of channels.</exception>
    /// <exception cref="ArgumentException">The size is below 1.</exception>
    public Tensor<T> LocalResponseNorm(int size, double alpha = 1e-4, double beta = 0.75, double k = 1)
    {
        const string name = nameof(LocalResponseNorm);
        ChannelAxis(name);
        if (size < 1 || Rank < 2)
        {
            throw size < 1 ? Errors.Argument(name, nameof(size), $"size is {size}", "1 or more", "name the number of channels in a window")
                : Errors.Shape(name, $"the tensor has shape {Shapes.Format(shape)}", "[N, C, ...]", "insert an axis of samples");
        }

        int channels = shape[1];
        // Windows that hold all channels are alike, however much longer they are.
        int before = Math.Min(size / 2, channels);
        int after = Math.Min((size - 1) / 2, channels);
        int[] rows = [shape[0], channels, Shapes.Length(shape.AsSpan(2))];
        AxisWeights<T> window = Sums(channels, before, after);
        AxisWeights<T> places = Sums(rows[2], 0, 0);
        Tensor<T> sums = Square().Reshape(rows).Linear(new SeparableMap<T>(rows, rows, [window, places]), name).Reshape(shape);
        return this * ((sums * T.CreateChecked(alpha / size)) + T.CreateChecked(k)).Pow(T.CreateChecked(-beta));

        static AxisWeights<T> Sums(int n, int before, int after) => AxisWeights<T>.Windows(n, Each(n, i => Math.Max(i - before, 0)), Each(n, i => Math.Min(i + after, n - 1) + 1), Ones(n));

        static int[] Each(int n, Func<int, int> at) => [.. Enumerable.Range(0, n).Select(at)];

        static double[] Ones(int n) => [.. Enumerable.Repeat(1.0, n)];
    }

    /// <summary>A weight given by direction and length: g v / ‖v‖, for each slice along an axis (Salimans, Kingma 2016). This tensor is v.</summary>
    /// <param name="magnitude">The lengths g, one for each slice.</param>
    /// <param name="axis">The axis of the slices; negative ones count from the end.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="TensorShapeException">There is not one length for each slice.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> WeightNorm(Tensor<T> magnitude, int axis = 0)
    {
        const string name = nameof(WeightNorm);
        Errors.NotNull(magnitude, name, nameof(magnitude));
        int a = Shapes.Axis(axis, Rank, name);
        CheckChannels(magnitude, nameof(magnitude), shape[a], name);
        TapeOf(this, magnitude, name);
        int[] others = [.. Enumerable.Range(0, Rank).Where(i => i != a)];
        Tensor<T> norms = others.Length == 0 ? Abs() : Norm(T.CreateChecked(2), others, keepDims: true);
        return this * (PerChannel(magnitude, a) / norms);
    }

    /// <summary>A weight divided by an estimate σ = uᵀ W v of its largest singular value (Miyato et al. 2018). This tensor is W.</summary>
    /// <param name="u">The left singular vector from a power iteration, as long as the axis.</param>
    /// <param name="v">The right singular vector, as long as all other axes together.</param>
    /// <param name="axis">The axis that becomes the rows of W as a matrix; negative ones count from the end.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="TensorShapeException">The vectors do not fit the matrix.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> SpectralNorm(Tensor<T> u, Tensor<T> v, int axis = 0)
    {
        const string name = nameof(SpectralNorm);
        Errors.NotNull(u, name, nameof(u));
        Errors.NotNull(v, name, nameof(v));
        int a = Shapes.Axis(axis, Rank, name);
        int rows = shape[a];
        int columns = Shapes.Length(shape.AsSpan(0, a)) * Shapes.Length(shape.AsSpan(a + 1));
        CheckChannels(u, nameof(u), rows, name);
        CheckChannels(v, nameof(v), columns, name);
        TapeOf([this, u, v], name);
        Tensor<T> matrix = PermuteAs([a, .. Enumerable.Range(0, Rank).Where(i => i != a)], name).Reshape(rows, columns);
        return this / u.MatMul(matrix).MatMul(v);
    }

    private Tensor<T> GroupNorm(int groups, Tensor<T>? weight, Tensor<T>? bias, double epsilon, string name)
    {
        ChannelAxis(name, weight, bias);
        T e = CheckEpsilon(epsilon, name);
        if (Rank < 2 || groups < 1 || shape[1] % groups != 0)
        {
            throw Errors.Shape(name, $"a tensor of shape {Shapes.Format(shape)} is given for {groups} groups", "[N, C, ...] and a number of groups that divides C", "choose another number of groups");
        }

        TapeOf([this, weight, bias], name);
        int rows = shape[0] * groups;
        return Reshape(rows, rows == 0 ? 0 : length / rows).StandardizeRows(e, centered: true, name).Reshape(shape)
            .ScaleAndShift(weight is null ? null : PerChannel(weight, 1), bias is null ? null : PerChannel(bias, 1));
    }

    /// <summary>
    /// The rows of a matrix brought to mean square 1, after their mean has been subtracted if asked for. The Jacobian r (1 - 1 1ᵀ/n - y yᵀ/n) is symmetric, so both products are the same;
    /// r is an operation of x, so that they are right in every order.
    /// </summary>
    private Tensor<T> StandardizeRows(T epsilon, bool centered, string name)
    {
        Tensor<T> Multiply(Tensor<T> v, int i, Operands<T> operands) => operands[0].StandardizeRowsProduct(v, epsilon, centered, name);

        return General(name, [this], shape,
            value: null, rows: (x, _, _, columns, y) => Normalization.Standardize(x, columns, epsilon, centered, y), vjp: Multiply, jvp: Multiply, axes: static _ => [0, -1],
            parameters: new Standardization<T>(epsilon, centered), slices: Slices<T>.Rows);
    }

    /// <summary>The Jacobian of <see cref="StandardizeRows"/>, of this, times a cotangent or tangent.</summary>
    private Tensor<T> StandardizeRowsProduct(Tensor<T> v, T epsilon, bool centered, string name) =>
        v.ByRows(this, $"{name}Product", (v, x, columns, z) => Normalization.Product(v, x, columns, epsilon, centered, z), (v, x) =>
        {
            Tensor<T> y = x.StandardizeRows(epsilon, centered, name);
            Tensor<T> r = x.InverseDeviations(epsilon, centered);
            Tensor<T> rest = v - (y * (y * v).Mean([-1], keepDims: true));
            return (centered ? rest - v.Mean([-1], keepDims: true) : rest) * r;
        }, new Standardization<T>(epsilon, centered));

    /// <summary>r = (mean square + ε)^(-1/2) of each row, a column. dr = -r³ mean((x - mean) dx).</summary>
    private Tensor<T> InverseDeviations(T epsilon, bool centered) => ReduceRows([1], keepDims: true, "InverseDeviations",
        (x, rows, columns, y) => Normalization.InverseDeviations(x, rows, columns, epsilon, centered, y),
        (x, r) => (centered ? x - x.Mean([-1], keepDims: true) : x) * r * r.Square() * T.CreateChecked(-1.0 / x.shape[^1]), new Standardization<T>(epsilon, centered));

    /// <summary>The rows of a matrix standardized, and scaled and shifted by columns, in one pass; one pass more gives the cotangents of all three operands. The bits are those of the steps, if there is more than one column.</summary>
    private Tensor<T> ScaledRows(Tensor<T> weight, Tensor<T>? bias, T epsilon, bool centered, string name)
    {
        var how = new ScaledStandardization<T>(epsilon, centered);
        int columns = shape[1];

        // All three cotangents as rows of one matrix, for a sweep that is recorded.
        Tensor<T> Products(Tensor<T> g, Tensor<T> x, Tensor<T> w) => Fused($"{name}Products", [g, x, w], [x.shape[0] + 2, columns],
            (inputs, z) =>
            {
                Span<T> rows = z.Writable[..^(2 * columns)], sums = z.Writable[^(2 * columns)..];
                ScaledNormalization.Products(inputs[0].Values, inputs[1].Values, inputs[2].Values, columns, epsilon, centered, rows, sums[..columns], sums[columns..]);
            },
            xs => Tensor.Concat<T>([Rows(xs[0], xs[1], xs[2]), Weights(xs[0], xs[1]).ExpandDims(0), xs[0].Sum(0).ExpandDims(0)]), parameters: how);

        Tensor<T> Rows(Tensor<T> g, Tensor<T> x, Tensor<T> w) => x.StandardizeRowsProduct(g * w, epsilon, centered, name);

        Tensor<T> Weights(Tensor<T> g, Tensor<T> x) => (g * x.StandardizeRows(epsilon, centered, name)).Sum(-2);

        Tensor<T>?[] Cotangents(Tensor<T> g, Tensor<T>[] xs, Func<int, bool> varies)
        {
            (Tensor<T> x, Tensor<T> w) = (xs[0], xs[1]);
            if (g.Rank > 2 || !varies(0) || !varies(1))
            {
                return [.. new[] { varies(0) ? Rows(g, x, w) : null, varies(1) ? Weights(g, x) : null, xs.Length > 2 && varies(2) ? g.Sum(-2) : null }[..xs.Length]];
            }

            if (TapeOf([g, .. xs], name) is not null)
            {
                Tensor<T> products = Products(g, x, w);
                int rows = x.shape[0];
                return [.. new[] { products[..rows], products[rows], products[rows + 1] }[..xs.Length]];
            }

            Tensor<T>?[] parts = [.. xs.Select((operand, i) => varies(i) ? Allocate(operand.shape, operand.length) : null)];
            ScaledNormalization.Products(g.Values, x.Values, w.Values, columns, epsilon, centered, At(0), At(1), At(2));
            return parts;

            Span<T> At(int i) => i < parts.Length && parts[i] is { } part ? part.Writable : [];
        }

        return Fused(name, bias is null ? [this, weight] : [this, weight, bias], shape,
            kernel: null,
            xs => xs[0].StandardizeRows(epsilon, centered, name).ScaleAndShift(xs[1], xs.Length > 2 ? xs[2] : null), axes: static i => i == 0 ? [0, -1] : [1], how, Cotangents, Slices<T>.Rows,
            rows: (x, w, b, _, z) => ScaledNormalization.Apply(x, w, b, epsilon, centered, z));
    }

    private Tensor<T> ScaleAndShift(Tensor<T>? weight, Tensor<T>? bias)
    {
        Tensor<T> scaled = weight is null ? this : this * weight;
        return bias is null ? scaled : scaled + bias;
    }

    /// <summary>A number for each channel in the shape that broadcasts along the channels.</summary>
    private Tensor<T> PerChannel(Tensor<T> x, int axis) => x.Reshape([x.length, .. Enumerable.Repeat(1, Rank - axis - 1)]);

    /// <summary>The axis of the channels: the second, or the only one. Parameters must have one number for each channel.</summary>
    private int ChannelAxis(string name, params ReadOnlySpan<Tensor<T>?> parameters)
    {
        if (Rank == 0)
        {
            throw Errors.Shape(name, "the tensor is a scalar", "[N, C, ...]", "insert axes with ExpandDims");
        }

        int axis = Rank == 1 ? 0 : 1;
        foreach (Tensor<T>? parameter in parameters)
        {
            if (parameter is not null)
            {
                CheckChannels(parameter, "parameter", shape[axis], name);
            }
        }

        return axis;
    }

    private static void CheckChannels(Tensor<T> x, string argument, int channels, string name)
    {
        if (x.length != channels || x.Rank != 1)
        {
            throw Errors.Shape(name, $"the {argument} has shape {Shapes.Format(x.shape)}", $"[{channels}]", "reshape it to a vector");
        }
    }

    private (int Rows, int Columns) LastAxes(int axes, string name, Tensor<T>? weight, Tensor<T>? bias)
    {
        if (axes < 1)
        {
            throw Errors.Argument(name, nameof(axes), $"axes is {axes}", "1 or more", "name how many of the last axes are normalized together");
        }

        if (axes > Rank)
        {
            throw Errors.Shape(name, $"the last {axes} axes of a tensor of shape {Shapes.Format(shape)} are asked for", $"at most {Rank}", "normalize fewer axes");
        }

        ReadOnlySpan<int> last = shape.AsSpan(Rank - axes);
        foreach (Tensor<T>? parameter in (ReadOnlySpan<Tensor<T>?>)[weight, bias])
        {
            if (parameter is not null && !parameter.shape.AsSpan().SequenceEqual(last))
            {
                throw Errors.Shape(name, $"a weight or bias has shape {Shapes.Format(parameter.shape)}", $"{Shapes.Format(last)}, that of the normalized axes", "reshape it");
            }
        }

        return (Shapes.Length(shape.AsSpan(0, Rank - axes)), Shapes.Length(last));
    }

    private static T CheckEpsilon(double epsilon, string name) => epsilon >= 0
        ? T.CreateChecked(epsilon)
        : throw Errors.Argument(name, nameof(epsilon), FormattableString.Invariant($"epsilon is {epsilon}"), "0 or more", "use a small positive number such as 1e-5");
}
