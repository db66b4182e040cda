using System.Diagnostics;
using AutoDiff;
using AutoDiff.Distributed;

// The price of an option on an average (an Asian call) and its Greeks by Monte Carlo, the paths dealt to the ranks:
//   mpirun -n 4 dotnet MonteCarloGreeks.dll [paths]
// Path i has the same random numbers on whatever rank it is drawn, and the sums are joined in a fixed order: the bits printed at the end are the same for any number of ranks.
const int steps = 16;
const double strike = 100, rate = 0.03, maturity = 1;
int paths = args.Length > 0 ? int.Parse(args[0]) : 400_000;
using Communicator communicator = Ranks();
Say($"{communicator.Size} rank(s), {communicator.Description}");

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
for (int batch = 0; batch < batches; batch++)
{
    (double value, Tensor<double>[] gradients) = DataParallel.ValueAndGradient(communicator, sum, market, [RowSource.Normal<double>(key.Derive(batch), each, steps)]);
    (prices[batch], deltas[batch], vegas[batch]) = (value / each, gradients[0].ToScalar() / each, gradients[1].ToScalar() / each);
    Progress(batch + 1, batches);
}

bool allHold = true;
foreach ((string name, double[] estimates) in ((string, double[])[])[("price", prices), ("delta", deltas), ("vega", vegas)])
{
    double mean = estimates.Average();
    double error = Math.Sqrt(estimates.Sum(x => (x - mean) * (x - mean)) / (batches * (batches - 1.0)));
    Say($"{name,-6} {mean,12:0.000000} ± {error:0.000000}   bits {BitConverter.DoubleToInt64Bits(mean):x16}");
    allHold &= error < 0.02 * mean;
}

Say($"{(long)each * batches / watch.Elapsed.TotalSeconds:0} paths a second");

// The delta of an option on an average lies between that of the option itself and half of it or so; the price is below that of the call on the end.
allHold &= prices.Average() is > 5 and < 8 && deltas.Average() is > 0.5 and < 0.65;
Say(allHold ? "ok" : "FAILED");
return allHold ? 0 : 1;

// Where there is no MPI, one rank.
static Communicator Ranks()
{
    try
    {
        return Communicator.FromMpi();
    }
    catch (CommunicatorException exception)
    {
        Console.WriteLine(exception.Message);
        return Communicator.InProcess(1)[0];
    }
}

void Say(string text)
{
    if (communicator.Rank == 0)
    {
        Console.WriteLine(text);
    }
}

// A bar that is drawn over itself, by rank 0 alone, and not into files.
void Progress(int done, int all)
{
    if (communicator.Rank == 0 && !Console.IsOutputRedirected)
    {
        Console.Write($"\r[{new string('#', 40 * done / all)}{new string('.', 40 - (40 * done / all))}] {100 * done / all,3} %{(done == all ? "\n" : "")}");
    }
}
