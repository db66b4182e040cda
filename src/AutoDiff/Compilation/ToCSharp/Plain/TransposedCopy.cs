namespace AutoDiff.Plain;

internal static class TransposedCopy
{
    public static void Run<T>(ReadOnlySpan<T> source, int m, int n, Span<T> target)
        where T : unmanaged
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                target[j * m + i] = source[i * n + j];
            }
        }
    }
#if !SMALL

    public static unsafe void Run<T>(T* source, nint sourceStride, int m, int n, T* target, nint targetStride)
        where T : unmanaged
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                target[j * targetStride + i] = source[i * sourceStride + j];
            }
        }
    }
#endif
}
