using System.Numerics;

namespace AutoDiff;

/// <summary>One operation of a tape, as reports name it.</summary>
public sealed class TapeOperation
{
    private readonly int[] shape;

    private TapeOperation(int index, string name, string? variable, int[] shape, TapeScope? scope, TapeOperand[] operands) =>
        (Index, Name, Variable, this.shape, Scope, Operands) = (index, name, variable, shape, scope, operands);

    /// <summary>The place of the operation on its tape.</summary>
    public int Index { get; }

    /// <summary>The name of the operation, as in the API.</summary>
    public string Name { get; }

    /// <summary>For a variable, the name that it was given; otherwise null.</summary>
    public string? Variable { get; }

    /// <summary>The shape of the result.</summary>
    public ReadOnlySpan<int> Shape => shape;

    /// <summary>The scope that was open when the operation was recorded, or null.</summary>
    public TapeScope? Scope { get; }

    /// <summary>The operands, in order.</summary>
    public IReadOnlyList<TapeOperand> Operands { get; }

    /// <summary>The number of elements of the result.</summary>
    internal int Length => Shapes.Length(shape);

    /// <summary>Describes a record of a tape.</summary>
    internal static TapeOperation Of<T>(Tape<T> tape, int index) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Record<T> record = tape[index];
        var operands = new TapeOperand[record.InputCount];
        for (int i = 0; i < operands.Length; i++)
        {
            operands[i] = tape.IndexOf(record.Input(i)) is var place && place < 0
                ? new TapeOperand(null, null, record.Input(i).Dimensions)
                : new TapeOperand(place, LabelOf(tape[place]), record.Input(i).Dimensions);
        }

        return new TapeOperation(index, record.Name, LabelOf(record), record.Output.Dimensions, record.Scope, operands);
    }

    /// <summary>The name that a variable was given; null of other records.</summary>
    internal static string? LabelOf<T>(Record<T> record) where T : unmanaged, IBinaryFloatingPointIeee754<T> => (record as VariableRecord<T>)?.Label;

    /// <summary>As in "#12 MatMul [32, 8] in network / layer 1 (Model.cs:20)", or "#0 Variable weights [8, 4]".</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"#{Index} {Printable.Line(Name)} {(Variable is null ? "" : Printable.Line(Variable) + " ")}{Shapes.Format(shape)}{(Scope is null ? "" : $" in {Printable.Line(Scope.ToString())}")}";
}

/// <summary>An operand of an operation: the result of an earlier operation, or a constant.</summary>
public sealed class TapeOperand
{
    private readonly int[] shape;

    internal TapeOperand(int? index, string? variable, int[] shape) => (Index, Variable, this.shape) = (index, variable, shape);

    /// <summary>The place of the operation that gave the operand; null for a constant.</summary>
    public int? Index { get; }

    /// <summary>For a variable, the name that it was given; otherwise null.</summary>
    public string? Variable { get; }

    /// <summary>The shape of the operand.</summary>
    public ReadOnlySpan<int> Shape => shape;

    /// <summary>As in "#3 [4, 2]", "#0 weights [4, 2]" or "constant [4, 2]".</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{(Index is null ? "constant" : $"#{Index}")}{(Variable is null ? "" : " " + Printable.Line(Variable))} {Shapes.Format(shape)}";
}
