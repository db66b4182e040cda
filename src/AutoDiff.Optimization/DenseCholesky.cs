namespace AutoDiff.Optimization;

/// <summary>L L^T = A + D² of a dense symmetric matrix, panel by panel from the left. The unknown of a column that depends on those before it, to working precision, stays zero.</summary>
internal sealed class DenseCholesky(int n)
{
    private const int Width = 64;
    private const int Strip = 64;

    /// <summary>A pivot that is a smaller part of its diagonal element is rounding.</summary>
    private const double Dependent = 2e-14;

    private readonly double[] factor = new double[n * n];
    private readonly double[] inverses = new double[n];
    private readonly double[] transposed = new double[n * PanelProduct.Padded(Width)];

    /// <summary>Takes the factor of a matrix, of which the lower half is read, with squares added to its diagonal.</summary>
    public void Factor(double[] matrix, double[] damping)
    {
        matrix.CopyTo(factor, 0);
        for (int i = 0; i < n; i++)
        {
            factor[i * (n + 1)] += damping[i] * damping[i];
        }

        for (int first = 0; first < n; first += Width)
        {
            int start = first;
            int end = Math.Min(first + Width, n);
            PanelProduct.Transpose(factor.AsSpan(first * n), n, end - first, first, transposed);
            Update(start, end, start, end);
            Triangle(start, end);
            int strips = (n - end + Strip - 1) / Strip;
            if (strips > 1 && Parallelism.MaxThreads > 1 && (long)(n - end) * end * Width > 2_000_000)
            {
                Parallel.For(0, strips, new ParallelOptions { MaxDegreeOfParallelism = Parallelism.MaxThreads }, strip => Below(start, end, end + (strip * Strip)));
            }
            else
            {
                for (int strip = 0; strip < strips; strip++)
                {
                    Below(start, end, end + (strip * Strip));
                }
            }
        }
    }

    /// <summary>x := (L L^T)^-1 x.</summary>
    public void Solve(double[] x)
    {
        for (int i = 0; i < n; i++)
        {
            x[i] = (x[i] - PanelProduct.Dot(factor.AsSpan(i * n, i), x)) * inverses[i];
        }

        for (int i = n - 1; i >= 0; i--)
        {
            x[i] *= inverses[i];
            Vectors.AddTo(x.AsSpan(0, i), -x[i], factor.AsSpan(i * n, i));
        }
    }

    /// <summary>A strip of rows below a panel.</summary>
    private void Below(int start, int end, int from)
    {
        int to = Math.Min(from + Strip, n);
        Update(start, end, from, to);
        for (int i = from; i < to; i++)
        {
            Substitute(i, start, end);
        }
    }

    /// <summary>Takes from rows of a panel what the columns before it make.</summary>
    private void Update(int start, int end, int from, int to)
    {
        int width = PanelProduct.Padded(end - start);
        Span<double> product = stackalloc double[(to - from) * width];
        PanelProduct.Multiply(to - from, start, width, factor.AsSpan(from * n), n, transposed, product);
        for (int i = from; i < to; i++)
        {
            Vectors.AddTo(factor.AsSpan((i * n) + start, end - start), -1, product.Slice((i - from) * width, end - start));
        }
    }

    private void Triangle(int start, int end)
    {
        for (int i = start; i < end; i++)
        {
            double diagonal = factor[i * (n + 1)] + PanelProduct.Dot(factor.AsSpan(i * n, start), factor.AsSpan(i * n, start));
            Substitute(i, start, i);
            Span<double> row = factor.AsSpan((i * n) + start, i - start);
            double pivot = factor[i * (n + 1)] - PanelProduct.Dot(row, row);
            inverses[i] = pivot > Dependent * diagonal ? 1 / Math.Sqrt(pivot) : 0;
        }
    }

    /// <summary>Solves x L^T = row for the columns of a panel.</summary>
    private void Substitute(int row, int start, int end)
    {
        Span<double> x = factor.AsSpan((row * n) + start, end - start);
        for (int j = 0; j < x.Length; j++)
        {
            x[j] = (x[j] - PanelProduct.Dot(factor.AsSpan(((start + j) * n) + start, j), x)) * inverses[start + j];
        }
    }
}
