using System.Buffers;
using AutoDiff.Tests.Stress;

namespace AutoDiff.Tests.Recording;

/// <summary>Places where tapes, sweeps and user code meet.</summary>
public class EdgeTests
{
    [Fact]
    public void A_forward_sweep_does_not_trust_what_others_left_in_the_shared_pool()
    {
        Tensor<double>[] dirty = ArrayPool<Tensor<double>>.Shared.Rent(16);
        Array.Fill(dirty, Tensor.Scalar(100.0));
        ArrayPool<Tensor<double>>.Shared.Return(dirty);
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(3.0);
        tape.Jvp(x * x, x, Tensor.Scalar(1.0)).ToScalar().Should().Be(6);
    }

    [Fact]
    public void Structures_that_differ_in_an_axis_only_are_told_apart()
    {
        var sums = new SparseJacobian<double>(x => x.At(0) > 0 ? x.Reshape(2, 2).Sum(0) : x.Reshape(2, 2).Sum(1));
        var scans = new SparseJacobian<double>(x => x.At(0) > 0 ? x.Reshape(2, 2).CumSum(0) : x.Reshape(2, 2).CumSum(1));
        var products = new SparseJacobian<double>(x => x.At(0) > 0 ? x.Reshape(2, 2).MatMul(Tensor.Ones<double>(2, 2)) : Tensor.Ones<double>(2, 2).MatMul(x.Reshape(2, 2)));
        foreach (SparseJacobian<double> jacobian in new[] { sums, scans, products })
        {
            jacobian.Evaluate(Tensor.Create([1.0, 2, 3, 4]));
            jacobian.Evaluate(Tensor.Create([-1.0, 2, 3, 4]));
            jacobian.Analyses.Should().Be(2);
        }

        sums.Evaluate(Tensor.Create([-1.0, 2, 3, 4])).ToDense().ToArray().Should().Equal(1, 1, 0, 0, 0, 0, 1, 1);
    }

    /// <summary>A derivative that is zero everywhere, and one that depends on a scalar: told apart exactly, like everything else.</summary>
    [Fact]
    public void Structures_that_differ_in_having_a_derivative_only_are_told_apart()
    {
        var zero = new CustomOperation<double>("f", xs => xs[0] * 0.0, vjp: (g, _, _) => [null], axes: _ => null);
        var twice = new CustomOperation<double>("f", xs => xs[0] * 2.0, vjp: (g, _, _) => [g * 2.0], axes: _ => []);
        var jacobian = new SparseJacobian<double>(x => (x.At(0) > 0 ? zero : twice).Apply(x.Sum()));
        jacobian.Evaluate(Tensor.Create([1.0, 2.0])).ToDense().ToArray().Should().Equal(0, 0);
        jacobian.Evaluate(Tensor.Create([-1.0, 2.0])).ToDense().ToArray().Should().Equal(2, 2);
        jacobian.Evaluate(Tensor.Create([-3.0, 2.0])).ToDense().ToArray().Should().Equal(2, 2);
        jacobian.Analyses.Should().Be(2);
    }

    /// <summary>One of a thousand indices.</summary>
    [Fact]
    public void Structures_are_compared_number_by_number()
    {
        int[] places = [.. Enumerable.Range(0, 1000).Select(i => i * 7 % 1000)];
        int[] others = [.. places];
        (others[500], others[501]) = (others[501], others[500]);
        var structure = new ProgramStructure();
        bool Take(int[] indices, double at, int length = 1000)
        {
            using var tape = new Tape<double>();
            Tensor<double> x = tape.Variable(Tensor.Full(at, length));
            return structure.Take(tape, x.Take(indices).Square(), x);
        }

        Take(places, 1).Should().BeFalse("there is nothing to compare with");
        Take(places, 2).Should().BeTrue();
        Take(others, 2).Should().BeFalse();
        Take(others, 3).Should().BeTrue();
        Take(places, 3).Should().BeFalse();
        Take(places, 3, 1001).Should().BeFalse();
        Take([.. places, 0], 3, 1001).Should().BeFalse();
        Take([.. places, 0], 5, 1001).Should().BeTrue();
    }

    [Fact]
    public void A_diagonal_by_colors_can_be_differentiated_again()
    {
        var sparse = new JacobianOptions { Mode = JacobianMode.Sparse };
        Differentiate.Gradient(x => Differentiate.HessianDiagonal(z => (z * z * z).Sum(), x, sparse).Sum(), Tensor.Create([1.0, 2.0])).ToArray().Should().Equal(6, 6);
    }

