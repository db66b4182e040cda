using System.Diagnostics;
using System.Numerics;
using AutoDiff.Distributed.Summing;

namespace AutoDiff.Distributed.Transport;

/// <summary>Bytes between the threads of a process, each of which is a rank.</summary>
internal sealed unsafe class ThreadCarrier(Hub hub, int rank, CommunicatorOptions options) : Carrier(rank, hub.WorldRanks.Length)
{
    /// <summary>How the reason of a rank begins that leaves because of an exception.</summary>
    public const string Failed = "it ended with ";

    private int splits;

    public override string Description => "threads of one process";

    public override bool Checks => options.Check ?? true;

    /// <summary>The ranks of a new world of threads.</summary>
    public static ThreadCarrier[] World(int count, CommunicatorOptions options)
    {
        var hub = new Hub([.. Enumerable.Range(0, count)], new string?[count], new object());
        return [.. Enumerable.Range(0, count).Select(rank => new ThreadCarrier(hub, rank, options))];
    }

    public override void Move(ReadOnlySpan<Parcel> sent, ReadOnlySpan<Parcel> received, string operation)
    {
        var own = new Hub.Sent[sent.Length];
        long start = Stopwatch.GetTimestamp();
        bool over = false;
        lock (hub.Gate)
        {
            CheckPresent(operation);
            for (int i = 0; i < own.Length; i++)
            {
                own[i] = new Hub.Sent(sent[i]);
                hub.Between(Rank, sent[i].Peer).AddLast(own[i]);
            }

            Monitor.PulseAll(hub.Gate);
        }

        try
        {
            foreach (Parcel parcel in received)
            {
                Take(parcel, start, operation);
            }

            lock (hub.Gate)
            {
                foreach (Hub.Sent parcel in own)
                {
                    while (!parcel.IsTaken)
                    {
                        Wait(parcel.Parcel.Peer, start, operation);
                    }
                }
            }

            over = true;
        }
        finally
        {
            if (!over)
            {
                TakeBack(own);
            }
        }
    }

    public override void AllGather(void* own, void* all, int length, string operation)
    {
        var sent = new Parcel[Size - 1];
        var received = new Parcel[Size - 1];
        for (int other = 0, i = 0; other < Size; other++)
        {
            if (other != Rank)
            {
                sent[i] = new Parcel(other, own, length);
                received[i++] = new Parcel(other, (byte*)all + ((long)other * length), length);
            }
        }

        new ReadOnlySpan<byte>(own, length).CopyTo(new Span<byte>((byte*)all + ((long)Rank * length), length));
        Move(sent, received, operation);
    }

    public override void Broadcast(void* data, long length, int root, string operation)
    {
        if (Rank == root)
        {
            Move([.. Enumerable.Range(0, Size).Where(other => other != root).Select(other => new Parcel(other, data, length))], [], operation);
        }
        else
        {
            Move([], [new Parcel(root, data, length)], operation);
        }
    }

    public override void SumInAnyOrder<T>(T* own, T* sum, long length, string operation) => OrderedSum.OfRanks(this, own, sum, length, operation);

    public override void Barrier(string operation)
    {
        byte* nothing = stackalloc byte[Size + 1];
        AllGather(nothing + Size, nothing, 1, operation);
    }

    public override Carrier Split(int color, int key)
    {
        int* own = stackalloc int[2];
        (own[0], own[1]) = (color, key);
        var all = new int[2 * Size];
        fixed (int* to = all)
        {
            AllGather(own, to, 2 * sizeof(int), nameof(Communicator.Split));
        }

        int[] members = [.. Enumerable.Range(0, Size).Where(other => all[2 * other] == color).OrderBy(other => all[(2 * other) + 1])];
        return new ThreadCarrier(hub.Part(splits++, color, Array.ConvertAll(members, other => hub.WorldRanks[other])), Array.IndexOf(members, Rank), options);
    }

    public override void Leave(string reason)
    {
        lock (hub.Gate)
        {
            hub.Reasons[hub.WorldRanks[Rank]] ??= reason;
            Monitor.PulseAll(hub.Gate);
        }
    }

    private void Take(Parcel target, long start, string operation)
    {
        Hub.Sent parcel;
        lock (hub.Gate)
        {
            LinkedList<Hub.Sent> queue = hub.Between(target.Peer, Rank);
            while (queue.Count == 0)
            {
                Wait(target.Peer, start, operation);
            }

            parcel = queue.First!.Value;
            queue.RemoveFirst();
            parcel.IsBeingTaken = true;
        }

        long length = parcel.Parcel.Length;
        if (length == target.Length)
        {
            Buffer.MemoryCopy(parcel.Parcel.Data, target.Data, length, length);
        }

        lock (hub.Gate)
        {
            parcel.IsTaken = true;
            Monitor.PulseAll(hub.Gate);
        }

        if (length != target.Length)
        {
            throw new CommunicatorException(operation, Text.Of($"{operation}: {length} bytes came from rank {target.Peer}. Expected {target.Length}. To fix it, give the shapes that the other rank sends."));
        }
    }

    /// <summary>Waits for news, with the gate held.</summary>
    private void Wait(int peer, long start, string operation)
    {
        if (hub.Reasons[hub.WorldRanks[peer]] is not null)
        {
            // A rank that failed is the cause why others left.
            int cause = Array.FindIndex(hub.WorldRanks, world => hub.Reasons[world]?.StartsWith(Failed, StringComparison.Ordinal) == true);
            peer = cause >= 0 ? cause : peer;
            string reason = hub.Reasons[hub.WorldRanks[peer]]!;
            throw new CommunicatorException(operation, Text.Of($"{operation}: rank {peer} has left ({reason}), and rank {Rank} waits for it. Expected all ranks to make the same calls. ")
                + "To fix it, see what happened on the other rank, and let all ranks make as many calls.");
        }

        TimeSpan waited = Stopwatch.GetElapsedTime(start);
        if (options.Timeout != Timeout.InfiniteTimeSpan && waited >= options.Timeout)
        {
            throw new CommunicatorException(operation, Text.Of($"{operation}: rank {Rank} has waited for rank {peer} for {waited.TotalSeconds:0} s. Expected it to make the same call. ")
                + "To fix it, see what it does, switch on the checks (CommunicatorOptions.Check), or give a longer Timeout.");
        }

        Monitor.Wait(hub.Gate, options.Timeout == Timeout.InfiniteTimeSpan ? Timeout.InfiniteTimeSpan : options.Timeout - waited);
    }

    private void CheckPresent(string operation)
    {
        if (hub.Reasons[hub.WorldRanks[Rank]] is not null)
        {
            throw new ObjectDisposedException(nameof(Communicator), $"{operation}: this rank has left. Expected a communicator that is not disposed. To fix it, dispose it when nothing is left to do.");
        }
    }

    /// <summary>Takes back what nobody has taken, for its memory will not stay.</summary>
    private void TakeBack(Hub.Sent[] own)
    {
        lock (hub.Gate)
        {
            foreach (Hub.Sent parcel in own)
            {
                if (!parcel.IsBeingTaken)
                {
                    hub.Between(Rank, parcel.Parcel.Peer).Remove(parcel);
                }

                while (parcel is { IsBeingTaken: true, IsTaken: false })
                {
                    Monitor.Wait(hub.Gate);
                }
            }
        }
    }
}
