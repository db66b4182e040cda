using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>
/// A = Q R by Householder reflections (Golub and Van Loan, "Matrix Computations", 4th ed., sections 5.2 and 5.4), signs as LAPACK's: the diagonal of R may
/// be negative. The work is done on the transpose, where the columns of A lie contiguously.
/// </summary>
internal static class QrDecomposition
{
    /// <summary>
    /// Factors <paramref name="a"/> (m×n) for k = min(m, n) into Q (m×k) with orthonormal columns and upper triangular R (k×n); where
    /// <paramref name="complete"/> is set, into the whole orthogonal Q (m×m) and R (m×n).
    /// </summary>
    public static void Factor<T>(ReadOnlySpan<T> a, int m, int n, Span<T> q, Span<T> r, bool complete = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int k = Math.Min(m, n);
        int size = complete ? m : k;
        using Scratch<T> columns = new(n * m), taus = new(k), rows = new(size * m);
        Rows.Transpose(a, m, n, columns.Span);
        int exponent = Scaling.Normalize(columns.Span);
        Reduce(columns.Span, m, n, r, taus.Span, []);
        Rows.ScaleByPowerOfTwo(r[..(k * n)], exponent);
        r[(k * n)..(size * n)].Clear();
        FormTransposedQ(columns.Span, m, k, taus.Span, rows.Span, size);
        Rows.Transpose(rows.Span, size, m, q);
    }

    /// <summary>
    /// Reduces the m×n matrix whose columns are the rows of <paramref name="columns"/> (n×m): fills R (min(m, n)×n) and leaves in row i, from element i on,
    /// the vector of reflection i. With a <paramref name="permutation"/> of length n the columns are pivoted, the one of largest remaining norm first
    /// (Businger and Golub, 1965): column j of Q R is then column permutation[j] of A.
    /// </summary>
    public static void Reduce<T>(Span<T> columns, int m, int n, Span<T> r, Span<T> taus, Span<int> permutation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int k = Math.Min(m, n);
#if !SMALL
        if (permutation.IsEmpty && k >= Blocked.Smallest)
        {
            BlockedQr.Reduce(columns, m, n, r, taus);
            return;
        }
#endif
        for (int j = 0; j < permutation.Length; j++)
        {
            permutation[j] = j;
        }
        for (int i = 0; i < k; i++)
        {
            if (!permutation.IsEmpty)
            {
                int best = LargestColumn<T>(columns, m, n, i);
                if (best != i)
                {
                    Rows.Swap(columns.Slice(i * m, m), columns.Slice(best * m, m));
                    (permutation[i], permutation[best]) = (permutation[best], permutation[i]);
                }
            }
            // What lies before element i of row i is final: column i of R. It moves with later exchanges, so R is collected at the end.
            Span<T> v = columns.Slice(i * m + i, m - i);
            (taus[i], T beta) = Householder.Make(v);
            for (int j = i + 1; j < n; j++)
            {
                Householder.Apply<T>(v, taus[i], columns.Slice(j * m + i, m - i));
            }
            r[i * n + i] = beta;
        }
        for (int i = 0; i < k; i++)
        {
            r.Slice(i * n, i).Clear();
            for (int j = i + 1; j < n; j++)
            {
                r[i * n + j] = columns[j * m + i];
            }
        }
    }

    /// <summary>Fills <paramref name="rows"/> (size×m) with the first columns of Q = H_0 H_1 ... H_(k-1), one a row, by backward accumulation.</summary>
    public static void FormTransposedQ<T>(ReadOnlySpan<T> columns, int m, int k, ReadOnlySpan<T> taus, Span<T> rows, int size)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
#if !SMALL
        if (k >= Blocked.Smallest)
        {
            BlockedQr.FormTransposedQ(columns, m, k, taus, rows, size);
            return;
        }
#endif
        rows[..(size * m)].Clear();
        for (int j = 0; j < size; j++)
        {
            rows[j * m + j] = T.One;
        }
        for (int i = k - 1; i >= 0; i--)
        {
            ReadOnlySpan<T> v = columns.Slice(i * m + i, m - i);
            // Columns before i are unit vectors still, out of reach of reflection i.
            for (int j = i; j < size; j++)
            {
                Householder.Apply(v, taus[i], rows.Slice(j * m + i, m - i));
            }
        }
    }

    private static int LargestColumn<T>(ReadOnlySpan<T> columns, int m, int n, int i)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The norms are taken anew at each step: as costly as the reflection itself, and free of the cancellation of updated ones.
        int best = i;
        T largest = -T.One;
        for (int j = i; j < n; j++)
        {
            T norm = Rows.Norm(columns.Slice(j * m + i, m - i));
            if (norm > largest)
            {
                (best, largest) = (j, norm);
            }
        }
        return best;
    }
}
