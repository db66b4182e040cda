using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>
/// A pooled array and the number of tensors that hold it. When the last one lets go, the array returns to the pool; one that is forgotten is left to the collector.
/// Arrays below <see cref="Pools.Threshold"/> elements are not pooled: the collector's youngest generation is as fast, and they need no counting.
/// </summary>
internal sealed class Buffer<T>
{
    public readonly T[] Array;
    private int holders = 1;

    private Buffer(T[] array) => Array = array;

    public static Buffer<T> Rent(int length)
    {
        var buffer = new Buffer<T>(Pool<T>.Shared.Rent(length));
        Scratch<T>.Current?.Add(buffer);
        return buffer;
    }

    /// <summary>How many tensors and slots hold the buffer.</summary>
    public int Holders => holders;

    /// <summary>One more tensor holds this buffer; false if the last one has let go of it meanwhile, on another thread: the array is somebody else's then.</summary>
    public bool TryShare()
    {
        for (int seen = Volatile.Read(ref holders); seen > 0;)
        {
            int before = Interlocked.CompareExchange(ref holders, seen + 1, seen);
            if (before == seen)
            {
                Scratch<T>.Current?.Add(this);
                return true;
            }

            seen = before;
        }

        return false;
    }

    /// <summary>A cotangent slot holds this buffer beyond the rule that made it.</summary>
    public void Keep() => Interlocked.Increment(ref holders);

    public void Release()
    {
        if (Interlocked.Decrement(ref holders) == 0)
        {
            Pool<T>.Shared.Return(Array);
        }
    }
}

/// <summary>
/// What one rule of an unrecorded sweep rents. Nobody but the sweep can reach these tensors, so when the rule is done everything that no cotangent slot kept goes back to the pool at once:
/// a backward sweep then runs in a few buffers that stay in the cache, instead of leaving garbage at every step.
/// </summary>
internal sealed class Scratch<T>
{
    [ThreadStatic]
    private static Scratch<T>? current;

    private List<Buffer<T>>? rented;

    public static Scratch<T>? Current
    {
        get => current;
        set => current = value;
    }

    /// <summary>Runs code that may keep what it makes (a user's rule): nothing it rents is taken back.</summary>
    public static TResult Outside<TResult>(Func<TResult> code)
    {
        Scratch<T>? scratch = current;
        current = null;
        try
        {
            return code();
        }
        finally
        {
            current = scratch;
        }
    }

    public void Add(Buffer<T> buffer) => (rented ??= []).Add(buffer);

    public void ReleaseAll()
    {
        if (rented is null)
        {
            return;
        }

        foreach (Buffer<T> buffer in rented)
        {
            buffer.Release();
        }

        rented.Clear();
    }
}
