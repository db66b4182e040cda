using AutoDiff.Optimization;
using AutoDiff;
using Samples;

// An arm of five links in space: each joint turns about the vertical or a horizontal axis. Which angles bring the hand to a place?
Terminal.Heading("Inverse kinematics of an arm");
double[] lengths = [0.4, 0.35, 0.3, 0.2, 0.1];

static Tensor<double> Turn(Tensor<double> angle, bool vertical)
{
    (Tensor<double> c, Tensor<double> s) = (angle.Cos(), angle.Sin());
    (Tensor<double> zero, Tensor<double> one) = (Tensor.Scalar(0.0), Tensor.Scalar(1.0));
    return vertical
        ? Tensor.Stack<double>([c, -s, zero, s, c, zero, zero, zero, one]).Reshape(3, 3)
        : Tensor.Stack<double>([c, zero, s, zero, one, zero, -s, zero, c]).Reshape(3, 3);
}

// The place of the hand: each link lies along the x axis of the frame that all joints before it have turned.
Tensor<double> Hand(Tensor<double> angles)
{
    Tensor<double> frame = Tensor.Identity<double>(3);
    Tensor<double> place = Tensor.Zeros<double>(3);
    for (int i = 0; i < lengths.Length; i++)
    {
        frame = frame.MatMul(Turn(angles[i], vertical: i == 0));
        place += lengths[i] * frame[.., 0];
    }

    return place;
}

Tensor<double> start = Tensor.Create([0.1, -0.2, 0.3, 0.2, 0.1]);
Tensor<double> jacobian = Differentiate.Jacobian(Hand, start);
Terminal.Line($"The Jacobian of the hand's place by the angles, at the start:\n{jacobian}");

var rows = new List<string[]>();
double worst = 0;
Tensor<double> angles = start;
for (int i = 0; i <= 8; i++)
{
    // A circle in front of the arm; each solution is the next start, so that the arm moves smoothly.
    double t = 2 * Math.PI * i / 8;
    Tensor<double> goal = Tensor.Create([0.6, 0.35 * Math.Cos(t), 0.4 + (0.3 * Math.Sin(t))]);
    Tensor<double> rest = angles;

    // Five angles for three numbers leave a choice: the last residuals, a thousand times lighter, keep the arm near where it was.
    OptimizationResult<Tensor<double>> coarse = new LevenbergMarquardt<double>().Minimize(a => Tensor.Concat<double>([Hand(a) - goal, 1e-3 * (a - rest)]), angles);
    OptimizationResult<Tensor<double>> result = new LevenbergMarquardt<double>().Minimize(a => Hand(a) - goal, coarse.Point);
    angles = result.Point;
    double miss = (Hand(angles) - goal).Norm().ToScalar();
    worst = Math.Max(worst, miss);
    rows.Add([$"{i}", $"{goal:0.000}", $"{angles:0.000}", $"{coarse.Iterations + result.Iterations}", $"{miss:0.0e+00}"]);
}

Terminal.Table(["#", "goal", "angles", "steps", "miss"], rows);
Terminal.Check("the hand meets every goal to 1e-9", worst < 1e-9);

// A goal out of reach: the best is the stretched arm, pointing at it. The first link stays level, so the shoulder behind it is what the rest is stretched from.
Tensor<double> far = Tensor.Create([2.0, 1.0, 1.0]);
OptimizationResult<Tensor<double>> stretched = new LBfgs<double> { Stopping = new() { MaxIterations = 5000 } }.Minimize(a => (Hand(a) - far).Square().Sum(), start);
double gap = (Hand(stretched.Point) - far).Norm().ToScalar();
double least = Math.Sqrt(Math.Pow(Math.Sqrt(5) - lengths[0], 2) + 1) - lengths[1..].Sum();
Terminal.Check($"a goal out of reach is missed by the least there can be: {gap:0.000000} of {least:0.000000}", Math.Abs(gap - least) < 1e-6);
return Terminal.Finish();
