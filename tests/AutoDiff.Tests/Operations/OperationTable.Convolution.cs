namespace AutoDiff.Tests.Operations;

internal static partial class OperationTable<T>
{
    private static OperationRow<T>[] Convolution =>
    [
        new("Conv1D", (x, w) => x.Conv1D(w)) { Shapes = "2x3x5 2x3x2 | 1x1x3 1x1x3 | 0x1x4 2x1x2 | 2x1x1 3x1x1 | 0x2x3 0x2x2 | 3x5 2x3x2", Exact = true, Reference = PlainWindows.Convolve(1), Bad = BadConvolution((x, w) => x.Conv1D(w), 1) },
        new("Conv1D: stride leaves the end", (x, w) => x.Conv1D(w, stride: 2)) { Shapes = "1x1x6 1x1x3 | 2x2x8 3x2x3", Exact = true, Reference = PlainWindows.Convolve(1, stride: [2]), Bad = [Throws<ArgumentException>(on => on(1, 1, 4).Conv1D(on(1, 1, 2), stride: 0)), Throws<ArgumentException>(on => on(1, 1, 4).Conv1D(on(1, 1, 2), stride: (1, 1)))] },
        new("Conv1D: padding, dilation", (x, w) => x.Conv1D(w, padding: 2, dilation: 2)) { Shapes = "1x1x6 1x1x3 | 2x2x1 1x2x3", Exact = true, Reference = PlainWindows.Convolve(1, padding: [2], dilation: [2]), Bad = [Throws<ArgumentException>(on => on(1, 1, 4).Conv1D(on(1, 1, 2), padding: -1)), Throws<ArgumentException>(on => on(1, 1, 4).Conv1D(on(1, 1, 2), dilation: 0))] },
        new("Conv1D: same length", (x, w) => x.Conv1D(w, padding: Padding.Same)) { Shapes = "1x1x5 1x1x2 | 2x2x4 3x2x4 | 1x2 1x1x3", Exact = true, Reference = xs => PlainWindows.Convolve(1)([xs[0].Shape.Length == 2 ? Padded(xs[0], 0, (0, 0), Around(xs[1].Shape[2] - 1)) : Padded(xs[0], 0, (0, 0), (0, 0), Around(xs[1].Shape[2] - 1)), xs[1]]) },
        new("Conv1D: same, with a stride", (x, w) => x.Conv1D(w, stride: 2, padding: Padding.Same)) { Shapes = "1x1x5 1x1x3 | 1x1x6 1x1x3", Exact = true, Reference = xs => PlainWindows.Convolve(1, stride: [2])([Padded(xs[0], 0, (0, 0), (0, 0), Around(xs[0].Shape[2] == 5 ? 2 : 1)), xs[1]]) },
        new("Conv2D: same, dilation, groups", (x, w, b) => x.Conv2D(w, b, padding: Padding.Same, dilation: (2, 1), groups: 2)) { Shapes = "2x2x3x4 2x1x3x2 2", Exact = true, Reference = xs => PlainWindows.Convolve(2, dilation: [2, 1], groups: 2)([Padded(xs[0], 0, (0, 0), (0, 0), (2, 2), (0, 1)), xs[1], xs[2]]) },
        new("Conv3D: same", (x, w) => x.Conv3D(w, padding: Padding.Same)) { Shapes = "1x1x2x3x2 1x1x3x3x1", Exact = true, Reference = PlainWindows.Convolve(3, padding: [1, 1, 0]) },
        new("Conv1D: no padding, by name", (x, w) => x.Conv1D(w, padding: Padding.Valid)) { Shapes = "1x1x5 1x1x2", Exact = true, Reference = PlainWindows.Convolve(1) },
        new("Conv2D", (x, w, b) => x.Conv2D(w, b)) { Shapes = "2x3x4x5 2x3x3x2 2 | 1x2x1x2 2x2x1x1 2 | 3x4x5 2x3x3x2 2 | 0x1x2x2 1x1x2x2 1", Exact = true, Reference = PlainWindows.Convolve(2), Bad = [.. BadConvolution((x, w) => x.Conv2D(w), 2), Throws<TensorShapeException>(on => on(1, 1, 2, 2).Conv2D(on(2, 1, 1, 1), on(3)))] },
        new("Conv2D: padding", (x, w) => x.Conv2D(w, padding: 1)) { Shapes = "2x2x4x5 3x2x3x3 | 1x1x1x1 1x1x3x3", Exact = true, Reference = PlainWindows.Convolve(2, padding: [1]) },
        new("Conv2D: stride, padding, dilation, groups", (x, w) => x.Conv2D(w, stride: 2, padding: 1, dilation: 2, groups: 2)) { Shapes = "1x2x5x5 4x1x2x2 | 2x4x6x3 2x2x3x2", Exact = true, Reference = PlainWindows.Convolve(2, [2], [1], [2], 2), Bad = [Throws<TensorShapeException>(on => on(1, 3, 4, 4).Conv2D(on(2, 1, 1, 1), groups: 2)), Throws<ArgumentException>(on => on(1, 3, 4, 4).Conv2D(on(2, 1, 1, 1), groups: 0))] },
        new("Conv2D: one number for each axis", (x, w) => x.Conv2D(w, stride: (2, 1), padding: (0, 1), dilation: (1, 2))) { Shapes = "1x1x4x5 1x1x2x2 | 2x3x3x7 2x3x1x3", Exact = true, Reference = PlainWindows.Convolve(2, [2, 1], [0, 1], [1, 2]), Bad = [Throws<ArgumentException>(on => on(1, 1, 4, 4).Conv2D(on(1, 1, 2, 2), stride: (1, 1, 1)))] },
        new("Conv2D: depthwise", (x, w) => x.Conv2D(w, padding: 1, groups: 3)) { Shapes = "2x3x4x3 3x1x3x3 | 1x3x2x2 6x1x3x3", Exact = true, Reference = PlainWindows.Convolve(2, padding: [1], groups: 3) },
        new("Conv3D", (x, w) => x.Conv3D(w)) { Shapes = "2x2x3x3x4 2x2x2x1x3 | 1x2x3x3 2x1x2x2x2", Exact = true, Reference = PlainWindows.Convolve(3), Bad = BadConvolution((x, w) => x.Conv3D(w), 3) },
        new("Conv3D: options", (x, w, b) => x.Conv3D(w, b, stride: (1, 2, 3), padding: (1, 0, 1), dilation: (2, 1, 1), groups: 2)) { Shapes = "1x4x3x4x5 2x2x2x2x3 2", Exact = true, Reference = PlainWindows.Convolve(3, [1, 2, 3], [1, 0, 1], [2, 1, 1], 2) },
        new("ConvTranspose1D", (x, w) => x.ConvTranspose1D(w)) { Shapes = "2x3x4 3x2x3 | 1x1x1 1x1x1 | 0x1x2 1x1x2 | 3x4 3x2x3", Exact = true, Reference = PlainWindows.ConvolveTransposed(1), Bad = BadTransposed((x, w) => x.ConvTranspose1D(w), 1) },
        new("ConvTranspose1D: stride, padding, output padding", (x, w, b) => x.ConvTranspose1D(w, b, stride: 2, padding: 1, outputPadding: 1)) { Shapes = "1x1x3 1x1x3 1 | 2x3x2 3x2x4 2", Exact = true, Reference = PlainWindows.ConvolveTransposed(1, [2], [1], [1]), Bad = [Throws<ArgumentException>(on => on(1, 1, 3).ConvTranspose1D(on(1, 1, 3), stride: 2, outputPadding: 2)), Throws<TensorShapeException>(on => on(1, 1, 1).ConvTranspose1D(on(1, 1, 2), padding: 1))] },
        new("ConvTranspose1D: groups, dilation", (x, w) => x.ConvTranspose1D(w, stride: 3, padding: 1, outputPadding: 2, dilation: 4, groups: 2)) { Shapes = "2x2x4 2x2x4", Exact = true, Reference = PlainWindows.ConvolveTransposed(1, [3], [1], [2], [4], 2) },
        new("ConvTranspose2D", (x, w) => x.ConvTranspose2D(w, stride: 2, padding: 1, outputPadding: 1, dilation: (2, 3))) { Shapes = "1x1x4x5 1x1x4x3 | 2x3x3 2x2x2x2", Exact = true, Reference = PlainWindows.ConvolveTransposed(2, [2], [1], [1], [2, 3]), Bad = BadTransposed((x, w) => x.ConvTranspose2D(w), 2) },
        new("ConvTranspose3D", (x, w) => x.ConvTranspose3D(w, stride: (1, 2, 1), padding: (0, 1, 0))) { Shapes = "1x2x2x2x3 2x1x2x3x1", Exact = true, Reference = PlainWindows.ConvolveTransposed(3, [1, 2, 1], [0, 1, 0]), Bad = [.. BadTransposed((x, w) => x.ConvTranspose3D(w), 3), Throws<ArgumentException>(on => on(1, 1, 2, 2, 2).ConvTranspose3D(on(1, 1, 1, 1, 1), padding: Padding.Same))] },
        new("Unfold", x => x.Unfold(2)) { Shapes = "1x1x4 | 2x3x4 | 2x2x3x4 | 1x1x2x2x3", Exact = true, Reference = PlainWindows.Columns([2]), Bad = [Throws<TensorShapeException>(on => on(2, 3).Unfold(1)), Throws<TensorShapeException>(on => on(1, 1, 2).Unfold(3)), Throws<ArgumentException>(on => on(1, 1, 2).Unfold(0)), Throws<ArgumentException>(on => on(1, 1, 2).Unfold(default))] },
        new("Unfold: options", x => x.Unfold((2, 3), stride: (2, 1), padding: (1, 2), dilation: (1, 2))) { Shapes = "2x2x3x4", Exact = true, Reference = PlainWindows.Columns([2, 3], [2, 1], [1, 2], [1, 2]) },
        new("Fold", x => x.Fold([3, 4], (2, 3), stride: (2, 1), padding: (1, 2), dilation: (1, 2))) { Shapes = "2x12x8", Exact = true, Reference = PlainWindows.Columns([2, 3], [2, 1], [1, 2], [1, 2], back: [3, 4]), Bad = [Throws<TensorShapeException>(on => on(1, 4, 4).Fold([3, 4], 2)), Throws<TensorShapeException>(on => on(1, 3, 6).Fold([3, 4], 2)), Throws<ArgumentException>(on => on(1, 3, 6).Fold([], 2))] },
        new("Fold: overlaps add up", x => x.Fold([4], 3)) { Shapes = "1x3x2", Exact = true, Reference = xs => new Plain([xs[0].Values[0], xs[0].Values[1] + xs[0].Values[2], xs[0].Values[3] + xs[0].Values[4], xs[0].Values[5]], [1, 1, 4]) },
    ];

