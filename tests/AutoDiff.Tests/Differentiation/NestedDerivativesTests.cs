using Gradient = System.Func<System.Func<AutoDiff.Tensor<double>, AutoDiff.Tensor<double>>, AutoDiff.Tensor<double>, AutoDiff.Tensor<double>>;

namespace AutoDiff.Tests.Differentiation;

/// <summary>Derivatives of derivatives, and closures that capture the variables of an outer derivative.</summary>
public class NestedDerivativesTests
{
    private static readonly Gradient Backward = Differentiate.Gradient;

    private static readonly Gradient Forward = (f, x) => Tensor.Stack<double>(Enumerable.Range(0, x.Length)
        .Select(i => Differentiate.Jvp(f, x, Tensor.Identity<double>(x.Length)[i].Reshape(x.Shape))).ToArray()).Reshape(x.Shape);

    public static TheoryData<bool, bool> Mixtures => new() { { false, false }, { false, true }, { true, false }, { true, true } };

    [Fact]
    public void Perturbations_are_not_confused()
    {
        Differentiate.Derivative(x => x * Differentiate.Derivative(y => x + y, 1.0), 1.0).ToScalar().Should().Be(1);
        Differentiate.Gradient(x => x * Differentiate.Gradient(y => x + y, Tensor.Scalar(1.0)), Tensor.Scalar(1.0)).ToScalar().Should().Be(1);
        Differentiate.Derivative(x => x * Differentiate.Gradient(y => x * y, Tensor.Scalar(2.0)), 3.0).ToScalar().Should().Be(6);
        Differentiate.Gradient(x => x * Differentiate.Derivative(y => x * y.Square(), 2.0), Tensor.Scalar(3.0)).ToScalar().Should().Be(24);
        Differentiate.Derivative(x => Differentiate.Derivative(y => Differentiate.Derivative(z => x * y * z, 5.0) * y, 7.0) * x, 2.0).ToScalar().Should().Be(56, "d/dx 14 x² at 2");
    }

    [Fact]
    public void Every_order_of_a_smooth_function()
    {
        Func<Tensor<double>, Tensor<double>> f = x => x.Sin() * x.Exp();
        for (int mixture = 0; mixture < 32; mixture++)
        {
            Func<Tensor<double>, Tensor<double>> derivative = f;
            for (int k = 0; k < 5; k++)
            {
                Func<Tensor<double>, Tensor<double>> inner = derivative;
                derivative = (mixture >> k & 1) == 0 ? x => Differentiate.Derivative(inner, x) : x => Differentiate.Gradient(inner, x);
            }

            // The fifth derivative of e^x sin x is 2^(5/2) e^x sin(x + 5π/4).
            derivative(Tensor.Scalar(0.7)).ToScalar().Should().BeApproximately(Math.Pow(2, 2.5) * Math.Exp(0.7) * Math.Sin(0.7 + (5 * Math.PI / 4)), 1e-12, "mixture {0}", mixture);
        }
    }

    [Fact]
    public void A_variable_of_an_explicit_tape_is_captured()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(3.0);
        Tensor<double> g = Differentiate.Derivative(y => x * x * y * y, 2.0);
        g.ToScalar().Should().Be(36);
        tape.Gradient(g, x).ToScalar().Should().Be(24);
        tape.Jvp(g, x, Tensor.Scalar(1.0)).ToScalar().Should().Be(24);

