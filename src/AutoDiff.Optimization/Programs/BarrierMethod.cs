namespace AutoDiff.Optimization;

/// <summary>
/// The primal-dual interior-point method with a filter line search of Wächter and Biegler ("On the implementation of an interior-point filter line-search algorithm for large-scale nonlinear programming",
/// Mathematical Programming 106, 2006); the names of constants and the numbers of equations in comments are theirs. See also Nocedal and Wright, "Numerical optimization", chapter 19.
/// </summary>
internal sealed partial class BarrierMethod
{
    private const double FirstBarrier = 0.1;
    private const double BoundMultiplierRange = 1e10;
    private const double LargestMultiplier = 1000;
    private const double Damping = 1e-4;
    private const double Steepness = 100;
    private const double Runaway = 1e20;

    private readonly BarrierProblem problem;
    private readonly ProgramWatch watch;
    private readonly KktSystem system;
    private readonly Func<double[], double[], Entries>? curvature;
    private readonly Func<double[], bool>? leave;
    private readonly double smallestBarrier;
    private readonly double[] multipliers;
    private readonly double[] lower;
    private readonly double[] upper;
    private Filter filter = new(double.PositiveInfinity);
    private BarrierPoint point;
    private double barrier;
    private double stepLength;
    private double firstViolation;
    private int tinySteps;
    private int acceptable;
    private int rescues;

    /// <summary>Makes a run.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="watch">The watch over the whole run.</param>
    /// <param name="start">A point strictly between the bounds.</param>
    /// <param name="barrier">The first parameter of the barrier.</param>
    /// <param name="curvature">The Hessian of the residuals times y, for the way back to the constraints; null on that way.</param>
    /// <param name="leave">On the way back to the constraints: whether a point is good enough to go on from.</param>
    public BarrierMethod(BarrierProblem problem, ProgramWatch watch, double[] start, double barrier, Func<double[], double[], Entries>? curvature, Func<double[], bool>? leave = null)
    {
        (this.problem, this.watch, this.barrier, this.curvature, this.leave) = (problem, watch, barrier, curvature, leave);
        system = new KktSystem(problem.Variables, problem.Constraints, watch.CancellationToken.ThrowIfCancellationRequested);
        smallestBarrier = watch.Tolerance / 11;
        multipliers = new double[problem.Constraints];
        (lower, upper) = (new double[problem.Variables], new double[problem.Variables]);
        problem.Barrier = barrier;
        point = new BarrierPoint(problem, start);
        for (int i = 0; i < lower.Length; i++)
        {
            lower[i] = double.IsInfinity(problem.Lower[i]) ? 0 : 1;
            upper[i] = double.IsInfinity(problem.Upper[i]) ? 0 : 1;
        }
    }

    /// <summary>The parameter with which a run starts.</summary>
    public static double InitialBarrier => FirstBarrier;

    public double[] X => point.X;

    public double[] Multipliers => multipliers;

    public double[] LowerMultipliers => lower;

    public double[] UpperMultipliers => upper;

    /// <summary>Whether the run ended because a point is good enough to go on from.</summary>
    public bool Left { get; private set; }

    /// <summary>How far the point is from a minimum.</summary>
    public double Error => Errors(0).Total;

    private double Tau => Math.Max(0.99, 1 - barrier);

    /// <summary>On the way back to the constraints: multipliers of the bounds of the problem as they were, and of the parts by their complementarity.</summary>
    public void StartFrom(double[] ofLower, double[] ofUpper)
    {
        for (int i = 0; i < lower.Length; i++)
        {
            lower[i] = i < ofLower.Length ? Math.Min(LargestMultiplier, ofLower[i]) : barrier / point.FromLower(i);
            upper[i] = i < ofUpper.Length ? Math.Min(LargestMultiplier, ofUpper[i]) : 0;
        }
    }

    public NonlinearProgramStatus Run()
    {
        try
        {
            return Iterate();
        }
        catch (OperationCanceledException) when (watch.CancellationToken.IsCancellationRequested)
        {
            return NonlinearProgramStatus.Canceled;
        }
    }

