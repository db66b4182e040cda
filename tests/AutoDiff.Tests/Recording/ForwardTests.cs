using AutoDiff.Tests.Stress;

namespace AutoDiff.Tests.Recording;

/// <summary>Forward mode without a tape.</summary>
[Collection(nameof(MemoryTests))]
public class ForwardTests
{
    private static readonly Tensor<double> X = Tensor.Create([0.3, -0.7, 1.2]);
    private static readonly Tensor<double> V = Tensor.Create([1.0, 0.5, -2.0]);

    private static Tensor<double>? Pass(Func<Tensor<double>, Tensor<double>> f) => Tape<double>.PassTangents("Jvp", xs => f(xs[0]), [X], [new SweepVector<double>(V)])?.Values;

    /// <summary>A scan of few steps runs as a loop, which may use what it made itself, and nothing else that has a tangent.</summary>
    [Fact]
    public void A_short_scan_may_use_what_it_made_itself()
    {
        (Tensor<double> x, Tensor<double> v) = (Tensor.Create([0.3, -0.7]), Tensor.Create([1.0, 2.0]));
        Tensor<double> ByScan(Tensor<double> x) => Differentiate.Scan((s, p, _) => (s * p[0]).Sin().Exp() + s, x, [x], 3);
        Tensor<double> ByLoop(Tensor<double> x)
        {
            Tensor<double> s = x;
            for (int i = 0; i < 3; i++)
            {
                s = (s * x).Sin().Exp() + s;
            }

            return s;
        }

        Differentiate.Jvp(ByScan, x, v).ToArray().Should().Equal(Differentiate.Jvp(ByLoop, x, v).ToArray());
        FluentActions.Invoking(() => Differentiate.Jvp(z => z.Sin() is var other ? Differentiate.Scan((s, p, _) => s * other, z, [z], 3) : z, x, v)).Should().Throw<TapeException>();
    }

    [Fact]
    public void Tangents_pass_without_records()
    {
        Pass(x => (x * x).Sin()).Should().NotBeNull("no record is needed");
        Pass(x => (x * x).Sin())!.ToArray().Should().Equal(Differentiate.Jvp(x => (x * x).Sin(), X, V).ToArray());
        Pass(x => Tensor.Ones<double>(2))!.ToArray().Should().Equal([0, 0], "a constant function has no derivative");
        Pass(x => x)!.ToArray().Should().Equal(V.ToArray());
    }

    [Fact]
    public void A_long_loop_keeps_nothing_of_its_past()
    {
        long largest = 0;
        long before = WatchedPools.LivingBytes();
        Tensor<double> jv = Differentiate.Jvp(
            x =>
            {
                for (int i = 0; i < 200_000; i++)
                {
                    x = (x * 1.0001).Sin();
                    if (i % 40_000 == 39_999)
                    {
                        largest = Math.Max(largest, WatchedPools.LivingBytes() - before);
                    }
                }

                return x;
            }, X, V);
        // A poisoned pool has the small tensors too, and what is pooled waits for the end of the function, up to a bound in bytes: three arrays of 64 bytes a step.
        largest.Should().BeLessThan(StressRun.Pool ? 40_000_000 : 5_000_000, "400,000 operations on a tape would keep about 100 MB");
        jv.ToArray().Should().OnlyContain(t => double.IsFinite(t));
    }

