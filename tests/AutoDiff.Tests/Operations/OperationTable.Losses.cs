namespace AutoDiff.Tests.Operations;

internal static partial class OperationTable<T>
{
    private const string Pair = "() () | 3 3 | 2x3 2x3 | 2x1x2 2x1x2";
    private const double Log2Pi = 1.8378770664093453;

    private static OperationRow<T>[] Losses =>
    [
        new("MeanSquaredError", (x, t) => Loss.MeanSquaredError(x, t)) { Shapes = Pair, Exact = true, Reference = Mean((x, t) => (x - t) * (x - t)), Bad = BadLoss((x, t) => Loss.MeanSquaredError(x, t)) },
        new("MeanSquaredError: sum", (x, t) => Loss.MeanSquaredError(x, t, Reduction.Sum)) { Shapes = Pair + " | 0 0", Exact = true, Reference = xs => new([EachPair((x, t) => (x - t) * (x - t))(xs).Values.Sum()], []), Bad = [Throws<ArgumentException>(on => Loss.MeanSquaredError(on(2), on(2), (Reduction)4))] },
        new("MeanSquaredError: none", (x, t) => Loss.MeanSquaredError(x, t, Reduction.None)) { Shapes = Pair + " | 0 0", Exact = true, Reference = EachPair((x, t) => (x - t) * (x - t)) },
        new("MeanAbsoluteError", (x, t) => Loss.MeanAbsoluteError(x, t)) { Shapes = Pair, Domains = [(0, 2), (-2, -0.1)], Reference = Mean((x, t) => Math.Abs(x - t)), Points = [new([[1, 2], [1, 0]], [1], [[0, 0.5], [0, -0.5]])], Bad = BadLoss((x, t) => Loss.MeanAbsoluteError(x, t)) },
        new("Huber", (x, t) => Loss.Huber(x, t, N(2), Reduction.None)) { Shapes = Pair, Domains = [(2.4, 4), (-2, 0)], Reference = EachPair((x, t) => HuberOf(x - t, 2)), Points = [new([[0.5, 5, -5], [0, 0, 0]], [0.125, 8, 8], [[0.5, 2, -2], [-0.5, -2, 2]])], Bad = BadLoss((x, t) => Loss.Huber(x, t)) },
        new("Huber: parabola", (x, t) => Loss.Huber(x, t, N(9))) { Shapes = Pair, Exact = true, Reference = Mean((x, t) => HuberOf(x - t, 9)), Bad = [Throws<ArgumentException>(on => Loss.Huber(on(2), on(2), N(0)))] },
        new("SmoothL1", (x, t) => Loss.SmoothL1(x, t, N(0.5))) { Shapes = Pair, Domains = [(1, 4), (-2, 0.2)], Reference = Mean((x, t) => HuberOf(x - t, 0.5) / 0.5), Points = [new([[0.25, 2], [0, 0]], [0.90625], [[0.25, 0.5], [-0.25, -0.5]])], Bad = BadLoss((x, t) => Loss.SmoothL1(x, t)) },
        new("SmoothL1: beta 0", (x, t) => Loss.SmoothL1(x, t, N(0))) { Shapes = Pair, Domains = [(0, 2), (-2, -0.1)], Reference = Mean((x, t) => Math.Abs(x - t)), Bad = [Throws<ArgumentException>(on => Loss.SmoothL1(on(2), on(2), N(-1)))] },
        new("Wing", (x, t) => Loss.Wing(x, t)) { Shapes = Pair, Domains = [(0, 2), (-2, -0.1)], Reference = Mean((x, t) => 10 * Math.Log(1 + (Math.Abs(x - t) / 2))), Points = [new([[0], [0]], [0], [[0], [0]]), new([[12], [0]], [12 - 10 + (10 * Math.Log(6))], [[1], [-1]])], Bad = BadLoss((x, t) => Loss.Wing(x, t)) },
        new("Wing: far", (x, t) => Loss.Wing(x, t, N(1), N(2))) { Shapes = Pair, Domains = [(1, 2), (-2, -0.5)], Reference = Mean((x, t) => Math.Abs(x - t) - 1 + Math.Log(1.5)), Bad = [Throws<ArgumentException>(on => Loss.Wing(on(2), on(2), N(0))), Throws<ArgumentException>(on => Loss.Wing(on(2), on(2), N(1), N(0)))] },
        new("Quantile: of targets", (x, t) => Loss.Quantile(x, t, N(0.25))) { Shapes = Pair, Domains = [(0, 2), (-2, -0.1)], Reference = Mean((x, t) => 0.75 * (x - t)), Points = [new([[1, 0, 2], [1, 2, 0]], [2 / 3.0], [[0, -0.25 / 3, 0.25], [0, 0.25 / 3, -0.25]])], Bad = [Throws<ArgumentException>(on => Loss.Quantile(on(2), on(2), N(2))), Throws<TensorShapeException>(on => Loss.Quantile(on(2), on(2, 1), N(0.5)))] },
        new("PoissonNegativeLogLikelihood", (x, t) => Loss.PoissonNegativeLogLikelihood(x, t)) { Shapes = Pair, Reference = Mean((x, t) => Math.Exp(x) - (t * x)), Bad = BadLoss((x, t) => Loss.PoissonNegativeLogLikelihood(x, t)) },
        new("PoissonNegativeLogLikelihood: rates, full", (x, t) => Loss.PoissonNegativeLogLikelihood(x, t, logInput: false, full: true, N(0.125))) { Shapes = Pair, Domain = (0.3, 3), Avoid = [1], Reference = Mean((x, t) => x - (t * Math.Log(x + 0.125)) + (t <= 1 ? 0 : (t * Math.Log(t)) - t + (0.5 * Math.Log(2 * Math.PI * t)))) },
        new("GaussianNegativeLogLikelihood", (x, t, v) => Loss.GaussianNegativeLogLikelihood(x, t, v, full: true)) { Shapes = "() () () | 3 3 3 | 2x3 2x3 2x1", Domains = [(-2, 2), (-2, 2), (0.4, 3)], Reference = MeanOf(x => 0.5 * (Math.Log(x[2]) + ((x[0] - x[1]) * (x[0] - x[1]) / x[2]) + Log2Pi)), Bad = [Throws<TensorShapeException>(on => Loss.GaussianNegativeLogLikelihood(on(2), on(2), on(3))), Throws<TensorShapeException>(on => Loss.GaussianNegativeLogLikelihood(on(2), on(3), on(2)))] },
        new("BinaryCrossEntropy", (x, t) => Loss.BinaryCrossEntropy(x, t, Reduction.None))
        {
            Shapes = Pair, Domain = (0.1, 0.9), Reference = EachPair((p, t) => -(t * Math.Log(p)) - ((1 - t) * Math.Log(1 - p))),
            Points = [new([[0, 1], [1, 0]], [100, 100], [[-1000000003995.8029, 1000000003995.8029], [100, -100]]), new([[0, 1], [0, 1]], [0, 0], [[0, 0], [100, -100]])], Bad = BadLoss((x, t) => Loss.BinaryCrossEntropy(x, t)),
        },
        new("BinaryCrossEntropyWithLogits", (x, t) => Loss.BinaryCrossEntropyWithLogits(x, t, null, Reduction.None))
        {
            Shapes = Pair, Reference = EachPair((x, t) => Math.Log(1 + Math.Exp(x)) - (t * x)), Composed = x => Loss.BinaryCrossEntropy(x[0].Sigmoid(), x[1], Reduction.None),
            Points =
            [
                new([[1000, -1000, 0], [0, 1, 0.5]], [1000, 1000, 0.6931471805599453], [[1, -1, 0], [-1000, 1000, 0]]), new([[2, -1], [0.3, 0.9]], [1.5269280110429726, 1.213261687518223], [[0.5807970779778824, -1.2621171572600098], [-2, 2]], [1, 2]),
                new([[Inf, -Inf, -40], [1, 0, 0]], [0, 0, 4.248354255291589e-18], [[0, 0, 4.248354255291589e-18], [-Inf, Inf, 40]]),
            ],
            Bad = BadLoss((x, t) => Loss.BinaryCrossEntropyWithLogits(x, t)),
        },
        new("BinaryCrossEntropyWithLogits: weight", (x, t, w) => Loss.BinaryCrossEntropyWithLogits(x, t, w)) { Shapes = "() () () | 3 3 3 | 2x3 2x3 3", Reference = MeanOf(x => (x[1] * x[2] * Math.Log(1 + Math.Exp(-x[0]))) + ((1 - x[1]) * Math.Log(1 + Math.Exp(x[0])))), Bad = [Throws<TensorShapeException>(on => Loss.BinaryCrossEntropyWithLogits(on(2), on(2), on(3)))] },
        new("KullbackLeiblerDivergence", (x, t) => Loss.KullbackLeiblerDivergence(x, t, false, Reduction.None)) { Shapes = Pair, Domains = [(-2, 2), (0.3, 2)], Reference = EachPair((x, t) => t * (Math.Log(t) - x)), Points = [new([[-1, -2], [0, 1]], [0, 2], [[0, -1], [-Inf, 3]]), new([[-Inf], [0]], [0], [[0], [-Inf]])], Bad = BadLoss((x, t) => Loss.KullbackLeiblerDivergence(x, t)) },
        new("KullbackLeiblerDivergence: mean over the batch", (x, t) => Loss.KullbackLeiblerDivergence(x, t, reduction: Reduction.BatchMean)) { Shapes = "3 3 | 2x3 2x3", Domains = [(-2, 2), (0.3, 2)], Reference = xs => new([xs[0].Values.Zip(xs[1].Values, (x, t) => t * (Math.Log(t) - x)).Sum() / xs[0].Shape[0]], []) },
        new("KullbackLeiblerDivergence: logarithms", (x, t) => Loss.KullbackLeiblerDivergence(x, t, logTarget: true)) { Shapes = Pair, Reference = Mean((x, t) => Math.Exp(t) * (t - x)), Points = [new([[-1], [-Inf]], [0], [[0], [0]])] },
        new("Focal", (x, t) => Loss.Focal(x, t, alpha: N(0.25))) { Shapes = Pair, Reference = Mean((x, t) => (Sigmoid(x) is var p ? Math.Pow((p * (1 - t)) + ((1 - p) * t), 2) : 0) * (Math.Log(1 + Math.Exp(x)) - (t * x)) * ((0.25 * t) + (0.75 * (1 - t)))), Domains = [(-2, 2), (0.1, 0.9)], Bad = BadLoss((x, t) => Loss.Focal(x, t)) },
        new("Focal: gamma 0", (x, t) => Loss.Focal(x, t, N(0))) { Shapes = Pair, Domains = [(-2, 2), (0.1, 0.9)], Reference = Mean((x, t) => Math.Log(1 + Math.Exp(x)) - (t * x)) },
        new("Dice", (x, t) => Loss.Dice(x, t)) { Shapes = "3 3 | 2x3 2x3 | 2x2x2 2x2x2", Domain = (0.1, 0.9), Reference = DiceOf, Bad = BadLoss((x, t) => Loss.Dice(x, t)) },
        new("HingeEmbedding", x => Loss.HingeEmbedding(x, V(1, -1, 1, -1), N(0.5), Reduction.None)) { Shapes = "4", Avoid = [0.5], Reference = xs => new(xs[0].Values.Select((x, i) => i % 2 == 0 ? x : Math.Max(0, 0.5 - x)).ToArray(), [4]), Points = [new([[0.5, 0.5, 0, 0]], [0.5, 0, 0, 0.5], [[1, 0, 1, -1]])], Bad = BadLoss((x, t) => Loss.HingeEmbedding(x, t)) },
        new("SoftMargin", (x, y) => Loss.SoftMargin(x, y)) { Shapes = Pair, Reference = Mean((x, y) => Math.Log(1 + Math.Exp(-y * x))), Bad = BadLoss((x, t) => Loss.SoftMargin(x, t)) },
        new("MarginRanking", (x, y) => Loss.MarginRanking(x, y, V(1, -1, 1), N(0.25), Reduction.None)) { Shapes = "3 3", Domains = [(-2, -0.5), (0, 2)], Reference = xs => new(Enumerable.Range(0, 3).Select(i => Math.Max(0, 0.25 - ((i == 1 ? -1 : 1) * (xs[0].Values[i] - xs[1].Values[i])))).ToArray(), [3]), Points = [new([[0.25, 0, 0], [0, 0, 1]], [0, 0.25, 1.25], [[0, 1, -1], [0, -1, 1]])], Bad = [Throws<TensorShapeException>(on => Loss.MarginRanking(on(2), on(2), on(3)))] },
        new("CosineEmbedding", (x, y) => Loss.CosineEmbedding(x, y, V(1, -1), N(0.25), Reduction.None)) { Shapes = "2x3 2x3", Domain = (0.5, 2), Reference = xs => new([1 - Cosine(xs, 0), Cosine(xs, 1) - 0.25], [2]), Bad = [Throws<TensorShapeException>(on => Loss.CosineEmbedding(on(2, 3), on(2, 3), on(3))), Throws<TensorShapeException>(on => Loss.CosineEmbedding(on(2, 3), on(3, 3), on(2)))] },
        new("TripletMargin", (a, p, n) => Loss.TripletMargin(a, p, n, N(5), eps: N(0))) { Shapes = "3 3 3 | 2x3 2x3 2x3", Tolerance = 10, Reference = xs => Triplet(xs, 2), Bad = [Throws<TensorShapeException>(on => Loss.TripletMargin(on(2), on(2), on(3))), Throws<TensorShapeException>(on => Loss.TripletMargin(on(), on(), on()))] },
        new("TripletMargin: order 3, swap", (a, p, n) => Loss.TripletMargin(a, p, n, N(5), N(3), N(0), swap: true)) { Shapes = "3 3 3", Domains = [(-2, -1), (1, 2), (2.5, 3)], Tolerance = 10, Reference = xs => new([Distance(xs[0].Values, xs[1].Values, 3) - Distance(xs[1].Values, xs[2].Values, 3) + 5], []) },
        new("CrossEntropy", x => Loss.CrossEntropy(x, [2, 0], null, N(0.25)))
        {
            Shapes = "2x3 | 2x3x1", Composed = x => Loss.CrossEntropy(x[0].Reshape(2, 3), Tensor.Create<T>(Array.ConvertAll([1 / 12.0, 1 / 12.0, 10 / 12.0, 10 / 12.0, 1 / 12.0, 1 / 12.0], N), 2, 3)),
            Reference = xs => new([(Nll(xs, 0, 2) * 0.75) + (Nll(xs, 1, 0) * 0.75) + (Enumerable.Range(0, 6).Sum(k => Nll(xs, k / 3, k % 3)) / 12) is var sum ? sum / 2 : 0], []),
            Bad = [Throws<TensorShapeException>(on => Loss.CrossEntropy(on(2, 3), [1])), Throws<ArgumentException>(on => Loss.CrossEntropy(on(2, 3), [1, 3])), Throws<TensorShapeException>(on => Loss.CrossEntropy(on(2, 3), [1, 1], V(1, 2))), Throws<TensorShapeException>(on => Loss.CrossEntropy(on(), ReadOnlySpan<int>.Empty)), Throws<ArgumentException>(on => Loss.CrossEntropy(on(2, 3), [1, 1], labelSmoothing: N(2)))],
        },
        new("CrossEntropy: composed", x => Loss.CrossEntropy(x, [2, 0, -100, 1], V(1, 2, 3), ignoreIndex: -100)) { Shapes = "4x3", Composed = x => Loss.NegativeLogLikelihood(x[0].LogSoftmax(1), [2, 0, -100, 1], V(1, 2, 3), ignoreIndex: -100) },
        new("CrossEntropy: images", x => Loss.CrossEntropy(x, [1, 0, 2, 1], ignoreIndex: 2, reduction: Reduction.None)) { Shapes = "2x3x2", Composed = x => Loss.NegativeLogLikelihood(x[0].LogSoftmax(1), [1, 0, 2, 1], ignoreIndex: 2, reduction: Reduction.None) },
        new("CrossEntropy: indices", x => Loss.CrossEntropy(x, I(2, 0, -1, 1), V(1, 2, 3), N(0.25), ignoreIndex: -1)) { Shapes = "4x3", Composed = x => Loss.CrossEntropy(x[0], [2, 0, -1, 1], V(1, 2, 3), N(0.25), ignoreIndex: -1), Bad = [Throws<TensorShapeException>(on => Loss.CrossEntropy(on(2, 3), I(1))), Throws<ArgumentException>(on => Loss.CrossEntropy(on(2, 3), I(1, 3)))] },
        new("CrossEntropy: vector", x => Loss.CrossEntropy(x, [1])) { Shapes = "3", Reference = xs => new([Nll([new(xs[0].Values, [1, 3])], 0, 1)], []), Points = [new([[0, -Inf]], [Inf], [[1, -1]]), new([[0, 1, -Inf]], [0.31326168751822286], [[0.2689414213699951, -0.2689414213699951, 0]]), new([[-1000, 1000]], [0], [[0, 0]]), new([[1000, -1000]], [2000], [[1, -1]])] },
        new("CrossEntropy: probabilities", (x, t) => Loss.CrossEntropy(x, t, V(1, 2, 3), N(0.25), Reduction.None)) { Shapes = "3 3 | 2x3 2x3 | 2x3x2 2x3x2", Composed = x => -(x[0].LogSoftmax(x[0].Rank == 1 ? 0 : 1) * ((x[1] * N(0.75)) + N(0.25 / 3)) * V(1, 2, 3).Reshape([3, .. Enumerable.Repeat(1, Math.Max(0, x[0].Rank - 2))])).Sum(x[0].Rank == 1 ? 0 : 1), Bad = BadLoss((x, t) => Loss.CrossEntropy(x, t)) },
        new("NegativeLogLikelihood", x => Loss.NegativeLogLikelihood(x, [2, 0], V(1, 2, 3))) { Shapes = "2x3 | 2x3x1", Exact = true, Reference = xs => new([((-3 * xs[0].Values[2]) - xs[0].Values[3]) / 4], []), Bad = [Throws<TensorShapeException>(on => Loss.NegativeLogLikelihood(on(2, 3), [1])), Throws<ArgumentException>(on => Loss.NegativeLogLikelihood(on(2, 3), [1, 3]))] },
        new("NegativeLogLikelihood: ignored", x => Loss.NegativeLogLikelihood(x, [2, 0], ignoreIndex: 0, reduction: Reduction.None)) { Shapes = "2x3", Exact = true, Reference = xs => new([-xs[0].Values[2], 0], [2]) },
        new("NegativeLogLikelihood: indices", x => Loss.NegativeLogLikelihood(x, I(2, 0), V(1, 2, 3))) { Shapes = "2x3 | 2x3x1", Exact = true, Reference = xs => new([((-3 * xs[0].Values[2]) - xs[0].Values[3]) / 4], []), Bad = [Throws<TensorShapeException>(on => Loss.NegativeLogLikelihood(on(2, 3), I(1))), Throws<ArgumentException>(on => Loss.NegativeLogLikelihood(on(2, 3), I(1, 3)))] },
        new("MultiMargin", x => Loss.MultiMargin(x, [2, 0], margin: N(5), weight: V(1, 2, 3))) { Shapes = "2x3", Exact = true, Reference = xs => MultiMarginOf(xs[0], [2, 0], [3, 1], 1), Bad = [Throws<ArgumentException>(on => Loss.MultiMargin(on(2, 3), [1, -100]))] },
        new("MultiMargin: squared", x => Loss.MultiMargin(x, [2, 0], squared: true, margin: N(5))) { Shapes = "2x3", Exact = true, Reference = xs => MultiMarginOf(xs[0], [2, 0], [1, 1], 2) },
        new("MultiLabelMargin: lists", x => Loss.MultiLabelMargin(x, [[1], [2, 0]], Reduction.None)) { Shapes = "2x3", Domain = (-0.4, 0.4), Reference = xs => new([(2 + xs[0][0, 0] + xs[0][0, 2] - (2 * xs[0][0, 1])) / 3, (2 + (2 * xs[0][1, 1]) - xs[0][1, 0] - xs[0][1, 2]) / 3], [2]), Bad = [Throws<TensorShapeException>(on => Loss.MultiLabelMargin(on(2, 3), [[1]])), Throws<TensorShapeException>(on => Loss.MultiLabelMargin(on(1, 2, 3), [[1]])), Throws<ArgumentException>(on => Loss.MultiLabelMargin(on(3), [[3]])), Throws<ArgumentException>(on => Loss.MultiLabelMargin(on(3), [[0, -1]])), Throws<ArgumentNullException>(on => Loss.MultiLabelMargin(on(3), [null!]))] },
        new("MultiLabelMargin", x => Loss.MultiLabelMargin(x, [1, -1, 0, 2, 0, -1], Reduction.None)) { Shapes = "2x3", Domain = (-0.4, 0.4), Reference = xs => new([(2 + xs[0][0, 0] + xs[0][0, 2] - (2 * xs[0][0, 1])) / 3, (2 + (2 * xs[0][1, 1]) - xs[0][1, 0] - xs[0][1, 2]) / 3], [2]), Bad = [Throws<TensorShapeException>(on => Loss.MultiLabelMargin(on(2, 3), [1])), Throws<ArgumentException>(on => Loss.MultiLabelMargin(on(3), [3, 0, 0]))] },
        new("MultiLabelSoftMargin", (x, t) => Loss.MultiLabelSoftMargin(x, t, V(1, 2, 3), Reduction.None)) { Shapes = "3 3 | 2x3 2x3", Reference = xs => Plain.Reduce(row => row.Sum() / 3, [xs[0].Shape.Length - 1])([Plain.Elementwise(x => (Math.Log(1 + Math.Exp(x[0])) - (x[0] * x[1])) * x[2])([.. xs, new([1, 2, 3], [3])])]), Bad = [Throws<TensorShapeException>(on => Loss.MultiLabelSoftMargin(on(2), on(3))), Throws<TensorShapeException>(on => Loss.MultiLabelSoftMargin(on(), on()))] },
        new("Ctc", x => Loss.Ctc(x.LogSoftmax(-1), [1, 2, 2, 1, 1], [3, 2], [5, 4], reduction: Reduction.None)) { Shapes = "5x2x3", Tolerance = 10, Reference = xs => new([CtcOf(xs[0], 0, 5, [1, 2, 2]), CtcOf(xs[0], 1, 4, [1, 1])], [2]), Bad = BadCtc() },
        new("Ctc: mean", x => Loss.Ctc(x.LogSoftmax(-1), [1, 2, 2], [3, 0], blank: 0)) { Shapes = "4x2x3", Tolerance = 10, Reference = xs => new([((CtcOf(xs[0], 0, 4, [1, 2, 2]) / 3) + CtcOf(xs[0], 1, 4, [])) / 2], []) },
    ];

