using System.Numerics;
using System.Runtime.InteropServices;

namespace AutoDiff.Kernels;

/// <summary>The operations on batches of matrices that solve systems, or take inverses. What can fail returns which matrix did, and at which pivot; -1 where none did.</summary>
internal static class SystemOperations
{
    /// <summary>The LU factors of matrices, each followed by a row of pivots, as integers.</summary>
    public static (int Matrix, int Pivot) Factors<T>(ReadOnlySpan<T> a, int n, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = n * n;
        y.Clear();
        for (int q = 0; q < Batches.Count(a, size); q++)
        {
            Span<T> own = y.Slice(q * (size + n), size + n);
            a.Slice(q * size, size).CopyTo(own);
            int zero = LuDecomposition.Factor(own[..size], n, n, MemoryMarshal.Cast<T, int>(own[size..])[..n]).FirstZeroPivot;
            if (zero >= 0)
            {
                return (q, zero);
            }
        }
        return Batches.AllDone;
    }

    /// <summary>Solves op(A) X = B for k right-hand sides each, with what <see cref="Factors"/> made of A.</summary>
    public static void Solve<T>(ReadOnlySpan<T> b, ReadOnlySpan<T> factors, int n, int k, bool transposed, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = n * n;
        b.CopyTo(y);
        for (int q = 0; q < Batches.Count<T>(y, n * k); q++)
        {
            ReadOnlySpan<T> own = Batches.At(factors, q, size + n);
            LuDecomposition.Solve(own[..size], n, MemoryMarshal.Cast<T, int>(own[size..])[..n], y.Slice(q * n * k, n * k), k, transposed);
        }
    }

    /// <summary>Solves op(A) X = B for k right-hand sides each, with triangular A.</summary>
    public static void SolveTriangles<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, int n, int k, bool upper, bool transposed, bool unitDiagonal, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        b.CopyTo(y);
        for (int q = 0; q < Batches.Count<T>(y, n * k); q++)
        {
            TriangularSolve.Solve(Batches.At(a, q, n * n), n, y.Slice(q * n * k, n * k), k, upper ? Triangle.Upper : Triangle.Lower, transposed, unitDiagonal);
        }
    }

    /// <summary>The inverses. Where singular matrices are allowed, theirs are the transposed cofactors divided by the determinant, a zero with a sign: what a derivative that needs the inverse tends to.</summary>
    public static (int Matrix, int Pivot) Invert<T>(ReadOnlySpan<T> a, int n, bool allowsSingular, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = n * n;
        using Scratch<T> factors = new(size);
        using Scratch<int> pivots = new(n);
        for (int q = 0; q < Batches.Count<T>(y, size); q++)
        {
            ReadOnlySpan<T> matrix = a.Slice(q * size, size);
            Span<T> inverse = y.Slice(q * size, size);
            matrix.CopyTo(factors.Span);
            (int sign, int zero) = LuDecomposition.Factor(factors.Span, n, n, pivots.Span);
            if (zero >= 0 && !allowsSingular)
            {
                return (q, zero);
            }
            if (zero >= 0)
            {
                T determinant = Determinant.FromLu<T>(factors.Span, n, sign);
                Cofactors.Compute(matrix, n, factors.Span);
                Rows.Transpose<T>(factors.Span, n, n, inverse);
                Rows.Divide(inverse, determinant);
                continue;
            }
            inverse.Clear();
            for (int i = 0; i < n; i++)
            {
                inverse[(i * n) + i] = T.One;
            }
            LuDecomposition.Solve(factors.Span, n, pivots.Span, inverse, n);
        }
        return Batches.AllDone;
    }

    /// <summary>Solves op(A) X = B for matrices of three diagonals.</summary>
    public static (int Matrix, int Pivot) SolveDiagonals<T>(ReadOnlySpan<T> lower, ReadOnlySpan<T> diagonal, ReadOnlySpan<T> upper, ReadOnlySpan<T> b, int n, int k, bool transposed, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        b.CopyTo(y);
        for (int q = 0; q < Batches.Count<T>(y, n * k); q++)
        {
            ReadOnlySpan<T> below = Batches.At(transposed ? upper : lower, q, n - 1), above = Batches.At(transposed ? lower : upper, q, n - 1);
            int pivot = TridiagonalSolve.Solve(below, Batches.At(diagonal, q, n), above, y.Slice(q * n * k, n * k), k);
            if (pivot >= 0)
            {
                return (q, pivot);
            }
        }
        return Batches.AllDone;
    }

    /// <summary>Solves op(A) X + X op(B) = C, for A of order m and B of order n.</summary>
    public static (int Matrix, int Pivot) SolveSylvester<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, ReadOnlySpan<T> c, int m, int n, bool transposed, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        c.CopyTo(y);
        for (int q = 0; q < Batches.Count<T>(y, m * n); q++)
        {
            if (!Sylvester.Solve(Batches.At(a, q, m * m), m, Batches.At(b, q, n * n), n, y.Slice(q * m * n, m * n), transposed))
            {
                return (q, -1);
            }
        }
        return Batches.AllDone;
    }
}
