using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>
/// A = U diag(s) V^T. Small matrices, and those with rows or columns of very different size, go by one-sided Jacobi rotations (Golub and Van Loan, "Matrix Computations", 4th ed., section 8.6.3) on
/// the triangular factor of a pivoted QR decomposition (Drmač and Veselić, "New fast and accurate Jacobi SVD algorithm I", 2008): slower than bidiagonalization, but right to high relative accuracy for
/// tiny singular values too, wherever the matrix determines them. A matrix of rows and columns of one size determines them no better than to roundings of the largest, which is what bidiagonalization
/// gives.
/// </summary>
internal static class SingularValues
{
    private const int MaxSweeps = 60;

    /// <summary>From this order on bidiagonalization is faster.</summary>
    public const int SmallestReduced = 32;

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
#if !SMALL
        if (k >= SmallestReduced && IsEven<T>(columns.Span, k, longer) && Reduced<T>(columns.Span, longer, k, left, s, right, vectors))
        {
            Rows.ScaleByPowerOfTwo(s, exponent);
            return true;
        }
#endif

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

#if !SMALL
    /// <summary>Whether the rows of a matrix are of about one size, and its columns too.</summary>
    private static bool IsEven<T>(ReadOnlySpan<T> a, int m, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T spread = T.CreateTruncating(16);
        using Scratch<T> squares = new(n), square = new(n);
        squares.Span.Clear();
        (T least, T most) = (T.PositiveInfinity, T.Zero);
        for (int i = 0; i < m; i++)
        {
            VectorMath.Square(a.Slice(i * n, n), square.Span);
            Rows.AddScaled(squares.Span, T.One, square.Span);
            T norm = Rows.Norm(a.Slice(i * n, n));
            (least, most) = (T.Min(least, norm), T.Max(most, norm));
        }
        if (!(most <= spread * least))
        {
            return false;
        }
        (least, most) = (T.PositiveInfinity, T.Zero);
        foreach (T sum in squares.Span)
        {
            (least, most) = (T.Min(least, sum), T.Max(most, sum));
        }
        return least > Rows.SmallestNormal<T>() && most <= spread * spread * least;
    }

    /// <summary>
    /// As <see cref="OrthogonalizeRows"/>, by two diagonals, from the columns of B as rows. False where the smallest value is of the size of the roundings, so that all its digits are lost.
    /// </summary>
    private static bool Reduced<T>(ReadOnlySpan<T> columns, int longer, int k, Span<T> left, Span<T> s, Span<T> right, bool vectors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Scratch<T> copy = new(k * longer), square = new(k * k), taus = new(k), first = new(vectors ? k * k : 0), second = new(vectors ? k * k : 0), rows = new(vectors ? k * longer : 0);
        if (longer > k)
        {
            // B = Q R.
            columns[..(k * longer)].CopyTo(copy.Span);
            QrDecomposition.Reduce(copy.Span, longer, k, square.Span, taus.Span, []);
            if (vectors)
            {
                QrDecomposition.FormTransposedQ(copy.Span, longer, k, taus.Span, rows.Span, k);
            }
        }
        else
        {
            columns[..(k * k)].CopyTo(square.Span);
        }
        using Scratch<int> order = new(k);
        if (!Diagonalize(square.Span, k, s, first.Span, second.Span) || !(Descending(s[..k], order.Span) > Rows.Epsilon<T>() * s[0]))
        {
            return false;
        }
        if (!vectors)
        {
            return true;
        }
        // Of a square B the transpose was decomposed: its columns are the rows at hand.
        Span<T> ofLeft = longer > k ? first.Span : second.Span, ofRight = longer > k ? second.Span : first.Span;
        Span<T> sorted = longer > k ? copy.Span[..(k * k)] : left;
        for (int i = 0; i < k; i++)
        {
            ofLeft.Slice(order.Span[i] * k, k).CopyTo(sorted[(i * k)..]);
            ofRight.Slice(order.Span[i] * k, k).CopyTo(right[(i * k)..]);
        }
        if (longer > k)
        {
            Rows.Multiply<T>(sorted, rows.Span, left, k, k, longer);
        }
        return true;
    }

    /// <summary>A = U diag(s) V^T for a square A, which is overwritten: U^T in <paramref name="left"/> and V^T in <paramref name="right"/>, unless they are empty, and s in no order.</summary>
    private static bool Diagonalize<T>(Span<T> a, int n, Span<T> s, Span<T> left, Span<T> right)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int less = n - 1;
        using Scratch<T> e = new(n), leftVectors = new(n * n), rightVectors = new(less * less), leftTaus = new(n), rightTaus = new(n);
        Bidiagonal.Reduce(a, n, s, e.Span, leftVectors.Span, leftTaus.Span, rightVectors.Span, rightTaus.Span);
        if (!left.IsEmpty)
        {
            QrDecomposition.FormTransposedQ(leftVectors.Span, n, n, leftTaus.Span, left, n);
            Householder.FormBeyondFirst(rightVectors.Span, n, rightTaus.Span, right);
        }
        return BidiagonalValues.Iterate(s, e.Span, n, left, right);
    }

    /// <summary>Sorts the values in descending order, says where each of them was, and returns the least.</summary>
    private static T Descending<T>(Span<T> values, Span<int> order)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < values.Length; i++)
        {
            order[i] = i;
        }
        values.Sort(order);
        values.Reverse();
        order.Reverse();
        return values[^1];
    }
#endif

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
