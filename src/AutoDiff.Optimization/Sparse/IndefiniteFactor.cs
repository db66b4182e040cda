using System.Buffers;

namespace AutoDiff.Optimization;

/// <summary>
/// L D L^T of a sparse symmetric indefinite matrix, front by front, with pivots of one and two rows. A column without a pivot that is large enough beside its other elements is handed on to the next
/// front (Duff and Reid, "The multifrontal solution of indefinite sparse symmetric linear equations", ACM TOMS 9, 1983); so the number of negative eigenvalues is that of D, by Sylvester's law.
/// </summary>
internal sealed class IndefiniteFactor(FrontStructure structure)
{
    /// <summary>A pivot that is a smaller part of the numbers it is the difference of is rounding.</summary>
    private const double Dependent = 1e-14;

    private readonly Factored[] factors = new Factored[structure.Fronts.Length];
    private readonly int[] local = new int[structure.Size];
    private readonly double[] sizes = new double[structure.Size];
    private readonly double[] pivots = new double[structure.Size];

    /// <summary>The least part of the largest number of its column that a pivot may be: larger is stabler, smaller is sparser.</summary>
    public double Threshold { get; set; } = 1e-6;

    /// <summary>The number of negative eigenvalues.</summary>
    public int Negative { get; private set; }

    /// <summary>The number of eigenvalues that are zero, to rounding. What a solution has in their direction is zero.</summary>
    public int Zero { get; private set; }

    /// <summary>The number of elements of L.</summary>
    public long Count { get; private set; }

    /// <summary>Takes the factor of new values.</summary>
    /// <param name="values">The elements, in the order of the structure.</param>
    /// <param name="beat">Called once in a while; what it throws ends the factorization.</param>
    public void Factor(double[] values, Action beat)
    {
        (Negative, Zero, Count) = (0, 0, 0);
        Array.Clear(sizes);
        var left = new Remainder?[structure.Fronts.Length];
        try
        {
            for (int f = 0; f < factors.Length; f++)
            {
                if (f % 256 == 0 || structure.Fronts[f].Columns.Length > 64)
                {
                    beat();
                }

                factors[f] = Eliminate(structure.Fronts[f], values, left, out left[f]);
                Count += factors[f].L.Length;
            }
        }
        finally
        {
            foreach (Remainder? remainder in left)
            {
                remainder?.Return();
            }
        }
    }

    /// <summary>x := A^-1 x.</summary>
    public void Solve(double[] x)
    {
        foreach (Factored factor in factors)
        {
            int count = factor.Count;
            Span<double> own = pivots.AsSpan(0, count);
            for (int i = 0; i < factor.Rows.Length; i++)
            {
                ReadOnlySpan<double> row = factor.L.AsSpan(i * count, count);
                if (i < count)
                {
                    own[i] = x[factor.Rows[i]] - PanelProduct.Dot(row[..i], own);
                }
                else
                {
                    x[factor.Rows[i]] -= PanelProduct.Dot(row, own);
                }
            }

            for (int i = 0; i < count; i++)
            {
                double beside = factor.Beside[i];
                if (beside == 0)
                {
                    x[factor.Rows[i]] = factor.Inverse[i] * own[i];
                }
                else
                {
                    x[factor.Rows[i]] = (factor.Inverse[i] * own[i]) + (beside * own[i + 1]);
                    x[factor.Rows[i + 1]] = (beside * own[i]) + (factor.Inverse[i + 1] * own[i + 1]);
                    i++;
                }
            }
        }

        for (int f = factors.Length - 1; f >= 0; f--)
        {
            Factored factor = factors[f];
            int count = factor.Count;
            Span<double> own = pivots.AsSpan(0, count);
            for (int i = 0; i < count; i++)
            {
                own[i] = x[factor.Rows[i]];
            }

            for (int i = factor.Rows.Length - 1; i >= 0; i--)
            {
                int length = Math.Min(i, count);
                double value = i < count ? own[i] : x[factor.Rows[i]];
                Vectors.AddTo(own[..length], -value, factor.L.AsSpan(i * count, length));
            }

            for (int i = 0; i < count; i++)
            {
                x[factor.Rows[i]] = own[i];
            }
        }
    }

    /// <summary>Assembles a front, and eliminates those of its columns that have pivots.</summary>
    private Factored Eliminate(Front front, double[] values, Remainder?[] left, out Remainder? remainder)
    {
        int delayed = front.Children.Sum(child => left[child]?.Delayed ?? 0);
        int summed = front.Columns.Length + delayed;
        int height = summed + front.Below.Length;
        var rows = new int[height];
        front.Columns.CopyTo(rows, 0);
        int next = front.Columns.Length;
        foreach (int child in front.Children)
        {
            if (left[child] is { } handed)
            {
                handed.Rows.AsSpan(0, handed.Delayed).CopyTo(rows.AsSpan(next));
                next += handed.Delayed;
            }
        }

        front.Below.CopyTo(rows, next);
        for (int i = 0; i < height; i++)
        {
            local[rows[i]] = i;
        }

        double[] rented = ArrayPool<double>.Shared.Rent(Math.Max(height * height, 1));
        var matrix = new DenseFront(rented, height, summed, rows, sizes, Threshold, Dependent);
        try
        {
            Assemble(front, values, left, rented, height);
            matrix.Factor(front.IsRoot);
            Negative += matrix.Negative;
            Zero += matrix.Zero;
            int count = matrix.Done;
            var l = new double[height * count];
            for (int i = 0; i < height; i++)
            {
                rented.AsSpan(i * height, Math.Min(i, count)).CopyTo(l.AsSpan(i * count));
            }

            remainder = null;
            if (count < height)
            {
                int rest = height - count;
                double[] handedOn = ArrayPool<double>.Shared.Rent(rest * rest);
                for (int i = 0; i < rest; i++)
                {
                    rented.AsSpan(((count + i) * height) + count, i + 1).CopyTo(handedOn.AsSpan(i * rest));
                }

                remainder = new Remainder(rows[count..], summed - count, handedOn);
            }

            return new Factored(rows, count, l, matrix.Inverse, matrix.Beside);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    private void Assemble(Front front, double[] values, Remainder?[] left, double[] matrix, int height)
    {
        matrix.AsSpan(0, height * height).Clear();
        foreach (int k in front.Elements)
        {
            (int i, int j) = (local[structure.Rows[k]], local[structure.Columns[k]]);
            matrix[i >= j ? (i * height) + j : (j * height) + i] += values[k];
            if (i == j)
            {
                sizes[structure.Rows[k]] += Math.Abs(values[k]);
            }
        }

        foreach (int child in front.Children)
        {
            if (left[child] is not { } handed)
            {
                continue;
            }

            int rest = handed.Rows.Length;
            for (int i = 0; i < rest; i++)
            {
                int row = local[handed.Rows[i]];
                for (int j = 0; j <= i; j++)
                {
                    int column = local[handed.Rows[j]];
                    matrix[row >= column ? (row * height) + column : (column * height) + row] += handed.Values[(i * rest) + j];
                }
            }

            handed.Return();
            left[child] = null;
        }
    }

    /// <summary>The columns of L of one front, row by row, and the inverse of D: where an element beside the diagonal is not zero, it makes a block of two rows with the next one.</summary>
    private sealed record Factored(int[] Rows, int Count, double[] L, double[] Inverse, double[] Beside);

    /// <summary>What is left of a front: first the rows of columns without a pivot.</summary>
    private sealed record Remainder(int[] Rows, int Delayed, double[] Values)
    {
        public void Return() => ArrayPool<double>.Shared.Return(Values);
    }
}