    private NonlinearProgramStatus Iterate()
    {
        if (!point.Differentiate())
        {
            return NonlinearProgramStatus.NotFinite;
        }

        if (curvature is not null)
        {
            EstimateMultipliers();
        }

        Restart();
        double floor = -Runaway * (1 + Math.Abs(point.Value));
        while (true)
        {
            (double stationarity, double infeasibility, double complementarity, double total) = Errors(0);
            watch.Report(new NonlinearProgramProgress
            {
                Value = curvature is null ? double.NaN : point.Value / problem.ObjectiveScale,
                Infeasibility = infeasibility,
                Stationarity = stationarity,
                Barrier = barrier,
                Step = stepLength,
                Regularization = system.Shift,
                Restoring = curvature is null,
            });
            bool feasible = problem.IsFeasible(point.Residuals, point.Jacobian, point.X);
            if (total <= watch.Tolerance && feasible)
            {
                return NonlinearProgramStatus.Optimal;
            }

            acceptable = total <= Steepness * watch.Tolerance && feasible ? acceptable + 1 : 0;
            if (acceptable >= 15)
            {
                return NonlinearProgramStatus.Acceptable;
            }

            if ((point.Value <= floor && infeasibility <= 1e-4) || Vectors.Largest(point.X) > Runaway)
            {
                return NonlinearProgramStatus.Unbounded;
            }

            if (watch.End() is { } end)
            {
                return end;
            }

            while (barrier > smallestBarrier && (Errors(barrier).Total <= 10 * barrier || tinySteps >= 2))
            {
                LowerBarrier();
            }

            if (tinySteps >= 4)
            {
                return End(total);
            }

            Entries hessian = problem.Hessian(point.X, multipliers);
            if (!double.IsFinite(Vectors.Largest(hessian.Values)))
            {
                return NonlinearProgramStatus.NotFinite;
            }

            double[] diagonal = Sigma();
            bool solved = system.Factor(hessian, point.Jacobian, diagonal, barrier);
            double[] gradient = BarrierGradient();
            double[] step = solved ? Direction(gradient, point.Residuals, out solved) : [];
            watch.Iteration++;
            if (!solved || !Search(step, gradient))
            {
                if (Restore(total) is { } status)
                {
                    return status;
                }
            }

            if (leave is not null && leave(point.X))
            {
                Left = true;
                return NonlinearProgramStatus.Optimal;
            }
        }
    }

    /// <summary>The status where there is no step.</summary>
    private NonlinearProgramStatus End(double error) => error <= Steepness * watch.Tolerance && problem.IsFeasible(point.Residuals, point.Jacobian, point.X)
        ? NonlinearProgramStatus.Acceptable
        : NonlinearProgramStatus.NoProgress;

    /// <summary>The next parameter of the barrier (equation 7), and a filter that knows nothing.</summary>
    private void LowerBarrier()
    {
        barrier = Math.Max(smallestBarrier, Math.Min(0.2 * barrier, Math.Pow(barrier, 1.5)));
        problem.Barrier = barrier;
        tinySteps = 0;
        filter.Clear();
    }

    private void Restart()
    {
        firstViolation = Math.Max(1, point.Violation);
        filter = new Filter(1e4 * firstViolation);
    }

    /// <summary>Multipliers of the constraints by least squares; zero where they are large, and say nothing (section 3.6).</summary>
    private void EstimateMultipliers()
    {
        if (multipliers.Length == 0)
        {
            return;
        }

        Array.Clear(multipliers);
        Entries hessian = problem.Hessian(point.X, multipliers);
        var right = new double[problem.Variables + multipliers.Length];
        for (int i = 0; i < problem.Variables; i++)
        {
            right[i] = lower[i] - upper[i] - point.Gradient[i];
        }

        var solution = new double[right.Length];
        if (system.FactorProjection(hessian, point.Jacobian) && system.Solve(right, solution))
        {
            Span<double> estimate = solution.AsSpan(problem.Variables);
            if (Vectors.Largest(estimate) <= LargestMultiplier)
            {
                estimate.CopyTo(multipliers);
            }
        }
    }

