using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>
/// A = U diag(s) V^T by one-sided Jacobi rotations (Golub and Van Loan, "Matrix Computations", 4th ed., section 8.6.3) on the triangular factor of a pivoted
/// QR decomposition (Drmač and Veselić, "New fast and accurate Jacobi SVD algorithm I", 2008): slower than bidiagonalization,
/// but right to high relative accuracy for tiny singular values too, wherever the matrix determines them.
/// </summary>
internal static class SingularValues
{
    private const int MaxSweeps = 60;

    /// <summary>
    /// Fills, for <paramref name="a"/> (m×n) and k = min(m, n), U (m×k) and V^T (k×n) with orthonormal columns and rows, whatever the rank, and s (k) in
    /// descending order. Returns false, with NaN throughout, where the matrix holds NaN or infinities or the iteration does not converge.
    /// </summary>
    public static bool Decompose<T>(ReadOnlySpan<T> a, int m, int n, Span<T> u, Span<T> s, Span<T> vTransposed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int k = Math.Min(m, n), longer = Math.Max(m, n);
        using Scratch<T> left = new(k * longer), right = new(k * k);
        bool converged = OrthogonalizeRows(a, m, n, left.Span, s[..k], right.Span, vectors: true);
        if (!converged)
        {
            u[..(m * k)].Fill(T.NaN);
            s[..k].Fill(T.NaN);
            vTransposed[..(k * n)].Fill(T.NaN);
        }
        else if (m >= n)
        {
            Rows.Transpose(left.Span, k, m, u);
            right.Span.CopyTo(vTransposed);
        }
        else
        {
            Rows.Transpose(right.Span, k, m, u);
            left.Span.CopyTo(vTransposed);
        }
        return converged;
    }

