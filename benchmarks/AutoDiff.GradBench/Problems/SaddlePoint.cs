namespace AutoDiff.GradBench.Problems;

/// <summary>The saddle point min_x max_y (x_1² + x_2²) - (y_1² + y_2²) by nested gradient descents. Pearlmutter and Siskind (2008).</summary>
internal static class SaddlePoint
{
    /// <summary>x and y, four numbers, with a mode for the outer search and one for the inner.</summary>
    public static double[] Find(Tensor<double> start, GradientOf outer, GradientOf inner)
    {
        Tensor<double> x = GradientDescent.ArgMin(x => F(x, GradientDescent.ArgMax(y => F(x, y), start, inner)), start, outer);
        Tensor<double> y = GradientDescent.ArgMax(y => F(x, y), start, outer);
        return [.. x.ToArray(), .. y.ToArray()];
    }

    private static Tensor<double> F(Tensor<double> x, Tensor<double> y) => x.Square().Sum() - y.Square().Sum();
}