    /// <summary>The three parts of the error (equation 5) of the conditions for a barrier parameter, and the largest of them as it is scaled.</summary>
    private (double Stationarity, double Infeasibility, double Complementarity, double Total) Errors(double mu)
    {
        double[] gradient = (double[])point.Gradient.Clone();
        point.Jacobian.AddTransposedProduct(multipliers, gradient);
        double complementarity = 0;
        double bounds = 0;
        for (int i = 0; i < gradient.Length; i++)
        {
            gradient[i] += upper[i] - lower[i];
            bounds += lower[i] + upper[i];
            if (!double.IsInfinity(problem.Lower[i]))
            {
                complementarity = Math.Max(complementarity, Math.Abs((point.FromLower(i) * lower[i]) - mu));
            }

            if (!double.IsInfinity(problem.Upper[i]))
            {
                complementarity = Math.Max(complementarity, Math.Abs((point.FromUpper(i) * upper[i]) - mu));
            }
        }

        double all = bounds;
        foreach (double y in multipliers)
        {
            all += Math.Abs(y);
        }

        double stationarity = Vectors.Largest(gradient);
        double infeasibility = Vectors.Largest(point.Residuals);
        double forGradient = Math.Max(Steepness, all / Math.Max(1, gradient.Length + multipliers.Length)) / Steepness;
        double forBounds = Math.Max(Steepness, bounds / Math.Max(1, gradient.Length)) / Steepness;
        return (stationarity, infeasibility, complementarity, Math.Max(Math.Max(stationarity / forGradient, infeasibility), complementarity / forBounds));
    }

    private double[] Sigma()
    {
        var diagonal = new double[problem.Variables];
        for (int i = 0; i < diagonal.Length; i++)
        {
            diagonal[i] = (lower[i] == 0 ? 0 : lower[i] / point.FromLower(i)) + (upper[i] == 0 ? 0 : upper[i] / point.FromUpper(i));
        }

        return diagonal;
    }

    /// <summary>The objective with the logarithmic barrier, and a slight slope away from infinity where there is a bound on one side only (section 3.7).</summary>
    private double BarrierValue(BarrierPoint at)
    {
        double sum = 0;
        for (int i = 0; i < problem.Variables; i++)
        {
            bool below = !double.IsInfinity(problem.Lower[i]);
            bool above = !double.IsInfinity(problem.Upper[i]);
            sum -= (below ? Math.Log(at.FromLower(i)) : 0) + (above ? Math.Log(at.FromUpper(i)) : 0);
            sum += below && !above ? Damping * at.FromLower(i) : above && !below ? Damping * at.FromUpper(i) : 0;
        }

        return at.Value + (barrier * sum);
    }

    private double[] BarrierGradient()
    {
        double[] gradient = (double[])point.Gradient.Clone();
        for (int i = 0; i < gradient.Length; i++)
        {
            bool below = !double.IsInfinity(problem.Lower[i]);
            bool above = !double.IsInfinity(problem.Upper[i]);
            gradient[i] += barrier * ((above ? 1 / point.FromUpper(i) : 0) - (below ? 1 / point.FromLower(i) : 0) + (below && !above ? Damping : above && !below ? -Damping : 0));
        }

        return gradient;
    }

    /// <summary>The step in x and in the multipliers of the constraints, by the factored system.</summary>
    private double[] Direction(double[] barrierGradient, double[] residuals, out bool solved)
    {
        var right = new double[problem.Variables + multipliers.Length];
        barrierGradient.CopyTo(right, 0);
        point.Jacobian.AddTransposedProduct(multipliers, right.AsSpan(0, problem.Variables));
        residuals.CopyTo(right, problem.Variables);
        for (int i = 0; i < right.Length; i++)
        {
            right[i] = -right[i];
        }

        var step = new double[right.Length];
        solved = system.Solve(right, step) && double.IsFinite(Vectors.Largest(step));
        return step;
    }
}
