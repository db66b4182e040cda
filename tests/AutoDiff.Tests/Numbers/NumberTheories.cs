using System.Numerics;
using System.Reflection;
using System.Runtime.Intrinsics;

namespace AutoDiff.Tests.Numbers;

/// <summary>Every function of the interfaces, for every number type: the values of the plain numbers, and the derivatives of the tensor operations.</summary>
public class NumberTheories
{
    private const double Inf = double.PositiveInfinity;

    private static readonly double[] Points =
        [0.3, -0.7, 0.95, 1.7, 2.5, -3.2, 17.25, 40, 0, -0.0, 1, -1, 0.5, -0.5, 2, 1e-300, 1e200, -1e200, 710.2, 1024.2, -1080, Inf, -Inf, double.NaN];

    private static readonly double[] Pairs = [0, -0.0, 1, -1, 0.5, 2, 3, -2.5, 1e200, Inf, -Inf, double.NaN];

    public static TheoryData<string> Unary => [.. NumberFunctions.Unary];

    public static TheoryData<string> Binary => [.. NumberFunctions.Binary];

    [Theory]
    [MemberData(nameof(Unary))]
    public void Functions_of_one_number(string name)
    {
        var wrong = new List<string>();
        void Compare(string type, double x, string what, double actual, double expected, double tolerance = 4e-15)
        {
            // The plain root of order 5 is exp(log(x) / 5), which loses digits; and two references are made of operations that do not meet at a pole.
            tolerance = name == "RootN 5" ? 1e-13 : tolerance;
            bool isPoleOfReference = name == "RootN 5" ? x == 0 : name == "TanPi" && Math.Abs(x % 1) == 0.5;
            if (!isPoleOfReference && !Agree(actual, expected, tolerance))
            {
                wrong.Add($"{type} at {x:R}: {what} {actual:R}, not {expected:R}");
            }
        }

        foreach (double x in Points)
        {
            double value = NumberFunctions.Apply(name, x);
            double slope = Slope(x => NumberFunctions.Apply(name, x), x), second = Slope(x => Differentiate.Derivative(x => NumberFunctions.Apply(name, x), x), x);

            var dual = NumberFunctions.Apply(name, new Dual<double>(x, 1));
            Bits(dual.Value, value, name, x);
            Compare("Dual", x, "slope", dual.Tangent, slope);

            // Tangents together are those one by one.
            var chunk = NumberFunctions.Apply(name, new DualChunk<double>(x, Vector512.Create(1.0, 0, -3, 0.5, 0, 0, 1e200, -0.0)));
            Bits(chunk.Value, value, name, x);
            for (int i = 0; i < 8; i++)
            {
                Bits(chunk.Tangents[i], NumberFunctions.Apply(name, new Dual<double>(x, Vector512.Create(1.0, 0, -3, 0.5, 0, 0, 1e200, -0.0)[i])).Tangent, name, x);
            }

            var nested = NumberFunctions.Apply(name, new Dual<Dual<double>>(new(x, 1), new(1, 0)));
            Bits(nested.Value.Value, value, name, x);
            Compare("Dual of Dual", x, "slope", nested.Tangent.Value, slope);
            Compare("Dual of Dual", x, "slope", nested.Value.Tangent, slope);
            Compare("Dual of Dual", x, "second derivative", nested.Tangent.Tangent, second, 1e-13);

            var tape = new ActiveTape<double>();
            Active<double> variable = tape.Variable(x), active = NumberFunctions.Apply(name, variable);
            Bits(active.Value, value, name, x);
            Compare("Active", x, "slope", tape.Gradient(active, variable)[0], slope);

            var dualTape = new ActiveTape<Dual<double>>();
            Active<Dual<double>> start = dualTape.Variable(new(x, 1)), end = NumberFunctions.Apply(name, start);
            Bits(end.Value.Value, value, name, x);
            Dual<double> gradient = dualTape.Gradient(end, start)[0];
            Compare("Active of Dual", x, "slope", gradient.Value, slope);
            Compare("Active of Dual", x, "slope", end.Value.Tangent, slope);
            Compare("Active of Dual", x, "second derivative", gradient.Tangent, second, 1e-13);

            Bits(NumberFunctions.Apply(name, new Dual<double>(x)).Value, value, name, x);
            NumberFunctions.Apply(name, new Dual<double>(x)).Tangent.Should().Be(0, "a constant gives a constant");
            NumberFunctions.Apply(name, new DualChunk<double>(x)).Tangents.Should().Be(Vector512<double>.Zero, "a constant gives a constant");
            NumberFunctions.Apply(name, new Active<double>(x)).Tape.Should().BeNull("a constant gives a constant");
        }

        wrong.Should().BeEmpty(name);
    }

