using AutoDiff.Kernels;

namespace AutoDiff;

// Attention (Vaswani et al. 2017) and rotary positions.
public sealed partial class Tensor<T>
{
    /// <summary>softmax(scale · Q Kᵀ + bias) V. This tensor is Q; dY = P dV + P (dS - Σ P dS) V with the weights P and the scores S.</summary>
    /// <param name="key">The keys K, [..., S, E].</param>
    /// <param name="value">The values V, [..., S, W].</param>
    /// <param name="mask">Where it is 0 a query does not see a key; a constant for differentiation. It broadcasts to [..., L, S].</param>
    /// <param name="bias">Added to the scores; it broadcasts to [..., L, S], and is differentiated.</param>
    /// <param name="causal">Whether query i sees the keys 0 to i only.</param>
    /// <param name="scale">The factor of the scores, 1/√E by default.</param>
    /// <returns>For Q of shape [..., L, E] a tensor [..., L, W]; the axes in front broadcast.</returns>
    /// <remarks>A query that the mask lets see nothing gives 0, with derivative 0; a row of scores of -∞ by the bias gives NaN. The matrix of all weights is not kept: the backward sweep computes it again.</remarks>
    /// <exception cref="ArgumentNullException">key or value is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not fit.</exception>
    public Tensor<T> ScaledDotProductAttention(Tensor<T> key, Tensor<T> value, Tensor<T>? mask = null, Tensor<T>? bias = null, bool causal = false, double? scale = null)
    {
        const string name = nameof(ScaledDotProductAttention);
        Errors.NotNull(key, name, nameof(key));
        Errors.NotNull(value, name, nameof(value));
        if (Rank < 2 || key.Rank < 2 || value.Rank < 2 || shape[^1] != key.shape[^1] || key.shape[^2] != value.shape[^2])
        {
            throw Errors.Shape(name, $"queries, keys and values have the shapes {Shapes.Format(shape)}, {Shapes.Format(key.shape)} and {Shapes.Format(value.shape)}",
                "[..., L, E], [..., S, E] and [..., S, W]", "give as many values as keys, and keys as wide as the queries");
        }

        int[] lead = Shapes.Broadcast(Shapes.Broadcast(shape[..^2], key.shape[..^2], name), value.shape[..^2], name);
        (int queries, int width, int keys, int valueWidth) = (shape[^2], shape[^1], key.shape[^2], value.shape[^1]);
        int[] scores = [.. lead, queries, keys];
        foreach (Tensor<T>? own in (ReadOnlySpan<Tensor<T>?>)[mask, bias])
        {
            if (own is not null && !Shapes.BroadcastsTo(own.shape, scores))
            {
                throw Errors.Shape(name, $"a mask or bias of shape {Shapes.Format(own.shape)} is given for scores of shape {Shapes.Format(scores)}", "a shape that broadcasts to the scores",
                    "make its last axis as long as there are keys, the one before as long as there are queries");
            }
        }

        int[] target = [.. lead, queries, valueWidth];
        Shapes.Length(scores, name);
        Shapes.Length(target, name);
        TapeOf([this, key, value, mask, bias], name);
        int batch = Shapes.Length(lead);
        var extents = new Attention.Extents(batch, queries, keys, width, valueWidth);
        T factor = T.CreateChecked(scale ?? (1 / Math.Sqrt(width)));

        // One packed operand has one cotangent, for which the weights are computed once.
        Tensor<T> packed = Tensor.Concat<T>([Flat(this, queries * width), Flat(key, keys * width), Flat(value, keys * valueWidth)], 1);
        Tensor<T>? kept = Kept(mask, causal, queries, keys);
        Tensor<T>? added = bias is null ? null : Matrices(bias);
        Tensor<T>[] inputs = [packed];
        inputs = kept is null ? inputs : [.. inputs, Matrices(kept)];
        inputs = added is null ? inputs : [.. inputs, added];
        (int keptAt, int addedAt) = (kept is null ? 0 : 1, added is null ? 0 : inputs.Length - 1);
        Tensor<T> y = General(name, inputs, [batch, queries, valueWidth],
            value: (inputs, output) => Attention.Forward(extents, inputs[0].Values, keptAt == 0 ? [] : inputs[keptAt].Values, addedAt == 0 ? [] : inputs[addedAt].Values, factor, output.Writable),
            vjp: (g, i, operands) => i == 0 || i == addedAt ? AttentionVjp(g, i == 0, operands[0], Operand(operands, keptAt), Operand(operands, addedAt), extents, factor) : null,
            jvp: (t, i, operands) => i == 0 || i == addedAt ? AttentionJvp(t, i == 0, operands[0], Operand(operands, keptAt), Operand(operands, addedAt), extents, factor) : null,
            axes: i => i == 0 ? [0, -1] : i != addedAt ? null : added!.Rank == 2 ? [1, -1] : [0, 1, -1],
            reach: AttentionReach(extents, addedAt, added?.shape, keptAt == 0 ? null : inputs[keptAt]), parameters: new AttentionForm<T>(extents, factor, keptAt, addedAt));
        return y.Reshape(target);

        static Tensor<T>? Operand(Operands<T> operands, int i) => i == 0 ? null : operands[i];

        Tensor<T> Flat(Tensor<T> x, int each) => x.StretchTo([.. lead, .. x.shape.AsSpan(x.Rank - 2)]).Reshape(batch, each);

        // One matrix for all of the batch, or one for each.
        Tensor<T> Matrices(Tensor<T> x) => Shapes.Length(x.shape.AsSpan(0, Math.Max(x.Rank - 2, 0))) == 1
            ? x.Reshape(x.Rank < 2 ? [.. Enumerable.Repeat(1, 2 - x.Rank), .. x.shape] : x.shape[^2..]).BroadcastTo(queries, keys)
            : x.BroadcastTo(scores).Reshape(batch, queries, keys);
    }

