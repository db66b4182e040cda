namespace AutoDiff.Optimization;

/// <summary>
/// The way back to the constraints: minimize ρ Σ (p + n) + ζ/2 |D (x - x₀)|² where c(x) - p + n = 0, p ≥ 0, n ≥ 0 (Wächter and Biegler 2006, section 3.3). Its minimum is a point near x₀ that violates the
/// constraints least, in the sum of magnitudes.
/// </summary>
internal sealed class Restoration : BarrierProblem
{
    private const double Penalty = 1000;

    private readonly BarrierProblem problem;
    private readonly Func<double[], double[], Entries> curvature;
    private readonly double[] origin;
    private readonly double[] weights;
    private readonly int[] parts;
    private (int[]? Rows, Entries? Entries) jacobianPattern;
    private (int[]? Rows, Entries? Entries) hessianPattern;

    /// <summary>Makes the program.</summary>
    /// <param name="problem">The problem whose constraints are violated.</param>
    /// <param name="curvature">The Hessian of the residuals times y at a point.</param>
    /// <param name="origin">The point to stay near.</param>
    public Restoration(BarrierProblem problem, Func<double[], double[], Entries> curvature, double[] origin)
    {
        (this.problem, this.curvature, this.origin) = (problem, curvature, origin);
        int n = problem.Variables;
        int m = problem.Constraints;
        weights = Array.ConvertAll(origin, static x => Math.Min(1, 1 / (x * x)));
        parts = [.. Enumerable.Range(n, 2 * m)];
        Lower = [.. problem.Lower, .. new double[2 * m]];
        Upper = [.. problem.Upper, .. Enumerable.Repeat(double.PositiveInfinity, 2 * m)];
    }

    public override double[] Lower { get; }

    public override double[] Upper { get; }

    public override int Constraints => problem.Constraints;

    public override double Rounding => problem.Rounding;

    private double Nearness => Math.Sqrt(Barrier);

    /// <summary>The point with the best p and n for a barrier parameter.</summary>
    public double[] Start(double[] x, double[] residuals, double barrier)
    {
        var start = new double[Variables];
        x.CopyTo(start, 0);
        for (int i = 0; i < residuals.Length; i++)
        {
            // The smaller of the two from the product of the roots of its quadratic equation, which does not cancel.
            double size = Math.Abs(residuals[i]);
            double half = (barrier - (Penalty * size)) / (2 * Penalty);
            double product = barrier * size / (2 * Penalty);
            double root = Math.Sqrt((half * half) + product);
            double smaller = Math.Max(half > 0 ? half + root : product / (root - half), 1e-20);
            (double p, double n) = residuals[i] >= 0 ? (size + smaller, smaller) : (smaller, size + smaller);
            (start[x.Length + i], start[x.Length + residuals.Length + i]) = (p, n);
        }

        return start;
    }

    /// <summary>The part of a point that belongs to the problem.</summary>
    public double[] Point(double[] w) => w[..problem.Variables];

    public override double Objective(double[] x)
    {
        double value = 0;
        for (int i = 0; i < origin.Length; i++)
        {
            value += 0.5 * Nearness * weights[i] * (x[i] - origin[i]) * (x[i] - origin[i]);
        }

        foreach (int i in parts)
        {
            value += Penalty * x[i];
        }

        return value;
    }

    public override double[] Gradient(double[] x)
    {
        var gradient = new double[Variables];
        for (int i = 0; i < origin.Length; i++)
        {
            gradient[i] = Nearness * weights[i] * (x[i] - origin[i]);
        }

        Array.Fill(gradient, Penalty, origin.Length, parts.Length);
        return gradient;
    }

    public override double[] Residuals(double[] x)
    {
        double[] residuals = problem.Residuals(Point(x));
        for (int i = 0; i < residuals.Length; i++)
        {
            residuals[i] += x[origin.Length + residuals.Length + i] - x[origin.Length + i];
        }

        return residuals;
    }

    public override Entries Jacobian(double[] x)
    {
        Entries inner = problem.Jacobian(Point(x));
        int m = Constraints;
        if (!ReferenceEquals(jacobianPattern.Rows, inner.Rows))
        {
            jacobianPattern = (inner.Rows, new Entries([.. inner.Rows, .. Enumerable.Range(0, m), .. Enumerable.Range(0, m)], [.. inner.Columns, .. parts], []));
        }

        var values = new double[inner.Values.Length + parts.Length];
        inner.Values.CopyTo(values, 0);
        Array.Fill(values, -1, inner.Values.Length, m);
        Array.Fill(values, 1, inner.Values.Length + m, m);
        return jacobianPattern.Entries! with { Values = values };
    }

    public override Entries Hessian(double[] x, double[] y)
    {
        Entries inner = curvature(Point(x), y);
        int[] diagonal = [.. Enumerable.Range(0, origin.Length)];
        if (hessianPattern.Entries is null || !ReferenceEquals(hessianPattern.Rows, inner.Rows))
        {
            hessianPattern = (inner.Rows, new Entries([.. inner.Rows, .. diagonal], [.. inner.Columns, .. diagonal], []));
        }

        return hessianPattern.Entries! with { Values = [.. inner.Values, .. weights.Select(weight => Nearness * weight)] };
    }

    public override bool IsFeasible(double[] residuals, Entries jacobian, double[] x) => true;
}
