using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>
/// Sylvester's equation A X + X B = C. Symmetric matrices are diagonalized, after which the equation is a division; others make one system of m·n unknowns, (A ⊗ I + I ⊗ Bᵀ) x = c for the rows of X
/// one after the other (Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., chapter 16).
/// </summary>
internal static class Sylvester
{
    /// <summary>Solves op(A) X + X op(B) = C for A (m×m) and B (n×n); C (m×n) is overwritten with X. Returns false if the equation is singular.</summary>
    public static bool Solve<T>(ReadOnlySpan<T> a, int m, ReadOnlySpan<T> b, int n, Span<T> c, bool transposed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        IsSymmetric(a, m) && IsSymmetric(b, n) ? SolveSymmetric(a, m, b, n, c) : SolveDense(a, m, b, n, c, transposed);

    private static bool SolveSymmetric<T>(ReadOnlySpan<T> a, int m, ReadOnlySpan<T> b, int n, Span<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Scratch<T> wa = new(m), va = new(m * m), wb = new(n), vb = new(n * n), transposed = new(Math.Max(m * m, n * n)), product = new(m * n);
        if (!SymmetricEigen.Decompose(a, m, wa.Span, va.Span) || !SymmetricEigen.Decompose(b, n, wb.Span, vb.Span))
        {
            return false;
        }
        Rows.Transpose<T>(va.Span, m, m, transposed.Span);
        Rows.Multiply<T>(transposed.Span, c, product.Span, m, m, n);
        Rows.Multiply<T>(product.Span, vb.Span, c, m, n, n);
        T noise = Rows.Epsilon<T>() * (Rows.MaxMagnitude<T>(wa.Span) + Rows.MaxMagnitude<T>(wb.Span));
        for (int i = 0; i < m * n; i++)
        {
            T sum = wa.Span[i / n] + wb.Span[i % n];
            if (!(T.Abs(sum) > noise))
            {
                return false;
            }
            c[i] /= sum;
        }
        Rows.Multiply<T>(va.Span, c, product.Span, m, m, n);
        Rows.Transpose<T>(vb.Span, n, n, transposed.Span);
        Rows.Multiply<T>(product.Span, transposed.Span, c, m, n, n);
        return true;
    }

    private static bool SolveDense<T>(ReadOnlySpan<T> a, int m, ReadOnlySpan<T> b, int n, Span<T> c, bool transposed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = m * n;
        using Scratch<T> system = new(checked(size * size));
        using Scratch<int> pivots = new(size);
        system.Span.Clear();
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                Span<T> row = system.Span.Slice((i * n + j) * size, size);
                for (int k = 0; k < m; k++)
                {
                    row[k * n + j] += transposed ? a[k * m + i] : a[i * m + k];
                }
                for (int k = 0; k < n; k++)
                {
                    row[i * n + k] += transposed ? b[j * n + k] : b[k * n + j];
                }
            }
        }
        if (LuDecomposition.Factor(system.Span, size, size, pivots.Span).FirstZeroPivot >= 0)
        {
            return false;
        }
        LuDecomposition.Solve(system.Span, size, pivots.Span, c[..size], 1);
        return true;
    }

    /// <summary>Whether a matrix is symmetric, bit by bit.</summary>
    public static bool IsSymmetric<T>(ReadOnlySpan<T> a, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (a[i * n + j] != a[j * n + i])
                {
                    return false;
                }
            }
        }
        return true;
    }
}
