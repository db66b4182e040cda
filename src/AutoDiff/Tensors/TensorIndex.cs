namespace AutoDiff;

/// <summary>
/// One entry of an index in brackets: an integer (drops its axis), a range (keeps it), a range with a step, a new axis of length 1, or the ellipsis that stands for all axes not named.
/// Integers, <see cref="Index"/> and <see cref="Range"/> convert by themselves: <c>x[0]</c>, <c>x[1..3, ..]</c>, <c>x[^1, 2]</c>.
/// </summary>
public readonly record struct TensorIndex
{
    internal enum EntryKind
    {
        Integer,
        Range,
        NewAxis,
        Ellipsis,
    }

    internal EntryKind Kind { get; private init; }

    internal Index Position { get; private init; }

    internal Range Extent { get; private init; }

    internal int Step { get; private init; }

    /// <summary>A new axis of length 1.</summary>
    public static TensorIndex NewAxis => new() { Kind = EntryKind.NewAxis };

    /// <summary>All the axes that the other entries leave, in full.</summary>
    public static TensorIndex Ellipsis => new() { Kind = EntryKind.Ellipsis };

    /// <summary>Every <paramref name="step"/>-th element of a range. A negative step goes through the range from its end to its start.</summary>
    /// <param name="range">The range before stepping.</param>
    /// <param name="step">The step; not 0.</param>
    /// <returns>The entry of an index.</returns>
    /// <exception cref="ArgumentException">The step is 0.</exception>
    public static TensorIndex Every(Range range, int step) => step != 0
        ? new() { Kind = EntryKind.Range, Extent = range, Step = step }
        : throw Errors.Argument(nameof(Every), nameof(step), "the step is 0", "a step other than 0", "use 1 to take every element");

    /// <summary>The element at a position, counted from the front; a negative position counts from the end. Its axis is dropped.</summary>
    /// <param name="position">The position.</param>
    /// <exception cref="ArgumentException">The position is <see cref="int.MinValue"/>, which counts from the end of no axis.</exception>
    /// <returns>The converted value.</returns>
    public static implicit operator TensorIndex(int position) => position != int.MinValue
        ? new() { Kind = EntryKind.Integer, Position = position >= 0 ? position : new Index(-position, fromEnd: true) }
        : throw Errors.Argument("Slice", nameof(position), $"index {position} is outside any axis", "an index within an axis", "check the index");

    /// <summary>The element at a position, from the front or the end. Its axis is dropped.</summary>
    /// <param name="position">The position.</param>
    /// <returns>The converted value.</returns>
    public static implicit operator TensorIndex(Index position) => new() { Kind = EntryKind.Integer, Position = position };

    /// <summary>The elements of a range.</summary>
    /// <param name="range">The range.</param>
    /// <returns>The converted value.</returns>
    public static implicit operator TensorIndex(Range range) => new() { Kind = EntryKind.Range, Extent = range, Step = 1 };
}
