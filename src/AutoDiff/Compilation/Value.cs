using System.Numerics;

namespace AutoDiff;

/// <summary>
/// One tensor of a compiled program: an input, a constant, what an operation computes, or a part of another value as it lies. Values are made in an order of evaluation, and know nothing of where they
/// will be kept: that is decided by the schedule and the memory plan.
/// </summary>
internal sealed class Value<T>(int[] shape) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Value<T>[]? reads;

    /// <summary>The place in the program's list of values.</summary>
    public int Number = -1;

    /// <summary>Of an input, its number among them; otherwise -1.</summary>
    public int Input = -1;

    /// <summary>Of a constant, its values.</summary>
    public Tensor<T>? Constant;

    /// <summary>Of what is computed, the operation.</summary>
    public Record<T>? Record;

    /// <summary>Of what is computed, its operands.</summary>
    public Value<T>[] Operands = [];

    /// <summary>Of a function, its derivative at the same place, where its step computes that along with it.</summary>
    public Value<T>? Slope;

    /// <summary>Of a value that was made to hold the derivative of a function, the function.</summary>
    public Value<T>? SlopeOf;

    /// <summary>Of a view, the value (itself no view) whose numbers it shows, from <see cref="Start"/> on.</summary>
    public Value<T>? Source;
    public int Start;

    /// <summary>Whether somebody outside the program reads it: it is a result.</summary>
    public bool IsOutput;

    /// <summary>Of what is computed, the place of its record on the tape.</summary>
    public int RecordIndex = -1;

    /// <summary>Where it is computed: before this place in the schedule it does not exist. Inputs and constants exist from the beginning.</summary>
    public int Position = -1;

    /// <summary>The last place in the schedule that reads it.</summary>
    public int LastUse = -1;

    /// <summary>The group that computes it block by block, if any.</summary>
    public Group<T>? Group;

    /// <summary>Whether nobody but its group reads it: then no more than a block of it ever exists.</summary>
    public bool IsInternal;

    /// <summary>The place in the arena, in elements, or -1 for values that are kept elsewhere.</summary>
    public long Offset = -1;

    /// <summary>Whether it is a large result, which a run computes where the caller wants to have it.</summary>
    public bool IsResult;

    /// <summary>While the memory is planned: whether the place has been given to somebody else.</summary>
    public bool IsFreed;

    public int[] Shape => shape;

    public int Length { get; } = Shapes.Length(shape);

    /// <summary>What its step reads: the operands, unless the second is replaced by a function of it.</summary>
    public Value<T>[] Reads => reads ?? Operands;

    /// <summary>What its step computes from that.</summary>
    public Record<T> Computation => reads is null ? Record! : ((BinaryRecord<T>)Record!).AsProduct();

    /// <summary>Of a product with a derivative: lets its step multiply by the value that holds the derivative.</summary>
    public void MultiplyBy(Value<T> slope) => reads = [Operands[0], slope];

    /// <summary>The value that owns the numbers: this, or what it is a view of.</summary>
    public Value<T> Root => Source ?? this;

    public bool IsComputed => Record is not null && Source is null;

    /// <summary>What it is, and its shape, as reports name it.</summary>
    public override string ToString() => $"{(Input >= 0 ? $"input {Input}" : SlopeOf is not null ? $"{SlopeOf.Record!.Name}Slope" : Record?.Name ?? Source?.Record?.Name ?? "constant")} {Shapes.Format(shape)}";
}
