using System.Globalization;
using System.Numerics;

namespace AutoDiff;

/// <summary>
/// Functions that are given by an equation. The solution y(p) of F(y, p) = 0 is found off the tape, by any number of steps, and differentiated by the implicit function theorem:
/// dy/dp = -(∂F/∂y)⁻¹ ∂F/∂p, in both modes and to any order.
/// </summary>
public static partial class Implicit
{
    /// <summary>The root y(p) of F(y, p) = 0 next to a guess, by Newton's method with halved steps.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="residual">F, of the unknowns and the parameters alone; its result has as many elements as y.</param>
    /// <param name="guess">Where to start; a constant.</param>
    /// <param name="parameters">The parameters p; derivatives flow to them.</param>
    /// <param name="options">When to stop; null for the default.</param>
    /// <param name="cancellationToken">Looked at before every step of the iteration.</param>
    /// <returns>The root, with its residual and the condition of ∂F/∂y.</returns>
    /// <exception cref="ArgumentNullException">residual, guess or parameters is null, or residual gives null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="ConvergenceException">No root was found.</exception>
    /// <exception cref="TensorShapeException">F returns another number of elements than there are unknowns.</exception>
    /// <example>
    /// <code>
    /// Tensor&lt;double> Root(Tensor&lt;double> a) => Implicit.Root((x, a) => (x * x) - a, Tensor.Scalar(1.0), a).Value;
    /// Console.WriteLine($"{Root(Tensor.Scalar(2.0)):0.0000}"); // => 1.4142
    /// Console.WriteLine($"{Differentiate.Derivative(Root, 2):0.0000}"); // => 0.3536
    /// </code>
    /// </example>
    public static ImplicitSolution<T> Root<T>(Func<Tensor<T>, Tensor<T>, Tensor<T>> residual, Tensor<T> guess, Tensor<T> parameters, ImplicitOptions? options = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Solve(nameof(Root), residual, guess, parameters, options ?? new(), (f, _, y, r) => Newton(f, y, r, options?.MatrixFree ?? false, cancellationToken), cancellationToken);

    /// <summary>The fixed point y(p) = f(y, p), by iterating f from a guess.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The map, of the unknowns and the parameters alone; its result has the shape of y.</param>
    /// <param name="guess">Where to start; a constant.</param>
    /// <param name="parameters">The parameters p; derivatives flow to them.</param>
    /// <param name="options">When to stop; null for the default.</param>
    /// <param name="cancellationToken">Looked at before every step of the iteration.</param>
    /// <returns>The fixed point, with |f(y, p) - y| and the condition of 1 - ∂f/∂y.</returns>
    /// <exception cref="ArgumentNullException">f is null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="ConvergenceException">The iteration did not settle.</exception>
    /// <exception cref="TensorShapeException">f returns another shape than that of the guess.</exception>
    public static ImplicitSolution<T> FixedPoint<T>(Func<Tensor<T>, Tensor<T>, Tensor<T>> f, Tensor<T> guess, Tensor<T> parameters, ImplicitOptions? options = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(FixedPoint), nameof(f));
        return Solve(nameof(FixedPoint), (y, p) => Errors.Result(f(y, p), nameof(FixedPoint), nameof(f)) - y, guess, parameters, (options ?? new()) with { MaxIterations = options?.MaxIterations ?? 10_000 }, static (_, _, y, r) => y + r, cancellationToken);
    }

