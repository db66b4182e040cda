using AutoDiff.Optimization;

namespace AutoDiff.Tests.Differentiation;

/// <summary>The first lines that a person types compile, with the types that are meant.</summary>
public class FirstLinesTests
{
    [Fact]
    public void Points_are_arrays_or_lists_of_numbers()
    {
        double[] point = [1.0, 2.0];
        Differentiate.Gradient(x => (x * x).Sum(), point).ToArray().Should().Equal(2, 4);
        Differentiate.Gradient(x => (x * x).Sum(), [1.0, 2.0]).ToArray().Should().Equal(2, 4);
        Differentiate.Gradient(x => (x * x).Sum(), [1, 2]).ToArray().Should().Equal(2, 4);
        Tensor<float> single = Differentiate.Gradient(x => (x * x).Sum(), [1f, 2f]);
        single.ToArray().Should().Equal(2f, 4f);
        (Tensor<double> value, Tensor<double> gradient) = Differentiate.ValueAndGradient(x => (x * x).Sum(), point);
        (value.ToScalar(), gradient[1].ToScalar()).Should().Be((5, 4));
        Differentiate.Jacobian(x => x * x, point).ToArray().Should().Equal(2, 0, 0, 4);
        Differentiate.Hessian(x => (x * x * x).Sum(), point).ToArray().Should().Equal(6, 0, 0, 12);
        Differentiate.Derivative(x => x * x, 2).ToScalar().Should().Be(4);

        point[0] = 7;
        gradient.ToArray().Should().Equal(2, 4);
    }

    [Fact]
    public void Points_are_sequences_of_either_type()
    {
        float[] single = [1f, 2f];
        List<double> list = [1.0, 2.0];
        List<float> singles = [1f, 2f];
        IEnumerable<double> query = list.Where(value => value > 0);
        IReadOnlyList<double> view = list;
        Tensor<float> gradient = Differentiate.Gradient(x => (x * x).Sum(), single);
        gradient.ToArray().Should().Equal(2f, 4f);
        Differentiate.Gradient(x => (x * x).Sum(), singles).ToArray().Should().Equal(2f, 4f);
        foreach (Tensor<double> each in new[]
        {
            Differentiate.Gradient(x => (x * x).Sum(), list), Differentiate.Gradient(x => (x * x).Sum(), query), Differentiate.Gradient(x => (x * x).Sum(), view),
            Differentiate.ValueAndGradient(x => (x * x).Sum(), list).Gradient, Differentiate.Jacobian(x => (x * x).Sum(), list), Differentiate.Jvp(x => x * x, list, [1.0, 1.0]),
            Differentiate.Vjp(x => x * x, list, query.Select(_ => 1.0)), Differentiate.Hvp(x => (x * x * x).Sum() / 3.0, list, [1.0, 1.0]), Differentiate.Hessian(x => (x * x * x).Sum() / 3.0, list).Sum(0),
        })
        {
            each.ToArray().Should().Equal(2, 4);
        }

        (Tensor<float> value, gradient) = Differentiate.ValueAndGradient(x => (x * x).Sum(), single);
        (value.ToScalar(), gradient[1].ToScalar()).Should().Be((5f, 4f));
        Differentiate.Jacobian(x => x * x, single).ToArray().Should().Equal(2f, 0f, 0f, 4f);
        Differentiate.Hessian(x => (x * x * x).Sum(), single).ToArray().Should().Equal(6f, 0f, 0f, 12f);
        Differentiate.Jvp(x => x * x, single, single).ToArray().Should().Equal(2f, 8f);
        Differentiate.Vjp(x => x * x, single, single).ToArray().Should().Equal(2f, 8f);
        Differentiate.Hvp(x => (x * x * x).Sum(), single, single).ToArray().Should().Equal(6f, 24f);
        GradientCheck.Check(x => x.Exp() * x, list);

        // What a list of numbers meant before, it means still.
        Differentiate.Gradient(x => (x * x).Sum(), [1, 2]).Should().BeOfType<Tensor<double>>();
        Differentiate.Gradient(x => (x * x).Sum(), [1f, 2f]).Should().BeOfType<Tensor<float>>();
        var weights = new Parameters<double>(("w", Tensor.Create(1.0, 2.0)));
        Differentiate.Gradient(p => (p["w"] * p["w"]).Sum(), weights)["w"].ToArray().Should().Equal(2, 4);
        Tensor<double>[] several = [Tensor.Scalar(2.0), Tensor.Scalar(3.0)];
        Differentiate.Gradient(xs => xs[0] * xs[1], several)[0].ToScalar().Should().Be(3);
    }

