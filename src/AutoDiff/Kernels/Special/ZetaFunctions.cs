namespace AutoDiff.Kernels;

/// <summary>The zeta functions of Riemann and Hurwitz (DLMF chapter 25).</summary>
internal static class ZetaFunctions
{
    // B(2k) / (2k)!, k = 1..14: DLMF 25.11(iii), Euler-Maclaurin.
    private static ReadOnlySpan<double> BernoulliOverFactorial =>
    [
        0.08333333333333333, -0.001388888888888889, 3.306878306878307e-05, -8.267195767195768e-07,
        2.08767569878681e-08, -5.284190138687493e-10, 1.3382536530684679e-11, -3.3896802963225827e-13,
        8.586062056277845e-15, -2.174868698558062e-16, 5.5090028283602295e-18, -1.3954464685812522e-19,
        3.534707039629467e-21, -8.953517427037546e-23,
    ];

    // (-1)^k (1 - d_k / d_24) of Borwein, An efficient algorithm for the Riemann zeta function, 2000, algorithm 2; error below 3 (3 + √8)^-24.
    private static ReadOnlySpan<double> Borwein =>
    [
        1, -0.999999999999999, 0.999999999999812, -0.9999999999855517,
        0.9999999994080065, -0.9999999850335489, 0.9999997450236661, -0.9999968965547265,
        0.999971877502541, -0.9998044297284367, 0.998931938694946, -0.995336218072075,
        0.9834807623952175, -0.9519634894573569, 0.8840929599033391, -0.7655145634411474,
        0.5976878813515132, -0.4062278518731426, 0.23178649168173823, -0.1067246914876162,
        0.03778036573957456, -0.00959406764049133, 0.0015493525382159912, -0.00011918096447815317,
    ];

    // (-1)^n γ_n / n! with Stieltjes' constants γ_n: DLMF 25.2.4.
    private static ReadOnlySpan<double> StieltjesOverFactorial =>
    [
        0.5772156649015329, 0.07281584548367673, -0.00484518159643616, -0.00034230573671722433,
        9.689041939447084e-05, -6.6110318108421895e-06, -3.316240908752772e-07, 1.0462094584479188e-07,
        -8.733218100273798e-09, 9.47827778276236e-11, 5.658421927608708e-11, -6.768689863513697e-12,
        3.4921159366720317e-13, 4.4104247417577536e-15, -2.3997862217709992e-15, 2.1677312200726828e-16,
        -9.544466076366965e-18, -7.387676660538637e-20, 4.800850782488065e-20, -4.139956737713306e-21,
    ];

    /// <summary>Riemann's ζ(s) for real s; ∞ at 1.</summary>
    public static double Zeta(double s)
    {
        if (s == 1)
        {
            return double.PositiveInfinity;
        }

        if (s < -0.5)
        {
            return ReflectedZeta(s);
        }

        return s > 60 ? 1 + Math.Pow(2, -s) : s > 2 ? Alternating(s) : AboutPole(new TaylorValue(s)).Value;
    }

    /// <summary>ζ(s) for s from -1/2 to 2, by its series about the pole at 1 (DLMF 25.2.4).</summary>
    private static T AboutPole<T>(T s) where T : struct, ITaylor<T>
    {
        T distance = s + -1.0, sum = T.Constant(0);
        for (int k = StieltjesOverFactorial.Length - 1; k >= 0; k--)
        {
            sum = (sum * distance) + StieltjesOverFactorial[k];
        }

        return sum + (T.Constant(1) / distance);
    }

    /// <summary>ζ(s) for s above 2, from the alternating series, Σ (-1)ᵏ (k + 1)^-s / (1 - 2^(1-s)).</summary>
    private static double Alternating(double s)
    {
        double sum = 0;
        for (int k = Borwein.Length - 1; k >= 0; k--)
        {
            sum += Math.Pow(k + 1, -s) * Borwein[k];
        }

        return sum / -ElementaryPieces.Expm1((1 - s) * Math.Log(2));
    }

    /// <summary>The derivative of ζ(s) of order 0 to 3. At the pole those of odd order are -∞, the limit from both sides, and those of even order NaN.</summary>
    public static double ZetaDerivative(int order, double s)
    {
        if (order == 0)
        {
            return Zeta(s);
        }

        if (s == 1 || double.IsNaN(s))
        {
            return s == 1 && int.IsOddInteger(order) ? double.NegativeInfinity : double.NaN;
        }

        return s > 2 ? HurwitzZetaOrderDerivative(order, s, 1) : s >= -0.5 ? AboutPole(TaylorCubic.Variable(s)).Derivative(order) : ReflectedDerivative(order, s);
    }

    /// <summary>
    /// Hurwitz's ζ(s, q) = Σ (q + k)^-s, s above 1 (∞ at 1, NaN below). ∂/∂q = -s ζ(s + 1, q) (DLMF 25.11.17). At q = 0, -1, ... it is ∞;
    /// other negative q ask for an integer s up to 100, NaN otherwise.
    /// </summary>
    public static double HurwitzZeta(double s, double q) =>
        HurwitzEdge(s, q) ?? (q > 1e17 ? Math.Pow(q, 1 - s) / (s - 1) // the integral: the first term of the sum would underflow before it
            : q < 0 ? OfNegative((int)s, q) : HurwitzSum(new TaylorValue(s), q).Value);

