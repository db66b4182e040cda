using System.Globalization;
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
/// <param name="MatrixFree">Whether the linear systems of the derivative are solved by products (LSQR) instead of a dense Jacobian.</param>
public sealed record ImplicitOptions(double Tolerance = 0, int MaxIterations = 100, bool MatrixFree = false);

/// <summary>A solution that is a function of parameters, and how good it is.</summary>
/// <typeparam name="T">The element type.</typeparam>
/// <param name="Value">The solution, recorded if the parameters are.</param>
/// <param name="Residual">The norm of what should be zero.</param>
/// <param name="Iterations">How many steps were taken.</param>
/// <param name="Condition">The condition number of the Jacobian by the unknowns (in the spectral norm): how many times relative errors grow. NaN where no matrix was formed.</param>
public sealed record ImplicitSolution<T>(Tensor<T> Value, double Residual, int Iterations, double Condition) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>
/// Functions that are given by an equation. The solution y(p) of F(y, p) = 0 is found off the tape, by any number of steps, and differentiated by the implicit function theorem:
/// dy/dp = -(∂F/∂y)⁻¹ ∂F/∂p, in both modes and to any order.
/// </summary>
public static class Implicit
{
    /// <summary>The root y(p) of F(y, p) = 0 next to a guess, by Newton's method with halved steps.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="residual">F, of the unknowns and the parameters alone; its result has as many elements as y.</param>
    /// <param name="guess">Where to start; a constant.</param>
    /// <param name="parameters">The parameters p; derivatives flow to them.</param>
    /// <param name="options">When to stop; null for the default.</param>
    /// <returns>The root, with its residual and the condition of ∂F/∂y.</returns>
    /// <exception cref="ConvergenceException">No root was found.</exception>
    /// <exception cref="TensorShapeException">F gives another number of elements than there are unknowns.</exception>
    public static ImplicitSolution<T> Root<T>(Func<Tensor<T>, Tensor<T>, Tensor<T>> residual, Tensor<T> guess, Tensor<T> parameters, ImplicitOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Solve(nameof(Root), residual, guess, parameters, options ?? new(), Newton);

    /// <summary>The fixed point y(p) = f(y, p), by iterating f from a guess.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The map, of the unknowns and the parameters alone; its result has the shape of y.</param>
    /// <param name="guess">Where to start; a constant.</param>
    /// <param name="parameters">The parameters p; derivatives flow to them.</param>
    /// <param name="options">When to stop; null for the default, with 10,000 steps at most.</param>
    /// <returns>The fixed point, with |f(y, p) - y| and the condition of 1 - ∂f/∂y.</returns>
    /// <exception cref="ConvergenceException">The iteration did not settle.</exception>
    /// <exception cref="TensorShapeException">f gives another shape than that of y.</exception>
    public static ImplicitSolution<T> FixedPoint<T>(Func<Tensor<T>, Tensor<T>, Tensor<T>> f, Tensor<T> guess, Tensor<T> parameters, ImplicitOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(FixedPoint), nameof(f));
        return Solve(nameof(FixedPoint), (y, p) => f(y, p) - y, guess, parameters, options ?? new(MaxIterations: 10_000), static (_, y, r) => y + r);
    }

