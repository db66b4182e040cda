using AutoDiff;
using AutoDiff.Distributed;
using AutoDiff.Optimization;
using Consumer;

// What a user does first with the packages, each result compared with the number that pencil and paper give.
int failures = 0;

void Check(string what, Tensor<double> actual, params double[] expected)
{
    bool holds = actual.Length == expected.Length && actual.ToArray().Zip(expected).All(pair => double.IsFinite(pair.Second) && Math.Abs(pair.First - pair.Second) <= 1e-7 * Math.Max(1, Math.Abs(pair.Second)));
    failures += holds ? 0 : 1;
    Console.WriteLine(holds ? $"  {what}: ok" : $"  {what}: FAILED, {actual} instead of [{string.Join(", ", expected)}]");
}

static double Setting(string name) => double.Parse(AppContext.GetData(name)?.ToString() ?? "0", System.Globalization.CultureInfo.InvariantCulture);
Check("collector's settings, from the package", Tensor.Create(Setting("System.GC.LOHThreshold"), Setting("System.GC.RegionSize"), Setting("System.GC.Gen0MaxBudget")), 8_000_000, 1 << 23, 1 << 25);

Tensor<double> x = Tensor.Create([1.0, 2.0]);
Tensor<double> F(Tensor<double> x) => Tensor.Stack([x[0] * x[1], x[0].Sin(), x[1] * x[1]]);
Check("gradient", Differentiate.Gradient(x => (x * x).Sum(), x), 2, 4);
Check("Jacobian", Differentiate.Jacobian(F, x), 2, 1, Math.Cos(1), 0, 0, 4);
Check("Hessian", Differentiate.Hessian(x => x[0] * x[0] * x[1], x), 4, 2, 2, 0);

using (var tape = new Tape<double>())
{
    Tensor<double> w = tape.Variable(x);
    Tensor<double> y = (w * w).Sum();
    Check("tape", tape.Gradient(y, w), 2, 4);
    Check("picture of the tape", Tensor.Scalar(tape.ToHtml(y, "tape").Contains("</html>", StringComparison.Ordinal) ? 1.0 : 0), 1);
}

Tensor<double> Rosenbrock(Tensor<double> p) => (100.0 * (p[1..] - p[..^1].Square()).Square() + (1.0 - p[..^1]).Square()).Sum();
Check("L-BFGS", new LBfgs<double>().Minimize(Rosenbrock, Tensor.Create([-1.2, 1.0])).Point, 1, 1);

Tensor<double> t = Tensor.Create([0.0, 1.0, 2.0, 3.0]);
Tensor<double> data = Tensor.Create([3.0, 1.5, 0.75, 0.375]);
Check("Levenberg-Marquardt", new LevenbergMarquardt<double>().Minimize(p => p[0] * (-p[1] * t).Exp() - data, Tensor.Create([1.0, 1.0])).Point, 3, Math.Log(2));

string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.npy");
try
{
    NumpyFile.Write(file, x.Reshape(2, 1));
    Check("file", NumpyFile.Read<double>(file), 1, 2);
}
finally
{
    File.Delete(file);
}

Check("beside System.Numerics.Tensors", BothTensors.Gradient([3, 4]), 6, 8);

// Ranks: threads of this process, or, with the word "ranks" under mpirun, the processes. The rows 0 to 99 are dealt to them: the sum of w i is 4950 w.
void CheckRanks(Communicator communicator)
{
    Tensor<double> rows = Tensor.Range(0.0, 100.0);
    var (value, gradients) = DataParallel.ValueAndGradient(communicator, (p, r) => (p[0] * r[0]).Sum(), [Tensor.Scalar(2.0)], [rows]);
    Tensor<double> found = Tensor.Stack([Tensor.Scalar(value), gradients[0], communicator.Sum(Tensor.Scalar(1.0))]);
    lock (x)
    {
        Check($"rank {communicator.Rank} of {communicator.Size}", found, 9900, 4950, communicator.Size);
    }
}

if (args is ["ranks"])
{
    using Communicator communicator = Communicator.FromMpi();
    CheckRanks(communicator);
    communicator.Barrier();
}
else
{
    Communicator.InProcess(3, CheckRanks);
}

Console.WriteLine(failures == 0 ? "ok" : $"{failures} FAILED");
return failures == 0 ? 0 : 1;
