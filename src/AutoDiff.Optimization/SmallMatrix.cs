namespace AutoDiff.Optimization;

/// <summary>Square systems of a few rows, by elimination with partial pivoting.</summary>
internal static class SmallMatrix
{
    /// <summary>The solution of A x = b, or null if A is singular to working precision. Both are left as they are.</summary>
    public static double[]? Solve(double[,] matrix, double[] b)
    {
        int n = b.Length;
        var a = (double[,])matrix.Clone();
        double[] x = (double[])b.Clone();
        for (int k = 0; k < n; k++)
        {
            int pivot = k;
            for (int i = k + 1; i < n; i++)
            {
                pivot = Math.Abs(a[i, k]) > Math.Abs(a[pivot, k]) ? i : pivot;
            }

            if (!(Math.Abs(a[pivot, k]) > 0) || !double.IsFinite(a[pivot, k]))
            {
                return null;
            }

            (x[k], x[pivot]) = (x[pivot], x[k]);
            for (int j = k; j < n; j++)
            {
                (a[k, j], a[pivot, j]) = (a[pivot, j], a[k, j]);
            }

            for (int i = k + 1; i < n; i++)
            {
                double factor = a[i, k] / a[k, k];
                for (int j = k; j < n; j++)
                {
                    a[i, j] -= factor * a[k, j];
                }

                x[i] -= factor * x[k];
            }
        }

        for (int k = n - 1; k >= 0; k--)
        {
            for (int j = k + 1; j < n; j++)
            {
                x[k] -= a[k, j] * x[j];
            }

            x[k] /= a[k, k];
        }

        return x;
    }
}