    /// <summary>It is called once, whatever it does, and an exception of the library's own never passes through it.</summary>
    [Fact]
    public void A_function_that_takes_derivatives_itself_is_called_once()
    {
        using var other = new Tape<double>();
        Tensor<double> w = other.Variable(2.0);
        Tensor<double> slope = 6.0 * X * V;
        (string Name, Func<Tensor<double>, Tensor<double>> F, Tensor<double> Expected)[] functions =
        [
            ("gradient", x => Differentiate.Gradient(z => (z * z * z).Sum(), x), slope), ("of what came before", x => Twice(x * x, u => Differentiate.Gradient(z => (z * u).Sum(), x)), 2.0 * X * V),
            ("captured", x => Twice(x.Square(), u => Differentiate.Gradient(z => (z * z * u * 0.5).Sum(), x)), 3.0 * X.Square() * V), ("nothing of it", x => Twice(Differentiate.Gradient(z => z.Sum(), x), g => x * g), V),
            ("before and after", x => Twice(x.Sin(), u => Differentiate.Gradient(z => z.Exp().Sum(), u) * x), ((X.Cos() * X) + 1.0) * X.Sin().Exp() * V), ("nested Jvp", x => Differentiate.Jvp(z => z * z * z, x, x), 9.0 * X.Square() * V),
            ("Hvp", x => Differentiate.Hvp(z => (z * z * z).Sum(), x, V), 6.0 * V * V), ("own tape", x => { var tape = new Tape<double>(); Tensor<double> y = tape.Variable(V); return x + tape.Gradient((y * x).Sum(), y); }, V),
            ("only made", x => Twice(Differentiate.Gradient(z => z.Square().Sum(), V), _ => x * 2.0), 2.0 * V), ("captured variable", x => (x * w).Detach() is null ? x : x * w, 2.0 * V),
            ("constant after all", x => Twice(Differentiate.Gradient(z => z.Square().Sum(), x), _ => V), 0.0 * V), ("is recorded", x => x.Tape is null ? V : x * 2.0, 2.0 * V),
            ("checkpoint", x => Differentiate.Checkpoint(u => Differentiate.Gradient(z => (z * z * z).Sum(), u), x), slope), ("scan", x => Differentiate.Scan((s, p, _) => s + Differentiate.Gradient(z => (z * z * z).Sum(), p[0]), x, [x], 1), slope + V),
        ];
        foreach ((string name, Func<Tensor<double>, Tensor<double>> f, Tensor<double> expected) in functions)
        {
            int calls = 0;
            int caught = 0;
            Tensor<double> jv = Differentiate.Jvp(
                x =>
                {
                    calls++;
                    try
                    {
                        return f(x);
                    }
                    catch (Exception)
                    {
                        caught++;
                        throw;
                    }
                }, X, V);
            (calls, caught).Should().Be((1, 0), name);
            jv.ToArray().Should().Equal(expected.ToArray(), (actual, wanted) => Math.Abs(actual - wanted) < 1e-13, name);
        }

        static Tensor<double> Twice(Tensor<double> x, Func<Tensor<double>, Tensor<double>> f) => f(x);
    }

    /// <summary>Several tangents at once, and what was computed before a function of functions begins.</summary>
    [Fact]
    public void A_batch_of_tangents_goes_on_through_records()
    {
        Func<Tensor<double>, Tensor<double>> f = x =>
        {
            (Tensor<double> a, Tensor<double> b) = (x.Exp(), x.Sin() * x[1]);
            Tensor<double> g = Differentiate.Gradient(z => (z * z * a).Sum() * b.Sum(), x);
            return (g * b) + a;
        };
        Tensor<double> jacobian = Differentiate.Jacobian(f, X);
        Tensor<double> columns = Differentiate.Jvp(f, X, Tensor.Identity<double>(3));
        columns.Transpose().ToArray().Should().Equal(jacobian.ToArray(), (x, y) => Math.Abs(x - y) < 1e-12);
    }

    [Fact]
    public void The_tape_of_a_tensor_that_passes_its_tangent_on_has_no_derivatives_to_give()
    {
        Action[] uses =
        [
            () => Differentiate.Jvp(x => x.Tape!.Gradient(x.Square().Sum(), x), X, V), () => Differentiate.Jvp(x => x.Tape!.Jvp(x * x, x, V), X, V),
            () => Differentiate.Jvp(x => Differentiate.Gradient(z => z.Sum(), x) * x is var y ? x.Tape!.Gradient(y.Sum(), x) : x, X, V),
        ];
        foreach (Action use in uses)
        {
            use.Should().Throw<TapeException>().WithMessage("*passes its tangent on*Differentiate.Gradient*");
        }

        Differentiate.Jvp(x => x.Tape!.Variable(V) is var v ? x.Tape!.Gradient((v * v).Sum(), v) * x : x, X, V).ToArray().Should().Equal((2.0 * V * V).ToArray());
        Context<double>.Current.Tape.Should().BeNull();
    }

