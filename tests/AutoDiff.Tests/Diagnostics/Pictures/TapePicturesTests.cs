using System.Text.RegularExpressions;

namespace AutoDiff.Tests.Diagnostics.Pictures;

public class TapePicturesTests
{
    private const string Hostile = "a\"];<script>alert(1)</script>&amp; \\ #quot; -->\n\u202e{title}{data}'`";

    [Fact]
    public void Text_has_one_line_for_each_operation()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Ones<double>(2, 3));
        using (TapeScope.Enter("layer", "/a/Model.cs", 5))
        {
            _ = x.MatMul(Tensor.Ones<double>(3, 4)).Exp();
        }

        tape.ToText().Split('\n').Select(line => line.TrimEnd()).Should().Equal(
            "tape of 3 operations",
            "  #0 = Variable() [2, 3]                     0 FLOP, 48 B",
            "  layer (Model.cs:5)",
            "    #1 = MatMul(#0, constant [3, 4]) [2, 4]  48 FLOP, 64 B",
            "    #2 = Exp(#1) [2, 4]                      8 FLOP, 64 B",
            "");
    }

    [Fact]
    public void Mermaid_has_nodes_edges_and_subgraphs()
    {
        using Tape<double> tape = Small(out Tensor<double> y);
        tape.ToMermaid(y).Should().Be("""
            flowchart TD
              n0(["Variable<br/>[2]"])
              subgraph s0["layer (Model.cs:5)"]
                n1["Sin<br/>[2]"]
                n2["Multiply<br/>[2]"]
              end
              n0 --> n1
              n1 --> n2
              n0 --> n2

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Dot_has_nodes_edges_and_clusters()
    {
        using Tape<double> tape = Small(out Tensor<double> y);
        tape.ToDot(y).Should().Contain("n0 [label=\"Variable\\n[2]\", shape=ellipse, style=solid];").And.Contain("subgraph cluster_0 {\n    label=\"layer (Model.cs:5)\";")
            .And.Contain("    n2 [label=\"Multiply\\n[2]\"];\n  }\n").And.EndWith("  n0 -> n1;\n  n1 -> n2;\n  n0 -> n2;\n}\n");
    }

    [Fact]
    public void Only_what_leads_to_the_output_is_drawn()
    {
        using Tape<double> tape = Small(out Tensor<double> y);
        _ = y.Cos();
        tape.ToText(y).Should().Contain("3 operations").And.NotContain("Cos");
        tape.ToText().Should().Contain("Cos");
    }

    [Fact]
    public void The_middle_of_a_long_tape_is_left_out_and_counted()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(1.0);
        Tensor<double> y = x;
        for (int i = 1; i < 100; i++)
        {
            y = y.Sin();
        }

        y += x;
        string text = tape.ToText(y, maxNodes: 10);
        text.Should().StartWith("tape of 101 operations\n").And.Contain("… 92 operations …");
        Regex.Matches(text, "#[0-9]+ =").Select(m => m.Value).Should().Equal("#0 =", "#1 =", "#2 =", "#3 =", "#96 =", "#97 =", "#98 =", "#99 =", "#100 =");
        Regex.Matches(tape.ToMermaid(y, 10, new TapePictureOptions { FoldRepeats = false }), "-->").Should().HaveCount(10);
        ((Action)(() => tape.ToDot(y, 2))).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Hostile_names_stay_text()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(1.0);
        using (TapeScope.Enter(Hostile))
        {
            _ = x.Sin();
        }

        tape.ToText().Split('\n').Should().HaveCount(5);
        tape.ToText().Should().NotContain("\u202e");
        Regex.Match(tape.ToMermaid(), "subgraph s0\\[\"([^\\n]*)\"\\]\n").Groups[1].Value.Should().MatchRegex("^[A-Za-z0-9 _.,:()\\[\\]/#;-]*$").And.Contain("#60;script#62;");
        Regex.Match(tape.ToDot(), "    label=\"((?:[^\"\\\\\\n]|\\\\.)*)\";\n").Groups[1].Value.Should().Contain("a\\\"];<script>").And.Contain("&amp;amp; \\\\ ");
        string page = tape.ToHtml(title: Hostile);
        page.Should().NotContain("<script>alert").And.NotContain("\u202e");
        Regex.Matches(page, "<script").Should().HaveCount(2);
        Regex.Matches(page, "</script>").Should().HaveCount(2);
        Regex.Matches(page, "{data}").Should().HaveCount(4); // in the title, the heading, the label and the tooltip: as text
    }

    [Fact]
    public void The_page_asks_for_nothing_from_outside()
    {
        using Tape<double> tape = Small(out _);
        string page = tape.ToHtml();
        page.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal).Should().NotContain("http:").And.NotContain("https:").And.NotContain("src=").And.NotContain("url(").And.NotContain("@import").And.NotContain("<link");
        page.Should().Contain("prefers-color-scheme: dark").And.Contain("default-src 'none'");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Boxes_do_not_overlap_and_edges_go_from_border_to_border(bool fold)
    {
        using Tape<double> tape = BrowserTests.Network(out Tensor<double> y);
        TapeGraph graph = GraphBuilder<double>.Build(tape, y, 1000, new TapePictureOptions(), fold);
        graph.IsFolded.Should().Be(fold);
        var layout = new LayeredLayout(graph, _ => (80, 40));
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            Box box = layout[graph.Nodes[i]];
            Box around = layout[graph.Nodes[i].Parent!];
            (box.Left >= around.Left && box.Top >= around.Top && box.Left + box.Width <= around.Left + around.Width && box.Bottom <= around.Bottom).Should().BeTrue();
            for (int j = 0; j < i; j++)
            {
                Box other = layout[graph.Nodes[j]];
                (box.Left + box.Width <= other.Left || other.Left + other.Width <= box.Left || box.Bottom <= other.Top || other.Bottom <= box.Top).Should().BeTrue();
            }

            foreach (GraphNode source in graph.Nodes[i].Sources)
            {
                List<(double X, double Y)> route = layout.Route(source, graph.Nodes[i]);
                route[0].Should().Be((layout[source].Center, layout[source].Bottom));
                route[^1].Should().Be((box.Center, box.Top));
            }
        }
    }

    private static Tape<double> Small(out Tensor<double> y)
    {
        var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([1.0, 2.0]));
        using (TapeScope.Enter("layer", "/a/Model.cs", 5))
        {
            y = x.Sin() * x;
        }

        return tape;
    }
}
