namespace AutoDiff.Optimization;

/// <summary>The elements of a sparse matrix: rows, columns, values. Two with the same list of rows have the same pattern. Of a symmetric matrix an element stands for both of its places.</summary>
internal sealed record Entries(int[] Rows, int[] Columns, double[] Values)
{
    public static Entries Empty { get; } = new([], [], []);

    /// <summary>y += A x.</summary>
    public void AddProduct(ReadOnlySpan<double> x, Span<double> y)
    {
        for (int k = 0; k < Values.Length; k++)
        {
            y[Rows[k]] += Values[k] * x[Columns[k]];
        }
    }

    /// <summary>y += A^T x.</summary>
    public void AddTransposedProduct(ReadOnlySpan<double> x, Span<double> y)
    {
        for (int k = 0; k < Values.Length; k++)
        {
            y[Columns[k]] += Values[k] * x[Rows[k]];
        }
    }
}

/// <summary>What the interior-point method minimizes: f(x), where c(x) = 0 and x lies between bounds, all of flat vectors and scaled.</summary>
internal abstract class BarrierProblem
{
    /// <summary>The lower bounds; negative infinity where there is none. Always below the upper ones.</summary>
    public abstract double[] Lower { get; }

    public abstract double[] Upper { get; }

    /// <summary>The number of equations.</summary>
    public abstract int Constraints { get; }

    public int Variables => Lower.Length;

    /// <summary>The distance from 1 to the next number in which the functions are computed.</summary>
    public abstract double Rounding { get; }

    /// <summary>The parameter of the barrier, for an objective that depends on it.</summary>
    public virtual double Barrier { get; set; }

    /// <summary>What the objective of the user was multiplied by.</summary>
    public virtual double ObjectiveScale => 1;

    public abstract double Objective(double[] x);

    public abstract double[] Gradient(double[] x);

    public abstract double[] Residuals(double[] x);

    public abstract Entries Jacobian(double[] x);

    /// <summary>The Hessian of the objective plus the sum of the residuals times y.</summary>
    public abstract Entries Hessian(double[] x, double[] y);

    /// <summary>Whether residuals are small enough in the units of the user.</summary>
    public abstract bool IsFeasible(double[] residuals, Entries jacobian, double[] x);
}
