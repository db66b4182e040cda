using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>
/// The principal square root of a matrix without eigenvalues on the closed negative real axis, by the scaled product form of the Denman-Beavers iteration
/// (Cheng, Higham, Kenney and Laub, "Approximating the logarithm of a matrix to specified accuracy", 2001, section 4).
/// </summary>
internal static class MatrixSquareRoot
{
    // Fewer than 15 steps are usual; the cap ends the wandering where there is no principal root.
    private const int MaxSteps = 60;

    /// <summary>
    /// Fills <paramref name="root"/> with the principal root of <paramref name="a"/>, both n×n. Returns false, with NaN throughout, where none was found.
    /// </summary>
    public static bool Compute<T>(ReadOnlySpan<T> a, int n, Span<T> root)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Scratch<T> copy = new(n * n);
        a[..(n * n)].CopyTo(copy.Span);
        return Evaluate(copy.Span, n, 0, root);
    }

    /// <summary>
    /// Fills <paramref name="derivative"/> with the Fréchet derivative L of the root at <paramref name="a"/> in the direction <paramref name="e"/>, the
    /// solution of S L + L S = E with S = sqrt(A), all n×n, or in several directions. The adjoint of L(A, ·) is L(A^T, ·). Returns false, with NaN throughout, where no root was found.
    /// </summary>
    public static bool Derivative<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> e, int n, Span<T> derivative)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => HyperDual.Derivative(Evaluate, a, e, n, derivative);

    /// <summary>The root of a hyper-dual matrix, whose directions are no larger than the matrix itself.</summary>
    public static bool Evaluate<T>(Span<T> m, int n, int directions, Span<T> root)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = n * n, length = HyperDual.Length(n, directions);
        using Scratch<T> inverse = new(length), factors = new(length), step = new(length);
        m = m[..length];
        Span<T> x = root[..length];
        // An even power of two, so that its root is one too.
        int exponent = Scaling.Normalize(m);
        if (int.IsOddInteger(exponent))
        {
            Rows.ScaleByPowerOfTwo(m, 1);
            exponent--;
        }
        m.CopyTo(x);
        T half = T.ScaleB(T.One, -1), near = T.Sqrt(Rows.Epsilon<T>());
        for (int i = 0; i < MaxSteps; i++)
        {
            T distance = DistanceFromIdentity(m, n, directions, step.Span);
            if (!T.IsFinite(distance))
            {
                break;
            }
            m.CopyTo(factors.Span);
            inverse.Span.Clear();
            HyperDual.AddIdentity(inverse.Span, n, T.One);
            (int sign, int zero) = HyperDual.Solve(factors.Span, inverse.Span, n, directions);
            if (zero >= 0)
            {
                break;
            }

            // With g near |det M|^(-1/2n) and f = g²: X := g X (I + M^-1 / f) / 2, M := (2I + f M + M^-1 / f) / 4. As a power of two g adds no rounding errors.
            T octaves = -Determinant.LogFromLu<T>(factors.Span[..size], n, sign).LogMagnitude / T.Log(T.One + T.One) / T.CreateTruncating(2 * Math.Max(n, 1));
            T g = T.ScaleB(T.One, int.CreateSaturating(T.Round(octaves))), f = g * g;
            step.Span.Clear();
            HyperDual.AddIdentity(step.Span, n, T.One);
            Rows.AddScaled(step.Span, T.One / f, inverse.Span);
            HyperDual.Multiply<T>(x, step.Span, factors.Span, n, directions);
            x.Clear();
            Rows.AddScaled(x, half * g, factors.Span);
            if (distance <= near)
            {
                // The step just taken squares the distance.
                Rows.ScaleByPowerOfTwo(x, exponent / 2);
                return true;
            }
            step.Span.Clear();
            HyperDual.AddIdentity(step.Span, n, T.One);
            Rows.AddScaled(step.Span, f * half, m);
            Rows.AddScaled(step.Span, half / f, inverse.Span);
            m.Clear();
            Rows.AddScaled(m, half, step.Span);
        }
        x.Fill(T.NaN);
        return false;
    }

    /// <summary>The sum of the 1-norms of what the coefficients differ by from those of the identity.</summary>
    private static T DistanceFromIdentity<T>(ReadOnlySpan<T> m, int n, int directions, Span<T> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        m.CopyTo(work);
        HyperDual.AddIdentity(work, n, -T.One);
        T sum = T.Zero;
        for (int s = 0; s < 1 << directions; s++)
        {
            sum += Rows.OneNorm<T>(work.Slice(s * n * n, n * n), n, n);
        }
        return sum;
    }
}
