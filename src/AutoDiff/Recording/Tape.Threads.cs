namespace AutoDiff;

// What other threads may do with a tape: read what it recorded, sweep over it, dispose it. Nothing else: only its own thread changes it.
//
// A thread that reads says so before it looks whether what it reads is still there, and the own thread takes it away before it looks whether somebody reads, with a barrier between the two on both
// sides (as in Dekker's algorithm). So either the reader finds nothing, or the own thread leaves memory that was taken away to the collector instead of using it again.
public sealed partial class Tape<T>
{
    private readonly RecordingThread owner;

    /// <summary>Whether another thread has read what was recorded: no memory of the tape is used again from then on.</summary>
    private volatile bool shared;

    /// <summary>The number of sweeps of the own thread that are under way.</summary>
    private int sweeps;

    /// <summary>Arrays of records that became too small while a sweep read them.</summary>
    private List<Record<T>[]>? outgrown;

    /// <summary>Whether memory of the tape may be used again. Called after it has been taken off the tape.</summary>
    private bool MayReuse
    {
        get
        {
            Interlocked.MemoryBarrier();
            return !shared;
        }
    }

    /// <summary>Called before values are read, on any thread.</summary>
    internal void NoteReader()
    {
        if (!owner.IsCurrent)
        {
            Share();
        }
    }

    /// <summary>Called when another thread begins to read. The tape may just be becoming a part of another.</summary>
    private void Share()
    {
        Tape<T> root;
        do
        {
            root = Root;
            root.shared = true;
            Interlocked.MemoryBarrier();
        }
        while (!ReferenceEquals(root, Root));
    }

    /// <summary>
    /// Begins a sweep and gives the records to read: what was recorded until now, whatever is recorded, taken back or disposed meanwhile. While a sweep of its own thread runs over it, a tape does not
    /// become a part of another.
    /// </summary>
    /// <remarks>What a sweep that is not recorded finds are numbers: in a program that is to run again they would stay what they are at the first run.</remarks>
    internal Record<T>[] BeginSweep(ReadOnlySpan<Tensor<T>> ys, ReadOnlySpan<Tensor<T>> xs, bool recorded)
    {
        if (!recorded && Reads is not null)
        {
            throw Errors.Tape(nameof(Differentiate.Compile), "the function takes derivatives by sweeps that are not recorded, which give numbers", "derivatives that can be differentiated again",
                "take dense derivatives (Gradient, Jacobian, Hessian) inside of the function, or sparse ones outside");
        }

        if (owner.IsCurrent)
        {
            sweeps++;
            return records;
        }

        Share();
        Record<T>[] all = Volatile.Read(ref records);
        CheckHeld(ys);
        CheckHeld(xs);
        return all;
    }

    /// <summary>Ends a sweep. One of another thread gives nothing if what it read was taken back meanwhile.</summary>
    internal void EndSweep(ReadOnlySpan<Tensor<T>> ys, ReadOnlySpan<Tensor<T>> xs)
    {
        if (!owner.IsCurrent)
        {
            Interlocked.MemoryBarrier();
            CheckHeld(ys);
            CheckHeld(xs);
            return;
        }

        if (--sweeps == 0 && outgrown is not null)
        {
            bool reuse = MayReuse;
            foreach (Record<T>[] array in outgrown)
            {
                Return(array, array.Length, reuse);
            }

            outgrown = null;
        }
    }

    /// <summary>Checks that tensors are still on the tape, at the places where a sweep looks for them.</summary>
    private void CheckHeld(ReadOnlySpan<Tensor<T>> tensors)
    {
        Tape<T> root = Root;
        foreach (Tensor<T> x in tensors)
        {
            int index = root.IndexOf(x);
            Record<T>[] all = Volatile.Read(ref root.records);
            if (root.disposed || (uint)index >= (uint)Math.Min(Volatile.Read(ref root.count), all.Length) || !ReferenceEquals(all[index]?.Output, x))
            {
                throw Errors.DisposedTape(Shapes.Format(x.Shape));
            }
        }
    }
}
