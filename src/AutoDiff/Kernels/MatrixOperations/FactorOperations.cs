using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>The operations on batches of matrices that are triangular decompositions, or make of them what is asked for. What can fail returns which matrix did, and at which pivot; -1 where none did.</summary>
internal static class FactorOperations
{
    /// <summary>The lower factors of the symmetric parts.</summary>
    public static (int Matrix, int Pivot) Cholesky<T>(ReadOnlySpan<T> a, int n, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = n * n;
        for (int q = 0; q < Batches.Count<T>(y, size); q++)
        {
            Span<T> factor = y.Slice(q * size, size);
            SymmetricPart.Lower(a.Slice(q * size, size), n, factor);
            int pivot = CholeskyDecomposition.Factor(factor, n);
            if (pivot >= 0)
            {
                return (q, pivot);
            }
        }
        return Batches.AllDone;
    }

    /// <summary>The order in which partial pivoting takes the rows of m×n matrices, as numbers.</summary>
    public static void LuOrder<T>(ReadOnlySpan<T> a, int m, int n, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Scratch<T> factors = new(m * n);
        for (int q = 0; q < Batches.Count<T>(y, m); q++)
        {
            a.Slice(q * m * n, m * n).CopyTo(factors.Span);
            FactorInOrder(factors.Span, m, n, y.Slice(q * m, m));
        }
    }

    /// <summary>The factors of square matrices, L below the diagonal and U from it on, and after them the order of the rows.</summary>
    public static void Lu<T>(ReadOnlySpan<T> a, int n, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = n * n;
        for (int q = 0; q < Batches.Count(a, size); q++)
        {
            Span<T> result = y.Slice(q * (size + n), size + n);
            a.Slice(q * size, size).CopyTo(result);
            FactorInOrder(result[..size], n, n, result[size..]);
        }
    }

    /// <summary>One of the factors from both.</summary>
    public static void LuFactor<T>(ReadOnlySpan<T> both, int n, bool upper, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int row = 0; row * n < y.Length; row++)
        {
            int i = row % n;
            ReadOnlySpan<T> from = both.Slice((row + (row / n)) * n, n);
            Span<T> to = y.Slice(row * n, n);
            if (upper)
            {
                to[..i].Clear();
                from[i..].CopyTo(to[i..]);
            }
            else
            {
                from[..i].CopyTo(to);
                to[i] = T.One;
                to[(i + 1)..].Clear();
            }
        }
    }

    /// <summary>The matrices P of orders of m rows: row i of Pᵀ A is row order[i] of A.</summary>
    public static void Permutation<T>(ReadOnlySpan<T> order, int m, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        y.Clear();
        for (int row = 0; row < order.Length; row++)
        {
            y[(row / m * m * m) + (int.CreateTruncating(order[row]) * m) + (row % m)] = T.One;
        }
    }

    /// <summary>Pᵀ A for orders of rows, or P A.</summary>
    public static void InOrder<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> order, int m, int n, bool back, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int q = 0; q < Batches.Count<T>(y, m * n); q++)
        {
            ReadOnlySpan<T> from = Batches.At(a, q, m * n);
            Span<T> to = y.Slice(q * m * n, m * n);
            for (int i = 0; i < m; i++)
            {
                int other = int.CreateTruncating(order[((q * m) + i) % order.Length]);
                from.Slice((back ? i : other) * n, n).CopyTo(to[((back ? other : i) * n)..]);
            }
        }
    }

    /// <summary>Q (m×n) and behind it R (n×n) of matrices that are not wide.</summary>
    public static void Qr<T>(ReadOnlySpan<T> a, int m, int n, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int q = 0; q < Batches.Count(a, m * n); q++)
        {
            Span<T> factors = y.Slice(q * (m + n) * n, (m + n) * n);
            QrDecomposition.Factor(a.Slice(q * m * n, m * n), m, n, factors[..(m * n)], factors[(m * n)..]);
        }
    }

    private static void FactorInOrder<T>(Span<T> a, int m, int n, Span<T> order)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Scratch<int> pivots = new(Math.Min(m, n)), permutation = new(m);
        LuDecomposition.Factor(a, m, n, pivots.Span);
        LuDecomposition.Permutation(pivots.Span, permutation.Span);
        for (int i = 0; i < m; i++)
        {
            order[i] = T.CreateTruncating(permutation.Span[i]);
        }
    }
}
