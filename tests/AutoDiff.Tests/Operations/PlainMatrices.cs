namespace AutoDiff.Tests.Operations;

/// <summary>Textbook linear algebra on plain arrays: the references of the operations on matrices.</summary>
internal static class PlainMatrices
{
    /// <summary>
    /// A function of matrices on batches, which broadcast. Each input counts its rank (2, or 1 for a vector, taken as a column); the rank of the result says whether it is a matrix, a column, or a number.
    /// </summary>
    public static Func<Plain[], Plain> Each(Func<double[][,], double[,]> f, int rank = 2, params int[] ranks) => xs =>
    {
        int[] own = xs.Select((_, k) => k < ranks.Length ? ranks[k] : 2).ToArray();
        int lead = xs.Select((x, k) => x.Shape.Length - own[k]).Max();
        var batch = Enumerable.Repeat(1, lead).ToArray();
        for (int k = 0; k < xs.Length; k++)
        {
            int[] front = xs[k].Shape[..^own[k]];
            for (int i = 1; i <= front.Length; i++)
            {
                batch[^i] = front[^i] == 1 ? batch[^i] : front[^i];
            }
        }

        var values = new List<double>();
        int[] shape = [];
        foreach (int[] index in Plain.Indices(batch))
        {
            double[,] result = f(xs.Select((x, k) => Matrix(x, own[k], index)).ToArray());
            values.AddRange(result.Cast<double>());
            shape = rank switch { 2 => [result.GetLength(0), result.GetLength(1)], 1 => [result.Length], _ => [] };
        }

        if (Plain.Count(batch) == 0)
        {
            double[,] result = f(xs.Select((x, k) => Zeros(x, own[k])).ToArray());
            shape = rank switch { 2 => [result.GetLength(0), result.GetLength(1)], 1 => [result.Length], _ => [] };
        }

        return new(values.ToArray(), [.. batch, .. shape]);
    };

    private static double[,] Zeros(Plain x, int rank)
    {
        var zeros = new double[x.Shape[^rank], rank == 2 ? x.Shape[^1] : 1];
        for (int i = 0; i < Math.Min(zeros.GetLength(0), zeros.GetLength(1)); i++)
        {
            zeros[i, i] = i + 1;
        }

        return zeros;
    }

    private static double[,] Matrix(Plain x, int rank, int[] batch)
    {
        int[] front = x.Shape[..^rank];
        int[] index = batch[^front.Length..].Select((i, axis) => front[axis] == 1 ? 0 : i).ToArray();
        return New(x.Shape[^rank], rank == 2 ? x.Shape[^1] : 1, (i, j) => rank == 2 ? x[[.. index, i, j]] : x[[.. index, i]]);
    }

