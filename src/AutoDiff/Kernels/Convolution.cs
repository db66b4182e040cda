using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;

namespace AutoDiff.Kernels;

/// <summary>
/// The three faces of the convolution y[n, o, p] = Σ_ck w[o, c, k] x[n, c, place k of window p]: the product itself, and its transposes by x and by w. Each gathers windows into the columns of
/// a matrix by blocks that stay in the cache, and multiplies matrices (Chellapilla, Puri, Simard, "High performance convolutional neural networks for document processing", 2006).
/// </summary>
internal sealed class Convolution
{
    /// <summary>Bytes of columns that are made at a time: most of a second-level cache.</summary>
    private const int BlockBytes = 768 << 10;

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

        int parts = (int)Math.Clamp(WorkOfSample * samples / Grain, 1, Math.Min(Math.Min(samples, 16), Math.Max(1, (4 << 20) / length)));
        if (parts == 1)
        {
            KernelGradient(x, y, w, 0, samples);
            return;
        }

        T[] rented = ArrayPool<T>.Shared.Rent((parts - 1) * length);
        fixed (T* startX = x, startY = y, startW = w, startParts = rented)
        {
            T* px = startX, py = startY, pw = startW, pp = startParts;
            (int nx, int ny) = (x.Length, y.Length);
            Threading.For(parts, part =>
            {
                int begin = (int)((long)samples * part / parts);
                int end = (int)((long)samples * (part + 1) / parts);
                KernelGradient(new ReadOnlySpan<T>(px, nx), new ReadOnlySpan<T>(py, ny), new Span<T>(part == 0 ? pw : pp + ((part - 1) * length), length), begin, end);
            });
        }

        for (int part = 1; part < parts; part++)
        {
            TensorPrimitives.Add<T>(w, rented.AsSpan((part - 1) * length, length), w);
        }

        ArrayPool<T>.Shared.Return(rented);
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

