using System.Numerics;
using AutoDiff.Distributed.Transport;

namespace AutoDiff.Distributed;

/// <content>Operations between pairs of ranks, for pipelines.</content>
public sealed partial class Communicator
{
    /// <summary>
    /// Sends this rank's tensor to one rank and receives that of another: y_r = x_source(r), zeros where there is no source. The cotangents go the other way. Every rank of the pipeline makes the call, the first
    /// without a source, the last without a destination.
    /// </summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="x">This rank's tensor.</param>
    /// <param name="destination">Where it goes; null for nowhere.</param>
    /// <param name="source">Where the result comes from, in the shape of <paramref name="x"/>; null for nowhere.</param>
    /// <returns>The tensor of the source, as this rank's own.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such rank.</exception>
    /// <exception cref="CommunicatorException">Another rank has left, or sends a tensor of another length.</exception>
    public Tensor<T> Exchange<T>(Tensor<T> x, int? destination, int? source) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckRank(destination ?? 0, nameof(Exchange), nameof(destination));
        CheckRank(source ?? 0, nameof(Exchange), nameof(source));
        return Exchange(Errors.NotNull(x, nameof(Exchange), nameof(x)), null, destination, source);
    }

    /// <summary>
    /// Sends a tensor to a rank, which calls <see cref="Receive{T}(Tensor{T}, int, ReadOnlySpan{int})"/>. The cotangent comes back from there. What is returned is a zero that has to be a part of what this rank differentiates, by which the sweep
    /// finds the way: add it to the loss.
    /// </summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="x">The tensor.</param>
    /// <param name="destination">The rank.</param>
    /// <returns>The scalar 0.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such rank, or it is this one.</exception>
    /// <exception cref="CommunicatorException">The other rank has left, or does not come.</exception>
    public Tensor<T> Send<T>(Tensor<T> x, int destination) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(x, nameof(Send), nameof(x));
        CheckOther(destination, nameof(Send), nameof(destination));
        return Send(x, null, x.Rank, destination);
    }

    /// <summary>Receives a tensor that another rank sends with <see cref="Send{T}(Tensor{T}, int)"/>. The cotangent is sent back.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="after">A recorded tensor of this rank, by which a sweep finds the way here: a parameter, say. Its values do not matter, and its cotangent from here is 0.</param>
    /// <param name="source">The rank.</param>
    /// <param name="shape">The shape of what it sends.</param>
    /// <returns>The tensor, as this rank's own.</returns>
    /// <exception cref="ArgumentNullException">after is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such rank, or it is this one.</exception>
    /// <exception cref="CommunicatorException">The other rank has left, does not come, or sends a tensor of another length.</exception>
    public Tensor<T> Receive<T>(Tensor<T> after, int source, params ReadOnlySpan<int> shape) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(after, nameof(Receive), nameof(after));
        CheckOther(source, nameof(Receive), nameof(source));
        return Receive(after, null, after.Rank, source, shape.ToArray());
    }

    private Tensor<T> Exchange<T>(Tensor<T> x, Tensor<T>? anchor, int? destination, int? source) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Linear(nameof(Exchange), x, anchor, x => Exchanged(x, destination, source), (g, at) => Exchange(g, at, source, destination), (t, at) => Exchange(t, at, destination, source));

    /// <summary>Sends a batch of tensors of so many axes, and gives a zero for each.</summary>
    private Tensor<T> Send<T>(Tensor<T> x, Tensor<T>? anchor, int rank, int destination) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] shape = x.Dimensions[(x.Rank - rank)..];
        return Linear(nameof(Send), x, anchor, x => Sent(x, rank, destination), (g, at) => Receive(g, at, 0, destination, shape), (t, at) => Send(t, at, rank, destination));
    }

    /// <summary>Receives a batch of tensors of a shape, as many as there are of <paramref name="after"/>, which has so many axes without the batch.</summary>
    private Tensor<T> Receive<T>(Tensor<T> after, Tensor<T>? anchor, int rank, int source, int[] shape) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] own = after.Dimensions[(after.Rank - rank)..];
        return Linear(nameof(Receive), after, anchor,
            after => Received(Tensor<T>.Allocate([.. after.Dimensions[..(after.Rank - rank)], .. shape]), source),
            (g, at) => Spread(Send(g, at, shape.Length, source), own),
            (t, at) => Receive(t, at, rank, source, shape));
    }

    /// <summary>Numbers, each for all elements of a shape.</summary>
    private static Tensor<T> Spread<T>(Tensor<T> zeros, int[] shape) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        zeros.Reshape([.. zeros.Shape, .. Enumerable.Repeat(1, shape.Length)]).BroadcastTo([.. zeros.Shape, .. shape]);

    private unsafe Tensor<T> Exchanged<T>(Tensor<T> x, int? destination, int? source) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ComparePair(nameof(Exchange), x.Dimensions, typeof(T), destination, source);
        Tensor<T> y = source is null ? Tensor.Zeros<T>(x.Shape) : Tensor<T>.Allocate(x.Dimensions);
        if (destination == Rank && source == Rank)
        {
            return x;
        }

        fixed (T* from = x.Values, to = y.Writable)
        {
            long length = (long)x.Length * sizeof(T);
            carrier.Move(destination is { } there ? [new Parcel(there, from, length)] : [], source is { } here ? [new Parcel(here, to, length)] : [], nameof(Exchange));
        }

        return y;
    }

    private unsafe Tensor<T> Sent<T>(Tensor<T> x, int rank, int destination) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ComparePair(nameof(Send), x.Dimensions, typeof(T), destination, null);
        fixed (T* from = x.Values)
        {
            carrier.Move([new Parcel(destination, from, (long)x.Length * sizeof(T))], [], nameof(Send));
        }

        return Tensor.Zeros<T>(x.Shape[..(x.Rank - rank)]);
    }

    private unsafe Tensor<T> Received<T>(Tensor<T> y, int source) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ComparePair(nameof(Receive), y.Dimensions, typeof(T), null, source);
        fixed (T* to = y.Writable)
        {
            carrier.Move([], [new Parcel(source, to, (long)y.Length * sizeof(T))], nameof(Receive));
        }

        return y;
    }

    /// <summary>Tells what is about to be sent, and compares what is about to come with what is expected, where that is asked for.</summary>
    private void ComparePair(string operation, int[] shape, Type type, int? destination, int? source) =>
        check?.ComparePair(operation, $"a tensor of {(type == typeof(float) ? "float" : "double")} {Shapes.Format(shape)}", destination, source);

    private void CheckOther(int rank, string operation, string argument)
    {
        CheckRank(rank, operation, argument);
        if (rank == Rank)
        {
            throw Errors.OutOfRange(operation, argument, $"the rank is {rank}, which is this one", "another", "use the tensor itself, or Exchange");
        }
    }
}
