using System.Globalization;

namespace AutoDiff.Tests.Numbers;

/// <summary>Every function over lanes against the tensor operation of the same name, and against duals; what scenarios that disagree do.</summary>
public class LaneTests
{
    private static readonly double[] Points = [0.3, -0.7, 0.95, 1.7, 2.5, -3.2, 17.25, 0, -0.0, 1, -1, 0.5, 2, 1e200, 1024.2, double.PositiveInfinity, double.NegativeInfinity, double.NaN];

    public static TheoryData<string> Unary => [.. NumberFunctions.Unary];

    public static TheoryData<string> Binary => [.. NumberFunctions.Binary];

    [Theory]
    [MemberData(nameof(Unary))]
    public void Functions_of_one_number(string name)
    {
        Tensor<double> x = Tensor.Create(Points);
        Tensor<double> y = NumberFunctions.Apply(name, new Lane<double>(x)).Tensor;
        Tensor<double> slopes = Differentiate.Gradient(x => NumberFunctions.Apply(name, new Lane<double>(x)).Tensor.Sum(), x);
        Tensor<double> second = Differentiate.HessianDiagonal(x => NumberFunctions.Apply(name, new Lane<double>(x)).Tensor.Sum(), x);
        for (int i = 0; i < Points.Length; i++)
        {
            var dual = NumberFunctions.Apply(name, new Dual<Dual<double>>(new(Points[i], 1), new(1, 0)));
            Close(y.At(i), dual.Value.Value, 4e-15, $"{name} at {Points[i]:R}");
            Close(slopes.At(i), dual.Tangent.Value, 1e-13, $"slope of {name} at {Points[i]:R}");
            Close(second.At(i), dual.Tangent.Tangent, 1e-12, $"second derivative of {name} at {Points[i]:R}");
            NumberFunctions.Apply(name, new Lane<double>(Points[i])).Tensor.At().Should().Be(NumberFunctions.Apply(name, Points[i]), "a number is a number");
        }
    }

    [Theory]
    [MemberData(nameof(Binary))]
    public void Functions_of_two_numbers(string name)
    {
        double[] points = name.StartsWith("Atan2", StringComparison.Ordinal) ? [0, -0.0, 1, -1, 0.5, 2, 3, -2.5, double.PositiveInfinity] : [0, -0.0, 1, -1, 0.5, 2, 3, -2.5, double.PositiveInfinity, double.NaN];
        foreach (double b in points)
        {
            (Tensor<double> x, Tensor<double> y) = (Tensor.Create(points), Tensor.Full(b, points.Length));
            Tensor<double> z = NumberFunctions.Apply(name, new Lane<double>(x), new Lane<double>(y)).Tensor;
            (Tensor<double> dx, Tensor<double> dy) = Differentiate.Gradient((x, y) => NumberFunctions.Apply(name, new Lane<double>(x), new Lane<double>(y)).Tensor.Sum(), (x, y));
            Tensor<double> withNumber = Differentiate.Gradient(x => NumberFunctions.Apply(name, new Lane<double>(x), new Lane<double>(b)).Tensor.Sum(), x);
            for (int i = 0; i < points.Length; i++)
            {
                double a = points[i];
                var tape = new ActiveTape<double>();
                Active<double>[] xs = tape.Variables(a, b);
                Active<double> active = NumberFunctions.Apply(name, xs[0], xs[1]);
                double[] expected = tape.Gradient(active, xs);
                if (name is "MaxNative" or "MinNative" or "ClampNative" or "Log")
                {
                    // Lanes of the first take the derivative at ties as Max does; the quotient of logarithms is not exact.
                    continue;
                }

                Close(z.At(i), active.Value, 4e-15, $"{name} of {a:R} and {b:R}");
                Close(dx.At(i), expected[0], 1e-13, $"dx of {name} at {a:R} and {b:R}");
                Close(dy.At(i), expected[1], 1e-13, $"dy of {name} at {a:R} and {b:R}");
                Close(withNumber.At(i), NumberFunctions.Apply(name, new Dual<double>(a, 1), new Dual<double>(b)).Tangent, 1e-13, $"dx of {name} at {a:R} and the number {b:R}");
            }
        }
    }

