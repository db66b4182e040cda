namespace AutoDiff.Tests.Diagnostics;

public class NonFiniteReportTests
{
    [Fact]
    public void The_first_operation_that_makes_a_NaN_is_named()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([1.0, -4.0, 9.0]));
        Tensor<double> roots;
        using (TapeScope.Enter("roots"))
        {
            roots = (x * 2.0).Sqrt();
        }

        NonFiniteReport report = tape.FindNonFinite((roots + 1.0).Sum());
        NonFiniteFinding first = report.First!;
        (first.Operation.Name, first.Operation.Index, first.Kind, first.IsCotangent, first.Count).Should().Be(("Sqrt", 2, NonFiniteKind.NaN, false, 1));
        first.Element.ToArray().Should().Equal(1);
        first.Operation.Scope!.Name.Should().Be("roots");
        first.Contributions.Should().Equal("operand 0, #1 Multiply [3], is -8");
        report.IsFinite.Should().BeFalse();
        report.ToString().Should().Contain("first NaN in a value: #2 Sqrt [3] in roots (NonFiniteReportTests.cs:").And.Contain("its value is nan at [1] (1 of 3 elements)");
    }

    [Fact]
    public void A_NaN_of_the_backward_sweep_is_traced_to_the_rule_that_made_it()
    {
        // (√x)² at 0 is 0; its cotangent 0 meets the slope ∞ of the root.
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([4.0, 0.0]));
        Tensor<double> y = x.Sqrt().Square().Sum();
        NonFiniteReport report = tape.FindNonFinite(y, x);
        report.Findings.Should().ContainSingle();
        NonFiniteFinding found = report.InCotangents(NonFiniteKind.NaN)!;
        (found.Operation.Name, found.Result.Name, found.Operand, found.IsCotangent).Should().Be(("Sqrt", "Variable", 0, true));
        found.Element.ToArray().Should().Equal(1);
        found.Contributions.Should().Equal("the cotangent of the result is 0", "operand 0, #0 Variable [2], is 0");
        tape.Gradient(y, x).ToArray().Should().Equal(1, double.NaN);
    }

    [Fact]
    public void Infinities_are_found_apart_from_NaN()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([2.0, 0.0]));
        Tensor<double> logs = x.Log();
        Tensor<double> y = (logs - logs).Sum();
        NonFiniteReport report = tape.FindNonFinite(y);
        report.InValues(NonFiniteKind.Infinity)!.Operation.Name.Should().Be("Log");
        report.InValues(NonFiniteKind.Infinity)!.Value.Should().Be(double.NegativeInfinity);
        report.InValues(NonFiniteKind.NaN)!.Operation.Name.Should().Be("Subtract");
        report.InValues(NonFiniteKind.NaN)!.Contributions.Should().Equal("operand 0, #1 Log [2], is -inf", "operand 1, #1 Log [2], is -inf");
        report.First!.Kind.Should().Be(NonFiniteKind.Infinity);
    }

    [Fact]
    public void An_overflow_of_single_precision_is_an_infinity()
    {
        using var tape = new Tape<float>();
        Tensor<float> x = tape.Variable(Tensor.Create([1f, 100f]));
        NonFiniteFinding found = tape.FindNonFinite(x.Exp().Sum(), x).InValues(NonFiniteKind.Infinity)!;
        (found.Operation.Name, found.Value).Should().Be(("Exp", double.PositiveInfinity));
        found.Contributions.Should().Equal("operand 0, #0 Variable [2], is 100");
    }

    [Fact]
    public void The_elements_behind_an_element_are_told_for_each_kind_of_operation()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([1.0, 2.0, double.MaxValue, double.MaxValue, 3.0, 4.0], 3, 2));
        Tensor<double> rows = x.Sum([1]);
        tape.FindNonFinite(rows).First!.Contributions.Should().Equal("operand 0, #0 Variable [3, 2], is 1.79769E+308");
        Tensor<double> product = x.MatMul(Tensor.Create([2.0, 1.0], 2, 1));
        NonFiniteFinding found = tape.FindNonFinite(product).First!;
        (found.Operation.Name, found.Element[0]).Should().Be(("MatMul", 1));
        found.Contributions.Should().Equal("operand 0, #0 Variable [3, 2], is 1.79769E+308", "operand 1, constant [2, 1], is between 1 and 2");
    }

    [Fact]
    public void A_variable_or_a_constant_may_be_the_origin()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([1.0, double.NaN]));
        tape.FindNonFinite(x.Sum()).First!.Operation.Name.Should().Be("Variable");
        Tensor<double> z = tape.Variable(Tensor.Create([1.0, 2.0])) * Tensor.Create([1.0, double.NaN]);
        tape.FindNonFinite(z).First!.Contributions.Should().Contain("operand 1, constant [2], is nan");
    }

    [Fact]
    public void What_does_not_lead_to_the_output_is_not_looked_at()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([-1.0, 2.0]));
        _ = x.Sqrt();
        NonFiniteReport report = tape.FindNonFinite(x.Square().Sum(), x);
        report.IsFinite.Should().BeTrue();
        report.First.Should().BeNull();
        (report.OperationsChecked, report.CotangentsChecked).Should().Be((3, 3));
        report.ToString().Should().Be("all finite: the values of 3 operations, the cotangents of 3\n");
    }

    [Fact]
    public void A_lane_that_was_not_chosen_is_no_finding_of_the_backward_sweep()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([0.0, 4.0]));
        Tensor<double> y = Tensor.Where(x > 0.0, x.Sqrt(), x).Sum();
        tape.FindNonFinite(y, x).IsFinite.Should().BeTrue();
    }

    [Fact]
    public void The_search_leaves_tape_and_derivatives_as_they_were()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([0.5, 1.5]));
        Tensor<double> y = (x.Sin() * x).Sum();
        double[] gradient = tape.Gradient(y, x).ToArray();
        int count = tape.Count;
        tape.FindNonFinite(y, x);
        tape.FindKinks(y);
        tape.Explain();
        tape.ToHtml(y);
        tape.Count.Should().Be(count);
        tape.Gradient(y, x).ToArray().Should().Equal(gradient);
    }

    [Fact]
    public void Foreign_tensors_and_disposed_tapes_are_refused()
    {
        var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(1.0);
        ((Action)(() => tape.FindNonFinite(Tensor.Scalar(1.0)))).Should().Throw<TapeException>();
        ((Action)(() => tape.FindNonFinite(x, Tensor.Scalar(1.0)))).Should().Throw<TapeException>();
        ((Action)(() => tape.OperationAt(1))).Should().Throw<ArgumentOutOfRangeException>();
        tape.Dispose();
        ((Action)(() => tape.FindKinks())).Should().Throw<ObjectDisposedException>();
        ((Action)(() => tape.Explain())).Should().Throw<ObjectDisposedException>();
        ((Action)(() => tape.ToText())).Should().Throw<ObjectDisposedException>();
        ((Action)(() => tape.OperationAt(0))).Should().Throw<ObjectDisposedException>();
    }
}
