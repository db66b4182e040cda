using System.Numerics;
using System.Numerics.Tensors;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>
/// A sparse matrix in rows: what one axis of a separable map does. Weights of zero are not kept: where there is no weight, nothing flows. Means of windows, whose rows are runs of one weight each, are
/// kept as such, and so are their transposes: long windows overlap, and would take as much room as their product.
/// </summary>
internal sealed class AxisWeights<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Up to so many terms, floats are added as they are.</summary>
    private const int FewWeights = 16;

    /// <summary>Where the weights of a row begin and end: among the columns, or, of runs, the first column and the one after the last.</summary>
    private readonly int[] starts;
    private readonly int[] ends;

    /// <summary>The columns of the weights, or null for runs.</summary>
    private readonly int[]? columns;

    /// <summary>The weights; of runs one for each row, or one for each column.</summary>
    private readonly T[] weights;
    private readonly bool weightsOfRows;
    private AxisWeights<T>? transposed;

    private AxisWeights(int from, int[] starts, int[] columns, T[] weights) => (From, this.starts, ends, this.columns, this.weights) = (from, starts[..^1], starts[1..], columns, weights);

    private AxisWeights(int from, int[] starts, int[] ends, T[] weights, bool weightsOfRows) =>
        (From, this.starts, this.ends, this.weights, this.weightsOfRows) = (from, starts, ends, weights, weightsOfRows);

    /// <summary>Windows whose elements have one weight each: element i of y is weights[i] times the sum from begins[i] to before ends[i]. Neither begins nor ends ever go back.</summary>
    public static AxisWeights<T> Windows(int from, int[] begins, int[] ends, double[] weights) => new(from, begins, ends, Array.ConvertAll(weights, T.CreateChecked), weightsOfRows: true);

    /// <param name="from">The length of the axis in x.</param>
    /// <param name="to">The length of the axis in y.</param>
    /// <param name="row">Lists the (place, weight) of each element of y.</param>
    public static AxisWeights<T> Create(int from, int to, Func<int, IEnumerable<(int Place, double Weight)>> row)
    {
        var starts = new int[to + 1];
        var columns = new List<int>();
        var weights = new List<T>();
        for (int i = 0; i < to; i++)
        {
            int last = -1;
            foreach ((int place, double weight) in row(i))
            {
                // A place may be named twice, as a border that stands for what lies beyond it.
                int known = place > last ? -1 : columns.IndexOf(place, starts[i]);
                last = Math.Max(last, place);
                if (known >= 0)
                {
                    weights[known] += T.CreateChecked(weight);
                }
                else if (weight != 0)
                {
                    columns.Add(place);
                    weights.Add(T.CreateChecked(weight));
                }
            }

            starts[i + 1] = columns.Count;
        }

        return new AxisWeights<T>(from, starts, columns.ToArray(), weights.ToArray());
    }

    public int From { get; }

    public int To => starts.Length;

    /// <summary>Whether every element of y has a weight.</summary>
    public bool FillsTarget
    {
        get
        {
            for (int i = 0; i < To; i++)
            {
                if (starts[i] == ends[i])
                {
                    return false;
                }
            }

            return true;
        }
    }

    public AxisWeights<T> Transposed
    {
        get
        {
            return transposed ??= columns is null ? TransposedRuns() : TransposedRows(columns);
        }
    }

    private AxisWeights<T> TransposedRows(int[] columns)
    {
        var offsets = new int[From + 1];
        foreach (int column in columns)
        {
            offsets[column + 1]++;
        }

        for (int i = 0; i < From; i++)
        {
            offsets[i + 1] += offsets[i];
        }

        var rows = new int[columns.Length];
        var values = new T[columns.Length];
        int[] next = [.. offsets];
        for (int i = 0; i < To; i++)
        {
            for (int k = starts[i]; k < ends[i]; k++)
            {
                int place = next[columns[k]]++;
                (rows[place], values[place]) = (i, weights[k]);
            }
        }

        return new AxisWeights<T>(To, offsets, rows, values) { transposed = this };
    }

    /// <summary>The windows that hold a column follow one another.</summary>
    private AxisWeights<T> TransposedRuns()
    {
        var (begins, finals) = (new int[From], new int[From]);
        (int begin, int end) = (0, 0);
        for (int column = 0; column < From; column++)
        {
            while (begin < To && ends[begin] <= column)
            {
                begin++;
            }

            while (end < To && starts[end] <= column)
            {
                end++;
            }

            (begins[column], finals[column]) = (begin, Math.Max(begin, end));
        }

        return new AxisWeights<T>(To, begins, finals, weights, !weightsOfRows) { transposed = this };
    }

    /// <summary>The same matrix with the weights' magnitudes, in whose products nothing cancels.</summary>
    public AxisWeights<T> Magnitudes => columns is null ? new(From, starts, ends, Array.ConvertAll(weights, T.Abs), weightsOfRows) : new(From, [.. starts, columns.Length], columns, Array.ConvertAll(weights, T.Abs));

    public void AddStructure(ProgramStructure structure)
    {
        structure.Add(starts);
        structure.Add(ends);
        structure.Add(columns ?? []);
    }

    /// <summary>Whether another matrix of the same structure has the same weights.</summary>
    public bool HasSameWeights(AxisWeights<T> other) => weightsOfRows == other.weightsOfRows && weights.AsSpan().SequenceEqual(other.weights);

    /// <summary>The matrix in full, row by row.</summary>
    public T[] Dense()
    {
        var matrix = new T[To * From];
        for (int i = 0; i < To; i++)
        {
            for (int k = starts[i]; k < ends[i]; k++)
            {
                matrix[(i * From) + Column(k)] = Weight(i, k);
            }
        }

        return matrix;
    }

    /// <summary>The weights of a row, in the order of <see cref="Row"/>.</summary>
    public IEnumerable<T> WeightsOf(int i) => Enumerable.Range(starts[i], ends[i] - starts[i]).Select(k => Weight(i, k));

    public IEnumerable<int> Row(int i) => columns is null ? Enumerable.Range(starts[i], ends[i] - starts[i]) : columns[starts[i]..ends[i]];

    private int Column(int k) => columns is null ? k : columns[k];

    private T Weight(int i, int k) => weights[columns is null && weightsOfRows ? i : k];

    /// <summary>y[o, i, n] = Σ_j w[i, j] x[o, j, n].</summary>
    public void Apply(ReadOnlySpan<T> x, Span<T> y, int outer, int inner)
    {
        for (int o = 0; o < outer; o++)
        {
            ReadOnlySpan<T> from = x.Slice(o * From * inner, From * inner);
            Span<T> to = y.Slice(o * To * inner, To * inner);
            for (int i = 0; i < To; i++)
            {
                if (inner == 1)
                {
                    double sum = 0.0;
                    if (columns is null)
                    {
                        for (int k = starts[i]; k < ends[i]; k++)
                        {
                            sum += double.CreateTruncating(Weight(i, k)) * double.CreateTruncating(from[k]);
                        }
                    }
                    else
                    {
                        for (int k = starts[i]; k < ends[i]; k++)
                        {
                            sum += double.CreateTruncating(weights[k]) * double.CreateTruncating(from[columns[k]]);
                        }
                    }

                    to[i] = T.CreateTruncating(sum);
                    continue;
                }

                Span<T> row = to.Slice(i * inner, inner);
                if (starts[i] == ends[i])
                {
                    row.Clear();
                    continue;
                }

                if (ends[i] - starts[i] > FewWeights)
                {
                    row.Clear();
                    using var sums = new Accumulators<T>(row);
                    for (int k = starts[i]; k < ends[i]; k++)
                    {
                        sums.Add(from.Slice(Column(k) * inner, inner), Weight(i, k));
                    }

                    continue;
                }

                TensorPrimitives.Multiply(from.Slice(Column(starts[i]) * inner, inner), Weight(i, starts[i]), row);
                for (int k = starts[i] + 1; k < ends[i]; k++)
                {
                    TensorPrimitives.MultiplyAdd(from.Slice(Column(k) * inner, inner), Weight(i, k), row, row);
                }
            }
        }
    }
}

