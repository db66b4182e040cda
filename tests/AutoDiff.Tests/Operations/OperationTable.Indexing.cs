namespace AutoDiff.Tests.Operations;

internal static partial class OperationTable<T>
{
    private static OperationRow<T>[] Indexing =>
    [
        new("Item: integer", x => x[1]) { Shapes = "2 | 3 | 2x3 | 2x3x2 | 2x0", Exact = true, Reference = Plain.Move(shape => shape[1..], (index, _) => [1, .. index]), Bad = [Throws<ArgumentException>(on => on(2)[2]), Throws<ArgumentException>(on => on(2)[-3]), Throws<TensorShapeException>(on => on(2)[0, 0]), Throws<TensorShapeException>(on => on()[0])] },
        new("Item: from the end", x => x[^1, -2]) { Shapes = "2x3 | 3x2x2", Exact = true, Reference = Plain.Move(shape => shape[2..], (index, shape) => [shape[0] - 1, shape[1] - 2, .. index]) },
        new("Item: ranges", x => x[1..3, ..^1]) { Shapes = "3x2 | 4x3 | 3x1", Exact = true, Reference = Plain.Move(shape => [2, shape[1] - 1], (index, _) => [index[0] + 1, index[1]]), Bad = [Throws<ArgumentException>(on => on(2)[1..3]), Throws<ArgumentException>(on => on(4)[3..1])] },
        new("Item: step", x => x[.., TensorIndex.Every(.., 2)]) { Shapes = "2x5 | 2x4 | 2x1 | 2x0", Exact = true, Reference = Plain.Move(shape => [shape[0], (shape[1] + 1) / 2], (index, _) => [index[0], 2 * index[1]]) },
        new("Item: negative step", x => x[TensorIndex.Every(1.., -2)]) { Shapes = "5 | 4 | 1 | 2x3", Exact = true, Reference = Plain.Move(shape => [shape[0] / 2, .. shape[1..]], (index, shape) => [shape[0] - 1 - (2 * index[0]), .. index[1..]]) },
        new("Item: new axis and ellipsis", x => x[TensorIndex.NewAxis, TensorIndex.Ellipsis, 0]) { Shapes = "2 | 2x3 | 2x1x2", Exact = true, Reference = Plain.Move(shape => [1, .. shape[..^1]], (index, _) => [.. index[1..], 0]) },
        new("Item: nothing", x => x[TensorIndex.Ellipsis]) { Shapes = "() | 2 | 0", Exact = true, Reference = xs => xs[0] },
        new("Item: list of numbers", x => x[[2, 0, -1]]) { Shapes = "3 | 4x2", Exact = true, Reference = Plain.Move(shape => [3, .. shape[1..]], (index, shape) => [new[] { 2, 0, shape[0] - 1 }[index[0]], .. index[1..]]), Bad = [Throws<ArgumentException>(on => on(3)[[3]]), Throws<ArgumentException>(on => on()[[0]])] },
        new("Slice", x => x.Slice([1.., 0])) { Shapes = "3x2 | 2x1x2", Exact = true, Reference = Plain.Move(shape => [shape[0] - 1, .. shape[2..]], (index, _) => [index[0] + 1, 0, .. index[1..]]), Bad = [Throws<ArgumentException>(on => on(2).Slice(2)), Throws<ArgumentException>(on => on(2).Slice(1..3)), Throws<TensorShapeException>(on => on(2).Slice([0, 0]))] },
        new("Take", x => x.Take([2, 0, -1, 2])) { Shapes = "3 | 4x2 | 3x0", Exact = true, Reference = Plain.Move(shape => [4, .. shape[1..]], (index, shape) => [new[] { 2, 0, shape[0] - 1, 2 }[index[0]], .. index[1..]]), Bad = [Throws<ArgumentException>(on => on(3).Take([3])), Throws<ArgumentException>(on => on(3).Take([-4])), Throws<ArgumentException>(on => on(3).Take([0], 1))] },
        new("Take: axis 1", x => x.Take([1, 1], 1)) { Shapes = "2x2 | 2x3x2 | 0x2", Exact = true, Reference = Plain.Move(shape => [shape[0], 2, .. shape[2..]], (index, _) => [index[0], 1, .. index[2..]]) },
        new("Take: none", x => x.Take([])) { Shapes = "3 | 3x2 | 0", Exact = true, Reference = Plain.Move(shape => [0, .. shape[1..]], (index, _) => index) },
        new("Gather", x => x.Gather([0, 2, 1, -1, 2, 2], [2, 3], 1)) { Shapes = "2x3 | 3x4", Exact = true, Reference = Plain.Move(_ => [2, 3], (index, shape) => [index[0], new[] { 0, 2, 1, shape[1] - 1, 2, 2 }[(3 * index[0]) + index[1]]]), Bad = [Throws<ArgumentException>(on => on(2, 3).Gather([3], [1, 1], 1)), Throws<TensorShapeException>(on => on(2, 3).Gather([0, 0], [2], 1)), Throws<TensorShapeException>(on => on(2, 3).Gather([0, 0, 0], [3, 1], 1)), Throws<TensorShapeException>(on => on(2, 3).Gather([0], [2, 1], 1))] },
        new("Gather: axis 0", x => x.Gather([1, 0, 1, 1], [2, 2], 0)) { Shapes = "2x2 | 3x4", Exact = true, Reference = Plain.Move(_ => [2, 2], (index, _) => [new[] { 1, 0, 1, 1 }[(2 * index[0]) + index[1]], index[1]]) },
        new("TakeAlongAxis", x => x.TakeAlongAxis([0, -1], [1, 2], 1)) { Shapes = "2x3 | 4x3 | 1x2", Exact = true, Reference = Plain.Move(shape => [shape[0], 2], (index, shape) => [index[0], index[1] == 0 ? 0 : shape[1] - 1]), Bad = [Throws<TensorShapeException>(on => on(2, 3).TakeAlongAxis([0, 0], [2], 1)), Throws<TensorShapeException>(on => on(2, 3).TakeAlongAxis([0], [1, 2], 1)), Throws<TensorShapeException>(on => on(2, 3).TakeAlongAxis([0, 0, 0], [3, 1], 1)), Throws<ArgumentException>(on => on(2, 3).TakeAlongAxis([3], [1, 1], 1)), Throws<ArgumentException>(on => on(2, 3).TakeAlongAxis([0], [1, 1], 2))] },
        new("TakeAlongAxis: stretched tensor", x => x.TakeAlongAxis([1, 0, 2, 2], [2, 2, 1], 1)) { Shapes = "1x3x2 | 2x3x1", Exact = true, Reference = Plain.Move(shape => [2, 2, shape[2]], (index, shape) => [shape[0] == 1 ? 0 : index[0], new[] { 1, 0, 2, 2 }[(2 * index[0]) + index[1]], index[2]]) },
        new("ScatterAdd", (x, y) => x.ScatterAdd([1, 0, 1], y)) { Shapes = "2 3 | 4 3 | 2x3 3x3", Exact = true, Reference = xs => Scattered(xs[0], xs[1], 1, 0, 1), Bad = [Throws<TensorShapeException>(on => on(2).ScatterAdd([0], on(2))), Throws<ArgumentException>(on => on(2).ScatterAdd([2], on(1))), Throws<ArgumentNullException>(on => on(2).ScatterAdd([0], null!))] },
        new("ScatterAdd: axis 1", (x, y) => x.ScatterAdd([-1, 0], y, 1)) { Shapes = "2x3 2x2", Exact = true, Reference = xs => Swapped(Scattered(Swapped(xs[0]), Swapped(xs[1]), 2, 0)) },
    ];

    private static Plain Scattered(Plain x, Plain source, params int[] places) => Plain.Build(x.Shape, index =>
        x[index] + places.Select((place, i) => place == index[0] ? source[[i, .. index[1..]]] : 0).Sum());
}
