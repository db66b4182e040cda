using System.Numerics;
using System.Runtime.InteropServices;

namespace AutoDiff;

/// <summary>
/// A function of a slice, recorded for one slice on a tape of its own, to be recorded again for all slices at once where its result is wanted: each operation by its own rule for slices, and slice by slice
/// where it has none.
/// </summary>
internal sealed class SliceProgram<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tape<T> tape;
    private readonly Tensor<T>[] variables;
    private readonly Tensor<T> result;

    /// <summary>For each record whether it depends on the slices.</summary>
    private readonly bool[] dependent;

    /// <summary>For each record the last one that needs it; -1 where the result does not depend on it, and its end for the result.</summary>
    private readonly int[] lastUses;

    /// <summary>Calls a function for a slice of each tensor, and records what it does.</summary>
    private SliceProgram(Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] slices)
    {
        tape = new Tape<T>(temporary: true, closed: true) { Reads = [], Captures = true };
        using Context<T>.Around around = Context<T>.Enter(tape);
        variables = Array.ConvertAll(slices, tape.Variable);
        result = f([.. variables]);
        dependent = new bool[tape.Count];
        lastUses = new int[tape.Count];
        MarkDependent();
        FindLastUses();
    }

    /// <summary>
    /// The results of a function for all slices, by the program that it is for the first two; null where it has to be called for each: it looks at numbers, and another slice may take another course, or it
    /// does what only a loop can do, such as a sweep that is not recorded.
    /// </summary>
    /// <param name="f">The function of one slice of each tensor.</param>
    /// <param name="xs">The tensors.</param>
    /// <param name="axes">Of each the axis along which it is sliced.</param>
    /// <param name="slices">The number of slices, two at least.</param>
    /// <param name="cancellationToken">Looked at before every operation.</param>
    public static Tensor<T>? Map(Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] xs, int[] axes, int slices, CancellationToken cancellationToken)
    {
        bool completed = false, keeps = false;
        Savepoint savepoint = Savepoint.Set();
        try
        {
            Tensor<T>? ys = InPrograms();
            completed = ys is not null;
            return ys;
        }
        catch (TapeException) when (!keeps)
        {
            return null;
        }
        finally
        {
            savepoint.End(completed);
        }

        Tensor<T>? InPrograms()
        {
            // The values alone, which nobody has looked at.
            Tensor<T>[] values = Array.ConvertAll(xs, x => x.View(x.Dimensions));
            using var first = new SliceProgram<T>(f, Slice(values, 0));
            if (first.LooksAtSlices)
            {
                return null;
            }

            bool same = false;
            Savepoint again = Savepoint.Set();
            try
            {
                using var second = new SliceProgram<T>(f, Slice(values, 1));
                keeps = second.Uses(first);
                if (keeps)
                {
                    throw Errors.Tape(nameof(Differentiate.MapSlices), "the function uses a tensor that it has kept from its call for another slice", "a function of its slices and of tensors from outside",
                        "write a loop over x.Unbind(), or use ScanRows, which hands a state on");
                }

                same = first.IsSame(second);
                if (!same)
                {
                    // It counts its calls, or draws numbers: it has been called for two slices, in order.
                    return second.LooksAtSlices ? null
                        : Tensor.Concat<T>([first.Run(Part(0, 1), 1, cancellationToken), second.Run(Part(1, 2), 1, cancellationToken), .. Enumerable.Range(2, slices - 2).Select(k => f(Slice(xs, k)).ExpandDims(0))]);
                }
            }
            finally
            {
                again.End(keep: !same);
            }

            return first.Run(Part(0, slices), slices, cancellationToken);
        }

        Tensor<T>[] Part(int start, int end) => [.. xs.Select((x, i) => x.Along(axes[i], start..end).MoveAxis(axes[i], 0))];

        Tensor<T>[] Slice(Tensor<T>[] of, int k) => [.. of.Select((x, i) => x.Along(axes[i], k..(k + 1)).Squeeze(axes[i]))];
    }

    private void MarkDependent()
    {
        for (int i = 0; i < dependent.Length; i++)
        {
            Record<T> record = tape[i];
            dependent[i] = Array.IndexOf(variables, record.Output) >= 0;
            for (int k = 0; k < record.ReadCount && !dependent[i]; k++)
            {
                dependent[i] = DependsOnSlices(record.Read(k));
            }
        }
    }

    private void FindLastUses()
    {
        Array.Fill(lastUses, -1);
        Use(result, lastUses.Length);
        for (int i = lastUses.Length - 1; i >= 0; i--)
        {
            for (int k = 0; k < tape[i].ReadCount && lastUses[i] >= 0; k++)
            {
                Use(tape[i].Read(k), i);
            }
        }

        void Use(Tensor<T> x, int by)
        {
            if (tape.IndexOf(x) is >= 0 and var place)
            {
                lastUses[place] = Math.Max(lastUses[place], by);
            }
        }
    }

    /// <summary>Whether the function looked at numbers that depend on the slice: another slice may take another course.</summary>
    private bool LooksAtSlices => tape.Reads!.Exists(read => DependsOnSlices(read.Tensor));

    /// <summary>
    /// Whether another program does the same, as far as can be seen: the same operations of the same tensors and settings. Of a function that counts its calls, or draws numbers that it does not take from a
    /// key, it does not.
    /// </summary>
    private bool IsSame(SliceProgram<T> other)
    {
        if (lastUses.Length != other.lastUses.Length || !IsSame(result, other.result, other))
        {
            return false;
        }

        for (int i = 0; i < lastUses.Length; i++)
        {
            if (lastUses[i] != other.lastUses[i] || (lastUses[i] >= 0 && !IsSame(tape[i], other.tape[i], other)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The results for all slices, in front of which they have the axis of slices that the tensors have.</summary>
    private Tensor<T> Run(Tensor<T>[] xs, int slices, CancellationToken cancellationToken)
    {
        var values = new Sliced?[lastUses.Length];
        for (int i = 0; i < values.Length; i++)
        {
            Record<T> record = tape[i];
            if (lastUses[i] < 0)
            {
                continue;
            }

            cancellationToken.ThrowIfCancellationRequested();
            using ScopeOf scope = new(record);
            values[i] = Array.IndexOf(variables, record.Output) is >= 0 and var k ? Sliced.Given(xs[k]) : Run(record, dependent[i], slices, values, cancellationToken);
            for (int r = 0; r < record.ReadCount; r++)
            {
                if (tape.IndexOf(record.Read(r)) is >= 0 and var place)
                {
                    values[place]!.UsedBy(values[i]!, isLast: lastUses[place] == i);
                }
            }
        }

        Sliced y = Of(result, values);
        return y.IsSliced ? y.Whole : y.Shared!.BroadcastTo([slices, .. result.Shape]);
    }

    /// <summary>Whether the function used a tensor of the program of an earlier slice: in this one, or behind that one, where operations on nothing but its tensors are recorded.</summary>
    private bool Uses(SliceProgram<T> earlier)
    {
        bool uses = ReferenceEquals(result.Tape, earlier.tape) || earlier.tape.Count > earlier.lastUses.Length;
        for (int i = 0; i < tape.Count && !uses; i++)
        {
            for (int k = 0; k < tape[i].ReadCount && !uses; k++)
            {
                uses = ReferenceEquals(tape[i].Read(k).Tape, earlier.tape);
            }
        }

        return uses;
    }

    public void Dispose() => tape.Dispose();

    private Sliced Run(Record<T> record, bool dependent, int slices, Sliced?[] values, CancellationToken cancellationToken)
    {
        Sliced[] operands = [.. Enumerable.Range(0, record.ReadCount).Select(k => Of(record.Read(k), values))];
        if (!dependent)
        {
            return Sliced.Same(record.Again(Array.ConvertAll(operands, static x => x.Shared!)));
        }

        if (record.OverSlices(Array.ConvertAll(operands, static x => x.Shared ?? x.Whole), slices) is { } whole)
        {
            return Sliced.Together(whole);
        }

        var parts = new Tensor<T>[slices];
        for (int s = 0; s < slices; s++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            parts[s] = record.Again(Array.ConvertAll(operands, x => x[s]));
        }

        return Sliced.OneByOne(parts);
    }

    private Sliced Of(Tensor<T> x, Sliced?[] values) => tape.IndexOf(x) is >= 0 and var place ? values[place]! : Sliced.Same(x, isKept: true);

    private bool DependsOnSlices(Tensor<T> x) => tape.IndexOf(x) is >= 0 and var place && dependent[place];

    private bool IsSame(Record<T> x, Record<T> y, SliceProgram<T> other)
    {
        if (!HasSameRule(x, y))
        {
            return false;
        }

        for (int k = 0; k < x.ReadCount; k++)
        {
            if (!IsSame(x.Read(k), y.Read(k), other))
            {
                return false;
            }
        }

        // A variable that the function made of a constant.
        return x.ReadCount > 0 || Array.IndexOf(variables, x.Output) >= 0 || HasSameValues(x.Output, y.Output);
    }

    private bool IsSame(Tensor<T> x, Tensor<T> y, SliceProgram<T> other) => tape.IndexOf(x) is var place && place == other.tape.IndexOf(y) && (place >= 0 || IsSameOutside(x, y));

    private static bool HasSameRule(Record<T> x, Record<T> y) =>
        x.Name == y.Name && x.GetType() == y.GetType() && x.ReadCount == y.ReadCount && x.Output.Shape.SequenceEqual(y.Output.Shape) && x.HasSameSettings(y);

    /// <summary>
    /// Whether tensors from outside are the same, or have been computed in the same way: those of another tape have derivatives besides their values, and variables that happen to be equal are two.
    /// </summary>
    private static bool IsSameOutside(Tensor<T> x, Tensor<T> y)
    {
        var seen = new HashSet<(Tensor<T>, Tensor<T>)>();
        var pairs = new Stack<(Tensor<T> X, Tensor<T> Y)>([(x, y)]);
        while (pairs.TryPop(out (Tensor<T> X, Tensor<T> Y) pair))
        {
            (x, y) = pair;
            if (ReferenceEquals(x, y) || !seen.Add(pair))
            {
                continue;
            }

            if (!ReferenceEquals(x.Tape, y.Tape))
            {
                return false;
            }

            if (x.Tape is not { } tape)
            {
                if (!HasSameValues(x, y))
                {
                    return false;
                }

                continue;
            }

            // Of tensors that carry tangents, and have no record, nothing is known.
            (int at, int other) = (tape.Root.IndexOf(x), tape.Root.IndexOf(y));
            if (at < 0 || other < 0 || tape.Root[at] is not { ReadCount: > 0 } first || tape.Root[other] is not { } second || !HasSameRule(first, second))
            {
                return false;
            }

            for (int k = 0; k < first.ReadCount; k++)
            {
                pairs.Push((first.Read(k), second.Read(k)));
            }
        }

        return true;
    }

    private static bool HasSameValues(Tensor<T> x, Tensor<T> y) =>
        x.Shape.SequenceEqual(y.Shape) && MemoryMarshal.AsBytes(x.Values).SequenceEqual(MemoryMarshal.AsBytes(y.Values));

    /// <summary>While a record is recorded again: the scope in which the function recorded it.</summary>
    private readonly ref struct ScopeOf
    {
        private readonly TapeScope? before;

        public ScopeOf(Record<T> record)
        {
            before = RecordingThread.Current.Scope;
            RecordingThread.Current.Scope = record.Scope;
        }

        public void Dispose() => RecordingThread.Current.Scope = before;
    }

    /// <summary>A value of the program: one tensor for all slices, a tensor with an axis of slices in front, or one tensor for each; the last two are made of each other when they are asked for.</summary>
    private sealed class Sliced
    {
        private Tensor<T>? whole;
        private Tensor<T>[]? parts;

        /// <summary>Whether somebody else has the tensors, or a record: they stay.</summary>
        private bool isKept;

        public Tensor<T>? Shared { get; private init; }

        public bool IsSliced => Shared is null;

        public Tensor<T> Whole => whole ??= Tensor.Stack<T>(parts!);

        public Tensor<T> this[int slice] => Shared ?? (parts ??= whole!.Unbind())[slice];

        /// <summary>What the caller of the program gave, with the axis of slices.</summary>
        public static Sliced Given(Tensor<T> x) => new() { whole = x, isKept = true };

        /// <summary>What the program itself takes from outside, or made of that.</summary>
        public static Sliced Same(Tensor<T> x, bool isKept = false) => new() { Shared = x, isKept = isKept };

        public static Sliced Together(Tensor<T> whole) => new() { whole = whole };

        public static Sliced OneByOne(Tensor<T>[] parts) => new() { parts = parts };

        /// <summary>Gives the memory back when the last operation that needs it has been computed and nothing is recorded.</summary>
        public void UsedBy(Sliced result, bool isLast)
        {
            Tensor<T> y = result.Shared ?? result.whole ?? result.parts![0];
            isKept |= y.RecordedOn is not null;
            if (isLast && !isKept)
            {
                Shared?.Dispose();
                whole?.Dispose();
                Array.ForEach(parts ?? [], static part => part.Dispose());
            }
        }
    }
}
