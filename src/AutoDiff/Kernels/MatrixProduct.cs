using System.Numerics;
using System.Runtime.Intrinsics;

namespace AutoDiff.Kernels;

/// <summary>The product of matrices, C = op(A) · op(B) or C += op(A) · op(B), row-major, where op leaves its matrix as it is or transposes it.</summary>
/// <remarks>
/// The method is that of Goto and van de Geijn, "Anatomy of high-performance matrix multiplication" (ACM TOMS 34, 2008): blocks of A and B that fit the caches,
/// packed into panels, and a micro-kernel that holds a block of C in registers.
/// <para>
/// Every number of C is summed in one order whatever the shape, the way taken and the number of threads: a chain of multiply-adds over p for each 256 of k, these parts
/// added one after another to what C holds. A row of C therefore does not depend on the other rows, nor a column on the other columns.
/// The one exception is m = n = 1, a dot product, which is summed in registers. Only k makes the parts; infinities and NaN go through as IEEE 754 has it.
/// </para>
/// </remarks>
internal static unsafe partial class MatrixProduct
{
    /// <summary>Multiply-adds that are worth a thread of their own: waking one takes about as long as half of them.</summary>
    private const long Grain = 2_000_000;

    /// <summary>C (m × n) = or += op(A) (m × k) · op(B) (k × n).</summary>
    /// <param name="m">Rows of op(A) and C.</param>
    /// <param name="n">Columns of op(B) and C.</param>
    /// <param name="k">Columns of op(A), rows of op(B); if 0, the product is zero.</param>
    /// <param name="a">m × k, or k × m if transposed.</param>
    /// <param name="transposeA">Whether A is stored transposed.</param>
    /// <param name="b">k × n, or n × k if transposed.</param>
    /// <param name="transposeB">Whether B is stored transposed.</param>
    /// <param name="c">m × n; overlaps neither A nor B.</param>
    /// <param name="accumulate">Whether the product is added to C.</param>
    public static void Multiply<T>(int m, int n, int k, ReadOnlySpan<T> a, bool transposeA, ReadOnlySpan<T> b, bool transposeB, Span<T> c, bool accumulate = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckLength((long)m * k, a.Length, nameof(a));
        CheckLength((long)k * n, b.Length, nameof(b));
        CheckLength((long)m * n, c.Length, nameof(c));
        if (IsTrivial(m, n, k, c, accumulate))
            return;

        fixed (T* startA = a, startB = b, startC = c)
            Threaded(Threading.ThreadsFor((long)m * n * k, Grain), m, n, k, Matrix(startA, m, k, transposeA), Matrix(startB, k, n, transposeB), startC, accumulate);
    }

    /// <summary>The same for a batch of matrices: the i-th is <paramref name="strideA"/> · i into A, <paramref name="strideB"/> · i into B, m · n · i into C.</summary>
    /// <remarks>A stride of 0 means that all of the batch share the operand.</remarks>
    public static void MultiplyBatch<T>(int batch, int m, int n, int k, ReadOnlySpan<T> a, int strideA, bool transposeA, ReadOnlySpan<T> b, int strideB, bool transposeB,
        Span<T> c, bool accumulate = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (batch == 0)
            return;
        CheckLength((long)m * k + (batch - 1L) * strideA, a.Length, nameof(a));
        CheckLength((long)k * n + (batch - 1L) * strideB, b.Length, nameof(b));
        CheckLength((long)m * n * batch, c.Length, nameof(c));
        if (IsTrivial(batch * m, n, k, c, accumulate))
            return;

        if (n == 1 && m > 1 && batch > 1 && strideA == 0 && strideB == k)
        {
            // Many columns against one matrix: as rows they are one product with its transpose, C^T = B^T A^T. (A Jacobian's cotangents of a vector come like this.)
            Multiply(batch, m, k, b, false, a, !transposeA, c, accumulate);
            return;
        }

        fixed (T* startA = a, startB = b, startC = c)
        {
            long work = (long)m * n * k;
            int threads = Threading.ThreadsFor(work * batch, Grain), threadsEach = Threading.ThreadsFor(work, Grain);
            MatrixView<T> firstA = Matrix(startA, m, k, transposeA), firstB = Matrix(startB, k, n, transposeB);
            bool isTall = strideB == 0 && strideA == m * k && (!transposeA || m == 1) && !(m == 1 && n == 1);
            if (isTall)
            {
                Threaded(threads, batch * m, n, k, Matrix(startA, batch * m, k, transposed: false), firstB, startC, accumulate);
            }
            else if (threads == 1)
            {
                OneByOne(0, batch, m, n, k, firstA, strideA, firstB, strideB, startC, accumulate);
            }
            else if (threadsEach >= Math.Min(threads, batch))
            {
                for (int i = 0; i < batch; i++)
                    Threaded(threadsEach, m, n, k, firstA.Skip((nint)i * strideA), firstB.Skip((nint)i * strideB), startC + (nint)i * m * n, accumulate);
            }
            else
            {
                ParallelBatch(Math.Min(threads, batch), batch, m, n, k, firstA, strideA, firstB, strideB, startC, accumulate);
            }
        }
    }

