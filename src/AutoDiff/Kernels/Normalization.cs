using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AutoDiff.Kernels;

/// <summary>Rows brought to the mean 0 and the mean square 1. The mean is taken first and the deviations after it, and squares that would leave the range of the numbers are scaled.</summary>
internal static class Normalization
{
    /// <summary>y = (x - mean) / √(mean square of that + ε) for each row; without <paramref name="centered"/>, y = x / √(mean square + ε).</summary>
    public static void Standardize<T>(ReadOnlySpan<T> x, int rows, int columns, T epsilon, bool centered, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RowParts.Run(rows, (long)rows * columns / 2, x, [], y, (epsilon, centered), static (x, _, y, rows, how) =>
        {
            int columns = x.Length / rows;
            for (int i = 0; i < rows; i++)
            {
                StandardizeRow(x.Slice(i * columns, columns), how.epsilon, how.centered, y.Slice(i * columns, columns));
            }
        });
    }

    /// <summary>
    /// z = r (v - mean(v) - y mean(y v)) for each row, with y and its factor r from x; without <paramref name="centered"/>, z = r (v - y mean(y v)). The Jacobian is symmetric.
    /// There may be more rows of v, for which those of x repeat.
    /// </summary>
    public static void Product<T>(ReadOnlySpan<T> v, ReadOnlySpan<T> x, int columns, T epsilon, bool centered, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < z.Length; i += x.Length)
        {
            RowParts.Run(x.Length / columns, x.Length, v.Slice(i, x.Length), x, z.Slice(i, x.Length), (epsilon, centered), static (v, x, z, rows, how) =>
            {
                int columns = x.Length / rows;
                T n = T.CreateChecked(columns);
                for (int at = 0; at < z.Length; at += columns)
                {
                    ReadOnlySpan<T> row = v.Slice(at, columns);
                    Span<T> result = z.Slice(at, columns);
                    T factor = StandardizeRow(x.Slice(at, columns), how.epsilon, how.centered, result);
                    Combine(row, Reductions.Dot(row, result) / n, how.centered ? Reductions.Sum(row) / n : T.Zero, factor, result);
                }
            });
        }
    }

    /// <summary>The factor 1 / √(mean square + ε) of each row; 0 where it would be infinite.</summary>
    public static void InverseDeviations<T>(ReadOnlySpan<T> x, int rows, int columns, T epsilon, bool centered, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < rows; i++)
        {
            (_, y[i]) = Moments(x.Slice(i * columns, columns), epsilon, centered);
        }
    }

    /// <summary>y = (x - mean) / √(mean square of that + ε) of one row; gives the factor.</summary>
    private static T StandardizeRow<T>(ReadOnlySpan<T> x, T epsilon, bool centered, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (T mean, T factor) = Moments(x, epsilon, centered);
        Standardize(x, mean, factor, y);
        return factor;
    }

    /// <summary>The mean of a row (0 if it is not asked for) and the factor that brings the deviations from it to the mean square 1. The deviations are not kept: taking them again costs less.</summary>
    public static (T Mean, T Factor) Moments<T>(ReadOnlySpan<T> row, T epsilon, bool centered) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T n = T.CreateChecked(row.Length);
        T mean = centered ? Reductions.Sum(row) / n : T.Zero;
        T square = Reductions.SumOfSquaredDeviations(row, mean) / n;
        if (T.IsNormal(square) && T.IsFinite(square))
        {
            return (mean, T.One / T.Sqrt(square + epsilon));
        }

        using Scratch<T> deviations = new(row.Length);
        VectorMath.Subtract(row, mean, deviations.Span);
        T norm = Norms.Norm<T>(deviations.Span, T.CreateChecked(2)) / T.Sqrt(n);
        T deviation = T.Hypot(norm, T.Sqrt(epsilon));
        return (mean, deviation == T.Zero ? T.Zero : T.One / deviation);
    }

    /// <summary>y = (x - mean) factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Standardize<T>(ReadOnlySpan<T> x, T mean, T factor, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T source = ref MemoryMarshal.GetReference(x);
        ref T target = ref MemoryMarshal.GetReference(y);
        var (means, factors) = (new Vector<T>(mean), new Vector<T>(factor));
        int i = 0;
        for (; i <= y.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            ((Vector.LoadUnsafe(ref source, (nuint)i) - means) * factors).StoreUnsafe(ref target, (nuint)i);
        }

        for (; i < y.Length; i++)
        {
            y[i] = (x[i] - mean) * factor;
        }
    }

    /// <summary>z = (v - z slope - mean) factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Combine<T>(ReadOnlySpan<T> v, T slope, T mean, T factor, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T source = ref MemoryMarshal.GetReference(v);
        ref T target = ref MemoryMarshal.GetReference(z);
        var (slopes, means, factors) = (new Vector<T>(slope), new Vector<T>(mean), new Vector<T>(factor));
        int i = 0;
        for (; i <= z.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            ((Vector.LoadUnsafe(ref source, (nuint)i) - (Vector.LoadUnsafe(ref target, (nuint)i) * slopes) - means) * factors).StoreUnsafe(ref target, (nuint)i);
        }

        for (; i < z.Length; i++)
        {
            z[i] = (v[i] - (z[i] * slope) - mean) * factor;
        }
    }
}
