using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>
/// y[o, i, :] = x[o, places[i], :], where the places are values of the program: what a sort or a median picks, or indices that are an input. Its transpose adds the slices into their places, in their
/// order, floats in double. (A <see cref="TakeMap{T}"/> picks by numbers that are known for good.)
/// </summary>
/// <param name="from">The shape of x.</param>
/// <param name="to">The shape of y.</param>
/// <param name="outer">How many times the places are gone through.</param>
/// <param name="extent">The number of places that there are.</param>
/// <param name="inner">The length of a slice.</param>
/// <param name="places">The places, as integers (see <see cref="Tensor{T}.Integers"/>), counted from the front and checked.</param>
/// <param name="isPermutation">Whether every place is picked, once.</param>
/// <param name="isTransposed">Whether the map is the transpose: y[o, places[i], :] += x[o, i, :] on zeros, with the shapes as they are given.</param>
internal sealed class PickMap<T>(int[] from, int[] to, int outer, int extent, int inner, Tensor<T> places, bool isPermutation = false, bool isTransposed = false) : LinearMap<T>(from, to)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override bool FillsTarget => !isTransposed || isPermutation;

    public override Tensor<T> Operand => places;

    public override LinearMap<T> Of(Tensor<T> operand) => new PickMap<T>(From, To, outer, extent, inner, operand, isPermutation, isTransposed);

    /// <summary>The map of all slices of a tensor, each with places of its own.</summary>
    public LinearMap<T> OverSlices(Tensor<T> places)
    {
        int slices = places.Shape[0];
        return new PickMap<T>([slices, .. From], [slices, .. To], 1, slices * outer * extent, inner, Slices<T>.Places(places, outer, extent), isPermutation, isTransposed);
    }

    /// <summary>The same map with places that are known for good.</summary>
    public LinearMap<T> With(int[] places) => isTransposed ? new PutMap<T>(From, To, outer, extent, inner, places) : new TakeMap<T>(From, To, outer, extent, inner, places);

    public override bool ComputesSame(LinearMap<T> other) => other is PickMap<T> map && map.IsTransposed == isTransposed && map.Extents == Extents
        && map.From.AsSpan().SequenceEqual(From) && map.To.AsSpan().SequenceEqual(To);

    public override void Apply(ReadOnlySpan<T> x, Span<T> y, int batch) => Apply(places, x, y, batch, accumulate: false);

    public override void Add(ReadOnlySpan<T> x, Span<T> y, int batch) => Apply(places, x, y, batch, accumulate: true);

    public override void Apply(Tensor<T> operand, ReadOnlySpan<T> x, Span<T> y, int batch, bool accumulate)
    {
        ReadOnlySpan<int> indices = operand.Integers;
        if (!isTransposed)
        {
            Pick(indices, x, y, batch * outer, accumulate);
        }
        else if (isPermutation && !accumulate)
        {
            Move(indices, x, y, batch * outer);
        }
        else
        {
            if (!accumulate)
            {
                y.Clear();
            }

            // For doubles the order of the slices is that of the indices.
            using Kernels.Scratch<int> order = new(typeof(T) == typeof(float) ? indices.Length : 0);
            int ordered = typeof(T) == typeof(float) ? Grouping.Order(indices, extent, order.Span) : 0;
            Grouping.Add(x, indices, order.Span[..ordered], batch * outer, extent, inner, y);
        }
    }

    public override void VisitNonzeros(Action<int, int> edge)
    {
        ReadOnlySpan<int> indices = places.Integers;
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < indices.Length; i++)
            {
                for (int k = 0; k < inner; k++)
                {
                    int packed = (((o * indices.Length) + i) * inner) + k;
                    int spread = (((o * extent) + indices[i]) * inner) + k;
                    edge(isTransposed ? spread : packed, isTransposed ? packed : spread);
                }
            }
        }
    }

    public override void AddStructure(ProgramStructure structure)
    {
        base.AddStructure(structure);
        structure.Add(places.Integers);
    }

    protected override LinearMap<T> Transpose() => new PickMap<T>(To, From, outer, extent, inner, places, isPermutation, !isTransposed);

    /// <summary>Whether slices are added into their places.</summary>
    public bool IsTransposed => isTransposed;

    /// <summary>How many times the places are gone through, the number of places that there are, and the length of a slice.</summary>
    public (int Outer, int Extent, int Inner) Extents => (outer, extent, inner);

    private void Pick(ReadOnlySpan<int> indices, ReadOnlySpan<T> x, Span<T> y, int rows, bool accumulate)
    {
        int place = 0;
        for (int o = 0; o < rows; o++)
        {
            foreach (int index in indices)
            {
                ReadOnlySpan<T> slice = x.Slice(((o * extent) + index) * inner, inner);
                Span<T> target = y.Slice(place, inner);
                if (accumulate)
                {
                    VectorMath.Add(target, slice, target);
                }
                else if (inner == 1)
                {
                    target[0] = slice[0];
                }
                else
                {
                    slice.CopyTo(target);
                }

                place += inner;
            }
        }
    }

    /// <summary>The transpose of a permutation, which is its inverse.</summary>
    private void Move(ReadOnlySpan<int> indices, ReadOnlySpan<T> x, Span<T> y, int rows)
    {
        int place = 0;
        for (int o = 0; o < rows; o++)
        {
            foreach (int index in indices)
            {
                x.Slice(place, inner).CopyTo(y[(((o * extent) + index) * inner)..]);
                place += inner;
            }
        }
    }
}
