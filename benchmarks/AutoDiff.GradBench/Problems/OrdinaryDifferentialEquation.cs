namespace AutoDiff.GradBench.Problems;

/// <summary>y_0' = x_0, y_i' = x_i y_{i-1}, y(0) = 0, by the classical Runge-Kutta method on [0, 2]: the problem an_ode of cmpad.</summary>
internal static class OrdinaryDifferentialEquation
{
    /// <summary>y(2) after a number of steps.</summary>
    public static Tensor<double> Solve(Tensor<double> x, int steps)
    {
        double h = 2.0 / steps;
        Tensor<double> one = Tensor.Ones<double>(1);
        Tensor<double> y = Tensor.Zeros<double>(x.Length);
        for (int step = 0; step < steps; step++)
        {
            Tensor<double> k1 = Slope(y);
            Tensor<double> k2 = Slope(y + (k1 * (h / 2)));
            Tensor<double> k3 = Slope(y + (k2 * (h / 2)));
            Tensor<double> k4 = Slope(y + (k3 * h));
            y += (k1 + k4 + ((k2 + k3) * 2.0)) * (h / 6);
        }

        return y;

        Tensor<double> Slope(Tensor<double> y) => x * Tensor.Concat([one, y[..^1]]);
    }

    /// <summary>The gradient of the last component.</summary>
    public static Tensor<double> Gradient(Tensor<double> x, int steps) => Differentiate.Gradient(x => Solve(x, steps)[^1], x);
}
