using System.Numerics;
using System.Runtime.InteropServices;

namespace AutoDiff.Kernels;

/// <summary>Room for numbers that begins on a cache line: registers that straddle two lines load at half speed.</summary>
internal readonly unsafe ref struct AlignedRoom<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int CacheLine = 64;

    private readonly T[]? rented;
    private readonly GCHandle pin;

    public AlignedRoom(int length)
    {
        rented = Pool<T>.Shared.Rent(checked(length + (CacheLine / sizeof(T))));
        pin = GCHandle.Alloc(rented, GCHandleType.Pinned);
        Start = (T*)((pin.AddrOfPinnedObject() + CacheLine - 1) & -CacheLine);
    }

    public T* Start { get; }

    public void Dispose()
    {
        if (rented is not null)
        {
            pin.Free();
            Pool<T>.Shared.Return(rented);
        }
    }
}
