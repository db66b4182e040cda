using System.Collections.Concurrent;

namespace AutoDiff.Tests.Compilation;

/// <summary>
/// What a program may do to compiled functions without meaning it: dispose what they hold, capture what is recorded, call them from within each other, throw in the middle. Each ends in the right numbers or in
/// a typed error, and leaves everything else as it was.
/// </summary>
public class CompiledMisuseTests
{
    /// <summary>The lengths of results: a number of steps, a group, a result that is computed where it is read.</summary>
    public static TheoryData<int> Lengths => [3, 3000, 20_000];

    [Theory, MemberData(nameof(Lengths))]
    public void Captured_constants_have_the_values_of_the_recording_even_if_they_are_disposed(int n)
    {
        Tensor<double> c = Tensor.LinearSpace(1.0, 2.0, n), x = Tensor.LinearSpace(-1.0, 1.0, n);
        double[] expected = ((x * c) + c.Sin()).ToArray(), constant = c.ToArray();
        double product = x.MatMul(c).ToScalar();
        CompiledFunction<double> f = Differentiate.Compile(xs => [(xs[0] * c) + c.Sin(), xs[0].MatMul(c), c, c[1..]], [Tensor.Zeros<double>(n)]);
        c.Dispose();
        Tensor<double> other = Tensor.Full(99.0, n) + 1.0;
        Tensor<double>[] y = f.Invoke([x]);
        y[0].ToArray().Should().Equal(expected);
        y[1].ToScalar().Should().Be(product);
        y[2].ToArray().Should().Equal(constant);
        y[3].ToArray().Should().Equal(constant[1..]);
        other.ToArray().Should().OnlyContain(v => v == 100);
    }

    [Theory, MemberData(nameof(Lengths))]
    public void A_function_that_disposes_its_constants_is_called_as_it_is(int n)
    {
        CompiledFunction<double> f = Differentiate.Compile(x =>
        {
            Tensor<double> c = Tensor.Ones<double>(n) + 1.0;
            Tensor<double> y = x * c;
            c.Dispose();
            return y;
        }, Tensor.Zeros<double>(n));
        f.Invoke(Tensor.Ones<double>(n)).ToArray().Should().OnlyContain(v => v == 2);
    }

