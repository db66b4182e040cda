using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace AutoDiff.Kernels;

/// <summary>
/// Windows that slide over up to three spatial axes: window o of an axis reads the places o · stride - padding + k · dilation. Gathering the windows into the columns of a matrix (im2col) makes a
/// convolution a matrix product; scattering the columns back is the transpose.
/// </summary>
/// <remarks>Fewer than three axes are filled up with axes of length 1 in front.</remarks>
internal sealed class Windows
{
    private readonly int[] extent = [1, 1, 1];
    private readonly int[] window = [1, 1, 1];
    private readonly int[] count = [1, 1, 1];
    private readonly int[] stride = [1, 1, 1];
    private readonly int[] dilation = [1, 1, 1];
    private readonly int[] padding = [0, 0, 0];

    /// <param name="extents">The lengths of the spatial axes.</param>
    /// <param name="window">The lengths of the window.</param>
    /// <param name="counts">The numbers of windows along each axis.</param>
    /// <param name="stride">The steps from a window to the next.</param>
    /// <param name="dilation">The steps within a window.</param>
    /// <param name="padding">How far the first window begins before the axis.</param>
    public Windows(ReadOnlySpan<int> extents, ReadOnlySpan<int> window, ReadOnlySpan<int> counts, ReadOnlySpan<int> stride, ReadOnlySpan<int> dilation, ReadOnlySpan<int> padding)
    {
        int front = 3 - extents.Length;
        extents.CopyTo(extent.AsSpan(front));
        window.CopyTo(this.window.AsSpan(front));
        counts.CopyTo(count.AsSpan(front));
        stride.CopyTo(this.stride.AsSpan(front));
        dilation.CopyTo(this.dilation.AsSpan(front));
        padding.CopyTo(this.padding.AsSpan(front));
    }

    /// <summary>The number of places of a channel.</summary>
    public int Places => extent[0] * extent[1] * extent[2];

    /// <summary>The number of places of a window.</summary>
    public int WindowLength => window[0] * window[1] * window[2];

    /// <summary>The number of windows.</summary>
    public int Count => Rows * RowLength;

    /// <summary>The number of rows of windows: runs along the last axis.</summary>
    public int Rows => count[0] * count[1];

    /// <summary>The number of windows in a row.</summary>
    public int RowLength => count[2];

    /// <summary>Whether every place is its own window, in order: the columns are the channels themselves.</summary>
    public bool ArePlaces => WindowLength == 1 && Count == Places && padding is [0, 0, 0] && stride is [1, 1, 1];

    /// <summary>columns[c, k, o] = x[c, place k of window o], 0 in the padding, for some rows of windows.</summary>
    public void Gather<T>(ReadOnlySpan<T> x, int channels, int firstRow, int rows, Span<T> columns) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Walk(x, columns, [], [], channels, firstRow, rows);

    /// <summary>x[c, place k of window o] += columns[c, k, o], for some rows of windows: the transpose of <see cref="Gather{T}"/>.</summary>
    public void Scatter<T>(ReadOnlySpan<T> columns, int channels, int firstRow, int rows, Span<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Walk([], [], columns, x, channels, firstRow, rows);

    /// <summary>Goes through the rows of all channels and window places, from x to the columns, or where there are none from the columns to x.</summary>
    private void Walk<T>(ReadOnlySpan<T> from, Span<T> columns, ReadOnlySpan<T> parts, Span<T> x, int channels, int firstRow, int rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool gathers = parts.IsEmpty;
        int length = RowLength;
        int step = stride[2];
        int at = 0;
        for (int c = 0; c < channels; c++)
        {
            for (int k = 0; k < window[0] * window[1] * window[2]; k++)
            {
                int depth = (k / (window[1] * window[2]) * dilation[0]) - padding[0];
                int height = (k / window[2] % window[1] * dilation[1]) - padding[1];
                int width = (k % window[2] * dilation[2]) - padding[2];

                // The windows whose place is inside the last axis.
                int begin = Math.Clamp(width < 0 ? (-width + step - 1) / step : 0, 0, length);
                int end = Math.Clamp(width < extent[2] ? ((extent[2] - 1 - width) / step) + 1 : 0, begin, length);
                int z = depth + (firstRow / count[1] * stride[0]);
                int i = firstRow % count[1];
                for (int r = 0; r < rows; r++, at += length)
                {
                    int y = height + (i * stride[1]);
                    bool inside = (uint)y < (uint)extent[1] && (uint)z < (uint)extent[0] && begin < end;
                    int start = inside ? (((((c * extent[0]) + z) * extent[1]) + y) * extent[2]) + width + (begin * step) : 0;
                    if (++i == count[1])
                    {
                        i = 0;
                        z += stride[0];
                    }

                    if (gathers)
                    {
                        Span<T> row = columns.Slice(at, length);
                        if (!inside)
                        {
                            row.Clear();
                            continue;
                        }

                        for (int o = 0; o < begin; o++)
                        {
                            row[o] = T.Zero;
                        }

                        for (int o = end; o < length; o++)
                        {
                            row[o] = T.Zero;
                        }

                        row = row[begin..end];
                        if (step == 1)
                        {
                            Copy(from.Slice(start, row.Length), row);
                            continue;
                        }

                        ReadOnlySpan<T> source = from[start..];
                        for (int o = 0; o < row.Length; o++)
                        {
                            row[o] = source[o * step];
                        }
                    }
                    else if (inside)
                    {
                        ReadOnlySpan<T> row = parts.Slice(at, length)[begin..end];
                        if (step == 1)
                        {
                            Span<T> target = x.Slice(start, row.Length);
                            TensorPrimitives.Add(target, row, target);
                            continue;
                        }

                        Span<T> places = x[start..];
                        for (int o = 0; o < row.Length; o++)
                        {
                            places[o * step] += row[o];
                        }
                    }
                }
            }
        }
    }

    /// <summary>Rows of images are short: vectors that may overlap at the end save the call that a copy of memory is.</summary>
    private static void Copy<T>(ReadOnlySpan<T> source, Span<T> target) where T : unmanaged
    {
        int width = Vector<T>.Count;
        if (source.Length < width || source.Length > 32 * width)
        {
            source.CopyTo(target);
            return;
        }

        ref T from = ref MemoryMarshal.GetReference(source);
        ref T to = ref MemoryMarshal.GetReference(target[..source.Length]);
        int last = source.Length - width;
        for (int i = 0; i < last; i += width)
        {
            Vector.LoadUnsafe(ref from, (nuint)i).StoreUnsafe(ref to, (nuint)i);
        }

        Vector.LoadUnsafe(ref from, (nuint)last).StoreUnsafe(ref to, (nuint)last);
    }
}