    /// <summary>The minimiser y(p) of f(·, p) next to a guess, by Newton's method on the gradient, kept to directions of descent.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function to minimise, of the unknowns and the parameters alone, with a result of length 1.</param>
    /// <param name="guess">Where to start; a constant.</param>
    /// <param name="parameters">The parameters p; derivatives flow to them.</param>
    /// <param name="options">When to stop; null for the default.</param>
    /// <returns>The minimiser, with the norm of the gradient and the condition of the Hessian.</returns>
    /// <exception cref="ConvergenceException">No point with a vanishing gradient and a positive definite Hessian was found.</exception>
    public static ImplicitSolution<T> Minimum<T>(Func<Tensor<T>, Tensor<T>, Tensor<T>> f, Tensor<T> guess, Tensor<T> parameters, ImplicitOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(Minimum), nameof(f));
        Errors.NotNull(parameters, nameof(Minimum), nameof(parameters));
        Tensor<T> p = parameters.Detach();
        ImplicitSolution<T> solution = Solve(nameof(Minimum), (y, q) => Differentiate.Gradient(v => f(v, q), y), guess, parameters, options ?? new(), (_, y, g) => Descend(v => f(v, p), y, g));
        Tensor<T> hessian = Tape<T>.OffTape(nameof(Minimum), () => Differentiate.Hessian(v => f(v, p), solution.Value.Detach()));
        return IsPositiveDefinite(hessian.Reshape(guess.Length, guess.Length))
            ? solution
            : throw new ConvergenceException($"Minimum: the gradient vanishes (residual {solution.Residual.ToString("g3", CultureInfo.InvariantCulture)}), but the Hessian is not positive definite there: it is a saddle or a maximum. Start from another guess.");
    }

    /// <summary>The solution x of A(p) x = b, where A is known by its products only.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="product">(v, p) ↦ A(p) v, linear in v, of its arguments alone; its result has the shape of b.</param>
    /// <param name="b">The right-hand side; derivatives flow to it.</param>
    /// <param name="parameters">The parameters p; derivatives flow to them.</param>
    /// <param name="symmetric">Whether A is symmetric and positive definite; conjugate gradients are used then, LSQR otherwise.</param>
    /// <param name="tolerance">The relative residual to reach.</param>
    /// <returns>x, in the shape of b. Its derivative solves a system with the transpose of A in the same way.</returns>
    /// <exception cref="ConvergenceException">The residual was not reached.</exception>
    public static Tensor<T> LinearSolve<T>(Func<Tensor<T>, Tensor<T>[], Tensor<T>> product, Tensor<T> b, Tensor<T>[] parameters, bool symmetric = false, double tolerance = 1e-12)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Func<Tensor<T>, Tensor<T>[], Tensor<T>> given = Errors.NotNull(product, nameof(LinearSolve), nameof(product));
        product = (v, p) => Errors.NotNull(given(v, p), nameof(LinearSolve), "result of product");
        Errors.NotNull(b, nameof(LinearSolve), nameof(b));
        Errors.NotNull(parameters, nameof(LinearSolve), nameof(parameters));
        int[] shape = b.Dimensions;

        // A^T v is the VJP of v ↦ A v.
        Tensor<T> Transposed(Tensor<T> v, Tensor<T>[] p) => symmetric ? product(v, p) : Differentiate.Vjp(x => product(x, p), Tensor.Zeros<T>(shape), v);

        return Tensor<T>.Recompute(nameof(LinearSolve), [b, .. parameters],
            value: xs => Iterate(v => product(v, xs[1..]), xs[0], symmetric, tolerance),
            vjp: (g, xs, x) =>
            {
                Tensor<T>[] p = xs[1..];
                Tensor<T> w = EachVector(g, x.Rank, u => LinearSolve(Transposed, u, p, symmetric, tolerance));
                return [w, .. Differentiate.Vjp(q => product(x, q), p, -w)];
            },
            jvp: (ts, xs, x) =>
            {
                // A dx = db - (dA) x.
                Tensor<T>[] p = xs[1..];
                Tensor<T>? right = ts[0];
                for (int i = 0; i < p.Length; i++)
                {
                    if (ts[i + 1] is { } t)
                    {
                        Tensor<T> change = Differentiate.Jvp(q => product(x, [.. p[..i], q, .. p[(i + 1)..]]), p[i], t);
                        right = right is null ? -change : right - change;
                    }
                }

                return EachVector(right!, x.Rank, u => LinearSolve(product, u, p, symmetric, tolerance));
            });
    }

    /// <summary>Finds y off the tape with a given step, and records it with the two products of the implicit function theorem.</summary>
    private static ImplicitSolution<T> Solve<T>(string operation, Func<Tensor<T>, Tensor<T>, Tensor<T>> residual, Tensor<T> guess, Tensor<T> parameters, ImplicitOptions options,
        Func<Func<Tensor<T>, Tensor<T>>, Tensor<T>, Tensor<T>, Tensor<T>> step) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Func<Tensor<T>, Tensor<T>, Tensor<T>> given = Errors.NotNull(residual, operation, nameof(residual));
        residual = (y, p) => Errors.NotNull(given(y, p), operation, "result of the function");
        Errors.NotNull(guess, operation, nameof(guess));
        Errors.NotNull(parameters, operation, nameof(parameters));
        double size = 0;
        int iterations = 0;
        Tensor<T> y = Tensor<T>.Recompute(operation, [parameters],
            value: xs =>
            {
                (Tensor<T> found, size, iterations) = Iterate(operation, v => residual(v, xs[0]), guess.Detach(), options, step);
                return found;
            },
            vjp: (g, xs, y) => [-Differentiate.Vjp(p => residual(y, p), xs[0], SolveSystem(residual, y, xs[0], g, transposed: true, options.MatrixFree))],
            jvp: (ts, xs, y) => SolveSystem(residual, y, xs[0], -Differentiate.Jvp(p => residual(y, p), xs[0], ts[0]!), transposed: false, options.MatrixFree));
        double condition = double.NaN;
        if (!options.MatrixFree)
        {
            Tensor<T> p = parameters.Detach();
            Tensor<T> s = Tape<T>.OffTape(operation, () => Differentiate.Jacobian(v => residual(v, p), y.Detach()).Reshape(y.Length, y.Length).SingularValues());
            condition = s.Length == 0 ? 1 : double.CreateChecked(s.At(0) / s.At(-1));
        }

        return new ImplicitSolution<T>(y, size, iterations, condition);
    }

    private static (Tensor<T> Y, double Residual, int Iterations) Iterate<T>(string operation, Func<Tensor<T>, Tensor<T>> f, Tensor<T> y, ImplicitOptions options,
        Func<Func<Tensor<T>, Tensor<T>>, Tensor<T>, Tensor<T>, Tensor<T>> step) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> r = f(y);
        if (r.Length != y.Length)
        {
            throw Errors.Shape(operation, $"the equation gives {r.Length} elements (shape {Shapes.Format(r.Shape)}) for {y.Length} unknowns (shape {Shapes.Format(y.Shape)})", "as many equations as unknowns",
                "check the shape of the result");
        }

        double tolerance = options.Tolerance > 0 ? options.Tolerance : typeof(T) == typeof(float) ? 1e-5 : 1e-12;
        double size = Size(r);
        double bound = tolerance * (1 + size);
        int iterations = 0;
        while (!(size <= bound) && !double.IsNaN(size) && iterations < options.MaxIterations)
        {
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

    /// <summary>One step of Newton's method, halved until the residual falls.</summary>
    private static Tensor<T> Newton<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> y, Tensor<T> r) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> step = Differentiate.Jacobian(f, y).Reshape(y.Length, y.Length).Solve(r.Flatten()).Reshape(y.Shape);
        double size = Size(r);
        for (int halvings = 0; halvings < 30; halvings++)
        {
            Tensor<T> next = y - step;
            if (Size(f(next)) < size)
            {
                return next;
            }

            step *= T.CreateChecked(0.5);
        }

        return y - step;
    }

    /// <summary>One step of Newton's method for a minimum: the Hessian is shifted until it is positive definite and the step goes down.</summary>
    private static Tensor<T> Descend<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> y, Tensor<T> g) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = y.Length;
        Tensor<T> hessian = Differentiate.Hessian(f, y).Reshape(n, n);
        T value = f(y).ToScalar();
        T slack = T.Abs(value) * (T.BitIncrement(T.One) - T.One) * T.CreateChecked(8);
        T shift = T.Zero;
        T unit = T.Max(hessian.Norm().ToScalar(), T.CreateChecked(1e-3)) * T.CreateChecked(1e-3);
        for (int attempt = 0; attempt < 60; attempt++)
        {
            Tensor<T> shifted = hessian + (Tensor.Identity<T>(n) * shift);
            if (IsPositiveDefinite(shifted))
            {
                Tensor<T> next = y - shifted.Solve(g.Flatten()).Reshape(y.Shape);
                if (f(next).ToScalar() <= value + slack)
                {
                    return next;
                }
            }

            shift = shift == T.Zero ? unit : shift * T.CreateChecked(4);
        }

        return y;
    }

    /// <summary>(∂F/∂y)⁻¹ v, or with the transpose, for every vector of a batch: by the dense Jacobian, or by products.</summary>
    private static Tensor<T> SolveSystem<T>(Func<Tensor<T>, Tensor<T>, Tensor<T>> residual, Tensor<T> y, Tensor<T> p, Tensor<T> v, bool transposed, bool matrixFree)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (matrixFree)
        {
            // The parameters of the system are the solution and the parameters of the function.
            Tensor<T> Product(Tensor<T> w, Tensor<T>[] q) => transposed
                ? Differentiate.Vjp(x => residual(x, q[1]), q[0], w)
                : Differentiate.Jvp(x => residual(x, q[1]), q[0], w);
            return EachVector(v, y.Rank, u => LinearSolve(Product, u, [y, p]));
        }

        Tensor<T> jacobian = Differentiate.Jacobian(x => residual(x, p), y).Reshape(y.Length, y.Length);
        int[] batch = v.Shape[..(v.Rank - y.Rank)].ToArray();
        Tensor<T> columns = v.Reshape(Shapes.Length(batch), y.Length).Transpose();
        return (transposed ? jacobian.Transpose() : jacobian).Solve(columns).Transpose().Reshape([.. batch, .. y.Shape]);
    }

    private static Tensor<T> Iterate<T>(Func<Tensor<T>, Tensor<T>> product, Tensor<T> b, bool symmetric, double tolerance) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using JacobianOperator<T> a = JacobianOperator<T>.At(product, Tensor.Zeros<T>(b.Shape));
        double reachable = typeof(T) == typeof(float) ? Math.Max(tolerance, 1e-6) : tolerance;
        LinearSolution<T> solution = symmetric
            ? IterativeSolvers.ConjugateGradient(a, b, reachable, 10 * Math.Max(20, b.Length))
            : IterativeSolvers.LeastSquares(a, b, 0, reachable, 10 * Math.Max(20, b.Length));
        return solution.Converged
            ? solution.Solution
            : throw new ConvergenceException(string.Create(CultureInfo.InvariantCulture,
                $"LinearSolve: after {solution.Iterations} products the relative residual is {solution.Residual:g3}, and {reachable:g3} was asked for. The system may be singular; ask for less, or use a direct Solve."));
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

    private static bool IsPositiveDefinite<T>(Tensor<T> matrix) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] factor = matrix.ToArray();
        return Kernels.CholeskyDecomposition.Factor<T>(factor, matrix.Shape[0]) < 0 && !factor.AsSpan().Contains(T.NaN);
    }

    private static double Size<T>(Tensor<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => double.CreateChecked(x.Norm().ToScalar());
}
