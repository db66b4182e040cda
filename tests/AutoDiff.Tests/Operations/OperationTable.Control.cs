namespace AutoDiff.Tests.Operations;

internal static partial class OperationTable<T>
{
    private static OperationRow<T>[] Control =>
    [
        new("OnCotangent", x => x.OnCotangent(g => g), x => x) { Exact = true, CallsUser = true, Bad = [Throws<ArgumentNullException>(on => on(2).OnCotangent(null!))] },
        new("StraightThrough", x => x.StraightThrough(x.Detach()), x => x) { Exact = true, Bad = [Throws<TensorShapeException>(on => on(2).StraightThrough(Tensor.Ones<T>(3)))] },
    ];
}
