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

/// <summary>What is chosen of a line by its rank.</summary>
internal enum LineRankKind
{
    /// <summary>The element of a rank: stable, NaN as the largest.</summary>
    Kth,

    /// <summary>The median, of an even number of elements the lower one; a NaN where there is one, unless they are ignored.</summary>
    Median,

    /// <summary>Among the elements that occur most often the smallest.</summary>
    Mode,

    /// <summary>The two neighbors of a quantile; a NaN where there is one, unless they are ignored.</summary>
    Quantile,
}

/// <summary>What a choice by rank along an axis is told.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Kind">What is chosen.</param>
/// <param name="Parameter">The rank, counted from 0, or the fraction of the quantile.</param>
/// <param name="IgnoresNaN">Whether NaN is left out.</param>
internal readonly record struct LineRank(int Axis, LineRankKind Kind, double Parameter, bool IgnoresNaN);

/// <summary>What the weights of the neighbors of quantiles are told.</summary>
internal readonly record struct QuantileShares(double Fraction, QuantileInterpolation Interpolation, bool IgnoresNaN);

/// <summary>What a choice along an axis is told: what it chooses, and whether the largest elements come first or are meant.</summary>
internal readonly record struct LineOrder(int Axis, LineChoiceKind Kind, bool IsLargest);
