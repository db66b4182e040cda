namespace AutoDiff;

/// <summary>Which elements of a matrix may differ from zero, row by row, with ascending columns (compressed sparse rows).</summary>
public sealed class SparsityPattern
{
    private readonly int[] offsets;
    private readonly int[] columns;

    /// <summary>Makes a pattern from compressed sparse rows.</summary>
    internal SparsityPattern(int rows, int columnCount, int[] offsets, int[] columns)
    {
        Rows = rows;
        Columns = columnCount;
        this.offsets = offsets;
        this.columns = columns;
    }

    /// <summary>The number of rows.</summary>
    public int Rows { get; }

    /// <summary>The number of columns.</summary>
    public int Columns { get; }

    /// <summary>The number of elements that may differ from zero.</summary>
    public int Count => columns.Length;

    /// <summary>For each row the place of its first element in <see cref="ColumnIndices"/>; one more at the end.</summary>
    public ReadOnlySpan<int> RowOffsets => offsets;

    /// <summary>The columns of the elements, row after row, ascending in each row.</summary>
    public ReadOnlySpan<int> ColumnIndices => columns;

    /// <summary>The columns of one row.</summary>
    /// <param name="row">The row.</param>
    /// <returns>The columns, ascending.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public ReadOnlySpan<int> Row(int row) => (uint)row < (uint)Rows
        ? columns.AsSpan(offsets[row], offsets[row + 1] - offsets[row])
        : throw Errors.OutOfRange(nameof(Row), nameof(row), $"row {row} of a pattern with {Rows} rows is asked for", Rows == 0 ? "no row: there is none" : Text.Of($"a row from 0 to {Rows - 1}"), "count rows from 0");

    /// <summary>The size of the matrix and the number of its nonzeros, as in "1000 × 1000, 2998 nonzeros".</summary>
    /// <returns>Text for people.</returns>
    public override string ToString() => Text.Of($"{Rows} × {Columns}, {Count} nonzeros");

    /// <summary>The elements that are in both of two patterns of the same shape.</summary>
    internal SparsityPattern Intersect(SparsityPattern other)
    {
        var starts = new int[Rows + 1];
        var common = new List<int>(columns.Length);
        for (int row = 0; row < Rows; row++)
        {
            ReadOnlySpan<int> theirs = other.Row(row);
            int k = 0;
            foreach (int column in Row(row))
            {
                while (k < theirs.Length && theirs[k] < column)
                {
                    k++;
                }

                if (k < theirs.Length && theirs[k] == column)
                {
                    common.Add(column);
                }
            }

            starts[row + 1] = common.Count;
        }

        return new SparsityPattern(Rows, Columns, starts, common.ToArray());
    }

    /// <summary>The pattern of the transposed matrix.</summary>
    /// <returns>The transposed pattern.</returns>
    public SparsityPattern Transpose()
    {
        var starts = new int[Columns + 1];
        foreach (int column in columns)
        {
            starts[column + 1]++;
        }

        for (int column = 0; column < Columns; column++)
        {
            starts[column + 1] += starts[column];
        }

        var rows = new int[columns.Length];
        int[] next = [.. starts];
        for (int row = 0; row < Rows; row++)
        {
            foreach (int column in Row(row))
            {
                rows[next[column]++] = row;
            }
        }

        return new SparsityPattern(Columns, Rows, starts, rows);
    }
}
