namespace AutoDiff.GradBench.Problems;

/// <summary>The determinant by expansion along the first row, and of every minor again: the problem det_by_minor of cmpad. Nothing is shared between minors, so the work grows as the factorial.</summary>
internal static class Determinant
{
    /// <summary>Up to this order all minors of a level are expanded together; above, one after the other, and computed again in the backward sweep instead of being kept.</summary>
    private const int Together = 8;

    /// <summary>The determinant of a matrix [n, n].</summary>
    public static Tensor<double> Of(Tensor<double> a)
    {
        int n = a.Shape[0];
        if (n <= Together)
        {
            return OfEach(a.Reshape(1, n, n)).Reshape();
        }

        Tensor<double> sum = Tensor.Scalar(0.0);
        for (int j = 0; j < n; j++)
        {
            int[] others = [.. Enumerable.Range(0, n).Where(column => column != j)];
            Tensor<double> minor = Differentiate.Checkpoint(Of, a[1..].Take(others, 1));
            sum += a[0, j] * minor * (j % 2 == 0 ? 1.0 : -1.0);
        }

        return sum;
    }

    public static Tensor<double> Gradient(Tensor<double> a) => Differentiate.Gradient(Of, a);

    /// <summary>The determinants [b] of matrices [b, n, n].</summary>
    private static Tensor<double> OfEach(Tensor<double> a)
    {
        (int b, int n) = (a.Shape[0], a.Shape[1]);
        if (n == 1)
        {
            return a.Reshape(b);
        }

        if (n == 2)
        {
            Tensor<double> entries = a.Reshape(b, 4).Transpose();
            return (entries[0] * entries[3]) - (entries[1] * entries[2]);
        }

        int[] others = [.. Enumerable.Range(0, n).SelectMany(j => Enumerable.Range(0, n).Where(column => column != j))];
        Tensor<double> minors = a[.., 1..].Take(others, 2).Reshape(b, n - 1, n, n - 1).Permute(0, 2, 1, 3).Reshape(b * n, n - 1, n - 1);
        Tensor<double> signs = Tensor.Create<double>([.. Enumerable.Range(0, n).Select(j => j % 2 == 0 ? 1.0 : -1.0)]);
        return (a[.., 0] * signs * OfEach(minors).Reshape(b, n)).Sum(1);
    }
}
