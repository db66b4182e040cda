using System.Numerics;
using System.Runtime.InteropServices;
using AutoDiff.Distributed.Summing;
using AutoDiff.Distributed.Transport;

namespace AutoDiff.Distributed;

/// <content>The collective operations, each with its transpose. Axes in front of those of the point, which a sweep of several vectors has, are a batch.</content>
public sealed partial class Communicator
{
    /// <summary>A rank's own tensor of what is the same on all ranks: y_r = x. The numbers stay; the cotangent is summed over ranks, x̄ = Σ ȳ_r. The transpose of <see cref="Sum{T}(Tensor{T}, Summation)"/>.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="x">The same tensor on every rank.</param>
    /// <param name="order">In what order cotangents are added.</param>
    /// <returns>The tensor, as this rank's own.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    /// <exception cref="CommunicatorException">In a derivative: another rank has left, or makes another call.</exception>
    public Tensor<T> Replicate<T>(Tensor<T> x, Summation order = Summation.Ordered) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Replicate(Errors.NotNull(x, nameof(Replicate), nameof(x)), null, order);

    /// <summary>The sum of every rank's own tensor, the same on all: y = Σ x_r. The cotangent is handed through: x̄_r = ȳ. The transpose of <see cref="Replicate{T}(Tensor{T}, Summation)"/>.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="x">This rank's tensor, of the same shape on every rank.</param>
    /// <param name="order">In what order the tensors are added: that of the ranks, in pairs, pairs of pairs and so on; or as MPI likes.</param>
    /// <returns>The sum.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    /// <exception cref="CommunicatorException">Another rank has left, or makes another call.</exception>
    public Tensor<T> Sum<T>(Tensor<T> x, Summation order = Summation.Ordered) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Sum(Errors.NotNull(x, nameof(Sum), nameof(x)), null, order);

    /// <summary>
    /// The tensors of all ranks one after the other along the first axis, the same on all; scalars become a vector. Ranks may have different lengths there. The cotangent of a rank's tensor is its part. The
    /// transpose of <see cref="Part{T}(Tensor{T})"/>.
    /// </summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="x">This rank's tensor; all axes but the first are the same on every rank.</param>
    /// <returns>The tensors, joined.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    /// <exception cref="CommunicatorException">Another rank has left, makes another call, or has a tensor of other axes.</exception>
    public Tensor<T> Gather<T>(Tensor<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(x, nameof(Gather), nameof(x));
        return x.Rank == 0 ? Gather(x.Reshape(1)) : Gather(x, null, LengthsOf(x), same: true, x.Rank);
    }

