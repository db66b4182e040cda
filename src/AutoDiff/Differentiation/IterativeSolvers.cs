using System.Numerics;

namespace AutoDiff;

/// <summary>How a linear system was solved.</summary>
/// <typeparam name="T">The element type.</typeparam>
public sealed class LinearSolution<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The solution, in the shape of the operator's input.</summary>
    public required Tensor<T> Solution { get; init; }

    /// <summary>Whether the residual fell below the tolerance.</summary>
    public required bool Converged { get; init; }

    /// <summary>How many products with the operator were taken.</summary>
    public required int Iterations { get; init; }

    /// <summary>For conjugate gradients |b - A x| / |b|; for least squares |A^T r| / (|A| |r|), or |r| / |b| if that is smaller.</summary>
    public required double Residual { get; init; }

    /// <summary>Whether and after how many products the solver converged, in one line; then the solution.</summary>
    /// <returns>Text for people.</returns>
    public override string ToString() => Text.Of($"{(Converged ? "Converged" : "Not converged")} after {Iterations} products: residual {Residual:G3}, at\n{Solution}");
}

/// <summary>Solvers that need only products with a <see cref="LinearOperator{T}"/>.</summary>
/// <remarks>What they find is a constant. <see cref="Implicit.LinearSolve"/> solves in the same way and is differentiable.</remarks>
public static class IterativeSolvers
{
    /// <summary>Solves A x = b for a symmetric positive definite A by conjugate gradients (Hestenes and Stiefel, 1952).</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="a">The operator; input and output have the same shape.</param>
    /// <param name="b">The right-hand side.</param>
    /// <param name="tolerance">The residual, relative to |b|, at which to stop.</param>
    /// <param name="maxIterations">The largest number of products; null for twice the number of unknowns, and at least 20.</param>
    /// <param name="guess">Where to start; null for zeros.</param>
    /// <param name="cancellationToken">Looked at before every product.</param>
    /// <returns>The solution, with its residual; not converged where A turns out not to be positive definite.</returns>
    /// <exception cref="ArgumentNullException">a or b is null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The largest number of products is negative.</exception>
    /// <exception cref="TapeException">b is recorded on a tape, whose derivatives would be lost.</exception>
    /// <exception cref="TensorShapeException">The operator is not square, or b or the guess does not have its shape.</exception>
    public static LinearSolution<T> ConjugateGradient<T>(LinearOperator<T> a, Tensor<T> b, double tolerance = 1e-10, int? maxIterations = null, Tensor<T>? guess = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckSystem(a, b, guess, maxIterations, nameof(ConjugateGradient));
        if (!a.InputShape.SequenceEqual(a.OutputShape))
        {
            throw Errors.Shape(nameof(ConjugateGradient), $"the operator maps {Shapes.Format(a.InputShape)} to {Shapes.Format(a.OutputShape)}", "a symmetric operator",
                "use LeastSquares for other operators");
        }

        int limit = maxIterations ?? Math.Max(20, 2 * a.Columns);
        Tensor<T> x = guess?.Detach() ?? Tensor.Zeros<T>(b.Shape);
        Tensor<T> r = guess is null ? b : b - a.Apply(x);
        Tensor<T> p = r;
        double rr = Inner(r, r);
        double size = Math.Sqrt(Inner(b, b));
        int iteration = 0;
        while (Math.Sqrt(rr) > tolerance * size && iteration < limit)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Tensor<T> ap = a.Apply(p);
            iteration++;
            double curvature = Inner(p, ap);
            if (!(curvature > 0))
            {
                break;
            }

            T alpha = T.CreateChecked(rr / curvature);
            x += p * alpha;
            r -= ap * alpha;
            double next = Inner(r, r);
            p = r + (p * T.CreateChecked(next / rr));
            rr = next;
        }

