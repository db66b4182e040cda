namespace AutoDiff.Kernels;

/// <summary>A matrix anywhere in pinned memory: the number at (i, j) is i row strides and j column strides from the start.</summary>
internal readonly unsafe struct MatrixView<T>(T* start, nint rowStride, nint columnStride)
    where T : unmanaged
{
    public readonly T* Start = start;
    public readonly nint RowStride = rowStride;
    public readonly nint ColumnStride = columnStride;

    /// <summary>The part from row <paramref name="i"/> and column <paramref name="j"/> on.</summary>
    public MatrixView<T> From(nint i, nint j) => Skip(i * RowStride + j * ColumnStride);

    /// <summary>The matrix that begins <paramref name="count"/> numbers on.</summary>
    public MatrixView<T> Skip(nint count) => new(Start + count, RowStride, ColumnStride);

    public MatrixView<T> Transpose() => new(Start, ColumnStride, RowStride);
}
