using System.Buffers;
using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>A group over the memory of one run.</summary>
internal sealed class BoundGroup<T> : BoundStep where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The blocks that a thread takes at a time; more where leaves of a sum may be cut by what threads take.</summary>
    private const int BlocksPerChunk = 4;

    private readonly int length;
    private readonly int blockLength;
    private readonly int chunkLength;
    private readonly Instruction[] instructions;
    private readonly (Operand X, GroupEnd<T> Sum)[] sums;
    private readonly int registers;
    private readonly List<(Tensor<T> Number, int Register)> constants = [];
    private readonly Action<int> runChunk;

    public BoundGroup(Group<T> group, Tensor<T>[] tensors)
    {
        (length, blockLength) = (group.Length, group.BlockLength);
        var file = new RegisterFile();
        var places = new Dictionary<Value<T>, int>();
        var instructionList = new List<Instruction>();
        var sumList = new List<(Operand, GroupEnd<T>)>();
        Dictionary<Value<T>, int> lastReader = LastReaders(group);
        for (int i = 0; i < group.Members.Count; i++)
        {
            Value<T> value = group.Members[i];
            if (Group<T>.IsEnd(value))
            {
                Tensor<T> sum = tensors[value.Number];
                sumList.Add((Find(value.Operands[0], value), Group<T>.IsSum(value) ? new GroupSum<T>(sum, length) : new GroupColumnSums<T>(sum, length / value.Length)));
                instructionList.Add(new Instruction(null, Operand.None, Operand.None, Operand.None, Operand.None, sumList.Count - 1));
                Free(value, i);
                continue;
            }

            Operand[] xs = Array.ConvertAll(value.Reads, operand => Find(operand, value));
            Operand y = Written(value);
            Operand slope = value.Slope is { } derivative ? Written(derivative) : Operand.None;
            Free(value, i);
            Record<T>? record = value.Record is LinearRecord<T> { Map: RepeatMap<T> } ? null : value.Computation;
            instructionList.Add(new Instruction(record, At(0), At(1), At(2), y, -1) { Slope = slope });
            foreach (Operand x in xs)
            {
                if (x.IsSpread)
                {
                    file.Return(x.Register);
                }
            }

            Operand At(int k) => k < xs.Length ? xs[k] : Operand.None;
        }

        (instructions, sums, registers) = ([.. instructionList], [.. sumList], file.Count);
        chunkLength = blockLength * (sums.Length > 0 && blockLength != Group<T>.LeafLength ? 4 * BlocksPerChunk : BlocksPerChunk);
        while (Array.Exists(sums, end => end.Sum.Columns > 0 && chunkLength / end.Sum.Columns % Reductions.RowsPerBlock != 0))
        {
            chunkLength *= 2;
        }

        runChunk = chunk => RunBlocks(chunk * chunkLength, (int)Math.Min((chunk + 1L) * chunkLength, length));

        // A kernel may go over its operands more than once: what dies with an operation is free for the next one only.
        Operand Written(Value<T> value)
        {
            if (!value.IsInternal)
            {
                return new Operand(tensors[value.Number], -1, default, false, value.Length < length ? value.Record!.RowLength : 1);
            }

            places[value] = file.Take();
            return new Operand(null, places[value], default, false);
        }

        Operand Find(Value<T> operand, Value<T> user)
        {
            if (places.TryGetValue(operand.Root, out int register) && operand.Root.IsInternal)
            {
                return new Operand(null, register, default, false);
            }

            Tensor<T> tensor = tensors[operand.Number];
            if (operand.Length == length)
            {
                return new Operand(tensor, -1, default, false);
            }

            if (user.Record!.RowLength is > 0 and var columns)
            {
                return new Operand(tensor, -1, default, false, Group<T>.IsColumn(operand, columns, length) ? columns : Operand.Whole);
            }

            Spread spread = Spread.Of(operand.Shape, user.Shape, user.Record!)!.Value;
            if (spread.Count > 1)
            {
                return new Operand(tensor, file.Take(), spread, true);
            }

            // A number is spread once, and stays in its register.
            int known = constants.FindIndex(constant => ReferenceEquals(constant.Number, tensor));
            if (known >= 0)
            {
                return new Operand(null, constants[known].Register, default, false);
            }

            // Written before the first operation, so nobody else may ever have it.
            int own = file.TakeNew();
            constants.Add((tensor, own));
            return new Operand(null, own, default, false);
        }

        void Free(Value<T> user, int i)
        {
            foreach (Value<T> operand in user.Reads)
            {
                Value<T> root = operand.Root;
                if (root.IsInternal && lastReader.TryGetValue(root, out int last) && last == i && places.Remove(root, out int register))
                {
                    file.Return(register);
                }
            }
        }
    }

    public override bool Run()
    {
        // What a group was to compute may all be what nobody reads any more.
        bool isShared = Chunks.IsLong(length, Math.Max(4 * Group<T>.LeafLength, Chunks.LongForFunctions / Math.Max(instructions.Length, 1)));
        foreach ((_, GroupEnd<T> sum) in sums)
        {
            sum.Begin(isShared ? chunkLength : length);
        }

        if (isShared)
        {
            Threading.For((int)(((long)length + chunkLength - 1) / chunkLength), runChunk);
        }
        else
        {
            RunBlocks(0, length);
        }

        foreach ((_, GroupEnd<T> sum) in sums)
        {
            sum.End();
        }

        return true;
    }

    private static Dictionary<Value<T>, int> LastReaders(Group<T> group)
    {
        var last = new Dictionary<Value<T>, int>();
        for (int i = 0; i < group.Members.Count; i++)
        {
            foreach (Value<T> operand in group.Members[i].Reads)
            {
                last[operand.Root] = i;
            }
        }

        return last;
    }

    private unsafe void RunBlocks(int first, int end)
    {
        T[] rented = Pool<T>.Shared.Rent((registers * blockLength) + (sums.Length * Group<T>.LeafLength) + MemoryPlan<T>.Line);
        fixed (T* start = rented)
        {
            // From a line of the cache on: otherwise each register of the processor would lie across two.
            RunBlocks(first, end, rented.AsSpan((int)((64 - ((long)start % 64)) % 64 / sizeof(T))));
        }

        Pool<T>.Shared.Return(rented);
    }

    private void RunBlocks(int first, int end, Span<T> file)
    {
        foreach ((Tensor<T> number, int register) in constants)
        {
            file.Slice(register * blockLength, blockLength).Fill(number.Writable[0]);
        }

        for (int start = first; start < end; start += blockLength)
        {
            int n = Math.Min(blockLength, end - start);
            foreach (ref readonly Instruction instruction in instructions.AsSpan())
            {
                if (instruction.Sum >= 0)
                {
                    (Operand operand, GroupEnd<T> sum) = sums[instruction.Sum];
                    sum.Add(Read(operand, file, start, n), start, file.Slice((registers * blockLength) + (instruction.Sum * Group<T>.LeafLength), Group<T>.LeafLength));
                    continue;
                }

                ReadOnlySpan<T> x = Read(instruction.X, file, start, n);
                if (instruction.Record is not { } record)
                {
                    x.CopyTo(Place(instruction.Output, file, start, n));
                    continue;
                }

                if (instruction.HasSlope)
                {
                    ((ElementwiseRecord<T>)record).WithSlope!(x, Place(instruction.Output, file, start, n), Place(instruction.Slope, file, start, n));
                    continue;
                }

                record.ComputeBlock(x, Read(instruction.Y, file, start, n), Read(instruction.Z, file, start, n), Place(instruction.Output, file, start, n));
            }
        }
    }

    private ReadOnlySpan<T> Read(in Operand operand, Span<T> file, int start, int n)
    {
        if (operand.IsSpread)
        {
            Span<T> spread = file.Slice(operand.Register * blockLength, n);
            operand.Spread.Fill(operand.Tensor!.Writable, start, spread);
            return spread;
        }

        return operand.Per == Operand.Whole ? operand.Tensor!.Writable : operand.Tensor is null && operand.Register < 0 ? default : Place(operand, file, start, n);
    }

    private Span<T> Place(in Operand operand, Span<T> file, int start, int n) =>
        operand.Tensor is { } tensor ? tensor.Writable.Slice(start / operand.Per, n / operand.Per) : file.Slice(operand.Register * blockLength, n);

    /// <summary>Where a block of an operand is: in a tensor, in a register, or in a tensor from which it is spread into a register, or which all blocks read whole. A tensor has a number for so many elements.</summary>
    private readonly record struct Operand(Tensor<T>? Tensor, int Register, Spread Spread, bool IsSpread, int Per = 1)
    {
        public const int Whole = 0;

        public static readonly Operand None = new(null, -1, default, false);
    }

    /// <summary>One operation on a block; without a record, a copy; or a part of a sum.</summary>
    private readonly record struct Instruction(Record<T>? Record, Operand X, Operand Y, Operand Z, Operand Output, int Sum)
    {
        /// <summary>Where the derivative of the operation goes, if it is wanted.</summary>
        public Operand Slope { get; init; } = Operand.None;

        public bool HasSlope => Slope.Tensor is not null || Slope.Register >= 0;
    }

    /// <summary>Numbers for blocks, the lowest free one first.</summary>
    private sealed class RegisterFile
    {
        private readonly SortedSet<int> free = [];

        public int Count { get; private set; }

        public int Take()
        {
            if (free.Count == 0)
            {
                return Count++;
            }

            int register = free.Min;
            free.Remove(register);
            return register;
        }

        /// <summary>A register that nobody has had.</summary>
        public int TakeNew() => Count++;

        public void Return(int register) => free.Add(register);
    }
}