        double residual = rr == 0 ? 0 : Math.Sqrt(rr) / size;
        return new LinearSolution<T> { Solution = x, Converged = residual <= tolerance, Iterations = iteration, Residual = residual };
    }

    /// <summary>Finds the x of least |A x - b|² + damping² |x - guess|² by LSQR (Paige and Saunders, ACM TOMS 8, 1982), for any A.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="a">The operator.</param>
    /// <param name="b">The right-hand side, in the shape of the operator's output.</param>
    /// <param name="damping">The damping, 0 for plain least squares; where there are many solutions, the one of least norm is found.</param>
    /// <param name="tolerance">The relative residual at which to stop.</param>
    /// <param name="maxIterations">The largest number of steps; null for four times the number of unknowns, and at least 20.</param>
    /// <param name="guess">Where to start, and what the damping holds x to; null for zeros.</param>
    /// <param name="cancellationToken">Looked at before every step.</param>
    /// <returns>The solution, with its residual.</returns>
    /// <exception cref="ArgumentNullException">a or b is null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The largest number of steps is negative.</exception>
    /// <exception cref="TapeException">b is recorded on a tape, whose derivatives would be lost.</exception>
    /// <exception cref="TensorShapeException">b does not have the shape of the operator's output, or the guess not that of its input.</exception>
    public static LinearSolution<T> LeastSquares<T>(LinearOperator<T> a, Tensor<T> b, double damping = 0, double tolerance = 1e-10, int? maxIterations = null, Tensor<T>? guess = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckSystem(a, b, guess, maxIterations, nameof(LeastSquares));
        int limit = maxIterations ?? Math.Max(20, 4 * Math.Min(a.Columns, a.Rows));
        Tensor<T> x = guess?.Detach() ?? Tensor.Zeros<T>(a.InputShape);
        (Tensor<T> u, double beta) = Normalized(guess is null ? b : b - a.Apply(x));
        (Tensor<T> v, double alpha) = Normalized(a.ApplyTransposed(u));
        Tensor<T> w = v;
        (double phi, double rho, double size, double operatorSize) = (beta, alpha, guess is null ? beta : Math.Sqrt(Inner(b, b)), 0);
        double residual = alpha * beta == 0 ? 0 : Math.Min(1, beta / size);
        double damped = 0;
        int iteration = 0;
        while (residual > tolerance && iteration < limit)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // The next step of the bidiagonalization.
            operatorSize = Math.Sqrt((operatorSize * operatorSize) + (alpha * alpha) + (damping * damping));
            (u, beta) = Normalized(a.Apply(v) - (u * T.CreateChecked(alpha)));
            operatorSize = Math.Sqrt((operatorSize * operatorSize) + (beta * beta));
            (v, double nextAlpha) = Normalized(a.ApplyTransposed(u) - (v * T.CreateChecked(beta)));
            iteration++;

            // Two rotations: one takes the damping away, one makes the bidiagonal matrix upper.
            double dampedRho = Math.Sqrt((rho * rho) + (damping * damping));
            double psi = damping / dampedRho * phi;
            damped = Math.Sqrt((damped * damped) + (psi * psi));
            phi *= rho / dampedRho;
            double rotated = Math.Sqrt((dampedRho * dampedRho) + (beta * beta));
            (double c, double s) = (dampedRho / rotated, beta / rotated);
            double theta = s * nextAlpha;
            double step = c * phi;
            x += w * T.CreateChecked(step / rotated);
            w = v - (w * T.CreateChecked(theta / rotated));
            rho = -c * nextAlpha;
            phi = s * phi;
            alpha = nextAlpha;

            double r = Math.Sqrt((phi * phi) + (damped * damped));
            double optimality = r == 0 ? 0 : alpha * Math.Abs(c) * Math.Abs(phi) / (operatorSize * r);
            residual = Math.Min(r / size, optimality);
        }

        return new LinearSolution<T> { Solution = x, Converged = residual <= tolerance, Iterations = iteration, Residual = residual };
    }

    private static (Tensor<T> Direction, double Norm) Normalized<T>(Tensor<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double norm = double.CreateChecked(x.Norm().ToScalar());
        return (norm == 0 ? x : x * T.CreateChecked(1 / norm), norm);
    }

    private static double Inner<T>(Tensor<T> x, Tensor<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => double.CreateChecked(x.Flatten().Dot(y.Flatten()).ToScalar());

    private static void CheckSystem<T>(LinearOperator<T> a, Tensor<T> b, Tensor<T>? guess, int? maxIterations, string operation) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(a, operation, nameof(a));
        Errors.NotNull(b, operation, nameof(b));
        if (b.Tape is not null)
        {
            throw Errors.Tape(operation, "the right-hand side is recorded on a tape, and its derivative would be lost", "a constant", "Detach() it, or use Implicit.LinearSolve, which is differentiable");
        }

        if (maxIterations < 0)
        {
            throw Errors.OutOfRange(operation, nameof(maxIterations), $"maxIterations is {maxIterations.Value}", "0 or more, or null for a number that suits the operator", "give such a number, or leave it out");
        }

        if (!b.Shape.SequenceEqual(a.OutputShape))
        {
            throw Errors.Shape(operation, $"the right-hand side has shape {Shapes.Format(b.Shape)}", $"{Shapes.Format(a.OutputShape)}, that of the operator's output", "reshape the right-hand side");
        }

        if (guess is not null && !guess.Shape.SequenceEqual(a.InputShape))
        {
            throw Errors.Shape(operation, $"the guess has shape {Shapes.Format(guess.Shape)}", $"{Shapes.Format(a.InputShape)}, that of the operator's input", "reshape the guess");
        }
    }
}
