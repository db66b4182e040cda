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

    /// <summary>Whether a span is cut into chunks, given from where on it is long.</summary>
    public static bool IsLong(int length, int threshold) => length >= Math.Min(threshold, Threading.LargestGrain) && Threading.MaxThreads > 1;

    /// <summary>y = kernel(x), on several threads where the spans are long.</summary>
    public static void Run<T>(UnaryKernel<T> kernel, ReadOnlySpan<T> x, Span<T> y, int threshold = LongForArithmetic) where T : unmanaged
    {
        if (IsLong(x.Length, threshold))
        {
            RunLong(kernel, x, y);
        }
        else
        {
            kernel(x, y);
        }
    }

    /// <summary>y = kernel(x) with parameters, on several threads where the spans are long.</summary>
    public static void Run<T, TParameters>(UnaryKernel<T, TParameters> kernel, ReadOnlySpan<T> x, TParameters parameters, Span<T> y) where T : unmanaged
    {
        if (IsLong(x.Length, LongForArithmetic))
        {
            RunLong(kernel, x, parameters, y);
        }
        else
        {
            kernel(x, parameters, y);
        }
    }

    /// <summary>z = kernel(x, y), on several threads where the spans are long.</summary>
    public static void Run<T>(BinaryKernel<T> kernel, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z, int threshold = LongForArithmetic) where T : unmanaged
    {
        if (IsLong(x.Length, threshold))
        {
            RunLong(kernel, x, y, z);
        }
        else
        {
            kernel(x, y, z);
        }
    }

    // What captures stands apart, so that short spans make no closures.
    private static void RunLong<T>(UnaryKernel<T> kernel, ReadOnlySpan<T> x, Span<T> y) where T : unmanaged =>
        RunLong(static (x, kernel, y) => kernel(x, y), x, kernel, y);

    private static void RunLong<T, TParameters>(UnaryKernel<T, TParameters> kernel, ReadOnlySpan<T> x, TParameters parameters, Span<T> y) where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length);
        fixed (T* source = x, destination = y)
        {
            (nint from, nint to) = ((nint)source, (nint)destination);
            For(x.Length, (start, count) => kernel(new ReadOnlySpan<T>((T*)from + start, count), parameters, new Span<T>((T*)to + start, count)));
        }
    }

    private static void RunLong<T>(BinaryKernel<T> kernel, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(z.Length, x.Length);
        fixed (T* first = x, second = y, destination = z)
        {
            (nint left, nint right, nint to) = ((nint)first, (nint)second, (nint)destination);
            For(x.Length, (start, count) =>
                kernel(new ReadOnlySpan<T>((T*)left + start, count), new ReadOnlySpan<T>((T*)right + start, count), new Span<T>((T*)to + start, count)));
        }
    }

    /// <summary>Runs <paramref name="body"/> for the first index and the length of each chunk.</summary>
    private static void For(int length, Action<int, int> body)
    {
        // Shorter than what is long, for a kernel may look at the length of its part again.
        int size = Math.Min(Length, Threading.LargestGrain - 1);
        Threading.For((length + size - 1) / size, chunk => body(chunk * size, Math.Min(size, length - (chunk * size))));
    }
}
