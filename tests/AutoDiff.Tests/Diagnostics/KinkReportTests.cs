using System.Numerics;

namespace AutoDiff.Tests.Diagnostics;

public class KinkReportTests
{
    public static TheoryData<string, KinkKind, string, string> Kinks => new()
    {
        { "Abs", KinkKind.Kink, "x = 0", "0 used, -1 on the left, 1 on the right" },
        { "Relu", KinkKind.Kink, "x = 0", "0 used, 0 on the left, 1 on the right" },
        { "Sign", KinkKind.Jump, "x = 0", "0 used, the value jumps from -1 to 1" },
        { "Clamp", KinkKind.Kink, "x = 1", "0 used, 1 on the left, 0 on the right" },
        { "Sqrt", KinkKind.Unbounded, "x = 0", "inf used" },
        { "Pow", KinkKind.Unbounded, "x = 0", "inf used" },
        { "Maximum", KinkKind.Kink, "x = 3, y = 3", "0.5 used, 0 on the left, 1 on the right" },
        { "Max", KinkKind.Tie, "3 elements equal to 5", "shared evenly, 1/3 each" },
        { "Min", KinkKind.Tie, "2 elements equal to 1", "shared evenly, 1/2 each" },
        { "Norm", KinkKind.Kink, "the zero vector", "0 used, the subgradient of least norm" },
    };

