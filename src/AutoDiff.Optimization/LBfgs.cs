using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>
/// L-BFGS: a quasi-Newton method that keeps the last few steps instead of a matrix, with a strong-Wolfe line search (Nocedal, Math. Comp. 35, 1980; Nocedal and Wright, "Numerical Optimization",
/// 2nd ed., algorithm 7.5). The usual first choice for smooth functions of many variables.
/// </summary>
/// <typeparam name="T">The element type.</typeparam>
public sealed class LBfgs<T> : Minimizer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How many steps are kept, 1 or more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not positive.</exception>
    public int Memory { get; init => field = Setting.AtLeast(1, value, nameof(LBfgs<>), nameof(Memory)); } = 10;

    private protected override StoppingReason Run(Problem<T> problem, Watch watch)
    {
        var memory = new List<(double[] S, double[] Y, double Inverse)>();
        double[] x = problem.Start;
        (double value, double[] gradient) = problem.ValueAndGradient(x);
        while (true)
        {
            if (watch.AtPoint(x, value, gradient) is { } reason)
            {
                return reason;
            }

            double[] direction = Direction(memory, gradient);
            double slope = Vectors.Dot(direction, gradient);
            if (!(slope < 0))
            {
                memory.Clear();
                direction = Vectors.Scale(-1, gradient);
                slope = Vectors.Dot(direction, gradient);
            }

            // Without knowledge of curvature, a first step of length one at most.
            double first = memory.Count > 0 ? 1 : Math.Min(1, 1 / Vectors.Norm(gradient));
            LinePoint? next = LineSearch.Search(At, new LinePoint(0, x, value, gradient, slope), first, double.MaxValue, 10 * Problem<T>.Rounding);
            if (next is null)
            {
                if (memory.Count == 0)
                {
                    return watch.Stuck();
                }

                memory.Clear();
                continue;
            }

            double[] s = Vectors.Add(next.X, -1, x);
            double[] y = Vectors.Add(next.Gradient, -1, gradient);
            Remember(memory, s, y, Memory);
            watch.Stepped(value, next.Value, Vectors.Norm(s), Vectors.Norm(next.X));
            (x, value, gradient) = (next.X, next.Value, next.Gradient);

            LinePoint At(double step)
            {
                double[] point = Problem<T>.Round(Vectors.Add(x, step, direction));
                (double v, double[] g) = problem.ValueAndGradient(point);
                return new LinePoint(step, point, v, g, Vectors.Dot(g, direction));
            }
        }
    }

    /// <summary>Keeps a step if it shows positive curvature: without it the matrix would not stay positive definite.</summary>
    private static void Remember(List<(double[] S, double[] Y, double Inverse)> memory, double[] s, double[] y, int limit)
    {
        double curvature = Vectors.Dot(s, y);
        if (curvature > 1e-10 * Vectors.Norm(s) * Vectors.Norm(y))
        {
            memory.Add((s, y, 1 / curvature));
            if (memory.Count > limit)
            {
                memory.RemoveAt(0);
            }
        }
    }

    /// <summary>-H g by the recursion of two loops (Nocedal and Wright, algorithm 7.4).</summary>
    private static double[] Direction(List<(double[] S, double[] Y, double Inverse)> memory, double[] gradient)
    {
        double[] q = Vectors.Scale(-1, gradient);
        var alphas = new double[memory.Count];
        for (int i = memory.Count - 1; i >= 0; i--)
        {
            alphas[i] = memory[i].Inverse * Vectors.Dot(memory[i].S, q);
            Vectors.AddTo(q, -alphas[i], memory[i].Y);
        }

        if (memory.Count > 0)
        {
            (_, double[] y, double inverse) = memory[^1];
            q = Vectors.Scale(1 / (inverse * Vectors.Dot(y, y)), q);
        }

        for (int i = 0; i < memory.Count; i++)
        {
            double beta = memory[i].Inverse * Vectors.Dot(memory[i].Y, q);
            Vectors.AddTo(q, alphas[i] - beta, memory[i].S);
        }

        return q;
    }
}
