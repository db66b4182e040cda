using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AutoDiff;

/// <summary>
/// The tape of <see cref="Active{T}"/> numbers: for every operation on two of them the places of both and the partial derivatives with respect to them, in flat arrays. A backward sweep gives the
/// derivatives of a number by all variables at once.
/// </summary>
/// <remarks>
/// <para>Sweeps may be repeated. <see cref="Rewind"/> takes back what was recorded after a position, and its memory is used again: a simulation records one path after the other in the memory of the
/// longest. Disposing is optional: it releases the memory early.</para>
/// <para>A tape belongs to the thread that made it. Different threads use tapes of their own.</para>
/// </remarks>
/// <typeparam name="T">The number type of the values: <see cref="double"/>, <see cref="float"/>, or <see cref="Dual{T}"/>.</typeparam>
public sealed class ActiveTape<T> : IDisposable where T : IFloatingPointIeee754<T>
{
    /// <summary>
    /// The first places belong to nobody. The operands that an entry does not have are among them, with the partial derivative 0, so that a sweep has no branches; and they are several, so that what is
    /// added to one need not wait for what was added just before.
    /// </summary>
    private const int Nobody = 16;

    /// <summary>In a place the bit that says that a number is a function of the number there, and not that number itself. The index of the entry follows, then how often the tape had been rewound.</summary>
    internal const ulong Function = 1;

    private const ulong NextEra = 1UL << 32;

    private readonly RecordingThread owner = RecordingThread.Current;

    /// <summary>The rewindings that still matter, positions and eras ascending: a number is gone if a rewinding of a later era went to its place or before.</summary>
    private readonly List<(ulong Era, int Index)> rewindings = [];

    private Entry[] entries = new Entry[64];
    private T[] cotangents = [];
    private int end = Nobody;
    private ulong era;

    /// <summary>Numbers that are as young as this, and lie before the last position gone back to, are on the tape: only the last rewinding came after them.</summary>
    private ulong young;
    private int kept;

    /// <summary>The part of the owner's stack that it has been seen on: from here, so many bytes.</summary>
    private nuint stack;
    private nuint stackLength;
    private bool disposed;

    /// <summary>Makes an empty tape that records on this thread.</summary>
    public ActiveTape()
    {
    }

    /// <summary>How many entries the tape has: one for each variable, and one for each operation on two recorded numbers.</summary>
    public int Count => end - Nobody;

    /// <summary>Where the next operation will be recorded: what <see cref="Rewind"/> goes back to.</summary>
    public int Position => end - Nobody;

    /// <summary>How often an operation could not be recorded without a closer look at who records what: seldom, whatever the depth of the stack and however often the tape was rewound.</summary>
    internal int Looks { get; private set; }

    /// <summary>Makes a variable: a number by which derivatives can be asked for.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The variable.</returns>
    /// <exception cref="TapeException">This is not the tape's thread.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public Active<T> Variable(T value)
    {
        CheckUsable(nameof(Variable));
        return new Active<T>(value, T.One, this, Add(new Entry(T.Zero, T.Zero, end & (Nobody - 1), end & (Nobody - 1))));
    }

    /// <summary>Makes a variable of each of several numbers.</summary>
    /// <param name="values">The numbers.</param>
    /// <returns>The variables, in order.</returns>
    /// <exception cref="TapeException">This is not the tape's thread.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public Active<T>[] Variables(params ReadOnlySpan<T> values)
    {
        CheckUsable(nameof(Variables));
        var variables = new Active<T>[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            variables[i] = Variable(values[i]);
        }

        return variables;
    }

    /// <summary>Records a number for itself, so that derivatives by it can be asked for. A function of one number is not recorded otherwise; it is computed with its slope.</summary>
    /// <param name="x">The number.</param>
    /// <returns>The same number with a place of its own: compute with it, and derivatives by it are those through what is computed. A constant is given back as it is.</returns>
    /// <exception cref="TapeException">The number is recorded on another tape or was taken back, or this is not the tape's thread.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public Active<T> Record(Active<T> x)
    {
        CheckUsable(nameof(Record));
        if (x.Tape is null)
        {
            return x;
        }

        CheckOperand(x, nameof(Record));
        return new Active<T>(x.Value, T.One, this, Add(new Entry(x.Slope, T.Zero, Index(x.Place), end & (Nobody - 1))));
    }

