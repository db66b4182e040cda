namespace AutoDiff.Plain;

internal readonly ref struct Scratch<T>
    where T : unmanaged
{
    public Scratch(int length) => Span = new T[length];

    public Span<T> Span { get; }

    public void Dispose()
    {
    }
}
