namespace AutoDiff.Optimization;

/// <summary>When a minimiser stops. A tolerance on value or step counts when it is met twice in succession, for a single short step may be chance.</summary>
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
}

/// <summary>Watches one run: reports progress, and says when to stop.</summary>
internal sealed class Watch(StoppingCriteria criteria, double rounding, IProgress<OptimizationProgress>? progress, CancellationToken cancellation)
{
    private int smallChanges;
    private int smallSteps;

    public int Iteration { get; private set; }

    /// <summary>At a point, before a step: null to go on.</summary>
    /// <param name="evaluations">The evaluations so far.</param>
    /// <param name="value">The value at the point.</param>
    /// <param name="gradientNorm">The norm of the gradient there.</param>
    /// <param name="stationarity">What is compared with the tolerance, where that is not the norm itself.</param>
    public StoppingReason? AtPoint(int evaluations, double value, double gradientNorm, double? stationarity = null)
    {
        progress?.Report(new OptimizationProgress(Iteration, evaluations, value, gradientNorm));
        return !double.IsFinite(value) || !double.IsFinite(gradientNorm) ? StoppingReason.NotFinite
            : (stationarity ?? gradientNorm) <= criteria.GradientTolerance ? StoppingReason.GradientTolerance
            : smallChanges >= 2 ? StoppingReason.ValueTolerance
            : smallSteps >= 2 ? StoppingReason.StepTolerance
            : Iteration >= criteria.MaxIterations ? StoppingReason.IterationLimit
            : cancellation.IsCancellationRequested ? StoppingReason.Cancelled
            : null;
    }

    /// <summary>Notes a step.</summary>
    public void Stepped(double before, double after, double step, double size)
    {
        Iteration++;
        double change = Math.Abs(before - after);
        smallChanges = change <= Math.Max(criteria.ValueTolerance, rounding) * Math.Max(Math.Abs(before), Math.Abs(after)) ? smallChanges + 1 : 0;
        smallSteps = step <= Math.Max(criteria.StepTolerance, rounding) * size ? smallSteps + 1 : 0;
    }
}
