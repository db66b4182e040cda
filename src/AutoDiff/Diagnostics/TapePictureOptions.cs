namespace AutoDiff;

/// <summary>What the pictures of a tape show: <see cref="Tape{T}.ToText"/>, <see cref="Tape{T}.ToMermaid"/>, <see cref="Tape{T}.ToDot"/> and <see cref="Tape{T}.ToHtml"/>.</summary>
public sealed class TapePictureOptions
{
    /// <summary>Whether constants are drawn: operands that are on no tape, and the number of an operation such as x · 2. True by default. Text names them in any case.</summary>
    public bool Constants { get; init; } = true;

    /// <summary>
    /// Whether each operation shows the range of its cotangent, from one backward sweep of the result y that the picture is asked for; of a result with more than one element, the sweep is that of its
    /// sum. False by default.
    /// </summary>
    public bool Cotangents { get; init; }

    /// <summary>
    /// Whether a chain of operations that is repeated, as by a loop, is drawn once, in a frame that says how often. What a pass takes from the one before enters it as a stub (↺). Null, the default, folds
    /// the drawings but not the text. The HTML page keeps the whole picture as well, one click away.
    /// </summary>
    public bool? FoldRepeats { get; init; }

    /// <summary>A result that more operations than this use is drawn as a named stub at each of them, instead of as many edges. 8 by default; null never draws stubs.</summary>
    public int? StubsAbove { get; init; } = 8;

    internal static TapePictureOptions Default { get; } = new();
}
