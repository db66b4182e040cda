using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace AutoDiff.Kernels;

/// <summary>Attention without the matrix of all weights: a block of queries at a time, whose scores stay in the cache.</summary>
internal static class Attention
{
    private const int BlockRows = 64;

    /// <summary>The most scores of a block, beyond one query: where there are very many keys, a block has fewer queries.</summary>
    private const int BlockScores = 1 << 24;

    private const long Grain = 2_000_000;

    /// <summary>The lengths of an attention: batch, queries, keys, width of queries and keys, width of values.</summary>
    public readonly record struct Extents(int Batch, int Queries, int Keys, int Width, int ValueWidth)
    {
        /// <summary>The numbers of a batch's queries, keys and values, one after the other.</summary>
        public int Packed => ((Queries + Keys) * Width) + (Keys * ValueWidth);

        /// <summary>The queries of a block.</summary>
        public int BlockRows => Math.Clamp(BlockScores / Math.Max(Keys, 1), 1, Attention.BlockRows);
    }

    /// <summary>y = softmax(scale · Q Kᵀ + bias) V, where weights whose mask is 0 are 0, and rows without any weight are 0.</summary>
    /// <param name="extents">The lengths.</param>
    /// <param name="packed">For each of the batch Q, K and V, one after the other.</param>
    /// <param name="mask">Zeros and ones, one matrix for all of the batch or one for each; empty for none.</param>
    /// <param name="bias">What is added to the scores, in the same shapes; empty for none.</param>
    /// <param name="scale">The factor of the scores.</param>
    /// <param name="y">The results.</param>
    public static unsafe void Forward<T>(Extents extents, ReadOnlySpan<T> packed, ReadOnlySpan<T> mask, ReadOnlySpan<T> bias, T scale, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int maskLength, int biasLength) = (mask.Length, bias.Length);
        int resultLength = extents.Queries * extents.ValueWidth;
        fixed (T* startPacked = packed, startMask = mask, startBias = bias, startY = y)
        {
            OverBatch(extents, 1, (extents, P: (nint)startPacked, M: (nint)startMask, B: (nint)startBias, Z: (nint)startY, maskLength, biasLength, resultLength, scale), static (b, s) =>
                Single(s.extents, (T*)s.P + ((nint)b * s.extents.Packed), Own(new ReadOnlySpan<T>((T*)s.M, s.maskLength), b, s.extents), Own(new ReadOnlySpan<T>((T*)s.B, s.biasLength), b, s.extents),
                    s.scale, (T*)s.Z + ((nint)b * s.resultLength)));
        }
    }

    /// <summary>The cotangents of Q, K and V, packed as they are, for the cotangent g of y. The weights are computed again, a block of queries at a time.</summary>
    /// <param name="extents">The lengths.</param>
    /// <param name="packed">As in the forward direction, and so are mask, bias and scale.</param>
    /// <param name="mask">The mask.</param>
    /// <param name="bias">The bias.</param>
    /// <param name="scale">The factor of the scores.</param>
    /// <param name="g">The cotangent of the results.</param>
    /// <param name="result">The packed cotangents.</param>
    public static unsafe void Backward<T>(Extents extents, ReadOnlySpan<T> packed, ReadOnlySpan<T> mask, ReadOnlySpan<T> bias, T scale, ReadOnlySpan<T> g, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int maskLength, int biasLength) = (mask.Length, bias.Length);
        int resultLength = extents.Queries * extents.ValueWidth;
        fixed (T* startPacked = packed, startMask = mask, startBias = bias, startG = g, startResult = result)
        {
            OverBatch(extents, 3, (extents, P: (nint)startPacked, M: (nint)startMask, B: (nint)startBias, G: (nint)startG, Z: (nint)startResult, maskLength, biasLength, resultLength, scale), static (b, s) =>
                SingleBackward(s.extents, (T*)s.P + ((nint)b * s.extents.Packed), Own(new ReadOnlySpan<T>((T*)s.M, s.maskLength), b, s.extents),
                    Own(new ReadOnlySpan<T>((T*)s.B, s.biasLength), b, s.extents), s.scale, (T*)s.G + ((nint)b * s.resultLength), (T*)s.Z + ((nint)b * s.extents.Packed)));
        }
    }

    /// <summary>Runs a body for each of the batch, on several threads where there is enough work: so many times that of the forward direction.</summary>
    private static void OverBatch<TState>(Extents extents, int times, TState state, Action<int, TState> body)
    {
        int batch = extents.Batch;
        long work = (long)extents.Queries * extents.Keys * (extents.Width + extents.ValueWidth) * times;
        int chunks = batch == 0 ? 0 : Math.Min(batch, Threading.ThreadsFor(work * batch, Grain));
        Threading.For(chunks, (batch, chunks, state, body), static (chunk, s) =>
        {
            int end = (int)((long)s.batch * (chunk + 1) / s.chunks);
            for (int b = (int)((long)s.batch * chunk / s.chunks); b < end; b++)
            {
                s.body(b, s.state);
            }
        });
    }

    /// <summary>The matrix of one of the batch.</summary>
    private static ReadOnlySpan<T> Own<T>(ReadOnlySpan<T> matrices, int b, Extents extents)
    {
        if (matrices.IsEmpty)
        {
            return matrices;
        }

        int length = extents.Queries * extents.Keys;
        return matrices.Length <= length ? matrices : matrices.Slice(b * length, length);
    }

    private static unsafe void Single<T>(Extents extents, T* packed, ReadOnlySpan<T> mask, ReadOnlySpan<T> bias, T scale, T* y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (_, int queries, int keys, int width, int valueWidth) = extents;
        T* v = packed + ((nint)(queries + keys) * width);
        int blockRows = extents.BlockRows;
        T[] rented = Pool<T>.Shared.Rent(blockRows * keys);
        fixed (T* weights = rented)
        {
            for (int first = 0; first < queries; first += blockRows)
            {
                int rows = Math.Min(blockRows, queries - first);
                Weights(extents, packed, mask, bias, scale, first, rows, weights);
                MatrixProduct.Multiply(rows, valueWidth, keys, new(weights, keys, 1), new(v, valueWidth, 1), y + ((nint)first * valueWidth), valueWidth);
            }
        }

        Pool<T>.Shared.Return(rented);
    }

    private static unsafe void SingleBackward<T>(Extents extents, T* packed, ReadOnlySpan<T> mask, ReadOnlySpan<T> bias, T scale, T* g, T* result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (_, int queries, int keys, int width, int valueWidth) = extents;
        T* k = packed + ((nint)queries * width), v = k + ((nint)keys * width);
        T* ofK = result + ((nint)queries * width), ofV = ofK + ((nint)keys * width);
        int blockRows = extents.BlockRows;
        T[] rented = Pool<T>.Shared.Rent(blockRows * keys), rentedToo = Pool<T>.Shared.Rent(blockRows * keys);
        fixed (T* weights = rented, ofScores = rentedToo)
        {
            for (int first = 0; first < queries; first += blockRows)
            {
                int rows = Math.Min(blockRows, queries - first);
                T* q = packed + ((nint)first * width), ownG = g + ((nint)first * valueWidth);
                Weights(extents, packed, mask, bias, scale, first, rows, weights);
                MatrixProduct.Multiply(keys, valueWidth, rows, new(weights, 1, keys), new(ownG, valueWidth, 1), ofV, valueWidth, accumulate: first > 0);
                MatrixProduct.Multiply(rows, keys, valueWidth, new(ownG, valueWidth, 1), new(v, 1, valueWidth), ofScores, keys);
                for (int i = 0; i < rows; i++)
                {
                    Span<T> row = new(weights + ((nint)i * keys), keys), slopes = new(ofScores + ((nint)i * keys), keys);
                    TensorPrimitives.Subtract(slopes, Reductions.Dot<T>(row, slopes), slopes);
                    TensorPrimitives.Multiply(slopes, row, slopes);
                    TensorPrimitives.Multiply(slopes, scale, slopes);
                }

                MatrixProduct.Multiply(rows, width, keys, new(ofScores, keys, 1), new(k, width, 1), result + ((nint)first * width), width);
                MatrixProduct.Multiply(keys, width, rows, new(ofScores, 1, keys), new(q, width, 1), ofK, width, accumulate: first > 0);
            }
        }

        Pool<T>.Shared.Return(rentedToo);
        Pool<T>.Shared.Return(rented);
    }

    /// <summary>The weights of a block of queries.</summary>
    private static unsafe void Weights<T>(Extents extents, T* packed, ReadOnlySpan<T> mask, ReadOnlySpan<T> bias, T scale, int first, int rows, T* target) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (_, int queries, int keys, int width, _) = extents;
        MatrixProduct.Multiply(rows, keys, width, new(packed + ((nint)first * width), width, 1), new(packed + ((nint)queries * width), 1, width), target, keys);
        Span<T> weights = new(target, rows * keys);
        TensorPrimitives.Multiply(weights, scale, weights);
        if (!bias.IsEmpty)
        {
            TensorPrimitives.Add(weights, bias.Slice(first * keys, rows * keys), weights);
        }

        // A row without any weight gets the scores 0, so that no NaN arises, and is cleared in the end.
        ReadOnlySpan<T> kept = mask.IsEmpty ? mask : mask.Slice(first * keys, rows * keys);
        Hide(kept, weights);
        for (int i = 0; i < kept.Length / Math.Max(keys, 1); i++)
        {
            if (kept.Slice(i * keys, keys).IndexOfAnyExcept(T.Zero) < 0)
            {
                weights.Slice(i * keys, keys).Clear();
            }
        }

        Reductions.SoftmaxRows<T>(weights, keys, weights);
        for (int i = 0; i < kept.Length / Math.Max(keys, 1); i++)
        {
            if (kept.Slice(i * keys, keys).IndexOfAnyExcept(T.Zero) < 0)
            {
                weights.Slice(i * keys, keys).Clear();
            }
        }
    }

    /// <summary>The scores become -∞ where the mask is 0.</summary>
    private static void Hide<T>(ReadOnlySpan<T> mask, Span<T> scores) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T kept = ref MemoryMarshal.GetReference(mask);
        ref T score = ref MemoryMarshal.GetReference(scores);
        var hidden = new Vector<T>(T.NegativeInfinity);
        int i = 0;
        for (; i <= mask.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            Vector<T> isHidden = Vector.Equals(Vector.LoadUnsafe(ref kept, (nuint)i), Vector<T>.Zero);
            Vector.ConditionalSelect(isHidden, hidden, Vector.LoadUnsafe(ref score, (nuint)i)).StoreUnsafe(ref score, (nuint)i);
        }

        for (; i < mask.Length; i++)
        {
            scores[i] = mask[i] == T.Zero ? T.NegativeInfinity : scores[i];
        }
    }
}