    [Fact]
    public void Functions_are_compiled_at_arrays_and_lists()
    {
        double[] point = [1.0, 2.0];
        CompiledFunction<double> f = Differentiate.Compile(x => (x * x).Sum(), point);
        f.Invoke(point).ToScalar().Should().Be(5);
        f.Invoke([3.0, 4.0]).ToScalar().Should().Be(25);
        f.Invoke([3, 4]).ToScalar().Should().Be(25);
        Differentiate.Compile(x => (x * x).Sum(), [1, 2]).Invoke(point).ToScalar().Should().Be(5);
        Differentiate.Compile(x => (x * x).Sum(), [1.0, 2.0]).Invoke(point).ToScalar().Should().Be(5);
        Differentiate.Compile(x => (x * x).Sum(), new List<double> { 1, 2 }).Invoke(point).ToScalar().Should().Be(5);
        Differentiate.Compile(x => (x * x).Sum(), new[] { 1f, 2f }, new CompileOptions { VerifyEvery = 1 }).Invoke(new[] { 3f, 4f }).ToScalar().Should().Be(25f);
        Differentiate.Compile(xs => [xs[0] * xs[1]], [Tensor.Scalar(2.0), Tensor.Scalar(3.0)]).Invoke(Tensor.Scalar(4.0), Tensor.Scalar(5.0))[0].ToScalar().Should().Be(20);
        FluentActions.Invoking(() => f.Invoke((double[])null!)).Should().Throw<ArgumentNullException>().WithParameterName("x");
        FluentActions.Invoking(() => Differentiate.Compile(x => x.Sum(), (double[])null!)).Should().Throw<ArgumentNullException>().WithParameterName("example");
    }

    [Fact]
    public void Arrays_that_are_null_are_refused_by_name()
    {
        Func<Tensor<double>, Tensor<double>> f = x => x.Sum();
        double[] missing = null!;
        List<double> none = null!;
        foreach (Action call in new Action[]
        {
            () => Differentiate.Gradient(f, missing), () => Differentiate.ValueAndGradient(f, missing), () => Differentiate.Jacobian(f, missing), () => Differentiate.Hessian(f, missing),
            () => GradientCheck.Check(f, missing), () => Differentiate.Jvp(f, missing, [1.0]), () => Differentiate.Vjp(f, missing, [1.0]), () => Differentiate.Hvp(f, missing, [1.0]),
            () => Differentiate.Gradient(f, none), () => Differentiate.ValueAndGradient(f, none), () => Differentiate.Jacobian(f, none), () => Differentiate.Hessian(f, none),
            () => GradientCheck.Check(f, none), () => Differentiate.Jvp(f, none, none), () => Differentiate.Vjp(f, none, none), () => Differentiate.Hvp(f, none, none),
        })
        {
            call.Should().Throw<ArgumentNullException>().WithParameterName("x");
        }
    }

    [Fact]
    public void Tensors_are_made_of_what_is_typed()
    {
        Tensor<double> x = Tensor.Create([1.0, 2, 3]), mask = x > 1.0;
        Tensor.Create([1, 2, 3]).ToArray().Should().Equal(1.0, 2.0, 3.0);
        Tensor.Zeros(2, 3).Length.Should().Be(6);
        Tensor.Where(mask, 1.0, 0.0).ToArray().Should().Equal(0, 1, 1);
        Tensor.Where(mask, 0, x).ToArray().Should().Equal(1, 0, 0);
        Tensor.Stack([1.0, 2.0]).ToArray().Should().Equal(1, 2);
        x.AllClose(x).Should().BeTrue();
        x.Softmax().Sum().ToScalar().Should().BeApproximately(1, 1e-15);
    }

