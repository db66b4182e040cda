using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>
/// A cotangent or a tangent on its way through a sweep: its values, and what is known of them besides. The default is a structural zero as a whole: there is no path.
/// </summary>
/// <param name="values">The values, in the shape of the tensor, after optional batch axes.</param>
/// <param name="lanes">
/// The lanes that may differ from zero, as a tensor that is zero elsewhere, or null where all may. Lanes outside are structural zeros: they contribute exactly nothing, whatever the local derivative there
/// (infinite or NaN) may be. It has the last axes of the values: axes in front along which all lanes are alike (of a batch) may be left out.
/// </param>
/// <param name="firstUnit">Of a batch of unit vectors, such as carry all rows of a Jacobian through one sweep: the number of the first one, the next following; otherwise -1. A product with them is no work.</param>
internal readonly struct SweepVector<T>(Tensor<T> values, Tensor<T>? lanes = null, int firstUnit = -1) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int unitsFrom = firstUnit + 1;

    /// <summary>Whether there is no path at all.</summary>
    public bool IsZero => Values is null;

    public Tensor<T> Values { get; } = values;

    public Tensor<T>? Lanes { get; } = lanes;

    public int FirstUnit => unitsFrom - 1;

    /// <summary>The sum of two vectors. A lane is structurally zero where it is so in both.</summary>
    public static SweepVector<T> Sum(SweepVector<T> x, SweepVector<T> y) =>
        x.IsZero ? y : y.IsZero ? x : new(x.Values + y.Values, Lanes<T>.Union(x.Lanes, y.Lanes));

    /// <summary>The vector through a linear map: what the map leaves out of its target is structurally zero.</summary>
    public SweepVector<T> Through(LinearMap<T> map, string name) =>
        new(Values.Linear(map, name), Lanes<T>.Through(map, Lanes), map is ReshapeMap<T> && Values.Rank > map.From.Length ? FirstUnit : -1);

    /// <summary>The vector times a local derivative. Where it is structurally zero the product is 0, whatever the derivative is.</summary>
    public SweepVector<T> TimesLocal(Tensor<T> derivative) =>
        Values.TimesLocal(derivative) is var product && ReferenceEquals(product, Values) ? this : Of(product);

    /// <summary>Likewise with a derivative that a kernel computes on the way, as a function of x.</summary>
    public SweepVector<T> TimesLocal(BinaryKernel<T> times, Func<Tensor<T>, Tensor<T>> derivative, Tensor<T> x, string name) => Of(Values.TimesLocal(times, derivative, x, name));

    /// <summary>Values that were computed from these, lane by lane, with the same structural zeros. The computation may have stretched them; the zeros are stretched with them.</summary>
    public SweepVector<T> Of(Tensor<T> computed) => Lanes is null ? new(computed)
        : Lanes.StretchTo([.. computed.Shape[(Values.Rank - Lanes.Rank)..]]) is var lanes ? new(computed.Select(lanes), lanes) : default;

    /// <summary>The vector, structurally zero also where a mask is.</summary>
    public SweepVector<T> Where(Tensor<T>? mask) => mask is null ? this : new(Values.Select(mask), Lanes<T>.Settled(Lanes is null ? mask : Lanes<T>.On(mask.Shape, Lanes).Select(mask)));

    /// <summary>A cotangent [batch, z], summed to [batch, x] over the axes along which x was stretched to z.</summary>
    public SweepVector<T> SumToShape(int[] target, int rank)
    {
        if (ReferenceEquals(Values.Dimensions, target))
        {
            return this;
        }

        Tensor<T> sum = Values.SumToShape(target, rank);
        return ReferenceEquals(sum, Values) ? this
            : new(sum, Lanes is null ? null : Lanes<T>.Settled(Lanes<T>.On(Values.Shape[(Values.Rank - rank)..], Lanes).SumToShape(target, rank)));
    }

    /// <summary>A tangent with axes of length 1 inserted behind the batch axes, as <see cref="Tensor{T}.AlignAxes"/> does.</summary>
    public SweepVector<T> AlignAxes(int own, int rank)
    {
        Tensor<T> aligned = Values.AlignAxes(own, rank);
        return ReferenceEquals(aligned, Values) ? this : new(aligned, Lanes is null || Lanes.Rank <= own ? Lanes : Lanes.AlignAxes(own, rank));
    }

    /// <summary>A tangent broadcast, and its structural zeros with it.</summary>
    public SweepVector<T> StretchTo(int[] target)
    {
        Tensor<T> stretched = Values.StretchTo(target);
        return ReferenceEquals(stretched, Values) ? this : new(stretched, Lanes?.StretchTo(target[(Values.Rank - Lanes.Rank)..]));
    }
}
