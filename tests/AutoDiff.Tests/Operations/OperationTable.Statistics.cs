namespace AutoDiff.Tests.Operations;

internal static partial class OperationTable<T>
{
    private static OperationRow<T>[] Statistics =>
    [
        new("Variance", x => x.Variance())
        {
            Shapes = "2 | 5 | 2x3", Exact = true, Reference = Plain.Reduce(row => Variance(row, 1)),
            Points = [new([[5]], [NaN], [[NaN]]), new([[3, 3]], [0], [[0, 0]]), new([[10000, 10001, 10002]], [1], [[-1, 0, 1]])],
        },
        new("Variance: population, axis 1", x => x.Variance([1], 0)) { Shapes = Matrices, Exact = true, Reference = Plain.Reduce(row => Variance(row, 0), [1]), Bad = [Throws<ArgumentException>(on => on(2).Variance([1], 0))] },
        new("Variance: axes kept", x => x.Variance([0, 2], 1, keepDims: true)) { Shapes = "2x3x2 | 3x1x2", Exact = true, Reference = Plain.Reduce(row => Variance(row, 1), [0, 2], keep: true) },
        new("Variance: population, axis kept", x => x.Variance(-1, keepDims: true, correction: 0)) { Shapes = "3 | 2x3", Exact = true, Reference = Plain.Reduce(row => Variance(row, 0), [-1], keep: true) },
        new("StandardDeviation", x => x.StandardDeviation())
        {
            Shapes = "2 | 5 | 2x3", Reference = Plain.Reduce(row => Math.Sqrt(Variance(row, 1))), Composed = x => x[0].Variance().Sqrt(),
            Points = [new([[2, 2, 2]], [0], [[0, 0, 0]]), new([[5]], [NaN], [[NaN]]), new([[-3e200, 3e200]], [4.242640687119285e200], [[-0.7071067811865475, 0.7071067811865475]])],
        },
        new("StandardDeviation: population, axis 0", x => x.StandardDeviation([0], 0)) { Shapes = "3 | 2x3", Reference = Plain.Reduce(row => Math.Sqrt(Variance(row, 0)), [0]), Points = [new([[5]], [0], [[0]])] },
        new("StandardDeviation: axis kept", x => x.StandardDeviation([-1], 1, keepDims: true)) { Shapes = "2x3 | 0x2", Reference = Plain.Reduce(row => Math.Sqrt(Variance(row, 1)), [-1], keep: true) },
        new("StandardDeviation: population, last axis", x => x.StandardDeviation(-1, correction: 0)) { Shapes = "3 | 2x3", Reference = Plain.Reduce(row => Math.Sqrt(Variance(row, 0)), [-1]) },
        new("Covariance", x => x.Covariance()) { Shapes = "2x3 | 1x4 | 3x2", Exact = true, Reference = xs => Covariance(xs[0], 1), Bad = [Throws<TensorShapeException>(on => on(2, 2, 2).Covariance())] },
        new("Covariance: vector", x => x.Covariance(0)) { Shapes = "3 | 1", Exact = true, Reference = Plain.Reduce(row => Variance(row, 0)), Points = [new([[1]], [0], [[0]])] },
        new("Covariance: weights", (x, f, w) => x.Covariance(1, f, w))
        {
            Shapes = "2x3 3 3", Domain = (1, 2), Reference = xs => WeightedCovariance(xs[0], xs[1].Values, xs[2].Values),
            Bad = [Throws<TensorShapeException>(on => on(2, 3).Covariance(1, on(2))), Throws<TensorShapeException>(on => on(2, 3).Covariance(1, on(3), on(3, 1)))],
        },
        new("Correlation", x => x.Correlation()) { Shapes = "2x3 | 3x4", Reference = xs => Plain.Build([xs[0].Shape[0], xs[0].Shape[0]], i => Covariance(xs[0], 1)[i] / Math.Sqrt(Covariance(xs[0], 1)[i[0], i[0]] * Covariance(xs[0], 1)[i[1], i[1]])), Bad = [Throws<TensorShapeException>(on => on().Correlation())] },
        new("NanSum", x => x.NanSum()) { Shapes = "() | 3 | 2x3 | 0", Exact = true, Reference = Plain.Reduce(Enumerable.Sum), Points = [new([[1, NaN, 3]], [4], [[1, 0, 1]]), new([[NaN]], [0], [[0]])] },
        new("NanSum: axis kept", x => x.NanSum([1], keepDims: true)) { Shapes = Matrices, Exact = true, Reference = Plain.Reduce(Enumerable.Sum, [1], keep: true), Bad = [Throws<ArgumentException>(on => on(2).NanSum(1))] },
        new("NanSum: last axis", x => x.NanSum(-1)) { Shapes = "3 | 2x3", Exact = true, Reference = Plain.Reduce(Enumerable.Sum, [-1]) },
        new("NanSum: axes 0 and 2", x => x.NanSum(0, 2)) { Shapes = "2x3x2", Exact = true, Reference = Plain.Reduce(Enumerable.Sum, [0, 2]) },
        new("NanMean", x => x.NanMean()) { Shapes = "() | 3 | 2x3", Exact = true, Reference = Plain.Reduce(Enumerable.Average), Points = [new([[1, NaN, 3]], [2], [[0.5, 0, 0.5]]), new([[NaN]], [NaN], [[0]])] },
        new("NanMean: axis kept", x => x.NanMean([1], keepDims: true)) { Shapes = Matrices, Exact = true, Reference = Plain.Reduce(Enumerable.Average, [1], keep: true), Bad = [Throws<ArgumentException>(on => on(2).NanMean(1))] },
        new("NanMean: last axis", x => x.NanMean(-1)) { Shapes = "3 | 2x3", Exact = true, Reference = Plain.Reduce(Enumerable.Average, [-1]) },
        new("NanMean: axes 0 and 2", x => x.NanMean(0, 2)) { Shapes = "2x3x2", Exact = true, Reference = Plain.Reduce(Enumerable.Average, [0, 2]) },
        new("LogMeanExp", x => x.LogMeanExp()) { Shapes = "() | 3 | 2x3", Reference = Plain.Reduce(row => Math.Log(row.Average(Math.Exp))), Points = [new([[Inf, 0]], [Inf], [[1, 0]]), new([[-Inf, -Inf]], [-Inf], [[0, 0]]), new([[1e-9, 3e-9]], [2.0000000005e-9], [[0.4999999995, 0.5000000005]]), new([[1000, 1000]], [1000], [[0.5, 0.5]]), new([[-Inf, -Inf]], [-Inf], [[0, 0]]), new([[]], [NaN], [[]])] },
        new("LogMeanExp: axis kept", x => x.LogMeanExp([1], keepDims: true)) { Shapes = Matrices, Reference = Plain.Reduce(row => Math.Log(row.Average(Math.Exp)), [1], keep: true), Bad = [Throws<ArgumentException>(on => on(2).LogMeanExp(1))] },
        new("LogMeanExp: last axis", x => x.LogMeanExp(-1)) { Shapes = "3 | 2x3", Reference = Plain.Reduce(row => Math.Log(row.Average(Math.Exp)), [-1]) },
        new("Trace", x => x.Trace()) { Shapes = "2x2 | 2x3 | 3x1 | 2x3x3", Exact = true, Reference = xs => xs[0].Shape.Length == 2 ? Traced(xs[0]) : Plain.Einsum("bii->b")(xs), Bad = [Throws<TensorShapeException>(on => on(2).Trace())] },
        new("Distance", (x, y) => x.Distance(y)) { Shapes = "3 3 | 2x3 3 | 2 ()", Reference = xs => Distance(xs, 2), Points = [new([[1, 2], [1, 2]], [0], [[0, 0], [0, 0]])], Bad = [Throws<TensorShapeException>(on => on(2).Distance(on(3))), Throws<ArgumentNullException>(on => on(2).Distance(null!))] },
        new("Distance: 4", (x, y) => x.Distance(y, N(4))) { Shapes = "3 3 | 2x2x2 2x1x2", Reference = xs => Distance(xs, 4) },
        new("PairwiseDistances", (x, y) => x.PairwiseDistances(y))
        {
            Shapes = "2x3 4x3 | 1x1 3x1 | 0x2 3x2 | 2x2x3 2x3x3", Reference = xs => Pairwise(xs[0], xs[1], 2),
            Bad = [Throws<TensorShapeException>(on => on(2, 3).PairwiseDistances(on(2, 2))), Throws<TensorShapeException>(on => on(3).PairwiseDistances(on(2, 3))), Throws<ArgumentNullException>(on => on(2, 2).PairwiseDistances(null!))],
        },
        new("PairwiseDistances: 1", (x, y) => x.PairwiseDistances(y, N(1))) { Shapes = "2x3 2x3", Reference = xs => Pairwise(xs[0], xs[1], 1) },
        new("Normalize", x => x.Normalize()) { Shapes = "3 | 2x3", Reference = Plain.Along(row => Array.ConvertAll(row, x => x / Math.Sqrt(row.Sum(y => y * y))), -1), Points = [new([[0, 0]], [0, 0], [[1e12, 2e12]], [1, 2])], Bad = [Throws<ArgumentException>(on => on().Normalize(1))] },
        new("Normalize: 1, axis 0", x => x.Normalize(N(1), 0, N(1e-6))) { Shapes = "3 | 2x3", Avoid = [0], Reference = Plain.Along(row => Array.ConvertAll(row, x => x / row.Sum(Math.Abs)), 0) },
        new("CosineSimilarity", (x, y) => x.CosineSimilarity(y))
        {
            Shapes = "3 3 | 2x3 3 | 2x3 2x1x3", Reference = xs => Cosine(xs),
            Points = [new([[0, 0], [1, 2]], [0], [[44721359.549995795, 89442719.09999159], [0, 0]])],
            Bad = [Throws<TensorShapeException>(on => on(2).CosineSimilarity(on(3))), Throws<ArgumentNullException>(on => on(2).CosineSimilarity(null!))],
        },
        new("CosineSimilarity: axis 0", (x, y) => x.CosineSimilarity(y, 0, N(1e-6))) { Shapes = "3x2 3x2", Reference = xs => Cosine([Swapped(xs[0]), Swapped(xs[1])]), Bad = [Throws<ArgumentException>(on => on(2).CosineSimilarity(on(2), 1))] },
        new("Renorm", x => x.Renorm(N(2), 0, N(0.75))) { Shapes = "2x3 | 3x2x2", Domain = (0.6, 2), Reference = xs => Plain.Along(row => Array.ConvertAll(row, x => x * 0.75 / Math.Sqrt(row.Sum(y => y * y))), [.. Enumerable.Range(1, xs[0].Shape.Length - 1)])(xs), Bad = [Throws<ArgumentException>(on => on(2).Renorm(N(2), 0, N(0))), Throws<ArgumentException>(on => on(2).Renorm(N(2), 1, N(1)))] },
        new("Renorm: short slices", x => x.Renorm(N(2), 1, N(100))) { Shapes = "2x3", Exact = true, Reference = xs => xs[0], Points = [] },
        new("CountNonzero", x => x.CountNonzero(0)) { Shapes = "3 | 2x3 | 0x2", Constant = true, Reference = Plain.Reduce(row => row.Count(x => x != 0), [0]), Bad = [Throws<ArgumentException>(on => on(2).CountNonzero(1))] },
        new("CountNonzero: all axes", x => x.CountNonzero()) { Shapes = "() | 3 | 2x3 | 0", Constant = true, Reference = Plain.Reduce(row => row.Count(x => x != 0)) },
        new("CountNonzero: axis kept", x => x.CountNonzero(-1, keepDims: true)) { Shapes = "3 | 2x3", Constant = true, Reference = Plain.Reduce(row => row.Count(x => x != 0), [-1], keep: true) },
        new("CountNonzero: axes kept", x => x.CountNonzero([0, 2], keepDims: true)) { Shapes = "2x3x2", Constant = true, Reference = Plain.Reduce(row => row.Count(x => x != 0), [0, 2], keep: true) },
        new("Any", x => (x > N(1)).Any(0)) { Shapes = "3 | 2x3 | 0x2", Constant = true, Reference = Plain.Reduce(row => row.Any(x => x > 1) ? 1 : 0, [0]), Bad = [Throws<ArgumentException>(on => on(2).Any(1))] },
        new("Any: all axes", x => (x > N(1)).Any()) { Shapes = "() | 3 | 2x3 | 0", Constant = true, Reference = Plain.Reduce(row => row.Any(x => x > 1) ? 1 : 0) },
        new("Any: axis kept", x => (x > N(1)).Any(-1, keepDims: true)) { Shapes = "3 | 2x3", Constant = true, Reference = Plain.Reduce(row => row.Any(x => x > 1) ? 1 : 0, [-1], keep: true) },
        new("Any: axes kept", x => (x > N(1)).Any([0, 2], keepDims: true)) { Shapes = "2x3x2", Constant = true, Reference = Plain.Reduce(row => row.Any(x => x > 1) ? 1 : 0, [0, 2], keep: true) },
        new("All", x => (x > N(-1)).All(0)) { Shapes = "3 | 2x3 | 0x2", Constant = true, Reference = Plain.Reduce(row => row.All(x => x > -1) ? 1 : 0, [0]), Bad = [Throws<ArgumentException>(on => on(2).All(1))] },
        new("All: all axes", x => (x > N(-1)).All()) { Shapes = "() | 3 | 2x3 | 0", Constant = true, Reference = Plain.Reduce(row => row.All(x => x > -1) ? 1 : 0) },
        new("All: axis kept", x => (x > N(-1)).All(-1, keepDims: true)) { Shapes = "3 | 2x3", Constant = true, Reference = Plain.Reduce(row => row.All(x => x > -1) ? 1 : 0, [-1], keep: true) },
        new("All: axes kept", x => (x > N(-1)).All([0, 2], keepDims: true)) { Shapes = "2x3x2", Constant = true, Reference = Plain.Reduce(row => row.All(x => x > -1) ? 1 : 0, [0, 2], keep: true) },
        new("Unique", x => x.Unique().Values) { Shapes = "3 | 2x3 | 0", Constant = true, Reference = xs => new(xs[0].Values.Distinct().Order().ToArray(), [xs[0].Values.Distinct().Count()]) },
        new("Histogram", x => x.Histogram(4, N(-1), N(1))) { Shapes = "30 | 2x3 | 0", Constant = true, Reference = xs => Plain.Build([4], i => xs[0].Values.Count(x => x >= -1 + (0.5 * i[0]) && x < -0.5 + (0.5 * i[0]))), Bad = [Throws<ArgumentException>(on => on(2).Histogram(0, N(0), N(1))), Throws<ArgumentException>(on => on(2).Histogram(1, N(1), N(1)))] },
        new("BinCount", _ => Tensor.BinCount<T>([2, 0, 2], 4)) { Shapes = "1", Constant = true, Reference = _ => new([1, 0, 2, 0], [4]), Bad = [Throws<ArgumentException>(_ => Tensor.BinCount<T>([4], 4)), Throws<ArgumentException>(_ => Tensor.BinCount<T>([-1], 4))] },
        new("BinCount: doubles", _ => Tensor.BinCount([1, 1], 2).ConvertTo<T>()) { Shapes = "1", Constant = true, Reference = _ => new([0, 2], [2]) },
        new("OneHot: doubles", _ => Tensor.OneHot([1], 2).ConvertTo<T>()) { Shapes = "1", Constant = true, Reference = _ => new([0, 1], [1, 2]) },
        new("OneHot", _ => Tensor.OneHot<T>([2, 0], 3)) { Shapes = "1", Constant = true, Reference = _ => new([0, 0, 1, 1, 0, 0], [2, 3]), Bad = [Throws<ArgumentException>(_ => Tensor.OneHot<T>([3], 3))] },
        new("OneHot: indices", _ => Tensor.OneHot(I(2, 0), 3)) { Shapes = "1", Constant = true, Reference = _ => new([0, 0, 1, 1, 0, 0], [2, 3]), Bad = [Throws<ArgumentException>(_ => Tensor.OneHot(I(3), 3))] },
    ];

