using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>Products of the Hessian at a point with vectors: sweeps over a gradient that was recorded, or runs of a compiled program.</summary>
internal sealed class HessianProducts<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly JacobianOperator<T>? recorded;
    private readonly Func<Tensor<T>, double[]> apply;

    public HessianProducts(JacobianOperator<T> recorded)
    {
        this.recorded = recorded;
        apply = v => Problem<T>.ToVector(recorded.Apply(v));
    }

    public HessianProducts(Problem<T> problem, Tensor<T> x) => apply = v => problem.HessianProduct(x, v);

    public double[] Apply(double[] v) => apply(Problem<T>.Flat(v));

    public void Dispose() => recorded?.Dispose();
}
