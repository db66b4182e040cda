using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>The same values under another shape.</summary>
internal sealed class ReshapeMap<T>(int[] from, int[] to) : LinearMap<T>(from, to) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override bool IsView(out int start)
    {
        start = 0;
        return true;
    }

    public override void Apply(ReadOnlySpan<T> x, Span<T> y, int batch) => x.CopyTo(y);

    public override void VisitNonzeros(Action<int, int> edge)
    {
        int n = Shapes.Length(From);
        for (int i = 0; i < n; i++)
        {
            edge(i, i);
        }
    }

    protected override LinearMap<T> Transpose() => new ReshapeMap<T>(To, From);
}

/// <summary>y[y0 + i] += x[x0 + i] for i below a length: slices of the first axis, and the pieces of what is put together along it. Many programs are made of these, so they are small.</summary>
internal sealed class RunMap<T>(int[] from, int[] to, int x0, int y0, int length) : LinearMap<T>(from, to) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The walk that it is.</summary>
    public StridedWalk Walk => new([length], [1], x0, [1], y0);

    public override bool FillsTarget => length == Shapes.Length(To);

    public override bool IsView(out int start)
    {
        start = x0;
        return FillsTarget && length > 0;
    }

    public override void Apply(ReadOnlySpan<T> x, Span<T> y, int batch)
    {
        if (!FillsTarget)
        {
            y.Clear();
        }

        for (int b = 0; b < batch; b++)
        {
            x.Slice((b * (x.Length / batch)) + x0, length).CopyTo(y[((b * (y.Length / batch)) + y0)..]);
        }
    }

    public override void Add(ReadOnlySpan<T> x, Span<T> y, int batch)
    {
        for (int b = 0; b < batch; b++)
        {
            Span<T> run = y.Slice((b * (y.Length / batch)) + y0, length);
            VectorMath.Add(run, x.Slice((b * (x.Length / batch)) + x0, length), run);
        }
    }

    public override void Mark(Span<T> y, int batch)
    {
        for (int b = 0; b < batch; b++)
        {
            y.Slice((b * (y.Length / batch)) + y0, length).Fill(T.One);
        }
    }

    public override void VisitNonzeros(Action<int, int> edge)
    {
        for (int i = 0; i < length; i++)
        {
            edge(y0 + i, x0 + i);
        }
    }

    public override void AddStructure(ProgramStructure structure)
    {
        base.AddStructure(structure);
        structure.Add([x0, y0, length]);
    }

    protected override LinearMap<T> Transpose() => new RunMap<T>(To, From, y0, x0, length);
}

/// <summary>
/// y[y0 + i · ys] += x[x0 + i · xs] for every i in a box: slices, transpositions, flips, padding, diagonals and windows are all of this kind, and so are their transposes (x and y trade places).
/// </summary>
internal sealed class StridedMap<T> : LinearMap<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] box;
    private readonly int[] xs;
    private readonly int[] ys;
    private readonly int x0;
    private readonly int y0;
    private readonly bool fillsSource;
    private readonly bool fillsTarget;
    private readonly bool overlaps;

    /// <param name="from">The shape of x.</param>
    /// <param name="to">The shape of y.</param>
    /// <param name="box">The lengths of the walk's axes.</param>
    /// <param name="xs">The strides in x.</param>
    /// <param name="x0">The start in x.</param>
    /// <param name="ys">The strides in y.</param>
    /// <param name="y0">The start in y.</param>
    /// <param name="fillsSource">Whether the walk meets every element of x.</param>
    /// <param name="fillsTarget">Whether the walk meets every element of y.</param>
    /// <param name="overlaps">Whether the walk may meet an element of x or y more than once.</param>
    public StridedMap(int[] from, int[] to, ReadOnlySpan<int> box, ReadOnlySpan<int> xs, int x0, ReadOnlySpan<int> ys, int y0, bool fillsSource, bool fillsTarget, bool overlaps = false)
        : base(from, to)
    {
        (this.box, this.xs, this.ys) = (box.ToArray(), xs.ToArray(), ys.ToArray());
        int rank = Strided.Collapse(this.box, this.xs, this.ys);
        (this.box, this.xs, this.ys) = (this.box[..rank], this.xs[..rank], this.ys[..rank]);
        (this.x0, this.y0, this.fillsSource, this.fillsTarget, this.overlaps) = (x0, y0, fillsSource, fillsTarget, overlaps);
    }

    /// <summary>The walk, with axes of one length and one stride that follow one another made one.</summary>
    public StridedWalk Walk => new(box, xs, x0, ys, y0);

    /// <summary>Whether the walk may meet an element of x or y more than once.</summary>
    public bool Overlaps => overlaps;

    public override bool FillsTarget => fillsTarget;

    public override bool IsView(out int start)
    {
        start = x0;
        return fillsTarget && (box.Length == 0 || (box.Length == 1 && xs[0] == 1 && ys[0] == 1)) && !box.AsSpan().Contains(0);
    }

    public override void Apply(ReadOnlySpan<T> x, Span<T> y, int batch)
    {
        if (!fillsTarget || overlaps)
        {
            y.Clear();
        }

        Run(x, y, batch, accumulate: overlaps);
    }

    public override void Add(ReadOnlySpan<T> x, Span<T> y, int batch) => Run(x, y, batch, accumulate: true);

    public override void VisitNonzeros(Action<int, int> edge) => Visit(edge, 0, x0, y0);

    public override void AddStructure(ProgramStructure structure)
    {
        base.AddStructure(structure);
        structure.Add([x0, y0]);
        structure.Add(box);
        structure.Add(xs);
        structure.Add(ys);
    }

    protected override LinearMap<T> Transpose() => new StridedMap<T>(To, From, box, ys, y0, xs, x0, fillsTarget, fillsSource, overlaps);

    private void Run(ReadOnlySpan<T> x, Span<T> y, int batch, bool accumulate)
    {
        if (box.AsSpan().Contains(0) || batch == 0)
        {
            return;
        }

        int xLength = x.Length / batch;
        int yLength = y.Length / batch;
        if (accumulate && overlaps)
        {
            for (int b = 0; b < batch; b++)
            {
                Strided.Accumulate(box, xs, ys, x[(b * xLength)..], x0, y[(b * yLength)..], y0);
            }

            return;
        }

        if (batch == 1)
        {
            Strided.Run(box, xs, ys, x, x0, y, y0, accumulate);
            return;
        }

        int rank = box.Length + 1;
        Span<int> walk = stackalloc int[3 * rank];
        (walk[0], walk[rank], walk[2 * rank]) = (batch, xLength, yLength);
        box.CopyTo(walk[1..]);
        xs.CopyTo(walk[(rank + 1)..]);
        ys.CopyTo(walk[((2 * rank) + 1)..]);
        Strided.Run(walk[..rank], walk[rank..(2 * rank)], walk[(2 * rank)..], x, x0, y, y0, accumulate);
    }

    private void Visit(Action<int, int> edge, int axis, int x, int y)
    {
        if (axis == box.Length)
        {
            edge(y, x);
            return;
        }

        for (int i = 0; i < box[axis]; i++)
        {
            Visit(edge, axis + 1, x + (i * xs[axis]), y + (i * ys[axis]));
        }
    }
}