    [Fact]
    public void Derivatives_flow_to_captured_variables_of_functions_of_functions()
    {
        Tensor<double> a = Tensor.Create([1.0, 2]), b = Tensor.Create([3.0, 5]);
        Tensor<double> F(Tensor<double> x) => Differentiate.Compile(y => y * x, b).Invoke(b).Sum();
        Differentiate.Gradient(F, a).ToArray().Should().Equal(3, 5);
        Differentiate.Jvp(F, a, Tensor.Ones<double>(2)).ToScalar().Should().Be(8);
        Differentiate.Gradient(x => Differentiate.Gradient(z => (Differentiate.Compile(y => y * z * x, b).Invoke(b)).Sum(), a).Sum(), a).ToArray().Should().Equal(3, 5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Derivatives_flow_to_captured_variables_of_a_tape(bool alone)
    {
        using var tape = new Tape<double>();
        Tensor<double> w = tape.Variable(Tensor.Create([1.0, 2])), x = Tensor.Create([3.0, 5]);
        CompiledFunction<double> f = Differentiate.Compile(xs => alone ? [xs[0] * 2.0, w * 3.0] : [xs[0] * w, xs[0]], [x]);
        tape.Count.Should().Be(1, "what could not be recorded has left nothing");
        tape.Gradient(f.Invoke([x])[alone ? 1 : 0].Sum(), w).ToArray().Should().Equal(alone ? [3, 3] : [3, 5]);
    }

    [Fact]
    public void A_branch_that_uses_a_captured_variable_is_differentiated_from_the_first_call_on()
    {
        using var tape = new Tape<double>();
        Tensor<double> w = tape.Variable(Tensor.Create([1.0, 2]));
        CompiledFunction<double> f = Differentiate.Compile(x => (x.Sum() > 0.0).ToScalar() == 1 ? x * w : x * 2.0, Tensor.Create([-1.0, -1]));
        f.Invoke(Tensor.Create([-3.0, 1])).ToArray().Should().Equal(-6, 2);
        tape.Gradient(f.Invoke(Tensor.Create([3.0, 5])).Sum(), w).ToArray().Should().Equal(3, 5);
    }

    [Fact]
    public void A_recording_that_throws_leaves_nothing_behind_and_the_next_call_is_good()
    {
        using var tape = new Tape<double>();
        Tensor<double> w = tape.Variable(Tensor.Create([1.0, 2]));
        bool fails = true;
        Tensor<double> F(Tensor<double> x)
        {
            _ = w * 2.0;
            return fails ? throw new FormatException("mine") : x * 3.0;
        }

        FluentActions.Invoking(() => Differentiate.Compile(F, Tensor.Zeros<double>(2))).Should().Throw<FormatException>();
        tape.Count.Should().Be(1);

#pragma warning disable AD1004 // That is what is tested.
        Tensor<double> G(Tensor<double> x) => (x.Sum() > 0.0).ToScalar() == 1 && fails ? throw new FormatException("mine") : x * 3.0;
#pragma warning restore AD1004
        CompiledFunction<double> g = Differentiate.Compile(G, Tensor.Create([-1.0, 0]));
        FluentActions.Invoking(() => g.Invoke(Tensor.Create([1.0, 1]))).Should().Throw<FormatException>();
        g.Invoke(Tensor.Create([-1.0, -1])).ToArray().Should().Equal(-3, -3);
        fails = false;
        g.Invoke(Tensor.Create([1.0, 1])).ToArray().Should().Equal(3, 3);
        Differentiate.Gradient(x => (x * x).Sum(), Tensor.Create([1.0, 1])).ToArray().Should().Equal([2, 2], "no recording is left open on the thread");
    }

    [Theory, MemberData(nameof(Lengths))]
    public void Results_do_not_share_their_values_with_each_other_or_with_inputs(int n)
    {
        CompiledFunction<double> f = Differentiate.Compile(xs =>
        {
            Tensor<double> y = xs[0] * 2.0;
            return [y, y, y[1..], y.Reshape(1, n), xs[0], xs[1], xs[0][1..]];
        }, [Tensor.Zeros<double>(n), Tensor.Zeros<double>(n)]);
        Tensor<double> x = Tensor.LinearSpace(0.0, 1.0, n);
        double[] once = x.ToArray(), twice = (x * 2.0).ToArray();
        for (int run = 0; run < 3; run++)
        {
            Tensor<double>[] y = f.Invoke([x, x]);
            y[run].Dispose();
            y[4].Dispose();
            Tensor<double> other = Tensor.Full(99.0, n) + 1.0;
            for (int i = 0; i < y.Length; i++)
            {
                if (i != run && i != 4)
                {
                    double[] whole = i < 4 ? twice : once;
                    y[i].ToArray().Should().Equal(i is 2 or 6 ? whole[1..] : whole, "result {0} in run {1}", i, run);
                }
            }

            x.ToArray().Should().Equal(once);
            other.ToArray().Should().OnlyContain(v => v == 100);
        }
    }

    [Theory, MemberData(nameof(Lengths))]
    public void The_results_of_a_workspace_are_there_until_the_next_run(int n)
    {
        using Workspace<double> work = Differentiate.Compile(xs => [xs[0], xs[0][1..], xs[0] * 2.0], [Tensor.Zeros<double>(n)]).CreateWorkspace();
        Tensor<double> x = Tensor.LinearSpace(0.0, 1.0, n) + 1.0;
        double[] values = x.ToArray();
        work.Run(x);
        x.Dispose();
        _ = Tensor.Full(99.0, n) + 1.0;
        work.Output(0).ToArray().Should().Equal(values);
        work.Output(1).ToArray().Should().Equal(values[1..]);
        work.Output(2).ToArray().Should().Equal(values.Select(static v => 2 * v));
        FluentActions.Invoking(() => work.Run(x)).Should().Throw<ObjectDisposedException>();
        FluentActions.Invoking(() => work.Output(0)).Should().Throw<InvalidOperationException>();
        work.Input(0).Fill(1);
        work.Run();
        work.Output(2)[n - 1].Should().Be(2);
    }

    [Fact]
    public void Views_of_one_tensor_may_be_the_inputs()
    {
        Tensor<double> x = Tensor.LinearSpace(0.0, 1.0, 5001);
        CompiledFunction<double> f = Differentiate.Compile(xs => [(xs[0] * xs[1]) + xs[0], (xs[0] - xs[1]).Sum()], [Tensor.Zeros<double>(5000), Tensor.Zeros<double>(5000)]);
        Tensor<double> a = x[..^1], b = x[1..];
        Tensor<double>[] y = f.Invoke([a, b]);
        y[0].ToArray().Should().Equal(((a * b) + a).ToArray());
        y[1].ToScalar().Should().Be((a - b).Sum().ToScalar());
    }

    [Fact]
    public void Compiled_functions_call_each_other()
    {
        Tensor<double> x = Tensor.Create([0.5, -1.5]);
        CompiledFunction<double> inner = Differentiate.Compile(y => y.Sin() * y, x);
        CompiledFunction<double> outer = Differentiate.Compile(y => inner.Invoke(y) + inner.Invoke(x) + Differentiate.Gradient(z => inner.Invoke(z).Sum(), y), x);
        Tensor<double> at = Tensor.Create([2.0, 3]);
        Tensor<double> F(Tensor<double> y) => y.Sin() * y;
        outer.Invoke(at).ToArray().Should().Equal((F(at) + F(x) + Differentiate.Gradient(z => F(z).Sum(), at)).ToArray());
        Differentiate.Gradient(z => outer.Invoke(z).Sum(), at).ToArray().Should().Equal(Differentiate.Gradient(y => (F(y) + F(x) + Differentiate.Gradient(z => F(z).Sum(), y)).Sum(), at).ToArray());

        // A function that calls itself: at each depth the rest is a part of the program.
        CompiledFunction<double>? self = null;
        self = Differentiate.Compile(y => (y.Sum() > 1.0).ToScalar() == 1 ? self!.Invoke(y * 0.5) + 1.0 : y, Tensor.Create([0.0]));
        self.Invoke(Tensor.Create([6.0])).ToArray().Should().Equal(0.75 + 3);
        self.Invoke(Tensor.Create([7.0])).ToArray().Should().Equal(0.875 + 3);
        self.Recordings.Should().Be(2);
    }

    [Fact]
    public void What_sweeps_find_that_are_not_recorded_is_no_constant()
    {
        Tensor<double> ones = Tensor.Ones<double>(2);
        foreach (Func<Tensor<double>, Tensor<double>> f in (Func<Tensor<double>, Tensor<double>>[])
        [
            x => new SparseJacobian<double>(z => z * z * z).Evaluate(x).ToDense() * 2.0, x => new SparseHessian<double>(z => (z * z * z).Sum()).Evaluate(x).ToDense() + x,
            x => Differentiate.Jacobian(z => z * z * z, x, new JacobianOptions { Mode = JacobianMode.Forward }), x => Differentiate.HessianDiagonal(z => (z * z * z).Sum(), x),
            x => JacobianOperator<double>.Create(z => z * z * z, x.Detach()).Apply(ones), x => Differentiate.PerSampleGradients(z => z * z * z, x), x => Differentiate.Hvp(z => (z * z * z).Sum(), x, ones),
        ])
        {
            CompiledFunction<double> compiled = Differentiate.Compile(f, Tensor.Create([1.0, 2]));
            foreach (Tensor<double> x in (Tensor<double>[])[Tensor.Create([1.0, 2]), Tensor.Create([3.0, -4])])
            {
                compiled.Invoke(x).ToArray().Should().Equal(f(x).ToArray());
            }
        }
    }

    [Fact]
    public void Many_threads_call_and_record_at_once()
    {
        static Tensor<double> F(Tensor<double> x) => x.Length > 3 ? x.Exp().CumSum(0) : (x.Sum() > 0.0).ToScalar() == 1 ? x.Sin() : x * x;
        CompiledFunction<double> f = Differentiate.Compile(F, Tensor.Create([1.0, 2]), new CompileOptions { MaxPrograms = 2 });
        var wrong = new ConcurrentBag<int>();
        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            Tensor<double> x = new RandomKey((ulong)i).Normal<double>(1 + (i % 5));
            bool plain = F(x).ToArray().SequenceEqual(f.Invoke(x).ToArray());
            bool differentiated = Differentiate.Gradient(z => F(z).Sum(), x).ToArray().SequenceEqual(Differentiate.Gradient(z => f.Invoke(z).Sum(), x).ToArray());
            if (!plain || !differentiated)
            {
                wrong.Add(i);
            }
        });
        wrong.Should().BeEmpty();
    }

