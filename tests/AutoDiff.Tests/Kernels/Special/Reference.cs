using System.Globalization;

namespace AutoDiff.Tests.Kernels.Special;

/// <summary>Holds a function to a table of reference values: rows of arguments, each followed by the value.</summary>
internal static class Reference
{
    public static void Check(double[] table, Func<double, double> function, double tolerance, double absolute = 0) =>
        Check(table, 1, x => function(x[0]), tolerance, absolute);

    public static void Check(double[] table, Func<double, double, double> function, double tolerance, double absolute = 0) =>
        Check(table, 2, x => function(x[0], x[1]), tolerance, absolute);

    public static void Check(double[] table, Func<double, double, double, double> function, double tolerance, double absolute = 0) =>
        Check(table, 3, x => function(x[0], x[1], x[2]), tolerance, absolute);

    public static void Check(double[] table, Func<double, double, double, double, double> function, double tolerance, double absolute = 0) =>
        Check(table, 4, x => function(x[0], x[1], x[2], x[3]), tolerance, absolute);

    public static void Check(double[] table, Func<double, double, double, double, double, double> function, double tolerance, double absolute = 0) =>
        Check(table, 5, x => function(x[0], x[1], x[2], x[3], x[4]), tolerance, absolute);

    /// <summary>The derivative agrees with the central difference of the function, extrapolated once.</summary>
    public static void CheckDerivative(double x, Func<double, double> function, double derivative, double tolerance = 1e-7)
    {
        double step = 1e-3 * Math.Max(1e-3, Math.Abs(x));
        double coarse = (function(x + step) - function(x - step)) / (2 * step);
        double fine = (function(x + (step / 2)) - function(x - (step / 2))) / step;
        double expected = fine + ((fine - coarse) / 3);
        derivative.Should().BeApproximately(expected, tolerance * Math.Max(1, Math.Abs(expected)), "it is the derivative at {0}", x);
    }

    private static void Check(double[] table, int arguments, Func<double[], double> function, double tolerance, double absolute)
    {
        (table.Length % (arguments + 1)).Should().Be(0);
        table.Should().NotBeEmpty();
        for (int i = 0; i < table.Length; i += arguments + 1)
        {
            double[] x = table[i..(i + arguments)];
            double expected = table[i + arguments], actual = function(x);
            bool near = double.IsFinite(expected)
                ? Math.Abs(actual - expected) <= Math.Max(tolerance * Math.Abs(expected), Math.Max(absolute, double.Epsilon))
                : actual.Equals(expected);
            string place = string.Join(", ", x.Select(v => v.ToString("R", CultureInfo.InvariantCulture)));
            near.Should().BeTrue("f({0}) = {1:R} should be {2:R}", place, actual, expected);
        }
    }
}
