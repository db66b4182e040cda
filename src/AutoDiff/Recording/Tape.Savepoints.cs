namespace AutoDiff;

// Going back to a savepoint.
public sealed partial class Tape<T>
{
    private readonly long born;

    /// <summary>The innermost savepoint when the tape last looked.</summary>
    private long noted;

    long ISaved.Born => born;

    void ISaved.Truncate(int length) => Truncate(length);

    void ISaved.BringBack(int length)
    {
        if (joinedTo is null || IsDisposed)
        {
            return;
        }

        Tape<T> root = Root;
        int start = 0;
        for (Tape<T> part = this; part.joinedTo is { } whole; part = whole)
        {
            start += part.joinedAt;
        }

        var own = new Record<T>[Math.Max(length, InitialCapacity)];
        root.records.AsSpan(start, length).CopyTo(own);
        if (!root.MayReuse)
        {
            // Another thread may be sweeping over the array.
            root.records = [.. root.records];
        }

        root.records.AsSpan(start, length).Clear();
        (records, count) = (own, length);
    }

    void ISaved.Separate()
    {
        if (!IsDisposed)
        {
            joinedTo = null;
        }
    }

    /// <summary>Called before the tape grows, or becomes a part of another.</summary>
    private void NoteLength()
    {
        noted = owner.Savepoint;
        if (noted != 0)
        {
            owner.Note(this, count);
        }
    }
}
