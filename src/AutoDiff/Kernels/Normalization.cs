using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AutoDiff.Kernels;

/// <summary>Rows brought to the mean 0 and the mean square 1. The mean is taken first and the deviations after it, and squares that would leave the range of the numbers are scaled.</summary>
internal static class Normalization
{
    /// <summary>y = (x - mean) / √(mean square of that + ε) for each row; without <paramref name="centered"/>, y = x / √(mean square + ε).</summary>
    public static void Standardize<T>(ReadOnlySpan<T> x, int columns, T epsilon, bool centered, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RowParts.Run(columns == 0 ? 0 : y.Length / columns, y.Length / 2, x, [], y, (epsilon, centered), static (x, _, y, rows, how) =>
        {
            int columns = x.Length / rows;
            RowMoments<T> next = default;
            for (int i = 0; i < rows; i++)
            {
                RowMoments<T> moments = Moments(x, i, columns, how.epsilon, how.centered, ref next);
                Standardize(x.Slice(i * columns, columns), moments, y.Slice(i * columns, columns));
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
                RowMoments<T> next = default;
                for (int i = 0; i < rows; i++)
                {
                    ReadOnlySpan<T> row = v.Slice(i * columns, columns);
                    Span<T> result = z.Slice(i * columns, columns);
                    RowMoments<T> moments = Moments(x, i, columns, how.epsilon, how.centered, ref next);
                    Standardize(x.Slice(i * columns, columns), moments, result);
                    Combine(row, how.centered, moments.Factor, result);
                }
            });
        }
    }

    /// <summary>The factor 1 / √(mean square + ε) of each row; 0 where it would be infinite.</summary>
    public static void InverseDeviations<T>(ReadOnlySpan<T> x, int rows, int columns, T epsilon, bool centered, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RowMoments<T> next = default;
        for (int i = 0; i < rows; i++)
        {
            y[i] = Moments(x, i, columns, epsilon, centered, ref next).Factor;
        }
    }

    /// <summary>
    /// The mean of a row (0 if it is not asked for) and the factor that brings the deviations from it to the mean square 1. The deviations are not kept: taking them again costs less.
    /// Asked for the rows in order: every other row takes those of the next one along, for two rows take little longer than one.
    /// </summary>
    public static RowMoments<T> Moments<T>(ReadOnlySpan<T> x, int row, int columns, T epsilon, bool centered, ref RowMoments<T> ofNext) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (row % 2 != 0)
        {
            return ofNext;
        }

        T n = T.CreateChecked(columns);
        ReadOnlySpan<T> first = x.Slice(row * columns, columns);
        if ((row + 2) * columns > x.Length)
        {
            T mean = centered ? Reductions.Sum(first) / n : T.Zero;
            return new(mean, Factor(first, mean, Reductions.SumOfSquaredDeviations(first, mean), epsilon));
        }

        ReadOnlySpan<T> second = x.Slice((row + 1) * columns, columns);
        (T a, T b) = centered ? Reductions.SumsOfTwo(first, second) : default;
        (a, b) = (a / n, b / n);
        (T squaresOfA, T squaresOfB) = Reductions.SumsOfSquaredDeviations(first, a, second, b);
        ofNext = new(b, Factor(second, b, squaresOfB, epsilon));
        return new(a, Factor(first, a, squaresOfA, epsilon));
    }

    private static T Factor<T>(ReadOnlySpan<T> row, T mean, T sumOfSquares, T epsilon) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T n = T.CreateChecked(row.Length);
        T square = sumOfSquares / n;
        if (T.IsNormal(square) && T.IsFinite(square))
        {
            return T.One / T.Sqrt(square + epsilon);
        }

        using Scratch<T> deviations = new(row.Length);
        VectorMath.Subtract(row, mean, deviations.Span);
        T norm = Norms.Norm<T>(deviations.Span, T.CreateChecked(2)) / T.Sqrt(n);
        T deviation = T.Hypot(norm, T.Sqrt(epsilon));
        return deviation == T.Zero ? T.Zero : T.One / deviation;
    }

    /// <summary>y = (x - mean) factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Standardize<T>(ReadOnlySpan<T> x, RowMoments<T> moments, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T source = ref MemoryMarshal.GetReference(x);
        ref T target = ref MemoryMarshal.GetReference(y);
        (T mean, T factor) = moments;
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

    /// <summary>z = (v - z mean(z v) - mean(v)) factor; without <paramref name="centered"/>, no mean(v).</summary>
    public static void Combine<T>(ReadOnlySpan<T> v, bool centered, T factor, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T n = T.CreateChecked(v.Length);
        (T dot, T sum) = centered ? Reductions.DotAndSum(v, z) : (Reductions.Dot(v, z), T.Zero);
        Combine(v, dot / n, sum / n, factor, z);
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
}

/// <summary>The mean of a row, and the factor that brings the deviations from it to the mean square 1.</summary>
internal readonly record struct RowMoments<T>(T Mean, T Factor);