/// <summary>y[y0 + i · ys] takes x[x0 + i · xs] for every i in a box.</summary>
internal readonly record struct StridedWalk(int[] Box, int[] Xs, int X0, int[] Ys, int Y0);

/// <summary>y[o, i] = Σ_r x[o, r, i]: the sum over adjacent axes. Its transpose repeats.</summary>
internal sealed class SumMap<T>(int[] from, int[] to, int outer, int repeated, int inner) : LinearMap<T>(from, to) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Outer => outer;

    public int Repeated => repeated;

    public int Inner => inner;

    public override void Apply(ReadOnlySpan<T> x, Span<T> y, int batch)
    {
        if (inner == 1)
        {
            Reductions.SumRows(x, batch * outer, repeated, y);
            return;
        }

        for (int o = 0; o < batch * outer; o++)
        {
            Reductions.SumColumns(x.Slice(o * repeated * inner, repeated * inner), repeated, inner, y.Slice(o * inner, inner));
        }
    }

    public override void VisitNonzeros(Action<int, int> edge)
    {
        for (int o = 0; o < outer * repeated * inner; o++)
        {
            edge((o / (repeated * inner) * inner) + (o % inner), o);
        }
    }

    public override void AddStructure(ProgramStructure structure)
    {
        base.AddStructure(structure);
        structure.Add([outer, repeated, inner]);
    }

    protected override LinearMap<T> Transpose() => new RepeatMap<T>(To, From, outer, repeated, inner);
}

/// <summary>y[o, r, i] = x[o, i]: repetition along new or stretched axes. Its transpose sums.</summary>
internal sealed class RepeatMap<T>(int[] from, int[] to, int outer, int repeated, int inner) : LinearMap<T>(from, to) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Outer => outer;

    public int Repeated => repeated;

    public int Inner => inner;

    public override void Apply(ReadOnlySpan<T> x, Span<T> y, int batch)
    {
        for (int o = 0; o < batch * outer; o++)
        {
            ReadOnlySpan<T> row = x.Slice(o * inner, inner);
            Span<T> block = y.Slice(o * repeated * inner, repeated * inner);
            if (inner == 1)
            {
                block.Fill(row[0]);
                continue;
            }

            for (int r = 0; r < repeated; r++)
            {
                row.CopyTo(block[(r * inner)..]);
            }
        }
    }

    public override void VisitNonzeros(Action<int, int> edge)
    {
        for (int o = 0; o < outer * repeated * inner; o++)
        {
            edge(o, (o / (repeated * inner) * inner) + (o % inner));
        }
    }

    public override void AddStructure(ProgramStructure structure)
    {
        base.AddStructure(structure);
        structure.Add([outer, repeated, inner]);
    }

    protected override LinearMap<T> Transpose() => new SumMap<T>(To, From, outer, repeated, inner);
}

