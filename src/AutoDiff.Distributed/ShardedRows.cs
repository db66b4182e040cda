using System.Numerics;

namespace AutoDiff.Distributed;

/// <summary>Rows of which a rank holds a part, or that stay in their file until they are read.</summary>
public static partial class ShardedRows
{
    /// <summary>A part of all rows: those that a rank holds. <see cref="DataParallel.RowsOf(Communicator, int, int, Summation)"/> says which.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="x">The rows that are here, along the first axis.</param>
    /// <param name="start">The number of the first of them among all rows.</param>
    /// <param name="count">The number of all rows.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="TensorShapeException">The tensor is a scalar, or the part is not within the rows.</exception>
    /// <exception cref="TapeException">The tensor is recorded on a tape, whose derivatives would be lost.</exception>
    public static RowSource<T> Part<T>(Tensor<T> x, int start, int count) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        _ = RowSource.Of(x);
        return start >= 0 && start <= count - x.Shape[0] ? new RowPart<T>(x, start, count)
            : throw Errors.Shape(nameof(Part), $"the rows {start} to {(long)start + x.Shape[0]} are given of {count}", "a part of all rows", "check the first row and the count");
    }

    private sealed class RowPart<T>(Tensor<T> x, int first, int count) : RowSource<T>(count, x.Dimensions[1..]) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly int row = Shapes.Length(x.Shape[1..]);

        internal override void LayOut(Tensor<T> block, int start)
        {
            if (start < first || start + block.Shape[0] > first + x.Shape[0])
            {
                throw Errors.Shape(nameof(Part), $"the rows {start} to {start + block.Shape[0]} are asked for, and the rank holds {first} to {first + x.Shape[0]}", "the rows that DataParallel.RowsOf names",
                    "give the rank these rows");
            }

            block.LayOver(x, (start - first) * row);
        }
    }
}
