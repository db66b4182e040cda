using System.Collections;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff.Optimization;

/// <summary>
/// Bounds on the variables of a minimization: a number for all of them, a tensor for a start of one tensor, or a list with a tensor or a number for each tensor of the start. All convert by themselves, as
/// in <c>Lower = 0.0</c>, <c>Lower = low</c> and <c>Lower = [low, 0.0]</c>. Infinities stand for no bound.
/// </summary>
/// <typeparam name="T">The element type.</typeparam>
[CollectionBuilder(typeof(Bounds), nameof(Bounds.Create))]
public sealed class Bounds<T> : IReadOnlyList<TensorOrNumber<T>> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TensorOrNumber<T>[] entries;

    internal Bounds(TensorOrNumber<T>[] entries, bool forAll) => (this.entries, ForAll) = (entries, forAll);

    /// <summary>Whether there is one number, for all tensors of the start.</summary>
    internal bool ForAll { get; }

    /// <summary>The number of entries.</summary>
    public int Count => entries.Length;

    /// <summary>An entry.</summary>
    /// <param name="index">Its place.</param>
    /// <returns>A tensor or a number.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such entry.</exception>
    public TensorOrNumber<T> this[int index] => (uint)index < (uint)entries.Length ? entries[index] : throw new ArgumentOutOfRangeException(nameof(index),
        FormattableString.Invariant($"Bounds: entry {index} was asked for. Expected a number from 0 to {entries.Length - 1}. To fix it, check the number."));

    /// <summary>One bound for all variables.</summary>
    /// <param name="number">The bound.</param>
    /// <returns>The converted value.</returns>
    public static implicit operator Bounds<T>(T number) => new([number], forAll: true);

    /// <summary>Bounds for a start of one tensor.</summary>
    /// <param name="tensor">The bounds, of a shape that broadcasts to that of the start; no tensor for no bounds.</param>
    /// <returns>The converted value.</returns>
    public static implicit operator Bounds<T>?(Tensor<T>? tensor) => tensor is null ? null : new([tensor], forAll: false);

    /// <summary>Bounds for each tensor of the start.</summary>
    /// <param name="tensors">The bounds; no array for no bounds.</param>
    /// <exception cref="ArgumentNullException">One of them is null.</exception>
    /// <returns>The converted value.</returns>
    public static implicit operator Bounds<T>?(Tensor<T>[]? tensors) => tensors is null ? null
        : new(Array.ConvertAll(tensors, static tensor => (TensorOrNumber<T>)(tensor ?? throw new ArgumentNullException(nameof(tensors)))), forAll: false);

    /// <summary>The entries, one after the other.</summary>
    /// <returns>An enumerator.</returns>
    public IEnumerator<TensorOrNumber<T>> GetEnumerator() => ((IEnumerable<TensorOrNumber<T>>)entries).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => entries.GetEnumerator();
}

/// <summary>Makes bounds of a list.</summary>
public static class Bounds
{
    /// <summary>Bounds for each tensor of the start; what <c>[low, 0.0]</c> stands for.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="entries">A tensor or a number for each.</param>
    /// <returns>The bounds.</returns>
    public static Bounds<T> Create<T>(ReadOnlySpan<TensorOrNumber<T>> entries) where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(entries.ToArray(), forAll: false);
}
