using System.Globalization;

namespace AutoDiff;

/// <summary>How a Jacobian is computed.</summary>
public enum JacobianMode
{
    /// <summary>By rows or by columns, whichever costs less.</summary>
    Auto,

    /// <summary>By columns: forward sweeps with unit tangents, one for each input.</summary>
    Forward,

    /// <summary>By rows: backward sweeps with unit cotangents, one for each output.</summary>
    Reverse,

    /// <summary>By colors: the pattern of the nonzeros is found from the tape, and rows or columns that do not meet share a sweep.</summary>
    Sparse,
}

/// <summary>Choices for the computation of a Jacobian or Hessian.</summary>
public sealed record JacobianOptions
{
    /// <summary>By rows, by columns, with colors, or whichever costs less, which is the default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such mode.</exception>
    public JacobianMode Mode
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw Errors.OutOfRange(nameof(JacobianOptions), nameof(Mode), $"the mode is {(int)value}", "one of the modes", "give a member of JacobianMode");
    }

    /// <summary>
    /// How many bytes the largest recorded value may take when it is carried for a whole batch of vectors; the vectors travel in chunks that keep within it. At least one vector travels at a time.
    /// 64 MiB by default.
    /// </summary>
    public long MemoryBound { get; init; } = 64L << 20;

    /// <summary>The options, numbers in the invariant culture.</summary>
    /// <returns>Text for people.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"JacobianOptions {{ Mode = {Mode}, MemoryBound = {MemoryBound} }}");

    /// <summary>The mode that costs less, and 64 MiB.</summary>
    public static JacobianOptions Default { get; } = new();
}

/// <summary>How a Jacobian is going to be computed, and why.</summary>
public sealed class JacobianPlan
{
    /// <summary>The mode that was chosen: Forward, Reverse or Sparse.</summary>
    public required JacobianMode Mode { get; init; }

    /// <summary>The number of rows, the length of the output.</summary>
    public required int Rows { get; init; }

    /// <summary>The number of columns, the length of the input.</summary>
    public required int Columns { get; init; }

    /// <summary>How many vectors travel over the tape.</summary>
    public required int Vectors { get; init; }

    /// <summary>How many of them travel in one sweep.</summary>
    public required int Chunk { get; init; }

    /// <summary>Why, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>The plan in one line.</summary>
    /// <returns>Text for people.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Rows} x {Columns} Jacobian, {Mode}: {Vectors} vectors in {(Vectors + Math.Max(Chunk, 1) - 1) / Math.Max(Chunk, 1)} sweeps; {Reason}");
}
