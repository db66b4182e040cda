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
        if (m == 0 || n == 0 || k == 0)
        {
            return;
        }
        // The kernel adds: the smaller operand is turned round.
        bool left = m <= n;
        using Scratch<T> negative = new(left ? m * k : k * n);
        fixed (T* turned = negative.Span)
        {
            if (left)
            {
                Negate(a, m, k, turned);
                a = new MatrixView<T>(turned, k, 1);
            }
            else
            {
                Negate(b, k, n, turned);
                b = new MatrixView<T>(turned, n, 1);
            }
            int threads = Threading.ThreadsFor((long)m * n * k, Grain);
            if (threads == 1)
            {
                MatrixProduct.Multiply(m, n, k, a, b, c, strideC, accumulate: true);
                return;
            }
            Shared(threads, m, n, k, a, b, c, strideC);
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
                MatrixProduct.Multiply(to - from, n, k, a.From(from, 0), b, c + from * strideC, strideC, accumulate: true);
            }
            else
            {
                MatrixProduct.Multiply(m, to - from, k, a, b.From(0, from), c + from, strideC, accumulate: true);
            }
        });
    }

    private static void SharedSolve<T>(int threads, MatrixView<T> a, int n, T* b, nint strideB, int k, bool lower, bool unitDiagonal)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Threading.For(threads, chunk =>
        {
            (int from, int to) = ((int)((long)k * chunk / threads), (int)((long)k * (chunk + 1) / threads));
            SolveColumns(a, n, b + from, strideB, to - from, lower, unitDiagonal);
        });

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
        using (Scratch<T> negative = new(first * second))
        {
            fixed (T* turned = negative.Span)
            {
                Negate(a.From(other, solved), second, first, turned);
                MatrixProduct.Multiply(second, k, first, new MatrixView<T>(turned, first, 1), new MatrixView<T>(solution, strideB, 1), rest, strideB, accumulate: true);
            }
        }
        SolveColumns(a.From(other, other), second, rest, strideB, k, lower, unitDiagonal);
    }

    /// <summary>Substitution, strip by strip of columns: a strip of X stays in the nearest cache, and a row of it in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Substitute<T>(MatrixView<T> a, int n, T* b, nint strideB, int k, bool lower, bool unitDiagonal)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int width = Vector<T>.Count;
        int column = 0;
        for (; column <= k - 4 * width; column += 4 * width)
        {
            for (int step = 0; step < n; step++)
            {
                (int i, int from, int to) = lower ? (step, 0, step) : (n - 1 - step, n - step, n);
                T* row = b + i * strideB + column;
                Vector<T> x0 = Vector.Load(row), x1 = Vector.Load(row + width), x2 = Vector.Load(row + 2 * width), x3 = Vector.Load(row + 3 * width);
                T* coefficient = a.Start + i * a.RowStride + from * a.ColumnStride;
                T* other = b + from * strideB + column;
                for (int j = from; j < to; j++)
                {
                    Vector<T> factor = new(*coefficient);
                    x0 -= factor * Vector.Load(other);
                    x1 -= factor * Vector.Load(other + width);
                    x2 -= factor * Vector.Load(other + 2 * width);
                    x3 -= factor * Vector.Load(other + 3 * width);
                    coefficient += a.ColumnStride;
                    other += strideB;
                }
                if (!unitDiagonal)
                {
                    Vector<T> divisor = new(a.Start[i * (a.RowStride + a.ColumnStride)]);
                    (x0, x1, x2, x3) = (x0 / divisor, x1 / divisor, x2 / divisor, x3 / divisor);
                }
                x0.Store(row);
                x1.Store(row + width);
                x2.Store(row + 2 * width);
                x3.Store(row + 3 * width);
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
                    x -= a.Start[i * a.RowStride + j * a.ColumnStride] * b[j * strideB + column];
                }
                b[i * strideB + column] = unitDiagonal ? x : x / a.Start[i * (a.RowStride + a.ColumnStride)];
            }
        }
    }

    /// <summary>target (m × n) := -source.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Negate<T>(MatrixView<T> source, int m, int n, T* target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Along the rows of the source, whichever way they lie.
        if (source.ColumnStride == 1)
        {
            for (int i = 0; i < m; i++)
            {
                VectorMath.Negate(new ReadOnlySpan<T>(source.Start + i * source.RowStride, n), new Span<T>(target + (nint)i * n, n));
            }
            return;
        }
        for (int j = 0; j < n; j++)
        {
            T* column = source.Start + j * source.ColumnStride;
            for (int i = 0; i < m; i++)
            {
                target[(nint)i * n + j] = -column[i * source.RowStride];
            }
        }
    }

    /// <summary>target (n × m, contiguous) := the transpose of source (m × n, rows <paramref name="stride"/> apart).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose<T>(T* source, nint stride, int m, int n, T* target)
        where T : unmanaged
    {
        for (int i0 = 0; i0 < m; i0 += Tile)
        {
            for (int j0 = 0; j0 < n; j0 += Tile)
            {
                (int i1, int j1) = (Math.Min(i0 + Tile, m), Math.Min(j0 + Tile, n));
                for (int j = j0; j < j1; j++)
                {
                    for (int i = i0; i < i1; i++)
                    {
                        target[(nint)j * m + i] = source[i * stride + j];
                    }
                }
            }
        }
    }

    /// <summary>target (m × n, rows <paramref name="stride"/> apart) := the transpose of source (n × m, contiguous).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TransposeBack<T>(T* source, int m, int n, T* target, nint stride)
        where T : unmanaged
    {
        for (int i0 = 0; i0 < m; i0 += Tile)
        {
            for (int j0 = 0; j0 < n; j0 += Tile)
            {
                (int i1, int j1) = (Math.Min(i0 + Tile, m), Math.Min(j0 + Tile, n));
                for (int i = i0; i < i1; i++)
                {
                    for (int j = j0; j < j1; j++)
                    {
                        target[i * stride + j] = source[(nint)j * m + i];
                    }
                }
            }
        }
    }

    private const int Tile = 16;
}
