using System.Globalization;

namespace AutoDiff.Optimization;

/// <summary>Why a minimiser stopped.</summary>
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
    Cancelled,

    /// <summary>No step was found that lowers the value: rounding hides the rest of the way, the value is infinite beyond the point, or the gradient is wrong.</summary>
    NoProgress,

    /// <summary>
    /// The value or the gradient is infinite or not a number at the start, or where the method went from the point of the result; a method that searches for steps has tried shorter ones in vain.
    /// </summary>
    NotFinite,

    /// <summary>The value falls without bound: to negative infinity, or more than 1e20 (1 + |f|) below zero, where f is the value at the start. The function has no minimum, or needs bounds.</summary>
    Unbounded,
}

/// <summary>How far a minimiser has come; what it reports once an iteration.</summary>
/// <param name="Iteration">The number of steps taken.</param>
/// <param name="Evaluations">The number of times the function was called.</param>
/// <param name="Value">The value at the point.</param>
/// <param name="GradientNorm">The largest component of the gradient by magnitude.</param>
public readonly record struct OptimizationProgress(int Iteration, int Evaluations, double Value, double GradientNorm);

/// <summary>Where and why a minimiser stopped.</summary>
/// <typeparam name="TPoint">What the point is given as: a tensor, several, or named parameters.</typeparam>
/// <param name="Point">The point, in the shapes of the start.</param>
/// <param name="Reason">Why it stopped.</param>
/// <param name="Iterations">The number of steps taken.</param>
/// <param name="Evaluations">The number of times the function was called.</param>
/// <param name="Value">The value at the point; of least squares, half the sum of the squared residuals.</param>
/// <param name="GradientNorm">The largest component of the gradient by magnitude; with bounds, of the projected gradient.</param>
public sealed record OptimizationResult<TPoint>(TPoint Point, StoppingReason Reason, int Iterations, int Evaluations, double Value, double GradientNorm)
{
    /// <summary>Whether a tolerance was met: small gradient, small change of the value, or small step.</summary>
    public bool Converged => Reason is StoppingReason.GradientTolerance or StoppingReason.ValueTolerance or StoppingReason.StepTolerance;

    /// <summary>Why, after how long and with which value the run stopped, in one line; then the point, each tensor from a line of its own.</summary>
    public override string ToString()
    {
        string point = Point is Array tensors ? string.Join("\n", tensors.Cast<object>().Select((tensor, i) => $"{i}: {Indent(tensor, i)}")) : $"{Point}";
        return string.Create(CultureInfo.InvariantCulture, $"{Reason} after {Iterations} iterations, {Evaluations} evaluations: value {Value:G6}, gradient {GradientNorm:G3}, at\n{point}");

        static string Indent(object tensor, int i) => $"{tensor}".Replace("\n", "\n" + new string(' ', $"{i}: ".Length), StringComparison.Ordinal);
    }

    internal OptimizationResult<TOther> With<TOther>(TOther point) => new(point, Reason, Iterations, Evaluations, Value, GradientNorm);
}
