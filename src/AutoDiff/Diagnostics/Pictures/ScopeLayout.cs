namespace AutoDiff;

/// <summary>The layout of one scope: its items in layers, with places kept free for the edges that pass by.</summary>
internal sealed class ScopeLayout(GraphScope scope)
{
    private const double Padding = 14;
    private const double HeaderHeight = 26;
    private const double LayerGap = 26;
    private const double ItemGap = 18;
    private const double LaneWidth = 6;
    private const int Sweeps = 16;

    /// <summary>A picture higher than this is folded into columns, to come near a ratio of width to height. A scope inside is kept in one piece much longer.</summary>
    private const double FoldAbove = 1500;
    private const double FoldScopeAbove = 6000;
    private const double FoldedRatio = 1.6;
    private const double GutterLane = 7;

    /// <summary>The edges by source node, item that they leave (null: they come in from outside) and item that they reach (null: they go out), each with the slots that it passes.</summary>
    private readonly Dictionary<(GraphNode Source, GraphItem? From, GraphItem? To), List<Slot>> links = [];
    private readonly Dictionary<GraphItem, Slot> slots = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(GraphNode Source, bool Leaves), Slot> ports = [];
    private List<Slot>[] layers = [];
    private Func<GraphNode, GraphItem, bool, double> portOffset = static (_, _, _) => 0;

    /// <summary>For each layer its column, and for each column where it begins and ends downward and where the next one begins.</summary>
    private int[] columnOf = [];
    private (double Top, double Bottom, double Right)[] columns = [];
    private readonly Dictionary<(GraphNode Source, int From, int To), int> gutterLanes = [];
    private double left;
    private double top;

    public double Width { get; private set; }

    public double Height { get; private set; }

    private bool IsRoot => scope.Parent is null;

    public void AddLink((GraphNode Source, GraphItem? From, GraphItem? To) link) => links.TryAdd(link, []);

    /// <summary>Computes layers, orders and places.</summary>
    /// <param name="sizeOf">The size of an item.</param>
    /// <param name="portOffset">Where on the border of an item an edge from a node leaves it or enters it, from the middle.</param>
    public void Arrange(Func<GraphItem, (double Width, double Height)> sizeOf, Func<GraphNode, GraphItem, bool, double> portOffset)
    {
        foreach (GraphItem item in scope.Children)
        {
            (double width, double height) = sizeOf(item);
            slots[item] = new Slot(item, width, height);
        }

        this.portOffset = portOffset;
        AssignLayers();
        LayLanes();
        Order();
        PlaceAcross();
        PlaceDown();
        Fold();
    }

    public void MoveTo(double x, double y) => (left, top) = (x, y);

    public Box BoxOf(GraphItem item)
    {
        Slot slot = slots[item];
        return new Box(left + slot.X - (slot.Width / 2), top + slot.Top + ((slot.LayerHeight - slot.Height) / 2), slot.Width, slot.Height);
    }

    /// <summary>Where a port is, from the middle of the scope.</summary>
    public double PortOffset(GraphNode source, bool leaves) => ports.TryGetValue((source, leaves), out Slot? port) ? port.X - (Width / 2) : 0;

    /// <summary>Adds the points that an edge passes in this scope, its ends at items not included.</summary>
    public void AddPoints(List<(double X, double Y)> points, (GraphNode Source, GraphItem? From, GraphItem? To) link)
    {
        Slot? before = null;
        foreach (Slot slot in links[link])
        {
            if (before is not null && columnOf[before.Layer] != columnOf[slot.Layer])
            {
                double entry = slot.X + (slot.Item is null ? 0 : portOffset(link.Source, slot.Item, false));
                AddTurn(points, link.Source, columnOf[before.Layer], columnOf[slot.Layer], left + entry);
            }

            if (slot.Item is null)
            {
                points.Add((left + slot.X, top + slot.Top));
                if (slot.LayerHeight > 0)
                {
                    points.Add((left + slot.X, top + slot.Top + slot.LayerHeight));
                }
            }

            before = slot;
        }
    }

