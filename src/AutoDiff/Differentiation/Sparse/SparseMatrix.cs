using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>A matrix in compressed sparse rows: a pattern, and the value of each of its elements.</summary>
/// <typeparam name="T">The element type.</typeparam>
public sealed class SparseMatrix<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] values;

    internal SparseMatrix(SparsityPattern pattern, T[] values)
    {
        Pattern = pattern;
        this.values = values;
    }

    /// <summary>The places of the elements.</summary>
    public SparsityPattern Pattern { get; }

    /// <summary>The values, in the order of <see cref="SparsityPattern.ColumnIndices"/>.</summary>
    public ReadOnlySpan<T> Values => values;

    /// <summary>The size of the matrix and the number of its nonzeros, as in "1000 × 1000, 2998 nonzeros"; <see cref="ToDense"/> shows the numbers.</summary>
    /// <returns>Text for people.</returns>
    public override string ToString() => Pattern.ToString();

    /// <summary>The product with a vector, A v.</summary>
    /// <param name="vector">As many numbers as there are columns.</param>
    /// <returns>As many numbers as there are rows.</returns>
    /// <exception cref="TensorShapeException">The vector has another length.</exception>
    public T[] Multiply(ReadOnlySpan<T> vector)
    {
        CheckLength(vector.Length, Pattern.Columns, nameof(Multiply));
        var product = new T[Pattern.Rows];
        ReadOnlySpan<int> offsets = Pattern.RowOffsets;
        ReadOnlySpan<int> columns = Pattern.ColumnIndices;
        for (int row = 0; row < product.Length; row++)
        {
            double sum = 0.0;
            for (int k = offsets[row]; k < offsets[row + 1]; k++)
            {
                sum += double.CreateTruncating(values[k]) * double.CreateTruncating(vector[columns[k]]);
            }

            product[row] = T.CreateTruncating(sum);
        }

        return product;
    }

    /// <summary>The product with a vector from the left, u^T A.</summary>
    /// <param name="vector">As many numbers as there are rows.</param>
    /// <returns>As many numbers as there are columns.</returns>
    /// <exception cref="TensorShapeException">The vector has another length.</exception>
    public T[] MultiplyTransposed(ReadOnlySpan<T> vector)
    {
        CheckLength(vector.Length, Pattern.Rows, nameof(MultiplyTransposed));
        var product = new T[Pattern.Columns];
        using var sums = new Accumulators<T>(product);
        ReadOnlySpan<int> offsets = Pattern.RowOffsets;
        ReadOnlySpan<int> columns = Pattern.ColumnIndices;
        for (int row = 0; row < vector.Length; row++)
        {
            for (int k = offsets[row]; k < offsets[row + 1]; k++)
            {
                sums.Add(columns[k], values[k], vector[row]);
            }
        }

        return product;
    }

    /// <summary>The elements on the diagonal, as a vector.</summary>
    /// <returns>A vector.</returns>
    public Tensor<T> Diagonal()
    {
        Tensor<T> diagonal = Tensor.Zeros<T>(Math.Min(Pattern.Rows, Pattern.Columns));
        for (int row = 0; row < diagonal.Length; row++)
        {
            int place = Pattern.Row(row).BinarySearch(row);
            if (place >= 0)
            {
                diagonal.Writable[row] = values[Pattern.RowOffsets[row] + place];
            }
        }

        return diagonal;
    }

    /// <summary>The matrix with its zeros, as a tensor of shape [rows, columns].</summary>
    /// <returns>A tensor of shape [rows, columns].</returns>
    public Tensor<T> ToDense()
    {
        Tensor<T> dense = Tensor.Zeros<T>(Pattern.Rows, Pattern.Columns);
        Span<T> place = dense.Writable;
        ReadOnlySpan<int> offsets = Pattern.RowOffsets;
        for (int row = 0; row < Pattern.Rows; row++)
        {
            for (int k = offsets[row]; k < offsets[row + 1]; k++)
            {
                place[(row * Pattern.Columns) + Pattern.ColumnIndices[k]] = values[k];
            }
        }

        return dense;
    }

    private static void CheckLength(int length, int expected, string operation)
    {
        if (length != expected)
        {
            throw Errors.Shape(operation, $"the vector has {length} elements", $"{expected}", "give one number for each row or column");
        }
    }
}
