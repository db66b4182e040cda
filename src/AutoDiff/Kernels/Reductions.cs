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
internal static partial class Reductions
{
    /// <summary>The elements of one block of a sum: a leaf of its tree.</summary>
    public const int BlockLength = 2048;

    /// <summary>The blocks that a thread takes at a time: a power of two, so that they are a subtree.</summary>
    private const int BlocksPerChunk = 16;

    private const int PartialSums = 32;
    private const int SequentialLength = 16;
    public const int RowsPerBlock = 32;
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
    public static T Max<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Extremum<Largest, T>(x);

    /// <summary>The smallest element; NaN if there is one among them. x must not be empty.</summary>
    public static T Min<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Extremum<Smallest, T>(x);

    /// <summary>Whether an element is 0.</summary>
    public static bool AnyZero<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T start = ref MemoryMarshal.GetReference(x);
        int i = 0;
        for (; i <= x.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            if (Vector.EqualsAny(Vector.LoadUnsafe(ref start, (nuint)i), Vector<T>.Zero))
            {
                return true;
            }
        }

        return x[i..].Contains(T.Zero);
    }

    private interface IExtremum
    {
        static abstract Vector<T> Of<T>(Vector<T> x, Vector<T> y);

        static abstract T Exactly<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>;
    }

    private readonly struct Largest : IExtremum
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Of<T>(Vector<T> x, Vector<T> y) => Vector.MaxNative(x, y);

        public static T Exactly<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Max(x);
    }

    private readonly struct Smallest : IExtremum
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Of<T>(Vector<T> x, Vector<T> y) => Vector.MinNative(x, y);

        public static T Exactly<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Min(x);
    }

    /// <summary>By the machine's own comparison, which knows neither NaN nor the sign of zero: where one of them is met, the exact one decides.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Extremum<F, T>(ReadOnlySpan<T> x)
        where F : struct, IExtremum
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int width = Vector<T>.Count;
        if (x.Length < 4 * width)
        {
            return F.Exactly(x);
        }

        ref T start = ref MemoryMarshal.GetReference(x);
        Vector<T> e0 = Vector.LoadUnsafe(ref start), e1 = Vector.LoadUnsafe(ref start, (nuint)width), e2 = Vector.LoadUnsafe(ref start, (nuint)(2 * width)), e3 = Vector.LoadUnsafe(ref start, (nuint)(3 * width));
        Vector<T> numbers = Vector.Equals(e0, e0) & Vector.Equals(e1, e1) & Vector.Equals(e2, e2) & Vector.Equals(e3, e3);
        for (int i = 4 * width; i < x.Length; i += 4 * width)
        {
            // The last round looks at some elements again.
            nuint at = (nuint)Math.Min(i, x.Length - (4 * width));
            Vector<T> x0 = Vector.LoadUnsafe(ref start, at), x1 = Vector.LoadUnsafe(ref start, at + (nuint)width);
            Vector<T> x2 = Vector.LoadUnsafe(ref start, at + (nuint)(2 * width)), x3 = Vector.LoadUnsafe(ref start, at + (nuint)(3 * width));
            numbers &= Vector.Equals(x0, x0) & Vector.Equals(x1, x1) & Vector.Equals(x2, x2) & Vector.Equals(x3, x3);
            (e0, e1, e2, e3) = (F.Of(e0, x0), F.Of(e1, x1), F.Of(e2, x2), F.Of(e3, x3));
        }

        Vector<T> all = F.Of(F.Of(e0, e1), F.Of(e2, e3));
        T extremum = all[0];
        for (int i = 1; i < width; i++)
        {
            extremum = F.Of(new Vector<T>(extremum), new Vector<T>(all[i]))[0];
        }

        return extremum == T.Zero || Vector.AsVectorByte(numbers) != Vector<byte>.AllBitsSet ? F.Exactly(x) : extremum;
    }

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

    /// <summary>y = e^x / (the sum of e^x), row by row, with the row's maximum subtracted first; y may be x. Where that is ∞, the infinite elements share evenly.</summary>
    public static void SoftmaxRows<T>(ReadOnlySpan<T> x, int columns, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (columns == 0)
        {
            return;
        }
        RowParts.Run(y.Length / columns, y.Length, x, [], y, static (x, _, y, rows) =>
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

                VectorMath.ShiftedExp(source, max, row);
                VectorMath.Divide(row, Sum<T>(row), row);
            }
        });
    }

    /// <summary>y = x - ln(the sum of e^x), row by row, with the row's maximum subtracted first; y may be x. Where that is ∞, the infinite elements share evenly.</summary>
    public static void LogSoftmaxRows<T>(ReadOnlySpan<T> x, int columns, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (columns == 0)
        {
            return;
        }
        RowParts.Run(y.Length / columns, y.Length, x, [], y, static (x, _, y, rows) =>
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
                sums.Clear();
                AddRows(x[(row * columns + column)..], Math.Min(RowsPerBlock, rows - row), columns, sums);
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

    /// <summary>Adds the first columns of a few rows to sums, one row after the other.</summary>
    public static void AddRows<T>(ReadOnlySpan<T> x, int rows, int stride, Span<double> sums) where T : unmanaged
    {
        if (Vector512.IsHardwareAccelerated)
        {
            AddRows<Lanes512, T>(x, rows, stride, sums);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            AddRows<Lanes256, T>(x, rows, stride, sums);
        }
        else
        {
            AddRows<Lanes128, T>(x, rows, stride, sums);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddRows<V, T>(ReadOnlySpan<T> x, int rows, int stride, Span<double> sums)
        where V : struct, ILanes<V>
        where T : unmanaged
    {
        ref T source = ref MemoryMarshal.GetReference(x);
        int column = 0;
        for (; column + 4 * V.Count <= sums.Length; column += 4 * V.Count)
        {
            V a = V.Load(in sums[column]), b = V.Load(in sums[column + V.Count]), c = V.Load(in sums[column + 2 * V.Count]), d = V.Load(in sums[column + 3 * V.Count]);
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
            V a = V.Load(in sums[column]);
            for (int row = 0; row < rows; row++)
            {
                a += VectorMath.Load<V, T>(ref Unsafe.Add(ref source, (nint)row * stride + column));
            }
            V.Store(a, ref sums[column]);
        }
        for (; column < sums.Length; column++)
        {
            double a = sums[column];
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
