namespace AutoDiff.Optimization;

/// <summary>
/// In which order to eliminate the blocks of a sparse symmetric matrix: always one of least degree next, with the quotient graph and the approximate degrees of Amestoy, Davis and Duff ("An approximate
/// minimum degree ordering algorithm", SIAM J. Matrix Anal. Appl. 17, 1996). Points that few cameras see go first, which is the Schur complement over the points. The matrix is a sum of cliques, and
/// the graph starts with these as its elements; no edge is ever stored.
/// </summary>
internal sealed class EliminationOrder
{
    private readonly int[] weights;
    private readonly List<int[]> members = [];
    private readonly List<int> sizes = [];
    private readonly List<bool> absorbed = [];
    private readonly List<int>[] elementsOf;
    private readonly int[] degrees;
    private readonly long[] sums;
    private readonly bool[] eliminated;
    private readonly int[] marks;
    private readonly PriorityQueue<int, long> queue = new();
    private readonly List<int> order = [];
    private readonly ReadOnlyMemory<int>[] below;
    private readonly List<int> outside = [];
    private readonly List<int> outsideMarks = [];
    private int remaining;

    private EliminationOrder(int[] weights, int[][] cliques)
    {
        int n = weights.Length;
        this.weights = weights;
        (degrees, sums, eliminated, marks, below) = (new int[n], new long[n], new bool[n], new int[n], new ReadOnlyMemory<int>[n]);
        elementsOf = [.. Enumerable.Range(0, n).Select(static _ => new List<int>())];
        foreach (int[] clique in cliques.Where(static clique => clique.Length > 1))
        {
            int size = clique.Sum(block => weights[block]);
            foreach (int block in clique)
            {
                elementsOf[block].Add(members.Count);
                sums[block] += size - weights[block];
            }

            Add(clique, size);
        }

        remaining = weights.Sum();
        for (int block = 0; block < n; block++)
        {
            Requeue(block, sums[block]);
        }
    }

    /// <summary>
    /// The blocks in their order, and for each block those after it that its column of the factor has rows of; null where the factor has more numbers than the limit.
    /// </summary>
    /// <param name="weights">How many unknowns each block has.</param>
    /// <param name="cliques">The sets of blocks that are all joined with each other.</param>
    /// <param name="limit">The largest number of elements of the factor.</param>
    public static (int[] Order, ReadOnlyMemory<int>[] Below)? Find(int[] weights, int[][] cliques, long limit)
    {
        var graph = new EliminationOrder(weights, cliques);
        return graph.Run(limit) ? ([.. graph.order], graph.below) : null;
    }

    private bool Run(long limit)
    {
        long total = 0;
        while (order.Count < weights.Length)
        {
            int block = Next();
            int[] rows = Eliminate(block, out int height);
            below[block] = rows;
            total += weights[block] * ((long)height + weights[block]);
            if (height == remaining && rows.Length > 1)
            {
                // What is left is joined with everything that is left: any order is as good.
                total += (long)height * (height + 1) / 2;
                Array.Sort(rows);
                for (int i = 0; i < rows.Length; i++)
                {
                    order.Add(rows[i]);
                    below[rows[i]] = rows.AsMemory(i + 1);
                }
            }

            if (total > limit)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The block of least degree.</summary>
    private int Next()
    {
        while (true)
        {
            queue.TryDequeue(out int block, out long priority);
            if (!eliminated[block] && (int)(priority >> 32) == degrees[block])
            {
                return block;
            }
        }
    }

    /// <summary>Joins what the block was joined with; returns these blocks, and how many unknowns they have.</summary>
    private int[] Eliminate(int block, out int height)
    {
        List<int> elements = elementsOf[block];
        elements.RemoveAll(element => absorbed[element]);
        eliminated[block] = true;
        order.Add(block);
        remaining -= weights[block];
        height = 0;
        if (elements.Count == 0)
        {
            return [];
        }

        // The mark of a block is that of the last elimination that met it.
        int mark = order.Count;
        var joined = new List<int>();
        foreach (int element in elements)
        {
            foreach (int other in members[element])
            {
                if (!eliminated[other] && marks[other] != mark)
                {
                    marks[other] = mark;
                    height += weights[other];
                    joined.Add(other);
                }
            }
        }

        int[] rows = [.. joined];
        if (elements.Count == 1)
        {
            // Nothing is filled in: one element has become smaller.
            (members[elements[0]], sizes[elements[0]]) = (rows, height);
            foreach (int other in rows)
            {
                sums[other] -= weights[block];
                Requeue(other, Math.Max(degrees[other] - weights[block], 0));
            }
        }
        else
        {
            foreach (int element in elements)
            {
                Absorb(element);
            }

            Update(rows, height, Add(rows, height), mark);
        }

        return rows;
    }

    /// <summary>
    /// New bounds on degrees after an elimination, by |L_e \ L_p| for every element e that the new element p meets; an e of which nothing is left is absorbed. Blocks in so many elements that looking at
    /// all of them would cost more than all the rest keep the simpler bound, the sum of the sizes of their elements.
    /// </summary>
    private void Update(int[] rows, int height, int pivot, int mark)
    {
        int longest = 16 * (rows.Length + 8);
        foreach (int block in rows)
        {
            List<int> elements = elementsOf[block];
            if (elements.Count > longest)
            {
                continue;
            }

            elements.RemoveAll(element => absorbed[element]);
            foreach (int element in elements)
            {
                if (outsideMarks[element] != mark)
                {
                    (outsideMarks[element], outside[element]) = (mark, sizes[element]);
                }

                outside[element] -= weights[block];
            }
        }

        foreach (int block in rows)
        {
            List<int> elements = elementsOf[block];
            int joined = height - weights[block];
            long bound = (long)degrees[block] + joined;
            if (elements.Count <= longest)
            {
                long sum = joined;
                foreach (int element in elements)
                {
                    if (outside[element] == 0 && !absorbed[element])
                    {
                        Absorb(element);
                    }

                    sum += outside[element];
                }

                elements.RemoveAll(element => absorbed[element]);
                bound = Math.Min(bound, sum);
            }

            elements.Add(pivot);
            sums[block] += joined;
            Requeue(block, Math.Min(bound, sums[block]));
        }
    }

    private int Add(int[] blocks, int size)
    {
        members.Add(blocks);
        sizes.Add(size);
        absorbed.Add(false);
        outside.Add(0);
        outsideMarks.Add(0);
        return members.Count - 1;
    }

    private void Absorb(int element)
    {
        foreach (int block in members[element])
        {
            sums[block] -= sizes[element] - weights[block];
        }

        absorbed[element] = true;
        members[element] = [];
    }

    private void Requeue(int block, long bound)
    {
        degrees[block] = (int)Math.Min(bound, remaining - weights[block]);
        queue.Enqueue(block, ((long)degrees[block] << 32) | (uint)block);
    }
}
