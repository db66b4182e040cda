using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>Which half of a square matrix holds the triangular one; the other half is never read.</summary>
internal enum Triangle
{
    Lower,
    Upper,
}

/// <summary>
/// Systems with a triangular n×n matrix, solved in place by substitution (Golub and Van Loan, "Matrix Computations", 4th ed., section 3.1).
/// A zero on the diagonal gives infinities or NaN, as division does.
/// </summary>
internal static class TriangularSolve
{
    /// <summary>Solves op(A) X = B, where B (n×k) is overwritten with X and op(A) is A or its transpose.</summary>
    public static void Solve<T>(ReadOnlySpan<T> a, int n, Span<T> b, int k, Triangle triangle, bool transposed, bool unitDiagonal)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (k == 1)
        {
            SolveVector(a, n, b[..n], triangle, transposed, unitDiagonal);
            return;
        }
#if !SMALL
        if (IsLarge(n, k))
        {
            SolveBlocked(a, n, b, k, triangle, transposed, unitDiagonal);
            return;
        }
#endif
        bool forward = (triangle == Triangle.Lower) != transposed;
        for (int step = 0; step < n; step++)
        {
            int i = forward ? step : n - 1 - step;
            Span<T> row = b.Slice(i * k, k);
            (int from, int to) = triangle == Triangle.Lower ? (0, i) : (i + 1, n);
            if (!transposed)
            {
                for (int j = from; j < to; j++)
                {
                    Rows.AddScaled(row, -a[i * n + j], b.Slice(j * k, k));
                }
            }
            if (!unitDiagonal)
            {
                Rows.Divide(row, a[i * n + i]);
            }
            if (transposed)
            {
                for (int j = from; j < to; j++)
                {
                    Rows.AddScaled(b.Slice(j * k, k), -a[i * n + j], row);
                }
            }
        }
    }

    /// <summary>Solves X op(A) = B, where B (k×n) is overwritten with X and op(A) is A or its transpose.</summary>
    public static void SolveRight<T>(ReadOnlySpan<T> a, int n, Span<T> b, int k, Triangle triangle, bool transposed, bool unitDiagonal)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Every row x of X stands for itself: op(A)^T x^T = b^T.
#if !SMALL
        if (IsLarge(n, k))
        {
            using Scratch<T> columns = new(n * k);
            Rows.Transpose(b, k, n, columns.Span);
            SolveBlocked(a, n, columns.Span, k, triangle, !transposed, unitDiagonal);
            Rows.Transpose(columns.Span, n, k, b);
            return;
        }
#endif
        for (int i = 0; i < k; i++)
        {
            SolveVector(a, n, b.Slice(i * n, n), triangle, !transposed, unitDiagonal);
        }
    }

#if !SMALL
    /// <summary>Whether products of matrices are worth it: enough rows, and enough right-hand sides.</summary>
    private static bool IsLarge(int n, int k) => n >= Blocked.Smallest && k >= 8;

    private static unsafe void SolveBlocked<T>(ReadOnlySpan<T> a, int n, Span<T> b, int k, Triangle triangle, bool transposed, bool unitDiagonal)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (T* matrix = a, columns = b)
        {
            MatrixView<T> view = transposed ? new(matrix, 1, n) : new(matrix, n, 1);
            Blocked.SolveTriangular(view, n, columns, k, k, (triangle == Triangle.Lower) != transposed, unitDiagonal);
        }
    }
#endif

    private static void SolveVector<T>(ReadOnlySpan<T> a, int n, Span<T> x, Triangle triangle, bool transposed, bool unitDiagonal)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool forward = (triangle == Triangle.Lower) != transposed;
        for (int step = 0; step < n; step++)
        {
            int i = forward ? step : n - 1 - step;
            Range others = triangle == Triangle.Lower ? 0..i : (i + 1)..n;
            ReadOnlySpan<T> coefficients = a.Slice(i * n, n)[others];
            if (!transposed)
            {
                x[i] -= Rows.Dot(coefficients, x[others]);
            }
            if (!unitDiagonal)
            {
                x[i] /= a[i * n + i];
            }
            if (transposed)
            {
                Rows.AddScaled(x[others], -x[i], coefficients);
            }
        }
    }
}