    [Fact]
    public void Numbers_that_are_listed_are_a_vector()
    {
        Tensor<double> two = Tensor.Create(1.0, 2.0), whole = Tensor.Create(1, 2, 3), mixed = Tensor.Create(1, 2.5, 3f);
        Tensor<float> single = Tensor.Create(1f, 2f, 3f, 4f);
        two.ToArray().Should().Equal(1, 2);
        whole.ToArray().Should().Equal(1, 2, 3);
        mixed.ToArray().Should().Equal(1, 2.5, 3);
        single.ToArray().Should().Equal(1f, 2f, 3f, 4f);
        Tensor.Create<float>(1, 2).ToArray().Should().Equal(1f, 2f);

        // What stands before a shape is still the values.
        double[] values = [1, 2];
        int[] integers = [1, 2], shape = [2, 1];
        Tensor.Create(values, 2, 1).Shape.ToArray().Should().Equal(2, 1);
        Tensor.Create(values, shape).Shape.ToArray().Should().Equal(2, 1);
        Tensor.Create(integers, 2, 1).Shape.ToArray().Should().Equal(2, 1);
        Tensor.Create(integers, shape).Shape.ToArray().Should().Equal(2, 1);
        Tensor.Create([1.0, 2.0], 2, 1).Shape.ToArray().Should().Equal(2, 1);
        Tensor.Create([5], 1).Shape.ToArray().Should().Equal(1);
    }