    private static BadInput<T>[] BadLoss(Func<Tensor<T>, Tensor<T>, Tensor<T>> loss) =>
        [Throws<TensorShapeException>(on => loss(on(3, 1), on(3))), Throws<ArgumentNullException>(on => loss(on(2), null!)), Throws<ArgumentNullException>(on => loss(null!, on(2)))];

    private static BadInput<T>[] BadCtc() =>
    [
        Throws<TensorShapeException>(on => Loss.Ctc(on(4, 3), [1], [1])), Throws<TensorShapeException>(on => Loss.Ctc(on(4, 1, 3), [1], [2])), Throws<ArgumentException>(on => Loss.Ctc(on(4, 1, 3), [3], [1])),
        Throws<ArgumentException>(on => Loss.Ctc(on(4, 1, 3), [0], [1])), Throws<ArgumentException>(on => Loss.Ctc(on(4, 1, 3), [1], [1], [5])), Throws<ArgumentException>(on => Loss.Ctc(on(4, 1, 3), [1], [1], blank: 3)),
    ];

    private static Func<Plain[], Plain> EachPair(Func<double, double, double> f) => Plain.Elementwise(x => f(x[0], x[1]));

    private static Func<Plain[], Plain> Mean(Func<double, double, double> f) => MeanOf(x => f(x[0], x[1]));

