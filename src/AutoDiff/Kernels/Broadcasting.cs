using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>Runs a kernel of two operands over shapes that broadcast, without building the stretched operands as long as their contiguous runs are not short.</summary>
internal static class Broadcasting
{
    /// <summary>Below this length of a run, calling the kernel run by run costs more than stretching the operands first.</summary>
    private const int ShortRun = 16;

    private const int ChunkLength = 256;

    public static void Apply<T>(BinaryKernel<T> kernel, ReadOnlySpan<T> x, ReadOnlySpan<int> xShape, ReadOnlySpan<T> y, ReadOnlySpan<int> yShape, Span<T> z, ReadOnlySpan<int> zShape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (x.Length == z.Length && y.Length == z.Length)
        {
            Chunks.Run(kernel, x, y, z);
            return;
        }

        if (z.IsEmpty)
        {
            return;
        }

        Span<int> dims = stackalloc int[zShape.Length];
        Span<int> xs = stackalloc int[zShape.Length];
        Span<int> ys = stackalloc int[zShape.Length];
        int rank = Collapse(xShape, yShape, zShape, dims, xs, ys);
        dims = dims[..rank];
        xs = xs[..rank];
        ys = ys[..rank];
        int run = dims[^1];
        if (run < ShortRun && z.Length > 4 * ShortRun)
        {
            // What has an element for each of z's is read as it lies.
            T[] stretched = Pool<T>.Shared.Rent(2 * z.Length);
            ReadOnlySpan<T> fullX = x.Length == z.Length ? x : Stretch(x, dims, xs, stretched.AsSpan(0, z.Length));
            ReadOnlySpan<T> fullY = y.Length == z.Length ? y : Stretch(y, dims, ys, stretched.AsSpan(z.Length, z.Length));
            Chunks.Run(kernel, fullX, fullY, z);
            Pool<T>.Shared.Return(stretched);
            return;
        }

        Span<T> chunk = stackalloc T[ChunkLength];
        Span<int> counter = stackalloc int[rank];
        counter.Clear();
        int px = 0;
        int py = 0;
        for (int pz = 0; pz < z.Length; pz += run)
        {
            RunOne(kernel, x[px..], xs[^1], y[py..], ys[^1], z.Slice(pz, run), chunk);
            for (int axis = rank - 2; axis >= 0; axis--)
            {
                px += xs[axis];
                py += ys[axis];
                if (++counter[axis] < dims[axis])
                {
                    break;
                }

                px -= xs[axis] * dims[axis];
                py -= ys[axis] * dims[axis];
                counter[axis] = 0;
            }
        }
    }

    /// <summary>Fills <paramref name="full"/> with an operand that is read along the axes with some strides.</summary>
    private static Span<T> Stretch<T>(ReadOnlySpan<T> x, ReadOnlySpan<int> dims, ReadOnlySpan<int> strides, Span<T> full) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (dims.Length == 2 && strides[1] == 0)
        {
            int run = dims[1];
            for (int i = 0; i < dims[0]; i++)
            {
                full.Slice(i * run, run).Fill(x[i * strides[0]]);
            }

            return full;
        }

        Span<int> contiguous = stackalloc int[dims.Length];
        Strided.FillStrides(dims, contiguous);
        Strided.Run(dims, strides, contiguous, x, 0, full, 0, accumulate: false);
        return full;
    }

    /// <summary>One run, along which each operand is contiguous (stride 1) or constant (stride 0). A constant operand is spread over a chunk once.</summary>
    private static void RunOne<T>(BinaryKernel<T> kernel, ReadOnlySpan<T> x, int xs, ReadOnlySpan<T> y, int ys, Span<T> z, Span<T> chunk)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (xs == 1 && ys == 1)
        {
            Chunks.Run(kernel, x[..z.Length], y[..z.Length], z);
            return;
        }

        int size = Math.Min(ChunkLength, z.Length);
        chunk[..size].Fill(xs == 0 ? x[0] : y[0]);
        for (int i = 0; i < z.Length; i += size)
        {
            int n = Math.Min(size, z.Length - i);
            if (xs == 0)
            {
                // Both are constant only where z has one element.
                kernel(chunk[..n], y.Slice(ys * i, n), z.Slice(i, n));
            }
            else
            {
                kernel(x.Slice(i, n), chunk[..n], z.Slice(i, n));
            }
        }
    }

    /// <summary>Merges neighboring axes along which both operands are stretched in the same way. Returns the rank that remains, at least 1.</summary>
    private static int Collapse(ReadOnlySpan<int> xShape, ReadOnlySpan<int> yShape, ReadOnlySpan<int> zShape, Span<int> dims, Span<int> xs, Span<int> ys)
    {
        Span<int> xStrides = stackalloc int[zShape.Length];
        Span<int> yStrides = stackalloc int[zShape.Length];
        Strided.FillBroadcastStrides(xShape, xStrides);
        Strided.FillBroadcastStrides(yShape, yStrides);
        int rank = 0;
        for (int axis = 0; axis < zShape.Length; axis++)
        {
            if (zShape[axis] == 1)
            {
                continue;
            }

            if (rank > 0 && xs[rank - 1] == xStrides[axis] * zShape[axis] && ys[rank - 1] == yStrides[axis] * zShape[axis])
            {
                dims[rank - 1] *= zShape[axis];
            }
            else
            {
                dims[rank++] = zShape[axis];
            }

            xs[rank - 1] = xStrides[axis];
            ys[rank - 1] = yStrides[axis];
        }

        return rank;
    }
}
