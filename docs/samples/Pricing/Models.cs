using System.Numerics;

namespace Pricing;

/// <summary>A model of one path: a generic function of the market and of independent normal numbers, written without a thought of derivatives.</summary>
internal interface IModel
{
    string Name { get; }

    /// <summary>The names of groups of parameters, with the number of each.</summary>
    (string Name, int Count)[] Parameters { get; }

    /// <summary>The market: what the sensitivities are by.</summary>
    double[] Market { get; }

    /// <summary>The normal numbers of a path.</summary>
    int Normals { get; }

    /// <summary>The discounted payoff along one path.</summary>
    T Path<T>(T[] market, T[] normals) where T : IFloatingPointIeee754<T>;
}

/// <summary>
/// The LIBOR market model with a portfolio of 15 swaptions, as in Giles and Glasserman, "Smoking adjoints: fast Monte Carlo Greeks" (Risk, 2006): 80 forward rates over quarters, 40 steps.
/// </summary>
internal sealed class LiborMarketModel : IModel
{
    private const int Rates = 80, Steps = 40;
    private static readonly int[] Maturities = [4, 4, 4, 8, 8, 8, 20, 20, 20, 28, 28, 28, 40, 40, 40];
    private static readonly double[] SwapRates = [0.045, 0.05, 0.055, 0.045, 0.05, 0.055, 0.045, 0.05, 0.055, 0.045, 0.05, 0.055, 0.045, 0.05, 0.055];

    public string Name => "LIBOR market model";

    public (string, int)[] Parameters => [("forward rates", Rates), ("volatilities", Rates), ("accrual period", 1)];

    public double[] Market { get; } = [.. Enumerable.Repeat(0.05, Rates), .. Enumerable.Repeat(0.2, Rates), 0.25];

    public int Normals => Steps;

    public T Path<T>(T[] market, T[] normals) where T : IFloatingPointIeee754<T>
    {
        T delta = market[^1], root = T.Sqrt(delta), half = T.CreateChecked(0.5);
        T[] rates = market[..Rates], scaled = new T[Rates], offsets = new T[Rates];
        for (int i = 0; i < Rates; i++)
        {
            scaled[i] = delta * market[Rates + i];
            offsets[i] = half * scaled[i];
        }

        for (int n = 0; n < Steps; n++)
        {
            T shock = root * normals[n], drift = T.Zero;
            for (int i = n + 1; i < Rates; i++)
            {
                T c = scaled[i - n - 1], accrued = delta * rates[i];
                drift += c * rates[i] / (T.One + accrued);
                rates[i] *= T.Exp((c * drift) + (market[Rates + i - n - 1] * (shock - offsets[i - n - 1])));
            }
        }

        var bonds = new T[Rates];
        var annuities = new T[Rates];
        (T bond, T annuity, T value) = (T.One, T.Zero, T.Zero);
        for (int n = Steps; n < Rates; n++)
        {
            bond /= T.One + (delta * rates[n]);
            annuity += delta * bond;
            (bonds[n], annuities[n]) = (bond, annuity);
        }

        for (int i = 0; i < Maturities.Length; i++)
        {
            int m = Steps + Maturities[i] - 1;
            value += T.Max(T.One - bonds[m] - (T.CreateChecked(SwapRates[i]) * annuities[m]), T.Zero);
        }

        for (int n = 0; n < Steps; n++)
        {
            value /= T.One + (delta * rates[n]);
        }

        return T.CreateChecked(100) * value;
    }
}

/// <summary>A call in the model of Heston ("A closed-form solution for options with stochastic volatility", 1993), by Euler steps with the variance truncated at 0.</summary>
internal sealed class HestonModel : IModel
{
    private const int Steps = 50;

    public string Name => "Heston Monte Carlo";

    public (string, int)[] Parameters => [("spot", 1), ("variance", 1), ("reversion", 1), ("long variance", 1), ("volatility of variance", 1), ("correlation", 1), ("rate", 1), ("time", 1)];

    public double[] Market { get; } = [100, 0.04, 1.5, 0.05, 0.4, -0.6, 0.02, 1];

    public int Normals => 2 * Steps;