    /// <summary>C = or += A · B on the calling thread, for parts of matrices: each operand has rows or columns of neighbors in memory, C has rows <paramref name="strideC"/> apart.</summary>
    public static void Multiply<T>(int m, int n, int k, MatrixView<T> a, MatrixView<T> b, T* c, nint strideC, bool accumulate = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (m == 0 || n == 0)
            return;
        if (k == 0)
        {
            for (int i = 0; i < m && !accumulate; i++)
                new Span<T>(c + i * strideC, n).Clear();
            return;
        }

        if (n == 1 && strideC == 1)
            Single(n, m, k, b.Transpose(), a.Transpose(), c, m, accumulate);
        else
            Single(m, n, k, a, b, c, strideC, accumulate);
    }

    /// <summary>C -= A · B on the calling thread, where row i is wanted up to column i + <paramref name="reach"/>; what lies beyond holds anything afterwards.</summary>
    public static void Subtract<T>(int m, int n, int k, in MatrixView<T> a, in MatrixView<T> b, T* c, nint strideC, long reach = Everywhere)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (m == 0 || n == 0 || k == 0)
            return;
        if (Vector512.IsHardwareAccelerated)
            Panelled<Register512<T>, T>(m, n, k, a, b, c, strideC, add: true, reach, negative: true);
        else if (Vector256.IsHardwareAccelerated)
            Panelled<Register256<T>, T>(m, n, k, a, b, c, strideC, add: true, reach, negative: true);
        else
            Panelled<Register128<T>, T>(m, n, k, a, b, c, strideC, add: true, reach, negative: true);
    }

    private static void ParallelBatch<T>(int threads, int batch, int m, int n, int k, MatrixView<T> a, int strideA, MatrixView<T> b, int strideB, T* c, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Threading.For(threads, (threads, batch, m, n, k, a, strideA, b, strideB, C: (nint)c, accumulate), static (chunk, s) =>
        {
            (int start, int end) = (Part(chunk, s.threads, s.batch), Part(chunk + 1, s.threads, s.batch));
            OneByOne(start, end, s.m, s.n, s.k, s.a, s.strideA, s.b, s.strideB, (T*)s.C, s.accumulate);
        });
    }

    /// <summary>The matrices of a batch from <paramref name="start"/> to <paramref name="end"/>, on the calling thread.</summary>
    private static void OneByOne<T>(int start, int end, int m, int n, int k, in MatrixView<T> a, int strideA, in MatrixView<T> b, int strideB, T* c, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (m > 1 && n > 1 && m <= SmallRows && k <= Depth && b.ColumnStride == 1 && n * sizeof(T) <= (Vector512.IsHardwareAccelerated ? 64 : Vector256.IsHardwareAccelerated ? 32 : 16))
        {
            if (Vector512.IsHardwareAccelerated)
                SmallOnes<Register512<T>, T>(start, end, m, n, k, a, strideA, b, strideB, c, accumulate);
            else if (Vector256.IsHardwareAccelerated)
                SmallOnes<Register256<T>, T>(start, end, m, n, k, a, strideA, b, strideB, c, accumulate);
            else
                SmallOnes<Register128<T>, T>(start, end, m, n, k, a, strideA, b, strideB, c, accumulate);
            return;
        }

        for (int i = start; i < end; i++)
            Threaded(1, m, n, k, a.Skip((nint)i * strideA), b.Skip((nint)i * strideB), c + (nint)i * m * n, accumulate);
    }

    private static void Threaded<T>(int threads, int m, int n, int k, MatrixView<T> a, MatrixView<T> b, T* c, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (m == 1 && n == 1)
        {
            T sum = Dot(a.Start, b.Start, k);
            *c = accumulate ? *c + sum : sum;
            return;
        }

        if (n == 1)
        {
            // C^T = op(B)^T · op(A)^T fills the registers, and a column lies in memory as a row does.
            (m, n) = (n, m);
            (a, b) = (b.Transpose(), a.Transpose());
        }

        if (threads == 1)
            Single(m, n, k, a, b, c, n, accumulate);
        else
            Grid(threads, m, n, k, a, b, c, accumulate);
    }

    /// <summary>Cuts C into a grid of blocks, one for each thread, of the shape that packs the least: each thread packs what its block needs by itself.</summary>
    private static void Grid<T>(int threads, int m, int n, int k, MatrixView<T> a, MatrixView<T> b, T* c, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Rows = 12, Columns = 32;
        int tilesDown = (m + Rows - 1) / Rows, tilesAcross = (n + Columns - 1) / Columns;
        int down = 1, across = 1;
        double least = double.PositiveInfinity;
        for (int tryDown = 1; tryDown <= Math.Min(threads, tilesDown); tryDown++)
        {
            int tryAcross = Math.Min(threads / tryDown, tilesAcross);
            double rows = Math.Ceiling((double)tilesDown / tryDown) * Rows, columns = Math.Ceiling((double)tilesAcross / tryAcross) * Columns;
            double cost = rows * columns + PackingCost * (rows + columns);
            if (cost < least)
                (least, down, across) = (cost, tryDown, tryAcross);
        }

        Threading.For(down * across, (down, across, tilesDown, tilesAcross, m, n, k, a, b, C: (nint)c, accumulate), static (chunk, s) =>
        {
            int i = Part(chunk / s.across, s.down, s.tilesDown) * Rows, j = Part(chunk % s.across, s.across, s.tilesAcross) * Columns;
            int endI = Math.Min(s.m, Part(chunk / s.across + 1, s.down, s.tilesDown) * Rows), endJ = Math.Min(s.n, Part(chunk % s.across + 1, s.across, s.tilesAcross) * Columns);
            Single(endI - i, endJ - j, s.k, s.a.From(i, 0), s.b.From(0, j), (T*)s.C + (nint)i * s.n + j, s.n, s.accumulate);
        });
    }

    /// <summary>What it costs to pack a number, in multiply-adds of the micro-kernel.</summary>
    private const double PackingCost = 10;

    private static void Single<T>(int m, int n, int k, in MatrixView<T> a, in MatrixView<T> b, T* c, nint strideC, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated)
            Block<Register512<T>, T>(m, n, k, a, b, c, strideC, accumulate);
        else if (Vector256.IsHardwareAccelerated)
            Block<Register256<T>, T>(m, n, k, a, b, c, strideC, accumulate);
        else
            Block<Register128<T>, T>(m, n, k, a, b, c, strideC, accumulate);
    }

    private static T Dot<T>(T* a, T* b, int k)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated)
            return Dot<Register512<T>, T>(a, b, k);
        return Vector256.IsHardwareAccelerated ? Dot<Register256<T>, T>(a, b, k) : Dot<Register128<T>, T>(a, b, k);
    }

    private static MatrixView<T> Matrix<T>(T* start, int rows, int columns, bool transposed)
        where T : unmanaged => transposed ? new(start, 1, rows) : new(start, columns, 1);

    private static bool IsTrivial<T>(int m, int n, int k, Span<T> c, bool accumulate)
    {
        if (m == 0 || n == 0)
            return true;
        if (k > 0)
            return false;
        if (!accumulate)
            c[..(m * n)].Clear();
        return true;
    }

    /// <summary>Where the <paramref name="index"/>-th of <paramref name="parts"/> equal parts of <paramref name="length"/> begins.</summary>
    private static int Part(int index, int parts, int length) => (int)((long)length * index / parts);

    private static void CheckLength(long needed, int length, string name)
    {
        if (length < needed)
            throw new ArgumentException($"The matrix needs {needed} numbers and has {length}.", name);
    }
}
