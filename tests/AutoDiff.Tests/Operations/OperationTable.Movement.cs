namespace AutoDiff.Tests.Operations;

internal static partial class OperationTable<T>
{
    private static ReadOnlySpan<TensorOrNumber<float>> NumbersAlone => new TensorOrNumber<float>[] { 2f, 3f };

    private static Tensor<T> StackedWithNumbers(Tensor<T> x) => x is Tensor<double> inDouble
        ? (Tensor<T>)(object)Tensor.Stack([2.0, inDouble, -1])
        : (Tensor<T>)(object)Tensor.Stack([2f, (Tensor<float>)(object)x, -1]);

    private static OperationRow<T>[] Movement =>
    [
        new("Reshape", x => x.Reshape(3, 2)) { Shapes = "2x3 | 6 | 1x6 | 3x2", Exact = true, Reference = Plain.Reshape(_ => [3, 2]), Bad = [Throws<TensorShapeException>(on => on(2, 2).Reshape(3)), Throws<TensorShapeException>(on => on(2, 2).Reshape(-2, -2)), Throws<TensorShapeException>(on => on(2, 2).Reshape(3, -1)), Throws<TensorShapeException>(on => on(2, 2).Reshape(-1, -1))] },
        new("Reshape: open axis", x => x.Reshape(-1, 2)) { Shapes = "2x3 | 6 | 0 | 2x0x2", Exact = true, Reference = Plain.Reshape(shape => [Plain.Count(shape) / 2, 2]) },
        new("Flatten", x => x.Flatten()) { Exact = true, Reference = Plain.Reshape(shape => [Plain.Count(shape)]) },
        new("Flatten: from axis 1", x => x.Flatten(1)) { Shapes = "2x3 | 2x3x2 | 2x0x3 | 0x3x2", Exact = true, Reference = Plain.Reshape(shape => [shape[0], Plain.Count(shape[1..])]), Bad = [Throws<ArgumentException>(on => on(3).Flatten(1)), Throws<ArgumentException>(on => on().Flatten(0)), Throws<ArgumentException>(on => on(2, 3).Flatten(1, 0))] },
        new("Flatten: inner axes", x => x.Flatten(-3, 1)) { Shapes = "2x3x2", Exact = true, Reference = Plain.Reshape(shape => [shape[0] * shape[1], shape[2]]) },
        new("ExpandDims", x => x.ExpandDims(-1)) { Exact = true, Reference = Plain.Reshape(shape => [.. shape, 1]), Bad = [Throws<ArgumentException>(on => on(2).ExpandDims(2))] },
        new("Squeeze", x => x.Squeeze()) { Shapes = "1x3x1 | 2x3 | () | 1 | 1x0", Exact = true, Reference = Plain.Reshape(shape => shape.Where(extent => extent != 1).ToArray()) },
        new("Squeeze: axis 1", x => x.Squeeze(1)) { Shapes = "1x1x2 | 3x1", Exact = true, Reference = Plain.Reshape(shape => [shape[0], .. shape[2..]]), Bad = [Throws<TensorShapeException>(on => on(1, 2).Squeeze(1)), Throws<ArgumentException>(on => on(1).Squeeze(1))] },
        new("Transpose", x => x.Transpose()) { Shapes = "2x3 | 1x3 | 2x3x2 | 0x2 | 3x400", Exact = true, Reference = Plain.Move(shape => [.. shape[..^2], shape[^1], shape[^2]], (index, _) => [.. index[..^2], index[^1], index[^2]]), Bad = [Throws<TensorShapeException>(on => on(2).Transpose())] },
        new("Transpose: axes 0 and 2", x => x.Transpose(0, -1)) { Shapes = "2x3x4 | 1x2x3", Exact = true, Reference = Plain.Einsum("ijk->kji"), Bad = [Throws<ArgumentException>(on => on(2, 3).Transpose(0, 2))] },
        new("Permute", x => x.Permute(2, 0, -2)) { Shapes = "2x3x4 | 1x2x3 | 2x0x3", Exact = true, Reference = Plain.Einsum("ijk->kij"), Bad = [Throws<ArgumentException>(on => on(2, 3, 4).Permute(0, 0, 1)), Throws<TensorShapeException>(on => on(2, 3).Permute(0)), Throws<ArgumentException>(on => on(2, 3).Permute(0, 2))] },
        new("BroadcastTo", x => x.BroadcastTo(2, 3, 2)) { Shapes = "() | 2 | 3x1 | 2x1x1 | 1x3x1 | 2x3x2 | 1x1x1", Exact = true, Reference = xs => Plain.Elementwise(x => x[0])([xs[0], new(new double[12], [2, 3, 2])]), Bad = [Throws<TensorShapeException>(on => on(3).BroadcastTo(2)), Throws<TensorShapeException>(on => on(1, 3).BroadcastTo(3)), Throws<TensorShapeException>(on => on(1).BroadcastTo(-2))] },
        new("BroadcastTo: own extents", x => x.BroadcastTo(2, -1, 3)) { Shapes = "2x3 | 2x1 | 2x2x1", Exact = true, Reference = xs => Plain.Elementwise(x => x[0])([xs[0], new(new double[12], [2, 2, 3])]), Bad = [Throws<TensorShapeException>(on => on(3).BroadcastTo(-1, 3))] },
        new("BroadcastTo: empty", x => x.BroadcastTo(0, 3)) { Shapes = "() | 3 | 1x1 | 0x1", Exact = true, Reference = _ => new([], [0, 3]) },
        new("Flip", x => x.Flip()) { Exact = true, Reference = Plain.Move(shape => shape, (index, shape) => index.Select((i, axis) => shape[axis] - 1 - i).ToArray()) },
        new("Flip: axis 1", x => x.Flip(1)) { Shapes = "2x3 | 2x1x2 | 2x0", Exact = true, Reference = Plain.Move(shape => shape, (index, shape) => [index[0], shape[1] - 1 - index[1], .. index[2..]]), Bad = [Throws<ArgumentException>(on => on(2).Flip(1)), Throws<ArgumentException>(on => on(2, 2).Flip(1, -1))] },
        new("Pad", x => x.Pad([(1, 2), (0, 1)])) { Shapes = "2x3 | 1x1 | 0x2", Exact = true, Reference = xs => Padded(xs[0], 0, (1, 2), (0, 1)), Bad = [Throws<TensorShapeException>(on => on(2, 2).Pad([(1, 1)])), Throws<TensorShapeException>(on => on(2).Pad([(-2, -1)]))] },
        new("Pad: number", x => x.Pad([(2, 1)], N(7))) { Shapes = "3 | 1 | 0", Exact = true, Reference = xs => Padded(xs[0], 7, (2, 1)) },
        new("Pad: cut", x => x.Pad([(-1, 2), (1, -2)], N(-3))) { Shapes = "3x4 | 1x2 | 2x3", Exact = true, Reference = xs => Padded(xs[0], -3, (-1, 2), (1, -2)) },
        new("Concat", (x, y) => Tensor.Concat([x, y, x])) { Shapes = "2 3 | 2x3 1x3 | 0 2 | 0x2 0x2", Exact = true, Reference = xs => Joined([xs[0], xs[1], xs[0]]), Bad = [Throws<TensorShapeException>(on => Tensor.Concat([on(2), on(2, 2)])), Throws<TensorShapeException>(on => Tensor.Concat([on(2, 2), on(2, 3)])), Throws<ArgumentException>(on => Tensor.Concat([on(2)], 1)), Throws<TensorShapeException>(_ => Tensor.Concat<T>([])), Throws<ArgumentNullException>(on => Tensor.Concat([on(2), null!])), Throws<ArgumentException>(on => Tensor.Concat([on()]))] },
        new("Concat: axis 1", (x, y) => Tensor.Concat([x, y], -1)) { Shapes = "2x3 2x1 | 1x2 1x0", Exact = true, Reference = xs => Swapped(Joined([Swapped(xs[0]), Swapped(xs[1])])) },
        new("Stack", (x, y) => Tensor.Stack([x, y])) { Shapes = "() () | 3 3 | 2x2 2x2 | 0 0", Exact = true, Reference = xs => new([.. xs[0].Values, .. xs[1].Values], [2, .. xs[0].Shape]), Bad = [Throws<TensorShapeException>(on => Tensor.Stack([on(2), on(3)])), Throws<ArgumentException>(on => Tensor.Stack([on(2)], 2)), Throws<TensorShapeException>(_ => Tensor.Stack<T>([]))] },
        new("Stack: with numbers", x => StackedWithNumbers(x)) { Shapes = "() | 3 | 2x2", Exact = true, Reference = xs => new([.. xs[0].Values.Select(_ => 2.0), .. xs[0].Values, .. xs[0].Values.Select(_ => -1.0)], [3, .. xs[0].Shape]) },
        new("Stack: numbers alone", x => (x is Tensor<double> ? (Tensor<T>)(object)Tensor.Stack([2.0, 3]) : (Tensor<T>)(object)Tensor.Stack(NumbersAlone)) * x) { Shapes = "2 | () | 3x2", Exact = true, Reference = Plain.Elementwise(x => x[0] * x[1]) is var times ? xs => times([xs[0], new([2, 3], [2])]) : null },
        new("Stack: query", (x, y) => Tensor.Stack(new[] { x, y }.Reverse(), 1)) { Shapes = "3 3 | 1 1", Exact = true, Reference = xs => Swapped(new([.. xs[1].Values, .. xs[0].Values], [2, .. xs[0].Shape])), Bad = [Throws<ArgumentNullException>(on => Tensor.Stack((List<Tensor<T>>)null!))] },
        new("Concat: list", (x, y) => Tensor.Concat(new List<Tensor<T>> { x, y })) { Shapes = "2 3", Exact = true, Reference = xs => Joined([xs[0], xs[1]]), Bad = [Throws<TensorShapeException>(on => Tensor.Concat(new List<Tensor<T>>()))] },
        new("Stack: axis 1", (x, y) => Tensor.Stack([x, y], 1)) { Shapes = "3 3 | 1 1", Exact = true, Reference = xs => Swapped(new([.. xs[0].Values, .. xs[1].Values], [2, .. xs[0].Shape])) },
    ];

    private static Plain Padded(Plain x, double value, params (int Before, int After)[] widths) =>
        Plain.Build(x.Shape.Select((extent, axis) => extent + widths[axis].Before + widths[axis].After).ToArray(), index =>
        {
            int[] own = index.Select((i, axis) => i - widths[axis].Before).ToArray();
            return own.Where((i, axis) => i < 0 || i >= x.Shape[axis]).Any() ? value : x[own];
        });

    private static Plain Joined(Plain[] parts) => new(parts.SelectMany(x => x.Values).ToArray(), [parts.Sum(x => x.Shape[0]), .. parts[0].Shape[1..]]);

    private static Plain Swapped(Plain x) => Plain.Build([x.Shape[1], x.Shape[0]], index => x[index[1], index[0]]);
}
