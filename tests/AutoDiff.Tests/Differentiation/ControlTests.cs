namespace AutoDiff.Tests.Differentiation;

/// <summary>What steers derivatives, and the bounds that a user sets.</summary>
public class ControlTests
{
    [Fact]
    public void A_hook_sees_and_changes_the_cotangent()
    {
        var seen = new List<double[]>();
        Tensor<double> gradient = Differentiate.Gradient(x => (x.Square().OnCotangent(g =>
        {
            seen.Add(g.ToArray());
            return g.Clamp(-1.0, 1.0);
        }) * Tensor.Create([5.0, 0.5])).Sum(), Tensor.Create([3.0, 4]));
        seen.Should().ContainSingle().Which.Should().Equal(5, 0.5);
        gradient.ToArray().Should().Equal(6, 4);
        Differentiate.Jvp(x => x.OnCotangent(g => g * 0.0), Tensor.Create([3.0]), Tensor.Create([2.0])).ToArray().Should().Equal(2.0);
        FluentActions.Invoking(() => Differentiate.Gradient(x => x.OnCotangent(g => g.Sum()).Sum(), Tensor.Create([3.0, 4]))).Should().Throw<TensorShapeException>().WithMessage("OnCotangent*");
    }

    /// <summary>Where the hook keeps the cotangent, it changes no derivative of any order.</summary>
    [Fact]
    public void A_hook_that_only_looks_is_not_there()
    {
        Func<Tensor<double>, Tensor<double>> f = x => (x.Sin().OnCotangent(g => g) * x).Exp();
        GradientCheck.Check(f, Tensor.Create([0.3, -0.6]), order: 3);
    }

    [Fact]
    public void Straight_through_has_other_values_and_the_same_derivative()
    {
        Tensor<double> x = Tensor.Create([0.3, 1.6]);
        Func<Tensor<double>, Tensor<double>> rounded = x => x.StraightThrough(Tensor.Create<double>(Array.ConvertAll(x.ToArray(), Math.Round)));
        (Tensor<double> value, Tensor<double> gradient) = Differentiate.ValueAndGradient(x => (rounded(x.Square()) * Tensor.Create([2.0, 3])).Sum(), x);
        value.ToScalar().Should().Be(9);
        gradient.ToArray().Should().Equal(2 * 2 * 0.3, 3 * 2 * 1.6);
        Differentiate.Hessian(x => rounded(x.Square()).Sum(), x).ToArray().Should().Equal(2, 0, 0, 2);
        FluentActions.Invoking(() => x.StraightThrough(Tensor.Scalar(1.0))).Should().Throw<TensorShapeException>().WithMessage("StraightThrough*");
    }

    /// <summary>The largest recorded value, [50, 40], is carried for no more vectors than the bound allows.</summary>
    [Theory]
    [InlineData(JacobianMode.Forward)]
    [InlineData(JacobianMode.Reverse)]
    public void The_memory_bound_of_a_Jacobian_holds(JacobianMode mode)
    {
        Tensor<double> w = Tensor.LinearSpace(-1.0, 1.0, 40 * 30).Reshape(40, 30).Sin();
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.LinearSpace(-0.5, 0.5, 30));
        int most = 0;
        Tensor<double> wide = (w.MatMul(x) * Tensor.LinearSpace(0.0, 1.0, 50).Reshape(50, 1)).OnCotangent(g =>
        {
            most = Math.Max(most, g.Length);
            return g;
        });
        Tensor<double> y = wide.Tanh().Sum(1);
        const long bound = 7 * 50 * 40 * sizeof(double);
        var options = new JacobianOptions { Mode = mode, MemoryBound = bound };
        JacobianPlan plan = tape.PlanJacobian(y, x, options);
        plan.Chunk.Should().Be(7);
        SparseJacobianTests.Near(tape.Jacobian(y, x, options), tape.Jacobian(y, x));
        most = 0;
        tape.Jacobian(y, x, options);
        if (mode == JacobianMode.Reverse)
        {
            most.Should().Be(7 * 50 * 40);
        }

        tape.PlanJacobian(y, x, options with { MemoryBound = 1 }).Chunk.Should().Be(1, "one vector travels at least");
    }

    [Fact]
    public void Forward_over_backward_over_forward()
    {
        Func<Tensor<double>, Tensor<double>> f = x => (x.Sin() * x[0]).Exp().Sum();
        Tensor<double> x = Tensor.Create([0.3, -0.5, 0.8]);
        Tensor<double> u = Tensor.Create([1.0, 0.2, -0.4]);
        Tensor<double> v = Tensor.Create([0.5, -1.0, 0.3]);

        // Jvp of Vjp of Jvp is the third derivative in the directions v and u.
        Tensor<double> actual = Differentiate.Jvp(x => Differentiate.Vjp(x => Differentiate.Jvp(f, x, u), x, Tensor.Scalar(1.0)), x, v);
        Tensor<double> third = Differentiate.Jacobian(x => Differentiate.Hessian(f, x), x);
        SparseJacobianTests.Near(actual, third.MatMul(v).MatMul(u));
        Tensor<double> other = Differentiate.Vjp(x => Differentiate.Jvp(x => Differentiate.Vjp(f, x, Tensor.Scalar(1.0)), x, v), x, u);
        SparseJacobianTests.Near(other, third.MatMul(v).MatMul(u));
    }
}