    [Fact]
    public void Scenarios_that_agree_have_one_answer()
    {
        Lane<double> x = Tensor.Create([1.0, 2.0, 3.0]), two = Tensor.Create([2.0, 2.0]);
        (x > 0.5, x < 0.5, x == 7.0, x != 7.0, 4.0 >= x, Lane<double>.IsFinite(x), Lane<double>.IsNaN(x)).Should().Be((true, false, false, true, true, true, false));
        Lane<double>.Sign(x).Should().Be(1);
        Lane<double>.ILogB(two).Should().Be(1);
        int.CreateChecked(two).Should().Be(2);
        two.Equals(new Lane<double>(2.0)).Should().BeTrue();
        two.CompareTo(3.0).Should().Be(-1);
        two.GetHashCode().Should().Be(2.0.GetHashCode());
        x.ToString("0.0", CultureInfo.InvariantCulture).Should().Be("[1.0, 2.0, 3.0]");
        new Lane<double>(1.5).ToString(null, CultureInfo.InvariantCulture).Should().Be("1.5");
        Lane<double>.Parse("1.5", CultureInfo.InvariantCulture).Tensor.At().Should().Be(1.5);
    }

    [Fact]
    public void Scenarios_that_disagree_outside_of_Map_are_an_error()
    {
        Lane<double> x = Tensor.Create([1.0, 2.0, 3.0]);
        foreach (Action ask in new Action[] { () => _ = x > 1.5, () => _ = x == 2.0, () => int.CreateChecked(x), () => Lane<double>.Sign(x - 2.0), () => Lane<double>.ILogB(x), () => x.GetHashCode(), () => x.CompareTo(2.0), () => _ = Lane<double>.IsEvenInteger(x) })
        {
            ask.Should().Throw<ScenarioException>().WithMessage("*Differentiate.Map*");
        }

        FluentActions.Invoking(() => new Lane<double>(Tensor.Zeros<double>(2, 2))).Should().Throw<TensorShapeException>();
    }

    public static TheoryData<string> Programs => [.. GenericPrograms.All.Select(program => program.Name)];

    /// <summary>Every program, for scenarios around its point, of which some take other branches; the last number is shared.</summary>
    [Theory]
    [MemberData(nameof(Programs))]
    public void Map_is_the_program_for_each_scenario(string name)
    {
        double[] at = GenericPrograms.All.Single(program => program.Name == name).At;
        const int count = 40;
        int own = at.Length - 1;
        double[] scenarios = [.. new RandomKey(1).Normal<double>(count, own).ToArray().Select((z, i) => at[i % own] * (1 + (0.05 * z)))];
        ScenarioResult<double> result = Differentiate.Map((x, p) => GenericPrograms.Run(name, [.. x, .. p]), Tensor.Create(scenarios, count, own), Tensor.Create([at[^1]]));
        double shared = 0;
        for (int i = 0; i < count; i++)
        {
            double[] x = [.. scenarios[(i * own)..((i + 1) * own)], at[^1]];
            var tape = new ActiveTape<double>();
            Active<double>[] xs = tape.Variables(x);
            Active<double> y = GenericPrograms.Run(name, xs);
            double[] g = tape.Gradient(y, xs);
            Close(result.Values.At(i), y.Value, 1e-9, $"{name}, scenario {i}");
            for (int j = 0; j < own; j++)
            {
                Close(result.Gradients.At(i, j), g[j], 1e-6, $"{name}, scenario {i}, derivative by {j}");
            }

            shared += g[^1];
        }

        Close(result.SharedGradient.At(0), shared, 1e-7, $"{name}, by what is shared");
    }

    [Fact]
    public void Scenarios_part_at_a_barrier_and_come_back_in_order()
    {
        Tensor<double> x = Tensor.LinearSpace(0.0, 9.0, 10);
        int calls = 0;
        ScenarioResult<double> result = Differentiate.Map(
            (x, p) =>
            {
                calls++;
                return x[0] > 6.5 ? Lane<double>.Sqrt(x[0] - 6.5) * p[0] : x[0] < 2.5 ? p[0] * p[0] : 7.0;
            }, x, Tensor.Create([3.0]));
        result.Groups.Should().Be(3);
        calls.Should().Be(3, "the function is called once for each course");
        double[] values = [9, 9, 9, 7, 7, 7, 7, .. new[] { 0.5, 1.5, 2.5 }.Select(d => 3 * Math.Sqrt(d))];
        result.Values.ToArray().Should().Equal(values);
        result.Gradients.ToArray().Should().Equal([0, 0, 0, 0, 0, 0, 0, .. new[] { 0.5, 1.5, 2.5 }.Select(d => 3 * (0.5 / Math.Sqrt(d)))]);
        Close(result.SharedGradient.At(0), (3 * 6) + new[] { 0.5, 1.5, 2.5 }.Sum(Math.Sqrt), 1e-15, "shared");
    }

