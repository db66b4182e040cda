using AutoDiff;
using AutoDiff.Optimization;
using Pictures.Drawing;

namespace Pictures.Gallery;

/// <summary>Inverse kinematics: an arm of five links follows a circle.</summary>
internal static class Arm
{
    private static readonly double[] Lengths = [0.4, 0.35, 0.3, 0.2, 0.1];

    public static string Draw()
    {
        const int goals = 24;
        Tensor<double> angles = Tensor.Create(0.1, -0.2, 0.3, 0.2, 0.1);
        var plot = new Plot("An arm of five links, whose hand follows a circle", "seen from the side and above", "height") { Ticks = false };
        var circle = new List<(double, double)>();
        for (int i = 0; i <= goals; i++)
        {
            double t = 2 * Math.PI * i / goals;
            Tensor<double> goal = Tensor.Create(0.6, 0.35 * Math.Cos(t), 0.4 + (0.3 * Math.Sin(t))), rest = angles;
            angles = new LevenbergMarquardt<double>().Minimize(a => Tensor.Concat([Joints(a)[^1] - goal, 1e-3 * (a - rest)]), angles).Point;
            circle.Add(Seen(goal));
            if (i % 6 == 0 && i < goals)
            {
                (double, double)[] joints = [(0, 0), .. Joints(angles).Unbind().Select(Seen)];
                plot.Line(joints, i / 6, width: 2.5).Points(joints, i / 6, radius: 4);
            }
        }

        return Figure.Of("Inverse kinematics", "Four poses of an arm with five links; the hand touches a circle in each.", 460, plot.Line(circle, 4, dashed: true));
    }

    /// <summary>The places of the ends of the links, [5, 3].</summary>
    private static Tensor<double> Joints(Tensor<double> angles)
    {
        (Tensor<double> frame, Tensor<double> place) = (Tensor.Identity(3), Tensor.Zeros(3));
        var places = new Tensor<double>[Lengths.Length];
        for (int i = 0; i < Lengths.Length; i++)
        {
            (Tensor<double> c, Tensor<double> s) = (angles[i].Cos(), angles[i].Sin());
            Tensor<double> turn = i == 0 ? Tensor.Stack([c, -s, 0, s, c, 0, 0, 0, 1]) : Tensor.Stack([c, 0, s, 0, 1, 0, -s, 0, c]);
            frame = frame.MatMul(turn.Reshape(3, 3));
            places[i] = place += Lengths[i] * frame[.., 0];
        }

        return Tensor.Stack<double>(places);
    }

    /// <summary>A place in space as it is drawn.</summary>
    private static (double, double) Seen(Tensor<double> place) => ((1.2 * place.At(0)) + (0.7 * place.At(1)), place.At(2) + (0.35 * place.At(1)));
}
