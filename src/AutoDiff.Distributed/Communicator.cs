using System.Numerics;
using System.Runtime.ExceptionServices;
using AutoDiff.Distributed.Mpi;
using AutoDiff.Distributed.Transport;

namespace AutoDiff.Distributed;

/// <summary>
/// A group of ranks (processes that MPI started, or threads of one process) that run the same program and compute together. What it computes with tensors can be differentiated: each operation is a linear map
/// between what all ranks hold, with one derivative.
/// </summary>
/// <remarks>
/// <para>A tensor is of one of two kinds. Of the first, all ranks hold the <i>same</i> one: parameters, sums, losses; it counts once. Of the second, each rank holds its <i>own</i>: its rows, its activations.
/// <see cref="Replicate{T}(Tensor{T}, Summation)"/> makes a rank's own of what is the same, and <see cref="Sum{T}(Tensor{T}, Summation)"/> the same of what is each rank's own; each is the transpose of the other.</para>
/// <para>All ranks have to make the same calls in the same order, derivatives included: a sweep goes through the operations that lead from its inputs to its outputs, so these have to be the same ones on every
/// rank. One thread of a rank communicates at a time.</para>
/// </remarks>
public sealed partial class Communicator : IDisposable
{
    private readonly Carrier carrier;
    private readonly CallCheck? check;

    private Communicator(Carrier carrier)
    {
        this.carrier = carrier;
        check = carrier.Checks && carrier.Size > 1 ? new CallCheck(carrier) : null;
    }

    /// <summary>The number of this rank, from 0.</summary>
    public int Rank => carrier.Rank;

    /// <summary>How many ranks there are.</summary>
    public int Size => carrier.Size;

    /// <summary>What carries the messages, such as the version of the MPI library.</summary>
    public string Description => carrier.Description;

    internal Carrier Carrier => carrier;

    /// <summary>All ranks that the launcher of MPI started (mpirun, srun): one where the program was started without.</summary>
    /// <param name="options">How they communicate.</param>
    /// <returns>The communicator. Dispose it at the end of the program; the last to do so end MPI.</returns>
    /// <exception cref="CommunicatorException">No MPI library is installed, it is not that of the launcher, or it reports an error.</exception>
    public static Communicator FromMpi(CommunicatorOptions? options = null) => new(MpiCarrier.World(options ?? CommunicatorOptions.Default));

    /// <summary>Communicators between threads of this process, for tests and notebooks: give each to a thread of its own.</summary>
    /// <param name="count">How many ranks.</param>
    /// <param name="options">How they communicate.</param>
    /// <returns>One communicator for each rank.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public static Communicator[] InProcess(int count, CommunicatorOptions? options = null) => count >= 1
        ? Array.ConvertAll(ThreadCarrier.World(count, options ?? CommunicatorOptions.Default), static carrier => new Communicator(carrier))
        : throw Errors.OutOfRange(nameof(InProcess), nameof(count), $"{count} ranks were asked for", "1 or more", "check the count");

    /// <summary>Runs a function on several threads of this process, each of which is a rank.</summary>
    /// <typeparam name="TResult">What a rank gives.</typeparam>
    /// <param name="count">How many ranks.</param>
    /// <param name="body">What each rank does.</param>
    /// <param name="options">How they communicate.</param>
    /// <returns>What the ranks gave, by rank. An exception on one rank ends the others, and is thrown here.</returns>
    /// <exception cref="ArgumentNullException">body is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public static TResult[] InProcess<TResult>(int count, Func<Communicator, TResult> body, CommunicatorOptions? options = null)
    {
        Errors.NotNull(body, nameof(InProcess), nameof(body));
        Communicator[] ranks = InProcess(count, options);
        var results = new TResult[count];
        ExceptionDispatchInfo? first = null;
        Thread[] threads = Array.ConvertAll(ranks, communicator => new Thread(() =>
        {
            try
            {
                results[communicator.Rank] = body(communicator);
                communicator.carrier.Leave("its program has ended");
            }
#pragma warning disable CA1031 // Any exception is carried to the calling thread.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                // The first is the cause of the others.
                Interlocked.CompareExchange(ref first, ExceptionDispatchInfo.Capture(exception), null);
                communicator.carrier.Leave($"{ThreadCarrier.Failed}{exception.GetType().Name}: {exception.Message}");
            }
        })
        { Name = $"rank {communicator.Rank}", IsBackground = true });
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        first?.Throw();
        return results;
    }

    /// <summary>Runs an action on several threads of this process, each of which is a rank.</summary>
    /// <param name="count">How many ranks.</param>
    /// <param name="body">What each rank does. An exception on one rank ends the others, and is thrown here.</param>
    /// <param name="options">How they communicate.</param>
    /// <exception cref="ArgumentNullException">body is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public static void InProcess(int count, Action<Communicator> body, CommunicatorOptions? options = null)
    {
        Errors.NotNull(body, nameof(InProcess), nameof(body));
        InProcess(count, communicator =>
        {
            body(communicator);
            return true;
        }, options);
    }

    /// <summary>The communicator among the ranks that pass the same color.</summary>
    /// <param name="color">Ranks of the same color come together.</param>
    /// <param name="key">They are numbered in the order of their keys; among equal ones in the order of their ranks here.</param>
    /// <returns>The communicator of this rank in its group.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The color is negative.</exception>
    /// <exception cref="CommunicatorException">Another rank has left, or makes another call.</exception>
    public Communicator Split(int color, int key = 0)
    {
        if (color < 0)
        {
            throw Errors.OutOfRange(nameof(Split), nameof(color), $"the color is {color}", "0 or more", "number the groups from 0");
        }

        check?.Compare(nameof(Split));
        return new Communicator(carrier.Split(color, key));
    }

    /// <summary>Waits until all ranks have made this call.</summary>
    /// <exception cref="CommunicatorException">Another rank has left, or makes another call.</exception>
    public void Barrier()
    {
        check?.Compare(nameof(Barrier));
        carrier.Barrier(nameof(Barrier));
    }

    /// <summary>Leaves the group: ranks that wait for this one are told. Disposing the communicator of all ranks waits until they do the same, and ends MPI; those that <see cref="Split"/> made need no disposing.</summary>
    public void Dispose() => carrier.Leave("it has disposed its communicator");

    /// <summary>Runs a function on rank 0 and gives the bytes that it makes to all. Where it fails all of them fail.</summary>
    internal unsafe byte[] OnRoot(string operation, Func<byte[]> make)
    {
        check?.Compare(operation);
        byte[] bytes = [];
        Exception? failure = null;
        if (Rank == 0)
        {
            try
            {
                bytes = make();
            }
#pragma warning disable CA1031 // Any exception is thrown again, when the others know.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failure = exception;
            }
        }

        long length = failure is null ? bytes.LongLength : -1;
        carrier.Broadcast(&length, sizeof(long), 0, operation);
        if (length < 0)
        {
            throw failure is not null ? new CommunicatorException($"{operation}: rank 0 failed: {failure.Message}", failure)
                : new CommunicatorException(operation, $"{operation}: rank 0 failed. Expected it to read or write its file. To fix it, see its message.");
        }

        bytes = Rank == 0 ? bytes : new byte[length];
        fixed (byte* data = bytes)
        {
            carrier.Broadcast(data, length, 0, operation);
        }

        return bytes;
    }
}
