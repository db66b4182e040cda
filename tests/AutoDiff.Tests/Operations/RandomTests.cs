using AutoDiff.Kernels;

namespace AutoDiff.Tests.Operations;

/// <summary>The samplers: as functions of their parameters they go through the theories; their distributions are compared with their distribution functions.</summary>
public class RandomTests
{
    private static readonly RandomKey Key = new(20260101);

    private static readonly Dictionary<string, OperationRow<double>> Rows = new OperationRow<double>[]
    {
        new("Uniform", (a, b) => Key.Uniform(a, b)) { Exact = true },
        new("Normal", (m, s) => Key.Normal(m, s)) { Exact = true },
        new("LogNormal", (m, s) => Key.LogNormal(m, s)) { Shapes = "3 3 | 2x2 ()" },
        new("HalfNormal", s => Key.HalfNormal(s)) { Exact = true },
        new("MultivariateNormal", (m, l) => Key.MultivariateNormal(m, l)) { Shapes = "2 2x2 | 3x2 2x2 | 2 3x2x2", Exact = true },
        new("TruncatedNormal: mean and deviation", (m, s) => Key.TruncatedNormal(m, s, Tensor.Create([-1, double.NegativeInfinity]), Tensor.Create([1.5, 2]))) { Shapes = "2 2 | () 2", Domain = (0.5, 1.4) },
        new("TruncatedNormal: bounds", (a, b) => Key.TruncatedNormal(Tensor.Scalar(0.25), Tensor.Scalar(1.5), a, b)) { Shapes = "3 3 | 2 ()", Domains = [(-4, -1), (1, 4)] },
        new("Exponential", r => Key.Exponential(r)) { Domain = (0.5, 2) },
        new("Laplace", (m, s) => Key.Laplace(m, s)) { Exact = true },
        new("Logistic", (m, s) => Key.Logistic(m, s)) { Exact = true },
        new("Gumbel", (m, s) => Key.Gumbel(m, s)) { Exact = true },
        new("Cauchy", (m, s) => Key.Cauchy(m, s)) { Exact = true },
        new("Weibull", (s, c) => Key.Weibull(s, c)) { Domain = (0.7, 2), Shapes = "3 3 | 2x2 ()" },
        new("Pareto", (s, c) => Key.Pareto(s, c)) { Domain = (0.7, 2), Shapes = "3 3 | 2x2 ()" },
        new("Gamma", a => Key.Gamma(a)) { Domain = (0.3, 4), Shapes = "() | 5 | 2x3", Tolerance = 10 },
        new("ChiSquare", a => Key.ChiSquare(a)) { Domain = (0.6, 8), Shapes = "3", Tolerance = 10 },
        new("StudentT", a => Key.StudentT(a)) { Domain = (1, 6), Shapes = "3", Tolerance = 10 },
        new("Beta", (a, b) => Key.Beta(a, b)) { Domain = (0.5, 4), Shapes = "3 3 | 2 ()", Tolerance = 10 },
        new("Dirichlet", a => Key.Dirichlet(a)) { Domain = (0.5, 4), Shapes = "3 | 2x3", Tolerance = 10 },
        new("GumbelSoftmax", x => Key.GumbelSoftmax(x, 0.7)) { Shapes = "3 | 2x3" },
    }.ToDictionary(row => row.Name);

    public static IEnumerable<object[]> Samplers => Rows.Keys.Select(name => new object[] { name });

    [Theory, MemberData(nameof(Samplers))]
    public void Samples_are_differentiable_in_their_parameters_to_third_order(string name)
    {
        OperationRow<double> row = Rows[name];
        Theories<double>.DotProduct(row).Should().BePositive();
        for (int order = 1; order <= row.Order; order++)
        {
            Theories<double>.Orders(row, order).Should().BePositive();
        }

        Theories<double>.Batching(row);
        Theories<double>.Linearity(row);
        Theories<double>.Parity(row);
        Theories<double>.Determinism(row);
    }