    /// <summary>Takes back everything that was recorded at a position and after it. The numbers that were recorded there can no longer be combined with others, nor asked for derivatives; the memory is used again.</summary>
    /// <param name="position">A <see cref="Position"/> that the tape had before; 0 for all.</param>
    /// <exception cref="ArgumentOutOfRangeException">The tape is shorter.</exception>
    /// <exception cref="TapeException">This is not the tape's thread.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public void Rewind(int position)
    {
        CheckUsable(nameof(Rewind));
        if ((uint)position > (uint)Count)
        {
            throw Errors.OutOfRange(nameof(Rewind), nameof(position), $"the position is {position}, and the tape has {Count} operations", $"a position from 0 to {Count}",
                "give a Position that the tape had before");
        }

        end = position + Nobody;
        era += NextEra;
        while (rewindings.Count > 0 && rewindings[^1].Index >= end)
        {
            rewindings.RemoveAt(rewindings.Count - 1);
        }

        rewindings.Add((era, end));
        (young, kept) = (rewindings.Count > 1 ? rewindings[^2].Era : 0, end);
    }

    /// <summary>The derivatives of a number with respect to variables: one backward sweep.</summary>
    /// <param name="y">The number. For a constant the derivatives are 0.</param>
    /// <param name="xs">The variables, or other recorded numbers.</param>
    /// <returns>A derivative for each variable, in order; 0 where y does not depend on it.</returns>
    /// <exception cref="TapeException">A number is recorded on another tape or was taken back, a variable is a constant or not recorded itself (see <see cref="Record"/>), or this is not the tape's thread.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public T[] Gradient(Active<T> y, params ReadOnlySpan<Active<T>> xs)
    {
        var gradient = new T[xs.Length];
        Pull([y], [T.One], xs, gradient, nameof(Gradient));
        return gradient;
    }

    /// <summary>The derivatives of a number with respect to variables, written to memory of the caller: nothing is allocated.</summary>
    /// <param name="y">The number. For a constant the derivatives are 0.</param>
    /// <param name="xs">The variables, or other recorded numbers.</param>
    /// <param name="gradient">Where to write a derivative for each variable.</param>
    /// <exception cref="ArgumentException">There is not one place for each variable.</exception>
    /// <exception cref="TapeException">A number is recorded on another tape or was taken back, a variable is a constant or not recorded itself (see <see cref="Record"/>), or this is not the tape's thread.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public void Gradient(Active<T> y, ReadOnlySpan<Active<T>> xs, Span<T> gradient) => Pull(new ReadOnlySpan<Active<T>>(in y), [T.One], xs, gradient, nameof(Gradient));

    /// <summary>The derivatives of a weighted sum of results, Σ g_i y_i, with respect to variables, in one backward sweep: the product of the weights (cotangents) and the Jacobian.</summary>
    /// <param name="ys">The results.</param>
    /// <param name="g">A cotangent for each result.</param>
    /// <param name="xs">The variables, or other recorded numbers.</param>
    /// <returns>A number for each variable, in order.</returns>
    /// <exception cref="ArgumentException">There is not one cotangent for each result.</exception>
    /// <exception cref="TapeException">A number is recorded on another tape or was taken back, a variable is a constant or not recorded itself (see <see cref="Record"/>), or this is not the tape's thread.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public T[] Vjp(ReadOnlySpan<Active<T>> ys, ReadOnlySpan<T> g, ReadOnlySpan<Active<T>> xs)
    {
        var product = new T[xs.Length];
        Pull(ys, g, xs, product, nameof(Vjp));
        return product;
    }

    /// <summary>The derivatives of several numbers with respect to variables: a backward sweep for each.</summary>
    /// <param name="ys">The results.</param>
    /// <param name="xs">The variables, or other recorded numbers.</param>
    /// <param name="cancellationToken">Looked at before every sweep.</param>
    /// <returns>The Jacobian: row i holds the derivatives of result i.</returns>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TapeException">A number is recorded on another tape or was taken back, a variable is a constant or not recorded itself (see <see cref="Record"/>), or this is not the tape's thread.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    [SuppressMessage("Performance", "CA1814", Justification = "A Jacobian is a rectangle.")]
    public T[,] Jacobian(ReadOnlySpan<Active<T>> ys, ReadOnlySpan<Active<T>> xs, CancellationToken cancellationToken = default)
    {
        var jacobian = new T[ys.Length, xs.Length];
        var row = new T[xs.Length];
        for (int i = 0; i < ys.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Pull(ys.Slice(i, 1), [T.One], xs, row, nameof(Jacobian));
            for (int j = 0; j < row.Length; j++)
            {
                jacobian[i, j] = row[j];
            }
        }

        return jacobian;
    }

    /// <summary>Releases the memory. Numbers keep their values, but two of them can no longer be combined, and there are no derivatives. Safe on any thread, any number of times.</summary>
    public void Dispose()
    {
        disposed = true;
        (entries, cotangents) = ([], []);
    }