    [Fact]
    public void Two_dimensional_arrays_are_matrices()
    {
        Tensor<double> matrix = Tensor.Create(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        matrix.Shape.ToArray().Should().Equal(2, 3);
        matrix.ToArray().Should().Equal(1, 2, 3, 4, 5, 6);
        Tensor<float> single = Tensor.Create(new[,] { { 1f }, { 2f } });
        single.Shape.ToArray().Should().Equal(2, 1);
        Tensor<double> whole = Tensor.Create(new[,] { { 1, 2 }, { 3, 4 } });
        whole.ToArray().Should().Equal(1, 2, 3, 4);
        Tensor.Create(new double[0, 3]).Shape.ToArray().Should().Equal(0, 3);
        FluentActions.Invoking(() => Tensor.Create((double[,])null!)).Should().Throw<ArgumentNullException>().WithMessage("Create: *");
        FluentActions.Invoking(() => Tensor.Create((int[,])null!)).Should().Throw<ArgumentNullException>().WithMessage("Create: *");

        // The values are copied.
        double[,] source = { { 1, 2 } };
        Tensor<double> copy = Tensor.Create(source);
        source[0, 0] = 7;
        copy[0, 0].ToScalar().Should().Be(1);
    }

    [Fact]
    public void Variables_are_arrays_and_lists_of_numbers()
    {
        using var tape = new Tape<double>();
        double[] spots = [1.0, 2.0];
        Tensor<double> x = tape.Variable(spots), y = tape.Variable(new[] { 3.0, 4.0 }), z = tape.Variable([5.0, 6.0]);
        spots[0] = 7;
        tape.Gradient((x * y * z).Sum(), [x, y, z]).Select(g => g.ToArray()[0]).Should().Equal(15, 5, 3);
        Enumerable.Range(0, 3).Select(i => tape.OperationAt(i).Variable).Should().Equal("spots", null, null);
        FluentActions.Invoking(() => tape.Variable((double[])null!)).Should().Throw<ArgumentNullException>().WithMessage("Variable: *").WithParameterName("values");
    }

    [Fact]
    public void Gradients_are_checked_at_arrays_and_lists_of_numbers()
    {
        double[] point = [1.0, 2.0];
        GradientCheck.Check(x => x.Exp() * x, point, order: 2);
        GradientCheck.Check(x => x.Exp() * x, [1.0, 2.0]);
        GradientCheck.Check(x => x.Exp() * x, [1, 2]);
        FluentActions.Invoking(() => GradientCheck.Check(x => x * x.Detach(), point)).Should().Throw<GradientCheckException>();
    }

    [Fact]
    public void Products_are_taken_at_arrays()
    {
        double[] point = [1.0, 2.0], direction = [1.0, 0.0];
        Differentiate.Jvp(x => x * x, point, direction).ToArray().Should().Equal(2, 0);
        Differentiate.Vjp(x => x * x, point, direction).ToArray().Should().Equal(2, 0);
        Differentiate.Hvp(x => (x * x * x).Sum(), point, direction).ToArray().Should().Equal(6, 0);
        Differentiate.Hvp(x => (x * x * x).Sum(), [1.0, 2.0], [1.0, 0.0]).ToArray().Should().Equal(6, 0);
    }

    [Fact]
    public void Numbers_in_a_tuple_are_a_point()
    {
        (double spot, double volatility) = (100.0, 0.5);
        (Tensor<double> delta, Tensor<double> vega) = Differentiate.Gradient((s, v) => s * v * v, (spot, volatility));
        (delta.ToScalar(), vega.ToScalar()).Should().Be((0.25, 100.0));
        Differentiate.Gradient((x, y, z) => x * y * z, (1, 2, 3)).C.ToScalar().Should().Be(2);
        var (value, (byX, byY)) = Differentiate.ValueAndGradient((x, y) => x * y, (2, 3));
        (value.ToScalar(), byX.ToScalar(), byY.ToScalar()).Should().Be((6, 3, 2));
        Differentiate.ValueAndGradient((x, y, z) => x * y * z, (1, 2, 3)).Gradients.A.ToScalar().Should().Be(6);
        (Tensor<double> x, Tensor<double> y) point = (Tensor.Scalar(2), Tensor.Scalar(3));
        Differentiate.Gradient((x, y) => x * y, point).A.ToScalar().Should().Be(3);
    }

    [Fact]
    public void A_value_comes_with_its_derivative()
    {
        int calls = 0;
        (Tensor<double> value, Tensor<double> slope) = Differentiate.ValueAndDerivative(x => { calls++; return x * x * x; }, 2);
        (value.ToScalar(), slope.ToScalar(), calls).Should().Be((8, 12, 1));
        Differentiate.ValueAndDerivative(x => x * x, 3f).Derivative.ToScalar().Should().Be(6f);
        Differentiate.ValueAndDerivative(x => Tensor.Stack([x, x * x]), Tensor.Scalar(3.0)).Derivative.ToArray().Should().Equal(1, 6);
        FluentActions.Invoking(() => Differentiate.ValueAndDerivative(x => x, Tensor.Ones(2))).Should().Throw<TensorShapeException>().WithMessage("ValueAndDerivative: *");
    }

    [Fact]
    public void Lists_and_queries_make_tensors()
    {
        Tensor.Create(new List<double> { 1, 2 }).ToArray().Should().Equal(1, 2);
        Tensor<float> halves = Tensor.Create(Enumerable.Range(0, 3).Select(i => i / 2f));
        halves.ToArray().Should().Equal(0f, 0.5f, 1f);
        Tensor.Create(Array.Empty<double>().Where(x => x > 0)).Shape.ToArray().Should().Equal(0);
        FluentActions.Invoking(() => Tensor.Create((IEnumerable<double>)null!)).Should().Throw<ArgumentNullException>().WithMessage("Create: *").WithParameterName("values");
    }

    [Fact]
    public void Weights_hold_doubles_where_nothing_is_said()
    {
        var key = new RandomKey(1);
        Initialize.KaimingNormal(key, [2, 3]).ToArray().Should().Equal(Initialize.KaimingNormal<double>(key, [2, 3]).ToArray());
        Initialize.KaimingUniform(key, [2, 3]).ToArray().Should().Equal(Initialize.KaimingUniform<double>(key, [2, 3]).ToArray());
        Initialize.XavierNormal(key, [2, 3]).ToArray().Should().Equal(Initialize.XavierNormal<double>(key, [2, 3]).ToArray());
        Initialize.XavierUniform(key, [2, 3]).ToArray().Should().Equal(Initialize.XavierUniform<double>(key, [2, 3]).ToArray());
        Initialize.Orthogonal(key, [2, 3], gain: 2).ToArray().Should().Equal(Initialize.Orthogonal<double>(key, [2, 3], gain: 2).ToArray());
    }

    [Fact]
    public void Results_print_what_they_hold()
    {
        ImplicitSolution<double> root = Implicit.Root((x, p) => x * x - p, Tensor.Scalar(1.0), Tensor.Scalar(4.0));
        root.ToString().Should().Match("Residual * after * iterations, at\n2");
        var sparse = new SparseJacobian<double>(x => x * x);
        SparseMatrix<double> jacobian = sparse.Evaluate(Tensor.Create(1.0, 2.0));
        jacobian.ToString().Should().Be("2 × 2, 2 nonzeros");
        jacobian.Pattern.ToString().Should().Be("2 × 2, 2 nonzeros");
        using JacobianOperator<double> matrix = JacobianOperator<double>.Create(x => x * 2.0, Tensor.Zeros(2));
        IterativeSolvers.ConjugateGradient(matrix, Tensor.Create(2.0, 4.0)).ToString().Should().Be("Converged after 1 products: residual 0, at\n[1, 2]");
        Differentiate.Map<double>((own, shared) => own[0] * shared[0], Tensor.Create([[1.0], [3.0]]), Tensor.Create([2.0])).ToString().Should().Be("2 scenarios in 1 groups, mean value 4");
    }
}
