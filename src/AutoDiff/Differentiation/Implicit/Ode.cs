using System.Globalization;
using System.Numerics;

namespace AutoDiff;

/// <summary>Initial value problems y' = f(t, y, p), differentiable by the initial state and the parameters.</summary>
/// <remarks>
/// The steps are chosen off the tape by the error estimate, and then taken again, recorded, in checkpoints: the derivative is that of the steps that were taken (the discrete adjoint), exact to
/// rounding, and O(log n) states are kept for n steps. The lengths of the steps count as constants.
/// </remarks>
public static class Ode
{
    private const double Safety = 0.9;

    // The tableau of Dormand and Prince, "A family of embedded Runge-Kutta formulae", J. Comput. Appl. Math. 6 (1980): order 5, with an estimate of order 4.
    private static readonly double[] Nodes = [0, 1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1];

    private static readonly double[][] Weights =
    [
        [],
        [1.0 / 5],
        [3.0 / 40, 9.0 / 40],
        [44.0 / 45, -56.0 / 15, 32.0 / 9],
        [19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729],
        [9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656],
        [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84],
    ];

    /// <summary>The difference of the two solutions, in terms of the seven slopes.</summary>
    private static readonly double[] ErrorWeights = [71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40];

    /// <summary>The states at given times, by the adaptive method of Dormand and Prince.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The slope f(t, y, p), of its arguments alone, in the shape of y.</param>
    /// <param name="y0">The state at the first time; derivatives flow to it.</param>
    /// <param name="parameters">The parameters; derivatives flow to them.</param>
    /// <param name="times">The times, ascending or descending; the first is that of <paramref name="y0"/>.</param>
    /// <param name="tolerance">The error of a step, relative to 1 + |y|.</param>
    /// <param name="maxSteps">The largest number of steps.</param>
    /// <returns>A tensor of shape [times, ..y0.Shape].</returns>
    /// <exception cref="ArgumentException">There are fewer than two times, or they are not monotone.</exception>
    /// <exception cref="ConvergenceException">The number of steps does not suffice, or the slope is not finite.</exception>
    /// <exception cref="TensorShapeException">The slope does not have the shape of the state.</exception>
    public static Tensor<T> Solve<T>(Func<double, Tensor<T>, Tensor<T>[], Tensor<T>> f, Tensor<T> y0, Tensor<T>[] parameters, ReadOnlySpan<double> times, double tolerance = 1e-8, int maxSteps = 100_000)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(Ode), nameof(f));
        Errors.NotNull(y0, nameof(Ode), nameof(y0));
        Errors.NotNull(parameters, nameof(Ode), nameof(parameters));
        double[] at = times.ToArray();
        bool ascending = at.Length >= 2 && at[1] > at[0];
        for (int i = 1; i < at.Length || i == 1; i++)
        {
            if (at.Length < 2 || !double.IsFinite(at[i] - at[i - 1]) || (ascending ? at[i] <= at[i - 1] : at[i] >= at[i - 1]))
            {
                throw Errors.Argument(nameof(Ode), nameof(times), "the times are not monotone, or fewer than two", "at least two finite times, ascending or descending", "sort the times and remove repetitions");
            }
        }

        return Savepoint.AllOrNothing(() =>
        {
            var states = new List<Tensor<T>> { y0 };
            Tensor<T>[] constants = Array.ConvertAll(parameters, p => Errors.NotNull(p, nameof(Ode), nameof(parameters)).Detach());
            double h = (at[1] - at[0]) / 10;
            int left = maxSteps;
            for (int k = 1; k < at.Length; k++)
            {
                (double from, double to, Tensor<T> state) = (at[k - 1], at[k], states[^1].Detach());
                ((double Start, double Length)[] steps, h, left) = Tape<T>.OffTape(nameof(Ode), () => ChooseSteps(f, state, constants, from, to, tolerance, h, left));
                states.Add(Differentiate.Scan(nameof(Ode), (y, p, i) => Step(f, y, p, steps[i].Start, steps[i].Length, new List<Tensor<T>>(6)), states[^1], parameters, steps.Length, leaf: 16));
            }

            return Tensor.Stack<T>(states.ToArray());
        });
    }

    /// <summary>The steps from one time to another that keep the estimated error within the tolerance, found from constants.</summary>
    private static ((double Start, double Length)[] Steps, double Length, int Left) ChooseSteps<T>(Func<double, Tensor<T>, Tensor<T>[], Tensor<T>> f, Tensor<T> y, Tensor<T>[] p, double from, double to, double tolerance, double h, int left)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var steps = new List<(double, double)>();
        double t = from;
        while (t != to)
        {
            bool last = Math.Abs(h) >= Math.Abs(to - t) * (1 - 1e-12);
            double length = last ? to - t : h;
            var slopes = new List<Tensor<T>>(7);
            Tensor<T> next = Step(f, y, p, t, length, slopes);
            slopes.Add(f(t + length, next, p));
            Tensor<T> error = Combine(Tensor.Zeros<T>(y.Shape), slopes, ErrorWeights, length);
            double size = Size(error, y, next) / tolerance;
            if (left-- <= 0 || !double.IsFinite(size) && Math.Abs(length) < 1e-14 * Math.Max(1, Math.Abs(t)))
            {
                throw new ConvergenceException(string.Create(CultureInfo.InvariantCulture,
                    $"Ode: stopped at t = {t:g6} with steps of {length:g3}: {(left < 0 ? "the largest number of steps was reached" : "the slope is not finite")}. The problem may be stiff; ask for a larger tolerance or allow more steps."));
            }

            double factor = !double.IsFinite(size) ? 0.1 : size == 0 ? 5 : Math.Clamp(Safety * Math.Pow(size, -0.2), 0.2, 5);
            if (size <= 1)
            {
                steps.Add((t, length));
                (t, y) = (last ? to : t + length, next);
                h = last && factor >= 1 ? (Math.Abs(h) > Math.Abs(length * factor) ? h : length * factor) : length * factor;
            }
            else
            {
                h = length * factor;
            }
        }

        return (steps.ToArray(), h, left);
    }

    /// <summary>One step of length h.</summary>
    private static Tensor<T> Step<T>(Func<double, Tensor<T>, Tensor<T>[], Tensor<T>> f, Tensor<T> y, Tensor<T>[] p, double t, double h, List<Tensor<T>> slopes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int stage = 0; stage < 6; stage++)
        {
            Tensor<T> slope = Errors.NotNull(f(t + (Nodes[stage] * h), Combine(y, slopes, Weights[stage], h), p), nameof(Ode), "slope");
            slopes.Add(slope.Shape.SequenceEqual(y.Shape)
                ? slope
                : throw Errors.Shape(nameof(Ode), $"the slope has shape {Shapes.Format(slope.Shape)}", $"{Shapes.Format(y.Shape)}, that of the state", "return one slope for each element of the state"));
        }

        return Combine(y, slopes, Weights[6], h);
    }

    /// <summary>y + h Σ w_i k_i.</summary>
    private static Tensor<T> Combine<T>(Tensor<T> y, List<Tensor<T>> slopes, double[] weights, double h) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < weights.Length; i++)
        {
            y = weights[i] == 0 ? y : y + (slopes[i] * T.CreateChecked(h * weights[i]));
        }

        return y;
    }

    private static double Size<T>(Tensor<T> error, Tensor<T> y, Tensor<T> next) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double largest = 0;
        for (int i = 0; i < error.Length; i++)
        {
            double scale = 1 + Math.Max(Math.Abs(double.CreateChecked(y.Values[i])), Math.Abs(double.CreateChecked(next.Values[i])));
            double part = Math.Abs(double.CreateChecked(error.Values[i])) / scale;
            largest = part <= largest ? largest : part;
        }

        return largest;
    }
}
