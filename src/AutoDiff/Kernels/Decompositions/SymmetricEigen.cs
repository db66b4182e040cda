using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>
/// A = V diag(w) V^T of a symmetric matrix: Householder tridiagonalization, then implicit symmetric QR steps with Wilkinson's shift
/// (Golub and Van Loan, "Matrix Computations", 4th ed., sections 8.3.1 to 8.3.5).
/// </summary>
internal static class SymmetricEigen
{
    // Two to three steps an eigenvalue are usual; the cap only guards the loop.
    private const int StepsPerEigenvalue = 40;

    /// <summary>
    /// Fills the eigenvalues of <paramref name="a"/> (n×n) in ascending order and the orthonormal eigenvectors as the columns of
    /// <paramref name="eigenvectors"/> (n×n). Only the lower half of <paramref name="a"/> is read. Returns false, with NaN throughout, where the matrix
    /// holds NaN or infinities or the iteration does not converge.
    /// </summary>
    public static bool Decompose<T>(ReadOnlySpan<T> a, int n, Span<T> eigenvalues, Span<T> eigenvectors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Scratch<T> vectors = new(n * n);
        using Scratch<int> order = new(n);
        Span<T> sorted = eigenvalues[..n];
        if (!Diagonalize(a, n, sorted, vectors.Span))
        {
            sorted.Fill(T.NaN);
            eigenvectors[..(n * n)].Fill(T.NaN);
            return false;
        }
        for (int i = 0; i < n; i++)
        {
            order.Span[i] = i;
        }
        sorted.Sort(order.Span);
        for (int j = 0; j < n; j++)
        {
            ReadOnlySpan<T> vector = vectors.Span.Slice(order.Span[j] * n, n);
            for (int i = 0; i < n; i++)
            {
                eigenvectors[i * n + j] = vector[i];
            }
        }
        return true;
    }

