namespace AutoDiff.Optimization;

/// <summary>
/// L L^T = J^T J + D² for a sparse J and a diagonal D, panel by panel from the left (Ng and Peyton, "Block sparse Cholesky algorithms on advanced uniprocessor computers", SIAM J. Sci. Comput. 14, 1993).
/// The unknown of a column that depends on those before it, to working precision, stays zero.
/// </summary>
internal sealed class SparseCholesky(PanelStructure structure)
{
    /// <summary>A pivot that is a smaller part of its diagonal element is rounding.</summary>
    private const double Dependent = 2e-14;

    /// <summary>Rows of a product that are computed at once: they stay in the nearest cache.</summary>
    private const int Strip = 64;

    /// <summary>So many rows of J are added at once, where they follow one another and meet the same blocks.</summary>
    private const int Together = 8;

    /// <summary>Panels of no more columns are applied block by block, without a product of their own.</summary>
    private const int Narrow = 6;

    /// <summary>Multiply-adds that are worth another thread.</summary>
    private const long Grain = 2_000_000;

    private readonly ColumnBlocks blocks = structure.Blocks;
    private readonly Panel?[] heads = new Panel?[structure.Panels.Length];
    private readonly int[] rowsOf = new int[structure.Blocks.Columns.Length];
    private readonly double[] inverses = new double[structure.Blocks.BlockOf.Length];
    private readonly double[] diagonal = new double[structure.Blocks.BlockOf.Length];
    private readonly double[] permuted = new double[structure.Blocks.BlockOf.Length];
    private double[] transposed = [];
    private int[] targetRows = [];
    private readonly List<(int Start, int Place, int Length)> runs = [];

    /// <summary>Takes the factor of new values of J and D.</summary>
    /// <param name="values">The values of J.</param>
    /// <param name="damping">The diagonal of D.</param>
    /// <param name="beat">Called once in a while; what it throws ends the factorization.</param>
    public void Factor(double[] values, double[] damping, Action beat)
    {
        Assemble(values, damping);
        Array.Clear(heads);
        foreach (Panel panel in structure.Panels)
        {
            Panel? applied = heads[panel.Index];
            if (applied is not null)
            {
                Locate(panel);
            }

            while (applied is not null)
            {
                Panel? next = applied.Waiting;
                Apply(applied, panel);
                Queue(applied);
                applied = next;
            }

            if (panel.Width * panel.Height > Strip * Strip)
            {
                beat();
            }

            Finish(panel);
            panel.Pending = 0;
            Queue(panel);
        }
    }

    /// <summary>x := (L L^T)^-1 x.</summary>
    public void Solve(double[] x)
    {
        for (int column = 0; column < x.Length; column++)
        {
            permuted[structure.Places[column]] = x[column];
        }

        foreach (Panel panel in structure.Panels)
        {
            Span<double> own = permuted.AsSpan(panel.First, panel.Width);
            for (int i = 0; i < panel.Width; i++)
            {
                own[i] = (own[i] - PanelProduct.Dot(panel.Values.AsSpan(i * panel.Width, i), own)) * inverses[panel.First + i];
            }

            for (int b = 0; b < panel.Below.Length; b++)
            {
                Span<double> others = permuted.AsSpan(structure.Start(panel.Below[b]), panel.Rows[b + 1] - panel.Rows[b]);
                PanelProduct.Subtract(panel.Values.AsSpan(panel.Rows[b] * panel.Width, others.Length * panel.Width), own, others);
            }
        }

        for (int p = structure.Panels.Length - 1; p >= 0; p--)
        {
            Panel panel = structure.Panels[p];
            Span<double> own = permuted.AsSpan(panel.First, panel.Width);
            for (int b = 0; b < panel.Below.Length; b++)
            {
                ReadOnlySpan<double> others = permuted.AsSpan(structure.Start(panel.Below[b]), panel.Rows[b + 1] - panel.Rows[b]);
                PanelProduct.SubtractTransposed(panel.Values.AsSpan(panel.Rows[b] * panel.Width, others.Length * panel.Width), others, own);
            }

            for (int i = panel.Width - 1; i >= 0; i--)
            {
                own[i] *= inverses[panel.First + i];
                Vectors.AddTo(own[..i], -own[i], panel.Values.AsSpan(i * panel.Width, i));
            }
        }

        for (int column = 0; column < x.Length; column++)
        {
            x[column] = permuted[structure.Places[column]];
        }
    }

