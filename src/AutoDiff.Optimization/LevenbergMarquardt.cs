using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>
/// Levenberg-Marquardt for nonlinear least squares: f returns the residuals r, and |r|² / 2 is minimized. Each step is the best of the linear model in a trust region, |D p| at most a radius, where D
/// holds the largest column norms of the Jacobian seen so far, so that units do not matter; the radius follows how well the model predicted (Moré, "The Levenberg-Marquardt algorithm: implementation
/// and theory", 1978).
/// </summary>
/// <typeparam name="T">The element type.</typeparam>
public sealed class LevenbergMarquardt<T> : Minimizer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>So many roundings are what is left of residuals that are met.</summary>
    private const double Roundings = 4;

    /// <summary>
    /// Whether to use the sparse Jacobian, for many variables of which each residual sees only a few. The steps are then found by a sparse
    /// factorization, of the unknowns that few residuals join first (points before cameras), and by conjugate gradients with blocks where that would be too large; otherwise by an orthogonal decomposition.
    /// </summary>
    public bool Sparse { get; init; }

    /// <summary>The first radius of the trust region, relative to the scaled start; smaller is more careful.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The radius is not positive, or not finite.</exception>
    public double InitialRadius { get; init => field = Setting.Positive(value, nameof(LevenbergMarquardt<>), nameof(InitialRadius)); } = 10;

    private protected override StoppingReason Run(Problem<T> problem, Watch watch)
    {
        Linearization<T> model = Linearization<T>.Of(problem, Sparse);
        double[] x = problem.Start;
        double[] residuals = problem.Residuals(x);
        double value = HalfSquare(residuals);
        model.MoveTo(Problem<T>.Flat(x));
        double[] scale = Array.ConvertAll(model.ColumnNorms(), norm => norm > 0 ? norm : 1);
        double size = TrustRegionStep.Length(x, scale);
        double radius = InitialRadius * (size > 0 ? size : 1);
        double damping = 0;
        while (true)
        {
            double[] gradient = model.MultiplyTransposed(residuals);
            double[] norms = model.ColumnNorms();
            if (watch.AtPoint(x, value, gradient, Stationarity(model, x, residuals, gradient, norms)) is { } reason)
            {
                return reason;
            }

            scale = [.. scale.Zip(norms, Math.Max)];
            while (true)
            {
                (double[] step, damping) = TrustRegionStep.Find(model, residuals, scale, gradient, radius, damping);
                double length = TrustRegionStep.Length(step, scale);
                radius = watch.Iteration == 0 ? Math.Min(radius, length) : radius;
                double[] image = model.Multiply(step);
                double predicted = -Vectors.Dot(gradient, step) - (0.5 * Vectors.Dot(image, image));
                double[] next = Problem<T>.Round(Vectors.Add(x, 1, step));
                double[] nextResiduals = problem.Residuals(next);
                double nextValue = HalfSquare(nextResiduals);

                // Below the rounding of the value its change says nothing, and the model is better than the measurement.
                double noise = 50 * Problem<T>.Rounding * value;
                bool blind = predicted <= noise && Math.Abs(value - nextValue) <= noise;
                double ratio = blind ? 1 : double.IsFinite(nextValue) ? (value - nextValue) / predicted : double.NegativeInfinity;
                if (!(ratio > 0.25))
                {
                    double shrink = Shrinkage(Vectors.Dot(gradient, step), nextValue - value, ratio);
                    radius = shrink * Math.Min(radius, 10 * length);
                    damping /= shrink;
                }
                else if (damping == 0 || ratio >= 0.75)
                {
                    radius = 2 * length;
                    damping *= 0.5;
                }

                if (ratio > 1e-4)
                {
                    watch.Stepped(value, nextValue, Vectors.Norm(step), Vectors.Norm(next));
                    (x, residuals, value) = (next, nextResiduals, nextValue);
                    model.MoveTo(Problem<T>.Flat(x));
                    break;
                }

                // The best step of the linear model, which no radius holds back, is lost in the rounding of the point: the data are met as well as numbers can.
                if (damping == 0 && length <= Problem<T>.Rounding * TrustRegionStep.Length(x, scale))
                {
                    return StoppingReason.StepTolerance;
                }

                // No shorter step would move the point, or the numbers end next to it.
                if (!(length > (double.IsFinite(nextValue) ? 1e-2 : 10) * Problem<T>.Rounding * TrustRegionStep.Length(x, scale)))
                {
                    return watch.Stuck();
                }
            }
        }
    }

    /// <summary>By how much the radius shrinks: to the minimum of the parabola through both values and the slope, within a tenth and a half.</summary>
    private static double Shrinkage(double slope, double change, double ratio) =>
        ratio >= 0 ? 0.5 : !double.IsFinite(change) ? 0.1 : Math.Clamp(0.5 * slope / (slope - change), 0.1, 0.5);

    /// <summary>
    /// Whether the residuals are, in the root mean square, no larger than a few times what rounding the unknowns changes each of them by (a model rounds on its way, too): the data are met as well as
    /// numbers can, and further steps would follow rounding. Each residual is measured by its own, so that units do not matter.
    /// </summary>
    private static bool IsMet(double[] residuals, double[] rowNorms)
    {
        double sum = 0;
        for (int i = 0; i < residuals.Length; i++)
        {
            double share = residuals[i] == 0 ? 0 : residuals[i] / (Problem<T>.Rounding * rowNorms[i]);
            sum += share * share;
        }

        return sum <= Roundings * Roundings * residuals.Length;
    }

    /// <summary>|r|² / 2.</summary>
    internal static double HalfSquare(double[] residuals) => 0.5 * Vectors.Dot(residuals, residuals);

    /// <summary>The largest cosine of the angles between the residuals and the columns of the Jacobian: zero at a stationary point, and where the data are met, for then the residuals are noise.</summary>
    internal static double Stationarity(Linearization<T> model, double[] x, double[] residuals, double[] gradient, double[] norms)
    {
        if (IsMet(residuals, model.RowNorms(x)))
        {
            return 0;
        }

        double size = Vectors.Norm(residuals);
        double largest = 0;
        for (int j = 0; j < gradient.Length; j++)
        {
            largest = gradient[j] == 0 ? largest : Math.Max(largest, Math.Abs(gradient[j]) / norms[j] / size);
        }

        return largest;
    }
}
