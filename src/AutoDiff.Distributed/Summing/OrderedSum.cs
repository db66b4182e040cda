using System.Numerics;
using System.Runtime.InteropServices;
using AutoDiff.Distributed.Transport;
using AutoDiff.Kernels;

namespace AutoDiff.Distributed.Summing;

/// <summary>
/// The sum over shards that ranks hold, joined along the fixed tree (<see cref="ShardTree{TSum}"/>): the same bits for any number of ranks. Each rank has joined what it can of its own; the rest is exchanged
/// in slices, of which each rank joins one, and the joined slices go to all. With a power of two of ranks that is the traffic of a ring: each sends and receives 2 (p - 1) / p times the numbers of one sum.
/// </summary>
internal static unsafe class OrderedSum
{
    /// <summary>Up to so many bytes in all, everybody gets everything in one step, and joins it.</summary>
    private const long SmallBytes = 1 << 14;

    /// <summary>The first shard of a rank, and the first after those of the rank before.</summary>
    public static int FirstShard(int shards, int rank, int size) => (int)((long)shards * rank / size);

    /// <summary>The sum of one vector of each rank.</summary>
    public static void OfRanks<T>(Carrier carrier, T* own, T* sum, long length, string operation) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        OfShards(carrier, carrier.Size, [(nint)own], sum, length, operation);

    /// <summary>The sum over all shards.</summary>
    /// <param name="carrier">The ranks.</param>
    /// <param name="shards">How many shards there are.</param>
    /// <param name="own">The sums of the places that remain of this rank's shards, from left to right; they are left as they are.</param>
    /// <param name="sum">Where the sum goes, on every rank. It may be where the first of <paramref name="own"/> is.</param>
    /// <param name="length">The numbers of a sum.</param>
    /// <param name="operation">The operation, for errors.</param>
    public static void OfShards<T>(Carrier carrier, int shards, ReadOnlySpan<nint> own, T* sum, long length, string operation) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = carrier.Size;
        var places = new TreeNode[size][];
        int most = 0, all = 0;
        for (int rank = 0; rank < size; rank++)
        {
            places[rank] = shards == size ? [new TreeNode(0, rank)] : ShardTree<int>.PlacesOf(shards, FirstShard(shards, rank, size), FirstShard(shards, rank + 1, size));
            most = Math.Max(most, places[rank].Length);
            all += places[rank].Length;
        }

        if (size == 1)
        {
            Copy((T*)own[0], sum, length);
        }
        else if ((long)size * most * length * sizeof(T) <= SmallBytes)
        {
            JoinEverything(carrier, shards, places, most, own, sum, (int)length, operation);
        }
        else
        {
            T* scratch = (T*)NativeMemory.Alloc((nuint)((all - own.Length) * SliceLength(length, carrier.Rank, size)), (nuint)sizeof(T));
            try
            {
                JoinSlice(carrier, shards, places, own, scratch, sum, length, operation);
                ShareSlices(carrier, sum, length, operation);
            }
            finally
            {
                NativeMemory.Free(scratch);
            }
        }
    }

    /// <summary>Every rank gets every sum.</summary>
    private static void JoinEverything<T>(Carrier carrier, int shards, TreeNode[][] places, int most, ReadOnlySpan<nint> own, T* sum, int length, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int row = most * length;
        var numbers = new T[(carrier.Size + 1) * row];
        fixed (T* all = numbers)
        {
            T* mine = all + ((long)carrier.Size * row);
            for (int i = 0; i < own.Length; i++)
            {
                Copy((T*)own[i], mine + ((long)i * length), length);
            }

            carrier.AllGather(mine, all, row * sizeof(T), operation);
            var tree = NewTree<T>(shards, length);
            for (int rank = 0; rank < carrier.Size; rank++)
            {
                for (int i = 0; i < places[rank].Length; i++)
                {
                    tree.Add(places[rank][i], new Part((nint)(all + ((long)rank * row) + ((long)i * length)), IsScratch: true));
                }
            }

            Copy((T*)tree.Nodes[0].Sum.Data, sum, length);
        }
    }

    /// <summary>Gets this rank's slice of all sums, and joins it.</summary>
    private static void JoinSlice<T>(Carrier carrier, int shards, TreeNode[][] places, ReadOnlySpan<nint> own, T* scratch, T* sum, long length, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int me, int size) = (carrier.Rank, carrier.Size);
        (long start, long count) = (SliceStart(length, me, size), SliceLength(length, me, size));
        var sent = new List<Parcel>();
        var received = new List<Parcel>();
        var parts = new List<(TreeNode, Part)>();
        for (int rank = 0; rank < size; rank++)
        {
            for (int i = 0; i < places[rank].Length; i++)
            {
                T* data = rank == me ? (T*)own[i] + start : scratch + (received.Count * count);
                parts.Add((places[rank][i], new Part((nint)data, IsScratch: rank != me)));
                if (rank != me)
                {
                    received.Add(new Parcel(rank, data, count * sizeof(T)));
                }
            }
        }

        // From the next rank on, so that not all send to the same.
        for (int step = 1; step < size; step++)
        {
            int rank = (me + step) % size;
            for (int i = 0; i < own.Length; i++)
            {
                sent.Add(new Parcel(rank, (T*)own[i] + SliceStart(length, rank, size), SliceLength(length, rank, size) * sizeof(T)));
            }
        }

        carrier.Move(CollectionsMarshal.AsSpan(sent), CollectionsMarshal.AsSpan(received), operation);
        var tree = NewTree<T>(shards, count);
        foreach ((TreeNode place, Part part) in parts)
        {
            tree.Add(place, part);
        }

        Copy((T*)tree.Nodes[0].Sum.Data, sum + start, count);
    }

    /// <summary>Gives the joined slice to all, and gets theirs.</summary>
    private static void ShareSlices<T>(Carrier carrier, T* sum, long length, string operation) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int me, int size) = (carrier.Rank, carrier.Size);
        var sent = new Parcel[size - 1];
        var received = new Parcel[size - 1];
        for (int step = 1; step < size; step++)
        {
            int rank = (me + step) % size;
            sent[step - 1] = new Parcel(rank, sum + SliceStart(length, me, size), SliceLength(length, me, size) * sizeof(T));
            received[step - 1] = new Parcel(rank, sum + SliceStart(length, rank, size), SliceLength(length, rank, size) * sizeof(T));
        }

        carrier.Move(sent, received, operation);
    }

    /// <summary>A sum of which the numbers lie somewhere.</summary>
    private readonly record struct Part(nint Data, bool IsScratch);

    private static ShardTree<Part> NewTree<T>(int shards, long length) where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(shards, (left, right) =>
    {
        // Of two places that meet one at least came from another rank.
        Part target = left.IsScratch ? left : right;
        for (long done = 0; done < length; done += int.MaxValue)
        {
            int count = (int)Math.Min(length - done, int.MaxValue);
            VectorMath.Add<T>(new ReadOnlySpan<T>((T*)left.Data + done, count), new ReadOnlySpan<T>((T*)right.Data + done, count), new Span<T>((T*)target.Data + done, count));
        }

        return target;
    });

    private static long SliceStart(long length, int rank, int size) => (long)((Int128)length * rank / size);

    private static long SliceLength(long length, int rank, int size) => SliceStart(length, rank + 1, size) - SliceStart(length, rank, size);

    private static void Copy<T>(T* from, T* to, long length) where T : unmanaged
    {
        if (from != to)
        {
            Buffer.MemoryCopy(from, to, length * sizeof(T), length * sizeof(T));
        }
    }
}
