using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>Cross-entropies of rows of scores.</summary>
internal static class Entropies
{
    /// <summary>y_i = Σ_c q_ic (log Σ e^x_i - x_ic). A class without a share is left out, whatever its score.</summary>
    public static void CrossEntropyRows<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> q, int rows, int columns, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var logarithms = new Scratch<T>(x.Length);
        Reductions.LogSoftmaxRows(x, rows, columns, logarithms.Span);
        for (int i = 0; i < rows; i++)
        {
            T sum = T.Zero;
            for (int c = i * columns; c < (i + 1) * columns; c++)
            {
                if (q[c] != T.Zero)
                {
                    sum -= q[c] * logarithms.Span[c];
                }
            }

            y[i] = sum;
        }
    }
}
