namespace AutoDiff.Tests.Operations;

/// <summary>
/// The first derivative of every elementwise row against differences alone, to nine digits. Such a row states its derivative once, for both modes, so that these cannot find it wrong by disagreeing. The differences are
/// central, extrapolated to the step 0 by Richardson's method in a tableau whose columns tell where to stop (Ridders, Advances in Engineering Software 4, 1982).
/// </summary>
public sealed class RichardsonTests
{
    private const double Tolerance = 1e-9;

    /// <summary>Inputs keep at least 0.05 away from kinks and poles.</summary>
    private const double LargestStep = 0.04;

    /// <summary>PRelu needs an axis of channels.</summary>
    public static TheoryData<string> Names => [.. OperationTable<double>.Rows.Values.Where(static row => row is { IsElementwise: true, Constant: false, Prepare: null, Name: not "PRelu: one weight" }).Select(static row => row.Name)];

    [Fact]
    public void Most_of_the_elementwise_operations_are_in() => Names.Count.Should().BeGreaterThan(90);

    [Theory, MemberData(nameof(Names))]
    public void The_slope_is_that_of_differences(string name)
    {
        OperationRow<double> row = OperationTable<double>.Rows[name];
        int[][] shapes = [.. Enumerable.Repeat(new[] { 12 }, row.Inputs)];
        Tensor<double>[] x = new Theories<double>.Trial(row, nameof(RichardsonTests), shapes).X;
        Tensor<double>[] slopes = Differentiate.Gradient(x => row.F(x).Sum(), x);
        double[] y = row.F(x).ToArray();
        int settled = 0;
        for (int input = 0; input < x.Length; input++)
        {
            (double from, double to) = row.Domains is null ? row.Domain : row.Domains[input];
            double[] at = x[input].ToArray(), actual = slopes[input].ToArray();
            double[] steps = Array.ConvertAll(at, x => Math.Min(LargestStep, 0.8 * Math.Min(x - from, to - x)));
            (double[] expected, double[] error) = Ridders(t => Shifted(row, x, input, at, steps, t), steps);
            for (int i = 0; i < at.Length; i++)
            {
                double tolerance = Tolerance * Math.Max(1, Math.Max(Math.Abs(expected[i]), Math.Abs(y[i])));

                // Where the function jumps or bends within the step, differences do not settle.
                if (error[i] < 0.1 * tolerance)
                {
                    settled++;
                    actual[i].Should().BeApproximately(expected[i], tolerance, "that is the derivative of {0} by input {1} at ({2})", name, input, string.Join("; ", x.Select(own => own.At(i))));
                }
            }
        }

        settled.Should().BeGreaterThanOrEqualTo(6 * x.Length, "differences of {0} have to settle at half of the points", name);
    }

    /// <summary>A wrong digit is found, or the theory says nothing.</summary>
    [Fact]
    public void A_slope_that_is_wrong_in_the_eighth_digit_is_seen()
    {
        (double[] slope, double[] error) = Ridders(static t => [Math.Exp(1 + t)], [1]);
        error[0].Should().BeLessThan(1e-10);
        Math.Abs(slope[0] - Math.E).Should().BeLessThan(1e-10);
        Math.Abs(slope[0] - (Math.E * (1 + 1e-8))).Should().BeGreaterThan(Tolerance * Math.E);
    }

    private static double[] Shifted(OperationRow<double> row, Tensor<double>[] x, int input, double[] at, double[] steps, double t)
    {
        Tensor<double>[] moved = [.. x];
        moved[input] = Tensor.Create<double>([.. at.Select((x, i) => x + (t * steps[i]))]);
        return row.F(moved).ToArray();
    }

    /// <summary>The derivatives by t at 0, divided by the scales, and estimates of their errors.</summary>
    private static (double[] Slopes, double[] Errors) Ridders(Func<double, double[]> f, double[] scales)
    {
        const int Rows = 9;
        const double Ratio = 1.4;
        var differences = new double[Rows][];
        for (int k = 0; k < Rows; k++)
        {
            double t = Math.Pow(Ratio, -k);
            double[] above = f(t), below = f(-t);
            differences[k] = [.. above.Select((value, i) => (value - below[i]) / (2 * t * scales[i]))];
        }

        var slopes = new double[scales.Length];
        var errors = new double[scales.Length];
        for (int i = 0; i < scales.Length; i++)
        {
            var column = Array.ConvertAll(differences, d => d[i]);
            (slopes[i], errors[i]) = (column[0], double.PositiveInfinity);
            double factor = 1;
            for (int order = 1; order < Rows; order++)
            {
                factor *= Ratio * Ratio;
                for (int k = Rows - 1; k >= order; k--)
                {
                    double better = ((column[k] * factor) - column[k - 1]) / (factor - 1);
                    double error = Math.Max(Math.Abs(better - column[k]), Math.Abs(better - column[k - 1]));
                    column[k] = better;
                    if (error <= errors[i])
                    {
                        (slopes[i], errors[i]) = (better, error);
                    }
                }
            }
        }

        return (slopes, errors);
    }
}