    public static double[,] New(int m, int n, Func<int, int, double> element)
    {
        var result = new double[m, n];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                result[i, j] = element(i, j);
            }
        }

        return result;
    }

    public static double[,] Identity(int n) => New(n, n, (i, j) => i == j ? 1 : 0);

    public static double[,] Transpose(double[,] a) => New(a.GetLength(1), a.GetLength(0), (i, j) => a[j, i]);

    public static double[,] Times(double[,] a, double[,] b) =>
        New(a.GetLength(0), b.GetLength(1), (i, j) => Enumerable.Range(0, a.GetLength(1)).Sum(k => a[i, k] * b[k, j]));

    public static double[,] Plus(double[,] a, double[,] b, double factor = 1) => New(a.GetLength(0), a.GetLength(1), (i, j) => a[i, j] + (factor * b[i, j]));

    /// <summary>Gauss-Jordan elimination with partial pivoting.</summary>
    public static double[,] Solve(double[,] a, double[,] b)
    {
        (a, b) = ((double[,])a.Clone(), (double[,])b.Clone());
        (int n, int k) = (a.GetLength(0), b.GetLength(1));
        for (int c = 0; c < n; c++)
        {
            int best = Enumerable.Range(c, n - c).MaxBy(i => Math.Abs(a[i, c]));
            for (int j = 0; j < n; j++)
            {
                (a[c, j], a[best, j]) = (a[best, j], a[c, j]);
            }

            for (int j = 0; j < k; j++)
            {
                (b[c, j], b[best, j]) = (b[best, j], b[c, j]);
            }

            for (int i = 0; i < n; i++)
            {
                double factor = i == c ? 0 : a[i, c] / a[c, c];
                for (int j = 0; j < n; j++)
                {
                    a[i, j] -= factor * a[c, j];
                }

                for (int j = 0; j < k; j++)
                {
                    b[i, j] -= factor * b[c, j];
                }
            }
        }

        return New(n, k, (i, j) => b[i, j] / a[i, i]);
    }

    public static double[,] Inverse(double[,] a) => Solve(a, Identity(a.GetLength(0)));

    /// <summary>The determinant by expansion along the first row.</summary>
    public static double Determinant(double[,] a)
    {
        int n = a.GetLength(0);
        return n == 0 ? 1 : Enumerable.Range(0, n).Sum(j => (j % 2 == 0 ? 1 : -1) * a[0, j] * Determinant(New(n - 1, n - 1, (r, c) => a[r + 1, c < j ? c : c + 1])));
    }

    public static double[,] Cholesky(double[,] a)
    {
        int n = a.GetLength(0);
        var l = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double rest = a[i, j] - Enumerable.Range(0, j).Sum(k => l[i, k] * l[j, k]);
                l[i, j] = i == j ? Math.Sqrt(rest) : rest / l[j, j];
            }
        }

        return l;
    }

    /// <summary>L and U of a matrix that needs no exchanges, L below the diagonal.</summary>
    public static double[,] LuPacked(double[,] a)
    {
        a = (double[,])a.Clone();
        (int m, int n) = (a.GetLength(0), a.GetLength(1));
        for (int k = 0; k < Math.Min(m, n); k++)
        {
            for (int i = k + 1; i < m; i++)
            {
                a[i, k] /= a[k, k];
                for (int j = k + 1; j < n; j++)
                {
                    a[i, j] -= a[i, k] * a[k, j];
                }
            }
        }

        return a;
    }

    /// <summary>Q and R by Gram and Schmidt, with a positive diagonal.</summary>
    public static (double[,] Q, double[,] R) Qr(double[,] a)
    {
        (int m, int n) = (a.GetLength(0), a.GetLength(1));
        int k = Math.Min(m, n);
        var q = new double[m, k];
        for (int j = 0; j < k; j++)
        {
            double[] v = Enumerable.Range(0, m).Select(i => a[i, j]).ToArray();
            for (int pass = 0; pass < 2; pass++)
            {
                for (int c = 0; c < j; c++)
                {
                    double along = Enumerable.Range(0, m).Sum(i => q[i, c] * v[i]);
                    v = v.Select((x, i) => x - (along * q[i, c])).ToArray();
                }
            }

            double norm = Math.Sqrt(v.Sum(x => x * x));
            for (int i = 0; i < m; i++)
            {
                q[i, j] = v[i] / norm;
            }
        }

        double[,] r = Times(Transpose(q), a);
        return (q, New(k, n, (i, j) => j < i ? 0 : r[i, j]));
    }

    /// <summary>Eigenvalues, ascending, and eigenvectors of a symmetric matrix by Jacobi's rotations.</summary>
    public static (double[] W, double[,] V) Eigen(double[,] a)
    {
        int n = a.GetLength(0);
        double[,] v = Identity(n);
        for (int sweep = 0; sweep < 30; sweep++)
        {
            for (int p = 0; p < n; p++)
            {
                for (int q = p + 1; q < n; q++)
                {
                    double angle = 0.5 * Math.Atan2(2 * a[p, q], a[q, q] - a[p, p]);
                    double[,] rotation = Identity(n);
                    (rotation[p, p], rotation[q, q], rotation[p, q], rotation[q, p]) = (Math.Cos(angle), Math.Cos(angle), Math.Sin(angle), -Math.Sin(angle));
                    a = Times(Times(Transpose(rotation), a), rotation);
                    v = Times(v, rotation);
                }
            }
        }

        int[] order = Enumerable.Range(0, n).OrderBy(i => a[i, i]).ToArray();
        return (order.Select(i => a[i, i]).ToArray(), New(n, n, (i, j) => v[i, order[j]]));
    }

    /// <summary>Singular values, descending.</summary>
    public static double[] Singular(double[,] a)
    {
        double[,] gram = a.GetLength(0) < a.GetLength(1) ? Times(a, Transpose(a)) : Times(Transpose(a), a);
        return Eigen(gram).W.Reverse().Select(w => Math.Sqrt(Math.Max(w, 0))).ToArray();
    }

    /// <summary>The inverse of Moore and Penrose of a matrix of full rank.</summary>
    public static double[,] PseudoInverse(double[,] a) => a.GetLength(0) >= a.GetLength(1)
        ? Solve(Times(Transpose(a), a), Transpose(a))
        : Transpose(Solve(Times(a, Transpose(a)), a));

    /// <summary>The exponential by its series.</summary>
    public static double[,] Exp(double[,] a)
    {
        double[,] sum = Identity(a.GetLength(0));
        double[,] term = sum;
        for (int k = 1; k < 80; k++)
        {
            term = Times(term, New(a.GetLength(0), a.GetLength(0), (i, j) => a[i, j] / k));
            sum = Plus(sum, term);
        }

        return sum;
    }

    /// <summary>The root by the iteration of Denman and Beavers.</summary>
    public static double[,] Sqrt(double[,] a)
    {
        (double[,] y, double[,] z) = (a, Identity(a.GetLength(0)));
        for (int k = 0; k < 30; k++)
        {
            (y, z) = (Half(Plus(y, Inverse(z))), Half(Plus(z, Inverse(y))));
        }

        return y;

        static double[,] Half(double[,] x) => New(x.GetLength(0), x.GetLength(1), (i, j) => x[i, j] / 2);
    }

    /// <summary>The solution of A X + X B = C as one system.</summary>
    public static double[,] Sylvester(double[,] a, double[,] b, double[,] c)
    {
        (int m, int n) = (a.GetLength(0), b.GetLength(0));
        double[,] system = New(m * n, m * n, (r, s) => (r % n == s % n ? a[r / n, s / n] : 0) + (r / n == s / n ? b[s % n, r % n] : 0));
        double[,] x = Solve(system, New(m * n, 1, (r, _) => c[r / n, r % n]));
        return New(m, n, (i, j) => x[(i * n) + j, 0]);
    }

    /// <summary>Changes the matrices of a batch; vectors and matrices that are not square (unless asked for) stay.</summary>
    public static Func<Plain, Plain> Prepare(Func<double[,], double[,]> change, bool all = false) => x =>
        x.Shape.Length < 2 || (!all && x.Shape[^1] != x.Shape[^2]) ? x : x with { Values = Each(m => change(m[0]))([x]).Values };

    /// <summary>A regular matrix with a dominant diagonal that no pivoting changes.</summary>
    public static Func<Plain, Plain> Regular { get; } = Prepare(a => New(a.GetLength(0), a.GetLength(1), (i, j) => (a[i, j] / 2) + (i == j ? 2 + (0.5 * i) : 0)), all: true);

    /// <summary>A regular square matrix; others stay.</summary>
    public static Func<Plain, Plain> RegularIfSquare { get; } = Prepare(a => New(a.GetLength(0), a.GetLength(1), (i, j) => (a[i, j] / 2) + (i == j ? 2 + (0.5 * i) : 0)));

    /// <summary>A symmetric matrix with separate eigenvalues.</summary>
    public static Func<Plain, Plain> Symmetric { get; } = Prepare(a => New(a.GetLength(0), a.GetLength(0), (i, j) => (float)((a[i, j] + a[j, i]) / 4) + (i == j ? (2 * i) - 1.5 : 0)));

    /// <summary>A symmetric positive definite matrix.</summary>
    public static Func<Plain, Plain> Positive { get; } = Prepare(a => New(a.GetLength(0), a.GetLength(0), (i, j) => (float)((a[i, j] + a[j, i]) / 4) + (i == j ? 3 + i : 0)));

    /// <summary>A matrix of any shape with separate singular values.</summary>
    public static Func<Plain, Plain> Separate { get; } = Prepare(a => New(a.GetLength(0), a.GetLength(1), (i, j) => (a[i, j] / 3) + (i == j ? 1.5 + (1.5 * i) : 0)), all: true);
}
