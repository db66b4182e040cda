using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff;

/// <summary>
/// Makes a list of values of a recorded function: what does not lead to a result or a guard is left out, what depends on constants alone is folded, what is computed twice is computed once, and what
/// is a part of another value as it lies becomes a view of it.
/// </summary>
internal sealed class ProgramBuilder<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tape<T> tape;
    private readonly Value<T>?[] ofRecord;
    private readonly Dictionary<Tensor<T>, Value<T>> constants = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Operation, Value<T>> known = [];
    private readonly List<Value<T>> computed = [];

    private ProgramBuilder(Tape<T> tape)
    {
        this.tape = tape;
        ofRecord = new Value<T>?[tape.Count];
    }

    /// <summary>How many live records were computed from constants alone, and how many were found to be computed already.</summary>
    public int Folded { get; private set; }

    public int Merged { get; private set; }

    /// <summary>The program of what a tape recorded.</summary>
    /// <param name="tape">The tape, which was made for this.</param>
    /// <param name="inputs">The variables that stand for the inputs.</param>
    /// <param name="outputs">The results, on the tape or constants.</param>
    /// <param name="cancellationToken">Looked at before every record.</param>
    public static CompiledProgram<T> Build(Tape<T> tape, Tensor<T>[] inputs, Tensor<T>[] outputs, CancellationToken cancellationToken)
    {
        var builder = new ProgramBuilder<T>(tape);
        for (int i = 0; i < inputs.Length; i++)
        {
            builder.ofRecord[tape.IndexOf(inputs[i])] = new Value<T>(inputs[i].Dimensions) { Input = i };
        }

        Value<T>[] ins = Array.ConvertAll(inputs, x => builder.ofRecord[tape.IndexOf(x)]!);
        bool[] live = builder.MarkLive(outputs);
        for (int i = 0; i < live.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (live[i])
            {
                builder.ofRecord[i] ??= builder.Translate(tape[i], i);
            }
        }

        Value<T>[] outs = Array.ConvertAll(outputs, builder.ValueOf);
        Guard<T>[] guards = [.. tape.Reads!.Select(read => new Guard<T>(builder.ValueOf(read.Tensor), read)).Where(static guard => guard.Value.Root.Constant is null)];
        return new CompiledProgram<T>(ins, builder.computed, outs, guards, new ProgramStatistics(tape.Count, live.Count(static l => l), builder.Folded, builder.Merged));
    }

    /// <summary>Marks the records that lead to a result or to something that the program read.</summary>
    private bool[] MarkLive(Tensor<T>[] outputs)
    {
        var live = new bool[tape.Count];
        foreach (Tensor<T> y in (IEnumerable<Tensor<T>>)[.. outputs, .. tape.Reads!.Select(static read => read.Tensor)])
        {
            if (tape.IndexOf(y) is var index and >= 0)
            {
                live[index] = true;
            }
        }

        for (int i = live.Length - 1; i >= 0; i--)
        {
            Record<T> record = tape[i];
            for (int k = 0; live[i] && k < record.ReadCount; k++)
            {
                if (tape.IndexOf(record.Read(k)) is var index and >= 0)
                {
                    live[index] = true;
                }
            }
        }

        return live;
    }

    private Value<T> ValueOf(Tensor<T> x) => tape.IndexOf(x) is var index and >= 0 ? ofRecord[index]! : Constant(x);

    private Value<T> Constant(Tensor<T> x)
    {
        ref Value<T>? value = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(constants, x, out _);
        if (value is null)
        {
            if (x.Storage is null)
            {
                throw Errors.Tape(nameof(Differentiate.Compile), $"the function disposed a constant of shape {Shapes.Format(x.Shape)} that it had used",
                    "constants that are there for the next run", "leave it to the collector");
            }

            // The program has a hold of its own on the values: whoever made the tensor may dispose it later.
            value = new Value<T>(x.Dimensions) { Constant = x.View(x.Dimensions) };
        }

        return value;
    }

    private Value<T> Translate(Record<T> record, int index)
    {
        if (record.InputCount == 0 && record is VariableRecord<T>)
        {
            // A variable that the function made of a constant.
            return new Value<T>(record.Output.Dimensions) { Constant = record.Output.Copy() };
        }

        var operands = new Value<T>[record.ReadCount];
        bool constant = !record.IsOpaque && operands.Length > 0;
        for (int k = 0; k < operands.Length; k++)
        {
            operands[k] = ValueOf(record.Read(k));
            constant &= operands[k].Root.Constant is not null;
        }

        if (constant && !Spreads(record))
        {
            Folded++;
            return new Value<T>(record.Output.Dimensions) { Constant = record.Output.Copy() };
        }

        if (record is LinearRecord<T> linear && linear.IsView(out int start))
        {
            Value<T> root = operands[0].Root;
            start += operands[0].Start;
            return start == 0 && root.Shape.AsSpan().SequenceEqual(record.Output.Shape) ? root : new Value<T>(record.Output.Dimensions) { Source = root, Start = start };
        }

        if (record is BinaryRecord<T> { IsProduct: true })
        {
            // x · 1 has the bits of x.
            (Value<T> x, Value<T> y) = (operands[0], operands[1]);
            if (IsOne(y) && x.Shape.AsSpan().SequenceEqual(record.Output.Shape))
            {
                return x;
            }

            if (IsOne(x) && y.Shape.AsSpan().SequenceEqual(record.Output.Shape))
            {
                return y;
            }
        }

        var operation = new Operation(record, operands);
        if (!record.IsOpaque && known.TryGetValue(operation, out Value<T>? same))
        {
            Merged++;
            return same;
        }

        var value = new Value<T>(record.Output.Dimensions) { Record = record, Operands = operands, RecordIndex = index };
        known[operation] = value;
        computed.Add(value);
        return value;
    }

    /// <summary>Whether an operation makes much of little: a constant is not folded then, but spread where it is used.</summary>
    private static bool Spreads(Record<T> record) => record is LinearRecord<T> { Map: RepeatMap<T> } && record.Output.Length > Group<T>.LeafLength;

    /// <summary>Whether a value is known to be 1 everywhere.</summary>
    public static bool IsOne(Value<T> value) => value switch
    {
        { Root.Constant: not null and var x } => !x.Values.ContainsAnyExcept(T.One),
        { Root.Record: LinearRecord<T> { Map: RepeatMap<T> } } => IsOne(value.Root.Operands[0]),
        _ => false,
    };

    /// <summary>What is computed, of what: two of the same give the same bits.</summary>
    private readonly struct Operation(Record<T> record, Value<T>[] operands) : IEquatable<Operation>
    {
        private readonly Record<T> record = record;
        private readonly Value<T>[] operands = operands;

        public bool Equals(Operation other) => record.Name == other.record.Name && SameOperands(other.operands) && record.IsSameOperation(other.record);

        public override bool Equals(object? obj) => obj is Operation other && Equals(other);

        public override int GetHashCode()
        {
            int hash = record.Name.GetHashCode(StringComparison.Ordinal);
            foreach (Value<T> operand in operands)
            {
                hash = (hash * 31) + RuntimeHelpers.GetHashCode(operand.Root) + operand.Start;
            }

            return hash;
        }

        private bool SameOperands(Value<T>[] others)
        {
            if (operands.Length != others.Length)
            {
                return false;
            }

            for (int k = 0; k < operands.Length; k++)
            {
                (Value<T> x, Value<T> y) = (operands[k], others[k]);
                if (!ReferenceEquals(x.Root, y.Root) || x.Start != y.Start || !x.Shape.AsSpan().SequenceEqual(y.Shape))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
