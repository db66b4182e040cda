using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;

namespace AutoDiff.Kernels;

/// <summary>Attention without the matrix of all weights: a block of queries at a time, whose scores stay in the cache.</summary>
internal static class Attention
{
    private const int BlockRows = 64;

    private const long Grain = 2_000_000;

    /// <summary>The lengths of an attention: batch, queries, keys, width of queries and keys, width of values.</summary>
    public readonly record struct Extents(int Batch, int Queries, int Keys, int Width, int ValueWidth)
    {
        /// <summary>The numbers of a batch's queries, keys and values, one after the other.</summary>
        public int Packed => ((Queries + Keys) * Width) + (Keys * ValueWidth);
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
        int batch = extents.Batch;
        long work = (long)extents.Queries * extents.Keys * (extents.Width + extents.ValueWidth);
        int chunks = batch == 0 ? 0 : Math.Min(batch, Threading.ThreadsFor(work * batch, Grain));
        (int packedLength, int maskLength, int biasLength, int yLength) = (packed.Length, mask.Length, bias.Length, y.Length);
        fixed (T* startPacked = packed, startMask = mask, startBias = bias, startY = y)
        {
            T* p = startPacked, m = startMask, s = startBias, z = startY;
            Threading.For(chunks, chunk =>
            {
                int end = (int)((long)batch * (chunk + 1) / chunks);
                for (int b = (int)((long)batch * chunk / chunks); b < end; b++)
                {
                    Single(extents, new ReadOnlySpan<T>(p, packedLength).Slice(b * extents.Packed, extents.Packed), Own(new ReadOnlySpan<T>(m, maskLength), b, extents),
                        Own(new ReadOnlySpan<T>(s, biasLength), b, extents), scale, new Span<T>(z, yLength).Slice(b * extents.Queries * extents.ValueWidth, extents.Queries * extents.ValueWidth));
                }
            });
        }
    }

    /// <summary>The matrix of one of the batch.</summary>
    private static ReadOnlySpan<T> Own<T>(ReadOnlySpan<T> matrices, int b, Extents extents)
    {
        int length = extents.Queries * extents.Keys;
        return matrices.Length <= length ? matrices : matrices.Slice(b * length, length);
    }

    private static void Single<T>(Extents extents, ReadOnlySpan<T> packed, ReadOnlySpan<T> mask, ReadOnlySpan<T> bias, T scale, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (_, int queries, int keys, int width, int valueWidth) = extents;
        ReadOnlySpan<T> q = packed[..(queries * width)];
        ReadOnlySpan<T> k = packed.Slice(queries * width, keys * width);
        ReadOnlySpan<T> v = packed[((queries + keys) * width)..];
        T[] rented = ArrayPool<T>.Shared.Rent(2 * BlockRows * keys);
        for (int first = 0; first < queries; first += BlockRows)
        {
            int rows = Math.Min(BlockRows, queries - first);
            Span<T> scores = rented.AsSpan(0, rows * keys);
            Span<T> weights = rented.AsSpan(rows * keys, rows * keys);
            MatrixProduct.Multiply(rows, keys, width, q.Slice(first * width, rows * width), false, k, true, scores);
            TensorPrimitives.Multiply(scores, scale, scores);
            if (!bias.IsEmpty)
            {
                TensorPrimitives.Add(scores, bias.Slice(first * keys, rows * keys), scores);
            }

            // A row without any weight keeps its scores, so that no NaN arises, and is cleared in the end.
            ReadOnlySpan<T> kept = mask.IsEmpty ? mask : mask.Slice(first * keys, rows * keys);
            for (int i = 0; i < kept.Length / Math.Max(keys, 1); i++)
            {
                ReadOnlySpan<T> row = kept.Slice(i * keys, keys);
                bool any = row.IndexOfAnyExcept(T.Zero) >= 0;
                for (int j = 0; j < keys; j++)
                {
                    scores[(i * keys) + j] = !any ? T.Zero : row[j] == T.Zero ? T.NegativeInfinity : scores[(i * keys) + j];
                }
            }

            Reductions.SoftmaxRows<T>(scores, rows, keys, weights);
            for (int i = 0; i < kept.Length / Math.Max(keys, 1); i++)
            {
                if (kept.Slice(i * keys, keys).IndexOfAnyExcept(T.Zero) < 0)
                {
                    weights.Slice(i * keys, keys).Clear();
                }
            }

            MatrixProduct.Multiply(rows, valueWidth, keys, weights, false, v, false, y.Slice(first * valueWidth, rows * valueWidth));
        }

        ArrayPool<T>.Shared.Return(rented);
    }
}