    private static Func<Plain[], Plain> MeanOf(Func<double[], double> f) => xs => Plain.Elementwise(f)(xs) is var losses ? new([losses.Values.Average()], []) : losses;

    private static double HuberOf(double d, double delta) => Math.Abs(d) <= delta ? d * d / 2 : delta * (Math.Abs(d) - (delta / 2));

    private static Plain DiceOf(Plain[] xs)
    {
        int samples = xs[0].Shape.Length < 2 ? 1 : xs[0].Shape[0];
        (double[][] p, double[][] t) = (xs[0].Values.Chunk(xs[0].Length / samples).ToArray(), xs[1].Values.Chunk(xs[0].Length / samples).ToArray());
        return new([Enumerable.Range(0, samples).Average(i => 1 - (((2 * p[i].Zip(t[i], (a, b) => a * b).Sum()) + 1) / (p[i].Sum() + t[i].Sum() + 1)))], []);
    }

    private static double Cosine(Plain[] xs, int row)
    {
        double Dot(Plain a, Plain b) => Enumerable.Range(0, 3).Sum(i => a[row, i] * b[row, i]);
        return Dot(xs[0], xs[1]) / Math.Sqrt(Dot(xs[0], xs[0]) * Dot(xs[1], xs[1]));
    }

    private static double Distance(double[] a, double[] b, double order) => Math.Pow(a.Zip(b, (x, y) => Math.Pow(Math.Abs(x - y), order)).Sum(), 1 / order);