    public T Path<T>(T[] market, T[] normals) where T : IFloatingPointIeee754<T>
    {
        (T spot, T variance, T reversion, T level, T xi, T correlation, T rate, T time) = (market[0], market[1], market[2], market[3], market[4], market[5], market[6], market[7]);
        T h = time / T.CreateChecked(Steps), root = T.Sqrt(h), half = T.CreateChecked(0.5), other = T.Sqrt(T.One - (correlation * correlation)), logarithm = T.Log(spot);
        T pull = reversion * h, noise = xi * root;
        for (int i = 0; i < Steps; i++)
        {
            T positive = T.Max(variance, T.CreateChecked(1e-12)), deviation = T.Sqrt(positive);
            T z = normals[2 * i], w = (correlation * z) + (other * normals[(2 * i) + 1]);
            logarithm += ((rate - (half * positive)) * h) + (deviation * root * z);
            variance += (pull * (level - positive)) + (noise * deviation * w);
        }

        return T.Exp(-rate * time) * T.Max(T.Exp(logarithm) - T.CreateChecked(100), T.Zero);
    }
}

/// <summary>
/// The squared misfit of normal SABR smiles (Hagan et al., "Managing smile risk", 2002, with β = 0), five expiries with three parameters each, at a strike drawn for each "path".
/// </summary>
internal sealed class SabrModel : IModel
{
    private const int Expiries = 5;
    private static readonly double[] True = [.. Enumerable.Range(0, Expiries).SelectMany(i => new[] { 0.009 - (0.0005 * i), -0.3 + (0.05 * i), 0.5 - (0.05 * i) })];

    public string Name => "SABR calibration";

    public (string, int)[] Parameters => [.. Enumerable.Range(1, Expiries).Select(i => ($"α, ρ, ν of {i} years", 3))];

    /// <summary>Away from the parameters that the quotes were made with.</summary>
    public double[] Market { get; } = [.. True.Select((x, i) => i % 3 == 1 ? x + 0.1 : x * 1.2)];

    public int Normals => 1;

    public T Path<T>(T[] market, T[] normals) where T : IFloatingPointIeee754<T>
    {
        T moneyness = T.CreateChecked(0.01) * normals[0], sum = T.Zero;
        for (int i = 0; i < Expiries; i++)
        {
            T quote = Volatility(T.CreateChecked(True[3 * i]), T.CreateChecked(True[(3 * i) + 1]), T.CreateChecked(True[(3 * i) + 2]), moneyness, i + 1);
            T miss = T.CreateChecked(1e4) * (Volatility(market[3 * i], market[(3 * i) + 1], market[(3 * i) + 2], moneyness, i + 1) - quote);
            sum += miss * miss;
        }

        return sum;
    }

    /// <summary>The normal volatility of a strike that is the forward minus the moneyness.</summary>
    private static T Volatility<T>(T alpha, T rho, T nu, T moneyness, int expiry) where T : IFloatingPointIeee754<T>
    {
        T two = T.CreateChecked(2), zeta = nu / alpha * moneyness, u = zeta * (zeta - (two * rho));

        // The logarithm of (√(1 + u) - ρ + ζ) / (1 - ρ), which is close to 1 at the money.
        T x = T.LogP1(((u / (T.One + T.Sqrt(T.One + u))) + zeta) / (T.One - rho));
        return alpha * (zeta / x) * (T.One + ((two - (T.CreateChecked(3) * rho * rho)) * nu * nu * T.CreateChecked(expiry / 24.0)));
    }
}

/// <summary>The credit value adjustment of a swap over 20 years, by 20 zero rates and 20 hazard rates.</summary>
internal sealed class CreditValueAdjustment : IModel
{
    private const int Years = 20;

    public string Name => "credit value adjustment";

    public (string, int)[] Parameters => [("zero rates", Years), ("hazard rates", Years)];

    public double[] Market { get; } = [.. Enumerable.Range(0, Years).Select(i => 0.02 + (0.0005 * i)), .. Enumerable.Range(0, Years).Select(i => 0.01 + (0.0002 * i))];

    public int Normals => Years;

    public T Path<T>(T[] market, T[] normals) where T : IFloatingPointIeee754<T>
    {
        (T survival, T shift, T sum) = (T.One, T.Zero, T.Zero);
        for (int i = 0; i < Years; i++)
        {
            shift += T.CreateChecked(0.004) * normals[i];
            T value = T.Zero, growth = T.Exp(-shift), discount = T.One;
            for (int j = i + 1; j < Years; j++)
            {
                discount *= growth;
                value += (T.CreateChecked(0.03) - market[j] - shift) * discount * T.Exp(market[j] * T.CreateChecked(i - j));
            }

            T next = survival * T.Exp(-market[Years + i]);
            sum += (survival - next) * T.Exp(market[i] * T.CreateChecked(-(i + 1))) * T.Max(value, T.Zero);
            survival = next;
        }

        return T.CreateChecked(0.6e4) * sum;
    }
}
