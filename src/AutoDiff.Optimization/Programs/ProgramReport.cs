using System.Globalization;
using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>The result of a run in the units of the program: residuals of the conditions at the point, and what happened in words.</summary>
internal sealed class ProgramReport<T>(ProgramFunctions<T> functions, double tolerance) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether no constraint is violated at a point by more than rounding and tolerance.</summary>
    public bool IsFeasible(double[] x)
    {
        double[] values = functions.Constraints(x);
        for (int row = 0; row < values.Length; row++)
        {
            if (!(Violation(values, row) <= 10 * tolerance * Math.Max(1, Math.Abs(values[row]))))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The result where bounds leave no variable free.</summary>
    public NonlinearProgramResult<T> OfFixed() =>
        Make(IsFeasible(functions.Lower) ? NonlinearProgramStatus.Optimal : NonlinearProgramStatus.Infeasible, 0, (double[])functions.Lower.Clone());

    /// <summary>The result of a run that has no multipliers.</summary>
    public NonlinearProgramResult<T> Make(NonlinearProgramStatus status, int iterations, double[] x) =>
        Make(status, iterations, x, new double[functions.ConstraintLower.Length], new double[x.Length], new double[x.Length]);

    /// <summary>Makes the result.</summary>
    /// <param name="status">How the run ended.</param>
    /// <param name="iterations">The number of steps.</param>
    /// <param name="x">The point.</param>
    /// <param name="y">The multipliers of the constraints.</param>
    /// <param name="lower">The multipliers of the lower bounds; those of fixed variables are set here.</param>
    /// <param name="upper">The multipliers of the upper bounds.</param>
    /// <param name="message">What happened in words, where the method knows more than the status says.</param>
    public NonlinearProgramResult<T> Make(NonlinearProgramStatus status, int iterations, double[] x, double[] y, double[] lower, double[] upper, string? message = null)
    {
        functions.IgnoreCancellation();
        int evaluations = functions.Evaluations;
        double value = functions.Value(x);
        double[] constraints = functions.Constraints(x);
        double[] gradient = functions.Gradient(x);
        string? notFinite = NotFinite(value, constraints, gradient);
        if (notFinite is null)
        {
            functions.Jacobian(x).AddTransposedProduct(y, gradient);
        }

        double complementarity = 0;
        for (int i = 0; i < x.Length; i++)
        {
            if (functions.Lower[i] == functions.Upper[i])
            {
                // Whatever is left of the gradient is what the bounds of a fixed variable hold.
                (lower[i], upper[i]) = (Math.Max(gradient[i], 0), Math.Max(-gradient[i], 0));
            }

            gradient[i] += upper[i] - lower[i];
            complementarity = Math.Max(complementarity, Math.Max(Product(lower[i], x[i] - functions.Lower[i]), Product(upper[i], functions.Upper[i] - x[i])));
        }

        double infeasibility = 0;
        for (int row = 0; row < constraints.Length; row++)
        {
            infeasibility = Math.Max(infeasibility, Violation(constraints, row));
            complementarity = Math.Max(complementarity, Math.Max(
                Product(Math.Max(-y[row], 0), constraints[row] - functions.ConstraintLower[row]),
                Product(Math.Max(y[row], 0), functions.ConstraintUpper[row] - constraints[row])));
        }

        return new NonlinearProgramResult<T>
        {
            Point = functions.Point(x),
            Value = value,
            Status = status,
            Message = message ?? Message(status, notFinite, constraints, infeasibility),
            Multipliers = functions.Split(y),
            LowerMultipliers = functions.Point(lower),
            UpperMultipliers = functions.Point(upper),
            Infeasibility = infeasibility,
            Stationarity = Vectors.Largest(gradient),
            Complementarity = complementarity,
            Iterations = iterations,
            Evaluations = evaluations,
        };

        static double Product(double multiplier, double distance) => multiplier == 0 ? 0 : Math.Abs(multiplier * distance);
    }

    private double Violation(double[] values, int row) =>
        double.IsNaN(values[row]) ? double.NaN : Math.Max(0, Math.Max(functions.ConstraintLower[row] - values[row], values[row] - functions.ConstraintUpper[row]));

    private string? NotFinite(double value, double[] constraints, double[] gradient)
    {
        int row = Array.FindIndex(constraints, static c => !double.IsFinite(c));
        int variable = Array.FindIndex(gradient, static g => !double.IsFinite(g));
        return !double.IsFinite(value) ? string.Create(CultureInfo.InvariantCulture, $"the objective is {value}")
            : row >= 0 ? string.Create(CultureInfo.InvariantCulture, $"{functions.Name(row)} is {constraints[row]}")
            : variable >= 0 ? string.Create(CultureInfo.InvariantCulture, $"the derivative of the objective by variable {variable} is {gradient[variable]}")
            : null;
    }

    private string Message(NonlinearProgramStatus status, string? notFinite, double[] constraints, double infeasibility)
    {
        switch (status)
        {
            case NonlinearProgramStatus.Optimal:
                return "A local minimum, to the tolerance.";
            case NonlinearProgramStatus.Acceptable:
                return "A local minimum, to a hundred times the tolerance: rounding hides the rest of the way. To come nearer, scale variables and constraints to similar sizes.";
            case NonlinearProgramStatus.Infeasible:
                int worst = 0;
                for (int row = 1; row < constraints.Length; row++)
                {
                    worst = Violation(constraints, row) > Violation(constraints, worst) ? row : worst;
                }

                return string.Create(CultureInfo.InvariantCulture, $"The constraints cannot be satisfied near the point: {functions.Name(worst)} is violated by {infeasibility:G3}, the most of all. ")
                    + "To go on, check whether the constraints contradict each other, or start elsewhere.";
            case NonlinearProgramStatus.Unbounded:
                return "The objective, or the point, goes to infinity. To go on, give x bounds, or check the sign of the objective.";
            case NonlinearProgramStatus.IterationLimit:
                return "The largest number of iterations was reached. To go on, start from this point, or raise MaxIterations.";
            case NonlinearProgramStatus.Canceled:
                return "The caller asked to stop. The point is the last one.";
            case NonlinearProgramStatus.NotFinite:
                return notFinite is null
                    ? "A derivative is infinite or not a number at the point, or at every point that comes next. To go on, keep x away from there by bounds, or start elsewhere."
                    : $"At the point {notFinite}. To go on, start where the functions and their derivatives are finite, and keep x there by bounds.";
            default:
                return "No step lowers the objective or the violation of the constraints. To go on, scale variables and constraints to similar sizes, check that the functions are smooth, or start elsewhere.";
        }
    }
}
