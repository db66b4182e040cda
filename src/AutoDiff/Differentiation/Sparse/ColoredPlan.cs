using System.Numerics;

namespace AutoDiff;

/// <summary>A pattern with its coloring, and how the values are read from the sweeps of the colors. It depends on the structure of the recorded program alone, and is used again at other points.</summary>
internal sealed class ColoredPlan<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] colors;
    private readonly bool symmetric;
    private readonly JacobianOptions options;
    private int[]? places;

    private ColoredPlan(SparsityPattern pattern, int[] colors, int count, bool byColumns, bool symmetric, JacobianOptions options)
    {
        (Pattern, this.colors, Colors, ByColumns, this.symmetric, this.options) = (pattern, colors, count, byColumns, symmetric, options);
    }

    public SparsityPattern Pattern { get; }

    public int Colors { get; }

    public bool ByColumns { get; }

    /// <summary>A plan for a Jacobian: columns or rows, whichever take fewer colors.</summary>
    public static ColoredPlan<T> Jacobian(Tape<T> tape, Tensor<T> y, Tensor<T> x, JacobianOptions options, CancellationToken cancellationToken)
    {
        SparsityPattern pattern = PatternSweep<T>.Run(tape, y, x, long.MaxValue, cancellationToken)!;
        SparsityPattern transposed = pattern.Transpose();

        // A row of k elements needs k colors of columns, and a column of k elements k colors of rows. The side with the smaller bound is colored first, and the other only if it can win.
        bool columnsFirst = Longest(pattern) <= Longest(transposed);
        ColoredPlan<T> first = Colored(columnsFirst);
        if (first.Colors <= (columnsFirst ? Longest(transposed) : Longest(pattern)))
        {
            return first;
        }

        ColoredPlan<T> second = Colored(!columnsFirst);
        return second.Colors < first.Colors ? second : first;

        ColoredPlan<T> Colored(bool byColumns)
        {
            int[] colors = byColumns ? Coloring.Columns(pattern, transposed, out int count, cancellationToken) : Coloring.Columns(transposed, pattern, out count, cancellationToken);
            return new ColoredPlan<T>(pattern, colors, count, byColumns, symmetric: false, options);
        }
    }

    /// <summary>A plan for a symmetric Jacobian, that of a gradient: every element can be read from either of its columns.</summary>
    public static ColoredPlan<T> Symmetric(Tape<T> tape, Tensor<T> gradient, Tensor<T> x, JacobianOptions options, CancellationToken cancellationToken)
    {
        SparsityPattern found = PatternSweep<T>.Run(tape, gradient, x, long.MaxValue, cancellationToken)!;

        // The pattern of the recorded program may be too large on one side of the diagonal only: what is zero on one side is zero on the other.
        SparsityPattern pattern = found.Intersect(found.Transpose());
        int[] columns = Coloring.Symmetric(pattern, out int count, cancellationToken);
        return new ColoredPlan<T>(pattern, columns, count, byColumns: true, symmetric: true, options);
    }

    /// <summary>The values at the point where y was recorded: one vector for each color, then each element read from its place.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="y">The output.</param>
    /// <param name="x">The input.</param>
    /// <param name="share">How the colors are shared with others; null for all of them here.</param>
    /// <param name="cancellationToken">Looked at before every sweep.</param>
    public SparseMatrix<T> Evaluate(Tape<T> tape, Tensor<T> y, Tensor<T> x, ColorShare<T>? share, CancellationToken cancellationToken)
    {
        Tensor<T> from = ByColumns ? x : y;
        (int first, int own) = share?.Own(Colors) ?? (0, Colors);
        int chunk = Math.Min(tape.ChunkLength(y, x, options.MemoryBound), Math.Max(own, 1));
        var plan = new JacobianPlan { Mode = JacobianMode.Sparse, Rows = y.Length, Columns = x.Length, Vectors = own, Chunk = chunk, Reason = "" };
        Tensor<T> products = Tape<T>.InChunks(plan, (start, count) =>
        {
            return Tape<T>.SweepUnits(new(Seeds(colors, first + start, count, from)), record: false, seeds => ByColumns
                ? tape.Jvp(nameof(Jacobian), [y], [x], [seeds], record: false)[0].Values
                : tape.Vjp(nameof(Jacobian), [y], [seeds], [x], record: false)[0].Values);
        }, cancellationToken);
        ReadOnlySpan<T> all = (share?.Join(products) ?? products).Values;
        var values = new T[Pattern.Count];
        for (int k = 0; k < values.Length; k++)
        {
            values[k] = all[Places[k]];
        }

        return new SparseMatrix<T>(Pattern, values);
    }

    /// <summary>The values alone, recorded.</summary>
    public Tensor<T> RecordedValues(Tape<T> tape, Tensor<T> y, Tensor<T> x)
    {
        Tensor<T> from = ByColumns ? x : y;
        var plan = new JacobianPlan { Mode = JacobianMode.Sparse, Rows = y.Length, Columns = x.Length, Vectors = Colors, Chunk = Math.Min(tape.ChunkLength(y, x, options.MemoryBound), Math.Max(Colors, 1)), Reason = "" };
        return Tape<T>.InChunks(plan, (start, count) => Tape<T>.SweepUnits(new(Seeds(colors, start, count, from)), record: true, seeds => ByColumns
            ? tape.Jvp(nameof(Jacobian), [y], [x], [seeds], record: true)[0].Values
            : tape.Vjp(nameof(Jacobian), [y], [seeds], [x], record: true)[0].Values), CancellationToken.None).Flatten().Take(Places);
    }

    private static int Longest(SparsityPattern pattern)
    {
        int longest = 0;
        for (int row = 0; row < pattern.Rows; row++)
        {
            longest = Math.Max(longest, pattern.Row(row).Length);
        }

        return longest;
    }

    /// <summary>For each of the colors start, start + 1, ... the sum of the unit vectors of that color.</summary>
    internal static Tensor<T> Seeds(int[] colors, int start, int count, Tensor<T> from)
    {
        Tensor<T> seeds = Tensor.Zeros<T>([count, .. from.Shape]);
        for (int i = 0; i < colors.Length; i++)
        {
            if (colors[i] >= start && colors[i] < start + count)
            {
                seeds.Writable[((colors[i] - start) * colors.Length) + i] = T.One;
            }
        }

        return seeds;
    }

    /// <summary>Where each value is found among the products of all colors, one after the other.</summary>
    private int[] Places => places ??= FindPlaces();

    private int[] FindPlaces()
    {
        var found = new int[Pattern.Count];
        var seen = new int[Colors];
        ReadOnlySpan<int> offsets = Pattern.RowOffsets;
        ReadOnlySpan<int> columns = Pattern.ColumnIndices;
        for (int row = 0; row < Pattern.Rows; row++)
        {
            if (symmetric)
            {
                Array.Clear(seen);
                foreach (int column in Pattern.Row(row))
                {
                    seen[colors[column]]++;
                }
            }

            for (int k = offsets[row]; k < offsets[row + 1]; k++)
            {
                int column = columns[k];
                found[k] = !ByColumns ? (colors[row] * Pattern.Columns) + column
                    : symmetric && seen[colors[column]] > 1 ? (colors[row] * Pattern.Rows) + column
                    : (colors[column] * Pattern.Rows) + row;
            }
        }

        return found;
    }
}

/// <summary>How the colors of a sparse derivative are shared between several that compute the same one.</summary>
/// <param name="Own">From the number of colors to those that are swept here: the first, and how many.</param>
/// <param name="Join">From the products of these colors, along the first axis, to those of all.</param>
internal sealed record ColorShare<T>(Func<int, (int First, int Count)> Own, Func<Tensor<T>, Tensor<T>> Join) where T : unmanaged, IBinaryFloatingPointIeee754<T>;
