using System.Numerics;

namespace AutoDiff;

/// <summary>An iteration did not reach a solution: its derivative would be that of something else. The message gives the residual that was reached.</summary>
public sealed class ConvergenceException : ArithmeticException
{
    /// <summary>Makes the exception with a message.</summary>
    public ConvergenceException(string message) : base(message) { }

    /// <summary>Makes the exception without a message.</summary>
    public ConvergenceException() { }

    /// <summary>Makes the exception with a message and the exception that caused it.</summary>
    public ConvergenceException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>When an iteration for an implicit function stops.</summary>
/// <param name="Tolerance">The residual at which it has converged, relative to 1 plus the residual at the guess; 0 means 1e-12 for double and 1e-5 for float.</param>
/// <param name="MaxIterations">The largest number of steps.</param>
/// <param name="MatrixFree">
/// Whether no Jacobian is formed: the linear systems of the iteration and of the derivative are solved by products alone, by LSQR, and for a minimum by conjugate gradients.
/// </param>
public sealed record ImplicitOptions(double Tolerance = 0, int MaxIterations = 100, bool MatrixFree = false);

/// <summary>A solution that is a function of parameters, and how good it is.</summary>
/// <typeparam name="T">The element type.</typeparam>
/// <param name="Value">The solution, recorded if the parameters are.</param>
/// <param name="Residual">The norm of what should be zero.</param>
/// <param name="Iterations">How many steps were taken.</param>
public sealed record ImplicitSolution<T>(Tensor<T> Value, double Residual, int Iterations) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Lazy<double> condition = new(double.NaN);

    internal ImplicitSolution(Tensor<T> value, double residual, int iterations, Func<double> condition) : this(value, residual, iterations) => this.condition = new(condition);

    /// <summary>
    /// The condition number of the Jacobian by the unknowns (in the spectral norm): how many times relative errors grow. NaN where the solution was found without matrices. It is computed when it is first
    /// asked for, at the price of a Jacobian and its singular values.
    /// </summary>
    public double Condition => condition.Value;
}
