namespace AutoDiff.Analyzers;

/// <summary>What becomes of a function that the library records.</summary>
[Flags]
internal enum Purpose
{
    None = 0,

    /// <summary>Derivatives are taken of it.</summary>
    Differentiated = 1,

    /// <summary>It is recorded once and run again from the record.</summary>
    Compiled = 2,
}
