namespace AutoDiff;

/// <summary>How a compiled function is written as C#.</summary>
public sealed class CSharpOptions
{
    /// <summary>The names of the inputs; x, or x0, x1, ... by default.</summary>
    public IReadOnlyList<string>? InputNames { get; init; }

    /// <summary>The names of the results; y, or y0, y1, ... by default.</summary>
    public IReadOnlyList<string>? ResultNames { get; init; }

    /// <summary>
    /// Whether the class has a method InvokeRows too, which computes many rows, as many at a time as a register of the machine has numbers, with the bits that Invoke has for each. It takes the number of rows; an input
    /// has one column for each of its elements, one after the other, or is given once for all rows; results have columns likewise. The file needs .NET 9 or later then.
    /// </summary>
    public bool Rows { get; init; }

    /// <summary>The names of so many inputs and results.</summary>
    internal (string[] Inputs, string[] Results) Names(int inputs, int results)
    {
        string[] xs = InputNames is null ? Numbered("x", inputs) : [.. InputNames], ys = ResultNames is null ? Numbered("y", results) : [.. ResultNames];
        string[] all = [.. xs, .. ys];
        return xs.Length != inputs ? throw Wrong(nameof(InputNames), xs, inputs)
            : ys.Length != results ? throw Wrong(nameof(ResultNames), ys, results)
            : !Array.TrueForAll(xs, name => IsFree(name, all)) ? throw Wrong(nameof(InputNames), xs, inputs)
            : !Array.TrueForAll(ys, name => IsFree(name, all)) ? throw Wrong(nameof(ResultNames), ys, results)
            : (xs, ys);
    }

    private static string[] Numbered(string stem, int count) => count == 1 ? [stem] : [.. Enumerable.Range(0, count).Select(i => $"{stem}{i}")];

    private static ArgumentException Wrong(string option, string[] names, int count) => Errors.Argument("ToCSharp", "options", $"{option} are {string.Join(", ", names)}",
        $"{count} different names of variables, other than m, i, j, best, e0, t0 and those of methods", "choose other names");

    /// <summary>Names that generated code has of its own would hide one: methods, variables, and the elements of other inputs.</summary>
    private bool IsFree(string name, string[] all) => !(Rows && VectorMethods.IsKnown(name)) && CSharpText.IsIdentifier(name) && !CSharpHelpers.IsKnown(name) && !CSharpText.IsNumbered(name)
        && name is not ("m" or "i" or "j" or "best" or "Math" or "BitConverter" or "Span" or "ReadOnlySpan" or "ArgumentException" or "InvalidOperationException" or "Invoke" or "Require" or "RowOffsets" or "ColumnIndices")
        && all.Count(other => other == name) == 1
        && !Array.Exists(all, other => name.StartsWith($"{other}_", StringComparison.Ordinal) && name.AsSpan(other.Length + 1).IndexOfAnyExceptInRange('0', '9') < 0);
}
