using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using AutoDiff.Distributed.Transport;

namespace AutoDiff.Distributed.Mpi;

/// <summary>
/// MPI in this process, from its start to its end: there is one of it. It hears of ranks that leave, so that nobody waits for them, and sees to it that a rank which ends with an exception ends the others.
/// </summary>
internal sealed unsafe class MpiSession
{
    private const int FarewellTag = 3;
    private const int FarewellBytes = 512;

    /// <summary>The most time that MPI has to end, when all ranks have left.</summary>
    private static readonly TimeSpan EndBound = TimeSpan.FromSeconds(10);

    private static readonly Lock Gate = new();
    private static MpiSession? s_current;

    private readonly bool owner;
    private readonly int threadLevel;
    private readonly int thread = Environment.CurrentManagedThreadId;
    private readonly nint control;
    private readonly nint[] farewells;
    private readonly byte* farewellTexts;
    private readonly (string Reason, long Since)?[] left;
    private bool ended;
    private int calls;

    private MpiSession(MpiLibrary library)
    {
        Library = library;
        int flag = 0, level = 0;
        Check(MpiFunctions.MPI_Finalized(&flag), "FromMpi");
        if (flag != 0)
        {
            throw new CommunicatorException("FromMpi", "FromMpi: MPI has been ended in this process, and cannot be started again. Expected one start. To fix it, keep the communicator until the program ends.");
        }

        Check(MpiFunctions.MPI_Initialized(&flag), "FromMpi");
        owner = flag == 0;
        Check(owner ? MpiFunctions.MPI_Init_thread(null, null, library.Constants.Serialized, &level) : MpiFunctions.MPI_Query_thread(&level), "FromMpi");
        threadLevel = level;
        nint world = library.Constants.World;
        _ = MpiFunctions.MPI_Comm_set_errhandler(world, library.Constants.ErrorsReturn);
        int rank, size;
        Check(MpiFunctions.MPI_Comm_rank(world, &rank), "FromMpi");
        Check(MpiFunctions.MPI_Comm_size(world, &size), "FromMpi");
        (Rank, Size) = (rank, size);
        if (size == 1 && MpiLibrary.LaunchedRanks(Environment.GetEnvironmentVariable) is > 1 and var launched)
        {
            throw new CommunicatorException("FromMpi", Text.Of($"FromMpi: the launcher started {launched} ranks, but {library.Name} ({library.Version}) sees one. Expected the library that belongs to the launcher. ")
                + $"To fix it, name it in the environment variable {MpiLibrary.Setting}, or start with its own mpirun.");
        }

        nint own;
        Check(MpiFunctions.MPI_Comm_dup(world, &own), "FromMpi");
        control = own;
        left = new (string, long)?[size];
        farewells = new nint[size];
        farewellTexts = (byte*)NativeMemory.AllocZeroed((nuint)size, FarewellBytes);
        for (int other = 0; other < size; other++)
        {
            if (other != rank)
            {
                nint request;
                Check(MpiFunctions.MPI_Irecv(farewellTexts + ((long)other * FarewellBytes), FarewellBytes, library.Constants.Byte, other, FarewellTag, control, &request), "FromMpi");
                farewells[other] = request;
            }
        }

        AppDomain.CurrentDomain.UnhandledException += OnUnhandledException;
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
    }

    public MpiLibrary Library { get; }

    public int Rank { get; }

    public int Size { get; }

    /// <summary>Whether a call has failed in such a way that ranks no longer agree on what comes next.</summary>
    public bool IsBroken { get; set; }

    /// <summary>MPI, started.</summary>
    public static MpiSession Start()
    {
        lock (Gate)
        {
            return s_current ??= new MpiSession(MpiLibrary.Load());
        }
    }

    /// <summary>Throws where a function of MPI failed.</summary>
    public static void Check(int code, string operation)
    {
        if (code != 0)
        {
            throw new CommunicatorException(operation, $"{operation}: MPI reports '{MpiLibrary.ErrorText(code)}'. Expected success. To fix it, check the network, and that all ranks run the same program.");
        }
    }

    /// <summary>Notes that a call has ended.</summary>
    public void EndCall() => Interlocked.Decrement(ref calls);

    /// <summary>Notes that a call begins, by a thread that may call MPI now.</summary>
    public void BeginCall(string operation)
    {
        CheckThread(operation);
        Interlocked.Increment(ref calls);
    }

    /// <summary>Checks that this thread may call MPI now.</summary>
    public void CheckThread(string operation)
    {
        if (ended)
        {
            throw new ObjectDisposedException(nameof(Communicator), $"{operation}: this rank has left. Expected a communicator that is not disposed. To fix it, dispose it at the end of the program.");
        }

        if (IsBroken)
        {
            throw new CommunicatorException(operation, $"{operation}: a call before has failed, and ranks no longer agree on what comes next. Expected a working communicator. To fix it, end the program, and start again from a checkpoint.");
        }

        if (threadLevel < Library.Constants.Serialized && Environment.CurrentManagedThreadId != thread)
        {
            throw new CommunicatorException(operation, $"{operation}: this MPI takes calls from the thread alone that started it. Expected that thread. To fix it, call from the thread that called FromMpi.");
        }
    }

