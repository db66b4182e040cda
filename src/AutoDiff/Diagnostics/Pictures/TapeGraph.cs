namespace AutoDiff;

/// <summary>A tape as the pictures draw it: nodes in a tree of scopes, and edges from operands to results.</summary>
internal sealed class TapeGraph(List<GraphNode> nodes, GraphScope root, int total, bool isFolded)
{
    /// <summary>The operations in the order of recording, and after them what is drawn for them: constants and stubs. A node's number is its place.</summary>
    public IReadOnlyList<GraphNode> Nodes => nodes;

    public GraphScope Root => root;

    /// <summary>How many operations there are, those left out and those folded included.</summary>
    public int Total => total;

    /// <summary>Whether chains that are repeated are drawn once.</summary>
    public bool IsFolded => isFolded;
}

/// <summary>A part of the tree of scopes: a node, or a scope.</summary>
internal abstract class GraphItem(GraphScope? parent)
{
    public GraphScope? Parent => parent;
}

/// <summary>What kind of work a node does, which gives it its color.</summary>
internal enum GraphNodeKind
{
    LeftOut,
    Variable,
    Elementwise,
    Product,
    Reduction,
    Movement,
    Outer,
    Constant,
    Stub,
}

/// <summary>A node of the picture: an operation, a constant, or what stands for something that is drawn elsewhere or left out.</summary>
internal sealed class GraphNode(int id, GraphScope parent, TapeOperation? operation) : GraphItem(parent)
{
    public int Id => id;

    /// <summary>The operation; null for all else.</summary>
    public TapeOperation? Operation => operation;

    /// <summary>How many operations an elision stands for.</summary>
    public int LeftOut { get; init; }

    public GraphNodeKind Kind { get; init; }

    public long Flops { get; init; }

    public long Bytes { get; init; }

    /// <summary>The shape of the values; null where there are none.</summary>
    public string? Shape { get; init; }

    public ValueSummary Values { get; init; }

    /// <summary>The cotangent, if it is asked for.</summary>
    public ValueSummary? Cotangent { get; init; }

    /// <summary>Of a stub, the node whose result it stands for.</summary>
    public GraphNode? StubOf { get; init; }

    /// <summary>Of a stub, whether it stands for the result of an earlier pass through a chain that is repeated.</summary>
    public bool IsCarried { get; init; }

    /// <summary>The nodes whose results this one uses, each once.</summary>
    public List<GraphNode> Sources { get; } = [];

    /// <summary>The name of a variable or of the operation, the value of a constant, or how many operations are left out.</summary>
    public string Title => Kind switch
    {
        GraphNodeKind.LeftOut => $"… {Printable.Count(LeftOut)} operations …",
        GraphNodeKind.Constant => IsNumber ? Values.ToString() : "constant",
        GraphNodeKind.Stub => (IsCarried ? "↺ " : "") + StubOf!.Reference,
        _ => Printable.Line(operation!.Variable ?? operation.Name),
    };

    /// <summary>What stands below the title: the shape, or the value of a number; nothing where the title says it all.</summary>
    public string Below => Kind is GraphNodeKind.LeftOut or GraphNodeKind.Stub || (Kind == GraphNodeKind.Constant && IsNumber) ? "" : IsNumber ? Values.ToString() : Shape!;

    /// <summary>The lines of text of the node.</summary>
    public IEnumerable<string> Lines
    {
        get
        {
            yield return Title;
            if (Below.Length > 0)
            {
                yield return Below;
            }

            if (Cotangent is { } g)
            {
                yield return $"cotangent {g}";
            }
        }
    }

    /// <summary>Whether nothing is computed here: a variable, a constant, a stub.</summary>
    public bool IsGiven => Kind is GraphNodeKind.Constant or GraphNodeKind.Stub or GraphNodeKind.LeftOut || operation!.Operands.Count == 0;

    private bool IsNumber => Shape == "[]";

    /// <summary>What a stub calls the node: the name of a variable, or the operation with its place.</summary>
    private string Reference => operation is null ? $"{Title} {Below}".TrimEnd() : operation.Variable is { } variable ? Printable.Line(variable) : $"{Title} #{operation.Index}";
}

/// <summary>
/// A run of operations in one scope, or in one chain that is repeated. The runs follow each other in the order of the tape, so that no two of them depend on each other both ways; a scope that is left
/// and taken up again (by records of another tape that joined) has several.
/// </summary>
internal sealed class GraphScope(object? key, GraphScope? parent) : GraphItem(parent)
{
    public List<GraphItem> Children { get; } = [];

    /// <summary>The chain that is repeated; null for a scope.</summary>
    public Repeat? Repeat => key as Repeat;

    /// <summary>The name of the scope, or how often the chain is repeated.</summary>
    public string Name => key is TapeScope scope ? Printable.Line(scope.Name) : key is Repeat repeat ? repeat.Title : "";

    /// <summary>The name, and where the scope is in the source.</summary>
    public string Label => key is TapeScope scope ? Printable.Line($"{scope.Name} ({scope.File}:{scope.Line})") : Name;

    /// <summary>The name with those of the scopes around it, and where it is in the source; of a chain, which operations it stands for.</summary>
    public string Description => key is TapeScope scope ? Printable.Line(scope.ToString()) : key is Repeat repeat ? repeat.Description : "";

    /// <summary>The run to which the next operation belongs, from the scopes and repeats around it, outermost first.</summary>
    public GraphScope MoveTo(IReadOnlyList<object> path)
    {
        var open = new List<GraphScope>();
        for (GraphScope run = this; run.Parent is not null; run = run.Parent)
        {
            open.Insert(0, run);
        }

        int shared = 0;
        while (shared < open.Count && shared < path.Count && ReferenceEquals(open[shared].Key, path[shared]))
        {
            shared++;
        }

        GraphScope found = shared > 0 ? open[shared - 1] : open.Count > 0 ? open[0].Parent! : this;
        foreach (object next in path.Skip(shared))
        {
            var inner = new GraphScope(next, found);
            found.Children.Add(inner);
            found = inner;
        }

        return found;
    }

    private object? Key => key;
}
