using AutoDiff;
using Pictures.Drawing;

namespace Pictures.Gallery;

/// <summary>Monte Carlo: the price of an Asian call and its delta, with their errors, over the number of paths.</summary>
internal static class AsianOption
{
    public static string Draw()
    {
        const int steps = 16, batches = 200, each = 1000;
        const double strike = 100, rate = 0.03, maturity = 1, dt = maturity / steps;
        static Tensor<double> Payoffs(Tensor<double>[] market, Tensor<double>[] rows)
        {
            Tensor<double> moves = (market[1] * Math.Sqrt(dt) * rows[0]) + ((rate - (0.5 * market[1] * market[1])) * dt);
            return (Math.Exp(-rate * maturity) * ((market[0] * moves.CumSum(1).Exp().Mean(1)) - strike).Relu()).Sum();
        }

        Tensor<double>[] market = [Tensor.Scalar(100.0), Tensor.Scalar(0.25)];
        RandomKey key = new(2024);
        CompiledSum<double> sum = Differentiate.CompileSum<double>(Payoffs, market, [RowSource.Normal<double>(key, each, steps)]);
        var estimates = new double[batches][];
        for (int i = 0; i < batches; i++)
        {
            (double value, Tensor<double>[] gradients) = sum.ValueAndGradient(market, [RowSource.Normal<double>(key.Derive(i), each, steps)]);
            estimates[i] = [value / each, gradients[0].ToScalar() / each, gradients[1].ToScalar() / each];
        }

        return Figure.Of("An Asian call by Monte Carlo", "Price, delta and vega settle as the number of paths grows; bands show two standard errors.", 340,
            Of("Price", 0, 0), Of("Delta", 1, 1), Of("Vega", 2, 2));

        Plot Of(string title, int which, int color)
        {
            var running = new List<(double Paths, double Mean, double Error)>();
            (double total, double squares) = (0, 0);
            for (int i = 0; i < batches; i++)
            {
                (total, squares) = (total + estimates[i][which], squares + (estimates[i][which] * estimates[i][which]));
                if (i >= 4)
                {
                    double n = i + 1, mean = total / n;
                    running.Add((each * n, mean, 2 * Math.Sqrt(Math.Max(0, (squares / n) - (mean * mean)) / (n - 1))));
                }
            }

            return new Plot(title, "paths", "").Band(running.Select(r => (r.Paths, r.Mean - r.Error, r.Mean + r.Error)), color, "two standard errors").Line(running.Select(r => (r.Paths, r.Mean)), color);
        }
    }
}
