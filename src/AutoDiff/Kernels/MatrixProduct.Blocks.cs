using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff.Kernels;

// One block of C on one thread: the cache blocks, and what of them is packed.
internal static unsafe partial class MatrixProduct
{
    /// <summary>The chain of multiply-adds of one number of C is cut every so many p, and the parts are added up: less rounding, and what is packed stays small.</summary>
    private const int Depth = 256;

    /// <summary>Bytes of packed A, and with them the rows of C at work: each lies on a page of its own in a wide C, and the processor keeps the places of a few dozen pages at hand.</summary>
    private const int PackedBytesA = 32 << 10;

    /// <summary>Bytes of packed B that stay in the third-level cache.</summary>
    private const int PackedBytesB = 4 << 20;

    /// <summary>An operand spread over no more than so many bytes lies in the first-level cache, or close, and is read where it is.</summary>
    private const int UnpackedBytes = 40 << 10;

    /// <summary>A matrix of more bytes is out of the second-level cache and had better be read, or written, in long runs.</summary>
    private const int StreamedBytes = 512 << 10;

    /// <summary>The most bytes of packed panels that go on the stack.</summary>
    private const int StackBytes = 2 << 10;

    /// <summary>The most rows of the matrices of a batch that nothing is prepared for.</summary>
    private const int SmallRows = 16;

    private const int CacheLine = 64;

    /// <summary>The <c>reach</c> of a product that is wanted as a whole.</summary>
    private const long Everywhere = long.MaxValue / 2;

    /// <summary>C = or += A · B for one thread, with registers of one kind. Of each operand the rows or the columns are runs of memory: one of its strides is 1.</summary>
    internal static void Block<TRegister, T>(int m, int n, int k, in MatrixView<T> a, in MatrixView<T> b, T* c, nint strideC, bool add)
        where TRegister : unmanaged, IRegister<TRegister, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool streams = m == 1 || (m <= MaxStreamedRows && k * b.RowStride * sizeof(T) > StreamedBytes) || (k <= 8 && (long)m * n * sizeof(T) > StreamedBytes);
        if (streams && b.ColumnStride == 1)
        {
            RowByRows<TRegister, T>(m, n, k, a, b, c, strideC, add);
            return;
        }

        if (m == 1 && a.ColumnStride == 1 && b.RowStride == 1 && TransposedCopy.IsAccelerated)
        {
            int done = RowByColumns(n, k, a.Start, b.Start, b.ColumnStride, c, add);
            if (done < n)
                Panelled<TRegister, T>(m, n - done, k, a, b.From(0, done), c + done, strideC, add, Everywhere, negative: false);
            return;
        }