    /// <summary>√x below 0 is NaN for those that left: nothing of it reaches the others.</summary>
    [Fact]
    public void Those_that_left_contribute_nothing()
    {
        ScenarioResult<double> result = Differentiate.Map((x, p) => x[0] >= 0.0 ? Lane<double>.Sqrt(x[0]) * p[0] : p[0], Tensor.Create([4.0, -1.0, 9.0]), Tensor.Create([2.0]));
        result.Values.ToArray().Should().Equal(4, 2, 6);
        result.Gradients.ToArray().Should().Equal(0.5, 0, 1 / 3.0);
        result.SharedGradient.ToArray().Should().Equal(2 + 3 + 1.0);
    }

    [Fact]
    public void Many_blocks_and_their_bits()
    {
        Tensor<double> z = new RandomKey(2).Normal<double>(5000, 3);
        ScenarioResult<double> Run() => Differentiate.Map((x, p) => x[0] > p[0] ? Lane<double>.Exp(x[1] * p[1]) : x[2] / (p[1] + (x[1] * x[1])), z, Tensor.Create([0.1, 0.7]));
        ScenarioResult<double> first = Run(), again = Run();
        first.Groups.Should().Be(10);
        again.SharedGradient.ToArray().Should().Equal(first.SharedGradient.ToArray());
        first.Values.Length.Should().Be(5000);
        first.Values.At(4999).Should().BeApproximately(z.At(4999, 0) > 0.1 ? Math.Exp(z.At(4999, 1) * 0.7) : z.At(4999, 2) / (0.7 + Math.Pow(z.At(4999, 1), 2)), 1e-14);
    }

    [Fact]
    public void Misuse_of_Map_is_an_error()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([1.0, 2.0])), one = Tensor.Create([1.0]);
        FluentActions.Invoking(() => Differentiate.Map((x, p) => x[0], x, one)).Should().Throw<TapeException>();
        FluentActions.Invoking(() => Differentiate.Map((s, p) => s[0] + x, Tensor.Create([1.0, 2.0]), one)).Should().Throw<TapeException>();
        FluentActions.Invoking(() => Differentiate.Map((x, p) => x[0], Tensor.Zeros<double>(2, 2, 2), one)).Should().Throw<TensorShapeException>();
        FluentActions.Invoking(() => Differentiate.Map((x, p) => x[0], one, Tensor.Scalar(1.0))).Should().Throw<TensorShapeException>();
        FluentActions.Invoking(() => Differentiate.Map<double>(null!, one, one)).Should().Throw<ArgumentNullException>();
    }

    [Fact]
    public void Compiled_lanes_run_for_any_number_of_paths()
    {
        Tensor<double> z = new RandomKey(3).Normal<double>(3000, 2);
        Tensor<double>[] market = [Tensor.Scalar(100.0), Tensor.Scalar(0.2)];
        CompiledSum<double> sum = Differentiate.CompileSum<double>(
            (p, rows) => Payoff<Lane<double>>(p[0], p[1], rows[0][.., 0], rows[0][.., 1]).Tensor.Sum(), market, [z]);
        (double value, Tensor<double>[] gradients) = sum.ValueAndGradient(market, [z]);
        var tape = new ActiveTape<double>();
        Active<double>[] x = tape.Variables(100, 0.2);
        Active<double> total = Active<double>.Zero;
        for (int i = 0; i < 3000; i++)
        {
            total += Payoff<Active<double>>(x[0], x[1], z.At(i, 0), z.At(i, 1));
        }

        double[] expected = tape.Gradient(total, x);
        Close(value, total.Value, 1e-12, "value");
        Close(gradients[0].ToScalar(), expected[0], 1e-12, "delta");
        Close(gradients[1].ToScalar(), expected[1], 1e-12, "vega");

        static T Payoff<T>(T spot, T volatility, T first, T second) where T : System.Numerics.IFloatingPointIeee754<T>
        {
            T half = T.CreateChecked(0.5), s = spot * T.Exp((volatility * first) - (half * volatility * volatility));
            return volatility > T.Zero ? T.Max(s + (s * T.Exp((volatility * second) - (half * volatility * volatility))) - T.CreateChecked(200), T.Zero) : T.Zero;
        }
    }

    private static void Close(double actual, double expected, double tolerance, string because) =>
        (actual.Equals(expected) || actual == expected || Math.Abs(actual - expected) <= tolerance * Math.Max(Math.Abs(expected), 1e-290)).Should().BeTrue(because + $": {actual:R} and {expected:R}");
}
