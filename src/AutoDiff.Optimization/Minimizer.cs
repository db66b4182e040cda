using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>Finds the point at which a function of tensors is least, from a start, with derivatives from the library. A run is deterministic.</summary>
/// <remarks>
/// A minimizer holds only settings, so one may serve any number of runs; those that are made of steps (<see cref="GradientOptimizer{T}"/>) start each run afresh. Every run ends, on functions without a
/// minimum too, and says why (<see cref="StoppingReason"/>). The point of the result is the best that was met, unless a tolerance was met elsewhere. Exceptions that f throws reach the caller.
/// </remarks>
/// <typeparam name="T">The element type.</typeparam>
public abstract class Minimizer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private protected Minimizer()
    {
    }

    /// <summary>When to stop.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public StoppingCriteria Stopping
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = new();

    /// <summary>
    /// Whether the function is compiled (<see cref="Differentiate.Compile{T}(Func{Tensor{T}[], Tensor{T}[]}, Tensor{T}[], CompileOptions, CancellationToken)"/>): recorded at the start, with its derivatives, and run from the
    /// record at other points. The numbers are the same, bit for bit; where the function takes another path it is recorded again, and where that happens at every point it is called as it is.
    /// </summary>
    /// <remarks>
    /// Off by default, because no guard can see what a function does besides its result: what it captures has the value of the first call, and it no longer counts, draws or prints at every point. For many
    /// operations on small tensors it pays the most.
    /// </remarks>
    public bool Compiled { get; init; }

    /// <summary>Minimizes a function of several tensors.</summary>
    /// <param name="f">The function, with a result of length 1; for least squares, the residuals.</param>
    /// <param name="start">The start, of any shapes.</param>
    /// <param name="progress">Told about every iteration.</param>
    /// <param name="cancellationToken">Looked at before every evaluation of f: the run then ends with the best point so far.</param>
    /// <returns>The point, and why the run stopped there.</returns>
    /// <exception cref="ArgumentNullException">f, the start, or one of its tensors is null.</exception>
    /// <exception cref="ArgumentException">The start has no tensors.</exception>
    /// <exception cref="TensorShapeException">f returns a result of another length than 1, and this is not a least-squares method.</exception>
    /// <exception cref="InvalidOperationException">f returns null.</exception>
    public OptimizationResult<Tensor<T>[]> Minimize(Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] start, IProgress<OptimizationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(start);
        if (start.Length == 0)
        {
            throw new ArgumentException("Minimize: the start has no tensors. Expected one at least. To fix it, give the tensors that f is a function of.", nameof(start));
        }

        foreach (Tensor<T> tensor in start)
        {
            ArgumentNullException.ThrowIfNull(tensor, nameof(start));
        }

        var watch = new Watch(Stopping, Problem<T>.Rounding, progress, cancellationToken);
        using var problem = new Problem<T>(f, start, watch, Compiled);
        StoppingReason reason;
        try
        {
            reason = Run(problem, watch);
        }
        catch (RunEndedException end)
        {
            reason = end.Reason;
        }

        OptimizationResult<double[]> result = watch.End(reason);
        return result.With(problem.Point(result.Point));
    }

    /// <summary>Minimizes a function of one tensor.</summary>
    /// <param name="f">The function, with a result of length 1; for least squares, the residuals.</param>
    /// <param name="start">The start, of any shape.</param>
    /// <param name="progress">Told about every iteration.</param>
    /// <param name="cancellationToken">Looked at before every evaluation of f: the run then ends with the best point so far.</param>
    /// <returns>The point, and why the run stopped there.</returns>
    /// <exception cref="ArgumentNullException">f or the start is null.</exception>
    /// <exception cref="TensorShapeException">f returns a result of another length than 1, and this is not a least-squares method.</exception>
    /// <exception cref="InvalidOperationException">f returns null.</exception>
    /// <example>
    /// <code>
    /// var result = new LBfgs&lt;double>().Minimize(x => (x - Tensor.Create(1, 2)).Square().Sum(), Tensor.Zeros(2));
    /// Console.WriteLine($"{result.Point:0.000}"); // => [1.000, 2.000]
    /// </code>
    /// </example>
    public OptimizationResult<Tensor<T>> Minimize(Func<Tensor<T>, Tensor<T>> f, Tensor<T> start, IProgress<OptimizationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(f);
        OptimizationResult<Tensor<T>[]> result = Minimize(xs => f(xs[0]), [start], progress, cancellationToken);
        return result.With(result.Point[0]);
    }

    /// <summary>Minimizes a function of named parameters.</summary>
    /// <param name="f">The function, with a result of length 1; for least squares, the residuals.</param>
    /// <param name="start">The start.</param>
    /// <param name="progress">Told about every iteration.</param>
    /// <param name="cancellationToken">Looked at before every evaluation of f: the run then ends with the best point so far.</param>
    /// <returns>The point, under the names of the start, and why the run stopped there.</returns>
    /// <exception cref="ArgumentNullException">f or the start is null.</exception>
    /// <exception cref="TensorShapeException">f returns a result of another length than 1, and this is not a least-squares method.</exception>
    /// <exception cref="InvalidOperationException">f returns null.</exception>
    public OptimizationResult<Parameters<T>> Minimize(Func<Parameters<T>, Tensor<T>> f, Parameters<T> start, IProgress<OptimizationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(start);
        OptimizationResult<Tensor<T>[]> result = Minimize(xs => f(start.WithValues(xs)), start.Values.ToArray(), progress, cancellationToken);
        return result.With(start.WithValues(result.Point));
    }

    /// <summary>Goes from the start to where it cannot or need not go on, and says why.</summary>
    private protected abstract StoppingReason Run(Problem<T> problem, Watch watch);
}
