using System.Globalization;
using System.Text;

namespace AutoDiff;

/// <summary>A tape as a Mermaid flowchart, with scopes as subgraphs. Names are written with numeric character codes, so that none of their characters can end a label.</summary>
internal static class MermaidPicture
{
    public static string Write(TapeGraph graph)
    {
        var text = new StringBuilder("flowchart TD\n");
        int scopes = 0;
        Write(text, graph.Root, 1, ref scopes);
        foreach (GraphNode node in graph.Nodes)
        {
            foreach (GraphNode source in node.Sources)
            {
                text.Append($"  n{source.Id} --> n{node.Id}\n");
            }
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, GraphScope scope, int depth, ref int scopes)
    {
        string indent = new(' ', 2 * depth);
        foreach (GraphItem item in scope.Children)
        {
            if (item is GraphNode node)
            {
                string label = string.Join("<br/>", node.Lines.Select(Escape));
                text.Append(indent).Append(node.IsGiven ? $"n{node.Id}([\"{label}\"])\n" : $"n{node.Id}[\"{label}\"]\n");
            }
            else if (item is GraphScope inner)
            {
                text.Append($"{indent}subgraph s{scopes++}[\"{Escape(inner.Label)}\"]\n");
                Write(text, inner, depth + 1, ref scopes);
                text.Append(indent).Append("end\n");
            }
        }
    }

    private static string Escape(string name)
    {
        var text = new StringBuilder();
        foreach (Rune rune in name.EnumerateRunes())
        {
            bool plain = rune.IsAscii && (Rune.IsLetterOrDigit(rune) || " _.,:()[]/-".Contains((char)rune.Value, StringComparison.Ordinal));
            text.Append(plain ? rune.ToString() : string.Create(CultureInfo.InvariantCulture, $"#{rune.Value};"));
        }

        return text.ToString();
    }
}