    /// <summary>This rank's part of what is the same on all ranks: of n rows those from n r / p on, where rank r + 1 begins with its own. The cotangents of the parts are joined. The transpose of <see cref="Gather{T}(Tensor{T})"/>.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="x">The same tensor on every rank, of one axis or more.</param>
    /// <returns>The rank's rows.</returns>
    /// <exception cref="TensorShapeException">The tensor is a scalar.</exception>
    /// <exception cref="CommunicatorException">In a derivative: another rank has left, or makes another call.</exception>
    public Tensor<T> Part<T>(Tensor<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Part(WithRows(x, nameof(Part)), null, Dealt(x.Shape[0]), x.Rank);

    /// <summary>This rank's part of the sum of every rank's own tensor: <see cref="Part{T}(Tensor{T})"/> of <see cref="Sum{T}(Tensor{T}, Summation)"/>, at half of the traffic. The cotangents of the parts are joined, on every rank.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="x">This rank's tensor, of one axis or more, of the same shape on every rank.</param>
    /// <returns>The rows n r / p to n (r + 1) / p of the sum, as this rank's own.</returns>
    /// <exception cref="TensorShapeException">The tensor is a scalar.</exception>
    /// <exception cref="CommunicatorException">Another rank has left, or makes another call.</exception>
    public Tensor<T> ReduceScatter<T>(Tensor<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => ReduceScatter(WithRows(x, nameof(ReduceScatter)), null, Dealt(x.Shape[0]), x.Rank);

    /// <summary>The tensor of one rank, the same on all: y = x_root. The cotangent of that rank's tensor is ȳ, that of the others' 0.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="x">The tensor; on other ranks than the root only its shape counts.</param>
    /// <param name="root">The rank.</param>
    /// <returns>The tensor of the root.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such rank.</exception>
    /// <exception cref="CommunicatorException">Another rank has left, or makes another call.</exception>
    public Tensor<T> Broadcast<T>(Tensor<T> x, int root = 0) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckRank(root, nameof(Broadcast), nameof(root));
        return Broadcast(Errors.NotNull(x, nameof(Broadcast), nameof(x)), null, root);
    }

    private Tensor<T> Replicate<T>(Tensor<T> x, Tensor<T>? anchor, Summation order) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Linear(nameof(Replicate), x, anchor, static x => x, (g, at) => Sum(g, at, order), (t, at) => Replicate(t, at, order));

    private Tensor<T> Sum<T>(Tensor<T> x, Tensor<T>? anchor, Summation order) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Linear(nameof(Sum), x, anchor, x => SumOfRanks(x, order), (g, at) => Replicate(g, at, order), (t, at) => Sum(t, at, order));

    private Tensor<T> Broadcast<T>(Tensor<T> x, Tensor<T>? anchor, int root) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Linear(nameof(Broadcast), x, anchor, x => CopyOfRoot(x, root), (g, at) => Keep(g, at, root), (t, at) => Broadcast(t, at, root));

    /// <summary>A tensor where this is the rank, else zeros: the transpose of <see cref="Broadcast{T}(Tensor{T}, int)"/>.</summary>
    private Tensor<T> Keep<T>(Tensor<T> x, Tensor<T>? anchor, int root) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Linear("Keep", x, anchor, x => Rank == root ? x : Tensor.Zeros<T>(x.Shape), (g, at) => Broadcast(g, at, root), (t, at) => Keep(t, at, root));

    /// <summary>Joins a batch of tensors of so many axes; the result is the same on all ranks, or each rank's own.</summary>
    private Tensor<T> Gather<T>(Tensor<T> x, Tensor<T>? anchor, int[] lengths, bool same, int rank) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Linear(nameof(Gather), x, anchor, x => Joined(x, lengths, x.Rank - rank), (g, at) => same ? Part(g, at, lengths, rank) : ReduceScatter(g, at, lengths, rank),
            (t, at) => Gather(t, at, lengths, same, rank));

    private Tensor<T> Part<T>(Tensor<T> x, Tensor<T>? anchor, int[] lengths, int rank) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Linear(nameof(Part), x, anchor, x => Rows(x, lengths, x.Rank - rank), (g, at) => Gather(g, at, lengths, same: true, rank), (t, at) => Part(t, at, lengths, rank));

    private Tensor<T> ReduceScatter<T>(Tensor<T> x, Tensor<T>? anchor, int[] lengths, int rank) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Linear(nameof(ReduceScatter), x, anchor, x => SumOfRows(x, lengths, x.Rank - rank), (g, at) => Gather(g, at, lengths, same: false, rank), (t, at) => ReduceScatter(t, at, lengths, rank));

    /// <summary>Applies a linear operation, given by its value and the two products, each of which is such an operation again: so derivatives of every order follow.</summary>
    /// <param name="name">The name.</param>
    /// <param name="x">What it is applied to.</param>
    /// <param name="anchor">
    /// An input of no influence: the output of the operation whose product this is. It ties the product to the tape where a cotangent happens to be a constant, and the operation to the product where nothing else
    /// needs its value: so a program that was recorded makes the same calls on every run and on every rank.
    /// </param>
    /// <param name="value">The value.</param>
    /// <param name="transposed">From a cotangent of the output and the anchor to one of the input.</param>
    /// <param name="map">From a tangent of the input and the anchor to one of the output.</param>
    private static Tensor<T> Linear<T>(string name, Tensor<T> x, Tensor<T>? anchor, Func<Tensor<T>, Tensor<T>> value, Func<Tensor<T>, Tensor<T>, Tensor<T>> transposed,
        Func<Tensor<T>, Tensor<T>, Tensor<T>> map) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var operation = new CustomOperation<T>(name, xs => value(xs[0]), (g, xs, y) => xs.Length == 1 ? [transposed(g, y)] : [transposed(g, y), null], (ts, _, y) => map(ts[0], y), batched: true);
        return anchor is null ? operation.Apply(x) : operation.Apply(x, anchor);
    }

