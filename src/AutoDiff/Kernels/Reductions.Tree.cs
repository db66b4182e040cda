using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AutoDiff.Kernels;

/// <content>The tree along which terms are summed: the same for any number of threads and any width of registers.</content>
internal static partial class Reductions
{
    /// <summary>A way to take one more pair of elements into a sum.</summary>
    private interface ITerm
    {
        /// <summary>What fills an incomplete block without changing the sum.</summary>
        static abstract double Padding(double parameter);

        /// <summary>Whether it takes so few instructions that a pass over the data costs more than registers for all partial sums at once.</summary>
        static abstract bool IsShort { get; }

        /// <summary>What goes into the term of one element.</summary>
        static virtual double Of<T>(T x, double parameter) where T : unmanaged => ToDouble(x);

        /// <summary>What goes into the terms of the elements from here on.</summary>
        static virtual V Load<V, T>(ref T x, double parameter) where V : struct, ILanes<V> => VectorMath.Load<V, T>(ref x);

        static abstract V Add<V, T>(V sum, V x, V y) where V : struct, ILanes<V>;
    }

    private readonly struct Term : ITerm
    {
        public static double Padding(double parameter) => 0.0;

        public static bool IsShort => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Add<V, T>(V sum, V x, V y) where V : struct, ILanes<V> => sum + x;
    }

    private readonly struct Product : ITerm
    {
        public static double Padding(double parameter) => 0.0;

        public static bool IsShort => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Add<V, T>(V sum, V x, V y) where V : struct, ILanes<V> => V.MultiplyAdd(x, y, sum);
    }

    /// <summary>The square of the deviation from the parameter, which is rounded as if it had been stored.</summary>
    private readonly struct SquaredDeviation : ITerm
    {
        public static double Padding(double parameter) => parameter;

        public static bool IsShort => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static double Of<T>(T x, double parameter) where T : unmanaged => typeof(T) == typeof(float) ? (float)(ToDouble(x) - parameter) : ToDouble(x) - parameter;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Load<V, T>(ref T x, double parameter) where V : struct, ILanes<V> =>
            typeof(T) == typeof(float) ? V.LoadDifference(in Unsafe.As<T, float>(ref x), (float)parameter) : VectorMath.Load<V, T>(ref x) - V.Create(parameter);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Add<V, T>(V sum, V x, V y) where V : struct, ILanes<V> => V.MultiplyAdd(x, x, sum);
    }

    private readonly struct ShiftedExpTerm : ITerm
    {
        public static double Padding(double parameter) => double.NegativeInfinity;

        public static bool IsShort => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static double Of<T>(T x, double parameter) where T : unmanaged => ToDouble(x) - parameter;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Load<V, T>(ref T x, double parameter) where V : struct, ILanes<V> => VectorMath.Load<V, T>(ref x) - V.Create(parameter);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Add<V, T>(V sum, V x, V y) where V : struct, ILanes<V> => sum + VectorMath.ExpOfNegative<V, T>(x);
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
                    Add<F, V, T>(ref Unsafe.Add(ref left, i), ref Unsafe.Add(ref right, i), parameter, ref a, ref b, ref c, ref d);
                    if (eight)
                    {
                        Add<F, V, T>(ref Unsafe.Add(ref left, i + 4 * V.Count), ref Unsafe.Add(ref right, i + 4 * V.Count), parameter, ref e, ref f, ref g, ref h);
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
                return V.SumOfHalves(eight ? (a + e + (c + g)) + (b + f + (d + h)) : (a + c) + (b + d));
            }

            Store(a, b, c, d, ref sums[lane]);
            if (eight)
            {
                Store(e, f, g, h, ref sums[lane + 4 * V.Count]);
            }
        }

        return SumOfHalves<V>(sums);
    }

    /// <summary>The sum of all partial sums: the upper half is added to the lower one, and so on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double SumOfHalves<V>(Span<double> sums) where V : struct, ILanes<V>
    {
        for (int half = PartialSums / 2; half >= V.Count; half /= 2)
        {
            for (int i = 0; i < half; i += V.Count)
            {
                V.Store(V.Load(in sums[i]) + V.Load(in sums[i + half]), ref sums[i]);
            }
        }

        return V.SumOfHalves(V.Load(in sums[0]));
    }

    /// <summary>The sum of a few terms, one after the other; every lane holds the same.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double AccumulateFew<F, V, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, double parameter)
        where F : struct, ITerm
        where V : struct, ILanes<V>
        where T : unmanaged
    {
        V sum = V.Create(0.0);
        for (int i = 0; i < x.Length; i++)
        {
            sum = F.Add<V, T>(sum, V.Create(F.Of(x[i], parameter)), V.Create(F.Of(y[i], parameter)));
        }

        return V.ToScalar(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<F, V, T>(ref T x, ref T y, double parameter, ref V a, ref V b, ref V c, ref V d)
        where F : struct, ITerm
        where V : struct, ILanes<V>
        where T : unmanaged
    {
        a = F.Add<V, T>(a, F.Load<V, T>(ref x, parameter), F.Load<V, T>(ref y, parameter));
        b = F.Add<V, T>(b, F.Load<V, T>(ref Unsafe.Add(ref x, V.Count), parameter), F.Load<V, T>(ref Unsafe.Add(ref y, V.Count), parameter));
        c = F.Add<V, T>(c, F.Load<V, T>(ref Unsafe.Add(ref x, 2 * V.Count), parameter), F.Load<V, T>(ref Unsafe.Add(ref y, 2 * V.Count), parameter));
        d = F.Add<V, T>(d, F.Load<V, T>(ref Unsafe.Add(ref x, 3 * V.Count), parameter), F.Load<V, T>(ref Unsafe.Add(ref y, 3 * V.Count), parameter));
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
}
