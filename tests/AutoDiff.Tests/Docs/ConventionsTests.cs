namespace AutoDiff.Tests.Docs;

/// <summary>The tables of docs/conventions.md, row by row: each row there has its test here, and the other way round.</summary>
public class ConventionsTests
{
    private const double Inf = double.PositiveInfinity;
    private const double NaN = double.NaN;

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
        ["comparisons"] = () =>
        {
            using var tape = new Tape<double>();
            Tensor<double> x = tape.Variable(1.0);
            Tensor<double> y = tape.Variable(2.0);
            Tensor<double>[] results = [x > y, x < 0.0, x >= y, x <= y, x.EqualTo(y), x.NotEqualTo(y)];
            results.Should().OnlyContain(result => result.Tape == null);
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
        ["`LogSumExp` of nothing but -∞"] = () =>
        {
            Tensor.Create([-Inf, -Inf]).LogSumExp().ToScalar().Should().Be(-Inf);
            Gradient(x => x.LogSumExp(), -Inf, -Inf).Should().Equal(0, 0);
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
        },
        ["`Sum`, `Prod` of nothing"] = () =>
        {
            Tensor.Zeros<double>(0).Sum().ToScalar().Should().Be(0);
            Tensor.Zeros<double>(0).Prod().ToScalar().Should().Be(1);
            Gradient(x => x.Sum()).Should().BeEmpty();
            Gradient(x => x.Prod()).Should().BeEmpty();
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
