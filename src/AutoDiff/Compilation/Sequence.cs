using System.Numerics;
using System.Runtime.Intrinsics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>
/// Operations on a few elements each, one after the other: a list of places in the memory of a run. Of programs that are written in numbers, or in lanes of a few of them, there are tens of thousands, and a step with
/// tensors of its own for each would have the processor wait for these.
/// </summary>
/// <param name="First">The place of the first operation among the steps of the program.</param>
/// <param name="Count">How many steps of the program it stands for.</param>
/// <param name="Instructions">What is done.</param>
internal sealed record Sequence<T>(int First, int Count, Instruction<T>[] Instructions) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>What is done with elements at places in the memory of a run.</summary>
/// <param name="Kind">How it is done.</param>
/// <param name="Record">The operation, where its kind is that of any.</param>
/// <param name="X">The place of the first operand.</param>
/// <param name="Y">That of the second; of a sum, the number of elements; of a function with its derivative, the place of the derivative.</param>
/// <param name="Z">That of the third.</param>
/// <param name="Output">The place of the result.</param>
/// <param name="Length">The number of elements of the result.</param>
internal readonly record struct Instruction<T>(InstructionKind Kind, Record<T>? Record, int X, int Y, int Z, int Output, int Length) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>How an instruction is run. Arithmetic is by far the most of it: a call that knows its kernel takes half the time of one that asks the record.</summary>
internal enum InstructionKind
{
    /// <summary>As the record says.</summary>
    Any,

    /// <summary>The record's function, and its derivative.</summary>
    WithSlope,

    /// <summary>The sum of all elements.</summary>
    Sum,

    /// <summary>One element, written everywhere.</summary>
    Spread,

    /// <summary>x + y.</summary>
    Add,

    /// <summary>x - y.</summary>
    Subtract,

    /// <summary>x y.</summary>
    Multiply,

    /// <summary>x / y.</summary>
    Divide,
}

/// <summary>Finds the sequences of a program whose memory is planned.</summary>
internal sealed class SequencePlan<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Shorter ones are steps like any others.</summary>
    private const int FewestSteps = 2;

    /// <summary>A number is spread over so many elements at most: over more, operations that take a number as it is read less.</summary>
    private const int LongestSpread = 512;

    /// <summary>So many operations of one name are compared with another one to find one that computes the same.</summary>
    private const int MostCompared = 16;

    /// <summary>The elements of the widest register.</summary>
    private static readonly int RegisterLength = Vector512.IsHardwareAccelerated ? Vector512<T>.Count : Vector256.IsHardwareAccelerated ? Vector256<T>.Count : Vector128<T>.Count;

    private readonly Dictionary<string, List<Record<T>>> operations = [];
    private readonly Dictionary<(Value<T> Root, int Start, int Length), int> imported = [];
    private readonly Dictionary<(Value<T> Root, int Start, int Length), int> spread = [];
    private readonly List<(Value<T>, int)> imports = [];
    private readonly List<Sequence<T>> sequences = [];
    private long end;

    private SequencePlan(long arenaLength) => end = arenaLength;

    /// <summary>The sequences in their order, the constants and inputs that a run has to put into its memory for them, and the elements of that memory.</summary>
    public static (Sequence<T>[] Sequences, (Value<T> Value, int Place)[] Imports, long ArenaLength) Run(Step<T>[] steps, long arenaLength)
    {
        var plan = new SequencePlan<T>(arenaLength);
        for (int first = 0; first < steps.Length; first++)
        {
            int count = 0;
            while (first + count < steps.Length && plan.end < int.MaxValue / 2 && CanHold(steps[first + count]))
            {
                count++;
            }

            if (count >= FewestSteps)
            {
                plan.Add(steps, first, count);
            }

            first += count;
        }

        return ([.. plan.sequences], [.. plan.imports], plan.end);
    }

    private static bool CanHold(Step<T> step) => step is RecordStep<T> { Value: var value } && value.Root.Offset >= 0 && !value.IsResult && value.Length is > 0 and <= Group<T>.LeafLength
        && value.Operands.Length <= 3 && (IsSum(value) || ((value.Record!.IsElementwise || value.Record is LinearRecord<T> { Map: RepeatMap<T> })
            && Array.TrueForAll(value.Reads, operand => IsReachable(operand) && (operand.Length == value.Length ? value.Record.IsElementwise : operand.Length == 1 && value.Length <= LongestSpread))));

    private static bool IsSum(Value<T> value) => Group<T>.IsSum(value) && value.Operands[0] is { Length: > 0 and <= Group<T>.LeafLength } operand && IsReachable(operand);

    private static bool IsReachable(Value<T> operand) => operand.Root is { IsResult: false } root && (root.Offset >= 0 || root.Constant is not null || root.Input >= 0);

    private void Add(Step<T>[] steps, int first, int count)
    {
        var instructions = new List<Instruction<T>>(count);
        for (int i = first; i < first + count; i++)
        {
            Value<T> value = ((RecordStep<T>)steps[i]).Value;
            int length = value.Length, output = checked((int)(value.Root.Offset + value.Start));
            if (IsSum(value))
            {
                instructions.Add(new(InstructionKind.Sum, null, Place(value.Operands[0]), value.Operands[0].Length, 0, output, length));
                continue;
            }

            if (value.Record is LinearRecord<T> { Map: RepeatMap<T> })
            {
                instructions.Add(new(InstructionKind.Spread, null, Place(value.Operands[0]), 0, 0, output, length));
                continue;
            }

            if (value.Slope is { } slope)
            {
                int x = Place(value.Operands[0]);
                instructions.Add(new(InstructionKind.WithSlope, Known(value.Record!), x, Place(slope), 0, output, WholeRegisters(length, output, x)));
                continue;
            }

            int[] places = Array.ConvertAll(value.Reads, operand => operand.Length == length ? Place(operand) : Spread(operand, length, instructions));
            Record<T> record = Known(value.Computation);
            instructions.Add(new(KindOf(record), record, places[0], places[Math.Min(1, places.Length - 1)], places[^1], output, WholeRegisters(length, output, places)));
        }

        sequences.Add(new(first, count, [.. instructions]));
    }

    private static InstructionKind KindOf(Record<T> record) => record is not BinaryRecord<T> { Kernel: var kernel } ? InstructionKind.Any
        : kernel == VectorMath.Add ? InstructionKind.Add
        : kernel == VectorMath.Subtract ? InstructionKind.Subtract
        : kernel == VectorMath.Multiply ? InstructionKind.Multiply
        : kernel == VectorMath.Divide ? InstructionKind.Divide
        : InstructionKind.Any;

    /// <summary>
    /// The length of whole registers of the processor, where no more than a quarter is added: the rest of an incomplete one would have to be taken by itself. What lies behind the elements of the output belongs
    /// to its place, and nobody reads it. Behind those of an operand, which may be a part of something, the output may begin: some kernels do not take these together.
    /// </summary>
    private static int WholeRegisters(int length, int output, params ReadOnlySpan<int> operands)
    {
        int whole = (length + RegisterLength - 1) / RegisterLength * RegisterLength;
        foreach (int x in operands)
        {
            if (x < output && x + whole > output)
            {
                return length;
            }
        }

        return 4 * (whole - length) <= length ? whole : length;
    }

    /// <summary>Where the elements of an operand are. Constants and inputs are elsewhere, and are brought along.</summary>
    private int Place(Value<T> operand)
    {
        if (operand.Root.Offset >= 0)
        {
            return checked((int)(operand.Root.Offset + operand.Start));
        }

        var key = (operand.Root, operand.Start, operand.Length);
        if (!imported.TryGetValue(key, out int place))
        {
            imported[key] = place = Take(operand.Length);
            imports.Add((operand, place));
        }

        return place;
    }

    /// <summary>A place where one number is written so often, from the first time that it is needed.</summary>
    private int Spread(Value<T> number, int length, List<Instruction<T>> instructions)
    {
        var key = (number.Root, number.Start, length);
        if (!spread.TryGetValue(key, out int place))
        {
            spread[key] = place = Take(length);
            instructions.Add(new(InstructionKind.Spread, null, Place(number), 0, 0, place, length));
        }

        return place;
    }

    private int Take(int length)
    {
        int place = checked((int)end);
        end += MemoryPlan<T>.RoundUp(length);
        return place;
    }

    /// <summary>A record that computes the same: a few of them stay in the nearest cache, one for each operation would not.</summary>
    private Record<T> Known(Record<T> record)
    {
        if (!operations.TryGetValue(record.Name, out List<Record<T>>? known))
        {
            operations[record.Name] = known = [];
        }

        foreach (Record<T> other in known.Take(MostCompared))
        {
            if (other.GetType() == record.GetType() && record.IsSameOperation(other))
            {
                return other;
            }
        }

        known.Add(record);
        return record;
    }
}

