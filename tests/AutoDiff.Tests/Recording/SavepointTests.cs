namespace AutoDiff.Tests.Recording;

/// <summary>What a call that fails has recorded is taken back: on every tape, and only that.</summary>
public class SavepointTests
{
    private static readonly Tensor<double> Point = Tensor.Create([0.3, 0.7]);

    /// <summary>The tape of the outer call became a part of the user's in an inner call that failed: it goes on as it was.</summary>
    [Fact]
    public void A_tape_that_was_joined_in_a_call_that_failed_is_itself_again()
    {
        using var tape = new Tape<double>();
        Tensor<double> w = tape.Variable(Point);
        Tensor<double> outside = w.Sin();
        Tensor<double> F(Tensor<double> x, bool joins)
        {
            Tensor<double> before = x.Exp() * x;
            if (joins)
            {
                Action inner = () => Differentiate.Gradient(
                    z =>
                    {
                        _ = w.Cos();
                        Tensor<double> mixed = z * w * before;
                        mixed.Tape.Should().BeSameAs(tape);
                        throw new NotSupportedException();
                    }, x);
                inner.Should().Throw<NotSupportedException>();
                tape.Count.Should().Be(2);
                x.Tape.Should().NotBeSameAs(tape);
            }

            return (before * x.Square()).Sum();
        }

        double[] expected = Differentiate.Hessian(x => F(x, false), Point).ToArray();
        Differentiate.Hessian(x => F(x, true), Point).ToArray().Should().Equal(expected);
        tape.Count.Should().Be(2);
        tape.Gradient(outside.Sum(), w).ToArray().Should().Equal(Point.Cos().ToArray());
    }

    /// <summary>One joined the other, and that a third: each comes back with what was its own.</summary>
    [Fact]
    public void A_chain_of_joined_tapes_comes_apart_again()
    {
        using var tape = new Tape<double>();
        Tensor<double> w = tape.Variable(Point);
        Tensor<double> result = Differentiate.Gradient(
            x =>
            {
                Tensor<double> a = x.Sin();
                Tensor<double> t = Differentiate.Checkpoint(c => Differentiate.Gradient(
                    y =>
                    {
                        Tensor<double> b = y.Exp();
                        FluentActions.Invoking(() => Differentiate.Gradient(z => (z * b * a).Sum() is var s && (s * w).Sum() is null ? s : throw new NotSupportedException(), Point)).Should().Throw<NotSupportedException>();
                        return (b * y).Sum();
                    }, c), Point);
                return (a * t).Sum();
            }, Point);
        Tensor<double> slope = (Point + 1.0) * Point.Exp();
        result.ToArray().Should().Equal((Point.Cos() * slope).ToArray(), (x, y) => Math.Abs(x - y) < 1e-14);
        tape.Count.Should().Be(1);
    }

    [Fact]
    public void A_call_that_succeeds_keeps_what_it_recorded()
    {
        using var tape = new Tape<double>();
        Tensor<double> w = tape.Variable(Point);
        Tensor<double> kept = null!;
        Tensor<double> d = Differentiate.Gradient(
            x =>
            {
                kept = w.Sin();
                return (x * kept * x).Sum();
            }, Point);
        tape.Gradient(d.Sum(), w).ToArray().Should().Equal((2.0 * Point * Point.Cos()).ToArray(), (x, y) => Math.Abs(x - y) < 1e-15);
        tape.Gradient(kept.Sum(), w).ToArray().Should().Equal(Point.Cos().ToArray());
    }

    /// <summary>What an inner call kept, an outer one that fails takes back.</summary>
    [Fact]
    public void An_outer_call_that_fails_takes_back_what_inner_ones_kept()
    {
        using var tape = new Tape<double>();
        Tensor<double> w = tape.Variable(Point);
        Action outer = () => Differentiate.Gradient(
            x =>
            {
                for (int i = 0; i < 3; i++)
                {
                    Differentiate.Gradient(z => (z * w).Sum(), Point);
                }

                tape.Count.Should().BeGreaterThan(3);
                throw new NotSupportedException();
            }, Point);
        outer.Should().Throw<NotSupportedException>();
        tape.Count.Should().Be(1);
    }

