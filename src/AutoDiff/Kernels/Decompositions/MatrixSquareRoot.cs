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
        int size = n * n;
        using Scratch<T> product = new(size), inverse = new(size), factors = new(size), step = new(size);
        using Scratch<int> pivots = new(n);
        Span<T> m = product.Span, x = root[..size];
        a[..size].CopyTo(m);
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
            T distance = DistanceFromIdentity(m, n, step.Span);
            m.CopyTo(factors.Span);
            (int sign, int zero) = LuDecomposition.Factor(factors.Span, n, n, pivots.Span);
            if (!T.IsFinite(distance) || zero >= 0)
            {
                break;
            }
            SetIdentity(inverse.Span, n);
            LuDecomposition.Solve(factors.Span, n, pivots.Span, inverse.Span, n);

            // With g near |det M|^(-1/2n) and f = g²: X := g X (I + M^-1 / f) / 2, M := (2I + f M + M^-1 / f) / 4. As a power of two g adds no rounding errors.
            T octaves = -Determinant.LogFromLu(factors.Span, n, sign).LogMagnitude / T.Log(T.One + T.One) / T.CreateTruncating(2 * Math.Max(n, 1));
            T g = T.ScaleB(T.One, int.CreateSaturating(T.Round(octaves))), f = g * g;
            SetIdentity(step.Span, n);
            Rows.AddScaled(step.Span, T.One / f, inverse.Span);
            Rows.Multiply<T>(x, step.Span, factors.Span, n, n, n);
            x.Clear();
            Rows.AddScaled(x, half * g, factors.Span);
            if (distance <= near)
            {
                // The step just taken squares the distance.
                Rows.ScaleByPowerOfTwo(x, exponent / 2);
                return true;
            }
            SetIdentity(step.Span, n);
            Rows.AddScaled(step.Span, f * half, m);
            Rows.AddScaled(step.Span, half / f, inverse.Span);
            m.Clear();
            Rows.AddScaled(m, half, step.Span);
        }
        x.Fill(T.NaN);
        return false;
    }

    /// <summary>
    /// Fills <paramref name="derivative"/> with the Fréchet derivative L of the root at <paramref name="a"/> in the direction <paramref name="e"/>, the
    /// solution of S L + L S = E with S = sqrt(A), all n×n: the upper right block of sqrt([A E; 0 A]). The adjoint of L(A, ·) is L(A^T, ·). Returns false,
    /// with NaN throughout, where no root was found.
    /// </summary>
    public static bool Derivative<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> e, int n, Span<T> derivative)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Scratch<T> block = new(4 * n * n), root = new(4 * n * n);
        int exponent = BlockFunction.Fill(a, e, n, block.Span);
        bool found = Compute<T>(block.Span, 2 * n, root.Span);
        BlockFunction.Extract<T>(root.Span, n, exponent, derivative);
        return found;
    }

    private static T DistanceFromIdentity<T>(ReadOnlySpan<T> m, int n, Span<T> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        m.CopyTo(work);
        for (int i = 0; i < n; i++)
        {
            work[i * n + i] -= T.One;
        }
        return Rows.OneNorm<T>(work, n, n);
    }

    private static void SetIdentity<T>(Span<T> a, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        a.Clear();
        for (int i = 0; i < n; i++)
        {
            a[i * n + i] = T.One;
        }
    }
}
