namespace AutoDiff.Kernels;

/// <summary>Evaluates polynomials in powers and in Chebyshev polynomials.</summary>
internal static class Series
{
    /// <summary>c[0] + c[1] x + c[2] x² + ... by Horner's scheme.</summary>
    public static double Powers(ReadOnlySpan<double> c, double x)
    {
        double sum = 0;
        for (int k = c.Length - 1; k >= 0; k--)
        {
            sum = Math.FusedMultiplyAdd(sum, x, c[k]);
        }

        return sum;
    }

    /// <summary>c[0] + c[1] T₁(t) + c[2] T₂(t) + ... for t in [-1, 1] by Clenshaw's recurrence (DLMF 3.11(ii)).</summary>
    public static double Chebyshev(ReadOnlySpan<double> c, double t)
    {
        double next = 0, afterNext = 0;
        for (int k = c.Length - 1; k > 0; k--)
        {
            (next, afterNext) = (Math.FusedMultiplyAdd(2 * t, next, c[k] - afterNext), next);
        }

        return Math.FusedMultiplyAdd(t, next, c[0] - afterNext);
    }
}
