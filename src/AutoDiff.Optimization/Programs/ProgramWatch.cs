namespace AutoDiff.Optimization;

/// <summary>Watches one run on a nonlinear program, through all its phases: counts steps, reports progress, and says when it has to end.</summary>
internal sealed class ProgramWatch(int maxIterations, double tolerance, IProgress<NonlinearProgramProgress>? progress, CancellationToken cancellationToken)
{
    public int Iteration { get; set; }

    public double Tolerance => tolerance;

    public CancellationToken CancellationToken => cancellationToken;

    public void Report(NonlinearProgramProgress state) => progress?.Report(state with { Iteration = Iteration });

    /// <summary>Why the run has to end before another step, or null.</summary>
    public NonlinearProgramStatus? End() => cancellationToken.IsCancellationRequested ? NonlinearProgramStatus.Canceled
        : Iteration >= maxIterations ? NonlinearProgramStatus.IterationLimit
        : null;
}
