using System.Globalization;
using System.Numerics;

namespace AutoDiff;

// Linear systems that are known by products.
public static partial class Implicit
{
    /// <summary>The solution x of A(p) x = b, where A is known by its products only.</summary>
    /// <remarks>
    /// With <paramref name="symmetric"/> the system is that of the symmetric part, (A + A^T) / 2, whatever the product returns: the value, the gradient and higher derivatives are those of one function,
    /// also where A is symmetric at p and changes to a matrix that is not. Where it is symmetric to rounding, which a random vector shows, the value costs one product a step.
    /// </remarks>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="product">(v, p) ↦ A(p) v, linear in v, of its arguments alone; its result has the shape of b.</param>
    /// <param name="b">The right-hand side; derivatives flow to it.</param>
    /// <param name="parameters">The parameters p; derivatives flow to them.</param>
    /// <param name="symmetric">Whether A is symmetric and positive definite; conjugate gradients are used then, LSQR otherwise.</param>
    /// <param name="tolerance">The relative residual to reach.</param>
    /// <param name="guess">Where to start; null for zeros. The solution does not depend on it, and no derivative flows to it.</param>
    /// <param name="cancellationToken">Looked at before every product, of the sweeps too.</param>
    /// <returns>x, in the shape of b. Its derivative solves a system with the transpose of A in the same way.</returns>
    /// <exception cref="ArgumentNullException">product, b or parameters is null, or holds null.</exception>
    /// <exception cref="ConvergenceException">The residual was not reached.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TensorShapeException">product, b and the guess do not have one shape.</exception>
    public static Tensor<T> LinearSolve<T>(Func<Tensor<T>, Tensor<T>[], Tensor<T>> product, Tensor<T> b, Tensor<T>[] parameters, bool symmetric = false, double tolerance = 1e-12,
        Tensor<T>? guess = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Func<Tensor<T>, Tensor<T>[], Tensor<T>> given = Errors.NotNull(product, nameof(LinearSolve), nameof(product));
        product = (v, p) => Errors.Result(given(v, p), nameof(LinearSolve), nameof(product));
        Errors.NotNull(b, nameof(LinearSolve), nameof(b));
        Errors.NoneNull(parameters, nameof(LinearSolve), nameof(parameters));
        int[] shape = b.Dimensions;

        // A^T v is the VJP of v ↦ A v.
        Tensor<T> Transposed(Tensor<T> v, Tensor<T>[] p) => Differentiate.Vjp(x => product(x, p), Tensor.Zeros<T>(shape), v);
        Tensor<T> Product(Tensor<T> v, Tensor<T>[] p) => symmetric ? (product(v, p) + Transposed(v, p)) * T.CreateChecked(0.5) : product(v, p);
        Func<Tensor<T>, Tensor<T>[], Tensor<T>> adjoint = symmetric ? product : Transposed;

        return Tensor<T>.Recompute(nameof(LinearSolve), [b, .. parameters],
            value: xs => Iterate(v => product(v, xs[1..]), xs[0], symmetric, tolerance, guess, cancellationToken),
            vjp: (g, xs, x) =>
            {
                Tensor<T>[] p = xs[1..];
                Tensor<T> w = EachVector(g, x.Rank, u => LinearSolve(adjoint, u, p, symmetric, tolerance, cancellationToken: cancellationToken));
                return [w, .. Differentiate.Vjp(q => Product(x, q), p, -w)];
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
                        Tensor<T> change = Differentiate.Jvp(q => Product(x, [.. p[..i], q, .. p[(i + 1)..]]), p[i], t);
                        right = right is null ? -change : right - change;
                    }
                }

                return EachVector(right!, x.Rank, u => LinearSolve(product, u, p, symmetric, tolerance, cancellationToken: cancellationToken));
            });
    }

    private static Tensor<T> Iterate<T>(Func<Tensor<T>, Tensor<T>> product, Tensor<T> b, bool symmetric, double tolerance, Tensor<T>? guess, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using JacobianOperator<T> a = JacobianOperator<T>.Create(product, Tensor.Zeros<T>(b.Shape));
        double reachable = typeof(T) == typeof(float) ? Math.Max(tolerance, 1e-6) : tolerance;
        int limit = 10 * Math.Max(20, b.Length);
        LinearSolution<T> solution = symmetric
            ? IterativeSolvers.ConjugateGradient(IsSymmetric(a) ? a : new SymmetricPart<T>(a), b, reachable, limit, guess, cancellationToken)
            : IterativeSolvers.LeastSquares(a, b, 0, reachable, limit, guess, cancellationToken);
        return solution.Converged
            ? solution.Solution
            : throw new ConvergenceException(string.Create(CultureInfo.InvariantCulture,
                $"LinearSolve: after {solution.Iterations} products the relative residual is {solution.Residual:g3}, and {reachable:g3} was asked for. The system may be singular; ask for less, or use a direct Solve."));
    }

    /// <summary>Whether A v = A^T v to rounding, for a random v: with certainty, for all practical purposes, A is symmetric then.</summary>
    private static bool IsSymmetric<T>(LinearOperator<T> a) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> v = Probe<T>(a.InputShape, 2);
        (Tensor<T> image, Tensor<T> other) = (a.Apply(v), a.ApplyTransposed(v));
        return Size(image - other) <= 1e3 * double.CreateChecked(T.BitIncrement(T.One) - T.One) * Size(image);
    }

    /// <summary>A random vector, the same every time.</summary>
    private static Tensor<T> Probe<T>(ReadOnlySpan<int> shape, int seed) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(seed);
        Tensor<T> probe = Tensor<T>.Allocate(shape.ToArray());
        foreach (ref T value in probe.Writable)
        {
            value = T.CreateChecked(random.NextDouble() - 0.5);
        }

        return probe;
    }
}
