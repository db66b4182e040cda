using System.Numerics;

namespace AutoDiff.Kernels;

// Convolutions over two axes without columns: the rows of the channels are gathered as lines, and the products read these in place (Cho, Brand, "MEC: memory-efficient convolution for deep neural
// network", ICML 2017). A number is summed in the order of the columns, to the last bit.
internal sealed partial class Convolution
{
    /// <summary>With fewer outputs a product is so short that making lines takes longer than it does.</summary>
    private const int LeastOutputs = 4;

    /// <summary>With fewer channels a product for each place of the windows has too few rows to fill the registers.</summary>
    private const int LeastChannels = 8;

    /// <summary>The most bytes of lines that are made at a time, of which the products read a part after the other. They stay in the second-level cache, or close.</summary>
    private const int LargestLineBytes = 3 << 19;

    /// <summary>
    /// The windows of a product, where there are so many. Lines lie where they are read, unlike columns, which have to be made for each product, and deep layers have kernels larger than the caches: they
    /// are read once for as many windows as go into a product.
    /// </summary>
    private const int ProductCount = 256;

    /// <summary>Lets tests compare lines with columns.</summary>
    internal bool UsesColumnsOnly { get; init; }

    /// <summary>The steps from a place of the windows to the next, and the pitch of the channels that they are for. Threads may find them at the same time, and find the same.</summary>
    private Tuple<nint, int[]>? stepsOfLines;

    private int[] StepsOfLines(nint pitch)
    {
        if (stepsOfLines is not { } known || known.Item1 != pitch)
        {
            stepsOfLines = known = Tuple.Create(pitch, windows.Steps(channels, pitch));
        }

        return known.Item2;
    }

    /// <summary>The rows of windows whose lines are made at a time, some blocks; 0 where columns are gathered.</summary>
    private unsafe int RowsOfBand<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int rows, int rowPart, _) = BlockOf<T>();
        if (UsesColumnsOnly || outputs < LeastOutputs || !windows.ShareLines || rowPart < windows.RowLength || depth == 0)
        {
            return 0;
        }

        long most = (LargestLineBytes / sizeof(T) / ((long)windows.Copies * channels * windows.RowLength)) - windows.LinesBelow;
        if (most >= windows.Rows)
        {
            return windows.Rows;
        }

        // Lines between two bands are made twice.
        long some = most / rows * rows;
        return some >= 2 * windows.LinesBelow ? (int)some : 0;
    }

    /// <summary>Whether the gradient of the kernel is summed from lines.</summary>
    private bool SumsByLines<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> => channels >= LeastChannels && RowsOfBand<T>() > 0;

    /// <summary>How the lines lie, and room for those of a band.</summary>
    private readonly unsafe ref struct Lines<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly Convolution owner;
        private readonly AlignedRoom<T> room;

        public Lines(Convolution owner)
        {
            this.owner = owner;
            RowsOfBand = owner.RowsOfBand<T>();
            if (RowsOfBand == 0)
            {
                return;
            }

            // An odd number of cache lines keeps channels apart in the nearest cache.
            const int Line = 16;
            int numbers = (RowsOfBand + owner.windows.LinesBelow) * owner.windows.RowLength;
            Pitch = (((numbers + Line - 1) / Line) | 1) * Line;
            room = new AlignedRoom<T>(checked(owner.windows.Copies * owner.channels * (int)Pitch));
            Steps = owner.StepsOfLines(Pitch);
        }

        public bool Any => RowsOfBand > 0;

        public int RowsOfBand { get; }

        public nint Pitch { get; }

        /// <summary>The steps from a place of the windows to the next.</summary>
        public int[] Steps { get; } = [];

        public T* Start => room.Start;

        /// <summary>Makes the lines of the band that begins with a row of windows; its number of rows.</summary>
        public int Gather(T* x, int row)
        {
            int rows = Math.Min(RowsOfBand, owner.windows.Rows - row);
            owner.windows.GatherLines(x, owner.channels, row, rows, Pitch, Start);
            return rows;
        }

        public void Dispose() => room.Dispose();
    }

    /// <summary>y = w * x for a group of a sample.</summary>
    private unsafe void Forward<T>(in Lines<T> lines, T* x, T* w, T* y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int blockRows, _, int height) = BlockOf<T>();
        blockRows = Math.Max(blockRows, ProductCount / windows.RowLength);
        fixed (int* steps = lines.Steps)
        {
            for (int band = 0, rows; band < windows.Rows; band += rows)
            {
                rows = lines.Gather(x, band);
                for (int row = 0; row < rows; row += blockRows)
                {
                    T* first = lines.Start + ((nint)row * windows.RowLength), target = y + ((nint)(band + row) * windows.RowLength);
                    int count = Math.Min(blockRows, rows - row) * windows.RowLength;
                    for (int place = 0; place < depth; place += height)
                    {
                        int end = Math.Min(place + height, depth);
                        MatrixProduct.Multiply(outputs, count, end - place, new(w + place, depth, 1), first, steps + place, target, windows.Count, accumulate: place > 0);
                        for (int i = place; i < end && end < depth; i++)
                        {
                            first += steps[i];
                        }
                    }
                }
            }
        }
    }

    /// <summary>
    /// Adds the part of a group of a sample to some columns of the transpose of w. The channels of a line's copies lie equally far apart, and in the sum as well, where all channels come before the next place
    /// of the windows: one product serves all places of a window beside one another. Of a kernel larger than the caches the part of these places stays there for all windows of a band.
    /// </summary>
    private unsafe void KernelGradient<T>(in Lines<T> lines, T* transposedY, T* x, T* y, T* transposed, int count) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int blockRows, _, _) = BlockOf<T>();
        (int height, int length) = (windows.Copies * channels, windows.RowLength);
        for (int band = 0, rows; band < windows.Rows; band += rows)
        {
            rows = lines.Gather(x, band);
            TransposedCopy.Run(y + ((nint)band * length), windows.Count, count, rows * length, transposedY, count);
            for (int down = 0; down < windows.WindowLength / windows.Copies; down++)
            {
                T* first = lines.Start + windows.StartOfLine(0, down, channels, 0, lines.Pitch), sum = transposed + ((nint)down * height * outputs);
                for (int row = 0; row < rows; row += blockRows)
                {
                    int links = Math.Min(blockRows, rows - row) * length;
                    nint start = (nint)row * length;
                    MatrixProduct.Multiply(height, count, links, new(first + start, lines.Pitch, 1), new(transposedY + (start * count), count, 1), sum, outputs, accumulate: true);
                }
            }
        }
    }
}
