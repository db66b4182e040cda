using AutoDiff.Tests.Operations;

namespace AutoDiff.Tests.Diagnostics;

/// <summary>All reports on all operations of the table, at points that keep away from kinks.</summary>
public class EveryOperationTests
{
    public static IEnumerable<object[]> Rows => OperationTable<double>.Rows.Values.Where(row => !row.Constant).Select(row => new object[] { row.Name });

    [Theory]
    [MemberData(nameof(Rows))]
    public void Reports_understand_the_operation(string name)
    {
        OperationRow<double> row = OperationTable<double>.Rows[name];
        foreach (Theories<double>.Trial trial in Theories<double>.Trials(row, "diagnostics"))
        {
            using var tape = new Tape<double>();
            Tensor<double>[] x = Array.ConvertAll(trial.X, tape.Variable);
            Tensor<double> y = row.F(x);
            int count = tape.Count;
            bool valuesRead = tape.ValuesRead;
            NonFiniteReport finite = tape.FindNonFinite(y);
            if (!IsFinite(y) || !tape.Vjp([y], [Tensor.Ones<double>(y.Shape)], x).All(IsFinite))
            {
                finite.IsFinite.Should().BeFalse();
            }

            TapeExplanation cost = tape.Explain();
            cost.Count.Should().Be(count);
            cost.Operations.Should().OnlyContain(operation => operation.Flops >= 0);
            tape.ToHtml(y).Should().Contain("</html>");

            // A probe at the operands' own values gives the operation's own value.
            for (int i = 0; i < count; i++)
            {
                for (int k = 0; k < tape[i].InputCount; k++)
                {
                    Tensor<double> operand = tape[i].Input(k);
                    if (Shapes.BroadcastsTo(operand.Shape, tape[i].Output.Shape) && tape[i].Probe(k, operand.View(operand.Dimensions).BroadcastTo(tape[i].Output.Shape)) is { } probe)
                    {
                        probe.Value.ToArray().Should().Equal(tape[i].Output.View(tape[i].Output.Dimensions).ToArray());
                    }
                }
            }

            // Rows keep away from the kinks of their operation, but for one that ties on purpose.
            KinkReport kinks = tape.FindKinks(y);
            kinks.Findings.Any(found => found.Kind == KinkKind.Kink && found.Operation.Name == row.Operation).Should().Be(name == "Maximum: with itself" && y.Length > 0, kinks.ToString());
            tape.Count.Should().Be(count);
            tape.ValuesRead.Should().Be(valuesRead);
        }
    }

    private static bool IsFinite(Tensor<double> x) => x.View(x.Dimensions).ToArray().All(double.IsFinite);
}
