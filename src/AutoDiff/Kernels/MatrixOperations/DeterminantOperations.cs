using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>The operations on batches of matrices that are determinants and their derivatives.</summary>
internal static class DeterminantOperations
{
    /// <summary>The determinants.</summary>
    public static void Determinants<T>(ReadOnlySpan<T> a, int n, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Scratch<T> factors = new(n * n);
        using Scratch<int> pivots = new(n);
        for (int q = 0; q < y.Length; q++)
        {
            int sign = Factor(a, q, n, factors.Span, pivots.Span);
            y[q] = Determinant.FromLu<T>(factors.Span, n, sign);
        }
    }

    /// <summary>The signs of the determinants and the logarithms of their magnitudes.</summary>
    public static void SignsAndLogarithms<T>(ReadOnlySpan<T> a, int n, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Scratch<T> factors = new(n * n);
        using Scratch<int> pivots = new(n);
        for (int q = 0; q < y.Length / 2; q++)
        {
            int sign = Factor(a, q, n, factors.Span, pivots.Span);
            (y[2 * q], y[(2 * q) + 1]) = Determinant.LogFromLu<T>(factors.Span, n, sign);
        }
    }

    /// <summary>The logarithms of the determinants, NaN of those that are negative.</summary>
    public static void Logarithms<T>(ReadOnlySpan<T> a, int n, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Scratch<T> factors = new(n * n);
        using Scratch<int> pivots = new(n);
        for (int q = 0; q < y.Length; q++)
        {
            int sign = Factor(a, q, n, factors.Span, pivots.Span);
            (T determinantSign, T log) = Determinant.LogFromLu<T>(factors.Span, n, sign);
            y[q] = determinantSign < T.Zero ? T.NaN : log;
        }
    }

    /// <summary>The matrices of cofactors.</summary>
    public static void CofactorMatrices<T>(ReadOnlySpan<T> a, int n, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = n * n;
        for (int q = 0; q < Batches.Count<T>(y, size); q++)
        {
            Cofactors.Compute(a.Slice(q * size, size), n, y.Slice(q * size, size));
        }
    }

    /// <summary>The derivatives of the cofactors in the directions E.</summary>
    public static void CofactorDerivatives<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> e, int n, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = n * n;
        for (int q = 0; q < Batches.Count<T>(y, size); q++)
        {
            Cofactors.Derivative(Batches.At(a, q, size), Batches.At(e, q, size), n, y.Slice(q * size, size));
        }
    }

    /// <summary>The second derivatives of the cofactors in the directions E and F.</summary>
    public static void CofactorSecondDerivatives<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> e, ReadOnlySpan<T> f, int n, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = n * n;
        for (int q = 0; q < Batches.Count<T>(y, size); q++)
        {
            Cofactors.SecondDerivative(Batches.At(a, q, size), Batches.At(e, q, size), Batches.At(f, q, size), n, y.Slice(q * size, size));
        }
    }

    private static int Factor<T>(ReadOnlySpan<T> a, int q, int n, Span<T> factors, Span<int> pivots)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        a.Slice(q * n * n, n * n).CopyTo(factors);
        return LuDecomposition.Factor(factors, n, n, pivots).Sign;
    }
}
