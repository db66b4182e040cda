using AutoDiff;

namespace Tour;

/// <summary>Adam: momentum, divided by the root of the mean square of recent gradients (Kingma and Ba, "Adam: A method for stochastic optimization", 2015, algorithm 1).</summary>
internal sealed class Adam(Tensor<double>[] parameters, double rate)
{
    private const double MomentumDecay = 0.9;
    private const double SquareDecay = 0.999;

    private readonly Tensor<double>[] momentum = [.. parameters.Select(p => Tensor.Zeros<double>(p.Shape))];
    private readonly Tensor<double>[] square = [.. parameters.Select(p => Tensor.Zeros<double>(p.Shape))];
    private int steps;

    /// <summary>Replaces each parameter by the next one. Tensors are immutable, so the old ones stay what they were.</summary>
    public void Update(Tensor<double>[] parameters, Tensor<double>[] gradients)
    {
        steps++;
        for (int i = 0; i < parameters.Length; i++)
        {
            momentum[i] = (MomentumDecay * momentum[i]) + ((1 - MomentumDecay) * gradients[i]);
            square[i] = (SquareDecay * square[i]) + ((1 - SquareDecay) * gradients[i].Square());

            // Both averages start at zero; this undoes the bias of the first steps.
            Tensor<double> m = momentum[i] / (1 - Math.Pow(MomentumDecay, steps));
            Tensor<double> s = square[i] / (1 - Math.Pow(SquareDecay, steps));
            parameters[i] -= rate * m / (s.Sqrt() + 1e-8);
        }
    }
}
