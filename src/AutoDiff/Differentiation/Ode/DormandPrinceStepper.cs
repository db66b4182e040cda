using System.Globalization;
using System.Numerics;

namespace AutoDiff;

/// <summary>
/// The explicit method of Dormand and Prince, "A family of embedded Runge-Kutta formulae", J. Comput. Appl. Math. 6 (1980): order 5, with an estimate of order 4. The last slope of a step is the first
/// of the next.
/// </summary>
internal sealed class DormandPrinceStepper<T>(OdeProblem<T> problem, Tensor<T>[] p) : OdeStepper<T>(problem, p) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double Safety = 0.9;

    /// <summary>How far the region of stability reaches along the negative axis, nearly.</summary>
    private const double Stability = 3.25;

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

    private Tensor<T>? lastSlope;
    private double stiffness;
    private double time;
    private int stiff;
    private int notStiff;

    public override (Tensor<T> Next, Tensor<T>? Stages, double Error, double Factor) Try(int interval, double t, double h, Tensor<T> y)
    {
        Slope ??= Problem.ConstantSlope(interval, t, y, Parameters);
        ExplicitTrial<T> trial = Problem.ExplicitSteps?.Try(interval, t, h, y, Parameters, Slope) ?? Try(ExplicitStep<T>.Of(Problem, interval, t, h, Parameters), y, Slope);
        (lastSlope, time) = (trial.Slope, t);
        stiffness = Math.Abs(h) * double.CreateChecked(trial.Rise.ToScalar()) / double.CreateChecked(trial.Run.ToScalar());
        double size = Problem.Size(OdeProblem<T>.ToDoubles(trial.Error), y, trial.Next);
        return (trial.Next, null, size, double.IsFinite(size) ? size == 0 ? 5 : Math.Clamp(Safety * Math.Pow(size, -0.2), 0.2, 5) : 0.1);
    }

    public override void Accept()
    {
        Slope = lastSlope;

        // Fifteen steps at the limit of stability, with no more than a few others between them (ibid.).
        (stiff, notStiff) = stiffness > Stability ? (stiff + 1, 0) : notStiff >= 5 ? (0, 0) : (stiff, notStiff + 1);
        if (stiff == 15)
        {
            throw new ConvergenceException(string.Create(CultureInfo.InvariantCulture,
                $"Ode: the problem is stiff near t = {time:g6}: the steps of the explicit method are as long as its stability allows, not as the tolerance does, and the derivative of such steps grows without bound. "
                + $"To fix it, set OdeOptions.Method to OdeMethod.Radau."));
        }
    }

    /// <summary>A step from a state and the slope there.</summary>
    public static ExplicitTrial<T> Try(ExplicitStep<T> step, Tensor<T> y, Tensor<T> slope)
    {
        var slopes = new List<Tensor<T>>(7) { slope };
        Tensor<T> next = Advance(step, y, slopes, out Tensor<T> beside);
        slopes.Add(step.Slope(1, next));

        // Two states at one time, and the slopes there: how steeply the slope falls with the state (Hairer and Wanner, "Solving Ordinary Differential Equations II", section IV.2).
        return new(next, slopes[6], Combine(Tensor.Zeros<T>(y.Shape), slopes, ErrorWeights, step), (slopes[6] - slopes[5]).Norm(), (next - beside).Norm());
    }

    /// <summary>A step from a state.</summary>
    public static Tensor<T> Take(ExplicitStep<T> step, Tensor<T> y) => Advance(step, y, new List<Tensor<T>>(6) { step.Slope(0, y) }, out _);

    /// <summary>The state after a step. The first slope is given; the others are added. The last stage lies beside the result.</summary>
    private static Tensor<T> Advance(ExplicitStep<T> step, Tensor<T> y, List<Tensor<T>> slopes, out Tensor<T> beside)
    {
        beside = y;
        for (int stage = 1; stage < 6; stage++)
        {
            beside = Combine(y, slopes, Weights[stage], step);
            slopes.Add(step.Slope(Nodes[stage], beside));
        }

        return Combine(y, slopes, Weights[6], step);
    }

    /// <summary>y + h Σ w_i k_i.</summary>
    private static Tensor<T> Combine(Tensor<T> y, List<Tensor<T>> slopes, double[] weights, ExplicitStep<T> step)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            y = weights[i] == 0 ? y : y + step.Scaled(slopes[i], weights[i]);
        }

        return y;
    }
}

/// <summary>What an explicit step asks of its problem.</summary>
/// <param name="Slope">The slope at a fraction of the step, and a state.</param>
/// <param name="Scaled">A slope times a weight and the length of the step.</param>
internal readonly record struct ExplicitStep<T>(Func<double, Tensor<T>, Tensor<T>> Slope, Func<Tensor<T>, double, Tensor<T>> Scaled) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static ExplicitStep<T> Of(OdeProblem<T> problem, int interval, double t, double h, Tensor<T>[] p) =>
        new((node, y) => problem.Slope(interval, t + (node * h), y, p), (k, weight) => k * T.CreateChecked(h * weight));
}

/// <summary>An explicit step that was tried.</summary>
/// <param name="Next">The state after it.</param>
/// <param name="Slope">The slope there.</param>
/// <param name="Error">The difference of the two solutions.</param>
/// <param name="Rise">The distance of the slopes at two states of the last time.</param>
/// <param name="Run">The distance of these states.</param>
internal sealed record ExplicitTrial<T>(Tensor<T> Next, Tensor<T> Slope, Tensor<T> Error, Tensor<T> Rise, Tensor<T> Run) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static ExplicitTrial<T> Of(Tensor<T>[] results) => new(results[0], results[1], results[2], results[3], results[4]);

    public Tensor<T>[] ToArray() => [Next, Slope, Error, Rise, Run];
}
