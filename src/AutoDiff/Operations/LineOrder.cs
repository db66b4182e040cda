namespace AutoDiff;

/// <summary>How elements of a line are chosen by their order.</summary>
internal enum LineChoiceKind
{
    /// <summary>The first ones of the sorted line: stable, NaN as the largest.</summary>
    InOrder,

    /// <summary>The first extreme element; a NaN where there is one.</summary>
    First,

    /// <summary>For each element the last extreme one so far; from a NaN on, the NaN.</summary>
    Running,
}

/// <summary>What a choice along an axis is told: what it chooses, and whether the largest elements come first or are meant.</summary>
internal readonly record struct LineOrder(int Axis, LineChoiceKind Kind, bool IsLargest);
