namespace AutoDiff.Kernels;

/// <summary>Working memory rented for the length of one decomposition; its contents are not cleared.</summary>
internal readonly ref struct Scratch<T> : IDisposable
    where T : unmanaged
{
    private readonly T[] _array;

    public Scratch(int length)
    {
        _array = Pool<T>.Shared.Rent(length);
        Span = _array.AsSpan(0, length);
    }

    public Span<T> Span { get; }

    public void Dispose() => Pool<T>.Shared.Return(_array);
}
