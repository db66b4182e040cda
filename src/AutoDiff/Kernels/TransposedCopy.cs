using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace AutoDiff.Kernels;

/// <summary>Transposes parts of matrices, four rows at a time in registers.</summary>
internal static unsafe class TransposedCopy
{
    /// <summary>Tiles of this edge keep both sides in the first-level cache, and fill the lines of the target.</summary>
    private const int Tile = 32;

    /// <summary>Whether the processor has the instructions that this is about; without them it goes number by number.</summary>
    public static bool IsAccelerated => Sse2.IsSupported || AdvSimd.Arm64.IsSupported;

    /// <summary>target (n × m) := the transpose of source (m × n).</summary>
    public static void Run<T>(ReadOnlySpan<T> source, int m, int n, Span<T> target)
        where T : unmanaged
    {
        fixed (T* from = source, to = target)
        {
            Run(from, n, m, n, to, m);
        }
    }

    /// <summary>target (n × m) := the transpose of source (m × n); rows of each lie a stride apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(T* source, nint sourceStride, int m, int n, T* target, nint targetStride)
        where T : unmanaged
    {
        for (int i0 = 0; i0 < m; i0 += Tile)
        {
            int i1 = Math.Min(i0 + Tile, m);
            for (int j0 = 0; j0 < n; j0 += Tile)
            {
                int j1 = Math.Min(j0 + Tile, n);
                int i = i0;
                for (; i + 4 <= i1; i += 4)
                {
                    FourRows(source + (i * sourceStride) + j0, sourceStride, j1 - j0, target + (j0 * targetStride) + i, targetStride);
                }

                if (i + 2 <= i1)
                {
                    TwoRows(source + (i * sourceStride) + j0, sourceStride, j1 - j0, target + (j0 * targetStride) + i, targetStride);
                    i += 2;
                }

                for (; i < i1; i++)
                {
                    for (int j = j0; j < j1; j++)
                    {
                        target[(j * targetStride) + i] = source[(i * sourceStride) + j];
                    }
                }
            }
        }
    }

    /// <summary>Four rows of <paramref name="length"/> numbers become as many rows of four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FourRows<T>(T* row0, nint sourceStride, int length, T* target, nint targetStride)
        where T : unmanaged
    {
        T* row1 = row0 + sourceStride, row2 = row1 + sourceStride, row3 = row2 + sourceStride;
        int p = 0;
        if (IsAccelerated && sizeof(T) == sizeof(float))
        {
            for (; p + 4 <= length; p += 4, target += 4 * targetStride)
            {
                Vector128<float> r0 = Vector128.Load((float*)(row0 + p)), r1 = Vector128.Load((float*)(row1 + p));
                Vector128<float> r2 = Vector128.Load((float*)(row2 + p)), r3 = Vector128.Load((float*)(row3 + p));
                Vector128<float> even0 = ZipLow(r0, r2), even1 = ZipLow(r1, r3), odd0 = ZipHigh(r0, r2), odd1 = ZipHigh(r1, r3);
                ZipLow(even0, even1).Store((float*)target);
                ZipHigh(even0, even1).Store((float*)(target + targetStride));
                ZipLow(odd0, odd1).Store((float*)(target + (2 * targetStride)));
                ZipHigh(odd0, odd1).Store((float*)(target + (3 * targetStride)));
            }
        }
        else if (IsAccelerated && sizeof(T) == sizeof(double))
        {
            for (; p + 2 <= length; p += 2, target += 2 * targetStride)
            {
                Vector128<double> r0 = Vector128.Load((double*)(row0 + p)), r1 = Vector128.Load((double*)(row1 + p));
                Vector128<double> r2 = Vector128.Load((double*)(row2 + p)), r3 = Vector128.Load((double*)(row3 + p));
                ZipLow(r0, r1).Store((double*)target);
                ZipLow(r2, r3).Store((double*)(target + 2));
                ZipHigh(r0, r1).Store((double*)(target + targetStride));
                ZipHigh(r2, r3).Store((double*)(target + targetStride + 2));
            }
        }

        for (; p < length; p++, target += targetStride)
        {
            target[0] = row0[p];
            target[1] = row1[p];
            target[2] = row2[p];
            target[3] = row3[p];
        }
    }

    /// <summary>Two rows of <paramref name="length"/> numbers become as many rows of two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TwoRows<T>(T* row0, nint sourceStride, int length, T* target, nint targetStride)
        where T : unmanaged
    {
        T* row1 = row0 + sourceStride;
        int p = 0;
        if (IsAccelerated && sizeof(T) == sizeof(float))
        {
            for (; p + 4 <= length; p += 4, target += 4 * targetStride)
            {
                Vector128<float> r0 = Vector128.Load((float*)(row0 + p)), r1 = Vector128.Load((float*)(row1 + p));
                Vector128<float> low = ZipLow(r0, r1), high = ZipHigh(r0, r1);
                low.GetLower().Store((float*)target);
                low.GetUpper().Store((float*)(target + targetStride));
                high.GetLower().Store((float*)(target + (2 * targetStride)));
                high.GetUpper().Store((float*)(target + (3 * targetStride)));
            }
        }
        else if (IsAccelerated && sizeof(T) == sizeof(double))
        {
            for (; p + 2 <= length; p += 2, target += 2 * targetStride)
            {
                Vector128<double> r0 = Vector128.Load((double*)(row0 + p)), r1 = Vector128.Load((double*)(row1 + p));
                ZipLow(r0, r1).Store((double*)target);
                ZipHigh(r0, r1).Store((double*)(target + targetStride));
            }
        }

        for (; p < length; p++, target += targetStride)
        {
            target[0] = row0[p];
            target[1] = row1[p];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ZipLow(Vector128<float> x, Vector128<float> y) => Sse.IsSupported ? Sse.UnpackLow(x, y) : AdvSimd.Arm64.ZipLow(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ZipHigh(Vector128<float> x, Vector128<float> y) => Sse.IsSupported ? Sse.UnpackHigh(x, y) : AdvSimd.Arm64.ZipHigh(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> ZipLow(Vector128<double> x, Vector128<double> y) => Sse2.IsSupported ? Sse2.UnpackLow(x, y) : AdvSimd.Arm64.ZipLow(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> ZipHigh(Vector128<double> x, Vector128<double> y) => Sse2.IsSupported ? Sse2.UnpackHigh(x, y) : AdvSimd.Arm64.ZipHigh(x, y);
}
