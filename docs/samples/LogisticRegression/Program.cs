using AutoDiff;
using AutoDiff.Optimization;
using Samples;

// Logistic regression with Newton's method: the negative log-likelihood is convex, and a handful of steps reach the rounding of the numbers.
Terminal.Heading("Logistic regression with Newton's method");
const int n = 500;
RandomKey key = new(7);
Tensor<double> truth = Tensor.Create(-0.5, 2, -1);
Tensor<double> x = Tensor.Concat([Tensor.Ones(n, 1), (4 * key.Derive(0).Uniform(n, 2)) - 2], 1);
Tensor<double> y = key.Derive(1).Bernoulli(x.MatMul(truth).Sigmoid());

// -log of the likelihood of the labels.
Tensor<double> NegativeLogLikelihood(Tensor<double> weights) => Loss.BinaryCrossEntropyWithLogits(x.MatMul(weights), y, reduction: Reduction.Sum);

// Each Newton step solves H p = -g by conjugate gradients, from products with the Hessian.
var steps = new List<OptimizationProgress>();
var precise = new StoppingCriteria { GradientTolerance = 1e-10, ValueTolerance = 0 };
OptimizationResult<Tensor<double>> newton = new NewtonCG<double> { Stopping = precise }.Minimize(NegativeLogLikelihood, Tensor.Zeros(3), new Report<OptimizationProgress>(steps.Add));
Tensor<double> w = newton.Point;
Terminal.Table(["step", "-log likelihood", "|gradient|"], steps.Select(step => new[] { $"{step.Iteration}", $"{step.Value:0.0000000000}", $"{step.GradientNorm:0.0e+00}" }));
Terminal.Line($"{newton.Reason}, weights {w}");
Terminal.Check("the gradient has fallen below 1e-10", Differentiate.Gradient(NegativeLogLikelihood, w).Norm().ToScalar() < 1e-10);
Terminal.Check("within 10 steps: the convergence is quadratic", newton.Iterations <= 10);

OptimizationResult<Tensor<double>> other = new LBfgs<double> { Stopping = new() { GradientTolerance = 1e-9 } }.Minimize(NegativeLogLikelihood, Tensor.Zeros(3));
Terminal.Check($"L-BFGS comes to the same weights ({other.Iterations} iterations)", (other.Point - w).Norm().ToScalar() < 1e-8);

// Standard errors are the roots of the diagonal of the inverse Hessian.
Tensor<double> errors = Differentiate.Hessian(NegativeLogLikelihood, w).Inverse().Diagonal().Sqrt();
Terminal.Table(["weight", "true", "found", "standard error"], Enumerable.Range(0, 3).Select(i => new[] { $"{i}", $"{truth.At(i)}", $"{w.At(i):0.000}", $"{errors.At(i):0.000}" }));
Terminal.Check("every true weight lies within three standard errors", ((w - truth).Abs() < 3 * errors).Min().ToScalar() == 1);
return Terminal.Finish();
