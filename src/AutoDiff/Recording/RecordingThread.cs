using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff;

/// <summary>What belongs to a thread that records. Its tapes know it, so that recording an operation looks nothing up.</summary>
internal sealed class RecordingThread
{
    [ThreadStatic]
    private static RecordingThread? current;

    /// <summary>The tapes that recorded behind the savepoints that are set, with their lengths before; those of the innermost savepoint last.</summary>
    private readonly List<(ISaved Tape, int Count)> noted = [];
    private int firstNoted;

    private readonly Context<float> ofFloats = new();
    private readonly Context<double> ofDoubles = new();

    private TapeScope? scope;
    private volatile bool scopesClosed;

    /// <summary>That of the calling thread.</summary>
    /// <remarks>Every operation asks for it: the way that is taken once in a thread's life stands apart, so that the other is inlined.</remarks>
    public static RecordingThread Current => current ?? Begin();

    /// <summary>What code on this thread runs in, for tensors of one element type.</summary>
    public Context<T> In<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? (Context<T>)(object)ofFloats : typeof(T) == typeof(double) ? (Context<T>)(object)ofDoubles : throw Errors.ElementType(typeof(T).Name);

    /// <summary>Whether the calling thread is this one.</summary>
    public bool IsCurrent => ReferenceEquals(current, this);

    /// <summary>The innermost open scope. Scopes that another thread has closed (after an await, say) are left here.</summary>
    public TapeScope? Scope
    {
        get => scopesClosed ? DropClosed() : scope;
        set => scope = value;
    }

    /// <summary>Called on another thread: the scopes are looked through when this one next asks.</summary>
    public void NoteClosed() => scopesClosed = true;

    private long numbers;

    /// <summary>The innermost savepoint that is set, by its number; 0 for none.</summary>
    public long Savepoint { get; private set; }

    /// <summary>Whether a tape has been noted behind the innermost savepoint.</summary>
    public bool AnythingNoted => noted.Count > firstNoted;

    /// <summary>Whether no tape but one has been noted behind the innermost savepoint.</summary>
    public bool NotedOnly(ISaved tape) => noted.Count == firstNoted || (noted.Count == firstNoted + 1 && ReferenceEquals(noted[firstNoted].Tape, tape));

    /// <summary>Tapes and savepoints are numbered together, in the order in which they are made.</summary>
    public long NextNumber() => ++numbers;

    /// <summary>Notes the length of a tape that is about to record behind the innermost savepoint, unless it was made behind it: nobody else has that one.</summary>
    public void Note(ISaved tape, int count)
    {
        if (tape.Born < Savepoint && !IsNoted(tape, firstNoted, noted.Count))
        {
            noted.Add((tape, count));
        }
    }

    /// <summary>Sets a savepoint, and gives what <see cref="EndSavepoint"/> needs to know of the one around it.</summary>
    public (long Outer, int FirstOfOuter) SetSavepoint()
    {
        (long, int) around = (Savepoint, firstNoted);
        Savepoint = NextNumber();
        firstNoted = noted.Count;
        return around;
    }

    public void EndSavepoint(long outer, int firstOfOuter, bool keep)
    {
        int first = firstNoted;
        (Savepoint, firstNoted) = (outer, firstOfOuter);
        if (noted.Count == first)
        {
            return;
        }

        if (!keep)
        {
            for (int i = first; i < noted.Count; i++)
            {
                noted[i].Tape.BringBack(noted[i].Count);
            }

            for (int i = first; i < noted.Count; i++)
            {
                noted[i].Tape.Separate();
            }

            for (int i = first; i < noted.Count; i++)
            {
                noted[i].Tape.Truncate(noted[i].Count);
            }
        }

        // What was kept, the savepoint around this one may still take back.
        int kept = first;
        for (int i = first; i < noted.Count && keep; i++)
        {
            if (noted[i].Tape.Born < outer && !IsNoted(noted[i].Tape, firstOfOuter, first))
            {
                noted[kept++] = noted[i];
            }
        }

        noted.RemoveRange(kept, noted.Count - kept);
    }

    private bool IsNoted(ISaved tape, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            if (ReferenceEquals(noted[i].Tape, tape))
            {
                return true;
            }
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static RecordingThread Begin() => current = new RecordingThread();

    private TapeScope? DropClosed()
    {
        scopesClosed = false;
        for (TapeScope? open = scope; open is not null; open = open.Parent)
        {
            if (open.IsClosed)
            {
                scope = open.Parent;
            }
        }

        return scope;
    }
}
