using System.Globalization;

namespace AutoDiff;

/// <summary>Why a tape holds memory.</summary>
public enum MemoryReason
{
    /// <summary>A value that the derivative of some operation reads.</summary>
    KeptForDerivative,

    /// <summary>A value that no derivative reads; it is kept because it can be asked for, and for computing the tape again.</summary>
    KeptAsValue,

    /// <summary>Another shape or a part of a value that is held already: no memory of its own.</summary>
    SharedView,

    /// <summary>The value of a variable, which was given to the tape.</summary>
    Variable,

    /// <summary>An operand that is on no tape, and is held because an operation used it.</summary>
    Constant,
}

/// <summary>What all operations of one name took.</summary>
public sealed record OperationCost
{
    /// <summary>The name of the operations.</summary>
    public required string Name { get; init; }

    /// <summary>How many there are.</summary>
    public required int Count { get; init; }

    /// <summary>The elements of their results.</summary>
    public required long Elements { get; init; }

    /// <summary>The estimated floating-point operations of one evaluation.</summary>
    public required long Flops { get; init; }

    /// <summary>The memory that the tape holds for their results; views count nothing.</summary>
    public required long Bytes { get; init; }

    /// <summary>How much of that some derivative reads.</summary>
    public required long BytesForDerivative { get; init; }

    /// <summary>As in "Sin: 3 operations, 30 elements, 600 floating-point operations, 240 bytes, 240 of them for derivatives".</summary>
    /// <returns>Text for people.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Name}: {Count} operations, {Elements} elements, {Flops} floating-point operations, {Bytes} bytes, {BytesForDerivative} of them for derivatives");
}

/// <summary>The memory that a tape holds for one reason.</summary>
public sealed record MemoryUse
{
    /// <summary>The reason.</summary>
    public required MemoryReason Reason { get; init; }

    /// <summary>How many tensors are held for it.</summary>
    public required int Count { get; init; }

    /// <summary>Their bytes; for shared views, the bytes that sharing saved.</summary>
    public required long Bytes { get; init; }

    /// <summary>As in "Variable: 2 tensors, 160 bytes".</summary>
    /// <returns>Text for people.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Reason}: {Count} tensors, {Bytes} bytes");
}

/// <summary>What a tape costs: operations, floating-point operations and memory, and why the memory is held.</summary>
public sealed class TapeExplanation
{
    internal TapeExplanation(IReadOnlyList<OperationCost> operations, IReadOnlyList<MemoryUse> memory) => (Operations, Memory) = (operations, memory);

    /// <summary>One row for each name of an operation, the most floating-point operations first.</summary>
    public IReadOnlyList<OperationCost> Operations { get; }

    /// <summary>One row for each reason that occurs.</summary>
    public IReadOnlyList<MemoryUse> Memory { get; }

    /// <summary>The number of operations.</summary>
    public int Count => Operations.Sum(row => row.Count);

    /// <summary>The estimated floating-point operations of one evaluation.</summary>
    public long Flops => Operations.Sum(row => row.Flops);

    /// <summary>The bytes held: values, variables and constants. Each array counts once.</summary>
    public long Bytes => Memory.Where(row => row.Reason != MemoryReason.SharedView).Sum(row => row.Bytes);

    /// <summary>Two tables: what was done, and what is held.</summary>
    /// <returns>Text for people.</returns>
    public override string ToString() =>
        Printable.Table(["operation", "count", "elements", "FLOP", "held", "for derivatives"], [false, true, true, true, true, true],
            [
                .. Operations.Select(row => new[] { Printable.Line(row.Name), Printable.Count(row.Count), Printable.Count(row.Elements), Printable.Amount(row.Flops), Printable.Bytes(row.Bytes), Printable.Bytes(row.BytesForDerivative) }),
                ["total", Printable.Count(Count), Printable.Count(Operations.Sum(row => row.Elements)), Printable.Amount(Flops), Printable.Bytes(Operations.Sum(row => row.Bytes)), Printable.Bytes(Operations.Sum(row => row.BytesForDerivative))],
            ])
        + "\n"
        + Printable.Table(["memory", "tensors", "bytes"], [false, true, true],
            [.. Memory.Select(row => new[] { Describe(row.Reason), Printable.Count(row.Count), Printable.Bytes(row.Bytes) }), ["held in all", "", Printable.Bytes(Bytes)]]);

    internal static string Describe(MemoryReason reason) => reason switch
    {
        MemoryReason.KeptForDerivative => "values that derivatives read",
        MemoryReason.KeptAsValue => "values that no derivative reads",
        MemoryReason.SharedView => "shared views (saved, not held)",
        MemoryReason.Variable => "variables",
        _ => "constants",
    };
}
