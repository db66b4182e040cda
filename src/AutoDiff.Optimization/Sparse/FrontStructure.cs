namespace AutoDiff.Optimization;

/// <summary>
/// A dense front of the factorization of a sparse symmetric matrix: the columns that can be eliminated in it, the rows below them, and the elements of the matrix that enter it first.
/// </summary>
/// <param name="Columns">The columns.</param>
/// <param name="Below">The rows below the columns.</param>
/// <param name="Children">The fronts that hand on what is left of them to this one.</param>
/// <param name="Elements">The elements of the matrix that enter here.</param>
/// <param name="IsRoot">Whether nothing is handed on.</param>
internal sealed record Front(int[] Columns, int[] Below, int[] Children, int[] Elements, bool IsRoot);

/// <summary>
/// In which fronts to eliminate the unknowns of a sparse symmetric matrix, from its pattern alone: minimum degree, and columns joined where few zeros are filled in by it (Duff and Reid, "The
/// multifrontal solution of indefinite sparse symmetric linear equations", ACM TOMS 9, 1983; Ashcraft and Grimes, "The influence of relaxed supernode partitions", ACM TOMS 15, 1989).
/// </summary>
internal sealed class FrontStructure
{
    /// <summary>So few columns share a front whatever it costs.</summary>
    private const int Few = 8;

    /// <summary>The part of a front that may be filled in where more columns join.</summary>
    private const double Filled = 0.15;

    private FrontStructure(int size, int[] rows, int[] columns, Front[] fronts) => (Size, Rows, Columns, Fronts) = (size, rows, columns, fronts);

    /// <summary>The number of unknowns.</summary>
    public int Size { get; }

    /// <summary>For each element of the matrix its row. An element off the diagonal stands for both of its places; elements at the same place are added.</summary>
    public int[] Rows { get; }

    /// <summary>For each element of the matrix its column.</summary>
    public int[] Columns { get; }

    /// <summary>The fronts, children first.</summary>
    public Front[] Fronts { get; }

    /// <summary>The structure, or null where the factor has more numbers than the limit.</summary>
    /// <param name="size">The number of unknowns.</param>
    /// <param name="rows">For each element of the matrix its row.</param>
    /// <param name="columns">For each element of the matrix its column.</param>
    /// <param name="limit">The largest number of elements of the factor.</param>
    public static FrontStructure? Find(int size, int[] rows, int[] columns, long limit)
    {
        var weights = new int[size];
        Array.Fill(weights, 1);
        if (EliminationOrder.Find(weights, Edges(size, rows, columns), limit) is not var (order, below))
        {
            return null;
        }

        var position = new int[size];
        for (int i = 0; i < size; i++)
        {
            position[order[i]] = i;
        }

        return new FrontStructure(size, rows, columns, MakeFronts(size, rows, columns, Join(order, position, below), position));
    }

    /// <summary>The pairs of different unknowns that meet in an element, each once.</summary>
    private static int[][] Edges(int size, int[] rows, int[] columns)
    {
        var keys = new List<long>(rows.Length);
        for (int k = 0; k < rows.Length; k++)
        {
            if (rows[k] != columns[k])
            {
                keys.Add(((long)Math.Min(rows[k], columns[k]) * size) + Math.Max(rows[k], columns[k]));
            }
        }

        keys.Sort();
        var edges = new List<int[]>(keys.Count);
        long last = -1;
        foreach (long key in keys)
        {
            if (key != last)
            {
                edges.Add([(int)(key / size), (int)(key % size)]);
            }

            last = key;
        }

        return [.. edges];
    }

    /// <summary>Groups of columns that share a front, children first.</summary>
    private static List<Group> Join(int[] order, int[] position, ReadOnlyMemory<int>[] below)
    {
        var groups = new Group[order.Length];
        var roots = new List<Group>();
        foreach (int column in order)
        {
            Group group = groups[column] ??= new Group();
            group.Columns.Add(column);
            group.Below = below[column];
            foreach (Group child in group.Waiting.OrderByDescending(static child => child.Below.Length))
            {
                (int own, int others, int height) = (group.Columns.Count, child.Columns.Count, group.Below.Length);
                long zeros = group.Zeros + child.Zeros + ((long)others * (own + height - child.Below.Length)) + ((long)(own - 1) * others);
                int width = own + others;
                if (width <= Few || zeros <= Filled * width * (0.5 * width + height))
                {
                    group.Columns.AddRange(child.Columns);
                    group.Children.AddRange(child.Children);
                    group.Zeros = zeros;
                }
                else
                {
                    group.Children.Add(child);
                }
            }

            group.Waiting.Clear();
            int parent = -1;
            foreach (int other in group.Below.Span)
            {
                parent = parent < 0 || position[other] < position[parent] ? other : parent;
            }

            (parent < 0 ? roots : (groups[parent] ??= new Group()).Waiting).Add(group);
        }

        // From the last to the first: a front, then its children, so that what is handed on is used soon after.
        var reversed = new List<Group>();
        var stack = new Stack<Group>(roots);
        while (stack.TryPop(out Group? group))
        {
            reversed.Add(group);
            foreach (Group child in group.Children.OrderBy(static child => child.Below.Length))
            {
                stack.Push(child);
            }
        }

        reversed.Reverse();
        return reversed;
    }

    private static Front[] MakeFronts(int size, int[] rows, int[] columns, List<Group> groups, int[] position)
    {
        var frontOf = new int[size];
        for (int f = 0; f < groups.Count; f++)
        {
            groups[f].Index = f;
            foreach (int column in groups[f].Columns)
            {
                frontOf[column] = f;
            }
        }

        var elements = new List<int>[groups.Count];
        for (int f = 0; f < elements.Length; f++)
        {
            elements[f] = [];
        }

        for (int k = 0; k < rows.Length; k++)
        {
            elements[Math.Min(frontOf[rows[k]], frontOf[columns[k]])].Add(k);
        }

        return
        [
            .. groups.Select((group, f) => new Front(
                [.. group.Columns.OrderBy(column => position[column])],
                [.. group.Below.ToArray().OrderBy(row => position[row])],
                [.. group.Children.Select(static child => child.Index)],
                [.. elements[f]],
                group.Below.Length == 0)),
        ];
    }

    private sealed class Group
    {
        public List<int> Columns { get; } = [];

        public List<Group> Children { get; } = [];

        public List<Group> Waiting { get; } = [];

        public ReadOnlyMemory<int> Below { get; set; }

        public long Zeros { get; set; }

        public int Index { get; set; }
    }
}