    /// <summary>Positions written into pairs of numbers as rotations (Su et al. 2021): pair i of place p is turned by the angle p · base^(-2i/E). dy = dx, turned.</summary>
    /// <param name="frequencyBase">The base of the angles.</param>
    /// <param name="offset">The place of the first row.</param>
    /// <param name="interleaved">Whether pairs are neighbors (2i, 2i + 1), as in the paper, or lie half the width apart (i, i + E/2).</param>
    /// <returns>For x of shape [..., L, E] a tensor of the same shape.</returns>
    /// <exception cref="TensorShapeException">There are fewer than two axes, or the last one has an odd length.</exception>
    public Tensor<T> RotaryEmbedding(double frequencyBase = 10000, int offset = 0, bool interleaved = true)
    {
        const string name = nameof(RotaryEmbedding);
        if (Rank < 2 || shape[^1] % 2 != 0)
        {
            throw Errors.Shape(name, $"the tensor has shape {Shapes.Format(shape)}", "[..., L, E] with an even E", "make the last axis even");
        }

        (int rows, int width) = (shape[^2], shape[^1]);
        Tensor<T> cosines = Allocate([rows, width]);
        Tensor<T> sines = Allocate([rows, width]);
        var partners = new int[width];
        for (int k = 0; k < width; k++)
        {
            int pair = interleaved ? k / 2 : k % (width / 2);
            bool first = interleaved ? k % 2 == 0 : k < width / 2;
            partners[k] = interleaved ? (first ? k + 1 : k - 1) : (k + (width / 2)) % width;
            double frequency = Math.Pow(frequencyBase, -2.0 * pair / width);
            for (int p = 0; p < rows; p++)
            {
                (double sin, double cos) = Math.SinCos((p + (double)offset) * frequency);
                cosines.Writable[(p * width) + k] = T.CreateChecked(cos);
                sines.Writable[(p * width) + k] = T.CreateChecked(first ? -sin : sin);
            }
        }

        return (this * cosines) + (Take(partners, -1) * sines);
    }

