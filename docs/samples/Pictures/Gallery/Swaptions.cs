using Pictures.Drawing;
using Pricing;

namespace Pictures.Gallery;

/// <summary>The LIBOR market model: 161 sensitivities of a portfolio of swaptions in one backward sweep a path.</summary>
internal static class Swaptions
{
    public static string Draw()
    {
        var model = new LiborMarketModel();
        (double _, double[] gradient) = new Simulation(model, 2000, 7).ByActive(model.Market);
        string[] Names(int count) => [.. Enumerable.Range(0, count).Select(i => i % 20 == 0 ? $"{i / 4}" : "")];
        Plot rates = new Plot("By each forward rate", "years", "value per unit of rate") { Names = Names(80) }.Bars(gradient[..80], 0);
        Plot volatilities = new Plot("By each volatility", "years", "value per unit of volatility") { Names = Names(80) }.Bars(gradient[80..160], 1);
        return Figure.Of("Sensitivities of a portfolio of swaptions", "Two ladders of 80 bars: the derivatives with respect to forward rates and to volatilities.", 360, rates, volatilities);
    }
}
