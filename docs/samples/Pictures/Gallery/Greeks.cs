using AutoDiff;
using Pictures.Drawing;

namespace Pictures.Gallery;

/// <summary>A call, and its derivatives of first and second order, over the price of the stock.</summary>
internal static class Greeks
{
    public static string Draw()
    {
        const double strike = 100, rate = 0.03, maturity = 0.75;
        static Tensor<double> Call(Tensor<double> spot, Tensor<double> volatility)
        {
            Tensor<double> deviation = volatility * Math.Sqrt(maturity), d = (((spot / strike).Log() + (rate * maturity)) / deviation) + (0.5 * deviation);
            return (spot * d.Ndtr()) - (strike * Math.Exp(-rate * maturity) * (d - deviation).Ndtr());
        }

        Tensor<double> volatility = Tensor.Scalar(0.25);
        double[] spots = [.. Enumerable.Range(0, 121).Select(i => 50.0 + i)];
        static double[] At(double[] spots, Func<Tensor<double>, Tensor<double>> f) => [.. spots.Select(spot => f(Tensor.Scalar(spot)).ToScalar())];
        Tensor<double> Delta(Tensor<double> spot) => Differentiate.Derivative(s => Call(s, volatility), spot);

        Plot Of(string title, int color, Func<Tensor<double>, Tensor<double>> f, string up) => new Plot(title, "spot", up) { Across = (50, 170) }.Line(spots.Zip(At(spots, f)), color);
        return Figure.Of("A European call and its Greeks", "Value, delta and gamma of a call with strike 100 over the spot.", 340,
            Of("Value", 0, spot => Call(spot, volatility), ""), Of("Delta: the first derivative", 1, Delta, ""), Of("Gamma: the second", 2, spot => Differentiate.Derivative(Delta, spot), ""));
    }
}
