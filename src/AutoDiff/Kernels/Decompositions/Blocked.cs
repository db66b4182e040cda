using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff.Kernels;

/// <summary>
/// What decompositions of large matrices are made of: products of parts of matrices, and triangular systems with many right-hand sides. Every number is computed in one order, whatever the number of
/// threads and wherever the parts are cut.
/// </summary>
internal static unsafe class Blocked
{
    /// <summary>From this many rows and columns on decompositions go by blocks; below, row operations are as fast.</summary>
    public const int Smallest = 96;

    /// <summary>A triangle of so many rows is solved by substitution, larger ones by products with what is solved already.</summary>
    public const int Base = 32;

    /// <summary>Multiply-adds that are worth another thread.</summary>
    private const long Grain = 2_000_000;

    /// <summary>C -= A B, where C (m × n) has rows <paramref name="strideC"/> apart. A (m × k) and B (k × n) may lie in the matrix of C, where they do not overlap it.</summary>
    public static void SubtractProduct<T>(int m, int n, int k, MatrixView<T> a, MatrixView<T> b, T* c, nint strideC)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int threads = Threading.ThreadsFor((long)m * n * k, Grain);
        if (threads == 1)
        {
            MatrixProduct.Subtract(m, n, k, a, b, c, strideC);
        }
        else
        {
            Shared(threads, m, n, k, a, b, c, strideC);
        }
    }

    /// <summary>C -= A B on and below the diagonal of C (n × n, rows <paramref name="strideC"/> apart); what lies above holds anything afterwards.</summary>
    public static void SubtractLowerProduct<T>(int n, int k, MatrixView<T> a, MatrixView<T> b, T* c, nint strideC)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int threads = Threading.ThreadsFor((long)n * n * k / 2, Grain);
        if (threads == 1)
        {
            MatrixProduct.Subtract(n, n, k, a, b, c, strideC, reach: 0);
        }
        else
        {
            SharedLower(threads, n, k, a, b, c, strideC);
        }
    }

    /// <summary>Overwrites B (n × k, rows <paramref name="strideB"/> apart) with the X of A X = B, where only the named triangle of A is read.</summary>
    public static void SolveTriangular<T>(MatrixView<T> a, int n, T* b, nint strideB, int k, bool lower, bool unitDiagonal)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int threads = Threading.ThreadsFor((long)n * n * k / 2, Grain);
        if (threads == 1)
        {
            SolveColumns(a, n, b, strideB, k, lower, unitDiagonal);
        }
        else
        {
            SharedSolve(threads, a, n, b, strideB, k, lower, unitDiagonal);
        }
    }

    /// <summary>Overwrites X (m × n, rows <paramref name="strideX"/> apart) with X L^-T, where only the lower triangle of L is read.</summary>
    public static void SolveRows<T>(MatrixView<T> l, int n, T* x, nint strideX, int m)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int threads = Threading.ThreadsFor((long)n * n * m / 2, Grain);
        if (threads == 1)
        {
            RowsByHalves(l, n, x, strideX, m);
        }
        else
        {
            SharedRows(threads, l, n, x, strideX, m);
        }
    }

    // Methods of their own: a lambda's captures are allocated where they are declared.
    private static void Shared<T>(int threads, int m, int n, int k, MatrixView<T> a, MatrixView<T> b, T* c, nint strideC)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool byRows = m >= n;
        int length = byRows ? m : n;
        Threading.For(threads, chunk =>
        {
            (int from, int to) = ((int)((long)length * chunk / threads), (int)((long)length * (chunk + 1) / threads));
            if (byRows)
            {
                MatrixProduct.Subtract(to - from, n, k, a.From(from, 0), b, c + from * strideC, strideC);
            }
            else
            {
                MatrixProduct.Subtract(m, to - from, k, a, b.From(0, from), c + from, strideC);
            }
        });
    }

    /// <summary>Bands of rows of about the same work.</summary>
    private static void SharedLower<T>(int threads, int n, int k, MatrixView<T> a, MatrixView<T> b, T* c, nint strideC)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Threading.For(threads, chunk =>
        {
            (int from, int to) = ((int)(n * Math.Sqrt((double)chunk / threads)), (int)(n * Math.Sqrt((chunk + 1.0) / threads)));
            MatrixProduct.Subtract(to - from, to, k, a.From(from, 0), b, c + from * strideC, strideC, reach: from);
        });

    private static void SharedSolve<T>(int threads, MatrixView<T> a, int n, T* b, nint strideB, int k, bool lower, bool unitDiagonal)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Threading.For(threads, chunk =>
        {
            (int from, int to) = ((int)((long)k * chunk / threads), (int)((long)k * (chunk + 1) / threads));
            SolveColumns(a, n, b + from, strideB, to - from, lower, unitDiagonal);
        });

    private static void SharedRows<T>(int threads, MatrixView<T> l, int n, T* x, nint strideX, int m)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Threading.For(threads, chunk =>
        {
            (int from, int to) = ((int)((long)m * chunk / threads), (int)((long)m * (chunk + 1) / threads));
            RowsByHalves(l, n, x + from * strideX, strideX, to - from);
        });

    private static void RowsByHalves<T>(MatrixView<T> l, int n, T* x, nint strideX, int m)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (n <= Base)
        {
            SubstituteRows(l, n, x, strideX, m, unitDiagonal: false);
            return;
        }
        int half = (n / 2 + Base - 1) / Base * Base;
        RowsByHalves(l, half, x, strideX, m);
        MatrixProduct.Subtract(m, n - half, half, new MatrixView<T>(x, strideX, 1), l.From(half, 0).Transpose(), x + half, strideX);
        RowsByHalves(l.From(half, half), n - half, x + half, strideX, m);
    }

    /// <summary>As <see cref="SolveRows"/>, for n of <see cref="Base"/> at most, on the calling thread. Substitution, strip by strip of rows, which lie as columns meanwhile.</summary>
    [SkipLocalsInit]
    public static void SubstituteRows<T>(MatrixView<T> l, int n, T* x, nint strideX, int m, bool unitDiagonal)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Strip = 64;
        T* columns = stackalloc T[Base * Strip];
        for (int i = 0; i < m; i += Strip)
        {
            int rows = Math.Min(Strip, m - i);
            TransposedCopy.Run(x + i * strideX, strideX, rows, n, columns, Strip);
            Substitute(l, n, columns, Strip, rows, lower: true, unitDiagonal);
            TransposedCopy.Run(columns, Strip, n, rows, x + i * strideX, strideX);
        }
    }

    /// <summary>By halves: one is solved, what it makes is taken off the other, and that is solved. So most is done by products of large matrices.</summary>
    private static void SolveColumns<T>(MatrixView<T> a, int n, T* b, nint strideB, int k, bool lower, bool unitDiagonal)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (n <= Base)
        {
            Substitute(a, n, b, strideB, k, lower, unitDiagonal);
            return;
        }
        int half = (n / 2 + Base - 1) / Base * Base;
        (int solved, int other) = lower ? (0, half) : (half, 0);
        (int first, int second) = lower ? (half, n - half) : (n - half, half);
        T* solution = b + solved * strideB, rest = b + other * strideB;
        SolveColumns(a.From(solved, solved), first, solution, strideB, k, lower, unitDiagonal);
        MatrixProduct.Subtract(second, k, first, a.From(other, solved), new MatrixView<T>(solution, strideB, 1), rest, strideB);
        SolveColumns(a.From(other, other), second, rest, strideB, k, lower, unitDiagonal);
    }

    /// <summary>Substitution, strip by strip of columns: a strip of X stays in the nearest cache, and a row of it in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Substitute<T>(MatrixView<T> a, int n, T* b, nint strideB, int k, bool lower, bool unitDiagonal)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int width = Vector<T>.Count;
        int column = 0;
        for (; column <= k - 8 * width; column += 8 * width)
        {
            for (int step = 0; step < n; step++)
            {
                (int i, int from, int to) = lower ? (step, 0, step) : (n - 1 - step, n - step, n);
                T* row = b + i * strideB + column;
                Vector<T> x0 = Vector.Load(row), x1 = Vector.Load(row + width), x2 = Vector.Load(row + 2 * width), x3 = Vector.Load(row + 3 * width);
                Vector<T> x4 = Vector.Load(row + 4 * width), x5 = Vector.Load(row + 5 * width), x6 = Vector.Load(row + 6 * width), x7 = Vector.Load(row + 7 * width);
                T* coefficient = a.Start + i * a.RowStride + from * a.ColumnStride;
                T* other = b + from * strideB + column;
                for (int j = from; j < to; j++)
                {
                    Vector<T> factor = new(-*coefficient);
                    x0 = MultiplyAdd(factor, Vector.Load(other), x0);
                    x1 = MultiplyAdd(factor, Vector.Load(other + width), x1);
                    x2 = MultiplyAdd(factor, Vector.Load(other + 2 * width), x2);
                    x3 = MultiplyAdd(factor, Vector.Load(other + 3 * width), x3);
                    x4 = MultiplyAdd(factor, Vector.Load(other + 4 * width), x4);
                    x5 = MultiplyAdd(factor, Vector.Load(other + 5 * width), x5);
                    x6 = MultiplyAdd(factor, Vector.Load(other + 6 * width), x6);
                    x7 = MultiplyAdd(factor, Vector.Load(other + 7 * width), x7);
                    coefficient += a.ColumnStride;
                    other += strideB;
                }
                if (!unitDiagonal)
                {
                    Vector<T> divisor = new(a.Start[i * (a.RowStride + a.ColumnStride)]);
                    (x0, x1, x2, x3) = (x0 / divisor, x1 / divisor, x2 / divisor, x3 / divisor);
                    (x4, x5, x6, x7) = (x4 / divisor, x5 / divisor, x6 / divisor, x7 / divisor);
                }
                x0.Store(row);
                x1.Store(row + width);
                x2.Store(row + 2 * width);
                x3.Store(row + 3 * width);
                x4.Store(row + 4 * width);
                x5.Store(row + 5 * width);
                x6.Store(row + 6 * width);
                x7.Store(row + 7 * width);
            }
        }
        for (; column <= k - width; column += width)
        {
            for (int step = 0; step < n; step++)
            {
                (int i, int from, int to) = lower ? (step, 0, step) : (n - 1 - step, n - step, n);
                T* row = b + i * strideB + column;
                Vector<T> x = Vector.Load(row);
                for (int j = from; j < to; j++)
                {
                    x = MultiplyAdd(new Vector<T>(-a.Start[i * a.RowStride + j * a.ColumnStride]), Vector.Load(b + j * strideB + column), x);
                }
                (unitDiagonal ? x : x / new Vector<T>(a.Start[i * (a.RowStride + a.ColumnStride)])).Store(row);
            }
        }
        for (; column < k; column++)
        {
            for (int step = 0; step < n; step++)
            {
                (int i, int from, int to) = lower ? (step, 0, step) : (n - 1 - step, n - step, n);
                T x = b[i * strideB + column];
                for (int j = from; j < to; j++)
                {
                    x = T.MultiplyAddEstimate(-a.Start[i * a.RowStride + j * a.ColumnStride], b[j * strideB + column], x);
                }
                b[i * strideB + column] = unitDiagonal ? x : x / a.Start[i * (a.RowStride + a.ColumnStride)];
            }
        }
    }

    /// <summary>x y + z, rounded once on machines that can: on these <see cref="INumberBase{T}.MultiplyAddEstimate"/> rounds once, too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> MultiplyAdd<T>(Vector<T> x, Vector<T> y, Vector<T> z)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => typeof(T) == typeof(float)
        ? Vector.MultiplyAddEstimate(x.As<T, float>(), y.As<T, float>(), z.As<T, float>()).As<float, T>()
        : Vector.MultiplyAddEstimate(x.As<T, double>(), y.As<T, double>(), z.As<T, double>()).As<double, T>();
}
