using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff.Kernels;

// Packing copies a part of an operand into panels: a panel holds `width` rows of A (or columns of B) side by side, for one p after another, so that the
// micro-kernels walk through memory in one straight line. Places of the last panel that stand for no row stay as they were:
// the kernels of the edges do not read them.
internal static unsafe partial class MatrixProduct
{
    /// <summary>Packs <paramref name="count"/> rows of A (columns of B) that are neighbors in memory, <paramref name="stride"/> from one p to the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackNeighbors<TRegister, T>(T* source, nint stride, int count, int depth, T* target, int width)
        where TRegister : unmanaged, IRegister<TRegister, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (; count > 0; count -= width, source += width, target += (nint)depth * width)
        {
            int present = Math.Min(count, width);
            for (int i = 0; i < present; i += TRegister.Count)
            {
                TRegister mask = TRegister.Mask(present - i);
                T* from = source + i, to = target + i;
                for (int p = 0; p < depth; p++, from += stride, to += width)
                    TRegister.Load(from, mask).Store(to, mask);
            }
        }
    }

    /// <summary>Packs <paramref name="count"/> rows of A (columns of B) that lie <paramref name="stride"/> apart, neighbors being those of one p and the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackTransposed<T>(T* source, nint stride, int count, int depth, T* target, int width)
        where T : unmanaged
    {
        for (; count > 0; count -= width, source += width * stride, target += (nint)depth * width)
        {
            int present = Math.Min(count, width);
            int i = 0;
            for (; i + 8 <= present; i += 8)
                TransposedCopy.EightRows(source + i * stride, stride, depth, target + i, width);
            if (i + 4 <= present)
            {
                TransposedCopy.FourRows(source + i * stride, stride, depth, target + i, width);
                i += 4;
            }
            if (i + 2 <= present)
            {
                TransposedCopy.TwoRows(source + i * stride, stride, depth, target + i, width);
                i += 2;
            }
            for (; i < present; i++)
            {
                for (int p = 0; p < depth; p++)
                    target[(nint)p * width + i] = source[i * stride + p];
            }
        }
    }
}
