namespace AutoDiff.Kernels;

/// <summary>Matrices one after the other. Those of a smaller batch are used again.</summary>
internal static class Batches
{
    /// <summary>No matrix is without a result.</summary>
    public static (int Matrix, int Pivot) AllDone => (-1, -1);

    /// <summary>Matrix number <paramref name="q"/>, of <paramref name="size"/> numbers.</summary>
    public static ReadOnlySpan<T> At<T>(ReadOnlySpan<T> x, int q, int size)
        where T : unmanaged => size == 0 ? [] : x.Slice((int)((long)q * size % x.Length), size);

    /// <summary>How many matrices of <paramref name="size"/> numbers there are; none where they are empty.</summary>
    public static int Count<T>(ReadOnlySpan<T> x, int size)
        where T : unmanaged => size == 0 ? 0 : x.Length / size;
}
