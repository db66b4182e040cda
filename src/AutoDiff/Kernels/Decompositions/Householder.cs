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
}
