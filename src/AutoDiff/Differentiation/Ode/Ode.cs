using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff;

/// <summary>Initial value problems y' = f(t, y, p), differentiable in the initial state, the parameters and the times.</summary>
/// <remarks>
/// The steps are chosen by the error estimate, off the tape. The derivative is that of the steps that were taken (the discrete adjoint), in every order and mode; their lengths count as constants. One
/// sweep takes each step once more. The states between the steps are kept, or, where they would take more than 64 MiB, some of them, and the others are computed again.
/// </remarks>
public static class Ode
{
    /// <summary>The states at given times.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The slope f(t, y, p), of its arguments alone, in the shape of y.</param>
    /// <param name="y0">The state at the first time; derivatives flow to it.</param>
    /// <param name="parameters">The parameters; derivatives flow to them.</param>
    /// <param name="times">The times, ascending or descending; the first is that of <paramref name="y0"/>.</param>
    /// <param name="options">The method and the tolerances; null for the explicit method with tolerances of 1e-8.</param>
    /// <param name="cancellationToken">Looked at before every step, of the sweeps too.</param>
    /// <returns>A tensor of shape [times, ..y0.Shape].</returns>
    /// <exception cref="ArgumentNullException">f is null.</exception>
    /// <exception cref="ArgumentException">There are fewer than two times, or they are not monotone.</exception>
    /// <exception cref="ConvergenceException">The problem is stiff and the method explicit, the number of steps does not suffice, or the slope is not finite.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TensorShapeException">The slope does not have the shape of the state.</exception>
    /// <exception cref="TapeException">f captured a recorded tensor.</exception>
    public static Tensor<T> Solve<T>(Func<double, Tensor<T>, Tensor<T>[], Tensor<T>> f, Tensor<T> y0, Tensor<T>[] parameters, ReadOnlySpan<double> times, OdeOptions? options = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(Ode), nameof(f));
        if (options?.Compiled == true)
        {
            throw Errors.Argument(nameof(Ode), nameof(options), "Compiled is set, and the time that f is given is a number, which would be recorded as it is", "a time that is a tensor",
                "give the times as a tensor; f takes the time as a scalar tensor then");
        }

        double[] at = Checked(times);
        return Solve(new OdeProblem<T>((_, t, y, p) => Errors.Result(f(t, y, p), nameof(Ode), nameof(f)), at[..^1], at[1..], (_, _) => 1, options ?? new(), cancellationToken), y0, parameters);
    }

    /// <summary>The states at given times, which may be recorded: derivatives flow to them too.</summary>
    /// <remarks>
    /// The derivative by the last time is the slope there, and by the first one the state's derivative by y0 times the negative slope. It comes out by itself: in each interval the equation is solved in
    /// the time that runs from 0 to 1, and the interval's ends are parameters of it.
    /// </remarks>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The slope f(t, y, p), of its arguments alone, in the shape of y; t is a scalar tensor.</param>
    /// <param name="y0">The state at the first time; derivatives flow to it.</param>
    /// <param name="parameters">The parameters; derivatives flow to them.</param>
    /// <param name="times">The times, a vector, ascending or descending; the first is that of <paramref name="y0"/>. Derivatives flow to them.</param>
    /// <param name="options">The method and the tolerances; null for the explicit method with tolerances of 1e-8.</param>
    /// <param name="cancellationToken">Looked at before every step, of the sweeps too.</param>
    /// <returns>A tensor of shape [times, ..y0.Shape].</returns>
    /// <exception cref="ArgumentNullException">f, parameters or times is null.</exception>
    /// <exception cref="ArgumentException">There are fewer than two times, or they are not monotone.</exception>
    /// <exception cref="ConvergenceException">The problem is stiff and the method explicit, the number of steps does not suffice, or the slope is not finite.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TensorShapeException">The slope does not have the shape of the state, or the times are not a vector.</exception>
    /// <exception cref="TapeException">f captured a recorded tensor.</exception>
    [OverloadResolutionPriority(-1)] // A list of numbers are times without a derivative.
    public static Tensor<T> Solve<T>(Func<Tensor<T>, Tensor<T>, Tensor<T>[], Tensor<T>> f, Tensor<T> y0, Tensor<T>[] parameters, Tensor<T> times, OdeOptions? options = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(Ode), nameof(f));
        Errors.NotNull(parameters, nameof(Ode), nameof(parameters));
        if (Errors.NotNull(times, nameof(Ode), nameof(times)).Rank != 1)
        {
            throw Errors.Shape(nameof(Ode), $"the times have shape {Shapes.Format(times.Shape)}", "a vector", "stack the times, or flatten them");
        }

        Tensor<T> Slope(int k, double fraction, Tensor<T> y, Tensor<T>[] p) => CompiledSteps<T>.Slope(f, p[0][k], p[0][k + 1], Tensor.Scalar(T.CreateChecked(fraction)), y, p[1..]);

        // The times are looked at where the solution is computed, from the first on: in a compiled function they may be others at every run.
        double Length(int k, Tensor<T>[] p)
        {
            ReadOnlySpan<T> at = p[0].Values;
            if (k == 0)
            {
                Checked(Array.ConvertAll(at.ToArray(), double.CreateChecked));
            }

            return double.CreateChecked(at[k + 1]) - double.CreateChecked(at[k]);
        }

        int intervals = Math.Max(times.Length - 1, 1);
        options ??= new();
        CompiledSteps<T>? compiled = options.Compiled ? new(f) : null;
        return Solve(new OdeProblem<T>(Slope, new double[intervals], [.. Enumerable.Repeat(1.0, intervals)], Length, options, cancellationToken, compiled), y0, [times, .. parameters]);
    }

    private static Tensor<T> Solve<T>(OdeProblem<T> problem, Tensor<T> y0, Tensor<T>[] parameters) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(y0, nameof(Ode), nameof(y0));
        Errors.NoneNull(parameters, nameof(Ode), nameof(parameters));

        return new OdeSolution<T>(problem).Of([y0, .. parameters]);
    }

    private static double[] Checked(ReadOnlySpan<double> times)
    {
        double[] at = times.ToArray();
        bool ascending = at.Length >= 2 && at[1] > at[0];
        for (int i = 1; i < at.Length || i == 1; i++)
        {
            if (at.Length < 2 || !double.IsFinite(at[i] - at[i - 1]) || (ascending ? at[i] <= at[i - 1] : at[i] >= at[i - 1]))
            {
                throw Errors.Argument(nameof(Ode), nameof(times), "the times are not monotone, or fewer than two", "at least two finite times, ascending or descending", "sort the times and remove repetitions");
            }
        }

        return at;
    }
}
