namespace AutoDiff.Kernels;

/// <summary>
/// Elementwise kernels over long spans, in chunks that several threads take. An element's result depends on the element alone, so neither the chunks nor the threads change a bit of it.
/// </summary>
internal static unsafe class Chunks
{
    /// <summary>The elements of a chunk: few enough to stay in the nearest caches, enough to make up for taking it.</summary>
    public const int Length = 16384;

    /// <summary>From here on a second thread pays for functions, an eighth of a nanosecond or more per element.</summary>
    public const int LongForFunctions = 8 * Length;

    /// <summary>From here on a second thread pays for sums and products too, whose time goes into moving memory.</summary>
    public const int LongForArithmetic = 32 * Length;

    /// <summary>From so many bytes on the base library's kernels write past the caches, to memory, from where the next operation would have to fetch what it needs.</summary>
    private const int BytesPastCaches = 256 << 10;

    /// <summary>Whether a span is cut into chunks, given from where on it is long.</summary>
    public static bool IsLong(int length, int threshold) => length >= Math.Min(threshold, Threading.LargestGrain) && Threading.MaxThreads > 1;

    /// <summary>y = kernel(x), on several threads where the spans are long.</summary>
    public static void Run<T>(UnaryKernel<T> kernel, ReadOnlySpan<T> x, Span<T> y, int threshold = LongForArithmetic) where T : unmanaged
    {
        if (IsLong(x.Length, threshold))
        {
            RunLong(kernel, x, y);
        }
        else if (x.Length * (long)sizeof(T) < BytesPastCaches)
        {
            kernel(x, y);
        }
        else
        {
            RunInPieces(static (x, kernel, y) => kernel(x, y), x, kernel, y);
        }
    }

    /// <summary>y = kernel(x) with parameters, on several threads where the spans are long.</summary>
    public static void Run<T, TParameters>(UnaryKernel<T, TParameters> kernel, ReadOnlySpan<T> x, TParameters parameters, Span<T> y) where T : unmanaged
    {
        if (IsLong(x.Length, LongForArithmetic))
        {
            RunLong(kernel, x, parameters, y);
        }
        else if (x.Length * (long)sizeof(T) < BytesPastCaches)
        {
            kernel(x, parameters, y);
        }
        else
        {
            RunInPieces(kernel, x, parameters, y);
        }
    }

    /// <summary>z = kernel(x, y), on several threads where the spans are long.</summary>
    public static void Run<T>(BinaryKernel<T> kernel, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z, int threshold = LongForArithmetic) where T : unmanaged
    {
        if (IsLong(x.Length, threshold))
        {
            RunLong(kernel, x, y, z);
        }
        else if (x.Length * (long)sizeof(T) < BytesPastCaches)
        {
            kernel(x, y, z);
        }
        else
        {
            for (int i = 0; i < x.Length; i += Length)
            {
                int count = Math.Min(Length, x.Length - i);
                kernel(x.Slice(i, count), y.Slice(i, count), z.Slice(i, count));
            }
        }
    }

    private static void RunInPieces<T, TParameters>(UnaryKernel<T, TParameters> kernel, ReadOnlySpan<T> x, TParameters parameters, Span<T> y) where T : unmanaged
    {
        for (int i = 0; i < x.Length; i += Length)
        {
            int count = Math.Min(Length, x.Length - i);
            kernel(x.Slice(i, count), parameters, y.Slice(i, count));
        }
    }

    private static void RunLong<T>(UnaryKernel<T> kernel, ReadOnlySpan<T> x, Span<T> y) where T : unmanaged =>
        RunLong(static (x, kernel, y) => kernel(x, y), x, kernel, y);

    private static void RunLong<T, TParameters>(UnaryKernel<T, TParameters> kernel, ReadOnlySpan<T> x, TParameters parameters, Span<T> y) where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length);
        fixed (T* source = x, destination = y)
        {
            int size = Size;
            Threading.For(Count(x.Length, size), (From: (nint)source, To: (nint)destination, x.Length, size, kernel, parameters), static (chunk, s) =>
            {
                (int start, int count) = (chunk * s.size, Math.Min(s.size, s.Length - (chunk * s.size)));
                s.kernel(new ReadOnlySpan<T>((T*)s.From + start, count), s.parameters, new Span<T>((T*)s.To + start, count));
            });
        }
    }

    private static void RunLong<T>(BinaryKernel<T> kernel, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(z.Length, x.Length);
        fixed (T* first = x, second = y, destination = z)
        {
            int size = Size;
            Threading.For(Count(x.Length, size), (Left: (nint)first, Right: (nint)second, To: (nint)destination, x.Length, size, kernel), static (chunk, s) =>
            {
                (int start, int count) = (chunk * s.size, Math.Min(s.size, s.Length - (chunk * s.size)));
                s.kernel(new ReadOnlySpan<T>((T*)s.Left + start, count), new ReadOnlySpan<T>((T*)s.Right + start, count), new Span<T>((T*)s.To + start, count));
            });
        }
    }

    /// <summary>The length of a chunk: shorter than what is long, for a kernel may look at the length of its part again.</summary>
    private static int Size => Math.Min(Length, Threading.LargestGrain - 1);

    private static int Count(int length, int size) => (length + size - 1) / size;
}
