using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>What a group makes of all elements of a value that it computes block by block, with the bits of the operation by itself.</summary>
internal abstract class GroupEnd<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Of sums of columns, how many there are; otherwise 0.</summary>
    public virtual int Columns => 0;

    /// <summary>To be called before a run, with the elements that one thread computes without another in between.</summary>
    public virtual void Begin(int elements)
    {
    }

    /// <summary>Takes the elements from <paramref name="start"/> on. Within a chunk they come in order.</summary>
    /// <param name="x">The elements, of one chunk.</param>
    /// <param name="start">The place of the first.</param>
    /// <param name="room">Room for a leaf, the same for all blocks of a chunk.</param>
    public abstract void Add(ReadOnlySpan<T> x, int start, Span<T> room);

    /// <summary>To be called when all elements have come.</summary>
    public abstract void End();
}

/// <summary>
/// The sum of what a group computes block by block, along the tree of any sum: a leaf of the tree begins and ends where it always does, wherever the blocks do. The pieces of a leaf are put next to each other;
/// those of a leaf that two threads have a part in, in a place that both know.
/// </summary>
/// <param name="sum">Where the sum goes.</param>
/// <param name="length">How many elements it is of.</param>
internal sealed class GroupSum<T>(Tensor<T> sum, int length) : GroupEnd<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int LeafLength = Group<T>.LeafLength;

    private readonly double[] leaves = new double[(length + LeafLength - 1) / LeafLength];

    /// <summary>What one thread computes without another in between: longer than a leaf, so that each end cuts one leaf at most.</summary>
    private int chunkLength;

    /// <summary>Of the end of each chunk, the leaf that it cuts.</summary>
    private T[] cut = [];

    public override void Begin(int elements)
    {
        chunkLength = elements;
        cut = elements % LeafLength == 0 || elements >= length ? [] : Pool<T>.Shared.Rent(length / elements * LeafLength);
    }

    public override void Add(ReadOnlySpan<T> x, int start, Span<T> room)
    {
        while (!x.IsEmpty)
        {
            int leaf = start / LeafLength, begin = leaf * LeafLength, count = Math.Min(LeafLength, length - begin);
            int n = Math.Min(begin + count - start, x.Length);
            if (n == count)
            {
                leaves[leaf] = Reductions.SumOfBlock(x[..n]);
            }
            else
            {
                int chunk = begin / chunkLength;
                bool isCut = (begin + count - 1) / chunkLength > chunk;
                Span<T> pieces = isCut ? cut.AsSpan(chunk * LeafLength, LeafLength) : room;
                x[..n].CopyTo(pieces[(start - begin)..]);
                if (!isCut && start + n == begin + count)
                {
                    leaves[leaf] = Reductions.SumOfBlock<T>(pieces[..count]);
                }
            }

            x = x[n..];
            start += n;
        }
    }

    public override void End()
    {
        for (int chunk = 0; cut.Length > 0 && (chunk + 1L) * chunkLength < length; chunk++)
        {
            int end = (chunk + 1) * chunkLength, leaf = end / LeafLength;
            if (end % LeafLength != 0)
            {
                leaves[leaf] = Reductions.SumOfBlock<T>(cut.AsSpan(chunk * LeafLength, Math.Min(LeafLength, length - (leaf * LeafLength))));
            }
        }

        if (cut.Length > 0)
        {
            Pool<T>.Shared.Return(cut);
        }

        sum.Writable[0] = Reductions.TotalOfBlocks<T>(leaves);
    }
}
