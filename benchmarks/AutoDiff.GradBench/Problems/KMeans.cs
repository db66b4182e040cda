namespace AutoDiff.GradBench.Problems;

/// <summary>The cost of k-means clustering, Σ_i min_j |c_j - p_i|², and the direction of its Newton step. Bottou and Bengio, "Convergence properties of the k-means algorithms" (1994).</summary>
internal sealed class KMeans
{
    private readonly Tensor<double> factors;
    private readonly double constant;

    /// <summary>Prepares the points, [n, d].</summary>
    public KMeans(Tensor<double> points)
    {
        factors = Tensor.Concat([points * -2.0, Tensor.Ones<double>(points.Shape[0], 1)], 1);
        constant = points.Square().Sum().ToScalar();
    }

    /// <summary>The cost in terms of the centroids [k, d]. |c - p|² = |p|² + (-2 p · c + |c|²): the bracket, for all pairs, is one product.</summary>
    public Tensor<double> Cost(Tensor<double> centroids)
    {
        Tensor<double> extended = Tensor.Concat([centroids, centroids.Square().Sum([1], keepDims: true)], 1);
        return factors.MatMul(extended.Transpose()).Min(1).Sum() + constant;
    }

    /// <summary>The gradient divided by the diagonal of the Hessian. The Hessian has no other elements, so its product with a vector of ones is its diagonal.</summary>
    public Tensor<double> Direction(Tensor<double> centroids)
    {
        (Tensor<double> gradient, Tensor<double> diagonal) = Differentiate.ValueAndJvp(c => Differentiate.Gradient(Cost, c), centroids, Tensor.Ones<double>(centroids.Shape));
        return gradient / diagonal;
    }
}