    /// <summary>The mask and the causal triangle as one mask of zeros and ones, or null where everything is seen.</summary>
    private static Tensor<T>? Kept(Tensor<T>? mask, bool causal, int queries, int keys)
    {
        if (!causal)
        {
            return mask?.Flat();
        }

        Tensor<T> triangle = AllocateZeros([queries, keys]);
        for (int i = 0; i < queries; i++)
        {
            triangle.Writable.Slice(i * keys, Math.Min(i + 1, keys)).Fill(T.One);
        }

        return mask is null ? triangle : mask.Flat() * triangle;
    }

    /// <summary>Q, K and V from their packed rows, after batch axes.</summary>
    private static (Tensor<T> Q, Tensor<T> K, Tensor<T> V) Unpack(Tensor<T> packed, Attention.Extents e)
    {
        int[] lead = packed.shape[..^1];
        int q = e.Queries * e.Width;
        int k = q + (e.Keys * e.Width);
        return (packed[TensorIndex.Ellipsis, ..q].Reshape([.. lead, e.Queries, e.Width]), packed[TensorIndex.Ellipsis, q..k].Reshape([.. lead, e.Keys, e.Width]),
            packed[TensorIndex.Ellipsis, k..].Reshape([.. lead, e.Keys, e.ValueWidth]));
    }

    /// <summary>The weights P of all queries, by the library's operations.</summary>
    private static Tensor<T> AttentionWeights(Tensor<T> q, Tensor<T> k, Tensor<T>? kept, Tensor<T>? bias, T scale)
    {
        Tensor<T> scores = Product(q, k, false, true) * scale;
        scores = bias is null ? scores : scores + bias;
        if (kept is null)
        {
            return scores.Softmax(-1);
        }

        // Rows without any weight get the scores 0, so that no NaN arises in any order.
        Tensor<T> any = kept.Sum([-1], keepDims: true).Flat();
        Tensor<T> lowest = Tensor.Where(any, T.NegativeInfinity, Tensor.Zeros<T>(any.shape));
        return Tensor.Where(any, Tensor.Where(kept, scores, lowest).Softmax(-1), T.Zero);
    }

    /// <summary>A lane of the output meets its own query, its own column of the values, the keys that its query looks at, and its own row of the bias.</summary>
    private static ReachOf<T> AttentionReach(Attention.Extents e, int biasAt, int[]? bias, Tensor<T>? kept) => (from, lanes, to) =>
    {
        int[] output = [e.Batch, e.Queries, e.ValueWidth];
        Tensor<T> seen = kept ?? Tensor.Ones<T>(e.Queries, e.Keys);
        Tensor<T> Row(Tensor<T> x) => x.Sum([-1], keepDims: true).Flat();
        if (from == biasAt && from > 0)
        {
            // A bias for the whole batch has no axis for it.
            lanes = Lanes<T>.InStep(lanes, bias!, output, bias!.Length == 2 ? [-1, 0, -1] : [0, 1, -1]);
        }
        else if (from == 0)
        {
            (Tensor<T> q, Tensor<T> k, Tensor<T> v) = Unpack(Lanes<T>.On([e.Batch, lanes.shape[^1]], lanes), e);
            lanes = Row(q).Maximum(Product(seen, Row(k), false, false).Flat()).Maximum(Product(seen, v, false, false).Flat());
        }

        if (to < 0)
        {
            return lanes;
        }

        if (to == biasAt && to > 0)
        {
            return Lanes<T>.InStep(lanes, output, bias!, bias!.Length == 2 ? [1, -1] : [0, 1, -1]);
        }

        int[] lead = lanes.shape[..^2];
        Tensor<T> Part(Tensor<T> x, int rows, int columns) => x.StretchTo([.. lead, rows, columns]).Reshape([.. lead, rows * columns]);
        return Tensor.Concat<T>(
        [
            Part(Row(lanes), e.Queries, e.Width), Part(Product(seen, Row(lanes), true, false).Flat(), e.Keys, e.Width), Part(Product(seen, lanes, true, false).Flat(), e.Keys, e.ValueWidth),
        ], -1);
    };

