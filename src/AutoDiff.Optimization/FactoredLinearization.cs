using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>
/// Solved by conjugate gradients for least squares (Björck, "Numerical Methods for Least Squares Problems", 1996, algorithm 7.4.1), preconditioned by a factor of J^T J + D². They need an iteration or two,
/// which make good what the squared condition number costs the factor. Where the factor is only a part of that matrix the steps are inexact (Wright and Holt, "An inexact Levenberg-Marquardt method for
/// large sparse nonlinear least squares", J. Austral. Math. Soc. B 26, 1985).
/// </summary>
internal abstract class FactoredLinearization<T>(Problem<T> problem) : Linearization<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The part of the gradient, in the norm of the preconditioner, that an exact and an inexact step leave.</summary>
    private const double Exact = 1e-10;
    private const double Inexact = 1e-2;

    /// <summary>An iteration that lowers the sum of squares by a smaller part than this, of all that was gained, follows rounding. It would go on along what J does not determine.</summary>
    private const double Rounding = 1e-15;

    /// <summary>Without damping the factor is that of J^T J with so much of its diagonal added: what J does not determine would be noise, and is left where it is.</summary>
    private const double Ridge = 1e-12;

    /// <summary>So many iterations are enough with a complete factor, or the condition is beyond it.</summary>
    private const int Enough = 12;

    private double[]? factored;

    public override double LeastDamping => Ridge;

    /// <summary>Whether the factor is that of the whole matrix.</summary>
    protected abstract bool IsComplete { get; }

    /// <summary>Takes the factor of J^T J + D².</summary>
    protected abstract void Factor(double[] damping);

    /// <summary>Solves with the factor, in place.</summary>
    protected abstract void Precondition(double[] x);

    /// <summary>The step where the iterations do not end.</summary>
    protected virtual double[] SolveIllConditioned(double[] r, double[] damping, double[] target, double[] approximation) => approximation;

    /// <summary>To be called when J has changed.</summary>
    protected void Moved() => factored = null;

    public override double[] Solve(double[] r, double[] damping, double[] target)
    {
        problem.Watch.ThrowIfCanceled();
        if (factored is null || !factored.AsSpan().SequenceEqual(damping))
        {
            factored = null;
            Factor(Vectors.Largest(damping) > 0 ? damping : Vectors.Scale(Math.Sqrt(Ridge), ColumnNorms()));
            factored = (double[])damping.Clone();
        }

        int n = damping.Length;
        var p = new double[n];

        // What is left of [-r; t] - [J; D] p.
        double[] left = Vectors.Scale(-1, r);
        double[] leftOfDamping = (double[])target.Clone();
        double[] z = Gradient(left, damping, leftOfDamping);
        double[] direction = [];
        double size = 0;
        double goal = 0;
        double gained = 0;
        int limit = IsComplete ? Enough : 2 * n;
        for (int iteration = 0; iteration < limit; iteration++)
        {
            double[] gradient = (double[])z.Clone();
            Precondition(z);
            double next = Vectors.Dot(gradient, z);
            goal = iteration == 0 ? Math.Pow(IsComplete ? Exact : Inexact, 2) * next : goal;
            if (!(next > goal) || !double.IsFinite(next))
            {
                return p;
            }

            direction = iteration == 0 ? z : Vectors.Add(z, next / size, direction);
            size = next;
            problem.Watch.ThrowIfCanceled();
            double[] image = Multiply(direction);
            double[] imageOfDamping = Scaled(damping, direction);
            double curvature = Vectors.Dot(image, image) + Vectors.Dot(imageOfDamping, imageOfDamping);
            if (!(curvature > 0))
            {
                return p;
            }

            double alpha = size / curvature;
            Vectors.AddTo(p, alpha, direction);
            Vectors.AddTo(left, -alpha, image);
            Vectors.AddTo(leftOfDamping, -alpha, imageOfDamping);
            gained += alpha * size;
            if (IsComplete && alpha * size <= Rounding * gained)
            {
                return p;
            }

            z = Gradient(left, damping, leftOfDamping);
        }

        return IsComplete ? SolveIllConditioned(r, damping, target, p) : p;
    }

    /// <summary>J^T r + D t.</summary>
    private double[] Gradient(double[] r, double[] damping, double[] t) => Vectors.Add(MultiplyTransposed(r), 1, Scaled(damping, t));

    private static double[] Scaled(double[] diagonal, double[] x)
    {
        var scaled = new double[x.Length];
        for (int i = 0; i < scaled.Length; i++)
        {
            scaled[i] = diagonal[i] * x[i];
        }

        return scaled;
    }
}