    /// <summary>Puts J^T J + D² into the panels: each row of J adds its outer product with itself.</summary>
    private void Assemble(double[] values, double[] damping)
    {
        foreach (Panel panel in structure.Panels)
        {
            Array.Clear(panel.Values);
        }

        ReadOnlySpan<int> offsets = blocks.Pattern.RowOffsets;
        int[] places = structure.RowPlaces;
        double[] rows = [];
        int end;
        for (int first = 0; first < blocks.Pattern.Rows; first = end)
        {
            int clique = blocks.CliqueOf[first];
            int width = structure.Widths[clique];
            for (end = first + 1; end < blocks.Pattern.Rows && end - first < Together && blocks.CliqueOf[end] == clique;)
            {
                end++;
            }

            // A row that has one unknown of a block has all of them: every place of a row is written.
            Grow(ref rows, (end - first) * width);
            for (int r = first; r < end; r++)
            {
                Span<double> row = rows.AsSpan((r - first) * width, width);
                for (int k = offsets[r]; k < offsets[r + 1]; k++)
                {
                    row[places[k]] = values[k];
                }
            }

            AddSquares(clique, rows, end - first, width);
        }

        for (int column = 0; column < damping.Length; column++)
        {
            Panel panel = structure.PanelOf(blocks.BlockOf[column]);
            int place = structure.Places[column];
            ref double element = ref panel.Values[(place - panel.First) * (panel.Width + 1)];
            element += damping[column] * damping[column];
            diagonal[place] = element;
        }
    }

    /// <summary>Adds the outer products of some rows of one clique with themselves.</summary>
    private void AddSquares(int number, double[] rows, int count, int width)
    {
        int[] clique = structure.Cliques[number];
        int[] targets = structure.Targets[number];
        int pair = 0;
        int left = 0;
        for (int a = 0; a < clique.Length; a++)
        {
            Panel panel = structure.PanelOf(clique[a]);
            int columns = blocks.Columns[clique[a]].Length;
            int right = left;
            for (int b = a; b < clique.Length; b++)
            {
                int target = targets[pair++];
                int height = blocks.Columns[clique[b]].Length;
                if (target >= 0)
                {
                    PanelProduct.Add(height, columns, count, 1, rows.AsSpan(right), 1, width, rows.AsSpan(left), width, panel.Values.AsSpan(target), panel.Width);
                }

                right += height;
            }

            left += columns;
        }
    }

    /// <summary>Puts a panel into the list of the next one that it has to be applied to.</summary>
    private void Queue(Panel panel)
    {
        if (panel.Pending < panel.Below.Length)
        {
            ref Panel? head = ref heads[structure.PanelOf(panel.Below[panel.Pending]).Index];
            (panel.Waiting, head) = (head, panel);
        }
    }

    /// <summary>Notes in which row of a panel each of its blocks begins.</summary>
    private void Locate(Panel panel)
    {
        foreach (int block in panel.Own)
        {
            rowsOf[block] = structure.Start(block) - panel.First;
        }

        for (int b = 0; b < panel.Below.Length; b++)
        {
            rowsOf[panel.Below[b]] = panel.Rows[b];
        }
    }

    /// <summary>Takes from a panel what a finished one before it adds: the product of that one's rows with those of them that are columns here.</summary>
    private void Apply(Panel source, Panel target)
    {
        int begin = source.Pending;
        int end = begin;
        while (end < source.Below.Length && structure.PanelOf(source.Below[end]) == target)
        {
            end++;
        }

        source.Pending = end;
        int first = source.Rows[begin];
        (int m, int n, int k) = (source.Height - first, source.Rows[end] - first, source.Width);
        Grow(ref transposed, k * PanelProduct.Padded(n));
        PanelProduct.Transpose(source.Values.AsSpan(first * k), k, n, k, transposed);
        if (k <= Narrow)
        {
            ApplyBlocks(source, target, begin, end);
            return;
        }

        Grow(ref targetRows, m);
        int at = 0;
        for (int b = begin; b < source.Below.Length; b++)
        {
            for (int i = source.Rows[b]; i < source.Rows[b + 1]; i++)
            {
                targetRows[at++] = rowsOf[source.Below[b]] + i - source.Rows[b];
            }
        }

        FindRuns(n);
        int strips = (m + Strip - 1) / Strip;
        if (strips > 1 && (long)m * n * k > Grain && Parallelism.MaxThreads > 1)
        {
            Parallel.For(0, strips, new ParallelOptions { MaxDegreeOfParallelism = Parallelism.MaxThreads }, strip => ApplyStrip(source, target, first, strip * Strip, Math.Min(m, (strip + 1) * Strip), n));
            return;
        }

        for (int strip = 0; strip < strips; strip++)
        {
            ApplyStrip(source, target, first, strip * Strip, Math.Min(m, (strip + 1) * Strip), n);
        }
    }

