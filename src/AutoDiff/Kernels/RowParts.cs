namespace AutoDiff.Kernels;

/// <summary>Computes the rows of z from those of x and y; each operand has as many numbers for a row as go into it.</summary>
internal delegate void RowsKernel<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z, int rows);

/// <summary>Runs kernels whose rows do not depend on each other, so that any number of threads gives the same.</summary>
internal static class RowParts
{
    /// <summary>Numbers that are worth a thread of their own, where each takes about as long as an exponential: waking a thread takes as long as a quarter of them.</summary>
    public const long Grain = 40_000;

    /// <summary>Runs a kernel over rows, in parts on several threads where there is enough work. An operand may be empty.</summary>
    public static void Run<T>(int rows, long work, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z, RowsKernel<T> kernel) where T : unmanaged
    {
        int parts = Math.Min(rows, Threading.ThreadsFor(work, Grain));
        if (parts == 1)
        {
            kernel(x, y, z, rows);
        }
        else if (parts > 1)
        {
            Parallel(parts, rows, x, y, z, kernel);
        }
    }

    private static unsafe void Parallel<T>(int parts, int rows, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z, RowsKernel<T> kernel) where T : unmanaged
    {
        (int nx, int ny, int nz) = (x.Length / rows, y.Length / rows, z.Length / rows);
        fixed (T* startX = x, startY = y, startZ = z)
        {
            T* px = startX, py = startY, pz = startZ;
            Threading.For(parts, part =>
            {
                int begin = (int)((long)rows * part / parts);
                int count = (int)((long)rows * (part + 1) / parts) - begin;
                kernel(new ReadOnlySpan<T>(px + ((nint)begin * nx), count * nx), new ReadOnlySpan<T>(py + ((nint)begin * ny), count * ny), new Span<T>(pz + ((nint)begin * nz), count * nz), count);
            });
        }
    }
}
