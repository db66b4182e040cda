namespace AutoDiff;

/// <summary>A tape, of whatever element type, as a savepoint sees it.</summary>
internal interface ISaved
{
    /// <summary>When the tape was made, among the tapes and savepoints of its thread.</summary>
    long Born { get; }

    /// <summary>Takes its first records out of the tape that it became a part of, and is itself again after <see cref="Separate"/>.</summary>
    void BringBack(int count);

    /// <summary>Ends being a part of another tape.</summary>
    void Separate();

    /// <summary>Takes back what was recorded from a place on.</summary>
    void Truncate(int length);
}

/// <summary>
/// The point to which the tapes of a thread go back if the code behind it fails: what it recorded on tapes that were there before is taken back, on every one of them, and a tape that became a part
/// of another is itself again. Savepoints nest.
/// </summary>
/// <remarks>Nothing is copied. A tape notes its length when it records for the first time behind a savepoint.</remarks>
internal readonly struct Savepoint
{
    private readonly RecordingThread thread;
    private readonly long outer;
    private readonly int firstOfOuter;

    private Savepoint(RecordingThread thread, long outer, int firstOfOuter) => (this.thread, this.outer, this.firstOfOuter) = (thread, outer, firstOfOuter);

    /// <summary>Sets a savepoint on the calling thread. It has to be ended on that thread, the inner ones first.</summary>
    public static Savepoint Set()
    {
        RecordingThread thread = RecordingThread.Current;
        (long outer, int firstOfOuter) = thread.SetSavepoint();
        return new Savepoint(thread, outer, firstOfOuter);
    }

    /// <summary>Runs code that records several operations. If it fails, what it recorded is taken back.</summary>
    public static TResult AllOrNothing<TResult>(Func<TResult> code)
    {
        bool completed = false;
        Savepoint savepoint = Set();
        try
        {
            TResult result = code();
            completed = true;
            return result;
        }
        finally
        {
            savepoint.End(completed);
        }
    }

    /// <summary>Whether something has been recorded since on a tape that was there before.</summary>
    public bool AnythingRecorded => thread.AnythingNoted;

    /// <summary>Whether all that has been recorded since on tapes that were there before is on one tape.</summary>
    public bool RecordedOnlyOn(ISaved tape) => thread.NotedOnly(tape);

    /// <summary>Ends the savepoint. What is kept is a part of what the savepoint around it may take back.</summary>
    public void End(bool keep) => thread.EndSavepoint(outer, firstOfOuter, keep);
}