    private static double Variance(double[] row, int correction) => row.Sum(x => Math.Pow(x - row.Average(), 2)) / (row.Length - correction);

    private static Plain Covariance(Plain x, int correction) => Plain.Build([x.Shape[0], x.Shape[0]], i => Enumerable.Range(0, x.Shape[1]).Sum(k => (x[i[0], k] - Row(x, i[0]).Average()) * (x[i[1], k] - Row(x, i[1]).Average())) / (x.Shape[1] - correction));

    private static Plain WeightedCovariance(Plain x, double[] frequencies, double[] weights)
    {
        double[] w = frequencies.Zip(weights, (f, a) => f * a).ToArray();
        double Mean(int i) => Row(x, i).Zip(w, (value, weight) => value * weight).Sum() / w.Sum();
        double freedom = w.Sum() - (w.Zip(weights, (a, b) => a * b).Sum() / w.Sum());
        return Plain.Build([x.Shape[0], x.Shape[0]], i => Enumerable.Range(0, x.Shape[1]).Sum(k => w[k] * (x[i[0], k] - Mean(i[0])) * (x[i[1], k] - Mean(i[1]))) / freedom);
    }

    private static double[] Row(Plain x, int i) => Enumerable.Range(0, x.Shape[1]).Select(k => x[i, k]).ToArray();

