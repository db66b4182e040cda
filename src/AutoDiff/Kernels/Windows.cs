using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff.Kernels;

/// <summary>
/// Windows that slide over up to three spatial axes: window o of an axis reads the places o · stride - padding + k · dilation. Gathering the windows into the columns of a matrix (im2col) makes a
/// convolution a matrix product; scattering the columns back is the transpose.
/// </summary>
/// <remarks>Fewer than three axes are filled up with axes of length 1 in front.</remarks>
internal sealed partial class Windows
{
    private readonly int[] extent = [1, 1, 1];
    private readonly int[] window = [1, 1, 1];
    private readonly int[] count = [1, 1, 1];
    private readonly int[] stride = [1, 1, 1];
    private readonly int[] dilation = [1, 1, 1];
    private readonly int[] padding = [0, 0, 0];
    private readonly int[] padded = [0, 0, 0];
    private readonly int[] offsets;

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
        for (int axis = 0; axis < 3; axis++)
        {
            padded[axis] = checked(extent[axis] + (2 * this.padding[axis]));
        }

        offsets = new int[WindowLength];
        for (int k = 0; k < offsets.Length; k++)
        {
            (int deep, int down, int across) = (k / (this.window[1] * this.window[2]), k / this.window[2] % this.window[1], k % this.window[2]);
            offsets[k] = (((deep * this.dilation[0] * padded[1]) + (down * this.dilation[1])) * padded[2]) + (across * this.dilation[2]);
        }
    }

    /// <summary>The steps from a window to the next, the steps within a window, and how far the first one begins before the axis, along the last axes.</summary>
    public (int[] Stride, int[] Dilation, int[] Padding) Along(int axes) => (stride[^axes..], dilation[^axes..], padding[^axes..]);

    /// <summary>The lengths of three axes, of windows along them, the numbers of windows, their steps, the steps within one, and how far the first begins before the axis.</summary>
    public int[] Geometry => [.. extent, .. window, .. count, .. stride, .. dilation, .. padding];

    /// <summary>
    /// The windows over the windows that read each place, in reverse order: place i is read by the windows i + padding - k · dilation. Null where windows are steps apart, or places before the first one that
    /// it reads have windows.
    /// </summary>
    public Windows? Mirror()
    {
        int[] before = [.. padding.Select((p, axis) => ((window[axis] - 1) * dilation[axis]) - p)];
        return stride is [1, 1, 1] && before.Min() >= 0 ? new Windows(count, window, extent, stride, dilation, before) : null;
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

    /// <summary>Whether there is padding.</summary>
    public bool HavePadding => padding is not [0, 0, 0];

    /// <summary>The number of places of a channel with its padding.</summary>
    public int PaddedPlaces => checked(padded[0] * padded[1] * padded[2]);

    /// <summary>Channels with zeros around them: every window then lies inside.</summary>
    public unsafe void Pad<T>(T* x, int channels, T* target) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        new Span<T>(target, checked(channels * PaddedPlaces)).Clear();
        for (int row = 0; row < channels * extent[0] * extent[1]; row++)
        {
            new ReadOnlySpan<T>(x + ((nint)row * extent[2]), extent[2]).CopyTo(new Span<T>(target + PaddedRow(row), extent[2]));
        }
    }

    /// <summary>Channels without the zeros around them.</summary>
    public unsafe void Crop<T>(T* source, int channels, T* x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int row = 0; row < channels * extent[0] * extent[1]; row++)
        {
            new ReadOnlySpan<T>(source + PaddedRow(row), extent[2]).CopyTo(new Span<T>(x + ((nint)row * extent[2]), extent[2]));
        }
    }

    /// <summary>Where a row of the channels begins among the padded ones.</summary>
    private nint PaddedRow(int row)
    {
        (int plane, int y) = Math.DivRem(row, extent[1]);
        (int c, int z) = Math.DivRem(plane, extent[0]);
        return (((((nint)c * padded[0]) + z + padding[0]) * padded[1]) + y + padding[1]) * padded[2] + padding[2];
    }

    /// <summary>A block of the matrix of all columns: some places of the windows of all channels, numbered through, by some windows of some rows.</summary>
    public readonly record struct Block(int Place, int Height, int Row, int Rows, int Column, int Length)
    {
        /// <summary>The number of windows.</summary>
        public int Count => Rows * Length;
    }

    /// <summary>columns[c, k, o] = x[c, place k of window o] for a block; x is padded.</summary>
    public unsafe void Gather<T>(T* x, Block block, T* columns) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Walk<GatherRow, T>(x, block, columns);

    /// <summary>x[c, place k of window o] += columns[c, k, o] for a block: the transpose of <see cref="Gather{T}"/>.</summary>
    public unsafe void Scatter<T>(T* columns, Block block, T* x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Walk<ScatterRow, T>(x, block, columns);

    /// <summary>Goes through the rows of windows of a block, for each of its places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private unsafe void Walk<TRow, T>(T* x, Block block, T* columns)
        where TRow : struct, IRow
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int rows, int length, int step, int rowsDown, int firstI) = (block.Rows, block.Length, stride[2], count[1], block.Row % count[1]);
        nint down = (nint)stride[1] * padded[2];
        nint deep = (nint)stride[0] * padded[1] * padded[2];
        (int channel, int k) = Math.DivRem(block.Place, offsets.Length);
        x += ((nint)channel * PaddedPlaces) + (block.Row / rowsDown * deep) + (firstI * down) + ((nint)block.Column * step);
        for (int place = 0; place < block.Height; place++)
        {
            T* places = x + offsets[k];
            int i = firstI;
            for (int r = 0; r < rows; r++, columns += length, places += down)
            {
                TRow.Take(places, step, columns, length);
                if (++i == rowsDown)
                {
                    i = 0;
                    places += deep - (rowsDown * down);
                }
            }

            if (++k == offsets.Length)
            {
                k = 0;
                x += PaddedPlaces;
            }
        }
    }

    /// <summary>What becomes of a row of columns, and of the places it stands for.</summary>
    private unsafe interface IRow
    {
        static abstract void Take<T>(T* places, int step, T* row, int length) where T : unmanaged, IBinaryFloatingPointIeee754<T>;
    }

    private readonly unsafe struct GatherRow : IRow
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Take<T>(T* places, int step, T* row, int length) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            if (step != 1 || length < Vector<T>.Count)
            {
                for (int o = 0; o < length; o++)
                {
                    row[o] = places[(nint)o * step];
                }

                return;
            }

            // Rows of images are short: registers that may overlap at the end save the call that a copy of memory is.
            int last = length - Vector<T>.Count;
            for (int o = 0; o < last; o += Vector<T>.Count)
            {
                Vector.Store(Vector.Load(places + o), row + o);
            }

            Vector.Store(Vector.Load(places + last), row + last);
        }
    }

    private readonly unsafe struct ScatterRow : IRow
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Take<T>(T* places, int step, T* row, int length) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int o = 0;
            for (; step == 1 && o <= length - Vector<T>.Count; o += Vector<T>.Count)
            {
                Vector.Store(Vector.Load(places + o) + Vector.Load(row + o), places + o);
            }

            for (; o < length; o++)
            {
                places[(nint)o * step] += row[o];
            }
        }
    }
}
