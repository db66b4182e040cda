using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>
/// Elementwise operations over the same number of elements, run block by block: each block goes through all of them while it is in the nearest cache. Operands that broadcast are spread block by block,
/// and sums of all elements are taken on the way, along the same tree as ever, so that every bit is that of the operations one by one. Operations by rows (softmax, layer norm and their derivatives)
/// run among them: blocks are then of whole rows. What has one number for each row (their maxima, their sums) is small, and is kept as a whole. Blocks are dealt to the threads.
/// </summary>
internal sealed class Group<T>(int position, int length) : Step<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The elements of a block, where rows do not ask for others: a leaf of the tree of a sum.</summary>
    public const int LeafLength = Reductions.BlockLength;

    /// <summary>Of longer rows a few would leave the nearest caches.</summary>
    private const int LongestRow = 2 * LeafLength;

    private readonly List<Value<T>> members = [];

    /// <summary>The elements that stay together: the least common multiple of the lengths of rows.</summary>
    private int unit = 1;

    public List<Value<T>> Members => members;

    public int Length => length;

    /// <summary>The elements of a block: those of a leaf, or a little less that are whole rows, and begin at a line of the cache where that leaves some.</summary>
    public int BlockLength
    {
        get
        {
            int rows = LeafLength / unit, aligned = MemoryPlan<T>.Line / Divisor(unit, MemoryPlan<T>.Line);
            return Math.Max(rows < aligned ? rows : rows - (rows % aligned), 1) * unit;
        }
    }

    public override IEnumerable<Value<T>> Reads => members.SelectMany(static value => value.Reads);

    public override IEnumerable<Value<T>> Writes => members.Concat(Slopes).Where(static value => !value.IsInternal);

    /// <summary>The derivatives that are computed along with members.</summary>
    private IEnumerable<Value<T>> Slopes => members.Select(static value => value.Slope).OfType<Value<T>>();

    /// <summary>Whether an operation is one for groups, and over how many elements it runs: of few elements nothing is gained.</summary>
    public static bool CanHold(Value<T> value, out int length)
    {
        length = Math.Max(value.Length, value.Operands.Length == 0 ? 0 : value.Operands.Max(static operand => operand.Length));
        return length > LeafLength && (IsEnd(value) || IsByRows(value, length) || ((value.Record!.IsElementwise || value.Record is LinearRecord<T> { Map: RepeatMap<T> }) && value.Operands.Length <= 3
            && Array.TrueForAll(value.Operands, operand => Spread.Of(operand.Shape, value.Shape, value.Record!) is not null)));
    }

    /// <summary>Whether an operation goes by rows, of which a block can hold whole ones.</summary>
    private static bool IsByRows(Value<T> value, int length) => value.Record!.RowLength is > 0 and <= LongestRow and var columns && value.Operands.Length <= 3
        && (value.Length == length || value.Length == length / columns)
        && Array.TrueForAll(value.Operands, operand => operand.Length == length || operand.Length == columns || IsColumn(operand, columns, length));

    /// <summary>Whether an operand has one number for each row.</summary>
    public static bool IsColumn(Value<T> operand, int columns, int length) => operand.Shape is [.., 1] && operand.Length == length / columns;

    /// <summary>Whether an operation is the sum of all elements of its operand.</summary>
    public static bool IsSum(Value<T> value) => value.Length == 1 && value.Record is LinearRecord<T> { Map: SumMap<T> };

    /// <summary>Whether an operation is the sum of all elements of its operand, or of the columns of a matrix: a group may end in it, and does not go on with it.</summary>
    public static bool IsEnd(Value<T> value) => IsSum(value) || IsColumnSum(value);

    private static bool IsColumnSum(Value<T> value) => value.Record is LinearRecord<T> { Batch: 1, Map: SumMap<T> { Outer: 1, Inner: > 1 and <= LongestRow } };

    /// <summary>Whether everything that an operation reads is there before the group runs, or is computed in it, element by element.</summary>
    public bool Accepts(Value<T> value)
    {
        foreach (Value<T> operand in value.Operands)
        {
            Value<T> root = operand.Root;
            bool inStep = ReferenceEquals(root.Group, this) && !IsEnd(root) && operand.Length == length && root.Length == length;
            if (IsEnd(value) ? !inStep : !inStep && root.Position >= position && !TakesRows(value, operand))
            {
                return false;
            }
        }

        // Sums of columns ask for blocks of whole rows, which cut the leaves of other sums. That pays where the rows would come from memory.
        return UnitWith(value) <= LongestRow && (!IsColumnSum(value) || BlockLength % value.Length == 0 || length >= Chunks.LongForArithmetic);
    }

    public void Add(Value<T> value)
    {
        unit = UnitWith(value);
        (value.Position, value.Group) = (position, this);
        members.Add(value);
    }

    /// <summary>Whether an operand has one number for each row, which the group computes, and an operation takes it for the same row.</summary>
    private bool TakesRows(Value<T> value, Value<T> operand)
    {
        if (!ReferenceEquals(operand.Root.Group, this) || IsEnd(operand.Root) || operand.Length != operand.Root.Length)
        {
            return false;
        }

        return value.Record!.RowLength is > 0 and var columns ? IsColumn(operand, columns, length)
            : operand.Length > 1 && Spread.Of(operand.Shape, value.Shape, value.Record) == new Spread(length / operand.Length, operand.Length);
    }

    /// <summary>The elements that would have to stay together with another operation.</summary>
    private int UnitWith(Value<T> value)
    {
        int columns = IsSum(value) ? 1 : IsColumnSum(value) ? value.Length : Math.Max(value.Record!.RowLength, 1);
        return unit / Divisor(unit, columns) * columns;
    }

    /// <summary>The greatest common divisor.</summary>
    private static int Divisor(int x, int y) => y == 0 ? x : Divisor(y, x % y);

    /// <summary>What nobody outside reads need not be kept, and what nobody reads any more (the ones that a derivative was multiplied by) not be computed.</summary>
    public void MarkInternal()
    {
        members.RemoveAll(static value => value.LastUse < 0);
        foreach (Value<T> value in members.Concat(Slopes))
        {
            value.IsInternal = value.Length == length && value.LastUse <= position;
        }
    }

    public override BoundStep Bind(Tensor<T>[] tensors) => new BoundGroup<T>(this, tensors);
}

