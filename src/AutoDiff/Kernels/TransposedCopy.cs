using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace AutoDiff.Kernels;

/// <summary>Transposes parts of matrices, four or eight rows at a time in registers.</summary>
internal static unsafe class TransposedCopy
{
    /// <summary>Tiles of so many rows of the source keep both sides in the first-level cache, and fill the lines of the target.</summary>
    private const int Tile = 32;

    /// <summary>So many rows of the target are written while the next ones are on their way from memory: each may lie on a page of its own, and no processor foresees that.</summary>
    private const int TargetRows = 8;

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
            for (int j0 = 0; j0 < n; j0 += TargetRows)
            {
                int j1 = Math.Min(j0 + TargetRows, n);
                Prefetch(target + (j1 * targetStride) + i0, targetStride, Math.Min(TargetRows, n - j1), i1 - i0);
                int i = i0;
                for (; i + 8 <= i1; i += 8)
                {
                    EightRows(source + (i * sourceStride) + j0, sourceStride, j1 - j0, target + (j0 * targetStride) + i, targetStride);
                }

                if (i + 4 <= i1)
                {
                    FourRows(source + (i * sourceStride) + j0, sourceStride, j1 - j0, target + (j0 * targetStride) + i, targetStride);
                    i += 4;
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch<T>(T* start, nint stride, int rows, int length)
        where T : unmanaged
    {
        const int CacheLine = 64;
        for (int i = 0; Sse.IsSupported && i < rows; i++)
        {
            for (int j = 0; j < length; j += CacheLine / sizeof(T))
            {
                Sse.Prefetch0(start + (i * stride) + j);
            }
        }
    }

    /// <summary>Eight rows of <paramref name="length"/> numbers become as many rows of eight. As <see cref="FourRows"/>, with other four rows in the upper halves of registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void EightRows<T>(T* row0, nint sourceStride, int length, T* target, nint targetStride)
        where T : unmanaged
    {
        if (!Avx.IsSupported || sizeof(T) != sizeof(float))
        {
            FourRows(row0, sourceStride, length, target, targetStride);
            FourRows(row0 + (4 * sourceStride), sourceStride, length, target + 4, targetStride);
            return;
        }

        T* row1 = row0 + sourceStride, row2 = row1 + sourceStride, row3 = row2 + sourceStride;
        nint four = 4 * sourceStride;
        int p = 0;
        for (; p + 4 <= length; p += 4, target += 4 * targetStride)
        {
            Vector256<float> r0 = Both((float*)row0 + p, (float*)row0 + four + p), r1 = Both((float*)row1 + p, (float*)row1 + four + p);
            Vector256<float> r2 = Both((float*)row2 + p, (float*)row2 + four + p), r3 = Both((float*)row3 + p, (float*)row3 + four + p);
            Vector256<float> even0 = Avx.UnpackLow(r0, r2), even1 = Avx.UnpackLow(r1, r3), odd0 = Avx.UnpackHigh(r0, r2), odd1 = Avx.UnpackHigh(r1, r3);
            Avx.UnpackLow(even0, even1).Store((float*)target);
            Avx.UnpackHigh(even0, even1).Store((float*)(target + targetStride));
            Avx.UnpackLow(odd0, odd1).Store((float*)(target + (2 * targetStride)));
            Avx.UnpackHigh(odd0, odd1).Store((float*)(target + (3 * targetStride)));
        }

        for (; p < length; p++, target += targetStride)
        {
            for (int i = 0; i < 8; i++)
            {
                target[i] = row0[(i * sourceStride) + p];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Both(float* lower, float* upper) => Vector256.Create(Vector128.Load(lower), Vector128.Load(upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Both(double* lower, double* upper) => Vector256.Create(Vector128.Load(lower), Vector128.Load(upper));

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
        else if (Avx.IsSupported && sizeof(T) == sizeof(double))
        {
            for (; p + 2 <= length; p += 2, target += 2 * targetStride)
            {
                Vector256<double> even = Both((double*)row0 + p, (double*)row2 + p), odd = Both((double*)row1 + p, (double*)row3 + p);
                Avx.UnpackLow(even, odd).Store((double*)target);
                Avx.UnpackHigh(even, odd).Store((double*)(target + targetStride));
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
