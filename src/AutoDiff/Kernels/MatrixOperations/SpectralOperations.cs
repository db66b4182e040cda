using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>The operations on batches of matrices that are spectral decompositions, or stand on them. What can fail returns which matrix did; -1 where none did.</summary>
internal static class SpectralOperations
{
    /// <summary>The eigenvalues of the symmetric parts, and behind them the eigenvectors as columns.</summary>
    public static (int Matrix, int Pivot) Eigh<T>(ReadOnlySpan<T> a, int n, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = n * n;
        using Scratch<T> matrix = new(size);
        for (int q = 0; q < Batches.Count(a, size); q++)
        {
            SymmetricPart.Lower(a.Slice(q * size, size), n, matrix.Span);
            Span<T> result = y.Slice(q * (n + size), n + size);
            if (!SymmetricEigen.Decompose<T>(matrix.Span, n, result[..n], result[n..]))
            {
                return (q, -1);
            }
        }
        return Batches.AllDone;
    }

    /// <summary>V diag(g) Vᵀ, with what <see cref="Eigh"/> gives.</summary>
    public static void Recompose<T>(ReadOnlySpan<T> packed, ReadOnlySpan<T> g, int n, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = n * n;
        using Scratch<T> scaled = new(size);
        for (int q = 0; q < Batches.Count<T>(y, size); q++)
        {
            ReadOnlySpan<T> v = Batches.At(packed, q, n + size)[n..];
            for (int i = 0; i < n; i++)
            {
                VectorMath.Multiply(v.Slice(i * n, n), g.Slice(q * n, n), scaled.Span.Slice(i * n, n));
            }
            MatrixProduct.Multiply(n, n, n, scaled.Span, false, v, true, y.Slice(q * size, size));
        }
    }

    /// <summary>U (m×k), the k singular values and Vᵀ (k×n), one behind the other.</summary>
    public static (int Matrix, int Pivot) Svd<T>(ReadOnlySpan<T> a, int m, int n, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int k = Math.Min(m, n), total = (m * k) + k + (k * n);
        for (int q = 0; q < Batches.Count(a, m * n); q++)
        {
            Span<T> result = y.Slice(q * total, total);
            if (!SingularValues.Decompose(a.Slice(q * m * n, m * n), m, n, result[..(m * k)], result.Slice(m * k, k), result[((m * k) + k)..]))
            {
                return (q, -1);
            }
        }
        return Batches.AllDone;
    }

    /// <summary>The Moore-Penrose inverses (n×m).</summary>
    public static (int Matrix, int Pivot) PseudoInverse<T>(ReadOnlySpan<T> a, int m, int n, T tolerance, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int k = Math.Min(m, n);
        using Scratch<T> u = new(m * k), s = new(k), vh = new(k * n), ut = new(k * m), v = new(n * k);
        for (int q = 0; q < Batches.Count(a, m * n); q++)
        {
            ReadOnlySpan<T> matrix = a.Slice(q * m * n, m * n);
            Span<T> inverse = y.Slice(q * m * n, m * n);
            if (GeneralizedInverse.OfFullRank(matrix, m, n, tolerance, inverse))
            {
                continue;
            }
            if (!SingularValues.Decompose(matrix, m, n, u.Span, s.Span, vh.Span))
            {
                return (q, -1);
            }
            Rows.Transpose<T>(u.Span, m, k, ut.Span);
            Rows.Transpose<T>(vh.Span, k, n, v.Span);
            for (int i = 0; i < k; i++)
            {
                Span<T> row = ut.Span.Slice(i * m, m);
                if (s.Span[i] > tolerance * s.Span[0])
                {
                    Rows.Divide(row, s.Span[i]);
                }
                else
                {
                    row.Clear();
                }
            }
            Rows.Multiply<T>(v.Span, ut.Span, inverse, n, k, m);
        }
        return Batches.AllDone;
    }

    /// <summary>1 for the pairs of n values that differ by more than the rounding errors of a decomposition, or, of sums, whose sum is above them; 0 for others.</summary>
    public static void PairsApart<T>(ReadOnlySpan<T> w, int n, bool ofSums, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int q = 0; q < Batches.Count(w, n); q++)
        {
            ReadOnlySpan<T> values = w.Slice(q * n, n);
            T noise = Noise<T>(n) * Rows.MaxMagnitude(values);
            for (int i = 0; i < n * n; i++)
            {
                (T a, T b) = (values[i / n], values[i % n]);
                y[(q * n * n) + i] = (ofSums ? a + b : T.Abs(a - b)) > noise ? T.One : T.Zero;
            }
        }
    }

    /// <summary>
    /// For each matrix X of order n 0, or NaN if its antisymmetric part does not vanish for a pair that is not apart, or always, if there is such a pair.
    /// </summary>
    public static void Unsettled<T>(ReadOnlySpan<T> apart, ReadOnlySpan<T> x, int n, bool always, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        y.Clear();
        for (int q = 0; q < Batches.Count(x, n * n); q++)
        {
            ReadOnlySpan<T> mask = Batches.At(apart, q, n * n), matrix = x.Slice(q * n * n, n * n);
            T noise = T.CreateChecked(8) * Noise<T>(n) * Rows.MaxMagnitude(matrix);
            for (int place = 0; place < n * n; place++)
            {
                int mirrored = (place % n * n) + (place / n);
                if (place != mirrored && mask[place] == T.Zero && (always || !(T.Abs(matrix[place] - matrix[mirrored]) <= noise)))
                {
                    y[q] = T.NaN;
                }
            }
        }
    }

    /// <summary>For each matrix M of order n a row of zeros, with NaN in the columns of pairs that are not apart, and that M turns into each other.</summary>
    public static void UnsettledColumns<T>(ReadOnlySpan<T> apart, ReadOnlySpan<T> m, int n, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        y.Clear();
        for (int q = 0; q < Batches.Count(m, n * n); q++)
        {
            ReadOnlySpan<T> mask = Batches.At(apart, q, n * n), matrix = m.Slice(q * n * n, n * n);
            T noise = T.CreateChecked(8) * Noise<T>(n) * Rows.MaxMagnitude(matrix);
            for (int place = 0; place < n * n; place++)
            {
                (int i, int j) = (place / n, place % n);
                if (i != j && mask[place] == T.Zero && !(T.Abs(matrix[place]) <= noise))
                {
                    y[(q * n) + i] = y[(q * n) + j] = T.NaN;
                }
            }
        }
    }

    /// <summary>The rounding errors to expect of a decomposition of order n, relative to its largest value.</summary>
    private static T Noise<T>(int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.CreateChecked(8 * Math.Max(n, 1)) * Rows.Epsilon<T>();
}
