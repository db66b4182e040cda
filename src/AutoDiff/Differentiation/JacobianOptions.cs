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

    /// <summary>By colours: the pattern of the nonzeros is found from the tape, and rows or columns that do not meet share a sweep.</summary>
    Sparse,
}

/// <summary>Choices for the computation of a Jacobian or Hessian.</summary>
/// <param name="Mode">By rows, by columns, by colours, or whichever costs less.</param>
/// <param name="MemoryBound">
/// How many bytes the largest recorded value may take when it is carried for a whole batch of vectors; the vectors travel in chunks that keep within it. At least one vector travels at a time.
/// </param>
public sealed record JacobianOptions(JacobianMode Mode = JacobianMode.Auto, long MemoryBound = 64L << 20)
{
    /// <summary>The mode that costs less, and 64 MiB.</summary>
    public static JacobianOptions Default { get; } = new();
}

/// <summary>How a Jacobian is going to be computed, and why.</summary>
/// <param name="Mode">The mode that was chosen: Forward, Reverse or Sparse.</param>
/// <param name="Rows">The number of rows, the length of the output.</param>
/// <param name="Columns">The number of columns, the length of the input.</param>
/// <param name="Vectors">How many vectors travel over the tape.</param>
/// <param name="Chunk">How many of them travel in one sweep.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record JacobianPlan(JacobianMode Mode, int Rows, int Columns, int Vectors, int Chunk, string Reason)
{
    /// <summary>The plan in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Rows} x {Columns} Jacobian, {Mode}: {Vectors} vectors in {(Vectors + Math.Max(Chunk, 1) - 1) / Math.Max(Chunk, 1)} sweeps; {Reason}");
}