/// <summary>A linear map that does one sparse matrix along each of the last axes: averages of windows, interpolation. Its transpose does their transposes.</summary>
internal sealed class SeparableMap<T>(int[] from, int[] to, AxisWeights<T>[] axes) : LinearMap<T>(from, to) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public AxisWeights<T>[] Axes => axes;

    /// <summary>The order in which the axes are gone through.</summary>
    public ReadOnlySpan<int> Order => order;

    /// <summary>The last axis first, but those that shrink before those that grow: nothing between is longer than both ends.</summary>
    private readonly int[] order = [.. Enumerable.Range(0, axes.Length).Reverse().OrderBy(k => axes[k].To > axes[k].From)];

    public override bool FillsTarget => Array.TrueForAll(axes, axis => axis.FillsTarget);

    public override LinearMap<T> Pattern => new SeparableMap<T>(From, To, Array.ConvertAll(axes, axis => axis.Magnitudes));

    public override void Apply(ReadOnlySpan<T> x, Span<T> y, int batch)
    {
        // The results between wait in turns in two scratch arrays.
        Span<int> current = stackalloc int[From.Length];
        From.CopyTo(current);
        int lead = From.Length - axes.Length;
        int largest = 0;
        foreach (int k in order.AsSpan(0, axes.Length - 1))
        {
            current[lead + k] = axes[k].To;
            largest = Math.Max(largest, Shapes.Length(current));
        }

        using Kernels.Scratch<T> odd = new(batch * largest), even = new(axes.Length < 3 ? 0 : batch * largest);
        From.CopyTo(current);
        ReadOnlySpan<T> source = x;
        for (int step = 0; step < order.Length; step++)
        {
            int k = order[step];
            int outer = batch * Shapes.Length(current[..(lead + k)]);
            int inner = Shapes.Length(current[(lead + k + 1)..]);
            current[lead + k] = axes[k].To;
            Span<T> target = step == order.Length - 1 ? y : (step % 2 == 0 ? odd : even).Span[..(batch * Shapes.Length(current))];
            axes[k].Apply(source, target, outer, inner);
            source = target;
        }
    }

    public override void VisitNonzeros(Action<int, int> edge)
    {
        int lead = Shapes.Length(From.AsSpan(0, From.Length - axes.Length));
        int toLength = Shapes.Length(To.AsSpan(To.Length - axes.Length));
        for (int n = 0; n < lead; n++)
        {
            for (int i = 0; i < toLength; i++)
            {
                Visit(edge, (n * toLength) + i, i, toLength, 0, n);
            }
        }
    }

    public override bool ComputesSame(LinearMap<T> other) =>
        ReferenceEquals(other, this) || (base.ComputesSame(other) && axes.Zip(((SeparableMap<T>)other).Axes).All(static pair => pair.First.HasSameWeights(pair.Second)));

    public override void AddStructure(ProgramStructure structure)
    {
        base.AddStructure(structure);
        foreach (AxisWeights<T> axis in axes)
        {
            axis.AddStructure(structure);
        }
    }

    protected override LinearMap<T> Transpose() => new SeparableMap<T>(To, From, Array.ConvertAll(axes, axis => axis.Transposed));

    private void Visit(Action<int, int> edge, int y, int rest, int restLength, int axis, int place)
    {
        if (axis == axes.Length)
        {
            edge(y, place);
            return;
        }

        int inner = restLength / axes[axis].To;
        foreach (int column in axes[axis].Row(rest / inner))
        {
            Visit(edge, y, rest % inner, inner, axis + 1, (place * axes[axis].From) + column);
        }
    }
}