    /// <summary>The cotangent of the packed operands by a kernel, but composed of operations where there are several cotangents, and for that of the bias.</summary>
    private static Tensor<T> AttentionVjp(Tensor<T> g, bool ofPacked, Tensor<T> packed, Tensor<T>? kept, Tensor<T>? bias, Attention.Extents e, T scale)
    {
        if (!ofPacked || g.Rank != 3 || g.length == 0 || e.Keys == 0)
        {
            return AttentionGradient(g, ofPacked, packed, kept, bias, e, scale);
        }

        Tensor<T>[] inputs = [g, packed];
        inputs = kept is null ? inputs : [.. inputs, kept];
        inputs = bias is null ? inputs : [.. inputs, bias];
        (int keptAt, int biasAt) = (kept is null ? 0 : 2, bias is null ? 0 : inputs.Length - 1);
        return Fused("AttentionGradient", inputs, packed.shape,
            (inputs, z) => Attention.Backward(e, inputs[1].Values, keptAt == 0 ? [] : inputs[keptAt].Values, biasAt == 0 ? [] : inputs[biasAt].Values, scale, inputs[0].Values, z.Writable),
            xs => AttentionGradient(xs[0], ofPacked: true, xs[1], keptAt == 0 ? null : xs[keptAt], biasAt == 0 ? null : xs[biasAt], e, scale),
            axes: i => i > 0 && i == keptAt ? null : i > 0 && i == biasAt && bias!.Rank == 2 ? [-1, -1] : i == 1 ? [0, -1] : [0, -1, -1],
            parameters: new AttentionForm<T>(e, scale, keptAt, biasAt));
    }

    private static Tensor<T> AttentionGradient(Tensor<T> g, bool ofPacked, Tensor<T> packed, Tensor<T>? kept, Tensor<T>? bias, Attention.Extents e, T scale)
    {
        (Tensor<T> q, Tensor<T> k, Tensor<T> v) = Unpack(packed, e);
        Tensor<T> p = AttentionWeights(q, k, kept, bias, scale);
        Tensor<T> ofScores = SoftmaxProduct(Product(g, v, false, true), p);
        if (!ofPacked)
        {
            return ofScores.SumToShape(bias!.shape, 3);
        }

        Tensor<T> scaled = ofScores * scale;
        int[] lead = g.shape[..^2];
        return Tensor.Concat<T>(
        [
            Product(scaled, k, false, false).Reshape([.. lead, e.Queries * e.Width]), Product(scaled, q, true, false).Reshape([.. lead, e.Keys * e.Width]),
            Product(p, g, true, false).Reshape([.. lead, e.Keys * e.ValueWidth]),
        ], -1);
    }

    private static Tensor<T> AttentionJvp(Tensor<T> t, bool ofPacked, Tensor<T> packed, Tensor<T>? kept, Tensor<T>? bias, Attention.Extents e, T scale)
    {
        (Tensor<T> q, Tensor<T> k, Tensor<T> v) = Unpack(packed, e);
        Tensor<T> p = AttentionWeights(q, k, kept, bias, scale);
        if (!ofPacked)
        {
            // A bias for the whole batch has no axis for it: the tangent's batch axes go in front.
            return Product(SoftmaxProduct(t.AlignAxes(bias!.Rank, 3), p), v, false, false);
        }

        (Tensor<T> tq, Tensor<T> tk, Tensor<T> tv) = Unpack(t, e);
        Tensor<T> ofScores = (Product(tq, k, false, true) + Product(q, tk, false, true)) * scale;
        return Product(SoftmaxProduct(ofScores, p), v, false, false) + Product(p, tv, false, false);
    }
}
