using System.Text;

namespace AutoDiff;

/// <summary>What is looked for: a NaN, or an infinity.</summary>
public enum NonFiniteKind
{
    /// <summary>Not a number.</summary>
    NaN,

    /// <summary>Plus or minus infinity.</summary>
    Infinity,
}

/// <summary>The first NaN or the first infinity on a way over a tape, and where it came from.</summary>
public sealed class NonFiniteFinding
{
    private readonly int[] element;

    internal NonFiniteFinding(NonFiniteKind kind, bool inCotangent, TapeOperation operation, TapeOperation at, int? operand, int[] element, double value, int count, string[] contributions) =>
        (Kind, IsCotangent, Operation, Result, Operand, this.element, Value, Count, Contributions) = (kind, inCotangent, operation, at, operand, element, value, count, contributions);

    /// <summary>NaN or infinity.</summary>
    public NonFiniteKind Kind { get; }

    /// <summary>Whether it is in a cotangent of the backward sweep; otherwise it is in a value.</summary>
    public bool IsCotangent { get; }

    /// <summary>The operation that made it: for a value, the operation that computed it; for a cotangent, the operation whose derivative did.</summary>
    public TapeOperation Operation { get; }

    /// <summary>The operation whose result has the value or the cotangent. For a value, the same as <see cref="Operation"/>.</summary>
    public TapeOperation Result { get; }

    /// <summary>For a cotangent, which operand of <see cref="Operation"/> it belongs to; null otherwise, and where only a sum of finite cotangents overflowed.</summary>
    public int? Operand { get; }

    /// <summary>The indices of the first such element, one for each axis.</summary>
    public ReadOnlySpan<int> Element => element;

    /// <summary>That element.</summary>
    public double Value { get; }

    /// <summary>How many elements of the tensor are of this kind.</summary>
    public int Count { get; }

    /// <summary>What the element was computed from, one line for each operand: its number where the element depends on one element of it, otherwise their range.</summary>
    public IReadOnlyList<string> Contributions { get; }

    /// <summary>Several lines that tell where, what and from what.</summary>
    /// <returns>Text for people.</returns>
    public override string ToString()
    {
        string what = Kind == NonFiniteKind.NaN ? "NaN" : "infinity";
        var text = new StringBuilder();
        text.Append($"first {what} in a {(IsCotangent ? "cotangent" : "value")}: {Operation}\n");
        string place = element.Length == 0 ? "" : $" at {Shapes.Format(element)}";
        text.Append(IsCotangent
            ? Operand is null
                ? $"  the cotangent of its result is {Printable.Number(Value)}{place} ({Count} of {Printable.Count(Result.Length)} elements): the sum of the contributions is not finite\n"
                : $"  its derivative gives operand {Operand}, {Result}, the cotangent {Printable.Number(Value)}{place} ({Count} of {Printable.Count(Result.Length)} elements)\n"
            : $"  its value is {Printable.Number(Value)}{place} ({Count} of {Printable.Count(Result.Length)} elements)\n");
        foreach (string line in Contributions)
        {
            text.Append($"  {line}\n");
        }

        return text.ToString();
    }
}

/// <summary>The result of a checking sweep: the first NaN and the first infinity among the values, and among the cotangents.</summary>
public sealed class NonFiniteReport
{
    internal NonFiniteReport(NonFiniteFinding?[] findings, int valuesChecked, int cotangentsChecked)
    {
        Findings = [.. findings.OfType<NonFiniteFinding>()];
        (OperationsChecked, CotangentsChecked) = (valuesChecked, cotangentsChecked);
    }

    /// <summary>Whether everything is finite.</summary>
    public bool IsFinite => Findings.Count == 0;

    /// <summary>The findings, at most one of each kind: values first in the order of the tape, then cotangents in the order of the backward sweep.</summary>
    public IReadOnlyList<NonFiniteFinding> Findings { get; }

    /// <summary>Where it began: the first finding, or null where everything is finite.</summary>
    public NonFiniteFinding? First => Findings.Count == 0 ? null : Findings[0];

    /// <summary>How many operations' values were looked at.</summary>
    public int OperationsChecked { get; }

    /// <summary>How many operations' cotangents were looked at.</summary>
    public int CotangentsChecked { get; }

    /// <summary>The first finding of a kind in a value, or null.</summary>
    /// <param name="kind">NaN or infinity.</param>
    /// <returns>The finding, or null.</returns>
    public NonFiniteFinding? InValues(NonFiniteKind kind) => Findings.FirstOrDefault(finding => finding.Kind == kind && !finding.IsCotangent);

    /// <summary>The first finding of a kind in a cotangent, or null.</summary>
    /// <param name="kind">NaN or infinity.</param>
    /// <returns>The finding, or null.</returns>
    public NonFiniteFinding? InCotangents(NonFiniteKind kind) => Findings.FirstOrDefault(finding => finding.Kind == kind && finding.IsCotangent);

    /// <summary>The findings as text.</summary>
    /// <returns>Text for people.</returns>
    public override string ToString() => IsFinite
        ? $"all finite: the values of {Printable.Count(OperationsChecked)} operations, the cotangents of {Printable.Count(CotangentsChecked)}\n"
        : string.Concat(Findings);
}
