using System.Text;

namespace AutoDiff;

/// <summary>A tape as plain text: one line for each operation, indented by scopes and repeated chains. What a line would repeat of others (constants, stubs) is not listed.</summary>
internal static class TextPicture
{
    public static string Write(TapeGraph graph)
    {
        var text = new StringBuilder();
        text.Append($"tape of {Printable.Count(graph.Total)} operations\n");
        int width = Math.Min(graph.Nodes.Where(node => node.Kind != GraphNodeKind.Stub).Max(node => (int?)Line(node).Length) ?? 0, 80);
        Write(text, graph.Root, width);
        return text.ToString();
    }

    private static void Write(StringBuilder text, GraphScope scope, int width)
    {
        foreach (GraphItem item in scope.Children)
        {
            if (item is GraphScope inner)
            {
                text.Append(Indent(inner.Parent!)).Append(inner.Label).Append(inner.Repeat is { } repeat ? $" ({repeat.Description})\n" : "\n");
                Write(text, inner, width);
            }
            else if (item is GraphNode { Kind: not GraphNodeKind.Stub } node)
            {
                string cost = node.Operation is null ? "" : $"  {Printable.Flops(node.Flops)}, {Printable.Bytes(node.Bytes)}";
                text.Append(Line(node).PadRight(width)).Append(cost).Append(node.Cotangent is { } g ? $", cotangent {g}" : "").Append('\n');
            }
        }
    }

    private static string Line(GraphNode node) => Indent(node.Parent!) + (node.Operation is not { } operation
        ? node.Title
        : operation.Variable is { } variable ? $"#{operation.Index} = Variable {Printable.Line(variable)} {Shapes.Format(operation.Shape)}"
        : $"#{operation.Index} = {node.Title}({string.Join(", ", operation.Operands.Select(Operand))}) {Shapes.Format(operation.Shape)}");

    private static string Operand(TapeOperand operand) => operand.Index is null ? operand.ToString() : operand.Variable is { } variable ? Printable.Line(variable) : $"#{operand.Index}";

    private static string Indent(GraphScope scope)
    {
        int depth = 1;
        for (GraphScope? s = scope; s.Parent is not null; s = s.Parent)
        {
            depth++;
        }

        return new string(' ', 2 * depth);
    }
}
