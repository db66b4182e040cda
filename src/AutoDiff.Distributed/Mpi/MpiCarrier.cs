using System.Numerics;
using AutoDiff.Distributed.Transport;

namespace AutoDiff.Distributed.Mpi;

/// <summary>
/// Bytes between processes. Whatever may wait for others is started without blocking and then asked for again and again, so that a rank which waits in vain finds out: the other has left, or does not come.
/// </summary>
internal sealed unsafe class MpiCarrier : Carrier
{
    private const int Tag = 1;

    /// <summary>What a rank sent before it left may still be on its way for so long.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>The most bytes of a message, for the counts of MPI are of 32 bits. Tests make it small.</summary>
    internal static int LargestPiece = 1 << 30;

    private readonly MpiSession session;
    private readonly nint communicator;
    private readonly CommunicatorOptions options;

    /// <summary>The ranks here, by their numbers in the world.</summary>
    private readonly int[] worldRanks;

    private readonly bool isWorld;
    private int busy;

    private MpiCarrier(MpiSession session, nint communicator, int rank, int[] worldRanks, CommunicatorOptions options, bool isWorld) : base(rank, worldRanks.Length)
    {
        (this.session, this.communicator, this.worldRanks, this.options, this.isWorld) = (session, communicator, worldRanks, options, isWorld);
        _ = MpiFunctions.MPI_Comm_set_errhandler(communicator, session.Library.Constants.ErrorsReturn);
    }

    public override string Description => session.Library.Version;

    public override bool Checks => options.ChecksBetweenProcesses;

    private MpiConstants Constants => session.Library.Constants;

    /// <summary>All ranks that the launcher started.</summary>
    public static MpiCarrier World(CommunicatorOptions options)
    {
        MpiSession session = MpiSession.Start();
        session.CheckThread(nameof(Communicator.FromMpi));
        nint copy;
        MpiSession.Check(MpiFunctions.MPI_Comm_dup(session.Library.Constants.World, &copy), nameof(Communicator.FromMpi));
        return new MpiCarrier(session, copy, session.Rank, [.. Enumerable.Range(0, session.Size)], options, isWorld: true);
    }

    public override void Move(ReadOnlySpan<Parcel> sent, ReadOnlySpan<Parcel> received, string operation)
    {
        using var call = new Call(this, operation);
        foreach (Parcel parcel in received)
        {
            for (long done = 0; done == 0 || done < parcel.Length; done += LargestPiece)
            {
                nint request;
                int count = (int)Math.Min(parcel.Length - done, LargestPiece);
                call.Check(MpiFunctions.MPI_Irecv(parcel.Data + done, count, Constants.Byte, parcel.Peer, Tag, communicator, &request));
                call.Add(request, parcel.Peer, count);
            }
        }

        foreach (Parcel parcel in sent)
        {
            for (long done = 0; done == 0 || done < parcel.Length; done += LargestPiece)
            {
                nint request;
                call.Check(MpiFunctions.MPI_Isend(parcel.Data + done, (int)Math.Min(parcel.Length - done, LargestPiece), Constants.Byte, parcel.Peer, Tag, communicator, &request));
                call.Add(request, parcel.Peer);
            }
        }

        call.Wait();
    }

    public override void AllGather(void* own, void* all, int length, string operation)
    {
        using var call = new Call(this, operation);
        nint request;
        call.Check(MpiFunctions.MPI_Iallgather(own, length, Constants.Byte, all, length, Constants.Byte, communicator, &request));
        call.Add(request);
        call.Wait();
    }

    public override void Broadcast(void* data, long length, int root, string operation)
    {
        using var call = new Call(this, operation);
        for (long done = 0; done < length; done += LargestPiece)
        {
            nint request;
            call.Check(MpiFunctions.MPI_Ibcast((byte*)data + done, (int)Math.Min(length - done, LargestPiece), Constants.Byte, root, communicator, &request));
            call.Add(request);
        }

        call.Wait();
    }

    public override void SumInAnyOrder<T>(T* own, T* sum, long length, string operation)
    {
        // MPI's own sum blocks, and is the fastest that it has: it is called when all have come.
        Barrier(operation);
        using var call = new Call(this, operation);
        int piece = LargestPiece / sizeof(T);
        nint type = sizeof(T) == sizeof(float) ? Constants.Float : Constants.Double;
        for (long done = 0; done < length; done += piece)
        {
            call.Check(MpiFunctions.MPI_Allreduce(own + done, sum + done, (int)Math.Min(length - done, piece), type, Constants.Sum, communicator));
        }
    }

    public override void Barrier(string operation)
    {
        using var call = new Call(this, operation);
        nint request;
        call.Check(MpiFunctions.MPI_Ibarrier(communicator, &request));
        call.Add(request);
        call.Wait();
    }

