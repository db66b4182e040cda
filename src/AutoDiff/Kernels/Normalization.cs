using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;

namespace AutoDiff.Kernels;

/// <summary>Rows brought to the mean 0 and the mean square 1. The mean is taken first and the deviations after it, and squares that would leave the range of the numbers are scaled.</summary>
internal static class Normalization
{
    /// <summary>y = (x - mean) / √(mean square of that + ε) for each row; without <paramref name="centered"/>, y = x / √(mean square + ε).</summary>
    public static void Standardize<T>(ReadOnlySpan<T> x, int rows, int columns, T epsilon, bool centered, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < rows; i++)
        {
            Span<T> row = y.Slice(i * columns, columns);
            T factor = Deviate(x.Slice(i * columns, columns), epsilon, centered, row);
            TensorPrimitives.Multiply(row, factor, row);
        }
    }

    /// <summary>The factor 1 / √(mean square + ε) of each row; 0 where it would be infinite.</summary>
    public static void InverseDeviations<T>(ReadOnlySpan<T> x, int rows, int columns, T epsilon, bool centered, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] rented = ArrayPool<T>.Shared.Rent(columns);
        for (int i = 0; i < rows; i++)
        {
            y[i] = Deviate(x.Slice(i * columns, columns), epsilon, centered, rented.AsSpan(0, columns));
        }

        ArrayPool<T>.Shared.Return(rented);
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

        T square = TensorPrimitives.SumOfSquares<T>(deviations) / n;
        if (T.IsNormal(square) && T.IsFinite(square))
        {
            return T.One / T.Sqrt(square + epsilon);
        }

        T norm = Norms.Norm<T>(deviations, T.CreateChecked(2)) / T.Sqrt(n);
        T deviation = T.Hypot(norm, T.Sqrt(epsilon));
        return deviation == T.Zero ? T.Zero : T.One / deviation;
    }
}
