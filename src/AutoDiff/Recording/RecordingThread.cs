namespace AutoDiff;

/// <summary>What belongs to a thread that records. Its tapes know it, so that recording an operation looks nothing up.</summary>
internal sealed class RecordingThread
{
    [ThreadStatic]
    private static RecordingThread? current;

    private TapeScope? scope;
    private volatile bool scopesClosed;

    /// <summary>That of the calling thread.</summary>
    public static RecordingThread Current => current ??= new RecordingThread();

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
