namespace AutoDiff.Tests.Docs;

/// <summary>The tables of docs/conventions.md, row by row: each row there has its test here, and the other way round.</summary>
public class ConventionsTests
{
    private const double Inf = double.PositiveInfinity;
    private const double NaN = double.NaN;

    /// <summary>The logarithms of sums of exponentials, of all numbers of a vector (of two, where the operation takes two).</summary>
    private static readonly Func<Tensor<double>, Tensor<double>>[] LogSums =
        [x => x.LogSumExp(), x => x.LogMeanExp(), x => x.LogCumSumExp(0)[^1], x => x[0].LogAddExp(x[1]), x => x[0].LogAddExp2(x[1])];

    /// <summary>By the first cell of a row, what holds there.</summary>
    private static readonly Dictionary<string, Action> Rows = new()
    {
        ["`Abs` at 0"] = () => Slope(x => x.Abs(), 0).Should().Be(0),
        ["`Sign` anywhere"] = () => Gradient(x => x.Sign(), -2, 0, 3).Should().Equal(0, 0, 0),
        ["`Relu` at 0"] = () => Slope(x => x.Relu(), 0).Should().Be(0),
        ["`Clamp` at a bound"] = () => Gradient(x => x.Clamp(-1.0, 2.0), -1, 0, 2).Should().Equal(0, 1, 0),
        ["`Maximum`, `Minimum` at a tie"] = () =>
        {
            Differentiate.Gradient(p => p[0].Maximum(p[1]), [Tensor.Scalar(1.0), Tensor.Scalar(1.0)]).Select(g => g.ToScalar()).Should().Equal(0.5, 0.5);
            Differentiate.Gradient(p => p[0].Minimum(p[1]), [Tensor.Scalar(1.0), Tensor.Scalar(1.0)]).Select(g => g.ToScalar()).Should().Equal(0.5, 0.5);
            Slope(x => x.Maximum(x), 1).Should().Be(1);
        },
        ["`Max`, `Min` over axes, with ties"] = () =>
        {
            Gradient(x => x.Max(), 5, 1, 5, 5).Should().Equal(1.0 / 3, 0, 1.0 / 3, 1.0 / 3);
            Gradient(x => x.Min(), 5, 1, 1, 5).Should().Equal(0, 0.5, 0.5, 0);
        },
        ["`Norm` at the zero vector, any order"] = () =>
        {
            foreach (double order in (double[])[0, 0.5, 1, 1.5, 2, 3, Inf])
            {
                Gradient(x => x.Norm(order), 0, 0).Should().Equal([0, 0], $"the order is {order}");
            }
        },
        ["`Norm` of infinite order, with ties"] = () => Gradient(x => x.Norm(Inf), 3, -3, 1).Should().Equal(0.5, -0.5, 0),
        ["`LeakyRelu`, `Elu` (α ≠ 1), `PRelu` at 0"] = () =>
        {
            Slope(x => x.LeakyRelu(0.1), 0).Should().Be(0.1);
            Slope(x => x.Elu(2.0), 0).Should().Be(2);
            Gradient(x => x.PRelu(Tensor.Scalar(0.25), 0), 0).Should().Equal(0.25);
        },
        ["`Relu6`, `Hardtanh`, `Hardsigmoid`, `Softshrink` at their kinks"] = () =>
        {
            Gradient(x => x.Relu6(), 0, 6).Should().Equal(0, 0);
            Gradient(x => x.Hardtanh(), -1, 1).Should().Equal(0, 0);
            Gradient(x => x.Hardsigmoid(), -3, 3).Should().Equal(0, 0);
            Gradient(x => x.Softshrink(0.5), -0.5, 0.5).Should().Equal(0, 0);
        },
        ["`Softshrink`, `Hardshrink` with a threshold of 0, at 0"] = () => (Slope(x => x.Softshrink(0.0), 0), Slope(x => x.Hardshrink(0.0), 0)).Should().Be((1, 1)),
        ["`Clamp` with tensors, at a tie with a bound"] = () =>
            Differentiate.Gradient(p => p[0].Clamp(p[1], null), [Tensor.Scalar(1.0), Tensor.Scalar(1.0)]).Select(g => g.ToScalar()).Should().Equal(0.5, 0.5),
        ["`FMax`, `FMin` with a NaN"] = () =>
        {
            Gradient(x => x.FMax(Tensor.Scalar(NaN)), 2).Should().Equal(1);
            Gradient(x => x.FMin(Tensor.Scalar(NaN)), 2).Should().Equal(1);
        },
        ["`MaxWithIndices`, `Sort`, `TopK`, `KthValue`, `Mode`, with ties"] = () =>
        {
            Gradient(x => x.MaxWithIndices(0).Values, 3, 3, 1).Sum().Should().Be(1);
            Gradient(x => x.Sort(0).Values[0], 2, 2, 3).Should().Equal(1, 0, 0);
            Gradient(x => x.TopK(1, 0).Values, 3, 3, 1).Should().Equal(1, 0, 0);
            Gradient(x => x.KthValue(1, 0), 2, 2, 3).Should().Equal(1, 0, 0);
            Gradient(x => x.Mode(0), 2, 2, 3).Sum().Should().Be(1);
        },
        ["`Median` of an even count"] = () => Gradient(x => x.Median(), 4, 1, 3, 2).Should().Equal(0, 0, 0, 1),
        ["`MaxPool1D`, `MaxPool2D`, `MaxPool3D`, with ties"] = () =>
        {
            Gradient(x => x.Reshape(1, 1, -1).MaxPool1D(2), 3, 3, 1, 2).Should().Equal(1, 0, 0, 1);
            Gradient(x => x.Reshape(1, 1, 2, 2).MaxPool2D(2), 3, 3, 3, 3).Should().Equal(1, 0, 0, 0);
            Gradient(x => x.Reshape(1, 1, 2, 2, 1).MaxPool3D((2, 2, 1)), 3, 3, 3, 3).Should().Equal(1, 0, 0, 0);
        },
        ["`Atan2`, `Hypot` at the origin"] = () =>
        {
            Tensor<double>[] origin = [Tensor.Scalar(0.0), Tensor.Scalar(0.0)];
            Differentiate.Gradient(p => p[0].Atan2(p[1]), origin).Select(g => g.ToScalar()).Should().Equal(0, 0);
            Differentiate.Gradient(p => p[0].Hypot(p[1]), origin).Select(g => g.ToScalar()).Should().Equal(0, 0);
        },
        ["`StandardDeviation` of equal elements"] = () => Gradient(x => x.StandardDeviation(), 2, 2, 2).Should().Equal(0, 0, 0),
        ["`Cholesky`, `Eigh` and their kind"] = () =>
        {
            double[] g = Gradient(x => x.Reshape(2, 2).Cholesky() * Tensor.Create([1.0, 2, 3, 4], 2, 2), 4, 1, 1, 3);
            g[1].Should().BeApproximately(g[2], 1e-15);
            double[] values = Gradient(x => x.Reshape(2, 2).Eigh().Values[1], 4, 1, 1, 3);
            values[1].Should().BeApproximately(values[2], 1e-15);
        },
        ["comparisons"] = () =>
        {
            using var tape = new Tape<double>();
            Tensor<double> x = tape.Variable(1.0);
            Tensor<double> y = tape.Variable(2.0);
            Tensor<double>[] results = [x > y, x < 0.0, x >= y, x <= y, x.EqualTo(y), x.NotEqualTo(y)];
            Array.ConvertAll(results, result => tape.Gradient(result.Sum(), x).ToScalar()).Should().OnlyContain(slope => slope == 0);
        },
        ["`Sqrt` at 0, `Pow(0.5)` at 0"] = () =>
        {
            ValueAndSlope(x => x.Sqrt(), 0).Should().Be((0, Inf));
            ValueAndSlope(x => x.Pow(0.5), 0).Should().Be((0, Inf));
        },
        ["`Sqrt` below 0"] = () => ValueAndSlope(x => x.Sqrt(), -1).Should().Be((NaN, NaN)),
        ["`Log` at 0"] = () => ValueAndSlope(x => x.Log(), 0).Should().Be((-Inf, Inf)),
        ["`Log` below 0"] = () => ValueAndSlope(x => x.Log(), -2).Should().Be((NaN, -0.5)),
        ["`x.Pow(0)`"] = () =>
        {
            ValueAndSlope(x => x.Pow(0.0), 0).Should().Be((1, 0));
            ValueAndSlope(x => x.Pow(0.0), NaN).Should().Be((1, 0));
            ValueAndSlope(x => x.Pow(Tensor.Scalar(0.0)), 0).Should().Be((1, 0));
            ValueAndSlope(x => x.Pow(Tensor.Scalar(0.0)), NaN).Should().Be((1, 0));
        },
        ["`x.Pow(y)` at x = 0, by y"] = () =>
        {
            ValueAndSlope(y => Tensor.Scalar(0.0).Pow(y), 2).Should().Be((0, 0));
            ValueAndSlope(y => Tensor.Scalar(0.0).Pow(y), 0).Should().Be((1, 0));
            ValueAndSlope(y => Tensor.Scalar(0.0).Pow(y), -1).Should().Be((Inf, -Inf));
        },
        ["`x.Pow(y)` at x < 0, by y"] = () =>
        {
            ValueAndSlope(y => Tensor.Scalar(-2.0).Pow(y), 3).Should().Be((-8, NaN));
            ValueAndSlope(x => x.Pow(Tensor.Scalar(3.0)), -2).Should().Be((-8, 12));
        },
        ["`Prod` with zeros"] = () =>
        {
            Gradient(x => x.Prod(), 2, 3, 4).Should().Equal(12, 8, 6);
            Gradient(x => x.Prod(), 0, 3, 4).Should().Equal(12, 0, 0);
            Gradient(x => x.Prod(), 0, 3, 0).Should().Equal(0, 0, 0);
            Differentiate.Hessian(x => x.Prod(), Tensor.Create([0.0, 3.0, 0.0])).ToArray().Should().Equal(0, 0, 3, 0, 0, 0, 3, 0, 0);
        },
        ["`LogSumExp`, `LogMeanExp`, `LogCumSumExp`, `LogAddExp`, `LogAddExp2` of nothing but -∞"] = () =>
        {
            foreach (Func<Tensor<double>, Tensor<double>> f in LogSums)
            {
                f(Tensor.Create([-Inf, -Inf])).ToScalar().Should().Be(-Inf);
                Gradient(f, -Inf, -Inf).Should().Equal(0, 0);
            }
        },
        ["The same five, and `Softmax`, with elements of ∞"] = () =>
        {
            foreach (Func<Tensor<double>, Tensor<double>> f in LogSums)
            {
                f(Tensor.Create([Inf, 0])).ToScalar().Should().Be(Inf);
                Gradient(f, Inf, 0).Should().Equal(1, 0);
                Gradient(f, Inf, Inf).Should().Equal(0.5, 0.5);
            }

            Tensor.Create([Inf, 0, Inf]).Softmax().ToArray().Should().Equal(0.5, 0, 0.5);
        },
        ["`Softmax` of nothing but -∞"] = () =>
        {
            Tensor.Create([-Inf, -Inf]).Softmax().ToArray().Should().Equal(NaN, NaN);
            Gradient(x => x.Softmax(), -Inf, -Inf).Should().Equal(NaN, NaN);
        },
        ["NaN into `Max`, `Min`, `Maximum`, `Minimum`, `Relu`, `Clamp`"] = () =>
        {
            Tensor<double> x = Tensor.Create([1.0, NaN, 2.0]);
            Tensor<double>[] results = [x.Max(), x.Min(), x.Maximum(Tensor.Scalar(5.0))[1], Tensor.Scalar(5.0).Minimum(x)[1], x.Relu()[1], x.Clamp(0.0, 1.0)[1]];
            results.Select(result => result.ToScalar()).Should().OnlyContain(value => double.IsNaN(value));
            Func<Tensor<double>, Tensor<double>>[] functions = [x => x.Max(), x => x.Min(), x => x.Maximum(5.0), x => Tensor.Scalar(5.0).Minimum(x), x => x.Relu(), x => x.Clamp(0.0, 1.0)];
            functions.Select(f => Slope(f, NaN)).Should().OnlyContain(slope => double.IsNaN(slope));
        },
        ["NaN into steps, such as `Floor`"] = () =>
        {
            ValueAndSlope(x => x.Floor(), NaN).Should().Be((NaN, 0));
            ValueAndSlope(x => x.Heaviside(0.5), NaN).Should().Be((NaN, 0));
        },
        ["`Norm` with infinite elements"] = () =>
        {
            Gradient(x => x.Norm(), Inf, 0).Should().Equal(1, 0);
            Gradient(x => x.Norm(3), 4, -Inf).Should().Equal(0, -1);
        },
        ["`Beta`, `Binomial`, `Pochhammer` at their zeros"] = () =>
        {
            Slope(a => a.Beta(Tensor.Scalar(-0.5)), 0.5).Should().BeApproximately(-2 * Math.PI, 1e-14);
            Slope(n => n.Binomial(Tensor.Scalar(1.0)), 0).Should().BeApproximately(1, 1e-15);
            Slope(a => a.Pochhammer(Tensor.Scalar(3.0)), -2).Should().BeApproximately(2, 1e-15);
        },
        ["`Sum`, `Prod` of nothing"] = () =>
        {
            Tensor.Zeros<double>(0).Sum().ToScalar().Should().Be(0);
            Tensor.Zeros<double>(0).Prod().ToScalar().Should().Be(1);
            Gradient(x => x.Sum()).Should().BeEmpty();
            Gradient(x => x.Prod()).Should().BeEmpty();
        },
        ["`Variance`, `StandardDeviation` of no more elements than the correction"] = () =>
        {
            ValueAndSlope(x => x.Reshape(1).Variance().Sum(), 2).Should().Be((NaN, NaN));
            ValueAndSlope(x => x.Reshape(1).StandardDeviation().Sum(), 2).Should().Be((NaN, NaN));
        },
        ["`XLogY` at (0, 0)"] = () =>
        {
            Tensor<double>[] origin = [Tensor.Scalar(0.0), Tensor.Scalar(0.0)];
            origin[0].XLogY(origin[1]).ToScalar().Should().Be(0);
            Differentiate.Gradient(p => p[0].XLogY(p[1]), origin).Select(g => g.ToScalar()).Should().Equal(0, NaN);
        },
        ["`Determinant` of a singular matrix"] = () =>
        {
            double[] cofactors = Gradient(x => x.Reshape(2, 2).Determinant(), 1, 2, 2, 4);
            cofactors.Zip([4.0, -2, -2, 1], (a, b) => Math.Abs(a - b)).Max().Should().BeLessThan(1e-14);
        },
        ["`ScaledDotProductAttention` with a row masked out by its mask"] = () =>
        {
            Tensor<double> key = Tensor.Create([1.0, 2, 3, 4], 2, 2);
            Tensor<double> Attend(Tensor<double> q) => q.Reshape(1, 2).ScaledDotProductAttention(key, key, Tensor.Zeros<double>(1, 2));
            Attend(Tensor.Create([1.0, 1.0])).ToArray().Should().Equal(0, 0);
            Gradient(Attend, 1, 1).Should().Equal(0, 0);
        },
        ["`Loss.CrossEntropy` with every element ignored"] = () =>
        {
            Tensor<double> scores = Tensor.Create([1.0, 2], 1, 2);
            Loss.CrossEntropy(scores, [-100], ignoreIndex: -100).ToScalar().Should().Be(NaN);
            Gradient(x => Loss.CrossEntropy(x.Reshape(1, 2), [-100], ignoreIndex: -100), 1, 2).Should().OnlyContain(g => double.IsNaN(g) || g == 0);
        },
        ["`Mean` of nothing"] = () =>
        {
            Tensor.Zeros<double>(0).Mean().ToScalar().Should().Be(NaN);
            Gradient(x => x.Mean()).Should().BeEmpty();
        },
        ["`Max`, `Min` of nothing"] = () =>
        {
            Tensor<double> nothing = Tensor.Zeros<double>(0);
            nothing.Invoking(x => x.Max()).Should().Throw<TensorShapeException>();
            nothing.Invoking(x => x.Min()).Should().Throw<TensorShapeException>();
        },
    };

    public static TheoryData<string> TestedRows => new(Rows.Keys);

    [Theory]
    [MemberData(nameof(TestedRows))]
    public void The_row_holds(string row) => Rows[row]();

    [Fact]
    public void Every_row_of_the_tables_has_a_test()
    {
        IEnumerable<string> written = Documents.ReadLines("docs/conventions.md")
            .SkipWhile(line => line != "## Kinks and ties").TakeWhile(line => line != "## Lanes that were not chosen")
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| ---", StringComparison.Ordinal) && !line.StartsWith("| Operation and point |", StringComparison.Ordinal))
            .Select(line => line.Split('|')[1].Trim());
        written.Should().BeEquivalentTo(Rows.Keys);
    }

    private static double[] Gradient(Func<Tensor<double>, Tensor<double>> f, params double[] x) => Differentiate.Gradient(x => f(x).Sum(), Tensor.Create<double>(x)).ToArray();

    private static double Slope(Func<Tensor<double>, Tensor<double>> f, double x) => Differentiate.Derivative(f, x).ToScalar();

    private static (double Value, double Slope) ValueAndSlope(Func<Tensor<double>, Tensor<double>> f, double x) => (f(Tensor.Scalar(x)).ToScalar(), Slope(f, x));
}
