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

    [Fact]
    public void They_are_a_read_only_dictionary()
    {
        IReadOnlyDictionary<string, Tensor<double>> dictionary = P;
        dictionary.Keys.Should().Equal("w", "b", "none");
        dictionary["b"].Should().BeSameAs(P["b"]);
        dictionary.ToDictionary(pair => pair.Key, pair => pair.Value.Length).Should().Equal(new Dictionary<string, int> { ["w"] = 6, ["b"] = 1, ["none"] = 0 });
    }

    [Fact]
    public void Arithmetic_goes_tensor_by_tensor_and_is_differentiated()
    {
        Parameters<double> q = P.Map(x => x * x);
        (P + q)["w"].ToArray().Should().Equal(2, 6, 12, 20, 30, 42);
        (q - P)["b"].ToScalar().Should().Be(-0.25);
        (-P)["b"].ToScalar().Should().Be(-0.5);
        (P * 2.0)["w"].ToArray().Should().Equal((2.0 * P)["w"].ToArray()).And.Equal(2, 4, 6, 8, 10, 12);
        (P / 2.0)["b"].ToScalar().Should().Be(0.25);
        P.Dot(P).ToScalar().Should().Be(91.25);
        P.Map((name, x) => name == "b" ? x + 1.0 : x)["b"].ToScalar().Should().Be(1.5);
        Differentiate.Gradient(p => (p + (p * 3.0)).Dot(p), P)["w"].ToArray().Should().Equal(8, 16, 24, 32, 40, 48);
        new Parameters<double>().Dot(new Parameters<double>()).ToScalar().Should().Be(0);
        FluentActions.Invoking(() => P + P.Where((name, _) => name != "w")).Should().Throw<ArgumentException>().WithMessage("+:*").And.ParamName.Should().Be("right");
    }

    [Fact]
    public void Parts_are_taken_and_put_together()
    {
        Parameters<double> matrices = P.Where((_, x) => x.Rank > 1);
        matrices.Keys.Should().Equal("w", "none");
        Parameters<double> model = P.WithPrefix("first.").Merge(P.WithPrefix("second."));
        model.Keys.Should().Equal("first.w", "first.b", "first.none", "second.w", "second.b", "second.none");
        model.Under("second.").Keys.Should().Equal(P.Keys);
        model.Under("second.")["w"].Should().BeSameAs(P["w"]);
        P.With(matrices * 2.0)["w"].ToArray().Should().Equal(2, 4, 6, 8, 10, 12);
        P.With(matrices * 2.0)["b"].Should().BeSameAs(P["b"]);
        FluentActions.Invoking(() => P.Merge(matrices)).Should().Throw<ArgumentException>().WithMessage("*'w' is in both*");
        FluentActions.Invoking(() => model.Under("third.")).Should().Throw<KeyNotFoundException>().WithMessage("*'third.'*first.w*");
        FluentActions.Invoking(() => matrices.With(P)).Should().Throw<KeyNotFoundException>();
    }

    [Fact]
    public void Disposal_is_of_all_or_none()
    {
        Parameters<double> own = P.Map(x => x + 1.0);
        using (own)
        {
            own["w"].At(0, 0).Should().Be(2);
        }

        FluentActions.Invoking(() => own["w"].ToArray()).Should().Throw<ObjectDisposedException>();
        using var tape = new Tape<double>();
        Parameters<double> mixed = own.With("w", Tensor.Ones<double>(2)).With("b", tape.Variable(1.0));
        FluentActions.Invoking(mixed.Dispose).Should().Throw<TapeException>();
        mixed["w"].ToArray().Should().Equal(1, 1);
        mixed.Detach()["b"].Tape.Should().BeNull();
    }

    [Fact]
    public void Hessian_in_named_blocks()
    {
        static Tensor<double> F(Parameters<double> p) => (p["w"].Square() * p["b"]).Sum();
        IReadOnlyDictionary<string, Parameters<double>> hessian = Differentiate.Hessian(F, P);
        hessian.Keys.Should().Equal(P.Keys);
        hessian["w"]["w"].Shape.ToArray().Should().Equal(2, 3, 2, 3);
        hessian["w"]["b"].ToArray().Should().Equal(2, 4, 6, 8, 10, 12);
        hessian["b"]["w"].ToArray().Should().Equal(2, 4, 6, 8, 10, 12);
        hessian["b"]["b"].ToScalar().Should().Be(0);
        hessian["w"]["w"].Reshape(6, 6).ToArray().Should().Equal(Tensor.Identity<double>(6).ToArray());
    }

    [Fact]
    public void Gradients_of_samples_by_name()
    {
        Tensor<double> x = Tensor.Create([1.0, 2, 3, 4, 5, 6], 3, 2);
        var line = new Parameters<double>(("slope", Tensor.Create([0.5, -1.0])), ("offset", Tensor.Scalar(2.0)));
        Parameters<double> gradients = Differentiate.PerSampleGradients(p => (x.MatMul(p["slope"]) + p["offset"]).Square(), line);
        for (int i = 0; i < 3; i++)
        {
            Parameters<double> one = Differentiate.Gradient(p => (x[i].Dot(p["slope"]) + p["offset"]).Square(), line);
            gradients["slope"][i].ToArray().Should().Equal(one["slope"].ToArray());
            gradients["offset"].At(i).Should().Be(one["offset"].ToScalar());
        }
    }
}
