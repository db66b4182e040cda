using System.Globalization;

namespace AutoDiff.Optimization;

/// <summary>When a minimizer stops. A tolerance on value or step counts when it is met twice in succession, because a single short step may be chance.</summary>
public sealed record StoppingCriteria
{
    /// <summary>The largest number of steps; 0 only evaluates the start.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public int MaxIterations { get; init => field = Setting.AtLeast(0, value, nameof(StoppingCriteria), nameof(MaxIterations)); } = 1000;

    /// <summary>
    /// The largest component of the gradient, by magnitude, that counts as zero. For least squares it is the cosine of the angle between the residuals and a column of the Jacobian, which does not
    /// depend on units.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is negative or not a number.</exception>
    public double GradientTolerance { get; init => field = Setting.Tolerance(value, nameof(GradientTolerance)); } = 1e-8;

    /// <summary>The relative change of the value that counts as none; never taken smaller than the rounding of the element type.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is negative or not a number.</exception>
    public double ValueTolerance { get; init => field = Setting.Tolerance(value, nameof(ValueTolerance)); }

    /// <summary>The length of a step, relative to that of the point, that counts as none; never taken smaller than the rounding of the element type.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is negative or not a number.</exception>
    public double StepTolerance { get; init => field = Setting.Tolerance(value, nameof(StepTolerance)); }

    /// <summary>The criteria, numbers in the invariant culture.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"StoppingCriteria {{ MaxIterations = {MaxIterations}, GradientTolerance = {GradientTolerance}, ValueTolerance = {ValueTolerance}, StepTolerance = {StepTolerance} }}");
}
