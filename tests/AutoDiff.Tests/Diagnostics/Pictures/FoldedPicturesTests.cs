using System.Text.RegularExpressions;

namespace AutoDiff.Tests.Diagnostics.Pictures;

/// <summary>What keeps pictures small and complete: repeated chains are drawn once, results with many uses as stubs, and constants, values and cotangents are there.</summary>
public class FoldedPicturesTests
{
    [Fact]
    public void A_loop_is_one_frame_with_the_operations_of_a_pass()
    {
        using var tape = new Tape<double>();
        Tensor<double> w = tape.Variable(Tensor.Create([0.5, 0.25]), "w");
        Tensor<double> y = tape.Variable(Tensor.Create([1.0, 2.0]), "start");
        for (int i = 0; i < 40; i++)
        {
            y = (y * w).Sin() + w;
        }

        _ = y.Sum();
        tape.ToMermaid().Should().Be("""
            flowchart TD
              n0(["w<br/>[2]"])
              n1(["start<br/>[2]"])
              subgraph s0["#215; 40"]
                n6(["#8634; Add #35;4"])
                n2["Multiply<br/>[2]"]
                n3["Sin<br/>[2]"]
                n4["Add<br/>[2]"]
              end
              n5["Sum<br/>VALUE"]
              n1 --> n2
              n0 --> n2
              n6 --> n2
              n2 --> n3
              n3 --> n4
              n0 --> n4
              n4 --> n5

            """.ReplaceLineEndings("\n").Replace("VALUE", y.Sum().ToScalar().ToString("G6", System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));
        string text = tape.ToText(options: new TapePictureOptions { FoldRepeats = true });
        text.Split('\n').Select(line => Regex.Replace(line.TrimEnd(), " {2,}[0-9].*", "")).Take(8).Should().Equal(
            "tape of 124 operations", "  #0 = Variable w [2]", "  #1 = Variable start [2]", "  × 40 (40 passes of 3 operations, #2 to #121)", "    #2 = Multiply(start, w) [2]", "    #3 = Sin(#2) [2]",
            "    #4 = Add(#3, w) [2]", "  #122 = Sum(#121) []");
        tape.ToText().Split('\n').Should().HaveCount(tape.Count + 2, "a list has a line for each operation");
    }

    [Fact]
    public void Loops_inside_of_loops_are_frames_inside_of_frames()
    {
        using var tape = new Tape<double>();
        Tensor<double> y = tape.Variable(1.0);
        for (int i = 0; i < 20; i++)
        {
            for (int j = 0; j < 5; j++)
            {
                y = (y.Sin() + 1.0).Exp().Tanh();
            }

            y = y.Sqrt();
        }

        // The inner frame takes from its own last pass and from the last pass of the outer one; both are stubs.
        string picture = tape.ToMermaid(options: new TapePictureOptions { Constants = false });
        Regex.Matches(picture, "subgraph s[0-9]+\\[\"([^\"]*)\"\\]").Select(m => m.Groups[1].Value).Should().Equal("#215; 20", "#215; 5");
        Regex.Matches(picture, "\\(\\[\"(.*?)\"\\]\\)").Select(m => m.Groups[1].Value).Should().Equal("Variable<br/>1", "#8634; Tanh #35;4", "#8634; Sqrt #35;21");
    }

    [Fact]
    public void Passes_with_scopes_of_their_own_fold_in_the_scope_around_them()
    {
        using Tape<double> tape = BrowserTests.Network(out Tensor<double> y);
        TapeGraph graph = GraphBuilder<double>.Build(tape, y, 1000, new TapePictureOptions(), fold: true);
        GraphScope frame = graph.Root.Children.OfType<GraphScope>().Single(scope => scope.Repeat is not null);
        frame.Name.Should().Be("× 14: block 1 … block 14");
        frame.Children.OfType<GraphScope>().Select(scope => scope.Name).Should().Equal("block 1");
        graph.Total.Should().Be(tape.Count);
        graph.Nodes.Count(node => node.Operation is not null).Should().BeLessThan(tape.Count / 8);
    }

    [Fact]
    public void What_is_not_the_same_is_not_folded()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(1.0), y = x;
        for (int i = 0; i < 40; i++)
        {
            y = i % 7 == 3 * (i / 14) ? y.Cos() : i % 2 == 0 ? y.Sin() : x * y;
        }

        for (int i = 0; i < 3; i++)
        {
            y = (y.Exp() + 1.0).Sqrt().Tanh().Sin(); // three passes are not worth a frame
        }

        GraphBuilder<double>.Build(tape, y, 1000, new TapePictureOptions(), fold: true).Nodes.Where(node => node.Operation is not null).Should().HaveCountGreaterThan(30);
        tape.ToMermaid(options: new TapePictureOptions { FoldRepeats = false }).Should().NotContain("subgraph");

        // Variables keep their names, but for numbers in them.
        foreach (string name in new[] { "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa" })
        {
            tape.Variable(1.0, name);
        }

        tape.ToMermaid().Should().Contain("alpha").And.Contain("theta").And.Contain("kappa");
    }

    [Fact]
    public void Every_dependence_is_drawn_once_whatever_is_folded()
    {
        for (ulong seed = 1; seed <= 40; seed++)
        {
            var random = new Random((int)seed);
            using var tape = new Tape<double>();
            var values = new List<Tensor<double>> { tape.Variable(0.5), tape.Variable(0.25) };
            for (int loop = 0; loop < 3; loop++)
            {
                int[] lags = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(1, 6))];
                for (int pass = 0; pass < random.Next(2, 12); pass++)
                {
                    foreach (int lag in lags)
                    {
                        Tensor<double> x = values[Math.Max(values.Count - lag, 0)];
                        values.Add(lag % 2 == 0 ? (x * values[0]).Tanh() : x.Sin() + values[^1]);
                    }
                }
            }

