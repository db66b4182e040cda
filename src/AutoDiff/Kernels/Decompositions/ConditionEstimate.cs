using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>
/// The condition number in the 1-norm, estimated from LU factors in a few solves (Hager, "Condition estimates", 1984;
/// Higham, "FORTRAN codes for estimating the one-norm of a real or complex matrix", 1988): seldom off by more than a factor of three.
/// </summary>
internal static class ConditionEstimate
{
    private const int MaxSteps = 5;

    /// <summary>
    /// An estimate, from above, of 1 / (|A| |A^-1|) for the matrix of the given factors and 1-norm (<see cref="Rows.OneNorm"/>): 0 for a singular matrix,
    /// 1 for an empty one, NaN where the norm is NaN.
    /// </summary>
    public static T Reciprocal<T>(ReadOnlySpan<T> factors, int n, ReadOnlySpan<int> pivots, T norm)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (n == 0)
        {
            return T.One;
        }
        if (T.IsNaN(norm))
        {
            return norm;
        }
        for (int i = 0; i < n; i++)
        {
            if (factors[i * n + i] == T.Zero)
            {
                return T.Zero;
            }
        }
        T estimate = InverseNorm(factors, n, pivots);
        // A solution that leaves the range belongs to a matrix that is singular to working precision.
        return T.IsFinite(estimate) ? T.One / estimate / norm : T.Zero;
    }

    private static T InverseNorm<T>(ReadOnlySpan<T> factors, int n, ReadOnlySpan<int> pivots)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Scratch<T> vector = new(n), gradient = new(n);
        Span<T> y = vector.Span, z = gradient.Span;
        T estimate = T.Zero;
        int unit = -1;
        y.Fill(T.One / T.CreateTruncating(n));
        // |A^-1 x| is convex in x: climb over the corners e_j of the unit ball along the gradient z = A^-T sign(A^-1 x).
        for (int step = 0; step < MaxSteps; step++)
        {
            LuDecomposition.Solve(factors, n, pivots, y, 1);
            T length = Rows.OneNorm<T>(y, n, 1);
            if (!(length > estimate))
            {
                return T.IsNaN(length) ? length : Alternating(factors, n, pivots, estimate, y);
            }
            estimate = length;
            for (int i = 0; i < n; i++)
            {
                z[i] = T.IsNegative(y[i]) ? -T.One : T.One;
            }
            LuDecomposition.Solve(factors, n, pivots, z, 1, transposed: true);
            int best = 0;
            for (int i = 1; i < n; i++)
            {
                best = T.Abs(z[i]) > T.Abs(z[best]) ? i : best;
            }
            if (best == unit)
            {
                break;
            }
            unit = best;
            y.Clear();
            y[best] = T.One;
        }
        return Alternating(factors, n, pivots, estimate, y);
    }

    /// <summary>Higham's safeguard against matrices that mislead the climb: a vector of growing elements of alternating sign.</summary>
    private static T Alternating<T>(ReadOnlySpan<T> factors, int n, ReadOnlySpan<int> pivots, T estimate, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < n; i++)
        {
            T magnitude = T.One + T.CreateTruncating(i) / T.CreateTruncating(Math.Max(n - 1, 1));
            y[i] = i % 2 == 0 ? magnitude : -magnitude;
        }
        LuDecomposition.Solve(factors, n, pivots, y, 1);
        T other = T.CreateTruncating(2) * Rows.OneNorm<T>(y, n, 1) / T.CreateTruncating(3 * n);
        return T.Max(estimate, other);
    }
}