    /// <summary>The minimizer y(p) of f(·, p) next to a guess, by Newton's method on the gradient, kept to directions of descent.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function to minimize, of the unknowns and the parameters alone, with a result of length 1.</param>
    /// <param name="guess">Where to start; a constant.</param>
    /// <param name="parameters">The parameters p; derivatives flow to them.</param>
    /// <param name="options">When to stop; null for the default.</param>
    /// <param name="cancellationToken">Looked at before every step of the iteration.</param>
    /// <returns>The minimizer, with the norm of the gradient and the condition of the Hessian.</returns>
    /// <exception cref="ArgumentNullException">f or parameters is null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="ConvergenceException">No point with a vanishing gradient and a positive definite Hessian was found.</exception>
    /// <exception cref="TensorShapeException">f returns more than one element.</exception>
    public static ImplicitSolution<T> Minimum<T>(Func<Tensor<T>, Tensor<T>, Tensor<T>> f, Tensor<T> guess, Tensor<T> parameters, ImplicitOptions? options = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(Minimum), nameof(f));
        Errors.NotNull(parameters, nameof(Minimum), nameof(parameters));
        bool matrixFree = options?.MatrixFree ?? false;
        return Solve(nameof(Minimum), (y, q) => Differentiate.Gradient(v => f(v, q), y), guess, parameters, options ?? new(),
            (_, p, y, g) => Descend(v => f(v, p), y, g, matrixFree, cancellationToken), cancellationToken, RefuseSaddle);

