using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AutoDiff.Kernels;

/// <summary>
/// Reductions of contiguous spans and of the rows and columns of row-major matrices. Sums run in double, for floats too, along a tree that depends on the length alone,
/// not on the width of the machine's registers: blocks of <see cref="BlockLength"/> elements, 32 interleaved partial sums in each, then pairs, pairs of pairs and so on;
/// up to 16 elements, one after the other.
/// </summary>
internal static class Reductions
{
    /// <summary>The elements of one block of a sum: a leaf of its tree.</summary>
    public const int BlockLength = 2048;

    /// <summary>The blocks that a thread takes at a time: a power of two, so that they are a subtree.</summary>
    private const int BlocksPerChunk = 16;

    private const int PartialSums = 32;
    private const int SequentialLength = 16;
    private const int RowsPerBlock = 32;
    private const int ColumnsPerStrip = 32;

    /// <summary>The sum of x; 0 for none.</summary>
    public static T Sum<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.CreateTruncating(Accumulate<Term, T>(x, x, 0.0));

    /// <summary>The sum of a block of a longer span: a leaf of the tree.</summary>
    public static double SumOfBlock<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => AccumulateBlock<Term, T>(x, x, 0.0);

    /// <summary>The sum of a span from the sums of its blocks, in order.</summary>
    public static T TotalOfBlocks<T>(ReadOnlySpan<double> sums) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        PairwiseSum total = new(stackalloc double[32]);
        foreach (double sum in sums)
        {
            total.Add(sum);
        }