            TapeGraph graph = GraphBuilder<double>.Build(tape, null, 10_000, new TapePictureOptions { Constants = false, StubsAbove = 2 }, fold: true);
            graph.Nodes.Select(node => node.Id).Should().Equal(Enumerable.Range(0, graph.Nodes.Count));
            int[] drawn = [.. graph.Nodes.Where(node => node.Operation is not null).Select(node => node.Operation!.Index)];
            drawn.Should().BeInAscendingOrder();
            foreach (GraphNode node in graph.Nodes)
            {
                node.Sources.Should().OnlyHaveUniqueItems();
                GraphNode[] sources = [.. node.Sources.Select(source => source.StubOf ?? source)];
                foreach (int operand in (node.Operation?.Operands ?? []).Select(operand => operand.Index).OfType<int>().Where(index => index != node.Operation!.Index))
                {
                    // The operand itself, or the one that is drawn for it.
                    sources.Should().Contain(source => source.Operation!.Index == operand || !drawn.Contains(operand));
                }

                node.Sources.Where(source => source.StubOf is null).Should().NotContain(source => source.Operation!.Index >= node.Operation!.Index, "no edge turns back");
            }

            tape.ToDot().Should().Be(tape.ToDot());
            tape.ToHtml().Should().Contain("</html>");
        }
    }

    [Fact]
    public void A_result_with_many_uses_is_a_stub_at_each_of_them()
    {
        using var tape = new Tape<double>();
        Tensor<double> weights = tape.Variable(Tensor.Ones<double>(3), "weights"), sum = tape.Variable(Tensor.Ones<double>(3), "x");
        for (int i = 0; i < 50; i++)
        {
            sum = i % 3 == i % 5 ? sum + weights : i % 2 == 0 ? (sum * weights).Sin() : sum - weights.Square();
        }

        string drawn = tape.ToMermaid(maxNodes: 1000, options: new TapePictureOptions { FoldRepeats = false });
        Regex.Matches(drawn, "n0 --> ").Should().BeEmpty();
        Regex.Matches(drawn, "\\(\\[\"weights\"\\]\\)").Should().HaveCountGreaterThan(40);
        Regex.Matches(tape.ToMermaid(maxNodes: 1000, options: new TapePictureOptions { StubsAbove = null, FoldRepeats = false }), "n0 --> ").Should().HaveCount(50);
        Regex.Matches(tape.ToMermaid(maxNodes: 1000, options: new TapePictureOptions { StubsAbove = 50, FoldRepeats = false }), "n0 --> ").Should().HaveCount(50);
        ((Action)(() => tape.ToDot(options: new TapePictureOptions { StubsAbove = 0 }))).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("options");
    }

    [Fact]
    public void Constants_and_numbers_are_drawn_where_they_are_used()
    {
        Tensor<double> data = Tensor.Ones<double>(3, 2);
        using var tape = new Tape<double>();
        Tensor<double> w = tape.Variable(Tensor.Ones<double>(2));
        Tensor<double> y = data.MatMul(w) * 2.5 + (data * w).Sum(1) - Tensor.Scalar(7.0);
        string dot = tape.ToDot(y);
        Regex.Matches(dot, "label=\"constant\\\\n\\[3, 2\\]\", shape=plaintext").Should().HaveCount(1, "a constant is drawn once in a scope");
        dot.Should().Contain("[label=\"2.5\", shape=plaintext").And.Contain("[label=\"7\", shape=plaintext");
        tape.ToHtml(y).Should().Contain("<g class=\"node Constant\"").And.Contain(">2.5</text>");
        tape.ToMermaid(y).Should().Contain("([\"2.5\"])");
        string without = tape.ToDot(y, options: new TapePictureOptions { Constants = false });
        without.Should().NotContain("constant").And.NotContain("2.5");
        Regex.Matches(without, "label=").Should().HaveCount(tape.Count);
    }

    [Fact]
    public void Cotangents_are_those_of_the_gradient()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([1.0, 2.0]), "x"), unused = tape.Variable(5.0);
        Tensor<double> y = (x.Square() + unused.Floor()).Sum();
        var options = new TapePictureOptions { Cotangents = true };
        tape.Gradient(y, x).ToArray().Should().Equal(2, 4);
        tape.ToText(y, options: options).Should().MatchRegex("#0 = Variable x \\[2\\] .*, cotangent between 2 and 4\n").And.MatchRegex("Sum\\(.*\\) \\[\\] .*, cotangent 1\n");
        tape.ToMermaid(y, options: options).Should().Contain("n0([\"x<br/>[2]<br/>cotangent between 2 and 4\"])");
        tape.ToDot(y, options: options).Should().Contain("x\\n[2]\\ncotangent between 2 and 4");
        tape.ToHtml(y, options: options).Should().Contain(">cotangent between 2 and 4</text>").And.Contain("\"cotangent\":\"between 2 and 4\"");
        tape.ToText(y).Should().NotContain("cotangent");
        int count = tape.Count;
        ((Action)(() => tape.ToHtml(options: options))).Should().Throw<ArgumentException>().WithParameterName("options").WithMessage("*give the result as y*");
        tape.Count.Should().Be(count);
    }
}
