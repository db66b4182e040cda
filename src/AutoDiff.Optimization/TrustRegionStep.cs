using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>
/// The step of Levenberg-Marquardt in a trust region: the p of least |J p + r| among those with |D p| at most the radius, to a tenth of the radius (Moré, "The Levenberg-Marquardt algorithm:
/// implementation and theory", 1978, sections 4 and 5). It solves (J^T J + λ D²) p = -J^T r for a λ that Newton's method finds from 1 / |D p| = 1 / radius.
/// </summary>
internal static class TrustRegionStep
{
    private const double Slack = 0.1;

    /// <summary>The step and its λ; <paramref name="guess"/> is the λ of the step before.</summary>
    public static (double[] Step, double Damping) Find<T>(Linearization<T> model, double[] r, double[] scale, double[] gradient, double radius, double guess) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = scale.Length;
        double[] none = new double[n];
        double[] step = model.Solve(r, none, none);
        if (double.IsFinite(Vectors.Largest(step)) && Length(step, scale) <= (1 + Slack) * radius)
        {
            return (step, 0);
        }

        double low = 0;
        double high = Vectors.Norm([.. gradient.Zip(scale, (g, s) => g / s)]) / radius;
        double damping = guess > 0 && guess < high ? guess : 1e-3 * high;
        for (int iteration = 0; iteration < 30; iteration++)
        {
            double root = Math.Sqrt(damping);
            double[] diagonal = Vectors.Scale(root, scale);
            step = model.Solve(r, diagonal, none);
            double length = Length(step, scale);
            if (Math.Abs(length - radius) <= Slack * radius)
            {
                break;
            }

            (low, high) = length > radius ? (Math.Max(low, damping), high) : (low, Math.Min(high, damping));

            // d|D p|/dλ = -w^T (J^T J + λ D²)^-1 w |D p| for w = D² p / |D p|; the inverse comes from the same solver, with w as a target of the damping.
            double[] target = [.. step.Zip(scale, (p, s) => s * p / (length * root))];
            double[] w = [.. step.Zip(scale, (p, s) => s * s * p / length)];
            double next = damping + (((length / radius) - 1) / Vectors.Dot(w, model.Solve(new double[r.Length], diagonal, target)));
            damping = next > low && next < high ? next : Math.Sqrt(Math.Max(low, 1e-6 * high) * high);
        }

        return (step, damping);
    }

    /// <summary>|D p|.</summary>
    public static double Length(double[] step, double[] scale) => Vectors.Norm([.. step.Zip(scale, (p, s) => s * p)]);
}
