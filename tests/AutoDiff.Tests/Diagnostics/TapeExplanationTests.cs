namespace AutoDiff.Tests.Diagnostics;

public class TapeExplanationTests
{
    [Fact]
    public void Operations_are_counted_with_their_cost()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = Tensor.Ones<double>(5, 4);
        Tensor<double> w = tape.Variable(Tensor.Ones<double>(4, 3));
        _ = x.MatMul(w).Exp().Sum();
        TapeExplanation cost = tape.Explain();
        cost.Operations.Should().Equal(
            new OperationCost { Name = "MatMul", Count = 1, Elements = 15, Flops = 2 * 5 * 4 * 3, Bytes = 120, BytesForDerivative = 0 },
            new OperationCost { Name = "Exp", Count = 1, Elements = 15, Flops = 15, Bytes = 120, BytesForDerivative = 120 },
            new OperationCost { Name = "Sum", Count = 1, Elements = 1, Flops = 15, Bytes = 8, BytesForDerivative = 0 },
            new OperationCost { Name = "Variable", Count = 1, Elements = 12, Flops = 0, Bytes = 96, BytesForDerivative = 0 });
        cost.Memory.Should().Equal(
            new MemoryUse { Reason = MemoryReason.KeptForDerivative, Count = 1, Bytes = 120 },
            new MemoryUse { Reason = MemoryReason.KeptAsValue, Count = 2, Bytes = 128 },
            new MemoryUse { Reason = MemoryReason.Variable, Count = 1, Bytes = 96 },
            new MemoryUse { Reason = MemoryReason.Constant, Count = 1, Bytes = 160 });
        (cost.Count, cost.Flops, cost.Bytes).Should().Be((4, 150, 504));
    }

    [Fact]
    public void What_a_derivative_reads_is_told_from_what_it_does_not()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([1.0, 2.0]));
        Tensor<double> sum = x + 1.0; // read by sin
        Tensor<double> sine = sum.Sin(); // read by nobody: y + z needs neither
        Tensor<double> power = sum.Exp(); // read by itself
        _ = sine + power;
        bool[] read = MemorySurvey<double>.ReadByDerivatives(tape);
        read.Should().Equal(false, true, false, true, false);
    }

    [Fact]
    public void Views_and_shared_constants_hold_nothing_twice()
    {
        using var tape = new Tape<float>();
        Tensor<float> x = tape.Variable(Tensor.Ones<float>(6));
        Tensor<float> data = Tensor.Ones<float>(2, 3);
        Tensor<float> matrix = x.Reshape(2, 3);
        _ = (matrix * data) + (matrix[0] * data);
        TapeExplanation cost = tape.Explain();
        cost.Memory.Single(row => row.Reason == MemoryReason.SharedView).Should().Be(new MemoryUse { Reason = MemoryReason.SharedView, Count = 2, Bytes = 24 + 12 });
        cost.Memory.Single(row => row.Reason == MemoryReason.Constant).Should().Be(new MemoryUse { Reason = MemoryReason.Constant, Count = 1, Bytes = 24 });
        cost.Memory.Single(row => row.Reason == MemoryReason.Variable).Should().Be(new MemoryUse { Reason = MemoryReason.Variable, Count = 1, Bytes = 24 });
    }

    [Fact]
    public void Rules_from_outside_are_not_run_and_keep_what_they_are_given()
    {
        using var tape = new Tape<double>();
        int calls = 0;
        Tensor<double> x = tape.Variable(1.0);
        _ = x.Sin().OnCotangent(g =>
        {
            calls++;
            return g;
        });
        MemorySurvey<double>.ReadByDerivatives(tape).Should().Equal(true, true, true);
        calls.Should().Be(0);
    }

    [Fact]
    public void The_tables_are_aligned()
    {
        using var tape = new Tape<double>();
        _ = tape.Variable(Tensor.Ones<double>(1000, 10)).Exp().Sum();
        string[] lines = tape.Explain().ToString().Split('\n');
        lines[..5].Should().Equal(
            "operation  count  elements    FLOP      held  for derivatives",
            "Exp            1    10,000  10.0 k  78.1 KiB         78.1 KiB",
            "Sum            1         1  10.0 k       8 B              0 B",
            "Variable       1    10,000       0  78.1 KiB              0 B",
            "total          3    20,001  20.0 k   156 KiB         78.1 KiB");
    }

    [Fact]
    public void An_empty_tape_costs_nothing()
    {
        using var tape = new Tape<double>();
        tape.Explain().Count.Should().Be(0);
        tape.ToText().Should().Be("tape of 0 operations\n");
        tape.FindKinks().Findings.Should().BeEmpty();
        tape.ToHtml().Should().Contain("<svg");
    }
}
