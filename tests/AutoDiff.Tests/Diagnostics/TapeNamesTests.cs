namespace AutoDiff.Tests.Diagnostics;

/// <summary>A variable is called what the program calls it, in every report and picture.</summary>
public class TapeNamesTests
{
    [Fact]
    public void A_variable_is_called_what_the_program_calls_it()
    {
        Tensor<double> weights = Tensor.Create([1.0, -2.0]);
        Tensor<double>[] layers = [weights, weights];
        using var tape = new Tape<double>();
        Tensor<double> w = tape.Variable(weights);
        tape.Variable(layers[0]);
        tape.Variable(weights * 2.0);
        tape.Variable(weights, "layer 1");
        tape.Variable(2.0);
        Array.ConvertAll(layers, tape.Variable);
        _ = (w * w).Sqrt();
        Enumerable.Range(0, 7).Select(i => tape.OperationAt(i).Variable).Should().Equal("weights", "layers[0]", null, "layer 1", null, null, null);
        tape.OperationAt(0).ToString().Should().Be("#0 Variable weights [2]");
        tape.OperationAt(2).ToString().Should().Be("#2 Variable [2]");
        tape.OperationAt(7).Operands[0].ToString().Should().Be("#0 weights [2]");
        tape.OperationAt(7).Name.Should().Be("Multiply");
    }

    [Fact]
    public void Parameters_give_their_names()
    {
        var model = new Parameters<double>(("hidden.weight", Tensor.Ones<double>(2, 2)), ("bias", Tensor.Create([-1.0, 0.0])));
        using var tape = new Tape<double>();
        Parameters<double> p = tape.Variables(model);
        Tensor<double> y = (p["hidden.weight"].Sum(0) + p["bias"]).Sum();
        Parameters<double> gradients = tape.Gradient(y, p);
        gradients.Keys.Should().Equal("hidden.weight", "bias");
        gradients["bias"].ToArray().Should().Equal(1, 1);
        string text = tape.ToText();
        text.Should().Contain("#0 = Variable hidden.weight [2, 2]").And.Contain("#1 = Variable bias [2]").And.Contain("= Sum(hidden.weight) [2]").And.Contain("= Add(#2, bias) [2]");
        tape.ToMermaid().Should().Contain("n1([\"bias<br/>[2]\"])");
        tape.ToDot().Should().Contain("label=\"bias\\n[2]\"");
        tape.ToHtml().Should().Contain(">bias</text>").And.Contain("\"variable\":\"bias\"").And.Contain(">Fit</button>").And.Contain(">3</text>", "the value of a scalar stands in its box");
        _ = p["bias"].Log().Sum();
        tape.FindNonFinite(p["bias"].Log().Sum()).ToString().Should().Contain("#1 Variable bias [2]");
    }

    [Fact]
    public void Names_are_encoded()
    {
        using var tape = new Tape<double>();
        tape.Variable(1.0, "<script>\"x\"\n#1");
        tape.ToHtml().Should().NotContain("<script>\"x");
        tape.ToMermaid().Should().NotContain("<script>");
        tape.ToText().Should().Contain("Variable <script>\"x\" #1 []");
    }
}