    private void Forward<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> w, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var scratch = new Scratch<T>(this);
        for (int g = 0; g < groups; g++)
        {
            ReadOnlySpan<T> input = x.Slice(g * channels * places, channels * places);
            ReadOnlySpan<T> kernel = w.Slice(g * outputs * depth, outputs * depth);
            Span<T> output = y.Slice(g * outputs * windows.Count, outputs * windows.Count);
            for (int row = 0; row < windows.Rows; row += scratch.Rows)
            {
                (int rows, int count) = scratch.Block(row);
                ReadOnlySpan<T> columns = scratch.Gather(input, row, rows);
                if (count == windows.Count)
                {
                    MatrixProduct.Multiply(outputs, count, depth, kernel, false, columns, false, output);
                    continue;
                }

                MatrixProduct.Multiply(outputs, count, depth, kernel, false, columns, false, scratch.Output(count));
                for (int o = 0; o < outputs; o++)
                {
                    scratch.Output(count).Slice(o * count, count).CopyTo(output[((o * windows.Count) + (row * windows.RowLength))..]);
                }
            }
        }
    }

    private void InputGradient<T>(ReadOnlySpan<T> y, ReadOnlySpan<T> w, Span<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var scratch = new Scratch<T>(this);
        if (!windows.ArePlaces)
        {
            x.Clear();
        }

        for (int g = 0; g < groups; g++)
        {
            Span<T> input = x.Slice(g * channels * places, channels * places);
            ReadOnlySpan<T> kernel = w.Slice(g * outputs * depth, outputs * depth);
            ReadOnlySpan<T> output = y.Slice(g * outputs * windows.Count, outputs * windows.Count);
            for (int row = 0; row < windows.Rows; row += scratch.Rows)
            {
                (int rows, int count) = scratch.Block(row);
                Span<T> columns = windows.ArePlaces ? input : scratch.Columns(count);
                MatrixProduct.Multiply(depth, count, outputs, kernel, true, scratch.Cut(output, row, count), false, columns);
                if (!windows.ArePlaces)
                {
                    windows.Scatter<T>(columns, channels, row, rows, input);
                }
            }
        }
    }

    /// <summary>The part of w of some samples. Its transpose is summed up: a product whose large factor comes first need not pack it.</summary>
    private void KernelGradient<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> w, int begin, int end) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var scratch = new Scratch<T>(this);
        T[] rented = ArrayPool<T>.Shared.Rent(w.Length);
        Span<T> transposed = rented.AsSpan(0, w.Length);
        transposed.Clear();
        for (int n = begin; n < end; n++)
        {
            for (int g = 0; g < groups; g++)
            {
                ReadOnlySpan<T> input = x.Slice(((n * groups) + g) * channels * places, channels * places);
                ReadOnlySpan<T> output = y.Slice(((n * groups) + g) * outputs * windows.Count, outputs * windows.Count);
                Span<T> sum = transposed.Slice(g * outputs * depth, outputs * depth);
                for (int row = 0; row < windows.Rows; row += scratch.Rows)
                {
                    (int rows, int count) = scratch.Block(row);
                    ReadOnlySpan<T> columns = scratch.Gather(input, row, rows);
                    MatrixProduct.Multiply(depth, outputs, count, columns, false, scratch.Cut(output, row, count), true, sum, accumulate: true);
                }
            }
        }

        for (int g = 0; g < groups; g++)
        {
            for (int o = 0; o < outputs; o++)
            {
                for (int i = 0; i < depth; i++)
                {
                    w[(((g * outputs) + o) * depth) + i] = transposed[(((g * depth) + i) * outputs) + o];
                }
            }
        }

        ArrayPool<T>.Shared.Return(rented);
    }

    /// <summary>The columns of a block of windows, and the block's outputs where they are not the whole.</summary>
    private readonly ref struct Scratch<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly Convolution owner;
        private readonly T[] columns;
        private readonly T[] outputs;

        public unsafe Scratch(Convolution owner)
        {
            this.owner = owner;
            Windows windows = owner.windows;
            long rowBytes = Math.Max(1L, (long)owner.depth * windows.RowLength * sizeof(T));
            Rows = windows.ArePlaces ? Math.Max(windows.Rows, 1) : (int)Math.Clamp(BlockBytes / rowBytes, 1, Math.Max(windows.Rows, 1));
            columns = windows.ArePlaces ? [] : ArrayPool<T>.Shared.Rent(owner.depth * Rows * windows.RowLength);
            outputs = Rows >= windows.Rows ? [] : ArrayPool<T>.Shared.Rent(owner.outputs * Rows * windows.RowLength);
        }

        /// <summary>The rows of windows in a block.</summary>
        public int Rows { get; }

        /// <summary>The rows, and the number of windows, of the block from a row on.</summary>
        public (int Rows, int Count) Block(int row)
        {
            int rows = Math.Min(Rows, owner.windows.Rows - row);
            return (rows, rows * owner.windows.RowLength);
        }

        public Span<T> Columns(int count) => columns.AsSpan(0, owner.depth * count);

        public Span<T> Output(int count) => outputs.AsSpan(0, owner.outputs * count);

        /// <summary>The columns of a block.</summary>
        public ReadOnlySpan<T> Gather(ReadOnlySpan<T> input, int row, int rows)
        {
            if (owner.windows.ArePlaces)
            {
                return input;
            }

            Span<T> target = Columns(rows * owner.windows.RowLength);
            owner.windows.Gather(input, owner.channels, row, rows, target);
            return target;
        }

        /// <summary>The outputs of a block, row by row.</summary>
        public ReadOnlySpan<T> Cut(ReadOnlySpan<T> output, int row, int count)
        {
            Windows windows = owner.windows;
            if (count == windows.Count)
            {
                return output;
            }

            Span<T> target = Output(count);
            for (int o = 0; o < owner.outputs; o++)
            {
                output.Slice((o * windows.Count) + (row * windows.RowLength), count).CopyTo(target[(o * count)..]);
            }

            return target;
        }

        public void Dispose()
        {
            if (columns.Length > 0)
            {
                ArrayPool<T>.Shared.Return(columns);
            }

            if (outputs.Length > 0)
            {
                ArrayPool<T>.Shared.Return(outputs);
            }
        }
    }
}
