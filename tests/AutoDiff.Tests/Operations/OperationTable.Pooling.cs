namespace AutoDiff.Tests.Operations;

internal static partial class OperationTable<T>
{
    private static OperationRow<T>[] Pooling =>
    [
        new("MaxPool1D", x => x.MaxPool1D(2)) { Shapes = "2x3x5 | 1x2 | 4 | 0x3", Reference = Maxima(1, [2]), Points = [new([[1, 5, 2, 3]], [5, 3], [[0, 1, 0, 1]]), new([[1, 1, 2, 2]], [1, 2], [[3, 0, 5, 0]], [3, 5]), new([[1, NaN, 2, 3]], [NaN, 3], [[0, 1, 0, 1]]), new([[-Inf, -Inf, NaN, NaN]], [-Inf, NaN], [[1, 0, 1, 0]])], Bad = BadPool((x, w) => x.MaxPool1D(w)) },
        new("MaxPool1D: overlaps", x => x.MaxPool1D(3, stride: 1)) { Shapes = "1x1x4 | 2x7", Reference = Maxima(1, [3], [1]), Points = [new([[1, 5, 2, 3]], [5, 5], [[0, 3, 0, 0]], [1, 2])] },
        new("MaxPool1D: padding never wins", x => x.MaxPool1D(3, stride: 1, padding: 1)) { Shapes = "1x1x3 | 2x7", Domain = (-2, -1), Reference = Maxima(1, [3], [1], [1]), Points = [new([[-3, -1, -2]], [-1, -1, -1], [[0, 6, 0]], [1, 2, 3])], Bad = [Throws<ArgumentException>(on => on(1, 1, 4).MaxPool1D(2, padding: 2))] },
        new("MaxPool1D: ceiling", x => x.MaxPool1D(3, stride: 2, padding: 1, ceilMode: true)) { Shapes = "1x2x3 | 2x8 | 5", Reference = Maxima(1, [3], [2], [1], null, true) },
        new("MaxPool1DWithIndices", x => x.MaxPool1DWithIndices(3, stride: 2, ceilMode: true).Values) { Shapes = "1x2x4 | 2x8", Reference = Maxima(1, [3], [2], null, null, true) },
        new("MaxPool2D", x => x.MaxPool2D((2, 3), stride: (2, 1), padding: (1, 0), dilation: (2, 1))) { Shapes = "2x2x5x4 | 1x4x3", Reference = Maxima(2, [2, 3], [2, 1], [1, 0], [2, 1]), Bad = BadPool((x, w) => x.MaxPool2D(w)) },
        new("MaxPool2DWithIndices", x => x.MaxPool2DWithIndices(2).Values) { Shapes = "2x2x4x5", Reference = Maxima(2, [2]) },
        new("MaxPool3D", x => x.MaxPool3D(2, stride: 1)) { Shapes = "1x2x3x3x2", Reference = Maxima(3, [2], [1]), Bad = BadPool((x, w) => x.MaxPool3D(w)) },
        new("MaxPool3DWithIndices", x => x.MaxPool3DWithIndices((1, 2, 2)).Values) { Shapes = "1x2x2x4x4", Reference = Maxima(3, [1, 2, 2]) },
        new("MaxUnpool", x => x.MaxUnpool([1, 3, 0, 5], [6])) { Shapes = "2x2 | 4", Exact = true, Reference = xs => xs[0].Shape.Length == 2 ? new([0, xs[0].Values[0], 0, xs[0].Values[1], 0, 0, xs[0].Values[2], 0, 0, 0, 0, xs[0].Values[3]], [2, 6]) : new([xs[0].Values[2], xs[0].Values[0], 0, xs[0].Values[1], 0, xs[0].Values[3]], [6]), Bad = [Throws<TensorShapeException>(on => on(2, 2).MaxUnpool([1, 3, 0], [6])), Throws<TensorShapeException>(on => on(4).MaxUnpool([1, 3, 0, 0], [])), Throws<ArgumentException>(on => on(4).MaxUnpool([1, 3, 0, 6], [6]))] },
        new("MaxUnpool: the last one stands", x => x.MaxUnpool([1, 1, 3], [2, 2])) { Shapes = "1x3 | 1x3x1", Exact = true, Reference = xs => xs[0].Shape.Length == 2 ? new([0, xs[0].Values[1], 0, xs[0].Values[2]], [2, 2]) : new([0, xs[0].Values[1], 0, xs[0].Values[2]], [1, 2, 2]) },
        new("AvgPool1D", x => x.AvgPool1D(2)) { Shapes = "2x3x5 | 1x2 | 4 | 0x3", Exact = true, Reference = Averages(1, [2]), Bad = [.. BadPool((x, w) => x.AvgPool1D(w)), Throws<ArgumentException>(on => on(4).AvgPool1D(2, divisor: 0))] },
        new("AvgPool1D: ceiling", x => x.AvgPool1D(2, stride: 2, ceilMode: true)) { Shapes = "1x1x3 | 2x4", Exact = true, Reference = Averages(1, [2], [2], null, true), Points = [new([[2, 4, 6]], [3, 6], [[0.5, 0.5, 2]], [1, 2])] },
        new("AvgPool2D", x => x.AvgPool2D((4, 3), stride: (2, 1), padding: (2, 1), ceilMode: true)) { Shapes = "1x2x6x5 | 3x3", Exact = true, Reference = Averages(2, [4, 3], [2, 1], [2, 1], true), Bad = BadPool((x, w) => x.AvgPool2D(w)) },
        new("AvgPool2D: without the padding", x => x.AvgPool2D(3, stride: 2, padding: 1, countIncludePad: false)) { Shapes = "1x2x6x5 | 3x3", Exact = true, Reference = Averages(2, [3], [2], [1], false, false) },
        new("AvgPool2D: divisor", x => x.AvgPool2D(3, stride: 1, padding: 1, ceilMode: true, divisor: -2)) { Shapes = "1x2x4x5", Exact = true, Reference = PlainWindows.Pool(2, [3], [1], [1], null, true, (values, _) => values.Sum() / -2) },
        new("AvgPool3D", x => x.AvgPool3D(2, padding: (1, 0, 1))) { Shapes = "1x2x3x4x3", Exact = true, Reference = Averages(3, [2], null, [1, 0, 1]), Bad = BadPool((x, w) => x.AvgPool3D(w)) },
        new("AdaptiveAvgPool1D", x => x.AdaptiveAvgPool1D(3)) { Shapes = "2x2x7 | 3 | 1x2", Exact = true, Reference = PlainWindows.Adaptive([3], values => values.Average()), Bad = [Throws<TensorShapeException>(on => on(2, 0).AdaptiveAvgPool1D(2)), Throws<TensorShapeException>(on => on().AdaptiveAvgPool1D(2)), Throws<ArgumentException>(on => on(2, 3).AdaptiveAvgPool1D(0))] },
        new("AdaptiveAvgPool2D", x => x.AdaptiveAvgPool2D((1, 2))) { Shapes = "1x1x3x4 | 2x3x5", Exact = true, Reference = PlainWindows.Adaptive([1, 2], values => values.Average()) },
        new("AdaptiveAvgPool3D", x => x.AdaptiveAvgPool3D(2)) { Shapes = "1x1x3x2x5", Exact = true, Reference = PlainWindows.Adaptive([2, 2, 2], values => values.Average()) },
        new("AdaptiveMaxPool1D", x => x.AdaptiveMaxPool1D(3)) { Shapes = "2x2x7 | 3 | 1x2", Reference = PlainWindows.Adaptive([3], values => values.Max()), Bad = [Throws<TensorShapeException>(on => on(2, 0).AdaptiveMaxPool1D(2)), Throws<ArgumentException>(on => on(2, 3).AdaptiveMaxPool1D(-1))] },
        new("AdaptiveMaxPool2D", x => x.AdaptiveMaxPool2D((1, 2))) { Shapes = "1x1x3x4 | 2x3x5", Reference = PlainWindows.Adaptive([1, 2], values => values.Max()) },
        new("AdaptiveMaxPool3D", x => x.AdaptiveMaxPool3D(2)) { Shapes = "1x1x3x2x5", Reference = PlainWindows.Adaptive([2, 2, 2], values => values.Max()) },
        new("AdaptiveMaxPool1DWithIndices", x => x.AdaptiveMaxPool1DWithIndices(3).Values) { Shapes = "2x2x7", Reference = PlainWindows.Adaptive([3], values => values.Max()) },
        new("AdaptiveMaxPool2DWithIndices", x => x.AdaptiveMaxPool2DWithIndices(2).Values) { Shapes = "2x3x3", Reference = PlainWindows.Adaptive([2, 2], values => values.Max()) },
        new("AdaptiveMaxPool3DWithIndices", x => x.AdaptiveMaxPool3DWithIndices(1).Values) { Shapes = "1x2x2x2", Reference = PlainWindows.Adaptive([1, 1, 1], values => values.Max()) },
        new("LpPool1D", x => x.LpPool1D(N(3), 2)) { Shapes = "2x3x5 | 4", Avoid = [0], Reference = Norms(1, 3, [2]), Points = [new([[0, 0, 3, 0]], [0, 3], [[0, 0, 1, 0]])], Bad = BadPool((x, w) => x.LpPool1D(N(2), w)) },
        new("LpPool2D", x => x.LpPool2D(N(2), (2, 3), stride: 2, ceilMode: true)) { Shapes = "2x5x4 | 4x4", Avoid = [0], Reference = Norms(2, 2, [2, 3], [2, 2], true) },
        new("LpPool3D", x => x.LpPool3D(N(2), 2, stride: 1)) { Shapes = "1x2x3x2", Avoid = [0], Reference = Norms(3, 2, [2], [1]) },
    ];

