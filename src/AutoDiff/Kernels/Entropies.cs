using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>Cross-entropies of rows of scores.</summary>
internal static class Entropies
{
    /// <summary>y_i = Σ_c q_ic (log Σ e^x_i - x_ic). A class without a share is left out, whatever its score.</summary>
    public static void CrossEntropyRows<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> q, int rows, int columns, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RowParts.Run(rows, (long)rows * columns, x, q, y, static (x, q, y, rows) =>
        {
            int columns = x.Length / rows;
            using var logarithms = new Scratch<T>(columns);
            for (int i = 0; i < rows; i++)
            {
                ReadOnlySpan<T> shares = q.Slice(i * columns, columns);
                Reductions.LogSoftmaxRows(x.Slice(i * columns, columns), columns, logarithms.Span);
                Pieces.Map<Pieces.Selected, T>(logarithms.Span, shares, logarithms.Span);
                y[i] = T.Zero - Reductions.Dot(shares, logarithms.Span);
            }
        });
    }

    /// <summary>z_ic = g_i (softmax(x_i)_c Σ q_i - q_ic): the cotangents g of the cross-entropies, pulled back to the scores.</summary>
    public static void CrossEntropyGradient<T>(ReadOnlySpan<T> g, ReadOnlySpan<T> x, ReadOnlySpan<T> q, int rows, int columns, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Reductions.SoftmaxRows(x, columns, z);
        RowParts.Run(rows, (long)rows * columns / 2, g, q, z, static (g, q, z, rows) =>
        {
            int columns = q.Length / rows;
            for (int i = 0; i < rows; i++)
            {
                ReadOnlySpan<T> shares = q.Slice(i * columns, columns);
                Span<T> row = z.Slice(i * columns, columns);
                VectorMath.Multiply<T>(row, Reductions.Sum(shares), row);
                VectorMath.Subtract<T>(row, shares, row);
                VectorMath.Multiply<T>(row, g[i], row);
            }
        });
    }
}
