using System.Diagnostics;
using AutoDiff;
using AutoDiff.Distributed;
using Samples;

// The price of an option on an average (an Asian call) and its Greeks by Monte Carlo, the paths dealt to the ranks:
//   mpirun -n 4 dotnet MonteCarloGreeks.dll [paths]
// Path i has the same random numbers on whatever rank it is drawn, and the sums are joined in a fixed order: the bits printed at the end are the same for any number of ranks.
const int steps = 16;
const double strike = 100, rate = 0.03, maturity = 1;
int paths = args.Length > 0 ? int.Parse(args[0]) : 400_000;
using Communicator communicator = Ranks.Join();

// From spot and volatility, and the normal numbers of some paths [paths, steps], to the sum of the discounted payoffs.
static Tensor<double> Payoffs(Tensor<double>[] market, Tensor<double>[] rows)
{
    (Tensor<double> spot, Tensor<double> volatility) = (market[0], market[1]);
    const double dt = maturity / steps;
    Tensor<double> moves = (volatility * Math.Sqrt(dt) * rows[0]) + ((rate - (0.5 * volatility * volatility)) * dt);
    Tensor<double> average = spot * moves.CumSum(1).Exp().Mean(1);
    return (Math.Exp(-rate * maturity) * (average - strike).Relu()).Sum();
}

Tensor<double>[] market = [Tensor.Scalar(100.0), Tensor.Scalar(0.25)];
RandomKey key = new(2024);
CompiledSum<double> sum = Differentiate.CompileSum<double>(Payoffs, market, [RowSource.Normal<double>(key, 1000, steps)]);

// Batches, for the sake of a progress bar and of an error: each is a sum over all ranks.
const int batches = 20;
int each = (paths + batches - 1) / batches;
double[] prices = new double[batches], deltas = new double[batches], vegas = new double[batches];
var watch = Stopwatch.StartNew();
Terminal.Progress("paths", report =>
{
    for (int batch = 0; batch < batches; batch++)
    {
        (double value, Tensor<double>[] gradients) = DataParallel.ValueAndGradient(communicator, sum, market, [RowSource.Normal<double>(key.Derive(batch), each, steps)]);
        (prices[batch], deltas[batch], vegas[batch]) = (value / each, gradients[0].ToScalar() / each, gradients[1].ToScalar() / each);
        report((batch + 1.0) / batches, $"price {prices[..(batch + 1)].Average():0.0000}");
    }
});

var rows = new List<string[]>();
double largest = 0;
foreach ((string name, double[] estimates) in ((string, double[])[])[("price", prices), ("delta", deltas), ("vega", vegas)])
{
    double mean = estimates.Average();
    double error = Math.Sqrt(estimates.Sum(x => (x - mean) * (x - mean)) / (batches * (batches - 1.0)));
    rows.Add([name, $"{mean:0.000000}", $"{error:0.000000}"]);
    largest = Math.Max(largest, error / mean);
}

Terminal.Table(["", "estimate", "standard error"], rows);
Terminal.Line($"bits {string.Join(' ', ((double[][])[prices, deltas, vegas]).Select(estimates => $"{BitConverter.DoubleToInt64Bits(estimates.Average()):x16}"))}");
Terminal.Line($"{(long)each * batches / watch.Elapsed.TotalSeconds:0} paths a second");
Terminal.Check($"the standard errors are below 2 % (largest {largest:P1})", largest < 0.02);

// The delta of an option on an average lies between that of the option itself and half of it or so; the price is below that of the call on the end.
Terminal.Check("price and delta are where they should be", prices.Average() is > 5 and < 8 && deltas.Average() is > 0.5 and < 0.65);
return Terminal.Finish();
