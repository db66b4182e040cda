namespace AutoDiff.GradBench.Problems;

/// <summary>½ Σ_i (sign(t_i) - Σ_j x_j t_i^j)² for t_i evenly spaced on [-1, 1]: the objective llsq_obj of cmpad.</summary>
internal static class LeastSquares
{
    /// <summary>The objective in terms of the m coefficients x, for n values t.</summary>
    public static Tensor<double> Objective(Tensor<double> x, int n)
    {
        Tensor<double> t = Tensor.LinearSpace(-1.0, 1.0, n);
        return (t.Sign() - x.MatMul(Powers(t, x.Length))).Square().Sum() * 0.5;
    }

    public static Tensor<double> Gradient(Tensor<double> x, int n) => Differentiate.Gradient(x => Objective(x, n), x);

    /// <summary>The rows 1, t, t², ..., t^(m - 1): each round doubles their number, by a product with the power that comes next.</summary>
    private static Tensor<double> Powers(Tensor<double> t, int m)
    {
        Tensor<double> rows = Tensor.Ones<double>(1, t.Length);
        for (Tensor<double> next = t; rows.Shape[0] < m; next = next.Square())
        {
            rows = Tensor.Concat([rows, rows[..Math.Min(rows.Shape[0], m - rows.Shape[0])] * next]);
        }

        return rows;
    }
}
