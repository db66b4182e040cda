using System.Numerics;
using System.Numerics.Tensors;

namespace AutoDiff.Kernels;

/// <summary>
/// The three faces of the convolution y[n, o, p] = Σ_ck w[o, c, k] x[n, c, place k of window p]: the product itself, and its transposes by x and by w. Each gathers windows into the columns of
/// a matrix by blocks that stay in the nearest cache, and multiplies matrices (Chellapilla, Puri, Simard, "High performance convolutional neural networks for document processing", 2006).
/// </summary>
internal sealed partial class Convolution
{
    /// <summary>Bytes of columns that are made at a time: the product reads them from the first-level cache, or close, where they are.</summary>
    private const int BlockBytes = 40 << 10;

    /// <summary>The least number of windows in a block, where there are so many: two panels of the product.</summary>
    private const int BlockCount = 64;

    /// <summary>The most bytes of columns, where a row of windows is long or a window has many places: rows and windows are cut for it. They stay in the second-level cache.</summary>
    private const int LargestBlockBytes = 512 << 10;

    /// <summary>The least number of windows that a row is cut into.</summary>
    private const int LeastOfRow = 256;

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
        (places, depth) = (windows.Places, checked(channels * windows.WindowLength));
    }

    /// <summary>Where the windows lie.</summary>
    public Windows Windows => windows;

    /// <summary>The number of groups that channels and outputs are split into.</summary>
    public int Groups => groups;

    /// <summary>The numbers of samples, of groups, and of the input and output channels of a group.</summary>
    public (int Samples, int Groups, int Channels, int Outputs) Extents => (samples, groups, channels, outputs);

    private long WorkOfSample => (long)groups * outputs * depth * windows.Count;

    /// <summary>y = w * x, for <paramref name="repeats"/> times the samples.</summary>
    public void Forward<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> w, Span<T> y, int repeats) where T : unmanaged, IBinaryFloatingPointIeee754<T> => OverSamples(repeats, x, w, y, isForward: true);

    /// <summary>x = wᵀ * y, for <paramref name="repeats"/> times the samples.</summary>
    public void InputGradient<T>(ReadOnlySpan<T> y, ReadOnlySpan<T> w, Span<T> x, int repeats) where T : unmanaged, IBinaryFloatingPointIeee754<T> => OverSamples(repeats, y, w, x, isForward: false);

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
        int parts = PartsOfKernel(length);
        T[] rented = Pool<T>.Shared.Rent(parts * length);
        rented.AsSpan(0, parts * length).Clear();
        fixed (T* startX = x, startY = y, startSums = rented)
        {
            Threading.For(parts, (Owner: this, X: (nint)startX, Y: (nint)startY, Sums: (nint)startSums, length, parts), static (part, s) => s.Owner.KernelGradient((T*)s.X, (T*)s.Y,
                (T*)s.Sums + ((nint)part * s.length), (int)((long)s.Owner.samples * part / s.parts), (int)((long)s.Owner.samples * (part + 1) / s.parts)));
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

    /// <summary>The size of a block of columns: rows of windows, windows of a row, and places of the windows.</summary>
    public unsafe (int Rows, int RowPart, int Height) BlockOf<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int rows, int rowPart, int height) = (Math.Max(windows.Rows, 1), Math.Max(windows.RowLength, 1), Math.Max(depth, 1));
        if (windows.ArePlaces || windows.Count == 0 || depth == 0)
        {
            return (rows, rowPart, height);
        }

        long room = BlockBytes / sizeof(T) / rowPart;
        rows = (int)Math.Clamp(Math.Max((BlockCount + rowPart - 1) / rowPart, room / depth), 1, windows.Rows);
        height = (int)Math.Clamp(room / rows / windows.WindowLength, 1, channels) * windows.WindowLength;
        long largest = LargestBlockBytes / sizeof(T);
        if ((long)height * rows * rowPart > largest)
        {
            rowPart = rows > 1 ? rowPart : (int)Math.Clamp(largest / height, Math.Min(LeastOfRow, rowPart), rowPart);
            height = (int)Math.Clamp(largest / (rows * rowPart), 1, height);
        }

        return (rows, rowPart, height);
    }

    /// <summary>The parts into which the samples are split where the cotangent of a kernel of some length is summed.</summary>
    public int PartsOfKernel(int length) => (int)Math.Clamp(WorkOfSample * samples / Math.Min(Grain, Threading.LargestGrain), 1, Math.Min(Math.Clamp(samples, 1, 16), Math.Max(1, (4 << 20) / length)));

    private unsafe void OverSamples<T>(int repeats, ReadOnlySpan<T> x, ReadOnlySpan<T> w, Span<T> z, bool isForward) where T : unmanaged, IBinaryFloatingPointIeee754<T>
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
            Threading.For(chunks, (Owner: this, X: (nint)startX, W: (nint)startW, Z: (nint)startZ, nx, nw, nz, all, chunks, isForward), static (chunk, s) =>
            {
                using Lines<T> lines = s.isForward ? new Lines<T>(s.Owner) : default;
                int end = (int)((long)s.all * (chunk + 1) / s.chunks);
                for (int n = (int)((long)s.all * chunk / s.chunks); n < end; n++)
                {
                    ReadOnlySpan<T> x = new((T*)s.X + ((long)n * s.nx), s.nx), w = new((T*)s.W, s.nw);
                    Span<T> z = new((T*)s.Z + ((long)n * s.nz), s.nz);
                    if (s.isForward)
                    {
                        s.Owner.Forward(lines, x, w, z);
                    }
                    else
                    {
                        s.Owner.InputGradient(x, w, z);
                    }
                }
            });
        }
    }

    private unsafe void Forward<T>(in Lines<T> lines, ReadOnlySpan<T> x, ReadOnlySpan<T> w, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (depth == 0)
        {
            y.Clear();
            return;
        }

        if (lines.Any)
        {
            fixed (T* startX = x, startW = w, startY = y)
            {
                for (int g = 0; g < groups; g++)
                {
                    Forward(lines, startX + ((nint)g * channels * places), startW + ((nint)g * outputs * depth), startY + ((nint)g * outputs * windows.Count));
                }
            }

            return;
        }

        using var blocks = new Blocks<T>(this);
        fixed (T* startX = x, startW = w, startY = y)
        {
            for (int g = 0; g < groups; g++)
            {
                T* input = blocks.Padded(startX + ((nint)g * channels * places));
                T* kernel = startW + ((nint)g * outputs * depth), output = startY + ((nint)g * outputs * windows.Count);
                for (Windows.Block block = blocks.First; block.Count > 0; block = blocks.Next(block))
                {
                    MatrixView<T> columns = blocks.Gather(input, block);
                    MatrixProduct.Multiply(outputs, block.Count, block.Height, new(kernel + block.Place, depth, 1), columns, output + blocks.Start(block), windows.Count, accumulate: block.Place > 0);
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
                T* input = startX + ((nint)g * channels * places), kernel = startW + ((nint)g * outputs * depth), output = startY + ((nint)g * outputs * windows.Count);
                T* sum = blocks.Cleared(input);
                for (Windows.Block block = blocks.First; block.Count > 0; block = blocks.Next(block))
                {
                    T* columns = windows.ArePlaces ? input : blocks.Columns;
                    MatrixProduct.Multiply(block.Height, block.Count, outputs, new(kernel + block.Place, 1, depth), new(output + blocks.Start(block), windows.Count, 1), columns, block.Count);
                    blocks.Scatter(sum, block);
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
        if (channels >= LeastChannels)
        {
            using var lines = new Lines<T>(this);
            if (lines.Any)
            {
                using var transposedY = new AlignedRoom<T>(BlockOf<T>().Rows * windows.RowLength * outputs);
                for (int g = begin * groups; g < end * groups; g++)
                {
                    KernelGradient(lines, transposedY.Start, x + ((nint)g * channels * places), y + ((nint)g * outputs * windows.Count), transposed + ((nint)(g % groups) * outputs * depth));
                }

                return;
            }
        }

        using var blocks = new Blocks<T>(this);
        for (int g = begin * groups; g < end * groups; g++)
        {
            T* input = blocks.Padded(x + ((nint)g * channels * places));
            T* output = y + ((nint)g * outputs * windows.Count), sum = transposed + ((nint)(g % groups) * outputs * depth);
            for (Windows.Block block = blocks.First; block.Count > 0; block = blocks.Next(block))
            {
                MatrixView<T> columns = blocks.Gather(input, block);
                MatrixProduct.Multiply(block.Height, outputs, block.Count, columns, new(output + blocks.Start(block), 1, windows.Count), sum + ((nint)block.Place * outputs), outputs, accumulate: true);
            }
        }
    }

    /// <summary>
    /// How the matrix of all columns is cut into blocks, and room for one: some rows of windows by some channels, or, where that is too much, a part of a row by some places of the windows. The
    /// blocks depend on the shapes alone.
    /// </summary>
    private readonly unsafe ref struct Blocks<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly Convolution owner;
        private readonly AlignedRoom<T> room;
        private readonly T* padded;
        private readonly int rows;
        private readonly int rowPart;
        private readonly int height;

        public Blocks(Convolution owner)
        {
            this.owner = owner;
            Windows windows = owner.windows;
            (rows, rowPart, height) = owner.BlockOf<T>();
            if (windows.ArePlaces || windows.Count == 0 || owner.depth == 0)
            {
                return;
            }

            int length = height * rows * rowPart;
            room = new AlignedRoom<T>(checked(length + (windows.HavePadding ? owner.channels * windows.PaddedPlaces : 0)));
            Columns = room.Start;
            padded = Columns + length;
        }

        /// <summary>Room for the columns of a block; none where they are the channels themselves.</summary>
        public T* Columns { get; }

        /// <summary>The first block; empty where there is nothing to do.</summary>
        public Windows.Block First => BlockAt(0, 0, 0);

        /// <summary>The next block: all places of the same windows, then the next windows; empty after the last.</summary>
        public Windows.Block Next(Windows.Block block)
        {
            if (block.Place + block.Height < owner.depth)
            {
                return BlockAt(block.Place + block.Height, block.Row, block.Column);
            }

            return block.Column + block.Length < owner.windows.RowLength ? BlockAt(0, block.Row, block.Column + block.Length) : BlockAt(0, block.Row + block.Rows, 0);
        }

        /// <summary>The number of a block's first window.</summary>
        public nint Start(Windows.Block block) => ((nint)block.Row * owner.windows.RowLength) + block.Column;

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
                new Span<T>(sum, checked(owner.channels * owner.windows.PaddedPlaces)).Clear();
            }

            return sum;
        }

        /// <summary>The columns of a block of padded channels.</summary>
        public MatrixView<T> Gather(T* input, Windows.Block block)
        {
            if (owner.windows.ArePlaces)
            {
                return new(input, owner.places, 1);
            }

            owner.windows.Gather(input, block, Columns);
            return new(Columns, block.Count, 1);
        }

        /// <summary>Adds the columns of a block into their places.</summary>
        public void Scatter(T* sum, Windows.Block block)
        {
            if (!owner.windows.ArePlaces)
            {
                owner.windows.Scatter(Columns, block, sum);
            }
        }

        public void Dispose() => room.Dispose();

        private Windows.Block BlockAt(int place, int row, int column) => new(place, Math.Min(height, owner.depth - place), row, Math.Clamp(owner.windows.Rows - row, 0, rows), column,
            Math.Min(rowPart, owner.windows.RowLength - column));
    }
}
