using System.Globalization;
using System.Numerics;

namespace AutoDiff;

/// <summary>An iteration did not converge, so that there is no solution to differentiate. The message gives the residual that was reached.</summary>
public sealed class ConvergenceException : ArithmeticException
{
    /// <summary>Makes the exception with a message.</summary>
    /// <param name="message">What went wrong.</param>
    public ConvergenceException(string message) : base(message) { }

    /// <summary>Makes the exception without a message.</summary>
    public ConvergenceException() { }

    /// <summary>Makes the exception with a message and the exception that caused it.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">What caused it.</param>
    public ConvergenceException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>When an iteration for an implicit function stops.</summary>
public sealed record ImplicitOptions
{
    /// <summary>The residual at which it has converged, relative to 1 plus the residual at the guess; null, the default, for 1e-12 of double and 1e-5 of float.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is negative or not a number.</exception>
    public double? Tolerance { get; init => field = value is null or >= 0 ? value : throw Wrong(nameof(Tolerance), value.Value, "0 or more, or null for the default"); }

    /// <summary>The largest number of steps; null, the default, for 10,000 steps of a fixed-point iteration and 100 of Newton's method.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public int? MaxIterations { get; init => field = value is null or >= 0 ? value : throw Wrong(nameof(MaxIterations), value.Value, "0 or more, or null for the default"); }

    /// <summary>
    /// If true, no Jacobian is formed: the linear systems of the iteration and of the derivative are solved by products alone, by LSQR, and for a minimum by conjugate gradients.
    /// </summary>
    public bool MatrixFree { get; init; }

    /// <summary>The options, numbers in the invariant culture.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"ImplicitOptions {{ Tolerance = {Tolerance}, MaxIterations = {MaxIterations}, MatrixFree = {MatrixFree} }}");

    private static ArgumentOutOfRangeException Wrong(string name, double value, string expected) =>
        Errors.OutOfRange(nameof(ImplicitOptions), name, $"{name} is {value}", Text.Of($"{expected}"), "give such a value");
}

/// <summary>A solution that is a function of parameters, and how good it is.</summary>
/// <typeparam name="T">The element type.</typeparam>
public sealed class ImplicitSolution<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Lazy<double> condition;

    internal ImplicitSolution(Tensor<T> value, double residual, int iterations, Func<double>? condition = null)
    {
        (Value, Residual, Iterations) = (value, residual, iterations);
        this.condition = condition is null ? new(double.NaN) : new(condition);
    }

    /// <summary>The solution, recorded if the parameters are.</summary>
    public Tensor<T> Value { get; }

    /// <summary>The norm of what should be zero.</summary>
    public double Residual { get; }

    /// <summary>How many steps were taken.</summary>
    public int Iterations { get; }

    /// <summary>
    /// The condition number of the Jacobian by the unknowns (in the spectral norm): how many times relative errors grow. NaN where the solution was found without matrices. It is computed when it is first
    /// asked for, at the price of a Jacobian and its singular values.
    /// </summary>
    public double Condition => condition.Value;

    /// <summary>How good the solution is and after how many steps, in one line; then the solution.</summary>
    /// <returns>Text for people.</returns>
    public override string ToString() => Text.Of($"Residual {Residual:G3} after {Iterations} iterations, at\n{Value}");
}
