using AutoDiff;
using AutoDiff.Optimization;

// A function is any method that computes with tensors.
static Tensor<double> Rosenbrock(Tensor<double> x) => (1.0 - x[0]).Square() + (100.0 * (x[1] - x[0].Square()).Square());

Tensor<double> start = Tensor.Create([-1.2, 1.0]);
Console.WriteLine($"value     {Rosenbrock(start)}");
Console.WriteLine($"gradient  {Differentiate.Gradient(Rosenbrock, start)}");
Console.WriteLine($"Hessian\n{Differentiate.Hessian(Rosenbrock, start)}");

// Throws if a derivative differs from finite differences: for functions with rules of your own, and for doubts.
GradientCheck.Check(Rosenbrock, start);

// A minimizer takes the derivatives that it needs by itself.
OptimizationResult<Tensor<double>> minimum = new LBfgs<double>().Minimize(Rosenbrock, start);
Console.WriteLine($"minimum   {minimum.Point}, {minimum.Iterations} iterations, {minimum.Reason}");