    private void ApplyStrip(Panel source, Panel target, int first, int from, int to, int n)
    {
        int k = source.Width;
        int width = PanelProduct.Padded(n);
        Span<double> product = stackalloc double[(to - from) * width];
        PanelProduct.Multiply(to - from, k, width, source.Values.AsSpan((first + from) * k), k, transposed, product);
        for (int i = from; i < to; i++)
        {
            Span<double> row = target.Values.AsSpan(targetRows[i] * target.Width, target.Width);
            ReadOnlySpan<double> change = product.Slice((i - from) * width, n);
            foreach ((int start, int place, int length) in runs)
            {
                Vectors.AddTo(row.Slice(place, length), -1, change.Slice(start, length));
            }
        }
    }

    /// <summary>The columns of a product that lie side by side in the target too: its first rows say where they go.</summary>
    private void FindRuns(int n)
    {
        runs.Clear();
        int start = 0;
        for (int j = 1; j <= n; j++)
        {
            if (j == n || targetRows[j] != targetRows[j - 1] + 1)
            {
                runs.Add((start, targetRows[start], j - start));
                start = j;
            }
        }
    }

    /// <summary>Takes from a panel what a narrow one adds, block by block, into its place.</summary>
    private void ApplyBlocks(Panel source, Panel target, int begin, int end)
    {
        int k = source.Width;
        int first = source.Rows[begin];
        int width = PanelProduct.Padded(source.Rows[end] - first);
        for (int b = begin; b < source.Below.Length; b++)
        {
            int row = rowsOf[source.Below[b]] * target.Width;
            ReadOnlySpan<double> left = source.Values.AsSpan(source.Rows[b] * k);
            for (int c = begin; c < end && c <= b; c++)
            {
                PanelProduct.Add(source.Rows[b + 1] - source.Rows[b], source.Rows[c + 1] - source.Rows[c], k, -1, left, k, 1, transposed.AsSpan(source.Rows[c] - first), width,
                    target.Values.AsSpan(row + rowsOf[source.Below[c]]), target.Width);
            }
        }
    }

    /// <summary>The triangle on the diagonal, and the rows below it.</summary>
    private void Finish(Panel panel)
    {
        int width = panel.Width;
        for (int i = 0; i < width; i++)
        {
            Span<double> row = panel.Values.AsSpan(i * width, i + 1);
            Substitute(panel, row, i);
            double pivot = row[i] - PanelProduct.Dot(row[..i], row);
            double root = pivot > Dependent * diagonal[panel.First + i] ? Math.Sqrt(pivot) : double.PositiveInfinity;
            (row[i], inverses[panel.First + i]) = (root, 1 / root);
        }

        int count = panel.Height - width;
        if (width == 1)
        {
            double inverse = inverses[panel.First];
            foreach (ref double value in panel.Values.AsSpan(1))
            {
                value *= inverse;
            }
        }
        else if ((long)count * width * width > 2 * Grain && Parallelism.MaxThreads > 1)
        {
            int strips = (count + Strip - 1) / Strip;
            Parallel.For(0, strips, new ParallelOptions { MaxDegreeOfParallelism = Parallelism.MaxThreads }, strip => Below(width + (strip * Strip), Math.Min(panel.Height, width + ((strip + 1) * Strip))));
        }
        else
        {
            Below(width, panel.Height);
        }

        void Below(int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                Substitute(panel, panel.Values.AsSpan(i * width, width), width);
            }
        }
    }

    /// <summary>Solves x L^T = row for the leading columns of the triangle.</summary>
    private void Substitute(Panel panel, Span<double> row, int columns)
    {
        for (int j = 0; j < columns; j++)
        {
            row[j] = (row[j] - PanelProduct.Dot(panel.Values.AsSpan(j * panel.Width, j), row)) * inverses[panel.First + j];
        }
    }

    private static void Grow<TElement>(ref TElement[] array, int length) => array = array.Length < length ? new TElement[Math.Max(length, 2 * array.Length)] : array;
}