    public override Carrier Split(int color, int key)
    {
        // Who is where is exchanged first, without blocking: MPI's own call is made when all have come.
        int* own = stackalloc int[2];
        (own[0], own[1]) = (color, worldRanks[Rank]);
        var all = new int[2 * Size];
        fixed (int* to = all)
        {
            AllGather(own, to, 2 * sizeof(int), nameof(Communicator.Split));
        }

        using var call = new Call(this, nameof(Communicator.Split));
        nint part;
        int rank, size;
        call.Check(MpiFunctions.MPI_Comm_split(communicator, color, key, &part));
        call.Check(MpiFunctions.MPI_Comm_rank(part, &rank));
        call.Check(MpiFunctions.MPI_Comm_size(part, &size));
        int world = worldRanks[Rank];
        var ranks = new int[size];
        var carrier = new MpiCarrier(session, part, rank, ranks, options, isWorld: false);
        fixed (int* to = ranks)
        {
            carrier.AllGather(&world, to, sizeof(int), nameof(Communicator.Split));
        }

        return carrier;
    }

    public override void Leave(string reason)
    {
        // The parts are freed with the whole: freeing is collective, and those who share a part need not leave it together.
        if (isWorld)
        {
            session.Leave(reason);
        }
    }

    /// <summary>A call in progress: what it has started and what it waits for. One at a time.</summary>
    private readonly ref struct Call
    {
        private readonly MpiCarrier carrier;
        private readonly string operation;
        private readonly List<Started> pending = [];

        public Call(MpiCarrier carrier, string operation)
        {
            (this.carrier, this.operation) = (carrier, operation);
            if (Interlocked.Exchange(ref carrier.busy, 1) != 0)
            {
                throw new CommunicatorException(operation, $"{operation}: another thread is in a call of the same communicator. Expected one thread at a time. To fix it, let one thread of the rank communicate.");
            }

            try
            {
                carrier.session.BeginCall(operation);
            }
            catch
            {
                Volatile.Write(ref carrier.busy, 0);
                throw;
            }
        }

        private readonly record struct Started(nint Request, int Peer, int Count);

        /// <summary>Notes what has been started.</summary>
        /// <param name="request">MPI's request.</param>
        /// <param name="peer">The rank it depends on; -1 for all.</param>
        /// <param name="count">The bytes that have to arrive; -1 for none.</param>
        public void Add(nint request, int peer = -1, int count = -1) => pending.Add(new Started(request, peer, count));

        public void Check(int code)
        {
            if (code != 0)
            {
                carrier.session.IsBroken = true;
                MpiSession.Check(code, operation);
            }
        }

        public void Wait()
        {
            byte* status = stackalloc byte[MpiConstants.StatusBytes];
            for (var pause = new Pause(); ;)
            {
                for (int i = pending.Count - 1; i >= 0; i--)
                {
                    (nint request, int peer, int count) = pending[i];
                    int done = 0;
                    Check(MpiFunctions.MPI_Test(&request, &done, status));
                    if (done != 0)
                    {
                        pending.RemoveAt(i);
                        CheckLength(status, peer, count);
                    }
                    else
                    {
                        pending[i] = new Started(request, peer, count);
                    }
                }

                if (pending.Count == 0)
                {
                    return;
                }

                if (pause.Once())
                {
                    Look(pause.Elapsed);
                }
            }
        }

        public void Dispose()
        {
            carrier.session.EndCall();
            Volatile.Write(ref carrier.busy, 0);
        }

        private void CheckLength(byte* status, int peer, int count)
        {
            int arrived;
            if (count >= 0 && MpiFunctions.MPI_Get_count(status, carrier.Constants.Byte, &arrived) == 0 && arrived != count)
            {
                carrier.session.IsBroken = true;
                throw new CommunicatorException(operation, Text.Of($"{operation}: {arrived} bytes came from rank {peer}. Expected {count}. To fix it, give the shapes that the other rank sends."));
            }
        }

        /// <summary>Looks whether the wait is in vain.</summary>
        private void Look(TimeSpan waited)
        {
            bool late = carrier.options.Timeout != Timeout.InfiniteTimeSpan && waited > carrier.options.Timeout;
            for (int rank = 0; rank < carrier.Size; rank++)
            {
                if (rank != carrier.Rank && pending.Exists(started => started.Peer < 0 || started.Peer == rank) && carrier.session.ReasonOfLeaving(carrier.worldRanks[rank], Grace) is { } reason)
                {
                    carrier.session.IsBroken = true;
                    throw new CommunicatorException(operation, Text.Of($"{operation}: rank {rank} has left ({reason}), and rank {carrier.Rank} waits for it. Expected all ranks to make the same calls. ")
                        + "To fix it, see what happened on the other rank, and let all ranks make as many calls.");
                }
            }

            if (late)
            {
                carrier.session.IsBroken = true;
                string peers = pending.Exists(static started => started.Peer < 0) ? "the others" : "rank " + string.Join(", ", pending.Select(static started => started.Peer).Distinct().Order());
                throw new CommunicatorException(operation, Text.Of($"{operation}: rank {carrier.Rank} has waited for {peers} for {waited.TotalSeconds:0} s. Expected them to make the same call. ")
                    + "To fix it, see what they do, switch on the checks (CommunicatorOptions.Check), or give a longer Timeout.");
            }
        }
    }
}
