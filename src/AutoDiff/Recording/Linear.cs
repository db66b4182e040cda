using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>
/// A linear map between shapes, and its transpose. It knows no values, so a linear operation keeps no array for its derivative: the VJP applies the transpose, the JVP the map itself.
/// </summary>
internal abstract class LinearMap<T>(int[] from, int[] to) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private LinearMap<T>? transposed;

    /// <summary>The shape of x, without batch axes.</summary>
    public int[] From => from;

    /// <summary>The shape of y, without batch axes.</summary>
    public int[] To => to;

    /// <summary>The map of the transposed matrix, from <see cref="To"/> to <see cref="From"/>.</summary>
    public LinearMap<T> Transposed
    {
        get
        {
            if (transposed is null)
            {
                transposed = Transpose();
                transposed.transposed = this;
            }

            return transposed;
        }
    }

    /// <summary>Whether every element of y takes part in the map. Where not, the rest of y is structurally zero.</summary>
    public virtual bool FillsTarget => true;

    /// <summary>A map with the same nonzeros and no negative ones, so that lanes of a support that meet do not cancel.</summary>
    public virtual LinearMap<T> Pattern => this;

    /// <summary>A tensor that the map depends on, such as the mask of a choice; no derivative flows through it. Null for maps that know no values.</summary>
    public virtual Tensor<T>? Operand => null;

    /// <summary>y = A x, or y += A x, for the map of the same kind that has another operand.</summary>
    public virtual void Apply(Tensor<T> operand, ReadOnlySpan<T> x, Span<T> y, int batch, bool accumulate) => throw new NotSupportedException(GetType().Name);

    /// <summary>The map of the same kind with another operand, of the same shape or with more axes in front of it, which are then axes of the map.</summary>
    public virtual LinearMap<T> Of(Tensor<T> operand) => throw new NotSupportedException(GetType().Name);

    /// <summary>Whether another map, with the same operand if it has one, computes the same.</summary>
    public virtual bool ComputesSame(LinearMap<T> other) => GetType() == other.GetType() && ProgramStructure.IsSame(this, other);

    /// <summary>Whether y is a contiguous part of x; <paramref name="start"/> is where it begins.</summary>
    public virtual bool IsView(out int start)
    {
        start = 0;
        return false;
    }

    /// <summary>Whether a batch of y can share the values of the batch of x: of several vectors only if nothing is left out between them.</summary>
    public bool IsView(int batch, out int start) => IsView(out start) && (batch == 1 || Shapes.Length(from) == Shapes.Length(to));

    /// <summary>y = A x, for <paramref name="batch"/> vectors one after the other.</summary>
    public abstract void Apply(ReadOnlySpan<T> x, Span<T> y, int batch);

    /// <summary>y += A x, for <paramref name="batch"/> vectors one after the other. Maps that fill only a part of y touch only that part.</summary>
    public virtual void Add(ReadOnlySpan<T> x, Span<T> y, int batch)
    {
        using Kernels.Scratch<T> sum = new(y.Length);
        Apply(x, sum.Span, batch);
        VectorMath.Add(y, sum.Span, y);
    }

    /// <summary>Makes every element of y that A reaches differ from zero: the support of A g for a g without structural zeros.</summary>
    public virtual void Mark(Span<T> y, int batch)
    {
        var ones = new T[batch * Shapes.Length(from)];
        ones.AsSpan().Fill(T.One);
        Pattern.Add(ones, y, batch);
    }

    /// <summary>For each element of y, the elements of x it depends on: calls <paramref name="edge"/> with (y, x) for every nonzero of the matrix.</summary>
    public abstract void VisitNonzeros(Action<int, int> edge);

    /// <summary>Adds what distinguishes the map from others of its kind, so that a changed program is noticed.</summary>
    public virtual void AddStructure(ProgramStructure structure)
    {
        structure.Add(from);
        structure.Add(to);
    }

    protected abstract LinearMap<T> Transpose();
}

/// <summary>The linear kind of rule: y = A x.</summary>
internal sealed class LinearRecord<T>(string name, Tensor<T> x, Tensor<T> y, LinearMap<T> map, int batch) : Record<T>(name, y)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public LinearMap<T> Map => map;

    /// <summary>How many vectors the map is applied to.</summary>
    public int Batch => batch;

    public override int InputCount => 1;

    public override Tensor<T> Input(int i) => x;

    public override LinearMap<T>? TransposedMap => map.Transposed;

    public override SweepVector<T> Vjp(SweepVector<T> g, int i, Operands<T> operands) => g.Through(map.Transposed, Name);

    public override SweepVector<T> Jvp(SweepVector<T> t, int i, Operands<T> operands) => t.Through(map, Name);

    /// <summary>Where the output is a part of the input's values, as they lie: from which place on.</summary>
    public bool IsView(out int start) => map.IsView(batch, out start);

    public override int ReadCount => map.Operand is null ? 1 : 2;

    public override Tensor<T> Read(int i) => i == 0 ? x : map.Operand!;

    public override bool IsElementwise => map is SelectMap<T>;

    public override int RowLength => map is SumMap<T> { Inner: 1 } sum ? sum.Repeated : 0;

    public override void ComputeBlock(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, Span<T> output)
    {
        if (map is SumMap<T> sum)
        {
            Reductions.SumRows(x, output.Length, sum.Repeated, output);
        }
        else
        {
            Pieces.Map<Pieces.Selected, T>(x, y, output);
        }
    }

    public override bool IsSameOperation(Record<T> other) => other is LinearRecord<T> same && same.Batch == batch && map.ComputesSame(same.Map);

    public override bool HasSameSettings(Record<T> other) => IsSameOperation(other);

    public override void Compute(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        if (map.Operand is null)
        {
            map.Apply(inputs[0].Values, output.Writable, batch);
        }
        else
        {
            map.Apply(inputs[1], inputs[0].Values, output.Writable, batch, accumulate: false);
        }
    }

    public override Tensor<T> Again(Tensor<T>[] reads) => reads[0].Linear(reads.Length == 1 ? map : map.Of(reads[1]), Name);

    public override Tensor<T>? OverSlices(Tensor<T>[] reads, int slices)
    {
        if (reads.Length == 1 || !IsSliced(reads, 1))
        {
            return Again(reads);
        }

        if (x.Rank > map.From.Length)
        {
            return null;
        }

        Tensor<T>[] all = Spread(reads, slices);
        return map is PickMap<T> pick ? all[0].Linear(pick.OverSlices(all[1]), Name) : map is SelectMap<T> ? Again(all) : null;
    }
}

public sealed partial class Tensor<T>
{
    /// <summary>Declares a linear operation. Axes in front of the map's own are a batch.</summary>
    internal Tensor<T> Linear(LinearMap<T> map, string name)
    {
        Tape<T>? tape = map.Operand is { } operand ? TapeOf([this, operand], name) : TapeOf(this, name);
        ReadOnlySpan<T> x = Values;
        ReadOnlySpan<int> lead = shape.AsSpan(0, Rank - map.From.Length);
        int batch = Shapes.Length(lead);
        Tensor<T> y;
        if (map.IsView(batch, out int start))
        {
            y = View(Shapes.Join(lead, map.To), start);
        }
        else
        {
            int[] target = Shapes.Join(lead, map.To);
            y = Allocate(target, Shapes.Length(target, name, this));
            map.Apply(x, y.Writable, batch);
        }

        return tape is null ? y : tape.Append(new LinearRecord<T>(name, this, y, map, batch));
    }
}
