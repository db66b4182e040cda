using AutoDiff;
using Pictures.Drawing;

namespace Pictures.Gallery;

/// <summary>Logistic regression: Newton's method doubles the digits at every step.</summary>
internal static class Logistic
{
    public static string Draw()
    {
        const int n = 500;
        RandomKey key = new(7);
        Tensor<double> plane = (key.Derive(0).Uniform(n, 2) * 4) - 2;
        Tensor<double> x = Tensor.Concat([Tensor.Ones(n, 1), plane], 1), y = key.Derive(1).Bernoulli(x.MatMul(Tensor.Create(-0.5, 2, -1)).Sigmoid());
        Tensor<double> Loss(Tensor<double> weights) => (x.MatMul(weights).Softplus() - (y * x.MatMul(weights))).Sum();

        Tensor<double> w = Tensor.Zeros(3);
        var norms = new List<(double, double)>();
        for (int step = 0; step < 7; step++)
        {
            (_, Tensor<double> gradient, Tensor<double> hessian) = Differentiate.ValueAndHessian(Loss, w);
            norms.Add((step, Math.Max(gradient.Norm().ToScalar(), 1e-14)));
            w -= hessian.Solve(gradient);
        }

        var newton = new Plot("Newton's method", "step", "norm of the gradient") { LogUp = true }.Line(norms, 0).Points(norms, 0, radius: 4);
        var data = new Plot("The data, and where the probability is one half", "first attribute", "second attribute") { Across = (-2, 2), Up = (-2, 2) };
        Regions.Add(data, -2, 2, 120, at => Tensor.Concat([Tensor.Ones(at.Shape[0], 1), at], 1).MatMul(w).Sigmoid());
        foreach (int label in (int[])[0, 1])
        {
            data.Points(Enumerable.Range(0, n).Where(i => y.At(i) == label).Select(i => (plane.At(i, 0), plane.At(i, 1))), label, label == 0 ? "no" : "yes", opacity: 0.8);
        }

        return Figure.Of("Logistic regression", "The norm of the gradient falls to rounding in six steps; a straight line divides the two classes.", 420, newton, data);
    }
}
