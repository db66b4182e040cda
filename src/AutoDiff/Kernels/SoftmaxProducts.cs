using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AutoDiff.Kernels;

/// <summary>The products with the Jacobians of the functions of rows that are made of exponentials, each row while it is in the nearest cache.</summary>
internal static class SoftmaxProducts
{
    /// <summary>z = y (v - Σ y v) for each row: the softmax y, whose Jacobian is symmetric. There may be more rows of v, for which those of y repeat.</summary>
    public static void Softmax<T>(ReadOnlySpan<T> v, ReadOnlySpan<T> y, int columns, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < z.Length; i += y.Length)
        {
            RowParts.Run(y.Length / columns, y.Length / 2, v.Slice(i, y.Length), y, z.Slice(i, y.Length), static (v, y, z, rows) =>
            {
                int columns = z.Length / rows;
                for (int at = 0; at < z.Length; at += columns)
                {
                    ReadOnlySpan<T> row = v.Slice(at, columns), weights = y.Slice(at, columns);
                    Combine(row, Reductions.Dot(row, weights), weights, z.Slice(at, columns));
                }
            });
        }
    }

    /// <summary>z = (v - mean) y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Combine<T>(ReadOnlySpan<T> v, T mean, ReadOnlySpan<T> y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T source = ref MemoryMarshal.GetReference(v);
        ref T weights = ref MemoryMarshal.GetReference(y);
        ref T target = ref MemoryMarshal.GetReference(z);
        var means = new Vector<T>(mean);
        int i = 0;
        for (; i <= z.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            ((Vector.LoadUnsafe(ref source, (nuint)i) - means) * Vector.LoadUnsafe(ref weights, (nuint)i)).StoreUnsafe(ref target, (nuint)i);
        }

        for (; i < z.Length; i++)
        {
            z[i] = (v[i] - mean) * y[i];
        }
    }

    /// <summary>z = g - e^y Σ g for each row: a cotangent pulled back through the logarithm y of a softmax. There may be more rows of g, for which those of y repeat.</summary>
    public static void LogSoftmax<T>(ReadOnlySpan<T> g, ReadOnlySpan<T> y, int columns, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < z.Length; i += y.Length)
        {
            RowParts.Run(y.Length / columns, y.Length, g.Slice(i, y.Length), y, z.Slice(i, y.Length), static (g, y, z, rows) =>
            {
                int columns = z.Length / rows;
                for (int at = 0; at < z.Length; at += columns)
                {
                    ReadOnlySpan<T> row = g.Slice(at, columns);
                    Span<T> result = z.Slice(at, columns);
                    VectorMath.Exp(y.Slice(at, columns), result);
                    VectorMath.Multiply(result, Reductions.Sum(row), result);
                    VectorMath.Subtract<T>(row, result, result);
                }
            });
        }
    }
}
