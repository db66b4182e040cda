using System.Globalization;
using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>How a run on a nonlinear program ended.</summary>
public enum NonlinearProgramStatus
{
    /// <summary>A point that satisfies the first-order conditions of a minimum (Karush, Kuhn and Tucker) to the tolerance was found.</summary>
    Optimal,

    /// <summary>The conditions are satisfied to a hundred times the tolerance, and rounding hides the rest of the way.</summary>
    Acceptable,

    /// <summary>The constraints cannot be satisfied near the point: their violation has a minimum there that is not zero.</summary>
    Infeasible,

    /// <summary>The objective falls without bound at points that satisfy the constraints, or the points themselves run away.</summary>
    Unbounded,

    /// <summary>The largest number of iterations was reached.</summary>
    IterationLimit,

    /// <summary>The caller asked to stop.</summary>
    Canceled,

    /// <summary>A value or a derivative is infinite or not a number at the start, or wherever the method could go next.</summary>
    NotFinite,

    /// <summary>No step was found that lowers the objective or the violation of the constraints.</summary>
    NoProgress,
}

/// <summary>How far a run on a nonlinear program has come; what is reported once an iteration.</summary>
public readonly record struct NonlinearProgramProgress
{
    /// <summary>The number of steps taken.</summary>
    public int Iteration { get; init; }

    /// <summary>The objective; not a number while only the violation of the constraints is reduced.</summary>
    public double Value { get; init; }

    /// <summary>The largest violation of a constraint, as the method scales it.</summary>
    public double Infeasibility { get; init; }

    /// <summary>The largest component of the gradient of the Lagrangian, as the method scales it.</summary>
    public double Stationarity { get; init; }

    /// <summary>The parameter of the logarithmic barrier, which goes to zero.</summary>
    public double Barrier { get; init; }

    /// <summary>The length of the last step, as a part of the whole one.</summary>
    public double Step { get; init; }

    /// <summary>What was added to the diagonal of the Hessian so that the step goes downhill.</summary>
    public double Regularization { get; init; }

    /// <summary>Whether only the violation of the constraints is reduced at present, because no step served objective and constraints both.</summary>
    public bool Restoring { get; init; }

    /// <summary>As in "iteration 3: value 0.25, infeasibility 1E-06, stationarity 1E-07, barrier 1E-08, step 1, regularization 0".</summary>
    /// <returns>Text for people.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"iteration {Iteration}: value {Value}, infeasibility {Infeasibility}, stationarity {Stationarity}, barrier {Barrier}, step {Step}, regularization {Regularization}{(Restoring ? ", restoring" : "")}");
}

/// <summary>Where and how a run on a nonlinear program ended, with the multipliers.</summary>
/// <remarks>
/// At an optimum ∇f + Σ y · ∇c - z + w = 0, where y are the multipliers of the constraints, z ≥ 0 those of the lower and w ≥ 0 those of the upper bounds on x. A multiplier y is not positive where a
/// lower bound of a constraint holds, not negative where an upper one does, and zero where neither does. When a bound of a constraint grows by e, the least objective changes by -y e, to first order.
/// </remarks>
/// <typeparam name="T">The element type.</typeparam>
public sealed class NonlinearProgramResult<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The point, in the shape of the start, within the bounds on x.</summary>
    public required Tensor<T> Point { get; init; }

    /// <summary>The objective at the point.</summary>
    public required double Value { get; init; }

    /// <summary>How the run ended.</summary>
    public required NonlinearProgramStatus Status { get; init; }

    /// <summary>What happened, and what can be done, in words.</summary>
    public required string Message { get; init; }

    /// <summary>The multipliers of the constraints: for each constraint a tensor of its shape.</summary>
    public required IReadOnlyList<Tensor<T>> Multipliers { get; init; }

    /// <summary>The multipliers of the lower bounds on x, 0 or more, in the shape of x.</summary>
    public required Tensor<T> LowerMultipliers { get; init; }

    /// <summary>The multipliers of the upper bounds on x, 0 or more, in the shape of x.</summary>
    public required Tensor<T> UpperMultipliers { get; init; }

    /// <summary>The largest violation of a constraint.</summary>
    public required double Infeasibility { get; init; }

    /// <summary>The largest component, by magnitude, of the gradient of the Lagrangian.</summary>
    public required double Stationarity { get; init; }

    /// <summary>The largest product of a multiplier with the distance from its bound.</summary>
    public required double Complementarity { get; init; }

    /// <summary>The number of steps taken.</summary>
    public required int Iterations { get; init; }

    /// <summary>The number of times the objective was called, or the constraints, whichever is larger.</summary>
    public required int Evaluations { get; init; }

    /// <summary>Whether the point is a solution: optimal, or acceptable.</summary>
    public bool Converged => Status is NonlinearProgramStatus.Optimal or NonlinearProgramStatus.Acceptable;

    /// <summary>How the run ended, after how long, and with which value, in one line; then the point.</summary>
    /// <returns>Text for people.</returns>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Status} after {Iterations} iterations: value {Value:G6}, infeasibility {Infeasibility:G3}, stationarity {Stationarity:G3}, complementarity {Complementarity:G3}, at\n{Point}");
}
