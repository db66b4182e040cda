namespace AutoDiff.Optimization;

/// <summary>
/// Watches one run: counts evaluations and steps, reports progress, keeps the best point, and says when to stop. What ends a run in the middle of a step (the caller's request, a function that falls
/// without bound) is thrown from the evaluation as a <see cref="RunEndedException"/>, so that no loop of a method has to ask.
/// </summary>
internal sealed class Watch(StoppingCriteria criteria, double rounding, IProgress<OptimizationProgress>? progress, CancellationToken cancellationToken)
{
    /// <summary>How far below zero a value counts as unbounded, relative to 1 plus the magnitude of the first.</summary>
    private const double Depth = 1e20;

    /// <summary>For how many steps after a value that was not finite a small step is taken for one that was cut short.</summary>
    private const int Quiet = 10;

    private double floor = double.NegativeInfinity;
    private int blocked = -Quiet;
    private int undefined;
    private int crawls;
    private int smallChanges;
    private int smallSteps;
    private Place? last;
    private Place? best;
    private Place? lowest;

    public int Iteration { get; private set; }

    public int Evaluations { get; private set; }

    /// <summary>The size of the gradient at a point: the largest component, unless a method knows better.</summary>
    public Func<double[], double[], double> GradientNorm { get; set; } = static (_, gradient) => Vectors.Largest(gradient);

    /// <summary>Before anything that takes long. The start is always evaluated, for there has to be a point.</summary>
    public void ThrowIfCanceled()
    {
        if (last is not null && cancellationToken.IsCancellationRequested)
        {
            throw new RunEndedException(StoppingReason.Canceled);
        }
    }

    /// <summary>After an evaluation; where there is no gradient, the value alone cannot fall without bound.</summary>
    public void Evaluated(double[] x, double value, double[]? gradient = null)
    {
        Evaluations++;
        double norm = gradient is null ? 0 : Vectors.Largest(gradient);
        blocked = double.IsFinite(value) && double.IsFinite(norm) ? blocked : Iteration;
        undefined += double.IsNaN(value) || (double.IsFinite(value) && !double.IsFinite(norm)) ? 1 : 0;
        if (gradient is null)
        {
            return;
        }

        if (double.IsFinite(value) && double.IsFinite(norm) && (lowest is null || value < lowest.Value))
        {
            lowest = new Place(x, value, GradientNorm(x, gradient));
        }

        if (last is null)
        {
            floor = -Depth * (1 + Math.Abs(value));
        }
        else if (value <= floor || double.IsNegativeInfinity(value))
        {
            best = lowest;
            throw new RunEndedException(StoppingReason.Unbounded);
        }
    }

    /// <summary>At a point, before a step: null to go on.</summary>
    /// <param name="x">The point.</param>
    /// <param name="value">The value at the point.</param>
    /// <param name="gradient">The gradient there.</param>
    /// <param name="stationarity">What is compared with the tolerance, where that is not the size of the gradient.</param>
    public StoppingReason? AtPoint(double[] x, double value, double[] gradient, double? stationarity = null)
    {
        double norm = double.IsFinite(Vectors.Largest(gradient)) ? GradientNorm(x, gradient) : double.NaN;
        progress?.Report(new OptimizationProgress { Iteration = Iteration, Evaluations = Evaluations, Value = value, GradientNorm = norm });
        last = new Place(x, value, norm);
        bool finite = double.IsFinite(value) && double.IsFinite(norm);

        // A value that is worse by no more than rounding belongs to the better point: the method went there by the gradient.
        best = finite && !(value > best?.Value + (10 * rounding * Math.Abs(value))) ? last : best;
        StoppingReason stuck = Stuck();
        undefined = 0;
        return !finite ? StoppingReason.NotFinite
            : (stationarity ?? norm) <= criteria.GradientTolerance ? StoppingReason.GradientTolerance
            : smallChanges >= 2 ? StoppingReason.ValueTolerance
            : smallSteps >= 2 ? StoppingReason.StepTolerance
            : crawls >= 2 ? stuck
            : Iteration >= criteria.MaxIterations ? StoppingReason.IterationLimit
            : cancellationToken.IsCancellationRequested ? StoppingReason.Canceled
            : null;
    }

    /// <summary>
    /// Notes a step. One that was cut short by values that are not finite says nothing about how near a minimum is, however small it is: if such steps are small again and again, the method is stuck.
    /// </summary>
    public void Stepped(double before, double after, double step, double size)
    {
        bool cut = blocked == Iteration;
        bool free = Iteration - blocked >= Quiet;
        Iteration++;
        bool smallChange = Math.Abs(before - after) <= Math.Max(criteria.ValueTolerance, rounding) * Math.Max(Math.Abs(before), Math.Abs(after));
        bool smallStep = step <= Math.Max(criteria.StepTolerance, rounding) * size;
        crawls = cut && (smallChange || smallStep) ? crawls + 1 : 0;
        smallChanges = free && smallChange ? smallChanges + 1 : 0;
        smallSteps = free && smallStep ? smallSteps + 1 : 0;
    }

    /// <summary>After the function was recorded for its second derivatives.</summary>
    public void EvaluatedHessian() => Evaluations++;

    /// <summary>A derivative beyond the gradient is not finite.</summary>
    public void MetUndefined() => undefined++;

    /// <summary>The reason where no step from the point lowers the value.</summary>
    public StoppingReason Stuck() => undefined > 0 ? StoppingReason.NotFinite : StoppingReason.NoProgress;

    /// <summary>The result: where a tolerance was met, or else the best point.</summary>
    public OptimizationResult<double[]> End(StoppingReason reason)
    {
        OptimizationResult<double[]> At(Place place) =>
            new() { Point = place.X, Reason = reason, Iterations = Iteration, Evaluations = Evaluations, Value = place.Value, GradientNorm = place.GradientNorm };
        OptimizationResult<double[]> result = At(last!);
        return result.Converged || best is null ? result : At(best);
    }

    private sealed record Place(double[] X, double Value, double GradientNorm);
}

/// <summary>The end of a run in the middle of a step; never leaves the package.</summary>
internal sealed class RunEndedException(StoppingReason reason) : Exception
{
    public StoppingReason Reason => reason;
}
