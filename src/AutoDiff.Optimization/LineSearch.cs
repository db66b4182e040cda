namespace AutoDiff.Optimization;

/// <summary>A point on a line: the step, the point, the value, the gradient and the slope along the line.</summary>
internal sealed record LinePoint(double Step, double[] X, double Value, double[] Gradient, double Slope);

/// <summary>
/// A line search for the strong Wolfe conditions (Nocedal and Wright, "Numerical Optimization", 2nd ed., algorithms 3.5 and 3.6): a sufficient decrease of the value, and a slope that has become
/// flatter. Where rounding hides the decrease, the approximate condition of Hager and Zhang (SIAM J. Optim. 16, 2005, eq. 4.1) takes its place.
/// </summary>
internal static class LineSearch
{
    private const double Decrease = 1e-4;
    private const double Curvature = 0.9;
    private const int Trials = 40;

    /// <summary>Searches from <paramref name="origin"/> (step 0) along a line of descent. Returns null where no point is found.</summary>
    /// <param name="at">Evaluates the point at a step.</param>
    /// <param name="origin">The point of step 0, with a negative slope.</param>
    /// <param name="first">The first step to try.</param>
    /// <param name="largest">No step is longer.</param>
    /// <param name="rounding">The rounding of the values, relative.</param>
    public static LinePoint? Search(Func<double, LinePoint> at, LinePoint origin, double first, double largest, double rounding)
    {
        LinePoint low = origin;
        double step = Math.Min(first, largest);
        for (int trial = 0; trial < Trials; trial++)
        {
            LinePoint point = at(step);
            if (!IsUsable(point))
            {
                step = low.Step + (0.25 * (step - low.Step));
                largest = Math.Min(largest, point.Step);
                continue;
            }

            if (IsAccepted(point, origin, rounding))
            {
                return point;
            }

            if (!IsLower(point, origin, rounding) || (point.Value >= low.Value && low.Step > 0) || point.Slope >= 0)
            {
                return Zoom(at, origin, low, point, rounding, Trials - trial);
            }

            if (point.Step >= largest)
            {
                return point;
            }

            low = point;
            step = Math.Min((trial < 10 ? 2.5 : 10) * step, largest);
        }

        return low.Step > 0 && low.Value < origin.Value ? low : null;
    }

    /// <summary>Narrows a bracket in which the conditions hold somewhere.</summary>
    private static LinePoint? Zoom(Func<double, LinePoint> at, LinePoint origin, LinePoint low, LinePoint high, double rounding, int trials)
    {
        for (int trial = 0; trial < trials; trial++)
        {
            double width = high.Step - low.Step;
            double step = Interpolate(low, high);
            double margin = 0.1 * Math.Abs(width);
            if (!(Math.Abs(step - low.Step) >= margin && Math.Abs(step - high.Step) >= margin && (step - low.Step) * width > 0))
            {
                step = low.Step + (0.5 * width);
            }

            if (step == low.Step || step == high.Step)
            {
                break;
            }

            LinePoint point = at(step);
            if (IsUsable(point) && IsAccepted(point, origin, rounding))
            {
                return point;
            }

            if (!IsUsable(point) || !IsLower(point, origin, rounding) || point.Value > low.Value)
            {
                high = point;
            }
            else
            {
                if (point.Slope * width >= 0)
                {
                    high = low;
                }

                low = point;
            }
        }

        return low.Step > 0 && low.Value < origin.Value ? low : null;
    }

    private static bool IsUsable(LinePoint point) => double.IsFinite(point.Value) && double.IsFinite(point.Slope);

    private static bool IsLower(LinePoint point, LinePoint origin, double rounding) =>
        point.Value <= origin.Value + (Decrease * point.Step * origin.Slope) || IsLowerButForRounding(point, origin, rounding);

    /// <summary>The value is as good as that of the origin, and the slopes say that it is lower.</summary>
    private static bool IsLowerButForRounding(LinePoint point, LinePoint origin, double rounding) =>
        point.Value <= origin.Value + (rounding * Math.Abs(origin.Value)) && point.Slope <= ((2 * Decrease) - 1) * origin.Slope;

    private static bool IsAccepted(LinePoint point, LinePoint origin, double rounding) =>
        IsLower(point, origin, rounding) && Math.Abs(point.Slope) <= Curvature * Math.Abs(origin.Slope);

    /// <summary>The minimum of the cubic through values and slopes of two points (Nocedal and Wright, eq. 3.59); NaN where there is none.</summary>
    private static double Interpolate(LinePoint a, LinePoint b)
    {
        double d = a.Slope + b.Slope - (3 * (a.Value - b.Value) / (a.Step - b.Step));
        double e = Math.Sign(b.Step - a.Step) * Math.Sqrt((d * d) - (a.Slope * b.Slope));
        return b.Step - ((b.Step - a.Step) * (b.Slope + e - d) / (b.Slope - a.Slope + (2 * e)));
    }
}