/// <summary>How an operand is spread over a result: element i of the result takes element (i / Inner) mod Count of the operand.</summary>
internal readonly record struct Spread(int Inner, int Count)
{
    /// <summary>A loop writes fewer elements faster than a call.</summary>
    private const int ShortRun = 16;

    /// <summary>The spread of an operand of an elementwise operation, or null where it is not of this form.</summary>
    public static Spread? Of<T>(int[] operand, int[] result, Record<T> record) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (record is LinearRecord<T> { Map: RepeatMap<T> repeat } linear)
        {
            int outer = repeat.Outer * linear.Batch;
            return outer == 1 ? new Spread(1, repeat.Inner) : repeat.Inner == 1 ? new Spread(repeat.Repeated, outer) : null;
        }

        return Of(operand, result);
    }

    /// <summary>The spread by broadcasting: the axes along which the operand is not stretched have to be next to each other.</summary>
    private static Spread? Of(int[] operand, int[] result)
    {
        (int inner, int count, bool stretchedBefore) = (1, 1, false);
        for (int i = 1; i <= result.Length; i++)
        {
            int own = i <= operand.Length ? operand[^i] : 1;
            if (own == result[^i])
            {
                if (own != 1 && stretchedBefore)
                {
                    return null;
                }

                count *= own;
            }
            else if (count == 1)
            {
                inner *= result[^i];
            }
            else
            {
                stretchedBefore = true;
            }
        }

        return new Spread(inner, count);
    }

    /// <summary>Writes the elements of the result from <paramref name="start"/> on.</summary>
    public void Fill<T>(ReadOnlySpan<T> x, int start, Span<T> y)
    {
        if (Inner == 1)
        {
            int from = start % Count, first = Math.Min(Count - from, y.Length), filled = Math.Min(Count, y.Length);
            x.Slice(from, first).CopyTo(y);
            x[..(filled - first)].CopyTo(y[first..]);
            for (int run; filled < y.Length; filled += run)
            {
                // What is there is repeated, twice as much each time.
                run = Math.Min(filled, y.Length - filled);
                y[..run].CopyTo(y[filled..]);
            }

            return;
        }

        int place = start / Inner % Count;
        int left = Inner - (start % Inner);
        while (!y.IsEmpty)
        {
            int run = Math.Min(left, y.Length);
            if (run < ShortRun)
            {
                T number = x[place];
                for (int i = 0; i < run; i++)
                {
                    y[i] = number;
                }
            }
            else
            {
                y[..run].Fill(x[place]);
            }

            y = y[run..];
            left = Inner;
            place = place + 1 < Count ? place + 1 : 0;
        }
    }
}