    [Theory]
    [MemberData(nameof(Binary))]
    public void Functions_of_two_numbers(string name)
    {
        var wrong = new List<string>();
        void Compare(string type, (double, double) at, string what, double actual, double expected, double tolerance = 4e-15)
        {
            if (!Agree(actual, expected, tolerance))
            {
                wrong.Add($"{type} at {at}: {what} {actual:R}, not {expected:R}");
            }
        }

        foreach (double x in Pairs)
        {
            foreach (double y in Pairs)
            {
                double value = NumberFunctions.Apply(name, x, y);
                var dx = NumberFunctions.Apply(name, new Dual<double>(x, 1), new Dual<double>(y));
                var dy = NumberFunctions.Apply(name, new Dual<double>(x), new Dual<double>(y, 1));
                var both = NumberFunctions.Apply(name, new Dual<double>(x, 1), new Dual<double>(y, 1));
                var tape = new ActiveTape<double>();
                Active<double>[] xs = tape.Variables(x, y);
                Active<double> z = NumberFunctions.Apply(name, xs[0], xs[1]);
                double[] g = tape.Gradient(z, xs);
                Bits(dx.Value, value, name, x);
                Bits(dy.Value, value, name, x);
                Bits(z.Value, value, name, x);
                bool constantExponent = name is "Pow" or "Clamp" or "ClampNative";
                var chunk = NumberFunctions.Apply(name, new DualChunk<double>(x, Vector512.Create(1.0, 0, 1, 0, 0, 0, 0, 0)), new DualChunk<double>(y, Vector512.Create(0, 1.0, 1, 0, 0, 0, 0, 0)));
                Bits(chunk.Value, value, name, x);
                if (!constantExponent)
                {
                    Bits(chunk.Tangents[0], dx.Tangent, name, x);
                }

                Compare("Active and DualChunk", (x, y), "dx", g[0], chunk.Tangents[0]);
                Bits(chunk.Tangents[1], dy.Tangent, name, x);
                Bits(chunk.Tangents[2], both.Tangent, name, x);
                Bits(chunk.Tangents[3], 0, name, x);
                if (!constantExponent)
                {
                    Compare("Active and Dual", (x, y), "dx", g[0], dx.Tangent);
                }

                Compare("Active and Dual", (x, y), "dy", g[1], dy.Tangent);
                Compare("Active and Dual", (x, y), "both", g[0] + g[1], both.Tangent);

                if (NumberFunctions.Apply(name, Tensor.Scalar(x), Tensor.Scalar(y)) is not null)
                {
                    Tensor<double> point = Tensor.Create([x, y]);
                    Tensor<double> expected = Differentiate.Gradient(p => NumberFunctions.Apply(name, p[0], p[1])!, point);
                    Compare("Active", (x, y), "dx", g[0], expected.At(0));
                    Compare("Active", (x, y), "dy", g[1], expected.At(1));
                    double[] hessian = Differentiate.Hessian(p => NumberFunctions.Apply(name, p[0], p[1])!, point).ToArray();
                    var dualTape = new ActiveTape<Dual<double>>();
                    for (int i = 0; i < 2; i++)
                    {
                        Active<Dual<double>>[] starts = [dualTape.Variable(new(x, 1 - i)), dualTape.Variable(new(y, i))];
                        Dual<double>[] row = dualTape.Gradient(NumberFunctions.Apply(name, starts[0], starts[1]), starts);
                        for (int j = 0; j < 2; j++)
                        {
                            // What cancels leaves a rounding of the terms, which are of the size of the other derivatives.
                            bool cancels = Math.Abs(row[j].Tangent - hessian[(2 * j) + i]) <= 1e-15 * hessian.Max(Math.Abs);
                            Compare("Active of Dual", (x, y), $"second derivative ({j}, {i})", cancels ? hessian[(2 * j) + i] : row[j].Tangent, hessian[(2 * j) + i], 1e-13);
                        }
                    }
                }
            }
        }

        wrong.Should().BeEmpty(name);
    }

    /// <summary>What generic math has and the tables do not would go untested.</summary>
    [Fact]
    public void The_tables_are_complete()
    {
        var missing = new List<string>();
        HashSet<string> rows = [.. NumberFunctions.Unary.Concat(NumberFunctions.Binary).SelectMany(row => row.Split(' ', ':')).Where(word => word.Length > 1)];
        foreach (Type type in typeof(double).GetInterfaces().Where(type => type.IsGenericType && typeof(Dual<double>).GetInterfaces().Any(other => other.IsGenericType && other.GetGenericTypeDefinition() == type.GetGenericTypeDefinition())))
        {
            foreach (MethodInfo method in type.GetMethods(BindingFlags.Static | BindingFlags.Public))
            {
                bool ofNumbers = method.ReturnType == typeof(double) && method.GetParameters() is { Length: > 0 } parameters && parameters[0].ParameterType == typeof(double);
                if (ofNumbers && !method.Name.StartsWith("op_", StringComparison.Ordinal) && !rows.Contains(method.Name))
                {
                    missing.Add(method.Name);
                }
            }
        }

        missing.Should().BeEmpty();
    }

    private static double Slope(Func<Tensor<double>, Tensor<double>> f, double x) => Differentiate.Derivative(f, x).ToScalar();

    private static bool Agree(double actual, double expected, double tolerance) =>
        actual.Equals(expected) || actual == expected || Math.Abs(actual - expected) <= tolerance * Math.Abs(expected) || (Math.Abs(expected) < 1e-290 && Math.Abs(actual - expected) < 1e-300);

    private static void Bits(double actual, double expected, string name, double x) =>
        (double.IsNaN(actual) ? double.IsNaN(expected) : BitConverter.DoubleToInt64Bits(actual) == BitConverter.DoubleToInt64Bits(expected)).Should().BeTrue($"{name} of {x:R} gives {expected:R}, not {actual:R}");
}