    private static Plain Triplet(Plain[] xs, double order)
    {
        double[][][] rows = Array.ConvertAll(xs, x => x.Values.Chunk(3).ToArray());
        return new([Enumerable.Range(0, rows[0].Length).Average(i => Math.Max(0, Distance(rows[0][i], rows[1][i], order) - Distance(rows[0][i], rows[2][i], order) + 5))], []);
    }

    private static double Nll(Plain[] xs, int row, int label) => Math.Log(Enumerable.Range(0, 3).Sum(c => Math.Exp(xs[0].Values[(3 * row) + c]))) - xs[0].Values[(3 * row) + label];

    private static Plain MultiMarginOf(Plain x, int[] classes, double[] weights, int power) =>
        new([classes.Select((y, i) => Enumerable.Range(0, 3).Where(c => c != y).Sum(c => Math.Pow(Math.Max(0, 5 - x[i, y] + x[i, c]), power)) * weights[i] / 3).Average()], []);

    /// <summary>The sum over all paths, one by one.</summary>
    private static double CtcOf(Plain x, int sample, int time, int[] target)
    {
        double sum = 0;
        foreach (int[] path in Plain.Indices(Enumerable.Repeat(3, time).ToArray()))
        {
            int[] spelled = path.Where((symbol, t) => symbol != 0 && (t == 0 || path[t - 1] != symbol)).ToArray();
            if (spelled.SequenceEqual(target))
            {
                sum += path.Select((symbol, t) => Math.Exp(x[t, sample, symbol]) / Enumerable.Range(0, 3).Sum(c => Math.Exp(x[t, sample, c]))).Aggregate(1.0, (a, b) => a * b);
            }
        }

        return -Math.Log(sum);
    }
}