    /// <summary>Down to the end of a column, up between the columns, and down again into the next one.</summary>
    private void AddTurn(List<(double X, double Y)> points, GraphNode source, int from, int to, double entry)
    {
        if (!gutterLanes.TryGetValue((source, from, to), out int number))
        {
            gutterLanes[(source, from, to)] = number = gutterLanes.Keys.Count(lane => lane.From == from);
        }

        double lane = left + columns[from].Right + (GutterLane * (1 + (number % 4)));
        points.Add((points[^1].X, top + columns[from].Bottom));
        points.Add((lane, top + columns[from].Bottom));
        points.Add((lane, top + columns[to].Top));
        points.Add((entry, top + columns[to].Top));
    }

    /// <summary>Each item one layer below the lowest of those it depends on; what depends on nothing here, right above its first use.</summary>
    private void AssignLayers()
    {
        ILookup<GraphItem, GraphItem> sources = links.Keys.Where(link => link.From is not null && link.To is not null).ToLookup(link => link.To!, link => link.From!);
        ILookup<GraphItem, GraphItem> targets = links.Keys.Where(link => link.From is not null && link.To is not null).ToLookup(link => link.From!, link => link.To!);
        var entered = new HashSet<GraphItem>(links.Keys.Where(link => link.From is null).Select(link => link.To!));
        foreach (GraphItem item in scope.Children)
        {
            slots[item].Layer = sources[item].Select(source => slots[source].Layer).DefaultIfEmpty(0).Max() + 1;
        }

        foreach (GraphItem item in Enumerable.Reverse(scope.Children))
        {
            if (!sources[item].Any() && !entered.Contains(item) && targets[item].Any())
            {
                slots[item].Layer = targets[item].Min(target => slots[target].Layer) - 1;
            }
        }

        // The first and the last layer are those of the ports.
        int last = scope.Children.Select(item => slots[item].Layer).DefaultIfEmpty(0).Max() + 1;
        layers = [.. Enumerable.Range(0, last + 1).Select(_ => new List<Slot>())];
        foreach (GraphItem item in scope.Children)
        {
            layers[slots[item].Layer].Add(slots[item]);
        }
    }

    /// <summary>Gives every edge a slot in each layer that it passes.</summary>
    private void LayLanes()
    {
        foreach (((GraphNode source, GraphItem? from, GraphItem? to), List<Slot> passed) in links)
        {
            Slot begin = from is null ? Port(source, leaves: false) : slots[from];
            Slot end = to is null ? Port(source, leaves: true) : slots[to];
            passed.Add(begin);
            for (int layer = begin.Layer + 1; layer < end.Layer; layer++)
            {
                var lane = new Slot(null, LaneWidth, 0) { Layer = layer };
                layers[layer].Add(lane);
                passed.Add(lane);
            }

            passed.Add(end);
            for (int i = 1; i < passed.Count; i++)
            {
                double above = passed[i - 1].Item is { } upper ? portOffset(source, upper, true) : 0;
                double below = passed[i].Item is { } lower ? portOffset(source, lower, false) : 0;
                passed[i - 1].Below.Add((passed[i], below - above));
                passed[i].Above.Add((passed[i - 1], above - below));
            }
        }
    }

    private Slot Port(GraphNode source, bool leaves)
    {
        if (!ports.TryGetValue((source, leaves), out Slot? port))
        {
            port = new Slot(null, LaneWidth, 0) { Layer = leaves ? layers.Length - 1 : 0 };
            layers[port.Layer].Add(port);
            ports[(source, leaves)] = port;
        }

        return port;
    }

