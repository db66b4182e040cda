namespace AutoDiff.Optimization;

/// <summary>Neighboring block columns of a factor with the same rows below them, as one dense matrix: first the triangle on the diagonal, then the rows of the blocks below.</summary>
internal sealed class Panel(int index, int first, int width, int[] own, int[] below, int[] rows)
{
    /// <summary>The place among the panels.</summary>
    public int Index => index;

    /// <summary>The place of the first column in the order of elimination.</summary>
    public int First => first;

    public int Width => width;

    /// <summary>The blocks of the columns, in order.</summary>
    public int[] Own => own;

    /// <summary>The blocks below, in order.</summary>
    public int[] Below => below;

    /// <summary>For each block below its first row in the panel; at the end the height.</summary>
    public int[] Rows => rows;

    public int Height => rows[^1];

    /// <summary>Height times width numbers, row by row.</summary>
    public double[] Values { get; } = new double[rows[^1] * width];

    /// <summary>The first block below to which this panel has not been applied yet.</summary>
    public int Pending { get; set; }

    /// <summary>The next panel that waits to be applied to the same one.</summary>
    public Panel? Waiting { get; set; }
}
