using AutoDiff.Optimization;
using AutoDiff;
using Samples;

// Hares and lynxes: a' = p a - q a b, b' = r a b - s b (Lotka, Volterra). Parameters and starting numbers are found from noisy counts, through the solver.
Terminal.Heading("A differential equation fitted to data");
const int samples = 40;
double[] times = [.. Enumerable.Range(0, samples + 1).Select(i => 0.5 * i)];
Tensor<double> truth = Tensor.Create([1.1, 0.4, 0.1, 0.4, 10.0, 5.0]);

static Tensor<double> Slope(double t, Tensor<double> y, Tensor<double>[] parameters)
{
    (Tensor<double> p, Tensor<double> meetings) = (parameters[0], y[0] * y[1]);
    return Tensor.Stack([(p[0] * y[0]) - (p[1] * meetings), (p[2] * meetings) - (p[3] * y[1])]);
}

// The states at the sample times, [samples, 2]. The solver chooses its steps; derivatives by parameters and starting numbers are those of the steps that it took.
Tensor<double> Solve(Tensor<double> p) => Ode.Solve(Slope, p[4..], [p], times)[1..];

const double noise = 0.02;
Tensor<double> exact = Solve(truth);
Tensor<double> data = exact * (1 + (noise * new RandomKey(3).Normal(samples, 2)));

// Relative residuals of positive parameters: the search runs over their logarithms.
Tensor<double> Residuals(Tensor<double> logs) => (Solve(logs.Exp()) / data) - 1;

Tensor<double> start = Tensor.Create([0.9, 0.3, 0.08, 0.5, 9.0, 6.0]);
OptimizationResult<Tensor<double>> result = new LevenbergMarquardt<double>().Minimize(Residuals, start.Log());
double[] found = result.Point.Exp().ToArray();
Terminal.Line($"{result.Reason} after {result.Iterations} iterations");

// The covariance of the logarithms is s² (J^T J)^-1.
Tensor<double> jacobian = Differentiate.Jacobian(at => Residuals(at).Flatten(), result.Point);
double variance = 2 * result.Value / ((2 * samples) - 6);
double[] errors = (variance * jacobian.Transpose().MatMul(jacobian).Inverse().Diagonal()).Sqrt().ToArray();
string[] names = ["p", "q", "r", "s", "a(0)", "b(0)"];
Terminal.Table(["", "true", "start", "found", "error"], names.Select((name, i) => new[] { name, $"{truth.At(i)}", $"{start.At(i)}", $"{found[i]:0.0000}", $"{errors[i]:P2}" }));

Terminal.Check("a tolerance was met", result.Converged);
Terminal.Check("every parameter lies within four standard errors of the truth", names.Select((_, i) => Math.Abs(Math.Log(found[i] / truth.At(i))) < 4 * errors[i]).All(within => within));
Terminal.Check($"the residuals are as large as the noise ({Math.Sqrt(variance):P2} of {noise:P0})", Math.Abs(Math.Sqrt(variance) - noise) < 0.3 * noise);

// The equation conserves r a - s ln a + q b - p ln b; the solver keeps it to its own accuracy.
static Tensor<double> Invariant(Tensor<double> y, Tensor<double> p) => (p[2] * y[0]) - (p[3] * y[0].Log()) + (p[1] * y[1]) - (p[0] * y[1].Log());
Terminal.Check("the solver keeps the conserved quantity to 1e-4", Math.Abs((Invariant(exact[^1], truth) - Invariant(truth[4..], truth)).ToScalar()) < 1e-4);
return Terminal.Finish();
