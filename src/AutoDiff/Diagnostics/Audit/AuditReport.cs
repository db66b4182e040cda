using System.Globalization;

namespace AutoDiff;

/// <summary>How many digits of a result are right.</summary>
public sealed class AuditedResult
{
    private readonly int[] element;

    internal AuditedResult(double digits, int[] element, double value, Tensor<double> digitsOfElements, Tensor<double> reference) =>
        (Digits, this.element, Value, DigitsOfElements, Reference) = (digits, element, value, digitsOfElements, reference);

    /// <summary>The right decimal digits of the worst element.</summary>
    public double Digits { get; }

    /// <summary>The indices of the worst element, one for each axis.</summary>
    public ReadOnlySpan<int> Element => element;

    /// <summary>That element, as the program computed it.</summary>
    public double Value { get; }

    /// <summary>The right digits of each element.</summary>
    public Tensor<double> DigitsOfElements { get; }

    /// <summary>What the program gives in twice the precision, rounded.</summary>
    public Tensor<double> Reference { get; }

    /// <summary>As in "7.9 digits (0.500000001 in place of 0.5)".</summary>
    /// <returns>Text for people.</returns>
    public override string ToString() => Reference.Length == 0 ? "nothing"
        : $"{AuditReport.Number(Digits)} digits ({(element.Length == 0 ? "" : $"element {Shapes.Format(element)}: ")}{Value.ToString("R", CultureInfo.InvariantCulture)} computed, {Reference.At(element).ToString("R", CultureInfo.InvariantCulture)} in twice the precision)";
}

/// <summary>What one operation did to the digits.</summary>
public sealed record AuditedOperation
{
    /// <summary>The operation.</summary>
    public required TapeOperation Operation { get; init; }

    /// <summary>Whether it belongs to the backward sweep that computes the gradients.</summary>
    public required bool InGradient { get; init; }

    /// <summary>The right digits of the operands, of the worst that went in where most were lost.</summary>
    public required double DigitsBefore { get; init; }

    /// <summary>The right digits of the result, there.</summary>
    public required double Digits { get; init; }

    /// <summary>How many digits were lost: operands that agree in their leading digits cancel, an ill-conditioned function magnifies what was wrong with its operand.</summary>
    public double Lost => Math.Max(DigitsBefore - Digits, 0);

    /// <summary>
    /// The right digits of the result for the operands as they came, in the worst element: what the rounding of this operation alone costs. Null of an operation that is not followed in twice the precision.
    /// </summary>
    public required double? OwnDigits { get; init; }

    /// <summary>As in "#3 Subtract (2, 3): 15.9 digits before, 7.2 after".</summary>
    /// <returns>Text for people.</returns>
    public override string ToString() => $"{Operation}: {AuditReport.Number(DigitsBefore)} digits before, {AuditReport.Number(Digits)} after";
}

/// <summary>Which digits of a result are right, and which operations lost the others.</summary>
public sealed class AuditReport
{
    private const int Shown = 12;

    internal AuditReport(double precision, AuditedResult value, AuditedResult[] gradients, AuditedOperation[] operations) =>
        (Precision, Value, Gradients, Operations) = (precision, value, gradients, operations);

    /// <summary>The digits of the element type: 15.95 of double, 7.22 of float. More are never reported.</summary>
    public double Precision { get; }

    /// <summary>The value of the function.</summary>
    public AuditedResult Value { get; }

    /// <summary>The gradient with respect to each input, where the value has one element; otherwise nothing.</summary>
    public IReadOnlyList<AuditedResult> Gradients { get; }

    /// <summary>All operations that lead to the value and the gradients, those that lost most first.</summary>
    public IReadOnlyList<AuditedOperation> Operations { get; }

    /// <summary>The names of operations that have no counterpart in twice the precision: what they inherit is followed to first order, their own rounding is not known.</summary>
    public IReadOnlyList<string> NotFollowed => [.. Operations.Where(row => row.OwnDigits is null).Select(row => row.Operation.Name).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The digits of the results, and a table of the operations that lost half a digit or more.</summary>
    /// <returns>Text for people.</returns>
    public override string ToString()
    {
        AuditedOperation[] losses = [.. Operations.Where(row => row.Lost >= 0.5)];
        string text = $"value: {Value}\n" + string.Concat(Gradients.Select((gradient, i) => $"gradient{(Gradients.Count > 1 ? $" {i}" : "")}: {gradient}\n"));
        text += losses.Length == 0 ? "no operation lost half a digit\n" : Printable.Table(["operation", "of", "digits before", "after", "lost", "own rounding", "scope"], [false, false, true, true, true, true, false],
            losses.Take(Shown).Select(row => new[]
            {
                $"#{row.Operation.Index} {Printable.Line(row.Operation.Name)} {Shapes.Format(row.Operation.Shape)}", row.InGradient ? "gradient" : "value", Number(row.DigitsBefore), Number(row.Digits), Number(row.Lost),
                row.OwnDigits is { } own ? Number(own) : "unknown", row.Operation.Scope is { } scope ? Printable.Line(scope.ToString()) : "",
            }));
        text += losses.Length > Shown ? $"and {Printable.Count(losses.Length - Shown)} more\n" : "";
        return NotFollowed.Count == 0 ? text : text + $"own rounding unknown: {string.Join(", ", NotFollowed.Select(Printable.Line))}\n";
    }

    internal static string Number(double digits) => digits.ToString("0.0", CultureInfo.InvariantCulture);
}
