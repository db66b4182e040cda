namespace AutoDiff.GradBench.Problems;

/// <summary>log Σ e^x, from primitives: the largest element is taken out first, so that nothing overflows. It is a constant for differentiation: the result does not depend on it.</summary>
internal static class LogSumExp
{
    public static Tensor<double> Objective(Tensor<double> x)
    {
        Tensor<double> largest = x.Max().Detach();
        return (x - largest).Exp().Sum().Log() + largest;
    }

    public static Tensor<double> Gradient(Tensor<double> x) => Differentiate.Gradient(Objective, x);
}
