namespace AutoDiff;

/// <summary>What kind of place a program passed over where a derivative does not exist, or not as a number.</summary>
public enum KinkKind
{
    /// <summary>The slopes on the two sides differ.</summary>
    Kink,

    /// <summary>The value jumps; the derivative that is used knows nothing of it.</summary>
    Jump,

    /// <summary>The derivative is infinite or NaN, though operand and value are finite.</summary>
    Unbounded,

    /// <summary>Several elements share an extremum.</summary>
    Tie,

    /// <summary>
    /// The value is constant between jumps, wherever the point lies: the derivative is 0 and the path ends. In a recorded gradient this is the slope of a function with a kink: the second derivative knows nothing of the
    /// kink.
    /// </summary>
    Step,
}

/// <summary>One operation that was evaluated at points where its derivative is a matter of convention.</summary>
public sealed class KinkFinding
{
    private readonly int[] element;

    internal KinkFinding(KinkKind kind, TapeOperation operation, int operand, int count, int[] element, string at, string convention) =>
        (Kind, Operation, Operand, Count, this.element, Place, Convention) = (kind, operation, operand, count, element, at, convention);

    /// <summary>The kind of the place.</summary>
    public KinkKind Kind { get; }

    /// <summary>The operation.</summary>
    public TapeOperation Operation { get; }

    /// <summary>The operand in whose direction the kink lies.</summary>
    public int Operand { get; }

    /// <summary>How many elements are there: of the result, or groups of tied elements.</summary>
    public int Count { get; }

    /// <summary>The indices of the first of them in the result.</summary>
    public ReadOnlySpan<int> Element => element;

    /// <summary>What was met there, as in "x = 0".</summary>
    public string Place { get; }

    /// <summary>Which derivative was used, and what the others were.</summary>
    public string Convention { get; }

    /// <summary>One line.</summary>
    /// <returns>Text for people.</returns>
    public override string ToString() => $"{Operation}: {Kind} at {Place}, element {Shapes.Format(element)} ({Printable.Count(Count)} in all): {Convention}";
}

/// <summary>The kinks, jumps, ties and unbounded slopes that a program passed over.</summary>
public sealed class KinkReport
{
    internal KinkReport(IReadOnlyList<KinkFinding> findings) => Findings = findings;

    /// <summary>The findings, in the order of the tape.</summary>
    public IReadOnlyList<KinkFinding> Findings { get; }

    /// <summary>The findings as a table.</summary>
    /// <returns>Text for people.</returns>
    public override string ToString() => Findings.Count == 0
        ? "no kinks, jumps or ties\n"
        : Printable.Table(["operation", "kind", "count", "first at", "value", "derivative", "scope"], [false, false, true, false, false, false, false],
            Findings.Select(f => new[]
            {
                $"#{f.Operation.Index} {Printable.Line(f.Operation.Name)} {Shapes.Format(f.Operation.Shape)}", f.Kind.ToString(), Printable.Count(f.Count), Shapes.Format(f.Element), f.Place,
                f.Convention, f.Operation.Scope is { } scope ? Printable.Line(scope.ToString()) : "",
            }));
}