    /// <summary>The derivative of ζ(s, q) of order 0 to 3 with respect to s; q above 0, s above 1.</summary>
    public static double HurwitzZetaOrderDerivative(int order, double s, double q)
    {
        if (order == 0)
        {
            return HurwitzZeta(s, q);
        }

        return s > 1 && q > 0 && double.IsFinite(s) && double.IsFinite(q)
            ? order == 1 ? HurwitzSum(TaylorLinear.Variable(s), q).C1 : HurwitzSum(TaylorCubic.Variable(s), q).Derivative(order)
            : s > 1 && q >= 1 ? 0 : double.NaN;
    }

    /// <summary>ζ(s, q) q^s for positive q, where the powers alone may leave the range of double.</summary>
    public static double HurwitzZetaOverFirstTerm(double s, double q)
    {
        double a = q, sum = 1;
        for (double end = Threshold(s); a + 1 <= end || sum == 1;)
        {
            a++;
            double term = Math.Pow(q / a, s);
            sum += term;
            if (term < sum * 1e-18)
            {
                return sum;
            }
        }

        // The last term was counted whole; the tail counts half of it.
        return sum + (Math.Pow(q / a, s) * (Tail(new TaylorValue(s), a).Value - 1));
    }

    private static double? HurwitzEdge(double s, double q)
    {
        if (double.IsNaN(s) || double.IsNaN(q) || s < 1 || double.IsNegativeInfinity(q))
        {
            return double.NaN;
        }

        if (s == 1 || (q <= 0 && q == Math.Floor(q)))
        {
            return double.PositiveInfinity;
        }

        if (double.IsInfinity(s))
        {
            return q > 1 ? 0 : q == 1 ? 1 : q > 0 ? double.PositiveInfinity : double.NaN;
        }

        if (double.IsPositiveInfinity(q))
        {
            return 0;
        }

        return q < 0 && (s != Math.Floor(s) || s > 100) ? double.NaN : null;
    }

    /// <summary>By the reflection of the polygamma functions (DLMF 25.11.12, 5.15.6).</summary>
    private static double OfNegative(int s, double q)
    {
        double value = GammaFunctions.Polygamma(s - 1, q) / GammaFunctions.Gamma(s);
        return int.IsEvenInteger(s) ? value : -value;
    }

    /// <summary>From here on the fourteenth term of <see cref="Tail"/> is below 1e-17: each one is ((s + 2k) / 2πa)² times the last.</summary>
    private static double Threshold(double s) => 0.65 * (s + 14);

    private static T HurwitzSum<T>(T s, double q)
        where T : struct, ITaylor<T>
    {
        T sum = T.Constant(0), power = Taylor.Pow(q, -s);
        double end = Threshold(s.Value), a = q;
        while (a < end)
        {
            sum += power;
            a++;
            if (Math.Abs(power.Value) <= Math.Abs(sum.Value) * 1e-22)
            {
                return sum;
            }

            power = Taylor.Pow(a, -s);
        }

        return sum + (power * Tail(s, a));
    }

    /// <summary>Σ (a + k)^-s over k from 0, divided by a^-s, by the formula of Euler and Maclaurin (DLMF 25.11.28).</summary>
    private static T Tail<T>(T s, double a)
        where T : struct, ITaylor<T>
    {
        T sum = (T.Constant(a) / (s + -1.0)) + 0.5;
        T rising = s * (1 / a);
        for (int k = 0; k < BernoulliOverFactorial.Length; k++)
        {
            T term = rising * BernoulliOverFactorial[k];
            sum += term;
            if (Math.Abs(term.Value) < Math.Abs(sum.Value) * 1e-19)
            {
                break;
            }

            rising = rising * (s + ((2 * k) + 1.0)) * (s + ((2 * k) + 2.0)) * (1 / (a * a));
        }

        return sum;
    }

    /// <summary>ζ(s) = 2 (2π)^(s-1) sin(πs/2) Γ(1 - s) ζ(1 - s) (DLMF 25.4.1).</summary>
    private static double ReflectedZeta(double s)
    {
        if (double.IsNegativeInfinity(s))
        {
            return double.NaN;
        }

        double sine = double.SinPi(s / 2);
        if (sine == 0)
        {
            return 0;
        }

        return Scaled(s, sine / Math.PI * Zeta(1 - s));
    }

    /// <summary>The derivative of order 1 to 3 by the same formula, for s below -1/2: Γ(1 - s) (2π)ˢ has the logarithmic derivative log 2π - ψ(1 - s).</summary>
    private static double ReflectedDerivative(int order, double s)
    {
        if (double.IsNegativeInfinity(s))
        {
            return double.NaN;
        }

        double quarter = Math.PI / 2, sine = double.SinPi(s / 2), cosine = double.CosPi(s / 2);
        double first = Math.Log(2 * Math.PI) - GammaFunctions.Digamma(1 - s), second = GammaFunctions.Polygamma(1, 1 - s), third = -GammaFunctions.Polygamma(2, 1 - s);
        TaylorCubic variable = TaylorCubic.Variable(s);
        TaylorCubic growth = TaylorCubic.Compose(variable, 1, first, second + (first * first), third + (3 * first * second) + (first * first * first));
        TaylorCubic wave = TaylorCubic.Compose(variable, sine, quarter * cosine, -quarter * quarter * sine, -quarter * quarter * quarter * cosine);
        return Scaled(s, (growth * wave * HurwitzSum(TaylorCubic.Variable(1 - s, -1), 1)).Derivative(order) / Math.PI);
    }

    /// <summary>Γ(1 - s) (2π)ˢ x. Γ(1 - s) is taken as -s Γ(-s), in factors since Γ overflows before the product does.</summary>
    private static double Scaled(double s, double x)
    {
        double half = Math.Pow(2 * Math.PI, s / 2);
        double root = GammaFunctions.GammaRoot(-s, out double rest);
        return half * root * half * rest * root * -s * x;
    }
}
