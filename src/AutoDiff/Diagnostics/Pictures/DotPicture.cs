using System.Text;

namespace AutoDiff;

/// <summary>A tape in Graphviz' language, with scopes as clusters.</summary>
internal static class DotPicture
{
    public static string Write(TapeGraph graph)
    {
        var text = new StringBuilder("digraph tape {\n  node [shape=box, style=rounded, fontname=\"Helvetica\", fontsize=11];\n  graph [fontname=\"Helvetica\", fontsize=11, style=rounded];\n");
        int scopes = 0;
        Write(text, graph.Root, 1, ref scopes);
        foreach (GraphNode node in graph.Nodes)
        {
            foreach (GraphNode source in node.Sources)
            {
                text.Append($"  n{source.Id} -> n{node.Id};\n");
            }
        }

        return text.Append("}\n").ToString();
    }

    private static void Write(StringBuilder text, GraphScope scope, int depth, ref int scopes)
    {
        string indent = new(' ', 2 * depth);
        foreach (GraphItem item in scope.Children)
        {
            if (item is GraphNode node)
            {
                string style = node.Kind switch
                {
                    GraphNodeKind.LeftOut => ", style=dashed",
                    GraphNodeKind.Constant => ", shape=plaintext, style=solid",
                    GraphNodeKind.Stub => ", shape=ellipse, style=dashed",
                    _ => node.IsGiven ? ", shape=ellipse, style=solid" : "",
                };
                text.Append($"{indent}n{node.Id} [label=\"{string.Join("\\n", node.Lines.Select(Escape))}\"{style}];\n");
            }
            else if (item is GraphScope inner)
            {
                text.Append($"{indent}subgraph cluster_{scopes++} {{\n{indent}  label=\"{Escape(inner.Label)}\";\n");
                Write(text, inner, depth + 1, ref scopes);
                text.Append(indent).Append("}\n");
            }
        }
    }

    /// <summary>A quoted string ends at a quote, a backslash begins an escape, and an ampersand an entity.</summary>
    private static string Escape(string name) => name.Replace("&", "&amp;", StringComparison.Ordinal).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