    [Fact]
    public void An_operator_refuses_variables_of_other_tapes()
    {
        Tensor<double> x0 = Tensor.Create([1.0, 2.0]);
        Action nested = () => Differentiate.Gradient(w => JacobianOperator<double>.Create(x => x * w, x0).Apply(x0).Sum(), x0);
        nested.Should().Throw<TapeException>();
        using var tape = new Tape<double>();
        Tensor<double> captured = tape.Variable(x0);
        Action mixed = () => JacobianOperator<double>.Create(x => x * captured, x0);
        mixed.Should().Throw<TapeException>();
        tape.Gradient(captured.Sum(), captured).ToArray().Should().Equal(1, 1);
    }

    [Fact]
    public void A_recorded_gradient_is_an_ordinary_tensor_whose_zeros_are_numbers()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([0.5, 1.5]));
        Tensor<double> u = tape.Gradient(x[0].Square(), x, record: true);
        Tensor<double> v = tape.Vjp(x.Exp(), u, x, record: true);
        double[] byU = tape.Gradient(v.Sum(), u).ToArray();
        byU[0].Should().BeApproximately(Math.Exp(0.5), 1e-15);
        byU[1].Should().BeApproximately(Math.Exp(1.5), 1e-15);
    }

    [Fact]
    public void A_batch_of_tangents_made_by_Stack_passes_a_stretched_operand()
    {
        var twice = new CustomOperation<double>("twice", xs => xs[0] * 2.0, jvp: (ts, xs, y) => ts[0] * 2.0);
        Tensor<double> jacobian = Differentiate.Jacobian(x => twice.Apply(x) * Tensor.Ones<double>(5, 3), Tensor.Create([1.0, 2, 3]));
        jacobian.Sum().ToScalar().Should().Be(30);
    }

    [Fact]
    public void A_rule_that_captures_a_variable_leaves_the_other_tape_as_it_was()
    {
        using var other = new Tape<double>();
        Tensor<double> w = other.Variable(2.0);
        for (int i = 0; i < 100; i++)
        {
            _ = w * 2.0;
        }

        int count = other.Count;
        var op = new CustomOperation<double>("f", xs => xs[0].Square(), vjp: (g, xs, y) => [g * xs[0] * w]);
        Action nested = () => Differentiate.Hessian(x => op.Apply(x).Sum(), Tensor.Create([1.0, 2.0]));
        nested.Should().Throw<TapeException>();
        other.Count.Should().Be(count);
        w.ToScalar().Should().Be(2);
    }

    [Fact]
    public void What_a_rule_keeps_is_not_taken_back()
    {
        Tensor<double>? kept = null;
        var op = new CustomOperation<double>("f", xs => xs[0] * 2.0, vjp: (g, xs, y) =>
        {
            kept = xs[0];
            return [g * 2.0];
        });
        using (var tape = new Tape<double>())
        {
            Tensor<double> x = tape.Variable(Tensor.Ones<double>(2000));
            tape.Gradient(op.Apply(x * 3.0).Sum(), x);
        }

        Tensor<double>[] others = [.. Enumerable.Range(0, 10).Select(_ => Tensor.Full(7.0, 2000))];
        kept!.At(0).Should().Be(3);
        others.Should().HaveCount(10);
    }

    [Fact]
    public void A_function_that_throws_leaves_the_tape_of_its_point_as_it_was()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(1.0);
        int count = tape.Count;
        Action throws = () => Differentiate.Gradient(z => (z * 2.0).Sin() is null ? z : throw new InvalidTimeZoneException(), x);
        throws.Should().Throw<InvalidTimeZoneException>();
        tape.Count.Should().Be(count);
    }

    /// <summary>Tangents die after their last use: a long chain takes a few buffers, not one for each record.</summary>
    [Fact]
    public void A_forward_sweep_reuses_its_buffers()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Full(0.5, 50_000));
        Tensor<double> y = x;
        for (int i = 0; i < 100; i++)
        {
            y = y.Sin();
        }

        Tensor<double> t = Tensor.Ones<double>(50_000);
        tape.Jvp(y, x, t);
        WatchedPools.Allocated(() => tape.Jvp(y, x, t)).Should().BeLessThan(20 * 8 * 65_536, "a hundred tangents die one after the other");
    }

    /// <summary>Its array is the pool's already: a sweep that held it would give it back a second time, and two tensors would share it from then on.</summary>
    [Fact]
    public void A_disposed_cotangent_or_tangent_comes_back_to_the_pool_once()
    {
        using var tape = new Tape<double>();
        Tensor<double> point = Tensor.Full(0.5, 5000);
        Tensor<double> x = tape.Variable(point);
        Tensor<double> y = x.Sin();
        Tensor<double> dead = Tensor.Full(1.0, 5000) * 1.0;
        dead.Dispose();
        int before = WatchedPools.Outstanding;
        Action[] calls =
        [
            () => tape.Vjp(y, dead, x), () => tape.Vjp(x, dead, x), () => tape.Jvp(y, x, dead), () => tape.Jvp(x, x, dead), () => Differentiate.Jvp(z => z.Sin(), point, dead),
        ];
        foreach (Action call in calls)
        {
            call.Should().Throw<ObjectDisposedException>().WithMessage("A tensor of shape [5000] has been disposed*");
            WatchedPools.Outstanding.Should().Be(before);
        }
    }

    /// <summary>Every record can compute its output anew from changed inputs: values, and a recorded gradient, follow.</summary>
    [Fact]
    public void A_recorded_tape_can_be_computed_anew_from_other_values()
    {
        Tensor<double> F(Tensor<double> v) =>
            (v.MatMul(v.Transpose()).Softmax(1) * v[.., 1..].Sum()).Tanh().Max(0).Norm() + v.Relu().LogSumExp() + v.Prod() + Tensor.Concat([v.Sort(1).Values, v.CumSum(0)]).Sin().Sum();

        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([0.3, 0.5, 0.7, 1.1, 2, 3], 2, 3));
        Tensor<double> y = F(x);
        Tensor<double> g = tape.Gradient(y, x, record: true);
        double[] next = [0.35, 0.45, 0.8, 1.0, 2.2, 2.9];
        next.CopyTo(x.Writable);
        for (int i = 0; i < tape.Count; i++)
        {
            Record<double> record = tape[i];
            Tensor<double>[] inputs = [.. Enumerable.Range(0, record.ReadCount).Select(record.Read)];
            record.Compute(inputs, record.Output);
        }

        Tensor<double> at = Tensor.Create<double>(next, 2, 3);
        y.ToScalar().Should().Be(F(at).ToScalar());
        (g.Detach() - Differentiate.Gradient(F, at)).Norm().ToScalar().Should().BeLessThan(1e-14);
    }

    [Fact]
    public void A_custom_operation_can_state_its_sparsity()
    {
        var square = new CustomOperation<double>("square", xs => xs[0] * xs[0], vjp: (g, xs, y) => [g * xs[0] * 2.0], axes: _ => [0]);
        var jacobian = new SparseJacobian<double>(x => square.Apply(x));
        Tensor<double> x = Tensor.Create([1.0, 2, 3]);
        jacobian.Evaluate(x).ToDense().ToArray().Should().Equal(2, 0, 0, 0, 4, 0, 0, 0, 6);
        (jacobian.Colors, jacobian.Pattern!.Count).Should().Be((1, 3));
        var sums = new CustomOperation<double>("sums", xs => xs[0].Sum(1), vjp: (g, xs, y) => [g.ExpandDims(1).BroadcastTo(xs[0].Shape)], axes: _ => [0, null]);
        var rows = new SparseJacobian<double>(x => sums.Apply(x));
        rows.Evaluate(Tensor.Ones(2, 3)).ToDense().ToArray().Should().Equal(1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1);
        (rows.Colors, rows.Pattern!.Count).Should().Be((1, 6));
        using var tape = new Tape<double>();
        Tensor<double> v = tape.Variable(x);
        foreach (int?[] axes in (int?[][])[[0, 1], [-1], [1], []])
        {
            var wrong = new CustomOperation<double>("wrong", xs => xs[0] * xs[0], vjp: (g, xs, y) => [g], axes: _ => axes);
            wrong.Invoking(op => op.Apply(v)).Should().Throw<TensorShapeException>().WithMessage("wrong:*");
        }

        tape.Count.Should().Be(1);
    }

    /// <summary>Each result has a hold of its own on pooled values, also where one tensor is asked for twice.</summary>
    [Fact]
    public void Disposing_one_of_two_equal_results_leaves_the_other()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.LinearSpace(0.0, 1.0, 2000));
        Tensor<double> y = x.Sin();
        Tensor<double> v = Tensor.Ones<double>(2000);
        foreach (Tensor<double>[] results in new[] { tape.Gradient(y.Sum(), [x, x]), tape.Jvp([y, y], [x], [v]) })
        {
            double[] expected = results[1].ToArray();
            results[0].Dispose();
            Tensor<double> other = v * 2.0;
            results[1].ToArray().Should().Equal(expected);
            GC.KeepAlive(other);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_Jacobian_of_the_identity_is_a_matrix_like_any_other(bool recorded)
    {
        Tensor<double> a = Tensor.Create([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 2, 3);
        Tensor<double> x = Tensor.Create([0.1, 0.2, 0.3]);
        using var tape = new Tape<double>();
        Tensor<double> v = tape.Variable(x);
        Tensor<double> identity = tape.Jacobian(v, v, record: recorded);
        Tensor<double> same = Tensor.Create(identity.ToArray(), 3, 3);
        Func<Tensor<double>, Tensor<double>> f = u => a.MatMul(u.Reshape(3, 3, 1)).Square().Sum();

        Differentiate.Gradient(f, identity).ToArray().Should().Equal(Differentiate.Gradient(f, same).ToArray());
        Differentiate.Jvp(f, identity, same).ToScalar().Should().Be(Differentiate.Jvp(f, same, same).ToScalar());
        a.MatMul(identity.Reshape(3, 3, 1) * 2.0).ToArray().Should().Equal(a.MatMul(same.Reshape(3, 3, 1) * 2.0).ToArray());
    }

    /// <summary>A branch that was not chosen contributes exactly nothing, also through an operation from outside.</summary>
    [Fact]
    public void Structural_zeros_pass_through_checkpoints_hooks_and_custom_operations()
    {
        Tensor<double> at = Tensor.Create([0.0, 1.0]);
        var same = new CustomOperation<double>("Same", xs => xs[0] * 1.0, vjp: (g, _, _) => [g], jvp: (ts, _, _) => ts[0], batched: true);
        Func<Tensor<double>, Tensor<double>>[] roots =
        [
            x => Differentiate.Checkpoint(z => z.Sqrt(), x), x => x.Sqrt().OnCotangent(g => g), x => x.Sqrt().OnCotangent(g => g * 1.0), x => same.Apply(x.Sqrt()),
        ];
        foreach (Func<Tensor<double>, Tensor<double>> root in roots)
        {
            Func<Tensor<double>, Tensor<double>> f = x => Tensor.Where(x > 0.5, root(x), 0.0).Sum();
            foreach (bool recorded in new[] { false, true })
            {
                using var tape = new Tape<double>();
                Tensor<double> x = tape.Variable(at);
                tape.Gradient(f(x), x, recorded).ToArray().Should().Equal(0, 0.5);
            }

            Differentiate.Gradient(x => root(x)[1], at).ToArray().Should().Equal(0, 0.5);
        }

        Func<Tensor<double>, Tensor<double>> after = x => Differentiate.Checkpoint(z => z.Sqrt(), Tensor.Where(x > 0.5, x, 0.0)).Sum();
        Differentiate.Jvp(after, at, Tensor.Ones<double>(2)).ToScalar().Should().Be(0.5);
        using var other = new Tape<double>();
        Tensor<double> w = other.Variable(at);
        other.Jvp(after(w), w, Tensor.Ones<double>(2)).ToScalar().Should().Be(0.5);
    }

    [Fact]
    public void What_a_function_that_threw_left_behind_cannot_be_used()
    {
        Tensor<double>? leak = null;
        Action use = () => Differentiate.Gradient(
            x =>
            {
                try
                {
                    Differentiate.Gradient(
                        z =>
                        {
                            leak = (z * 3.0).Sin();
                            throw new NotSupportedException();
                        }, x);
                }
                catch (NotSupportedException)
                {
                }

                Tensor<double> next = (x.Exp() * 2.0) + 1.0;
                return (leak! * 1.0).Sum() + (next * 0.0).Sum();
            }, Tensor.Create([0.3]));
        use.Should().Throw<ObjectDisposedException>();
    }

    /// <summary>Sweeps, and tangents without a tape, leave the holds on their inputs as they were, also when a rule throws.</summary>
    [Fact]
    public void A_sweep_lets_go_of_what_it_was_given()
    {
        Tensor<double> x = Tensor.LinearSpace(0.0, 1.0, 2000);
        Tensor<double> v = Tensor.Ones<double>(2000);
        Tensor<double> Throws(Tensor<double> x) => x.Sin().OnCotangent(_ => throw new NotSupportedException()).Sum();
        int before = x.Buffer!.Holders;
        int ofV = v.Buffer!.Holders;
        for (int i = 0; i < 3; i++)
        {
            Differentiate.Jvp(x => x.Sin() * x, x, v).Dispose();
            Differentiate.Vjp(x => x.Sin() * x, x, v).Dispose();
            FluentActions.Invoking(() => Differentiate.Gradient(Throws, x)).Should().Throw<NotSupportedException>();
            FluentActions.Invoking(() => Differentiate.Vjp(x => x.Sin().OnCotangent(_ => throw new NotSupportedException()), x, v)).Should().Throw<NotSupportedException>();
        }

        x.Buffer.Holders.Should().Be(before);
        v.Buffer.Holders.Should().Be(ofV);
    }
}
