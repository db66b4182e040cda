namespace AutoDiff.Tests.Differentiation;

/// <summary>Named parameters: order, flattening, and derivatives that keep the names.</summary>
public class ParametersTests
{
    private static readonly Parameters<double> P = new(("w", Tensor.Create([1.0, 2, 3, 4, 5, 6], 2, 3)), ("b", Tensor.Scalar(0.5)), ("none", Tensor.Zeros<double>(0, 2)));

    private sealed record Line(Tensor<double> Slope, Tensor<double> Offset)
    {
        public static Parameters<double> ToParameters(Line line) => new(("slope", line.Slope), ("offset", line.Offset));

        public static Line From(Parameters<double> p) => new(p["slope"], p["offset"]);
    }

    [Fact]
    public void Order_and_lookup()
    {
        P.Keys.Should().Equal("w", "b", "none");
        (P.Count, P.Length).Should().Be((3, 7));
        P.ContainsKey("b").Should().BeTrue();
        P.TryGetValue("c", out _).Should().BeFalse();
        P.Select(pair => pair.Value.Length).Should().Equal(6, 1, 0);
        P.With("b", Tensor.Scalar(2.0))["b"].ToScalar().Should().Be(2);
        P["b"].ToScalar().Should().Be(0.5);
        P.ToString().Should().Be("w [2, 3]\nb []\nnone [0, 2]");
        FluentActions.Invoking(() => P["c"]).Should().Throw<KeyNotFoundException>().WithMessage("*'c'*w, b, none*");
        FluentActions.Invoking(() => P.With("c", P["b"])).Should().Throw<KeyNotFoundException>();
        FluentActions.Invoking(() => new Parameters<double>(("a", P["w"]), ("a", P["b"]))).Should().Throw<ArgumentException>().WithMessage("*twice*");
        FluentActions.Invoking(() => P.WithValues(P["w"])).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Flatten_and_unflatten_are_inverse_and_recorded()
    {
        Tensor<double> flat = P.Flatten();
        flat.ToArray().Should().Equal(1, 2, 3, 4, 5, 6, 0.5);
        Parameters<double> back = P.Unflatten(flat);
        back["w"].Shape.ToArray().Should().Equal(2, 3);
        back["b"].Rank.Should().Be(0);
        back["none"].Shape.ToArray().Should().Equal(0, 2);
        Differentiate.Gradient(x => P.Unflatten(x).Map(y => y.Square()).Flatten().Sum(), flat).ToArray().Should().Equal(2, 4, 6, 8, 10, 12, 1);
        FluentActions.Invoking(() => P.Unflatten(Tensor.Zeros<double>(6))).Should().Throw<TensorShapeException>();
    }

    [Fact]
    public void Derivatives_keep_the_names()
    {
        static Tensor<double> F(Parameters<double> p) => p["w"].Square().Sum() * p["b"];
        (Tensor<double> value, Parameters<double> gradients) = Differentiate.ValueAndGradient(F, P);
        value.ToScalar().Should().Be(45.5);
        gradients["w"].ToArray().Should().Equal(1, 2, 3, 4, 5, 6);
        gradients["b"].ToScalar().Should().Be(91);
        gradients["none"].Length.Should().Be(0);
        Parameters<double> h = Differentiate.Hvp(F, P, P.Map(x => 0 * x + 1));
        h["w"].ToArray().Should().Equal(3, 5, 7, 9, 11, 13);
        h["b"].ToScalar().Should().Be(42);
        Differentiate.Jacobian(p => p["w"].Sum(1) * p["b"], P)["w"].Shape.ToArray().Should().Equal(2, 2, 3);
        P.Zip(gradients, (x, g) => x - g)["w"].Norm().ToScalar().Should().Be(0);
    }

    [Fact]
    public void Records_take_part_by_two_functions()
    {
        Tensor<double> x = Tensor.Create([0.0, 1, 2]);
        (Tensor<double> value, Line gradient) = Differentiate.ValueAndGradient(line => ((line.Slope * x) + line.Offset).Square().Sum(), new Line(Tensor.Scalar(2.0), Tensor.Scalar(1.0)), Line.ToParameters, Line.From);
        (value.ToScalar(), gradient.Slope.ToScalar(), gradient.Offset.ToScalar()).Should().Be((35, 26, 18));
    }
}
