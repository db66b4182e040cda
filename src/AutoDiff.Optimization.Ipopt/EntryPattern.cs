namespace AutoDiff.Optimization;

/// <summary>The places of a sparse matrix that have been seen so far. They are handed over once; values go to their places, and one that has none makes the pattern grow.</summary>
internal sealed class EntryPattern
{
    private readonly Dictionary<(int Row, int Column), int> places = [];
    private readonly List<(int Row, int Column)> entries = [];
    private int[]? lastRows;
    private int[] lastPlaces = [];

    public int Count => entries.Count;

    /// <summary>Whether places were added that a matrix had, and the pattern had not.</summary>
    public bool HasGrown { get; set; }

    public void Add(Entries matrix)
    {
        lastRows = matrix.Rows;
        lastPlaces = new int[matrix.Rows.Length];
        for (int k = 0; k < lastPlaces.Length; k++)
        {
            (int, int) entry = (matrix.Rows[k], matrix.Columns[k]);
            if (!places.TryGetValue(entry, out lastPlaces[k]))
            {
                lastPlaces[k] = entries.Count;
                places.Add(entry, entries.Count);
                entries.Add(entry);
                HasGrown = true;
            }
        }
    }

    public bool Give(Span<int> rows, Span<int> columns)
    {
        for (int k = 0; k < entries.Count; k++)
        {
            (rows[k], columns[k]) = entries[k];
        }

        return true;
    }

    /// <summary>Puts values to their places; false where they are not finite, or have none.</summary>
    public bool Give(Entries matrix, Span<double> values)
    {
        if (!ReferenceEquals(matrix.Rows, lastRows))
        {
            Add(matrix);
        }

        if (HasGrown)
        {
            return false;
        }

        values.Clear();
        for (int k = 0; k < lastPlaces.Length; k++)
        {
            values[lastPlaces[k]] = matrix.Values[k];
        }

        return double.IsFinite(Vectors.Largest(matrix.Values));
    }
}
