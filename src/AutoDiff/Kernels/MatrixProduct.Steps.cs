using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AutoDiff.Kernels;

// How the rows of B follow one another: equally far apart, or as a list of steps says. By such a list a convolution reads rows where they lie, the same ones for several windows.
internal static unsafe partial class MatrixProduct
{
    /// <summary>C = or += A · B on the calling thread, where row p + 1 of B begins <paramref name="steps"/>[p] behind row p. Rows of B may overlap.</summary>
    public static void Multiply<T>(int m, int n, int k, in MatrixView<T> a, T* b, int* steps, T* c, nint strideC, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated)
            Parts<Register512<T>, T>(m, n, k, a, b, steps, c, strideC, accumulate);
        else if (Vector256.IsHardwareAccelerated)
            Parts<Register256<T>, T>(m, n, k, a, b, steps, c, strideC, accumulate);
        else
            Parts<Register128<T>, T>(m, n, k, a, b, steps, c, strideC, accumulate);
    }

    private static void Parts<TRegister, T>(int m, int n, int k, in MatrixView<T> a, T* b, int* steps, T* c, nint strideC, bool add)
        where TRegister : unmanaged, IRegister<TRegister, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int p = 0; p < k; p += Depth)
        {
            int depth = Math.Min(Depth, k - p);
            Panels<TRegister, ListedSteps, T>(m, n, depth, a.From(0, p).Start, TRegister.BlockRows * a.RowStride, a.RowStride, a.ColumnStride, b, 2 * TRegister.Count, new(steps + p),
                c, strideC, add || p > 0, Everywhere);
            for (int i = p; i < p + depth && p + depth < k; i++)
                b += steps[i];
        }
    }

    /// <summary>The steps from a row of B to the next.</summary>
    private interface IStep
    {
        nint Next();
    }

    private readonly struct EqualSteps(nint step) : IStep
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public nint Next() => step;
    }

    private struct ListedSteps(int* next) : IStep
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public nint Next() => *next++;
    }
}
