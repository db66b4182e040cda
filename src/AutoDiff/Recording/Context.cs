using System.Numerics;

namespace AutoDiff;

/// <summary>
/// What code on a thread runs in, for tensors of one element type: all that an operation is not told by its operands. It is entered in one way, <c>using (Context&lt;T&gt;.Enter(tape, scratch))</c>,
/// and left with what was there before, however the code ends.
/// </summary>
internal sealed class Context<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>That of the calling thread.</summary>
    public static Context<T> Current => RecordingThread.Current.In<T>();

    /// <summary>The tape that functions of functions record on; null where each has one of its own.</summary>
    public Tape<T>? Tape { get; private set; }

    /// <summary>What a rule of an unrecorded sweep rents, to be taken back when it is done. While there is one, nothing is recorded, and reading numbers is no look of the program's.</summary>
    public Scratch<T>? Scratch { get; private set; }

    /// <summary>Which tensors that carry tangents the code may use, where that is limited.</summary>
    public Tape<T>.InputGuard? Guard { get; set; }

    /// <summary>Enters a context: that of a function, which records (<paramref name="scratch"/> is null), or that of the rules of an unrecorded sweep.</summary>
    public static Around Enter(Tape<T>? tape, Scratch<T>? scratch = null)
    {
        Context<T> context = Current;
        var around = new Around(context);
        (context.Tape, context.Scratch) = (tape, scratch);
        return around;
    }

    /// <summary>Enters the context of code that may keep what it makes (a user's rule): nothing it rents is taken back.</summary>
    public static Around EnterOutside() => Enter(Current.Tape);

    /// <summary>What was there before.</summary>
    public readonly struct Around(Context<T> context) : IDisposable
    {
        private readonly Tape<T>? tape = context.Tape;
        private readonly Scratch<T>? scratch = context.Scratch;

        /// <summary>The scratch of the code around.</summary>
        public Scratch<T>? Scratch => scratch;

        public void Dispose() => (context.Tape, context.Scratch) = (tape, scratch);
    }
}

/// <summary>
/// What one rule of an unrecorded sweep rents. Nobody but the sweep can reach these tensors, so when the rule is done everything that no cotangent slot kept goes back to the pool at once:
/// a backward sweep then runs in a few buffers that stay in the cache, instead of leaving garbage at every step.
/// </summary>
internal sealed class Scratch<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private List<Buffer<T>>? rented;

    public void Add(Buffer<T> buffer) => (rented ??= []).Add(buffer);

    public void ReleaseAll()
    {
        if (rented is null)
        {
            return;
        }

        foreach (Buffer<T> buffer in rented)
        {
            buffer.Release();
        }

        rented.Clear();
    }
}
