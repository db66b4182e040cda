namespace AutoDiff.Kernels;

/// <summary>The derivatives of the inverse error functions. In the tails, where exp(y²) would magnify the rounding of y, they come from the argument, which is erfc(y).</summary>
internal static class InverseSlopes
{
    private const double HalfRootPi = 0.88622692545275801365;

    /// <summary>√π/2 exp(y²) at y = erfinv x.</summary>
    public static double Erfinv(double x) => ElementaryPieces.ExpOfSquare(ErrorFunctions.Erfinv(x), 1) * HalfRootPi;

    /// <summary>-√π/2 exp(y²) at y = erfcinv x; exp(y²) = erfcx(y) / x.</summary>
    public static double Erfcinv(double x)
    {
        double y = ErrorFunctions.Erfcinv(x);
        return x == 0 ? double.NegativeInfinity : -HalfRootPi * (y > 0.5 ? ErrorFunctions.Erfcx(y) / x : ElementaryPieces.ExpOfSquare(y, 1));
    }

    /// <summary>√2π exp(y²/2) at y = Φ⁻¹(p), from erfcinv(2p) = -y/√2.</summary>
    public static double Ndtri(double p) => -2 * 1.41421356237309504880 * Erfcinv(2 * p);
}
