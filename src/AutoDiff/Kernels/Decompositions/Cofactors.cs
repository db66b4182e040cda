using System.Numerics;
using System.Numerics.Tensors;

namespace AutoDiff.Kernels;

/// <summary>
/// The cofactor matrix cof(A), the gradient of the determinant, and its first two derivatives, for every square matrix, singular ones included. For regular
/// A it is det(A) A^-T; from P A Q = L diag(s) U follows P cof(A) Q = det(P) det(Q) L^-T cof(diag(s)) U^-T, and the cofactors of a diagonal matrix are
/// products, not quotients (Stewart, "On the adjugate matrix", 1998). With complete pivoting L and U are well-conditioned, and all that makes A nearly singular
/// is in s. The derivatives follow from the expansion of the determinant of diag(s) + M into principal minors of M: with M = L^-1 P E Q U^-1 they are minors of
/// order two and three, weighted with the product of the pivots they leave out. Errors in cof(A) are of the order of the rounding error relative to its
/// norm, however near A is to a singular matrix.
/// </summary>
internal static class Cofactors
{
    /// <summary>
    /// Fills <paramref name="cofactors"/> (n×n): element (i, j) is (-1)^(i+j) times the determinant of <paramref name="a"/> without row i and column j.
    /// </summary>
    public static void Compute<T>(ReadOnlySpan<T> a, int n, Span<T> cofactors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (n == 2)
        {
            (cofactors[0], cofactors[1], cofactors[2], cofactors[3]) = (a[3], -a[2], -a[1], a[0]);
            return;
        }
        if (ComputeRegular(a, n, cofactors))
        {
            return;
        }
        using Scratch<T> factors = new(n * n), s = new(n), inner = new(n * n);
        using Scratch<int> rows = new(n), columns = new(n);
        using Scratch<RangeFreeProduct<T>> before = new(n + 1), after = new(n + 1);
        Frame<T> frame = new(a, n, factors.Span, s.Span, rows.Span, columns.Span);
        Products(s.Span, before.Span, after.Span);
        inner.Span.Clear();
        int exponent = before.Span[Math.Max(n - 1, 0)].Exponent;
        for (int i = 0; i < n; i++)
        {
            inner.Span[i * n + i] = (before.Span[i] * after.Span[i + 1]).Value(exponent);
        }
        frame.Restore(inner.Span, exponent, cofactors);
    }

    /// <summary>
    /// det(A) A^-T, many times faster, where the condition of A costs few digits and the determinant stays within range; otherwise returns false.
    /// </summary>
    private static bool ComputeRegular<T>(ReadOnlySpan<T> a, int n, Span<T> cofactors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Scratch<T> factors = new(n * n);
        using Scratch<int> pivots = new(n);
        a[..(n * n)].CopyTo(factors.Span);
        int sign = LuDecomposition.Factor(factors.Span, n, n, pivots.Span).Sign;
        T determinant = Determinant.FromLu<T>(factors.Span, n, sign);
        // About 1e-3 for double, 0.04 for float: a fifth of the digits.
        T worst = T.Pow(Rows.Epsilon<T>(), T.One / T.CreateTruncating(5));
        if (!T.IsNormal(determinant) || !(ConditionEstimate.Reciprocal<T>(factors.Span, n, pivots.Span, Rows.OneNorm(a, n, n)) > worst))
        {
            return false;
        }
        Span<T> result = cofactors[..(n * n)];
        result.Clear();
        for (int i = 0; i < n; i++)
        {
            result[i * n + i] = determinant;
        }
        LuDecomposition.Solve(factors.Span, n, pivots.Span, result, n, transposed: true);
        return true;
    }

