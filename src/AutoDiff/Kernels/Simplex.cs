using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>The probability simplex.</summary>
internal static class Simplex
{
    /// <summary>Each row of y is the point of the simplex that is nearest to the row of x.</summary>
    /// <remarks>With x sorted down, the support are the first k elements with 1 + k x_k > x_1 + ... + x_k, and τ = (x_1 + ... + x_k - 1) / k. Numbers are taken relative to the largest.</remarks>
    public static void ProjectRows<T>(ReadOnlySpan<T> x, int rows, int columns, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (columns == 0)
        {
            return;
        }

        using var sorted = new Scratch<T>(columns);
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<T> row = x.Slice(i * columns, columns);
            Span<T> result = y.Slice(i * columns, columns);
            T largest = Reductions.Max(row);
            for (int j = 0; j < columns; j++)
            {
                result[j] = row[j] - largest;
            }

            result.CopyTo(sorted.Span);
            sorted.Span.Sort(static (a, b) => b.CompareTo(a));
            double sum = 0.0;
            double threshold = 0.0;
            for (int k = 0; k < columns; k++)
            {
                double element = double.CreateTruncating(sorted.Span[k]);
                sum += element;
                if (!(1.0 + ((k + 1) * element) > sum))
                {
                    break;
                }

                threshold = (sum - 1.0) / (k + 1);
            }

            for (int j = 0; j < columns; j++)
            {
                result[j] = T.Max(result[j] - T.CreateTruncating(threshold), T.Zero);
            }
        }
    }
}
