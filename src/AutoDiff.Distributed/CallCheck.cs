using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using AutoDiff.Distributed.Transport;

namespace AutoDiff.Distributed;

/// <summary>
/// Compares what ranks are about to call: the call in words, and a hash of all calls before. It goes ahead of every collective operation, in a message of the same length whatever the call, so that ranks which
/// call different ones find out instead of waiting for each other.
/// </summary>
internal sealed unsafe class CallCheck(Carrier carrier)
{
    private const int Bytes = 128;
    private const int TextAt = 12;

    /// <summary>The hash of nothing.</summary>
    public const ulong Basis = 14695981039346656037;

    private ulong history = Basis;
    private int calls;

    /// <summary>Compares a call.</summary>
    /// <param name="call">What is called, with shapes: the same words on every rank.</param>
    /// <exception cref="CommunicatorException">Ranks call different things. All of them get the exception, and may go on.</exception>
    public void Compare(string call)
    {
        byte* own = stackalloc byte[Bytes];
        new Span<byte>(own, Bytes).Clear();
        Unsafe.WriteUnaligned(own, history);
        Unsafe.WriteUnaligned(own + 8, calls);
        string shown = call.Length <= Bytes - TextAt - 1 ? call : call[..(Bytes - TextAt - 1)];
        _ = Encoding.UTF8.TryGetBytes(shown, new Span<byte>(own + TextAt, Bytes - TextAt - 1), out _);
        var all = new byte[Bytes * carrier.Size];
        fixed (byte* to = all)
        {
            carrier.AllGather(own, to, Bytes, call);
        }

        for (int rank = 0; rank < carrier.Size; rank++)
        {
            if (!all.AsSpan(rank * Bytes, Bytes).SequenceEqual(new ReadOnlySpan<byte>(own, Bytes)))
            {
                throw Different(call, all);
            }
        }

        // What failed is not counted: all may go on from here.
        calls++;
        history = Hash(history, Encoding.UTF8.GetBytes(call));
    }

    /// <summary>Tells the destination what comes, and compares what comes from the source with what is expected here.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="what">What is sent and expected, in words.</param>
    /// <param name="destination">Where it goes; null for nowhere.</param>
    /// <param name="source">Where it comes from; null for nowhere.</param>
    /// <exception cref="CommunicatorException">Something else comes.</exception>
    public void ComparePair(string operation, string what, int? destination, int? source)
    {
        byte* own = stackalloc byte[Bytes];
        byte* other = stackalloc byte[Bytes];
        new Span<byte>(own, Bytes).Clear();
        _ = Encoding.UTF8.TryGetBytes(what.Length < Bytes ? what : what[..(Bytes - 1)], new Span<byte>(own, Bytes - 1), out _);
        carrier.Move(destination is { } there ? [new Parcel(there, own, Bytes)] : [], source is { } here ? [new Parcel(here, other, Bytes)] : [], operation);
        if (source is not null && !new ReadOnlySpan<byte>(own, Bytes).SequenceEqual(new ReadOnlySpan<byte>(other, Bytes)))
        {
            string sent = Encoding.UTF8.GetString(new ReadOnlySpan<byte>(other, Bytes)).TrimEnd('\0');
            throw new CommunicatorException(operation, $"{operation}: rank {source} sends {sent}, and rank {carrier.Rank} expects {what}. Expected the same on both. To fix it, give the shape that the other rank sends.");
        }
    }

    /// <summary>The hash FNV-1a (Fowler, Noll and Vo), continued.</summary>
    public static ulong Hash(ulong hash, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            hash = (hash ^ b) * 1099511628211;
        }

        return hash;
    }

    private CommunicatorException Different(string call, byte[] all)
    {
        var seen = new List<(string What, List<int> Ranks)>();
        for (int rank = 0; rank < carrier.Size; rank++)
        {
            ReadOnlySpan<byte> row = all.AsSpan(rank * Bytes, Bytes);
            ReadOnlySpan<byte> text = row[TextAt..];
            string what = Text.Of($"{Encoding.UTF8.GetString(text[..text.IndexOf((byte)0)])}, after {MemoryMarshal.Read<int>(row[8..])} calls with the hash {MemoryMarshal.Read<ulong>(row):x16}");
            int known = seen.FindIndex(entry => entry.What == what);
            if (known < 0)
            {
                seen.Add((what, [rank]));
            }
            else
            {
                seen[known].Ranks.Add(rank);
            }
        }

        // Where words and counts are the same everywhere, what came before was not: then the hashes help.
        string calls = string.Join("; ", seen.Select(static entry => $"{(entry.Ranks.Count == 1 ? "rank" : "ranks")} {string.Join(", ", entry.Ranks)}: {entry.What}"));
        return new CommunicatorException(call, $"{call}: ranks make different calls: {calls}. Expected the same call, with the same shapes, on every rank. To fix it, let all ranks run the same program on tensors of the same shapes.");
    }
}
