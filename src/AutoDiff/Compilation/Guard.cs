using System.Numerics;
using System.Runtime.InteropServices;

namespace AutoDiff;

/// <summary>A look of the function at numbers, which its further course may depend on: the program holds only while they are the same, bit for bit. (That of a comparison is a 0 or a 1.)</summary>
internal sealed class Guard<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] seen;

    public Guard(Value<T> value, TapeRead<T> read)
    {
        (Value, Start, RecordsBefore, ByLane) = (value, read.Start, read.RecordsBefore, read.ByLane);
        seen = read.Tensor.Values.Slice(read.Start, read.Count).ToArray();
    }

    /// <summary>What was looked at.</summary>
    public Value<T> Value { get; }

    /// <summary>The first element that was looked at, and how many.</summary>
    public int Start { get; }

    public int Count => seen.Length;

    /// <summary>What the function saw.</summary>
    public ReadOnlySpan<T> Seen => seen;

    /// <summary>How many records the function had made when it looked.</summary>
    public int RecordsBefore { get; }

    /// <summary>Whether each number is the answer of a scenario by itself.</summary>
    public bool ByLane { get; }

    /// <summary>Whether the numbers are what the function saw.</summary>
    public bool Holds(Tensor<T> x) => MemoryMarshal.AsBytes(x.Values.Slice(Start, seen.Length)).SequenceEqual(MemoryMarshal.AsBytes<T>(seen));
}