    private static Plain Traced(Plain x) => new([Enumerable.Range(0, Math.Min(x.Shape[0], x.Shape[1])).Sum(i => x[i, i])], []);

    private static Plain Distance(Plain[] xs, double p) => Plain.Reduce(row => Math.Pow(row.Sum(x => Math.Pow(Math.Abs(x), p)), 1 / p))([Plain.Elementwise(x => x[0] - x[1])(xs)]);

    private static Plain Pairwise(Plain x, Plain y, double p) => Plain.Build([.. x.Shape[..^2], x.Shape[^2], y.Shape[^2]], i =>
        Math.Pow(Enumerable.Range(0, x.Shape[^1]).Sum(k => Math.Pow(Math.Abs(x[[.. i[..^1], k]] - y[[.. i[..^2], i[^1], k]]), p)), 1 / p));

    private static Plain Cosine(Plain[] xs)
    {
        Plain Summed(Func<double, double, double> f) => Plain.Reduce(Enumerable.Sum, [-1])([Plain.Elementwise(x => f(x[0], x[1]))(xs)]);
        return Plain.Elementwise(s => s[0] / Math.Sqrt(s[1] * s[2]))([Summed((x, y) => x * y), Summed((x, _) => x * x), Summed((_, y) => y * y)]);
    }
}