    /// <summary>A result of the wrong shape is found out after the function has run.</summary>
    [Fact]
    public void A_call_that_fails_after_its_function_takes_back_what_that_recorded()
    {
        using var tape = new Tape<double>();
        Tensor<double> w = tape.Variable(Point);
        Action[] calls =
        [
            () => Differentiate.Gradient(z => z * 2.0, w), () => Differentiate.Vjp(z => z * 2.0, w, Tensor.Ones<double>(3)), () => Differentiate.Gradient(z => z * w, Point), () => Differentiate.Hvp(z => z.Sum(), w, Tensor.Ones<double>(3)),
            () => Differentiate.PerSampleGradients(z => z.Sum(), w), () => Differentiate.Divergence(z => z.Sum(), w),
            () => tape.Gradient((w * 1.0).OnCotangent(g => g.Sum()).Sum(), w, record: true),
        ];
        foreach (Action call in calls[..^1])
        {
            call.Should().Throw<TensorShapeException>();
            tape.Count.Should().Be(1);
        }

        calls[^1].Should().Throw<TensorShapeException>();
        tape.Count.Should().Be(4, "the operations of the user's own were right");
    }

    /// <summary>A hook may take derivatives of its own: on a tape of its own where the sweep is not recorded, on the same one where it is.</summary>
    [Fact]
    public void A_hook_may_take_derivatives()
    {
        // The hook gives 3 g² for the cotangent g = 2 w.
        Tensor<double> Hooked(Tensor<double> x) => x.OnCotangent(g => Differentiate.Gradient(z => (z * z * z).Sum(), g)).Square().Sum();
        Tensor<double> expected = 12.0 * Point.Square();
        Differentiate.Gradient(Hooked, Point).ToArray().Should().Equal(expected.ToArray(), (x, y) => Math.Abs(x - y) < 1e-14);
        using var tape = new Tape<double>();
        Tensor<double> w = tape.Variable(Point);
        Tensor<double> y = Hooked(w);
        int count = tape.Count;
        tape.Gradient(y, w).ToArray().Should().Equal(expected.ToArray(), (x, y) => Math.Abs(x - y) < 1e-14);
        tape.Count.Should().Be(count);

        // The second sweep passes the hook as well, with the cotangent 24 w.
        Tensor<double> second = 3.0 * (24.0 * Point).Square();
        tape.Gradient(tape.Gradient(y, w, record: true).Sum(), w).ToArray().Should().Equal(second.ToArray(), (x, y) => Math.Abs(x - y) < 1e-11);
    }

    /// <summary>The tape of a function stays where it is while it is swept: a rule that would make it a part of another is refused, and all is as it was.</summary>
    [Fact]
    public void A_tape_is_not_joined_while_it_is_swept()
    {
        using var tape = new Tape<double>();
        Tensor<double> w = tape.Variable(Point);
        Func<Tensor<double>, Tensor<double>> f = x => (x.Sin().OnCotangent(g => g * w) * x).Sum();
        Tensor<double> expected = Differentiate.Gradient(x => (x.Sin().OnCotangent(g => g * Point) * x).Sum(), Point);
        Differentiate.Gradient(f, Point).ToArray().Should().Equal(expected.ToArray(), "the sweep is not recorded, so the hook's tensors are constants to it");
        int count = tape.Count;
        FluentActions.Invoking(() => Differentiate.Hessian(f, Point)).Should().Throw<TapeException>();
        tape.Count.Should().Be(count);
        tape.Gradient(w.Square().Sum(), w).ToArray().Should().Equal((2.0 * Point).ToArray());
    }