    /// <summary>
    /// Fills <paramref name="derivative"/> with the derivative of cof at <paramref name="a"/> in the direction <paramref name="e"/>, all n×n. As a map of e
    /// it is symmetric.
    /// </summary>
    public static void Derivative<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> e, int n, Span<T> derivative)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (n < 2)
        {
            derivative[..(n * n)].Clear();
            return;
        }
        using Scratch<T> factors = new(n * n), s = new(n), direction = new(n * n), inner = new(n * n);
        using Scratch<int> rows = new(n), columns = new(n);
        using Scratch<RangeFreeProduct<T>> before = new(n + 1), after = new(n + 1);
        Frame<T> frame = new(a, n, factors.Span, s.Span, rows.Span, columns.Span);
        Products(s.Span, before.Span, after.Span);
        ReadOnlySpan<T> m = direction.Span;
        frame.Bring(e, direction.Span);
        inner.Span.Clear();
        int exponent = before.Span[n - 2].Exponent;
        for (int i = 0; i < n; i++)
        {
            RangeFreeProduct<T> left = before.Span[i];
            for (int j = i + 1; j < n; j++)
            {
                T weight = (left * after.Span[j + 1]).Value(exponent);
                left *= new RangeFreeProduct<T>(s.Span[j]);
                inner.Span[i * n + i] += m[j * n + j] * weight;
                inner.Span[j * n + j] += m[i * n + i] * weight;
                inner.Span[i * n + j] = -m[j * n + i] * weight;
                inner.Span[j * n + i] = -m[i * n + j] * weight;
            }
        }
        frame.Restore(inner.Span, exponent, derivative);
    }

    /// <summary>
    /// Fills <paramref name="derivative"/> with the second derivative of cof at <paramref name="a"/> in the directions <paramref name="e"/> and
    /// <paramref name="f"/>, all n×n; it is symmetric in the two directions, and the form (e, f, g) → sum of g · derivative is so in all three.
    /// </summary>
    public static void SecondDerivative<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> e, ReadOnlySpan<T> f, int n, Span<T> derivative)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (n < 3)
        {
            derivative[..(n * n)].Clear();
            return;
        }
        using Scratch<T> factors = new(n * n), s = new(n), inner = new(n * n), weights = new(n);
        using Scratch<int> rows = new(n), columns = new(n);
        using Scratch<T> first = new(n * n), second = new(n * n), firstTransposed = new(n * n), secondTransposed = new(n * n);
        using Scratch<RangeFreeProduct<T>> before = new(n + 1), after = new(n + 1);
        Frame<T> frame = new(a, n, factors.Span, s.Span, rows.Span, columns.Span);
        Products(s.Span, before.Span, after.Span);
        frame.Bring(e, first.Span);
        frame.Bring(f, second.Span);
        Rows.Transpose<T>(first.Span, n, n, firstTransposed.Span);
        Rows.Transpose<T>(second.Span, n, n, secondTransposed.Span);
        inner.Span.Clear();
        int exponent = before.Span[n - 3].Exponent;
        for (int i = 0; i < n; i++)
        {
            for (int j = i + 1; j < n; j++)
            {
                Weights(s.Span, i, j, exponent, weights.Span);
                AddTriples(first.Span, second.Span, firstTransposed.Span, secondTransposed.Span, weights.Span, i, j, n, inner.Span);
            }
        }
        frame.Restore(inner.Span, exponent, derivative);
    }

    /// <summary>The minors of order three that hold rows and columns i, j and any third one, k, of weight weights[k].</summary>
    private static void AddTriples<T>(
        ReadOnlySpan<T> e, ReadOnlySpan<T> f, ReadOnlySpan<T> eTransposed, ReadOnlySpan<T> fTransposed, ReadOnlySpan<T> weights,
        int i, int j, int n, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> ei = e.Slice(i * n, n), ej = e.Slice(j * n, n), fi = f.Slice(i * n, n), fj = f.Slice(j * n, n);
        ReadOnlySpan<T> eti = eTransposed.Slice(i * n, n), etj = eTransposed.Slice(j * n, n);
        ReadOnlySpan<T> fti = fTransposed.Slice(i * n, n), ftj = fTransposed.Slice(j * n, n);
        T traceE = T.Zero, traceF = T.Zero, ii = T.Zero, jj = T.Zero, ij = T.Zero, ji = T.Zero;
        for (int k = 0; k < n; k++)
        {
            T weight = weights[k];
            traceE += weight * e[k * n + k];
            traceF += weight * f[k * n + k];
            ii += weight * ej[k] * ftj[k];
            jj += weight * ei[k] * fti[k];
            ij += weight * (ej[k] * fti[k] + fj[k] * eti[k]);
            ji += weight * (ei[k] * ftj[k] + fi[k] * etj[k]);
        }
        result[i * n + i] += ej[j] * traceF - ii;
        result[j * n + j] += ei[i] * traceF - jj;
        result[i * n + j] = ij - ej[i] * traceF - fj[i] * traceE;
        result[j * n + i] = ji - ei[j] * traceF - fi[j] * traceE;
    }

    /// <summary>weights[k] = 2^-exponent times the product of all singular values but i, j and k; 0 for k = i and k = j.</summary>
    private static void Weights<T>(ReadOnlySpan<T> s, int i, int j, int exponent, Span<T> weights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Scratch<RangeFreeProduct<T>> before = new(s.Length);
        RangeFreeProduct<T> product = RangeFreeProduct<T>.One;
        for (int k = 0; k < s.Length; k++)
        {
            before.Span[k] = product;
            product = k == i || k == j ? product : product * new RangeFreeProduct<T>(s[k]);
        }
        product = RangeFreeProduct<T>.One;
        for (int k = s.Length - 1; k >= 0; k--)
        {
            bool outside = k == i || k == j;
            weights[k] = outside ? T.Zero : (before.Span[k] * product).Value(exponent);
            product = outside ? product : product * new RangeFreeProduct<T>(s[k]);
        }
    }

    /// <summary>
    /// before[i] and after[i] are the products of the pivots before i and from i on. As these hardly grow, before[n - k] is about the largest product that
    /// leaves k of them out: its exponent serves as the common one.
    /// </summary>
    private static void Products<T>(ReadOnlySpan<T> s, Span<RangeFreeProduct<T>> before, Span<RangeFreeProduct<T>> after)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = s.Length;
        before[0] = after[n] = RangeFreeProduct<T>.One;
        for (int i = 0; i < n; i++)
        {
            before[i + 1] = before[i] * new RangeFreeProduct<T>(s[i]);
            after[n - 1 - i] = after[n - i] * new RangeFreeProduct<T>(s[n - 1 - i]);
        }
    }

    /// <summary>P A Q = L diag(s) U by elimination with complete pivoting, L and U with unit diagonals and no element above 1.</summary>
    private readonly ref struct Frame<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly int _n;
        private readonly int _sign;
        private readonly ReadOnlySpan<T> _factors;
        private readonly ReadOnlySpan<int> _rows;
        private readonly ReadOnlySpan<int> _columns;

        public Frame(ReadOnlySpan<T> a, int n, Span<T> factors, Span<T> s, Span<int> rows, Span<int> columns)
        {
            _n = n;
            _sign = 1;
            _factors = factors;
            _rows = rows;
            _columns = columns;
            a[..(n * n)].CopyTo(factors);
            for (int i = 0; i < n; i++)
            {
                (rows[i], columns[i]) = (i, i);
            }
            for (int k = 0; k < n; k++)
            {
                (int row, int column) = Largest(factors, n, k);
                if (row != k)
                {
                    Rows.Swap(factors.Slice(k * n, n), factors.Slice(row * n, n));
                    (rows[k], rows[row]) = (rows[row], rows[k]);
                    _sign = -_sign;
                }
                if (column != k)
                {
                    for (int i = 0; i < n; i++)
                    {
                        (factors[i * n + k], factors[i * n + column]) = (factors[i * n + column], factors[i * n + k]);
                    }
                    (columns[k], columns[column]) = (columns[column], columns[k]);
                    _sign = -_sign;
                }
                Span<T> top = factors.Slice(k * n + k + 1, n - k - 1);
                T pivot = factors[k * n + k];
                s[k] = pivot;
                if (pivot == T.Zero)
                {
                    // All that is left is zero.
                    continue;
                }
                for (int i = k + 1; i < n; i++)
                {
                    T multiplier = factors[i * n + k] / pivot;
                    factors[i * n + k] = multiplier;
                    Rows.AddScaled(factors.Slice(i * n + k + 1, n - k - 1), -multiplier, top);
                }
                Rows.Divide(top, pivot);
            }
        }

        /// <summary>result := L^-1 P e Q U^-1.</summary>
        public void Bring(ReadOnlySpan<T> e, Span<T> result)
        {
            int n = _n;
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    result[i * n + j] = e[_rows[i] * n + _columns[j]];
                }
            }
            TriangularSolve.Solve(_factors, n, result, n, Triangle.Lower, transposed: false, unitDiagonal: true);
            TriangularSolve.SolveRight(_factors, n, result, n, Triangle.Upper, transposed: false, unitDiagonal: true);
        }

        /// <summary>result := 2^exponent det(P) det(Q) P^T L^-T inner U^-T Q^T; the inner matrix is overwritten.</summary>
        public void Restore(Span<T> inner, int exponent, Span<T> result)
        {
            int n = _n;
            TriangularSolve.Solve(_factors, n, inner, n, Triangle.Lower, transposed: true, unitDiagonal: true);
            TriangularSolve.SolveRight(_factors, n, inner, n, Triangle.Upper, transposed: true, unitDiagonal: true);
            T sign = T.CreateTruncating(_sign);
            Rows.ScaleByPowerOfTwo(inner[..(n * n)], exponent);
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    result[_rows[i] * n + _columns[j]] = sign * inner[i * n + j];
                }
            }
        }

        /// <summary>Where the largest element of what is left lies; a NaN counts as largest.</summary>
        private static (int Row, int Column) Largest(ReadOnlySpan<T> a, int n, int k)
        {
            (int row, int column) = (k, k);
            T largest = T.Abs(a[k * n + k]);
            for (int i = k; i < n; i++)
            {
                ReadOnlySpan<T> rest = a.Slice(i * n + k, n - k);
                int best = TensorPrimitives.IndexOfMaxMagnitude(rest);
                T candidate = T.Abs(rest[best]);
                if (candidate > largest || (T.IsNaN(candidate) && !T.IsNaN(largest)))
                {
                    (row, column, largest) = (i, k + best, candidate);
                }
            }
            return (row, column);
        }
    }
}