    /// <summary>An inner call that failed: what had become a variable for it passes its tangent on again.</summary>
    [Fact]
    public void Tangents_go_on_after_a_call_that_failed()
    {
        using var tape = new Tape<double>();
        Tensor<double> w = tape.Variable(3.0);
        int count = tape.Count;
        Tensor<double> jv = Differentiate.Jvp(
            x =>
            {
                Tensor<double> before = x.Exp();
                Action[] fail =
                [
                    () => Differentiate.Gradient(z => (z * before).Sum() is null ? z : throw new NotSupportedException(), x),
                    () => Differentiate.Gradient(z => (z * before * w).Sum() is null ? z : throw new NotSupportedException(), x),
                    () => Differentiate.Checkpoint(z => Differentiate.Gradient(u => (u * z).Sum(), z).Sum() is null ? z : throw new NotSupportedException(), x),
                ];
                foreach (Action call in fail)
                {
                    call.Should().Throw<NotSupportedException>();
                    tape.Count.Should().Be(count);
                }

                return (before * x) + Differentiate.Gradient(z => (z * before).Sum(), x);
            }, X, V);
        jv.ToArray().Should().Equal((((X + 2.0) * X.Exp()) * V).ToArray(), (x, y) => Math.Abs(x - y) < 1e-13);
        tape.Count.Should().Be(count);
    }

    [Fact]
    public void A_captured_variable_of_a_tape_stays_differentiable()
    {
        using var tape = new Tape<double>();
        Tensor<double> w = tape.Variable(Tensor.Scalar(2.0));

        Tensor<double> jv = Differentiate.Jvp(x => (w * x).Sin(), X, V);

        // d/dw of w cos(w x) v is (cos(w x) - w x sin(w x)) v.
        tape.Gradient(jv.Sum(), w).ToScalar().Should().BeApproximately((((2.0 * X).Cos() - (2.0 * X * (2.0 * X).Sin())) * V).Sum().ToScalar(), 1e-13);
    }

    [Fact]
    public void An_error_of_the_function_comes_through_and_leaves_nothing_behind()
    {
        Action wrong = () => Differentiate.Jvp(x => x.MatMul(Tensor.Ones<double>(5)), X, V);
        wrong.Should().Throw<TensorShapeException>().WithMessage("MatMul:*");
        Context<double>.Current.Tape.Should().BeNull();
        Differentiate.Derivative(x => x * x, 3.0).ToScalar().Should().Be(6);

        Tensor<double>? leaked = null;
        Differentiate.Jvp(x => leaked = x * 2.0, X, V);
        Action late = () => leaked!.ToArray();
        late.Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void Large_tensors_come_back_to_the_pool()
    {
        Tensor<double> x = Tensor.LinearSpace(0.0, 1.0, 20_000);
        Tensor<double> v = Tensor.Ones<double>(20_000);
        Func<Tensor<double>, Tensor<double>> f = x => (x.Sin() * x.Exp() + x).Sum();
        for (int i = 0; i < 20; i++)
        {
            Differentiate.Jvp(f, x, v);
        }

        int before = WatchedPools.Outstanding;
        long allocated = WatchedPools.Allocated(() => Differentiate.Jvp(f, x, v));
        (WatchedPools.Outstanding - before).Should().BeLessThan(StressRun.Pool ? 2 : 1, "tensors as small as the result are pooled in a poisoned run only");
        allocated.Should().BeLessThan(StressRun.Pool ? 12 * 160_000 : 20_000, "each of the tensors has 160,000 bytes");
    }
}
