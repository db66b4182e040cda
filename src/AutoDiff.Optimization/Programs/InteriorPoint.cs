using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>
/// Solves nonlinear programs by a primal-dual interior-point method with a filter line search (Wächter and Biegler, "On the implementation of an interior-point filter line-search algorithm for large-scale
/// nonlinear programming", Mathematical Programming 106, 2006), with the sparse Jacobian of the constraints and the sparse Hessian of the Lagrangian.
/// </summary>
/// <remarks>
/// It holds only settings, and may serve any number of runs. A run is deterministic, always ends, and says how. It finds a local minimum; of a program that cannot be satisfied, a point that violates the
/// constraints least, locally. Functions that are infinite or not a number somewhere make steps shorter. Exceptions that they throw reach the caller.
/// </remarks>
/// <typeparam name="T">The element type.</typeparam>
public sealed class InteriorPoint<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// How far from zero the conditions of a minimum may be, in the units of the scaled program; never taken smaller than 30 roundings of the element type.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is not positive.</exception>
    public double Tolerance { get; init => field = Setting.Positive(value, nameof(InteriorPoint<>), nameof(Tolerance)); } = 1e-8;

    /// <summary>The largest number of steps; 0 only evaluates the start.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public int MaxIterations { get; init => field = Setting.AtLeast(0, value, nameof(InteriorPoint<>), nameof(MaxIterations)); } = 1000;

    /// <summary>
    /// Whether objective, constraints and their derivatives are recorded once (<see cref="Differentiate.Compile{T}(Func{Tensor{T}[], Tensor{T}[]}, Tensor{T}[], CompileOptions, CancellationToken)"/>) and run from the record: the same
    /// numbers, sooner where there are many steps. What the functions capture then stays what it was. False by default.
    /// </summary>
    public bool Compiled { get; init; }

    /// <summary>Solves a program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="start">Where to start, of any shape. It need not satisfy the constraints; where it is outside the bounds on x, or on them, it is moved inside.</param>
    /// <param name="progress">Told about every iteration.</param>
    /// <param name="cancellationToken">Looked at before every step, and while derivatives and factors are computed.</param>
    /// <returns>The point with its multipliers, and how the run ended.</returns>
    /// <exception cref="ArgumentNullException">The program or the start is null.</exception>
    /// <exception cref="ArgumentException">A lower bound is above its upper bound, or a constraint has no bounds, or too many.</exception>
    /// <exception cref="TensorShapeException">The objective returns more than one number, a bound does not broadcast, or a constraint changes its shape.</exception>
    /// <exception cref="InvalidOperationException">A function returns null, or the factor would have more than 2^28 numbers.</exception>
    public NonlinearProgramResult<T> Minimize(NonlinearProgram<T> program, Tensor<T> start, IProgress<NonlinearProgramProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(start);
        double tolerance = Math.Max(Tolerance, 30 * Problem<T>.Rounding);
        var functions = new ProgramFunctions<T>(nameof(InteriorPoint<>), program, start, Compiled, cancellationToken);
        var report = new ProgramReport<T>(functions, tolerance);
        if (functions.IsFixed)
        {
            return report.OfFixed();
        }

        var watch = new ProgramWatch(MaxIterations, tolerance, progress, cancellationToken);
        ScaledProgram<T> scaled;
        try
        {
            scaled = new ScaledProgram<T>(functions, tolerance);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return report.Make(NonlinearProgramStatus.Canceled, 0, functions.Start);
        }

        var method = new BarrierMethod(scaled, watch, scaled.Start, BarrierMethod.InitialBarrier, scaled.Curvature);
        NonlinearProgramStatus status = method.Run();
        return report.Make(status, watch.Iteration, scaled.Point(method.X), scaled.Multipliers(method.Multipliers), scaled.BoundMultipliers(method.LowerMultipliers),
            scaled.BoundMultipliers(method.UpperMultipliers));
    }
}
