using System.Globalization;

namespace AutoDiff.Optimization;

/// <summary>Why a minimizer stopped.</summary>
public enum StoppingReason
{
    /// <summary>The gradient has become small: a stationary point.</summary>
    GradientTolerance,

    /// <summary>The value no longer changes by more than the tolerance.</summary>
    ValueTolerance,

    /// <summary>The point no longer moves by more than the tolerance.</summary>
    StepTolerance,

    /// <summary>The largest number of iterations was reached.</summary>
    IterationLimit,

    /// <summary>The caller asked to stop. The result is the best point so far.</summary>
    Canceled,

    /// <summary>No step was found that lowers the value: rounding hides the rest of the way, the value is infinite beyond the point, or the gradient is wrong.</summary>
    NoProgress,

    /// <summary>
    /// The value or the gradient is infinite or not a number at the start, or where the method went from the point of the result; a method that searches for steps has tried shorter ones in vain.
    /// </summary>
    NotFinite,

    /// <summary>The value falls without bound: to negative infinity, or more than 1e20 (1 + |f|) below zero, where f is the value at the start. The function has no minimum, or needs bounds.</summary>
    Unbounded,
}

/// <summary>How far a minimizer has come; what it reports once an iteration.</summary>
public readonly record struct OptimizationProgress
{
    /// <summary>The number of steps taken.</summary>
    public int Iteration { get; init; }

    /// <summary>The number of times the function was called.</summary>
    public int Evaluations { get; init; }

    /// <summary>The value at the point.</summary>
    public double Value { get; init; }

    /// <summary>The largest component of the gradient by magnitude.</summary>
    public double GradientNorm { get; init; }

    /// <summary>As in "iteration 3, 4 evaluations: value 0.25, gradient 0.001".</summary>
    /// <returns>Text for people.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"iteration {Iteration}, {Evaluations} evaluations: value {Value}, gradient {GradientNorm}");
}

/// <summary>Where and why a minimizer stopped.</summary>
/// <typeparam name="TPoint">What the point is given as: a tensor, several, or named parameters.</typeparam>
public sealed class OptimizationResult<TPoint>
{
    /// <summary>The point, in the shapes of the start.</summary>
    public required TPoint Point { get; init; }

    /// <summary>Why it stopped.</summary>
    public required StoppingReason Reason { get; init; }

    /// <summary>The number of steps taken.</summary>
    public required int Iterations { get; init; }

    /// <summary>The number of times the function was called.</summary>
    public required int Evaluations { get; init; }

    /// <summary>The value at the point; for least squares, half the sum of the squared residuals.</summary>
    public required double Value { get; init; }

    /// <summary>The largest component of the gradient by magnitude; with bounds, of the projected gradient.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>Whether a tolerance was met: small gradient, small change of the value, or small step.</summary>
    public bool Converged => Reason is StoppingReason.GradientTolerance or StoppingReason.ValueTolerance or StoppingReason.StepTolerance;

    /// <summary>Why, after how long and with which value the run stopped, in one line; then the point, each tensor from a line of its own.</summary>
    /// <returns>Text for people.</returns>
    public override string ToString()
    {
        string point = Point is Array tensors ? string.Join("\n", tensors.Cast<object>().Select((tensor, i) => $"{i}: {Indent(tensor, i)}")) : $"{Point}";
        return string.Create(CultureInfo.InvariantCulture, $"{Reason} after {Iterations} iterations, {Evaluations} evaluations: value {Value:G6}, gradient {GradientNorm:G3}, at\n{point}");

        static string Indent(object tensor, int i) => $"{tensor}".Replace("\n", "\n" + new string(' ', $"{i}: ".Length), StringComparison.Ordinal);
    }

    internal OptimizationResult<TOther> With<TOther>(TOther point) =>
        new() { Point = point, Reason = Reason, Iterations = Iterations, Evaluations = Evaluations, Value = Value, GradientNorm = GradientNorm };
}