    /// <summary>Orders each layer by the mean order of the neighbors, down and up in turn, and keeps the order with the fewest crossings.</summary>
    private void Order()
    {
        Number();
        long fewest = Crossings();
        Slot[][] best = [.. layers.Select(layer => layer.ToArray())];
        for (int sweep = 0; sweep < Sweeps && fewest > 0; sweep++)
        {
            bool down = sweep % 2 == 0;
            foreach (List<Slot> layer in down ? layers : layers.Reverse())
            {
                Slot[] ordered = [.. layer.OrderBy(slot => (down ? slot.Above : slot.Below) is { Count: > 0 } near ? near.Average(n => n.Slot.Order) : slot.Order)];
                for (int i = 0; i < ordered.Length; i++)
                {
                    layer[i] = ordered[i];
                    ordered[i].Order = i - (ordered.Length / 2.0);
                }
            }

            long crossings = Crossings();
            if (crossings < fewest)
            {
                fewest = crossings;
                best = [.. layers.Select(layer => layer.ToArray())];
            }
        }

        layers = [.. best.Select(layer => layer.ToList())];
        Number();
    }

    private void Number()
    {
        foreach (List<Slot> layer in layers)
        {
            for (int i = 0; i < layer.Count; i++)
            {
                layer[i].Order = i - (layer.Count / 2.0);
            }
        }
    }

    private long Crossings()
    {
        long crossings = 0;
        foreach (List<Slot> layer in layers)
        {
            // The edges to the layer below, in the order of their upper ends: each earlier one that ends further right is crossed.
            double[] ends = [.. layer.SelectMany(slot => slot.Below.Select(n => n.Slot.Order).Order())];
            for (int i = 0; i < ends.Length; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    crossings += ends[j] > ends[i] ? 1 : 0;
                }
            }
        }

