using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace AutoDiff;

/// <summary>
/// A tape as one HTML page that needs nothing else: the drawing is SVG and shows without script; the script moves, magnifies and explains it. Names enter the page as encoded text only.
/// </summary>
internal static class HtmlPicture
{
    private const double NodeHeight = 40;
    private const double LineHeight = 14;
    private const int LongestTitle = 24;

    /// <summary>Writes the page.</summary>
    /// <param name="graph">What is drawn.</param>
    /// <param name="whole">The same with repeated chains in full, if the first has some folded: the page shows it on request.</param>
    /// <param name="explanation">The tables.</param>
    /// <param name="title">The title.</param>
    public static string Write(TapeGraph graph, TapeGraph? whole, TapeExplanation explanation, string title)
    {
        TapeGraph[] graphs = whole is null ? [graph] : [graph, whole];
        return HtmlPage.Fill("TapePage.html",
        [
            ("{title}", Encode(title)), ("{heading}", Encode(title)), ("{facts}", Facts(graph, explanation)),
            ("{unfold}", whole is null ? "" : "<button id=\"unfold\" title=\"Repeated chains once, or all of them (r)\">Show repeats</button>"),
            ("{drawing}", string.Concat(graphs.Select(Drawing))), ("{operations}", Operations(explanation)), ("{memory}", Memory(explanation)), ("{data}", Data(graphs)),
        ]);
    }

    private static (double Width, double Height) SizeOf(GraphNode node)
    {
        string[] lines = [.. node.Lines];
        double least = node.Operation is null ? 24 : 76;
        return (Math.Max(least, 22 + (7.4 * Math.Max(Shorten(lines[0]).Length, lines.Skip(1).Select(line => line.Length).DefaultIfEmpty(0).Max() * 0.86))), HeightOf(lines.Length));
    }

    private static double HeightOf(int lines) => NodeHeight + (LineHeight * (lines - 2));

    private static string Facts(TapeGraph graph, TapeExplanation explanation) =>
        HtmlPage.Facts([(Printable.Count(graph.Total), "operations"), (Printable.Flops(explanation.Flops), "an evaluation"), (Printable.Bytes(explanation.Bytes), "held")]);

    private static string Drawing(TapeGraph graph, int number)
    {
        var layout = new LayeredLayout(graph, SizeOf);
        var svg = new StringBuilder();
        svg.Append(Invariant($"<svg class=\"drawing{(number == 0 ? "" : " hidden")}\" viewBox=\"0 0 {layout.Width:0.#} {layout.Height:0.#}\" data-width=\"{layout.Width:0.#}\" data-height=\"{layout.Height:0.#}\" role=\"img\" aria-label=\"The operations of the tape\"><g class=\"view\">"));
        DrawScopes(svg, graph.Root, layout, 0);
        foreach (GraphNode node in graph.Nodes)
        {
            foreach (GraphNode source in node.Sources)
            {
                svg.Append($"<path class=\"edge\" data-from=\"{source.Id}\" data-to=\"{node.Id}\" d=\"{Curve(layout.Route(source, node))}\"/>");
            }
        }

        long most = Math.Max(graph.Nodes.Max(node => (long?)node.Flops) ?? 0, 1);
        foreach (GraphNode node in graph.Nodes)
        {
            DrawNode(svg, node, layout[node], (double)node.Flops / most);
        }

        return svg.Append("</g></svg>").ToString();
    }

    private static void DrawScopes(StringBuilder svg, GraphScope scope, LayeredLayout layout, int depth)
    {
        if (scope.Parent is not null)
        {
            Box box = layout[scope];
            int room = Math.Max((int)((box.Width - 20) / 7), 3);
            svg.Append(Invariant($"<g class=\"scope depth{depth % 2}{(scope.Repeat is null ? "" : " repeat")}\"><rect x=\"{box.Left:0.#}\" y=\"{box.Top:0.#}\" width=\"{box.Width:0.#}\" height=\"{box.Height:0.#}\" rx=\"10\"/>"))
                .Append(Invariant($"<text x=\"{box.Left + 10:0.#}\" y=\"{box.Top + 17:0.#}\">{Encode(Shorten(scope.Name, room))}</text><title>{Encode(scope.Description)}</title></g>"));
        }

        foreach (GraphScope inner in scope.Children.OfType<GraphScope>())
        {
            DrawScopes(svg, inner, layout, depth + 1);
        }
    }

