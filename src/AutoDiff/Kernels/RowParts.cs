namespace AutoDiff.Kernels;

/// <summary>Computes the rows of z from those of x and y; each operand has as many numbers for a row as go into it.</summary>
internal delegate void RowsKernel<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z, int rows);

/// <summary>Likewise, with parameters: static lambdas take them, so that a run makes no closure.</summary>
internal delegate void RowsKernel<T, TParameters>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z, int rows, TParameters parameters);

/// <summary>Runs kernels whose rows do not depend on each other, so that any number of threads gives the same.</summary>
internal static class RowParts
{
    /// <summary>Numbers that are worth a thread of their own, where each takes about as long as an exponential: waking a thread takes as long as a quarter of them.</summary>
    public const long Grain = 40_000;

    /// <summary>Runs a kernel over rows, in parts on several threads where there is enough work. An operand may be empty.</summary>
    public static void Run<T>(int rows, long work, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z, RowsKernel<T> kernel) where T : unmanaged =>
        Run(rows, work, x, y, z, kernel, static (x, y, z, rows, kernel) => kernel(x, y, z, rows));

    /// <summary>Likewise, of a kernel with parameters.</summary>
    public static void Run<T, TParameters>(int rows, long work, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z, TParameters parameters, RowsKernel<T, TParameters> kernel) where T : unmanaged
    {
        int parts = Math.Min(rows, Threading.ThreadsFor(work, Grain));
        if (parts == 1)
        {
            kernel(x, y, z, rows, parameters);
        }
        else if (parts > 1)
        {
            Parallel(parts, rows, x, y, z, parameters, kernel);
        }
    }

    private static unsafe void Parallel<T, TParameters>(int parts, int rows, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z, TParameters parameters, RowsKernel<T, TParameters> kernel)
        where T : unmanaged
    {
        fixed (T* startX = x, startY = y, startZ = z)
        {
            var lengths = (X: x.Length / rows, Y: y.Length / rows, Z: z.Length / rows);
            Threading.For(parts, (X: (nint)startX, Y: (nint)startY, Z: (nint)startZ, lengths, rows, parts, kernel, parameters), static (part, s) =>
            {
                int begin = (int)((long)s.rows * part / s.parts);
                int count = (int)((long)s.rows * (part + 1) / s.parts) - begin;
                (int nx, int ny, int nz) = s.lengths;
                s.kernel(new ReadOnlySpan<T>((T*)s.X + ((nint)begin * nx), count * nx), new ReadOnlySpan<T>((T*)s.Y + ((nint)begin * ny), count * ny), new Span<T>((T*)s.Z + ((nint)begin * nz), count * nz),
                    count, s.parameters);
            });
        }
    }
}
