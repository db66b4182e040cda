namespace AutoDiff.Tests.Docs;

/// <summary>What PyTorch, NumPy, JAX and others call our operations, from OtherNames.txt.</summary>
internal static class OtherNames
{
    private static readonly string[] Lines = [.. Documents.ReadLines("tests/AutoDiff.Tests/Docs/OtherNames.txt").Where(line => line.Length > 0 && line[0] != '#')];

    /// <summary>Their names by ours; an empty list where an operation has no other name.</summary>
    public static IReadOnlyDictionary<string, string[]> Of { get; } = Lines.Select(line => line.Split(": ", 2) is [var ours, var theirs] ? (ours, theirs) : (ours: line.TrimEnd(':', ' '), theirs: ""))
        .ToDictionary(line => line.ours, line => line.theirs.Split(", ", StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The names as a cell of a table.</summary>
    public static string Cell(string ours) => string.Join(", ", Of.GetValueOrDefault(ours, []).Select(name => $"`{name}`"));
}
