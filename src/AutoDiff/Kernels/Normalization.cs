using System.Numerics;
using System.Numerics.Tensors;
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
                Span<T> row = y.Slice(i * columns, columns);
                T factor = Deviate(x.Slice(i * columns, columns), how.epsilon, how.centered, row);
                TensorPrimitives.Multiply(row, factor, row);
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
                    T factor = Deviate(x.Slice(at, columns), how.epsilon, how.centered, result);
                    TensorPrimitives.Multiply(result, factor, result);
                    Combine(row, Reductions.Dot(row, result) / n, how.centered ? Reductions.Sum(row) / n : T.Zero, factor, result);
                }
            });
        }
    }

    /// <summary>z = (v - z slope - mean) factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Combine<T>(ReadOnlySpan<T> v, T slope, T mean, T factor, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
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

    /// <summary>The factor 1 / √(mean square + ε) of each row; 0 where it would be infinite.</summary>
    public static void InverseDeviations<T>(ReadOnlySpan<T> x, int rows, int columns, T epsilon, bool centered, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] rented = Pool<T>.Shared.Rent(columns);
        for (int i = 0; i < rows; i++)
        {
            y[i] = Deviate(x.Slice(i * columns, columns), epsilon, centered, rented.AsSpan(0, columns));
        }

        Pool<T>.Shared.Return(rented);
    }

    /// <summary>Writes the deviations of a row, and gives the factor that brings them to the mean square 1.</summary>
    private static T Deviate<T>(ReadOnlySpan<T> row, T epsilon, bool centered, Span<T> deviations) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T n = T.CreateChecked(row.Length);
        if (centered)
        {
            TensorPrimitives.Subtract(row, Reductions.Sum(row) / n, deviations);
        }
        else
        {
            row.CopyTo(deviations);
        }

        T square = Reductions.SumOfSquares<T>(deviations) / n;
        if (T.IsNormal(square) && T.IsFinite(square))
        {
            return T.One / T.Sqrt(square + epsilon);
        }

        T norm = Norms.Norm<T>(deviations, T.CreateChecked(2)) / T.Sqrt(n);
        T deviation = T.Hypot(norm, T.Sqrt(epsilon));
        return deviation == T.Zero ? T.Zero : T.One / deviation;
    }
}