    [Fact]
    public void A_workspace_that_is_disposed_while_it_runs_ends_its_run()
    {
        Workspace<double>? work = null;
        var operation = new CustomOperation<double>("dispose", xs =>
        {
            work?.Dispose();
            return xs[0] * 2.0;
        }, vjp: (g, _, _) => [g * 2.0]);
        CompiledFunction<double> f = Differentiate.Compile(x => operation.Apply(x) + 1.0, Tensor.Zeros<double>(2));
        work = f.CreateWorkspace();
        work.Run(Tensor.Create([1.0, 2]));
        FluentActions.Invoking(() => work.Output(0)).Should().Throw<ObjectDisposedException>();
        FluentActions.Invoking(() => work.Run()).Should().Throw<ObjectDisposedException>();
        work.Dispose();
        f.Invoke(Tensor.Create([1.0, 2])).ToArray().Should().Equal(3, 5);
    }

    [Fact]
    public void What_is_kept_of_a_recording_cannot_be_read()
    {
        Tensor<double>? kept = null;
        CompiledFunction<double> f = Differentiate.Compile(x => kept = x.Exp(), Tensor.Zeros<double>(2000));
        FluentActions.Invoking(() => kept!.ToArray()).Should().Throw<ObjectDisposedException>();
        FluentActions.Invoking(() => kept! + 1.0).Should().Throw<ObjectDisposedException>();
        f.Invoke(Tensor.Zeros<double>(2000)).ToArray().Should().OnlyContain(v => v == 1);
    }

