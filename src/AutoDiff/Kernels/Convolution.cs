using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace AutoDiff.Kernels;

/// <summary>
/// The three faces of the convolution y[n, o, p] = Σ_ck w[o, c, k] x[n, c, place k of window p]: the product itself, and its transposes by x and by w. Each gathers windows into the columns of
/// a matrix by blocks that stay in the nearest cache, and multiplies matrices (Chellapilla, Puri, Simard, "High performance convolutional neural networks for document processing", 2006).
/// </summary>
internal sealed class Convolution
{
    /// <summary>Bytes of columns that are made at a time: the product reads them from the first-level cache, or close, where they are.</summary>
    private const int BlockBytes = 40 << 10;

    /// <summary>The least number of windows in a block, where there are so many: two panels of the product.</summary>
    private const int BlockCount = 64;

    /// <summary>Multiply-adds that are worth a thread of their own.</summary>
    private const long Grain = 2_000_000;

    private readonly Windows windows;
    private readonly int samples;
    private readonly int groups;
    private readonly int channels;
    private readonly int outputs;
    private readonly int places;
    private readonly int depth;

    /// <param name="windows">Where the windows lie.</param>
    /// <param name="samples">The number n of samples.</param>
    /// <param name="groups">The number of groups that channels and outputs are split into.</param>
    /// <param name="channels">The number of input channels of a group.</param>
    /// <param name="outputs">The number of output channels of a group.</param>
    public Convolution(Windows windows, int samples, int groups, int channels, int outputs)
    {
        (this.windows, this.samples, this.groups, this.channels, this.outputs) = (windows, samples, groups, channels, outputs);
        (places, depth) = (windows.Places, channels * windows.WindowLength);
    }

    private long WorkOfSample => (long)groups * outputs * depth * windows.Count;

