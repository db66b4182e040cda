namespace AutoDiff;

/// <summary>A rectangle of the picture.</summary>
internal readonly record struct Box(double Left, double Top, double Width, double Height)
{
    public double Center => Left + (Width / 2);

    public double Bottom => Top + Height;
}

/// <summary>
/// Places a graph in layers, from operands down to results (after Sugiyama, Tagawa and Toda, Methods for visual understanding of hierarchical system structures, IEEE Transactions on Systems,
/// Man and Cybernetics 11, 1981). Each scope is laid out by itself, inner ones first, and is one box in the scope around it; an edge that leaves or enters it does so through a port on its border.
/// </summary>
internal sealed class LayeredLayout
{
    private readonly Dictionary<GraphScope, ScopeLayout> scopes = [];
    private readonly Dictionary<GraphItem, Box> boxes = [];

    public LayeredLayout(TapeGraph graph, Func<GraphNode, (double Width, double Height)> sizeOf)
    {
        Collect(graph.Root);
        foreach (GraphNode target in graph.Nodes)
        {
            foreach (GraphNode source in target.Sources)
            {
                Connect(source, target);
            }
        }

        Arrange(graph.Root, sizeOf);
        Place(graph.Root, 0, 0);
        Width = scopes[graph.Root].Width;
        Height = scopes[graph.Root].Height;
    }

    public double Width { get; }

    public double Height { get; }

    public Box this[GraphItem item] => boxes[item];

    /// <summary>The way of an edge: points from the lower border of the source to the upper border of the target.</summary>
    public List<(double X, double Y)> Route(GraphNode source, GraphNode target)
    {
        var points = new List<(double, double)> { (boxes[source].Center, boxes[source].Bottom) };
        GraphScope common = Common(source, target);
        GraphItem from = source;
        for (; !ReferenceEquals(from.Parent, common); from = from.Parent!)
        {
            scopes[from.Parent!].AddPoints(points, (source, from, null));
        }

        var entries = new Stack<GraphItem>();
        GraphItem to = target;
        for (; !ReferenceEquals(to.Parent, common); to = to.Parent!)
        {
            entries.Push(to);
        }

        scopes[common].AddPoints(points, (source, from, to));
        foreach (GraphItem item in entries)
        {
            scopes[item.Parent!].AddPoints(points, (source, null, item));
        }

        points.Add((boxes[target].Center, boxes[target].Top));
        return points;
    }

    private void Collect(GraphScope scope)
    {
        scopes[scope] = new ScopeLayout(scope);
        foreach (GraphScope inner in scope.Children.OfType<GraphScope>())
        {
            Collect(inner);
        }
    }

    private void Connect(GraphNode source, GraphNode target)
    {
        GraphScope common = Common(source, target);
        GraphItem from = source;
        for (; !ReferenceEquals(from.Parent, common); from = from.Parent!)
        {
            scopes[from.Parent!].AddLink((source, from, null));
        }

        GraphItem to = target;
        for (; !ReferenceEquals(to.Parent, common); to = to.Parent!)
        {
            scopes[to.Parent!].AddLink((source, null, to));
        }

        scopes[common].AddLink((source, from, to));
    }

    private void Arrange(GraphScope scope, Func<GraphNode, (double, double)> sizeOf)
    {
        foreach (GraphScope inner in scope.Children.OfType<GraphScope>())
        {
            Arrange(inner, sizeOf);
        }

        scopes[scope].Arrange(
            item => item is GraphNode node ? sizeOf(node) : (scopes[(GraphScope)item].Width, scopes[(GraphScope)item].Height),
            (source, item, leaves) => item is GraphScope inner ? scopes[inner].PortOffset(source, leaves) : 0);
    }

    private void Place(GraphScope scope, double left, double top)
    {
        ScopeLayout layout = scopes[scope];
        boxes[scope] = new Box(left, top, layout.Width, layout.Height);
        layout.MoveTo(left, top);
        foreach (GraphItem item in scope.Children)
        {
            Box box = layout.BoxOf(item);
            boxes[item] = box;
            if (item is GraphScope inner)
            {
                Place(inner, box.Left, box.Top);
            }
        }
    }

    private static GraphScope Common(GraphItem x, GraphItem y)
    {
        var above = new HashSet<GraphScope>();
        for (GraphScope? s = x.Parent; s is not null; s = s.Parent)
        {
            above.Add(s);
        }

        GraphScope common = y.Parent!;
        while (!above.Contains(common))
        {
            common = common.Parent!;
        }

        return common;
    }
}
