using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>
/// Gauss-Newton for nonlinear least squares: f returns the residuals r, and |r|² / 2 is minimized. Each step solves the linear problem of least |J p + r|, and is halved until the value falls enough
/// (Nocedal and Wright, "Numerical Optimization", 2nd ed., section 10.3). Fast near a solution with small residuals; Levenberg-Marquardt is safer far from one.
/// </summary>
/// <typeparam name="T">The element type.</typeparam>
public sealed class GaussNewton<T> : Minimizer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether to use the sparse Jacobian, and a sparse factorization for the steps.</summary>
    public bool Sparse { get; init; }

    private protected override StoppingReason Run(Problem<T> problem, Watch watch)
    {
        Linearization<T> model = Linearization<T>.Of(problem, Sparse);
        double[] x = problem.Start;
        double[] residuals = problem.Residuals(x);
        double value = LevenbergMarquardt<T>.HalfSquare(residuals);
        while (true)
        {
            model.MoveTo(Problem<T>.Flat(x));
            double[] gradient = model.MultiplyTransposed(residuals);
            if (watch.AtPoint(x, value, gradient, LevenbergMarquardt<T>.Stationarity(model, x, residuals, gradient, model.ColumnNorms())) is { } reason)
            {
                return reason;
            }

            double[] step = model.Solve(residuals, new double[x.Length], new double[x.Length]);
            double slope = Vectors.Dot(gradient, step);
            double fraction = 1;
            while (true)
            {
                double[] next = Problem<T>.Round(Vectors.Add(x, fraction, step));
                double[] nextResiduals = problem.Residuals(next);
                double nextValue = LevenbergMarquardt<T>.HalfSquare(nextResiduals);
                double noise = 10 * Problem<T>.Rounding * value;
                bool blind = -slope * fraction <= noise && Math.Abs(nextValue - value) <= noise;
                if (double.IsFinite(nextValue) && (blind || nextValue <= value + (1e-4 * fraction * slope)))
                {
                    watch.Stepped(value, nextValue, fraction * Vectors.Norm(step), Vectors.Norm(next));
                    (x, residuals, value) = (next, nextResiduals, nextValue);
                    break;
                }

                // A full step that is lost in the rounding of the point: the data are met as well as numbers can.
                if (fraction == 1 && Vectors.Norm(step) <= Problem<T>.Rounding * Vectors.Norm(x))
                {
                    return StoppingReason.StepTolerance;
                }

                fraction *= 0.5;
                if (!(slope < 0) || fraction < 1e-12)
                {
                    return watch.Stuck();
                }
            }
        }
    }
}
