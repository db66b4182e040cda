using AutoDiff;
using AutoDiff.Optimization;

// Hares and lynxes: a' = p a - q a b, b' = r a b - s b (Lotka, Volterra). Parameters and starting numbers are found from noisy counts, through a plain Runge-Kutta integrator.
Console.WriteLine("A differential equation fitted to data");
bool allHold = true;
const int samples = 40;
const int substeps = 10;
const double h = 0.5 / substeps;
Tensor<double> truth = Tensor.Create([1.1, 0.4, 0.1, 0.4, 10.0, 5.0]);

static Tensor<double> Slope(Tensor<double> y, Tensor<double> p)
{
    Tensor<double> meetings = y[0] * y[1];
    return Tensor.Stack<double>([(p[0] * y[0]) - (p[1] * meetings), (p[2] * meetings) - (p[3] * y[1])]);
}

// The states at the sample times, [samples, 2], by the classical method of Runge and Kutta of order four.
static Tensor<double> Solve(Tensor<double> p)
{
    Tensor<double> y = p[4..];
    var states = new Tensor<double>[samples];
    for (int i = 0; i < samples * substeps; i++)
    {
        Tensor<double> k1 = Slope(y, p);
        Tensor<double> k2 = Slope(y + (0.5 * h * k1), p);
        Tensor<double> k3 = Slope(y + (0.5 * h * k2), p);
        Tensor<double> k4 = Slope(y + (h * k3), p);
        y += h / 6 * (k1 + (2 * k2) + (2 * k3) + k4);
        if ((i + 1) % substeps == 0)
        {
            states[i / substeps] = y;
        }
    }

    return Tensor.Stack<double>(states);
}

var random = new Random(3);
const double noise = 0.02;
Tensor<double> exact = Solve(truth);
double[] noisy = exact.ToArray();
for (int i = 0; i < noisy.Length; i++)
{
    noisy[i] *= 1 + (noise * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}

Tensor<double> data = Tensor.Create<double>(noisy, samples, 2);

// Relative residuals of positive parameters: the search runs over their logarithms.
Tensor<double> Residuals(Tensor<double> logs) => (Solve(logs.Exp()) / data) - 1;

Tensor<double> start = Tensor.Create([0.9, 0.3, 0.08, 0.5, 9.0, 6.0]);
OptimizationResult<Tensor<double>> result = new LevenbergMarquardt<double>().Minimize(Residuals, start.Log());
double[] found = result.Point.Exp().ToArray();
Console.WriteLine($"{result.Reason} after {result.Iterations} iterations");

// The covariance of the logarithms is s² (J^T J)^-1.
Tensor<double> jacobian = Differentiate.Jacobian(at => Residuals(at).Flatten(), result.Point);
double variance = 2 * result.Value / ((2 * samples) - 6);
Tensor<double> normal = jacobian.Transpose().MatMul(jacobian);
using JacobianOperator<double> op = JacobianOperator<double>.Create(v => normal.MatMul(v), result.Point);
double[] errors = [.. Enumerable.Range(0, 6).Select(i => Math.Sqrt(variance * IterativeSolvers.LeastSquares(op, Tensor.Identity<double>(6)[i], tolerance: 1e-13, maxIterations: 200).Solution.At(i)))];
string[] names = ["p", "q", "r", "s", "a(0)", "b(0)"];
Console.WriteLine("     true   start    found    error");
for (int i = 0; i < names.Length; i++)
{
    Console.WriteLine($"{names[i],-4}   {truth.At(i),4}   {start.At(i),5}   {found[i],6:0.0000}   {100 * errors[i],4:0.00} %");
}

Check("a tolerance was met", result.Converged);
Check("every parameter lies within four standard errors of the truth", names.Select((_, i) => Math.Abs(Math.Log(found[i] / truth.At(i))) < 4 * errors[i]).All(within => within));
Check($"the residuals are as large as the noise ({Math.Sqrt(variance):P2} of {noise:P0})", Math.Abs(Math.Sqrt(variance) - noise) < 0.3 * noise);

// The equation conserves r a - s ln a + q b - p ln b; the integrator keeps it to its own accuracy.
static Tensor<double> Invariant(Tensor<double> y, Tensor<double> p) => (p[2] * y[0]) - (p[3] * y[0].Log()) + (p[1] * y[1]) - (p[0] * y[1].Log());
Check("the integrator keeps the conserved quantity to 1e-4", Math.Abs((Invariant(exact[^1], truth) - Invariant(truth[4..], truth)).ToScalar()) < 1e-4);
return allHold ? 0 : 1;

// Says whether something that should hold does hold.
void Check(string what, bool holds)
{
    Console.WriteLine($"{(holds ? "ok    " : "FAILED")}  {what}");
    allHold &= holds;
}