    /// <summary>Why a rank has left, or null where it has not, or only just.</summary>
    public string? ReasonOfLeaving(int rank, TimeSpan grace)
    {
        if (rank != Rank && left[rank] is null && farewells[rank] != 0)
        {
            int done = 0;
            nint request = farewells[rank];
            byte* status = stackalloc byte[MpiConstants.StatusBytes];
            Check(MpiFunctions.MPI_Test(&request, &done, status), nameof(Communicator));
            farewells[rank] = done != 0 ? 0 : request;
            if (done != 0)
            {
                left[rank] = (Marshal.PtrToStringUTF8((nint)(farewellTexts + ((long)rank * FarewellBytes))) ?? "", Stopwatch.GetTimestamp());
            }
        }

        return left[rank] is var (reason, since) && Stopwatch.GetElapsedTime(since) >= grace ? reason : null;
    }

    /// <summary>Ends MPI in this process, when all ranks do. After a failure there is no orderly end: then all ranks are ended.</summary>
    /// <param name="reason">Why, for those that wait for this rank.</param>
    /// <param name="exiting">Whether the process is about to end.</param>
    public void Leave(string reason, bool exiting = false)
    {
        if (ended)
        {
            return;
        }

        ended = true;
        AppDomain.CurrentDomain.UnhandledException -= OnUnhandledException;
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        if (IsBroken)
        {
            Abort(1, "it leaves after a failure");
        }

        // The farewells are a barrier as well: MPI ends where all have arrived.
        byte* text = stackalloc byte[FarewellBytes];
        _ = Encoding.UTF8.TryGetBytes(reason.Length > FarewellBytes / 4 ? reason[..(FarewellBytes / 4)] : reason, new Span<byte>(text, FarewellBytes - 1), out int length);
        text[length] = 0;
        var sent = new nint[Size];
        for (int other = 0; other < Size; other++)
        {
            if (other != Rank)
            {
                nint request;
                Check(MpiFunctions.MPI_Isend(text, FarewellBytes, Library.Constants.Byte, other, FarewellTag, control, &request), nameof(Communicator.Dispose));
                sent[other] = request;
            }
        }

        byte* status = stackalloc byte[MpiConstants.StatusBytes];
        for (int other = 0; other < Size; other++)
        {
            for (var pause = new Pause(); other != Rank && (!Done(ref sent[other], status) || ReasonOfLeaving(other, TimeSpan.Zero) is null);)
            {
                pause.Once();
            }
        }

        if (owner)
        {
            End(exiting);
        }
    }

    /// <summary>
    /// Ends MPI, in bounded time: there are libraries that rarely wait within MPI_Finalize for ever, when all has been done. Then the program goes on, and the process ends without the library's own clearing up.
    /// </summary>
    private void End(bool exiting)
    {
        if (threadLevel < Library.Constants.Serialized)
        {
            _ = MpiFunctions.MPI_Finalize();
            return;
        }

        var end = new Thread(static () => _ = MpiFunctions.MPI_Finalize()) { Name = "MPI_Finalize", IsBackground = true };
        end.Start();
        if (end.Join(EndBound))
        {
            return;
        }

        Console.Error.WriteLine(Text.Of($"AutoDiff.Distributed: rank {Rank} of {Size}: MPI_Finalize has not returned for {EndBound.TotalSeconds:0} s. All ranks have done their work, and this one ends without it."));
        if (exiting)
        {
            NativeEnvironment.EndProcess();
        }
        else
        {
            AppDomain.CurrentDomain.ProcessExit += static (_, _) => NativeEnvironment.EndProcess();
        }
    }

    private static bool Done(ref nint request, byte* status)
    {
        int done = 1;
        if (request != 0)
        {
            nint pending = request;
            Check(MpiFunctions.MPI_Test(&pending, &done, status), nameof(Communicator.Dispose));
            request = done != 0 ? 0 : pending;
        }

        return done != 0;
    }

    private void Abort(int code, string why)
    {
        Console.Error.WriteLine($"AutoDiff.Distributed: rank {Rank} of {Size} ends all ranks: {why}");
        Console.Error.Flush();

        // A launcher may end before it has passed on what was written just before: MPICH's loses it once in 25 times, and never after a fiftieth of a second.
        Thread.Sleep(200);
        _ = MpiFunctions.MPI_Abort(Library.Constants.World, code);
    }

    private void OnUnhandledException(object sender, UnhandledExceptionEventArgs e)
    {
        ended = true;
        Abort(1, $"it ended with an exception.\n{e.ExceptionObject}");
    }

    private void OnProcessExit(object? sender, EventArgs e)
    {
        // In the middle of a call (after a signal, say) the process simply ends, and the launcher ends the others.
        if (!ended && Volatile.Read(ref calls) == 0 && (threadLevel >= Library.Constants.Serialized || Environment.CurrentManagedThreadId == thread))
        {
            if (Environment.ExitCode != 0)
            {
                ended = true;
                Abort(Environment.ExitCode, Text.Of($"its exit code is {Environment.ExitCode}"));
            }
            else
            {
                Leave("its program has ended", exiting: true);
            }
        }
    }
}
