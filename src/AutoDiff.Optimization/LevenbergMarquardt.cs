using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>
/// Levenberg-Marquardt for nonlinear least squares: f gives the residuals r, and |r|² / 2 is minimised. Each step solves (J^T J + λ D²) p = -J^T r, where D holds the largest column norms of J seen so
/// far (Moré, "The Levenberg-Marquardt algorithm", 1978), so that units do not matter; λ follows how well the linear model predicted (Nielsen, report IMM-REP-1999-05).
/// </summary>
/// <typeparam name="T">The element type.</typeparam>
public sealed class LevenbergMarquardt<T> : Minimizer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Whether to use the sparse Jacobian, for many variables of which each residual sees only a few. The steps are then found by conjugate gradients; otherwise by an orthogonal decomposition.
    /// </summary>
    public bool Sparse { get; init; }

    /// <summary>The first damping λ, relative to the squared column norms of the Jacobian.</summary>
    public double InitialDamping { get; init; } = 1e-3;

    private protected override OptimizationResult<Tensor<T>[]> Run(Problem<T> problem, Watch watch)
    {
        Linearization<T> model = Linearization<T>.Of(problem, Sparse);
        double[] x = problem.Start;
        double[] residuals = problem.Residuals(x);
        double value = HalfSquare(residuals);
        model.MoveTo(Problem<T>.Flat(x));
        double[] scale = model.ColumnNorms();
        double damping = InitialDamping;
        double growth = 2;
        while (true)
        {
            double[] gradient = model.MultiplyTransposed(residuals);
            double[] norms = model.ColumnNorms();
            double norm = Vectors.Largest(gradient);
            if (watch.AtPoint(problem.Evaluations, value, norm, Cosine(gradient, norms, residuals)) is { } reason)
            {
                return new(problem.Point(x), reason, watch.Iteration, problem.Evaluations, value, norm);
            }

            for (int j = 0; j < scale.Length; j++)
            {
                scale[j] = Math.Max(scale[j], norms[j]);
            }

            while (true)
            {
                double root = Math.Sqrt(damping);
                double[] step = model.Solve(residuals, Array.ConvertAll(scale, s => root * (s > 0 ? s : 1)));
                double[] image = model.Multiply(step);
                double predicted = -Vectors.Dot(gradient, step) - (0.5 * Vectors.Dot(image, image));
                double[] next = Problem<T>.Round(Vectors.Add(x, 1, step));
                double[] nextResiduals = problem.Residuals(next);
                double nextValue = HalfSquare(nextResiduals);

                // Below the rounding of the value its change says nothing, and the model is better than the measurement.
                double noise = 10 * Problem<T>.Rounding * value;
                bool blind = predicted <= noise && Math.Abs(value - nextValue) <= noise;
                double ratio = blind ? 1 : (value - nextValue) / predicted;
                if (ratio > 1e-4 && double.IsFinite(nextValue))
                {
                    double cube = (2 * ratio) - 1;
                    damping *= Math.Max(1.0 / 3, 1 - (cube * cube * cube));
                    growth = 2;
                    watch.Stepped(value, nextValue, Vectors.Norm(step), Vectors.Norm(next));
                    (x, residuals, value) = (next, nextResiduals, nextValue);
                    model.MoveTo(Problem<T>.Flat(x));
                    break;
                }

                damping = Math.Max(damping, Problem<T>.Rounding) * growth;
                growth *= 2;
                if (!(Vectors.Norm(step) > Problem<T>.Rounding * Vectors.Norm(x) * 1e-2) || !double.IsFinite(damping))
                {
                    return new(problem.Point(x), StoppingReason.NoProgress, watch.Iteration, problem.Evaluations, value, norm);
                }
            }
        }
    }

    /// <summary>|r|² / 2.</summary>
    internal static double HalfSquare(double[] residuals) => 0.5 * Vectors.Dot(residuals, residuals);

    /// <summary>The largest cosine of the angles between the residuals and the columns of the Jacobian: zero at a stationary point.</summary>
    internal static double Cosine(double[] gradient, double[] norms, double[] residuals)
    {
        double size = Vectors.Norm(residuals);
        double largest = 0;
        for (int j = 0; j < gradient.Length; j++)
        {
            largest = gradient[j] == 0 ? largest : Math.Max(largest, Math.Abs(gradient[j]) / norms[j] / size);
        }

        return largest;
    }
}