    private static Func<Plain[], Plain> Maxima(int axes, int[] window, int[]? stride = null, int[]? padding = null, int[]? dilation = null, bool ceiling = false) =>
        PlainWindows.Pool(axes, window, stride, padding, dilation, ceiling, (values, _) => values.Max());

    private static Func<Plain[], Plain> Averages(int axes, int[] window, int[]? stride = null, int[]? padding = null, bool ceiling = false, bool withPadding = true) =>
        PlainWindows.Pool(axes, window, stride, padding, null, ceiling, (values, padded) => values.Sum() / (withPadding ? padded : values.Length));

    private static Func<Plain[], Plain> Norms(int axes, double order, int[] window, int[]? stride = null, bool ceiling = false) =>
        PlainWindows.Pool(axes, window, stride, null, null, ceiling, (values, _) => Math.Pow(values.Sum(value => Math.Pow(Math.Abs(value), order)), 1 / order));

    private static BadInput<T>[] BadPool(Func<Tensor<T>, PerAxis, Tensor<T>> f) =>
    [
        Throws<TensorShapeException>(on => f(on(1, 2, 2, 2), 3)), Throws<TensorShapeException>(on => f(on(), 1)), Throws<TensorShapeException>(on => f(on(1, 1, 0), 1)),
        Throws<ArgumentException>(on => f(on(2, 4, 4, 4), 0)), Throws<ArgumentException>(on => f(on(2, 4, 4, 4), default)),
    ];
}
