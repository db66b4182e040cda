namespace AutoDiff.Analyzers;

/// <summary>Names of members that a rule knows.</summary>
internal static class Names
{
    /// <summary>The members of a tensor that give numbers.</summary>
    public static readonly HashSet<string> Reads = ["ToScalar", "At", "ToArray", "AsSpan"];

    /// <summary>The members of a tensor whose results are steps of it.</summary>
    public static readonly HashSet<string> Steps =
    [
        "All", "Any", "ArgMax", "ArgMin", "ArgSort", "Ceiling", "CountNonzero", "EqualTo", "Floor", "FloorDivide", "Heaviside", "IsFinite", "IsInfinity", "IsNaN", "NotEqualTo", "Round", "SearchSorted", "Sign",
        "Truncate",
    ];

    /// <summary>What a function of System.Math is called where a tensor has it under another name.</summary>
    public static readonly Dictionary<string, string> OperationOfMath = new() { ["Max"] = "Maximum", ["Min"] = "Minimum" };

    /// <summary>Operations with an infinite or undefined value or derivative at an edge of their domain.</summary>
    public static readonly HashSet<string> Singular =
    [
        "Acosh", "Asin", "Acos", "Atanh", "Cbrt", "Log", "Log10", "Log1p", "Log2", "LogGamma", "Logit", "Pow", "Reciprocal", "ReciprocalSqrt", "Sqrt", "XLogY",
    ];
}