    public static IEnumerable<object[]> Distributions => new (string, Func<RandomKey, int, Tensor<double>>, Func<double, double>)[]
    {
        ("uniform", (key, n) => key.Uniform<double>(n), x => x),
        ("normal", (key, n) => key.Normal<double>(n), NormalFunctions.Ndtr),
        ("exponential", (key, n) => key.Exponential(Tensor.Full(2.0, n)), x => 1 - Math.Exp(-2 * x)),
        ("Laplace", (key, n) => key.Laplace(Tensor.Full(1.0, n), Tensor.Scalar(2.0)), x => x < 1 ? Math.Exp((x - 1) / 2) / 2 : 1 - (Math.Exp((1 - x) / 2) / 2)),
        ("logistic", (key, n) => key.Logistic(Tensor.Full(1.0, n), Tensor.Scalar(2.0)), x => 1 / (1 + Math.Exp((1 - x) / 2))),
        ("Gumbel", (key, n) => key.Gumbel(Tensor.Full(1.0, n), Tensor.Scalar(2.0)), x => Math.Exp(-Math.Exp((1 - x) / 2))),
        ("Cauchy", (key, n) => key.Cauchy(Tensor.Full(1.0, n), Tensor.Scalar(2.0)), x => 0.5 + (Math.Atan((x - 1) / 2) / Math.PI)),
        ("Weibull", (key, n) => key.Weibull(Tensor.Full(2.0, n), Tensor.Scalar(1.5)), x => 1 - Math.Exp(-Math.Pow(x / 2, 1.5))),
        ("Pareto", (key, n) => key.Pareto(Tensor.Full(2.0, n), Tensor.Scalar(1.5)), x => 1 - Math.Pow(x / 2, -1.5)),
        ("half-normal", (key, n) => key.HalfNormal(Tensor.Full(2.0, n)), x => (2 * NormalFunctions.Ndtr(x / 2)) - 1),
        ("log-normal", (key, n) => key.LogNormal(Tensor.Full(0.5, n), Tensor.Scalar(2.0)), x => NormalFunctions.Ndtr((Math.Log(x) - 0.5) / 2)),
        ("truncated normal", (key, n) => key.TruncatedNormal(Tensor.Full(0.0, n), Tensor.Scalar(1.0), Tensor.Scalar(-1.0), Tensor.Scalar(2.0)),
            x => (NormalFunctions.Ndtr(x) - NormalFunctions.Ndtr(-1)) / (NormalFunctions.Ndtr(2) - NormalFunctions.Ndtr(-1))),
        ("gamma", (key, n) => key.Gamma(Tensor.Full(0.7, n)), x => IncompleteGamma.P(0.7, x)),
        ("chi-square", (key, n) => key.ChiSquare(Tensor.Full(3.0, n)), x => IncompleteGamma.P(1.5, x / 2)),
        ("beta", (key, n) => key.Beta(Tensor.Full(0.7, n), Tensor.Scalar(2.5)), x => IncompleteBeta.Value(0.7, 2.5, x)),
        ("Student's t, 1 degree of freedom", (key, n) => key.StudentT(Tensor.Full(1.0, n)), x => 0.5 + (Math.Atan(x) / Math.PI)),
        ("Dirichlet", (key, n) => key.Dirichlet(Tensor.Create([0.7, 1.5, 1]).BroadcastTo(n, 3))[.., 0], x => IncompleteBeta.Value(0.7, 2.5, x)),
    }.Select(entry => new object[] { entry.Item1, entry.Item2, entry.Item3 });

    /// <summary>The largest distance of the empirical distribution function from the true one (Kolmogorov and Smirnov): above 2 / √n it has a probability of 7e-4; the key is fixed.</summary>
    [Theory, MemberData(nameof(Distributions))]
    public void Samples_have_their_distribution(string name, Func<RandomKey, int, Tensor<double>> sample, Func<double, double> distribution)
    {
        const int n = 4000;
        double[] x = sample(Key, n).ToArray();
        Array.Sort(x);
        double distance = x.Select((value, i) => Math.Max(Math.Abs(distribution(value) - (i / (double)n)), Math.Abs(distribution(value) - ((i + 1) / (double)n)))).Max();
        distance.Should().BeLessThan(2 / Math.Sqrt(n), "{0} samples must have their distribution", name);
    }

    [Fact]
    public void Keys_are_values_and_their_parts_are_independent()
    {
        new RandomKey(7).Normal<double>(5).ToArray().Should().Equal(new RandomKey(7).Normal<double>(5).ToArray());
        RandomKey[] parts = Key.Split(3);
        parts.Should().OnlyHaveUniqueItems().And.NotContain(Key);
        parts[2].Should().Be(Key.Derive(2));
        Tensor<double> x = parts[0].Normal<double>(4000);
        Tensor<double> y = parts[1].Normal<double>(4000);
        Tensor.Stack([x, y]).Correlation().At(0, 1).Should().BeInRange(-0.06, 0.06);
    }

