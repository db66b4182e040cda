namespace AutoDiff.Optimization;

/// <summary>
/// The linear system of a step, [W + Σ + δ, A^T; A, -γ]: factored, with as much of δ and γ as it takes for the step to go downhill along the constraints, that is for as many negative eigenvalues as there
/// are constraints (Wächter and Biegler 2006, algorithm IC).
/// </summary>
internal sealed class KktSystem(int variables, int constraints, Action beat)
{
    /// <summary>The largest number of elements of a factor, two gigabytes of them.</summary>
    private const long LargestFactor = 1 << 28;

    private const double FirstShift = 1e-4;
    private const double SmallestShift = 1e-20;
    private const double LargestShift = 1e30;

    private int[]? hessianRows;
    private int[]? jacobianRows;
    private int[] rows = [];
    private int[] columns = [];
    private double[] values = [];
    private int hessianCount;
    private IndefiniteFactor? factor;
    private double lastShift;
    private bool dependent;

    /// <summary>What was added to the diagonal of the Hessian.</summary>
    public double Shift { get; private set; }

    /// <summary>Takes the factor. False where no shift gives the right signs: numbers that are not finite, or too large.</summary>
    /// <param name="hessian">W, its lower triangle; null for none.</param>
    /// <param name="jacobian">A.</param>
    /// <param name="diagonal">Σ.</param>
    /// <param name="barrier">The parameter of the barrier, which γ goes with.</param>
    public bool Factor(Entries hessian, Entries jacobian, double[] diagonal, double barrier)
    {
        Load(hessian, jacobian, diagonal);
        double sum = 0;
        foreach (double value in values)
        {
            sum += value * 0;
        }

        if (sum != 0)
        {
            return false;
        }

        double small = 1e-8 * Math.Pow(barrier, 0.25);
        double gamma = dependent ? small : 0;
        double shift = 0;
        while (true)
        {
            if (Try(diagonal, shift, gamma))
            {
                lastShift = shift > 0 ? shift : lastShift;
                Shift = shift;
                return true;
            }

            bool singular = factor!.Zero > 0 || factor.Negative < constraints;
            if (singular && gamma == 0 && constraints > 0)
            {
                gamma = small;
                if (Try(diagonal, shift, gamma))
                {
                    dependent = true;
                    Shift = shift;
                    return true;
                }
            }

            shift = shift == 0 ? (lastShift == 0 ? FirstShift : Math.Max(SmallestShift, lastShift / 3)) : shift * (lastShift == 0 ? 100 : 8);
            if (!(shift <= LargestShift))
            {
                return false;
            }
        }
    }

    /// <summary>Takes the factor of [I, A^T; A, 0], for multipliers by least squares.</summary>
    public bool FactorProjection(Entries hessian, Entries jacobian)
    {
        var ones = new double[variables];
        Array.Fill(ones, 1);
        Load(hessian with { Values = new double[hessian.Rows.Length] }, jacobian, ones);
        return Try(ones, 0, 1e-10);
    }

    /// <summary>Solves the system, with iterative refinement; false where the solution is not one.</summary>
    public bool Solve(double[] right, double[] solution)
    {
        double size = Vectors.Largest(right);
        right.CopyTo(solution, 0);
        factor!.Solve(solution);
        double last = double.PositiveInfinity;
        double[] kept = solution;
        for (int repeat = 0; repeat < 6; repeat++)
        {
            double[] residual = Residual(right, solution);
            double error = Vectors.Largest(residual) / (size + Math.Min(Vectors.Largest(solution), 1e6 * size));
            if (!(error < last))
            {
                kept.CopyTo(solution, 0);
                break;
            }

            last = error;
            if (error <= 1e-14)
            {
                break;
            }

            kept = (double[])solution.Clone();
            factor.Solve(residual);
            Vectors.AddTo(solution, 1, residual);
        }

        if (last > 1e-9 && factor.Threshold < 0.1)
        {
            // Stabler pivots from now on.
            factor.Threshold = Math.Min(0.1, Math.Sqrt(factor.Threshold));
            factor.Factor(values, beat);
            return Solve(right, solution);
        }

        return size == 0 || last <= 1e-4;
    }

    private double[] Residual(double[] right, double[] solution)
    {
        double[] residual = (double[])right.Clone();
        for (int k = 0; k < values.Length; k++)
        {
            (int row, int column) = (rows[k], columns[k]);
            residual[row] -= values[k] * solution[column];
            if (row != column)
            {
                residual[column] -= values[k] * solution[row];
            }
        }

        return residual;
    }

    private bool Try(double[] diagonal, double shift, double gamma)
    {
        for (int i = 0; i < variables; i++)
        {
            values[hessianCount + i] = diagonal[i] + shift;
        }

        values.AsSpan(hessianCount + variables, constraints).Fill(-gamma);
        factor!.Factor(values, beat);
        return factor.Zero == 0 && factor.Negative == constraints;
    }

    private void Load(Entries hessian, Entries jacobian, double[] diagonal)
    {
        if (factor is null || !ReferenceEquals(hessian.Rows, hessianRows) || !ReferenceEquals(jacobian.Rows, jacobianRows))
        {
            (hessianRows, jacobianRows, hessianCount) = (hessian.Rows, jacobian.Rows, hessian.Rows.Length);
            int[] all = [.. Enumerable.Range(0, variables + constraints)];
            rows = [.. hessian.Rows, .. all, .. jacobian.Rows.Select(row => row + variables)];
            columns = [.. hessian.Columns, .. all, .. jacobian.Columns];
            values = new double[rows.Length];
            FrontStructure structure = FrontStructure.Find(variables + constraints, rows, columns, LargestFactor) ?? throw new InvalidOperationException(
                $"InteriorPoint: the factor of {variables + constraints} unknowns has more than {LargestFactor} numbers. Expected a sparse program. To fix it, give intermediate quantities variables and "
                + "equations of their own, so that each constraint sees few of them.");
            factor = new IndefiniteFactor(structure);
        }

        hessian.Values.CopyTo(values, 0);
        diagonal.CopyTo(values, hessianCount);
        jacobian.Values.CopyTo(values, hessianCount + variables + constraints);
    }
}