    private static void DrawNode(StringBuilder svg, GraphNode node, Box box, double share)
    {
        string bad = node.Values.NaNs + node.Values.Infinities > 0 ? " bad" : "";
        double radius = node.IsGiven ? Math.Min(box.Height / 2, NodeHeight / 2) : 7;
        svg.Append(Invariant($"<g class=\"node {node.Kind}{bad}\" data-id=\"{node.Id}\" tabindex=\"0\" transform=\"translate({box.Left:0.#} {box.Top:0.#})\">"))
            .Append(Invariant($"<rect width=\"{box.Width:0.#}\" height=\"{box.Height:0.#}\" rx=\"{radius:0.#}\"/>"));
        if (share > 0.01)
        {
            svg.Append(Invariant($"<rect class=\"cost\" x=\"8\" y=\"{box.Height - 4:0.#}\" width=\"{(box.Width - 16) * share:0.#}\" height=\"2.5\" rx=\"1.2\"/>"));
        }

        double y = 17;
        foreach (string line in node.Lines)
        {
            svg.Append(Invariant($"<text class=\"{(y == 17 ? "name" : "shape")}\" x=\"{box.Width / 2:0.#}\" y=\"{y:0.#}\">{Encode(y == 17 ? Shorten(line) : line)}</text>"));
            y += LineHeight;
        }

        svg.Append("</g>");
    }

    /// <summary>Straight along a lane, in an S from one lane to the next, and in a U where the way turns between columns.</summary>
    private static string Curve(List<(double X, double Y)> points)
    {
        var path = new StringBuilder(Invariant($"M{points[0].X:0.#} {points[0].Y:0.#}"));
        for (int i = 1; i < points.Count; i++)
        {
            ((double x0, double y0), (double x1, double y1)) = (points[i - 1], points[i]);
            double middle = y0 == y1 ? y0 + (i + 1 < points.Count && points[i + 1].Y < y1 ? 16 : -16) : (y0 + y1) / 2;
            path.Append(Math.Abs(x0 - x1) < 0.05 ? Invariant($"V{y1:0.#}") : Invariant($"C{x0:0.#} {middle:0.#} {x1:0.#} {middle:0.#} {x1:0.#} {y1:0.#}"));
        }

        return path.ToString();
    }

    private static string Operations(TapeExplanation explanation)
    {
        long most = Math.Max(explanation.Operations.Max(row => (long?)row.Flops) ?? 0, 1);
        return string.Concat(explanation.Operations.Select(row =>
            $"<tr tabindex=\"0\" data-name=\"{Encode(row.Name)}\"><td>{Encode(row.Name)}{Invariant($"<i style=\"width:{100.0 * row.Flops / most:0.#}%\"></i>")}</td><td>{Printable.Count(row.Count)}</td>"
            + $"<td>{Printable.Amount(row.Flops)}</td><td>{Printable.Bytes(row.Bytes)}</td></tr>"));
    }

    private static string Memory(TapeExplanation explanation) => string.Concat(explanation.Memory.Select(row =>
        $"<tr><td>{Encode(TapeExplanation.Describe(row.Reason))}</td><td>{Printable.Count(row.Count)}</td><td>{Printable.Bytes(row.Bytes)}</td></tr>"));

    /// <summary>What the script shows of each node of each drawing, as JSON; the encoder leaves no character that ends a script.</summary>
    private static string Data(TapeGraph[] graphs)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            foreach (TapeGraph graph in graphs)
            {
                json.WriteStartArray();
                foreach (GraphNode node in graph.Nodes)
                {
                    json.WriteStartObject();
                    Write(json, node);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter json, GraphNode node)
    {
        json.WriteString("name", Sound(node.Operation is { } named ? named.Name : node.Title));
        json.WriteString("kind", node.Kind.ToString());
        if (node.Operation?.Variable is { } variable)
        {
            json.WriteString("variable", Sound(variable));
        }

        if (node.StubOf is { } original)
        {
            json.WriteNumber("of", original.Id);
            json.WriteString("stub", node.IsCarried ? "the result of an earlier pass" : "a result with many uses, drawn once elsewhere");
        }

        if (node.Shape is { } shape)
        {
            json.WriteString("shape", shape);
            json.WriteString("values", node.Values.ToString());
            json.WriteString("memory", Printable.Bytes(node.Bytes));
        }

        if (node.Operation is { } operation)
        {
            json.WriteNumber("index", operation.Index);
            json.WriteString("operands", string.Join(", ", operation.Operands));
            json.WriteString("cotangent", node.Cotangent?.ToString() ?? "");
            json.WriteString("scope", Sound(operation.Scope?.Path ?? ""));
            json.WriteString("source", Sound(operation.Scope is { } scope ? $"{scope.File}:{scope.Line}" : ""));
            json.WriteString("cost", Printable.Flops(node.Flops));
        }
    }

    private static string Shorten(string text, int length = LongestTitle) => text.Length <= length ? text : string.Concat(text.AsSpan(0, length - 1), "…");

    private static string Encode(string text) => WebUtility.HtmlEncode(Sound(text));

    /// <summary>Without control characters, and with whole characters only.</summary>
    private static string Sound(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(Printable.Line(text)));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
