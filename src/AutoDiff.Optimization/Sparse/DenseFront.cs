namespace AutoDiff.Optimization;

/// <summary>The lower triangle of a front, in which pivots of one and two rows are eliminated as far as they are large enough (the tests of Duff, Gould, Reid, Scott and Turner, "The factorization of
/// sparse symmetric indefinite matrices", IMA J. Numer. Anal. 11, 1991).</summary>
/// <param name="a">The numbers, row by row; of the eliminated columns L afterward, of the others what is left.</param>
/// <param name="height">The number of rows.</param>
/// <param name="summed">The number of leading columns that may be eliminated.</param>
/// <param name="rows">The unknowns of the rows; permuted along with the numbers.</param>
/// <param name="sizes">For each unknown the sum of the magnitudes that its diagonal element is made of.</param>
/// <param name="threshold">The least part of the largest number of its column that a pivot may be.</param>
/// <param name="dependent">The part of its size below which a column is zero.</param>
internal sealed class DenseFront(double[] a, int height, int summed, int[] rows, double[] sizes, double threshold, double dependent)
{
    private readonly double[] first = new double[height];
    private readonly double[] second = new double[height];

    /// <summary>The inverse of D: its diagonal.</summary>
    public double[] Inverse { get; } = new double[summed];

    /// <summary>The inverse of D: what stands beside the diagonal in blocks of two rows, at the first of them.</summary>
    public double[] Beside { get; } = new double[summed];

    /// <summary>How many columns are eliminated.</summary>
    public int Done { get; private set; }

    public int Negative { get; private set; }

    public int Zero { get; private set; }

    /// <summary>Eliminates the columns that have pivots; in the last front all of them.</summary>
    public void Factor(bool all)
    {
        while (Done < summed)
        {
            if (Step())
            {
                continue;
            }

            if (!all)
            {
                return;
            }

            EliminateZero(Done);
        }
    }

    private bool Step()
    {
        for (int column = Done; column < summed; column++)
        {
            double pivot = a[(column * height) + column];
            (double largest, int partner) = Largest(column, -1);
            if (Math.Max(Math.Abs(pivot), largest) <= dependent * sizes[rows[column]])
            {
                EliminateZero(column);
                return true;
            }

            if (pivot != 0 && Math.Abs(pivot) >= threshold * largest)
            {
                Swap(Done, column);
                EliminateOne();
                return true;
            }

            if (partner >= 0 && IsStable(column, partner))
            {
                // The smaller one first: the swaps then do not disturb each other.
                (int low, int high) = (Math.Min(column, partner), Math.Max(column, partner));
                Swap(Done, low);
                Swap(Done + 1, high);
                EliminateTwo();
                return true;
            }
        }

        return false;
    }

    /// <summary>The largest magnitude of a column off its diagonal, and the row of the largest among the columns that may be eliminated.</summary>
    private (double Largest, int Partner) Largest(int column, int without)
    {
        double largest = 0;
        double largestSummed = 0;
        int partner = -1;
        for (int i = Done; i < height; i++)
        {
            if (i == column || i == without)
            {
                continue;
            }

            double size = Math.Abs(i < column ? a[(column * height) + i] : a[(i * height) + column]);
            largest = Math.Max(largest, size);
            if (i < summed && size > largestSummed)
            {
                (largestSummed, partner) = (size, i);
            }
        }

        return (largest, partner);
    }

    /// <summary>Whether the block of two rows is large enough beside the other elements of its columns.</summary>
    private bool IsStable(int column, int partner)
    {
        double x = a[(column * height) + column];
        double z = a[(partner * height) + partner];
        double y = a[(Math.Max(column, partner) * height) + Math.Min(column, partner)];
        double determinant = (x * z) - (y * y);
        double size = Math.Abs(determinant);
        double besideX = Largest(column, partner).Largest;
        double besideZ = Largest(partner, column).Largest;
        return size > 1e-13 * Math.Max(Math.Abs(x * z), y * y)
            && ((Math.Abs(z) * besideX) + (Math.Abs(y) * besideZ)) * threshold <= size
            && ((Math.Abs(y) * besideX) + (Math.Abs(x) * besideZ)) * threshold <= size;
    }

    private void EliminateZero(int column)
    {
        Swap(Done, column);
        for (int i = Done + 1; i < height; i++)
        {
            a[(i * height) + Done] = 0;
        }

        Inverse[Done] = 0;
        Zero++;
        Done++;
    }

    private void EliminateOne()
    {
        int k = Done;
        double inverse = 1 / a[(k * height) + k];
        Negative += inverse < 0 ? 1 : 0;
        Inverse[k] = inverse;
        for (int i = k + 1; i < height; i++)
        {
            first[i] = a[(i * height) + k];
        }

        for (int i = k + 1; i < height; i++)
        {
            if (first[i] != 0)
            {
                double l = first[i] * inverse;
                a[(i * height) + k] = l;
                sizes[rows[i]] += Math.Abs(l * first[i]);
                Vectors.AddTo(a.AsSpan((i * height) + k + 1, i - k), -l, first.AsSpan(k + 1, i - k));
            }
        }

        Done++;
    }

    private void EliminateTwo()
    {
        int k = Done;
        double x = a[(k * height) + k];
        double y = a[((k + 1) * height) + k];
        double z = a[((k + 1) * height) + k + 1];
        double determinant = (x * z) - (y * y);
        Negative += determinant < 0 ? 1 : x < 0 ? 2 : 0;
        (Inverse[k], Inverse[k + 1], Beside[k]) = (z / determinant, x / determinant, -y / determinant);
        a[((k + 1) * height) + k] = 0;
        for (int i = k + 2; i < height; i++)
        {
            first[i] = a[(i * height) + k];
            second[i] = a[(i * height) + k + 1];
        }

        for (int i = k + 2; i < height; i++)
        {
            if (first[i] != 0 || second[i] != 0)
            {
                double l = (Inverse[k] * first[i]) + (Beside[k] * second[i]);
                double m = (Beside[k] * first[i]) + (Inverse[k + 1] * second[i]);
                (a[(i * height) + k], a[(i * height) + k + 1]) = (l, m);
                sizes[rows[i]] += Math.Abs(l * first[i]) + Math.Abs(m * second[i]);
                Vectors.AddTo(a.AsSpan((i * height) + k + 2, i - k - 1), -l, first.AsSpan(k + 2, i - k - 1));
                Vectors.AddTo(a.AsSpan((i * height) + k + 2, i - k - 1), -m, second.AsSpan(k + 2, i - k - 1));
            }
        }

        Done += 2;
    }

    /// <summary>Exchanges two rows, and the columns of the same numbers.</summary>
    private void Swap(int p, int q)
    {
        if (p == q)
        {
            return;
        }

        (rows[p], rows[q]) = (rows[q], rows[p]);
        for (int j = 0; j < p; j++)
        {
            (a[(p * height) + j], a[(q * height) + j]) = (a[(q * height) + j], a[(p * height) + j]);
        }

        (a[(p * height) + p], a[(q * height) + q]) = (a[(q * height) + q], a[(p * height) + p]);
        for (int i = p + 1; i < q; i++)
        {
            (a[(i * height) + p], a[(q * height) + i]) = (a[(q * height) + i], a[(i * height) + p]);
        }

        for (int i = q + 1; i < height; i++)
        {
            (a[(i * height) + p], a[(i * height) + q]) = (a[(i * height) + q], a[(i * height) + p]);
        }
    }
}
