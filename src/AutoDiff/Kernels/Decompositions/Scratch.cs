using System.Buffers;

namespace AutoDiff.Kernels;

/// <summary>Working memory rented for the length of one decomposition; its contents are not cleared.</summary>
internal readonly ref struct Scratch<T> : IDisposable
    where T : unmanaged
{
    private readonly T[] _array;

    public Scratch(int length)
    {
        _array = ArrayPool<T>.Shared.Rent(length);
        Span = _array.AsSpan(0, length);
    }

    public Span<T> Span { get; }

    public void Dispose() => ArrayPool<T>.Shared.Return(_array);
}
