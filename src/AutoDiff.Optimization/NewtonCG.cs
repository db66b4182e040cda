using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>
/// Truncated Newton: each step minimizes the quadratic model in a trust region by conjugate gradients (Steihaug, SIAM J. Numer. Anal. 20, 1983; Nocedal and Wright, "Numerical Optimization", 2nd ed.,
/// algorithms 4.1 and 7.2). Needs products with the Hessian only, one sweep each, and follows directions of negative curvature.
/// </summary>
/// <typeparam name="T">The element type.</typeparam>
public sealed class NewtonCG<T> : Minimizer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The square of a radius has to be a number.</summary>
    private const double LargestRadius = 1e150;

    private protected override StoppingReason Run(Problem<T> problem, Watch watch)
    {
        double[] x = problem.Start;
        double radius = Math.Max(1, 0.1 * Vectors.Norm(x));
        (double value, double[] gradient) = problem.ValueAndGradient(x);
        while (true)
        {
            if (watch.AtPoint(x, value, gradient) is { } reason)
            {
                return reason;
            }

            using HessianProducts<T> hessian = problem.Hessian(x);
            while (true)
            {
                (double[] step, double predicted) = Step(hessian, gradient, radius, watch);
                double[] next = Problem<T>.Round(Vectors.Add(x, 1, step));
                (double nextValue, double[] nextGradient) = problem.ValueAndGradient(next);
                double length = Vectors.Norm(step);

                // Decreases below the rounding of the values say nothing: there the gradient decides.
                double noise = 10 * Problem<T>.Rounding * Math.Abs(value);
                bool blind = predicted <= noise && Math.Abs(value - nextValue) <= noise;
                double ratio = blind ? (Vectors.Largest(nextGradient) < Vectors.Largest(gradient) ? 1 : 0) : (value - nextValue) / predicted;
                if (!(ratio >= 0.25))
                {
                    radius = 0.25 * length;
                }
                else if (ratio > 0.75 && length >= 0.99 * radius)
                {
                    radius = Math.Min(2 * radius, LargestRadius);
                }

                if (ratio > 1e-4 && double.IsFinite(nextValue) && double.IsFinite(Vectors.Largest(nextGradient)))
                {
                    watch.Stepped(value, nextValue, length, Vectors.Norm(next));
                    (x, value, gradient) = (next, nextValue, nextGradient);
                    break;
                }

                // Also where the radius is not a number.
                if (blind || !(radius > Problem<T>.Rounding * Math.Max(Vectors.Norm(x), double.Epsilon) * 0.01))
                {
                    return watch.Stuck();
                }
            }
        }
    }

    /// <summary>The step, and by how much the quadratic model falls along it.</summary>
    private static (double[] Step, double Predicted) Step(HessianProducts<T> hessian, double[] gradient, double radius, Watch watch)
    {
        var step = new double[gradient.Length];
        var product = new double[gradient.Length];
        double[] residual = (double[])gradient.Clone();
        double[] direction = Vectors.Scale(-1, residual);
        double size = Vectors.Norm(residual);
        double tolerance = Math.Min(0.5, Math.Sqrt(size)) * size;
        double squared = size * size;
        for (int iteration = 0; iteration < 2 * gradient.Length && Math.Sqrt(squared) > tolerance; iteration++)
        {
            watch.ThrowIfCanceled();
            double[] curved = hessian.Apply(direction);
            double curvature = Vectors.Dot(direction, curved);
            if (!double.IsFinite(curvature))
            {
                watch.MetUndefined();
            }

            double alpha = squared / curvature;
            if (!(curvature > 0) || Vectors.Norm(Vectors.Add(step, alpha, direction)) >= radius)
            {
                alpha = ToBoundary(step, direction, radius);
                Vectors.AddTo(step, alpha, direction);
                Vectors.AddTo(product, alpha, curved);
                break;
            }

            Vectors.AddTo(step, alpha, direction);
            Vectors.AddTo(product, alpha, curved);
            Vectors.AddTo(residual, alpha, curved);
            double next = Vectors.Dot(residual, residual);
            direction = Vectors.Add(Vectors.Scale(-1, residual), next / squared, direction);
            squared = next;
        }

        return (step, -(Vectors.Dot(gradient, step) + (0.5 * Vectors.Dot(step, product))));
    }

    /// <summary>The positive a with |s + a d| = radius, by the form of the quadratic formula that does not cancel.</summary>
    private static double ToBoundary(double[] s, double[] d, double radius)
    {
        double a = Vectors.Dot(d, d);
        double b = Vectors.Dot(s, d);
        double c = (radius * radius) - Vectors.Dot(s, s);
        double root = Math.Sqrt((b * b) + (a * Math.Max(c, 0)));
        return b > 0 ? c / (b + root) : (root - b) / a;
    }
}
