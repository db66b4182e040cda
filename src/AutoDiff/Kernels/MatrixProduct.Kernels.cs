using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff.Kernels;

// The micro-kernels. Each gives a block of C the sum over p of A[i, p] · B[p, j], or adds it. A is read number by number, so its rows and columns may lie
// anywhere (rowStrideA apart, stepA from one p to the next); B is read by registers, so its columns must be neighbours (stepB from one p to the next).
// Every number of C is one chain of multiply-adds in the order of p, whichever kernel makes it: the kernels agree to the last bit.
internal static unsafe partial class MatrixProduct
{
    /// <summary>A block of 12 rows and two registers of columns: 24 accumulators, held in locals so that none ever leaves its register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block12<TLanes, T>(T* a, nint rowStrideA, nint stepA, T* b, nint stepB, int depth, T* c, nint strideC, bool add)
        where TLanes : unmanaged, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TLanes c0l = default, c0r = default, c1l = default, c1r = default, c2l = default, c2r = default;
        TLanes c3l = default, c3r = default, c4l = default, c4r = default, c5l = default, c5r = default;
        TLanes c6l = default, c6r = default, c7l = default, c7r = default, c8l = default, c8r = default;
        TLanes c9l = default, c9r = default, cAl = default, cAr = default, cBl = default, cBr = default;
        nint twice = 2 * rowStrideA;
        T* a3 = a + 3 * rowStrideA;
        T* a6 = a + 6 * rowStrideA;
        T* a9 = a + 9 * rowStrideA;
        for (; depth > 0; depth--)
        {
            TLanes left = TLanes.Load(b), right = TLanes.Load(b + TLanes.Count);
            TLanes x = TLanes.Broadcast(*a);
            c0l = TLanes.MultiplyAdd(x, left, c0l);
            c0r = TLanes.MultiplyAdd(x, right, c0r);
            x = TLanes.Broadcast(a[rowStrideA]);
            c1l = TLanes.MultiplyAdd(x, left, c1l);
            c1r = TLanes.MultiplyAdd(x, right, c1r);
            x = TLanes.Broadcast(a[twice]);
            c2l = TLanes.MultiplyAdd(x, left, c2l);
            c2r = TLanes.MultiplyAdd(x, right, c2r);
            x = TLanes.Broadcast(*a3);
            c3l = TLanes.MultiplyAdd(x, left, c3l);
            c3r = TLanes.MultiplyAdd(x, right, c3r);
            x = TLanes.Broadcast(a3[rowStrideA]);
            c4l = TLanes.MultiplyAdd(x, left, c4l);
            c4r = TLanes.MultiplyAdd(x, right, c4r);
            x = TLanes.Broadcast(a3[twice]);
            c5l = TLanes.MultiplyAdd(x, left, c5l);
            c5r = TLanes.MultiplyAdd(x, right, c5r);
            x = TLanes.Broadcast(*a6);
            c6l = TLanes.MultiplyAdd(x, left, c6l);
            c6r = TLanes.MultiplyAdd(x, right, c6r);
            x = TLanes.Broadcast(a6[rowStrideA]);
            c7l = TLanes.MultiplyAdd(x, left, c7l);
            c7r = TLanes.MultiplyAdd(x, right, c7r);
            x = TLanes.Broadcast(a6[twice]);
            c8l = TLanes.MultiplyAdd(x, left, c8l);
            c8r = TLanes.MultiplyAdd(x, right, c8r);
            x = TLanes.Broadcast(*a9);
            c9l = TLanes.MultiplyAdd(x, left, c9l);
            c9r = TLanes.MultiplyAdd(x, right, c9r);
            x = TLanes.Broadcast(a9[rowStrideA]);
            cAl = TLanes.MultiplyAdd(x, left, cAl);
            cAr = TLanes.MultiplyAdd(x, right, cAr);
            x = TLanes.Broadcast(a9[twice]);
            cBl = TLanes.MultiplyAdd(x, left, cBl);
            cBr = TLanes.MultiplyAdd(x, right, cBr);
            b += stepB;
            a += stepA;
            a3 += stepA;
            a6 += stepA;
            a9 += stepA;
        }

