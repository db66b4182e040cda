namespace AutoDiff.Kernels;

/// <summary>The standard normal distribution between two bounds.</summary>
internal static class TruncatedNormal
{
    /// <summary>The z between a and b with Φ(z) = (1 - u) Φ(a) + u Φ(b), in the tail that has the digits.</summary>
    public static double Quantile(double a, double b, double u)
    {
        if (!(a <= b))
        {
            return double.NaN;
        }

        if (a > 0)
        {
            return -Quantile(-b, -a, 1 - u);
        }

        double z = b < -5 ? TailQuantile(a, b, u) : Inner(a, b, u);
        return Math.Clamp(z, a, b);
    }

    private static double Inner(double a, double b, double u)
    {
        double p = ((1 - u) * NormalFunctions.Ndtr(a)) + (u * NormalFunctions.Ndtr(b));
        return p <= 0.5 ? NormalFunctions.Ndtri(p) : -NormalFunctions.Ndtri(((1 - u) * NormalFunctions.Ndtr(-a)) + (u * NormalFunctions.Ndtr(-b)));
    }

    /// <summary>
    /// Far out Φ underflows, and its logarithm is solved for by Newton's method. log Φ is concave, so that from the second step on the iterates rise toward the solution.
    /// </summary>
    private static double TailQuantile(double a, double b, double u)
    {
        double atEnd = NormalFunctions.LogNdtr(b);
        double below = double.IsNegativeInfinity(a) ? 0 : Math.Exp(NormalFunctions.LogNdtr(a) - atEnd);
        double target = Math.Log(u + ((1 - u) * below));
        double z = b;
        for (int step = 0; step < 100; step++)
        {
            double change = (NormalFunctions.LogNdtr(z) - atEnd - target) / NormalFunctions.LogNdtrDerivative(1, z);
            z -= change;
            if (Math.Abs(change) <= 1e-15 * Math.Abs(z))
            {
                break;
            }
        }

        return z;
    }
}
