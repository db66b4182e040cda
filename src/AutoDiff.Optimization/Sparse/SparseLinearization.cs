using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>With the sparse Jacobian, and the sparse factor of J^T J + D²; where that would be too large, with those of the blocks on its diagonal.</summary>
internal sealed class SparseLinearization<T>(Problem<T> problem, long limit = SparseLinearization<T>.LargestFactor) : FactoredLinearization<T>(problem) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The largest number of elements of a factor, half a gigabyte of them.</summary>
    public const long LargestFactor = 1 << 26;

    private readonly Problem<T> problem = problem;
    private readonly SparseJacobian<T> derivative = new(at => problem.Function(at).Flatten()) { Compiled = problem.Compiled };
    private SparsityPattern? pattern;
    private SparseCholesky? factor;
    private bool complete;
    private double[] values = [];
    private double[] norms = [];

    protected override bool IsComplete => complete;

    public override void MoveTo(Tensor<T> x)
    {
        problem.Watch.ThrowIfCanceled();
        SparseMatrix<T> jacobian = derivative.Evaluate(x);
        factor = pattern is not null && Same(pattern, jacobian.Pattern) ? factor : null;
        pattern = jacobian.Pattern;
        values = Problem<T>.ToVector(jacobian.Values);
        norms = Norms(pattern, values);
        Moved();
    }

    public override double[] ColumnNorms() => norms;

    public override double[] RowNorms(double[] x)
    {
        ReadOnlySpan<int> offsets = pattern!.RowOffsets;
        ReadOnlySpan<int> columns = pattern.ColumnIndices;
        var sizes = new double[pattern.Rows];
        for (int row = 0; row < sizes.Length; row++)
        {
            double sum = 0;
            for (int k = offsets[row]; k < offsets[row + 1]; k++)
            {
                double part = values[k] * x[columns[k]];
                sum += part * part;
            }

            sizes[row] = Math.Sqrt(sum);
        }

        return sizes;
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

    protected override void Factor(double[] damping)
    {
        if (factor is null)
        {
            var blocks = new ColumnBlocks(pattern!);
            PanelStructure? structure = PanelStructure.Find(blocks, limit);
            complete = structure is not null;
            factor = new SparseCholesky(structure ?? PanelStructure.Diagonal(blocks));
        }

        factor.Factor(values, damping, problem.Watch.ThrowIfCanceled);
    }

    protected override void Precondition(double[] x) => factor!.Solve(x);

    private static double[] Norms(SparsityPattern pattern, double[] values)
    {
        var squares = new double[pattern.Columns];
        for (int k = 0; k < values.Length; k++)
        {
            squares[pattern.ColumnIndices[k]] += values[k] * values[k];
        }

        return Array.ConvertAll(squares, Math.Sqrt);
    }

    private static bool Same(SparsityPattern a, SparsityPattern b) => ReferenceEquals(a, b)
        || (a.Rows == b.Rows && a.Columns == b.Columns && a.RowOffsets.SequenceEqual(b.RowOffsets) && a.ColumnIndices.SequenceEqual(b.ColumnIndices));
}
