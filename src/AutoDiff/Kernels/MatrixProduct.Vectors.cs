using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AutoDiff.Kernels;

// Products with a vector: each number of the matrix is used once, so that all depends on reading memory in long runs.
internal static unsafe partial class MatrixProduct
{
    /// <summary>The sums that are at work at a time fit the first-level cache, at most so many bytes to the row and so many in all.</summary>
    private const int RowBytes = 4 << 10, SumBytes = 16 << 10;

    /// <summary>Columns that lie one after the other are asked for so many bytes ahead at most.</summary>
    private const int FetchedBytes = 64 << 10;

    /// <summary>A large B is read in long runs for up to so many rows of C.</summary>
    private const int MaxStreamedRows = 4;

    /// <summary>
    /// C with few numbers of A or B to each: B is read in long runs along its rows, eight of them at a time, and the sums lie in the first-level cache.
    /// </summary>
    [SkipLocalsInit]
    private static void RowByRows<TRegister, T>(int m, int n, int k, in MatrixView<T> a, in MatrixView<T> b, T* c, nint strideC, bool add)
        where TRegister : unmanaged, IRegister<TRegister, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        byte* start = stackalloc byte[SumBytes + CacheLine];
        T* sums = (T*)(((nint)start + CacheLine - 1) & -CacheLine);
        int rows = Math.Min(m, MaxStreamedRows);
        int columns = Math.Min(RowBytes, SumBytes / rows / CacheLine * CacheLine) / sizeof(T);
        for (int i = 0; i < m; i += rows)
        {
            int endI = Math.Min(m, i + rows);
            for (int j = 0; j < n; j += columns)
            {
                int columnsHere = Math.Min(columns, n - j);
                for (int p = 0; p < k; p += Depth)
                {
                    int depth = Math.Min(Depth, k - p);
                    for (int q = 0; q < depth; q += 8)
                    {
                        for (int row = i; row < endI; row++)
                        {
                            AddRows<TRegister, T>(columnsHere, a.From(row, p + q).Start, a.ColumnStride, b.From(p + q, j).Start, b.RowStride, Math.Min(8, depth - q),
                                sums + (row - i) * columns, q > 0);
                        }
                    }

                    for (int row = i; row < endI; row++)
                        WriteRow<TRegister, T>(columnsHere, sums + (row - i) * columns, c + row * strideC + j, add || p > 0);
                }
            }
        }
    }

    /// <summary>One row of C where the columns of B are runs of memory, as many columns as make whole groups; gives their number.</summary>
    /// <remarks>Squares of B are transposed in registers, so that each lane sums one column in the order of p.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int RowByColumns<T>(int n, int k, T* a, T* b, nint stride, T* c, bool add)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int lanes = Vector256<T>.Count;
        nint group = lanes * stride;

        // Columns that lie so that they drive each other out of the first-level cache are read a line of the cache at a time; others side by side, for the chains to overlap.
        bool collides = stride * sizeof(T) % (2 << 10) == 0;
        int line = CacheLine / sizeof(T);

        // The processor does not see in so many runs side by side that memory is read from one end to the other.
        bool fetches = Sse.IsSupported && 4 * group * sizeof(T) <= FetchedBytes && k == stride;
        int j = 0;
        for (; j + 4 * lanes <= n; j += 4 * lanes, b += 4 * group, c += 4 * lanes)
        {
            for (int p = 0; p < k; p += Depth)
            {
                Vector256<T> s0 = default, s1 = default, s2 = default, s3 = default;
                T* x = a + p, y = b + p;
                int depth = Math.Min(Depth, k - p);

                for (; collides && depth >= line; depth -= line, x += line, y += line)
                {
                    s0 = AddLine(s0, x, y, stride);
                    s1 = AddLine(s1, x, y + group, stride);
                    s2 = AddLine(s2, x, y + 2 * group, stride);
                    s3 = AddLine(s3, x, y + 3 * group, stride);
                }

                byte* next = (byte*)(b + 4 * group + 4 * lanes * p);
                for (; depth >= Vector128<T>.Count; depth -= Vector128<T>.Count, x += Vector128<T>.Count, y += Vector128<T>.Count)
                {
                    if (fetches)
                    {
                        for (byte* end = next + 4 * lanes * Vector128<byte>.Count; next < end; next += CacheLine)
                            Sse.Prefetch0(next);
                    }

                    s0 = AddSquare(s0, x, y, stride);
                    s1 = AddSquare(s1, x, y + group, stride);
                    s2 = AddSquare(s2, x, y + 2 * group, stride);
                    s3 = AddSquare(s3, x, y + 3 * group, stride);
                }

                for (; depth > 0; depth--, x++, y++)
                {
                    s0 = AddOne(s0, x, y, stride);
                    s1 = AddOne(s1, x, y + group, stride);
                    s2 = AddOne(s2, x, y + 2 * group, stride);
                    s3 = AddOne(s3, x, y + 3 * group, stride);
                }

                Write<Register256<T>, T>(c, new(s0), new(s1), add || p > 0);
                Write<Register256<T>, T>(c + 2 * lanes, new(s2), new(s3), add || p > 0);
            }
        }

        return j;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> AddLine<T>(Vector256<T> sum, T* x, T* y, nint stride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int quarter = Vector128<T>.Count;
        sum = AddSquare(sum, x, y, stride);
        sum = AddSquare(sum, x + quarter, y + quarter, stride);
        sum = AddSquare(sum, x + 2 * quarter, y + 2 * quarter, stride);
        return AddSquare(sum, x + 3 * quarter, y + 3 * quarter, stride);
    }

    /// <summary>Four numbers (of doubles two) of each of as many columns as there are lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> AddSquare<T>(Vector256<T> sum, T* x, T* y, nint stride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (sizeof(T) == sizeof(float))
        {
            float* z = (float*)y, upper = z + 4 * stride, factor = (float*)x;
            Vector256<float> r0 = Pair(z, upper), r1 = Pair(z + stride, upper + stride);
            Vector256<float> r2 = Pair(z + 2 * stride, upper + 2 * stride), r3 = Pair(z + 3 * stride, upper + 3 * stride);
            Vector256<float> even0 = ZipLow(r0, r2), even1 = ZipLow(r1, r3), odd0 = ZipHigh(r0, r2), odd1 = ZipHigh(r1, r3);
            Vector256<float> s = sum.AsSingle();
            s = Vector256.MultiplyAddEstimate(Vector256.Create(factor[0]), ZipLow(even0, even1), s);
            s = Vector256.MultiplyAddEstimate(Vector256.Create(factor[1]), ZipHigh(even0, even1), s);
            s = Vector256.MultiplyAddEstimate(Vector256.Create(factor[2]), ZipLow(odd0, odd1), s);
            return Vector256.MultiplyAddEstimate(Vector256.Create(factor[3]), ZipHigh(odd0, odd1), s).As<float, T>();
        }
        else
        {
            double* z = (double*)y, upper = z + 2 * stride, factor = (double*)x;
            Vector256<double> r0 = Pair(z, upper), r1 = Pair(z + stride, upper + stride);
            Vector256<double> s = Vector256.MultiplyAddEstimate(Vector256.Create(factor[0]), ZipLow(r0, r1), sum.AsDouble());
            return Vector256.MultiplyAddEstimate(Vector256.Create(factor[1]), ZipHigh(r0, r1), s).As<double, T>();
        }
    }

    /// <summary>One number of each column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> AddOne<T>(Vector256<T> sum, T* x, T* y, nint stride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (sizeof(T) == sizeof(float))
        {
            float* z = (float*)y, upper = z + 4 * stride;
            Vector256<float> column = Vector256.Create(z[0], z[stride], z[2 * stride], z[3 * stride], upper[0], upper[stride], upper[2 * stride], upper[3 * stride]);
            return Vector256.MultiplyAddEstimate(Vector256.Create(*(float*)x), column, sum.AsSingle()).As<float, T>();
        }
        else
        {
            double* z = (double*)y, upper = z + 2 * stride;
            return Vector256.MultiplyAddEstimate(Vector256.Create(*(double*)x), Vector256.Create(z[0], z[stride], upper[0], upper[stride]), sum.AsDouble()).As<double, T>();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Pair<T>(T* lower, T* upper) where T : unmanaged => Vector256.Create(Vector128.Load(lower), Vector128.Load(upper));

    // The halves by themselves, as the processor's instructions have it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> ZipLow(Vector256<float> x, Vector256<float> y) =>
        Avx.IsSupported ? Avx.UnpackLow(x, y) : Vector256.Create(TransposedCopy.ZipLow(x.GetLower(), y.GetLower()), TransposedCopy.ZipLow(x.GetUpper(), y.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> ZipHigh(Vector256<float> x, Vector256<float> y) =>
        Avx.IsSupported ? Avx.UnpackHigh(x, y) : Vector256.Create(TransposedCopy.ZipHigh(x.GetLower(), y.GetLower()), TransposedCopy.ZipHigh(x.GetUpper(), y.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> ZipLow(Vector256<double> x, Vector256<double> y) =>
        Avx.IsSupported ? Avx.UnpackLow(x, y) : Vector256.Create(TransposedCopy.ZipLow(x.GetLower(), y.GetLower()), TransposedCopy.ZipLow(x.GetUpper(), y.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> ZipHigh(Vector256<double> x, Vector256<double> y) =>
        Avx.IsSupported ? Avx.UnpackHigh(x, y) : Vector256.Create(TransposedCopy.ZipHigh(x.GetLower(), y.GetLower()), TransposedCopy.ZipHigh(x.GetUpper(), y.GetUpper()));

    /// <summary>Adds <paramref name="depth"/> rows of B, eight at most, each times its number of A, to <paramref name="sums"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRows<TRegister, T>(int n, T* a, nint stepA, T* b, nint stepB, int depth, T* sums, bool add)
        where TRegister : unmanaged, IRegister<TRegister, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (depth < 8)
        {
            for (int p = 0; p < depth; p++, a += stepA, b += stepB)
            {
                TRegister x = TRegister.Broadcast(*a);
                for (int j = 0; j < n; j += TRegister.Count)
                    TRegister.MultiplyAdd(x, TRegister.Load(b + j, TRegister.Mask(n - j)), add || p > 0 ? TRegister.Load(sums + j) : default).Store(sums + j);
            }

            return;
        }

        TRegister x0 = TRegister.Broadcast(a[0]), x1 = TRegister.Broadcast(a[stepA]), x2 = TRegister.Broadcast(a[2 * stepA]), x3 = TRegister.Broadcast(a[3 * stepA]);
        TRegister x4 = TRegister.Broadcast(a[4 * stepA]), x5 = TRegister.Broadcast(a[5 * stepA]), x6 = TRegister.Broadcast(a[6 * stepA]), x7 = TRegister.Broadcast(a[7 * stepA]);
        nint twice = 2 * stepB, thrice = 3 * stepB;
        int column = 0;
        for (; column + TRegister.Count <= n; column += TRegister.Count)
        {
            T* y = b + column, y4 = y + 4 * stepB;
            TRegister sum = add ? TRegister.Load(sums + column) : default;
            sum = TRegister.MultiplyAdd(x0, TRegister.Load(y), sum);
            sum = TRegister.MultiplyAdd(x1, TRegister.Load(y + stepB), sum);
            sum = TRegister.MultiplyAdd(x2, TRegister.Load(y + twice), sum);
            sum = TRegister.MultiplyAdd(x3, TRegister.Load(y + thrice), sum);
            sum = TRegister.MultiplyAdd(x4, TRegister.Load(y4), sum);
            sum = TRegister.MultiplyAdd(x5, TRegister.Load(y4 + stepB), sum);
            sum = TRegister.MultiplyAdd(x6, TRegister.Load(y4 + twice), sum);
            TRegister.MultiplyAdd(x7, TRegister.Load(y4 + thrice), sum).Store(sums + column);
        }

        if (column < n)
        {
            T* y = b + column, y4 = y + 4 * stepB;
            TRegister mask = TRegister.Mask(n - column);
            TRegister sum = add ? TRegister.Load(sums + column) : default;
            sum = TRegister.MultiplyAdd(x0, TRegister.Load(y, mask), sum);
            sum = TRegister.MultiplyAdd(x1, TRegister.Load(y + stepB, mask), sum);
            sum = TRegister.MultiplyAdd(x2, TRegister.Load(y + twice, mask), sum);
            sum = TRegister.MultiplyAdd(x3, TRegister.Load(y + thrice, mask), sum);
            sum = TRegister.MultiplyAdd(x4, TRegister.Load(y4, mask), sum);
            sum = TRegister.MultiplyAdd(x5, TRegister.Load(y4 + stepB, mask), sum);
            sum = TRegister.MultiplyAdd(x6, TRegister.Load(y4 + twice, mask), sum);
            TRegister.MultiplyAdd(x7, TRegister.Load(y4 + thrice, mask), sum).Store(sums + column);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WriteRow<TRegister, T>(int n, T* sums, T* c, bool add)
        where TRegister : unmanaged, IRegister<TRegister, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int j = 0;
        for (; j + TRegister.Count <= n; j += TRegister.Count)
            (add ? TRegister.Load(c + j) + TRegister.Load(sums + j) : TRegister.Load(sums + j)).Store(c + j);
        if (j < n)
            Write<TRegister, T>(c + j, TRegister.Load(sums + j), add, TRegister.Mask(n - j));
    }

    /// <summary>The dot product: four registers of sums for each 16,384 numbers, so that long vectors round less.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Dot<TRegister, T>(T* a, T* b, int k)
        where TRegister : unmanaged, IRegister<TRegister, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Part = 1 << 14;
        T total = T.Zero;
        for (int start = 0; start < k; start += Part, a += Part, b += Part)
        {
            int count = Math.Min(Part, k - start);
            TRegister s0 = default, s1 = default, s2 = default, s3 = default;
            int i = 0;
            for (; i + 4 * TRegister.Count <= count; i += 4 * TRegister.Count)
            {
                s0 = TRegister.MultiplyAdd(TRegister.Load(a + i), TRegister.Load(b + i), s0);
                s1 = TRegister.MultiplyAdd(TRegister.Load(a + i + TRegister.Count), TRegister.Load(b + i + TRegister.Count), s1);
                s2 = TRegister.MultiplyAdd(TRegister.Load(a + i + 2 * TRegister.Count), TRegister.Load(b + i + 2 * TRegister.Count), s2);
                s3 = TRegister.MultiplyAdd(TRegister.Load(a + i + 3 * TRegister.Count), TRegister.Load(b + i + 3 * TRegister.Count), s3);
            }

            for (; i < count; i += TRegister.Count)
            {
                TRegister mask = TRegister.Mask(count - i);
                s0 = TRegister.MultiplyAdd(TRegister.Load(a + i, mask), TRegister.Load(b + i, mask), s0);
            }

            TRegister sum = s0 + s1 + (s2 + s3);
            T part = T.Zero;
            for (int lane = 0; lane < TRegister.Count; lane++)
                part += ((T*)&sum)[lane];
            total += part;
        }

        return total;
    }
}
