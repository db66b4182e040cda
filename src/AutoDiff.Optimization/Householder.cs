namespace AutoDiff.Optimization;

/// <summary>
/// Dense linear least squares by Householder reflections with column pivoting (Businger and Golub, Numer. Math. 7, 1965), which stays right where the columns are nearly dependent.
/// </summary>
internal static class Householder
{
    /// <summary>The p of least |J p + r|² + |D p - t|², D diagonal, from the columns of J.</summary>
    public static double[] SolveDamped(double[][] columns, double[] r, double[] damping, double[] target)
    {
        // The damping as further rows: [J; D] p = [-r; t].
        bool damped = Vectors.Largest(damping) > 0;
        int height = damped ? r.Length + columns.Length : r.Length;
        var stacked = new double[columns.Length][];
        for (int j = 0; j < stacked.Length; j++)
        {
            stacked[j] = new double[height];
            columns[j].CopyTo(stacked[j], 0);
            if (damped)
            {
                stacked[j][r.Length + j] = damping[j];
            }
        }

        var side = new double[height];
        Vectors.AddTo(side.AsSpan(0, r.Length), -1, r);
        if (damped)
        {
            target.CopyTo(side, r.Length);
        }

        return Solve(stacked, side);
    }

    /// <summary>
    /// The x of least |A x - b|; where the columns are dependent to working precision, one whose last components are zero. Columns and right-hand side are overwritten.
    /// </summary>
    public static double[] Solve(double[][] columns, double[] b)
    {
        int m = b.Length;
        int n = columns.Length;
        int[] order = [.. Enumerable.Range(0, n)];
        var diagonal = new double[n];
        int rank = 0;
        for (int k = 0; k < Math.Min(m, n); k++)
        {
            Exchange(columns, order, k);
            Span<double> v = columns[k].AsSpan(k);
            double norm = Vectors.Norm(v);
            if (!(norm > 1e-15 * Math.Max(m, n) * Math.Abs(k == 0 ? norm : diagonal[0])))
            {
                break;
            }

            // H = I - 2 v v^T / v^T v takes the column to a multiple of the first unit vector; the sign avoids cancellation.
            diagonal[k] = v[0] > 0 ? -norm : norm;
            v[0] -= diagonal[k];
            double size = Vectors.Norm(v);
            for (int i = 0; i < v.Length; i++)
            {
                v[i] /= size;
            }

            for (int j = k + 1; j < n; j++)
            {
                Vectors.AddTo(columns[j].AsSpan(k), -2 * Vectors.Dot(v, columns[j].AsSpan(k)), v);
            }

            Vectors.AddTo(b.AsSpan(k), -2 * Vectors.Dot(v, b.AsSpan(k)), v);
            rank++;
        }

        var x = new double[n];
        for (int k = rank - 1; k >= 0; k--)
        {
            double sum = b[k];
            for (int j = k + 1; j < rank; j++)
            {
                sum -= columns[j][k] * x[order[j]];
            }

            x[order[k]] = sum / diagonal[k];
        }

        return x;
    }

    /// <summary>Brings the column of largest remaining norm to place k.</summary>
    private static void Exchange(double[][] columns, int[] order, int k)
    {
        int best = k;
        double largest = -1;
        for (int j = k; j < columns.Length; j++)
        {
            double norm = Vectors.Norm(columns[j].AsSpan(k));
            (best, largest) = norm > largest ? (j, norm) : (best, largest);
        }

        (columns[k], columns[best]) = (columns[best], columns[k]);
        (order[k], order[best]) = (order[best], order[k]);
    }
}
