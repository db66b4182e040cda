using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>
/// Elementary reflections H = I - tau v v^T with v[0] = 1 (Golub and Van Loan, "Matrix Computations", 4th ed., section 5.1), in LAPACK's convention:
/// H x = beta e_0 with beta of the sign opposite to x[0], and H = I where x is a multiple of e_0 already.
/// </summary>
internal static class Householder
{
    /// <summary>Overwrites <paramref name="x"/> with the vector v of the reflection that maps it to beta e_0; returns tau and beta.</summary>
    public static (T Tau, T Beta) Make<T>(Span<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (x.IsEmpty)
        {
            return (T.Zero, T.Zero);
        }
        T alpha = x[0];
        Span<T> rest = x[1..];
        T below = Rows.Norm<T>(rest);
        x[0] = T.One;
        if (below == T.Zero)
        {
            return (T.Zero, alpha);
        }
        T norm = T.Hypot(alpha, below);
        T beta = T.IsNegative(alpha) ? norm : -norm;
        // No cancellation: alpha and -beta have one sign.
        Rows.Divide(rest, alpha - beta);
        return ((beta - alpha) / beta, beta);
    }

    /// <summary>x := H x, one inner product and one update.</summary>
    public static void Apply<T>(ReadOnlySpan<T> v, T tau, Span<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Rows.AddScaled(x, -tau * Rows.Dot(v, x), v);

    /// <summary>
    /// Fills <paramref name="rows"/> (n×n) with the columns of H_0 H_1 … as rows, where the reflections leave the first element alone: row i of <paramref name="vectors"/> ((n - 1)×(n - 1)) has from element
    /// i on the vector of H_i.
    /// </summary>
    public static void FormBeyondFirst<T>(ReadOnlySpan<T> vectors, int n, ReadOnlySpan<T> taus, Span<T> rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int less = n - 1;
        rows[..(n * n)].Clear();
        rows[0] = T.One;
        if (less == 0)
        {
            return;
        }
        using Scratch<T> beyond = new(less * less);
        QrDecomposition.FormTransposedQ(vectors, less, less, taus, beyond.Span, less);
        for (int i = 0; i < less; i++)
        {
            beyond.Span.Slice(i * less, less).CopyTo(rows[((i + 1) * n + 1)..]);
        }
    }
}