    /// <summary>So many zeros in all, the smaller half of them before.</summary>
    private static (int, int) Around(int all) => (all / 2, all - (all / 2));

    private static BadInput<T>[] BadConvolution(Func<Tensor<T>, Tensor<T>, Tensor<T>> f, int axes)
    {
        int[] Of(int first, int second, int extent) => [first, second, .. Enumerable.Repeat(extent, axes)];
        return
        [
            Throws<TensorShapeException>(on => f(on(Of(1, 2, 4)), on(Of(3, 3, 2)))), Throws<TensorShapeException>(on => f(on(Of(1, 2, 4)), on(Of(3, 2, 5)))),
            Throws<TensorShapeException>(on => f(on(2), on(Of(3, 2, 2)))), Throws<TensorShapeException>(on => f(on(Of(1, 2, 4)), on(2, 2))),
            Throws<TensorShapeException>(on => f(on(Of(1, 2, 4)), on(Of(3, 2, 0)))), Throws<ArgumentNullException>(on => f(on(Of(1, 2, 4)), null!)),
        ];
    }

    private static BadInput<T>[] BadTransposed(Func<Tensor<T>, Tensor<T>, Tensor<T>> f, int axes)
    {
        int[] Of(int first, int second, int extent) => [first, second, .. Enumerable.Repeat(extent, axes)];
        return
        [
            Throws<TensorShapeException>(on => f(on(Of(1, 2, 4)), on(Of(3, 2, 2)))), Throws<TensorShapeException>(on => f(on(2), on(Of(2, 3, 2)))),
            Throws<TensorShapeException>(on => f(on(Of(1, 2, 0)), on(Of(2, 3, 2)))), Throws<ArgumentNullException>(on => f(on(Of(1, 2, 4)), null!)),
        ];
    }
}
