using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>
/// A pooled array and the number of tensors that hold it. When the last one lets go, the array returns to the pool; one that is forgotten is left to the collector.
/// Arrays below <see cref="Pools.Threshold"/> elements are not pooled: the collector's youngest generation is as fast, and they need no counting.
/// </summary>
internal sealed class Buffer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public readonly T[] Array;
    private int holders = 1;

    private Buffer(T[] array) => Array = array;

    public static Buffer<T> Rent(int length)
    {
        var buffer = new Buffer<T>(Pool<T>.Shared.Rent(length));
        Context<T>.Current.Scratch?.Add(buffer);
        return buffer;
    }

    /// <summary>How many tensors and slots hold the buffer.</summary>
    public int Holders => holders;

    /// <summary>One more tensor holds this buffer, for as long as the rule runs that asks for it, if one does; otherwise as <see cref="TryKeep"/>.</summary>
    public bool TryShare()
    {
        if (!TryKeep())
        {
            return false;
        }

        Context<T>.Current.Scratch?.Add(this);
        return true;
    }

    /// <summary>One more holder; false if the last one has let go of the buffer, perhaps on another thread: the array is somebody else's then, and must not come back a second time.</summary>
    public bool TryKeep()
    {
        for (int seen = Volatile.Read(ref holders); seen > 0;)
        {
            int before = Interlocked.CompareExchange(ref holders, seen + 1, seen);
            if (before == seen)
            {
                return true;
            }

            seen = before;
        }

        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref holders) == 0)
        {
            Pool<T>.Shared.Return(Array);
        }
    }
}