        Panelled<TRegister, T>(m, n, k, a, b, c, strideC, add, Everywhere, negative: false);
    }

    /// <summary>The same by panels; with <paramref name="negative"/> of -A · B. Row i is wanted up to column i + <paramref name="reach"/>; of what lies beyond, more or less is computed as well.</summary>
    private static void Panelled<TRegister, T>(int m, int n, int k, in MatrixView<T> a, in MatrixView<T> b, T* c, nint strideC, bool add, long reach, bool negative)
        where TRegister : unmanaged, IRegister<TRegister, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int width = 2 * TRegister.Count;
        int depth = Math.Min(k, Depth);
        bool packB = b.ColumnStride != 1 || (m > 2 * TRegister.BlockRows && k * b.RowStride * sizeof(T) > UnpackedBytes);
        // The sign is turned in the nearest cache, where what is packed lies.
        bool packA = (negative && !packB) || (n > 2 * width && Math.Max(m * a.RowStride, k * a.ColumnStride) * sizeof(T) > UnpackedBytes);
        int rows = packA ? Math.Min(m, RoundDown(PackedBytesA / sizeof(T) / depth, TRegister.BlockRows)) : m;
        int columns = packB ? Math.Min(n, RoundDown(PackedBytesB / sizeof(T) / depth, width)) : n;

        nint lengthA = packA ? (nint)RoundUp(rows, TRegister.BlockRows) * depth : 0;
        nint lengthB = packB ? (nint)RoundUp(columns, width) * depth : 0;
        nint bytes = (lengthA + lengthB) * sizeof(T);
        if (bytes == 0)
        {
            Loops<TRegister, T>(m, n, k, a, b, c, strideC, add, reach, negative, rows, columns, null, null);
        }
        else if (bytes <= StackBytes)
        {
            OnStack<TRegister, T>(m, n, k, a, b, c, strideC, add, reach, negative, rows, columns, lengthA, lengthB);
        }
        else
        {
            byte[] rented = Pool<byte>.Shared.Rent((int)bytes + CacheLine);
            fixed (byte* start = rented)
            {
                // Registers that straddle two cache lines load at half speed.
                T* packedB = (T*)(((nint)start + CacheLine - 1) & -CacheLine);
                T* packedA = packedB + lengthB;
                Loops<TRegister, T>(m, n, k, a, b, c, strideC, add, reach, negative, rows, columns, packA ? packedA : null, packB ? packedB : null);
            }

            Pool<byte>.Shared.Return(rented);
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void OnStack<TRegister, T>(int m, int n, int k, in MatrixView<T> a, in MatrixView<T> b, T* c, nint strideC, bool add, long reach, bool negative,
        int rows, int columns, nint lengthA, nint lengthB)
        where TRegister : unmanaged, IRegister<TRegister, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        byte* start = stackalloc byte[StackBytes];
        T* packedB = (T*)start;
        T* packedA = packedB + lengthB;
        Loops<TRegister, T>(m, n, k, a, b, c, strideC, add, reach, negative, rows, columns, lengthA > 0 ? packedA : null, lengthB > 0 ? packedB : null);
    }

    private static void Loops<TRegister, T>(int m, int n, int k, in MatrixView<T> a, in MatrixView<T> b, T* c, nint strideC, bool add, long reach, bool negative,
        int rows, int columns, T* packedA, T* packedB)
        where TRegister : unmanaged, IRegister<TRegister, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int width = 2 * TRegister.Count;
        int high = TRegister.BlockRows;
        for (int j = 0; j < n; j += columns)
        {
            int columnsHere = Math.Min(columns, n - j);
            for (int p = 0; p < k; p += Depth)
            {
                int depth = Math.Min(Depth, k - p);
                T* blockB = b.From(p, j).Start;
                nint panelB = width, stepBlockB = b.RowStride;
                if (packedB != null)
                {
                    if (b.ColumnStride == 1)
                        PackNeighbors<TRegister, T>(blockB, b.RowStride, columnsHere, depth, packedB, width);
                    else
                        PackTransposed(blockB, b.ColumnStride, columnsHere, depth, packedB, width);
                    if (negative && packedA == null)
                        Negate(packedB, RoundUp(columnsHere, width) * depth);
                    blockB = packedB;
                    panelB = (nint)width * depth;
                    stepBlockB = width;
                }

                for (int i = 0; i < m; i += rows)
                {
                    int rowsHere = Math.Min(rows, m - i);
                    if (i + rowsHere - 1 + reach < j)
                        continue;

                    T* blockA = a.From(i, p).Start;
                    nint panelA = high * a.RowStride, rowStrideBlockA = a.RowStride, stepBlockA = a.ColumnStride;
                    if (packedA != null)
                    {
                        if (a.RowStride == 1)
                            PackNeighbors<TRegister, T>(blockA, a.ColumnStride, rowsHere, depth, packedA, high);
                        else
                            PackTransposed(blockA, a.RowStride, rowsHere, depth, packedA, high);
                        if (negative)
                            Negate(packedA, RoundUp(rowsHere, high) * depth);

                        blockA = packedA;
                        panelA = (nint)high * depth;
                        rowStrideBlockA = 1;
                        stepBlockA = high;
                    }

                    Panels<TRegister, EqualSteps, T>(rowsHere, columnsHere, depth, blockA, panelA, rowStrideBlockA, stepBlockA, blockB, panelB, new(stepBlockB),
                        c + i * strideC + j, strideC, add || p > 0, i - j + reach);
                }
            }
        }
    }

    private static void Negate<T>(T* packed, int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<T> numbers = new(packed, length);
        VectorMath.Negate(numbers, numbers);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Panels<TRegister, TStep, T>(int m, int n, int depth, T* a, nint panelA, nint rowStrideA, nint stepA, T* b, nint panelB, TStep stepB, T* c, nint strideC, bool add,
        long reach)
        where TRegister : unmanaged, IRegister<TRegister, T>
        where TStep : struct, IStep
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int width = 2 * TRegister.Count;
        int high = TRegister.BlockRows;
        for (int j = 0; j < n; j += width, b += panelB, c += width)
        {
            int columns = Math.Min(width, n - j);
            int i = reach >= j ? 0 : (int)Math.Min(RoundDown(j - reach, high), m);
            T* rowsA = a + i / high * panelA, rowsC = c + i * strideC;
            if (columns == width)
            {
                for (; i + high <= m; i += high, rowsA += panelA, rowsC += high * strideC)
                {
                    if (high == 12)
                        Block12<TRegister, TStep, T>(rowsA, rowStrideA, stepA, b, stepB, depth, rowsC, strideC, add);
                    else
                        Block6<TRegister, TStep, T>(rowsA, rowStrideA, stepA, b, stepB, depth, rowsC, strideC, add);
                }
            }

            else if (columns <= TRegister.Count && high == 12)
            {
                for (; i + high <= m; i += high, rowsA += panelA, rowsC += high * strideC)
                    Corner12<TRegister, TStep, T>(rowsA, rowStrideA, stepA, b, stepB, depth, rowsC, strideC, add, columns);
            }

            for (; i < m; i += high, rowsA += panelA, rowsC += high * strideC)
            {
                int end = Math.Min(high, m - i), row = 0;
                if (columns == width && high == 12 && end >= 8)
                {
                    Block8<TRegister, TStep, T>(rowsA, rowStrideA, stepA, b, stepB, depth, rowsC, strideC, add);
                    row = 8;
                }

                for (; row < end; row += 4)
                {
                    T* edgeA = rowsA + row * rowStrideA, edgeC = rowsC + row * strideC;
                    if (columns == width && end - row >= 4)
                        Block4<TRegister, TStep, T>(edgeA, rowStrideA, stepA, b, stepB, depth, edgeC, strideC, add);
                    else if (columns > TRegister.Count)
                        Edge4<TRegister, TStep, T>(edgeA, rowStrideA, stepA, b, stepB, depth, edgeC, strideC, add, end - row, columns);
                    else
                        Corner4<TRegister, TStep, T>(edgeA, rowStrideA, stepA, b, stepB, depth, edgeC, strideC, add, end - row, columns);
                }
            }
        }
    }

    private static int RoundDown(int value, int multiple) => value / multiple * multiple;

    private static long RoundDown(long value, int multiple) => value / multiple * multiple;

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