    [Fact]
    public void Discrete_samples_have_their_probabilities_and_are_constants()
    {
        using var tape = new Tape<double>();
        Tensor<double> p = tape.Variable(Tensor.Create([0.1, 0.2, 0.7]));
        Tensor<double> coins = Key.Bernoulli(p.BroadcastTo(4000, 3));
        tape.Gradient(coins.Sum(), p).ToArray().Should().OnlyContain(slope => slope == 0);
        coins.Mean(0).ToArray().Zip([0.1, 0.2, 0.7], (mean, q) => Math.Abs(mean - q)).Max().Should().BeLessThan(0.03);
        int[] classes = Key.Categorical(p.Log().BroadcastTo(4000, 3));
        Tensor.BinCount<double>(classes, 3).ToArray().Zip([400.0, 800, 2800], (count, expected) => Math.Abs(count - expected)).Max().Should().BeLessThan(120);
        int[] dice = Key.Integers(-1, 5, 6000);
        dice.GroupBy(face => face).Should().HaveCount(6).And.OnlyContain(face => face.Key >= -1 && face.Key < 5 && face.Count() > 880 && face.Count() < 1120);
        Key.Permutation(50).Should().NotBeInAscendingOrder().And.BeEquivalentTo(Enumerable.Range(0, 50));
        Enumerable.Range(0, 6000).GroupBy(i => string.Join(' ', Key.Derive(i).Permutation(3))).Should().HaveCount(6).And.OnlyContain(order => order.Count() > 880 && order.Count() < 1120);
    }

    [Fact]
    public void The_derivative_of_a_gamma_sample_has_mean_one_and_tiny_shapes_do_not_underflow()
    {
        // E[x] = a, and so the mean derivative by a is 1.
        Differentiate.Gradient(a => Key.Gamma(a.BroadcastTo(20000)).Mean(), Tensor.Scalar(1.5)).ToScalar().Should().BeApproximately(1, 0.03);
        Tensor<double> x = Key.Beta(Tensor.Full(1e-3, 100), Tensor.Scalar(1e-3));
        x.AsSpan().ToArray().Should().OnlyContain(value => value >= 0 && value <= 1);
        Tensor<double> y = Key.Dirichlet(Tensor.Full(1e-3, 100, 4));
        y.Sum(-1).ToArray().Should().OnlyContain(sum => Math.Abs(sum - 1) < 1e-14);
    }

    [Fact]
    public void Dropout_keeps_the_mean_and_drops_the_derivative_with_the_element()
    {
        Tensor<double> x = Tensor.Ones<double>(4000);
        Tensor<double> y = x.Dropout(0.25, Key);
        y.Mean().ToScalar().Should().BeApproximately(1, 0.05);
        Differentiate.Gradient(v => v.Dropout(0.25, Key).Sum(), x).ToArray().Should().Equal(y.ToArray());
        Differentiate.Gradient(v => v.Log().Dropout(0.5, Key).Sum(), Tensor.Zeros<double>(100)).ToArray().Should().OnlyContain(g => g == 0 || double.IsPositiveInfinity(g));
    }

    [Fact]
    public void Misuse_is_refused()
    {
        FluentActions.Invoking(() => Key.Split(-1)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => Key.Integers(3, 3, 1)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => Key.Permutation(-1)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => Key.Normal(Tensor.Ones<double>(2), Tensor.Ones<double>(3))).Should().Throw<TensorShapeException>();
        FluentActions.Invoking(() => Key.Normal(Tensor.Ones<double>(2), null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => Key.MultivariateNormal(Tensor.Ones<double>(2), Tensor.Ones<double>(2, 3))).Should().Throw<TensorShapeException>();
        FluentActions.Invoking(() => Key.GumbelSoftmax(Tensor.Ones<double>(2), 0)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => Key.Dirichlet(Tensor.Scalar(1.0))).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => Key.Categorical(Tensor.Ones<double>(2, 0))).Should().Throw<TensorShapeException>();
    }
}
