using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>A sparse matrix in rows: what one axis of a separable map does. Weights of zero are not kept: where there is no weight, nothing flows.</summary>
internal sealed class AxisWeights<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Up to so many terms, floats are added as they are.</summary>
    private const int FewWeights = 16;

    private readonly int[] starts;
    private readonly int[] columns;
    private readonly T[] weights;
    private AxisWeights<T>? transposed;

    private AxisWeights(int from, int[] starts, int[] columns, T[] weights) => (From, this.starts, this.columns, this.weights) = (from, starts, columns, weights);

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

    public int To => starts.Length - 1;

    /// <summary>Whether every element of y has a weight.</summary>
    public bool FillsTarget
    {
        get
        {
            for (int i = 0; i < To; i++)
            {
                if (starts[i] == starts[i + 1])
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
            if (transposed is null)
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
                    for (int k = starts[i]; k < starts[i + 1]; k++)
                    {
                        int place = next[columns[k]]++;
                        (rows[place], values[place]) = (i, weights[k]);
                    }
                }

                transposed = new AxisWeights<T>(To, offsets, rows, values) { transposed = this };
            }

            return transposed;
        }
    }

    /// <summary>The same matrix with the weights' magnitudes, in whose products nothing cancels.</summary>
    public AxisWeights<T> Magnitudes => new(From, starts, columns, Array.ConvertAll(weights, T.Abs));

    public void AddStructure(ProgramStructure structure)
    {
        structure.Add(starts);
        structure.Add(columns);
    }

    public IEnumerable<int> Row(int i) => columns[starts[i]..starts[i + 1]];

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
                    for (int k = starts[i]; k < starts[i + 1]; k++)
                    {
                        sum += double.CreateTruncating(weights[k]) * double.CreateTruncating(from[columns[k]]);
                    }

                    to[i] = T.CreateTruncating(sum);
                    continue;
                }

                Span<T> row = to.Slice(i * inner, inner);
                if (starts[i] == starts[i + 1])
                {
                    row.Clear();
                    continue;
                }

                if (starts[i + 1] - starts[i] > FewWeights)
                {
                    row.Clear();
                    using var sums = new Accumulators<T>(row);
                    for (int k = starts[i]; k < starts[i + 1]; k++)
                    {
                        sums.Add(from.Slice(columns[k] * inner, inner), weights[k]);
                    }

                    continue;
                }

                TensorPrimitives.Multiply(from.Slice(columns[starts[i]] * inner, inner), weights[starts[i]], row);
                for (int k = starts[i] + 1; k < starts[i + 1]; k++)
                {
                    TensorPrimitives.MultiplyAdd(from.Slice(columns[k] * inner, inner), weights[k], row, row);
                }
            }
        }
    }
}

/// <summary>A linear map that does one sparse matrix along each of the last axes: averages of windows, interpolation. Its transpose does their transposes.</summary>
internal sealed class SeparableMap<T>(int[] from, int[] to, AxisWeights<T>[] axes) : LinearMap<T>(from, to) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override bool FillsTarget => Array.TrueForAll(axes, axis => axis.FillsTarget);

    public override LinearMap<T> Pattern => new SeparableMap<T>(From, To, Array.ConvertAll(axes, axis => axis.Magnitudes));

    public override void Apply(ReadOnlySpan<T> x, Span<T> y, int batch)
    {
        // The last axis first, but those that shrink before those that grow: nothing between is longer than both ends. The results between wait in turns in two scratch arrays.
        int[] current = [.. From];
        int lead = From.Length - axes.Length;
        int largest = 0;
        int[] order = [.. Enumerable.Range(0, axes.Length).Reverse().OrderBy(k => axes[k].To > axes[k].From)];
        foreach (int k in order.AsSpan(0, axes.Length - 1))
        {
            current[lead + k] = axes[k].To;
            largest = Math.Max(largest, Shapes.Length(current));
        }

        T[][] scratch = [largest == 0 ? [] : ArrayPool<T>.Shared.Rent(batch * largest), axes.Length < 3 || largest == 0 ? [] : ArrayPool<T>.Shared.Rent(batch * largest)];
        From.CopyTo(current, 0);
        ReadOnlySpan<T> source = x;
        for (int step = 0; step < order.Length; step++)
        {
            int k = order[step];
            int outer = batch * Shapes.Length(current.AsSpan(0, lead + k));
            int inner = Shapes.Length(current.AsSpan(lead + k + 1));
            current[lead + k] = axes[k].To;
            Span<T> target = step == order.Length - 1 ? y : scratch[step % 2].AsSpan(0, batch * Shapes.Length(current));
            axes[k].Apply(source, target, outer, inner);
            source = target;
        }

        foreach (T[] rented in scratch)
        {
            if (rented.Length > 0)
            {
                ArrayPool<T>.Shared.Return(rented);
            }
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
