using System.Numerics;
using System.Numerics.Tensors;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>
/// The sums of the columns of what a group computes block by block, along the tree of all such sums: a leaf of it is a number of rows, one added after the other. No two threads have a part in one.
/// </summary>
/// <param name="sums">Where the sums go.</param>
/// <param name="rows">How many rows they are of.</param>
internal sealed class GroupColumnSums<T>(Tensor<T> sums, int rows) : GroupEnd<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double[] leaves = new double[(rows + Reductions.RowsPerBlock - 1) / Reductions.RowsPerBlock * sums.Length];

    public override int Columns => sums.Length;

    public override void Add(ReadOnlySpan<T> x, int start, Span<T> room)
    {
        for (int row = start / Columns; !x.IsEmpty;)
        {
            int leaf = row / Reductions.RowsPerBlock, place = row % Reductions.RowsPerBlock, count = Math.Min(Reductions.RowsPerBlock - place, x.Length / Columns);
            Span<double> line = leaves.AsSpan(leaf * Columns, Columns);
            if (place == 0)
            {
                line.Clear();
            }

            Reductions.AddRows(x, count, Columns, line);
            x = x[(count * Columns)..];
            row += count;
        }
    }

    public override void End()
    {
        foreach ((int left, int right) in new TreePairs(leaves.Length / Columns))
        {
            Span<double> line = leaves.AsSpan(left * Columns, Columns);
            TensorPrimitives.Add(line, leaves.AsSpan(right * Columns, Columns), line);
        }

        Span<T> y = sums.Writable;
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = T.CreateTruncating(leaves[i]);
        }
    }
}