        Tensor<double> h = Differentiate.Gradient(y => (y.Square() * x).Sum(), Tensor.Create([1.0, 2]));
        tape.Gradient(h.Sum(), x).ToScalar().Should().Be(6);
        Tensor<double> late = Differentiate.Gradient(y => y.Exp().Square().Sum() * x, Tensor.Create([0.0, 0]));
        tape.Gradient(late.Sum(), x).ToScalar().Should().Be(4);
        Tensor<double> hessian = Differentiate.Hessian(y => (y.Pow(3.0) * x).Sum(), Tensor.Create([1.0, 2]));
        hessian.ToArray().Should().Equal(18, 0, 0, 36);
        tape.Gradient(hessian.Sum(), x).ToScalar().Should().Be(18);
    }

    [Fact]
    public void A_point_on_a_tape_gives_recorded_results()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([1.0, 2]));
        Tensor<double> g = Differentiate.Gradient(y => y.Pow(3.0).Sum(), x);
        g.Tape.Should().BeSameAs(tape);
        tape.Gradient(g.Sum(), x).ToArray().Should().Equal(6, 12);
    }

    [Fact]
    public void Two_captured_tapes_do_not_mix()
    {
        using var first = new Tape<double>();
        using var second = new Tape<double>();
        (Tensor<double> x, Tensor<double> z) = (first.Variable(3.0), second.Variable(4.0));
        FluentActions.Invoking(() => Differentiate.Derivative(y => y * x * z, 2.0)).Should().Throw<TapeException>();
        first.Gradient(x.Square(), x).ToScalar().Should().Be(6);
    }

    [Theory, MemberData(nameof(Mixtures))]
    public void Saddle_point(bool outer, bool inner)
    {
        Tensor<double> start = Tensor.Create([1.0, 1.0]);
        Func<Tensor<double>, Tensor<double>, Tensor<double>> f = (p, q) => p.Square().Sum() - q.Square().Sum();
        Tensor<double> p = ArgMin(p => f(p, ArgMax(q => f(p, q), Mode(inner), start)), Mode(outer), start);
        Tensor<double> q = ArgMax(q => f(p, q), Mode(inner), start);
        foreach (double value in (double[])[.. p.ToArray(), .. q.ToArray()])
        {
            value.Should().BeApproximately(8.246324826140356e-06, 1e-17);
        }
    }

    [Theory, MemberData(nameof(Mixtures))]
    public void Particle_in_a_field(bool outer, bool inner)
    {
        Tensor<double> w = ArgMin(w => Miss(w, Mode(inner)), Mode(outer), Tensor.Create([0.0]));
        w.ToArray()[0].Should().BeApproximately(0.2071918746486116, 1e-12);
    }

    /// <summary>How far from the origin a charged particle crosses the ground, squared, with a charge that w moves; Euler's method.</summary>
    private static Tensor<double> Miss(Tensor<double> w, Gradient gradient)
    {
        const double dt = 0.1;
        Tensor<double> charge = Tensor.Stack([Tensor.Scalar(10.0), 10.0 - w[0]]);
        Tensor<double> other = Tensor.Create([10.0, 0]);
        Tensor<double> Potential(Tensor<double> at) => (1.0 / (at - charge).Norm()) + (1.0 / (at - other).Norm());
        Tensor<double> x = Tensor.Create([0.0, 8]);
        Tensor<double> v = Tensor.Create([0.75, 0]);
        while (true)
        {
            Tensor<double> acceleration = -gradient(Potential, x);
            Tensor<double> next = x + (v * dt);
            if (next.At(1) <= 0)
            {
                return (x + (v * (-x[1] / v[1])))[0].Square();
            }

            (x, v) = (next, v + (acceleration * dt));
        }
    }

    private static Gradient Mode(bool backward) => backward ? Backward : Forward;

    private static Tensor<double> ArgMax(Func<Tensor<double>, Tensor<double>> f, Gradient gradient, Tensor<double> start) => ArgMin(x => -f(x), gradient, start);

    /// <summary>Gradient descent with a step that grows after ten successes and shrinks after a failure.</summary>
    private static Tensor<double> ArgMin(Func<Tensor<double>, Tensor<double>> f, Gradient gradient, Tensor<double> start)
    {
        (Tensor<double> x, Tensor<double> y, Tensor<double> g) = (start, f(start), gradient(f, start));
        (double eta, int successes) = (1e-5, 0);
        while (g.Norm().ToScalar() > 1e-5)
        {
            if (successes == 10)
            {
                (eta, successes) = (2 * eta, 0);
                continue;
            }

            Tensor<double> next = x - (g * eta);
            if ((x - next).Norm().ToScalar() <= 1e-5)
            {
                break;
            }

            Tensor<double> value = f(next);
            if (value.ToScalar() < y.ToScalar())
            {
                (x, y, g, successes) = (next, value, gradient(f, next), successes + 1);
            }
            else
            {
                (eta, successes) = (eta / 2, 0);
            }
        }

        return x;
    }

    /// <summary>Sweeps in batches over recorded sweeps in batches, where operations leave structural zeros: both directions, against the third derivatives of one element.</summary>
    [Fact]
    public void Jacobians_of_Hessians_of_parts()
    {
        Func<Tensor<double>, Tensor<double>>[] parts =
        [
            x => x[..2], x => x.Take([1, 0]), x => Tensor.Concat([x[1..2], x[..1]]), x => Tensor.Where(Tensor.Create([1.0, 1, 0, 0]), x, 0.5), x => x.Reshape(2, 2)[0], x => x.Pad([(1, 2)])[1..3],
            x => Tensor.Stack([x, x * 2.0])[0, ..2],
        ];
        Tensor<double> x = Tensor.Create([0.4, -0.3, 1.2, 0.7]);
        foreach (Func<Tensor<double>, Tensor<double>> part in parts)
        {
            Func<Tensor<double>, Tensor<double>> hessian = x => Differentiate.Hessian(x => part(x).Sin().Sum(), x);
            double[] third = Differentiate.Jacobian(hessian, x).ToArray();
            for (int i = 0; i < 64; i++)
            {
                third[i].Should().BeApproximately(i == 0 ? -Math.Cos(0.4) : i == 21 ? -Math.Cos(-0.3) : 0, 1e-15, "of element {0}", i);
            }

            Tensor<double> weights = Tensor.LinearSpace(1.0, 16.0, 16).Reshape(4, 4);
            double[] backward = Differentiate.Gradient(x => (hessian(x) * weights).Sum(), x).ToArray();
            (backward[0], backward[1], backward[2], backward[3]).Should().Be((-Math.Cos(0.4), -6 * Math.Cos(-0.3), 0, 0));
        }
    }

    [Fact]
    public void A_rule_takes_a_derivative_of_its_own_of_a_function_that_captures_the_variable_that_is_swept()
    {
        // The tape of the inner function goes on as a part of the older one, whichever operand comes first, also while that is swept.
        Tensor<double> at = Tensor.Create([3.0, 5.0]);
        foreach (bool innerFirst in new[] { true, false })
        {
            Tensor<double>? outer = null;
            var square = new CustomOperation<double>("Square", xs => xs[0] * xs[0] * 0.5, vjp: (g, xs, _) => [g * Differentiate.Gradient(v => (innerFirst ? v * outer! : outer! * v).Sum(), xs[0])]);
            Differentiate.Gradient(x =>
            {
                outer = x;
                return square.Apply(x).Sum();
            }, at).ToArray().Should().Equal(3, 5);
        }
    }
}
