using System.Numerics;

namespace AutoDiff.Distributed.Transport;

/// <summary>What moves bytes between ranks. Every call may throw a <see cref="CommunicatorException"/> that names the operation it was made for.</summary>
internal abstract unsafe class Carrier(int rank, int size)
{
    public int Rank => rank;

    public int Size => size;

    /// <summary>What carries, in words.</summary>
    public abstract string Description { get; }

    /// <summary>Whether ranks compare what they call.</summary>
    public abstract bool Checks { get; }

    /// <summary>Sends and receives at once; over when all has been sent and received. Between two ranks parcels arrive in the order in which they were sent.</summary>
    public abstract void Move(ReadOnlySpan<Parcel> sent, ReadOnlySpan<Parcel> received, string operation);

    /// <summary>Gathers as many bytes from every rank, in the order of ranks, on every rank.</summary>
    public abstract void AllGather(void* own, void* all, int length, string operation);

    /// <summary>Copies bytes of one rank to all others.</summary>
    public abstract void Broadcast(void* data, long length, int root, string operation);

    /// <summary>Adds numbers of all ranks, in any order.</summary>
    public abstract void SumInAnyOrder<T>(T* own, T* sum, long length, string operation) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Waits until every rank is here.</summary>
    public abstract void Barrier(string operation);

    /// <summary>The carrier among the ranks that pass the same color, ordered by key and then by their rank here.</summary>
    public abstract Carrier Split(int color, int key);

    /// <summary>Says to all others that this rank will take no part any more; whoever waits for it is told.</summary>
    /// <param name="reason">Why, for their messages.</param>
    public abstract void Leave(string reason);
}
