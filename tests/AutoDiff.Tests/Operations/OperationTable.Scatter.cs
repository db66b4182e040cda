namespace AutoDiff.Tests.Operations;

internal static partial class OperationTable<T>
{
    private static OperationRow<T>[] Scattering =>
    [
        new("ScatterAddElements", (x, y) => x.ScatterAddElements([1, 1, 0, 0, 1, 1], y, 0)) { Shapes = "2x3 2x3 | 4x5 3x2", Exact = true, Reference = xs => Grouped(xs[0], xs[1], [1, 1, 0, 0, 1, 1], 0, true, Enumerable.Sum), Bad = [Throws<TensorShapeException>(on => on(2, 3).ScatterAddElements([0], on(2), 0)), Throws<ArgumentException>(on => on(2).ScatterAddElements([2], on(1), 0)), Throws<ArgumentNullException>(on => on(2).ScatterAddElements([0], null!, 0))] },
        new("Scatter", (x, y) => x.Scatter([2, 0, 1, 2], y, 1)) { Shapes = "2x3 2x2", Exact = true, Reference = xs => Grouped(xs[0], xs[1], [2, 0, 1, 2], 1, false, Enumerable.Last), Points = [], Bad = [Throws<ArgumentException>(on => on(2).Scatter([0, 0], on(2), 0)), Throws<TensorShapeException>(on => on(2).Scatter([0], on(2), 0))] },
        new("IndexCopy", (x, y) => x.IndexCopy([2, -3], y)) { Shapes = "3 2 | 4x2 2x2", Exact = true, Reference = xs => Plain.Build(xs[0].Shape, i => i[0] == 2 ? xs[1][[0, .. i[1..]]] : i[0] == xs[0].Shape[0] - 3 ? xs[1][[1, .. i[1..]]] : xs[0][i]), Bad = [Throws<ArgumentException>(on => on(2).IndexCopy([0, -2], on(2))), Throws<TensorShapeException>(on => on(2).IndexCopy([0], on(2))), Throws<ArgumentNullException>(on => on(2).IndexCopy([0], null!))] },
        new("IndexFill", x => x.IndexFill([1, 1], N(7), -1)) { Shapes = "3 | 2x2", Exact = true, Reference = xs => Plain.Build(xs[0].Shape, i => i[^1] == 1 ? 7 : xs[0][i]), Bad = [Throws<ArgumentException>(on => on(2).IndexFill([2], N(1)))] },
        new("TakeAt", x => x.TakeAt([0, 1, -1], [1, 0, 1])) { Shapes = "2x2 | 3x2x2", Exact = true, Reference = Plain.Move(s => [3, .. s[2..]], (i, s) => [new[] { 0, 1, s[0] - 1 }[i[0]], new[] { 1, 0, 1 }[i[0]], .. i[1..]]), Bad = [Throws<TensorShapeException>(on => on(2, 2).TakeAt([0], [0, 1])), Throws<TensorShapeException>(on => on(2).TakeAt([0], [0])), Throws<TensorShapeException>(on => on(2).TakeAt()), Throws<ArgumentException>(on => on(2).TakeAt([2]))] },
        new("IndexPut", (x, y) => x.IndexPut([[0, 1], [1, 1]], y)) { Shapes = "2x2 2 | 3x2x2 2x2", Exact = true, Reference = xs => Plain.Build(xs[0].Shape, i => i[1] == 1 && i[0] < 2 ? xs[1][[i[0], .. i[2..]]] : xs[0][i]), Bad = [Throws<ArgumentException>(on => on(2).IndexPut([[0, 0]], on(2))), Throws<TensorShapeException>(on => on(2).IndexPut([[0]], on(2))), Throws<ArgumentNullException>(on => on(2).IndexPut([[0]], null!))] },
        new("IndexPut: accumulated", (x, y) => x.IndexPut([[1, 1, 0]], y, accumulate: true)) { Shapes = "2 3 | 3x2 3x2", Exact = true, Reference = xs => Scattered(xs[0], xs[1], 1, 1, 0) },
        new("MaskedSelect: stretched", x => x.MaskedSelect(V(1, 0, 1, 0, 1, 1).Reshape(2, 3))) { Shapes = "3 | 1x3", Exact = true, Reference = xs => new([.. new[] { 0, 2, 1, 2 }.Select(i => xs[0].Values[i])], [4]), Bad = [Throws<TensorShapeException>(on => on(2).MaskedSelect(V(1, 0, 1, 0, 1, 1).Reshape(2, 3)))] },
        new("MaskedSelect", x => x.MaskedSelect(V(1, 0, 1))) { Shapes = "3 | 2x3", Exact = true, Reference = xs => new([.. xs[0].Values.Where((_, i) => i % 3 != 1)], [xs[0].Length / 3 * 2]), Bad = [Throws<TensorShapeException>(on => on(2).MaskedSelect(V(1, 0, 1))), Throws<ArgumentNullException>(on => on(2).MaskedSelect(null!))] },
        new("MaskedScatter", (x, y) => x.MaskedScatter(V(1, 0, 1), y)) { Shapes = "3 2 | 2x3 5", Exact = true, Reference = xs => new([.. xs[0].Values.Select((x, i) => i % 3 == 1 ? x : xs[1].Values[(i / 3 * 2) + (i % 3 / 2)])], xs[0].Shape), Bad = [Throws<TensorShapeException>(on => on(3).MaskedScatter(V(1, 1, 1), on(2))), Throws<ArgumentNullException>(on => on(3).MaskedScatter(V(1, 1, 1), null!))] },
        new("Embedding", x => x.Embedding([2, 0, 2, 1], [2, 2])) { Shapes = "3 | 3x2", Exact = true, Reference = Plain.Move(s => [2, 2, .. s[1..]], (i, _) => [new[] { 2, 0, 2, 1 }[(2 * i[0]) + i[1]], .. i[2..]]), Bad = [Throws<TensorShapeException>(on => on(2).Embedding([0], [2])), Throws<ArgumentException>(on => on(2).Embedding([2], [1])), Throws<TensorShapeException>(on => on().Embedding([0], [1]))] },
        new("Embedding: indices", x => x.Embedding(I(2, 0, 2, 1).Reshape(2, 2))) { Shapes = "3 | 3x2", Exact = true, Reference = Plain.Move(s => [2, 2, .. s[1..]], (i, _) => [new[] { 2, 0, 2, 1 }[(2 * i[0]) + i[1]], .. i[2..]]), Bad = [Throws<ArgumentException>(on => on(2).Embedding(I(2))), Throws<TensorShapeException>(on => on().Embedding(I(0)))] },
        new("Embedding: a vector", x => x.Embedding([2, 0, 2])) { Shapes = "3 | 3x2", Exact = true, Reference = Plain.Move(s => [3, .. s[1..]], (i, _) => [new[] { 2, 0, 2 }[i[0]], .. i[1..]]), Bad = [Throws<ArgumentException>(on => on(2).Embedding([2])), Throws<TensorShapeException>(on => on().Embedding([0]))] },
        new("ScatterReduce: sum", (x, y) => x.ScatterReduce([1, 1, 0], y, 0, ScatterReduction.Sum, includeSelf: false)) { Shapes = "3 3 | 2 3", Exact = true, Reference = xs => Grouped(xs[0], xs[1], [1, 1, 0], 0, false, Enumerable.Sum) },
        new("ScatterReduce: mean", (x, y) => x.ScatterReduce([1, 1, 0], y, 0, ScatterReduction.Mean)) { Shapes = "3 3", Exact = true, Reference = xs => Grouped(xs[0], xs[1], [1, 1, 0], 0, true, Enumerable.Average) },
        new("ScatterReduce: product", (x, y) => x.ScatterReduce([1, 1, 0, 1], y, 0, ScatterReduction.Product)) { Shapes = "2 4 | 3 4", Reference = xs => Grouped(xs[0], xs[1], [1, 1, 0, 1], 0, true, Product), Points = [new([[1, 1], [2, 0, 3, 0]], [3, 0], [[3, 0], [0, 0, 1, 0]])] },
        new("ScatterReduce: product of zero", (x, y) => x.ScatterReduce([0, 0, 1], y, 0, ScatterReduction.Product, includeSelf: false)) { Shapes = "2 3", Reference = xs => Grouped(xs[0], xs[1], [0, 0, 1], 0, false, Product), Points = [new([[1, 1], [0, 3, 2]], [0, 2], [[0, 0], [3, 0, 1]])] },
        new("ScatterReduce: maximum", (x, y) => x.ScatterReduce([0, 0, 1], y, 0, ScatterReduction.Max)) { Shapes = "2 3 | 4 3", Reference = xs => Grouped(xs[0], xs[1], [0, 0, 1], 0, true, Enumerable.Max), Points = [new([[5, 0], [5, 5, 2]], [5, 2], [[1.0 / 3, 0], [1.0 / 3, 1.0 / 3, 1]])], Bad = [Throws<ArgumentNullException>(on => on(2).ScatterReduce([0], null!, 0, ScatterReduction.Max)), Throws<ArgumentException>(on => on(2).ScatterReduce([2], on(1), 0, ScatterReduction.Max))] },
        new("ScatterReduce: minimum", (x, y) => x.ScatterReduce([1, 0, 2, 2], y, 1, ScatterReduction.Min, includeSelf: false)) { Shapes = "2x3 2x2", Reference = xs => Grouped(xs[0], xs[1], [1, 0, 2, 2], 1, false, Enumerable.Min), Points = [] },
        new("SegmentSum", x => x.SegmentSum([2, 0, 2], 4)) { Shapes = "3 | 3x2", Exact = true, Reference = xs => Segments(xs[0], Enumerable.Sum), Bad = [Throws<TensorShapeException>(on => on(2).SegmentSum([0], 1)), Throws<ArgumentException>(on => on(2).SegmentSum([0, 2], 2)), Throws<ArgumentException>(on => on(2).SegmentSum([0, 0], 1, 1))] },
        new("SegmentSum: indices", x => x.SegmentSum(I(2, 0, 2), 4)) { Shapes = "3 | 3x2", Exact = true, Reference = xs => Segments(xs[0], Enumerable.Sum), Bad = [Throws<TensorShapeException>(on => on(2).SegmentSum(I(0), 1)), Throws<ArgumentException>(on => on(2).SegmentSum(I(0, 2), 2))] },
        new("SegmentMean", x => x.SegmentMean([2, 0, 2], 4)[TensorIndex.Every(.., 2)]) { Shapes = "3 | 3x2", Exact = true, Reference = xs => Even(Segments(xs[0], row => row.Length == 0 ? NaN : row.Average())), Bad = [Throws<TensorShapeException>(on => on(2).SegmentMean([0], 1))] },
        new("SegmentMean: empty", x => x.Detach().SegmentMean([0, 0], 2)) { Shapes = "2", Exact = true, Reference = xs => new([xs[0].Values.Average(), NaN], [2]), Constant = true },
        new("SegmentMax", x => x.SegmentMax([2, 0, 2], 3)[TensorIndex.Every(.., 2)]) { Shapes = "3 | 3x2", Reference = xs => Even(Segments(xs[0], row => row.Length == 0 ? -Inf : row.Max())), Points = [new([[1, 5, 1]], [5, 1], [[0.5, 1, 0.5]])], Bad = [Throws<TensorShapeException>(on => on(2).SegmentMax([0], 1))] },
        new("SegmentMax: empty", x => x.Detach().SegmentMax([1, 1], 2)) { Shapes = "2", Reference = xs => new([-Inf, xs[0].Values.Max()], [2]), Constant = true },
        new("SegmentMin", x => x.SegmentMin([1, 0, 1], 2, 1)) { Shapes = "2x3", Reference = xs => Swapped(Plain.Build([2, xs[0].Shape[0]], i => i[0] == 0 ? xs[0][i[1], 1] : Math.Min(xs[0][i[1], 0], xs[0][i[1], 2]))), Bad = [Throws<TensorShapeException>(on => on(2).SegmentMin([0], 1))] },
    ];

