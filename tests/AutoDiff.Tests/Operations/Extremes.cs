using System.Globalization;
using System.Numerics;

namespace AutoDiff.Tests.Operations;

/// <summary>What is wrong with an operation at a number, or at a pair of numbers.</summary>
internal sealed record Fault(double X, double Y, string Text);

/// <summary>Values and slopes of the elementwise operations where numbers end: at ±0, the smallest and largest numbers, powers of ten between them, ±∞ and NaN.</summary>
internal static class Extremes<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly bool IsSingle = typeof(T) == typeof(float);

    private static readonly double Largest = IsSingle ? float.MaxValue : double.MaxValue;

    private static readonly double Smallest = IsSingle ? float.Epsilon : double.Epsilon;

    private static readonly double SmallestNormal = IsSingle ? 1.17549435e-38f : 2.2250738585072014e-308;

    /// <summary>Growing numbers above 0, from the smallest to the largest, of this precision.</summary>
    private static readonly double[] Magnitudes =
    [
        Smallest, SmallestNormal, .. (IsSingle ? Enumerable.Range(-12, 25).Select(k => 3 * k) : Enumerable.Range(-21, 43).Select(k => 14 * k)).Select(k => Rounded(Math.Pow(10, k))), Largest,
    ];

    public static double[] Points { get; } = [0.0, -0.0, .. Magnitudes, .. Magnitudes.Select(x => -x), double.PositiveInfinity, double.NegativeInfinity, double.NaN];

    /// <summary>Fewer numbers, for pairs.</summary>
    private static readonly double[] Few = [0.0, Smallest, SmallestNormal, Rounded(IsSingle ? 1e-30 : 1e-300), 0.5, 1.0, 2.0, 3.5, 40.0, Rounded(IsSingle ? 1e30 : 1e300), Largest, double.PositiveInfinity];

    /// <summary>Value, and derivatives of order 1 and 2 by every mixture of sweeps, at each of the points.</summary>
    public static (double[] Y, double[][] First, double[][] Second) Slopes(Func<Tensor<T>, Tensor<T>> f, double[] points, int order)
    {
        Tensor<T> x = Tensor.Create<T>(Array.ConvertAll(points, T.CreateTruncating));
        Tensor<T> ones = Tensor.Ones<T>(points.Length);
        Func<Tensor<T>, Tensor<T>> backward = x => Differentiate.Gradient(x => f(x).Sum(), x);
        Func<Tensor<T>, Tensor<T>> forward = x => Differentiate.Jvp(f, x, ones);
        double[][] second = order < 2 ? [] :
        [
            Doubles(Differentiate.Gradient(x => backward(x).Sum(), x)), Doubles(Differentiate.Gradient(x => forward(x).Sum(), x)), Doubles(Differentiate.Jvp(backward, x, ones)),
            Doubles(Differentiate.Jvp(forward, x, ones)),
        ];
        return (Doubles(f(x)), [Doubles(backward(x)), Doubles(forward(x))], second);
    }

    /// <summary>What is wrong with a function of one number.</summary>
    public static List<Fault> Unary(OperationRow<T> row)
    {
        var faults = new List<Fault>();
        (double[] y, double[][] first, double[][] second) = Slopes(x => row.F([x]), Points, Math.Min(row.Order, 2));
        foreach (double[][] modes in (double[][][])[first, second])
        {
            for (int mode = 1; mode < modes.Length; mode++)
            {
                for (int i = 0; i < Points.Length; i++)
                {
                    Add(modes[0][i].Equals(modes[mode][i]) || Close(modes[0][i], modes[mode][i], 1e-5), i, $"order {(modes == first ? 1 : 2)}: {Text(modes[0][i])} backward, {Text(modes[mode][i])} by mode {mode}");
                }
            }
        }

        CheckNumbers(y, first[0], "slope");
        CheckLimits(y, first[0], "slope");
        if (second.Length > 0)
        {
            CheckSecants(f: x => Doubles(row.F([Tensor.Create<T>(Array.ConvertAll(x, T.CreateTruncating))])), first[0], second[0]);
            CheckNumbers(first[0], second[0], "second derivative");
            CheckLimits(first[0], second[0], "second derivative");
        }

        return faults;

        void Add(bool holds, int i, string fault)
        {
            if (!holds)
            {
                faults.Add(new Fault(Points[i], 1, fault));
            }
        }

        // Where the value is a number the slope is one or infinite; NaN has none, unless it is the same everywhere.
        void CheckNumbers(double[] value, double[] slope, string what)
        {
            bool constant = slope.Where((d, i) => double.IsFinite(Points[i])).Distinct().Count() == 1;
            for (int i = 0; i < Points.Length; i++)
            {
                if (double.IsNaN(Points[i]))
                {
                    Add(double.IsNaN(slope[i]) || (constant && slope[i].Equals(slope[0])), i, $"{what} {Text(slope[i])}");
                }
                else
                {
                    Add(!double.IsFinite(value[i]) || !double.IsNaN(slope[i]), i, $"{what} NaN where the function is {Text(value[i])}");
                }
            }
        }

        // At an infinity or a zero the slope is the limit, if it has one.
        void CheckLimits(double[] value, double[] slope, string what)
        {
            int n = Magnitudes.Length;
            int infinite = 2 + (2 * n);
            for (int side = 0; side < 2; side++)
            {
                double[] own = slope[(2 + (side * n))..(2 + ((side + 1) * n))];
                if (!double.IsNaN(value[infinite + side]) && Limit(own[(n / 2)..]) is { } limit)
                {
                    Add(Same(limit, slope[infinite + side]), infinite + side, $"{what} {Text(slope[infinite + side])} instead of the limit {Text(limit)}");
                }
            }

            // Of a side outside of the domain, or that seems to go nowhere, nothing is known.
            double? right = Limit(Reversed(slope[2..(2 + (n / 2))]));
            double? left = Limit(Reversed(slope[(2 + n)..(2 + n + (n / 2))]));
            for (int zero = 0; zero < 2; zero++)
            {
                if (!double.IsNaN(value[zero]) && (right is { } r && left is { } l ? Same(r, l) : (right is null && double.IsNaN(slope[2])) != (left is null && double.IsNaN(slope[2 + n]))))
                {
                    double limit = right ?? left ?? slope[zero];
                    Add(Same(limit, slope[zero]), zero, $"{what} {Text(slope[zero])} instead of the limit {Text(limit)}");
                }
            }
        }

        // Between, the slope is that of a chord, where the chord shows it: where it is not lost in rounding, and the slope does not turn on the way.
        void CheckSecants(Func<double[], double[]> f, double[] slope, double[] curvature)
        {
            (double h, double epsilon) = IsSingle ? (1.0 / 64, 6e-8) : (1.0 / 4096, 1.1e-16);
            double[] right = [.. Points.Select(x => Rounded(x * (1 + h)))];
            double[] left = [.. Points.Select(x => Rounded(x * (1 - h)))];
            (double[] above, double[] below) = (f(right), f(left));
            for (int i = 0; i < Points.Length; i++)
            {
                double rise = above[i] - below[i], run = right[i] - left[i], chord = rise / run, size = Math.Abs(above[i]) + Math.Abs(below[i]);
                if (double.IsFinite(chord) && Math.Abs(chord) < Largest && Math.Abs(Points[i]) >= 1e3 * SmallestNormal && size > 1e6 * SmallestNormal && Math.Abs(rise) > 1e4 * epsilon * size
                    && slope[i] != 0 && Math.Abs(curvature[i] * run) < 0.1 * Math.Abs(chord))
                {
                    Add(Close(chord, slope[i], 0.1), i, $"slope {Text(slope[i])} beside a chord of {Text(chord)}");
                }
            }
        }
    }

    /// <summary>What is wrong with a function of two numbers.</summary>
    public static List<Fault> Binary(OperationRow<T> row)
    {
        var faults = new List<Fault>();
        double[] line = [.. Few, .. Few.Select(x => -x)];
        double[] xs = [.. line.SelectMany(x => line.Select(_ => x))], ys = [.. line.SelectMany(_ => line)];
        (double[] value, double[][] slopes, double[][] forward) = Partials(row, xs, ys);
        for (int i = 0; i < xs.Length; i++)
        {
            for (int operand = 0; operand < 2; operand++)
            {
                double slope = slopes[operand][i];
                if (double.IsNaN(slope) && double.IsFinite(value[i]))
                {
                    faults.Add(new Fault(xs[i], ys[i], $"slope NaN by operand {operand} where the function is {Text(value[i])}"));
                }

                if (!Close(slope, forward[operand][i], 1e-5))
                {
                    faults.Add(new Fault(xs[i], ys[i], $"by operand {operand}: {Text(slope)} backward, {Text(forward[operand][i])} forward"));
                }
            }
        }

        return faults;
    }

    public static (double[] Value, double[][] Backward, double[][] Forward) Partials(OperationRow<T> row, double[] xs, double[] ys)
    {
        using var tape = new Tape<T>();
        Tensor<T>[] x = [.. new[] { xs, ys }.Select(values => tape.Variable(Tensor.Create<T>(Array.ConvertAll(values, T.CreateTruncating))))];
        Tensor<T> z = row.F(x);
        Tensor<T> ones = Tensor.Ones<T>(xs.Length);
        return (Doubles(z.Detach()), [.. tape.Vjp(z, ones, x).Select(Doubles)], [.. x.Select(x => Doubles(tape.Jvp(z, x, ones)))]);
    }

    /// <summary>Where a sequence goes: to its last number if it has settled, to 0 or an infinity if it shrinks or grows by much to the end; nothing else is claimed.</summary>
    private static double? Limit(double[] sequence)
    {
        double[] last = sequence[^4..];
        if (last.Any(double.IsNaN))
        {
            return null;
        }

        double end = last[^1];
        return last.All(value => value.Equals(end)) || (end != 0 && double.IsFinite(end) && last.All(value => Close(value, end, 1e-12))) ? end
            : last.Select(Math.Sign).Distinct().Count() > 1 && end != 0 ? null
            : last.Zip(last[1..]).All(pair => Math.Abs(pair.Second) <= Math.Abs(pair.First)) && Math.Abs(end) < 1e-6 * Math.Abs(last[0]) ? 0
            : last.Zip(last[1..]).All(pair => Math.Abs(pair.Second) >= Math.Abs(pair.First)) && Math.Abs(end) > 1e6 * Math.Abs(last[0]) ? Math.CopySign(double.PositiveInfinity, end)
            : null;
    }

    private static bool Same(double limit, double value) => limit.Equals(value) || (limit == 0 && value == 0) || (limit == 0 && Math.Abs(value) <= 1e-6) || Close(limit, value, 1e-9);

    private static bool Close(double expected, double actual, double relative) =>
        expected.Equals(actual) || (expected == 0 && actual == 0) || (double.IsFinite(expected) && Math.Abs(expected - actual) <= (relative * Math.Abs(expected)) + (4 * SmallestNormal));

    private static double[] Reversed(double[] values) => [.. values.Reverse()];

    private static double Rounded(double value) => double.CreateTruncating(T.CreateTruncating(value));

    private static double[] Doubles(Tensor<T> x) => Array.ConvertAll(x.ToArray(), double.CreateTruncating);

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
