using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

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

    /// <summary>A kernel of so many numbers is out of the nearer caches: to sum it once for each part of the samples would take longer than the products.</summary>
    private const int LargeKernel = 256 << 10;

    /// <summary>Multiply-adds that are worth a thread of their own.</summary>
    private const long Grain = 2_000_000;

    private readonly Windows windows;
    private readonly int samples;
    private readonly int groups;
    private readonly int channels;
    private readonly int outputs;
    private readonly int places;
    private readonly int depth;
    private readonly Lazy<Convolution?> mirror;

    /// <param name="windows">Where the windows lie.</param>
    /// <param name="samples">The number n of samples.</param>
    /// <param name="groups">The number of groups that channels and outputs are split into.</param>
    /// <param name="channels">The number of input channels of a group.</param>
    /// <param name="outputs">The number of output channels of a group.</param>
    public Convolution(Windows windows, int samples, int groups, int channels, int outputs)
    {
        (this.windows, this.samples, this.groups, this.channels, this.outputs) = (windows, samples, groups, channels, outputs);
        (places, depth) = (windows.Places, checked(channels * windows.WindowLength));
        mirror = new(() => windows is { ShareLines: true, Count: > 0, Places: > 0 } && windows.Mirror() is { } mirrored ? new Convolution(mirrored, samples, groups, outputs, channels) : null);
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
    public void InputGradient<T>(ReadOnlySpan<T> y, ReadOnlySpan<T> w, Span<T> x, int repeats) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (MirrorOf<T>() is not { } other)
        {
            OverSamples(repeats, y, w, x, isForward: false);
            return;
        }

        T[] rented = Pool<T>.Shared.Rent(w.Length);
        Mirror(w, rented);
        other.Forward(y, rented.AsSpan(0, w.Length), x, repeats);
        Pool<T>.Shared.Return(rented);
    }

    /// <summary>
    /// The convolution of y that gives the gradient of x, with the channels of the kernel exchanged and its places in reverse order. Null where windows are steps apart, where it would gather columns itself,
    /// and where there are so few outputs that the sums over these are more exact than its own.
    /// </summary>
    public Convolution? MirrorOf<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        !UsesColumnsOnly && mirror.Value is { } other && other.RowsOfBand<T>() > 0 && other.BlockOf<T>().Height <= outputs ? other : null;

    /// <summary>target[g, c, o, last - k] = w[g, o, c, k], by tiles that stay in the nearest cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Mirror<T>(ReadOnlySpan<T> w, Span<T> target) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Tile = 16;
        int length = windows.WindowLength;
        fixed (T* start = w, to = target)
        {
            for (int g = 0; g < groups; g++)
            {
                T* kernel = start + ((nint)g * outputs * depth), other = to + ((nint)g * outputs * depth);
                for (int tile = 0; tile < outputs; tile += Tile)
                {
                    int end = Math.Min(tile + Tile, outputs);
                    for (int c = 0; c < channels; c++)
                    {
                        T* source = kernel + ((((nint)tile * channels) + c) * length), last = other + ((((nint)c * outputs) + tile) * length) + length - 1;
                        for (int o = tile; o < end; o++, source += depth, last += length)
                        {
                            for (int k = 0; k < length; k++)
                            {
                                last[-k] = source[k];
                            }
                        }
                    }
                }
            }
        }
    }

    /// <summary>w = Σ_n y_n · columns(x_n)ᵀ.</summary>
    /// <remarks>
    /// The samples are split into parts that depend on the shapes alone, and the parts' sums are added in order, so that the number of threads changes nothing. Of a large kernel there is one part, and threads
    /// share its outputs.
    /// </remarks>
    public unsafe void KernelGradient<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> w) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Columns = 32;
        int length = w.Length;
        if (w.IsEmpty || y.IsEmpty)
        {
            w.Clear();
            return;
        }

        // The transpose of w is summed up: a product whose large factor comes first need not pack it.
        int parts = PartsOfKernel(length), columns = (outputs + Columns - 1) / Columns;
        int slices = parts > 1 ? 1 : Math.Min(columns, Threading.ThreadsFor(WorkOfSample * samples, Grain));
        T[] rented = Pool<T>.Shared.Rent(parts * length);
        rented.AsSpan(0, parts * length).Clear();
        fixed (T* startX = x, startY = y, startSums = rented)
        {
            Threading.For(parts * slices, (Owner: this, X: (nint)startX, Y: (nint)startY, Sums: (nint)startSums, length, parts, slices, columns), static (i, s) =>
            {
                (int part, int slice) = Math.DivRem(i, s.slices);
                (int begin, int end) = ((int)((long)s.Owner.samples * part / s.parts), (int)((long)s.Owner.samples * (part + 1) / s.parts));
                (int from, int to) = (s.columns * slice / s.slices * Columns, Math.Min(s.columns * (slice + 1) / s.slices * Columns, s.Owner.outputs));
                s.Owner.KernelGradient((T*)s.X, (T*)s.Y, (T*)s.Sums + ((nint)part * s.length), begin, end, from, to);
            });
        }

        Span<T> sum = rented.AsSpan(0, length);
        for (int part = 1; part < parts; part++)
        {
            TensorPrimitives.Add<T>(sum, rented.AsSpan(part * length, length), sum);
        }

        TransposeSums(sum, w);
        Pool<T>.Shared.Return(rented);
    }

    /// <summary>The kernel from its transpose, in which with lines all channels come before the next place of the windows.</summary>
    private void TransposeSums<T>(ReadOnlySpan<T> sums, Span<T> w) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool byPlaces = SumsByLines<T>();
        T[] rented = byPlaces ? Pool<T>.Shared.Rent(depth * outputs) : [];
        for (int g = 0; g < groups; g++)
        {
            Span<T> kernel = w.Slice(g * depth * outputs, depth * outputs), places = byPlaces ? rented.AsSpan(0, kernel.Length) : kernel;
            TransposedCopy.Run(sums.Slice(g * depth * outputs, depth * outputs), depth, outputs, places);
            for (int o = 0; byPlaces && o < outputs; o++)
            {
                TransposedCopy.Run(places.Slice(o * depth, depth), windows.WindowLength, channels, kernel.Slice(o * depth, depth));
            }
        }

        if (byPlaces)
        {
            Pool<T>.Shared.Return(rented);
        }
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
    public int PartsOfKernel(int length) => length >= LargeKernel ? 1 : (int)Math.Clamp(WorkOfSample * samples / Math.Min(Grain, Threading.LargestGrain), 1, Math.Min(Math.Clamp(samples, 1, 16), Math.Max(1, (4 << 20) / length)));

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

    /// <summary>Adds the part of some samples to the transpose of w, in some of its columns, which are outputs.</summary>
    private unsafe void KernelGradient<T>(T* x, T* y, T* transposed, int begin, int end, int from, int to) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (SumsByLines<T>())
        {
            using var lines = new Lines<T>(this);
            using var transposedY = new AlignedRoom<T>(RowsOfBand<T>() * windows.RowLength * (to - from));
            for (int g = begin * groups; g < end * groups; g++)
            {
                T* output = y + ((((nint)g * outputs) + from) * windows.Count), sum = transposed + ((nint)(g % groups) * outputs * depth) + from;
                KernelGradient(lines, transposedY.Start, x + ((nint)g * channels * places), output, sum, to - from);
            }

            return;
        }

        using var blocks = new Blocks<T>(this);
        for (int g = begin * groups; g < end * groups; g++)
        {
            T* input = blocks.Padded(x + ((nint)g * channels * places));
            T* output = y + ((((nint)g * outputs) + from) * windows.Count), sum = transposed + ((nint)(g % groups) * outputs * depth) + from;
            for (Windows.Block block = blocks.First; block.Count > 0; block = blocks.Next(block))
            {
                MatrixView<T> columns = blocks.Gather(input, block);
                MatrixProduct.Multiply(block.Height, to - from, block.Count, columns, new(output + blocks.Start(block), 1, windows.Count), sum + ((nint)block.Place * outputs), outputs, accumulate: true);
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