/// <summary>y[o, i, :] = x[o, indices[i], :]: picks slices by number. Its transpose adds them into their places, in the order of the indices.</summary>
internal sealed class TakeMap<T>(int[] from, int[] to, int outer, int extent, int inner, int[] indices) : LinearMap<T>(from, to) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Outer => outer;

    public int Extent => extent;

    public int Inner => inner;

    public int[] Indices => indices;

    public override void Apply(ReadOnlySpan<T> x, Span<T> y, int batch)
    {
        int[] places = indices;
        for (int o = 0; o < batch * outer; o++)
        {
            ReadOnlySpan<T> from = x.Slice(o * extent * inner, extent * inner);
            Span<T> to = y.Slice(o * places.Length * inner, places.Length * inner);
            if (inner == 1)
            {
                for (int i = 0; i < places.Length && i < to.Length; i++)
                {
                    to[i] = from[places[i]];
                }

                continue;
            }

            for (int i = 0; i < places.Length; i++)
            {
                from.Slice(places[i] * inner, inner).CopyTo(to[(i * inner)..]);
            }
        }
    }

    public override void VisitNonzeros(Action<int, int> edge)
    {
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < indices.Length; i++)
            {
                for (int k = 0; k < inner; k++)
                {
                    edge((((o * indices.Length) + i) * inner) + k, (((o * extent) + indices[i]) * inner) + k);
                }
            }
        }
    }

    public override void AddStructure(ProgramStructure structure)
    {
        base.AddStructure(structure);
        structure.Add([outer, extent, inner]);
        structure.Add(indices);
    }

    protected override LinearMap<T> Transpose() => new PutMap<T>(To, From, outer, extent, inner, indices);
}

/// <summary>y[o, indices[i], :] += x[o, i, :], on zeros: the transpose of <see cref="TakeMap{T}"/>. Indices may repeat; they are added in order, floats in double.</summary>
internal sealed class PutMap<T>(int[] from, int[] to, int outer, int extent, int inner, int[] indices) : LinearMap<T>(from, to) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>For floats, the order in which the slices of each place lie together; empty where none meet.</summary>
    private int[]? order = typeof(T) == typeof(float) ? null : [];

    public int Outer => outer;

    public int Extent => extent;

    public int Inner => inner;

    public int[] Indices => indices;

    public override bool FillsTarget => false;

    public override void Apply(ReadOnlySpan<T> x, Span<T> y, int batch)
    {
        y.Clear();
        Add(x, y, batch);
    }

    public override void Add(ReadOnlySpan<T> x, Span<T> y, int batch) => Grouping.Add(x, indices, order ??= Grouping.Order(indices, extent), batch * outer, extent, inner, y);

    public override void VisitNonzeros(Action<int, int> edge) => Transposed.VisitNonzeros((y, x) => edge(x, y));

    public override void AddStructure(ProgramStructure structure) => Transposed.AddStructure(structure);

    protected override LinearMap<T> Transpose() => new TakeMap<T>(To, From, outer, extent, inner, indices);
}

/// <summary>y = x where the mask is not zero, and a structural zero elsewhere. A diagonal matrix: its own transpose.</summary>
internal sealed class SelectMap<T>(Tensor<T> mask) : LinearMap<T>(mask.Dimensions, mask.Dimensions) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override bool FillsTarget => false;

    public override Tensor<T> Operand => mask;

    public override LinearMap<T> Of(Tensor<T> operand) => new SelectMap<T>(operand);

    public override bool ComputesSame(LinearMap<T> other) => other is SelectMap<T>;

    public override void Apply(ReadOnlySpan<T> x, Span<T> y, int batch) => Apply(mask, x, y, batch, accumulate: false);

    public override void Add(ReadOnlySpan<T> x, Span<T> y, int batch) => Apply(mask, x, y, batch, accumulate: true);

    public override void Apply(Tensor<T> operand, ReadOnlySpan<T> x, Span<T> y, int batch, bool accumulate)
    {
        ReadOnlySpan<T> m = operand.Values;
        for (int b = 0; b < batch; b++)
        {
            ReadOnlySpan<T> from = x.Slice(b * m.Length, m.Length);
            Span<T> to = y.Slice(b * m.Length, m.Length);
            if (accumulate)
            {
                Pieces.Map<Pieces.SelectedSum, T>(from, m, to, to);
            }
            else
            {
                Pieces.Map<Pieces.Selected, T>(from, m, to);
            }
        }
    }

    public override void VisitNonzeros(Action<int, int> edge)
    {
        for (int i = 0; i < mask.Length; i++)
        {
            edge(i, i);
        }
    }

    protected override LinearMap<T> Transpose() => new SelectMap<T>(mask);
}
