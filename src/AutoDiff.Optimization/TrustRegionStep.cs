using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>
/// The step of Levenberg-Marquardt in a trust region: the p of least |J p + r| among those with |D p| at most the radius, to a tenth of the radius (Moré, "The Levenberg-Marquardt algorithm:
/// implementation and theory", 1978, sections 4 and 5). It solves (J^T J + λ D²) p = -J^T r for a λ that Newton's method finds from 1 / |D p| = 1 / radius.
/// </summary>
internal static class TrustRegionStep
{
    private const double Slack = 0.1;

    /// <summary>The part of the model's decrease that a step by a factor may leave to the next one, which then begins with so much less damping.</summary>
    private const double Small = 1e-3;
    private const double Reduction = 1e-2;

    /// <summary>The step and its λ; <paramref name="guess"/> is the λ of the step before.</summary>
    public static (double[] Step, double Damping) Find<T>(Linearization<T> model, double[] r, double[] scale, double[] gradient, double radius, double guess) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] none = new double[scale.Length];
        double least = model.LeastDamping;
        double[] step;
        if (least == 0 || guess <= least)
        {
            step = model.Solve(r, Vectors.Scale(Math.Sqrt(least), scale), none);
            if (double.IsFinite(Vectors.Largest(step)) && Length(step, scale) <= (1 + Slack) * radius)
            {
                return (step, 0);
            }
        }

        double low = least;
        double high = Vectors.Norm([.. gradient.Zip(scale, (g, s) => g / s)]) / radius;
        double damping = guess > least && guess < high ? guess : 1e-3 * high;
        for (int iteration = 0; ; iteration++)
        {
            double root = Math.Sqrt(damping);
            double[] diagonal = Vectors.Scale(root, scale);
            step = model.Solve(r, diagonal, none);
            double length = Length(step, scale);
            if (Math.Abs(length - radius) <= Slack * radius || iteration == 30)
            {
                return (step, damping);
            }

            // A factor costs more than what is still to be gained: λ |D p|² of the -g^T p = |J p|² + λ |D p|² of the model.
            if (least > 0 && length < radius && damping * length * length <= -Small * Vectors.Dot(gradient, step))
            {
                return (step, Reduction * damping);
            }

            (low, high) = length > radius ? (Math.Max(low, damping), high) : (low, Math.Min(high, damping));

            // d|D p|/dλ = -w^T (J^T J + λ D²)^-1 w |D p| for w = D² p / |D p|; the inverse comes from the same solver, with w as a target of the damping.
            double[] target = [.. step.Zip(scale, (p, s) => s * p / (length * root))];
            double[] w = [.. step.Zip(scale, (p, s) => s * s * p / length)];
            double next = damping + (((length / radius) - 1) / Vectors.Dot(w, model.Solve(new double[r.Length], diagonal, target)));
            damping = next > low && next < high ? next : Math.Sqrt(Math.Max(low, 1e-6 * high) * high);
        }
    }

    /// <summary>|D p|.</summary>
    public static double Length(double[] step, double[] scale) => Vectors.Norm([.. step.Zip(scale, (p, s) => s * p)]);
}