    /// <summary>Tapes that die in a long call are not remembered by it.</summary>
    [Fact]
    public void A_long_call_does_not_remember_the_tapes_of_inner_ones()
    {
        Differentiate.Checkpoint(
            x =>
            {
                for (int i = 0; i < 100; i++)
                {
                    Differentiate.Hessian(z => (z * z * x).Sum(), Point);
                    using var own = new Tape<double>();
                    Tensor<double> v = own.Variable(Point);
                    own.Gradient(own.Gradient((v * v * v).Sum(), v, record: true).Sum(), v);
                    _ = v * 2.0;
                }

                RecordingThread.Current.AnythingNoted.Should().BeFalse();
                return x;
            }, Point);
    }

    /// <summary>Asking a recorded derivative for a derivative always works: of a constant it is zero.</summary>
    [Fact]
    public void What_a_recorded_sweep_gives_is_recorded()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Point);
        Tensor<double> unused = tape.Variable(Point);
        Tensor<double> ones = tape.Gradient(x.Sum(), x, record: true);
        ones.ToArray().Should().Equal(1, 1);
        tape.Jvp(ones, x, Point).ToArray().Should().Equal(0, 0);
        Tensor<double>[] both = tape.Gradient(x.Square().Sum(), [x, unused], record: true);
        tape.Jacobian(both[1], x).ToArray().Should().OnlyContain(value => value == 0);
        tape.Jacobian(both[0], unused, record: true).Tape.Should().BeSameAs(tape);
        Tensor<double> tangent = tape.Jvp(x * 3.0, x, Point, record: true);
        tape.Gradient(tangent.Sum(), x).ToArray().Should().Equal(0, 0);
        tape.Jvp(unused, x, Point, record: true).Tape.Should().BeSameAs(tape);
        tape.Jacobian(x * 2.0, x, record: true).Tape.Should().BeSameAs(tape);
        Differentiate.Hessian(z => (z * 2.0).Sum() + (Differentiate.Gradient(u => u.Sum(), z) * z).Sum(), Point).ToArray().Should().Equal(0, 0, 0, 0);
    }

    [Fact]
    public void The_value_of_a_function_that_gives_a_captured_variable_stays_recorded()
    {
        using var tape = new Tape<double>();
        Tensor<double> w = tape.Variable(3.0);
        (Tensor<double> value, Tensor<double> gradient) = Differentiate.ValueAndGradient(_ => w, Tensor.Scalar(1.0));
        tape.Gradient(value * value, w).ToScalar().Should().Be(6);
        tape.Gradient(gradient, w).ToScalar().Should().Be(0);
        FluentActions.Invoking(() => JacobianOperator<double>.Create(_ => w, Point)).Should().Throw<TapeException>();
    }

    /// <summary>Long loops and short ones, and whatever the function does with its captured tensor.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(40)]
    public void A_captured_recorded_tensor_is_an_error_for_every_length(int n)
    {
        using var tape = new Tape<double>();
        Tensor<double> w = tape.Variable(Point);
        foreach (Tensor<double> x in new[] { w.Sin(), Point })
        {
            int count = tape.Count;
            Action[] calls =
            [
                () => Differentiate.Scan((s, _, _) => s * w, x, [], n), () => Differentiate.Scan((s, p, _) => s * p[0] * (w * 0.0).Sum(), x, [x], n), () => Differentiate.Scan((s, _, i) => i == n - 1 ? w : s, x, [], n),
                () => Differentiate.Scan((s, _, _) => (w * w) is null ? s : s * 2.0, x, [], n),
                () => Differentiate.Scan((s, _, _) => Differentiate.Gradient(z => (z * z * w).Sum(), s), x, [], n),
            ];
            foreach (Action call in calls)
            {
                call.Should().Throw<TapeException>().WithMessage("Scan: the function uses a recorded tensor that is not one of its inputs*pass every recorded tensor as an input*");
                tape.Count.Should().Be(count);
            }

            Action solve = () => Ode.Solve((_, y, _) => y * w, x, [], [0.0, n]);
            solve.Should().Throw<TapeException>().WithMessage("Ode: the function uses a recorded tensor that is not one of its inputs*");
            Differentiate.Scan((s, p, i) => (s * p[0]).Sin(), x, [w], n).Tape.Should().BeSameAs(tape);
        }
    }

    /// <summary>The same in the function that Jvp differentiates, where tensors have tangents instead of records.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    public void A_captured_tensor_with_a_tangent_is_an_error_for_every_length(int n)
    {
        Func<Tensor<double>, Tensor<double>>[] functions =
        [
            x => Differentiate.Scan((s, _, _) => s * x, x.Sin(), [], n), x => Differentiate.Scan((s, _, _) => s * x, Point, [], n), x => Differentiate.Scan((s, p, _) => s * p[0], x, [x], n) is var y ? Differentiate.Scan((s, _, _) => y * s, x, [x], n) : x,
            x => Differentiate.Scan((s, _, i) => i == n - 1 ? x : s, x.Sin(), [], n), x => Differentiate.Scan((s, _, _) => Differentiate.Scan((t, p, _) => t * p[0], s, [x], 2), x.Sin(), [], n),
            x => Differentiate.Gradient(z => z.Square().Sum(), x) is var g ? Differentiate.Scan((s, _, _) => s * x, g, [], n) : x,
        ];
        foreach (Func<Tensor<double>, Tensor<double>> f in functions)
        {
            FluentActions.Invoking(() => Differentiate.Jvp(f, Point, Point)).Should().Throw<TapeException>().WithMessage("Scan: *not one of its inputs*");
        }

        double slope = (n + 1) * Math.Pow(0.3, n);
        Differentiate.Jvp(x => Differentiate.Scan((s, p, _) => s * p[0], x, [x], n), Point, Tensor.Ones<double>(2)).At(0).Should().BeApproximately(slope, 1e-12);
        Differentiate.Jvp(x => Differentiate.Scan((s, p, _) => Differentiate.Checkpoint(z => z[0] * z[1], [s, p[0]]), x, [x], n), Point, Tensor.Ones<double>(2)).At(0).Should().BeApproximately(slope, 1e-12);
        Differentiate.Jvp(x => Differentiate.Scan((s, p, _) => Differentiate.Scan((t, q, _) => t * q[0], s, p, 1), x, [x], n), Point, Tensor.Ones<double>(2)).At(0).Should().BeApproximately(slope, 1e-12);
    }

    /// <summary>A function computed off the tape uses a variable of the outer call in a call of its own: that is an error, and the outer call goes on.</summary>
    [Fact]
    public void The_tape_of_an_outer_call_does_not_become_a_part_of_an_inner_one()
    {
        Tensor<double> d = Differentiate.Gradient(
            x =>
            {
                Tensor<double> before = x.Sin();
                Action captures = () => Differentiate.Checkpoint(c => Differentiate.Gradient(z => (before * z).Sum(), c), Point);
                captures.Should().Throw<TapeException>();
                return (before * x).Sum();
            }, Point);
        d.ToArray().Should().Equal((Point.Sin() + (Point * Point.Cos())).ToArray(), (x, y) => Math.Abs(x - y) < 1e-15);
    }

    /// <summary>Also where it has no influence on the value: the derivative by it is lost all the same.</summary>
    [Fact]
    public void A_captured_recorded_tensor_is_an_error_where_no_step_is_taken()
    {
        using var tape = new Tape<double>();
        Tensor<double> w = tape.Variable(Point);
        FluentActions.Invoking(() => Implicit.Root((y, p) => (y - p) * w, Point, Point)).Should().Throw<TapeException>().WithMessage("Root: *not one of its inputs*");
        FluentActions.Invoking(() => Differentiate.Checkpoint(z => (z * w).Detach(), Point)).Should().Throw<TapeException>().WithMessage("Checkpoint: *not one of its inputs*");
        tape.Count.Should().Be(1);
    }

    [Fact]
    public void A_constant_that_a_function_gives_is_not_put_on_the_tape()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Point);
        Tensor<double> constant = Tensor.Create([1.0, 2.0]);
        var custom = new CustomOperation<double>("f", _ => constant, vjp: (g, _, _) => [constant]);
        Func<Tensor<double>>[] calls =
        [
            () => Differentiate.Checkpoint(_ => constant, x), () => custom.Apply(x), () => Differentiate.Scan((_, _, _) => constant, x, [], 1), () => Differentiate.Scan((_, _, _) => constant, x, [], 40),
            () => Differentiate.Gradient(z => (z * constant).Sum(), x), () => Differentiate.Jacobian(_ => constant, x), () => Implicit.FixedPoint((_, _) => constant, constant, x).Value, () => x.StraightThrough(constant),
            () => tape.Gradient(custom.Apply(x).OnCotangent(_ => constant).Sum(), x, record: true),
        ];
        foreach (Func<Tensor<double>> call in calls)
        {
            call().Tape.Should().BeSameAs(tape);
            constant.Tape.Should().BeNull();
            constant.ToArray().Should().Equal(1, 2);
        }
    }

    [Fact]
    public void A_conversion_of_a_recorded_tensor_is_an_error()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Point);
        FluentActions.Invoking(() => x.ConvertTo<float>()).Should().Throw<TapeException>().WithMessage("ConvertTo: *derivative would be lost*Detach()*");
        FluentActions.Invoking(() => Differentiate.Jvp(z => z.ConvertTo<double>(), Point, Point)).Should().Throw<TapeException>().WithMessage("ConvertTo: *");
        x.Detach().ConvertTo<float>().ToArray().Should().Equal(0.3f, 0.7f);
    }

    /// <summary>A view shares the buffer of a tensor that stays: when it is taken back, the buffer is let go of once.</summary>
    [Fact]
    public void What_is_taken_back_lets_go_of_what_it_shares_once()
    {
        using var tape = new Tape<double>();
        Tensor<double> y = tape.Variable(Tensor.LinearSpace(0.1, 1.0, 2000)) * 2.0;
        int holders = y.Buffer!.Holders;
        FluentActions.Invoking(() => Differentiate.Gradient(z => y.Reshape(40, 50) is null ? z : throw new NotSupportedException(), Tensor.Scalar(1.0))).Should().Throw<NotSupportedException>();
        y.Buffer.Holders.Should().Be(holders);
        tape.Count.Should().Be(2);
    }

    /// <summary>The buffers of what a checkpoint, a scan or an implicit function was given go back when the tape does.</summary>
    [Fact]
    public void The_inputs_of_functions_computed_off_the_tape_are_let_go_of()
    {
        Tensor<double> x = Tensor.LinearSpace(0.1, 1.0, 2000);
        int holders = x.Buffer!.Holders;
        Action<Tensor<double>>[] uses =
        [
            v => Differentiate.Checkpoint(z => z.Sin(), v), v => Differentiate.Checkpoint(z => z, v), v => Differentiate.Scan((s, p, _) => s * p[0], v, [v], 40), v => Implicit.FixedPoint((y, p) => p, x, v, new ImplicitOptions { MatrixFree = true }),
            v => v.OnCotangent(g => g),
            v => FluentActions.Invoking(() => Differentiate.Checkpoint(z => z.Sum() is null ? z : throw new NotSupportedException(), v)).Should().Throw<NotSupportedException>(),
        ];
        for (int i = 0; i < uses.Length; i++)
        {
            using (var tape = new Tape<double>())
            {
                uses[i](tape.Variable(x));
            }

            x.Buffer.Holders.Should().Be(holders, "use {0} lets go of its input", i);
        }
    }
}