        return crossings;
    }

    /// <summary>Moves the slots of each layer toward their neighbors, down and up in turn, without changing their order.</summary>
    private void PlaceAcross()
    {
        foreach (List<Slot> layer in layers)
        {
            Settle(layer, [.. layer.Select(_ => 0.0)]);
        }

        for (int sweep = 0; sweep < 2 * Sweeps; sweep++)
        {
            bool down = sweep % 2 == 0;
            foreach (List<Slot> layer in down ? layers : layers.Reverse())
            {
                Settle(layer, [.. layer.Select(slot => (down ? slot.Above : slot.Below) is { Count: > 0 } near ? near.Average(n => n.Slot.X + n.Shift) : slot.X)]);
            }
        }

        double least = layers.SelectMany(layer => layer).Select(slot => slot.X - (slot.Width / 2)).DefaultIfEmpty(0).Min();
        double most = layers.SelectMany(layer => layer).Select(slot => slot.X + (slot.Width / 2)).DefaultIfEmpty(0).Max();
        double label = IsRoot ? 0 : 7 * Math.Min(scope.Name.Length, 40);
        double slack = Math.Max(label - (most - least), 0) / 2;
        foreach (Slot slot in layers.SelectMany(layer => layer))
        {
            slot.X += Padding + slack - least;
        }

        Width = most - least + (2 * (Padding + slack));
    }

    /// <summary>
    /// The places nearest to the wanted ones (least squares) that keep the order and the distances: an isotonic regression, solved by pooling neighbors that conflict.
    /// </summary>
    private static void Settle(List<Slot> layer, double[] wanted)
    {
        var blocks = new List<(double Sum, double Weight, int Count)>();
        var offsets = new double[layer.Count];
        for (int i = 0; i < layer.Count; i++)
        {
            offsets[i] = i == 0 ? 0 : offsets[i - 1] + ((layer[i - 1].Width + layer[i].Width) / 2) + ItemGap;
            double weight = layer[i].Item is null ? 0.5 : 1;
            blocks.Add(((wanted[i] - offsets[i]) * weight, weight, 1));
            while (blocks.Count > 1 && blocks[^2].Sum / blocks[^2].Weight > blocks[^1].Sum / blocks[^1].Weight)
            {
                (double sum, double total, int count) = blocks[^1];
                blocks.RemoveAt(blocks.Count - 1);
                blocks[^1] = (blocks[^1].Sum + sum, blocks[^1].Weight + total, blocks[^1].Count + count);
            }
        }

        int place = 0;
        foreach ((double sum, double weight, int count) in blocks)
        {
            for (int i = 0; i < count; i++, place++)
            {
                layer[place].X = (sum / weight) + offsets[place];
            }
        }
    }

    private void PlaceDown()
    {
        double y = IsRoot ? 0 : HeaderHeight;
        for (int i = 0; i < layers.Length; i++)
        {
            bool border = i == 0 || i == layers.Length - 1;
            double height = border ? 0 : layers[i].Select(slot => slot.Height).DefaultIfEmpty(0).Max();
            foreach (Slot slot in layers[i])
            {
                slot.Top = border ? (i == 0 ? 0 : y) : y;
                slot.LayerHeight = height;
            }

            y += border ? (i == 0 ? (IsRoot ? Padding : 6) : 0) : height + (i == layers.Length - 2 ? Padding : LayerGap);
        }

        Height = y;
    }

    /// <summary>Breaks a long scope between layers, and puts the parts side by side: columns of text rather than a ribbon.</summary>
    private void Fold()
    {
        columnOf = new int[layers.Length];
        columns = [(0, Height, Width)];
        int count = (int)Math.Round(Math.Sqrt(FoldedRatio * Height / Math.Max(Width, 1)));
        if (Height <= (IsRoot ? FoldAbove : FoldScopeAbove) || count < 2 || layers.Length < 4)
        {
            return;
        }

        // The lowest columns, at most so many, into which the layers go in their order.
        double[] ends = [.. layers.Select(layer => layer.Count == 0 ? 0 : layer[0].Top + layer[0].LayerHeight)];
        double limit = Height / count;
        while (Split(ends, limit) >= count)
        {
            limit *= 1.03;
        }

        double begin = IsRoot ? Padding : HeaderHeight;
        double x = 0;
        double lowest = 0;
        var placed = new List<(double, double, double)>();
        for (int column = 0; column <= columnOf[^2]; column++)
        {
            List<Slot>[] own = [.. layers.Where((_, i) => columnOf[i] == column)];
            Slot[] all = [.. own.SelectMany(layer => layer)];
            double least = all.Min(slot => slot.X - (slot.Width / 2));
            double most = all.Max(slot => slot.X + (slot.Width / 2));
            double up = column == 0 ? 0 : own[0][0].Top - begin - LayerGap;
            foreach (Slot slot in all)
            {
                slot.X += x + Padding - least;
                slot.Top -= up;
            }

            double bottom = all.Where(slot => slot.Layer < layers.Length - 1).Max(slot => slot.Top + slot.LayerHeight);
            lowest = Math.Max(lowest, bottom);
            x += Padding + most - least;
            placed.Add((column == 0 ? begin : begin + (LayerGap / 2), bottom + (LayerGap / 4), x));
            x += 5 * GutterLane;
        }

        columns = [.. placed];
        Width = x - (5 * GutterLane) + Padding;
        Height = lowest + LayerGap + Padding;
        foreach (Slot port in layers[^1])
        {
            port.Top = Height;
        }
    }

    /// <summary>Gives each layer its column, so that no column of several layers is higher than the limit. Returns the last column.</summary>
    private int Split(double[] ends, double limit)
    {
        int column = 0;
        double start = 0;
        for (int i = 1; i < ends.Length - 1; i++)
        {
            if (ends[i] - start > limit && i > 1)
            {
                column++;
                start = ends[i - 1];
            }

            columnOf[i] = column;
        }

        columnOf[^1] = column;
        return column;
    }

    /// <summary>An item, or the place of an edge, in a layer.</summary>
    private sealed class Slot(GraphItem? item, double width, double height)
    {
        public GraphItem? Item => item;

        public double Width => width;

        public double Height => height;

        public int Layer;
        public double Order;
        public double X;
        public double Top;
        public double LayerHeight;

        /// <summary>The neighbors, each with the shift from the neighbor's middle to the place of this slot at which the edge is straight.</summary>
        public List<(Slot Slot, double Shift)> Above { get; } = [];

        public List<(Slot Slot, double Shift)> Below { get; } = [];
    }
}