    /// <summary>
    /// The place of a function of two numbers: that of a new entry, or, where both are functions of the same number, of that number. A call with all arguments in registers: taken into the caller, it
    /// would crowd out what else is inlined there.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    internal ulong Join(ulong x, T dx, ActiveTape<T> other, ulong y, T dy)
    {
        int i = end;
        Entry[] all = entries;
        nuint top = StackTop;
        if ((uint)i < (uint)all.Length && ReferenceEquals(other, this) && top - stack < stackLength && (x ^ y) > Function && !IsDoubtful(x) && !IsDoubtful(y))
        {
            all[i] = new Entry(dx, dy, Index(x), Index(y));
            end = i + 1;
            return PlaceOf(i);
        }

        return JoinChecked(x, dx, other, y, dy, top);
    }

    /// <summary>
    /// Where the top of the stack is. A stack is one piece of memory, and belongs to one thread: between two places at which the owner has been seen, this is the owner (or one that got its stack when it
    /// had ended), and what belongs to the thread, which takes as long to look up as all else, need not be asked for.
    /// </summary>
    private static unsafe nuint StackTop
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            byte here;
            return (nuint)(&here);
        }
    }

    /// <summary>Remembers the page of the stack on which the owner has just been seen, and all between it and those before.</summary>
    private void RememberStack(nuint top)
    {
        const nuint Page = 4096;
        nuint page = top & ~(Page - 1), below = stackLength == 0 ? page : Math.Min(stack, page), above = Math.Max(stack + stackLength, page + Page);
        (stack, stackLength) = (below, above - below);
    }

    /// <summary>Whether a place may be beyond the end, or may have been taken back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsDoubtful(ulong place) => place - era >= 2 * (ulong)end && (place < young || (uint)Index(place) >= (uint)kept);

    /// <summary>Makes room, or says why nothing can be recorded, and writes the entry, if there are two numbers.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong JoinChecked(ulong x, T dx, ActiveTape<T> other, ulong y, T dy, nuint stackTop)
    {
        if (!ReferenceEquals(other, this))
        {
            throw TwoTapes();
        }

        if ((x ^ y) <= Function)
        {
            return x | Function;
        }

        Looks++;
        if (disposed || stackTop - stack >= stackLength)
        {
            CheckUsable(nameof(Active<>));
            RememberStack(stackTop);
        }

        CheckPlace(x, nameof(Active<>));
        CheckPlace(y, nameof(Active<>));
        return Add(new Entry(dx, dy, Index(x), Index(y)));
    }

    private ulong Add(in Entry entry)
    {
        if (end >= entries.Length)
        {
            Grow();
        }

        entries[end] = entry;
        return PlaceOf(end++);
    }

    private void Grow()
    {
        if (disposed)
        {
            throw Errors.DisposedTape();
        }

        long wanted = Math.Min(2L * entries.Length, Array.MaxLength);
        if (wanted <= end)
        {
            throw Errors.Tape(nameof(Active<>), $"the tape has {Count} operations, and no array is longer", "a shorter program", "Rewind the tape, or differentiate part by part");
        }

        Array.Resize(ref entries, (int)wanted);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Index(ulong place) => (int)((uint)place >> 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong PlaceOf(int index) => era + (2 * (ulong)(uint)index);

    private void CheckUsable(string operation)
    {
        if (disposed)
        {
            throw Errors.DisposedTape();
        }

        if (!owner.IsCurrent)
        {
            throw Errors.Tape(operation, "the tape belongs to another thread", "a tape that was made on this thread", "give each thread a tape of its own");
        }
    }

    /// <summary>The error of an operation on numbers of two tapes.</summary>
    internal static TapeException TwoTapes() => Errors.Tape(nameof(Active<>), "the numbers are recorded on two tapes", "numbers on one tape",
        "make all variables on one tape, or take the Value of the numbers that are to be constants");

    private void CheckOperand(Active<T> x, string operation)
    {
        if (!ReferenceEquals(x.Tape, this))
        {
            throw Errors.Tape(operation, x.Tape is null ? "a constant is given in place of a variable" : "the numbers are recorded on two tapes", "numbers on one tape",
                x.Tape is null ? "make it a Variable of the tape" : "make all variables on one tape, or take the Value of the numbers that are to be constants");
        }

        CheckPlace(x.Place, operation);
    }

    private void CheckPlace(ulong x, string operation)
    {
        if (Index(x) >= end || IsGone(x))
        {
            throw Errors.Tape(operation, "the number was recorded after a position to which the tape has been rewound", "a number that is on the tape", "record it again, or rewind less far");
        }
    }

    private bool IsGone(ulong x)
    {
        foreach ((ulong later, int index) in rewindings)
        {
            if (later > x)
            {
                // The first is the one that went back farthest.
                return Index(x) >= index;
            }
        }

        return false;
    }

    private void Pull(ReadOnlySpan<Active<T>> ys, ReadOnlySpan<T> g, ReadOnlySpan<Active<T>> xs, Span<T> result, string operation)
    {
        CheckUsable(operation);
        if (g.Length != ys.Length)
        {
            throw Errors.Argument(operation, nameof(g), $"{g.Length} cotangents were given for {ys.Length} results", "one for each", "give as many cotangents as results");
        }

        if (result.Length != xs.Length)
        {
            throw Errors.Argument(operation, nameof(result), $"{result.Length} places were given for {xs.Length} variables", "one for each", "give memory of the length of the variables");
        }

        (int first, int last) = (end, 0);
        foreach (ref readonly Active<T> x in xs)
        {
            CheckOperand(x, operation);
            if ((x.Place & Function) != 0)
            {
                throw Errors.Tape(operation, "a derivative is asked for by a number that is not recorded itself, because it is a function of one number", "variables, or numbers that have a place of their own",
                    "take what Record of the tape gives for the number, and compute with that");
            }

            first = Math.Min(first, Index(x.Place));
        }

        foreach (ref readonly Active<T> y in ys)
        {
            if (y.Tape is not null)
            {
                CheckOperand(y, operation);
                last = Math.Max(last, Index(y.Place));
            }
        }

        result.Fill(T.Zero);
        if (last < first)
        {
            return;
        }

        // Another thread may dispose the tape meanwhile: what is swept is held here.
        Entry[] all = entries;
        if (all.Length <= last)
        {
            throw Errors.DisposedTape();
        }

        T[] sums = cotangents;
        if (sums.Length <= last)
        {
            cotangents = sums = new T[Math.Max(last + 1, Math.Min(all.Length, 2 * (last + 1)))];
        }

        Seed(sums, ys, g, first, last);
        Sweep(all, sums, first, last);
        Take(sums, xs, last, result);
        foreach (T derivative in result)
        {
            if (SlopeFunctions.HasNaN(derivative))
            {
                // It may have come from an infinite slope that no path leads to.
                Seed(sums, ys, g, first, last);
                SweepReached(all, sums, ys, first, last);
                Take(sums, xs, last, result);
                return;
            }
        }
    }

    private static void Seed(T[] sums, ReadOnlySpan<Active<T>> ys, ReadOnlySpan<T> g, int first, int last)
    {
        sums.AsSpan(0, Nobody).Fill(T.Zero);
        sums.AsSpan(first, last - first + 1).Fill(T.Zero);
        for (int i = 0; i < ys.Length; i++)
        {
            if (ys[i].Tape is not null)
            {
                sums[Index(ys[i].Place)] += g[i] * ys[i].Slope;
            }
        }
    }

    private static void Take(T[] sums, ReadOnlySpan<Active<T>> xs, int last, Span<T> result)
    {
        for (int i = 0; i < xs.Length; i++)
        {
            int x = Index(xs[i].Place);
            result[i] = x <= last ? sums[x] : T.Zero;
        }
    }

    /// <summary>
    /// What lies before the first variable is added to as well, and never read. The places in an entry are places of this tape before its own, or of nobody: they were checked when it was recorded, and
    /// nothing else writes entries.
    /// </summary>
    private static void Sweep(Entry[] all, T[] sums, int first, int last)
    {
        ref Entry entries = ref MemoryMarshal.GetArrayDataReference(all);
        ref T cotangents = ref MemoryMarshal.GetArrayDataReference(sums);
        for (int i = last; i >= first; i--)
        {
            ref Entry entry = ref Unsafe.Add(ref entries, i);
            T g = Unsafe.Add(ref cotangents, i);
            Unsafe.Add(ref cotangents, entry.First) += g * entry.Dx;
            Unsafe.Add(ref cotangents, entry.Second) += g * entry.Dy;
        }
    }

    /// <summary>The same sweep over what depends on the variables and leads to the results alone: a cotangent that nothing was added to is no number, and is not multiplied with an infinite slope.</summary>
    private static void SweepReached(Entry[] all, T[] sums, ReadOnlySpan<Active<T>> ys, int first, int last)
    {
        var reached = new bool[last + 1];
        foreach (ref readonly Active<T> y in ys)
        {
            if (y.Tape is not null)
            {
                reached[Index(y.Place)] = true;
            }
        }

        for (int i = last; i >= first; i--)
        {
            if (reached[i])
            {
                Entry entry = all[i];
                T g = sums[i];
                sums[entry.First] += g * entry.Dx;
                sums[entry.Second] += g * entry.Dy;
                reached[entry.First] = reached[entry.Second] = true;
            }
        }
    }

    private readonly struct Entry(T dx, T dy, int first, int second)
    {
        public readonly T Dx = dx;
        public readonly T Dy = dy;
        public readonly int First = first;
        public readonly int Second = second;
    }
}
