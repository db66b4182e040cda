using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>
/// A nonlinear program in the form of the barrier method: fixed variables are left out, an inequality l ≤ c(x) ≤ u becomes c(x) - s = 0 with bounds on s, and objective and constraints are scaled so that
/// no gradient at the start has a component above 100 (Wächter and Biegler 2006, section 3.8).
/// </summary>
internal sealed class ScaledProgram<T> : BarrierProblem where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The largest component of a scaled gradient at the start.</summary>
    private const double Steep = 100;

    private const double SmallestScale = 1e-8;

    private readonly ProgramFunctions<T> functions;
    private readonly int[] free;
    private readonly int[] placeOf;
    private readonly int[] slackOf;
    private readonly double[] targets;
    private readonly double[] scales;
    private readonly double tolerance;
    private (int[]? Rows, Entries? Entries, int[] Kept) jacobianPattern;
    private (int[]? Rows, Entries? Entries, int[] Kept) hessianPattern;
    private (int[]? Rows, Entries? Entries, int[] Kept) curvaturePattern;

    public ScaledProgram(ProgramFunctions<T> functions, double tolerance)
    {
        (this.functions, this.tolerance) = (functions, tolerance);
        (double[] low, double[] high) = (functions.ConstraintLower, functions.ConstraintUpper);
        free = [.. Enumerable.Range(0, functions.Start.Length).Where(i => functions.Lower[i] < functions.Upper[i])];
        placeOf = new int[functions.Start.Length];
        Array.Fill(placeOf, -1);
        for (int i = 0; i < free.Length; i++)
        {
            placeOf[free[i]] = i;
        }

        slackOf = new int[low.Length];
        int slacks = 0;
        for (int row = 0; row < low.Length; row++)
        {
            slackOf[row] = low[row] < high[row] ? free.Length + slacks++ : -1;
        }

        targets = [.. low.Select((bound, row) => slackOf[row] < 0 ? bound : 0)];
        scales = new double[low.Length];
        Array.Fill(scales, 1);
        Lower = new double[free.Length + slacks];
        Upper = new double[free.Length + slacks];
        for (int i = 0; i < free.Length; i++)
        {
            (Lower[i], Upper[i]) = (functions.Lower[free[i]], functions.Upper[free[i]]);
        }

        Start = new double[Variables];
        for (int i = 0; i < free.Length; i++)
        {
            Start[i] = ProgramFunctions.Inside(functions.Start[free[i]], Lower[i], Upper[i]);
        }

        double[] x = Point(Start);
        ObjectiveScale = Scale(Vectors.Largest(functions.Gradient(x)));
        Entries jacobian = functions.Jacobian(x);
        var steepest = new double[low.Length];
        for (int k = 0; k < jacobian.Values.Length; k++)
        {
            steepest[jacobian.Rows[k]] = Math.Max(steepest[jacobian.Rows[k]], Math.Abs(jacobian.Values[k]));
        }

        scales = Array.ConvertAll(steepest, Scale);
        double[] values = functions.Constraints(x);
        for (int row = 0; row < low.Length; row++)
        {
            if (slackOf[row] >= 0)
            {
                // An interior where the bounds leave none: by less than what counts as a violation.
                Lower[slackOf[row]] = (low[row] - Math.Min(1e-9 * Math.Max(1, Math.Abs(low[row])), 5e-8)) * scales[row];
                Upper[slackOf[row]] = (high[row] + Math.Min(1e-9 * Math.Max(1, Math.Abs(high[row])), 5e-8)) * scales[row];
                Start[slackOf[row]] = ProgramFunctions.Inside(values[row] * scales[row], Lower[slackOf[row]], Upper[slackOf[row]]);
            }
        }
    }

    public override double[] Lower { get; }

    public override double[] Upper { get; }

    public override int Constraints => scales.Length;

    public override double Rounding => Problem<T>.Rounding;

    public override double ObjectiveScale { get; } = 1;

    public double[] Start { get; }

    /// <summary>The variables of the program, the fixed ones too.</summary>
    public double[] Point(double[] w)
    {
        var x = (double[])functions.Lower.Clone();
        for (int i = 0; i < free.Length; i++)
        {
            x[free[i]] = w[i];
        }

        return x;
    }

    public override double Objective(double[] x) => ObjectiveScale * functions.Value(Point(x));

    public override double[] Gradient(double[] x)
    {
        double[] full = functions.Gradient(Point(x));
        var gradient = new double[Variables];
        for (int i = 0; i < free.Length; i++)
        {
            gradient[i] = ObjectiveScale * full[free[i]];
        }

        return gradient;
    }

    public override double[] Residuals(double[] x)
    {
        double[] residuals = functions.Constraints(Point(x));
        for (int row = 0; row < residuals.Length; row++)
        {
            residuals[row] = (scales[row] * (residuals[row] - targets[row])) - (slackOf[row] < 0 ? 0 : x[slackOf[row]]);
        }

        return residuals;
    }

    public override Entries Jacobian(double[] x)
    {
        Entries full = functions.Jacobian(Point(x));
        if (!ReferenceEquals(jacobianPattern.Rows, full.Rows))
        {
            int[] kept = [.. Enumerable.Range(0, full.Rows.Length).Where(k => placeOf[full.Columns[k]] >= 0)];
            int[] slackRows = [.. Enumerable.Range(0, slackOf.Length).Where(row => slackOf[row] >= 0)];
            jacobianPattern = (full.Rows, new Entries(
                [.. kept.Select(k => full.Rows[k]), .. slackRows],
                [.. kept.Select(k => placeOf[full.Columns[k]]), .. slackRows.Select(row => slackOf[row])],
                []), kept);
        }

        Entries pattern = jacobianPattern.Entries!;
        var values = new double[pattern.Rows.Length];
        Array.Fill(values, -1);
        for (int k = 0; k < jacobianPattern.Kept.Length; k++)
        {
            values[k] = scales[pattern.Rows[k]] * full.Values[jacobianPattern.Kept[k]];
        }

        return pattern with { Values = values };
    }

    public override Entries Hessian(double[] x, double[] y) => Hessian(x, ObjectiveScale, y, ref hessianPattern);

    /// <summary>The Hessian of the residuals times y alone; the objective is not called.</summary>
    public Entries Curvature(double[] x, double[] y) => Hessian(x, 0, y, ref curvaturePattern);

    public override bool IsFeasible(double[] residuals, Entries jacobian, double[] x)
    {
        // What rounding of x alone does to a residual.
        var noise = new double[residuals.Length];
        for (int k = 0; k < jacobian.Values.Length; k++)
        {
            noise[jacobian.Rows[k]] += 4 * Rounding * Math.Abs(jacobian.Values[k] * x[jacobian.Columns[k]]);
        }

        for (int row = 0; row < residuals.Length; row++)
        {
            if (!(Math.Abs(residuals[row]) <= Math.Max(5 * tolerance * scales[row], noise[row])))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The multipliers of the constraints in the units of the program.</summary>
    public double[] Multipliers(double[] y) => [.. y.Select((value, row) => value * scales[row] / ObjectiveScale)];

    /// <summary>The multipliers of the bounds on x in the units of the program; 0 for fixed variables.</summary>
    public double[] BoundMultipliers(double[] z) => [.. placeOf.Select(place => place < 0 ? 0 : z[place] / ObjectiveScale)];

    private Entries Hessian(double[] x, double factor, double[] y, ref (int[]? Rows, Entries? Entries, int[] Kept) known)
    {
        Entries full = functions.Hessian(Point(x), factor, [.. y.Select((value, row) => value * scales[row])]);
        if (!ReferenceEquals(known.Rows, full.Rows))
        {
            int[] kept = [.. Enumerable.Range(0, full.Rows.Length).Where(k => placeOf[full.Rows[k]] >= 0 && placeOf[full.Columns[k]] >= 0)];
            known = (full.Rows, new Entries([.. kept.Select(k => placeOf[full.Rows[k]])], [.. kept.Select(k => placeOf[full.Columns[k]])], []), kept);
        }

        var values = new double[known.Kept.Length];
        for (int k = 0; k < values.Length; k++)
        {
            values[k] = full.Values[known.Kept[k]];
        }

        return known.Entries! with { Values = values };
    }

    private static double Scale(double steepest) => double.IsFinite(steepest) && steepest > Steep ? Math.Max(Steep / steepest, SmallestScale) : 1;
}
