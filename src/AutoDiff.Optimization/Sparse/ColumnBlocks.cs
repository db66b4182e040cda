namespace AutoDiff.Optimization;

/// <summary>
/// The unknowns of a sparse least-squares problem in blocks. Columns that have elements in the same rows (the coordinates of a point, the parameters of a camera) are one block, so that ordering and
/// factorization deal with blocks and dense little matrices; rows that meet the same blocks are one clique of the graph of J^T J.
/// </summary>
internal sealed class ColumnBlocks
{
    /// <summary>Wider blocks are cut: nothing is gained by more.</summary>
    private const int Widest = 64;

    public ColumnBlocks(SparsityPattern pattern)
    {
        Pattern = pattern;
        (Columns, BlockOf, PlaceOf) = GroupColumns(pattern);
        (Cliques, CliqueOf) = GroupRows(pattern, BlockOf);
    }

    public SparsityPattern Pattern { get; }

    /// <summary>The columns of each block, ascending.</summary>
    public int[][] Columns { get; }

    /// <summary>For each column its block.</summary>
    public int[] BlockOf { get; }

    /// <summary>For each column its place in its block.</summary>
    public int[] PlaceOf { get; }

    /// <summary>The sets of blocks that meet in a row, each once, ascending.</summary>
    public int[][] Cliques { get; }

    /// <summary>For each row its clique.</summary>
    public int[] CliqueOf { get; }

    private static (int[][] Columns, int[] BlockOf, int[] PlaceOf) GroupColumns(SparsityPattern pattern)
    {
        SparsityPattern transposed = pattern.Transpose();
        var blocks = new List<List<int>>();
        var open = new Dictionary<int, List<int>>();
        var blockOf = new int[pattern.Columns];
        var placeOf = new int[pattern.Columns];
        for (int column = 0; column < pattern.Columns; column++)
        {
            ReadOnlySpan<int> rows = transposed.Row(column);
            int block = -1;
            if (rows.Length > 0)
            {
                List<int> candidates = Candidates(open, rows);
                foreach (int candidate in candidates)
                {
                    block = transposed.Row(blocks[candidate][0]).SequenceEqual(rows) ? candidate : block;
                }

                if (block < 0 || blocks[block].Count == Widest)
                {
                    candidates.Remove(block);
                    candidates.Add(blocks.Count);
                    block = -1;
                }
            }

            if (block < 0)
            {
                block = blocks.Count;
                blocks.Add([]);
            }

            (blockOf[column], placeOf[column]) = (block, blocks[block].Count);
            blocks[block].Add(column);
        }

        return ([.. blocks.Select(static columns => columns.ToArray())], blockOf, placeOf);
    }

    private static (int[][] Cliques, int[] CliqueOf) GroupRows(SparsityPattern pattern, int[] blockOf)
    {
        var cliques = new List<int[]>();
        var known = new Dictionary<int, List<int>>();
        var cliqueOf = new int[pattern.Rows];
        var met = new int[pattern.Columns];
        var blocks = new List<int>();
        for (int row = 0; row < pattern.Rows; row++)
        {
            blocks.Clear();
            foreach (int column in pattern.Row(row))
            {
                int block = blockOf[column];
                if (met[block] != row + 1)
                {
                    met[block] = row + 1;
                    blocks.Add(block);
                }
            }

            blocks.Sort();
            ReadOnlySpan<int> clique = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(blocks);
            List<int> candidates = Candidates(known, clique);
            int found = -1;
            foreach (int candidate in candidates)
            {
                found = clique.SequenceEqual(cliques[candidate]) ? candidate : found;
            }

            if (found < 0)
            {
                found = cliques.Count;
                cliques.Add(clique.ToArray());
                candidates.Add(found);
            }

            cliqueOf[row] = found;
        }

        return ([.. cliques], cliqueOf);
    }

    /// <summary>What was filed under the same hash.</summary>
    private static List<int> Candidates(Dictionary<int, List<int>> files, ReadOnlySpan<int> key)
    {
        uint hash = 2166136261;
        foreach (int value in key)
        {
            hash = (hash ^ (uint)value) * 16777619;
            hash ^= hash >> 15;
        }

        if (!files.TryGetValue((int)hash, out List<int>? candidates))
        {
            files[(int)hash] = candidates = [];
        }

        return candidates;
    }
}
