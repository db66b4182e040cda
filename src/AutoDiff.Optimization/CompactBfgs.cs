namespace AutoDiff.Optimization;

/// <summary>
/// The matrix of L-BFGS in compact form, B = θ I - W M W^T with W = [Y, θ S] (Byrd, Nocedal and Schnabel, Math. Programming 63, 1994), which gives its elements and products with
/// few operations.
/// </summary>
internal sealed class CompactBfgs(int memory)
{
    private readonly List<(double[] S, double[] Y)> pairs = [];
    private double[,] middle = new double[0, 0];

    public double Theta { get; private set; } = 1;

    /// <summary>The number of columns of W.</summary>
    public int Width => 2 * pairs.Count;

    public void Clear()
    {
        pairs.Clear();
        Theta = 1;
    }

    /// <summary>Keeps a step, if it shows positive curvature.</summary>
    public void Add(double[] s, double[] y)
    {
        double curvature = Vectors.Dot(s, y);
        if (!(curvature > 1e-10 * Vectors.Norm(s) * Vectors.Norm(y)))
        {
            return;
        }

        pairs.Add((s, y));
        if (pairs.Count > memory)
        {
            pairs.RemoveAt(0);
        }

        Theta = Vectors.Dot(y, y) / curvature;
        int m = pairs.Count;
        middle = new double[2 * m, 2 * m];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < m; j++)
            {
                double sy = Vectors.Dot(pairs[i].S, pairs[j].Y);
                middle[m + i, m + j] = Theta * Vectors.Dot(pairs[i].S, pairs[j].S);
                if (i == j)
                {
                    middle[i, i] = -sy;
                }
                else if (i > j)
                {
                    middle[m + i, j] = middle[j, m + i] = sy;
                }
            }
        }
    }

    /// <summary>Row i of W.</summary>
    public double[] Row(int i)
    {
        int m = pairs.Count;
        var row = new double[2 * m];
        for (int k = 0; k < m; k++)
        {
            row[k] = pairs[k].Y[i];
            row[m + k] = Theta * pairs[k].S[i];
        }

        return row;
    }

    /// <summary>W^T v.</summary>
    public double[] TransposedProduct(double[] v) =>
        [.. pairs.Select(pair => Vectors.Dot(pair.Y, v)), .. pairs.Select(pair => Theta * Vectors.Dot(pair.S, v))];

    /// <summary>M v; null where M, for rounding, does not exist.</summary>
    public double[]? Middle(double[] v) => SmallMatrix.Solve(middle, v);

    /// <summary>The solution of B d = -r within the free variables (Byrd, Lu, Nocedal and Zhu, 1995, section 5.1), with r and d over those alone; null where rounding leaves none.</summary>
    public double[]? SolveWithin(List<int> free, double[] r)
    {
        double[] solution = Vectors.Scale(-1 / Theta, r);
        if (Width == 0)
        {
            return solution;
        }

        // By the formula of Sherman, Morrison and Woodbury: d = -r/θ - Z^T W v / θ² with (M^-1 - W^T Z Z^T W / θ) v = W^T Z r.
        var system = (double[,])middle.Clone();
        var side = new double[Width];
        double[][] rows = [.. free.Select(Row)];
        for (int k = 0; k < rows.Length; k++)
        {
            Vectors.AddTo(side, r[k], rows[k]);
            for (int i = 0; i < Width; i++)
            {
                for (int j = 0; j < Width; j++)
                {
                    system[i, j] -= rows[k][i] * rows[k][j] / Theta;
                }
            }
        }

        if (SmallMatrix.Solve(system, side) is not { } v)
        {
            return null;
        }

        for (int k = 0; k < rows.Length; k++)
        {
            solution[k] -= Vectors.Dot(rows[k], v) / (Theta * Theta);
        }

        return solution;
    }
}
