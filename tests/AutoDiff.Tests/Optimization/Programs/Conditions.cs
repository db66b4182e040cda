using AutoDiff.Optimization;

namespace AutoDiff.Tests.Optimization;

/// <summary>The conditions of Karush, Kuhn and Tucker at the result of a run, from dense derivatives of the program's own functions.</summary>
internal static class Conditions
{
    public static void Check(NonlinearProgram<double> program, NonlinearProgramResult<double> result, string text, double tolerance = 1e-6)
    {
        Tensor<double> x = result.Point;
        Tensor<double> lower = Bound(program.Lower, x, double.NegativeInfinity);
        Tensor<double> upper = Bound(program.Upper, x, double.PositiveInfinity);
        Tensor<double> gradient = Differentiate.Gradient(at => program.Objective(at).Sum(), x);

        // What the multipliers are measured by: the largest of them, and of the terms that have to cancel.
        double size = 1 + Largest(gradient);
        double complementarity = 0;
        for (int k = 0; k < program.Constraints.Count; k++)
        {
            Constraint<double> constraint = program.Constraints[k];
            Tensor<double> y = result.Multipliers[k];
            Tensor<double> value = constraint.Function(x);
            y.Shape.ToArray().Should().Equal(value.Shape.ToArray());
            Tensor<double> term = Differentiate.Vjp(constraint.Function, x, y);
            size = Math.Max(size, Math.Max(Largest(term), Largest(y)));
            gradient += term;
            Tensor<double> below = Bound(constraint.EqualTo ?? constraint.Lower, value, double.NegativeInfinity);
            Tensor<double> above = Bound(constraint.EqualTo ?? constraint.Upper, value, double.PositiveInfinity);
            for (int i = 0; i < value.Length; i++)
            {
                (double c, double u, double l, double multiplier) = (value.AsSpan()[i], above.AsSpan()[i], below.AsSpan()[i], y.AsSpan()[i]);
                Math.Max(l - c, c - u).Should().BeLessThanOrEqualTo(1e-7, text);
                complementarity = Math.Max(complementarity, l == u ? 0 : multiplier > 0 ? multiplier * Math.Abs(u - c) : -multiplier * Math.Abs(c - l));
            }
        }

        gradient = gradient - result.LowerMultipliers + result.UpperMultipliers;
        size = Math.Max(size, Math.Max(Largest(result.LowerMultipliers), Largest(result.UpperMultipliers)));
        for (int i = 0; i < x.Length; i++)
        {
            (double at, double l, double u) = (x.AsSpan()[i], lower.AsSpan()[i], upper.AsSpan()[i]);
            at.Should().BeInRange(l, u, text);
            (double z, double w) = (result.LowerMultipliers.AsSpan()[i], result.UpperMultipliers.AsSpan()[i]);
            z.Should().BeGreaterThanOrEqualTo(0, text);
            w.Should().BeGreaterThanOrEqualTo(0, text);
            complementarity = Math.Max(complementarity, Math.Max(z == 0 ? 0 : z * (at - l), w == 0 ? 0 : w * (u - at)));
        }

        Largest(gradient).Should().BeLessThanOrEqualTo(tolerance * size, text);
        complementarity.Should().BeLessThanOrEqualTo(tolerance * size, text);
    }

    private static double Largest(Tensor<double> x) => x.Length == 0 ? 0 : x.Abs().Max().ToScalar();

    private static Tensor<double> Bound(TensorOrNumber<double>? bound, Tensor<double> like, double none) => (bound?.ToTensor() ?? Tensor.Scalar(none)).BroadcastTo(like.Shape);
}