    private unsafe Tensor<T> SumOfRanks<T>(Tensor<T> x, Summation order) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Compare(nameof(Sum), x, order == Summation.Fast ? "fast" : "");
        Tensor<T> y = Tensor<T>.Allocate(x.Dimensions);
        fixed (T* from = x.Values, to = y.Writable)
        {
            if (order == Summation.Fast)
            {
                carrier.SumInAnyOrder(from, to, x.Length, nameof(Sum));
            }
            else
            {
                OrderedSum.OfRanks(carrier, from, to, x.Length, nameof(Sum));
            }
        }

        return y;
    }

    private unsafe Tensor<T> CopyOfRoot<T>(Tensor<T> x, int root) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Compare(nameof(Broadcast), x, Text.Of($"from {root}"));
        Tensor<T> y = x.Copy();
        fixed (T* data = y.Writable)
        {
            carrier.Broadcast(data, (long)y.Length * sizeof(T), root, nameof(Broadcast));
        }

        return y;
    }

    /// <summary>The tensors of all ranks, along the axis behind the batch.</summary>
    private unsafe Tensor<T> Joined<T>(Tensor<T> x, int[] lengths, int axis) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] shape = x.Dimensions;
        Compare(nameof(Gather), x, "", axis);
        Tensor<T>[] parts = Array.ConvertAll(lengths, length => Tensor<T>.Allocate([.. shape[..axis], length, .. shape[(axis + 1)..]]));
        x.Values.CopyTo(parts[Rank].Writable);
        MoveAll<T>(other => x, other => parts[other], nameof(Gather));
        return Tensor.Concat<T>(parts, axis);
    }

    private Tensor<T> Rows<T>(Tensor<T> x, int[] lengths, int axis) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Slice([.. Enumerable.Repeat<TensorIndex>(.., axis), RangeOf(lengths, Rank)]);

    private Tensor<T> SumOfRows<T>(Tensor<T> x, int[] lengths, int axis) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Compare(nameof(ReduceScatter), x, "");
        Tensor<T>[] slices = [.. Enumerable.Range(0, Size).Select(other => x.Slice([.. Enumerable.Repeat<TensorIndex>(.., axis), RangeOf(lengths, other)]))];
        Tensor<T>[] parts = Array.ConvertAll(slices, _ => Tensor<T>.Allocate(slices[Rank].Dimensions));
        slices[Rank].Values.CopyTo(parts[Rank].Writable);
        MoveAll<T>(other => slices[other], other => parts[other], nameof(ReduceScatter));
        var tree = new ShardTree<Tensor<T>>(Size, static (left, right) => left + right);
        for (int other = 0; other < Size; other++)
        {
            tree.Add(new TreeNode(0, other), parts[other]);
        }

        return tree.Nodes[0].Sum;
    }

    /// <summary>Sends a tensor to each other rank, and receives one from each, where it is to lie.</summary>
    private unsafe void MoveAll<T>(Func<int, Tensor<T>> sent, Func<int, Tensor<T>> received, string operation) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var pins = new List<GCHandle>();
        try
        {
            var outgoing = new List<Parcel>();
            var incoming = new List<Parcel>();
            for (int step = 1; step < Size; step++)
            {
                int other = (Rank + step) % Size;
                outgoing.Add(Pinned(other, sent(other), pins));
                incoming.Add(Pinned(other, received(other), pins));
            }

            carrier.Move(CollectionsMarshal.AsSpan(outgoing), CollectionsMarshal.AsSpan(incoming), operation);
        }
        finally
        {
            pins.ForEach(static pin => pin.Free());
        }
    }

    private static unsafe Parcel Pinned<T>(int peer, Tensor<T> x, List<GCHandle> pins) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        pins.Add(GCHandle.Alloc(x.Storage, GCHandleType.Pinned));
        fixed (T* data = x.Writable)
        {
            return new Parcel(peer, data, (long)x.Length * sizeof(T));
        }
    }

    /// <summary>How many of n rows go to each rank.</summary>
    private int[] Dealt(int n) => [.. Enumerable.Range(0, Size).Select(rank => OrderedSum.FirstShard(n, rank + 1, Size) - OrderedSum.FirstShard(n, rank, Size))];

    private static Range RangeOf(int[] lengths, int rank)
    {
        int start = lengths.Take(rank).Sum();
        return start..(start + lengths[rank]);
    }

    /// <summary>The lengths of the first axis on all ranks; the other axes have to be the same.</summary>
    private unsafe int[] LengthsOf<T>(Tensor<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Compare(nameof(Gather), x, "lengths", 0);
        int* own = stackalloc int[2];
        (own[0], own[1]) = (x.Shape[0], x.Length / Math.Max(x.Shape[0], 1));
        var all = new int[2 * Size];
        fixed (int* to = all)
        {
            carrier.AllGather(own, to, 2 * sizeof(int), nameof(Gather));
        }

        for (int rank = 0; rank < Size; rank++)
        {
            if (all[2 * rank] > 0 && own[0] > 0 && all[(2 * rank) + 1] != own[1])
            {
                throw new CommunicatorException(nameof(Gather), Text.Of($"{nameof(Gather)}: a row of rank {Rank} has {own[1]} elements, one of rank {rank} {all[(2 * rank) + 1]}. Expected rows of the same shape on every rank. To fix it, reshape the tensors."));
            }
        }

        return [.. Enumerable.Range(0, Size).Select(rank => all[2 * rank])];
    }

    private static Tensor<T> WithRows<T>(Tensor<T> x, string operation) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Errors.NotNull(x, operation, nameof(x)).Rank > 0 ? x
        : throw Errors.Shape(operation, "a scalar has no rows", "a tensor of one axis or more", "reshape it");

    private void CheckRank(int rank, string operation, string argument)
    {
        if ((uint)rank >= (uint)Size)
        {
            throw Errors.OutOfRange(operation, argument, $"the rank is {rank}", $"0 to {Size - 1}", "name a rank of this communicator");
        }
    }

    /// <summary>Compares the call with those of the other ranks, where that is asked for.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="x">The tensor.</param>
    /// <param name="more">What else has to be the same.</param>
    /// <param name="free">The axis whose length may differ; -1 for none.</param>
    private void Compare<T>(string operation, Tensor<T> x, string more, int free = -1) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        check?.Compare($"{operation} of {(typeof(T) == typeof(float) ? "float" : "double")} [{string.Join(", ", x.Dimensions.Select((extent, axis) => axis == free ? "any" : Text.Of($"{extent}")))}]{(more.Length > 0 ? " " : "")}{more}");

    /// <summary>Compares the parameters of a sum over rows, their bits included, where that is asked for.</summary>
    internal void CompareParameters<T>(Tensor<T>[] parameters, int rows, int shards) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (check is not null)
        {
            ulong hash = CallCheck.Basis;
            foreach (Tensor<T> parameter in parameters)
            {
                hash = CallCheck.Hash(hash, MemoryMarshal.AsBytes(parameter.Values));
            }

            check.Compare(Text.Of($"ValueAndGradient over {rows} rows in {shards} shards by {parameters.Sum(static p => p.Length)} parameters with the bits {hash:x16}"));
        }
    }
}
