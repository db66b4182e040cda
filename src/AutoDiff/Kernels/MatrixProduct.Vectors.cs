using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AutoDiff.Kernels;

// Products with a vector: each number of the matrix is used once, so that all depends on reading memory in long runs.
internal static unsafe partial class MatrixProduct
{
    /// <summary>The sums that are at work at a time fit the first-level cache, at most so many bytes to the row and so many in all.</summary>
    private const int RowBytes = 4 << 10, SumBytes = 16 << 10;

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
        int lanes = Vector128<T>.Count;
        nint group = lanes * stride;
        int j = 0;
        for (; j + 4 * lanes <= n; j += 4 * lanes, b += 4 * group, c += 4 * lanes)
        {
            for (int p = 0; p < k; p += Depth)
            {
                Vector128<T> s0 = default, s1 = default, s2 = default, s3 = default;
                T* x = a + p, y = b + p;
                int depth = Math.Min(Depth, k - p);
                while (depth > 0)
                {
                    // A cache line of each column at a time: columns may lie so that they drive each other out of the cache.
                    int line = Math.Min(CacheLine / sizeof(T), depth);
                    s0 = AddLine(s0, x, y, stride, line);
                    s1 = AddLine(s1, x, y + group, stride, line);
                    s2 = AddLine(s2, x, y + 2 * group, stride, line);
                    s3 = AddLine(s3, x, y + 3 * group, stride, line);
                    x += line;
                    y += line;
                    depth -= line;
                }

                bool more = add || p > 0;
                Write<Register128<T>, T>(c, new(s0), new(s1), more);
                Write<Register128<T>, T>(c + 2 * lanes, new(s2), new(s3), more);
            }
        }

        return j;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> AddLine<T>(Vector128<T> sum, T* x, T* y, nint stride, int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int p = 0;
        if (sizeof(T) == sizeof(float))
        {
            float* z = (float*)y;
            Vector128<float> s = sum.AsSingle();
            for (; p + 4 <= length; p += 4, z += 4, x += 4)
            {
                Vector128<float> r0 = Vector128.Load(z), r1 = Vector128.Load(z + stride), r2 = Vector128.Load(z + 2 * stride), r3 = Vector128.Load(z + 3 * stride);
                Vector128<float> even0 = ZipLow(r0, r2), even1 = ZipLow(r1, r3), odd0 = ZipHigh(r0, r2), odd1 = ZipHigh(r1, r3);
                s = Vector128.MultiplyAddEstimate(Vector128.Create(((float*)x)[0]), ZipLow(even0, even1), s);
                s = Vector128.MultiplyAddEstimate(Vector128.Create(((float*)x)[1]), ZipHigh(even0, even1), s);
                s = Vector128.MultiplyAddEstimate(Vector128.Create(((float*)x)[2]), ZipLow(odd0, odd1), s);
                s = Vector128.MultiplyAddEstimate(Vector128.Create(((float*)x)[3]), ZipHigh(odd0, odd1), s);
            }

            for (; p < length; p++, z++, x++)
                s = Vector128.MultiplyAddEstimate(Vector128.Create(*(float*)x), Vector128.Create(z[0], z[stride], z[2 * stride], z[3 * stride]), s);
            return s.As<float, T>();
        }
        else
        {
            double* z = (double*)y;
            Vector128<double> s = sum.AsDouble();
            for (; p + 2 <= length; p += 2, z += 2, x += 2)
            {
                Vector128<double> r0 = Vector128.Load(z), r1 = Vector128.Load(z + stride);
                s = Vector128.MultiplyAddEstimate(Vector128.Create(((double*)x)[0]), ZipLow(r0, r1), s);
                s = Vector128.MultiplyAddEstimate(Vector128.Create(((double*)x)[1]), ZipHigh(r0, r1), s);
            }

            if (p < length)
                s = Vector128.MultiplyAddEstimate(Vector128.Create(*(double*)x), Vector128.Create(z[0], z[stride]), s);
            return s.As<double, T>();
        }
    }

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
