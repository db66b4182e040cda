using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

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
            for (; i + 4 <= present; i += 4)
                TransposeFour(source + i * stride, stride, depth, target + i, width);
            for (; i < present; i++)
            {
                for (int p = 0; p < depth; p++)
                    target[(nint)p * width + i] = source[i * stride + p];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeFour<T>(T* row0, nint stride, int depth, T* target, nint width)
        where T : unmanaged
    {
        T* row1 = row0 + stride, row2 = row1 + stride, row3 = row2 + stride;
        int p = 0;
        if (CanTranspose)
        {
            if (sizeof(T) == sizeof(float))
            {
                for (; p + 4 <= depth; p += 4, target += 4 * width)
                {
                    Vector128<float> r0 = Vector128.Load((float*)(row0 + p)), r1 = Vector128.Load((float*)(row1 + p));
                    Vector128<float> r2 = Vector128.Load((float*)(row2 + p)), r3 = Vector128.Load((float*)(row3 + p));
                    Vector128<float> even0 = ZipLow(r0, r2), even1 = ZipLow(r1, r3), odd0 = ZipHigh(r0, r2), odd1 = ZipHigh(r1, r3);
                    ZipLow(even0, even1).Store((float*)target);
                    ZipHigh(even0, even1).Store((float*)(target + width));
                    ZipLow(odd0, odd1).Store((float*)(target + 2 * width));
                    ZipHigh(odd0, odd1).Store((float*)(target + 3 * width));
                }
            }
            else
            {
                for (; p + 2 <= depth; p += 2, target += 2 * width)
                {
                    Vector128<double> r0 = Vector128.Load((double*)(row0 + p)), r1 = Vector128.Load((double*)(row1 + p));
                    Vector128<double> r2 = Vector128.Load((double*)(row2 + p)), r3 = Vector128.Load((double*)(row3 + p));
                    ZipLow(r0, r1).Store((double*)target);
                    ZipLow(r2, r3).Store((double*)(target + 2));
                    ZipHigh(r0, r1).Store((double*)(target + width));
                    ZipHigh(r2, r3).Store((double*)(target + width + 2));
                }
            }
        }

        for (; p < depth; p++, target += width)
        {
            target[0] = row0[p];
            target[1] = row1[p];
            target[2] = row2[p];
            target[3] = row3[p];
        }
    }

    private static bool CanTranspose => Sse2.IsSupported || AdvSimd.Arm64.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipLow(Vector128<float> x, Vector128<float> y) => Sse.IsSupported ? Sse.UnpackLow(x, y) : AdvSimd.Arm64.ZipLow(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipHigh(Vector128<float> x, Vector128<float> y) => Sse.IsSupported ? Sse.UnpackHigh(x, y) : AdvSimd.Arm64.ZipHigh(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> ZipLow(Vector128<double> x, Vector128<double> y) => Sse2.IsSupported ? Sse2.UnpackLow(x, y) : AdvSimd.Arm64.ZipLow(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> ZipHigh(Vector128<double> x, Vector128<double> y) => Sse2.IsSupported ? Sse2.UnpackHigh(x, y) : AdvSimd.Arm64.ZipHigh(x, y);
}
