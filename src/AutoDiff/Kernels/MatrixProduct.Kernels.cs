using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff.Kernels;

// The micro-kernels. Each gives a block of C the sum over p of A[i, p] · B[p, j], or adds it. A is read number by number, so its rows and columns may lie
// anywhere (rowStrideA apart, stepA from one p to the next); B is read by registers, so its columns must be neighbors (stepB says how far it is from one p to the next).
// Every number of C is one chain of multiply-adds in the order of p, whichever kernel makes it: the kernels agree to the last bit.
internal static unsafe partial class MatrixProduct
{
    /// <summary>A block of 12 rows and two registers of columns: 24 accumulators, held in locals so that none ever leaves its register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block12<TRegister, TStep, T>(T* a, nint rowStrideA, nint stepA, T* b, TStep stepB, int depth, T* c, nint strideC, bool add)
        where TRegister : unmanaged, IRegister<TRegister, T>
        where TStep : struct, IStep
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TRegister c0l = default, c0r = default, c1l = default, c1r = default, c2l = default, c2r = default;
        TRegister c3l = default, c3r = default, c4l = default, c4r = default, c5l = default, c5r = default;
        TRegister c6l = default, c6r = default, c7l = default, c7r = default, c8l = default, c8r = default;
        TRegister c9l = default, c9r = default, cAl = default, cAr = default, cBl = default, cBr = default;
        nint twice = 2 * rowStrideA;
        T* a3 = a + 3 * rowStrideA;
        T* a6 = a + 6 * rowStrideA;
        T* a9 = a + 9 * rowStrideA;
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
            x = TRegister.Broadcast(a6[twice]);
            c8l = TRegister.MultiplyAdd(x, left, c8l);
            c8r = TRegister.MultiplyAdd(x, right, c8r);
            x = TRegister.Broadcast(*a9);
            c9l = TRegister.MultiplyAdd(x, left, c9l);
            c9r = TRegister.MultiplyAdd(x, right, c9r);
            x = TRegister.Broadcast(a9[rowStrideA]);
            cAl = TRegister.MultiplyAdd(x, left, cAl);
            cAr = TRegister.MultiplyAdd(x, right, cAr);
            x = TRegister.Broadcast(a9[twice]);
            cBl = TRegister.MultiplyAdd(x, left, cBl);
            cBr = TRegister.MultiplyAdd(x, right, cBr);
            b += stepB.Next();
            a += stepA;
            a3 += stepA;
            a6 += stepA;
            a9 += stepA;
        }

        Write<TRegister, T>(c, c0l, c0r, add);
        Write<TRegister, T>(c += strideC, c1l, c1r, add);
        Write<TRegister, T>(c += strideC, c2l, c2r, add);
        Write<TRegister, T>(c += strideC, c3l, c3r, add);
        Write<TRegister, T>(c += strideC, c4l, c4r, add);
        Write<TRegister, T>(c += strideC, c5l, c5r, add);
        Write<TRegister, T>(c += strideC, c6l, c6r, add);
        Write<TRegister, T>(c += strideC, c7l, c7r, add);
        Write<TRegister, T>(c += strideC, c8l, c8r, add);
        Write<TRegister, T>(c += strideC, c9l, c9r, add);
        Write<TRegister, T>(c += strideC, cAl, cAr, add);
        Write<TRegister, T>(c += strideC, cBl, cBr, add);
    }

    /// <summary>A block of 6 rows and two registers of columns: 12 accumulators, held in locals so that none ever leaves its register.</summary>
    /// <remarks>
    /// Where a factor is used for the last time the JIT puts the sum into its register, from where a variable of the old name would have to be moved back: seven moves for twelve multiply-adds. Four steps
    /// at a time, with new names for the sums, need them once, and count and compare once.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block6<TRegister, TStep, T>(T* a, nint rowStrideA, nint stepA, T* b, TStep stepB, int depth, T* c, nint strideC, bool add)
        where TRegister : unmanaged, IRegister<TRegister, T>
        where TStep : struct, IStep
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TRegister c0l = default, c0r = default, c1l = default, c1r = default, c2l = default, c2r = default;
        TRegister c3l = default, c3r = default, c4l = default, c4r = default, c5l = default, c5r = default;
        nint twice = 2 * rowStrideA;
        T* a3 = a + 3 * rowStrideA;
        for (; depth >= 4; depth -= 4)
        {
            TRegister left = TRegister.Load(b), right = TRegister.Load(b + TRegister.Count), x;
            x = TRegister.Broadcast(*a);
            TRegister d0l = TRegister.MultiplyAdd(x, left, c0l);
            TRegister d0r = TRegister.MultiplyAdd(x, right, c0r);
            x = TRegister.Broadcast(a[rowStrideA]);
            TRegister d1l = TRegister.MultiplyAdd(x, left, c1l);
            TRegister d1r = TRegister.MultiplyAdd(x, right, c1r);
            x = TRegister.Broadcast(a[twice]);
            TRegister d2l = TRegister.MultiplyAdd(x, left, c2l);
            TRegister d2r = TRegister.MultiplyAdd(x, right, c2r);
            x = TRegister.Broadcast(*a3);
            TRegister d3l = TRegister.MultiplyAdd(x, left, c3l);
            TRegister d3r = TRegister.MultiplyAdd(x, right, c3r);
            x = TRegister.Broadcast(a3[rowStrideA]);
            TRegister d4l = TRegister.MultiplyAdd(x, left, c4l);
            TRegister d4r = TRegister.MultiplyAdd(x, right, c4r);
            x = TRegister.Broadcast(a3[twice]);
            TRegister d5l = TRegister.MultiplyAdd(x, left, c5l);
            TRegister d5r = TRegister.MultiplyAdd(x, right, c5r);
            b += stepB.Next();
            a += stepA;
            a3 += stepA;

            left = TRegister.Load(b);
            right = TRegister.Load(b + TRegister.Count);
            x = TRegister.Broadcast(*a);
            TRegister e0l = TRegister.MultiplyAdd(x, left, d0l);
            TRegister e0r = TRegister.MultiplyAdd(x, right, d0r);
            x = TRegister.Broadcast(a[rowStrideA]);
            TRegister e1l = TRegister.MultiplyAdd(x, left, d1l);
            TRegister e1r = TRegister.MultiplyAdd(x, right, d1r);
            x = TRegister.Broadcast(a[twice]);
            TRegister e2l = TRegister.MultiplyAdd(x, left, d2l);
            TRegister e2r = TRegister.MultiplyAdd(x, right, d2r);
            x = TRegister.Broadcast(*a3);
            TRegister e3l = TRegister.MultiplyAdd(x, left, d3l);
            TRegister e3r = TRegister.MultiplyAdd(x, right, d3r);
            x = TRegister.Broadcast(a3[rowStrideA]);
            TRegister e4l = TRegister.MultiplyAdd(x, left, d4l);
            TRegister e4r = TRegister.MultiplyAdd(x, right, d4r);
            x = TRegister.Broadcast(a3[twice]);
            TRegister e5l = TRegister.MultiplyAdd(x, left, d5l);
            TRegister e5r = TRegister.MultiplyAdd(x, right, d5r);
            b += stepB.Next();
            a += stepA;
            a3 += stepA;

            left = TRegister.Load(b);
            right = TRegister.Load(b + TRegister.Count);
            x = TRegister.Broadcast(*a);
            TRegister f0l = TRegister.MultiplyAdd(x, left, e0l);
            TRegister f0r = TRegister.MultiplyAdd(x, right, e0r);
            x = TRegister.Broadcast(a[rowStrideA]);
            TRegister f1l = TRegister.MultiplyAdd(x, left, e1l);
            TRegister f1r = TRegister.MultiplyAdd(x, right, e1r);
            x = TRegister.Broadcast(a[twice]);
            TRegister f2l = TRegister.MultiplyAdd(x, left, e2l);
            TRegister f2r = TRegister.MultiplyAdd(x, right, e2r);
            x = TRegister.Broadcast(*a3);
            TRegister f3l = TRegister.MultiplyAdd(x, left, e3l);
            TRegister f3r = TRegister.MultiplyAdd(x, right, e3r);
            x = TRegister.Broadcast(a3[rowStrideA]);
            TRegister f4l = TRegister.MultiplyAdd(x, left, e4l);
            TRegister f4r = TRegister.MultiplyAdd(x, right, e4r);
            x = TRegister.Broadcast(a3[twice]);
            TRegister f5l = TRegister.MultiplyAdd(x, left, e5l);
            TRegister f5r = TRegister.MultiplyAdd(x, right, e5r);
            b += stepB.Next();
            a += stepA;
            a3 += stepA;

            left = TRegister.Load(b);
            right = TRegister.Load(b + TRegister.Count);
            x = TRegister.Broadcast(*a);
            c0l = TRegister.MultiplyAdd(x, left, f0l);
            c0r = TRegister.MultiplyAdd(x, right, f0r);
            x = TRegister.Broadcast(a[rowStrideA]);
            c1l = TRegister.MultiplyAdd(x, left, f1l);
            c1r = TRegister.MultiplyAdd(x, right, f1r);
            x = TRegister.Broadcast(a[twice]);
            c2l = TRegister.MultiplyAdd(x, left, f2l);
            c2r = TRegister.MultiplyAdd(x, right, f2r);
            x = TRegister.Broadcast(*a3);
            c3l = TRegister.MultiplyAdd(x, left, f3l);
            c3r = TRegister.MultiplyAdd(x, right, f3r);
            x = TRegister.Broadcast(a3[rowStrideA]);
            c4l = TRegister.MultiplyAdd(x, left, f4l);
            c4r = TRegister.MultiplyAdd(x, right, f4r);
            x = TRegister.Broadcast(a3[twice]);
            c5l = TRegister.MultiplyAdd(x, left, f5l);
            c5r = TRegister.MultiplyAdd(x, right, f5r);
            b += stepB.Next();
            a += stepA;
            a3 += stepA;
        }

        for (; depth > 0; depth--)
        {
            TRegister left = TRegister.Load(b), right = TRegister.Load(b + TRegister.Count), x;
            x = TRegister.Broadcast(*a);
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
            b += stepB.Next();
            a += stepA;
            a3 += stepA;
        }

        Write<TRegister, T>(c, c0l, c0r, add);
        Write<TRegister, T>(c += strideC, c1l, c1r, add);
        Write<TRegister, T>(c += strideC, c2l, c2r, add);
        Write<TRegister, T>(c += strideC, c3l, c3r, add);
        Write<TRegister, T>(c += strideC, c4l, c4r, add);
        Write<TRegister, T>(c += strideC, c5l, c5r, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write<TRegister, T>(T* c, TRegister left, TRegister right, bool add)
        where TRegister : unmanaged, IRegister<TRegister, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (add ? TRegister.Load(c) + left : left).Store(c);
        (add ? TRegister.Load(c + TRegister.Count) + right : right).Store(c + TRegister.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write<TRegister, T>(T* c, TRegister left, TRegister right, bool add, TRegister maskLeft, TRegister maskRight)
        where TRegister : unmanaged, IRegister<TRegister, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Write<TRegister, T>(c, left, add, maskLeft);
        Write<TRegister, T>(c + TRegister.Count, right, add, maskRight);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write<TRegister, T>(T* c, TRegister value, bool add, TRegister mask)
        where TRegister : unmanaged, IRegister<TRegister, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => (add ? TRegister.Load(c, mask) + value : value).Store(c, mask);
}