    private static Tensor<T> Record<T>(string name, Tape<T> tape) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> Variable(params double[] values) => tape.Variable(Tensor.Create<double>(values).ConvertTo<T>());
        return name switch
        {
            "Abs" => Variable(2, 0, -1).Abs(),
            "Relu" => Variable(2, 0, -1).Relu(),
            "Sign" => Variable(2, 0, -1).Sign(),
            "Clamp" => Variable(0.5, 1, 7).Clamp(T.Zero, T.One),
            "Sqrt" => Variable(4, 0, 1).Sqrt(),
            "Pow" => Variable(4, 0, 1).Pow(T.CreateChecked(0.5)),
            "Maximum" => Variable(1, 3, 4).Maximum(Tensor.Scalar(T.CreateChecked(3))),
            "Max" => Variable(5, 5, 1, 5).Max(),
            "Min" => Variable(5, 1, 1, 7).Min(),
            _ => Variable(0, 0).Norm(),
        };
    }

    [Theory]
    [MemberData(nameof(Kinks))]
    public void A_kink_is_found_with_the_convention_applied(string name, KinkKind kind, string at, string convention)
    {
        using var tape = new Tape<double>();
        Check(tape.FindKinks(Record(name, tape)));
        using var single = new Tape<float>();
        Check(single.FindKinks(Record(name, single)));

        void Check(KinkReport report)
        {
            KinkFinding found = report.Findings.Should().ContainSingle(f => f.Kind != KinkKind.Step).Subject;
            (found.Operation.Name, found.Kind, found.Place, found.Convention, found.Count).Should().Be((name, kind, at, convention, 1));
            report.ToString().Should().Contain(name).And.Contain(convention);
        }
    }

    [Fact]
    public void Elements_are_counted_and_the_first_is_named()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([1.0, 2.0, 0.0, 3.0, 0.0, 0.0], 3, 2));
        KinkFinding found = tape.FindKinks(x.Relu().Sum()).Findings.Should().ContainSingle().Subject;
        found.Count.Should().Be(3);
        found.Element.ToArray().Should().Equal(1, 0);
    }

    [Fact]
    public void Both_operands_of_a_tie_are_told_and_broadcasting_is_understood()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([1.0, 2.0, 3.0, 2.0], 2, 2));
        Tensor<double> y = tape.Variable(Tensor.Create([5.0, 2.0]));
        IReadOnlyList<KinkFinding> found = tape.FindKinks(x.Maximum(y)).Findings;
        found.Select(f => (f.Operand, f.Count)).Should().Equal((0, 2), (1, 2));
        found[0].Element.ToArray().Should().Equal(0, 1);
    }

    [Fact]
    public void Smooth_operations_have_no_kinks_however_large_or_small_the_arguments()
    {
        double[] values = [0, -0.0, 1e-310, -1e-300, 1e-8, 0.5, Math.PI / 2, Math.PI, -3, 40, 1e6, 1e15, 1e300];
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create<double>(values));
        _ = (x.Sin(), x.Cos(), x.Tanh(), x.Sigmoid(), x.Exp(), x.Expm1(), x.Softplus(), x.Square(), x * x, x + x, (x.Abs() + 1.0).Log(), x.Square() / (x + 0.25), x.Tan());
        tape.FindKinks().Findings.Select(f => f.Operation.Name).Distinct().Should().Equal("Abs");

        using var single = new Tape<float>();
        Tensor<float> s = single.Variable(Tensor.Create<double>(values).ConvertTo<float>());
        _ = (s.Sin(), s.Cos(), s.Tanh(), s.Sigmoid(), s.Exp(), s.Expm1(), s.Softplus(), s * s);
        single.FindKinks().Findings.Should().BeEmpty();
    }

    public static TheoryData<string> Steps => new(StepFunctions.Keys);

    /// <summary>Functions that are constant between jumps, and the operation in which the path of the derivative ends.</summary>
    private static readonly Dictionary<string, (Func<Tensor<double>, Tensor<double>> F, string Operation)> StepFunctions = new()
    {
        ["digital"] = (x => (x > 0.2) * 3.0, "GreaterThan"),
        ["comparison of tensors"] = (x => x.Exp() <= x.Flip(), "LessThanOrEqual"),
        ["choice"] = (x => Tensor.Where(x > 0.2, 1.0, 0.0), "GreaterThan"),
        ["floor"] = (x => x.Floor() * 2.0, "Floor"),
        ["sign"] = (x => x.Sin().Sign(), "Sign"),
        ["step"] = (x => x.Heaviside(0.5), "Heaviside"),
        ["rounding"] = (x => (x * 4.0).Round() / 4.0, "Round"),
    };

    [Theory]
    [MemberData(nameof(Steps))]
    public void A_step_that_ends_a_path_is_told_wherever_the_point_lies(string name)
    {
        (Func<Tensor<double>, Tensor<double>> f, string operation) = StepFunctions[name];
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([0.3, -0.7, 1.1]));
        KinkFinding found = tape.FindKinks(f(x).Sum()).Findings.Should().ContainSingle().Subject;
        (found.Kind, found.Operation.Name, found.Count).Should().Be((KinkKind.Step, operation, 3));
        found.Convention.Should().Contain("0 used, wherever the point lies");

        // The gradient is the silent zero that the finding is about, and the checker does not let it pass.
        Differentiate.Gradient(z => f(z).Sum(), x.Detach()).ToArray().Should().OnlyContain(slope => slope == 0);
        FluentActions.Invoking(() => GradientCheck.Check(f, x.Detach())).Should().Throw<GradientCheckException>().WithMessage($"*step only*{operation}*");
    }

    [Theory]
    [InlineData("Relu", "ReluSlope")]
    [InlineData("Abs", "AbsSlope")]
    [InlineData("Maximum", "IsLarger")]
    [InlineData("Clamp", "IsInside")]
    [InlineData("Max", "IsExtremum")]
    [InlineData("LeakyRelu", "Slope")]
    [InlineData("Huber", "IsInside")]
    public void A_kink_is_met_by_the_second_derivative(string name, string slope)
    {
        Tensor<double> apply(Tensor<double> x) => name switch
        {
            "Relu" => x.Relu(),
            "Abs" => x.Abs(),
            "Maximum" => x.Maximum(Tensor.Create([0.1, 0.2, 0.4])),
            "Clamp" => x.Clamp(-0.5, 0.5),
            "Max" => x.Max(),
            "LeakyRelu" => x.LeakyRelu(),
            _ => Loss.Huber(x, Tensor.Zeros(3)),
        };
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([0.3, -0.7, 1.2]));
        Tensor<double> y = (apply(x) * 2.0).Sum();
        tape.FindKinks(y).Findings.Should().BeEmpty("the first derivative meets no kink here");
        Tensor<double> gradient = tape.Gradient(y, x, record: true);

        // Of a second order there are two kinks: that of the slope of the loss is met by the third.
        Tensor<double> second = name == "Huber" ? tape.Gradient(gradient.Sum(), x, record: true) : gradient;
        tape.FindKinks(second).Findings.Should().Contain(f => f.Kind == KinkKind.Step && f.Operation.Name == slope);
    }

    [Fact]
    public void A_step_beside_a_path_is_told_too()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(2.5);
        tape.FindKinks(x.Floor() * x).Findings.Should().ContainSingle(f => f.Kind == KinkKind.Step && f.Operation.Name == "Floor");
        tape.FindKinks(x.Silu() + x.Softplus() + x.LogSigmoid() + x.Detach().Floor()).Findings.Should().BeEmpty("they are smooth, and a constant has no path");
    }

    [Fact]
    public void A_program_without_kinks_says_so()
    {
        using var tape = new Tape<double>();
        tape.FindKinks(tape.Variable(1.0).Sin()).ToString().Should().Be("no kinks, jumps or ties\n");
    }
}
