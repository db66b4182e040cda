using AutoDiff.Kernels;

namespace AutoDiff.Tests.Differentiation;

/// <summary>The checker accepts what is right and says what is wrong.</summary>
public class GradientCheckTests
{
    private static readonly Tensor<double> X = Tensor.Create([0.5, 1.2, 2.0]);

    [Fact]
    public void Right_derivatives_pass()
    {
        GradientCheck.Check(x => (x.Sin() * x.Exp()).Softmax() / x, X, order: 3);
        GradientCheck.Check(xs => xs[0].MatMul(xs[1]).Tanh(), [Tensor.Create([0.1, -0.2, 0.3, 0.4], 2, 2), Tensor.Create([1.0, -1.0])], order: 2);
        GradientCheck.Check(x => x.Sum() * 1e6, X);
        GradientCheck.Check(x => x * 0.0, X, order: 2);
        GradientCheck.Check(x => x.Exp(), Tensor.Zeros<double>(0));
        GradientCheck.Check(x => x.Square().Sum(), X.ConvertTo<float>());
    }

    [Fact]
    public void A_wrong_derivative_is_rejected_with_both_numbers()
    {
        string message = FluentActions.Invoking(() => GradientCheck.Check(x => x.Elementwise(VectorMath.Cos, ofInput: static x => x.Sin(), name: "Cos"), X))
            .Should().Throw<GradientCheckException>().Which.Message;
        message.Should().Match("order 1, element * of the output (shape [3]): the directional derivative is *, but finite differences give * (tolerance *). *is wrong.");
    }

    /// <summary>A price of 100, a volatility and a rate: moved by the size of the price, the small ones would leave their domains.</summary>
    [Fact]
    public void Numbers_of_very_different_sizes_are_moved_by_their_own()
    {
        Tensor<double> market = Tensor.Create([100, 0.25, 0.03, 0.0]);
        Tensor<double> Price(Tensor<double> p)
        {
            Tensor<double> d1 = ((p[0] / 100).Log() + p[2] + p[3] + p[1].Square() / 2) / p[1];
            return p[0] * d1.Ndtr() - 100 * (-p[2]).Exp() * (d1 - p[1]).Ndtr() + p[1].Log() + p[2].Sqrt();
        }

        for (int seed = 0; seed < 20; seed++)
        {
            GradientCheck.Check(Price, market, order: 2, seed: seed);
        }

        // A wrong rule of the smallest one is still found.
        for (int i = 0; i < 4; i++)
        {
            FluentActions.Invoking(() => GradientCheck.Check(p => Price(p) + (1e-3 * Rule(p[i], (g, x) => 2 * g, (t, x) => 2 * t)), market)).Should().Throw<GradientCheckException>();
        }
    }

    [Fact]
    public void Modes_that_disagree_are_rejected_by_the_dot_product() =>
        FluentActions.Invoking(() => GradientCheck.Check(x => Rule(x, (g, x) => g * x.Sin(), (t, x) => t * x.Cos()), X))
            .Should().Throw<GradientCheckException>().WithMessage("order 1, dot-product identity: u·(J v) = * from the forward sweep, but (u J)·v = * from the backward sweep*");

    [Fact]
    public void A_rule_that_is_wrong_in_second_order_needs_order_two()
    {
        Func<Tensor<double>, Tensor<double>> f = x => Rule(x, (g, x) => g * x.Detach().Cos(), (t, x) => t * x.Detach().Cos());
        GradientCheck.Check(f, X);
        FluentActions.Invoking(() => GradientCheck.Check(f, X, order: 2)).Should().Throw<GradientCheckException>().WithMessage("order 2, *");
    }

    [Fact]
    public void Points_without_a_derivative_are_named()
    {
        FluentActions.Invoking(() => GradientCheck.Check(x => x.Sqrt(), Tensor.Create([0.0, 1]))).Should().Throw<GradientCheckException>().WithMessage("*element 0*");
        FluentActions.Invoking(() => GradientCheck.Check(x => x.Log(), Tensor.Create([0.0, 1]))).Should().Throw<GradientCheckException>().WithMessage("*check at another point*");
    }

    /// <summary>Values that jump near the point, by paths whose derivative is 0 or knows nothing of it.</summary>
    public static TheoryData<string> Jumping => new(Jumps.Keys);

    private static readonly Dictionary<string, (Func<Tensor<double>, Tensor<double>> F, double At)> Jumps = new()
    {
        ["step beside the point"] = (x => x.Square() + x.Floor(), 2.001),
        ["choice of branches that do not meet"] = (x => Tensor.Where(x > 1.5, x + 0.1, x), 1.499),
        ["remainder"] = (x => x.Fmod(Tensor.Scalar(1.5)), 3.002),
    };

    [Theory]
    [MemberData(nameof(Jumping))]
    public void A_jump_is_found_and_placed(string name)
    {
        (Func<Tensor<double>, Tensor<double>> f, double at) = Jumps[name];
        FluentActions.Invoking(() => GradientCheck.Check(f, Tensor.Scalar(at))).Should().Throw<GradientCheckException>().WithMessage("order 1, element 0 of the output: the value jumps from*");
    }

    [Fact]
    public void Kinks_steep_slopes_and_edges_of_the_domain_are_no_jumps()
    {
        GradientCheck.Check(x => x.Relu(), Tensor.Scalar(0.0005));
        GradientCheck.Check(x => (x - 2.001).Abs().Sqrt(), Tensor.Scalar(2.0));
        GradientCheck.Check(x => ((x - 1.001) * 1e5).Tanh(), Tensor.Scalar(1.0));
        GradientCheck.Check(x => x.Log(), Tensor.Scalar(0.0001));
        GradientCheck.Check(x => Tensor.Where(x > 0.0, x.Log1p(), x), Tensor.Scalar(0.0004));
        GradientCheck.Check(x => (x * 30f).Sin(), Tensor.Create([0.3f, 0.9f]));
        GradientCheck.Check(x => x * 1e12 + 1.0, Tensor.Create([1e-9, 5.0]));
    }

    [Fact]
    public void Misuse_is_named()
    {
        FluentActions.Invoking(() => GradientCheck.Check(x => x, X, order: 0)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => GradientCheck.Check((Func<Tensor<double>, Tensor<double>>)null!, X)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => GradientCheck.Check(x => x, (Tensor<double>)null!)).Should().Throw<ArgumentNullException>();
    }

    /// <summary>The sine by a rule of one's own.</summary>
    private static Tensor<double> Rule(Tensor<double> x, Func<Tensor<double>, Tensor<double>, Tensor<double>> vjp, Func<Tensor<double>, Tensor<double>, Tensor<double>> jvp) =>
        Tensor<double>.General("Rule", [x], x.Dimensions, static (inputs, y) => VectorMath.Sin(inputs[0].Values, y.Writable), (g, _, operands) => vjp(g, operands[0]), (t, _, operands) => jvp(t, operands[0]));
}