    /// <summary>What elements that meet at a place make, with the element that was there or without.</summary>
    private static Plain Grouped(Plain x, Plain source, int[] indices, int axis, bool includeSelf, Func<IEnumerable<double>, double> f)
    {
        int[][] places = [.. Plain.Indices(source.Shape).Select((index, k) => index.Select((i, a) => a == axis ? indices[k] : i).ToArray())];
        return Plain.Build(x.Shape, index =>
        {
            double[] met = [.. source.Values.Where((_, k) => places[k].SequenceEqual(index))];
            return met.Length == 0 ? x[index] : f(includeSelf ? met.Prepend(x[index]) : met);
        });
    }

    private static double Product(IEnumerable<double> row) => row.Aggregate(1.0, (product, x) => product * x);

    /// <summary>The first axis in the segments 2, 0, 2 of four.</summary>
    private static Plain Segments(Plain x, Func<double[], double> f) =>
        Plain.Build([4, .. x.Shape[1..]], i => f([.. Enumerable.Range(0, 3).Where(k => new[] { 2, 0, 2 }[k] == i[0]).Select(k => x[[k, .. i[1..]]])]));

    private static Plain Even(Plain x) => Plain.Build([x.Shape[0] / 2, .. x.Shape[1..]], i => x[[2 * i[0], .. i[1..]]]);
}
