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
        Slope ??= Problem.Slope(interval, t, y, Parameters);
        var slopes = new List<Tensor<T>>(7) { Slope };
        Tensor<T> next = Advance(Problem, interval, t, h, y, Parameters, slopes, out Tensor<T> beside);
        lastSlope = Problem.Slope(interval, t + h, next, Parameters);
        slopes.Add(lastSlope);
        double size = Problem.Size(OdeProblem<T>.ToDoubles(Combine(Tensor.Zeros<T>(y.Shape), slopes, ErrorWeights, h)), y, next);

        // Two states at one time, and the slopes there: how steeply the slope falls with the state (Hairer and Wanner, "Solving Ordinary Differential Equations II", section IV.2).
        stiffness = Math.Abs(h) * double.CreateChecked((slopes[6] - slopes[5]).Norm().ToScalar()) / double.CreateChecked((next - beside).Norm().ToScalar());
        time = t;
        return (next, null, size, double.IsFinite(size) ? size == 0 ? 5 : Math.Clamp(Safety * Math.Pow(size, -0.2), 0.2, 5) : 0.1);
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

    /// <summary>A step on the tape.</summary>
    public static Tensor<T> TakeExplicit(OdeProblem<T> problem, OdeStep<T> step, Tensor<T> y, Tensor<T>[] p) =>
        Advance(problem, step.Interval, step.Start, step.Length, y, p, new List<Tensor<T>>(6) { problem.Slope(step.Interval, step.Start, y, p) }, out _);

    /// <summary>The state after a step of length h. The first slope is given; the others are added. The last stage lies beside the result.</summary>
    private static Tensor<T> Advance(OdeProblem<T> problem, int interval, double t, double h, Tensor<T> y, Tensor<T>[] p, List<Tensor<T>> slopes, out Tensor<T> beside)
    {
        beside = y;
        for (int stage = 1; stage < 6; stage++)
        {
            beside = Combine(y, slopes, Weights[stage], h);
            slopes.Add(problem.Slope(interval, t + (Nodes[stage] * h), beside, p));
        }

        return Combine(y, slopes, Weights[6], h);
    }

    /// <summary>y + h Σ w_i k_i.</summary>
    private static Tensor<T> Combine(Tensor<T> y, List<Tensor<T>> slopes, double[] weights, double h)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            y = weights[i] == 0 ? y : y + (slopes[i] * T.CreateChecked(h * weights[i]));
        }

        return y;
    }
}
