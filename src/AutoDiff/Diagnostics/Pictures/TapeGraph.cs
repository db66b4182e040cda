using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff;

/// <summary>A tape as the pictures draw it: nodes in the order of recording, in a tree of scopes.</summary>
internal sealed class TapeGraph
{
    private TapeGraph(List<GraphNode> nodes, GraphScope root, int total) => (Nodes, Root, Total) = (nodes, root, total);

    public IReadOnlyList<GraphNode> Nodes { get; }

    public GraphScope Root { get; }

    /// <summary>How many operations there are, those left out included.</summary>
    public int Total { get; }

    /// <summary>Reads a tape: the operations that <paramref name="y"/> depends on, or all. Beyond a number of nodes the middle is left out, and one node stands for it.</summary>
    public static TapeGraph Of<T>(Tape<T> tape, Tensor<T>? y, int maxNodes) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool[] ancestors = Ancestry.Of(tape, y);
        int[] chosen = [.. Enumerable.Range(0, ancestors.Length).Where(i => ancestors[i])];
        int left = Math.Max(chosen.Length - maxNodes, 0);
        int begin = left == 0 ? chosen.Length : (maxNodes - 1) / 2;
        int end = left == 0 ? begin : begin + left + 1;

        var nodes = new List<GraphNode>();
        var root = new GraphScope(null, null);
        var byPlace = new Dictionary<int, GraphNode>();
        GraphScope open = root;
        for (int c = 0; c < chosen.Length; c++)
        {
            if (c > begin && c < end)
            {
                byPlace[chosen[c]] = nodes[^1];
                continue;
            }

            bool elision = c == begin;
            int place = chosen[c];
            Record<T> record = tape[place];
            open = open.MoveTo(elision ? null : record.Scope);
            GraphNode node = elision
                ? new GraphNode(nodes.Count, open, null) { LeftOut = end - begin }
                : new GraphNode(nodes.Count, open, TapeOperation.Of(tape, place))
                {
                    Kind = KindOf(record),
                    Flops = FlopEstimate.Of(record),
                    Bytes = (long)record.Output.Length * Unsafe.SizeOf<T>(),
                    Values = ValueSummary.Of(record.Output.Values),
                };
            nodes.Add(node);
            open.Children.Add(node);
            byPlace[place] = node;
        }

        foreach (int place in chosen)
        {
            GraphNode node = byPlace[place];
            for (int k = 0; k < tape[place].InputCount; k++)
            {
                if (byPlace.TryGetValue(tape.IndexOf(tape[place].Input(k)), out GraphNode? source) && source != node && !node.Sources.Contains(source))
                {
                    node.Sources.Add(source);
                }
            }
        }

        return new TapeGraph(nodes, root, chosen.Length);
    }

    private static GraphNodeKind KindOf<T>(Record<T> record) where T : unmanaged, IBinaryFloatingPointIeee754<T> => record switch
    {
        VariableRecord<T> => GraphNodeKind.Variable,
        LinearRecord<T> { Map: SumMap<T> } => GraphNodeKind.Reduction,
        LinearRecord<T> or AssembleRecord<T> => GraphNodeKind.Movement,
        OuterRecord<T> => GraphNodeKind.Outer,
        { Name: "MatMul" or "Conv1D" or "Conv2D" or "Conv3D" } => GraphNodeKind.Product,
        _ => Enumerable.Range(0, record.InputCount).Any(k => record.MatchingAxes(k) is { } axes && axes.Contains(-1)) ? GraphNodeKind.Reduction : GraphNodeKind.Elementwise,
    };
}

/// <summary>A part of the tree of scopes: a node, or a scope.</summary>
internal abstract class GraphItem(GraphScope? parent)
{
    public GraphScope? Parent => parent;
}

/// <summary>What kind of work a node does, which gives it its colour.</summary>
internal enum GraphNodeKind
{
    LeftOut,
    Variable,
    Elementwise,
    Product,
    Reduction,
    Movement,
    Outer,
}

/// <summary>A node of the picture: an operation, or what stands for operations that are left out.</summary>
internal sealed class GraphNode(int id, GraphScope parent, TapeOperation? operation) : GraphItem(parent)
{
    public int Id => id;

    /// <summary>The operation; null for an elision.</summary>
    public TapeOperation? Operation => operation;

    /// <summary>How many operations an elision stands for.</summary>
    public int LeftOut { get; init; }

    public GraphNodeKind Kind { get; init; }

    public long Flops { get; init; }

    public long Bytes { get; init; }

    public ValueSummary Values { get; init; }

    /// <summary>The nodes whose results this one uses, each once.</summary>
    public List<GraphNode> Sources { get; } = [];

    /// <summary>The name of a variable or of the operation, or how many operations are left out.</summary>
    public string Title => operation is null ? $"… {Printable.Count(LeftOut)} operations …" : Printable.Line(operation.Variable ?? operation.Name);
}

/// <summary>
/// A run of operations in one scope. The runs follow each other in the order of the tape, so that no two of them depend on each other both ways; a scope that is left and taken up again
/// (by records of another tape that joined) has several.
/// </summary>
internal sealed class GraphScope(TapeScope? scope, GraphScope? parent) : GraphItem(parent)
{
    /// <summary>The scope; null for the whole picture.</summary>
    public TapeScope? Scope => scope;

    public List<GraphItem> Children { get; } = [];

    /// <summary>The run to which the next operation, of a given scope, belongs.</summary>
    public GraphScope MoveTo(TapeScope? next)
    {
        GraphScope run = this;
        while (run.Parent is not null && !Encloses(run.Scope!, next))
        {
            run = run.Parent;
        }

        var missing = new Stack<TapeScope>();
        for (TapeScope? s = next; s is not null && !ReferenceEquals(s, run.Scope); s = s.Parent)
        {
            missing.Push(s);
        }

        foreach (TapeScope s in missing)
        {
            var inner = new GraphScope(s, run);
            run.Children.Add(inner);
            run = inner;
        }

        return run;
    }

    private static bool Encloses(TapeScope outer, TapeScope? inner)
    {
        while (inner is not null && !ReferenceEquals(inner, outer))
        {
            inner = inner.Parent;
        }

        return inner is not null;
    }
}