        return T.CreateTruncating(total.Total());
    }

    /// <summary>The sum of the squares of x.</summary>
    public static T SumOfSquares<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => T.CreateTruncating(Accumulate<Product, T>(x, x, 0.0));

    /// <summary>The sum of the squares of x - <paramref name="mean"/>, each difference rounded to T.</summary>
    public static T SumOfSquaredDeviations<T>(ReadOnlySpan<T> x, T mean) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => T.CreateTruncating(Accumulate<SquaredDeviation, T>(x, x, double.CreateTruncating(mean)));

    /// <summary>The inner product of x and y.</summary>
    public static T Dot<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length);
        return T.CreateTruncating(Accumulate<Product, T>(x, y, 0.0));
    }

    /// <summary>The largest element; NaN if there is one among them. x must not be empty.</summary>
    public static T Max<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Max(x);

    /// <summary>The smallest element; NaN if there is one among them. x must not be empty.</summary>
    public static T Min<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Min(x);

    /// <summary>
    /// ln of the sum of e^x, as m + ln of the sum of e^(x - m) with the maximum m: it does not overflow. -infinity for none and where all are -infinity, +infinity where one is.
    /// </summary>
    public static T LogSumExp<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T max = x.IsEmpty ? T.NegativeInfinity : Max(x);
        return T.IsFinite(max) ? T.CreateTruncating(double.CreateTruncating(max) + LogOfShiftedSum(x, max)) : max;
    }

    /// <summary>
    /// ln of the mean of e^x, with the maximum m: m + ln(1 + the mean of e^(x - m) - 1), which does not cancel where all are close, and m + ln of the mean of e^(x - m) elsewhere. NaN for none.
    /// </summary>
    public static T LogMeanExp<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T max = x.IsEmpty ? T.NaN : Max(x);
        if (!T.IsFinite(max))
        {
            return max;
        }

        using var terms = new Scratch<T>(x.Length);
        VectorMath.Subtract(x, max, terms.Span);
        VectorMath.Expm1<T>(terms.Span, terms.Span);
        double mean = Accumulate<Term, T>(terms.Span, terms.Span, 0.0) / x.Length;
        return T.CreateTruncating(double.CreateTruncating(max) + (mean > -0.5 ? ElementaryPieces.Log1p(mean) : LogOfShiftedSum(x, max) - Math.Log(x.Length)));
    }

    /// <summary>y = the sum of each row.</summary>
    public static void SumRows<T>(ReadOnlySpan<T> x, int rows, int columns, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < rows; i++)
        {
            y[i] = Sum(x.Slice(i * columns, columns));
        }
    }

    /// <summary>y = the largest element of each row; NaN if there is one in the row. A row must not be empty.</summary>
    public static void MaxRows<T>(ReadOnlySpan<T> x, int rows, int columns, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < rows; i++)
        {
            y[i] = Max(x.Slice(i * columns, columns));
        }
    }

    /// <summary>y = the largest element of each column; NaN if there is one in the column. There must be a row.</summary>
    public static void MaxColumns<T>(ReadOnlySpan<T> x, int rows, int columns, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        y = y[..columns];
        x[..columns].CopyTo(y);
        for (int i = 1; i < rows; i++)
        {
            TensorPrimitives.Max(y, x.Slice(i * columns, columns), y);
        }
    }

    /// <summary>y = e^x / (the sum of e^x), row by row, with the row's maximum subtracted first; y may be x. Where that is ∞, the infinite elements share evenly.</summary>
    public static void SoftmaxRows<T>(ReadOnlySpan<T> x, int rows, int columns, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (columns == 0)
        {
            return;
        }
        RowParts.Run(rows, (long)rows * columns, x, [], y, static (x, _, y, rows) =>
        {
            int columns = y.Length / rows;
            for (int i = 0; i < rows; i++)
            {
                ReadOnlySpan<T> source = x.Slice(i * columns, columns);
                Span<T> row = y.Slice(i * columns, columns);
                T max = Max(source);
                if (T.IsPositiveInfinity(max))
                {
                    MarkInfinite(source, T.Zero, T.One / T.CreateTruncating(source.Count(max)), row);
                    continue;
                }

                VectorMath.Map<ShiftedExp, T>(source, max, row);
                VectorMath.Divide(row, Sum<T>(row), row);
            }
        });
    }

    /// <summary>y = x - ln(the sum of e^x), row by row, with the row's maximum subtracted first; y may be x. Where that is ∞, the infinite elements share evenly.</summary>
    public static void LogSoftmaxRows<T>(ReadOnlySpan<T> x, int rows, int columns, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (columns == 0)
        {
            return;
        }
        RowParts.Run(rows, (long)rows * columns, x, [], y, static (x, _, y, rows) =>
        {
            int columns = y.Length / rows;
            for (int i = 0; i < rows; i++)
            {
                ReadOnlySpan<T> source = x.Slice(i * columns, columns);
                Span<T> row = y.Slice(i * columns, columns);
                T max = Max(source);
                if (T.IsPositiveInfinity(max))
                {
                    MarkInfinite(source, T.NegativeInfinity, -T.Log(T.CreateTruncating(source.Count(max))), row);
                    continue;
                }

                T log = T.CreateTruncating(LogOfShiftedSum(source, max));
                VectorMath.Subtract(source, max, row);
                VectorMath.Subtract(row, log, row);
            }
        });
    }

    /// <summary>y = one number where x is ∞, another elsewhere; y may be x.</summary>
    private static void MarkInfinite<T>(ReadOnlySpan<T> x, T finite, T infinite, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = T.IsPositiveInfinity(x[i]) ? infinite : finite;
        }
    }

    /// <summary>y = the sum of each column: blocks of rows, then pairs of blocks, pairs of pairs and so on.</summary>
    public static void SumColumns<T>(ReadOnlySpan<T> x, int rows, int columns, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        x = x[..(rows * columns)];
        y = y[..columns];
        // One line per level of the tree.
        Span<double> levels = stackalloc double[ColumnsPerStrip * 32];
        Span<double> line = stackalloc double[ColumnsPerStrip];
        for (int column = 0; column < columns; column += ColumnsPerStrip)
        {
            int width = Math.Min(ColumnsPerStrip, columns - column);
            Span<double> sums = line[..width];
            int blocks = 0;
            for (int row = 0; row < rows; row += RowsPerBlock, blocks++)
            {
                SumBlockOfRows(x[(row * columns + column)..], Math.Min(RowsPerBlock, rows - row), columns, sums);
                int level = 0;
                for (int carry = blocks; (carry & 1) != 0; carry >>= 1, level++)
                {
                    TensorPrimitives.Add(levels.Slice(level * ColumnsPerStrip, width), sums, sums);
                }
                sums.CopyTo(levels[(level * ColumnsPerStrip)..]);
            }

            sums.Clear();
            for (int level = 0; blocks >> level != 0; level++)
            {
                if ((blocks >> level & 1) != 0)
                {
                    TensorPrimitives.Add(levels.Slice(level * ColumnsPerStrip, width), sums, sums);
                }
            }
            for (int i = 0; i < width; i++)
            {
                y[column + i] = T.CreateTruncating(sums[i]);
            }
        }
    }

    /// <summary>The sums of the first columns over a few rows, one row after the other.</summary>
    private static void SumBlockOfRows<T>(ReadOnlySpan<T> x, int rows, int stride, Span<double> sums) where T : unmanaged
    {
        if (Vector512.IsHardwareAccelerated)
        {
            SumBlockOfRows<Lanes512, T>(x, rows, stride, sums);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            SumBlockOfRows<Lanes256, T>(x, rows, stride, sums);
        }
        else
        {
            SumBlockOfRows<Lanes128, T>(x, rows, stride, sums);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void SumBlockOfRows<V, T>(ReadOnlySpan<T> x, int rows, int stride, Span<double> sums)
        where V : struct, ILanes<V>
        where T : unmanaged
    {
        ref T source = ref MemoryMarshal.GetReference(x);
        int column = 0;
        for (; column + 4 * V.Count <= sums.Length; column += 4 * V.Count)
        {
            V a = V.Create(0.0), b = a, c = a, d = a;
            for (int row = 0; row < rows; row++)
            {
                ref T line = ref Unsafe.Add(ref source, (nint)row * stride + column);
                a += VectorMath.Load<V, T>(ref line);
                b += VectorMath.Load<V, T>(ref Unsafe.Add(ref line, V.Count));
                c += VectorMath.Load<V, T>(ref Unsafe.Add(ref line, 2 * V.Count));
                d += VectorMath.Load<V, T>(ref Unsafe.Add(ref line, 3 * V.Count));
            }
            V.Store(a, ref sums[column]);
            V.Store(b, ref sums[column + V.Count]);
            V.Store(c, ref sums[column + 2 * V.Count]);
            V.Store(d, ref sums[column + 3 * V.Count]);
        }
        for (; column + V.Count <= sums.Length; column += V.Count)
        {
            V a = V.Create(0.0);
            for (int row = 0; row < rows; row++)
            {
                a += VectorMath.Load<V, T>(ref Unsafe.Add(ref source, (nint)row * stride + column));
            }
            V.Store(a, ref sums[column]);
        }
        for (; column < sums.Length; column++)
        {
            double a = 0.0;
            for (int row = 0; row < rows; row++)
            {
                a += ToDouble(Unsafe.Add(ref source, (nint)row * stride + column));
            }
            sums[column] = a;
        }
    }

    /// <summary>ln of the sum of e^(x - max).</summary>
    private static double LogOfShiftedSum<T>(ReadOnlySpan<T> x, T max) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<double> sum = [Accumulate<ShiftedExpTerm, T>(x, x, double.CreateTruncating(max))];
        VectorMath.Log<double>(sum, sum);
        return sum[0];
    }

    /// <summary>A way to take one more pair of elements into a sum.</summary>
    private interface ITerm
    {
        /// <summary>What fills an incomplete block without changing the sum.</summary>
        static abstract double Padding(double parameter);

        /// <summary>Whether it takes so few instructions that a pass over the data costs more than registers for all partial sums at once.</summary>
        static abstract bool IsShort { get; }

        static abstract V Add<V, T>(V sum, V x, V y, V parameter) where V : struct, ILanes<V>;
    }

    private readonly struct Term : ITerm
    {
        public static double Padding(double parameter) => 0.0;

        public static bool IsShort => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Add<V, T>(V sum, V x, V y, V parameter) where V : struct, ILanes<V> => sum + x;
    }

    private readonly struct Product : ITerm
    {
        public static double Padding(double parameter) => 0.0;

        public static bool IsShort => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Add<V, T>(V sum, V x, V y, V parameter) where V : struct, ILanes<V> => V.MultiplyAdd(x, y, sum);
    }

    /// <summary>The square of the deviation from the parameter, which is rounded as if it had been stored.</summary>
    private readonly struct SquaredDeviation : ITerm
    {
        public static double Padding(double parameter) => parameter;

        public static bool IsShort => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Add<V, T>(V sum, V x, V y, V parameter) where V : struct, ILanes<V>
        {
            V deviation = typeof(T) == typeof(float) ? V.RoundToSingle(x - parameter) : x - parameter;
            return V.MultiplyAdd(deviation, deviation, sum);
        }
    }

    private readonly struct ShiftedExpTerm : ITerm
    {
        public static double Padding(double parameter) => double.NegativeInfinity;

        public static bool IsShort => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Add<V, T>(V sum, V x, V y, V parameter) where V : struct, ILanes<V>
            => sum + VectorMath.ExpOfNegative<V, T>(x - parameter);
    }

    /// <summary>e^(x - y), for x up to y.</summary>
    private readonly struct ShiftedExp : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x, V y) where V : struct, ILanes<V> => VectorMath.ExpOfNegative<V, T>(x - y);
    }

    /// <summary>The sum of the terms of x and y over the whole tree.</summary>
    private static double Accumulate<F, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, double parameter)
        where F : struct, ITerm
        where T : unmanaged
    {
        if (x.Length <= SequentialLength)
        {
            return AccumulateFew<F, Lanes128, T>(x, y, parameter);
        }
        if (x.Length <= BlockLength)
        {
            return AccumulateBlock<F, T>(x, y, parameter);
        }

        if (!Chunks.IsLong(x.Length, Chunks.LongForArithmetic))
        {
            return AccumulateBlocks<F, T>(x, y, parameter);
        }

        // Chunks of 2^k blocks are subtrees: their sums, and then the sums of those, are what one thread would have found.
        int chunkLength = Threading.LargestGrain < BlockLength ? BlockLength : BlocksPerChunk * BlockLength;
        using Scratch<double> sums = new((x.Length + chunkLength - 1) / chunkLength);
        AccumulateChunks<F, T>(x, y, parameter, chunkLength, sums.Span);
        PairwiseSum total = new(stackalloc double[32]);
        foreach (double sum in sums.Span)
        {
            total.Add(sum);
        }

        return total.Total();
    }

    /// <summary>The sums of the terms of x and y over chunks of <see cref="BlocksPerChunk"/> blocks (of one where tests bound the grain), on several threads.</summary>
    private static unsafe void AccumulateChunks<F, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, double parameter, int chunkLength, Span<double> sums)
        where F : struct, ITerm
        where T : unmanaged
    {
        fixed (T* first = x, second = y)
        fixed (double* start = sums)
        {
            Threading.For(sums.Length, (Left: (nint)first, Right: (nint)second, Sums: (nint)start, x.Length, chunkLength, parameter), static (chunk, s) =>
            {
                int start = chunk * s.chunkLength, count = Math.Min(s.chunkLength, s.Length - start);
                ((double*)s.Sums)[chunk] = AccumulateBlocks<F, T>(new ReadOnlySpan<T>((T*)s.Left + start, count), new ReadOnlySpan<T>((T*)s.Right + start, count), s.parameter);
            });
        }
    }

    /// <summary>The sum of the terms of x and y over the blocks and the tree above them.</summary>
    private static double AccumulateBlocks<F, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, double parameter)
        where F : struct, ITerm
        where T : unmanaged
    {
        PairwiseSum total = new(stackalloc double[32]);
        for (int start = 0; start < x.Length; start += BlockLength)
        {
            int length = Math.Min(BlockLength, x.Length - start);
            total.Add(AccumulateBlock<F, T>(x.Slice(start, length), y.Slice(start, length), parameter));
        }

        return total.Total();
    }

    /// <summary>A pairwise sum as a binary counter: level k holds the sum of 2^k numbers while bit k of their count is set.</summary>
    private ref struct PairwiseSum(Span<double> levels)
    {
        private readonly Span<double> levels = levels;
        private int count;

        public void Add(double sum)
        {
            int level = 0;
            for (int carry = count++; (carry & 1) != 0; carry >>= 1, level++)
            {
                sum = levels[level] + sum;
            }

            levels[level] = sum;
        }

        public readonly double Total()
        {
            double total = 0.0;
            for (int level = 0; count >> level != 0; level++)
            {
                if ((count >> level & 1) != 0)
                {
                    total = levels[level] + total;
                }
            }

            return total;
        }
    }

    private static double AccumulateBlock<F, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, double parameter)
        where F : struct, ITerm
        where T : unmanaged
        => Vector512.IsHardwareAccelerated ? AccumulateBlock<F, Lanes512, T>(x, y, parameter)
            : Vector256.IsHardwareAccelerated ? AccumulateBlock<F, Lanes256, T>(x, y, parameter)
            : AccumulateBlock<F, Lanes128, T>(x, y, parameter);

    /// <summary>
    /// The sum of the terms of one block: term i goes to partial sum i modulo 32, and the partial sums are added i + 16 to i, i + 8 to i, and so on.
    /// Four registers hold partial sums at a time, or eight where the terms leave room for them; narrow ones pass over the block more than once.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    private static double AccumulateBlock<F, V, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, double parameter)
        where F : struct, ITerm
        where V : struct, ILanes<V>
        where T : unmanaged
    {
        int whole = x.Length - x.Length % PartialSums;
        Unsafe.SkipInit(out PartialSumBuffer<T> paddedX);
        Unsafe.SkipInit(out PartialSumBuffer<T> paddedY);
        Unsafe.SkipInit(out PartialSumBuffer<double> sums);
        bool hasRest = whole < x.Length;
        if (hasRest)
        {
            Pad<F, T>(x[whole..], parameter, paddedX);
            Pad<F, T>(y[whole..], parameter, paddedY);
        }

        V constant = V.Create(parameter);
        bool eight = F.IsShort && 8 * V.Count <= PartialSums;
        bool all = (eight ? 8 : 4) * V.Count == PartialSums;
        for (int lane = 0; lane < PartialSums; lane += (eight ? 8 : 4) * V.Count)
        {
            V a = V.Create(0.0), b = a, c = a, d = a, e = a, f = a, g = a, h = a;
            scoped ref T left = ref Unsafe.Add(ref MemoryMarshal.GetReference(x), lane);
            scoped ref T right = ref Unsafe.Add(ref MemoryMarshal.GetReference(y), lane);
            int length = whole;
            bool atRest = !hasRest;
            while (true)
            {
                for (int i = 0; i < length; i += PartialSums)
                {
                    Add<F, V, T>(ref Unsafe.Add(ref left, i), ref Unsafe.Add(ref right, i), constant, ref a, ref b, ref c, ref d);
                    if (eight)
                    {
                        Add<F, V, T>(ref Unsafe.Add(ref left, i + 4 * V.Count), ref Unsafe.Add(ref right, i + 4 * V.Count), constant, ref e, ref f, ref g, ref h);
                    }
                }
                if (atRest)
                {
                    break;
                }
                // Once more, over the padded rest.
                left = ref paddedX[lane];
                right = ref paddedY[lane];
                length = PartialSums;
                atRest = true;
            }
            if (all)
            {
                // Adding by halves begins in the registers.
                V.Store(eight ? (a + e + (c + g)) + (b + f + (d + h)) : (a + c) + (b + d), ref sums[0]);
                break;
            }
            Store(a, b, c, d, ref sums[lane]);
            if (eight)
            {
                Store(e, f, g, h, ref sums[lane + 4 * V.Count]);
            }
        }

        int half = all ? V.Count / 2 : PartialSums / 2;
        for (; half >= V.Count; half /= 2)
        {
            for (int i = 0; i < half; i += V.Count)
            {
                V.Store(V.Load(in sums[i]) + V.Load(in sums[i + half]), ref sums[i]);
            }
        }
        for (; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++)
            {
                sums[i] += sums[i + half];
            }
        }
        return sums[0];
    }

    /// <summary>The sum of a few terms, one after the other; every lane holds the same.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double AccumulateFew<F, V, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, double parameter)
        where F : struct, ITerm
        where V : struct, ILanes<V>
        where T : unmanaged
    {
        V sum = V.Create(0.0);
        V constant = V.Create(parameter);
        for (int i = 0; i < x.Length; i++)
        {
            sum = F.Add<V, T>(sum, V.Create(ToDouble(x[i])), V.Create(ToDouble(y[i])), constant);
        }
        return V.ToScalar(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<F, V, T>(ref T x, ref T y, V parameter, ref V a, ref V b, ref V c, ref V d)
        where F : struct, ITerm
        where V : struct, ILanes<V>
        where T : unmanaged
    {
        a = F.Add<V, T>(a, VectorMath.Load<V, T>(ref x), VectorMath.Load<V, T>(ref y), parameter);
        b = F.Add<V, T>(b, VectorMath.Load<V, T>(ref Unsafe.Add(ref x, V.Count)), VectorMath.Load<V, T>(ref Unsafe.Add(ref y, V.Count)), parameter);
        c = F.Add<V, T>(c, VectorMath.Load<V, T>(ref Unsafe.Add(ref x, 2 * V.Count)), VectorMath.Load<V, T>(ref Unsafe.Add(ref y, 2 * V.Count)), parameter);
        d = F.Add<V, T>(d, VectorMath.Load<V, T>(ref Unsafe.Add(ref x, 3 * V.Count)), VectorMath.Load<V, T>(ref Unsafe.Add(ref y, 3 * V.Count)), parameter);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<V>(V a, V b, V c, V d, ref double sums) where V : struct, ILanes<V>
    {
        V.Store(a, ref sums);
        V.Store(b, ref Unsafe.Add(ref sums, V.Count));
        V.Store(c, ref Unsafe.Add(ref sums, 2 * V.Count));
        V.Store(d, ref Unsafe.Add(ref sums, 3 * V.Count));
    }

    /// <summary>Room for a whole round of partial sums.</summary>
    [InlineArray(PartialSums)]
    private struct PartialSumBuffer<T>
    {
        private T element;
    }

    private static void Pad<F, T>(ReadOnlySpan<T> rest, double parameter, Span<T> padded)
        where F : struct, ITerm
        where T : unmanaged
    {
        padded.Fill(FromDouble<T>(F.Padding(parameter)));
        rest.CopyTo(padded);
    }

    private static double ToDouble<T>(T value) where T : unmanaged => typeof(T) == typeof(double) ? Unsafe.As<T, double>(ref value) : Unsafe.As<T, float>(ref value);

    private static T FromDouble<T>(double value) where T : unmanaged
    {
        if (typeof(T) == typeof(double))
        {
            return Unsafe.As<double, T>(ref value);
        }
        float narrow = (float)value;
        return Unsafe.As<float, T>(ref narrow);
    }
}
