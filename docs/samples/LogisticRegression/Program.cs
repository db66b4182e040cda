using AutoDiff;
using AutoDiff.Optimization;

// Logistic regression with Newton's method: the negative log-likelihood is convex, and a handful of steps reach the rounding of the numbers.
Console.WriteLine("Logistic regression with Newton's method");
bool allHold = true;
var random = new Random(7);
const int n = 500;
double[] truth = [-0.5, 2, -1];
var rows = new double[n * 3];
var labels = new double[n];
for (int i = 0; i < n; i++)
{
    (double a, double b) = ((4 * random.NextDouble()) - 2, (4 * random.NextDouble()) - 2);
    (rows[3 * i], rows[(3 * i) + 1], rows[(3 * i) + 2]) = (1, a, b);
    double logit = truth[0] + (truth[1] * a) + (truth[2] * b);
    labels[i] = random.NextDouble() < 1 / (1 + Math.Exp(-logit)) ? 1 : 0;
}

Tensor<double> x = Tensor.Create<double>(rows, n, 3);
Tensor<double> y = Tensor.Create<double>(labels);

// -log of the likelihood; softplus(z) - y z cannot overflow.
Tensor<double> Loss(Tensor<double> weights)
{
    Tensor<double> z = x.MatMul(weights);
    return (z.Softplus() - (y * z)).Sum();
}

Tensor<double> w = Tensor.Zeros<double>(3);
Console.WriteLine("step   -log likelihood   |gradient|");
var norms = new List<double>();
for (int step = 0; step < 12; step++)
{
    (Tensor<double> value, Tensor<double> gradient) = Differentiate.ValueAndGradient(Loss, w);
    norms.Add(gradient.Norm().ToScalar());
    Console.WriteLine($"{step,4}   {value.ToScalar(),15:0.0000000000}   {norms[^1],10:0.0e+00}");
    if (norms[^1] < 1e-10)
    {
        break;
    }

    // The Newton step solves H p = -g; conjugate gradients solve it from products with the Hessian.
    using JacobianOperator<double> hessian = JacobianOperator<double>.Create(at => Differentiate.Gradient(Loss, at), w);
    w -= IterativeSolvers.ConjugateGradient(hessian, gradient, 1e-14).Solution;
}

Console.WriteLine($"weights {w}");
Check("the gradient has fallen below 1e-10", norms[^1] < 1e-10);
Check("within 8 steps: the convergence is quadratic", norms.Count <= 9);

OptimizationResult<Tensor<double>> other = new LBfgs<double> { Stopping = new() { GradientTolerance = 1e-9 } }.Minimize(Loss, Tensor.Zeros<double>(3));
Check($"L-BFGS comes to the same weights ({other.Iterations} iterations)", (other.Point - w).Norm().ToScalar() < 1e-8);

// Standard errors are the roots of the diagonal of the inverse Hessian.
Tensor<double> h = Differentiate.Hessian(Loss, w);
double[] errors = h.Inverse().Diagonal().Sqrt().ToArray();
Console.WriteLine("weight   true    found   standard error");
for (int i = 0; i < 3; i++)
{
    Console.WriteLine($"{i,6}   {truth[i],4}   {w.At(i),6:0.000}   {errors[i],14:0.000}");
}

Check("every true weight lies within three standard errors", truth.Select((t, i) => Math.Abs(t - w.At(i)) < 3 * errors[i]).All(within => within));
return allHold ? 0 : 1;

// Says whether something that should hold does hold.
void Check(string what, bool holds)
{
    Console.WriteLine($"{(holds ? "ok    " : "FAILED")}  {what}");
    allHold &= holds;
}