        Write<TLanes, T>(c, c0l, c0r, add);
        Write<TLanes, T>(c += strideC, c1l, c1r, add);
        Write<TLanes, T>(c += strideC, c2l, c2r, add);
        Write<TLanes, T>(c += strideC, c3l, c3r, add);
        Write<TLanes, T>(c += strideC, c4l, c4r, add);
        Write<TLanes, T>(c += strideC, c5l, c5r, add);
        Write<TLanes, T>(c += strideC, c6l, c6r, add);
        Write<TLanes, T>(c += strideC, c7l, c7r, add);
        Write<TLanes, T>(c += strideC, c8l, c8r, add);
        Write<TLanes, T>(c += strideC, c9l, c9r, add);
        Write<TLanes, T>(c += strideC, cAl, cAr, add);
        Write<TLanes, T>(c += strideC, cBl, cBr, add);
    }

    /// <summary>A block of 6 rows and two registers of columns: 12 accumulators, held in locals so that none ever leaves its register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block6<TLanes, T>(T* a, nint rowStrideA, nint stepA, T* b, nint stepB, int depth, T* c, nint strideC, bool add)
        where TLanes : unmanaged, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TLanes c0l = default, c0r = default, c1l = default, c1r = default, c2l = default, c2r = default;
        TLanes c3l = default, c3r = default, c4l = default, c4r = default, c5l = default, c5r = default;
        nint twice = 2 * rowStrideA;
        T* a3 = a + 3 * rowStrideA;
        for (; depth > 0; depth--)
        {
            TLanes left = TLanes.Load(b), right = TLanes.Load(b + TLanes.Count);
            TLanes x = TLanes.Broadcast(*a);
            c0l = TLanes.MultiplyAdd(x, left, c0l);
            c0r = TLanes.MultiplyAdd(x, right, c0r);
            x = TLanes.Broadcast(a[rowStrideA]);
            c1l = TLanes.MultiplyAdd(x, left, c1l);
            c1r = TLanes.MultiplyAdd(x, right, c1r);
            x = TLanes.Broadcast(a[twice]);
            c2l = TLanes.MultiplyAdd(x, left, c2l);
            c2r = TLanes.MultiplyAdd(x, right, c2r);
            x = TLanes.Broadcast(*a3);
            c3l = TLanes.MultiplyAdd(x, left, c3l);
            c3r = TLanes.MultiplyAdd(x, right, c3r);
            x = TLanes.Broadcast(a3[rowStrideA]);
            c4l = TLanes.MultiplyAdd(x, left, c4l);
            c4r = TLanes.MultiplyAdd(x, right, c4r);
            x = TLanes.Broadcast(a3[twice]);
            c5l = TLanes.MultiplyAdd(x, left, c5l);
            c5r = TLanes.MultiplyAdd(x, right, c5r);
            b += stepB;
            a += stepA;
            a3 += stepA;
        }

        Write<TLanes, T>(c, c0l, c0r, add);
        Write<TLanes, T>(c += strideC, c1l, c1r, add);
        Write<TLanes, T>(c += strideC, c2l, c2r, add);
        Write<TLanes, T>(c += strideC, c3l, c3r, add);
        Write<TLanes, T>(c += strideC, c4l, c4r, add);
        Write<TLanes, T>(c += strideC, c5l, c5r, add);
    }

    /// <summary>At most four rows and two registers of columns, of which <paramref name="columns"/> are there.</summary>
    /// <remarks>A row that is not there is computed as the first one again and not written.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Edge4<TLanes, T>(T* a, nint rowStrideA, nint stepA, T* b, nint stepB, int depth, T* c, nint strideC, bool add, int rows, int columns)
        where TLanes : unmanaged, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TLanes maskLeft = TLanes.Mask(columns), maskRight = TLanes.Mask(columns - TLanes.Count);
        TLanes c0l = default, c0r = default, c1l = default, c1r = default, c2l = default, c2r = default, c3l = default, c3r = default;
        T* a1 = rows > 1 ? a + rowStrideA : a;
        T* a2 = rows > 2 ? a + 2 * rowStrideA : a;
        T* a3 = rows > 3 ? a + 3 * rowStrideA : a;
        nint p = 0;
        for (; depth > 0; depth--)
        {
            TLanes left = TLanes.Load(b, maskLeft), right = TLanes.Load(b + TLanes.Count, maskRight);
            TLanes x = TLanes.Broadcast(a[p]);
            c0l = TLanes.MultiplyAdd(x, left, c0l);
            c0r = TLanes.MultiplyAdd(x, right, c0r);
            x = TLanes.Broadcast(a1[p]);
            c1l = TLanes.MultiplyAdd(x, left, c1l);
            c1r = TLanes.MultiplyAdd(x, right, c1r);
            x = TLanes.Broadcast(a2[p]);
            c2l = TLanes.MultiplyAdd(x, left, c2l);
            c2r = TLanes.MultiplyAdd(x, right, c2r);
            x = TLanes.Broadcast(a3[p]);
            c3l = TLanes.MultiplyAdd(x, left, c3l);
            c3r = TLanes.MultiplyAdd(x, right, c3r);
            b += stepB;
            p += stepA;
        }

        Write<TLanes, T>(c, c0l, c0r, add, maskLeft, maskRight);
        if (rows > 1)
            Write<TLanes, T>(c + strideC, c1l, c1r, add, maskLeft, maskRight);
        if (rows > 2)
            Write<TLanes, T>(c + 2 * strideC, c2l, c2r, add, maskLeft, maskRight);
        if (rows > 3)
            Write<TLanes, T>(c + 3 * strideC, c3l, c3r, add, maskLeft, maskRight);
    }

    /// <summary>Twelve rows and one register of columns, of which <paramref name="columns"/> are there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Corner12<TLanes, T>(T* a, nint rowStrideA, nint stepA, T* b, nint stepB, int depth, T* c, nint strideC, bool add, int columns)
        where TLanes : unmanaged, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TLanes mask = TLanes.Mask(columns);
        TLanes c0 = default, c1 = default, c2 = default, c3 = default;
        TLanes c4 = default, c5 = default, c6 = default, c7 = default;
        TLanes c8 = default, c9 = default, cA = default, cB = default;
        nint twice = 2 * rowStrideA;
        T* a3 = a + 3 * rowStrideA;
        T* a6 = a + 6 * rowStrideA;
        T* a9 = a + 9 * rowStrideA;
        for (; depth > 0; depth--)
        {
            TLanes y = TLanes.Load(b, mask);
            c0 = TLanes.MultiplyAdd(TLanes.Broadcast(*a), y, c0);
            c1 = TLanes.MultiplyAdd(TLanes.Broadcast(a[rowStrideA]), y, c1);
            c2 = TLanes.MultiplyAdd(TLanes.Broadcast(a[twice]), y, c2);
            c3 = TLanes.MultiplyAdd(TLanes.Broadcast(*a3), y, c3);
            c4 = TLanes.MultiplyAdd(TLanes.Broadcast(a3[rowStrideA]), y, c4);
            c5 = TLanes.MultiplyAdd(TLanes.Broadcast(a3[twice]), y, c5);
            c6 = TLanes.MultiplyAdd(TLanes.Broadcast(*a6), y, c6);
            c7 = TLanes.MultiplyAdd(TLanes.Broadcast(a6[rowStrideA]), y, c7);
            c8 = TLanes.MultiplyAdd(TLanes.Broadcast(a6[twice]), y, c8);
            c9 = TLanes.MultiplyAdd(TLanes.Broadcast(*a9), y, c9);
            cA = TLanes.MultiplyAdd(TLanes.Broadcast(a9[rowStrideA]), y, cA);
            cB = TLanes.MultiplyAdd(TLanes.Broadcast(a9[twice]), y, cB);
            b += stepB;
            a += stepA;
            a3 += stepA;
            a6 += stepA;
            a9 += stepA;
        }

        Write<TLanes, T>(c, c0, add, mask);
        Write<TLanes, T>(c += strideC, c1, add, mask);
        Write<TLanes, T>(c += strideC, c2, add, mask);
        Write<TLanes, T>(c += strideC, c3, add, mask);
        Write<TLanes, T>(c += strideC, c4, add, mask);
        Write<TLanes, T>(c += strideC, c5, add, mask);
        Write<TLanes, T>(c += strideC, c6, add, mask);
        Write<TLanes, T>(c += strideC, c7, add, mask);
        Write<TLanes, T>(c += strideC, c8, add, mask);
        Write<TLanes, T>(c += strideC, c9, add, mask);
        Write<TLanes, T>(c += strideC, cA, add, mask);
        Write<TLanes, T>(c += strideC, cB, add, mask);
    }

    /// <summary>At most four rows and one register of columns, of which <paramref name="columns"/> are there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Corner4<TLanes, T>(T* a, nint rowStrideA, nint stepA, T* b, nint stepB, int depth, T* c, nint strideC, bool add, int rows, int columns)
        where TLanes : unmanaged, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TLanes mask = TLanes.Mask(columns);
        TLanes c0 = default, c1 = default, c2 = default, c3 = default;
        T* a1 = rows > 1 ? a + rowStrideA : a;
        T* a2 = rows > 2 ? a + 2 * rowStrideA : a;
        T* a3 = rows > 3 ? a + 3 * rowStrideA : a;
        nint p = 0;
        for (; depth > 0; depth--)
        {
            TLanes right = TLanes.Load(b, mask);
            c0 = TLanes.MultiplyAdd(TLanes.Broadcast(a[p]), right, c0);
            c1 = TLanes.MultiplyAdd(TLanes.Broadcast(a1[p]), right, c1);
            c2 = TLanes.MultiplyAdd(TLanes.Broadcast(a2[p]), right, c2);
            c3 = TLanes.MultiplyAdd(TLanes.Broadcast(a3[p]), right, c3);
            b += stepB;
            p += stepA;
        }

        Write<TLanes, T>(c, c0, add, mask);
        if (rows > 1)
            Write<TLanes, T>(c + strideC, c1, add, mask);
        if (rows > 2)
            Write<TLanes, T>(c + 2 * strideC, c2, add, mask);
        if (rows > 3)
            Write<TLanes, T>(c + 3 * strideC, c3, add, mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write<TLanes, T>(T* c, TLanes left, TLanes right, bool add)
        where TLanes : unmanaged, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (add ? TLanes.Load(c) + left : left).Store(c);
        (add ? TLanes.Load(c + TLanes.Count) + right : right).Store(c + TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write<TLanes, T>(T* c, TLanes left, TLanes right, bool add, TLanes maskLeft, TLanes maskRight)
        where TLanes : unmanaged, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Write<TLanes, T>(c, left, add, maskLeft);
        Write<TLanes, T>(c + TLanes.Count, right, add, maskRight);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write<TLanes, T>(T* c, TLanes value, bool add, TLanes mask)
        where TLanes : unmanaged, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => (add ? TLanes.Load(c, mask) + value : value).Store(c, mask);
}