        void RefuseSaddle(Tensor<T> y, Tensor<T> p, double residual)
        {
            if (!IsMinimum(v => f(v, p), y, matrixFree, cancellationToken))
            {
                throw new ConvergenceException($"Minimum: the gradient vanishes (residual {residual.ToString("g3", CultureInfo.InvariantCulture)}), but the Hessian is not positive definite there: it is a saddle or a maximum. Start from another guess.");
            }
        }
    }

    /// <summary>Finds y off the tape with a given step, and records it with the two products of the implicit function theorem.</summary>
    private static ImplicitSolution<T> Solve<T>(string operation, Func<Tensor<T>, Tensor<T>, Tensor<T>> residual, Tensor<T> guess, Tensor<T> parameters, ImplicitOptions options,
        Func<Func<Tensor<T>, Tensor<T>>, Tensor<T>, Tensor<T>, Tensor<T>, Tensor<T>> step, CancellationToken cancellationToken, Action<Tensor<T>, Tensor<T>, double>? minimum = null) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Func<Tensor<T>, Tensor<T>, Tensor<T>> given = Errors.NotNull(residual, operation, nameof(residual));
        residual = (y, p) => Errors.Result(given(y, p), operation, nameof(residual));
        Errors.NotNull(guess, operation, nameof(guess));
        Errors.NotNull(parameters, operation, nameof(parameters));
        double size = 0;
        int iterations = 0;
        Tensor<T> y = Tensor<T>.Recompute(operation, [parameters],
            value: xs =>
            {
                (Tensor<T> found, size, iterations) = Iterate(operation, v => residual(v, xs[0]), guess.Detach(), options, (f, y, r) => step(f, xs[0], y, r), cancellationToken);
                minimum?.Invoke(found, xs[0], size);
                return found;
            },
            vjp: (g, xs, y) => [-Differentiate.Vjp(p => residual(y, p), xs[0], SolveSystem(residual, y, xs[0], g, transposed: true, options.MatrixFree, minimum is not null))],
            jvp: (ts, xs, y) => SolveSystem(residual, y, xs[0], -Differentiate.Jvp(p => residual(y, p), xs[0], ts[0]!), transposed: false, options.MatrixFree, minimum is not null));
        if (options.MatrixFree)
        {
            return new ImplicitSolution<T>(y, size, iterations);
        }

        (Tensor<T> solution, Tensor<T> constants) = (y.Detach(), parameters.Detach());
        return new ImplicitSolution<T>(y, size, iterations, () => Tape<T>.OffTape(operation, () =>
        {
            Tensor<T> s = Differentiate.Jacobian(v => residual(v, constants), solution).Reshape(solution.Length, solution.Length).SingularValues();
            return s.Length == 0 ? 1 : double.CreateChecked(s.At(0) / s.At(-1));
        }));
    }

    private static (Tensor<T> Y, double Residual, int Iterations) Iterate<T>(string operation, Func<Tensor<T>, Tensor<T>> f, Tensor<T> y, ImplicitOptions options,
        Func<Func<Tensor<T>, Tensor<T>>, Tensor<T>, Tensor<T>, Tensor<T>> step, CancellationToken cancellationToken) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> r = f(y);
        if (r.Length != y.Length)
        {
            throw Errors.Shape(operation, $"the equation gives {r.Length} elements (shape {Shapes.Format(r.Shape)}) for {y.Length} unknowns (shape {Shapes.Format(y.Shape)})", "as many equations as unknowns",
                "check the shape of the result");
        }

        double tolerance = options.Tolerance ?? (typeof(T) == typeof(float) ? 1e-5 : 1e-12);
        int limit = options.MaxIterations ?? 100;
        double size = Size(r);
        double bound = tolerance * (1 + size);
        int iterations = 0;
        while (!(size <= bound) && !double.IsNaN(size) && iterations < limit)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                y = step(f, y, r);
            }
            catch (FactorizationException singular)
            {
                throw new ConvergenceException(string.Create(CultureInfo.InvariantCulture,
                    $"{operation}: after {iterations} steps, at a residual of {size:g3}, the Jacobian by the unknowns is singular. Start from another guess."), singular);
            }

            r = f(y);
            size = Size(r);
            iterations++;
        }

        if (double.IsNaN(size))
        {
            throw new ConvergenceException($"{operation}: after {iterations} steps the residual is not a number: the function left its domain. Start closer, or keep the unknowns within it (of a positive one, solve for the logarithm).");
        }

        if (!(size <= bound))
        {
            throw new ConvergenceException(string.Create(CultureInfo.InvariantCulture,
                $"{operation}: after {iterations} steps the residual is {size:g3}, and {bound:g3} was asked for. A derivative here would not be that of a solution. Start closer, allow more steps, or ask for less."));
        }

        return (y, size, iterations);
    }

    /// <summary>(∂F/∂y)⁻¹ v, or with the transpose, for every vector of a batch: by the dense Jacobian, or by products.</summary>
    private static Tensor<T> SolveSystem<T>(Func<Tensor<T>, Tensor<T>, Tensor<T>> residual, Tensor<T> y, Tensor<T> p, Tensor<T> v, bool transposed, bool matrixFree, bool symmetric)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (matrixFree)
        {
            // The parameters of the system are the solution and the parameters of the function.
            Tensor<T> Product(Tensor<T> w, Tensor<T>[] q) => transposed
                ? Differentiate.Vjp(x => residual(x, q[1]), q[0], w)
                : Differentiate.Jvp(x => residual(x, q[1]), q[0], w);
            return EachVector(v, y.Rank, u => LinearSolve(Product, u, [y, p], symmetric));
        }

        Tensor<T> jacobian = Differentiate.Jacobian(x => residual(x, p), y).Reshape(y.Length, y.Length);
        int[] batch = v.Shape[..(v.Rank - y.Rank)].ToArray();
        Tensor<T> columns = v.Reshape(Shapes.Length(batch), y.Length).Transpose();
        return (transposed ? jacobian.Transpose() : jacobian).Solve(columns).Transpose().Reshape([.. batch, .. y.Shape]);
    }

    /// <summary>Applies a function to each vector of a batch.</summary>
    private static Tensor<T> EachVector<T>(Tensor<T> vectors, int rank, Func<Tensor<T>, Tensor<T>> f) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (vectors.Rank == rank)
        {
            return f(vectors);
        }

        int[] batch = vectors.Shape[..^rank].ToArray();
        Tensor<T> flat = vectors.Reshape([Shapes.Length(batch), .. vectors.Shape[^rank..]]);
        return flat.Shape[0] == 0 ? vectors : Tensor.Stack<T>([.. Enumerable.Range(0, flat.Shape[0]).Select(k => f(flat[k]))]).Reshape(vectors.Shape);
    }

    private static double Size<T>(Tensor<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => double.CreateChecked(x.Norm().ToScalar());
}
