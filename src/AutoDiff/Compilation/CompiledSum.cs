using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>
/// The sum of a function over rows, and its gradient, computed block of rows by block of rows: in the memory of a block for each thread, for any number of rows. Made by
/// <see cref="Differentiate.CompileSum{T}(Func{Tensor{T}[], Tensor{T}[], Tensor{T}}, Tensor{T}[], Tensor{T}[], CompileOptions?, CancellationToken)"/>.
/// </summary>
/// <remarks>
/// The results are the same, bit for bit, for any number of threads: the length of a block depends on the function alone, and the sums of the blocks are joined in a fixed order.
/// </remarks>
/// <typeparam name="T">The element type, <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class CompiledSum<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The bytes that a block may take, of rows that are read and of what is computed from them: it is to stay in the second level of the cache. A constant, so that the same program gives the same bits on every machine.</summary>
    private const int BlockBytes = 512 << 10;

    private const int LeastRows = 32;
    private const int MostRows = 16384;

    /// <summary>The rows with which the memory of a row is found out.</summary>
    private const int ProbeRows = 64;

    private const int MostChunks = 64;
    private const int LeastChunks = 8;

    /// <summary>The numbers that the sums of all chunks may take together, as long as there are more than the fewest chunks.</summary>
    private const long SumsBound = 1 << 24;

    private readonly int parameterCount;
    private readonly CompiledFunction<T> block;
    private readonly ConcurrentBag<Worker> workers = [];
    private readonly int[][] rowShapes;

    internal CompiledSum(Func<Tensor<T>[], Tensor<T>[], Tensor<T>> f, Tensor<T>[] parameters, RowSource<T>[] rows, CompileOptions options, CancellationToken cancellationToken)
    {
        parameterCount = parameters.Length;
        rowShapes = Array.ConvertAll(rows, static r => Errors.NotNull(r, nameof(Differentiate.CompileSum), nameof(rows)).RowShape);
        int n = CountRows(rows);
        if (n == 0)
        {
            throw Errors.Shape(nameof(Differentiate.CompileSum), "the example has no rows", "one row or more", "give rows at which the function can be recorded");
        }

        int probe = Math.Min(n, ProbeRows);
        block = new CompiledFunction<T>(ValueAndGradientOf(f), [.. parameters, .. new Worker(rows, probe).At(0)], options, cancellationToken);
        long read = rowShapes.Sum(static shape => (long)Shapes.Length(shape)) * Unsafe.SizeOf<T>();
        long bytes = block.Programs is [var program, ..] ? read + (program.ArenaLength * Unsafe.SizeOf<T>() / probe) : BlockBytes / LeastRows;
        BlockLength = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(BlockBytes / Math.Max(bytes, 1) / 2, LeastRows, MostRows));
    }

    /// <summary>The rows of a block.</summary>
    public int BlockLength { get; }

    /// <summary>How often the function was recorded: for the example, for a block, and for the rows that are left after the last whole block.</summary>
    public int Recordings => block.Recordings;

    /// <summary>The sum over all rows, and its gradients with respect to the parameters.</summary>
    /// <param name="parameters">The parameters, in the shapes of the example.</param>
    /// <param name="rows">Any number of rows; all share the length of the first axis.</param>
    /// <param name="cancellationToken">Looked at before every block of rows.</param>
    /// <returns>The value, and for each parameter the gradient in its shape. The sum of no rows is 0.</returns>
    /// <exception cref="ArgumentNullException">rows is null, or holds null.</exception>
    /// <exception cref="TensorShapeException">The numbers of rows differ, or the shape of a row is not that of the example.</exception>
    /// <exception cref="ArgumentException">There are more or fewer parameters or rows than in the example.</exception>
    /// <exception cref="TapeException">A parameter or rows are recorded on a tape, whose derivatives would be lost.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    public (T Value, Tensor<T>[] Gradients) ValueAndGradient(Tensor<T>[] parameters, Tensor<T>[] rows, CancellationToken cancellationToken = default) =>
        ValueAndGradient(parameters, Array.ConvertAll(Errors.NoneNull(rows, nameof(ValueAndGradient), nameof(rows)), RowSource.Of), cancellationToken);

    /// <summary>The sum over all rows, some of which may be drawn as they are needed, and its gradients with respect to the parameters.</summary>
    /// <inheritdoc cref="ValueAndGradient(Tensor{T}[], Tensor{T}[], CancellationToken)"/>
    public (T Value, Tensor<T>[] Gradients) ValueAndGradient(Tensor<T>[] parameters, RowSource<T>[] rows, CancellationToken cancellationToken = default)
    {
        int chunks = CountChunks(parameters, rows);
        double[][] sums = SumChunks(parameters, rows, chunks, 0, chunks, cancellationToken);
        foreach ((int left, int right) in new TreePairs(chunks))
        {
            VectorMath.Add<double>(sums[left], sums[right], sums[left]);
        }

        return Unpack(parameters, chunks == 0 ? new double[StartsOf(parameters)[^1]] : sums[0]);
    }

    /// <summary>How many chunks of consecutive rows are summed by themselves, for any number of threads; 0 of no rows.</summary>
    internal int CountChunks(Tensor<T>[] parameters, RowSource<T>[] rows)
    {
        Check(parameters, rows);
        return CountChunks(parameters, CountRows(rows));
    }

    /// <summary>Likewise, of so many rows.</summary>
    internal int CountChunks(Tensor<T>[] parameters, int n) => (int)Math.Min(CountBlocks(n), Math.Clamp(SumsBound / StartsOf(parameters)[^1], LeastChunks, MostChunks));

    /// <summary>The rows of chunks.</summary>
    internal Range RowsOfChunks(int n, int chunks, int first, int end) =>
        chunks == 0 ? ..0 : (int)Math.Min(n, (long)FirstBlock(n, chunks, first) * BlockLength)..(int)Math.Min(n, (long)FirstBlock(n, chunks, end) * BlockLength);

    /// <summary>The sums over some of the chunks, of the value and of all elements of the gradients. Other rows are not looked at.</summary>
    internal double[][] SumChunks(Tensor<T>[] parameters, RowSource<T>[] rows, int chunks, int first, int end, CancellationToken cancellationToken = default)
    {
        int[] starts = StartsOf(parameters);
        int n = CountRows(rows);
        var sums = new double[end - first][];
        if (sums.Length > 0)
        {
            // The programs are recorded before the threads start, so that this is done once.
            Worker worker = TakeWorker(rows);
            Range range = RowsOfChunks(n, chunks, first, end);
            worker.Prepare(this, parameters, range.Start.Value, range.End.Value);
            workers.Add(worker);
            Threading.For(sums.Length, i => sums[i] = SumOfChunk(parameters, rows, n, FirstBlock(n, chunks, first + i), FirstBlock(n, chunks, first + i + 1), starts, cancellationToken));
        }

        return sums;
    }

    /// <summary>The value and the gradients of their numbers one after the other.</summary>
    internal static (T Value, Tensor<T>[] Gradients) Unpack(Tensor<T>[] parameters, ReadOnlySpan<double> sum)
    {
        int[] starts = StartsOf(parameters);
        var gradients = new Tensor<T>[parameters.Length];
        for (int i = 0; i < gradients.Length; i++)
        {
            gradients[i] = Tensor<T>.Allocate(parameters[i].Dimensions);
            Narrow(sum.Slice(starts[i + 1], gradients[i].Length), gradients[i].Writable);
        }

        return (T.CreateTruncating(sum[0]), gradients);
    }

    /// <summary>Where the value, the gradient of each parameter, and the end are.</summary>
    private static int[] StartsOf(Tensor<T>[] parameters)
    {
        int[] starts = new int[parameters.Length + 2];
        starts[1] = 1;
        for (int i = 0; i < parameters.Length; i++)
        {
            starts[i + 2] = checked(starts[i + 1] + parameters[i].Length);
        }

        return starts;
    }

    private int CountBlocks(int n) => (int)(((long)n + BlockLength - 1) / BlockLength);

    private int FirstBlock(int n, int chunks, int chunk) => (int)((long)CountBlocks(n) * chunk / chunks);

    /// <summary>A report on the function of a block of rows.</summary>
    /// <returns>The report.</returns>
    public CompiledExplanation Explain() => block.Explain();

    /// <summary>The sums over consecutive blocks, one after the other: of the value, and of all elements of the gradients.</summary>
    private double[] SumOfChunk(Tensor<T>[] parameters, RowSource<T>[] rows, int n, int firstBlock, int endBlock, int[] starts, CancellationToken cancellationToken)
    {
        var sums = new double[starts[^1]];
        Worker worker = TakeWorker(rows);
        try
        {
            for (int b = firstBlock; b < endBlock; b++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Workspace<T> workspace = worker.Run(this, parameters, b * BlockLength, Math.Min(BlockLength, n - (b * BlockLength)));
                for (int i = 0; i + 1 < starts.Length; i++)
                {
                    AddTo(sums.AsSpan(starts[i], starts[i + 1] - starts[i]), workspace.Output(i));
                }
            }
        }
        finally
        {
            workers.Add(worker);
        }

        return sums;
    }

    private Worker TakeWorker(RowSource<T>[] rows)
    {
        if (!workers.TryTake(out Worker? worker))
        {
            return new Worker(rows, BlockLength);
        }

        worker.Take(rows);
        return worker;
    }

    private static void AddTo(Span<double> sums, ReadOnlySpan<T> x)
    {
        if (typeof(T) == typeof(double))
        {
            VectorMath.Add(sums, System.Runtime.InteropServices.MemoryMarshal.Cast<T, double>(x), sums);
            return;
        }

        for (int i = 0; i < x.Length; i++)
        {
            sums[i] += double.CreateTruncating(x[i]);
        }
    }

    private static void Narrow(ReadOnlySpan<double> x, Span<T> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = T.CreateTruncating(x[i]);
        }
    }

    private Func<Tensor<T>[], Tensor<T>[]> ValueAndGradientOf(Func<Tensor<T>[], Tensor<T>[], Tensor<T>> f) => all =>
    {
        Tensor<T>[] rows = all[parameterCount..];
        (Tensor<T> value, Tensor<T>[] gradients) = Differentiate.ValueAndGradient(p => f(p, rows), all[..parameterCount]);
        return [value, .. gradients];
    };

    private void Check(Tensor<T>[] parameters, RowSource<T>[] rows)
    {
        Errors.NotNull(parameters, nameof(ValueAndGradient), nameof(parameters));
        Errors.NotNull(rows, nameof(ValueAndGradient), nameof(rows));
        if (parameters.Length != parameterCount || rows.Length != rowShapes.Length)
        {
            throw Errors.Argument(nameof(ValueAndGradient), nameof(rows), $"{parameters.Length} parameters and {rows.Length} tensors of rows were given", $"{parameterCount} and {rowShapes.Length}, as in the example",
                "give what the function was compiled for");
        }

        for (int i = 0; i < parameters.Length; i++)
        {
            Tensor<T> p = Errors.NotNull(parameters[i], nameof(ValueAndGradient), nameof(parameters));
            if (p.RecordedOn is not null)
            {
                throw Errors.Tape(nameof(ValueAndGradient), $"parameter {i} is recorded on a tape, and its derivatives would be lost", "constants", "Detach() it, or sum plainly");
            }

            if (!p.Shape.SequenceEqual(block.InputShapes[i]))
            {
                throw Errors.Shape(nameof(ValueAndGradient), $"parameter {i} has shape {Shapes.Format(p.Shape)}", $"{Shapes.Format(block.InputShapes[i])}, as in the example", "compile another sum for other shapes");
            }
        }

        for (int k = 0; k < rows.Length; k++)
        {
            if (!Errors.NotNull(rows[k], nameof(ValueAndGradient), nameof(rows)).RowShape.AsSpan().SequenceEqual(rowShapes[k]))
            {
                throw Errors.Shape(nameof(ValueAndGradient), $"a row of tensor {k} has shape {Shapes.Format(rows[k].RowShape)}", $"{Shapes.Format(rowShapes[k])}, as in the example", "compile another sum for other shapes");
            }
        }
    }

    private static int CountRows(RowSource<T>[] rows)
    {
        if (rows.Length == 0)
        {
            throw Errors.Shape(nameof(Differentiate.CompileSum), "there are no rows", "one tensor of rows or more", "give data, or RowSource.Numbers for rows that have none");
        }

        int n = Errors.NotNull(rows[0], nameof(Differentiate.CompileSum), nameof(rows)).Count;
        for (int k = 1; k < rows.Length; k++)
        {
            if (Errors.NotNull(rows[k], nameof(Differentiate.CompileSum), nameof(rows)).Count != n)
            {
                throw Errors.Shape(nameof(Differentiate.CompileSum), $"there are {n} rows in the first tensor and {rows[k].Count} in tensor {k}", "the same number of rows", "check the first axes");
            }
        }

        return n;
    }

    /// <summary>What one thread at a time runs blocks in.</summary>
    private sealed class Worker(RowSource<T>[] rows, int blockLength)
    {
        private readonly Dictionary<int, Tensor<T>[]> blocks = [];
        private RowSource<T>[] rows = rows;
        private Workspace<T>? workspace;
        private Tensor<T>[] inputs = [];

        /// <summary>Goes on with other rows. Blocks of another kind are no use to them: what lies over a tensor must not be filled with drawn numbers.</summary>
        public void Take(RowSource<T>[] others)
        {
            if (!rows.Zip(others).All(static pair => pair.First.GetType() == pair.Second.GetType()))
            {
                blocks.Clear();
            }

            rows = others;
        }

        /// <summary>Sees to it that there are programs for a whole block and for the rest.</summary>
        public void Prepare(CompiledSum<T> sum, Tensor<T>[] parameters, int start, int end)
        {
            if (end - start >= blockLength)
            {
                Run(sum, parameters, start, blockLength);
            }

            if ((end - start) % blockLength is var rest and > 0)
            {
                Run(sum, parameters, end - rest, rest);
            }
        }

        public Workspace<T> Run(CompiledSum<T> sum, Tensor<T>[] parameters, int start, int count)
        {
            Tensor<T>[] block = At(start, count);
            if (inputs.Length != parameters.Length + block.Length)
            {
                inputs = new Tensor<T>[parameters.Length + block.Length];
            }

            parameters.CopyTo(inputs, 0);
            block.CopyTo(inputs, parameters.Length);
            workspace ??= sum.block.CreateWorkspace();
            workspace.Run(inputs);
            return workspace;
        }

        public Tensor<T>[] At(int start) => At(start, blockLength);

        /// <summary>Rows as tensors that are laid over them, or filled.</summary>
        private Tensor<T>[] At(int start, int count)
        {
            if (!blocks.TryGetValue(count, out Tensor<T>[]? block))
            {
                blocks[count] = block = Array.ConvertAll(rows, r => r.NewBlock(count));
            }

            for (int k = 0; k < block.Length; k++)
            {
                rows[k].LayOut(block[k], start);
            }

            return block;
        }
    }
}
