namespace AutoDiff;

/// <summary>
/// Greedy colorings of a sparse matrix. Columns of one color are found by one sweep together, because their elements do not meet. Gebremedhin, Manne and Pothen,
/// "What color is your Jacobian? Graph coloring for computing derivatives", SIAM Review 47 (2005).
/// </summary>
internal static class Coloring
{
    /// <summary>A color for each column, such that no two columns of one color have an element in the same row. Rows are colored by handing over the transposed pattern first.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="transposed">The pattern of the transposed matrix.</param>
    /// <param name="count">The number of colors.</param>
    /// <param name="cancellationToken">Looked at before every column.</param>
    public static int[] Columns(SparsityPattern pattern, SparsityPattern transposed, out int count, CancellationToken cancellationToken)
    {
        var colors = new int[pattern.Columns];
        Array.Fill(colors, -1);
        var forbidden = new int[pattern.Columns + 1];
        Array.Fill(forbidden, -1);
        count = 0;
        for (int column = 0; column < colors.Length; column++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (int row in transposed.Row(column))
            {
                foreach (int other in pattern.Row(row))
                {
                    if (colors[other] >= 0)
                    {
                        forbidden[colors[other]] = column;
                    }
                }
            }

            colors[column] = FirstFree(forbidden, column);
            count = Math.Max(count, colors[column] + 1);
        }

        return colors;
    }

    /// <summary>
    /// A color for each column of a symmetric matrix, such that every element can be read from one of the two columns it stands in: neighbors differ, and every path of four vertices has three
    /// colors (the greedy variant of Powell and Toint, 1979).
    /// </summary>
    public static int[] Symmetric(SparsityPattern pattern, out int count, CancellationToken cancellationToken)
    {
        var colors = new int[pattern.Columns];
        Array.Fill(colors, -1);
        var forbidden = new int[pattern.Columns + 1];
        Array.Fill(forbidden, -1);
        count = 0;
        foreach (int vertex in HubsFirst(pattern))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (int near in pattern.Row(vertex))
            {
                if (near == vertex)
                {
                    continue;
                }

                if (colors[near] >= 0)
                {
                    forbidden[colors[near]] = vertex;
                }

                if (colors[near] == 0)
                {
                    continue;
                }

                foreach (int far in pattern.Row(near))
                {
                    if (far != vertex && far != near && colors[far] >= 0 && (colors[near] < 0 || colors[far] < colors[near]))
                    {
                        forbidden[colors[far]] = vertex;
                    }
                }
            }

            colors[vertex] = FirstFree(forbidden, vertex);
            count = Math.Max(count, colors[vertex] + 1);
        }

        return colors;
    }

    /// <summary>
    /// The vertices in their order; where some have many more neighbors than most, those of most neighbors first. Until a hub has a color, no two of its neighbors may have the same.
    /// </summary>
    private static IEnumerable<int> HubsFirst(SparsityPattern pattern)
    {
        int Degree(int vertex) => pattern.RowOffsets[vertex + 1] - pattern.RowOffsets[vertex];
        long most = 16 + (4L * pattern.Count / Math.Max(pattern.Rows, 1));
        IEnumerable<int> vertices = Enumerable.Range(0, pattern.Rows);
        return [.. vertices.Where(vertex => Degree(vertex) > most).OrderByDescending(Degree), .. vertices.Where(vertex => Degree(vertex) <= most)];
    }

    /// <summary>A color for each column of a square matrix, such that no other column of its color has an element in the row of the same number: enough to read the diagonal.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="transposed">The pattern of the transposed matrix.</param>
    /// <param name="count">The number of colors.</param>
    public static int[] Diagonal(SparsityPattern pattern, SparsityPattern transposed, out int count)
    {
        var colors = new int[pattern.Columns];
        Array.Fill(colors, -1);
        var forbidden = new int[pattern.Columns + 1];
        Array.Fill(forbidden, -1);
        count = 0;
        for (int column = 0; column < colors.Length; column++)
        {
            Forbid(pattern.Row(column), column);
            Forbid(transposed.Row(column), column);
            colors[column] = FirstFree(forbidden, column);
            count = Math.Max(count, colors[column] + 1);
        }

        return colors;

        void Forbid(ReadOnlySpan<int> neighbors, int mark)
        {
            foreach (int other in neighbors)
            {
                if (colors[other] >= 0)
                {
                    forbidden[colors[other]] = mark;
                }
            }
        }
    }

    private static int FirstFree(int[] forbidden, int mark)
    {
        int color = 0;
        while (forbidden[color] == mark)
        {
            color++;
        }

        return color;
    }
}