/// <summary>A sequence over the memory of one run.</summary>
/// <param name="instructions">What is done.</param>
/// <param name="arena">The memory, an array that stays where it is.</param>
/// <param name="start">Where its places begin.</param>
internal sealed class BoundSequence<T>(Instruction<T>[] instructions, T[] arena, int start) : BoundStep where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override unsafe bool Run()
    {
        fixed (T* places = &arena[start])
        {
            foreach (ref readonly Instruction<T> instruction in instructions.AsSpan())
            {
                int n = instruction.Length;
                T* x = places + instruction.X;
                var y = new Span<T>(places + instruction.Output, n);
                switch (instruction.Kind)
                {
                    case InstructionKind.Add:
                        VectorMath.Add(new ReadOnlySpan<T>(x, n), new ReadOnlySpan<T>(places + instruction.Y, n), y);
                        break;
                    case InstructionKind.Subtract:
                        VectorMath.Subtract(new ReadOnlySpan<T>(x, n), new ReadOnlySpan<T>(places + instruction.Y, n), y);
                        break;
                    case InstructionKind.Multiply:
                        VectorMath.Multiply(new ReadOnlySpan<T>(x, n), new ReadOnlySpan<T>(places + instruction.Y, n), y);
                        break;
                    case InstructionKind.Divide:
                        VectorMath.Divide(new ReadOnlySpan<T>(x, n), new ReadOnlySpan<T>(places + instruction.Y, n), y);
                        break;
                    case InstructionKind.Spread:
                        y.Fill(*x);
                        break;
                    case InstructionKind.Sum:
                        Reductions.SumRows(new(x, instruction.Y), 1, instruction.Y, y);
                        break;
                    case InstructionKind.WithSlope:
                        ((ElementwiseRecord<T>)instruction.Record!).WithSlope!(new(x, n), y, new(places + instruction.Y, n));
                        break;
                    default:
                        instruction.Record!.ComputeBlock(new(x, n), new(places + instruction.Y, n), new(places + instruction.Z, n), y);
                        break;
                }
            }
        }

        return true;
    }
}
