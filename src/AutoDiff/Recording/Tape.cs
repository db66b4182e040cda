using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>
/// The record of the operations applied to its variables, in the order in which they were made. A backward sweep over the tape applies vector-Jacobian products by the chain rule and
/// gives gradients; a forward sweep applies Jacobian-vector products.
/// </summary>
/// <remarks>
/// <para>Sweeps may be repeated; nothing is used up. Disposing the tape returns the memory of the recorded values for reuse; forgetting to dispose costs speed, never correctness.</para>
/// <para>
/// A tape records on the thread that made it. Different threads use tapes of their own, and may share constants. Another thread may read what was recorded, sweep over it (without recording the
/// sweep), and dispose the tape; a sweep works on what was recorded when it began. The memory of a tape that another thread has read is left to the collector.
/// </para>
/// </remarks>
/// <typeparam name="T">The element type, <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed partial class Tape<T> : IDisposable, ISaved where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Less than the smallest pooled array.</summary>
    private const int InitialCapacity = 8;

    /// <summary>The tape of what was taken back.</summary>
    private static readonly Tape<T> Nowhere = new(temporary: false, closed: true) { disposed = true };

    private readonly bool temporary;
    private readonly bool closed;
    private Record<T>[] records = new Record<T>[InitialCapacity];
    private int count;
    private bool disposed;
    private Tape<T>? joinedTo;
    private int joinedAt;

    /// <summary>Makes an empty tape that records on this thread.</summary>
    /// <exception cref="NotSupportedException">The element type is neither <see cref="float"/> nor <see cref="double"/>.</exception>
    public Tape() : this(temporary: false) => ElementType.Check<T>();

    /// <summary>Makes the tape of a function of functions: it may be joined to the tape of a variable that the function captured.</summary>
    /// <param name="temporary">Whether the tape may become a part of another.</param>
    /// <param name="closed">Whether nothing of another tape may be mixed with it.</param>
    internal Tape(bool temporary, bool closed = false)
    {
        (this.temporary, this.closed) = (temporary, closed);
        owner = RecordingThread.Current;
        (born, noted) = (owner.NextNumber(), owner.Savepoint);
    }

    /// <summary>The number of operations recorded, variables included.</summary>
    public int Count => Root.count;

    /// <summary>Whether the program has read numbers from recorded tensors: its further course may depend on them, so that a replay at other values could be another program.</summary>
    internal bool ValuesRead { get; private set; }

    /// <summary>What the program read, in order, where somebody wants to know; otherwise null.</summary>
    internal List<TapeRead<T>>? Reads { get; init; }

    /// <summary>
    /// Whether tensors of other tapes may be used in what is recorded here, as they are: of a program that will be recorded again, where those are. They are no part of this tape, and nothing depends on
    /// them here.
    /// </summary>
    internal bool Captures { get; init; }

    internal bool IsDisposed => Root.disposed;

    /// <summary>Whether this is the tape of a program that will run again at other values.</summary>
    internal bool IsClosed => closed;

    /// <summary>The tape that holds the records: this one, or the one it was joined to.</summary>
    internal Tape<T> Root => joinedTo is { } other ? other.Root : this;

    /// <summary>The records, for one loop over them.</summary>
    internal ReadOnlySpan<Record<T>> Records => records.AsSpan(0, count);

    /// <summary>The record at a place; an error if it has been taken back or disposed, perhaps on another thread.</summary>
    internal Record<T> this[int index]
    {
        get
        {
            Record<T>[] all = records;
            return (uint)index < (uint)all.Length && all[index] is { } record ? record : throw Errors.DisposedTape();
        }
    }

    /// <summary>Records a variable with the value of a tensor. Results computed from it are recorded, and can be differentiated with respect to it.</summary>
    /// <param name="value">The value; shared, not copied. If it is recorded on this tape already, derivatives flow through the new variable to it.</param>
    /// <param name="name">What reports and pictures call the variable; null for the expression of the value, where that is a name: <c>tape.Variable(weights)</c> is called weights.</param>
    /// <param name="expression">The expression of the value, which the compiler gives.</param>
    /// <returns>The variable, a tensor on this tape.</returns>
    /// <exception cref="ArgumentNullException">value is null.</exception>
    /// <exception cref="TapeException">The value is recorded on another tape, or this is not the tape's thread.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    /// <example>
    /// <code>
    /// using var tape = new Tape&lt;double>();
    /// Tensor&lt;double> x = tape.Variable(Tensor.Create(1, 2));
    /// Console.WriteLine(tape.Gradient((x * x).Sum(), x)); // => [2, 4]
    /// </code>
    /// </example>
    [OverloadResolutionPriority(1)] // A call takes the name along; the other form is for xs.Select(tape.Variable).
    public Tensor<T> Variable(Tensor<T> value, string? name = null, [CallerArgumentExpression(nameof(value))] string? expression = null)
    {
        Errors.NotNull(value, nameof(Variable), nameof(value));
        Tape<T> tape = Writable(this, nameof(Variable));
        if (value.RecordedOn is { } other)
        {
            tape = Join(this, other, nameof(Variable));
            return value.AgainOn(tape);
        }

        tape.KeepRecords();
        Tensor<T> variable = value.View(value.Dimensions);
        return tape.Append(new VariableRecord<T>(variable, name, expression));
    }

    /// <summary>Records a variable with the value of a tensor, without a name: <c>Array.ConvertAll(xs, tape.Variable)</c>.</summary>
    /// <param name="value">The value; shared, not copied. If it is recorded on this tape already, derivatives flow through the new variable to it.</param>
    /// <returns>The variable, a tensor on this tape.</returns>
    /// <exception cref="ArgumentNullException">value is null.</exception>
    /// <exception cref="TapeException">The value is recorded on another tape, or this is not the tape's thread.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public Tensor<T> Variable(Tensor<T> value) => Variable(value, null, null);

    /// <summary>Records a scalar variable.</summary>
    /// <param name="value">The number.</param>
    /// <param name="name">What reports and pictures call the variable; null for the expression of the value, where that is a name.</param>
    /// <param name="expression">The expression of the value, which the compiler gives.</param>
    /// <returns>The variable, a tensor of rank 0 on this tape.</returns>
    /// <exception cref="TapeException">This is not the tape's thread.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public Tensor<T> Variable(T value, string? name = null, [CallerArgumentExpression(nameof(value))] string? expression = null) => Variable(Tensor.Scalar(value), name, expression);

    /// <summary>Records a variable with the values of an array.</summary>
    /// <param name="values">The values; they are copied.</param>
    /// <param name="name">What reports and pictures call the variable; null for the expression of the array, where that is a name.</param>
    /// <param name="expression">The expression of the array, which the compiler gives.</param>
    /// <returns>The variable, a vector on this tape.</returns>
    /// <exception cref="ArgumentNullException">The array is null.</exception>
    /// <exception cref="TapeException">This is not the tape's thread.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public Tensor<T> Variable(T[] values, string? name = null, [CallerArgumentExpression(nameof(values))] string? expression = null) =>
        Variable(Tensor.Create<T>(Errors.NotNull(values, nameof(Variable), nameof(values)).AsSpan()), name, expression);

    /// <summary>Records a variable for each of named parameters; reports and pictures call them by their names.</summary>
    /// <param name="parameters">The values; shared, not copied.</param>
    /// <returns>The variables, under the same names.</returns>
    /// <exception cref="ArgumentNullException">parameters is null.</exception>
    /// <exception cref="TapeException">A value is recorded on another tape, or this is not the tape's thread.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public Parameters<T> Variables(Parameters<T> parameters) => Errors.NotNull(parameters, nameof(Variables), nameof(parameters)).Map((name, value) => Variable(value, name));

    /// <summary>The gradients of y with respect to named parameters, in one backward sweep.</summary>
    /// <param name="y">The output, recorded on this tape, with one element.</param>
    /// <param name="parameters">The parameters, recorded on this tape: those that <see cref="Variables"/> gave.</param>
    /// <param name="record">Whether the sweep is recorded too, so that the gradients can be differentiated again.</param>
    /// <returns>For each parameter the gradient, in its shape and under its name.</returns>
    /// <exception cref="ArgumentNullException">parameters is null.</exception>
    /// <exception cref="TapeException">y or a parameter is not recorded on this tape.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public Parameters<T> Gradient(Tensor<T> y, Parameters<T> parameters, bool record = false) =>
        Errors.NotNull(parameters, nameof(Gradient), nameof(parameters)).WithValues(Gradient(y, [.. parameters.Values], record));

    /// <summary>Returns the memory of the recorded values for reuse. Tensors on the tape cannot be read afterward; constants and detached tensors can.</summary>
    /// <remarks>
    /// Safe at any time, on any thread, any number of times. During a sweep over the tape, on another thread than the tape's, and of a tape that another thread has read, the memory is left to the
    /// collector; a sweep that is under way ends with an <see cref="ObjectDisposedException"/> where it needs what has gone.
    /// </remarks>
    public void Dispose()
    {
        if (joinedTo is not null || pass is not null || disposed)
        {
            return;
        }

        disposed = true;
        if (owner.IsCurrent)
        {
            ReleaseRecords();
        }
    }

    private void ReleaseRecords()
    {
        (Record<T>[] all, int length) = (records, count);
        (records, count) = ([], 0);
        bool reuse = sweeps == 0 && MayReuse;
        for (int i = 0; i < length && reuse; i++)
        {
            all[i].Output.Buffer?.Release();
        }

        Return(all, length, reuse);
    }

    /// <summary>Lets go of all values: records that are kept beyond the tape (of a compiled program) then hold no memory but their own.</summary>
    internal void LetGo()
    {
        for (int i = 0; i < count; i++)
        {
            records[i].Output.LetGo();
        }
    }

    /// <summary>The place of a recorded tensor on this tape, or -1 if it is not on it.</summary>
    internal int IndexOf(Tensor<T> x) => ReferenceEquals(x.RecordedOn, this) ? x.Index : IndexOfJoined(x);

    private int IndexOfJoined(Tensor<T> x)
    {
        int index = x.Index;
        Tape<T>? tape = x.RecordedOn;
        while (tape is not null && !ReferenceEquals(tape, this))
        {
            index += tape.joinedAt;
            tape = tape.joinedTo;
        }

        return tape is null ? -1 : index;
    }

    internal Tensor<T> Append(Record<T> record)
    {
        if (noted != owner.Savepoint)
        {
            NoteLength();
        }

        if (meetsTangents && PassOn(record))
        {
            return record.Output;
        }

        Reserve(1);
        record.Scope = owner.Scope;
        record.Output.Attach(this, count);

        // There is room, and the array is one of records of all kinds: an assignment would ask it whether it takes this kind.
        Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(records), count++) = record;
        return record.Output;
    }

    /// <summary>Makes room for more records. Long tapes have pooled arrays: growing ones of their own would be large garbage, which makes the collector look at everything.</summary>
    private void Reserve(int more)
    {
        if (count + more <= records.Length)
        {
            return;
        }

        Record<T>[] larger = Pool<Record<T>>.Shared.Rent(Math.Max(2 * records.Length, count + more));
        records.AsSpan(0, count).CopyTo(larger);
        Record<T>[] smaller = records;
        Volatile.Write(ref records, larger);
        if (sweeps > 0)
        {
            (outgrown ??= []).Add(smaller);
        }
        else
        {
            Return(smaller, count, MayReuse);
        }
    }

    private static void Return(Record<T>[] array, int used, bool reuse)
    {
        if (reuse && array.Length > InitialCapacity)
        {
            array.AsSpan(0, used).Clear();
            Pool<Record<T>>.Shared.Return(array);
        }
    }

    /// <summary>Runs code that works with constants only: functions of functions that it calls have tapes of their own, and an operation on a recorded tensor of outside is an error.</summary>
    internal static TResult OffTape<TResult>(string operation, Func<TResult> code)
    {
        using Context<T>.Around around = Context<T>.Enter(tape: null);
        Savepoint savepoint = Savepoint.Set();
        try
        {
            TResult result = code();
            return savepoint.AnythingRecorded ? throw Errors.Captured(operation) : result;
        }
        finally
        {
            savepoint.End(keep: false);
        }
    }

    /// <summary>Takes back what was recorded from a place on: what failed leaves the tape as it was. Tensors that somebody kept of it cannot be used.</summary>
    internal void Truncate(int length)
    {
        Tape<T> root = Root;
        if (!root.owner.IsCurrent || length >= root.count)
        {
            return;
        }

        (Record<T>[] all, int end) = (root.records, root.count);
        root.count = length;
        bool reuse = root.MayReuse;
        for (int i = length; i < end; i++)
        {
            // Null where a tape that had become a part of this one has taken its records out.
            if (all[i] is not { Output: { } output })
            {
                continue;
            }

            if (all[i] is SeedRecord<T> seed)
            {
                seed.Restore();
            }
            else
            {
                output.Attach(Nowhere, 0);
            }

            if (reuse)
            {
                output.Buffer?.Release();
            }
        }

        if (reuse)
        {
            all.AsSpan(length, end - length).Clear();
        }
        else
        {
            // Another thread may be sweeping over the array.
            root.records = all.AsSpan(0, length).ToArray();
        }
    }

    /// <summary>Notes that numbers were read from a recorded tensor, by the program: the rules of a sweep may.</summary>
    /// <param name="x">The tensor, on this tape.</param>
    /// <param name="start">The first element that was read.</param>
    /// <param name="count">The number of elements that were read.</param>
    /// <param name="byLane">Whether each element is the answer of a scenario by itself.</param>
    internal void NoteRead(Tensor<T> x, int start, int count, bool byLane = false)
    {
        if (Context<T>.Current.Scratch is null)
        {
            Tape<T> root = Root;
            root.ValuesRead = true;
            if (root.Reads is { } reads)
            {
                // Any thread may read.
                lock (reads)
                {
                    reads.Add(new TapeRead<T>(x, start, count, root.count, byLane));
                }
            }
        }
    }

    /// <summary>The tape on which an operation on a tensor of <paramref name="tape"/> is recorded; an error on a disposed tape, or on another thread than the tape's.</summary>
    internal static Tape<T> Writable(Tape<T> tape, string operation)
    {
        Tape<T> root = tape.Root;
        if (root.disposed)
        {
            throw Errors.DisposedTape();
        }

        return root.owner.IsCurrent
            ? root
            : throw Errors.Tape(operation, "the tape belongs to another thread", "operations on recorded tensors only on the thread that made their tape",
                "give each thread a tape of its own, or Detach() the tensors that it shares");
    }

    /// <summary>
    /// The tape of an operation that meets tensors of two tapes. The tape of a function of functions that meets a captured variable of another tape goes on as a part of that tape: until now
    /// neither depended on the other, so its records may follow at the end. Any other mixture is an error.
    /// </summary>
    internal static Tape<T> Join(Tape<T> x, Tape<T> y, string operation)
    {
        Tape<T> first = Writable(x, operation);
        Tape<T> second = Writable(y, operation);
        if (ReferenceEquals(first, second))
        {
            return first;
        }

        first.KeepRecords();
        second.KeepRecords();
        if ((first.born > second.born ? first : second) is { Captures: true } capturing)
        {
            return capturing;
        }

        first.meetsTangents |= second.meetsTangents;
        second.meetsTangents |= first.meetsTangents;
        // Of two tapes of functions of functions the younger one ends first.
        if (first.temporary && (!second.temporary || first.born > second.born))
        {
            (first, second) = (second, first);
        }

        if (!second.temporary || first.closed || second.closed || second.sweeps > 0)
        {
            throw Errors.Tape(operation, "the operands are recorded on two unrelated tapes", "operands on one tape, or constants",
                "make all variables on one tape, or Detach() the tensors that are to be constants");
        }

        first.NoteLength();
        second.NoteLength();
        second.joinedAt = first.count;
        second.joinedTo = first;
        first.ValuesRead |= second.ValuesRead;
        bool reuse = second.MayReuse;
        first.shared |= !reuse;
        first.Reserve(second.count);
        second.records.AsSpan(0, second.count).CopyTo(first.records.AsSpan(first.count));
        first.count += second.count;
        Return(second.records, second.count, reuse);
        (second.records, second.count) = ([], 0);
        return first;
    }
}
