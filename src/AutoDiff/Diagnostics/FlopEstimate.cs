using System.Numerics;

namespace AutoDiff;

/// <summary>
/// Estimates of floating-point operations by the name of an operation. A function such as exp counts as one. Names that are not listed: one for each element of the result, or of the operands
/// where those are more; the factorizations have their leading term (Golub and Van Loan, Matrix Computations, 4th edition).
/// </summary>
internal static class FlopEstimate
{
    public static long Of<T>(Record<T> record) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> y = record.Output;
        return record switch
        {
            VariableRecord<T> => 0,
            LinearRecord<T> { Map: SumMap<T> } sum => sum.Input(0).Length,
            LinearRecord<T> { Map: PutMap<T> } put => put.Input(0).Length,
            LinearRecord<T> { Map: ReshapeMap<T> or StridedMap<T> or RepeatMap<T> or TakeMap<T> or SelectMap<T> } => 0,
            AssembleRecord<T> => 0,
            _ => ByName(record.Name, y, record),
        };
    }

    private static long ByName<T>(string name, Tensor<T> y, Record<T> record) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> x = record.Input(0);
        long rows = x.Rank > 1 ? x.Shape[^2] : 1;
        long columns = x.Rank > 0 ? x.Shape[^1] : 1;
        long square = rows * columns == 0 ? 0 : x.Length * columns;
        return name switch
        {
            "MatMul" => y.Length == 0 ? 0 : 2L * y.Length * (rows * columns / y.Shape[^2]),
            "Conv1D" or "Conv2D" or "Conv3D" => record.InputCount > 1 && record.Input(1) is { Rank: > 0, Length: > 0 } w ? 2L * y.Length * (w.Length / w.Shape[0]) : y.Length,
            "Softmax" or "LogSoftmax" => 4L * y.Length,
            "LogSumExp" => 3L * x.Length,
            "Norm" => 2L * x.Length,
            "Cholesky" => square / 3,
            "Lu" or "Determinant" or "LogDet" or "SlogDet" => 2 * square / 3,
            "Solve" => (2 * square / 3) + (2L * y.Length * columns),
            "TriangularSolve" => (long)y.Length * columns,
            "Inverse" => 2 * square,
            "Qr" or "LeastSquares" => 2 * square,
            "Eigh" => 9 * square,
            "Svd" => 14 * square,
            "MatrixExp" => 20 * square,
            _ => Math.Max(y.Length, Enumerable.Range(0, record.InputCount).Max(k => (long)record.Input(k).Length)),
        };
    }
}