    [Fact]
    public void Nothing_in_and_nothing_out()
    {
        Differentiate.Compile(_ => [Tensor.Create([1.0, 2]) * 2.0], Array.Empty<Tensor<double>>()).Invoke(Array.Empty<Tensor<double>>())[0].ToArray().Should().Equal(2, 4);
        Differentiate.Compile(xs => [], [Tensor.Zeros<double>(2)]).Invoke([Tensor.Ones<double>(2)]).Should().BeEmpty();
        CompiledFunction<double> empty = Differentiate.Compile(xs => [xs[0].Sin() * 2.0, xs[0].Sum(), Differentiate.Gradient(z => z.Exp().Sum(), xs[0])], [Tensor.Zeros<double>(0, 3)]);
        Tensor<double>[] y = empty.Invoke([Tensor.Zeros<double>(0, 3)]);
        y[0].Shape.ToArray().Should().Equal(0, 3);
        y[1].ToScalar().Should().Be(0);
        y[2].Shape.ToArray().Should().Equal(0, 3);
        empty.Invoke([Tensor.Ones<double>(2, 3)])[1].ToScalar().Should().Be(6);
        FluentActions.Invoking(() => Differentiate.Compile(_ => (Tensor<double>[])null!, [Tensor.Zeros<double>(2)])).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => Differentiate.Compile(_ => [null!], [Tensor.Zeros<double>(2)])).Should().Throw<ArgumentNullException>();
    }

    [Fact]
    public void A_mask_whose_ones_say_how_the_program_goes_on_is_a_look_at_values()
    {
        Tensor<double> x = Tensor.Create([1.0, 2, 3, 4]);
        Tensor<double>[] masks = [Tensor.Create([1.0, -0.9, 1, 1]), Tensor.Create([1.0, 0, 1, 1]), Tensor.Create([0.0, 0, 0, 1]), Tensor.Zeros<double>(4)];
        Func<Tensor<double>, Tensor<double>>[] functions =
        [
            mask => x.MaskedSelect(mask), mask => x.MaskedSelect(mask * 2.0).Square(), mask => x.MaskedSelect(mask[..1]), mask => x.MaskedScatter(mask, x.Flip(0)),
            mask => Differentiate.Gradient(z => z.MaskedSelect(mask).Square().Sum(), x), mask => Differentiate.Jacobian(z => z.MaskedScatter(mask, z.Flip(0)), x),
        ];
        foreach (Func<Tensor<double>, Tensor<double>> f in functions)
        {
            CompiledFunction<double> compiled = Differentiate.Compile(f, masks[0]);
            foreach (Tensor<double> mask in masks)
            {
                compiled.Invoke(mask).ToArray().Should().Equal(f(mask).ToArray());
            }
        }

        // Likewise where a function of one slice runs for all of them.
        Tensor<double> all = Tensor.Stack(masks);
        Differentiate.MapSlices(mask => x.MaskedSelect(mask).Sum(), all).ToArray().Should().Equal(masks.Select(mask => x.MaskedSelect(mask).Sum().ToScalar()));
        Differentiate.MapSlices(mask => x.MaskedScatter(mask, x.Flip(0)), all).ToArray().Should().Equal(masks.SelectMany(mask => x.MaskedScatter(mask, x.Flip(0)).ToArray()));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-0.0)]
    public void Numbers_that_are_none_are_numbers_like_any_other(double bad)
    {
#pragma warning disable AD1002 // That is what is tested.
        static Tensor<double> F(Tensor<double> x) => x.Sum().ToScalar() is var sum && sum > 0 ? x.Exp() : double.IsNaN(sum) ? x * 2.0 : 1.0 / x;
#pragma warning restore AD1002
        CompiledFunction<double> f = Differentiate.Compile(F, Tensor.Create([bad, -0.0]));
        foreach (double[] point in (double[][])[[bad, -0.0], [1, 2], [bad, 0.0], [bad, bad], [-0.0, -0.0]])
        {
            Tensor<double> x = Tensor.Create(point);
            f.Invoke(x).ToArray().Select(BitConverter.DoubleToInt64Bits).Should().Equal(F(x).ToArray().Select(BitConverter.DoubleToInt64Bits));
        }
    }
}
