namespace AutoDiff.Optimization;

/// <summary>Where every number of the factor of J^T J has its place: the order of elimination, the panels, and for each clique of blocks where its products go.</summary>
internal sealed class PanelStructure
{
    /// <summary>Wider panels would leave too much to the triangle on the diagonal, which is not a matrix product.</summary>
    private const int WidestPanel = 128;

    private readonly int[] positions;
    private readonly int[] starts;
    private readonly Panel[] panelOf;

    private PanelStructure(ColumnBlocks blocks, int[] order, ReadOnlyMemory<int>[] below)
    {
        Blocks = blocks;
        order = PostOrder(order, below);
        (positions, starts, panelOf) = (new int[order.Length], new int[order.Length], new Panel[order.Length]);
        int start = 0;
        for (int i = 0; i < order.Length; i++)
        {
            (positions[order[i]], starts[order[i]]) = (i, start);
            start += blocks.Columns[order[i]].Length;
        }

        Panels = MakePanels(order, below);
        Places = [.. blocks.BlockOf.Select((block, column) => starts[block] + blocks.PlaceOf[column])];
        Cliques = [.. blocks.Cliques.Select(clique => clique.OrderBy(block => positions[block]).ToArray())];
        Targets = [.. Cliques.Select(FindTargets)];
        Widths = [.. Cliques.Select(clique => clique.Sum(block => blocks.Columns[block].Length))];
        RowPlaces = FindRowPlaces();
    }

    public ColumnBlocks Blocks { get; }

    public Panel[] Panels { get; }

    /// <summary>For each column of J its place in the order of elimination.</summary>
    public int[] Places { get; }

    /// <summary>The cliques, in the order of elimination.</summary>
    public int[][] Cliques { get; }

    /// <summary>For each clique and each of its pairs of blocks, the first no later than the second, where in the first one's panel their product begins.</summary>
    public int[][] Targets { get; }

    /// <summary>For each clique how many unknowns it has.</summary>
    public int[] Widths { get; }

    /// <summary>For each element of J its place among the unknowns of its clique.</summary>
    public int[] RowPlaces { get; }

    /// <summary>The structure, or null where the factor has more numbers than the limit.</summary>
    public static PanelStructure? Find(ColumnBlocks blocks, long limit)
    {
        int[] weights = Array.ConvertAll(blocks.Columns, static columns => columns.Length);
        return EliminationOrder.Find(weights, blocks.Cliques, limit) is var (order, below) ? new PanelStructure(blocks, order, below) : null;
    }

    /// <summary>The structure of the blocks on the diagonal alone.</summary>
    public static PanelStructure Diagonal(ColumnBlocks blocks) =>
        new(blocks, [.. Enumerable.Range(0, blocks.Columns.Length)], new ReadOnlyMemory<int>[blocks.Columns.Length]);

    /// <summary>The place of a block in the order of elimination, counted in unknowns.</summary>
    public int Start(int block) => starts[block];

    public Panel PanelOf(int block) => panelOf[block];

    /// <summary>The same elimination in an order in which a block comes right before the one that waits for it, as far as can be, so that they may share a panel.</summary>
    private static int[] PostOrder(int[] order, ReadOnlyMemory<int>[] below)
    {
        var position = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            position[order[i]] = i;
        }

        var children = new List<int>?[order.Length];
        var roots = new List<int>();
        foreach (int block in order)
        {
            int parent = -1;
            foreach (int other in below[block].Span)
            {
                parent = parent < 0 || position[other] < position[parent] ? other : parent;
            }

            (parent < 0 ? roots : children[parent] ??= []).Add(block);
        }

        // From the last to the first: a block, then its children, those of most rows first.
        var reversed = new List<int>(order.Length);
        var stack = new Stack<int>(roots);
        while (stack.TryPop(out int block))
        {
            reversed.Add(block);
            foreach (int child in (children[block] ?? []).OrderBy(child => below[child].Length))
            {
                stack.Push(child);
            }
        }

        reversed.Reverse();
        return [.. reversed];
    }

    private Panel[] MakePanels(int[] order, ReadOnlyMemory<int>[] below)
    {
        var panels = new List<Panel>();
        int first = 0;
        while (first < order.Length)
        {
            int end = first + 1;
            int width = Blocks.Columns[order[first]].Length;
            while (end < order.Length && Joins(below[order[end - 1]].Span, order[end], below[order[end]].Length) && width + Blocks.Columns[order[end]].Length <= WidestPanel)
            {
                width += Blocks.Columns[order[end]].Length;
                end++;
            }

            int[] rowBlocks = below[order[end - 1]].ToArray();
            Array.Sort(rowBlocks, (a, b) => positions[a].CompareTo(positions[b]));
            var rows = new int[rowBlocks.Length + 1];
            rows[0] = width;
            for (int i = 0; i < rowBlocks.Length; i++)
            {
                rows[i + 1] = rows[i] + Blocks.Columns[rowBlocks[i]].Length;
            }

            var panel = new Panel(panels.Count, starts[order[first]], width, order[first..end], rowBlocks, rows);
            foreach (int block in panel.Own)
            {
                panelOf[block] = panel;
            }

            panels.Add(panel);
            first = end;
        }

        return [.. panels];

        // The next block is among the rows of the one before, and has all its other rows and no more.
        static bool Joins(ReadOnlySpan<int> rows, int next, int count) => rows.Length == count + 1 && rows.Contains(next);
    }

    private int[] FindTargets(int[] clique)
    {
        var targets = new List<int>();
        for (int a = 0; a < clique.Length; a++)
        {
            Panel panel = panelOf[clique[a]];
            for (int b = a; b < clique.Length; b++)
            {
                int row = panelOf[clique[b]] == panel ? starts[clique[b]] - panel.First : RowIn(panel, clique[b]);
                targets.Add(row < 0 ? -1 : (row * panel.Width) + starts[clique[a]] - panel.First);
            }
        }

        return [.. targets];
    }

    private int[] FindRowPlaces()
    {
        SparsityPattern pattern = Blocks.Pattern;
        var places = new int[pattern.Count];
        var startOf = new int[Blocks.Columns.Length];
        for (int row = 0; row < pattern.Rows; row++)
        {
            int start = 0;
            foreach (int block in Cliques[Blocks.CliqueOf[row]])
            {
                startOf[block] = start;
                start += Blocks.Columns[block].Length;
            }

            for (int k = pattern.RowOffsets[row]; k < pattern.RowOffsets[row + 1]; k++)
            {
                int column = pattern.ColumnIndices[k];
                places[k] = startOf[Blocks.BlockOf[column]] + Blocks.PlaceOf[column];
            }
        }

        return places;
    }

    /// <summary>The first row of a block below a panel, or -1.</summary>
    private int RowIn(Panel panel, int block)
    {
        int low = 0;
        int high = panel.Below.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = positions[panel.Below[middle]] < positions[block] ? (middle + 1, high) : (low, middle);
        }

        return low < panel.Below.Length && panel.Below[low] == block ? panel.Rows[low] : -1;
    }
}
