namespace AutoDiff.Kernels;

/// <summary>Elliptic integrals by Carlson's symmetric ones (DLMF chapter 19); m is the parameter k².</summary>
internal static class EllipticIntegrals
{
    /// <summary>K(m) for m up to 1, ∞ there, NaN beyond. K' = (K - D) / (2 (1 - m)), D = <see cref="D"/> (DLMF 19.4.1 with 19.2.6).</summary>
    public static double K(double m) => m == 1 ? double.PositiveInfinity : CarlsonF(0, 1 - m, 1);

    /// <summary>E(m) for m up to 1, NaN beyond. E' = -D/2 (DLMF 19.4.2).</summary>
    public static double E(double m) => m == 1 ? 1 : K(m) - (m * D(m));

    /// <summary>D(m) = (K - E)/m without its cancellation (DLMF 19.25.1). D' = (K - D - (1 - m) D) / (2m (1 - m)).</summary>
    public static double D(double m) => m == 1 ? double.PositiveInfinity : CarlsonD(0, 1 - m, 1) / 3;

    /// <summary>F(φ, m), m sin²φ below 1. ∂F/∂φ = (1 - m sin²φ)^(-1/2) (DLMF 19.2.4).</summary>
    public static double IncompleteF(double phi, double m)
    {
        double turns = Math.Round(phi / Math.PI), rest = phi - (turns * Math.PI), sine = Math.Sin(rest), cosine = Math.Cos(rest);
        double value = sine * CarlsonF(cosine * cosine, 1 - (m * sine * sine), 1);
        return turns == 0 ? value : value + (2 * turns * K(m));
    }

    /// <summary>E(φ, m), m sin²φ up to 1. ∂E/∂φ = (1 - m sin²φ)^(1/2), ∂E/∂m = (E - F)/(2m) (DLMF 19.2.5, 19.4.6).</summary>
    public static double IncompleteE(double phi, double m)
    {
        double turns = Math.Round(phi / Math.PI), rest = phi - (turns * Math.PI), sine = Math.Sin(rest), cosine = Math.Cos(rest);
        double c = cosine * cosine, q = 1 - (m * sine * sine);
        double value = sine * (CarlsonF(c, q, 1) - (m * sine * sine / 3 * CarlsonD(c, q, 1)));
        return turns == 0 ? value : value + (2 * turns * E(m));
    }

    /// <summary>R_F(x, y, z), at most one argument 0, by duplication (DLMF 19.36.1). ∂/∂z = -R_D(x, y, z)/6 (DLMF 19.18.1).</summary>
    public static double CarlsonF(double x, double y, double z)
    {
        if (!(x >= 0 && y >= 0 && z >= 0) || double.IsInfinity(x + y + z))
        {
            return x >= 0 && y >= 0 && z >= 0 ? 0 : double.NaN;
        }

        double mean = (x + y + z) / 3, spread = Math.Max(Math.Abs(mean - x), Math.Max(Math.Abs(mean - y), Math.Abs(mean - z)));
        double a = mean, dx = mean - x, dy = mean - y;
        for (int k = 0; k < 600 && spread > 1e-3 * a; k++)
        {
            double sx = Math.Sqrt(x), sy = Math.Sqrt(y), sz = Math.Sqrt(z), lambda = (sx * (sy + sz)) + (sy * sz);
            (x, y, z, a) = ((x + lambda) / 4, (y + lambda) / 4, (z + lambda) / 4, (a + lambda) / 4);
            (dx, dy, spread) = (dx / 4, dy / 4, spread / 4);
        }

        double u = dx / a, v = dy / a, w = -u - v, e2 = (u * v) - (w * w), e3 = u * v * w;
        return (1 - (e2 / 10) + (e3 / 14) + (e2 * e2 / 24) - (3 * e2 * e3 / 44) - (5 * e2 * e2 * e2 / 208) + (3 * e3 * e3 / 104)) / Math.Sqrt(a);
    }

    /// <summary>R_D(x, y, z), at most one of x and y 0, by duplication (DLMF 19.36.2).</summary>
    public static double CarlsonD(double x, double y, double z)
    {
        if (!(x >= 0 && y >= 0 && z > 0) || double.IsInfinity(x + y + z))
        {
            return x >= 0 && y >= 0 && z >= 0 ? z == 0 ? double.PositiveInfinity : 0 : double.NaN;
        }

        double mean = (x + y + (3 * z)) / 5, spread = Math.Max(Math.Abs(mean - x), Math.Max(Math.Abs(mean - y), Math.Abs(mean - z)));
        double a = mean, dx = mean - x, dy = mean - y, sum = 0, power = 1;
        for (int k = 0; k < 600 && spread > 5e-4 * a; k++)
        {
            double sx = Math.Sqrt(x), sy = Math.Sqrt(y), sz = Math.Sqrt(z), lambda = (sx * (sy + sz)) + (sy * sz);
            sum += power / (sz * (z + lambda));
            power /= 4;
            (x, y, z, a) = ((x + lambda) / 4, (y + lambda) / 4, (z + lambda) / 4, (a + lambda) / 4);
            (dx, dy, spread) = (dx / 4, dy / 4, spread / 4);
        }

        double u = dx / a, v = dy / a, w = -(u + v) / 3, uv = u * v, ww = w * w;
        double e2 = uv - (6 * ww), e3 = ((3 * uv) - (8 * ww)) * w, e4 = 3 * (uv - ww) * ww, e5 = uv * ww * w;
        double series = 1 - (3 * e2 / 14) + (e3 / 6) + (9 * e2 * e2 / 88) - (3 * e4 / 22) - (9 * e2 * e3 / 52) + (3 * e5 / 26);
        return (power * series / (a * Math.Sqrt(a))) + (3 * sum);
    }
}