    /// <summary>As <see cref="Decompose"/>, the eigenvalues alone.</summary>
    public static bool Eigenvalues<T>(ReadOnlySpan<T> a, int n, Span<T> eigenvalues)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<T> sorted = eigenvalues[..n];
        bool converged = Diagonalize(a, n, sorted, []);
        if (converged)
        {
            sorted.Sort();
        }
        else
        {
            sorted.Fill(T.NaN);
        }
        return converged;
    }

    /// <summary>Eigenvalues in no order, the eigenvectors as rows of <paramref name="vectors"/>, which may be empty.</summary>
    private static bool Diagonalize<T>(ReadOnlySpan<T> a, int n, Span<T> diagonal, Span<T> vectors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Scratch<T> matrix = new(n * n), offDiagonal = new(n), work = new(n);
        // The QR steps deflate at the bottom and keep small eigenvalues accurate when these lie there: a graded matrix that begins with them is turned round.
        bool reversed = n > 1 && T.Abs(a[0]) < T.Abs(a[n * n - 1]);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                (int row, int column) = reversed ? (n - 1 - i, n - 1 - j) : (i, j);
                matrix.Span[row * n + column] = a[i * n + j];
                matrix.Span[column * n + row] = a[i * n + j];
            }
        }
        if (!T.IsFinite(Rows.MaxMagnitude<T>(matrix.Span)))
        {
            return false;
        }
        int exponent = Scaling.Normalize(matrix.Span);
        Tridiagonalize(matrix.Span, n, diagonal, offDiagonal.Span, vectors, work.Span);
        bool converged = Iterate(diagonal, offDiagonal.Span, n, vectors);
        Rows.ScaleByPowerOfTwo(diagonal, exponent);
        for (int i = 0; reversed && i < vectors.Length; i += n)
        {
            vectors.Slice(i, n).Reverse();
        }
        return converged;
    }

    /// <summary>
    /// Q^T A Q = T with diagonal d and subdiagonal e (e[i] between i and i + 1); the rows of <paramref name="vectors"/>, unless empty, become the columns
    /// of Q.
    /// </summary>
    private static void Tridiagonalize<T>(Span<T> a, int n, Span<T> d, Span<T> e, Span<T> vectors, Span<T> w)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Both halves are kept up to date, so that every access runs along a row. Row k keeps the vector of reflection k from element k + 1 on, tau at
        // element k.
        for (int k = 0; k < n; k++)
        {
            d[k] = a[k * n + k];
            if (k == n - 1)
            {
                break;
            }
            Span<T> v = a.Slice(k * n + k + 1, n - k - 1);
            (T tau, e[k]) = Householder.Make(v);
            a[k * n + k] = tau;
            if (tau == T.Zero)
            {
                continue;
            }
            for (int i = k + 1; i < n; i++)
            {
                w[i] = tau * Rows.Dot<T>(v, a.Slice(i * n + k + 1, n - k - 1));
            }
            Span<T> p = w[(k + 1)..n];
            Rows.AddScaled(p, -tau * Rows.Dot<T>(v, p) / (T.One + T.One), v);
            for (int i = k + 1; i < n; i++)
            {
                Span<T> row = a.Slice(i * n + k + 1, n - k - 1);
                Rows.AddScaled(row, -v[i - k - 1], p);
                Rows.AddScaled(row, -p[i - k - 1], v);
            }
        }
        if (vectors.IsEmpty)
        {
            return;
        }
        int less = n - 1;
        using Scratch<T> reflections = new(less * less), taus = new(less);
        for (int k = 0; k < less; k++)
        {
            a.Slice(k * n + k + 1, less - k).CopyTo(reflections.Span[(k * less + k)..]);
            taus.Span[k] = a[k * n + k];
        }
        Householder.FormBeyondFirst(reflections.Span, n, taus.Span, vectors);
    }

    /// <summary>Diagonalizes the tridiagonal matrix, applying every rotation to the rows of <paramref name="vectors"/> as well, unless empty.</summary>
    private static bool Iterate<T>(Span<T> d, Span<T> e, int n, Span<T> vectors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Rotations<T> rotations = vectors.IsEmpty ? default : new(n);
        T epsilon = Rows.Epsilon<T>();
        int remaining = StepsPerEigenvalue * n;
        int last = n - 1;
        while (last > 0)
        {
            int first = last;
            while (first > 0)
            {
                // A subdiagonal element is dropped where it is small against the geometric mean of its neighbors or does not count among normal numbers.
                T size = T.Abs(e[first - 1]);
                if (size <= epsilon * T.Sqrt(T.Abs(d[first - 1])) * T.Sqrt(T.Abs(d[first])) || size < Rows.SmallestNormal<T>())
                {
                    e[first - 1] = T.Zero;
                    break;
                }
                first--;
            }
            if (first == last)
            {
                last--;
            }
            else if (remaining-- == 0)
            {
                return false;
            }
            else
            {
                Step(d, e, first, last, rotations);
                if (rotations.IsFull)
                {
                    rotations.Apply(vectors, n);
                }
            }
        }
        rotations.Apply(vectors, n);
        return true;
    }

    /// <summary>One implicit QR step on the unreduced block first..last.</summary>
    private static void Step<T>(Span<T> d, Span<T> e, int first, int last, Rotations<T> rotations)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Wilkinson's shift: the eigenvalue of the trailing 2×2 block that is nearer to its last element.
        T half = (d[last - 1] - d[last]) / (T.One + T.One);
        T hypotenuse = T.Hypot(half, e[last - 1]);
        T shift = d[last] - e[last - 1] * (e[last - 1] / (half + (T.IsNegative(half) ? -hypotenuse : hypotenuse)));
        T x = d[first] - shift, z = e[first];
        for (int k = first; k < last; k++)
        {
            // The rotation that maps (x, z) to (r, 0), by at most a quarter turn.
            T r = T.IsNegative(x) ? -T.Hypot(x, z) : T.Hypot(x, z);
            (T c, T s) = r == T.Zero ? (T.One, T.Zero) : (x / r, -z / r);
            if (k > first)
            {
                e[k - 1] = r;
            }
            T dk = d[k], dl = d[k + 1], ek = e[k];
            // Both diagonal elements change by the same amount, which keeps the trace.
            T difference = s * (dl - dk) - (c + c) * ek;
            T change = s * difference;
            d[k] = dk + change;
            d[k + 1] = dl - change;
            e[k] = -(c * difference + ek);
            x = e[k];
            if (k < last - 1)
            {
                z = -s * e[k + 1];
                e[k + 1] = c * e[k + 1];
            }
            rotations.Add(k, c, s);
        }
    }
}
