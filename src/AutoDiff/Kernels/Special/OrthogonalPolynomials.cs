namespace AutoDiff.Kernels;

/// <summary>
/// Classical orthogonal polynomials of integer degree by their three-term recurrences (DLMF 18.9(i)), and their derivatives, which are polynomials
/// of the same kind of lower degree (DLMF 18.9(iii)). A negative degree gives 0, as these formulas ask.
/// </summary>
internal static class OrthogonalPolynomials
{
    /// <summary>Legendre's Pₙ(x). Its derivatives are <see cref="LegendreDerivative"/>.</summary>
    public static double Legendre(int n, double x) => Gegenbauer(n, 0.5, x);

    /// <summary>The k-th derivative of Pₙ: (2k - 1)!! times the Gegenbauer polynomial of order k + 1/2 and degree n - k (DLMF 18.9.19).</summary>
    public static double LegendreDerivative(int k, int n, double x)
    {
        double factor = 1;
        for (int j = 1; j <= k; j++)
        {
            factor *= (2 * j) - 1;
        }

        return factor * Gegenbauer(n - k, k + 0.5, x);
    }

    /// <summary>Tₙ(x). Its k-th derivative is n 2^(k-1) (k - 1)! Gegenbauer(n - k, k, x) (DLMF 18.9.21, 18.9.19); the first one n Uₙ₋₁.</summary>
    public static double ChebyshevT(int n, double x) => Recur(n, 1, x, x);

    /// <summary>Uₙ(x). Its k-th derivative is 2^k k! Gegenbauer(n - k, k + 1, x) (DLMF 18.9.19).</summary>
    public static double ChebyshevU(int n, double x) => Recur(n, 1, 2 * x, x);

    /// <summary>Vₙ(x) = Uₙ - Uₙ₋₁, with V₁ = 2x - 1 (DLMF 18.5.3). Its derivatives are those of U.</summary>
    public static double ChebyshevV(int n, double x) => Recur(n, 1, (2 * x) - 1, x);

    /// <summary>Wₙ(x) = Uₙ + Uₙ₋₁, with W₁ = 2x + 1 (DLMF 18.5.4). Its derivatives are those of U.</summary>
    public static double ChebyshevW(int n, double x) => Recur(n, 1, (2 * x) + 1, x);

    /// <summary>Gegenbauer's polynomial of order λ and degree n. Its derivative is 2λ times that of order λ + 1 and degree n - 1 (DLMF 18.9.19).</summary>
    public static double Gegenbauer(int n, double order, double x)
    {
        double previous = 0, current = n < 0 ? 0 : 1;
        for (int k = 1; k <= n; k++)
        {
            (previous, current) = (current, ((2 * (k + order - 1) * x * current) - ((k + (2 * order) - 2) * previous)) / k);
        }

        return current;
    }

    /// <summary>The physicists' Hₙ(x). Hₙ' = 2n Hₙ₋₁ (DLMF 18.9.25).</summary>
    public static double HermiteH(int n, double x)
    {
        double previous = 0, current = n < 0 ? 0 : 1;
        for (int k = 1; k <= n; k++)
        {
            (previous, current) = (current, (2 * x * current) - (2 * (k - 1.0) * previous));
        }

        return current;
    }

    /// <summary>The probabilists' Heₙ(x). Heₙ' = n Heₙ₋₁ (DLMF 18.9.27).</summary>
    public static double HermiteHe(int n, double x)
    {
        double previous = 0, current = n < 0 ? 0 : 1;
        for (int k = 1; k <= n; k++)
        {
            (previous, current) = (current, (x * current) - ((k - 1.0) * previous));
        }

        return current;
    }

    /// <summary>Laguerre's polynomial of degree n and order α. Its derivative is minus that of degree n - 1 and order α + 1 (DLMF 18.9.23).</summary>
    public static double Laguerre(int n, double order, double x)
    {
        double previous = 0, current = n < 0 ? 0 : 1;
        for (int k = 1; k <= n; k++)
        {
            (previous, current) = (current, ((((2 * k) - 1 + order - x) * current) - ((k - 1 + order) * previous)) / k);
        }

        return current;
    }

    private static double Recur(int n, double degree0, double degree1, double x)
    {
        if (n < 1)
        {
            return n == 0 ? degree0 : 0;
        }

        for (int k = 1; k < n; k++)
        {
            (degree0, degree1) = (degree1, (2 * x * degree1) - degree0);
        }

        return degree1;
    }
}