    /// <summary>As <see cref="Decompose"/>, the singular values alone.</summary>
    public static bool Values<T>(ReadOnlySpan<T> a, int m, int n, Span<T> s)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int k = Math.Min(m, n);
        using Scratch<T> right = new(k * k);
        bool converged = OrthogonalizeRows(a, m, n, [], s[..k], right.Span, vectors: false);
        if (!converged)
        {
            s[..k].Fill(T.NaN);
        }
        return converged;
    }

    /// <summary>
    /// With B the taller of A and A^T (longer×k), fills the rows of <paramref name="left"/> (k×longer) with the left singular vectors of B and those of
    /// <paramref name="right"/> (k×k) with the right ones. Without <paramref name="vectors"/> only the values are meant.
    /// </summary>
    private static bool OrthogonalizeRows<T>(ReadOnlySpan<T> a, int m, int n, Span<T> left, Span<T> s, Span<T> right, bool vectors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int k = Math.Min(m, n), longer = Math.Max(m, n);
        using Scratch<T> columns = new(k * longer), taus = new(k), triangle = new(k * k), work = new(2 * k);
        using Scratch<int> permutation = new(k);
        if (m >= n)
        {
            Rows.Transpose(a, m, n, columns.Span);
        }
        else
        {
            a[..(m * n)].CopyTo(columns.Span);
        }
        if (!T.IsFinite(Rows.MaxMagnitude<T>(columns.Span)))
        {
            return false;
        }
        int exponent = Scaling.Normalize(columns.Span);

        // B P = Q R. Rotations J from the left make the rows of R orthogonal: J R = diag(s) W, so that B = (Q J^T) diag(s) (W P^T).
        QrDecomposition.Reduce(columns.Span, longer, k, triangle.Span, taus.Span, permutation.Span);
        if (vectors)
        {
            QrDecomposition.FormTransposedQ(columns.Span, longer, k, taus.Span, left, k);
        }
        if (!Sweep(triangle.Span, k, s, left, longer, work.Span))
        {
            return false;
        }
        SortDescending(s, triangle.Span, k, left, longer);
        if (vectors)
        {
            Normalize(s, triangle.Span, k);
            for (int i = 0; i < k; i++)
            {
                for (int j = 0; j < k; j++)
                {
                    right[i * k + permutation.Span[j]] = triangle.Span[i * k + j];
                }
            }
        }
        Rows.ScaleByPowerOfTwo(s, exponent);
        return true;
    }

    /// <summary>
    /// Rotates the rows of the k×k matrix <paramref name="r"/> until every two are orthogonal; leaves their norms in <paramref name="norms"/>.
    /// </summary>
    private static bool Sweep<T>(Span<T> r, int k, Span<T> norms, Span<T> left, int longer, Span<T> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T epsilon = Rows.Epsilon<T>();
        T tolerance = epsilon * T.Sqrt(T.CreateTruncating(Math.Max(k, 1)));
        for (int i = 0; i < k; i++)
        {
            SetNorm(r.Slice(i * k, k), ref norms[i]);
        }
        for (int sweep = 0; sweep < MaxSweeps; sweep++)
        {
            bool rotated = false;
            for (int i = 0; i < k - 1; i++)
            {
                for (int j = i + 1; j < k; j++)
                {
                    Span<T> x = r.Slice(i * k, k), y = r.Slice(j * k, k);
                    T cosine = Cosine(x, norms[i], y, norms[j], work);
                    if (T.Abs(cosine) <= tolerance)
                    {
                        continue;
                    }
                    rotated = true;
                    T ratio = norms[j] / norms[i];
                    T zeta = (ratio - T.One / ratio) / (cosine + cosine);
                    T tangent = T.One / (T.Abs(zeta) + T.Hypot(T.One, zeta));
                    tangent = T.IsNegative(zeta) ? -tangent : tangent;
                    T c = T.One / T.Hypot(T.One, tangent);
                    Rows.Rotate(x, y, c, c * tangent);
                    SetNorm(x, ref norms[i]);
                    SetNorm(y, ref norms[j]);
                    if (!left.IsEmpty)
                    {
                        Rows.Rotate(left.Slice(i * longer, longer), left.Slice(j * longer, longer), c, c * tangent);
                    }
                }
            }
            if (!rotated)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The cosine of the angle between two rows of known norms; 0 where one of them is zero.</summary>
    private static T Cosine<T>(ReadOnlySpan<T> x, T normX, ReadOnlySpan<T> y, T normY, Span<T> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (normX == T.Zero || normY == T.Zero)
        {
            return T.Zero;
        }
        // Short rows are brought to unit length first: their products would underflow.
        T small = T.Sqrt(Rows.SmallestNormal<T>()) / Rows.Epsilon<T>();
        if (normX < small || normY < small)
        {
            Span<T> unitX = work[..x.Length], unitY = work.Slice(x.Length, x.Length);
            x.CopyTo(unitX);
            y.CopyTo(unitY);
            Rows.Divide(unitX, normX);
            Rows.Divide(unitY, normY);
            return Rows.Dot<T>(unitX, unitY);
        }
        return Rows.Dot(x, y) / normX / normY;
    }

    private static void SetNorm<T>(Span<T> row, ref T norm)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        norm = Rows.Norm<T>(row);
        // What is left of digits that underflowed has no direction: it counts as zero.
        if (norm < Rows.SmallestNormal<T>() / Rows.Epsilon<T>())
        {
            row.Clear();
            norm = T.Zero;
        }
    }

    private static void SortDescending<T>(Span<T> s, Span<T> r, int k, Span<T> left, int longer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < k - 1; i++)
        {
            int best = i;
            for (int j = i + 1; j < k; j++)
            {
                best = s[j] > s[best] ? j : best;
            }
            if (best != i)
            {
                (s[i], s[best]) = (s[best], s[i]);
                Rows.Swap(r.Slice(i * k, k), r.Slice(best * k, k));
                if (!left.IsEmpty)
                {
                    Rows.Swap(left.Slice(i * longer, longer), left.Slice(best * longer, longer));
                }
            }
        }
    }

    /// <summary>
    /// Brings the rows to unit length; rows of length zero, which are the last, are replaced by an orthonormal basis of what the others leave.
    /// </summary>
    private static void Normalize<T>(ReadOnlySpan<T> s, Span<T> r, int k)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rank = 0;
        while (rank < k && s[rank] > T.Zero)
        {
            Rows.Divide(r.Slice(rank * k, k), s[rank]);
            rank++;
        }
        using Scratch<T> covered = new(k);
        covered.Span.Clear();
        for (int i = 0; i < k && rank < k; i++)
        {
            Span<T> row = r.Slice(i * k, k);
            if (i >= rank)
            {
                // The unit vector of which the rows so far cover least: at least (k - i) / k of its square remains.
                int axis = 0;
                for (int j = 1; j < k; j++)
                {
                    axis = covered.Span[j] < covered.Span[axis] ? j : axis;
                }
                row.Clear();
                row[axis] = T.One;
                // Gram-Schmidt twice is enough (Giraud, Langou, Rozložník and van den Eshof, 2005).
                for (int pass = 0; pass < 2; pass++)
                {
                    for (int j = 0; j < i; j++)
                    {
                        Householder.Apply(r.Slice(j * k, k), T.One, row);
                    }
                    Rows.Divide(row, Rows.Norm<T>(row));
                }
            }
            for (int j = 0; j < k; j++)
            {
                covered.Span[j] += row[j] * row[j];
            }
        }
    }
}
