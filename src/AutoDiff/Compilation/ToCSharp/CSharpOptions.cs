namespace AutoDiff;

/// <summary>How a compiled function is written as C#.</summary>
public sealed class CSharpOptions
{
    /// <summary>The names of the inputs; x, or x0, x1, ... by default.</summary>
    public IReadOnlyList<string>? InputNames { get; init; }

    /// <summary>The names of the results; y, or y0, y1, ... by default.</summary>
    public IReadOnlyList<string>? ResultNames { get; init; }

    internal string[] Names(IReadOnlyList<string>? given, int count, string stem, string option)
    {
        if (given is null)
        {
            return count == 1 ? [stem] : [.. Enumerable.Range(0, count).Select(i => $"{stem}{i}")];
        }

        // Names that generated code has of its own would hide it.
        return given.Count == count && given.All(static name => CSharpText.IsIdentifier(name) && !CSharpHelpers.IsKnown(name) && name is not ("m" or "i" or "j" or "best" or "Math" or "BitConverter" or "Invoke") && !CSharpText.IsNumbered(name)) && given.Distinct().Count() == count
            ? [.. given]
            : throw Errors.Argument("ToCSharp", option, $"the names are {string.Join(", ", given)}", $"{count} different names of variables, other than m, i, j, best, e0, t0 and such", "choose other names");
    }
}
