using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>The residuals near a point, r + J p: what Gauss-Newton and Levenberg-Marquardt ask of the Jacobian.</summary>
internal abstract class Linearization<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Takes the Jacobian at a point.</summary>
    public abstract void MoveTo(Tensor<T> x);

    /// <summary>The norm of each column.</summary>
    public abstract double[] ColumnNorms();

    /// <summary>J p.</summary>
    public abstract double[] Multiply(double[] p);

    /// <summary>J^T r.</summary>
    public abstract double[] MultiplyTransposed(double[] r);

    /// <summary>The p of least |J p + r|² + |D p - t|², D diagonal.</summary>
    public abstract double[] Solve(double[] r, double[] damping, double[] target);

    public static Linearization<T> Of(Problem<T> problem, bool sparse) => sparse ? new SparseLinearization<T>(problem) : new DenseLinearization<T>(problem);
}

/// <summary>With the whole matrix, solved by an orthogonal decomposition: the condition number is not squared.</summary>
internal sealed class DenseLinearization<T>(Problem<T> problem) : Linearization<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private double[][] columns = [];
    private int rows;

    public override void MoveTo(Tensor<T> x)
    {
        problem.Watch.ThrowIfCancelled();
        Tensor<T> jacobian = Differentiate.Jacobian<T>(at => problem.Function(at).Flatten(), x);
        rows = jacobian.Shape[0];
        double[] transposed = Problem<T>.ToVector(jacobian.Transpose());
        columns = [.. Enumerable.Range(0, x.Length).Select(j => transposed[(j * rows)..((j + 1) * rows)])];
    }

    public override double[] ColumnNorms() => Array.ConvertAll(columns, column => Vectors.Norm(column));

    public override double[] Multiply(double[] p)
    {
        var product = new double[rows];
        for (int j = 0; j < p.Length; j++)
        {
            Vectors.AddTo(product, p[j], columns[j]);
        }

        return product;
    }

    public override double[] MultiplyTransposed(double[] r) => Array.ConvertAll(columns, column => Vectors.Dot(column, r));

    public override double[] Solve(double[] r, double[] damping, double[] target)
    {
        problem.Watch.ThrowIfCancelled();

        // The damping as further rows: [J; D] p = [-r; t].
        bool damped = Vectors.Largest(damping) > 0;
        int height = damped ? rows + columns.Length : rows;
        var stacked = new double[columns.Length][];
        for (int j = 0; j < stacked.Length; j++)
        {
            stacked[j] = new double[height];
            columns[j].CopyTo(stacked[j], 0);
            if (damped)
            {
                stacked[j][rows + j] = damping[j];
            }
        }

        var side = new double[height];
        Vectors.AddTo(side.AsSpan(0, rows), -1, r);
        if (damped)
        {
            target.CopyTo(side, rows);
        }

        return Householder.Solve(stacked, side);
    }
}

/// <summary>With the sparse Jacobian, solved by conjugate gradients on the normal equations, scaled by their diagonal.</summary>
internal sealed class SparseLinearization<T>(Problem<T> problem) : Linearization<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly SparseJacobian<T> derivative = new(at => problem.Function(at).Flatten());
    private SparsityPattern? pattern;
    private double[] values = [];

    public override void MoveTo(Tensor<T> x)
    {
        problem.Watch.ThrowIfCancelled();
        SparseMatrix<T> jacobian = derivative.At(x);
        pattern = jacobian.Pattern;
        values = Problem<T>.ToVector(jacobian.Values);
    }

    public override double[] ColumnNorms()
    {
        var squares = new double[pattern!.Columns];
        for (int k = 0; k < values.Length; k++)
        {
            squares[pattern.ColumnIndices[k]] += values[k] * values[k];
        }

        return Array.ConvertAll(squares, Math.Sqrt);
    }

    public override double[] Multiply(double[] p)
    {
        ReadOnlySpan<int> offsets = pattern!.RowOffsets;
        ReadOnlySpan<int> columns = pattern.ColumnIndices;
        var product = new double[pattern.Rows];
        for (int row = 0; row < product.Length; row++)
        {
            for (int k = offsets[row]; k < offsets[row + 1]; k++)
            {
                product[row] += values[k] * p[columns[k]];
            }
        }

        return product;
    }

    public override double[] MultiplyTransposed(double[] r)
    {
        ReadOnlySpan<int> offsets = pattern!.RowOffsets;
        ReadOnlySpan<int> columns = pattern.ColumnIndices;
        var product = new double[pattern.Columns];
        for (int row = 0; row < r.Length; row++)
        {
            for (int k = offsets[row]; k < offsets[row + 1]; k++)
            {
                product[columns[k]] += values[k] * r[row];
            }
        }

        return product;
    }

    public override double[] Solve(double[] r, double[] damping, double[] target)
    {
        int n = damping.Length;
        double[] norms = ColumnNorms();
        var inverse = new double[n];
        for (int j = 0; j < n; j++)
        {
            double diagonal = (norms[j] * norms[j]) + (damping[j] * damping[j]);
            inverse[j] = diagonal > 0 ? 1 / diagonal : 0;
        }

        var p = new double[n];
        double[] residual = Vectors.Add(Scaled(damping, target), -1, MultiplyTransposed(r));
        double[] z = Scaled(inverse, residual);
        double[] direction = z;
        double size = Vectors.Dot(residual, z);
        double goal = 1e-20 * size;
        for (int iteration = 0; iteration < 2 * n && size > goal; iteration++)
        {
            problem.Watch.ThrowIfCancelled();
            double[] image = Multiply(direction);
            double[] normal = MultiplyTransposed(image);
            double curvature = Vectors.Dot(image, image);
            for (int j = 0; j < n; j++)
            {
                normal[j] += damping[j] * damping[j] * direction[j];
                curvature += damping[j] * direction[j] * (damping[j] * direction[j]);
            }

            if (!(curvature > 0))
            {
                break;
            }

            double alpha = size / curvature;
            Vectors.AddTo(p, alpha, direction);
            Vectors.AddTo(residual, -alpha, normal);
            z = Scaled(inverse, residual);
            double next = Vectors.Dot(residual, z);
            direction = Vectors.Add(z, next / size, direction);
            size = next;
        }

        return p;
    }

    private static double[] Scaled(double[] diagonal, double[] x)
    {
        var scaled = new double[x.Length];
        for (int i = 0; i < scaled.Length; i++)
        {
            scaled[i] = diagonal[i] * x[i];
        }

        return scaled;
    }
}
