using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff.Kernels;

// The micro-kernels for what is left at the edges of C, where there are fewer rows than a block has, or fewer columns than two registers hold.
internal static unsafe partial class MatrixProduct
{
    /// <summary>A block of 8 rows and two registers of columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block8<TRegister, TStep, T>(T* a, nint rowStrideA, nint stepA, T* b, TStep stepB, int depth, T* c, nint strideC, bool add)
        where TRegister : unmanaged, IRegister<TRegister, T>
        where TStep : struct, IStep
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TRegister c0l = default, c0r = default, c1l = default, c1r = default, c2l = default, c2r = default, c3l = default, c3r = default;
        TRegister c4l = default, c4r = default, c5l = default, c5r = default, c6l = default, c6r = default, c7l = default, c7r = default;
        nint twice = 2 * rowStrideA;
        T* a3 = a + 3 * rowStrideA;
        T* a6 = a + 6 * rowStrideA;
        for (; depth > 0; depth--)
        {
            TRegister left = TRegister.Load(b), right = TRegister.Load(b + TRegister.Count);
            TRegister x = TRegister.Broadcast(*a);
            c0l = TRegister.MultiplyAdd(x, left, c0l);
            c0r = TRegister.MultiplyAdd(x, right, c0r);
            x = TRegister.Broadcast(a[rowStrideA]);
            c1l = TRegister.MultiplyAdd(x, left, c1l);
            c1r = TRegister.MultiplyAdd(x, right, c1r);
            x = TRegister.Broadcast(a[twice]);
            c2l = TRegister.MultiplyAdd(x, left, c2l);
            c2r = TRegister.MultiplyAdd(x, right, c2r);
            x = TRegister.Broadcast(*a3);
            c3l = TRegister.MultiplyAdd(x, left, c3l);
            c3r = TRegister.MultiplyAdd(x, right, c3r);
            x = TRegister.Broadcast(a3[rowStrideA]);
            c4l = TRegister.MultiplyAdd(x, left, c4l);
            c4r = TRegister.MultiplyAdd(x, right, c4r);
            x = TRegister.Broadcast(a3[twice]);
            c5l = TRegister.MultiplyAdd(x, left, c5l);
            c5r = TRegister.MultiplyAdd(x, right, c5r);
            x = TRegister.Broadcast(*a6);
            c6l = TRegister.MultiplyAdd(x, left, c6l);
            c6r = TRegister.MultiplyAdd(x, right, c6r);
            x = TRegister.Broadcast(a6[rowStrideA]);
            c7l = TRegister.MultiplyAdd(x, left, c7l);
            c7r = TRegister.MultiplyAdd(x, right, c7r);
            b += stepB.Next();
            a += stepA;
            a3 += stepA;
            a6 += stepA;
        }

