using System.Globalization;
using System.Numerics;

namespace AutoDiff;

// Steps: their derivative is 0, and right, wherever it exists, and yet the value changes.
public static partial class GradientCheck
{
    /// <summary>How far a jump is looked for, as a part of the size of each number.</summary>
    private const double Reach = 0.01;

    /// <summary>The pieces into which the way is cut at first.</summary>
    private const int Pieces = 16;

    /// <summary>A function whose every path ends in an operation without a derivative.</summary>
    private static void CheckSteps<T>(Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] xs, Tensor<T> forward) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (forward.Values.ContainsAnyExcept(T.Zero))
        {
            return;
        }

        using var scope = new FunctionScope<T>(nameof(Check), f, xs);
        if (KinkSearch<T>.EndOfPaths(scope.Tape, scope.Output) is { } operation)
        {
            throw new GradientCheckException(string.Create(CultureInfo.InvariantCulture,
                $"order 1: the derivative is 0 at every point, for f depends on its inputs through a step only: every path ends at {operation}. If f is a mean over samples, the derivative of its expectation is another number; smooth the step, or differentiate the density of the samples (docs/conventions.md)."));
        }
    }

    /// <summary>
    /// Along the line x + s v the difference of values must be the integral of the derivative. The defect of the trapezoidal rule falls with the length of the interval, even over a kink; over a jump it stays, and
    /// halving the interval finds the place.
    /// </summary>
    private static void CheckJumps<T>(Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] xs, Tensor<T>[] v, double epsilon) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double scale = Scale(xs);
        double reach = Reach * scale;
        var points = new Sample[Pieces + 1];
        for (int i = 0; i <= Pieces; i++)
        {
            points[i] = At(((2.0 * i / Pieces) - 1) * reach);
        }

        // The element and the piece with the largest defect.
        double noise = 0;
        double largest = 0;
        (int element, int piece) = (0, 0);
        for (int e = 0; e < points[0].Values.Length; e++)
        {
            for (int i = 0; i < Pieces; i++)
            {
                if (Defect(points[i], points[i + 1], e) is var defect && defect > largest)
                {
                    (largest, element, piece) = (defect, e, i);
                    noise = 1000 * epsilon * Math.Max(Math.Abs(points[i].Values[e]), Math.Abs(points[i + 1].Values[e]));
                }
            }
        }

        (Sample left, Sample right) = (points[piece], points[piece + 1]);
        double first = largest;
        double least = 64 * epsilon * scale;
        while (largest > Math.Max(0.5 * first, noise))
        {
            if (right.S - left.S < least)
            {
                throw new GradientCheckException(string.Create(CultureInfo.InvariantCulture,
                    $"order 1, element {element} of the output: the value jumps from {left.Values[element]:g6} to {right.Values[element]:g6} at x + s v, s = {left.S:g6}, where the derivative along v is {left.Slopes[element]:g6}. A step (a comparison, a rounding) has the derivative 0, which knows nothing of the jump; check at a point that is not beside one, or smooth the step."));
            }

            Sample middle = At(0.5 * (left.S + right.S));
            double below = Defect(left, middle, element);
            double above = Defect(middle, right, element);
            (left, right, largest) = below > above ? (left, middle, below) : (middle, right, above);
        }

        Sample At(double s)
        {
            T step = T.CreateChecked(s);
            Tensor<T>[] at = xs.Select((x, i) => x + (v[i] * step)).ToArray();
            return new Sample(s, Array.ConvertAll(f(at).ToArray(), double.CreateChecked), Array.ConvertAll(Differentiate.Jvp(f, at, v).ToArray(), double.CreateChecked));
        }
    }

    /// <summary>By how much two values differ from what the slopes beside account for. Where they are not finite, nothing can be said.</summary>
    private static double Defect(Sample a, Sample b, int element)
    {
        double defect = Math.Abs(b.Values[element] - a.Values[element] - (0.5 * (b.S - a.S) * (a.Slopes[element] + b.Slopes[element])));
        return double.IsFinite(defect) ? defect : 0;
    }

    private sealed record Sample(double S, double[] Values, double[] Slopes);
}
