namespace AutoDiff.Optimization;

/// <summary>A point of the barrier method, with what has been computed there.</summary>
internal sealed class BarrierPoint
{
    private readonly BarrierProblem problem;

    public BarrierPoint(BarrierProblem problem, double[] x)
    {
        (this.problem, X) = (problem, x);
        Value = problem.Objective(x);
        Residuals = double.IsFinite(Value) ? problem.Residuals(x) : [];
        foreach (double residual in Residuals)
        {
            Violation += Math.Abs(residual);
        }
    }

    public double[] X { get; }

    public double Value { get; }

    public double[] Residuals { get; }

    /// <summary>The sum of the magnitudes of the residuals.</summary>
    public double Violation { get; }

    public bool IsFinite => double.IsFinite(Value) && double.IsFinite(Violation);

    public double[] Gradient { get; private set; } = [];

    public Entries Jacobian { get; private set; } = Entries.Empty;

    /// <summary>Computes the first derivatives; whether all are finite.</summary>
    public bool Differentiate()
    {
        if (!IsFinite)
        {
            return false;
        }

        Gradient = problem.Gradient(X);
        Jacobian = problem.Jacobian(X);
        return double.IsFinite(Vectors.Largest(Gradient)) && double.IsFinite(Vectors.Largest(Jacobian.Values));
    }

    /// <summary>The distance from a lower bound, never zero: one that rounding has closed is as if the bound lay lower by less than the rounding of the variable.</summary>
    public double FromLower(int i) => Math.Max(X[i] - problem.Lower[i], 2e-16 * Math.Max(1, Math.Abs(problem.Lower[i])));

    /// <summary>The distance from an upper bound, never zero.</summary>
    public double FromUpper(int i) => Math.Max(problem.Upper[i] - X[i], 2e-16 * Math.Max(1, Math.Abs(problem.Upper[i])));
}
