using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>The residuals near a point, r + J p: what Gauss-Newton and Levenberg-Marquardt ask of the Jacobian.</summary>
internal abstract class Linearization<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The λ of J^T J + λ D² below which the solver cannot tell it from 0, where D is as large as the columns of J.</summary>
    public virtual double LeastDamping => 0;

    /// <summary>Takes the Jacobian at a point.</summary>
    public abstract void MoveTo(Tensor<T> x);

    /// <summary>The norm of each column.</summary>
    public abstract double[] ColumnNorms();

    /// <summary>The norm of each row of J diag(x): by how much moving every unknown by a part of itself moves each residual, in such parts.</summary>
    public abstract double[] RowNorms(double[] x);

    /// <summary>J p.</summary>
    public abstract double[] Multiply(double[] p);

    /// <summary>J^T r.</summary>
    public abstract double[] MultiplyTransposed(double[] r);

    /// <summary>The p of least |J p + r|² + |D p - t|², D diagonal.</summary>
    public abstract double[] Solve(double[] r, double[] damping, double[] target);

    public static Linearization<T> Of(Problem<T> problem, bool sparse) =>
        sparse ? new SparseLinearization<T>(problem) : problem.Start.Length < GramLinearization<T>.Smallest ? new DenseLinearization<T>(problem) : new GramLinearization<T>(problem);
}

/// <summary>With the whole matrix, solved by an orthogonal decomposition: the condition number is not squared.</summary>
internal sealed class DenseLinearization<T>(Problem<T> problem) : Linearization<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private double[][] columns = [];
    private int rows;

    public override void MoveTo(Tensor<T> x)
    {
        Tensor<T> jacobian = problem.Jacobian(x);
        rows = jacobian.Shape[0];
        double[] transposed = Problem<T>.ToVector(jacobian.Transpose());
        columns = [.. Enumerable.Range(0, x.Length).Select(j => transposed[(j * rows)..((j + 1) * rows)])];
    }

    public override double[] ColumnNorms() => Array.ConvertAll(columns, column => Vectors.Norm(column));

    public override double[] RowNorms(double[] x)
    {
        var squares = new double[rows];
        for (int j = 0; j < x.Length; j++)
        {
            for (int i = 0; i < rows; i++)
            {
                double part = columns[j][i] * x[j];
                squares[i] += part * part;
            }
        }

        return Array.ConvertAll(squares, Math.Sqrt);
    }

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
        problem.Watch.ThrowIfCanceled();
        return Householder.SolveDamped(columns, r, damping, target);
    }
}