    /// <summary>y = w * x, for <paramref name="repeats"/> times the samples.</summary>
    public void Forward<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> w, Span<T> y, int repeats) where T : unmanaged, IBinaryFloatingPointIeee754<T> => OverSamples(repeats, x, w, y, Forward);

    /// <summary>x = wᵀ * y, for <paramref name="repeats"/> times the samples.</summary>
    public void InputGradient<T>(ReadOnlySpan<T> y, ReadOnlySpan<T> w, Span<T> x, int repeats) where T : unmanaged, IBinaryFloatingPointIeee754<T> => OverSamples(repeats, y, w, x, InputGradient);

    /// <summary>w = Σ_n y_n · columns(x_n)ᵀ.</summary>
    /// <remarks>The samples are split into parts that depend on the shapes alone, and the parts' sums are added in order, so that the number of threads changes nothing.</remarks>
    public unsafe void KernelGradient<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> w) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int length = w.Length;
        if (w.IsEmpty || y.IsEmpty)
        {
            w.Clear();
            return;
        }

        // The transpose of w is summed up: a product whose large factor comes first need not pack it.
        int parts = (int)Math.Clamp(WorkOfSample * samples / Math.Min(Grain, Threading.LargestGrain), 1, Math.Min(Math.Min(samples, 16), Math.Max(1, (4 << 20) / length)));
        T[] rented = Pool<T>.Shared.Rent(parts * length);
        rented.AsSpan(0, parts * length).Clear();
        fixed (T* startX = x, startY = y, startSums = rented)
        {
            T* px = startX, py = startY, sums = startSums;
            Threading.For(parts, part => KernelGradient(px, py, sums + ((nint)part * length), (int)((long)samples * part / parts), (int)((long)samples * (part + 1) / parts)));
        }

        Span<T> sum = rented.AsSpan(0, length);
        for (int part = 1; part < parts; part++)
        {
            TensorPrimitives.Add<T>(sum, rented.AsSpan(part * length, length), sum);
        }

        for (int g = 0; g < groups; g++)
        {
            for (int o = 0; o < outputs; o++)
            {
                for (int i = 0; i < depth; i++)
                {
                    w[(((g * outputs) + o) * depth) + i] = sum[(((g * depth) + i) * outputs) + o];
                }
            }
        }

        Pool<T>.Shared.Return(rented);
    }

    private delegate void SampleKernel<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> w, Span<T> z);

    private unsafe void OverSamples<T>(int repeats, ReadOnlySpan<T> x, ReadOnlySpan<T> w, Span<T> z, SampleKernel<T> kernel) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int all = repeats * samples;
        if (all == 0)
        {
            return;
        }

        (int nx, int nw, int nz) = (x.Length / all, w.Length, z.Length / all);
        int chunks = Math.Min(all, Threading.ThreadsFor(WorkOfSample * all, Grain));
        fixed (T* startX = x, startW = w, startZ = z)
        {
            T* px = startX, pw = startW, pz = startZ;
            Threading.For(chunks, chunk =>
            {
                int end = (int)((long)all * (chunk + 1) / chunks);
                for (int n = (int)((long)all * chunk / chunks); n < end; n++)
                {
                    kernel(new ReadOnlySpan<T>(px + ((long)n * nx), nx), new ReadOnlySpan<T>(pw, nw), new Span<T>(pz + ((long)n * nz), nz));
                }
            });
        }
    }

    private unsafe void Forward<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> w, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (depth == 0)
        {
            y.Clear();
            return;
        }

        using var blocks = new Blocks<T>(this);
        fixed (T* startX = x, startW = w, startY = y)
        {
            for (int g = 0; g < groups; g++)
            {
                T* input = blocks.Padded(startX + (g * channels * places));
                T* kernel = startW + (g * outputs * depth), output = startY + (g * outputs * windows.Count);
                for (int row = 0; row < windows.Rows; row += blocks.Rows)
                {
                    int count = blocks.Count(row);
                    for (int c = 0; c < channels; c += blocks.Channels)
                    {
                        MatrixView<T> columns = blocks.Gather(input, row, c);
                        MatrixProduct.Multiply(outputs, count, blocks.Height(c), new(kernel + (c * windows.WindowLength), depth, 1), columns, output + (row * windows.RowLength), windows.Count, accumulate: c > 0);
                    }
                }
            }
        }
    }

    private unsafe void InputGradient<T>(ReadOnlySpan<T> y, ReadOnlySpan<T> w, Span<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var blocks = new Blocks<T>(this);
        fixed (T* startX = x, startW = w, startY = y)
        {
            for (int g = 0; g < groups; g++)
            {
                T* input = startX + (g * channels * places), kernel = startW + (g * outputs * depth), output = startY + (g * outputs * windows.Count);
                T* sum = blocks.Cleared(input);
                for (int row = 0; row < windows.Rows; row += blocks.Rows)
                {
                    int count = blocks.Count(row);
                    for (int c = 0; c < channels; c += blocks.Channels)
                    {
                        T* columns = windows.ArePlaces ? input : blocks.Columns;
                        MatrixProduct.Multiply(blocks.Height(c), count, outputs, new(kernel + (c * windows.WindowLength), 1, depth), new(output + (row * windows.RowLength), windows.Count, 1), columns, count);
                        blocks.Scatter(sum, row, c);
                    }
                }

                if (sum != input)
                {
                    windows.Crop(sum, channels, input);
                }
            }
        }
    }

    /// <summary>Adds the part of some samples to the transpose of w.</summary>
    private unsafe void KernelGradient<T>(T* x, T* y, T* transposed, int begin, int end) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var blocks = new Blocks<T>(this);
        for (int g = begin * groups; g < end * groups; g++)
        {
            T* input = blocks.Padded(x + ((nint)g * channels * places));
            T* output = y + ((nint)g * outputs * windows.Count), sum = transposed + (g % groups * outputs * depth);
            for (int row = 0; row < windows.Rows; row += blocks.Rows)
            {
                int count = blocks.Count(row);
                for (int c = 0; c < channels; c += blocks.Channels)
                {
                    MatrixView<T> columns = blocks.Gather(input, row, c);
                    MatrixProduct.Multiply(blocks.Height(c), outputs, count, columns, new(output + (row * windows.RowLength), 1, windows.Count), sum + (c * windows.WindowLength * outputs), outputs, accumulate: true);
                }
            }
        }
    }

    /// <summary>How the matrix of all columns is cut into blocks, some rows of windows by some channels at a time, and room for one. The blocks depend on the shapes alone.</summary>
    private readonly unsafe ref struct Blocks<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly Convolution owner;
        private readonly T[] rented = [];
        private readonly GCHandle pin;
        private readonly T* padded;

        public Blocks(Convolution owner)
        {
            this.owner = owner;
            Windows windows = owner.windows;
            (Rows, Channels) = (Math.Max(windows.Rows, 1), Math.Max(owner.channels, 1));
            if (windows.ArePlaces || windows.Count == 0 || owner.depth == 0)
            {
                return;
            }

            long room = BlockBytes / sizeof(T) / windows.RowLength;
            Rows = (int)Math.Clamp(Math.Max((BlockCount + windows.RowLength - 1) / windows.RowLength, room / owner.depth), 1, windows.Rows);
            Channels = (int)Math.Clamp(room / Rows / windows.WindowLength, 1, owner.channels);
            int length = Channels * windows.WindowLength * Rows * windows.RowLength;
            rented = Pool<T>.Shared.Rent(length + (windows.HavePadding ? owner.channels * windows.PaddedPlaces : 0));
            pin = GCHandle.Alloc(rented, GCHandleType.Pinned);
            Columns = (T*)pin.AddrOfPinnedObject();
            padded = Columns + length;
        }

        /// <summary>Room for the columns of a block; none where they are the channels themselves.</summary>
        public T* Columns { get; }

        /// <summary>The rows of windows in a block.</summary>
        public int Rows { get; }

        /// <summary>The channels in a block.</summary>
        public int Channels { get; }

        /// <summary>The number of windows in the blocks from a row on.</summary>
        public int Count(int row) => RowsFrom(row) * owner.windows.RowLength;

        /// <summary>The number of places in each window of the blocks from a channel on.</summary>
        public int Height(int channel) => ChannelsFrom(channel) * owner.windows.WindowLength;

        /// <summary>The channels of a group with their padding.</summary>
        public T* Padded(T* input)
        {
            if (!owner.windows.HavePadding)
            {
                return input;
            }

            owner.windows.Pad(input, owner.channels, padded);
            return padded;
        }

        /// <summary>Room for the sums of columns, set to 0: the channels themselves, or what becomes them when the padding is cropped.</summary>
        public T* Cleared(T* input)
        {
            T* sum = owner.windows.HavePadding ? padded : input;
            if (!owner.windows.ArePlaces)
            {
                new Span<T>(sum, owner.channels * owner.windows.PaddedPlaces).Clear();
            }

            return sum;
        }

        /// <summary>The columns of a block of padded channels.</summary>
        public MatrixView<T> Gather(T* input, int row, int channel)
        {
            if (owner.windows.ArePlaces)
            {
                return new(input, owner.places, 1);
            }

            owner.windows.Gather(input + ((nint)channel * owner.windows.PaddedPlaces), ChannelsFrom(channel), row, RowsFrom(row), Columns);
            return new(Columns, Count(row), 1);
        }

        /// <summary>Adds the columns of a block into their places.</summary>
        public void Scatter(T* sum, int row, int channel)
        {
            if (!owner.windows.ArePlaces)
            {
                owner.windows.Scatter(Columns, ChannelsFrom(channel), row, RowsFrom(row), sum + ((nint)channel * owner.windows.PaddedPlaces));
            }
        }

        public void Dispose()
        {
            if (pin.IsAllocated)
            {
                pin.Free();
                Pool<T>.Shared.Return(rented);
            }
        }

        private int RowsFrom(int row) => Math.Min(Rows, owner.windows.Rows - row);

        private int ChannelsFrom(int channel) => Math.Min(Channels, owner.channels - channel);
    }
}