        Write<TRegister, T>(c, c0l, c0r, add);
        Write<TRegister, T>(c += strideC, c1l, c1r, add);
        Write<TRegister, T>(c += strideC, c2l, c2r, add);
        Write<TRegister, T>(c += strideC, c3l, c3r, add);
        Write<TRegister, T>(c += strideC, c4l, c4r, add);
        Write<TRegister, T>(c += strideC, c5l, c5r, add);
        Write<TRegister, T>(c += strideC, c6l, c6r, add);
        Write<TRegister, T>(c += strideC, c7l, c7r, add);
    }

    /// <summary>A block of 4 rows and two registers of columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block4<TRegister, TStep, T>(T* a, nint rowStrideA, nint stepA, T* b, TStep stepB, int depth, T* c, nint strideC, bool add)
        where TRegister : unmanaged, IRegister<TRegister, T>
        where TStep : struct, IStep
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TRegister c0l = default, c0r = default, c1l = default, c1r = default, c2l = default, c2r = default, c3l = default, c3r = default;
        nint twice = 2 * rowStrideA, thrice = 3 * rowStrideA;
        for (; depth > 0; depth--)
        {
            TRegister left = TRegister.Load(b), right = TRegister.Load(b + TRegister.Count);
            TRegister x = TRegister.Broadcast(*a);
            c0l = TRegister.MultiplyAdd(x, left, c0l);
            c0r = TRegister.MultiplyAdd(x, right, c0r);
            x = TRegister.Broadcast(a[rowStrideA]);
            c1l = TRegister.MultiplyAdd(x, left, c1l);
            c1r = TRegister.MultiplyAdd(x, right, c1r);
            x = TRegister.Broadcast(a[twice]);
            c2l = TRegister.MultiplyAdd(x, left, c2l);
            c2r = TRegister.MultiplyAdd(x, right, c2r);
            x = TRegister.Broadcast(a[thrice]);
            c3l = TRegister.MultiplyAdd(x, left, c3l);
            c3r = TRegister.MultiplyAdd(x, right, c3r);
            b += stepB.Next();
            a += stepA;
        }

        Write<TRegister, T>(c, c0l, c0r, add);
        Write<TRegister, T>(c += strideC, c1l, c1r, add);
        Write<TRegister, T>(c += strideC, c2l, c2r, add);
        Write<TRegister, T>(c += strideC, c3l, c3r, add);
    }

    /// <summary>At most four rows and two registers of columns, of which <paramref name="columns"/> are there.</summary>
    /// <remarks>A row that is not there is computed as the first one again and not written.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Edge4<TRegister, TStep, T>(T* a, nint rowStrideA, nint stepA, T* b, TStep stepB, int depth, T* c, nint strideC, bool add, int rows, int columns)
        where TRegister : unmanaged, IRegister<TRegister, T>
        where TStep : struct, IStep
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TRegister maskLeft = TRegister.Mask(columns), maskRight = TRegister.Mask(columns - TRegister.Count);
        TRegister c0l = default, c0r = default, c1l = default, c1r = default, c2l = default, c2r = default, c3l = default, c3r = default;
        T* a1 = rows > 1 ? a + rowStrideA : a;
        T* a2 = rows > 2 ? a + 2 * rowStrideA : a;
        T* a3 = rows > 3 ? a + 3 * rowStrideA : a;
        nint p = 0;
        for (; depth > 0; depth--)
        {
            TRegister left = TRegister.Load(b, maskLeft), right = TRegister.Load(b + TRegister.Count, maskRight);
            TRegister x = TRegister.Broadcast(a[p]);
            c0l = TRegister.MultiplyAdd(x, left, c0l);
            c0r = TRegister.MultiplyAdd(x, right, c0r);
            x = TRegister.Broadcast(a1[p]);
            c1l = TRegister.MultiplyAdd(x, left, c1l);
            c1r = TRegister.MultiplyAdd(x, right, c1r);
            x = TRegister.Broadcast(a2[p]);
            c2l = TRegister.MultiplyAdd(x, left, c2l);
            c2r = TRegister.MultiplyAdd(x, right, c2r);
            x = TRegister.Broadcast(a3[p]);
            c3l = TRegister.MultiplyAdd(x, left, c3l);
            c3r = TRegister.MultiplyAdd(x, right, c3r);
            b += stepB.Next();
            p += stepA;
        }

        Write<TRegister, T>(c, c0l, c0r, add, maskLeft, maskRight);
        if (rows > 1)
            Write<TRegister, T>(c + strideC, c1l, c1r, add, maskLeft, maskRight);
        if (rows > 2)
            Write<TRegister, T>(c + 2 * strideC, c2l, c2r, add, maskLeft, maskRight);
        if (rows > 3)
            Write<TRegister, T>(c + 3 * strideC, c3l, c3r, add, maskLeft, maskRight);
    }

    /// <summary>Twelve rows and one register of columns, of which <paramref name="columns"/> are there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Corner12<TRegister, TStep, T>(T* a, nint rowStrideA, nint stepA, T* b, TStep stepB, int depth, T* c, nint strideC, bool add, int columns)
        where TRegister : unmanaged, IRegister<TRegister, T>
        where TStep : struct, IStep
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TRegister mask = TRegister.Mask(columns);
        TRegister c0 = default, c1 = default, c2 = default, c3 = default;
        TRegister c4 = default, c5 = default, c6 = default, c7 = default;
        TRegister c8 = default, c9 = default, cA = default, cB = default;
        nint twice = 2 * rowStrideA;
        T* a3 = a + 3 * rowStrideA;
        T* a6 = a + 6 * rowStrideA;
        T* a9 = a + 9 * rowStrideA;
        for (; depth > 0; depth--)
        {
            TRegister y = TRegister.Load(b, mask);
            c0 = TRegister.MultiplyAdd(TRegister.Broadcast(*a), y, c0);
            c1 = TRegister.MultiplyAdd(TRegister.Broadcast(a[rowStrideA]), y, c1);
            c2 = TRegister.MultiplyAdd(TRegister.Broadcast(a[twice]), y, c2);
            c3 = TRegister.MultiplyAdd(TRegister.Broadcast(*a3), y, c3);
            c4 = TRegister.MultiplyAdd(TRegister.Broadcast(a3[rowStrideA]), y, c4);
            c5 = TRegister.MultiplyAdd(TRegister.Broadcast(a3[twice]), y, c5);
            c6 = TRegister.MultiplyAdd(TRegister.Broadcast(*a6), y, c6);
            c7 = TRegister.MultiplyAdd(TRegister.Broadcast(a6[rowStrideA]), y, c7);
            c8 = TRegister.MultiplyAdd(TRegister.Broadcast(a6[twice]), y, c8);
            c9 = TRegister.MultiplyAdd(TRegister.Broadcast(*a9), y, c9);
            cA = TRegister.MultiplyAdd(TRegister.Broadcast(a9[rowStrideA]), y, cA);
            cB = TRegister.MultiplyAdd(TRegister.Broadcast(a9[twice]), y, cB);
            b += stepB.Next();
            a += stepA;
            a3 += stepA;
            a6 += stepA;
            a9 += stepA;
        }

        Write<TRegister, T>(c, c0, add, mask);
        Write<TRegister, T>(c += strideC, c1, add, mask);
        Write<TRegister, T>(c += strideC, c2, add, mask);
        Write<TRegister, T>(c += strideC, c3, add, mask);
        Write<TRegister, T>(c += strideC, c4, add, mask);
        Write<TRegister, T>(c += strideC, c5, add, mask);
        Write<TRegister, T>(c += strideC, c6, add, mask);
        Write<TRegister, T>(c += strideC, c7, add, mask);
        Write<TRegister, T>(c += strideC, c8, add, mask);
        Write<TRegister, T>(c += strideC, c9, add, mask);
        Write<TRegister, T>(c += strideC, cA, add, mask);
        Write<TRegister, T>(c += strideC, cB, add, mask);
    }

    /// <summary>At most four rows and one register of columns, of which <paramref name="columns"/> are there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Corner4<TRegister, TStep, T>(T* a, nint rowStrideA, nint stepA, T* b, TStep stepB, int depth, T* c, nint strideC, bool add, int rows, int columns)
        where TRegister : unmanaged, IRegister<TRegister, T>
        where TStep : struct, IStep
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Rows4<TRegister, TStep, T>(a, rowStrideA, stepA, b, stepB, depth, c, strideC, add, rows, TRegister.Mask(columns));

    /// <summary>A batch of small matrices, whose rows of C fit a register: nothing but the kernel for each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SmallOnes<TRegister, T>(int start, int end, int m, int n, int k, in MatrixView<T> a, int strideA, in MatrixView<T> b, int strideB, T* c, bool add)
        where TRegister : unmanaged, IRegister<TRegister, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TRegister mask = TRegister.Mask(n);
        (nint rowStrideA, nint stepA, var stepB) = (a.RowStride, a.ColumnStride, new EqualSteps(b.RowStride));
        T* ownA = a.Start + (nint)start * strideA, ownB = b.Start + (nint)start * strideB, ownC = c + (nint)start * m * n;
        for (int i = start; i < end; i++, ownA += strideA, ownB += strideB)
        {
            T* rowsA = ownA;
            for (int row = 0; row < m; row += 4, rowsA += 4 * rowStrideA, ownC += 4 * n)
                Rows4<TRegister, EqualSteps, T>(rowsA, rowStrideA, stepA, ownB, stepB, k, ownC, n, add, m - row, mask);
            ownC += (m - RoundUp(m, 4)) * n;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rows4<TRegister, TStep, T>(T* a, nint rowStrideA, nint stepA, T* b, TStep stepB, int depth, T* c, nint strideC, bool add, int rows, TRegister mask)
        where TRegister : unmanaged, IRegister<TRegister, T>
        where TStep : struct, IStep
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TRegister c0 = default, c1 = default, c2 = default, c3 = default;
        T* a1 = rows > 1 ? a + rowStrideA : a;
        T* a2 = rows > 2 ? a + 2 * rowStrideA : a;
        T* a3 = rows > 3 ? a + 3 * rowStrideA : a;
        nint p = 0;
        for (; depth > 0; depth--)
        {
            TRegister right = TRegister.Load(b, mask);
            c0 = TRegister.MultiplyAdd(TRegister.Broadcast(a[p]), right, c0);
            c1 = TRegister.MultiplyAdd(TRegister.Broadcast(a1[p]), right, c1);
            c2 = TRegister.MultiplyAdd(TRegister.Broadcast(a2[p]), right, c2);
            c3 = TRegister.MultiplyAdd(TRegister.Broadcast(a3[p]), right, c3);
            b += stepB.Next();
            p += stepA;
        }

        Write<TRegister, T>(c, c0, add, mask);
        if (rows > 1)
            Write<TRegister, T>(c + strideC, c1, add, mask);
        if (rows > 2)
            Write<TRegister, T>(c + 2 * strideC, c2, add, mask);
        if (rows > 3)
            Write<TRegister, T>(c + 3 * strideC, c3, add, mask);
    }
}
