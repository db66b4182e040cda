using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>With the whole matrix of many unknowns: the factor is that of the Gram matrix J^T J + D², which is made of matrix products; where the condition is beyond it, an orthogonal decomposition.</summary>
internal sealed class GramLinearization<T>(Problem<T> problem) : FactoredLinearization<T>(problem) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>From so many unknowns on the products are worth it.</summary>
    public const int Smallest = 96;

    private readonly Problem<T> problem = problem;
    private readonly DenseCholesky factor = new(problem.Start.Length);
    private readonly int columns = problem.Start.Length;
    private double[] jacobian = [];
    private double[] gram = [];
    private double[] norms = [];
    private int rows;

    protected override bool IsComplete => true;

    public override void MoveTo(Tensor<T> x)
    {
        Tensor<double> matrix = problem.Jacobian(x).ConvertTo<double>();
        rows = matrix.Shape[0];
        jacobian = matrix.ToArray();
        gram = matrix.Transpose().MatMul(matrix).ToArray();
        norms = [.. Enumerable.Range(0, columns).Select(j => Math.Sqrt(gram[j * (columns + 1)]))];
        Moved();
    }

    public override double[] ColumnNorms() => norms;

    public override double[] RowNorms(double[] x)
    {
        var sizes = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<double> row = Row(i);
            double sum = 0;
            for (int j = 0; j < x.Length; j++)
            {
                sum += row[j] * x[j] * (row[j] * x[j]);
            }

            sizes[i] = Math.Sqrt(sum);
        }

        return sizes;
    }

    public override double[] Multiply(double[] p)
    {
        var product = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            product[i] = PanelProduct.Dot(p, Row(i));
        }

        return product;
    }

    public override double[] MultiplyTransposed(double[] r)
    {
        var product = new double[columns];
        for (int i = 0; i < rows; i++)
        {
            Vectors.AddTo(product, r[i], Row(i));
        }

        return product;
    }

    protected override void Factor(double[] damping) => factor.Factor(gram, damping);

    protected override void Precondition(double[] x) => factor.Solve(x);

    protected override double[] SolveIllConditioned(double[] r, double[] damping, double[] target, double[] approximation)
    {
        var transposed = new double[columns][];
        for (int j = 0; j < columns; j++)
        {
            transposed[j] = new double[rows];
            for (int i = 0; i < rows; i++)
            {
                transposed[j][i] = jacobian[(i * columns) + j];
            }
        }

        problem.Watch.ThrowIfCanceled();
        return Householder.SolveDamped(transposed, r, damping, target);
    }

    private ReadOnlySpan<double> Row(int i) => jacobian.AsSpan(i * columns, columns);
}
