namespace AutoDiff.Tests.Operations;

internal static partial class OperationTable<T>
{
    private static OperationRow<T>[] Normalization =>
    [
        new("Standardize", x => x.Standardize([0, -1], 0.1)) { Shapes = "2x3x4 | 1x2x3 | 0x2", Composed = x => Deviations(x[0], [0, -1], 0.1), Bad = [Throws<ArgumentException>(on => on(2).Standardize([1])), Throws<ArgumentException>(on => on(2).Standardize([], -1))] },
        new("LayerNorm", (x, w, b) => x.LayerNorm(w, b)) { Shapes = "2x3 3 3 | 3x2x4 4 4 | 5 5 5 | 2x1 1 1 | 0x3 3 3", Composed = x => (Deviations(x[0], [-1], 1e-5) * x[1]) + x[2], Tolerance = 100, Bad = [Throws<TensorShapeException>(on => on(2, 3).LayerNorm(on(2))), Throws<TensorShapeException>(on => on(2, 3).LayerNorm(null, on(2, 3))), Throws<TensorShapeException>(on => on(2, 3).LayerNorm(axes: 3)), Throws<ArgumentException>(on => on(2, 3).LayerNorm(axes: 0)), Throws<ArgumentException>(on => on(2, 3).LayerNorm(epsilon: double.NaN))] },
        new("LayerNorm: two axes", x => x.LayerNorm(axes: 2, epsilon: 0.5)) { Shapes = "2x2x3 | 2x3", Composed = x => Deviations(x[0], [-2, -1], 0.5) },
        new("LayerNorm: constant rows", x => x.LayerNorm()) { Shapes = "2x4", Composed = x => Deviations(x[0], [-1], 1e-5), Tolerance = 100, Points = [new([[5]], [0], [[0]]), new([[3, 3]], [0, 0], [[0, 0]])] },
        new("RmsNorm", (x, w) => x.RmsNorm(w)) { Shapes = "2x3 3 | 2x2x4 4 | 1x1 1", Domains = [(1, 3), (-2, 2)], Composed = x => x[0] / (x[0].Square().Mean([-1], keepDims: true) + (T.BitIncrement(T.One) - T.One)).Sqrt() * x[1], Bad = [Throws<TensorShapeException>(on => on(2, 3).RmsNorm(on(2))), Throws<TensorShapeException>(on => on().RmsNorm()), Throws<ArgumentException>(on => on(2, 3).RmsNorm(epsilon: -1))] },
        new("RmsNorm: epsilon", x => x.RmsNorm(null, 2, 0.25)) { Shapes = "2x2x3", Composed = x => x[0] / (x[0].Square().Mean([-2, -1], keepDims: true) + N(0.25)).Sqrt() },
        new("RmsNorm: rows of zeros", x => x.RmsNorm(epsilon: 0.25)) { Shapes = "2x3", Composed = x => x[0] / (x[0].Square().Mean([-1], keepDims: true) + N(0.25)).Sqrt(), Points = [new([[0, 0]], [0, 0], [[2, 2]])] },
        new("BatchNorm", (x, w, b) => x.BatchNorm(w, b, epsilon: 0.1)) { Shapes = "3x2 2 2 | 3x2x4 2 2 | 2x3x2x2 3 3 | 0x2 2 2 | 3 3 3", Composed = x => (x[0].Rank == 1 ? x[0] * N(0) : Deviations(x[0], [.. Enumerable.Range(0, x[0].Rank).Where(a => a != 1)], 0.1)) * Channels(x[1], x[0]) + Channels(x[2], x[0]), Bad = [Throws<TensorShapeException>(on => on(2, 3).BatchNorm(on(2))), Throws<TensorShapeException>(on => on().BatchNorm()), Throws<ArgumentException>(on => on(2, 3).BatchNorm(mean: on(3))), Throws<ArgumentException>(on => on(2, 3).BatchNorm(epsilon: -1))] },
        new("BatchNorm: given statistics", (x, m, v) => x.BatchNorm(null, null, m, v)) { Shapes = "3x2 2 2 | 2x3x2 3 3 | 0x2 2 2", Domains = [(-2, 2), (-1, 1), (0.5, 2)], Composed = x => (x[0] - Channels(x[1], x[0])) / (Channels(x[2], x[0]) + N(1e-5)).Sqrt(), Bad = [Throws<TensorShapeException>(on => on(2, 3).BatchNorm(null, null, on(2), on(3)))] },
        new("GroupNorm", (x, w, b) => x.GroupNorm(2, w, b, 0.1)) { Shapes = "2x4x3 4 4 | 1x2x2x2 2 2 | 3x4 4 4 | 0x2 2 2", Composed = x => (Deviations(x[0].Reshape(x[0].Shape[0], 2, x[0].Length == 0 ? 1 : x[0].Length / x[0].Shape[0] / 2), [-1], 0.1).Reshape(x[0].Shape) * Channels(x[1], x[0])) + Channels(x[2], x[0]), Bad = [Throws<TensorShapeException>(on => on(2, 3).GroupNorm(2)), Throws<TensorShapeException>(on => on(2, 3).GroupNorm(0)), Throws<TensorShapeException>(on => on(2).GroupNorm(1)), Throws<TensorShapeException>(on => on(2, 4).GroupNorm(2, on(2))), Throws<ArgumentException>(on => on(2, 4).GroupNorm(2, epsilon: -1))] },
        new("InstanceNorm", x => x.InstanceNorm(epsilon: 0.1)) { Shapes = "1x2x3 | 2x3x2x2", Composed = x => Deviations(x[0], [.. Enumerable.Range(2, x[0].Rank - 2)], 0.1), Bad = [Throws<TensorShapeException>(on => on(2).InstanceNorm()), Throws<TensorShapeException>(on => on(2, 3, 4).InstanceNorm(on(2)))] },
        new("LocalResponseNorm", x => x.LocalResponseNorm(2, alpha: 0.5, beta: 0.5, k: 1.25)) { Shapes = "1x6x3 | 2x3 | 1x1x2x2", Reference = xs => Neighbors(xs[0], 2, 0.5, 0.5, 1.25), Bad = [Throws<ArgumentException>(on => on(2, 3).LocalResponseNorm(0)), Throws<TensorShapeException>(on => on(2).LocalResponseNorm(1))] },
        new("LocalResponseNorm: defaults", x => x.LocalResponseNorm(5)) { Shapes = "1x6x3", Reference = xs => Neighbors(xs[0], 5, 1e-4, 0.75, 1) },
        new("WeightNorm", (v, g) => v.WeightNorm(g, 1)) { Shapes = "2x3 3 | 2x2x2 2", Composed = x => x[0] * Channels(x[1], x[0]) / x[0].Square().Sum([.. Enumerable.Range(0, x[0].Rank).Where(a => a != 1)], keepDims: true).Sqrt(), Bad = [Throws<TensorShapeException>(on => on(2, 3).WeightNorm(on(2), 1)), Throws<ArgumentException>(on => on(2, 3).WeightNorm(on(2), 2)), Throws<ArgumentNullException>(on => on(2, 3).WeightNorm(null!))] },
        new("SpectralNorm", (w, u, v) => w.SpectralNorm(u, v)) { Shapes = "2x3 2 3 | 2x2x2 2 4", Domain = (0.5, 2), Composed = x => x[0] / (x[0].Reshape(2, -1) * x[1].ExpandDims(1) * x[2]).Sum(), Bad = [Throws<TensorShapeException>(on => on(2, 3).SpectralNorm(on(3), on(3))), Throws<TensorShapeException>(on => on(2, 3).SpectralNorm(on(2), on(2))), Throws<ArgumentException>(on => on(2, 3).SpectralNorm(on(2), on(3), 2)), Throws<ArgumentNullException>(on => on(2, 3).SpectralNorm(on(2), null!))] },
        new("SpectralNorm: axis 1", (w, u, v) => w.SpectralNorm(u, v, 1)) { Shapes = "3x2 2 3", Domain = (0.5, 2), Composed = x => x[0] / (x[0].Transpose() * x[1].ExpandDims(1) * x[2]).Sum() },
    ];

    private static Tensor<T> Deviations(Tensor<T> x, int[] axes, double epsilon)
    {
        Tensor<T> centered = x - x.Mean(axes, keepDims: true);
        return centered / (centered.Square().Mean(axes, keepDims: true) + N(epsilon)).Sqrt();
    }

    private static Tensor<T> Channels(Tensor<T> parameter, Tensor<T> x) => parameter.Reshape([parameter.Length, .. Enumerable.Repeat(1, Math.Max(x.Rank - 2, 0))]);

    private static Plain Neighbors(Plain x, int size, double alpha, double beta, double k) => Plain.Build(x.Shape, at =>
    {
        double sum = Enumerable.Range(at[1] - (size / 2), size).Where(c => c >= 0 && c < x.Shape[1]).Sum(c => Math.Pow(x[[at[0], c, .. at[2..]]], 2));
        return x[at] / Math.Pow(k + (alpha * sum / size), beta);
    });
}
