using System.Globalization;
using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>
/// L-BFGS-B: L-BFGS with bounds on the variables (Byrd, Lu, Nocedal and Zhu, SIAM J. Sci. Comput. 16, 1995). Each step follows the projected gradient to the first minimum of the quadratic model
/// (the Cauchy point), which says which bounds hold, then minimizes over the variables that are free, and searches along the way there.
/// </summary>
/// <typeparam name="T">The element type.</typeparam>
public sealed class LBfgsB<T> : Minimizer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How many steps are kept, 1 or more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not positive.</exception>
    public int Memory { get; init => field = Setting.AtLeast(1, value, nameof(LBfgsB<>), nameof(Memory)); } = 10;

    /// <summary>The lower bounds: a number for all variables, or a tensor that broadcasts to the start, or a list of such for each tensor of the start. Negative infinity, or null, where there is none.</summary>
    public Bounds<T>? Lower { get; init; }

    /// <summary>The upper bounds, given as the lower ones are.</summary>
    public Bounds<T>? Upper { get; init; }

    private protected override StoppingReason Run(Problem<T> problem, Watch watch)
    {
        double[] lower = problem.FlatBounds(Lower, double.NegativeInfinity, nameof(Lower));
        double[] upper = problem.FlatBounds(Upper, double.PositiveInfinity, nameof(Upper));
        for (int i = 0; i < lower.Length; i++)
        {
            if (!(lower[i] <= upper[i]) || double.IsPositiveInfinity(lower[i]) || double.IsNegativeInfinity(upper[i]))
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"LBfgsB: the bounds of variable {i} are {lower[i]} below and {upper[i]} above. ")
                    + "Expected a lower bound that is no larger than the upper one, with numbers between them. To fix it, check Lower and Upper; infinities stand for no bound.");
            }
        }

        watch.GradientNorm = (at, g) => Vectors.Largest(Projected(at, g, lower, upper));
        var matrix = new CompactBfgs(Memory);
        double[] x = Clamp(problem.Start, lower, upper);
        (double value, double[] gradient) = problem.ValueAndGradient(x);
        while (true)
        {
            if (watch.AtPoint(x, value, gradient) is { } reason)
            {
                return reason;
            }

            double[]? target = Target(matrix, x, gradient, lower, upper);
            double[] direction = Vectors.Add(target ?? x, -1, x);
            double slope = Vectors.Dot(direction, gradient);
            LinePoint? next = null;
            if (slope < 0)
            {
                double largest = LargestStep(x, direction, lower, upper);
                double first = matrix.Width > 0 ? 1 : Math.Min(1, 1 / Vectors.Norm(direction));
                next = LineSearch.Search(At, new LinePoint(0, x, value, gradient, slope), first, largest, 10 * Problem<T>.Rounding);
            }

            if (next is null)
            {
                if (matrix.Width == 0)
                {
                    return watch.Stuck();
                }

                matrix.Clear();
                continue;
            }

            double[] s = Vectors.Add(next.X, -1, x);
            matrix.Add(s, Vectors.Add(next.Gradient, -1, gradient));
            watch.Stepped(value, next.Value, Vectors.Norm(s), Vectors.Norm(next.X));
            (x, value, gradient) = (next.X, next.Value, next.Gradient);

            LinePoint At(double step)
            {
                double[] point = Clamp(Problem<T>.Round(Vectors.Add(x, step, direction)), lower, upper);
                for (int i = 0; i < point.Length; i++)
                {
                    // A step that goes as far as a bound ends there, however it is rounded.
                    double bound = direction[i] > 0 ? upper[i] : lower[i];
                    point[i] = direction[i] != 0 && step >= (1 - (2 * Problem<T>.Rounding)) * ((bound - x[i]) / direction[i]) ? bound : point[i];
                }

                (double v, double[] g) = problem.ValueAndGradient(point);
                return new LinePoint(step, point, v, g, Vectors.Dot(g, direction));
            }
        }
    }

    /// <summary>The minimum of the quadratic model, near enough; null where rounding has spoilt the model.</summary>
    private static double[]? Target(CompactBfgs matrix, double[] x, double[] gradient, double[] lower, double[] upper)
    {
        if (CauchyPoint(matrix, x, gradient, lower, upper) is not var (cauchy, c) || matrix.Middle(c) is not { } mc)
        {
            return null;
        }

        List<int> free = [.. Enumerable.Range(0, x.Length).Where(i => cauchy[i] > lower[i] && cauchy[i] < upper[i])];
        double[] r = [.. free.Select(i => gradient[i] + (matrix.Theta * (cauchy[i] - x[i])) - Vectors.Dot(matrix.Row(i), mc))];
        if (matrix.SolveWithin(free, r) is not { } d)
        {
            return null;
        }

        double fraction = 1;
        for (int k = 0; k < d.Length; k++)
        {
            double room = (d[k] > 0 ? upper[free[k]] : lower[free[k]]) - cauchy[free[k]];
            fraction = d[k] != 0 ? Math.Min(fraction, room / d[k]) : fraction;
        }

        for (int k = 0; k < d.Length; k++)
        {
            cauchy[free[k]] += fraction * d[k];
        }

        return Clamp(cauchy, lower, upper);
    }

    /// <summary>
    /// The first minimum of the model along the projected gradient, bend by bend (algorithm CP of the paper), and c = W^T (Cauchy point - x).
    /// </summary>
    private static (double[] Point, double[] C)? CauchyPoint(CompactBfgs matrix, double[] x, double[] gradient, double[] lower, double[] upper)
    {
        int n = x.Length;
        double[] point = (double[])x.Clone();
        var c = new double[matrix.Width];
        var bends = new double[n];
        var d = new double[n];
        for (int i = 0; i < n; i++)
        {
            bends[i] = gradient[i] == 0 ? double.PositiveInfinity : (x[i] - (gradient[i] < 0 ? upper[i] : lower[i])) / gradient[i];
            d[i] = bends[i] == 0 ? 0 : -gradient[i];
        }

        int[] order = [.. Enumerable.Range(0, n).Where(i => bends[i] > 0 && double.IsFinite(bends[i])).OrderBy(i => bends[i])];
        double[] p = matrix.TransposedProduct(d);
        double first = -Vectors.Dot(d, d);
        if (first == 0)
        {
            return (point, c);
        }

        if (matrix.Middle(p) is not { } mp)
        {
            return null;
        }

        double second = (-matrix.Theta * first) - Vectors.Dot(p, mp);
        double floor = 1e-16 * Math.Abs(second);
        double minimum = -first / second;
        double t = 0;
        foreach (int b in order)
        {
            double interval = bends[b] - t;
            if (minimum < interval)
            {
                break;
            }

            point[b] = d[b] > 0 ? upper[b] : lower[b];
            double z = point[b] - x[b];
            Vectors.AddTo(c, interval, p);
            double[] w = matrix.Row(b);
            if (matrix.Middle(w) is not { } mw)
            {
                return null;
            }

            double g = gradient[b];
            first += (interval * second) + (g * g) + (matrix.Theta * g * z) - (g * Vectors.Dot(mw, c));
            second -= (matrix.Theta * g * g) + (2 * g * Vectors.Dot(mw, p)) + (g * g * Vectors.Dot(mw, w));
            second = Math.Max(second, floor);
            Vectors.AddTo(p, g, w);
            d[b] = 0;
            minimum = -first / second;
            t = bends[b];
        }

        minimum = double.IsNaN(minimum) ? 0 : Math.Max(minimum, 0);
        t += minimum;
        Vectors.AddTo(c, minimum, p);
        for (int i = 0; i < n; i++)
        {
            point[i] = d[i] == 0 ? point[i] : Math.Clamp(x[i] + (t * d[i]), lower[i], upper[i]);
        }

        return (point, c);
    }

    private static double LargestStep(double[] x, double[] direction, double[] lower, double[] upper)
    {
        double largest = double.MaxValue;
        for (int i = 0; i < x.Length; i++)
        {
            if (direction[i] != 0)
            {
                largest = Math.Min(largest, ((direction[i] > 0 ? upper[i] : lower[i]) - x[i]) / direction[i]);
            }
        }

        return Math.Max(largest, 1);
    }

    /// <summary>
    /// The projected gradient: a step of steepest descent, cut short where a bound is nearer. It is not found as the difference of two points, for far from zero a small step is lost in the rounding of a point.
    /// </summary>
    private static double[] Projected(double[] x, ReadOnlySpan<double> gradient, double[] lower, double[] upper)
    {
        var projected = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            projected[i] = gradient[i] > 0 ? Math.Min(gradient[i], x[i] - lower[i]) : Math.Max(gradient[i], x[i] - upper[i]);
        }

        return projected;
    }

    private static double[] Clamp(double[] x, double[] lower, double[] upper)
    {
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = Math.Clamp(x[i], lower[i], upper[i]);
        }

        return x;
    }
}
